//! What a run measured, corrected for coordinated omission by measuring from the scheduled instant of sending.

use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;

/// Latencies and outcomes.
#[derive(Clone, Debug)]
pub struct Tally {
    latency: Histogram<u64>,
    /// Accepted.
    pub ok: u64,
    /// Refused or failed, by status and code.
    pub errors: BTreeMap<String, u64>,
}

impl Default for Tally {
    fn default() -> Self {
        // One microsecond to ten minutes at three digits; these constants are always accepted.
        let latency = Histogram::new_with_bounds(1, 600_000_000, 3)
            .unwrap_or_else(|_| unreachable!("the bounds of the histogram are constants"));
        Self { latency, ok: 0, errors: BTreeMap::new() }
    }
}

impl Tally {
    /// An accepted request.
    pub fn accept(&mut self, latency: Duration) {
        self.ok += 1;
        self.latency.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX));
    }

    /// Any other outcome.
    pub fn error(&mut self, code: String) {
        *self.errors.entry(code).or_default() += 1;
    }

    /// Adds another worker's share.
    pub fn add(&mut self, other: &Self) {
        self.ok += other.ok;
        for (code, count) in &other.errors {
            *self.errors.entry(code.clone()).or_default() += count;
        }
        // Both histograms have the same bounds.
        let _ = self.latency.add(&other.latency);
    }

    /// Milliseconds at a quantile.
    pub fn millis(&self, quantile: f64) -> f64 {
        millis(self.latency.value_at_quantile(quantile))
    }

    /// Requests that were not accepted.
    pub fn failed(&self) -> u64 {
        self.errors.values().sum()
    }

    /// One line for people.
    pub fn line(&self, seconds: f64) -> String {
        #[allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^53")]
        let rate = self.ok as f64 / seconds;
        format!(
            "{} accepted, {} not, {rate:.0}/s; p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms, max {:.2} ms{}",
            self.ok,
            self.failed(),
            self.millis(0.5),
            self.millis(0.99),
            self.millis(0.999),
            millis(self.latency.max()),
            self.errors.iter().map(|(code, count)| format!("\n  {count} × {code}")).collect::<String>(),
        )
    }
}

fn millis(micros: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "at most ten minutes in microseconds")]
    let micros = micros as f64;
    micros / 1_000.0
}

/// The value at a quantile of a few durations, and the largest.
pub fn spread(durations: &mut [Duration]) -> (Duration, Duration) {
    durations.sort_unstable();
    let median = durations.get(durations.len() / 2).copied().unwrap_or_default();
    (median, durations.last().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_counts_add_up() {
        let mut all = Tally::default();
        for part in 0..4_u64 {
            let mut tally = Tally::default();
            for n in 1..=250 {
                tally.accept(Duration::from_micros((part * 250 + n) * 1_000));
            }
            tally.error("409 insufficient_stock".into());
            all.add(&tally);
        }
        assert_eq!((all.ok, all.failed()), (1_000, 4));
        assert!((all.millis(0.5) - 500.0).abs() < 2.0 && (all.millis(0.99) - 990.0).abs() < 2.0);
        assert!(all.line(10.0).starts_with("1000 accepted, 4 not, 100/s;"), "{}", all.line(10.0));
        let mut few = [3, 1, 2].map(Duration::from_millis);
        assert_eq!(spread(&mut few), (Duration::from_millis(2), Duration::from_millis(3)));
    }
}
