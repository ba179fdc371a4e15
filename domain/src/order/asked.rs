//! What a customer asks of their order by a reply (N07): confirm what was shown, cancel, send it elsewhere, where is it.
//!
//! Each is harmless to repeat, because the process that carries a reply here may do so twice.

use crate::{
    Ctx,
    customer::Address,
    order::{
        change,
        decide::{Decision, checked_reason, checked_text},
        event::OrderEvent,
        hold,
        refusal::OrderRefusal,
        state::{CancellationState, Lifecycle, Order, Stage},
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

/// What a customer's wish to cancel the whole order comes to, whichever way it is said (CAN-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerCancel {
    /// It is canceled: nothing is packed yet. What the floor has begun to pick it gives back.
    AtOnce,
    /// Our people decide, who may still stop what is packed.
    Ask,
    /// It is canceled, or asked for, already.
    Already,
    /// There is nothing of it that could be canceled.
    Refused,
}

impl Order {
    /// The one rule about what a customer may cancel. An [`CustomerCancel::Ask`] may still be refused: what has left is.
    pub fn customer_cancel(&self) -> CustomerCancel {
        let busy = |state| matches!(state, CancellationState::Requested | CancellationState::Executing);
        let open = self.cancellation.as_deref().filter(|request| busy(request.state));
        match (self.lifecycle, open) {
            (Lifecycle::Canceled, _) => CustomerCancel::Already,
            (_, Some(request)) if request.whole => CustomerCancel::Already,
            (Lifecycle::Draft, _) if self.placed_at.is_some() => CustomerCancel::AtOnce,
            // Somebody decides about a part of it already; a second request is refused as such.
            (Lifecycle::Processing | Lifecycle::Shipped | Lifecycle::Delivered, Some(_)) => CustomerCancel::Ask,
            (Lifecycle::Pending | Lifecycle::PendingApproval | Lifecycle::Approved, _) => CustomerCancel::AtOnce,
            (Lifecycle::Processing, None)
                if self.units(Stage::Packed) == 0 && self.shipped() == 0 && self.to_ship() > 0 =>
            {
                CustomerCancel::AtOnce
            }
            (Lifecycle::Processing | Lifecycle::Shipped | Lifecycle::Delivered, None) => CustomerCancel::Ask,
            _ => CustomerCancel::Refused,
        }
    }

    /// Whether a wish to cancel would be carried out at once.
    pub fn customer_may_cancel(&self) -> bool {
        self.customer_cancel() == CustomerCancel::AtOnce
    }
}

/// Carries out a customer's wish to cancel; `reason` is theirs, `command` the name of the entry it came by.
pub(super) fn cancel(order: &Order, reason: &str, command: &'static str, ctx: &Ctx) -> Decision {
    checked_reason(reason)?;
    match order.customer_cancel() {
        CustomerCancel::Already => Ok(vec![]),
        CustomerCancel::AtOnce => hold::cancel_whole(order, reason, ctx),
        CustomerCancel::Ask => hold::request(order, &[], reason, false, ctx),
        CustomerCancel::Refused => Err(order.wrong_state(command)),
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
