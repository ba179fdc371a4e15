//! What the consoles ask of the server beside the office's routes: an order as it was, preferences, timelines, figures, the
//! check of what is stored.

use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{TestServer, order, run, run_twice, with};

async fn place(server: &TestServer, customer: &str, units: i64) -> Value {
    let placed = server.post("/orders", &with(order(customer, "KURTA-M", units), "submit", json!(true))).await;
    server.rest().await;
    placed
}

#[test]
fn n03_an_order_is_shown_as_it_was_at_any_entry() {
    run(async |server| {
        let customer = server.shop().await;
        let before = server.head();
        let placed = place(server, &customer, 2).await;
        let (id, number) = (placed["id"].as_str().unwrap(), placed["number"].as_str().unwrap());
        let hold = json!({"kind": "manual", "reason": "look again"});
        server.post(&format!("/orders/{id}/hold"), &hold).await;
        server.post(&format!("/orders/{id}/cancel"), &json!({"reason": "changed my mind"})).await;
        server.rest().await;
        let timeline = server.get(&format!("/orders/{id}/events?limit=200")).await;
        let entries = timeline["items"].as_array().unwrap();
        let as_of = async |seq: u64| server.get(&format!("/orders/{id}?as_of={seq}")).await;
        let mut seen = Vec::new();
        for entry in entries {
            let seq = entry["seq"].as_u64().unwrap();
            let then = as_of(seq).await;
            assert_eq!((&then["version"], &then["as_of"]), (&entry["version"], &json!(seq)), "{then}");
            seen.push((then["lifecycle"].as_str().unwrap().to_owned(), then["holds"].as_array().unwrap().len()));
        }
        assert!(seen.contains(&("processing".into(), 0)) && seen.contains(&("processing".into(), 1)), "{seen:?}");
        let last = entries.last().unwrap()["seq"].as_u64().unwrap();
        let mut now = server.get(&format!("/orders/{id}")).await;
        assert_eq!((now["status"].as_str(), now.get("as_of")), (Some("canceled"), None));
        now["as_of"] = json!(last);
        assert_eq!(as_of(last).await, now, "as of the last entry it is what it is");
        // Between two entries it is what the earlier one left; by number as well as by id.
        let first = entries[0]["seq"].as_u64().unwrap();
        assert_eq!(server.get(&format!("/orders/{number}?as_of={first}")).await["version"], entries[0]["version"]);
        let get = async |path: String| server.by(Role::Viewer, "GET", &path).send().await;
        get(format!("/orders/{id}?as_of={before}")).await.problem(404, "not_found");
        get(format!("/orders/{id}?as_of=0")).await.problem(404, "not_found");
        get(format!("/orders/{id}?as_of={}", server.head() + 1)).await.problem(400, "bad_query");
        get(format!("/orders/{id}?as_of=x")).await.problem(400, "bad_query");
        let masked = get(format!("/orders/{id}?as_of={last}")).await.ok();
        assert_eq!(masked["customer"]["phone"], "+92300•••4567", "who may not see contacts does not see former ones");
    });
}

