//! Count (warehouse-floor.md §7.7).

use std::collections::BTreeSet;

use munshi_domain::floor::{
    CountedFact, DeviceOp as D, First, FloorCode as F, FloorCommand as C, FloorEvent as E, FlowName, Group, LotStatus,
    Scan, Site, StoredFact,
};

use crate::{bench::*, covers};

/// Five units of A at R-1, and a count of it.
fn open(units: u32) -> Bench {
    let mut b = Bench::new();
    b.stocked("A", units, 1, "R-1");
    b.office(C::OpenCount { location: Some(loc("R-1")), sku: None });
    b
}

fn task(b: &Bench) -> u64 {
    b.floor.counts().next().expect("an open count").id
}

fn counted(b: &mut Bench, n: u8, units: u32) -> munshi_domain::floor::Answer {
    b.all(n, [choose(FlowName::Count), text("R-1"), text("A"), D::Quantity(units.to_string()), D::Submit])
}

fn codes() -> BTreeSet<F> {
    let mut met = BTreeSet::new();
    let mut keep = |bench: Bench| met.extend(bench.met);

    let mut b = open(5);
    b.all(1, [choose(FlowName::Count), D::GetWork]);
    b.no(1, text("R-5"), F::LocNotInTask);
    b.no(1, D::Submit, F::SubmitWithoutLocation);
    b.ok(2, choose(FlowName::Count));
    b.no(2, text("R-1"), F::CountLeasedBy);
    b.no(2, D::GetWork, F::NoWork);
    b.all(1, [text("R-1"), text("A")]);
    b.no(1, D::Quantity("61".into()), F::QtyAbsurd);
    b.ok(1, D::Quantity("61".into()));
    assert_eq!(b.ok(1, D::Submit).screen.state, "Recount");
    b.no(1, D::Submit, F::DoubleSubmit);
    b.ok(1, D::Next);
    b.no(1, text("R-1"), F::SameUserRecount);
    keep(b);

    let mut b = open(5);
    let lot_scan = |expiry: &str| Scan { lot: Some(lot("L1")), expiry: Some(day(expiry)), ..gtin(GTIN_B) };
    b.all(1, [choose(FlowName::Count), text("R-1")]);
    let said = |b: &mut Bench, op| b.ok(1, op).screen.msg.map(|msg| msg.code);
    assert_eq!(said(&mut b, D::Scan(lot_scan("2020-01-01"))), Some(F::ExpiredLotFound));
    assert_eq!(b.floor.lot(&sku("B"), &lot("L1")).unwrap().status, LotStatus::OnHold);
    assert_eq!(said(&mut b, D::Scan(Scan { lot: Some(lot("L2")), ..gtin(GTIN_B) })), Some(F::UnexpectedItem));
    b.ok(1, D::Scan(Scan { serial: Some(serial("S1")), ..gtin(GTIN_C) }));
    b.no(1, text("S1"), F::SerialDuplicate);
    keep(b);

    let mut b = open(5);
    b.all(1, [choose(FlowName::Count), text("R-1")]);
    for number in 52..56 {
        b.staged(2, "A", 1, number);
        let raw = Vec::new();
        b.despite(2, D::Stored(StoredFact { plate: plate(&own(number)), bin: loc("R-1"), raw }), F::LocCounting);
    }
    b.ok(1, text("A"));
    b.ok(1, D::Quantity("9".into()));
    let answer = b.no(1, D::Submit, F::StaleCount);
    assert_eq!(answer.screen.state, "Loc", "it is counted anew");
    b.all(1, [text("R-1"), text("A"), D::Quantity("9".into())]);
    assert_eq!(b.ok(1, D::Submit).screen.state, "Accepted");
    keep(b);
    met
}

#[test]
fn count_meets_every_code_it_lists_and_no_other() {
    // Putting away while somebody counts raises codes of put-away.
    covers(&codes(), Group::Count, &[Group::PutAway]);
}

