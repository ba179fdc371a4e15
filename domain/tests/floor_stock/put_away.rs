//! Put-away, move, plates and inquiry (warehouse-floor.md §6, §7.3, §7.9, §8).

use std::collections::BTreeSet;

use munshi_domain::floor::{
    DeviceOp as D, First, FloorCode as F, FloorCommand as C, FlowName, Group, LotStatus, Outcome, PlateState, Right,
    Scan,
};

use crate::{bench::*, covers};

fn taken(item: &str, units: u32) -> Bench {
    let mut b = Bench::new();
    b.staged(1, item, units, 1);
    b.all(1, [choose(FlowName::PutAway), sscc(&own(1))]);
    b
}

/// Goes to a location against the suggestion, and is refused.
fn refused(b: &mut Bench, n: u8, at: &str, code: F) {
    let first = b.dev(n, text(at));
    if first.code == Some(F::ConfirmByRescan) {
        b.no(n, text(at), code);
    } else {
        assert_eq!(first.code, Some(code), "{first:?}");
    }
}

fn put_away_codes() -> BTreeSet<F> {
    let mut met = BTreeSet::new();
    let mut keep = |bench: Bench| met.extend(bench.met);

    let mut b = Bench::new();
    b.staged(1, "A", 6, 1);
    b.all(1, [choose(FlowName::Receive), text("BLIND"), sscc(&own(2))]);
    b.all(2, [choose(FlowName::PutAway)]);
    b.no(2, text("NOPE"), F::LpnUnknown);
    b.no(2, sscc(&own(2)), F::LpnNotStaged);
    b.office(C::HoldPlate { plate: plate(&own(1)), reason: Some("wet".into()) });
    b.no(2, sscc(&own(1)), F::LpnOnHold);
    b.office(C::HoldPlate { plate: plate(&own(1)), reason: None });
    b.all(1, [choose(FlowName::PutAway), sscc(&own(1))]);
    b.no(2, sscc(&own(1)), F::LpnLeasedBy);
    b.no(1, text("NOPE"), F::LocUnknown);
    refused(&mut b, 1, "R-4", F::LocBlocked);
    refused(&mut b, 1, "STAGE", F::SameAsSource);
    refused(&mut b, 1, "DOCK-1", F::WrongZone);
    b.no(1, text("PF-1"), F::ConfirmByRescan);
    b.ok(1, text("PF-1"));
    b.no(1, D::Quantity("41".into()), F::CheckDigitsWrong);
    b.ok(1, D::Quantity("42".into()));
    b.ok(1, D::Next);
    b.no(1, sscc(&own(1)), F::LpnAlreadyStored);
    keep(b);

    for (item, at, code) in [
        ("H", "R-1", F::HazmatConflict),
        ("T", "R-1", F::TempClass),
        ("Z", "R-1", F::WrongZone),
        ("A", "R-1", F::LocFull),
    ] {
        let mut b = taken(item, 61);
        refused(&mut b, 1, at, code);
        keep(b);
    }
    let mut b = Bench::new();
    b.stocked("A", 5, 2, "R-2");
    b.staged(1, "Z", 5, 3);
    b.office(C::PutItemRule(Box::new(munshi_domain::floor::ItemRule::plain(sku("Z")))));
    b.all(1, [choose(FlowName::PutAway), sscc(&own(3))]);
    refused(&mut b, 1, "R-2", F::MixItem);
    b.no(1, D::Override { reason: " ".into() }, F::ReasonRequired);
    b.ok(1, D::Override { reason: "no room elsewhere".into() });
    assert_eq!(b.units("R-2", "Z"), 5);
    b.staged(1, "A", 60, 4);
    b.all(4, [choose(FlowName::PutAway), sscc(&own(4))]);
    refused(&mut b, 4, "R-2", F::MixItem);
    b.no(4, D::Override { reason: "please".into() }, F::OverrideNoPermission);
    keep(b);

    let mut b = Bench::new();
    for (number, lot_no) in [(2, "L1"), (3, "L2")] {
        let scan = Scan { lot: Some(lot(lot_no)), expiry: Some(day("2027-06-01")), ..gtin(GTIN_B) };
        b.all(
            1,
            [choose(FlowName::Receive), text("BLIND"), sscc(&own(number)), D::Scan(scan), D::Quantity("2".into())],
        );
        b.all(1, [D::Condition(Default::default()), choose(FlowName::PutAway), sscc(&own(number))]);
        if number == 2 {
            let first = b.dev(1, text("R-2"));
            if first.outcome == Outcome::Rejected {
                b.ok(1, text("R-2"));
            }
        } else {
            refused(&mut b, 1, "R-2", F::MixLot);
        }
    }
    keep(b);

    let mut b = Bench::new();
    b.stocked("A", 5, 2, "R-1");
    b.office(C::OpenCount { location: Some(loc("R-1")), sku: None });
    b.all(2, [choose(FlowName::Count), text("R-1")]);
    b.staged(1, "A", 5, 3);
    b.all(1, [choose(FlowName::PutAway), sscc(&own(3))]);
    refused(&mut b, 1, "R-1", F::LocCounting);
    keep(b);
    met
}

