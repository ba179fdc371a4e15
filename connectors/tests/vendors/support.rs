//! A practice world for one test, what to ask of it, and Munshi's side of the webhooks.

use std::sync::Arc;
use std::time::Duration;

use munshi_connectors::http::{Auth, Bounds, Call, Http, Payload, Reach};
use munshi_connectors::meta::{Meta, MetaAccount};
use munshi_connectors::secret::Secret;
use munshi_connectors::transport::{
    Body, Channel, Envelope, InboundItem, MessageTransport, TemplateCall, WebhookRefusal, WebhookRequest,
};
use munshi_connectors::twilio::{SigningKeys, Twilio, TwilioAccount};
use munshi_domain::Timestamp;
use opsim::{Config, Running, Settings};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use uuid::Uuid;

pub const PHONE: &str = "+923001234567";
const PATIENCE: Duration = Duration::from_secs(20);

pub fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

pub fn bounds() -> Bounds {
    Bounds::new(Reach::Practice, vec!["127.0.0.1".to_owned()])
}

#[expect(clippy::disallowed_methods, reason = "the practice world runs on the machine's time")]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
}

/// A practice world and its client.
pub struct Practice {
    pub running: Running,
    pub http: Http,
    pub settings: Settings,
}

pub async fn practice() -> Practice {
    let settings = Settings { step_ms: 20, ..Settings::default() };
    let config = Config { settings: settings.clone(), ..Config::default() };
    Practice { running: opsim::start(config).await.unwrap(), http: Http::new().unwrap(), settings }
}

impl Practice {
    pub fn account(&self) -> TwilioAccount {
        let base = format!("{}/twilio", self.running.base_url());
        TwilioAccount {
            base_url: base.clone(),
            content_base_url: base,
            account_sid: self.settings.account_sid.clone(),
            api_key: None,
            keys: SigningKeys { auth_token: secret(&self.settings.auth_token), shared: Default::default() },
            whatsapp_sender: Some(self.settings.whatsapp_sender.clone()),
            sms_sender: Some(self.settings.sms_sender.clone()),
            bounds: bounds(),
        }
    }

    pub fn twilio(&self) -> Twilio {
        Twilio::new(self.http.clone(), self.account())
    }

    pub fn meta_account(&self) -> MetaAccount {
        MetaAccount {
            base_url: format!("{}/meta", self.running.base_url()),
            api_version: "v23.0".to_owned(),
            phone_number_id: self.settings.phone_number_id.clone(),
            business_account_id: self.settings.business_account_id.clone(),
            access_token: secret(&self.settings.meta_token),
            app_secret: secret(&self.settings.meta_secret),
            verify_token: secret("verify-me"),
            bounds: bounds(),
        }
    }

    pub fn meta(&self) -> Meta {
        Meta::new(self.http.clone(), self.meta_account())
    }

    /// Tells the practice world something.
    pub async fn tell(&self, path: &str, body: Value) {
        let url = format!("{}/_ctl/{path}", self.running.base_url());
        let payload = Payload::Bytes("application/json", body.to_string().into_bytes());
        let call = Call { post: true, url: &url, headers: Vec::new(), auth: Auth::None, payload };
        let answer = self.http.call(&bounds(), call).await.unwrap();
        assert!((200..300).contains(&answer.status), "{path}: {}", String::from_utf8_lossy(&answer.body));
    }

    pub async fn fault(&self, route: &str, kind: &str, count: u32, ms: u64) {
        self.tell("faults", json!({ "route": route, "kind": kind, "count": count, "ms": ms })).await;
    }

    pub async fn window(&self, open: bool) {
        self.tell("window", json!({ "phone": PHONE, "on": open })).await;
    }

    /// What the practice world holds.
    pub async fn state(&self, part: &str) -> Value {
        let url = format!("{}/_ctl/state/{part}", self.running.base_url());
        let call = Call { post: false, url: &url, headers: Vec::new(), auth: Auth::None, payload: Payload::Empty };
        self.http.call(&bounds(), call).await.unwrap().json().unwrap()
    }

