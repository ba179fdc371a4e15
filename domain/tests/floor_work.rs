//! Pick, pack and ship by scanning: every code of each flow is met and no other, the offline conflicts of
//! warehouse-floor.md §9, and random commands in random states.

mod shop_floor;

use std::collections::BTreeSet;

use munshi_domain::{
    ParcelId,
    floor::{
        DeviceOp, First, FloorCode, FloorCommand, FlowName, Group, LoadedFact, LotStatus, Outcome, PackedFact,
        PickedFact, Place, PlateId, Right, Scan, TaskId, WorkOffice,
        sscc::{Numbering, REUSE_SECONDS},
    },
};
use proptest::prelude::*;
use shop_floor::*;

fn plain() -> munshi_domain::floor::Goods {
    goods("PLAIN", None)
}

/// A shop with stock for everything, and `d1` and `d2` signed on.
fn ready() -> Shop {
    ready_with(|_| {})
}

fn ready_with(change: impl FnOnce(&mut munshi_domain::floor::Site)) -> Shop {
    let mut shop = Shop::with(change);
    shop.stock("A-01", plain(), 20, &[]);
    shop.stock("A-02", goods("OTHER", None), 20, &[]);
    shop.stock("A-03", goods("LOTTED", Some(("L1", "2027-03-01"))), 10, &[]);
    shop.stock("A-03", goods("LOTTED", Some(("L2", "2027-06-01"))), 10, &[]);
    shop.stock("A-02", goods("PHONE", None), 3, &["S1", "S2", "S3"]);
    shop.stock("A-02", goods("PAINT", None), 5, &[]);
    shop.stock("A-02", goods("ACID", None), 5, &[]);
    shop.sign_on("d1", "B1");
    shop.sign_on("d2", "B2");
    shop
}

/// `d1` walks one list.
fn walk(shop: &mut Shop, order: u128, lines: &[(u16, &str, u32)]) -> ParcelId {
    let id = parcel(order, 1);
    shop.add(id, lines);
    shop.choose("d1", FlowName::Pick);
    assert_eq!(shop.ok("d1", DeviceOp::GetWork), "Loc");
    id
}

fn short(found: u32) -> DeviceOp {
    DeviceOp::Short { found, reason: "broken".into() }
}

fn quantity(text: &str) -> DeviceOp {
    DeviceOp::Quantity(text.into())
}

fn status(shop: &mut Shop, lot_no: &str, status: LotStatus) {
    let reason = "supplier called".to_owned();
    shop.office(FloorCommand::SetLotStatus { sku: sku("LOTTED"), lot: lot(lot_no), status, reason });
}

fn all_met(shops: &[BTreeSet<FloorCode>], group: Group) {
    let met: BTreeSet<FloorCode> = shops.iter().flatten().copied().collect();
    let missing: Vec<_> = group.codes().into_iter().filter(|code| !met.contains(code)).collect();
    assert_eq!(missing, vec![], "codes of {group:?} nothing met");
    for code in met {
        assert!(allowed(group).contains(&code), "{code} is not listed for {group:?}");
    }
}

fn allowed(group: Group) -> BTreeSet<FloorCode> {
    let mut codes = BTreeSet::from([FloorCode::TooOld]);
    for group in [Group::Input, Group::Resolution, Group::Common, Group::Plate, group] {
        codes.extend(group.codes());
    }
    codes
}

