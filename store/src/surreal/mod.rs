//! The store in SurrealDB, embedded or remote.
//!
//! Everything runs on runtimes of the store's own, with large stacks; callers may sit on any. One is for commits and
//! reads, another, whose threads give way, for what is written behind the journal and for the engine's own work: on a
//! machine with few cores an order must not wait until a table is sorted.
//! Invariant: [`Store::commit`] answers `Ok` only after the transaction, fence check and fsync included, has
//! returned, and any other answer says truthfully whether the batch may be there. What it does not do: retry
//! commits, publish, or know what a record means.

mod index;
mod journal;
mod list;
mod open;
mod project;
mod rewrite;
mod schema;
#[cfg(test)]
mod tests;
mod value;
mod wal;
mod work;

use std::{
    cell::Cell,
    collections::HashSet,
    fs::File,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use munshi_domain::{EntityId, Kind, Part, Timestamp};
use surrealdb::types::{Object, RecordId, RecordIdKey, Value};
use thread_priority::{ThreadPriority, ThreadPriorityValue};
use tokio::{
    runtime::{Handle, Runtime},
    sync::RwLock,
};

pub use self::open::{LOCK, Options};
use self::{
    open::{Engine, Link, Urgency},
    value::{int, rows, take_u64, text},
};
use crate::{
    Batch, CommitError, Document, Fut, JournalEntry, Page, Projection, Query, Start, Store, StoreError, Stored,
    WorkKey, WorkRow, WorkTable, WorkWrite, chain,
};

/// Sentinel for "this handle has not taken or read one yet".
const UNKNOWN: u64 = u64::MAX;

/// The consumer whose cursor tells what the documents reflect.
const DOCUMENTS: &str = "documents";

/// A store in SurrealDB. Dropping it without [`Store::close`] closes it in the background.
pub struct SurrealStore {
    inner: Arc<Inner>,
    handle: Handle,
    front: std::sync::Mutex<Option<Runtime>>,
    back: std::sync::Mutex<Option<Runtime>>,
}

struct Inner {
    engine: Engine,
    /// The runtime of what is written behind the journal, and of the engine.
    back: Handle,
    options: Options,
    link: RwLock<Option<Link>>,
    /// Read while a statement is under way, so that closing can wait for them.
    under_way: RwLock<()>,
    /// Held for as long as the directory is ours.
    lock: std::sync::Mutex<Option<File>>,
    /// Epoch taken by this handle's `start`, or [`UNKNOWN`].
    epoch: AtomicU64,
    /// Last durable sequence number, or [`UNKNOWN`] before `start` and after an unknown outcome.
    head: AtomicU64,
    /// Cursor of the documents, or [`UNKNOWN`].
    projected: AtomicU64,
    /// Part rows and cursors known to exist, so that they can be updated rather than deleted and inserted.
    known: std::sync::Mutex<HashSet<String>>,
    /// Where the entries are that no history tells of yet.
    index: index::Index,
}

impl SurrealStore {
    /// Opens `surrealkv://DIR`, `rocksdb://DIR` (with the feature), `mem://` or `ws://host:port`.
    /// Call [`Store::start`] before anything else.
    ///
    /// # Errors
    /// [`StoreError::Held`] when another process has the directory, [`StoreError::Unavailable`] otherwise.
    pub async fn open(url: &str, options: Options) -> Result<Self, StoreError> {
        let engine = Engine::parse(url)?;
        let lock = match &engine {
            Engine::Disk { directory, .. } => Some(open::hold(directory)?),
            Engine::Memory | Engine::Remote { .. } => None,
        };
        let yielding = Arc::new(AtomicBool::new(false));
        let front = runtime("munshi-store", options.workers, None)?;
        let back = runtime("munshi-behind", options.workers, Some(Arc::clone(&yielding)))?;
        let handle = front.handle().clone();
        let inner = Inner {
            engine,
            back: back.handle().clone(),
            options,
            link: RwLock::new(None),
            under_way: RwLock::new(()),
            lock: std::sync::Mutex::new(lock),
            epoch: AtomicU64::new(UNKNOWN),
            head: AtomicU64::new(UNKNOWN),
            projected: AtomicU64::new(UNKNOWN),
            known: std::sync::Mutex::new(HashSet::new()),
            index: index::Index::default(),
        };
        let (front, back) = (std::sync::Mutex::new(Some(front)), std::sync::Mutex::new(Some(back)));
        let store = Self { inner: Arc::new(inner), handle, front, back };
        let inner = Arc::clone(&store.inner);
        store
            .spawn(async move {
                let link = inner.connect().await?;
                *inner.link.write().await = Some(link);
                Ok(())
            })
            .await?;
        // Only now: the engine's thread that syncs commits is a child of the threads that open it.
        yielding.store(true, Ordering::Release);
        Ok(store)
    }

    /// Runs on the store's runtime and waits from wherever the caller is.
    async fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.handle.spawn(work).await.unwrap_or_else(|_| Err(closed()))
    }
}

