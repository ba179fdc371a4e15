//! What every messaging vendor looks like to the worker that sends and to the inbox that receives.
//!
//! A transport is stateless code for one account at one vendor: it turns an [`Envelope`] into a call and an answer into
//! an [`Outcome`], and a webhook into [`InboundItem`]s. Invariant: it holds no queue, keeps no state of messages, and
//! retries nothing; when to send, again or at all, is the worker's. Everything but `send` and `lookup` is pure.

mod envelope;
mod inbound;
mod state;
mod template;

use std::future::Future;
use std::pin::Pin;

use munshi_domain::Timestamp;

use crate::outcome::Outcome;

pub use envelope::{Attachment, Body, Button, Channel, Envelope, Language, TemplateCall};
pub use inbound::{InboundItem, Media, MessageItem, StatusItem, Unreadable, WebhookRefusal, WebhookRequest};
pub use state::{Accepted, DeliveryState, Lookup};
pub use template::{Approval, Category, RegisteredTemplate, TemplateText};

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
