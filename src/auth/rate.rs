//! So many requests a second, so many at once, by whoever makes them: for routes that need no account.
//!
//! Invariant: memory is bounded; when there is no room for another caller even after the idle ones were forgotten, the
//! caller waits. It forgets on restart.

use std::{
    hash::Hash,
    net::IpAddr,
    time::{Duration, Instant},
};

use dashmap::DashMap;

const MAX_ENTRIES: usize = 100_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// Buckets by caller.
#[derive(Debug)]
pub struct Rate<K: Eq + Hash> {
    buckets: DashMap<K, Bucket>,
    per_second: f64,
    at_once: f64,
}

impl<K: Eq + Hash> Rate<K> {
    /// `per_second` in the long run, `at_once` after a pause.
    pub fn new(per_second: f64, at_once: f64) -> Self {
        Self { buckets: DashMap::new(), per_second, at_once }
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long to wait; the request must then not be served.
    pub fn take(&self, caller: K, now: Instant) -> Result<(), Duration> {
        let full = Duration::from_secs_f64(self.at_once / self.per_second);
        if self.buckets.len() >= MAX_ENTRIES {
            // Whose bucket is full again is as good as forgotten.
            self.buckets.retain(|_, bucket| now.saturating_duration_since(bucket.at) < full);
        }
        if self.buckets.len() >= MAX_ENTRIES {
            return Err(full);
        }
        let mut bucket = self.buckets.entry(caller).or_insert(Bucket { tokens: self.at_once, at: now });
        let gained = now.saturating_duration_since(bucket.at).as_secs_f64() * self.per_second;
        (bucket.tokens, bucket.at) = ((bucket.tokens + gained).min(self.at_once), now);
        if bucket.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.tokens) / self.per_second));
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

/// What counts as one caller: an IPv4 address, or the /64 that one IPv6 subscriber has.
pub fn subscriber(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6((ip.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_04_a_caller_waits_and_others_do_not() {
        let (rate, start) = (Rate::new(2.0, 3.0), Instant::now());
        for _ in 0..3 {
            assert_eq!(rate.take("a", start), Ok(()));
        }
        assert_eq!(rate.take("a", start), Err(Duration::from_millis(500)));
        assert_eq!(rate.take("b", start), Ok(()));
        assert_eq!(rate.take("a", start + Duration::from_millis(500)), Ok(()));
        assert!(rate.take("a", start + Duration::from_millis(501)).is_err());
    }

    #[test]
    fn api_04_addresses_of_one_subscriber_are_one_caller() {
        let parse = |text: &str| subscriber(text.parse().unwrap());
        assert_eq!(parse("2001:db8:1:2::1"), parse("2001:db8:1:2:ffff::9"));
        assert_ne!(parse("2001:db8:1:2::1"), parse("2001:db8:1:3::1"));
        assert_eq!(parse("::ffff:10.0.0.1"), parse("10.0.0.1"));
        assert_ne!(parse("10.0.0.1"), parse("10.0.0.2"));
    }
}
