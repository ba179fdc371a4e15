//! Fills the boards when the server starts: the rows as they are, and the recent steps from the journal's tail, so that
//! clients of the server's former life resume.
//!
//! Invariant: a row has the version it had in the former life. It comes from the last entry that touched it: from the
//! tail if that is recent, else from where the store remembers it.

use std::collections::{BTreeMap, HashMap};

use munshi_domain::{
    ConversationId, Kind, OrderId, QueueId, Timestamp, WarehouseId, approval::ApprovalQueue, floor::Floor, user::Role,
    warehouse::Warehouse,
};
use munshi_protocols::{ids::RowKey, payload::Payload, server::Row};
use munshi_store::{Filter, Op, Query, Sort, query::Source};

use super::{
    Live,
    boards::{Begin, Family, Site},
    feed, figures,
    floor::{FloorBoards, OfFloor, Open},
    rows, threads,
    touch::Touched,
};

/// Entries of the journal's tail that are read again.
pub const TAIL: u64 = 4_096;
/// Entries, rows or entities read at a time.
const PAGE: usize = 500;

/// Where the tail begins when the journal ends at `head`.
pub const fn tail_from(head: u64) -> u64 {
    head.saturating_sub(TAIL)
}

/// Rows and steps of a board in the making.
#[derive(Default)]
struct Making {
    rows: BTreeMap<RowKey, (Payload, u64)>,
    touched: BTreeMap<RowKey, u64>,
}

impl Making {
    fn row(&mut self, key: RowKey, body: Payload, changed: u64) {
        self.rows.insert(key, (body, changed));
    }

    fn touched(&mut self, key: RowKey, seq: u64) {
        self.touched.insert(key, seq);
    }

    /// What was not touched since `from` is there from the beginning; the rest comes by steps.
    fn begin(mut self, from: u64, head: u64) -> Begin {
        let mut begin = Begin { off: rows::seq(from), head: rows::seq(head), ..Begin::default() };
        for (key, seq) in self.touched {
            let body = self.rows.remove(&key).map(|(body, _)| (body, rows::seq(seq)));
            begin.steps.entry(rows::seq(seq)).or_default().push((key, body));
        }
        begin.rows = self.rows.into_iter().map(|(k, (v, ver))| Row { k, v, ver: rows::seq(ver) }).collect();
        begin
    }
}

/// Fills every board as of `head`, the journal's end when this was called. Answers why it could not.
///
/// # Errors
/// In words; the caller tries again.
pub async fn fill(live: &Live, head: u64) -> Result<(), String> {
    let from = tail_from(head);
    let tail = tail(live, from, head).await?;
    for (user, seq) in &tail.users {
        live.presence().user_changed(*user, *seq);
    }
    live.presence().knows_from(from);
    let sites = warehouses(live).await?;
    let since = counted_since(live, from).await?;
    let mut orders = orders(live, &tail, &sites).await?;
    for code in &sites {
        let orders = orders.remove(code).unwrap_or_default();
        let floor = floor(live, code, &tail, since).await?;
        let site = site(live, code, (from, head), &tail, orders, floor).await?;
        live.boards().offer_site(site.ok_or_else(|| format!("the topics of {code} have no names"))?);
        live.watch().touch_floor(code.clone());
    }
    threads(live, (from, head), &tail).await?;
    approvals(live, (from, head), &tail).await
}

async fn tail(live: &Live, from: u64, head: u64) -> Result<Touched, String> {
    let (mut at, mut touched) = (from, Touched::default());
    while at < head {
        let entries = live.node().store().journal(at, PAGE).await.map_err(|error| error.to_string())?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { break };
        let until_head = entries.iter().filter(|entry| entry.seq <= head);
        touched.merge(Touched::by(until_head.inspect(|entry| live.figures().entry(entry))));
        at = last;
    }
    Ok(touched)
}

