//! Orders from draft to delivery, and the ways they end otherwise.

use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{TestServer, order, run, with};

async fn place(server: &TestServer, body: Value) -> Value {
    let made = server.post("/orders", &with(body, "submit", json!(true))).await;
    server.rest().await;
    server.get(&format!("/orders/{}", made["id"].as_str().unwrap())).await
}

async fn act(server: &TestServer, role: Role, path: &str, body: Value) -> Value {
    let done = server.by(role, "POST", path).json(&body).send().await.ok();
    server.rest().await;
    done
}

#[test]
fn ord_29_an_order_goes_from_placing_to_delivery_over_http() {
    run(async |server| {
        let customer = server.shop().await;
        let placed = server.by(Role::CustomerService, "POST", "/orders").json(&with(
            order(&customer, "KURTA-M", 3),
            "submit",
            json!(true),
        ));
        let placed = placed.send().await;
        assert_eq!(placed.status, 201);
        let placed = placed.json();
        assert!(placed["number"].as_str().unwrap().starts_with("SO-"), "{placed}");
        assert_eq!(placed["totals"]["total"], "4500.00");
        assert_eq!(placed["customer"]["phone"], "+923001234567");
        let (id, path) = (placed["id"].as_str().unwrap(), format!("/orders/{}", placed["id"].as_str().unwrap()));
        server.rest().await;
        let floor = server.get(&path).await;
        assert_eq!(floor["status"], "processing", "{floor}");
        let parcel = &floor["parcels"][0];
        assert_eq!(parcel["warehouse"], "KHI-1");
        let list = server.get("/warehouses/KHI-1/parcels").await;
        assert_eq!(list["items"][0]["order"], id, "{list}");
        let base = format!("/warehouses/KHI-1/parcels/{id}/{}", parcel["number"]);
        act(server, Role::Warehouse, &format!("{base}/claim"), json!({})).await;
        let wrong = server
            .by(Role::Warehouse, "POST", &format!("{base}/confirm"))
            .json(&json!({"sku": "DUPATTA"}))
            .send()
            .await;
        assert!(wrong.status.is_client_error(), "a wrong item is refused (WMS-02): {wrong:?}");
        act(server, Role::Warehouse, &format!("{base}/confirm"), json!({"sku": "KURTA-M", "quantity": 2})).await;
        let picked = act(server, Role::Warehouse, &format!("{base}/confirm"), json!({"sku": "KURTA-M"})).await;
        assert_eq!(picked["state"], "picked", "{picked}");
        act(server, Role::Warehouse, &format!("{base}/pack"), json!({"weight_grams": 900})).await;
        let booked =
            act(server, Role::Warehouse, &format!("{base}/book"), json!({"carrier": "TCS", "tracking": "T-1"})).await;
        assert_eq!(booked["state"], "booked", "{booked}");
        act(server, Role::Warehouse, &format!("{base}/hand-over"), json!({})).await;
        let shipped = server.get(&path).await;
        assert_eq!(
            (&shipped["status"], &shipped["lines"][0]["quantities"]["in_transit"]),
            (&json!("shipped"), &json!(3))
        );
        assert_eq!(shipped["parcels"][0]["tracking"], "T-1");
        act(server, Role::CustomerService, &format!("{path}/scan"), json!({"parcel": 1, "status": "out_for_delivery"}))
            .await;
        let delivered = act(server, Role::CustomerService, &format!("{path}/deliver"), json!({})).await;
        assert_eq!(delivered["status"], "delivered", "{delivered}");
        let row = server.get("/warehouses/KHI-1/stock/KURTA-M").await;
        assert_eq!((&row["on_hand"], &row["available"], &row["allocated"]), (&json!(7), &json!(7), &json!(0)));
        let ledger = server.get("/warehouses/KHI-1/stock/KURTA-M/ledger").await;
        let deltas: Vec<_> =
            ledger["items"].as_array().unwrap().iter().map(|item| item["delta"].as_i64().unwrap()).collect();
        assert_eq!(deltas.iter().sum::<i64>(), 7, "the ledger sums to what is on hand: {ledger}");
        let timeline = server.get(&format!("{path}/events?limit=200")).await;
        let entries = timeline["items"].as_array().unwrap();
        assert_eq!(entries[0]["command"], "PlaceOrder");
        assert_eq!(entries[0]["by"], format!("user:{}", server.id(Role::CustomerService)));
        assert!(entries.windows(2).all(|pair| pair[0]["version"].as_u64() < pair[1]["version"].as_u64()));
    });
}

