//! A device's clock against ours. Ordering never uses it; it only says when something was done.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How far in the future a device may say a fact was performed, in milliseconds; beyond, it is clamped and flagged.
pub const FUTURE_MILLIS: i64 = 120_000;
/// Age from which a fact waits for a supervisor, in milliseconds: 72 h.
pub const TOO_OLD_MILLIS: i64 = 72 * 3_600_000;

/// When a fact was performed, as far as it can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// When it was performed: what the device said, never after we heard of it by more than [`FUTURE_MILLIS`].
    pub performed_at: Timestamp,
    /// When we heard of it.
    pub recorded_at: Timestamp,
    /// Whether the device's time was clamped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clamped: bool,
}

impl Clock {
    /// What a device says, against when we hear of it.
    pub fn of(performed_at: Timestamp, recorded_at: Timestamp) -> Self {
        let clamped = performed_at > recorded_at.plus_millis(FUTURE_MILLIS);
        Self { performed_at: if clamped { recorded_at } else { performed_at }, recorded_at, clamped }
    }

    /// Whether it waits for a supervisor (`too_old`).
    pub fn is_too_old(&self) -> bool {
        self.performed_at.plus_millis(TOO_OLD_MILLIS) < self.recorded_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_future_is_clamped_and_the_past_has_an_end() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let at = |millis| Clock::of(now.plus_millis(millis), now);
        assert!(!at(FUTURE_MILLIS).clamped && at(FUTURE_MILLIS).performed_at > now);
        assert_eq!((at(FUTURE_MILLIS + 1).clamped, at(86_400_000).performed_at), (true, now));
        assert!(!at(-TOO_OLD_MILLIS).is_too_old() && at(-TOO_OLD_MILLIS - 1).is_too_old());
    }
}
