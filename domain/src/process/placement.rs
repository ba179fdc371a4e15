//! Placement (place → credit → reserve → record, with compensation) and Change, which takes the difference.

use std::collections::VecDeque;

use crate::{
    CustomerId, Money, OrderId, Sku, Timestamp, WarehouseId,
    customer::CustomerCommand,
    order::{
        OrderCommand,
        change::increases,
        content::PaymentMethod,
        state::{Change, Lifecycle, Order, Placed, PlacementRefusal},
    },
    process::{Answer, HeldLine, Outgoing, hold_expiry},
    warehouse::{ReserveLine, ReserveMode, WarehouseCommand},
};

/// A line for which units are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Want {
    line: u16,
    sku: Sku,
    /// Units still to be found.
    missing: u32,
    backorder: bool,
    /// Warehouse the line insists on.
    only: Option<WarehouseId>,
}

/// Takes units from warehouses one after the other. Asking in sequence, each for what is still missing, needs no
/// stale overview of stock: each warehouse decides for itself, and the sum is right (P06).
#[derive(Clone, Debug, PartialEq)]
struct Sourcing {
    order: OrderId,
    wants: Vec<Want>,
    /// Warehouses to ask, with whether waiting is allowed there.
    queue: VecDeque<(WarehouseId, bool)>,
    asked: Vec<WarehouseId>,
    /// The one whose answer comes next; `None` while credit is asked for.
    asking: Option<WarehouseId>,
    /// What they said they hold of the whole order.
    holdings: Vec<Placed>,
    taken: Vec<Placed>,
    /// What the order held in a warehouse before this.
    before: Vec<Placed>,
    split: bool,
    priority: u8,
    expires: Option<Timestamp>,
    /// Whether what is held is allocated at once.
    firm: bool,
    /// After a crash: what an earlier attempt may have taken is given back before anything is asked for.
    sweep: VecDeque<Outgoing>,
}

impl Sourcing {
    fn new(order: OrderId, wants: Vec<Want>, sources: &[WarehouseId], split: bool, priority: u8) -> Self {
        let mut codes: Vec<WarehouseId> = wants.iter().filter_map(|want| want.only.clone()).collect();
        codes.extend(sources.iter().cloned());
        let mut seen = std::collections::BTreeSet::new();
        codes.retain(|code| seen.insert(code.clone()));
        // First round: what is on the shelf. Second round: the first warehouse lets the rest wait.
        let mut queue: VecDeque<_> = codes.iter().map(|code| (code.clone(), false)).collect();
        if wants.iter().any(|want| want.backorder) {
            queue.extend(codes.iter().map(|code| (code.clone(), true)));
        }
        Self {
            order,
            wants,
            queue,
            asked: Vec::new(),
            asking: None,
            holdings: Vec::new(),
            taken: Vec::new(),
            before: Vec::new(),
            split,
            priority,
            expires: None,
            firm: false,
            sweep: VecDeque::new(),
        }
    }

    /// Starts by giving back what is held beyond `before`, wherever an earlier attempt may have asked.
    fn sweep_first(&mut self) {
        let mut codes: Vec<WarehouseId> = self.queue.iter().map(|(code, _)| code.clone()).collect();
        codes.sort();
        codes.dedup();
        for code in codes {
            let keep = self.wants.iter().map(|want| (want.line, self.held(want.line, &code))).collect();
            let command = WarehouseCommand::ReduceHold { order: self.order, lines: Some(keep) };
            self.sweep.push_back(Outgoing::Warehouse(code, Some(self.order), command));
        }
    }

    /// Takes an answer to credit or stock; answers why the whole has failed, if it has. That one warehouse is short is
    /// no reason: others are asked.
    fn hear(&mut self, step: &mut Step, answer: Option<Answer>) -> Option<PlacementRefusal> {
        match answer {
            None => {}
            Some(Answer::Refused(refusal)) if *step == Step::Credit || refusal.code != "insufficient_stock" => {
                return Some(refusal);
            }
            Some(Answer::Refused(_)) => self.asking = None,
            Some(Answer::Done { held, .. }) => match self.asking.take() {
                Some(code) => self.note(&code, &held),
                None => *step = Step::Stock,
            },
        }
        None
    }

