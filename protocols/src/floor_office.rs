//! What the office plans and stops on a floor, over HTTP: loads, announced returns, lots and plates.
//!
//! Invariant: a view shows what the floor's books say; what is given in a request and unknown here is refused.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What leaves together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanLoad {
    /// The door it leaves from.
    pub door: String,
    /// Parcels (`order/number`) by stop, in the order in which they are unloaded.
    pub stops: Vec<Vec<String>>,
    /// After this it leaves no more; RFC 3339.
    #[serde(default)]
    pub cutoff: Option<String>,
    /// Whether it needs a seal.
    #[serde(default)]
    pub seal_required: bool,
}

/// A load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoadView {
    /// Its number.
    pub load: String,
    /// `planned`, `loading`, `verified` or `departed`.
    pub state: String,
    /// The door it leaves from.
    pub door: String,
    /// Parcels (`order/number`) by stop, in the order in which they are unloaded.
    pub stops: Vec<Vec<String>>,
    /// After this it leaves no more.
    pub cutoff: Option<String>,
    /// Whether it needs a seal.
    pub seal_required: bool,
    /// Its seal.
    pub seal: Option<String>,
    /// Plates on it.
    pub loaded: Vec<String>,
    /// Parcels that may stay behind.
    pub left_behind: Vec<String>,
    /// The device that loads it.
    pub device: Option<String>,
    /// The decision it waits for.
    pub decision: Option<u64>,
    /// When it left.
    pub departed: Option<String>,
}

/// Goods that may come back, one line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FloorReturnLine {
    /// Line of the order.
    pub line: u16,
    /// What.
    pub sku: String,
    /// Units that were shipped.
    pub shipped: u32,
    /// Units that came back; of a request it is not read.
    #[serde(default)]
    pub returned: u32,
    /// Serial numbers that were shipped.
    #[serde(default)]
    pub serials: BTreeSet<String>,
}

/// A return that is announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectFloorReturn {
    /// Number of the order.
    pub order: String,
    /// Tracking number of the parcel it comes in.
    #[serde(default)]
    pub tracking: Option<String>,
    /// When it can no longer be accepted; RFC 3339.
    #[serde(default)]
    pub expires: Option<String>,
    /// What may come back.
    pub lines: Vec<FloorReturnLine>,
}

/// A return that was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FloorReturnView {
    /// Its number.
    #[serde(rename = "return")]
    pub id: String,
    /// Number of the order.
    pub order: String,
    /// Tracking number of the parcel it comes in.
    pub tracking: Option<String>,
    /// When it can no longer be accepted.
    pub expires: Option<String>,
    /// What may come back, and what did.
    pub lines: Vec<FloorReturnLine>,
    /// Whether it is closed.
    pub closed: bool,
}

/// Whether a lot may be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetLotStatus {
    /// `released`, `on_hold` or `recalled`.
    pub status: String,
    /// 1 to 500 characters.
    pub reason: String,
}

/// A lot of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotView {
    /// Of which item.
    pub sku: String,
    /// Its number.
    pub lot: String,
    /// The expiry date it was first seen with.
    pub expiry: Option<String>,
    /// `released`, `on_hold` or `recalled`.
    pub status: String,
}

/// A plate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlateView {
    /// Its number.
    pub plate: String,
    /// `open`, `staged`, `stored`, `packed`, `loaded`, `departed` or `void`.
    pub state: String,
    /// Where it is.
    pub location: String,
    /// Why it may not be moved.
    pub held: Option<String>,
    /// The document it came with.
    pub receipt: Option<String>,
}
