//! One e-mail: headers, text with its HTML twin, files, and the signature last. Pure but for the signature's time.

use std::time::{Duration, SystemTime};

use lettre::Message;
use lettre::message::dkim::{DkimCanonicalization, DkimCanonicalizationType, DkimConfig};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body as MailBody, Mailbox, MultiPart, SinglePart};

use super::{Dkim, signing_key};
use crate::outcome::{Hint, Outcome};
use crate::transport::{Accepted, Body, Channel, Envelope};

/// Who sends.
pub struct Sender {
    /// The sender.
    pub from: Mailbox,
    /// Where answers go.
    pub reply_to: Option<Mailbox>,
    /// What signs.
    pub dkim: Option<Dkim>,
}

/// The `Message-ID`, the same on every attempt.
pub fn message_id(sender: &Sender, envelope: &Envelope) -> String {
    format!("<{}@{}>", envelope.id, sender.from.email.domain())
}

/// The message, ready to be sent.
///
/// # Errors
/// The envelope cannot be sent as mail.
pub fn build(sender: &Sender, envelope: &Envelope) -> Result<Message, Outcome<Accepted>> {
    if envelope.channel != Channel::Email {
        return Err(Outcome::permanent("no_sender", "this connection sends mail only", Hint::FixConnection));
    }
    let to = envelope
        .to
        .parse::<Mailbox>()
        .map_err(|_| Outcome::permanent("bad_address", "not an e-mail address", Hint::CorrectRecipient))?;
    let made = u64::try_from(envelope.made_at.as_millis()).unwrap_or(0);
    let mut builder = Message::builder()
        .from(sender.from.clone())
        .to(to)
        .subject(one_line(envelope.subject.as_deref().unwrap_or_default()))
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(made))
        .message_id(Some(message_id(sender, envelope)));
    if let Some(reply_to) = &sender.reply_to {
        builder = builder.reply_to(reply_to.clone());
    }
    if let Some(url) = envelope.unsubscribe_url.as_deref().filter(|url| is_header_url(url)) {
        builder = builder
            .raw_header(raw("List-Unsubscribe", format!("<{url}>")))
            .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let built = match envelope.attachments.is_empty() {
        true => builder.multipart(text(envelope)),
        false => builder.multipart(with_files(envelope)?),
    };
    let mut message =
        built.map_err(|_| Outcome::permanent("bad_message", "the mail cannot be built", Hint::ReportToUs))?;
    if let Some(dkim) = &sender.dkim {
        sign(&mut message, dkim);
    }
    Ok(message)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_header_url(url: &str) -> bool {
    url.starts_with("https://") && url.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// The text and its HTML twin: always both, the simplest twin made here if there is none.
fn text(envelope: &Envelope) -> MultiPart {
    let plain = match &envelope.body {
        Body::Text { text } | Body::Interactive { text, .. } => text.clone(),
        Body::Template(call) => call.rendered.clone(),
    };
    let html = envelope.html.clone().unwrap_or_else(|| format!("<pre dir=\"auto\">{}</pre>", escape(&plain)));
    MultiPart::alternative_plain_html(plain, html)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn with_files(envelope: &Envelope) -> Result<MultiPart, Outcome<Accepted>> {
    let mut parts = MultiPart::mixed().multipart(text(envelope));
    for file in &envelope.attachments {
        let kind = ContentType::parse(&file.content_type)
            .map_err(|_| Outcome::permanent("bad_attachment", "a file has no content type", Hint::ReportToUs))?;
        let part: SinglePart = Attachment::new(one_line(&file.name)).body(MailBody::new(file.bytes.clone()), kind);
        parts = parts.singlepart(part);
    }
    Ok(parts)
}

/// Signs what identifies the message and what may unsubscribe from it (RFC 6376 §5.4, RFC 8058 §4).
fn sign(message: &mut Message, dkim: &Dkim) {
    let Some(key) = signing_key(dkim) else { return };
    let present = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
        .into_iter()
        .chain(["List-Unsubscribe", "List-Unsubscribe-Post"])
        .filter(|name| message.headers().get_raw(name).is_some())
        .map(HeaderName::new_from_ascii_str)
        .collect();
    let relaxed =
        DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
    message.sign(&DkimConfig::new(dkim.selector.clone(), dkim.domain.clone(), key, present, relaxed));
}
