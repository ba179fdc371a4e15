//! The axes beside the lifecycle: holds (SM-03), cancellation requests (SM-04), and what an order promises about
//! drafts, shipping complete and its sums.

#[allow(dead_code, reason = "the world is shared; each test binary uses a part of it")]
mod world;

use std::collections::BTreeSet;

use munshi_domain::{
    Aggregate, Currency, OrderId,
    order::{
        CustomerCancel, Lifecycle, Order, OrderCommand, OrderEvent,
        content::PaymentMethod,
        state::{CancellationState, CarrierStatus, HoldKind, OnExpiry, ParcelState, Stage},
        table,
    },
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use world::{MANAGER, SALES, SKUS, World, codes};

const ID: OrderId = OrderId::from_u128(1);

fn placed(stock: u32, units: u32, release: bool) -> World {
    let mut world = World::new([[stock, 5, 5], [0; 3]], 5_000, 100_000, false);
    world.shop.release_automatically = release;
    let content = world.content(&[(0, units)], PaymentMethod::Cod, false, false);
    assert!(world.place(ID, content, false));
    world.drain();
    world
}

fn act(world: &mut World, command: OrderCommand) -> Result<usize, String> {
    let done = world.order_do(ID, command, Some(SALES));
    world.drain();
    done
}

fn hold(kind: HoldKind, reference: &str, expires: Option<i64>, on_expiry: OnExpiry, world: &World) -> OrderCommand {
    OrderCommand::PlaceHold {
        kind,
        reference: Some(reference.to_owned()),
        reason: "to be looked at".into(),
        owner: "sales_manager".into(),
        expires: expires.map(|seconds| world.now.plus_seconds(seconds)),
        on_expiry,
    }
}

fn request(lines: &[(u16, u32)], approve: bool) -> OrderCommand {
    OrderCommand::RequestCancellation { lines: lines.to_vec(), reason: "changed her mind".into(), approve }
}

/// The floor works until the order's first parcel is in this state.
fn work(world: &mut World, until: ParcelState) {
    for _ in 0..64 {
        let parcel = world.orders[&ID].parcels[0].clone();
        match parcel.state {
            state if state == until => return,
            ParcelState::Packed => {
                let (carrier, tracking) = ("PostEx".into(), "PX1".into());
                act(world, OrderCommand::BookConsignment { parcel: 1, carrier, tracking }).unwrap();
            }
            _ => drop(world.floor(&parcel.warehouse, 0, false)),
        }
        world.drain();
    }
    panic!("the parcel does not get there: {:?}", world.orders[&ID].parcels);
}

/// Rows of SM-03 that a history took.
fn hold_rows(events: &[OrderEvent]) -> BTreeSet<(&'static str, &'static str, &'static str)> {
    events
        .iter()
        .filter_map(|event| match event {
            OrderEvent::HoldPlaced { .. } => Some(("-", "HoldPlaced", "open")),
            OrderEvent::HoldReassigned { .. } => Some(("open", "HoldReassigned", "open")),
            OrderEvent::HoldReleased { .. } => Some(("open", "HoldReleased", "released")),
            OrderEvent::HoldExpired { .. } => Some(("open", "HoldExpired", "expired")),
            _ => None,
        })
        .collect()
}

#[test]
fn sm_03_a_hold_stops_what_leaves_and_nothing_else() {
    let mut world = placed(9, 3, false);
    let first = hold(HoldKind::Risk, "call", None, OnExpiry::Release, &world);
    assert_eq!(act(&mut world, first.clone()), Ok(1));
    assert_eq!(act(&mut world, first), Ok(0), "the same kind and reference again is the same hold");
    assert_eq!(act(&mut world, OrderCommand::ReleaseUnits), Err("order_on_hold".into()));
    let mut content = world.orders[&ID].content.clone().unwrap();
    content.lines[0].quantity = 4;
    let plan = world.shop.approval_plan(content.total(), 1);
    act(&mut world, OrderCommand::ProposeChange { content, plan }).unwrap();
    assert_eq!(world.orders[&ID].edition, 2, "an order on hold can be edited");
    act(&mut world, OrderCommand::ReassignHold { hold: 1, owner: "finance".into() }).unwrap();
    assert_eq!(world.orders[&ID].holds[0].owner, "finance");
    let release = |hold, reason: &str| OrderCommand::ReleaseHold { hold, reason: reason.into() };
    assert_eq!(act(&mut world, release(1, " ")), Err("reason_required".into()));
    assert_eq!(act(&mut world, release(9, "looked at")), Err("unknown_hold".into()));
    act(&mut world, release(1, "looked at")).unwrap();
    act(&mut world, OrderCommand::ReleaseUnits).unwrap();
    // On the floor: the parcel is stopped too, and its booking with it.
    work(&mut world, ParcelState::Packed);
    let second = hold(HoldKind::Address, "city", None, OnExpiry::Release, &world);
    act(&mut world, second).unwrap();
    let booking = OrderCommand::BookConsignment { parcel: 1, carrier: "PostEx".into(), tracking: "PX1".into() };
    assert_eq!(act(&mut world, booking), Err("order_on_hold".into()));
    let parcel = world.warehouses[&codes()[0]].parcels().next().unwrap().1.clone();
    assert_eq!(parcel.held.as_deref(), Some("to be looked at"));
    let number = world.orders[&ID].holds[0].number;
    act(&mut world, release(number, "it is right")).unwrap();
    assert!(world.warehouses[&codes()[0]].parcels().next().unwrap().1.held.is_none());
    work(&mut world, ParcelState::HandedOver);
    world.check_at_rest();
}

/// The two entries by which a customer cancels.
fn by_customer() -> [OrderCommand; 2] {
    [
        OrderCommand::CancelByLink { reason: "no longer wanted".into() },
        OrderCommand::CancelForCustomer { source: "customer by WhatsApp".into() },
    ]
}

#[test]
fn sm_04_can_07_can_09_a_customer_cancels_by_one_rule_whichever_way_it_is_said() {
    for cancel in by_customer() {
        let cancel = || cancel.clone();
        for release in [false, true] {
            let mut world = placed(9, 3, release);
            assert_eq!(world.orders[&ID].customer_cancel(), CustomerCancel::AtOnce);
            act(&mut world, cancel()).unwrap();
            assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Canceled, "released: {release}");
            assert_eq!(world.orders[&ID].customer_cancel(), CustomerCancel::Already);
            assert_eq!(act(&mut world, cancel()), Ok(0), "once more changes nothing");
            world.check_at_rest();
        }
        // Packed: our people decide.
        let mut world = placed(9, 3, true);
        work(&mut world, ParcelState::Packed);
        assert_eq!(world.orders[&ID].customer_cancel(), CustomerCancel::Ask);
        act(&mut world, cancel()).unwrap();
        assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Processing, "nothing is canceled behind the floor's back");
        assert_eq!(world.orders[&ID].cancellation.as_deref().unwrap().state, CancellationState::Requested);
        assert_eq!(act(&mut world, cancel()), Ok(0), "it is asked for once");
        // What has left is not canceled.
        let mut world = placed(9, 3, true);
        work(&mut world, ParcelState::HandedOver);
        assert_eq!(act(&mut world, cancel()), Err("under_way".into()));
        world.check_at_rest();
        // Somebody decides about a part of it.
        let mut world = placed(9, 3, true);
        let part = OrderCommand::RequestCancellation { lines: vec![(1, 1)], reason: "one less".into(), approve: false };
        act(&mut world, part).unwrap();
        assert!(!world.orders[&ID].customer_may_cancel());
        assert_eq!(act(&mut world, cancel()), Err("cancellation_open".into()));
    }
    let mut world = placed(9, 3, false);
    assert_eq!(act(&mut world, OrderCommand::CancelByLink { reason: " ".into() }), Err("reason_required".into()));
    assert_eq!(act(&mut world, OrderCommand::RevokeTracking), Ok(1));
    assert_eq!(world.orders[&ID].tracking_revoked, 1);
}

