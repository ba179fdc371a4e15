//! A deterministic in-memory store with scripted faults.
//!
//! Keeps every promise of [`Store`] that does not need a disk and passes the same contract suite; thousands of
//! simulated runs use it. What is committed survives [`MemoryStore::crash`], nothing else does. It does not
//! survive the process.

mod faults;
mod state;

use std::{
    future::poll_fn,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

use munshi_domain::{EntityId, Kind, Part, Timestamp};

pub use self::faults::{Faults, Outcome, Rates, Working};
use self::{faults::Projecting, state::State};
use crate::{
    Batch, CommitError, Document, Fut, JournalEntry, Page, Projection, Query, Start, Store, StoreError, WorkKey,
    WorkRow, WorkTable, WorkWrite, cursor, query::ROW_TABLES,
};

/// The store in memory.
pub struct MemoryStore {
    durable: Arc<Mutex<State>>,
    faults: Faults,
    gone: AtomicBool,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(Faults::default())
    }
}

impl MemoryStore {
    /// An empty store with these faults.
    pub fn new(faults: Faults) -> Self {
        Self { durable: Arc::default(), faults, gone: AtomicBool::new(false) }
    }

    /// The plan of faults, to steer it.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Ends this handle as a power cut would and opens a new one on what is durable. Commits under way on this
    /// handle are never applied.
    pub fn crash(&self) -> Self {
        self.gone.store(true, Ordering::SeqCst);
        Self { durable: Arc::clone(&self.durable), faults: self.faults.clone(), gone: AtomicBool::new(false) }
    }

    /// As [`MemoryStore::crash`], and with other faults from here on.
    pub fn with_faults(&self, faults: Faults) -> Self {
        Self { faults, ..self.crash() }
    }

    /// A second server on the same data, while this one lives on.
    pub fn rival(&self) -> Self {
        Self { durable: Arc::clone(&self.durable), faults: Faults::default(), gone: AtomicBool::new(false) }
    }

    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        if self.gone.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the store is closed".into()));
        }
        Ok(self.durable.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn read<T>(&self, look: impl FnOnce(&mut State) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut state = self.state()?;
        if self.faults.read() {
            return Err(StoreError::Unavailable("injected fault".into()));
        }
        look(&mut state)
    }

    fn apply(&self, batch: &Batch) -> Result<(), CommitError> {
        self.state().map_err(|error| CommitError::Unknown(error.to_string()))?.commit(batch)
    }

    async fn outcome(&self, batch: &Batch) -> Result<(), CommitError> {
        match self.faults.commit() {
            Outcome::Applied => self.apply(batch),
            Outcome::NotApplied => Err(CommitError::NotApplied("injected conflict".into())),
            Outcome::UnknownApplied => {
                self.apply(batch)?;
                Err(CommitError::Unknown("injected loss of the answer".into()))
            }
            Outcome::UnknownNotApplied => Err(CommitError::Unknown("injected loss of the batch".into())),
            Outcome::Slow(polls) => {
                pause(polls).await;
                self.apply(batch)
            }
            Outcome::Held => {
                self.faults.released().await;
                self.apply(batch)
            }
            Outcome::Fatal => Err(CommitError::Fatal("injected input/output error".into())),
            Outcome::Full => Err(CommitError::Fatal("injected: no space left on device".into())),
        }
    }

    fn write_work(&self, write: &WorkWrite) -> Result<(), StoreError> {
        let mut state = self.state()?;
        match self.faults.work() {
            Working::Applied => state.write_work(write),
            Working::NotApplied => Err(StoreError::Unavailable("injected loss of the write".into())),
            Working::UnknownApplied => {
                state.write_work(write)?;
                Err(StoreError::Unavailable("injected loss of the answer".into()))
            }
        }
    }

    fn write(&self, projection: &Projection) -> Result<(), StoreError> {
        if let Some(row) = projection.rows.iter().find(|row| !ROW_TABLES.contains(&row.table)) {
            return Err(StoreError::Query(format!("there is no table {}", row.table)));
        }
        let mut state = self.state()?;
        match self.faults.project() {
            Projecting::Failed => return Err(StoreError::Unavailable("injected fault".into())),
            Projecting::Torn => {
                let half = projection.documents.len().div_ceil(2);
                state.write_documents(&projection.documents[..half]);
                return Err(StoreError::Unavailable("injected fault half way".into()));
            }
            Projecting::Applied => {}
        }
        state.write_documents(&projection.documents);
        state.write_rows(&projection.rows);
        state.move_cursor(&projection.consumer, projection.seq);
        Ok(())
    }
}

