//! Put-away: a staged plate into its location (warehouse-floor.md §7.3).
//!
//! Invariant: the fact `stored` moves everything on the plate at once; a rule is overridden only by somebody who may, for
//! a reason that is recorded with the fact. Single units off a plate are moved by the move flow.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Sku,
    floor::{
        Candidate, DeviceOp, First, Floor, FloorCode, FloorEvent, Flow, Location, LocationCode, Lot, Move, Place,
        Plate, PlateId, PlateState, Right, Scan, StockLine, StoredFact, Want, plating,
        storing::{self, Wanting},
        turn::{Call, No, Step, Turn},
    },
};

/// Seconds a plate stays with the device that scanned it (realtime.md §8.1, resume grace).
pub(super) const LEASE_SECONDS: i64 = 15 * 60;

/// Where a put-away stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the states of warehouse-floor.md §7.3")]
pub enum PutAwayState {
    #[default]
    Lpn,
    Suggested,
    LocationScan,
    CheckDigits,
    Done,
}

/// A put-away and what it has collected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PutAway {
    /// Where it stands.
    pub state: PutAwayState,
    /// Whether the location or the plate is scanned first.
    pub first: First,
    /// The plate.
    pub plate: Option<PlateId>,
    /// Where it should go.
    pub suggestion: Option<LocationCode>,
    /// Where it goes.
    pub location: Option<LocationCode>,
    /// The location that was refused last, and why.
    pub refused: Option<(LocationCode, FloorCode)>,
    /// Why a rule is overridden.
    pub reason: Option<String>,
}

impl From<PutAway> for Flow {
    fn from(put_away: PutAway) -> Self {
        Self::PutAway(Box::new(put_away))
    }
}

/// Goods on a plate, and the plate.
pub(super) fn on_plate(floor: &Floor, plate: &Plate) -> Vec<StockLine> {
    floor.bin(&plate.bin).map(|bin| bin.on_plate(&plate.id).cloned().collect()).unwrap_or_default()
}

/// Every reason against taking a plate, weightiest first.
fn take_faults(call: &Call<'_>, plate: &Plate) -> Vec<FloorCode> {
    let mut faults = Vec::new();
    let leased = |(device, until): &(crate::floor::DeviceId, crate::Timestamp)| {
        *device != call.command.device && *until > call.now
    };
    if plate.state.ended() {
        faults.push(FloorCode::LpnUnknown);
    }
    if plate.held.is_some() {
        faults.push(FloorCode::LpnOnHold);
    }
    match plate.state {
        PlateState::Stored => faults.push(FloorCode::LpnAlreadyStored),
        PlateState::Staged => {}
        _ => faults.push(FloorCode::LpnNotStaged),
    }
    if plate.lease.as_ref().is_some_and(leased) {
        faults.push(FloorCode::LpnLeasedBy);
    }
    faults
}

impl PutAway {
    pub(super) fn start(first: First) -> Self {
        let state = if first == First::Location { PutAwayState::LocationScan } else { PutAwayState::Lpn };
        Self { state, first, ..Self::default() }
    }

