//! The shards: each hands changes out to its part of the connections, and keeps their heartbeat.
//!
//! Invariant: what waits for a shard is a set of topics, never a list of changes, so its length is bounded by the number
//! of topics; a shard never waits for a socket. Topics that change together are handed out together: a connection's
//! writer is woken once, when it has all of them.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

use super::{Live, board::Board, link::Link};

/// Length of a slot of the wheel.
const SLOT_MS: u64 = 100;
/// How long changes are gathered: those of commits that follow each other so soon are one write to each connection.
const GATHER: Duration = Duration::from_millis(2);
/// Topics handed out before writers are woken.
const ROUND: usize = 32;
/// Slots: whatever is due later is looked at in between.
const SLOTS: usize = 512;

/// One shard.
pub struct Shard {
    waiting: Mutex<VecDeque<Arc<Board>>>,
    /// Whether more is about to wait: nothing is handed out for so long.
    gathering: AtomicBool,
    wake: Notify,
    wheel: Mutex<Wheel>,
}

struct Wheel {
    slots: Vec<Vec<Weak<Link>>>,
    at: usize,
}

impl std::fmt::Debug for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shard")
    }
}

impl Default for Shard {
    fn default() -> Self {
        let slots = (0..SLOTS).map(|_| Vec::new()).collect();
        Self {
            waiting: Mutex::default(),
            gathering: AtomicBool::new(false),
            wake: Notify::new(),
            wheel: Mutex::new(Wheel { slots, at: 0 }),
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shard {
    /// A topic has something to hand out. The caller makes sure that it does not wait already.
    pub fn tell(&self, board: Arc<Board>) {
        held(&self.waiting).push_back(board);
        if !self.gathering.load(Ordering::Acquire) {
            self.wake.notify_one();
        }
    }

    /// What waits from here on waits until [`Shard::release`].
    pub fn gather(&self) {
        self.gathering.store(true, Ordering::Release);
    }

    /// Hands out what was gathered.
    pub fn release(&self) {
        self.gathering.store(false, Ordering::Release);
        self.wake.notify_one();
    }

    /// What is handed out next.
    fn round(&self) -> Vec<Arc<Board>> {
        let mut waiting = held(&self.waiting);
        if self.gathering.load(Ordering::Acquire) {
            return Vec::new();
        }
        let most = waiting.len().min(ROUND);
        waiting.drain(..most).collect()
    }

    /// Looks at a link again after so many milliseconds.
    pub fn remind(&self, link: &Arc<Link>, after_ms: u64) {
        let mut wheel = held(&self.wheel);
        let ahead = usize::try_from(after_ms / SLOT_MS + 1).unwrap_or(SLOTS).clamp(1, SLOTS - 1);
        let slot = (wheel.at + ahead) % SLOTS;
        wheel.slots[slot].push(Arc::downgrade(link));
    }

    /// Links whose time has come.
    fn due(&self) -> Vec<Weak<Link>> {
        let mut wheel = held(&self.wheel);
        wheel.at = (wheel.at + 1) % SLOTS;
        let at = wheel.at;
        std::mem::take(&mut wheel.slots[at])
    }

    /// Hands out what waits, for ever.
    pub async fn hand_out(&self, live: &Live, number: usize) {
        loop {
            let round = self.round();
            if round.is_empty() {
                self.wake.notified().await;
                tokio::time::sleep(GATHER).await;
                continue;
            }
            for board in &round {
                let told = board.deliver(number);
                live.meters().deliveries.increment(told as u64);
                tokio::task::yield_now().await;
            }
            for board in &round {
                board.wake(number);
            }
        }
    }

    /// Keeps the heartbeat, for ever.
    pub async fn keep_time(&self, live: &Live) {
        let mut tick = tokio::time::interval(Duration::from_millis(SLOT_MS));
        // After a pause of the machine nobody is looked at several times in a row.
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let (now_ms, time) = (live.now_ms(), live.node().now());
            for link in self.due().iter().filter_map(Weak::upgrade) {
                if let Some(next) = link.beat(now_ms, time, live.heartbeat_ms(link.kind()), live.pong_ms(link.kind())) {
                    self.remind(&link, next);
                }
            }
        }
    }
}
