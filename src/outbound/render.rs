//! From the envelope in the journal to one that a transport sends: the text, its approved twin, buttons and links.
//!
//! Invariant: what is made follows from the envelope and the connection, so that every attempt at the same one reads the
//! same; a look-up at the vendor compares it.

use std::sync::Arc;

use munshi_connectors::{
    templates::{self, Rendered, TemplateError, Values},
    transport::{self, Body, Button as Shown, Channel, TemplateCall, TemplateText},
};
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
};

/// Version of the built-in texts; a changed text is another template at a vendor, with an id of its own.
const VERSION: u32 = 3;

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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// The connection has no approved template for it.
    #[error("the connection has no approved template for this kind and language")]
    NotRegistered,
    /// The text cannot be rendered, or is too long for its channel.
    #[error(transparent)]
    Text(#[from] TemplateError),
}

impl Fault {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotRegistered => "template_not_registered",
            Self::Text(error) => error.code(),
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
    templates::vendor_name(kind, VERSION)
}

/// Under what a connection keeps the vendor's id of a text: an id of an older version is of another text.
pub fn template_key(kind: MessageKind, of: Language) -> String {
    versioned_key(kind, of, VERSION)
}

fn versioned_key(kind: MessageKind, of: Language, version: u32) -> String {
    format!("{}.{}.v{version}", kind.word(), of.word())
}

/// The text of a kind as it is handed in for approval.
///
/// # Errors
/// The text cannot be approved.
pub fn for_approval(kind: MessageKind, of: Language) -> Result<TemplateText, TemplateError> {
    templates::for_approval(kind, language(of), VERSION)
}

/// A kind's text filled in; `values` win over the shop's name.
///
/// # Errors
/// The text cannot be rendered.
pub fn text(kind: MessageKind, of: Language, values: &Values, shop: &Settings) -> Result<Rendered, TemplateError> {
    let mut values = values.clone();
    values.entry("shop".into()).or_insert_with(|| shop.shop.name.clone());
    templates::fill(kind, language(of), &values)
}

/// The envelope to send.
pub(super) fn envelope(of: &Envelope, with: &Rendering<'_>) -> Result<transport::Envelope, Fault> {
    let text = text(of.kind, of.language, &of.variables, &with.shop)?;
    text.fits(of.channel, of.form == Form::Template)?;
    let buttons = signed(of, |button| with.signer.sign(button));
    let mail = of.channel == MessageChannel::Email;
    let letter = if mail { Some(text.letter(&links(of, with)?)?) } else { None };
    let body = match (of.channel, of.form) {
        (MessageChannel::Whatsapp, Form::Template) => Body::Template(template(of, with, &text, &buttons)?),
        (MessageChannel::Whatsapp, Form::Free) if !buttons.is_empty() => {
            let shown = |(choice, token): &(Choice, String)| {
                let title = templates::title(of.kind, *choice, language(of.language))?.to_owned();
                Ok(Shown { title, payload: token.clone() })
            };
            let buttons = buttons.iter().map(shown).collect::<Result<_, TemplateError>>()?;
            Body::Interactive { text: text.whatsapp.clone(), buttons }
        }
        _ => {
            let plain = letter.as_ref().map_or_else(|| text.text(of.channel), |letter| &letter.text);
            Body::Text { text: plain.to_owned() }
        }
    };
    Ok(transport::Envelope {
        id: with.id,
        channel: channel(of.channel),
        to: of.to.clone(),
        body,
        subject: mail.then(|| text.subject.clone()),
        html: letter.map(|letter| letter.html),
        attachments: Vec::new(),
        status_callback: with.callback.clone(),
        made_at: with.made_at,
        expires_at: Some(of.expires_at),
        unsubscribe_url: None,
    })
}

/// What each choice of the envelope's question is, signed by `sign`.
fn signed(of: &Envelope, sign: impl Fn(&Button) -> String) -> Vec<(Choice, String)> {
    let Some(buttons) = &of.buttons else { return Vec::new() };
    let token = |choice: &Choice| {
        let button = Button {
            conversation: buttons.conversation,
            question: buttons.question,
            choice: *choice,
            expires_at: buttons.expires_at,
        };
        (*choice, sign(&button))
    };
    buttons.choices.iter().map(token).collect()
}

fn template(
    of: &Envelope,
    with: &Rendering<'_>,
    text: &Rendered,
    buttons: &[(Choice, String)],
) -> Result<TemplateCall, Fault> {
    let content_sid = with.wired.template(of.kind, of.language).map(str::to_owned);
    if content_sid.is_none() && with.wired.needs_templates() {
        return Err(Fault::NotRegistered);
    }
    let payloads = buttons.iter().map(|(_, token)| token.clone()).collect();
    Ok(text.template_call(template_name(of.kind), content_sid, payloads))
}

/// Links of a mail that asks: where it is decided, once. The token stands behind `#`, so that no server's log has it.
fn links(of: &Envelope, with: &Rendering<'_>) -> Result<Vec<(String, String)>, TemplateError> {
    let public = with.public_url;
    let link = |(choice, token): (Choice, String)| {
        let title = templates::title(of.kind, choice, language(of.language))?.to_owned();
        Ok((title, format!("{public}/decide#{token}")))
    };
    signed(of, |button| with.signer.sign_link(button)).into_iter().map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_05_an_id_of_an_older_text_is_not_an_id_of_this_one() {
        let (kind, of) = (MessageKind::OrderPlaced, Language::Urdu);
        assert_eq!(template_key(kind, of), versioned_key(kind, of, VERSION));
        assert_ne!(template_key(kind, of), versioned_key(kind, of, VERSION - 1));
        assert_ne!(template_key(kind, of), "order_placed.ur", "ids that were kept without a version are of old texts");
    }

    #[test]
    fn sec_08_values_cannot_bring_html_into_a_mail() {
        let values = [("name", "<img src=x onerror=alert(1)>"), ("number", "\"&'")];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let text = templates::fill(MessageKind::ReplyKept, transport::Language::Ur, &values).unwrap();
        let page = text.letter(&[("Open".into(), "https://x.example/decide#\"><b>".into())]).unwrap().html;
        assert!(!page.contains("<img") && !page.contains("<b>") && page.contains("dir=\"rtl\""), "{page}");
    }
}
