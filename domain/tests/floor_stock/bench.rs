//! A floor with everything a rule can be about, and devices that work on it. Every command is checked: folding,
//! replay, the document by touched parts, stock as the fold of movements.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use munshi_domain::{
    Aggregate, Ctx, Part, PartJson, Sku, Timestamp, UserId, WarehouseId,
    aggregate::apply,
    floor::{
        Answer, Condition, Content, CountRules, DeviceCommand, DeviceId, DeviceOp, Doc, DocBody, DocId, DocLine, First,
        Floor, FloorCode, FloorCommand as C, FloorEvent as E, FloorRefusal, FlowName, Goods, ItemRule, Location,
        LocationCode, LocationKind, Lot, Operator, Outcome, PackLevel, Place, PlateId, Right, Rma, RmaLine, Scan,
        SerialNo, Site, movements, sscc::Numbering,
    },
};

/// A day in the middle of 2026.
pub const START: i64 = 1_780_000_000_000;

pub fn sku(text: &str) -> Sku {
    Sku::parse(text).unwrap()
}

pub fn loc(text: &str) -> LocationCode {
    LocationCode::parse(text).unwrap()
}

pub fn lot(text: &str) -> Lot {
    Lot::parse(text).unwrap()
}

pub fn doc(text: &str) -> DocId {
    DocId::parse(text).unwrap()
}

pub fn plate(text: &str) -> PlateId {
    PlateId::parse(text).unwrap()
}

pub fn serial(text: &str) -> SerialNo {
    SerialNo::parse(text).unwrap()
}

pub fn device(n: u8) -> DeviceId {
    DeviceId::parse(&format!("d{n}")).unwrap()
}

