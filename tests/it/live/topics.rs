//! What boards show, and how they follow the journal.

use munshi_domain::user::Role;
use munshi_protocols::{
    clientsm::Event,
    mirror::Mirror,
    topic::{Window, rows::KpiGauge},
};
use serde_json::{Value, json};

use super::{
    approve_large,
    client::{Console, Raw},
    scenario,
};
use crate::harness::{TestServer, address, order, with};

const ORDERS: &str = "wh.khi-1.orders";

#[test]
fn live_01_an_order_appears_on_the_board_changes_and_leaves() {
    scenario(async |server| {
        let customer = server.shop().await;
        let mut console = Console::live(server, server.token(Role::Viewer), &[ORDERS]).await;
        assert!(console.rows(ORDERS).is_empty());
        let body = with(order(&customer, "KURTA-M", 2), "submit", json!(true));
        let made = server.post("/orders", &body).await;
        let id = made["id"].as_str().unwrap().to_owned();
        console.until("the order", |console| console.bodies(ORDERS).contains_key(&id)).await;
        let row = console.bodies(ORDERS)[&id].clone();
        assert_eq!(
            (&row["number"], &row["lines"], &row["customer"]),
            (&made["number"], &json!(1), &json!("Ayesha Khan"))
        );
        server.post(&format!("/orders/{id}/cancel"), &json!({"reason": "changed my mind"})).await;
        console.until("its end", |console| !console.bodies(ORDERS).contains_key(&id)).await;
        console.stop();
        console.until("farewell", |console| !console.is_live()).await;
    });
}

/// Places an order of `units` of a SKU; answers its id.
async fn place(server: &TestServer, customer: &str, sku: &str, units: i64) -> String {
    let body = with(order(customer, sku, units), "submit", json!(true));
    server.post("/orders", &body).await["id"].as_str().unwrap().to_owned()
}

#[test]
fn live_02_stock_follows_every_movement() {
    const STOCK: &str = "wh.khi-1.stock";
    scenario(async |server| {
        server.shop().await;
        let mut console = Console::live(server, server.token(Role::Warehouse), &[STOCK]).await;
        assert_eq!(console.bodies(STOCK)["KURTA-M"]["on_hand"], "10");
        server.post("/warehouses/KHI-1/stock/KURTA-M/adjust", &json!({"delta": -3, "reason": "damaged"})).await;
        console.until("the adjustment", |console| console.bodies(STOCK)["KURTA-M"]["on_hand"] == "7").await;
        assert_eq!(console.bodies(STOCK)["KURTA-M"]["available"], "7");
        let policy = json!({"safety": 0, "backorder_cap": null, "low_stock": 8});
        server.by(Role::Admin, "PUT", "/warehouses/KHI-1/stock/KURTA-M/policy").json(&policy).send().await.ok();
        console.until("the alarm", |console| console.bodies(STOCK)["KURTA-M"]["low"] == true).await;
        // A SKU that cannot be a key stands under its hash, and says its name.
        let details = json!({"title": "x", "price": {"amount": "1.00", "currency": "PKR"}});
        server.post("/products", &json!({"sku": "كرتا", "details": details})).await;
        let path = "/warehouses/KHI-1/stock/%D9%83%D8%B1%D8%AA%D8%A7/receive";
        server.post(path, &json!({"quantity": 5, "reference": "r"})).await;
        let odd = |console: &Console| console.bodies(STOCK).into_iter().find(|(key, _)| key.starts_with("sha:"));
        console.until("the odd SKU", |console| odd(console).is_some()).await;
        assert_eq!(odd(&console).unwrap().1["sku"], "كرتا");
    });
}

