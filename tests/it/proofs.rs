//! Promises that only many requests at once can break: numbers, credit; and what an order keeps of its customer.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};
use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{TestServer, order, run, run_rounds, with};

/// Orders in each of the three lives of the server.
const ORDERS: usize = 3_400;

/// Places an order as a caller does: what was not done because the server is busy is asked for again, by the same key.
async fn patiently(server: &TestServer, body: &Value) -> Value {
    let key = server.fresh_key();
    for _ in 0..1_200 {
        let call = server.by(Role::Admin, "POST", "/orders").without("idempotency-key").key(&key);
        let reply = call.json(body).send().await;
        if reply.status.as_u16() != 429 {
            return reply.ok();
        }
        reply.problem(429, "busy");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the server stays busy");
}

#[test]
fn ord_01_ten_thousand_concurrent_orders_over_two_restarts_have_numbers_of_their_own() {
    let mut numbers = BTreeSet::new();
    let mut count = 0;
    let mut customer = String::new();
    run_rounds(3, async |server, round| {
        if round == 0 {
            customer = server.shop().await;
            let service =
                json!({"title": "Stitching", "price": {"amount": "100", "currency": "PKR"}, "stocked": false});
            server.post("/products", &json!({"sku": "STITCH", "details": service})).await;
            let format = json!({"order_number": "KHI/{yyyy}-{seq:7}"});
            server.by(Role::Admin, "PATCH", "/settings").json(&format).send().await.ok();
        }
        let body = with(order(&customer, "STITCH", 1), "submit", json!(true));
        let place = |_| async { patiently(server, &body).await["number"].as_str().unwrap_or_default().to_owned() };
        let made: Vec<String> = stream::iter(0..ORDERS).map(place).buffer_unordered(64).collect().await;
        count += made.len();
        for number in made {
            let digits = number.strip_prefix("KHI/2027-").unwrap_or_else(|| panic!("{number} is not of the format"));
            assert!(digits.len() == 7 && digits.bytes().all(|digit| digit.is_ascii_digit()), "{number}");
            assert!(numbers.insert(number.clone()), "{number} was given twice");
        }
        server.rest().await;
    });
    assert_eq!((numbers.len(), count), (3 * ORDERS, 3 * ORDERS));
}

#[test]
fn val_02_n19_orders_at_the_same_time_share_one_limit() {
    run(async |server| {
        let customer = server.shop().await;
        let credit = format!("/customers/{customer}/credit");
        let terms = json!({"limit": {"amount": "5000.00", "currency": "PKR"}, "days": 30});
        server.by(Role::Finance, "PUT", &credit).json(&terms).send().await.ok();
        let body = with(with(order(&customer, "KURTA-M", 1), "payment_method", json!("terms")), "submit", json!(true));
        let place = |_| async { server.by(Role::SalesManager, "POST", "/orders").json(&body).send().await };
        let replies: Vec<_> = stream::iter(0..9).map(place).buffer_unordered(9).collect().await;
        let (placed, refused): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status.is_success());
        assert_eq!(placed.len(), 3, "three of 1500 fit into 5000");
        refused.iter().for_each(|reply| drop(reply.problem(409, "credit_limit_exceeded")));
        server.rest().await;
        assert_eq!(server.get(&credit).await["exposure"]["amount"], "4500.00");
        let row = server.get("/warehouses/KHI-1/stock/KURTA-M").await;
        assert_eq!(row["available"], 7, "what was refused holds no stock: {row}");
    });
}

