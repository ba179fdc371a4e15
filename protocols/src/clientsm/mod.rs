//! The client's side of the protocol, without a socket, a clock or a thread.
//!
//! Whoever runs a [`Client`] gives it what happened (a connection opened, bytes came, time passed) and carries out what
//! [`Client::poll`] answers. Time is milliseconds of a clock that never goes back; randomness is brought along. So
//! browser, scanner, load harness and simulation run the same machine, and a run can be repeated exactly.
//!
//! Invariants: a stored command is sent until it is answered, with one key and, but for a rebase, one number; a mirror is
//! only what the server said; the machine reconnects by itself unless the server forbids it; every wait has an end.

mod link;
mod pace;
mod pending;
mod queue;
mod receive;
mod store;
mod subs;
mod types;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

pub use pace::{Backoff, Pace};
pub use store::{CommandStore, MemoryStore, StoreFailed};
pub use types::{Config, Event, Identity, Output, StopReason, Unable};

use crate::{
    client::{Auth, ClientBody, ClientFrame, Cmd, Reading, Seen, Token, Unsub},
    ids::{CmdKey, CmdSeq, FrameId, JournalSeq, Op, Rev},
    limits::{self, ClientKind, Limits},
    mirror::Mirror,
    payload::Payload,
    topic::{Topic, Window},
};
use link::Phase;
use pending::Pending;
use queue::DeviceQueue;
use subs::{State, Subs};

/// A client of either sort. `S` keeps a device's commands, `R` answers evenly spread numbers.
#[derive(Debug)]
pub struct Client<S, R> {
    config: Config,
    random: R,
    phase: Phase,
    token: Option<Token>,
    ticket: Option<Token>,
    backoff: Backoff,
    /// When the server asked to connect anew.
    drain_at: Option<u64>,
    limits: Limits,
    queue: DeviceQueue<S>,
    pending: Pending,
    subs: Subs,
    next_id: FrameId,
    next_ping: u32,
    /// Wall clock minus ours, for pongs.
    wall: Option<(u64, u64)>,
    out: VecDeque<Output>,
}

/// What a command does, apart from who gives it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Id, made once for this command.
    pub key: CmdKey,
    /// What to do.
    pub op: Op,
    /// Revision that was on the screen.
    pub rev: Option<Rev>,
    /// Arguments.
    pub a: Payload,
}

