//! Connections: made, changed, paused, tried. Credentials go in and never come out.

use std::sync::Arc;

use axum::http::StatusCode;
use munshi_connectors::{outcome::Outcome, secret::Secret};
use munshi_protocols::connections as wire;
use munshi_store::StoreError;

use super::{
    Answer, Call,
    call::{changed, json_body, resource},
    convert,
    outcome::page,
};
use crate::{
    auth::Permission,
    outbound::{
        Wired,
        admin::{AdminError, Change, HOOK_TOKEN},
        note::Noted,
        records::{Mode, Vendor},
        worker::Health,
    },
    problem::Problem,
};

/// Most dead letters that are counted for one connection.
const COUNTED: usize = 500;

impl From<AdminError> for Problem {
    fn from(error: AdminError) -> Self {
        let text = error.to_string();
        match error {
            AdminError::NotFound(what) => Self::not_found(what),
            AdminError::Exists => Self::new("connection_exists", text),
            AdminError::ChannelTaken { .. } => Self::new("channel_taken", text)
                .fix("take the channel from the other connection first")
                .at("/settings/channels"),
            AdminError::Version { .. } => {
                Self::new("version_conflict", text).fix("read it again and repeat the change")
            }
            AdminError::NoKeys => Self::new("no_connection_keys", text).fix("set connections.keys and restart"),
            AdminError::Bad(_) => Self::new("bad_connection", text),
            AdminError::BadEdit(_) => Self::bad_value("/values", text),
            AdminError::Settled(_) => Self::new("dead_letter_settled", text),
            AdminError::Unnoted(_) | AdminError::Unread(_) => Self::unavailable(text),
            AdminError::NotReplayable | AdminError::NotSubscriber => Self::new("not_replayable", text),
            AdminError::Store(StoreError::Query(detail)) => Self::new("bad_query", detail),
            AdminError::Store(error) => Self::unavailable(error),
            AdminError::Stopping => Self::new("shutting_down", text).retry_after(2),
        }
    }
}

fn health(of: &Health) -> wire::ConnectionHealth {
    wire::ConnectionHealth {
        breaker: if of.breaker.is_empty() { "closed".into() } else { of.breaker.clone() },
        planned: of.planned as u64,
        in_flight: of.in_flight as u64,
        unknown: of.unknown as u64,
        oldest: of.oldest.map(|at| at.to_string()),
        position: of.position,
        lag: of.lag,
        last_ok: of.last_ok.map(|at| at.to_string()),
        last_failure: of.last_failure.map(|(at, _)| at.to_string()),
        last_outcome: of.last_failure.map(|(_, outcome)| outcome.to_owned()),
    }
}

async fn view(call: &Call, wired: &Wired) -> Result<wire::ConnectionView, Problem> {
    let (of, outbound) = (&wired.record, call.app.outbound());
    let dead = outbound.dead(Some(&of.id), None, COUNTED).await?.len() as u64;
    let may_change = call.caller()?.may(Permission::ManageConnections);
    let credentials = of.sealed.keys().filter(|name| *name != HOOK_TOKEN);
    Ok(wire::ConnectionView {
        id: of.id.to_string(),
        version: of.revision,
        name: of.name.clone(),
        vendor: of.vendor.word().to_owned(),
        mode: of.mode.word().to_owned(),
        paused_because: of.paused_because.clone(),
        problem: wired.problem().map(str::to_owned),
        base_url: of.base_url.clone(),
        channels: wired.channels().iter().map(|channel| channel.word().to_owned()).collect(),
        settings: of.settings.clone(),
        credentials: credentials.cloned().collect(),
        hook_url: if may_change { wired.hook_url(outbound.public_url()) } else { None },
        health: health(&outbound.health(&of.id)),
        dead,
        created_at: of.created_at.to_string(),
    })
}

fn mode(text: &str) -> Result<Mode, Problem> {
    Mode::parse(text).ok_or_else(|| Problem::bad_value("/mode", "is live, practice or paused"))
}

fn secrets(
    given: std::collections::BTreeMap<String, String>,
) -> Result<std::collections::BTreeMap<String, Secret<String>>, Problem> {
    if given.contains_key(HOOK_TOKEN) {
        return Err(Problem::bad_value(format!("/credentials/{HOOK_TOKEN}"), "is drawn by the server"));
    }
    Ok(given.into_iter().map(|(name, secret)| (name, Secret::new(secret))).collect())
}

fn wired(call: &Call) -> Result<Arc<Wired>, Problem> {
    call.app.outbound().wired(call.param("id")).ok_or_else(|| Problem::not_found("connection"))
}

/// Lists connections.
///
/// # Errors
/// `unavailable`.
pub async fn list(call: Call) -> Answer {
    let mut items = Vec::new();
    for wired in call.app.outbound().connections() {
        items.push(view(&call, &wired).await?);
    }
    page(items, None, call.app.node().status().head)
}

/// Reads a connection.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let wired = wired(&call)?;
    resource(StatusCode::OK, wired.record.revision, &view(&call, &wired).await?)
}

