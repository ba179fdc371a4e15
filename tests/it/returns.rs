//! Parcels that come back (RTO) and lines that move to another warehouse, over HTTP.

use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Reply, TestServer, address, order, run, with};

async fn act(server: &TestServer, role: Role, path: &str, body: Value) -> Reply {
    let done = server.by(role, "POST", path).json(&body).send().await;
    server.rest().await;
    done
}

/// An order on the floor; answers the paths of the order and of its parcel.
async fn placed(server: &TestServer, units: i64, method: &str) -> (String, String) {
    let customer = server.shop().await;
    if method == "terms" {
        let terms = json!({"limit": {"amount": "50000.00", "currency": "PKR"}, "days": 30});
        server.by(Role::Finance, "PUT", &format!("/customers/{customer}/credit")).json(&terms).send().await.ok();
    }
    let body = with(with(order(&customer, "KURTA-M", units), "submit", json!(true)), "payment_method", json!(method));
    let placed = server.post("/orders", &body).await;
    server.rest().await;
    let id = placed["id"].as_str().unwrap();
    (format!("/orders/{id}"), format!("/warehouses/KHI-1/parcels/{id}/1"))
}

async fn shipped(server: &TestServer, units: i64, method: &str) -> (String, String) {
    let (path, parcel) = placed(server, units, method).await;
    for (step, body) in [
        ("claim", json!({})),
        ("confirm", json!({"sku": "KURTA-M", "quantity": units})),
        ("pack", json!({"weight_grams": 900})),
        ("book", json!({"carrier": "TCS", "tracking": "T-1"})),
        ("hand-over", json!({})),
    ] {
        act(server, Role::Warehouse, &format!("{parcel}/{step}"), body).await.ok();
    }
    (path, parcel)
}

async fn stock(server: &TestServer, warehouse: &str) -> Value {
    server.get(&format!("/warehouses/{warehouse}/stock/KURTA-M")).await
}

#[test]
fn ret_05_n10_a_parcel_returned_to_sender_is_booked_in_good_and_damaged() {
    run(async |server| {
        let (path, parcel) = shipped(server, 4, "terms").await;
        let back = format!("{parcel}/return");
        let scan = |status: &str| json!({"parcel": 1, "status": status});
        act(server, Role::CustomerService, &format!("{path}/scan"), scan("returning")).await.ok();
        act(server, Role::CustomerService, &format!("{path}/scan"), scan("returned_to_sender")).await.ok();
        let waiting = server.get(&path).await;
        assert_eq!((&waiting["status"], &waiting["badges"]), (&json!("shipped"), &json!(["returning"])), "{waiting}");
        assert_eq!(stock(server, "KHI-1").await["on_hand"], 6, "a carrier scan moves no stock");

        let receive = async |body: Value| act(server, Role::Warehouse, &back, body).await;
        let all = json!({"lines": [{"line": 1, "good": 5}]});
        receive(all).await.problem(409, "not_enough_units");
        receive(json!({"lines": [{"line": 1, "damaged": 1}]})).await.problem(422, "reason_required");
        receive(json!({"lines": [{"line": 1, "good": -1}]})).await.problem(422, "bad_value");
        receive(json!({"lines": []})).await.problem(422, "invalid_value");
        receive(json!({"lines": [{"line": 9, "good": 1}]})).await.problem(404, "unknown_line");
        let elsewhere = back.replace("KHI-1", "NOWHERE");
        act(server, Role::Warehouse, &elsewhere, json!({"lines": [{"line": 1, "good": 1}]}))
            .await
            .problem(404, "not_found");
        let sales = server.by(Role::SalesManager, "POST", &back).json(&json!({"lines": [{"line": 1, "good": 1}]}));
        sales.send().await.problem(403, "forbidden");
        assert_eq!(stock(server, "KHI-1").await["on_hand"], 6, "a refused receipt changes nothing");

        let first = json!({"lines": [{"line": 1, "good": 2, "damaged": 1}], "reason": "torn on the way"});
        let send = async || server.by(Role::Warehouse, "POST", &back).key("first-box").json(&first).send().await;
        let part = send().await;
        server.rest().await;
        let again = send().await;
        server.rest().await;
        assert_eq!((again.status, &again.bytes), (part.status, &part.bytes), "one effect, one answer");
        let quantities = &part.json()["lines"][0]["quantities"];
        assert_eq!((&quantities["returned"], &quantities["rto_pending"]), (&json!(3), &json!(1)), "{quantities}");
        let row = stock(server, "KHI-1").await;
        assert_eq!(
            (&row["on_hand"], &row["available"], &row["conditions"]),
            (&json!(8), &json!(8), &json!({"scrap": 1}))
        );
        let customer = part.json()["customer"]["id"].as_str().unwrap().to_owned();
        let owed = server.get(&format!("/customers/{customer}/credit")).await["exposure"]["amount"].clone();
        assert_eq!(owed, "1500.00", "one of four is still out");

        let rest = receive(json!({"lines": [{"line": 1, "good": 1}]})).await.ok();
        assert_eq!((&rest["status"], &rest["parcels"][0]["state"]), (&json!("returned"), &json!("returned")), "{rest}");
        assert_eq!(stock(server, "KHI-1").await["on_hand"], 9);
        assert_eq!(server.get(&format!("/customers/{customer}/credit")).await["exposure"]["amount"], "0.00");
        assert_eq!(server.get("/warehouses/KHI-1/parcels").await["items"], json!([]));
        receive(json!({"lines": [{"line": 1, "good": 1}]})).await.problem(409, "wrong_parcel_state");
        let ledger = server.get("/warehouses/KHI-1/stock/KURTA-M/ledger").await;
        let causes: Vec<_> =
            ledger["items"].as_array().unwrap().iter().map(|item| item["cause"].as_str().unwrap()).collect();
        assert_eq!(causes.iter().filter(|cause| **cause == "returned").count(), 2, "{causes:?}");
        assert!(causes.contains(&"restocked") && causes.contains(&"scrapped"), "{causes:?}");
        let events = server.get(&format!("{path}/events?limit=200")).await;
        let told = events["items"].as_array().unwrap().iter().any(|entry| entry["command"] == "RecordReturnReceipt");
        assert!(told, "the timeline tells who received it: {events}");
    });
}

