//! Documents, read-model rows, timers and cursors: what the projector writes behind the journal.
//!
//! Main parts live in `<kind>_doc` under the entity's id, other parts in `<kind>_part` under `[id, part]`.
//! A document is written in one transaction and read in one statement, so nobody sees half of it. Writing the
//! same projection again is harmless: rows that turn out to exist are replaced.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Arc, atomic::Ordering},
};

use munshi_domain::{EntityId, Kind, Part, PartJson, Timestamp};
use surrealdb::types::{Array, Object, RecordId, RecordIdKey, Value};

use super::{
    ATTEMPTS, DOCUMENTS, Failure, Inner, UNKNOWN, begin, index, is_conflict,
    list::row_key,
    schema::{doc_table, part_table},
    value::{after_prefix, array_key, damaged, int, items, key, range, rows, take, take_text, take_u64, text, to_db},
};
use crate::{Document, DocumentWrite, Projection, RowWrite, StoreError, Stored, query::ROW_TABLES, words::words};

/// Part rows remembered as existing; beyond it the memory is cleared and learnt again.
const REMEMBERED: usize = 200_000;

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// New rows are inserted, known ones updated.
    Fast,
    /// Every row is deleted and inserted; right whatever is there.
    Replace,
}

/// The statements of one transaction, by table.
#[derive(Default)]
struct Changes {
    deletes: Vec<Value>,
    inserts: BTreeMap<String, Vec<Value>>,
    updates: Vec<Value>,
    timers: Vec<Value>,
    /// Rows that exist once this is committed, and rows that do not.
    learnt: Vec<(String, bool)>,
}

impl Inner {
    /// Statements are built where the caller is and run on the store's runtime, so that nothing is copied.
    pub(super) async fn project(self: &Arc<Self>, projection: &Projection) -> Result<(), StoreError> {
        if let Some(row) = projection.rows.iter().find(|row| !ROW_TABLES.contains(&row.table)) {
            return Err(StoreError::Query(format!("there is no table {}", row.table)));
        }
        self.ensure_cursor(&projection.consumer).await?;
        let size = self.engine.chunk();
        let mut steps: Vec<(&[DocumentWrite], &[RowWrite])> = Vec::new();
        steps.extend(projection.documents.chunks(size).map(|documents| (documents, &[][..])));
        steps.extend(projection.rows.chunks(size).map(|rows| (&[][..], rows)));
        // Small projections, the usual ones, are one transaction.
        if projection.documents.len() + projection.rows.len() <= size {
            steps = vec![(&projection.documents, &projection.rows)];
        }
        let last = steps.len() - 1;
        let write = async {
            for (at, (documents, rows)) in steps.into_iter().enumerate() {
                let cursor = (at == last).then_some((&*projection.consumer, projection.seq));
                self.write(documents, rows, cursor).await?;
            }
            Ok(())
        };
        // Beside them: histories have a cursor of their own.
        let told = async {
            match (&*projection.consumer == DOCUMENTS, projection.seq) {
                (false, _) => Ok(()),
                (true, 0) => self.index_if_free().await,
                (true, seq) => self.index_until(seq).await,
            }
        };
        futures_util::future::try_join(write, told).await?;
        if &*projection.consumer == DOCUMENTS && self.projected.load(Ordering::Acquire) != UNKNOWN {
            self.projected.fetch_max(projection.seq, Ordering::AcqRel);
        }
        Ok(())
    }

    /// One transaction, first the fast way, then the thorough one.
    async fn write(
        self: &Arc<Self>,
        documents: &[DocumentWrite],
        rows: &[RowWrite],
        cursor: Option<(&str, u64)>,
    ) -> Result<(), StoreError> {
        let mut mode = Mode::Fast;
        for attempt in 1.. {
            let mut changes = self.changes(documents, rows, mode);
            let learnt = std::mem::take(&mut changes.learnt);
            let (statement, variables) = self.transaction(changes, cursor);
            match self.run_apart(statement, variables).await {
                Ok(_) => {
                    self.learn(learnt);
                    return Ok(());
                }
                Err(failure) => {
                    self.forget();
                    match failure {
                        Failure::Answered(error) if error.is_already_exists() && mode == Mode::Fast => {
                            mode = Mode::Replace;
                        }
                        Failure::Answered(error) if is_conflict(&error) && attempt < ATTEMPTS => {
                            metrics::counter!("munshi_store_conflicts_total").increment(1);
                        }
                        failure => return Err(failure.into()),
                    }
                }
            }
        }
        Ok(())
    }

