//! Random commands against a warehouse: every invariant after every event, repeats, replay and documents.

use std::collections::{BTreeMap, HashMap};

use munshi_domain::{
    Aggregate, Ctx, OrderId, ParcelId, Part, PartJson, PartLater, RefusalClass, Refused, Sku, Timestamp, UserId,
    aggregate::apply,
    warehouse::{
        Condition, FloorCommand as F, Method, ParcelState, Profile, ReserveLine, ReserveMode, ReturnLine, SM_06, SM_07,
        Warehouse, WarehouseCommand as C, WarehouseEvent as E, WarehouseRefusal as R, movements,
    },
};
use proptest::prelude::*;

fn sku(n: u8) -> Sku {
    Sku::parse(&format!("SKU/{n}")).unwrap()
}

fn order(n: u8) -> OrderId {
    OrderId::from_u128(u128::from(n) + 1)
}

fn parcel(o: u8, n: u16) -> ParcelId {
    ParcelId { order: order(o), number: n }
}

fn picker() -> UserId {
    UserId::from_u128(7)
}

fn at(seconds: i64) -> Ctx {
    Ctx::system(Timestamp::from_millis(seconds * 1_000))
}

fn line(line: u16, item: u8, quantity: u32, backorder: bool) -> ReserveLine {
    ReserveLine { line, sku: sku(item), quantity, backorder }
}

fn reserve(o: u8, lines: Vec<ReserveLine>, mode: ReserveMode) -> C {
    C::ReserveStock { order: order(o), lines, mode, expires: None, priority: 0, firm: false }
}

fn receive(item: u8, quantity: u32) -> C {
    let condition = Condition::Sellable;
    C::ReceiveStock { sku: sku(item), quantity, condition, reference: "po-1".into(), reason: None }
}

fn floor(o: u8, n: u16, command: F) -> C {
    C::Floor { parcel: parcel(o, n), command }
}

fn opened() -> Warehouse {
    let mut warehouse = Warehouse::default();
    let profile = Profile { name: "Karachi".into(), ..Profile::default() };
    apply(&mut warehouse, &C::OpenWarehouse(profile), &at(0)).unwrap();
    warehouse
}

fn given(commands: &[C]) -> Warehouse {
    let mut warehouse = opened();
    for command in commands {
        apply(&mut warehouse, command, &at(0)).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
    }
    assert_eq!(warehouse.check(), Vec::<String>::new());
    warehouse
}

/// Up to the packed parcel of order 1 with `quantity` units of SKU 1.
fn packed(quantity: u32, method: Method) -> Vec<C> {
    vec![
        receive(1, 10),
        reserve(1, vec![line(1, 1, quantity, false)], ReserveMode::AllOrNothing),
        C::AllocateStock { order: order(1), lines: None },
        floor(1, 1, F::CreateFulfillment { lines: vec![(1, sku(1), quantity)], method }),
        floor(1, 1, F::AssignPick),
        floor(1, 1, F::ClaimPick { picker: picker(), lease_seconds: 60 }),
        floor(1, 1, F::ConfirmUnit { sku: sku(1), quantity }),
        floor(1, 1, F::PackParcel { weight_grams: 500 }),
    ]
}

fn floor_command() -> impl Strategy<Value = F> {
    let quantity = 1..5u32;
    prop_oneof![
        3 => (1..4u8, quantity.clone()).prop_map(|(s, q)| F::CreateFulfillment {
            lines: vec![(u16::from(s), sku(s), q)],
            method: if q % 2 == 0 { Method::Courier } else { Method::Pickup },
        }),
        2 => Just(F::AssignPick),
        2 => Just(F::ClaimPick { picker: picker(), lease_seconds: 30 }),
        1 => Just(F::ReleasePick),
        4 => (1..4u8, quantity.clone()).prop_map(|(s, quantity)| F::ConfirmUnit { sku: sku(s), quantity }),
        1 => (1..4u8, quantity.clone())
            .prop_map(|(s, quantity)| F::ReportShort { sku: sku(s), quantity, reason: "not there".into() }),
        2 => Just(F::PackParcel { weight_grams: 100 }),
        1 => (1..4u16, quantity, 0..4u8)
            .prop_map(|(l, q, o)| F::SplitFulfillment { into: parcel(o, 9), lines: vec![(l, q)] }),
        2 => Just(F::AttachConsignment { carrier: "tcs".into(), tracking: "T1".into() }),
        1 => Just(F::DetachConsignment),
        1 => Just(F::HoldParcel { reason: "fraud".into() }),
        1 => Just(F::ResumeParcel),
        2 => any::<bool>().prop_map(|by_carrier| F::HandOverParcel { by_carrier }),
        1 => Just(F::CloseFulfillment),
        1 => any::<(bool, bool)>().prop_map(|(keep_units, detach)| F::CancelFulfillment { keep_units, detach }),
    ]
}

