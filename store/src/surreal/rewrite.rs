//! Brings a journal of the layout before schema version 6 into today's.
//!
//! Then a batch was a row `batch:[node, seq]` that named rows `event:[kind, id, version]`, one an entry. Batches are
//! rewritten in order, each with its old rows taken away in the same transaction, so that what was cut short is gone on
//! with. Entries and their hashes stay as they are.

use std::sync::Arc;

use surrealdb::types::{Array, Object, Value};

use super::{
    Inner,
    journal::rows_of,
    value::{damaged, key, rows, take, take_text, take_u64},
};
use crate::{Batch, JournalEntry, StoreError};

/// Batches rewritten in one transaction.
const BATCHES: usize = 16;
/// Rows read or taken away in one statement.
const ROWS: usize = 1_000;

impl Inner {
    /// Rewrites what there is of the old layout; usually nothing.
    pub(super) async fn rewrite(self: &Arc<Self>) -> Result<(), StoreError> {
        let mut entries = 0;
        loop {
            let markers = rows(self.read(format!("SELECT * FROM batch LIMIT {BATCHES};"), Object::new()).await?)?;
            if markers.is_empty() {
                break;
            }
            let mut fresh = Vec::new();
            let mut old = Vec::new();
            for marker in markers {
                let (batch, ids) = self.old_batch(marker).await?;
                entries += batch.entries.len();
                fresh.extend(rows_of(&batch).0);
                old.extend(ids);
            }
            let mut statement = String::from("BEGIN; INSERT IGNORE INTO journal $rows RETURN NONE;");
            let mut variables = Object::new();
            variables.insert("rows", Value::Array(Array::from(fresh)));
            for (at, ids) in old.chunks(ROWS).enumerate() {
                statement.push_str(&format!("DELETE $old{at} RETURN NONE;"));
                variables.insert(format!("old{at}"), Value::Array(Array::from(ids.to_vec())));
            }
            statement.push_str("COMMIT;");
            self.run(statement, variables, self.options.read_timeout).await?;
        }
        if entries > 0 {
            tracing::info!(journal.entries = entries, "journal rewritten in the layout of this version");
        }
        Ok(())
    }

    /// A batch as it was written, and the ids of its rows.
    async fn old_batch(&self, mut marker: Object) -> Result<(Batch, Vec<Value>), StoreError> {
        let refs: Vec<(String, String, u64)> = serde_json::from_str(&take_text(&mut marker, "refs")?)
            .map_err(|error| damaged(&format!("what a batch names: {error}")))?;
        let event = |(kind, id, first): (String, String, u64)| {
            let parts = vec![Value::String(kind), Value::String(id), super::value::int(first)];
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
        Ok((Batch { epoch, entries, processed }, ids))
    }
}
