//! Orders from placement to departure with a floor that works by scanning: ledger and floor stay in step, whatever is
//! repeated and however often everything in flight is lost.

#[allow(dead_code, reason = "these tests use their own share of it")]
mod world;

use munshi_domain::{
    OrderId, ParcelId, Sku, UserId, WarehouseId,
    floor::{
        Answer, By, DeviceCommand, DeviceId, DeviceOp, First, FloorCommand as OnFloor, FloorEvent, FlowName, Goods,
        Location, LocationCode, LocationKind, Move, Operator, Outcome, Place, Right, Scan, Site, WorkOffice,
    },
    order::{Lifecycle, OrderCommand, content::PaymentMethod, state::ParcelState},
    warehouse::ParcelState as OnLedger,
};
use proptest::prelude::*;
use world::{MANAGER, SKUS, World, codes};

fn order() -> OrderId {
    OrderId::from_u128(42)
}

fn code() -> WarehouseId {
    codes()[0].clone()
}

fn loc(text: &str) -> LocationCode {
    LocationCode::parse(text).unwrap()
}

/// A shop that needs no approval, with stock in the first warehouse and the same stock on its floor.
fn shop(units: u32) -> World {
    let mut world = World::new([[units, units, units], [0, 0, 0]], 1_000_000, 1_000_000, false);
    let json = serde_json::json!({ "code": code(), "receiving": "STAGE", "company_prefix": "0614141" });
    let site: Site = serde_json::from_value(json).unwrap();
    let office = |world: &mut World, command| drop(world.floor_try(&code(), &command).unwrap());
    office(&mut world, OnFloor::SetSite(Box::new(site)));
    let places = [
        ("A-1", LocationKind::PickFace),
        ("A-2", LocationKind::PickFace),
        ("PACK", LocationKind::Pack),
        ("DOOR", LocationKind::Door),
        ("T-1", LocationKind::Tote),
        ("STAGE", LocationKind::Stage),
    ];
    for (name, kind) in places {
        office(&mut world, OnFloor::PutLocation(Box::new(Location::open(loc(name), kind))));
    }
    for item in &SKUS[..3] {
        let rule = munshi_domain::floor::ItemRule::plain(Sku::parse(item).unwrap());
        office(&mut world, OnFloor::PutItemRule(Box::new(rule)));
    }
    let device = DeviceId::parse("d1").unwrap();
    office(&mut world, OnFloor::EnrolDevice { device: device.clone(), generation: 1 });
    let rights = [Right::Pick, Right::Pack, Right::Ship, Right::PutAway].into_iter().collect();
    let operator = Some(Operator { user: UserId::from_u128(7), rights });
    office(&mut world, OnFloor::SetOperator { device: device.clone(), operator });
    // What the ledger was given at the beginning lies on the floor, too; nobody books it again.
    let by = By {
        device,
        operator: MANAGER,
        performed_at: world.now,
        recorded_at: world.now,
        offline: false,
        clamped: false,
    };
    let step = |item: &&str| Move {
        goods: Goods::plain(Sku::parse(item).unwrap()),
        units,
        from: None,
        to: Some(Place::loose(loc("A-1"))),
        serials: vec![],
    };
    let moves = SKUS[..3].iter().map(step).collect();
    use munshi_domain::Aggregate;
    world.floors.get_mut(&code()).unwrap().evolve(&FloorEvent::GoodsMoved { moves, reason: None, by });
    world
}

struct Hand {
    seq: u64,
}

impl Hand {
    fn op(&mut self, world: &mut World, op: DeviceOp) -> Answer {
        self.seq += 1;
        let device = DeviceId::parse("d1").unwrap();
        let key = format!("k{}", self.seq);
        let command = DeviceCommand {
            device: device.clone(),
            generation: 1,
            install: "in".into(),
            seq: self.seq,
            key: key.clone(),
            fingerprint: key.clone(),
            rev: None,
            performed_at: world.now,
            recorded_at: world.now,
            offline: false,
            op,
        };
        world.floor_try(&code(), &OnFloor::Device(Box::new(command))).unwrap();
        world.floors[&code()].answer(&device, &key).unwrap()
    }

    fn ok(&mut self, world: &mut World, op: DeviceOp) {
        let shown = format!("{op:?}");
        let answer = self.op(world, op);
        assert_eq!(answer.outcome, Outcome::Applied, "{shown}: {answer:?}");
    }

    fn scan(&mut self, world: &mut World, text: &str) {
        self.ok(world, DeviceOp::Scan(Scan::text(text)));
    }

