//! What people are told: approvals, floors, imports.

use std::time::{Duration, Instant};

use munshi_domain::{UserId, user::Role};
use munshi_protocols::{clientsm::Event, ids::JournalSeq, server::Status};
use serde_json::{Value, json};

use super::{
    Named, approve_large,
    client::{Console, Raw, key, topic},
    floor, quick, ready,
    scanner::Scanner,
    scenario, scenario_with,
};
use crate::{
    harness::{TestServer, order, run_twice_with, with},
    tracking::{link, place},
};

fn inbox(user: UserId) -> String {
    format!("user.{:032x}.inbox", user.as_u128())
}

/// What a console was told in an inbox, in order: offset and notice.
fn notices(console: &Console, name: &str) -> Vec<(u64, Value)> {
    let items = console.events.iter().filter_map(|event| match event {
        Event::Items(topic, items) if topic.as_str() == name => Some(items),
        _ => None,
    });
    items.flatten().map(|item| (item.off.get(), item.v.parse().expect("a notice"))).collect()
}

/// The same, as offset, kind and one of the things it names.
fn told(console: &Console, name: &str, what: &str) -> Vec<(u64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    notices(console, name).iter().map(|(off, body)| (*off, text(&body["kind"]), text(&body["a"][what]))).collect()
}

async fn large(server: &TestServer, customer: &str) -> String {
    let body = with(order(customer, "DUPATTA", 65), "submit", json!(true));
    server.post("/orders", &body).await["id"].as_str().unwrap().to_owned()
}

fn waiting(off: u64, order: &str) -> (u64, String, String) {
    (off, "approval_waiting".to_owned(), order.to_owned())
}

#[test]
fn live_33_a_person_is_told_until_it_is_seen_or_over_through_a_restart_as_well() {
    let _named = Named::begin();
    run_twice_with(
        quick,
        async |server| {
            ready(server).await;
            let customer = server.shop().await;
            approve_large(server).await;
            server
                .post("/warehouses/KHI-1/stock/DUPATTA/receive", &json!({"quantity": 300, "reference": "more"}))
                .await;
            let (manager, admin) = (inbox(server.id(Role::SalesManager)), inbox(server.id(Role::Admin)));
            let board = "approvals.sales_manager";
            let mut one = Console::live(server, server.token(Role::SalesManager), &[&manager, board]).await;
            let mut asker = Console::live(server, server.token(Role::Admin), &[&admin]).await;
            let (first, second) = (large(server, &customer).await, large(server, &customer).await);
            let both = [waiting(1, &first), waiting(2, &second)];
            one.until("both approvals", |console| told(console, &manager, "order") == both).await;
            let (_, notice) = notices(&one, &manager).remove(0);
            let number = server.get(&format!("/orders/{first}")).await["number"].as_str().unwrap().to_owned();
            let text = format!("Order {number} ({}) waits for your decision", notice["a"]["amount"].as_str().unwrap());
            assert_eq!(
                (&notice["level"], &notice["text"], &notice["link"]),
                (&json!("action"), &json!(text), &json!("/approvals"))
            );
            // Who asked is not asked, but told what became of it.
            assert_eq!(told(&asker, &admin, "order"), []);
            one.until("the board", |console| console.bodies(board).len() == 2).await;
            let (step, row) = one.bodies(board).into_iter().find(|(_, row)| row["order"] == *first).unwrap();
            let decision = json!({"id": step, "decision": "reject", "hash": row["hash"], "reason": "too large"});
            let key = key();
            one.command(&key, "approval.decide", row["rev"].as_u64(), &decision);
            assert_eq!(one.answer(&key).await.st, Status::Applied);
            let rejected = [(3, "approval_rejected".to_owned(), "too large".to_owned())];
            asker.until("the decision", |console| told(console, &admin, "reason") == rejected).await;
            // What is decided waits for nobody any more.
            let other = Console::live(server, server.token(Role::SalesManager), &[&manager]).await;
            assert_eq!(told(&other, &manager, "order"), both[1..]);
            asker.machine.seen(&topic(&admin), JournalSeq::new(3).unwrap());
            let deadline = Instant::now() + super::client::LIMIT;
            loop {
                asker.carry_out().await;
                asker.turn(Instant::now() + Duration::from_millis(20)).await;
                let again = Console::live(server, server.token(Role::Admin), &[&admin]).await;
                if notices(&again, &admin).is_empty() {
                    break;
                }
                assert!(Instant::now() < deadline, "what was seen is told no more");
            }
            one.cut();
            (one, customer, manager, admin, second)
        },
        async |server, (mut one, customer, manager, admin, second)| {
            let mut asker = Console::live(server, server.token(Role::Admin), &[&admin]).await;
            assert_eq!(told(&asker, &admin, "order"), [], "it was seen");
            let fresh = Console::live(server, server.token(Role::SalesManager), &[&manager]).await;
            assert_eq!(told(&fresh, &manager, "order"), [waiting(2, &second)]);
            one.events.clear();
            one.move_to(server);
            let third = large(server, &customer).await;
            one.until("the third", |console| told(console, &manager, "order") == [waiting(4, &third)]).await;
            let resumed = one.told(|event| matches!(event, Event::Connected { resumed: true }));
            assert_eq!(resumed, 1, "it resumes behind the second");
            let cancel = format!("/orders/{third}/cancel");
            server.by(Role::Admin, "POST", &cancel).json(&json!({"reason": "t"})).send().await.ok();
            let deadline = Instant::now() + super::client::LIMIT;
            loop {
                let fresh = Console::live(server, server.token(Role::SalesManager), &[&manager]).await;
                if told(&fresh, &manager, "order") == [waiting(2, &second)] {
                    break;
                }
                assert!(Instant::now() < deadline, "what is taken back waits for nobody");
            }
            asker.stop();
            asker.until("farewell", |console| !console.is_live()).await;
        },
    );
}

