//! What can be asked of an order.

use crate::{
    Money, OrderId, Timestamp, WarehouseId,
    approval::request::{ApprovalPlan, StepDecision},
    customer::Address,
    order::{
        content::{ImportedOrder, OrderContent},
        state::{CarrierStatus, HoldKind, OnExpiry, Placed, PlacementRefusal, ReturnedUnits, Seen, StockCause, Terms},
    },
};

/// Requests to an order. Commands that begin with `Record` carry a fact that happened elsewhere.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant and field is the row of the same name in state-machines.md §4 and §8")]
pub enum OrderCommand {
    /// Write a draft; with `submit` it is placed in the same commit (PlaceOrder). `ephemeral` drafts exist only
    /// for their placement and are discarded when it is refused (P02).
    CreateDraft {
        id: OrderId,
        content: Box<OrderContent>,
        ephemeral: bool,
        submit: Option<Box<Terms>>,
    },
    EditDraft {
        content: Box<OrderContent>,
    },
    DiscardDraft,
    SubmitOrder {
        terms: Box<Terms>,
    },
    RecordPlacement {
        lines: Vec<Placed>,
        credit: Option<Money>,
    },
    RefusePlacement {
        refusal: PlacementRefusal,
    },
    /// What a submission took and did not keep is given back.
    SettleSubmission,
    ConfirmOrder {
        source: String,
    },
    /// As ConfirmOrder, of the edition with this hash: what a customer answers is about what they were shown (N08).
    ConfirmEdition {
        source: String,
        hash: String,
    },
    /// The customer no longer wants it, by a reply: canceled until something is packed, then asked for.
    CancelForCustomer {
        source: String,
    },
    /// Send it elsewhere: a change of nothing but the address (SM-05), before units are on the floor.
    ChangeAddress {
        address: Box<Address>,
    },
    /// The customer asks where it is; `reference` makes it asked once.
    AskStatus {
        reference: String,
    },
    WithdrawSubmission {
        reason: String,
    },
    RecordStepDecision {
        decision: Box<StepDecision>,
    },
    OverrideRequest {
        reason: String,
    },
    /// What the Allocation process with this number saw: all that the warehouses in `looked` hold of the order
    /// beside the floor. `missing` says what it could not find anywhere.
    RecordAllocation {
        number: u16,
        looked: Vec<WarehouseId>,
        held: Vec<Placed>,
        missing: Option<String>,
    },
    /// What a warehouse holds of the order changed without the order asking for it: look there again.
    RecordStock {
        warehouse: WarehouseId,
        cause: StockCause,
    },
    /// A picker did not find units of a parcel. Relative, so `at` (the warehouse and its version) makes it count
    /// once.
    RecordShort {
        at: Seen,
        parcel: u16,
        line: u16,
        quantity: u32,
    },
    RecordUnreleased {
        parcel: u16,
    },
    RecordUnitsCanceled {
        parcel: u16,
    },
    /// Send what is allocated to the floor.
    ReleaseUnits,
    CompleteLine {
        line: u16,
    },
    RecordPacked {
        parcel: u16,
    },
    /// What these units are packed in becomes a parcel of its own, which the warehouse decides.
    SplitParcel {
        parcel: u16,
        lines: Vec<(u16, u32)>,
    },
    /// The warehouse split a packed parcel: units of it are in the parcel `into` now, which is not packed yet.
    RecordSplit {
        parcel: u16,
        into: u16,
        lines: Vec<(u16, u32)>,
    },
    BookConsignment {
        parcel: u16,
        carrier: String,
        tracking: String,
    },
    RecordHandover {
        parcel: u16,
    },
    RecordCarrierScan {
        parcel: u16,
        status: CarrierStatus,
    },
    /// Units of an undelivered parcel came back to `warehouse`, good ones for its shelf, damaged ones to be written
    /// off, which takes a reason.
    RecordReturnReceipt {
        warehouse: WarehouseId,
        parcel: u16,
        lines: Vec<ReturnedUnits>,
        reason: Option<String>,
    },
    /// Source a line from this warehouse (LIN-08).
    RequestLineWarehouse {
        line: u16,
        warehouse: WarehouseId,
        reason: String,
    },
    /// The requested warehouse holds the line; `held` is all it holds of it beside the floor.
    RecordLineWarehouse {
        number: u16,
        held: Placed,
    },
    /// The requested warehouse cannot hold the line.
    RefuseLineWarehouse {
        number: u16,
        refusal: PlacementRefusal,
    },
    PlaceHold {
        kind: HoldKind,
        reference: Option<String>,
        reason: String,
        owner: String,
        expires: Option<Timestamp>,
        on_expiry: OnExpiry,
    },
    ReassignHold {
        hold: u16,
        owner: String,
    },
    ReleaseHold {
        hold: u16,
        reason: String,
    },
    CancelOrder {
        reason: String,
    },
    /// `lines` empty means the whole order; `approve` by policy at once.
    RequestCancellation {
        lines: Vec<(u16, u32)>,
        reason: String,
        approve: bool,
    },
    ApproveCancellation,
    RefuseCancellation {
        reason: String,
    },
    WithdrawCancellation,
    ProposeChange {
        content: Box<OrderContent>,
        plan: ApprovalPlan,
    },
    ApplyChange {
        number: u16,
        reserved: Vec<Placed>,
        credit: Option<Money>,
    },
    DeclineChange {
        number: u16,
        refusal: PlacementRefusal,
    },
    /// The same by the tracking link, with the customer's own reason.
    CancelByLink {
        reason: String,
    },
    /// Tracking links given out so far count no more.
    RevokeTracking,
    AddNote {
        text: String,
        internal: bool,
    },
    ImportOrder {
        id: OrderId,
        order: Box<ImportedOrder>,
    },
    RecordImportedReturn {
        reference: String,
        lines: Vec<(u16, u32)>,
    },
    /// Whatever is due fires (deadlines of §11).
    Tick,
}