#[test]
fn preferences_are_the_user_s_own_and_survive() {
    run_twice(
        async |server| {
            let none = server.by(Role::Viewer, "GET", "/auth/me/preferences").send().await;
            assert_eq!(none.headers["etag"], "\"0\"");
            assert_eq!(none.ok(), json!({"version": 0, "preferences": {}}));
            let kept =
                json!({"theme": "dark", "views": [{"n": 1.50, "x": null}], "big": 18_446_744_073_709_551_615_u64});
            let put = async |role, body: Value| {
                server.by(role, "PUT", "/auth/me/preferences").json(&json!({"preferences": body})).send().await
            };
            let set = put(Role::Viewer, kept.clone()).await;
            assert_eq!(set.headers["etag"], "\"1\"");
            assert_eq!(set.ok(), json!({"version": 1, "preferences": kept}));
            assert_eq!(put(Role::Viewer, kept.clone()).await.ok()["version"], 1, "the same again is nothing new");
            let others = server.by(Role::Admin, "GET", "/auth/me/preferences").send().await.ok();
            assert_eq!(others["version"], 0);
            let stale = server.by(Role::Viewer, "PUT", "/auth/me/preferences").header("if-match", "\"0\"");
            stale.json(&json!({"preferences": {}})).send().await.problem(412, "version_conflict");
            put(Role::Viewer, json!({"x": "y".repeat(17_000)})).await.problem(422, "preferences_too_large");
            let list = server.by(Role::Viewer, "PUT", "/auth/me/preferences").json(&json!({"preferences": []}));
            list.send().await.problem(422, "wrong_type");
            server.open("GET", "/auth/me/preferences").send().await.problem(401, "unauthenticated");
            kept
        },
        async |server, kept| {
            let read = server.by(Role::Viewer, "GET", "/auth/me/preferences").send().await.ok();
            assert_eq!(read, json!({"version": 1, "preferences": kept}));
        },
    );
}

