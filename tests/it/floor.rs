//! The floor as the office sees and steers it over HTTP; what devices do is sent to the aggregate directly here.

use munshi::auth::token;
use munshi_actors::node::Meta;
use munshi_domain::{
    Sku, UserId,
    floor::{
        Answer, Content, CountLine, CountedFact, DeviceCommand, DeviceId, DeviceOffice, DeviceOp, DocId, Floor,
        FloorCode, FloorCommand, Goods, PlateId, ReceivedFact,
    },
    user::{Role, SecretHash},
};
use serde_json::{Value, json};

use crate::{
    harness::{TestServer, order, run, with},
    program,
};

const SSCC: &str = "006141411234567890";

fn site() -> Value {
    json!({"receiving": "STAGE", "count": {"attempts": 1}, "utc_offset_minutes": 300, "over_receipt_percent": 0})
}

fn places() -> Value {
    json!({"assign_check_digits": true, "locations": [
        {"code": "DOCK-1", "kind": "dock"},
        {"code": "STAGE", "kind": "stage"},
        {"code": "A-01", "kind": "pick_face", "zone": "A", "check_digits": "42"},
        {"code": "A-02", "kind": "pick_face", "zone": "A"},
        {"code": "TOTE-1", "kind": "tote"},
        {"code": "PACK-1", "kind": "pack"},
    ]})
}

async fn put(server: &TestServer, path: &str, body: &Value) -> Value {
    server.by(Role::Admin, "PUT", path).json(body).send().await.ok()
}

/// A shop whose warehouse has a floor; answers the customer's id.
pub async fn floor(server: &TestServer) -> String {
    let customer = server.shop().await;
    put(server, "/warehouses/KHI-1/floor", &site()).await;
    put(server, "/warehouses/KHI-1/locations", &places()).await;
    customer
}

/// Invites and enrols a device.
async fn device(server: &TestServer, name: &str) {
    let path = format!("/warehouses/KHI-1/devices/{name}/invite");
    let invited = server.post(&path, &json!({"label": "Gun 1"})).await;
    let device = DeviceId::parse(name).unwrap();
    let code = SecretHash::new(token::hash(invited["code"].as_str().unwrap()));
    let pair = DeviceOffice::PairDevice { device, code, key: SecretHash::new("key") };
    let meta = Meta::system("test", format!("pair:{name}"));
    let node = server.app().node();
    node.execute::<Floor, _>("KHI-1", FloorCommand::Devices(pair), meta, |_, _| ()).await.expect("enrolled");
}

async fn operator(server: &TestServer, badge: &str, user: UserId) {
    let rights = ["receive", "put_away", "pick", "pack", "ship", "count", "inquire"];
    let body = json!({"user": user.to_string(), "name": "Bilal", "pin": "4711", "rights": rights});
    put(server, &format!("/warehouses/KHI-1/operators/{badge}"), &body).await;
}

/// One command of a device, decided and durable.
async fn act(server: &TestServer, name: &str, seq: u64, op: DeviceOp) -> Answer {
    let now = server.app().node().now();
    let (device, key) = (DeviceId::parse(name).unwrap(), format!("{name}-{seq}"));
    let offline = op.is_fact();
    let command = DeviceCommand {
        device: device.clone(),
        generation: 1,
        install: "in_1".into(),
        seq,
        fingerprint: key.clone(),
        key: key.clone(),
        rev: None,
        performed_at: now,
        recorded_at: now,
        offline,
        op,
    };
    let meta = Meta::system("test", format!("device:{key}"));
    let view = move |floor: &Floor, _: u64| floor.answer(&device, &key);
    let command = FloorCommand::Device(Box::new(command));
    let done = server.app().node().execute::<Floor, _>("KHI-1", command, meta, view).await.expect("decided");
    done.view.expect("an answer")
}

async fn sign_on(server: &TestServer, name: &str, badge: &str) {
    let op = DeviceOp::SignOn { badge: badge.into(), pin_right: true, equipment: None };
    assert_eq!(act(server, name, 1, op).await.code, None);
}

