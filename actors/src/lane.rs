//! The commit lane: the one ordered group-commit writer of a node (runtime.md rules 3 and 4).
//!
//! Invariant: the order of staging is the order of the journal, and an output runs only after everything staged
//! before it is durable. While one batch is being committed the next one collects; there is no timer. It knows
//! nothing of aggregates: it moves entries, outputs and projections.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use munshi_store::{Batch, CommitError, JournalEntry, Store, chain};
use tokio::sync::{Notify, broadcast, mpsc, watch};

use crate::{
    admission::Admission,
    message::{Lost, Output},
    process::Tracker,
    projector::Delta,
};

/// Most entries in one batch.
const MAX_ENTRIES: usize = 1_000;
/// Most bytes of events in one batch, roughly.
const MAX_BYTES: usize = 1 << 20;
/// A commit costs most of a millisecond of processor time whatever is in it. When so many entries a second come in, the
/// processor is what is short, and a batch is begun only so long after the last one; the fewer come in, the sooner, with
/// the square of it, because then there is time for more commits and an answer waits for less.
const FLOOD: f64 = 12_000.0;
/// See [`FLOOD`].
const GATHER_MOST: Duration = Duration::from_millis(12);
/// Entries a second are those of so long, or of the time since the last batch if that is longer.
const WINDOW: Duration = Duration::from_millis(50);
/// How often a batch that certainly did not apply is sent again.
const RETRIES: u32 = 5;
/// How long an unknown outcome is looked up before the node stops.
const LOOK_UP: Duration = Duration::from_secs(30);

/// One command's record on its way to disk. `entry.hash` is still empty.
pub(crate) struct Record {
    pub(crate) entry: JournalEntry,
    pub(crate) outputs: Vec<Output>,
    pub(crate) delta: Delta,
}

enum Item {
    Record(Box<Record>),
    Outputs(Vec<Output>),
}

struct Queue {
    next_seq: u64,
    generation: u64,
    items: Vec<Item>,
    oldest: Option<Instant>,
    closed: bool,
}

/// What a batch became, for projector and subscribers.
pub(crate) struct Durable {
    pub(crate) entries: Arc<Vec<JournalEntry>>,
    pub(crate) deltas: Vec<Delta>,
}

/// Why the node stopped writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stopped(pub(crate) String);

/// Handle of the lane; cheap to clone.
#[derive(Clone)]
pub(crate) struct Lane(Arc<Inner>);

struct Inner {
    queue: Mutex<Queue>,
    wake: Notify,
    durable: AtomicU64,
    durable_changed: watch::Sender<u64>,
    generation: AtomicU64,
    generation_changed: watch::Sender<u64>,
    stopped: watch::Sender<Option<Stopped>>,
    tracker: Arc<Tracker>,
    admission: Arc<Admission>,
    feed: broadcast::Sender<Arc<Vec<JournalEntry>>>,
    batches: AtomicU64,
    committed: AtomicU64,
    last_commit_us: AtomicU64,
    /// For each loss: the generation it ended, and what was durable then.
    losses: Mutex<Vec<(u64, u64)>>,
}

/// How the commit lane is doing since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneFigures {
    /// How long the oldest entry waits that is not being written yet, in milliseconds.
    pub delay_ms: u64,
    /// Batches committed.
    pub batches: u64,
    /// Entries in them.
    pub entries: u64,
    /// How long the last commit took, in microseconds.
    pub last_commit_us: u64,
}

/// Staging is refused: the actor's state rests on a batch that is lost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stale;

impl Lane {
    pub(crate) fn new(head: u64, tracker: Arc<Tracker>, admission: Arc<Admission>) -> Self {
        Self(Arc::new(Inner {
            queue: Mutex::new(Queue {
                next_seq: head + 1,
                generation: 0,
                items: Vec::new(),
                oldest: None,
                closed: false,
            }),
            wake: Notify::new(),
            durable: AtomicU64::new(head),
            durable_changed: watch::channel(head).0,
            generation: AtomicU64::new(0),
            generation_changed: watch::channel(0).0,
            stopped: watch::channel(None).0,
            tracker,
            admission,
            feed: broadcast::channel(1_024).0,
            batches: AtomicU64::new(0),
            committed: AtomicU64::new(0),
            last_commit_us: AtomicU64::new(0),
            losses: Mutex::new(Vec::new()),
        }))
    }

