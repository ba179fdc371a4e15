//! `/_ctl`: what tests and the page use to look at the practice world and to move it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::App;
use crate::fault::Fault;
use crate::world::{Message, World};

/// The control routes. Bodies are JSON, which a page of another origin cannot send without asking first.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/_ctl/journal", get(journal))
        .route("/_ctl/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_ctl/emit", post(emit))
        .route("/_ctl/read", post(read))
        .route("/_ctl/window", post(window))
        .route("/_ctl/opt-out", post(opt_out))
        .route("/_ctl/settings", post(settings))
        .route("/_ctl/reset", post(reset))
        .route("/_ctl/advance", post(advance))
        .route("/_ctl/state/{part}", get(state))
        .route("/_ctl/mail/{id}", get(mail))
        .route("/_ctl/view", get(crate::view::view))
}

async fn journal(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!(app.world().journal))
}

async fn faults(State(app): State<Arc<App>>) -> Json<Vec<Fault>> {
    Json(app.world().faults.clone())
}

async fn add_fault(State(app): State<Arc<App>>, Json(fault): Json<Fault>) -> StatusCode {
    let mut world = app.world();
    world.faults.push(fault);
    world.touch();
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(app): State<Arc<App>>) -> StatusCode {
    let mut world = app.world();
    world.faults.clear();
    world.touch();
    StatusCode::NO_CONTENT
}

async fn reset(State(app): State<Arc<App>>, Json(_): Json<Value>) -> StatusCode {
    app.world().reset();
    StatusCode::NO_CONTENT
}

/// A phone writes.
#[derive(Deserialize)]
struct Emit {
    phone: String,
    #[serde(default = "whatsapp")]
    channel: String,
    #[serde(default = "twilio")]
    vendor: String,
    text: String,
    payload: Option<String>,
    reply_to: Option<String>,
    #[serde(default)]
    name: String,
}

fn whatsapp() -> String {
    "whatsapp".to_owned()
}

fn twilio() -> String {
    "twilio".to_owned()
}

async fn emit(State(app): State<Arc<App>>, Json(said): Json<Emit>) -> Response {
    let mut world = app.world();
    if !crate::vendor::is_e164(&said.phone) || said.text.is_empty() {
        return (StatusCode::BAD_REQUEST, "a phone in E.164 and a text").into_response();
    }
    let id = world.id(if said.vendor == "meta" { "wamid." } else { "SM" }, 32);
    let at_ms = world.now();
    if said.channel == "whatsapp" {
        world.last_inbound.insert(said.phone.clone(), at_ms);
    }
    match said.text.trim().to_lowercase().as_str() {
        "stop" | "unsubscribe" => world.opted_out.insert(said.phone.clone()),
        "start" | "unstop" => world.opted_out.remove(&said.phone),
        _ => false,
    };
    let on_whatsapp = said.channel == "whatsapp";
    let message = Message {
        id: id.clone(),
        vendor: said.vendor.clone(),
        channel: said.channel.clone(),
        phone: said.phone.clone(),
        sender: if on_whatsapp { world.settings.whatsapp_sender.clone() } else { world.settings.sms_sender.clone() },
        inbound: true,
        text: said.text.clone(),
        buttons: Vec::new(),
        template: false,
        status: "received".to_owned(),
        error: None,
        at_ms,
        changed_ms: at_ms,
        callback: None,
        opaque: None,
        reply_to: said.reply_to.clone(),
    };
    world.messages.push(message.clone());
    let told = match said.vendor.as_str() {
        "meta" => tell_meta(&mut world, &message, &said),
        _ => tell_twilio(&mut world, &message, &said),
    };
    world.touch();
    Json(json!({ "id": id, "told": told })).into_response()
}

