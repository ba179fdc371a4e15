//! What pick lists have reserved stays where it is, and replenishments as tasks (warehouse-floor.md §8).

use std::collections::BTreeSet;

use munshi_domain::{
    OrderId, ParcelId,
    floor::{
        DeviceOp as D, First, FloorCode as F, FloorCommand as C, FloorRefusal, FlowName, Place, TaskId, TaskState,
        Work, WorkOffice,
    },
};

use crate::{bench::*, put_away::loose};

/// A pick list of one line of A that a device has, planned.
pub fn listed(b: &mut Bench, n: u8, units: u32) {
    let parcel = ParcelId { order: OrderId::from_u128(u128::from(n)), number: 1 };
    b.office(C::Work(WorkOffice::AddPickTask { parcel, lines: vec![(1, sku("A"), units)], priority: 0 }));
    b.all(n, [choose(FlowName::Pick), D::GetWork, D::Suspend]);
}

pub fn replenish(item: &str, to: &str, units: u32) -> C {
    C::Work(WorkOffice::AddReplenishment { to: loc(to), sku: sku(item), units, priority: 0 })
}

/// The newest replenishment.
fn newest(b: &Bench) -> TaskId {
    let tasks = b.floor.work().tasks.iter().filter(|(_, task)| matches!(task.work, Work::Replenish(_)));
    tasks.map(|(id, _)| id).last().expect("a replenishment")
}

fn brought(b: &Bench, task: TaskId) -> (TaskState, u32) {
    let task = b.floor.work().tasks.get(task).expect("remembered");
    match &task.work {
        Work::Replenish(work) => (task.state, work.brought),
        other => panic!("{other:?}"),
    }
}

fn cancel(task: TaskId) -> C {
    C::Work(WorkOffice::CancelTask { task })
}

/// The codes of both.
pub fn codes() -> BTreeSet<F> {
    let mut b = Bench::new();
    loose(&mut b, "R-5", "A", 8);
    listed(&mut b, 2, 3);
    b.all(1, [choose(FlowName::Move), text("R-5"), text("A")]);
    b.no(1, D::Quantity("6".into()), F::ReservedStock);
    b.ok(1, D::Quantity("5".into()));
    b.office(replenish("A", "PF-2", 2));
    b.all(1, [choose(FlowName::Replenish), D::GetWork, text("R-5")]);
    b.office(cancel(newest(&b)));
    b.no(1, text("A"), F::ReplenCancelled);
    b.met
}

#[test]
fn wms_02_what_a_list_will_take_is_not_moved_away() {
    let mut b = Bench::new();
    loose(&mut b, "R-5", "A", 8);
    listed(&mut b, 2, 3);
    b.all(1, [choose(FlowName::Move), text("R-5"), text("A")]);
    let said = b.no(1, D::Quantity("8".into()), F::ReservedStock).screen.msg.unwrap();
    assert_eq!((said.field.as_deref(), said.args["units"].as_str()), (Some("/qty"), "5"));
    b.all(1, [D::Quantity("5".into()), text("PF-2")]);
    assert_eq!((b.units("R-5", "A"), b.units("PF-2", "A")), (3, 5));
    b.all(1, [choose(FlowName::Move), text("R-5"), text("A")]);
    b.no(1, D::Quantity("1".into()), F::ReservedStock);
    // Once nobody wants the parcel, the units are free.
    let parcel = ParcelId { order: OrderId::from_u128(2), number: 1 };
    b.office(C::Work(WorkOffice::CancelParcel { parcel, kept: false }));
    b.all(1, [D::Quantity("3".into()), text("PF-2")]);
    assert_eq!(b.units("R-5", "A"), 0);
}

#[test]
fn what_is_reserved_between_the_quantity_and_the_location_stays_too() {
    let mut b = Bench::new();
    loose(&mut b, "R-5", "A", 8);
    b.all(1, [choose(FlowName::Move), text("R-5"), text("A"), D::Quantity("8".into())]);
    listed(&mut b, 2, 3);
    b.no(1, text("PF-2"), F::ReservedStock);
    assert_eq!((b.units("R-5", "A"), b.units("PF-2", "A")), (8, 0));
}

#[test]
fn a_plate_that_a_list_takes_from_stays_and_another_goes() {
    let mut b = Bench::new();
    b.stocked("A", 5, 2, "R-5");
    b.stocked("A", 5, 3, "R-1");
    listed(&mut b, 2, 3);
    let on = |number: u64, bin: &str| Place::on(loc(bin), plate(&own(number)));
    assert_eq!(b.floor.work().tasks.reserved(&on(3, "R-1"), &goods("A", None)), 3);
    b.ok(1, choose(FlowName::Move));
    b.no(1, sscc(&own(3)), F::ReservedStock);
    b.all(1, [sscc(&own(2)), text("PF-2")]);
    assert_eq!(b.units("PF-2", "A"), 5);
}

