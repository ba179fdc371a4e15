//! The task of one connection: reads the journal, plans, and works its queue off.
//!
//! Invariant: an effect is in the store, in one transaction with the position in the journal it follows from, before
//! anything is done about it; and what is planned ahead is bounded, so that the queue of a connection that is down is the
//! journal itself. It waits for nobody: aggregates are told by commands, and no aggregate waits for it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use munshi_domain::Timestamp;
use munshi_store::{JournalEntry, StoreError, WorkKey, WorkTable};
use tokio::{
    sync::{broadcast, mpsc, watch},
    task::JoinSet,
};

use super::{
    connector::Connector,
    deliver::{Desk, work_off},
    queue::Queue,
    records::{Effect, Record, State},
    writer::Gone,
};

/// Entries read at a time.
const PAGE: usize = 256;
/// Rows read at a time at the start.
const ROWS: usize = 500;
/// Entries without an effect after which the position is written all the same.
const POSITION_EVERY: u64 = 1_000;
/// Longest sleep: due times are of the shop's clock, which may be set.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Wait after a read that failed.
const AFTER_FAULT: Duration = Duration::from_millis(500);

/// How a connection is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// State of the breaker.
    pub breaker: String,
    /// Effects that wait to be sent.
    pub planned: usize,
    /// Effects under way.
    pub in_flight: usize,
    /// Effects whose outcome is not known.
    pub unknown: usize,
    /// When the oldest open effect was due.
    pub oldest: Option<Timestamp>,
    /// Journal position up to which everything is planned.
    pub position: u64,
    /// Entries after that.
    pub lag: u64,
    /// When a call last went through.
    pub last_ok: Option<Timestamp>,
    /// When a call last failed, and how.
    pub last_failure: Option<(Timestamp, &'static str)>,
    /// Since when no call has gone through, if one was tried.
    pub failing_since: Option<Timestamp>,
}

/// Something from outside of the task.
#[derive(Debug)]
pub enum Control {
    /// An effect was written by somebody else: a replay.
    Added(Box<Effect>),
    /// Try again now: the breaker closes.
    Retry,
}

/// How large a worker may get.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Keys at the same time.
    pub parallel: usize,
    /// Open effects before it stops reading on.
    pub open: usize,
}

/// The key that is free again, and what is left of its effect.
type Ended = (Arc<str>, Result<Option<Effect>, Gone>);

/// The worker of one connection.
pub struct Worker<C: Connector> {
    desk: Arc<Desk<C>>,
    connection: Arc<str>,
    consumer: Arc<str>,
    paused: bool,
    bounds: Bounds,
    queue: Queue,
    position: u64,
    written: u64,
    behind: bool,
    /// When the pace lets the next call out.
    held_until: Option<Timestamp>,
    running: JoinSet<Ended>,
    health: watch::Sender<Health>,
    reported: Option<Instant>,
}

/// Name under which a connection's position is kept.
pub fn consumer(connection: &str) -> Arc<str> {
    format!("connection/{connection}").into()
}

impl<C: Connector> Worker<C> {
    /// A worker that has not looked at anything yet.
    pub fn new(
        desk: Arc<Desk<C>>,
        connection: Arc<str>,
        paused: bool,
        bounds: Bounds,
        health: watch::Sender<Health>,
    ) -> Self {
        let consumer = consumer(&connection);
        Self {
            desk,
            connection,
            consumer,
            paused,
            bounds,
            queue: Queue::default(),
            position: 0,
            written: 0,
            behind: true,
            held_until: None,
            running: JoinSet::new(),
            health,
            reported: None,
        }
    }

