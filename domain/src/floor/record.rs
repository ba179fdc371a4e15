//! Records of the floor beside stock: documents, returns, plates, exceptions, approvals.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    ParcelId, Sku, Timestamp, UserId, WarehouseId,
    floor::{
        CountLine, DeviceId, DocId, FloorCode, Goods, LateFact, LoadId, LocationCode, PlateId, Received, SerialNo,
        StockDelta,
    },
};

/// Who did something, where and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// The device.
    pub device: DeviceId,
    /// The person.
    pub operator: UserId,
    /// When it was done, by the corrected clock of the device.
    pub performed_at: Timestamp,
    /// When it was recorded here.
    pub recorded_at: Timestamp,
    /// Whether the device had no connection then.
    #[serde(default)]
    pub offline: bool,
    /// Whether the device's clock was ahead of ours, and its time put right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clamped: bool,
}

/// A line of a document to receive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocLine {
    /// Number on the document, from 1.
    pub line: u16,
    /// What.
    pub sku: Sku,
    /// Units ordered.
    pub expected: u32,
    /// Units received.
    #[serde(default)]
    pub received: u32,
}

/// Units of one kind on an announced plate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What.
    pub goods: Goods,
    /// How many units.
    pub units: u32,
    /// Serial numbers among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<SerialNo>,
}

/// What was received against nothing. There is no field for what was expected, so nothing can leak.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlindReceipt {
    /// Units received, by item.
    #[serde(default)]
    pub received: BTreeMap<Sku, u32>,
}

/// What a document says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DocBody {
    /// A purchase order.
    Order {
        /// What was ordered.
        lines: Vec<DocLine>,
    },
    /// An announcement of plates: each comes whole.
    Announced {
        /// What was ordered.
        lines: Vec<DocLine>,
        /// What is on each plate.
        plates: BTreeMap<PlateId, Vec<Content>>,
    },
    /// Nothing is known beforehand.
    Blind(BlindReceipt),
}

impl DocBody {
    /// Lines with what was ordered; none for a blind receipt.
    pub fn lines(&self) -> &[DocLine] {
        match self {
            Self::Order { lines } | Self::Announced { lines, .. } => lines,
            Self::Blind(_) => &[],
        }
    }
}

/// A document to receive goods against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doc {
    /// Its number.
    pub id: DocId,
    /// The site the goods are for.
    pub site: WarehouseId,
    /// What it says.
    pub body: DocBody,
    /// Whether one device at a time may work on it.
    #[serde(default)]
    pub exclusive: bool,
    /// Whether it is closed.
    #[serde(default)]
    pub closed: bool,
    /// The dock it is received at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dock: Option<LocationCode>,
    /// Devices that work on it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub devices: BTreeSet<DeviceId>,
}

/// A line of goods a customer may send back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RmaLine {
    /// Line of the order.
    pub line: u16,
    /// What.
    pub sku: Sku,
    /// Units that were shipped.
    pub shipped: u32,
    /// Units that came back.
    #[serde(default)]
    pub returned: u32,
    /// Serial numbers that were shipped.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub serials: BTreeSet<SerialNo>,
    /// Serial numbers that came back.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub back: BTreeSet<SerialNo>,
}

/// An announced return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rma {
    /// Its number.
    pub id: DocId,
    /// Number of the order.
    pub order: String,
    /// Tracking number of the parcel it comes in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    /// When it can no longer be accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// What may come back.
    pub lines: Vec<RmaLine>,
    /// Whether it is closed.
    #[serde(default)]
    pub closed: bool,
}

/// Where a plate is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlateState {
    /// Goods are being put on it.
    Open,
    /// It waits to be put away.
    Staged,
    /// It is in its location.
    Stored,
    /// It is a closed carton or pallet that waits to be loaded.
    Packed,
    /// It is on a load.
    Loaded,
    /// It has left.
    Departed,
    /// Its number is no longer used.
    Void,
}

impl PlateState {
    /// Whether the number is free again once the period of reuse is over.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Departed | Self::Void)
    }

    /// As shown.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Staged => "staged",
            Self::Stored => "stored",
            Self::Packed => "packed",
            Self::Loaded => "loaded",
            Self::Departed => "departed",
            Self::Void => "void",
        }
    }
}

/// A license plate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plate {
    /// Its number.
    pub id: PlateId,
    /// Where it is in its life.
    pub state: PlateState,
    /// Where it is.
    pub bin: LocationCode,
    /// The plate it stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<PlateId>,
    /// Why it may not be moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// The device that has it, and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<(DeviceId, Timestamp)>,
    /// The document it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<DocId>,
    /// When its state last changed.
    pub since: Timestamp,
}

/// A disagreement between floor and books that somebody has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Its number.
    pub id: u64,
    /// What is wrong.
    pub code: FloorCode,
    /// Who met it.
    pub by: By,
    /// What it is about, by name: `doc`, `plate`, `bin`, `sku`, `units`, `raw` and so on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub about: BTreeMap<String, String>,
}

/// What waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proposal {
    /// More arrived than was ordered.
    OverReceipt(Box<Received>),
    /// A count differs from the books.
    Variance {
        /// The count.
        task: u64,
        /// What it found, as differences.
        deltas: Vec<StockDelta>,
        /// What it counted.
        lines: Vec<CountLine>,
    },
    /// A fact is older than 72 h.
    Late(Box<LateFact>),
    /// A load would leave without these parcels.
    MissingPieces {
        /// The load.
        load: LoadId,
        /// What would stay behind.
        parcels: Vec<ParcelId>,
    },
}

/// A proposal and its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Its number.
    pub id: u64,
    /// Who made it.
    pub by: By,
    /// What follows if it is approved.
    pub proposal: Proposal,
}