#[test]
fn put_away_meets_every_code_it_lists_and_no_other() {
    // Receiving and counting on the way raise codes of their own.
    covers(&put_away_codes(), Group::PutAway, &[Group::Receive, Group::Plate, Group::Move]);
}

#[test]
fn put_away_moves_everything_on_the_plate() {
    let mut b = taken("A", 6);
    let suggested = b.floor.session(&device(1)).unwrap().clone();
    let json = serde_json::to_value(&suggested.flow).unwrap();
    let to = json["suggestion"].as_str().unwrap().to_owned();
    assert_eq!(b.ok(1, text(&to)).screen.state, "Done");
    assert_eq!((b.units("STAGE", "A"), b.units(&to, "A")), (0, 6));
    assert_eq!(b.floor.plate(&plate(&own(1))).unwrap().state, PlateState::Stored);
}

#[test]
fn put_away_location_first_is_judged_when_the_plate_is_known() {
    let mut b = Bench::new();
    b.staged(1, "A", 6, 1);
    b.ok(1, D::Choose { flow: FlowName::PutAway, first: First::Location });
    b.no(1, text("R-4"), F::LocBlocked);
    assert_eq!(b.ok(1, text("R-5")).screen.state, "Lpn");
    assert_eq!(b.ok(1, sscc(&own(1))).screen.state, "Done");
    assert_eq!(b.units("R-5", "A"), 6);
}

#[test]
fn put_away_a_deviation_lapses_after_ten_seconds_and_with_any_other_input() {
    let mut b = taken("A", 6);
    b.no(1, text("PF-2"), F::ConfirmByRescan);
    b.now += 10_001;
    b.no(1, text("PF-2"), F::ConfirmByRescan);
    b.no(1, text("NOPE"), F::LocUnknown);
    b.no(1, text("PF-2"), F::ConfirmByRescan);
    b.ok(1, text("PF-2"));
}

#[test]
fn put_away_part_of_a_plate_goes_on_a_plate_of_its_own() {
    let mut b = taken("A", 6);
    let split = |units, number| D::Split { sku: sku("A"), lot: None, units, into: plate(&own(number)) };
    b.no(1, split(7, 9), F::QtyGtSource);
    b.no(1, split(2, 1), F::SsccReuse);
    b.ok(1, split(2, 9));
    b.ok(1, D::Next);
    b.ok(1, text("R-5"));
    assert_eq!((b.units("R-5", "A"), b.units("STAGE", "A")), (2, 4));
    b.all(2, [choose(FlowName::PutAway), sscc(&own(1)), D::Next, text("R-1")]);
    assert_eq!(b.units("R-1", "A"), 4);
}

#[test]
fn put_away_a_plate_whose_lease_ran_out_goes_to_who_scans_it() {
    let mut b = taken("A", 6);
    b.ok(2, choose(FlowName::PutAway));
    b.now += 15 * 60 * 1_000;
    b.ok(2, sscc(&own(1)));
    b.no(1, text("R-5"), F::LeaseLost);
    b.all(2, [D::Next, text("R-5")]);
}