fn command() -> impl Strategy<Value = C> {
    let lines = prop::collection::vec((1..4u8, 1..6u32, any::<bool>()), 1..3).prop_map(|lines| {
        let mut lines: Vec<_> = lines.into_iter().map(|(s, q, b)| line(u16::from(s), s, q, b)).collect();
        lines.sort_by_key(|line| line.line);
        lines.dedup_by_key(|line| line.line);
        lines
    });
    let reason = || "because".to_owned();
    prop_oneof![
        4 => (1..4u8, 1..12u32).prop_map(|(s, q)| receive(s, q)),
        1 => (1..4u8, -8..8i64).prop_map(move |(s, delta)| C::AdjustStock { sku: sku(s), delta, reason: reason() }),
        1 => (1..4u8, 0..3u32, prop::option::of(0..9u32), 0..4u32)
            .prop_map(|(s, safety, backorder_cap, low_stock)| C::SetStockPolicy { sku: sku(s), safety, backorder_cap, low_stock }),
        1 => (1..4u8, 0..15u32, 0..20u64)
            .prop_map(move |(s, counted, at_version)| C::RecordCount { sku: sku(s), counted, at_version, reason: reason() }),
        1 => (1..4u8, 0..6usize, 0..6usize, 1..4u32).prop_map(move |(s, from, to, quantity)| C::MoveCondition {
            sku: sku(s), from: Condition::ALL[from], to: Condition::ALL[to], quantity, reason: reason(),
        }),
        1 => (1..4u8, 1..4u32).prop_map(|(s, quantity)| C::ReturnToStock { sku: sku(s), quantity }),
        8 => (0..4u8, lines, any::<(bool, bool)>(), prop::option::of(0..60i64), 0..3u8).prop_map(|(o, lines, (all, firm), expires, priority)| {
            C::ReserveStock {
                order: order(o),
                lines,
                mode: if all { ReserveMode::AllOrNothing } else { ReserveMode::Partial },
                expires: expires.map(|s| Timestamp::from_millis(s * 1_000)),
                priority,
                firm,
            }
        }),
        1 => (0..4u8, 0..4u8).prop_map(|(a, b)| C::TransferHold { from: order(a), to: order(b), expires: None }),
        1 => (0..4u8, prop::option::of(0..60i64)).prop_map(|(o, s)| C::ExtendHold {
            order: order(o), expires: s.map(|s| Timestamp::from_millis(s * 1_000)),
        }),
        4 => (0..4u8).prop_map(|o| C::AllocateStock { order: order(o), lines: None }),
        1 => (0..4u8).prop_map(|o| C::ReleaseStock { order: order(o), lines: None }),
        1 => (0..4u8, 1..4u16, 1..4u32).prop_map(|(o, l, q)| C::ReleaseStock { order: order(o), lines: Some(vec![(l, q)]) }),
        1 => (0..4u8, prop::option::of((1..4u16, 0..4u32)))
            .prop_map(|(o, keep)| C::ReduceHold { order: order(o), lines: keep.map(|keep| vec![keep]) }),
        2 => (0..4u8, 1..4u16, 1..4u8, 0..3u32, 0..3u32).prop_map(|(o, receipt, s, good, damaged)| C::ReceiveReturn {
            order: order(o),
            receipt,
            lines: vec![ReturnLine { line: u16::from(s), sku: sku(s), good, damaged, reason: "torn".into() }],
        }),
        14 => (0..4u8, 1..3u16, floor_command()).prop_map(|(o, n, command)| floor(o, n, command)),
        1 => Just(C::Tick),
    ]
}

/// A step of the random walk.
#[derive(Clone, Debug)]
enum Step {
    /// Any command, most of them refused.
    Any(Box<C>),
    /// Put what an order has allocated on the floor.
    Plan(u8, u16, Method),
    /// The next thing that happens to the n-th open parcel.
    Advance(usize, bool),
    /// Something that gets in the way of the n-th open parcel.
    Disturb(usize, u8),
}

fn step() -> impl Strategy<Value = Step> {
    let method = prop_oneof![Just(Method::Courier), Just(Method::Pickup)];
    prop_oneof![
        6 => command().prop_map(|command| Step::Any(Box::new(command))),
        2 => (0..4u8, 1..3u16, method).prop_map(|(o, n, method)| Step::Plan(o, n, method)),
        6 => (0..8usize, any::<bool>()).prop_map(|(n, carrier)| Step::Advance(n, carrier)),
        2 => (0..8usize, 0..8u8).prop_map(|(n, kind)| Step::Disturb(n, kind)),
    ]
}

