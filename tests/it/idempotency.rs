//! The same key gives the same answer, once.

use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{TestServer, order, run, run_twice, with};

#[test]
fn p24_a_repeated_request_gets_the_first_answer_and_has_one_effect() {
    run(async |server| {
        let customer = server.shop().await;
        let draft = server.post("/orders", &order(&customer, "DUPATTA", 2)).await;
        let id = draft["id"].as_str().unwrap();
        let (receive, submit) = ("/warehouses/KHI-1/stock/DUPATTA/receive", format!("/orders/{id}/submit"));
        let cancel = format!("/orders/{id}/cancel");
        let requests: Vec<(&str, &'static str, &str, Value)> = vec![
            ("order", "POST", "/orders", with(order(&customer, "KURTA-M", 2), "submit", json!(true))),
            ("draft", "POST", "/orders", order(&customer, "KURTA-M", 3)),
            ("stock", "POST", receive, json!({"quantity": 5})),
            ("customer", "POST", "/customers", json!({"name": "Bilal", "phones": ["0301 7654321"]})),
            (
                "product",
                "POST",
                "/products",
                json!({"sku": "NEW", "details": {"title": "New", "price": {"amount": "1", "currency": "PKR"}}}),
            ),
            ("warehouse", "POST", "/warehouses", json!({"code": "LHE-1", "name": "Lahore"})),
            (
                "user",
                "POST",
                "/users",
                json!({"email": "new@demo.munshi.pk", "name": "New", "roles": ["viewer"], "password": "a long password"}),
            ),
            ("settings", "PATCH", "/settings", json!({"name": "Khaadi corner"})),
            ("submit", "POST", &submit, json!({})),
            ("cancel", "POST", &cancel, json!({"reason": "changed mind"})),
        ];
        for (name, method, path, body) in &requests {
            let first = server.by(Role::Admin, method, path).key(name).json(body).send().await;
            assert!(first.status.is_success(), "{name}: {first:?}");
            server.rest().await;
            let head = server.head();
            let again = server.by(Role::Admin, method, path).key(name).json(body).send().await;
            assert_eq!((again.status, &again.bytes), (first.status, &first.bytes), "{name}");
            assert_eq!(again.headers.get("idempotent-replayed").map(String::as_str), Some("true"), "{name}");
            assert_eq!(again.headers.get("munshi-seq"), first.headers.get("munshi-seq"), "{name}");
            assert_eq!(server.head(), head, "{name} had an effect twice");
        }
        let row = server.get("/warehouses/KHI-1/stock/DUPATTA").await;
        assert_eq!(row["on_hand"], 105);
    });
}

/// A booking is two commands, and the process may have done the second one before the request does: that changes
/// nothing any more, and its answer is kept all the same.
#[test]
fn p24_a_booking_gets_its_first_answer_after_the_parcel_left_and_after_a_restart() {
    let book = async |server: &TestServer, base: &str| {
        let body = json!({"carrier": "TCS", "tracking": "T-1"});
        server.by(Role::Warehouse, "POST", &format!("{base}/book")).key("booking").json(&body).send().await
    };
    run_twice(
        async |server| {
            let customer = server.shop().await;
            let placed = server.post("/orders", &with(order(&customer, "KURTA-M", 1), "submit", json!(true))).await;
            server.rest().await;
            let base = format!("/warehouses/KHI-1/parcels/{}/1", placed["id"].as_str().unwrap());
            for (act, body) in
                [("claim", json!({})), ("confirm", json!({"sku": "KURTA-M"})), ("pack", json!({"weight_grams": 300}))]
            {
                server.by(Role::Warehouse, "POST", &format!("{base}/{act}")).json(&body).send().await.ok();
            }
            server.rest().await;
            let first = book(server, &base).await;
            assert_eq!(first.json()["state"], "booked", "{first:?}");
            let hand_over = server.by(Role::Warehouse, "POST", &format!("{base}/hand-over")).json(&json!({}));
            hand_over.send().await.ok();
            server.rest().await;
            let again = book(server, &base).await;
            assert_eq!((again.status, &again.bytes), (first.status, &first.bytes));
            (base, first)
        },
        async |server, (base, first)| {
            let head = server.head();
            let again = book(server, &base).await;
            assert_eq!((again.status, &again.bytes), (first.status, &first.bytes), "after a restart");
            assert_eq!(again.headers.get("idempotent-replayed").map(String::as_str), Some("true"));
            assert_eq!(server.head(), head);
        },
    );
}

