//! Receive (warehouse-floor.md §7.2).

use munshi_domain::floor::{
    Condition, DeviceOp as D, First, FloorCode as F, FloorCommand as C, FloorEvent as E, FlowName, Group, Lot, Outcome,
    PlateState, Scan, Site,
};

use crate::{bench::*, covers};

fn receiving(doc: &str) -> Bench {
    let mut bench = Bench::new();
    bench.all(1, [choose(FlowName::Receive), text(doc)]);
    bench
}

fn on_plate(doc: &str) -> Bench {
    let mut bench = receiving(doc);
    bench.ok(1, sscc(&own(1)));
    bench
}

fn tracked(number: &str, expiry: &str) -> D {
    let lot: Option<Lot> = Some(lot(number));
    D::Scan(Scan { lot, expiry: Some(day(expiry)), ..gtin(GTIN_B) })
}

/// Every code of the flow, each in the situation it is for; answers the codes met.
fn codes() -> std::collections::BTreeSet<F> {
    let mut met = std::collections::BTreeSet::new();
    let mut keep = |bench: Bench| met.extend(bench.met);

    let mut b = Bench::new();
    b.ok(1, choose(FlowName::Receive));
    b.no(1, text("NOPE"), F::DocNotFound);
    b.no(1, text("PO-X"), F::DocOtherSite);
    b.ok(1, text("PO-2"));
    b.ok(2, choose(FlowName::Receive));
    b.no(2, text("PO-2"), F::DocLockedBy);
    b.ok(1, D::Suspend);
    b.all(2, [text("PO-2"), D::Close]);
    b.no(2, D::Confirm, F::CloseWithOpenLines);
    b.ok(2, D::Confirm);
    b.all(1, [choose(FlowName::Receive)]);
    b.no(1, text("PO-2"), F::DocClosed);
    keep(b);

    let mut b = receiving("ASN-1");
    b.no(1, sscc(&foreign(99)), F::SsccNotOnAsn);
    b.all(1, [sscc(&foreign(1)), D::Condition(Condition::Good)]);
    b.no(1, sscc(&foreign(1)), F::SsccAlreadyReceived);
    b.ok(1, sscc(&foreign(3)));
    b.no(1, D::Condition(Condition::Good), F::ExpiredOnArrival);
    b.ok(1, D::Condition(Condition::Quarantine));
    keep(b);

    let mut b = on_plate("PO-2");
    b.no(1, text("B"), F::ItemNotOnDoc);
    b.no(1, D::Scan(Scan { weight: Some("1.5".into()), ..gtin(GTIN_A) }), F::WeightAiUnexpected);
    b.no(1, D::Scan(gtin(GTIN_A_PALLET)), F::PackLevelUnknown);
    b.ok(1, D::Scan(Scan { count: Some(2), ..gtin(GTIN_A_CASE) }));
    b.no(1, D::Quantity("3".into()), F::CountAiMismatch);
    b.no(1, D::Quantity("0".into()), F::QtyZero);
    b.no(1, D::Quantity("1.5".into()), F::QtyFractionNotAllowed);
    b.no(1, D::Quantity(GTIN_A.into()), F::QtyLooksLikeBarcode);
    b.ok(1, D::Quantity("2".into()));
    let answer = b.dev(1, D::Condition(Condition::Good));
    assert_eq!((answer.outcome, answer.code), (Outcome::Pending, Some(F::OverReceipt)));
    keep(b);

    let mut b = on_plate("PO-1");
    b.ok(1, text("B"));
    b.no(1, D::Next, F::LotRequired);
    b.ok(1, text("L1"));
    b.no(1, D::Next, F::ExpiryRequired);
    b.no(1, D::Expiry(day("2026-01-01")), F::ExpiredOnArrival);
    b.no(1, D::Expiry(day("2026-06-10")), F::ShelfLifeShort);
    b.ok(1, D::Expiry(day("2027-06-01")));
    b.all(1, [D::Quantity("3".into()), D::Condition(Condition::Good), D::Next]);
    b.no(1, tracked("L1", "2027-07-01"), F::LotExpiryConflict);
    let answer = b.ok(1, text("L"));
    assert_eq!(answer.screen.state, "Tracking");
    let answer = b.ok(1, text("L1"));
    assert_eq!(answer.screen.msg.map(|msg| msg.code), Some(F::LotOtherItem));
    keep(b);

    let mut b = on_plate("PO-1");
    b.ok(1, D::Scan(Scan { serial: Some(serial("S1")), ..gtin(GTIN_C) }));
    b.no(1, text("S1"), F::SerialDuplicate);
    b.all(1, [text("S2"), D::Next]);
    b.no(1, D::Quantity("3".into()), F::SerialCountMismatch);
    b.all(1, [D::Quantity("2".into()), D::Condition(Condition::Good), D::Next, text("C")]);
    b.no(1, text("S2"), F::SerialDuplicate);
    keep(b);

    let mut b = Bench::new();
    b.office(C::SetSite(Box::new(Site { dock_required: true, ..site() })));
    b.all(1, [choose(FlowName::Receive), text("PO-1"), text("DOCK-1")]);
    b.all(2, [choose(FlowName::Receive), text("PO-2")]);
    b.no(2, text("DOCK-1"), F::DoorInUse);
    b.no(2, text("STAGE"), F::UnexpectedScan);
    b.ok(2, text("DOCK-2"));
    keep(b);
    met
}

