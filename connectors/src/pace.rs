//! When to call again, and when not to: jitter, retry budget, circuit breaker and rate limiter (README §7, §8).
//!
//! Each is a pure state machine over a given now and, where chance is needed, a given random number. Invariant: nothing
//! here waits, reads a clock or draws a number, every wait it names is finite, and every state is bounded in size. It
//! does not know what is being called.

use std::collections::VecDeque;
use std::time::Duration;

use munshi_domain::Timestamp;

use crate::outcome::{Outcome, Why};

fn plus(now: Timestamp, wait: Duration) -> Timestamp {
    now.plus_millis(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

fn millis_between(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millis().saturating_sub(from.as_millis()).max(0)
}

/// Decorrelated jitter: the next wait is drawn between the base and three times the last one.
#[derive(Clone, Copy, Debug)]
pub struct Jitter {
    /// The least wait.
    pub base: Duration,
    /// The longest wait.
    pub cap: Duration,
}

impl Default for Jitter {
    fn default() -> Self {
        Self { base: Duration::from_secs(1), cap: Duration::from_secs(300) }
    }
}

impl Jitter {
    /// The wait after `previous` (zero before the first retry). `random` is uniform in `[0, 1)`; `floor` is what the
    /// vendor asked for, and jitter comes on top of it so that those who were told the same time do not return together.
    pub fn next(&self, previous: Duration, random: f64, floor: Duration) -> Duration {
        let base = self.base.as_secs_f64();
        let high = (previous.as_secs_f64() * 3.0).max(base);
        let drawn = base + (high - base) * random.clamp(0.0, 1.0);
        floor.saturating_add(Duration::from_secs_f64(drawn.min(self.cap.as_secs_f64())))
    }
}

/// One retry in units of the budget; a unit is earned every millisecond, so three retries a minute.
const RETRY_COST: i64 = 20_000;
/// A first attempt earns a tenth of a retry.
const FIRST_EARNS: i64 = 2_000;
/// At most this many retries are saved up.
const MAX_SAVED: i64 = 10 * RETRY_COST;

/// Bounds retries to about a tenth of the traffic, with three a minute as a floor.
#[derive(Clone, Debug)]
pub struct RetryBudget {
    saved: i64,
    at: Timestamp,
}

impl RetryBudget {
    /// A full budget.
    pub const fn new(now: Timestamp) -> Self {
        Self { saved: MAX_SAVED, at: now }
    }

    fn earn(&mut self, now: Timestamp, extra: i64) {
        let passed = millis_between(self.at, now);
        self.at = self.at.max(now);
        self.saved = self.saved.saturating_add(passed).saturating_add(extra).min(MAX_SAVED);
    }

    /// Counts an attempt that is not a retry.
    pub fn first_attempt(&mut self, now: Timestamp) {
        self.earn(now, FIRST_EARNS);
    }

    /// Takes one retry out.
    ///
    /// # Errors
    /// When there will be one again, if nothing else is sent.
    pub fn try_retry(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        self.earn(now, 0);
        if self.saved < RETRY_COST {
            return Err(now.plus_millis(RETRY_COST - self.saved));
        }
        self.saved -= RETRY_COST;
        Ok(())
    }
}

/// What one call tells the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation {
    /// An answer, whatever it says.
    Answered,
    /// No clear answer.
    Failed,
    /// No connection.
    NotConnected,
    /// The credentials were refused even after a refresh.
    Unauthorized,
    /// Tells nothing about the endpoint's health.
    Neutral,
}

impl Observation {
    /// What an outcome tells. A first `AuthExpired` is neutral: the worker says when the refresh did not help.
    pub const fn of<R>(outcome: &Outcome<R>) -> Self {
        match outcome {
            Outcome::Ok(_) | Outcome::Permanent { .. } => Self::Answered,
            Outcome::RetryAfter { why: Why::Unreachable | Why::ConnectTimeout, .. } => Self::NotConnected,
            Outcome::RetryAfter { .. } | Outcome::Unknown { .. } => Self::Failed,
            Outcome::RateLimited { .. } | Outcome::AuthExpired => Self::Neutral,
        }
    }
}

/// Whether a call may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Yes.
    Go,
    /// Yes, this one alone, to see whether the endpoint is back.
    Probe,
    /// Not before this time.
    Wait(Timestamp),
    /// Not before somebody has authorised the connection again.
    Reauthorize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum BreakerState {
    Closed,
    Open { until: Timestamp, pause: Duration },
    Probing { since: Timestamp, pause: Duration },
    Unauthorized,
}

/// The circuit breaker of one endpoint group of one connection.
#[derive(Clone, Debug)]
pub struct Breaker {
    state: BreakerState,
    calls: VecDeque<(Timestamp, bool)>,
    connect_failures: u32,
}

const WINDOW_MS: i64 = 30_000;
const WINDOW_CALLS: usize = 20;
const MAX_CALLS_KEPT: usize = 256;
const CONNECT_FAILURES: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(15);
const MAX_PAUSE: Duration = Duration::from_secs(300);
/// A probe that has not been recorded for this long was lost; another may go.
const PROBE_LOST_MS: i64 = 120_000;

impl Default for Breaker {
    fn default() -> Self {
        Self { state: BreakerState::Closed, calls: VecDeque::new(), connect_failures: 0 }
    }
}

impl Breaker {
    /// The stable name of the state: `closed`, `open`, `half_open` or `unauthorized`.
    pub const fn state(&self) -> &'static str {
        match self.state {
            BreakerState::Closed => "closed",
            BreakerState::Open { .. } => "open",
            BreakerState::Probing { .. } => "half_open",
            BreakerState::Unauthorized => "unauthorized",
        }
    }

    /// Whether a call may go out now. A [`Admission::Probe`] must be followed by [`Breaker::record`], or by
    /// [`Breaker::not_called`].
    pub fn admit(&mut self, now: Timestamp) -> Admission {
        match self.state {
            BreakerState::Closed => Admission::Go,
            BreakerState::Unauthorized => Admission::Reauthorize,
            BreakerState::Open { until, .. } if now < until => Admission::Wait(until),
            BreakerState::Open { pause, .. } => {
                self.state = BreakerState::Probing { since: now, pause };
                Admission::Probe
            }
            BreakerState::Probing { since, pause } => {
                let lost = since.plus_millis(PROBE_LOST_MS);
                if now < lost {
                    return Admission::Wait(lost);
                }
                self.state = BreakerState::Probing { since: now, pause };
                Admission::Probe
            }
        }
    }

    /// Learns from a call.
    pub fn record(&mut self, now: Timestamp, seen: Observation) {
        match seen {
            Observation::Neutral => self.end_probe(now),
            Observation::Unauthorized => self.state = BreakerState::Unauthorized,
            Observation::Answered => self.answered(now),
            Observation::Failed => self.failed(now, false),
            Observation::NotConnected => self.failed(now, true),
        }
    }

    /// What was let out made no call. If it was the probe, the next one that asks is.
    pub fn not_called(&mut self) {
        if let BreakerState::Probing { since, pause } = self.state {
            self.state = BreakerState::Open { until: since, pause };
        }
    }

    /// Somebody has authorised the connection again, or wants it tried now.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// A throttled probe shows an endpoint that is alive; the limiter holds the calls back.
    fn end_probe(&mut self, now: Timestamp) {
        if matches!(self.state, BreakerState::Probing { .. }) {
            self.answered(now);
        }
    }

    fn answered(&mut self, now: Timestamp) {
        self.connect_failures = 0;
        match self.state {
            BreakerState::Probing { .. } => self.reset(),
            BreakerState::Closed => self.keep(now, true),
            // The answer to a call from before the opening changes nothing.
            BreakerState::Open { .. } | BreakerState::Unauthorized => {}
        }
    }

    fn failed(&mut self, now: Timestamp, not_connected: bool) {
        match self.state {
            BreakerState::Probing { pause, .. } => {
                let pause = pause.saturating_mul(2).min(MAX_PAUSE);
                self.state = BreakerState::Open { until: plus(now, pause), pause };
            }
            BreakerState::Closed => {
                self.connect_failures = if not_connected { self.connect_failures + 1 } else { 0 };
                self.keep(now, false);
                let failures = self.calls.iter().filter(|(_, ok)| !ok).count();
                let many = self.calls.len() >= WINDOW_CALLS && failures * 2 >= self.calls.len();
                if many || self.connect_failures >= CONNECT_FAILURES {
                    self.state = BreakerState::Open { until: plus(now, FIRST_PAUSE), pause: FIRST_PAUSE };
                }
            }
            BreakerState::Open { .. } | BreakerState::Unauthorized => {}
        }
    }

    fn keep(&mut self, now: Timestamp, ok: bool) {
        while self
            .calls
            .front()
            .is_some_and(|(at, _)| millis_between(*at, now) > WINDOW_MS || self.calls.len() >= MAX_CALLS_KEPT)
        {
            self.calls.pop_front();
        }
        self.calls.push_back((now, ok));
    }
}

