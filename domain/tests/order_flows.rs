//! Flows over several aggregates that a person would tell as a story: a line moves to another warehouse, a parcel
//! comes back, a booking and a cancellation meet.

#[allow(dead_code, reason = "the world is shared; each test binary uses a part of it")]
mod world;

use munshi_domain::{
    OrderId, Refused, Sku, WarehouseId,
    order::{
        Lifecycle, OrderCommand, OrderEvent,
        content::PaymentMethod,
        state::{CarrierStatus, ParcelState, ReturnedUnits, Stage},
    },
    warehouse::Row,
};
use world::{SALES, SKUS, World, codes, pkr};

const ID: OrderId = OrderId::from_u128(1);

/// An order of `units` of the first SKU; what is allocated stays on the shelf unless `release`.
fn placed(stock: [u32; 2], units: u32, method: PaymentMethod, backorder: bool, release: bool) -> World {
    let mut world = World::new(stock.map(|units| [units, 5, 5]), 5_000, 100_000, false);
    world.shop.release_automatically = release;
    let content = world.content(&[(0, units)], method, backorder, false);
    assert!(world.place(ID, content, false));
    world.drain();
    world
}

fn row(world: &World, code: &WarehouseId) -> Row {
    world.warehouses[code].row(&Sku::parse(SKUS[0]).unwrap()).unwrap().clone()
}

fn request(world: &mut World, code: &WarehouseId) -> Result<usize, String> {
    let command =
        OrderCommand::RequestLineWarehouse { line: 1, warehouse: code.clone(), reason: "closer to her".into() };
    world.order_do(ID, command, Some(SALES))
}

/// The floor works until the order's first parcel is in this state.
fn work(world: &mut World, until: ParcelState) {
    for _ in 0..64 {
        let parcel = world.orders[&ID].parcels[0].clone();
        if parcel.state == until {
            return;
        }
        if parcel.state == ParcelState::Packed {
            let booking = OrderCommand::BookConsignment { parcel: 1, carrier: "PostEx".into(), tracking: "PX1".into() };
            world.order_do(ID, booking, Some(SALES)).unwrap();
        } else {
            world.floor(&parcel.warehouse, 0, false);
        }
        world.drain();
    }
    panic!("the parcel does not get there: {:?}", world.orders[&ID].parcels);
}

#[test]
fn lin_08_a_line_moves_to_the_requested_warehouse_and_frees_the_old_one() {
    let [khi, lhe] = codes();
    let mut world = placed([5, 4], 3, PaymentMethod::Cod, false, false);
    assert_eq!((row(&world, &khi).allocated, row(&world, &lhe).allocated), (3, 0));
    request(&mut world, &lhe).unwrap();
    assert_eq!(request(&mut world, &khi), Err("change_in_progress".into()), "one move at a time");
    world.drain();
    assert_eq!((row(&world, &khi).allocated, row(&world, &khi).available()), (0, 5));
    assert_eq!((row(&world, &lhe).allocated, row(&world, &lhe).available()), (3, 1));
    let line = world.orders[&ID].line(1).unwrap();
    assert_eq!((line.units_at(Stage::Allocated, Some(&lhe)), line.source.as_ref()), (3, Some(&lhe)));
    assert_eq!(request(&mut world, &lhe), Ok(0), "it is there already");
    world.order_do(ID, OrderCommand::ReleaseUnits, Some(SALES)).unwrap();
    world.drain();
    assert_eq!(world.orders[&ID].parcels[0].warehouse, lhe);
    assert_eq!(request(&mut world, &khi), Err("nothing_to_move".into()), "it is on the floor");
    world.check_at_rest();
}

#[test]
fn lin_08_a_warehouse_that_is_short_leaves_the_line_where_it_was() {
    let [khi, lhe] = codes();
    let mut world = placed([5, 2], 3, PaymentMethod::Cod, true, false);
    request(&mut world, &lhe).unwrap();
    world.drain();
    assert_eq!((row(&world, &khi).allocated, row(&world, &lhe).promised(), row(&world, &lhe).waiting), (3, 0, 0));
    let refused = world.order_events[&ID].iter().rev().find_map(|event| match event {
        OrderEvent::LineWarehouseRefused { refusal, .. } => Some(refusal.code.clone()),
        _ => None,
    });
    assert_eq!(refused.as_deref(), Some("insufficient_stock"));
    world.check_at_rest();
}

