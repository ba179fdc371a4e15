//! Subscribers of signed webhooks, over a real receiver on loopback (API-03).

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use munshi_domain::user::Role;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{settings, until};
use crate::harness::{Call, TestServer, order, run_with, with};

#[derive(Default)]
struct Heard {
    taken: Vec<(String, Value)>,
    refuse: usize,
    /// How often it says "never again".
    gone: usize,
    attempts: Vec<String>,
    unsigned: usize,
}

type Receiver = Arc<Mutex<Heard>>;

async fn hear(State(heard): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let (id, at, given) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let mut mac = Hmac::<Sha256>::new_from_slice(b"secret").unwrap();
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&body);
    let wanted = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let mut heard = heard.lock().unwrap();
    heard.attempts.push(id.clone());
    if !given.split(' ').any(|one| one == wanted) {
        heard.unsigned += 1;
        return StatusCode::UNAUTHORIZED;
    }
    if heard.gone > 0 {
        heard.gone -= 1;
        return StatusCode::GONE;
    }
    if heard.refuse > 0 {
        heard.refuse -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    heard.taken.push((id, serde_json::from_slice(&body).unwrap()));
    StatusCode::NO_CONTENT
}

/// A subscriber on loopback.
async fn receiver() -> (Receiver, String, tokio::task::JoinHandle<()>) {
    let receiver = Receiver::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let router = Router::new().route("/events", post(hear)).with_state(receiver.clone());
    (receiver, url, tokio::spawn(async move { drop(axum::serve(listener, router).await) }))
}

fn subscriber(url: &str) -> Value {
    json!({
        "id": "erp", "name": "ERP", "vendor": "webhook", "mode": "practice", "base_url": url,
        "settings": {"kinds": ["order"]}, "credentials": {"secret": "whsec_c2VjcmV0"},
    })
}

/// A call of an administrator in a session of its own: days go by in some tests.
async fn fresh<'a>(server: &'a TestServer, method: &'static str, path: &str) -> Call<'a> {
    let token = server.session(server.id(Role::Admin)).await;
    server.open(method, path).token(&token)
}

/// What the journal has of the subscriber's connection.
async fn happened(server: &TestServer) -> Vec<Value> {
    let list = fresh(server, "GET", "/connections/erp/events?limit=200").await.send().await.ok();
    let items = list["items"].as_array().unwrap().clone();
    items.iter().flat_map(|item| item["events"].as_array().unwrap().clone()).collect()
}

#[test]
fn api_03_aud_01_an_event_is_changed_and_replayed_and_the_journal_says_by_whom() {
    run_with(settings, async |server| {
        let (receiver, url, serving) = receiver().await;
        let customer = server.shop().await;
        server.post("/connections", &subscriber(&url)).await;
        receiver.lock().unwrap().gone = 1;
        server.post("/orders", &with(order(&customer, "DUPATTA", 1), "submit", json!(true))).await;
        let dead = until("a dead letter", async || {
            server.get("/dead-letters").await["items"].as_array().unwrap().first().cloned()
        })
        .await;
        let path = format!("/dead-letters/erp/{}", dead["id"].as_str().unwrap());
        let whole = server.get(&path).await;
        let mut data = whole["values"]["data"].clone();
        assert!(data["type"].is_string(), "what would be sent: {whole}");
        data["mended"] = json!(true);
        for bad in [json!({"secret": {}}), json!({"data": "text"})] {
            let call = server.by(Role::Admin, "POST", &format!("{path}/replay")).json(&json!({"values": bad}));
            call.send().await.problem(422, "bad_value");
        }
        let call = server.by(Role::SalesManager, "POST", &format!("{path}/replay"));
        call.json(&json!({"values": {"data": data}, "reason": "a field was missing"})).send().await.ok();
        let heard = until("the changed event", async || {
            server.advance(1);
            let heard = receiver.lock().unwrap();
            heard.taken.iter().find(|(_, body)| body["data"]["mended"] == true).cloned()
        })
        .await;
        assert_eq!(heard.1["data"], data);
        let events = happened(server).await;
        let edited: Vec<_> = events.iter().filter(|event| event["operation"] == "edited").collect();
        assert_eq!(edited.len(), 1, "{events:?}");
        assert_eq!(edited[0]["by"], server.id(Role::SalesManager).to_string());
        assert_eq!(edited[0]["reason"], "a field was missing");
        assert!(edited[0]["subject"].as_str().unwrap().ends_with(": data"), "{}", edited[0]);
        serving.abort();
    });
}

