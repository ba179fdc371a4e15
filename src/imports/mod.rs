//! Imports of a running server: files are received, taken one after the other beside other work, and can be watched,
//! stopped and gone on with after a restart.
//!
//! Invariants: a file is whole on disk before its import exists; what an import is stands beside its file, so a restart
//! knows it; doing one again changes nothing that is there (see [`crate::tools::import`]), so going on is starting over.
//! Bounds: one import runs at a time, [`QUEUE`] wait, and what ended goes with its files after a while. It parses nothing
//! itself.

mod receive;
mod record;
mod work;

use std::{
    collections::{BTreeMap, VecDeque},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use munshi_domain::Timestamp;
use munshi_protocols::imports::ImportView;
use tokio::{
    sync::{Notify, Semaphore},
    task::JoinHandle,
};

pub use receive::Received;
pub use record::{Record, State};
pub use work::check;

use crate::{problem::Problem, tools::import::Meter};

/// Imports that may wait.
pub const QUEUE: usize = 16;
/// Files received at the same time.
const RECEIVING: usize = 4;
/// Imports listed; older ones that ended go first.
const KEPT: usize = 200;
/// Times an import may be begun: one that takes the server along is given up.
const ATTEMPTS: u32 = 3;

/// What is known of imports.
#[derive(Debug)]
pub struct Imports {
    dir: PathBuf,
    max_bytes: u64,
    keep_ms: i64,
    known: Mutex<Known>,
    wake: Notify,
    closing: AtomicBool,
    receiving: Arc<Semaphore>,
    worker: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Known {
    /// By id; ids of one server grow with time closely enough, the order shown is that of `queued_at`.
    imports: BTreeMap<String, Entry>,
    queue: VecDeque<String>,
}

#[derive(Debug)]
struct Entry {
    record: Record,
    /// While it runs.
    meter: Option<Arc<Meter>>,
}

impl Imports {
    /// None yet; files lie below `dir`, which is made when the first comes.
    pub fn new(dir: PathBuf, max_bytes: u64, keep: Duration) -> Self {
        Self {
            dir,
            max_bytes,
            keep_ms: i64::try_from(keep.as_millis()).unwrap_or(i64::MAX),
            known: Mutex::default(),
            wake: Notify::new(),
            closing: AtomicBool::new(false),
            receiving: Arc::new(Semaphore::new(RECEIVING)),
            worker: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the files of an import lie. Ids are hex digits, so no id leads elsewhere.
    fn home(&self, id: &str) -> PathBuf {
        self.dir.join(id)
    }

    /// All of them, newest first.
    pub fn list(&self) -> Vec<ImportView> {
        let mut views: Vec<_> = self.known().imports.values().map(Entry::view).collect();
        views.sort_by(|left, right| (&right.queued_at, &right.id).cmp(&(&left.queued_at, &left.id)));
        views
    }

    /// One of them.
    pub fn get(&self, id: &str) -> Option<ImportView> {
        self.known().imports.get(id).map(Entry::view)
    }

    /// What stands beside the file of an import.
    pub fn record(&self, id: &str) -> Option<Record> {
        self.known().imports.get(id).map(|entry| entry.record.clone())
    }

    /// The error file of an import, if there is one.
    pub fn errors(&self, id: &str) -> Option<PathBuf> {
        self.known().imports.get(id).filter(|entry| entry.record.error_file).map(|_| work::errors(&self.home(id)))
    }

    /// Takes over a received file as an import and queues it; answers whether it was there already. Blocks on the disk.
    ///
    /// # Errors
    /// `busy` when too many wait; `idempotency_key_reused`; `internal` when the disk refuses.
    pub fn add(&self, record: Record, received: Received) -> Result<(ImportView, bool), Problem> {
        let home = self.home(&record.id);
        // Held to the end: of two requests with one key the second finds what the first made.
        let mut known = self.known();
        if let Some(entry) = known.imports.get(&record.id) {
            entry.record.same_request(&record)?;
            return Ok((entry.view(), true));
        }
        let waiting = known.queue.len();
        if waiting >= QUEUE {
            return Err(Problem::new("busy", format!("{waiting} imports wait already")).retry_after(30));
        }
        std::fs::create_dir_all(&home).map_err(Problem::internal)?;
        std::fs::rename(received.path(), work::file(&home)).map_err(Problem::internal)?;
        record.write(&home).map_err(Problem::internal)?;
        known.queue.push_back(record.id.clone());
        let entry = Entry { record, meter: None };
        let view = entry.view();
        known.imports.insert(view.id.clone(), entry);
        drop(known);
        self.wake.notify_one();
        Ok((view, false))
    }

    /// Stops an import: one that waits at once, one that runs before its next record.
    ///
    /// # Errors
    /// `not_found`; `import_ended`.
    pub fn stop(&self, id: &str, now: Timestamp) -> Result<ImportView, Problem> {
        let mut known = self.known();
        let entry = known.imports.get_mut(id).ok_or_else(|| Problem::not_found("import"))?;
        match (entry.record.state, &entry.meter) {
            (State::Running, Some(meter)) => meter.stop(),
            (State::Queued, _) => {
                entry.record.end(State::Stopped, None, now);
                entry.record.write(&self.home(id)).map_err(Problem::internal)?;
            }
            _ => return Err(Problem::new("import_ended", "the import has ended already")),
        }
        let view = entry.view();
        known.queue.retain(|waiting| waiting != id);
        drop(known);
        // One that waited has ended now, which somebody is told.
        self.wake.notify_one();
        Ok(view)
    }

    /// Whether the server stops.
    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Ends the running import where it is; the next start goes on with it. One that does not end in time, because it reads
    /// a large file, is left behind: it finds the aggregates closed.
    pub async fn close(&self, limit: Duration) {
        self.closing.store(true, Ordering::Release);
        self.known().imports.values().filter_map(|entry| entry.meter.as_ref()).for_each(|meter| meter.stop());
        self.wake.notify_one();
        let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(worker) = worker {
            let abort = worker.abort_handle();
            if tokio::time::timeout(limit, worker).await.is_err() {
                tracing::warn!("an import is left behind; the next start goes on with it");
                abort.abort();
            }
        }
    }

    /// Lets go of what ended long ago, and of the oldest that ended when there are too many.
    fn tidy(&self, now: Timestamp) {
        let mut known = self.known();
        let mut ended: Vec<(i64, String)> = known
            .imports
            .values()
            .filter_map(|entry| Some((entry.record.finished_at?, entry.record.id.clone())))
            .collect();
        ended.sort_unstable();
        let surplus = known.imports.len().saturating_sub(KEPT);
        let old = |at: i64| now.as_millis().saturating_sub(at) > self.keep_ms;
        for (_, id) in ended.iter().enumerate().filter(|(nth, (at, _))| *nth < surplus || old(*at)).map(|(_, one)| one)
        {
            if let Err(error) = std::fs::remove_dir_all(self.home(id)) {
                tracing::warn!(%error, import = id, "files of an import cannot be removed");
            }
            known.imports.remove(id);
        }
    }

    /// Reads what a former life of the server left; what had not ended waits again.
    fn load(&self, now: Timestamp) {
        let Ok(entries) = std::fs::read_dir(&self.dir) else { return };
        let mut known = self.known();
        let mut waiting: Vec<(i64, String)> = Vec::new();
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let Some(mut record) = Record::read(&path) else {
                receive::remove_left_over(&path);
                continue;
            };
            if record.finished_at.is_none() {
                if record.attempts >= ATTEMPTS {
                    let why = ("interrupted", "the server ended each time this import ran".to_owned());
                    record.end(State::Failed, Some(why), now);
                } else {
                    record.state = State::Queued;
                    waiting.push((record.queued_at, record.id.clone()));
                }
                if let Err(error) = record.write(&path) {
                    tracing::warn!(%error, "the state of an import cannot be written");
                }
            }
            known.imports.insert(record.id.clone(), Entry { record, meter: None });
        }
        waiting.sort_unstable();
        known.queue.extend(waiting.into_iter().map(|(_, id)| id));
    }
}

impl Entry {
    fn view(&self) -> ImportView {
        self.record.view(self.meter.as_ref().map(|meter| meter.reading()))
    }
}

/// Where imports of a data directory lie.
pub fn directory(data: &Path) -> PathBuf {
    data.join("imports")
}
