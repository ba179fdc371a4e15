//! From id to live actor: one activation per aggregate however many messages wait (runtime.md rules 7, 8, 11).
//!
//! Invariant: at most one actor of an aggregate takes messages at a time, and none is dropped from memory while
//! something of it is queued, unsaved or not yet in its document.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use actix::Addr;
use dashmap::{DashMap, Entry};
use munshi_domain::{
    approval::ApprovalQueue, claim::Claim, connection::Connection, conversation::Conversation, customer::Customer,
    floor::Floor, order::Order, product::Product, sequence::Sequence, settings::Settings, user::User,
    warehouse::Warehouse,
};

use crate::{host::Hosted, message::Envelope, shell::Shell};

/// Panics within a minute after which an aggregate is quarantined.
const PANICS: usize = 3;
const PANIC_WINDOW: Duration = Duration::from_secs(60);

/// A live actor.
pub(crate) struct Live<A: Hosted> {
    pub(crate) addr: Addr<Shell<A>>,
    pub(crate) meter: Arc<Meter>,
}

/// What the sweeper needs to know of an actor without asking it.
#[derive(Debug)]
pub(crate) struct Meter {
    /// Messages sent and not yet handled.
    pub(crate) queued: AtomicUsize,
    /// Callers whose answer waits for the aggregate to settle.
    pub(crate) waiting: AtomicUsize,
    /// Last sequence number it staged.
    pub(crate) seq: std::sync::atomic::AtomicU64,
    /// Milliseconds since the node's start when it was used last.
    pub(crate) used_ms: std::sync::atomic::AtomicU64,
}

pub(crate) enum Slot<A: Hosted> {
    Loading(Mutex<Vec<Envelope<A>>>),
    Live(Live<A>),
}

/// The queue behind exclusive access to its slot; the mutex only makes the map shareable.
fn own<T>(queue: &mut Mutex<T>) -> &mut T {
    queue.get_mut().unwrap_or_else(PoisonError::into_inner)
}

/// The actors of one kind.
pub struct Map<A: Hosted> {
    pub(crate) slots: DashMap<Arc<str>, Slot<A>>,
    panics: DashMap<Arc<str>, Vec<Instant>>,
}

impl<A: Hosted> Default for Map<A> {
    fn default() -> Self {
        Self { slots: DashMap::new(), panics: DashMap::new() }
    }
}

/// What became of a message.
pub(crate) enum Sent {
    /// It waits in a mailbox, or for an activation that runs already.
    Queued,
    /// It waits, and the caller has to start the activation.
    Activate,
}

impl<A: Hosted> Map<A> {
    pub(crate) fn send(&self, id: &Arc<str>, envelope: Envelope<A>) -> Sent {
        match self.slots.entry(id.clone()) {
            Entry::Occupied(mut slot) => match slot.get_mut() {
                Slot::Live(live) => {
                    live.meter.queued.fetch_add(1, Ordering::AcqRel);
                    live.addr.do_send(envelope);
                    Sent::Queued
                }
                Slot::Loading(queue) => {
                    own(queue).push(envelope);
                    Sent::Queued
                }
            },
            Entry::Vacant(slot) => {
                slot.insert(Slot::Loading(Mutex::new(vec![envelope])));
                Sent::Activate
            }
        }
    }

    /// The activation is ready: everything that waited goes to the actor, in order.
    pub(crate) fn go_live(&self, id: &Arc<str>, live: Live<A>) {
        let mut slot = self.slots.entry(id.clone()).or_insert_with(|| Slot::Loading(Mutex::default()));
        if let Slot::Loading(queue) = slot.value_mut() {
            for envelope in std::mem::take(own(queue)) {
                live.meter.queued.fetch_add(1, Ordering::AcqRel);
                live.addr.do_send(envelope);
            }
        }
        *slot.value_mut() = Slot::Live(live);
    }

    /// Takes a dead actor out: from here on messages wait for the activation that the caller has to start. The
    /// dead actor forwards what is still in its mailbox.
    pub(crate) fn evict(&self, id: &Arc<str>) -> Option<Live<A>> {
        let mut slot = self.slots.get_mut(id)?;
        match std::mem::replace(slot.value_mut(), Slot::Loading(Mutex::default())) {
            Slot::Live(live) => Some(live),
            loading @ Slot::Loading(_) => {
                *slot.value_mut() = loading;
                None
            }
        }
    }