#[test]
fn lin_08_a_crash_at_any_step_ends_with_the_line_in_one_place() {
    let [khi, lhe] = codes();
    for step in 0..24 {
        let mut world = placed([3, 4], 3, PaymentMethod::Cod, false, false);
        request(&mut world, &lhe).unwrap();
        (0..step).for_each(|at| world.advance(at));
        world.crash();
        world.drain();
        assert_eq!((row(&world, &khi).promised(), row(&world, &lhe).allocated), (0, 3), "crash after {step} steps");
        world.check_at_rest();
    }
}

fn receive(world: &mut World, code: &WarehouseId, good: u32, damaged: u32) -> Result<usize, String> {
    let command = OrderCommand::RecordReturnReceipt {
        warehouse: code.clone(),
        parcel: 1,
        lines: vec![ReturnedUnits { line: 1, good, damaged }],
        reason: (damaged > 0).then(|| "torn".into()),
    };
    let done = world.order_do(ID, command, Some(SALES));
    world.drain();
    done
}

fn scan(world: &mut World, status: CarrierStatus) {
    world.order_do(ID, OrderCommand::RecordCarrierScan { parcel: 1, status }, Some(SALES)).unwrap();
    world.drain();
}

#[test]
fn ret_05_a_parcel_that_comes_back_is_received_in_parts() {
    let [khi, lhe] = codes();
    let mut world = placed([5, 0], 4, PaymentMethod::Terms, false, true);
    work(&mut world, ParcelState::HandedOver);
    scan(&mut world, CarrierStatus::Returning);
    scan(&mut world, CarrierStatus::ReturnedToSender);
    assert_eq!(row(&world, &khi).on_hand.sellable, 1, "stock does not move on a carrier scan");
    assert_eq!(world.customer.exposure(), Some(pkr(400)));
    assert_eq!(receive(&mut world, &khi, 5, 0), Err("not_enough_units".into()));
    receive(&mut world, &khi, 2, 1).unwrap();
    let on_hand = row(&world, &khi).on_hand;
    assert_eq!((on_hand.sellable, on_hand.scrap, on_hand.returns), (3, 1, 0));
    let order = &world.orders[&ID];
    assert_eq!((order.units(Stage::Returned), order.units(Stage::RtoPending)), (3, 1));
    assert_eq!((order.lifecycle, order.parcels[0].state), (Lifecycle::Shipped, ParcelState::Returning));
    assert_eq!(world.customer.exposure(), Some(pkr(100)), "what came back is no longer owed");
    world.check_at_rest();
    receive(&mut world, &lhe, 1, 0).unwrap();
    assert_eq!(row(&world, &lhe).on_hand.sellable, 1, "another warehouse may receive it");
    let order = &world.orders[&ID];
    assert_eq!((order.lifecycle, order.parcels[0].state), (Lifecycle::Returned, ParcelState::Returned));
    assert_eq!(world.customer.exposure(), Some(pkr(0)));
    assert!(world.warehouses[&khi].parcels().next().is_none(), "the parcel is closed");
    assert_eq!(receive(&mut world, &khi, 1, 0), Err("wrong_parcel_state".into()));
    world.check_at_rest();
}

#[test]
fn ret_05_a_receipt_is_checked() {
    let [khi, _] = codes();
    let mut world = placed([5, 0], 2, PaymentMethod::Cod, false, true);
    assert_eq!(receive(&mut world, &khi, 1, 0), Err("wrong_parcel_state".into()), "it has not left");
    work(&mut world, ParcelState::HandedOver);
    let order = &world.orders[&ID];
    let refused = |lines: Vec<ReturnedUnits>, reason: Option<&str>| {
        let (warehouse, reason) = (khi.clone(), reason.map(str::to_owned));
        let command = OrderCommand::RecordReturnReceipt { warehouse, parcel: 1, lines, reason };
        let ctx = munshi_domain::Ctx::system(world.now);
        munshi_domain::Aggregate::decide(order, &command, &ctx).unwrap_err().code()
    };
    let units = |line, good, damaged| ReturnedUnits { line, good, damaged };
    assert_eq!(refused(vec![], None), "invalid_value");
    assert_eq!(refused(vec![units(1, 0, 0)], None), "invalid_value");
    assert_eq!(refused(vec![units(1, 1, 0), units(1, 1, 0)], None), "invalid_value");
    assert_eq!(refused(vec![units(1, 0, 1)], None), "reason_required");
    assert_eq!(refused(vec![units(1, u32::MAX, 1)], Some("torn")), "not_enough_units");
    assert_eq!(refused(vec![units(7, 1, 0)], None), "unknown_line");
    scan(&mut world, CarrierStatus::Delivered);
    assert_eq!(receive(&mut world, &khi, 1, 0), Err("wrong_parcel_state".into()), "what arrived needs a return case");
}

