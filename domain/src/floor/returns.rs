//! Return: goods that come back, graded and disposed of one line at a time (warehouse-floor.md §7.8). Online only.
//!
//! Invariant: no more comes back than was shipped, no serial number that was not shipped is taken, and what becomes of
//! goods follows from their grade, their lot and their date.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Sku,
    floor::{
        Candidate, DeviceOp, Disposition, DocId, Floor, FloorCode, FloorEvent, Flow, Goods, Grade, ItemRule,
        LocationCode, LocationKind, Lot, LotStatus, Move, Place, PlateId, PlateState, Rma, RmaLine, Scan, SerialNo,
        Want, amount, plating,
        turn::{Call, No, Step, Turn},
    },
};

/// Where a return stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the states of warehouse-floor.md §7.8")]
pub enum ReturnState {
    #[default]
    Rma,
    Item,
    Tracking,
    Grade,
    Disposition,
    Lpn,
    PutAway,
}

/// A return and what it has collected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReturnSession {
    /// Where it stands.
    pub state: ReturnState,
    /// Which return.
    pub rma: Option<DocId>,
    /// The item.
    pub sku: Option<Sku>,
    /// Its lot.
    pub lot: Option<Lot>,
    /// Its expiry date.
    pub expiry: Option<NaiveDate>,
    /// Its serial number.
    pub serial: Option<SerialNo>,
    /// Units.
    pub units: u32,
    /// How good it is.
    pub grade: Option<Grade>,
    /// What becomes of it.
    pub disposition: Option<Disposition>,
    /// The plate it was put on.
    pub plate: Option<PlateId>,
}

impl From<ReturnSession> for Flow {
    fn from(session: ReturnSession) -> Self {
        Self::Return(Box::new(session))
    }
}

