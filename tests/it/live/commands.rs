//! What a console does: the same as over HTTP, with the same authorisation and the same memory of keys.

use std::time::Duration;

use munshi_domain::user::Role;
use munshi_protocols::{clientsm::Event, server::Status};
use munshi_store::memory::Outcome;
use serde_json::{Value, json};

use super::{
    approve_large,
    client::{Console, key},
    scenario,
};
use crate::harness::{TestServer, order, with};

const ORDERS: &str = "wh.khi-1.orders";
const APPROVALS: &str = "approvals.sales_manager";

async fn place(server: &TestServer, customer: &str, sku: &str, units: i64) -> String {
    let body = with(order(customer, sku, units), "submit", json!(true));
    server.post("/orders", &body).await["id"].as_str().unwrap().to_owned()
}

/// A shop where large orders wait for the sales manager; answers the customer.
async fn shop(server: &TestServer) -> String {
    let customer = server.shop().await;
    approve_large(server).await;
    customer
}

/// The one approval on a console's board: id and row.
async fn waiting(console: &mut Console) -> (String, Value) {
    console.until("the approval", |console| console.bodies(APPROVALS).len() == 1).await;
    console.bodies(APPROVALS).into_iter().next().unwrap()
}

fn decide(id: &str, row: &Value, decision: &str) -> Value {
    json!({"id": id, "decision": decision, "hash": row["hash"], "reason": "looks right"})
}

fn out(answer: &munshi_protocols::server::Answer) -> Value {
    answer.out.as_ref().map(|out| out.parse().unwrap()).unwrap_or_default()
}

#[test]
fn live_60_an_approval_is_decided_and_leaves_the_board() {
    scenario(async |server| {
        let customer = shop(server).await;
        let id = place(server, &customer, "DUPATTA", 80).await;
        let mut console = Console::live(server, server.token(Role::SalesManager), &[APPROVALS, ORDERS]).await;
        let (step, row) = waiting(&mut console).await;
        assert_eq!((&row["order"], &row["amount"], &row["state"]), (&json!(id), &json!("64040.00"), &json!("active")));
        assert!(row["reasons"][0].as_str().unwrap().contains("over"), "{row}");
        let key = key();
        console.command(&key, "approval.decide", row["rev"].as_u64(), &decide(&step, &row, "approve"));
        let answer = console.answer(&key).await;
        assert_eq!((answer.st, &out(&answer)["state"]), (Status::Applied, &json!("approved")));
        console.until("an empty queue", |console| console.bodies(APPROVALS).is_empty()).await;
        console.until("the order", |console| console.bodies(ORDERS)[&id]["status"] == "processing").await;
    });
}

#[test]
fn live_61_the_same_key_has_one_effect_and_one_answer() {
    scenario(async |server| {
        let customer = shop(server).await;
        place(server, &customer, "DUPATTA", 80).await;
        let mut console = Console::live(server, server.token(Role::SalesManager), &[APPROVALS]).await;
        let (step, row) = waiting(&mut console).await;
        let (key, rev, args) = (key(), row["rev"].as_u64(), decide(&step, &row, "approve"));
        console.command(&key, "approval.decide", rev, &args);
        let first = console.answer(&key).await;
        console.events.clear();
        console.command(&key, "approval.decide", rev, &args);
        let second = console.answer(&key).await;
        assert_eq!(
            (first.st, second.st),
            (Status::Applied, Status::Duplicate),
            "by now its revision is stale, and it is a repeat all the same"
        );
        assert_eq!(out(&first)["state"], out(&second)["state"]);
        console.command(&key, "approval.decide", rev, &decide(&step, &row, "reject"));
        let reused = |event: &Event| matches!(event, Event::NotTaken { code, .. } if code.as_str() == "key_reuse");
        console.until("the refusal", |console| console.told(reused) == 1).await;
    });
}

