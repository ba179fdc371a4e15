//! Meta's WhatsApp Cloud API (messaging.md §4).
//!
//! [`Meta`] is one phone number. The vendor has neither an idempotency key nor a look-up: an unknown outcome waits for a
//! status webhook. Invariant: a webhook is believed only with the app secret's signature over its raw bytes.

mod inbound;
mod send;

use hmac::{Hmac, Mac};
use munshi_domain::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::form;
use crate::http::{Answer, Auth, Bounds, Call, CallError, Http, Payload};
use crate::outcome::{Outcome, Repeat, from_unreadable};
use crate::secret::Secret;
use crate::transport::{
    Accepted, Approval, Calling, Envelope, InboundItem, Lookup, MessageTransport, RegisteredTemplate, TemplateText,
    Unreadable, WebhookRefusal, WebhookRequest, WhenUnknown,
};

/// One phone number at Meta, as its connection record says.
#[derive(Clone, Debug)]
pub struct MetaAccount {
    /// `https://graph.facebook.com`, or a practice server.
    pub base_url: String,
    /// The API's version, for example `v23.0`.
    pub api_version: String,
    /// The phone number's id (not the number).
    pub phone_number_id: String,
    /// The WhatsApp business account's id, which owns the templates.
    pub business_account_id: String,
    /// Signs our calls in.
    pub access_token: Secret<String>,
    /// Signs webhooks.
    pub app_secret: Secret<String>,
    /// What Meta repeats when it asks who owns the webhook.
    pub verify_token: Secret<String>,
    /// Where calls may go.
    pub bounds: Bounds,
}

/// The transport of one phone number.
pub struct Meta {
    http: Http,
    account: MetaAccount,
}

impl Meta {
    /// A transport over the shared client.
    pub const fn new(http: Http, account: MetaAccount) -> Self {
        Self { http, account }
    }

    async fn call(&self, path: &str, body: Option<Value>) -> Result<Answer, CallError> {
        let payload =
            body.map_or(Payload::Empty, |json| Payload::Bytes("application/json", json.to_string().into_bytes()));
        let base = self.account.base_url.trim_end_matches('/');
        let call = Call {
            post: !matches!(payload, Payload::Empty),
            url: &format!("{base}/{}/{path}", self.account.api_version),
            headers: vec![("accept", "application/json".to_owned())],
            auth: Auth::Bearer(&self.account.access_token),
            payload,
        };
        self.http.call(&self.account.bounds, call).await
    }

    async fn send_once(&self, envelope: &Envelope, now: Timestamp) -> Outcome<Accepted> {
        let body = match send::body(envelope) {
            Ok(body) => body,
            Err(refusal) => return refusal,
        };
        match self.call(&format!("{}/messages", self.account.phone_number_id), Some(body)).await {
            Ok(answer) => send::outcome(&answer, now),
            Err(error) => error.outcome(Repeat::Unsafe),
        }
    }

    async fn read(&self, path: &str, body: Option<Value>) -> Outcome<Value> {
        match self.call(path, body).await {
            Ok(answer) => match answer.json() {
                Some(json) if (200..300).contains(&answer.status) => Outcome::Ok(json),
                json => send::refusal(&answer, json.as_ref(), Repeat::Safe, Timestamp::from_millis(0)),
            },
            Err(error) => error.outcome(Repeat::Safe),
        }
    }

    fn templates_path(&self) -> String {
        format!("{}/message_templates", self.account.business_account_id)
    }
}

impl MessageTransport for Meta {
    fn vendor(&self) -> &'static str {
        "meta"
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

    fn register_template<'a>(&'a self, template: &'a TemplateText) -> Calling<'a, Outcome<RegisteredTemplate>> {
        Box::pin(async move {
            let created = self.read(&self.templates_path(), Some(send::create_template(template))).await;
            match created.split() {
                Ok(json) => send::registered(&json, template),
                Err(rest) => rest,
            }
        })
    }

