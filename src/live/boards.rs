//! The topics there are: which boards exist, and how a name and a window find theirs.
//!
//! Invariant: the boards of a warehouse and of a role exist before anybody asks for them; a window of a board and the
//! board of a single order are made when first asked for, and go when nobody has had them for a while. Every board takes
//! changes from one task only ([`super::feed`]), so offsets grow.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use dashmap::DashMap;
use munshi_domain::{UserId, WarehouseId, user::Role};
use munshi_protocols::{
    code::Code,
    ids::{Epoch, JournalSeq},
    payload::Payload,
    server::{Item, Row},
    topic::{Topic, TopicKey, TopicKind, Window},
    topicsm::{GaugeTopic, MapTopic, OffsetWentBack, Retention, RingBounds, StreamTopic},
};

use super::{
    board::{Board, Content, Edit},
    floor::FloorBoards,
    hub::Shard,
    local::Local,
    rows,
};

/// Windows kept for one topic.
const WINDOWS: usize = 64;
/// Single orders kept.
const SINGLES: usize = 10_000;

/// A topic of rows and its windows.
#[derive(Debug)]
pub struct Family {
    whole: Arc<Board>,
    windows: RwLock<Vec<(Window, Arc<Board>)>>,
}

/// The boards of one warehouse.
#[derive(Debug)]
pub struct Site {
    /// Its code.
    pub code: WarehouseId,
    /// `wh.{w}.orders`.
    pub orders: Family,
    /// `wh.{w}.stock`.
    pub stock: Family,
    /// `wh.{w}.tasks`.
    pub tasks: Family,
    /// `dash.{w}.kpi`.
    pub kpi: Arc<Board>,
    /// Those of its floor.
    pub floor: FloorBoards,
}

/// A board of a single order. While it is being made it has no rows.
#[derive(Debug)]
pub struct Single {
    /// The board, once it is made.
    pub board: RwLock<Option<Arc<Board>>>,
    /// Whether the order changed while the board was being made.
    pub missed: AtomicBool,
    /// Held by who makes the board; the others wait.
    pub making: tokio::sync::Mutex<()>,
}

/// Every board.
#[derive(Debug)]
pub struct Boards {
    epoch: Epoch,
    gauge_epoch: Epoch,
    shards: Arc<[Shard]>,
    sites: RwLock<BTreeMap<String, Arc<Site>>>,
    approvals: RwLock<BTreeMap<&'static str, Arc<Family>>>,
    threads: RwLock<Option<Arc<Family>>>,
    singles: DashMap<String, Arc<Single>>,
    /// Inboxes of users that somebody has asked for.
    inboxes: DashMap<UserId, Arc<Board>>,
    local: Local,
}

/// The rows a board of rows begins with.
#[derive(Clone, Debug, Default)]
pub struct Begin {
    /// Offset before the first step.
    pub off: JournalSeq,
    /// Rows at that offset.
    pub rows: Vec<Row>,
    /// Steps after it, oldest first.
    pub steps: BTreeMap<JournalSeq, Vec<Edit>>,
    /// Everything up to here is in them.
    pub head: JournalSeq,
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Value of a row's field, as a window names it.
fn admits(window: &Window, body: &Payload) -> bool {
    let Ok(fields) = body.parse::<serde_json::Map<String, serde_json::Value>>() else { return false };
    window.admits(|key| fields.get(key).and_then(serde_json::Value::as_str))
}

impl Boards {
    /// None yet. `epoch` is the journal's id, `gauge_epoch` a random one.
    pub fn new(epoch: Epoch, gauge_epoch: Epoch, shards: Arc<[Shard]>) -> Self {
        Self {
            local: Local::new(&gauge_epoch, shards.len()),
            epoch,
            gauge_epoch,
            shards,
            sites: RwLock::default(),
            approvals: RwLock::default(),
            threads: RwLock::default(),
            singles: DashMap::new(),
            inboxes: DashMap::new(),
        }
    }

    /// A board of rows as it begins.
    pub fn family(&self, name: &str, now_ms: u64, begin: Begin) -> Option<Family> {
        let topic = Topic::parse(name).ok()?;
        let Begin { off, rows, steps, head } = begin;
        let mut map = MapTopic::new(topic.clone(), self.epoch.clone(), off, rows, RingBounds::STANDARD);
        for (off, edits) in steps {
            if map.refill(now_ms, off, edits).is_err() {
                tracing::error!(topic = name, off = off.get(), "a step of a topic is out of order");
            }
        }
        map.advance(head);
        let key = TopicKey { topic, window: None };
        let whole = Arc::new(Board::new(key, Content::Map(Box::new(map)), self.shards.len()));
        Some(Family { whole, windows: RwLock::default() })
    }

