//! Facts about a warehouse, and the stock ledger they amount to.

use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::{
    OrderId, ParcelId, Sku, Timestamp, UserId,
    warehouse::state::{Condition, Method, Profile},
};

/// One line of a canceled parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanceledLine {
    /// Line of the order.
    pub line: u16,
    /// What was in it.
    pub sku: Sku,
    /// Units.
    pub quantity: u32,
    /// Units of them that had been picked.
    pub picked: u32,
}

/// Facts about a warehouse. Each folds alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[allow(missing_docs, reason = "each variant and field is the row of the same name in state-machines.md §5.1 and §5.2")]
pub enum WarehouseEvent {
    WarehouseOpened {
        profile: Profile,
    },
    StockReceived {
        sku: Sku,
        quantity: u32,
        condition: Condition,
        reference: String,
        reason: Option<String>,
    },
    StockAdjusted {
        sku: Sku,
        delta: i64,
        reason: String,
    },
    /// `delta` is the variance that was posted.
    StockCounted {
        sku: Sku,
        counted: u32,
        at_version: u64,
        delta: i64,
        reason: String,
    },
    /// What the floor did, by its number of it.
    FloorBooked {
        number: u64,
        entries: Vec<(Sku, Condition, i64)>,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
    },
    StockPolicySet {
        sku: Sku,
        safety: u32,
        backorder_cap: Option<u32>,
        low_stock: u32,
    },
    ConditionMoved {
        sku: Sku,
        from: Condition,
        to: Condition,
        quantity: u32,
        reason: String,
    },
    /// Once per downward crossing of the threshold (INV-07).
    StockLow {
        sku: Sku,
        available: u32,
        threshold: u32,
    },
    /// `waited`: out of the backorder queue.
    StockReserved {
        order: OrderId,
        line: u16,
        sku: Sku,
        quantity: u32,
        expires: Option<Timestamp>,
        priority: u8,
        waited: bool,
    },
    StockBackordered {
        order: OrderId,
        line: u16,
        sku: Sku,
        quantity: u32,
        expires: Option<Timestamp>,
        priority: u8,
    },
    HoldTransferred {
        from: OrderId,
        to: OrderId,
        line: u16,
        sku: Sku,
        quantity: u32,
        expires: Option<Timestamp>,
        priority: u8,
    },
    HoldExtended {
        order: OrderId,
        line: u16,
        sku: Sku,
        expires: Option<Timestamp>,
    },
    /// `waited`: out of the backorder queue, otherwise out of the order's own reservation.
    StockAllocated {
        order: OrderId,
        line: u16,
        sku: Sku,
        quantity: u32,
        waited: bool,
    },
    BackorderConfirmed {
        order: OrderId,
        line: u16,
        sku: Sku,
    },
    ReservationExpired {
        order: OrderId,
        line: u16,
        sku: Sku,
        quantity: u32,
    },
    StockReleased {
        order: OrderId,
        line: u16,
        sku: Sku,
        reserved: u32,
        waiting: u32,
        allocated: u32,
    },
    /// The order holds nothing here and never will again.
    HoldsClosed {
        order: OrderId,
    },
    StockShorted {
        order: OrderId,
        line: u16,
        sku: Sku,
        reserved: u32,
        allocated: u32,
        reason: String,
    },
    /// A unit came back and is in the building, not sellable (SM-10). `receipt` is the order's number of it.
    UnitReceived {
        order: OrderId,
        receipt: u16,
        line: u16,
        sku: Sku,
        quantity: u32,
    },
    UnitRestocked {
        order: OrderId,
        receipt: u16,
        line: u16,
        sku: Sku,
        quantity: u32,
    },
    UnitScrapped {
        order: OrderId,
        receipt: u16,
        line: u16,
        sku: Sku,
        quantity: u32,
        reason: String,
    },
    FulfillmentPlanned {
        parcel: ParcelId,
        lines: Vec<(u16, Sku, u32)>,
        method: Method,
    },
    /// `lines` and `priority`: what the floor needs to know of it.
    PickAssigned {
        parcel: ParcelId,
        #[serde(default)]
        lines: Vec<(u16, Sku, u32)>,
        #[serde(default)]
        priority: u8,
    },
    PickClaimed {
        parcel: ParcelId,
        picker: UserId,
        lease: Timestamp,
    },
    PickReleased {
        parcel: ParcelId,
        expired: bool,
    },
    UnitPicked {
        parcel: ParcelId,
        line: u16,
        sku: Sku,
        quantity: u32,
    },
    PickCompleted {
        parcel: ParcelId,
    },
    PickShorted {
        parcel: ParcelId,
        line: u16,
        sku: Sku,
        quantity: u32,
        reason: String,
    },
    ParcelPacked {
        parcel: ParcelId,
        weight_grams: u32,
    },
    FulfillmentSplit {
        parcel: ParcelId,
        into: ParcelId,
        lines: Vec<(u16, u32)>,
    },
    ConsignmentAttached {
        parcel: ParcelId,
        carrier: String,
        tracking: String,
    },
    ConsignmentDetached {
        parcel: ParcelId,
    },
    ParcelHeld {
        parcel: ParcelId,
        reason: String,
    },
    ParcelResumed {
        parcel: ParcelId,
    },
    ParcelHandedOver {
        parcel: ParcelId,
        by_carrier: bool,
    },
    StockShipped {
        parcel: ParcelId,
        line: u16,
        sku: Sku,
        quantity: u32,
    },
    FulfillmentClosed {
        parcel: ParcelId,
    },
    /// `kept`: the units are still allocated to the order.
    FulfillmentCanceled {
        parcel: ParcelId,
        lines: Vec<CanceledLine>,
        kept: bool,
    },
}

