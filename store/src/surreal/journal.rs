//! The journal: batches in, entries out.
//!
//! A batch is one transaction: fence check, event rows, marker row. The marker `batch:[node, first_seq]` names
//! its events in order, which is also how the journal is read back.

use std::{ops::Bound, sync::atomic::Ordering};

use munshi_domain::EntityId;
use surrealdb::types::{Array, Object, Value};

use super::{
    Failure, Inner, UNKNOWN, is_conflict, is_fence,
    open::Engine,
    value::{array_key, as_u64, damaged, int, items, key, range, rows, take, take_text, take_u64, text, to_text},
};
use crate::{Batch, CommitError, JournalEntry, StoreError};

/// The one node there is; the seam for cells (runtime.md §7).
const NODE: &str = "n1";

/// Rows read at once when the journal or a history is paged.
const PAGE: u64 = 1_000;

/// A batch ready to be sent.
pub(super) struct Prepared {
    statement: String,
    variables: Object,
    first: u64,
    last: u64,
}

/// A marker row.
pub(super) struct Marker {
    first: u64,
    /// Last sequence number.
    pub(super) last: u64,
    /// The lane's `processed` at that time.
    pub(super) processed: u64,
    /// Hash of the last entry.
    pub(super) hash: String,
    refs: Vec<Vec<Value>>,
}

impl Inner {
    /// Checks what can be checked without the database and builds the transaction.
    pub(super) fn prepare(&self, batch: &Batch) -> Result<Prepared, CommitError> {
        let (first, last) = (batch.first_seq(), batch.last_seq());
        let dense = batch.entries.iter().zip(first..).all(|(entry, seq)| entry.seq == seq);
        if batch.entries.is_empty() || !dense || first == 0 {
            return Err(CommitError::Fatal(format!("batch {first} to {last} is empty or not dense")));
        }
        let head = self.head.load(Ordering::Acquire);
        if head != UNKNOWN && first <= head {
            return Err(CommitError::Duplicate(format!(
                "sequence number {first} is taken, the journal ends at {head}"
            )));
        }
        if head != UNKNOWN && first > head + 1 {
            return Err(CommitError::Fatal(format!("batch begins at {first} but the journal ends at {head}")));
        }
        let mut variables = Object::new();
        // The fence is read by every batch. On a server it is also written, so that a batch and a take-over that
        // overlap conflict instead of passing each other; an embedded directory has one process anyway.
        let mut statement = String::from("BEGIN; IF meta:fence.epoch != $epoch { THROW 'fenced' };");
        if matches!(self.engine, Engine::Remote { .. }) {
            statement.push_str("UPDATE meta:fence SET head = $last RETURN NONE;");
            variables.insert("last", int(last));
        }
        let mut refs = Vec::with_capacity(batch.entries.len());
        for (at, entries) in batch.entries.chunks(self.engine.chunk()).enumerate() {
            statement.push_str(&format!("INSERT INTO event $e{at} RETURN NONE;"));
            let rows: Vec<Value> = entries.iter().map(event_row).collect();
            variables.insert(format!("e{at}"), Value::Array(Array::from(rows)));
            refs.extend(entries.iter().map(|entry| (entry.entity.kind.name(), &*entry.entity.id, entry.first)));
        }
        statement.push_str("INSERT INTO batch $marker RETURN NONE; COMMIT;");
        let mut marker = Object::new();
        marker.insert("id", Value::RecordId(key("batch", vec![text(NODE), int(first)])));
        marker.insert("epoch", int(batch.epoch));
        marker.insert("last", int(last));
        marker.insert("processed", int(batch.processed));
        marker.insert("hash", text(batch.entries.last().map_or("", |entry| entry.hash.as_str())));
        marker.insert("refs", to_text(&refs));
        variables.insert("marker", Value::Object(marker));
        variables.insert("epoch", int(batch.epoch));
        Ok(Prepared { statement, variables, first, last })
    }

    /// Sends a batch once and says what became of it.
    pub(super) async fn commit(&self, batch: Prepared) -> Result<(), CommitError> {
        let Prepared { statement, variables, first, last } = batch;
        let outcome = match self.run(statement, variables, self.options.commit_timeout).await {
            Ok(_) => Ok(()),
            Err(Failure::Unanswered(reason)) => Err(CommitError::Unknown(reason)),
            Err(Failure::Answered(error)) => Err(commit_error(&error)),
        };
        match &outcome {
            Ok(()) => self.head.store(last, Ordering::Release),
            Err(CommitError::Unknown(_)) => self.head.store(UNKNOWN, Ordering::Release),
            Err(CommitError::NotApplied(_)) => metrics::counter!("munshi_store_conflicts_total").increment(1),
            Err(error) => tracing::error!(batch.first = first, batch.last = last, error = %error, "commit refused"),
        }
        outcome
    }

