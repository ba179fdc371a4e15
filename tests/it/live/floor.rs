//! A floor to scan on: the shop's warehouse with locations, items, an operator, and stock in its bins.

use munshi::services::device::Named;
use munshi_actors::node::Meta;
use munshi_domain::{
    ParcelId, Sku, Timestamp, UserId, WarehouseId,
    floor::{
        Badge, CartonKind, DeviceId, DeviceOffice, Doc, DocBody, DocId, DocLine, Floor, FloorCommand, ItemRule, LoadId,
        Location, LocationCode, LocationKind, PackLevel, Right, WorkOffice,
    },
    user::SecretHash,
};
use serde_json::{Value, json};

use super::scanner::{Enrolled, Scanner};
use crate::harness::{TestServer, order, with};

/// GTIN of the shirt.
pub const SHIRT: &str = "09506000134352";

/// Runs a scenario on a floor that is set up.
pub fn with_floor(test: impl AsyncFnOnce(&TestServer)) {
    super::scenario(async |server| {
        set_up(server).await;
        test(server).await;
    });
}

pub async fn office(server: &TestServer, command: FloorCommand) {
    let meta = Meta::system("test", server.fresh_key());
    let shown = format!("{command:?}");
    let done = server.app().node().execute::<Floor, _>("KHI-1", command, meta, |_, _| ()).await;
    done.unwrap_or_else(|failure| panic!("{shown}: {failure}"));
}

/// What the floor says.
pub async fn look<R: Send + 'static>(server: &TestServer, look: impl FnOnce(&Floor) -> R + Send + 'static) -> R {
    server.app().node().read::<Floor, _>("KHI-1", |floor, _| look(floor)).await.unwrap().unwrap()
}

fn bin(code: &str) -> LocationCode {
    LocationCode::parse(code).unwrap()
}

/// A one-time code for a device.
pub async fn invite(server: &TestServer, device: &str) -> String {
    let named = Named::new(WarehouseId::parse("KHI-1").unwrap(), device).unwrap();
    let drawn = named.draw_code();
    let expires: Timestamp = server.app().node().now().plus_seconds(600);
    let invite = DeviceOffice::InviteDevice { device: named.device, label: device.into(), code: drawn.hash, expires };
    office(server, FloorCommand::Devices(invite)).await;
    drawn.text
}

pub async fn enrol(server: &TestServer, device: &str) -> Enrolled {
    let code = invite(server, device).await;
    Enrolled::by(&server.address.to_string(), &code).await
}

pub async fn revoke(server: &TestServer, device: &str) {
    let device = DeviceId::parse(device).unwrap();
    office(server, FloorCommand::Devices(DeviceOffice::RevokeDevice { device })).await;
}

/// Locations, items, an operator with badge `B1` and PIN 4711, and a document to receive 20 shirts.
pub async fn set_up(server: &TestServer) -> String {
    let customer = server.shop().await;
    let site = json!({"code": "KHI-1", "receiving": "STAGE-1", "company_prefix": "0614141"});
    let mut site: munshi_domain::floor::Site = serde_json::from_value(site).unwrap();
    site.cartons = vec![CartonKind { kind: "BOX-M".into(), grams: 100 }];
    office(server, FloorCommand::SetSite(Box::new(site))).await;
    for (code, kind) in [
        ("A-01", LocationKind::PickFace),
        ("STAGE-1", LocationKind::Stage),
        ("PACK-1", LocationKind::Pack),
        ("DOOR-1", LocationKind::Door),
        ("T-1", LocationKind::Tote),
    ] {
        office(server, FloorCommand::PutLocation(Box::new(Location::open(bin(code), kind)))).await;
    }
    let sku = Sku::parse("KURTA-M").unwrap();
    let packs = vec![PackLevel { gtin: SHIRT.into(), units: Some(1) }];
    office(server, FloorCommand::PutItemRule(Box::new(ItemRule { packs, ..ItemRule::plain(sku.clone()) }))).await;
    let holder = Badge {
        user: UserId::from_u128(1),
        name: "Bilal".into(),
        pin: SecretHash::new(munshi::auth::password::hash_now("4711").unwrap()),
        rights: [Right::Receive, Right::PutAway, Right::Pick, Right::Pack, Right::Ship, Right::Inquire].into(),
        failures: 0,
    };
    let badge = DeviceOffice::PutBadge { badge: "B1".into(), holder: Box::new(holder) };
    office(server, FloorCommand::Devices(badge)).await;
    let doc = Doc {
        id: DocId::parse("PO-1").unwrap(),
        site: WarehouseId::parse("KHI-1").unwrap(),
        body: DocBody::Order { lines: vec![DocLine { line: 1, sku, expected: 20, received: 0 }] },
        exclusive: false,
        closed: false,
        dock: None,
        devices: Default::default(),
    };
    office(server, FloorCommand::ExpectReceipt(Box::new(doc))).await;
    customer
}

