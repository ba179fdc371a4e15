//! What a customer asks of their order by a reply (N07): confirm what was shown, cancel, send it elsewhere, where is it.
//!
//! Each is harmless to repeat, because the process that carries a reply here may do so twice.

use crate::{
    Ctx,
    customer::Address,
    order::{
        change,
        decide::{Decision, checked_text},
        event::OrderEvent,
        hold,
        refusal::OrderRefusal,
        state::{CancellationState, Lifecycle, Order},
    },
};

/// Confirms the edition with this hash, and no other.
pub(super) fn confirm_edition(order: &Order, source: &str, hash: &str) -> Decision {
    checked_text("source", source)?;
    let placed = order.lifecycle.placed();
    if placed && order.hash != hash {
        return Err(OrderRefusal::EditionChanged);
    }
    // Confirmed, it moves on in the same commit; the same answer again finds it there.
    if placed && order.confirmed.is_some() {
        return Ok(vec![]);
    }
    order.confirm(source)
}

/// Cancels at once where nothing is on the floor, and asks for it where something is (CAN-09); what left is refused.
pub(super) fn cancel(order: &Order, source: &str, ctx: &Ctx) -> Decision {
    checked_text("source", source)?;
    let asked = order.cancellation.as_deref().is_some_and(|request| {
        request.whole && matches!(request.state, CancellationState::Requested | CancellationState::Executing)
    });
    match order.lifecycle {
        Lifecycle::Canceled => Ok(vec![]),
        _ if asked => Ok(vec![]),
        Lifecycle::Processing | Lifecycle::Shipped | Lifecycle::Delivered => {
            hold::request(order, &[], source, false, ctx)
        }
        _ => hold::cancel(order, source, ctx),
    }
}

/// A change of the address alone. Who receives there, and the phone at the door, stay where the new one names none; the
/// plan stays, because the total does.
pub(super) fn change_address(order: &Order, address: &Address, ctx: &Ctx) -> Decision {
    let (Some(content), Some(terms)) = (order.content.as_deref(), order.terms.as_deref()) else {
        return Err(order.wrong_state("ChangeAddress"));
    };
    let mut content = content.clone();
    let known = std::mem::replace(&mut content.shipping_address, address.clone());
    let new = &mut content.shipping_address;
    if new.name.is_empty() {
        new.name = known.name;
    }
    if new.phone.is_none() {
        new.phone = known.phone;
    }
    change::propose(order, &content, &terms.plan, ctx)
}

/// Notes that the customer wants to know; the answer is planned from it.
pub(super) fn status(order: &Order, reference: &str, ctx: &Ctx) -> Decision {
    checked_text("reference", reference)?;
    if order.placed_at.is_none() {
        return Err(order.wrong_state("AskStatus"));
    }
    let again = order.status_asked.as_deref() == Some(reference);
    let asked = OrderEvent::StatusAsked { reference: reference.to_owned(), at: ctx.now };
    Ok(if again { vec![] } else { vec![asked] })
}
