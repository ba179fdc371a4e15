//! Scripted and seeded misfortune for [`super::MemoryStore`].
//!
//! Every fault the real store can have has a name here; a run is replayed by its script or its seed.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// What becomes of one commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Durable, answered at once.
    Applied,
    /// A conflict: certainly not applied.
    NotApplied,
    /// Durable, but the answer is lost.
    UnknownApplied,
    /// Not applied, and the answer is lost.
    UnknownNotApplied,
    /// Durable after the task has been polled this many times more.
    Slow(u32),
    /// Durable once [`Faults::release`] is called; earlier only if it was called before.
    Held,
    /// An I/O error: not durable, the node must stop.
    Fatal,
    /// The disk is full: not durable, the node must stop.
    Full,
}

/// What becomes of one projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Projecting {
    Applied,
    Failed,
    /// The first transaction went through, the one with the cursor did not.
    Torn,
}

/// What becomes of one write of open work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Working {
    /// Durable, answered.
    Applied,
    /// Not written, and the answer is lost.
    NotApplied,
    /// Durable, but the answer is lost.
    UnknownApplied,
}

/// Chances in percent of a seeded plan; what is left is [`Outcome::Applied`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// [`Outcome::NotApplied`].
    pub not_applied: u8,
    /// [`Outcome::UnknownApplied`].
    pub unknown_applied: u8,
    /// [`Outcome::UnknownNotApplied`].
    pub unknown_not_applied: u8,
    /// [`Outcome::Slow`], 1 to 8 polls.
    pub slow: u8,
    /// [`Outcome::Fatal`].
    pub fatal: u8,
    /// A read that fails.
    pub read: u8,
    /// A projection that fails before it did anything.
    pub project: u8,
    /// A projection that fails half way.
    pub torn: u8,
}

#[derive(Debug, Default)]
struct Plan {
    commits: VecDeque<Outcome>,
    work: VecDeque<Working>,
    reads: u32,
    torn: u32,
    seeded: Option<(u64, Rates)>,
}

/// A plan of faults, shared with the test that steers it. The default has none.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    plan: Arc<Mutex<Plan>>,
    gate: Arc<Notify>,
}

impl Faults {
    /// These outcomes for the next commits, then no faults.
    pub fn script(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let faults = Self::default();
        faults.plan().commits.extend(outcomes);
        faults
    }

    /// Faults drawn with these chances; the same seed gives the same faults in the same order of calls.
    pub fn seeded(seed: u64, rates: Rates) -> Self {
        let faults = Self::default();
        faults.plan().seeded = Some((seed, rates));
        faults
    }

    /// Adds an outcome after those already scripted.
    pub fn push(&self, outcome: Outcome) {
        self.plan().commits.push_back(outcome);
    }

    /// Lets the next `count` reads fail; a projection counts as one.
    pub fn fail_reads(&self, count: u32) {
        self.plan().reads = count;
    }

    /// Lets the next `count` projections fail half way.
    pub fn tear_projections(&self, count: u32) {
        self.plan().torn = count;
    }

    /// These outcomes for the next writes of open work.
    pub fn fail_work(&self, outcomes: impl IntoIterator<Item = Working>) {
        self.plan().work.extend(outcomes);
    }

    /// Ends all misfortune.
    pub fn heal(&self) {
        *self.plan() = Plan::default();
    }

    /// Lets one held commit go on.
    pub fn release(&self) {
        self.gate.notify_one();
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn released(&self) {
        self.gate.notified().await;
    }

    pub(super) fn commit(&self) -> Outcome {
        let mut plan = self.plan();
        if let Some(outcome) = plan.commits.pop_front() {
            return outcome;
        }
        let Some((state, rates)) = &mut plan.seeded else { return Outcome::Applied };
        let mut dice = draw(state) % 100;
        let slow = Outcome::Slow(1 + (draw(state) % 8) as u32);
        for (rate, outcome) in [
            (rates.not_applied, Outcome::NotApplied),
            (rates.unknown_applied, Outcome::UnknownApplied),
            (rates.unknown_not_applied, Outcome::UnknownNotApplied),
            (rates.slow, slow),
            (rates.fatal, Outcome::Fatal),
        ] {
            if dice < u64::from(rate) {
                return outcome;
            }
            dice -= u64::from(rate);
        }
        Outcome::Applied
    }

    pub(super) fn work(&self) -> Working {
        let mut plan = self.plan();
        if let Some(outcome) = plan.work.pop_front() {
            return outcome;
        }
        let Some((state, rates)) = &mut plan.seeded else { return Working::Applied };
        let dice = draw(state) % 100;
        if dice < u64::from(rates.unknown_not_applied) {
            Working::NotApplied
        } else if dice < u64::from(rates.unknown_not_applied) + u64::from(rates.unknown_applied) {
            Working::UnknownApplied
        } else {
            Working::Applied
        }
    }

    /// Whether the next read fails.
    pub(super) fn read(&self) -> bool {
        let mut plan = self.plan();
        if plan.reads > 0 {
            plan.reads -= 1;
            return true;
        }
        plan.seeded.as_mut().is_some_and(|(state, rates)| draw(state) % 100 < u64::from(rates.read))
    }

    pub(super) fn project(&self) -> Projecting {
        let mut plan = self.plan();
        if plan.reads > 0 {
            plan.reads -= 1;
            return Projecting::Failed;
        }
        if plan.torn > 0 {
            plan.torn -= 1;
            return Projecting::Torn;
        }
        let Some((state, rates)) = &mut plan.seeded else { return Projecting::Applied };
        let dice = draw(state) % 100;
        if dice < u64::from(rates.project) {
            Projecting::Failed
        } else if dice < u64::from(rates.project) + u64::from(rates.torn) {
            Projecting::Torn
        } else {
            Projecting::Applied
        }
    }
}

/// SplitMix64: tiny, seedable, good enough to throw dice.
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_faults() {
        let rates = Rates { not_applied: 20, unknown_applied: 20, slow: 20, fatal: 5, ..Rates::default() };
        let drawn = |seed| {
            let faults = Faults::seeded(seed, rates);
            (0..200).map(|_| faults.commit()).collect::<Vec<_>>()
        };
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        assert!(drawn(7).contains(&Outcome::NotApplied) && drawn(7).contains(&Outcome::Applied));
    }

    #[test]
    fn a_script_runs_out_into_peace() {
        let faults = Faults::script([Outcome::Fatal]);
        assert_eq!([faults.commit(), faults.commit()], [Outcome::Fatal, Outcome::Applied]);
        faults.fail_reads(1);
        assert_eq!([faults.read(), faults.read()], [true, false]);
    }
}
