//! Documents and read models behind the journal (runtime.md rule 6).
//!
//! Invariant: nothing is projected that is not durable, and the cursor never passes an entry whose document is
//! not written. Changes to one entity are coalesced; search text is written apart, when there is time.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use munshi_domain::{Aggregate, EntityId, Kind, Part, Timestamp};
use munshi_store::{DocumentWrite, JournalEntry, Projection, RowWrite, Store, Who};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use crate::{admission::Admission, lane::Durable};

/// Documents in one write.
const CHUNK: usize = 256;
/// Search rows in one write.
const SEARCH_CHUNK: usize = 256;
/// Search text waits at most this long while documents keep coming.
const SEARCH_DELAY: Duration = Duration::from_secs(1);
/// Name of the consumer that writes documents.
pub(crate) const DOCUMENTS: &str = "documents";
/// Name of the consumer that writes search text.
pub(crate) const SEARCH: &str = "search";

/// How a record changes its entity's document.
pub(crate) struct Delta {
    pub(crate) bytes: usize,
    pub(crate) new: bool,
    pub(crate) version: u64,
    pub(crate) seq: u64,
    pub(crate) due: Option<Timestamp>,
    pub(crate) data: DocData,
    pub(crate) rows: Vec<RowWrite>,
}

/// Everything a document write says.
pub(crate) struct DocParts {
    pub(crate) view: Option<Value>,
    pub(crate) search: Option<String>,
    pub(crate) parts: Vec<(Part, Option<Value>)>,
}

/// The document's change, made when it is needed.
pub(crate) struct DocData(Box<dyn FnOnce() -> DocParts + Send>);

impl DocData {
    /// The whole state; only the last of several is ever turned into JSON.
    pub(crate) fn whole<A: Aggregate>(state: A) -> Self {
        Self(Box::new(move || DocParts {
            view: state.view(),
            search: state.search_text(),
            parts: state.parts().into_iter().map(|part| (part.clone(), state.part(&part))).collect(),
        }))
    }

    /// Parts that exist already as JSON.
    pub(crate) fn parts(view: Option<Value>, search: Option<String>, parts: Vec<(Part, Option<Value>)>) -> Self {
        Self(Box::new(move || DocParts { view, search, parts }))
    }

    pub(crate) fn make(self) -> DocParts {
        (self.0)()
    }
}

struct Pending {
    new: bool,
    version: u64,
    seq: u64,
    due: Option<Timestamp>,
    /// The latest whole state, or the merged parts of a large one.
    whole: Option<DocData>,
    merged: BTreeMap<Part, Option<Value>>,
    view: Option<Value>,
    search: Option<String>,
}

/// The row by which a command id from outside finds its answer after a restart.
pub(crate) fn answer_row(entry: &JournalEntry) -> Option<RowWrite> {
    if !matches!(entry.by, Who::User(_) | Who::System(_)) {
        return None;
    }
    Some(RowWrite {
        table: "answer",
        key: vec![json!(entry.entity.kind.name()), json!(entry.entity.id), json!(entry.cmd)],
        body: Some(json!({
            "version": entry.last,
            "seq": entry.seq,
            "request": entry.request,
            "body": entry.answer,
        })),
    })
}

/// Writes what becomes durable until the lane is gone.
pub(crate) async fn run(
    store: Arc<dyn Store>,
    mut feed: mpsc::UnboundedReceiver<Durable>,
    projected: watch::Sender<u64>,
    admission: Arc<Admission>,
) {
    let mut search: HashMap<EntityId, Option<String>> = HashMap::new();
    let mut search_since = Instant::now();
    loop {
        let idle = feed.is_empty();
        if !search.is_empty() && (idle || search_since.elapsed() > SEARCH_DELAY) {
            let reached = *projected.borrow();
            write_search(&*store, &mut search, reached, idle).await;
            search_since = Instant::now();
            if idle {
                continue;
            }
        }
        let Some(first) = feed.recv().await else { break };
        let mut batch = vec![first];
        let mut entries = batch[0].entries.len();
        while entries < 4_096 {
            let Ok(more) = feed.try_recv() else { break };
            entries += more.entries.len();
            batch.push(more);
        }
        let last = batch.last().and_then(|durable| durable.entries.last()).map_or(0, |entry| entry.seq);
        admission.projector_lag(last.saturating_sub(*projected.borrow()));
        if search.is_empty() {
            search_since = Instant::now();
        }
        write_documents(&*store, batch, last, &mut search).await;
        projected.send_replace(last);
        admission.projector_lag(0);
    }
    let reached = *projected.borrow();
    write_search(&*store, &mut search, reached, true).await;
}

