//! Documents from the journal: bringing projections up to date at start-up, and rebuilding them.
//!
//! Used only where no actor runs: before a node starts and in `munshi rebuild`. What it writes is exactly what
//! the live projector writes, because both ask the aggregate.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use munshi_domain::{EntityId, Part, Timestamp};
use munshi_store::{DocumentWrite, JournalEntry, Projection, RowWrite, Store, StoreError};
use serde_json::Value;

use crate::{
    host::{Hosted, Made},
    load,
    projector::{self, DOCUMENTS},
};

/// Entries folded between two writes.
const STRIDE: usize = 4_096;

/// Runs an expression with `A` bound to the aggregate type of a kind.
macro_rules! for_kind {
    ($kind:expr, $aggregate:ident => $body:expr) => {
        match $kind {
            munshi_domain::Kind::Order => {
                type $aggregate = munshi_domain::order::Order;
                $body
            }
            munshi_domain::Kind::Warehouse => {
                type $aggregate = munshi_domain::warehouse::Warehouse;
                $body
            }
            munshi_domain::Kind::Customer => {
                type $aggregate = munshi_domain::customer::Customer;
                $body
            }
            munshi_domain::Kind::ApprovalQueue => {
                type $aggregate = munshi_domain::approval::ApprovalQueue;
                $body
            }
            munshi_domain::Kind::Product => {
                type $aggregate = munshi_domain::product::Product;
                $body
            }
            munshi_domain::Kind::Claim => {
                type $aggregate = munshi_domain::claim::Claim;
                $body
            }
            munshi_domain::Kind::Sequence => {
                type $aggregate = munshi_domain::sequence::Sequence;
                $body
            }
            munshi_domain::Kind::User => {
                type $aggregate = munshi_domain::user::User;
                $body
            }
            munshi_domain::Kind::Floor => {
                type $aggregate = munshi_domain::floor::Floor;
                $body
            }
            munshi_domain::Kind::Conversation => {
                type $aggregate = munshi_domain::conversation::Conversation;
                $body
            }
            munshi_domain::Kind::Connection => {
                type $aggregate = munshi_domain::connection::Connection;
                $body
            }
            munshi_domain::Kind::Settings => {
                type $aggregate = munshi_domain::settings::Settings;
                $body
            }
        }
    };
}
pub(crate) use for_kind;

/// An aggregate being folded, its type erased.
trait Fold: Send {
    fn entry(&mut self, entry: &JournalEntry) -> Result<Vec<RowWrite>, StoreError>;
    fn write(&mut self, entity: &EntityId) -> Option<DocumentWrite>;
}

struct Folded<A> {
    state: A,
    version: u64,
    seq: u64,
    due: Option<Timestamp>,
    new: bool,
    dirty: bool,
    touched: BTreeMap<Part, u64>,
}

impl<A: Hosted> Fold for Folded<A> {
    fn entry(&mut self, entry: &JournalEntry) -> Result<Vec<RowWrite>, StoreError> {
        if entry.last <= self.version {
            return Ok(Vec::new());
        }
        let events = load::fold(&mut self.state, entry)?;
        self.touched.extend(events.iter().flat_map(A::touches).map(|part| (part, entry.seq)));
        (self.version, self.seq, self.dirty) = (entry.last, entry.seq, true);
        Ok(self.state.rows(&entry.entity.id, Made { first: entry.first, at: entry.at, by: &entry.by }, &events))
    }

    fn write(&mut self, entity: &EntityId) -> Option<DocumentWrite> {
        if !self.dirty {
            return None;
        }
        let touched = std::mem::take(&mut self.touched);
        let mut parts: BTreeSet<Part> =
            if A::LARGE { touched.keys().cloned().collect() } else { self.state.parts().into_iter().collect() };
        parts.insert(Part::main());
        let document = DocumentWrite {
            entity: entity.clone(),
            version: self.version,
            seq: self.seq,
            new: self.new,
            view: self.state.view().unwrap_or(Value::Null),
            parts: parts.into_iter().map(|part| (part.clone(), self.state.part(&part))).collect(),
            changed: touched.into_iter().filter(|(_, seq)| A::LARGE && *seq < self.seq).collect(),
            due: self.state.due().filter(|due| Some(*due) != self.due),
        };
        self.due = self.state.due();
        (self.new, self.dirty) = (false, false);
        Some(document)
    }
}