    pub(super) async fn batch_exists(&self, epoch: u64, first_seq: u64) -> Result<bool, StoreError> {
        if matches!(self.engine, Engine::Remote { .. }) {
            // The old connection may be half dead and would queue the question behind lost ones.
            let fresh = self.connect().await?;
            *self.link.write().await = Some(fresh);
        }
        let mut variables = Object::new();
        variables.insert("id", Value::RecordId(key("batch", vec![text(NODE), int(first_seq)])));
        let found = self.read("SELECT VALUE epoch FROM $id;", variables).await?;
        Ok(items(found)?.first().and_then(as_u64) == Some(epoch))
    }

    /// The marker of the newest batch. A table scan from the end: a range can only be read from its beginning.
    pub(super) async fn last_batch(&self) -> Result<Option<Marker>, StoreError> {
        let found = self.read("SELECT * FROM batch ORDER BY id DESC LIMIT 1;", Object::new()).await?;
        rows(found)?.into_iter().next().map(marker).transpose()
    }

    /// The markers that begin in `from..until`, in order.
    async fn markers(&self, from: u64, until: u64) -> Result<Vec<Marker>, StoreError> {
        let bound = |seq| vec![text(NODE), int(seq)];
        let mut variables = Object::new();
        variables.insert("range", range("batch", Bound::Included(bound(from)), Bound::Excluded(bound(until))));
        rows(self.read("SELECT * FROM $range;", variables).await?)?.into_iter().map(marker).collect()
    }

    /// The marker of the batch that holds `seq` but begins before it.
    async fn marker_around(&self, seq: u64) -> Result<Option<Marker>, StoreError> {
        let mut reach = PAGE;
        loop {
            let from = seq.saturating_sub(reach);
            if let Some(marker) = self.markers(from, seq).await?.pop() {
                return Ok(Some(marker).filter(|marker| marker.last >= seq));
            }
            if from == 0 {
                return Ok(None);
            }
            reach *= 16;
        }
    }

    pub(super) async fn journal(&self, after_seq: u64, limit: usize) -> Result<Vec<JournalEntry>, StoreError> {
        let limit = limit.max(1);
        let mut entries: Vec<JournalEntry> = Vec::new();
        let mut next = after_seq + 1;
        while entries.len() < limit {
            // Every batch has an entry, so this many batches are enough; usually far fewer begin here.
            let wanted = (limit - entries.len()) as u64;
            let until = next.saturating_add(wanted.min(PAGE));
            let begins = |markers: &[Marker]| markers.first().is_some_and(|marker| marker.first == next);
            let mut markers = self.markers(next, until).await?;
            if !begins(&markers) {
                if self.last_batch().await?.is_none_or(|marker| marker.last < next) {
                    break;
                }
                // It may have been committed between the two questions.
                markers = self.markers(next, until).await?;
            }
            if !begins(&markers) {
                // A position inside a batch: begin with the batch that holds it.
                match self.marker_around(next).await? {
                    Some(marker) if next == after_seq + 1 => markers = vec![marker],
                    _ => return Err(damaged(&format!("the batch with journal entry {next} is missing"))),
                }
            }
            let mut count = entries.len();
            let enough = markers.iter().position(|marker| {
                count += marker.refs.len();
                count >= limit
            });
            markers.truncate(enough.map_or(markers.len(), |at| at + 1));
            next = markers.last().map_or(next, |marker| marker.last + 1);
            entries.extend(self.entries_of(markers).await?.into_iter().filter(|entry| entry.seq > after_seq));
        }
        Ok(entries)
    }

    /// The events that markers name, in order and complete.
    async fn entries_of(&self, markers: Vec<Marker>) -> Result<Vec<JournalEntry>, StoreError> {
        let (Some(first), Some(last)) = (markers.first().map(|m| m.first), markers.last().map(|m| m.last)) else {
            return Ok(Vec::new());
        };
        let mut ids = Vec::new();
        for marker in markers {
            ids.extend(marker.refs.into_iter().map(|parts| Value::RecordId(key("event", parts))));
        }
        let mut entries = Vec::with_capacity(ids.len());
        for ids in ids.chunks(1_000) {
            let mut variables = Object::new();
            variables.insert("ids", Value::Array(Array::from(ids.to_vec())));
            for row in rows(self.read("SELECT * FROM $ids;", variables).await?)? {
                entries.push(entry(row)?);
            }
        }
        entries.sort_unstable_by_key(|entry| entry.seq);
        if entries.len() as u64 != last - first + 1 || entries.iter().zip(first..).any(|(entry, seq)| entry.seq != seq)
        {
            return Err(damaged(&format!("journal entries between {first} and {last} are missing")));
        }
        Ok(entries)
    }