#[test]
fn mod_03_drafts_and_placed_orders_are_changed() {
    run(async |server| {
        let customer = server.shop().await;
        let draft = server.post("/orders", &order(&customer, "KURTA-M", 1)).await;
        let path = format!("/orders/{}", draft["id"].as_str().unwrap());
        let patch = async |body: Value| server.by(Role::Admin, "PATCH", &path).json(&body).send().await;
        let lines = json!([{"line": 1, "sku": "KURTA-M", "quantity": 2}, {"sku": "DUPATTA", "quantity": 1}]);
        let edited = patch(json!({"lines": lines, "note": "ring twice"})).await.ok();
        assert_eq!((&edited["edition"], &edited["totals"]["total"]), (&json!(2), &json!("3800.50")));
        assert_eq!(edited["lines"][1]["line"], 2);
        patch(json!({"lines": [{"sku": "KURTA-M", "quantity": -2}]})).await.problem(422, "quantity_out_of_range");
        let other =
            server.by(Role::Admin, "PATCH", &path).header("if-match", "\"1\"").json(&json!({"note": "x"})).send().await;
        other.problem(412, "version_conflict");
    });
}

#[test]
fn mod_03_a_change_that_stock_cannot_carry_is_declined_whole() {
    run(async |server| {
        let customer = server.shop().await;
        server.by(Role::Admin, "PATCH", "/settings").json(&json!({"release_automatically": false})).send().await.ok();
        let placed = place(server, order(&customer, "KURTA-M", 2)).await;
        let path = format!("/orders/{}", placed["id"].as_str().unwrap());
        let patch = async |body: Value| {
            let reply = server.by(Role::Admin, "PATCH", &path).json(&body).send().await;
            server.rest().await;
            reply
        };
        let lines =
            |units: i64| json!({"lines": [{"line": 1, "sku": "KURTA-M", "quantity": units}], "reason": "asked"});
        patch(lines(11)).await.problem(409, "insufficient_stock");
        let same = server.get(&path).await;
        assert_eq!((&same["edition"], &same["lines"][0]["quantity"]), (&json!(1), &json!(2)));
        let more = patch(lines(5)).await.ok();
        assert_eq!((&more["edition"], &more["lines"][0]["quantity"]), (&json!(2), &json!(5)), "{more}");
        let row = server.get("/warehouses/KHI-1/stock/KURTA-M").await;
        assert_eq!(row["available"], 5, "{row}");
        let moved = patch(json!({"shipping_address": {"line1": "7", "city": "Lahore"}})).await.ok();
        assert_eq!(moved["shipping_address"]["city"], "Lahore");
    });
}

#[test]
fn can_02_canceling_frees_everything_and_a_draft_goes_away() {
    run(async |server| {
        let customer = server.shop().await;
        server.by(Role::Admin, "PATCH", "/settings").json(&json!({"release_automatically": false})).send().await.ok();
        let placed = place(server, order(&customer, "KURTA-M", 4)).await;
        let path = format!("/orders/{}", placed["id"].as_str().unwrap());
        server
            .by(Role::Admin, "POST", &format!("{path}/cancel"))
            .json(&json!({"reason": ""}))
            .send()
            .await
            .problem(422, "bad_value");
        let part = act(
            server,
            Role::Admin,
            &format!("{path}/cancel"),
            json!({"reason": "one too many", "lines": [{"line": 1, "quantity": 1}]}),
        )
        .await;
        assert_eq!(part["lines"][0]["quantities"]["canceled"], 1, "{part}");
        assert_eq!(part["badges"], json!(["partially_canceled"]), "{part}");
        let gone = act(server, Role::Admin, &format!("{path}/cancel"), json!({"reason": "changed mind"})).await;
        assert_eq!(gone["status"], "canceled", "{gone}");
        let row = server.get("/warehouses/KHI-1/stock/KURTA-M").await;
        assert_eq!((&row["available"], &row["reserved"], &row["allocated"]), (&json!(10), &json!(0), &json!(0)));
        let draft = server.post("/orders", &order(&customer, "KURTA-M", 1)).await;
        let path = format!("/orders/{}", draft["id"].as_str().unwrap());
        act(server, Role::Admin, &format!("{path}/cancel"), json!({"reason": "typo"})).await;
        server.by(Role::Admin, "GET", &path).send().await.problem(404, "not_found");
    });
}