fn tell_twilio(world: &mut World, message: &Message, said: &Emit) -> bool {
    let Some(url) = world.settings.twilio_webhook.clone() else { return false };
    let prefix = if message.channel == "whatsapp" { "whatsapp:" } else { "" };
    let kind = match (&said.payload, said.reply_to.is_some()) {
        (Some(_), true) => "button",
        (Some(_), false) => "interactive",
        (None, _) => "text",
    };
    let mut pairs = vec![
        ("MessageSid", message.id.clone()),
        ("SmsMessageSid", message.id.clone()),
        ("SmsSid", message.id.clone()),
        ("AccountSid", world.settings.account_sid.clone()),
        ("From", format!("{prefix}{}", message.phone)),
        ("To", format!("{prefix}{}", message.sender)),
        ("Body", message.text.clone()),
        ("NumMedia", "0".to_owned()),
        ("NumSegments", "1".to_owned()),
        ("SmsStatus", "received".to_owned()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if message.channel == "whatsapp" {
        pairs.push(("ProfileName", said.name.clone()));
        pairs.push(("WaId", message.phone.trim_start_matches('+').to_owned()));
        pairs.push(("MessageType", kind.to_owned()));
    }
    if let Some(payload) = &said.payload {
        pairs.push(("ButtonText", message.text.clone()));
        pairs.push(("ButtonPayload", payload.clone()));
    }
    if let Some(reply_to) = &said.reply_to {
        pairs.push(("OriginalRepliedMessageSid", reply_to.clone()));
        pairs.push(("OriginalRepliedMessageSender", format!("{prefix}{}", message.sender)));
    }
    let push = world.twilio_push(url, "message".to_owned(), pairs);
    world.announce(push);
    true
}

fn tell_meta(world: &mut World, message: &Message, said: &Emit) -> bool {
    let phone = message.phone.trim_start_matches('+');
    let mut inner = json!({ "from": phone, "id": message.id, "timestamp": (message.at_ms / 1_000).to_string() });
    match &said.payload {
        Some(payload) => {
            inner["type"] = json!("button");
            inner["button"] = json!({ "text": message.text, "payload": payload });
        }
        None => {
            inner["type"] = json!("text");
            inner["text"] = json!({ "body": message.text });
        }
    }
    if let Some(reply_to) = &said.reply_to {
        inner["context"] = json!({ "id": reply_to, "from": message.sender });
    }
    let contacts = json!([{ "profile": { "name": said.name }, "wa_id": phone }]);
    let push = world.meta_push("message".to_owned(), json!({ "contacts": contacts, "messages": [inner] }));
    let told = push.is_some();
    if let Some(push) = push {
        world.announce(push);
    }
    told
}

#[derive(Deserialize)]
struct Phone {
    phone: String,
    #[serde(default)]
    on: bool,
}

/// Somebody opens the thread: what was delivered is read.
async fn read(State(app): State<Arc<App>>, Json(given): Json<Phone>) -> StatusCode {
    let mut world = app.world();
    let seen = |message: &&Message| {
        message.phone == given.phone
            && message.status == "delivered"
            && !message.inbound
            && message.channel == "whatsapp"
    };
    let ids: Vec<String> = world.messages.iter().filter(seen).map(|message| message.id.clone()).collect();
    for id in ids {
        world.set_status(&id, "read", None);
    }
    StatusCode::NO_CONTENT
}

/// Opens or closes the 24-hour window of a phone.
async fn window(State(app): State<Arc<App>>, Json(given): Json<Phone>) -> StatusCode {
    let mut world = app.world();
    let now = world.now();
    if given.on {
        world.last_inbound.insert(given.phone, now);
    } else {
        world.last_inbound.remove(&given.phone);
    }
    world.touch();
    StatusCode::NO_CONTENT
}

async fn opt_out(State(app): State<Arc<App>>, Json(given): Json<Phone>) -> StatusCode {
    let mut world = app.world();
    if given.on {
        world.opted_out.insert(given.phone);
    } else {
        world.opted_out.remove(&given.phone);
    }
    world.touch();
    StatusCode::NO_CONTENT
}

/// Where webhooks go and how fast things move.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    twilio_webhook: Option<String>,
    meta_webhook: Option<String>,
    messages_per_second: Option<u32>,
    step_ms: Option<i64>,
}

async fn settings(State(app): State<Arc<App>>, Json(change): Json<Change>) -> StatusCode {
    let mut world = app.world();
    if let Some(url) = change.twilio_webhook {
        world.settings.twilio_webhook = Some(url).filter(|url| !url.is_empty());
    }
    if let Some(url) = change.meta_webhook {
        world.settings.meta_webhook = Some(url).filter(|url| !url.is_empty());
    }
    world.settings.messages_per_second = change.messages_per_second.unwrap_or(world.settings.messages_per_second);
    world.settings.step_ms = change.step_ms.unwrap_or(world.settings.step_ms).max(0);
    world.touch();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Advance {
    #[serde(default)]
    hours: i64,
    #[serde(default)]
    seconds: i64,
    #[serde(default)]
    ms: i64,
}

async fn advance(State(app): State<Arc<App>>, Json(by): Json<Advance>) -> StatusCode {
    let ms = by.hours * 3_600_000 + by.seconds * 1_000 + by.ms;
    let mut world = app.world();
    world.advanced_ms += ms.max(0);
    world.touch();
    drop(world);
    crate::push::run_due(&app);
    StatusCode::NO_CONTENT
}

async fn state(State(app): State<Arc<App>>, Path(part): Path<String>) -> Response {
    let world = app.world();
    let of = |vendor: &str| {
        let messages: Vec<&Message> = world.messages.iter().filter(|message| message.vendor == vendor).collect();
        let templates: Vec<_> = world.templates.iter().filter(|template| template.vendor == vendor).collect();
        json!({ "messages": messages, "templates": templates })
    };
    let found = match part.as_str() {
        "twilio" | "meta" => of(&part),
        "mail" => json!(world.mails),
        "received" => json!(world.received),
        "sent" => json!(world.sent),
        "due" => json!(world.due.len()),
        "version" => json!(world.version),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    Json(found).into_response()
}

async fn mail(State(app): State<Arc<App>>, Path(id): Path<u64>) -> Response {
    match app.world().mails.iter().find(|mail| mail.id == id) {
        Some(mail) => ([("content-type", "text/plain; charset=utf-8")], mail.raw.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
