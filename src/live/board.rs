//! One topic with its subscribers.
//!
//! Invariant: a subscriber is registered in one turn with the state it starts from, so no change falls between the two.
//! What a shard hands out to its subscribers covers everything since what it handed out last, however many steps that
//! are; a shard that is behind gets one merged step, not many. Lock order: state, subscribers of a shard, outbox.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use munshi_domain::UserId;
use munshi_protocols::{
    client::Since,
    ids::{JournalSeq, RowKey},
    payload::Payload,
    server::{Item, ServerBody, ServerFrame},
    topic::{Class, Topic, TopicKey},
    topicsm::{FrameText, GaugeTopic, MapTopic, OffsetWentBack, Source, Start, StepText, StreamTopic},
};

use super::link::Link;

/// The state of a topic.
#[derive(Clone, Debug)]
pub enum Content {
    /// Rows.
    Map(Box<MapTopic>),
    /// Items.
    Stream(Box<StreamTopic>),
    /// A value.
    Gauge(GaugeTopic),
}

impl Content {
    fn source(&mut self) -> &mut dyn Source {
        match self {
            Self::Map(topic) => topic.as_mut(),
            Self::Stream(topic) => topic.as_mut(),
            Self::Gauge(topic) => topic,
        }
    }

    /// What a link starts from; a whole state that had to be encoded for it is counted.
    fn start(&mut self, since: Option<&Since>, link: &Link) -> Start {
        let encoded = |content: &Self| match content {
            Self::Map(topic) => topic.encoded(),
            Self::Stream(_) | Self::Gauge(_) => 0,
        };
        let before = encoded(self);
        let start = self.source().start(since, link.kind().limits().page_bytes);
        metrics::counter!("munshi_live_snapshots_encoded_total").increment(encoded(self) - before);
        start
    }
}

/// A change of one row: its body with the offset of the event that made it, or nothing where the row is gone.
pub type Edit = (RowKey, Option<(Payload, JournalSeq)>);

/// Subscribers of one shard, by number of the connection.
type Subscribers = HashMap<u64, Arc<Link>>;

struct State {
    content: Content,
    /// How far each shard has handed out.
    sent: Box<[JournalSeq]>,
}

/// A topic and who has it.
pub struct Board {
    key: TopicKey,
    class: Class,
    state: Mutex<State>,
    subscribers: Box<[Mutex<Subscribers>]>,
    queued: Box<[AtomicBool]>,
}

impl std::fmt::Debug for Board {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Board").field("key", &self.key).finish_non_exhaustive()
    }
}

/// How somebody subscribes.
#[derive(Debug)]
pub struct Wish<'a> {
    /// What the client has already.
    pub since: Option<&'a Since>,
    /// Rate of a gauge.
    pub max_hz: Option<u8>,
    /// Milliseconds of the server's clock that does not go back.
    pub now_ms: u64,
}

impl Board {
    /// Of a topic in this state, for so many shards.
    pub fn new(key: TopicKey, mut content: Content, shards: usize) -> Self {
        let (class, off) = (content.source().class(), content.source().off());
        Self {
            key,
            class,
            state: Mutex::new(State { content, sent: vec![off; shards].into() }),
            subscribers: (0..shards).map(|_| Mutex::default()).collect(),
            queued: (0..shards).map(|_| AtomicBool::new(false)).collect(),
        }
    }

    /// Name.
    pub const fn topic(&self) -> &Topic {
        &self.key.topic
    }

    /// What it guarantees.
    pub const fn class(&self) -> Class {
        self.class
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shard(&self, number: usize) -> MutexGuard<'_, Subscribers> {
        self.subscribers[number].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shard_of(&self, link: &Link) -> usize {
        usize::try_from(link.id() % self.subscribers.len() as u64).unwrap_or_default()
    }

    /// Registers a subscriber with the state it starts from. `answer` makes what the client is told first.
    pub fn join(
        self: &Arc<Self>,
        link: &Arc<Link>,
        wish: &Wish<'_>,
        answer: impl FnOnce(&Start) -> Option<ServerFrame>,
    ) -> Start {
        let number = self.shard_of(link);
        let mut state = self.state();
        let start = state.content.start(wish.since, link);
        {
            let mut shard = self.shard(number);
            if shard.is_empty() {
                state.sent[number] = state.content.source().off();
            }
            shard.insert(link.id(), Arc::clone(link));
        }
        let frame = answer(&start);
        link.note(self.topic(), Arc::clone(self));
        link.subscribe(wish.now_ms, self.topic(), self.class, start.clone(), wish.max_hz, frame.as_ref());
        start
    }

    /// Ends a subscription. Nothing of the topic reaches the link after this.
    pub fn leave(&self, link: &Link) {
        self.shard(self.shard_of(link)).remove(&link.id());
    }

    /// Subscribers.
    pub fn count(&self) -> usize {
        (0..self.subscribers.len()).map(|number| self.shard(number).len()).sum()
    }

    /// Users among the subscribers.
    pub fn users(&self) -> BTreeSet<UserId> {
        let shards = (0..self.subscribers.len()).map(|number| self.shard(number));
        let users = |links: MutexGuard<'_, Subscribers>| {
            let of_users = links.values().filter(|link| link.device().is_none() && link.tracked().is_none());
            of_users.map(|link| link.principal().user).collect::<Vec<_>>()
        };
        shards.flat_map(users).collect()
    }

