//! A person or service that signs in (SEC-01, SEC-03): roles, password and sessions.
//!
//! Invariant: only hashes of secrets are ever here, and `Debug` prints none of them; a disabled user has no
//! session; at most [`MAX_SESSIONS`] sessions exist. It does not hash, compare passwords or draw tokens: hashes
//! come in as data, and the edge compares a password with [`User::password_hash`].

mod preferences;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    Aggregate, Ctx, Kind, Part, PartJson, RefusalClass, Refused, Timestamp, UserId,
    aggregate::{from_main, main_part},
    phone::Phone,
};

pub use preferences::{MAX_PREFERENCES, Preferences};

/// Most sessions a user has at a time; opening one more ends the oldest.
pub const MAX_SESSIONS: usize = 32;
/// Spent refresh hashes remembered per session, newest last, to notice that one is used again.
pub const MAX_SPENT: usize = 8;
/// Longest name, in characters.
pub const MAX_NAME: usize = 120;

/// What a person is here to do (SEC-02). The edge maps roles to permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the shop's system: users and settings, and everything else.
    Admin,
    /// Sells and approves sales.
    SalesManager,
    /// Credit, settlements and money approvals.
    Finance,
    /// Takes and changes orders, talks to customers.
    CustomerService,
    /// Works the floor: stock, picking, packing, hand-over.
    Warehouse,
    /// Looks, never changes.
    Viewer,
}

impl Role {
    /// Every role, in a fixed order.
    pub const ALL: [Self; 6] =
        [Self::Admin, Self::SalesManager, Self::Finance, Self::CustomerService, Self::Warehouse, Self::Viewer];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::SalesManager => "sales_manager",
            Self::Finance => "finance",
            Self::CustomerService => "customer_service",
            Self::Warehouse => "warehouse",
            Self::Viewer => "viewer",
        }
    }

    /// The role with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A hash of a secret. Prints as dots, so that it cannot reach a log by accident.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(Arc<str>);

impl SecretHash {
    /// Wraps the text form of a hash (a PHC string for passwords, lower-case hex for tokens).
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The text form, for comparing and storing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}

/// Identity of a session, written as 32 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(u128);

impl SessionId {
    /// From 128 random bits.
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits)
    }

    /// Parses exactly 32 lower-case hex digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let ok = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        ok.then(|| u128::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl std::fmt::Debug for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Serialize for SessionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SessionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not a session id"))
    }
}

/// One signed-in client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its identity; part of both tokens.
    pub id: SessionId,
    /// SHA-256 of the access token.
    pub access_hash: SecretHash,
    /// SHA-256 of the refresh token.
    pub refresh_hash: SecretHash,
    /// Hashes of earlier refresh tokens, newest last, at most [`MAX_SPENT`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spent: Vec<SecretHash>,
    /// When the access token stops working.
    pub access_expires: Timestamp,
    /// When the session ends unless it is refreshed.
    pub refresh_expires: Timestamp,
    /// When the person signed in.
    pub opened_at: Timestamp,
}

/// Hashes and lifetimes of a new pair of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenPair {
    /// SHA-256 of the access token.
    pub access_hash: SecretHash,
    /// SHA-256 of the refresh token.
    pub refresh_hash: SecretHash,
    /// When the access token stops working.
    pub access_expires: Timestamp,
    /// When the session ends unless it is refreshed.
    pub refresh_expires: Timestamp,
}

