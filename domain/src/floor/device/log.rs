//! What the site remembers of a device's commands, and what it concludes from the next one.
//!
//! Invariant: a command has one effect and one answer, however often it arrives; numbers advance by one, whether the
//! command was applied or rejected, so no command can jam the queue behind it (realtime.md §8.1). The rules are those
//! of `protocols`' command log. It does not decide commands.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    floor::{Answer, FloorCode, Outcome, Recorded, Screen},
};

/// Most answers kept of one device, and so the most commands it may have queued.
pub const MAX_ANSWERS: u64 = 5_000;
/// How long an answer is kept, in milliseconds: 72 h.
pub const ANSWER_MILLIS: i64 = 72 * 3_600_000;
/// Of how many answers the screen is kept too. A batch has at most 100 commands, so what a device may have sent when
/// its connection broke is answered as it was the first time; of older ones the outcome is what still matters.
pub const SCREENS: u64 = 128;

/// A command's number, key and content, as far as they tell a repeat from another command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// The device's own number of it, from 1.
    pub seq: u64,
    /// Its id (`runtime.md`).
    pub key: &'a str,
    /// Hash over what it asks for, without its times.
    pub fingerprint: &'a str,
}

/// A command that was decided, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Its id.
    pub key: Arc<str>,
    /// Hash over what it asked for.
    pub fingerprint: Arc<str>,
    /// When it was decided.
    pub at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FloorCode>,
    /// Exception opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<u64>,
    /// Approval waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<u64>,
    /// What the device showed; of the latest [`SCREENS`] only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen: Option<Box<Screen>>,
}

impl Kept {
    fn of(recorded: &Recorded) -> Self {
        let answer = &recorded.answer;
        Self {
            key: recorded.key.as_str().into(),
            fingerprint: recorded.fingerprint.as_str().into(),
            at: recorded.at,
            outcome: answer.outcome,
            code: answer.code,
            exception: answer.exception,
            approval: answer.approval,
            screen: Some(Box::new(answer.screen.clone())),
        }
    }

    /// The answer, with what the device shows now where the screen of then is no longer kept.
    pub fn answer(&self, now: impl FnOnce() -> Screen) -> Answer {
        Answer {
            outcome: self.outcome,
            code: self.code,
            exception: self.exception,
            approval: self.approval,
            screen: self.screen.as_deref().cloned().unwrap_or_else(now),
        }
    }

    fn is(&self, stamp: &Stamp<'_>) -> bool {
        *self.key == *stamp.key && *self.fingerprint == *stamp.fingerprint
    }
}

/// What to do with a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Decide it.
    Decide,
    /// Answer as the first time; nothing is decided.
    Duplicate {
        /// The number under which the first answer is kept.
        of: u64,
        /// Whether it came under a new number, after a rebase: that number is then used up.
        record: bool,
    },
    /// Refuse with `seq_gap`.
    Gap {
        /// Number taken next.
        expect: u64,
    },
    /// Refuse with `key_reuse`: cloned identity or cloned storage.
    Reuse,
}

/// Commands of one device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommandLog {
    high: u64,
    kept: BTreeMap<u64, Kept>,
    /// Index: the number under which a key was decided last.
    by_key: HashMap<Arc<str>, u64>,
}

impl CommandLog {
    /// Of a device whose last number decided is known; [`CommandLog::restore`] brings the answers.
    pub fn after(high: u64) -> Self {
        Self { high, ..Self::default() }
    }

    /// Goes on after a number that was decided before the last start.
    pub(super) fn resume(&mut self, high: u64) {
        self.high = self.high.max(high);
    }

    /// The last number decided.
    pub const fn through(&self) -> u64 {
        self.high
    }

    /// The number taken next.
    pub const fn expect(&self) -> u64 {
        self.high.saturating_add(1)
    }

    /// Answers kept, in order.
    pub fn kept(&self) -> impl Iterator<Item = (u64, &Kept)> {
        self.kept.iter().map(|(seq, kept)| (*seq, kept))
    }

    /// The answer kept under a number.
    pub fn get(&self, seq: u64) -> Option<&Kept> {
        self.kept.get(&seq)
    }

    /// Judges a command by number, key and content.
    pub fn judge(&self, stamp: &Stamp<'_>) -> Verdict {
        let seq = stamp.seq;
        if seq == 0 || seq > self.expect() {
            return Verdict::Gap { expect: self.expect() };
        }
        let of_key = self.of_key(stamp.key);
        let kept = |seq: u64| self.kept.get(&seq).map(|kept| (seq, kept));
        if seq <= self.high {
            // What is no longer kept cannot be compared; a device keeps its queue no longer than this.
            return match kept(seq).or(of_key.and_then(kept)) {
                Some((of, kept)) if kept.is(stamp) => Verdict::Duplicate { of, record: false },
                _ => Verdict::Reuse,
            };
        }
        match of_key.and_then(kept) {
            None => Verdict::Decide,
            Some((of, kept)) if kept.is(stamp) => Verdict::Duplicate { of, record: true },
            Some(_) => Verdict::Reuse,
        }
    }

    fn of_key(&self, key: &str) -> Option<u64> {
        self.by_key.get(key).copied()
    }

    /// The answer kept under a key.
    pub fn by_key(&self, key: &str) -> Option<&Kept> {
        self.of_key(key).and_then(|seq| self.kept.get(&seq))
    }

    /// Numbers whose answers are given up when the next command is recorded at `now`.
    pub fn forgets(&self, now: Timestamp) -> Vec<u64> {
        let excess = (self.kept.len() as u64 + 1).saturating_sub(MAX_ANSWERS);
        let old = |kept: &Kept| kept.at.plus_millis(ANSWER_MILLIS) < now;
        let given_up = |(at, (_, kept)): &(u64, (&u64, &Kept))| *at < excess || old(kept);
        (0u64..).zip(&self.kept).take_while(given_up).map(|(_, (seq, _))| *seq).collect()
    }

    /// Folds that a command was decided, and what was given up for it.
    pub fn record(&mut self, recorded: &Recorded) {
        let seq = recorded.seq;
        self.high = self.high.max(seq);
        for seq in &recorded.forgotten {
            if let Some(kept) = self.kept.remove(seq)
                && self.by_key.get(&kept.key) == Some(seq)
            {
                self.by_key.remove(&kept.key);
            }
        }
        if let Some(kept) = seq.checked_sub(SCREENS).and_then(|seq| self.kept.get_mut(&seq)) {
            kept.screen = None;
        }
        let kept = Kept::of(recorded);
        self.by_key.insert(kept.key.clone(), seq);
        self.kept.insert(seq, kept);
    }

    /// Puts an answer back that was stored.
    pub fn restore(&mut self, seq: u64, kept: Kept) {
        let latest = self.by_key.entry(kept.key.clone()).or_insert(seq);
        *latest = seq.max(*latest);
        self.kept.insert(seq, kept);
    }

    /// Numbers whose stored answers change when `seq` is recorded, besides those given up.
    pub fn touched(seq: u64) -> impl Iterator<Item = u64> {
        [Some(seq), seq.checked_sub(SCREENS).filter(|seq| *seq > 0)].into_iter().flatten()
    }
}
