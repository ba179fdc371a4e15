//! What a floor tells those who run it: exceptions until they are resolved, and what it got done.

use munshi_domain::user::Role;
use munshi_protocols::{clientsm::Event, mirror::Mirror, server::Status, topic::rows::ThroughputGauge};
use serde_json::json;

use super::{
    Named,
    client::{Console, Raw},
    floor, quick, ready,
    scanner::Scanner,
    scenario,
};
use crate::harness::{TestServer, run_twice_with};

const EXCEPTIONS: &str = "wh.khi-1.exceptions";
const THROUGHPUT: &str = "dash.khi-1.throughput";

/// Numbers of the exceptions a console was told, in order.
fn told(console: &Console) -> Vec<u64> {
    let items = console.events.iter().filter_map(|event| match event {
        Event::Items(topic, items) if topic.as_str() == EXCEPTIONS => Some(items),
        _ => None,
    });
    items.flatten().map(|item| item.off.get()).collect()
}

/// Puts a plate away that nobody knows: it is taken, and somebody has to look at it. Answers the exception's number.
async fn odd(scanner: &mut Scanner, plate: &str) -> u64 {
    let answer = scanner.does("fact.stored", json!({"plate": plate, "bin": "A-01"})).await;
    assert_eq!(answer.st, Status::AppliedWithVariance, "{answer:?}");
    answer.exception_id.expect("a number").parse().expect("a number")
}

async fn resolve(server: &TestServer, number: u64) {
    let path = format!("/warehouses/KHI-1/exceptions/{number}/resolve");
    server.by(Role::Warehouse, "POST", &path).json(&json!({"note": "found it"})).send().await.ok();
}

#[test]
fn live_17_an_exception_is_told_until_it_is_resolved_over_a_restart_as_well() {
    let _named = Named::begin();
    run_twice_with(
        quick,
        async |server| {
            ready(server).await;
            floor::set_up(server).await;
            let enrolled = floor::enrol(server, "dev_7").await;
            let mut scanner = Scanner::live(&server.address.to_string(), &enrolled, "in_1").await;
            floor::sign_on(&mut scanner).await;
            let mut console = Console::live(server, server.token(Role::Warehouse), &[EXCEPTIONS]).await;
            let (first, second) = (odd(&mut scanner, "P-1").await, odd(&mut scanner, "P-2").await);
            console.until("both", |console| told(console) == [first, second]).await;
            resolve(server, first).await;
            // Who looks now sees what is open, and the number of each is its offset.
            let later = Console::live(server, server.token(Role::Finance), &[EXCEPTIONS]).await;
            assert_eq!(told(&later), [second]);
            let (mut raw, _) =
                Raw::greeted(server.address, server.token(Role::Warehouse), &[json!({"topic": EXCEPTIONS})]).await;
            for (off, code) in [(second, None), (second + 1_000, Some("seen_ahead"))] {
                raw.send(&json!({"t": "seen", "d": {"topic": EXCEPTIONS, "off": off}})).await;
                if let Some(code) = code {
                    assert_eq!(raw.find(|frame| frame["t"] == "err").await["d"]["code"], code);
                }
            }
            console.cut();
            let third = odd(&mut scanner, "P-3").await;
            scanner.stop();
            scanner.until("farewell", |scanner| !scanner.is_live()).await;
            server.rest().await;
            (console, [first, second, third])
        },
        async |server, (mut console, numbers)| {
            console.move_to(server);
            let before = console.told(|event| matches!(event, Event::Connected { resumed: true }));
            console.until("the third", |console| told(console) == numbers).await;
            let resumed = console.told(|event| matches!(event, Event::Connected { resumed: true }));
            assert_eq!(resumed, before + 1, "it resumes behind the second, and hears of none again");
            resolve(server, numbers[1]).await;
            let fresh = Console::live(server, server.token(Role::Warehouse), &[EXCEPTIONS]).await;
            assert_eq!(told(&fresh), [numbers[2]]);
        },
    );
}

#[test]
fn live_18_the_pace_of_a_floor_is_told_by_the_minute_and_the_hour() {
    scenario(async |server| {
        floor::set_up(server).await;
        let enrolled = floor::enrol(server, "dev_7").await;
        let mut scanner = Scanner::live(&server.address.to_string(), &enrolled, "in_1").await;
        floor::sign_on(&mut scanner).await;
        scanner.ok("choose", json!({"flow": "inquiry"})).await;
        for _ in 0..5 {
            scanner.scan(floor::SHIRT).await;
        }
        let mut console = Console::live(server, server.token(Role::Viewer), &[THROUGHPUT]).await;
        let figures = |console: &Console| match console.mirror(THROUGHPUT) {
            Some(Mirror::Gauge(gauge)) => gauge.value().and_then(|value| value.parse::<ThroughputGauge>().ok()),
            _ => None,
        };
        server.advance(60);
        console.until("the last minute", |console| figures(console).is_some_and(|told| told.scans_1m == 7)).await;
        server.advance(60);
        console.until("a quiet minute", |console| figures(console).is_some_and(|told| told.scans_1m == 0)).await;
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
    });
}
