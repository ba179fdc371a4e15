//! What a picker scans and keys in, state by state.

use crate::floor::{
    Candidate, Floor, FloorCode, Flow, Goods, ItemRule, LocationKind, Lot, Place, Right, Scan, SerialNo, Want,
    WorkEvent,
    pick::{
        Got, PickSession, PickState,
        fact::{Hand, book, lot_code, tote_code},
        plan::{may_go, sources},
        session::At,
        to, unexpected,
    },
    task::PickStop,
    turn::{Call, No, Step, Turn},
    work::fact as work_fact,
};

/// Digits from which a quantity looks like a barcode.
const BARCODE_DIGITS: usize = 8;

fn at<'a>(call: &'a Call<'_>, session: &'a PickSession) -> Result<At<'a>, No> {
    session.at(call.floor).ok_or(No::new(FloorCode::AlreadyDone))
}

pub(super) fn location(call: &Call<'_>, session: &PickSession, scan: &Scan) -> Turn {
    let at = at(call, session)?;
    let Candidate::Location(code) = call.floor.resolve(scan, &[Want::Location])? else {
        return Err(unexpected(session));
    };
    let place = match &at.stop.place {
        Some(place) if place.bin == code => place.clone(),
        Some(place) => return Err(No::new(FloorCode::WrongLocation).at("/raw").arg("expected", &place.bin)),
        // Nobody knows where it is: the operator found it.
        None => found_at(call.floor, at.stop, code).ok_or_else(|| No::new(FloorCode::WrongLocation).at("/raw"))?,
    };
    let got = Got { place: Some(place), ..session.got.clone() };
    let state = if got.item { after_item(call.floor, &at, &got) } else { PickState::Item };
    Ok(to(PickSession { state, got, of: Some((at.task, at.line.line)), ..session.clone() }))
}

/// Where exactly in a location: as the books have it, else loose.
fn found_at(floor: &Floor, stop: &PickStop, code: crate::floor::LocationCode) -> Option<Place> {
    let stored = floor.location(&code).is_some_and(|location| location.kind.is_storage() && location.blocked.is_none());
    let lines = floor.bin(&code).into_iter().flat_map(|bin| &bin.lines);
    let plate =
        lines.filter(|line| line.goods.sku == stop.goods.sku && line.units() > 0).find_map(|line| line.plate.clone());
    stored.then_some(Place { bin: code, plate })
}

fn rule(floor: &Floor, at: &At<'_>) -> Option<ItemRule> {
    floor.item(&at.line.sku).cloned()
}

/// The state after the item is known: its lot or serials, then how many.
fn after_item(floor: &Floor, at: &At<'_>, got: &Got) -> PickState {
    let rule = rule(floor, at);
    let (lot, serial) = rule.map_or((false, false), |rule| (rule.lot, rule.serial));
    match () {
        () if got.place.is_none() => PickState::Loc,
        () if (lot && got.lot.is_none()) || (serial && got.units.is_none()) => PickState::LotSerial,
        () if got.units.is_some() => PickState::Tote,
        () => PickState::Qty,
    }
}

pub(super) fn item(call: &Call<'_>, session: &PickSession, scan: &Scan) -> Turn {
    let (floor, at) = (call.floor, at(call, session)?);
    let sku = match floor.resolve(scan, &[Want::Item, Want::Plate])? {
        Candidate::Plate(plate) => return whole_plate(call, session, &at, &plate),
        Candidate::Item(sku) => sku,
        _ => return Err(unexpected(session)),
    };
    if sku != at.line.sku {
        let listed =
            session.works(floor).flat_map(|(_, work)| &work.lines).any(|line| line.sku == sku && line.open() > 0);
        let code = if listed { FloorCode::WrongItem } else { FloorCode::ItemNotOnList };
        return Err(No::new(code).at("/raw").arg("expected", &at.line.sku));
    }
    let rule = rule(floor, &at);
    let pack = scan.gtin.as_ref().and_then(|gtin| rule.as_ref()?.packs.iter().find(|pack| pack.gtin == *gtin)?.units);
    if pack.is_some_and(|pack| pack > at.stop.units) {
        return Err(No::new(FloorCode::UomMismatch).at("/raw").arg("needed", at.stop.units));
    }
    let mut got = Got { item: true, pack: pack.filter(|pack| *pack > 1), ..session.got.clone() };
    let rule = rule.unwrap_or_else(|| ItemRule::plain(sku));
    if let Some(lot) = scan.lot.as_ref().filter(|_| rule.lot) {
        check_lot(call, &at, lot)?;
        got.lot = Some(lot.clone());
    }
    if let Some(serial) = scan.serial.as_ref().filter(|_| rule.serial) {
        add_serial(call, &at, &mut got, serial)?;
    }
    let state = after_item(floor, &at, &got);
    Ok(to(PickSession { state, got, of: Some((at.task, at.line.line)), ..session.clone() }))
}

