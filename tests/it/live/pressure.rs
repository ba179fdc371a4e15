//! Slow readers, dead ends, and bursts: one client's trouble stays its own.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use munshi_actors::{Class, node::Meta};
use munshi_domain::{
    Sku,
    user::Role,
    warehouse::{Warehouse, WarehouseCommand},
};
use munshi_protocols::clientsm::Event;
use serde_json::{Value, json};

use super::{
    client::{Console, LIMIT, Raw},
    scenario, scenario_with,
};
use crate::harness::TestServer;

const STOCK: &str = "wh.khi-1.stock";

/// So many SKUs, touched once each.
async fn wide(server: &TestServer, count: usize, round: usize) {
    let work = (0..count).map(|n| async move {
        let sku = Sku::parse(&format!("SKU-{n:05}-{}", "x".repeat(40))).unwrap();
        let (reference, condition) = (format!("r{round}"), munshi_domain::warehouse::Condition::Sellable);
        let command = WarehouseCommand::ReceiveStock { sku, quantity: 1, condition, reference, reason: None };
        // Shedding is not what is tried here, and a slow machine sheds.
        let meta = Meta::system("test", format!("wide:{round}:{n}")).class(Class::Internal);
        server.app().node().execute::<Warehouse, _>("KHI-1", command, meta, |_, _| ()).await.unwrap();
    });
    futures_util::future::join_all(work).await;
}

#[test]
fn live_80_a_client_that_answers_no_ping_is_let_go() {
    scenario(async |server| {
        let (mut raw, welcome) = Raw::greeted(server.address, server.token(Role::Viewer), &[]).await;
        assert_eq!(welcome["d"]["hb_ms"], 1_000);
        let began = Instant::now();
        let (frames, close) = raw.rest().await;
        assert_eq!((frames.len(), &frames[0]["t"], close), (1, &json!("ping"), 4012));
        let waited = began.elapsed();
        assert!((Duration::from_millis(1_400)..Duration::from_millis(3_000)).contains(&waited), "{waited:?}");
        let mut console = Console::live(server, server.token(Role::Viewer), &[]).await;
        console.until("the connection", Console::is_live).await;
        let before = console.received.len();
        console.until("three pings", |console| console.received.len() >= before + 3).await;
        assert!(console.closes.is_empty(), "who answers stays");
    });
}

#[test]
fn live_81_a_half_open_connection_is_noticed_by_the_client_too() {
    scenario(async |server| {
        server.shop().await;
        // The server's heartbeat is a second; without any sign for six the client gives up and comes back.
        let mut console = Console::live(server, server.token(Role::Viewer), &[STOCK]).await;
        console
            .until("a heartbeat", |console| console.received.iter().any(|text| text.contains("\"t\":\"ping\"")))
            .await;
        assert_eq!(console.connects(), 1);
        console.cut();
        console.until("the reconnect", |console| console.stands(STOCK) && console.connects() == 2).await;
    });
}

#[test]
fn live_82_who_reads_slowly_skips_steps_and_ends_with_the_same_rows() {
    scenario(async |server| {
        server.shop().await;
        wide(server, 600, 0).await;
        server.rest().await;
        let mut slow = Console::live(server, server.token(Role::Viewer), &[STOCK]).await;
        let mut quick = Console::live(server, server.token(Role::Viewer), &[STOCK]).await;
        // Nobody reads the slow one meanwhile; its socket and its outbox fill up.
        for round in 1..8 {
            wide(server, 600, round).await;
            quick.idle(Duration::from_millis(20)).await;
        }
        server.rest().await;
        let done =
            |console: &Console| console.bodies(STOCK).values().filter(|row| row["on_hand"] == "8").count() == 600;
        quick.until("every row", done).await;
        slow.until("every row", done).await;
        assert_eq!(slow.rows(STOCK), quick.rows(STOCK));
        for console in [&slow, &quick] {
            assert_eq!(console.told(|event| matches!(event, Event::MirrorMismatch(_))), 0);
        }
    });
}