#[test]
fn ret_05_a_lost_parcel_is_found_again() {
    let [khi, _] = codes();
    let mut world = placed([5, 0], 2, PaymentMethod::Terms, false, true);
    work(&mut world, ParcelState::HandedOver);
    receive(&mut world, &khi, 1, 0).unwrap();
    assert_eq!(world.customer.exposure(), Some(pkr(100)));
    scan(&mut world, CarrierStatus::Lost);
    let order = &world.orders[&ID];
    assert_eq!((order.units(Stage::Lost), order.units(Stage::Returned)), (1, 1), "only what did not come back is lost");
    assert_eq!(order.lifecycle, Lifecycle::Returned);
    assert_eq!(world.customer.exposure(), Some(pkr(0)), "nobody pays for what never arrived");
    receive(&mut world, &khi, 1, 0).unwrap();
    assert_eq!((world.orders[&ID].units(Stage::Returned), row(&world, &khi).on_hand.sellable), (2, 5));
    world.check_at_rest();
}

#[test]
fn val_02_an_order_lost_on_its_way_is_not_owed() {
    let mut world = placed([5, 0], 2, PaymentMethod::Terms, false, true);
    work(&mut world, ParcelState::HandedOver);
    scan(&mut world, CarrierStatus::Lost);
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Canceled);
    assert_eq!(world.customer.exposure(), Some(pkr(0)));
    world.check_at_rest();
}

/// Whatever overtakes what, a cancellation ends: the warehouse decides alone whether the booking or the end of the
/// parcel comes first.
#[test]
fn sm_04_a_booking_and_a_cancellation_at_the_same_time_both_end() {
    for schedule in 0..4_u32.pow(5) {
        let mut world = placed([5, 0], 2, PaymentMethod::Cod, false, true);
        work(&mut world, ParcelState::Packed);
        let booking = OrderCommand::BookConsignment { parcel: 1, carrier: "PostEx".into(), tracking: "PX1".into() };
        world.order_do(ID, booking, Some(SALES)).unwrap();
        let cancel =
            OrderCommand::RequestCancellation { lines: vec![], reason: "changed her mind".into(), approve: true };
        world.order_do(ID, cancel, Some(SALES)).unwrap();
        for turn in 0..5 {
            world.advance(usize::try_from(schedule / 4_u32.pow(turn) % 4).unwrap());
        }
        world.drain();
        world.check_at_rest();
        assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Canceled, "schedule {schedule}");
        assert_eq!(row(&world, &codes()[0]).available(), 5, "schedule {schedule}");
    }
}

/// One warehouse ships its part of a line, the other loses its part: the first one has got more meanwhile.
#[test]
fn sm_01_a_warehouse_that_shipped_its_part_of_a_line_is_asked_again() {
    let [khi, lhe] = codes();
    let mut world = placed([2, 3], 5, PaymentMethod::Cod, false, false);
    world.order_do(ID, OrderCommand::ReleaseUnits, Some(SALES)).unwrap();
    world.drain();
    let at = world.orders[&ID].parcels.iter().position(|parcel| parcel.warehouse == khi).unwrap();
    assert_eq!(at, 0);
    work(&mut world, ParcelState::HandedOver);
    assert!(world.receive(&khi, SKUS[0], 4));
    for _ in 0..8 {
        world.floor(&lhe, 0, true);
        world.drain();
    }
    let order = &world.orders[&ID];
    let there = order.line(1).unwrap().units_at(Stage::Allocated, Some(&khi));
    assert_eq!((there, order.units(Stage::InTransit), order.units(Stage::Open)), (3, 2, 0), "{:?}", order.lines);
    assert!(order.holds.is_empty(), "nothing is missing: {:?}", order.holds);
    world.check_at_rest();
}