fn resolve(state: &Warehouse, step: Step) -> Option<C> {
    match step {
        Step::Any(command) => Some(*command),
        Step::Plan(o, n, method) => {
            let free = |(number, _, _, allocated): &(u16, u32, u32, u32)| {
                let on_floor: u32 = state
                    .parcels_of(order(o))
                    .filter(|(_, parcel)| parcel.on_floor())
                    .flat_map(|(_, parcel)| &parcel.lines)
                    .filter(|content| content.line == *number)
                    .map(|content| content.quantity)
                    .sum();
                let hold = state.hold(order(o), *number)?;
                (*allocated > on_floor).then(|| (*number, hold.sku.clone(), allocated - on_floor))
            };
            let lines: Vec<_> = state.reserved_for(order(o)).iter().filter_map(free).collect();
            (!lines.is_empty()).then(|| floor(o, n, F::CreateFulfillment { lines, method }))
        }
        Step::Disturb(n, kind) => {
            let count = state.parcels().count().max(1);
            let (id, parcel) = state.parcels().nth(n % count)?;
            let content = parcel.lines.first()?;
            let command = match (kind, parcel.state) {
                (0, _) => F::HoldParcel { reason: "fraud".into() },
                (1, _) => F::ResumeParcel,
                (2, ParcelState::Booked) => F::DetachConsignment,
                (3, ParcelState::Picking) => F::ReleasePick,
                (4, _) => F::CancelFulfillment { keep_units: n % 2 == 0, detach: n % 3 == 0 },
                (_, ParcelState::Picking) if content.quantity > content.picked => {
                    F::ReportShort { sku: content.sku.clone(), quantity: 1, reason: "not there".into() }
                }
                (_, ParcelState::Packed) => {
                    let into = ParcelId { number: id.number + 10, ..*id };
                    F::SplitFulfillment { into, lines: vec![(content.line, 1)] }
                }
                (_, ParcelState::Picking) => F::ConfirmUnit { sku: content.sku.clone(), quantity: 1 },
                _ => return None,
            };
            Some(C::Floor { parcel: *id, command })
        }
        Step::Advance(n, by_carrier) => {
            let count = state.parcels().count().max(1);
            let (id, parcel) = state.parcels().nth(n % count)?;
            let command = match parcel.state {
                ParcelState::Planned => F::AssignPick,
                ParcelState::Queued => F::ClaimPick { picker: picker(), lease_seconds: 30 },
                ParcelState::Picking => {
                    let missing = parcel.lines.iter().find(|content| content.picked < content.quantity)?;
                    F::ConfirmUnit { sku: missing.sku.clone(), quantity: missing.quantity - missing.picked }
                }
                ParcelState::Picked => F::PackParcel { weight_grams: 100 },
                ParcelState::Packed if parcel.method == Method::Courier => {
                    F::AttachConsignment { carrier: "tcs".into(), tracking: "T1".into() }
                }
                ParcelState::Packed | ParcelState::Booked => F::HandOverParcel { by_carrier },
                ParcelState::HandedOver => F::CloseFulfillment,
            };
            Some(C::Floor { parcel: *id, command })
        }
    }
}