fn move_codes() -> BTreeSet<F> {
    let mut met = put_away_codes();
    let mut b = Bench::new();
    b.stocked("A", 5, 2, "R-1");
    b.stocked("A", 5, 3, "R-5");
    b.all(1, [choose(FlowName::Move), text("R-5")]);
    b.no(1, text("A"), F::SourceEmpty);
    loose(&mut b, "R-5", "A", 8);
    b.all(1, [choose(FlowName::Move), text("R-5"), text("A")]);
    b.no(1, D::Quantity("9".into()), F::QtyGtSource);
    b.ok(1, D::Quantity("8".into()));
    b.all(1, [choose(FlowName::Replenish), text("R-5"), text("A"), D::Quantity("8".into())]);
    b.no(1, text("R-1"), F::DestNotPickFace);
    b.ok(1, text("PF-2"));
    met.extend(b.met);
    met.extend(crate::replenish::codes());
    met
}

/// Loose units, as a count finds them.
pub fn loose(b: &mut Bench, at: &str, item: &str, units: u32) {
    let there = b.units(at, item);
    let total = u32::try_from(there).unwrap() + units;
    b.office(C::OpenCount { location: Some(loc(at)), sku: Some(sku(item)) });
    for n in [1, 2] {
        b.all(n, [choose(FlowName::Count), text(at), text(item), D::Quantity(total.to_string()), D::Submit]);
    }
    let id = b.floor.approvals().next().unwrap().id;
    b.office(C::DecideApproval { id, approve: true, reason: "found".into() });
}

#[test]
fn move_meets_every_code_it_lists_and_no_other() {
    covers(&move_codes(), Group::Move, &[Group::Receive, Group::Plate, Group::Count]);
}

#[test]
fn move_takes_loose_units_in_either_order_and_plates_whole() {
    for first in [First::Location, First::Item] {
        let mut b = Bench::new();
        loose(&mut b, "R-5", "A", 8);
        b.ok(1, D::Choose { flow: FlowName::Move, first });
        let order = if first == First::Item { ["A", "R-5"] } else { ["R-5", "A"] };
        b.all(1, order.map(text));
        b.all(1, [D::Quantity("3".into()), text("PF-1"), text("42")]);
        assert_eq!((b.units("R-5", "A"), b.units("PF-1", "A")), (5, 3));
    }
    let mut b = Bench::new();
    b.stocked("A", 5, 2, "R-5");
    b.all(1, [choose(FlowName::Move), sscc(&own(2)), text("R-1")]);
    assert_eq!((b.units("R-5", "A"), b.units("R-1", "A")), (0, 5));
    assert_eq!(b.floor.plate(&plate(&own(2))).unwrap().bin, loc("R-1"));
}

fn create(number: Option<u64>) -> D {
    D::CreatePlate { plate: number.map(|number| plate(&own(number))), bin: loc("STAGE") }
}

#[test]
fn plates_meet_every_code_they_list_and_no_other() {
    let mut b = Bench::new();
    b.ok(1, create(Some(1)));
    b.no(1, create(Some(1)), F::SsccReuse);
    b.no(2, create(Some(2)), F::SsccReuse);
    b.no(1, create(Some(900)), F::BlockExhausted);
    b.no(1, D::CreatePlate { plate: Some(plate(&foreign(1))), bin: loc("STAGE") }, F::SsccForeignPrefix);
    b.no(1, D::VoidPlate { plate: plate(&own(7)) }, F::LpnUnknown);
    b.ok(1, D::VoidPlate { plate: plate(&own(1)) });
    b.no(1, create(Some(1)), F::SsccReuse);
    b.staged(1, "A", 6, 3);
    b.no(1, D::VoidPlate { plate: plate(&own(3)) }, F::VoidNotEmpty);
    let given = b.ok(1, create(None)).screen.view["plate"].as_str().unwrap().to_owned();
    assert_eq!(given, own(100), "the first number after the devices' blocks");
    b.office(C::SetSite(Box::new(munshi_domain::floor::Site { company_prefix: String::new(), ..site() })));
    b.no(1, create(None), F::BlockExhausted);
    covers(&b.met, Group::Plate, &[Group::Receive]);
}

