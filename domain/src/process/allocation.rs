//! The Allocation process: makes the order and its warehouses agree.
//!
//! It looks at each warehouse that is owed a look, lets it drop what is not wanted, makes the rest firm once the
//! order is approved, looks elsewhere for units that are held nowhere, and tells the order what it saw. The order
//! allows one of them at a time. Everything it says is absolute, so that starting over after a crash is harmless.

use std::collections::VecDeque;

use crate::{
    OrderId, ParcelId, Sku, WarehouseId,
    order::{
        OrderCommand,
        state::{LineState, Order, Parcel, ParcelState, Placed},
    },
    process::{Answer, HeldLine, Outgoing, parcel_lines},
    warehouse::{FloorCommand, Method, ReserveLine, ReserveMode, WarehouseCommand},
};

#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// A command about a parcel; its answer matters only if the parcel cannot be.
    Floor(WarehouseId, ParcelId, FloorCommand),
    /// See what is held, and make it firm if the order is approved.
    Look(WarehouseId),
    /// Give back what is not wanted.
    Trim(WarehouseId),
    /// Ask for what is missing, with whether it may wait for stock.
    Ask(WarehouseId, bool),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    line: u16,
    sku: Sku,
    /// Units that are held nowhere and wanted.
    open: u32,
    backorder: bool,
    /// Warehouse the line insists on.
    only: Option<WarehouseId>,
    /// Units each warehouse holds beside the floor, as the order knows it.
    believed: Vec<(WarehouseId, u32)>,
}

/// The Allocation process of one order.
#[derive(Clone, Debug, PartialEq)]
pub struct Resourcing {
    order: OrderId,
    number: u16,
    /// Whether the order is approved: reservations become firm and open units are looked for.
    firm: bool,
    priority: u8,
    lines: Vec<Line>,
    steps: VecDeque<Step>,
    /// The step whose answer comes next.
    current: Option<Step>,
    /// What warehouses said last.
    seen: Vec<(WarehouseId, Vec<HeldLine>)>,
    told: bool,
}

impl Resourcing {
    /// For an order that waits for it; `None` for any other. `resumed` after a crash, when an earlier attempt may
    /// have taken something anywhere.
    pub fn of(order: &Order, resumed: bool) -> Option<Self> {
        let (id, content, terms) = (order.id?, order.content.as_deref()?, order.terms.as_deref()?);
        let sourcing = order.sourcing.as_deref()?;
        let firm = order.firm();
        let line = |state: &LineState| {
            let content = content.line(state.line)?;
            content.stocked.then(|| Line {
                line: state.line,
                sku: content.sku.clone(),
                open: if firm { state.open } else { 0 },
                backorder: content.backorder,
                only: state.source.clone().or_else(|| content.warehouse.clone()),
                believed: state.held.iter().map(|held| (held.warehouse.clone(), held.shelf())).collect(),
            })
        };
        let lines: Vec<Line> = order.lines.iter().filter_map(line).collect();
        let mut sources: Vec<WarehouseId> = lines.iter().filter_map(|line| line.only.clone()).collect();
        sources.extend(terms.sources.iter().cloned());
        let mut known = std::collections::BTreeSet::new();
        sources.retain(|code| known.insert(code.clone()));
        let mut looks: Vec<WarehouseId> = sourcing.looks.iter().map(|look| look.warehouse.clone()).collect();
        if resumed {
            looks.extend(sources.iter().cloned().chain(order.warehouses()));
        }
        looks.sort();
        looks.dedup();
        let mut steps = VecDeque::new();
        for code in looks {
            steps.extend(floor_steps(order, id, &code));
            steps.push_back(Step::Look(code));
        }
        if firm {
            // First round: what is on the shelf. Second round: the first warehouse lets the rest wait.
            steps.extend(sources.iter().map(|code| Step::Ask(code.clone(), false)));
            if lines.iter().any(|line| line.backorder) {
                steps.extend(sources.iter().map(|code| Step::Ask(code.clone(), true)));
            }
        }
        let priority = content.priority.rank();
        let (number, current, seen) = (sourcing.number, None, Vec::new());
        Some(Self { order: id, number, firm, priority, lines, steps, current, seen, told: false })
    }

