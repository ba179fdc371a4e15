//! Serial shipping container codes: blocks handed to devices, numbers the server gives, and when one may come again.
//!
//! Invariant: within the reuse period no number is given twice, whether a device takes it offline out of its block
//! or the server takes the next one. It reads no labels and knows no plates: which number is on which plate is the
//! owner's affair.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Numbers in a block that one device may use without a connection (realtime.md §8.1).
pub const BLOCK: u64 = 50;
/// The shortest time after which GS1 lets an SSCC come again, in seconds: a year. Some markets ask for six.
pub const REUSE_SECONDS: i64 = 365 * 86_400;
/// Digits of an SSCC.
pub const DIGITS: usize = 18;
/// Uses remembered to judge a reuse; the oldest are dropped, by which time the counter is far beyond them.
const MAX_TURNS: usize = 16;

/// Why a number is not ours to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SsccFault {
    /// The site has no company prefix, or the numbers of the whole range were given within the reuse period.
    #[error("no numbers are left")]
    BlockExhausted,
    /// It was given less than the reuse period ago.
    #[error("the number was used less than the reuse period ago")]
    Reuse,
    /// It is not built from our company prefix.
    #[error("the number is not built from our company prefix")]
    ForeignPrefix,
    /// It does not have 18 digits with a valid check digit.
    #[error("the check digit is wrong")]
    CheckDigit,
}

/// A company prefix and the extension digit our numbers begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// GS1 company prefix: 4 to 12 digits.
    pub prefix: String,
    /// First digit of the number, 0 to 9.
    #[serde(default)]
    pub extension: u8,
    /// Seconds until a number may come again, at least [`REUSE_SECONDS`].
    #[serde(default = "year")]
    pub reuse_seconds: i64,
}

const fn year() -> i64 {
    REUSE_SECONDS
}

impl Numbering {
    /// Whether it can make numbers.
    pub fn is_sound(&self) -> bool {
        (4..=12).contains(&self.prefix.len())
            && self.prefix.bytes().all(|byte| byte.is_ascii_digit())
            && self.extension <= 9
            && self.reuse_seconds >= REUSE_SECONDS
    }

    /// How many serials there are.
    pub fn range(&self) -> u64 {
        let digits = DIGITS.saturating_sub(2 + self.prefix.len());
        10u64.saturating_pow(u32::try_from(digits).unwrap_or(0))
    }

    /// The number of a serial: extension, prefix, serial, check digit.
    pub fn sscc(&self, serial: u64) -> String {
        let width = DIGITS.saturating_sub(2 + self.prefix.len());
        let body = format!("{}{}{:0width$}", self.extension % 10, self.prefix, serial % self.range().max(1));
        let check = check_digit(&body).unwrap_or('0');
        format!("{body}{check}")
    }

    /// The serial of one of our numbers.
    ///
    /// # Errors
    /// [`SsccFault::CheckDigit`] or [`SsccFault::ForeignPrefix`].
    pub fn serial(&self, sscc: &str) -> Result<u64, SsccFault> {
        is_sscc(sscc).then_some(()).ok_or(SsccFault::CheckDigit)?;
        let digits = sscc[1..].strip_prefix(&self.prefix).ok_or(SsccFault::ForeignPrefix)?;
        if sscc.as_bytes()[0] != b'0' + self.extension {
            return Err(SsccFault::ForeignPrefix);
        }
        digits[..digits.len() - 1].parse().map_err(|_| SsccFault::ForeignPrefix)
    }
}

/// Weights 3 and 1 alternating from the right, modulo 10 (GS1 General Specifications §7.9); `None` unless all digits.
fn check_digit(body: &str) -> Option<char> {
    let mut sum = 0;
    for (at, digit) in body.chars().rev().enumerate() {
        sum += digit.to_digit(10)? * if at % 2 == 0 { 3 } else { 1 };
    }
    char::from_digit((10 - sum % 10) % 10, 10)
}

/// Whether a text is 18 digits with the right check digit.
pub fn is_sscc(text: &str) -> bool {
    text.len() == DIGITS && text.is_ascii() && check_digit(&text[..DIGITS - 1]) == text[DIGITS - 1..].chars().next()
}

/// Consecutive serials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The first.
    pub from: u64,
    /// How many.
    pub count: u64,
}

impl Block {
    /// Whether a serial is one of them.
    pub const fn has(&self, serial: u64) -> bool {
        serial >= self.from && serial - self.from < self.count
    }
}

/// The site's counter: which serials were given, and when the range began anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Counter {
    /// Serials given since the range began anew.
    pub next: u64,
    /// Where the counter stood, and when: what tells how long ago a serial was given.
    pub turns: Vec<(u64, Timestamp)>,
    /// Times the range began anew.
    pub round: u32,
}

impl Counter {
    /// The next `count` serials as one block.
    ///
    /// # Errors
    /// [`SsccFault::BlockExhausted`] when the range is used up and its beginning was given too short a time ago.
    pub fn take(&self, numbering: &Numbering, count: u64, now: Timestamp) -> Result<Block, SsccFault> {
        if !numbering.is_sound() || count == 0 || count > numbering.range() {
            return Err(SsccFault::BlockExhausted);
        }
        if self.next.saturating_add(count) <= numbering.range() {
            return match self.round {
                0 => Ok(Block { from: self.next, count }),
                _ => self.free(numbering, Block { from: self.next, count }, now),
            };
        }
        self.free(numbering, Block { from: 0, count }, now)
    }

