//! A parcel of an order, from the floor to the customer or back.
//!
//! Invariant: no more units of it come back than left in it. What happens to it on the floor is the warehouse's to
//! decide; the order only records it.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{
    WarehouseId,
    order::{content::words, line::is_zero},
};

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
    /// Units of it that came back, by line.
    #[serde(default, skip_serializing_if = "SmallVec::is_empty")]
    pub back: SmallVec<[(u16, u32); 1]>,
}

impl Parcel {
    /// Units of a line that left in it and did not come back.
    pub fn out(&self, line: u16) -> u32 {
        let of = |all: &[(u16, u32)]| all.iter().filter(|(known, _)| *known == line).map(|(_, n)| n).sum::<u32>();
        of(&self.lines).saturating_sub(of(&self.back))
    }

    pub(super) fn came_back(&mut self, line: u16, units: u32) {
        match self.back.iter_mut().find(|(known, _)| *known == line) {
            Some((_, back)) => *back = back.saturating_add(units),
            None => self.back.push((line, units)),
        }
        if self.lines.iter().all(|(line, _)| self.out(*line) == 0) {
            self.state = ParcelState::Returned;
        }
    }

    /// Whether nothing more is expected of it.
    pub const fn ended(&self) -> bool {
        matches!(self.state, ParcelState::Delivered | ParcelState::Returned | ParcelState::Lost | ParcelState::Canceled)
    }
}

/// Units of one line that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedUnits {
    /// The line.
    pub line: u16,
    /// Units that can be sold again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub good: u32,
    /// Units to be written off.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub damaged: u32,
}

impl ReturnedUnits {
    /// Good and damaged ones.
    pub const fn quantity(&self) -> u32 {
        self.good.saturating_add(self.damaged)
    }
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