#[test]
fn wms_03_a_pick_face_gets_what_it_asked_for_in_as_many_walks_as_it_takes() {
    for first in [First::Location, First::Item] {
        let mut b = Bench::new();
        loose(&mut b, "R-5", "A", 8);
        b.office(replenish("A", "PF-2", 6));
        let task = newest(&b);
        b.ok(1, D::Choose { flow: FlowName::Replenish, first });
        let view = b.ok(1, D::GetWork).screen.view;
        assert_eq!((view["fetch_from"].as_str(), view["wanted"]["units"].as_u64()), (Some("R-5"), Some(6)));
        assert_eq!(brought(&b, task).0, TaskState::Leased);
        b.ok(2, D::Choose { flow: FlowName::Replenish, first });
        b.no(2, D::GetWork, F::NoWork);
        let order = if first == First::Item { ["A", "R-5"] } else { ["R-5", "A"] };
        if first == First::Item {
            b.no(1, text("C"), F::UnexpectedScan);
        }
        b.all(1, order.map(text));
        b.all(1, [D::Quantity("4".into()), text("PF-2"), D::Next]);
        assert_eq!(brought(&b, task), (TaskState::Leased, 4));
        b.all(1, order.map(text));
        b.ok(1, D::Quantity("2".into()));
        // Another face than the one that asked is a deviation, and meant when it is scanned again.
        let said = b.no(1, text("PF-1"), F::ConfirmByRescan).screen.msg.unwrap();
        assert_eq!(said.args["expected"], "PF-2");
        b.all(1, [text("PF-2"), D::Next]);
        assert_eq!(brought(&b, task), (TaskState::Done, 6));
        assert_eq!((b.units("R-5", "A"), b.units("PF-2", "A")), (2, 6));
        b.no(1, D::GetWork, F::NoWork);
    }
}

#[test]
fn a_plate_fills_a_pick_face_if_it_has_nothing_else() {
    let mut b = Bench::new();
    b.stocked("A", 5, 2, "R-5");
    b.stocked("H", 5, 3, "R-3");
    b.office(replenish("A", "PF-2", 5));
    let task = newest(&b);
    b.all(1, [choose(FlowName::Replenish), D::GetWork]);
    b.no(1, sscc(&own(3)), F::UnexpectedScan);
    b.all(1, [sscc(&own(2)), text("PF-2")]);
    assert_eq!(brought(&b, task), (TaskState::Done, 5));
}

#[test]
fn a_canceled_replenishment_moves_nothing_in_any_state() {
    let walk = [text("R-5"), text("A"), D::Quantity("4".into()), text("PF-1"), D::Quantity("42".into())];
    for done in 0..walk.len() {
        let mut b = Bench::new();
        loose(&mut b, "R-5", "A", 8);
        b.office(replenish("A", "PF-1", 4));
        let task = newest(&b);
        b.all(1, [choose(FlowName::Replenish), D::GetWork]);
        for op in &walk[..done] {
            b.ok(1, op.clone());
        }
        b.office(cancel(task));
        let answer = b.no(1, walk[done].clone(), F::ReplenCancelled);
        assert_eq!((answer.screen.state.as_str(), b.units("R-5", "A")), ("Source", 8));
        assert_eq!(b.office(cancel(task)), [], "once is enough");
        b.no(1, D::GetWork, F::NoWork);
    }
}

#[test]
fn a_replenishment_that_went_to_somebody_else_is_lost() {
    let mut b = Bench::new();
    loose(&mut b, "R-5", "A", 8);
    b.office(replenish("A", "PF-2", 4));
    let task = newest(&b);
    b.all(1, [choose(FlowName::Replenish), D::GetWork, text("R-5")]);
    b.office(C::Work(WorkOffice::Reassign { task, to: Some(operator(2)) }));
    b.no(1, text("A"), F::LeaseLost);
    b.all(2, [choose(FlowName::Replenish), D::GetWork, text("R-5"), text("A"), D::Quantity("4".into()), text("PF-2")]);
    assert_eq!(brought(&b, task), (TaskState::Done, 4));
    assert!(matches!(b.apply(&cancel(task)), Err(FloorRefusal::State { .. })), "what is done stays done");
}

#[test]
fn the_office_asks_for_what_can_be_brought() {
    let mut b = Bench::new();
    assert!(matches!(b.apply(&replenish("A", "NOPE", 1)), Err(FloorRefusal::Unknown { what: "location", .. })));
    assert!(matches!(b.apply(&replenish("NOPE", "PF-1", 1)), Err(FloorRefusal::Unknown { what: "item", .. })));
    for (to, units, field) in [("R-1", 1, "to"), ("PF-1", 0, "units"), ("PF-1", 1_000_001, "units")] {
        let refused = b.apply(&replenish("A", to, units)).unwrap_err();
        assert!(matches!(refused, FloorRefusal::Invalid { field: named, .. } if named == field), "{refused}");
    }
    loose(&mut b, "R-5", "A", 8);
    listed(&mut b, 2, 3);
    let (pick, _) = b.floor.work().tasks.iter().next().unwrap();
    assert!(matches!(b.apply(&cancel(pick)), Err(FloorRefusal::State { .. })), "a pick ends with its parcel");
    assert!(matches!(b.apply(&cancel(TaskId(99_999))), Err(FloorRefusal::Unknown { .. })));
}