    pub(super) async fn history(
        &self,
        entity: &EntityId,
        after_version: u64,
        limit: usize,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        let limit = limit.max(1);
        let mut found: Vec<JournalEntry> = Vec::new();
        let mut next = after_version + 1;
        while found.len() < limit {
            // An entry has at least one version, so this many versions hold no more than the wanted entries.
            let wanted = (limit - found.len()) as u64;
            let mut page = self.entries_between(entity, next, next.saturating_add(wanted.min(PAGE))).await?;
            if found.is_empty() && page.first().is_none_or(|entry| entry.first != next) {
                // The entry that began before that version may end behind it.
                if let Some(inside) = self.entry_around(entity, after_version).await? {
                    page.insert(0, inside);
                }
            }
            let Some(last) = page.last() else { break };
            next = last.last + 1;
            found.extend(page);
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Entries of one entity whose first version is in `from..until`, in order.
    async fn entries_between(&self, entity: &EntityId, from: u64, until: u64) -> Result<Vec<JournalEntry>, StoreError> {
        let mut variables = Object::new();
        let (from, until) = (Bound::Included(event_key(entity, from)), Bound::Excluded(event_key(entity, until)));
        variables.insert("range", range("event", from, until));
        rows(self.read("SELECT * FROM $range;", variables).await?)?.into_iter().map(entry).collect()
    }

    /// The entry that has both `version` and the one after it.
    async fn entry_around(&self, entity: &EntityId, version: u64) -> Result<Option<JournalEntry>, StoreError> {
        if version == 0 {
            return Ok(None);
        }
        let mut reach = 64;
        loop {
            let from = (version + 1).saturating_sub(reach);
            if let Some(entry) = self.entries_between(entity, from, version + 1).await?.pop() {
                return Ok(Some(entry).filter(|entry| entry.last > version));
            }
            if from == 0 {
                return Ok(None);
            }
            reach *= 16;
        }
    }
}

/// What the database's refusal of a batch means.
fn commit_error(error: &surrealdb::Error) -> CommitError {
    let message = error.to_string();
    if is_fence(error) {
        CommitError::Fenced
    } else if is_conflict(error) {
        CommitError::NotApplied(message)
    } else if error.is_already_exists() {
        CommitError::Duplicate(message)
    } else if error.is_connection() || error.is_query() {
        CommitError::Unknown(message)
    } else {
        CommitError::Fatal(message)
    }
}

fn event_key(entity: &EntityId, first: u64) -> Vec<Value> {
    vec![text(entity.kind.name()), text(&entity.id), int(first)]
}

/// The row of an entry: the entry as JSON text under its key, and its position.
fn event_row(entry: &JournalEntry) -> Value {
    let mut row = Object::new();
    row.insert("id", Value::RecordId(key("event", event_key(&entry.entity, entry.first))));
    row.insert("seq", int(entry.seq));
    row.insert("entry", to_text(entry));
    Value::Object(row)
}

/// A journal row as it was written. What it says must be what its key says.
pub(super) fn entry(mut row: Object) -> Result<JournalEntry, StoreError> {
    let parts = array_key(take(&mut row, "id")?)?;
    let seq = take_u64(&mut row, "seq")?;
    let text = take_text(&mut row, "entry")?;
    let entry: JournalEntry =
        serde_json::from_str(&text).map_err(|error| damaged(&format!("journal entry {seq}: {error}")))?;
    if entry.seq != seq || parts != event_key(&entry.entity, entry.first) {
        return Err(damaged(&format!("journal entry {seq} stands under the key of another")));
    }
    Ok(entry)
}

fn marker(mut row: Object) -> Result<Marker, StoreError> {
    let parts = array_key(take(&mut row, "id")?)?;
    Ok(Marker {
        first: parts.get(1).and_then(as_u64).ok_or_else(|| damaged("a batch has an odd key"))?,
        last: take_u64(&mut row, "last")?,
        processed: take_u64(&mut row, "processed")?,
        hash: take_text(&mut row, "hash")?,
        refs: {
            let refs: Vec<(String, String, u64)> = serde_json::from_str(&take_text(&mut row, "refs")?)
                .map_err(|error| damaged(&format!("what a batch names: {error}")))?;
            refs.into_iter().map(|(kind, id, first)| vec![Value::String(kind), Value::String(id), int(first)]).collect()
        },
    })
}
