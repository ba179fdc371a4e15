//! Durable truth: the journal, the documents folded from it, and what can be asked of them.
//!
//! The only crate that imports `surrealdb`. Everything above it sees [`Store`], which [`memory::MemoryStore`]
//! (deterministic, fault-injecting) and [`surreal::SurrealStore`] (embedded or remote) both implement; one
//! contract suite runs over all of them. It deliberately knows no rule of commerce: records and documents are
//! JSON under an [`munshi_domain::EntityId`].

pub mod backup;
mod canonical;
pub mod chain;
pub mod contract;
mod cursor;
pub mod events;
pub mod memory;
pub mod model;
mod order;
pub mod query;
pub mod surreal;
pub mod words;
pub mod work;

pub use events::Events;
pub use model::{
    Batch, CommitError, Document, DocumentWrite, JournalEntry, Projection, RowWrite, Start, StoreError, Stored, Who,
};
pub use query::{Filter, Op, Page, Query, Row, Sort};
pub use work::{WorkKey, WorkRow, WorkTable, WorkWrite};

use std::{future::Future, pin::Pin};

use munshi_domain::{EntityId, Kind, Part, Timestamp};

/// A new id for a journal.
pub(crate) fn fresh_journal_id() -> String {
    let bits = uuid::Uuid::new_v4().as_u128();
    format!("j_{:016x}", (bits >> 64) as u64 ^ bits as u64)
}

/// A boxed future, so that the trait can be used as `Arc<dyn Store>`.
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Durable truth. Implementations are cheap to share (`Arc<dyn Store>`); every method may be called from any
/// tokio runtime.
pub trait Store: Send + Sync + 'static {
    /// Migrates the schema, takes a new epoch (runtime.md rule 12) and tells where the journal stands.
    /// From here on every commit of an older epoch answers [`CommitError::Fenced`].
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Held`] when an embedded directory is in use, naming the holder.
    fn start<'a>(&'a self, holder: &'a str) -> Fut<'a, Result<Start, StoreError>>;

    /// Writes one batch atomically and durably (fsync before the answer).
    ///
    /// # Errors
    /// [`CommitError`] says whether the batch certainly did not apply, may have, or the node must stop.
    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<(), CommitError>>;

    /// Whether the batch that begins at `first_seq` under `epoch` is durable; asked over a fresh connection
    /// after [`CommitError::Unknown`].
    ///
    /// # Errors
    /// [`StoreError`] when nobody answers; ask again.
    fn batch_exists<'a>(&'a self, epoch: u64, first_seq: u64) -> Fut<'a, Result<bool, StoreError>>;

    /// The document of one entity, all its parts, or `None` if none was projected yet.
    ///
    /// # Errors
    /// [`StoreError`].
    fn document<'a>(&'a self, entity: &'a EntityId) -> Fut<'a, Result<Option<Document>, StoreError>>;

    /// Journal position that last changed each part of one entity's document, the main part left out; no position for
    /// parts written before positions were kept.
    ///
    /// # Errors
    /// [`StoreError`].
    fn part_changes<'a>(&'a self, entity: &'a EntityId) -> Fut<'a, Result<Vec<(Part, u64)>, StoreError>>;

    /// Journal entries of one entity whose last event has a version above `after_version`, in order, at most
    /// `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    fn history<'a>(
        &'a self,
        entity: &'a EntityId,
        after_version: u64,
        limit: usize,
    ) -> Fut<'a, Result<Vec<JournalEntry>, StoreError>>;

    /// What an activation needs in one answer: the document and the entries after it, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    fn stored<'a>(&'a self, entity: &'a EntityId, limit: usize) -> Fut<'a, Result<Stored, StoreError>> {
        Box::pin(async move {
            let document = self.document(entity).await?;
            let version = document.as_ref().map_or(0, |document| document.version);
            let tail = self.history(entity, version, limit).await?;
            Ok(Stored { document, tail })
        })
    }

    /// Journal entries with a sequence number above `after_seq`, dense and in order, at most about `limit`
    /// (whole rows of the store).
    ///
    /// # Errors
    /// [`StoreError`].
    fn journal<'a>(&'a self, after_seq: u64, limit: usize) -> Fut<'a, Result<Vec<JournalEntry>, StoreError>>;

    /// Writes documents, rows and timers, and moves the consumer's cursor, in one or several transactions of
    /// which the last one moves the cursor. Writing the same projection twice is harmless.
    ///
    /// # Errors
    /// [`StoreError`]; the caller writes the same projection again.
    fn project<'a>(&'a self, projection: &'a Projection) -> Fut<'a, Result<(), StoreError>>;

    /// Where the named consumer stands; 0 for one that never ran.
    ///
    /// # Errors
    /// [`StoreError`].
    fn cursor<'a>(&'a self, consumer: &'a str) -> Fut<'a, Result<u64, StoreError>>;

    /// Timers due at or before `until`, earliest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn timers<'a>(&'a self, until: Timestamp, limit: usize) -> Fut<'a, Result<Vec<(Timestamp, EntityId)>, StoreError>>;

    /// Removes timer rows that were fired or are stale.
    ///
    /// # Errors
    /// [`StoreError`].
    fn clear_timers<'a>(&'a self, timers: &'a [(Timestamp, EntityId)]) -> Fut<'a, Result<(), StoreError>>;

    /// Entities of a kind that have a document, in id order, after `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn entities<'a>(
        &'a self,
        kind: Kind,
        after: Option<&'a str>,
        limit: usize,
    ) -> Fut<'a, Result<Vec<EntityId>, StoreError>>;

    /// Answers a list query on the view columns of documents, or on rows of a read-model table.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Query`] for a cursor or column that does not exist.
    fn query<'a>(&'a self, query: &'a Query) -> Fut<'a, Result<Page, StoreError>>;

    /// Writes rows of open work and positions in one durable transaction that checks the epoch. Writing the same again
    /// changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]; after [`StoreError::Unavailable`] it may have happened: the caller writes the same again.
    fn work<'a>(&'a self, write: &'a WorkWrite) -> Fut<'a, Result<(), StoreError>>;

    /// Rows of a table in order of owner and id, of one owner or of all, after `after`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn work_rows<'a>(
        &'a self,
        table: WorkTable,
        owner: Option<&'a str>,
        after: Option<&'a WorkKey>,
        limit: usize,
    ) -> Fut<'a, Result<Vec<WorkRow>, StoreError>>;

    /// One row.
    ///
    /// # Errors
    /// [`StoreError`].
    fn work_row<'a>(&'a self, key: &'a WorkKey) -> Fut<'a, Result<Option<WorkRow>, StoreError>>;

    /// How far in the journal a reader with effects outside has planned; `None` for one that never did. Unlike
    /// [`Store::cursor`] it survives a rebuild.
    ///
    /// # Errors
    /// [`StoreError`].
    fn position<'a>(&'a self, consumer: &'a str) -> Fut<'a, Result<Option<u64>, StoreError>>;

    /// Deletes every document, row and timer (not the journal, not open work) and all cursors, for `munshi rebuild`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn wipe_projections(&self) -> Fut<'_, Result<(), StoreError>>;

    /// Writes a probe row and reads it back; a database's own health check proves nothing (runtime.md §4).
    ///
    /// # Errors
    /// [`StoreError`].
    fn probe(&self) -> Fut<'_, Result<(), StoreError>>;

    /// Flushes and closes. Called once, last.
    ///
    /// # Errors
    /// [`StoreError`].
    fn close(&self) -> Fut<'_, Result<(), StoreError>>;
}
