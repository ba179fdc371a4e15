//! Clients that break the rules: each is told so, and costs nothing afterwards.

use futures_util::SinkExt;
use munshi_domain::user::Role;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;

use super::{
    client::{LIMIT, ORIGIN, Raw, hello},
    scenario,
};
use crate::harness::TestServer;

/// A socket whose bytes are written by hand; answers it after the upgrade.
async fn by_hand(server: &TestServer) -> tokio::net::TcpStream {
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let request = format!(
        "GET /ws/console HTTP/1.1\r\nhost: localhost\r\norigin: {ORIGIN}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: munshi.v1.json\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    assert!(head.starts_with("http/1.1 101") && head.contains("sec-websocket-protocol: munshi.v1.json"), "{head}");
    assert!(!head.contains("sec-websocket-extensions"), "nothing is compressed");
    stream
}

/// The close code that comes, whatever comes before; 1006 for none.
async fn close_code(stream: &mut tokio::net::TcpStream) -> u16 {
    let mut bytes = Vec::new();
    // The server ends the connection; what it sent before is short.
    let _ = tokio::time::timeout(LIMIT, stream.read_to_end(&mut bytes)).await;
    let mut at = 0;
    while let Some([first, second]) = bytes.get(at..at + 2) {
        let (opcode, short) = (first & 15, usize::from(second & 127));
        let (start, length) = match short {
            126 => (at + 4, usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]))),
            length => (at + 2, length),
        };
        if opcode == 8 {
            return u16::from_be_bytes([bytes[start], bytes[start + 1]]);
        }
        at = start + length;
    }
    1006
}

