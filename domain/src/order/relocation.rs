//! A line sourced from a requested warehouse (LIN-08).
//!
//! Invariant: a line's units are always held somewhere: the old warehouses give theirs back only after the new one
//! holds all of them, and the order changes in one event. One line of an order moves at a time, and nothing else takes
//! stock for the order meanwhile. Units on the floor stay where they are.

use crate::{
    WarehouseId,
    order::{
        decide::{Decision, checked_reason},
        event::OrderEvent,
        refusal::OrderRefusal,
        state::{Held, Lifecycle, LineState, Order, Placed, PlacementRefusal},
    },
};

/// Units of a line that other warehouses than `code` hold beside the floor.
pub(super) fn elsewhere(line: &LineState, code: &WarehouseId) -> u32 {
    let others = line.held.iter().filter(|held| held.warehouse != *code);
    others.map(Held::shelf).sum()
}

pub(super) fn request(order: &Order, line: u16, code: &WarehouseId, reason: &str) -> Decision {
    checked_reason(reason)?;
    if !matches!(
        order.lifecycle,
        Lifecycle::Pending | Lifecycle::PendingApproval | Lifecycle::Approved | Lifecycle::Processing
    ) {
        return Err(order.wrong_state("RequestLineWarehouse"));
    }
    if order.allocating() {
        return Err(OrderRefusal::AllocationInProgress);
    }
    let state = order.line(line).ok_or(OrderRefusal::UnknownLine { line })?;
    if elsewhere(state, code) == 0 {
        let there = state.held.iter().any(|held| held.warehouse == *code);
        return if there { Ok(vec![]) } else { Err(OrderRefusal::NothingToMove { line }) };
    }
    let number = order.relocations + 1;
    Ok(vec![OrderEvent::LineWarehouseRequested { number, line, warehouse: code.clone(), reason: reason.to_owned() }])
}

/// The new warehouse answered with what it holds of the line now, beside the floor. If that is not all of it, the
/// line stays where it was.
pub(super) fn record(order: &Order, number: u16, held: &Placed) -> Vec<OrderEvent> {
    let Some(relocation) = order.relocation.as_deref().filter(|relocation| relocation.number == number) else {
        return vec![];
    };
    let Some(state) = order.line(relocation.line) else { return vec![] };
    let there = state.held.iter().find(|held| held.warehouse == relocation.warehouse);
    let wanted = elsewhere(state, &relocation.warehouse) + there.map_or(0, Held::shelf);
    if held.units() < wanted {
        let refusal = PlacementRefusal {
            code: "insufficient_stock".into(),
            message: format!("{} lost units of the line while they were moved", relocation.warehouse),
            field: Some("/warehouse".into()),
            fix: Some("try again, or choose another warehouse".into()),
        };
        return refuse(order, number, &refusal);
    }
    vec![OrderEvent::LineWarehouseChanged { number, held: held.clone() }]
}

pub(super) fn refuse(order: &Order, number: u16, refusal: &PlacementRefusal) -> Vec<OrderEvent> {
    let open = order.relocation.as_deref().is_some_and(|relocation| relocation.number == number);
    if open { vec![OrderEvent::LineWarehouseRefused { number, refusal: refusal.clone() }] } else { vec![] }
}