    /// The next warehouse that can help, with what to ask of it.
    fn ask(&mut self) -> Option<Outgoing> {
        while let Some((code, waiting)) = self.queue.pop_front() {
            let fits = |want: &&Want| {
                want.missing > 0 && (!waiting || want.backorder) && want.only.as_ref().is_none_or(|only| *only == code)
            };
            let lines: Vec<ReserveLine> = self
                .wants
                .iter()
                .filter(fits)
                .map(|want| ReserveLine {
                    line: want.line,
                    sku: want.sku.clone(),
                    quantity: want.missing + self.held(want.line, &code),
                    backorder: waiting,
                })
                .collect();
            if lines.is_empty() {
                continue;
            }
            let whole = lines.len() == self.wants.iter().filter(|want| want.missing > 0).count();
            let mode = if self.split || (waiting && whole) { ReserveMode::Partial } else { ReserveMode::AllOrNothing };
            if !self.asked.contains(&code) {
                self.asked.push(code.clone());
            }
            self.asking = Some(code.clone());
            let command = WarehouseCommand::ReserveStock {
                order: self.order,
                lines,
                mode,
                expires: self.expires,
                priority: self.priority,
                firm: self.firm,
            };
            return Some(Outgoing::Warehouse(code, Some(self.order), command));
        }
        None
    }

    fn held(&self, line: u16, code: &WarehouseId) -> u32 {
        let at = |placed: &&Placed| placed.line == line && placed.warehouse == *code;
        let sum = |all: &[Placed]| all.iter().filter(at).map(Placed::units).sum::<u32>();
        sum(&self.before) + sum(&self.taken)
    }

    /// Takes note of what a warehouse holds now.
    fn note(&mut self, code: &WarehouseId, held: &[HeldLine]) {
        self.holdings.retain(|placed| placed.warehouse != *code);
        self.holdings.extend(held.iter().map(|(line, reserved, waiting, allocated, _)| Placed {
            line: *line,
            warehouse: code.clone(),
            reserved: *reserved,
            backordered: *waiting,
            allocated: *allocated,
        }));
        let gone = |placed: &&Placed| placed.warehouse == *code && !held.iter().any(|(line, ..)| *line == placed.line);
        let gone: Vec<_> = self.before.iter().filter(gone).cloned().collect();
        self.holdings.extend(gone.into_iter().map(|placed| Placed { reserved: 0, backordered: 0, ..placed }));
        for want in &mut self.wants {
            let Some((_, reserved, waiting, allocated, _)) = held.iter().find(|(line, ..)| *line == want.line) else {
                continue;
            };
            let at = |p: &&Placed| p.line == want.line && p.warehouse == *code;
            let known: u32 = self.before.iter().filter(at).map(Placed::units).sum();
            let earlier: u32 = self.taken.iter().filter(at).map(Placed::units).sum();
            let fresh = (reserved + waiting + allocated).saturating_sub(known);
            self.taken.retain(|p| !(p.line == want.line && p.warehouse == *code));
            want.missing = (want.missing + earlier).saturating_sub(fresh);
            if fresh > 0 {
                let backordered = (*waiting).min(fresh);
                let allocated = if self.firm { (*allocated).min(fresh - backordered) } else { 0 };
                self.taken.push(Placed {
                    line: want.line,
                    warehouse: code.clone(),
                    reserved: fresh - backordered - allocated,
                    backordered,
                    allocated,
                });
            }
        }
    }

    fn missing(&self) -> Vec<(&Sku, u32, u16)> {
        self.wants.iter().filter(|w| w.missing > 0).map(|w| (&w.sku, w.missing, w.line)).collect()
    }

