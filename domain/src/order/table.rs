//! The order's transition tables, read by the code, the property tests, the documentation and the consoles.

use crate::table::{Edge, Machine};

macro_rules! edges {
    ($($from:literal, $command:literal, $event:literal, $to:literal;)*) => {
        &[$(Edge { from: $from, command: $command, event: $event, to: $to }),*]
    };
}

/// SM-02, the lifecycle.
pub const LIFECYCLE: Machine = Machine {
    id: "SM-02",
    name: "Order lifecycle",
    states: &[
        "draft",
        "placing",
        "pending",
        "pending_approval",
        "approved",
        "processing",
        "shipped",
        "delivered",
        "closed",
        "returned",
        "canceled",
        "rejected",
        "expired",
        "discarded",
    ],
    terminal: &["closed", "returned", "canceled", "rejected", "expired", "discarded"],
    edges: edges![
        "-", "CreateDraft", "DraftCreated", "draft";
        "-", "ImportOrder", "OrderImported", "delivered";
        "draft", "EditDraft", "DraftEdited", "draft";
        "draft", "DiscardDraft", "DraftDiscarded", "discarded";
        "draft", "SubmitOrder", "OrderSubmitted", "placing";
        "draft", "CancelOrder", "OrderCanceled", "canceled";
        "placing", "RecordPlacement", "OrderPlaced", "pending";
        "placing", "RefusePlacement", "PlacementRefused", "draft";
        "pending", "(derived)", "ApprovalRequested", "pending_approval";
        "pending", "ConfirmOrder", "OrderConfirmed", "pending";
        "pending_approval", "ConfirmOrder", "OrderConfirmed", "pending_approval";
        "pending", "ConfirmEdition", "OrderConfirmed", "pending";
        "pending_approval", "ConfirmEdition", "OrderConfirmed", "pending_approval";
        "pending_approval", "(derived)", "ApprovalGranted", "pending";
        "pending_approval", "OverrideRequest", "ApprovalOverridden", "pending";
        "pending", "(derived)", "OrderApproved", "approved";
        "pending", "(timer) ExpireOrder", "OrderExpired", "expired";
        "pending_approval", "(derived)", "OrderRejected", "rejected";
        "pending_approval", "(timer) ExpireRequest", "OrderExpired", "expired";
        "pending_approval", "(derived)", "OrderReturnedToDraft", "draft";
        "pending", "WithdrawSubmission", "OrderReturnedToDraft", "draft";
        "pending_approval", "WithdrawSubmission", "OrderReturnedToDraft", "draft";
        "pending", "ApplyChange", "ChangeApplied", "pending";
        "pending_approval", "ApplyChange", "ChangeApplied", "pending";
        "approved", "ApplyChange", "ChangeApplied", "approved";
        "approved", "ReleaseUnits", "UnitsReleased", "processing";
        "processing", "ReleaseUnits", "UnitsReleased", "processing";
        "approved", "(derived)", "OrderShipped", "shipped";
        "processing", "(derived)", "OrderShipped", "shipped";
        "shipped", "(derived)", "OrderDelivered", "delivered";
        "shipped", "(derived)", "OrderReturned", "returned";
        "delivered", "(derived)", "OrderReturned", "returned";
        "shipped", "(derived)", "OrderCanceled", "canceled";
        "pending", "CancelOrder", "OrderCanceled", "canceled";
        "pending_approval", "CancelOrder", "OrderCanceled", "canceled";
        "approved", "CancelOrder", "OrderCanceled", "canceled";
        "processing", "(derived)", "OrderCanceled", "canceled";
        "delivered", "(timer) CloseOrder", "OrderClosed", "closed";
    ],
};