#[test]
fn pick_reaches_each_of_its_codes_and_no_other() {
    use FloorCode as C;
    let mut met = Vec::new();
    let mut shop = ready();
    let id = walk(&mut shop, 1, &[(1, "PLAIN", 4), (2, "OTHER", 2), (3, "LOTTED", 3), (4, "PHONE", 2)]);
    shop.no("d1", scan("A-02"), C::WrongLocation);
    shop.no("d1", scan("NOWHERE"), C::NoMatch);
    shop.no("d1", DeviceOp::Short { found: 0, reason: " ".into() }, C::ReasonRequired);
    shop.no("d1", short(5), C::ShortFoundGtNeed);
    shop.no("d1", DeviceOp::Full, C::ToteUnknown);
    shop.ok("d1", scan("A-01"));
    shop.no("d1", scan("OTHER"), C::WrongItem);
    shop.no("d1", scan("PAINT"), C::ItemNotOnList);
    shop.no("d1", DeviceOp::Scan(gtin(CASE)), C::UomMismatch);
    assert_eq!(shop.ok("d1", DeviceOp::Scan(gtin(UNIT))), "Qty");
    shop.no("d1", quantity("09506000134352"), C::QtyLooksLikeBarcode);
    shop.no("d1", quantity("0"), C::UnexpectedScan);
    shop.no("d1", quantity("1.5"), C::UnexpectedScan);
    shop.no("d1", quantity("5"), C::OverPick);
    shop.ok("d1", quantity("3"));
    shop.no("d1", scan("A-01"), C::ToteUnknown);
    shop.stock("T-2", goods("OTHER", None), 1, &[]);
    shop.no("d1", scan("T-2"), C::ToteNotEmpty);
    assert_eq!(shop.ok("d1", scan("T-1")), "Loc", "one unit is left");
    shop.ok("d1", scan("A-01"));
    shop.ok("d1", scan("PLAIN"));
    shop.ok("d1", quantity("1"));
    shop.no("d1", scan("T-3"), C::SlotMismatch);
    shop.ok("d1", scan("T-1"));
    // The tote of this order is not for another one.
    shop.add(parcel(2, 1), &[(1, "OTHER", 1)]);
    shop.choose("d2", FlowName::Pick);
    shop.ok("d2", DeviceOp::GetWork);
    shop.ok("d2", scan("A-02"));
    shop.ok("d2", scan("OTHER"));
    shop.ok("d2", quantity("1"));
    shop.no("d2", scan("T-1"), C::ToteOtherOrder);
    // OTHER and the phones are at A-02.
    shop.ok("d1", scan("A-02"));
    let next = shop.view("d1")["stop"]["sku"].as_str().unwrap().to_owned();
    if next == "OTHER" {
        shop.ok("d1", scan("OTHER"));
        shop.ok("d1", quantity("2"));
        shop.ok("d1", scan("T-1"));
        shop.ok("d1", scan("A-02"));
    }
    shop.ok("d1", scan("PHONE"));
    shop.stock("A-01", goods("PHONE", None), 1, &["S9"]);
    shop.no("d1", scan("S9"), C::SerialNotHere);
    shop.no("d1", scan("S8"), C::SerialNotHere);
    shop.ok("d1", scan("S1"));
    shop.no("d1", scan("S1"), C::SerialAlreadyPicked);
    assert_eq!(shop.ok("d1", scan("S2")), "Tote", "both are scanned");
    shop.ok("d1", scan("T-1"));
    // The lots.
    let left = shop.view("d1")["stop"].clone();
    assert_eq!(left["lot"], "L1", "first expired, first out: {left}");
    shop.ok("d1", scan("A-03"));
    shop.ok("d1", scan("LOTTED"));
    shop.no("d1", scan("L2"), C::WrongLot);
    shop.no("d1", scan("NO-SUCH"), C::WrongLot);
    let change = |reason: &str| DeviceOp::ChangeLot { lot: lot("L2"), reason: reason.into() };
    shop.no("d1", change(""), C::ReasonRequired);
    shop.badge("B1", 1, &[Right::Pick, Right::Pack]);
    shop.no("d1", change("nearer"), C::FefoViolation);
    shop.badge("B1", 1, &RIGHTS);
    status(&mut shop, "L2", LotStatus::OnHold);
    shop.no("d1", change("nearer"), C::LotOnHold);
    status(&mut shop, "L2", LotStatus::Recalled);
    shop.no("d1", change("nearer"), C::LotRecalled);
    status(&mut shop, "L2", LotStatus::Released);
    let (now, later) = (shop.now, shop.now.plus_seconds(86_400 * 200));
    shop.now = later;
    shop.no("d1", change("nearer"), C::LotExpired);
    shop.now = now;
    shop.ok("d1", change("L1 is torn"));
    shop.ok("d1", quantity("3"));
    assert_eq!(shop.ok("d1", scan("T-1")), "Drop");
    assert_eq!(shop.ok("d1", scan("PACK-1")), "Idle");
    shop.no("d1", scan("A-01"), C::NoWork);
    assert_eq!(shop.floor.work().parcel(id).unwrap().lines.iter().map(|line| line.picked).sum::<u32>(), 11);
    shop.check();
    met.push(shop.codes);

    let mut shop = ready();
    let plate = "106141412345678908";
    shop.stock_on("R-01", plate, goods("ACID", None), 9);
    walk(&mut shop, 3, &[(1, "ACID", 8)]);
    take(&mut shop, "A-02", "ACID", "5", "T-1");
    shop.ok("d1", scan("R-01"));
    shop.no("d1", scan(plate), C::LpnQtyGtNeed);
    shop.ok("d1", scan("ACID"));
    shop.ok("d1", quantity("1"));
    shop.ok("d1", scan("T-1"));
    // Not all is there; what was found is picked first, and nobody says so twice.
    shop.ok("d1", short(1));
    shop.no("d1", short(0), C::ShortTwice);
    // The order is cancelled under the picker's hands.
    shop.work(WorkOffice::CancelParcel { parcel: parcel(3, 1), kept: false });
    shop.no("d1", scan("R-01"), C::LineCancelled);
    shop.check();
    met.push(shop.codes);
    all_met(&met, Group::Pick);
}

/// One stop from location to tote.
fn take(shop: &mut Shop, bin: &str, item: &str, units: &str, tote: &str) -> String {
    shop.ok("d1", scan(bin));
    shop.ok("d1", scan(item));
    shop.ok("d1", quantity(units));
    shop.ok("d1", scan(tote))
}

#[test]
fn codes_common_to_all_flows_are_all_met() {
    use FloorCode as C;
    let mut shop = ready();
    shop.choose("d1", FlowName::Pick);
    shop.no("d1", DeviceOp::GetWork, C::NoWork);
    shop.badge("B1", 1, &[Right::Inquire]);
    shop.no("d1", DeviceOp::Choose { flow: FlowName::Pick, first: First::Location }, C::NoPermission);
    shop.badge("B1", 1, &RIGHTS);
    let offline = shop.offline("d1", DeviceOp::GetWork);
    assert_eq!(offline.code, Some(C::OfflineNotAllowed));
    walk(&mut shop, 1, &[(1, "PLAIN", 2)]);
    shop.no("d1", DeviceOp::Short { found: 0, reason: String::new() }, C::ReasonRequired);
    shop.no("d1", DeviceOp::SignOff { keep: None }, C::ConfirmByRescan);
    let mut stale = shop.command("d1", scan("A-01"));
    stale.rev = Some(1);
    assert_eq!(shop.send(stale).unwrap().code, Some(C::StaleTask));
    let task = shop.pick_task(parcel(1, 1));
    shop.work(WorkOffice::Reassign { task, to: Some(munshi_domain::UserId::from_u128(2)) });
    shop.no("d1", scan("A-01"), C::LeaseLost);
    shop.no("d1", DeviceOp::GetWork, C::NoWork);
    shop.choose("d2", FlowName::Pick);
    shop.ok("d2", DeviceOp::GetWork);
    shop.pick_all("d2", "T-1");
    shop.choose("d2", FlowName::Pack);
    shop.ok("d2", scan("T-1"));
    shop.choose("d1", FlowName::Pack);
    shop.no("d1", scan("T-1"), C::Conflict);
    let id = shop.picked(5, &[(1, "PLAIN", 1)], "T-2");
    shop.packed(id);
    shop.no("d1", scan(&id.to_string()), C::AlreadyDone);
    let missing: Vec<_> = Group::Common.codes().into_iter().filter(|code| !shop.codes.contains(code)).collect();
    assert_eq!(missing, vec![]);
    shop.check();
}

