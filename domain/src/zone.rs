//! The shop's days: from an IANA zone to how far its clocks are from UTC.
//!
//! Invariant: pure arithmetic over a table; zones whose clocks change with the season are not in it, because their rules
//! change by law and belong into a database. A zone that is not here is told to be unknown, never guessed.

use crate::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// Zones without daylight saving time, in minutes ahead of UTC (IANA time zone database, 2025).
const FIXED: [(&str, i64); 19] = [
    ("UTC", 0),
    ("Etc/UTC", 0),
    ("Asia/Karachi", 300),
    ("Asia/Kabul", 270),
    ("Asia/Tashkent", 300),
    ("Asia/Kolkata", 330),
    ("Asia/Calcutta", 330),
    ("Asia/Colombo", 330),
    ("Asia/Kathmandu", 345),
    ("Asia/Dhaka", 360),
    ("Asia/Dubai", 240),
    ("Asia/Muscat", 240),
    ("Asia/Riyadh", 180),
    ("Asia/Qatar", 180),
    ("Asia/Kuwait", 180),
    ("Asia/Bahrain", 180),
    ("Asia/Singapore", 480),
    ("Asia/Kuala_Lumpur", 480),
    ("Asia/Shanghai", 480),
];

/// How a zone's days lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    ahead_ms: i64,
}

impl Zone {
    /// Days of UTC.
    pub const UTC: Self = Self { ahead_ms: 0 };

    /// A zone of the table; `None` for any other.
    pub fn parse(name: &str) -> Option<Self> {
        let (_, minutes) = FIXED.into_iter().find(|(known, _)| *known == name)?;
        Some(Self { ahead_ms: minutes * 60_000 })
    }

    /// Number of the local day, counted from 1970-01-01.
    pub const fn day(self, at: Timestamp) -> i64 {
        at.as_millis().saturating_add(self.ahead_ms).div_euclid(DAY_MS)
    }

    /// Begin of a local day.
    pub const fn begin(self, day: i64) -> Timestamp {
        Timestamp::from_millis(day.saturating_mul(DAY_MS).saturating_sub(self.ahead_ms))
    }

    /// `2026-01-31 18:05` on the zone's clocks, for people.
    pub fn clock(self, at: Timestamp) -> String {
        let local = Timestamp::from_millis(at.as_millis().saturating_add(self.ahead_ms)).to_string();
        local.split_once('T').map_or_else(String::new, |(day, time)| format!("{day} {}", time.get(..5).unwrap_or(time)))
    }

    /// `2026-01-31` of a local day.
    pub fn date(day: i64) -> String {
        let text = Self::UTC.begin(day).to_string();
        text.split('T').next().unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ord_04_a_day_in_karachi_begins_at_seven_in_the_evening() {
        let zone = Zone::parse("Asia/Karachi").unwrap();
        let at = |text: &str| Timestamp::parse(text).unwrap();
        assert_eq!(zone.day(at("2026-01-31T18:59:59.999Z")) + 1, zone.day(at("2026-01-31T19:00:00Z")));
        let day = zone.day(at("2026-01-31T19:00:00Z"));
        assert_eq!((Zone::date(day).as_str(), zone.begin(day)), ("2026-02-01", at("2026-01-31T19:00:00Z")));
        assert_eq!(zone.clock(at("2026-01-31T19:05:59.999Z")), "2026-02-01 00:05");
        assert_eq!(Zone::parse("Europe/London"), None);
        assert_eq!(Zone::date(Zone::UTC.day(Timestamp::from_millis(-1))), "1969-12-31");
    }
}