impl ReturnSession {
    pub(super) const fn state_name(&self) -> &'static str {
        match self.state {
            ReturnState::Rma => "Rma",
            ReturnState::Item => "Item",
            ReturnState::Tracking => "Tracking",
            ReturnState::Grade => "Grade",
            ReturnState::Disposition => "Disposition",
            ReturnState::Lpn => "Lpn",
            ReturnState::PutAway => "PutAway",
        }
    }

    pub(super) const fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            ReturnState::Rma | ReturnState::Item => &["suspend"],
            ReturnState::Tracking => &["expiry", "suspend"],
            ReturnState::Grade => &["quantity", "grade", "suspend"],
            ReturnState::Disposition => &["disposition", "suspend"],
            ReturnState::Lpn => &["create_plate", "suspend"],
            ReturnState::PutAway => &["next", "suspend"],
        }
    }

    pub(super) const fn expect(&self) -> &'static [Want] {
        match self.state {
            ReturnState::Rma => &[Want::Return],
            ReturnState::Item => &[Want::Item],
            ReturnState::Tracking => &[Want::Lot, Want::Serial],
            ReturnState::Lpn => &[Want::Plate],
            ReturnState::Grade | ReturnState::Disposition | ReturnState::PutAway => &[],
        }
    }

    pub(super) fn view(&self, floor: &Floor) -> Value {
        let rma = self.rma.as_ref().and_then(|id| floor.rma(id));
        json!({ "return": rma, "at_hand": self })
    }

    /// One input.
    pub(super) fn turn(&self, call: &Call<'_>) -> Turn {
        use ReturnState as S;
        match (self.state, &call.command.op) {
            (S::Rma, DeviceOp::Scan(scan)) => self.pick_rma(call, scan),
            (S::Item, DeviceOp::Scan(scan)) => self.item(call, scan),
            (S::Tracking, DeviceOp::Scan(scan)) => self.tracking(call, scan),
            (S::Tracking, DeviceOp::Expiry(day)) => self.expires(call, *day),
            (S::Grade, DeviceOp::Quantity(text)) => self.quantity(call, text),
            (S::Grade, DeviceOp::Grade(grade)) => {
                let next = Self { grade: Some(*grade), state: S::Disposition, ..self.clone() };
                Ok(Step::to(next.into()))
            }
            (S::Grade, DeviceOp::Disposition(_) | DeviceOp::Next) => Err(No::new(FloorCode::GradeRequired)),
            (S::Disposition, DeviceOp::Disposition(disposition)) => self.dispose(call, *disposition),
            (S::Lpn, DeviceOp::Scan(scan)) => self.on_plate(call, scan),
            (S::PutAway, DeviceOp::Next) => {
                Ok(Step::to(Self { state: S::Item, rma: self.rma.clone(), ..Self::default() }.into()))
            }
            _ => Err(self.unexpected()),
        }
    }

    fn unexpected(&self) -> No {
        No::unexpected(self.expect(), self.allowed())
    }

    fn pick_rma(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let id = match call.floor.resolve(scan, &[Want::Return]) {
            Ok(Candidate::Return(id)) => id,
            Err(no) if no.code == FloorCode::NoMatch => {
                return Err(No::new(FloorCode::RmaNotFound).at("/raw").arg("text", &scan.text));
            }
            Err(no) => return Err(no),
            Ok(_) => return Err(self.unexpected()),
        };
        let next = Self { rma: Some(id), state: ReturnState::Item, ..self.clone() };
        next.this(call)?;
        Ok(Step::to(next.into()))
    }

    /// The return, if goods may still come back.
    fn this<'a>(&self, call: &Call<'a>) -> Result<&'a Rma, No> {
        let rma = self.rma.as_ref().and_then(|id| call.floor.rma(id));
        let rma = rma.ok_or_else(|| No::new(FloorCode::RmaNotFound))?;
        if rma.closed {
            return Err(No::new(FloorCode::RmaClosed).arg("return", &rma.id));
        }
        if rma.expires.is_some_and(|at| at < call.now) {
            return Err(No::new(FloorCode::RmaExpired).arg("return", &rma.id));
        }
        Ok(rma)
    }

    /// The first line of the item that has something to come back; `serial` names its line exactly.
    fn line_of<'a>(rma: &'a Rma, sku: &Sku, serial: Option<&SerialNo>) -> Result<&'a RmaLine, No> {
        let no = |code| No::new(code).at("/raw").arg("sku", sku);
        let of = || rma.lines.iter().filter(|line| line.sku == *sku);
        let first = of().next().ok_or_else(|| no(FloorCode::NotOnOrder))?;
        if let Some(serial) = serial
            && of().any(|line| line.back.contains(serial))
        {
            return Err(no(FloorCode::AlreadyReturned).arg("serial", serial));
        }
        let open = || of().filter(|line| line.returned < line.shipped);
        let listed = serial.and_then(|serial| open().find(|line| line.serials.contains(serial)));
        let line = listed.or_else(|| open().next()).ok_or_else(|| no(FloorCode::AlreadyReturned))?;
        debug_assert_eq!(first.sku, line.sku);
        Ok(line)
    }

    fn item(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let rma = self.this(call)?;
        let Candidate::Item(sku) = call.floor.resolve(scan, &[Want::Item])? else { return Err(self.unexpected()) };
        Self::line_of(rma, &sku, None)?;
        let units = call.floor.item(&sku).and_then(|rule| {
            let pack = rule.packs.iter().find(|pack| scan.gtin.as_ref() == Some(&pack.gtin))?;
            pack.units
        });
        let next = Self { sku: Some(sku), units: units.unwrap_or(1), ..self.clone() };
        next.absorb(call, rma, scan)
    }

    fn rule(&self, call: &Call<'_>) -> Result<ItemRule, No> {
        let sku = self.sku.clone().ok_or_else(|| self.unexpected())?;
        Ok(call.floor.item(&sku).cloned().unwrap_or_else(|| ItemRule::plain(sku)))
    }

    fn tracking(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let (rma, rule) = (self.this(call)?, self.rule(call)?);
        let mut scan = scan.clone();
        if scan.gtin.is_some() {
            let same = matches!(call.floor.resolve(&scan, &[Want::Item])?, Candidate::Item(sku) if sku == rule.sku);
            if !same {
                return Err(self.unexpected());
            }
        }
        if scan.is_plain() {
            if rule.lot && self.lot.is_none() {
                scan.lot = Lot::parse(&scan.text).ok();
            } else {
                scan.serial = SerialNo::parse(&scan.text).ok();
            }
        }
        if scan.is_plain() { Err(self.unexpected()) } else { self.clone().absorb(call, rma, &scan) }
    }

    fn expires(&self, call: &Call<'_>, day: NaiveDate) -> Turn {
        let scan = Scan { expiry: Some(day), ..Scan::default() };
        self.clone().absorb(call, self.this(call)?, &scan)
    }

    /// Takes lot, expiry and serial from a scan and goes on when nothing is missing.
    fn absorb(mut self, call: &Call<'_>, rma: &Rma, scan: &Scan) -> Turn {
        let rule = self.rule(call)?;
        if let Some(lot) = &scan.lot {
            self.lot = Some(lot.clone());
        }
        self.expiry = scan.expiry.or(self.expiry);
        if self.expiry.is_none() {
            let lot = self.lot.as_ref().and_then(|lot| call.floor.lot(&rule.sku, lot));
            self.expiry = lot.and_then(|record| record.expiry);
        }
        let line = Self::line_of(rma, &rule.sku, scan.serial.as_ref())?;
        let needs_serial = rule.serial || !line.serials.is_empty();
        if let Some(serial) = scan.serial.as_ref().filter(|_| needs_serial) {
            let shipped = line.serials.is_empty() || line.serials.contains(serial);
            if !shipped || call.floor.serial(&rule.sku, serial).is_some() {
                return Err(fraud(call, rma, &rule.sku, serial));
            }
            (self.serial, self.units) = (Some(serial.clone()), 1);
        }
        let missing = (rule.lot && self.lot.is_none())
            || (rule.expiry && self.expiry.is_none())
            || (needs_serial && self.serial.is_none());
        self.state = if missing { ReturnState::Tracking } else { ReturnState::Grade };
        if missing && scan.warnings.contains(&FloorCode::IncompletePair) {
            return Err(No { flow: Some(Box::new(self.into())), ..No::new(FloorCode::IncompletePair).at("/raw") });
        }
        if self.units > line.shipped - line.returned {
            return Err(No::new(FloorCode::ReturnGtShipped).at("/raw").arg("left", line.shipped - line.returned));
        }
        Ok(Step::to(self.into()))
    }

    fn quantity(&self, call: &Call<'_>, text: &str) -> Turn {
        let rma = self.this(call)?;
        let rule = self.rule(call)?;
        let units = amount::whole(text).map_err(|code| No::new(code).at("/qty"))?;
        let line = Self::line_of(rma, &rule.sku, self.serial.as_ref())?;
        let left = if self.serial.is_some() { 1 } else { line.shipped - line.returned };
        if units == 0 || units > left {
            return Err(No::new(FloorCode::ReturnGtShipped).at("/qty").arg("left", left));
        }
        Ok(Step::to(Self { units, ..self.clone() }.into()))
    }

    fn dispose(&self, call: &Call<'_>, disposition: Disposition) -> Turn {
        let rule = self.rule(call)?;
        let Some(grade) = self.grade else { return Err(No::new(FloorCode::GradeRequired)) };
        let lot = self.lot.as_ref().and_then(|lot| call.floor.lot(&rule.sku, lot));
        let recalled = lot.is_some_and(|record| record.status == LotStatus::Recalled);
        if recalled && disposition != Disposition::Quarantine {
            return Err(No::new(FloorCode::RecalledForceQuarantine).at("/disposition"));
        }
        if !disposition.allowed(grade) {
            return Err(No::new(FloorCode::DispositionNotAllowed).at("/disposition"));
        }
        if disposition == Disposition::Restock && self.expiry.is_some_and(|expiry| expiry < call.day()) {
            return Err(No::new(FloorCode::ExpiredCannotRestock).at("/disposition"));
        }
        let next = Self { disposition: Some(disposition), state: ReturnState::Lpn, ..self.clone() };
        Ok(Step::to(next.into()))
    }

    fn on_plate(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let text = scan.sscc.as_deref().unwrap_or(&scan.text);
        let known = PlateId::parse(text).ok();
        let plate = known.ok_or_else(|| No::new(FloorCode::LpnUnknown).at("/raw").arg("text", text))?;
        match call.floor.plate(&plate).map(|known| known.state) {
            Some(PlateState::Open | PlateState::Staged) => self.fact(call, &plate, None),
            Some(state) => Err(self.unexpected().arg("state", state.word())),
            None if scan.sscc.is_some() => {
                plating::check_label(call, &plate)?;
                let bin = bin(call)?;
                let created =
                    FloorEvent::PlateCreated { plate: plate.clone(), bin: bin.clone(), doc: None, by: call.by() };
                Ok(self.fact(call, &plate, Some(bin))?.with_first(created))
            }
            None => {
                call.floor.resolve(scan, &[Want::Plate]).map_err(|no| match no.code {
                    FloorCode::NoMatch => No::new(FloorCode::LpnUnknown).at("/raw").arg("text", text),
                    _ => no,
                })?;
                Err(self.unexpected())
            }
        }
    }

    /// The fact: goods are back, on a plate that is then put away. `made` is where a plate stands that is not in the
    /// books yet.
    fn fact(&self, call: &Call<'_>, plate: &PlateId, made: Option<LocationCode>) -> Turn {
        let (rma, rule) = (self.this(call)?, self.rule(call)?);
        let (Some(grade), Some(disposition)) = (self.grade, self.disposition) else {
            return Err(No::new(FloorCode::GradeRequired));
        };
        let line = Self::line_of(rma, &rule.sku, self.serial.as_ref())?;
        if self.units > line.shipped - line.returned {
            return Err(No::new(FloorCode::ReturnGtShipped).arg("left", line.shipped - line.returned));
        }
        let known = call.floor.plate(plate).map(|plate| plate.bin.clone());
        let bin = made.or(known).ok_or_else(|| No::new(FloorCode::LpnUnknown))?;
        let (lot, expiry) = (self.lot.clone(), self.expiry);
        let goods = Goods { sku: rule.sku, lot, expiry, condition: disposition.condition() };
        let to = Some(Place::on(bin.clone(), plate.clone()));
        let serials = self.serial.iter().cloned().collect();
        let moves = vec![Move { goods, units: self.units, from: None, to, serials }];
        let returned = FloorEvent::Returned {
            rma: rma.id.clone(),
            line: line.line,
            units: self.units,
            grade,
            disposition,
            bin,
            plate: Some(plate.clone()),
            moves,
            by: call.by(),
        };
        let (state, at) = (PlateState::Staged, call.command.recorded_at);
        let staged = FloorEvent::PlateStateSet { plate: plate.clone(), state, at };
        let next = Self { state: ReturnState::PutAway, plate: Some(plate.clone()), ..self.clone() };
        Ok(Step::to(next.into()).with([returned, staged]))
    }

    /// A plate that was just made takes the goods.
    pub(super) fn with_plate(&self, call: &Call<'_>, plate: &PlateId, bin: &LocationCode) -> Option<Turn> {
        (self.state == ReturnState::Lpn).then(|| self.fact(call, plate, Some(bin.clone())))
    }
}

/// Where returns are graded: the first such location, else where goods are received.
fn bin(call: &Call<'_>) -> Result<LocationCode, No> {
    let table = call.floor.locations().find(|location| location.kind == LocationKind::Returns);
    let receiving = call.floor.site().map(|site| &site.receiving);
    table.map(|location| &location.code).or(receiving).cloned().ok_or_else(|| No::new(FloorCode::NoMatch))
}

/// Another unit than the one that was shipped: rejected, and a manager is told.
fn fraud(call: &Call<'_>, rma: &Rma, sku: &Sku, serial: &SerialNo) -> No {
    let about = [("return", rma.id.to_string()), ("sku", sku.to_string()), ("serial", serial.to_string())];
    let (_, event) = call.exception(FloorCode::SerialMismatch, &about);
    No { events: vec![event], ..No::new(FloorCode::SerialMismatch).at("/raw").arg("serial", serial) }
}
