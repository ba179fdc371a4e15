//! The state of an order: content, quantities by line, and the axes beside them.
//!
//! Invariant: everything in it is a fold of the order's events; what the warehouses hold is only what they said
//! last. It has no rules.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{
    Money, OrderId, Timestamp, UserId, WarehouseId,
    approval::request::{ApprovalPlan, ApprovalRequest},
    order::{
        content::{OrderContent, words},
        line::is_zero,
    },
};

pub use crate::order::{
    line::{Held, LineState, Stage},
    parcel::{CarrierStatus, Parcel, ParcelState, ReturnedUnits},
};

words!(
    /// Lifecycle of an order (SM-02).
    Lifecycle {
        /// Being written; holds nothing.
        Draft = "draft",
        /// Stock and credit are being taken.
        Placing = "placing",
        /// Placed; waits for confirmation.
        Pending = "pending",
        /// Waits for approvers.
        PendingApproval = "pending_approval",
        /// Through the gate.
        Approved = "approved",
        /// Units are on the floor.
        Processing = "processing",
        /// Nothing is left to ship.
        Shipped = "shipped",
        /// Everything arrived.
        Delivered = "delivered",
        /// Return window over, books closed.
        Closed = "closed",
        /// Everything came back.
        Returned = "returned",
        /// Ended before it was fulfilled.
        Canceled = "canceled",
        /// Approvers said no.
        Rejected = "rejected",
        /// Nobody confirmed or decided in time.
        Expired = "expired",
        /// A draft that was thrown away.
        Discarded = "discarded",
    }
);

#[allow(clippy::derivable_impls, reason = "the macro that writes the enum derives no default")]
impl Default for Lifecycle {
    fn default() -> Self {
        Self::Draft
    }
}

impl Lifecycle {
    /// Whether it is placed and has not ended.
    pub const fn placed(self) -> bool {
        matches!(
            self,
            Self::Pending | Self::PendingApproval | Self::Approved | Self::Processing | Self::Shipped | Self::Delivered
        )
    }

    /// Whether nothing can happen to the lifecycle any more.
    pub const fn terminal(self) -> bool {
        matches!(
            self,
            Self::Closed | Self::Returned | Self::Canceled | Self::Rejected | Self::Expired | Self::Discarded
        )
    }
}

words!(
    /// Kind of hold (SM-03).
    HoldKind {
        /// Money is missing.
        Payment = "payment",
        /// Units can neither be allocated nor backordered.
        Stock = "stock",
        /// The address is in doubt.
        Address = "address",
        /// Credit is in doubt.
        Credit = "credit",
        /// The customer or order is risky.
        Risk = "risk",
        /// Cash on delivery is no longer confirmed.
        CodUnconfirmed = "cod_unconfirmed",
        /// A permit or check is missing.
        Compliance = "compliance",
        /// The channel asked to wait.
        Channel = "channel",
        /// A person asked to wait.
        Manual = "manual",
        /// A cancellation is being decided.
        Cancellation = "cancellation",
        /// A change is being decided.
        Change = "change",
    }
);

words!(
    /// What happens when a hold's time is over (SM-03).
    OnExpiry {
        /// The hold ends.
        Release = "release",
        /// The order is canceled.
        Cancel = "cancel",
        /// It stays, with a new owner.
        Escalate = "escalate",
    }
);

/// An open hold (SM-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Number within the order, from 1.
    pub number: u16,
    /// Its kind.
    pub kind: HoldKind,
    /// What it is about; the same kind and reference again is the same hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Why.
    pub reason: String,
    /// Role that owns it.
    pub owner: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when, if it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// What happens then.
    pub on_expiry: OnExpiry,
}

words!(
    /// State of a cancellation request (SM-04).
    CancellationState {
        /// Waits for a decision.
        Requested = "requested",
        /// Decided; units are being taken back.
        Executing = "executing",
        /// Refused.
        Refused = "refused",
        /// Taken back by who asked.
        Withdrawn = "withdrawn",
        /// Done.
        Closed = "closed",
    }
);

/// A cancellation request (SM-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// Number within the order, from 1.
    pub number: u16,
    /// Whether the whole order is meant.
    pub whole: bool,
    /// Units by line still to be canceled.
    pub scope: Vec<(u16, u32)>,
    /// Category, for reports (CAN-02).
    pub reason: String,
    /// Its state.
    pub state: CancellationState,
    /// When it was asked for (CAN-06).
    pub at: Timestamp,
}

/// What an order pins of the settings when it is submitted (APR-08).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Document number (ORD-01).
    pub number: String,
    /// Version of the settings this comes from.
    pub settings_version: u64,
    /// Approval plan for this edition.
    pub plan: ApprovalPlan,
    /// Whether a rule confirms the order, rather than a person or a payment.
    pub confirm_by_rule: bool,
    /// Warehouses to ask, in order.
    pub sources: Vec<WarehouseId>,
    /// Whether several warehouses may share the order.
    pub split: bool,
    /// Placement is refused after this instant.
    pub deadline: Timestamp,
    /// Seconds an unconfirmed order may wait.
    pub confirmation_seconds: i64,
    /// Seconds a request may stay open; 0 for ever.
    pub approval_seconds: i64,
    /// Whether allocated units go to the floor by themselves.
    pub release_automatically: bool,
    /// Days after delivery in which goods may come back.
    pub return_window_days: u16,
}

