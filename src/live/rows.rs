//! Rows of the boards, from what aggregates are.
//!
//! Invariant: a row depends on the state of its aggregate alone, so it is the same after a restart, whether it is made
//! from a live aggregate or from a stored document.

use munshi_domain::{
    OrderId, ParcelId, Timestamp, WarehouseId,
    approval::{StepId, StepView},
    order::Order,
    warehouse::{Parcel, ParcelState, Row as Stock, Warehouse},
};
use munshi_protocols::{
    ids::{JournalSeq, Millis, Rev, RowKey},
    payload::Payload,
    topic::rows::{ApprovalRow, OrderRow, StockRow, TaskRow},
};
use serde::Deserialize;
use serde_json::Value;

use crate::auth::token;

/// Status words of orders on a board: placed, and something is still to be done in a warehouse.
pub const OPEN: [&str; 5] = ["pending", "pending_approval", "approved", "processing", "pending_cancellation"];

/// A number for the wire. What does not fit stands at the end of what fits; no journal is that long.
pub fn seq(number: u64) -> JournalSeq {
    JournalSeq::new(number).unwrap_or(JournalSeq::ZERO)
}

fn rev(number: u64) -> Rev {
    Rev::new(number).unwrap_or(Rev::ZERO)
}

/// An instant for the wire.
pub fn millis(at: Timestamp) -> Millis {
    u64::try_from(at.as_millis()).ok().and_then(|at| Millis::new(at).ok()).unwrap_or(Millis::ZERO)
}

/// Columns of an order's list row that a board shows.
#[derive(Deserialize)]
struct Columns {
    number: Option<String>,
    status: String,
    at: String,
    name: String,
    channel: String,
    total: String,
    currency: String,
    #[serde(default)]
    lines: u32,
    #[serde(default)]
    holds: Vec<String>,
    warehouses: Vec<String>,
}

/// An order on the boards of some warehouses.
#[derive(Clone, Debug)]
pub struct OnBoards {
    /// Codes of the warehouses.
    pub warehouses: Vec<String>,
    /// Its row.
    pub row: Payload,
}

/// The row of an order, from its list columns; nothing if it is on no board.
pub fn order(columns: &Value, version: u64) -> Option<OnBoards> {
    let columns = Columns::deserialize(columns).ok()?;
    if !OPEN.contains(&columns.status.as_str()) {
        return None;
    }
    let row = OrderRow {
        number: columns.number.unwrap_or_default(),
        status: columns.status,
        rev: rev(version),
        channel: columns.channel,
        customer: columns.name,
        total: columns.total,
        currency: columns.currency,
        lines: columns.lines,
        placed_at: Timestamp::parse(&columns.at).map_or(Millis::ZERO, millis),
        promised_at: None,
        holds: columns.holds,
    };
    Some(OnBoards { warehouses: columns.warehouses, row: Payload::of(&row).ok()? })
}

/// Key of an order's row.
pub fn order_key(id: &str) -> Option<RowKey> {
    RowKey::parse(id).ok()
}

/// Key of a SKU's row, and whether the row has to name the SKU.
pub fn stock_key(sku: &str) -> Option<(RowKey, bool)> {
    match RowKey::parse(sku) {
        Ok(key) if !sku.starts_with("sha:") => Some((key, false)),
        _ => {
            let hash = token::hash(sku);
            RowKey::parse(&format!("sha:{}", hash.get(..32)?)).ok().map(|key| (key, true))
        }
    }
}

/// The row of a SKU.
pub fn stock(row: &Stock) -> Option<Payload> {
    let (_, named) = stock_key(row.sku.as_str())?;
    Payload::of(&StockRow {
        sku: named.then(|| row.sku.to_string()),
        rev: rev(row.version),
        on_hand: row.on_hand.sellable.to_string(),
        reserved: row.promised().to_string(),
        available: row.available().to_string(),
        zone: None,
        low: row.low,
    })
    .ok()
}

/// Key of a parcel's row.
pub fn task_key(parcel: ParcelId) -> Option<RowKey> {
    RowKey::parse(&parcel.to_string()).ok()
}

/// The row of a parcel that is worked on; nothing once it has left. `changed` is the offset that last changed it.
pub fn task(id: ParcelId, parcel: &Parcel, changed: u64) -> Option<Payload> {
    if !parcel.on_floor() {
        return None;
    }
    let kind = match parcel.state {
        ParcelState::Packed | ParcelState::Booked => "ship",
        ParcelState::Picked => "pack",
        _ => "pick",
    };
    let done = parcel.lines.iter().filter(|line| line.picked >= line.quantity).count();
    let count = |lines: usize| u32::try_from(lines).unwrap_or(u32::MAX);
    Payload::of(&TaskRow {
        kind: kind.to_owned(),
        state: parcel.state.word().to_owned(),
        rev: rev(changed),
        zone: None,
        order: Some(id.order.to_string()),
        device: None,
        operator: parcel.picker.map(|picker| picker.to_string()),
        done: count(done),
        lines: count(parcel.lines.len()),
        due_at: None,
    })
    .ok()
}