/// A command of the stock clerk that finds everything as it should be is answered from the journal later on.
#[test]
fn p24_an_accepted_request_that_changed_nothing_keeps_its_answer() {
    let policy = async |server: &TestServer, safety: u32, key: &str| {
        let body = json!({"safety": safety, "low_stock": 0});
        let path = "/warehouses/KHI-1/stock/DUPATTA/policy";
        server.by(Role::Admin, "PUT", path).key(key).json(&body).send().await
    };
    run_twice(
        async |server| {
            server.shop().await;
            policy(server, 5, "five").await.ok();
            let first = policy(server, 5, "five-again").await;
            assert_eq!(first.json()["available"], 95);
            policy(server, 9, "nine").await.ok();
            let again = policy(server, 5, "five-again").await;
            assert_eq!((again.status, &again.bytes), (first.status, &first.bytes), "not decided anew");
            first
        },
        async |server, first| {
            let again = policy(server, 5, "five-again").await;
            assert_eq!((again.status, &again.bytes), (first.status, &first.bytes), "after a restart");
            assert_eq!(server.get("/warehouses/KHI-1/stock/DUPATTA").await["safety"], 9);
        },
    );
}

#[test]
fn p24_a_key_is_not_used_for_another_request() {
    run(async |server| {
        let customer = server.shop().await;
        let path = "/warehouses/KHI-1/stock/KURTA-M/receive";
        let send = async |role, body: Value| server.by(role, "POST", path).key("k").json(&body).send().await;
        assert!(send(Role::Admin, json!({"quantity": 1})).await.status.is_success());
        let head = server.head();
        send(Role::Admin, json!({"quantity": 2})).await.problem(422, "idempotency_key_reused");
        assert_eq!(server.head(), head);
        assert!(send(Role::Warehouse, json!({"quantity": 2})).await.status.is_success(), "keys are the caller's own");
        let body = order(&customer, "KURTA-M", 1);
        assert!(server.by(Role::Admin, "POST", "/orders").key("o").json(&body).send().await.status.is_success());
        let other = with(body, "note", json!("another"));
        server
            .by(Role::Admin, "POST", "/orders")
            .key("o")
            .json(&other)
            .send()
            .await
            .problem(422, "idempotency_key_reused");
    });
}

#[test]
fn p24_a_refused_request_may_be_sent_again_with_its_key() {
    run(async |server| {
        let customer = server.shop().await;
        let body = with(order(&customer, "KURTA-M", 11), "submit", json!(true));
        let send = async || server.by(Role::Admin, "POST", "/orders").key("big").json(&body).send().await;
        let first = send().await.problem(409, "insufficient_stock");
        assert!(first["fix"].is_string(), "{first}");
        let again = send().await.problem(409, "insufficient_stock");
        assert_eq!(again["detail"], first["detail"]);
        server.rest().await;
        assert_eq!(server.get("/orders").await["items"], json!([]), "a refused placement leaves nothing");
        let row = server.get("/warehouses/KHI-1/stock/KURTA-M").await;
        assert_eq!((&row["reserved"], &row["available"]), (&json!(0), &json!(10)));
    });
}

#[test]
fn two_who_change_the_same_thing_are_told() {
    run(async |server| {
        server.shop().await;
        let path = "/products/KURTA-M";
        let first = server.by(Role::Admin, "GET", path).send().await;
        let tag = first.headers["etag"].clone();
        let details = |title: &str| json!({"title": title, "price": {"amount": "1500.00", "currency": "PKR"}, "barcode": "89KURTA-M"});
        let put = async |title: &str, tag: &str| {
            server.by(Role::Admin, "PUT", path).header("if-match", tag).json(&details(title)).send().await
        };
        let changed = put("Kurta", &tag).await;
        assert!(changed.status.is_success());
        assert_ne!(changed.headers["etag"], tag);
        put("Kurta, medium", &tag).await.problem(412, "version_conflict");
        assert!(put("Kurta, medium", &changed.headers["etag"]).await.status.is_success());
    });
}
