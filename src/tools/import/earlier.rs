//! What the database knows of orders taken over before, for credit notes that refer to them.

use std::collections::{BTreeMap, HashSet};

use munshi_connectors::files::{
    HistoricLine, HistoricOrder,
    credit::{Earlier, KnownReturn},
};
use munshi_domain::{
    EntityId, Kind,
    order::{Order, OrderEvent, content::MAX_LINES},
};
use munshi_store::{Events, Filter, Op, Query, query::Source};
use serde_json::json;

use super::job::Job;
use crate::cli::Stop;

/// Orders listed, or entries read, at a time.
const PAGE: usize = 200;

/// Past orders of these customers, and what came back of them.
pub(super) async fn known(job: &Job<'_>, customers: &HashSet<String>) -> Result<Earlier, Stop> {
    let mut earlier = Earlier::default();
    for reference in customers {
        let mut parts: BTreeMap<String, BTreeMap<usize, Box<Order>>> = BTreeMap::new();
        for id in orders_of(job, reference).await? {
            let Some(order) = job.node.read::<Order, _>(&id, |order, _| Box::new(order.clone())).await? else {
                continue;
            };
            let Some((number, part)) = place(job, &order) else { continue };
            if !order.imported_returns.is_empty() {
                earlier.returns.extend(returns(job, &id, &number, part).await?);
            }
            parts.entry(number).or_default().insert(part, order);
        }
        earlier.orders.extend(parts.into_iter().filter_map(|(number, parts)| whole(number, reference, &parts)));
    }
    Ok(earlier)
}

/// Ids of a customer's orders, imported or not.
async fn orders_of(job: &Job<'_>, reference: &str) -> Result<Vec<String>, Stop> {
    let customer = job.customer_id(reference).to_string();
    let mut query = Query {
        source: Source::Documents(Kind::Order),
        filters: vec![Filter { column: "customer", op: Op::Eq, value: json!(customer) }],
        search: None,
        sort: None,
        after: None,
        limit: PAGE,
    };
    let mut ids = Vec::new();
    loop {
        let page = job.node.store().query(&query).await?;
        ids.extend(page.rows.into_iter().map(|row| row.id));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(ids),
        }
    }
}

/// Number and part of an order of this layout; the id tells whether what looks like a part is one.
fn place(job: &Job<'_>, order: &Order) -> Option<(String, usize)> {
    let number = order.imported_number.as_deref()?;
    let is = |number: &str, part: usize| Some(job.order_id(number, part)) == order.id;
    let later =
        number.rsplit_once('/').and_then(|(number, part)| Some((number, part.parse::<usize>().ok()?.checked_sub(1)?)));
    match later {
        Some((number, part)) if is(number, part) => Some((number.to_owned(), part)),
        _ if is(number, 0) => Some((number.to_owned(), 0)),
        _ => None,
    }
}

/// The order as it stood in its file; `None` when a part of it is missing, because then lines cannot be counted.
fn whole(number: String, customer: &str, parts: &BTreeMap<usize, Box<Order>>) -> Option<HistoricOrder> {
    let content = parts.get(&0)?.content.as_deref()?;
    if parts.keys().copied().ne(0..parts.len()) {
        return None;
    }
    let lines = parts.values().filter_map(|part| part.content.as_deref()).flat_map(|content| &content.lines);
    let lines = lines.map(|line| HistoricLine {
        row: 0,
        sku: line.sku.clone(),
        title: line.title.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        service: !line.stocked,
    });
    Some(HistoricOrder {
        row: 0,
        number,
        placed_at: parts.get(&0)?.placed_at?,
        customer: Some(customer.to_owned()),
        customer_name: None,
        phone: None,
        address: content.shipping_address.clone(),
        currency: content.currency,
        lines: lines.collect(),
    })
}

/// Returns recorded for an order, from its events.
async fn returns(job: &Job<'_>, id: &str, number: &str, part: usize) -> Result<Vec<KnownReturn>, Stop> {
    let entity = EntityId::new(Kind::Order, id);
    let (mut known, mut after) = (Vec::new(), 0);
    loop {
        let entries = job.node.store().history(&entity, after, PAGE).await?;
        let Some(last) = entries.last() else { return Ok(known) };
        after = last.last;
        for entry in &entries {
            known.extend(returned(&entry.events, number, part)?);
        }
    }
}

/// The return that one entry records, if it does.
fn returned(events: &Events, number: &str, part: usize) -> Result<Option<KnownReturn>, serde_json::Error> {
    let mut lines: BTreeMap<usize, u32> = BTreeMap::new();
    let mut reference = None;
    for event in &*events.read()? {
        match event {
            OrderEvent::LineReturned(units) => {
                *lines.entry(part * MAX_LINES + usize::from(units.line)).or_default() += units.quantity;
            }
            OrderEvent::ReturnImported { reference: given } => reference = Some(given.clone()),
            _ => {}
        }
    }
    let lines = lines.into_iter().collect();
    Ok(reference.map(|reference| KnownReturn { number: reference, order: number.to_owned(), lines }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ord_14_a_return_is_known_by_its_entry_and_a_command_without_effect_by_none() {
        let line = |line: u16, quantity: u32| json!({"type": "LineReturned", "line": line, "quantity": quantity, "from": "delivered"});
        let back = json!({"type": "ReturnImported", "reference": "C1"});
        let read = |events: Events| returned(&events, "536365", 1);
        let known = read(vec![line(1, 2), line(3, 1), line(1, 1), back].into()).unwrap().unwrap();
        let lines = vec![(MAX_LINES + 1, 3), (MAX_LINES + 3, 1)];
        assert_eq!(known, KnownReturn { number: "C1".into(), order: "536365".into(), lines });
        // Units that came back otherwise have no note.
        assert_eq!(read(vec![line(1, 2)].into()).unwrap(), None);
        assert_eq!(read(Events::nothing_changed()).unwrap(), None);
        assert!(read(vec![json!({"type": "Unheard"})].into()).is_err(), "what is not understood is not passed over");
    }
}
