//! The sockets of consoles and devices: the server's side of `munshi.v1`.
//!
//! ```text
//! journal ─▶ feed ─▶ boards (rows, rings) ─▶ shards ─▶ outboxes ─▶ writer task ─▶ socket
//! socket ─▶ reader task ─▶ session ─▶ the handlers of the REST interface ─▶ outbox
//! ```
//!
//! Invariants: nobody hears of an event before it is durable; a socket costs two tasks and a bounded queue, and no task
//! waits for the other's socket; what a console may see and do is asked of the same permissions as over HTTP. Frames,
//! topics' rings and the outbox's rules are `munshi_protocols`'; here are tasks, registries and clocks.
//!
//! Devices differ from consoles in who they are ([`device`]) and in how their commands are taken; connection, outbox and
//! heartbeat are the same. What comes of their connecting and
//! what they are told is [`devices`]'s.

pub mod access;
mod board;
mod boards;
mod commands;
mod customer;
pub mod device;
mod devices;
mod feed;
pub mod figures;
mod floor;
mod greet;
mod hub;
mod link;
mod local;
pub mod notices;
mod presence;
mod rows;
mod session;
mod start;
mod subscribe;
mod threads;
pub mod ticket;
mod touch;
mod upgrade;
mod writer;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use munshi_actors::node::Node;
use munshi_protocols::{code::Close, ids::Epoch, limits::ClientKind, server, server::ServerBody};
use tokio::{sync::Notify, task::JoinHandle};

pub use commands::OPS;
pub use figures::DAYS as FIGURE_DAYS;
pub use upgrade::{DEVICE_PATH, PATH, console, device_socket};

use crate::{app::App, auth::token, config};
use boards::Boards;
use figures::Figures;
use hub::Shard;
use presence::{Caps, Presence};
use ticket::Tickets;

/// How long a connection is waited for after it was told to close.
const FAREWELL: Duration = Duration::from_secs(3);

/// The socket layer of a running server; cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    node: Node,
    config: config::Live,
    origins: Vec<String>,
    boards: Boards,
    shards: Arc<[Shard]>,
    presence: Arc<Presence>,
    tickets: Tickets,
    ready: AtomicBool,
    draining: AtomicBool,
    /// Tells those who have not said who they are that the server is stopping.
    stopping: Notify,
    /// Journal position that the boards reflect.
    position: AtomicU64,
    connections: AtomicU64,
    tasks: AtomicUsize,
    commands: AtomicUsize,
    began: Instant,
    running: Mutex<Vec<JoinHandle<()>>>,
    meters: Meters,
    figures: Figures,
    turns: device::Turns,
    watch: devices::Watch,
    notices: notices::Notices,
}

/// Counters of what happens once for each delivery: looked up once.
struct Meters {
    deliveries: metrics::Counter,
    frames: metrics::Counter,
    bytes: metrics::Counter,
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            deliveries: metrics::counter!("munshi_live_deliveries_total"),
            frames: metrics::counter!("munshi_live_sent_frames_total"),
            bytes: metrics::counter!("munshi_live_sent_bytes_total"),
        }
    }
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("census", &self.census()).finish_non_exhaustive()
    }
}

/// What there is at a moment; all but `boards` are nothing when nobody is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    /// Sockets.
    pub connections: usize,
    /// Of them, those that have not said who they are.
    pub greeting: usize,
    /// Subscriptions.
    pub subscribers: usize,
    /// Reader and writer tasks.
    pub tasks: usize,
    /// Commands under way.
    pub commands: usize,
}

/// Counts something as long as it lives.
#[derive(Debug)]
struct Counted {
    live: Live,
    what: fn(&Inner) -> &AtomicUsize,
}

impl Drop for Counted {
    fn drop(&mut self) {
        (self.what)(&self.live.0).fetch_sub(1, Ordering::AcqRel);
    }
}

