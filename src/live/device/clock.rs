//! When something was done, by the server's clock, from what the clocks of the device showed.
//!
//! Invariant: within one boot the device's monotonic clock decides, so that a wall clock that was set meanwhile moves
//! nothing; across boots the difference of wall clocks at `hello` is all there is. What is left of an error the floor
//! clamps. Ordering never rests on it.

use munshi_domain::Timestamp;
use munshi_protocols::client::Reading;

/// What a device's clocks showed at a moment of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clocks {
    ours: Timestamp,
    theirs: Reading,
}

fn signed(millis: u64) -> i64 {
    i64::try_from(millis).unwrap_or(i64::MAX)
}

impl Clocks {
    /// They showed `theirs` at `ours`.
    pub const fn new(ours: Timestamp, theirs: Reading) -> Self {
        Self { ours, theirs }
    }

    /// Their wall clock minus ours, in milliseconds.
    pub fn skew_ms(&self) -> i64 {
        signed(self.theirs.wall_ms.get()).saturating_sub(self.ours.as_millis())
    }

    /// The moment of a reading, by our clock.
    pub fn moment(&self, at: &Reading) -> Timestamp {
        let (then, now) = if at.boot == self.theirs.boot {
            (at.mono_ms.get(), self.theirs.mono_ms.get())
        } else {
            (at.wall_ms.get(), self.theirs.wall_ms.get())
        };
        self.ours.plus_millis(signed(then).saturating_sub(signed(now)))
    }
}

#[cfg(test)]
mod tests {
    use munshi_protocols::ids::{BootId, Millis};

    use super::*;

    fn reading(wall: u64, mono: u64, boot: &str) -> Reading {
        let millis = |ms| Millis::new(ms).unwrap();
        Reading { wall_ms: millis(wall), mono_ms: millis(mono), boot: BootId::parse(boot).unwrap() }
    }

    #[test]
    fn a_wall_clock_that_is_set_moves_nothing_within_a_boot() {
        let clocks = Clocks::new(Timestamp::from_millis(1_000_000), reading(5_000, 700, "b2"));
        assert_eq!(clocks.skew_ms(), -995_000);
        assert_eq!(clocks.moment(&reading(9_999_999, 600, "b2")).as_millis(), 999_900, "100 ms before hello");
        assert_eq!(clocks.moment(&reading(4_000, 90_000, "b1")).as_millis(), 999_000, "a second before, by the wall");
        assert_eq!(clocks.moment(&reading(0, 900, "b2")).as_millis(), 1_000_200, "after hello");
    }
}