    /// How it is doing since the start.
    pub(crate) fn figures(&self) -> LaneFigures {
        let oldest = self.queue().oldest;
        let waiting = oldest.map_or(0, |at| u64::try_from(at.elapsed().as_millis()).unwrap_or(u64::MAX));
        LaneFigures {
            delay_ms: waiting,
            batches: self.0.batches.load(Ordering::Relaxed),
            entries: self.0.committed.load(Ordering::Relaxed),
            last_commit_us: self.0.last_commit_us.load(Ordering::Relaxed),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a record at the end of the journal and answers its sequence number. `build` gets that number.
    pub(crate) fn stage(&self, generation: u64, build: impl FnOnce(u64) -> Record) -> Result<u64, Stale> {
        let seq = {
            let mut queue = self.queue();
            if queue.generation != generation || queue.closed {
                return Err(Stale);
            }
            let seq = queue.next_seq;
            let record = build(seq);
            queue.next_seq += 1;
            queue.oldest.get_or_insert_with(Instant::now);
            queue.items.push(Item::Record(Box::new(record)));
            seq
        };
        self.0.wake.notify_one();
        Ok(seq)
    }

    /// Runs `output` once everything staged so far is durable.
    pub(crate) fn after_all(&self, output: Output) {
        let now = {
            let mut queue = self.queue();
            if queue.next_seq - 1 == self.durable() && queue.items.is_empty() {
                Some(output)
            } else if queue.closed {
                drop(queue);
                output(Err(Lost));
                return;
            } else {
                queue.items.push(Item::Outputs(vec![output]));
                None
            }
        };
        match now {
            Some(output) => output(Ok(())),
            None => self.0.wake.notify_one(),
        }
    }

    /// Runs `output`, which rests on `seq` of `generation`: now if that is durable or lost, otherwise once
    /// everything staged so far is. Sequence numbers are used again after a loss, hence the generation.
    pub(crate) fn after(&self, generation: u64, seq: u64, output: Output) {
        let survived = {
            let mut queue = self.queue();
            if queue.generation != generation {
                self.survived(generation, seq)
            } else if seq <= self.durable() {
                true
            } else {
                queue.items.push(Item::Outputs(vec![output]));
                drop(queue);
                self.0.wake.notify_one();
                return;
            }
        };
        output(if survived { Ok(()) } else { Err(Lost) });
    }

    /// Sequence number of the last durable entry.
    pub(crate) fn durable(&self) -> u64 {
        self.0.durable.load(Ordering::Acquire)
    }

    /// Whether what was staged as `seq` in `generation` is still part of the journal's future: nothing was lost
    /// since, or it was durable before.
    pub(crate) fn survived(&self, generation: u64, seq: u64) -> bool {
        if generation == self.generation() {
            return true;
        }
        let losses = self.0.losses.lock().unwrap_or_else(PoisonError::into_inner);
        losses.iter().filter(|(ended, _)| *ended >= generation).all(|(_, durable)| seq <= *durable)
    }

    /// Follows [`Lane::durable`].
    pub(crate) fn watch_durable(&self) -> watch::Receiver<u64> {
        self.0.durable_changed.subscribe()
    }

    /// Raised whenever staged work was lost; actors of an older generation reload.
    pub(crate) fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// Follows [`Lane::generation`].
    pub(crate) fn watch_generation(&self) -> watch::Receiver<u64> {
        self.0.generation_changed.subscribe()
    }

    /// Tells when and why the lane stopped for good.
    pub(crate) fn watch_stopped(&self) -> watch::Receiver<Option<Stopped>> {
        self.0.stopped.subscribe()
    }

    /// Durable entries as they come, in order; a receiver that falls behind is told how many it missed.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<JournalEntry>>> {
        self.0.feed.subscribe()
    }

    /// Takes no more records; what is staged is still committed, then [`run`] returns.
    pub(crate) fn close(&self) {
        self.queue().closed = true;
        self.0.wake.notify_one();
    }

    /// Stops for good because of something outside the lane, for example a dead ticker.
    pub(crate) fn fail(&self, why: &str) {
        self.stop(why);
        self.0.wake.notify_one();
    }

    fn stop(&self, why: &str) {
        tracing::error!(reason = why, "the commit lane stopped; restart the server to recover from disk");
        self.queue().closed = true;
        self.0.stopped.send_if_modified(|stopped| {
            let first = stopped.is_none();
            stopped.get_or_insert_with(|| Stopped(why.to_owned()));
            first
        });
    }

    /// Entries and outputs for the next batch, in order; outputs behind the last entry ride along.
    fn take(&self) -> (Vec<Item>, Option<Instant>) {
        let mut queue = self.queue();
        let (mut entries, mut bytes, mut end) = (0, 0, 0);
        for item in &queue.items {
            if let Item::Record(record) = item {
                entries += 1;
                bytes += record.delta.bytes;
                if entries > MAX_ENTRIES || (entries > 1 && bytes > MAX_BYTES) {
                    break;
                }
            }
            end += 1;
        }
        let rest = queue.items.split_off(end);
        let taken = std::mem::replace(&mut queue.items, rest);
        let oldest = queue.oldest.take();
        if !queue.items.is_empty() {
            queue.oldest = Some(Instant::now());
        }
        (taken, oldest)
    }

    /// Everything staged is lost: fail it, and make every actor that rests on it reload.
    fn lose(&self, outputs: Vec<Output>) {
        let rest = {
            let mut queue = self.queue();
            queue.next_seq = self.durable() + 1;
            let mut losses = self.0.losses.lock().unwrap_or_else(PoisonError::into_inner);
            losses.push((queue.generation, self.durable()));
            drop(losses);
            queue.generation += 1;
            queue.oldest = None;
            self.0.generation.store(queue.generation, Ordering::Release);
            std::mem::take(&mut queue.items)
        };
        self.0.tracker.forget_after(self.durable());
        self.0.generation_changed.send_modify(|generation| *generation += 1);
        metrics::counter!("munshi_lane_lost_batches_total").increment(1);
        for output in outputs {
            output(Err(Lost));
        }
        for item in rest {
            let outputs = match item {
                Item::Record(record) => record.outputs,
                Item::Outputs(outputs) => outputs,
            };
            outputs.into_iter().for_each(|output| output(Err(Lost)));
        }
    }
}

/// Writes batches until the lane is closed and empty, or storage fails.
pub(crate) async fn run(
    lane: Lane,
    store: Arc<dyn Store>,
    epoch: u64,
    mut hash: String,
    durable: mpsc::UnboundedSender<Durable>,
) {
    let (mut began, mut gather, mut pace) = (Instant::now(), Duration::ZERO, Pace::default());
    loop {
        if let Some(rest) = gather.checked_sub(began.elapsed()) {
            tokio::time::sleep(rest).await;
        }
        let (items, oldest) = lane.take();
        if items.is_empty() {
            gather = Duration::ZERO;
            if lane.queue().closed {
                return;
            }
            lane.0.admission.lane_delay(0);
            lane.0.wake.notified().await;
            continue;
        }
        let mut entries = Vec::new();
        let mut lines = Vec::new();
        let mut outputs = Vec::new();
        let mut deltas = Vec::new();
        for item in items {
            match item {
                Item::Record(record) => {
                    let Record { mut entry, outputs: own, delta } = *record;
                    let previous = entries.last().map_or(&hash, |last: &JournalEntry| &last.hash);
                    lines.push(chain::seal(previous, &mut entry));
                    entries.push(entry);
                    outputs.extend(own);
                    deltas.push(delta);
                }
                Item::Outputs(own) => outputs.extend(own),
            }
        }
        if entries.is_empty() {
            outputs.into_iter().for_each(|output| output(Ok(())));
            continue;
        }
        let processed = lane.0.tracker.watermark(lane.durable());
        let batch = Batch { epoch, entries, processed, lines };
        gather = pace.next(batch.entries.len(), began.elapsed());
        began = Instant::now();
        match commit(&lane, &*store, &batch).await {
            Outcome::Durable => {
                let last = batch.last_seq();
                if let Some(entry) = batch.entries.last() {
                    hash.clone_from(&entry.hash);
                }
                lane.0.durable.store(last, Ordering::Release);
                lane.0.durable_changed.send_replace(last);
                lane.0.admission.durable(last);
                let took = began.elapsed();
                lane.0.batches.fetch_add(1, Ordering::Relaxed);
                lane.0.committed.fetch_add(batch.entries.len() as u64, Ordering::Relaxed);
                lane.0.last_commit_us.store(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
                metrics::histogram!("munshi_lane_commit_seconds").record(took.as_secs_f64());
                metrics::histogram!("munshi_lane_batch_entries").record(batch.entries.len() as f64);
                outputs.into_iter().for_each(|output| output(Ok(())));
                let delay = oldest.map_or(0, |at| at.elapsed().as_millis());
                lane.0.admission.lane_delay(u64::try_from(delay).unwrap_or(u64::MAX));
                let entries = Arc::new(batch.entries);
                // No subscriber is fine; the projector outlives the lane.
                let _ = lane.0.feed.send(entries.clone());
                let _ = durable.send(Durable { entries, deltas });
            }
            Outcome::Lost(why) => {
                tracing::error!(reason = %why, entries = batch.entries.len(), "a batch could not be stored");
                lane.lose(outputs);
            }
            Outcome::Stop(why) => {
                lane.stop(&why);
                lane.lose(outputs);
                return;
            }
        }
    }
}

/// How long batches gather, by how much comes in.
#[derive(Default)]
struct Pace {
    /// Entries a second.
    rate: f64,
}

impl Pace {
    /// How long after a batch of `entries`, begun `since` the one before it, the next one begins.
    fn next(&mut self, entries: usize, since: Duration) -> Duration {
        let (since, window) = (since.as_secs_f64(), WINDOW.as_secs_f64());
        self.rate = self.rate * (1.0 - since / window).max(0.0) + entries as f64 / since.max(window);
        GATHER_MOST.mul_f64((self.rate / FLOOD).min(1.0).powi(2))
    }
}

enum Outcome {
    Durable,
    Lost(String),
    Stop(String),
}

async fn commit(lane: &Lane, store: &dyn Store, batch: &Batch) -> Outcome {
    let mut attempts = 0;
    let mut looked_up = false;
    loop {
        if let Some(Stopped(why)) = lane.0.stopped.borrow().clone() {
            return Outcome::Stop(why);
        }
        match store.commit(batch).await {
            Ok(()) => return Outcome::Durable,
            Err(CommitError::NotApplied(why)) => {
                metrics::counter!("munshi_lane_conflicts_total").increment(1);
                attempts += 1;
                if attempts > RETRIES {
                    return Outcome::Lost(why);
                }
                tokio::time::sleep(Duration::from_millis(2 << attempts)).await;
            }
            Err(CommitError::Duplicate(why)) => {
                // After a lost answer, a duplicate may be this very batch.
                return match (looked_up, exists(store, batch).await) {
                    (true, Some(true)) => Outcome::Durable,
                    _ => Outcome::Lost(why),
                };
            }
            Err(CommitError::Unknown(why)) => {
                metrics::counter!("munshi_lane_unknown_total").increment(1);
                looked_up = true;
                match exists(store, batch).await {
                    Some(true) => return Outcome::Durable,
                    Some(false) => {}
                    None => return Outcome::Stop(format!("outcome of a batch stays unknown: {why}")),
                }
            }
            Err(CommitError::Fenced) => return Outcome::Stop("another server took over this database".into()),
            Err(CommitError::Fatal(why)) => return Outcome::Stop(format!("storage failed: {why}")),
        }
    }
}

/// Whether the batch is durable, asked until somebody answers; `None` if nobody does in time.
async fn exists(store: &dyn Store, batch: &Batch) -> Option<bool> {
    let until = Instant::now() + LOOK_UP;
    let mut pause = Duration::from_millis(5);
    while Instant::now() < until {
        if let Ok(found) = store.batch_exists(batch.epoch, batch.first_seq()).await {
            return Some(found);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a commit takes.
    const COMMIT: f64 = 0.001;

    /// Batches of entries that come in at `rate` a second, one after the other; answers the last gap and its batch.
    fn steady(pace: &mut Pace, rate: f64, batches: u32) -> (Duration, usize) {
        let (mut gap, mut entries) = (Duration::ZERO, 0);
        let mut rest = 0.0;
        for _ in 0..batches {
            let since = gap.as_secs_f64().max(COMMIT).max(1.0 / rate);
            rest += rate * since;
            entries = rest as usize;
            rest -= entries as f64;
            gap = pace.next(entries, Duration::from_secs_f64(since));
        }
        (gap, entries)
    }

    #[test]
    fn the_more_comes_in_the_more_shares_a_commit() {
        let mut pace = Pace::default();
        let gaps =
            [100.0, 2_000.0, 4_000.0, 6_000.0, 9_000.0, 12_000.0, 50_000.0].map(|rate| steady(&mut pace, rate, 500).0);
        assert!(gaps.is_sorted(), "{gaps:?}");
        assert!(gaps[1] < Duration::from_millis(1) && gaps[3] > Duration::from_millis(2), "{gaps:?}");
        assert_eq!(gaps[6], GATHER_MOST, "{gaps:?}");
    }

    #[test]
    fn a_rush_that_is_over_delays_nothing_that_comes_later() {
        let mut pace = Pace::default();
        assert_eq!(steady(&mut pace, 50_000.0, 500), (GATHER_MOST, 600));
        // As much is staged while one commit takes long as comes in otherwise: no reason to gather for longer.
        let (before, _) = steady(&mut pace, 3_000.0, 500);
        let after = pace.next(300, Duration::from_millis(100));
        assert!(after < before + Duration::from_millis(1), "{before:?}, then {after:?}");
        assert!(pace.next(4, Duration::from_secs(1)) < Duration::from_micros(1));
    }
}
