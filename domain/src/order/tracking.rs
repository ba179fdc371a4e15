//! What the customer of an order may do with a tracking link: look, and cancel, by the rule of every customer
//! ([`Order::customer_cancel`]).
//!
//! Invariant: a link names how often links of its order were revoked before it; it counts only while that is still so.
//! Links themselves are signed and checked outside; none is kept here.

use crate::order::{event::OrderEvent, state::Order};

/// Longest reason a customer may give, in characters; a form on a public page takes no essays.
pub const MAX_REASON: usize = 200;

/// Links given out so far count no more.
pub(super) fn revoke(order: &Order) -> Vec<OrderEvent> {
    vec![OrderEvent::TrackingRevoked { number: order.tracking_revoked.saturating_add(1) }]
}
