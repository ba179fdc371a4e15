//! Looks after connections, the notifier and the projector, and notes in the journal when a trouble begins and ends; who
//! is told follows from those entries (NOT-08).
//!
//! Invariant: it only reports what it sees; the aggregate decides what is a new episode. A trouble ends when something
//! went well after it began, not because a worker was started anew. A subscriber that fails for [`GIVE_UP_MS`] is paused.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use munshi_actors::{Class, node::Meta};
use munshi_domain::{
    Timestamp,
    connection::{Connection, ConnectionCommand, SERVER, Trouble},
};

use super::{Outbound, Wired, admin::Change, note::Noted, records::Mode, worker::Health};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Every this many looks dead letters are looked for.
const DEAD_EVERY: u32 = 4;
/// A reader that stays where it is for this long although there is more to read is stalled.
const STALLED: Duration = Duration::from_secs(60);
/// A subscriber that took nothing for this long is reported.
const FAILING_MS: i64 = 15 * 60_000;
/// And paused after this long (messaging.md §6: three days).
const GIVE_UP_MS: i64 = 3 * 86_400_000;

/// Looks until the server stops.
pub(super) async fn follow(outbound: Outbound) {
    let mut watch = Watch { outbound, troubles: HashMap::new(), moved: HashMap::new(), looks: 0 };
    while !watch.outbound.stopping() {
        watch.look().await;
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

struct Watch {
    outbound: Outbound,
    /// What lasts, as the journal has it, with its beginning.
    troubles: HashMap<Arc<str>, BTreeMap<Trouble, Timestamp>>,
    /// Where a reader was seen last, and since when.
    moved: HashMap<Arc<str>, (u64, Instant)>,
    looks: u32,
}

/// What is seen of a trouble: it is there, it is over, or nothing can be said.
type Seen = Option<bool>;

impl Watch {
    async fn look(&mut self) {
        let look_for_dead = self.looks.is_multiple_of(DEAD_EVERY);
        self.looks = self.looks.wrapping_add(1);
        for wired in self.outbound.connections() {
            let id = wired.record.id.clone();
            let Some(lasting) = self.lasting(&id).await else { continue };
            let health = self.outbound.health(&id);
            for (trouble, seen) in self.seen(&wired, &health, &lasting) {
                self.report(&id, trouble, seen).await;
            }
            if look_for_dead && let Ok(dead) = self.outbound.dead(Some(&id), None, 1).await {
                self.report(&id, Trouble::DeadLetters, Some(!dead.is_empty())).await;
            }
            let failing = lasting.get(&Trouble::Failing).copied();
            if let Some(since) = failing.filter(|_| wired.record.mode != Mode::Paused) {
                self.give_up(&wired, since).await;
            }
        }
        let server: Arc<str> = SERVER.into();
        if self.lasting(&server).await.is_some() {
            let status = self.outbound.node().status();
            let projected = self.stalls("projector", status.projected, status.head);
            self.report(&server, Trouble::ProjectorStalled, projected).await;
            let notified = self.stalls("notifier", self.outbound.notified_up_to(), status.head);
            self.report(&server, Trouble::NotifierStalled, notified).await;
        }
    }

    fn seen(&mut self, wired: &Wired, health: &Health, lasting: &BTreeMap<Trouble, Timestamp>) -> Vec<(Trouble, Seen)> {
        let paused = wired.record.mode == Mode::Paused;
        let well = |trouble: Trouble| {
            let since = lasting.get(&trouble)?;
            health.last_ok.filter(|ok| ok > since).map(|_| false)
        };
        let mut seen = Vec::new();
        if wired.endpoint().is_some() {
            let now = self.outbound.node().now();
            let failing = health.failing_since.is_some_and(|since| now >= since.plus_millis(FAILING_MS));
            let over = if paused { Some(false) } else { well(Trouble::Failing) };
            seen.push((Trouble::Failing, if failing && !paused { Some(true) } else { over }));
        } else {
            let open = matches!(health.breaker.as_str(), "open" | "half_open");
            seen.push((Trouble::Unreachable, if open { Some(true) } else { well(Trouble::Unreachable) }));
            let barred = health.breaker == "unauthorized";
            seen.push((Trouble::Unauthorized, if barred { Some(true) } else { well(Trouble::Unauthorized) }));
        }
        let auto = wired.record.paused_because.is_some();
        seen.push((Trouble::AutoPaused, Some(paused && auto)));
        // A worker that has as much as it may holds back by design.
        let full = health.planned + health.unknown + health.in_flight >= self.outbound.open_limit();
        let head = health.position + health.lag;
        let stalled = if full || health.breaker.is_empty() {
            None
        } else {
            self.stalls(&wired.consumer(), health.position, head)
        };
        seen.push((Trouble::Stalled, stalled));
        seen
    }

    /// Whether a reader stays where it is although there is more.
    fn stalls(&mut self, reader: &str, at: u64, head: u64) -> Seen {
        // Not the shop's clock, which may be set.
        let now = Instant::now();
        let (known, since) = *self.moved.entry(reader.into()).or_insert((at, now));
        if known != at || at >= head {
            self.moved.insert(reader.into(), (at, now));
            return Some(false);
        }
        (now.duration_since(since) >= STALLED).then_some(true)
    }

    /// What lasts of a connection; nothing when that cannot be read now.
    async fn lasting(&mut self, id: &Arc<str>) -> Option<BTreeMap<Trouble, Timestamp>> {
        if let Some(known) = self.troubles.get(id) {
            return Some(known.clone());
        }
        let look = |connection: &Connection, _: u64| {
            let all = Trouble::ALL.iter().filter_map(|trouble| Some((*trouble, connection.lasts(*trouble)?)));
            all.collect::<BTreeMap<_, _>>()
        };
        let read = self.outbound.node().read::<Connection, _>(id, look).await.ok()?.unwrap_or_default();
        self.troubles.insert(id.clone(), read.clone());
        Some(read)
    }

    async fn report(&mut self, id: &Arc<str>, trouble: Trouble, seen: Seen) {
        let Some(there) = seen else { return };
        let known = self.troubles.get(id).is_some_and(|lasting| lasting.contains_key(&trouble));
        if known == there {
            return;
        }
        let command = if there {
            ConnectionCommand::ReportTrouble { trouble }
        } else {
            ConnectionCommand::ReportRecovery { trouble }
        };
        let now = self.outbound.node().now();
        let cmd = format!("watch/{trouble}/{there}/{}", now.as_millis());
        let meta = Meta::system("watch", cmd).class(Class::Callback);
        let since = move |connection: &Connection, _: u64| connection.lasts(trouble);
        match self.outbound.node().execute::<Connection, _>(id, command, meta, since).await {
            Ok(applied) => {
                tracing::info!(connection = %id, %trouble, there, "a trouble began or ended");
                let lasting = self.troubles.entry(id.clone()).or_default();
                match applied.view {
                    Some(since) => drop(lasting.insert(trouble, since)),
                    None => drop(lasting.remove(&trouble)),
                }
            }
            // The next look reports it again.
            Err(error) => {
                tracing::warn!(connection = %id, %trouble, %error, "a trouble cannot be noted, trying again");
                self.troubles.remove(id);
            }
        }
    }

    /// Pauses a subscriber that failed for too long. What waits for it stays.
    async fn give_up(&self, wired: &Wired, since: Timestamp) {
        if self.outbound.node().now() < since.plus_millis(GIVE_UP_MS) {
            return;
        }
        let change = Change {
            mode: Some(Mode::Paused),
            paused_because: Some(Trouble::Failing.word().to_owned()),
            ..Change::default()
        };
        let cmd = format!("watch/give-up/{}", since.as_millis());
        match self.outbound.change(&wired.record.id, change, Some(wired.record.revision), Noted::system(cmd)).await {
            Ok(_) => tracing::warn!(connection = %wired.record.id, "a subscriber failed for too long and was paused"),
            Err(error) => tracing::warn!(connection = %wired.record.id, %error, "a subscriber cannot be paused"),
        }
    }
}
