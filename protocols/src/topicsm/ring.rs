//! The recent steps of a topic, bounded by number, age and bytes, and what can be resumed from them.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    client::Since,
    ids::{Epoch, JournalSeq, RowKey},
    limits,
    server::{Item, Row},
};

/// One change within a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A row of a Map is new or changed.
    Put(Arc<Row>),
    /// A row of a Map is gone.
    Del(RowKey),
    /// A Stream has an item more.
    Add(Arc<Item>),
}

impl Change {
    /// Bytes it takes in a frame, nearly; and in memory, near enough to bound it.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Put(row) => row.k.as_str().len() + row.v.json().len() + 48,
            Self::Del(key) => key.as_str().len() + 24,
            Self::Add(item) => item.v.json().len() + 40,
        }
    }
}

/// Bounds of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingBounds {
    /// Steps.
    pub steps: usize,
    /// Age of a step in milliseconds.
    pub age_ms: u64,
    /// Bytes of all changes.
    pub bytes: usize,
    /// Steps a resume replays; beyond, a snapshot is cheaper.
    pub replay: usize,
}

impl RingBounds {
    /// Those of the protocol.
    pub const STANDARD: Self = Self {
        steps: limits::RING_STEPS,
        age_ms: limits::RING_MS,
        bytes: limits::RING_BYTES,
        replay: limits::REPLAY_STEPS,
    };
}

#[derive(Clone, Debug)]
struct Step {
    off: JournalSeq,
    at_ms: u64,
    bytes: usize,
    changes: Vec<Change>,
}

/// A step whose offset is not beyond the last one: the caller has mixed up its journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetWentBack {
    /// Where the topic stands.
    pub head: JournalSeq,
}

/// What a `since` amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// The steps after it are there.
    Replay,
    /// They are not, or none was named.
    Snapshot,
    /// It lies beyond the head: a snapshot, and an alarm.
    Ahead,
}

/// Recent steps. Invariant: it holds every step after `floor` up to `head`.
#[derive(Clone, Debug)]
pub struct Ring {
    bounds: RingBounds,
    floor: JournalSeq,
    head: JournalSeq,
    bytes: usize,
    steps: VecDeque<Step>,
}

impl Ring {
    /// Empty, of a topic that stands at `off`.
    pub const fn new(off: JournalSeq, bounds: RingBounds) -> Self {
        Self { bounds, floor: off, head: off, bytes: 0, steps: VecDeque::new() }
    }

    /// Where the topic stands.
    pub const fn head(&self) -> JournalSeq {
        self.head
    }

    /// The lowest offset that can be resumed from.
    pub const fn floor(&self) -> JournalSeq {
        self.floor
    }

    /// Steps held.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether no step is held.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Bytes held.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes a step and lets go of what is beyond the bounds.
    ///
    /// # Errors
    /// [`OffsetWentBack`]; nothing is changed.
    pub fn push(&mut self, now_ms: u64, off: JournalSeq, changes: Vec<Change>) -> Result<(), OffsetWentBack> {
        if off <= self.head {
            return Err(OffsetWentBack { head: self.head });
        }
        let bytes = changes.iter().map(Change::bytes).sum();
        self.head = off;
        self.bytes += bytes;
        self.steps.push_back(Step { off, at_ms: now_ms, bytes, changes });
        self.evict(now_ms);
        Ok(())
    }

    /// Nothing has happened up to `off`: whoever stands there has everything.
    pub(super) fn advance(&mut self, off: JournalSeq) {
        self.head = self.head.max(off);
    }

    /// The same steps with other changes.
    #[must_use]
    pub(super) fn map(&self, change: impl Fn(&Change) -> Change) -> Self {
        let mapped = |step: &Step| {
            let changes: Vec<Change> = step.changes.iter().map(&change).collect();
            Step { off: step.off, at_ms: step.at_ms, bytes: changes.iter().map(Change::bytes).sum(), changes }
        };
        let steps: VecDeque<Step> = self.steps.iter().map(mapped).collect();
        let bytes = steps.iter().map(|step| step.bytes).sum();
        Self { bounds: self.bounds, floor: self.floor, head: self.head, bytes, steps }
    }

    /// Lets go of what is beyond the bounds.
    pub fn evict(&mut self, now_ms: u64) {
        while let Some(oldest) = self.steps.front() {
            let within = self.steps.len() <= self.bounds.steps
                && self.bytes <= self.bounds.bytes
                && now_ms.saturating_sub(oldest.at_ms) <= self.bounds.age_ms;
            if within {
                return;
            }
            self.bytes -= oldest.bytes;
            self.floor = oldest.off;
            self.steps.pop_front();
        }
    }

    /// What a client's `since` amounts to.
    pub fn resume(&self, epoch: &Epoch, since: Option<&Since>) -> Resume {
        match since {
            Some(since) if since.epoch == *epoch && since.off > self.head => Resume::Ahead,
            Some(since) if since.epoch == *epoch && self.after(since.off).is_some() => Resume::Replay,
            _ => Resume::Snapshot,
        }
    }

    /// The changes after `base`, oldest first; nothing if some are gone or they are more than a replay takes.
    pub fn after(&self, base: JournalSeq) -> Option<impl DoubleEndedIterator<Item = &Change>> {
        if base < self.floor || base > self.head {
            return None;
        }
        let first = self.steps.partition_point(|step| step.off <= base);
        (self.steps.len() - first <= self.bounds.replay)
            .then(|| self.steps.range(first..).flat_map(|step| step.changes.iter()))
    }

    /// The changes after `base` with only the last one of each key, in the order of those. Items are all kept.
    pub fn merged(&self, base: JournalSeq) -> Option<Vec<Change>> {
        let mut met = std::collections::HashSet::new();
        let mut last: Vec<Change> = self
            .after(base)?
            .rev()
            .filter(|change| match change {
                Change::Put(row) => met.insert(row.k.as_str()),
                Change::Del(key) => met.insert(key.as_str()),
                Change::Add(_) => true,
            })
            .cloned()
            .collect();
        last.reverse();
        Some(last)
    }
}
