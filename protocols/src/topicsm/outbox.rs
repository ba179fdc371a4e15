//! What one connection still has to be sent, bounded in bytes.
//!
//! Invariant: never more than `hard` bytes are queued once a call returns. A slow reader costs what its topics cost, not
//! what happens in them: above `soft` a Map queues nothing more and is caught up later with one merged step, a gauge
//! overwrites its slot. Above `hard` queued Map frames are dropped and those topics start again from a snapshot; if that
//! is not enough, the connection closes 4008. Items of a Stream and answers are never dropped.
//!
//! It writes nothing itself: a writer takes frames by [`Outbox::feed`] and fetches what [`Outbox::want`] names.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use super::{FrameText, From, Pacer, Pages, Start, StepText};
use crate::{
    code::Close,
    ids::{Epoch, JournalSeq},
    limits::{self, ClientKind},
    topic::{Class, Topic},
};

/// Bounds of an outbox, in bytes, frames and milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Above it Maps lag.
    pub soft: usize,
    /// Above it Maps are dropped, or the connection closes.
    pub hard: usize,
    /// Bytes taken at once.
    pub feed_bytes: usize,
    /// Frames taken at once.
    pub feed_frames: usize,
    /// Time to send a snapshot.
    pub paging_ms: u64,
}

impl Bounds {
    /// Those of the protocol.
    pub const fn standard(kind: ClientKind) -> Self {
        let limits = kind.limits();
        Self {
            soft: limits.outbox_soft,
            hard: limits.outbox_hard,
            feed_bytes: limits::FEED_BYTES,
            feed_frames: limits::FEED_FRAMES,
            paging_ms: limits::PAGING_MS,
        }
    }
}

/// What a topic is asked for, to catch a connection up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Everything after `base`, for [`Outbox::caught_up`].
    Merged {
        /// Which topic.
        topic: Topic,
        /// From where.
        base: JournalSeq,
    },
    /// The whole state, for [`Outbox::restart`].
    Snapshot {
        /// Which topic.
        topic: Topic,
    },
}

/// What a writer sends next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fed {
    /// In this order, in one message or several; then flush.
    pub frames: Vec<FrameText>,
    /// Then close so.
    pub close: Option<Close>,
}

#[derive(Clone, Debug)]
enum Mode {
    /// Steps are queued as they come.
    Live,
    /// Steps are left out; one merged step follows when there is room.
    Lagging,
    /// A snapshot follows when there is room.
    Dirty,
    /// A snapshot is being sent, page by page; then it lags.
    Paging { pages: Arc<Pages>, next: usize, until_ms: u64 },
}

#[derive(Clone, Debug)]
struct Sub {
    class: Class,
    epoch: Epoch,
    /// The last offset queued or sent.
    base: JournalSeq,
    mode: Mode,
    pacer: Pacer,
    /// A gauge's newest value, not yet sent.
    slot: Option<StepText>,
}

/// Subscriptions of one connection, by topic. A plain list: most connections have a few, and a tree's first node alone
/// would cost an idle connection more than all the rest of this.
#[derive(Clone, Debug)]
struct Subs(Vec<(Topic, Sub)>);

