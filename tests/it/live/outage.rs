//! Half an hour without a network, frames that overtake each other, and connections that never say anything.

use std::time::Duration;

use munshi::config::Span;
use munshi_domain::user::Role;
use munshi_protocols::{clientsm::Event, server::Status};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    client::{Console, LIMIT, Raw, key},
    floor::{self, SHIRT},
    scanner::{Scanner, open},
    scenario, scenario_with,
};

#[test]
fn live_120_half_an_hour_without_a_network_and_then_two_hundred_scans() {
    const PLATES: usize = 20;
    const SCANS: usize = 200;
    scenario(async |server| {
        floor::set_up(server).await;
        let enrolled = floor::enrol(server, "dev_7").await;
        let address = server.address.to_string();
        let mut scanner = Scanner::live(&address, &enrolled, "in_1").await;
        floor::sign_on(&mut scanner).await;
        // Out of reach, and switched off and on again with everything it had stored.
        let mut scanner = Scanner::new(&address, &enrolled, "in_1", scanner.off());
        let mut keys = Vec::new();
        for n in 0..PLATES {
            let plate = format!("P-{n:03}");
            let content = json!({"goods": {"sku": "KURTA-M"}, "units": 1});
            let received = json!({"doc": "PO-1", "bin": "STAGE-1", "plate": plate, "content": content});
            keys.push(scanner.record("fact.received", &received));
            keys.push(scanner.record("fact.stored", &json!({"plate": plate, "bin": "A-01"})));
        }
        keys.push(scanner.record("choose", &json!({"flow": "inquiry"})));
        while keys.len() < SCANS {
            keys.push(scanner.record("scan", &json!({"raw": SHIRT})));
        }
        server.advance(30 * 60);
        scanner.start();
        scanner.until("every answer", |scanner| scanner.is_live() && scanner.unanswered() == 0).await;
        let told: Vec<_> = scanner
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Settled { key, answer } => Some((key.clone(), answer.st)),
                _ => None,
            })
            .collect();
        let wanted: Vec<_> = keys.into_iter().map(|key| (key, Status::Applied)).collect();
        assert_eq!(told, wanted, "each once, in the order in which it was done");
        server.rest().await;
        let bin = server.get("/warehouses/KHI-1/bins?location=A-01").await;
        assert_eq!(bin["items"][0]["lines"].as_array().map(Vec::len), Some(PLATES), "{bin}");
        assert_eq!(server.get("/warehouses/KHI-1/exceptions").await["items"], json!([]));
        assert_eq!(server.get("/warehouses/KHI-1/stock/KURTA-M").await["on_hand"], 10 + PLATES);
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
    });
}

#[test]
fn live_121_frames_that_overtake_each_other_take_effect_in_their_order_and_once() {
    scenario(async |server| {
        floor::set_up(server).await;
        let enrolled = floor::enrol(server, "dev_7").await;
        let address = server.address.to_string();
        let mut scanner = Scanner::live(&address, &enrolled, "in_1").await;
        floor::sign_on(&mut scanner).await;
        let next = 2;
        drop(scanner);
        let mut raw = Raw::on(open(&address).await.unwrap());
        let clock = json!({"wall_ms": 1, "mono_ms": 1, "boot": "b"});
        raw.send(&json!({"t": "hello", "d": {"kind": "device", "client": "dev_7", "install": "in_1", "gen": 1,
            "app": "1", "token": enrolled.text("token"), "seq_next": next, "clock": clock}}))
            .await;
        assert_eq!(raw.frame().await["t"], "welcome");
        let cmd = |id: u64, seq: u64, key: &str, op: &str, a: Value| json!({"t": "cmd", "id": id, "d": {"seq": seq, "key": key, "at": clock, "op": op, "a": a}});
        let (first, second) = (key().to_string(), key().to_string());
        let choose = |id| cmd(id, next, &first, "choose", json!({"flow": "inquiry"}));
        let scan = |id| cmd(id, next + 1, &second, "scan", json!({"raw": SHIRT}));
        raw.send(&scan(1)).await;
        let gap = raw.find(|frame| frame["id"] == 1).await;
        assert_eq!((&gap["d"]["code"], &gap["d"]["expect"]), (&json!("seq_gap"), &json!(next)));
        for (id, frame, status) in
            [(2, choose(2), "applied"), (3, scan(3), "applied"), (4, scan(4), "duplicate"), (5, choose(5), "duplicate")]
        {
            raw.send(&frame).await;
            let ack = raw.find(|frame| frame["id"] == id).await;
            assert_eq!(ack["d"]["r"][0]["st"], status, "{ack}");
        }
    });
}

/// What is read from a connection until the other side closes it.
async fn until_closed(mut stream: TcpStream) -> String {
    let mut read = Vec::new();
    let end = tokio::time::timeout(LIMIT, stream.read_to_end(&mut read)).await.expect("closed in time");
    // Closed in order or cut off is the same to whoever sent nothing.
    let _ = end;
    String::from_utf8_lossy(&read).into_owned()
}

#[test]
fn live_122_a_connection_that_never_sends_a_request_is_closed() {
    let quick = |config: &mut munshi::config::Config| config.server.header_timeout = Span::from_millis(300);
    scenario_with(quick, async |server| {
        server.shop().await;
        let silent = TcpStream::connect(server.address).await.unwrap();
        assert_eq!(until_closed(silent).await, "");
        let mut slow = TcpStream::connect(server.address).await.unwrap();
        slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: local").await.unwrap();
        let told = until_closed(slow).await;
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 408"), "{told}");
        let mut idle = TcpStream::connect(server.address).await.unwrap();
        idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        assert!(until_closed(idle).await.starts_with("HTTP/1.1 200"), "answered, and closed when nothing followed");
        // What was upgraded lives by its own heartbeat.
        let mut console = Console::live(server, server.token(Role::Viewer), &["wh.khi-1.stock"]).await;
        let before = console.received.len();
        console.until("two pings", |console| console.received.len() >= before + 2).await;
        assert!(console.closes.is_empty() && console.connects() == 1);
        console.idle(Duration::from_millis(10)).await;
    });
}
