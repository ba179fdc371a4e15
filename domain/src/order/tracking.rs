//! What the customer of an order may do with a tracking link: look, and cancel as long as nothing is packed.
//!
//! Invariant: a link names how often links of its order were revoked before it; it counts only while that is still so.
//! Links themselves are signed and checked outside; none is kept here.

use crate::{
    Ctx,
    order::{
        decide::{Decision, checked_reason},
        event::OrderEvent,
        hold,
        state::{CancellationState, Lifecycle, Order, Stage},
    },
};

/// Longest reason a customer may give, in characters; a form on a public page takes no essays.
pub const MAX_REASON: usize = 200;

impl Order {
    /// Whether the customer may cancel the whole order now: nothing is packed, and nobody cancels it already.
    pub fn customer_may_cancel(&self) -> bool {
        let busy = |state| matches!(state, CancellationState::Requested | CancellationState::Executing);
        if self.cancellation.as_deref().is_some_and(|request| busy(request.state)) {
            return false;
        }
        match self.lifecycle {
            Lifecycle::Pending | Lifecycle::PendingApproval | Lifecycle::Approved => true,
            Lifecycle::Processing => self.units(Stage::Packed) == 0 && self.shipped() == 0 && self.to_ship() > 0,
            _ => false,
        }
    }
}

/// The customer cancels the whole order. What the floor has begun to pick it gives back.
pub(super) fn cancel(order: &Order, reason: &str, ctx: &Ctx) -> Decision {
    checked_reason(reason)?;
    if !order.customer_may_cancel() {
        return Err(order.wrong_state("CancelByLink"));
    }
    hold::cancel_whole(order, reason, ctx)
}

/// Links given out so far count no more.
pub(super) fn revoke(order: &Order) -> Vec<OrderEvent> {
    vec![OrderEvent::TrackingRevoked { number: order.tracking_revoked.saturating_add(1) }]
}
