//! Tracking links: what a customer sees and may do without an account, and what nobody else gets by them.

use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{TestServer, order, run, run_twice_with, with};

async fn act(server: &TestServer, role: Role, path: &str, body: Value) -> Value {
    let done = server.by(role, "POST", path).json(&body).send().await.ok();
    server.rest().await;
    done
}

/// A placed order; answers its id.
pub async fn place(server: &TestServer, units: i64) -> String {
    let customer = server.shop().await;
    let body = with(order(&customer, "KURTA-M", units), "submit", json!(true));
    let placed = server.post("/orders", &with(body, "note", json!("leave it with the guard"))).await;
    server.rest().await;
    placed["id"].as_str().unwrap().to_owned()
}

/// A link of an order; answers its token.
pub async fn link(server: &TestServer, id: &str) -> String {
    let link = act(server, Role::CustomerService, &format!("/orders/{id}/tracking-link"), json!({})).await;
    link["token"].as_str().unwrap().to_owned()
}

#[test]
fn sto_08_a_customer_sees_the_order_move_and_nothing_else() {
    run(async |server| {
        let id = place(server, 2).await;
        let made = server.by(Role::SalesManager, "POST", &format!("/orders/{id}/tracking-link"));
        let made = made.header("host", "shop.example.pk").send().await.ok();
        let token = made["token"].as_str().unwrap();
        assert_eq!(made["url"], format!("http://shop.example.pk/track#{token}"));
        let see = async || server.tracking(token, "GET", "/track").send().await.ok();
        let view = see().await;
        assert_eq!(view["number"], server.get(&format!("/orders/{id}")).await["number"]);
        assert_eq!((&view["status"], &view["can_cancel"]), (&json!("preparing"), &json!(true)), "{view}");
        assert_eq!((&view["total"], &view["currency"]), (&json!("3000.00"), &json!("PKR")));
        assert_eq!((&view["lines"][0]["title"], &view["lines"][0]["quantity"]), (&json!("KURTA-M"), &json!(2)));
        assert_eq!(view["phone"], "+92300•••4567");
        let steps = |view: &Value| -> Vec<String> {
            let steps = view["steps"].as_array().unwrap().iter();
            steps.map(|step| step["what"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(steps(&view), ["placed", "confirmed"]);

        let base = format!("/warehouses/KHI-1/parcels/{id}/1");
        act(server, Role::Warehouse, &format!("{base}/claim"), json!({})).await;
        act(server, Role::Warehouse, &format!("{base}/confirm"), json!({"sku": "KURTA-M", "quantity": 2})).await;
        act(server, Role::Warehouse, &format!("{base}/pack"), json!({"weight_grams": 900})).await;
        assert_eq!(see().await["can_cancel"], false, "what is packed is on its way");
        act(server, Role::Warehouse, &format!("{base}/book"), json!({"carrier": "TCS", "tracking": "T-1"})).await;
        act(server, Role::Warehouse, &format!("{base}/hand-over"), json!({})).await;
        let scan = json!({"parcel": 1, "status": "out_for_delivery"});
        act(server, Role::CustomerService, &format!("/orders/{id}/scan"), scan).await;
        act(server, Role::CustomerService, &format!("/orders/{id}/deliver"), json!({})).await;
        let view = see().await;
        let walked = ["placed", "confirmed", "packed", "handed_over", "out_for_delivery", "delivered", "complete"];
        assert_eq!((view["status"].as_str(), steps(&view)), (Some("delivered"), walked.map(str::to_owned).to_vec()));
        let parcel = json!({"n": 1, "state": "delivered", "carrier_state": "delivered", "carrier": "TCS",
            "tracking_number": "T-1", "units": [{"line": 0, "quantity": 2}]});
        assert_eq!(view["parcels"], json!([parcel]));
        // Nothing of colleagues, warehouses or other people, and no full contact.
        let text = view.to_string();
        for secret in ["KHI-1", "guard", "+923001234567", "Ayesha", "example.pk", "Street 4", "user:", "SITE"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    });
}

#[test]
fn sto_08_a_customer_cancels_as_long_as_nothing_is_packed() {
    run(async |server| {
        let id = place(server, 1).await;
        let token = link(server, &id).await;
        let cancel = async |key: &str, body: Value| {
            let done = server.tracking(&token, "POST", "/track/cancel").key(key).json(&body).send().await;
            server.rest().await;
            done
        };
        cancel("long", json!({"reason": "x".repeat(201)})).await.problem(422, "bad_value");
        cancel("odd", json!({"why": "x"})).await.problem(422, "unknown_field");
        let done = cancel("one", json!({"reason": "found it cheaper"})).await;
        assert_eq!(done.status, 200, "{done:?}");
        let order = server.get(&format!("/orders/{id}")).await;
        assert_eq!(order["status"], "canceled", "{order}");
        assert_eq!(server.get("/warehouses/KHI-1/stock/KURTA-M").await["available"], 10, "everything is free again");
        let again = cancel("one", json!({"reason": "found it cheaper"})).await;
        assert_eq!((again.status.as_u16(), &again.headers["idempotent-replayed"]), (200, &"true".to_owned()));
        assert_eq!(again.json()["status"], "canceled");
        cancel("one", json!({"reason": "another"})).await.problem(422, "idempotency_key_reused");
        // It is canceled already.
        assert_eq!(cancel("two", json!({})).await.ok()["status"], "canceled");
        let timeline = server.get(&format!("/orders/{id}/events?limit=200")).await;
        let by = timeline["items"].as_array().unwrap().iter().find(|entry| entry["command"] == "CancelByLink");
        assert_eq!(by.unwrap()["by"], "system:customer");
        assert_eq!(by.unwrap()["reason"], "found it cheaper");
    });
}

#[test]
fn sto_08_a_packed_order_is_not_canceled_behind_the_floor_s_back() {
    run(async |server| {
        let id = place(server, 1).await;
        let token = link(server, &id).await;
        let base = format!("/warehouses/KHI-1/parcels/{id}/1");
        act(server, Role::Warehouse, &format!("{base}/claim"), json!({})).await;
        act(server, Role::Warehouse, &format!("{base}/confirm"), json!({"sku": "KURTA-M"})).await;
        act(server, Role::Warehouse, &format!("{base}/pack"), json!({"weight_grams": 900})).await;
        let asked = server.tracking(&token, "POST", "/track/cancel").json(&json!({})).send().await.ok();
        assert_eq!((&asked["canceling"], &asked["can_cancel"]), (&json!(true), &json!(false)), "{asked}");
        // Somebody of the shop decides.
        assert_eq!(server.get(&format!("/orders/{id}")).await["status"], "pending_cancellation");
    });
}

#[test]
fn sec_03_a_link_works_for_its_order_until_it_ends_or_is_revoked() {
    run(async |server| {
        let id = place(server, 1).await;
        let token = link(server, &id).await;
        assert_eq!(link(server, &id).await, token, "the same day the same link");
        let refused = async |token: &str| {
            server.tracking(token, "GET", "/track").send().await.problem(401, "tracking_link_invalid");
        };
        let mut changed = token.clone().into_bytes();
        let last = changed.len() - 3;
        changed[last] = if changed[last] == b'A' { b'B' } else { b'A' };
        for bad in ["", "mtr_", "mtr_AAAA", &String::from_utf8(changed).unwrap(), server.token(Role::Admin)] {
            refused(bad).await;
        }
        server.open("GET", "/track").send().await.problem(401, "tracking_link_invalid");
        let bearer = server.open("GET", "/track").token(&token).send().await;
        bearer.problem(401, "tracking_link_invalid");
        let account = server.open("GET", "/orders").token(&token).send().await;
        account.problem(401, "token_invalid");

        let path = format!("/orders/{id}/revoke-tracking");
        server.by(Role::Viewer, "POST", &path).send().await.problem(403, "forbidden");
        act(server, Role::CustomerService, &path, json!({})).await;
        refused(&token).await;
        let fresh = link(server, &id).await;
        server.tracking(&fresh, "GET", "/track").send().await.ok();
        server.advance(92 * 86_400);
        refused(&fresh).await;
    });
}

#[test]
fn sto_08_a_draft_has_no_link() {
    run(async |server| {
        let customer = server.shop().await;
        let draft = server.post("/orders", &order(&customer, "KURTA-M", 1)).await;
        let path = format!("/orders/{}/tracking-link", draft["id"].as_str().unwrap());
        server.by(Role::Admin, "POST", &path).send().await.problem(409, "not_placed");
        server.by(Role::Viewer, "POST", &path).send().await.problem(403, "forbidden");
    });
}

#[test]
fn sto_08_links_outlive_the_server_and_lead_where_the_settings_say() {
    run_twice_with(
        |config| {
            config.live.ticket_key = munshi::config::Secret::new("k".repeat(40));
            config.server.public_url = "https://orders.example.pk/".into();
        },
        async |server| {
            let id = place(server, 1).await;
            let made = act(server, Role::Admin, &format!("/orders/{id}/tracking-link"), json!({})).await;
            assert!(made["url"].as_str().unwrap().starts_with("https://orders.example.pk/track#mtr_"), "{made}");
            made["token"].as_str().unwrap().to_owned()
        },
        async |server, token| {
            let view = server.tracking(&token, "GET", "/track").send().await.ok();
            assert_eq!(view["status"], "preparing");
        },
    );
}

#[test]
fn api_04_a_link_is_not_asked_for_ever() {
    run(async |server| {
        let id = place(server, 1).await;
        let token = link(server, &id).await;
        let mut refused = None;
        for _ in 0..100 {
            let reply = server.tracking(&token, "GET", "/track").send().await;
            if reply.status != 200 {
                refused = Some(reply);
                break;
            }
        }
        let refused = refused.expect("a hundred requests at once are too many");
        refused.problem(429, "rate_limited");
        assert!(refused.headers["retry-after"].parse::<u64>().unwrap() >= 1);
    });
}