fn received(doc: &str, plate: &str, units: u32) -> DeviceOp {
    let goods = Goods::plain(Sku::parse("KURTA-M").unwrap());
    DeviceOp::Received(ReceivedFact {
        doc: DocId::parse(doc).unwrap(),
        bin: None,
        plate: PlateId::parse(plate).unwrap(),
        content: Some(Content { goods, units, serials: vec![] }),
        raw: vec![],
    })
}

/// Goods on a plate that was received without a connection, at the stage.
pub async fn arrived(server: &TestServer, plate: &str) {
    device(server, "gun-1").await;
    operator(server, "B-1", server.id(Role::Admin)).await;
    sign_on(server, "gun-1", "B-1").await;
    put(server, "/warehouses/KHI-1/receipts/PO-1", &json!({"kind": "blind"})).await;
    assert_eq!(act(server, "gun-1", 2, received("PO-1", plate, 4)).await.code, None);
}

/// A count that differs from the books and waits for a decision; answers its number.
pub async fn variance(server: &TestServer) -> u64 {
    device(server, "gun-1").await;
    operator(server, "B-1", server.id(Role::Admin)).await;
    sign_on(server, "gun-1", "B-1").await;
    let opened = server.post("/warehouses/KHI-1/counts", &json!({"location": "A-01"})).await;
    act(server, "gun-1", 2, counted(opened["counts"][0]["count"].as_u64().expect("a count"), 3)).await;
    server.rest().await;
    let waiting = server.get("/warehouses/KHI-1/decisions").await;
    waiting["items"][0]["decision"].as_u64().expect("a decision")
}

fn counted(task: u64, units: u32) -> DeviceOp {
    let sku = Sku::parse("KURTA-M").unwrap();
    let line = CountLine { sku, lot: None, expiry: None, units, serials: Default::default() };
    DeviceOp::Counted(CountedFact { task, from: 0, lines: vec![line], raw: vec![] })
}

#[test]
fn wms_01_a_site_is_set_up_with_locations_check_digits_and_item_rules() {
    run(async |server| {
        server.shop().await;
        server.by(Role::Viewer, "GET", "/warehouses/KHI-1/floor").send().await.problem(404, "site_unknown");
        server.by(Role::Viewer, "GET", "/warehouses/LHE-1/floor").send().await.problem(404, "not_found");
        server.by(Role::Admin, "PUT", "/warehouses/LHE-1/floor").json(&site()).send().await.problem(404, "not_found");
        let early = server.by(Role::Admin, "PUT", "/warehouses/KHI-1/locations").json(&places()).send().await;
        early.problem(404, "site_unknown");
        let set = put(server, "/warehouses/KHI-1/floor", &site()).await;
        assert_eq!((&set["code"], &set["count"]["attempts"]), (&json!("KHI-1"), &json!(1)));
        let other = with(site(), "code", json!("LHE-1"));
        server.by(Role::Admin, "PUT", "/warehouses/KHI-1/floor").json(&other).send().await.problem(422, "bad_value");
        let wrong = with(site(), "company_prefix", json!("12"));
        let reply = server.by(Role::Admin, "PUT", "/warehouses/KHI-1/floor").json(&wrong).send().await;
        assert_eq!(reply.problem(422, "invalid_floor_command")["field"], "/company_prefix");

        let made = put(server, "/warehouses/KHI-1/locations", &places()).await;
        let digits: Vec<_> = made["locations"].as_array().unwrap().iter().map(|one| &one["check_digits"]).collect();
        assert_eq!(digits[2], "42", "given ones stay");
        assert!(digits.iter().all(|digits| digits.as_str().unwrap().len() == 2), "{digits:?}");
        let first = server.get("/warehouses/KHI-1/locations?zone=A&limit=1").await;
        assert_eq!((&first["items"][0]["code"], &first["next"]), (&json!("A-01"), &json!("A-01")));
        let rest = server.get("/warehouses/KHI-1/locations?zone=A&after=A-01").await;
        assert_eq!((&rest["items"][0]["code"], &rest["next"]), (&json!("A-02"), &Value::Null));

        // One that cannot be, and none of them is taken.
        let mixed = json!({"locations": [{"code": "B-01", "kind": "reserve"}, {"code": "B 02", "kind": "reserve"}]});
        let reply = server.by(Role::Admin, "PUT", "/warehouses/KHI-1/locations").json(&mixed).send().await;
        assert_eq!(reply.problem(422, "bad_value")["field"], "/locations/1/code");
        let twice = json!({"locations": [{"code": "B-01", "kind": "reserve"}, {"code": "B-01", "kind": "stage"}]});
        let reply = server.by(Role::Admin, "PUT", "/warehouses/KHI-1/locations").json(&twice).send().await;
        reply.problem(422, "invalid_floor_command");
        let known = server.get("/warehouses/KHI-1/locations").await;
        assert_eq!(known["items"].as_array().unwrap().len(), 6, "{known}");

        let rules = json!({"rules": [{"sku": "KURTA-M", "packs": [{"gtin": "09506000134352", "units": 1}]}]});
        put(server, "/warehouses/KHI-1/item-rules", &rules).await;
        let rules = server.get("/warehouses/KHI-1/item-rules").await;
        assert_eq!(rules["items"][0]["packs"][0]["gtin"], "09506000134352");
        let bins = server.get("/warehouses/KHI-1/bins").await;
        assert_eq!(bins["items"], json!([]));
    });
}

