//! What vendors deliver: the signed request, why it is not believed, and what it says.
//!
//! Invariant: what is printed for logs shows neither the sender nor a text.

use std::fmt;

use munshi_domain::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Channel, DeliveryState};

/// A request that arrived at `/hooks/{vendor}/{connection}/{token}`, as it arrived.
#[derive(Clone, Copy)]
pub struct WebhookRequest<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The whole URL as the vendor calls it, built from the configured public base URL with the path and query of the
    /// request, never from its `Host`.
    pub url: &'a str,
    /// Headers; names in any case.
    pub headers: &'a [(String, String)],
    /// The raw bytes.
    pub body: &'a [u8],
}

impl WebhookRequest<'_> {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why a webhook is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefusal {
    /// No signature.
    #[error("the request is not signed")]
    Unsigned,
    /// The signature does not fit.
    #[error("the signature does not fit")]
    BadSignature,
    /// Signed in a way we do not know.
    #[error("the signature's algorithm is unknown")]
    UnknownAlgorithm,
    /// The body is not the one that was signed.
    #[error("the body is not the one that was signed")]
    BodyChanged,
    /// The signed time is too long ago or ahead.
    #[error("the signed time is outside the tolerance")]
    OutsideTolerance,
    /// The verification token is wrong.
    #[error("the verification token is wrong")]
    BadToken,
    /// This transport receives nothing.
    #[error("this vendor sends no webhooks")]
    NotReceiving,
}

impl WebhookRefusal {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unsigned => "webhook_unsigned",
            Self::BadSignature => "webhook_bad_signature",
            Self::UnknownAlgorithm => "webhook_unknown_algorithm",
            Self::BodyChanged => "webhook_body_changed",
            Self::OutsideTolerance => "webhook_outside_tolerance",
            Self::BadToken => "webhook_bad_token",
            Self::NotReceiving => "webhook_not_receiving",
        }
    }
}

/// A signed request that cannot be read. Says where, never what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read the webhook: {0}")]
pub struct Unreadable(pub &'static str);

/// One thing a webhook says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum InboundItem {
    /// How far a message of ours has come.
    Status(StatusItem),
    /// A message to us.
    Message(MessageItem),
}

impl InboundItem {
    /// The key under which this item has its effect once, whatever requests carry it.
    pub fn key(&self) -> String {
        match self {
            Self::Status(item) => format!("status/{}/{}", item.vendor_ref, item.state.name()),
            Self::Message(item) => format!("message/{}", item.id),
        }
    }
}

/// How far a message of ours has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusItem {
    /// The vendor's id of the message.
    pub vendor_ref: String,
    /// Our id of the message, where the vendor brings it back.
    pub our_ref: Option<Uuid>,
    /// How far.
    pub state: DeliveryState,
    /// The vendor's code of a failure.
    pub code: Option<String>,
    /// The class of the failure, where the code is known.
    pub failure: Option<crate::outcome::Hint>,
    /// When, where the vendor says.
    pub at: Option<Timestamp>,
}

/// A message to us. Its `Debug` shows neither the sender nor the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageItem {
    /// The vendor's id of the message.
    pub id: String,
    /// The road it came by.
    pub channel: Channel,
    /// The sender, in E.164.
    pub from: String,
    /// Which of our numbers or senders it was sent to, as the vendor names it.
    pub to: String,
    /// The text, or what the tapped button says; empty for media without a caption.
    pub text: String,
    /// What the tapped button carries.
    pub payload: Option<String>,
    /// The vendor's id of the message it answers.
    pub reply_to: Option<String>,
    /// The sender's name as the vendor shows it. Anybody can choose it: for eyes only.
    pub profile_name: Option<String>,
    /// Files that came with it.
    pub media: Vec<Media>,
    /// When, where the vendor says.
    pub at: Option<Timestamp>,
}

impl fmt::Debug for MessageItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageItem")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .field("button", &self.payload.is_some())
            .field("media", &self.media.len())
            .finish_non_exhaustive()
    }
}

/// A file at the vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where it is: a URL at Twilio, an id at Meta.
    pub location: String,
    /// Its content type as the vendor says.
    pub content_type: String,
}