    fn template_approval<'a>(&'a self, template: &'a RegisteredTemplate) -> Calling<'a, Outcome<Approval>> {
        Box::pin(async move {
            match self.read(&form::escape(&template.vendor_ref), None).await.split() {
                Ok(json) => send::approval(&json).map_or_else(|| from_unreadable(Repeat::Safe), Outcome::Ok),
                Err(rest) => rest,
            }
        })
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<(), WebhookRefusal> {
        verify(&self.account.app_secret, request)
    }

    fn read_webhook(&self, request: &WebhookRequest<'_>) -> Result<Vec<InboundItem>, Unreadable> {
        inbound::read(request.body, &self.account.phone_number_id)
    }

    /// One request carries many items, each with a key of its own; the request's key is its content.
    fn delivery_key(&self, request: &WebhookRequest<'_>) -> String {
        form::to_hex(&Sha256::digest(request.body))
    }

    fn challenge(&self, request: &WebhookRequest<'_>) -> Option<Result<String, WebhookRefusal>> {
        if request.method != "GET" {
            return None;
        }
        let query = form::query_of(request.url);
        let asked = form::first(&query, "hub.mode")? == "subscribe";
        let token = form::first(&query, "hub.verify_token").unwrap_or_default();
        let ours = self.account.verify_token.expose();
        // Hashes are compared, so that the time taken tells nothing about the token.
        let same = !ours.is_empty() && Sha256::digest(token) == Sha256::digest(ours);
        Some(match form::first(&query, "hub.challenge") {
            Some(challenge) if asked && same => Ok(challenge.to_owned()),
            _ => Err(WebhookRefusal::BadToken),
        })
    }
}

/// `X-Hub-Signature-256: sha256=<hex>` over the raw bytes, compared in constant time.
fn verify(secret: &Secret<String>, request: &WebhookRequest<'_>) -> Result<(), WebhookRefusal> {
    let header = request.header("x-hub-signature-256").filter(|value| !value.is_empty());
    let hex =
        header.ok_or(WebhookRefusal::Unsigned)?.strip_prefix("sha256=").ok_or(WebhookRefusal::UnknownAlgorithm)?;
    let given = form::from_hex(hex).ok_or(WebhookRefusal::BadSignature)?;
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).map_err(|_| WebhookRefusal::BadSignature)?;
    mac.chain_update(request.body).verify_slice(&given).map_err(|_| WebhookRefusal::BadSignature)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "sha256=37f7dff4ddccaa1069d93dd4d79a4ffdefd72383b3202cfa449af7476dbb0418";
    const BODY: &str = r#"{"id":820982911946154508,"note":"Haan جی 🙂"}"#;

    fn check(secret: &str, body: &str, signature: &str) -> Result<(), WebhookRefusal> {
        let headers = [("X-Hub-Signature-256".to_owned(), signature.to_owned())];
        let request = WebhookRequest { method: "POST", url: "https://x/h", headers: &headers, body: body.as_bytes() };
        verify(&Secret::new(secret.to_owned()), &request)
    }

    #[test]
    fn cus_08_metas_known_answer_is_accepted_and_every_change_refused() {
        assert_eq!(BODY.len(), 49);
        assert_eq!(check("secret", BODY, KNOWN), Ok(()));
        use WebhookRefusal::{BadSignature, UnknownAlgorithm, Unsigned};
        for (secret, body, signature, want) in [
            ("secreT", BODY.to_owned(), KNOWN.to_owned(), BadSignature),
            ("secret", BODY.replace("820982911946154508", "820982911946154509"), KNOWN.to_owned(), BadSignature),
            ("secret", BODY.replace("🙂", "\\ud83d\\ude42"), KNOWN.to_owned(), BadSignature),
            ("secret", format!("{BODY} "), KNOWN.to_owned(), BadSignature),
            ("secret", BODY.to_owned(), KNOWN.replace("0418", "0419"), BadSignature),
            ("secret", BODY.to_owned(), KNOWN[..40].to_owned(), BadSignature),
            ("secret", BODY.to_owned(), KNOWN.replace("sha256=", "sha1="), UnknownAlgorithm),
            ("secret", BODY.to_owned(), String::new(), Unsigned),
        ] {
            assert_eq!(check(secret, &body, &signature), Err(want), "{body} {signature}");
        }
    }
}
