//! From the journal to the boards: follows durable entries, makes the rows they touch anew, and applies them.
//!
//! Invariant: no entry is left out. Whoever falls behind the broadcast reads the journal; a row that cannot be read now
//! is tried again until it can. A row is what the aggregate is when it is looked at, which may be later than the entry
//! that touched it; the later entry then touches it again, so boards converge and never lose a change.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::future::join_all;
use munshi_actors::node::Broken;
use munshi_domain::{
    Aggregate, ConversationId, OrderId, QueueId, UserId, WarehouseId,
    approval::{ApprovalQueue, StepId, StepView},
    order::Order,
    user::User,
    warehouse::Warehouse,
};
use munshi_protocols::{
    code::{Close, Code, CodeWord, Retry},
    ids::{Millis, RowKey},
    payload::Payload,
    server::{ServerBody, Unsubbed},
    topic::rows::KpiGauge,
};
use munshi_store::JournalEntry;
use tokio::sync::broadcast::{self, error::RecvError};

use super::{
    Live, access,
    board::{Board, Edit},
    boards::{self, Boards, Site},
    customer, device,
    figures::Line,
    link::{Link, Principal},
    rows::{self, About, OnBoards, WarehouseRows},
    start, threads,
    touch::{OfWarehouse, Touched},
};

/// Entries taken at once.
const AT_ONCE: usize = 2_000;
/// Entries read from the journal at a time.
const PAGE: usize = 1_000;
/// How soon what could not be read is tried again.
const AGAIN: Duration = Duration::from_millis(250);
/// How often a gauge is taken.
const GAUGES: Duration = Duration::from_millis(500);

type Entries = Arc<Vec<JournalEntry>>;

/// Follows the journal from behind `at`, until the node is gone.
pub async fn run(live: Live, mut feed: broadcast::Receiver<Entries>, mut at: u64) {
    let mut owed = Owed::default();
    let mut gauges = tokio::time::interval(GAUGES);
    gauges.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let received = tokio::select! {
            received = feed.recv() => Some(received),
            () = tokio::time::sleep(AGAIN), if !owed.is_empty() => None,
            _ = gauges.tick() => {
                take_gauges(&live, &mut owed.gauges);
                continue;
            }
        };
        let mut batches: Vec<Entries> = Vec::new();
        match received {
            Some(Ok(entries)) => batches.push(entries),
            Some(Err(RecvError::Lagged(_))) => metrics::counter!("munshi_live_feed_lagged_total").increment(1),
            Some(Err(RecvError::Closed)) => return,
            None => {}
        }
        while batches.iter().map(|batch| batch.len()).sum::<usize>() < AT_ONCE
            && let Ok(more) = feed.try_recv()
        {
            batches.push(more);
        }
        let gap = batches.first().and_then(|batch| batch.first()).is_none_or(|first| first.seq > at + 1);
        if gap && !catch_up(&live, &mut at, &mut owed.touched).await {
            continue;
        }
        let fresh = batches.iter().flat_map(|batch| batch.iter()).filter(|entry| entry.seq > at);
        let touched = Touched::by(fresh.inspect(|entry| live.figures().entry(entry)));
        at = batches.last().and_then(|batch| batch.last()).map_or(at, |last| last.seq.max(at));
        owed.touched.merge(touched);
        settle(&live, at, &mut owed).await;
    }
}

/// What is still to be done.
#[derive(Default)]
struct Owed {
    /// What could not be read.
    touched: Touched,
    /// What was read, but for which a board has no offset to spare until the journal goes on.
    edits: BTreeMap<Target, (u64, Vec<Edit>)>,
    /// The figures sent last, by warehouse.
    gauges: BTreeMap<WarehouseId, KpiGauge>,
}

impl Owed {
    fn is_empty(&self) -> bool {
        self.touched.is_empty() && self.edits.is_empty()
    }
}

/// Reads from the journal what the broadcast did not bring. `false` if the journal does not answer now.
async fn catch_up(live: &Live, at: &mut u64, owed: &mut Touched) -> bool {
    while *at < live.node().status().head {
        match live.node().store().journal(*at, PAGE).await {
            Ok(entries) if entries.is_empty() => return true,
            Ok(entries) => {
                *at = entries.last().map_or(*at, |last| last.seq);
                entries.iter().for_each(|entry| live.figures().entry(entry));
                owed.merge(Touched::by(&entries));
            }
            Err(error) => {
                tracing::warn!(%error, "live topics wait for the journal");
                tokio::time::sleep(AGAIN).await;
                return false;
            }
        }
    }
    true
}

