//! Timelines: what happened to one entity, from the journal (ORD-27, AUD-01).

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use munshi_domain::{CustomerId, EntityId, Kind, UserId, user::User};
use munshi_protocols::orders::TimelineEntry;
use munshi_store::{JournalEntry, Who};

use super::{Answer, Call, call::json_body, convert, list, orders};
use crate::{auth::Permission, problem::Problem};

/// Timeline of an order.
///
/// # Errors
/// `not_found`, `bad_query`.
pub async fn order(call: Call) -> Answer {
    let id = orders::resolve(&call).await?;
    of(&call, id.entity(), "order").await
}

/// Timeline of a customer.
///
/// # Errors
/// `not_found`, `bad_query`.
pub async fn customer(call: Call) -> Answer {
    let id = call.id("id", "customer", CustomerId::parse)?;
    of(&call, id.entity(), "customer").await
}

/// What happened to a connection, and what was done about it.
///
/// # Errors
/// `not_found`, `bad_query`.
pub async fn connection(call: Call) -> Answer {
    let id = call.param("id").to_owned();
    of(&call, EntityId::new(Kind::Connection, id), "connection").await
}

async fn of(call: &Call, entity: EntityId, what: &str) -> Answer {
    let limit = list::limit(call)?;
    let after = call.query::<u64>("after")?.unwrap_or(0);
    list::own_writes(call).await?;
    let entries = call.app.node().store().history(&entity, after, limit).await?;
    if entries.is_empty() && after == 0 {
        return Err(Problem::not_found(what));
    }
    let next = (entries.len() >= limit).then(|| entries.last().map(|entry| entry.last.to_string())).flatten();
    let seq = entries.last().map_or(0, |entry| entry.seq);
    let contacts = call.caller()?.may(Permission::SeeContacts);
    let names = names(call, &entries).await?;
    let items: Vec<_> = entries.into_iter().map(|entry| wire(entry, contacts, &names)).collect();
    json_body(StatusCode::OK, &munshi_protocols::common::Page { items, next, seq })
}

/// Names of the people in these entries. Who may read a timeline may know who did what in it.
async fn names(call: &Call, entries: &[JournalEntry]) -> Result<BTreeMap<UserId, String>, Problem> {
    let mut names = BTreeMap::new();
    for id in entries.iter().filter_map(person).collect::<BTreeSet<_>>() {
        let user = call.app.node().snapshot::<User>(&id.to_string()).await.map_err(Problem::unavailable)?;
        names.extend(user.map(|user| (id, user.name.clone())));
    }
    Ok(names)
}

/// The person behind an entry: a vote is recorded by a process in the name of who voted.
fn person(entry: &JournalEntry) -> Option<UserId> {
    match &entry.by {
        Who::User(user) => Some(*user),
        _ => entry.events.iter().find_map(|event| UserId::parse(event["decision"]["by"].as_str()?).ok()),
    }
}

fn wire(entry: JournalEntry, contacts: bool, names: &BTreeMap<UserId, String>) -> TimelineEntry {
    let by_name = person(&entry).and_then(|id| names.get(&id).cloned());
    let mut events = Vec::from(entry.events);
    if !contacts {
        events.iter_mut().for_each(convert::mask_contacts);
    }
    TimelineEntry {
        seq: entry.seq,
        version: entry.last,
        at: entry.at.to_string(),
        by: who(&entry.by),
        by_name,
        command: entry.command.to_string(),
        reason: entry.reason.map(|reason| reason.to_string()),
        events,
        hash: entry.hash,
    }
}

/// Who, in one word.
pub fn who(by: &Who) -> String {
    match by {
        Who::User(user) => format!("user:{user}"),
        Who::Process(name) => format!("process:{name}"),
        Who::Timer => "timer".into(),
        Who::System(name) => format!("system:{name}"),
    }
}
