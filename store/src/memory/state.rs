//! What a memory store holds: the durable truth of one simulated disk.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use munshi_domain::{EntityId, Kind, Part, PartJson, Timestamp};
use serde_json::Value;

use crate::{
    Batch, CommitError, Document, DocumentWrite, Filter, JournalEntry, Op, Page, Query, Row, RowWrite, Start,
    StoreError, WorkKey, WorkRow, WorkTable, WorkWrite, chain,
    cursor::Position,
    order::{compare, compare_lists, compare_optional, rank},
    query::Source,
    words::{matches, words},
};

struct Marker {
    epoch: u64,
    last: u64,
    processed: u64,
}

#[derive(Default)]
struct Stored {
    version: u64,
    seq: u64,
    view: Value,
    main: Option<PartJson>,
    parts: BTreeMap<Arc<str>, PartJson>,
    changed: BTreeMap<Arc<str>, u64>,
}

struct StoredRow {
    body: Value,
    words: Vec<String>,
}

#[derive(Default)]
pub(super) struct State {
    epoch: u64,
    journal_id: Option<String>,
    journal: Vec<JournalEntry>,
    markers: BTreeMap<u64, Marker>,
    /// First version of each entry to its place in the journal.
    histories: HashMap<EntityId, BTreeMap<u64, usize>>,
    documents: BTreeMap<Kind, BTreeMap<Arc<str>, Stored>>,
    rows: BTreeMap<&'static str, BTreeMap<Key, StoredRow>>,
    timers: BTreeSet<(i64, &'static str, Arc<str>)>,
    cursors: HashMap<Arc<str>, u64>,
    work: BTreeMap<WorkKey, Value>,
    positions: HashMap<Arc<str>, u64>,
}

impl State {
    pub(super) fn start(&mut self, _holder: &str) -> Start {
        self.epoch += 1;
        let last = self.journal.last();
        Start {
            epoch: self.epoch,
            journal: self.journal_id.get_or_insert_with(crate::fresh_journal_id).clone(),
            head: last.map_or(0, |entry| entry.seq),
            hash: last.map_or_else(|| chain::GENESIS.into(), |entry| entry.hash.clone()),
            processed: self.markers.values().next_back().map_or(0, |marker| marker.processed),
            projected: self.cursor("documents"),
        }
    }

    pub(super) fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        let (first, last) = (batch.first_seq(), batch.last_seq());
        let head = self.journal.len() as u64;
        if batch.epoch != self.epoch {
            return Err(CommitError::Fenced);
        }
        let dense = batch.entries.iter().zip(first..).all(|(entry, seq)| entry.seq == seq);
        if batch.entries.is_empty() || !dense || first == 0 {
            return Err(CommitError::Fatal(format!("batch {first} to {last} is empty or not dense")));
        }
        if first <= head {
            return Err(CommitError::Duplicate(format!(
                "sequence number {first} is taken, the journal ends at {head}"
            )));
        }
        if first > head + 1 {
            return Err(CommitError::Fatal(format!("batch begins at {first} but the journal ends at {head}")));
        }
        let mut seen = BTreeSet::new();
        for entry in &batch.entries {
            let stored = self.histories.get(&entry.entity).is_some_and(|known| known.contains_key(&entry.first));
            if stored || !seen.insert((&entry.entity, entry.first)) {
                return Err(CommitError::Duplicate(format!("{} has version {} already", entry.entity, entry.first)));
            }
        }
        for entry in &batch.entries {
            let place = self.journal.len();
            self.histories.entry(entry.entity.clone()).or_default().insert(entry.first, place);
            self.journal.push(entry.clone());
        }
        self.markers.insert(first, Marker { epoch: batch.epoch, last, processed: batch.processed });
        Ok(())
    }

    pub(super) fn batch_exists(&self, epoch: u64, first_seq: u64) -> bool {
        self.markers.get(&first_seq).is_some_and(|marker| marker.epoch == epoch)
    }

    pub(super) fn document(&self, entity: &EntityId) -> Option<Document> {
        let stored = self.documents.get(&entity.kind)?.get(&entity.id)?;
        let mut parts = vec![(Part::main(), stored.main.clone()?)];
        parts.extend(stored.parts.iter().map(|(name, body)| (Part(name.clone()), body.clone())));
        Some(Document { version: stored.version, seq: stored.seq, parts })
    }

    pub(super) fn history(&self, entity: &EntityId, after_version: u64, limit: usize) -> Vec<JournalEntry> {
        let Some(known) = self.histories.get(entity) else { return Vec::new() };
        let before = known.range(..=after_version).next_back().map(|(_, at)| *at);
        let inside = before.filter(|at| self.journal[*at].last > after_version);
        let next = known.range(after_version + 1..).map(|(_, at)| *at);
        inside.into_iter().chain(next).take(limit).map(|at| self.journal[at].clone()).collect()
    }

