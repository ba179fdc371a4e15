//! The journal: batches in, entries out.
//!
//! A batch is one transaction: fence check and rows of up to [`ROW_ENTRIES`] entries each, as lines of JSON. The key of
//! a row, `journal:[node, seq]`, is the number of its first entry, so that the journal is read in order and a batch is
//! known by its first row. A row for many entries, because a row costs as much as a dozen entries do (docs/adr/0016).

use std::{ops::Bound, sync::atomic::Ordering};

use surrealdb::types::{Array, Object, Value};

use super::{
    Failure, Inner, UNKNOWN, begin,
    index::Place,
    is_conflict, is_fence,
    open::Engine,
    value::{array_key, as_u64, damaged, int, items, key, range, rows, take, take_text, take_u64, text},
};
use crate::{Batch, CommitError, JournalEntry, StoreError, chain};

/// The one node there is; the seam for cells (runtime.md §7).
pub(super) const NODE: &str = "n1";

/// Most entries of a row: whoever wants one entry reads them all.
const ROW_ENTRIES: usize = 32;
/// Bytes after which a row takes no more entries.
const ROW_BYTES: usize = 64 << 10;

/// Entries read at once when the journal is paged, about.
const PAGE: u64 = 1_000;

/// A batch ready to be sent.
pub(super) struct Prepared {
    statement: String,
    variables: Object,
    first: u64,
    last: u64,
    places: Vec<Place>,
}

/// What the newest row says.
pub(super) struct End {
    /// Sequence number of its last entry.
    pub(super) last: u64,
    /// The lane's `processed` at that time.
    pub(super) processed: u64,
    /// Hash of the last entry.
    pub(super) hash: String,
}

/// A row of the journal.
pub(super) struct Row {
    /// Sequence number of its first entry.
    pub(super) first: u64,
    last: u64,
    lines: String,
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
        self.index.check(&batch.entries)?;
        // The fence is read by every batch. On a server it is also written, so that a batch and a take-over that
        // overlap conflict instead of passing each other; an embedded directory has one process anyway.
        let (mut statement, mut variables) = begin(Some(batch.epoch));
        if matches!(self.engine, Engine::Remote { .. }) {
            statement.push_str("UPDATE meta:fence SET head = $last RETURN NONE;");
            variables.insert("last", int(last));
        }
        statement.push_str("INSERT INTO journal $rows RETURN NONE; COMMIT;");
        let (rows, places) = rows_of(batch);
        variables.insert("rows", Value::Array(Array::from(rows)));
        Ok(Prepared { statement, variables, first, last, places })
    }

    /// Sends a batch once and says what became of it.
    pub(super) async fn commit(&self, batch: Prepared) -> Result<(), CommitError> {
        let Prepared { statement, variables, first, last, places } = batch;
        let outcome = match self.run(statement, variables, self.options.commit_timeout).await {
            Ok(_) => Ok(()),
            Err(Failure::Unanswered(reason)) => Err(CommitError::Unknown(reason)),
            Err(Failure::Answered(error)) => Err(commit_error(&error)),
        };
        match &outcome {
            Ok(()) => {
                self.index.committed(places);
                self.head.store(last, Ordering::Release);
            }
            Err(CommitError::Unknown(_)) => {
                self.index.in_doubt(places);
                self.head.store(UNKNOWN, Ordering::Release);
            }
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
        variables.insert("id", Value::RecordId(row_id(first_seq)));
        let found = self.read("SELECT VALUE epoch FROM $id;", variables).await?;
        let exists = items(found)?.first().and_then(as_u64) == Some(epoch);
        self.index.settled(first_seq, exists);
        Ok(exists)
    }

    /// The end of the journal. A table scan from the end: a range can only be read from its beginning.
    pub(super) async fn end(&self) -> Result<Option<End>, StoreError> {
        let statement = "SELECT last, processed, hash FROM journal ORDER BY id DESC LIMIT 1;";
        let Some(mut row) = rows(self.read(statement, Object::new()).await?)?.into_iter().next() else {
            return Ok(None);
        };
        Ok(Some(End {
            last: take_u64(&mut row, "last")?,
            processed: take_u64(&mut row, "processed")?,
            hash: take_text(&mut row, "hash")?,
        }))
    }

    /// The row that holds `from`, which may begin before it, and those after it that begin before `until`.
    pub(super) async fn rows_with(&self, from: u64, until: u64) -> Result<Vec<Row>, StoreError> {
        let mut found = self.rows_between(from.saturating_sub(ROW_ENTRIES as u64 - 1), until).await?;
        found.retain(|row| row.last >= from);
        Ok(found)
    }

    /// The rows that begin in `from..until`, in order.
    async fn rows_between(&self, from: u64, until: u64) -> Result<Vec<Row>, StoreError> {
        let bound = |seq| vec![text(NODE), int(seq)];
        let mut variables = Object::new();
        variables.insert("range", range("journal", Bound::Included(bound(from)), Bound::Excluded(bound(until))));
        rows(self.read("SELECT id, last, lines FROM $range;", variables).await?)?.into_iter().map(row).collect()
    }

    /// The rows that begin with these numbers.
    pub(super) async fn rows_at(&self, firsts: impl IntoIterator<Item = u64>) -> Result<Vec<Row>, StoreError> {
        let ids: Vec<_> = firsts.into_iter().map(|first| Value::RecordId(row_id(first))).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut variables = Object::new();
        variables.insert("ids", Value::Array(Array::from(ids)));
        rows(self.read("SELECT id, last, lines FROM $ids;", variables).await?)?.into_iter().map(row).collect()
    }

    pub(super) async fn journal(&self, after_seq: u64, limit: usize) -> Result<Vec<JournalEntry>, StoreError> {
        let limit = limit.max(1);
        let mut entries: Vec<JournalEntry> = Vec::new();
        let mut next = after_seq + 1;
        while entries.len() < limit {
            // Every row has an entry, so this many rows are enough; usually far fewer begin here.
            let wanted = (limit - entries.len()) as u64;
            let until = next.saturating_add(wanted.min(PAGE));
            let mut found = self.rows_with(next, until).await?;
            if found.is_empty() {
                if self.end().await?.is_none_or(|end| end.last < next) {
                    break;
                }
                // It may have been committed between the two questions.
                found = self.rows_with(next, until).await?;
            }
            let before = next;
            for row in found {
                if row.first > next || (row.first < next && !entries.is_empty()) {
                    return Err(damaged(&format!("journal entry {next} is missing")));
                }
                let (skipped, last) = ((next - row.first) as usize, row.last);
                entries.extend(row.entries()?.into_iter().skip(skipped));
                next = last + 1;
                if entries.len() >= limit {
                    break;
                }
            }
            if next == before {
                return Err(damaged(&format!("journal entry {next} is missing")));
            }
        }
        Ok(entries)
    }
}