/// Requests to change a user.
#[derive(Clone, Debug)]
pub enum UserCommand {
    /// Makes the user. Repeated with the same e-mail: accepted, no event.
    CreateUser {
        /// The user's own id, kept so that a user can be told from others acting on it.
        id: UserId,
        /// Normalised sign-in address; uniqueness is the claim's business.
        email: String,
        /// Name as shown.
        name: String,
        /// At least one.
        roles: Vec<Role>,
        /// PHC string.
        password_hash: SecretHash,
    },
    /// Changes the name as shown.
    RenameUser {
        /// The new name.
        name: String,
    },
    /// Sets another password and ends every session but `keep`.
    ChangePassword {
        /// PHC string.
        password_hash: SecretHash,
        /// The session from which the user changes the own password.
        keep: Option<SessionId>,
    },
    /// Replaces the roles.
    SetRoles {
        /// At least one.
        roles: Vec<Role>,
    },
    /// Sets or takes away the number the user is written to, and answers from.
    SetPhone {
        /// The number.
        phone: Option<Phone>,
    },
    /// Bars from signing in and ends every session.
    DisableUser,
    /// Lets the user sign in again.
    EnableUser,
    /// Signs in. The password has been verified by the edge.
    OpenSession {
        /// Fresh random id.
        session: SessionId,
        /// The tokens.
        tokens: TokenPair,
    },
    /// Exchanges a refresh token for a new pair. A token that was exchanged before ends the session.
    RefreshSession {
        /// The session named by the token.
        session: SessionId,
        /// SHA-256 of the refresh token presented.
        presented: SecretHash,
        /// The new tokens.
        tokens: TokenPair,
    },
    /// Signs one client out. Repeated: accepted, no event.
    RevokeSession {
        /// Which one.
        session: SessionId,
    },
    /// Signs every client out.
    RevokeAllSessions,
    /// Replaces what the user's clients keep for the user.
    SetPreferences {
        /// The new ones: a JSON object, as text.
        preferences: Arc<str>,
        /// Number of the preferences they were made from, if the caller cares.
        from: Option<u32>,
    },
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// The client signed out.
    SignedOut,
    /// An administrator or the user ended all sessions.
    Revoked,
    /// Its refresh token ran out.
    Expired,
    /// More than [`MAX_SESSIONS`] sessions.
    Evicted,
    /// A refresh token was used twice: one of the two users of it is a thief.
    RefreshReused,
    /// The password changed.
    PasswordChanged,
    /// The user was disabled.
    Disabled,
}

/// Facts about a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum UserEvent {
    /// The user exists from here on.
    UserCreated {
        /// The user's own id.
        id: UserId,
        /// Sign-in address.
        email: String,
        /// Name as shown.
        name: String,
        /// Roles.
        roles: Vec<Role>,
        /// PHC string.
        password_hash: SecretHash,
    },
    /// Another name.
    UserRenamed {
        /// The new name.
        name: String,
    },
    /// Another password.
    PasswordChanged {
        /// PHC string.
        password_hash: SecretHash,
    },
    /// Other roles.
    RolesSet {
        /// All roles from here on.
        roles: Vec<Role>,
    },
    /// Another number, or none.
    PhoneSet {
        /// The number.
        phone: Option<Phone>,
    },
    /// May not sign in.
    UserDisabled,
    /// May sign in again.
    UserEnabled,
    /// Signed in.
    SessionOpened {
        /// The session.
        session: Session,
    },
    /// New pair of tokens; the old refresh hash is spent.
    SessionRefreshed {
        /// Which session.
        session: SessionId,
        /// The new tokens.
        tokens: TokenPair,
    },
    /// Other preferences.
    PreferencesSet {
        /// Number of these.
        number: u32,
        /// All of them from here on.
        preferences: Arc<str>,
    },
    /// Signed out.
    SessionEnded {
        /// Which session.
        session: SessionId,
        /// Why.
        why: SessionEnd,
    },
}

/// Why a command on a user is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserRefusal {
    /// No such user.
    #[error("there is no such user")]
    NoSuchUser,
    /// The id belongs to a user with another e-mail.
    #[error("a user with this id exists already")]
    UserExists,
    /// Not an e-mail address.
    #[error("{email:?} is not an e-mail address")]
    BadEmail {
        /// The text, cut to 64 characters.
        email: String,
    },
    /// Empty, too long or with control characters.
    #[error("a name has 1 to {MAX_NAME} characters and no control characters")]
    BadName,
    /// No role given.
    #[error("a user has at least one role")]
    NoRole,
    /// A user may not disable or demote itself.
    #[error("you cannot take away your own access")]
    OwnAccess,
    /// The user may not sign in.
    #[error("the user is disabled")]
    UserIsDisabled,
    /// The session does not exist, has ended or the token is not its own.
    #[error("the session is not valid")]
    SessionInvalid,
    /// More than [`MAX_PREFERENCES`].
    #[error("preferences have at most {MAX_PREFERENCES} bytes, these have {bytes}")]
    PreferencesTooLarge {
        /// As compact JSON.
        bytes: usize,
    },
    /// Another client has set them meanwhile.
    #[error("the preferences have number {actual}, not {expected}")]
    PreferencesChanged {
        /// What the caller believed.
        expected: u32,
        /// What it is.
        actual: u32,
    },
}

