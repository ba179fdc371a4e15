//! What happens later: statuses that rise with time, and signed webhooks with the vendors' own retries.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::fault::{Kind, take};
use crate::world::{Message, Sent, World};
use crate::{App, form, sign};

/// Something due.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Due {
    /// When.
    pub at_ms: i64,
    /// What.
    pub work: Work,
}

/// What is due.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Work {
    /// A message comes this far.
    Status {
        /// Whose.
        id: String,
        /// The vendor's word.
        status: String,
        /// Why it failed.
        error: Option<u32>,
    },
    /// A webhook goes out.
    Push(Push),
}

/// One webhook.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Push {
    /// Whose.
    pub vendor: String,
    /// For people.
    pub what: String,
    /// Where to, with Twilio's overrides in the fragment.
    pub url: String,
    /// The body as it is signed.
    pub body: String,
    /// The same on every attempt.
    pub token: String,
    /// From 1.
    pub attempt: u32,
}

impl World {
    /// Lets `work` happen in `after_ms`.
    pub fn later(&mut self, after_ms: i64, work: Work) {
        let at_ms = self.now() + after_ms;
        self.due.push(Due { at_ms, work });
        self.touch();
    }

    /// Lets a message go its way: sent and delivered, or failed for a reason that shows only then.
    pub fn send_on(&mut self, id: &str, fails: Option<u32>) {
        let step = self.settings.step_ms;
        let status = |status: &str, error| Work::Status { id: id.to_owned(), status: status.to_owned(), error };
        match fails {
            Some(code) => self.later(step, status("failed", Some(code))),
            None => {
                self.later(step, status("sent", None));
                self.later(2 * step, status("delivered", None));
            }
        }
    }

    /// The message comes this far, and who asked for it is told.
    pub fn set_status(&mut self, id: &str, status: &str, error: Option<u32>) {
        let now = self.now();
        let Some(message) = self.messages.iter_mut().find(|message| message.id == id) else { return };
        message.status = status.to_owned();
        message.error = error;
        message.changed_ms = now;
        let message = message.clone();
        let push = match message.vendor.as_str() {
            "twilio" => self.twilio_status(&message),
            _ => self.meta_status(&message),
        };
        match push {
            Some(push) => self.announce(push),
            None => self.touch(),
        }
    }

    /// Sends a webhook, through the faults.
    pub fn announce(&mut self, push: Push) {
        let of_pushes = |kind| matches!(kind, Kind::DuplicateWebhook | Kind::ReorderWebhook | Kind::DropWebhook);
        let fault = take(self, &push.vendor.clone(), of_pushes);
        match fault.as_ref().map(|fault| fault.kind) {
            Some(Kind::DropWebhook) => {
                self.record(&push, "dropped on purpose".to_owned(), Duration::ZERO);
                return;
            }
            Some(Kind::DuplicateWebhook) => self.later(0, Work::Push(push.clone())),
            _ => {}
        }
        let late = match &fault {
            Some(fault) if fault.kind == Kind::ReorderWebhook => i64::try_from(fault.ms).unwrap_or(i64::MAX),
            _ => 0,
        };
        self.later(late, Work::Push(push));
    }

    fn twilio_status(&mut self, message: &Message) -> Option<Push> {
        let url = message.callback.clone()?;
        let prefix = if message.channel == "whatsapp" { "whatsapp:" } else { "" };
        let mut pairs = vec![
            ("MessageSid", message.id.clone()),
            ("SmsSid", message.id.clone()),
            ("MessageStatus", message.status.clone()),
            ("SmsStatus", message.status.clone()),
            ("To", format!("{prefix}{}", message.phone)),
            ("From", format!("{prefix}{}", message.sender)),
            ("AccountSid", self.settings.account_sid.clone()),
            ("ApiVersion", "2010-04-01".to_owned()),
        ];
        if let Some(error) = message.error {
            pairs.push(("ErrorCode", error.to_string()));
        }
        Some(self.twilio_push(url, format!("status {}", message.status), pairs))
    }

    /// A webhook as Twilio sends it.
    pub fn twilio_push(&mut self, url: String, what: String, pairs: Vec<(&str, String)>) -> Push {
        let pairs: Vec<(String, String)> = pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let token = self.id("", 32);
        Push { vendor: "twilio".to_owned(), what, url, body: form::write(&pairs), token, attempt: 1 }
    }

    fn meta_status(&mut self, message: &Message) -> Option<Push> {
        let phone = message.phone.trim_start_matches('+');
        let mut status = json!({
            "id": message.id, "status": message.status,
            "timestamp": (message.changed_ms / 1_000).to_string(), "recipient_id": phone,
        });
        if let Some(opaque) = &message.opaque {
            status["biz_opaque_callback_data"] = json!(opaque);
        }
        if let Some(code) = message.error {
            status["errors"] = json!([{ "code": code, "title": "Message failed to send" }]);
        }
        self.meta_push(format!("status {}", message.status), json!({ "statuses": [status] }))
    }