/// A whole plate is taken if it has nothing else and not too much.
fn whole_plate(call: &Call<'_>, session: &PickSession, at: &At<'_>, plate: &crate::floor::PlateId) -> Turn {
    let floor = call.floor;
    let bin = session.got.place.as_ref().or(at.stop.place.as_ref()).map(|place| &place.bin);
    let known = floor.plate(plate).ok_or(FloorCode::NoMatch)?;
    if Some(&known.bin) != bin {
        return Err(No::new(FloorCode::WrongLocation).at("/raw"));
    }
    let lines: Vec<_> = floor.bin(&known.bin).into_iter().flat_map(|bin| bin.on_plate(plate)).collect();
    let [line] = lines.as_slice() else { return Err(No::new(FloorCode::WrongItem).at("/raw")) };
    if line.goods.sku != at.line.sku {
        return Err(No::new(FloorCode::WrongItem).at("/raw"));
    }
    if let Some(lot) = &line.goods.lot {
        check_lot(call, at, lot)?;
    }
    if line.units() > at.stop.units {
        return Err(No::new(FloorCode::LpnQtyGtNeed).at("/raw").arg("needed", at.stop.units));
    }
    let got = Got {
        place: Some(Place::on(known.bin.clone(), plate.clone())),
        item: true,
        pack: None,
        lot: line.goods.lot.clone(),
        plate: Some(plate.clone()),
        serials: line.serials.iter().cloned().collect(),
        units: Some(line.units()),
    };
    Ok(to(PickSession { state: PickState::Tote, got, of: Some((at.task, at.line.line)), ..session.clone() }))
}

/// Whether a lot may be taken where another may be planned.
fn check_lot(call: &Call<'_>, at: &At<'_>, lot: &Lot) -> Result<(), No> {
    usable(call, at, lot)?;
    if at.stop.goods.lot.as_ref().is_some_and(|planned| planned != lot) {
        let expected = at.stop.goods.lot.as_ref().map_or(String::new(), ToString::to_string);
        return Err(No::new(FloorCode::WrongLot).at("/raw").arg("expected", expected));
    }
    Ok(())
}

/// Whether a lot may go to a customer at all.
fn usable(call: &Call<'_>, at: &At<'_>, lot: &Lot) -> Result<(), No> {
    let record = call.floor.lot(&at.line.sku, lot).ok_or_else(|| No::new(FloorCode::WrongLot).at("/raw"))?;
    let goods = Goods { lot: Some(lot.clone()), expiry: record.expiry, ..Goods::plain(at.line.sku.clone()) };
    if let Some(code) = lot_code(call.floor, &goods) {
        return Err(No::new(code).at("/raw"));
    }
    if !may_go(call.floor, &goods, call.day()) {
        return Err(No::new(FloorCode::LotExpired).at("/raw"));
    }
    Ok(())
}

fn add_serial(call: &Call<'_>, at: &At<'_>, got: &mut Got, serial: &SerialNo) -> Result<(), No> {
    let floor = call.floor;
    let bin = got.place.as_ref().or(at.stop.place.as_ref()).map(|place| &place.bin);
    let there = floor.serial(&at.line.sku, serial);
    let in_tote = there.and_then(|code| floor.location(code)).is_some_and(|place| place.kind == LocationKind::Tote);
    if got.serials.contains(serial) || in_tote || floor.work.has_serial(at.work.parcel, serial) {
        return Err(No::new(FloorCode::SerialAlreadyPicked).at("/raw"));
    }
    if there.is_none() || there != bin {
        return Err(No::new(FloorCode::SerialNotHere).at("/raw"));
    }
    got.serials.push(serial.clone());
    if got.serials.len() >= at.stop.units as usize {
        got.units = Some(at.stop.units);
    }
    Ok(())
}

