//! Everything that holds one connection's calls back: breaker, rate limit, retry budget, jitter.

use std::time::Duration;

use munshi_connectors::{
    outcome::{Hint, Outcome},
    pace::{Admission, Breaker, Jitter, Observation, RateLimiter, RetryBudget},
    transport::Lookup,
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

    /// Learns from a look-up: it is a call like any other, and may be the one that a breaker let out to try.
    pub fn looked(&mut self, now: Timestamp, found: &Lookup) {
        match found {
            Lookup::Found(_) | Lookup::Absent | Lookup::Undecidable => {
                (self.last_ok, self.failing_since) = (Some(now), None);
                self.breaker.record(now, Observation::Answered);
            }
            Lookup::Refused { code } if code == "auth_expired" => self.answered(now, &Outcome::<()>::AuthExpired),
            Lookup::Refused { .. } => self.answered(now, &Outcome::<()>::permanent("", "", Hint::ReportToUs)),
            Lookup::RateLimited(wait) => self.answered(now, &Outcome::<()>::RateLimited { wait: *wait }),
            Lookup::Failed(why) => self.answered(now, &Outcome::<()>::retry(*why)),
            Lookup::NotPossible => self.not_called(),
        }
    }

    /// What was admitted made no call: if it was to try whether the other side is back, the next one tries.
    pub fn not_called(&mut self) {
        self.breaker.not_called();
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

#[cfg(test)]
mod tests {
    use munshi_connectors::{outcome::Why, transport::Accepted};

    use super::*;

    #[test]
    fn not_03_a_look_up_that_was_let_out_to_try_says_how_the_vendor_is() {
        let at = |second: i64| Timestamp::from_millis(0).plus_seconds(second);
        let accepted = Accepted { vendor_ref: "x".into(), state: munshi_connectors::transport::DeliveryState::Sent };
        for (found, breaker, well) in [
            (Lookup::Found(accepted), "closed", true),
            (Lookup::Absent, "closed", true),
            (Lookup::Undecidable, "closed", true),
            (Lookup::Refused { code: "20404".into() }, "closed", false),
            (Lookup::RateLimited(Duration::from_secs(1)), "closed", false),
            (Lookup::Failed(Why::Unreachable), "open", false),
            (Lookup::Failed(Why::ServerError(500)), "open", false),
            (Lookup::NotPossible, "open", false),
        ] {
            let mut pace = Pace::new(1_000.0, Jitter::default(), at(0));
            for _ in 0..5 {
                pace.answered(at(1), &Outcome::<()>::retry(Why::Unreachable));
            }
            assert_eq!(pace.admit(at(16)), Ok(()), "the probe");
            assert_eq!(pace.breaker(), "half_open");
            pace.looked(at(17), &found);
            assert_eq!((pace.breaker(), pace.last_ok == Some(at(17))), (breaker, well), "{found:?}");
            assert_eq!(pace.failing_since.is_none(), well, "{found:?}");
            // Nothing was asked, so nothing was learnt, and nobody waits for longer.
            assert_eq!(pace.admit(at(18)).is_ok(), breaker == "closed" || found == Lookup::NotPossible, "{found:?}");
        }
    }
}
