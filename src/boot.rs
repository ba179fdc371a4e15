//! From configuration to a store and a node. The only place that knows how both are built.

use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc};

use munshi_actors::Clock;
use munshi_actors::node::{Node, NodeConfig};
use munshi_connectors::secret::KeyRing;
use munshi_store::{
    Store, StoreError,
    surreal::{LOCK, Options, SurrealStore},
};

use crate::{
    auth::token,
    config::{Config, Secret},
};

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

/// Name of the file with the secret that signs tickets, in the data directory.
const TICKET_KEY: &str = "live.key";

/// Gives the tickets of an embedded database a secret that outlives the process, unless the configuration names one: made
/// by the first start, readable by the owner only. Without it, clients show their tokens again after a restart.
///
/// # Errors
/// When the file cannot be read or made.
pub fn keep_ticket_key(config: &mut Config) -> Result<(), String> {
    if !config.live.ticket_key.expose().is_empty() || directory(&config.database_url()).is_none() {
        return Ok(());
    }
    let path = config.data.dir.join(TICKET_KEY);
    let text = kept(&path, || Ok(token::hex_of(&token::random::<32>())))?;
    if text.trim().len() < 32 {
        return Err(format!("{}: too short to be a secret; remove it, and a new one is made", path.display()));
    }
    config.live.ticket_key = Secret::new(text.trim());
    Ok(())
}

/// Name of the file with the keys that seal credentials of connections, in the data directory.
const CONNECTION_KEYS: &str = "connections.key";

/// Gives an embedded database the keys that seal credentials of connections, unless the configuration names them: made by
/// the first start, readable by the owner only. A backup of the database without this file opens no credential.
///
/// # Errors
/// When the file cannot be read or made.
pub fn keep_connection_keys(config: &mut Config) -> Result<(), String> {
    if !config.connections.keys.expose().is_empty() || directory(&config.database_url()).is_none() {
        return Ok(());
    }
    let fresh = || KeyRing::new_line("k1").map(|line| line.expose().clone()).map_err(|error| error.to_string());
    let text = kept(&config.data.dir.join(CONNECTION_KEYS), fresh)?;
    config.connections.keys = Secret::new(text);
    Ok(())
}

/// The text of a secret file, made if it is not there.
fn kept(path: &Path, fresh: impl FnOnce() -> Result<String, String>) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = fresh()?;
            let mut file =
                std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
            file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
            Ok(text)
        }
        Err(error) => Err(failed(error)),
    }
}

/// The directory of an embedded database; `None` for one in memory or on a server.
fn directory(url: &str) -> Option<&Path> {
    url.strip_prefix("surrealkv://").or_else(|| url.strip_prefix("rocksdb://")).map(Path::new)
}

/// Whether there may be data where the configuration says: of a database elsewhere only the database knows.
pub fn has_data(config: &Config) -> bool {
    directory(&config.database_url()).is_none_or(|directory| directory.join(LOCK).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_03_the_key_of_tickets_is_made_once_and_is_nobody_else_s_to_read() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.data.dir = dir.path().to_owned();
        let mut again = config.clone();
        keep_ticket_key(&mut config).unwrap();
        keep_ticket_key(&mut again).unwrap();
        assert_eq!(config.live.ticket_key.expose().len(), 64);
        assert_eq!(config.live.ticket_key, again.live.ticket_key);
        let mode = std::fs::metadata(dir.path().join(TICKET_KEY)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(dir.path().join(TICKET_KEY), "short").unwrap();
        config.live.ticket_key = Secret::default();
        assert!(keep_ticket_key(&mut config).is_err());
        config.data.url = "mem://".into();
        assert!(keep_ticket_key(&mut config).is_ok() && config.live.ticket_key.expose().is_empty());
    }
}
