//! Messages to customers and approvers, and their answers, over a real server and a vendor on loopback.

mod alerts;
mod canaries;
mod crash;
mod decide;
mod practice;
mod subscribers;
pub mod vendor;
mod vendors;

use std::time::Duration;

use munshi::config::{Config, Secret, Span};
use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Reply, TestServer, order, run, run_with, with};

use self::vendor::{Fault, KEY, KEY_ID, Message, Vendor, encoded, signature};

const AYESHA: &str = "+923001234567";

/// Keys, and short patience with vendors.
pub fn settings(config: &mut Config) {
    let line = munshi_connectors::secret::KeyRing::new_line("k1").unwrap();
    config.connections.keys = Secret::new(line.expose().clone());
    config.connections.call_timeout = Span::from_millis(200);
    config.live.origins = vec![crate::live::client::ORIGIN.to_owned()];
}

/// What makes a connection to a vendor.
pub fn twilio(vendor: &Vendor) -> Value {
    json!({
        "id": "twilio", "name": "WhatsApp", "vendor": "twilio", "mode": "practice", "base_url": vendor.url(),
        "settings": {
            "account_sid": "AC1", "whatsapp_sender": "+14155238886", "sms_sender": "MUNSHI",
            "webhook_key_id": KEY_ID, "per_second": 100,
        },
        "credentials": {"auth_token": "canary-auth-token", "webhook_key": KEY},
    })
}

/// Waits until `look` finds something.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    // Generous: a machine that builds and tests at once may stand still for seconds.
    for _ in 0..6_000 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} did not happen");
}

struct World<'a> {
    server: &'a TestServer,
    vendor: Vendor,
    customer: String,
    hook: String,
}

impl Drop for World<'_> {
    fn drop(&mut self) {
        self.vendor.stop();
    }
}

impl<'a> World<'a> {
    async fn new(server: &'a TestServer) -> Self {
        let node = server.app().node().clone();
        let vendor = Vendor::start(move || node.now().as_millis()).await;
        let customer = server.shop().await;
        let made = server.post("/connections", &twilio(&vendor)).await;
        assert!(!made.to_string().contains("canary"), "credentials are never answered: {made}");
        let hook = made["hook_url"].as_str().unwrap().to_owned();
        server.by(Role::Admin, "POST", "/connections/twilio/templates").send().await.ok();
        Self { server, vendor, customer, hook }
    }

    async fn place(&self, payment: &str, quantity: i64) -> Value {
        let body = with(order(&self.customer, "DUPATTA", quantity), "payment_method", json!(payment));
        self.server.post("/orders", &with(body, "submit", json!(true))).await
    }

    async fn status(&self, order: &Value) -> String {
        let path = format!("/orders/{}", order["id"].as_str().unwrap());
        self.server.get(&path).await["status"].as_str().unwrap().to_owned()
    }

    async fn becomes(&self, order: &Value, wanted: &[&str]) -> String {
        until(&format!("the order becomes {wanted:?}"), async || {
            let status = self.status(order).await;
            wanted.contains(&status.as_str()).then_some(status)
        })
        .await
    }

    /// Waits for the nth message a number reads.
    async fn reads(&self, number: &str, nth: usize) -> Message {
        until(&format!("message {nth} to a number"), async || self.vendor.read_by(number).get(nth - 1).cloned()).await
    }

    async fn deliver(&self, form: &[(&str, &str)], signed: &str) -> Reply {
        let path = self.hook.split_once("://").unwrap().1.split_once('/').unwrap().1;
        let call = self.server.open("POST", &format!("//{path}")).without("idempotency-key");
        let call = call.header("x-twilio-webhooks-signature-settings", format!("key={KEY_ID},algorithm=HMAC_SHA256"));
        let call = call.header("x-twilio-signature", signed);
        call.raw(encoded(form)).header("content-type", "application/x-www-form-urlencoded").send().await
    }