#[test]
fn sec_03_a_device_code_is_shown_once_and_a_pin_never() {
    run(async |server| {
        floor(server).await;
        let invite = || server.by(Role::Admin, "POST", "/warehouses/KHI-1/devices/gun-1/invite").key("invite-1");
        let body = json!({"label": "Gun 1", "minutes": 30});
        let invited = invite().json(&body).send().await;
        assert_eq!(invited.headers.get("cache-control").map(String::as_str), Some("no-store"));
        let invited = invited.ok();
        assert_eq!(invited["device"]["state"], "invited");
        let code = invited["code"].as_str().unwrap().to_owned();
        assert!(code.starts_with("mdi_KHI-1~gun-1~"), "{code}");
        invite().json(&body).send().await.problem(409, "invitation_shown");
        let bad = server.by(Role::Admin, "POST", "/warehouses/KHI-1/devices/Gun.1/invite").json(&body).send().await;
        assert_eq!(bad.problem(422, "bad_value")["field"], "/device");

        let pin = "90210";
        let person = server.id(Role::Warehouse).to_string();
        let path = "/warehouses/KHI-1/operators/B-7";
        let body = json!({"user": person, "name": "Bilal", "pin": pin, "rights": ["pick"]});
        let made = server.by(Role::Admin, "PUT", path).json(&body).send().await;
        assert!(!String::from_utf8_lossy(&made.bytes).contains("pin"), "{made:?}");
        assert_eq!(made.ok()["rights"], json!(["pick"]));
        let stored = server.app().node().read::<Floor, _>("KHI-1", |floor, _| floor.badge("B-7").cloned()).await;
        let stored = stored.unwrap().flatten().unwrap();
        assert!(stored.pin.expose().starts_with("$argon2id$"), "hashed with argon2");
        assert!(server.app().passwords().verify(pin, Some(&stored.pin)).await.unwrap());
        // Without a PIN the one there is stays; a new badge needs one.
        put(server, path, &json!({"user": person, "name": "Bilal A.", "rights": ["pick", "pack"]})).await;
        let again = server.app().node().read::<Floor, _>("KHI-1", |floor, _| floor.badge("B-7").cloned()).await;
        assert_eq!(again.unwrap().flatten().unwrap().pin, stored.pin);
        for (path, body, field) in [
            ("/warehouses/KHI-1/operators/B-8", json!({"user": person, "name": "X"}), "/pin"),
            (path, with(body.clone(), "pin", json!("1111")), "/pin"),
            (path, with(body.clone(), "rights", json!(["fly"])), "/rights/0"),
            (path, with(body.clone(), "user", json!("nobody")), "/user"),
        ] {
            let reply = server.by(Role::Admin, "PUT", path).json(&body).send().await;
            assert_eq!(reply.problem(422, "bad_value")["field"], field);
        }
        let journal = server.app().node().store().journal(0, 10_000).await.unwrap();
        let text = serde_json::to_string(&journal).unwrap();
        assert!(!text.contains(&code) && !text.contains(&format!("\"{pin}\"")), "a secret is in the journal");
    });
}