/// Makes a connection.
///
/// # Errors
/// `connection_exists`, `channel_taken`, `bad_connection`.
pub async fn create(call: Call) -> Answer {
    let given: wire::CreateConnection = call.json()?;
    let plain = |id: &str| {
        (1..=32).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if !plain(&given.id) {
        return Err(Problem::bad_value("/id", "is 1 to 32 small letters, digits and -"));
    }
    let vendor = Vendor::parse(&given.vendor)
        .ok_or_else(|| Problem::bad_value("/vendor", "is twilio, meta, smtp, webhook, slack or teams"))?;
    let change = Change {
        name: Some(given.name.trim().chars().take(100).collect()),
        mode: Some(mode(&given.mode)?),
        base_url: given.base_url,
        settings: given.settings,
        credentials: secrets(given.credentials)?,
        ..Change::default()
    };
    let (wired, replayed) = call.app.outbound().create(&given.id, vendor, change, noted(&call, None)?).await?;
    let head = call.app.node().status().head;
    changed(StatusCode::CREATED, wired.record.revision, head, replayed, &view(&call, &wired).await?)
}

/// Changes a connection; what is left out stays.
///
/// # Errors
/// `version_conflict`, `channel_taken`, `bad_connection`.
pub async fn change(call: Call) -> Answer {
    let given: wire::PatchConnection = call.json()?;
    let change = Change {
        name: given.name.map(|name| name.trim().chars().take(100).collect()),
        mode: given.mode.as_deref().map(mode).transpose()?,
        base_url: given.base_url,
        settings: given.settings,
        credentials: secrets(given.credentials)?,
        rotate_hook: given.rotate_hook,
        paused_because: None,
    };
    apply(&call, change, given.reason).await
}

/// Who does it, by this request, and why.
///
/// # Errors
/// As for a reason.
pub fn noted(call: &Call, reason: Option<String>) -> Result<Noted, Problem> {
    let reason = reason.map(|reason| convert::parse_reason(&reason)).transpose()?;
    Ok(Noted::new(call.meta()?, reason))
}

/// The reason in a body that may be left out.
fn why(call: &Call) -> Result<Option<String>, Problem> {
    if call.body.is_empty() { Ok(None) } else { Ok(call.json::<wire::Why>()?.reason) }
}

async fn apply(call: &Call, change: Change, reason: Option<String>) -> Answer {
    let id = wired(call)?.record.id.clone();
    let noted = noted(call, reason)?;
    let (wired, replayed) = call.app.outbound().change(&id, change, call.expected, noted).await?;
    let head = call.app.node().status().head;
    changed(StatusCode::OK, wired.record.revision, head, replayed, &view(call, &wired).await?)
}

/// Stops a connection from sending; work waits.
///
/// # Errors
/// `not_found`.
pub async fn pause(call: Call) -> Answer {
    let reason = why(&call)?;
    apply(&call, Change { mode: Some(Mode::Paused), ..Change::default() }, reason).await
}

/// Lets a paused connection go on, and one that waits after failures try again at once.
///
/// # Errors
/// `not_found`.
pub async fn resume(call: Call) -> Answer {
    let (wired, reason) = (wired(&call)?, why(&call)?);
    let paused = wired.record.mode == Mode::Paused;
    if !paused {
        call.app.outbound().resumed(&wired.record.id, noted(&call, reason)?).await?;
        return resource(StatusCode::OK, wired.record.revision, &view(&call, &wired).await?);
    }
    let answer = apply(&call, Change { mode: Some(wired.record.resume_to), ..Change::default() }, reason).await;
    // What waits need not wait for its hour.
    call.app.outbound().retry_now(&wired.record.id).await;
    answer
}

/// Sends a message to try a connection.
///
/// # Errors
/// `not_found`, `bad_value`.
pub async fn test(call: Call) -> Answer {
    let given: wire::TestSend = call.json()?;
    let wired = wired(&call)?;
    let id = call.new_id()?;
    let outcome = crate::services::messages::test(&call.app, &wired, &given, id).await?;
    let class = outcome.class().to_owned();
    let (vendor_ref, code, hint) = match outcome {
        Outcome::Ok(accepted) => (Some(accepted.vendor_ref), None, None),
        Outcome::Permanent { code, hint, .. } => (None, Some(code), Some(hint.text().to_owned())),
        Outcome::Unknown { why } | Outcome::RetryAfter { why, .. } => (None, Some(why.code().to_owned()), None),
        Outcome::RateLimited { .. } | Outcome::AuthExpired => (None, None, None),
    };
    json_body(StatusCode::OK, &wire::TestResult { ok: class == "ok", outcome: class, vendor_ref, code, hint })
}

/// Hands the built-in texts in for approval; what the vendor calls them is kept with the connection.
///
/// # Errors
/// `bad_connection` with what the vendor says.
pub async fn templates(call: Call) -> Answer {
    let wired = wired(&call)?;
    let ids = crate::services::messages::register(&wired).await?;
    let settings = [("templates".to_owned(), serde_json::Value::Object(ids.into_iter().collect()))];
    apply(&call, Change { settings: settings.into(), ..Change::default() }, None).await
}

/// Tells a subscriber again what happened after a journal position.
///
/// # Errors
/// `not_found`, `not_replayable`.
pub async fn replay(call: Call) -> Answer {
    let given: wire::ReplayFrom = call.json()?;
    let (replayed, reached) =
        call.app.outbound().tell_again(call.param("id"), given.after, noted(&call, given.reason)?).await?;
    json_body(StatusCode::OK, &wire::ReplayedFrom { replayed, reached })
}