    /// The refusal for what could not be found, in words a shop's customer can use (VAL-20).
    fn shortfall(&self) -> PlacementRefusal {
        let missing = self.missing();
        let list: Vec<String> = missing.iter().map(|(sku, units, _)| format!("{units} of {sku}")).collect();
        PlacementRefusal {
            code: "insufficient_stock".into(),
            message: format!("not enough stock: {} missing", list.join(", ")),
            field: missing.first().map(|(_, _, line)| format!("/lines/{}/quantity", line.saturating_sub(1))),
            fix: Some("order fewer units, choose another item, or allow a backorder".into()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Credit,
    Stock,
    /// The order was told; its refusal means that it waits no longer.
    Recording,
    Undo,
}

/// The Placement process of one order.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    order: OrderId,
    customer: CustomerId,
    credit: Option<Money>,
    sourcing: Sourcing,
    step: Step,
    /// The answer that comes next is to the last sweep and says nothing.
    swept: bool,
    undo: VecDeque<Outgoing>,
}

impl Placement {
    /// For an order that is `placing`; `None` for any other (it was placed or refused before a restart).
    /// `resumed` after a crash, when an earlier attempt may have taken something.
    pub fn of(order: &Order, resumed: bool) -> Option<Self> {
        let (id, content, terms) = (order.id?, order.content.as_deref()?, order.terms.as_deref()?);
        if order.lifecycle != Lifecycle::Placing {
            return None;
        }
        let wants = content
            .lines
            .iter()
            .filter(|line| line.stocked)
            .map(|line| Want {
                line: line.line,
                sku: line.sku.clone(),
                missing: line.quantity,
                backorder: line.backorder,
                only: line.warehouse.clone(),
            })
            .collect();
        let mut sourcing = Sourcing::new(id, wants, &terms.sources, terms.split, content.priority.rank());
        // Never before the order's own deadline; a day of grace lets the order decide first.
        sourcing.expires = Some(terms.deadline.plus_seconds(terms.confirmation_seconds + 86_400));
        sourcing.firm = order.firm_when_placed();
        if resumed {
            sourcing.sweep_first();
        }
        Some(Self {
            order: id,
            customer: content.customer.id,
            credit: (content.payment_method == PaymentMethod::Terms).then(|| content.total()),
            sourcing,
            step: Step::Credit,
            swept: false,
            undo: VecDeque::new(),
        })
    }

    pub(super) fn next(&mut self, answer: Option<Answer>) -> Option<Outgoing> {
        if let Some(outgoing) = self.sourcing.sweep.pop_front() {
            self.swept = self.sourcing.sweep.is_empty();
            return Some(outgoing);
        }
        let answer = if std::mem::take(&mut self.swept) { None } else { answer };
        if self.step == Step::Recording {
            if !matches!(answer, Some(Answer::Refused(_))) {
                return None;
            }
            self.step = Step::Undo;
            self.undo = self.compensation();
        }
        if self.step == Step::Undo {
            return self.undo.pop_front();
        }
        if let Some(refusal) = self.sourcing.hear(&mut self.step, answer) {
            return Some(self.refuse(refusal));
        }
        if self.step == Step::Credit {
            match self.credit {
                Some(amount) => {
                    let command = CustomerCommand::HoldCredit { order: self.order, amount };
                    return Some(Outgoing::Customer(self.customer, command));
                }
                None => self.step = Step::Stock,
            }
        }
        if self.sourcing.missing().is_empty() {
            self.step = Step::Recording;
            let command = OrderCommand::RecordPlacement { lines: self.sourcing.taken.clone(), credit: self.credit };
            return Some(Outgoing::Order(self.order, command));
        }
        let outgoing = self.sourcing.ask();
        outgoing.or_else(|| {
            let refusal = self.sourcing.shortfall();
            Some(self.refuse(refusal))
        })
    }

    /// The order hears of the refusal, everything taken is given back, and only then may it be submitted again.
    fn refuse(&mut self, refusal: PlacementRefusal) -> Outgoing {
        self.step = Step::Undo;
        self.undo = self.compensation();
        self.undo.insert(0, Outgoing::Order(self.order, OrderCommand::RefusePlacement { refusal }));
        self.undo.pop_front().unwrap_or_else(|| unreachable!("just pushed"))
    }

    fn compensation(&self) -> VecDeque<Outgoing> {
        let release = |code: &WarehouseId| {
            let command = WarehouseCommand::ReduceHold { order: self.order, lines: None };
            Outgoing::Warehouse(code.clone(), Some(self.order), command)
        };
        let mut undo: VecDeque<_> = self.sourcing.asked.iter().map(release).collect();
        if self.credit.is_some() {
            undo.push_back(Outgoing::Customer(self.customer, CustomerCommand::CancelCredit { order: self.order }));
        }
        undo.push_back(Outgoing::Order(self.order, OrderCommand::SettleSubmission));
        undo
    }
}

/// The Change process of one proposed change.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeSet {
    order: OrderId,
    customer: CustomerId,
    number: u16,
    /// Credit to hold for the new total.
    credit: Option<Money>,
    /// Credit held for the old total.
    old_credit: Option<Money>,
    /// What is canceled of each.
    canceled: (Money, Money),
    sourcing: Sourcing,
    step: Step,
    /// The answer that comes next is to the last sweep and says nothing.
    swept: bool,
    undo: VecDeque<Outgoing>,
    /// Why the change is declined, once it is.
    refusal: Option<PlacementRefusal>,
}

impl ChangeSet {
    /// For an order with an open change whose turn it is; `None` for any other.
    pub fn of(order: &Order, resumed: bool) -> Option<Self> {
        let (id, change, terms) = (order.id?, order.change.as_deref()?, order.terms.as_deref()?);
        let Change { number, content, .. } = change;
        let wants: Vec<Want> = increases(order, change)
            .into_iter()
            .filter_map(|(line, missing)| {
                let new = content.line(line)?;
                let moved = order.line(line).and_then(|known| known.source.clone());
                let (sku, only) = (new.sku.clone(), moved.or_else(|| new.warehouse.clone()));
                Some(Want { line, sku, missing, backorder: new.backorder, only })
            })
            .collect();
        let mut sourcing = Sourcing::new(id, wants, &terms.sources, terms.split, content.priority.rank());
        sourcing.before = held_before(order);
        sourcing.expires = hold_expiry(order);
        if resumed {
            sourcing.sweep_first();
        }
        Some(Self {
            order: id,
            customer: content.customer.id,
            number: *number,
            credit: order.credit.map(|_| content.total()),
            old_credit: order.credit,
            canceled: (order.canceled_of(content), order.canceled_value()),
            sourcing,
            step: Step::Credit,
            swept: false,
            undo: VecDeque::new(),
            refusal: None,
        })
    }