#[test]
fn sec_03_devices_are_enrolled_by_code_or_sheet_and_revoked() {
    run(async |server| {
        floor(server).await;
        device(server, "gun-1").await;
        let sheet = server.by(Role::Admin, "POST", "/warehouses/KHI-1/devices/gun-2/enrolment-sheet.pdf");
        let sheet = sheet.json(&json!({"label": "Gun 2"})).send().await;
        assert_eq!((sheet.status.as_u16(), &sheet.bytes[..5]), (200, &b"%PDF-"[..]));
        assert_eq!(sheet.headers.get("cache-control").map(String::as_str), Some("no-store"));
        let states = async || {
            let list = server.by(Role::Warehouse, "GET", "/warehouses/KHI-1/devices").send().await.ok();
            let items = list["items"].as_array().unwrap().clone();
            items.iter().map(|one| format!("{} {}", one["device"], one["state"]).replace('"', "")).collect::<Vec<_>>()
        };
        assert_eq!(states().await, ["gun-1 enrolled", "gun-2 invited"]);
        server.post("/warehouses/KHI-1/devices/gun-1/revoke", &json!({})).await;
        assert_eq!(states().await, ["gun-1 revoked", "gun-2 invited"]);
        let unknown = server.by(Role::Admin, "POST", "/warehouses/KHI-1/devices/gun-9/revoke").send().await;
        unknown.problem(403, "device_unknown");
        let sheet = server.by(Role::Admin, "POST", "/warehouses/KHI-1/devices/gun-3/enrolment-sheet.pdf");
        let long = "x".repeat(121);
        sheet.json(&json!({"label": long})).send().await.problem(422, "invalid_floor_command");
    });
}

#[test]
fn wms_01_goods_that_are_expected_arrive_and_what_is_over_waits_for_somebody_else() {
    run(async |server| {
        floor(server).await;
        device(server, "gun-1").await;
        operator(server, "B-1", server.id(Role::Admin)).await;
        sign_on(server, "gun-1", "B-1").await;
        let doc = json!({"kind": "order", "lines": [{"line": 1, "sku": "KURTA-M", "expected": 5}]});
        let path = "/warehouses/KHI-1/receipts/PO-1";
        let expected = server.by(Role::Warehouse, "PUT", path).json(&doc).send().await.ok();
        assert_eq!((&expected["kind"], &expected["lines"][0]["expected"]), (&json!("order"), &json!(5)));
        for (body, field) in [
            (json!({"kind": "blind", "lines": [{"line": 1, "sku": "X", "expected": 5}]}), "/lines"),
            (json!({"kind": "gift"}), "/kind"),
            (json!({"kind": "announced", "plates": {"P-1": [{"sku": "bad sku\n", "units": 1}]}}), "/plates/P-1/0"),
        ] {
            let reply = server.by(Role::Warehouse, "PUT", path).json(&body).send().await;
            assert_eq!(reply.problem(422, "bad_value")["field"], field);
        }
        let answer = act(server, "gun-1", 2, received("PO-1", SSCC, 7)).await;
        assert_eq!(answer.code, Some(FloorCode::OverReceipt), "{answer:?}");
        server.rest().await;
        // A repeated announcement keeps what was received.
        let again = server.by(Role::Warehouse, "PUT", path).json(&doc).send().await.ok();
        assert_eq!(again["lines"][0]["received"], 7, "{again}");
        let open = server.get("/warehouses/KHI-1/exceptions?code=over_receipt").await;
        let number = open["items"][0]["exception"].as_u64().expect("an exception");
        assert_eq!((&open["items"][0]["device"], &open["items"][0]["offline"]), (&json!("gun-1"), &json!(true)));
        let bins = server.get("/warehouses/KHI-1/bins?sku=KURTA-M").await;
        assert_eq!(
            (&bins["items"][0]["lines"][0]["plate"], &bins["items"][0]["lines"][0]["units"]),
            (&json!(SSCC), &json!(7)),
            "{bins}"
        );
        assert_eq!(server.get("/warehouses/KHI-1/stock/KURTA-M").await["on_hand"], 17, "the ledger follows");
        let path = format!("/warehouses/KHI-1/exceptions/{number}/resolve");
        let resolve = || server.by(Role::Warehouse, "POST", &path);
        assert_eq!(resolve().json(&json!({"note": " "})).send().await.problem(422, "bad_value")["field"], "/note");
        resolve().json(&json!({"note": "the supplier sent two more"})).send().await.ok();
        assert_eq!(server.get("/warehouses/KHI-1/exceptions?code=over_receipt").await["items"], json!([]));
        let never = server.by(Role::Admin, "POST", "/warehouses/KHI-1/exceptions/99/resolve");
        never.json(&json!({"note": "x"})).send().await.problem(404, "floor_record_unknown");
    });
}

