//! Signing in and out.

use axum::http::StatusCode;
use munshi_actors::node::{Failure, Meta};
use munshi_domain::{
    UserId,
    claim::Claim,
    phone::Email,
    user::{SecretHash, SessionId, TokenPair, User, UserCommand, UserRefusal},
};
use munshi_protocols::auth::{Me, Refresh, SignIn, SignedIn};

use super::{
    Answer, Call,
    call::{json_body, no_content},
    outcome,
};
use crate::{
    auth::{Permission, token},
    problem::Problem,
    services::claims,
};

fn me(id: UserId, user: &User) -> Me {
    Me {
        id: id.to_string(),
        name: user.name.clone(),
        email: user.email.clone(),
        roles: user.roles.iter().map(|role| role.name().to_owned()).collect(),
        permissions: Permission::names(&user.roles),
    }
}

/// A new pair of tokens: what the user aggregate keeps, and what the client gets.
fn pair(call: &Call, user: UserId, session: SessionId) -> (TokenPair, String, String) {
    let access = token::issue(token::ACCESS, user, session);
    let refresh = token::issue(token::REFRESH, user, session);
    let config = &call.app.config().auth;
    let life = |span: crate::config::Span| i64::try_from(span.millis()).unwrap_or(i64::MAX);
    let tokens = TokenPair {
        access_hash: SecretHash::new(token::hash(&access)),
        refresh_hash: SecretHash::new(token::hash(&refresh)),
        access_expires: call.now().plus_millis(life(config.access_ttl)),
        refresh_expires: call.now().plus_millis(life(config.refresh_ttl)),
    };
    (tokens, access, refresh)
}

fn signed_in(call: &Call, access_token: String, refresh_token: String, user: Me) -> Answer {
    let expires_in = call.app.config().auth.access_ttl.millis() / 1_000;
    json_body(StatusCode::OK, &SignedIn { access_token, refresh_token, expires_in, user })
}

/// A command id for commands that are never retried under the same id.
fn fresh_command(what: &str) -> String {
    format!("{what}:{}", token::hex_of(&token::random::<16>()))
}

/// Signs in. Unknown account, wrong password and disabled account answer the same, after the same work.
///
/// # Errors
/// `bad_credentials`, `sign_in_throttled`.
pub async fn sign_in(call: Call) -> Answer {
    let given: SignIn = call.json()?;
    let refused = || Problem::new("bad_credentials", "wrong e-mail or password");
    let account =
        Email::parse(&given.email).map_or_else(|_| given.email.trim().to_lowercase(), |email| email.to_string());
    let account: String = account.chars().take(254).collect();
    call.app.throttle().attempt(&account, call.ip, std::time::Instant::now()).map_err(|wait| {
        Problem::new("sign_in_throttled", "too many wrong passwords; wait before trying again")
            .retry_after(wait.as_secs() + 1)
    })?;
    let user = find(&call, &account).await?.filter(|(_, user)| !user.disabled);
    let hash = user.as_ref().map(|(_, user)| &user.password_hash);
    if !call.app.passwords().verify(&given.password, hash).await? {
        return Err(refused());
    }
    let Some((id, _)) = user else { return Err(refused()) };
    let session = token::session_id();
    let (tokens, access, refresh) = pair(&call, id, session);
    let command = UserCommand::OpenSession { session, tokens };
    let meta = Meta::user(id, fresh_command("sign-in"), None);
    let opened = call.app.node().execute::<User, _>(&id.to_string(), command, meta, move |user, _| me(id, user)).await;
    match opened {
        Ok(applied) => {
            call.app.throttle().succeeded(&account, call.ip);
            signed_in(&call, access, refresh, applied.view)
        }
        Err(Failure::Refused(_)) => Err(refused()),
        Err(failure) => Err(outcome::problem(failure)),
    }
}

async fn find(call: &Call, email: &str) -> Result<Option<(UserId, std::sync::Arc<User>)>, Problem> {
    let node = call.app.node();
    let owner = node.read::<Claim, _>(&claims::user_email(email), |claim, _| claim.owner.clone()).await;
    let Some(owner) = owner.map_err(Problem::unavailable)?.flatten() else { return Ok(None) };
    let Ok(id) = UserId::parse(&owner) else { return Ok(None) };
    let user = node.snapshot::<User>(&owner).await.map_err(Problem::unavailable)?;
    Ok(user.filter(|user| user.exists()).map(|user| (id, user)))
}

/// Exchanges a refresh token. One that was exchanged before ends the session.
///
/// # Errors
/// `refresh_token_invalid`, `refresh_token_reused`.
pub async fn refresh(call: Call) -> Answer {
    let given: Refresh = call.json()?;
    let invalid = || Problem::new("refresh_token_invalid", "the refresh token is not valid").fix("sign in again");
    let token = token::parse(token::REFRESH, &given.refresh_token).ok_or_else(invalid)?;
    let (id, session) = (token.user, token.session);
    let (tokens, access, refresh) = pair(&call, id, session);
    let presented = SecretHash::new(token::hash(&given.refresh_token));
    let command = UserCommand::RefreshSession { session, presented, tokens };
    let meta = Meta::user(id, fresh_command("refresh"), None);
    let view = move |user: &User, _| user.session(session).is_some().then(|| me(id, user));
    match call.app.node().execute::<User, _>(&id.to_string(), command, meta, view).await {
        Ok(applied) => match applied.view {
            Some(user) => signed_in(&call, access, refresh, user),
            None => Err(Problem::new(
                "refresh_token_reused",
                "this refresh token was used before; the session has been ended",
            )
            .fix("sign in again")),
        },
        Err(Failure::Refused(UserRefusal::SessionInvalid | UserRefusal::NoSuchUser)) => Err(invalid()),
        Err(failure) => Err(outcome::problem(failure)),
    }
}

/// Ends the session of the token.
///
/// # Errors
/// `unavailable`.
pub async fn sign_out(call: Call) -> Answer {
    let caller = call.caller()?;
    let command = UserCommand::RevokeSession { session: caller.session };
    let meta = Meta::user(caller.id, fresh_command("sign-out"), None);
    let ended = call.app.node().execute::<User, _>(&caller.id.to_string(), command, meta, |_, _| ()).await;
    ended.map_err(outcome::problem)?;
    no_content()
}

/// Who am I.
///
/// # Errors
/// None beyond the gate's.
pub async fn me_handler(call: Call) -> Answer {
    let caller = call.caller()?;
    json_body(StatusCode::OK, &me(caller.id, &caller.user))
}
