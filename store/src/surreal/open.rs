//! Opening a database: which engine, with which settings, held by whom.

use std::{
    fmt,
    fs::{File, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use surrealdb::{
    Surreal,
    engine::{any::Any, local::Db},
    opt::auth::Root,
    types::Object,
};
use surrealdb_cnf::ConfigMap;
use surrealdb_engine_local::{Datastore, EngineOptions};
use surrealdb_rpc::capabilities::Capabilities;
use tokio::runtime::Handle;

use super::wal;
use crate::StoreError;

/// The file in an embedded database's directory that its process holds; it is there once the directory was opened.
pub const LOCK: &str = "LOCK";

/// Longest that statements under way and the engine's own writes are waited for when closing.
pub(super) const CLOSE_TIMEOUT: Duration = Duration::from_secs(60);

/// How to open a database.
#[derive(Clone)]
pub struct Options {
    /// Worker threads of the database's own runtime.
    pub workers: usize,
    /// After this long a commit counts as of unknown outcome.
    pub commit_timeout: Duration,
    /// After this long a read or a projection counts as unanswered.
    pub read_timeout: Duration,
    /// Namespace in the database.
    pub namespace: String,
    /// Database within the namespace.
    pub database: String,
    /// Root user, for `ws://` only.
    pub user: Option<String>,
    /// Its password, for `ws://` only.
    pub password: Option<String>,
    /// Bytes an embedded engine may buffer in memory before it writes a table file; also what a restart after
    /// a crash has to replay at most.
    pub memtable_bytes: usize,
    /// Bytes an embedded engine may use to cache blocks read from disk.
    pub cache_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            workers: 3,
            commit_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(10),
            namespace: "munshi".into(),
            database: "munshi".into(),
            user: None,
            password: None,
            memtable_bytes: 64 << 20,
            cache_bytes: 64 << 20,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("workers", &self.workers)
            .field("commit_timeout", &self.commit_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("namespace", &self.namespace)
            .field("database", &self.database)
            .field("user", &self.user)
            .field("password", &self.password.as_ref().map(|_| "[redacted]"))
            .field("memtable_bytes", &self.memtable_bytes)
            .field("cache_bytes", &self.cache_bytes)
            .finish()
    }
}

/// Which engine a URL names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    /// In the memory of this process, gone with it.
    Memory,
    /// A directory of this process, by engine name.
    Disk { name: &'static str, directory: PathBuf },
    /// A server.
    Remote { url: String },
}

impl Engine {
    /// Parses a store URL. Parameters after `?` are refused: durability is not a matter of configuration.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let unknown = || StoreError::Unavailable(format!("unknown store url {url:?}"));
        let (scheme, rest) = url.split_once("://").ok_or_else(unknown)?;
        if rest.contains('?') {
            return Err(StoreError::Unavailable(format!("store url {url:?} must not have parameters")));
        }
        let disk = |name| {
            if rest.is_empty() { Err(unknown()) } else { Ok(Self::Disk { name, directory: PathBuf::from(rest) }) }
        };
        match scheme {
            "mem" => Ok(Self::Memory),
            "surrealkv" => disk("surrealkv"),
            "rocksdb" if cfg!(feature = "rocksdb") => disk("rocksdb"),
            "rocksdb" => {
                Err(StoreError::Unavailable("this build has no rocksdb engine (cargo feature rocksdb)".into()))
            }
            "ws" | "wss" => Ok(Self::Remote { url: url.to_owned() }),
            _ => Err(unknown()),
        }
    }

    /// Rows per `INSERT` and documents per transaction: batches of inserts are quadratic in the memory engine.
    pub(super) const fn chunk(&self) -> usize {
        match self {
            Self::Memory | Self::Remote { .. } => 256,
            Self::Disk { .. } => 1_000,
        }
    }

    /// The engine path with its sync mode; the one place where durability is chosen.
    fn path(&self) -> String {
        match self {
            Self::Memory | Self::Remote { .. } => "mem://".into(),
            Self::Disk { name, directory } => format!("{name}://{}?sync=every", directory.join(name).display()),
        }
    }
}

/// A connection to the database.
#[derive(Clone)]
pub(super) enum Link {
    /// The engine in this process. A session runs its statements on the runtime it was opened on: `front` is for what
    /// somebody waits for, `back` for the rest.
    Local { front: Surreal<Db>, back: Surreal<Db>, engine: Arc<Datastore> },
    /// A server over a WebSocket.
    Remote(Surreal<Any>),
}

/// Whether somebody waits for a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Commits and reads.
    Awaited,
    /// What is written behind the journal.
    Behind,
}

