//! Which orders exist, roughly: most orders are new when they are first heard of, and asking the database about
//! each costs more than its row in the journal.
//!
//! A Bloom filter, filled from the documents after the start and with every order that is activated since. It may
//! take a new order for an old one, which costs a read; it never takes an old one for new, which would cost the
//! whole batch. Until it is filled every order may be an old one.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use fastbloom::AtomicBloomFilter;
use munshi_domain::Kind;

use crate::{node::Core, search::pause};

/// Orders the filter is made for at least; beyond its size it errs more often, until the next start.
const LEAST: usize = 2_000_000;
/// How often it may take a new order for an old one.
const FALSE_POSITIVES: f64 = 0.01;
/// Ids read at a time; each read passes over those before it.
const PAGE: usize = 20_000;
/// How long to wait when the store does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The filter, once it is filled.
#[derive(Debug, Default)]
pub(crate) struct Known {
    filter: OnceLock<AtomicBloomFilter>,
    /// What was activated before the filter was there.
    early: std::sync::Mutex<Option<Vec<Arc<str>>>>,
}

impl Known {
    pub(crate) fn new() -> Self {
        Self { filter: OnceLock::new(), early: std::sync::Mutex::new(Some(Vec::new())) }
    }

    /// Whether this id was certainly never activated and has no document; it is known from here on.
    pub(crate) fn is_new(&self, id: &Arc<str>) -> bool {
        if let Some(filter) = self.filter.get() {
            return !filter.insert(&**id);
        }
        let mut early = self.early.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match (&mut *early, self.filter.get()) {
            (Some(early), _) => {
                early.push(id.clone());
                false
            }
            (None, Some(filter)) => !filter.insert(&**id),
            (None, None) => false,
        }
    }

    fn fill(&self, ids: &[String]) {
        let filter = AtomicBloomFilter::with_false_pos(FALSE_POSITIVES).expected_items((ids.len() * 2).max(LEAST));
        for id in ids {
            filter.insert(id.as_str());
        }
        let mut early = self.early.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for id in early.take().unwrap_or_default() {
            filter.insert(&*id);
        }
        // Filled once.
        let _ = self.filter.set(filter);
    }
}

/// Reads the ids of all orders, with pauses, and fills the filter.
pub(crate) async fn run(core: Arc<Core>) {
    let mut ids: Vec<String> = Vec::new();
    loop {
        if core.stopped() {
            return;
        }
        let began = Instant::now();
        match core.store.entities(Kind::Order, ids.last().map(String::as_str), PAGE).await {
            Ok(page) if page.is_empty() => break,
            Ok(page) => ids.extend(page.into_iter().map(|entity| entity.id.to_string())),
            Err(error) => {
                tracing::warn!(%error, "the ids of orders cannot be read, trying again; every order is looked up");
                pause(&core, PATIENCE).await;
            }
        }
        // Half of one processor at most.
        pause(&core, began.elapsed()).await;
    }
    core.known.fill(&ids);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> Arc<str> {
        format!("order-{n}").into()
    }

    #[test]
    fn an_order_that_exists_is_never_new() {
        let known = Known::new();
        assert!((0..50).all(|n| !known.is_new(&id(n))), "nothing is new before the filter is filled");
        known.fill(&(50..100).map(|n| id(n).to_string()).collect::<Vec<_>>());
        assert!((0..100).all(|n| !known.is_new(&id(n))));
        let new = (100..10_100).filter(|n| known.is_new(&id(*n))).count();
        assert!(new > 9_500, "{new} of 10000 new orders are known to be new");
        assert!((100..10_100).all(|n| !known.is_new(&id(n))), "and only once");
    }
}