pub(super) fn lot_or_serial(call: &Call<'_>, session: &PickSession, scan: &Scan) -> Turn {
    let (floor, at) = (call.floor, at(call, session)?);
    let rule = rule(floor, &at).ok_or_else(|| unexpected(session))?;
    let mut got = session.got.clone();
    let text = scan.is_plain().then_some(scan.text.as_str());
    let wants_lot = rule.lot && got.lot.is_none();
    let lot = scan.lot.clone().or_else(|| Lot::parse(text.filter(|_| wants_lot)?).ok());
    let serial = scan.serial.clone().or_else(|| SerialNo::parse(text.filter(|_| !wants_lot)?).ok());
    let (lot, serial) = (lot.filter(|_| wants_lot), serial.filter(|_| rule.serial));
    if lot.is_none() && serial.is_none() {
        return Err(No::new(FloorCode::UnexpectedScan)
            .at("/raw")
            .arg("expected", if wants_lot { "lot" } else { "serial" }));
    }
    if let Some(lot) = lot {
        check_lot(call, &at, &lot)?;
        got.lot = Some(lot);
    }
    if let Some(serial) = serial {
        add_serial(call, &at, &mut got, &serial)?;
    }
    let state = after_item(floor, &at, &got);
    Ok(to(PickSession { state, got, of: Some((at.task, at.line.line)), ..session.clone() }))
}

/// Another lot than the planned one, with a reason; one that expires later than what is there too only by somebody who
/// may override.
pub(super) fn change_lot(call: &Call<'_>, session: &PickSession, lot: &Lot, reason: &str) -> Turn {
    let (floor, at) = (call.floor, at(call, session)?);
    if reason.trim().is_empty() || reason.len() > 500 {
        return Err(No::new(FloorCode::ReasonRequired).at("/reason"));
    }
    usable(call, &at, lot)?;
    let bin = session.got.place.as_ref().map(|place| place.bin.clone());
    let here: Vec<_> = sources(floor, &at.line.sku, call.day())
        .into_iter()
        .filter(|source| Some(&source.place.bin) == bin.as_ref())
        .collect();
    let Some(wanted) = here.iter().find(|source| source.goods.lot.as_ref() == Some(lot)) else {
        return Err(No::new(FloorCode::WrongLot).at("/lot"));
    };
    let older = here.iter().any(|source| {
        source.goods.lot.as_ref() != Some(lot)
            && source.goods.expiry.is_some()
            && source.goods.expiry < wanted.goods.expiry
    });
    if older && !call.has(Right::Override) {
        return Err(No::new(FloorCode::FefoViolation).at("/lot"));
    }
    let units = wanted.units.min(at.stop.units);
    let mut stops: Vec<PickStop> = at.line.stops.iter().filter(|stop| *stop != at.stop).cloned().collect();
    let rest = at.stop.units - units;
    stops.extend((rest > 0).then(|| PickStop { units: rest, skipped: at.stop.skipped + 1, ..at.stop.clone() }));
    let (place, goods) = (wanted.place.clone(), wanted.goods.clone());
    stops.push(PickStop { place: Some(place.clone()), goods, units, skipped: at.stop.skipped });
    let mut got = Got { lot: Some(lot.clone()), place: Some(place), ..session.got.clone() };
    if got.serials.len() >= units as usize && !got.serials.is_empty() {
        got.units = Some(units);
    }
    let state = after_item(floor, &at, &got);
    let planned = WorkEvent::PickPlanned { task: at.task, line: at.line.line, stops };
    Ok(to(PickSession { state, got, of: Some((at.task, at.line.line)), ..session.clone() }).with([work_fact(planned)]))
}

