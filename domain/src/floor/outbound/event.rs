//! Facts of tasks, parcels and loads.

use serde::{Deserialize, Serialize};

use crate::{
    ParcelId, Sku, Timestamp, UserId,
    floor::{
        By, DeviceId, LoadId, LocationCode, Move, PlateId,
        outbound::{Held, Load},
        task::{Lease, PickStop, TaskId, TaskState, Work},
    },
    order::content::words,
};

words!(
    /// Why somebody no longer has a task.
    Release {
        /// The device was silent for too long.
        Expired = "expired",
        /// The operator gave it back.
        HandedBack = "handed_back",
        /// The office took it away.
        Reassigned = "reassigned",
        /// The device was revoked.
        Revoked = "revoked",
    }
);

/// Units that were picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// The task.
    pub task: TaskId,
    /// The parcel.
    pub parcel: ParcelId,
    /// Line of the order.
    pub line: u16,
    /// What exactly, and how much of it counts for the line: what is over goes back.
    pub held: Held,
    /// Units taken beyond what the line wanted.
    pub over: u32,
    /// The tote they are in.
    pub tote: LocationCode,
    /// From where to where.
    pub moves: Vec<Move>,
    /// Units of the item picked for the parcel so far, this pick included.
    pub total: u32,
    /// Who picked.
    pub by: By,
}

/// Units that were not where they should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shorted {
    /// The task.
    pub task: TaskId,
    /// The parcel.
    pub parcel: ParcelId,
    /// Line of the order.
    pub line: u16,
    /// What.
    pub sku: Sku,
    /// Where they should have been.
    pub bin: Option<LocationCode>,
    /// Units that were there.
    pub found: u32,
    /// Units that were not.
    pub missing: u32,
    /// Units of them the parcel goes without: no other place has them.
    pub given_up: u32,
    /// Units of the item the parcel still wants in total, picked ones included.
    pub keep: u32,
    /// Why.
    pub reason: String,
    /// What is taken off the books.
    pub moves: Vec<Move>,
    /// Who reported it.
    pub by: By,
}

/// Facts of tasks, parcels and loads. Each folds alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "work_event")]
#[allow(missing_docs, reason = "each variant says what happened; fields are those of the records they make")]
pub enum WorkEvent {
    TaskAdded {
        task: TaskId,
        priority: u8,
        work: Work,
        at: Timestamp,
    },
    /// `pick`: the parcel, if it is picked by this task.
    TaskLeased {
        task: TaskId,
        pick: Option<ParcelId>,
        lease: Lease,
    },
    /// `device`: who had it.
    TaskReleased {
        task: TaskId,
        pick: Option<ParcelId>,
        why: Release,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<DeviceId>,
    },
    TaskPrioritySet {
        task: TaskId,
        priority: u8,
    },
    /// Only this operator gets it; `None` for anybody.
    TaskReserved {
        task: TaskId,
        only: Option<UserId>,
    },
    TaskHeld {
        task: TaskId,
        reason: Option<String>,
    },
    /// `device`: who had it, if somebody did.
    TaskEnded {
        task: TaskId,
        state: TaskState,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<DeviceId>,
    },
    /// Nothing can arrive late for them any more.
    WorkForgotten {
        tasks: Vec<TaskId>,
        parcels: Vec<ParcelId>,
        loads: Vec<LoadId>,
    },
    /// Where the units of a line lie.
    PickPlanned {
        task: TaskId,
        line: u16,
        stops: Vec<PickStop>,
    },
    PickSkipped {
        task: TaskId,
        line: u16,
        bin: Option<LocationCode>,
    },
    ParcelAdded {
        parcel: ParcelId,
        lines: Vec<(u16, Sku, u32)>,
    },
    Picked(Box<Picked>),
    Shorted(Box<Shorted>),
    /// A full or finished tote was put down.
    ToteDropped {
        task: TaskId,
        parcel: ParcelId,
        tote: LocationCode,
        at: LocationCode,
        by: By,
    },
    /// All of its totes stand at `station`.
    ParcelStaged {
        parcel: ParcelId,
        station: LocationCode,
    },
    ParcelHeld {
        parcel: ParcelId,
        reason: Option<String>,
    },
    ParcelBooked {
        parcel: ParcelId,
        consignment: Option<(String, String)>,
    },
    ParcelCanceled {
        parcel: ParcelId,
        at: Timestamp,
    },
    /// Units went from a tote into the open carton.
    Packed {
        parcel: ParcelId,
        held: Held,
        tote: Option<LocationCode>,
        moves: Vec<Move>,
        by: By,
    },
    CartonChosen {
        parcel: ParcelId,
        kind: String,
    },
    CartonWeighed {
        parcel: ParcelId,
        grams: u32,
    },
    CartonLabelled {
        parcel: ParcelId,
        plate: PlateId,
        moves: Vec<Move>,
        by: By,
    },
    CartonClosed {
        parcel: ParcelId,
        plate: PlateId,
        by: By,
    },
    /// Everything that was picked is in closed cartons.
    ParcelPacked {
        parcel: ParcelId,
        grams: u32,
        by: By,
    },
    /// Units were put back on a shelf.
    PutBack {
        task: TaskId,
        parcel: ParcelId,
        moves: Vec<Move>,
        ledger: bool,
        by: By,
    },
    /// Units came to the pick face that wanted them.
    Replenished {
        task: TaskId,
        units: u32,
    },
    /// `before`: parcels that were planned for it earlier.
    LoadPlanned {
        load: LoadId,
        plan: Load,
        before: Vec<ParcelId>,
    },
    LoadOpened {
        load: LoadId,
        device: DeviceId,
    },
    Loaded {
        load: LoadId,
        plate: PlateId,
        parcel: ParcelId,
        moves: Vec<Move>,
        by: By,
    },
    LoadVerified {
        load: LoadId,
    },
    /// Pieces are missing, and somebody has to say whether it leaves without them.
    LoadDisputed {
        load: LoadId,
        approval: u64,
    },
    /// `parcels` stay behind; none if it was refused.
    LoadDecided {
        load: LoadId,
        left_behind: Vec<ParcelId>,
    },
    Sealed {
        load: LoadId,
        seal: String,
    },
    /// `left`: parcels of the load that stay.
    Departed {
        load: LoadId,
        parcels: Vec<ParcelId>,
        left: Vec<ParcelId>,
        plates: Vec<PlateId>,
        moves: Vec<Move>,
        by: By,
    },
}