pub fn operator(n: u8) -> UserId {
    UserId::from_u128(u128::from(n))
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn text(text: &str) -> DeviceOp {
    DeviceOp::Scan(Scan::text(text))
}

pub fn gtin(gtin: &str) -> Scan {
    Scan { text: format!("01{gtin}"), gtin: Some(gtin.into()), ..Scan::default() }
}

/// A number of our own: device 1 has 0 to 49, device 2 has 50 to 99.
pub fn own(serial: u64) -> String {
    Numbering { prefix: "0614141".into(), extension: 0, reuse_seconds: 366 * 86_400 }.sscc(serial)
}

/// A supplier's number.
pub fn foreign(serial: u64) -> String {
    Numbering { prefix: "4012345".into(), extension: 3, reuse_seconds: 366 * 86_400 }.sscc(serial)
}

pub fn sscc(number: &str) -> DeviceOp {
    DeviceOp::Scan(Scan { text: format!("00{number}"), sscc: Some(number.into()), ..Scan::default() })
}

pub fn choose(flow: FlowName) -> DeviceOp {
    DeviceOp::Choose { flow, first: First::Usual }
}

pub const GTIN_A: &str = "10000000000016";
pub const GTIN_A_CASE: &str = "20000000000013";
pub const GTIN_A_PALLET: &str = "30000000000010";
pub const GTIN_SHARED: &str = "40000000000017";
pub const GTIN_B: &str = "10000000000023";
pub const GTIN_C: &str = "10000000000030";

/// Every right.
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

fn line(line: u16, item: &str, expected: u32) -> DocLine {
    DocLine { line, sku: sku(item), expected, received: 0 }
}

fn document(id: &str, site: &str, exclusive: bool, body: DocBody) -> C {
    let site = WarehouseId::parse(site).unwrap();
    let doc = Doc { id: doc(id), site, body, exclusive, closed: false, dock: None, devices: BTreeSet::new() };
    C::ExpectReceipt(Box::new(doc))
}

pub fn goods(item: &str, of: Option<(&str, &str)>) -> Goods {
    let (lot_no, expiry) = of.map(|(number, expiry)| (lot(number), day(expiry))).unzip();
    Goods { sku: sku(item), lot: lot_no, expiry, condition: Condition::Good }
}

fn pack(gtin: &str, units: Option<u32>) -> PackLevel {
    PackLevel { gtin: gtin.into(), units }
}

fn items() -> Vec<ItemRule> {
    let plain = |item: &str| ItemRule::plain(sku(item));
    let a =
        vec![pack(GTIN_A, Some(1)), pack(GTIN_A_CASE, Some(6)), pack(GTIN_A_PALLET, None), pack(GTIN_SHARED, Some(1))];
    vec![
        ItemRule { packs: a, unit_grams: 100, ..plain("A") },
        ItemRule { packs: vec![pack(GTIN_B, Some(1))], lot: true, expiry: true, min_shelf_days: 30, ..plain("B") },
        ItemRule { packs: vec![pack(GTIN_C, Some(1))], serial: true, ..plain("C") },
        ItemRule { hazmat: Some("3".into()), temperature: "cold".into(), zone: "cold".into(), ..plain("D") },
        ItemRule { hazmat: Some("3".into()), ..plain("H") },
        // No location may have this one.
        ItemRule { hazmat: Some("9".into()), ..plain("X") },
        ItemRule { temperature: "cold".into(), ..plain("T") },
        ItemRule { zone: "cold".into(), ..plain("Z") },
        ItemRule { packs: vec![pack(GTIN_SHARED, Some(1))], lot: true, ..plain("L") },
    ]
}

fn locations() -> Vec<Location> {
    let open = |code: &str, kind| Location::open(loc(code), kind);
    vec![
        open("DOCK-1", LocationKind::Dock),
        open("DOCK-2", LocationKind::Dock),
        open("STAGE", LocationKind::Stage),
        Location { max_units: Some(60), ..open("R-1", LocationKind::Reserve) },
        Location { mix_items: false, mix_lots: false, max_grams: Some(5_000), ..open("R-2", LocationKind::Reserve) },
        Location {
            zone: "cold".into(),
            temperature: "cold".into(),
            hazmat: ["3".to_owned()].into(),
            ..open("R-3", LocationKind::Reserve)
        },
        Location { blocked: Some("broken".into()), ..open("R-4", LocationKind::Reserve) },
        open("R-5", LocationKind::Reserve),
        Location {
            check_digits: Some("42".into()),
            max_units: Some(40),
            mix_items: false,
            ..open("PF-1", LocationKind::PickFace)
        },
        open("PF-2", LocationKind::PickFace),
        Location { check_digits: Some("42".into()), ..open("Q-1", LocationKind::Quarantine) },
        open("RET", LocationKind::Returns),
    ]
}

fn documents() -> Vec<C> {
    let order = |lines| DocBody::Order { lines };
    let content = |goods, units| Content { goods, units, serials: Vec::new() };
    let plates = BTreeMap::from([
        (plate(&foreign(1)), vec![content(goods("A", None), 4)]),
        (plate(&foreign(2)), vec![content(goods("B", Some(("L1", "2027-06-01"))), 5)]),
        (plate(&foreign(3)), vec![content(goods("B", Some(("L0", "2020-01-01"))), 1)]),
        (plate(&foreign(4)), vec![content(goods("A", None), 40)]),
    ]);
    let announced = DocBody::Announced { lines: vec![line(1, "A", 4), line(2, "B", 6)], plates };
    let all = vec![line(1, "A", 50), line(2, "B", 20), line(3, "C", 5), line(4, "D", 5), line(5, "L", 9)];
    vec![
        document("PO-1", "KHI-1", false, order(all)),
        document("PO-2", "KHI-1", true, order(vec![line(1, "A", 5), line(2, "A", 5)])),
        document("PO-3", "KHI-1", false, order(vec![line(1, "H", 5), line(2, "T", 5), line(3, "Z", 5)])),
        document("PO-X", "LHE-1", false, order(vec![line(1, "A", 5)])),
        document("ASN-1", "KHI-1", false, announced),
        document("BLIND", "KHI-1", false, DocBody::Blind(Default::default())),
    ]
}

fn returns() -> Vec<C> {
    let line = |line, item: &str, shipped, serials: &[&str]| RmaLine {
        line,
        sku: sku(item),
        shipped,
        returned: 0,
        serials: serials.iter().map(|text| serial(text)).collect(),
        back: BTreeSet::new(),
    };
    let rma = |id: &str, order: &str, expires: Option<i64>, lines: Vec<RmaLine>| {
        let expires = expires.map(Timestamp::from_millis);
        let rma =
            Rma { id: doc(id), order: order.into(), tracking: Some(format!("T-{id}")), expires, lines, closed: false };
        C::ExpectReturn(Box::new(rma))
    };
    let lines = vec![line(1, "A", 2, &[]), line(2, "B", 3, &[]), line(3, "C", 2, &["S8", "S9"]), line(4, "L", 4, &[])];
    vec![
        rma("RMA-1", "1001", None, lines.clone()),
        rma("RMA-2", "1002", Some(START - 1), lines.clone()),
        rma("RMA-3", "1003", None, lines),
        C::CloseReturn { rma: doc("RMA-3") },
    ]
}

pub fn site() -> Site {
    Site {
        code: WarehouseId::parse("KHI-1").unwrap(),
        utc_offset_minutes: 300,
        dock_required: false,
        receiving: loc("STAGE"),
        over_receipt_percent: 10,
        count: CountRules { tolerance_units: 1, tolerance_percent: 0, attempts: 2, max_movements: 3, blind: true },
        company_prefix: "0614141".into(),
        sscc_reuse_days: 366,
        oldest_app: String::new(),
        weigh: false,
        weight_tolerance_percent: 5,
        cartons: Default::default(),
    }
}

/// A floor under test.
#[derive(Clone)]
pub struct Bench {
    pub floor: Floor,
    pub now: i64,
    seqs: BTreeMap<DeviceId, u64>,
    document: HashMap<Part, PartJson>,
    ledger: BTreeMap<(Place, Goods), i64>,
    /// Codes met, by the state in which they were.
    pub met: BTreeSet<FloorCode>,
    /// Whether every command folds the whole document anew; costly.
    pub thorough: bool,
}

impl Bench {
    pub fn new() -> Self {
        let mut bench = Self {
            floor: Floor::default(),
            now: START,
            seqs: BTreeMap::new(),
            document: HashMap::new(),
            ledger: BTreeMap::new(),
            met: BTreeSet::new(),
            thorough: true,
        };
        bench.office(C::SetSite(Box::new(site())));
        locations().into_iter().for_each(|location| drop(bench.office(C::PutLocation(Box::new(location)))));
        items().into_iter().for_each(|rule| drop(bench.office(C::PutItemRule(Box::new(rule)))));
        documents().into_iter().chain(returns()).for_each(|command| drop(bench.office(command)));
        for n in 1..=4 {
            bench.office(C::EnrolDevice { device: device(n), generation: 1 });
            let rights: BTreeSet<Right> = match n {
                3 => BTreeSet::new(),
                4 => RIGHTS.into_iter().filter(|right| *right != Right::Override).collect(),
                _ => RIGHTS.into(),
            };
            bench.office(C::SetOperator { device: device(n), operator: Some(Operator { user: operator(n), rights }) });
        }
        // Numbers 0 to 49 and 50 to 99.
        bench.ok(1, DeviceOp::TakePlates);
        bench.ok(2, DeviceOp::TakePlates);
        bench
    }

    fn ctx(&self) -> Ctx {
        Ctx::system(Timestamp::from_millis(self.now))
    }

    /// Applies a command and checks whatever must hold after every command.
    pub fn apply(&mut self, command: &C) -> Result<Vec<E>, FloorRefusal> {
        let before = self.floor.clone();
        let ctx = self.ctx();
        let events = match apply(&mut self.floor, command, &ctx) {
            Ok(events) => events,
            Err(refusal) => {
                assert_eq!(self.floor, before, "a refusal changes nothing");
                return Err(refusal);
            }
        };
        let mut replayed = before;
        for event in &events {
            let back: E = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
            assert_eq!(&back, event);
            replayed.evolve(event);
            for moved in movements(event) {
                *self.ledger.entry((moved.place, moved.goods)).or_default() += moved.delta;
            }
            for part in Floor::touches(event).into_iter().chain([Part::main()]) {
                match replayed.part(&part) {
                    Some(json) => self.document.insert(part, json),
                    None => self.document.remove(&part),
                };
            }
        }
        assert_eq!(replayed, self.floor, "replay");
        assert_eq!(self.floor.check(), Vec::<String>::new(), "after {command:?}");
        if self.thorough {
            self.check();
        }
        Ok(events)
    }

    /// Stock is the fold of movements, and only touched parts changed.
    pub fn check(&mut self) {
        self.ledger.retain(|_, balance| *balance != 0);
        let mut stock = BTreeMap::new();
        for (bin, contents) in self.floor.bins() {
            for line in contents.lines.iter().filter(|line| line.balance != 0) {
                let place = Place { bin: bin.clone(), plate: line.plate.clone() };
                stock.insert((place, line.goods.clone()), line.balance);
                assert!(line.units() == 0 || line.overdraw() == 0);
            }
        }
        assert_eq!(stock, self.ledger, "stock is the fold of movements");
        let whole = self.floor.parts().into_iter().map(|part| (part.clone(), self.floor.part(&part).unwrap()));
        assert_eq!(whole.collect::<HashMap<_, _>>(), self.document, "only touched parts change");
        assert_eq!(Floor::from_parts(self.document.clone().into_iter().collect()).unwrap(), self.floor, "document");
    }

    pub fn office(&mut self, command: C) -> Vec<E> {
        self.apply(&command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"))
    }

    /// A command as a device sends it, not applied.
    pub fn command(&self, n: u8, op: DeviceOp) -> DeviceCommand {
        let seq = self.seqs.get(&device(n)).copied().unwrap_or_default() + 1;
        let at = Timestamp::from_millis(self.now);
        DeviceCommand {
            device: device(n),
            generation: 1,
            install: "in".into(),
            seq,
            key: format!("k-{n}-{seq}"),
            fingerprint: format!("{op:?}"),
            rev: None,
            performed_at: at,
            recorded_at: at,
            offline: op.is_fact(),
            op,
        }
    }

    /// Sends a command; the answer and the events.
    pub fn send(&mut self, command: DeviceCommand) -> (Answer, Vec<E>) {
        let (device, key) = (command.device.clone(), command.key.clone());
        self.seqs.insert(device.clone(), command.seq);
        let rejected_before = command.clone();
        let events = self
            .apply(&C::Device(Box::new(command)))
            .unwrap_or_else(|refusal| panic!("{rejected_before:?}: {refusal}"));
        let recorded = events.iter().filter_map(|event| match event {
            E::DeviceAnswered(recorded) | E::DeviceCommandRejected(recorded) => Some(recorded.answer.clone()),
            _ => None,
        });
        let answers: Vec<_> = recorded.collect();
        assert_eq!(answers.len(), 1, "one command, one answer");
        assert!(self.floor.answer(&device, &key).is_some());
        let answer = answers[0].clone();
        self.met.extend(answer.code.iter().chain(answer.screen.msg.as_ref().map(|msg| &msg.code)));
        (answer, events)
    }

    /// Does something at a device.
    pub fn dev(&mut self, n: u8, op: DeviceOp) -> Answer {
        self.now += 100;
        self.send(self.command(n, op)).0
    }

    /// Does something that must be done.
    pub fn ok(&mut self, n: u8, op: DeviceOp) -> Answer {
        let shown = format!("{op:?}");
        let answer = self.dev(n, op);
        assert_eq!(answer.outcome, Outcome::Applied, "{shown}: {answer:?}");
        answer
    }

    /// Does something that must be rejected so.
    pub fn no(&mut self, n: u8, op: DeviceOp, code: FloorCode) -> Answer {
        let shown = format!("{op:?}");
        let answer = self.dev(n, op);
        assert_eq!((answer.outcome, answer.code), (Outcome::Rejected, Some(code)), "{shown}: {answer:?}");
        answer
    }

    /// Reports something that must be booked in spite of this.
    pub fn despite(&mut self, n: u8, op: DeviceOp, code: FloorCode) -> Answer {
        let shown = format!("{op:?}");
        let answer = self.dev(n, op);
        assert_eq!((answer.outcome, answer.code), (Outcome::AppliedWithVariance, Some(code)), "{shown}: {answer:?}");
        let id = answer.exception.expect("an exception");
        assert!(self.floor.exceptions().any(|exception| exception.id == id && exception.code == code));
        answer
    }

    pub fn all(&mut self, n: u8, ops: impl IntoIterator<Item = DeviceOp>) -> Answer {
        ops.into_iter().map(|op| self.ok(n, op)).last().expect("something to do")
    }

    /// Units of an item at a location.
    pub fn units(&self, at: &str, item: &str) -> i64 {
        let bin = self.floor.bin(&loc(at));
        let lines = bin.into_iter().flat_map(|bin| &bin.lines).filter(|line| line.goods.sku == sku(item));
        lines.map(|line| line.balance).sum()
    }

    /// Receives units of an item without tracking on a plate of ours, which is then staged.
    pub fn staged(&mut self, n: u8, item: &str, units: u32, number: u64) {
        self.all(
            n,
            [
                choose(FlowName::Receive),
                text("BLIND"),
                DeviceOp::CreatePlate { plate: Some(plate(&own(number))), bin: loc("STAGE") },
                text(item),
                DeviceOp::Quantity(units.to_string()),
                DeviceOp::Condition(Condition::Good),
                DeviceOp::Suspend,
            ],
        );
    }

    /// Puts a staged plate away, against a suggestion if need be.
    pub fn put(&mut self, n: u8, number: u64, at: &str) -> Answer {
        self.all(n, [choose(FlowName::PutAway), sscc(&own(number))]);
        let first = self.dev(n, text(at));
        if first.code == Some(FloorCode::ConfirmByRescan) { self.ok(n, text(at)) } else { first }
    }

    /// Loose stock at a location: received, put away and taken off its plate by a count of nothing else.
    pub fn stocked(&mut self, item: &str, units: u32, number: u64, at: &str) {
        self.staged(1, item, units, number);
        let answer = self.put(1, number, at);
        if answer.screen.state == "CheckDigits" {
            self.ok(1, DeviceOp::Quantity("42".into()));
        }
        self.ok(1, DeviceOp::Suspend);
    }
}