/// Commands whose repeat has no meaning of its own; every other one must be idempotent by nature.
fn relative(command: &C) -> bool {
    let adds = matches!(
        command,
        C::ReceiveStock { .. } | C::AdjustStock { .. } | C::RecordCount { .. } | C::MoveCondition { .. }
    );
    adds || matches!(
        command,
        C::ReturnToStock { .. }
            | C::ReleaseStock { lines: Some(_), .. }
            | C::Floor { command: F::ConfirmUnit { .. } | F::ReportShort { .. }, .. }
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn prop_01_02_03_06_07_08_09_warehouse(steps in prop::collection::vec((step(), 0..3i64), 1..120)) {
        let mut state = opened();
        let mut replayed = state.clone();
        let mut document: HashMap<Part, PartJson> =
            state.parts().into_iter().map(|part| (part.clone(), state.part(&part).unwrap())).collect();
        let mut ledger: BTreeMap<(Sku, Condition), i64> = BTreeMap::new();
        let mut now = 0;
        for (step, passed) in steps {
            now += passed;
            let Some(command) = resolve(&state, step) else { continue };
            let before = state.clone();
            let Ok(events) = apply(&mut state, &command, &at(now)) else {
                prop_assert_eq!(&state, &before, "prop_01: a refusal changes nothing");
                continue;
            };
            for event in &events {
                let promised: Vec<_> = replayed.rows().map(|row| (row.sku.clone(), row.promised())).collect();
                let (later, now) = (replayed.part_later(&Part::main()), replayed.part(&Part::main()));
                replayed.evolve(event);
                prop_assert_eq!(later.map(PartLater::make), now, "prop_09: what is taken for later is of its moment");
                for (sku, was) in promised {
                    let row = replayed.row(&sku).unwrap();
                    prop_assert!(
                        row.promised() <= was || row.promised() + row.safety <= row.on_hand.sellable,
                        "prop_03: {:?} promises too much", event
                    );
                }
                for movement in movements(event) {
                    *ledger.entry((movement.sku, movement.condition)).or_default() += movement.delta;
                }
                let back: E = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
                prop_assert_eq!(&back, event);
                for part in Warehouse::touches(event).into_iter().chain([Part::main()]) {
                    match replayed.part(&part) {
                        Some(json) => document.insert(part, json),
                        None => document.remove(&part),
                    };
                }
            }
            prop_assert_eq!(&replayed, &state, "prop_09: replay");
            prop_assert_eq!(state.check(), Vec::<String>::new(), "prop_02 after {:?}", command);
            for row in state.rows() {
                for condition in Condition::ALL {
                    let folded = ledger.get(&(row.sku.clone(), *condition)).copied().unwrap_or_default();
                    prop_assert_eq!(i64::from(row.on_hand.get(*condition)), folded, "prop_03: ledger");
                }
            }
            if let C::ReleaseStock { order, lines: None } = &command {
                prop_assert!(state.reserved_for(*order).is_empty(), "prop_08");
            }
            if !relative(&command)
                && let Ok(again) = state.decide(&command, &at(now))
            {
                prop_assert_eq!(again, vec![], "prop_07: {:?}", command);
            }
            if let Some(tick) = state.tick(Timestamp::from_millis(now * 1_000)) {
                let fired = apply(&mut state.clone(), &tick, &at(now)).unwrap();
                prop_assert!(!fired.is_empty(), "prop_06: what is due fires");
                let mut after = state.clone();
                apply(&mut after, &tick, &at(now)).unwrap();
                prop_assert!(after.tick(Timestamp::from_millis(now * 1_000)).is_none(), "prop_06: and once");
            }
        }
        let whole: Vec<_> = state.parts().into_iter().map(|part| (part.clone(), state.part(&part).unwrap())).collect();
        prop_assert_eq!(whole.iter().cloned().collect::<HashMap<_, _>>(), document.clone(), "prop_09: touched parts");
        prop_assert_eq!(Warehouse::from_parts(document.into_iter().collect()).unwrap(), state, "prop_09: document");
    }
}

/// The rows of SM-06 and SM-07 that an event takes, each checked against its table.
fn rows_taken(before: &Warehouse, event: &E, after: &Warehouse) -> Vec<(&'static str, String, String, String)> {
    let name = serde_json::to_value(event).unwrap()["type"].as_str().unwrap().to_owned();
    let mut taken = Vec::new();
    let mut hold = |from: &str, to: &str| taken.push(("SM-06", from.to_owned(), name.clone(), to.to_owned()));
    match event {
        E::StockReserved { waited, .. } => hold(if *waited { "waiting" } else { "-" }, "reserved"),
        E::StockBackordered { .. } => hold("-", "waiting"),
        E::HoldTransferred { .. } | E::HoldExtended { .. } => hold("reserved", "reserved"),
        E::StockAllocated { waited, .. } => hold(if *waited { "waiting" } else { "reserved" }, "allocated"),
        E::BackorderConfirmed { .. } => hold("waiting", "waiting"),
        E::ReservationExpired { .. } => hold("reserved", "released"),
        E::StockReleased { reserved, waiting, allocated, .. } => {
            for (units, from) in [(reserved, "reserved"), (waiting, "waiting"), (allocated, "allocated")] {
                if *units > 0 {
                    hold(from, "released");
                }
            }
        }
        E::StockShorted { reserved, allocated, .. } => {
            for (units, from) in [(reserved, "reserved"), (allocated, "allocated")] {
                if *units > 0 {
                    hold(from, "released");
                }
            }
        }
        E::PickShorted { .. } => hold("allocated", "released"),
        E::FulfillmentCanceled { kept: false, lines, .. } if !lines.is_empty() => hold("allocated", "released"),
        E::StockShipped { .. } => hold("allocated", "consumed"),
        _ => {}
    }
    let place = |warehouse: &Warehouse, id: ParcelId| warehouse.parcel(id).map(|parcel| parcel.state.word());
    let mut parcels: Vec<ParcelId> =
        event.parcel().into_iter().filter(|_| !matches!(event, E::StockShipped { .. })).collect();
    if let E::FulfillmentSplit { into, .. } = event {
        parcels.push(*into);
    }
    for id in parcels {
        let ended = if matches!(event, E::FulfillmentClosed { .. }) { "closed" } else { "canceled" };
        let (from, to) = (place(before, id).unwrap_or("-"), place(after, id).unwrap_or(ended));
        taken.push(("SM-07", from.to_owned(), name.clone(), to.to_owned()));
    }
    taken
}

/// Random buildings take every row of the two machines, and no other.
#[test]
fn sm_06_sm_07_prop_01_every_row_is_taken_and_no_other() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..8_000 {
        let steps = prop::collection::vec((step(), 0..3i64), 40..120).new_tree(&mut runner).unwrap().current();
        let (mut state, mut now) = (opened(), 0);
        for (step, passed) in steps {
            now += passed;
            let Some(command) = resolve(&state, step) else { continue };
            let mut folded = state.clone();
            for event in apply(&mut state, &command, &at(now)).unwrap_or_default() {
                let before = folded.clone();
                folded.evolve(&event);
                for row in rows_taken(&before, &event, &folded) {
                    let machine = if row.0 == "SM-06" { &SM_06 } else { &SM_07 };
                    assert!(machine.allows(&row.1, &row.2, &row.3), "{row:?} is no row, after {command:?}");
                    seen.insert(row);
                }
            }
        }
    }
    for machine in [SM_06, SM_07] {
        for edge in machine.edges {
            let row = (machine.id, edge.from.to_owned(), edge.event.to_owned(), edge.to.to_owned());
            assert!(seen.contains(&row), "nothing took {row:?}");
        }
    }
}