impl Subs {
    fn at(&self, topic: &Topic) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(topic))
    }

    fn get(&self, topic: &Topic) -> Option<&Sub> {
        self.at(topic).ok().map(|at| &self.0[at].1)
    }

    fn get_mut(&mut self, topic: &Topic) -> Option<&mut Sub> {
        self.at(topic).ok().map(|at| &mut self.0[at].1)
    }

    fn insert(&mut self, topic: Topic, sub: Sub) {
        match self.at(&topic) {
            Ok(at) => self.0[at].1 = sub,
            Err(at) => {
                self.0.reserve_exact(1);
                self.0.insert(at, (topic, sub));
            }
        }
    }

    fn remove(&mut self, topic: &Topic) -> Option<Sub> {
        self.at(topic).ok().map(|at| self.0.remove(at).1)
    }

    fn iter(&self) -> impl Iterator<Item = (&Topic, &Sub)> {
        self.0.iter().map(|(topic, sub)| (topic, sub))
    }

    fn values(&self) -> impl Iterator<Item = &Sub> {
        self.0.iter().map(|(_, sub)| sub)
    }

    fn values_mut(&mut self) -> impl Iterator<Item = &mut Sub> {
        self.0.iter_mut().map(|(_, sub)| sub)
    }

    const fn len(&self) -> usize {
        self.0.len()
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// Queues of one connection.
#[derive(Clone, Debug)]
pub struct Outbox {
    bounds: Bounds,
    bytes: usize,
    replies: VecDeque<FrameText>,
    streams: VecDeque<(Topic, FrameText)>,
    maps: VecDeque<(Topic, FrameText)>,
    subs: Subs,
    close: Option<Close>,
}

impl Outbox {
    /// Empty.
    pub const fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            bytes: 0,
            replies: VecDeque::new(),
            streams: VecDeque::new(),
            maps: VecDeque::new(),
            subs: Subs(Vec::new()),
            close: None,
        }
    }

    /// Bytes queued, gauges included.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Topics subscribed.
    pub fn topics(&self) -> usize {
        self.subs.len()
    }

    /// Queues an answer, an error or another frame about the connection. These go before everything else.
    pub fn reply(&mut self, frame: FrameText) {
        self.bytes += frame.len();
        self.replies.push_back(frame);
        self.overflow();
    }

    /// Closes after what is queued as replies.
    pub fn close(&mut self, close: Close) {
        self.close.get_or_insert(close);
    }

    /// Starts a subscription, or starts it anew: what was queued for the topic is forgotten. The answer to the client
    /// must have been queued before.
    pub fn subscribe(&mut self, now_ms: u64, topic: &Topic, class: Class, start: Start, max_hz: Option<u8>) {
        self.unsubscribe(topic);
        let (base, mode) = self.begin(now_ms, &start);
        let sub = Sub { class, epoch: start.epoch, base, mode, pacer: Pacer::new(max_hz), slot: None };
        self.subs.insert(topic.clone(), sub);
    }

    /// Ends a subscription and forgets what was queued for it.
    pub fn unsubscribe(&mut self, topic: &Topic) {
        if let Some(Sub { slot: Some(slot), .. }) = self.subs.remove(topic) {
            self.bytes -= slot.len();
        }
        let mut freed = 0;
        for lane in [&mut self.streams, &mut self.maps] {
            lane.retain(|(of, frame)| {
                let keep = of != topic;
                freed += if keep { 0 } else { frame.len() };
                keep
            });
        }
        self.bytes -= freed;
    }

    fn begin(&self, now_ms: u64, start: &Start) -> (JournalSeq, Mode) {
        match &start.from {
            From::Resume(base) if *base == start.off => (*base, Mode::Live),
            From::Resume(base) => (*base, Mode::Lagging),
            From::Snapshot(pages) => {
                let pages = Arc::clone(pages);
                (pages.off, Mode::Paging { pages, next: 0, until_ms: now_ms + self.bounds.paging_ms })
            }
        }
    }

    /// Takes a step of a topic. Steps the connection has already are left out.
    pub fn step(&mut self, topic: &Topic, text: &StepText) {
        let full = self.bytes > self.bounds.soft;
        let Some(sub) = self.subs.get_mut(topic) else { return };
        if !matches!(sub.mode, Mode::Live) || text.off <= sub.base {
            return;
        }
        if sub.class == Class::Map && full {
            sub.mode = Mode::Lagging;
            return;
        }
        self.enqueue(topic, text);
        self.overflow();
    }

    /// Steps of a topic were left out on the way here: it is caught up like one that lags.
    pub fn lag(&mut self, topic: &Topic) {
        if let Some(sub) = self.subs.get_mut(topic).filter(|sub| matches!(sub.mode, Mode::Live)) {
            sub.mode = Mode::Lagging;
        }
    }

    fn enqueue(&mut self, topic: &Topic, text: &StepText) {
        let Some(sub) = self.subs.get_mut(topic) else { return };
        if sub.class == Class::Gauge {
            self.bytes += text.len();
            if let Some(old) = sub.slot.replace(text.clone()) {
                self.bytes -= old.len();
            }
            return;
        }
        let frame = text.frame(topic, &sub.epoch, sub.base);
        sub.base = text.off;
        self.bytes += frame.len();
        let lane = if sub.class == Class::Stream { &mut self.streams } else { &mut self.maps };
        lane.push_back((topic.clone(), frame));
    }

    /// Queues a checksum, in order with the topic's deltas. A connection that does not stand at `off` gets none.
    pub fn checksum(&mut self, topic: &Topic, off: JournalSeq, frame: FrameText) {
        let stands = self.subs.get(topic).is_some_and(|sub| matches!(sub.mode, Mode::Live) && sub.base == off);
        if stands && self.bytes <= self.bounds.soft {
            self.bytes += frame.len();
            self.maps.push_back((topic.clone(), frame));
            self.overflow();
        }
    }

    /// What the bound demands after something was queued.
    fn overflow(&mut self) {
        if self.bytes <= self.bounds.hard {
            return;
        }
        let dropped: BTreeSet<Topic> = self.maps.iter().map(|(topic, _)| topic.clone()).collect();
        self.bytes -= self.maps.drain(..).map(|(_, frame)| frame.len()).sum::<usize>();
        for topic in &dropped {
            if let Some(sub) = self.subs.get_mut(topic) {
                sub.mode = Mode::Dirty;
            }
        }
        if self.bytes > self.bounds.hard {
            self.close(Close::Slow);
            self.streams.clear();
            self.replies.clear();
            self.subs.clear();
            self.bytes = 0;
        }
    }

    /// What to fetch from a topic, when there is room for it again. Answer it by [`Outbox::caught_up`] or
    /// [`Outbox::restart`] before asking again.
    pub fn want(&self) -> Option<Want> {
        if self.bytes * 4 > self.bounds.soft {
            return None;
        }
        self.subs.iter().find_map(|(topic, sub)| match sub.mode {
            Mode::Lagging => Some(Want::Merged { topic: topic.clone(), base: sub.base }),
            Mode::Dirty => Some(Want::Snapshot { topic: topic.clone() }),
            Mode::Live | Mode::Paging { .. } => None,
        })
    }

    /// Catches a lagging topic up. Without a step, or with one that would fill the outbox, a snapshot follows instead.
    pub fn caught_up(&mut self, topic: &Topic, merged: Option<&StepText>) {
        let small = merged.filter(|text| text.len() <= self.bounds.hard / 2);
        let Some(sub) = self.subs.get_mut(topic).filter(|sub| matches!(sub.mode, Mode::Lagging)) else { return };
        let Some(text) = small else {
            // A gauge without a value yet has nothing to be caught up with.
            sub.mode = if sub.class == Class::Gauge { Mode::Live } else { Mode::Dirty };
            return;
        };
        sub.mode = Mode::Live;
        if text.off > sub.base {
            self.enqueue(topic, text);
            self.overflow();
        }
    }

    /// Starts a dirty topic again.
    pub fn restart(&mut self, now_ms: u64, topic: &Topic, start: &Start) {
        let (base, mode) = self.begin(now_ms, start);
        if let Some(sub) = self.subs.get_mut(topic).filter(|sub| matches!(sub.mode, Mode::Dirty)) {
            (sub.base, sub.mode) = (base, mode);
        }
    }

    /// What to send now: by priority answers, Streams, Maps, one page of a snapshot, gauges that are due.
    pub fn feed(&mut self, now_ms: u64) -> Fed {
        let late = |sub: &Sub| matches!(sub.mode, Mode::Paging { until_ms, .. } if until_ms < now_ms);
        if self.subs.values().any(late) {
            self.close(Close::Slow);
        }
        let mut fed = Fed::default();
        let mut budget = Budget { frames: self.bounds.feed_frames, bytes: self.bounds.feed_bytes };
        while self.replies.front().is_some_and(|frame| budget.spend(frame.len())) {
            fed.frames.extend(self.replies.pop_front());
        }
        if self.close.is_some() {
            self.bytes -= fed.frames.iter().map(FrameText::len).sum::<usize>();
            fed.close = self.close.filter(|_| self.replies.is_empty());
            return fed;
        }
        for lane in [&mut self.streams, &mut self.maps] {
            while lane.front().is_some_and(|(_, frame)| budget.spend(frame.len())) {
                fed.frames.extend(lane.pop_front().map(|(_, frame)| frame));
            }
        }
        self.bytes -= fed.frames.iter().map(FrameText::len).sum::<usize>();
        if self.replies.is_empty() && self.streams.is_empty() && self.maps.is_empty() {
            fed.frames.extend(self.page());
            self.gauges(now_ms, &mut fed.frames);
        }
        fed
    }

    /// One page of one topic: pages are made when they are sent, and each is flushed, so they are never queued.
    fn page(&mut self) -> Option<FrameText> {
        let sub = self.subs.values_mut().find(|sub| matches!(sub.mode, Mode::Paging { .. }))?;
        let Mode::Paging { pages, next, .. } = &mut sub.mode else { return None };
        let frame = pages.page(*next).cloned();
        *next += 1;
        if *next >= pages.count() {
            sub.mode = Mode::Lagging;
        }
        frame
    }

    fn gauges(&mut self, now_ms: u64, frames: &mut Vec<FrameText>) {
        for (topic, sub) in &mut self.subs.0 {
            if matches!(sub.mode, Mode::Live)
                && sub.pacer.due_ms() <= now_ms
                && let Some(text) = sub.slot.take()
            {
                self.bytes -= text.len();
                frames.push(text.frame(topic, &sub.epoch, sub.base));
                sub.base = text.off;
                sub.pacer.sent(now_ms);
            }
        }
    }

    /// When to feed again though nothing is queued: a gauge falls due, or a snapshot is late.
    pub fn due_ms(&self) -> Option<u64> {
        self.subs
            .values()
            .filter_map(|sub| match &sub.mode {
                Mode::Paging { until_ms, .. } => Some(*until_ms + 1),
                _ => sub.slot.as_ref().map(|_| sub.pacer.due_ms()),
            })
            .min()
    }

    /// Whether [`Outbox::feed`] would answer something at once, gauges apart.
    pub fn ready(&self) -> bool {
        let paging = || self.subs.values().any(|sub| matches!(sub.mode, Mode::Paging { .. }));
        self.close.is_some()
            || !self.replies.is_empty()
            || !self.streams.is_empty()
            || !self.maps.is_empty()
            || paging()
    }
}

/// What one feed may take: the first frame always, the others while they fit.
struct Budget {
    frames: usize,
    bytes: usize,
}

impl Budget {
    fn spend(&mut self, bytes: usize) -> bool {
        if self.frames == 0 || self.bytes == 0 {
            return false;
        }
        self.frames -= 1;
        self.bytes = self.bytes.saturating_sub(bytes);
        true
    }
}
