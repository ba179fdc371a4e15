//! The fact `received`, written here and nowhere else: online when everything is collected, offline as it is reported,
//! and when an excess was approved.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    Sku,
    floor::{
        Approval, Condition, Content, Doc, DocBody, DocId, DocLine, Floor, FloorCode, FloorEvent, Goods, ItemRule,
        LocationCode, Move, Place, PlateId, PlateState, Proposal, Received, ReceivedFact, SerialNo,
        receive::{Line, Receive, ReceiveState},
        turn::{Call, No, Step, Turn},
    },
    quantity::MAX_QUANTITY,
};

/// What is wrong with the dates of good units.
fn date_faults(floor: &Floor, rule: &ItemRule, goods: &Goods, today: NaiveDate) -> Vec<FloorCode> {
    let mut faults = Vec::new();
    if let Some(expiry) = goods.expiry.filter(|_| goods.condition == Condition::Good) {
        if expiry < today {
            faults.push(FloorCode::ExpiredOnArrival);
        } else if (expiry - today).num_days() < i64::from(rule.min_shelf_days) {
            faults.push(FloorCode::ShelfLifeShort);
        }
    }
    let known = goods.lot.as_ref().and_then(|lot| floor.lot(&goods.sku, lot)).and_then(|record| record.expiry);
    if let (Some(known), Some(expiry)) = (known, goods.expiry)
        && known != expiry
    {
        faults.push(FloorCode::LotExpiryConflict);
    }
    faults
}

/// What is wrong with the dates scanned so far.
pub(super) fn date_fault(call: &Call<'_>, rule: &ItemRule, line: &Line) -> Option<FloorCode> {
    let (sku, lot, expiry) = (rule.sku.clone(), line.lot.clone(), line.expiry);
    let goods = Goods { sku, lot, expiry, condition: Condition::Good };
    date_faults(call.floor, rule, &goods, call.day()).first().copied()
}

/// Units by line of the document, in its order; what is too much is with the last line of the item.
fn allot(lines: &[DocLine], contents: &[Content]) -> Vec<(u16, u32)> {
    let mut units: BTreeMap<&Sku, u32> = BTreeMap::new();
    for content in contents {
        let sum = units.entry(&content.goods.sku).or_default();
        *sum = sum.saturating_add(content.units);
    }
    let mut allotted: Vec<(u16, u32)> = Vec::new();
    for (sku, mut left) in units {
        let of: Vec<_> = lines.iter().filter(|line| line.sku == *sku).collect();
        for (at, line) in of.iter().enumerate() {
            let last = at + 1 == of.len();
            let taken = if last { left } else { left.min(line.expected.saturating_sub(line.received)) };
            left -= taken;
            if taken > 0 {
                allotted.push((line.line, taken));
            }
        }
    }
    allotted
}

/// Items of which more came than was ordered, beyond the tolerance.
fn is_over(lines: &[DocLine], contents: &[Content], percent: u32) -> bool {
    contents.iter().any(|content| {
        let sku = &content.goods.sku;
        let of = || lines.iter().filter(|line| line.sku == *sku);
        let (expected, received) = of().fold((0u64, 0u64), |(expected, received), line| {
            (expected + u64::from(line.expected), received + u64::from(line.received))
        });
        let now: u64 =
            contents.iter().filter(|other| other.goods.sku == *sku).map(|other| u64::from(other.units)).sum();
        of().next().is_some() && received + now > expected * (100 + u64::from(percent)) / 100
    })
}

/// Everything that is wrong with goods that arrive, worst first.
fn faults(floor: &Floor, doc: &Doc, contents: &[Content], today: NaiveDate) -> Vec<FloorCode> {
    let mut faults = Vec::new();
    let lines = doc.body.lines();
    for Content { goods, units, serials } in contents {
        let plain = ItemRule::plain(goods.sku.clone());
        let rule = floor.item(&goods.sku).unwrap_or(&plain);
        if !lines.is_empty() && !lines.iter().any(|line| line.sku == goods.sku) {
            faults.push(FloorCode::ItemNotOnDoc);
        }
        if rule.lot && goods.lot.is_none() {
            faults.push(FloorCode::LotRequired);
        }
        if rule.expiry && goods.expiry.is_none() {
            faults.push(FloorCode::ExpiryRequired);
        }
        faults.extend(date_faults(floor, rule, goods, today));
        let mut seen = std::collections::BTreeSet::new();
        if serials.iter().any(|serial| !seen.insert(serial) || floor.serial(&goods.sku, serial).is_some()) {
            faults.push(FloorCode::SerialDuplicate);
        }
        if rule.serial && usize::try_from(*units) != Ok(serials.len()) {
            faults.push(FloorCode::SerialCountMismatch);
        }
    }
    let percent = floor.site().map_or(0, |site| site.over_receipt_percent);
    if is_over(lines, contents, percent) {
        faults.push(FloorCode::OverReceipt);
    }
    faults
}