/// Works on until every parcel of the order is in this state; each is booked under its own number.
fn work_all(world: &mut World, until: ParcelState) {
    for at in 0..128 {
        let parcels = world.orders[&ID].parcels.clone();
        if parcels.iter().all(|parcel| parcel.state == until) {
            return;
        }
        for parcel in parcels.iter().filter(|parcel| parcel.state == ParcelState::Packed) {
            let (carrier, tracking) = ("PostEx".to_owned(), format!("PX{}", parcel.number));
            let booking = OrderCommand::BookConsignment { parcel: parcel.number, carrier, tracking };
            world.order_do(ID, booking, Some(SALES)).unwrap();
        }
        world.floor(&parcels[0].warehouse, at, false);
        world.drain();
    }
    panic!("the parcels do not get there: {:?}", world.orders[&ID].parcels);
}

fn split(world: &mut World, parcel: u16, units: u32) -> Result<usize, String> {
    world.order_do(ID, OrderCommand::SplitParcel { parcel, lines: vec![(1, units)] }, Some(SALES))
}

#[test]
fn bko_10_what_does_not_fit_is_a_parcel_of_its_own_with_its_own_way() {
    let mut world = placed([9, 9], 5, PaymentMethod::Cod, false, true);
    assert!(split(&mut world, 1, 2).is_err(), "it is not packed yet");
    work(&mut world, ParcelState::Packed);
    for (units, why) in [(0, "nothing"), (6, "more than there is"), (5, "all of it")] {
        assert!(split(&mut world, 1, units).is_err(), "{why}");
    }
    split(&mut world, 1, 2).unwrap();
    world.drain();
    let order = &world.orders[&ID];
    let parcels: Vec<_> = order.parcels.iter().map(|parcel| (parcel.number, parcel.lines[0].1, parcel.state)).collect();
    assert_eq!(parcels, [(1, 3, ParcelState::Packed), (2, 2, ParcelState::Released)]);
    assert_eq!((order.units(Stage::Packed), order.units(Stage::Picking)), (3, 2));
    world.check_at_rest();
    work_all(&mut world, ParcelState::HandedOver);
    let tracking: Vec<_> = world.orders[&ID].parcels.iter().map(|parcel| parcel.tracking.clone().unwrap()).collect();
    assert_eq!(tracking, ["PX1", "PX2"]);
    for parcel in [2, 1] {
        let scan = OrderCommand::RecordCarrierScan { parcel, status: CarrierStatus::Delivered };
        world.order_do(ID, scan, None).unwrap();
        world.drain();
    }
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Delivered);
    assert_eq!(world.orders[&ID].units(Stage::Delivered), 5);
    world.check_at_rest();
}

#[test]
fn bko_10_a_number_that_was_kept_is_never_given_twice() {
    let mut world = placed([9, 9], 5, PaymentMethod::Cod, false, true);
    work(&mut world, ParcelState::Packed);
    // The parcel is booked before the warehouse hears of the split, which it then refuses: nothing is divided.
    split(&mut world, 1, 2).unwrap();
    let booking = OrderCommand::BookConsignment { parcel: 1, carrier: "PostEx".into(), tracking: "PX1".into() };
    let attach =
        munshi_domain::warehouse::FloorCommand::AttachConsignment { carrier: "PostEx".into(), tracking: "PX1".into() };
    let code = world.orders[&ID].parcels[0].warehouse.clone();
    let parcel = munshi_domain::ParcelId { order: ID, number: 1 };
    assert!(world.warehouse_do(&code, munshi_domain::warehouse::WarehouseCommand::Floor { parcel, command: attach }));
    world.order_do(ID, booking, Some(SALES)).unwrap();
    world.drain();
    let order = &world.orders[&ID];
    assert_eq!((order.parcels.len(), order.parcels[0].lines[0].1, order.numbered), (1, 5, 2));
    world.check_at_rest();
}

#[test]
fn can_01_units_that_were_split_off_are_canceled_with_the_order() {
    let mut world = placed([9, 9], 5, PaymentMethod::Cod, false, true);
    work(&mut world, ParcelState::Packed);
    split(&mut world, 1, 2).unwrap();
    let cancel = OrderCommand::RequestCancellation { lines: vec![], reason: "does not want it".into(), approve: true };
    world.order_do(ID, cancel, Some(SALES)).unwrap();
    world.drain();
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Canceled, "{:?}", world.orders[&ID].parcels);
    world.check_at_rest();
}
