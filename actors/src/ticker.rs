//! The one ticker: due times are data, and it turns them into commands (runtime.md rule 10).
//!
//! Timers within the horizon wait in memory; later ones wait in the store, which the ticker reads again and
//! again. An aggregate that is ticked decides itself what is due, so that a tick too many does nothing.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{Arc, Mutex, PoisonError},
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

#[derive(Default)]
pub(crate) struct Ticker {
    heap: Mutex<BinaryHeap<Reverse<(Timestamp, EntityId)>>>,
    wake: Notify,
}

impl Ticker {
    /// Takes note of a due time; those beyond the horizon are found in the store when they come near.
    pub(crate) fn schedule(&self, due: Timestamp, kind: Kind, id: &Arc<str>) {
        let mut heap = self.heap.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = heap.peek().is_none_or(|Reverse((first, _))| due < *first);
        heap.push(Reverse((due, EntityId { kind, id: id.clone() })));
        drop(heap);
        if earliest {
            self.wake.notify_one();
        }
    }

    fn pop_due(&self, now: Timestamp) -> Vec<EntityId> {
        let mut heap = self.heap.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        while heap.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            due.extend(heap.pop().map(|Reverse((_, entity))| entity));
        }
        // What lies beyond the horizon has a row in the store; memory keeps only what comes soon.
        if heap.len() > 10_000 {
            let horizon = now.plus_millis(HORIZON_MS);
            heap.retain(|Reverse((at, _))| *at <= horizon);
        }
        due
    }

    fn next(&self) -> Option<Timestamp> {
        let heap = self.heap.lock().unwrap_or_else(PoisonError::into_inner);
        heap.peek().map(|Reverse((at, _))| *at)
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
        let pause = core.ticker.next().map_or(1_000, |at| (at.as_millis() - now.as_millis()).clamp(1, 1_000));
        let pause = Duration::from_millis(u64::try_from(pause).unwrap_or(1));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = core.ticker.wake.notified() => {}
            _ = scan.tick() => read_store(&core).await,
            _ = stopped.changed() => return,
            () = core.told_to_end() => return,
        }
    }
}

/// Brings near timers into memory and forgets rows whose time has passed: their aggregates are ticked, and one
/// that is due again has a row of its own.
async fn read_store(core: &Arc<Core>) {
    let now = core.clock.now();
    match core.store.timers(now.plus_millis(HORIZON_MS), PAGE).await {
        Ok(timers) => {
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
            if fired.is_empty() {
                return;
            }
            if let Err(error) = core.store.clear_timers(&fired).await {
                tracing::warn!(%error, "timer rows could not be cleared");
            }
        }
        Err(error) => tracing::warn!(%error, "timers could not be read"),
    }
}
