//! Change sets (SM-05) up to the moment units are on the floor: propose, take what is missing, apply or decline.
//!
//! A change of address, contact or instructions, and any decrease, needs nothing from other actors; the process
//! then applies it at once. Increases are reserved first, so that the applied result is what was asked or nothing.

use crate::{
    Ctx, Money,
    approval::request::ApprovalPlan,
    order::{
        content::{OrderContent, PaymentMethod},
        decide::{Decision, checked_content, units_from},
        event::{OrderEvent, Units},
        hold::{SHELF, opened, release_holds},
        refusal::OrderRefusal,
        state::{Change, HoldKind, Lifecycle, Order, Placed, PlacementRefusal},
    },
};

pub(super) fn propose(order: &Order, content: &OrderContent, plan: &ApprovalPlan, ctx: &Ctx) -> Decision {
    checked_content(content)?;
    let Some(current) = order.content.as_deref() else { return Err(OrderRefusal::NotFound) };
    match order.lifecycle {
        Lifecycle::Pending | Lifecycle::PendingApproval | Lifecycle::Approved => {}
        Lifecycle::Processing => return Err(OrderRefusal::PickingStarted),
        _ => return Err(order.wrong_state("ProposeChange")),
    }
    if order.change.is_some() {
        return Err(OrderRefusal::ChangeOpen);
    }
    if current == content {
        return Ok(vec![]);
    }
    check_identity(order, current, content)?;
    check_quantities(order, content)?;
    let approved = order.lifecycle == Lifecycle::Approved;
    let raised = content.total().amount() > current.total().amount();
    if approved && raised && !plan.steps.is_empty() {
        return Err(OrderRefusal::ChangeNeedsApproval);
    }
    let number = order.changes + 1;
    let mut events = vec![OrderEvent::ChangeProposed {
        number,
        edition: order.edition,
        content: Box::new(content.clone()),
        plan: plan.clone(),
        by: ctx.by,
    }];
    if approved {
        let reason = "a change is being applied";
        events.push(opened(order, HoldKind::Change, Some(number), reason, "customer_service", ctx));
    }
    Ok(events)
}

fn check_identity(order: &Order, current: &OrderContent, content: &OrderContent) -> Result<(), OrderRefusal> {
    if current.currency != content.currency {
        return Err(OrderRefusal::Frozen { field: "currency" });
    }
    if current.customer.id != content.customer.id {
        return Err(OrderRefusal::Frozen { field: "customer_id" });
    }
    if current.payment_method != content.payment_method
        && (current.payment_method == PaymentMethod::Terms || content.payment_method == PaymentMethod::Terms)
    {
        return Err(OrderRefusal::Frozen { field: "payment_method" });
    }
    let highest = order.lines.iter().map(|line| line.line).max().unwrap_or_default();
    for line in &content.lines {
        let known = current.line(line.line);
        let reused = known.is_none() && line.line <= highest;
        if reused || known.is_some_and(|known| known.sku != line.sku || known.stocked != line.stocked) {
            return Err(OrderRefusal::LineIdentity { line: line.line });
        }
    }
    Ok(())
}

/// Units can be taken off a line only from the shelf, and some unit of the order must be left.
fn check_quantities(order: &Order, content: &OrderContent) -> Result<(), OrderRefusal> {
    let mut left = 0;
    for line in &order.lines {
        let wanted = content.line(line.line).map_or(0, |line| line.quantity);
        let floor = line.ordered - SHELF.iter().map(|stage| line.units(*stage)).sum::<u32>();
        if wanted < floor {
            let requested = line.ordered - wanted;
            return Err(OrderRefusal::Quantity { line: line.line, requested, available: line.ordered - floor });
        }
        left += wanted.saturating_sub(line.canceled);
    }
    left += content.lines.iter().filter(|line| order.line(line.line).is_none()).map(|line| line.quantity).sum::<u32>();
    if left == 0 { Err(OrderRefusal::NothingLeft) } else { Ok(()) }
}

/// Stocked units the change adds, by line: what the process has to reserve.
pub fn increases(order: &Order, change: &Change) -> Vec<(u16, u32)> {
    let added = |line: &crate::order::content::ContentLine| {
        let ordered = order.line(line.line).map_or(0, |known| known.ordered);
        (line.line, line.quantity.saturating_sub(ordered))
    };
    change.content.lines.iter().filter(|line| line.stocked).map(added).filter(|(_, n)| *n > 0).collect()
}

/// Units the change takes off, with where they are.
fn decreases(order: &Order, content: &OrderContent) -> Vec<Units> {
    let off = |line: &crate::order::state::LineState| {
        let wanted = content.line(line.line).map_or(0, |line| line.quantity);
        units_from(order, line.line, &SHELF, line.ordered.saturating_sub(wanted))
    };
    order.lines.iter().flat_map(off).collect()
}

pub(super) fn apply(order: &Order, number: u16, reserved: &[Placed], credit: Option<Money>, ctx: &Ctx) -> Decision {
    let Some(change) = order.change.as_deref().filter(|change| change.number == number) else {
        return if number <= order.changes { Ok(vec![]) } else { Err(OrderRefusal::UnknownChange { number }) };
    };
    let mut result = order.clone();
    result.relabel(&change.content);
    result.hold_as(reserved);
    for (line, added) in increases(order, change) {
        let (before, after) = (order.line(line).map_or(0, |l| l.open), result.line(line).map_or(0, |l| l.open));
        if after > before {
            return Err(OrderRefusal::Quantity {
                line,
                requested: added,
                available: added.saturating_sub(after - before),
            });
        }
    }
    let mut events = Vec::new();
    if let Some(request) = order.open_request() {
        let queues = request.plan.steps.iter().map(|step| step.queue.clone()).collect();
        events.push(OrderEvent::ApprovalSuperseded { request: request.number, queues });
    }
    events.push(OrderEvent::ChangeApplied {
        number,
        content: change.content.clone(),
        plan: change.plan.clone(),
        hash: change.content.hash(),
        reserved: reserved.to_vec(),
        released: decreases(&result, &change.content),
        credit,
        confirmed: still_confirmed(order, &change.content),
        at: ctx.now,
    });
    events.extend(release_holds(order, Some(HoldKind::Change), "change applied"));
    Ok(events)
}

/// A confirmation stays unless what the customer agreed to has grown or goes elsewhere (SM-05).
fn still_confirmed(order: &Order, content: &OrderContent) -> bool {
    let Some(current) = order.content.as_deref() else { return false };
    order.lifecycle == Lifecycle::Approved
        || order.terms.as_ref().is_some_and(|terms| terms.confirm_by_rule)
        || (current.payment_method == content.payment_method
            && current.shipping_address == content.shipping_address
            && content.total().amount() <= current.total().amount())
}

pub(super) fn decline(order: &Order, number: u16, refusal: &PlacementRefusal) -> Decision {
    if order.change.as_deref().is_none_or(|change| change.number != number) {
        return if number <= order.changes { Ok(vec![]) } else { Err(OrderRefusal::UnknownChange { number }) };
    }
    let mut events = vec![OrderEvent::ChangeDeclined { number, refusal: refusal.clone() }];
    events.extend(release_holds(order, Some(HoldKind::Change), "change declined"));
    Ok(events)
}