/// One entry of the stock ledger: a change of what is on hand (INV-11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// Of what.
    pub sku: Sku,
    /// In which condition.
    pub condition: Condition,
    /// Units, negative when they leave.
    pub delta: i64,
    /// The event's cause in one word.
    pub cause: &'static str,
    /// The order it is about, if any.
    pub order: Option<OrderId>,
    /// Reason or reference, if one was given.
    pub reason: Option<String>,
    /// Who did it, where the event says so.
    pub by: Option<UserId>,
}

impl WarehouseEvent {
    /// The order it is about, if any.
    pub const fn order(&self) -> Option<OrderId> {
        match self {
            Self::StockReserved { order, .. }
            | Self::StockBackordered { order, .. }
            | Self::HoldTransferred { to: order, .. }
            | Self::HoldExtended { order, .. }
            | Self::StockAllocated { order, .. }
            | Self::BackorderConfirmed { order, .. }
            | Self::ReservationExpired { order, .. }
            | Self::StockReleased { order, .. }
            | Self::HoldsClosed { order }
            | Self::UnitReceived { order, .. }
            | Self::UnitRestocked { order, .. }
            | Self::UnitScrapped { order, .. }
            | Self::StockShorted { order, .. } => Some(*order),
            _ => match self.parcel() {
                Some(parcel) => Some(parcel.order),
                None => None,
            },
        }
    }

    /// The parcel it is about, if any.
    pub const fn parcel(&self) -> Option<ParcelId> {
        match self {
            Self::FulfillmentPlanned { parcel, .. }
            | Self::PickAssigned { parcel, .. }
            | Self::PickClaimed { parcel, .. }
            | Self::PickReleased { parcel, .. }
            | Self::UnitPicked { parcel, .. }
            | Self::PickCompleted { parcel }
            | Self::PickShorted { parcel, .. }
            | Self::ParcelPacked { parcel, .. }
            | Self::FulfillmentSplit { parcel, .. }
            | Self::ConsignmentAttached { parcel, .. }
            | Self::ConsignmentDetached { parcel }
            | Self::ParcelHeld { parcel, .. }
            | Self::ParcelResumed { parcel }
            | Self::ParcelHandedOver { parcel, .. }
            | Self::StockShipped { parcel, .. }
            | Self::FulfillmentClosed { parcel }
            | Self::FulfillmentCanceled { parcel, .. } => Some(*parcel),
            _ => None,
        }
    }

