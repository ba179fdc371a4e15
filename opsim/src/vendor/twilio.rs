//! Twilio's messages: sending, fetching and listing, as its 2010 API does.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{fill, is_e164, unreachable};
use crate::fault::{Kind, take};
use crate::world::{Message, World};
use crate::{App, clock, form};

type Pairs = Vec<(String, String)>;

/// An error in the vendor's shape.
pub fn error(status: u16, code: u32, message: &str) -> Response {
    let body = json!({
        "code": code, "message": message, "status": status,
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
    });
    (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), Json(body)).into_response()
}

/// Whether the request signs in with the account and its token.
pub fn signed_in(world: &World, headers: &HeaderMap) -> bool {
    let given = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wanted = format!("{}:{}", world.settings.account_sid, world.settings.auth_token);
    given.strip_prefix("Basic ").is_some_and(|given| given == STANDARD.encode(wanted))
}

fn refused(world: &World, account: &str, headers: &HeaderMap) -> Option<Response> {
    if !signed_in(world, headers) {
        return Some(error(401, 20003, "Authenticate"));
    }
    (account != world.settings.account_sid).then(|| error(404, 20404, "The requested resource was not found"))
}

/// `POST …/Messages.json`
pub async fn create(
    State(app): State<Arc<App>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut world = app.world();
    if let Some(refusal) = refused(&world, &account, &headers) {
        return refusal;
    }
    if !headers
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
    {
        return error(415, 20016, "Unsupported media type");
    }
    let now = world.now();
    world.taken.retain(|at| now - at < 1_000);
    if world.taken.len() >= world.settings.messages_per_second as usize {
        return error(429, 20429, "Too Many Requests");
    }
    match compose(&mut world, &form::read(&body)) {
        Ok((message, fails)) => {
            world.taken.push(now);
            let answer = resource(&world, &message);
            let id = message.id.clone();
            world.messages.push(message);
            world.send_on(&id, fails);
            (StatusCode::CREATED, Json(answer)).into_response()
        }
        Err(refusal) => *refusal,
    }
}

fn compose(world: &mut World, pairs: &Pairs) -> Result<(Message, Option<u32>), Box<Response>> {
    let refuse = |code, text: &str| Box::new(error(400, code, text));
    let get = |name| form::get(pairs, name);
    let to = get("To").ok_or_else(|| refuse(21604, "A 'To' phone number is required."))?;
    let (channel, phone) = to.strip_prefix("whatsapp:").map_or(("sms", to), |phone| ("whatsapp", phone));
    if !is_e164(phone) {
        return Err(refuse(21211, &format!("The 'To' number {to} is not a valid phone number.")));
    }
    let sender = sender(world, channel, pairs).map_err(|(code, text)| refuse(code, text))?;
    let content = content(world, pairs).map_err(|(code, text)| refuse(code, text))?;
    if let Some(seconds) = get("ValidityPeriod")
        && !seconds.parse::<u32>().is_ok_and(|seconds| (1..=36_000).contains(&seconds))
    {
        return Err(refuse(21626, "Validity period must be between 1 and 36000 seconds"));
    }
    if world.opted_out.contains(phone) {
        return Err(refuse(21610, "Attempt to send to unsubscribed recipient"));
    }
    let fails = match channel {
        _ if unreachable(phone) => Some(if channel == "whatsapp" { 63024 } else { 30003 }),
        "whatsapp" if !content.approved && !world.window_open(phone) => Some(63016),
        "whatsapp" if content.text.chars().count() > 1_024 && content.template => Some(63021),
        _ => None,
    };
    let service = get("MessagingServiceSid").is_some();
    let (id, at_ms) = (world.id("SM", 32), world.now());
    let message = Message {
        id,
        vendor: "twilio".to_owned(),
        channel: channel.to_owned(),
        phone: phone.to_owned(),
        sender,
        inbound: false,
        text: content.text,
        buttons: content.buttons,
        template: content.template,
        status: if service { "accepted" } else { "queued" }.to_owned(),
        error: None,
        at_ms,
        changed_ms: at_ms,
        callback: get("StatusCallback").map(str::to_owned),
        opaque: None,
        reply_to: None,
    };
    Ok((message, fails))
}