impl Drop for SurrealStore {
    fn drop(&mut self) {
        let front = self.front.lock().ok().and_then(|mut front| front.take());
        let Some(back) = self.back.lock().ok().and_then(|mut back| back.take()) else { return };
        let inner = Arc::clone(&self.inner);
        // The engine has threads of its own that only end when it is closed. On a thread of ours, because a
        // runtime must not be waited for inside another one.
        let work = move || {
            let _ = back.block_on(inner.close(front));
            back.shutdown_background();
        };
        if let Err(error) = std::thread::Builder::new().name("munshi-store-drop".into()).spawn(work) {
            tracing::warn!(%error, "store dropped without being closed");
        }
    }
}

/// Threads that give way to all others, once that is switched on, if `yielding` is given.
fn runtime(name: &str, workers: usize, yielding: Option<Arc<AtomicBool>>) -> Result<Runtime, StoreError> {
    thread_local! {
        static YIELDS: Cell<bool> = const { Cell::new(false) };
    }
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(workers.max(1)).thread_name(name).thread_stack_size(16 << 20).enable_all();
    if let Some(yielding) = yielding {
        builder.on_thread_unpark(move || {
            if yielding.load(Ordering::Acquire) && !YIELDS.replace(true) {
                give_way();
            }
        });
    }
    builder.build().map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Lowers the priority of this thread (nice 9). A system that refuses is only slower under load.
fn give_way() {
    let Ok(low) = ThreadPriorityValue::try_from(25u8) else { return };
    if let Err(error) = thread_priority::set_current_thread_priority(ThreadPriority::Crossplatform(low)) {
        tracing::debug!(?error, "a thread's priority cannot be lowered");
    }
}

/// How often a write that conflicts with another is tried before the caller hears of it.
const ATTEMPTS: usize = 5;

/// The beginning of a transaction that fails once another server has taken over from this epoch, with its variable.
/// Before an epoch is taken there is nothing to hold it against.
fn begin(epoch: Option<u64>) -> (String, Object) {
    let (mut statement, mut variables) = (String::from("BEGIN;"), Object::new());
    if let Some(epoch) = epoch {
        statement.push_str("IF meta:fence.epoch != $epoch { THROW 'fenced' };");
        variables.insert("epoch", int(epoch));
    }
    (statement, variables)
}

fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".into())
}

/// The errors of a query, the one that explains the others first.
fn explain(errors: Vec<surrealdb::Error>) -> Option<surrealdb::Error> {
    errors.into_iter().min_by_key(|error| match error.query_details() {
        Some(surrealdb::types::QueryError::NotExecuted | surrealdb::types::QueryError::Cancelled) => 1,
        _ => 0,
    })
}

fn is_conflict(error: &surrealdb::Error) -> bool {
    matches!(error.query_details(), Some(surrealdb::types::QueryError::TransactionConflict))
}

fn is_fence(error: &surrealdb::Error) -> bool {
    error.is_thrown() && error.message().contains("fenced")
}

/// What an error of a read or a projection means to the caller.
fn store_error(error: &surrealdb::Error) -> StoreError {
    if is_fence(error) {
        StoreError::Fenced
    } else if error.is_validation() || error.is_serialization() || error.is_not_found() {
        StoreError::Damaged(error.to_string())
    } else {
        StoreError::Unavailable(error.to_string())
    }
}

