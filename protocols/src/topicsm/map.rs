//! A Map topic: its rows, its ring, its checksum. One for each (topic, window).

use std::{collections::BTreeMap, sync::Arc};

use super::{Change, From, OffsetWentBack, Pages, Resume, Ring, RingBounds, Source, Start, StepText, pages::Part};
use crate::{
    client::Since,
    hash::MirrorHash,
    ids::{Epoch, JournalSeq, RowKey},
    payload::Payload,
    server::{Chk, Row},
    topic::{Class, Topic},
};

/// Rows as they stand, and the steps that led here.
#[derive(Clone, Debug)]
pub struct MapTopic {
    topic: Topic,
    epoch: Epoch,
    rows: BTreeMap<RowKey, Arc<Row>>,
    hash: MirrorHash,
    ring: Ring,
    /// Pages at the present offset, by page size: devices and consoles differ.
    pages: BTreeMap<usize, Arc<Pages>>,
    /// Times the rows were cut into pages.
    encoded: u64,
    /// The last merged steps at the present offset, by base.
    merged: BTreeMap<JournalSeq, StepText>,
}

/// Merged steps kept at one offset; slow clients stand at few different bases.
const MERGED_KEPT: usize = 64;

impl MapTopic {
    /// With the rows it has at `off`.
    pub fn new(
        topic: Topic,
        epoch: Epoch,
        off: JournalSeq,
        rows: impl IntoIterator<Item = Row>,
        bounds: RingBounds,
    ) -> Self {
        let mut new = Self {
            topic,
            epoch,
            rows: BTreeMap::new(),
            hash: MirrorHash::default(),
            ring: Ring::new(off, bounds),
            pages: BTreeMap::new(),
            encoded: 0,
            merged: BTreeMap::new(),
        };
        rows.into_iter().for_each(|row| new.put(Arc::new(row)));
        new
    }

    /// Takes what the event at `off` did: a body for each key, or nothing where the row is gone (or left the window).
    /// Rows get `off` as their version. A step that changes nothing here is left out, and answers nothing.
    ///
    /// # Errors
    /// [`OffsetWentBack`]; nothing is changed.
    pub fn step(
        &mut self,
        now_ms: u64,
        off: JournalSeq,
        changes: impl IntoIterator<Item = (RowKey, Option<Payload>)>,
    ) -> Result<Option<StepText>, OffsetWentBack> {
        let edits = changes.into_iter().map(|(k, body)| (k, body.map(|v| (v, off))));
        self.apply(now_ms, off, edits)
    }

    /// As [`MapTopic::step`], of several events at once: each row comes with the offset of the event that last changed
    /// it, `off` is the last of them.
    ///
    /// # Errors
    /// [`OffsetWentBack`]; nothing is changed.
    pub fn apply(
        &mut self,
        now_ms: u64,
        off: JournalSeq,
        edits: impl IntoIterator<Item = (RowKey, Option<(Payload, JournalSeq)>)>,
    ) -> Result<Option<StepText>, OffsetWentBack> {
        self.take(now_ms, off, edits, false)
    }

    /// Takes a step of the past again, at a start: what it deleted is not among the rows any more, and a client that was
    /// not connected has to hear of it all the same.
    ///
    /// # Errors
    /// [`OffsetWentBack`]; nothing is changed.
    pub fn refill(
        &mut self,
        now_ms: u64,
        off: JournalSeq,
        edits: impl IntoIterator<Item = (RowKey, Option<(Payload, JournalSeq)>)>,
    ) -> Result<(), OffsetWentBack> {
        self.take(now_ms, off, edits, true).map(|_| ())
    }

    /// Everything up to `off` was taken, whether it touched the topic or not. At a start this keeps offsets that were given
    /// out in the former life from lying in the future.
    pub fn advance(&mut self, off: JournalSeq) {
        if off > self.ring.head() {
            self.ring.advance(off);
            self.pages.clear();
            self.merged.clear();
        }
    }