impl WorkEvent {
    /// The goods it moved.
    pub fn moves(&self) -> &[Move] {
        match self {
            Self::Picked(picked) => &picked.moves,
            Self::Shorted(shorted) => &shorted.moves,
            Self::Packed { moves, .. }
            | Self::CartonLabelled { moves, .. }
            | Self::PutBack { moves, .. }
            | Self::Loaded { moves, .. }
            | Self::Departed { moves, .. } => moves,
            _ => &[],
        }
    }

    /// The task it changes, if it changes one.
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Self::TaskAdded { task, .. }
            | Self::TaskLeased { task, .. }
            | Self::TaskReleased { task, .. }
            | Self::TaskPrioritySet { task, .. }
            | Self::TaskReserved { task, .. }
            | Self::TaskHeld { task, .. }
            | Self::TaskEnded { task, .. }
            | Self::PickPlanned { task, .. }
            | Self::PickSkipped { task, .. }
            | Self::ToteDropped { task, .. }
            | Self::Replenished { task, .. }
            | Self::PutBack { task, .. } => Some(*task),
            Self::Picked(picked) => Some(picked.task),
            Self::Shorted(shorted) => Some(shorted.task),
            _ => None,
        }
    }

    /// The parcel it changes, if it changes one.
    pub fn parcel(&self) -> Option<ParcelId> {
        match self {
            Self::ParcelAdded { parcel, .. }
            | Self::ParcelStaged { parcel, .. }
            | Self::ParcelHeld { parcel, .. }
            | Self::ParcelBooked { parcel, .. }
            | Self::ParcelCanceled { parcel, .. }
            | Self::Packed { parcel, .. }
            | Self::CartonChosen { parcel, .. }
            | Self::CartonWeighed { parcel, .. }
            | Self::CartonLabelled { parcel, .. }
            | Self::CartonClosed { parcel, .. }
            | Self::ParcelPacked { parcel, .. }
            | Self::PutBack { parcel, .. }
            | Self::Loaded { parcel, .. } => Some(*parcel),
            Self::Picked(picked) => Some(picked.parcel),
            Self::Shorted(shorted) => Some(shorted.parcel),
            _ => None,
        }
    }

    /// The load it changes, if it changes one.
    pub const fn load(&self) -> Option<&LoadId> {
        match self {
            Self::LoadPlanned { load, .. }
            | Self::LoadOpened { load, .. }
            | Self::Loaded { load, .. }
            | Self::LoadVerified { load }
            | Self::LoadDisputed { load, .. }
            | Self::LoadDecided { load, .. }
            | Self::Sealed { load, .. }
            | Self::Departed { load, .. } => Some(load),
            _ => None,
        }
    }
}
