//! Meta's WhatsApp Cloud API: sending and templates.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::content::can_be_approved;
use super::twilio::is_fit;
use super::{fill, is_e164, unreachable};
use crate::App;
use crate::world::{Message, Template, World};

fn error(status: u16, code: u32, message: &str) -> Response {
    let body = json!({ "error": {
        "message": format!("(#{code}) {message}"), "type": "OAuthException", "code": code, "fbtrace_id": "AbcPractice",
    } });
    (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), Json(body)).into_response()
}

fn refused(world: &World, version: &str, headers: &HeaderMap) -> Option<Response> {
    let wanted = format!("Bearer {}", world.settings.meta_token);
    if headers.get("authorization").is_none_or(|given| given.as_bytes() != wanted.as_bytes()) {
        return Some(error(401, 190, "Error validating access token"));
    }
    (!version.starts_with('v')).then(|| error(400, 2500, "Unknown path components"))
}

/// `POST /{version}/{phone number id}/messages`
pub async fn send(
    State(app): State<Arc<App>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut world = app.world();
    if let Some(refusal) = refused(&world, &version, &headers) {
        return refusal;
    }
    if id != world.settings.phone_number_id {
        return error(400, 100, "Unsupported post request. Object does not exist");
    }
    let Ok(body) = serde_json::from_slice::<Value>(&body) else { return error(400, 100, "Invalid parameter") };
    match compose(&mut world, &body) {
        Ok((message, fails)) => {
            let phone = message.phone.trim_start_matches('+').to_owned();
            let answer = json!({
                "messaging_product": "whatsapp",
                "contacts": [{ "input": body["to"], "wa_id": phone }],
                "messages": [{ "id": message.id, "message_status": "accepted" }],
            });
            let id = message.id.clone();
            world.messages.push(message);
            world.send_on(&id, fails);
            Json(answer).into_response()
        }
        Err((code, text)) => error(400, code, text),
    }
}

type Refused = (u32, &'static str);

fn compose(world: &mut World, body: &Value) -> Result<(Message, Option<u32>), Refused> {
    if body["messaging_product"] != "whatsapp" {
        return Err((100, "The parameter messaging_product is required."));
    }
    let phone = body["to"].as_str().map(|to| format!("+{}", to.trim_start_matches('+'))).unwrap_or_default();
    if !is_e164(&phone) {
        return Err((131_009, "Parameter value is not valid"));
    }
    let kind = body["type"].as_str().unwrap_or("text");
    let content = &body[kind];
    let (text, buttons) = match kind {
        "text" => (bounded(&content["body"], 4_096)?, Vec::new()),
        "interactive" => interactive(content)?,
        "template" => template_text(world, content)?,
        _ => return Err((131_051, "Message type is not currently supported")),
    };
    let fails = if unreachable(&phone) {
        Some(131_026)
    } else if world.opted_out.contains(&phone) {
        Some(131_050)
    } else if kind != "template" && !world.window_open(&phone) {
        Some(131_047)
    } else {
        None
    };
    let (id, at_ms) = (world.id("wamid.", 40), world.now());
    let opaque = body["biz_opaque_callback_data"].as_str();
    let message = Message {
        id,
        vendor: "meta".to_owned(),
        channel: "whatsapp".to_owned(),
        phone,
        sender: world.settings.whatsapp_sender.clone(),
        inbound: false,
        text,
        buttons,
        template: kind == "template",
        status: "accepted".to_owned(),
        error: None,
        at_ms,
        changed_ms: at_ms,
        callback: None,
        opaque: opaque.map(str::to_owned),
        reply_to: None,
    };
    Ok((message, fails))
}

fn bounded(value: &Value, most: usize) -> Result<String, Refused> {
    let text = value.as_str().unwrap_or_default();
    if (1..=most).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err((131_009, "Parameter value is not valid"))
    }
}

type Shown = (String, Vec<(String, String)>);

