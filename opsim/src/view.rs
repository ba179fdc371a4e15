//! The page, and what it shows.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::{App, form};

const PAGE: &str = include_str!("page.html");

/// The page: one file, from nowhere else.
pub async fn page() -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-src 'self'; img-src data:";
    ([("content-security-policy", policy)], Html(PAGE)).into_response()
}

/// Everything the page shows; 204 if nothing changed since `?since=`.
pub async fn view(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    let world = app.world();
    let pairs = form::read(query.unwrap_or_default().as_bytes());
    if form::get(&pairs, "since") == Some(world.version.to_string().as_str()) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let last = |count: usize, length: usize| length.saturating_sub(count);
    let mails: Vec<_> = world
        .mails
        .iter()
        .map(|mail| {
            json!({
                "id": mail.id, "at_ms": mail.at_ms, "from": mail.from, "to": mail.to, "subject": mail.subject,
                "text": mail.text, "html": mail.html, "files": mail.files, "dkim": mail.dkim, "signed_in": mail.signed_in,
            })
        })
        .collect();
    let settings = &world.settings;
    Json(json!({
        "version": world.version, "now": world.now(),
        "messages": world.messages, "opted_out": world.opted_out, "mails": mails,
        "windows": world.last_inbound.keys().filter(|phone| world.window_open(phone)).collect::<Vec<_>>(),
        "received": world.received[last(200, world.received.len())..],
        "sent": world.sent[last(200, world.sent.len())..],
        "journal": world.journal[last(100, world.journal.len())..],
        "faults": world.faults, "templates": world.templates,
        "settings": { "twilio_webhook": settings.twilio_webhook, "meta_webhook": settings.meta_webhook },
    }))
    .into_response()
}