#[test]
fn sm_03_a_hold_that_runs_out_is_released_escalated_or_cancels_the_order() {
    let mut seen = BTreeSet::new();
    for (on_expiry, lifecycle, holds) in [
        (OnExpiry::Release, Lifecycle::Approved, 0),
        (OnExpiry::Escalate, Lifecycle::Approved, 1),
        (OnExpiry::Cancel, Lifecycle::Canceled, 0),
    ] {
        let mut world = placed(9, 3, false);
        let past = hold(HoldKind::Risk, "past", Some(0), on_expiry, &world);
        assert_eq!(act(&mut world, past), Err("invalid_value".into()));
        let timed = hold(HoldKind::Risk, "call", Some(600), on_expiry, &world);
        act(&mut world, timed).unwrap();
        world.pass(599);
        assert_eq!(world.orders[&ID].holds.len(), 1, "never early");
        world.pass(1);
        world.drain();
        let order = &world.orders[&ID];
        assert_eq!((order.lifecycle, order.holds.len()), (lifecycle, holds), "{on_expiry}");
        assert!(order.holds.iter().all(|hold| hold.owner == "admin" && hold.expires.is_none()), "once");
        world.check_at_rest();
        seen.extend(hold_rows(&world.order_events[&ID]));
    }
    let mut world = placed(9, 3, false);
    for command in [
        hold(HoldKind::Manual, "a", None, OnExpiry::Release, &world),
        OrderCommand::CancelOrder { reason: "changed her mind".into() },
    ] {
        act(&mut world, command).unwrap();
    }
    assert!(world.orders[&ID].holds.is_empty(), "a terminal lifecycle releases every hold");
    let late = hold(HoldKind::Manual, "late", None, OnExpiry::Release, &world);
    assert_eq!(act(&mut world, late), Err("wrong_order_state".into()));
    seen.extend(hold_rows(&world.order_events[&ID]));
    for edge in table::HOLD.edges {
        assert!(seen.contains(&(edge.from, edge.event, edge.to)), "nothing took {edge:?}");
    }
}