#[test]
fn live_03_a_parcel_is_a_task_until_it_leaves() {
    const TASKS: &str = "wh.khi-1.tasks";
    scenario(async |server| {
        let customer = server.shop().await;
        let mut console = Console::live(server, server.token(Role::Warehouse), &[TASKS, ORDERS]).await;
        let id = place(server, &customer, "KURTA-M", 2).await;
        let key = format!("{id}/1");
        let state = |console: &Console| {
            let task = console.bodies(TASKS).remove(&key)?;
            Some((task["kind"].as_str()?.to_owned(), task["state"].as_str()?.to_owned()))
        };
        let is = |kind: &str, word: &str| {
            let wanted = Some((kind.to_owned(), word.to_owned()));
            move |console: &Console| state(console) == wanted
        };
        console.until("the task", is("pick", "queued")).await;
        let act = async |step: &str, body: Value| {
            let path = format!("/warehouses/KHI-1/parcels/{key}/{step}");
            server.by(Role::Warehouse, "POST", &path).json(&body).send().await.ok();
        };
        act("claim", json!({})).await;
        console.until("the picker", is("pick", "picking")).await;
        assert_eq!(console.bodies(TASKS)[&key]["operator"], server.id(Role::Warehouse).to_string());
        act("confirm", json!({"sku": "KURTA-M", "quantity": 2})).await;
        console.until("the pick", is("pack", "picked")).await;
        assert_eq!(console.bodies(TASKS)[&key]["done"], 1);
        act("pack", json!({"weight_grams": 900})).await;
        act("book", json!({"carrier": "TCS", "tracking": "T-1"})).await;
        console.until("the booking", is("ship", "booked")).await;
        act("hand-over", json!({})).await;
        console
            .until("its leaving", |console| console.bodies(TASKS).is_empty() && console.bodies(ORDERS).is_empty())
            .await;
    });
}

#[test]
fn live_04_one_order_is_shown_as_the_api_shows_it_without_contacts() {
    scenario(async |server| {
        let customer = server.shop().await;
        let id = place(server, &customer, "KURTA-M", 1).await;
        let name = format!("order.{}", id.replace('-', ""));
        let mut console = Console::live(server, server.token(Role::Admin), &[&name]).await;
        let shown = server.by(Role::Viewer, "GET", &format!("/orders/{id}")).send().await.ok();
        assert_eq!(console.bodies(&name)[&id], shown, "as a viewer sees it, contacts masked");
        let mut second = Console::live(server, server.token(Role::Viewer), &[&name]).await;
        let hold = json!({"kind": "manual", "reason": "call first"});
        server.post(&format!("/orders/{id}/hold"), &hold).await;
        for console in [&mut console, &mut second] {
            console.until("the hold", |console| console.bodies(&name)[&id]["holds"][0]["reason"] == "call first").await;
        }
        // A process may still add to the order, and one console hear of it before the other.
        let version = |console: &Console| console.bodies(&name)[&id]["version"].as_u64();
        for _ in 0..20 {
            let newest = version(&console).max(version(&second));
            for console in [&mut console, &mut second] {
                console.until("the newest version", |console| version(console) >= newest).await;
            }
            if version(&console) == version(&second) {
                break;
            }
        }
        assert_eq!(console.rows(&name), second.rows(&name));
        for unknown in ["order.ffffffffffffffffffffffffffffffff", "order.x"] {
            console.subscribe(unknown, None);
            let refused = |event: &Event| matches!(event, Event::Refused(topic, code) if topic.as_str() == unknown && code.as_str() == "bad_topic");
            console.until("the refusal", |console| console.told(refused) == 1).await;
        }
    });
}

#[test]
fn live_05_a_window_shows_its_rows_only_and_drops_what_leaves_it() {
    scenario(async |server| {
        let customer = server.shop().await;
        let held = place(server, &customer, "KURTA-M", 1).await;
        approve_large(server).await;
        let waits = place(server, &customer, "DUPATTA", 80).await;
        let window = Window::new([("status".to_owned(), vec!["pending_approval".to_owned()])]).unwrap();
        let mut console = Console::new(server, server.token(Role::Viewer), 5);
        console.subscribe(ORDERS, Some(window.clone()));
        console.start();
        console.until("the window", |console| console.bodies(ORDERS).len() == 1).await;
        assert!(console.bodies(ORDERS).contains_key(&waits));
        let mut whole = Console::live(server, server.token(Role::Viewer), &[ORDERS]).await;
        assert_eq!(whole.bodies(ORDERS).len(), 2);
        server.post(&format!("/orders/{waits}/cancel"), &json!({"reason": "too much"})).await;
        console.until("an empty window", |console| console.bodies(ORDERS).is_empty()).await;
        whole.until("the other one", |console| console.bodies(ORDERS).len() == 1).await;
        assert!(whole.bodies(ORDERS).contains_key(&held));
        // Another window of the same topic, in place of the first.
        let other = Window::new([("status".to_owned(), vec!["processing".to_owned(), "approved".to_owned()])]).unwrap();
        console.subscribe(ORDERS, Some(other));
        console.until("the other window", |console| console.bodies(ORDERS).contains_key(&held)).await;
    });
}