    fn changes(&self, documents: &[DocumentWrite], rows: &[RowWrite], mode: Mode) -> Changes {
        let mut changes = Changes::default();
        for write in documents {
            self.document_changes(&mut changes, write, mode);
        }
        for row in rows {
            row_changes(&mut changes, row, mode);
        }
        changes
    }

    fn document_changes(&self, changes: &mut Changes, write: &DocumentWrite, mode: Mode) {
        let entity = &write.entity;
        for (part, body) in &write.parts {
            let main = *part == Part::main();
            let id = if main { main_id(entity) } else { part_id(entity, part) };
            let name = format!("{}/{}/{}", entity.kind.name(), entity.id, part.0);
            let Some(body) = body else {
                changes.deletes.push(Value::RecordId(id));
                changes.learnt.push((name, false));
                continue;
            };
            let mut row = Object::new();
            row.insert("id", Value::RecordId(id.clone()));
            if main {
                row.insert("v", int(write.version));
                row.insert("seq", int(write.seq));
                if write.view.is_object() {
                    row.insert("view", to_db(&write.view));
                }
                if let Some(due) = write.due {
                    row.insert("due", Value::String(due.to_string()));
                }
            } else {
                let changed = write.changed.iter().find(|(changed, _)| changed == part);
                row.insert("seq", int(changed.map_or(write.seq, |(_, seq)| *seq)));
            }
            row.insert("body", text(body.as_str()));
            let exists = if main { !write.new || self.knows(&name) } else { self.knows(&name) };
            let table = if main { doc_table(entity.kind) } else { part_table(entity.kind) };
            match mode {
                Mode::Fast if exists => changes.updates.push(Value::Object(row)),
                Mode::Fast if main => changes.inserts.entry(table).or_default().push(Value::Object(row)),
                _ => {
                    changes.deletes.push(Value::RecordId(id));
                    changes.inserts.entry(table).or_default().push(Value::Object(row));
                }
            }
            if !main {
                changes.learnt.push((name, true));
            }
        }
        if let Some(due) = write.due {
            let mut row = Object::new();
            row.insert("id", Value::RecordId(timer_id(due, entity)));
            changes.timers.push(Value::Object(row));
        }
    }

    /// The transaction: fence, deletes before inserts of the same rows, updates, timers, cursor.
    fn transaction(&self, changes: Changes, cursor: Option<(&str, u64)>) -> (String, Object) {
        let (mut statement, mut variables) = begin(self.own_epoch());
        if !changes.deletes.is_empty() {
            statement.push_str("DELETE $deletes RETURN NONE;");
            variables.insert("deletes", Value::Array(Array::from(changes.deletes)));
        }
        for (at, (table, rows)) in changes.inserts.into_iter().enumerate() {
            statement.push_str(&format!("INSERT INTO {table} $i{at} RETURN NONE;"));
            variables.insert(format!("i{at}"), Value::Array(Array::from(rows)));
        }
        if !changes.updates.is_empty() {
            statement.push_str("FOR $row IN $updates { UPDATE $row.id CONTENT $row RETURN NONE; };");
            variables.insert("updates", Value::Array(Array::from(changes.updates)));
        }
        if !changes.timers.is_empty() {
            statement.push_str("INSERT IGNORE INTO timer $timers RETURN NONE;");
            variables.insert("timers", Value::Array(Array::from(changes.timers)));
        }
        if let Some((consumer, seq)) = cursor {
            statement.push_str("UPDATE $cursor SET seq = $seq WHERE seq < $seq RETURN NONE;");
            variables.insert("cursor", Value::RecordId(cursor_id(consumer)));
            variables.insert("seq", int(seq));
        }
        statement.push_str("COMMIT;");
        (statement, variables)
    }

