//! One running server's worth of aggregates: the handle through which everything else talks to them.
//!
//! Invariant: actix, arbiters, mailboxes and the lane are hidden behind this file; a caller sees commands,
//! answers and failures, and an answer is never seen before it is durable.

use std::{
    any::Any,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use actix::{Arbiter, ArbiterHandle, System};
use dashmap::DashMap;
use munshi_domain::{
    Aggregate, EntityId, Kind, Refused, Timestamp, UserId,
    settings::{SHOP, Settings},
};
use munshi_store::{JournalEntry, Store, StoreError, Who};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    runtime::Handle,
    sync::{Notify, Semaphore, broadcast, mpsc, oneshot, watch},
};

use crate::{
    admission::{Admission, Class},
    clock::Clock,
    fold,
    host::Hosted,
    known::{self, Known},
    lane::{self, Lane, LaneFigures},
    load,
    message::{Body, Envelope, Header, Responder, StagedFailure},
    numbers::Numbers,
    process::{self, Reports, Tracker, Undelivered},
    projector,
    registry::{Hosts, Sent},
    search,
    ticker::{self, Ticker},
};

/// How a node is sized; every value has a default that suits a small shop's server.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Name of the process for the fence, for example host and pid.
    pub holder: String,
    /// Threads on which aggregates run.
    pub arbiters: usize,
    /// Most commands of one kind queued or unsaved.
    pub permits: usize,
    /// Most entries the projector may trail before new work is shed.
    pub projector_limit: u64,
    /// Seconds without use after which an aggregate leaves memory.
    pub passivate_seconds: u64,
    /// Aggregates in memory above which those without use for five seconds leave, but for warehouses, floors and queues.
    pub live_limit: usize,
    /// Most aggregates loading at the same time.
    pub loads: usize,
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self {
            holder: format!("pid {}", std::process::id()),
            arbiters: 1,
            permits: 8_192,
            projector_limit: 20_000,
            passivate_seconds: 600,
            live_limit: 20_000,
            loads: 64,
        }
    }
}

/// Who sends a command and under which id.
#[derive(Clone, Debug)]
pub struct Meta {
    /// The command's id, scoped by caller, for example `<user id>:<Idempotency-Key>`.
    pub cmd: Arc<str>,
    /// Who, for the journal.
    pub who: Who,
    /// The person, for rules about persons.
    pub by: Option<UserId>,
    /// Hash of the request, to tell a retry from a reuse of the id.
    pub request: Option<Arc<str>>,
    /// Why, for the journal.
    pub reason: Option<Arc<str>>,
    /// Version the caller believes the entity to have.
    pub expected: Option<u64>,
    /// When to shed it.
    pub class: Class,
}

impl Meta {
    /// A person's command.
    pub fn user(user: UserId, cmd: impl Into<Arc<str>>, request: Option<Arc<str>>) -> Self {
        Self {
            cmd: cmd.into(),
            who: Who::User(user),
            by: Some(user),
            request,
            reason: None,
            expected: None,
            class: Class::Office,
        }
    }

    /// A command of the command line, an import or the seed.
    pub fn system(name: &str, cmd: impl Into<Arc<str>>) -> Self {
        Self {
            cmd: cmd.into(),
            who: Who::System(name.into()),
            by: None,
            request: None,
            reason: None,
            expected: None,
            class: Class::Office,
        }
    }

    /// The same with a reason.
    #[must_use]
    pub fn because(mut self, reason: Option<&str>) -> Self {
        self.reason = reason.map(Into::into);
        self
    }

    /// The same, refused unless the entity has this version.
    #[must_use]
    pub const fn expecting(mut self, version: Option<u64>) -> Self {
        self.expected = version;
        self
    }

    /// The same, shed with this class.
    #[must_use]
    pub const fn class(mut self, class: Class) -> Self {
        self.class = class;
        self
    }
}

/// A durable answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied<R> {
    /// Version of the entity as the command left it.
    pub version: u64,
    /// Journal position it rests on; [`Node::wait_for`] takes it.
    pub seq: u64,
    /// Whether this is the stored answer of an earlier execution.
    pub replayed: bool,
    /// What the caller's view made of the state.
    pub view: R,
}