    /// Works until told to stop. What is under way then is waited for.
    pub async fn run(mut self, mut control: mpsc::Receiver<Control>, mut stop: watch::Receiver<bool>) {
        // Before the position is read, so that nothing falls in between.
        let mut feed = self.desk.node.subscribe();
        while let Err(error) = self.load().await {
            tracing::warn!(connection = %self.connection, %error, "open effects cannot be read, trying again");
            if stopped(&mut stop, AFTER_FAULT).await {
                return;
            }
        }
        loop {
            if self.behind && self.hungry() {
                match self.catch_up().await {
                    Ok(()) => {}
                    Err(Trouble::Gone) => break,
                    Err(Trouble::Store(error)) => {
                        tracing::warn!(connection = %self.connection, %error, "the journal cannot be read, trying again");
                        if stopped(&mut stop, AFTER_FAULT).await {
                            break;
                        }
                    }
                }
            }
            self.start();
            self.report();
            let pause = self.pause();
            let hungry = self.hungry() && !self.behind;
            tokio::select! {
                Some(done) = self.running.join_next(), if !self.running.is_empty() => {
                    if self.finish(done).is_err() {
                        break;
                    }
                }
                more = feed.recv(), if hungry => match more {
                    Ok(entries) => if self.take(&entries).await.is_err() { break },
                    Err(broadcast::error::RecvError::Lagged(_)) => self.behind = true,
                    Err(broadcast::error::RecvError::Closed) => break,
                },
                Some(control) = control.recv() => match control {
                    Control::Added(effect) => self.queue.put(*effect),
                    Control::Retry => {
                        self.desk.pace.lock().unwrap_or_else(std::sync::PoisonError::into_inner).reset();
                        self.held_until = None;
                        self.queue.all_due(self.desk.node.now());
                    }
                },
                () = tokio::time::sleep(pause) => {}
                () = told(&mut stop) => break,
            }
        }
        while let Some(done) = self.running.join_next().await {
            drop(done);
        }
        let _ = self.write_position().await;
    }

    fn hungry(&self) -> bool {
        self.queue.len() < self.bounds.open
    }

    fn pause(&self) -> Duration {
        let now = self.desk.node.now();
        if self.behind && self.hungry() {
            return Duration::ZERO;
        }
        let due = match (self.queue.due(), self.held_until) {
            (Some(due), Some(held)) => Some(due.max(held)),
            (due, _) => due,
        };
        let wait = due.map_or(i64::MAX, |due| due.as_millis().saturating_sub(now.as_millis()));
        Duration::from_millis(u64::try_from(wait.max(1)).unwrap_or(1)).min(LOOK_EVERY)
    }

