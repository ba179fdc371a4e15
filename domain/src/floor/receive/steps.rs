//! What each state of a receipt does with its input.

use chrono::NaiveDate;

use crate::floor::{
    Candidate, Doc, DocBody, DocId, FloorCode, FloorEvent, Group, ItemRule, LocationKind, Lot, Msg, PlateId,
    PlateState, Scan, SerialNo, Want, amount, plating,
    receive::{Line, Receive, ReceiveState},
    turn::{Call, No, Step, Turn},
};

/// The plate number in a scan, known or not.
fn plate_number(scan: &Scan) -> Option<PlateId> {
    let text = scan.sscc.as_deref().or(scan.is_plain().then_some(scan.text.as_str()))?;
    PlateId::parse(text).ok()
}

impl Receive {
    pub(super) fn pick_doc(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let announced = plate_number(scan).and_then(|plate| {
            let names =
                |doc: &&Doc| matches!(&doc.body, DocBody::Announced { plates, .. } if plates.contains_key(&plate));
            // A number may come again after a year: the open document is meant.
            let docs = || call.floor.docs.values().filter(names);
            let doc = docs().find(|doc| !doc.closed).or_else(|| docs().next())?;
            Some((doc.id.clone(), Some(plate)))
        });
        let (id, plate) = match announced {
            Some(found) => found,
            None => match call.floor.resolve(scan, &[Want::Document]) {
                Ok(Candidate::Document(id)) => (id, None),
                Err(no) if no.code == FloorCode::NoMatch => {
                    return Err(No::new(FloorCode::DocNotFound).at("/raw").arg("text", &scan.text));
                }
                Err(no) => return Err(no),
                Ok(_) => return Err(self.unexpected()),
            },
        };
        let doc = self.open(call, &id)?;
        let mut next = Self { doc: Some(id.clone()), dock: doc.dock.clone(), ..self.clone() };
        if let Some(plate) = plate {
            next.check_plate(call, doc, &plate)?;
            (next.plate, next.whole) = (Some(plate), true);
        }
        let device = call.command.device.clone();
        let joined = FloorEvent::DocJoined { doc: id, device, dock: None };
        if call.floor.site().is_some_and(|site| site.dock_required) {
            next.state = ReceiveState::Dock;
            return Ok(Step::to(next.into()).with([joined]));
        }
        Ok(next.collected(call)?.with([joined]))
    }

