//! The outside world: connections, each with a worker of its own, and the inbox of what vendors deliver.
//!
//! A connection reads the journal by its own position and sends what follows from it (`worker`, `deliver`); vendors'
//! deliveries become commands (`inbox`, `receive`). Invariant: nothing here decides anything about commerce, no aggregate
//! waits for anything here, and a connection that is sick slows no other and no order. Credentials are opened in memory
//! only, and neither they nor numbers nor texts are logged.

pub mod admin;
pub mod buttons;
pub mod connector;
pub mod dead;
pub mod deliver;
pub mod inbox;
mod lookout;
pub mod messages;
pub mod note;
mod notifier;
pub mod pace;
pub mod queue;
pub mod receive;
pub mod records;
pub mod render;
mod rooms;
#[cfg(test)]
mod tests;
mod vendors;
pub mod webhooks;
pub mod wire;
pub mod worker;
pub mod writer;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use dashmap::DashMap;
use munshi_actors::node::Node;
use munshi_connectors::{http::Http, secret::KeyRing};
use munshi_store::{StoreError, WorkKey, WorkTable};
use tokio::sync::{Notify, mpsc, watch};

pub use self::wire::Wired;
use self::{
    buttons::Signer,
    connector::Connector,
    deliver::Desk,
    records::{Connection, Mode, Record, SHOP},
    rooms::Rooms,
    webhooks::Webhooks,
    worker::{Bounds, Control, Health, Worker},
    writer::Writer,
};
use crate::{auth::rate::Rate, config::Config};

/// Wait before a worker that died is started again.
const RESTART: Duration = Duration::from_secs(1);
/// Controls that wait for a worker.
const CONTROLS: usize = 64;

struct Inner {
    node: Node,
    writer: Writer,
    keys: Option<KeyRing>,
    http: Http,
    signer: Signer,
    public_url: String,
    bounds: Bounds,
    call_timeout: Duration,
    look_ms: i64,
    inbox_days: u64,
    wired: DashMap<Arc<str>, Arc<Wired>>,
    running: Mutex<HashMap<Arc<str>, Running>>,
    inbox: Notify,
    editing: tokio::sync::Mutex<()>,
    /// Journal position up to which messages are planned.
    notified: AtomicU64,
    /// Deliveries of vendors, by connection and its limit.
    inbound: DashMap<Arc<str>, (f64, Rate<()>)>,
    stopping: AtomicBool,
}

/// A worker that runs.
struct Running {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
    control: mpsc::Sender<Control>,
    health: watch::Receiver<Health>,
}

/// Handle of all connections; cheap to clone.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound").field("connections", &self.0.wired.len()).finish_non_exhaustive()
    }
}

