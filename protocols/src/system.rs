//! State of the server.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the server is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SystemStatus {
    /// Version of the program.
    pub version: String,
    /// Seconds since it started.
    pub uptime_seconds: u64,
    /// Last durable journal position.
    pub head: u64,
    /// Journal position that lists reflect.
    pub projected: u64,
    /// How many positions lists trail.
    pub lag: u64,
    /// Aggregates in memory by kind.
    pub live: std::collections::BTreeMap<String, u64>,
    /// Process steps under way.
    pub outstanding: u64,
    /// Why the server takes no more commands, if it does not.
    pub stopped: Option<String>,
    /// Open sockets.
    pub sockets: SocketStatus,
    /// The commit lane.
    pub lane: LaneStatus,
    /// The checker of the journal and of what is stored.
    pub doctor: DoctorStatus,
}

/// Open sockets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SocketStatus {
    /// Of consoles.
    pub consoles: u64,
    /// Of devices.
    pub devices: u64,
    /// Of customers who look at their order.
    pub tracking: u64,
    /// Subscriptions of all of them.
    pub subscriptions: u64,
}

/// The one writer of the journal, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LaneStatus {
    /// How long the oldest entry waits that is not being written yet, in milliseconds.
    pub delay_ms: u64,
    /// Batches committed.
    pub batches: u64,
    /// Entries in them.
    pub entries: u64,
    /// How long the last commit took, in milliseconds.
    pub last_commit_ms: f64,
}

/// The checker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoctorStatus {
    /// Whether a check is under way.
    pub running: bool,
    /// Since when.
    pub since: Option<String>,
    /// What the last one found, since the start of the server.
    pub last: Option<DoctorResult>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoctorResult {
    /// When it ended.
    pub at: String,
    /// Seconds it took.
    pub seconds: u64,
    /// Journal position up to which it looked.
    pub head: u64,
    /// Journal entries read.
    pub entries: u64,
    /// Documents compared with the fold of their events.
    pub documents: u64,
    /// What is wrong, the first 200 of it.
    pub problems: Vec<String>,
    /// How much is wrong.
    pub problem_count: u64,
    /// Why it could not be carried out, if so.
    pub failure: Option<String>,
}

/// Whether the server takes requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// Whether it does.
    pub ready: bool,
    /// Each check and what it found.
    pub checks: std::collections::BTreeMap<String, String>,
}
