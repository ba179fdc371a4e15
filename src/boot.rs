//! From configuration to a store and a node. The only place that knows how both are built.

use std::{path::Path, sync::Arc};

use munshi_actors::Clock;
use munshi_actors::node::{Node, NodeConfig};
use munshi_store::{
    Store, StoreError,
    surreal::{LOCK, Options, SurrealStore},
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
pub async fn store(config: &Config) -> Result<Arc<dyn Store>, StoreError> {
    let url = config.database_url();
    if directory(&url).is_some() {
        let failed = |error| StoreError::Unavailable(format!("{}: {error}", config.data.dir.display()));
        std::fs::create_dir_all(&config.data.dir).map_err(failed)?;
    }
    let options = Options {
        namespace: config.data.namespace.clone(),
        database: config.data.database.clone(),
        user: Some(config.data.user.clone()).filter(|user| !user.is_empty()),
        password: Some(config.data.password.expose().to_owned()).filter(|password| !password.is_empty()),
        workers: usize::try_from(config.data.workers).unwrap_or(2),
        cache_bytes: usize::try_from(config.data.cache_bytes).unwrap_or(usize::MAX),
        memtable_bytes: usize::try_from(config.data.memtable_bytes).unwrap_or(usize::MAX),
        ..Options::default()
    };
    Ok(Arc::new(SurrealStore::open(&url, options).await?))
}

/// The directory of an embedded database; `None` for one in memory or on a server.
fn directory(url: &str) -> Option<&Path> {
    url.strip_prefix("surrealkv://").or_else(|| url.strip_prefix("rocksdb://")).map(Path::new)
}

/// Whether there may be data where the configuration says: of a database elsewhere only the database knows.
pub fn has_data(config: &Config) -> bool {
    directory(&config.database_url()).is_none_or(|directory| directory.join(LOCK).exists())
}