/// Since when the tail has everything.
async fn counted_since(live: &Live, from: u64) -> Result<Timestamp, String> {
    if from == 0 {
        return Ok(Timestamp::default());
    }
    let first = live.node().store().journal(from, 1).await.map_err(|error| error.to_string())?;
    Ok(first.first().map_or(live.node().now(), |entry| entry.at))
}

/// The boards of a warehouse's floor; nothing if they have no name.
async fn floor(
    live: &Live,
    code: &WarehouseId,
    tail: &Touched,
    since: Timestamp,
) -> Result<Option<FloorBoards>, String> {
    let open = live.node().read::<Floor, _>(code.as_str(), |floor, _| Open::of(floor)).await;
    let open = open.map_err(|error| error.to_string())?.unwrap_or_default();
    let of = tail.floors.get(code).cloned().unwrap_or_default();
    Ok(FloorBoards::begin(live.boards(), code, live.now_ms(), open, of, since))
}

async fn entities(live: &Live, kind: Kind) -> Result<Vec<String>, String> {
    let mut all: Vec<String> = Vec::new();
    loop {
        let after = all.last().cloned();
        let page = live.node().store().entities(kind, after.as_deref(), PAGE).await;
        let page = page.map_err(|error| error.to_string())?;
        all.extend(page.iter().map(|entity| entity.id.to_string()));
        if page.len() < PAGE {
            return Ok(all);
        }
    }
}

async fn warehouses(live: &Live) -> Result<Vec<WarehouseId>, String> {
    let codes = entities(live, Kind::Warehouse).await?;
    Ok(codes.iter().filter_map(|code| WarehouseId::parse(code).ok()).collect())
}