#[test]
fn count_within_the_tolerance_is_accepted_and_the_books_follow() {
    for (found, state, after) in [(5, "Accepted", 5), (4, "Accepted", 4), (6, "Accepted", 6), (3, "Recount", 5)] {
        let mut b = open(5);
        assert_eq!(counted(&mut b, 1, found).screen.state, state);
        assert_eq!(b.units("R-1", "A"), after);
        assert_eq!(b.floor.counts().count(), usize::from(state == "Recount"));
    }
}

#[test]
fn count_a_difference_needs_a_second_person_and_an_approval() {
    let mut b = open(5);
    assert_eq!(counted(&mut b, 1, 2).screen.state, "Recount");
    assert_eq!(counted(&mut b, 2, 2).screen.state, "Approval");
    assert_eq!(b.units("R-1", "A"), 5, "nothing changes before somebody decides");
    let id = b.floor.approvals().next().unwrap().id;
    b.office(C::DecideApproval { id, approve: false, reason: "look behind the pallet".into() });
    assert_eq!(counted(&mut b, 1, 1).screen.state, "Recount", "a refusal begins a new round, open to everybody");
    assert_eq!(counted(&mut b, 2, 2).screen.state, "Approval", "the attempts of this round are used up");
    let id = b.floor.approvals().next().unwrap().id;
    b.office(C::DecideApproval { id, approve: true, reason: "lost".into() });
    assert_eq!((b.units("R-1", "A"), b.floor.counts().count()), (2, 0));
}

#[test]
fn count_takes_an_empty_location_only_without_lines() {
    let mut b = Bench::new();
    b.office(C::OpenCount { location: Some(loc("R-5")), sku: None });
    b.all(1, [choose(FlowName::Count), text("R-5")]);
    b.no(1, D::Submit, F::UnexpectedScan);
    assert_eq!(b.ok(1, D::Nothing).screen.state, "Accepted");
    let mut b = open(1);
    b.all(1, [choose(FlowName::Count), text("R-1"), text("A"), D::Quantity("1".into())]);
    b.no(1, D::Nothing, F::UnexpectedScan);
}

#[test]
fn count_item_first_covers_every_place_of_the_item_and_nothing_else() {
    let mut b = Bench::new();
    b.stocked("A", 5, 1, "R-1");
    b.stocked("Z", 2, 2, "R-3");
    b.stocked("A", 3, 3, "R-5");
    b.office(C::OpenCount { location: None, sku: Some(sku("A")) });
    assert_eq!(b.office(C::OpenCount { location: None, sku: Some(sku("A")) }), vec![], "a repeat opens none");
    assert_eq!(b.floor.counts().count(), 2);
    for (at, units) in [("R-1", "5"), ("R-5", "3")] {
        b.ok(1, D::Choose { flow: FlowName::Count, first: First::Item });
        assert_eq!(b.ok(1, text("A")).screen.state, "Loc");
        b.ok(1, text(at));
        b.no(1, text("Z"), F::UnexpectedScan);
        b.all(1, [text("A"), D::Quantity(units.into()), D::Submit]);
    }
    assert_eq!((b.floor.counts().count(), b.units("R-1", "A"), b.units("R-5", "A")), (0, 5, 3));
}

#[test]
fn count_blind_shows_no_books_and_guided_does() {
    let mut blind = open(5);
    let mut shown = String::new();
    for op in [choose(FlowName::Count), text("R-1"), text("A"), D::Quantity("2".into()), D::Submit] {
        shown += &serde_json::to_string(&blind.ok(1, op).screen).unwrap();
    }
    assert!(!shown.contains("books") && !shown.contains("balance") && !shown.contains("expected"), "{shown}");
    let mut b = Bench::new();
    b.office(C::SetSite(Box::new(Site {
        count: munshi_domain::floor::CountRules { blind: false, ..site().count },
        ..site()
    })));
    b.stocked("A", 5, 1, "R-1");
    b.office(C::OpenCount { location: Some(loc("R-1")), sku: None });
    let view = b.all(1, [choose(FlowName::Count), text("R-1")]).screen.view;
    assert_eq!(view["books"][0]["balance"], 5);
}

