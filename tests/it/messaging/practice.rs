//! The practice world beside a server under test, on threads of its own: a second reading of what vendors do.

use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use opsim::{ClockMode, Config, Running, Settings};
use serde_json::{Value, json};

use crate::harness::exchange;

/// A running practice world, whose time moves only when told.
pub struct Practice {
    running: Option<Running>,
    runtime: Option<tokio::runtime::Runtime>,
    pub settings: Settings,
}

impl Drop for Practice {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Practice {
    /// Starts one whose clock shows `now`, in milliseconds; `None` for the machine's time.
    pub async fn start(now: Option<i64>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let settings = Settings { step_ms: 20, ..Settings::default() };
        let clock = if now.is_some() { ClockMode::Manual } else { ClockMode::Real };
        let config = Config { clock, settings: settings.clone(), ..Config::default() };
        let running = runtime.spawn(opsim::start(config)).await.unwrap().unwrap();
        let practice = Self { running: Some(running), runtime: Some(runtime), settings };
        if let Some(now) = now {
            let shown = practice.ask("GET", "view", None).await["now"].as_i64().unwrap();
            practice.tell("advance", json!({"ms": now - shown})).await;
        }
        practice
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    /// The base of a vendor's addresses.
    pub fn url(&self, vendor: &str) -> String {
        format!("{}/{vendor}", self.running().base_url())
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("/_ctl/{path}"))
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/json");
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        exchange(&self.running().http.to_string(), request).await.ok()
    }

    /// Moves it.
    pub async fn tell(&self, what: &str, body: Value) {
        self.ask("POST", what, Some(body)).await;
    }

    /// Switches a fault on, for so many times.
    pub async fn fault(&self, route: &str, kind: &str, count: u32) {
        self.tell("faults", json!({"route": route, "kind": kind, "count": count})).await;
    }

    /// A part of what it remembers.
    pub async fn state(&self, part: &str) -> Value {
        self.ask("GET", &format!("state/{part}"), None).await
    }

    /// What phones read, oldest first.
    pub async fn read_by(&self, phone: &str) -> Vec<Value> {
        let mut read = Vec::new();
        for vendor in ["twilio", "meta"] {
            let state = self.state(vendor).await;
            let messages = state["messages"].as_array().unwrap().iter();
            read.extend(messages.filter(|one| one["inbound"] == false && one["phone"] == phone).cloned());
        }
        read
    }

    /// The mails it took, oldest first.
    pub async fn mails(&self) -> Vec<Value> {
        self.state("mail").await.as_array().unwrap().clone()
    }

    /// What makes a connection to Meta.
    pub fn meta(&self) -> Value {
        json!({
            "id": "meta", "name": "Meta", "vendor": "meta", "mode": "practice", "base_url": self.url("meta"),
            "settings": {
                "phone_number_id": self.settings.phone_number_id,
                "business_account_id": self.settings.business_account_id,
                "per_second": 100,
            },
            "credentials": {
                "access_token": self.settings.meta_token, "app_secret": self.settings.meta_secret,
                "verify_token": "canary-verify-token",
            },
        })
    }

    /// What makes a connection to Twilio that carries SMS only.
    pub fn sms(&self) -> Value {
        json!({
            "id": "sms", "name": "SMS", "vendor": "twilio", "mode": "practice", "base_url": self.url("twilio"),
            "settings": {
                "account_sid": self.settings.account_sid, "sms_sender": self.settings.sms_sender, "per_second": 100,
            },
            "credentials": {"auth_token": self.settings.auth_token},
        })
    }

    /// What makes a chat room of a vendor, for administrators. Its address is the secret.
    pub fn room(&self, vendor: &str) -> Value {
        let url = format!("{}/{}", self.url(vendor), self.settings.chat_token);
        json!({
            "id": vendor, "name": "Managers", "vendor": vendor, "mode": "practice",
            "settings": {"roles": ["admin"]}, "credentials": {"url": url},
        })
    }

    /// What makes a connection to its mail server.
    pub fn mail(&self) -> Value {
        json!({
            "id": "mail", "name": "Mail", "vendor": "smtp", "mode": "practice",
            "settings": {
                "host": "127.0.0.1", "port": self.running().smtp.port(), "encryption": "none",
                "user": self.settings.smtp_user, "from": "Shop <orders@shop.example>", "per_second": 100,
            },
            "credentials": {"password": self.settings.smtp_password},
        })
    }
}
