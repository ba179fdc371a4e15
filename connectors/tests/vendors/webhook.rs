//! Webhooks to users' systems against a receiver that checks their signatures.

use std::time::Duration;

use munshi_connectors::http::{Bounds, Reach};
use munshi_connectors::outcome::{Hint, Outcome, Why};
use munshi_connectors::webhook::{Delivery, Endpoint, deliver, new_secret};

use crate::support::*;

fn endpoint(practice: &Practice) -> Endpoint {
    Endpoint {
        url: secret(&format!("{}/hook/erp", practice.running.base_url())),
        secrets: vec![secret(&practice.settings.webhook_secret)],
        bounds: Bounds { timeout: Duration::from_millis(1_500), ..bounds() },
    }
}

fn delivery(id: &str) -> Delivery {
    Delivery { id: id.to_owned(), body: r#"{"type":"order.placed","note":"Haan جی 🙂"}"#.as_bytes().to_vec() }
}

#[tokio::test]
async fn api_03_deliveries_are_believed_also_while_a_secret_rolls_and_not_otherwise() {
    let practice = practice().await;
    let known = endpoint(&practice);
    assert_eq!(deliver(&practice.http, &known, &delivery("msg_1_erp"), now()).await, Outcome::Ok(()));
    let rolling = Endpoint { secrets: vec![new_secret().unwrap(), known.secrets[0].clone()], ..known.clone() };
    assert_eq!(deliver(&practice.http, &rolling, &delivery("msg_2_erp"), now()).await, Outcome::Ok(()));
    let stranger = Endpoint { secrets: vec![new_secret().unwrap()], ..known.clone() };
    let refused = deliver(&practice.http, &stranger, &delivery("msg_3_erp"), now()).await;
    assert_eq!(refused, Outcome::retry(Why::ServerError(401)));
    let stale = deliver(&practice.http, &known, &delivery("msg_4_erp"), now().plus_seconds(-301)).await;
    assert_eq!(stale, Outcome::retry(Why::ServerError(401)));
    let received = practice.state("received").await;
    let accepted: Vec<bool> = received.as_array().unwrap().iter().map(|r| r["accepted"] == true).collect();
    assert_eq!(accepted, [true, true, false, false]);
    assert_eq!(received[0]["body"], r#"{"type":"order.placed","note":"Haan جی 🙂"}"#, "byte for byte");
}

#[tokio::test]
async fn api_03_every_fault_of_a_receiver_is_repeated_with_the_same_id() {
    let practice = practice().await;
    let endpoint = endpoint(&practice);
    for (kind, class) in [
        ("429", "rate_limited"),
        ("500", "retry"),
        ("503", "retry"),
        ("reset-before", "retry"),
        ("reset-after", "retry"),
        ("slow-body", "retry"),
        ("html-page", "ok"),
    ] {
        practice.fault("hook", kind, 1, 3_000).await;
        let outcome = deliver(&practice.http, &endpoint, &delivery("msg_9_erp"), now()).await;
        assert_eq!(outcome.class(), class, "{kind}: {outcome:?}");
    }
}

#[tokio::test]
async fn sec_04_users_urls_reach_no_inner_address() {
    let practice = practice().await;
    let known = endpoint(&practice);
    let live = Bounds::new(Reach::Public, Vec::new());
    for url in [
        known.url.expose().replace("http:", "https:"),
        "https://169.254.169.254/latest".to_owned(),
        "https://[::1]/".to_owned(),
    ] {
        let endpoint = Endpoint { url: secret(&url), bounds: live.clone(), ..known.clone() };
        let Outcome::Permanent { code, hint, .. } = deliver(&practice.http, &endpoint, &delivery("msg_1"), now()).await
        else {
            panic!()
        };
        assert_eq!((code.as_str(), hint), ("url_address_not_allowed", Hint::FixConnection), "{url}");
    }
    assert_eq!(practice.state("received").await.as_array().unwrap().len(), 0);
}