impl Refused for UserRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchUser => "no_such_user",
            Self::UserExists => "user_exists",
            Self::BadEmail { .. } => "bad_email",
            Self::BadName => "bad_name",
            Self::NoRole => "no_role",
            Self::OwnAccess => "own_access",
            Self::UserIsDisabled => "user_disabled",
            Self::SessionInvalid => "session_invalid",
            Self::PreferencesTooLarge { .. } => "preferences_too_large",
            Self::PreferencesChanged { .. } => "preferences_changed",
        }
    }

    fn class(&self) -> RefusalClass {
        match self {
            Self::NoSuchUser => RefusalClass::NotFound,
            Self::UserExists | Self::OwnAccess | Self::UserIsDisabled | Self::PreferencesChanged { .. } => {
                RefusalClass::Conflict
            }
            Self::BadEmail { .. } | Self::BadName | Self::NoRole | Self::PreferencesTooLarge { .. } => {
                RefusalClass::Invalid
            }
            Self::SessionInvalid => RefusalClass::Forbidden,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::BadEmail { .. } => Some("/email".into()),
            Self::BadName => Some("/name".into()),
            Self::NoRole => Some("/roles".into()),
            _ => None,
        }
    }

    fn fix(&self) -> Option<String> {
        match self {
            Self::BadEmail { .. } => Some("give an address such as name@example.com".into()),
            Self::NoRole => {
                Some("give one of admin, sales_manager, finance, customer_service, warehouse, viewer".into())
            }
            Self::OwnAccess => Some("ask another administrator".into()),
            Self::SessionInvalid => Some("sign in again".into()),
            Self::PreferencesChanged { .. } => Some("read them again and repeat the change".into()),
            _ => None,
        }
    }
}

/// A user as folded from its events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct User {
    /// The user's own id; `None` before it exists.
    pub id: Option<UserId>,
    /// Sign-in address, normalised.
    pub email: String,
    /// Name as shown.
    pub name: String,
    /// Roles, sorted, without repeats.
    pub roles: Vec<Role>,
    /// The number the user is written to, and answers from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Whether signing in is barred.
    pub disabled: bool,
    /// PHC string.
    pub password_hash: SecretHash,
    /// Live sessions, oldest first.
    pub sessions: Vec<Session>,
    /// What the user's clients keep for the user: saved views, language, theme. Nothing in it means anything here.
    #[serde(default, skip_serializing_if = "Preferences::is_unset")]
    pub preferences: Preferences,
}

impl User {
    /// Whether the user was created.
    pub fn exists(&self) -> bool {
        self.id.is_some()
    }