    pub(super) const fn state_name(&self) -> &'static str {
        match self.state {
            PutAwayState::Lpn => "Lpn",
            PutAwayState::Suggested => "Suggested",
            PutAwayState::LocationScan => "LocationScan",
            PutAwayState::CheckDigits => "CheckDigits",
            PutAwayState::Done => "Done",
        }
    }

    pub(super) const fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            PutAwayState::Lpn => &["suspend"],
            PutAwayState::Suggested => &["next", "split", "override", "suspend"],
            PutAwayState::LocationScan => &["split", "override", "suspend"],
            PutAwayState::CheckDigits => &["quantity", "suspend"],
            PutAwayState::Done => &["next", "suspend"],
        }
    }

    pub(super) const fn expect(&self) -> &'static [Want] {
        match self.state {
            PutAwayState::Lpn => &[Want::Plate],
            PutAwayState::Suggested | PutAwayState::LocationScan => &[Want::Location],
            PutAwayState::CheckDigits | PutAwayState::Done => &[],
        }
    }

    pub(super) fn view(&self, floor: &Floor) -> Value {
        let plate = self.plate.as_ref().and_then(|id| floor.plate(id));
        let stock = plate.map(|plate| on_plate(floor, plate)).unwrap_or_default();
        json!({ "plate": self.plate, "stock": stock, "suggestion": self.suggestion, "location": self.location })
    }

    pub(super) fn leave(&self, call: &Call<'_>) -> Vec<FloorEvent> {
        let mine = |plate: &&Plate| plate.lease.as_ref().is_some_and(|(device, _)| *device == call.command.device);
        let plate = self.plate.as_ref().and_then(|id| call.floor.plate(id)).filter(mine);
        plate.map(|plate| FloorEvent::PlateLet { plate: plate.id.clone() }).into_iter().collect()
    }

    /// One input.
    pub(super) fn turn(&self, call: &Call<'_>) -> Turn {
        use PutAwayState as S;
        match (self.state, &call.command.op) {
            (S::Lpn, DeviceOp::Scan(scan)) => self.take(call, scan),
            (S::Suggested | S::LocationScan, DeviceOp::Scan(scan)) => self.locate(call, scan),
            (S::Suggested, DeviceOp::Next) => Ok(Step::to(Self { state: S::LocationScan, ..self.clone() }.into())),
            (S::Suggested | S::LocationScan, DeviceOp::Override { reason }) => self.override_rule(call, reason),
            (S::Suggested | S::LocationScan, DeviceOp::Split { sku, lot, units, into }) => {
                self.split(call, sku, lot.as_ref(), *units, into)
            }
            (S::CheckDigits, DeviceOp::Scan(Scan { text, .. }) | DeviceOp::Quantity(text)) => self.digits(call, text),
            (S::Done, DeviceOp::Next) => Ok(Step::to(Self::start(self.first).into())),
            _ => Err(self.unexpected()),
        }
    }

    fn unexpected(&self) -> No {
        No::unexpected(self.expect(), self.allowed())
    }

    fn take(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let id = match call.floor.resolve(scan, &[Want::Plate]) {
            Ok(Candidate::Plate(id)) => id,
            Err(no) if no.code == FloorCode::NoMatch => {
                return Err(No::new(FloorCode::LpnUnknown).at("/raw").arg("text", &scan.text));
            }
            Err(no) => return Err(no),
            Ok(_) => return Err(self.unexpected()),
        };
        let plate = call.floor.plate(&id).ok_or_else(|| No::new(FloorCode::LpnUnknown))?;
        if let Some(code) = take_faults(call, plate).first() {
            return Err(No::new(*code).at("/raw").arg("plate", &id));
        }
        let until = call.now.plus_seconds(LEASE_SECONDS);
        let taken = FloorEvent::PlateTaken { plate: id.clone(), device: call.command.device.clone(), until };
        let next = Self { plate: Some(id), ..self.clone() };
        // Location first: the location is known, and only now can be judged.
        if let Some(location) = self.location.as_ref().and_then(|code| call.floor.location(code)) {
            return Ok(next.judge(call, plate, location)?.with_first(taken));
        }
        Ok(next.suggested(call, plate).with_first(taken))
    }

    fn suggested(mut self, call: &Call<'_>, plate: &Plate) -> Step {
        let lines = on_plate(call.floor, plate);
        self.suggestion = storing::suggest(call.floor, &Wanting { lines: &lines, from: &plate.bin }, call.now);
        self.state = if self.suggestion.is_some() { PutAwayState::Suggested } else { PutAwayState::LocationScan };
        (self.location, self.refused) = (None, None);
        Step::to(self.into())
    }

    /// The plate at hand, if it still is with this device.
    fn held<'a>(&self, call: &Call<'a>) -> Result<&'a Plate, No> {
        let plate = self.plate.as_ref().and_then(|id| call.floor.plate(id));
        let plate = plate.ok_or_else(|| No::new(FloorCode::LpnUnknown))?;
        let mine = plate.lease.as_ref().is_some_and(|(device, _)| *device == call.command.device);
        if mine { Ok(plate) } else { Err(No::new(FloorCode::LeaseLost).arg("plate", &plate.id)) }
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
        let next = Self { location: Some(code.clone()), ..self.clone() };
        if self.plate.is_none() {
            if location.blocked.is_some() {
                return Err(No::new(FloorCode::LocBlocked).at("/raw").arg("location", &code));
            }
            return Ok(Step::to(Self { state: PutAwayState::Lpn, ..next }.into()));
        }
        let plate = self.held(call)?;
        if self.state == PutAwayState::Suggested && self.suggestion.as_ref() != Some(&code) {
            call.confirmed(FloorCode::ConfirmByRescan, code.as_str()).map_err(|no| no.arg("location", &code))?;
        }
        next.judge(call, plate, location)
    }

    /// Whether the plate may go there. In location-first mode the operator scans another location after a no.
    fn judge(self, call: &Call<'_>, plate: &Plate, location: &Location) -> Turn {
        let lines = on_plate(call.floor, plate);
        let wanting = Wanting { lines: &lines, from: &plate.bin };
        let mut faults = storing::faults(call.floor, &wanting, location, call.now);
        if !location.kind.is_storage() {
            faults.push(FloorCode::WrongZone);
        }
        match faults.first() {
            None => self.arrive(call, plate, location),
            Some(code) => {
                let no = No::new(*code).at("/raw").arg("location", &location.code);
                let taken = plate.lease.as_ref().is_some_and(|(device, _)| *device == call.command.device);
                if !taken {
                    return Err(no);
                }
                let refused = Some((location.code.clone(), *code));
                let back = Self { refused, location: None, ..self };
                Err(No { flow: Some(Box::new(back.into())), ..no })
            }
        }
    }

    fn arrive(mut self, call: &Call<'_>, plate: &Plate, location: &Location) -> Turn {
        self.location = Some(location.code.clone());
        if location.check_digits.is_some() {
            self.state = PutAwayState::CheckDigits;
            return Ok(Step::to(self.into()));
        }
        Ok(self.fact(call, plate, location.code.clone()))
    }

    fn digits(&self, call: &Call<'_>, text: &str) -> Turn {
        let plate = self.held(call)?;
        let location = self.location.as_ref().and_then(|code| call.floor.location(code));
        let location = location.ok_or_else(|| No::new(FloorCode::LocUnknown))?;
        if location.check_digits.as_deref().is_some_and(|digits| digits != text.trim()) {
            return Err(No::new(FloorCode::CheckDigitsWrong).at("/raw").arg("location", &location.code));
        }
        Ok(self.clone().fact(call, plate, location.code.clone()))
    }

    fn override_rule(&self, call: &Call<'_>, reason: &str) -> Turn {
        let plate = self.held(call)?;
        let Some((code, fault)) = &self.refused else { return Err(self.unexpected()) };
        if !call.has(Right::Override) || !storing::overridable(*fault) {
            return Err(No::new(FloorCode::OverrideNoPermission).arg("code", fault));
        }
        if reason.trim().is_empty() {
            return Err(No::new(FloorCode::ReasonRequired).at("/reason"));
        }
        let location = call.floor.location(code).ok_or_else(|| No::new(FloorCode::LocUnknown))?;
        // One reason overrides one rule: whatever else is wrong, or became wrong since, still stands.
        let lines = on_plate(call.floor, plate);
        let wanting = Wanting { lines: &lines, from: &plate.bin };
        let mut others = storing::faults(call.floor, &wanting, location, call.now).into_iter();
        if let Some(other) = others.find(|other| !storing::overridable(*other)) {
            return Err(No::new(other).arg("location", code));
        }
        Self { reason: Some(reason.trim().to_owned()), ..self.clone() }.arrive(call, plate, location)
    }

    fn fact(self, call: &Call<'_>, plate: &Plate, to: LocationCode) -> Step {
        let event = stored(call, plate, &to, self.reason.clone());
        Step::to(Self { state: PutAwayState::Done, ..self }.into()).with([event])
    }

    /// Part of the plate goes on, on a plate of its own; the rest stays where it is.
    fn split(&self, call: &Call<'_>, sku: &Sku, lot: Option<&Lot>, units: u32, into: &PlateId) -> Turn {
        let plate = self.held(call)?;
        let line = on_plate(call.floor, plate)
            .into_iter()
            .find(|line| line.goods.sku == *sku && line.goods.lot.as_ref() == lot && line.balance > 0);
        let Some(line) = line else { return Err(No::new(FloorCode::SourceEmpty).at("/sku").arg("sku", sku)) };
        // Units with serial numbers are told apart by scanning them, which the move flow does.
        if units == 0 || units > line.units() || !line.serials.is_empty() {
            return Err(No::new(FloorCode::QtyGtSource).at("/units").arg("units", line.units()));
        }
        plating::check_number(call, into)?;
        let (by, at) = (call.by(), call.command.recorded_at);
        let from = Some(Place::on(plate.bin.clone(), plate.id.clone()));
        let to = Some(Place::on(plate.bin.clone(), into.clone()));
        let moves = vec![Move { goods: line.goods.clone(), units, from, to, serials: Vec::new() }];
        let until = call.now.plus_seconds(LEASE_SECONDS);
        let events = [
            FloorEvent::PlateCreated {
                plate: into.clone(),
                bin: plate.bin.clone(),
                doc: plate.doc.clone(),
                by: by.clone(),
            },
            FloorEvent::GoodsMoved { moves, reason: None, by },
            FloorEvent::PlateStateSet { plate: into.clone(), state: PlateState::Staged, at },
            FloorEvent::PlateLet { plate: plate.id.clone() },
            FloorEvent::PlateTaken { plate: into.clone(), device: call.command.device.clone(), until },
        ];
        let lines = [StockLine { balance: i64::from(units), plate: Some(into.clone()), ..line }];
        let mut next = Self { plate: Some(into.clone()), refused: None, location: None, ..self.clone() };
        // Where the whole plate should go, part of it may go too.
        let suggestion = storing::suggest(call.floor, &Wanting { lines: &lines, from: &plate.bin }, call.now);
        next.suggestion = suggestion.or_else(|| self.suggestion.clone());
        next.state = if next.suggestion.is_some() { PutAwayState::Suggested } else { PutAwayState::LocationScan };
        Ok(Step::to(next.into()).with(events))
    }
}

