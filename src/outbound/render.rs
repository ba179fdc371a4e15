//! From the envelope in the journal to one that a transport sends: the text, its approved twin, buttons and links.
//!
//! Invariant: what is made follows from the envelope and the connection, so that every attempt at the same one reads the
//! same; a look-up at the vendor compares it.

use std::sync::Arc;

use munshi_connectors::transport::{self, Body, Button as Shown, Channel, TemplateCall};
use munshi_domain::{
    Timestamp,
    conversation::{Choice, Envelope, Form},
    notify::{Language, MessageChannel, MessageKind},
    settings::Settings,
};
use uuid::Uuid;

use super::{
    Wired,
    buttons::{Button, Signer},
    texts::{self, Text, Values},
};

/// Version of the built-in texts; a changed text is another template at a vendor.
const VERSION: u32 = 1;

/// What is needed beside the envelope.
pub(super) struct Rendering<'a> {
    /// Id of the effect.
    pub id: Uuid,
    /// When the message was made.
    pub made_at: Timestamp,
    /// Where the vendor reports to.
    pub callback: Option<String>,
    /// The shop.
    pub shop: Arc<Settings>,
    /// Signs buttons.
    pub signer: &'a Signer,
    /// Where links lead.
    pub public_url: &'a str,
    /// The connection.
    pub wired: &'a Wired,
}

/// A text that cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// The connection has no approved template for it.
    #[error("the connection has no approved template for this kind and language")]
    NotRegistered,
}

impl Fault {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotRegistered => "template_not_registered",
        }
    }
}

/// The language as transports name it.
pub const fn language(of: Language) -> transport::Language {
    match of {
        Language::English => transport::Language::En,
        Language::Urdu => transport::Language::Ur,
    }
}

/// The channel as transports name it.
pub const fn channel(of: MessageChannel) -> Channel {
    match of {
        MessageChannel::Whatsapp => Channel::Whatsapp,
        MessageChannel::Sms => Channel::Sms,
        MessageChannel::Email => Channel::Email,
    }
}

/// Name of a kind's template at a vendor.
pub fn template_name(kind: MessageKind) -> String {
    format!("munshi_{}_v{VERSION}", kind.word())
}

/// The envelope to send.
pub(super) fn envelope(of: &Envelope, with: &Rendering<'_>) -> Result<transport::Envelope, Fault> {
    let mut values: Values = of.variables.clone();
    values.entry("shop".into()).or_insert_with(|| with.shop.shop.name.clone());
    let text = texts::fill(of.kind, of.language, &values);
    let buttons = tokens(of, with.signer);
    let mail = of.channel == MessageChannel::Email;
    let links: Vec<(&'static str, String)> = if mail { links(of, &buttons, with.public_url) } else { Vec::new() };
    let body = match (of.channel, of.form) {
        (MessageChannel::Whatsapp, Form::Template) => Body::Template(template(of, with, &text, &buttons)?),
        (MessageChannel::Whatsapp, Form::Free) if !buttons.is_empty() => {
            let shown = |(choice, token): &(Choice, String)| Shown {
                title: texts::title(of.kind, *choice, of.language).to_owned(),
                payload: token.clone(),
            };
            Body::Interactive { text: text.text.clone(), buttons: buttons.iter().map(shown).collect() }
        }
        _ => Body::Text { text: plain(&text.text, &links) },
    };
    Ok(transport::Envelope {
        id: with.id,
        channel: channel(of.channel),
        to: of.to.clone(),
        body,
        subject: mail.then(|| text.subject.clone()),
        html: mail.then(|| html(of.language, &text, &links)),
        attachments: Vec::new(),
        status_callback: with.callback.clone(),
        made_at: with.made_at,
        expires_at: Some(of.expires_at),
        unsubscribe_url: None,
    })
}

fn tokens(of: &Envelope, signer: &Signer) -> Vec<(Choice, String)> {
    let Some(buttons) = &of.buttons else { return Vec::new() };
    let token = |choice: &Choice| {
        let button = Button {
            conversation: buttons.conversation,
            question: buttons.question,
            choice: *choice,
            expires_at: buttons.expires_at,
        };
        (*choice, signer.sign(&button))
    };
    buttons.choices.iter().map(token).collect()
}

fn template(
    of: &Envelope,
    with: &Rendering<'_>,
    text: &Text,
    buttons: &[(Choice, String)],
) -> Result<TemplateCall, Fault> {
    let content_sid = with.wired.template(of.kind, of.language).map(str::to_owned);
    if content_sid.is_none() && with.wired.needs_templates() {
        return Err(Fault::NotRegistered);
    }
    Ok(TemplateCall {
        name: template_name(of.kind),
        language: language(of.language),
        content_sid,
        variables: text.values.clone(),
        payloads: buttons.iter().map(|(_, token)| token.clone()).collect(),
        rendered: text.text.clone(),
    })
}

/// Links of a mail that asks: where who is signed in decides. The token stands behind `#`, so that no server's log has it.
fn links(of: &Envelope, buttons: &[(Choice, String)], public: &str) -> Vec<(&'static str, String)> {
    let link = |(choice, token): &(Choice, String)| {
        (texts::title(of.kind, *choice, of.language), format!("{public}/decide#{token}"))
    };
    buttons.iter().map(link).collect()
}

fn plain(text: &str, links: &[(&'static str, String)]) -> String {
    let mut plain = text.to_owned();
    for (title, link) in links {
        plain.push_str(&format!("\n\n{title}:\n{link}"));
    }
    plain
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push_str("<br>"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The HTML twin of a mail: no picture, no script, nothing from another host.
pub fn html(of: Language, text: &Text, links: &[(&'static str, String)]) -> String {
    let language = language(of);
    let mut body = format!("<p>{}</p>", escaped(&text.text));
    for (title, link) in links {
        body.push_str(&format!("<p><a href=\"{}\">{}</a></p>", escaped(link), escaped(title)));
    }
    format!(
        "<!doctype html><html lang=\"{}\" dir=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body style=\"font-family:sans-serif;line-height:1.5\">{body}</body></html>",
        language.tag(),
        language.direction(),
        escaped(&text.subject)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_08_values_cannot_bring_html_into_a_mail() {
        let values = [("name", "<img src=x onerror=alert(1)>"), ("number", "\"&'")];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let text = texts::fill(MessageKind::ReplyKept, Language::Urdu, &values);
        let page = html(Language::Urdu, &text, &[("Open", "https://x.example/decide#\"><b>".into())]);
        assert!(!page.contains("<img") && !page.contains("<b>") && page.contains("dir=\"rtl\""), "{page}");
    }
}
