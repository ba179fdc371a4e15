//! Brings a journal of the layout before schema version 6 into today's.
//!
//! Then a batch was a row `batch:[node, seq]` that named rows `event:[kind, id, version]`, one an entry. Batches are
//! rewritten in order, each with its old rows taken away in the same transaction, so that what was cut short is gone on
//! with. Entries and their hashes stay as they are.

use std::{ops::Bound, sync::Arc};

use surrealdb::types::{Array, Object, Value};

use super::{
    Inner,
    journal::{NODE, rows_of},
    value::{as_u64, damaged, int, items, key, range, rows, take, take_text, take_u64, text},
};
use crate::{Batch, JournalEntry, StoreError};

/// The layout this module brings a journal into.
const LAYOUT: u64 = 6;
/// Entries rewritten in one transaction, about.
const ENTRIES: u64 = 1_000;
/// Rows read or taken away in one statement.
const ROWS: usize = 1_000;

impl Inner {
    /// Rewrites what there is of the old layout, once.
    pub(super) async fn rewrite(self: &Arc<Self>) -> Result<(), StoreError> {
        let layout = self.read("SELECT VALUE layout FROM meta:fence;", Object::new()).await?;
        if items(layout)?.first().and_then(as_u64) == Some(LAYOUT) {
            return Ok(());
        }
        let end = self.read("SELECT VALUE last FROM batch ORDER BY id DESC LIMIT 1;", Object::new()).await?;
        let end = items(end)?.first().and_then(as_u64).unwrap_or(0);
        let from = self.end().await?.map_or(0, |end| end.last);
        let mut next = from + 1;
        while next <= end {
            next = self.rewrite_from(next).await?;
        }
        if end > from {
            tracing::info!(journal.entries = end - from, "journal rewritten in the layout of this version");
        }
        let done = format!("UPDATE meta:fence SET layout = {LAYOUT} RETURN NONE;");
        self.read(done, Object::new()).await.map(drop)
    }

    /// Rewrites the next batches; answers where to go on.
    async fn rewrite_from(&self, mut next: u64) -> Result<u64, StoreError> {
        let bound = |seq| vec![text(NODE), int(seq)];
        let (from, until) = (Bound::Included(bound(next)), Bound::Excluded(bound(next + ENTRIES)));
        let mut variables = Object::new();
        variables.insert("range", range("batch", from, until));
        let mut fresh = Vec::new();
        let mut old = Vec::new();
        for marker in rows(self.read("SELECT * FROM $range;", variables).await?)? {
            let (batch, ids) = self.old_batch(marker).await?;
            if batch.first_seq() != next {
                return Err(damaged(&format!("the batch with journal entry {next} is missing")));
            }
            next = batch.last_seq() + 1;
            fresh.extend(rows_of(&batch).0);
            old.extend(ids);
            if old.len() as u64 > ENTRIES {
                break;
            }
        }
        if fresh.is_empty() {
            return Err(damaged(&format!("the batch with journal entry {next} is missing")));
        }
        let mut statement = String::from("BEGIN; INSERT INTO journal $rows RETURN NONE;");
        let mut variables = Object::new();
        variables.insert("rows", Value::Array(Array::from(fresh)));
        for (at, ids) in old.chunks(ROWS).enumerate() {
            statement.push_str(&format!("DELETE $old{at} RETURN NONE;"));
            variables.insert(format!("old{at}"), Value::Array(Array::from(ids.to_vec())));
        }
        statement.push_str("COMMIT;");
        self.run(statement, variables, self.options.read_timeout).await?;
        Ok(next)
    }

    /// A batch as it was written, and the ids of its rows.
    async fn old_batch(&self, mut marker: Object) -> Result<(Batch, Vec<Value>), StoreError> {
        let refs: Vec<(String, String, u64)> = serde_json::from_str(&take_text(&mut marker, "refs")?)
            .map_err(|error| damaged(&format!("what a batch names: {error}")))?;
        let event = |(kind, id, first): (String, String, u64)| {
            let parts = vec![Value::String(kind), Value::String(id), int(first)];
            Value::RecordId(key("event", parts))
        };
        let mut ids: Vec<Value> = refs.into_iter().map(event).collect();
        let mut entries: Vec<JournalEntry> = Vec::with_capacity(ids.len());
        for ids in ids.chunks(ROWS) {
            let mut variables = Object::new();
            variables.insert("ids", Value::Array(Array::from(ids.to_vec())));
            for mut row in rows(self.read("SELECT entry FROM $ids;", variables).await?)? {
                let entry = serde_json::from_str(&take_text(&mut row, "entry")?);
                entries.push(entry.map_err(|error| damaged(&format!("a journal entry: {error}")))?);
            }
        }
        entries.sort_unstable_by_key(|entry| entry.seq);
        let last = take_u64(&mut marker, "last")?;
        if entries.len() != ids.len() || entries.last().is_none_or(|entry| entry.seq != last) {
            return Err(damaged(&format!("journal entries up to {last} are missing")));
        }
        let (epoch, processed) = (take_u64(&mut marker, "epoch")?, take_u64(&mut marker, "processed")?);
        ids.push(take(&mut marker, "id")?);
        Ok((Batch::new(epoch, entries, processed), ids))
    }
}