/// The movements of goods that arrive. A serial number that is in stock already stays where it is.
fn arrivals(floor: &Floor, contents: Vec<Content>, to: &Place) -> Vec<Move> {
    let mut seen = std::collections::BTreeSet::new();
    let arrive = |Content { goods, units, serials }| {
        let new = |serial: &SerialNo| {
            floor.serial(&goods.sku, serial).is_none() && seen.insert((goods.sku.clone(), serial.clone()))
        };
        let serials = serials.into_iter().filter(new).collect();
        Move { goods, units, from: None, to: Some(to.clone()), serials }
    };
    contents.into_iter().map(arrive).collect()
}

impl Receive {
    /// Where the goods are.
    pub(super) fn bin(&self, call: &Call<'_>) -> Result<LocationCode, No> {
        let site = call.floor.site().map(|site| site.receiving.clone());
        self.dock.clone().or(site).ok_or_else(|| No::new(FloorCode::LocUnknown))
    }

    /// Everything is collected: writes the fact, or asks for approval of an excess.
    pub(super) fn fact(self, call: &Call<'_>) -> Turn {
        let (Some(id), Some(plate)) = (&self.doc, &self.plate) else { return Err(No::new(FloorCode::DocNotFound)) };
        let doc = self.open(call, id)?;
        let contents = self.contents(doc, plate);
        let known = call.floor.plate(plate);
        if self.whole && known.is_some_and(|known| known.doc.is_some()) {
            return Err(No::new(FloorCode::SsccAlreadyReceived).arg("plate", plate));
        }
        let faults = faults(call.floor, doc, &contents, call.day());
        if let Some(code) = faults.iter().copied().find(|code| *code != FloorCode::OverReceipt) {
            return Err(No::new(code).arg("doc", id));
        }
        let here = known.filter(|known| !known.state.ended());
        let bin = here.map_or_else(|| self.bin(call), |known| Ok(known.bin.clone()))?;
        let (doc_id, by) = (id.clone(), call.by());
        let over = faults.contains(&FloorCode::OverReceipt);
        // While its excess waits for approval, the plate counts as received: nobody receives it a second time.
        let created = here.is_none().then(|| FloorEvent::PlateCreated {
            plate: plate.clone(),
            bin: bin.clone(),
            doc: over.then(|| doc_id.clone()),
            by: by.clone(),
        });
        let lines = allot(doc.body.lines(), &contents);
        let moves = arrivals(call.floor, contents, &Place::on(bin.clone(), plate.clone()));
        let at = by.recorded_at;
        let received = Box::new(Received { doc: doc_id, lines, plate: plate.clone(), bin, moves, by: by.clone() });
        let staged = self.whole.then(|| (plate.clone(), PlateState::Staged, at));
        let mut step = Step::to(Self { state: ReceiveState::LineDone, ..self.clone() }.into()).with(created);
        if over {
            let approval = Approval { id: call.id(), by, proposal: Proposal::OverReceipt(received) };
            step.pending = Some((FloorCode::OverReceipt, approval.id));
            return Ok(step.with([FloorEvent::ApprovalRaised { approval }]));
        }
        let staged = staged.map(|(plate, state, at)| FloorEvent::PlateStateSet { plate, state, at });
        Ok(step.with([FloorEvent::Received(received)]).with(staged))
    }

    fn contents(&self, doc: &Doc, plate: &PlateId) -> Vec<Content> {
        let condition = self.line.condition.unwrap_or_default();
        if let (true, DocBody::Announced { plates, .. }) = (self.whole, &doc.body) {
            let mut contents = plates.get(plate).cloned().unwrap_or_default();
            contents.iter_mut().for_each(|content| content.goods.condition = condition);
            return contents;
        }
        let Line { sku, lot, expiry, serials, units, .. } = self.line.clone();
        let content = |sku| Content { goods: Goods { sku, lot, expiry, condition }, units, serials };
        sku.map(content).into_iter().collect()
    }
}