impl OrderCommand {
    /// Name for the journal and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateDraft { submit: None, .. } => "CreateDraft",
            Self::CreateDraft { submit: Some(_), .. } => "PlaceOrder",
            Self::EditDraft { .. } => "EditDraft",
            Self::DiscardDraft => "DiscardDraft",
            Self::SubmitOrder { .. } => "SubmitOrder",
            Self::RecordPlacement { .. } => "RecordPlacement",
            Self::RefusePlacement { .. } => "RefusePlacement",
            Self::SettleSubmission => "SettleSubmission",
            Self::ConfirmOrder { .. } => "ConfirmOrder",
            Self::ConfirmEdition { .. } => "ConfirmEdition",
            Self::CancelForCustomer { .. } => "CancelForCustomer",
            Self::ChangeAddress { .. } => "ChangeAddress",
            Self::AskStatus { .. } => "AskStatus",
            Self::WithdrawSubmission { .. } => "WithdrawSubmission",
            Self::RecordStepDecision { .. } => "RecordStepDecision",
            Self::OverrideRequest { .. } => "OverrideRequest",
            Self::RecordAllocation { .. } => "RecordAllocation",
            Self::RecordShort { .. } => "RecordShort",
            Self::RecordStock { cause: StockCause::Filled, .. } => "RecordReservation",
            Self::RecordStock { cause: StockCause::Expired, .. } => "RecordReservationExpired",
            Self::RecordStock { cause: StockCause::Short, .. } => "RecordStockShort",
            Self::RecordUnreleased { .. } => "RecordUnreleased",
            Self::RecordUnitsCanceled { .. } => "RecordUnitsCanceled",
            Self::ReleaseUnits => "ReleaseUnits",
            Self::CompleteLine { .. } => "CompleteLine",
            Self::RecordPacked { .. } => "RecordPacked",
            Self::SplitParcel { .. } => "SplitParcel",
            Self::RecordSplit { .. } => "RecordSplit",
            Self::BookConsignment { .. } => "BookConsignment",
            Self::RecordHandover { .. } => "RecordHandover",
            Self::RecordCarrierScan { .. } => "RecordCarrierScan",
            Self::RecordReturnReceipt { .. } => "RecordReturnReceipt",
            Self::RequestLineWarehouse { .. } => "RequestLineWarehouse",
            Self::RecordLineWarehouse { .. } => "RecordLineWarehouse",
            Self::RefuseLineWarehouse { .. } => "RefuseLineWarehouse",
            Self::PlaceHold { .. } => "PlaceHold",
            Self::ReassignHold { .. } => "ReassignHold",
            Self::ReleaseHold { .. } => "ReleaseHold",
            Self::CancelOrder { .. } => "CancelOrder",
            Self::RequestCancellation { .. } => "RequestCancellation",
            Self::ApproveCancellation => "ApproveCancellation",
            Self::RefuseCancellation { .. } => "RefuseCancellation",
            Self::WithdrawCancellation => "WithdrawCancellation",
            Self::ProposeChange { .. } => "ProposeChange",
            Self::ApplyChange { .. } => "ApplyChange",
            Self::DeclineChange { .. } => "DeclineChange",
            Self::CancelByLink { .. } => "CancelByLink",
            Self::RevokeTracking => "RevokeTracking",
            Self::AddNote { .. } => "AddNote",
            Self::ImportOrder { .. } => "ImportOrder",
            Self::RecordImportedReturn { .. } => "RecordImportedReturn",
            Self::Tick => "Tick",
        }
    }
}
