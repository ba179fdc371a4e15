//! Scanners: from the one-time code to a parcel that has left, and what goes wrong on the way.

use munshi_domain::user::Role;
use munshi_protocols::{
    clientsm::{Event, MemoryStore, StopReason},
    server::Status,
};
use serde_json::{Value, json};

use super::{
    Named,
    client::Raw,
    floor::{self, SHIRT},
    quick, ready,
    scanner::{Enrolled, Scanner, open},
    scenario,
};
use crate::harness::{TestServer, run_twice_with};

/// A set-up floor with one enrolled device, signed on, with stock in the bin.
async fn working(server: &TestServer) -> (String, Enrolled, Scanner) {
    let customer = floor::set_up(server).await;
    let enrolled = floor::enrol(server, "dev_7").await;
    let mut scanner = Scanner::live(&server.address.to_string(), &enrolled, "in_1").await;
    floor::sign_on(&mut scanner).await;
    floor::stock(&mut scanner).await;
    server.rest().await;
    (customer, enrolled, scanner)
}

/// Number of the last command decided.
async fn through(server: &TestServer) -> u64 {
    let device = munshi_domain::floor::DeviceId::parse("dev_7").unwrap();
    floor::look(server, move |floor| floor.device(&device).unwrap().log.through()).await
}

async fn raw(server: &TestServer, enrolled: &Enrolled, install: &str, next: u64) -> (Raw, Value) {
    let mut raw = Raw::on(open(&server.address.to_string()).await.unwrap());
    raw.send(&hello(enrolled, install, next)).await;
    let first = raw.frame().await;
    (raw, first)
}

fn hello(enrolled: &Enrolled, install: &str, next: u64) -> Value {
    let clock = json!({"wall_ms": 1, "mono_ms": 1, "boot": "b"});
    json!({"t": "hello", "d": {"kind": "device", "client": enrolled.text("device"), "install": install,
        "gen": enrolled.0["generation"], "app": "1", "token": enrolled.text("token"), "seq_next": next, "clock": clock}})
}

fn cmd(seq: u64, key: &str, op: &str, a: &Value) -> Value {
    json!({"seq": seq, "key": key, "at": {"wall_ms": 1, "mono_ms": 1, "boot": "b"}, "op": op, "a": a})
}

fn fresh() -> String {
    super::client::key().to_string()
}

#[test]
fn live_100_a_parcel_goes_from_the_shelf_to_the_carrier_by_scanning() {
    scenario(async |server| {
        let (customer, _, mut scanner) = working(server).await;
        let parcel = floor::parcel(server, &customer, 3).await;
        scanner.ok("choose", json!({"flow": "pick", "first": "location"})).await;
        let screen = scanner.ok("get_work", json!({})).await;
        let ended = floor::walk(&mut scanner, screen).await;
        assert_eq!(ended["view"]["stop"], Value::Null, "{ended}");
        floor::pack(&mut scanner, parcel, 3).await;
        server.rest().await;
        let base = format!("/warehouses/KHI-1/parcels/{parcel}");
        assert_eq!(server.get(&base).await["state"], "packed");
        let booking = json!({"carrier": "tcs", "tracking": "T1"});
        server.by(Role::Warehouse, "POST", &format!("{base}/book")).json(&booking).send().await.ok();
        server.rest().await;
        floor::plan_load(server, parcel).await;
        scanner.ok("choose", json!({"flow": "ship"})).await;
        scanner.scan("DOOR-1").await;
        let loading = scanner.scan("L-1").await;
        let plate =
            floor::look(server, move |floor| floor.work().parcel(parcel).unwrap().plates().next().unwrap().to_string())
                .await;
        scanner.scan(&format!("]C100{plate}")).await;
        scanner.ok("verify", json!({})).await;
        scanner.ok("depart", json!({})).await;
        assert!(loading["view"]["load"] == "L-1", "{loading}");
        server.rest().await;
        let order = server.get(&format!("/orders/{}", parcel.order)).await;
        assert_eq!(order["parcels"][0]["state"], "handed_over", "{order}");
        let row = server.get("/warehouses/KHI-1/stock/KURTA-M").await;
        assert_eq!(row["on_hand"], 10 + 20 - 3, "opening, received, sent: {row}");
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
    });
}