/// What an approval's row needs of the order it is about.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Number of the order.
    pub number: String,
    /// Which rules matched.
    pub reasons: Vec<String>,
}

impl About {
    /// From the order.
    pub fn of(order: &Order) -> Self {
        let reasons = order.approval.as_deref().map(|request| request.plan.trace.clone()).unwrap_or_default();
        Self { number: order.number().unwrap_or_default().to_owned(), reasons }
    }
}

/// Key of a step's row, which is the step's id in the REST interface.
pub fn step_key(step: StepId) -> Option<RowKey> {
    RowKey::parse(&crate::api::approvals::step_id(step.order, step.request, step.step)).ok()
}

/// The revision of a step: how often something happened to it that a decision has to know of.
pub fn step_rev(step: &StepView) -> u64 {
    1 + step.votes.len() as u64 + step.proxies.len() as u64
}

/// The row of an open step.
pub fn approval(step: &StepView, about: &About) -> ApprovalRow {
    ApprovalRow {
        state: "active".to_owned(),
        rev: rev(step_rev(step)),
        order: step.about.step.order.to_string(),
        number: about.number.clone(),
        hash: step.about.hash.clone(),
        amount: step.about.amount.amount().to_string(),
        currency: step.about.amount.currency().code().to_owned(),
        reasons: about.reasons.clone(),
        requester: step.about.requester.map(|user| user.to_string()),
        opened_at: millis(step.opened_at),
        escalates_at: step.escalate_at.map(millis),
    }
}

/// The name of a warehouse in topics: its code in lower case.
pub fn segment(code: &WarehouseId) -> String {
    code.as_str().to_ascii_lowercase()
}

/// The id of an order as a topic names it: 32 hex digits.
pub fn order_of_topic(segment: &str) -> Option<OrderId> {
    let plain = segment.len() == 32 && segment.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    plain.then(|| u128::from_str_radix(segment, 16).ok().map(OrderId::from_u128)).flatten()
}

/// The name of an order in topics, behind `order.`.
pub fn order_segment(order: OrderId) -> String {
    format!("{:032x}", order.as_u128())
}

/// The name of a customer's board of an order, which no topic has: its topic is the order's.
pub fn customer_board(order: OrderId) -> String {
    format!("track.{}", order_segment(order))
}

/// Rows of stock and tasks of one warehouse, keyed, each with the offset that last changed it.
#[derive(Clone, Debug, Default)]
pub struct WarehouseRows {
    /// By SKU.
    pub stock: Vec<(RowKey, Option<Payload>, u64)>,
    /// By parcel.
    pub tasks: Vec<(RowKey, Option<Payload>, u64)>,
}

impl WarehouseRows {
    /// What a warehouse has of these SKUs and parcels, each with the offset that last changed it.
    pub fn of(warehouse: &Warehouse, skus: &[(munshi_domain::Sku, u64)], parcels: &[(ParcelId, u64)]) -> Self {
        let sku = |(sku, at): &(munshi_domain::Sku, u64)| {
            let (key, _) = stock_key(sku.as_str())?;
            Some((key, warehouse.row(sku).and_then(stock), *at))
        };
        let parcel = |(id, at): &(ParcelId, u64)| {
            Some((task_key(*id)?, warehouse.parcel(*id).and_then(|parcel| task(*id, parcel, *at)), *at))
        };
        Self { stock: skus.iter().filter_map(sku).collect(), tasks: parcels.iter().filter_map(parcel).collect() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_the_names_people_know_where_they_can_be() {
        assert_eq!(stock_key("KURTA-M").unwrap(), (RowKey::parse("KURTA-M").unwrap(), false));
        let (odd, named) = stock_key("كرتا 12").unwrap();
        assert!(named && odd.as_str().starts_with("sha:") && odd.as_str().len() == 36);
        assert!(stock_key("sha:1").unwrap().1, "no SKU is taken for a hash");
        let id = OrderId::from_u128(0x0198_c0de_0000_7000_8000_0000_0000_0000);
        let segment = order_segment(id);
        assert_eq!(segment, "0198c0de000070008000000000000000");
        assert_eq!(order_of_topic(&segment), Some(id));
        assert_eq!(order_of_topic("0198C0DE000070008000000000000000"), None);
    }

    #[test]
    fn an_order_is_on_the_boards_while_something_is_to_do() {
        let columns = |status: &str| {
            json!({
                "number": "SO-1", "status": status, "at": "2026-01-31T00:00:00.000Z", "name": "A", "channel": "online",
                "total": "10.00", "currency": "PKR", "lines": 2, "holds": ["manual"], "warehouses": ["KHI-1"],
            })
        };
        let on = order(&columns("approved"), 7).unwrap();
        assert_eq!(on.warehouses, ["KHI-1"]);
        let row: OrderRow = on.row.parse().unwrap();
        assert_eq!((row.rev.get(), row.lines, row.holds), (7, 2, vec!["manual".to_owned()]));
        assert!(order(&columns("shipped"), 7).is_none() && order(&json!({}), 7).is_none());
    }
}
