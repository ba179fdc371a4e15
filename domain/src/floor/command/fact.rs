//! What was done without a connection, as a device reports it. The raw scans behind each come along, so that nothing is lost
//! that cannot be interpreted.

use serde::{Deserialize, Serialize};

use crate::{
    ParcelId,
    floor::{Content, CountLine, DocId, Goods, LoadId, LocationCode, Place, PlateId, SerialNo, TaskId},
};

/// Goods that were received without a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedFact {
    /// Against which document.
    pub doc: DocId,
    /// Where.
    #[serde(default)]
    pub bin: Option<LocationCode>,
    /// On which plate.
    pub plate: PlateId,
    /// What; empty for a whole announced plate.
    #[serde(default)]
    pub content: Option<Content>,
    /// The scans behind it, raw, so that nothing is lost that cannot be interpreted.
    #[serde(default)]
    pub raw: Vec<String>,
}

/// A plate that was put away without a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredFact {
    /// Which.
    pub plate: PlateId,
    /// Where.
    pub bin: LocationCode,
    /// The scans behind it, raw.
    #[serde(default)]
    pub raw: Vec<String>,
}

/// A location that was counted without a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedFact {
    /// The count.
    pub task: u64,
    /// Version of the floor the device had when it began.
    pub from: u64,
    /// What was there.
    pub lines: Vec<CountLine>,
    /// The scans behind it, raw.
    #[serde(default)]
    pub raw: Vec<String>,
}

/// Units that were picked without a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PickedFact {
    /// The task.
    pub task: TaskId,
    /// Line of the order.
    pub line: u16,
    /// Where they were taken.
    pub place: Place,
    /// What exactly.
    pub goods: Goods,
    /// Units.
    pub units: u32,
    /// Serial numbers among them.
    #[serde(default)]
    pub serials: Vec<SerialNo>,
    /// The tote they are in.
    pub tote: LocationCode,
    /// The scans behind it, raw.
    #[serde(default)]
    pub raw: Vec<String>,
}

/// Units that were packed without a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedFact {
    /// The parcel.
    pub parcel: ParcelId,
    /// The tote they came from.
    pub tote: LocationCode,
    /// What exactly.
    pub goods: Goods,
    /// Units.
    pub units: u32,
    /// Serial numbers among them.
    #[serde(default)]
    pub serials: Vec<SerialNo>,
    /// The scans behind it, raw.
    #[serde(default)]
    pub raw: Vec<String>,
}

/// A plate that was loaded without a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadedFact {
    /// The load.
    pub load: LoadId,
    /// The plate.
    pub plate: PlateId,
    /// The scans behind it, raw.
    #[serde(default)]
    pub raw: Vec<String>,
}
