//! The state of an order: content, twelve quantities a line, and the axes beside them.
//!
//! Invariant (SM-01): for every line the twelve quantities sum to what is ordered, after every event.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{
    Money, OrderId, Timestamp, UserId, WarehouseId,
    approval::request::{ApprovalPlan, ApprovalRequest},
    order::content::{OrderContent, words},
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

impl Default for Lifecycle {
    fn default() -> Self {
        Self::Draft
    }
}

impl Lifecycle {
    /// Whether nothing can happen to the lifecycle any more.
    pub const fn terminal(self) -> bool {
        matches!(
            self,
            Self::Closed | Self::Returned | Self::Canceled | Self::Rejected | Self::Expired | Self::Discarded
        )
    }
}

words!(
    /// One of the twelve places a unit of a line can be (SM-01).
    Stage {
        /// Ordered, nothing held.
        Open = "open",
        /// Held in a named warehouse, may expire.
        Reserved = "reserved",
        /// Waiting in a warehouse's queue.
        Backordered = "backordered",
        /// Firm in a named warehouse.
        Allocated = "allocated",
        /// In a fulfillment on the floor.
        Picking = "picking",
        /// In a packed parcel.
        Packed = "packed",
        /// Handed over, not delivered.
        InTransit = "in_transit",
        /// Delivered and not returned.
        Delivered = "delivered",
        /// On the way back undelivered.
        RtoPending = "rto_pending",
        /// Scanned in at a warehouse.
        Returned = "returned",
        /// Declared lost.
        Lost = "lost",
        /// Canceled before it left.
        Canceled = "canceled",
    }
);

/// Units of a line held in one warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The warehouse.
    pub warehouse: WarehouseId,
    /// Held, may expire.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reserved: u32,
    /// Waiting.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub backordered: u32,
    /// Firm.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub allocated: u32,
    /// On the floor.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub picking: u32,
    /// Packed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub packed: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Held {
    fn empty(warehouse: WarehouseId) -> Self {
        Self { warehouse, reserved: 0, backordered: 0, allocated: 0, picking: 0, packed: 0 }
    }

    fn at(&mut self, stage: Stage) -> Option<&mut u32> {
        match stage {
            Stage::Reserved => Some(&mut self.reserved),
            Stage::Backordered => Some(&mut self.backordered),
            Stage::Allocated => Some(&mut self.allocated),
            Stage::Picking => Some(&mut self.picking),
            Stage::Packed => Some(&mut self.packed),
            _ => None,
        }
    }

    /// Units of all five stages.
    pub const fn units(&self) -> u32 {
        self.reserved + self.backordered + self.allocated + self.picking + self.packed
    }
}

/// The quantities of one line (SM-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineState {
    /// Number of the line.
    pub line: u16,
    /// Units ordered.
    pub ordered: u32,
    /// Ordered, nothing held.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub open: u32,
    /// Held, by warehouse; entries with units only.
    #[serde(default, skip_serializing_if = "SmallVec::is_empty")]
    pub held: SmallVec<[Held; 1]>,
    /// Allocated units of a line without stock.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ready: u32,
    /// Handed over, not delivered.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub in_transit: u32,
    /// Delivered and not returned.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delivered: u32,
    /// On the way back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rto_pending: u32,
    /// Scanned in.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returned: u32,
    /// Declared lost.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost: u32,
    /// Canceled.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub canceled: u32,
}

impl LineState {
    /// A line of which nothing is held yet.
    pub fn new(line: u16, ordered: u32) -> Self {
        Self { line, ordered, open: ordered, ..Self::default() }
    }

    /// Units in one stage, over all warehouses.
    pub fn units(&self, stage: Stage) -> u32 {
        let held = |pick: fn(&Held) -> u32| self.held.iter().map(pick).sum();
        match stage {
            Stage::Open => self.open,
            Stage::Reserved => held(|h| h.reserved),
            Stage::Backordered => held(|h| h.backordered),
            Stage::Allocated => held(|h| h.allocated) + self.ready,
            Stage::Picking => held(|h| h.picking),
            Stage::Packed => held(|h| h.packed),
            Stage::InTransit => self.in_transit,
            Stage::Delivered => self.delivered,
            Stage::RtoPending => self.rto_pending,
            Stage::Returned => self.returned,
            Stage::Lost => self.lost,
            Stage::Canceled => self.canceled,
        }
    }

    /// Units of a stage in one warehouse (`None`: of a line without stock).
    pub fn units_at(&self, stage: Stage, warehouse: Option<&WarehouseId>) -> u32 {
        match warehouse {
            Some(code) => self.held.iter().find(|h| h.warehouse == *code).map_or(0, |h| {
                let mut held = h.clone();
                held.at(stage).map_or(0, |n| *n)
            }),
            None if stage == Stage::Allocated => self.ready,
            None => self.units(stage),
        }
    }

    /// Sum of the twelve quantities; equals [`LineState::ordered`] always.
    pub fn sum(&self) -> u32 {
        Stage::ALL.iter().map(|stage| self.units(*stage)).sum()
    }

    /// Units that have not left yet and are not canceled.
    pub fn to_ship(&self) -> u32 {
        self.open + self.ready + self.held.iter().map(Held::units).sum::<u32>()
    }

    /// Units that left, whatever became of them.
    pub const fn shipped(&self) -> u32 {
        self.in_transit + self.delivered + self.rto_pending + self.returned + self.lost
    }