    pub(super) fn next(&mut self, answer: Option<Answer>) -> Option<Outgoing> {
        if self.told {
            return None;
        }
        if let (Some(step), Some(answer)) = (self.current.take(), answer) {
            self.hear(step, answer);
        }
        while let Some(step) = self.steps.pop_front() {
            if let Some((code, command)) = self.command(&step) {
                self.current = Some(step);
                return Some(Outgoing::Warehouse(code, Some(self.order), command));
            }
        }
        self.told = true;
        let command = OrderCommand::RecordAllocation {
            number: self.number,
            looked: self.seen.iter().map(|(code, _)| code.clone()).collect(),
            held: self.seen.iter().flat_map(|(code, held)| held.iter().map(|held| placed(code, held))).collect(),
            missing: self.shortfall(),
        };
        Some(Outgoing::Order(self.order, command))
    }

    fn hear(&mut self, step: Step, answer: Answer) {
        match (step, answer) {
            (Step::Floor(code, parcel, FloorCommand::CreateFulfillment { .. }), Answer::Refused(no))
                if no.code == "not_allocated" =>
            {
                // What the parcel was to be made of is gone: it is closed, and the order hears of that.
                let cancel = FloorCommand::CancelFulfillment { keep_units: true, detach: false };
                self.steps.push_front(Step::Floor(code, parcel, cancel));
            }
            (Step::Look(code), Answer::Refused(no)) if matches!(no.code.as_str(), "hold_unknown" | "hold_closed") => {
                self.note(&code, vec![]);
            }
            (Step::Look(code), Answer::Done { held, .. }) => {
                self.note(&code, held);
                self.trim(code);
            }
            (Step::Ask(code, _), Answer::Done { held, .. }) => {
                self.note(&code, held);
                // Makes firm what was taken.
                self.steps.push_front(Step::Look(code));
            }
            (Step::Trim(code), Answer::Done { held, .. }) => self.note(&code, held),
            _ => {}
        }
    }

    fn note(&mut self, code: &WarehouseId, held: Vec<HeldLine>) {
        self.seen.retain(|(known, _)| known != code);
        self.seen.push((code.clone(), held));
    }

    fn trim(&mut self, code: WarehouseId) {
        let keep = self.keep(&code);
        let wanted = |line: u16| keep.iter().find(|(known, _)| *known == line).map_or(0, |(_, keep)| *keep);
        let held = self.seen.iter().find(|(known, _)| *known == code);
        if held.is_some_and(|(_, held)| held.iter().any(|held| shelf(held) > wanted(held.0))) {
            self.steps.push_front(Step::Trim(code));
        }
    }

    fn command(&mut self, step: &Step) -> Option<(WarehouseId, WarehouseCommand)> {
        match step {
            Step::Floor(code, parcel, command) => {
                Some((code.clone(), WarehouseCommand::Floor { parcel: *parcel, command: command.clone() }))
            }
            Step::Look(code) if self.firm => {
                Some((code.clone(), WarehouseCommand::AllocateStock { order: self.order, lines: None }))
            }
            Step::Look(code) | Step::Trim(code) => {
                let lines = Some(self.keep(code));
                Some((code.clone(), WarehouseCommand::ReduceHold { order: self.order, lines }))
            }
            Step::Ask(code, waiting) => self.ask(code, *waiting),
        }
    }

    fn ask(&mut self, code: &WarehouseId, waiting: bool) -> Option<(WarehouseId, WarehouseCommand)> {
        let fits = |line: &&Line| {
            self.missing(line) > 0 && (!waiting || line.backorder) && line.only.as_ref().is_none_or(|only| only == code)
        };
        let wants: Vec<&Line> = self.lines.iter().filter(fits).collect();
        if wants.is_empty() {
            return None;
        }
        let Some((_, held)) = self.seen.iter().find(|(known, _)| known == code) else {
            // How much to ask for in total depends on what is held there now.
            self.steps.push_front(Step::Ask(code.clone(), waiting));
            self.steps.push_front(Step::Look(code.clone()));
            return None;
        };
        let there = |line: u16| held.iter().find(|held| held.0 == line).map_or(0, |held| held.1 + held.2 + held.3);
        let lines = wants
            .iter()
            .map(|line| ReserveLine {
                line: line.line,
                sku: line.sku.clone(),
                quantity: self.missing(line) + there(line.line),
                backorder: waiting,
            })
            .collect();
        let (order, mode, priority) = (self.order, ReserveMode::Partial, self.priority);
        Some((code.clone(), WarehouseCommand::ReserveStock { order, lines, mode, expires: None, priority, firm: false }))
    }