#[test]
fn a_plate_keeps_its_goods_under_another_number_and_its_old_one_is_free_after_the_period() {
    let mut b = Bench::new();
    b.staged(1, "A", 6, 1);
    b.ok(1, D::RelabelPlate { plate: plate(&own(1)), into: Some(plate(&own(2))) });
    let bin = b.floor.bin(&loc("STAGE")).unwrap();
    assert_eq!(bin.on_plate(&plate(&own(2))).map(|line| line.units()).sum::<u32>(), 6);
    assert_eq!(b.floor.plate(&plate(&own(1))).unwrap().state, PlateState::Void);
    b.all(1, [choose(FlowName::PutAway), sscc(&own(2))]);
    b.now += 366 * 86_400_000 + 1_000;
    b.office(C::Tick);
    assert!(b.floor.plate(&plate(&own(1))).is_none());
    b.ok(1, create(Some(1)));
}

#[test]
fn inquiry_meets_every_code_it_lists_and_changes_no_stock() {
    let mut b = Bench::new();
    b.staged(1, "A", 6, 1);
    let asked = Scan { lot: Some(lot("L1")), expiry: Some(day("2027-06-01")), ..gtin(GTIN_B) };
    b.all(1, [choose(FlowName::Receive), text("BLIND"), sscc(&own(2)), D::Scan(asked), D::Quantity("2".into())]);
    b.all(1, [D::Condition(Default::default()), choose(FlowName::Inquiry)]);
    b.met.clear();
    for (op, word) in [
        (text("STAGE"), "location"),
        (sscc(&own(1)), "plate"),
        (text("A"), "item"),
        (text("PO-1"), "document"),
        (text("1001"), "return"),
        (text("L1"), "lot"),
    ] {
        let version = b.floor.version();
        let view = b.ok(1, op).screen.view;
        assert!(view["found"][0].get(word).is_some(), "{word}: {view}");
        assert_eq!(view["as_of"], version);
    }
    b.no(1, text("NOPE"), F::NoMatch);
    b.no(3, choose(FlowName::Inquiry), F::NoPermission);
    covers(&b.met, Group::Inquiry, &[]);
}

#[test]
fn resolution_leaves_exactly_one_meaning_or_says_why_not() {
    let mut b = Bench::new();
    b.all(1, [choose(FlowName::Receive), text("BLIND"), sscc(&own(1))]);
    let answer = b.no(1, D::Scan(gtin(GTIN_SHARED)), F::AmbiguousScan);
    assert_eq!(answer.screen.msg.unwrap().args["choices"], "item A, item L");
    let answer = b.no(1, text("STAGE"), F::UnexpectedScan);
    assert_eq!(answer.screen.msg.unwrap().args["expected"], "item");
    b.no(1, text("NOPE"), F::NoMatch);
    b.ok(1, text("A"));
    b.no(1, D::Quantity("12345670".into()), F::QtyLooksLikeBarcode);
    let listed: BTreeSet<F> = Group::Resolution.codes().into_iter().collect();
    assert!(listed.is_subset(&b.met));
}

#[test]
fn every_flow_asks_for_its_right() {
    let mut b = Bench::new();
    let flows = [
        FlowName::Receive,
        FlowName::PutAway,
        FlowName::Move,
        FlowName::Replenish,
        FlowName::Count,
        FlowName::Return,
        FlowName::Inquiry,
    ];
    for flow in flows {
        b.no(3, choose(flow), F::NoPermission);
        b.ok(4, choose(flow));
    }
    b.no(3, create(Some(1)), F::NoPermission);
    assert!(!RIGHTS.is_empty() && RIGHTS.contains(&Right::Override));
}

#[test]
fn a_lot_that_was_held_is_still_found_where_it_is() {
    let mut b = Bench::new();
    b.office(C::SetLotStatus { sku: sku("B"), lot: lot("L9"), status: LotStatus::OnHold, reason: "smell".into() });
    b.ok(1, choose(FlowName::Inquiry));
    let view = b.ok(1, text("L9")).screen.view;
    assert_eq!(view["found"][0]["items"][0]["record"]["status"], "on_hold");
}