impl Row {
    /// All entries, checked to be those that the row should have.
    pub(super) fn entries(&self) -> Result<Vec<JournalEntry>, StoreError> {
        let entries = (self.first..).zip(self.lines.lines()).map(|(seq, line)| entry(seq, line));
        let entries: Vec<_> = entries.collect::<Result<_, _>>()?;
        if entries.len() as u64 != self.last + 1 - self.first {
            return Err(damaged(&format!("journal entries between {} and {} are missing", self.first, self.last)));
        }
        Ok(entries)
    }

    /// The entry `seq`.
    pub(super) fn entry(&self, seq: u64) -> Result<JournalEntry, StoreError> {
        let missing = || damaged(&format!("journal entry {seq} is missing"));
        let at = usize::try_from(seq.checked_sub(self.first).ok_or_else(missing)?).map_err(|_| missing())?;
        entry(seq, self.lines.lines().nth(at).ok_or_else(missing)?)
    }

    /// Where its entries are.
    pub(super) fn places(&self) -> Result<Vec<Place>, StoreError> {
        Ok(self.entries()?.iter().map(|entry| Place::of(entry, self.first)).collect())
    }
}

fn entry(seq: u64, line: &str) -> Result<JournalEntry, StoreError> {
    let entry: JournalEntry =
        serde_json::from_str(line).map_err(|error| damaged(&format!("journal entry {seq}: {error}")))?;
    if entry.seq != seq {
        return Err(damaged(&format!("journal entry {seq} stands in the place of {}", entry.seq)));
    }
    Ok(entry)
}

fn row_id(first: u64) -> surrealdb::types::RecordId {
    key("journal", vec![text(NODE), int(first)])
}

/// The rows of a batch, and where each of its entries is.
pub(super) fn rows_of(batch: &Batch) -> (Vec<Value>, Vec<Place>) {
    let mut rows = Vec::with_capacity(batch.entries.len() / ROW_ENTRIES + 1);
    let mut places = Vec::with_capacity(batch.entries.len());
    let mut rest = &batch.entries[..];
    while let Some(first) = rest.first() {
        let mut lines = String::with_capacity(1024 * rest.len().min(ROW_ENTRIES));
        let mut taken = 0;
        while taken < rest.len().min(ROW_ENTRIES) && lines.len() < ROW_BYTES {
            if taken > 0 {
                lines.push('\n');
            }
            // JSON has no line ends outside of strings, and inside it escapes them.
            match batch.lines.get(places.len()) {
                Some(line) => lines.push_str(line),
                None => lines.push_str(&chain::line(&rest[taken])),
            }
            places.push(Place::of(&rest[taken], first.seq));
            taken += 1;
        }
        let last = &rest[taken - 1];
        let mut row = Object::new();
        row.insert("id", Value::RecordId(row_id(first.seq)));
        row.insert("epoch", int(batch.epoch));
        row.insert("last", int(last.seq));
        row.insert("processed", int(batch.processed));
        row.insert("hash", text(&last.hash));
        row.insert("lines", Value::String(lines));
        rows.push(Value::Object(row));
        rest = &rest[taken..];
    }
    (rows, places)
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

fn row(mut row: Object) -> Result<Row, StoreError> {
    let parts = array_key(take(&mut row, "id")?)?;
    Ok(Row {
        first: parts.get(1).and_then(as_u64).ok_or_else(|| damaged("a row of the journal has an odd key"))?,
        last: take_u64(&mut row, "last")?,
        lines: take_text(&mut row, "lines")?,
    })
}
