//! Meta and mail through the real server, against the practice world: sent, told of, answered, refused.

use hmac::{Hmac, Mac};
use munshi::{
    config::{Config, Span},
    outbound::records::Record,
};
use munshi_domain::user::Role;
use munshi_store::WorkWrite;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{AYESHA, practice::Practice, until};
use crate::harness::{Reply, TestServer, order, run_with, with};

/// Nothing here is about slow vendors.
fn patient(config: &mut Config) {
    super::settings(config);
    config.connections.call_timeout = Span::from_millis(5_000);
}

async fn shop(server: &TestServer, practice: &Practice, connection: &Value) -> (String, Value) {
    let customer = server.shop().await;
    let made = server.post("/connections", connection).await;
    for secret in [&practice.settings.meta_token, &practice.settings.meta_secret, &practice.settings.smtp_password] {
        assert!(!made.to_string().contains(secret.as_str()), "credentials are never answered: {made}");
    }
    (customer, made)
}

/// A shop that sends by Meta, its hook and templates known there, and a customer.
async fn with_meta(server: &TestServer) -> (Practice, String) {
    let practice = Practice::start(Some(server.app().node().now().as_millis())).await;
    let (customer, made) = shop(server, &practice, &practice.meta()).await;
    practice.tell("settings", json!({"meta_webhook": made["hook_url"]})).await;
    server.by(Role::Admin, "POST", "/connections/meta/templates").send().await.ok();
    (practice, customer)
}

async fn place(server: &TestServer, customer: &str, payment: &str) -> Value {
    let body = with(order(customer, "DUPATTA", 1), "payment_method", json!(payment));
    server.post("/orders", &with(body, "submit", json!(true))).await
}

/// Lets time pass for both.
async fn pass(server: &TestServer, practice: &Practice, seconds: i64) {
    server.advance(seconds);
    practice.tell("advance", json!({"seconds": seconds})).await;
}

/// The statuses a customer's thread has of its messages, oldest first.
async fn statuses(server: &TestServer, customer: &str) -> Vec<String> {
    let thread = server.get(&format!("/customers/{customer}/conversation")).await;
    let path = format!("/conversations/{}/messages?limit=100", thread["id"].as_str().unwrap());
    let entries = server.get(&path).await;
    let mut events: Vec<Value> =
        entries["items"].as_array().unwrap().iter().map(|entry| entry["event"].clone()).collect();
    events.reverse();
    let recorded = events.iter().filter(|event| event["type"] == "StatusRecorded");
    recorded.map(|event| event["status"].as_str().unwrap().to_owned()).collect()
}