    /// A webhook as Meta sends it, with what `value` adds.
    pub fn meta_push(&mut self, what: String, mut value: serde_json::Value) -> Option<Push> {
        let url = self.settings.meta_webhook.clone()?;
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] = json!({
            "display_phone_number": self.settings.whatsapp_sender.trim_start_matches('+'),
            "phone_number_id": self.settings.phone_number_id,
        });
        let body = json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": self.settings.business_account_id, "changes": [{ "field": "messages", "value": value }] }],
        });
        let token = self.id("", 32);
        Some(Push { vendor: "meta".to_owned(), what, url, body: body.to_string(), token, attempt: 1 })
    }

    fn record(&mut self, push: &Push, result: String, took: Duration) {
        let at_ms = self.now();
        let url = push.url.split('#').next().unwrap_or_default().to_owned();
        let (vendor, what) = (push.vendor.clone(), push.what.clone());
        self.sent.push(Sent {
            at_ms,
            vendor,
            what,
            url,
            attempt: push.attempt,
            result,
            took_ms: took.as_secs_f64() * 1e3,
        });
        self.touch();
    }
}

/// Does what is due, in the order of its times.
pub fn run_due(app: &Arc<App>) {
    loop {
        let mut world = app.world();
        let now = world.now();
        let next = (0..world.due.len())
            .filter(|index| world.due[*index].at_ms <= now)
            .min_by_key(|i| (world.due[*i].at_ms, *i));
        let Some(index) = next else { return };
        let due = world.due.remove(index);
        match due.work {
            Work::Status { id, status, error } => world.set_status(&id, &status, error),
            Work::Push(push) => {
                drop(world);
                // The queues end with the world itself.
                let _ = app.pushes.send(push);
            }
        }
    }
}

/// Delivers webhooks in the order they were made, each vendor's for itself, for as long as the world lasts.
pub async fn serve(app: Arc<App>, mut pushes: UnboundedReceiver<Push>) {
    let lane = || {
        let (sender, mut queue) = unbounded_channel::<Push>();
        let app = app.clone();
        tokio::spawn(async move {
            while let Some(push) = queue.recv().await {
                deliver(&app, push).await;
            }
        });
        sender
    };
    let (twilio, meta) = (lane(), lane());
    while let Some(push) = pushes.recv().await {
        let lane = if push.vendor == "twilio" { &twilio } else { &meta };
        let _ = lane.send(push);
    }
}

async fn deliver(app: &App, push: Push) {
    let url = push.url.split('#').next().unwrap_or_default().to_owned();
    let request = {
        let world = app.world();
        let request = app.http.post(&url).timeout(Duration::from_secs(15)).body(push.body.clone());
        if push.vendor == "twilio" {
            let signature = sign::twilio(&world.settings.auth_token, &url, &form::read(push.body.as_bytes()));
            request
                .header("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
                .header("x-twilio-signature", signature)
                .header("i-twilio-idempotency-token", &push.token)
        } else {
            request
                .header("content-type", "application/json")
                .header("x-hub-signature-256", sign::meta(&world.settings.meta_secret, push.body.as_bytes()))
        }
    };
    let began = Instant::now();
    let answer = request.send().await;
    let took = began.elapsed();
    let (result, retry) = match answer {
        Ok(answer) if answer.status().is_success() => (answer.status().as_u16().to_string(), false),
        Ok(answer) => (answer.status().as_u16().to_string(), retries_refusal(&push, answer.status().as_u16())),
        Err(error) if error.is_connect() => ("no connection".to_owned(), true),
        Err(_) => ("no answer".to_owned(), push.vendor == "meta" || policy(&push).contains("rt")),
    };
    let mut world = app.world();
    world.record(&push, result, took);
    if retry && push.attempt <= most_retries(&push) {
        let wait = 1_000 << push.attempt.min(8);
        world.later(wait, Work::Push(Push { attempt: push.attempt + 1, ..push }));
    }
}

/// The value of a connection override in Twilio's fragment.
fn policy(push: &Push) -> String {
    let fragment = push.url.split_once('#').map_or("", |(_, fragment)| fragment);
    form::get(&form::read(fragment.as_bytes()), "rp").unwrap_or("ct").replace("all", "4xx,5xx,ct,rt")
}

fn retries_refusal(push: &Push, status: u16) -> bool {
    push.vendor == "meta" || policy(push).contains(if status < 500 { "4xx" } else { "5xx" })
}

fn most_retries(push: &Push) -> u32 {
    if push.vendor == "meta" {
        return 10;
    }
    let fragment = push.url.split_once('#').map_or("", |(_, fragment)| fragment);
    form::get(&form::read(fragment.as_bytes()), "rc").and_then(|count| count.parse().ok()).unwrap_or(1).min(5)
}
