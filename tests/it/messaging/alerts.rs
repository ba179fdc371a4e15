//! What people are told when connections fail, in a chat room on loopback, and what operators do about it (NOT-04, NOT-08).

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, routing::post};
use munshi_domain::user::Role;
use serde_json::{Value, json};

use super::{AYESHA, World, until, vendor::Fault, with_messages};
use crate::live::client::{Console, Raw};

/// A room that answers as Slack does and keeps what was posted.
#[derive(Clone, Default)]
struct Room(Arc<Mutex<Vec<Value>>>);

impl Room {
    async fn open(world: &World<'_>, roles: &Value) -> (Self, tokio::task::JoinHandle<()>) {
        async fn hear(State(room): State<Room>, body: Bytes) -> &'static str {
            room.0.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
            "ok"
        }
        let room = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/services/T1/canary-room", listener.local_addr().unwrap());
        let router = Router::new().route("/services/{*rest}", post(hear)).with_state(room.clone());
        let serving = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        let made = world
            .server
            .post(
                "/connections",
                &json!({
                    "id": "room", "name": "Managers", "vendor": "slack", "mode": "practice",
                    "settings": {"roles": roles}, "credentials": {"url": url},
                }),
            )
            .await;
        assert!(!made.to_string().contains("canary"), "the address is the secret: {made}");
        (room, serving)
    }

    fn posted(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(Value::to_string).collect()
    }

    async fn hears(&self, what: &str, text: &str) -> String {
        until(what, async || self.posted().into_iter().find(|note| note.contains(text))).await
    }
}

/// Types of a connection's entries, oldest first.
async fn happened(world: &World<'_>, connection: &str) -> Vec<Value> {
    let list = world.server.by(Role::Admin, "GET", &format!("/connections/{connection}/events")).send().await;
    if list.status == 404 {
        return Vec::new();
    }
    let items = list.ok()["items"].as_array().unwrap().clone();
    items.iter().flat_map(|item| item["events"].as_array().unwrap().clone()).collect()
}

#[test]
fn not_08_a_vendor_that_is_gone_is_told_once_however_long_it_lasts() {
    with_messages(async |world| {
        let (room, serving) = Room::open(world, &json!(["sales_manager"])).await;
        world.vendor.stop();
        for _ in 0..6 {
            world.place("prepaid", 1).await;
        }
        let note = until("the outage is told", async || {
            world.server.advance(2);
            room.posted().into_iter().find(|note| note.contains("WhatsApp"))
        })
        .await;
        assert!(note.contains("it does not answer") && note.contains("/messages/connections"), "{note}");
        let began = |events: &[Value]| events.iter().filter(|event| event["type"] == "TroubleBegan").count();
        // It is tried again and again, and fails again and again.
        let before = world.server.get("/connections/twilio").await["health"]["last_failure"].clone();
        until("another attempt failed", async || {
            world.server.advance(60);
            let now = world.server.get("/connections/twilio").await["health"]["last_failure"].clone();
            (now != before).then_some(())
        })
        .await;
        assert_eq!(began(&happened(world, "twilio").await), 1);
        assert_eq!(room.posted().len(), 1, "{:?}", room.posted());
        serving.abort();
    });
}

#[test]
fn not_08_aud_01_dead_letters_are_told_once_and_who_ended_them_is_in_the_journal() {
    with_messages(async |world| {
        let (room, serving) = Room::open(world, &json!(["admin"])).await;
        let mut dead = Vec::new();
        for count in 1..=2 {
            // Neither by WhatsApp nor by SMS, and nobody's number is to blame.
            world.vendor.fault(Fault::Refused(63030));
            world.vendor.fault(Fault::Refused(92005));
            world.place("prepaid", 1).await;
            dead = until("a dead letter", async || {
                let list = world.server.get("/dead-letters").await["items"].as_array().unwrap().clone();
                (list.len() == count).then_some(list)
            })
            .await;
        }
        let note = room.hears("the dead letters are told", "needs a person").await;
        assert!(note.contains("WhatsApp") && note.contains("something could not be sent"), "{note}");
        let of_class = |class: &str| format!("/dead-letters?class={class}&limit=1");
        let class = dead[0]["class"].as_str().unwrap();
        let first = world.server.get(&of_class(class)).await;
        assert_eq!(first["items"].as_array().unwrap().len(), 1, "a page of one of two: {first}");
        let next = world.server.get(&format!("{}&after={}", of_class(class), first["next"].as_str().unwrap())).await;
        assert_ne!(first["items"][0]["id"], next["items"][0]["id"], "{next}");
        assert_eq!(world.server.get(&of_class("nothing")).await["items"], json!([]));
        for letter in &dead {
            let path = format!("/dead-letters/twilio/{}/discard", letter["id"].as_str().unwrap());
            let call = world.server.by(Role::SalesManager, "POST", &path).json(&json!({"reason": "told by phone"}));
            assert_eq!(call.send().await.status, 204);
        }
        let events = until("the end is noted", async || {
            let events = happened(world, "twilio").await;
            events.iter().any(|event| event["type"] == "TroubleEnded").then_some(events)
        })
        .await;
        let acted: Vec<_> = events.iter().filter(|event| event["operation"] == "discarded").collect();
        let by = world.server.id(Role::SalesManager).to_string();
        assert_eq!(acted.len(), 2, "{events:?}");
        assert!(acted.iter().all(|event| event["by"] == by && event["reason"] == "told by phone"), "{acted:?}");
        assert_eq!(events.iter().filter(|event| event["type"] == "TroubleBegan").count(), 1);
        assert_eq!(room.posted().len(), 1, "{:?}", room.posted());
        serving.abort();
    });
}