#[test]
fn pack_reaches_each_of_its_codes_and_no_other() {
    use FloorCode as C;
    let mut met = Vec::new();
    let mut shop = ready_with(|site| site.weigh = true);
    let id = shop.picked(1, &[(1, "PLAIN", 2), (2, "PHONE", 1), (3, "PAINT", 1), (4, "ACID", 1)], "T-1");
    shop.choose("d1", FlowName::Pack);
    shop.no("d1", scan("T-3"), C::NoMatch);
    shop.work(WorkOffice::HoldParcel { parcel: id, reason: Some("fraud".into()) });
    shop.no("d1", scan("T-1"), C::OrderOnHold);
    shop.work(WorkOffice::HoldParcel { parcel: id, reason: None });
    assert_eq!(shop.ok("d1", scan("T-1")), "ScanEach");
    shop.no("d1", DeviceOp::Next, C::CloseEmpty);
    shop.no("d1", scan("OTHER"), C::NotInOrder);
    shop.no("d1", DeviceOp::Scan(gtin(PHONE)), C::SerialRequired);
    shop.no("d1", DeviceOp::Scan(gtin(CASE)), C::OverPack);
    shop.ok("d1", scan("PLAIN"));
    shop.ok("d1", scan("PAINT"));
    shop.no("d1", scan("ACID"), C::HazmatMix);
    shop.no("d1", scan("PAINT"), C::OverPack);
    shop.no("d1", scan("T-2"), C::FromOtherTote);
    shop.ok("d1", DeviceOp::Next);
    shop.no("d1", DeviceOp::Carton("SACK".into()), C::CartonTypeNotAllowed);
    assert_eq!(shop.ok("d1", DeviceOp::Carton("BOX-M".into())), "Weigh");
    // Nobody knows what paint weighs, so any weight is taken but none at all.
    shop.no("d1", DeviceOp::Weigh(0), C::WeightOutOfTolerance);
    shop.ok("d1", DeviceOp::Weigh(800));
    shop.no("d1", DeviceOp::Label { plate: None, printed: false }, C::LabelPrinterDown);
    let own = |text: &str| DeviceOp::Label { plate: Some(PlateId::parse(text).unwrap()), printed: true };
    shop.no("d1", own("106141412345678907"), C::BadCheckDigit);
    let foreign = Numbering { prefix: "9506000".into(), extension: 0, reuse_seconds: REUSE_SECONDS };
    shop.no("d1", own(&foreign.sscc(5)), C::SsccForeignPrefix);
    shop.ok("d1", DeviceOp::TakePlates);
    let block = shop.floor.device(&dev("d1")).unwrap().record.blocks[0];
    let numbering = shop.floor.numbering().unwrap();
    shop.no("d1", own(&numbering.sscc(block.from + block.count)), C::SsccReuse);
    assert_eq!(shop.ok("d1", own(&numbering.sscc(block.from + 7))), "Close");
    assert_eq!(shop.ok("d1", DeviceOp::Close), "ScanEach");
    shop.no("d1", scan(&numbering.sscc(block.from + 7)), C::CartonClosed);
    // The second carton weighs what its unit and the box weigh, or is weighed twice.
    shop.ok("d1", scan("PLAIN"));
    shop.ok("d1", DeviceOp::Submit);
    shop.ok("d1", DeviceOp::Carton("BOX-M".into()));
    shop.no("d1", DeviceOp::Weigh(900), C::WeightOutOfTolerance);
    shop.no("d1", DeviceOp::Weigh(905), C::WeightOutOfTolerance);
    shop.ok("d1", DeviceOp::Weigh(905));
    shop.ok("d1", DeviceOp::Label { plate: None, printed: true });
    shop.ok("d1", DeviceOp::Close);
    // Two units are left in the tote; a manager decides.
    shop.no("d1", DeviceOp::Submit, C::OrderIncomplete);
    let answer = shop.op("d1", DeviceOp::Submit);
    assert_eq!((answer.outcome, answer.code), (Outcome::AppliedWithVariance, Some(C::OrderIncomplete)));
    assert!(shop.floor.work().parcel(id).unwrap().held.is_some(), "it does not go on by itself");
    shop.check();
    met.push(shop.codes);

    let mut shop = ready();
    let id = parcel(2, 1);
    shop.add(id, &[(1, "PLAIN", 2), (2, "OTHER", 1)]);
    shop.choose("d1", FlowName::Pick);
    shop.ok("d1", DeviceOp::GetWork);
    take(&mut shop, "A-01", "PLAIN", "1", "T-1");
    shop.ok("d1", DeviceOp::Full);
    shop.ok("d1", scan("PACK-1"));
    shop.pick_all("d1", "T-2");
    shop.choose("d1", FlowName::Pack);
    shop.ok("d1", scan("T-1"));
    shop.no("d1", scan("OTHER"), C::FromOtherTote);
    shop.ok("d1", scan("T-2"));
    shop.ok("d1", scan("OTHER"));
    shop.check();
    met.push(shop.codes);
    all_met(&met, Group::Pack);
}