#[test]
fn live_62_two_managers_at_once_one_decides_and_the_other_is_shown_what_became_of_it() {
    scenario(async |server| {
        let customer = shop(server).await;
        let (_, other) = server.user(Role::SalesManager).await;
        for round in 0..5 {
            let id = place(server, &customer, "DUPATTA", 65).await;
            let mut one = Console::live(server, server.token(Role::SalesManager), &[APPROVALS]).await;
            let mut two = Console::live(server, &other, &[APPROVALS]).await;
            let (step, row) = waiting(&mut one).await;
            waiting(&mut two).await;
            let (first, second) = (key(), key());
            one.command(&first, "approval.decide", row["rev"].as_u64(), &decide(&step, &row, "approve"));
            two.command(&second, "approval.decide", row["rev"].as_u64(), &decide(&step, &row, "reject"));
            let (a, b) = tokio::join!(one.answer(&first), two.answer(&second));
            let (won, lost) = if a.st == Status::Applied { (&a, &b) } else { (&b, &a) };
            assert_eq!((won.st, lost.st), (Status::Applied, Status::Rejected), "round {round}");
            assert_eq!(lost.code.as_ref().map(|code| code.as_str()), Some("conflict"));
            let decided = out(won)["state"].clone();
            assert_eq!(out(lost)["row"]["state"], decided, "round {round}: {}", out(lost));
            server.rest().await;
            let status = server.get(&format!("/orders/{id}")).await["status"].clone();
            assert_eq!(status, if decided == "approved" { "processing" } else { "rejected" });
            server.by(Role::Admin, "POST", &format!("/orders/{id}/cancel")).json(&json!({"reason": "t"})).send().await;
            server.rest().await;
        }
    });
}

#[test]
fn live_63_a_stale_revision_is_answered_with_the_row_as_it_is() {
    scenario(async |server| {
        let customer = shop(server).await;
        let id = place(server, &customer, "KURTA-M", 1).await;
        place(server, &customer, "DUPATTA", 80).await;
        let mut console = Console::live(server, server.token(Role::SalesManager), &[APPROVALS, ORDERS]).await;
        let (step, row) = waiting(&mut console).await;
        let stale = key();
        console.command(&stale, "approval.decide", Some(99), &decide(&step, &row, "approve"));
        let answer = console.answer(&stale).await;
        assert_eq!((answer.st, &out(&answer)["row"]), (Status::Rejected, &row), "nothing was decided");
        let rev = console.bodies(ORDERS)[&id]["rev"].as_u64().unwrap();
        let hold = json!({"id": id, "kind": "manual", "reason": "call first"});
        let (first, second, third) = (key(), key(), key());
        console.command(&first, "order.hold", Some(rev), &hold);
        assert_eq!(console.answer(&first).await.st, Status::Applied);
        console.command(&second, "order.hold", Some(rev), &json!({"id": id, "kind": "risk", "reason": "odd"}));
        let answer = console.answer(&second).await;
        assert_eq!(answer.code.as_ref().map(|code| code.as_str()), Some("conflict"));
        let shown = out(&answer)["row"].clone();
        assert_eq!((&shown["holds"], shown["rev"].as_u64().unwrap() > rev), (&json!(["manual"]), true), "{shown}");
        console.command(
            &third,
            "order.release_hold",
            shown["rev"].as_u64(),
            &json!({"id": id, "hold": 1, "reason": "called"}),
        );
        assert_eq!(console.answer(&third).await.st, Status::Applied);
        console.until("no hold", |console| console.bodies(ORDERS)[&id].get("holds").is_none()).await;
    });
}

#[test]
fn live_64_what_a_role_may_not_do_it_may_not_do_here_either() {
    scenario(async |server| {
        let customer = shop(server).await;
        let id = place(server, &customer, "KURTA-M", 1).await;
        place(server, &customer, "DUPATTA", 80).await;
        let mut seer = Console::live(server, server.token(Role::Viewer), &[APPROVALS]).await;
        let (step, row) = waiting(&mut seer).await;
        for (role, op, args) in [
            (Role::Viewer, "approval.decide", decide(&step, &row, "approve")),
            (Role::Finance, "approval.decide", decide(&step, &row, "approve")),
            (Role::Warehouse, "order.cancel", json!({"id": id, "reason": "no"})),
        ] {
            let mut console = Console::live(server, server.token(role), &[]).await;
            let key = key();
            console.command(&key, op, None, &args);
            let denied = |event: &Event| matches!(event, Event::NotTaken { code, .. } if code.as_str() == "cmd_denied");
            console.until("the refusal", |console| console.told(denied) == 1).await;
        }
        assert_eq!(server.get(&format!("/orders/{id}")).await["status"], "processing");
    });
}

