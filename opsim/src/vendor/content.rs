//! Twilio's Content API: templates and their approval.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::twilio::{error, signed_in};
use crate::App;
use crate::world::Template;

const UNAUTHORIZED: &str = "Authentication Error - invalid username";

/// `POST /v1/Content`
pub async fn create(State(app): State<Arc<App>>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let mut world = app.world();
    if !signed_in(&world, &headers) {
        return error(401, 20003, UNAUTHORIZED);
    }
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let Some(types) = body["types"].as_object().filter(|types| types.len() == 1) else {
        return error(400, 20001, "types: exactly one type is expected here");
    };
    let (kind, content) = types.iter().next().map_or(("", &Value::Null), |(kind, content)| (kind.as_str(), content));
    let buttons: Option<Vec<(String, String)>> = match kind {
        "twilio/text" => Some(Vec::new()),
        "twilio/quick-reply" => content["actions"]
            .as_array()
            .filter(|actions| (1..=3).contains(&actions.len()))
            .and_then(|actions| actions.iter().map(|a| Some((text(&a["title"])?, text(&a["id"])?))).collect()),
        _ => None,
    };
    let (Some(buttons), Some(body_text), Some(language)) = (buttons, text(&content["body"]), text(&body["language"]))
    else {
        return error(400, 20001, "types, body and language are required");
    };
    if buttons.iter().any(|(title, _)| title.chars().count() > 20) {
        return error(400, 20001, "a quick reply's title has at most 20 characters");
    }
    let id = world.id("HX", 32);
    let name = text(&body["friendly_name"]).unwrap_or_default();
    let answer = json!({
        "sid": id, "account_sid": world.settings.account_sid, "friendly_name": name, "language": language,
        "variables": body["variables"], "types": body["types"],
        "links": { "approval_create": format!("https://content.twilio.com/v1/Content/{id}/ApprovalRequests/whatsapp") },
    });
    let vendor = "twilio".to_owned();
    world.templates.push(Template { id, vendor, name, language, body: body_text, buttons, approved: false });
    world.touch();
    (StatusCode::CREATED, Json(answer)).into_response()
}

/// `POST /v1/Content/{sid}/ApprovalRequests/whatsapp`: approved at once, if a vendor could approve it.
pub async fn request_approval(
    State(app): State<Arc<App>>,
    Path(sid): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let mut world = app.world();
    if !signed_in(&world, &headers) {
        return error(401, 20003, UNAUTHORIZED);
    }
    let name = body["name"].as_str().unwrap_or_default();
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !named || !matches!(body["category"].as_str(), Some("UTILITY" | "MARKETING" | "AUTHENTICATION")) {
        return error(400, 20001, "name must be lower case with underscores, category one of three");
    }
    let Some(template) = world.templates.iter_mut().find(|template| template.id == sid) else {
        return error(404, 20404, "The requested resource was not found");
    };
    template.approved = can_be_approved(&template.body);
    let status = if template.approved { "received" } else { "rejected" };
    world.touch();
    (StatusCode::CREATED, Json(json!({ "name": name, "category": body["category"], "status": status }))).into_response()
}

/// A place at the start, at the end or beside another is refused.
pub fn can_be_approved(body: &str) -> bool {
    let text = body.trim();
    !text.starts_with("{{") && !text.ends_with("}}") && !text.replace(' ', "").contains("}}{{")
}

/// `GET /v1/Content/{sid}/ApprovalRequests`
pub async fn approval(State(app): State<Arc<App>>, Path(sid): Path<String>, headers: HeaderMap) -> Response {
    let world = app.world();
    if !signed_in(&world, &headers) {
        return error(401, 20003, UNAUTHORIZED);
    }
    match world.templates.iter().find(|template| template.id == sid) {
        Some(template) => {
            let status = if template.approved { "approved" } else { "rejected" };
            Json(json!({ "sid": sid, "whatsapp": { "name": template.name, "status": status, "rejection_reason": "" } }))
                .into_response()
        }
        None => error(404, 20404, "The requested resource was not found"),
    }
}
