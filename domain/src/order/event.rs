//! What happened to an order.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{
    Money, OrderId, Timestamp, UserId, WarehouseId,
    approval::request::{ApprovalPlan, ApprovalRequest, StepDecision},
    order::{
        content::{ImportedOrder, OrderContent},
        state::{CarrierStatus, Hold, Lifecycle, Placed, PlacementRefusal, ReturnedUnits, Seen, Stage, Terms},
    },
};

/// Units of a line that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// The line.
    pub line: u16,
    /// How many.
    pub quantity: u32,
    /// From where.
    pub from: Stage,
    /// In which warehouse; `None` for lines without stock and units that left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<WarehouseId>,
    /// In which parcel, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel: Option<u16>,
}

/// Facts about an order; names are those of state-machines.md.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[allow(missing_docs, reason = "each variant and field is the row of the same name in state-machines.md §4 and §8")]
pub enum OrderEvent {
    DraftCreated {
        id: OrderId,
        content: Box<OrderContent>,
        ephemeral: bool,
        at: Timestamp,
        by: Option<UserId>,
    },
    DraftEdited {
        content: Box<OrderContent>,
        by: Option<UserId>,
    },
    DraftDiscarded,
    OrderSubmitted {
        terms: Box<Terms>,
        hash: String,
        by: Option<UserId>,
    },
    OrderPlaced {
        lines: Vec<Placed>,
        credit: Option<Money>,
        at: Timestamp,
    },
    /// What a warehouse holds of the order changed by itself; `short` if it was less than promised.
    StockMoved {
        warehouse: WarehouseId,
        short: bool,
    },
    /// The Allocation process looks at the warehouses that are owed a look, and for open units.
    SourcingStarted {
        number: u16,
    },
    SourcingEnded {
        number: u16,
    },
    /// A warehouse holds more for the order than it still wants.
    SurplusFound {
        warehouse: WarehouseId,
    },
    /// A relative fact of a warehouse is applied, and does not count again.
    FactRecorded {
        at: Seen,
    },
    PlacementRefused {
        refusal: Box<PlacementRefusal>,
    },
    /// Everything a submission took that did not stay is given back.
    SubmissionSettled,
    ApprovalRequested {
        request: Box<ApprovalRequest>,
    },
    StepDecisionRecorded {
        decision: Box<StepDecision>,
    },
    ApprovalGranted {
        at: Timestamp,
    },
    ApprovalRejected,
    ApprovalChangesRequested,
    ApprovalWithdrawn,
    /// `queues` holds the steps of the superseded request, in their order.
    ApprovalSuperseded {
        request: u16,
        queues: Vec<crate::QueueId>,
    },
    ApprovalExpired,
    ApprovalOverridden {
        by: Option<UserId>,
        reason: String,
        at: Timestamp,
    },
    OrderConfirmed {
        source: String,
    },
    OrderApproved,
    OrderRejected,
    OrderExpired,
    OrderReturnedToDraft {
        reason: String,
    },
    LineReserved(Units),
    LineBackordered(Units),
    LineReservationExpired(Units),
    LineAllocated(Units),
    LineShorted(Units),
    LineUnreleased(Units),
    LinePacked(Units),
    LineShipped(Units),
    LineInTransit(Units),
    LineDelivered(Units),
    LineReturning(Units),
    LineReturned(Units),
    LineLost(Units),
    UnitsCanceled(Units),
    UnitsReleased {
        parcel: u16,
        warehouse: WarehouseId,
        lines: SmallVec<[(u16, u32); 2]>,
    },
    /// The number `into` is kept for a part of a parcel.
    ParcelSplitRequested {
        parcel: u16,
        into: u16,
        lines: Vec<(u16, u32)>,
    },
    /// Units of a packed parcel are in a parcel of their own, which is to be packed.
    ParcelSplit {
        parcel: u16,
        into: u16,
        lines: Vec<(u16, u32)>,
    },
    ConsignmentBooked {
        parcel: u16,
        carrier: String,
        tracking: String,
    },
    CarrierScanRecorded {
        parcel: u16,
        status: CarrierStatus,
        at: Timestamp,
    },
    CarrierScanConflicted {
        parcel: u16,
        status: CarrierStatus,
        at: Timestamp,
    },
    /// A warehouse has the units in its hands; what becomes of them there follows from it.
    ReturnUnitsReceived {
        receipt: u16,
        warehouse: WarehouseId,
        parcel: u16,
        lines: Vec<ReturnedUnits>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        at: Timestamp,
    },
    LineWarehouseRequested {
        number: u16,
        line: u16,
        warehouse: WarehouseId,
        reason: String,
    },
    /// All units of the line beside the floor are held in one warehouse now, as `held` says.
    LineWarehouseChanged {
        number: u16,
        held: Placed,
    },
    LineWarehouseRefused {
        number: u16,
        refusal: PlacementRefusal,
    },
    HoldPlaced {
        hold: Hold,
    },
    HoldReassigned {
        hold: u16,
        owner: String,
    },
    HoldReleased {
        hold: u16,
        reason: String,
    },
    HoldExpired {
        hold: u16,
    },
    CancellationRequested {
        number: u16,
        whole: bool,
        scope: Vec<(u16, u32)>,
        reason: String,
        at: Timestamp,
    },
    CancellationApproved {
        number: u16,
    },
    CancellationRefused {
        number: u16,
        reason: String,
    },
    CancellationWithdrawn {
        number: u16,
    },
    CancellationClosed {
        number: u16,
    },
    OrderCanceled {
        reason: String,
    },
    OrderShipped,
    OrderDelivered {
        at: Timestamp,
    },
    OrderReturned,
    OrderClosed,
    ChangeProposed {
        number: u16,
        edition: u32,
        content: Box<OrderContent>,
        plan: ApprovalPlan,
        by: Option<UserId>,
    },
    /// Nothing else takes stock for the order now: the Change process runs.
    ChangeStarted {
        number: u16,
    },
    ChangeApplied {
        number: u16,
        content: Box<OrderContent>,
        plan: ApprovalPlan,
        hash: String,
        reserved: Vec<Placed>,
        released: Vec<Units>,
        credit: Option<Money>,
        confirmed: bool,
        at: Timestamp,
    },
    ChangeDeclined {
        number: u16,
        refusal: PlacementRefusal,
    },
    /// Tracking links that name a smaller number count no more.
    TrackingRevoked {
        number: u16,
    },
    /// The customer asked where it is.
    StatusAsked {
        reference: String,
        at: Timestamp,
    },
    NoteAdded {
        at: Timestamp,
        by: Option<UserId>,
        text: String,
        internal: bool,
    },
    OrderImported {
        id: OrderId,
        order: Box<ImportedOrder>,
        hash: String,
    },
    ReturnImported {
        reference: String,
    },
}

