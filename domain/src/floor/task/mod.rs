//! The work of a site: a queue of tasks, who has which, and in what order they are handed out.
//!
//! Invariant: a task is open, leased, done or canceled; only an open one is handed out, to one device; whoever had it
//! before is remembered, so that what arrives late is known as late. What a task asks for is its [`Work`]; the flows
//! decide about that.

mod lease;
mod queue;
mod work;

pub use lease::{GRACE_SECONDS, LEASE_SECONDS, Lease, lease_ends};
pub use queue::Tasks;
pub use work::{PickLine, PickStop, PickWork, PutBackWork, ReplenishWork, Work, WorkKind};

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UserId, floor::DeviceId, order::content::words};

/// Number of a task at its site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(pub u64);

impl std::fmt::Display for TaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Most open tasks of a site.
pub const MAX_TASKS: usize = 100_000;

words!(
    /// Where a task is.
    TaskState {
        /// Nobody has it.
        Open = "open",
        /// A device has it.
        Leased = "leased",
        /// It was done.
        Done = "done",
        /// Nobody needs it any more.
        Canceled = "canceled",
    }
);

/// One task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its revision: a command that quotes an older one is `stale_task`.
    pub rev: u64,
    /// Where it is.
    pub state: TaskState,
    /// Higher goes first.
    pub priority: u8,
    /// Position in the site's order of arrival.
    pub arrival: u64,
    /// When it came.
    pub created: Timestamp,
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// Devices that had it and lost it: a fact of theirs is late.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<DeviceId>,
    /// Only this operator gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<UserId>,
    /// Why it may not be worked on now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// What it asks for.
    pub work: Work,
}

impl Task {
    /// A task nobody has.
    pub const fn new(work: Work, priority: u8, arrival: u64, created: Timestamp) -> Self {
        Self {
            rev: 1,
            state: TaskState::Open,
            priority,
            arrival,
            created,
            lease: None,
            former: Vec::new(),
            only: None,
            held: None,
            ended: None,
            work,
        }
    }

    /// Whether it is still to be done.
    pub const fn is_live(&self) -> bool {
        matches!(self.state, TaskState::Open | TaskState::Leased)
    }

    /// Whether a device has it.
    pub fn is_leased_to(&self, device: &DeviceId) -> bool {
        self.lease.as_ref().is_some_and(|lease| lease.device == *device)
    }
}