/// Makes what is owed, as of `at`; what cannot be read stays owed.
async fn settle(live: &Live, at: u64, all: &mut Owed) {
    let (touched, edits) = (std::mem::take(&mut all.touched), std::mem::take(&mut all.edits));
    let owed = &mut all.touched;
    users(live, &touched.users).await;
    for device in &touched.devices {
        device::look_again(live, device).await;
    }
    live.watch().touch(touched.rows);
    let boards = live.boards();
    let mut steps: Steps<'_> = Steps { live, at, boards, edits };
    orders(live, touched.orders, &mut steps, owed).await;
    for (code, of) in touched.warehouses {
        warehouse(live, code, of, &mut steps, owed).await;
    }
    for (code, of) in touched.floors {
        if let Some(site) = boards.site(&code) {
            site.floor.take(boards, live.now_ms(), of);
        }
    }
    threads(live, touched.threads, &mut steps, owed).await;
    for (queue, of) in touched.steps {
        approvals(live, queue, of, &mut steps, owed).await;
    }
    all.edits = steps.apply();
    live.set_position(at);
}

/// Edits on their way to the boards: all of one batch are one step of each board.
struct Steps<'a> {
    live: &'a Live,
    at: u64,
    boards: &'a Boards,
    edits: BTreeMap<Target, (u64, Vec<Edit>)>,
}

/// A board, as edits name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Orders(WarehouseId),
    Stock(WarehouseId),
    Tasks(WarehouseId),
    Approvals(&'static str),
    Threads,
    /// A single order or thread.
    Order(String),
}

impl Steps<'_> {
    fn add(&mut self, target: Target, key: RowKey, body: Option<Payload>, changed: u64) {
        let (last, edits) = self.edits.entry(target).or_default();
        *last = changed.max(*last);
        edits.push((key, body.map(|body| (body, rows::seq(changed)))));
    }

    /// Applies everything; answers what has to wait until the journal goes on.
    fn apply(self) -> BTreeMap<Target, (u64, Vec<Edit>)> {
        let now_ms = self.live.now_ms();
        let mut waiting = BTreeMap::new();
        let _together = self.boards.together();
        for (target, (last, edits)) in self.edits {
            let Some(family) = Family::of(self.boards, &target) else { continue };
            // A row that was owed for longer than its board has gone on comes at the journal's present position.
            let head = family.board().off();
            let off = if head < rows::seq(last) { rows::seq(last) } else { rows::seq(self.at) };
            if off <= head {
                waiting.insert(target, (last, edits));
                continue;
            }
            match &family {
                Family::Site(site, pick) => self.boards.apply(pick(site), now_ms, off, edits),
                Family::Role(family) => self.boards.apply(family, now_ms, off, edits),
                Family::Single(board) => self.boards.step(board, now_ms, off, edits),
            }
        }
        waiting
    }
}

/// What a target names.
enum Family {
    Site(Arc<Site>, fn(&Site) -> &boards::Family),
    Role(Arc<boards::Family>),
    Single(Arc<Board>),
}

impl Family {
    fn of(boards: &Boards, target: &Target) -> Option<Self> {
        Some(match target {
            Target::Orders(code) => Self::Site(boards.site(code)?, |site| &site.orders),
            Target::Stock(code) => Self::Site(boards.site(code)?, |site| &site.stock),
            Target::Tasks(code) => Self::Site(boards.site(code)?, |site| &site.tasks),
            Target::Approvals(role) => Self::Role(boards.approvals(role)?),
            Target::Threads => Self::Role(boards.threads()?),
            Target::Order(order) => Self::Single(boards.watched(order)?),
        })
    }

    fn board(&self) -> &Arc<Board> {
        match self {
            Self::Site(site, pick) => pick(site).whole(),
            Self::Role(family) => family.whole(),
            Self::Single(board) => board,
        }
    }
}

/// What a look at an order brought.
#[derive(Default)]
struct Seen {
    on: Option<OnBoards>,
    single: Option<Payload>,
    figures: Option<Line>,
    /// How often tracking links were revoked.
    revoked: u16,
}

