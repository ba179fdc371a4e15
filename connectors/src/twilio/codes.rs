//! Twilio's error codes and what each means for a message (messaging.md §3.2). A table, so that it can be read beside
//! the vendor's own.

use std::time::Duration;

use munshi_domain::Timestamp;

use crate::outcome::{DEFAULT_THROTTLE, Hint, Outcome};

enum Meaning {
    Refused(Hint),
    Throttled,
    /// The account's daily limit: until midnight of the account's time, which is UTC.
    DayIsFull,
    Unauthorized,
}

fn meaning(code: u64) -> Option<Meaning> {
    Some(match code {
        20003 => Meaning::Unauthorized,
        20429 | 63018 => Meaning::Throttled,
        63038 => Meaning::DayIsFull,
        63016 => Meaning::Refused(Hint::SendTemplate),
        63021 | 21617 | 30007 => Meaning::Refused(Hint::ChangeText),
        63032 | 30005 | 30006 => Meaning::Refused(Hint::UseOtherChannel),
        63024 | 21211 | 21614 | 30003 | 30004 | 30008 => Meaning::Refused(Hint::CorrectRecipient),
        21610 => Meaning::Refused(Hint::RecipientOptedOut),
        21608 | 21212 | 21606 | 20404 => Meaning::Refused(Hint::FixConnection),
        21655 | 21656 | 63005 | 63027 | 63028 => Meaning::Refused(Hint::FixTemplate),
        63030 | 92005 | 21602 | 21604 => Meaning::Refused(Hint::ReportToUs),
        _ => return None,
    })
}

/// The outcome of a refusal with this code; `None` for codes that the table does not have. `text` is the vendor's.
pub fn outcome<R>(code: u64, text: &str, now: Timestamp) -> Option<Outcome<R>> {
    Some(match meaning(code)? {
        Meaning::Refused(hint) => Outcome::permanent(code.to_string(), text, hint),
        Meaning::Throttled => Outcome::RateLimited { wait: DEFAULT_THROTTLE },
        Meaning::DayIsFull => Outcome::RateLimited { wait: until_midnight(now) },
        Meaning::Unauthorized => Outcome::AuthExpired,
    })
}

/// What a code in a status callback means for the recipient or the text.
pub fn hint(code: u64) -> Option<Hint> {
    match meaning(code)? {
        Meaning::Refused(hint) => Some(hint),
        Meaning::Throttled | Meaning::DayIsFull => Some(Hint::NotToday),
        Meaning::Unauthorized => Some(Hint::FixConnection),
    }
}

fn until_midnight(now: Timestamp) -> Duration {
    const DAY_MS: i64 = 86_400_000;
    Duration::from_millis(u64::try_from(DAY_MS - now.as_millis().rem_euclid(DAY_MS)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_05_codes_mean_what_the_table_says() {
        let class = |code| outcome::<()>(code, "", Timestamp::from_millis(0)).map(|outcome| outcome.class());
        assert_eq!(class(20003), Some("auth_expired"));
        assert_eq!(class(20429), Some("rate_limited"));
        assert_eq!(class(63016), Some("permanent"));
        assert_eq!(class(99999), None);
        assert_eq!((hint(21610), hint(63016)), (Some(Hint::RecipientOptedOut), Some(Hint::SendTemplate)));
        assert_eq!((hint(63024), hint(92005)), (Some(Hint::CorrectRecipient), Some(Hint::ReportToUs)));
        let at = Timestamp::parse("2026-11-21T23:00:00Z").unwrap();
        assert_eq!(outcome::<()>(63038, "", at), Some(Outcome::RateLimited { wait: Duration::from_secs(3600) }));
    }
}
