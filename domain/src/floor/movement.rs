//! Move: loose goods or a whole plate from one location to another; replenishment is a move into a pick face
//! (warehouse-floor.md §8, which reuses put-away).
//!
//! Invariant: the same reasons against a destination hold as for put-away, and nothing is moved that the books do not
//! have at the source or that a pick list will take there. Both orders exist: source first, and item first.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Sku,
    floor::{
        Candidate, DeviceOp, First, Floor, FloorCode, FloorEvent, Flow, Location, LocationCode, LocationKind, Lot,
        Move, Place, Plate, PlateId, PlateState, Right, Scan, SerialNo, StockLine, TaskId, Want, amount, putaway,
        replenish,
        storing::{self, Wanting},
        turn::{Call, No, Step, Turn},
    },
};

/// Where a move stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "put-away's states, and where the goods come from")]
pub enum MoveState {
    #[default]
    Source,
    Item,
    Qty,
    LocationScan,
    CheckDigits,
    Done,
}

/// A move and what it has collected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MoveSession {
    /// Where it stands.
    pub state: MoveState,
    /// Whether the source or the item is scanned first.
    pub first: First,
    /// Whether it fills a pick face.
    pub replenish: bool,
    /// The replenishment at hand, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// Where its goods should be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetch_from: Option<LocationCode>,
    /// Where the goods are.
    pub source: Option<LocationCode>,
    /// The plate, if a whole one moves.
    pub plate: Option<PlateId>,
    /// The item.
    pub sku: Option<Sku>,
    /// Its lot.
    pub lot: Option<Lot>,
    /// Serial numbers scanned.
    pub serials: Vec<SerialNo>,
    /// Units of a package of the scanned size.
    pub pack: u32,
    /// Units.
    pub units: u32,
    /// Where they go.
    pub location: Option<LocationCode>,
    /// The location that was refused last, and why.
    pub refused: Option<(LocationCode, FloorCode)>,
    /// Why a rule is overridden.
    pub reason: Option<String>,
}

impl From<MoveSession> for Flow {
    fn from(session: MoveSession) -> Self {
        Self::Move(Box::new(session))
    }
}

impl MoveSession {
    pub(super) fn start(first: First, replenish: bool) -> Self {
        let state = if first == First::Item { MoveState::Item } else { MoveState::Source };
        Self { state, first, replenish, ..Self::default() }
    }

