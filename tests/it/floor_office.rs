//! What the office plans and stops on a floor over HTTP: loads, announced returns, lots and plates; and two people who
//! decide at once.

use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::{
    floor,
    harness::{TestServer, order, run, with},
};

async fn put(server: &TestServer, path: &str, body: &Value) -> Value {
    let path = format!("/warehouses/KHI-1{path}");
    server.by(Role::Warehouse, "PUT", &path).json(body).send().await.ok()
}

#[test]
fn wms_03_a_load_is_planned_changed_and_listed() {
    run(async |server| {
        let customer = floor::floor(server).await;
        let doors = json!({"locations": [{"code": "DOOR-1", "kind": "door"}]});
        put(server, "/locations", &doors).await;
        let placed = server.post("/orders", &with(order(&customer, "KURTA-M", 1), "submit", json!(true))).await;
        server.rest().await;
        let parcel = format!("{}/1", placed["id"].as_str().unwrap());
        let plan = json!({"door": "DOOR-1", "stops": [[parcel]], "cutoff": "2100-01-01T00:00:00Z"});
        let load = put(server, "/loads/L-1", &plan).await;
        assert_eq!((&load["state"], &load["stops"]), (&json!("planned"), &json!([[parcel]])), "{load}");
        let sealed = put(server, "/loads/L-1", &with(plan.clone(), "seal_required", json!(true))).await;
        assert_eq!(sealed["seal_required"], true);
        let one = server.get("/warehouses/KHI-1/loads/L-1").await;
        assert_eq!((&one["load"], &one["cutoff"]), (&json!("L-1"), &json!("2100-01-01T00:00:00.000Z")), "{one}");
        let listed = server.get("/warehouses/KHI-1/loads?state=planned").await;
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed}");
        assert_eq!(server.get("/warehouses/KHI-1/loads?state=departed").await["items"], json!([]));
        let refused = async |body: Value, status: u16, code: &str| {
            let call = server.by(Role::Warehouse, "PUT", "/warehouses/KHI-1/loads/L-2").json(&body).send().await;
            call.problem(status, code)
        };
        refused(plan.clone(), 409, "floor_record_state").await;
        let bad = refused(with(plan.clone(), "stops", json!([["nobody"]])), 422, "bad_value").await;
        assert_eq!(bad["field"], "/stops/0/0");
        let late = refused(with(plan.clone(), "cutoff", json!("soon")), 422, "bad_value").await;
        assert_eq!(late["field"], "/cutoff");
        refused(with(plan, "door", json!("A-01")), 422, "invalid_floor_command").await;
        let query = server.by(Role::Admin, "GET", "/warehouses/KHI-1/loads?state=lost").send().await;
        query.problem(400, "bad_query");
        server.by(Role::Admin, "GET", "/warehouses/KHI-1/loads/L-9").send().await.problem(404, "not_found");
    });
}

#[test]
fn wms_01_a_return_is_announced_changed_and_closed() {
    run(async |server| {
        floor::floor(server).await;
        let line = json!({"line": 1, "sku": "KURTA-M", "shipped": 2});
        let announced = json!({"order": "SO-1", "tracking": "T-1", "lines": [line]});
        let made = put(server, "/returns/RMA-1", &announced).await;
        assert_eq!((&made["return"], &made["closed"]), (&json!("RMA-1"), &json!(false)), "{made}");
        assert_eq!((&made["lines"][0]["shipped"], &made["lines"][0]["returned"]), (&json!(2), &json!(0)));
        assert_eq!(server.get("/warehouses/KHI-1/returns/RMA-1").await["tracking"], "T-1");
        let close = server.by(Role::Warehouse, "POST", "/warehouses/KHI-1/returns/RMA-1/close").send().await.ok();
        assert_eq!(close["closed"], true);
        let open = server.get("/warehouses/KHI-1/returns?closed=false").await;
        assert_eq!(open["items"], json!([]), "{open}");
        let again = server.by(Role::Warehouse, "PUT", "/warehouses/KHI-1/returns/RMA-1").json(&announced).send().await;
        again.problem(409, "floor_record_state");
        let bad = with(announced, "lines", json!([{"line": 1, "sku": "", "shipped": 2}]));
        let reply = server.by(Role::Warehouse, "PUT", "/warehouses/KHI-1/returns/RMA-2").json(&bad).send().await;
        assert_eq!(reply.problem(422, "bad_value")["field"], "/lines/0/sku");
    });
}

#[test]
fn wms_01_lots_and_plates_are_stopped_with_a_reason_and_let_go() {
    run(async |server| {
        floor::floor(server).await;
        floor::arrived(server, "P-1").await;
        let held = put(server, "/lots/KURTA-M/L-7", &json!({"status": "recalled", "reason": "dye"})).await;
        assert_eq!((&held["lot"], &held["status"]), (&json!("L-7"), &json!("recalled")), "{held}");
        let listed = server.get("/warehouses/KHI-1/lots?status=recalled").await;
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed}");
        assert_eq!(server.get("/warehouses/KHI-1/lots?after=KURTA-M%2FL-7").await["items"], json!([]));
        let word = json!({"status": "gone", "reason": "x"});
        let reply = server.by(Role::Warehouse, "PUT", "/warehouses/KHI-1/lots/KURTA-M/L-7").json(&word).send().await;
        assert_eq!(reply.problem(422, "bad_value")["field"], "/status");
        let path = |what: &str| format!("/warehouses/KHI-1/plates/P-1/{what}");
        let hold = server.by(Role::Warehouse, "POST", &path("hold")).json(&json!({"reason": "wet"})).send().await.ok();
        assert_eq!((&hold["held"], &hold["location"]), (&json!("wet"), &json!("STAGE")), "{hold}");
        assert_eq!(server.get("/warehouses/KHI-1/plates/P-1").await["held"], "wet");
        let let_go = server.by(Role::Warehouse, "POST", &path("release")).send().await.ok();
        assert_eq!(let_go["held"], Value::Null);
        let none = server.by(Role::Warehouse, "POST", "/warehouses/KHI-1/plates/NONE/release").send().await;
        none.problem(404, "floor_record_unknown");
    });
}

#[test]
fn inv_06_of_two_who_decide_at_once_the_second_is_told_so() {
    run(async |server| {
        floor::floor(server).await;
        let path = format!("/warehouses/KHI-1/decisions/{}", floor::variance(server).await);
        let (_, other) = server.user(Role::Finance).await;
        let body = json!({"reason": "looked at the shelf"});
        let (yes, no) = (format!("{path}/approve"), format!("{path}/refuse"));
        let first = server.by(Role::Finance, "POST", &yes).json(&body).send();
        let second = server.by(Role::Finance, "POST", &no).token(&other).json(&body).send();
        let (first, second) = tokio::join!(first, second);
        let mut said = [first.status.as_u16(), second.status.as_u16()];
        said.sort_unstable();
        assert_eq!(said, [200, 409]);
        let late = if first.status == 409 { first } else { second };
        late.problem(409, "decision_closed");
    });
}
