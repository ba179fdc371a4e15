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
use crate::harness::{order, run_with, with};

#[derive(Default)]
struct Heard {
    taken: Vec<(String, Value)>,
    refuse: usize,
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
    if heard.refuse > 0 {
        heard.refuse -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    heard.taken.push((id, serde_json::from_slice(&body).unwrap()));
    StatusCode::NO_CONTENT
}

#[test]
fn api_03_a_subscriber_hears_signed_events_of_an_entity_in_order_and_again_on_demand() {
    run_with(settings, async |server| {
        let receiver = Receiver::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let router = Router::new().route("/events", post(hear)).with_state(receiver.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        let customer = server.shop().await;
        let head = server.head();
        let made = server
            .post(
                "/connections",
                &json!({
                    "id": "erp", "name": "ERP", "vendor": "webhook", "mode": "practice", "base_url": url,
                    "settings": {"kinds": ["order"]}, "credentials": {"secret": "whsec_c2VjcmV0"},
                }),
            )
            .await;
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