#[test]
fn inv_01_p03_demand_is_summed_per_sku() {
    let warehouse = given(&[receive(1, 5)]);
    let both = reserve(1, vec![line(1, 1, 3, false), line(2, 1, 3, false)], ReserveMode::AllOrNothing);
    let Err(R::InsufficientStock { shortfalls }) = warehouse.decide(&both, &at(0)) else { panic!("not refused") };
    assert_eq!((shortfalls[0].line, shortfalls[0].requested, shortfalls[0].available), (2, 3, 2));
}

/// What nobody has to release is reserved and allocated in one record; what waits is allocated when it comes.
#[test]
fn inv_01_a_firm_reservation_is_allocated_with_it() {
    let firm = |lines| C::ReserveStock {
        order: order(1),
        lines,
        mode: ReserveMode::Partial,
        expires: Some(Timestamp::from_millis(60_000)),
        priority: 0,
        firm: true,
    };
    let wanted = firm(vec![line(1, 1, 3, false), line(2, 2, 4, true)]);
    let warehouse = given(&[receive(1, 5), receive(2, 1), wanted.clone()]);
    assert_eq!(warehouse.reserved_for(order(1)), [(1, 0, 0, 3), (2, 0, 3, 1)]);
    assert_eq!(warehouse.decide(&wanted, &at(0)), Ok(vec![]), "a repeat takes nothing");
    let allocate = C::AllocateStock { order: order(1), lines: None };
    assert_eq!(warehouse.decide(&allocate, &at(0)), Ok(vec![]), "nothing is left to be made firm");
    let filled = given(&[receive(1, 5), receive(2, 1), wanted, receive(2, 9)]);
    assert_eq!(filled.reserved_for(order(1)), [(1, 0, 0, 3), (2, 0, 0, 4)]);
    let loose = reserve(2, vec![line(1, 1, 2, false)], ReserveMode::AllOrNothing);
    let after = given(&[
        receive(1, 5),
        loose,
        C::ReserveStock {
            order: order(2),
            lines: vec![line(1, 1, 2, false)],
            mode: ReserveMode::AllOrNothing,
            expires: None,
            priority: 0,
            firm: true,
        },
    ]);
    assert_eq!(after.reserved_for(order(2)), [(1, 0, 0, 2)], "what was reserved before is made firm");
}

#[test]
fn bko_05_arriving_stock_goes_by_priority_then_first_come() {
    let wait = |o: u8, priority| C::ReserveStock {
        order: order(o),
        lines: vec![line(1, 1, 2, true)],
        mode: ReserveMode::AllOrNothing,
        expires: None,
        priority,
        firm: false,
    };
    let confirm = C::AllocateStock { order: order(3), lines: None };
    let warehouse = given(&[wait(1, 0), wait(2, 0), wait(3, 2), confirm, receive(1, 5)]);
    assert_eq!(warehouse.reserved_for(order(3)), [(1, 0, 0, 2)]);
    assert_eq!(warehouse.reserved_for(order(1)), [(1, 2, 0, 0)]);
    assert_eq!(warehouse.reserved_for(order(2)), [(1, 1, 1, 0)]);
}

#[test]
fn lin_06_bko_02_no_more_wait_than_the_cap_allows() {
    let cap = C::SetStockPolicy { sku: sku(1), safety: 0, backorder_cap: Some(3), low_stock: 0 };
    let ask = |o, quantity| reserve(o, vec![line(1, 1, quantity, true)], ReserveMode::Partial);
    let warehouse = given(&[receive(1, 2), cap, ask(1, 4), ask(2, 4)]);
    assert_eq!(warehouse.reserved_for(order(1)), [(1, 2, 2, 0)]);
    assert_eq!(warehouse.reserved_for(order(2)), [(1, 0, 1, 0)], "one place was left in the queue");
    let whole = reserve(3, vec![line(1, 1, 1, true)], ReserveMode::AllOrNothing);
    assert_eq!(warehouse.decide(&whole, &at(0)).unwrap_err().code(), "insufficient_stock");
    let not_asked = reserve(1, vec![line(2, 2, 1, false)], ReserveMode::Partial);
    assert_eq!(given(&[not_asked]).reserved_for(order(1)), [], "nobody waits who did not say so");
}