fn interactive(content: &Value) -> Result<Shown, Refused> {
    let wrong = (131_009, "Parameter value is not valid");
    let buttons = content["action"]["buttons"].as_array().filter(|list| (1..=3).contains(&list.len())).ok_or(wrong)?;
    let buttons = buttons.iter().map(|button| {
        let reply = &button["reply"];
        Ok((bounded(&reply["title"], 20)?, bounded(&reply["id"], 256)?))
    });
    Ok((bounded(&content["body"]["text"], 1_024)?, buttons.collect::<Result<_, Refused>>()?))
}

fn template_text(world: &World, content: &Value) -> Result<Shown, Refused> {
    let (name, language) = (content["name"].as_str(), content["language"]["code"].as_str());
    let template = world.templates.iter().rev().find(|template| {
        template.vendor == "meta"
            && Some(template.name.as_str()) == name
            && Some(template.language.as_str()) == language
    });
    let template = template
        .filter(|template| template.approved)
        .ok_or((132_001, "Template name does not exist in the translation"))?;
    let components: &[Value] = content["components"].as_array().map_or(&[], Vec::as_slice);
    let body = components.iter().find(|part| part["type"] == "body");
    let values: Vec<&str> = body
        .and_then(|part| part["parameters"].as_array())
        .into_iter()
        .flatten()
        .filter_map(|p| p["text"].as_str())
        .collect();
    let value = |place: &str| {
        let index = place.parse::<usize>().ok()?.checked_sub(1)?;
        values.get(index).filter(|value| is_fit(value)).map(|value| (*value).to_owned())
    };
    let text = fill(&template.body, value)
        .ok_or((132_000, "Number of parameters does not match the expected number of params"))?;
    let payload = |index: usize| {
        let place = index.to_string();
        let part =
            components.iter().find(|part| part["type"] == "button" && part["index"].as_str() == Some(place.as_str()));
        part.and_then(|part| part["parameters"][0]["payload"].as_str()).map(str::to_owned)
    };
    let named = |(index, (title, _)): (usize, &(String, String))| {
        (title.clone(), payload(index).unwrap_or_else(|| title.clone()))
    };
    Ok((text, template.buttons.iter().enumerate().map(named).collect()))
}

/// `POST /{version}/{business account}/message_templates`: approved at once, if a vendor could approve it.
pub async fn create_template(
    State(app): State<Arc<App>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let mut world = app.world();
    if let Some(refusal) = refused(&world, &version, &headers) {
        return refusal;
    }
    let parts: &[Value] = body["components"].as_array().map_or(&[], Vec::as_slice);
    let of_type = |kind: &str| parts.iter().find(|part| part["type"] == kind);
    let text = of_type("BODY").and_then(|part| part["text"].as_str()).unwrap_or_default().to_owned();
    let (name, language) = (body["name"].as_str().unwrap_or_default(), body["language"].as_str().unwrap_or_default());
    let category = matches!(body["category"].as_str(), Some("UTILITY" | "MARKETING" | "AUTHENTICATION"));
    if id != world.settings.business_account_id
        || name.is_empty()
        || language.is_empty()
        || text.is_empty()
        || !category
    {
        return error(400, 100, "Invalid parameter");
    }
    let titles = of_type("BUTTONS").and_then(|part| part["buttons"].as_array()).into_iter().flatten();
    let buttons = titles.filter_map(|b| Some((b["text"].as_str()?.to_owned(), String::new()))).collect();
    let approved = can_be_approved(&text);
    let template = Template {
        id: world.id("", 15),
        vendor: "meta".to_owned(),
        name: name.to_owned(),
        language: language.to_owned(),
        body: text,
        buttons,
        approved,
    };
    let answer = json!({ "id": template.id, "status": "PENDING", "category": body["category"] });
    world.templates.push(template);
    world.touch();
    Json(answer).into_response()
}

/// `GET /{version}/{template}`
pub async fn template(
    State(app): State<Arc<App>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let world = app.world();
    if let Some(refusal) = refused(&world, &version, &headers) {
        return refusal;
    }
    match world.templates.iter().find(|template| template.vendor == "meta" && template.id == id) {
        Some(template) => {
            let status = if template.approved { "APPROVED" } else { "REJECTED" };
            Json(json!({ "id": id, "name": template.name, "language": template.language, "status": status }))
                .into_response()
        }
        None => error(400, 100, "Object does not exist"),
    }
}