/// Yields to whatever executor polls it.
async fn pause(polls: u32) {
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Store for MemoryStore {
    fn start<'a>(&'a self, holder: &'a str) -> Fut<'a, Result<Start, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.start(holder))) })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<(), CommitError>> {
        Box::pin(self.outcome(batch))
    }

    fn batch_exists<'a>(&'a self, epoch: u64, first_seq: u64) -> Fut<'a, Result<bool, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.batch_exists(epoch, first_seq))) })
    }

    fn document<'a>(&'a self, entity: &'a EntityId) -> Fut<'a, Result<Option<Document>, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.document(entity))) })
    }

    fn part_changes<'a>(&'a self, entity: &'a EntityId) -> Fut<'a, Result<Vec<(Part, u64)>, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.part_changes(entity))) })
    }

    fn history<'a>(
        &'a self,
        entity: &'a EntityId,
        after_version: u64,
        limit: usize,
    ) -> Fut<'a, Result<Vec<JournalEntry>, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.history(entity, after_version, limit))) })
    }

    fn journal<'a>(&'a self, after_seq: u64, limit: usize) -> Fut<'a, Result<Vec<JournalEntry>, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.journal(after_seq, limit))) })
    }

    fn project<'a>(&'a self, projection: &'a Projection) -> Fut<'a, Result<(), StoreError>> {
        Box::pin(async move { self.write(projection) })
    }

    fn cursor<'a>(&'a self, consumer: &'a str) -> Fut<'a, Result<u64, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.cursor(consumer))) })
    }

    fn timers<'a>(&'a self, until: Timestamp, limit: usize) -> Fut<'a, Result<Vec<(Timestamp, EntityId)>, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.timers(until, limit))) })
    }

    fn clear_timers<'a>(&'a self, timers: &'a [(Timestamp, EntityId)]) -> Fut<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.read(|state| {
                state.clear_timers(timers);
                Ok(())
            })
        })
    }

    fn entities<'a>(
        &'a self,
        kind: Kind,
        after: Option<&'a str>,
        limit: usize,
    ) -> Fut<'a, Result<Vec<EntityId>, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.entities(kind, after, limit))) })
    }

    fn query<'a>(&'a self, query: &'a Query) -> Fut<'a, Result<Page, StoreError>> {
        Box::pin(async move {
            let after = cursor::check(query)?;
            self.read(|state| state.query(query, after))
        })
    }

    fn work<'a>(&'a self, write: &'a WorkWrite) -> Fut<'a, Result<(), StoreError>> {
        Box::pin(async move { self.write_work(write) })
    }

    fn work_rows<'a>(
        &'a self,
        table: WorkTable,
        owner: Option<&'a str>,
        after: Option<&'a WorkKey>,
        limit: usize,
    ) -> Fut<'a, Result<Vec<WorkRow>, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.work_rows(table, owner, after, limit))) })
    }

    fn work_row<'a>(&'a self, key: &'a WorkKey) -> Fut<'a, Result<Option<WorkRow>, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.work_row(key))) })
    }

    fn position<'a>(&'a self, consumer: &'a str) -> Fut<'a, Result<Option<u64>, StoreError>> {
        Box::pin(async move { self.read(|state| Ok(state.position(consumer))) })
    }

    fn wipe_projections(&self) -> Fut<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.read(|state| {
                state.wipe();
                Ok(())
            })
        })
    }

    fn probe(&self) -> Fut<'_, Result<(), StoreError>> {
        Box::pin(async move { self.read(|_| Ok(())) })
    }

    fn close(&self) -> Fut<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.gone.store(true, Ordering::SeqCst);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[tokio::test]
    async fn memory_keeps_the_contract() {
        let store = Arc::new(Mutex::new(None::<MemoryStore>));
        contract::suite(|reopen| {
            let store = Arc::clone(&store);
            async move {
                let mut slot = store.lock().unwrap_or_else(PoisonError::into_inner);
                let next = match (&*slot, reopen) {
                    (Some(old), true) => old.crash(),
                    _ => MemoryStore::default(),
                };
                let handle: Arc<dyn Store> = Arc::new(next.rival());
                *slot = Some(next);
                Some(handle)
            }
        })
        .await;
    }

    #[tokio::test]
    async fn faults_say_the_truth_about_the_batch() {
        let cases = [
            (Outcome::Applied, true),
            (Outcome::NotApplied, false),
            (Outcome::UnknownApplied, true),
            (Outcome::UnknownNotApplied, false),
            (Outcome::Slow(3), true),
            (Outcome::Fatal, false),
            (Outcome::Full, false),
        ];
        for (outcome, durable) in cases {
            let store = MemoryStore::new(Faults::script([outcome]));
            let start = store.start("test").await.unwrap();
            let batch = contract::batch(&start, 1, 2);
            let answer = store.commit(&batch).await;
            let fits = match outcome {
                Outcome::Applied | Outcome::Slow(_) | Outcome::Held => answer.is_ok(),
                Outcome::NotApplied => matches!(answer, Err(CommitError::NotApplied(_))),
                Outcome::UnknownApplied | Outcome::UnknownNotApplied => matches!(answer, Err(CommitError::Unknown(_))),
                Outcome::Fatal | Outcome::Full => matches!(answer, Err(CommitError::Fatal(_))),
            };
            assert!(fits, "{outcome:?} answered {answer:?}");
            let after = store.crash();
            assert_eq!(after.batch_exists(start.epoch, 1).await.unwrap(), durable, "{outcome:?}");
            assert_eq!(after.journal(0, 10).await.unwrap().len(), if durable { 2 } else { 0 });
        }
    }

    #[tokio::test]
    async fn a_held_commit_of_a_crashed_handle_is_never_applied() {
        let store = Arc::new(MemoryStore::new(Faults::script([Outcome::Held])));
        let start = store.start("test").await.unwrap();
        let batch = contract::batch(&start, 1, 1);
        let waiting = tokio::spawn({
            let (store, batch) = (Arc::clone(&store), batch.clone());
            async move { store.commit(&batch).await }
        });
        tokio::task::yield_now().await;
        let after = store.crash();
        store.faults().release();
        assert!(matches!(waiting.await.unwrap(), Err(CommitError::Unknown(_))));
        assert!(!after.batch_exists(start.epoch, 1).await.unwrap());
    }

    #[tokio::test]
    async fn a_write_of_open_work_whose_answer_is_lost_is_repeated_without_harm() {
        let store = MemoryStore::default();
        let start = store.start("test").await.unwrap();
        let key = WorkKey::new(WorkTable::Effect, "c", "e");
        let row = WorkRow { key: key.clone(), body: serde_json::json!({"n": 1}) };
        let write =
            WorkWrite { insert: vec![row.clone()], positions: vec![("c".into(), 7)], ..WorkWrite::of(start.epoch) };
        for (fault, durable) in [(Working::NotApplied, false), (Working::UnknownApplied, true)] {
            store.faults().fail_work([fault]);
            assert!(matches!(store.work(&write).await, Err(StoreError::Unavailable(_))));
            assert_eq!(store.work_row(&key).await.unwrap().is_some(), durable, "{fault:?}");
            assert_eq!(store.position("c").await.unwrap(), durable.then_some(7), "{fault:?}");
        }
        store.work(&write).await.unwrap();
        assert_eq!(store.crash().work_rows(WorkTable::Effect, Some("c"), None, 9).await.unwrap(), [row]);
    }

    #[tokio::test]
    async fn torn_projections_leave_the_cursor_behind() {
        let store = MemoryStore::default();
        store.start("test").await.unwrap();
        store.faults().tear_projections(1);
        let projection = contract::projection("documents", 5, &["a", "b"]);
        assert!(store.project(&projection).await.is_err());
        assert_eq!(store.cursor("documents").await.unwrap(), 0);
        store.project(&projection).await.unwrap();
        assert_eq!(store.cursor("documents").await.unwrap(), 5);
    }
}
