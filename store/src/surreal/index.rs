//! Which entries of the journal are an entity's: its history.
//!
//! Rows `history:[kind, id, version]` tell for a run of an entity's entries, up to that version, where they are. They are
//! written behind the journal, a row a run, when the documents are; what they do not tell yet is in memory, and after a
//! crash it is found by reading the journal from the index's cursor. Invariant: an entry is told of by a row or by the
//! memory from the moment it is committed. It keeps no entry twice: the journal's rows are the only copy.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use munshi_domain::EntityId;
use surrealdb::types::{Array, Object, RecordId, RecordIdKey, Value};

use super::{
    Inner, begin,
    journal::Row,
    value::{array_key, as_u64, damaged, int, key, range, rows, take, take_json, text, to_text},
};
use crate::{CommitError, JournalEntry, StoreError};

/// The consumer whose cursor tells up to where rows tell everything.
pub(super) const INDEX: &str = "history";

/// Entries told of in one transaction at most; many, because what orders share (customers, warehouses) is then one row.
const CHUNK: usize = 2_048;
/// Entries read at once when rows are made of the journal.
const PAGE: u64 = 4_096;
/// Rows of the journal read at once for a history.
const ROWS: usize = 64;
/// Versions a page of a history looks for first; then for many more, then for all.
const REACH: u64 = 1_000;
/// Entities whose version is remembered; beyond it the memory is cleared and learnt again.
const REMEMBERED: usize = 200_000;

/// Where an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    entity: EntityId,
    /// Version of the entity after it.
    last: u64,
    /// Its sequence number.
    seq: u64,
    /// Number of the first entry of its row.
    row: u64,
}

impl Place {
    pub(super) fn of(entry: &JournalEntry, row: u64) -> Self {
        Self { entity: entry.entity.clone(), last: entry.last, seq: entry.seq, row }
    }
}

/// What of an entity's history is where: row, sequence number, version after it.
type Run = Vec<(u64, u64, u64)>;

/// The part of the index that is in memory.
#[derive(Default)]
pub(super) struct Index {
    state: Mutex<State>,
    /// Held by who writes rows.
    writer: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    /// Committed entries that no row tells of yet, in order.
    fresh: VecDeque<Place>,
    /// The same by entity.
    runs: HashMap<EntityId, Run>,
    /// A batch of unknown outcome.
    doubted: Vec<Place>,
    /// Versions of entities that were written lately.
    versions: HashMap<EntityId, u64>,
}

impl Index {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses entries whose versions are taken, as far as those are remembered: one owner of an entity is what the
    /// fence and the actors are for, and this shows when they fail.
    pub(super) fn check(&self, entries: &[JournalEntry]) -> Result<(), CommitError> {
        let state = self.state();
        let mut batch: HashMap<&EntityId, u64> = HashMap::with_capacity(entries.len());
        for entry in entries {
            let known = batch.insert(&entry.entity, entry.last).or_else(|| state.versions.get(&entry.entity).copied());
            if known.is_some_and(|known| entry.first <= known) {
                let (kind, id) = (entry.entity.kind.name(), &entry.entity.id);
                return Err(CommitError::Duplicate(format!("version {} of {kind} {id} is taken", entry.first)));
            }
        }
        Ok(())
    }

    /// Takes note of entries that are durable.
    pub(super) fn committed(&self, places: Vec<Place>) {
        let mut state = self.state();
        state.doubted.clear();
        if state.versions.len() > REMEMBERED {
            state.versions.clear();
        }
        for place in places {
            state.versions.insert(place.entity.clone(), place.last);
            state.runs.entry(place.entity.clone()).or_default().push((place.row, place.seq, place.last));
            state.fresh.push_back(place);
        }
    }

    /// Keeps the places of a batch of which nobody knows whether it is there.
    pub(super) fn in_doubt(&self, places: Vec<Place>) {
        self.state().doubted = places;
    }

    /// It was found out.
    pub(super) fn settled(&self, first_seq: u64, exists: bool) {
        let mut state = self.state();
        if exists && state.doubted.first().is_some_and(|place| place.seq == first_seq) {
            let places = std::mem::take(&mut state.doubted);
            drop(state);
            self.committed(places);
        }
    }

