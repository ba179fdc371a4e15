//! From configuration to a store and a node. The only place that knows how both are built.

use std::sync::Arc;

use munshi_actors::Clock;
use munshi_actors::node::{Node, NodeConfig};
use munshi_store::{
    Store,
    surreal::{Options, SurrealStore},
};

use crate::config::Config;

/// Starts the aggregates on a store.
///
/// # Errors
/// Why they did not start.
pub async fn node(config: &Config, store: Arc<dyn Store>) -> Result<Node, String> {
    node_at(config, store, Clock::system()).await
}

/// The same by another clock, for tests.
///
/// # Errors
/// As [`node`].
pub async fn node_at(config: &Config, store: Arc<dyn Store>, clock: Clock) -> Result<Node, String> {
    let defaults = NodeConfig::default();
    let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let sized = NodeConfig {
        holder: format!("pid {} on {}", std::process::id(), host()),
        arbiters: if config.runtime.arbiters == 0 { defaults.arbiters } else { whole(config.runtime.arbiters) },
        permits: whole(config.runtime.permits),
        projector_limit: config.runtime.projector_limit,
        passivate_seconds: config.runtime.passivate_after.millis() / 1_000,
        live_limit: whole(config.runtime.max_live),
        loads: whole(config.runtime.loads),
    };
    Node::start(store, sized, clock).await.map_err(|error| error.to_string())
}

fn host() -> String {
    let name = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "this host".to_owned() } else { name.to_owned() }
}

/// Opens the store the configuration names.
///
/// # Errors
/// Why it does not open, such as the holder of the data directory.
pub async fn store(config: &Config) -> Result<Arc<dyn Store>, String> {
    let url = config.database_url();
    if url.starts_with("surrealkv://") || url.starts_with("rocksdb://") {
        std::fs::create_dir_all(&config.data.dir).map_err(|error| format!("{}: {error}", config.data.dir.display()))?;
    }
    let options = Options {
        namespace: config.data.namespace.clone(),
        database: config.data.database.clone(),
        user: Some(config.data.user.clone()).filter(|user| !user.is_empty()),
        password: Some(config.data.password.expose().to_owned()).filter(|password| !password.is_empty()),
        workers: usize::try_from(config.data.workers).unwrap_or(2),
        cache_bytes: usize::try_from(config.data.cache_bytes).unwrap_or(usize::MAX),
        ..Options::default()
    };
    let store = SurrealStore::open(&url, options).await.map_err(|error| error.to_string())?;
    Ok(Arc::new(store))
}
