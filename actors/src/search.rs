//! Search text behind the documents: a consumer of the journal with a cursor of its own.
//!
//! Indexing a text costs several times what its document costs, so it waits while documents are behind, and it
//! remembers nothing but its position: what a crash or a long rush leaves undone is found in the journal again.
//! Invariant: the cursor never passes an entry whose entity's text is not written.

use std::{
    collections::{BTreeSet, HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::Arc,
    time::{Duration, Instant},
};

use munshi_domain::{EntityId, Kind};
use munshi_store::{RowWrite, Store, StoreError};
use serde_json::json;

use crate::{
    fold::{for_kind, write_chunks},
    host::Hosted,
    node::Core,
};

/// Name of the consumer.
pub(crate) const SEARCH: &str = "search";
/// Entries read at a time.
const PAGE: usize = 1_024;
/// Entries read at a time while documents are behind.
const BUSY_PAGE: usize = 64;
/// How long search waits for the documents before it takes a small page all the same.
const PATIENCE: Duration = Duration::from_secs(1);
/// Texts remembered as written; beyond it the memory is cleared.
const REMEMBERED: usize = 65_536;

/// Digests of the texts written last, so that the many changes that leave a text alone cost no index work.
type Written = HashMap<EntityId, u64>;

/// Follows the projector until the node stops.
pub(crate) async fn run(core: Arc<Core>) {
    let mut written = Written::new();
    let Some(mut cursor) = position(&core).await else { return };
    let mut projected = core.watch_projected();
    loop {
        let reached = *projected.borrow_and_update();
        if cursor >= reached {
            tokio::select! {
                changed = projected.changed() => if changed.is_err() { return },
                () = core.told_to_end() => return,
            }
            continue;
        }
        let page = if reached < core.lane.durable() {
            // Documents first.
            let caught_up =
                async { while *projected.borrow() < core.lane.durable() && projected.changed().await.is_ok() {} };
            tokio::select! {
                () = caught_up => PAGE,
                () = pause(&core, PATIENCE) => BUSY_PAGE,
            }
        } else {
            PAGE
        };
        if core.stopped() {
            return;
        }
        let reached = *projected.borrow();
        let began = Instant::now();
        let done = step(&*core.store, cursor, reached, page, &mut written).await;
        let spent = began.elapsed();
        match done {
            Ok(next) => cursor = next,
            Err(StoreError::Fenced) => return,
            Err(error) => {
                tracing::warn!(%error, "search text cannot be written, trying again");
                pause(&core, PATIENCE).await;
            }
        }
        if *projected.borrow() != reached {
            // Work goes on: leave most of the time to it.
            pause(&core, spent.min(PATIENCE) * 4).await;
        }
        metrics::gauge!("munshi_search_lag_entries").set(core.lane.durable().saturating_sub(cursor) as f64);
    }
}

/// Waits, but not for a node that stops.
pub(crate) async fn pause(core: &Core, length: Duration) {
    tokio::select! {
        () = tokio::time::sleep(length) => {}
        () = core.told_to_end() => {}
    }
}

async fn position(core: &Core) -> Option<u64> {
    while !core.stopped() {
        match core.store.cursor(SEARCH).await {
            Ok(cursor) => return Some(cursor),
            Err(error) => {
                tracing::warn!(%error, "the position of search cannot be read, trying again");
                pause(core, PATIENCE).await;
            }
        }
    }
    None
}

/// Writes the texts of everything up to `head`; for a store no node runs on.
///
/// # Errors
/// [`StoreError`] when the store cannot be read or written.
pub(crate) async fn catch_up(store: &dyn Store, head: u64) -> Result<(), StoreError> {
    let mut written = Written::new();
    let mut cursor = store.cursor(SEARCH).await?;
    while cursor < head {
        cursor = step(store, cursor, head, PAGE, &mut written).await?;
    }
    Ok(())
}

/// One page of entries after `cursor` and not after `until`, whose documents must be written; answers the new cursor.
async fn step(
    store: &dyn Store,
    cursor: u64,
    until: u64,
    page: usize,
    written: &mut Written,
) -> Result<u64, StoreError> {
    let mut entries = store.journal(cursor, page).await?;
    entries.retain(|entry| entry.seq <= until);
    let Some(last) = entries.last().map(|entry| entry.seq) else {
        return Err(StoreError::Damaged(format!("journal ends at {cursor}, its documents are of {until}")));
    };
    let entities: BTreeSet<EntityId> = entries
        .into_iter()
        .map(|entry| entry.entity)
        .filter(|entity| matches!(entity.kind, Kind::Order | Kind::Customer | Kind::Product))
        .collect();
    let mut rows = Vec::new();
    let mut digests = Vec::new();
    for entity in entities {
        let text = text(store, &entity).await?;
        let mut digest = DefaultHasher::new();
        text.hash(&mut digest);
        let digest = digest.finish();
        if written.get(&entity) == Some(&digest) {
            continue;
        }
        rows.push(RowWrite {
            table: "search",
            key: vec![json!(entity.kind.name()), json!(entity.id)],
            body: text.map(|text| json!({ "text": text })),
        });
        digests.push((entity, digest));
    }
    metrics::counter!("munshi_search_texts_total").increment(rows.len() as u64);
    write_chunks(store, SEARCH, last, Vec::new(), rows).await?;
    if written.len() + digests.len() > REMEMBERED {
        written.clear();
    }
    written.extend(digests);
    Ok(last)
}

/// The text by which an entity is found, from its document.
async fn text(store: &dyn Store, entity: &EntityId) -> Result<Option<String>, StoreError> {
    fn of<A: Hosted>(entity: &EntityId, document: munshi_store::Document) -> Result<Option<String>, StoreError> {
        let state = A::from_parts(document.parts)
            .map_err(|error| StoreError::Damaged(format!("document of {entity}: {error}")))?;
        Ok(state.search_text())
    }
    match store.document(entity).await? {
        Some(document) => for_kind!(entity.kind, A => of::<A>(entity, document)),
        None => Ok(None),
    }
}