#[test]
fn live_65_refusals_carry_the_code_of_the_rest_interface() {
    scenario(async |server| {
        let customer = shop(server).await;
        let id = place(server, &customer, "KURTA-M", 1).await;
        let mut console = Console::live(server, server.token(Role::Admin), &[]).await;
        for (op, args, code) in [
            ("order.confirm", json!({"id": "0198c0de-0000-7000-8000-000000000009"}), "order_not_found"),
            ("order.hold", json!({"id": id, "kind": "nonsense", "reason": "x"}), "bad_value"),
            ("order.cancel", json!({"id": id, "reason": "  "}), "bad_value"),
            ("order.cancel", json!({"id": id, "reason": "x", "colour": 1}), "unknown_field"),
            ("order.release_hold", json!({"id": id, "hold": 7, "reason": "x"}), "unknown_hold"),
            ("approval.decide", json!({"id": "nothing", "decision": "approve", "hash": ""}), "not_found"),
        ] {
            let key = key();
            console.command(&key, op, None, &args);
            let answer = console.answer(&key).await;
            let said = answer.code.as_ref().map(|code| code.as_str().to_owned());
            assert_eq!((answer.st, said.as_deref()), (Status::Rejected, Some(code)), "{op} {args}");
        }
        for (op, args, code) in [
            ("order.dance", json!({"id": id}), "unknown_type"),
            ("order.confirm", json!({}), "bad_field"),
            ("approval.decide", json!({"id": "x", "decision": "maybe"}), "bad_field"),
        ] {
            let before = console.events.len();
            console.command(&key(), op, None, &args);
            let refused = |event: &Event| matches!(event, Event::NotTaken { code: said, .. } if said.as_str() == code);
            console.until("the refusal", |console| console.events[before..].iter().any(refused)).await;
        }
    });
}

#[test]
fn live_66_nothing_is_heard_of_what_is_not_durable() {
    scenario(async |server| {
        let customer = shop(server).await;
        let id = place(server, &customer, "KURTA-M", 1).await;
        server.rest().await;
        let mut console = Console::live(server, server.token(Role::Admin), &[ORDERS]).await;
        console.until("the order", |console| console.bodies(ORDERS).len() == 1).await;
        server.faults().push(Outcome::Held);
        let (key, before) = (key(), console.received.len());
        console.command(&key, "order.hold", None, &json!({"id": id, "kind": "manual", "reason": "call first"}));
        console.idle(Duration::from_millis(300)).await;
        let heard = |console: &Console| {
            console.received[before..]
                .iter()
                .any(|text| text.contains("call first") || text.contains("\"manual\"") || text.contains("\"ack\""))
        };
        assert!(!heard(&console), "{:?}", &console.received[before..]);
        server.faults().release();
        assert_eq!(console.answer(&key).await.st, Status::Applied);
        console.until("the board", |console| console.bodies(ORDERS)[&id]["holds"] == json!(["manual"])).await;
    });
}

#[test]
fn live_67_a_command_cut_off_before_its_answer_is_asked_for_again() {
    scenario(async |server| {
        let customer = shop(server).await;
        let id = place(server, &customer, "KURTA-M", 1).await;
        server.rest().await;
        let mut console = Console::live(server, server.token(Role::Admin), &[ORDERS]).await;
        server.faults().push(Outcome::Held);
        let key = key();
        console.command(&key, "order.hold", None, &json!({"id": id, "kind": "manual", "reason": "call first"}));
        console.idle(Duration::from_millis(100)).await;
        console.cut();
        server.faults().release();
        let answer = console.answer(&key).await;
        assert!(matches!(answer.st, Status::Applied | Status::Duplicate), "{answer:?}");
        server.rest().await;
        let holds = server.get(&format!("/orders/{id}")).await["holds"].clone();
        assert_eq!(holds.as_array().unwrap().len(), 1, "one effect");
    });
}

#[test]
fn live_68_too_many_commands_are_put_off_and_none_is_lost() {
    scenario(async |server| {
        let customer = shop(server).await;
        let id = place(server, &customer, "KURTA-M", 1).await;
        let mut console = Console::live(server, server.token(Role::Admin), &[]).await;
        let keys: Vec<_> = (0..30).map(|_| key()).collect();
        for (n, key) in keys.iter().enumerate() {
            let args = json!({"id": id, "kind": "manual", "reason": format!("reason {n}")});
            console.command(key, "order.hold", None, &args);
        }
        for key in &keys {
            assert_eq!(console.answer(key).await.st, Status::Applied);
        }
        let limited = console.received.iter().filter(|text| text.contains("rate_limited")).count();
        assert!(limited > 0, "twenty at once, then ten a second");
    });
}

#[test]
fn live_69_rest_and_socket_share_the_memory_of_keys() {
    scenario(async |server| {
        let customer = shop(server).await;
        let id = place(server, &customer, "KURTA-M", 1).await;
        let key = key();
        let hold = json!({"kind": "manual", "reason": "call first"});
        server.by(Role::Admin, "POST", &format!("/orders/{id}/hold")).key(key.as_str()).json(&hold).send().await.ok();
        let mut console = Console::live(server, server.token(Role::Admin), &[]).await;
        console.command(&key, "order.hold", None, &json!({"id": id, "kind": "manual", "reason": "call first"}));
        let reused = |event: &Event| matches!(event, Event::NotTaken { code, .. } if code.as_str() == "key_reuse");
        console.until("the refusal", |console| console.told(reused) == 1).await;
    });
}
