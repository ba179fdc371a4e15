//! Properties of the pacing state machines, over random calls and times.

use super::*;
use proptest::prelude::*;

const fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

proptest! {
    #[test]
    fn syn_09_jitter_stays_between_base_and_cap_above_the_floor(previous in 0u64..10_000_000, random in 0.0f64..1.0, floor in 0u64..100_000) {
        let jitter = Jitter::default();
        let floor = Duration::from_millis(floor);
        let wait = jitter.next(Duration::from_millis(previous), random, floor);
        prop_assert!(wait >= floor + jitter.base);
        prop_assert!(wait <= floor + jitter.cap);
    }

    #[test]
    fn syn_09_retries_never_exceed_a_tenth_of_the_traffic_and_the_floor(calls in prop::collection::vec((0i64..500, any::<bool>()), 1..2_000)) {
        let mut budget = RetryBudget::new(at(0));
        let (mut now, mut first, mut retried) = (0, 0i64, 0i64);
        for (pause, retry) in calls {
            now += pause;
            if retry {
                match budget.try_retry(at(now)) {
                    Ok(()) => retried += 1,
                    Err(when) => prop_assert!(when > at(now) && when <= at(now + RETRY_COST)),
                }
            } else {
                first += 1;
                budget.first_attempt(at(now));
            }
        }
        prop_assert!(retried * RETRY_COST <= MAX_SAVED + first * FIRST_EARNS + now);
    }

    #[test]
    fn syn_09_a_breaker_never_waits_for_ever_and_opens_only_after_failures(steps in prop::collection::vec((0i64..20_000, 0u8..4), 1..400)) {
        let mut breaker = Breaker::default();
        let (mut now, mut failed) = (0, false);
        for (pause, what) in steps {
            now += pause;
            match breaker.admit(at(now)) {
                Admission::Wait(until) => {
                    prop_assert!(failed, "opened without a failure");
                    prop_assert!(until > at(now) && until <= at(now).plus_millis(300_000));
                    continue;
                }
                Admission::Reauthorize => prop_assert!(false, "nobody was refused"),
                Admission::Go | Admission::Probe => {}
            }
            let seen = [Observation::Answered, Observation::Failed, Observation::NotConnected, Observation::Neutral]
                [usize::from(what)];
            failed |= matches!(seen, Observation::Failed | Observation::NotConnected);
            breaker.record(at(now), seen);
            prop_assert!(breaker.calls.len() <= MAX_CALLS_KEPT);
        }
    }

    #[test]
    fn syn_09_a_limiter_never_lets_more_through_than_rate_and_burst(pauses in prop::collection::vec(0i64..400, 1..500), burst in 1u32..10) {
        let mut limiter = RateLimiter::new(5.0, burst, at(0));
        let (mut now, mut sent) = (0i64, 0i64);
        for pause in pauses {
            now += pause;
            match limiter.admit(at(now)) {
                Ok(()) => sent += 1,
                Err(when) => {
                    prop_assert!(when > at(now));
                    prop_assert!(limiter.clone().admit(when).is_ok(), "the time it names is right");
                }
            }
        }
        prop_assert!(sent <= i64::from(burst) + now * 5 / 1_000 + 1);
    }

    #[test]
    fn syn_09_a_throttle_holds_everything_back_and_the_rate_recovers(wait in 0u64..60_000, throttles in 1usize..50) {
        let mut limiter = RateLimiter::new(20.0, 20, at(0));
        for _ in 0..throttles {
            limiter.limited(at(0), at(10), Duration::from_millis(wait));
        }
        prop_assert!(limiter.per_second() >= 10.0 - f64::EPSILON, "one burst of throttles halves the rate once");
        if wait > 0 {
            prop_assert_eq!(limiter.admit(at(10)), Err(at(10 + i64::try_from(wait).unwrap())));
        }
        for _ in 0..20 {
            limiter.succeeded();
        }
        prop_assert!((limiter.per_second() - 20.0).abs() < 0.01);
    }
}

