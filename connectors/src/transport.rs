//! What every messaging vendor looks like to the worker that sends and to the inbox that receives.
//!
//! A transport is stateless code for one account at one vendor: it turns an [`Envelope`] into a call and an answer into
//! an [`Outcome`], and a webhook into [`InboundItem`]s. Invariant: it holds no queue, keeps no state of messages, and
//! retries nothing; when to send, again or at all, is the worker's. Everything but `send` and `lookup` is pure.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use munshi_domain::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::outcome::{Outcome, Why};

/// A call under way.
pub type Calling<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One account at one messaging vendor.
pub trait MessageTransport: Send + Sync {
    /// The vendor's name in metrics and in the path of its webhooks, for example `twilio`.
    fn vendor(&self) -> &'static str;

    /// Hands the message to the vendor, once. `now` is the time of this attempt.
    fn send<'a>(&'a self, envelope: &'a Envelope, now: Timestamp) -> Calling<'a, Outcome<Accepted>>;

    /// Whether the vendor has this message, first tried at `since`. Vendor references already tied to other messages
    /// are in `known`, so that two equal texts to one number are not taken for each other.
    fn lookup<'a>(&'a self, envelope: &'a Envelope, since: Timestamp, known: &'a [String]) -> Calling<'a, Lookup>;

    /// What to do with a message whose outcome is unknown.
    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::LookUp
    }

    /// Hands a template text to the vendor for approval. The result says how to call it from then on.
    fn register_template<'a>(&'a self, _template: &'a TemplateText) -> Calling<'a, Outcome<RegisteredTemplate>> {
        Box::pin(async {
            Outcome::permanent("no_templates", "this vendor approves no templates", crate::outcome::Hint::FixConnection)
        })
    }

    /// How far the approval of a registered template is.
    fn template_approval<'a>(&'a self, _template: &'a RegisteredTemplate) -> Calling<'a, Outcome<Approval>> {
        Box::pin(async {
            Outcome::permanent("no_templates", "this vendor approves no templates", crate::outcome::Hint::FixConnection)
        })
    }

    /// Whether the vendor sent this request, judged over its raw bytes before anything is parsed.
    ///
    /// # Errors
    /// Why it is not believed. The answer to the sender is 401 or 403 and nothing is stored.
    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<(), WebhookRefusal>;

    /// What a verified request says. One request may carry many items, or none that matter.
    ///
    /// # Errors
    /// The request is signed but cannot be read; it goes to the dead letters.
    fn read_webhook(&self, request: &WebhookRequest<'_>) -> Result<Vec<InboundItem>, Unreadable>;

    /// The key under which a verified request is stored once: a retry or a replay of it has the same key.
    fn delivery_key(&self, request: &WebhookRequest<'_>) -> String;

    /// The vendor's proof-of-ownership question, if this request is one: the plain text to answer with, or why it is
    /// refused. `None` for ordinary requests.
    fn challenge(&self, _request: &WebhookRequest<'_>) -> Option<Result<String, WebhookRefusal>> {
        None
    }

    /// The body and content type that acknowledge a stored request.
    fn acknowledgement(&self) -> (&'static str, &'static str) {
        ("", "text/plain")
    }
}

/// What to do with a message whose outcome is unknown (README §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenUnknown {
    /// [`MessageTransport::lookup`] can tell.
    LookUp,
    /// Only a status webhook can tell: wait for it, then a person decides.
    WaitForStatus,
    /// One more attempt is acceptable: the receiver can recognise the same message by its id.
    ResendOnce,
}

/// A template's text as it is handed in for approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateText {
    /// Lower-case letters, digits and underscores.
    pub name: String,
    /// The language of the text.
    pub language: Language,
    /// What it is for.
    pub category: Category,
    /// The text with `{{1}}`, `{{2}}`, … for its variables.
    pub body: String,
    /// An example of each variable, in order.
    pub examples: Vec<String>,
    /// The titles of its buttons, at most three.
    pub buttons: Vec<String>,
}

