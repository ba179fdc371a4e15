//! Kinds of messages and their texts: what there is, and what it looks like filled in.

use axum::http::StatusCode;
use munshi_connectors::templates;
use munshi_domain::notify::{Language, MessageChannel, MessageKind, Urgency};
use munshi_protocols::connections as wire;

use super::{Answer, Call, call::json_body, outcome::page};
use crate::{outbound::render, problem::Problem, services::messages};

/// Lists kinds and how they are sent in this shop.
///
/// # Errors
/// None beyond the gate's.
pub async fn list(call: Call) -> Answer {
    let settings = call.app.node().settings();
    let words = |route: Vec<MessageChannel>| route.into_iter().map(|channel| channel.word().to_owned()).collect();
    let view = |kind: &MessageKind| {
        let row = kind.row();
        wire::TemplateView {
            kind: kind.word().to_owned(),
            audience: messages::audience(*kind).to_owned(),
            category: row.category.word().to_owned(),
            routes: settings.shop.messaging.routes(row).into_iter().map(words).collect(),
            waits: row.urgency == Urgency::Normal,
            expires_seconds: row.expires_seconds,
            variables: row.variables.iter().map(|name| (*name).to_owned()).collect(),
            languages: Language::ALL.iter().map(|language| language.word().to_owned()).collect(),
        }
    };
    page(MessageKind::ALL.iter().map(view).collect::<Vec<_>>(), None, call.app.node().status().head)
}

/// Fills a template in, with samples for what is not given.
///
/// # Errors
/// `not_found`, `bad_value`, `template_invalid`.
pub async fn preview(call: Call) -> Answer {
    let kind = MessageKind::parse(call.param("kind")).ok_or_else(|| Problem::not_found("kind of message"))?;
    let given: wire::PreviewTemplate = call.json()?;
    let language = messages::language("/language", &given.language)?;
    let channel = MessageChannel::parse(&given.channel)
        .ok_or_else(|| Problem::bad_value("/channel", "is whatsapp, sms or email"))?;
    if let Some(name) = given.variables.keys().find(|name| !kind.row().variables.contains(&name.as_str())) {
        return Err(Problem::bad_value(format!("/variables/{name}"), "this kind has no such variable"));
    }
    let mut values = templates::samples(kind, render::language(language));
    values.extend(given.variables);
    let shown = render::text(kind, language, &values, &call.app.node().settings())
        .and_then(|text| text.fits(channel, false).map(|()| text))
        .map_err(|error| Problem::new("template_invalid", error.to_string()).at("/variables"))?;
    let letter =
        (channel == MessageChannel::Email).then(|| shown.letter(&[])).transpose().map_err(Problem::internal)?;
    let text = shown.text(channel).to_owned();
    json_body(
        StatusCode::OK,
        &wire::TemplatePreview {
            subject: letter.is_some().then_some(shown.subject),
            html: letter.map(|letter| letter.html),
            characters: text.chars().count() as u64,
            text,
            buttons: if channel == MessageChannel::Whatsapp { shown.buttons } else { Vec::new() },
            direction: shown.language.direction().to_owned(),
        },
    )
}