/// Why a command has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failure<E: std::fmt::Display> {
    /// A typed no, decided on durable state.
    #[error("{0}")]
    Refused(E),
    /// Too much is queued; certainly not executed.
    #[error("busy, try again in {retry_after_ms} ms")]
    Busy {
        /// When to try again, in milliseconds.
        retry_after_ms: u64,
    },
    /// The command id was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The entity has another version than the caller expected.
    #[error("expected version {expected}, the entity has {actual}")]
    VersionConflict {
        /// What the caller expected.
        expected: u64,
        /// What it is.
        actual: u64,
    },
    /// Ours, not the caller's: try again with the same command id.
    #[error("{0}")]
    Broken(String),
}

/// Something that should work did not; trying again with the same command id is safe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub String);

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store refuses or does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The actor threads could not be started.
    #[error("actor threads could not be started: {0}")]
    Threads(String),
}

/// How a node is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeStatus {
    /// Epoch of this node.
    pub epoch: u64,
    /// Last durable journal position.
    pub head: u64,
    /// Position that documents reflect.
    pub projected: u64,
    /// Process steps outstanding.
    pub outstanding: usize,
    /// Aggregates in memory by kind.
    pub live: Vec<(&'static str, usize)>,
    /// Why the node takes no more commands, if so.
    pub stopped: Option<String>,
    /// Milliseconds since the start.
    pub uptime_ms: u64,
}

/// Immutable snapshots of small aggregates that are read with every request.
#[derive(Default)]
pub(crate) struct Snapshots(DashMap<EntityId, (u64, Snapshot)>);

/// A snapshot, its type erased.
type Snapshot = Arc<dyn Any + Send + Sync>;

impl Snapshots {
    pub(crate) fn put<A: Aggregate + Sync>(&self, id: &Arc<str>, version: u64, state: Arc<A>) {
        let mut slot =
            self.0.entry(EntityId { kind: A::KIND, id: id.clone() }).or_insert_with(|| (0, state.clone() as Arc<_>));
        if version > slot.0 {
            *slot = (version, state);
        }
    }

    fn get<A: Aggregate + Sync>(&self, entity: &EntityId) -> Option<Arc<A>> {
        self.0.get(entity).and_then(|slot| slot.1.clone().downcast::<A>().ok())
    }
}

/// Everything the parts of a node share.
pub(crate) struct Core {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) lane: Lane,
    pub(crate) hosts: Hosts,
    pub(crate) ticker: Ticker,
    pub(crate) tracker: Arc<Tracker>,
    pub(crate) admission: Arc<Admission>,
    pub(crate) clock: Clock,
    pub(crate) loads: Semaphore,
    pub(crate) snapshots: Snapshots,
    pub(crate) stopping: Notify,
    pub(crate) numbers: Numbers,
    pub(crate) known: Known,
    pub(crate) reports: Reports,
    handle: Handle,
    arbiters: Vec<ArbiterHandle>,
    projected: watch::Receiver<u64>,
    began: Instant,
    closing: AtomicBool,
    internal_ids: AtomicU64,
    epoch: u64,
    journal: Arc<str>,
    config: NodeConfig,
}

