//! What the clients of a user keep for the user. Nothing here reads it.

use axum::http::StatusCode;
use munshi_actors::node::Failure;
use munshi_domain::user::{Preferences, User, UserCommand, UserRefusal};
use munshi_protocols::auth::{PreferencesView, PutPreferences};

use super::{
    Answer, Call,
    call::{changed, resource},
    outcome,
};
use crate::problem::Problem;

fn view(preferences: &Preferences) -> PreferencesView {
    PreferencesView {
        version: preferences.number,
        preferences: serde_json::from_str(&preferences.text).unwrap_or_default(),
    }
}

/// Reads them.
///
/// # Errors
/// `unavailable`.
pub async fn read(call: Call) -> Answer {
    let id = call.caller()?.id.to_string();
    // Not the snapshot of the gate: whoever has just set them reads what was set.
    let read = call.app.node().read::<User, _>(&id, |user, _| view(&user.preferences)).await;
    let view = read.map_err(Problem::unavailable)?.ok_or_else(|| Problem::not_found("user"))?;
    resource(StatusCode::OK, u64::from(view.version), &view)
}

/// Replaces them; with `If-Match` only if they still have that number.
///
/// # Errors
/// `preferences_too_large`, `version_conflict`.
pub async fn replace(call: Call) -> Answer {
    let given: PutPreferences = call.json()?;
    let text = serde_json::to_string(&given.preferences).map_err(Problem::internal)?;
    let mut meta = call.meta()?;
    let from = meta.expected.take().map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    let command = UserCommand::SetPreferences { preferences: text.into(), from };
    let id = call.caller()?.id.to_string();
    let applied = call.app.node().execute::<User, _>(&id, command, meta, |user, _| view(&user.preferences)).await;
    let applied = applied.map_err(|failure| match failure {
        Failure::Refused(refusal @ UserRefusal::PreferencesChanged { .. }) => {
            Problem::new("version_conflict", refusal.to_string()).fix("read them again and repeat the change")
        }
        other => outcome::problem(other),
    })?;
    changed(StatusCode::OK, u64::from(applied.view.version), applied.seq, applied.replayed, &applied.view)
}