    pub(super) fn next(&mut self, answer: Option<Answer>) -> Option<Outgoing> {
        if let Some(outgoing) = self.sourcing.sweep.pop_front() {
            self.swept = self.sourcing.sweep.is_empty();
            return Some(outgoing);
        }
        let answer = if std::mem::take(&mut self.swept) { None } else { answer };
        if self.step == Step::Undo {
            return self.take_back();
        }
        if self.step == Step::Recording {
            return match answer {
                Some(Answer::Refused(refusal)) => Some(self.decline(refusal)),
                _ => None,
            };
        }
        if let Some(refusal) = self.sourcing.hear(&mut self.step, answer) {
            return Some(self.decline(refusal));
        }
        if self.step == Step::Credit {
            match self.credit.filter(|credit| Some(*credit) != self.old_credit) {
                Some(amount) => {
                    let canceled = self.canceled.0;
                    let command = CustomerCommand::AdjustCredit { order: self.order, amount, canceled, edition: 0 };
                    return Some(Outgoing::Customer(self.customer, command));
                }
                None => self.step = Step::Stock,
            }
        }
        if self.sourcing.missing().is_empty() {
            self.step = Step::Recording;
            return Some(Outgoing::Order(
                self.order,
                OrderCommand::ApplyChange {
                    number: self.number,
                    reserved: self.sourcing.holdings.clone(),
                    credit: self.credit,
                },
            ));
        }
        let outgoing = self.sourcing.ask();
        outgoing.or_else(|| {
            let refusal = self.sourcing.shortfall();
            Some(self.decline(refusal))
        })
    }

    /// Gives back what was taken beyond the edition that stays, then closes the change.
    fn decline(&mut self, refusal: PlacementRefusal) -> Outgoing {
        self.step = Step::Undo;
        let asked = std::mem::take(&mut self.sourcing.asked);
        for code in asked {
            let keep: Vec<(u16, u32)> = self
                .sourcing
                .wants
                .iter()
                .map(|want| {
                    let at = |p: &&Placed| p.line == want.line && p.warehouse == code;
                    let held = self.sourcing.before.iter().filter(at).map(|p| p.reserved + p.backordered).sum();
                    (want.line, held)
                })
                .collect();
            let command = WarehouseCommand::ReduceHold { order: self.order, lines: Some(keep) };
            self.undo.push_back(Outgoing::Warehouse(code, Some(self.order), command));
        }
        if let Some(amount) = self.old_credit.filter(|old| self.credit.is_some_and(|new| new != *old)) {
            let canceled = self.canceled.1;
            let command = CustomerCommand::AdjustCredit { order: self.order, amount, canceled, edition: 0 };
            self.undo.push_back(Outgoing::Customer(self.customer, command));
        }
        self.refusal = Some(refusal);
        self.take_back().unwrap_or_else(|| unreachable!("a declined change is always told"))
    }

    /// The next step of giving back; the order is told last.
    fn take_back(&mut self) -> Option<Outgoing> {
        if let Some(outgoing) = self.undo.pop_front() {
            return Some(outgoing);
        }
        let refusal = self.refusal.take()?;
        Some(Outgoing::Order(self.order, OrderCommand::DeclineChange { number: self.number, refusal }))
    }
}

/// What each warehouse holds of an order, as the order knows it.
fn held_before(order: &Order) -> Vec<Placed> {
    let held = |line: &crate::order::state::LineState| {
        line.held
            .iter()
            .map(|held| Placed {
                line: line.line,
                warehouse: held.warehouse.clone(),
                reserved: held.reserved + held.allocated + held.picking + held.packed,
                backordered: held.backordered,
                allocated: 0,
            })
            .collect::<Vec<_>>()
    };
    order.lines.iter().flat_map(held).collect()
}