    /// The session with this id.
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// Whether the user has `role`.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    fn must_exist(&self) -> Result<(), UserRefusal> {
        if self.exists() { Ok(()) } else { Err(UserRefusal::NoSuchUser) }
    }

    /// Ends every session but `keep`.
    fn end_all(&self, keep: Option<SessionId>, why: SessionEnd) -> impl Iterator<Item = UserEvent> + '_ {
        let ended = self.sessions.iter().filter(move |session| Some(session.id) != keep);
        ended.map(move |session| UserEvent::SessionEnded { session: session.id, why })
    }

    fn is_own_act(&self, ctx: &Ctx) -> bool {
        ctx.by.is_some() && ctx.by == self.id
    }

    fn create(&self, event: UserEvent) -> Result<Vec<UserEvent>, UserRefusal> {
        let UserEvent::UserCreated { id, email, name, roles, .. } = &event else { return Ok(Vec::new()) };
        check_email(email)?;
        check_name(name)?;
        if roles.is_empty() {
            return Err(UserRefusal::NoRole);
        }
        match self.id {
            None => Ok(vec![event]),
            Some(own) if own == *id && self.email == *email => Ok(Vec::new()),
            Some(_) => Err(UserRefusal::UserExists),
        }
    }

    fn open(&self, session: SessionId, tokens: &TokenPair, now: Timestamp) -> Result<Vec<UserEvent>, UserRefusal> {
        if self.disabled {
            return Err(UserRefusal::UserIsDisabled);
        }
        if self.session(session).is_some() {
            return Ok(Vec::new());
        }
        let (expired, live): (Vec<_>, Vec<_>) = self.sessions.iter().partition(|one| one.refresh_expires <= now);
        let end = |one: &&Session, why| UserEvent::SessionEnded { session: one.id, why };
        let mut events: Vec<_> = expired.iter().map(|one| end(one, SessionEnd::Expired)).collect();
        let surplus = (live.len() + 1).saturating_sub(MAX_SESSIONS);
        events.extend(live.iter().take(surplus).map(|one| end(one, SessionEnd::Evicted)));
        let TokenPair { access_hash, refresh_hash, access_expires, refresh_expires } = tokens.clone();
        let session = Session {
            id: session,
            access_hash,
            refresh_hash,
            spent: vec![],
            access_expires,
            refresh_expires,
            opened_at: now,
        };
        events.push(UserEvent::SessionOpened { session });
        Ok(events)
    }

    /// A spent token ends the session (accepted, so that the end is durable); an unknown one is refused without
    /// effect, else whoever learns a session id could end it.
    fn refresh(
        &self,
        session: SessionId,
        presented: &SecretHash,
        tokens: &TokenPair,
        now: Timestamp,
    ) -> Result<Vec<UserEvent>, UserRefusal> {
        let live = self.session(session).filter(|live| live.refresh_expires > now && !self.disabled);
        let live = live.ok_or(UserRefusal::SessionInvalid)?;
        if live.refresh_hash == *presented {
            return Ok(vec![UserEvent::SessionRefreshed { session, tokens: tokens.clone() }]);
        }
        if live.spent.contains(presented) {
            return Ok(vec![UserEvent::SessionEnded { session, why: SessionEnd::RefreshReused }]);
        }
        Err(UserRefusal::SessionInvalid)
    }
}

fn check_email(email: &str) -> Result<(), UserRefusal> {
    let parts = email.split_once('@').filter(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    let plain = !email.chars().any(|c| c.is_whitespace() || c.is_control() || c.is_uppercase());
    if parts.is_some() && plain && email.len() <= 254 {
        return Ok(());
    }
    Err(UserRefusal::BadEmail { email: email.chars().take(64).collect() })
}

fn check_name(name: &str) -> Result<(), UserRefusal> {
    let ok = !name.trim().is_empty() && name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control);
    if ok { Ok(()) } else { Err(UserRefusal::BadName) }
}

fn tidy(roles: &[Role]) -> Vec<Role> {
    let mut roles = roles.to_vec();
    roles.sort_unstable();
    roles.dedup();
    roles
}

impl Aggregate for User {
    const KIND: Kind = Kind::User;
    type Command = UserCommand;
    type Event = UserEvent;
    type Refusal = UserRefusal;

    fn decide(&self, command: &UserCommand, ctx: &Ctx) -> Result<Vec<UserEvent>, UserRefusal> {
        if let UserCommand::CreateUser { id, email, name, roles, password_hash } = command {
            let (email, name) = (email.clone(), name.trim().to_owned());
            let password_hash = password_hash.clone();
            return self.create(UserEvent::UserCreated { id: *id, email, name, roles: tidy(roles), password_hash });
        }
        self.must_exist()?;
        match command {
            UserCommand::CreateUser { .. } => Ok(Vec::new()),
            UserCommand::RenameUser { name } => {
                check_name(name)?;
                let name = name.trim().to_owned();
                Ok(if name == self.name { vec![] } else { vec![UserEvent::UserRenamed { name }] })
            }
            UserCommand::ChangePassword { password_hash, keep } => {
                let mut events = vec![UserEvent::PasswordChanged { password_hash: password_hash.clone() }];
                events.extend(self.end_all(*keep, SessionEnd::PasswordChanged));
                Ok(events)
            }
            UserCommand::SetPhone { phone } => {
                self.must_exist()?;
                Ok(if *phone == self.phone { vec![] } else { vec![UserEvent::PhoneSet { phone: phone.clone() }] })
            }
            UserCommand::SetRoles { roles } => {
                let roles = tidy(roles);
                if roles.is_empty() {
                    return Err(UserRefusal::NoRole);
                }
                if self.is_own_act(ctx) && self.has(Role::Admin) && !roles.contains(&Role::Admin) {
                    return Err(UserRefusal::OwnAccess);
                }
                Ok(if roles == self.roles { vec![] } else { vec![UserEvent::RolesSet { roles }] })
            }
            UserCommand::DisableUser if self.is_own_act(ctx) => Err(UserRefusal::OwnAccess),
            UserCommand::DisableUser if self.disabled => Ok(Vec::new()),
            UserCommand::DisableUser => {
                let mut events = vec![UserEvent::UserDisabled];
                events.extend(self.end_all(None, SessionEnd::Disabled));
                Ok(events)
            }
            UserCommand::EnableUser => Ok(if self.disabled { vec![UserEvent::UserEnabled] } else { vec![] }),
            UserCommand::OpenSession { session, tokens } => self.open(*session, tokens, ctx.now),
            UserCommand::RefreshSession { session, presented, tokens } => {
                self.refresh(*session, presented, tokens, ctx.now)
            }
            UserCommand::RevokeSession { session } => {
                let live = self.session(*session).is_some();
                let end = UserEvent::SessionEnded { session: *session, why: SessionEnd::SignedOut };
                Ok(if live { vec![end] } else { vec![] })
            }
            UserCommand::RevokeAllSessions => Ok(self.end_all(None, SessionEnd::Revoked).collect()),
            UserCommand::SetPreferences { preferences, from } => self.preferences.set(preferences, *from),
        }
    }