#[test]
fn not_04_apr_03_a_room_hears_of_the_approvals_and_stock_of_its_roles_only() {
    with_messages(async |world| {
        let server = world.server;
        let (room, serving) = Room::open(world, &json!(["sales_manager"])).await;
        let bad = json!({"id": "no", "name": "no", "vendor": "slack", "mode": "practice", "credentials": {"url": "http://127.0.0.1:1/x"}});
        server.by(Role::Admin, "POST", "/connections").json(&bad).send().await.problem(422, "bad_connection");
        let rule =
            |role: &str, over: &str| json!({"over": {"amount": over, "currency": "PKR"}, "queue": role, "role": role});
        let rules = json!([rule("sales_manager", "1000.00"), rule("finance", "1500.00")]);
        server.by(Role::Admin, "PATCH", "/settings").json(&json!({"approval_rules": rules})).send().await.ok();
        let order = world.place("prepaid", 2).await;
        let number = order["number"].as_str().unwrap();
        let note = room.hears("the approval is posted", number).await;
        assert!(
            note.contains("/approvals") && note.contains("Rs ") && !note.contains("mq1.") && !note.contains("ml1."),
            "{note}"
        );
        server.rest().await;
        let told = room.posted().iter().filter(|note| note.contains(number)).count();
        assert_eq!(told, 1, "what finance decides is not posted here: {:?}", room.posted());
        serving.abort();
    });
}

#[test]
fn cus_08_threads_that_need_a_person_are_on_the_board_first_and_live() {
    with_messages(async |world| {
        let server = world.server;
        let mut desk = Console::live(server, server.token(Role::CustomerService), &["shop.threads"]).await;
        assert!(desk.bodies("shop.threads").is_empty());
        world.says("+923330000001", "SMin1", "STOP", None).await;
        world.says(AYESHA, "SMin2", "kapra kaisa hai, rang utray ga?", None).await;
        desk.until("the thread that needs a person", |console| console.bodies("shop.threads").len() == 1).await;
        let (id, row) = desk.bodies("shop.threads").into_iter().next().unwrap();
        assert_eq!((row["state"].as_str(), row["why"].as_str().is_some()), (Some("agent"), true), "{row}");
        assert!(!row.to_string().contains("rang"), "a row says nothing of what was written: {row}");
        // Later than the one that needs a person, and still behind it.
        world.says("+923330000002", "SMin3", "STOP", None).await;
        let list = until("all three are listed", async || {
            let list = server.get("/conversations").await["items"].as_array().unwrap().clone();
            (list.len() == 3).then_some(list)
        })
        .await;
        let needs: Vec<_> = list.iter().map(|row| row["needs_agent"].as_bool().unwrap()).collect();
        assert_eq!(needs, [true, false, false], "{list:?}");
        let topic = format!("thread.{}", id.replace('-', ""));
        let mut agent = Console::live(server, server.token(Role::CustomerService), &[&topic]).await;
        let rev = agent.bodies(&topic)[&id]["rev"].as_u64().unwrap();
        server.by(Role::CustomerService, "POST", &format!("/conversations/{id}/resolve")).send().await.ok();
        desk.until("it is done", |console| console.bodies("shop.threads").is_empty()).await;
        agent.until("it is done", |console| console.bodies(&topic)[&id]["rev"].as_u64().unwrap() > rev).await;
        let (mut raw, _) = Raw::greeted(server.address, server.token(Role::Viewer), &[]).await;
        for (name, code) in [("shop.threads", "sub_denied"), (topic.as_str(), "sub_denied")] {
            raw.send(&json!({"t": "sub", "id": 7, "d": {"topic": name}})).await;
            assert_eq!(raw.find(|frame| frame["id"] == 7).await["d"]["code"], code, "{name}");
        }
        let (mut raw, _) = Raw::greeted(server.address, server.token(Role::Admin), &[]).await;
        raw.send(&json!({"t": "sub", "id": 7, "d": {"topic": "thread.00000000000000000000000000000007"}})).await;
        assert_eq!(raw.find(|frame| frame["id"] == 7).await["d"]["code"], "bad_topic");
    });
}

#[test]
fn cus_08_a_flood_from_one_connection_is_held_back_and_another_is_not() {
    with_messages(async |world| {
        let path = "/connections/twilio";
        let slow = json!({"settings": {"inbound_per_second": 0.001}});
        world.server.by(Role::Admin, "PATCH", path).json(&slow).send().await.ok();
        let form =
            [("MessageSid", "SMin1"), ("From", "whatsapp:+923001234567"), ("Body", "haan"), ("SmsStatus", "received")];
        let signed = super::vendor::signature(&world.hook, &form);
        assert_eq!(world.deliver(&form, &signed).await.status, 200);
        let held = world.deliver(&form, &signed).await;
        assert_eq!(held.status, 429, "{held:?}");
        assert!(held.headers["retry-after"].parse::<u64>().unwrap() >= 1);
        // Another rate counts at once.
        let usual = json!({"settings": {"inbound_per_second": null}});
        world.server.by(Role::Admin, "PATCH", path).json(&usual).send().await.ok();
        for _ in 0..20 {
            assert_eq!(world.deliver(&form, &signed).await.status, 200);
        }
    });
}
