//! `munshi doctor`: proves that the journal is whole and that what is stored follows from it.
//!
//! Reads only. Three passes: the hash chain and the density of the journal (AUD-01); every document equal to the
//! fold of its events (property 9); the invariants of state-machines.md §12 over documents and between them
//! (properties 2, 3, 8) for a data directory at rest.

mod beside;

use std::{collections::HashMap, sync::Arc};

use futures_util::{StreamExt, stream};
use munshi_domain::{
    EntityId, Kind, OrderId,
    order::{Order, state::Lifecycle},
    warehouse::Warehouse,
};
use munshi_store::{JournalEntry, Store, StoreError, chain};
use serde::Serialize;

use crate::{
    fold::{catch_up, for_kind},
    host::Hosted,
    load, search,
};

pub use beside::beside;

/// Most findings listed; the rest is counted.
const LISTED: usize = 200;

/// What doctor found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Journal entries read.
    pub entries: u64,
    /// Events in them.
    pub events: u64,
    /// Entities compared with the fold of their events.
    pub entities: u64,
    /// What is wrong, the first 200 of it.
    pub faults: Vec<String>,
    /// How much is wrong.
    pub fault_count: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub const fn is_clean(&self) -> bool {
        self.fault_count == 0
    }

    fn fault(&mut self, fault: String) {
        self.fault_count += 1;
        if self.faults.len() < LISTED {
            self.faults.push(fault);
        }
    }
}

/// Ids read at a time; each read passes over those before it.
const PAGE: usize = 10_000;

/// Entities looked at side by side: a read is mostly waiting for threads that hand over to each other.
const SIDE_BY_SIDE: usize = 16;

/// Units an order believes a warehouse holds, by (order, warehouse): reserved, waiting, allocated.
type Holdings = HashMap<(OrderId, String), (u32, u32, u32)>;

/// What orders and warehouses know of each other.
#[derive(Default)]
struct Beliefs {
    by_order: Holdings,
    by_warehouse: Holdings,
    resting: HashMap<OrderId, bool>,
}

/// What there is to say of one entity.
#[derive(Default)]
struct Looked {
    faults: Vec<String>,
    beliefs: Beliefs,
}

/// Examines a store that no server is writing to. Documents behind the journal (a killed server) are brought up
/// to it first, as a start would.
///
/// # Errors
/// [`StoreError`] when the store cannot be read at all; everything else is a finding.
pub async fn run(store: &Arc<dyn Store>) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let (head, begun) = check_chain(&**store, u64::MAX, &mut report).await?;
    if !report.is_clean() {
        return Ok(report);
    }
    let projected = store.cursor(crate::projector::DOCUMENTS).await?;
    if projected > head {
        report.fault(format!("documents reflect entry {projected}, the journal ends at {head}"));
    }
    catch_up(&**store, projected.min(head), head).await?;
    let mut beliefs = Beliefs::default();
    for kind in Kind::ALL {
        let before = report.entities;
        let mut after: Option<String> = None;
        loop {
            let page = store.entities(kind, after.as_deref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.to_string());
            let mut looks = stream::iter(page).map(|entity| look(store.clone(), entity)).buffered(SIDE_BY_SIDE);
            while let Some(looked) = looks.next().await {
                let Looked { faults, beliefs: told } = looked?;
                report.entities += 1;
                faults.into_iter().for_each(|fault| report.fault(fault));
                beliefs.by_order.extend(told.by_order);
                beliefs.by_warehouse.extend(told.by_warehouse);
                beliefs.resting.extend(told.resting);
            }
        }
        let (documents, begun) = (report.entities - before, begun.get(&kind).copied().unwrap_or_default());
        if documents != begun {
            report.fault(format!("{documents} documents of kind {}, the journal begins {begun}", kind.name()));
        }
    }
    compare_holdings(&beliefs, &mut report);
    Ok(report)
}

/// Position up to which the journal was looked at, its end or `until`, and how many entities of each kind begin there.
async fn check_chain(
    store: &dyn Store,
    until: u64,
    report: &mut Report,
) -> Result<(u64, HashMap<Kind, u64>), StoreError> {
    let (mut after, mut hash) = (0, chain::GENESIS.to_owned());
    let mut begun = HashMap::new();
    loop {
        let entries = store.journal(after, 2_000).await?;
        let Some(last) = entries.last() else { return Ok((after, begun)) };
        if entries[0].seq != after + 1 {
            report.fault(format!("journal entry {} is missing", after + 1));
            return Ok((after, begun));
        }
        match chain::verify(&hash, &entries) {
            Ok(end) => hash = end,
            Err(broken) => {
                report.fault(broken.to_string());
                return Ok((after, begun));
            }
        }
        for entry in entries.iter().filter(|entry| entry.first == 1) {
            *begun.entry(entry.entity.kind).or_default() += 1;
        }
        report.entries += entries.len() as u64;
        report.events += entries.iter().map(|entry| entry.events.len() as u64).sum::<u64>();
        after = last.seq;
        if after >= until {
            return Ok((after, begun));
        }
    }
}