    pub(super) const fn state_name(&self) -> &'static str {
        match self.state {
            MoveState::Source => "Source",
            MoveState::Item => "Item",
            MoveState::Qty => "Qty",
            MoveState::LocationScan => "LocationScan",
            MoveState::CheckDigits => "CheckDigits",
            MoveState::Done => "Done",
        }
    }

    pub(super) const fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            MoveState::Source | MoveState::Item if self.asks() => &["get_work", "suspend"],
            MoveState::Source | MoveState::Item => &["suspend"],
            MoveState::Qty => &["quantity", "suspend"],
            MoveState::LocationScan => &["override", "suspend"],
            MoveState::CheckDigits => &["quantity", "suspend"],
            MoveState::Done => &["next", "suspend"],
        }
    }

    /// Whether a replenishment may be asked for: nothing is begun.
    pub(super) const fn asks(&self) -> bool {
        self.replenish && self.task.is_none() && self.source.is_none() && self.sku.is_none()
    }

    pub(super) const fn expect(&self) -> &'static [Want] {
        match self.state {
            MoveState::Source => &[Want::Location, Want::Plate],
            MoveState::Item => &[Want::Item],
            MoveState::Qty => &[Want::Lot, Want::Serial],
            MoveState::LocationScan => &[Want::Location],
            MoveState::CheckDigits | MoveState::Done => &[],
        }
    }

    pub(super) fn view(&self, floor: &Floor) -> Value {
        let mut view = json!(self);
        if let (Some(work), Some(fields)) = (replenish::work(floor, self), view.as_object_mut()) {
            fields.insert("wanted".to_owned(), json!(work));
        }
        view
    }

    /// One input.
    pub(super) fn turn(&self, call: &Call<'_>) -> Turn {
        use MoveState as S;
        replenish::lost(call, self)?;
        match (self.state, &call.command.op) {
            (S::Source | S::Item, DeviceOp::GetWork) if self.asks() => replenish::get_work(call, self),
            (S::Source, DeviceOp::Scan(scan)) => self.from(call, scan),
            (S::Item, DeviceOp::Scan(scan)) => self.item(call, scan),
            (S::Qty, DeviceOp::Scan(scan)) => self.tracking(call, scan),
            (S::Qty, DeviceOp::Quantity(text)) => self.quantity(call, text),
            (S::LocationScan, DeviceOp::Scan(scan)) => self.locate(call, scan),
            (S::LocationScan, DeviceOp::Override { reason }) => self.override_rule(call, reason),
            (S::CheckDigits, DeviceOp::Scan(Scan { text, .. }) | DeviceOp::Quantity(text)) => self.digits(call, text),
            (S::Done, DeviceOp::Next) => Ok(Step::to(replenish::onward(call, self).into())),
            _ => Err(self.unexpected()),
        }
    }

    fn unexpected(&self) -> No {
        No::unexpected(self.expect(), self.allowed())
    }

    fn from(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let mut next = self.clone();
        match call.floor.resolve(scan, &[Want::Location, Want::Plate]) {
            Ok(Candidate::Location(code)) => {
                next.source = Some(code);
                next.state = if self.sku.is_some() { MoveState::Qty } else { MoveState::Item };
                // Item first: whether it is there can be told only now.
                if let Some(sku) = &next.sku
                    && next.lines(call).is_empty()
                {
                    return Err(No::new(FloorCode::SourceEmpty).at("/raw").arg("sku", sku));
                }
            }
            Ok(Candidate::Plate(id)) if self.sku.is_none() => {
                let plate = next.whole(call, &id)?;
                replenish::fits(call, self, putaway::on_plate(call.floor, plate).iter().map(|line| &line.goods.sku))?;
                (next.source, next.plate) = (Some(plate.bin.clone()), Some(id));
                next.state = MoveState::LocationScan;
            }
            Err(no) if no.code == FloorCode::NoMatch => {
                return Err(No::new(FloorCode::LocUnknown).at("/raw").arg("text", &scan.text));
            }
            Err(no) => return Err(no),
            Ok(_) => return Err(self.unexpected()),
        }
        Ok(Step::to(next.into()))
    }

    /// A plate that may be moved as a whole.
    fn whole<'a>(&self, call: &Call<'a>, id: &PlateId) -> Result<&'a Plate, No> {
        let no = |code| No::new(code).at("/raw").arg("plate", id);
        let plate = call.floor.plate(id).filter(|plate| !plate.state.ended());
        let plate = plate.ok_or_else(|| no(FloorCode::LpnUnknown))?;
        let leased =
            plate.lease.as_ref().is_some_and(|(device, until)| *device != call.command.device && *until > call.now);
        if plate.held.is_some() {
            return Err(no(FloorCode::LpnOnHold));
        }
        if leased {
            return Err(no(FloorCode::LpnLeasedBy));
        }
        if !matches!(plate.state, PlateState::Staged | PlateState::Stored) {
            return Err(no(FloorCode::LpnNotStaged).arg("state", plate.state.word()));
        }
        let lines = putaway::on_plate(call.floor, plate);
        if lines.is_empty() {
            return Err(no(FloorCode::SourceEmpty));
        }
        let place = Place::on(plate.bin.clone(), id.clone());
        let reserved: u32 = lines.iter().map(|line| call.floor.work.tasks.reserved(&place, &line.goods)).sum();
        if reserved > 0 {
            return Err(no(FloorCode::ReservedStock).arg("reserved", reserved));
        }
        Ok(plate)
    }

    /// Loose lines of the item and lot at the source.
    fn lines(&self, call: &Call<'_>) -> Vec<StockLine> {
        let bin = self.source.as_ref().and_then(|code| call.floor.bin(code));
        let lines = bin.map(|bin| bin.lines.as_slice()).unwrap_or_default().iter();
        let mine = lines.filter(|line| {
            Some(&line.goods.sku) == self.sku.as_ref()
                && (self.lot.is_none() || line.goods.lot == self.lot)
                && line.plate.is_none()
                && line.balance > 0
        });
        mine.cloned().collect()
    }

    fn item(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let Candidate::Item(sku) = call.floor.resolve(scan, &[Want::Item])? else { return Err(self.unexpected()) };
        replenish::fits(call, self, [&sku])?;
        let pack = call.floor.item(&sku).and_then(|rule| {
            rule.packs.iter().find(|pack| scan.gtin.as_ref() == Some(&pack.gtin)).and_then(|pack| pack.units)
        });
        let mut next = self.clone();
        (next.sku, next.lot, next.pack) = (Some(sku.clone()), scan.lot.clone(), pack.unwrap_or(1));
        next.serials = scan.serial.iter().cloned().collect();
        if self.source.is_none() {
            next.state = MoveState::Source;
        } else if next.lines(call).is_empty() {
            return Err(No::new(FloorCode::SourceEmpty).at("/raw").arg("sku", &sku));
        } else {
            next.state = MoveState::Qty;
        }
        Ok(Step::to(next.into()))
    }

    fn tracking(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let lines = self.lines(call);
        let mut next = self.clone();
        let text = scan.is_plain().then_some(scan.text.as_str());
        let serial = scan.serial.clone().or_else(|| SerialNo::parse(text?).ok());
        let lot = scan.lot.clone().or_else(|| Lot::parse(text?).ok());
        let has = |serial: &SerialNo| lines.iter().any(|line| line.serials.contains(serial));
        if let Some(serial) = serial.filter(has) {
            // A number scanned twice is still one unit.
            if !next.serials.contains(&serial) {
                next.serials.push(serial);
            }
        } else if let Some(lot) = lot.filter(|lot| lines.iter().any(|line| line.goods.lot.as_ref() == Some(lot))) {
            next.lot = Some(lot);
        } else {
            return Err(No::new(FloorCode::NoMatch).at("/raw").arg("text", &scan.text));
        }
        Ok(Step::to(next.into()))
    }

    fn quantity(&self, call: &Call<'_>, text: &str) -> Turn {
        let packs = amount::whole(text).map_err(|code| No::new(code).at("/qty"))?;
        let units = packs.saturating_mul(self.pack.max(1));
        let next = Self { units, state: MoveState::LocationScan, ..self.clone() };
        // Where the goods go is not known yet; whether the source has them is.
        let source = self.source.as_ref().ok_or_else(|| self.unexpected())?;
        next.moves(call, source)?;
        Ok(Step::to(next.into()))
    }

    /// The movements to a location, if the source still has the goods.
    fn moves(&self, call: &Call<'_>, to: &LocationCode) -> Result<Vec<Move>, No> {
        let source = self.source.as_ref().ok_or_else(|| self.unexpected())?;
        if let Some(id) = &self.plate {
            let plate = self.whole(call, id)?;
            let place = |bin: &LocationCode| Place::on(bin.clone(), id.clone());
            return Ok(storing::carry(&putaway::on_plate(call.floor, plate), &place(&plate.bin), &place(to)));
        }
        let lines = self.lines(call);
        let there = lines.iter().map(StockLine::units).fold(0, u32::saturating_add);
        if there == 0 {
            return Err(No::new(FloorCode::SourceEmpty).at("/qty"));
        }
        if self.units == 0 || self.units > there {
            return Err(No::new(FloorCode::QtyGtSource).at("/qty").arg("units", there));
        }
        let tracked = lines.iter().any(|line| !line.serials.is_empty());
        if tracked && usize::try_from(self.units) != Ok(self.serials.len()) {
            return Err(No::new(FloorCode::QtyGtSource).at("/qty").arg("serials", self.serials.len()));
        }
        let mut left = self.units;
        let mut moves = Vec::new();
        for line in lines {
            let reserved = call.floor.work.tasks.reserved(&Place::loose(source.clone()), &line.goods);
            let serials: Vec<_> = line.serials.iter().filter(|serial| self.serials.contains(serial)).cloned().collect();
            let most = if tracked { u32::try_from(serials.len()).unwrap_or(u32::MAX) } else { line.units() };
            // A pick list names no serial numbers: any of the goods will do for it, as long as enough are left.
            let units = most.min(left).min(line.units().saturating_sub(reserved));
            if units > 0 {
                left -= units;
                let (from, to) = (Some(Place::loose(source.clone())), Some(Place::loose(to.clone())));
                moves.push(Move { goods: line.goods, units, from, to, serials });
            }
        }
        if left > 0 {
            return Err(No::new(FloorCode::ReservedStock).at("/qty").arg("units", self.units - left));
        }
        Ok(moves)
    }

    fn locate(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let code = match call.floor.resolve(scan, &[Want::Location]) {
            Ok(Candidate::Location(code)) => code,
            Err(no) if no.code == FloorCode::NoMatch => {
                return Err(No::new(FloorCode::LocUnknown).at("/raw").arg("text", &scan.text));
            }
            Err(no) => return Err(no),
            Ok(_) => return Err(self.unexpected()),
        };
        let location = call.floor.location(&code).ok_or_else(|| No::new(FloorCode::LocUnknown))?;
        let faults = self.faults(call, location)?;
        if faults.is_empty() {
            replenish::aims(call, self, &code)?;
        }
        match faults.first() {
            None => self.arrive(call, location),
            Some(fault) => {
                let back = Self { refused: Some((code.clone(), *fault)), ..self.clone() };
                let no = No::new(*fault).at("/raw").arg("location", &code);
                Err(No { flow: Some(Box::new(back.into())), ..no })
            }
        }
    }

    fn faults(&self, call: &Call<'_>, to: &Location) -> Result<Vec<FloorCode>, No> {
        let source = self.source.as_ref().ok_or_else(|| self.unexpected())?;
        let line = |step: Move| StockLine {
            goods: step.goods,
            plate: None,
            balance: i64::from(step.units),
            serials: Default::default(),
        };
        let lines: Vec<StockLine> = self.moves(call, &to.code)?.into_iter().map(line).collect();
        let mut faults = storing::faults(call.floor, &Wanting { lines: &lines, from: source }, to, call.now);
        if self.replenish && to.kind != LocationKind::PickFace {
            faults.insert(0, FloorCode::DestNotPickFace);
        }
        Ok(faults)
    }

    fn arrive(&self, call: &Call<'_>, to: &Location) -> Turn {
        if to.check_digits.is_some() {
            let next = Self { location: Some(to.code.clone()), state: MoveState::CheckDigits, ..self.clone() };
            return Ok(Step::to(next.into()));
        }
        self.fact(call, &to.code)
    }

    fn digits(&self, call: &Call<'_>, text: &str) -> Turn {
        let location = self.location.as_ref().and_then(|code| call.floor.location(code));
        let location = location.ok_or_else(|| No::new(FloorCode::LocUnknown))?;
        if location.check_digits.as_deref().is_some_and(|digits| digits != text.trim()) {
            return Err(No::new(FloorCode::CheckDigitsWrong).at("/raw").arg("location", &location.code));
        }
        self.fact(call, &location.code)
    }

    fn override_rule(&self, call: &Call<'_>, reason: &str) -> Turn {
        let Some((code, fault)) = &self.refused else { return Err(self.unexpected()) };
        if !call.has(Right::Override) || !storing::overridable(*fault) {
            return Err(No::new(FloorCode::OverrideNoPermission).arg("code", fault));
        }
        if reason.trim().is_empty() {
            return Err(No::new(FloorCode::ReasonRequired).at("/reason"));
        }
        let location = call.floor.location(code).ok_or_else(|| No::new(FloorCode::LocUnknown))?;
        if let Some(other) = self.faults(call, location)?.into_iter().find(|other| !storing::overridable(*other)) {
            return Err(No::new(other).arg("location", code));
        }
        Self { reason: Some(reason.trim().to_owned()), ..self.clone() }.arrive(call, location)
    }

    fn fact(&self, call: &Call<'_>, to: &LocationCode) -> Turn {
        let moves = self.moves(call, to)?;
        let (reason, by) = (self.reason.clone(), call.by());
        let event = match &self.plate {
            Some(plate) => FloorEvent::Stored { plate: plate.clone(), bin: to.clone(), moves, reason, by },
            None => FloorEvent::GoodsMoved { moves, reason, by },
        };
        let brought = replenish::brought(call, self, event.moves());
        let next = Self { state: MoveState::Done, location: Some(to.clone()), ..self.clone() };
        Ok(Step::to(next.into()).with([event]).with(brought))
    }
}
