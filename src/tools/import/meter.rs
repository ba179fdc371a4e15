//! How far an import is, for whoever watches it from outside, and a way to stop it.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use super::job::Outcome;

/// Counts while an import runs.
#[derive(Debug, Default)]
pub struct Meter {
    stop: AtomicBool,
    seen: Mutex<Reading>,
}

/// What a meter shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Data rows of the file.
    pub rows: u64,
    /// Rows without anything to take.
    pub skipped: u64,
    /// What is being taken.
    pub stage: Option<&'static str>,
    /// Records of the stage.
    pub of: u64,
    /// Records of the stage that were handled.
    pub done: u64,
    /// Records taken, over all stages.
    pub changed: u64,
    /// Records that were there already, over all stages.
    pub unchanged: u64,
    /// Rows not taken.
    pub errors: u64,
}

impl Meter {
    fn with(&self, change: impl FnOnce(&mut Reading)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What it shows now.
    pub fn reading(&self) -> Reading {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the import to end before its next record.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    /// Whether it was asked to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    pub(super) fn read(&self, rows: u64, skipped: u64, errors: u64) {
        self.with(|seen| {
            seen.rows += rows;
            seen.skipped += skipped;
            seen.errors += errors;
        });
    }

    pub(super) fn stage(&self, what: &'static str, of: usize) {
        self.with(|seen| (seen.stage, seen.of, seen.done) = (Some(what), of as u64, 0));
    }

    pub(super) fn step(&self, outcome: &Outcome, rows: usize) {
        self.with(|seen| {
            seen.done += 1;
            match outcome {
                Outcome::In => seen.changed += 1,
                Outcome::Already => seen.unchanged += 1,
                Outcome::Refused { .. } => seen.errors += rows as u64,
            }
        });
    }
}