    /// A board of rows that the journal knows nothing of: empty, and of this life of the server.
    pub fn local_family(&self, name: &str) -> Option<Family> {
        let topic = Topic::parse(name).ok()?;
        let map = MapTopic::new(topic.clone(), self.gauge_epoch.clone(), JournalSeq::ZERO, None, RingBounds::STANDARD);
        let key = TopicKey { topic, window: None };
        let whole = Arc::new(Board::new(key, Content::Map(Box::new(map)), self.shards.len()));
        Some(Family { whole, windows: RwLock::default() })
    }

    /// A stream of what is open until it is resolved; `head` is the offset that was given out last.
    pub fn stream(&self, name: &str, now_ms: u64, items: Vec<Item>, head: JournalSeq) -> Option<Arc<Board>> {
        let topic = Topic::parse(name).ok()?;
        let (none, begin) = (std::iter::empty(), JournalSeq::ZERO);
        let (epoch, retention) = (self.epoch.clone(), Retention::Resolved);
        let mut stream = StreamTopic::new(topic.clone(), epoch, begin, retention, begin, none, RingBounds::STANDARD);
        // One after the other, so that who has some of them resumes behind those.
        for Item { off, v } in items {
            if stream.add(now_ms, off, v).is_err() {
                tracing::error!(topic = name, off = off.get(), "an item of a topic is out of order");
            }
        }
        stream.advance(head);
        let key = TopicKey { topic, window: None };
        Some(Arc::new(Board::new(key, Content::Stream(Box::new(stream)), self.shards.len())))
    }

    /// A gauge without a value yet.
    pub fn gauge(&self, name: &str) -> Option<Arc<Board>> {
        let topic = Topic::parse(name).ok()?;
        let content = Content::Gauge(GaugeTopic::new(topic.clone(), self.gauge_epoch.clone()));
        Some(Arc::new(Board::new(TopicKey { topic, window: None }, content, self.shards.len())))
    }

    /// Offers the boards of a warehouse. Of two whose codes differ in case only the first keeps the name.
    pub fn offer_site(&self, site: Site) {
        let name = rows::segment(&site.code);
        let mut sites = write(&self.sites);
        match sites.get(&name) {
            Some(known) => {
                tracing::warn!(warehouse = %site.code, taken_by = %known.code, "a warehouse has no live topics: the name is taken");
            }
            None => drop(sites.insert(name, Arc::new(site))),
        }
    }

    /// Offers the board of a role's approvals.
    pub fn offer_approvals(&self, role: Role, family: Family) {
        write(&self.approvals).insert(role.name(), Arc::new(family));
    }

    /// Offers the board of threads.
    pub fn offer_threads(&self, family: Family) {
        *write(&self.threads) = Some(Arc::new(family));
    }

    /// The board of threads.
    pub fn threads(&self) -> Option<Arc<Family>> {
        read(&self.threads).clone()
    }

    /// Every warehouse offered.
    pub fn sites(&self) -> Vec<Arc<Site>> {
        read(&self.sites).values().cloned().collect()
    }

    /// The boards of a warehouse.
    pub fn site(&self, code: &WarehouseId) -> Option<Arc<Site>> {
        read(&self.sites).get(&rows::segment(code)).filter(|site| site.code == *code).cloned()
    }

    /// The board of a role's approvals.
    pub fn approvals(&self, role: &str) -> Option<Arc<Family>> {
        read(&self.approvals).get(role).cloned()
    }

    /// Every role's approvals.
    pub fn all_approvals(&self) -> Vec<(&'static str, Arc<Family>)> {
        read(&self.approvals).iter().map(|(role, family)| (*role, Arc::clone(family))).collect()
    }

    /// The board behind a name and window, for topics that are there without being asked for.
    ///
    /// # Errors
    /// [`Code::BadTopic`]; [`Code::TopicLimit`] when too many windows of the topic are in use.
    pub fn find(&self, kind: &TopicKind, window: Option<&Window>) -> Result<Arc<Board>, Code> {
        let site = |name: &str| read(&self.sites).get(name).cloned().ok_or(Code::BadTopic);
        match kind {
            TopicKind::Orders(name) => site(name)?.orders.through(window, self.shards.len()),
            TopicKind::Stock(name) => site(name)?.stock.through(window, self.shards.len()),
            TopicKind::Tasks(name) => site(name)?.tasks.through(window, self.shards.len()),
            TopicKind::Approvals(role) => {
                self.approvals(role).ok_or(Code::BadTopic)?.through(window, self.shards.len())
            }
            TopicKind::Threads => self.threads().ok_or(Code::BadTopic)?.through(window, self.shards.len()),
            TopicKind::Kpi(name) => Ok(Arc::clone(&site(name)?.kpi)),
            TopicKind::Imports => self.local.imports(),
            TopicKind::Exceptions(name) => Ok(Arc::clone(&site(name)?.floor.exceptions)),
            TopicKind::Devices(name) => site(name)?.floor.devices.rows.through(window, self.shards.len()),
            TopicKind::Throughput(name) => Ok(Arc::clone(&site(name)?.floor.throughput)),
            _ => Err(Code::BadTopic),
        }
    }