impl Core {
    pub(crate) fn uptime_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        drop(self.handle.spawn(future));
    }

    /// The arbiter an aggregate lives on, by hash of its id.
    pub(crate) fn arbiter(&self, id: &str) -> ArbiterHandle {
        let hash = id
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        self.arbiters[usize::try_from(hash % self.arbiters.len() as u64).unwrap_or_default()].clone()
    }

    /// Position of the documents, and how it changes.
    pub(crate) fn watch_projected(&self) -> watch::Receiver<u64> {
        self.projected.clone()
    }

    /// Waits until the node is told to end; also by who asks only after it was told.
    pub(crate) async fn told_to_end(&self) {
        let mut told = std::pin::pin!(self.stopping.notified());
        told.as_mut().enable();
        if !self.closing.load(Ordering::Acquire) {
            told.await;
        }
    }

    pub(crate) fn stopped(&self) -> bool {
        self.closing.load(Ordering::Acquire) || self.lane.watch_stopped().borrow().is_some()
    }

    pub(crate) fn resend<A: Hosted>(self: &Arc<Self>, id: &Arc<str>, envelope: Envelope<A>) {
        if A::map(&self.hosts).quarantined(id) {
            return load::refuse(envelope, "this entity is quarantined after repeated faults");
        }
        if let Sent::Activate = A::map(&self.hosts).send(id, envelope) {
            load::activate::<A>(self, id.clone(), (0, 0));
        }
    }

    /// Takes a dead actor out of the registry; what it staged must be durable before it is loaded again.
    pub(crate) fn evict<A: Hosted>(self: &Arc<Self>, id: &Arc<str>, generation: u64) {
        let Some(live) = A::map(&self.hosts).evict(id) else { return };
        load::activate::<A>(self, id.clone(), (generation, live.meter.seq.load(Ordering::Acquire)));
    }

    pub(crate) fn panicked<A: Hosted>(&self, id: &Arc<str>) {
        if A::map(&self.hosts).panicked(id) {
            tracing::error!(kind = A::KIND.name(), id = %id, "quarantined after repeated panics");
            metrics::counter!("munshi_actor_quarantined_total", "kind" => A::KIND.name()).increment(1);
        }
    }

    /// Waits until `seq` of `generation` is durable, or never will be because staged work was lost.
    pub(crate) async fn wait_durable(&self, generation: u64, seq: u64) {
        let mut durable = self.lane.watch_durable();
        while *durable.borrow_and_update() < seq && self.lane.generation() == generation && !self.stopped() {
            let _ = tokio::time::timeout(Duration::from_millis(50), durable.changed()).await;
        }
    }

    /// Waits until everything staged so far is durable; `false` if it was lost.
    pub(crate) async fn barrier(&self) -> bool {
        let (done, wait) = oneshot::channel();
        self.lane.after_all(Box::new(move |durable| {
            let _ = done.send(durable.is_ok());
        }));
        wait.await.unwrap_or(false)
    }

    /// A command of a process or of the node itself; answered when staged.
    pub(crate) async fn internal<A: Hosted, R: Send + 'static>(
        self: &Arc<Self>,
        id: &str,
        command: A::Command,
        process: &'static str,
        view: impl FnOnce(&A) -> R + Send + 'static,
    ) -> Result<R, Undelivered<A::Refusal>> {
        let (reply, answer) = oneshot::channel();
        let n = self.internal_ids.fetch_add(1, Ordering::Relaxed);
        let header = Header {
            cmd: format!("{process}/{}/{n}", self.epoch).into(),
            who: Who::Process(process.into()),
            by: None,
            request: None,
            reason: None,
            expected: None,
        };
        let staged = Box::new(move |result: Result<&A, StagedFailure<A::Refusal>>| {
            let _ = reply.send(match result {
                Ok(state) => Ok(view(state)),
                Err(StagedFailure::Refused(refusal)) => Err(Undelivered::Refused(refusal)),
                Err(StagedFailure::Again) => Err(Undelivered::Again),
            });
        });
        self.resend::<A>(&Arc::from(id), Envelope(Body::Internal { command, header, staged }));
        answer.await.unwrap_or(Err(Undelivered::Again))
    }

    pub(crate) fn tick(self: &Arc<Self>, entity: &EntityId, now: Timestamp) {
        fn send<A: Hosted>(core: &Arc<Core>, id: &Arc<str>, now: Timestamp) {
            core.resend::<A>(id, Envelope(Body::Tick(now)));
        }
        fold::for_kind!(entity.kind, A => send::<A>(self, &entity.id, now));
    }

    /// Ticks an aggregate and waits until what that did is durable; `true` if nothing is due there any more.
    pub(crate) async fn tick_durably(self: &Arc<Self>, entity: &EntityId, now: Timestamp) -> bool {
        async fn settled<A: Hosted>(core: &Arc<Core>, id: &Arc<str>, now: Timestamp) -> bool {
            let (done, wait) = oneshot::channel();
            let view = Box::new(move |seen: Option<(&A, u64)>| -> crate::message::Output {
                let fired = seen.and_then(|(state, _)| state.due()).is_none_or(|due| due > now);
                Box::new(move |durable| {
                    let _ = done.send(durable.is_ok() && fired);
                })
            });
            core.resend::<A>(id, Envelope(Body::Read(view)));
            wait.await.unwrap_or(false)
        }
        self.tick(entity, now);
        fold::for_kind!(entity.kind, A => settled::<A>(self, &entity.id, now).await)
    }
}

/// Handle of a running node; cheap to clone.
#[derive(Clone)]
pub struct Node {
    core: Arc<Core>,
    tasks: Arc<Tasks>,
}

