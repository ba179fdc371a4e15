//! Facts performed without a connection (warehouse-floor.md §9): never refused for disagreeing with the books, never
//! counted twice, every disagreement an exception.

use munshi_domain::floor::{
    Condition, Content, DeviceOp as D, FloorCode as F, FloorCommand as C, FlowName, Outcome, PlateState, ReceivedFact,
    StoredFact,
};

use crate::bench::*;

fn received(document: &str, number: &str, content: Option<(&str, u32)>) -> D {
    let content = content.map(|(item, units)| Content { goods: goods(item, None), units, serials: Vec::new() });
    let raw = vec![format!("00{number}")];
    D::Received(ReceivedFact { doc: doc(document), bin: None, plate: plate(number), content, raw })
}

fn stored(number: &str, at: &str) -> D {
    D::Stored(StoredFact { plate: plate(number), bin: loc(at), raw: vec![at.into()] })
}

#[test]
fn same_sscc_received_at_two_doors_counts_once() {
    let mut b = Bench::new();
    b.ok(1, received("ASN-1", &foreign(1), None));
    b.despite(2, received("ASN-1", &foreign(1), None), F::SsccAlreadyReceived);
    assert_eq!(b.units("STAGE", "A"), 4);
    let mut b = Bench::new();
    b.all(1, [choose(FlowName::Receive), text("ASN-1"), sscc(&foreign(1)), D::Condition(Condition::Good)]);
    b.despite(2, received("ASN-1", &foreign(1), None), F::SsccAlreadyReceived);
    assert_eq!(b.units("STAGE", "A"), 4, "also when the first was scanned online");
}

#[test]
fn receipts_that_break_a_rule_are_booked_with_the_rule_as_reason() {
    let closed = |b: &mut Bench| {
        b.all(2, [choose(FlowName::Receive), text("PO-2"), D::Close]);
        b.no(2, D::Confirm, F::CloseWithOpenLines);
        b.ok(2, D::Confirm);
    };
    for (document, item, units, code) in [
        ("NOPE", "A", 3, F::DocNotFound),
        ("PO-X", "A", 3, F::DocOtherSite),
        ("PO-1", "H", 3, F::ItemNotOnDoc),
        ("PO-2", "A", 12, F::OverReceipt),
        ("PO-1", "B", 3, F::LotRequired),
        ("PO-1", "C", 3, F::SerialCountMismatch),
    ] {
        let mut b = Bench::new();
        b.despite(1, received(document, &own(1), Some((item, units))), code);
        assert_eq!(b.units("STAGE", item), i64::from(units), "{code}");
        assert_eq!(b.floor.plate(&plate(&own(1))).unwrap().state, PlateState::Staged);
    }
    let mut b = Bench::new();
    closed(&mut b);
    b.despite(1, received("PO-2", &own(1), Some(("A", 3))), F::DocClosed);
    assert_eq!(b.units("STAGE", "A"), 3);
}

#[test]
fn a_receipt_nobody_can_interpret_is_kept_raw() {
    let mut b = Bench::new();
    b.despite(1, received("ASN-1", &foreign(99), None), F::SsccNotOnAsn);
    b.despite(1, received("PO-1", &own(1), Some(("A", 0))), F::QtyZero);
    b.despite(1, received("NOPE", &own(1), None), F::DocNotFound);
    let raw: Vec<_> = b.floor.exceptions().filter_map(|exception| exception.about.get("raw")).collect();
    assert!(raw.contains(&&format!("00{}", foreign(99))) && raw.len() == 3);
    assert!(b.floor.bins().all(|(_, bin)| bin.lines.is_empty()));
}

#[test]
fn the_same_serial_received_twice_stays_where_it_was() {
    let mut b = Bench::new();
    let content = |text| Content { goods: goods("C", None), units: 1, serials: vec![serial(text)] };
    let fact = |number, content| {
        let raw = vec!["raw".to_owned()];
        D::Received(ReceivedFact {
            doc: doc("PO-1"),
            bin: None,
            plate: plate(&own(number)),
            content: Some(content),
            raw,
        })
    };
    b.ok(1, fact(1, content("S1")));
    b.put(1, 1, "R-5");
    b.despite(2, fact(3, content("S1")), F::SerialDuplicate);
    assert_eq!(b.floor.serial(&sku("C"), &serial("S1")), Some(&loc("R-5")));
    assert_eq!(b.units("STAGE", "C"), 1, "the unit is there, whatever its number says");
}

#[test]
fn a_plate_is_where_the_operator_put_it_whatever_the_rules_say() {
    for (at, code) in [("R-4", F::LocBlocked), ("R-1", F::LocFull), ("R-3", F::WrongZone)] {
        let mut b = Bench::new();
        b.staged(1, "A", 61, 1);
        if code == F::WrongZone {
            b.office(C::PutItemRule(Box::new(munshi_domain::floor::ItemRule {
                zone: "dry".into(),
                ..munshi_domain::floor::ItemRule::plain(sku("A"))
            })));
        }
        b.despite(2, stored(&own(1), at), code);
        assert_eq!((b.units(at, "A"), b.units("STAGE", "A")), (61, 0));
    }
    let mut b = Bench::new();
    b.staged(1, "A", 6, 1);
    b.ok(2, stored(&own(1), "R-5"));
    b.despite(1, stored(&own(1), "R-1"), F::LpnAlreadyStored);
    assert_eq!(b.units("R-1", "A"), 6, "who was there last knows where it is");
    b.despite(1, stored(&own(1), "NOPE"), F::LocUnknown);
    b.despite(1, stored(&own(9), "R-1"), F::LpnUnknown);
    assert_eq!(b.units("R-1", "A"), 6);
}

#[test]
fn received_and_stored_without_a_connection_need_nobody() {
    let mut b = Bench::new();
    b.ok(1, received("PO-1", &own(1), Some(("A", 6))));
    b.ok(1, stored(&own(1), "R-5"));
    assert_eq!((b.units("R-5", "A"), b.floor.exceptions().count()), (6, 0));
}

#[test]
fn a_repeat_of_a_fact_is_answered_and_not_booked() {
    let mut b = Bench::new();
    let command = b.command(1, received("PO-1", &own(1), Some(("A", 6))));
    let (first, _) = b.send(command.clone());
    assert_eq!(first.outcome, Outcome::Applied);
    assert_eq!(b.apply(&C::Device(Box::new(command.clone()))).unwrap(), vec![]);
    assert_eq!(b.floor.answer(&device(1), &command.key).map(|answer| answer.outcome), Some(Outcome::Applied));
    assert_eq!(b.units("STAGE", "A"), 6);
}

#[test]
fn an_exception_is_resolved_once() {
    let mut b = Bench::new();
    let id = b.despite(1, received("NOPE", &own(1), None), F::DocNotFound).exception.unwrap();
    let resolve = C::ResolveException { id, note: "the supplier sent the order again".into() };
    assert_eq!(b.office(resolve.clone()).len(), 1);
    assert_eq!(b.office(resolve), vec![]);
    assert_eq!(b.floor.exceptions().count(), 0);
}