async fn write_documents(
    store: &dyn Store,
    batch: Vec<Durable>,
    last: u64,
    search: &mut HashMap<EntityId, Option<String>>,
) {
    let began = Instant::now();
    let mut pending: HashMap<EntityId, Pending> = HashMap::new();
    let mut rows: BTreeMap<String, RowWrite> = BTreeMap::new();
    for durable in batch {
        for (entry, delta) in durable.entries.iter().zip(durable.deltas) {
            for row in delta.rows.iter().cloned().chain(answer_row(entry)) {
                rows.insert(format!("{}{:?}", row.table, row.key), row);
            }
            merge(&mut pending, &entry.entity, delta);
        }
    }
    let mut documents: Vec<DocumentWrite> = Vec::with_capacity(pending.len());
    for (entity, pending) in pending {
        let (document, text) = pending.finish(entity.clone());
        documents.push(document);
        if matches!(entity.kind, Kind::Order | Kind::Customer | Kind::Product) {
            search.insert(entity, text);
        }
    }
    let mut rows: Vec<RowWrite> = rows.into_values().collect();
    metrics::counter!("munshi_projector_documents_total").increment(documents.len() as u64);
    while documents.len() > CHUNK || rows.len() > 4 * CHUNK {
        let rest = documents.split_off(documents.len().min(CHUNK));
        let rest_rows = rows.split_off(rows.len().min(4 * CHUNK));
        let chunk = Projection {
            consumer: DOCUMENTS.into(),
            seq: 0,
            documents: std::mem::replace(&mut documents, rest),
            rows: std::mem::replace(&mut rows, rest_rows),
        };
        write(store, chunk).await;
    }
    write(store, Projection { consumer: DOCUMENTS.into(), seq: last, documents, rows }).await;
    metrics::histogram!("munshi_projector_write_seconds").record(began.elapsed().as_secs_f64());
}

/// Writes until it is written; a projection is harmless to repeat and must not be skipped.
pub(crate) async fn write(store: &dyn Store, projection: Projection) {
    let mut pause = Duration::from_millis(10);
    while let Err(error) = store.project(&projection).await {
        tracing::warn!(%error, consumer = %projection.consumer, "projection failed, trying again");
        metrics::counter!("munshi_projector_errors_total").increment(1);
        if matches!(error, munshi_store::StoreError::Fenced) {
            return;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

async fn write_search(store: &dyn Store, search: &mut HashMap<EntityId, Option<String>>, seq: u64, all: bool) {
    let mut left: Vec<_> = search.drain().collect();
    loop {
        let rest = left.split_off(left.len().min(SEARCH_CHUNK));
        let rows = left
            .into_iter()
            .map(|(entity, text)| RowWrite {
                table: "search",
                key: vec![json!(entity.kind.name()), json!(entity.id)],
                body: text.map(|text| json!({ "text": text })),
            })
            .collect();
        let done = rest.is_empty();
        let cursor = if done { seq } else { 0 };
        write(store, Projection { consumer: SEARCH.into(), seq: cursor, documents: Vec::new(), rows }).await;
        left = rest;
        if done {
            return;
        }
        if !all {
            search.extend(left);
            return;
        }
    }
}

fn merge(pending: &mut HashMap<EntityId, Pending>, entity: &EntityId, delta: Delta) {
    let entry = pending.entry(entity.clone()).or_insert_with(|| Pending {
        new: false,
        version: 0,
        seq: 0,
        due: None,
        whole: None,
        merged: BTreeMap::new(),
        view: None,
        search: None,
    });
    entry.new |= delta.new;
    entry.version = delta.version;
    entry.seq = delta.seq;
    entry.due = delta.due.or(entry.due);
    if crate::load::large(entity.kind) {
        let made = delta.data.make();
        entry.view = made.view;
        entry.search = made.search;
        entry.merged.extend(made.parts);
    } else {
        entry.whole = Some(delta.data);
    }
}

impl Pending {
    fn finish(self, entity: EntityId) -> (DocumentWrite, Option<String>) {
        let (view, search, parts) = match self.whole {
            Some(whole) => {
                let DocParts { view, search, parts } = whole.make();
                (view, search, parts)
            }
            None => (self.view, self.search, self.merged.into_iter().collect()),
        };
        let document = DocumentWrite {
            entity,
            version: self.version,
            seq: self.seq,
            new: self.new,
            view: view.unwrap_or(Value::Null),
            parts,
            due: self.due,
        };
        (document, search)
    }
}
