//! A vendor on loopback that takes messages as Twilio does, forgets none of them, and misbehaves on demand.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// Id and secret of the key that signs what this vendor delivers.
pub const KEY_ID: &str = "webhooks_sharedkey_1";
pub const KEY: &str = "canary-webhook-key";

/// What becomes of the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Taken, and never answered.
    SilentlyTaken,
    /// Not taken, and never answered.
    SilentlyLost,
    /// 429 with a wait.
    Throttled,
    /// 503 with a wait.
    Down,
    /// Refused with this code.
    Refused(u64),
}

/// A message as the vendor has it.
#[derive(Clone, Debug)]
pub struct Message {
    pub sid: String,
    pub to: String,
    pub body: String,
    pub content_sid: Option<String>,
    pub variables: BTreeMap<String, String>,
    pub at: i64,
}

impl Message {
    /// What the buttons of its template carry: values that are tokens.
    pub fn tokens(&self) -> Vec<String> {
        let mut values: Vec<_> = self.variables.iter().map(|(n, v)| (n.parse::<u32>().unwrap(), v.clone())).collect();
        values.sort();
        values.into_iter().map(|(_, value)| value).filter(|value| value.starts_with("mq1.")).collect()
    }
}

#[derive(Default)]
struct Held {
    /// What ends it.
    serving: Option<tokio::task::AbortHandle>,
    messages: Vec<Message>,
    contents: BTreeMap<String, Value>,
    faults: VecDeque<Fault>,
    calls: usize,
    down: bool,
}

type Now = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The vendor.
#[derive(Clone)]
pub struct Vendor {
    pub address: SocketAddr,
    held: Arc<Mutex<Held>>,
    now: Now,
}

impl Vendor {
    /// Listens; `now` is the clock of the server under test.
    pub async fn start(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let vendor = Self { address: listener.local_addr().unwrap(), held: Arc::default(), now: Arc::new(now) };
        let messages = "/2010-04-01/Accounts/{account}/Messages.json";
        let router = Router::new()
            .route(messages, post(send).get(list))
            .route("/v1/Content", post(content))
            .route("/v1/Content/{sid}/ApprovalRequests/whatsapp", post(approve))
            .route("/ready", get(|| async { "ok" }))
            .with_state(vendor.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        vendor.held(|held| held.serving = Some(serving.abort_handle()));
        vendor
    }

    /// Ends it: nothing of a test may go on after it.
    pub fn stop(&self) {
        self.held(|held| held.serving.take()).inspect(tokio::task::AbortHandle::abort);
    }

    fn held<T>(&self, look: impl FnOnce(&mut Held) -> T) -> T {
        look(&mut self.held.lock().unwrap())
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn fault(&self, fault: Fault) {
        self.held(|held| held.faults.push_back(fault));
    }

    pub fn down(&self, down: bool) {
        self.held(|held| held.down = down);
    }

    pub fn calls(&self) -> usize {
        self.held(|held| held.calls)
    }

    pub fn messages(&self) -> Vec<Message> {
        self.held(|held| held.messages.clone())
    }

    /// What a person with this number reads, oldest first.
    pub fn read_by(&self, number: &str) -> Vec<Message> {
        self.messages().into_iter().filter(|message| message.to.ends_with(number)).collect()
    }
}

/// The signature of a delivery to `url`.
pub fn signature(url: &str, form: &[(&str, &str)]) -> String {
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in form {
        sorted.entry(name).or_default().insert(value);
    }
    let mut text = url.to_owned();
    for (name, values) in sorted {
        for value in values {
            text.push_str(name);
            text.push_str(value);
        }
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A form as it travels.
pub fn encoded(form: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        text.bytes().fold(String::new(), |mut out, byte| {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
                byte => out.push_str(&format!("%{byte:02X}")),
            }
            out
        })
    };
    form.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

fn decoded(text: &str) -> BTreeMap<String, String> {
    let plain = |text: &str| {
        let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
        while at < bytes.len() {
            match bytes[at] {
                b'%' => {
                    out.push(u8::from_str_radix(&text[at + 1..at + 3], 16).unwrap());
                    at += 2;
                }
                b'+' => out.push(b' '),
                byte => out.push(byte),
            }
            at += 1;
        }
        String::from_utf8(out).unwrap()
    };
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (plain(name), plain(value))).collect()
}

async fn send(State(vendor): State<Vendor>, body: Bytes) -> (StatusCode, [(&'static str, String); 1], Json<Value>) {
    let form = decoded(std::str::from_utf8(&body).unwrap());
    let fault = vendor.held(|held| {
        held.calls += 1;
        if held.down { Some(Fault::Down) } else { held.faults.pop_front() }
    });
    let none = || [("x-none", String::new())];
    let error = |status: u16, code: u64, wait: &str| {
        let body = json!({"code": code, "message": "no", "status": status, "more_info": ""});
        let wait = if wait.is_empty() { none() } else { [("retry-after", wait.to_owned())] };
        (StatusCode::from_u16(status).unwrap(), wait, Json(body))
    };
    match fault {
        Some(Fault::Throttled) => return error(429, 20429, "2"),
        Some(Fault::Down) => return error(503, 20503, "1"),
        Some(Fault::Refused(code)) => return error(400, code, ""),
        Some(Fault::SilentlyLost) => std::future::pending::<()>().await,
        Some(Fault::SilentlyTaken) | None => {}
    }
    let message = vendor.held(|held| {
        let variables =
            form.get("ContentVariables").map(|text| serde_json::from_str(text).unwrap()).unwrap_or_default();
        let variables: BTreeMap<String, String> = variables;
        let content_sid = form.get("ContentSid").cloned();
        let body = match &content_sid {
            Some(sid) => {
                let types = &held.contents[sid]["types"];
                let text = types["twilio/text"]["body"].as_str().or(types["twilio/quick-reply"]["body"].as_str());
                let text = text.unwrap().to_owned();
                variables.iter().fold(text, |text, (n, value)| text.replace(&format!("{{{{{n}}}}}"), value))
            }
            None => form["Body"].clone(),
        };
        let message = Message {
            sid: format!("SM{:032}", held.messages.len() + 1),
            to: form["To"].clone(),
            body,
            content_sid,
            variables,
            at: (vendor.now)(),
        };
        held.messages.push(message.clone());
        message
    });
    if fault == Some(Fault::SilentlyTaken) {
        std::future::pending::<()>().await;
    }
    (StatusCode::CREATED, none(), Json(shown(&message)))
}

fn shown(message: &Message) -> Value {
    let at = chrono::DateTime::from_timestamp_millis(message.at).unwrap().to_rfc2822();
    json!({
        "sid": message.sid, "status": "queued", "direction": "outbound-api", "to": message.to,
        "body": message.body, "date_created": at, "error_code": null,
    })
}

async fn list(State(vendor): State<Vendor>, Query(query): Query<BTreeMap<String, String>>) -> Json<Value> {
    let to = &query["To"];
    let found: Vec<_> = vendor.messages().iter().filter(|message| message.to == *to).map(shown).collect();
    Json(json!({"messages": found, "next_page_uri": null}))
}

async fn content(State(vendor): State<Vendor>, Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
    let sid = vendor.held(|held| {
        let sid = format!("HX{:032x}", held.contents.len() + 1);
        held.contents.insert(sid.clone(), body);
        sid
    });
    (StatusCode::CREATED, Json(json!({"sid": sid})))
}

async fn approve(Path(_sid): Path<String>, Json(_body): Json<Value>) -> (StatusCode, Json<Value>) {
    (StatusCode::CREATED, Json(json!({"status": "received"})))
}