    fn choose(&mut self, world: &mut World, flow: FlowName) {
        self.ok(world, DeviceOp::Choose { flow, first: First::Location });
    }

    /// Walks one pick list; the first stop is `short` by so many units.
    fn pick(&mut self, world: &mut World, mut short: u32) {
        self.choose(world, FlowName::Pick);
        self.ok(world, DeviceOp::GetWork);
        for _ in 0..100 {
            let shown = world.floors[&code()].show(&DeviceId::parse("d1").unwrap());
            let stop = shown.view["stop"].clone();
            let text = |name: &str| stop[name].as_str().unwrap_or_default().to_owned();
            match shown.state.as_str() {
                "Loc" if short > 0 => {
                    let units = u32::try_from(stop["units"].as_u64().unwrap()).unwrap();
                    let found = units.saturating_sub(short);
                    short = 0;
                    self.ok(world, DeviceOp::Short { found, reason: "broken".into() });
                }
                "Loc" => self.scan(world, &text("location")),
                "Item" => self.scan(world, &text("sku")),
                "Qty" => self.ok(world, DeviceOp::Quantity(stop["units"].to_string())),
                "Tote" => self.scan(world, "T-1"),
                "ZeroCheck" => self.ok(world, DeviceOp::BinEmpty(true)),
                "Drop" => self.scan(world, "PACK"),
                _ => return,
            }
        }
        panic!("the walk does not end");
    }

    fn pack(&mut self, world: &mut World, id: ParcelId) {
        self.choose(world, FlowName::Pack);
        self.scan(world, &id.to_string());
        let totes = world.floors[&code()].work().parcel(id).unwrap().totes.clone();
        for tote in totes {
            for _ in 0..tote.held.units {
                self.scan(world, tote.held.goods.sku.as_str());
            }
        }
        self.ok(world, DeviceOp::Next);
        self.ok(world, DeviceOp::Carton("BOX".into()));
        self.ok(world, DeviceOp::Label { plate: None, printed: true });
        self.ok(world, DeviceOp::Close);
    }

    fn ship(&mut self, world: &mut World, id: ParcelId) {
        let load = munshi_domain::floor::LoadId::parse("L-1").unwrap();
        let stops = vec![vec![id]];
        let plan = WorkOffice::PlanLoad { load, door: loc("DOOR"), stops, cutoff: None, seal_required: false };
        world.floor_try(&code(), &OnFloor::Work(plan)).unwrap();
        self.choose(world, FlowName::Ship);
        self.scan(world, "DOOR");
        self.scan(world, "L-1");
        let plate = world.floors[&code()].work().parcel(id).unwrap().plates().next().unwrap().to_string();
        self.scan(world, &plate);
        self.ok(world, DeviceOp::Verify);
        self.ok(world, DeviceOp::Depart);
    }
}

fn place(world: &mut World, lines: &[(usize, u32)], backorder: bool) {
    let content = world.content(lines, PaymentMethod::Cod, backorder, false);
    assert!(world.place(order(), content, false));
    world.drain();
}

fn id() -> ParcelId {
    ParcelId { order: order(), number: 1 }
}

fn ledger(world: &World) -> Option<OnLedger> {
    world.warehouses[&code()].parcel(id()).map(|parcel| parcel.state)
}

/// The floor's units of an item in the building are the ledger's, whatever their condition.
fn in_step(world: &World) {
    let floor = &world.floors[&code()];
    for item in &SKUS[..3] {
        let item = Sku::parse(item).unwrap();
        let there: i64 =
            floor.bins().flat_map(|(_, bin)| &bin.lines).filter(|l| l.goods.sku == item).map(|l| l.balance).sum();
        let on_hand = world.warehouses[&code()].row(&item).map_or(0, |row| {
            munshi_domain::warehouse::Condition::ALL
                .iter()
                .map(|condition| i64::from(row.on_hand.get(*condition)))
                .sum()
        });
        assert_eq!(there, on_hand, "floor and ledger disagree about {item}");
    }
}

