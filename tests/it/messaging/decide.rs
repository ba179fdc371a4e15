//! One-time links of mails to approvers (APR-03, N06).

use munshi::outbound::buttons::Button;
use munshi_domain::{ConversationId, QuestionId, Timestamp, conversation::Choice, user::Role};
use serde_json::{Value, json};

use super::{World, until, with_messages};
use crate::harness::Reply;

const APPROVER: &str = "+923331112223";

/// An order that waits for the sales manager, and the link a mail to them carries.
async fn asked(world: &World<'_>) -> (Value, Button) {
    let server = world.server;
    let path = format!("/users/{}", server.id(Role::SalesManager));
    server.by(Role::Admin, "PATCH", &path).json(&json!({"phone": "0333 1112223"})).send().await.ok();
    let rule = json!({"over": {"amount": "1000.00", "currency": "PKR"}, "queue": "sales", "role": "sales_manager"});
    server.by(Role::Admin, "PATCH", "/settings").json(&json!({"approval_rules": [rule]})).send().await.ok();
    let order = world.place("prepaid", 2).await;
    world.reads(APPROVER, 1).await;
    let user = server.id(Role::SalesManager).to_string();
    let thread = until("the question", async || {
        let list = server.get("/conversations").await["items"].as_array().unwrap().clone();
        let id = list.iter().find(|row| row["user_id"] == user.as_str())?["id"].as_str()?.to_owned();
        let thread = server.get(&format!("/conversations/{id}")).await;
        (!thread["questions"].as_array()?.is_empty()).then_some(thread)
    })
    .await;
    let button = Button {
        conversation: ConversationId::parse(thread["id"].as_str().unwrap()).unwrap(),
        question: QuestionId::parse(thread["questions"][0]["id"].as_str().unwrap()).unwrap(),
        choice: Choice::Yes,
        expires_at: Timestamp::parse(thread["questions"][0]["expires_at"].as_str().unwrap()).unwrap(),
    };
    (order, button)
}

fn link(world: &World<'_>, button: &Button) -> String {
    world.server.app().outbound().signer().sign_link(button)
}

async fn look(world: &World<'_>, token: &str) -> Reply {
    let call = world.server.open("GET", "/decide").without("idempotency-key");
    call.header("authorization", format!("Decide {token}")).send().await
}

async fn decide(world: &World<'_>, token: &str, key: &str, body: &Value) -> Reply {
    let call = world.server.open("POST", "/decide").header("authorization", format!("Decide {token}"));
    call.key(key).json(body).send().await
}

#[test]
fn apr_03_n06_a_link_shows_what_is_decided_and_decides_it_once() {
    with_messages(async |world| {
        let (order, button) = asked(world).await;
        let token = link(world, &button);
        let shown = look(world, &token).await.ok();
        assert_eq!((shown["state"].as_str(), shown["choice"].as_str()), (Some("open"), Some("yes")), "{shown}");
        assert_eq!((&shown["number"], shown["lines"][0]["quantity"].as_u64()), (&order["number"], Some(2)));
        // A button of a chat is no link, nor is anything that was changed.
        let chat = world.server.app().outbound().signer().sign(&button);
        for bad in [chat.as_str(), "", "ml1.AAAA", &token[..token.len() - 2]] {
            look(world, bad).await.problem(422, "link_invalid");
            decide(world, bad, "k0", &json!({"choice": "yes"})).await.problem(422, "link_invalid");
        }
        decide(world, &token, "k1", &json!({"choice": "perhaps"})).await.problem(422, "bad_value");
        decide(world, &token, "k2", &json!({"choice": "no"})).await.problem(422, "rationale_required");
        assert_eq!(world.status(&order).await, "pending_approval");
        let decided = decide(world, &token, "k3", &json!({"choice": "yes"})).await.ok();
        assert_eq!((decided["state"].as_str(), decided["answer"].as_str()), (Some("answered"), Some("yes")));
        assert_eq!(decided["outcome"], "done", "{decided}");
        world.becomes(&order, &["pending", "approved", "processing"]).await;
        // The same again is the same, the other is refused, and the link says what was decided.
        assert_eq!(decide(world, &token, "k3", &json!({"choice": "yes"})).await.ok()["answer"], "yes");
        let other = json!({"choice": "no", "reason": "too dear"});
        decide(world, &token, "k4", &other).await.problem(409, "question_answered");
        assert_eq!(look(world, &token).await.ok()["state"], "answered");
    });
}

#[test]
fn apr_03_n06_a_link_is_of_one_version_and_of_who_may_still_decide() {
    with_messages(async |world| {
        let (order, button) = asked(world).await;
        let (server, token) = (world.server, link(world, &button));
        let path = format!("/users/{}", server.id(Role::SalesManager));
        let roles = |roles: Value| server.by(Role::Admin, "PATCH", &path).json(&json!({"roles": roles})).send();
        roles(json!(["viewer"])).await.ok();
        look(world, &token).await.problem(422, "link_invalid");
        decide(world, &token, "k1", &json!({"choice": "yes"})).await.problem(422, "link_invalid");
        roles(json!(["sales_manager"])).await.ok();
        assert_eq!(look(world, &token).await.ok()["state"], "open");
        // Somebody decides in the console.
        let id = order["id"].as_str().unwrap();
        let withdraw = json!({"reason": "another quantity"});
        server.by(Role::Admin, "POST", &format!("/orders/{id}/withdraw")).json(&withdraw).send().await.ok();
        until("the link is of the past", async || {
            let shown = look(world, &token).await.ok();
            (shown["state"] == "closed").then_some(())
        })
        .await;
        decide(world, &token, "k2", &json!({"choice": "yes"})).await.problem(409, "question_closed");
        let late = Button { expires_at: Timestamp::from_millis(0), ..button };
        assert_eq!(look(world, &link(world, &late)).await.status, 422);
    });
}
