//! Holds (SM-03) and cancellation requests (SM-04).

use crate::{
    Ctx,
    order::{
        command::OrderCommand,
        decide::{Decision, checked_reason, checked_text, units_from},
        event::OrderEvent,
        refusal::OrderRefusal,
        state::{Cancellation, CancellationState, Hold, HoldKind, Lifecycle, OnExpiry, Order, Stage},
    },
};

/// Stages from which units are canceled at once: they never left the shelf.
pub(super) const SHELF: [Stage; 4] = [Stage::Open, Stage::Backordered, Stage::Reserved, Stage::Allocated];

/// Most holds one order may have open.
const MAX_HOLDS: usize = 50;

/// A hold that Munshi itself opens: it lasts until what it is about has ended.
pub(super) fn opened(
    order: &Order,
    kind: HoldKind,
    reference: Option<u16>,
    reason: &str,
    owner: &str,
    ctx: &Ctx,
) -> OrderEvent {
    OrderEvent::HoldPlaced {
        hold: Hold {
            number: order.holds_placed + 1,
            kind,
            reference: reference.map(|number| number.to_string()),
            reason: reason.to_owned(),
            owner: owner.to_owned(),
            since: ctx.now,
            expires: None,
            on_expiry: OnExpiry::Escalate,
        },
    }
}

pub(super) fn decide(order: &Order, command: &OrderCommand, ctx: &Ctx) -> Decision {
    match command {
        OrderCommand::PlaceHold { kind, reference, reason, owner, expires, on_expiry } => {
            checked_reason(reason)?;
            checked_text("owner", owner)?;
            if order.lifecycle.terminal() {
                return Err(order.wrong_state("PlaceHold"));
            }
            if expires.is_some_and(|at| at <= ctx.now) {
                return Err(OrderRefusal::Invalid { field: "expires_at", rule: "must be in the future" });
            }
            if order.holds.iter().any(|hold| hold.kind == *kind && hold.reference == *reference) {
                return Ok(vec![]);
            }
            if order.holds.len() >= MAX_HOLDS {
                return Err(OrderRefusal::Invalid { field: "holds", rule: "must be at most 50 open holds" });
            }
            Ok(vec![OrderEvent::HoldPlaced {
                hold: Hold {
                    number: order.holds_placed + 1,
                    kind: *kind,
                    reference: reference.clone(),
                    reason: reason.clone(),
                    owner: owner.clone(),
                    since: ctx.now,
                    expires: *expires,
                    on_expiry: *on_expiry,
                },
            }])
        }
        OrderCommand::ReassignHold { hold, owner } => {
            checked_text("owner", owner)?;
            find(order, *hold)?;
            Ok(vec![OrderEvent::HoldReassigned { hold: *hold, owner: owner.clone() }])
        }
        OrderCommand::ReleaseHold { hold, reason } => {
            checked_reason(reason)?;
            let found = find(order, *hold)?;
            if matches!(found.kind, HoldKind::Cancellation | HoldKind::Change) {
                return Err(OrderRefusal::Invalid { field: "hold", rule: "ends with the request that opened it" });
            }
            Ok(vec![OrderEvent::HoldReleased { hold: *hold, reason: reason.clone() }])
        }
        _ => Ok(vec![]),
    }
}

fn find(order: &Order, number: u16) -> Result<&Hold, OrderRefusal> {
    order.holds.iter().find(|hold| hold.number == number).ok_or(OrderRefusal::UnknownHold { hold: number })
}

/// Events of holds whose time is over.
pub(super) fn expired(order: &Order, ctx: &Ctx) -> Vec<OrderEvent> {
    let mut events = Vec::new();
    for hold in order.holds.iter().filter(|hold| hold.expires.is_some_and(|at| at <= ctx.now)) {
        match hold.on_expiry {
            OnExpiry::Release => events.push(OrderEvent::HoldExpired { hold: hold.number }),
            OnExpiry::Escalate => {
                events.push(OrderEvent::HoldReassigned { hold: hold.number, owner: "admin".into() });
            }
            OnExpiry::Cancel => {
                if let Ok(canceled) = cancel(order, &format!("hold {} expired", hold.kind), ctx) {
                    return canceled;
                }
                events.push(OrderEvent::HoldReassigned { hold: hold.number, owner: "admin".into() });
            }
        }
    }
    events
}

pub(super) fn decide_cancellation(order: &Order, command: &OrderCommand, ctx: &Ctx) -> Decision {
    match command {
        OrderCommand::CancelOrder { reason } => {
            checked_reason(reason)?;
            cancel(order, reason, ctx)
        }
        OrderCommand::RequestCancellation { lines, reason, approve } => request(order, lines, reason, *approve, ctx),
        OrderCommand::ApproveCancellation => {
            let request = open(order, CancellationState::Requested)?;
            let (number, scope) = (request.number, request.scope.clone());
            let mut events = vec![OrderEvent::CancellationApproved { number }];
            events.extend(cancel_shelf(order, &scope));
            Ok(events)
        }
        OrderCommand::RefuseCancellation { reason } => {
            checked_reason(reason)?;
            let number = open(order, CancellationState::Requested)?.number;
            Ok(end(order, OrderEvent::CancellationRefused { number, reason: reason.clone() }))
        }
        OrderCommand::WithdrawCancellation => {
            let number = open(order, CancellationState::Requested)?.number;
            Ok(end(order, OrderEvent::CancellationWithdrawn { number }))
        }
        _ => Ok(vec![]),
    }
}