#[test]
fn inv_06_a_variance_becomes_the_books_when_somebody_else_approves_it() {
    run(async |server| {
        floor(server).await;
        device(server, "gun-1").await;
        operator(server, "B-1", server.id(Role::Admin)).await;
        sign_on(server, "gun-1", "B-1").await;
        let opened = server.by(Role::Warehouse, "POST", "/warehouses/KHI-1/counts");
        let opened = opened.json(&json!({"location": "A-01"})).send().await.ok();
        let task = opened["counts"][0]["count"].as_u64().expect("a count");
        act(server, "gun-1", 2, counted(task, 3)).await;
        server.rest().await;
        let waiting = server.by(Role::Finance, "GET", "/warehouses/KHI-1/decisions").send().await.ok();
        let one = &waiting["items"][0];
        assert_eq!((&one["kind"], &one["deltas"][0]["delta"]), (&json!("variance"), &json!(3)), "{waiting}");
        assert_eq!(one["about"]["location"], "A-01");
        let path = format!("/warehouses/KHI-1/decisions/{}/approve", one["decision"]);
        let body = json!({"reason": "looked at the shelf"});
        let own = server.by(Role::Admin, "POST", &path).json(&body).send().await;
        own.problem(403, "self_approval");
        server.by(Role::Warehouse, "POST", &path).json(&body).send().await.problem(403, "forbidden");
        let approve = || server.by(Role::Finance, "POST", &path).key("approve-1");
        assert_eq!(approve().json(&body).send().await.ok()["open"], 0);
        let replay = approve().json(&body).send().await;
        assert_eq!(replay.headers.get("idempotent-replayed").map(String::as_str), Some("true"));
        server.by(Role::Finance, "POST", &path).json(&body).send().await.problem(409, "decision_closed");
        server.rest().await;
        let bins = server.get("/warehouses/KHI-1/bins?location=A-01").await;
        assert_eq!(bins["items"][0]["lines"][0]["units"], 3, "{bins}");
        assert_eq!(server.get("/warehouses/KHI-1/stock/KURTA-M").await["on_hand"], 13, "the ledger follows");
        assert_eq!(server.get("/warehouses/KHI-1/counts").await["items"], json!([]));
    });
}