fn stored(call: &Call<'_>, plate: &Plate, to: &LocationCode, reason: Option<String>) -> FloorEvent {
    let lines = on_plate(call.floor, plate);
    let place = |bin: &LocationCode| Place::on(bin.clone(), plate.id.clone());
    let moves = storing::carry(&lines, &place(&plate.bin), &place(to));
    FloorEvent::Stored { plate: plate.id.clone(), bin: to.clone(), moves, reason, by: call.by() }
}

/// A plate that was put away without a connection: it is where the operator says, whatever the rules say.
pub(super) fn offline(call: &Call<'_>, fact: &StoredFact) -> Turn {
    let about = [("plate", fact.plate.to_string()), ("bin", fact.bin.to_string()), ("raw", fact.raw.join(" "))];
    let nothing = |code| Ok(Step::done(Vec::new()).despite(call, code, &about));
    let Some(plate) = call.floor.plate(&fact.plate).filter(|plate| !plate.state.ended()) else {
        return nothing(FloorCode::LpnUnknown);
    };
    let Some(location) = call.floor.location(&fact.bin) else { return nothing(FloorCode::LocUnknown) };
    if plate.bin == fact.bin && plate.state == PlateState::Stored {
        return nothing(FloorCode::LpnAlreadyStored);
    }
    let lines = on_plate(call.floor, plate);
    let mut codes = take_faults(call, plate);
    codes.extend(storing::faults(call.floor, &Wanting { lines: &lines, from: &plate.bin }, location, call.now));
    let step = Step::done(vec![stored(call, plate, &fact.bin, None)]);
    Ok(match codes.first() {
        Some(code) => step.despite(call, *code, &about),
        None => step,
    })
}