#[test]
fn an_order_is_picked_packed_and_sent_by_scanning() {
    let mut world = shop(10);
    place(&mut world, &[(0, 2), (1, 1)], false);
    assert_eq!(ledger(&world), Some(OnLedger::Queued));
    let tasks = &world.floors[&code()].work().tasks;
    assert_eq!(tasks.of_parcel(id()).count(), 1, "a pick task appears when the parcel is assigned");
    let mut hand = Hand { seq: 0 };
    hand.pick(&mut world, 0);
    world.drain();
    assert_eq!(ledger(&world), Some(OnLedger::Picked));
    hand.pack(&mut world, id());
    world.drain();
    assert_eq!(ledger(&world), Some(OnLedger::Packed));
    let book = OrderCommand::BookConsignment { parcel: 1, carrier: "tcs".into(), tracking: "T1".into() };
    world.order_do(order(), book, Some(MANAGER)).unwrap();
    world.drain();
    assert_eq!(world.floors[&code()].work().parcel(id()).unwrap().consignment, Some(("tcs".into(), "T1".into())));
    hand.ship(&mut world, id());
    world.drain();
    assert_eq!(ledger(&world), Some(OnLedger::HandedOver));
    assert_eq!(world.orders[&order()].parcel(1).unwrap().state, ParcelState::HandedOver);
    in_step(&world);
    world.check_at_rest();
}

#[test]
fn a_cancelled_order_comes_back_to_the_shelf_and_can_be_sold_again() {
    let mut world = shop(10);
    place(&mut world, &[(0, 2)], false);
    let mut hand = Hand { seq: 0 };
    hand.pick(&mut world, 0);
    world.drain();
    let cancel = munshi_domain::warehouse::FloorCommand::CancelFulfillment { keep_units: false, detach: true };
    let command = munshi_domain::warehouse::WarehouseCommand::Floor { parcel: id(), command: cancel };
    assert!(world.warehouse_do(&code(), command));
    world.drain();
    let item = Sku::parse(SKUS[0]).unwrap();
    let row = world.warehouses[&code()].row(&item).unwrap().on_hand;
    assert_eq!((row.sellable, row.put_back), (8, 2));
    hand.choose(&mut world, FlowName::PutBack);
    hand.ok(&mut world, DeviceOp::GetWork);
    hand.scan(&mut world, "A-2");
    world.drain();
    let row = world.warehouses[&code()].row(&item).unwrap().on_hand;
    assert_eq!((row.sellable, row.put_back), (10, 0));
    in_step(&world);
}

#[test]
fn a_hold_of_the_order_reaches_the_packing_table() {
    let mut world = shop(10);
    place(&mut world, &[(0, 1)], false);
    let mut hand = Hand { seq: 0 };
    hand.pick(&mut world, 0);
    world.drain();
    let hold = munshi_domain::warehouse::FloorCommand::HoldParcel { reason: "fraud".into() };
    assert!(
        world.warehouse_do(&code(), munshi_domain::warehouse::WarehouseCommand::Floor { parcel: id(), command: hold })
    );
    world.drain();
    hand.choose(&mut world, FlowName::Pack);
    let answer = hand.op(&mut world, DeviceOp::Scan(Scan::text("T-1")));
    assert_eq!(answer.code, Some(munshi_domain::floor::FloorCode::OrderOnHold));
}

#[test]
fn a_short_on_the_floor_is_a_short_of_the_order() {
    let mut world = shop(3);
    place(&mut world, &[(0, 3)], false);
    let mut hand = Hand { seq: 0 };
    hand.pick(&mut world, 2);
    world.drain();
    let parcel = world.warehouses[&code()].parcel(id()).unwrap();
    assert_eq!((parcel.state, parcel.lines[0].quantity, parcel.lines[0].picked), (OnLedger::Picked, 1, 1));
    assert_ne!(world.orders[&order()].lifecycle, Lifecycle::Canceled);
    in_step(&world);
    world.check_at_rest();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever order things arrive in, and whatever is repeated after crashes, ledger and floor say the same at rest.
    #[test]
    fn crashes_and_repeats_change_nothing(
        units in 1..5u32,
        short in 0..3u32,
        moments in prop::collection::vec((any::<usize>(), 0..6u8), 0..60),
    ) {
        let mut world = shop(6);
        place(&mut world, &[(0, units), (1, 1)], false);
        let mut hand = Hand { seq: 0 };
        hand.pick(&mut world, short);
        for (at, what) in moments {
            if what == 0 {
                world.crash();
            } else {
                world.advance(at);
            }
        }
        world.drain();
        in_step(&world);
        let picked = world.floors[&code()].work().parcel(id()).map_or(0, |p| p.lines.iter().map(|l| l.picked).sum::<u32>());
        let booked: u32 = world.warehouses[&code()].parcel(id()).map_or(0, |p| p.lines.iter().map(|l| l.picked).sum());
        prop_assert_eq!(picked, booked);
        world.check_at_rest();
    }
}
