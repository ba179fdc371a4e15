//! Return (warehouse-floor.md §7.8).

use std::collections::BTreeSet;

use munshi_domain::floor::{
    Condition, DeviceOp as D, Disposition, FloorCode as F, FloorCommand as C, FlowName, Grade, Group, LotStatus,
    Outcome, PlateState, Scan,
};

use crate::{bench::*, covers};

fn returning() -> Bench {
    let mut b = Bench::new();
    b.all(1, [choose(FlowName::Return), text("1001")]);
    b
}

fn lotted(number: &str, expiry: &str) -> D {
    D::Scan(Scan { lot: Some(lot(number)), expiry: Some(day(expiry)), ..gtin(GTIN_B) })
}

fn serialled(number: &str) -> D {
    D::Scan(Scan { serial: Some(serial(number)), ..gtin(GTIN_C) })
}

fn disposed(b: &mut Bench, grade: Grade, disposition: Disposition, number: u64) {
    b.all(1, [D::Grade(grade), D::Disposition(disposition), sscc(&own(number))]);
}

fn codes() -> BTreeSet<F> {
    let mut met = BTreeSet::new();
    let mut keep = |bench: Bench| met.extend(bench.met);

    let mut b = Bench::new();
    b.ok(1, choose(FlowName::Return));
    b.no(1, text("NOPE"), F::RmaNotFound);
    b.no(1, text("1003"), F::RmaClosed);
    b.no(1, text("T-RMA-2"), F::RmaExpired);
    b.ok(1, text("T-RMA-1"));
    b.no(1, text("D"), F::NotOnOrder);
    b.ok(1, text("A"));
    b.no(1, D::Quantity("3".into()), F::ReturnGtShipped);
    b.no(1, D::Next, F::GradeRequired);
    b.ok(1, D::Quantity("2".into()));
    disposed(&mut b, Grade::New, Disposition::Restock, 1);
    b.ok(1, D::Next);
    b.no(1, text("A"), F::AlreadyReturned);
    let answer = b.no(1, serialled("S1"), F::SerialMismatch);
    assert_eq!(answer.exception, None);
    assert!(b.floor.exceptions().any(|exception| exception.code == F::SerialMismatch), "somebody is told");
    keep(b);

    let mut b = returning();
    b.office(C::SetLotStatus { sku: sku("B"), lot: lot("L1"), status: LotStatus::Recalled, reason: "glass".into() });
    b.all(1, [lotted("L1", "2027-06-01"), D::Grade(Grade::New)]);
    b.no(1, D::Disposition(Disposition::Restock), F::RecalledForceQuarantine);
    b.ok(1, D::Disposition(Disposition::Quarantine));
    keep(b);

    let mut b = returning();
    b.all(1, [lotted("L0", "2020-01-01"), D::Grade(Grade::New)]);
    b.no(1, D::Disposition(Disposition::Restock), F::ExpiredCannotRestock);
    b.no(1, D::Disposition(Disposition::Scrap), F::DispositionNotAllowed);
    keep(b);
    met
}

#[test]
fn return_meets_every_code_it_lists_and_no_other() {
    covers(&codes(), Group::Return, &[Group::Plate]);
}

#[test]
fn return_puts_graded_goods_on_a_plate_that_is_staged() {
    let mut b = returning();
    b.ok(1, serialled("S8"));
    disposed(&mut b, Grade::Opened, Disposition::Refurbish, 1);
    assert_eq!(b.floor.plate(&plate(&own(1))).map(|plate| plate.state), Some(PlateState::Staged));
    let line = &b.floor.bin(&loc("RET")).unwrap().lines[0];
    assert_eq!((line.goods.condition, line.units()), (Condition::Refurbish, 1));
    assert_eq!(b.floor.serial(&sku("C"), &serial("S8")), Some(&loc("RET")));
    b.ok(1, D::Next);
    b.no(1, serialled("S8"), F::AlreadyReturned);
    let rma = b.floor.rma(&doc("RMA-1")).unwrap();
    assert_eq!((rma.lines[2].returned, rma.lines[2].back.len()), (1, 1));
}

#[test]
fn return_asks_for_the_lot_and_the_serial_of_what_has_one() {
    let mut b = returning();
    assert_eq!(b.ok(1, text("B")).screen.state, "Tracking");
    assert_eq!(b.ok(1, text("L1")).screen.state, "Tracking");
    assert_eq!(b.ok(1, D::Expiry(day("2027-06-01"))).screen.state, "Grade");
    let mut b = returning();
    assert_eq!(b.ok(1, text("C")).screen.state, "Tracking");
    b.no(1, text("S1"), F::SerialMismatch);
    assert_eq!(b.ok(1, text("S9")).screen.state, "Grade");
}

#[test]
fn return_is_online_only() {
    let mut b = returning();
    let mut command = b.command(1, text("A"));
    command.offline = true;
    let (answer, _) = b.send(command);
    assert_eq!((answer.outcome, answer.code), (Outcome::Rejected, Some(F::OfflineNotAllowed)));
}

#[test]
fn return_two_devices_cannot_take_the_same_unit_twice() {
    let mut b = returning();
    b.all(2, [choose(FlowName::Return), text("1001")]);
    for n in [1, 2] {
        b.all(n, [serialled("S9"), D::Grade(Grade::New), D::Disposition(Disposition::Restock)]);
    }
    b.ok(1, sscc(&own(1)));
    b.no(2, sscc(&foreign(8)), F::AlreadyReturned);
    assert_eq!(b.units("RET", "C"), 1);
}