/// Fewer serials than the stop has: the rest stays on the list.
pub(super) fn enough_serials(call: &Call<'_>, session: &PickSession) -> Turn {
    let at = at(call, session)?;
    let count = u32::try_from(session.got.serials.len()).unwrap_or(u32::MAX);
    if count == 0 || count > at.stop.units {
        return Err(unexpected(session));
    }
    let got = Got { units: Some(count), ..session.got.clone() };
    let state = after_item(call.floor, &at, &got);
    Ok(to(PickSession { state, got, of: Some((at.task, at.line.line)), ..session.clone() }))
}

/// Packages of the size that was scanned, or units.
pub(super) fn quantity(call: &Call<'_>, session: &PickSession, text: &str) -> Turn {
    let at = at(call, session)?;
    let digits = text.trim();
    if digits.len() >= BARCODE_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(No::new(FloorCode::QtyLooksLikeBarcode).at("/quantity"));
    }
    let number: u32 =
        digits.parse().ok().filter(|number| *number > 0).ok_or_else(|| {
            No::new(FloorCode::UnexpectedScan).at("/quantity").arg("expected", "a whole number from 1")
        })?;
    let units = number.saturating_mul(session.got.pack.unwrap_or(1));
    if units > at.stop.units {
        return Err(No::new(FloorCode::OverPick).at("/quantity").arg("needed", at.stop.units));
    }
    let got = Got { units: Some(units), ..session.got.clone() };
    Ok(to(PickSession { state: PickState::Tote, got, of: Some((at.task, at.line.line)), ..session.clone() }))
}

/// The tote is scanned: now the units are picked.
pub(super) fn tote(call: &Call<'_>, session: &PickSession, scan: &Scan) -> Turn {
    let (floor, at) = (call.floor, at(call, session)?);
    let Candidate::Location(tote) = floor.resolve(scan, &[Want::Location])? else { return Err(unexpected(session)) };
    if let Some(code) = tote_code(floor, at.work, &tote) {
        return Err(No::new(code).at("/raw"));
    }
    if at.work.tote.as_ref().is_some_and(|designated| *designated != tote) {
        let expected = at.work.tote.as_ref().map_or(String::new(), ToString::to_string);
        return Err(No::new(FloorCode::SlotMismatch).at("/raw").arg("expected", expected));
    }
    let got = &session.got;
    let (Some(place), Some(units)) = (got.place.clone(), got.units) else { return Err(unexpected(session)) };
    let bin = place.bin.clone();
    let hand = Hand {
        task: at.task,
        line: at.line.line,
        goods: goods(floor, &at, got, &place),
        place,
        units,
        serials: got.serials.clone(),
        tote,
    };
    let step = book(call, &hand, &[]);
    Ok(go_on(call, session, &bin, units, step))
}

/// What exactly is taken: as planned, or as the books have the lot that was scanned.
fn goods(floor: &Floor, at: &At<'_>, got: &Got, place: &Place) -> Goods {
    if got.lot.is_none() || got.lot == at.stop.goods.lot {
        return at.stop.goods.clone();
    }
    let lines = floor.bin(&place.bin).into_iter().flat_map(|bin| &bin.lines);
    let same = |goods: &&Goods| goods.sku == at.line.sku && goods.lot == got.lot;
    let known = lines.map(|line| &line.goods).find(same);
    known.cloned().unwrap_or_else(|| Goods { lot: got.lot.clone(), ..at.stop.goods.clone() })
}

/// After a pick: is the bin empty now, the next stop, or the drop.
fn go_on(call: &Call<'_>, session: &PickSession, bin: &crate::floor::LocationCode, units: u32, step: Step) -> Step {
    let books = call.floor.bin(bin).map_or(0, |bin| bin.lines.iter().map(|line| line.balance).sum::<i64>());
    let open: u32 = session.works(call.floor).flat_map(|(_, work)| &work.lines).map(|line| line.open()).sum();
    let next = match () {
        () if books - i64::from(units) == 0 => {
            PickSession { asked: Some(bin.clone()), ..session.onward().to(PickState::ZeroCheck) }
        }
        () if open > units => session.onward(),
        () => session.onward().to(PickState::Drop),
    };
    Step { flow: Some(Flow::Pick(next)), ..step }
}
