//! Who of the scanners is there, and what they are told.

use std::time::{Duration, Instant};

use munshi_domain::user::Role;
use munshi_protocols::{clientsm::Event, ids::JournalSeq, topic::Window};
use serde_json::{Value, json};

use super::{
    Named,
    client::{Console, Raw, topic},
    floor,
    pump::LIMIT,
    quick, ready,
    scanner::{Enrolled, Scanner},
    scenario,
};
use crate::harness::{TestServer, run_twice_with};

const DEVICES: &str = "wh.khi-1.devices";
const INBOX: &str = "device.dev_7.inbox";

fn row(console: &Console) -> Option<Value> {
    console.bodies(DEVICES).remove("dev_7")
}

fn is(state: &str) -> impl Fn(&Console) -> bool {
    let state = state.to_owned();
    move |console| row(console).is_some_and(|row| row["state"] == *state)
}

/// What a device was told, in order: number and kind.
fn told(scanner: &Scanner) -> Vec<(u64, String)> {
    let items = scanner.events.iter().filter_map(|event| match event {
        Event::Items(topic, items) if topic.as_str() == INBOX => Some(items),
        _ => None,
    });
    let item = |item: &munshi_protocols::server::Item| {
        let body: Value = item.v.parse().expect("a notice");
        (item.off.get(), body["kind"].as_str().expect("a kind").to_owned())
    };
    items.flatten().map(item).collect()
}

/// A device that hears what it is told.
async fn hearing(server: &TestServer, enrolled: &Enrolled, install: &str) -> Scanner {
    let mut scanner = Scanner::live(&server.address.to_string(), enrolled, install).await;
    let now = scanner.now();
    scanner.machine.subscribe(now, topic(INBOX), None, None).expect("a topic");
    scanner
}

async fn say(server: &TestServer, text: &str) {
    let path = "/warehouses/KHI-1/devices/dev_7/message";
    server.by(Role::Warehouse, "POST", path).json(&json!({ "text": text })).send().await.ok();
}

#[test]
fn live_19_devices_are_shown_as_they_come_work_and_go() {
    scenario(async |server| {
        let customer = floor::set_up(server).await;
        let mut console = Console::live(server, server.token(Role::Warehouse), &[DEVICES]).await;
        let enrolled = floor::enrol(server, "dev_7").await;
        console.until("an enrolled device", is("offline")).await;
        let mut scanner = Scanner::live(&server.address.to_string(), &enrolled, "in_1").await;
        console.until("the device", is("online")).await;
        let shown = row(&console).unwrap();
        assert_eq!((&shown["label"], &shown["rev"], &shown["app"]), (&json!("dev_7"), &json!(1), &json!("1.0.0")));
        assert!(shown["skew_ms"].is_i64() && shown["operator"].is_null() && shown["task"].is_null(), "{shown}");
        floor::sign_on(&mut scanner).await;
        floor::stock(&mut scanner).await;
        console.until("the operator", |console| row(console).is_some_and(|row| row["operator"].is_string())).await;
        server.rest().await;
        floor::parcel(server, &customer, 3).await;
        scanner.ok("choose", json!({"flow": "pick", "first": "location"})).await;
        let screen = scanner.ok("get_work", json!({})).await;
        let task = screen["view"]["stop"]["task"].to_string();
        console.until("the task", |console| row(console).is_some_and(|row| row["task"] == *task)).await;
        floor::walk(&mut scanner, screen).await;
        console.until("no task", |console| row(console).is_some_and(|row| row["task"].is_null())).await;
        // A window shows those that are there, and drops who goes.
        let online = Window::new([("state".to_owned(), vec!["online".to_owned()])]).unwrap();
        let mut there = Console::live(server, server.token(Role::Finance), &[]).await;
        there.subscribe(DEVICES, Some(online));
        there.until("who is there", |console| row(console).is_some()).await;
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
        console.until("who is expected back", is("away")).await;
        assert!(row(&console).unwrap()["app"].is_null());
        there.until("nobody", |console| row(console).is_none()).await;
        server.advance(15 * 60);
        console.until("who is gone", is("offline")).await;
        floor::revoke(server, "dev_7").await;
        console.until("who may not come back", is("revoked")).await;
        assert_eq!(console.told(|event| matches!(event, Event::MirrorMismatch(_))), 0);
    });
}

