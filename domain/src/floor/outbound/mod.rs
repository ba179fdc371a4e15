//! What leaves: pick lists, parcels with their cartons, loads.
//!
//! Invariant: a fact moves goods and says for which parcel, so that what is on the floor for a parcel can always be
//! told; indexes are functions of the records. The flows decide ([`crate::floor::pick`], `pack`, `ship`); nothing here
//! refuses anything.

mod event;
mod fold;
mod load;
mod parcel;

pub use event::{Picked, Release, Shorted, WorkEvent};
pub use load::{Load, LoadState};
pub use parcel::{Carton, Held, InTote, Outbound, OutboundLine, ParcelStage};

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ParcelId, Timestamp,
    floor::{LoadId, LocationCode, PlateId, SerialNo, task::Tasks},
};

/// How long what ended is remembered for facts that arrive late, in milliseconds: as long as a device keeps its queue,
/// and a day for the supervisor.
pub const REMEMBER_MILLIS: i64 = (72 + 24) * 3_600_000;
/// How long a load and with it its seal is remembered, in milliseconds: 90 days.
pub const REMEMBER_LOAD_MILLIS: i64 = 90 * 86_400_000;

/// All that leaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbounds {
    /// The work.
    pub tasks: Tasks,
    parcels: BTreeMap<ParcelId, Outbound>,
    loads: BTreeMap<LoadId, Load>,
    /// Index: whose units are in a tote; of one parcel, unless somebody mixed them.
    totes: BTreeMap<LocationCode, BTreeSet<ParcelId>>,
    /// Index: in whose carton a plate is.
    plates: BTreeMap<PlateId, ParcelId>,
    /// Index: seals of loads.
    seals: BTreeSet<String>,
    /// Index: when parcels ended.
    ended: BTreeSet<(Timestamp, ParcelId)>,
    /// Index: when loads left.
    departed: BTreeSet<(Timestamp, LoadId)>,
}

impl Outbounds {
    /// One parcel.
    pub fn parcel(&self, id: ParcelId) -> Option<&Outbound> {
        self.parcels.get(&id)
    }

    /// Every parcel, in order of id.
    pub fn parcels(&self) -> impl Iterator<Item = (ParcelId, &Outbound)> {
        self.parcels.iter().map(|(id, parcel)| (*id, parcel))
    }

    /// One load.
    pub fn load(&self, id: &LoadId) -> Option<&Load> {
        self.loads.get(id)
    }

    /// Every load, in order of id.
    pub fn loads(&self) -> impl Iterator<Item = (&LoadId, &Load)> {
        self.loads.iter()
    }

    /// Whose units are in a tote.
    pub fn of_tote(&self, tote: &LocationCode) -> impl Iterator<Item = ParcelId> {
        self.totes.get(tote).into_iter().flatten().copied()
    }

    /// In whose carton a plate is.
    pub fn of_plate(&self, plate: &PlateId) -> Option<ParcelId> {
        self.plates.get(plate).copied()
    }

    /// Whether a seal was used.
    pub fn seal_used(&self, seal: &str) -> bool {
        self.seals.contains(seal)
    }

    /// Whether a serial number is in a tote or carton of a parcel.
    pub fn has_serial(&self, parcel: ParcelId, serial: &SerialNo) -> bool {
        self.parcels.get(&parcel).is_some_and(|parcel| {
            let totes = parcel.totes.iter().map(|tote| &tote.held);
            totes.chain(parcel.cartons.iter().flat_map(|c| &c.contents)).any(|held| held.serials.contains(serial))
        })
    }

    /// Parcels that ended at or before an instant.
    pub fn ended_by(&self, at: Timestamp) -> Vec<ParcelId> {
        self.ended.iter().take_while(|(ended, _)| *ended <= at).map(|(_, id)| *id).collect()
    }

    /// Loads that left at or before an instant.
    pub fn departed_by(&self, at: Timestamp) -> Vec<LoadId> {
        self.departed.iter().take_while(|(left, _)| *left <= at).map(|(_, id)| id.clone()).collect()
    }

    /// When something may be forgotten next.
    pub fn forget_at(&self) -> Option<Timestamp> {
        let tasks = self.tasks.first_ended().map(|at| at.plus_millis(REMEMBER_MILLIS));
        let parcels = self.ended.first().map(|(at, _)| at.plus_millis(REMEMBER_MILLIS));
        let loads = self.departed.first().map(|(at, _)| at.plus_millis(REMEMBER_LOAD_MILLIS));
        [tasks, parcels, loads].into_iter().flatten().min()
    }

    /// Changes a parcel, which is made by `change` if there is none and dropped when it answers `None`, and with it the
    /// indexes.
    pub fn edit_parcel(&mut self, id: ParcelId, change: impl FnOnce(Option<Outbound>) -> Option<Outbound>) {
        let before = self.parcels.remove(&id);
        if let Some(parcel) = &before {
            self.index_parcel(id, parcel, false);
        }
        if let Some(parcel) = change(before) {
            self.index_parcel(id, &parcel, true);
            self.parcels.insert(id, parcel);
        }
    }

    fn with_parcel(&mut self, id: ParcelId, change: impl FnOnce(&mut Outbound)) {
        self.edit_parcel(id, |parcel| {
            parcel.map(|mut parcel| {
                change(&mut parcel);
                parcel
            })
        });
    }

    fn index_parcel(&mut self, id: ParcelId, parcel: &Outbound, add: bool) {
        for tote in parcel.totes.iter().map(|tote| &tote.tote) {
            if add {
                self.totes.entry(tote.clone()).or_default().insert(id);
            } else if let Some(parcels) = self.totes.get_mut(tote) {
                parcels.remove(&id);
                if parcels.is_empty() {
                    self.totes.remove(tote);
                }
            }
        }
        for plate in parcel.cartons.iter().filter_map(|carton| carton.plate.as_ref()) {
            if add {
                self.plates.insert(plate.clone(), id);
            } else if self.plates.get(plate) == Some(&id) {
                self.plates.remove(plate);
            }
        }
        if let Some(at) = parcel.ended {
            let _ = if add { self.ended.insert((at, id)) } else { self.ended.remove(&(at, id)) };
        }
    }

    /// Changes a load like [`Outbounds::edit_parcel`] a parcel.
    pub fn edit_load(&mut self, id: &LoadId, change: impl FnOnce(Option<Load>) -> Option<Load>) {
        let before = self.loads.remove(id);
        if let Some(load) = &before {
            self.index_load(id, load, false);
        }
        if let Some(load) = change(before) {
            self.index_load(id, &load, true);
            self.loads.insert(id.clone(), load);
        }
    }

    fn with_load(&mut self, id: &LoadId, change: impl FnOnce(&mut Load)) {
        self.edit_load(id, |load| {
            load.map(|mut load| {
                change(&mut load);
                load
            })
        });
    }

    fn index_load(&mut self, id: &LoadId, load: &Load, add: bool) {
        if let Some(seal) = &load.seal {
            let _ = if add { self.seals.insert(seal.clone()) } else { self.seals.remove(seal) };
        }
        if let Some(at) = load.departed {
            let entry = (at, id.clone());
            let _ = if add { self.departed.insert(entry) } else { self.departed.remove(&entry) };
        }
    }
}
