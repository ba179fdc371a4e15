//! The one ticker: due times are data, and it turns them into commands (runtime.md rule 10).
//!
//! Timers within the horizon wait in memory; later ones wait in the store, which the ticker reads again and
//! again. An aggregate that is ticked decides itself what is due, so that a tick too many does nothing.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use munshi_domain::{EntityId, Kind, Timestamp};
use tokio::sync::Notify;

use crate::node::Core;

/// Timers due within this many milliseconds are kept in memory.
const HORIZON_MS: i64 = 120_000;
/// How often the store is read for timers.
const SCAN: Duration = Duration::from_secs(30);
/// Timers read at a time.
const PAGE: usize = 1_000;
/// Shortest pause between two looks at what is due: orders that are placed in a rush are due one every millisecond.
const PAUSE_MS: i64 = 20;
/// So many timers may wait in memory before those beyond the horizon are dropped.
const MANY: usize = 10_000;

#[derive(Default)]
pub(crate) struct Ticker {
    timers: Mutex<Timers>,
    wake: Notify,
}

#[derive(Default)]
struct Timers {
    heap: BinaryHeap<Reverse<(Timestamp, EntityId)>>,
    /// How many were left when those beyond the horizon were dropped last: that goes through all of them.
    left: usize,
}

impl Timers {
    fn pop_due(&mut self, now: Timestamp) -> Vec<EntityId> {
        let mut due = Vec::new();
        while self.heap.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            due.extend(self.heap.pop().map(|Reverse((_, entity))| entity));
        }
        // What lies beyond the horizon has a row in the store; memory keeps only what comes soon.
        if self.heap.len() > MANY.max(self.left * 2) {
            let horizon = now.plus_millis(HORIZON_MS);
            self.heap.retain(|Reverse((at, _))| *at <= horizon);
            self.left = self.heap.len();
        }
        due
    }
}

impl Ticker {
    /// Takes note of a due time; those beyond the horizon are found in the store when they come near.
    pub(crate) fn schedule(&self, due: Timestamp, kind: Kind, id: &Arc<str>) {
        let mut timers = self.timers();
        let earliest = timers.heap.peek().is_none_or(|Reverse((first, _))| due < *first);
        timers.heap.push(Reverse((due, EntityId { kind, id: id.clone() })));
        drop(timers);
        if earliest {
            self.wake.notify_one();
        }
    }

    fn pop_due(&self, now: Timestamp) -> Vec<EntityId> {
        self.timers().pop_due(now)
    }

    fn next(&self) -> Option<Timestamp> {
        self.timers().heap.peek().map(|Reverse((at, _))| *at)
    }

    fn timers(&self) -> MutexGuard<'_, Timers> {
        self.timers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs until the node stops.
pub(crate) async fn run(core: Arc<Core>) {
    let mut stopped = core.lane.watch_stopped();
    let mut scan = tokio::time::interval(SCAN);
    loop {
        let now = core.clock.now();
        for entity in core.ticker.pop_due(now) {
            core.tick(&entity, now);
        }
        let pause = core.ticker.next().map_or(1_000, |at| (at.as_millis() - now.as_millis()).clamp(PAUSE_MS, 1_000));
        let pause = Duration::from_millis(pause.unsigned_abs());
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = core.ticker.wake.notified() => {}
            _ = scan.tick() => {
                let next = read_store(&core).await;
                scan.reset_after(next);
            }
            _ = stopped.changed() => return,
            () = core.told_to_end() => return,
        }
    }
}

/// Brings near timers into memory and forgets rows whose time has passed: their aggregates are ticked, and one
/// that is due again has a row of its own. Answers when to read again: sooner than else if there may be more than is read
/// at a time.
async fn read_store(core: &Arc<Core>) -> Duration {
    let now = core.clock.now();
    let timers = match core.store.timers(now.plus_millis(HORIZON_MS), PAGE).await {
        Ok(timers) => timers,
        Err(error) => {
            tracing::warn!(%error, "timers could not be read");
            return SCAN;
        }
    };
    let last = if timers.len() == PAGE { timers.last().map(|(at, _)| *at) } else { None };
    let (past, soon): (Vec<_>, Vec<_>) = timers.into_iter().partition(|(at, _)| *at <= now);
    for (at, entity) in soon {
        core.ticker.schedule(at, entity.kind, &entity.id);
    }
    // A row goes only when what its tick did is durable; a crash before that finds it again.
    let mut fired = Vec::new();
    for (at, entity) in past {
        if core.tick_durably(&entity, now).await {
            fired.push((at, entity));
        }
    }
    if !fired.is_empty()
        && let Err(error) = core.store.clear_timers(&fired).await
    {
        tracing::warn!(%error, "timer rows could not be cleared");
        return SCAN;
    }
    match last {
        // Those behind the last one read are due no sooner than it.
        Some(at) if at > now => Duration::from_millis((at.as_millis() - now.as_millis()).unsigned_abs()).min(SCAN),
        Some(_) if !fired.is_empty() => Duration::ZERO,
        _ => SCAN,
    }
}