#[test]
fn receive_meets_every_code_it_lists_and_no_other() {
    covers(&codes(), Group::Receive, &[Group::Plate]);
}

#[test]
fn receive_books_goods_on_a_plate_that_is_then_staged() {
    let mut b = on_plate("PO-1");
    b.all(1, [text("A"), D::Quantity("7".into()), D::Condition(Condition::Good)]);
    b.all(1, [D::Next, D::Scan(gtin(GTIN_A_CASE)), D::Quantity("2".into()), D::Condition(Condition::Damaged)]);
    assert_eq!(b.units("STAGE", "A"), 19);
    assert_eq!(b.floor.doc(&doc("PO-1")).unwrap().body.lines()[0].received, 19);
    assert_eq!(b.floor.plate(&plate(&own(1))).unwrap().state, PlateState::Open);
    b.ok(1, D::Suspend);
    assert_eq!(b.floor.plate(&plate(&own(1))).unwrap().state, PlateState::Staged);
    assert!(b.floor.doc(&doc("PO-1")).unwrap().devices.is_empty());
}

#[test]
fn receive_item_first_takes_the_plate_last() {
    let mut b = Bench::new();
    let states = [
        (D::Choose { flow: FlowName::Receive, first: First::Item }, "PickDoc"),
        (text("PO-1"), "Item"),
        (tracked("L1", "2027-06-01"), "Qty"),
        (D::Quantity("4".into()), "Condition"),
        (D::Condition(Condition::Good), "Lpn"),
        (sscc(&own(1)), "LineDone"),
        (D::Next, "Item"),
    ];
    for (op, state) in states {
        assert_eq!(b.ok(1, op).screen.state, state);
    }
    assert_eq!(b.units("STAGE", "B"), 4);
}

#[test]
fn receive_takes_an_announced_plate_whole_by_one_scan() {
    let mut b = Bench::new();
    b.ok(1, choose(FlowName::Receive));
    assert_eq!(b.ok(1, sscc(&foreign(2))).screen.state, "Condition", "the plate names its document");
    b.ok(1, D::Condition(Condition::Good));
    assert_eq!(b.units("STAGE", "B"), 5);
    assert_eq!(b.floor.plate(&plate(&foreign(2))).unwrap().state, PlateState::Staged);
    let known = b.floor.lot(&sku("B"), &lot("L1")).unwrap();
    assert_eq!(known.expiry, Some(day("2027-06-01")));
}

#[test]
fn receive_keeps_the_state_until_both_labels_of_a_pair_are_scanned() {
    let mut b = on_plate("PO-1");
    let half = Scan { warnings: vec![F::IncompletePair], lot: Some(lot("L1")), ..gtin(GTIN_B) };
    let answer = b.no(1, D::Scan(half), F::IncompletePair);
    assert_eq!(answer.screen.state, "Tracking", "what the first label said is kept");
    let other = Scan { expiry: Some(day("2027-06-01")), text: "17270601".into(), ..Scan::default() };
    assert_eq!(b.ok(1, D::Scan(other)).screen.state, "Qty");
}

