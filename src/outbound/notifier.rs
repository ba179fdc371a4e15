//! Facts become messages.
use super::Outbound;
pub(super) async fn follow(_outbound: Outbound) {}
