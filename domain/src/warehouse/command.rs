//! Requests to a warehouse.

use crate::{
    OrderId, ParcelId, Sku, Timestamp, UserId,
    warehouse::state::{Condition, Method, Profile},
};

/// One line of a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveLine {
    /// Line of the order.
    pub line: u16,
    /// What to hold.
    pub sku: Sku,
    /// Units of this line to be held here *in total*, reserved, waiting and allocated together. What is held
    /// already counts, so a repeated command changes nothing and a larger one takes the difference.
    pub quantity: u32,
    /// Whether what is missing may wait for stock (BKO-02).
    pub backorder: bool,
}

/// Units of one line that came back, as the inspection at the dock found them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnLine {
    /// Line of the order.
    pub line: u16,
    /// What came back.
    pub sku: Sku,
    /// Units that can be sold again.
    pub good: u32,
    /// Units written off.
    pub damaged: u32,
    /// Why they are written off.
    pub reason: String,
}

/// What to do when not everything is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReserveMode {
    /// Refuse and hold nothing.
    AllOrNothing,
    /// Hold what is there.
    Partial,
}

/// Requests to a warehouse. Those processes send are idempotent by nature: a repeat yields no event.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant and field is the row of the same name in state-machines.md §5.1")]
pub enum WarehouseCommand {
    /// Open it, or change name and address.
    OpenWarehouse(Profile),
    ReceiveStock {
        sku: Sku,
        quantity: u32,
        condition: Condition,
        reference: String,
        reason: Option<String>,
    },
    /// Correct the sellable stock by `delta`.
    AdjustStock {
        sku: Sku,
        delta: i64,
        reason: String,
    },
    SetStockPolicy {
        sku: Sku,
        safety: u32,
        backorder_cap: Option<u32>,
        low_stock: u32,
    },
    /// A count of the sellable units as they were at version `at_version` of the row; movements after it are
    /// applied on top (INV-06, P13).
    RecordCount {
        sku: Sku,
        counted: u32,
        at_version: u64,
        reason: String,
    },
    MoveCondition {
        sku: Sku,
        from: Condition,
        to: Condition,
        quantity: u32,
        reason: String,
    },
    /// The return-to-stock scan: put_back becomes sellable.
    ReturnToStock {
        sku: Sku,
        quantity: u32,
    },
    /// Hold units for an order. `firm` also allocates them, as `AllocateStock` would right after: for an order that
    /// nobody has to release once it is placed.
    ReserveStock {
        order: OrderId,
        lines: Vec<ReserveLine>,
        mode: ReserveMode,
        expires: Option<Timestamp>,
        priority: u8,
        firm: bool,
    },
    /// Give what `from` has reserved to `to`, without a gap in which the units are free.
    TransferHold {
        from: OrderId,
        to: OrderId,
        expires: Option<Timestamp>,
    },
    /// Set or drop (`None`) the expiry of an order's reservations.
    ExtendHold {
        order: OrderId,
        expires: Option<Timestamp>,
    },
    /// Make reservations firm; `None` means every line.
    AllocateStock {
        order: OrderId,
        lines: Option<Vec<u16>>,
    },
    /// `None` ends every hold of the order here, for good, also for commands that arrive later. `Some` gives
    /// back so many units per line that are not on the floor: waiting ones first, then reserved, then allocated;
    /// it is relative, so a process sends `ReduceHold` instead.
    ReleaseStock {
        order: OrderId,
        lines: Option<Vec<(u16, u32)>>,
    },
    /// Keep only so many units per line beside those on the floor; `None` keeps none, and lines not named stay. Absolute, so that a repeat takes nothing twice, and not final: the order may hold stock again.
    ReduceHold {
        order: OrderId,
        lines: Option<Vec<(u16, u32)>>,
    },
    /// Units of an order that came back are scanned in, inspected and put where they belong (SM-10). The order
    /// numbers its receipts, and each is booked in once.
    ReceiveReturn {
        order: OrderId,
        receipt: u16,
        lines: Vec<ReturnLine>,
    },
    /// What the floor did to the stock of the building, by its own number, which is booked once: facts, so that what the
    /// ledger does not have is not taken from it.
    BookFloor {
        number: u64,
        entries: Vec<(Sku, Condition, i64)>,
        reason: String,
    },
    /// Work on one parcel (SM-07).
    Floor {
        parcel: ParcelId,
        command: FloorCommand,
    },
    /// Fire what is due: reservations and pick leases.
    Tick,
}