#[test]
fn apr_01_apr_08_a_new_threshold_is_for_the_next_order() {
    run(async |server| {
        let customer = server.shop().await;
        let rule = |amount: &str| json!({"approval_rules": [{"over": {"amount": amount, "currency": "PKR"}, "queue": "sales", "role": "sales_manager"}]});
        let set = async |body| server.by(Role::Admin, "PATCH", "/settings").json(&body).send().await.ok();
        let place = async |units| {
            let body = with(order(&customer, "DUPATTA", units), "submit", json!(true));
            let made = server.post("/orders", &body).await;
            server.rest().await;
            format!("/orders/{}", made["id"].as_str().unwrap())
        };
        set(rule("1601.00")).await;
        let (below, above) = (place(2).await, place(3).await);
        assert_eq!(server.get(&below).await["status"], "processing", "1601.00 is not over 1601.00");
        let waiting = server.get(&above).await;
        assert_eq!(waiting["status"], "pending_approval", "{waiting}");
        set(rule("9000.00")).await;
        let later = place(3).await;
        assert_eq!(server.get(&later).await["status"], "processing");
        let still = server.get(&above).await;
        assert_eq!(
            (&still["status"], &still["approval"]),
            (&waiting["status"], &waiting["approval"]),
            "its plan is pinned"
        );
    });
}

#[test]
fn inv_11_the_ledger_says_why_there_are_so_many() {
    run(async |server| {
        let customer = server.shop().await;
        let base = "/warehouses/KHI-1/stock/KURTA-M";
        server.post(&format!("{base}/receive"), &json!({"quantity": 5, "reference": "PO-7"})).await;
        server.post(&format!("{base}/adjust"), &json!({"delta": -2, "reason": "water damage"})).await;
        let made = server.post("/orders", &with(order(&customer, "KURTA-M", 3), "submit", json!(true))).await;
        server.rest().await;
        let parcel = format!("/warehouses/KHI-1/parcels/{}/1", made["id"].as_str().unwrap());
        for (step, body) in [
            ("claim", json!({})),
            ("confirm", json!({"sku": "KURTA-M", "quantity": 3})),
            ("pack", json!({"weight_grams": 900})),
            ("book", json!({"carrier": "TCS", "tracking": "T-1"})),
            ("hand-over", json!({})),
        ] {
            server.by(Role::Warehouse, "POST", &format!("{parcel}/{step}")).json(&body).send().await.ok();
            server.rest().await;
        }
        let ledger = server.get(&format!("{base}/ledger")).await;
        let entry = |item: &serde_json::Value| {
            (
                item["delta"].as_i64().unwrap(),
                item["cause"].as_str().unwrap().to_owned(),
                item["reason"].as_str().map(str::to_owned),
            )
        };
        let entries: Vec<_> = ledger["items"].as_array().unwrap().iter().map(entry).collect();
        let told = |delta, cause: &str, reason: Option<&str>| (delta, cause.to_owned(), reason.map(str::to_owned));
        assert_eq!(
            entries,
            [
                told(-3, "shipped", None),
                told(-2, "adjusted", Some("water damage")),
                told(5, "received", Some("PO-7")),
                told(10, "received", Some("opening")),
            ]
        );
        assert_eq!(ledger["items"][0]["order"], made["id"], "and for whom");
        let on_hand = server.get(base).await["on_hand"].as_i64().unwrap();
        assert_eq!(entries.iter().map(|(delta, ..)| delta).sum::<i64>(), on_hand);
    });
}

#[test]
fn ord_02_an_order_keeps_its_customer_as_it_was() {
    run(async |server| {
        let customer = server.shop().await;
        let placed = server.post("/orders", &with(order(&customer, "DUPATTA", 1), "submit", json!(true))).await;
        let before = placed["customer"].clone();
        let change = json!({"name": "Ayesha Malik", "phones": ["0321 7654321"], "emails": [], "tier": "gold"});
        let path = format!("/customers/{customer}");
        let changed = server.by(Role::Admin, "PATCH", &path).json(&change).send().await.ok();
        assert_eq!(changed["name"], "Ayesha Malik");
        let after = server.get(&format!("/orders/{}", placed["id"].as_str().unwrap())).await;
        assert_eq!(after["customer"], before);
        let fresh = server.post("/orders", &order(&customer, "DUPATTA", 1)).await;
        assert_eq!(
            (&fresh["customer"]["name"], &fresh["customer"]["phone"]),
            (&json!("Ayesha Malik"), &json!("+923217654321"))
        );
    });
}