/// Orders on the boards, by warehouse.
async fn orders(live: &Live, tail: &Touched, sites: &[WarehouseId]) -> Result<HashMap<WarehouseId, Making>, String> {
    let mut making: HashMap<WarehouseId, Making> = sites.iter().map(|code| (code.clone(), Making::default())).collect();
    for status in rows::OPEN {
        let mut after = None;
        loop {
            let filter = Filter { column: "status", op: Op::Eq, value: status.into() };
            let source = Source::Documents(Kind::Order);
            let query = Query { source, filters: vec![filter], search: None, sort: None, after, limit: PAGE };
            let page = live.node().store().query(&query).await.map_err(|error| error.to_string())?;
            for row in &page.rows {
                let (Some(on), Some(key)) = (rows::order(&row.body, row.version), rows::order_key(&row.id)) else {
                    continue;
                };
                for code in on.warehouses.iter().filter_map(|code| WarehouseId::parse(code).ok()) {
                    if let Some(making) = making.get_mut(&code) {
                        making.row(key.clone(), on.row.clone(), row.seq);
                    }
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    let touched = tail
        .orders
        .iter()
        .filter_map(|(id, seq): (&OrderId, &u64)| rows::order_key(&id.to_string()).map(|key| (key, *seq)));
    for (key, seq) in touched {
        making.values_mut().for_each(|making| making.touched(key.clone(), seq));
    }
    Ok(making)
}

/// Reads the orders of the last weeks for the figures, newest first, however often it takes.
pub async fn gather(live: &Live, head: u64) {
    let began = std::time::Instant::now();
    while let Err(why) = gather_once(live).await {
        tracing::warn!(why, "figures cannot be gathered yet");
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    live.figures().set_filled();
    tracing::info!(head, elapsed_ms = began.elapsed().as_millis(), "figures are gathered");
}

async fn gather_once(live: &Live) -> Result<(), String> {
    let from = live.node().now().plus_seconds(-(figures::DAYS + 1) * 86_400);
    let filter = Filter { column: "at", op: Op::Ge, value: from.to_string().into() };
    let sort = Some(Sort { column: "at", descending: true });
    let source = Source::Documents(Kind::Order);
    let mut query = Query { source, filters: vec![filter], search: None, sort, after: None, limit: PAGE };
    loop {
        let page = live.node().store().query(&query).await.map_err(|error| error.to_string())?;
        for row in &page.rows {
            if let (Ok(id), Some(line)) = (OrderId::parse(&row.id), figures::Line::of(&row.body)) {
                live.figures().fill(id, line);
            }
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
        // Requests go first.
        tokio::task::yield_now().await;
    }
}

/// A warehouse that was opened just now.
pub fn empty_site(live: &Live, code: &WarehouseId) -> Option<Site> {
    let begin = |off| Begin { off, ..Begin::default() };
    let off = rows::seq(live.position());
    // Its floor has no history: everything there ever was is counted.
    let since = Timestamp::default();
    let floor = FloorBoards::begin(live.boards(), code, live.now_ms(), Open::default(), OfFloor::default(), since);
    assemble(live, code, [begin(off), begin(off), begin(off)], floor)
}

fn assemble(live: &Live, code: &WarehouseId, begins: [Begin; 3], floor: Option<FloorBoards>) -> Option<Site> {
    let [orders, stock, tasks] = begins;
    let (boards, name, now_ms) = (live.boards(), rows::segment(code), live.now_ms());
    let family =
        |topic: &str, begin: Begin| -> Option<Family> { boards.family(&format!("wh.{name}.{topic}"), now_ms, begin) };
    Some(Site {
        code: code.clone(),
        orders: family("orders", orders)?,
        stock: family("stock", stock)?,
        tasks: family("tasks", tasks)?,
        kpi: boards.gauge(&format!("dash.{name}.kpi"))?,
        floor: floor?,
    })
}

async fn site(
    live: &Live,
    code: &WarehouseId,
    (from, head): (u64, u64),
    tail: &Touched,
    orders: Making,
    floor: Option<FloorBoards>,
) -> Result<Option<Site>, String> {
    let changed = changes(live, &code.entity()).await?;
    let at = move |part: String| changed.get(part.as_str()).copied().unwrap_or_default();
    let view = move |warehouse: &Warehouse, _: u64| {
        let (mut stock, mut tasks) = (Making::default(), Making::default());
        for row in warehouse.rows() {
            if let (Some((key, _)), Some(body)) = (rows::stock_key(row.sku.as_str()), rows::stock(row)) {
                stock.row(key, body, at(format!("stock/{}", row.sku)));
            }
        }
        for (id, parcel) in warehouse.parcels() {
            let seq = at(format!("parcel/{id}"));
            if let (Some(key), Some(body)) = (rows::task_key(*id), rows::task(*id, parcel, seq)) {
                tasks.row(key, body, seq);
            }
        }
        (stock, tasks)
    };
    let read = live.node().read::<Warehouse, _>(code.as_str(), view).await.map_err(|error| error.to_string())?;
    let (mut stock, mut tasks) = read.unwrap_or_default();
    if let Some(of) = tail.warehouses.get(code) {
        let skus = of.skus.iter().filter_map(|(sku, seq)| Some((rows::stock_key(sku.as_str())?.0, *seq)));
        skus.for_each(|(key, seq)| stock.touched(key, seq));
        let parcels = of.parcels.iter().filter_map(|(id, seq)| Some((rows::task_key(*id)?, *seq)));
        parcels.for_each(|(key, seq)| tasks.touched(key, seq));
    }
    Ok(assemble(live, code, [orders, stock, tasks].map(|making| making.begin(from, head)), floor))
}

/// Journal position that last changed each part of an entity.
async fn changes(live: &Live, entity: &munshi_domain::EntityId) -> Result<HashMap<String, u64>, String> {
    let parts = live.node().store().part_changes(entity).await.map_err(|error| error.to_string())?;
    Ok(parts.into_iter().map(|(part, seq)| (part.0.to_string(), seq)).collect())
}

/// Threads that need somebody, and those of the journal's tail.
async fn threads(live: &Live, (from, head): (u64, u64), tail: &Touched) -> Result<(), String> {
    let mut making = Making::default();
    let mut wanted: BTreeMap<ConversationId, u64> = BTreeMap::new();
    for column in ["needs_agent", "call_due"] {
        let mut after = None;
        loop {
            let filter = Filter { column, op: Op::Eq, value: true.into() };
            let source = Source::Documents(Kind::Conversation);
            let query = Query { source, filters: vec![filter], search: None, sort: None, after, limit: PAGE };
            let page = live.node().store().query(&query).await.map_err(|error| error.to_string())?;
            let known = page.rows.iter().filter_map(|row| Some((ConversationId::parse(&row.id).ok()?, row.seq)));
            wanted.extend(known);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    wanted.extend(&tail.threads);
    let found = threads::look(live, &wanted).await;
    if found.len() < wanted.len() {
        return Err("a thread cannot be read now".to_owned());
    }
    for (id, seq, thread) in found {
        if let (Some(key), Some(thread)) = (threads::key(id), thread.filter(|thread| thread.to_do)) {
            making.row(key, thread.row, seq);
        }
    }
    tail.threads
        .iter()
        .filter_map(|(id, seq)| Some((threads::key(*id)?, *seq)))
        .for_each(|(key, seq)| making.touched(key, seq));
    let family = live.boards().family(threads::BOARD, live.now_ms(), making.begin(from, head));
    live.boards().offer_threads(family.ok_or("threads have no topic")?);
    Ok(())
}

async fn approvals(live: &Live, (from, head): (u64, u64), tail: &Touched) -> Result<(), String> {
    let mut making: BTreeMap<&'static str, Making> =
        Role::ALL.iter().map(|role| (role.name(), Making::default())).collect();
    for queue in entities(live, Kind::ApprovalQueue).await?.iter().filter_map(|queue| QueueId::parse(queue).ok()) {
        let changed = changes(live, &queue.entity()).await?;
        let steps = |state: &ApprovalQueue, _: u64| state.steps().map(|step| step.about.step).collect::<Vec<_>>();
        let steps = live.node().read::<ApprovalQueue, _>(queue.as_str(), steps).await;
        let steps = steps.map_err(|error| error.to_string())?.unwrap_or_default();
        let open = feed::open_steps(live, &queue, steps).await.ok_or("an approval queue cannot be read now")?;
        for (id, (view, about)) in &open {
            let making = making.get_mut(view.about.approver_role.as_str());
            let seq = changed.get(&format!("step/{id}")).copied().unwrap_or_default();
            if let (Some(making), Some(key), Ok(body)) =
                (making, rows::step_key(*id), Payload::of(&rows::approval(view, about)))
            {
                making.row(key, body, seq);
            }
        }
    }
    let touched = tail.steps.values().flatten().filter_map(|(step, seq)| Some((rows::step_key(*step)?, *seq)));
    for (key, seq) in touched {
        making.values_mut().for_each(|making| making.touched(key.clone(), seq));
    }
    for (role, making) in making {
        let Some(role) = Role::parse(role) else { continue };
        let family =
            live.boards().family(&format!("approvals.{}", role.name()), live.now_ms(), making.begin(from, head));
        live.boards().offer_approvals(role, family.ok_or("a role has no topic")?);
    }
    Ok(())
}

/// The offset a board begins with, for tests.
#[cfg(test)]
fn offs(begin: &Begin) -> Vec<u64> {
    begin.steps.keys().map(|off| off.get()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_tail_touched_comes_by_steps_and_the_rest_is_there() {
        let key = |name: &str| RowKey::parse(name).unwrap();
        let mut making = Making::default();
        making.row(key("old"), Payload::empty(), 3);
        making.row(key("new"), Payload::empty(), 12);
        making.touched(key("new"), 12);
        making.touched(key("gone"), 11);
        let begin = making.begin(10, 15);
        assert_eq!(begin.rows.iter().map(|row| (row.k.as_str(), row.ver.get())).collect::<Vec<_>>(), [("old", 3)]);
        assert_eq!((offs(&begin), begin.head.get()), (vec![11, 12], 15));
        assert_eq!(begin.steps[&rows::seq(11)], [(key("gone"), None)]);
        assert_eq!(tail_from(5), 0);
    }
}
