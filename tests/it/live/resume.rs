//! Coming back: after a cut, after too long, after a restart, after a restored backup.

use munshi_actors::{Class, node::Meta};
use munshi_domain::{
    Sku,
    user::Role,
    warehouse::{Warehouse, WarehouseCommand},
};
use munshi_protocols::clientsm::Event;
use serde_json::{Value, json};

use super::{
    Named, approve_large,
    client::{Console, Raw},
    quick, ready, scenario,
};
use crate::harness::{TestServer, address, order, run_twice_with, with};

const ORDERS: &str = "wh.khi-1.orders";
const STOCK: &str = "wh.khi-1.stock";
const TASKS: &str = "wh.khi-1.tasks";
const APPROVALS: &str = "approvals.sales_manager";
/// A board that begins in the first life of the server and that nothing ever touches.
const QUIET: &str = "wh.lhe-1.tasks";

fn resumed(console: &Console) -> Vec<bool> {
    let connected = |event: &Event| match event {
        Event::Connected { resumed } => Some(*resumed),
        _ => None,
    };
    console.events.iter().filter_map(connected).collect()
}

fn mismatches(console: &Console) -> usize {
    console.told(|event| matches!(event, Event::MirrorMismatch(_)))
}

/// Snapshots received since message `from`.
fn snapshots(console: &Console, from: usize) -> usize {
    console.received[from..].iter().filter(|text| text.contains("\"t\":\"snap\"")).count()
}

async fn place(server: &TestServer, customer: &str, sku: &str, units: i64) -> String {
    let body = with(order(customer, sku, units), "submit", json!(true));
    server.post("/orders", &body).await["id"].as_str().unwrap().to_owned()
}

async fn cancel(server: &TestServer, id: &str) {
    server.post(&format!("/orders/{id}/cancel"), &json!({"reason": "test"})).await;
}

/// `count` changes of stock, one journal entry each.
async fn movements(server: &TestServer, count: usize) {
    for n in 0..count {
        let delta = if n.is_multiple_of(2) { 1 } else { -1 };
        let command = WarehouseCommand::AdjustStock { sku: Sku::parse("KURTA-M").unwrap(), delta, reason: "t".into() };
        let meta = Meta::system("test", server.fresh_key()).class(Class::Internal);
        let done = server.app().node().execute::<Warehouse, _>("KHI-1", command, meta, |_, _| ()).await.unwrap();
        // One step each: what comes together would be one step.
        while server.app().live().position() < done.seq {
            tokio::task::yield_now().await;
        }
    }
}

#[test]
fn live_10_a_cut_connection_resumes_with_what_it_missed_and_no_more() {
    scenario(async |server| {
        let customer = server.shop().await;
        let gone = place(server, &customer, "KURTA-M", 1).await;
        let mut console = Console::live(server, server.token(Role::Viewer), &[ORDERS, STOCK]).await;
        console.until("the order", |console| console.bodies(ORDERS).len() == 1).await;
        console.cut();
        let messages = console.received.len();
        let new = place(server, &customer, "DUPATTA", 2).await;
        cancel(server, &gone).await;
        console
            .until("what was missed", |console| {
                let orders = console.bodies(ORDERS);
                orders.contains_key(&new)
                    && !orders.contains_key(&gone)
                    && console.bodies(STOCK)["DUPATTA"]["reserved"] == "2"
            })
            .await;
        assert_eq!(resumed(&console), [true, true], "the first has no offset to resume from, the second has");
        assert_eq!(snapshots(&console, messages), 0);
        console
            .until("a checksum", |console| console.received[messages..].iter().any(|text| text.contains("\"chk\"")))
            .await;
        assert_eq!(mismatches(&console), 0);
    });
}

#[test]
fn live_11_a_quiet_reconnect_costs_one_frame() {
    scenario(async |server| {
        server.shop().await;
        let mut console = Console::live(server, server.token(Role::Viewer), &[STOCK]).await;
        let messages = console.received.len();
        console.cut();
        console.until("the reconnect", |console| console.received.len() > messages).await;
        let first = &console.received[messages];
        assert!(first.contains("\"outcome\":\"resumed\"") && first.lines().count() == 1, "{first}");
    });
}

#[test]
fn live_12_who_missed_too_much_gets_a_snapshot() {
    scenario(async |server| {
        server.shop().await;
        let mut console = Console::live(server, server.token(Role::Viewer), &[STOCK]).await;
        console.cut();
        let messages = console.received.len();
        movements(server, 1_030).await;
        server.rest().await;
        let head = server.head();
        console.until("the stock", |console| console.off(STOCK) >= head).await;
        assert!(!resumed(&console).last().unwrap(), "more steps than a replay takes");
        assert!(snapshots(&console, messages) > 0);
        let version = console.bodies(STOCK)["KURTA-M"]["rev"].as_u64().unwrap();
        assert!(version > 1_000, "{version}");
    });
}