#[test]
fn inv_07_low_stock_is_told_once_per_crossing() {
    let mut warehouse =
        given(&[receive(1, 10), C::SetStockPolicy { sku: sku(1), safety: 0, backorder_cap: None, low_stock: 3 }]);
    let mut told = 0;
    for (delta, want) in [(-7, 1), (-1, 1), (5, 1), (-6, 2)] {
        let command = C::AdjustStock { sku: sku(1), delta, reason: "r".into() };
        let events = apply(&mut warehouse, &command, &at(0)).unwrap();
        told += events.iter().filter(|event| matches!(event, E::StockLow { .. })).count();
        assert_eq!(told, want, "{delta}");
    }
}

#[test]
fn inv_06_p13_a_count_keeps_what_was_sold_since() {
    let mut commands = vec![receive(1, 10)];
    let version = given(&commands).row(&sku(1)).unwrap().version;
    commands.extend(packed(4, Method::Counter).into_iter().skip(1));
    commands.push(floor(1, 1, F::HandOverParcel { by_carrier: false }));
    commands.push(C::RecordCount { sku: sku(1), counted: 9, at_version: version, reason: "cycle".into() });
    assert_eq!(given(&commands).row(&sku(1)).unwrap().on_hand.sellable, 5);
}

#[test]
fn sm_06_a_release_is_final_and_a_reduction_is_not() {
    let ask = reserve(1, vec![line(1, 1, 2, false)], ReserveMode::AllOrNothing);
    let reduce = C::ReduceHold { order: order(1), lines: None };
    let warehouse = given(&[receive(1, 5), ask.clone(), reduce, ask.clone()]);
    assert_eq!(warehouse.reserved_for(order(1)), [(1, 2, 0, 0)]);
    let warehouse = given(&[receive(1, 5), C::ReleaseStock { order: order(1), lines: None }]);
    assert_eq!(warehouse.decide(&ask, &at(0)), Err(R::HoldClosed { order: order(1) }));
}

/// Everything of a line that was here has shipped; more of it is wanted, because another warehouse could not deliver.
#[test]
fn sm_06_a_line_that_shipped_from_here_is_reserved_here_again() {
    let mut commands = packed(2, Method::Courier);
    commands.push(floor(1, 1, F::HandOverParcel { by_carrier: true }));
    commands.push(floor(1, 1, F::CloseFulfillment));
    commands.push(reserve(1, vec![line(1, 1, 3, false)], ReserveMode::AllOrNothing));
    commands.push(C::AllocateStock { order: order(1), lines: None });
    let warehouse = given(&commands);
    assert_eq!(warehouse.reserved_for(order(1)), [(1, 0, 0, 3)]);
    assert_eq!(warehouse.available(&sku(1)), 5);
    let ended = C::ReleaseStock { order: order(1), lines: None };
    commands.push(ended);
    let again = reserve(1, vec![line(1, 1, 1, false)], ReserveMode::AllOrNothing);
    assert_eq!(given(&commands).decide(&again, &at(0)), Err(R::HoldClosed { order: order(1) }), "an ended order stays");
}

/// A booking that arrives just before the cancellation is canceled with the parcel.
#[test]
fn sm_07_canceling_a_booked_parcel_ends_its_booking_in_the_same_commit() {
    let mut commands = packed(2, Method::Courier);
    commands.push(floor(1, 1, F::AttachConsignment { carrier: "tcs".into(), tracking: "T".into() }));
    let mut warehouse = given(&commands);
    let cancel = floor(1, 1, F::CancelFulfillment { keep_units: true, detach: true });
    let events = apply(&mut warehouse, &cancel, &at(0)).unwrap();
    assert!(matches!(&events[..], [E::ConsignmentDetached { .. }, E::FulfillmentCanceled { kept: true, .. }]));
    assert_eq!(warehouse.reserved_for(order(1)), [(1, 0, 0, 2)]);
    let late = floor(1, 1, F::AttachConsignment { carrier: "tcs".into(), tracking: "T".into() });
    assert_eq!(warehouse.decide(&late, &at(0)), Err(R::ParcelClosed { parcel: parcel(1, 1) }));
}