#[test]
fn ord_04_a_hold_keeps_units_from_leaving() {
    run(async |server| {
        let customer = server.shop().await;
        server.by(Role::Admin, "PATCH", "/settings").json(&json!({"release_automatically": false})).send().await.ok();
        let placed = place(server, order(&customer, "KURTA-M", 1)).await;
        let path = format!("/orders/{}", placed["id"].as_str().unwrap());
        let held =
            act(server, Role::Finance, &format!("{path}/hold"), json!({"kind": "risk", "reason": "new customer"}))
                .await;
        assert_eq!(held["holds"][0]["kind"], "risk", "{held}");
        assert!(held["badges"].as_array().unwrap().contains(&json!("on_hold")));
        let release =
            async || server.by(Role::Warehouse, "POST", &format!("{path}/release")).json(&json!({})).send().await;
        release().await.problem(409, "order_on_hold");
        let own = server
            .by(Role::Admin, "POST", &format!("{path}/hold"))
            .json(&json!({"kind": "change", "reason": "x"}))
            .send()
            .await;
        own.problem(422, "bad_value");
        act(
            server,
            Role::Finance,
            &format!("{path}/release-hold"),
            json!({"hold": held["holds"][0]["hold"], "reason": "checked"}),
        )
        .await;
        let released = release().await.ok();
        assert_eq!(released["status"], "processing");
    });
}

#[test]
fn val_02_credit_is_checked_when_an_order_is_placed() {
    run(async |server| {
        let customer = server.shop().await;
        let on_terms = |units: i64| {
            with(with(order(&customer, "KURTA-M", units), "payment_method", json!("terms")), "submit", json!(true))
        };
        let send = async |body: Value| server.by(Role::SalesManager, "POST", "/orders").json(&body).send().await;
        send(on_terms(1)).await.problem(409, "no_credit_terms");
        let credit = format!("/customers/{customer}/credit");
        let terms = json!({"limit": {"amount": "5000.00", "currency": "PKR"}, "days": 30});
        server.by(Role::SalesManager, "PUT", &credit).json(&terms).send().await.problem(403, "forbidden");
        server.by(Role::Finance, "PUT", &credit).json(&terms).send().await.ok();
        let placed = send(on_terms(3)).await.ok();
        server.rest().await;
        let used = server.get(&credit).await;
        assert_eq!((&used["exposure"]["amount"], &used["available"]["amount"]), (&json!("4500.00"), &json!("500.00")));
        let refused = send(on_terms(1)).await.problem(409, "credit_limit_exceeded");
        assert!(refused["fix"].is_string(), "{refused}");
        server.rest().await;
        assert_eq!(server.get("/warehouses/KHI-1/stock/KURTA-M").await["available"], 7, "{placed}");
        server.by(Role::Finance, "PUT", &credit).raw("null").send().await.ok();
        assert_eq!(server.get(&credit).await["terms"], Value::Null);
    });
}