#[test]
fn live_101_a_code_enrols_once_and_guessing_is_slowed_down() {
    scenario(async |server| {
        floor::set_up(server).await;
        let code = floor::invite(server, "dev_7").await;
        let enrol = async |code: &str| {
            server.open("POST", "/devices/enrol").without("idempotency-key").json(&json!({ "code": code })).send().await
        };
        let first = enrol(&code).await.ok();
        assert_eq!(
            (&first["device"], &first["warehouse"], &first["generation"]),
            (&json!("dev_7"), &json!("KHI-1"), &json!(1))
        );
        enrol(&code).await.problem(401, "bad_device_credential");
        let old_key = first["key"].as_str().unwrap().to_owned();
        let token = async |key: &str| {
            server.open("POST", "/devices/token").without("idempotency-key").json(&json!({ "key": key })).send().await
        };
        assert!(token(&old_key).await.ok()["token"].as_str().unwrap().starts_with("mdt_"));
        let again = Enrolled::by(&server.address.to_string(), &floor::invite(server, "dev_7").await).await;
        assert_eq!(again.0["generation"], 2);
        token(&old_key).await.problem(401, "bad_device_credential");
        let (_, refused) = raw(server, &Enrolled(first), "in_1", 1).await;
        assert_eq!(refused["d"]["code"], "generation_fenced", "{refused}");
        let forged = format!("mdi_KHI-1~dev_7~{}", "0".repeat(40));
        let mut codes = vec![];
        for _ in 0..30 {
            codes.push(enrol(&forged).await.code());
        }
        assert_eq!(codes[0], "bad_device_credential");
        assert_eq!(codes[29], "sign_in_throttled", "{codes:?}");
        let journal = server.app().node().store().journal(0, 10_000).await.unwrap();
        let text = journal.iter().flat_map(|entry| &entry.events).map(Value::to_string).collect::<String>();
        for secret in [code.as_str(), &old_key, again.text("key"), "\"4711\""] {
            assert!(!text.contains(secret), "a secret is in the journal");
        }
    });
}

#[test]
fn live_102_repeats_gaps_and_reuse_are_told_apart() {
    scenario(async |server| {
        let (_, enrolled, scanner) = working(server).await;
        drop(scanner);
        let next = through(server).await + 1;
        let (mut raw, welcome) = raw(server, &enrolled, "in_1", next).await;
        assert_eq!((&welcome["t"], &welcome["d"]["expect"]), (&json!("welcome"), &json!(next)), "{welcome}");
        let key = fresh();
        let choose = cmd(next, &key, "choose", &json!({"flow": "inquiry"}));
        let send = |id: u64, cmd: &Value| json!({"t": "cmd", "id": id, "d": cmd});
        raw.send(&send(1, &choose)).await;
        let first = raw.find(|frame| frame["id"] == 1).await;
        assert_eq!((&first["d"]["r"][0]["st"], &first["d"]["through"]), (&json!("applied"), &json!(next)), "{first}");
        raw.send(&send(2, &choose)).await;
        let second = raw.find(|frame| frame["id"] == 2).await;
        assert_eq!(second["d"]["r"][0]["st"], "duplicate");
        assert_eq!(second["d"]["r"][0]["out"], first["d"]["r"][0]["out"], "the first answer");
        raw.send(&send(3, &cmd(next + 2, &fresh(), "scan", &json!({"raw": SHIRT})))).await;
        let gap = raw.find(|frame| frame["id"] == 3).await;
        assert_eq!((&gap["d"]["code"], &gap["d"]["expect"]), (&json!("seq_gap"), &json!(next + 1)));
        let before = server.head();
        raw.send(&send(4, &cmd(next, &key, "choose", &json!({"flow": "pick"})))).await;
        let reuse = raw.find(|frame| frame["id"] == 4).await;
        assert_eq!(reuse["d"]["code"], "key_reuse");
        raw.send(&send(5, &cmd(next + 1, &key, "get_work", &json!({})))).await;
        assert_eq!(raw.find(|frame| frame["id"] == 5).await["d"]["code"], "key_reuse");
        assert_eq!(through(server).await, next, "nothing was applied");
        assert!(server.head() > before, "the office hears of it");
        let alarms =
            floor::look(server, |floor| floor.exceptions().filter(|open| open.about.contains_key("alarm")).count());
        assert_eq!(alarms.await, 1);
    });
}