impl Outbound {
    /// Puts the parts together; nothing runs yet.
    ///
    /// # Errors
    /// When the keys that seal credentials cannot be read.
    pub fn new(node: Node, config: &Config) -> Result<Self, String> {
        let settings = &config.connections;
        let text = settings.keys.expose();
        let keys = if text.is_empty() { None } else { Some(KeyRing::parse(text).map_err(|error| error.to_string())?) };
        let writer = Writer::start(node.store().clone(), node.status().epoch);
        let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Self(Arc::new(Inner {
            node,
            writer,
            keys,
            http: Http::new().map_err(|error| error.to_string())?,
            signer: Signer::new(text),
            public_url: settings.public_url.trim_end_matches('/').to_owned(),
            bounds: Bounds { parallel: whole(settings.parallel), open: whole(settings.open_limit) },
            call_timeout: settings.call_timeout.duration(),
            look_ms: i64::try_from(settings.lookup_wait.millis()).unwrap_or(30_000),
            inbox_days: settings.inbox_days,
            wired: DashMap::new(),
            running: Mutex::new(HashMap::new()),
            inbox: Notify::new(),
            editing: tokio::sync::Mutex::new(()),
            notified: AtomicU64::new(0),
            inbound: DashMap::new(),
            stopping: AtomicBool::new(false),
        })))
    }

    /// Starts a worker for every connection, and the inbox.
    ///
    /// # Errors
    /// When connections cannot be read.
    pub async fn start(&self) -> Result<(), StoreError> {
        self.open().await?;
        drop(tokio::spawn(self.clone().follow_inbox()));
        drop(tokio::spawn(notifier::follow(self.clone())));
        drop(tokio::spawn(lookout::follow(self.clone())));
        for wired in self.connections().into_iter().filter(|wired| wired.lacks_practice_texts()) {
            drop(tokio::spawn(self.clone().hand_in(wired)));
        }
        Ok(())
    }

    /// Hands the texts of a practice connection in, as soon as the practice world answers: nobody approves them there.
    async fn hand_in(self, wired: Arc<Wired>) {
        while !self.stopping() {
            if let Ok(ids) = crate::services::messages::register(&wired).await {
                let settings = [("templates".to_owned(), serde_json::Value::Object(ids.into_iter().collect()))];
                let change = admin::Change { settings: settings.into(), ..admin::Change::default() };
                let cmd = format!("practice/texts/{}", wired.record.revision);
                if let Err(error) = self.change(&wired.record.id, change, None, note::Noted::system(cmd)).await {
                    tracing::warn!(connection = %wired.record.id, %error, "texts were handed in and could not be kept");
                }
                return;
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }

    /// Reads the connections and starts their workers, without inbox and notifier.
    ///
    /// # Errors
    /// When connections cannot be read.
    pub async fn open(&self) -> Result<(), StoreError> {
        let mut after: Option<WorkKey> = None;
        loop {
            let store = self.0.node.store();
            let rows = store.work_rows(WorkTable::Connection, Some(SHOP), after.as_ref(), 200).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.key.clone());
            for row in rows {
                self.run(Connection::from_row(row)?);
            }
        }
        Ok(())
    }

    /// Ends every worker; what is under way is waited for.
    pub async fn stop(&self) {
        self.0.stopping.store(true, Ordering::Release);
        self.0.inbox.notify_one();
        let running: Vec<Running> = self.workers().drain().map(|(_, running)| running).collect();
        for one in &running {
            let _ = one.stop.send(true);
        }
        for one in running {
            let _ = tokio::time::timeout(self.0.call_timeout + Duration::from_secs(6), one.task).await;
        }
    }

    /// The aggregates.
    pub fn node(&self) -> &Node {
        &self.0.node
    }

    /// Open work.
    pub fn writer(&self) -> &Writer {
        &self.0.writer
    }

    /// Tokens of buttons and links.
    pub fn signer(&self) -> &Signer {
        &self.0.signer
    }

    /// Keys that seal credentials; without them no connection can be made.
    pub fn keys(&self) -> Option<&KeyRing> {
        self.0.keys.as_ref()
    }

    /// Address under which this server is reached from outside, without a slash at its end.
    pub fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// Whether the server is stopping.
    pub fn stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Acquire) || self.0.node.status().stopped.is_some()
    }

    async fn editing(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.editing.lock().await
    }

    /// The client shared by all connections.
    fn http(&self) -> &Http {
        &self.0.http
    }

    /// A record made to run, with the keys and the client of this server.
    fn wire(&self, connection: Connection) -> Wired {
        Wired::new(connection, self.0.keys.as_ref(), &self.0.http, self.0.call_timeout)
    }

    fn inbox_waits(&self) -> &Notify {
        &self.0.inbox
    }

    fn inbox_days(&self) -> u64 {
        self.0.inbox_days
    }

    fn workers(&self) -> std::sync::MutexGuard<'_, HashMap<Arc<str>, Running>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection as it runs.
    pub fn wired(&self, id: &str) -> Option<Arc<Wired>> {
        self.0.wired.get(id).map(|wired| wired.clone())
    }

    /// Every connection, by id.
    pub fn connections(&self) -> Vec<Arc<Wired>> {
        let mut all: Vec<_> = self.0.wired.iter().map(|wired| wired.clone()).collect();
        all.sort_by(|a, b| a.record.id.cmp(&b.record.id));
        all
    }

    /// What people call a connection: its name, or its id where it has none.
    fn name_of(&self, id: &str) -> String {
        let named = self.wired(id).map(|wired| wired.record.name.clone()).filter(|name| !name.is_empty());
        named.unwrap_or_else(|| id.to_owned())
    }

    fn notified_up_to(&self) -> u64 {
        self.0.notified.load(Ordering::Relaxed)
    }

    fn open_limit(&self) -> usize {
        self.0.bounds.open
    }

    fn notified(&self, position: u64) {
        self.0.notified.store(position, Ordering::Relaxed);
    }

    /// Takes one delivery of a vendor, if there are not too many: a flood of one connection crowds out no other.
    ///
    /// # Errors
    /// How long the vendor should wait.
    pub fn admit_delivery(&self, wired: &Wired) -> Result<(), Duration> {
        let (per_second, at_once) = wired.inbound_limit();
        let mut limit = self.0.inbound.entry(wired.record.id.clone()).or_insert_with(|| (0.0, Rate::new(1.0, 1.0)));
        if (limit.0 - per_second).abs() > f64::EPSILON {
            *limit = (per_second, Rate::new(per_second, at_once));
        }
        limit.1.take((), std::time::Instant::now())
    }

    /// Whether any connection carries messages.
    fn carries_messages(&self) -> bool {
        self.0.wired.iter().any(|wired| !wired.channels().is_empty())
    }

    /// The connection a webhook's address names, if vendor and path token fit.
    pub fn hook(&self, vendor: &str, id: &str, token: &str) -> Option<Arc<Wired>> {
        self.wired(id).filter(|wired| wired.record.vendor.word() == vendor && wired.is_token(token))
    }

    /// How a connection is doing.
    pub fn health(&self, id: &str) -> Health {
        self.workers().get(id).map(|running| running.health.borrow().clone()).unwrap_or_default()
    }

    /// Tells a worker something; a worker that is gone reads it from the store when it is back.
    pub async fn control(&self, id: &str, control: Control) {
        let sender = self.workers().get(id).map(|running| running.control.clone());
        if let Some(sender) = sender {
            let _ = sender.send(control).await;
        }
    }

    /// Starts the worker of a connection, or starts it anew as the connection is now.
    pub async fn restart(&self, connection: Connection) {
        let before = self.workers().remove(&connection.id);
        if let Some(before) = before {
            let _ = before.stop.send(true);
            let _ = before.task.await;
        }
        if !self.stopping() {
            self.run(connection);
        }
    }

    fn run(&self, connection: Connection) {
        let id = connection.id.clone();
        let wired = Arc::new(self.wire(connection));
        self.0.wired.insert(id.clone(), wired.clone());
        let (stop, stopped) = watch::channel(false);
        let (control, controls) = mpsc::channel(CONTROLS);
        let (health, watched) = watch::channel(Health::default());
        let task = tokio::spawn(self.clone().supervise(wired, controls, stopped, health));
        self.workers().insert(id, Running { stop, task, control, health: watched });
    }

    /// Keeps a worker running: one that panics is started again from the store.
    async fn supervise(
        self,
        wired: Arc<Wired>,
        mut controls: mpsc::Receiver<Control>,
        mut stop: watch::Receiver<bool>,
        health: watch::Sender<Health>,
    ) {
        while !*stop.borrow() && !self.stopping() {
            let (forward, inner) = mpsc::channel(CONTROLS);
            let mut task = match (Webhooks::new(&self, &wired), Rooms::new(&self, &wired)) {
                (Some(connector), _) => self.work(connector, &wired, inner, &stop, &health),
                (None, Some(connector)) => self.work(connector, &wired, inner, &stop, &health),
                (None, None) => self.work(wired.messages(&self), &wired, inner, &stop, &health),
            };
            let ended = loop {
                tokio::select! {
                    ended = &mut task => break ended,
                    Some(control) = controls.recv() => drop(forward.send(control).await),
                }
            };
            match ended {
                Ok(()) => return,
                Err(error) => {
                    tracing::error!(connection = %wired.record.id, %error, "the worker of a connection died and is started again");
                    metrics::counter!("munshi_connector_restarts_total", "connection" => wired.record.id.to_string())
                        .increment(1);
                    let _ = tokio::time::timeout(RESTART, stop.wait_for(|stop| *stop)).await;
                }
            }
        }
    }

    fn work<C: Connector>(
        &self,
        connector: C,
        wired: &Wired,
        controls: mpsc::Receiver<Control>,
        stop: &watch::Receiver<bool>,
        health: &watch::Sender<Health>,
    ) -> tokio::task::JoinHandle<()> {
        let desk = Desk {
            connector,
            node: self.0.node.clone(),
            writer: self.0.writer.clone(),
            pace: Mutex::new(pace::Pace::new(wired.per_second(), wired.retries(), self.0.node.now())),
            call_timeout: self.0.call_timeout,
            look_ms: self.0.look_ms,
        };
        let paused = wired.record.mode == Mode::Paused;
        let worker = Worker::new(Arc::new(desk), wired.record.id.clone(), paused, self.0.bounds, health.clone());
        tokio::spawn(worker.run(controls, stop.clone()))
    }

    /// Reads until it is answered, or the server stops.
    async fn patiently<'a, T>(
        &self,
        mut read: impl FnMut() -> munshi_store::Fut<'a, Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        loop {
            match read().await {
                Err(error @ StoreError::Unavailable(_)) if !self.stopping() => {
                    tracing::warn!(%error, "open work cannot be read, trying again");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                other => return other,
            }
        }
    }
}

/// Texts that a person put in place of planned values.
fn edited_texts(effect: &records::Effect) -> impl Iterator<Item = (String, String)> + '_ {
    let edited = effect.edited.iter().flatten();
    edited.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
}
