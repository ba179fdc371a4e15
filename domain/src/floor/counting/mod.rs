//! Count: blind by default, by location or by item (warehouse-floor.md §7.7).
//!
//! Invariant: what is counted is compared with the books as they were when counting began, so picking need not stop; a
//! difference outside the tolerance changes nothing until another person counted and somebody approved. What a blind
//! counter sees ([`CountTaskBlind`]) has no field for the books.

mod offline;

pub(super) use offline::offline;
use offline::{hold_expired, in_books};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Sku, UserId,
    floor::{
        Candidate, CountLine, CountState, CountTask, DeviceOp, First, Floor, FloorCode, FloorEvent, Flow, ItemRule,
        Location, LocationCode, Lot, Msg, Scan, SerialNo, Want, amount,
        comparing::{self, Verdict},
        turn::{Call, No, Step, Turn},
    },
};

/// Seconds a count stays with the device that opened it (realtime.md §8.1, resume grace).
const LEASE_SECONDS: i64 = 15 * 60;

/// Where a count stands at a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the states of warehouse-floor.md §7.7")]
pub enum CountingState {
    #[default]
    Task,
    Loc,
    Lines,
    Accepted,
    Recount,
    Approval,
}

/// A count at a device and what it has collected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CountSession {
    /// Where it stands.
    pub state: CountingState,
    /// Whether the location or the item is scanned first.
    pub first: First,
    /// The task.
    pub task: Option<u64>,
    /// The item at hand: item, units of a package, lot.
    pub at_hand: Option<AtHand>,
    /// What was counted.
    pub lines: Vec<CountLine>,
}

/// The item a quantity will be of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtHand {
    /// The item.
    pub sku: Sku,
    /// Units of a package of the scanned size.
    pub pack: u32,
    /// The lot.
    pub lot: Option<Lot>,
    /// The expiry date.
    pub expiry: Option<chrono::NaiveDate>,
}

/// What a blind counter sees. There is no field for what is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountTaskBlind {
    /// The task.
    pub task: Option<u64>,
    /// Where.
    pub location: Option<LocationCode>,
    /// Only this item.
    pub sku: Option<Sku>,
    /// The item at hand.
    pub at_hand: Option<AtHand>,
    /// What was counted.
    pub counted: Vec<CountLine>,
}

/// What a counter sees where the site shows the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountTaskGuided {
    /// What a blind counter sees as well.
    #[serde(flatten)]
    pub blind: CountTaskBlind,
    /// What the books have there.
    pub books: Vec<crate::floor::StockLine>,
}

impl From<CountSession> for Flow {
    fn from(session: CountSession) -> Self {
        Self::Count(Box::new(session))
    }
}

impl CountTask {
    /// Counts of the current round.
    pub(super) fn round(&self) -> &[crate::floor::Attempt] {
        let refused = usize::try_from(self.refused).unwrap_or(usize::MAX);
        self.attempts.get(refused..).unwrap_or_default()
    }

    /// Whether a person counted it in this round.
    fn counted_by(&self, operator: UserId) -> bool {
        self.round().iter().any(|attempt| attempt.operator == operator)
    }

    /// Why it may not be counted from here; `None` if it may.
    fn fault(&self, call: &Call<'_>) -> Option<FloorCode> {
        let leased = self
            .counting
            .as_ref()
            .is_some_and(|counting| counting.device != call.command.device && counting.until > call.now);
        match self.state {
            CountState::Approval => Some(FloorCode::DoubleSubmit),
            _ if self.counted_by(call.operator.user) => Some(FloorCode::SameUserRecount),
            _ => leased.then_some(FloorCode::CountLeasedBy),
        }
    }
}

impl CountSession {
    pub(super) fn start(first: First) -> Self {
        Self { first, ..Self::default() }
    }