/// States of the cancellation request after each event that is about one.
fn cancellation_rows(events: &[OrderEvent]) -> BTreeSet<(String, String, String)> {
    let mut order = Order::default();
    let mut rows = BTreeSet::new();
    let state = |order: &Order| order.cancellation.as_ref().map_or("-", |request| request.state.word()).to_owned();
    for event in events {
        let before =
            if matches!(event, OrderEvent::CancellationRequested { .. }) { "-".to_owned() } else { state(&order) };
        order.evolve(event);
        let name = serde_json::to_value(event).unwrap()["type"].as_str().unwrap().to_owned();
        if table::CANCELLATION.edges.iter().any(|edge| edge.event == name) {
            rows.insert((before, name, state(&order)));
        }
    }
    rows
}

#[test]
fn sm_04_can_07_a_request_is_decided_and_carried_out() {
    let mut seen = BTreeSet::new();
    for decision in [
        OrderCommand::RefuseCancellation { reason: "packed already".into() },
        OrderCommand::WithdrawCancellation,
        OrderCommand::ApproveCancellation,
    ] {
        let mut world = placed(9, 5, true);
        act(&mut world, request(&[(1, 2)], false)).unwrap();
        let order = &world.orders[&ID];
        assert_eq!(order.cancellation.as_ref().unwrap().state, CancellationState::Requested);
        assert_eq!(munshi_domain::order::display_status(order), "pending_cancellation");
        assert_eq!(order.holds[0].kind, HoldKind::Cancellation);
        assert_eq!(act(&mut world, request(&[(1, 1)], true)), Err("cancellation_open".into()));
        let own = OrderCommand::ReleaseHold { hold: 1, reason: "no".into() };
        assert_eq!(act(&mut world, own), Err("invalid_value".into()), "its hold ends with it");
        let approved = decision == OrderCommand::ApproveCancellation;
        act(&mut world, decision).unwrap();
        let order = &world.orders[&ID];
        assert_eq!(order.units(Stage::Canceled), if approved { 2 } else { 0 });
        assert!(order.holds.is_empty());
        assert_eq!(act(&mut world, OrderCommand::ApproveCancellation), Err("no_cancellation_open".into()));
        world.check_at_rest();
        seen.extend(cancellation_rows(&world.order_events[&ID]));
    }
    for edge in table::CANCELLATION.edges {
        let row = (edge.from.to_owned(), edge.event.to_owned(), edge.to.to_owned());
        assert!(seen.contains(&row), "nothing took {row:?} of {seen:?}");
    }
}