#[test]
fn wms_03_the_office_steers_tasks() {
    run(async |server| {
        let customer = floor(server).await;
        operator(server, "B-1", server.id(Role::Warehouse)).await;
        for _ in 0..2 {
            server.post("/orders", &with(order(&customer, "KURTA-M", 1), "submit", json!(true))).await;
        }
        server.rest().await;
        let tasks = server.by(Role::Warehouse, "GET", "/warehouses/KHI-1/tasks?kind=pick").send().await.ok();
        assert_eq!(tasks["items"].as_array().unwrap().len(), 2, "{tasks}");
        let task = tasks["items"][1]["task"].as_u64().unwrap();
        assert_eq!((&tasks["items"][1]["state"], &tasks["items"][1]["lines"][0]["need"]), (&json!("open"), &json!(1)));
        let path = |what: &str| format!("/warehouses/KHI-1/tasks/{task}/{what}");
        let send =
            async |what: &str, body: Value| server.by(Role::Warehouse, "POST", &path(what)).json(&body).send().await;
        assert_eq!(send("priority", json!({"priority": 200})).await.ok()["priority"], 200);
        send("priority", json!({"priority": 256})).await.problem(422, "bad_value");
        let me = server.id(Role::Warehouse).to_string();
        assert_eq!(send("reassign", json!({"to": me})).await.ok()["only"], json!(me));
        let stranger = server.id(Role::Viewer).to_string();
        assert_eq!(send("reassign", json!({"to": stranger})).await.problem(422, "bad_value")["field"], "/to");
        assert_eq!(send("reassign", json!({})).await.ok()["only"], Value::Null);
        // A pick face is filled by a task of its own, which the office takes back; a pick ends with its parcel.
        let rules = json!({"rules": [{"sku": "KURTA-M", "packs": [{"gtin": "09506000134352", "units": 1}]}]});
        put(server, "/warehouses/KHI-1/item-rules", &rules).await;
        let asked = json!({"sku": "KURTA-M", "location": "A-01", "units": 6, "priority": 3});
        let post = async |path: &str, body: &Value| {
            server.by(Role::Warehouse, "POST", &format!("/warehouses/KHI-1/{path}")).json(body).send().await
        };
        let filled = post("replenishments", &asked).await.ok();
        assert_eq!(
            (&filled["kind"], &filled["priority"], &filled["order"]),
            (&json!("replenish"), &json!(3), &Value::Null)
        );
        let wanted = json!({"sku": "KURTA-M", "location": "A-01", "units": 6, "brought": 0});
        assert_eq!(filled["replenish"], wanted, "{filled}");
        let odd = json!({"sku": "KURTA-M", "location": "NOPE", "units": 6});
        post("replenishments", &odd).await.problem(404, "floor_record_unknown");
        let number = filled["task"].as_u64().unwrap();
        for _ in 0..2 {
            let canceled = post(&format!("tasks/{number}/cancel"), &json!({})).await.ok();
            assert_eq!(canceled["state"], "canceled", "{canceled}");
        }
        send("cancel", json!({})).await.problem(409, "floor_record_state");
        let page = server.get(&format!("/warehouses/KHI-1/tasks?limit=1&after={}", task - 1)).await;
        assert_eq!(page["items"][0]["task"], task, "{page}");
        server.by(Role::Admin, "GET", "/warehouses/KHI-1/tasks?state=lost").send().await.problem(400, "bad_query");
        let gone = server.by(Role::Admin, "POST", "/warehouses/KHI-1/tasks/999/priority");
        gone.json(&json!({"priority": 1})).send().await.problem(404, "floor_record_unknown");
    });
}

async fn file(server: &TestServer, path: &str, kind: &str) -> Vec<u8> {
    let reply = server.by(Role::Warehouse, "GET", path).send().await;
    assert_eq!(reply.status, 200, "{path} {}", String::from_utf8_lossy(&reply.bytes));
    assert_eq!(reply.headers.get("content-type").map(String::as_str), Some(kind), "{path}");
    reply.bytes.to_vec()
}

#[test]
fn wms_05_papers_of_a_parcel_are_printed_from_the_books() {
    run(async |server| {
        let customer = floor(server).await;
        let placed = server.post("/orders", &with(order(&customer, "KURTA-M", 2), "submit", json!(true))).await;
        server.rest().await;
        let id = placed["id"].as_str().unwrap();
        let base = format!("/warehouses/KHI-1/parcels/{id}/1");
        for paper in ["pick-list.pdf", "packing-slip.pdf", "label.pdf"] {
            let bytes = file(server, &format!("{base}/{paper}"), "application/pdf").await;
            assert!(bytes.starts_with(b"%PDF-"), "{paper}");
        }
        let slip = format!("{base}/packing-slip.pdf");
        let once = file(server, &slip, "application/pdf").await;
        assert_eq!(once, file(server, &slip, "application/pdf").await, "a reprint is identical");
        let coarse = file(server, &format!("{base}/label.zpl?dpi=203"), "application/zpl").await;
        let text = String::from_utf8(coarse.clone()).unwrap();
        let number = server.get(&format!("/orders/{id}")).await["number"].as_str().unwrap().to_owned();
        assert!(text.starts_with("^XA") && text.trim_end().ends_with("^XZ"), "{text}");
        for shown in [number.as_str(), "Ayesha Khan", "12-C, Street 4", "Karachi", "PKR 3000.00"] {
            assert!(text.contains(shown), "{shown} is not on the label: {text}");
        }
        assert_ne!(coarse, file(server, &format!("{base}/label.zpl?dpi=300"), "application/zpl").await);
        for path in [format!("{base}/label.zpl?dpi=72"), format!("{base}/label.zpl?dpi=x")] {
            server.by(Role::Warehouse, "GET", &path).send().await.problem(400, "bad_query");
        }
        let nothing = format!("/warehouses/KHI-1/parcels/{id}/9/label.pdf");
        server.by(Role::Warehouse, "GET", &nothing).send().await.problem(404, "not_found");
        server.by(Role::Viewer, "GET", &slip).send().await.problem(403, "forbidden");
    });
}