impl Live {
    /// Prepares the socket layer; nobody is let in before [`Live::start`] has filled the boards.
    ///
    /// # Errors
    /// When the journal's id cannot stand in a frame, or the key is refused.
    pub fn new(node: Node, config: &config::Config) -> Result<Self, String> {
        let live = &config.live;
        let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let shards = if live.shards == 0 { cores } else { whole(live.shards) };
        let shards: Arc<[Shard]> = (0..shards).map(|_| Shard::default()).collect();
        let epoch = Epoch::parse(&node.journal_id()).map_err(|error| error.to_string())?;
        let gauges = Epoch::parse(&format!("g_{}", token::hex_of(&token::random::<8>())));
        let tickets = match live.ticket_key.expose() {
            "" => Tickets::new(&token::random::<32>())?,
            key => Tickets::new(key.as_bytes())?,
        };
        let caps = Caps {
            connections: whole(live.max_connections),
            rate: live.connect_rate,
            pre_auth: whole(live.pre_auth_per_address),
            user: whole(live.user_connections),
        };
        let mut origins = live.origins.clone();
        origins.extend(config.server.allowed_origins.iter().cloned());
        Ok(Self(Arc::new(Inner {
            boards: Boards::new(epoch, gauges.map_err(|error| error.to_string())?, Arc::clone(&shards)),
            presence: Arc::new(Presence::new(caps)),
            config: live.clone(),
            notices: notices::Notices::new(node.store().clone(), node.status().epoch),
            node,
            origins,
            shards,
            tickets,
            ready: AtomicBool::new(false),
            draining: AtomicBool::new(false),
            stopping: Notify::new(),
            position: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            tasks: AtomicUsize::new(0),
            commands: AtomicUsize::new(0),
            began: Instant::now(),
            running: Mutex::default(),
            meters: Meters::default(),
            figures: Figures::default(),
            turns: device::Turns::default(),
            watch: devices::Watch::default(),
        })))
    }

    /// Fills the boards in the background, then follows the journal and lets consoles in.
    pub fn start(&self) {
        let live = self.clone();
        // Subscribed first: what is committed while the boards are filled comes by the feed.
        let feed = self.0.node.subscribe();
        let follow = tokio::spawn(async move {
            let head = live.fill().await;
            live.0.ready.store(true, Ordering::Release);
            let gather = live.clone();
            // Beside the feed: what that brings meanwhile is newer.
            let gathering = tokio::spawn(async move { start::gather(&gather, head).await });
            feed::run(live, feed, head).await;
            gathering.abort();
        });
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.push(follow);
        for number in 0..self.0.shards.len() {
            let live = self.clone();
            running.push(tokio::spawn(async move { live.0.shards[number].hand_out(&live, number).await }));
            let live = self.clone();
            running.push(tokio::spawn(async move { live.0.shards[number].keep_time(&live).await }));
        }
        let live = self.clone();
        running.push(tokio::spawn(async move { live.keep_up().await }));
        let live = self.clone();
        running.push(tokio::spawn(async move { live.keep_lookers().await }));
        let live = self.clone();
        running.push(tokio::spawn(async move { live.keep_devices().await }));
        running.push(tokio::spawn(notices::follow(self.clone())));
    }

    /// Fills the boards, however often it takes; answers the journal position they reflect.
    async fn fill(&self) -> u64 {
        let began = Instant::now();
        loop {
            let head = self.0.node.status().head;
            if self.0.node.wait_for(head).await {
                match start::fill(self, head).await {
                    Ok(()) => {
                        self.set_position(head);
                        tracing::info!(head, elapsed_ms = began.elapsed().as_millis(), "live topics are filled");
                        return head;
                    }
                    Err(why) => tracing::warn!(why, "live topics cannot be filled yet"),
                }
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    /// Checksums and what nobody has any more.
    async fn keep_up(&self) {
        let mut tick = tokio::time::interval(self.0.config.check_every.duration());
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            for board in self.0.boards.all() {
                board.check(self.now_ms());
                tokio::task::yield_now().await;
            }
            self.0.boards.sweep();
            let census = self.census();
            metrics::gauge!("munshi_live_subscribers").set(census.subscribers as f64);
            metrics::gauge!("munshi_live_tasks").set(census.tasks as f64);
        }
    }

    fn node(&self) -> &Node {
        &self.0.node
    }

    fn boards(&self) -> &Boards {
        &self.0.boards
    }

    fn presence(&self) -> &Arc<Presence> {
        &self.0.presence
    }

    /// What tickets and device tokens are signed with.
    pub fn tickets(&self) -> &Tickets {
        &self.0.tickets
    }

    fn settings(&self) -> &config::Live {
        &self.0.config
    }

    fn origins(&self) -> &[String] {
        &self.0.origins
    }

    /// Milliseconds since the start, by a clock that does not go back.
    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Idle time before a client of this sort is asked whether it is there: as configured, for devices no longer than a
    /// device may be silent.
    fn heartbeat_ms(&self, kind: ClientKind) -> u64 {
        self.0.config.heartbeat.millis().min(kind.limits().heartbeat_ms)
    }

    fn pong_ms(&self, kind: ClientKind) -> u64 {
        self.0.config.pong_wait.millis().min(kind.limits().pong_ms)
    }

    /// Journal position that the boards reflect.
    pub fn position(&self) -> u64 {
        self.0.position.load(Ordering::Acquire)
    }

    fn set_position(&self, seq: u64) {
        self.0.position.fetch_max(seq, Ordering::AcqRel);
    }

    fn next_connection(&self) -> u64 {
        self.0.connections.fetch_add(1, Ordering::Relaxed)
    }

    fn remind(&self, link: &Arc<link::Link>, after_ms: u64) {
        let count = self.0.shards.len() as u64;
        let number = usize::try_from(link.id() % count).unwrap_or_default();
        self.0.shards[number].remind(link, after_ms);
    }

    fn counted(&self, what: fn(&Inner) -> &AtomicUsize) -> Counted {
        what(&self.0).fetch_add(1, Ordering::AcqRel);
        Counted { live: self.clone(), what }
    }

    /// Whether consoles are let in.
    pub fn is_ready(&self) -> bool {
        self.0.ready.load(Ordering::Acquire) && !self.is_draining()
    }

    /// Whether the server is stopping.
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Acquire)
    }

