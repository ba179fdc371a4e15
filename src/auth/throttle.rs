//! Slows down guessing of passwords (API-04): per account and address, and per account over all addresses.
//!
//! Invariant: an attempt is counted before the password is verified, so that guesses in parallel count too; a right
//! password gives its attempt back. Memory is bounded. It forgets on restart, which costs a guesser a restart.

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use dashmap::DashMap;

const MAX_ENTRIES: usize = 100_000;
const MAX_WAIT: Duration = Duration::from_secs(3_600);
/// Attempts over all addresses, as a multiple of those from one.
const ACCOUNT_FACTOR: u32 = 20;

type Key = (String, Option<IpAddr>);

#[derive(Clone, Copy, Debug)]
struct Entry {
    attempts: u32,
    blocked_until: Instant,
    forget_at: Instant,
}

/// Counts wrong passwords.
#[derive(Debug)]
pub struct Throttle {
    entries: DashMap<Key, Entry>,
    allowed: u32,
    wait: Duration,
}

impl Throttle {
    /// After `allowed` failures an account waits `wait`, doubling with each further failure up to an hour.
    pub fn new(allowed: u32, wait: Duration) -> Self {
        Self { entries: DashMap::new(), allowed, wait }
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// How long to wait; the attempt must then not be made.
    pub fn attempt(&self, account: &str, ip: IpAddr, now: Instant) -> Result<(), Duration> {
        if self.entries.len() >= MAX_ENTRIES {
            self.entries.retain(|_, entry| entry.forget_at > now);
        }
        if self.entries.len() >= MAX_ENTRIES {
            return Err(self.wait);
        }
        self.count((account.to_owned(), None), self.allowed.saturating_mul(ACCOUNT_FACTOR), now)?;
        self.count((account.to_owned(), Some(ip)), self.allowed, now)
    }

    /// The password was right: earlier failures from this address no longer count.
    pub fn succeeded(&self, account: &str, ip: IpAddr) {
        self.entries.remove(&(account.to_owned(), Some(ip)));
        if let Some(mut entry) = self.entries.get_mut(&(account.to_owned(), None)) {
            entry.attempts = entry.attempts.saturating_sub(1);
        }
    }

    fn count(&self, key: Key, allowed: u32, now: Instant) -> Result<(), Duration> {
        let fresh = Entry { attempts: 0, blocked_until: now, forget_at: now };
        let mut entry = self.entries.entry(key).or_insert(fresh);
        if entry.forget_at <= now {
            *entry = fresh;
        }
        if entry.blocked_until > now {
            return Err(entry.blocked_until - now);
        }
        entry.attempts += 1;
        entry.forget_at = now + MAX_WAIT;
        if entry.attempts >= allowed {
            let doubled = self.wait.saturating_mul(1 << (entry.attempts - allowed).min(12));
            entry.blocked_until = now + doubled.min(MAX_WAIT);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V6(std::net::Ipv6Addr::LOCALHOST);

    #[test]
    fn api_04_wrong_passwords_wait_longer_each_time_and_a_right_one_forgives() {
        let throttle = Throttle::new(3, Duration::from_secs(10));
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(throttle.attempt("a", HERE, start), Ok(()));
        }
        assert_eq!(throttle.attempt("a", HERE, start), Err(Duration::from_secs(10)));
        assert_eq!(throttle.attempt("a", THERE, start), Ok(()), "another address");
        assert_eq!(throttle.attempt("b", HERE, start), Ok(()), "another account");
        let later = start + Duration::from_secs(10);
        assert_eq!(throttle.attempt("a", HERE, later), Ok(()));
        assert_eq!(throttle.attempt("a", HERE, later), Err(Duration::from_secs(20)));
        throttle.succeeded("a", HERE);
        assert_eq!(throttle.attempt("a", HERE, later), Ok(()));
    }

    #[test]
    fn api_04_many_addresses_do_not_buy_many_guesses() {
        let throttle = Throttle::new(2, Duration::from_secs(10));
        let start = Instant::now();
        let guesses = (0..200u8).filter(|n| throttle.attempt("a", IpAddr::from([10, 0, 0, *n]), start).is_ok());
        assert_eq!(guesses.count(), 40);
    }
}
