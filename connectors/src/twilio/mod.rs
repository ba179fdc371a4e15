//! Twilio: WhatsApp and SMS (messaging.md §3).
//!
//! [`Twilio`] is one account. It sends once, looks up what it cannot know, checks signatures and reads webhooks; it keeps
//! no state. It does not decide between template and free text, nor about consent or hours.

mod codes;
mod content;
mod inbound;
mod lookup;
mod send;
mod signature;

use munshi_domain::Timestamp;
use serde_json::Value;

pub use signature::SigningKeys;

use crate::http::{Answer, Auth, Bounds, Call, CallError, Http, Payload};
use crate::outcome::{Outcome, Repeat, from_unreadable};
use crate::secret::Secret;
use crate::transport::{
    Accepted, Approval, Calling, Envelope, InboundItem, Lookup, MessageTransport, RegisteredTemplate, TemplateText,
    Unreadable, WebhookRefusal, WebhookRequest,
};

/// One account at Twilio, as its connection record says.
#[derive(Clone, Debug)]
pub struct TwilioAccount {
    /// `https://api.twilio.com`, or a practice server.
    pub base_url: String,
    /// `https://content.twilio.com`, or a practice server.
    pub content_base_url: String,
    /// `AC…`.
    pub account_sid: String,
    /// An API key `SK…` and its secret; without it the auth token signs in.
    pub api_key: Option<(String, Secret<String>)>,
    /// What webhooks are signed with.
    pub keys: SigningKeys,
    /// The WhatsApp sender in E.164, or a messaging service `MG…`.
    pub whatsapp_sender: Option<String>,
    /// The SMS sender: E.164, an approved name, or a messaging service `MG…`.
    pub sms_sender: Option<String>,
    /// Where calls may go.
    pub bounds: Bounds,
}

/// The transport of one Twilio account.
pub struct Twilio {
    http: Http,
    account: TwilioAccount,
}

impl Twilio {
    /// A transport over the shared client.
    pub const fn new(http: Http, account: TwilioAccount) -> Self {
        Self { http, account }
    }

    async fn call(&self, base: &str, path: &str, payload: Payload) -> Result<Answer, CallError> {
        let (user, password) = match &self.account.api_key {
            Some((key, secret)) => (key.as_str(), secret),
            None => (self.account.account_sid.as_str(), &self.account.keys.auth_token),
        };
        let call = Call {
            post: !matches!(payload, Payload::Empty),
            url: &format!("{}{path}", base.trim_end_matches('/')),
            headers: vec![("accept", "application/json".to_owned())],
            auth: Auth::Basic(user, password),
            payload,
        };
        self.http.call(&self.account.bounds, call).await
    }

    async fn send_once(&self, envelope: &Envelope, now: Timestamp) -> Outcome<Accepted> {
        let fields = match send::fields(&self.account, envelope, now) {
            Ok(fields) => fields,
            Err(refusal) => return refusal,
        };
        let path = format!("/2010-04-01/Accounts/{}/Messages.json", self.account.account_sid);
        match self.call(&self.account.base_url, &path, Payload::Form(fields)).await {
            Ok(answer) => send::outcome(&answer, now),
            Err(error) => error.outcome(Repeat::Unsafe),
        }
    }

    async fn look_up(&self, envelope: &Envelope, since: Timestamp, known: &[String]) -> Lookup {
        let mut search = lookup::Search::default();
        let mut path = Some(lookup::first_page(&self.account.account_sid, envelope, since));
        for _ in 0..lookup::MAX_PAGES {
            let Some(page) = path else { break };
            let answer = match self.call(&self.account.base_url, &page, Payload::Empty).await {
                Ok(answer) => answer,
                Err(error) => return Lookup::Failed(error.why()),
            };
            if let Some(refusal) = answer.refused::<()>(since.as_millis() / 1_000, Repeat::Safe) {
                return Lookup::from_refusal(refusal);
            }
            let taken = answer.json().ok_or(()).and_then(|json| search.take(&json, envelope, since, known));
            let Ok(next) = taken else { return Lookup::Failed(crate::outcome::Why::Unreadable) };
            path = next;
        }
        search.verdict(path.is_none())
    }

    async fn content(&self, path: &str, body: Option<Value>) -> Outcome<Value> {
        let payload =
            body.map_or(Payload::Empty, |json| Payload::Bytes("application/json", json.to_string().into_bytes()));
        let answer = match self.call(&self.account.content_base_url, path, payload).await {
            Ok(answer) => answer,
            Err(error) => return error.outcome(Repeat::Safe),
        };
        let json = answer.json();
        match json {
            Some(json) if (200..300).contains(&answer.status) => Outcome::Ok(json),
            json => send::refusal(&answer, json.as_ref(), Repeat::Safe, Timestamp::from_millis(0)),
        }
    }

    /// A text that was created twice is harmless: only the one whose id is kept is ever called.
    async fn register(&self, template: &TemplateText) -> Outcome<RegisteredTemplate> {
        let created = match self.content("/v1/Content", Some(content::create(template))).await.split() {
            Ok(created) => created,
            Err(rest) => return rest,
        };
        let Some(sid) = created["sid"].as_str() else { return from_unreadable(Repeat::Safe) };
        let path = format!("/v1/Content/{sid}/ApprovalRequests/whatsapp");
        let asked = self.content(&path, Some(content::approval_request(template))).await;
        asked.map(|_| RegisteredTemplate {
            name: template.name.clone(),
            language: template.language,
            vendor_ref: sid.to_owned(),
        })
    }
}

impl MessageTransport for Twilio {
    fn vendor(&self) -> &'static str {
        "twilio"
    }

    fn send<'a>(&'a self, envelope: &'a Envelope, now: Timestamp) -> Calling<'a, Outcome<Accepted>> {
        Box::pin(self.send_once(envelope, now))
    }

    fn lookup<'a>(&'a self, envelope: &'a Envelope, since: Timestamp, known: &'a [String]) -> Calling<'a, Lookup> {
        Box::pin(self.look_up(envelope, since, known))
    }

    fn register_template<'a>(&'a self, template: &'a TemplateText) -> Calling<'a, Outcome<RegisteredTemplate>> {
        Box::pin(self.register(template))
    }

    fn template_approval<'a>(&'a self, template: &'a RegisteredTemplate) -> Calling<'a, Outcome<Approval>> {
        Box::pin(async move {
            let path = format!("/v1/Content/{}/ApprovalRequests", template.vendor_ref);
            match self.content(&path, None).await.split() {
                Ok(json) => content::approval(&json).map_or_else(|| from_unreadable(Repeat::Safe), Outcome::Ok),
                Err(rest) => rest,
            }
        })
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<(), WebhookRefusal> {
        signature::verify(&self.account.keys, request)
    }

    fn read_webhook(&self, request: &WebhookRequest<'_>) -> Result<Vec<InboundItem>, Unreadable> {
        inbound::read(request)
    }

    fn delivery_key(&self, request: &WebhookRequest<'_>) -> String {
        inbound::delivery_key(request)
    }

    fn acknowledgement(&self) -> (&'static str, &'static str) {
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>", "text/xml")
    }
}
