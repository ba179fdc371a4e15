//! Messages outside of conversations: what a thread's entries read like, a message to try a connection, and texts
//! handed in for approval.

use std::collections::BTreeMap;

use munshi_connectors::{
    outcome::{Outcome, Why},
    transport::{Accepted, Body, Category, Envelope, TemplateCall, TemplateText},
};
use munshi_domain::{
    conversation::ConversationEvent,
    notify::{self, Audience, Language, MessageChannel, MessageKind},
    phone::{Email, Phone},
    settings::Settings,
};
use munshi_protocols::connections::TestSend;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    app::App,
    outbound::{
        Wired, render,
        texts::{self, Values},
    },
    problem::Problem,
};

/// Life of a message that tries a connection, in milliseconds.
const TEST_MS: i64 = 10 * 60_000;

/// The text of a thread's entry, as it reads, if it has one.
pub fn text(event: &Value, settings: &Settings) -> Option<String> {
    match ConversationEvent::deserialize(event).ok()? {
        ConversationEvent::MessageQueued { message } => {
            let mut values: Values = message.plan.variables.clone();
            values.entry("shop".into()).or_insert_with(|| settings.shop.name.clone());
            Some(texts::fill(message.plan.kind, message.language, &values).text)
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
    let text = texts::fill(kind, language, &texts::samples(kind));
    let now = app.node().now();
    let body = if channel == MessageChannel::Whatsapp {
        Body::Template(TemplateCall {
            name: render::template_name(kind),
            language: render::language(language),
            content_sid: wired.template(kind, language).map(str::to_owned),
            variables: text.values.clone(),
            payloads: texts::choices(kind).iter().map(|choice| format!("test:{}", choice.word())).collect(),
            rendered: text.text.clone(),
        })
    } else {
        Body::Text { text: text.text.clone() }
    };
    let mail = channel == MessageChannel::Email;
    let envelope = Envelope {
        id: Uuid::from_u128(id),
        channel: render::channel(channel),
        to,
        body,
        subject: mail.then(|| text.subject.clone()),
        html: mail.then(|| render::html(language, &text, &[])),
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

/// The text of a kind as it is handed in for approval.
pub fn for_approval(kind: MessageKind, language: Language) -> TemplateText {
    let text = texts::fill(kind, language, &texts::samples(kind));
    let title = |choice| texts::title(kind, choice, language).to_owned();
    TemplateText {
        name: render::template_name(kind),
        language: render::language(language),
        category: Category::Utility,
        body: text.places,
        examples: text.values,
        buttons: texts::choices(kind).iter().copied().map(title).collect(),
    }
}

/// Kinds that are sent outside of the 24-hour window, and therefore need approval.
fn approved_kinds() -> impl Iterator<Item = MessageKind> {
    let whatsapp = |kind: &MessageKind| {
        let row = kind.row();
        row.category != notify::Category::Service
            && row.routes.iter().any(|route| route.contains(&MessageChannel::Whatsapp))
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
    let mut ids = BTreeMap::new();
    for kind in approved_kinds() {
        for language in Language::ALL.iter().copied() {
            let key = format!("{}.{}", kind.word(), language.word());
            if let Some(known) = wired.template(kind, language) {
                ids.insert(key, Value::from(known));
                continue;
            }
            match transport.register_template(&for_approval(kind, language)).await {
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