/// Outcome of a query text, before anybody decided what it means.
enum Failure {
    /// Closed, timed out, or the connection broke: it may have run.
    Unanswered(String),
    /// The database answered with this error.
    Answered(surrealdb::Error),
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unanswered(reason) => Self::Unavailable(reason),
            Failure::Answered(error) => store_error(&error),
        }
    }
}

impl Inner {
    /// The epoch this handle has taken.
    fn own_epoch(&self) -> Option<u64> {
        Some(self.epoch.load(Ordering::Acquire)).filter(|epoch| *epoch != UNKNOWN)
    }

    async fn connect(&self) -> Result<Link, StoreError> {
        tokio::time::timeout(
            self.options.read_timeout.max(Duration::from_secs(60)),
            open::connect(&self.engine, &self.options, &self.back),
        )
        .await
        .unwrap_or_else(|_| Err(StoreError::Unavailable("the database did not answer in time".into())))
    }

    /// Runs a query text for somebody who waits; the first real error wins.
    async fn run(
        &self,
        text: impl Into<String>,
        variables: Object,
        timeout: Duration,
    ) -> Result<surrealdb::IndexedResults, Failure> {
        self.run_as(Urgency::Awaited, text.into(), variables, timeout).await
    }

    async fn run_as(
        &self,
        urgency: Urgency,
        text: String,
        variables: Object,
        timeout: Duration,
    ) -> Result<surrealdb::IndexedResults, Failure> {
        let _under_way = self.under_way.read().await;
        let link = self.link.read().await.clone().ok_or_else(|| Failure::Unanswered("the store is closed".into()))?;
        let answer = tokio::time::timeout(timeout, link.query(urgency, text, variables)).await;
        let mut results = match answer {
            Err(_) => return Err(Failure::Unanswered(format!("no answer within {} ms", timeout.as_millis()))),
            Ok(Err(error)) if error.is_connection() => return Err(Failure::Unanswered(error.to_string())),
            Ok(Err(error)) => return Err(Failure::Answered(error)),
            Ok(Ok(results)) => results,
        };
        match explain(results.take_errors().into_values().collect()) {
            Some(error) => Err(Failure::Answered(error)),
            None => Ok(results),
        }
    }

    /// The same behind everything else, for callers on any runtime.
    async fn run_apart(
        self: &Arc<Self>,
        text: String,
        variables: Object,
    ) -> Result<surrealdb::IndexedResults, Failure> {
        let inner = Arc::clone(self);
        let timeout = self.options.read_timeout;
        let work = async move { inner.run_as(Urgency::Behind, text, variables, timeout).await };
        let done = self.back.spawn(work).await;
        done.unwrap_or_else(|_| Err(Failure::Unanswered("the store is closed".into())))
    }

    /// The same for a transaction: one that conflicts with another is tried again.
    async fn write_apart(self: &Arc<Self>, statement: &str, variables: Object) -> Result<(), Failure> {
        for attempt in 1.. {
            match self.run_apart(statement.to_owned(), variables.clone()).await {
                Err(Failure::Answered(error)) if is_conflict(&error) && attempt < ATTEMPTS => {
                    metrics::counter!("munshi_store_conflicts_total").increment(1);
                }
                done => return done.map(drop),
            }
        }
        Ok(())
    }

    /// A read: one statement, its value.
    async fn read(&self, text: impl Into<String>, variables: Object) -> Result<Value, StoreError> {
        let mut results = self.run(text, variables, self.options.read_timeout).await?;
        results.take::<Value>(0).map_err(|error| store_error(&error))
    }