async fn look(store: Arc<dyn Store>, entity: EntityId) -> Result<Looked, StoreError> {
    let mut looked = Looked::default();
    match entity.kind {
        Kind::Order => {
            let order = compare::<Order>(&*store, &entity, &mut looked.faults).await?;
            match (order, OrderId::parse(&entity.id)) {
                (Some(order), _) => note_order(&order, &mut looked.beliefs),
                // It is there, but nobody can say what it knows.
                (None, Ok(id)) => drop(looked.beliefs.resting.insert(id, false)),
                (None, Err(_)) => {}
            }
        }
        Kind::Warehouse => {
            if let Some(warehouse) = compare::<Warehouse>(&*store, &entity, &mut looked.faults).await? {
                note_warehouse(&warehouse, &entity, &mut looked.beliefs.by_warehouse);
            }
        }
        kind => for_kind!(kind, A => {
            compare::<A>(&*store, &entity, &mut looked.faults).await?;
        }),
    }
    Ok(looked)
}

/// Property 9: the document is the fold of the events, and the entity's versions are dense. Answers the fold, if the events
/// can be folded.
async fn compare<A: Hosted>(
    store: &dyn Store,
    entity: &EntityId,
    faults: &mut Vec<String>,
) -> Result<Option<A>, StoreError> {
    let mut folded = A::default();
    let mut version = 0;
    loop {
        let page = store.history(entity, version, 1_000).await?;
        for entry in &page {
            if entry.first != version + 1 || entry.last + 1 != entry.first + entry.events.len() as u64 {
                faults.push(format!("{entity}: version {} follows {version}", entry.first));
                return Ok(None);
            }
            if let Err(error) = load::fold(&mut folded, entry) {
                faults.push(error.to_string());
                return Ok(None);
            }
            version = entry.last;
        }
        if page.len() < 1_000 {
            break;
        }
    }
    let Some(document) = store.document(entity).await? else {
        faults.push(format!("{entity}: no document"));
        return Ok(Some(folded));
    };
    if document.version != version {
        faults.push(format!("{entity}: document has version {}, its events {version}", document.version));
    }
    match A::from_parts(document.parts) {
        Ok(stored) if stored == folded => {}
        Ok(_) => faults.push(format!("{entity}: document differs from the fold of its events at version {version}")),
        Err(error) => faults.push(format!("{entity}: document cannot be read: {error}")),
    }
    faults.extend(folded.faults().into_iter().map(|fault| format!("{entity}: {fault}")));
    Ok(Some(folded))
}

fn note_order(order: &Order, beliefs: &mut Beliefs) {
    let Some(id) = order.id else { return };
    // Units change hands while a process looks after them; an order that ended has nothing left to wait for.
    let busy = order.change.is_some() || (order.allocating() && !order.lifecycle.terminal());
    beliefs.resting.insert(id, order.lifecycle != Lifecycle::Placing && !busy);
    for line in &order.lines {
        for held in &line.held {
            let slot = beliefs.by_order.entry((id, held.warehouse.to_string())).or_default();
            slot.0 += held.reserved;
            slot.1 += held.backordered;
            slot.2 += held.allocated + held.picking + held.packed;
        }
    }
}

fn note_warehouse(warehouse: &Warehouse, entity: &EntityId, holdings: &mut Holdings) {
    for order in warehouse.held_orders() {
        let slot = holdings.entry((order, entity.id.to_string())).or_default();
        for (_, reserved, waiting, allocated) in warehouse.reserved_for(order) {
            slot.0 += reserved;
            slot.1 += waiting;
            slot.2 += allocated;
        }
    }
}

/// Properties 3 and 8: what orders at rest believe is held for them is what warehouses hold.
fn compare_holdings(beliefs: &Beliefs, report: &mut Report) {
    let Beliefs { by_order: orders, by_warehouse: warehouses, resting } = beliefs;
    for (key, held) in warehouses {
        let (order, code) = key;
        match (resting.get(order), orders.get(key)) {
            (None, _) => {
                report.fault(format!("warehouse {code} holds {held:?} for order {order}, which does not exist"))
            }
            (Some(false), _) => {}
            (Some(true), known) if known.copied().unwrap_or_default() == *held => {}
            (Some(true), known) => report.fault(format!(
                "warehouse {code} holds {held:?} (reserved, waiting, allocated) for order {order}, which knows of {:?}",
                known.copied().unwrap_or_default()
            )),
        }
    }
    for ((order, code), held) in orders {
        if resting.get(order) == Some(&true) && *held != (0, 0, 0) && !warehouses.contains_key(&(*order, code.clone()))
        {
            report.fault(format!("order {order} believes that warehouse {code} holds {held:?}, which holds nothing"));
        }
    }
}

/// Throws every document, row and timer away and folds the journal again (`munshi rebuild`); answers the number
/// of entries folded.
///
/// # Errors
/// [`StoreError`].
pub async fn rebuild(store: &Arc<dyn Store>) -> Result<u64, StoreError> {
    store.wipe_projections().await?;
    let mut head = 0;
    loop {
        let page: Vec<JournalEntry> = store.journal(head, 10_000).await?;
        match page.last() {
            Some(last) => head = last.seq,
            None => break,
        }
    }
    let folded = catch_up(&**store, 0, head).await?;
    search::catch_up(&**store, head).await?;
    Ok(folded)
}