    pub(super) async fn ensure_cursor(self: &Arc<Self>, consumer: &str) -> Result<(), StoreError> {
        let name = format!("cursor/{consumer}");
        if self.knows(&name) {
            return Ok(());
        }
        let mut row = Object::new();
        row.insert("id", Value::RecordId(cursor_id(consumer)));
        row.insert("seq", int(0));
        let mut variables = Object::new();
        variables.insert("row", Value::Object(row));
        self.write_apart("INSERT IGNORE INTO cursor $row RETURN NONE;", variables).await?;
        self.learn(vec![(name, true)]);
        Ok(())
    }

    fn knows(&self, name: &str) -> bool {
        self.known.lock().is_ok_and(|known| known.contains(name))
    }

    fn learn(&self, learnt: Vec<(String, bool)>) {
        let Ok(mut known) = self.known.lock() else { return };
        if known.len() > REMEMBERED {
            known.clear();
        }
        for (name, exists) in learnt {
            if exists {
                known.insert(name);
            } else {
                known.remove(&name);
            }
        }
    }

    /// After a failure nothing is taken for granted.
    fn forget(&self) {
        if let Ok(mut known) = self.known.lock() {
            known.clear();
        }
    }

    pub(super) async fn document(&self, entity: &EntityId) -> Result<Option<Document>, StoreError> {
        let (main, parts) = document_ids(entity);
        let mut variables = Object::new();
        variables.insert("main", main);
        variables.insert("parts", parts);
        // One statement, so that main part and parts are of the same moment.
        let statement = "RETURN [(SELECT v, seq, body FROM $main), (SELECT id, body FROM $parts)];";
        let mut found = items(self.read(statement, variables).await?)?.into_iter();
        document(found.next().unwrap_or_default(), found.next().unwrap_or_default())
    }

    pub(super) async fn part_changes(&self, entity: &EntityId) -> Result<Vec<(Part, u64)>, StoreError> {
        let mut variables = Object::new();
        variables.insert("parts", document_ids(entity).1);
        let found = rows(self.read("SELECT id, seq FROM $parts WHERE seq != NONE;", variables).await?)?;
        let change = |mut row: Object| {
            let key = array_key(take(&mut row, "id")?)?;
            match key.get(1) {
                Some(Value::String(part)) => Ok((Part::named(part.as_str()), take_u64(&mut row, "seq")?)),
                _ => Err(damaged("a part has an odd key")),
            }
        };
        found.into_iter().map(change).collect()
    }

    pub(super) async fn stored(&self, entity: &EntityId, limit: usize) -> Result<Stored, StoreError> {
        let (main, parts) = document_ids(entity);
        let mut variables = Object::new();
        variables.insert("main", main);
        variables.insert("parts", parts);
        variables.insert("kind", text(entity.kind.name()));
        variables.insert("entity", text(&entity.id));
        // A document's version is the last of an entry, so the next entry begins right behind it.
        let statement = "{ LET $found = (SELECT v, seq, body FROM $main);
            [$found, (SELECT id, body FROM $parts),
             (SELECT id, run FROM history:[$kind, $entity, ($found[0].v ?? 0) + 1]..[$kind, $entity, {}])] };";
        // Looked at first: what moves from here to the rows meanwhile is then in both and not in neither.
        let mut run = self.index.run(entity, 0);
        let mut found = items(self.read(statement, variables).await?)?.into_iter();
        let document = document(found.next().unwrap_or_default(), found.next().unwrap_or_default())?;
        for row in rows(found.next().unwrap_or_default())? {
            run.extend(index::told(row)?.1);
        }
        let version = document.as_ref().map_or(0, |document| document.version);
        let tail = self.entries_of(entity, run, version, limit).await?;
        Ok(Stored { document, tail })
    }

    pub(super) async fn timers(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Timestamp, EntityId)>, StoreError> {
        let mut variables = Object::new();
        variables.insert("limit", int(limit as u64));
        // The earliest of the table, whose ids begin with the time: of a range the engine would read everything that
        // is due before it counts to the limit.
        let found = items(self.read("SELECT VALUE id FROM timer LIMIT $limit;", variables).await?)?;
        let mut timers = found.into_iter().map(timer).collect::<Result<Vec<_>, _>>()?;
        timers.retain(|(due, _)| *due <= until);
        Ok(timers)
    }

    pub(super) async fn clear_timers(&self, timers: &[(Timestamp, EntityId)]) -> Result<(), StoreError> {
        for timers in timers.chunks(self.engine.chunk()) {
            let ids: Vec<_> = timers.iter().map(|(due, entity)| Value::RecordId(timer_id(*due, entity))).collect();
            let mut variables = Object::new();
            variables.insert("ids", Value::Array(Array::from(ids)));
            self.run("DELETE $ids RETURN NONE;", variables, self.options.read_timeout).await?;
        }
        Ok(())
    }
}

