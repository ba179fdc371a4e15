//! Who may do what: passwords, tokens, throttling, permissions.
//!
//! Invariant: secrets are stored and compared as hashes only, and never logged; every check of a token goes to the
//! user's current state, so a revoked session or a changed role has effect with the next request.

pub mod password;
pub mod permission;
pub mod rate;
pub mod throttle;
pub mod token;

use std::sync::Arc;

use munshi_domain::{
    Timestamp, UserId,
    user::{SessionId, User},
};

pub use permission::Permission;

use crate::problem::Problem;

/// A signed-in person behind a request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub id: UserId,
    /// The user as it is now.
    pub user: Arc<User>,
    /// The session of the token.
    pub session: SessionId,
}

impl Caller {
    /// Whether one of the roles permits it.
    pub fn may(&self, permission: Permission) -> bool {
        permission.granted(&self.user.roles)
    }
}

/// Checks a parsed access token against the user it names.
///
/// # Errors
/// `token_invalid` for a token that is not the session's (also one of a session that ended), `token_expired` for one
/// that was good.
pub fn check(token: &token::Token, text: &str, user: Option<Arc<User>>, now: Timestamp) -> Result<Caller, Problem> {
    let invalid = || Problem::new("token_invalid", "the access token is not valid").fix("sign in again");
    let user = user.filter(|user| user.id == Some(token.user) && !user.disabled).ok_or_else(invalid)?;
    let session = user.session(token.session).ok_or_else(invalid)?;
    if !token::same(&token::hash(text), session.access_hash.expose()) {
        return Err(invalid());
    }
    if session.access_expires <= now {
        return Err(
            Problem::new("token_expired", "the access token has expired").fix("refresh it at /api/v1/auth/refresh")
        );
    }
    Ok(Caller { id: token.user, session: token.session, user })
}

#[cfg(test)]
mod tests {
    use super::*;
    use munshi_domain::user::{Role, SecretHash, Session};

    fn signed_in() -> (token::Token, String, User) {
        let (user, session) = (UserId::from_u128(1), SessionId::from_u128(2));
        let text = token::issue(token::ACCESS, user, session);
        let now = Timestamp::from_millis(0);
        let session = Session {
            id: session,
            access_hash: SecretHash::new(token::hash(&text)),
            refresh_hash: SecretHash::new("r"),
            spent: vec![],
            access_expires: now.plus_seconds(10),
            refresh_expires: now.plus_seconds(100),
            opened_at: now,
        };
        let record = User { id: Some(user), roles: vec![Role::Viewer], sessions: vec![session], ..User::default() };
        (token::parse(token::ACCESS, &text).unwrap(), text, record)
    }

    #[test]
    fn sec_03_tokens_are_checked_against_the_current_user() {
        let (token, text, user) = signed_in();
        let at = Timestamp::from_millis(9_999);
        let code = |user: User, text: &str, at| check(&token, text, Some(Arc::new(user)), at).map_err(|p| p.code).err();
        assert_eq!(code(user.clone(), &text, at), None);
        assert_eq!(code(user.clone(), &text, at.plus_millis(1)), Some("token_expired"));
        let other = token::issue(token::ACCESS, token.user, token.session);
        assert_eq!(code(user.clone(), &other, at), Some("token_invalid"), "another secret for the same session");
        assert_eq!(code(User { disabled: true, ..user.clone() }, &text, at), Some("token_invalid"));
        assert_eq!(code(User { sessions: vec![], ..user.clone() }, &text, at), Some("token_invalid"));
        assert_eq!(code(User { id: Some(UserId::from_u128(3)), ..user }, &text, at), Some("token_invalid"));
        assert_eq!(check(&token, &text, None, at).unwrap_err().code, "token_invalid");
    }
}
