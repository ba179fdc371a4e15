//! What became of one call to another system: done, certainly not done, or not known.
//!
//! Invariant: a call that may have been carried out is never reported as one that was not. [`Outcome::Unknown`] is a
//! first-class result that is resolved by looking at the vendor, never by sending again. This module decides from
//! observations only; it makes no calls and reads no clock, so waits are spans from the moment of the answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The result of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<R> {
    /// Carried out.
    Ok(R),
    /// Certainly not carried out, or safe to repeat with the same key.
    RetryAfter {
        /// The least wait the vendor asked for; zero if it asked for none. Jitter is added on top.
        wait: Duration,
        /// What was observed.
        why: Why,
    },
    /// Certainly not carried out: the vendor throttles. The rate limiter learns from it.
    RateLimited {
        /// How long from now nothing may be sent.
        wait: Duration,
    },
    /// The credentials were refused. Refresh once, then the breaker opens.
    AuthExpired,
    /// May have been carried out. Look it up.
    Unknown {
        /// What was observed.
        why: Why,
    },
    /// Refused for good; the same request will be refused again.
    Permanent {
        /// The vendor's own code where it has one, else a code of ours in snake case.
        code: String,
        /// The vendor's words, cut to [`MAX_TEXT`] characters, without secrets, numbers of customers or message text.
        text: String,
        /// What an operator can do about it.
        hint: Hint,
    },
}

/// The most characters of a vendor's words that are kept.
pub const MAX_TEXT: usize = 300;

impl<R> Outcome<R> {
    /// A refusal for good.
    pub fn permanent(code: impl Into<String>, text: impl AsRef<str>, hint: Hint) -> Self {
        Self::Permanent { code: code.into(), text: clip(&scrub(text.as_ref())), hint }
    }

    /// Retry with no floor on the wait.
    pub fn retry(why: Why) -> Self {
        Self::RetryAfter { wait: Duration::ZERO, why }
    }

    /// The result itself replaced, everything else kept.
    pub fn map<S>(self, f: impl FnOnce(R) -> S) -> Outcome<S> {
        match self.split() {
            Ok(result) => Outcome::Ok(f(result)),
            Err(rest) => rest,
        }
    }

    /// The result, or the outcome as that of another call.
    ///
    /// # Errors
    /// Everything but [`Outcome::Ok`].
    pub fn split<S>(self) -> Result<R, Outcome<S>> {
        Err(match self {
            Self::Ok(result) => return Ok(result),
            Self::RetryAfter { wait, why } => Outcome::RetryAfter { wait, why },
            Self::RateLimited { wait } => Outcome::RateLimited { wait },
            Self::AuthExpired => Outcome::AuthExpired,
            Self::Unknown { why } => Outcome::Unknown { why },
            Self::Permanent { code, text, hint } => Outcome::Permanent { code, text, hint },
        })
    }

    /// The stable name of the class, for metrics and for the ids of result commands.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Ok(_) => "ok",
            Self::RetryAfter { .. } => "retry",
            Self::RateLimited { .. } => "rate_limited",
            Self::AuthExpired => "auth_expired",
            Self::Unknown { .. } => "unknown",
            Self::Permanent { .. } => "permanent",
        }
    }

    /// Whether the circuit breaker counts this as a failure of the endpoint: retries and unknowns do, refusals and
    /// throttling do not.
    pub const fn is_endpoint_failure(&self) -> bool {
        matches!(self, Self::RetryAfter { .. } | Self::Unknown { .. })
    }
}

/// What was observed when a call gave no clear answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code", content = "status")]
pub enum Why {
    /// Name resolution, connection or TLS handshake failed: nothing was written.
    Unreachable,
    /// No connection within the time given: nothing was written.
    ConnectTimeout,
    /// The answer did not come in time; the request was, or may have been, written.
    TimedOut,
    /// The connection ended before a whole answer had come; the request was, or may have been, written.
    ConnectionLost,
    /// An answer with this status of the 408, 425 and 5xx family.
    ServerError(u16),
    /// A success whose body cannot be read (a web page, cut JSON, another content type).
    Unreadable,
    /// The vendor said in its own words that it is busy or failing for now.
    VendorBusy,
}

impl Why {
    /// The stable code, for logs and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::ConnectTimeout => "connect_timeout",
            Self::TimedOut => "timed_out",
            Self::ConnectionLost => "connection_lost",
            Self::ServerError(_) => "server_error",
            Self::Unreadable => "unreadable",
            Self::VendorBusy => "vendor_busy",
        }
    }

    /// Whether nothing of the request can have reached the vendor.
    pub const fn before_write(self) -> bool {
        matches!(self, Self::Unreachable | Self::ConnectTimeout)
    }
}