    fn clear(&self) {
        *self.state() = State::default();
    }

    /// What no row may tell of yet, of an entity, above a version.
    pub(super) fn run(&self, entity: &EntityId, after_version: u64) -> Run {
        let state = self.state();
        let run = state.runs.get(entity).into_iter().flatten();
        run.filter(|(_, _, last)| *last > after_version).copied().collect()
    }

    /// The next entries to be told of, up to `seq`, by entity, and the last of them.
    fn next(&self, seq: u64) -> Option<(u64, BTreeMap<EntityId, Run>)> {
        let state = self.state();
        let mut runs: BTreeMap<EntityId, Run> = BTreeMap::new();
        let mut end = None;
        for place in state.fresh.iter().take(CHUNK).take_while(|place| place.seq <= seq) {
            runs.entry(place.entity.clone()).or_default().push((place.row, place.seq, place.last));
            end = Some(place.seq);
        }
        end.map(|end| (end, runs))
    }

    /// The last entry that no row tells of yet.
    fn head(&self) -> u64 {
        self.state().fresh.back().map_or(0, |place| place.seq)
    }

    /// Rows tell of everything up to `seq`.
    fn written(&self, seq: u64) {
        let mut state = self.state();
        let State { fresh, runs, .. } = &mut *state;
        while let Some(place) = fresh.pop_front_if(|place| place.seq <= seq) {
            if let Some(run) = runs.get_mut(&place.entity) {
                run.retain(|(_, told, _)| *told > seq);
                if run.is_empty() {
                    runs.remove(&place.entity);
                }
            }
        }
    }
}

impl Inner {
    /// Writes rows for everything committed up to `seq`.
    pub(super) async fn index_until(self: &Arc<Self>, seq: u64) -> Result<(), StoreError> {
        let _one = self.index.writer.lock().await;
        self.write_until(seq).await
    }

    /// Writes rows for everything committed before this, unless somebody does already.
    pub(super) async fn index_if_free(self: &Arc<Self>) -> Result<(), StoreError> {
        match self.index.writer.try_lock() {
            Ok(_one) => self.write_until(self.index.head()).await,
            Err(_) => Ok(()),
        }
    }

    async fn write_until(self: &Arc<Self>, seq: u64) -> Result<(), StoreError> {
        while let Some((end, runs)) = self.index.next(seq) {
            self.ensure_cursor(INDEX).await?;
            let (mut statement, mut variables) = begin(self.own_epoch());
            // A row that is there was written before a crash and tells the same.
            statement.push_str(
                "INSERT IGNORE INTO history $rows RETURN NONE;
                UPDATE $cursor SET seq = $seq WHERE seq < $seq RETURN NONE; COMMIT;",
            );
            let rows = runs.iter().map(|(entity, run)| run_row(entity, run)).collect::<Vec<_>>();
            variables.insert("rows", Value::Array(Array::from(rows)));
            variables.insert("cursor", Value::RecordId(RecordId::new("cursor", RecordIdKey::String(INDEX.to_owned()))));
            variables.insert("seq", int(end));
            self.write_apart(&statement, variables).await?;
            self.index.written(end);
        }
        Ok(())
    }

    /// Writes rows for what the journal has and they do not tell.
    pub(super) async fn index_rest(self: &Arc<Self>, head: u64) -> Result<(), StoreError> {
        let mut next = self.cursor(INDEX.to_owned()).await? + 1;
        self.index.clear();
        while next <= head {
            let mut places = Vec::new();
            for row in self.rows_with(next, next.saturating_add(PAGE)).await? {
                places.extend(row.places()?.into_iter().filter(|place| place.seq >= next));
            }
            let (Some(first), Some(last)) = (places.first().map(|p| p.seq), places.last().map(|p| p.seq)) else {
                return Err(damaged(&format!("journal entry {next} is missing")));
            };
            if first != next {
                return Err(damaged(&format!("journal entry {next} is missing")));
            }
            self.index.committed(places);
            self.index_until(last).await?;
            next = last + 1;
        }
        Ok(())
    }