    /// The one SKU it is about, if it is about one.
    pub const fn sku(&self) -> Option<&Sku> {
        match self {
            Self::StockReceived { sku, .. }
            | Self::StockAdjusted { sku, .. }
            | Self::StockCounted { sku, .. }
            | Self::StockPolicySet { sku, .. }
            | Self::ConditionMoved { sku, .. }
            | Self::StockLow { sku, .. }
            | Self::StockReserved { sku, .. }
            | Self::StockBackordered { sku, .. }
            | Self::HoldTransferred { sku, .. }
            | Self::HoldExtended { sku, .. }
            | Self::StockAllocated { sku, .. }
            | Self::BackorderConfirmed { sku, .. }
            | Self::ReservationExpired { sku, .. }
            | Self::StockReleased { sku, .. }
            | Self::StockShorted { sku, .. }
            | Self::UnitReceived { sku, .. }
            | Self::UnitRestocked { sku, .. }
            | Self::UnitScrapped { sku, .. }
            | Self::UnitPicked { sku, .. }
            | Self::PickShorted { sku, .. }
            | Self::StockShipped { sku, .. } => Some(sku),
            _ => None,
        }
    }
}

/// The ledger entries of an event. Their sum per SKU and condition is the row's on-hand (INV-11).
pub fn movements(event: &WarehouseEvent) -> SmallVec<[Movement; 2]> {
    use WarehouseEvent as E;
    let entry = |sku: &Sku, condition, delta, cause, reason: Option<&String>| Movement {
        sku: sku.clone(),
        condition,
        delta,
        cause,
        order: event.order(),
        reason: reason.cloned(),
        by: match event {
            E::FloorBooked { by, .. } => *by,
            _ => None,
        },
    };
    match event {
        E::StockReceived { sku, quantity, condition, reference, reason } => {
            smallvec![entry(sku, *condition, i64::from(*quantity), "received", reason.as_ref().or(Some(reference)))]
        }
        E::StockAdjusted { sku, delta, reason } => {
            smallvec![entry(sku, Condition::Sellable, *delta, "adjusted", Some(reason))]
        }
        E::StockCounted { sku, delta, reason, .. } if *delta != 0 => {
            smallvec![entry(sku, Condition::Sellable, *delta, "counted", Some(reason))]
        }
        E::FloorBooked { entries, reason, .. } => {
            let entry =
                |(sku, condition, delta): &(Sku, Condition, i64)| entry(sku, *condition, *delta, "floor", Some(reason));
            entries.iter().map(entry).collect()
        }
        E::ConditionMoved { sku, from, to, quantity, reason } => smallvec![
            entry(sku, *from, -i64::from(*quantity), "moved", Some(reason)),
            entry(sku, *to, i64::from(*quantity), "moved", Some(reason)),
        ],
        E::UnitReceived { sku, quantity, .. } => {
            smallvec![entry(sku, Condition::Returns, i64::from(*quantity), "returned", None)]
        }
        E::UnitRestocked { sku, quantity, .. } => smallvec![
            entry(sku, Condition::Returns, -i64::from(*quantity), "restocked", None),
            entry(sku, Condition::Sellable, i64::from(*quantity), "restocked", None),
        ],
        E::UnitScrapped { sku, quantity, reason, .. } => smallvec![
            entry(sku, Condition::Returns, -i64::from(*quantity), "scrapped", Some(reason)),
            entry(sku, Condition::Scrap, i64::from(*quantity), "scrapped", Some(reason)),
        ],
        E::StockShipped { sku, quantity, .. } => {
            smallvec![entry(sku, Condition::Sellable, -i64::from(*quantity), "shipped", None)]
        }
        E::FulfillmentCanceled { lines, kept: false, .. } => lines
            .iter()
            .filter(|line| line.picked > 0)
            .flat_map(|line| {
                [(Condition::Sellable, -i64::from(line.picked)), (Condition::PutBack, i64::from(line.picked))]
                    .map(|(condition, delta)| entry(&line.sku, condition, delta, "canceled", None))
            })
            .collect(),
        _ => SmallVec::new(),
    }
}