#[test]
fn ret_05_returned_units_are_sold_again_or_written_off_once() {
    let mut commands = packed(4, Method::Courier);
    commands.push(floor(1, 1, F::HandOverParcel { by_carrier: true }));
    let good = ReturnLine { line: 1, sku: sku(1), good: 3, damaged: 1, reason: "torn".into() };
    let receive = C::ReceiveReturn { order: order(1), receipt: 1, lines: vec![good] };
    commands.extend([receive.clone(), receive]);
    let waiting = reserve(2, vec![line(1, 1, 8, true)], ReserveMode::Partial);
    commands.insert(commands.len() - 2, waiting);
    let warehouse = given(&commands);
    let row = warehouse.row(&sku(1)).unwrap();
    assert_eq!((row.on_hand.sellable, row.on_hand.returns, row.on_hand.scrap), (9, 0, 1));
    assert_eq!(warehouse.reserved_for(order(2)), [(1, 8, 0, 0)], "who waits gets what came back");
}

/// Events that no rule would write: folding them changes counters to what can be, and is remembered.
fn impossible() -> impl Strategy<Value = E> {
    let units = 1..9u32;
    let who = || (0..3u8, 1..3u16, 1..3u8);
    prop_oneof![
        (who(), units.clone(), any::<bool>()).prop_map(|((o, line, s), quantity, waited)| E::StockReserved {
            order: order(o),
            line,
            sku: sku(s),
            quantity,
            expires: None,
            priority: 0,
            waited,
        }),
        (who(), units.clone(), any::<bool>()).prop_map(|((o, line, s), quantity, waited)| E::StockAllocated {
            order: order(o),
            line,
            sku: sku(s),
            quantity,
            waited,
        }),
        (who(), units.clone()).prop_map(|((o, line, s), quantity)| E::ReservationExpired {
            order: order(o),
            line,
            sku: sku(s),
            quantity,
        }),
        (who(), units.clone(), units.clone()).prop_map(|((o, line, s), reserved, allocated)| E::StockReleased {
            order: order(o),
            line,
            sku: sku(s),
            reserved,
            waiting: 1,
            allocated,
        }),
        (who(), units.clone()).prop_map(|((o, line, s), quantity)| E::HoldTransferred {
            from: order(o),
            to: order(o + 1),
            line,
            sku: sku(s),
            quantity,
            expires: None,
            priority: 0,
        }),
        (who(), units.clone()).prop_map(|((o, line, s), quantity)| E::StockShipped {
            parcel: parcel(o, 1),
            line,
            sku: sku(s),
            quantity,
        }),
        (who(), units.clone()).prop_map(|((o, line, s), quantity)| E::PickShorted {
            parcel: parcel(o, 1),
            line,
            sku: sku(s),
            quantity,
            reason: "gone".into(),
        }),
        (who(), units.clone()).prop_map(|((o, line, s), quantity)| E::FulfillmentPlanned {
            parcel: parcel(o, 1),
            lines: vec![(line, sku(s), quantity)],
            method: Method::Courier,
        }),
        (who(), units.clone()).prop_map(|((o, line, _), quantity)| E::FulfillmentSplit {
            parcel: parcel(o, 1),
            into: parcel(o, 2),
            lines: vec![(line, quantity)],
        }),
        (who(), units).prop_map(|((o, line, s), quantity)| E::UnitScrapped {
            order: order(o),
            receipt: 1,
            line,
            sku: sku(s),
            quantity,
            reason: "torn".into(),
        }),
    ]
}

proptest! {
    #[test]
    fn prop_09_folding_is_total_and_remembers_what_cannot_be(events in prop::collection::vec(impossible(), 1..60)) {
        let mut state = opened();
        for event in &events {
            state.evolve(event);
        }
        let ledger = |condition: Condition| -> i64 {
            let all = events.iter().flat_map(|event| movements(event).into_iter());
            all.filter(|movement| movement.condition == condition).map(|movement| movement.delta).sum()
        };
        if Condition::ALL.iter().any(|condition| ledger(*condition) < 0) {
            prop_assert!(state.check().iter().any(|fault| fault.contains("takes more units")), "{:?}", state.check());
        }
    }
}

#[test]
fn sm_07_the_warehouse_decides_races_of_cancel_and_hand_over() {
    let mut commands = packed(4, Method::Courier);
    commands.push(floor(1, 1, F::AttachConsignment { carrier: "tcs".into(), tracking: "T".into() }));
    commands.push(floor(1, 1, F::HandOverParcel { by_carrier: false }));
    let warehouse = given(&commands);
    let cancel = floor(1, 1, F::CancelFulfillment { keep_units: false, detach: false });
    assert_eq!(warehouse.decide(&cancel, &at(0)), Err(R::HandedOver { parcel: parcel(1, 1) }));
    let warehouse = given(&[cancel]);
    let create = floor(1, 1, F::CreateFulfillment { lines: vec![(1, sku(1), 1)], method: Method::Courier });
    assert_eq!(warehouse.decide(&create, &at(0)), Err(R::ParcelClosed { parcel: parcel(1, 1) }));
}

