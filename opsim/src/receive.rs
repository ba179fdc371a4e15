//! Receivers: a user's own system that takes signed webhooks, and the chat rooms of Slack and Teams.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::world::{Received, World};
use crate::{App, sign};

/// A receiver refuses what was signed longer ago.
const TOLERANCE_S: i64 = 300;

fn keep(world: &mut World, kind: &str, endpoint: String, id: String, accepted: bool, body: &[u8]) {
    let at_ms = world.now();
    let body = String::from_utf8_lossy(body).into_owned();
    world.received.push(Received { at_ms, kind: kind.to_owned(), endpoint, id, accepted, body });
    world.touch();
}

/// `POST /hook/{endpoint}`: believed only with a signature of Standard Webhooks.
pub async fn webhook(
    State(app): State<Arc<App>>,
    Path(endpoint): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut world = app.world();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    let near = timestamp.parse::<i64>().is_ok_and(|at| (world.now() / 1_000 - at).abs() <= TOLERANCE_S);
    let secret = world.settings.webhook_secret.clone();
    let fits = sign::standard_webhook_fits(&secret, &id, &timestamp, &body, &header("webhook-signature"));
    let accepted = fits && near && !id.is_empty();
    keep(&mut world, "webhook", endpoint, id, accepted, &body);
    if accepted {
        StatusCode::NO_CONTENT.into_response()
    } else {
        (StatusCode::UNAUTHORIZED, "bad signature").into_response()
    }
}

/// `POST /slack/{token}`
pub async fn slack(State(app): State<Arc<App>>, Path(token): Path<String>, body: Bytes) -> Response {
    let mut world = app.world();
    if token != world.settings.chat_token {
        return (StatusCode::NOT_FOUND, "no_service").into_response();
    }
    let json = serde_json::from_slice::<Value>(&body).unwrap_or_default();
    let accepted = json["text"].as_str().is_some_and(|text| !text.is_empty())
        && json["blocks"].as_array().is_none_or(|b| b.len() <= 50);
    keep(&mut world, "slack", "room".to_owned(), String::new(), accepted, &body);
    if accepted { "ok".into_response() } else { (StatusCode::BAD_REQUEST, "invalid_payload").into_response() }
}

/// `POST /teams/{token}`
pub async fn teams(State(app): State<Arc<App>>, Path(token): Path<String>, body: Bytes) -> Response {
    let mut world = app.world();
    if token != world.settings.chat_token {
        return StatusCode::NOT_FOUND.into_response();
    }
    let json = serde_json::from_slice::<Value>(&body).unwrap_or_default();
    let card = &json["attachments"][0];
    let accepted = json["type"] == "message"
        && card["contentType"] == "application/vnd.microsoft.card.adaptive"
        && card["content"]["type"] == "AdaptiveCard";
    keep(&mut world, "teams", "room".to_owned(), String::new(), accepted, &body);
    if accepted { StatusCode::ACCEPTED.into_response() } else { StatusCode::BAD_REQUEST.into_response() }
}
