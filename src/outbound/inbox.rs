//! What vendors deliver: stored as it came, then turned into commands (integrations/README.md §10).
//!
//! Invariant: a delivery is stored once and applied at least once, and everything it leads to is a command whose id
//! follows from it, so that a delivery that is repeated, or applied again after a crash, has one effect. News about a
//! message nobody here knows yet wait a while: the vendor may be faster than our own books.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::future::join_all;
use munshi_connectors::{
    outcome::Hint,
    transport::{InboundItem, WebhookRequest},
};
use munshi_domain::Timestamp;
use munshi_store::{StoreError, WorkKey, WorkRow, WorkTable, WorkWrite};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Outbound, Wired,
    receive::{Applied, apply},
    records::{Dead, Delivery, Record},
    writer::Gone,
};
use crate::auth::token;

/// Headers kept with a delivery, because reading it takes them.
const KEPT_HEADERS: [&str; 2] = ["content-type", "i-twilio-idempotency-token"];
/// Deliveries looked at in one round.
const ROUND: usize = 200;
/// News about a message that nobody knows yet are looked at again after this long, and given up after [`GIVE_UP_MS`].
const AGAIN_MS: i64 = 3_000;
const GIVE_UP_MS: i64 = 15 * 60_000;
/// How often the inbox is looked at without being told.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often old deliveries are looked for.
const PURGE_EVERY_MS: i64 = 3_600_000;

/// A verified delivery.
#[derive(Clone, Debug)]
pub struct Arrived<'a> {
    /// The connection.
    pub connection: Arc<str>,
    /// What tells a repeated delivery.
    pub key: String,
    /// The query of the request.
    pub query: String,
    /// Every header of the request.
    pub headers: &'a [(String, String)],
    /// The body as it came.
    pub body: &'a [u8],
}

/// What stands for a delivery that is not applied yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    received_at: Timestamp,
    next_at: Timestamp,
}

impl Outbound {
    /// Stores a verified delivery, once.
    ///
    /// # Errors
    /// [`StoreError`] when it is not durable; the vendor delivers again.
    pub async fn take_in(&self, arrived: Arrived<'_>) -> Result<(), StoreError> {
        let now = self.node().now();
        let id: Arc<str> = delivery_id(&arrived.key).into();
        let kept =
            arrived.headers.iter().filter(|(name, _)| KEPT_HEADERS.contains(&name.to_ascii_lowercase().as_str()));
        let delivery = Delivery {
            connection: arrived.connection.clone(),
            id: id.clone(),
            received_at: now,
            headers: kept.cloned().collect(),
            query: arrived.query,
            raw: STANDARD.encode(arrived.body),
            state: "new".into(),
        };
        let open = Open { received_at: now, next_at: now };
        let open = WorkRow {
            key: WorkKey::new(WorkTable::InboxOpen, arrived.connection, id),
            body: serde_json::to_value(open).unwrap_or_default(),
        };
        let write = WorkWrite { insert: vec![delivery.row(), open], awaited: true, ..self.writer().begin() };
        let store = self.node().store();
        if let Err(StoreError::Unavailable(_)) = store.work(&write).await {
            // Written again, it is the same.
            store.work(&write).await?;
        }
        metrics::counter!("munshi_connector_inbox_total", "connection" => delivery.connection.to_string()).increment(1);
        self.inbox_waits().notify_one();
        Ok(())
    }

    /// Turns deliveries into commands until the server stops.
    pub(super) async fn follow_inbox(self) {
        let mut purged = Timestamp::from_millis(i64::MIN);
        while !self.stopping() {
            let more = match self.round().await {
                Ok(more) => more,
                Err(Trouble::Gone) => return,
                Err(Trouble::Store(error)) => {
                    tracing::warn!(%error, "the inbox cannot be read, trying again");
                    false
                }
            };
            let now = self.node().now();
            if now.as_millis().saturating_sub(purged.as_millis()) >= PURGE_EVERY_MS {
                purged = now;
                if let Err(error) = self.purge(now).await {
                    tracing::warn!(%error, "old deliveries cannot be removed");
                }
            }
            if !more {
                let told = self.inbox_waits().notified();
                let _ = tokio::time::timeout(LOOK_EVERY, told).await;
            }
        }
    }