/// The actor threads and what ends them.
type Threads = (oneshot::Sender<()>, std::thread::JoinHandle<()>);

/// What has to be ended in order.
struct Tasks {
    /// What runs until the node stops; the store is closed after it.
    parts: std::sync::Mutex<Vec<tokio::task::JoinHandle<()>>>,
    system: std::sync::Mutex<Option<Threads>>,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("epoch", &self.core.epoch).finish_non_exhaustive()
    }
}

impl Node {
    /// Takes the store over, brings documents up to the journal, resumes processes and starts the lane.
    ///
    /// # Errors
    /// [`StartError`] when the store refuses or threads cannot be started.
    pub async fn start(store: Arc<dyn Store>, config: NodeConfig, clock: Clock) -> Result<Self, StartError> {
        let began = Instant::now();
        let start = store.start(&config.holder).await?;
        let caught_up = fold::catch_up(&*store, start.projected, start.head).await?;
        let (arbiters, system) = arbiters(config.arbiters.max(1))?;
        let tracker = Arc::new(Tracker::default());
        let admission = Arc::new(Admission::new(config.permits, config.projector_limit));
        admission.durable(start.head);
        admission.projected(start.head);
        let lane = Lane::new(start.head, tracker.clone(), admission.clone());
        let (project, projected) = watch::channel(start.head);
        let (durable, feed) = mpsc::unbounded_channel();
        let core = Arc::new(Core {
            store: store.clone(),
            lane: lane.clone(),
            hosts: Hosts::default(),
            ticker: Ticker::default(),
            tracker,
            admission: admission.clone(),
            clock,
            loads: Semaphore::new(config.loads.max(1)),
            snapshots: Snapshots::default(),
            stopping: Notify::new(),
            numbers: Numbers::default(),
            known: Known::new(),
            reports: Reports::default(),
            handle: Handle::current(),
            arbiters,
            projected,
            began,
            closing: AtomicBool::new(false),
            internal_ids: AtomicU64::new(0),
            epoch: start.epoch,
            journal: start.journal.into(),
            config,
        });
        let lane_task =
            watched(&lane, "commit lane", lane::run(lane.clone(), store.clone(), start.epoch, start.hash, durable));
        let projector_task = watched(&lane, "projector", apart(projector::run(store, feed, project, admission)));
        let ticker_task = watched(&lane, "ticker", ticker::run(core.clone()));
        let known_task = watched(&lane, "order filter", known::run(core.clone()));
        let search_task = watched(&lane, "search", search::run(core.clone()));
        let sweeper_task = watched(&lane, "sweeper", sweep(core.clone()));
        let waker_task = watched(&lane, "waker", wake_stale(core.clone(), lane.watch_generation()));
        let parts = vec![lane_task, projector_task, search_task, ticker_task, known_task, sweeper_task, waker_task];
        let resumed = process::resume(&core, start.processed, start.head).await?;
        let node = Self {
            core,
            tasks: Arc::new(Tasks { parts: std::sync::Mutex::new(parts), system: std::sync::Mutex::new(Some(system)) }),
        };
        node.settings_state().await.map_err(|Broken(why)| StartError::Threads(why))?;
        tracing::info!(
            epoch = start.epoch,
            head = start.head,
            caught_up,
            resumed,
            elapsed_ms = began.elapsed().as_millis(),
            "node started"
        );
        Ok(node)
    }