#[test]
fn api_03_a_subscriber_that_fails_for_three_days_is_paused_told_and_goes_on_when_resumed() {
    run_with(settings, async |server| {
        let (receiver, url, serving) = receiver().await;
        let customer = server.shop().await;
        server.post("/connections", &subscriber(&url)).await;
        receiver.lock().unwrap().refuse = usize::MAX;
        server.post("/orders", &with(order(&customer, "DUPATTA", 1), "submit", json!(true))).await;
        until("it is told that it fails", async || {
            server.advance(60);
            happened(server).await.iter().any(|event| event["trouble"] == "failing").then_some(())
        })
        .await;
        let early = fresh(server, "GET", "/connections/erp").await.send().await.ok();
        assert_eq!(early["mode"], "practice", "{early}");
        // Something new happens each day, so that not everything has expired.
        let paused = until("it is paused", async || {
            server.advance(4 * 3_600);
            let more = with(order(&customer, "DUPATTA", 1), "submit", json!(true));
            fresh(server, "POST", "/orders").await.json(&more).send().await.ok();
            let now = fresh(server, "GET", "/connections/erp").await.send().await.ok();
            (now["mode"] == "paused").then_some(now)
        })
        .await;
        assert_eq!(paused["paused_because"], "failing");
        until("that is told", async || {
            happened(server).await.iter().any(|event| event["trouble"] == "auto_paused").then_some(())
        })
        .await;
        receiver.lock().unwrap().refuse = 0;
        let resume = fresh(server, "POST", "/connections/erp/resume").await;
        assert_eq!(resume.json(&json!({"reason": "mended"})).send().await.ok()["mode"], "practice");
        until("what waited is taken", async || (!receiver.lock().unwrap().taken.is_empty()).then_some(())).await;
        let events = until("the end is noted", async || {
            let events = happened(server).await;
            let ended = |event: &Value| event["type"] == "TroubleEnded" && event["trouble"] == "auto_paused";
            events.iter().any(ended).then_some(events)
        })
        .await;
        let resumed = events.iter().find(|event| event["operation"] == "resumed").unwrap();
        assert_eq!((resumed["reason"].as_str(), resumed["by"].is_string()), (Some("mended"), true));
        let began = events.iter().filter(|event| event["type"] == "TroubleBegan" && event["trouble"] == "failing");
        assert_eq!(began.count(), 1, "told once: {events:?}");
        serving.abort();
    });
}

#[test]
fn api_03_a_subscriber_hears_signed_events_of_an_entity_in_order_and_again_on_demand() {
    run_with(settings, async |server| {
        let (receiver, url, serving) = receiver().await;
        let customer = server.shop().await;
        let head = server.head();
        let made = server.post("/connections", &subscriber(&url)).await;
        assert!(!made.to_string().contains("c2VjcmV0"), "{made}");
        receiver.lock().unwrap().refuse = 3;
        let placed = server.post("/orders", &with(order(&customer, "DUPATTA", 1), "submit", json!(true))).await;
        let wanted = until("every event is taken", async || {
            server.advance(5);
            let path = format!("/orders/{}/events", placed["id"].as_str().unwrap());
            let timeline = server.get(&path).await;
            let events =
                timeline["items"].as_array().unwrap().iter().map(|row| row["events"].as_array().unwrap().len());
            let count = events.sum::<usize>();
            (receiver.lock().unwrap().taken.len() >= count).then_some(count)
        })
        .await;
        {
            let heard = receiver.lock().unwrap();
            let versions: Vec<_> = heard.taken.iter().map(|(_, body)| body["version"].as_u64().unwrap()).collect();
            assert_eq!(versions, (1..=wanted as u64).collect::<Vec<_>>(), "in order, each once");
            assert_eq!((heard.unsigned, heard.attempts.len()), (0, wanted + 3));
            assert!(heard.taken.iter().all(|(_, body)| body["entity"]["id"] == placed["id"]));
            assert_eq!(heard.attempts[0], heard.attempts[3], "a retry has the same id");
        }
        let again = server.post("/connections/erp/replay", &json!({"after": head})).await;
        assert_eq!(again["replayed"], wanted, "{again}");
        until("every event is taken again", async || {
            server.advance(1);
            (receiver.lock().unwrap().taken.len() >= 2 * wanted).then_some(())
        })
        .await;
        let heard = receiver.lock().unwrap();
        let ids =
            |range: std::ops::Range<usize>| heard.taken[range].iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(0..wanted), ids(wanted..2 * wanted));
        serving.abort();
    });
}

#[test]
fn api_03_a_subscriber_is_checked_and_another_role_cannot_make_one() {
    run_with(settings, async |server| {
        let wanted = |url: &str, secret: &str| {
            json!({
                "id": "x", "name": "x", "vendor": "webhook", "mode": "live", "base_url": url,
                "credentials": {"secret": secret},
            })
        };
        for (url, secret) in [
            ("http://hooks.example.pk/", "whsec_c2VjcmV0"),
            ("https://127.0.0.1/", "whsec_c2VjcmV0"),
            ("https://169.254.169.254/latest", "whsec_c2VjcmV0"),
            ("https://hooks.example.pk/", "plain"),
        ] {
            let call = server.by(Role::Admin, "POST", "/connections").json(&wanted(url, secret));
            call.send().await.problem(422, "bad_connection");
        }
        let call = server.by(Role::SalesManager, "POST", "/connections");
        let call = call.json(&wanted("https://hooks.example.pk/", "whsec_c2VjcmV0"));
        call.send().await.problem(403, "forbidden");
    });
}