async fn orders(live: &Live, touched: BTreeMap<OrderId, u64>, steps: &mut Steps<'_>, owed: &mut Touched) {
    if touched.is_empty() {
        return;
    }
    let sites = live.boards().sites();
    let looks = touched.into_iter().map(|(id, seq)| async move {
        let single = live.boards().watched(&rows::order_segment(id)).is_some();
        let view = move |order: &Order, version: u64| {
            let columns = order.view();
            Seen {
                on: columns.as_ref().and_then(|columns| rows::order(columns, version)),
                figures: columns.as_ref().and_then(Line::of),
                single: single
                    .then(|| Payload::of(&crate::api::order_view::order(order, version, false)).ok())
                    .flatten(),
                revoked: order.tracking_revoked,
            }
        };
        let read = live.node().read::<Order, _>(&id.to_string(), view).await;
        (id, seq, read, customer::row(live, id).await)
    });
    for (id, seq, read, shown) in join_all(looks).await {
        let (Ok(seen), Ok(shown)) = (read, shown) else {
            owed.orders.insert(id, seq);
            continue;
        };
        let Seen { on, single, figures, revoked } = seen.unwrap_or_default();
        live.figures().note(id, figures, live.node().now());
        customer::hold_against(live, id, revoked);
        let Some(key) = rows::order_key(&id.to_string()) else { continue };
        for site in &sites {
            let here = on.as_ref().filter(|on| on.warehouses.iter().any(|code| code == site.code.as_str()));
            steps.add(Target::Orders(site.code.clone()), key.clone(), here.map(|on| on.row.clone()), seq);
        }
        if let Some(body) = shown {
            steps.add(Target::Order(rows::customer_board(id)), key.clone(), Some(body), seq);
        }
        if let Some(body) = single {
            steps.add(Target::Order(rows::order_segment(id)), key, Some(body), seq);
        }
    }
}

async fn warehouse(live: &Live, code: WarehouseId, of: OfWarehouse, steps: &mut Steps<'_>, owed: &mut Touched) {
    if live.boards().site(&code).is_none()
        && let Some(site) = start::empty_site(live, &code)
    {
        live.boards().offer_site(site);
    }
    let skus: Vec<_> = of.skus.iter().map(|(sku, seq)| (sku.clone(), *seq)).collect();
    let parcels: Vec<_> = of.parcels.iter().map(|(id, seq)| (*id, *seq)).collect();
    let view = move |warehouse: &Warehouse, _: u64| WarehouseRows::of(warehouse, &skus, &parcels);
    match live.node().read::<Warehouse, _>(code.as_str(), view).await {
        Ok(read) => {
            let WarehouseRows { stock, tasks } = read.unwrap_or_default();
            for (key, body, seq) in stock {
                steps.add(Target::Stock(code.clone()), key, body, seq);
            }
            for (key, body, seq) in tasks {
                steps.add(Target::Tasks(code.clone()), key, body, seq);
            }
        }
        Err(_) => drop(owed.warehouses.insert(code, of)),
    }
}

async fn threads(live: &Live, mut touched: BTreeMap<ConversationId, u64>, steps: &mut Steps<'_>, owed: &mut Touched) {
    for (id, seq, thread) in threads::look(live, &touched).await {
        touched.remove(&id);
        let Some(key) = threads::key(id) else { continue };
        let on = thread.as_ref().filter(|thread| thread.to_do);
        steps.add(Target::Threads, key.clone(), on.map(|thread| thread.row.clone()), seq);
        let name = threads::board_of(id);
        if live.boards().watched(&name).is_some() {
            steps.add(Target::Order(name), key, thread.map(|thread| thread.row), seq);
        }
    }
    owed.threads.extend(touched);
}

async fn approvals(live: &Live, queue: QueueId, of: BTreeMap<StepId, u64>, steps: &mut Steps<'_>, owed: &mut Touched) {
    match open_steps(live, &queue, of.keys().copied().collect()).await {
        Some(open) => {
            for (step, seq) in of {
                let Some(key) = rows::step_key(step) else { continue };
                let row = open.get(&step);
                for (role, _) in live.boards().all_approvals() {
                    let here = row.filter(|(view, _)| view.about.approver_role == role);
                    let body = here.and_then(|(view, about)| Payload::of(&rows::approval(view, about)).ok());
                    steps.add(Target::Approvals(role), key.clone(), body, seq);
                }
            }
        }
        None => drop(owed.steps.insert(queue, of)),
    }
}

