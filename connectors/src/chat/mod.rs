//! Notes to the staff's chat rooms: incoming webhooks of Slack and Microsoft Teams (NOT-04).
//!
//! The URL is the secret. A note carries a heading, a text and links; buttons that act are one-time links to Munshi,
//! because these webhooks send nothing back. There is neither an id nor a look-up: an unknown outcome is not repeated.

use munshi_domain::Timestamp;
use serde_json::{Value, json};

use crate::http::{Auth, Bounds, Call, Http, Payload};
use crate::outcome::{Hint, Outcome, Repeat, from_unreadable};
use crate::secret::Secret;
use crate::transport::{Accepted, Body, Calling, DeliveryState, Envelope, InboundItem, Lookup, MessageTransport};
use crate::transport::{Unreadable, WebhookRefusal, WebhookRequest, WhenUnknown};

/// Whose webhook it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Slack: Block Kit.
    Slack,
    /// Teams: an Adaptive Card, as its workflows take it.
    Teams,
}

/// One chat room.
pub struct Chat {
    http: Http,
    room: Room,
    url: Secret<String>,
    bounds: Bounds,
}

/// The most characters of a block's text at Slack; Teams takes more.
const MAX_TEXT: usize = 3_000;

impl Chat {
    /// A transport over the shared client. `url` is the whole incoming-webhook URL.
    pub const fn new(http: Http, room: Room, url: Secret<String>, bounds: Bounds) -> Self {
        Self { http, room, url, bounds }
    }

    async fn send_once(&self, envelope: &Envelope, now: Timestamp) -> Outcome<Accepted> {
        let body = match self.room {
            Room::Slack => slack(envelope),
            Room::Teams => teams(envelope),
        };
        let call = Call {
            post: true,
            url: self.url.expose(),
            headers: Vec::new(),
            auth: Auth::None,
            payload: Payload::Bytes("application/json", body.to_string().into_bytes()),
        };
        let answer = match self.http.call(&self.bounds, call).await {
            Ok(answer) => answer,
            Err(error) => return error.outcome(Repeat::Unsafe),
        };
        let said = String::from_utf8_lossy(&answer.body);
        match answer.refused(now.as_millis() / 1_000, Repeat::Unsafe) {
            // Slack answers `ok`; a 200 of another kind came from something in between.
            None if self.room == Room::Slack && said.trim() != "ok" => from_unreadable(Repeat::Unsafe),
            None => Outcome::Ok(Accepted { vendor_ref: envelope.id.to_string(), state: DeliveryState::Sent }),
            Some(Outcome::Permanent { .. }) if matches!(answer.status, 403 | 404 | 410) => {
                Outcome::permanent(format!("http_{}", answer.status), &said, Hint::FixConnection)
            }
            Some(other) => other,
        }
    }
}

fn text_of(envelope: &Envelope) -> (String, Vec<(String, String)>) {
    let (text, links) = match &envelope.body {
        Body::Text { text } => (text, Vec::new()),
        Body::Interactive { text, buttons } => {
            (text, buttons.iter().map(|button| (button.title.clone(), button.payload.clone())).collect())
        }
        Body::Template(call) => (&call.rendered, Vec::new()),
    };
    // A payload that is no link cannot be followed from a chat room.
    let links = links.into_iter().filter(|(_, url): &(String, String)| url.starts_with("http")).collect();
    (text.chars().take(MAX_TEXT).collect(), links)
}

/// Slack reads `&`, `<` and `>` as its own marks.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn slack(envelope: &Envelope) -> Value {
    let (text, links) = text_of(envelope);
    let heading = envelope.subject.as_deref().unwrap_or("");
    let mut blocks = Vec::new();
    if !heading.is_empty() {
        let heading: String = heading.chars().take(150).collect();
        blocks.push(json!({ "type": "header", "text": { "type": "plain_text", "text": heading } }));
    }
    blocks.push(json!({ "type": "section", "text": { "type": "mrkdwn", "text": escape(&text) } }));
    if !links.is_empty() {
        let button = |(title, url): &(String, String)| json!({ "type": "button", "text": { "type": "plain_text", "text": title }, "url": url });
        blocks.push(json!({ "type": "actions", "elements": links.iter().map(button).collect::<Vec<_>>() }));
    }
    // What notifications show.
    json!({ "text": escape(if heading.is_empty() { &text } else { heading }), "blocks": blocks })
}

fn teams(envelope: &Envelope) -> Value {
    let (text, links) = text_of(envelope);
    let mut body = Vec::new();
    if let Some(heading) = &envelope.subject {
        body.push(json!({ "type": "TextBlock", "text": heading, "weight": "Bolder", "size": "Medium", "wrap": true }));
    }
    body.push(json!({ "type": "TextBlock", "text": text, "wrap": true }));
    let actions: Vec<Value> =
        links.iter().map(|(title, url)| json!({ "type": "Action.OpenUrl", "title": title, "url": url })).collect();
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard", "version": "1.4", "body": body, "actions": actions,
    });
    json!({ "type": "message", "attachments": [
        { "contentType": "application/vnd.microsoft.card.adaptive", "content": card },
    ] })
}

impl MessageTransport for Chat {
    fn vendor(&self) -> &'static str {
        match self.room {
            Room::Slack => "slack",
            Room::Teams => "teams",
        }
    }

    fn send<'a>(&'a self, envelope: &'a Envelope, now: Timestamp) -> Calling<'a, Outcome<Accepted>> {
        Box::pin(self.send_once(envelope, now))
    }

    fn lookup<'a>(&'a self, _: &'a Envelope, _: Timestamp, _: &'a [String]) -> Calling<'a, Lookup> {
        Box::pin(async { Lookup::NotPossible })
    }

    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::WaitForStatus
    }

    fn verify_webhook(&self, _: &WebhookRequest<'_>) -> Result<(), WebhookRefusal> {
        Err(WebhookRefusal::NotReceiving)
    }

    fn read_webhook(&self, _: &WebhookRequest<'_>) -> Result<Vec<InboundItem>, Unreadable> {
        Err(Unreadable("chat rooms send nothing"))
    }

    fn delivery_key(&self, _: &WebhookRequest<'_>) -> String {
        String::new()
    }
}