fn row_changes(changes: &mut Changes, row: &RowWrite, mode: Mode) {
    let id = key(row.table, row_key(row.table, &row.key));
    let Some(body) = &row.body else {
        changes.deletes.push(Value::RecordId(id));
        return;
    };
    let search = row.table == "search";
    // Search rows are rewritten again and again, the others are written once.
    if search || mode == Mode::Replace {
        changes.deletes.push(Value::RecordId(id.clone()));
    }
    let mut fields = Object::new();
    fields.insert("id", Value::RecordId(id));
    fields.insert("body", to_db(body));
    if search {
        let text = body.get("text").and_then(serde_json::Value::as_str).unwrap_or_default();
        fields.insert("words", Value::String(words(text).join(" ")));
    }
    changes.inserts.entry(row.table.to_owned()).or_default().push(Value::Object(fields));
}

/// Record id of the main part, and the range of the others.
fn document_ids(entity: &EntityId) -> (Value, Value) {
    let prefix = vec![text(&entity.id)];
    let parts = range(&part_table(entity.kind), Bound::Included(prefix.clone()), Bound::Excluded(after_prefix(prefix)));
    (Value::RecordId(main_id(entity)), parts)
}

fn document(main: Value, others: Value) -> Result<Option<Document>, StoreError> {
    let Some(mut main) = rows(main)?.into_iter().next() else { return Ok(None) };
    let (version, seq) = (take_u64(&mut main, "v")?, take_u64(&mut main, "seq")?);
    let mut parts = vec![(Part::main(), PartJson::stored(take_text(&mut main, "body")?))];
    for mut row in rows(others)? {
        let key = array_key(take(&mut row, "id")?)?;
        let Some(Value::String(part)) = key.get(1) else { return Err(damaged("a part has an odd key")) };
        parts.push((Part::named(part.as_str()), PartJson::stored(take_text(&mut row, "body")?)));
    }
    Ok(Some(Document { version, seq, parts }))
}

/// Record id of an entity's main part.
pub(super) fn main_id(entity: &EntityId) -> RecordId {
    RecordId::new(doc_table(entity.kind), RecordIdKey::String(entity.id.to_string()))
}

fn part_id(entity: &EntityId, part: &Part) -> RecordId {
    key(&part_table(entity.kind), vec![text(&entity.id), text(&part.0)])
}

fn cursor_id(consumer: &str) -> RecordId {
    RecordId::new("cursor", RecordIdKey::String(consumer.to_owned()))
}

fn millis(at: Timestamp) -> Value {
    Value::Number(surrealdb::types::Number::Int(at.as_millis()))
}

fn timer_id(due: Timestamp, entity: &EntityId) -> RecordId {
    key("timer", vec![millis(due), text(entity.kind.name()), text(&entity.id)])
}

fn timer(id: Value) -> Result<(Timestamp, EntityId), StoreError> {
    let parts = array_key(id)?;
    let [Value::Number(surrealdb::types::Number::Int(due)), Value::String(kind), Value::String(id)] = &parts[..] else {
        return Err(damaged("a timer has an odd key"));
    };
    let kind = Kind::parse(kind).ok_or_else(|| damaged(&format!("a timer is for the unknown kind {kind}")))?;
    Ok((Timestamp::from_millis(*due), EntityId::new(kind, id.as_str())))
}