#[test]
fn count_of_serial_numbers_drops_the_missing_and_keeps_the_seen() {
    let mut b = Bench::new();
    b.all(1, [choose(FlowName::Receive), text("BLIND"), sscc(&own(1))]);
    b.ok(1, D::Scan(Scan { serial: Some(serial("S1")), ..gtin(GTIN_C) }));
    b.all(1, [text("S2"), D::Next, D::Next, D::Condition(Default::default())]);
    b.put(1, 1, "R-5");
    b.office(C::OpenCount { location: Some(loc("R-5")), sku: None });
    b.all(1, [choose(FlowName::Count), text("R-5")]);
    b.all(1, [D::Scan(Scan { serial: Some(serial("S2")), ..gtin(GTIN_C) }), D::Submit]);
    assert_eq!(b.floor.serial(&sku("C"), &serial("S1")), None);
    assert_eq!(b.floor.serial(&sku("C"), &serial("S2")), Some(&loc("R-5")));
    assert_eq!(b.units("R-5", "C"), 1);
}

fn fact(b: &Bench, from: u64, units: u32) -> D {
    let line =
        munshi_domain::floor::CountLine { sku: sku("A"), lot: None, expiry: None, units, serials: BTreeSet::new() };
    D::Counted(CountedFact { task: task(b), from, lines: vec![line], raw: vec!["R-1".into()] })
}

/// warehouse-floor.md §9: netted from the count's start.
#[test]
fn offline_count_while_others_work_online_is_netted() {
    let mut b = open(5);
    let from = b.floor.version();
    b.staged(2, "A", 3, 52);
    b.put(2, 52, "R-1");
    let answer = b.ok(1, fact(&b, from, 5));
    assert_eq!(answer.exception, None);
    assert_eq!((b.units("R-1", "A"), b.floor.counts().count()), (8, 0), "five were there, three came since");
}

/// warehouse-floor.md §9: where it cannot be decided, the count is stale, stays open, and nothing is adjusted.
#[test]
fn offline_count_that_cannot_be_netted_is_stale_and_adjusts_nothing() {
    let mut b = open(5);
    let from = b.floor.version();
    for number in 52..56 {
        b.staged(2, "A", 1, number);
        b.put(2, number, "R-1");
    }
    let (answer, events) = {
        b.now += 100;
        let command = b.command(1, fact(&b, from, 2));
        b.send(command)
    };
    assert_eq!(answer.code, Some(F::StaleCount));
    assert!(events.iter().all(|event| event.moves().is_empty()));
    assert_eq!(b.units("R-1", "A"), 9);
    assert!(b.floor.count(task(&b)).is_some_and(|task| task.counting.is_none()), "it waits to be counted anew");
}

#[test]
fn offline_count_of_what_is_decided_already_is_an_exception() {
    let mut b = open(5);
    let late = fact(&b, b.floor.version(), 3);
    counted(&mut b, 2, 5);
    b.despite(1, late, F::DoubleSubmit);
    assert_eq!(b.units("R-1", "A"), 5);
}

#[test]
fn offline_recount_by_the_same_person_does_not_count() {
    let mut b = open(5);
    counted(&mut b, 1, 2);
    b.despite(1, fact(&b, b.floor.version(), 2), F::SameUserRecount);
    assert_eq!(b.floor.approvals().count(), 0);
    assert_eq!(b.floor.count(task(&b)).unwrap().attempts.len(), 1);
}

#[test]
fn a_count_accepts_only_through_its_own_event() {
    let mut b = open(5);
    let before = b.floor.clone();
    let (_, events) = {
        b.all(1, [choose(FlowName::Count), text("R-1"), text("A"), D::Quantity("4".into())]);
        b.send(b.command(1, D::Submit))
    };
    let moving: Vec<_> = events.iter().filter(|event| !event.moves().is_empty()).collect();
    assert!(matches!(moving[..], [E::CountAccepted { approval: None, .. }]));
    assert_ne!(before, b.floor);
}