/// Units of a line that placement took in a warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The line.
    pub line: u16,
    /// The warehouse.
    pub warehouse: WarehouseId,
    /// Units held.
    pub reserved: u32,
    /// Units waiting.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub backordered: u32,
    /// Units that are firm already.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub allocated: u32,
}

impl Placed {
    /// Units of all three kinds.
    pub const fn units(&self) -> u32 {
        self.reserved + self.backordered + self.allocated
    }
}

/// A warehouse at one of its versions.
pub type Seen = (WarehouseId, u64);

/// Why a warehouse holds something else of an order than it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockCause {
    /// Stock came for what was waiting.
    Filled,
    /// A reservation ran out.
    Expired,
    /// Less is on hand than was promised.
    Short,
}

/// A warehouse that holds, or may hold, something else of the order than its quantities say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The warehouse.
    pub warehouse: WarehouseId,
    /// Whether it said that units are gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub short: bool,
}

/// The one Allocation process of the order while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourcing {
    /// Number within the order, from 1.
    pub number: u16,
    /// Where it looks.
    pub looks: Vec<Look>,
}

/// Why a placement was refused, as another actor said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementRefusal {
    /// Stable code, for example `insufficient_stock`.
    pub code: String,
    /// In words.
    pub message: String,
    /// The field it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What the caller could do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

impl PlacementRefusal {
    /// Whether the same command will be answered differently in a moment.
    pub fn in_progress(&self) -> bool {
        matches!(self.code.as_str(), "placement_in_progress" | "change_in_progress")
    }
}

/// A change that waits for stock and credit (SM-05).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Number within the order, from 1.
    pub number: u16,
    /// Edition it starts from.
    pub edition: u32,
    /// The content it leads to.
    pub content: Box<OrderContent>,
    /// Approval plan of that content.
    pub plan: ApprovalPlan,
    /// Whether its process runs; it waits for a running Allocation to end.
    #[serde(default)]
    pub started: bool,
}

/// A line on its way to another warehouse (LIN-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relocation {
    /// Number within the order, from 1.
    pub number: u16,
    /// The line.
    pub line: u16,
    /// Where it is to be held.
    pub warehouse: WarehouseId,
}

/// A note on the order (ORD-22).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Option<UserId>,
    /// What.
    pub text: String,
    /// Whether customers never see it.
    pub internal: bool,
}

/// The order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Its id; `None` before it exists.
    pub id: Option<OrderId>,
    /// Where it stands.
    pub lifecycle: Lifecycle,
    /// Number of the content; raised by edits and changes only.
    pub edition: u32,
    /// Hash of the content of this edition.
    pub hash: String,
    /// What it says.
    pub content: Option<Box<OrderContent>>,
    /// Whether the draft exists only for its placement and goes when that is refused (P02).
    #[serde(default)]
    pub ephemeral: bool,
    /// Pinned when submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Box<Terms>>,
    /// Whether a process still takes or gives back stock and credit for a submission; until it is done the order
    /// cannot be submitted again, so that what is given back is never what the next submission took.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsettled: bool,
    /// Version of each warehouse at its last relative fact; facts of one order arrive in order, so that an
    /// earlier or equal one is a repeat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Seen>,
    /// Warehouses the Allocation process has to look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<Look>,
    /// Quantities by line.
    pub lines: SmallVec<[LineState; 2]>,
    /// When it was written first.
    pub created_at: Timestamp,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
    /// Who submitted it; may not approve it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_by: Option<UserId>,
    /// Who changed its content; may not approve it either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<UserId>,
    /// When it was placed first; `None` if it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<Timestamp>,
    /// Since when it is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_since: Option<Timestamp>,
    /// How it was confirmed, for this edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<String>,
    /// Amount held on the customer's credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Money>,
    /// The latest approval request (SM-17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Box<ApprovalRequest>>,
    /// Open holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Hold>,
    /// Holds placed so far.
    #[serde(default)]
    pub holds_placed: u16,
    /// Parcels, in order of number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parcels: Vec<Parcel>,
    /// The latest cancellation request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation: Option<Box<Cancellation>>,
    /// The open change, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Box<Change>>,
    /// The Allocation process, if one runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sourcing: Option<Box<Sourcing>>,
    /// How often that was started.
    #[serde(default)]
    pub sourcings: u16,
    /// Changes proposed so far.
    #[serde(default)]
    pub changes: u16,
    /// The line that moves to another warehouse, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relocation: Option<Box<Relocation>>,
    /// Moves of lines requested so far.
    #[serde(default)]
    pub relocations: u16,
    /// Receipts of units that came back so far.
    #[serde(default)]
    pub receipts: u16,
    /// Why the last placement was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Box<PlacementRefusal>>,
    /// When everything had arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// Where an imported order comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<String>,
    /// Number in the system an imported order comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_number: Option<String>,
    /// References of returns imported for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imported_returns: Vec<String>,
    /// How often tracking links were revoked.
    #[serde(default, skip_serializing_if = "is_zero_u16")]
    pub tracking_revoked: u16,
    /// What the customer wrote last to ask where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_asked: Option<String>,
    /// Notes, oldest first; the latest 200.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero_u16(number: &u16) -> bool {
    *number == 0
}