    fn evolve(&mut self, event: &UserEvent) {
        match event.clone() {
            UserEvent::UserCreated { id, email, name, roles, password_hash } => {
                *self = Self { id: Some(id), email, name, roles, password_hash, ..Self::default() };
            }
            UserEvent::UserRenamed { name } => self.name = name,
            UserEvent::PhoneSet { phone } => self.phone = phone,
            UserEvent::PasswordChanged { password_hash } => self.password_hash = password_hash,
            UserEvent::RolesSet { roles } => self.roles = roles,
            UserEvent::UserDisabled => self.disabled = true,
            UserEvent::UserEnabled => self.disabled = false,
            UserEvent::SessionOpened { session } => self.sessions.push(session),
            UserEvent::SessionRefreshed { session, tokens } => {
                if let Some(live) = self.sessions.iter_mut().find(|live| live.id == session) {
                    live.spent.push(std::mem::replace(&mut live.refresh_hash, tokens.refresh_hash));
                    let surplus = live.spent.len().saturating_sub(MAX_SPENT);
                    live.spent.drain(..surplus);
                    live.access_hash = tokens.access_hash;
                    live.access_expires = tokens.access_expires;
                    live.refresh_expires = tokens.refresh_expires;
                }
            }
            UserEvent::PreferencesSet { number, preferences } => {
                self.preferences = Preferences { number, text: preferences };
            }
            UserEvent::SessionEnded { session, .. } => self.sessions.retain(|live| live.id != session),
        }
    }

    fn command_name(command: &UserCommand) -> &'static str {
        match command {
            UserCommand::CreateUser { .. } => "CreateUser",
            UserCommand::RenameUser { .. } => "RenameUser",
            UserCommand::ChangePassword { .. } => "ChangePassword",
            UserCommand::SetRoles { .. } => "SetRoles",
            UserCommand::SetPhone { .. } => "SetPhone",
            UserCommand::DisableUser => "DisableUser",
            UserCommand::EnableUser => "EnableUser",
            UserCommand::OpenSession { .. } => "OpenSession",
            UserCommand::RefreshSession { .. } => "RefreshSession",
            UserCommand::RevokeSession { .. } => "RevokeSession",
            UserCommand::RevokeAllSessions => "RevokeAllSessions",
            UserCommand::SetPreferences { .. } => "SetPreferences",
        }
    }

    fn view(&self) -> Option<serde_json::Value> {
        let roles: Vec<_> = self.roles.iter().map(|role| role.name()).collect();
        self.exists().then(|| {
            serde_json::json!({
                "email": self.email,
                "name": self.name,
                "roles": roles,
                "disabled": self.disabled,
            })
        })
    }

    fn search_text(&self) -> Option<String> {
        self.exists().then(|| format!("{} {}", self.name, self.email))
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        main_part(self, part)
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        from_main(parts)
    }
}

#[cfg(test)]
mod tests;