#[test]
fn live_83_who_reads_nothing_is_let_go_and_nobody_else_notices() {
    scenario_with(
        // A client that reads nothing answers no ping either; here it is the write that has to end it.
        |config| config.live.heartbeat = munshi::config::Span::seconds(60),
        async |server| {
            server.shop().await;
            let (stuck, _) = Raw::greeted(server.address, server.token(Role::Viewer), &[json!({"topic": STOCK})]).await;
            let mut quick = Console::live(server, server.token(Role::Viewer), &[STOCK]).await;
            let deadline = Instant::now() + LIMIT;
            let mut round = 0;
            while server.app().live().census().connections > 1 {
                assert!(Instant::now() < deadline, "it is still there");
                let done = std::cell::Cell::new(false);
                let work = async {
                    wide(server, 1_500, round).await;
                    done.set(true);
                };
                let reading = async {
                    while !done.get() {
                        quick.idle(Duration::from_millis(10)).await;
                    }
                };
                tokio::join!(work, reading);
                round += 1;
            }
            server.rest().await;
            let head = server.head();
            quick.until("the last change", |console| console.off(STOCK) >= head).await;
            assert_eq!(quick.connects(), 1);
            drop(stuck);
        },
    );
}

#[test]
fn live_84_deltas_follow_each_other_without_a_gap() {
    scenario_with(
        |config| config.live.heartbeat = munshi::config::Span::seconds(60),
        async |server| {
            server.shop().await;
            let subs = [json!({"topic": STOCK})];
            let mut raws = vec![];
            for _ in 0..6 {
                raws.push(Raw::greeted(server.address, server.token(Role::Viewer), &subs).await.0);
            }
            for raw in &mut raws {
                raw.find(|frame| frame["t"] == "snap" && frame["d"]["last"] == true).await;
            }
            for n in 0..5 {
                let body = json!({"delta": 1, "reason": format!("step {n}")});
                server.post("/warehouses/KHI-1/stock/KURTA-M/adjust", &body).await;
            }
            let mut seen: Vec<Vec<Value>> = vec![];
            for raw in &mut raws {
                let mut deltas: Vec<Value> = vec![];
                while deltas.last().is_none_or(|last| last["d"]["put"][0]["v"]["on_hand"] != "15") {
                    let frame = raw.find(|frame| frame["t"] == "delta").await;
                    if let Some(last) = deltas.last() {
                        assert_eq!(frame["d"]["base"], last["d"]["off"], "no gap");
                    }
                    deltas.push(frame);
                }
                seen.push(deltas);
            }
            assert!(
                seen.iter().all(|deltas| deltas.last().unwrap()["d"]["put"] == seen[0].last().unwrap()["d"]["put"])
            );
        },
    );
}

#[test]
fn live_85_a_hundred_consoles_come_and_go_and_leave_nothing() {
    scenario_with(
        |config| config.live.user_connections = 1_000,
        async |server| {
            server.shop().await;
            for round in 0..3u64 {
                let consoles = (0..40u64).map(|n| async move {
                    let mut console = Console::new(server, server.token(Role::Viewer), round * 100 + n + 1);
                    console.subscribe(STOCK, None);
                    console.start();
                    console.until("the board", |console| console.stands(STOCK)).await;
                    if n.is_multiple_of(3) {
                        console.cut();
                        console.until("the board", |console| console.stands(STOCK)).await;
                    }
                    console
                });
                let consoles = futures_util::future::join_all(consoles).await;
                assert_eq!(server.app().live().census().subscribers, 40);
                drop(consoles);
                super::nothing_left(server).await;
            }
        },
    );
}

#[test]
fn live_86_a_missed_broadcast_is_made_up_from_the_journal() {
    scenario(async |server| {
        server.shop().await;
        let mut console = Console::live(server, server.token(Role::Viewer), &[STOCK]).await;
        // While a read of the store hangs, far more batches go by than the broadcast holds.
        wide(server, 2_500, 0).await;
        for n in 0..1_500 {
            let command =
                WarehouseCommand::AdjustStock { sku: Sku::parse("KURTA-M").unwrap(), delta: 1, reason: "t".into() };
            let meta = Meta::system("test", format!("one:{n}")).class(Class::Internal);
            server.app().node().execute::<Warehouse, _>("KHI-1", command, meta, |_, _| ()).await.unwrap();
        }
        let head = server.head();
        console.until("the last change", |console| console.off(STOCK) >= head).await;
        assert_eq!(console.bodies(STOCK)["KURTA-M"]["on_hand"], "1510");
        assert_eq!(console.bodies(STOCK).len(), 2_502);
    });
}

#[test]
fn live_87_a_socket_that_is_closed_by_the_other_side_is_gone_at_once() {
    scenario(async |server| {
        let (mut raw, _) = Raw::greeted(server.address, server.token(Role::Viewer), &[]).await;
        raw.0.close(None).await.unwrap();
        while let Some(Ok(_)) = raw.0.next().await {}
        super::nothing_left(server).await;
    });
}