#[test]
fn syn_09_a_breaker_opens_probes_once_and_doubles_its_pause() {
    let mut breaker = Breaker::default();
    for _ in 0..5 {
        assert_eq!(breaker.admit(at(0)), Admission::Go);
        breaker.record(at(0), Observation::NotConnected);
    }
    assert_eq!((breaker.state(), breaker.admit(at(1))), ("open", Admission::Wait(at(15_000))));
    assert_eq!(breaker.admit(at(15_000)), Admission::Probe);
    assert!(matches!(breaker.admit(at(15_001)), Admission::Wait(_)), "one probe at a time");
    breaker.record(at(15_100), Observation::Failed);
    assert_eq!(breaker.admit(at(15_200)), Admission::Wait(at(45_100)));
    assert_eq!(breaker.admit(at(45_100)), Admission::Probe);
    breaker.record(at(45_200), Observation::Answered);
    assert_eq!((breaker.state(), breaker.admit(at(45_201))), ("closed", Admission::Go));
}

#[test]
fn syn_09_a_breaker_opens_at_half_of_twenty_calls_in_thirty_seconds() {
    let mut breaker = Breaker::default();
    for n in 0..19 {
        breaker.record(at(n), if n % 2 == 0 { Observation::Answered } else { Observation::Failed });
    }
    assert_eq!(breaker.state(), "closed");
    breaker.record(at(20), Observation::Failed);
    assert_eq!(breaker.state(), "open");
    // The same spread over a longer time does not open it.
    let mut slow = Breaker::default();
    for n in 0..40 {
        slow.record(at(n * 2_000), if n % 2 == 0 { Observation::Answered } else { Observation::Failed });
    }
    assert_eq!(slow.state(), "closed");
}

#[test]
fn syn_09_refused_credentials_open_the_breaker_until_somebody_acts() {
    let mut breaker = Breaker::default();
    breaker.record(at(0), Observation::Unauthorized);
    assert_eq!(breaker.admit(at(10_000_000)), Admission::Reauthorize);
    breaker.reset();
    assert_eq!(breaker.admit(at(10_000_001)), Admission::Go);
}

#[test]
fn syn_09_a_lost_probe_is_replaced() {
    let mut breaker = Breaker::default();
    for _ in 0..5 {
        breaker.record(at(0), Observation::NotConnected);
    }
    assert_eq!(breaker.admit(at(15_000)), Admission::Probe);
    assert_eq!(breaker.admit(at(135_000)), Admission::Probe);
}

#[test]
fn syn_09_outcomes_count_as_the_breaker_table_says() {
    use crate::outcome::Hint;
    let of = |outcome: Outcome<()>| Observation::of(&outcome);
    assert_eq!(of(Outcome::Ok(())), Observation::Answered);
    assert_eq!(of(Outcome::permanent("x", "", Hint::ReportToUs)), Observation::Answered);
    assert_eq!(of(Outcome::retry(Why::Unreachable)), Observation::NotConnected);
    assert_eq!(of(Outcome::retry(Why::ServerError(500))), Observation::Failed);
    assert_eq!(of(Outcome::Unknown { why: Why::TimedOut }), Observation::Failed);
    assert_eq!(of(Outcome::RateLimited { wait: Duration::ZERO }), Observation::Neutral);
}

#[test]
fn not_03_a_probe_that_made_no_call_is_given_to_the_next() {
    let mut breaker = Breaker::default();
    for _ in 0..5 {
        breaker.record(at(0), Observation::NotConnected);
    }
    breaker.not_called();
    assert_eq!((breaker.state(), breaker.admit(at(14_999))), ("open", Admission::Wait(at(15_000))), "its pause stays");
    assert_eq!(breaker.admit(at(15_000)), Admission::Probe);
    assert!(matches!(breaker.admit(at(15_000)), Admission::Wait(_)), "one alone");
    breaker.not_called();
    assert_eq!(breaker.admit(at(15_001)), Admission::Probe);
    breaker.record(at(15_002), Observation::Answered);
    breaker.not_called();
    assert_eq!((breaker.state(), breaker.admit(at(15_003))), ("closed", Admission::Go));
}
