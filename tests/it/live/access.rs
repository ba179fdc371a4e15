//! Who gets in, with what, and for how long.

use std::time::{Duration, Instant};

use munshi_domain::user::Role;
use munshi_protocols::clientsm::{Event, StopReason};
use serde_json::{Value, json};

use super::{
    client::{Console, Raw, hello, open, refused},
    scenario, scenario_with,
};

const STOCK: &str = "wh.khi-1.stock";
const APPROVALS: &str = "approvals.sales_manager";

fn by_ticket(ticket: &Value) -> Value {
    json!({"t": "hello", "d": {"kind": "console", "client": "a", "app": "1", "ticket": ticket}})
}

#[test]
fn live_20_the_upgrade_is_checked_before_anything_else() {
    scenario(async |server| {
        let at = server.address;
        assert_eq!(refused(at, &[("origin", "https://evil.example")]).await.0, 403);
        assert_eq!(refused(at, &[("origin", "")]).await.0, 403, "a console has an origin");
        assert_eq!(refused(at, &[("sec-websocket-protocol", "chat")]).await.0, 400);
        assert_eq!(refused(at, &[("sec-websocket-protocol", "")]).await.0, 400);
        let offers = open(at, &[("sec-websocket-protocol", "chat, munshi.v1.json")]).await;
        drop(offers.expect("one of several is enough"));
        let plain = server.open("GET", "//ws/console").send().await;
        assert_eq!((plain.status.as_u16(), plain.code().as_str()), (400, "bad_subprotocol"));
        let key = server.open("GET", "//ws/console").header("sec-websocket-protocol", "munshi.v1.json");
        let key = key.header("sec-websocket-key", "short").send().await;
        assert_eq!((key.status.as_u16(), key.code().as_str()), (400, "bad_websocket_key"));
    });
}

#[test]
fn live_21_a_token_that_is_not_good_is_refused_slowly() {
    scenario(async |server| {
        let began = Instant::now();
        let mut raw = Raw::open(server.address).await;
        raw.send(&hello("mat_nonsense", &[])).await;
        let (frames, close) = raw.rest().await;
        assert_eq!(
            (&frames[0]["d"]["code"], &frames[0]["d"]["retry"], close),
            (&json!("token_bad"), &json!("reauth"), 4500)
        );
        assert!(began.elapsed() >= Duration::from_secs(1), "an answer at once helps who guesses");
        let mut console = Console::new(server, "mat_nonsense", 3);
        console.start();
        console.until("the question", |console| console.told(|event| *event == Event::TokenNeeded) == 1).await;
        console.set_token(server.token(Role::Viewer));
        console.until("the connection", Console::is_live).await;
    });
}

#[test]
fn live_22_a_token_that_runs_out_ends_the_connection_and_a_fresh_one_resumes() {
    scenario(async |server| {
        server.shop().await;
        let (user, token) = server.user(Role::Warehouse).await;
        let mut console = Console::live(server, &token, &[STOCK]).await;
        server.advance(86_400);
        console.until("4401", |console| console.closes == [4401]).await;
        assert_eq!(console.told(|event| *event == Event::TokenNeeded), 1);
        let messages = console.received.len();
        console.set_token(&server.session(user).await);
        console.until("the board", |console| console.stands(STOCK)).await;
        assert!(console.received[messages].contains("\"outcome\":\"resumed\""));
        let mut raw = Raw::open(server.address).await;
        raw.send(&hello(&token, &[])).await;
        let (frames, close) = raw.rest().await;
        assert_eq!((&frames[0]["d"]["code"], close), (&json!("token_expired"), 4401));
    });
}

