//! Counts: the task, its attempts, and the comparison with the books.
//!
//! Invariant: a count is compared with the books as they were when it started, which is what "net what moved since"
//! amounts to; no count changes stock but through [`crate::floor::FloorEvent::CountAccepted`]. What a blind counter is
//! shown ([`CountTaskBlind`]) has no field for the books.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Sku, Timestamp, UserId,
    floor::{DeviceId, FloorCode, LocationCode, Lot, SerialNo, StockDelta},
};

/// Where a count stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountState {
    /// Nobody has counted yet.
    Open,
    /// Somebody else must count again.
    Recount,
    /// Somebody must decide.
    Approval,
}

/// What was counted of an item and lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountLine {
    /// What.
    pub sku: Sku,
    /// Of which lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// Its expiry date, if it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<NaiveDate>,
    /// Units.
    pub units: u32,
    /// Serial numbers, if units have them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub serials: BTreeSet<SerialNo>,
}

/// One count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// Who counted.
    pub operator: UserId,
    /// How it differed from the books.
    pub deltas: Vec<StockDelta>,
}

/// Who is counting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// The device.
    pub device: DeviceId,
    /// The person.
    pub operator: UserId,
    /// Until when nobody else may.
    pub until: Timestamp,
    /// Version of the floor the count is compared with.
    pub from: u64,
}

/// A place to count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountTask {
    /// Its number.
    pub id: u64,
    /// Where.
    pub location: LocationCode,
    /// Only this item; `None` for everything there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    /// Whether the books are hidden from the counter.
    pub blind: bool,
    /// Where it stands.
    pub state: CountState,
    /// What made it necessary; `None` for a planned count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<FloorCode>,
    /// Counts so far.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// Attempts of an earlier round, which an approver refused.
    #[serde(default)]
    pub refused: u32,
    /// Who is counting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counting: Option<Counting>,
}