#[test]
fn lin_08_a_line_is_sourced_from_the_warehouse_asked_for() {
    run(async |server| {
        server.by(Role::Admin, "PATCH", "/settings").json(&json!({"release_automatically": false})).send().await.ok();
        let (path, _) = placed(server, 3, "cod").await;
        server.post("/warehouses", &json!({"code": "LHE-1", "name": "Lahore", "address": address()})).await;
        let to = format!("{path}/lines/1/warehouse");
        let ask = async |code: &str| {
            act(server, Role::CustomerService, &to, json!({"warehouse": code, "reason": "closer to her"})).await
        };
        let short = ask("LHE-1").await.problem(409, "insufficient_stock");
        assert_eq!(short["field"], "/warehouse", "{short}");
        assert_eq!(stock(server, "KHI-1").await["allocated"], 3, "the line stays where it was");
        let receive = json!({"quantity": 5, "reference": "transfer"});
        server.post("/warehouses/LHE-1/stock/KURTA-M/receive", &receive).await;
        ask("NOWHERE").await.problem(422, "unknown_warehouse");
        let other = format!("{path}/lines/9/warehouse");
        let body = json!({"warehouse": "LHE-1", "reason": "closer to her"});
        act(server, Role::CustomerService, &other, body.clone()).await.problem(404, "unknown_line");
        server.by(Role::Warehouse, "POST", &to).json(&body).send().await.problem(403, "forbidden");

        let send = async || server.by(Role::CustomerService, "POST", &to).key("move").json(&body).send().await;
        let moved = send().await;
        assert_eq!(moved.json()["lines"][0]["warehouse"], "LHE-1", "{moved:?}");
        server.rest().await;
        let rows = (stock(server, "KHI-1").await, stock(server, "LHE-1").await);
        assert_eq!((&rows.0["allocated"], &rows.0["available"]), (&json!(0), &json!(10)), "the old units are free");
        assert_eq!((&rows.1["allocated"], &rows.1["available"]), (&json!(3), &json!(2)));
        let again = send().await;
        assert_eq!((again.status, &again.bytes), (moved.status, &moved.bytes));
        let after = server.get(&path).await;
        assert_eq!(after["edition"], 1, "the content did not change");
        act(server, Role::Warehouse, &format!("{path}/release"), json!({})).await.ok();
        let parcels = server.get("/warehouses/LHE-1/parcels").await;
        assert_eq!(parcels["items"].as_array().unwrap().len(), 1, "{parcels}");
        ask("KHI-1").await.problem(409, "nothing_to_move");
    });
}