#[test]
fn ship_reaches_each_of_its_codes_and_no_other() {
    use FloorCode as C;
    let mut shop = ready();
    let first = shop.picked(1, &[(1, "PLAIN", 1)], "T-1");
    let second = shop.picked(2, &[(1, "PLAIN", 1)], "T-2");
    let third = shop.picked(3, &[(1, "PLAIN", 1)], "T-3");
    let near = shop.packed(first);
    let far = shop.packed(second);
    let stray = shop.packed(third);
    let open = shop.picked(4, &[(1, "PLAIN", 2)], "T-1");
    shop.choose("d1", FlowName::Pack);
    shop.ok("d1", scan("T-1"));
    shop.ok("d1", scan("PLAIN"));
    shop.ok("d1", DeviceOp::Next);
    shop.ok("d1", DeviceOp::Carton("BOX-M".into()));
    shop.ok("d1", DeviceOp::Label { plate: None, printed: true });
    let unclosed = shop.floor.work().parcel(open).unwrap().cartons[0].plate.clone().unwrap();
    shop.plan_load("L-1", &[&[first], &[second, open]], None, true);
    shop.choose("d1", FlowName::Ship);
    shop.no("d1", scan("A-01"), C::WrongDoor);
    shop.ok("d1", scan("DOOR-2"));
    shop.no("d1", scan("L-1"), C::WrongDoor);
    shop.open_load("L-1");
    shop.no("d1", scan(stray.as_str()), C::SsccNotOnLoad);
    shop.no("d1", scan(unclosed.as_str()), C::CartonOpen);
    shop.no("d1", scan(near.as_str()), C::WrongStopOrder);
    shop.work(WorkOffice::HoldParcel { parcel: second, reason: Some("fraud".into()) });
    shop.no("d1", scan(far.as_str()), C::OrderHold);
    shop.work(WorkOffice::HoldParcel { parcel: second, reason: None });
    shop.ok("d1", scan(far.as_str()));
    shop.no("d1", scan(far.as_str()), C::AlreadyLoaded);
    let answer = shop.op("d1", DeviceOp::Verify);
    assert_eq!((answer.outcome, answer.code), (Outcome::Pending, Some(C::MissingPieces)));
    let again = shop.op("d1", DeviceOp::Verify);
    assert_eq!(again.approval, answer.approval, "one approval is waited for");
    let decide = |id, approve| FloorCommand::DecideApproval { id, approve, reason: "asked the customer".into() };
    shop.office(decide(answer.approval.unwrap(), false));
    let asked = shop.op("d1", DeviceOp::Verify).approval.unwrap();
    shop.office(decide(asked, true));
    // What may stay behind holds nobody up, and what turns up after all goes along.
    shop.ok("d1", scan(near.as_str()));
    assert_eq!(shop.ok("d1", DeviceOp::Verify), "Seal");
    shop.no("d1", DeviceOp::Depart, C::SealRequired);
    shop.no("d1", DeviceOp::Seal(" ".into()), C::SealRequired);
    shop.ok("d1", DeviceOp::Seal("S-1".into()));
    shop.no("d1", DeviceOp::Depart, C::TrackingMissing);
    shop.book(first);
    let offline = shop.offline("d1", DeviceOp::Depart);
    assert_eq!(offline.code, Some(C::OfflineNotAllowed), "departing needs a connection");
    shop.no("d1", DeviceOp::Depart, C::TrackingMissing);
    shop.book(second);
    shop.work(WorkOffice::HoldParcel { parcel: second, reason: Some("fraud".into()) });
    shop.no("d1", DeviceOp::Depart, C::OrderHold);
    shop.work(WorkOffice::HoldParcel { parcel: second, reason: None });
    assert_eq!(shop.ok("d1", DeviceOp::Depart), "Door");
    shop.ok("d1", scan("DOOR-1"));
    shop.no("d1", scan("L-1"), C::AlreadyDeparted);
    assert_eq!(
        shop.floor.bin(&loc("DOOR-1")).map_or(0, munshi_domain::floor::Bin::units),
        0,
        "nothing is left at the door"
    );
    let behind = shop.floor.work().parcel(open).unwrap();
    assert!(behind.load.is_none() && behind.ended.is_none(), "it may leave with another load");
    // The next load: its cut-off, and a seal that was used.
    let cutoff = shop.now.plus_seconds(600);
    shop.book(third);
    shop.plan_load("L-2", &[&[third]], Some(cutoff), true);
    shop.open_load("L-2");
    shop.ok("d1", scan(stray.as_str()));
    shop.ok("d1", DeviceOp::Verify);
    shop.no("d1", DeviceOp::Seal("S-1".into()), C::SealDuplicate);
    shop.ok("d1", DeviceOp::Seal("S-2".into()));
    shop.now = cutoff.plus_seconds(1);
    shop.no("d1", DeviceOp::Depart, C::CutoffPassed);
    shop.check();
    all_met(&[shop.codes], Group::Ship);
}

fn picked_fact(
    shop: &Shop,
    id: ParcelId,
    bin: &str,
    of: munshi_domain::floor::Goods,
    units: u32,
    tote: &str,
) -> DeviceOp {
    DeviceOp::Picked(PickedFact {
        task: shop.pick_task(id),
        line: 1,
        place: Place::loose(loc(bin)),
        goods: of,
        units,
        serials: vec![],
        tote: loc(tote),
        raw: vec!["raw".into()],
    })
}

fn get(shop: &mut Shop, device: &str) {
    shop.choose(device, FlowName::Pick);
    shop.ok(device, DeviceOp::GetWork);
}

fn variance(answer: &munshi_domain::floor::Answer, code: FloorCode) {
    assert_eq!((answer.outcome, answer.code), (Outcome::AppliedWithVariance, Some(code)), "{answer:?}");
    assert!(answer.exception.is_some());
}

