//! A Stream topic: items retained until they are seen, resolved or too old, and the ring.
//!
//! Invariant: an item leaves only for one of those reasons. There is no bound on their number here: dropping one would
//! break the topic's promise. What is retained is bounded by what its producer may leave open, which [`StreamTopic::len`]
//! lets the server watch.

use std::{collections::BTreeMap, sync::Arc};

use super::{Change, From, OffsetWentBack, Pages, Resume, Ring, RingBounds, Source, Start, StepText, pages::Part};
use crate::{
    client::Since,
    ids::{Epoch, JournalSeq},
    limits,
    payload::Payload,
    server::Item,
    topic::{Class, Topic},
};

/// How long an item is retained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Until seen, or [`limits::INBOX_MS`]: inboxes.
    Seen,
    /// Until resolved: exceptions. `seen` changes nothing, for there are many readers.
    Resolved,
}

/// `seen` names an offset that the topic has not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenAhead;

/// Items as they are retained, and the steps that led here.
#[derive(Clone, Debug)]
pub struct StreamTopic {
    topic: Topic,
    epoch: Epoch,
    retention: Retention,
    seen: JournalSeq,
    items: BTreeMap<JournalSeq, (u64, Arc<Item>)>,
    ring: Ring,
}

impl StreamTopic {
    /// With the items it retains at `off`, each with the time it was added, and the stored `seen` cursor.
    pub fn new(
        topic: Topic,
        epoch: Epoch,
        off: JournalSeq,
        retention: Retention,
        seen: JournalSeq,
        items: impl IntoIterator<Item = (u64, Item)>,
        bounds: RingBounds,
    ) -> Self {
        let items = items.into_iter().map(|(at, item)| (item.off, (at, Arc::new(item)))).collect();
        Self { topic, epoch, retention, seen, items, ring: Ring::new(off, bounds) }
    }

    /// Takes the item of the event at `off`.
    ///
    /// # Errors
    /// [`OffsetWentBack`]; nothing is changed.
    pub fn add(&mut self, now_ms: u64, off: JournalSeq, v: Payload) -> Result<StepText, OffsetWentBack> {
        let item = Arc::new(Item { off, v });
        let changes = vec![Change::Add(Arc::clone(&item))];
        let text = StepText::of(off, &changes);
        self.ring.push(now_ms, off, changes)?;
        self.items.insert(off, (now_ms, item));
        self.tick(now_ms);
        Ok(text)
    }

    /// Everything up to `off` was taken, whether an item came of it or not. At a start this keeps offsets that were given out
    /// in the former life from lying in the future.
    pub fn advance(&mut self, off: JournalSeq) {
        self.ring.advance(off);
    }

    /// The reader has dealt with everything up to `off`. Answers the cursor to store, if it moved.
    ///
    /// # Errors
    /// [`SeenAhead`]; nothing is changed.
    pub fn seen(&mut self, off: JournalSeq) -> Result<Option<JournalSeq>, SeenAhead> {
        if off > self.ring.head() {
            return Err(SeenAhead);
        }
        if self.retention == Retention::Resolved || off <= self.seen {
            return Ok(None);
        }
        self.seen = off;
        self.items = self.items.split_off(&off.next());
        Ok(Some(off))
    }

    /// The item of the event at `off` is done with. Answers whether it was retained.
    pub fn resolve(&mut self, off: JournalSeq) -> bool {
        self.items.remove(&off).is_some()
    }

    /// Lets go of what is too old. Called now and then where nothing happens.
    pub fn tick(&mut self, now_ms: u64) {
        self.ring.evict(now_ms);
        while self.retention == Retention::Seen
            && let Some(oldest) = self.items.first_entry()
            && now_ms.saturating_sub(oldest.get().0) > limits::INBOX_MS
        {
            oldest.remove();
        }
    }

    /// Items retained.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether no item is retained.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Items retained, oldest first.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values().map(|(_, item)| item.as_ref())
    }
}

impl Source for StreamTopic {
    fn class(&self) -> Class {
        Class::Stream
    }

    fn off(&self) -> JournalSeq {
        self.ring.head()
    }

    fn start(&mut self, since: Option<&Since>, page_bytes: usize) -> Start {
        let resume = self.ring.resume(&self.epoch, since);
        let from = match (resume, since) {
            (Resume::Replay, Some(since)) => From::Resume(since.off),
            _ => {
                let parts = self.items.values().map(|(_, item)| Part::Item(Arc::clone(item)));
                From::Snapshot(Arc::new(Pages::cut(&self.topic, &self.epoch, self.ring.head(), parts, page_bytes)))
            }
        };
        Start { epoch: self.epoch.clone(), off: self.ring.head(), from, ahead: resume == Resume::Ahead }
    }

    fn merged(&mut self, base: JournalSeq) -> Option<StepText> {
        Some(StepText::of(self.ring.head(), &self.ring.merged(base)?))
    }
}
