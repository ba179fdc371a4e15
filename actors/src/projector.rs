//! Documents and read models behind the journal (runtime.md rule 6).
//!
//! Invariant: nothing is projected that is not durable, and the cursor never passes an entry whose document is
//! not written. Changes to one entity are coalesced. Search text is not written here ([`crate::search`]).

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use munshi_domain::{Aggregate, EntityId, Kind, Part, PartLater, Timestamp};
use munshi_store::{DocumentWrite, JournalEntry, Projection, RowWrite, Store, Who};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use crate::{admission::Admission, host::DEVICE, lane::Durable};

/// Documents in one write. Small, because the engine takes commits one at a time and an order must not wait long.
const CHUNK: usize = 96;
/// Entries whose documents are made together at most.
const MOST: usize = 8_192;
/// Bytes by which those of large kinds may have changed them, roughly: one document is one transaction, whose rows have to
/// fit into the engine's memory table several times over.
pub(crate) const MOST_BYTES: usize = 2 << 20;
/// A write of this many parts of documents shows that there is a rush:
const RUSH: usize = 16;
/// then the next one begins after at least this long, so that an order's many steps become one document,
const GATHER: Duration = Duration::from_millis(100);
/// and after this long for each part of the last, so that what all orders change is written less often,
const GATHER_FOR_EACH: Duration = Duration::from_micros(500);
/// but not later than this, and at once if more is waiting than the last could take;
const GATHER_MOST: Duration = Duration::from_millis(500);
/// nor after this long where floors are most of it. What scanners change is rarely changed again by another, so that
/// gathering saves little there, and a floor is one transaction, for all of which the journal waits.
const GATHER_FLOORS: Duration = GATHER;
/// Name of the consumer that writes documents.
pub(crate) const DOCUMENTS: &str = "documents";

/// How a record changes its entity's document.
pub(crate) struct Delta {
    pub(crate) bytes: usize,
    pub(crate) new: bool,
    pub(crate) version: u64,
    pub(crate) seq: u64,
    /// When the entity wants to be woken, or that it no longer does, if the record changed that.
    pub(crate) due: Changed<Option<Timestamp>>,
    pub(crate) data: DocData,
    pub(crate) rows: Vec<RowWrite>,
}

/// Whether a record changed something, and to what.
pub(crate) enum Changed<T> {
    No,
    To(T),
}

/// Everything a document write says.
pub(crate) struct DocParts {
    pub(crate) view: Option<Value>,
    pub(crate) parts: Vec<(Part, Option<PartLater>)>,
}

/// The document's change, made when it is needed.
pub(crate) struct DocData(Box<dyn FnOnce() -> DocParts + Send>);

impl DocData {
    /// The whole state; only the last of several is ever turned into text.
    pub(crate) fn whole<A: Aggregate>(state: A) -> Self {
        Self(Box::new(move || DocParts {
            view: state.view(),
            parts: state
                .parts()
                .into_iter()
                .map(|part| (part.clone(), state.part(&part).map(PartLater::Made)))
                .collect(),
        }))
    }