#[test]
fn wms_04_what_does_not_fit_a_label_is_refused_with_the_field() {
    run(async |server| {
        let customer = floor(server).await;
        let wide = "WWWWWWWWW ".repeat(20).trim().to_owned();
        let address = json!({"line1": wide, "line2": wide, "landmark": wide, "city": wide, "province": wide});
        let long = with(order(&customer, "KURTA-M", 1), "shipping_address", address);
        let placed =
            server.by(Role::Admin, "POST", "/orders").json(&with(long, "submit", json!(true))).send().await.ok();
        server.rest().await;
        let base = format!("/warehouses/KHI-1/parcels/{}/1", placed["id"].as_str().unwrap());
        for paper in ["label.pdf", "label.zpl?dpi=203"] {
            let reply = server.by(Role::Warehouse, "GET", &format!("{base}/{paper}")).send().await;
            assert_eq!(reply.problem(409, "text_too_long")["field"], "/to", "{paper}");
        }
        // What has no address on it is printed.
        file(server, &format!("{base}/pick-list.pdf"), "application/pdf").await;
    });
}

#[test]
fn wms_04_labels_of_locations_totes_and_plates_are_printed() {
    run(async |server| {
        floor(server).await;
        let zpl = file(server, "/warehouses/KHI-1/locations/labels.zpl?zone=A", "application/zpl").await;
        let text = String::from_utf8(zpl).unwrap();
        assert_eq!(text.matches("^XA").count(), 2, "{text}");
        assert!(text.contains("A-01") && text.contains("42"), "{text}");
        let all = file(server, "/warehouses/KHI-1/locations/labels.pdf", "application/pdf").await;
        assert!(all.starts_with(b"%PDF-"));
        let none = server.by(Role::Warehouse, "GET", "/warehouses/KHI-1/locations/labels.pdf?prefix=Z").send().await;
        none.problem(404, "nothing_to_print");

        device(server, "gun-1").await;
        operator(server, "B-1", server.id(Role::Admin)).await;
        sign_on(server, "gun-1", "B-1").await;
        put(server, "/warehouses/KHI-1/receipts/PO-1", &json!({"kind": "blind"})).await;
        act(server, "gun-1", 2, received("PO-1", SSCC, 4)).await;
        act(server, "gun-1", 3, received("PO-1", "OWN-1", 1)).await;
        let plate = |plate: &str| format!("/warehouses/KHI-1/plates/{plate}/label.zpl?dpi=203");
        let text = String::from_utf8(file(server, &plate(SSCC), "application/zpl").await).unwrap();
        assert!(text.contains("KURTA-M") && text.contains("PO-1"), "{text}");
        server.by(Role::Warehouse, "GET", &plate("OWN-1")).send().await.problem(409, "sscc_invalid");
        server.by(Role::Warehouse, "GET", &plate("NONE")).send().await.problem(404, "not_found");
    });
}

