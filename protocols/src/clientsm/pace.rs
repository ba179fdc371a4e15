//! When to try again, and how fast to send. All times are milliseconds of the caller's clock.

use crate::limits;

/// Backoff with full jitter: each delay is anything from nought to a bound that doubles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    attempt: u32,
}

impl Backoff {
    /// The next delay. `random` is any number, evenly spread.
    pub fn delay_ms(&mut self, random: u64) -> u64 {
        let bound = limits::BACKOFF_MIN_MS.saturating_mul(1 << self.attempt.min(16)).min(limits::BACKOFF_MAX_MS);
        self.attempt = self.attempt.saturating_add(1);
        random % (bound + 1)
    }

    /// A connection was stable: begin again.
    pub const fn reset(&mut self) {
        self.attempt = 0;
    }
}

/// A rate with room for a burst: a scan after a pause goes at once, a long flush keeps to the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Cost of one, in millionths of a second.
    cost_us: u64,
    burst_us: u64,
    /// When all that was sent would have been sent at the even rate.
    even_us: u64,
}

impl Pace {
    /// `rate` a second, with bursts of half a second's worth.
    pub fn new(rate: u32) -> Self {
        Self { cost_us: 1_000_000 / u64::from(rate.max(1)), burst_us: 500_000, even_us: 0 }
    }

    /// How many may go now; what is left of the burst.
    pub fn room(&self, now_ms: u64) -> u64 {
        let ahead = self.even_us.saturating_sub(now_ms * 1_000);
        self.burst_us.saturating_sub(ahead) / self.cost_us
    }

    /// So many go.
    pub fn spend(&mut self, now_ms: u64, count: u64) {
        self.even_us = self.even_us.max(now_ms * 1_000) + count * self.cost_us;
    }

    /// When one more may go.
    pub const fn due_ms(&self) -> u64 {
        (self.even_us + self.cost_us).saturating_sub(self.burst_us).div_ceil(1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_half_a_minute_and_are_spread() {
        let mut backoff = Backoff::default();
        let longest: Vec<_> = [250u64, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
            .iter()
            .map(|bound| (backoff.delay_ms(*bound), *bound))
            .collect();
        longest.iter().for_each(|(delay, bound)| assert_eq!(delay, bound));
        assert_eq!(backoff.delay_ms(30_001), 0, "and down to nought");
        (0..1_000).for_each(|_| assert!(backoff.delay_ms(u64::MAX) <= 30_000));
        backoff.reset();
        assert!(backoff.delay_ms(u64::MAX) <= 250);
    }

    #[test]
    fn a_pace_allows_a_burst_and_then_the_rate() {
        let mut pace = Pace::new(20);
        let (mut sent, mut now) = (0, 1_000);
        while now < 11_000 {
            while pace.room(now) > 0 {
                pace.spend(now, 1);
                sent += 1;
            }
            assert!(pace.due_ms() > now);
            now = pace.due_ms();
        }
        assert!((200..=211).contains(&sent), "{sent}");
    }
}
