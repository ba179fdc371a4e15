//! A site for tests of work on the floor: locations, items, operators, devices, and a check after every command that
//! only touched parts of the document changed, that the log replays, and that stock is the fold of movements.
#![allow(dead_code, reason = "each test binary uses its own share of it")]

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use munshi_domain::{
    Aggregate, Ctx, OrderId, ParcelId, Part, PartJson, Refused, Sku, Timestamp, UserId, WarehouseId,
    aggregate::apply,
    floor::{
        Answer, Badge, By, CartonKind, Condition, DeviceCommand, DeviceId, DeviceOffice, DeviceOp, First, Floor,
        FloorCode, FloorCommand, FloorEvent, FloorRefusal, FlowName, Goods, ItemRule, LoadId, Location, LocationCode,
        LocationKind, Lot, Move, Outcome, PackLevel, Place, PlateId, Right, Scan, SerialNo, Site, TaskId, WorkOffice,
        movements,
    },
    user::SecretHash,
};

pub const START: i64 = 1_800_000_000_000;
pub const RIGHTS: [Right; 9] = [
    Right::Receive,
    Right::PutAway,
    Right::Pick,
    Right::Pack,
    Right::Ship,
    Right::Count,
    Right::Return,
    Right::Inquire,
    Right::Override,
];

pub fn sku(text: &str) -> Sku {
    Sku::parse(text).unwrap()
}
pub fn loc(text: &str) -> LocationCode {
    LocationCode::parse(text).unwrap()
}
pub fn dev(text: &str) -> DeviceId {
    DeviceId::parse(text).unwrap()
}
pub fn lot(text: &str) -> Lot {
    Lot::parse(text).unwrap()
}
pub fn serial(text: &str) -> SerialNo {
    SerialNo::parse(text).unwrap()
}
pub fn load(text: &str) -> LoadId {
    LoadId::parse(text).unwrap()
}
pub fn parcel(order: u128, number: u16) -> ParcelId {
    ParcelId { order: OrderId::from_u128(order), number }
}
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
pub fn goods(item: &str, of: Option<(&str, &str)>) -> Goods {
    let (lot_no, expiry) = of.map_or((None, None), |(l, e)| (Some(lot(l)), Some(day(e))));
    Goods { sku: sku(item), lot: lot_no, expiry, condition: Condition::Good }
}
pub fn scan(text: &str) -> DeviceOp {
    DeviceOp::Scan(Scan::text(text))
}
pub fn gtin(gtin: &str) -> Scan {
    Scan { text: gtin.into(), gtin: Some(gtin.into()), ..Scan::default() }
}

/// GTINs of the items: a unit, and a case of 6 of the plain one.
pub const UNIT: &str = "09506000134352";
pub const CASE: &str = "19506000134359";
pub const PHONE: &str = "09506000134376";

pub struct Shop {
    pub floor: Floor,
    pub now: Timestamp,
    seq: BTreeMap<DeviceId, u64>,
    document: BTreeMap<Part, PartJson>,
    pub log: Vec<FloorEvent>,
    pub codes: BTreeSet<FloorCode>,
}