impl<S: CommandStore, R: FnMut() -> u64> Client<S, R> {
    /// Not yet started. A console gives a [`MemoryStore`] that stays empty.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn new(config: Config, store: S, random: R) -> Result<Self, StoreFailed> {
        let limits = Limits::standard(config.identity.kind());
        Ok(Self {
            queue: DeviceQueue::load(store, limits.clone())?,
            config,
            random,
            phase: Phase::Idle,
            token: None,
            ticket: None,
            backoff: Backoff::default(),
            drain_at: None,
            limits,
            pending: Pending::default(),
            subs: Subs::default(),
            next_id: FrameId::ZERO.next(),
            next_ping: 1,
            wall: None,
            out: VecDeque::new(),
        })
    }

    /// What to do next, if anything.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Brings a token: the first, or a fresh one. It replaces the ticket of an older connection.
    pub fn set_token(&mut self, now: u64, token: Token) {
        self.token = Some(token.clone());
        self.ticket = None;
        match self.phase {
            Phase::NoToken => self.connect(now),
            Phase::Live { .. } => {
                let id = self.id();
                self.send(&ClientFrame::ask(id, ClientBody::Auth(Auth { token })));
                self.flush(now);
            }
            _ => {}
        }
    }

    /// Wants a topic. Again for one it has, it changes rate or window.
    ///
    /// # Errors
    /// [`Unable::BadTopic`], [`Unable::TooManyTopics`].
    pub fn subscribe(
        &mut self,
        now: u64,
        topic: Topic,
        max_hz: Option<u8>,
        window: Option<Window>,
    ) -> Result<(), Unable> {
        let kind = topic.kind().ok_or(Unable::BadTopic)?;
        if window.as_ref().is_some_and(|window| window.fits(&kind).is_err()) {
            return Err(Unable::BadTopic);
        }
        if self.subs.get(&topic).is_none() && self.subs.len() >= self.limits.topics as usize {
            return Err(Unable::TooManyTopics);
        }
        let max_hz = max_hz.map(|hz| hz.clamp(1, limits::GAUGE_HZ_MAX));
        self.subs.want(topic, max_hz, window, Mirror::new(kind.class()));
        self.flush(now);
        Ok(())
    }

    /// Wants a topic no longer; its mirror is gone.
    pub fn unsubscribe(&mut self, topic: &Topic) {
        let known = self.subs.get(topic).is_some_and(|entry| !matches!(entry.state, State::Wanted { .. }));
        if self.subs.remove(topic) && known && self.is_live() {
            let id = self.id();
            self.send(&ClientFrame::ask(id, ClientBody::Unsub(Unsub { topic: topic.clone() })));
        }
    }

    /// The user has dealt with the items of a stream up to `off`.
    pub fn seen(&mut self, topic: &Topic, off: JournalSeq) {
        let Some(entry) = self.subs.get_mut(topic) else { return };
        let live = entry.state == State::Live;
        let Mirror::Stream(stream) = &mut entry.mirror else { return };
        if stream.seen(off) && live {
            self.send(&ClientFrame::push(ClientBody::Seen(Seen { topic: topic.clone(), off })));
        }
    }

    /// Takes a command of a device: it is stored when this answers, and may beep. Answers its number.
    ///
    /// # Errors
    /// [`Unable`]; the command is not taken.
    pub fn record(&mut self, now: u64, order: Order, at: Reading) -> Result<CmdSeq, Unable> {
        if self.kind() != ClientKind::Device {
            return Err(Unable::WrongKind);
        }
        let Order { key, op, rev, a } = order;
        let seq = self.queue.append(Cmd { seq: None, key, at: Some(at), op, rev, a })?;
        self.flush(now);
        Ok(seq)
    }

    /// Takes a command of a console.
    ///
    /// # Errors
    /// [`Unable`]; the command is not taken.
    pub fn command(&mut self, now: u64, order: Order) -> Result<(), Unable> {
        if self.kind() != ClientKind::Console {
            return Err(Unable::WrongKind);
        }
        if self.pending.len() >= self.config.pending {
            return Err(Unable::QueueFull);
        }
        let Order { key, op, rev, a } = order;
        let cmd = Cmd { seq: None, key, at: None, op, rev, a };
        let bytes = serde_json::to_string(&cmd).map_or(usize::MAX, |text| text.len());
        if bytes.saturating_add(64) > self.limits.message_bytes as usize {
            return Err(Unable::TooLarge);
        }
        self.pending.push(cmd, now);
        self.flush(now);
        Ok(())
    }

    /// The mirror of a topic, once it was subscribed.
    pub fn mirror(&self, topic: &Topic) -> Option<&Mirror> {
        self.subs.get(topic).map(|entry| &entry.mirror)
    }

    /// Commands not yet answered.
    pub fn unanswered(&self) -> usize {
        self.queue.len() + self.pending.len()
    }

    /// The device's store.
    pub const fn store(&self) -> &S {
        &self.queue.store
    }

    /// Gives the store back, as a device that is switched off does.
    pub fn into_store(self) -> S {
        self.queue.store
    }

    const fn kind(&self) -> ClientKind {
        self.config.identity.kind()
    }

    fn id(&mut self) -> FrameId {
        let id = self.next_id;
        self.next_id = id.next();
        id
    }

    fn send(&mut self, frame: &ClientFrame) {
        self.out.push_back(Output::Send(frame.encode()));
    }

    fn tell(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }
}