#[test]
fn live_103_a_poison_scan_in_a_batch_uses_up_its_number_and_no_more() {
    scenario(async |server| {
        let (_, enrolled, scanner) = working(server).await;
        drop(scanner);
        let next = through(server).await + 1;
        let (mut raw, _) = raw(server, &enrolled, "in_1", next).await;
        let cmds = [
            cmd(next, &fresh(), "choose", &json!({"flow": "inquiry"})),
            cmd(next + 1, &fresh(), "scan", &json!({"raw": "]C10109506000134353"})),
            cmd(next + 2, &fresh(), "scan", &json!({"raw": SHIRT})),
        ];
        raw.send(&json!({"t": "batch", "id": 1, "d": {"cmds": cmds}})).await;
        let ack = raw.find(|frame| frame["id"] == 1).await;
        let told: Vec<_> =
            ack["d"]["r"].as_array().unwrap().iter().map(|r| (r["st"].clone(), r["code"].clone())).collect();
        let expected = [
            (json!("applied"), Value::Null),
            (json!("rejected"), json!("bad_check_digit")),
            (json!("applied"), Value::Null),
        ];
        assert_eq!(told, expected, "{ack}");
        assert_eq!(ack["d"]["through"], next + 2);
        // Arguments that cannot be read decide nothing of the frame, and the number stays free.
        let bad = [
            cmd(next + 3, &fresh(), "scan", &json!({"raw": SHIRT})),
            cmd(next + 4, &fresh(), "qty", &json!({"qyt": 1})),
        ];
        raw.send(&json!({"t": "batch", "id": 2, "d": {"cmds": bad}})).await;
        assert_eq!(raw.find(|frame| frame["id"] == 2).await["d"]["code"], "bad_field");
        assert_eq!(through(server).await, next + 2);
    });
}

#[test]
fn live_104_the_client_parks_what_cannot_be_read_and_goes_on() {
    scenario(async |server| {
        let (_, _, mut scanner) = working(server).await;
        scanner.cut();
        let keys = [
            scanner.record("choose", &json!({"flow": "inquiry"})),
            scanner.record("dance", &json!({})),
            scanner.record("scan", &json!({"raw": SHIRT})),
        ];
        assert_eq!(scanner.answer(&keys[0]).await.st, Status::Applied);
        assert_eq!(scanner.answer(&keys[2]).await.st, Status::Applied);
        assert_eq!(
            scanner.told(|event| matches!(event, Event::NotTaken { code, .. } if code.as_str() == "unknown_type")),
            1
        );
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
    });
}

#[test]
fn live_105_a_wiped_device_numbers_its_queue_anew() {
    scenario(async |server| {
        let (_, enrolled, scanner) = working(server).await;
        drop(scanner);
        let before = through(server).await;
        // The same device, its counter and installation lost, with work done before it is heard again.
        let mut wiped = Scanner::new(&server.address.to_string(), &enrolled, "in_2", MemoryStore::default());
        let key = wiped.record("choose", &json!({"flow": "inquiry"}));
        wiped.start();
        assert_eq!(wiped.answer(&key).await.st, Status::Applied);
        assert_eq!(wiped.told(|event| matches!(event, Event::Rebased(seq) if seq.get() == before + 1)), 1);
        assert_eq!(through(server).await, before + 1);
        wiped.stop();
        wiped.until("farewell", |scanner| !scanner.is_live()).await;
    });
}