fn signed(body: &str, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

/// The path of an address, as the harness takes it.
fn path(hook: &str) -> String {
    format!("//{}", hook.split_once("://").unwrap().1.split_once('/').unwrap().1)
}

async fn deliver(server: &TestServer, hook: &str, body: &str, signature: Option<&str>) -> Reply {
    let call = server.open("POST", &path(hook)).without("idempotency-key");
    let call = match signature {
        Some(signature) => call.header("x-hub-signature-256", signature),
        None => call,
    };
    call.raw(body.to_owned()).send().await
}

#[test]
fn cus_08_by_meta_a_question_goes_out_its_statuses_come_back_and_a_tapped_button_decides() {
    run_with(patient, async |server| {
        let (practice, customer) = with_meta(server).await;
        server.by(Role::Admin, "PATCH", "/settings").json(&json!({"confirm_cod": true})).send().await.ok();
        let placed = place(server, &customer, "cod").await;
        let number = placed["number"].as_str().unwrap();
        let asked = until("the question", async || practice.read_by(AYESHA).await.pop()).await;
        assert_eq!((asked["vendor"].as_str(), asked["template"].as_bool()), (Some("meta"), Some(true)), "{asked}");
        assert!(asked["text"].as_str().unwrap().contains(number), "{asked}");
        until("it is known as delivered", async || {
            pass(server, &practice, 1).await;
            let known = statuses(server, &customer).await;
            known.contains(&"delivered".to_owned()).then_some(())
        })
        .await;
        let payload = asked["buttons"][0][1].as_str().unwrap();
        practice
            .tell(
                "emit",
                json!({
                    "phone": AYESHA, "vendor": "meta", "text": asked["buttons"][0][0], "payload": payload,
                    "reply_to": asked["id"], "name": "Ayesha",
                }),
            )
            .await;
        let id = placed["id"].as_str().unwrap();
        until("the order goes on", async || {
            pass(server, &practice, 1).await;
            let status = server.get(&format!("/orders/{id}")).await["status"].clone();
            ["approved", "processing"].contains(&status.as_str().unwrap()).then_some(())
        })
        .await;
        let thanks = until("the thanks", async || practice.read_by(AYESHA).await.into_iter().nth(1)).await;
        assert_eq!(thanks["template"], false, "the window is open: {thanks}");
    });
}

#[test]
fn not_03_by_meta_a_lost_answer_is_settled_by_the_status_and_not_by_sending_again() {
    run_with(patient, async |server| {
        let (practice, customer) = with_meta(server).await;
        practice.fault("meta", "reset-after", 1).await;
        place(server, &customer, "prepaid").await;
        until("the outcome is unknown", async || {
            let thread = server.by(Role::Admin, "GET", &format!("/customers/{customer}/conversation")).send().await;
            if !thread.status.is_success() {
                return None;
            }
            statuses(server, &customer).await.contains(&"unknown".to_owned()).then_some(())
        })
        .await;
        until("the status tells", async || {
            pass(server, &practice, 1).await;
            let health = server.get("/connections/meta").await["health"].clone();
            let open = ["planned", "unknown", "in_flight"].iter().map(|name| health[*name].as_u64().unwrap());
            let known = statuses(server, &customer).await.contains(&"delivered".to_owned());
            // The effect is looked at again once its news had time to come.
            server.advance(60);
            (known && open.sum::<u64>() == 0).then_some(())
        })
        .await;
        assert_eq!(practice.read_by(AYESHA).await.len(), 1);
        assert_eq!(server.get("/dead-letters").await["items"], json!([]));
    });
}

#[test]
fn not_03_news_that_come_after_a_person_was_asked_close_the_dead_letter_and_nothing_is_sent_again() {
    run_with(patient, async |server| {
        let (practice, customer) = with_meta(server).await;
        // Taken, the answer lost, and the vendor's news of it, too.
        practice.fault("meta", "reset-after", 1).await;
        practice.fault("meta", "drop-webhook", 2).await;
        place(server, &customer, "prepaid").await;
        let dead = until("a person is asked", async || {
            pass(server, &practice, 60).await;
            let list = server.get("/dead-letters").await;
            list["items"].as_array().unwrap().first().cloned()
        })
        .await;
        assert_eq!((dead["class"].as_str(), dead["replayable"].as_bool()), (Some("no_news"), Some(true)), "{dead}");
        assert_eq!(statuses(server, &customer).await, ["unknown"]);
        let outbound = server.app().outbound();
        let kept = outbound.dead(Some("meta"), None, 1).await.unwrap().remove(0);
        // She reads it, and that is told after all.
        practice.tell("read", json!({"phone": AYESHA})).await;
        until("the dead letter is closed", async || {
            pass(server, &practice, 1).await;
            let list = server.get("/dead-letters").await;
            list["items"].as_array().unwrap().is_empty().then_some(())
        })
        .await;
        assert_eq!(statuses(server, &customer).await, ["unknown", "read"]);
        let path = format!("/dead-letters/meta/{}", dead["id"].as_str().unwrap());
        let gone = server.by(Role::Admin, "GET", &path).send().await.problem(404, "not_found");
        assert!(gone["detail"].as_str().unwrap().contains("closed: settled"), "{gone}");
        // As if the server had ended between the news and the closing: whoever replays it is told, one by one or all.
        for (path, body) in
            [(format!("{path}/replay"), json!({})), ("/dead-letters/replay".into(), json!({"connection": "meta"}))]
        {
            let write = WorkWrite { put: vec![kept.row()], awaited: true, ..outbound.writer().begin() };
            outbound.writer().write(write).await.unwrap();
            let reply = server.by(Role::Admin, "POST", &path).json(&body).send().await;
            if path.contains("/meta/") {
                reply.problem(409, "dead_letter_settled");
            } else {
                assert_eq!(reply.ok()["replayed"], 0);
            }
            assert_eq!(server.get("/dead-letters").await["items"], json!([]));
        }
        pass(server, &practice, 60).await;
        server.rest().await;
        assert_eq!(practice.read_by(AYESHA).await.len(), 1);
    });
}

#[test]
fn cus_08_only_what_meta_signed_is_taken_in_and_only_who_knows_the_token_subscribes() {
    run_with(patient, async |server| {
        let practice = Practice::start(Some(server.app().node().now().as_millis())).await;
        let (_, made) = shop(server, &practice, &practice.meta()).await;
        let (hook, secret) = (made["hook_url"].as_str().unwrap(), practice.settings.meta_secret.as_str());
        let body = |text: &str| {
            let at = (server.app().node().now().as_millis() / 1_000).to_string();
            let message = json!({
                "from": "923001234567", "id": "wamid.1", "timestamp": at, "type": "text", "text": {"body": text},
            });
            let value = json!({
                "messaging_product": "whatsapp", "messages": [message],
                "metadata": {"phone_number_id": practice.settings.phone_number_id, "display_phone_number": "14155238886"},
            });
            json!({
                "object": "whatsapp_business_account",
                "entry": [{"id": practice.settings.business_account_id, "changes": [{"field": "messages", "value": value}]}],
            })
            .to_string()
        };
        let (good, other) = (body("haan"), body("nahi"));
        let fits = signed(&good, secret);
        for (body, signature, status) in [
            (&good, None, 401),
            (&good, Some("sha256=00"), 403),
            (&good, Some(signed(&good, "another secret").as_str()), 403),
            (&other, Some(fits.as_str()), 403),
            (&good, Some(fits.as_str()), 200),
            (&good, Some(fits.as_str()), 200),
        ] {
            assert_eq!(deliver(server, hook, body, signature).await.status, status, "{body} {signature:?}");
        }
        until("it is heard once", async || {
            let list = server.get("/conversations").await;
            let id = list["items"].as_array().unwrap().first()?["id"].as_str()?.to_owned();
            let entries = server.get(&format!("/conversations/{id}/messages?limit=100")).await;
            let entries = entries["items"].as_array().unwrap().clone();
            let heard = entries.iter().filter(|entry| entry["event"]["type"] == "InboundReceived");
            (heard.map(|entry| entry["text"].clone()).collect::<Vec<_>>() == [json!("haan")]).then_some(())
        })
        .await;
        let ask =
            |token: &str| format!("{}?hub.mode=subscribe&hub.challenge=abc123&hub.verify_token={token}", path(hook));
        let known = server.open("GET", &ask("canary-verify-token")).send().await;
        assert_eq!((known.status.as_u16(), &known.bytes[..]), (200, &b"abc123"[..]));
        assert_eq!(server.open("GET", &ask("guessed")).send().await.status, 403);
    });
}

#[test]
fn not_03_a_mail_arrives_whole_and_one_whose_answer_was_lost_comes_again_under_the_same_id() {
    run_with(patient, async |server| {
        let practice = Practice::start(None).await;
        let (customer, _) = shop(server, &practice, &practice.mail()).await;
        let placed = place(server, &customer, "prepaid").await;
        let number = placed["number"].as_str().unwrap();
        let mail = until("the mail", async || practice.mails().await.pop()).await;
        assert_eq!((&mail["to"], &mail["signed_in"]), (&json!(["ayesha@example.pk"]), &json!(true)), "{mail}");
        assert!(mail["subject"].as_str().unwrap().contains(number) && mail["text"].as_str().unwrap().contains(number));
        assert!(mail["html"].as_str().unwrap().contains("<html"), "{mail}");
        // Taken, but the answer was lost: one more attempt, which a mailbox recognises by its id.
        practice.fault("smtp", "reset-after", 1).await;
        let placed = place(server, &customer, "prepaid").await;
        let number = placed["number"].as_str().unwrap();
        let copies = until("the second copy", async || {
            server.advance(1);
            let mails = practice.mails().await;
            let of: Vec<Value> = mails
                .iter()
                .filter(|mail| mail["subject"].as_str().unwrap().contains(number))
                .map(|mail| mail["message_id"].clone())
                .collect();
            (of.len() > 1).then_some(of)
        })
        .await;
        assert!(copies.len() == 2 && copies[0] == copies[1] && copies[0] != mail["message_id"], "{copies:?}");
        // Refused for good: a person sees it, and replays it when the server takes mail again.
        practice.fault("smtp", "500", 1).await;
        let placed = place(server, &customer, "prepaid").await;
        let number = placed["number"].as_str().unwrap();
        let dead = until("a dead letter", async || {
            let list = server.get("/dead-letters").await;
            list["items"].as_array().unwrap().first().cloned()
        })
        .await;
        assert_eq!((dead["connection"].as_str(), dead["class"].as_str()), (Some("mail"), Some("554")), "{dead}");
        server.post(&format!("/dead-letters/mail/{}/replay", dead["id"].as_str().unwrap()), &json!({})).await;
        until("the mail after all", async || {
            let mails = practice.mails().await;
            mails.iter().any(|mail| mail["subject"].as_str().unwrap().contains(number)).then_some(())
        })
        .await;
    });
}
