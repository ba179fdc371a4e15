//! The practice world's time: the machine's, or one that moves only when told.

use chrono::{DateTime, Utc};
use clap::ValueEnum;

/// Whether time passes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClockMode {
    /// The machine's time, plus what was advanced.
    Real,
    /// Stands still but for `/_ctl/advance`; starts at 2026-11-20T05:00:00Z.
    Manual,
}

const MANUAL_START_MS: i64 = 1_795_150_800_000;

/// Milliseconds since 1970, `advanced` of them by command.
pub fn now_ms(mode: ClockMode, advanced: i64) -> i64 {
    let start = match mode {
        ClockMode::Real => machine_ms(),
        ClockMode::Manual => MANUAL_START_MS,
    };
    start + advanced
}

#[expect(clippy::disallowed_methods, reason = "this program stands alone; this is its one clock")]
fn machine_ms() -> i64 {
    Utc::now().timestamp_millis()
}

fn date(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

/// As Twilio's 2010 API writes times.
pub fn rfc_2822(ms: i64) -> String {
    date(ms).to_rfc2822()
}

/// The day, as Twilio's filters take it.
pub fn day(ms: i64) -> String {
    date(ms).format("%Y-%m-%d").to_string()
}