    /// The boards that do not come from the journal.
    pub const fn local(&self) -> &Local {
        &self.local
    }

    /// Users who have the topic of a single order.
    pub fn lookers_of(&self, order: &str) -> BTreeSet<UserId> {
        let board = self.singles.get(order).and_then(|single| read(&single.board).clone());
        board.map(|board| board.users()).unwrap_or_default()
    }

    /// The place of a single order's board.
    ///
    /// # Errors
    /// [`Code::TopicLimit`] when too many are in use.
    pub fn single(&self, order: &str) -> Result<Arc<Single>, Code> {
        if let Some(single) = self.singles.get(order) {
            return Ok(Arc::clone(&single));
        }
        if self.singles.len() >= SINGLES {
            self.sweep();
        }
        if self.singles.len() >= SINGLES {
            return Err(Code::TopicLimit);
        }
        let empty = || Single { board: RwLock::default(), missed: AtomicBool::new(false), making: Default::default() };
        let single = self.singles.entry(order.to_owned()).or_insert_with(|| Arc::new(empty()));
        Ok(Arc::clone(&single))
    }

    /// The board of a single order, if somebody has it. One that is being made is told that it missed something.
    pub fn watched(&self, order: &str) -> Option<Arc<Board>> {
        let single = self.singles.get(order)?;
        let board = read(&single.board).clone();
        if board.is_none() {
            single.missed.store(true, Ordering::Release);
        }
        board
    }

    /// The board of a single order, if it is made.
    pub fn made(&self, single: &Single) -> Option<Arc<Board>> {
        read(&single.board).clone()
    }

    /// Puts the board of a single order in place.
    pub fn place(&self, single: &Single, topic: &Topic, off: JournalSeq, row: Option<Row>) -> Arc<Board> {
        let map = MapTopic::new(topic.clone(), self.epoch.clone(), off, row, RingBounds::STANDARD);
        let key = TopicKey { topic: topic.clone(), window: None };
        let board = Arc::new(Board::new(key, Content::Map(Box::new(map)), self.shards.len()));
        *write(&single.board) = Some(Arc::clone(&board));
        board
    }

    /// The inbox of a user, if somebody has asked for it.
    pub fn inbox(&self, user: UserId) -> Option<Arc<Board>> {
        self.inboxes.get(&user).map(|board| Arc::clone(&board))
    }

    /// Puts the inbox of a user in place.
    pub fn place_inbox(&self, user: UserId, board: &Arc<Board>) {
        self.inboxes.insert(user, Arc::clone(board));
    }

    /// Takes a single order's place away that was not made after all.
    pub fn forget(&self, order: &str) {
        // Whoever waits to make it holds a reference.
        self.singles.remove_if(order, |_, single| read(&single.board).is_none() && Arc::strong_count(single) <= 2);
    }

    /// Lets go of single orders and windows that nobody has.
    pub fn sweep(&self) {
        // Whoever is about to join holds the entry or the window's list by a reference of its own.
        self.singles.retain(|_, single| {
            let board = read(&single.board);
            Arc::strong_count(single) > 1
                || board.as_ref().is_none_or(|board| board.count() > 0 || Arc::strong_count(board) > 1)
        });
        self.local.sweep();
        for family in self.families() {
            let mut windows = write(&family.windows);
            windows.retain(|(_, board)| board.count() > 0 || Arc::strong_count(board) > 1);
        }
    }

    fn families(&self) -> Vec<FamilyOf> {
        let sites = self.sites();
        let of_sites = sites.iter().flat_map(|site| {
            [Part::Orders, Part::Stock, Part::Tasks, Part::Devices].map(|part| FamilyOf::Site(Arc::clone(site), part))
        });
        let shared = self.all_approvals().into_iter().map(|(_, family)| family).chain(self.threads());
        of_sites.chain(shared.map(FamilyOf::Shared)).collect()
    }

    /// Every board there is.
    pub fn all(&self) -> Vec<Arc<Board>> {
        let mut all: Vec<Arc<Board>> = self.families().iter().flat_map(|family| family.boards()).collect();
        all.extend(self.local.boards());
        for site in self.sites() {
            all.extend([&site.kpi, &site.floor.exceptions, &site.floor.throughput].map(Arc::clone));
            all.extend(site.floor.devices.inboxes());
        }
        all.extend(self.inboxes.iter().map(|board| Arc::clone(&board)));
        all.extend(self.singles.iter().filter_map(|single| read(&single.board).clone()));
        all
    }