#[test]
fn ord_27_a_customer_has_a_timeline_and_a_product_its_stock_everywhere() {
    run(async |server| {
        let customer = server.shop().await;
        server.post(&format!("/customers/{customer}/block"), &json!({"reason": "does not answer"})).await;
        server.rest().await;
        let events = server.get(&format!("/customers/{customer}/events")).await;
        let commands: Vec<_> = events["items"].as_array().unwrap().iter().map(|one| one["command"].clone()).collect();
        assert_eq!(commands, ["CreateCustomer", "BlockCustomer"], "{events}");
        assert_eq!(events["items"][1]["reason"], "does not answer");
        let hidden = server.by(Role::Viewer, "GET", &format!("/customers/{customer}/events")).send().await.ok();
        assert!(!hidden.to_string().contains("+923001234567"), "{hidden}");
        let unknown = "/customers/0198c0de-0000-7000-8000-000000000000/events";
        server.by(Role::Admin, "GET", unknown).send().await.problem(404, "not_found");

        for code in ["LHE-1", "ISB-1"] {
            server
                .post("/warehouses", &json!({"code": code, "name": code, "address": crate::harness::address()}))
                .await;
        }
        server.post("/warehouses/LHE-1/stock/KURTA-M/receive", &json!({"quantity": 3, "reference": "r"})).await;
        server.rest().await;
        let stock = server.get("/products/KURTA-M/stock").await;
        let rows: Vec<_> = stock["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["warehouse"].as_str().unwrap(), row["on_hand"].as_u64().unwrap()))
            .collect();
        assert_eq!(rows, [("KHI-1", 10), ("LHE-1", 3)], "only where it ever was");
        let first = server.get("/products/KURTA-M/stock?limit=1").await;
        assert_eq!((first["items"].as_array().unwrap().len(), &first["next"]), (1, &json!("KHI-1")));
        let second = server.get("/products/KURTA-M/stock?limit=1&after=KHI-1").await;
        assert_eq!((&second["items"][0]["warehouse"], &second["next"]), (&json!("LHE-1"), &Value::Null));
        server.by(Role::Admin, "GET", "/products/NOTHING/stock").send().await.problem(404, "not_found");
    });
}

/// The figures, once they reflect everything and are gathered.
async fn dashboard(server: &TestServer, query: &str) -> Value {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    loop {
        let reply = server.by(Role::Viewer, "GET", &format!("/reports/dashboard{query}")).send().await;
        if reply.status == 200 && reply.json()["seq"].as_u64() >= Some(server.head()) {
            return reply.json();
        }
        assert!(std::time::Instant::now() < deadline, "{reply:?}");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[test]
fn the_dashboard_adds_up_and_survives_a_restart() {
    run_twice(
        async |server| {
            let customer = server.shop().await;
            let first = place(server, &customer, 1).await;
            // 2027-01-15 08:00 UTC is 13:00 in Karachi; eleven hours later the next day has begun there.
            server.advance(11 * 3_600);
            place(server, &customer, 2).await;
            let gone = place(server, &customer, 1).await;
            server.post(&format!("/orders/{}/cancel", gone["id"].as_str().unwrap()), &json!({"reason": "no"})).await;
            server.post("/orders", &order(&customer, "KURTA-M", 1)).await;
            let policy = json!({"safety": 0, "backorder_cap": null, "low_stock": 8});
            server.by(Role::Admin, "PUT", "/warehouses/KHI-1/stock/KURTA-M/policy").json(&policy).send().await.ok();
            server.rest().await;
            let seen = dashboard(server, "?days=3").await;
            assert_eq!(seen["time_zone"], "Asia/Karachi");
            assert_eq!(
                seen["days"],
                json!([
                    {"date": "2027-01-14", "orders": 0, "value": {}},
                    {"date": "2027-01-15", "orders": 1, "value": {"PKR": "1500.00"}},
                    {"date": "2027-01-16", "orders": 2, "value": {"PKR": "3000.00"}},
                ])
            );
            assert_eq!(seen["by_status"], json!({"processing": 2, "canceled": 1}), "a draft is no order yet: {first}");
            assert_eq!(seen["low_stock"], json!([{"warehouse": "KHI-1", "sku": "KURTA-M", "available": 7, "low": 8}]));
            assert_eq!((&seen["low_stock_count"], &seen["open_approvals"]), (&json!(1), &json!(0)));
            assert_eq!(seen["floor"]["scans_per_minute"].as_array().unwrap().len(), 60);
            let get =
                async |query: &str| server.by(Role::Viewer, "GET", &format!("/reports/dashboard{query}")).send().await;
            for bad in ["?days=0", "?days=63", "?days=x", "?warehouse=*"] {
                get(bad).await.problem(400, "bad_query");
            }
            get("?warehouse=NOWHERE").await.problem(404, "not_found");
            server.open("GET", "/reports/dashboard").send().await.problem(401, "unauthenticated");
            seen
        },
        async |server, before| {
            let after = dashboard(server, "?days=3&warehouse=KHI-1").await;
            for part in ["days", "by_status", "low_stock"] {
                assert_eq!(after[part], before[part], "{part}");
            }
        },
    );
}

#[test]
fn a_zone_that_is_not_known_is_not_guessed() {
    run(async |server| {
        let zone = json!({"time_zone": "Europe/London"});
        server.by(Role::Admin, "PATCH", "/settings").json(&zone).send().await.ok();
        assert_eq!(dashboard(server, "").await["time_zone"], "UTC");
    });
}

#[test]
fn ops_08_a_running_server_is_checked_beside_its_work() {
    run(async |server| {
        let customer = server.shop().await;
        let status = async || server.get("/system/status").await;
        let fresh = status().await;
        assert_eq!(fresh["doctor"], json!({"running": false, "since": null, "last": null}));
        assert!(fresh["lane"]["batches"].as_u64().unwrap() > 0, "{fresh}");
        assert_eq!(fresh["lane"]["entries"], fresh["head"]);
        let begin = async || server.by(Role::Admin, "POST", "/system/doctor").send().await;
        server.by(Role::Finance, "POST", "/system/doctor").send().await.problem(403, "forbidden");
        assert_eq!(begin().await.status, 202);
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        let mut placed = 0;
        // Others go on writing meanwhile.
        let last = loop {
            place(server, &customer, 1).await;
            placed += 1;
            let seen = status().await;
            if seen["doctor"]["running"] == false {
                break seen["doctor"]["last"].clone();
            }
            assert!(placed < 9 && std::time::Instant::now() < deadline, "{seen}");
        };
        assert_eq!((&last["problem_count"], &last["problems"]), (&json!(0), &json!([])), "{last}");
        assert_eq!(last["failure"], Value::Null, "{last}");
        assert!(last["entries"].as_u64() >= last["head"].as_u64() && last["documents"].as_u64() > Some(8), "{last}");
    });
}