/// A masked frame with a mask of noughts.
fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap();
    let mut frame = vec![0x80 | opcode];
    match length {
        0..126 => frame.push(0x80 | length as u8),
        _ => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&length.to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

#[test]
fn live_40_who_says_nothing_is_let_go() {
    scenario(async |server| {
        let mut raw = Raw::open(server.address).await;
        assert_eq!(raw.rest().await, (vec![], 4502));
    });
}

#[test]
fn live_41_one_byte_at_a_time_is_as_good_as_nothing() {
    scenario(async |server| {
        let mut stream = by_hand(server).await;
        let frame = masked(1, hello(server.token(Role::Viewer), &[]).to_string().as_bytes());
        let (mut reading, mut writing) = stream.split();
        let trickle = async {
            for byte in frame {
                if writing.write_all(&[byte]).await.is_err() {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            std::future::pending::<()>().await;
        };
        let mut bytes = Vec::new();
        let ended = async {
            let _ = reading.read_to_end(&mut bytes).await;
        };
        tokio::select! { () = trickle => {}, () = ended => {} }
        assert_eq!(&bytes[..2], &[0x88, bytes[1]], "a close frame, and nothing else");
        assert_eq!(u16::from_be_bytes([bytes[2], bytes[3]]), 4502);
    });
}

#[test]
fn live_42_the_first_message_is_a_hello_of_4_kib() {
    scenario(async |server| {
        for (text, code) in [
            (json!({"t": "ping", "id": 1, "d": {"n": 1}}).to_string(), "hello_expected"),
            ("nonsense".to_owned(), "bad_json"),
            (hello(&"x".repeat(1_500), &vec![json!({"topic": "wh.a.orders"}); 200]).to_string(), "too_large"),
            (json!({"t": "hello", "d": {"kind": "console", "client": "a", "app": "1"}}).to_string(), "bad_field"),
            (hello("t", &vec![json!({"topic": "a.b"}); 2]).to_string(), "bad_field"),
        ] {
            let mut raw = Raw::open(server.address).await;
            raw.text(text).await;
            let (frames, close) = raw.rest().await;
            assert_eq!((&frames[0]["d"]["code"], close), (&json!(code), 4501));
        }
    });
}

#[test]
fn live_43_the_websocket_s_own_rules_close_with_its_own_codes() {
    scenario(async |server| {
        let token = server.token(Role::Viewer);
        let greeted = async || Raw::greeted(server.address, token, &[]).await.0;
        let mut raw = greeted().await;
        raw.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
        assert_eq!(raw.rest().await.1, 1003);
        let mut raw = greeted().await;
        raw.text(format!("{{\"t\":\"{}\"}}", "x".repeat(70_000))).await;
        assert_eq!(raw.rest().await.1, 1009);
        for (opcode, payload, code) in [(1, &b"\xff\xfe"[..], 1007), (3, b"", 1002), (2, b"x", 1003)] {
            let mut stream = by_hand(server).await;
            stream.write_all(&masked(1, hello(token, &[]).to_string().as_bytes())).await.unwrap();
            stream.write_all(&masked(opcode, payload)).await.unwrap();
            assert_eq!(close_code(&mut stream).await, code, "opcode {opcode}");
        }
        let mut stream = by_hand(server).await;
        stream.write_all(&masked(1, hello(token, &[]).to_string().as_bytes())).await.unwrap();
        stream.write_all(&[0x81, 2, b'{', b'}']).await.unwrap();
        assert_eq!(close_code(&mut stream).await, 1002, "an unmasked frame");
        let mut stream = by_hand(server).await;
        stream.write_all(&masked(2, b"x")).await.unwrap();
        assert_eq!(close_code(&mut stream).await, 1003, "also before hello");
    });
}

#[test]
fn live_44_a_frame_that_makes_no_sense_is_refused_and_the_third_ends_it() {
    scenario(async |server| {
        let (mut raw, _) = Raw::greeted(server.address, server.token(Role::Viewer), &[]).await;
        raw.send(&json!({"t": "dance", "id": 1, "d": {}})).await;
        let first = raw.frame().await;
        assert_eq!(
            (&first["t"], &first["id"], &first["d"]["code"], &first["d"]["num"]),
            (&json!("err"), &json!(1), &json!("unknown_type"), &json!(1002))
        );
        raw.send(&json!({"t": "unsub", "id": 2, "d": {"topic": "a.b", "more": 1}})).await;
        let second = raw.frame().await;
        assert_eq!((&second["d"]["code"], &second["d"]["field"]), (&json!("bad_field"), &json!("more")));
        raw.send(&json!({"t": "ping", "id": 3, "d": {"n": 5}})).await;
        assert_eq!(raw.frame().await, json!({"t": "pong", "id": 3, "d": {"n": 5}}), "the connection stays");
        raw.text("[".repeat(50)).await;
        let (frames, close) = raw.rest().await;
        assert_eq!((&frames[0]["d"]["code"], close), (&json!("too_deep"), 4501));
    });
}

#[test]
fn live_45_what_a_console_must_not_say() {
    scenario(async |server| {
        let token = server.token(Role::Admin);
        let key = super::client::key();
        let at = json!({"wall_ms": 1, "mono_ms": 1, "boot": "b"});
        for (frame, code) in [
            (hello(token, &[]), "hello_repeated"),
            (json!({"t": "cmd", "id": 1, "d": {"seq": 1, "at": at, "key": key, "op": "x", "a": {}}}), "bad_field"),
            (
                json!({"t": "batch", "id": 1, "d": {"cmds": [{"seq": 1, "at": at, "key": key, "op": "x", "a": {}}]}}),
                "bad_field",
            ),
            (json!({"t": "cmd", "id": 1, "d": {"key": "no-key", "op": "x", "a": {}}}), "bad_field"),
            (json!({"t": "seen", "id": 1, "d": {"topic": "user.u.inbox", "off": 5}}), "bad_topic"),
            (json!({"t": "sub", "id": 1, "d": {"topic": "dash.w.kpi", "max_hz": 11}}), "bad_field"),
        ] {
            let (mut raw, _) = Raw::greeted(server.address, token, &[]).await;
            raw.send(&frame).await;
            let said = raw.frame().await;
            assert_eq!((&said["t"], &said["d"]["code"]), (&json!("err"), &json!(code)), "{frame}");
        }
    });
}

#[test]
fn live_46_topics_have_a_bound_and_a_flood_of_them_an_end() {
    scenario(async |server| {
        let orders: Vec<Value> = (0..32).map(|n| json!({"topic": format!("approvals.r{n}")})).collect();
        let (_raw, welcome) = Raw::greeted(server.address, server.token(Role::Admin), &orders).await;
        let subs = welcome["d"]["subs"].as_array().unwrap();
        assert!(subs.len() == 32 && subs.iter().all(|sub| sub["code"] == "bad_topic"), "{welcome}");
        server.shop().await;
        for code in ["A", "B", "C", "D", "E", "F", "G", "H", "I"] {
            let body = json!({"code": code, "name": code, "address": crate::harness::address()});
            server.post("/warehouses", &body).await;
        }
        server.rest().await;
        let (mut raw, _) = Raw::greeted(server.address, server.token(Role::Admin), &[]).await;
        let names = ["orders", "stock", "tasks"].map(|part| "abcdefghi".chars().map(move |w| format!("wh.{w}.{part}")));
        let mut names: Vec<String> = names.into_iter().flatten().collect();
        names.extend("abcdefghi".chars().map(|w| format!("dash.{w}.kpi")));
        let mut granted = 0;
        for (id, name) in names.iter().enumerate() {
            raw.send(&json!({"t": "sub", "id": id, "d": {"topic": name}})).await;
            let said = raw.find(|frame| frame["id"] == id).await;
            match said["t"].as_str() {
                Some("ok") => granted += 1,
                _ => assert_eq!((granted, &said["d"]["code"]), (32, &json!("topic_limit"))),
            }
        }
        assert_eq!((granted, server.app().live().census().subscribers), (32, 32));
        raw.send(&json!({"t": "unsub", "id": 90, "d": {"topic": names[0]}})).await;
        raw.send(&json!({"t": "sub", "id": 91, "d": {"topic": names[35]}})).await;
        assert_eq!(raw.find(|frame| frame["id"] == 91).await["t"], "ok", "there is room again");
    });
}

#[test]
fn live_47_a_flood_of_frames_ends_the_connection() {
    scenario(async |server| {
        let (mut raw, _) = Raw::greeted(server.address, server.token(Role::Viewer), &[]).await;
        for n in 0..600 {
            raw.send(&json!({"t": "ping", "d": {"n": n}})).await;
        }
        let (frames, close) = raw.rest().await;
        assert_eq!(close, 4013);
        let pongs = frames.iter().filter(|frame| frame["t"] == "pong").count();
        assert!((400..600).contains(&pongs), "{pongs}");
    });
}

#[test]
fn live_48_a_farewell_is_an_end_without_ado() {
    scenario(async |server| {
        let (mut raw, _) = Raw::greeted(server.address, server.token(Role::Viewer), &[]).await;
        raw.send(&json!({"t": "bye", "d": {}})).await;
        assert!(raw.rest().await.0.is_empty());
    });
}