    /// Parts as they are now.
    pub(crate) fn parts(view: Option<Value>, parts: Vec<(Part, Option<PartLater>)>) -> Self {
        Self(Box::new(move || DocParts { view, parts }))
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
    merged: BTreeMap<Part, (Option<PartLater>, u64)>,
    view: Option<Value>,
}

/// The row by which a command id from outside finds its answer after a restart; orders need none, their history is
/// short enough to be looked through, and of a device's commands the floor keeps the answers itself.
pub(crate) fn answer_row(entry: &JournalEntry) -> Option<RowWrite> {
    let outside = match &entry.by {
        Who::User(_) => true,
        Who::System(name) => entry.entity.kind != Kind::Floor || &**name != DEVICE,
        Who::Process(_) | Who::Timer => false,
    };
    if crate::load::answers_in_history(entry.entity.kind) || !outside {
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
    let (mut began, mut gather) = (Instant::now(), Duration::ZERO);
    while let Some(first) = feed.recv().await {
        if let Some(rest) = gather.checked_sub(began.elapsed()) {
            tokio::time::sleep(rest).await;
        }
        let mut batch = vec![first];
        let (mut entries, mut bytes) = (batch[0].entries.len(), in_large(&batch[0]));
        while entries < MOST && bytes < MOST_BYTES {
            let Ok(more) = feed.try_recv() else { break };
            (entries, bytes) = (entries + more.entries.len(), bytes + in_large(&more));
            batch.push(more);
        }
        let last = batch.last().and_then(|durable| durable.entries.last()).map_or(0, |entry| entry.seq);
        let full = entries >= MOST || bytes >= MOST_BYTES;
        began = Instant::now();
        let written = write_documents(&*store, batch, last).await;
        gather = if full { Duration::ZERO } else { gather_after(&written) };
        // First, so that who is woken by the second sees it.
        admission.projected(last);
        projected.send_replace(last);
    }
}

/// How much of it is of large kinds, whose parts are written together, in bytes, roughly.
fn in_large(durable: &Durable) -> usize {
    let large = durable.entries.iter().zip(&durable.deltas).filter(|(entry, _)| crate::load::large(entry.entity.kind));
    large.map(|(_, delta)| delta.bytes).sum()
}

/// How many parts of documents a write had.
struct Written {
    parts: usize,
    of_floors: usize,
}

/// How long to gather before the write after this one.
fn gather_after(written: &Written) -> Duration {
    if written.parts < RUSH {
        return Duration::ZERO;
    }
    let most = if 2 * written.of_floors > written.parts { GATHER_FLOORS } else { GATHER_MOST };
    let each = GATHER_FOR_EACH.saturating_mul(u32::try_from(written.parts).unwrap_or(u32::MAX));
    each.clamp(GATHER, most)
}

/// Writes the documents of what became durable, and the cursor behind them.
async fn write_documents(store: &dyn Store, batch: Vec<Durable>, last: u64) -> Written {
    let began = Instant::now();
    let mut pending: HashMap<EntityId, Pending> = HashMap::new();
    let mut rows: BTreeMap<String, RowWrite> = BTreeMap::new();
    for durable in batch {
        for (entry, mut delta) in durable.entries.iter().zip(durable.deltas) {
            for row in std::mem::take(&mut delta.rows).into_iter().chain(answer_row(entry)) {
                rows.insert(format!("{}{:?}", row.table, row.key), row);
            }
            merge(&mut pending, &entry.entity, delta);
        }
    }
    let (orders, others): (Vec<_>, Vec<_>) = pending
        .into_iter()
        .map(|(entity, pending)| pending.finish(entity))
        .partition(|document| document.entity.kind == Kind::Order);
    let rows: Vec<RowWrite> = rows.into_values().collect();
    let count = orders.len() + others.len();
    let floors = others.iter().filter(|document| document.entity.kind == Kind::Floor);
    let written = Written {
        parts: orders.iter().chain(&others).map(|document| document.parts.len()).sum(),
        of_floors: floors.map(|document| document.parts.len()).sum(),
    };
    metrics::counter!("munshi_projector_documents_total").increment(count as u64);
    if count <= CHUNK && rows.len() <= 4 * CHUNK {
        let documents = orders.into_iter().chain(others).collect();
        write(store, Projection { consumer: DOCUMENTS.into(), seq: last, documents, rows }).await;
    } else {
        // Orders beside the rest, which has other tables and so nothing to wait for; the cursor when all are written.
        futures_util::future::join(write_all(store, orders, Vec::new()), write_all(store, others, rows)).await;
        let (documents, rows) = (Vec::new(), Vec::new());
        write(store, Projection { consumer: DOCUMENTS.into(), seq: last, documents, rows }).await;
    }
    metrics::histogram!("munshi_projector_write_seconds").record(began.elapsed().as_secs_f64());
    written
}

/// Writes documents and rows, not yet the cursor.
async fn write_all(store: &dyn Store, mut documents: Vec<DocumentWrite>, mut rows: Vec<RowWrite>) {
    while !documents.is_empty() || !rows.is_empty() {
        let documents = documents.drain(..documents.len().min(CHUNK)).collect();
        let rows = rows.drain(..rows.len().min(4 * CHUNK)).collect();
        write(store, Projection { consumer: DOCUMENTS.into(), seq: 0, documents, rows }).await;
    }
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

fn merge(pending: &mut HashMap<EntityId, Pending>, entity: &EntityId, delta: Delta) {
    let entry = pending.entry(entity.clone()).or_insert_with(|| Pending {
        new: false,
        version: 0,
        seq: 0,
        due: None,
        whole: None,
        merged: BTreeMap::new(),
        view: None,
    });
    entry.new |= delta.new;
    entry.version = delta.version;
    entry.seq = delta.seq;
    // Only how it ends is written: a wish that a later record took back needs no row.
    if let Changed::To(due) = delta.due {
        entry.due = due;
    }
    if crate::load::large(entity.kind) {
        let made = delta.data.make();
        entry.view = made.view;
        entry.merged.extend(made.parts.into_iter().map(|(part, body)| (part, (body, delta.seq))));
    } else {
        entry.whole = Some(delta.data);
    }
}

impl Pending {
    fn finish(self, entity: EntityId) -> DocumentWrite {
        let mut changed = Vec::new();
        let (view, parts) = match self.whole {
            Some(whole) => {
                let DocParts { view, parts } = whole.make();
                (view, parts)
            }
            None => {
                let earlier = |(part, (_, seq)): (&Part, &(_, u64))| (*seq < self.seq).then(|| (part.clone(), *seq));
                changed = self.merged.iter().filter_map(earlier).collect();
                (self.view, self.merged.into_iter().map(|(part, (body, _))| (part, body)).collect())
            }
        };
        DocumentWrite {
            entity,
            version: self.version,
            seq: self.seq,
            new: self.new,
            view: view.unwrap_or(Value::Null),
            parts: parts.into_iter().map(|(part, body)| (part, body.map(PartLater::make))).collect(),
            changed,
            due: self.due,
        }
    }
}

#[cfg(test)]
mod tests {
    use munshi_domain::Kind;

    use super::*;

    fn due_of(changes: Vec<Changed<Option<Timestamp>>>) -> Option<Timestamp> {
        let entity = EntityId::new(Kind::Order, "o1");
        let mut pending = HashMap::new();
        for (due, version) in changes.into_iter().zip(1..) {
            let data = DocData::parts(None, Vec::new());
            let delta = Delta { bytes: 0, new: version == 1, version, seq: version, due, data, rows: Vec::new() };
            merge(&mut pending, &entity, delta);
        }
        pending.remove(&entity).unwrap().finish(entity).due
    }

    #[test]
    fn only_the_last_wish_to_be_woken_gets_a_row() {
        let at = |millis| Some(Timestamp::from_millis(millis));
        assert_eq!(due_of(vec![Changed::To(at(5)), Changed::No]), at(5), "it still wants to be woken");
        assert_eq!(due_of(vec![Changed::To(at(5)), Changed::To(at(9))]), at(9));
        assert_eq!(due_of(vec![Changed::To(at(5)), Changed::To(None), Changed::No]), None, "it was taken back");
        assert_eq!(due_of(vec![Changed::To(None), Changed::To(at(7))]), at(7));
        assert_eq!(due_of(vec![Changed::No]), None, "an unchanged one has its row");
    }
}