#[test]
fn sm_04_can_01_two_of_five_then_three_of_five() {
    for release in [false, true] {
        let mut world = placed(9, 5, release);
        act(&mut world, request(&[(1, 2)], true)).unwrap();
        let row = |world: &World| {
            world.warehouses[&codes()[0]].rows().find(|row| row.sku.as_str() == SKUS[0]).unwrap().clone()
        };
        let order = &world.orders[&ID];
        assert_eq!((order.units(Stage::Canceled), order.to_ship()), (2, 3), "on the floor: {release}");
        assert_eq!((row(&world).allocated, row(&world).available()), (3, 6));
        assert_eq!(act(&mut world, request(&[(1, 4)], true)), Err("not_enough_units".into()));
        act(&mut world, request(&[(1, 3)], true)).unwrap();
        assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Canceled);
        assert_eq!((row(&world).allocated, row(&world).available()), (0, 9));
        world.check_at_rest();
    }
}

#[test]
fn sm_04_units_that_left_are_not_canceled() {
    let mut world = placed(9, 2, true);
    work(&mut world, ParcelState::HandedOver);
    assert_eq!(act(&mut world, request(&[], true)), Err("under_way".into()));
    let delivered = OrderCommand::RecordCarrierScan { parcel: 1, status: CarrierStatus::Delivered };
    act(&mut world, delivered).unwrap();
    assert_eq!(act(&mut world, request(&[], true)), Err("use_return".into()), "can_13: a return is the way");
}

#[test]
fn val_17_an_order_that_ships_complete_waits_for_its_last_unit() {
    let mut world = World::new([[3, 5, 5], [0; 3]], 5_000, 100_000, false);
    let content = world.content(&[(0, 5)], PaymentMethod::Cod, true, true);
    assert!(world.place(ID, content, false));
    world.drain();
    let order = &world.orders[&ID];
    assert_eq!((order.units(Stage::Allocated), order.units(Stage::Backordered)), (3, 2));
    assert!(order.parcels.is_empty(), "nothing goes to the floor");
    assert_eq!(act(&mut world, OrderCommand::ReleaseUnits), Err("nothing_to_release".into()));
    assert!(world.receive(&codes()[0], SKUS[0], 1));
    world.drain();
    assert!(world.orders[&ID].parcels.is_empty(), "one is still missing");
    assert!(world.receive(&codes()[0], SKUS[0], 1));
    world.drain();
    assert_eq!(world.orders[&ID].parcels.len(), 1);
    assert_eq!(world.orders[&ID].parcels[0].lines.as_slice(), [(1, 5)]);
    world.check_at_rest();
}

/// The seller decides: what is there goes first, the rest when it comes, and every unit once.
#[test]
fn bko_07_bko_08_what_is_there_ships_first_and_every_unit_once() {
    let mut world = World::new([[3, 5, 5], [0; 3]], 5_000, 100_000, false);
    let content = world.content(&[(0, 5)], PaymentMethod::Cod, true, false);
    assert!(world.place(ID, content, false));
    world.drain();
    work(&mut world, ParcelState::HandedOver);
    assert!(world.receive(&codes()[0], SKUS[0], 4));
    world.drain();
    let parcels: Vec<_> = world.orders[&ID].parcels.iter().map(|parcel| parcel.lines.to_vec()).collect();
    assert_eq!(parcels, [vec![(1, 3)], vec![(1, 2)]]);
    let mut order = Order::default();
    for event in &world.order_events[&ID] {
        order.evolve(event);
        for line in &order.lines {
            let pending = line.open + line.units(Stage::Reserved) + line.units(Stage::Backordered);
            let allocated = line.units(Stage::Allocated) + line.units(Stage::Picking) + line.units(Stage::Packed);
            assert_eq!(line.ordered, pending + allocated + line.shipped() + line.canceled, "after {event:?}");
        }
    }
    world.check_at_rest();
}

#[test]
fn apr_26_a_draft_holds_nothing_and_no_warehouse_sees_it() {
    let mut world = World::new([[3, 5, 5], [0; 3]], 5_000, 100_000, false);
    let content = world.content(&[(0, 2)], PaymentMethod::Terms, false, false);
    let draft = OrderCommand::CreateDraft { id: ID, content: Box::new(content), ephemeral: false, submit: None };
    act(&mut world, draft).unwrap();
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Draft);
    for code in codes() {
        assert!(world.warehouses[&code].holdings(ID).is_empty());
        assert_eq!(world.warehouses[&code].rows().map(|row| row.promised() + row.waiting).sum::<u32>(), 0);
    }
    assert!(world.customer.ledger.holds.is_empty(), "nor credit");
    world.check_at_rest();
}