impl OrderEvent {
    /// The stage units go to, for events that move units one way.
    pub const fn target(&self) -> Option<(&Units, Stage)> {
        Some(match self {
            Self::LineReserved(units) => (units, Stage::Reserved),
            Self::LineBackordered(units) => (units, Stage::Backordered),
            Self::LineReservationExpired(units) | Self::LineShorted(units) => (units, Stage::Open),
            Self::LineAllocated(units) | Self::LineUnreleased(units) => (units, Stage::Allocated),
            Self::LinePacked(units) => (units, Stage::Packed),
            Self::LineShipped(units) | Self::LineInTransit(units) => (units, Stage::InTransit),
            Self::LineDelivered(units) => (units, Stage::Delivered),
            Self::LineReturning(units) => (units, Stage::RtoPending),
            Self::LineReturned(units) => (units, Stage::Returned),
            Self::LineLost(units) => (units, Stage::Lost),
            Self::UnitsCanceled(units) => (units, Stage::Canceled),
            _ => return None,
        })
    }

    /// The lifecycle this event leads to, for events that are edges of SM-02.
    pub const fn lifecycle(&self) -> Option<Lifecycle> {
        Some(match self {
            Self::DraftCreated { .. } | Self::PlacementRefused { .. } | Self::OrderReturnedToDraft { .. } => {
                Lifecycle::Draft
            }
            Self::DraftDiscarded => Lifecycle::Discarded,
            Self::OrderSubmitted { .. } => Lifecycle::Placing,
            Self::OrderPlaced { .. } | Self::ApprovalGranted { .. } | Self::ApprovalOverridden { .. } => {
                Lifecycle::Pending
            }
            Self::ApprovalRequested { .. } => Lifecycle::PendingApproval,
            Self::OrderApproved => Lifecycle::Approved,
            Self::OrderRejected => Lifecycle::Rejected,
            Self::OrderExpired => Lifecycle::Expired,
            Self::UnitsReleased { .. } => Lifecycle::Processing,
            Self::OrderShipped => Lifecycle::Shipped,
            Self::OrderDelivered { .. } | Self::OrderImported { .. } => Lifecycle::Delivered,
            Self::OrderReturned => Lifecycle::Returned,
            Self::OrderCanceled { .. } => Lifecycle::Canceled,
            Self::OrderClosed => Lifecycle::Closed,
            _ => return None,
        })
    }
}