    /// What boards take until this is dropped is handed out together.
    pub fn together(&self) -> Together<'_> {
        self.shards.iter().for_each(Shard::gather);
        Together(&self.shards)
    }

    /// Applies changes to a topic and its windows, and tells the shards.
    pub fn apply(&self, family: &Family, now_ms: u64, off: JournalSeq, edits: Vec<Edit>) {
        // Held until the whole is done: a window that is made meanwhile has the step or gets it, never neither.
        let windows = read(&family.windows);
        for (window, board) in windows.iter() {
            let through = edits
                .iter()
                .map(|(key, body)| (key.clone(), body.as_ref().filter(|(body, _)| admits(window, body)).cloned()));
            self.step(board, now_ms, off, through.collect());
        }
        self.step(&family.whole, now_ms, off, edits);
    }

    /// Applies changes to one board, and tells the shards.
    pub fn step(&self, board: &Arc<Board>, now_ms: u64, off: JournalSeq, edits: Vec<Edit>) {
        match board.apply(now_ms, off, edits) {
            Ok(shards) => self.tell(board, &shards),
            Err(back) => self.went_back(board, off, back),
        }
    }

    /// Adds an item to a stream, and tells the shards.
    pub fn add(&self, board: &Arc<Board>, now_ms: u64, item: Item) {
        let off = item.off;
        match board.add(now_ms, item) {
            Ok(shards) => self.tell(board, &shards),
            Err(back) => self.went_back(board, off, back),
        }
    }

    fn went_back(&self, board: &Board, off: JournalSeq, back: OffsetWentBack) {
        metrics::counter!("munshi_live_offsets_back_total").increment(1);
        tracing::error!(topic = %board.topic(), off = off.get(), head = back.head.get(), "an offset went back");
    }

    /// Sets a gauge, and tells the shards.
    pub fn set(&self, board: &Arc<Board>, value: Payload) {
        let shards = board.set(value);
        self.tell(board, &shards);
    }

    fn tell(&self, board: &Arc<Board>, shards: &[usize]) {
        for number in shards {
            self.shards[*number].tell(Arc::clone(board));
        }
    }
}

/// Changes that are handed out together, when this is dropped. Only the feed makes one, and one at a time.
#[derive(Debug)]
pub struct Together<'a>(&'a [Shard]);

impl Drop for Together<'_> {
    fn drop(&mut self) {
        self.0.iter().for_each(Shard::release);
    }
}

/// Which topic of a warehouse.
#[derive(Clone, Copy, Debug)]
enum Part {
    Orders,
    Stock,
    Tasks,
    Devices,
}

/// A family by who owns it.
enum FamilyOf {
    Site(Arc<Site>, Part),
    Shared(Arc<Family>),
}

impl std::ops::Deref for FamilyOf {
    type Target = Family;

    fn deref(&self) -> &Family {
        match self {
            Self::Site(site, Part::Orders) => &site.orders,
            Self::Site(site, Part::Stock) => &site.stock,
            Self::Site(site, Part::Tasks) => &site.tasks,
            Self::Site(site, Part::Devices) => &site.floor.devices.rows,
            Self::Shared(family) => family,
        }
    }
}

impl Family {
    /// The board of all rows.
    pub const fn whole(&self) -> &Arc<Board> {
        &self.whole
    }

    fn boards(&self) -> Vec<Arc<Board>> {
        let windows = read(&self.windows);
        windows.iter().map(|(_, board)| Arc::clone(board)).chain([Arc::clone(&self.whole)]).collect()
    }

    /// The board through a window, made if it is not there.
    fn through(&self, window: Option<&Window>, shards: usize) -> Result<Arc<Board>, Code> {
        let Some(window) = window else { return Ok(Arc::clone(&self.whole)) };
        let known = |windows: &[(Window, Arc<Board>)]| {
            windows.iter().find(|(known, _)| known == window).map(|(_, board)| Arc::clone(board))
        };
        if let Some(board) = known(&read(&self.windows)) {
            return Ok(board);
        }
        // The list is held while the board is made, so that no step passes between the whole and the window.
        let mut windows = write(&self.windows);
        if let Some(board) = known(&windows) {
            return Ok(board);
        }
        if windows.len() >= WINDOWS {
            return Err(Code::TopicLimit);
        }
        let map = self.whole.look(|topic| topic.through(|row| admits(window, &row.v))).ok_or(Code::BadTopic)?;
        let key = TopicKey { topic: self.whole.topic().clone(), window: Some(window.clone()) };
        let board = Arc::new(Board::new(key, Content::Map(Box::new(map)), shards));
        windows.push((window.clone(), Arc::clone(&board)));
        Ok(board)
    }
}