type Refused = (u32, &'static str);

fn sender(world: &World, channel: &str, pairs: &Pairs) -> Result<String, Refused> {
    let own = if channel == "whatsapp" { &world.settings.whatsapp_sender } else { &world.settings.sms_sender };
    match (form::get(pairs, "From"), form::get(pairs, "MessagingServiceSid")) {
        (None, None) => Err((21603, "A 'From' phone number is required.")),
        (Some(from), _) => {
            let number = match (channel, from.strip_prefix("whatsapp:")) {
                ("whatsapp", Some(number)) => number,
                ("sms", None) => from,
                _ => return Err((63007, "Twilio could not find a Channel with the specified From address")),
            };
            if number == own {
                Ok(own.clone())
            } else {
                Err((21606, "The 'From' phone number provided is not valid for this account"))
            }
        }
        (None, Some(service)) if service.starts_with("MG") && service.len() == 34 => Ok(own.clone()),
        (None, Some(_)) => Err((21705, "The Messaging Service Sid is invalid")),
    }
}

struct Content {
    text: String,
    buttons: Vec<(String, String)>,
    template: bool,
    approved: bool,
}

fn content(world: &World, pairs: &Pairs) -> Result<Content, Refused> {
    let variables = form::get(pairs, "ContentVariables");
    let Some(sid) = form::get(pairs, "ContentSid") else {
        if variables.is_some() {
            return Err((92005, "ContentVariables requires a ContentSid"));
        }
        let text = form::get(pairs, "Body").unwrap_or_default().to_owned();
        return match text.chars().count() {
            0 => Err((21602, "Message body is required")),
            1..=1_600 => Ok(Content { text, buttons: Vec::new(), template: false, approved: false }),
            _ => Err((21617, "The concatenated message body exceeds the 1600 character limit")),
        };
    };
    if form::get(pairs, "MediaUrl").is_some() || form::get(pairs, "Body").is_some() {
        return Err((63030, "Unsupported parameter for type of channels message"));
    }
    let template = world.templates.iter().find(|template| template.vendor == "twilio" && template.id == sid);
    let template = template.ok_or((21655, "The ContentSid is invalid or does not exist"))?;
    let given: Value = serde_json::from_str(variables.unwrap_or("{}")).map_err(|_| BAD_VARIABLES)?;
    if !given.as_object().is_some_and(|given| given.values().all(Value::is_string)) {
        return Err(BAD_VARIABLES);
    }
    let value = |name: &str| given[name].as_str().filter(|value| is_fit(value)).map(str::to_owned);
    let missing = (63028, "Number of parameters provided does not match the expected number");
    let text = fill(&template.body, value).ok_or(missing)?;
    let buttons = template.buttons.iter().map(|(title, carries)| Some((title.clone(), fill(carries, value)?)));
    let buttons = buttons.collect::<Option<Vec<_>>>().ok_or(missing)?;
    Ok(Content { text, buttons, template: true, approved: template.approved })
}

const BAD_VARIABLES: Refused = (21656, "The ContentVariables parameter is invalid");

/// What WhatsApp takes as a value of a template.
pub fn is_fit(value: &str) -> bool {
    !value.is_empty() && !value.contains(['\n', '\t', '\r']) && !value.contains("     ")
}

fn resource(world: &World, message: &Message) -> Value {
    let account = &world.settings.account_sid;
    let prefix = if message.channel == "whatsapp" { "whatsapp:" } else { "" };
    let (ours, theirs) = (format!("{prefix}{}", message.sender), format!("{prefix}{}", message.phone));
    let (from, to) = if message.inbound { (theirs, ours) } else { (ours, theirs) };
    let uri = format!("/2010-04-01/Accounts/{account}/Messages/{}.json", message.id);
    let sent = !matches!(message.status.as_str(), "queued" | "accepted");
    json!({
        "account_sid": account, "api_version": "2010-04-01", "body": message.text,
        "date_created": clock::rfc_2822(message.at_ms), "date_updated": clock::rfc_2822(message.changed_ms),
        "date_sent": sent.then(|| clock::rfc_2822(message.changed_ms)),
        "direction": if message.inbound { "inbound" } else { "outbound-api" },
        "error_code": message.error, "error_message": Value::Null, "from": from, "to": to,
        "messaging_service_sid": Value::Null, "num_media": "0", "num_segments": "1",
        "price": Value::Null, "price_unit": "USD", "sid": message.id, "status": message.status,
        "subresource_uris": { "media": format!("/2010-04-01/Accounts/{account}/Messages/{}/Media.json", message.id) },
        "uri": uri,
    })
}

/// `GET …/Messages/{sid}.json`
pub async fn fetch(
    State(app): State<Arc<App>>,
    Path((account, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let world = app.world();
    if let Some(refusal) = refused(&world, &account, &headers) {
        return refusal;
    }
    let sid = file.trim_end_matches(".json");
    match world.messages.iter().find(|message| message.vendor == "twilio" && message.id == sid) {
        Some(message) => Json(resource(&world, message)).into_response(),
        None => error(
            404,
            20404,
            &format!("The requested resource /2010-04-01/Accounts/{account}/Messages/{file} was not found"),
        ),
    }
}

/// `GET …/Messages.json?To=&DateSent>=&PageSize=&Page=`, newest first.
pub async fn list(
    State(app): State<Arc<App>>,
    Path(account): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut world = app.world();
    if let Some(refusal) = refused(&world, &account, &headers) {
        return refusal;
    }
    let lag = take(&mut world, "/twilio", |kind| kind == Kind::StaleRead).map_or(0, |fault| fault.ms);
    let newest = world.now() - i64::try_from(lag).unwrap_or(0);
    // `DateSent>=2026-11-21` is read as the name `DateSent>` with a value.
    let pairs = form::read(query.unwrap_or_default().as_bytes());
    let number = |name, or: usize| form::get(&pairs, name).and_then(|value| value.parse().ok()).unwrap_or(or);
    let (size, page) = (number("PageSize", 50).clamp(1, 1_000), number("Page", 0));
    let to = form::get(&pairs, "To");
    let from_day = form::get(&pairs, "DateSent>").unwrap_or_default().to_owned();
    let fits = |message: &&Message| {
        let prefix = if message.channel == "whatsapp" { "whatsapp:" } else { "" };
        message.vendor == "twilio"
            && message.at_ms <= newest
            && to.is_none_or(|to| to == format!("{prefix}{}", message.phone) && !message.inbound)
            && clock::day(message.at_ms) >= from_day
    };
    let all: Vec<&Message> = world.messages.iter().rev().filter(fits).collect();
    let shown: Vec<Value> = all.iter().skip(page * size).take(size).map(|message| resource(&world, message)).collect();
    let more = all.len() > (page + 1) * size;
    let path = format!("/2010-04-01/Accounts/{account}/Messages.json");
    let others: Pairs = pairs.iter().filter(|(name, _)| name != "Page").cloned().collect();
    let at = |page: usize| format!("{path}?{}&Page={page}", form::write(&others));
    Json(json!({
        "messages": shown, "page": page, "page_size": size, "start": page * size, "end": page * size + shown.len(),
        "uri": at(page), "first_page_uri": at(0), "next_page_uri": more.then(|| at(page + 1)),
        "previous_page_uri": Value::Null,
    }))
    .into_response()
}