    /// The activation failed: whoever waited is told.
    pub(crate) fn give_up(&self, id: &Arc<str>) -> Vec<Envelope<A>> {
        match self.slots.remove(id) {
            Some((_, Slot::Loading(queue))) => queue.into_inner().unwrap_or_else(PoisonError::into_inner),
            _ => Vec::new(),
        }
    }

    /// Notes a panic; `true` if the aggregate is to be quarantined.
    pub(crate) fn panicked(&self, id: &Arc<str>) -> bool {
        let mut panics = self.panics.entry(id.clone()).or_default();
        panics.retain(|at| at.elapsed() < PANIC_WINDOW);
        panics.push(Instant::now());
        panics.len() >= PANICS
    }

    pub(crate) fn quarantined(&self, id: &Arc<str>) -> bool {
        self.panics
            .get(id)
            .is_some_and(|panics| panics.iter().filter(|at| at.elapsed() < PANIC_WINDOW).count() >= PANICS)
    }

    /// Actors that keep callers waiting.
    pub(crate) fn waited_for(&self) -> Vec<Arc<str>> {
        let waiting =
            |slot: &Slot<A>| matches!(slot, Slot::Live(live) if live.meter.waiting.load(Ordering::Acquire) > 0);
        self.slots.iter().filter(|slot| waiting(slot.value())).map(|slot| slot.key().clone()).collect()
    }

    /// Lets go of actors that are idle and have nothing queued, unsaved or unprojected (rule 8).
    pub(crate) fn passivate(&self, now_ms: u64, idle_ms: u64, projected: u64, most: usize) -> usize {
        let idle: Vec<Arc<str>> = self
            .slots
            .iter()
            .filter(|slot| matches!(slot.value(), Slot::Live(live) if live.meter.idle(now_ms, idle_ms, projected)))
            .take(most)
            .map(|slot| slot.key().clone())
            .collect();
        let gone = |id: &Arc<str>| {
            let idle = |_: &Arc<str>, slot: &Slot<A>| matches!(slot, Slot::Live(live) if live.meter.idle(now_ms, idle_ms, projected));
            self.slots.remove_if(id, idle).is_some()
        };
        idle.iter().filter(|id| gone(id)).count()
    }

    pub(crate) fn live(&self) -> usize {
        self.slots.len()
    }
}

impl Meter {
    pub(crate) const fn new(used_ms: u64) -> Self {
        Self {
            queued: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            seq: std::sync::atomic::AtomicU64::new(0),
            used_ms: std::sync::atomic::AtomicU64::new(used_ms),
        }
    }

    fn idle(&self, now_ms: u64, idle_ms: u64, projected: u64) -> bool {
        self.queued.load(Ordering::Acquire) == 0
            && self.waiting.load(Ordering::Acquire) == 0
            && self.seq.load(Ordering::Acquire) <= projected
            && now_ms.saturating_sub(self.used_ms.load(Ordering::Relaxed)) >= idle_ms
    }
}

/// All maps of a node.
#[derive(Default)]
pub struct Hosts {
    pub(crate) order: Map<Order>,
    pub(crate) warehouse: Map<Warehouse>,
    pub(crate) customer: Map<Customer>,
    pub(crate) approval_queue: Map<ApprovalQueue>,
    pub(crate) product: Map<Product>,
    pub(crate) claim: Map<Claim>,
    pub(crate) sequence: Map<Sequence>,
    pub(crate) user: Map<User>,
    pub(crate) settings: Map<Settings>,
    pub(crate) floor: Map<Floor>,
    pub(crate) conversation: Map<Conversation>,
    pub(crate) connection: Map<Connection>,
}

impl Hosts {
    /// Aggregates in memory, by kind.
    pub(crate) fn live(&self) -> Vec<(&'static str, usize)> {
        let counts = |kind: munshi_domain::Kind| crate::fold::for_kind!(kind, A => A::map(self).live());
        munshi_domain::Kind::ALL.into_iter().map(|kind| (kind.name(), counts(kind))).collect()
    }
}
