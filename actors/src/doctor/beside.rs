//! The check of a running server: what can be proved while others write.
//!
//! Invariant: reads only, and never finds fault with what is merely under way: the journal is looked at up to a position it
//! had when the check began, and a document is compared with the fold up to the version it has. What it leaves out is what
//! takes rest: what orders and warehouses believe of each other (`munshi doctor` on a server that is down).

use std::sync::Arc;

use munshi_domain::{EntityId, Kind};
use munshi_store::{Store, StoreError};

use super::{Report, check_chain};
use crate::{fold::for_kind, host::Hosted, load};

/// Times a document that differs is looked at again: it may have been read between two of its writes.
const LOOKS: usize = 4;
/// Entries or entities read at a time.
const PAGE: usize = 500;

/// Examines what is stored up to journal position `head`, which documents must reflect already.
///
/// # Errors
/// [`StoreError`] when the store cannot be read; everything else is a finding.
pub async fn beside(store: &Arc<dyn Store>, head: u64) -> Result<Report, StoreError> {
    let mut report = Report::default();
    if head == 0 {
        return Ok(report);
    }
    let (_, begun) = check_chain(&**store, head, &mut report).await?;
    if !report.is_clean() {
        return Ok(report);
    }
    for kind in Kind::ALL {
        let before = report.entities;
        let mut after: Option<String> = None;
        loop {
            let page = store.entities(kind, after.as_deref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.to_string());
            for entity in &page {
                report.entities += 1;
                for_kind!(kind, A => compare::<A>(&**store, entity, &mut report).await?);
                // Requests go first.
                tokio::task::yield_now().await;
            }
        }
        // Since the check began there may be more of them, never fewer. The last batch read may reach past `head`.
        let (documents, begun) = (report.entities - before, begun.get(&kind).copied().unwrap_or_default());
        if documents < begun && store.cursor(crate::projector::DOCUMENTS).await? >= head {
            report.fault(format!("{documents} documents of kind {}, the journal begins {begun}", kind.name()));
        }
    }
    Ok(report)
}

async fn compare<A: Hosted>(store: &dyn Store, entity: &EntityId, report: &mut Report) -> Result<(), StoreError> {
    let mut fault = None;
    for _ in 0..LOOKS {
        fault = differs::<A>(store, entity).await?;
        if fault.is_none() {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    fault.into_iter().for_each(|fault| report.fault(fault));
    Ok(())
}

/// What is wrong with a document at the version it has.
async fn differs<A: Hosted>(store: &dyn Store, entity: &EntityId) -> Result<Option<String>, StoreError> {
    let Some(document) = store.document(entity).await? else {
        return Ok(Some(format!("{entity}: no document")));
    };
    let (mut folded, mut version) = (A::default(), 0);
    while version < document.version {
        let page = store.history(entity, version, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for entry in page.iter().take_while(|entry| entry.last <= document.version) {
            if entry.first != version + 1 || entry.last + 1 != entry.first + entry.events.len() as u64 {
                return Ok(Some(format!("{entity}: version {} follows {version}", entry.first)));
            }
            if let Err(error) = load::fold(&mut folded, entry) {
                return Ok(Some(error.to_string()));
            }
            version = entry.last;
        }
        if page.last().is_some_and(|last| last.last > document.version) {
            break;
        }
    }
    if version != document.version {
        return Ok(Some(format!("{entity}: document has version {}, its events {version}", document.version)));
    }
    Ok(match A::from_parts(document.parts) {
        Ok(stored) if stored == folded => folded.faults().into_iter().next().map(|fault| format!("{entity}: {fault}")),
        Ok(_) => Some(format!("{entity}: document differs from the fold of its events at version {version}")),
        Err(error) => Some(format!("{entity}: document cannot be read: {error}")),
    })
}