    /// Rows, if it has rows.
    pub fn rows(&self) -> usize {
        match &self.state().content {
            Content::Map(topic) => topic.rows().len(),
            Content::Stream(topic) => topic.len(),
            Content::Gauge(_) => 0,
        }
    }

    /// Where it stands.
    pub fn off(&self) -> JournalSeq {
        self.state().content.source().off()
    }

    /// Takes changes of rows. Answers the shards that have to hear of it.
    ///
    /// # Errors
    /// [`OffsetWentBack`]; nothing is changed.
    pub fn apply(&self, now_ms: u64, off: JournalSeq, edits: Vec<Edit>) -> Result<Vec<usize>, OffsetWentBack> {
        let mut state = self.state();
        let Content::Map(topic) = &mut state.content else { return Ok(Vec::new()) };
        let changed = topic.apply(now_ms, off, edits)?.is_some();
        drop(state);
        Ok(if changed { self.to_tell() } else { Vec::new() })
    }

    /// Takes an item of a stream. Answers the shards that have to hear of it.
    ///
    /// # Errors
    /// [`OffsetWentBack`]; nothing is changed.
    pub fn add(&self, now_ms: u64, item: Item) -> Result<Vec<usize>, OffsetWentBack> {
        let mut state = self.state();
        let Content::Stream(topic) = &mut state.content else { return Ok(Vec::new()) };
        topic.add(now_ms, item.off, item.v)?;
        drop(state);
        Ok(self.to_tell())
    }

    /// An item of a stream is done with.
    pub fn resolve(&self, off: JournalSeq) {
        if let Content::Stream(topic) = &mut self.state().content {
            topic.resolve(off);
        }
    }

    /// Takes the value of a gauge. Answers the shards that have to hear of it.
    pub fn set(&self, value: Payload) -> Vec<usize> {
        let mut state = self.state();
        let Content::Gauge(topic) = &mut state.content else { return Vec::new() };
        let changed = topic.set(value).is_some();
        drop(state);
        if changed { self.to_tell() } else { Vec::new() }
    }

    fn to_tell(&self) -> Vec<usize> {
        let shards = 0..self.subscribers.len();
        shards
            .filter(|number| !self.shard(*number).is_empty() && !self.queued[*number].swap(true, Ordering::AcqRel))
            .collect()
    }

    /// A look at the rows as they are.
    pub fn look<R>(&self, look: impl FnOnce(&MapTopic) -> R) -> Option<R> {
        match &self.state().content {
            Content::Map(topic) => Some(look(topic)),
            Content::Stream(_) | Content::Gauge(_) => None,
        }
    }

    /// Hands out to the subscribers of a shard what they have not had yet; [`Board::wake`] sends it on its way. Answers how
    /// many were told.
    pub fn deliver(&self, number: usize) -> usize {
        self.queued[number].store(false, Ordering::Release);
        let text = {
            let mut state = self.state();
            let (base, head) = (state.sent[number], state.content.source().off());
            if head <= base {
                return 0;
            }
            state.sent[number] = head;
            state.content.source().merged(base)
        };
        let shard = self.shard(number);
        for link in shard.values() {
            match &text {
                Some(text) => link.step(self.topic(), text),
                None => link.lag(self.topic()),
            }
        }
        shard.len()
    }

    /// Wakes the writers of subscribers of a shard that were told something and not woken since.
    pub fn wake(&self, number: usize) {
        self.shard(number).values().for_each(|link| link.wake_if_told());
    }

    /// Catches a lagging link up, in one turn with the state.
    pub fn catch_up(&self, link: &Link, base: JournalSeq) {
        let mut state = self.state();
        let merged: Option<StepText> = state.content.source().merged(base);
        link.outbox().caught_up(self.topic(), merged.as_ref());
    }

    /// Starts a link again from the whole state.
    pub fn restart(&self, link: &Link, now_ms: u64) {
        let mut state = self.state();
        let start = state.content.start(None, link);
        link.outbox().restart(now_ms, self.topic(), &start);
    }

    /// Sends the checksum to everybody who stands where the topic stands.
    pub fn check(&self, now_ms: u64) {
        let chk = {
            let mut state = self.state();
            match &mut state.content {
                Content::Map(topic) => {
                    topic.tick(now_ms);
                    topic.chk()
                }
                Content::Stream(topic) => return topic.tick(now_ms),
                Content::Gauge(_) => return,
            }
        };
        let off = chk.off;
        let frame = FrameText::whole(ServerFrame::push(ServerBody::Chk(chk)).encode());
        for number in 0..self.subscribers.len() {
            for link in self.shard(number).values() {
                link.outbox().checksum(self.topic(), off, frame.clone());
                link.wake.notify_one();
            }
        }
    }
}