#[test]
fn val_06_cus_05_a_blocked_customer_is_refused() {
    run(async |server| {
        let customer = server.shop().await;
        let draft = server.post("/orders", &order(&customer, "KURTA-M", 1)).await;
        act(server, Role::Finance, &format!("/customers/{customer}/block"), json!({"reason": "unpaid"})).await;
        let send = async |path: &str, body: Value| server.by(Role::Admin, "POST", path).json(&body).send().await;
        send("/orders", order(&customer, "KURTA-M", 1)).await.problem(409, "customer_blocked");
        let submit = format!("/orders/{}/submit", draft["id"].as_str().unwrap());
        send(&submit, json!({})).await.problem(409, "customer_blocked");
        act(server, Role::Finance, &format!("/customers/{customer}/unblock"), json!({"reason": "paid"})).await;
        let placed = send(&submit, json!({})).await.ok();
        assert!(placed["number"].is_string(), "{placed}");
    });
}

#[test]
fn cus_01_the_customer_of_an_order_is_found_by_phone_or_made() {
    run(async |server| {
        let known = server.shop().await;
        let by_phone = |phone: &str| {
            let mut body = order("", "DUPATTA", 1);
            body.as_object_mut().unwrap().remove("customer_id");
            with(body, "customer", json!({"name": "Somebody", "phone": phone}))
        };
        let found = server.post("/orders", &by_phone("+92 300 1234567")).await;
        assert_eq!((&found["customer"]["id"], &found["customer"]["name"]), (&json!(known), &json!("Ayesha Khan")));
        let made = server.post("/orders", &by_phone("0333 5550000")).await;
        let again = server.post("/orders", &by_phone("0333-5550000")).await;
        assert_eq!(made["customer"]["id"], again["customer"]["id"]);
        assert_ne!(made["customer"]["id"], json!(known));
        let bad = server.by(Role::Admin, "POST", "/orders").json(&by_phone("7")).send().await;
        assert_eq!(bad.problem(422, "bad_value")["field"], "/customer/phone");
    });
}

#[test]
fn apr_10_an_order_over_the_limit_waits_for_somebody_else() {
    run(async |server| {
        let customer = server.shop().await;
        let rule = json!({"over": {"amount": "5000.00", "currency": "PKR"}, "queue": "sales", "role": "sales_manager"});
        server.by(Role::Admin, "PATCH", "/settings").json(&json!({"approval_rules": [rule]})).send().await.ok();
        let body = with(order(&customer, "KURTA-M", 4), "submit", json!(true));
        let placed = server.by(Role::SalesManager, "POST", "/orders").json(&body).send().await.ok();
        server.rest().await;
        let path = format!("/orders/{}", placed["id"].as_str().unwrap());
        let waiting = server.get(&path).await;
        assert_eq!(waiting["status"], "pending_approval", "{waiting}");
        let step = server.get("/approvals?queue=sales").await["items"][0].clone();
        assert_eq!((&step["order"], &step["amount"]["amount"]), (&placed["id"], &json!("6000.00")));
        assert_eq!(step["step"], waiting["approval"]["steps"][0]["step"]);
        let base = format!("/approvals/sales/{}", step["step"].as_str().unwrap());
        let vote = async |role, act: &str, body: Value| {
            server.by(role, "POST", &format!("{base}/{act}")).json(&body).send().await
        };
        let yes = json!({"hash": step["hash"]});
        vote(Role::Viewer, "approve", yes.clone()).await.problem(403, "forbidden");
        vote(Role::Finance, "approve", yes.clone()).await.problem(403, "forbidden");
        vote(Role::SalesManager, "approve", yes.clone()).await.problem(403, "self_approval");
        vote(Role::Admin, "approve", json!({"hash": "0"})).await.problem(409, "stale_hash");
        vote(Role::Admin, "reject", yes.clone()).await.problem(422, "rationale_required");
        let approved = vote(Role::Admin, "approve", yes.clone()).await.ok();
        assert_eq!(approved["state"], "approved", "{approved}");
        server.rest().await;
        assert_eq!(server.get(&path).await["status"], "processing");
        vote(Role::Admin, "approve", yes).await.problem(409, "step_closed");
        server.by(Role::Admin, "GET", &base).send().await.problem(404, "not_found");
    });
}

