//! Users, for administrators.

use axum::http::StatusCode;
use munshi_domain::{
    Aggregate, Kind, UserId,
    user::{User, UserCommand},
};
use munshi_protocols::auth::{CreateUser, PatchUser, SetPassword, UserRow, UserView};

use super::{Answer, Call, convert, list, outcome};
use crate::{
    problem::Problem,
    services::user::{self, NewUser},
};

fn view(user: &User, version: u64) -> UserView {
    UserView {
        id: user.id.map(|id| id.to_string()).unwrap_or_default(),
        version,
        email: user.email.clone(),
        name: user.name.clone(),
        roles: user.roles.iter().map(|role| role.name().to_owned()).collect(),
        phone: user.phone.as_ref().map(ToString::to_string),
        disabled: user.disabled,
        sessions: user.sessions.len(),
    }
}

/// Lists users by address.
///
/// # Errors
/// `bad_query`.
pub async fn list(call: Call) -> Answer {
    let page = list::documents(&call, Kind::User, vec![], "email", false).await?;
    let items = page.rows.iter().map(|row| UserRow {
        id: row.id.clone(),
        email: list::text(&row.body, "email"),
        name: list::text(&row.body, "name"),
        roles: list::texts(&row.body, "roles"),
        disabled: row.body.get("disabled").and_then(serde_json::Value::as_bool).unwrap_or_default(),
    });
    outcome::page(items.collect(), page.next, page.seq)
}

/// Makes a user.
///
/// # Errors
/// `email_taken`, `bad_password`, and the user's refusals.
pub async fn create(call: Call) -> Answer {
    let given: CreateUser = call.json()?;
    let roles = user::roles(&given.roles)?;
    let password_hash = call.app.passwords().hash(&given.password).await?;
    let id = UserId::from_u128(call.new_id()?);
    let new = NewUser { id, email: given.email, name: given.name, roles, password_hash };
    let applied = user::create(call.app.node(), new, call.meta()?, view).await?;
    outcome::done(StatusCode::CREATED, &applied)
}

/// Reads a user.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let id = call.id("id", "user", UserId::parse)?;
    let read = call.app.node().read::<User, _>(&id.to_string(), |user, version| (version, view(user, version))).await;
    outcome::found("user", read.map_err(Problem::unavailable)?)
}

async fn run(call: &Call, command: UserCommand, meta: munshi_actors::node::Meta) -> Answer {
    let id = call.id("id", "user", UserId::parse)?;
    let applied = call.app.node().execute::<User, _>(&id.to_string(), command, meta, view).await;
    outcome::done(StatusCode::OK, &applied.map_err(outcome::problem)?)
}

/// Changes name, roles or number.
///
/// # Errors
/// `bad_value` when nothing is to be changed; `phone_taken`; the user's refusals.
pub async fn change(call: Call) -> Answer {
    let given: PatchUser = call.json()?;
    let id = call.id("id", "user", UserId::parse)?.to_string();
    let mut commands = Vec::new();
    if let Some(roles) = given.roles.as_deref().map(user::roles).transpose()? {
        commands.push(UserCommand::SetRoles { roles });
    }
    if let Some(text) = given.phone.as_deref() {
        let phone = if text.is_empty() { None } else { Some(convert::parse_phone("/phone", text)?) };
        commands.push(UserCommand::SetPhone { phone });
    }
    commands.extend(given.name.map(|name| UserCommand::RenameUser { name }));
    let last = commands.pop();
    let last =
        last.ok_or_else(|| Problem::bad_value("", "give name, roles or phone").fix("give at least one field"))?;
    // The version is that before the first of them.
    let mut expected = call.expected;
    for command in commands {
        let meta = call.step(User::command_name(&command))?.expecting(expected.take());
        user::apply(call.app.node(), &id, command, meta, view).await?;
    }
    let meta = call.meta()?.expecting(expected);
    outcome::done(StatusCode::OK, &user::apply(call.app.node(), &id, last, meta, view).await?)
}

/// Bars from signing in; live sessions end at once.
///
/// # Errors
/// The user's refusals.
pub async fn disable(call: Call) -> Answer {
    run(&call, UserCommand::DisableUser, call.meta()?).await
}

/// Lets sign in again.
///
/// # Errors
/// The user's refusals.
pub async fn enable(call: Call) -> Answer {
    run(&call, UserCommand::EnableUser, call.meta()?).await
}

/// Sets another password; every session ends but the caller's own.
///
/// # Errors
/// `bad_password`, and the user's refusals.
pub async fn password(call: Call) -> Answer {
    let given: SetPassword = call.json()?;
    let password_hash = call.app.passwords().hash(&given.password).await?;
    let keep = Some(call.caller()?.session);
    run(&call, UserCommand::ChangePassword { password_hash, keep }, call.meta()?).await
}

/// Ends every session of the user.
///
/// # Errors
/// The user's refusals.
pub async fn revoke(call: Call) -> Answer {
    run(&call, UserCommand::RevokeAllSessions, call.meta()?).await
}