impl Link {
    /// Runs a query text with its variables and waits for all results.
    pub(super) async fn query(
        &self,
        urgency: Urgency,
        text: String,
        variables: Object,
    ) -> Result<surrealdb::IndexedResults, surrealdb::Error> {
        match (self, urgency) {
            (Self::Local { front, .. }, Urgency::Awaited) => front.query(text).bind(variables).await,
            (Self::Local { back, .. }, Urgency::Behind) => back.query(text).bind(variables).await,
            (Self::Remote(db), _) => db.query(text).bind(variables).await,
        }
    }

    /// Closes the embedded engine and waits until its files are; a remote connection just ends.
    ///
    /// The engine shuts itself down when its last handle is gone, and it must do so only once: a second shutdown
    /// writes to files that may by then belong to another process, and logs that it was refused.
    pub(super) async fn shutdown(self) -> Result<(), StoreError> {
        let Self::Local { front, back, engine } = self else { return Ok(()) };
        // The front session's runtime is gone; the engine closes itself with the other one.
        drop((front, back));
        let until = Instant::now() + CLOSE_TIMEOUT;
        while Arc::strong_count(&engine) > 1 {
            if Instant::now() > until {
                let seconds = CLOSE_TIMEOUT.as_secs();
                return Err(StoreError::Unavailable(format!("the database did not close within {seconds} s")));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }
}

/// Opens the engine or connects to the server and selects namespace and database, creating them if need be. What the
/// engine does by itself, it does on the runtime of `back`.
pub(super) async fn connect(engine: &Engine, options: &Options, back: &Handle) -> Result<Link, StoreError> {
    let unavailable = |error: surrealdb::Error| StoreError::Unavailable(error.to_string());
    let define = format!(
        "DEFINE NAMESPACE IF NOT EXISTS `{0}`; USE NS `{0}`; DEFINE DATABASE IF NOT EXISTS `{1}`;",
        name(&options.namespace)?,
        name(&options.database)?
    );
    let link = if let Engine::Remote { url } = engine {
        let db = surrealdb::engine::any::connect(url.as_str()).await.map_err(unavailable)?;
        if let Some(user) = &options.user {
            let password = options.password.clone().unwrap_or_default();
            db.signin(Root { username: user.clone(), password }).await.map_err(unavailable)?;
        }
        db.query(define).await.and_then(surrealdb::IndexedResults::check).map_err(unavailable)?;
        db.use_ns(&options.namespace).use_db(&options.database).await.map_err(unavailable)?;
        Link::Remote(db)
    } else {
        let ended = |error: tokio::task::JoinError| StoreError::Unavailable(error.to_string());
        let (name, settings) = (engine.clone(), options.clone());
        let engine = back.spawn(async move { embedded(&name, &settings).await }).await.map_err(ended)??;
        let (of, settings, text) = (Arc::clone(&engine), options.clone(), define.clone());
        let back = back.spawn(async move { session(of, &settings, text).await }).await.map_err(ended)??;
        let front = session(Arc::clone(&engine), options, define).await?;
        Link::Local { front, back, engine }
    };
    Ok(link)
}

/// A session on an embedded engine, bound to the runtime it is opened on.
async fn session(engine: Arc<Datastore>, options: &Options, define: String) -> Result<Surreal<Db>, StoreError> {
    let unavailable = |error: surrealdb::Error| StoreError::Unavailable(error.to_string());
    let db = Surreal::<Db>::unstable_from_datastore(engine, None).await.map_err(unavailable)?;
    db.query(define).await.and_then(surrealdb::IndexedResults::check).map_err(unavailable)?;
    db.use_ns(&options.namespace).use_db(&options.database).await.map_err(unavailable)?;
    Ok(db)
}

/// Opens an embedded engine: fsync on every commit, bounded memory, no live-query notifications.
async fn embedded(engine: &Engine, options: &Options) -> Result<Arc<Datastore>, StoreError> {
    let failed = |error: &dyn fmt::Display| StoreError::Unavailable(format!("cannot open the database: {error}"));
    let path = engine.path();
    if matches!(engine, Engine::Disk { .. }) && !path.ends_with("?sync=every") {
        return Err(failed(&"durable commits are not switched on"));
    }
    if let Engine::Disk { name: "surrealkv", directory } = engine {
        let log = directory.join("surrealkv").join("wal");
        tokio::task::spawn_blocking(move || wal::trim(&log)).await.map_err(|error| failed(&error))??;
    }
    let memtable = options.memtable_bytes.max(1 << 20).to_string();
    let cache = options.cache_bytes.max(1 << 20).to_string();
    let config = ConfigMap::empty()
        .with_key_value("datastore_sync", "every")
        .with_key_value("surrealkv_max_memtable_size", memtable.as_str())
        .with_key_value("surrealkv_block_cache_capacity", cache.as_str())
        // A look-up copies the block it looks into; at the engine's 64 KiB that is a sixth of all its work.
        .with_key_value("surrealkv_block_size", "16384")
        // A value in the engine's second log costs a second fsync; rows of up to a megabyte stay in the first.
        .with_key_value("surrealkv_vlog_threshold", "1048576")
        .with_key_value("rocksdb_write_buffer_size", memtable.as_str())
        .with_key_value("rocksdb_block_cache_size", cache.as_str());
    let engine = Datastore::builder()
        .with_engine_options(EngineOptions::default())
        .with_capabilities(Capabilities::default().with_live_query_notifications(false))
        .with_config(config)
        // They write, and must not do so before the version check on a new directory.
        .without_maintenance_tasks()
        .build_with_path(&path)
        .await
        .map_err(|error| failed(&error))?;
    engine.check_version().await.map_err(|error| failed(&error))?;
    engine.bootstrap().await.map_err(|error| failed(&error))?;
    engine.start_maintenance_tasks();
    Ok(engine)
}

fn name(text: &str) -> Result<&str, StoreError> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        Ok(text)
    } else {
        Err(StoreError::Unavailable(format!("{text:?} is not a namespace or database name")))
    }
}