#[test]
fn receive_an_excess_is_booked_when_it_is_approved_and_not_before() {
    for approve in [true, false] {
        let mut b = on_plate("PO-2");
        b.all(1, [text("A"), D::Quantity("12".into())]);
        let answer = b.dev(1, D::Condition(Condition::Good));
        let id = answer.approval.unwrap();
        assert_eq!(b.units("STAGE", "A"), 0);
        b.no(1, D::VoidPlate { plate: plate(&own(1)) }, F::VoidNotEmpty);
        let decide = C::DecideApproval { id, approve, reason: "the supplier's present".into() };
        b.office(decide.clone());
        assert_eq!(b.units("STAGE", "A"), if approve { 12 } else { 0 });
        let again = b.apply(&decide).map_err(|refusal| refusal.to_string());
        assert_eq!(again, Err(format!("decision {id} was taken before")), "the second is told so");
    }
}

#[test]
fn receive_an_announced_plate_that_waits_for_approval_is_not_received_again() {
    let mut b = receiving("ASN-1");
    b.ok(1, sscc(&foreign(4)));
    assert_eq!(b.dev(1, D::Condition(Condition::Good)).outcome, Outcome::Pending);
    b.no(1, sscc(&foreign(4)), F::SsccAlreadyReceived);
    let id = b.floor.approvals().next().unwrap().id;
    b.office(C::DecideApproval { id, approve: true, reason: "ok".into() });
    assert_eq!(b.units("STAGE", "A"), 40);
}

/// Nothing a blind receipt shows or stores names what is expected, whatever happens on the way.
#[test]
fn receive_blind_has_no_field_for_what_is_expected() {
    let mut b = Bench::new();
    let mut shown = String::new();
    let ops = [
        choose(FlowName::Receive),
        text("BLIND"),
        sscc(&own(1)),
        text("A"),
        D::Quantity("9".into()),
        D::Condition(Condition::Good),
        D::Close,
        D::Confirm,
    ];
    for op in ops {
        shown += &serde_json::to_string(&b.ok(1, op).screen).unwrap();
    }
    shown += &serde_json::to_string(b.floor.doc(&doc("BLIND")).unwrap()).unwrap();
    assert!(!shown.contains("expected"), "{shown}");
    let mut known = on_plate("PO-1");
    let seen = serde_json::to_string(&known.ok(1, text("A")).screen).unwrap();
    assert!(seen.contains("\"expected\":50"), "the words differ: {seen}");
}

#[test]
fn receive_closing_stages_what_is_on_the_floor_and_names_what_is_short() {
    let mut b = on_plate("PO-2");
    b.all(1, [text("A"), D::Quantity("7".into()), D::Condition(Condition::Good), D::Close]);
    b.no(1, D::Confirm, F::CloseWithOpenLines);
    b.now += 11_000;
    b.no(1, D::Confirm, F::CloseWithOpenLines);
    let (answer, events) = b.send(b.command(1, D::Confirm));
    assert_eq!(answer.screen.state, "Staged");
    let short = events.iter().find_map(|event| match event {
        E::DocClosed { short, .. } => Some(short.clone()),
        _ => None,
    });
    assert_eq!(short, Some(vec![(2, 3)]), "seven units fill line 1 and part of line 2");
    assert_eq!(b.floor.plate(&plate(&own(1))).unwrap().state, PlateState::Staged);
}

#[test]
fn receive_a_second_device_sees_that_the_document_was_closed() {
    let mut b = on_plate("PO-1");
    b.all(2, [choose(FlowName::Receive), text("PO-1"), D::Close]);
    b.no(2, D::Confirm, F::CloseWithOpenLines);
    b.ok(2, D::Confirm);
    b.no(1, text("A"), F::DocClosed);
}

#[test]
fn a_poison_scan_uses_up_its_number_and_nothing_else() {
    let mut b = on_plate("PO-1");
    let rev = b.floor.session(&device(1)).unwrap().rev;
    b.no(1, D::Scan(Scan { fault: Some(F::BadCheckDigit), ..Scan::text("x") }), F::BadCheckDigit);
    assert_eq!(b.floor.session(&device(1)).unwrap().rev, rev);
    let mut stale = b.command(1, text("A"));
    stale.rev = Some(rev - 1);
    assert_eq!(b.send(stale).0.code, Some(F::StaleTask));
    let mut fresh = b.command(1, text("A"));
    fresh.rev = Some(rev);
    assert_eq!(b.send(fresh).0.outcome, Outcome::Applied);
    let mut offline = b.command(1, D::Quantity("1".into()));
    offline.offline = true;
    assert_eq!(b.send(offline).0.code, Some(F::OfflineNotAllowed));
}