fn put_backs(shop: &Shop) -> u32 {
    let tasks = shop.floor.work().tasks.iter().filter(|(_, task)| task.is_live());
    tasks
        .filter_map(|(_, task)| match &task.work {
            munshi_domain::floor::Work::PutBack(work) => Some(work.units),
            _ => None,
        })
        .sum()
}

#[test]
fn offline_two_pickers_take_the_last_unit_of_a_bin() {
    let mut shop = ready();
    shop.stock("R-01", goods("EXTRA", None), 1, &[]);
    let (one, two) = (parcel(1, 1), parcel(2, 1));
    shop.add(one, &[(1, "EXTRA", 1)]);
    shop.add(two, &[(1, "EXTRA", 1)]);
    get(&mut shop, "d1");
    get(&mut shop, "d2");
    let (first, second) = (
        picked_fact(&shop, one, "R-01", goods("EXTRA", None), 1, "T-1"),
        picked_fact(&shop, two, "R-01", goods("EXTRA", None), 1, "T-2"),
    );
    assert_eq!(shop.offline("d1", first).outcome, Outcome::Applied);
    variance(&shop.offline("d2", second), FloorCode::Conflict);
    let line = &shop.floor.bin(&loc("R-01")).unwrap().lines[0];
    assert_eq!((line.balance, line.units(), line.overdraw()), (-1, 0, 1), "an open variance of the bin");
    let count = shop.floor.counts().next().unwrap();
    assert_eq!((count.location.clone(), count.cause), (loc("R-01"), Some(FloorCode::Conflict)), "somebody counts");
    shop.check();
}

#[test]
fn offline_the_order_is_cancelled_while_its_picker_is_away() {
    let mut shop = ready();
    let id = parcel(1, 1);
    shop.add(id, &[(1, "PLAIN", 2)]);
    get(&mut shop, "d1");
    shop.work(WorkOffice::CancelParcel { parcel: id, kept: false });
    let fact = picked_fact(&shop, id, "A-01", plain(), 2, "T-1");
    variance(&shop.offline("d1", fact), FloorCode::LineCancelled);
    assert_eq!(put_backs(&shop), 2, "a return-to-stock task");
    // It goes back by a scan of the shelf.
    shop.choose("d2", FlowName::PutBack);
    shop.ok("d2", DeviceOp::GetWork);
    shop.no("d2", scan("T-1"), FloorCode::WrongLocation);
    shop.ok("d2", scan("A-01"));
    assert_eq!((put_backs(&shop), shop.floor.bin(&loc("A-01")).unwrap().units()), (0, 20));
    shop.check();
}

#[test]
fn offline_the_lease_expired_and_another_picked_the_line() {
    let mut shop = ready();
    let id = parcel(1, 1);
    shop.add(id, &[(1, "PLAIN", 2)]);
    get(&mut shop, "d1");
    shop.now = shop.now.plus_seconds(1_801);
    shop.office(FloorCommand::Tick);
    get(&mut shop, "d2");
    let fact = |shop: &Shop| picked_fact(shop, id, "A-01", plain(), 2, "T-1");
    let (by_second, by_first) = (fact(&shop), fact(&shop));
    assert_eq!(shop.offline("d2", by_second).outcome, Outcome::Applied);
    variance(&shop.offline("d1", by_first), FloorCode::OverPick);
    assert_eq!(put_backs(&shop), 2, "what is over goes back");
    assert_eq!(shop.floor.work().parcel(id).unwrap().lines[0].picked, 2, "the order gets no more than it wants");
    shop.check();
}

#[test]
fn offline_a_lot_is_recalled_in_between() {
    let mut shop = ready();
    let id = parcel(1, 1);
    shop.add(id, &[(1, "LOTTED", 2)]);
    get(&mut shop, "d1");
    status(&mut shop, "L1", LotStatus::Recalled);
    let fact = picked_fact(&shop, id, "A-03", goods("LOTTED", Some(("L1", "2027-03-01"))), 2, "T-1");
    variance(&shop.offline("d1", fact), FloorCode::LotRecalled);
    assert!(shop.floor.work().parcel(id).unwrap().held.is_some(), "the stock is on hold");
    assert_eq!(shop.ok("d1", DeviceOp::GetWork), "Drop");
    shop.ok("d1", scan("PACK-1"));
    shop.choose("d1", FlowName::Pack);
    shop.no("d1", scan("T-1"), FloorCode::OrderOnHold);
    // Lifting the hold of the order does not make the lot sellable.
    shop.work(WorkOffice::HoldParcel { parcel: id, reason: None });
    shop.no("d1", scan("T-1"), FloorCode::OrderOnHold);
    shop.check();
}

#[test]
fn offline_a_recall_after_packing_is_refused_at_the_door() {
    let mut shop = ready();
    let id = shop.picked(1, &[(1, "LOTTED", 2)], "T-1");
    let plate = shop.packed(id);
    shop.plan_load("L-1", &[&[id]], None, false);
    shop.open_load("L-1");
    status(&mut shop, "L1", LotStatus::Recalled);
    shop.no("d1", scan(plate.as_str()), FloorCode::OrderHold);
    let fact = LoadedFact { load: load("L-1"), plate, raw: vec![] };
    variance(&shop.offline("d1", DeviceOp::Loaded(fact)), FloorCode::OrderHold);
    shop.check();
}

#[test]
fn offline_facts_nobody_understands_are_kept_raw() {
    let mut shop = ready();
    let fact = PickedFact {
        task: TaskId(4_711),
        line: 1,
        place: Place::loose(loc("A-01")),
        goods: plain(),
        units: 1,
        serials: vec![],
        tote: loc("T-1"),
        raw: vec!["]C10109506000134352".into()],
    };
    let answer = shop.offline("d1", DeviceOp::Picked(fact));
    variance(&answer, FloorCode::NoMatch);
    let exception = shop.floor.exceptions().find(|open| Some(open.id) == answer.exception).unwrap();
    assert_eq!(exception.about["raw"], "]C10109506000134352");
    assert_eq!(shop.floor.bin(&loc("T-1")).unwrap().units(), 1, "the goods are where they are");
    shop.check();
}

