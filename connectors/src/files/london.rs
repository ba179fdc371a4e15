//! Wall-clock time in London as an instant, by the rule in force since 1996: summer time from the last Sunday
//! of March to the last Sunday of October, both at 01:00 UTC.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use munshi_domain::Timestamp;

/// The instant of a London wall-clock time. An hour that happens twice is taken the first time; one that does
/// not happen is read as if the clock had not been put forward.
pub fn to_utc(local: NaiveDateTime) -> Timestamp {
    let summer = Timestamp::from_millis((local - chrono::Duration::hours(1)).and_utc().timestamp_millis());
    let winter = Timestamp::from_millis(local.and_utc().timestamp_millis());
    if in_summer(local.year(), summer) { summer } else { winter }
}

fn in_summer(year: i32, at: Timestamp) -> bool {
    match (change(year, 3), change(year, 10)) {
        (Some(start), Some(end)) => at >= start && at < end,
        _ => false,
    }
}

/// 01:00 UTC on the last Sunday of the month (one of 31 days).
fn change(year: i32, month: u32) -> Option<Timestamp> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    let sunday = last - chrono::Duration::days(i64::from(last.weekday().num_days_from_sunday()));
    Some(Timestamp::from_millis(sunday.and_hms_opt(1, 0, 0)?.and_utc().timestamp_millis()))
}

/// Reads the forms in which the data set is passed around: ISO, the spreadsheet's, and month/day/year.
pub fn parse(text: &str) -> Option<Timestamp> {
    ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .map(to_utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ord_04_london_time_becomes_utc() {
        for (local, utc) in [
            ("2010-12-01 08:26:00", "2010-12-01T08:26:00.000Z"),
            ("12/1/2010 8:26", "2010-12-01T08:26:00.000Z"),
            ("2011-07-01 08:26:00", "2011-07-01T07:26:00.000Z"),
            ("2011-03-27 00:59:59", "2011-03-27T00:59:59.000Z"),
            ("2011-03-27 01:30:00", "2011-03-27T01:30:00.000Z"),
            ("2011-03-27 02:00:00", "2011-03-27T01:00:00.000Z"),
            ("2011-10-30 00:59:00", "2011-10-29T23:59:00.000Z"),
            ("2011-10-30 01:30:00", "2011-10-30T00:30:00.000Z"),
            ("2011-10-30 02:00:00", "2011-10-30T02:00:00.000Z"),
        ] {
            assert_eq!(parse(local).unwrap().to_string(), utc, "{local}");
        }
        assert_eq!(parse("yesterday"), None);
    }
}