#[test]
fn inv_06_a_count_takes_the_movements_since_into_account() {
    run(async |server| {
        server.shop().await;
        let base = "/warehouses/KHI-1/stock/DUPATTA";
        let began = server.get(base).await["version"].as_u64().unwrap();
        act(server, Role::Warehouse, &format!("{base}/receive"), json!({"quantity": 7})).await;
        let body = json!({"counted": 98, "at_version": began, "reason": "count"});
        let counted = act(server, Role::Warehouse, &format!("{base}/count"), body).await;
        assert_eq!(counted["on_hand"], 105, "98 found, 7 came in since: {counted}");
        let policy = server
            .by(Role::SalesManager, "PUT", &format!("{base}/policy"))
            .json(&json!({"safety": 5, "low_stock": 10}));
        assert_eq!(policy.send().await.ok()["available"], 100);
        server
            .by(Role::Admin, "POST", &format!("{base}/adjust"))
            .json(&json!({"delta": -106, "reason": "x"}))
            .send()
            .await
            .problem(409, "not_on_hand");
    });
}

#[test]
fn bko_10_units_that_do_not_fit_go_in_a_parcel_of_their_own() {
    run(async |server| {
        let customer = server.shop().await;
        let placed = place(server, order(&customer, "KURTA-M", 3)).await;
        let (id, worker) = (placed["id"].as_str().unwrap().to_owned(), Role::Warehouse);
        let at = |number: u16, step: &str| format!("/warehouses/KHI-1/parcels/{id}/{number}/{step}");
        act(server, worker, &at(1, "claim"), json!({})).await;
        act(server, worker, &at(1, "confirm"), json!({"sku": "KURTA-M", "quantity": 3})).await;
        let lines = json!({"lines": [{"line": 1, "quantity": 1}]});
        let early = server.by(worker, "POST", &at(1, "split")).json(&lines).send().await;
        assert_eq!(early.code(), "wrong_parcel_state", "it is not packed");
        act(server, worker, &at(1, "pack"), json!({"weight_grams": 900})).await;
        for wrong in [json!([]), json!([{"line": 1, "quantity": 3}]), json!([{"line": 7, "quantity": 1}])] {
            let refused = server.by(worker, "POST", &at(1, "split")).json(&json!({"lines": wrong})).send().await;
            assert!(refused.status.is_client_error(), "{refused:?}");
        }
        let split = || server.by(worker, "POST", &at(1, "split")).key("split-1").json(&lines).send();
        let (made, again) = (split().await.ok(), split().await.ok());
        assert_eq!(
            (&made["number"], &made["state"], &made["lines"][0]["quantity"]),
            (&json!(2), &json!("picked"), &json!(1))
        );
        assert_eq!(again["number"], 2, "a repeat splits nothing more");
        server.rest().await;
        act(server, worker, &at(2, "pack"), json!({"weight_grams": 300})).await;
        for number in [2, 1] {
            let booking = json!({"carrier": "TCS", "tracking": format!("T-{number}")});
            act(server, worker, &at(number, "book"), booking).await;
            act(server, worker, &at(number, "hand-over"), json!({})).await;
        }
        let path = format!("/orders/{id}");
        let shipped = server.get(&path).await;
        let parcels = shipped["parcels"].as_array().unwrap();
        let told: Vec<_> =
            parcels.iter().map(|parcel| (&parcel["number"], &parcel["tracking"], &parcel["state"])).collect();
        assert_eq!(
            told,
            [(&json!(1), &json!("T-1"), &json!("handed_over")), (&json!(2), &json!("T-2"), &json!("handed_over"))]
        );
        for parcel in [1, 2] {
            let scan = json!({"parcel": parcel, "status": "delivered"});
            act(server, Role::CustomerService, &format!("{path}/scan"), scan).await;
        }
        assert_eq!(server.get(&path).await["status"], "delivered");
        let row = server.get("/warehouses/KHI-1/stock/KURTA-M").await;
        assert_eq!((&row["on_hand"], &row["allocated"]), (&json!(7), &json!(0)));
    });
}