    async fn start(self: &Arc<Self>, holder: String) -> Result<Start, StoreError> {
        let found = self.schema_version().await?;
        if found > schema::SUPPORTED {
            return Err(StoreError::Schema { found, supported: schema::SUPPORTED });
        }
        for (version, statements) in schema::migrations(found) {
            let stamp = format!("{statements}UPSERT meta:fence SET schema = {version} RETURN NONE;");
            self.run(stamp, Object::new(), Duration::from_secs(600)).await?;
            tracing::info!(schema.version = version, "database schema migrated");
        }
        let (epoch, journal) = self.take_epoch(holder).await?;
        self.rewrite().await?;
        let last = self.end().await?;
        let projected = self.cursor(DOCUMENTS.to_owned()).await?;
        self.epoch.store(epoch, Ordering::Release);
        self.head.store(last.as_ref().map_or(0, |end| end.last), Ordering::Release);
        self.projected.store(projected, Ordering::Release);
        self.index_rest(last.as_ref().map_or(0, |end| end.last)).await?;
        Ok(match last {
            None => Start { epoch, journal, head: 0, hash: chain::GENESIS.into(), processed: 0, projected },
            Some(end) => Start { epoch, journal, head: end.last, hash: end.hash, processed: end.processed, projected },
        })
    }

    async fn schema_version(&self) -> Result<u64, StoreError> {
        let statement = "DEFINE TABLE IF NOT EXISTS meta SCHEMALESS; SELECT VALUE schema FROM meta:fence;";
        let mut results = self.run(statement, Object::new(), self.options.read_timeout).await?;
        let found = results.take::<Value>(1).map_err(|error| store_error(&error))?;
        Ok(value::items(found)?.first().and_then(value::as_u64).unwrap_or(0))
    }

