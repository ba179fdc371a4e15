//! One message, ready to be sent: to whom, by which channel, what it says.
//!
//! Invariant: what is printed of it for logs shows neither the recipient nor a text.

use std::fmt;
use std::time::Duration;

use munshi_domain::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// By which road a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// WhatsApp.
    Whatsapp,
    /// SMS.
    Sms,
    /// E-mail.
    Email,
    /// A chat room of the staff (Slack, Teams).
    Chat,
}

impl Channel {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Chat => "chat",
        }
    }
}

/// The language a text is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Urdu, written from right to left.
    Ur,
}

impl Language {
    /// The language tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ur => "ur",
        }
    }

    /// The writing direction as HTML names it.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::En => "ltr",
            Self::Ur => "rtl",
        }
    }
}

/// One message, ready to be sent. Its `Debug` shows neither the recipient nor the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The effect's id: the same on every attempt, and in every field a vendor has for it.
    pub id: Uuid,
    /// The road.
    pub channel: Channel,
    /// E.164 for WhatsApp and SMS (`+923001234567`), an address for e-mail; empty for a chat room, whose address is the
    /// connection's secret.
    pub to: String,
    /// What it says.
    pub body: Body,
    /// The subject of an e-mail, the heading of a chat card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The HTML twin of an e-mail's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Files of an e-mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Where the vendor reports the message's way. The transport adds the message's id to its query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_callback: Option<String>,
    /// When the message was made: the date of an e-mail.
    pub made_at: Timestamp,
    /// After this the message is worth nothing. The vendor is told where it can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// For mail that one may unsubscribe from: the address of RFC 8058.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe_url: Option<String>,
}

impl Envelope {
    /// How long the message is still worth sending; `None` if it does not expire.
    pub fn valid_for(&self, now: Timestamp) -> Option<Duration> {
        let left = self.expires_at?.as_millis().saturating_sub(now.as_millis());
        Some(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .field("body", &self.body.kind())
            .field("attachments", &self.attachments.len())
            .finish_non_exhaustive()
    }
}

/// What a message says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Body {
    /// Free text.
    Text {
        /// The text.
        text: String,
    },
    /// Free text with buttons, inside the 24-hour window.
    Interactive {
        /// The text.
        text: String,
        /// At most three.
        buttons: Vec<Button>,
    },
    /// A template the vendor has approved.
    Template(TemplateCall),
}

impl Body {
    /// The stable name of the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Interactive { .. } => "interactive",
            Self::Template(_) => "template",
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

/// An approved template with what goes into it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateCall {
    /// The name at Meta; for people at Twilio.
    pub name: String,
    /// The language of the approved text.
    pub language: Language,
    /// The content id at Twilio (`HX` and 32 hexadecimal digits).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_sid: Option<String>,
    /// The values of `{{1}}`, `{{2}}`, … of the body, in order.
    pub variables: Vec<String>,
    /// What comes back when the template's buttons are tapped, in order. At Twilio these are the variables that follow
    /// the body's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payloads: Vec<String>,
    /// The text as the recipient will read it: to find the message again at the vendor, and for our own thread.
    pub rendered: String,
}

impl fmt::Debug for TemplateCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template {} ({})", self.name, self.language.tag())
    }
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What it says, at most 20 characters.
    pub title: String,
    /// What comes back when it is tapped, at most 256 characters.
    pub payload: String,
}

/// A file of an e-mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file's name.
    pub name: String,
    /// The content type, for example `application/pdf`.
    pub content_type: String,
    /// The bytes, base64 in text forms.
    #[serde(with = "base64_bytes")]
    pub bytes: Vec<u8>,
}

mod base64_bytes {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        STANDARD.decode(text.as_bytes()).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        Envelope {
            id: Uuid::from_u128(7),
            channel: Channel::Email,
            to: "canary@example.pk".to_owned(),
            body: Body::Text { text: "canary text".to_owned() },
            subject: Some("canary subject".to_owned()),
            html: None,
            attachments: vec![Attachment {
                name: "canary.pdf".to_owned(),
                content_type: "application/pdf".to_owned(),
                bytes: vec![0, 159, 146, 150],
            }],
            status_callback: None,
            made_at: Timestamp::from_millis(1_000),
            expires_at: Some(Timestamp::from_millis(61_000)),
            unsubscribe_url: None,
        }
    }

    #[test]
    fn sec_06_an_envelope_prints_neither_recipient_nor_text() {
        let shown = format!("{:?}", envelope());
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("text"), "{shown}");
    }

    #[test]
    fn not_01_an_envelope_survives_storage() {
        let text = serde_json::to_string(&envelope()).unwrap();
        assert_eq!(serde_json::from_str::<Envelope>(&text).unwrap(), envelope());
    }

    #[test]
    fn not_01_validity_is_what_is_left() {
        let envelope = envelope();
        assert_eq!(envelope.valid_for(Timestamp::from_millis(1_000)), Some(Duration::from_secs(60)));
        assert_eq!(envelope.valid_for(Timestamp::from_millis(99_000)), Some(Duration::ZERO));
    }
}
