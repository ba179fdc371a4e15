//! Messages outside of conversations: what a thread's entries read like, a message to try a connection, and texts
//! handed in for approval.

use std::collections::BTreeMap;

use munshi_connectors::{
    outcome::{Outcome, Why},
    templates,
    transport::{Accepted, Body, Channel, Envelope, MessageTransport},
};
use munshi_domain::{
    conversation::ConversationEvent,
    notify::{Audience, Language, MessageChannel, MessageKind},
    phone::{Email, Phone},
    settings::Settings,
};
use munshi_protocols::connections::TestSend;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    app::App,
    outbound::{Wired, render, wire::Room},
    problem::Problem,
};

/// Life of a message that tries a connection, in milliseconds.
const TEST_MS: i64 = 10 * 60_000;

/// The text of a thread's entry, as it reads by the first channel it is tried on, if it has one.
pub fn text(event: &Value, settings: &Settings) -> Option<String> {
    match ConversationEvent::deserialize(event).ok()? {
        ConversationEvent::MessageQueued { message } => {
            let plan = &message.plan;
            let channel = plan.route.first().copied().unwrap_or(MessageChannel::Whatsapp);
            let text = render::text(plan.kind, message.language, &plan.variables, settings).ok()?;
            Some(text.text(channel).to_owned())
        }
        ConversationEvent::InboundReceived { inbound, .. } => Some(inbound.body.text().to_owned()),
        _ => None,
    }
}

/// A kind by its word.
///
/// # Errors
/// `bad_value`.
pub fn kind(field: &str, word: &str) -> Result<MessageKind, Problem> {
    MessageKind::parse(word).ok_or_else(|| Problem::bad_value(field, format!("there is no kind {word:?}")))
}

/// A language by its word.
///
/// # Errors
/// `bad_value`.
pub fn language(field: &str, word: &str) -> Result<Language, Problem> {
    Language::parse(word).ok_or_else(|| Problem::bad_value(field, "is en or ur"))
}

/// Sends a message to try a connection, once, beside its queue.
///
/// # Errors
/// `bad_value`, `bad_connection`.
pub async fn test(app: &App, wired: &Wired, given: &TestSend, id: u128) -> Result<Outcome<Accepted>, Problem> {
    let broken = || Problem::new("bad_connection", wired.problem().unwrap_or("it sends no messages").to_owned());
    let transport = wired.transport().ok_or_else(broken)?;
    if let Some(room) = wired.room() {
        return test_room(app, transport, room, id).await;
    }
    let wanted = given.channel.as_deref().map(|word| {
        MessageChannel::parse(word).ok_or_else(|| Problem::bad_value("/channel", "is whatsapp, sms or email"))
    });
    let channel = wanted.transpose()?.or_else(|| wired.channels().iter().next().copied()).ok_or_else(broken)?;
    let to = match channel {
        MessageChannel::Email => Email::parse(&given.to).map(|email| email.to_string()).ok(),
        _ => Phone::parse(&given.to).map(|phone| phone.to_string()).ok(),
    };
    let to = to.ok_or_else(|| Problem::bad_value("/to", "is no number or address for this channel"))?;
    let kind = kind("/kind", given.kind.as_deref().unwrap_or("order_confirmed"))?;
    let language = language("/language", given.language.as_deref().unwrap_or("en"))?;
    let text = templates::preview(kind, render::language(language)).map_err(Problem::internal)?;
    let now = app.node().now();
    let mail = channel == MessageChannel::Email;
    let letter = if mail { Some(text.letter(&[]).map_err(Problem::internal)?) } else { None };
    let body = if channel == MessageChannel::Whatsapp {
        let payloads = templates::choices(kind).iter().map(|choice| format!("test:{}", choice.word())).collect();
        let content_sid = wired.template(kind, language).map(str::to_owned);
        Body::Template(text.template_call(render::template_name(kind), content_sid, payloads))
    } else {
        Body::Text { text: text.text(channel).to_owned() }
    };
    let envelope = Envelope {
        id: Uuid::from_u128(id),
        channel: render::channel(channel),
        to,
        body,
        subject: mail.then(|| text.subject.clone()),
        html: letter.map(|letter| letter.html),
        attachments: Vec::new(),
        status_callback: None,
        made_at: now,
        expires_at: Some(now.plus_millis(TEST_MS)),
        unsubscribe_url: None,
    };
    let limit = app.config().connections.call_timeout.duration();
    let sent = tokio::time::timeout(limit, transport.send(&envelope, now)).await;
    Ok(sent.unwrap_or(Outcome::Unknown { why: Why::TimedOut }))
}

/// Posts a note to a chat room: what an alert looks like there.
async fn test_room(
    app: &App,
    transport: &dyn MessageTransport,
    room: &Room,
    id: u128,
) -> Result<Outcome<Accepted>, Problem> {
    let text =
        templates::preview(MessageKind::ErrorAlert, render::language(room.language)).map_err(Problem::internal)?;
    let now = app.node().now();
    let envelope = Envelope {
        id: Uuid::from_u128(id),
        channel: Channel::Chat,
        to: String::new(),
        body: Body::Text { text: text.mail },
        subject: Some(text.subject),
        html: None,
        attachments: Vec::new(),
        status_callback: None,
        made_at: now,
        expires_at: None,
        unsubscribe_url: None,
    };
    let limit = app.config().connections.call_timeout.duration();
    let sent = tokio::time::timeout(limit, transport.send(&envelope, now)).await;
    Ok(sent.unwrap_or(Outcome::Unknown { why: Why::TimedOut }))
}

/// Kinds that are sent outside of the 24-hour window, and therefore need approval.
fn approved_kinds() -> impl Iterator<Item = MessageKind> {
    let whatsapp = |kind: &MessageKind| {
        kind.has_template() && kind.row().routes.iter().any(|route| route.contains(&MessageChannel::Whatsapp))
    };
    MessageKind::ALL.iter().copied().filter(whatsapp)
}

/// Hands every text in that has no id at the vendor yet; answers the ids of all of them by kind and language.
///
/// # Errors
/// `bad_connection` with the vendor's refusal.
pub async fn register(wired: &Wired) -> Result<BTreeMap<String, Value>, Problem> {
    let broken = || Problem::new("bad_connection", wired.problem().unwrap_or("it sends no messages").to_owned());
    let transport = wired.transport().ok_or_else(broken)?;
    // Ids of older texts stay beside those of the present ones.
    let kept = wired.record.settings.get("templates").and_then(Value::as_object);
    let mut ids: BTreeMap<String, Value> = kept.cloned().unwrap_or_default().into_iter().collect();
    for kind in approved_kinds() {
        for language in Language::ALL.iter().copied() {
            let key = render::template_key(kind, language);
            if ids.contains_key(&key) {
                continue;
            }
            let text = render::for_approval(kind, language).map_err(Problem::internal)?;
            match transport.register_template(&text).await {
                Outcome::Ok(template) => drop(ids.insert(key, Value::from(template.vendor_ref))),
                Outcome::Permanent { code, text, .. } => {
                    return Err(Problem::new("bad_connection", format!("{key}: {text} ({code})")));
                }
                other => return Err(Problem::new("bad_connection", format!("{key}: {}", other.class())).retry_after(5)),
            }
        }
    }
    Ok(ids)
}

/// Whom a kind is for, in a word.
pub const fn audience(kind: MessageKind) -> &'static str {
    match kind.row().audience {
        Audience::Customer => "customer",
        Audience::Staff => "staff",
    }
}