    /// The document, if it may be worked on from here.
    pub(super) fn open<'a>(&self, call: &Call<'a>, id: &DocId) -> Result<&'a Doc, No> {
        let no = |code| No::new(code).arg("doc", id);
        let doc = call.floor.doc(id).ok_or_else(|| no(FloorCode::DocNotFound))?;
        if call.floor.site().is_some_and(|site| site.code != doc.site) {
            return Err(no(FloorCode::DocOtherSite).arg("site", &doc.site));
        }
        if doc.closed {
            return Err(no(FloorCode::DocClosed));
        }
        match doc.devices.iter().find(|device| **device != call.command.device) {
            Some(other) if doc.exclusive => Err(no(FloorCode::DocLockedBy).arg("device", other)),
            _ => Ok(doc),
        }
    }

    fn this<'a>(&self, call: &Call<'a>) -> Result<&'a Doc, No> {
        self.doc.as_ref().map_or_else(|| Err(No::new(FloorCode::DocNotFound)), |id| self.open(call, id))
    }

    pub(super) fn at_dock(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let doc = self.this(call)?;
        let Candidate::Location(code) = call.floor.resolve(scan, &[Want::Location])? else {
            return Err(self.unexpected());
        };
        if call.floor.location(&code).is_none_or(|location| location.kind != LocationKind::Dock) {
            return Err(self.unexpected().arg("location", &code));
        }
        let busy = |other: &&Doc| {
            other.id != doc.id && !other.closed && other.dock.as_ref() == Some(&code) && !other.devices.is_empty()
        };
        if let Some(other) = call.floor.docs.values().find(busy) {
            return Err(No::new(FloorCode::DoorInUse).arg("doc", &other.id));
        }
        let device = call.command.device.clone();
        let joined = FloorEvent::DocJoined { doc: doc.id.clone(), device, dock: Some(code.clone()) };
        Ok(Self { dock: Some(code), ..self.clone() }.collected(call)?.with([joined]))
    }

    fn check_plate(&self, call: &Call<'_>, doc: &Doc, plate: &PlateId) -> Result<(), No> {
        let received = call.floor.plate(plate).is_some_and(|known| known.doc.is_some());
        if received {
            return Err(No::new(FloorCode::SsccAlreadyReceived).arg("plate", plate).arg("doc", &doc.id));
        }
        Ok(())
    }

    pub(super) fn on_plate(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let doc = self.this(call)?;
        let Some(plate) = plate_number(scan) else {
            call.floor.resolve(scan, &[Want::Plate])?;
            return Err(self.unexpected());
        };
        let staged = if self.plate.as_ref() == Some(&plate) { Vec::new() } else { self.stage(call) };
        let mut next = if self.state == ReceiveState::LineDone { self.next_line() } else { self.clone() };
        next.plate = Some(plate.clone());
        if let DocBody::Announced { plates, .. } = &doc.body
            && plates.contains_key(&plate)
        {
            self.check_plate(call, doc, &plate)?;
            // What was scanned of a line before is on the announcement as well.
            (next.whole, next.line) = (true, Line::default());
            return Ok(next.collected(call)?.with(staged));
        }
        let created = match call.floor.plate(&plate).map(|known| (known.state, known.doc.is_some())) {
            Some((PlateState::Open, _)) => None,
            Some((_, true)) => return Err(No::new(FloorCode::SsccAlreadyReceived).arg("plate", &plate)),
            Some((state, false)) => return Err(self.unexpected().arg("plate", &plate).arg("state", state.word())),
            None if matches!(doc.body, DocBody::Announced { .. }) => {
                return Err(No::new(FloorCode::SsccNotOnAsn).arg("plate", &plate));
            }
            None if scan.sscc.is_some() => {
                plating::check_label(call, &plate)?;
                let (bin, doc) = (next.bin(call)?, None);
                Some(FloorEvent::PlateCreated { plate: plate.clone(), bin, doc, by: call.by() })
            }
            None => {
                call.floor.resolve(scan, &[Want::Plate])?;
                return Err(self.unexpected());
            }
        };
        let mut step = next.collected(call)?;
        // The plate must be there before goods are put on it.
        let made = step.events.iter().any(|event| matches!(event, FloorEvent::PlateCreated { .. }));
        step.events.splice(0..0, staged.into_iter().chain(created.filter(|_| !made)));
        Ok(step)
    }

    pub(super) fn item(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let doc = self.this(call)?;
        let Candidate::Item(sku) = call.floor.resolve(scan, &[Want::Item])? else { return Err(self.unexpected()) };
        let plain = ItemRule::plain(sku.clone());
        let rule = call.floor.item(&sku).unwrap_or(&plain);
        if !doc.body.lines().is_empty() && !doc.body.lines().iter().any(|line| line.sku == sku) {
            return Err(No::new(FloorCode::ItemNotOnDoc).at("/raw").arg("sku", &sku));
        }
        if scan.weight.is_some() && !rule.catch_weight {
            return Err(No::new(FloorCode::WeightAiUnexpected).at("/raw").arg("sku", &sku));
        }
        let pack = rule.packs.iter().find(|pack| scan.gtin.as_ref() == Some(&pack.gtin));
        let pack = match pack.map(|pack| pack.units) {
            Some(None) => return Err(No::new(FloorCode::PackLevelUnknown).at("/raw").arg("sku", &sku)),
            Some(Some(units)) => units,
            None => 1,
        };
        let mut next = self.clone();
        next.line = Line { sku: Some(sku), pack, labelled: scan.count, ..Line::default() };
        next.absorb(call, rule, scan)
    }

    pub(super) fn tracking(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        self.this(call)?;
        let rule = self.rule(call)?;
        if scan.gtin.is_some()
            && !matches!(call.floor.resolve(scan, &[Want::Item])?, Candidate::Item(sku) if sku == rule.sku)
        {
            return Err(self.unexpected());
        }
        let mut scan = scan.clone();
        if scan.is_plain() {
            // Plain text is the value that is missing; which one that is depends on the item alone.
            if rule.lot && self.line.lot.is_none() {
                scan.lot = Lot::parse(&scan.text).ok();
            } else if rule.serial {
                scan.serial = SerialNo::parse(&scan.text).ok();
            }
            if scan.is_plain() {
                return Err(self.unexpected());
            }
        }
        self.clone().absorb(call, &rule, &scan)
    }

    pub(super) fn expiry(&self, call: &Call<'_>, day: NaiveDate) -> Turn {
        self.this(call)?;
        let scan = Scan { expiry: Some(day), ..Scan::default() };
        self.clone().absorb(call, &self.rule(call)?, &scan)
    }

    /// What is known of the item at hand.
    pub(super) fn rule(&self, call: &Call<'_>) -> Result<ItemRule, No> {
        let sku = self.line.sku.clone().ok_or_else(|| self.unexpected())?;
        Ok(call.floor.item(&sku).cloned().unwrap_or_else(|| ItemRule::plain(sku)))
    }

    /// Takes lot, expiry and serial from a scan and goes on when nothing is missing.
    fn absorb(mut self, call: &Call<'_>, rule: &ItemRule, scan: &Scan) -> Turn {
        let line = &mut self.line;
        if let Some(expiry) = scan.expiry {
            if line.expiry.is_some_and(|known| known != expiry) {
                return Err(No::new(FloorCode::LotExpiryConflict).at("/raw"));
            }
            line.expiry = Some(expiry);
        }
        if let Some(lot) = &scan.lot {
            line.lot = Some(lot.clone());
        }
        if let Some(serial) = scan.serial.as_ref().filter(|_| rule.serial) {
            if line.serials.contains(serial) || call.floor.serial(&rule.sku, serial).is_some() {
                return Err(No::new(FloorCode::SerialDuplicate).at("/raw").arg("serial", serial));
            }
            line.serials.push(serial.clone());
        }
        if let Some(code) = super::fact::date_fault(call, rule, line) {
            return Err(No::new(code).at("/raw").arg("sku", &rule.sku));
        }
        // A lot whose date is known needs no second label.
        if rule.expiry && line.expiry.is_none() {
            let lot = line.lot.as_ref().and_then(|lot| call.floor.lot(&rule.sku, lot));
            line.expiry = lot.and_then(|record| record.expiry);
        }
        let missing = (rule.lot && line.lot.is_none()) || (rule.expiry && line.expiry.is_none());
        if missing || rule.serial {
            self.state = ReceiveState::Tracking;
            if missing && scan.warnings.contains(&FloorCode::IncompletePair) {
                return Err(No { flow: Some(Box::new(self.into())), ..No::new(FloorCode::IncompletePair).at("/raw") });
            }
        } else {
            self.state = self.wanted();
        }
        let msg = self.notice(call, scan);
        let mut step = Step::to(self.into());
        step.msg = msg;
        Ok(step)
    }

    /// What is odd and no reason to stop.
    fn notice(&self, call: &Call<'_>, scan: &Scan) -> Option<Msg> {
        let shared = |lot: &Lot| {
            call.floor.lot_items.get(lot).is_some_and(|skus| skus.iter().any(|sku| Some(sku) != self.line.sku.as_ref()))
        };
        let code = match &scan.lot {
            Some(lot) if shared(lot) => Some(FloorCode::LotOtherItem),
            _ => scan.warnings.iter().copied().find(|code| Group::Input.codes().contains(code)),
        };
        code.map(|code| Msg { code, field: Some("/raw".into()), args: Default::default() })
    }

    /// On to the quantity, if what the item needs is there.
    pub(super) fn tracked(&self, call: &Call<'_>) -> Turn {
        let rule = self.rule(call)?;
        if rule.lot && self.line.lot.is_none() {
            return Err(No::new(FloorCode::LotRequired));
        }
        if rule.expiry && self.line.expiry.is_none() {
            return Err(No::new(FloorCode::ExpiryRequired));
        }
        Ok(Step::to(Self { state: ReceiveState::Qty, ..self.clone() }.into()))
    }

    pub(super) fn quantity(&self, call: &Call<'_>, text: &str) -> Turn {
        let units = amount::packages(text, self.line.pack.max(1)).map_err(|code| No::new(code).at("/qty"))?;
        let keyed = units / self.line.pack.max(1);
        if let Some(labelled) = self.line.labelled.filter(|labelled| *labelled != keyed) {
            return Err(No::new(FloorCode::CountAiMismatch).at("/qty").arg("labelled", labelled));
        }
        self.counted(call, units)
    }

    /// The quantity is the one on the label, or the number of serials.
    pub(super) fn labelled_quantity(&self, call: &Call<'_>) -> Turn {
        let serials = u32::try_from(self.line.serials.len()).unwrap_or(u32::MAX);
        let labelled = self.line.labelled.map(|count| count.saturating_mul(self.line.pack.max(1)));
        match labelled.unwrap_or(serials) {
            0 => Err(No::new(FloorCode::QtyZero).at("/qty")),
            units if units > crate::quantity::MAX_QUANTITY => Err(No::new(FloorCode::QtyLooksLikeBarcode).at("/qty")),
            units => self.counted(call, units),
        }
    }

    fn counted(&self, call: &Call<'_>, units: u32) -> Turn {
        let serials = self.line.serials.len();
        if self.rule(call)?.serial && usize::try_from(units) != Ok(serials) {
            return Err(No::new(FloorCode::SerialCountMismatch).at("/qty").arg("serials", serials));
        }
        let mut next = self.clone();
        next.line.units = units;
        next.collected(call)
    }

    /// Closing short is said twice.
    pub(super) fn close(&self, call: &Call<'_>) -> Turn {
        let doc = self.this(call)?;
        let open = doc.body.lines().iter().filter(|line| line.received < line.expected);
        let short: Vec<_> = open.map(|line| (line.line, line.expected - line.received)).collect();
        if !short.is_empty() {
            call.confirmed(FloorCode::CloseWithOpenLines, doc.id.as_str())
                .map_err(|no| no.arg("lines", short.len()))?;
        }
        let at = call.command.recorded_at;
        let filled = |plate: &&crate::floor::Plate| {
            plate.state == PlateState::Open
                && (plate.doc.as_ref() == Some(&doc.id))
                && call.floor.bin(&plate.bin).is_some_and(|bin| bin.on_plate(&plate.id).next().is_some())
        };
        let staged = call.floor.plates.values().filter(filled).map(|plate| FloorEvent::PlateStateSet {
            plate: plate.id.clone(),
            state: PlateState::Staged,
            at,
        });
        let closed = FloorEvent::DocClosed { doc: doc.id.clone(), short, by: call.by() };
        let next = Self { state: ReceiveState::Staged, plate: None, line: Line::default(), ..self.clone() };
        Ok(Step::to(next.into()).with(staged).with([closed]))
    }
}
