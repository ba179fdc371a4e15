//! Leases: who has a piece of work, and until when nobody else gets it.
//!
//! Invariant: a task has at most one lease; it ends by its holder, by the office, or after silence. Three rules and no
//! more (realtime.md §8.1): a lease, a grace in which a device that lost its connection comes back, and variance for
//! what arrives after that.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UserId, floor::DeviceId};

/// How long a silent device keeps its work before the lease begins to run out, in seconds.
pub const GRACE_SECONDS: i64 = 15 * 60;
/// How long the lease itself runs after the grace, in seconds.
pub const LEASE_SECONDS: i64 = 15 * 60;

/// One lease. When its device was last heard stands with the device: a scan renews all its leases at once and writes
/// none of their tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lease {
    /// The device that has the work.
    pub device: DeviceId,
    /// Who works on it.
    pub user: UserId,
    /// Since when.
    pub since: Timestamp,
}

/// When the leases of a device end that was last heard at `heard`.
pub const fn lease_ends(heard: Timestamp) -> Timestamp {
    heard.plus_seconds(GRACE_SECONDS).plus_seconds(LEASE_SECONDS)
}