#[test]
fn offline_packing_and_loading_follow_what_happened() {
    let mut shop = ready();
    let id = shop.picked(1, &[(1, "PLAIN", 2)], "T-1");
    let fact = |parcel, tote: &str, of, units| {
        DeviceOp::Packed(PackedFact { parcel, tote: loc(tote), goods: of, units, serials: vec![], raw: vec![] })
    };
    assert_eq!(shop.offline("d1", fact(id, "T-1", plain(), 1)).outcome, Outcome::Applied);
    variance(&shop.offline("d1", fact(id, "T-2", plain(), 1)), FloorCode::FromOtherTote);
    variance(&shop.offline("d1", fact(id, "T-1", plain(), 2)), FloorCode::OverPack);
    variance(&shop.offline("d1", fact(id, "T-1", goods("ACID", None), 1)), FloorCode::NotInOrder);
    variance(&shop.offline("d1", fact(parcel(9, 9), "T-1", plain(), 1)), FloorCode::NoMatch);
    assert_eq!(shop.floor.work().parcel(id).unwrap().lines[0].packed, 2);
    let two = shop.picked(2, &[(1, "PLAIN", 1)], "T-2");
    let plate = shop.packed(two);
    shop.plan_load("L-1", &[&[two]], None, false);
    let loaded =
        |plate: &PlateId| DeviceOp::Loaded(LoadedFact { load: load("L-1"), plate: plate.clone(), raw: vec![] });
    variance(&shop.offline("d2", loaded(&plate)), FloorCode::LeaseLost);
    variance(&shop.offline("d2", loaded(&plate)), FloorCode::AlreadyLoaded);
    assert_eq!(shop.floor.bin(&loc("DOOR-1")).unwrap().units(), 1, "it stands at the door once");
    shop.check();
}

#[test]
fn a_short_takes_from_this_walk_only_and_finds_another_place() {
    let mut shop = ready();
    shop.stock("R-01", plain(), 3, &[]);
    shop.add(parcel(1, 1), &[(1, "PLAIN", 4)]);
    shop.add(parcel(2, 1), &[(1, "PLAIN", 5)]);
    get(&mut shop, "d1");
    get(&mut shop, "d2");
    let tasks = &shop.floor.work().tasks;
    assert_eq!(tasks.planned(&loc("A-01"), &sku("PLAIN"), None), 9);
    let theirs = tasks.get(shop.pick_task(parcel(2, 1))).cloned();
    shop.ok("d1", short(1));
    assert_eq!(shop.floor.work().tasks.get(shop.pick_task(parcel(2, 1))).cloned(), theirs, "others keep theirs");
    let tasks = &shop.floor.work().tasks;
    assert_eq!(tasks.planned(&loc("A-01"), &sku("PLAIN"), None), 6, "one that was found, and the other list's five");
    assert_eq!(tasks.planned(&loc("R-01"), &sku("PLAIN"), None), 3, "the rest is elsewhere");
    assert_eq!(shop.floor.counts().next().unwrap().location, loc("A-01"), "somebody counts the bin");
    shop.add(parcel(3, 1), &[(1, "PLAIN", 1)]);
    shop.sign_on("d3", "B3");
    get(&mut shop, "d3");
    let stop = &shop.view("d3")["stop"];
    assert!(stop["location"].is_null(), "a doubted bin is not sent to: {stop}");
    // What no place has leaves the parcel.
    let events = shop.op("d3", short(0));
    assert_eq!(events.screen.state, "Idle");
    let line = &shop.floor.work().parcel(parcel(3, 1)).unwrap().lines[0];
    assert_eq!((line.need, line.short), (1, 1));
    shop.check();
}

#[test]
fn a_batch_walks_once_and_gives_each_order_its_tote() {
    let mut shop = ready();
    for order in 1..=3 {
        shop.add(parcel(order, 1), &[(1, "PLAIN", 2)]);
    }
    shop.choose("d1", FlowName::PickBatch);
    shop.ok("d1", DeviceOp::GetWork);
    for tote in ["T-1", "T-2", "T-3"] {
        take(&mut shop, "A-01", "PLAIN", "1", tote);
        // The second unit of an order goes where its first is.
        shop.ok("d1", scan("A-01"));
        shop.ok("d1", scan("PLAIN"));
        shop.ok("d1", quantity("1"));
        let other = if tote == "T-1" { "T-2" } else { "T-1" };
        let code = if other == "T-2" { FloorCode::SlotMismatch } else { FloorCode::ToteOtherOrder };
        shop.no("d1", scan(other), code);
        shop.ok("d1", scan(tote));
    }
    shop.ok("d1", scan("PACK-1"));
    for order in 1..=3 {
        let known = shop.floor.work().parcel(parcel(order, 1)).unwrap();
        assert_eq!((known.totes.len(), known.lines[0].picked), (1, 2));
        assert_eq!(known.station, Some(loc("PACK-1")));
    }
    shop.check();
}

#[test]
fn an_empty_bin_is_asked_about_and_counted_when_it_is_not() {
    for (empty, counts) in [(true, 0), (false, 1)] {
        let mut shop = ready();
        walk(&mut shop, 1, &[(1, "PLAIN", 20)]);
        assert_eq!(take(&mut shop, "A-01", "PLAIN", "20", "T-1"), "ZeroCheck");
        assert_eq!(shop.ok("d1", DeviceOp::BinEmpty(empty)), "Drop");
        assert_eq!(shop.floor.counts().count(), counts);
        shop.check();
    }
}