/// What an operator can do about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// The number or address does not work: correct it at the customer.
    CorrectRecipient,
    /// The recipient cannot be reached on this channel: use another one.
    UseOtherChannel,
    /// The recipient has opted out: do not write again.
    RecipientOptedOut,
    /// The 24-hour window is closed: send an approved template.
    SendTemplate,
    /// The text is too long or its content was refused: change it.
    ChangeText,
    /// The template is unknown, not approved, or its variables do not fit.
    FixTemplate,
    /// The credentials or the sender of the connection are wrong.
    FixConnection,
    /// The vendor allows no more to this person for now; try another day.
    NotToday,
    /// The receiver has moved or refuses: correct the address of the endpoint.
    FixEndpoint,
    /// The request is wrong, which is our mistake: report it.
    ReportToUs,
}

impl Hint {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CorrectRecipient => "correct_recipient",
            Self::UseOtherChannel => "use_other_channel",
            Self::RecipientOptedOut => "recipient_opted_out",
            Self::SendTemplate => "send_template",
            Self::ChangeText => "change_text",
            Self::FixTemplate => "fix_template",
            Self::FixConnection => "fix_connection",
            Self::NotToday => "not_today",
            Self::FixEndpoint => "fix_endpoint",
            Self::ReportToUs => "report_to_us",
        }
    }

    /// The same in words for the dead-letter page.
    pub const fn text(self) -> &'static str {
        match self {
            Self::CorrectRecipient => "the number or address does not work; correct it at the customer, then replay",
            Self::UseOtherChannel => "this person cannot be reached on this channel; use another one",
            Self::RecipientOptedOut => "this person has opted out; do not write again",
            Self::SendTemplate => {
                "the person has not written for 24 hours, so free text is not taken; call, or write by another channel"
            }
            Self::ChangeText => "the text is too long or its content was refused; change it, then replay",
            Self::FixTemplate => {
                "the template is unknown, not approved, or its values do not fit; hand the texts in at the connection, then replay"
            }
            Self::FixConnection => "the credentials or the sender of this connection are wrong",
            Self::NotToday => "the vendor allows no more messages to this person for now; try another day",
            Self::FixEndpoint => "the receiver refuses or has moved; correct its address, then replay",
            Self::ReportToUs => "the request itself is wrong; please report it",
        }
    }
}

/// Whether a call may be repeated without doing it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// A read, or a call whose key the vendor recognises.
    Safe,
    /// The vendor would do it again.
    Unsafe,
}

/// The outcome of a call that got no whole answer (README §4, rows one and two).
pub fn from_transport<R>(why: Why, repeat: Repeat) -> Outcome<R> {
    if why.before_write() || repeat == Repeat::Safe { Outcome::retry(why) } else { Outcome::Unknown { why } }
}

/// The outcome that a status alone decides, for answers that are not a success; `None` for 2xx.
///
/// `retry_after` is the header of that name, already read (see [`retry_after`]). A 401 is `AuthExpired`; that the second
/// one in a row is final is the worker's knowledge.
pub fn from_status<R>(status: u16, retry_after: Option<Duration>, repeat: Repeat) -> Option<Outcome<R>> {
    let wait = retry_after.unwrap_or(Duration::ZERO);
    let why = Why::ServerError(status);
    Some(match (status, repeat) {
        (200..=299, _) => return None,
        (429, _) => Outcome::RateLimited { wait: if wait.is_zero() { DEFAULT_THROTTLE } else { wait } },
        (408 | 425 | 500..=599, Repeat::Safe) => Outcome::RetryAfter { wait, why },
        (503, Repeat::Unsafe) if retry_after.is_some() => Outcome::RetryAfter { wait, why },
        (408 | 425 | 500..=599, Repeat::Unsafe) => Outcome::Unknown { why },
        (401, _) => Outcome::AuthExpired,
        (403, _) => Outcome::permanent("http_403", "the vendor forbids this call", Hint::FixConnection),
        (300..=399, _) => Outcome::permanent(format!("http_{status}"), "the vendor redirects", Hint::FixConnection),
        _ => Outcome::permanent(format!("http_{status}"), "the vendor refuses the request", Hint::ReportToUs),
    })
}

/// The outcome of a success whose body cannot be read (README §4, row seven).
pub fn from_unreadable<R>(repeat: Repeat) -> Outcome<R> {
    match repeat {
        Repeat::Safe => Outcome::retry(Why::Unreadable),
        Repeat::Unsafe => Outcome::Unknown { why: Why::Unreadable },
    }
}