    /// Takes over what a warehouse says it holds of this line, none of which is on the floor; the difference
    /// comes from or goes to `open`.
    pub(super) fn set_held(&mut self, placed: &Placed) {
        let at = self.held.iter().position(|held| held.warehouse == placed.warehouse).unwrap_or_else(|| {
            self.held.push(Held::empty(placed.warehouse.clone()));
            self.held.len() - 1
        });
        let held = &mut self.held[at];
        let all = self.open + held.reserved + held.backordered + held.allocated;
        held.allocated = placed.allocated.min(all);
        held.reserved = placed.reserved.min(all - held.allocated);
        held.backordered = placed.backordered.min(all - held.allocated - held.reserved);
        self.open = all - held.allocated - held.reserved - held.backordered;
        self.held.retain(|held| held.units() > 0);
    }

    /// Moves units between stages; never more than are there, so the sum is kept whatever the event says.
    /// Answers how many moved.
    pub fn shift(&mut self, units: u32, from: Stage, to: Stage, warehouse: Option<&WarehouseId>) -> u32 {
        let moved = {
            let slot = self.slot(from, warehouse);
            let moved = units.min(*slot);
            *slot -= moved;
            moved
        };
        *self.slot(to, warehouse) += moved;
        self.held.retain(|held| held.units() > 0);
        moved
    }

    fn slot(&mut self, stage: Stage, warehouse: Option<&WarehouseId>) -> &mut u32 {
        match stage {
            Stage::Open => &mut self.open,
            Stage::InTransit => &mut self.in_transit,
            Stage::Delivered => &mut self.delivered,
            Stage::RtoPending => &mut self.rto_pending,
            Stage::Returned => &mut self.returned,
            Stage::Lost => &mut self.lost,
            Stage::Canceled => &mut self.canceled,
            Stage::Reserved | Stage::Backordered | Stage::Allocated | Stage::Picking | Stage::Packed => {
                let Some(code) = warehouse else { return &mut self.ready };
                let at = self.held.iter().position(|held| held.warehouse == *code).unwrap_or_else(|| {
                    self.held.push(Held::empty(code.clone()));
                    self.held.len() - 1
                });
                let held = &mut self.held[at];
                match stage {
                    Stage::Reserved => &mut held.reserved,
                    Stage::Backordered => &mut held.backordered,
                    Stage::Allocated => &mut held.allocated,
                    Stage::Picking => &mut held.picking,
                    _ => &mut held.packed,
                }
            }
        }
    }
}

words!(
    /// Where a parcel is, as the order knows it.
    ParcelState {
        /// Released to the floor.
        Released = "released",
        /// Packed.
        Packed = "packed",
        /// Has a carrier and a tracking number.
        Booked = "booked",
        /// The carrier has it.
        HandedOver = "handed_over",
        /// Arrived.
        Delivered = "delivered",
        /// On its way back.
        Returning = "returning",
        /// Came back.
        Returned = "returned",
        /// Declared lost.
        Lost = "lost",
        /// Taken back before it left.
        Canceled = "canceled",
    }
);

/// A parcel of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Number within the order, from 1.
    pub number: u16,
    /// Where it is packed.
    pub warehouse: WarehouseId,
    /// Units by line.
    pub lines: SmallVec<[(u16, u32); 2]>,
    /// Where it is.
    pub state: ParcelState,
    /// Carrier's name, once booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// Tracking number, once booked (DLV-05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    /// Last status the carrier reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_status: Option<CarrierStatus>,
}

words!(
    /// What a carrier reports (SM-08).
    CarrierStatus {
        /// The carrier has the parcel.
        PickedUp = "picked_up",
        /// Between hubs.
        InTransit = "in_transit",
        /// In the destination city.
        AtDestination = "at_destination",
        /// With a rider.
        OutForDelivery = "out_for_delivery",
        /// Nobody took it.
        AttemptFailed = "attempt_failed",
        /// On its way back.
        Returning = "returning",
        /// Damaged on the way.
        Damaged = "damaged",
        /// Arrived.
        Delivered = "delivered",
        /// The carrier says it is back; stock moves when the warehouse scans it.
        ReturnedToSender = "returned_to_sender",
        /// Gone.
        Lost = "lost",
    }
);

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

/// A warehouse at one of its versions.
pub type Seen = (WarehouseId, u64);

/// Facts kept for telling a repeat; far more than are ever on their way at once.
const FACTS_KEPT: usize = 64;

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
    /// Version of each warehouse that the quantities reflect: earlier facts from it are known already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Seen>,
    /// Later facts that were applied, the latest 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Seen>,
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
    /// The Allocation process that looks for open units again, if one runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sourcing: Option<u16>,
    /// How often that was started.
    #[serde(default)]
    pub sourcings: u16,
    /// Changes proposed so far.
    #[serde(default)]
    pub changes: u16,
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
    /// Notes, oldest first; the latest 200.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
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

    /// Whether a fact of a warehouse is part of the quantities already.
    pub fn knows(&self, at: &Seen) -> bool {
        self.seen.iter().any(|(code, version)| *code == at.0 && at.1 <= *version) || self.facts.contains(at)
    }

    pub(super) fn see(&mut self, seen: &[Seen]) {
        for (code, version) in seen {
            match self.seen.iter_mut().find(|(known, _)| known == code) {
                Some((_, known)) => *known = (*known).max(*version),
                None => self.seen.push((code.clone(), *version)),
            }
        }
    }

    pub(super) fn note_fact(&mut self, at: &Seen) {
        if self.facts.len() == FACTS_KEPT {
            self.facts.remove(0);
        }
        self.facts.push(at.clone());
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

    /// Whether units that should be firm are held nowhere: shorted, or expired before allocation.
    pub fn unsourced(&self) -> bool {
        matches!(self.lifecycle, Lifecycle::Approved | Lifecycle::Processing)
            && self.lines.iter().any(|line| line.open > 0 && self.stocked(line.line))
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