#[test]
fn live_06_the_figures_of_a_warehouse_follow_its_boards() {
    const KPI: &str = "dash.khi-1.kpi";
    scenario(async |server| {
        let customer = server.shop().await;
        let mut console = Console::live(server, server.token(Role::Viewer), &[KPI]).await;
        let figures = |console: &Console| match console.mirror(KPI) {
            Some(Mirror::Gauge(gauge)) => gauge.value().map(|value| value.parse::<KpiGauge>().unwrap()),
            _ => None,
        };
        place(server, &customer, "KURTA-M", 1).await;
        place(server, &customer, "KURTA-M", 1).await;
        console
            .until("two orders", |console| {
                figures(console).is_some_and(|figures| (figures.open_orders, figures.waiting_tasks) == (2, 2))
            })
            .await;
    });
}

#[test]
fn live_07_a_warehouse_opened_later_has_its_topics() {
    scenario(async |server| {
        let mut console = Console::live(server, server.token(Role::Admin), &[]).await;
        console.start();
        console.subscribe("wh.lhe-1.stock", None);
        console.until("the refusal", |console| console.told(|event| matches!(event, Event::Refused(..))) == 1).await;
        server.shop().await;
        server.post("/warehouses", &json!({"code": "LHE-1", "name": "L", "address": address()})).await;
        server.post("/warehouses/LHE-1/stock/KURTA-M/receive", &json!({"quantity": 4, "reference": "r"})).await;
        server.rest().await;
        let mut second = Console::live(server, server.token(Role::Admin), &["wh.lhe-1.stock"]).await;
        second.until("the stock", |console| console.bodies("wh.lhe-1.stock").len() == 1).await;
    });
}

#[test]
fn live_08_a_large_board_comes_in_pages_and_checks_out() {
    scenario(async |server| {
        let customer = server.shop().await;
        server.post("/warehouses/KHI-1/stock/DUPATTA/receive", &json!({"quantity": 500, "reference": "r"})).await;
        for _ in 0..120 {
            place(server, &customer, "DUPATTA", 1).await;
        }
        let mut console = Console::live(server, server.token(Role::Viewer), &[ORDERS]).await;
        console.until("all rows", |console| console.bodies(ORDERS).len() == 120).await;
        let pages =
            console.received.iter().flat_map(|text| text.lines()).filter(|line| line.contains("\"t\":\"snap\""));
        assert!(pages.count() > 1, "more than one page");
        for _ in 0..20 {
            place(server, &customer, "DUPATTA", 1).await;
        }
        console.until("the new ones", |console| console.bodies(ORDERS).len() == 140).await;
        let checks = |console: &Console| console.received.iter().filter(|text| text.contains("\"t\":\"chk\"")).count();
        let before = checks(&console);
        console.until("two checksums", |console| checks(console) >= before + 2).await;
        assert_eq!(console.told(|event| matches!(event, Event::MirrorMismatch(_))), 0);
        let listed = server.get("/orders?limit=200").await;
        assert_eq!(listed["items"].as_array().unwrap().len(), 140);
        for item in listed["items"].as_array().unwrap() {
            assert_eq!(console.bodies(ORDERS)[item["id"].as_str().unwrap()]["status"], item["status"]);
        }
    });
}

#[test]
fn live_09_what_is_not_offered_is_refused_with_its_code() {
    scenario(async |server| {
        server.shop().await;
        let topics = [
            ("wh.khi-1.orders", "snapshot"),
            ("wh.khi-1.devices", "snapshot"),
            ("wh.khi-1.exceptions", "snapshot"),
            ("user.u1.inbox", "sub_denied"),
            ("device.d1.inbox", "sub_denied"),
            ("approvals.finance", "sub_denied"),
            ("dash.none.throughput", "bad_topic"),
            ("wh.nowhere.orders", "bad_topic"),
            ("wh.khi-1.secrets", "bad_topic"),
        ];
        let subs: Vec<Value> = topics.iter().map(|(topic, _)| json!({"topic": topic})).collect();
        let (mut raw, welcome) = Raw::greeted(server.address, server.token(Role::Warehouse), &subs).await;
        for ((topic, wanted), sub) in topics.iter().zip(welcome["d"]["subs"].as_array().unwrap()) {
            assert_eq!(sub["topic"], *topic);
            let said = if sub["outcome"] == "refused" { &sub["code"] } else { &sub["outcome"] };
            assert_eq!(said, wanted, "{topic}");
        }
        raw.send(&json!({"t": "sub", "id": 4, "d": {"topic": "wh.khi-1.orders", "window": {"zone": ["a"]}}})).await;
        let refused = raw.find(|frame| frame["id"] == 4).await;
        assert_eq!((&refused["d"]["code"], &refused["d"]["field"]), (&json!("bad_topic"), &json!("window")));
    });
}