#[test]
fn live_106_the_newest_connection_of_a_device_wins() {
    scenario(async |server| {
        let (_, enrolled, mut scanner) = working(server).await;
        let next = through(server).await + 1;
        let (mut second, welcome) = raw(server, &enrolled, "in_1", next).await;
        assert_eq!(welcome["t"], "welcome");
        scanner.until("replaced", |scanner| scanner.closes == [4503]).await;
        assert_eq!(scanner.told(|event| matches!(event, Event::Stopped(StopReason::Closed(4503)))), 1);
        second.send(&json!({"t": "cmd", "id": 1, "d": cmd(next, &fresh(), "choose", &json!({"flow": "pick"}))})).await;
        assert_eq!(second.find(|frame| frame["id"] == 1).await["t"], "ack", "the newer one works");
    });
}

#[test]
fn live_107_a_revoked_device_is_let_go_at_once_and_not_let_in_again() {
    scenario(async |server| {
        let (_, enrolled, mut scanner) = working(server).await;
        floor::revoke(server, "dev_7").await;
        scanner.until("revoked", |scanner| scanner.closes == [4506]).await;
        let (_, refused) = raw(server, &enrolled, "in_1", 1).await;
        assert_eq!(refused["d"]["code"], "device_revoked", "{refused}");
        let body = json!({"key": enrolled.text("key")});
        let reply = server.open("POST", "/devices/token").without("idempotency-key").json(&body).send().await;
        reply.problem(401, "bad_device_credential");
    });
}

#[test]
fn live_108_what_was_done_without_a_connection_is_taken_even_against_the_books() {
    scenario(async |server| {
        let (customer, _, mut scanner) = working(server).await;
        let parcel = floor::parcel(server, &customer, 2).await;
        scanner.ok("choose", json!({"flow": "pick", "first": "location"})).await;
        scanner.ok("get_work", json!({})).await;
        let task = floor::look(server, move |floor| {
            floor.work().tasks.of_parcel(parcel).find(|(_, task)| task.work.picks().is_some()).unwrap().0.0
        })
        .await;
        scanner.cut();
        let picked = |units: u32| {
            json!({"task": task, "line": 1, "place": {"bin": "A-01", "plate": "106141410000000019"},
                "goods": {"sku": "KURTA-M"}, "units": units, "tote": "T-1"})
        };
        let good = scanner.record("fact.picked", &picked(2));
        let more = scanner.record("fact.picked", &picked(1));
        assert_eq!(scanner.answer(&good).await.st, Status::Applied);
        let variance = scanner.answer(&more).await;
        assert_eq!(variance.st, Status::AppliedWithVariance, "{variance:?}");
        let id: u64 = variance.exception_id.as_deref().unwrap().parse().unwrap();
        assert!(floor::look(server, move |floor| floor.exceptions().any(|open| open.id == id)).await);
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
    });
}

#[test]
fn live_109_a_wrong_pin_is_counted_and_locks_the_badge() {
    scenario(async |server| {
        floor::set_up(server).await;
        let enrolled = floor::enrol(server, "dev_7").await;
        let mut scanner = Scanner::live(&server.address.to_string(), &enrolled, "in_1").await;
        let first = scanner.does("get_work", json!({})).await;
        assert_eq!(first.code.unwrap().as_str(), "no_permission", "nobody is signed on");
        for _ in 0..5 {
            let wrong = scanner.does("sign_on", json!({"badge": "B1", "pin": "1111"})).await;
            assert_eq!((wrong.st, wrong.code.unwrap().as_str()), (Status::Rejected, "pin_wrong"));
        }
        let locked = scanner.does("sign_on", json!({"badge": "B1", "pin": "4711"})).await;
        assert_eq!(locked.code.unwrap().as_str(), "pin_wrong", "five wrong ones lock it");
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
    });
}