    /// How many messages of ours the vendor has.
    pub async fn kept(&self, vendor: &str) -> usize {
        let state = self.state(vendor).await;
        let messages = state["messages"].as_array().unwrap();
        messages.iter().filter(|message| message["inbound"] == false).count()
    }
}

pub fn envelope(channel: Channel, body: Body) -> Envelope {
    Envelope {
        id: Uuid::new_v4(),
        channel,
        to: PHONE.to_owned(),
        body,
        subject: None,
        html: None,
        attachments: Vec::new(),
        status_callback: None,
        made_at: now(),
        expires_at: Some(now().plus_seconds(600)),
        unsubscribe_url: None,
    }
}

pub fn text(channel: Channel, text: &str) -> Envelope {
    envelope(channel, Body::Text { text: text.to_owned() })
}

pub fn template(call: TemplateCall) -> Envelope {
    envelope(Channel::Whatsapp, Body::Template(call))
}

/// A webhook that arrived, as bytes.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Arrived {
    pub fn request(&self) -> WebhookRequest<'_> {
        WebhookRequest { method: &self.method, url: &self.url, headers: &self.headers, body: &self.body }
    }
}

/// Munshi's side of the webhooks: every request is checked and read by the transport.
pub struct Edge {
    pub url: String,
    arrived: mpsc::UnboundedReceiver<Arrived>,
}

impl Edge {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (sender, arrived) = mpsc::unbounded_channel();
        let public = base.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (sender, public) = (sender.clone(), public.clone());
                tokio::spawn(async move {
                    let mut wire = BufReader::new(stream);
                    while let Some(request) = read(&mut wire, &public).await {
                        let _ = sender.send(request);
                        let _ = wire.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
                    }
                });
            }
        });
        Self { url: format!("{base}/hooks"), arrived }
    }

    /// The next webhook, whoever sent it.
    pub async fn next(&mut self) -> Arrived {
        tokio::time::timeout(PATIENCE, self.arrived.recv()).await.expect("a webhook in time").unwrap()
    }

    /// What the next webhook says; it must be signed.
    pub async fn items(&mut self, transport: &dyn MessageTransport) -> Vec<InboundItem> {
        let arrived = self.next().await;
        assert_eq!(transport.verify_webhook(&arrived.request()), Ok(()), "{arrived:?}");
        transport.read_webhook(&arrived.request()).unwrap()
    }
}

async fn read(wire: &mut BufReader<tokio::net::TcpStream>, base: &str) -> Option<Arrived> {
    let mut line = String::new();
    wire.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        wire.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let mut body = vec![0; length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)];
    wire.read_exact(&mut body).await.ok()?;
    Some(Arrived { method, url: format!("{base}{target}"), headers, body })
}

/// That every change of a signed request is refused.
pub fn assert_changes_refused(transport: &Arc<dyn MessageTransport>, arrived: &Arrived) {
    assert_eq!(transport.verify_webhook(&arrived.request()), Ok(()));
    let refuse = |what: &str, changed: Arrived| {
        let said = transport.verify_webhook(&changed.request());
        assert!(
            matches!(said, Err(WebhookRefusal::BadSignature | WebhookRefusal::Unsigned | WebhookRefusal::BodyChanged)),
            "{what}: {said:?}"
        );
    };
    for at in [0, arrived.body.len() / 2, arrived.body.len() - 1] {
        let mut body = arrived.body.clone();
        body[at] = if body[at] == b'1' { b'2' } else { b'1' };
        refuse("body", Arrived { body, ..arrived.clone() });
    }
    let unsigned =
        arrived.headers.iter().filter(|(name, _)| !name.to_lowercase().contains("signature")).cloned().collect();
    refuse("header gone", Arrived { headers: unsigned, ..arrived.clone() });
    let added = [arrived.body.as_slice(), b"&Added=1"].concat();
    refuse("added", Arrived { body: added, ..arrived.clone() });
}