fn open(order: &Order, state: CancellationState) -> Result<&Cancellation, OrderRefusal> {
    order.cancellation.as_deref().filter(|request| request.state == state).ok_or(OrderRefusal::NoCancellation)
}

fn end(order: &Order, event: OrderEvent) -> Vec<OrderEvent> {
    let mut events = vec![event];
    events.extend(release_holds(order, Some(HoldKind::Cancellation), "cancellation request ended"));
    events
}

/// Releases open holds of one kind, or all.
pub(super) fn release_holds(order: &Order, kind: Option<HoldKind>, reason: &str) -> Vec<OrderEvent> {
    let wanted = order.holds.iter().filter(|hold| kind.is_none_or(|kind| hold.kind == kind));
    wanted.map(|hold| OrderEvent::HoldReleased { hold: hold.number, reason: reason.to_owned() }).collect()
}

/// The whole order: in one step where nothing is on the floor yet, else what the shelf has at once and the floor answers
/// for the rest.
pub(super) fn cancel_whole(order: &Order, reason: &str, ctx: &Ctx) -> Decision {
    if order.lifecycle == Lifecycle::Processing {
        request(order, &[], reason, true, ctx)
    } else {
        cancel(order, reason, ctx)
    }
}

/// The whole order, in one step, where nothing is on the floor yet (SM-02).
pub(super) fn cancel(order: &Order, reason: &str, ctx: &Ctx) -> Decision {
    let allowed = match order.lifecycle {
        Lifecycle::Pending | Lifecycle::PendingApproval | Lifecycle::Approved => true,
        Lifecycle::Draft => order.placed_at.is_some(),
        _ => false,
    };
    if !allowed {
        return Err(order.wrong_state("CancelOrder"));
    }
    let number = order.cancellation.as_ref().map_or(1, |request| request.number + 1);
    let scope: Vec<_> = order.lines.iter().map(|line| (line.line, line.to_ship())).filter(|(_, n)| *n > 0).collect();
    let mut events = Vec::new();
    if order.open_request().is_some() {
        events.push(OrderEvent::ApprovalWithdrawn);
    }
    events.push(OrderEvent::CancellationRequested {
        number,
        whole: true,
        scope: scope.clone(),
        reason: reason.to_owned(),
        at: ctx.now,
    });
    events.push(OrderEvent::CancellationApproved { number });
    events.extend(cancel_shelf(order, &scope));
    events.push(OrderEvent::OrderCanceled { reason: reason.to_owned() });
    events.push(OrderEvent::CancellationClosed { number });
    Ok(events)
}

pub(super) fn request(order: &Order, lines: &[(u16, u32)], reason: &str, approve: bool, ctx: &Ctx) -> Decision {
    checked_reason(reason)?;
    if !order.lifecycle.placed() {
        return Err(order.wrong_state("RequestCancellation"));
    }
    let busy =
        |request: &&Cancellation| matches!(request.state, CancellationState::Requested | CancellationState::Executing);
    if order.cancellation.as_deref().filter(busy).is_some() {
        return Err(OrderRefusal::CancellationOpen);
    }
    let whole = lines.is_empty();
    let scope = scope(order, lines)?;
    let number = order.cancellation.as_ref().map_or(1, |request| request.number + 1);
    let mut events = vec![
        OrderEvent::CancellationRequested {
            number,
            whole,
            scope: scope.clone(),
            reason: reason.to_owned(),
            at: ctx.now,
        },
        opened(order, HoldKind::Cancellation, Some(number), reason, "customer_service", ctx),
    ];
    if approve {
        events.push(OrderEvent::CancellationApproved { number });
        events.extend(cancel_shelf(order, &scope));
    }
    Ok(events)
}

/// Units asked for, checked: they exist, and none of them has left.
fn scope(order: &Order, lines: &[(u16, u32)]) -> Result<Vec<(u16, u32)>, OrderRefusal> {
    let wanted: Vec<(u16, u32)> = if lines.is_empty() {
        let left = order.lines.iter().map(|line| (line.line, line.ordered - line.canceled));
        left.filter(|(_, quantity)| *quantity > 0).collect()
    } else {
        lines.to_vec()
    };
    for (line, quantity) in &wanted {
        let state = order.line(*line).ok_or(OrderRefusal::UnknownLine { line: *line })?;
        if wanted.iter().filter(|(other, _)| other == line).count() > 1 || *quantity == 0 {
            return Err(OrderRefusal::Invalid { field: "lines", rule: "must name each line once, with units" });
        }
        if *quantity > state.to_ship() {
            if state.delivered > 0 {
                return Err(OrderRefusal::UseReturn { line: *line });
            }
            if state.in_transit + state.rto_pending > 0 {
                return Err(OrderRefusal::UnderWay { line: *line });
            }
            return Err(OrderRefusal::Quantity { line: *line, requested: *quantity, available: state.to_ship() });
        }
    }
    Ok(wanted)
}

/// What of the scope is still on the shelf is canceled at once; the floor answers for the rest.
fn cancel_shelf(order: &Order, scope: &[(u16, u32)]) -> Vec<OrderEvent> {
    let moves = scope.iter().flat_map(|(line, quantity)| units_from(order, *line, &SHELF, *quantity));
    moves.map(OrderEvent::UnitsCanceled).collect()
}