#[test]
fn live_110_nothing_is_lost_or_doubled_over_a_restart_in_the_middle_of_scanning() {
    const SCANS: usize = 60;
    let _named = Named::begin();
    run_twice_with(
        quick,
        async |server| {
            ready(server).await;
            let (_, enrolled, mut scanner) = working(server).await;
            scanner.ok("choose", json!({"flow": "inquiry"})).await;
            let before = through(server).await;
            let keys: Vec<_> = (0..SCANS).map(|_| scanner.record("scan", &json!({"raw": SHIRT}))).collect();
            // Some are decided, some are on the way, some have not left: then the server stops.
            scanner.answer(&keys[3]).await;
            for _ in 0..SCANS {
                let _ = scanner.record("scan", &json!({"raw": SHIRT}));
            }
            (scanner.off(), enrolled, before)
        },
        async |server, (store, enrolled, before)| {
            ready(server).await;
            let mut scanner = Scanner::new(&server.address.to_string(), &enrolled, "in_1", store);
            scanner.start();
            scanner.until("every answer", |scanner| scanner.is_live() && scanner.unanswered() == 0).await;
            assert_eq!(through(server).await, before + 2 * SCANS as u64, "each once");
            let answers = scanner.events.iter().filter_map(|event| match event {
                Event::Settled { answer, .. } => Some(answer.st),
                _ => None,
            });
            assert!(answers.clone().all(|st| matches!(st, Status::Applied | Status::Duplicate)));
            let journal = server.app().node().store().journal(0, 100_000).await.unwrap();
            let mut keys: Vec<String> =
                journal.iter().filter(|entry| &*entry.command == "Scan").map(|entry| entry.cmd.to_string()).collect();
            let all = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!((keys.len(), all), (2 * SCANS, 2 * SCANS), "one entry for each scan");
            scanner.stop();
            scanner.until("farewell", |scanner| !scanner.is_live()).await;
        },
    );
}

#[test]
fn aud_01_a_movement_of_stock_names_who_did_it() {
    scenario(async |server| {
        let (_, _, mut scanner) = working(server).await;
        let ledger = server.get("/warehouses/KHI-1/stock/KURTA-M/ledger").await;
        let told: Vec<(&str, i64, Option<&str>)> = ledger["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (item["cause"].as_str().unwrap(), item["delta"].as_i64().unwrap(), item["by"].as_str()))
            .collect();
        // The operator of the scanner, not the process that books it; and who received in the office.
        let (operator, office) = (munshi_domain::UserId::from_u128(1).to_string(), server.id(Role::Admin).to_string());
        assert_eq!(told, [("floor", 20, Some(operator.as_str())), ("received", 10, Some(office.as_str()))]);
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
    });
}

#[test]
fn live_36_a_scan_waits_for_no_look_into_the_store() {
    scenario(async |server| {
        let (_, _, mut scanner) = working(server).await;
        // More commands than an aggregate remembers by their ids: the next one is told from a repeat by the floor alone.
        for _ in 0..70 {
            scanner.does("scan", json!({"raw": SHIRT})).await;
        }
        server.rest().await;
        let through =
            floor::look(server, |floor| floor.device_list().map(|(_, known)| known.log.through()).max()).await;
        server.faults().fail_reads(u32::MAX);
        scanner.does("scan", json!({"raw": SHIRT})).await;
        server.faults().fail_reads(0);
        let now = floor::look(server, |floor| floor.device_list().map(|(_, known)| known.log.through()).max()).await;
        assert_eq!(now, through.map(|seq| seq + 1));
        scanner.stop();
        scanner.until("farewell", |scanner| !scanner.is_live()).await;
    });
}