    /// A block that was given once before, if that is long enough ago. The time of the latest mark behind the block
    /// is the latest its numbers can have been given.
    fn free(&self, numbering: &Numbering, block: Block, now: Timestamp) -> Result<Block, SsccFault> {
        let end = block.from.saturating_add(block.count);
        // Marks before the counter are of earlier rounds. Up to the first one at or behind the block's end they tell when
        // its numbers were given; the latest of them counts, as a round may have ended before the range did.
        let mut earlier: Vec<_> = self.turns.iter().filter(|(mark, _)| *mark > block.from).collect();
        earlier.sort_unstable();
        let upto = earlier.iter().position(|(mark, _)| *mark >= end).map_or(earlier.len(), |at| at + 1);
        let given = earlier[..upto].iter().map(|(_, at)| *at).max();
        let free = given.is_none_or(|at| at.plus_seconds(numbering.reuse_seconds) <= now);
        free.then_some(block).ok_or(SsccFault::BlockExhausted)
    }

    /// Folds that `block` was given at `at`.
    pub fn given(&mut self, block: Block, at: Timestamp) {
        if block.from < self.next {
            self.round = self.round.saturating_add(1);
        }
        self.next = block.from.saturating_add(block.count);
        let next = self.next;
        // What the counter passes again is no longer the last time those serials were given.
        self.turns.retain(|(mark, _)| *mark > next || *mark <= block.from);
        self.turns.push((next, at));
        if self.turns.len() > MAX_TURNS {
            self.thin();
        }
    }

    /// Drops the mark whose loss delays reuse least: the one that is followed most closely by the next. The newest
    /// mark stays, and so does any that is followed by one of an earlier round, which is older.
    fn thin(&mut self) {
        self.turns.sort_unstable();
        let next = self.next;
        let gaps = self.turns.windows(2).enumerate().filter(|(_, pair)| pair[0].0 != next && pair[0].1 <= pair[1].1);
        let closest = gaps.min_by_key(|(_, pair)| pair[1].1.as_millis().abs_diff(pair[0].1.as_millis()));
        if let Some((at, _)) = closest {
            self.turns.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn numbering(prefix: &str) -> Numbering {
        Numbering { prefix: prefix.into(), extension: 1, reuse_seconds: REUSE_SECONDS }
    }

    #[test]
    fn a_number_is_built_and_read_back() {
        let ours = numbering("0614141");
        assert_eq!(ours.sscc(234_567_890), "106141412345678908", "the example of the GS1 General Specifications");
        assert_eq!(ours.serial("106141412345678908"), Ok(234_567_890));
        assert_eq!(ours.serial("106141412345678907"), Err(SsccFault::CheckDigit));
        assert_eq!(numbering("0714141").serial("106141412345678908"), Err(SsccFault::ForeignPrefix));
        assert_eq!(ours.serial("x"), Err(SsccFault::CheckDigit));
        assert_eq!((ours.range(), numbering("061414112345").range()), (1_000_000_000, 10_000));
        assert!(
            !numbering("061").is_sound() && !numbering("06141411234567").is_sound() && !numbering("06a4").is_sound()
        );
    }

    proptest! {
        #[test]
        fn a_check_digit_of_any_serial_holds(serial in 0u64..10_000, prefix in "[0-9]{12}") {
            let ours = numbering(&prefix);
            let sscc = ours.sscc(serial);
            prop_assert!(is_sscc(&sscc));
            prop_assert_eq!(ours.serial(&sscc), Ok(serial));
            let mut flipped = sscc.into_bytes();
            flipped[5] = b'0' + (flipped[5] - b'0' + 1) % 10;
            prop_assert!(!is_sscc(std::str::from_utf8(&flipped).unwrap()));
        }

        /// Over several rounds of a small range.
        #[test]
        fn no_number_comes_again_within_the_period(steps in prop::collection::vec((1u64..2_500, 0i64..200), 1..60)) {
            let ours = numbering("061414112345");
            let (mut counter, mut now, mut given) = (Counter::default(), Timestamp::default(), HashMap::new());
            for (count, days) in steps {
                now = now.plus_seconds(days * 86_400);
                let Ok(block) = counter.take(&ours, count, now) else { continue };
                prop_assert!(block.from + block.count <= ours.range());
                for serial in block.from..block.from + block.count {
                    if let Some(before) = given.insert(serial, now) {
                        let before: Timestamp = before;
                        prop_assert!(before.plus_seconds(REUSE_SECONDS) <= now, "{serial} of {before} at {now}");
                    }
                }
                counter.given(block, now);
                prop_assert!(counter.turns.len() <= MAX_TURNS);
            }
        }
    }

    #[test]
    fn a_used_up_range_begins_anew_after_the_period_and_not_before() {
        let ours = numbering("061414112345");
        let mut counter = Counter::default();
        let start = Timestamp::from_millis(0);
        for day in 0..4 {
            let now = start.plus_seconds(day * 86_400);
            let block = counter.take(&ours, 2_500, now).unwrap();
            counter.given(block, now);
        }
        let year = start.plus_seconds(REUSE_SECONDS);
        assert_eq!(counter.take(&ours, BLOCK, year.plus_seconds(-1)), Err(SsccFault::BlockExhausted));
        assert_eq!(counter.take(&ours, BLOCK, year), Ok(Block { from: 0, count: BLOCK }));
    }
}