#[test]
fn live_31_a_device_is_told_until_it_has_seen_it_over_a_restart_as_well() {
    let _named = Named::begin();
    run_twice_with(
        quick,
        async |server| {
            ready(server).await;
            let customer = floor::set_up(server).await;
            let enrolled = floor::enrol(server, "dev_7").await;
            let mut scanner = hearing(server, &enrolled, "in_1").await;
            floor::sign_on(&mut scanner).await;
            floor::stock(&mut scanner).await;
            server.rest().await;
            floor::parcel(server, &customer, 3).await;
            scanner.ok("choose", json!({"flow": "pick", "first": "location"})).await;
            let screen = scanner.ok("get_work", json!({})).await;
            let task = screen["view"]["stop"]["task"].as_u64().unwrap();
            let path = format!("/warehouses/KHI-1/tasks/{task}/reassign");
            server.by(Role::Warehouse, "POST", &path).json(&json!({})).send().await.ok();
            say(server, "come to dock 2").await;
            let both = [(1, "task_reassigned".to_owned()), (2, "message".to_owned())];
            scanner.until("both notices", |scanner| told(scanner) == both).await;
            scanner.machine.seen(&topic(INBOX), JournalSeq::new(1).unwrap());
            let deadline = Instant::now() + LIMIT;
            while floor::look(server, |floor| floor.notices().count()).await > 1 {
                assert!(Instant::now() < deadline, "what was seen is forgotten");
                scanner.carry_out().await;
                scanner.turn(Instant::now() + Duration::from_millis(20)).await;
            }
            // What was seen is not told again; what was not is.
            let mut again = hearing(server, &enrolled, "in_1").await;
            again.until("the second", |scanner| told(scanner) == both[1..]).await;
            again.stop();
            again.until("farewell", |scanner| !scanner.is_live()).await;
            enrolled
        },
        async |server, enrolled| {
            let mut scanner = hearing(server, &enrolled, "in_1").await;
            scanner.until("the second", |scanner| told(scanner) == [(2, "message".to_owned())]).await;
            say(server, "never mind").await;
            scanner.until("the third", |scanner| told(scanner).last() == Some(&(3, "message".to_owned()))).await;
            scanner.stop();
            scanner.until("farewell", |scanner| !scanner.is_live()).await;
        },
    );
}

#[test]
fn live_32_an_inbox_is_its_device_s_alone() {
    scenario(async |server| {
        floor::set_up(server).await;
        floor::enrol(server, "dev_7").await;
        let other = floor::enrol(server, "dev_8").await;
        for role in Role::ALL {
            let (_, welcome) = Raw::greeted(server.address, server.token(role), &[json!({"topic": INBOX})]).await;
            assert_eq!(welcome["d"]["subs"][0]["code"], "sub_denied", "{role:?}");
        }
        let mut scanner = hearing(server, &other, "in_2").await;
        let refused = |event: &Event| matches!(event, Event::Refused(topic, _) if topic.as_str() == INBOX);
        scanner.until("a refusal", |scanner| scanner.events.iter().any(refused)).await;
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
        for (role, device, code) in [(Role::Viewer, "dev_7", "forbidden"), (Role::Warehouse, "none", "device_unknown")]
        {
            let path = format!("/warehouses/KHI-1/devices/{device}/message");
            let said = server.by(role, "POST", &path).json(&json!({"text": "x"})).send().await;
            assert_eq!(said.code(), code);
        }
    });
}