/// How fast one connection may send, learnt from the vendor's answers.
///
/// A token bucket whose rate is halved by every throttle and climbs back by a twentieth of its most with each success.
#[derive(Clone, Debug)]
pub struct RateLimiter {
    /// Messages per thousand seconds, so that whole numbers do.
    most: i64,
    rate: i64,
    burst: i64,
    /// Thousandths of a thousandth of a message.
    tokens: i64,
    at: Timestamp,
    hold: Timestamp,
    /// The rate is halved once for a burst of throttles that were all sent at the old rate.
    lowered_at: Timestamp,
}

const TOKEN: i64 = 1_000_000;

impl RateLimiter {
    /// At most `per_second` on average and `burst` at once; both at least a thousandth and one.
    pub fn new(per_second: f64, burst: u32, now: Timestamp) -> Self {
        // The cast saturates; a rate that is no number counts as the least.
        #[allow(clippy::cast_possible_truncation)]
        let most = ((per_second * 1_000.0) as i64).clamp(1, 1_000_000_000);
        let burst = i64::from(burst.max(1)) * TOKEN;
        let start = Timestamp::from_millis(i64::MIN);
        Self { most, rate: most, burst, tokens: burst, at: now, hold: start, lowered_at: start }
    }

    /// Takes one message out of the bucket.
    ///
    /// # Errors
    /// The earliest time to ask again.
    pub fn admit(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        let earned = millis_between(self.at, now).saturating_mul(self.rate);
        self.at = self.at.max(now);
        self.tokens = self.tokens.saturating_add(earned).min(self.burst);
        if now < self.hold {
            return Err(self.hold);
        }
        if self.tokens < TOKEN {
            let missing = TOKEN - self.tokens;
            return Err(now.plus_millis((missing + self.rate - 1) / self.rate));
        }
        self.tokens -= TOKEN;
        Ok(())
    }

    /// The vendor throttled a call that was sent at `sent_at`, and wants `wait`.
    pub fn limited(&mut self, sent_at: Timestamp, now: Timestamp, wait: Duration) {
        self.hold = self.hold.max(plus(now, wait));
        self.tokens = 0;
        if sent_at >= self.lowered_at {
            self.rate = (self.rate / 2).max(self.most / 64).max(1);
            self.lowered_at = now;
        }
    }

    /// A call went through.
    pub fn succeeded(&mut self) {
        self.rate = (self.rate + (self.most / 20).max(1)).min(self.most);
    }

    /// Messages per second at present.
    #[allow(clippy::cast_precision_loss)]
    pub fn per_second(&self) -> f64 {
        self.rate as f64 / 1_000.0
    }
}

#[cfg(test)]
#[path = "pace_tests.rs"]
mod tests;
