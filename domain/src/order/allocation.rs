//! What the order learns from warehouses about the units they hold for it.
//!
//! Invariant: quantities on the shelf are only ever taken over from what a warehouse says it holds *in total*, as
//! the one Allocation process of the order saw it, and only while nothing about that warehouse has happened since
//! the process began. Whatever happens meanwhile owes the warehouse another look, so that the last look always
//! follows the last change and both sides agree in the end, whatever was repeated, delayed or lost. It does not
//! count units on the floor: parcels tell of those.

use crate::{
    Ctx, WarehouseId,
    order::{
        decide::Decision,
        event::{OrderEvent, Units},
        hold,
        state::{HoldKind, Lifecycle, LineState, Order, Placed, Stage, StockCause},
    },
};

/// A warehouse filled, freed or lost units of the order.
pub(super) fn stock_moved(order: &Order, code: &WarehouseId, cause: StockCause) -> Vec<OrderEvent> {
    let short = cause == StockCause::Short;
    let known = order.owed.iter().any(|look| look.warehouse == *code && (look.short || !short));
    if known || !(order.lifecycle.placed() || order.lifecycle == Lifecycle::Placing) {
        return vec![];
    }
    vec![OrderEvent::StockMoved { warehouse: code.clone(), short }]
}

/// Takes over what the Allocation process saw. What it did not find opens hold `stock`, which ends when it does.
pub(super) fn record(
    order: &Order,
    number: u16,
    looked: &[WarehouseId],
    held: &[Placed],
    missing: Option<&str>,
    ctx: &Ctx,
) -> Decision {
    let Some(sourcing) = order.sourcing.as_deref().filter(|sourcing| sourcing.number == number) else {
        return Ok(vec![]);
    };
    let mut events = Vec::new();
    if order.lifecycle.placed() {
        let mut lines = order.lines.clone();
        // What was said about a warehouse that is owed another look may be out of date.
        let current = looked.iter().filter(|code| !order.owed.iter().any(|look| look.warehouse == **code));
        for code in current {
            let short = sourcing.looks.iter().any(|look| look.warehouse == *code && look.short);
            let mut surplus = held.iter().any(|h| h.warehouse == *code && order.line(h.line).is_none());
            for line in &mut lines {
                let stated = held.iter().find(|h| h.warehouse == *code && h.line == line.line);
                surplus |= Statement { line, code, short, events: &mut events }.take_over(stated);
            }
            if surplus {
                events.push(OrderEvent::SurplusFound { warehouse: code.clone() });
            }
        }
        events.extend(stock_hold(order, &lines, missing, ctx));
    }
    events.push(OrderEvent::SourcingEnded { number });
    Ok(events)
}

fn stock_hold(order: &Order, lines: &[LineState], missing: Option<&str>, ctx: &Ctx) -> Vec<OrderEvent> {
    let held = order.holds.iter().any(|hold| hold.kind == HoldKind::Stock);
    let open = lines.iter().any(|line| line.open > 0 && order.stocked(line.line));
    match missing {
        Some(reason) if !held && open && order.firm() => {
            vec![hold::opened(order, HoldKind::Stock, None, reason, "warehouse", ctx)]
        }
        None if held && !open => hold::release_holds(order, Some(HoldKind::Stock), "stock was found"),
        _ => vec![],
    }
}

/// What one warehouse says about one line, turned into the moves of SM-01 that lead there.
struct Statement<'a> {
    line: &'a mut LineState,
    code: &'a WarehouseId,
    short: bool,
    events: &'a mut Vec<OrderEvent>,
}

impl Statement<'_> {
    /// Answers whether the warehouse holds more than the line can take.
    fn take_over(mut self, stated: Option<&Placed>) -> bool {
        use Stage::{Allocated, Backordered, Open, Reserved};
        let (reserved, waiting, firm) = stated.map_or((0, 0, 0), |s| (s.reserved, s.backordered, s.allocated));
        self.shift(self.have(Reserved).saturating_sub(reserved).min(self.lacks(Allocated, firm)), Reserved, Allocated);
        self.shift(
            self.have(Backordered).saturating_sub(waiting).min(self.lacks(Allocated, firm)),
            Backordered,
            Allocated,
        );
        self.shift(self.have(Backordered).saturating_sub(waiting), Backordered, Reserved);
        self.shift(self.have(Reserved).saturating_sub(reserved), Reserved, Open);
        self.shift(self.have(Allocated).saturating_sub(firm), Allocated, Open);
        for (stage, wanted) in [(Allocated, firm), (Reserved, reserved), (Backordered, waiting)] {
            self.shift(self.lacks(stage, wanted), Open, stage);
        }
        [(Allocated, firm), (Reserved, reserved), (Backordered, waiting)].iter().any(|(s, n)| self.lacks(*s, *n) > 0)
    }

    fn have(&self, stage: Stage) -> u32 {
        if stage == Stage::Open { self.line.open } else { self.line.units_at(stage, Some(self.code)) }
    }

    fn lacks(&self, stage: Stage, wanted: u32) -> u32 {
        wanted.saturating_sub(self.have(stage))
    }

    fn shift(&mut self, quantity: u32, from: Stage, to: Stage) {
        let quantity = quantity.min(self.have(from));
        if quantity == 0 {
            return;
        }
        self.line.shift(quantity, from, to, Some(self.code));
        let units = Units { line: self.line.line, quantity, from, warehouse: Some(self.code.clone()), parcel: None };
        self.events.push(match to {
            Stage::Allocated => OrderEvent::LineAllocated(units),
            Stage::Reserved => OrderEvent::LineReserved(units),
            Stage::Backordered => OrderEvent::LineBackordered(units),
            _ if self.short || from == Stage::Allocated => OrderEvent::LineShorted(units),
            _ => OrderEvent::LineReservationExpired(units),
        });
    }
}