/// An excess was approved: the goods are booked where their plate is by now, loose if it has ended.
pub(in crate::floor) fn over_receipt_approved(floor: &Floor, received: &Received) -> Vec<FloorEvent> {
    let plate = floor.plate(&received.plate).filter(|plate| !plate.state.ended());
    let place = plate
        .map_or_else(|| Place::loose(received.bin.clone()), |plate| Place::on(plate.bin.clone(), plate.id.clone()));
    let content = |step: &Move| Content { goods: step.goods.clone(), units: step.units, serials: step.serials.clone() };
    let mut received = received.clone();
    received.moves = arrivals(floor, received.moves.iter().map(content).collect(), &place);
    received.bin = place.bin;
    let open = plate.is_some_and(|plate| plate.state == PlateState::Open);
    let staged = open.then(|| FloorEvent::PlateStateSet {
        plate: received.plate.clone(),
        state: PlateState::Staged,
        at: received.by.recorded_at,
    });
    [FloorEvent::Received(Box::new(received))].into_iter().chain(staged).collect()
}

/// Goods that were received without a connection: booked as they are, whatever the books say.
pub(in crate::floor) fn offline(call: &Call<'_>, fact: &ReceivedFact) -> Turn {
    let ReceivedFact { doc: id, plate, content, raw, .. } = fact;
    let about = |content: Option<&Content>| {
        let mut about = vec![("doc", id.to_string()), ("plate", plate.to_string()), ("raw", raw.join(" "))];
        about.extend(content.map(|content| ("sku", content.goods.sku.to_string())));
        about.extend(content.map(|content| ("units", content.units.to_string())));
        about
    };
    let nothing = |code| Ok(Step::done(Vec::new()).despite(call, code, &about(content.as_ref())));
    let doc = call.floor.doc(id);
    let known = call.floor.plate(plate);
    let contents = match (content, doc.map(|doc| &doc.body)) {
        (Some(content), _) if content.units == 0 => return nothing(FloorCode::QtyZero),
        (Some(content), _) if content.units > MAX_QUANTITY => return nothing(FloorCode::QtyLooksLikeBarcode),
        (Some(content), _) => vec![content.clone()],
        (None, None) => return nothing(FloorCode::DocNotFound),
        // It stands in the books once, whoever scanned it second.
        (None, _) if known.is_some_and(|known| known.doc.is_some()) => return nothing(FloorCode::SsccAlreadyReceived),
        (None, Some(DocBody::Announced { plates, .. })) if plates.contains_key(plate) => {
            plates.get(plate).cloned().unwrap_or_default()
        }
        (None, Some(_)) => return nothing(FloorCode::SsccNotOnAsn),
    };
    let mut codes = document_faults(call, id, doc);
    if known.is_some_and(|known| known.state.ended()) {
        codes.push(FloorCode::SsccAlreadyReceived);
    }
    codes.extend(doc.map(|doc| faults(call.floor, doc, &contents, call.day())).unwrap_or_default());
    let step = book(call, fact, doc, contents)?;
    Ok(match codes.first() {
        Some(code) => step.despite(call, *code, &about(content.as_ref())),
        None => step,
    })
}

fn document_faults(call: &Call<'_>, id: &DocId, doc: Option<&Doc>) -> Vec<FloorCode> {
    let Some(doc) = doc else { return vec![FloorCode::DocNotFound] };
    Receive { doc: Some(id.clone()), ..Receive::default() }
        .open(call, &doc.id)
        .err()
        .map(|no| no.code)
        .into_iter()
        .collect()
}

fn book(call: &Call<'_>, fact: &ReceivedFact, doc: Option<&Doc>, contents: Vec<Content>) -> Result<Step, No> {
    let (plate, by) = (&fact.plate, call.by());
    let known = call.floor.plate(plate);
    let named = fact.bin.clone().filter(|bin| call.floor.location(bin).is_some());
    let dock = named.or_else(|| doc.and_then(|doc| doc.dock.clone()));
    let bin = Receive { dock, ..Receive::default() }.bin(call)?;
    let place = match known {
        Some(known) if known.state.ended() => Place::loose(bin),
        Some(known) => Place::on(known.bin.clone(), plate.clone()),
        None => Place::on(bin, plate.clone()),
    };
    let bin = place.bin.clone();
    let created = known.is_none().then(|| FloorEvent::PlateCreated {
        plate: plate.clone(),
        bin: bin.clone(),
        doc: None,
        by: by.clone(),
    });
    let at = by.recorded_at;
    let staged = known.is_none_or(|known| known.state == PlateState::Open).then(|| FloorEvent::PlateStateSet {
        plate: plate.clone(),
        state: PlateState::Staged,
        at,
    });
    let lines = doc.map(|doc| allot(doc.body.lines(), &contents)).unwrap_or_default();
    let moves = arrivals(call.floor, contents, &place);
    let received = Received { doc: fact.doc.clone(), lines, plate: plate.clone(), bin, moves, by };
    let events = created.into_iter().chain([FloorEvent::Received(Box::new(received))]).chain(staged);
    Ok(Step::done(events.collect()))
}