#[test]
fn live_34_an_inbox_is_its_person_s_alone() {
    scenario(async |server| {
        let id = place(server, 1).await;
        let own = inbox(server.id(Role::Viewer));
        for role in Role::ALL {
            let (_, welcome) = Raw::greeted(server.address, server.token(role), &[json!({"topic": own})]).await;
            let sub = &welcome["d"]["subs"][0];
            let said = if role == Role::Viewer { &sub["outcome"] } else { &sub["code"] };
            assert_eq!(said, if role == Role::Viewer { "snapshot" } else { "sub_denied" }, "{role:?}");
        }
        let token = link(server, &id).await;
        let mut customer = Raw::open(server.address).await;
        let subs = json!([{"topic": own}]);
        let hello = json!({"kind": "console", "client": "c", "app": "1", "track": token, "subs": subs});
        customer.send(&json!({"t": "hello", "d": hello})).await;
        assert_eq!(customer.frame().await["d"]["subs"][0]["code"], "sub_denied");
    });
    // A device does not have the inbox of whoever works with it.
    scenario(async |server| {
        floor::set_up(server).await;
        let enrolled = floor::enrol(server, "dev_7").await;
        let mut scanner = Scanner::live(&server.address.to_string(), &enrolled, "in_1").await;
        let operator = inbox(server.id(Role::Warehouse));
        let now = scanner.now();
        scanner.machine.subscribe(now, topic(&operator), None, None).expect("a topic");
        let refused = |event: &Event| matches!(event, Event::Refused(topic, _) if topic.as_str() == operator);
        scanner.until("a refusal", |scanner| scanner.events.iter().any(refused)).await;
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
    });
}

#[test]
fn not_01_managers_are_told_of_exceptions_and_who_sent_a_file_how_it_ended() {
    let data = tempfile::tempdir().unwrap();
    scenario_with(
        |config| config.data.dir = data.path().to_owned(),
        async |server| {
            floor::set_up(server).await;
            let enrolled = floor::enrol(server, "dev_7").await;
            let mut scanner = Scanner::live(&server.address.to_string(), &enrolled, "in_1").await;
            floor::sign_on(&mut scanner).await;
            let admin = inbox(server.id(Role::Admin));
            let mut console = Console::live(server, server.token(Role::Admin), &[&admin]).await;
            let viewer = inbox(server.id(Role::Viewer));
            let bystander = Console::live(server, server.token(Role::Viewer), &[&viewer]).await;
            let answer = scanner.does("fact.stored", json!({"plate": "P-1", "bin": "A-01"})).await;
            let number = answer.exception_id.expect("a number");
            let exception = (1, "floor_exception".to_owned(), number.clone());
            console.until("the exception", |console| told(console, &admin, "exception") == [exception.clone()]).await;
            assert_eq!(notices(&console, &admin)[0].1["link"], "/floor?w=KHI-1&tab=exceptions");
            let path = format!("/warehouses/KHI-1/exceptions/{number}/resolve");
            server.by(Role::Warehouse, "POST", &path).json(&json!({"note": "found it"})).send().await.ok();
            let file = "sku,title,price\nA-1,Shawl,1500\nA-2,Scarf,x\n";
            server.by(Role::Admin, "POST", "/imports?kind=products").file("text/csv", file).send().await.ok();
            console.until("its end", |console| notices(console, &admin).len() == 2).await;
            let (off, notice) = notices(&console, &admin).remove(1);
            assert_eq!((off, &notice["kind"], &notice["level"]), (2, &json!("import_done"), &json!("info")));
            assert_eq!((&notice["a"]["changed"], &notice["a"]["errors"]), (&json!("1"), &json!("1")));
            let deadline = Instant::now() + super::client::LIMIT;
            loop {
                let fresh = Console::live(server, server.token(Role::Admin), &[&admin]).await;
                let left: Vec<u64> = notices(&fresh, &admin).iter().map(|(off, _)| *off).collect();
                if left == [2] {
                    break;
                }
                assert!(Instant::now() < deadline, "what is resolved waits for nobody: {left:?}");
            }
            assert!(notices(&bystander, &viewer).is_empty());
            scanner.stop();
            scanner.until("farewell", |scanner| !scanner.is_live()).await;
        },
    );
}
