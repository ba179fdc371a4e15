//! Dates and times in element strings: two-digit years, day 00, and their checks.
//!
//! Invariant: the current year comes in as data; nothing here reads a clock. Keep the printed form beside a resolved
//! date: the century is a guess by rule, and day 00 says less than a day of the month does.

/// A date of the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GsDate {
    /// Year, four digits.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month; the last one when the label says 00.
    pub day: u8,
    /// True when the label says day 00, "sometime in this month".
    pub day_unspecified: bool,
}

/// The year meant by a two-digit year, by the rule of the GS1 General Specifications, section 7.12: at least 51 years
/// ahead of the current two digits means the previous century, at least 50 behind means the next.
pub const fn full_year(two_digits: u8, current_year: u16) -> u16 {
    let century = current_year - current_year % 100;
    let distance = two_digits as i32 - (current_year % 100) as i32;
    let shift = if distance >= 51 {
        -100
    } else if distance <= -50 {
        100
    } else {
        0
    };
    let year = century as i32 + two_digits as i32 + shift;
    if year < 0 { 0 } else { year as u16 }
}

/// Days of a month, 0 for a month that does not exist.
pub const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// `YYMMDD`, day 00 allowed; `None` for anything that is not a date.
pub fn resolve_yymmdd(text: &str, current_year: u16) -> Option<GsDate> {
    yymmdd(text.as_bytes(), current_year)
}

pub(super) fn yymmdd(text: &[u8], current_year: u16) -> Option<GsDate> {
    let [_, _, _, _, _, _] = text else { return None };
    let year = full_year(two_digits(text, 0)?, current_year);
    let (month, day) = (two_digits(text, 2)?, two_digits(text, 4)?);
    let last = days_in_month(year, month);
    if last == 0 || day > last {
        return None;
    }
    Some(GsDate { year, month, day: if day == 0 { last } else { day }, day_unspecified: day == 0 })
}

/// `YYYYMMDD` with a real day.
pub(super) fn is_yyyymmdd(text: &[u8]) -> bool {
    let parts = || Some((two_digits(text, 0)?, two_digits(text, 2)?, two_digits(text, 4)?, two_digits(text, 6)?));
    let Some((century, year, month, day)) = parts() else { return false };
    let last = days_in_month(century as u16 * 100 + year as u16, month);
    text.len() == 8 && 1 <= day && day <= last
}

/// Two digits at `at`, at most `most`.
pub(super) fn at_most(text: &[u8], at: usize, most: u8) -> bool {
    two_digits(text, at).is_some_and(|value| value <= most)
}

fn two_digits(text: &[u8], at: usize) -> Option<u8> {
    let (tens, ones) = (text.get(at)?.wrapping_sub(b'0'), text.get(at + 1)?.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| tens * 10 + ones)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(text: &str, now: u16) -> Option<(u16, u8, u8)> {
        resolve_yymmdd(text, now).map(|date| (date.year, date.month, date.day))
    }

    #[test]
    fn the_century_turns_51_years_ahead_and_50_years_behind() {
        for (two, now, year) in [
            (76, 2026, 2076),
            (77, 2026, 1977),
            (26, 2026, 2026),
            (0, 2026, 2000),
            (0, 2049, 2000),
            (0, 2050, 2100),
            (1, 2050, 2001),
            (99, 2048, 1999),
            (99, 2049, 2099),
            (49, 2099, 2149),
            (50, 2099, 2050),
            (50, 2000, 2050),
            (51, 2000, 1951),
            (72, 2021, 1972),
            (71, 2021, 2071),
        ] {
            assert_eq!(full_year(two, now), year, "{two:02} seen in {now}");
        }
        assert_eq!(full_year(99, 0), 0, "no year before year 0");
    }

    #[test]
    fn day_00_is_the_last_day_of_its_month() {
        assert_eq!(ymd("240200", 2026), Some((2024, 2, 29)));
        assert_eq!(ymd("250200", 2026), Some((2025, 2, 28)));
        assert_eq!(ymd("251100", 2026), Some((2025, 11, 30)));
        assert!(resolve_yymmdd("251100", 2026).is_some_and(|date| date.day_unspecified));
        assert!(resolve_yymmdd("251130", 2026).is_some_and(|date| !date.day_unspecified));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["250229", "251301", "250001", "250431", "2501", "2501011", "25010a", "25 101", "", "251232"] {
            assert_eq!(resolve_yymmdd(text, 2026), None, "{text}");
        }
        assert_eq!(ymd("000229", 2026), Some((2000, 2, 29)), "2000 was a leap year");
        assert_eq!(ymd("000229", 2050), None, "2100 is none");
        assert!(is_yyyymmdd(b"20240229") && !is_yyyymmdd(b"20230229") && !is_yyyymmdd(b"20240200"));
        assert!(!is_yyyymmdd(b"2024022") && !is_yyyymmdd(b"202402291") && !is_yyyymmdd(b"2024x229"));
    }
}