pub async fn sign_on(scanner: &mut Scanner) {
    scanner.ok("sign_on", json!({"badge": "B1", "pin": "4711"})).await;
}

/// 20 shirts are received and put away without a connection, then reported.
pub async fn stock(scanner: &mut Scanner) {
    let (plate, goods) = ("106141410000000019", json!({"sku": "KURTA-M"}));
    let content = json!({"goods": goods, "units": 20});
    let received = json!({"doc": "PO-1", "bin": "STAGE-1", "plate": plate, "content": content, "raw": ["x"]});
    scanner.ok("fact.received", received).await;
    scanner.ok("fact.stored", json!({"plate": plate, "bin": "A-01"})).await;
}

/// An order that waits to be picked; answers its parcel.
pub async fn parcel(server: &TestServer, customer: &str, units: i64) -> ParcelId {
    let body = with(order(customer, "KURTA-M", units), "submit", json!(true));
    let id = server.post("/orders", &body).await["id"].as_str().unwrap().to_owned();
    server.rest().await;
    ParcelId::parse(&format!("{id}/1")).unwrap()
}

/// Walks the list as the screen says, until it ends.
pub async fn walk(scanner: &mut Scanner, mut screen: Value) -> Value {
    for _ in 0..50 {
        let stop = screen["view"]["stop"].clone();
        let text = |field: &str| stop[field].as_str().map(str::to_owned);
        screen = match screen["state"].as_str().unwrap() {
            "Loc" => scanner.scan(&text("location").unwrap_or_else(|| panic!("no place: {screen}"))).await,
            "Item" => scanner.scan(SHIRT).await,
            "Qty" => scanner.ok("qty", json!({"qty": stop["units"].to_string()})).await,
            "Tote" => scanner.scan(&text("tote").unwrap_or_else(|| "T-1".to_owned())).await,
            "ZeroCheck" => scanner.ok("bin_empty", json!({"empty": true})).await,
            "Drop" => scanner.scan("PACK-1").await,
            _ => return screen,
        };
    }
    panic!("the walk does not end: {screen}");
}

/// Packs everything of a parcel into one carton.
pub async fn pack(scanner: &mut Scanner, parcel: ParcelId, units: usize) {
    scanner.ok("choose", json!({"flow": "pack"})).await;
    scanner.scan(&parcel.to_string()).await;
    for _ in 0..units {
        scanner.scan(SHIRT).await;
    }
    scanner.ok("next", json!({})).await;
    scanner.ok("carton", json!({"kind": "BOX-M"})).await;
    scanner.ok("label", json!({"printed": true})).await;
    scanner.ok("close", json!({})).await;
}

pub async fn plan_load(server: &TestServer, parcel: ParcelId) {
    let (load, door) = (LoadId::parse("L-1").unwrap(), bin("DOOR-1"));
    let plan = WorkOffice::PlanLoad { load, door, stops: vec![vec![parcel]], cutoff: None, seal_required: false };
    office(server, FloorCommand::Work(plan)).await;
}