    pub(super) const fn state_name(&self) -> &'static str {
        match self.state {
            CountingState::Task => "Task",
            CountingState::Loc => "Loc",
            CountingState::Lines => "Lines",
            CountingState::Accepted => "Accepted",
            CountingState::Recount => "Recount",
            CountingState::Approval => "Approval",
        }
    }

    pub(super) const fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            CountingState::Task => &["get_work", "suspend"],
            CountingState::Loc => &["suspend"],
            CountingState::Lines => &["quantity", "nothing", "submit", "suspend"],
            CountingState::Accepted | CountingState::Recount | CountingState::Approval => &["next", "suspend"],
        }
    }

    pub(super) const fn expect(&self) -> &'static [Want] {
        match self.state {
            CountingState::Task if matches!(self.first, First::Item) => &[Want::Item],
            CountingState::Task | CountingState::Loc => &[Want::Location],
            CountingState::Lines => &[Want::Item, Want::Lot, Want::Serial],
            CountingState::Accepted | CountingState::Recount | CountingState::Approval => &[],
        }
    }

    pub(super) fn view(&self, floor: &Floor) -> Value {
        let task = self.task.and_then(|id| floor.count(id));
        let blind = CountTaskBlind {
            task: self.task,
            location: task.map(|task| task.location.clone()),
            sku: task.and_then(|task| task.sku.clone()),
            at_hand: self.at_hand.clone(),
            counted: self.lines.clone(),
        };
        match task.filter(|task| !task.blind) {
            Some(task) => {
                let bin = floor.bin(&task.location);
                json!(CountTaskGuided { blind, books: bin.map(|bin| bin.lines.clone()).unwrap_or_default() })
            }
            None => json!(blind),
        }
    }

    pub(super) fn leave(&self, call: &Call<'_>) -> Vec<FloorEvent> {
        let task = self.task.and_then(|id| call.floor.count(id));
        let mine = |task: &&CountTask| task.counting.as_ref().is_some_and(|c| c.device == call.command.device);
        task.filter(mine).map(|task| FloorEvent::CountLeft { task: task.id }).into_iter().collect()
    }

    /// One input.
    pub(super) fn turn(&self, call: &Call<'_>) -> Turn {
        use CountingState as S;
        match (self.state, &call.command.op) {
            (S::Task, DeviceOp::GetWork) => self.get_work(call),
            (S::Task, DeviceOp::Scan(scan)) => self.find(call, scan),
            (S::Loc, DeviceOp::Scan(scan)) => self.locate(call, scan),
            (S::Task | S::Loc, DeviceOp::Submit | DeviceOp::Nothing) => Err(No::new(FloorCode::SubmitWithoutLocation)),
            (S::Lines, DeviceOp::Scan(scan)) => self.scan(call, scan),
            (S::Lines, DeviceOp::Quantity(text)) => self.quantity(call, text),
            (S::Lines, DeviceOp::Nothing) if self.lines.is_empty() => self.submit(call),
            (S::Lines, DeviceOp::Submit) if !self.lines.is_empty() => self.submit(call),
            (S::Accepted | S::Recount | S::Approval, DeviceOp::Submit | DeviceOp::Nothing) => {
                Err(No::new(FloorCode::DoubleSubmit))
            }
            (S::Accepted | S::Recount | S::Approval, DeviceOp::Next) => Ok(Step::to(Self::start(self.first).into())),
            _ => Err(self.unexpected()),
        }
    }

    fn unexpected(&self) -> No {
        No::unexpected(self.expect(), self.allowed())
    }

    fn started(task: u64, call: &Call<'_>) -> FloorEvent {
        FloorEvent::CountStarted {
            task,
            device: call.command.device.clone(),
            operator: call.operator.user,
            until: call.now.plus_seconds(LEASE_SECONDS),
            from: call.floor.version(),
        }
    }

    fn get_work(&self, call: &Call<'_>) -> Turn {
        let free = call.floor.counts().find(|task| task.fault(call).is_none());
        let task = free.ok_or_else(|| No::new(FloorCode::NoWork))?;
        let next = Self { task: Some(task.id), state: CountingState::Loc, ..self.clone() };
        Ok(Step::to(next.into()).with([Self::started(task.id, call)]))
    }

    /// A scanned location or item names the task.
    fn find(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let found = call.floor.resolve(scan, self.expect())?;
        let named = |task: &&CountTask| match &found {
            Candidate::Location(code) => task.location == *code,
            Candidate::Item(sku) => task.sku.as_ref() == Some(sku),
            _ => false,
        };
        let mut tasks = call.floor.counts().filter(named).peekable();
        let first = tasks.peek().copied().ok_or_else(|| No::new(FloorCode::NoWork).arg("text", &scan.text))?;
        let fault = first.fault(call);
        let Some(task) = tasks.find(|task| task.fault(call).is_none()) else {
            return Err(No::new(fault.unwrap_or(FloorCode::NoWork)).at("/raw").arg("task", first.id));
        };
        let state = if matches!(found, Candidate::Location(_)) { CountingState::Lines } else { CountingState::Loc };
        let next = Self { task: Some(task.id), state, ..self.clone() };
        Ok(Step::to(next.into()).with([Self::started(task.id, call)]))
    }

    /// The task at hand, if it still is with this device.
    fn held<'a>(&self, call: &Call<'a>) -> Result<&'a CountTask, No> {
        let task = self.task.and_then(|id| call.floor.count(id)).ok_or_else(|| No::new(FloorCode::DoubleSubmit))?;
        match task.fault(call) {
            Some(code) => Err(No::new(code).arg("task", task.id)),
            None => Ok(task),
        }
    }

    fn locate(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let task = self.held(call)?;
        let Candidate::Location(code) = call.floor.resolve(scan, &[Want::Location])? else {
            return Err(self.unexpected());
        };
        if code != task.location {
            return Err(No::new(FloorCode::LocNotInTask).at("/raw").arg("location", &task.location));
        }
        // What left before the operator stood here is not missed: the count is compared from now on.
        let next = Self { state: CountingState::Lines, ..self.clone() };
        Ok(Step::to(next.into()).with([Self::started(task.id, call)]))
    }

    fn scan(&self, call: &Call<'_>, scan: &Scan) -> Turn {
        let task = self.held(call)?;
        let mut next = self.clone();
        let named = match call.floor.resolve(scan, &[Want::Item]) {
            Ok(Candidate::Item(sku)) => Some(sku),
            // Text that is no item may be the lot or serial of the item at hand.
            Err(no) if no.code == FloorCode::AmbiguousScan || next.at_hand.is_none() || scan.gtin.is_some() => {
                return Err(no);
            }
            _ => None,
        };
        let mut scan = scan.clone();
        if let Some(sku) = named {
            if task.sku.as_ref().is_some_and(|only| *only != sku) {
                return Err(self.unexpected().arg("sku", &sku));
            }
            let rule = call.floor.item(&sku);
            let pack = rule.and_then(|rule| rule.packs.iter().find(|pack| scan.gtin.as_ref() == Some(&pack.gtin)));
            let pack = pack.and_then(|pack| pack.units).unwrap_or(1);
            next.at_hand = Some(AtHand { sku, pack, lot: None, expiry: None });
        }
        let Some(at_hand) = &mut next.at_hand else { return Err(self.unexpected()) };
        let rule = call.floor.item(&at_hand.sku).cloned().unwrap_or_else(|| ItemRule::plain(at_hand.sku.clone()));
        if scan.is_plain() && scan.text != at_hand.sku.as_str() {
            match (rule.lot && at_hand.lot.is_none(), rule.serial) {
                (true, _) => scan.lot = Lot::parse(&scan.text).ok(),
                (false, true) => scan.serial = SerialNo::parse(&scan.text).ok(),
                (false, false) => return Err(self.unexpected()),
            }
        }
        if scan.lot.is_some() {
            (at_hand.lot, at_hand.expiry) = (scan.lot.clone().filter(|_| rule.lot), scan.expiry);
        }
        let (at_hand, mut step) = (at_hand.clone(), Step::to(Flow::Idle));
        if let Some(serial) = scan.serial.as_ref().filter(|_| rule.serial) {
            let elsewhere = call.floor.serial(&rule.sku, serial).is_some_and(|bin| *bin != task.location);
            let again = next.lines.iter().any(|line| line.sku == rule.sku && line.serials.contains(serial));
            if elsewhere || again {
                return Err(No::new(FloorCode::SerialDuplicate).at("/raw").arg("serial", serial));
            }
            let line = next.line(&at_hand);
            line.units = line.units.saturating_add(1);
            line.serials.insert(serial.clone());
        }
        if named_or_lot(&scan) {
            step = next.notice(call, task, &at_hand, step);
        }
        step.flow = Some(next.into());
        Ok(step)
    }

    /// The line of the item and lot at hand.
    fn line(&mut self, at_hand: &AtHand) -> &mut CountLine {
        let at = self.lines.iter().position(|line| line.sku == at_hand.sku && line.lot == at_hand.lot);
        let at = at.unwrap_or_else(|| {
            let AtHand { sku, lot, expiry, .. } = at_hand.clone();
            self.lines.push(CountLine { sku, lot, expiry, units: 0, serials: Default::default() });
            self.lines.len() - 1
        });
        &mut self.lines[at]
    }

    /// What is odd about an item and counted all the same.
    fn notice(&self, call: &Call<'_>, task: &CountTask, at_hand: &AtHand, mut step: Step) -> Step {
        let code = if let Some(hold) = hold_expired(call, &at_hand.sku, at_hand.lot.as_ref(), at_hand.expiry) {
            step.events.push(hold);
            FloorCode::ExpiredLotFound
        } else if !in_books(call.floor, &task.location, &at_hand.sku) {
            FloorCode::UnexpectedItem
        } else {
            return step;
        };
        let args = [("sku".to_owned(), at_hand.sku.to_string())].into();
        step.saying(Msg { code, field: Some("/raw".into()), args })
    }

    fn quantity(&self, call: &Call<'_>, text: &str) -> Turn {
        let task = self.held(call)?;
        let at_hand = self.at_hand.as_ref().ok_or_else(|| self.unexpected())?;
        let rule = call.floor.item(&at_hand.sku);
        if rule.is_some_and(|rule| rule.serial || (rule.lot && at_hand.lot.is_none())) {
            return Err(self.unexpected());
        }
        let packs = amount::whole(text).map_err(|code| No::new(code).at("/qty"))?;
        let units = packs.checked_mul(at_hand.pack).filter(|units| *units <= crate::quantity::MAX_QUANTITY);
        let units = units.ok_or_else(|| No::new(FloorCode::QtyLooksLikeBarcode).at("/qty"))?;
        let room = call.floor.location(&task.location).and_then(|location: &Location| location.max_units);
        let total = self.lines.iter().map(|line| line.units).fold(units, u32::saturating_add);
        if room.is_some_and(|room| total > room) {
            call.confirmed(FloorCode::QtyAbsurd, text).map_err(|no| no.at("/qty"))?;
        }
        let mut next = self.clone();
        let line = next.line(at_hand);
        line.units = line.units.saturating_add(units);
        next.at_hand = None;
        Ok(Step::to(next.into()))
    }

    fn submit(&self, call: &Call<'_>) -> Turn {
        let task = self.held(call)?;
        let counting = task.counting.as_ref().ok_or_else(|| No::new(FloorCode::LeaseLost))?;
        if counting.device != call.command.device {
            return Err(No::new(FloorCode::LeaseLost).arg("task", task.id));
        }
        match comparing::verdict(call, task, &self.lines, counting.from) {
            None => {
                let again = Self { lines: Vec::new(), at_hand: None, state: CountingState::Loc, ..self.clone() };
                let no = No::new(FloorCode::StaleCount).arg("task", task.id);
                Err(No { flow: Some(Box::new(again.into())), events: vec![Self::started(task.id, call)], ..no })
            }
            Some((verdict, events)) => {
                let state = match verdict {
                    Verdict::Accepted => CountingState::Accepted,
                    Verdict::Recount => CountingState::Recount,
                    Verdict::Approval => CountingState::Approval,
                };
                Ok(Step::to(Self { state, at_hand: None, ..self.clone() }.into()).with(events))
            }
        }
    }
}

fn named_or_lot(scan: &Scan) -> bool {
    scan.gtin.is_some() || scan.lot.is_some() || scan.is_plain()
}