    fn turns(&self) -> &device::Turns {
        &self.0.turns
    }

    fn watch(&self) -> &devices::Watch {
        &self.0.watch
    }

    fn notices(&self) -> &notices::Notices {
        &self.0.notices
    }

    fn meters(&self) -> &Meters {
        &self.0.meters
    }

    /// Resolves when the server begins to stop.
    async fn stopping(&self) {
        let mut told = std::pin::pin!(self.0.stopping.notified());
        // Registered before the flag is looked at, so that neither order of events is missed.
        told.as_mut().enable();
        if !self.is_draining() {
            told.await;
        }
    }

    /// Figures over many orders and scans.
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }

    /// Approval steps that wait for a decision.
    pub fn open_approvals(&self) -> u64 {
        self.0.boards.all_approvals().iter().map(|(_, family)| family.whole().rows() as u64).sum()
    }

    /// Links of consoles, devices and customers, and subscriptions of all of them.
    pub fn sockets(&self) -> ([usize; 3], usize) {
        (self.0.presence.counts(), self.0.boards.all().iter().map(|board| board.count()).sum())
    }

    /// What there is now.
    pub fn census(&self) -> Census {
        Census {
            connections: self.0.presence.open(),
            greeting: self.0.presence.greeting(),
            subscribers: self.0.boards.all().iter().map(|board| board.count()).sum(),
            tasks: self.0.tasks.load(Ordering::Acquire),
            commands: self.0.commands.load(Ordering::Acquire),
        }
    }

    /// Lets nobody in any more, tells everybody when to come back, waits for commands under way, and closes. Takes at most
    /// about `limit`; what is left then is cut off.
    pub async fn drain(&self, limit: Duration) {
        self.0.draining.store(true, Ordering::Release);
        self.0.stopping.notify_waiters();
        let links = self.0.presence.all();
        for (nth, link) in (0u64..).zip(&links) {
            // Spread so that they come back at a rate that the next server lets in.
            let after_ms = 250 + nth.saturating_mul(1_000) / self.0.config.connect_rate.max(1);
            let after_ms = u32::try_from(after_ms).unwrap_or(u32::MAX);
            link.push(ServerBody::Drain(server::Drain { after_ms, why: "stopping".to_owned() }));
        }
        self.until(limit, |live| live.0.commands.load(Ordering::Acquire) == 0).await;
        for link in self.0.presence.all() {
            link.close(Close::Drain);
        }
        self.until(FAREWELL, |live| live.census().tasks == 0 && live.0.presence.open() == 0).await;
        for link in self.0.presence.all() {
            link.hang_up();
            link.ended.notify_one();
        }
        self.until(FAREWELL, |live| live.census().tasks == 0).await;
        let running = std::mem::take(&mut *self.0.running.lock().unwrap_or_else(PoisonError::into_inner));
        for task in &running {
            task.abort();
        }
        for task in running {
            // Aborted; what it was doing is either done or of no consequence.
            let _ = task.await;
        }
    }

    async fn until(&self, limit: Duration, done: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + limit;
        while !done(self) && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// The topic of a single order.
pub fn order_topic(order: munshi_domain::OrderId) -> String {
    format!("order.{}", rows::order_segment(order))
}

/// What `welcome` says of the schema.
fn schema() -> &'static str {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(munshi_protocols::schema_hash)
}

/// The socket layer of an app; a shorthand of this module.
fn of(app: &App) -> &Live {
    app.live()
}
