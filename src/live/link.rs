//! One connection, as everybody but its two tasks sees it: the queue of what it still has to be sent, when it was last
//! heard of, and who is behind it.
//!
//! Invariant: whoever holds the outbox holds it for a moment and never waits; the writer alone takes frames out of it.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering},
};

use munshi_domain::{
    Timestamp, UserId,
    user::{Role, SessionId},
};
use munshi_protocols::{
    code::{Close, Code},
    limits::ClientKind,
    server::{self, ServerBody, ServerFrame},
    topic::{Class, Topic},
    topicsm::{Bounds, FrameText, Outbox, Start, StepText},
};
use tokio::sync::Notify;

use super::board::Board;
use crate::services::{device::Named, tracking::Tracked};

/// Who is behind a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The user.
    pub user: UserId,
    /// The session that the token or ticket belongs to.
    pub session: SessionId,
    /// Roles, as they were when last looked at.
    pub roles: Vec<Role>,
    /// When the token stops working.
    pub expires: Timestamp,
}

/// The device behind a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Where and which.
    pub named: Named,
    /// Number of the enrolment.
    pub generation: u32,
    /// The installation that said `hello`.
    pub install: String,
    /// Its program.
    pub app: String,
    /// Its wall clock minus ours, in milliseconds, when it said `hello`.
    pub skew_ms: i32,
    /// When that was.
    pub since: Timestamp,
}

/// A connection that said who it is.
pub struct Link {
    id: u64,
    device: Option<Enrolment>,
    tracked: Option<Tracked>,
    kind: ClientKind,
    outbox: Mutex<Outbox>,
    /// Tells the writer that there is something to do.
    pub wake: Notify,
    /// Whether something was queued that the writer was not told of.
    told: AtomicBool,
    /// Tells whoever waits for room that something was sent.
    pub drained: Notify,
    /// Tells the reader that the writer has ended.
    pub ended: Notify,
    heard_ms: AtomicU64,
    /// When the unanswered ping was sent; 0 for none.
    pinged_ms: AtomicU64,
    pings: AtomicU64,
    /// Whether the server itself does not read for now.
    paused: AtomicBool,
    /// The other side is gone: the writer ends without another word.
    gone: AtomicBool,
    /// Close code of the WebSocket layer to end with at once; 0 for none.
    broken: AtomicU16,
    principal: Mutex<Principal>,
    topics: Mutex<Vec<(Topic, Arc<Board>)>>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("id", &self.id).finish_non_exhaustive()
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Link {
    /// Of a connection that was admitted at `now_ms`.
    pub fn new(id: u64, kind: ClientKind, principal: Principal, now_ms: u64) -> Self {
        Self {
            id,
            device: None,
            tracked: None,
            kind,
            outbox: Mutex::new(Outbox::new(Bounds::standard(kind))),
            wake: Notify::new(),
            told: AtomicBool::new(false),
            drained: Notify::new(),
            ended: Notify::new(),
            heard_ms: AtomicU64::new(now_ms),
            pinged_ms: AtomicU64::new(0),
            pings: AtomicU64::new(0),
            paused: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            broken: AtomicU16::new(0),
            principal: Mutex::new(principal),
            topics: Mutex::new(Vec::new()),
        }
    }

    /// The same, of a device.
    #[must_use]
    pub fn of_device(self, device: Enrolment) -> Self {
        Self { device: Some(device), ..self }
    }

    /// The same, of the customer of an order.
    #[must_use]
    pub fn of_customer(self, tracked: Tracked) -> Self {
        Self { tracked: Some(tracked), ..self }
    }

    /// The tracking link behind it, if it is a customer's.
    pub const fn tracked(&self) -> Option<&Tracked> {
        self.tracked.as_ref()
    }

    /// The device behind it, if it is one.
    pub const fn device(&self) -> Option<&Enrolment> {
        self.device.as_ref()
    }

    /// Number of the connection, in this life of the server.
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// Which sort of client.
    pub const fn kind(&self) -> ClientKind {
        self.kind
    }

    /// What is still to be sent.
    pub fn outbox(&self) -> MutexGuard<'_, Outbox> {
        held(&self.outbox)
    }

    /// Who is behind it.
    pub fn principal(&self) -> Principal {
        held(&self.principal).clone()
    }

    /// Somebody brought a fresh token, or the roles changed.
    pub fn set_principal(&self, principal: Principal) {
        *held(&self.principal) = principal;
    }

    /// Answers a frame, or says something about the connection.
    pub fn reply(&self, frame: &ServerFrame) {
        self.outbox().reply(FrameText::whole(frame.encode()));
        self.wake.notify_one();
    }

    /// Waits until little enough is queued that a large answer fits as well; or the connection is gone.
    pub async fn room(&self) {
        while !self.is_gone() && self.outbox().bytes() > self.kind.limits().outbox_soft {
            self.drained.notified().await;
        }
    }

    /// Says something without being asked.
    pub fn push(&self, body: ServerBody) {
        self.reply(&ServerFrame::push(body));
    }

    /// Closes after what is queued as replies.
    pub fn close(&self, close: Close) {
        self.outbox().close(close);
        self.wake.notify_one();
    }

    /// Says why, then closes.
    pub fn close_for(&self, code: Code, close: Close) {
        self.push(ServerBody::Err(server::Err::of(code)));
        self.close(close);
    }