/// What a template is for; prices and rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Follows from something the recipient did.
    Utility,
    /// Advertises; needs recorded consent.
    Marketing,
    /// Carries a one-time code.
    Authentication,
}

impl Category {
    /// The stable name; vendors use it in upper case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utility => "utility",
            Self::Marketing => "marketing",
            Self::Authentication => "authentication",
        }
    }
}

/// A template the vendor knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredTemplate {
    /// Its name.
    pub name: String,
    /// The language of the text.
    pub language: Language,
    /// The vendor's id: at Twilio the content id that calls it.
    pub vendor_ref: String,
}

/// How far an approval is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// May be used.
    Approved,
    /// Not yet decided.
    Pending,
    /// Refused; the vendor's reason.
    Rejected(String),
    /// Taken out of use for now.
    Paused,
}

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

/// The vendor has taken the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The vendor's id of the message.
    pub vendor_ref: String,
    /// How far it was at that moment.
    pub state: DeliveryState,
}

/// What a look-up found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The vendor has it.
    Found(Accepted),
    /// The vendor does not have it, as far as its list shows by now. Two of these, spaced, make sending again safe.
    Absent,
    /// More than one message could be it: a person decides.
    Undecidable,
    /// The vendor has no way to look. Wait for a status, then a person decides.
    NotPossible,
    /// The look-up itself failed; try again later.
    Failed(Why),
    /// The look-up may be repeated no sooner than this.
    RateLimited(Duration),
    /// The look-up was refused; the connection needs a person.
    Refused {
        /// The vendor's code.
        code: String,
    },
}

impl Lookup {
    /// What a refused look-up means.
    pub fn from_refusal(refusal: Outcome<()>) -> Self {
        match refusal {
            Outcome::Ok(()) => Self::Failed(Why::Unreadable),
            Outcome::RetryAfter { why, .. } | Outcome::Unknown { why } => Self::Failed(why),
            Outcome::RateLimited { wait } => Self::RateLimited(wait),
            Outcome::AuthExpired => Self::Refused { code: "auth_expired".to_owned() },
            Outcome::Permanent { code, .. } => Self::Refused { code },
        }
    }
}

/// How far a message has come. A message's state only rises by [`DeliveryState::rank`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Taken by the vendor's messaging service.
    Accepted,
    /// Waiting for its time at the vendor.
    Scheduled,
    /// In the vendor's queue.
    Queued,
    /// Being handed on.
    Sending,
    /// Handed on.
    Sent,
    /// On the recipient's device.
    Delivered,
    /// Seen by the recipient.
    Read,
    /// Not delivered, and will not be.
    Undelivered,
    /// Refused or given up.
    Failed,
    /// Withdrawn before it was sent.
    Canceled,
    /// A word we do not know: stored and shown, changes nothing.
    Other(String),
}

impl DeliveryState {
    /// The order of states: a report with a lower or equal rank than what is known is late and changes nothing. Failures
    /// rank between sent and delivered, because a later `delivered` or `read` is recorded beside them. `None` for
    /// unknown words.
    pub const fn rank(&self) -> Option<u8> {
        Some(match self {
            Self::Scheduled => 0,
            Self::Accepted => 1,
            Self::Queued => 2,
            Self::Sending => 3,
            Self::Sent => 4,
            Self::Canceled | Self::Undelivered | Self::Failed => 5,
            Self::Delivered => 6,
            Self::Read => 7,
            Self::Other(_) => return None,
        })
    }

    /// Whether the vendor has given up.
    pub const fn is_failure(&self) -> bool {
        matches!(self, Self::Undelivered | Self::Failed | Self::Canceled)
    }

    /// The stable name.
    pub fn name(&self) -> &str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Other(word) => word,
        }
    }
}

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

    #[test]
    fn not_05_states_rise_and_failures_yield_to_delivery() {
        use DeliveryState::*;
        let order = [Scheduled, Accepted, Queued, Sending, Sent, Failed, Delivered, Read];
        assert!(order.windows(2).all(|pair| pair[0].rank() < pair[1].rank()));
        assert_eq!(Other("new".to_owned()).rank(), None);
    }
}