#[test]
fn wms_02_picked_units_of_a_canceled_parcel_are_put_back_by_scan() {
    let mut commands = packed(4, Method::Courier);
    commands.push(floor(1, 1, F::CancelFulfillment { keep_units: false, detach: false }));
    let warehouse = given(&commands);
    let row = warehouse.row(&sku(1)).unwrap();
    assert_eq!((row.on_hand.sellable, row.on_hand.put_back, row.allocated), (6, 4, 0));
    commands.push(C::ReturnToStock { sku: sku(1), quantity: 4 });
    assert_eq!(given(&commands).available(&sku(1)), 10);
}

#[test]
fn wms_02_picked_units_outweigh_a_count_that_missed_them() {
    for end in [F::CancelFulfillment { keep_units: false, detach: false }, F::HandOverParcel { by_carrier: true }] {
        let mut commands = packed(4, Method::Courier);
        commands.push(C::AdjustStock { sku: sku(1), delta: -10, reason: "nothing on the shelf".into() });
        commands.push(floor(1, 1, end));
        let warehouse = given(&commands);
        let row = warehouse.row(&sku(1)).unwrap();
        assert_eq!((row.on_hand.sellable, row.allocated), (0, 0));
    }
}

#[test]
fn wms_03_a_lost_lease_returns_the_pick() {
    let mut warehouse = given(&packed(2, Method::Courier)[..6]);
    assert!(warehouse.tick(Timestamp::from_millis(59_999)).is_none());
    let tick = warehouse.tick(Timestamp::from_millis(60_000)).unwrap();
    let events = apply(&mut warehouse, &tick, &at(60)).unwrap();
    assert_eq!(events, [E::PickReleased { parcel: parcel(1, 1), expired: true }]);
    assert!(warehouse.due().is_none());
}

#[test]
fn sm_06_sm_07_every_refusal_can_be_met() {
    let all = packed(4, Method::Courier);
    let (empty, stocked, picking, done) = (opened(), given(&all[..1]), given(&all[..6]), given(&all));
    let held = {
        let mut commands = packed(4, Method::Pickup);
        commands.push(floor(1, 1, F::HoldParcel { reason: "x".into() }));
        given(&commands)
    };
    let booked = {
        let mut commands = all.clone();
        commands.push(floor(1, 1, F::AttachConsignment { carrier: "c".into(), tracking: "t".into() }));
        given(&commands)
    };
    let count = |counted, at_version| C::RecordCount { sku: sku(1), counted, at_version, reason: "r".into() };
    let shipped = {
        let mut commands = all.clone();
        commands.push(floor(1, 1, F::HandOverParcel { by_carrier: true }));
        given(&commands)
    };
    let other = F::ClaimPick { picker: UserId::from_u128(8), lease_seconds: 9 };
    let create = F::CreateFulfillment { lines: vec![(1, sku(1), 9)], method: Method::Courier };
    let hand_over = F::HandOverParcel { by_carrier: false };
    let cancel = F::CancelFulfillment { keep_units: false, detach: false };
    let closed = given(&[C::ReleaseStock { order: order(1), lines: None }, floor(1, 1, cancel.clone())]);
    let ask = reserve(1, vec![line(1, 1, 99, false)], ReserveMode::AllOrNothing);
    let cases = [
        (&Warehouse::default(), C::Tick, "warehouse_unknown"),
        (&empty, receive(1, 0), "invalid_stock_command"),
        (&empty, ask.clone(), "insufficient_stock"),
        (&closed, ask, "hold_closed"),
        (&empty, C::AllocateStock { order: order(1), lines: None }, "hold_unknown"),
        (&empty, C::AdjustStock { sku: sku(1), delta: -1, reason: "r".into() }, "not_on_hand"),
        (&empty, count(1, 0), "stock_row_unknown"),
        (&stocked, count(1, 99), "count_outdated"),
        (&shipped, count(1, 1), "count_contradicted"),
        (&stocked, floor(1, 1, create), "not_allocated"),
        (&empty, floor(1, 1, F::AssignPick), "parcel_unknown"),
        (&closed, floor(1, 1, F::AssignPick), "parcel_closed"),
        (&done, floor(1, 1, F::ReleasePick), "parcel_state"),
        (&picking, floor(1, 1, other), "pick_claimed"),
        (&picking, floor(1, 1, F::ConfirmUnit { sku: sku(9), quantity: 1 }), "wrong_item"),
        (&picking, floor(1, 1, F::ConfirmUnit { sku: sku(1), quantity: 5 }), "too_many_units"),
        (&held, floor(1, 1, hand_over), "parcel_held"),
        (&booked, floor(1, 1, cancel.clone()), "parcel_booked"),
        (&shipped, floor(1, 1, cancel), "handed_over"),
    ];
    for (state, command, code) in cases {
        let refusal = state.decide(&command, &at(0)).expect_err(code);
        assert_eq!(refusal.code(), code, "{refusal}");
        assert_ne!(refusal.class(), RefusalClass::Forbidden);
    }
}