impl WarehouseCommand {
    /// Name of the command, as in the tables.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OpenWarehouse(_) => "OpenWarehouse",
            Self::ReceiveStock { .. } => "ReceiveStock",
            Self::AdjustStock { .. } => "AdjustStock",
            Self::SetStockPolicy { .. } => "SetStockPolicy",
            Self::RecordCount { .. } => "RecordCount",
            Self::MoveCondition { .. } => "MoveCondition",
            Self::ReturnToStock { .. } => "ReturnToStock",
            Self::ReserveStock { .. } => "ReserveStock",
            Self::TransferHold { .. } => "TransferHold",
            Self::ExtendHold { .. } => "ExtendHold",
            Self::AllocateStock { .. } => "AllocateStock",
            Self::ReleaseStock { .. } => "ReleaseStock",
            Self::ReduceHold { .. } => "ReduceHold",
            Self::ReceiveReturn { .. } => "ReceiveReturn",
            Self::BookFloor { .. } => "BookFloor",
            Self::Floor { command, .. } => command.name(),
            Self::Tick => "Tick",
        }
    }
}

/// Work on one parcel.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant and field is the row of the same name in state-machines.md §5.2")]
pub enum FloorCommand {
    CreateFulfillment {
        lines: Vec<(u16, Sku, u32)>,
        method: Method,
    },
    AssignPick,
    ClaimPick {
        picker: UserId,
        lease_seconds: i64,
    },
    ReleasePick,
    ConfirmUnit {
        sku: Sku,
        quantity: u32,
    },
    /// The floor has picked so many units of `sku` in total. Absolute, so that a repeat picks nothing twice, and a fact:
    /// a parcel nobody has claimed is claimed for `picker` with it.
    RecordPicked {
        sku: Sku,
        total: u32,
        picker: UserId,
    },
    /// The floor found that only `keep` units of `sku` can be had for the parcel, picked ones included; the rest leaves
    /// the parcel and the stock. Absolute, and a fact like `RecordPicked`.
    RecordShort {
        sku: Sku,
        keep: u32,
        picker: UserId,
        reason: String,
    },
    /// So many units of `sku` are not there; they leave the parcel and the stock.
    ReportShort {
        sku: Sku,
        quantity: u32,
        reason: String,
    },
    PackParcel {
        weight_grams: u32,
    },
    SplitFulfillment {
        into: ParcelId,
        lines: Vec<(u16, u32)>,
    },
    AttachConsignment {
        carrier: String,
        tracking: String,
    },
    DetachConsignment,
    HoldParcel {
        reason: String,
    },
    ResumeParcel,
    /// `by_carrier`: a carrier scan says it has the parcel, so a hold no longer matters.
    HandOverParcel {
        by_carrier: bool,
    },
    CloseFulfillment,
    /// `keep_units`: the units stay allocated (picked ones go back to their shelf); otherwise they are released
    /// and picked ones are put back by scan. `detach`: a live booking is canceled first, in the same commit, so
    /// that a booking that arrives at the same time cannot come between; without it a booked parcel is refused.
    CancelFulfillment {
        keep_units: bool,
        detach: bool,
    },
}

impl FloorCommand {
    /// Name of the command, as in the tables.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CreateFulfillment { .. } => "CreateFulfillment",
            Self::AssignPick => "AssignPick",
            Self::ClaimPick { .. } => "ClaimPick",
            Self::ReleasePick => "ReleasePick",
            Self::ConfirmUnit { .. } => "ConfirmUnit",
            Self::RecordPicked { .. } => "RecordPicked",
            Self::RecordShort { .. } => "RecordShort",
            Self::ReportShort { .. } => "ReportShort",
            Self::PackParcel { .. } => "PackParcel",
            Self::SplitFulfillment { .. } => "SplitFulfillment",
            Self::AttachConsignment { .. } => "AttachConsignment",
            Self::DetachConsignment => "DetachConsignment",
            Self::HoldParcel { .. } => "HoldParcel",
            Self::ResumeParcel => "ResumeParcel",
            Self::HandOverParcel { .. } => "HandOverParcel",
            Self::CloseFulfillment => "CloseFulfillment",
            Self::CancelFulfillment { .. } => "CancelFulfillment",
        }
    }
}