impl Order {
    /// Whether it has any event.
    pub const fn exists(&self) -> bool {
        self.id.is_some()
    }

    /// Document number, once submitted, or the number an imported order had.
    pub fn number(&self) -> Option<&str> {
        self.terms.as_ref().map(|terms| terms.number.as_str()).or(self.imported_number.as_deref())
    }

    /// Whether a relative fact of a warehouse was applied already.
    pub fn knows(&self, at: &Seen) -> bool {
        self.facts.iter().any(|(code, version)| *code == at.0 && at.1 <= *version)
    }

    pub(super) fn note_fact(&mut self, at: &Seen) {
        match self.facts.iter_mut().find(|(code, _)| *code == at.0) {
            Some((_, version)) => *version = at.1,
            None => self.facts.push(at.clone()),
        }
    }

    /// Notes that the Allocation process has to look at a warehouse.
    pub(super) fn owe(&mut self, code: &WarehouseId, short: bool) {
        match self.owed.iter_mut().find(|look| look.warehouse == *code) {
            Some(look) => look.short |= short,
            None => self.owed.push(Look { warehouse: code.clone(), short }),
        }
    }

    /// Whether what the warehouses hold is in doubt until the Allocation process has looked.
    pub fn allocating(&self) -> bool {
        self.sourcing.is_some() || self.relocation.is_some() || !self.owed.is_empty()
    }

    /// Quantities of a line.
    pub fn line(&self, line: u16) -> Option<&LineState> {
        self.lines.iter().find(|l| l.line == line)
    }

    /// Units in a stage over all lines.
    pub fn units(&self, stage: Stage) -> u32 {
        self.lines.iter().map(|line| line.units(stage)).sum()
    }

    /// Units not yet shipped nor canceled, over all lines.
    pub fn to_ship(&self) -> u32 {
        self.lines.iter().map(LineState::to_ship).sum()
    }

    /// Units that left, over all lines.
    pub fn shipped(&self) -> u32 {
        self.lines.iter().map(LineState::shipped).sum()
    }

    /// Units ordered, over all lines.
    pub fn ordered(&self) -> u32 {
        self.lines.iter().map(|line| line.ordered).sum()
    }

    /// Whether every unit of `line` comes from a shelf.
    pub fn stocked(&self, line: u16) -> bool {
        self.content.as_ref().and_then(|content| content.line(line)).is_none_or(|line| line.stocked)
    }

    /// Whether it is through the gate and not all shipped: what warehouses hold is firm, what is open is looked for.
    pub const fn firm(&self) -> bool {
        matches!(self.lifecycle, Lifecycle::Approved | Lifecycle::Processing)
    }

    /// Whether nobody has to confirm or approve it: once placed it is firm in the same step, so that what placement
    /// takes may be firm from the start.
    pub fn firm_when_placed(&self) -> bool {
        let confirmed = self.confirmed.is_some() || self.terms.as_ref().is_some_and(|terms| terms.confirm_by_rule);
        confirmed && self.approval_granted()
    }

    /// Whether units that should be firm are held nowhere: shorted, or expired before allocation.
    pub fn unsourced(&self) -> bool {
        self.firm() && self.lines.iter().any(|line| line.open > 0 && self.stocked(line.line))
    }

    /// Warehouses that hold units of it.
    pub fn warehouses(&self) -> Vec<WarehouseId> {
        let mut codes: Vec<_> =
            self.lines.iter().flat_map(|line| line.held.iter().map(|held| held.warehouse.clone())).collect();
        codes.sort();
        codes.dedup();
        codes
    }

    /// Whether the approval request for the current content is granted, or none is needed.
    pub fn approval_granted(&self) -> bool {
        let needed = self.terms.as_ref().is_some_and(|terms| !terms.plan.steps.is_empty());
        !needed || self.approval.as_ref().is_some_and(|request| request.grants(&self.hash))
    }

    /// The parcel with this number.
    pub fn parcel(&self, number: u16) -> Option<&Parcel> {
        self.parcels.iter().find(|parcel| parcel.number == number)
    }

    /// Total of the current edition; zero in the default currency before there is one.
    pub fn total(&self) -> Money {
        self.content.as_ref().map_or_else(|| Money::zero(crate::Currency::PKR), |content| content.total())
    }
}