#[test]
fn inv_13_a_second_epcis_export_is_identical() {
    run(async |server| {
        floor(server).await;
        let rules = json!({"rules": [{"sku": "KURTA-M", "packs": [{"gtin": "09506000134352", "units": 1}]}]});
        put(server, "/warehouses/KHI-1/item-rules", &rules).await;
        device(server, "gun-1").await;
        operator(server, "B-1", server.id(Role::Admin)).await;
        sign_on(server, "gun-1", "B-1").await;
        // The second time nothing changes, which the journal notes and the export passes over.
        put(server, "/warehouses/KHI-1/receipts/PO-1", &json!({"kind": "blind"})).await;
        put(server, "/warehouses/KHI-1/receipts/PO-1", &json!({"kind": "blind"})).await;
        act(server, "gun-1", 2, received("PO-1", SSCC, 4)).await;
        let between = server.app().node().now().plus_seconds(5).to_string();
        server.advance(10);
        let opened = server.post("/warehouses/KHI-1/counts", &json!({"location": "A-01"})).await;
        act(server, "gun-1", 3, counted(opened["counts"][0]["count"].as_u64().unwrap(), 1)).await;
        let path = "/warehouses/KHI-1/epcis";
        let first = file(server, path, "application/ld+json").await;
        assert_eq!(first, file(server, path, "application/ld+json").await);
        let document: Value = serde_json::from_slice(&first).unwrap();
        let events = document["epcisBody"]["eventList"].as_array().unwrap();
        let steps: Vec<_> = events.iter().map(|event| event["bizStep"].as_str().unwrap()).collect();
        assert_eq!(steps, ["receiving", "cycle_counting"], "{document}");
        assert_eq!(events[0]["epcList"], json!([format!("https://id.gs1.org/00/{SSCC}")]));
        let goods = json!([{"epcClass": "https://id.gs1.org/01/09506000134352", "quantity": 4}]);
        assert_eq!((&events[0]["quantityList"], &events[0]["eventTimeZoneOffset"]), (&goods, &json!("+05:00")));
        let steps_of = async |query: String| {
            let bytes = file(server, &format!("{path}?{query}"), "application/ld+json").await;
            let document: Value = serde_json::from_slice(&bytes).unwrap();
            let events = document["epcisBody"]["eventList"].as_array().unwrap().clone();
            // Ids and contents do not depend on the window.
            (events.len(), events.first().cloned())
        };
        assert_eq!(steps_of(format!("to={between}")).await, (1, Some(events[0].clone())));
        assert_eq!(steps_of(format!("from={between}")).await, (1, Some(events[1].clone())));
        assert_eq!(steps_of("from=2200-01-01".into()).await, (0, None));
        // Page by page it is the same, and the last page says that it is the last.
        let mut link = Some("?limit=1".to_owned());
        let mut paged = Vec::new();
        while let Some(query) = link {
            let page = server.by(Role::Warehouse, "GET", &format!("{path}{query}")).send().await;
            let document: Value = serde_json::from_slice(&page.bytes).unwrap();
            paged.extend(document["epcisBody"]["eventList"].as_array().unwrap().clone());
            let next = page
                .headers
                .get("link")
                .map(|link| link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned());
            assert!(next.is_none() || next != Some(query), "it goes on");
            link = next;
        }
        assert_eq!(paged, *events);
        server.by(Role::Warehouse, "GET", &format!("{path}?limit=0")).send().await.problem(400, "bad_query");
        server.by(Role::Warehouse, "GET", &format!("{path}?from=soon")).send().await.problem(400, "bad_query");
        let other = server.by(Role::Warehouse, "GET", "/warehouses/NONE/epcis").send().await;
        other.problem(404, "not_found");
    });
}

#[test]
fn inv_13_the_command_line_says_what_an_export_of_events_lacks() {
    let data = tempfile::tempdir().unwrap();
    let code = |arguments: &[&str]| {
        let output = program::run(data.path(), arguments, "");
        (output.status.code(), program::told(&output))
    };
    let (exit, told) = code(&["export", "epcis"]);
    assert!(exit == Some(2) && told.contains("--warehouse"), "{told}");
    let (exit, told) = code(&["export", "epcis", "--warehouse", "KHI-1", "--from", "soon"]);
    assert!(exit == Some(2) && told.contains("2026-03-01"), "{told}");
    let (exit, told) = code(&["export", "epcis", "--warehouse", "KHI-1"]);
    assert!(exit == Some(1) && told.contains("no_data"), "{told}");
}

#[test]
fn every_code_of_the_floor_is_a_code_of_the_socket() {
    use munshi_protocols::code::{Beep, by_word};
    for code in FloorCode::ALL {
        let row = by_word(code.word()).unwrap_or_else(|| panic!("{} is missing", code.word()));
        let beep = match code.beep() {
            munshi_domain::floor::Beep::Ok => Beep::Ok,
            munshi_domain::floor::Beep::Confirm => Beep::Confirm,
            munshi_domain::floor::Beep::Stop => Beep::Stop,
        };
        assert_eq!((row.num, row.beep), (code.number(), Some(beep)), "{}", code.word());
    }
    for row in munshi_protocols::code::FLOOR {
        let code = FloorCode::parse(row.code).unwrap_or_else(|| panic!("{} is no code of the floor", row.code));
        assert_eq!(code.text(), row.text);
    }
}