#[test]
fn live_23_a_fresh_token_takes_the_place_of_the_old_one_without_a_reconnect() {
    scenario(async |server| {
        server.shop().await;
        let (user, token) = server.user(Role::Warehouse).await;
        let mut console = Console::live(server, &token, &[STOCK]).await;
        server.advance(80_000);
        console.set_token(&server.session(user).await);
        console.idle(Duration::from_millis(50)).await;
        server.advance(10_000);
        let admin = server.session(server.id(Role::Admin)).await;
        let found = json!({"delta": 1, "reason": "found"});
        let path = "/warehouses/KHI-1/stock/KURTA-M/adjust";
        server.open("POST", path).token(&admin).json(&found).send().await.ok();
        console.until("the change", |console| console.bodies(STOCK)["KURTA-M"]["on_hand"] == "11").await;
        console.idle(Duration::from_millis(1_500)).await;
        assert_eq!((console.connects(), console.closes.len()), (1, 0), "past the first token's end");
        let (mut raw, _) = Raw::greeted(server.address, &server.session(user).await, &[]).await;
        for (token, id) in [(server.session(server.id(Role::Admin)).await, 1), ("mat_x".to_owned(), 2)] {
            raw.send(&json!({"t": "auth", "id": id, "d": {"token": token}})).await;
            assert_eq!(
                raw.find(|frame| frame["id"] == id).await["d"]["code"],
                "token_bad",
                "of somebody else, or of nobody"
            );
        }
        raw.send(&json!({"t": "auth", "id": 3, "d": {"token": server.session(user).await}})).await;
        assert_eq!(raw.find(|frame| frame["id"] == 3).await["t"], "ok");
    });
}

#[test]
fn live_24_signing_out_ends_that_session_s_sockets_within_a_second() {
    scenario(async |server| {
        let (user, first) = server.user(Role::Viewer).await;
        let second = server.session(user).await;
        let mut gone = Console::live(server, &first, &[]).await;
        gone.until("the connection", Console::is_live).await;
        let mut stays = Console::live(server, &second, &[]).await;
        stays.until("the connection", Console::is_live).await;
        let began = Instant::now();
        server.open("POST", "/auth/sign-out").token(&first).send().await;
        gone.until("4506", |console| console.closes == [4506]).await;
        assert!(began.elapsed() < Duration::from_secs(1));
        assert_eq!(gone.told(|event| *event == Event::Stopped(StopReason::Closed(4506))), 1, "it does not come back");
        stays.idle(Duration::from_millis(50)).await;
        assert!(stays.is_live(), "the other session has nothing to do with it");
    });
}

#[test]
fn live_25_a_disabled_user_is_gone_within_a_second() {
    scenario(async |server| {
        let (user, token) = server.user(Role::Viewer).await;
        let mut console = Console::live(server, &token, &[]).await;
        console.until("the connection", Console::is_live).await;
        let began = Instant::now();
        server.post(&format!("/users/{user}/disable"), &json!({})).await;
        console.until("4506", |console| console.closes == [4506]).await;
        assert!(began.elapsed() < Duration::from_secs(1));
    });
}

#[test]
fn live_26_a_role_that_is_taken_away_takes_its_topics_along() {
    scenario(async |server| {
        server.shop().await;
        let (user, token) = server.user(Role::SalesManager).await;
        let mut console = Console::live(server, &token, &[APPROVALS, STOCK]).await;
        let began = Instant::now();
        let roles = json!({"roles": ["warehouse"]});
        server.by(Role::Admin, "PATCH", &format!("/users/{user}")).json(&roles).send().await.ok();
        let revoked = |event: &Event| matches!(event, Event::Refused(topic, code) if topic.as_str() == APPROVALS && code.as_str() == "sub_revoked");
        console.until("the revocation", |console| console.told(revoked) == 1).await;
        assert!(began.elapsed() < Duration::from_secs(1));
        server.post("/warehouses/KHI-1/stock/KURTA-M/adjust", &json!({"delta": 1, "reason": "found"})).await;
        console.until("the other topic", |console| console.bodies(STOCK)["KURTA-M"]["on_hand"] == "11").await;
        assert_eq!(console.connects(), 1);
        let mut fresh = Console::live(server, &token, &[]).await;
        fresh.subscribe(APPROVALS, None);
        let denied = |event: &Event| matches!(event, Event::Refused(_, code) if code.as_str() == "sub_denied");
        fresh.until("the refusal", |console| console.told(denied) == 1).await;
    });
}

