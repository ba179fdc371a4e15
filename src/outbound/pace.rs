//! Everything that holds one connection's calls back: breaker, rate limit, retry budget, jitter.

use std::time::Duration;

use munshi_connectors::{
    outcome::Outcome,
    pace::{Admission, Breaker, Jitter, Observation, RateLimiter, RetryBudget},
};
use munshi_domain::Timestamp;

/// How long a connection whose credentials were refused is left alone before its state is looked at again.
const UNAUTHORIZED_MS: i64 = 60_000;

/// The pace of one connection.
#[derive(Debug)]
pub struct Pace {
    breaker: Breaker,
    budget: RetryBudget,
    limiter: RateLimiter,
    jitter: Jitter,
    refused_credentials: u32,
    random: fn() -> f64,
    /// When a call last went through.
    pub last_ok: Option<Timestamp>,
    /// When a call last did not, and how it ended.
    pub last_failure: Option<(Timestamp, &'static str)>,
    /// Since when no call has gone through, if one was tried.
    pub failing_since: Option<Timestamp>,
}

impl Pace {
    /// A fresh pace of at most `per_second` calls, with retries spread by `jitter`.
    pub fn new(per_second: f64, jitter: Jitter, now: Timestamp) -> Self {
        // The cast of a small positive rate.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let burst = per_second.ceil().clamp(1.0, 1_000.0) as u32;
        Self {
            breaker: Breaker::default(),
            budget: RetryBudget::new(now),
            limiter: RateLimiter::new(per_second, burst, now),
            jitter,
            refused_credentials: 0,
            random: rand::random::<f64>,
            last_ok: None,
            last_failure: None,
            failing_since: None,
        }
    }

    /// Whether a call may go out now.
    ///
    /// # Errors
    /// When to ask again.
    pub fn admit(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        self.limiter.admit(now)?;
        match self.breaker.admit(now) {
            Admission::Go | Admission::Probe => Ok(()),
            Admission::Wait(until) => Err(until),
            Admission::Reauthorize => Err(now.plus_millis(UNAUTHORIZED_MS)),
        }
    }

    /// Learns from an answer.
    pub fn answered<R>(&mut self, now: Timestamp, outcome: &Outcome<R>) {
        let mut seen = Observation::of(outcome);
        match outcome {
            Outcome::AuthExpired => {
                self.refused_credentials += 1;
                if self.refused_credentials > 1 {
                    seen = Observation::Unauthorized;
                }
            }
            Outcome::RateLimited { wait } => self.limiter.limited(now, now, *wait),
            Outcome::Ok(_) => {
                self.refused_credentials = 0;
                self.limiter.succeeded();
                self.budget.first_attempt(now);
            }
            _ => {}
        }
        match outcome {
            Outcome::Ok(_) => (self.last_ok, self.failing_since) = (Some(now), None),
            other => {
                self.last_failure = Some((now, other.class()));
                self.failing_since = self.failing_since.or(Some(now));
            }
        }
        self.breaker.record(now, seen);
    }

    /// When an effect that waited `waited_ms` the last time is tried again: the wait, and the instant.
    pub fn retry(&mut self, now: Timestamp, waited_ms: u64, floor: Duration) -> (u64, Timestamp) {
        let wait = self.jitter.next(Duration::from_millis(waited_ms), (self.random)(), floor);
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let at = now.plus_millis(i64::try_from(millis).unwrap_or(i64::MAX / 4));
        let at = match self.budget.try_retry(now) {
            Ok(()) => at,
            // Without a budget it waits until there is one.
            Err(until) => at.max(until),
        };
        (millis, at)
    }

    /// State of the breaker, by its stable name.
    pub const fn breaker(&self) -> &'static str {
        self.breaker.state()
    }

    /// Somebody wants it tried now.
    pub fn reset(&mut self) {
        self.breaker.reset();
        self.refused_credentials = 0;
    }
}
