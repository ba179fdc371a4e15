//! Units that come back (SM-10): what the receiving dock decides.
//!
//! Invariant: a receipt moves stock once, however often it is sent. Goods that are in the building are never refused;
//! how many of them the order still misses is for the order to say before it sends them here.

use crate::{
    OrderId,
    warehouse::{ReturnLine, Warehouse, WarehouseEvent as E},
};

impl Warehouse {
    pub(super) fn receive_return(&self, order: OrderId, receipt: u16, lines: &[ReturnLine]) -> Vec<E> {
        if self.main.receipts.has(&(order, receipt)) {
            return vec![];
        }
        let mut events = Vec::with_capacity(2 * lines.len());
        for ReturnLine { line, sku, good, damaged, reason } in lines {
            let (line, sku, quantity) = (*line, || sku.clone(), good.saturating_add(*damaged));
            if quantity > 0 {
                events.push(E::UnitReceived { order, receipt, line, sku: sku(), quantity });
            }
            if *good > 0 {
                events.push(E::UnitRestocked { order, receipt, line, sku: sku(), quantity: *good });
            }
            if *damaged > 0 {
                let reason = reason.clone();
                events.push(E::UnitScrapped { order, receipt, line, sku: sku(), quantity: *damaged, reason });
            }
        }
        events
    }
}
