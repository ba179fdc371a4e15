//! The tables of SM-06 and SM-07, and what there is of SM-10.

use crate::table::{Edge, Machine};

const fn edge(from: &'static str, command: &'static str, event: &'static str, to: &'static str) -> Edge {
    Edge { from, command, event, to }
}

/// Stock hold: a unit of an order line in one warehouse.
pub const SM_06: Machine = Machine {
    id: "SM-06",
    name: "stock hold",
    states: &["reserved", "waiting", "allocated", "released", "consumed"],
    terminal: &["released", "consumed"],
    edges: &[
        edge("-", "ReserveStock", "StockReserved", "reserved"),
        edge("-", "ReserveStock", "StockBackordered", "waiting"),
        edge("reserved", "ReserveStock", "StockAllocated", "allocated"),
        edge("waiting", "ReserveStock", "BackorderConfirmed", "waiting"),
        edge("reserved", "TransferHold", "HoldTransferred", "reserved"),
        edge("reserved", "ExtendHold", "HoldExtended", "reserved"),
        edge("reserved", "AllocateStock", "StockAllocated", "allocated"),
        edge("waiting", "AllocateStock", "BackorderConfirmed", "waiting"),
        edge("waiting", "(derived)", "StockReserved", "reserved"),
        edge("waiting", "(derived)", "StockAllocated", "allocated"),
        edge("reserved", "(timer) ExpireReservation", "ReservationExpired", "released"),
        edge("reserved", "ReleaseStock", "StockReleased", "released"),
        edge("waiting", "ReleaseStock", "StockReleased", "released"),
        edge("allocated", "ReleaseStock", "StockReleased", "released"),
        edge("reserved", "ReduceHold", "StockReleased", "released"),
        edge("waiting", "ReduceHold", "StockReleased", "released"),
        edge("allocated", "ReduceHold", "StockReleased", "released"),
        edge("allocated", "CancelFulfillment", "FulfillmentCanceled", "released"),
        edge("reserved", "(derived)", "StockShorted", "released"),
        edge("allocated", "(derived)", "StockShorted", "released"),
        edge("allocated", "ReportShort", "PickShorted", "released"),
        edge("allocated", "HandOverParcel", "StockShipped", "consumed"),
    ],
};

/// Fulfillment: one parcel.
pub const SM_07: Machine = Machine {
    id: "SM-07",
    name: "fulfillment",
    states: &["planned", "queued", "picking", "picked", "packed", "booked", "handed_over", "closed", "canceled"],
    terminal: &["closed", "canceled"],
    edges: &[
        edge("-", "CreateFulfillment", "FulfillmentPlanned", "planned"),
        edge("-", "SplitFulfillment", "FulfillmentSplit", "picked"),
        edge("-", "CancelFulfillment", "FulfillmentCanceled", "canceled"),
        edge("planned", "AssignPick", "PickAssigned", "queued"),
        edge("queued", "ClaimPick", "PickClaimed", "picking"),
        edge("picking", "ReleasePick", "PickReleased", "queued"),
        edge("picking", "(timer) ExpirePickLease", "PickReleased", "queued"),
        edge("queued", "RecordPicked", "PickClaimed", "picking"),
        edge("queued", "RecordShort", "PickClaimed", "picking"),
        edge("picking", "ConfirmUnit", "UnitPicked", "picking"),
        edge("picking", "RecordPicked", "UnitPicked", "picking"),
        edge("picking", "RecordShort", "PickShorted", "picking"),
        edge("picking", "(derived)", "PickCompleted", "picked"),
        edge("picking", "ReportShort", "PickShorted", "picking"),
        edge("picking", "(derived)", "FulfillmentCanceled", "canceled"),
        edge("picked", "PackParcel", "ParcelPacked", "packed"),
        edge("packed", "SplitFulfillment", "FulfillmentSplit", "packed"),
        edge("packed", "AttachConsignment", "ConsignmentAttached", "booked"),
        edge("booked", "DetachConsignment", "ConsignmentDetached", "packed"),
        edge("planned", "HoldParcel", "ParcelHeld", "planned"),
        edge("queued", "HoldParcel", "ParcelHeld", "queued"),
        edge("picking", "HoldParcel", "ParcelHeld", "picking"),
        edge("picked", "HoldParcel", "ParcelHeld", "picked"),
        edge("packed", "HoldParcel", "ParcelHeld", "packed"),
        edge("booked", "HoldParcel", "ParcelHeld", "booked"),
        edge("planned", "ResumeParcel", "ParcelResumed", "planned"),
        edge("queued", "ResumeParcel", "ParcelResumed", "queued"),
        edge("picking", "ResumeParcel", "ParcelResumed", "picking"),
        edge("picked", "ResumeParcel", "ParcelResumed", "picked"),
        edge("packed", "ResumeParcel", "ParcelResumed", "packed"),
        edge("booked", "ResumeParcel", "ParcelResumed", "booked"),
        edge("packed", "HandOverParcel", "ParcelHandedOver", "handed_over"),
        edge("booked", "HandOverParcel", "ParcelHandedOver", "handed_over"),
        edge("handed_over", "CloseFulfillment", "FulfillmentClosed", "closed"),
        edge("handed_over", "(derived)", "FulfillmentClosed", "closed"),
        edge("planned", "CancelFulfillment", "FulfillmentCanceled", "canceled"),
        edge("queued", "CancelFulfillment", "FulfillmentCanceled", "canceled"),
        edge("picking", "CancelFulfillment", "FulfillmentCanceled", "canceled"),
        edge("picked", "CancelFulfillment", "FulfillmentCanceled", "canceled"),
        edge("packed", "CancelFulfillment", "FulfillmentCanceled", "canceled"),
    ],
};

/// Returned unit: receipt, inspection and disposition are one commit at the dock, so that a unit is never seen
/// between them.
pub const SM_10: Machine = Machine {
    id: "SM-10",
    name: "returned unit",
    states: &["received", "restocked", "scrapped"],
    terminal: &["restocked", "scrapped"],
    edges: &[
        edge("-", "ReceiveReturn", "UnitReceived", "received"),
        edge("received", "ReceiveReturn", "UnitRestocked", "restocked"),
        edge("received", "ReceiveReturn", "UnitScrapped", "scrapped"),
    ],
};

#[cfg(test)]
mod tests {
    #[test]
    fn sm_06_sm_07_sm_10_tables_are_sound() {
        for machine in [super::SM_06, super::SM_07, super::SM_10] {
            assert_eq!(machine.faults(), Vec::<String>::new());
        }
    }
}