/// Takes the lock file of a data directory, creating both; the lock goes with the file handle, also on a crash.
pub(super) fn hold(directory: &Path) -> Result<File, StoreError> {
    let path = directory.join(LOCK);
    let failed = |error: std::io::Error| StoreError::Unavailable(format!("{}: {error}", path.display()));
    std::fs::create_dir_all(directory).map_err(failed)?;
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::Error(error)) => return Err(failed(error)),
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            let holder = holder.trim();
            let holder = if holder.is_empty() { "another process" } else { holder };
            return Err(StoreError::Held { holder: holder.to_owned() });
        }
    }
    file.set_len(0).map_err(failed)?;
    file.rewind().map_err(failed)?;
    writeln!(file, "process {} on {}", std::process::id(), host()).map_err(failed)?;
    Ok(file)
}

fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("HOSTNAME").ok())
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .map_or_else(|| "this host".into(), |name| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_engines_and_never_weaken_durability() {
        assert_eq!(Engine::parse("mem://").unwrap(), Engine::Memory);
        let disk = Engine::parse("surrealkv:///data/munshi").unwrap();
        assert_eq!(disk.path(), "surrealkv:///data/munshi/surrealkv?sync=every");
        for bad in ["", "munshi", "surrealkv://", "surrealkv:///x?sync=never", "file:///x"] {
            assert!(Engine::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_password_is_not_printed() {
        let options = Options { password: Some("hunter2".into()), ..Options::default() };
        assert!(!format!("{options:?}").contains("hunter2"));
    }

    #[test]
    fn a_held_directory_names_its_holder() {
        let directory = tempfile::tempdir().unwrap();
        let held = hold(directory.path()).unwrap();
        let refused = hold(directory.path()).unwrap_err();
        assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
        drop(held);
        hold(directory.path()).unwrap();
    }
}