    /// A person writes or taps.
    async fn says(&self, from: &str, id: &str, text: &str, payload: Option<&str>) {
        let from = format!("whatsapp:{from}");
        let mut form = vec![
            ("MessageSid", id),
            ("AccountSid", "AC1"),
            ("From", from.as_str()),
            ("To", "whatsapp:+14155238886"),
            ("Body", text),
            ("SmsStatus", "received"),
        ];
        form.extend(payload.map(|payload| ("ButtonPayload", payload)));
        let reply = self.deliver(&form, &signature(&self.hook, &form)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

fn with_messages(test: impl AsyncFnOnce(&World<'_>)) {
    run_with(settings, async |server| {
        let world = World::new(server).await;
        test(&world).await;
    });
}

#[test]
fn n08_haan_releases_a_cash_on_delivery_order() {
    with_messages(async |world| {
        world.server.by(Role::Admin, "PATCH", "/settings").json(&json!({"confirm_cod": true})).send().await.ok();
        let order = world.place("cod", 1).await;
        assert_eq!(world.status(&order).await, "pending");
        let asked = world.reads(AYESHA, 1).await;
        assert!(asked.content_sid.is_some() && asked.body.contains(order["number"].as_str().unwrap()), "{asked:?}");
        assert_eq!(asked.tokens().len(), 3, "confirm, cancel, another address");
        world.says(AYESHA, "SMin1", "haan", None).await;
        world.becomes(&order, &["approved", "processing"]).await;
        // The window is open now: the thanks is free text.
        let thanks = world.reads(AYESHA, 2).await;
        assert_eq!(thanks.content_sid, None, "{thanks:?}");
        // The vendor delivers it again: nothing more follows.
        world.says(AYESHA, "SMin1", "haan", None).await;
        world.server.rest().await;
        let path = format!("/customers/{}/conversation", world.customer);
        let thread = world.server.get(&path).await;
        assert_eq!(thread["questions"][0]["answer"], "yes", "{thread}");
        assert_eq!(thread["window_open"], true);
        let id = thread["id"].as_str().unwrap();
        let entries = world.server.get(&format!("/conversations/{id}/messages?limit=100")).await;
        let heard =
            entries["items"].as_array().unwrap().iter().filter(|entry| entry["event"]["type"] == "InboundReceived");
        assert_eq!(heard.map(|entry| entry["text"].clone()).collect::<Vec<_>>(), [json!("haan")]);
        let viewer = world.server.by(Role::Viewer, "GET", &format!("/conversations/{id}")).send().await;
        viewer.problem(403, "forbidden");
    });
}

#[test]
fn n08_no_cancels_and_what_is_unsure_goes_to_a_person() {
    with_messages(async |world| {
        world.server.by(Role::Admin, "PATCH", "/settings").json(&json!({"confirm_cod": true})).send().await.ok();
        let order = world.place("cod", 1).await;
        world.reads(AYESHA, 1).await;
        world.says(AYESHA, "SMin1", "kapra kaisa hai, rang utray ga?", None).await;
        let waiting = until("a person is asked", async || {
            let list = world.server.get("/conversations?needs_agent=true").await;
            list["items"].as_array().unwrap().first().cloned()
        })
        .await;
        assert_eq!(world.status(&order).await, "pending");
        let id = waiting["id"].as_str().unwrap();
        let reply = json!({"text": "Rang pakka hai."});
        world
            .server
            .by(Role::CustomerService, "POST", &format!("/conversations/{id}/reply"))
            .json(&reply)
            .send()
            .await
            .ok();
        until("the reply arrives", async || {
            world.vendor.read_by(AYESHA).into_iter().find(|message| message.body == "Rang pakka hai.")
        })
        .await;
        world.server.by(Role::CustomerService, "POST", &format!("/conversations/{id}/resolve")).send().await.ok();
        world.says(AYESHA, "SMin2", "nahi chahiye", None).await;
        world.becomes(&order, &["canceled"]).await;
    });
}

#[test]
fn apr_03_an_approver_s_button_decides_once_and_only_from_their_own_number() {
    with_messages(async |world| {
        let (server, approver) = (world.server, "+923331112223");
        let path = format!("/users/{}", server.id(Role::SalesManager));
        server.by(Role::Admin, "PATCH", &path).json(&json!({"phone": "0333 1112223"})).send().await.ok();
        let rule = json!({"over": {"amount": "1000.00", "currency": "PKR"}, "queue": "sales", "role": "sales_manager"});
        server.by(Role::Admin, "PATCH", "/settings").json(&json!({"approval_rules": [rule]})).send().await.ok();
        let order = world.place("prepaid", 2).await;
        assert_eq!(world.status(&order).await, "pending_approval");
        let asked = world.reads(approver, 1).await;
        let tokens = asked.tokens();
        assert_eq!(tokens.len(), 2, "{asked:?}");
        // Forwarded to the customer, who taps it: nothing is decided.
        world.says(AYESHA, "SMin1", "Approve", Some(&tokens[0])).await;
        // And a token that was not signed here.
        world.says(approver, "SMin2", "Approve", Some("mq1.AAAA")).await;
        until("both are heard", async || {
            let list = server.get("/conversations?needs_agent=true").await;
            (list["items"].as_array().unwrap().len() == 2).then_some(())
        })
        .await;
        assert_eq!(world.status(&order).await, "pending_approval");
        world.says(approver, "SMin3", "Approve", Some(&tokens[0])).await;
        world.becomes(&order, &["pending", "approved", "processing"]).await;
        // The other button comes too late.
        world.says(approver, "SMin4", "Reject", Some(&tokens[1])).await;
        server.rest().await;
        assert_ne!(world.status(&order).await, "rejected");
    });
}

#[test]
fn not_03_every_message_is_read_once_whatever_the_vendor_does() {
    with_messages(async |world| {
        let faults = [Fault::Down, Fault::Throttled, Fault::SilentlyTaken, Fault::SilentlyLost];
        for (already, fault) in faults.into_iter().enumerate() {
            world.vendor.fault(fault);
            let order = world.place("prepaid", 1).await;
            until(&format!("the message after {fault:?}"), async || {
                // Look-ups are spaced by half a minute and two minutes.
                world.server.advance(2);
                let list = world.vendor.read_by(AYESHA);
                let settled = world.server.get("/connections/twilio").await;
                let health = &settled["health"];
                let open = health["planned"].as_u64()? + health["unknown"].as_u64()? + health["in_flight"].as_u64()?;
                (list.len() > already && open == 0).then_some(())
            })
            .await;
            let number = order["number"].as_str().unwrap();
            let of = world.vendor.read_by(AYESHA).iter().filter(|message| message.body.contains(number)).count();
            assert_eq!(of, 1, "after {fault:?}");
        }
        assert_eq!(world.server.get("/dead-letters").await["items"], json!([]));
    });
}

#[test]
fn not_03_a_refusal_goes_on_by_sms_and_the_last_one_is_a_dead_letter_that_can_be_replayed() {
    with_messages(async |world| {
        // No WhatsApp on that number: the SMS goes out.
        world.vendor.fault(Fault::Refused(63024));
        world.place("prepaid", 1).await;
        let sms = world.reads(AYESHA, 1).await;
        assert_eq!((sms.to.as_str(), &sms.content_sid), (AYESHA, &None));
        // Nor an SMS.
        world.vendor.fault(Fault::Refused(30006));
        world.place("prepaid", 1).await;
        let dead = until("a dead letter", async || {
            let list = world.server.get("/dead-letters").await;
            list["items"].as_array().unwrap().first().cloned()
        })
        .await;
        assert_eq!((dead["connection"].as_str(), dead["kind"].as_str()), (Some("twilio"), Some("message")));
        let text = dead.to_string();
        assert!(!text.contains("3001234567") && !text.contains("Ayesha"), "{text}");
        let path = format!("/dead-letters/twilio/{}", dead["id"].as_str().unwrap());
        let refused = world.server.by(Role::Viewer, "POST", &format!("{path}/replay")).json(&json!({})).send().await;
        refused.problem(403, "forbidden");
        world.server.post(&format!("{path}/replay"), &json!({})).await;
        world.reads(AYESHA, 2).await;
        until("the dead letter is gone", async || {
            let list = world.server.get("/dead-letters").await;
            list["items"].as_array().unwrap().is_empty().then_some(())
        })
        .await;
    });
}

#[test]
fn cus_08_an_answer_that_meets_a_closed_window_goes_to_a_person_and_to_no_dead_letter() {
    with_messages(async |world| {
        world.place("prepaid", 1).await;
        world.reads(AYESHA, 1).await;
        world.vendor.fault(Fault::Refused(63016));
        world.says(AYESHA, "SMin1", "order kahan hai", None).await;
        let waiting = until("a person is asked", async || {
            let list = world.server.get("/conversations?needs_agent=true").await;
            list["items"].as_array().unwrap().first().cloned()
        })
        .await;
        assert_eq!(waiting["why"], "window_closed", "{waiting}");
        until("nothing is open", async || {
            let health = world.server.get("/connections/twilio").await["health"].clone();
            let open = ["planned", "unknown", "in_flight", "lag"].iter().map(|name| health[*name].as_u64().unwrap());
            (open.sum::<u64>() == 0).then_some(())
        })
        .await;
        assert_eq!(world.server.get("/dead-letters").await["items"], json!([]));
        assert_eq!(world.vendor.read_by(AYESHA).len(), 1, "there is no template of an answer to send instead");
    });
}

#[test]
fn not_03_a_vendor_that_is_down_delays_messages_only() {
    with_messages(async |world| {
        world.vendor.down(true);
        let began = std::time::Instant::now();
        let mut numbers = Vec::new();
        for _ in 0..20 {
            numbers.push(world.place("prepaid", 1).await["number"].as_str().unwrap().to_owned());
        }
        let each = began.elapsed() / 20;
        assert!(each < Duration::from_millis(500), "an order takes {each:?} while the vendor is down");
        until("calls", async || (world.vendor.calls() > 0).then_some(())).await;
        world.vendor.down(false);
        until("all messages", async || {
            world.server.advance(3);
            (world.vendor.read_by(AYESHA).len() >= 20).then_some(())
        })
        .await;
        let read = world.vendor.read_by(AYESHA);
        let order: Vec<_> = numbers.iter().map(|n| read.iter().position(|message| message.body.contains(n))).collect();
        assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "in the order of the orders: {order:?}");
    });
}

#[test]
fn cus_08_only_what_the_vendor_signed_is_taken_in() {
    with_messages(async |world| {
        let form =
            [("MessageSid", "SMin1"), ("From", "whatsapp:+923001234567"), ("Body", "haan"), ("SmsStatus", "received")];
        let good = signature(&world.hook, &form);
        for (form, signed, status) in [
            (form.to_vec(), "", 401),
            (form.to_vec(), "AAAA", 403),
            ([&form[..2], &[("Body", "nahi")], &form[3..]].concat(), good.as_str(), 403),
            (form.to_vec(), good.as_str(), 200),
            (form.to_vec(), good.as_str(), 200),
        ] {
            assert_eq!(world.deliver(&form, signed).await.status, status, "{form:?} {signed}");
        }
        let other = world.server.open("POST", "//hooks/twilio/twilio/wrong").without("idempotency-key");
        assert_eq!(other.raw(encoded(&form)).send().await.status, 404);
        let huge = [("MessageSid", "SM2"), ("Body", "x")];
        let body = "x".repeat((1 << 20) + 1);
        let huge = [&huge[..], &[("More", body.as_str())]].concat();
        assert_eq!(world.deliver(&huge, "AAAA").await.status, 413);
        until("it is heard once", async || {
            let list = world.server.get("/conversations").await;
            (list["items"].as_array().unwrap().len() == 1).then_some(())
        })
        .await;
    });
}

#[test]
fn cus_08_nobody_is_written_to_who_opted_out() {
    with_messages(async |world| {
        world.place("prepaid", 1).await;
        world.reads(AYESHA, 1).await;
        world.says(AYESHA, "SMin1", "STOP", None).await;
        let thread = until("the consent is recorded", async || {
            let thread = world.server.get(&format!("/customers/{}/conversation", world.customer)).await;
            (!thread["consent"].as_array().unwrap().is_empty()).then_some(thread)
        })
        .await;
        assert_eq!(thread["consent"][0]["allowed"], false, "{thread}");
        let before = world.vendor.read_by(AYESHA).iter().filter(|message| message.to.starts_with("whatsapp:")).count();
        world.place("prepaid", 1).await;
        until("the SMS instead", async || {
            world.vendor.read_by(AYESHA).into_iter().find(|message| message.to == AYESHA)
        })
        .await;
        let after = world.vendor.read_by(AYESHA).iter().filter(|message| message.to.starts_with("whatsapp:")).count();
        assert!(after <= before + 1, "only the service reply came by WhatsApp");
    });
}

#[test]
fn not_05_without_a_connection_nobody_is_written_to() {
    run(async |server| {
        let customer = server.shop().await;
        server.post("/orders", &with(order(&customer, "DUPATTA", 1), "submit", json!(true))).await;
        server.rest().await;
        assert_eq!(server.get("/conversations").await["items"], json!([]));
        let refused = server.by(Role::Admin, "POST", "/connections").json(&json!({
            "id": "x", "name": "x", "vendor": "smtp", "mode": "practice",
            "settings": {"host": "127.0.0.1", "from": "a@b.pk", "encryption": "none"},
        }));
        refused.send().await.problem(409, "no_connection_keys");
    });
}

#[test]
fn not_05_templates_are_listed_and_filled_in() {
    run(async |server| {
        let list = server.get("/message-templates").await;
        assert!(list["items"].as_array().unwrap().iter().any(|row| row["kind"] == "cod_confirmation"), "{list}");
        let wanted = json!({"channel": "whatsapp", "language": "ur", "variables": {"number": "WEB-7"}});
        let preview = server.post("/message-templates/cod_confirmation/preview", &wanted).await;
        assert_eq!((preview["direction"].as_str(), preview["buttons"].as_array().unwrap().len()), (Some("rtl"), 3));
        assert!(preview["text"].as_str().unwrap().contains("WEB-7"));
        let bad = json!({"channel": "whatsapp", "language": "ur", "variables": {"salary": "1"}});
        let path = "/message-templates/cod_confirmation/preview";
        server.by(Role::Admin, "POST", path).json(&bad).send().await.problem(422, "bad_value");
    });
}
