//! A load: parcels that leave from one door together, in the order of the stops.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    ParcelId, Timestamp,
    floor::{DeviceId, LocationCode, PlateId},
    order::content::words,
};

words!(
    /// Where a load is.
    LoadState {
        /// Nobody loads it yet.
        Planned = "planned",
        /// It is being loaded.
        Loading = "loading",
        /// Everything is on it, or what is missing was approved.
        Verified = "verified",
        /// It has left.
        Departed = "departed",
    }
);

/// One load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Where it is.
    pub state: LoadState,
    /// The door it leaves from.
    pub door: LocationCode,
    /// Parcels by stop, in the order in which they are unloaded; what is unloaded last is loaded first.
    pub stops: Vec<Vec<ParcelId>>,
    /// After this it leaves no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cutoff: Option<Timestamp>,
    /// Whether it needs a seal.
    #[serde(default)]
    pub seal_required: bool,
    /// Its seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// Plates on it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub loaded: BTreeSet<PlateId>,
    /// Parcels that may stay behind: a supervisor approved it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub left_behind: BTreeSet<ParcelId>,
    /// The device that loads it; it may do so without a connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// The approval that is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<u64>,
    /// When it left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departed: Option<Timestamp>,
}

impl Load {
    /// A load nobody has begun.
    pub const fn planned(
        door: LocationCode,
        stops: Vec<Vec<ParcelId>>,
        cutoff: Option<Timestamp>,
        seal_required: bool,
    ) -> Self {
        Self {
            state: LoadState::Planned,
            door,
            stops,
            cutoff,
            seal_required,
            seal: None,
            loaded: BTreeSet::new(),
            left_behind: BTreeSet::new(),
            device: None,
            approval: None,
            departed: None,
        }
    }

    /// The stop of a parcel, counted from 0.
    pub fn stop_of(&self, parcel: ParcelId) -> Option<usize> {
        self.stops.iter().position(|parcels| parcels.contains(&parcel))
    }

    /// Its parcels.
    pub fn parcels(&self) -> impl Iterator<Item = ParcelId> {
        self.stops.iter().flatten().copied()
    }
}