/// Open steps of a queue with what their rows need of the orders; nothing if something cannot be read now.
pub(super) async fn open_steps(
    live: &Live,
    queue: &QueueId,
    wanted: Vec<StepId>,
) -> Option<BTreeMap<StepId, (StepView, About)>> {
    let look = move |state: &ApprovalQueue, _: u64| {
        wanted.iter().filter_map(|step| state.step(*step).cloned()).collect::<Vec<_>>()
    };
    let views = live.node().read::<ApprovalQueue, _>(queue.as_str(), look).await.ok()?.unwrap_or_default();
    let about = views.into_iter().map(|view| async move {
        let order = view.about.step.order.to_string();
        let about = live.node().read::<Order, _>(&order, |order, _| About::of(order)).await;
        about.ok().map(|about| (view.about.step, (view, about.unwrap_or_default())))
    });
    join_all(about).await.into_iter().collect()
}

/// Users whose rights may have changed: their links are looked at again.
async fn users(live: &Live, touched: &BTreeMap<UserId, u64>) {
    for (user, seq) in touched {
        live.presence().user_changed(*user, *seq);
        for link in live.presence().of_user(*user) {
            look_again(live, &link).await;
        }
    }
}

/// Holds a link against its user as the user is now: closes it, or takes topics away that the roles no longer permit.
pub(super) async fn look_again(live: &Live, link: &Arc<Link>) {
    let principal = link.principal();
    let user = match present(live, principal.user).await {
        Ok(user) => user,
        // Who cannot be checked is not let go on; the client connects again and is checked then.
        Err(_) => return link.close(Close::ServerError),
    };
    let good = user.filter(|user| !user.disabled && user.session(principal.session).is_some());
    let Some(user) = good else { return link.close(Close::Revoked) };
    if user.roles == principal.roles {
        return;
    }
    link.set_principal(Principal { roles: user.roles.clone(), ..principal });
    for (topic, _) in link.topics() {
        let kept = topic.kind().is_some_and(|kind| access::may(&kind, principal.user, &user.roles));
        if !kept && link.unsubscribe(&topic) {
            let code = CodeWord::from(Code::SubRevoked);
            link.push(ServerBody::Unsub(Unsubbed { topic, code, retry: Retry::No, retry_ms: None }));
        }
    }
}

/// A user as it is now. Not the snapshot that requests are checked against: that may be a moment behind the journal, and
/// what is asked for here is what an entry of the journal has just changed.
///
/// # Errors
/// When it cannot be read now.
pub(super) async fn present(live: &Live, user: UserId) -> Result<Option<Arc<User>>, Broken> {
    live.node().read::<User, _>(&user.to_string(), |user, _| Arc::new(user.clone())).await
}

fn take_gauges(live: &Live, last: &mut BTreeMap<WarehouseId, KpiGauge>) {
    for site in live.boards().sites() {
        site.floor.tell(live.boards(), live.node().now());
        let mut figures = kpi(&site);
        // The same figures at another time are nothing new.
        if let Some(last) = last.get(&site.code)
            && *last == (KpiGauge { at: last.at, ..figures.clone() })
        {
            continue;
        }
        figures.at = rows::millis(live.node().now());
        if let Ok(value) = Payload::of(&figures) {
            live.boards().set(&site.kpi, value);
        }
        last.insert(site.code.clone(), figures);
    }
}

/// The figures of a warehouse, counted on its boards.
fn kpi(site: &Site) -> KpiGauge {
    let states = site.tasks.whole().look(|topic| {
        let waiting = |body: &Payload| matches!(state_of(body).as_str(), "planned" | "queued");
        let waiting = topic.rows().values().filter(|row| waiting(&row.v)).count();
        (waiting, topic.rows().len() - waiting)
    });
    let (waiting, active) = states.unwrap_or_default();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    KpiGauge {
        at: Millis::ZERO,
        open_orders: count(site.orders.whole().rows()),
        waiting_tasks: count(waiting),
        active_tasks: count(active),
    }
}

fn state_of(body: &Payload) -> String {
    #[derive(serde::Deserialize)]
    struct State {
        state: String,
    }
    body.parse::<State>().map(|row| row.state).unwrap_or_default()
}
