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
}

/// Whether the server takes requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// Whether it does.
    pub ready: bool,
    /// Each check and what it found.
    pub checks: std::collections::BTreeMap<String, String>,
}
