//! Why a warehouse says no.

use crate::{
    OrderId, ParcelId, RefusalClass, Refused, Sku,
    warehouse::state::{Condition, ParcelState},
};

/// What one line lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// Line of the order.
    pub line: u16,
    /// What is short.
    pub sku: Sku,
    /// Units asked for.
    pub requested: u32,
    /// Units it could have had.
    pub available: u32,
}

/// A refusal of a warehouse; nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the fields are the numbers in the message")]
pub enum WarehouseRefusal {
    /// The command itself is wrong.
    #[error("{field} {problem}")]
    Invalid { field: &'static str, problem: &'static str },
    /// Nobody opened it.
    #[error("there is no such warehouse")]
    NotOpened,
    /// The stock is not there (VAL-05); nothing is held.
    #[error("not enough stock for {} of the lines", .shortfalls.len())]
    InsufficientStock { shortfalls: Vec<Shortfall> },
    /// The order's hold has ended for good.
    #[error("the hold of order {order} is closed")]
    HoldClosed { order: OrderId },
    /// The order holds nothing here.
    #[error("order {order} holds nothing here")]
    HoldUnknown { order: OrderId },
    /// A row would go below zero.
    #[error("{sku} has {available} units {}, {requested} are needed", condition.word())]
    NotOnHand { sku: Sku, condition: Condition, requested: u32, available: u32 },
    /// The warehouse has never had it.
    #[error("there is no row for {sku}")]
    SkuUnknown { sku: Sku },
    /// The count is about a version nobody remembers, or one that has not happened.
    #[error("count starts at version {given}, the row remembers {oldest} to {current}")]
    CountOutdated { given: u64, oldest: u64, current: u64 },
    /// More left since the count than it saw.
    #[error("{counted} were counted but {left} have left since")]
    CountContradicted { counted: u32, left: u64 },
    /// Fewer units are allocated and not yet on the floor.
    #[error("line {line} has {available} allocated units that are not on the floor, {requested} are needed")]
    NotAllocated { line: u16, requested: u32, available: u32 },
    /// No parcel with that id.
    #[error("there is no parcel {parcel}")]
    ParcelUnknown { parcel: ParcelId },
    /// The parcel has ended.
    #[error("parcel {parcel} is closed")]
    ParcelClosed { parcel: ParcelId },
    /// The parcel is elsewhere in its course.
    #[error("parcel is {}, which does not allow {command}", state.word())]
    WrongState { state: ParcelState, command: &'static str },
    /// Somebody else picks it.
    #[error("somebody else is picking this parcel")]
    ClaimedByOther,
    /// The scanned item is not in this parcel (WMS-02).
    #[error("{sku} is not in this parcel")]
    WrongItem { sku: Sku },
    /// More than the parcel still needs.
    #[error("the parcel needs {needed} more of {sku}, got {given}")]
    TooMany { sku: Sku, needed: u32, given: u32 },
    /// Held parcels do not leave.
    #[error("the parcel is on hold: {reason}")]
    ParcelHeld { reason: String },
    /// It has a live booking.
    #[error("the parcel is booked with a carrier")]
    Booked { parcel: ParcelId },
    /// It has left.
    #[error("the parcel has been handed over")]
    HandedOver { parcel: ParcelId },
}

impl Refused for WarehouseRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid_stock_command",
            Self::NotOpened => "warehouse_unknown",
            Self::InsufficientStock { .. } => "insufficient_stock",
            Self::HoldClosed { .. } => "hold_closed",
            Self::HoldUnknown { .. } => "hold_unknown",
            Self::NotOnHand { .. } => "not_on_hand",
            Self::SkuUnknown { .. } => "stock_row_unknown",
            Self::CountOutdated { .. } => "count_outdated",
            Self::CountContradicted { .. } => "count_contradicted",
            Self::NotAllocated { .. } => "not_allocated",
            Self::ParcelUnknown { .. } => "parcel_unknown",
            Self::ParcelClosed { .. } => "parcel_closed",
            Self::WrongState { .. } => "parcel_state",
            Self::ClaimedByOther => "pick_claimed",
            Self::WrongItem { .. } => "wrong_item",
            Self::TooMany { .. } => "too_many_units",
            Self::ParcelHeld { .. } => "parcel_held",
            Self::Booked { .. } => "parcel_booked",
            Self::HandedOver { .. } => "handed_over",
        }
    }

    fn class(&self) -> RefusalClass {
        match self {
            Self::Invalid { .. } => RefusalClass::Invalid,
            Self::NotOpened | Self::HoldUnknown { .. } | Self::SkuUnknown { .. } | Self::ParcelUnknown { .. } => {
                RefusalClass::NotFound
            }
            _ => RefusalClass::Conflict,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Invalid { field, .. } => Some(format!("/{field}")),
            Self::WrongItem { .. } => Some("/sku".into()),
            Self::NotOnHand { .. } | Self::TooMany { .. } => Some("/quantity".into()),
            Self::CountOutdated { .. } => Some("/at_version".into()),
            Self::CountContradicted { .. } => Some("/counted".into()),
            _ => None,
        }
    }

    fn fix(&self) -> Option<String> {
        let fix = match self {
            Self::InsufficientStock { shortfalls } => {
                let lines = shortfalls.iter().map(|s| format!("line {} ({}) to {}", s.line, s.sku, s.available));
                return Some(format!("reduce {}, or allow backorder", lines.collect::<Vec<_>>().join(", ")));
            }
            Self::NotOpened => "open the warehouse first",
            Self::CountOutdated { .. } | Self::CountContradicted { .. } => "read the row again and repeat the count",
            Self::WrongItem { .. } => "put the item back and scan one of the pick list",
            Self::ParcelHeld { .. } => "resume the parcel first",
            Self::Booked { .. } => "cancel the booking first",
            Self::HandedOver { .. } => "ask the carrier to intercept it",
            _ => return None,
        };
        Some(fix.into())
    }
}