impl Shop {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Site)) -> Self {
        let mut shop = Self {
            floor: Floor::default(),
            now: Timestamp::from_millis(START),
            seq: BTreeMap::new(),
            document: BTreeMap::new(),
            log: Vec::new(),
            codes: BTreeSet::new(),
        };
        let json = serde_json::json!({
            "code": "KHI", "receiving": "STAGE-1", "company_prefix": "0614141", "weight_tolerance_percent": 10,
        });
        let mut site: Site = serde_json::from_value(json).unwrap();
        site.code = WarehouseId::parse("KHI").unwrap();
        site.cartons = vec![CartonKind { kind: "BOX-M".into(), grams: 100 }];
        change(&mut site);
        shop.office(FloorCommand::SetSite(Box::new(site)));
        let places = [
            ("A-01", LocationKind::PickFace),
            ("A-02", LocationKind::PickFace),
            ("A-03", LocationKind::PickFace),
            ("R-01", LocationKind::Reserve),
            ("STAGE-1", LocationKind::Stage),
            ("PACK-1", LocationKind::Pack),
            ("DOOR-1", LocationKind::Door),
            ("DOOR-2", LocationKind::Door),
            ("T-1", LocationKind::Tote),
            ("T-2", LocationKind::Tote),
            ("T-3", LocationKind::Tote),
        ];
        for (code, kind) in places {
            shop.office(FloorCommand::PutLocation(Box::new(Location::open(loc(code), kind))));
        }
        let pack = |gtin: &str, units| PackLevel { gtin: gtin.into(), units: Some(units) };
        let plain =
            ItemRule { packs: vec![pack(UNIT, 1), pack(CASE, 6)], unit_grams: 500, ..ItemRule::plain(sku("PLAIN")) };
        let rules = [
            plain,
            ItemRule { unit_grams: 200, ..ItemRule::plain(sku("OTHER")) },
            ItemRule { lot: true, expiry: true, ..ItemRule::plain(sku("LOTTED")) },
            ItemRule { serial: true, packs: vec![pack(PHONE, 1)], ..ItemRule::plain(sku("PHONE")) },
            ItemRule { hazmat: Some("3".into()), ..ItemRule::plain(sku("PAINT")) },
            ItemRule { hazmat: Some("8".into()), ..ItemRule::plain(sku("ACID")) },
        ];
        for rule in rules {
            shop.office(FloorCommand::PutItemRule(Box::new(rule)));
        }
        for (device, user) in [("d1", 1), ("d2", 2), ("d3", 3)] {
            shop.enrol(device);
            shop.badge(&format!("B{user}"), user, &RIGHTS);
        }
        shop
    }

    pub fn enrol(&mut self, device: &str) {
        let expires = self.now.plus_seconds(600);
        let (code, key) =
            (SecretHash::new(format!("code-{device}")), SecretHash::new(format!("key-{device}-{}", self.log.len())));
        let invite =
            DeviceOffice::InviteDevice { device: dev(device), label: device.into(), code: code.clone(), expires };
        self.office(FloorCommand::Devices(invite));
        self.office(FloorCommand::Devices(DeviceOffice::PairDevice { device: dev(device), code, key }));
    }

    pub fn badge(&mut self, badge: &str, user: u128, rights: &[Right]) {
        let holder = Badge {
            user: UserId::from_u128(user),
            name: badge.into(),
            pin: SecretHash::new("pin"),
            rights: rights.iter().copied().collect(),
            failures: 0,
        };
        self.office(FloorCommand::Devices(DeviceOffice::PutBadge { badge: badge.into(), holder: Box::new(holder) }));
    }

    /// Goods that are simply there.
    pub fn stock(&mut self, bin: &str, goods: Goods, units: u32, serials: &[&str]) {
        let step = Move {
            goods,
            units,
            from: None,
            to: Some(Place::loose(loc(bin))),
            serials: serials.iter().map(|text| serial(text)).collect(),
        };
        let by = By {
            device: dev("d1"),
            operator: UserId::from_u128(1),
            performed_at: self.now,
            recorded_at: self.now,
            offline: false,
            clamped: false,
        };
        let event = FloorEvent::GoodsMoved { moves: vec![step], reason: None, by };
        self.floor.evolve(&event);
        self.noted(vec![event]);
    }

    /// Good units on a new plate.
    pub fn stock_on(&mut self, bin: &str, plate: &str, goods: Goods, units: u32) {
        let plate = PlateId::parse(plate).unwrap();
        let by = By {
            device: dev("d1"),
            operator: UserId::from_u128(1),
            performed_at: self.now,
            recorded_at: self.now,
            offline: false,
            clamped: false,
        };
        let created = FloorEvent::PlateCreated { plate: plate.clone(), bin: loc(bin), doc: None, by: by.clone() };
        let moves = vec![Move { goods, units, from: None, to: Some(Place::on(loc(bin), plate)), serials: Vec::new() }];
        for event in [created, FloorEvent::GoodsMoved { moves, reason: None, by }] {
            self.floor.evolve(&event);
            self.noted(vec![event]);
        }
    }

    fn noted(&mut self, events: Vec<FloorEvent>) {
        for event in &events {
            for part in Floor::touches(event).into_iter().chain([Part::main()]) {
                match self.floor.part(&part) {
                    Some(json) => drop(self.document.insert(part, json)),
                    None => drop(self.document.remove(&part)),
                }
            }
        }
        assert_eq!(self.floor.check(), Vec::<String>::new(), "after {events:?}");
        self.log.extend(events);
    }

    pub fn try_office(&mut self, command: FloorCommand) -> Result<Vec<FloorEvent>, FloorRefusal> {
        let events = apply(&mut self.floor, &command, &Ctx::user(self.now, UserId::from_u128(99)))?;
        self.noted(events.clone());
        Ok(events)
    }

    pub fn office(&mut self, command: FloorCommand) -> Vec<FloorEvent> {
        let shown = format!("{command:?}");
        self.try_office(command).unwrap_or_else(|refusal| panic!("{shown}: {refusal}"))
    }

    pub fn work(&mut self, command: WorkOffice) -> Vec<FloorEvent> {
        self.office(FloorCommand::Work(command))
    }

    pub fn next_seq(&self, device: &str) -> u64 {
        self.seq.get(&dev(device)).copied().unwrap_or(0) + 1
    }

    pub fn command(&self, device: &str, op: DeviceOp) -> DeviceCommand {
        let seq = self.next_seq(device);
        let generation = self.floor.device(&dev(device)).map_or(0, |device| device.record.generation);
        DeviceCommand {
            device: dev(device),
            generation,
            install: "in_1".into(),
            seq,
            key: format!("{device}-{seq}"),
            fingerprint: format!("{:x}", md(&format!("{op:?}"))),
            rev: None,
            performed_at: self.now,
            recorded_at: self.now,
            offline: false,
            op,
        }
    }

    pub fn send(&mut self, command: DeviceCommand) -> Result<Answer, FloorRefusal> {
        let (device, key, seq) = (command.device.clone(), command.key.clone(), command.seq);
        let before = self.floor.clone();
        let shown = format!("{command:?}");
        match self.try_office(FloorCommand::Device(Box::new(command))) {
            Ok(_) => {
                let known = self.seq.entry(device.clone()).or_default();
                *known = seq.max(*known);
                let answer = self.floor.answer(&device, &key).unwrap_or_else(|| panic!("no answer to {shown}"));
                self.codes.extend(answer.code);
                self.codes.extend(answer.screen.msg.as_ref().map(|msg| msg.code));
                Ok(answer)
            }
            Err(refusal) => {
                assert_eq!(self.floor, before, "a refusal changes nothing: {shown}");
                assert!(!refusal.code().is_empty());
                Err(refusal)
            }
        }
    }

    pub fn op(&mut self, device: &str, op: DeviceOp) -> Answer {
        let command = self.command(device, op);
        self.now = self.now.plus_millis(700);
        let shown = format!("{command:?}");
        self.send(command).unwrap_or_else(|refusal| panic!("{shown}: {refusal}"))
    }

    /// A command that must go through; answers the state it led to.
    pub fn ok(&mut self, device: &str, op: DeviceOp) -> String {
        let shown = format!("{op:?}");
        let answer = self.op(device, op);
        assert_eq!(answer.outcome, Outcome::Applied, "{shown}: {answer:?}");
        answer.screen.state
    }

    /// A command that must be rejected with a code.
    pub fn no(&mut self, device: &str, op: DeviceOp, code: FloorCode) {
        let shown = format!("{op:?}");
        let answer = self.op(device, op);
        assert_eq!((answer.outcome, answer.code), (Outcome::Rejected, Some(code)), "{shown}: {answer:?}");
        let msg = answer.screen.msg.expect("a rejection says why");
        assert_eq!((msg.code, answer.screen.beep), (code, code.beep()), "{shown}");
    }

    /// A fact that was performed without a connection.
    pub fn offline(&mut self, device: &str, op: DeviceOp) -> Answer {
        let command = DeviceCommand { offline: true, ..self.command(device, op) };
        self.send(command).unwrap()
    }

    pub fn sign_on(&mut self, device: &str, badge: &str) {
        self.ok(device, DeviceOp::SignOn { badge: badge.into(), pin_right: true, equipment: None });
    }

    pub fn choose(&mut self, device: &str, flow: FlowName) {
        self.ok(device, DeviceOp::Choose { flow, first: First::Location });
    }

    pub fn add(&mut self, id: ParcelId, lines: &[(u16, &str, u32)]) {
        let lines = lines.iter().map(|(line, item, units)| (*line, sku(item), *units)).collect();
        self.work(WorkOffice::AddPickTask { parcel: id, lines, priority: 0 });
    }

    pub fn pick_task(&self, id: ParcelId) -> TaskId {
        self.floor.work().tasks.of_parcel(id).find(|(_, task)| task.work.picks().is_some()).unwrap().0
    }

    /// Picks everything of the walk at a device into a tote, and puts it down at the packing table.
    pub fn pick_all(&mut self, device: &str, tote: &str) {
        for _ in 0..200 {
            let session = self.floor.session(&dev(device)).cloned().unwrap_or_default();
            let json = serde_json::to_value(&session.flow).unwrap();
            let view = self.view(device);
            let at = &view["stop"];
            let op = match json["state"].as_str().unwrap_or("Idle") {
                "Loc" => scan(at["location"].as_str().unwrap()),
                "Item" => scan(at["sku"].as_str().unwrap()),
                "LotSerial" if at["lot"].is_string() && view["got"]["lot"].is_null() => {
                    scan(at["lot"].as_str().unwrap())
                }
                "LotSerial" => {
                    let here = self.floor.bin(&loc(at["location"].as_str().unwrap())).unwrap();
                    let free = here.lines.iter().flat_map(|line| &line.serials);
                    let got: Vec<String> = serde_json::from_value(view["got"]["serials"].clone()).unwrap_or_default();
                    scan(free.map(SerialNo::as_str).find(|text| !got.contains(&(*text).to_owned())).unwrap())
                }
                "Qty" => DeviceOp::Quantity(at["units"].to_string()),
                "Tote" => scan(at["tote"].as_str().unwrap_or(tote)),
                "ZeroCheck" => DeviceOp::BinEmpty(true),
                "Drop" => scan("PACK-1"),
                _ => return,
            };
            self.ok(device, op);
        }
        panic!("the walk does not end");
    }

    pub fn view(&self, device: &str) -> serde_json::Value {
        self.floor.show(&dev(device)).view
    }

    /// A parcel with units of an item, picked and put down for packing by `d1`.
    pub fn picked(&mut self, order: u128, lines: &[(u16, &str, u32)], tote: &str) -> ParcelId {
        let id = parcel(order, 1);
        self.add(id, lines);
        self.choose("d1", FlowName::Pick);
        self.ok("d1", DeviceOp::GetWork);
        self.pick_all("d1", tote);
        id
    }

    /// Packs a picked parcel whole into one carton; answers the carton's number.
    pub fn packed(&mut self, id: ParcelId) -> PlateId {
        self.choose("d1", FlowName::Pack);
        self.ok("d1", scan(&id.to_string()));
        let totes = self.floor.work().parcel(id).unwrap().totes.clone();
        for tote in totes {
            for at in 0..tote.held.units {
                let serial = tote.held.serials.get(at as usize).cloned();
                let scanned = match serial {
                    // A scan with a serial is no plain text: it names the item by its GTIN.
                    Some(serial) => Scan { serial: Some(serial), ..gtin(PHONE) },
                    None => Scan::text(tote.held.goods.sku.to_string()),
                };
                self.ok("d1", DeviceOp::Scan(scanned));
            }
        }
        self.ok("d1", DeviceOp::Next);
        self.ok("d1", DeviceOp::Carton("BOX-M".into()));
        if self.floor.site().unwrap().weigh {
            self.ok("d1", DeviceOp::Weigh(0));
        }
        self.ok("d1", DeviceOp::Label { plate: None, printed: true });
        self.ok("d1", DeviceOp::Close);
        self.floor.work().parcel(id).unwrap().plates().next().unwrap().clone()
    }

    pub fn book(&mut self, id: ParcelId) {
        self.work(WorkOffice::BookParcel { parcel: id, consignment: Some(("tcs".into(), "T1".into())) });
    }

    pub fn plan_load(&mut self, name: &str, stops: &[&[ParcelId]], cutoff: Option<Timestamp>, seal_required: bool) {
        let stops = stops.iter().map(|parcels| parcels.to_vec()).collect();
        self.work(WorkOffice::PlanLoad { load: load(name), door: loc("DOOR-1"), stops, cutoff, seal_required });
    }

    pub fn open_load(&mut self, name: &str) {
        self.choose("d1", FlowName::Ship);
        self.ok("d1", scan("DOOR-1"));
        self.ok("d1", scan(name));
    }

    /// What must hold at any time; costly, so at the end of a test.
    pub fn check(&self) {
        let whole: BTreeMap<_, _> =
            self.floor.parts().into_iter().map(|part| (part.clone(), self.floor.part(&part).unwrap())).collect();
        assert_eq!(whole, self.document, "only touched parts change");
        same(&Floor::from_parts(self.document.clone().into_iter().collect()).unwrap(), &self.floor, "the document");
        let mut replayed = Floor::default();
        for event in &self.log {
            let json = serde_json::to_string(event).unwrap();
            replayed.evolve(&serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}")));
        }
        same(&replayed, &self.floor, "the log replays, also from its stored form");
        let mut sums: BTreeMap<(LocationCode, Option<PlateId>, Goods), i64> = BTreeMap::new();
        for row in self.log.iter().flat_map(movements) {
            *sums.entry((row.place.bin, row.place.plate, row.goods)).or_default() += row.delta;
        }
        sums.retain(|_, sum| *sum != 0);
        let mut books = BTreeMap::new();
        for (code, bin) in self.floor.bins() {
            for line in bin.lines.iter().filter(|line| line.balance != 0) {
                books.insert((code.clone(), line.plate.clone(), line.goods.clone()), line.balance);
            }
        }
        assert_eq!(books, sums, "stock by bin is the fold of movements");
    }
}

/// Equal, or a panic that shows where they begin to differ.
fn same(left: &Floor, right: &Floor, what: &str) {
    if left == right {
        return;
    }
    let (left, right) = (format!("{left:?}"), format!("{right:?}"));
    let at = left.bytes().zip(right.bytes()).position(|(a, b)| a != b).unwrap_or(0);
    let part = |text: &str| text.chars().skip(at.saturating_sub(150)).take(400).collect::<String>();
    panic!("{what}:\n{}\n{}", part(&left), part(&right));
}

/// Something that tells contents apart; any hash does.
fn md(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