    fn take(
        &mut self,
        now_ms: u64,
        off: JournalSeq,
        edits: impl IntoIterator<Item = (RowKey, Option<(Payload, JournalSeq)>)>,
        again: bool,
    ) -> Result<Option<StepText>, OffsetWentBack> {
        let base = self.ring.head();
        if off <= base {
            return Err(OffsetWentBack { head: base });
        }
        // Within one step the last change of a key counts.
        let last: BTreeMap<RowKey, Option<(Payload, JournalSeq)>> = edits.into_iter().collect();
        let mut done = Vec::with_capacity(last.len());
        for (k, body) in last {
            match body {
                Some((v, ver)) => {
                    let row = Arc::new(Row { k, v, ver });
                    self.put(Arc::clone(&row));
                    done.push(Change::Put(row));
                }
                None => {
                    let had = self.rows.remove(&k);
                    if let Some(row) = &had {
                        self.hash.remove(&k, row.ver);
                    }
                    if had.is_some() || again {
                        done.push(Change::Del(k));
                    }
                }
            }
        }
        if done.is_empty() {
            return Ok(None);
        }
        self.pages.clear();
        self.merged.clear();
        let text = StepText::of(off, &done);
        self.ring.push(now_ms, off, done)?;
        // Whoever was up to date is caught up with this very text.
        self.merged.insert(base, text.clone());
        Ok(Some(text))
    }

    /// The same topic through a window: its rows and its recent steps, where a row outside is a row that is gone.
    #[must_use]
    pub fn through(&self, admits: impl Fn(&Row) -> bool) -> Self {
        let mut new = Self {
            topic: self.topic.clone(),
            epoch: self.epoch.clone(),
            rows: BTreeMap::new(),
            hash: MirrorHash::default(),
            ring: self.ring.map(|change| match change {
                Change::Put(row) if !admits(row) => Change::Del(row.k.clone()),
                change => change.clone(),
            }),
            pages: BTreeMap::new(),
            encoded: 0,
            merged: BTreeMap::new(),
        };
        self.rows.values().filter(|row| admits(row)).for_each(|row| new.put(Arc::clone(row)));
        new
    }

    fn put(&mut self, row: Arc<Row>) {
        self.hash.add(&row.k, row.ver);
        if let Some(old) = self.rows.insert(row.k.clone(), row) {
            self.hash.remove(&old.k, old.ver);
        }
    }

    /// Lets go of steps that are too old. Called now and then where nothing happens.
    pub fn tick(&mut self, now_ms: u64) {
        let floor = self.ring.floor();
        self.ring.evict(now_ms);
        if self.ring.floor() != floor {
            self.merged.clear();
        }
    }

    /// Its checksum.
    pub fn chk(&self) -> Chk {
        Chk {
            topic: self.topic.clone(),
            off: self.ring.head(),
            n: u32::try_from(self.rows.len()).unwrap_or(u32::MAX),
            h: self.hash.hex(),
        }
    }

    /// Its rows.
    pub const fn rows(&self) -> &BTreeMap<RowKey, Arc<Row>> {
        &self.rows
    }

    /// Its recent steps.
    pub const fn ring(&self) -> &Ring {
        &self.ring
    }

    fn pages(&mut self, page_bytes: usize) -> Arc<Pages> {
        let (topic, epoch, off, rows) = (&self.topic, &self.epoch, self.ring.head(), &self.rows);
        let encoded = &mut self.encoded;
        let cut = || {
            *encoded += 1;
            Arc::new(Pages::cut(topic, epoch, off, rows.values().cloned().map(Part::Row), page_bytes))
        };
        Arc::clone(self.pages.entry(page_bytes).or_insert_with(cut))
    }

    /// Times the whole topic was encoded for a snapshot: once an offset and page size, however many read it.
    pub const fn encoded(&self) -> u64 {
        self.encoded
    }
}

impl Source for MapTopic {
    fn class(&self) -> Class {
        Class::Map
    }

    fn off(&self) -> JournalSeq {
        self.ring.head()
    }

    fn start(&mut self, since: Option<&Since>, page_bytes: usize) -> Start {
        let resume = self.ring.resume(&self.epoch, since);
        let from = match (resume, since) {
            (Resume::Replay, Some(since)) => From::Resume(since.off),
            _ => From::Snapshot(self.pages(page_bytes)),
        };
        Start { epoch: self.epoch.clone(), off: self.ring.head(), from, ahead: resume == Resume::Ahead }
    }

    fn merged(&mut self, base: JournalSeq) -> Option<StepText> {
        if let Some(text) = self.merged.get(&base) {
            return Some(text.clone());
        }
        let text = StepText::of(self.ring.head(), &self.ring.merged(base)?);
        if self.merged.len() >= MERGED_KEPT {
            self.merged.clear();
        }
        self.merged.insert(base, text.clone());
        Some(text)
    }
}