#[test]
fn live_27_a_ticket_stands_for_its_token_and_for_no_more() {
    scenario(async |server| {
        let (user, token) = server.user(Role::Viewer).await;
        let (_raw, welcome) = Raw::greeted(server.address, &token, &[]).await;
        let ticket = welcome["d"]["ticket"].clone();
        let mut raw = Raw::open(server.address).await;
        raw.send(&by_ticket(&ticket)).await;
        assert_eq!(raw.frame().await["t"], "welcome");
        let mut forged = ticket.as_str().unwrap().to_owned();
        let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
        forged.push(last);
        let mut raw = Raw::open(server.address).await;
        raw.send(&by_ticket(&json!(forged))).await;
        assert_eq!(raw.rest().await.1, 4500);
        let mut both = by_ticket(&json!("mlt_nonsense"));
        both["d"]["token"] = json!(token);
        let mut raw = Raw::open(server.address).await;
        raw.send(&both).await;
        assert_eq!(raw.frame().await["t"], "welcome", "the token counts where the ticket does not");
        server.post(&format!("/users/{user}/revoke-sessions"), &json!({})).await;
        let mut raw = Raw::open(server.address).await;
        raw.send(&by_ticket(&ticket)).await;
        assert_eq!(raw.rest().await.1, 4500, "a ticket ends with its session");
    });
}

#[test]
fn live_28_a_user_has_so_many_sockets_and_no_more() {
    scenario(async |server| {
        let (_, token) = server.user(Role::Viewer).await;
        let mut kept = vec![];
        for _ in 0..8 {
            kept.push(Raw::greeted(server.address, &token, &[]).await.0);
        }
        let mut ninth = Raw::open(server.address).await;
        ninth.send(&hello(&token, &[])).await;
        let (frames, close) = ninth.rest().await;
        assert_eq!((&frames[0]["d"]["code"], close), (&json!("connection_limit"), 4504));
        drop(kept.pop());
        drop(ninth);
        let deadline = Instant::now() + super::client::LIMIT;
        while server.app().live().census().connections > 7 {
            assert!(Instant::now() < deadline);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Raw::greeted(server.address, &token, &[]).await;
    });
}

#[test]
fn live_29_addresses_totals_and_rates_have_their_bounds() {
    scenario_with(
        |config| {
            config.live.pre_auth_per_address = 3;
            config.live.max_connections = 5;
        },
        async |server| {
            let mut silent = vec![];
            for _ in 0..3 {
                silent.push(open(server.address, &[]).await.expect("a socket"));
            }
            let (status, again) = refused(server.address, &[]).await;
            assert_eq!((status, again.as_deref()), (503, Some("5")), "too many that have not said who they are");
            drop(silent);
            super::nothing_left(server).await;
            let mut kept = vec![];
            for _ in 0..5 {
                kept.push(Raw::greeted(server.address, server.token(Role::Viewer), &[]).await);
            }
            assert_eq!(refused(server.address, &[]).await, (503, Some("10".to_owned())));
        },
    );
    scenario_with(
        |config| config.live.connect_rate = 2,
        async |server| {
            let first = open(server.address, &[]).await;
            let second = open(server.address, &[]).await;
            assert!(first.is_ok() && second.is_ok());
            assert_eq!(refused(server.address, &[]).await, (503, Some("1".to_owned())));
        },
    );
}

#[test]
fn live_30_a_scanner_does_not_get_in_here() {
    scenario(async |server| {
        let clock = json!({"wall_ms": 1, "mono_ms": 1, "boot": "b"});
        let hello = json!({"t": "hello", "id": 7, "d": {"kind": "device", "client": "d", "install": "i", "gen": 1, "app": "1",
            "token": server.token(Role::Admin), "seq_next": 1, "clock": clock}});
        let mut raw = Raw::open(server.address).await;
        raw.send(&hello).await;
        let (frames, close) = raw.rest().await;
        assert_eq!(
            (&frames[0]["d"]["code"], &frames[0]["d"]["field"], &frames[0]["id"]),
            (&json!("bad_field"), &json!("kind"), &json!(7))
        );
        assert_eq!(close, 4501);
    });
}
