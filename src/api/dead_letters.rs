//! Dead letters: what connections gave up, for a person to replay or discard.

use axum::http::StatusCode;
use munshi_domain::Timestamp;
use munshi_protocols::{common::Reason, connections as wire};
use munshi_store::{WorkKey, WorkTable};

use super::{
    Answer, Call,
    call::{json_body, no_content},
    convert, list,
    outcome::page,
};
use crate::{
    outbound::{
        admin::conversation,
        records::{Action, Dead},
    },
    problem::Problem,
};

fn view(dead: &Dead) -> wire::DeadView {
    let effect = dead.effect.as_ref();
    let action = |action: &Action| wire::DeadAction {
        at: action.at.to_string(),
        by: action.by.clone(),
        what: action.what.clone(),
        reason: action.reason.clone(),
    };
    wire::DeadView {
        connection: dead.connection.to_string(),
        id: dead.id.to_string(),
        kind: effect.map_or("delivery", |effect| &effect.kind).to_owned(),
        at: dead.at.to_string(),
        class: dead.class.clone(),
        answer: dead.answer.clone(),
        hint: dead.hint.clone(),
        attempts: effect.map_or(0, |effect| effect.attempts),
        caused_by: effect.map(|effect| effect.seq),
        conversation: conversation(dead),
        expires_at: effect.and_then(|effect| effect.expires_at).map(|at| at.to_string()),
        replayable: effect.is_some(),
        history: dead.history.iter().map(action).collect(),
    }
}

fn action(call: &Call, what: &str, reason: Option<String>) -> Result<Action, Problem> {
    let reason = reason.map(|reason| convert::parse_reason(&reason)).transpose()?;
    Ok(Action { at: call.now(), by: format!("user:{}", call.by()?), what: what.to_owned(), reason })
}

/// Lists dead letters.
///
/// # Errors
/// `bad_query`.
pub async fn all(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let connection = call.text("connection");
    let after = call.text("after").map(|after| {
        let (owner, id) = after.split_once('/').ok_or_else(|| Problem::new("bad_query", "not a cursor").at("after"))?;
        Ok::<_, Problem>(WorkKey::new(WorkTable::Dead, owner, id))
    });
    let found = call.app.outbound().dead(connection, after.transpose()?.as_ref(), limit).await?;
    let next = (found.len() == limit).then(|| found.last().map(|dead| format!("{}/{}", dead.connection, dead.id)));
    let class = call.text("class");
    let shown = found.iter().filter(|dead| class.is_none_or(|class| class == dead.class));
    page(shown.map(view).collect::<Vec<_>>(), next.flatten(), call.app.node().status().head)
}

/// Reads a dead letter.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let dead = call.app.outbound().dead_one(call.param("connection"), call.param("id")).await?;
    json_body(StatusCode::OK, &view(&dead))
}

/// Replays a dead letter, with another time to live if wanted.
///
/// # Errors
/// `not_found`, `not_replayable`.
pub async fn replay(call: Call) -> Answer {
    let given: wire::EditDead = call.json()?;
    let parse = |text: &String| {
        Timestamp::parse(text).ok_or_else(|| Problem::bad_value("/expires_at", "is not an instant of RFC 3339"))
    };
    let until = given.expires_at.as_ref().map(parse).transpose()?;
    let action = action(&call, "replayed", given.reason)?;
    call.app.outbound().replay(call.param("connection"), call.param("id"), until, action).await?;
    json_body(StatusCode::OK, &wire::Replayed { replayed: 1 })
}

/// Replays dead letters of a connection.
///
/// # Errors
/// `not_replayable`.
pub async fn replay_all(call: Call) -> Answer {
    let given: wire::ReplayDead = call.json()?;
    let action = action(&call, "replayed", None)?;
    let replayed = call.app.outbound().replay_all(&given.connection, given.class.as_deref(), &action).await?;
    json_body(StatusCode::OK, &wire::Replayed { replayed })
}

/// Discards a dead letter, with a reason.
///
/// # Errors
/// `not_found`.
pub async fn discard(call: Call) -> Answer {
    let reason: Reason = call.json()?;
    let action = action(&call, "discarded", Some(reason.reason))?;
    call.app.outbound().discard(call.param("connection"), call.param("id"), &action).await?;
    no_content()
}