async fn open(store: &dyn Store, entity: &EntityId) -> Result<Box<dyn Fold>, StoreError> {
    async fn of<A: Hosted>(store: &dyn Store, entity: &EntityId) -> Result<Box<dyn Fold>, StoreError> {
        let (state, version, seq) = match store.document(entity).await? {
            Some(document) => {
                let state = A::from_parts(document.parts)
                    .map_err(|error| StoreError::Damaged(format!("document of {entity}: {error}")))?;
                (state, document.version, document.seq)
            }
            None => (A::default(), 0, 0),
        };
        Ok(Box::new(Folded {
            state,
            version,
            seq,
            due: None,
            new: version == 0,
            dirty: false,
            touched: BTreeMap::new(),
        }))
    }
    for_kind!(entity.kind, A => of::<A>(store, entity).await)
}

/// Writes documents and rows for everything after `projected`; answers how many entries that were.
///
/// # Errors
/// [`StoreError`] when the journal cannot be read or does not fold.
pub(crate) async fn catch_up(store: &dyn Store, projected: u64, head: u64) -> Result<u64, StoreError> {
    let mut folds: HashMap<EntityId, Box<dyn Fold>> = HashMap::new();
    let mut after = projected;
    while after < head {
        let mut entries = store.journal(after, STRIDE).await?;
        entries.truncate(at_once(&entries));
        let Some(last) = entries.last().map(|entry| entry.seq) else {
            return Err(StoreError::Damaged(format!("journal ends at {after}, its head is {head}")));
        };
        let mut rows = Vec::new();
        let mut touched: Vec<EntityId> = Vec::new();
        for entry in &entries {
            if !folds.contains_key(&entry.entity) {
                folds.insert(entry.entity.clone(), open(store, &entry.entity).await?);
            }
            if let Some(fold) = folds.get_mut(&entry.entity) {
                rows.extend(fold.entry(entry)?);
                rows.extend(projector::answer_row(entry));
                touched.push(entry.entity.clone());
            }
        }
        touched.sort();
        touched.dedup();
        let documents =
            touched.iter().filter_map(|entity| folds.get_mut(entity).and_then(|fold| fold.write(entity))).collect();
        write_chunks(store, DOCUMENTS, last, documents, rows).await?;
        // Memory stays bounded: what is written can be read again.
        if folds.len() > 50_000 {
            folds.clear();
        }
        after = last;
    }
    Ok(head.saturating_sub(projected))
}

/// How many of these entries are written together: until those of large kinds, whose parts of an entity are one
/// transaction, are as much as the projector takes; one at least.
fn at_once(entries: &[JournalEntry]) -> usize {
    let mut bytes = 0;
    let fits = |entry: &&JournalEntry| {
        let before = bytes;
        if crate::load::large(entry.entity.kind) {
            bytes += crate::shell::changes(entry.events.len());
        }
        before < projector::MOST_BYTES
    };
    entries.iter().take_while(fits).count()
}

/// Writes a projection of any size in transactions of a bounded one; the last moves the cursor.
///
/// # Errors
/// [`StoreError`]; what is written by then does no harm when it is written again.
pub(crate) async fn write_chunks(
    store: &dyn Store,
    consumer: &str,
    seq: u64,
    mut documents: Vec<DocumentWrite>,
    rows: Vec<RowWrite>,
) -> Result<(), StoreError> {
    // The same key twice in one write is an error; the later row wins.
    let mut latest: HashMap<String, RowWrite> = HashMap::new();
    for row in rows {
        latest.insert(format!("{}{:?}", row.table, row.key), row);
    }
    let mut rows: Vec<RowWrite> = latest.into_values().collect();
    loop {
        let rest = documents.split_off(documents.len().min(256));
        let rest_rows = rows.split_off(rows.len().min(1_024));
        let done = rest.is_empty() && rest_rows.is_empty();
        let projection = Projection {
            consumer: Arc::from(consumer),
            seq: if done { seq } else { 0 },
            documents: std::mem::replace(&mut documents, rest),
            rows: std::mem::replace(&mut rows, rest_rows),
        };
        store.project(&projection).await?;
        if done {
            return Ok(());
        }
    }
}