    /// Starts a subscription; `answer` goes out before anything of the topic.
    pub fn subscribe(
        &self,
        now_ms: u64,
        topic: &Topic,
        class: Class,
        start: Start,
        max_hz: Option<u8>,
        answer: Option<&ServerFrame>,
    ) {
        let mut outbox = self.outbox();
        if let Some(frame) = answer {
            outbox.reply(FrameText::whole(frame.encode()));
        }
        outbox.subscribe(now_ms, topic, class, start, max_hz);
        drop(outbox);
        self.wake.notify_one();
    }

    /// Takes a step of a topic; the writer hears of it by [`Link::wake_if_told`].
    pub fn step(&self, topic: &Topic, text: &StepText) {
        self.outbox().step(topic, text);
        self.told.store(true, Ordering::Release);
    }

    /// Steps of a topic were left out on the way here; as [`Link::step`].
    pub fn lag(&self, topic: &Topic) {
        self.outbox().lag(topic);
        self.told.store(true, Ordering::Release);
    }

    /// Wakes the writer if it was not told of something that is queued.
    pub fn wake_if_told(&self) {
        if self.told.swap(false, Ordering::AcqRel) {
            self.wake.notify_one();
        }
    }

    /// The board behind a topic it has.
    pub fn board(&self, topic: &Topic) -> Option<Arc<Board>> {
        held(&self.topics).iter().find(|(known, _)| known == topic).map(|(_, board)| Arc::clone(board))
    }

    /// Topics it has.
    pub fn topics(&self) -> Vec<(Topic, Arc<Board>)> {
        held(&self.topics).clone()
    }

    /// How many.
    pub fn topic_count(&self) -> usize {
        held(&self.topics).len()
    }

    /// Notes that a topic is had from `board`.
    pub fn note(&self, topic: &Topic, board: Arc<Board>) {
        let mut topics = held(&self.topics);
        topics.retain(|(known, _)| known != topic);
        topics.push((topic.clone(), board));
    }

    /// Ends a subscription; answers whether there was one.
    pub fn unsubscribe(&self, topic: &Topic) -> bool {
        let had = {
            let mut topics = held(&self.topics);
            let at = topics.iter().position(|(known, _)| known == topic);
            at.map(|at| topics.swap_remove(at).1)
        };
        // First nothing more may come, then what is queued goes.
        if let Some(board) = &had {
            board.leave(self);
        }
        self.outbox().unsubscribe(topic);
        had.is_some()
    }

    /// Ends every subscription.
    pub fn leave_all(&self) {
        for (_, board) in std::mem::take(&mut *held(&self.topics)) {
            board.leave(self);
        }
    }

    /// Something came in.
    pub fn heard(&self, now_ms: u64) {
        self.heard_ms.store(now_ms, Ordering::Release);
        self.pinged_ms.store(0, Ordering::Release);
    }

    /// The server stops reading from it, or reads again.
    pub fn pause(&self, paused: bool, now_ms: u64) {
        self.paused.store(paused, Ordering::Release);
        if !paused {
            // What came in meanwhile was not looked at: it counts as heard of.
            self.heard(now_ms);
        }
    }

    /// The other side is gone.
    pub fn hang_up(&self) {
        self.gone.store(true, Ordering::Release);
        self.wake.notify_one();
        self.drained.notify_one();
    }

    /// The other side broke the rules of WebSocket: ends with this code at once.
    pub fn fail(&self, code: u16) {
        self.broken.store(code, Ordering::Release);
        self.wake.notify_one();
    }

    /// The code to end with at once, if any.
    pub fn failed(&self) -> Option<u16> {
        Some(self.broken.load(Ordering::Acquire)).filter(|code| *code > 0)
    }

    /// Whether the other side is gone.
    pub fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Looks at the clock: asks whether the client is there, or closes. Answers when to look again, in milliseconds.
    pub fn beat(&self, now_ms: u64, time: Timestamp, heartbeat_ms: u64, pong_ms: u64) -> Option<u64> {
        if self.is_gone() {
            return None;
        }
        let expires = self.principal().expires;
        let left = expires.as_millis().saturating_sub(time.as_millis());
        if left <= 0 {
            self.close(Close::TokenExpired);
            return None;
        }
        let until_expiry = u64::try_from(left).unwrap_or(u64::MAX);
        if self.paused.load(Ordering::Acquire) {
            return Some(heartbeat_ms.min(until_expiry));
        }
        let pinged = self.pinged_ms.load(Ordering::Acquire);
        if pinged > 0 {
            let waited = now_ms.saturating_sub(pinged);
            if waited >= pong_ms {
                self.close(Close::NoPong);
                return None;
            }
            return Some((pong_ms - waited).min(until_expiry));
        }
        let silent = now_ms.saturating_sub(self.heard_ms.load(Ordering::Acquire));
        if silent < heartbeat_ms {
            return Some((heartbeat_ms - silent).min(until_expiry));
        }
        self.pinged_ms.store(now_ms.max(1), Ordering::Release);
        let n = u32::try_from(self.pings.fetch_add(1, Ordering::Relaxed) % u64::from(u32::MAX)).unwrap_or_default();
        self.push(ServerBody::Ping(server::Ping { n, time_ms: super::rows::millis(time) }));
        Some(pong_ms.min(until_expiry))
    }
}