    async fn load(&mut self) -> Result<(), StoreError> {
        let store = self.desk.node.store();
        let mut after: Option<WorkKey> = None;
        loop {
            let rows = store.work_rows(WorkTable::Effect, Some(&self.connection), after.as_ref(), ROWS).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.key.clone());
            for row in rows {
                self.queue.put(Effect::from_row(row)?);
            }
        }
        self.position = match store.position(&self.consumer).await? {
            Some(position) => position,
            // A new connection begins at the head; `connect` wrote its position, so this is only a seam for tests.
            None => self.desk.node.status().head,
        };
        self.written = self.position;
        if !self.queue.is_empty() {
            tracing::info!(connection = %self.connection, open = self.queue.len(), "open effects of an earlier run");
        }
        Ok(())
    }

    async fn catch_up(&mut self) -> Result<(), Trouble> {
        while self.hungry() {
            let head = self.desk.node.status().head;
            if self.position >= head {
                self.behind = false;
                return Ok(());
            }
            let mut entries = self.desk.node.store().journal(self.position, PAGE).await.map_err(Trouble::Store)?;
            // What is not announced as durable yet comes by the feed.
            entries.retain(|entry| entry.seq <= head);
            if entries.is_empty() {
                return Ok(());
            }
            self.take(&entries).await.map_err(|Gone| Trouble::Gone)?;
        }
        Ok(())
    }

    /// Plans entries that follow the position; what was planned already is skipped, a gap is read from the store.
    async fn take(&mut self, entries: &[JournalEntry]) -> Result<(), Gone> {
        let mut planned = Vec::new();
        for entry in entries {
            if entry.seq <= self.position {
                continue;
            }
            if entry.seq != self.position + 1 {
                self.behind = true;
                break;
            }
            planned.extend(self.desk.connector.plan(entry));
            self.position = entry.seq;
        }
        if planned.is_empty() {
            return if self.position - self.written >= POSITION_EVERY { self.write_position().await } else { Ok(()) };
        }
        let mut write = self.desk.writer.begin();
        write.insert = planned.iter().map(Record::row).collect();
        write.positions = vec![(self.consumer.clone(), self.position)];
        self.desk.writer.write(write).await?;
        self.written = self.position;
        for effect in planned {
            self.queue.put(effect);
        }
        if !self.hungry() {
            self.behind = true;
        }
        Ok(())
    }

    async fn write_position(&mut self) -> Result<(), Gone> {
        if self.written == self.position {
            return Ok(());
        }
        let mut write = self.desk.writer.begin();
        write.positions = vec![(self.consumer.clone(), self.position)];
        self.desk.writer.write(write).await?;
        self.written = self.position;
        Ok(())
    }

    /// Starts what may go now.
    fn start(&mut self) {
        if self.paused {
            return;
        }
        let now = self.desk.node.now();
        while self.running.len() < self.bounds.parallel && self.queue.due().is_some_and(|due| due <= now) {
            if self.held_until.is_some_and(|until| until > now) {
                return;
            }
            let admitted = self.desk.pace.lock().unwrap_or_else(std::sync::PoisonError::into_inner).admit(now);
            if let Err(until) = admitted {
                self.held_until = Some(until);
                return;
            }
            self.held_until = None;
            let Some(effect) = self.queue.take(now) else { return };
            let desk = self.desk.clone();
            self.running.spawn(async move { (effect.id.clone(), work_off(desk, effect).await) });
        }
    }

    fn finish(&mut self, done: Result<Ended, tokio::task::JoinError>) -> Result<(), Gone> {
        // What held the next call back may have been this one: the probe of a breaker.
        self.held_until = None;
        match done {
            Ok((id, Ok(None))) => {
                drop(self.queue.remove(&id));
                Ok(())
            }
            Ok((_, Ok(Some(effect)))) => {
                self.queue.put(effect);
                Ok(())
            }
            Ok((_, Err(gone))) => Err(gone),
            // A bug in a call must not be forgotten with its effect: the supervisor starts over from the store.
            Err(stopped) => std::panic::resume_unwind(Box::new(format!("a call ended: {stopped}"))),
        }
    }

    fn report(&mut self) {
        if self.reported.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            return;
        }
        self.reported = Some(Instant::now());
        let count = |state| self.queue.iter().filter(|effect| effect.state == state).count();
        let out = self.queue.out();
        let unknown = count(State::Unknown);
        let planned = self.queue.len().saturating_sub(out + unknown);
        let head = self.desk.node.status().head;
        let (breaker, last_ok, last_failure, failing_since) = {
            let pace = self.desk.pace.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            (pace.breaker(), pace.last_ok, pace.last_failure, pace.failing_since)
        };
        let oldest = self.queue.iter().map(|effect| effect.next_at).min();
        let lag = head.saturating_sub(self.position);
        let name = || self.connection.to_string();
        metrics::gauge!("munshi_connector_effects", "connection" => name(), "state" => "planned").set(planned as f64);
        metrics::gauge!("munshi_connector_effects", "connection" => name(), "state" => "unknown").set(unknown as f64);
        metrics::gauge!("munshi_connector_effects", "connection" => name(), "state" => "in_flight").set(out as f64);
        metrics::gauge!("munshi_connector_lag_entries", "connection" => name()).set(lag as f64);
        metrics::gauge!("munshi_connector_breaker_open", "connection" => name())
            .set(f64::from(u8::from(breaker != "closed")));
        self.health.send_if_modified(|health| {
            let next = Health {
                breaker: breaker.to_owned(),
                planned,
                in_flight: out,
                unknown,
                oldest,
                position: self.position,
                lag,
                last_ok,
                last_failure,
                failing_since,
            };
            let changed = *health != next;
            *health = next;
            changed
        });
    }
}

enum Trouble {
    Gone,
    Store(StoreError),
}

/// Resolves when the worker is told to stop, or nobody is left to tell it.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn stopped(stop: &mut watch::Receiver<bool>, wait: Duration) -> bool {
    tokio::time::timeout(wait, told(stop)).await.is_ok()
}
