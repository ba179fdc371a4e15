//! The one place that reads the clock. It never goes back, so that a corrected system clock cannot fire a timer
//! twice or stamp an event before its cause.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use munshi_domain::Timestamp;

/// Source of the current instant; cheap to clone.
#[derive(Clone)]
pub struct Clock {
    read: Arc<dyn Fn() -> i64 + Send + Sync>,
    latest: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    #[allow(clippy::disallowed_methods, reason = "this is the one Clock")]
    pub fn system() -> Self {
        Self::from_fn(|| chrono::Utc::now().timestamp_millis())
    }

    /// A clock that tells what `read` answers, in milliseconds since the Unix epoch: for tests and simulations.
    pub fn from_fn(read: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { read: Arc::new(read), latest: Arc::new(AtomicI64::new(i64::MIN)) }
    }

    /// Now; never before an earlier answer of this clock.
    pub fn now(&self) -> Timestamp {
        let read = (self.read)();
        Timestamp::from_millis(self.latest.fetch_max(read, Ordering::AcqRel).max(read))
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clock").finish_non_exhaustive()
    }
}