    /// The next epoch, and the id of the journal, which the first start makes.
    async fn take_epoch(&self, holder: String) -> Result<(u64, String), StoreError> {
        let statement = "UPSERT meta:fence SET epoch = (epoch ?? 0) + 1, holder = $holder, \
                         journal = journal ?? $fresh RETURN AFTER;";
        let fresh = crate::fresh_journal_id();
        for _ in 0..20 {
            let mut variables = Object::new();
            variables.insert("holder", Value::String(holder.clone()));
            variables.insert("fresh", text(&fresh));
            match self.run(statement, variables, self.options.read_timeout).await {
                Ok(mut results) => {
                    let rows = rows(results.take::<Value>(0).map_err(|error| store_error(&error))?)?;
                    let mut row = rows.into_iter().next().ok_or_else(|| value::damaged("the fence is missing"))?;
                    let epoch = take_u64(&mut row, "epoch")?;
                    return match value::take(&mut row, "journal")? {
                        Value::String(journal) => Ok((epoch, journal.to_string())),
                        _ => Err(value::damaged("the journal has an odd id")),
                    };
                }
                Err(Failure::Answered(error)) if is_conflict(&error) => tokio::task::yield_now().await,
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(StoreError::Unavailable("too many servers are starting at once".into()))
    }

    async fn cursor(&self, consumer: String) -> Result<u64, StoreError> {
        let mut variables = Object::new();
        variables.insert("id", Value::RecordId(RecordId::new("cursor", RecordIdKey::String(consumer))));
        let found = self.read("SELECT VALUE seq FROM $id;", variables).await?;
        Ok(value::items(found)?.first().and_then(value::as_u64).unwrap_or(0))
    }

    /// What the documents reflect at least, without asking the database on every list.
    async fn projected(&self) -> Result<u64, StoreError> {
        match self.projected.load(Ordering::Acquire) {
            UNKNOWN => {
                let seq = self.cursor(DOCUMENTS.to_owned()).await?;
                let _ = self.projected.compare_exchange(UNKNOWN, seq, Ordering::AcqRel, Ordering::Acquire);
                Ok(seq)
            }
            seq => Ok(seq),
        }
    }

    async fn probe(&self) -> Result<(), StoreError> {
        let mut variables = Object::new();
        let stamp = text(&uuid::Uuid::new_v4().to_string());
        variables.insert("stamp", stamp.clone());
        let statement = "UPSERT probe:probe SET stamp = $stamp RETURN NONE; SELECT VALUE stamp FROM probe:probe;";
        let mut results = self.run(statement, variables, self.options.read_timeout).await?;
        let found = value::items(results.take::<Value>(1).map_err(|error| store_error(&error))?)?;
        if found.len() == 1 { Ok(()) } else { Err(StoreError::Unavailable("a written row cannot be read back".into())) }
    }

    async fn wipe(self: &Arc<Self>) -> Result<(), StoreError> {
        for table in schema::wipe() {
            // In slices: one transaction over a big table would not fit into memory.
            let select = format!("SELECT VALUE id FROM {table} LIMIT {};", self.engine.chunk());
            loop {
                let ids = self.read(select.as_str(), Object::new()).await?;
                if value::items(ids.clone())?.is_empty() {
                    break;
                }
                let mut variables = Object::new();
                variables.insert("ids", ids);
                self.run("DELETE $ids RETURN NONE;", variables, self.options.read_timeout).await?;
            }
        }
        if let Ok(mut known) = self.known.lock() {
            known.clear();
        }
        self.projected.store(0, Ordering::Release);
        self.index_anew().await
    }

    /// Must run on the runtime of `back`, because it ends the other one, `front`.
    async fn close(&self, front: Option<Runtime>) -> Result<(), StoreError> {
        let link = self.link.write().await.take();
        // A statement that does not end in this time is cut off.
        let _ = tokio::time::timeout(open::CLOSE_TIMEOUT, self.under_way.write()).await;
        // The front session ends with its runtime: if it were dropped, it would close the engine as well, and an
        // engine must be closed once.
        if let Some(front) = front {
            front.shutdown_background();
        }
        let closed = match link {
            Some(link) => link.shutdown().await,
            None => Ok(()),
        };
        // An engine that did not close may still write: the directory stays ours until the process ends.
        if closed.is_ok()
            && let Ok(mut lock) = self.lock.lock()
        {
            drop(lock.take());
        }
        closed
    }

    async fn entities(&self, kind: Kind, after: Option<String>, limit: usize) -> Result<Vec<EntityId>, StoreError> {
        let table = schema::doc_table(kind);
        let mut variables = Object::new();
        variables.insert("limit", int(limit as u64));
        // A condition and not a range of ids: of a range the engine reads everything before it counts to the limit, of
        // a table it stops there, and what is passed over is not decoded.
        let behind = match after {
            None => "",
            Some(after) => {
                variables.insert("after", Value::RecordId(surrealdb::types::RecordId::new(table.as_str(), after)));
                " WHERE id > $after"
            }
        };
        let statement = format!("SELECT id FROM {table}{behind} LIMIT $limit;");
        rows(self.read(statement, variables).await?)?
            .into_iter()
            .map(|mut row| Ok(EntityId::new(kind, value::text_key(value::take(&mut row, "id")?)?)))
            .collect()
    }
}

impl Store for SurrealStore {
    fn start<'a>(&'a self, holder: &'a str) -> Fut<'a, Result<Start, StoreError>> {
        let (inner, holder) = (Arc::clone(&self.inner), holder.to_owned());
        Box::pin(self.spawn(async move { inner.start(holder).await }))
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<(), CommitError>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(async move {
            let prepared = inner.prepare(batch)?;
            match self.handle.spawn(async move { inner.commit(prepared).await }).await {
                Ok(outcome) => outcome,
                Err(_) => Err(CommitError::Unknown("the store was closed during the commit".into())),
            }
        })
    }

    fn batch_exists<'a>(&'a self, epoch: u64, first_seq: u64) -> Fut<'a, Result<bool, StoreError>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(self.spawn(async move { inner.batch_exists(epoch, first_seq).await }))
    }

    fn document<'a>(&'a self, entity: &'a EntityId) -> Fut<'a, Result<Option<Document>, StoreError>> {
        let (inner, entity) = (Arc::clone(&self.inner), entity.clone());
        Box::pin(self.spawn(async move { inner.document(&entity).await }))
    }

    fn part_changes<'a>(&'a self, entity: &'a EntityId) -> Fut<'a, Result<Vec<(Part, u64)>, StoreError>> {
        let (inner, entity) = (Arc::clone(&self.inner), entity.clone());
        Box::pin(self.spawn(async move { inner.part_changes(&entity).await }))
    }