/// SM-01, the stages of a unit.
pub const LINE: Machine = Machine {
    id: "SM-01",
    name: "Line quantities",
    states: &[
        "open",
        "reserved",
        "backordered",
        "allocated",
        "picking",
        "packed",
        "in_transit",
        "delivered",
        "rto_pending",
        "returned",
        "lost",
        "canceled",
    ],
    terminal: &["returned", "canceled"],
    edges: edges![
        "-", "CreateDraft", "DraftCreated", "open";
        "open", "RecordPlacement", "OrderPlaced", "reserved";
        "open", "RecordPlacement", "OrderPlaced", "backordered";
        "open", "RecordPlacement", "OrderPlaced", "allocated";
        "open", "ApplyChange", "ChangeApplied", "reserved";
        "open", "ApplyChange", "ChangeApplied", "backordered";
        "open", "RecordAllocation", "LineReserved", "reserved";
        "open", "RecordAllocation", "LineBackordered", "backordered";
        "backordered", "RecordReservation", "LineReserved", "reserved";
        "reserved", "RecordReservationExpired", "LineReservationExpired", "open";
        "reserved", "RecordAllocation", "LineAllocated", "allocated";
        "backordered", "RecordAllocation", "LineAllocated", "allocated";
        "open", "RecordAllocation", "LineAllocated", "allocated";
        "reserved", "RequestLineWarehouse", "LineWarehouseRequested", "reserved";
        "backordered", "RequestLineWarehouse", "LineWarehouseRequested", "backordered";
        "allocated", "RequestLineWarehouse", "LineWarehouseRequested", "allocated";
        "reserved", "RecordLineWarehouse", "LineWarehouseChanged", "reserved";
        "backordered", "RecordLineWarehouse", "LineWarehouseChanged", "backordered";
        "backordered", "RecordLineWarehouse", "LineWarehouseChanged", "reserved";
        "backordered", "RecordLineWarehouse", "LineWarehouseChanged", "allocated";
        "allocated", "RecordLineWarehouse", "LineWarehouseChanged", "allocated";
        "allocated", "CompleteLine", "LineDelivered", "delivered";
        "allocated", "ReleaseUnits", "UnitsReleased", "picking";
        "picking", "RecordPacked", "LinePacked", "packed";
        "reserved", "RecordShort", "LineShorted", "open";
        "allocated", "RecordShort", "LineShorted", "open";
        "picking", "RecordShort", "LineShorted", "open";
        "picking", "RecordUnreleased", "LineUnreleased", "allocated";
        "packed", "RecordUnreleased", "LineUnreleased", "allocated";
        "packed", "RecordHandover", "LineShipped", "in_transit";
        "in_transit", "(derived)", "LineDelivered", "delivered";
        "rto_pending", "(derived)", "LineDelivered", "delivered";
        "in_transit", "(derived)", "LineReturning", "rto_pending";
        "rto_pending", "(derived)", "LineInTransit", "in_transit";
        "rto_pending", "RecordReturnReceipt", "LineReturned", "returned";
        "in_transit", "RecordReturnReceipt", "LineReturned", "returned";
        "delivered", "RecordImportedReturn", "LineReturned", "returned";
        "lost", "RecordReturnReceipt", "LineReturned", "returned";
        "in_transit", "DeclareLost", "LineLost", "lost";
        "rto_pending", "DeclareLost", "LineLost", "lost";
        "open", "(timer) ExpireOrder", "OrderExpired", "canceled";
        "open", "(derived)", "OrderRejected", "canceled";
        "open", "RecordUnitsCanceled", "UnitsCanceled", "canceled";
        "reserved", "RecordUnitsCanceled", "UnitsCanceled", "canceled";
        "backordered", "RecordUnitsCanceled", "UnitsCanceled", "canceled";
        "allocated", "RecordUnitsCanceled", "UnitsCanceled", "canceled";
        "picking", "RecordUnitsCanceled", "UnitsCanceled", "canceled";
        "packed", "RecordUnitsCanceled", "UnitsCanceled", "canceled";
    ],
};

/// SM-03, a hold.
pub const HOLD: Machine = Machine {
    id: "SM-03",
    name: "Hold",
    states: &["open", "released", "expired"],
    terminal: &["released", "expired"],
    edges: edges![
        "-", "PlaceHold", "HoldPlaced", "open";
        "open", "ReassignHold", "HoldReassigned", "open";
        "open", "(timer) ExpireHold", "HoldReassigned", "open";
        "open", "ReleaseHold", "HoldReleased", "released";
        "open", "(timer) ExpireHold", "HoldExpired", "expired";
    ],
};

/// SM-04, a cancellation request.
pub const CANCELLATION: Machine = Machine {
    id: "SM-04",
    name: "Cancellation request",
    states: &["requested", "executing", "refused", "withdrawn", "closed"],
    terminal: &["refused", "withdrawn", "closed"],
    edges: edges![
        "-", "RequestCancellation", "CancellationRequested", "requested";
        "requested", "ApproveCancellation", "CancellationApproved", "executing";
        "requested", "RefuseCancellation", "CancellationRefused", "refused";
        "requested", "WithdrawCancellation", "CancellationWithdrawn", "withdrawn";
        "executing", "RecordUnitsCanceled", "UnitsCanceled", "executing";
        "executing", "(derived)", "CancellationClosed", "closed";
    ],
};