    pub(super) fn journal(&self, after_seq: u64, limit: usize) -> Vec<JournalEntry> {
        let from = usize::try_from(after_seq).unwrap_or(usize::MAX).min(self.journal.len());
        let wanted = from.saturating_add(limit.max(1)).min(self.journal.len());
        // Whole batches: up to the end of the batch that holds the last wanted entry.
        let marker = self.markers.range(..=wanted as u64).next_back();
        let until = marker.map_or(wanted, |(_, marker)| marker.last as usize);
        self.journal[from..until.max(from)].to_vec()
    }

    pub(super) fn write_documents(&mut self, documents: &[DocumentWrite]) {
        for write in documents {
            let entity = &write.entity;
            let stored = self.documents.entry(entity.kind).or_default().entry(entity.id.clone()).or_default();
            for (part, body) in &write.parts {
                if *part == Part::main() {
                    stored.main.clone_from(body);
                    (stored.version, stored.seq) = (write.version, write.seq);
                    stored.view = if write.view.is_object() { write.view.clone() } else { Value::Null };
                } else if let Some(body) = body {
                    let changed = write.changed.iter().find(|(changed, _)| changed == part);
                    stored.changed.insert(part.0.clone(), changed.map_or(write.seq, |(_, seq)| *seq));
                    stored.parts.insert(part.0.clone(), body.clone());
                } else {
                    stored.parts.remove(&part.0);
                    stored.changed.remove(&part.0);
                }
            }
            if let Some(due) = write.due {
                self.timers.insert((due.as_millis(), entity.kind.name(), entity.id.clone()));
            }
        }
    }

    pub(super) fn part_changes(&self, entity: &EntityId) -> Vec<(Part, u64)> {
        let stored = self.documents.get(&entity.kind).and_then(|documents| documents.get(&entity.id));
        let changed = stored.into_iter().flat_map(|stored| &stored.changed);
        changed.map(|(part, seq)| (Part::named(part.clone()), *seq)).collect()
    }

    pub(super) fn write_rows(&mut self, rows: &[RowWrite]) {
        for row in rows {
            let table = self.rows.entry(row.table).or_default();
            let key = Key(row.key.clone());
            let Some(body) = &row.body else {
                table.remove(&key);
                continue;
            };
            let text = body.get("text").and_then(Value::as_str).filter(|_| row.table == "search");
            table.insert(key, StoredRow { body: body.clone(), words: text.map(words).unwrap_or_default() });
        }
    }

    pub(super) fn cursor(&self, consumer: &str) -> u64 {
        self.cursors.get(consumer).copied().unwrap_or(0)
    }

    pub(super) fn move_cursor(&mut self, consumer: &Arc<str>, seq: u64) {
        let cursor = self.cursors.entry(consumer.clone()).or_default();
        *cursor = seq.max(*cursor);
    }

    pub(super) fn timers(&self, until: Timestamp, limit: usize) -> Vec<(Timestamp, EntityId)> {
        let due = self.timers.iter().take_while(|(due, ..)| *due <= until.as_millis()).take(limit);
        due.filter_map(|(due, kind, id)| {
            Some((Timestamp::from_millis(*due), EntityId::new(Kind::parse(kind)?, id.clone())))
        })
        .collect()
    }

    pub(super) fn clear_timers(&mut self, timers: &[(Timestamp, EntityId)]) {
        for (due, entity) in timers {
            self.timers.remove(&(due.as_millis(), entity.kind.name(), entity.id.clone()));
        }
    }

    pub(super) fn entities(&self, kind: Kind, after: Option<&str>, limit: usize) -> Vec<EntityId> {
        let Some(known) = self.documents.get(&kind) else { return Vec::new() };
        let later =
            known.iter().filter(|(id, stored)| stored.main.is_some() && after.is_none_or(|after| &***id > after));
        later.take(limit).map(|(id, _)| EntityId::new(kind, id.clone())).collect()
    }

    pub(super) fn write_work(&mut self, write: &WorkWrite) -> Result<(), StoreError> {
        if write.epoch != self.epoch {
            return Err(StoreError::Fenced);
        }
        for key in &write.delete {
            self.work.remove(key);
        }
        for row in &write.put {
            self.work.insert(row.key.clone(), row.body.clone());
        }
        for row in &write.insert {
            self.work.entry(row.key.clone()).or_insert_with(|| row.body.clone());
        }
        for (consumer, seq) in &write.positions {
            let position = self.positions.entry(consumer.clone()).or_default();
            *position = (*seq).max(*position);
        }
        Ok(())
    }

    pub(super) fn work_rows(
        &self,
        table: WorkTable,
        owner: Option<&str>,
        after: Option<&WorkKey>,
        limit: usize,
    ) -> Vec<WorkRow> {
        let from = after.cloned().unwrap_or_else(|| WorkKey::new(table, owner.unwrap_or_default(), ""));
        let later = self.work.range(from..).filter(|(key, _)| after.is_none_or(|after| *key > after));
        let of = later.take_while(|(key, _)| key.table == table && owner.is_none_or(|owner| *key.owner == *owner));
        of.take(limit).map(|(key, body)| WorkRow { key: key.clone(), body: body.clone() }).collect()
    }

    pub(super) fn work_row(&self, key: &WorkKey) -> Option<WorkRow> {
        self.work.get(key).map(|body| WorkRow { key: key.clone(), body: body.clone() })
    }

