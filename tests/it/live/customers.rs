//! Customers on sockets: by a tracking link, on one topic, as long as the link counts.

use munshi_domain::user::Role;
use serde_json::{Value, json};

use super::{
    client::{Raw, hello},
    nothing_left, scenario,
};
use crate::{
    harness::TestServer,
    tracking::{link, place},
};

fn by_link(token: &str, topic: &str) -> Value {
    let subs = json!([{"topic": topic}]);
    json!({"t": "hello", "d": {"kind": "console", "client": "c", "app": "1", "track": token, "subs": subs}})
}

/// A customer who looks; answers the topic, and the row it began with.
async fn looking(server: &TestServer, token: &str) -> (Raw, String, Value) {
    let view = server.tracking(token, "GET", "/track").send().await.ok();
    let topic = view["topic"].as_str().unwrap().to_owned();
    let mut raw = Raw::open(server.address).await;
    raw.send(&by_link(token, &topic)).await;
    let welcome = raw.frame().await;
    assert_eq!(welcome["d"]["subs"][0]["outcome"], "snapshot", "{welcome}");
    assert_eq!(welcome["d"]["ticket"], Value::Null, "a customer gets no ticket");
    let snap = raw.find(|frame| frame["t"] == "snap").await;
    let row = snap["d"]["rows"][0]["v"].clone();
    assert_eq!(row, view, "page and socket show the same");
    (raw, topic, row)
}

#[test]
fn sto_08_a_customer_watches_the_order_live_and_only_that() {
    scenario(async |server| {
        let id = place(server, 1).await;
        let token = link(server, &id).await;
        let (mut raw, topic, row) = looking(server, &token).await;
        assert_eq!(row["status"], "preparing");
        // The office looks at the same order under the same name, and sees another row.
        let (mut office, _) =
            Raw::greeted(server.address, server.token(Role::Viewer), &[json!({"topic": topic})]).await;
        let snap = office.find(|frame| frame["t"] == "snap").await;
        assert_eq!((&snap["d"]["rows"][0]["v"]["lifecycle"], &row["lifecycle"]), (&json!("processing"), &Value::Null));

        for other in [
            "wh.khi-1.orders",
            "order.00000000000000000000000000000007",
            "shop.imports",
            &format!("presence.{}", &topic[6..]),
        ] {
            raw.send(&json!({"t": "sub", "id": 1, "d": {"topic": other}})).await;
            let answer = raw.find(|frame| frame["id"] == 1).await;
            assert_eq!((&answer["t"], &answer["d"]["code"]), (&json!("err"), &json!("sub_denied")), "{other}");
        }
        let key = "0198c0de-0000-7000-8000-000000000001";
        raw.send(
            &json!({"t": "cmd", "id": 2, "d": {"key": key, "op": "order.cancel", "a": {"id": id, "reason": "x"}}}),
        )
        .await;
        let answer = raw.find(|frame| frame["id"] == 2).await;
        assert_eq!(answer["d"]["code"], "cmd_denied", "{answer}");

        let cancel = server.tracking(&token, "POST", "/track/cancel").json(&json!({})).send().await;
        assert_eq!(cancel.status, 200);
        let canceled = |frame: &Value| frame["t"] == "delta" && frame["d"]["put"][0]["v"]["status"] == "canceled";
        let delta = raw.find(canceled).await;
        let text = delta.to_string();
        for secret in ["KHI-1", "guard", "+923001234567", "Ayesha"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        server.rest().await;
    });
}

#[test]
fn sto_08_a_revoked_link_ends_its_sockets_within_a_moment() {
    scenario(async |server| {
        let id = place(server, 1).await;
        let token = link(server, &id).await;
        let (mut raw, topic, _) = looking(server, &token).await;
        let sockets = server.get("/system/status").await["sockets"].clone();
        assert_eq!((&sockets["tracking"], &sockets["consoles"]), (&json!(1), &json!(0)), "{sockets}");
        server.by(Role::Admin, "POST", &format!("/orders/{id}/revoke-tracking")).send().await.ok();
        let (_, close) = raw.rest().await;
        assert_eq!(close, 4506);
        for bad in [token.as_str(), "mtr_nonsense", server.token(Role::Admin)] {
            let mut again = Raw::open(server.address).await;
            again.send(&by_link(bad, &topic)).await;
            let (frames, close) = again.rest().await;
            assert_eq!((&frames[0]["d"]["code"], close), (&json!("token_bad"), 4500), "{frames:?}");
        }
        // A tracking token is no access token either, and who is somebody is no customer at the same time.
        let mut other = Raw::open(server.address).await;
        other.send(&hello(&token, &[])).await;
        assert_eq!(other.rest().await.1, 4500);
        let fresh = link(server, &id).await;
        let mut both = by_link(&fresh, &topic);
        both["d"]["token"] = json!(server.token(Role::Viewer));
        let mut raw = Raw::open(server.address).await;
        raw.send(&both).await;
        let (frames, _) = raw.rest().await;
        assert_eq!((&frames[0]["d"]["code"], &frames[0]["d"]["field"]), (&json!("bad_field"), &json!("track")));
        nothing_left(server).await;
    });
}

#[test]
fn sto_08_one_order_has_so_many_lookers_and_no_more() {
    scenario(async |server| {
        let id = place(server, 1).await;
        let token = link(server, &id).await;
        let mut open = Vec::new();
        for _ in 0..8 {
            open.push(looking(server, &token).await);
        }
        let mut ninth = Raw::open(server.address).await;
        ninth.send(&by_link(&token, &open[0].1)).await;
        let (frames, close) = ninth.rest().await;
        assert_eq!((&frames[0]["d"]["code"], close), (&json!("connection_limit"), 4504));
    });
}