    /// Units of a line in warehouses that are not `except`: as seen, or as believed.
    fn elsewhere(&self, line: &Line, except: Option<&WarehouseId>) -> u32 {
        let unseen = |code: &WarehouseId| !self.seen.iter().any(|(known, _)| known == code);
        let believed = line.believed.iter().filter(|(code, _)| Some(code) != except && unseen(code));
        let seen = self.seen.iter().filter(|(code, _)| Some(code) != except);
        let held = seen.flat_map(|(_, held)| held.iter()).filter(|held| held.0 == line.line);
        believed.map(|(_, units)| *units).sum::<u32>() + held.map(shelf).sum::<u32>()
    }

    fn missing(&self, line: &Line) -> u32 {
        line.target().saturating_sub(self.elsewhere(line, None))
    }

    /// Units of each line a warehouse may keep: what the order knows of, and what it still looks for.
    fn keep(&self, code: &WarehouseId) -> Vec<(u16, u32)> {
        let keep = |line: &Line| {
            let believed = line.believed.iter().find(|(known, _)| known == code).map_or(0, |(_, units)| *units);
            believed.max(line.target().saturating_sub(self.elsewhere(line, Some(code))))
        };
        let mut lines: Vec<_> = self.lines.iter().map(|line| (line.line, keep(line))).collect();
        let seen = self.seen.iter().find(|(known, _)| known == code);
        // Lines the order does not have, or no longer.
        let others = seen.into_iter().flat_map(|(_, held)| held.iter()).map(|held| held.0);
        let others: Vec<_> = others.filter(|line| !lines.iter().any(|(known, _)| known == line)).collect();
        lines.extend(others.into_iter().map(|line| (line, 0)));
        lines
    }

    fn shortfall(&self) -> Option<String> {
        let missing = self.lines.iter().map(|line| (line, self.missing(line))).filter(|(_, units)| *units > 0);
        let list: Vec<String> = missing.map(|(line, units)| format!("{units} of {}", line.sku)).collect();
        (self.firm && !list.is_empty()).then(|| format!("not enough stock: {} missing", list.join(", ")))
    }
}

impl Line {
    /// Units that should be held beside the floor, over all warehouses.
    fn target(&self) -> u32 {
        self.open + self.believed.iter().map(|(_, units)| units).sum::<u32>()
    }
}

/// Units held beside the floor.
const fn shelf(held: &HeldLine) -> u32 {
    held.1 + held.2 + held.3.saturating_sub(held.4)
}

/// What a warehouse holds of a line beside the floor.
pub(super) fn placed(code: &WarehouseId, held: &HeldLine) -> Placed {
    let (line, reserved, backordered, allocated, floor) = *held;
    Placed { line, warehouse: code.clone(), reserved, backordered, allocated: allocated.saturating_sub(floor) }
}

/// The order's parcels exist before the units beside them are counted, and stand still while the order is on hold.
fn floor_steps(order: &Order, id: OrderId, code: &WarehouseId) -> Vec<Step> {
    let mut steps = Vec::new();
    for parcel in order.on_floor().filter(|parcel| parcel.warehouse == *code) {
        let number = ParcelId { order: id, number: parcel.number };
        steps.extend(create(order, parcel).map(|create| Step::Floor(code.clone(), number, create)));
        let command = match order.holds.first() {
            Some(hold) => FloorCommand::HoldParcel { reason: hold.reason.clone() },
            None => FloorCommand::ResumeParcel,
        };
        steps.push(Step::Floor(code.clone(), number, command));
    }
    steps
}

fn create(order: &Order, parcel: &Parcel) -> Option<FloorCommand> {
    let lines = parcel_lines(order, &parcel.lines);
    (parcel.state == ParcelState::Released)
        .then_some(FloorCommand::CreateFulfillment { lines, method: Method::Courier })
}
