//! Rows of open work: `connection`, `effect`, `inbox`, `inbox_open`, `dead`, and the positions of their readers.
//!
//! Rows are `table:[owner, id]` with the body as text. One write is one transaction with the fence; a conflict with
//! another writer is tried again, everything else is the caller's to repeat.

use std::{collections::BTreeMap, ops::Bound, sync::Arc};

use surrealdb::types::{Array, Object, RecordId, RecordIdKey, Value};

use super::{
    ATTEMPTS, Failure, Inner, begin, is_conflict,
    value::{after_prefix, array_key, as_u64, damaged, int, items, key, range, rows, take, take_json, text, to_text},
};
use crate::{StoreError, WorkKey, WorkRow, WorkTable, WorkWrite};

/// Table of positions; beside `cursor`, which a rebuild empties.
pub(super) const POSITION: &str = "position";

impl Inner {
    pub(super) async fn work(self: &Arc<Self>, write: WorkWrite) -> Result<(), StoreError> {
        if self.own_epoch().is_none() {
            return Err(StoreError::Unavailable("the store was not started".into()));
        }
        for attempt in 1.. {
            let (statement, variables) = transaction(&write);
            let done = if write.awaited {
                self.run(statement, variables, self.options.read_timeout).await
            } else {
                self.run_apart(statement, variables).await
            };
            match done {
                Ok(_) => return Ok(()),
                Err(Failure::Answered(error)) if is_conflict(&error) && attempt < ATTEMPTS => {
                    metrics::counter!("munshi_store_conflicts_total").increment(1);
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(())
    }

    pub(super) async fn work_rows(
        &self,
        table: WorkTable,
        owner: Option<String>,
        after: Option<WorkKey>,
        limit: usize,
    ) -> Result<Vec<WorkRow>, StoreError> {
        let start = match (&after, &owner) {
            (Some(after), _) => Bound::Excluded(vec![text(&after.owner), text(&after.id)]),
            (None, Some(owner)) => Bound::Included(vec![text(owner)]),
            (None, None) => Bound::Included(vec![text("")]),
        };
        let end = match &owner {
            Some(owner) => after_prefix(vec![text(owner)]),
            None => after_prefix(Vec::new()),
        };
        let mut variables = Object::new();
        variables.insert("range", range(table.name(), start, Bound::Excluded(end)));
        variables.insert("limit", int(limit as u64));
        let found = rows(self.read("SELECT id, body FROM $range LIMIT $limit;", variables).await?)?;
        found.into_iter().map(|row| work_row(table, row)).collect()
    }

    pub(super) async fn work_row(&self, wanted: WorkKey) -> Result<Option<WorkRow>, StoreError> {
        let mut variables = Object::new();
        variables.insert("id", Value::RecordId(record(&wanted)));
        let found = rows(self.read("SELECT id, body FROM $id;", variables).await?)?;
        found.into_iter().next().map(|row| work_row(wanted.table, row)).transpose()
    }

    pub(super) async fn position(&self, consumer: String) -> Result<Option<u64>, StoreError> {
        let mut variables = Object::new();
        variables.insert("id", Value::RecordId(position_id(&consumer)));
        let found = self.read("SELECT VALUE seq FROM $id;", variables).await?;
        Ok(items(found)?.first().and_then(as_u64))
    }
}

fn position_id(consumer: &str) -> RecordId {
    RecordId::new(POSITION, RecordIdKey::String(consumer.to_owned()))
}

fn record(of: &WorkKey) -> RecordId {
    key(of.table.name(), vec![text(&of.owner), text(&of.id)])
}

fn row(of: &WorkRow) -> Value {
    let mut fields = Object::new();
    fields.insert("id", Value::RecordId(record(&of.key)));
    fields.insert("body", to_text(&of.body));
    Value::Object(fields)
}

fn work_row(table: WorkTable, mut row: Object) -> Result<WorkRow, StoreError> {
    let mut parts = array_key(take(&mut row, "id")?)?.into_iter();
    match (parts.next(), parts.next()) {
        (Some(Value::String(owner)), Some(Value::String(id))) => {
            Ok(WorkRow { key: WorkKey::new(table, owner, id), body: take_json(&mut row, "body")? })
        }
        _ => Err(damaged("a row of open work has an odd key")),
    }
}

fn by_table(rows: &[WorkRow]) -> BTreeMap<&'static str, Vec<Value>> {
    let mut tables: BTreeMap<&'static str, Vec<Value>> = BTreeMap::new();
    for one in rows {
        tables.entry(one.key.table.name()).or_default().push(row(one));
    }
    tables
}

/// The transaction: fence, deletes, replaced rows, new rows, positions.
fn transaction(write: &WorkWrite) -> (String, Object) {
    let (mut statement, mut variables) = begin(Some(write.epoch));
    let gone = write.delete.iter().chain(write.put.iter().map(|row| &row.key));
    let gone: Vec<Value> = gone.map(|key| Value::RecordId(record(key))).collect();
    if !gone.is_empty() {
        statement.push_str("DELETE $gone RETURN NONE;");
        variables.insert("gone", Value::Array(Array::from(gone)));
    }
    for (table, rows) in by_table(&write.put) {
        statement.push_str(&format!("INSERT INTO {table} $put_{table} RETURN NONE;"));
        variables.insert(format!("put_{table}"), Value::Array(Array::from(rows)));
    }
    for (table, rows) in by_table(&write.insert) {
        statement.push_str(&format!("INSERT IGNORE INTO {table} $new_{table} RETURN NONE;"));
        variables.insert(format!("new_{table}"), Value::Array(Array::from(rows)));
    }
    for (at, (consumer, seq)) in write.positions.iter().enumerate() {
        statement.push_str(&format!(
            "INSERT IGNORE INTO {POSITION} {{ id: $p{at}, seq: 0 }} RETURN NONE; \
             UPDATE $p{at} SET seq = $s{at} WHERE seq < $s{at} RETURN NONE;"
        ));
        variables.insert(format!("p{at}"), Value::RecordId(position_id(consumer)));
        variables.insert(format!("s{at}"), int(*seq));
    }
    statement.push_str("COMMIT;");
    (statement, variables)
}
