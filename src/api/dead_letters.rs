//! Dead letters: what connections gave up, for a person to replay or discard.

use axum::http::StatusCode;
use munshi_domain::{EntityId, Kind, Timestamp, connection::ConnectionEvent};
use munshi_protocols::{common::Reason, connections as wire};
use munshi_store::{WorkKey, WorkTable};

use super::{
    Answer, Call,
    call::{json_body, no_content},
    connections::noted,
    list,
    outcome::page,
    timeline,
};
use crate::{
    outbound::{
        admin::AdminError,
        dead::{Edit, conversation},
        records::{Dead, Record},
    },
    problem::Problem,
};

/// Entries of a connection's journal looked at for what was done about a dead letter, in pages.
const PAGE: usize = 256;
const PAGES: usize = 20;

fn view(dead: &Dead) -> wire::DeadView {
    let effect = dead.effect.as_ref();
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
        values: std::collections::BTreeMap::new(),
        history: Vec::new(),
    }
}

/// What was done about a dead letter before, by the journal.
async fn history(call: &Call, connection: &str, id: &str) -> Result<Vec<wire::DeadAction>, Problem> {
    let (store, entity) = (call.app.node().store(), EntityId::new(Kind::Connection, connection));
    let (mut after, mut found) = (0, Vec::new());
    for _ in 0..PAGES {
        let entries = store.history(&entity, after, PAGE).await.map_err(Problem::unavailable)?;
        for entry in &entries {
            let acted = entry.events.typed().into_owned().into_iter().filter_map(|event| match event {
                ConnectionEvent::OperatorActed { operation, subject, reason, .. } => {
                    let about = subject.is_some_and(|subject| subject.split(": ").next() == Some(id));
                    about.then_some((operation, reason))
                }
                _ => None,
            });
            found.extend(acted.map(|(operation, reason)| wire::DeadAction {
                at: entry.at.to_string(),
                by: timeline::who(&entry.by),
                what: operation.word().to_owned(),
                reason,
            }));
        }
        match entries.last().filter(|_| entries.len() >= PAGE) {
            Some(last) => after = last.last,
            None => break,
        }
    }
    Ok(found)
}

/// Why there is no such dead letter, or none any more.
async fn missing(call: &Call, connection: &str, id: &str) -> Result<Problem, Problem> {
    let done = history(call, connection, id).await?;
    Ok(match done.last() {
        Some(last) => Problem::new("not_found", format!("this dead letter is closed: {} at {}", last.what, last.at)),
        None => Problem::not_found("dead letter"),
    })
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
    let (outbound, after) = (call.app.outbound(), after.transpose()?);
    let (found, next) = match call.text("class") {
        Some(class) => outbound.dead_of_class(connection, class, after, limit).await?,
        None => {
            let found = outbound.dead(connection, after.as_ref(), limit).await?;
            let next = (found.len() == limit).then(|| found.last().map(Record::key)).flatten();
            (found, next)
        }
    };
    let next = next.map(|key| format!("{}/{}", key.owner, key.id));
    page(found.iter().map(view).collect::<Vec<_>>(), next, call.app.node().status().head)
}

/// Reads a dead letter.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let (connection, id) = (call.param("connection"), call.param("id"));
    let read = call.app.outbound().dead_one(connection, id).await;
    if matches!(read, Err(AdminError::NotFound(_))) {
        return Err(missing(&call, connection, id).await?);
    }
    let dead = read?;
    let values = match &dead.effect {
        Some(effect) => call.app.outbound().values_of(effect).await.map_err(Problem::unavailable)?,
        None => Default::default(),
    };
    json_body(StatusCode::OK, &wire::DeadView { values, history: history(&call, connection, id).await?, ..view(&dead) })
}

/// Replays a dead letter, with another time to live if wanted.
///
/// # Errors
/// `not_found`, `not_replayable`, `dead_letter_settled`.
pub async fn replay(call: Call) -> Answer {
    let given: wire::EditDead = call.json()?;
    let parse = |text: &String| {
        Timestamp::parse(text).ok_or_else(|| Problem::bad_value("/expires_at", "is not an instant of RFC 3339"))
    };
    let until = given.expires_at.as_ref().map(parse).transpose()?;
    let edit = Edit { expires_at: until, values: given.values };
    let noted = noted(&call, given.reason)?;
    call.app.outbound().replay(call.param("connection"), call.param("id"), edit, noted).await?;
    json_body(StatusCode::OK, &wire::Replayed { replayed: 1 })
}

/// Replays dead letters of a connection.
///
/// # Errors
/// `not_replayable`.
pub async fn replay_all(call: Call) -> Answer {
    let given: wire::ReplayDead = call.json()?;
    let noted = noted(&call, given.reason)?;
    let replayed = call.app.outbound().replay_all(&given.connection, given.class.as_deref(), &noted).await?;
    json_body(StatusCode::OK, &wire::Replayed { replayed })
}

/// Discards a dead letter, with a reason.
///
/// # Errors
/// `not_found`.
pub async fn discard(call: Call) -> Answer {
    let reason: Reason = call.json()?;
    let noted = noted(&call, Some(reason.reason))?;
    call.app.outbound().discard(call.param("connection"), call.param("id"), noted).await?;
    no_content()
}