#[test]
fn live_13_another_journal_s_offsets_and_offsets_of_the_future_count_for_nothing() {
    scenario(async |server| {
        server.shop().await;
        let (mut raw, welcome) =
            Raw::greeted(server.address, server.token(Role::Viewer), &[json!({"topic": STOCK})]).await;
        let sub = &welcome["d"]["subs"][0];
        let (epoch, off) = (sub["epoch"].clone(), sub["off"].as_u64().unwrap());
        assert_eq!(epoch, *server.app().node().journal_id());
        let mut ask = async |id: u64, since: Value| {
            raw.send(&json!({"t": "sub", "id": id, "d": {"topic": STOCK, "since": since}})).await;
            raw.find(|frame| frame["id"] == id).await["d"].clone()
        };
        assert_eq!(ask(1, json!({"epoch": epoch, "off": off})).await["outcome"], "resumed");
        assert_eq!(ask(2, json!({"epoch": "j_other", "off": off})).await["outcome"], "snapshot");
        assert_eq!(ask(3, json!({"epoch": epoch, "off": off + 1_000})).await["outcome"], "snapshot");
        let early = ask(4, json!({"epoch": epoch, "off": 0})).await;
        assert_eq!(early["outcome"], "snapshot", "before the topic began");
        let metrics = String::from_utf8(server.open("GET", "//metrics").send().await.bytes.to_vec()).unwrap();
        assert!(metrics.lines().any(|line| line.starts_with("munshi_live_since_ahead_total ")), "an alarm was raised");
    });
}

#[test]
fn live_14_clients_resume_over_a_restart_whatever_happened_around_it() {
    let _named = Named::begin();
    run_twice_with(
        quick,
        async |server| {
            ready(server).await;
            let customer = server.shop().await;
            approve_large(server).await;
            let stays = place(server, &customer, "KURTA-M", 1).await;
            let goes = place(server, &customer, "KURTA-M", 1).await;
            let waits = place(server, &customer, "DUPATTA", 80).await;
            server.rest().await;
            server.post("/warehouses", &json!({"code": "LHE-1", "name": "L", "address": address()})).await;
            server.rest().await;
            let topics = [ORDERS, STOCK, TASKS, APPROVALS, QUIET];
            let mut console = Console::live(server, server.token(Role::SalesManager), &topics).await;
            console
                .until("everything", |console| {
                    console.bodies(ORDERS).len() == 3 && console.bodies(APPROVALS).len() == 1
                })
                .await;
            // It is away when the last things happen, and hears of them from the next life of the server.
            console.cut();
            cancel(server, &goes).await;
            server.rest().await;
            (console, stays, goes, waits)
        },
        async |server, (mut console, stays, goes, waits)| {
            console.move_to(server);
            let messages = console.received.len();
            console
                .until("the resumed board", |console| console.is_live() && !console.bodies(ORDERS).contains_key(&goes))
                .await;
            assert!(resumed(&console).last().unwrap(), "{:?}", &console.received[messages..]);
            assert_eq!(snapshots(&console, messages), 0);
            assert!(console.bodies(ORDERS).contains_key(&stays) && console.bodies(ORDERS).contains_key(&waits));
            cancel(server, &stays).await;
            console.until("life goes on", |console| !console.bodies(ORDERS).contains_key(&stays)).await;
            // Rows that nothing has touched since must agree in their versions too.
            for name in [ORDERS, STOCK, TASKS, APPROVALS] {
                let checked = |console: &Console| {
                    let mine = |text: &&String| text.contains("\"t\":\"chk\"") && text.contains(name);
                    console.received[messages..].iter().filter(mine).count() > 0
                };
                console.until("a checksum", checked).await;
            }
            assert_eq!(mismatches(&console), 0);
            let fresh =
                Console::live(server, server.token(Role::SalesManager), &[ORDERS, STOCK, TASKS, APPROVALS]).await;
            for name in [ORDERS, STOCK, TASKS, APPROVALS] {
                assert_eq!(fresh.rows(name), console.rows(name), "{name}");
            }
        },
    );
}

#[test]
fn live_15_a_draining_server_says_when_to_come_back() {
    let _named = Named::begin();
    run_twice_with(
        quick,
        async |server| {
            ready(server).await;
            server.shop().await;
            Console::live(server, server.token(Role::Viewer), &[STOCK]).await
        },
        async |server, mut console| {
            console.move_to(server);
            let messages = console.received.len();
            console.until("the drain", |console| console.closes.contains(&4000) || console.connects() > 1).await;
            assert!(
                console.received[messages..].iter().any(|text| text.contains("\"t\":\"drain\"")),
                "{:?}",
                console.received
            );
            console.until("the reconnect", |console| console.stands(STOCK) && console.connects() > 1).await;
            assert_eq!(resumed(&console), [true, true]);
        },
    );
}

#[test]
fn live_16_a_ticket_brings_a_client_back_over_a_restart() {
    let _named = Named::begin();
    run_twice_with(
        |config| {
            quick(config);
            config.live.ticket_key = munshi::config::Secret::new("a key of at least thirty-two characters");
        },
        async |server| {
            ready(server).await;
            let (_raw, welcome) = Raw::greeted(server.address, server.token(Role::Viewer), &[]).await;
            let admin = server.session(server.id(Role::Finance)).await;
            let (_other, revoked) = Raw::greeted(server.address, &admin, &[]).await;
            server
                .by(Role::Admin, "POST", &format!("/users/{}/revoke-sessions", server.id(Role::Finance)))
                .send()
                .await
                .ok();
            (welcome["d"]["ticket"].clone(), revoked["d"]["ticket"].clone())
        },
        async |server, (ticket, revoked)| {
            ready(server).await;
            let with = |ticket: &Value| json!({"t": "hello", "d": {"kind": "console", "client": "a", "app": "1", "ticket": ticket}});
            let mut raw = Raw::open(server.address).await;
            raw.send(&with(&ticket)).await;
            assert_eq!(raw.frame().await["t"], "welcome", "the key is the same, and nothing happened to the user");
            let mut raw = Raw::open(server.address).await;
            raw.send(&with(&revoked)).await;
            let (frames, close) = raw.rest().await;
            assert_eq!((&frames[0]["d"]["code"], close), (&json!("token_bad"), 4500), "revoked is revoked");
        },
    );
}
