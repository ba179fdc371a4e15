//! Moves a line to the warehouse somebody asked for (LIN-08): reserve there, make it firm if the order is approved,
//! tell the order. What the old warehouses hold is given back by the Allocation process, which looks at them after.
//!
//! Every command is absolute and the order lets nothing else take stock meanwhile, so that starting over after a crash
//! is harmless.

use crate::{
    OrderId, Sku, Timestamp, WarehouseId,
    order::{
        OrderCommand,
        state::{Held, Order, Placed, PlacementRefusal},
    },
    process::{Answer, HeldLine, Outgoing, allocation::placed, hold_expiry},
    warehouse::{ReserveLine, ReserveMode, WarehouseCommand},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Reserve,
    Told,
}

/// The move of one line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineMove {
    order: OrderId,
    number: u16,
    line: u16,
    sku: Sku,
    code: WarehouseId,
    /// Units the warehouse is to hold of the line in the end, the floor included.
    total: u32,
    /// Whether all of them wait already, so that they may wait there.
    waiting: bool,
    firm: bool,
    expires: Option<Timestamp>,
    priority: u8,
    step: Step,
}

impl LineMove {
    /// For an order with an open request; `None` for any other.
    pub fn of(order: &Order) -> Option<Self> {
        let (id, content) = (order.id?, order.content.as_deref()?);
        let relocation = order.relocation.as_deref()?;
        let state = order.line(relocation.line)?;
        let line = content.line(relocation.line)?;
        let (here, others): (Vec<&Held>, Vec<&Held>) =
            state.held.iter().partition(|held| held.warehouse == relocation.warehouse);
        let moving: u32 = others.iter().map(|held| held.shelf()).sum();
        let firm = order.firm();
        Some(Self {
            order: id,
            number: relocation.number,
            line: relocation.line,
            sku: line.sku.clone(),
            code: relocation.warehouse.clone(),
            total: moving + here.iter().map(|held| held.units()).sum::<u32>(),
            waiting: line.backorder && others.iter().all(|held| held.reserved + held.allocated == 0),
            firm,
            expires: hold_expiry(order).filter(|_| !firm),
            priority: content.priority.rank(),
            step: Step::Reserve,
        })
    }

    pub(super) fn next(&mut self, answer: Option<Answer>) -> Option<Outgoing> {
        match (self.step, answer) {
            (Step::Reserve, None) => Some(self.warehouse(self.reserve())),
            (Step::Reserve, Some(Answer::Done { held, .. })) => {
                let held = self.placed(&held);
                Some(self.tell(OrderCommand::RecordLineWarehouse { number: self.number, held }))
            }
            (Step::Reserve, Some(Answer::Refused(refusal))) => {
                let refusal = self.explained(refusal);
                Some(self.tell(OrderCommand::RefuseLineWarehouse { number: self.number, refusal }))
            }
            (Step::Told, _) => None,
        }
    }

    fn reserve(&self) -> WarehouseCommand {
        let line =
            ReserveLine { line: self.line, sku: self.sku.clone(), quantity: self.total, backorder: self.waiting };
        let (mode, expires, priority) = (ReserveMode::AllOrNothing, self.expires, self.priority);
        WarehouseCommand::ReserveStock { order: self.order, lines: vec![line], mode, expires, priority, firm: self.firm }
    }

    fn warehouse(&self, command: WarehouseCommand) -> Outgoing {
        Outgoing::Warehouse(self.code.clone(), Some(self.order), command)
    }

    fn tell(&mut self, command: OrderCommand) -> Outgoing {
        self.step = Step::Told;
        Outgoing::Order(self.order, command)
    }

    /// What the warehouse holds of the line beside the floor.
    fn placed(&self, held: &[HeldLine]) -> Placed {
        let known = held.iter().find(|held| held.0 == self.line).copied();
        placed(&self.code, &known.unwrap_or((self.line, 0, 0, 0, 0)))
    }

    /// A shortage in words that fit what was asked: the units are held elsewhere and stay there.
    fn explained(&self, refusal: PlacementRefusal) -> PlacementRefusal {
        if refusal.code != "insufficient_stock" {
            return refusal;
        }
        PlacementRefusal {
            message: format!("{} has not enough of {}; the line stays where it was", self.code, self.sku),
            field: Some("/warehouse".into()),
            fix: Some("choose another warehouse, or bring stock there first".into()),
            ..refusal
        }
    }
}