    /// Applies what is due; answers whether there is more to do at once.
    async fn round(&self) -> Result<bool, Trouble> {
        let now = self.node().now();
        let due = self.due(now).await.map_err(Trouble::Store)?;
        let found = due.len();
        let mut items: BTreeMap<String, Vec<Item>> = BTreeMap::new();
        let mut deliveries = Vec::new();
        for (_, key) in due {
            let Some(read) = self.read_delivery(&key).await? else { continue };
            let number = deliveries.len();
            for item in read.items {
                let lane = lane(&item);
                items.entry(lane).or_default().push(Item { delivery: number, wired: read.wired.clone(), item });
            }
            deliveries.push((read.delivery, false));
        }
        // Of one sender in order, of different ones side by side.
        let lanes = items.into_values().map(|items| self.apply_in_order(items));
        for (delivery, later) in join_all(lanes).await.into_iter().flatten() {
            deliveries[delivery].1 |= later;
        }
        for (delivery, later) in deliveries {
            self.done(delivery, later, now).await?;
        }
        Ok(found >= ROUND)
    }

    /// Deliveries to be applied now, in the order of their arrival.
    async fn due(&self, now: Timestamp) -> Result<Vec<(Timestamp, WorkKey)>, StoreError> {
        let mut due: Vec<(Timestamp, WorkKey)> = Vec::new();
        let (mut after, mut open): (Option<WorkKey>, usize) = (None, 0);
        while due.len() < ROUND {
            let rows = self.node().store().work_rows(WorkTable::InboxOpen, None, after.as_ref(), ROUND).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.key.clone());
            open += rows.len();
            for row in rows {
                let Ok(open) = serde_json::from_value::<Open>(row.body) else { continue };
                if open.next_at <= now {
                    due.push((open.received_at, row.key));
                }
            }
        }
        metrics::gauge!("munshi_connector_inbox_open").set(open as f64);
        due.sort();
        Ok(due)
    }

    async fn apply_in_order(&self, items: Vec<Item>) -> Vec<(usize, bool)> {
        let mut done = Vec::with_capacity(items.len());
        for Item { delivery, wired, item } in items {
            let later = match apply(self, &wired, &item).await {
                Ok(Applied::Done) => false,
                Ok(Applied::Unknown) | Err(Gone) => true,
            };
            done.push((delivery, later));
        }
        done
    }

    async fn read_delivery(&self, key: &WorkKey) -> Result<Option<Read>, Trouble> {
        let row = WorkKey::new(WorkTable::Inbox, key.owner.clone(), key.id.clone());
        let row = self.node().store().work_row(&row).await.map_err(Trouble::Store)?;
        let delivery = row.map(Delivery::from_row).transpose().map_err(Trouble::Store)?;
        let Some(delivery) = delivery.filter(|delivery| delivery.state == "new") else {
            // A repeated delivery, applied before.
            let write = WorkWrite { delete: vec![key.clone()], ..self.writer().begin() };
            self.writer().write(write).await?;
            return Ok(None);
        };
        let Some(wired) = self.wired(&delivery.connection) else { return Ok(None) };
        let Some(transport) = wired.transport() else { return Ok(None) };
        let url = format!("{}/?{}", self.public_url(), delivery.query);
        let headers: Vec<(String, String)> = delivery.headers.clone().into_iter().collect();
        let body = STANDARD.decode(&delivery.raw).unwrap_or_default();
        let request = WebhookRequest { method: "POST", url: &url, headers: &headers, body: &body };
        match transport.read_webhook(&request) {
            Ok(items) => Ok(Some(Read { delivery, wired, items })),
            Err(unreadable) => {
                tracing::warn!(connection = %delivery.connection, delivery = %delivery.id, error = %unreadable, "a signed delivery cannot be read");
                let dead = Dead {
                    connection: delivery.connection.clone(),
                    id: delivery.id.clone(),
                    at: self.node().now(),
                    class: "unreadable".into(),
                    answer: unreadable.to_string(),
                    hint: Hint::ReportToUs.text().into(),
                    effect: None,
                };
                let mut write = self.writer().begin();
                write.delete = vec![key.clone()];
                write.put = vec![Delivery { state: "dead".into(), ..delivery }.row(), dead.row()];
                self.writer().write(write).await?;
                Ok(None)
            }
        }
    }

    async fn done(&self, delivery: Delivery, later: bool, now: Timestamp) -> Result<(), Gone> {
        let key = WorkKey::new(WorkTable::InboxOpen, delivery.connection.clone(), delivery.id.clone());
        let mut write = self.writer().begin();
        if later && now < delivery.received_at.plus_millis(GIVE_UP_MS) {
            let open = Open { received_at: delivery.received_at, next_at: now.plus_millis(AGAIN_MS) };
            write.put = vec![WorkRow { key, body: serde_json::to_value(open).unwrap_or_default() }];
        } else {
            if later {
                metrics::counter!("munshi_connector_inbox_unmatched_total", "connection" => delivery.connection.to_string())
                    .increment(1);
            }
            let state = if later { "unmatched" } else { "applied" };
            write.delete = vec![key];
            write.put = vec![Delivery { state: state.into(), ..delivery }.row()];
        }
        self.writer().write(write).await
    }

    /// Removes deliveries and references that are older than the configuration says.
    async fn purge(&self, now: Timestamp) -> Result<(), StoreError> {
        let days = i64::try_from(self.inbox_days()).unwrap_or(30);
        let oldest = now.plus_millis(-days * 86_400_000);
        for table in [WorkTable::Inbox, WorkTable::Reference] {
            let mut after: Option<WorkKey> = None;
            loop {
                let rows = self.node().store().work_rows(table, None, after.as_ref(), 500).await?;
                let Some(last) = rows.last() else { break };
                after = Some(last.key.clone());
                let at = |row: &WorkRow| {
                    let field = if table == WorkTable::Inbox { "received_at" } else { "at" };
                    serde_json::from_value::<Timestamp>(row.body.get(field).cloned().unwrap_or_default()).ok()
                };
                let old = rows.iter().filter(|row| at(row).is_some_and(|at| at < oldest));
                let delete: Vec<WorkKey> = old.map(|row| row.key.clone()).collect();
                if !delete.is_empty()
                    && self.writer().write(WorkWrite { delete, ..self.writer().begin() }).await.is_err()
                {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

struct Item {
    delivery: usize,
    wired: Arc<Wired>,
    item: InboundItem,
}

struct Read {
    delivery: Delivery,
    wired: Arc<Wired>,
    items: Vec<InboundItem>,
}

enum Trouble {
    Gone,
    Store(StoreError),
}

impl From<Gone> for Trouble {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

/// Items of one lane are applied in the order in which they arrived.
fn lane(item: &InboundItem) -> String {
    match item {
        InboundItem::Message(message) => format!("m{}", message.from),
        InboundItem::Status(status) => format!("s{}", status.vendor_ref),
    }
}

/// Keys of vendors may be long and hold anything; ids of rows are short and plain.
fn delivery_id(key: &str) -> String {
    let mut hash = token::hex_of(&Sha256::digest(key.as_bytes()));
    hash.truncate(40);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_03_a_delivery_s_id_is_plain_and_follows_from_its_key() {
        let id = delivery_id("wamid.HBgM/+= ،");
        assert!(id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(id, delivery_id("wamid.HBgM/+= ،"));
        assert_ne!(id, delivery_id("wamid.HBgM/+="));
    }
}