#[test]
fn apr_24_apr_08_an_edit_invalidates_the_approval_and_asks_again() {
    let mut world = World::new([[9, 5, 5], [0; 3]], 5_000, 300, false);
    world.shop.release_automatically = false;
    let content = world.content(&[(0, 4)], PaymentMethod::Cod, false, false);
    assert!(world.place(ID, content, false));
    world.drain();
    let first = world.orders[&ID].approval.clone().unwrap();
    let mut content = world.orders[&ID].content.clone().unwrap();
    content.lines[0].quantity = 5;
    let plan = world.shop.approval_plan(content.total(), 2);
    act(&mut world, OrderCommand::ProposeChange { content, plan }).unwrap();
    let second = world.orders[&ID].approval.clone().unwrap();
    assert!(second.number > first.number && second.hash != first.hash, "the new edition is asked about");
    assert_eq!(world.queue.steps().count(), 1, "the old step is closed");
    let stale = munshi_domain::approval::QueueCommand::VoteOnStep {
        step: world.queue.steps().next().unwrap().about.step,
        approver: MANAGER,
        on_behalf: None,
        approve: true,
        hash: first.hash.clone(),
        rationale: "looked at the old one".into(),
    };
    assert!(!world.queue_do(stale), "a signature under the old content does not count");
    assert!(world.vote(true));
    world.drain();
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Approved);
    world.check_at_rest();
}

#[test]
fn mod_01_an_edit_is_reserved_whole_or_not_at_all_and_a_decrease_frees_at_once() {
    let mut world = placed(6, 4, false);
    let edit = |world: &mut World, lines: &[(usize, u32)]| {
        let content = world.content(lines, PaymentMethod::Cod, false, false);
        let plan = world.shop.approval_plan(content.total(), 2);
        act(world, OrderCommand::ProposeChange { content: Box::new(content), plan })
    };
    let available = |world: &World, sku: usize| {
        world.warehouses[&codes()[0]].available(&munshi_domain::Sku::parse(SKUS[sku]).unwrap())
    };
    edit(&mut world, &[(0, 6), (1, 9)]).unwrap();
    assert_eq!(world.orders[&ID].edition, 1, "9 of the second are not there, so the first stays as well");
    assert_eq!((available(&world, 0), available(&world, 1)), (2, 5));
    edit(&mut world, &[(0, 6), (1, 2)]).unwrap();
    assert_eq!((available(&world, 0), available(&world, 1)), (0, 3));
    edit(&mut world, &[(0, 1), (1, 2)]).unwrap();
    assert_eq!((available(&world, 0), world.orders[&ID].ordered()), (5, 3), "others may have them now");
    world.check_at_rest();
}

proptest! {
    /// To the paisa, whatever is in the cart: the lines and the delivery charge are the total, and the parts of it
    /// that an invoice shows add up.
    #[test]
    fn lin_05_lines_sum_to_the_total_of_the_order(
        lines in prop::collection::vec((1u32..2_000, 0i64..10_000_000, 0i64..10_000, 0i64..10_000), 1..30),
        shipping in 0i64..100_000,
        included: bool,
    ) {
        let world = World::new([[0; 3]; 2], 1, 1, false);
        let mut content = world.content(&[(0, 1)], PaymentMethod::Cod, false, false);
        let first = content.lines.remove(0);
        content.tax_included = included;
        content.shipping_fee = Decimal::new(shipping, 2);
        for (number, (quantity, price, off, rate)) in (1u16..).zip(lines) {
            let mut line = first.clone();
            (line.line, line.quantity) = (number, quantity);
            line.unit_price = Decimal::new(price, 2);
            line.discount = Decimal::new(off, 2).min(line.unit_price * Decimal::from(quantity));
            line.tax_rate = Decimal::new(rate, 2);
            content.lines.push(line);
        }
        prop_assert!(content.check().is_ok());
        let totals = content.totals();
        let each: Vec<_> = content.lines.iter().map(|line| line.totals(Currency::PKR, included)).collect();
        let sum: Decimal = each.iter().map(|line| line.total).sum();
        prop_assert_eq!(totals.total, sum + totals.shipping);
        let tax: Decimal = each.iter().map(|line| line.tax).sum();
        prop_assert_eq!(totals.tax, tax);
        let added = if included { Decimal::ZERO } else { tax };
        prop_assert_eq!(totals.total, totals.subtotal - totals.discount + added + totals.shipping);
        prop_assert!(each.iter().all(|line| line.total.scale() <= 2 && line.tax.scale() <= 2));
    }
}