    /// Makes all rows, after they and their cursor were taken away.
    pub(super) async fn index_anew(self: &Arc<Self>) -> Result<(), StoreError> {
        let head = self.end().await?.map_or(0, |end| end.last);
        self.index_rest(head).await
    }

    pub(super) async fn history(
        &self,
        entity: &EntityId,
        after_version: u64,
        limit: usize,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        let limit = limit.max(1);
        // Looked at first: what moves from here to the rows meanwhile is then in both and not in neither.
        let fresh = self.index.run(entity, after_version);
        let mut run = self.told(entity, after_version, limit).await?;
        run.extend(fresh);
        self.entries_of(entity, run, after_version, limit).await
    }

    /// What rows tell of an entity above a version, about `limit` of it.
    async fn told(&self, entity: &EntityId, after_version: u64, limit: usize) -> Result<Run, StoreError> {
        let mut run = Run::new();
        let (mut from, mut reach) = (after_version + 1, REACH);
        while run.len() < limit && from < i64::MAX as u64 {
            // A range is read whole, whatever the limit, so that it must not be the rest of a long history.
            let until = from.saturating_add(reach).min(i64::MAX as u64);
            let bound = |version| run_key(entity, version);
            let mut variables = Object::new();
            variables.insert("range", range("history", Bound::Included(bound(from)), Bound::Excluded(bound(until))));
            let found = rows(self.read("SELECT id, run FROM $range;", variables).await?)?;
            (from, reach) = (until, if found.is_empty() && reach > REACH { u64::MAX } else { reach * 64 });
            for row in found {
                let (version, told) = told(row)?;
                run.extend(told.into_iter().filter(|(_, _, last)| *last > after_version));
                (from, reach) = (version + 1, REACH);
            }
        }
        Ok(run)
    }

    /// The first `limit` entries of a run, read from the journal.
    pub(super) async fn entries_of(
        &self,
        entity: &EntityId,
        mut run: Run,
        after_version: u64,
        limit: usize,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        run.retain(|(_, _, last)| *last > after_version);
        run.sort_unstable_by_key(|(_, seq, _)| *seq);
        run.dedup();
        run.truncate(limit);
        let mut firsts: Vec<u64> = run.iter().map(|(row, ..)| *row).collect();
        firsts.dedup();
        let mut entries = Vec::with_capacity(run.len());
        let mut wanted = run.into_iter().peekable();
        for firsts in firsts.chunks(ROWS) {
            let mut found: HashMap<u64, Row> = HashMap::with_capacity(firsts.len());
            found.extend(self.rows_at(firsts.iter().copied()).await?.into_iter().map(|row| (row.first, row)));
            while let Some((row, seq, last)) = wanted.next_if(|(row, ..)| firsts.contains(row)) {
                let row = found.get(&row).ok_or_else(|| damaged(&format!("journal entry {seq} is missing")))?;
                let entry = row.entry(seq)?;
                if entry.entity != *entity || entry.last != last {
                    return Err(damaged(&format!("journal entry {seq} is not what the history of {} says", entity.id)));
                }
                entries.push(entry);
            }
        }
        Ok(entries)
    }
}

fn run_key(entity: &EntityId, version: u64) -> Vec<Value> {
    vec![text(entity.kind.name()), text(&entity.id), int(version)]
}

fn run_row(entity: &EntityId, run: &Run) -> Value {
    let mut row = Object::new();
    let version = run.last().map_or(0, |(_, _, last)| *last);
    row.insert("id", Value::RecordId(key("history", run_key(entity, version))));
    row.insert("run", to_text(run));
    Value::Object(row)
}

/// A row's version and what it tells.
pub(super) fn told(mut row: Object) -> Result<(u64, Run), StoreError> {
    let parts = array_key(take(&mut row, "id")?)?;
    let version = parts.get(2).and_then(as_u64).ok_or_else(|| damaged("a row of a history has an odd key"))?;
    let run = serde_json::from_value(take_json(&mut row, "run")?)
        .map_err(|error| damaged(&format!("what a history tells: {error}")))?;
    Ok((version, run))
}