#[test]
fn item_first_is_the_same_walk() {
    let mut shop = ready();
    shop.add(parcel(1, 1), &[(1, "PLAIN", 2)]);
    shop.ok("d1", DeviceOp::Choose { flow: FlowName::Pick, first: First::Item });
    assert_eq!(shop.ok("d1", DeviceOp::GetWork), "Item");
    assert_eq!(shop.ok("d1", scan("PLAIN")), "Loc");
    shop.no("d1", scan("A-02"), FloorCode::WrongLocation);
    assert_eq!(shop.ok("d1", scan("A-01")), "Qty");
    shop.ok("d1", quantity("2"));
    assert_eq!(shop.ok("d1", scan("T-1")), "Drop");
    shop.check();
}

#[derive(Clone, Debug)]
enum Step {
    Op(usize, Box<DeviceOp>),
    Fact(usize, u16, u32, usize),
    Add(u16, usize, u32),
    Cancel(u16, bool),
    Hold(u16, bool),
    Book(u16),
    Load(u16),
    Plate(usize, u16),
    Decide(bool),
    Pass(i64),
    Right(usize),
}

const ITEMS: [&str; 4] = ["PLAIN", "OTHER", "LOTTED", "PHONE"];
const TOTES: [&str; 3] = ["T-1", "T-2", "T-3"];
const DEVICES: [&str; 2] = ["d1", "d2"];

fn step() -> impl Strategy<Value = Step> {
    let texts = [
        "A-01", "A-02", "A-03", "R-01", "PACK-1", "DOOR-1", "T-1", "T-2", "T-3", "PLAIN", "OTHER", "LOTTED", "PHONE",
        "L1", "L2", "S1", "S2", "S3", "L-1", "nothing",
    ];
    let flow = prop::sample::select(vec![
        FlowName::Pick,
        FlowName::PickBatch,
        FlowName::Pack,
        FlowName::Ship,
        FlowName::PutBack,
    ]);
    let op = prop_oneof![
        12 => prop::sample::select(texts.to_vec()).prop_map(scan),
        4 => (1..4u128).prop_map(|order| scan(&parcel(order, 1).to_string())),
        3 => (1..9u32).prop_map(|units| DeviceOp::Quantity(units.to_string())),
        5 => (flow, any::<bool>()).prop_map(|(flow, item)| DeviceOp::Choose {
            flow,
            first: if item { First::Item } else { First::Location },
        }),
        6 => Just(DeviceOp::GetWork),
        1 => Just(DeviceOp::Skip),
        2 => (0..3u32).prop_map(short),
        1 => Just(DeviceOp::Full),
        1 => Just(DeviceOp::ChangeLot { lot: lot("L2"), reason: "torn".into() }),
        2 => any::<bool>().prop_map(DeviceOp::BinEmpty),
        3 => Just(DeviceOp::Next),
        2 => Just(DeviceOp::Submit),
        3 => Just(DeviceOp::Carton("BOX-M".into())),
        3 => any::<bool>().prop_map(|printed| DeviceOp::Label { plate: None, printed }),
        3 => Just(DeviceOp::Close),
        2 => Just(DeviceOp::Verify),
        1 => Just(DeviceOp::Seal("S-1".into())),
        2 => Just(DeviceOp::Depart),
        1 => prop::sample::select(vec![None, Some(true), Some(false)]).prop_map(|keep| DeviceOp::SignOff { keep }),
        2 => (1..3u8).prop_map(|badge| DeviceOp::SignOn { badge: format!("B{badge}"), pin_right: true, equipment: None }),
    ];
    prop_oneof![
        20 => (0..2usize, op).prop_map(|(device, op)| Step::Op(device, Box::new(op))),
        25 => (0..2usize).prop_map(Step::Right),
        2 => (0..2usize, 1..4u16, 1..5u32, 0..3usize).prop_map(|(d, o, u, t)| Step::Fact(d, o, u, t)),
        3 => (1..4u16, 0..4usize, 1..4u32).prop_map(|(o, i, u)| Step::Add(o, i, u)),
        1 => (1..4u16, any::<bool>()).prop_map(|(o, kept)| Step::Cancel(o, kept)),
        1 => (1..4u16, any::<bool>()).prop_map(|(o, hold)| Step::Hold(o, hold)),
        2 => (1..4u16).prop_map(Step::Book),
        1 => (1..4u16).prop_map(Step::Load),
        3 => (0..2usize, 1..4u16).prop_map(|(d, o)| Step::Plate(d, o)),
        1 => any::<bool>().prop_map(Step::Decide),
        1 => (0..2_000i64).prop_map(Step::Pass),
    ]
}

/// What moves a picker on, whatever the state: the model then reaches deep states, not only refusals.
fn right_op(shop: &Shop, device: &str) -> DeviceOp {
    let shown = shop.floor.show(&dev(device));
    let stop = &shown.view["stop"];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("A-01").to_owned();
    match shown.state.as_str() {
        "Idle" => DeviceOp::GetWork,
        "Loc" if shown.view["work"].is_object() => scan("A-01"),
        "Loc" => scan(&text(&stop["location"])),
        "Item" => scan(&text(&stop["sku"])),
        "LotSerial" => scan(stop["lot"].as_str().unwrap_or("S1")),
        "Qty" => DeviceOp::Quantity(stop["units"].to_string()),
        "Tote" if stop.is_object() => scan(stop["tote"].as_str().unwrap_or("T-1")),
        "Tote" => scan("T-1"),
        "ZeroCheck" => DeviceOp::BinEmpty(true),
        "Unload" | "Drop" => scan("PACK-1"),
        "ScanEach" => DeviceOp::Scan(Scan::text("PLAIN")),
        "Carton" => DeviceOp::Carton("BOX-M".into()),
        "Label" => DeviceOp::Label { plate: None, printed: true },
        "Close" => DeviceOp::Close,
        "Door" => scan("DOOR-1"),
        "Load" => scan("L-1"),
        "ScanSscc" => DeviceOp::Verify,
        "Depart" => DeviceOp::Depart,
        _ => DeviceOp::Choose { flow: FlowName::Pick, first: First::Location },
    }
}