    fn history<'a>(
        &'a self,
        entity: &'a EntityId,
        after_version: u64,
        limit: usize,
    ) -> Fut<'a, Result<Vec<JournalEntry>, StoreError>> {
        let (inner, entity) = (Arc::clone(&self.inner), entity.clone());
        Box::pin(self.spawn(async move { inner.history(&entity, after_version, limit).await }))
    }

    fn stored<'a>(&'a self, entity: &'a EntityId, limit: usize) -> Fut<'a, Result<Stored, StoreError>> {
        let (inner, entity) = (Arc::clone(&self.inner), entity.clone());
        Box::pin(self.spawn(async move { inner.stored(&entity, limit).await }))
    }

    fn journal<'a>(&'a self, after_seq: u64, limit: usize) -> Fut<'a, Result<Vec<JournalEntry>, StoreError>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(self.spawn(async move { inner.journal(after_seq, limit).await }))
    }

    fn project<'a>(&'a self, projection: &'a Projection) -> Fut<'a, Result<(), StoreError>> {
        Box::pin(self.inner.project(projection))
    }

    fn cursor<'a>(&'a self, consumer: &'a str) -> Fut<'a, Result<u64, StoreError>> {
        let (inner, consumer) = (Arc::clone(&self.inner), consumer.to_owned());
        Box::pin(self.spawn(async move { inner.cursor(consumer).await }))
    }

    fn timers<'a>(&'a self, until: Timestamp, limit: usize) -> Fut<'a, Result<Vec<(Timestamp, EntityId)>, StoreError>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(self.spawn(async move { inner.timers(until, limit).await }))
    }

    fn clear_timers<'a>(&'a self, timers: &'a [(Timestamp, EntityId)]) -> Fut<'a, Result<(), StoreError>> {
        let (inner, timers) = (Arc::clone(&self.inner), timers.to_vec());
        Box::pin(self.spawn(async move { inner.clear_timers(&timers).await }))
    }

    fn entities<'a>(
        &'a self,
        kind: Kind,
        after: Option<&'a str>,
        limit: usize,
    ) -> Fut<'a, Result<Vec<EntityId>, StoreError>> {
        let (inner, after) = (Arc::clone(&self.inner), after.map(str::to_owned));
        Box::pin(self.spawn(async move { inner.entities(kind, after, limit).await }))
    }

    fn query<'a>(&'a self, query: &'a Query) -> Fut<'a, Result<Page, StoreError>> {
        let (inner, query) = (Arc::clone(&self.inner), query.clone());
        Box::pin(self.spawn(async move { inner.query(query).await }))
    }

    fn work<'a>(&'a self, write: &'a WorkWrite) -> Fut<'a, Result<(), StoreError>> {
        let (inner, write) = (Arc::clone(&self.inner), write.clone());
        Box::pin(self.spawn(async move { inner.work(write).await }))
    }

    fn work_rows<'a>(
        &'a self,
        table: WorkTable,
        owner: Option<&'a str>,
        after: Option<&'a WorkKey>,
        limit: usize,
    ) -> Fut<'a, Result<Vec<WorkRow>, StoreError>> {
        let (inner, owner, after) = (Arc::clone(&self.inner), owner.map(str::to_owned), after.cloned());
        Box::pin(self.spawn(async move { inner.work_rows(table, owner, after, limit).await }))
    }

    fn work_row<'a>(&'a self, key: &'a WorkKey) -> Fut<'a, Result<Option<WorkRow>, StoreError>> {
        let (inner, key) = (Arc::clone(&self.inner), key.clone());
        Box::pin(self.spawn(async move { inner.work_row(key).await }))
    }

    fn position<'a>(&'a self, consumer: &'a str) -> Fut<'a, Result<Option<u64>, StoreError>> {
        let (inner, consumer) = (Arc::clone(&self.inner), consumer.to_owned());
        Box::pin(self.spawn(async move { inner.position(consumer).await }))
    }

    fn wipe_projections(&self) -> Fut<'_, Result<(), StoreError>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(self.spawn(async move { inner.wipe().await }))
    }

    fn probe(&self) -> Fut<'_, Result<(), StoreError>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(self.spawn(async move { inner.probe().await }))
    }

    fn close(&self) -> Fut<'_, Result<(), StoreError>> {
        let inner = Arc::clone(&self.inner);
        let front = self.front.lock().ok().and_then(|mut front| front.take());
        let closing = self.inner.back.spawn(async move { inner.close(front).await });
        Box::pin(async move { closing.await.unwrap_or_else(|_| Err(closed())) })
    }
}