/// How long to hold off after a throttle that names no time.
pub const DEFAULT_THROTTLE: Duration = Duration::from_secs(1);

/// The longest `Retry-After` that is believed.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Reads a `Retry-After` header (RFC 9110 §10.2.3) in either form: seconds, or a date compared with `now_unix`.
/// `None` if it is neither; values are bounded by [`MAX_RETRY_AFTER`].
pub fn retry_after(value: &str, now_unix: i64) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = value.parse::<u64>().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER));
    }
    let at = chrono::DateTime::parse_from_rfc2822(value).ok()?.timestamp();
    let seconds = u64::try_from(at.saturating_sub(now_unix)).unwrap_or(0);
    Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER))
}

/// The first [`MAX_TEXT`] characters, on one line.
pub fn clip(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_TEXT).collect()
}

/// A vendor's words without what they may repeat of a recipient: addresses, and numbers of seven digits and more.
pub fn scrub(text: &str) -> String {
    let hidden = |word: &&str| {
        word.contains('@') || word.chars().filter(char::is_ascii_digit).count() >= 7 && !word.contains("://")
    };
    let words: Vec<&str> = text.split_whitespace().map(|word| if hidden(&word) { "***" } else { word }).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_06_a_vendors_words_lose_numbers_and_addresses() {
        let said = "The 'To' number whatsapp:+923001234567 is not valid; <ali@example.pk>: unknown (21211)";
        assert_eq!(scrub(said), "The 'To' number *** is not valid; *** unknown (21211)");
    }

    fn class(outcome: Option<Outcome<()>>) -> &'static str {
        outcome.map_or("none", |outcome| outcome.class())
    }

    #[test]
    fn not_03_each_status_has_the_outcome_of_the_table() {
        for (status, safe, not_safe) in [
            (200, "none", "none"),
            (302, "permanent", "permanent"),
            (400, "permanent", "permanent"),
            (401, "auth_expired", "auth_expired"),
            (404, "permanent", "permanent"),
            (408, "retry", "unknown"),
            (425, "retry", "unknown"),
            (429, "rate_limited", "rate_limited"),
            (500, "retry", "unknown"),
            (502, "retry", "unknown"),
            (503, "retry", "unknown"),
            (504, "retry", "unknown"),
        ] {
            assert_eq!(class(from_status(status, None, Repeat::Safe)), safe, "{status}");
            assert_eq!(class(from_status(status, None, Repeat::Unsafe)), not_safe, "{status}");
        }
        let asked = Some(Duration::from_secs(7));
        let want = Outcome::<()>::RetryAfter { wait: Duration::from_secs(7), why: Why::ServerError(503) };
        assert_eq!(from_status(503, asked, Repeat::Unsafe), Some(want));
        let want = Outcome::<()>::RateLimited { wait: Duration::from_secs(7) };
        assert_eq!(from_status(429, asked, Repeat::Unsafe), Some(want));
    }

    #[test]
    fn not_03_what_was_not_written_is_retried_and_what_was_is_unknown() {
        for why in [Why::Unreachable, Why::ConnectTimeout] {
            assert_eq!(from_transport::<()>(why, Repeat::Unsafe).class(), "retry");
        }
        for why in [Why::TimedOut, Why::ConnectionLost] {
            assert_eq!(from_transport::<()>(why, Repeat::Unsafe).class(), "unknown");
            assert_eq!(from_transport::<()>(why, Repeat::Safe).class(), "retry");
        }
    }

    #[test]
    fn not_03_retry_after_is_read_in_both_forms_and_bounded() {
        assert_eq!(retry_after("120", 0), Some(Duration::from_secs(120)));
        assert_eq!(retry_after("99999999999999999999", 0), Some(MAX_RETRY_AFTER));
        // Tue, 14 Nov 2023 22:13:20 GMT is 1700000000.
        assert_eq!(retry_after("Tue, 14 Nov 2023 22:13:20 GMT", 1_699_999_970), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Tue, 14 Nov 2023 22:13:20 GMT", 1_800_000_000), Some(Duration::ZERO));
        for bad in ["", "-1", "soon", "1.5"] {
            assert_eq!(retry_after(bad, 0), None, "{bad}");
        }
    }

    #[test]
    fn not_03_a_vendors_words_are_cut_and_on_one_line() {
        let long = "a\nb".repeat(400);
        let Outcome::<()>::Permanent { text, .. } = Outcome::permanent("x", &long, Hint::ReportToUs) else { panic!() };
        assert_eq!(text.chars().count(), MAX_TEXT);
        assert!(!text.contains('\n'));
    }
}