fn run(shop: &mut Shop, step: Step) {
    match step {
        Step::Op(device, op) => drop(shop.op(DEVICES[device], *op)),
        Step::Right(device) => {
            let op = right_op(shop, DEVICES[device]);
            shop.op(DEVICES[device], op);
        }
        Step::Fact(device, order, units, tote) => {
            let id = parcel(u128::from(order), 1);
            if shop.floor.work().tasks.of_parcel(id).any(|(_, task)| task.work.picks().is_some()) {
                let fact = picked_fact(shop, id, "A-01", plain(), units, TOTES[tote]);
                let answer = shop.offline(DEVICES[device], fact);
                assert_ne!(answer.outcome, Outcome::Rejected, "a fact is never refused");
            }
        }
        Step::Add(order, item, units) => {
            shop.add(parcel(u128::from(order), 1), &[(1, ITEMS[item], units), (2, "PLAIN", units)])
        }
        Step::Cancel(order, kept) => {
            drop(shop.work(WorkOffice::CancelParcel { parcel: parcel(u128::from(order), 1), kept }))
        }
        Step::Hold(order, hold) => {
            let reason = hold.then(|| "fraud".to_owned());
            shop.work(WorkOffice::HoldParcel { parcel: parcel(u128::from(order), 1), reason });
        }
        Step::Book(order) => shop.book(parcel(u128::from(order), 1)),
        Step::Load(order) => {
            let command = WorkOffice::PlanLoad {
                load: load("L-1"),
                door: loc("DOOR-1"),
                stops: vec![vec![parcel(u128::from(order), 1)]],
                cutoff: None,
                seal_required: order == 2,
            };
            let _ = shop.try_office(FloorCommand::Work(command));
        }
        Step::Plate(device, order) => {
            let known = shop.floor.work().parcel(parcel(u128::from(order), 1));
            if let Some(plate) = known.and_then(|parcel| parcel.plates().next()).cloned() {
                shop.op(DEVICES[device], scan(plate.as_str()));
            }
        }
        Step::Decide(approve) => {
            let open = shop.floor.approvals().next().map(|approval| approval.id);
            if let Some(id) = open {
                shop.office(FloorCommand::DecideApproval { id, approve, reason: "so be it".into() });
            }
        }
        Step::Pass(seconds) => {
            shop.now = shop.now.plus_seconds(seconds);
            for _ in 0..8 {
                use munshi_domain::Aggregate;
                let Some(command) = shop.floor.tick(shop.now) else { return };
                shop.office(command);
            }
            panic!("what is due does not end");
        }
    }
}

/// Per parcel: nothing is lost and nothing made up between shelf, tote and carton.
fn sound(shop: &Shop) {
    for (id, known) in shop.floor.work().parcels() {
        for line in &known.lines {
            assert!(line.packed <= line.picked && line.picked + line.short <= line.need, "{id}: {line:?}");
        }
        let in_totes: u32 = known.totes.iter().map(|tote| tote.held.units).sum();
        let in_cartons: u32 = known.cartons.iter().flat_map(|carton| &carton.contents).map(|held| held.units).sum();
        let (picked, packed) = known.lines.iter().fold((0, 0), |sum, line| (sum.0 + line.picked, sum.1 + line.packed));
        assert_eq!(in_cartons, packed, "{id}");
        if known.ended.is_none() {
            assert_eq!(in_totes + in_cartons, picked, "{id}: {known:?}");
        }
    }
    for (id, task) in shop.floor.work().tasks.iter() {
        if let munshi_domain::floor::Work::Pick(work) = &task.work {
            for line in &work.lines {
                let planned: u32 = line.stops.iter().map(|stop| stop.units).sum();
                assert!(planned <= line.open(), "task {id:?} plans more than is open: {line:?}");
            }
        }
        assert_eq!(task.lease.is_some(), task.state == munshi_domain::floor::TaskState::Leased, "{id:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn random_commands_in_random_states_end_legally(steps in prop::collection::vec(step(), 20..160)) {
        let mut shop = ready();
        let mut others = Vec::new();
        for step in steps {
            let short_by = match &step {
                Step::Op(device, op) if matches!(**op, DeviceOp::Short { .. }) => Some(*device),
                _ => None,
            };
            if let Some(device) = short_by {
                let other = dev(DEVICES[1 - device]);
                others = shop.floor.work().tasks.leased_to(&other).map(|(id, task)| (id, task.clone())).collect();
            }
            run(&mut shop, step);
            if let Some(device) = short_by {
                let other = dev(DEVICES[1 - device]);
                let after: Vec<_> = shop.floor.work().tasks.leased_to(&other).map(|(id, task)| (id, task.clone())).collect();
                prop_assert_eq!(&others, &after, "a short never releases other operators' reservations");
            }
            sound(&shop);
        }
        let mut listed = BTreeSet::from([FloorCode::TooOld, FloorCode::LocBlocked, FloorCode::LocUnknown]);
        let groups = [Group::Input, Group::Resolution, Group::Common, Group::SignOn, Group::Pick, Group::Pack, Group::Ship, Group::Plate];
        groups.into_iter().for_each(|group| listed.extend(group.codes()));
        let unlisted: Vec<_> = shop.codes.difference(&listed).collect();
        prop_assert!(unlisted.is_empty(), "{unlisted:?}");
        shop.check();
    }
}