    pub(super) fn position(&self, consumer: &str) -> Option<u64> {
        self.positions.get(consumer).copied()
    }

    pub(super) fn wipe(&mut self) {
        self.documents.clear();
        self.rows.clear();
        self.timers.clear();
        self.cursors.clear();
    }

    pub(super) fn query(&self, query: &Query, after: Option<Position>) -> Result<Page, StoreError> {
        if let Some(filter) = query.filters.iter().find(|filter| filter.op == Op::Prefix && !filter.value.is_string()) {
            return Err(StoreError::Query(format!("a prefix of {} is a text", filter.column)));
        }
        let page = match &query.source {
            Source::Documents(kind) => self.list_documents(*kind, query, after),
            Source::Rows { table, prefix, descending } => self.list_rows(table, prefix, *descending, query, after),
        };
        Ok(Page { seq: self.cursor("documents"), ..page })
    }

    fn list_documents(&self, kind: Kind, query: &Query, after: Option<Position>) -> Page {
        let wanted = query.search.as_deref().map(words);
        let column = query.sort.as_ref().map(|sort| sort.column);
        let descending = query.sort.as_ref().is_some_and(|sort| sort.descending);
        let order = |a: (Option<&Value>, &str), b: (Option<&Value>, &str)| {
            let order = compare_optional(a.0, b.0).then_with(|| a.1.cmp(b.1));
            if descending { order.reverse() } else { order }
        };
        let sort_value = |stored: &'_ Stored| column.and_then(|column| stored.view.get(column).cloned());
        let mut found: Vec<(Option<Value>, &Arc<str>, &Stored)> = self
            .documents
            .get(&kind)
            .into_iter()
            .flatten()
            .filter(|(_, stored)| stored.main.is_some())
            .filter(|(_, stored)| query.filters.iter().all(|filter| holds(&stored.view, filter)))
            .filter(|(id, _)| wanted.as_ref().is_none_or(|wanted| self.has_words(kind, id, wanted)))
            .map(|(id, stored)| (sort_value(stored), id, stored))
            .filter(|(value, id, _)| {
                after.as_ref().is_none_or(|position| {
                    let last = (position.sort.as_ref().and_then(Option::as_ref), position.id.as_str());
                    order((value.as_ref(), id), last) == Ordering::Greater
                })
            })
            .collect();
        found.sort_by(|a, b| order((a.0.as_ref(), a.1), (b.0.as_ref(), b.1)));
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|(value, id, _)| Position { sort: column.map(|_| value.clone()), id: id.to_string() }.encode());
        let row = |(_, id, stored): (_, &Arc<str>, &Stored)| Row {
            id: id.to_string(),
            version: stored.version,
            seq: stored.seq,
            body: stored.view.clone(),
        };
        Page { rows: found.into_iter().map(row).collect(), next, seq: 0 }
    }

    fn has_words(&self, kind: Kind, id: &str, wanted: &[String]) -> bool {
        let key = Key(vec![kind.name().into(), id.into()]);
        self.rows.get("search").and_then(|table| table.get(&key)).is_some_and(|row| matches(&row.words, wanted))
    }

    fn list_rows(
        &self,
        table: &'static str,
        prefix: &[Value],
        descending: bool,
        query: &Query,
        after: Option<Position>,
    ) -> Page {
        let last: Option<Key> = after.and_then(|position| serde_json::from_str(&position.id).ok()).map(Key);
        let mut found: Vec<(&Key, &StoredRow)> = self
            .rows
            .get(table)
            .into_iter()
            .flatten()
            .filter(|(key, _)| {
                key.0.len() >= prefix.len() && key.0.iter().zip(prefix).all(|(a, b)| compare(a, b).is_eq())
            })
            .filter(|(_, row)| query.filters.iter().all(|filter| holds(&row.body, filter)))
            .filter(|(key, _)| last.as_ref().is_none_or(|last| if descending { *key < last } else { *key > last }))
            .collect();
        if descending {
            found.reverse();
        }
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let id = |key: &Key| Value::Array(key.0.clone()).to_string();
        let next = found.last().filter(|_| more).map(|(key, _)| Position { sort: None, id: id(key) }.encode());
        let rows = found.into_iter().map(|(key, row)| Row { id: id(key), version: 0, seq: 0, body: row.body.clone() });
        Page { rows: rows.collect(), next, seq: 0 }
    }
}

fn holds(view: &Value, filter: &Filter) -> bool {
    let Some(value) = view.get(filter.column) else { return false };
    let order = || compare(value, &filter.value);
    match filter.op {
        Op::Eq => order().is_eq(),
        Op::Ge => order().is_ge(),
        Op::Le => rank(value) == rank(&filter.value) && order().is_le(),
        Op::Contains => {
            value.as_array().is_some_and(|items| items.iter().any(|item| compare(item, &filter.value).is_eq()))
        }
        Op::Prefix => match (value.as_str(), filter.value.as_str()) {
            (Some(text), Some(prefix)) => text.starts_with(prefix),
            _ => false,
        },
    }
}

/// An array key in the database's order.
struct Key(Vec<Value>);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_lists(&self.0, &other.0)
    }
}