    /// Executes a command. Resolves when it is durable and settled (an order is settled when it is no longer
    /// `placing`). `view` builds the answer from the state as this command left it; for a repeated command id it
    /// runs on the state as it was then.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn execute<A, R>(
        &self,
        id: &str,
        command: A::Command,
        meta: Meta,
        view: impl FnOnce(&A, u64) -> R + Send + 'static,
    ) -> Result<Applied<R>, Failure<A::Refusal>>
    where
        A: Hosted,
        R: Serialize + DeserializeOwned + Send + 'static,
    {
        if self.core.stopped() {
            return Err(Failure::Broken("the server is stopping".into()));
        }
        let permit = self
            .core
            .admission
            .admit(A::KIND, meta.class)
            .map_err(|retry_after_ms| Failure::Busy { retry_after_ms })?;
        let (reply, answer) = oneshot::channel();
        let header = Header {
            cmd: meta.cmd,
            who: meta.who,
            by: meta.by,
            request: meta.request,
            reason: meta.reason,
            expected: meta.expected,
        };
        let respond = Box::new(Responder::<A, R, _>::new(view, reply, permit));
        let body = Body::Command { command, header, respond, looked_up: None };
        self.core.resend::<A>(&Arc::from(id), Envelope(body));
        let lost = || Err(Failure::Broken("the answer was lost; send the same request again".into()));
        answer.await.unwrap_or_else(|_| lost())
    }

    /// Looks at durable state; `None` if the entity has no event.
    ///
    /// # Errors
    /// [`Broken`] when it cannot be loaded.
    pub async fn read<A: Hosted, R: Send + 'static>(
        &self,
        id: &str,
        view: impl FnOnce(&A, u64) -> R + Send + 'static,
    ) -> Result<Option<R>, Broken> {
        let (reply, answer) = oneshot::channel();
        let view = Box::new(move |seen: Option<(&A, u64)>| -> crate::message::Output {
            let value = seen.map(|(state, version)| view(state, version));
            Box::new(move |durable: Result<(), crate::message::Lost>| {
                let _ = reply.send(durable.map(|()| value));
            })
        });
        self.core.resend::<A>(&Arc::from(id), Envelope(Body::Read(view)));
        match answer.await {
            Ok(Ok(value)) => Ok(value),
            _ => Err(Broken(format!("{} {id} cannot be read now", A::KIND.name()))),
        }
    }

    /// Looks at the present state, which may not be durable yet; `None` if the entity has no event. It is for deciding what
    /// to do next, never for telling anybody outside: what is seen here may still be lost.
    ///
    /// # Errors
    /// [`Broken`] when it cannot be loaded.
    pub async fn glance<A: Hosted, R: Send + 'static>(
        &self,
        id: &str,
        view: impl FnOnce(&A, u64) -> R + Send + 'static,
    ) -> Result<Option<R>, Broken> {
        let (reply, answer) = oneshot::channel();
        let view = Box::new(move |seen: Option<(&A, u64)>| -> crate::message::Output {
            // Who no longer waits is not told.
            let _ = reply.send(seen.map(|(state, version)| view(state, version)));
            Box::new(|_| ())
        });
        self.core.resend::<A>(&Arc::from(id), Envelope(Body::Read(view)));
        answer.await.map_err(|_| Broken(format!("{} {id} cannot be read now", A::KIND.name())))
    }

    /// An immutable snapshot of a small aggregate that is read often; never older than the last durable change
    /// whose answer somebody has seen.
    ///
    /// # Errors
    /// [`Broken`] when it cannot be loaded.
    pub async fn snapshot<A: Hosted + Sync>(&self, id: &str) -> Result<Option<Arc<A>>, Broken> {
        let entity = EntityId::new(A::KIND, id);
        if let Some(state) = self.core.snapshots.get::<A>(&entity) {
            return Ok(Some(state));
        }
        let seen = self.read::<A, _>(id, |state, version| (Arc::new(state.clone()), version)).await?;
        Ok(seen.map(|(state, version)| {
            if A::SNAPSHOT {
                self.core.snapshots.put::<A>(&entity.id, version, state.clone());
            }
            state
        }))
    }

    async fn settings_state(&self) -> Result<Arc<Settings>, Broken> {
        Ok(self.snapshot::<Settings>(SHOP).await?.unwrap_or_default())
    }

    /// The shop's settings, or the built-in defaults as long as nobody changed them.
    pub fn settings(&self) -> Arc<Settings> {
        self.core.snapshots.get::<Settings>(&EntityId::new(Kind::Settings, SHOP)).unwrap_or_default()
    }

    /// The next number of a document series, written as the settings say (ORD-01).
    ///
    /// # Errors
    /// [`Broken`] when the sequence cannot be advanced.
    pub async fn next_number(&self, series: &str) -> Result<String, Broken> {
        let n = self.core.numbers.next(&self.core, series).await?;
        Ok(self.settings().shop.order_number.write(n, self.now()))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.core.clock.now()
    }

    /// The store, for lists and histories.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.core.store
    }

    /// Waits until lists and documents reflect `seq`; `false` after two seconds without.
    pub async fn wait_for(&self, seq: u64) -> bool {
        let mut projected = self.core.projected.clone();
        let reached = async { projected.wait_for(|at| *at >= seq).await.is_ok() };
        tokio::time::timeout(Duration::from_secs(2), reached).await.unwrap_or(false)
    }

    /// Waits until other aggregates have heard of the entry at `seq` and what they did about it is durable; `false` if
    /// that takes longer than `limit`. A caller whose next request goes to one of them would otherwise be ahead of it.
    pub async fn heard(&self, seq: u64, limit: Duration) -> bool {
        tokio::time::timeout(limit, self.core.tracker.closed(seq)).await.is_ok()
    }

    /// Waits until documents are not far behind: for work that can wait and would keep those who cannot from going on.
    pub async fn documents_near(&self) {
        let mut projected = self.core.projected.clone();
        // Ends with the projector, too: then nothing goes on anyway.
        while !self.core.admission.near() && projected.changed().await.is_ok() {}
    }

    /// Waits until no process step is outstanding and everything staged is durable and projected; `false` if
    /// that takes longer than `limit`.
    pub async fn at_rest(&self, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        while Instant::now() < until {
            let kept = self.core.barrier().await;
            let durable = self.core.lane.durable();
            let quiet = kept && self.core.tracker.outstanding() == 0 && *self.core.projected.borrow() >= durable;
            if quiet && self.core.lane.durable() == durable && self.core.tracker.outstanding() == 0 {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        false
    }

    /// The state of an entity as it was at `version`, folded from its events (N03).
    ///
    /// # Errors
    /// [`Broken`] when the history cannot be read.
    pub async fn state_at<A: Hosted>(&self, id: &str, version: u64) -> Result<A, Broken> {
        load::state_at(&*self.core.store, &Arc::from(id), version).await.map_err(|error| Broken(error.to_string()))
    }

    /// Id of the journal: the same over restarts, another one after a restore.
    pub fn journal_id(&self) -> Arc<str> {
        self.core.journal.clone()
    }

    /// Durable entries from now on, in order. A receiver that is too slow misses some, and is told so; they can be read
    /// from the store's journal.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<JournalEntry>>> {
        self.core.lane.subscribe()
    }

    /// How the node is doing.
    pub fn status(&self) -> NodeStatus {
        let core = &self.core;
        NodeStatus {
            epoch: core.epoch,
            head: core.lane.durable(),
            projected: *core.projected.borrow(),
            outstanding: core.tracker.outstanding(),
            live: core.hosts.live(),
            stopped: core.lane.watch_stopped().borrow().as_ref().map(|stopped| stopped.0.clone()),
            uptime_ms: core.uptime_ms(),
        }
    }

    /// How the commit lane is doing.
    pub fn lane(&self) -> LaneFigures {
        self.core.lane.figures()
    }

    /// Resolves with the reason when the node stops by itself; the process must then end.
    pub async fn failed(&self) -> String {
        let mut stopped = self.core.lane.watch_stopped();
        match stopped.wait_for(Option::is_some).await {
            Ok(stopped) => stopped.as_ref().map_or_else(String::new, |stopped| stopped.0.clone()),
            Err(_) => "the commit lane is gone".into(),
        }
    }

    /// Ends the node as a crash would: nothing more is committed, answered or projected, and threads end. For
    /// simulations; the store is left as it is.
    pub async fn crash(&self) {
        self.core.closing.store(true, Ordering::Release);
        self.core.lane.fail("crashed on purpose");
        self.shutdown().await;
    }

    /// Ends the node in order: no new commands, what is staged becomes durable and projected, threads end.
    /// The store is left open.
    pub async fn shutdown(&self) {
        self.core.closing.store(true, Ordering::Release);
        self.core.stopping.notify_waiters();
        self.core.lane.close();
        let parts = std::mem::take(&mut *self.tasks.parts.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        for part in parts {
            let _ = tokio::time::timeout(Duration::from_secs(30), part).await;
        }
        let system = self.tasks.system.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some((stop, thread)) = system {
            let _ = stop.send(());
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

/// Runs a part without which the node must not go on: its death stops the lane and with it the process
/// (runtime.md rule 11).
fn watched(
    lane: &Lane,
    name: &'static str,
    part: impl Future<Output = ()> + Send + 'static,
) -> tokio::task::JoinHandle<()> {
    let lane = lane.clone();
    tokio::spawn(async move {
        if tokio::spawn(part).await.is_err() {
            lane.fail(&format!("the {name} died"));
        }
    })
}

/// Runs a part on a thread of its own. Making the documents of a rush takes tens of milliseconds at a stretch; meanwhile
/// a worker of the runtime would hold up what it has been given, and all sockets if nobody else waits for them just then.
async fn apart(part: impl Future<Output = ()> + Send + 'static) {
    let runtime = Handle::current();
    if let Err(died) = tokio::task::spawn_blocking(move || runtime.block_on(part)).await
        && let Ok(panic) = died.try_into_panic()
    {
        std::panic::resume_unwind(panic);
    }
}

/// Starts the actor threads.
fn arbiters(count: usize) -> Result<(Vec<ArbiterHandle>, Threads), StartError> {
    let (ready, handles) = std::sync::mpsc::channel();
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("actors".into())
        .spawn(move || {
            System::new().block_on(async move {
                let arbiters: Vec<Arbiter> = (0..count).map(|_| Arbiter::new()).collect();
                let _ = ready.send(arbiters.iter().map(Arbiter::handle).collect::<Vec<_>>());
                let _ = stopped.await;
                for arbiter in arbiters {
                    arbiter.stop();
                    let _ = arbiter.join();
                }
            });
        })
        .map_err(|error| StartError::Threads(error.to_string()))?;
    let handles = handles
        .recv_timeout(Duration::from_secs(10))
        .map_err(|_| StartError::Threads("no answer from the actor system".into()))?;
    Ok((handles, (stop, thread)))
}

/// After staged work was lost: an actor that keeps callers waiting for a record that will never come is poked, so
/// that it notices, reloads and tells them. A few rounds, for those that were just about to wait.
///
/// The watch is taken before this task first runs: a batch may be lost in the first millisecond.
async fn wake_stale(core: Arc<Core>, mut generation: watch::Receiver<u64>) {
    loop {
        tokio::select! {
            changed = generation.changed() => if changed.is_err() { return },
            () = core.told_to_end() => return,
        }
        for _ in 0..5 {
            for kind in Kind::ALL {
                let waited_for = fold::for_kind!(kind, A => A::map(&core.hosts).waited_for());
                for id in waited_for {
                    core.tick(&EntityId { kind, id }, Timestamp::from_millis(i64::MIN));
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Most aggregates of a kind that leave memory in one sweep, so that a sweep stays short.
const AT_ONCE: usize = 8_192;
/// Milliseconds without use after which an aggregate may leave when there are too many.
const EARLY_MS: u64 = 5_000;

/// Lets idle aggregates go, sooner when there are too many.
async fn sweep(core: Arc<Core>) {
    let mut pause = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = pause.tick() => {}
            () = core.told_to_end() => return,
        }
        let (now, projected) = (core.uptime_ms(), *core.projected.borrow());
        let live = core.hosts.live();
        for (kind, count) in &live {
            metrics::gauge!("munshi_actor_live", "kind" => *kind).set(*count as f64);
        }
        let live: usize = live.iter().map(|(_, count)| count).sum();
        let mut excess = live.saturating_sub(core.config.live_limit).min(AT_ONCE);
        for kind in Kind::ALL {
            let early = excess > 0 && !load::shared(kind);
            let idle = if early { EARLY_MS } else { core.config.passivate_seconds * 1_000 };
            let most = if early { excess } else { AT_ONCE };
            let gone = fold::for_kind!(kind, A => A::map(&core.hosts).passivate(now, idle, projected, most));
            excess = excess.saturating_sub(gone);
            if gone > 0 {
                metrics::counter!("munshi_actor_passivated_total", "kind" => kind.name()).increment(gone as u64);
            }
            metrics::gauge!("munshi_actor_in_flight", "kind" => kind.name()).set(core.admission.in_flight(kind) as f64);
        }
        metrics::gauge!("munshi_journal_head").set(core.lane.durable() as f64);
        metrics::gauge!("munshi_projector_lag_entries").set(core.lane.durable().saturating_sub(projected) as f64);
        metrics::gauge!("munshi_process_outstanding").set(core.tracker.outstanding() as f64);
    }
}

/// What a refusal reads like outside of the typed world, for the command line.
pub fn describe<E: Refused>(failure: &Failure<E>) -> String {
    match failure {
        Failure::Refused(refusal) => match refusal.fix() {
            Some(fix) => format!("{refusal} ({}); {fix}", refusal.code()),
            None => format!("{refusal} ({})", refusal.code()),
        },
        other => other.to_string(),
    }
}
