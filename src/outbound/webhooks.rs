//! What happened, told to subscribers as signed webhooks (API-03, messaging.md §6).
//!
//! Invariant: the events of one entity reach a subscriber in order, each until it is taken or given up; id and body of an
//! event are the same on every attempt, so a receiver can tell a repetition. What is nobody's business outside (users,
//! conversations, keys) is never told.

use std::time::Duration;

use munshi_connectors::{
    outcome::{Hint, Outcome},
    pace::Jitter,
    transport::{Accepted, DeliveryState, Lookup},
    webhook::{Delivery, Endpoint, deliver},
};
use munshi_domain::{Kind, Timestamp};
use munshi_store::JournalEntry;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Outbound, Wired,
    connector::{Care, Connector, Doing, News, Ready},
    records::Effect,
    writer::Gone,
};

const EFFECTS: Uuid = Uuid::from_u128(0x6d75_6e73_6869_5000_8000_7765_6268_6f6b);
/// How long an event is worth telling: three days.
const EXPIRES_MS: i64 = 3 * 86_400_000;
/// How long an event that was not taken waits: decorrelated from 5 seconds up to 8 hours (messaging.md §6).
pub const RETRIES: Jitter = Jitter { base: Duration::from_secs(5), cap: Duration::from_secs(8 * 3_600) };
/// Name of the part of a body that a person may change.
pub const DATA: &str = "data";
/// When the journal cannot be read now.
const LATER_MS: i64 = 1_000;
/// Kinds of entities whose events are told.
pub const TOLD: [Kind; 5] = [Kind::Order, Kind::Customer, Kind::Product, Kind::Warehouse, Kind::ApprovalQueue];

/// The connector of one subscriber.
pub struct Webhooks {
    outbound: Outbound,
    connection: std::sync::Arc<str>,
    endpoint: Endpoint,
    kinds: Vec<Kind>,
}

impl Webhooks {
    /// For a connection that has an endpoint.
    pub fn new(outbound: &Outbound, wired: &Wired) -> Option<Self> {
        let (endpoint, kinds) = wired.endpoint()?;
        Some(Self {
            outbound: outbound.clone(),
            connection: wired.record.id.clone(),
            endpoint: endpoint.clone(),
            kinds: kinds.to_vec(),
        })
    }

    fn id(&self, entry: &JournalEntry, n: u32) -> String {
        format!("msg_{}.{n}_{}", entry.seq, self.connection)
    }

    fn body(entry: &JournalEntry, n: u32) -> Option<Value> {
        let event = entry.events.get(usize::try_from(n).ok()?)?;
        Some(json!({
            "type": format!("{}.{}", entry.entity.kind.name(), event.get("type")?.as_str()?),
            "at": entry.at,
            "seq": entry.seq,
            "entity": {"kind": entry.entity.kind.name(), "id": entry.entity.id},
            "version": entry.first + u64::from(n),
            "data": event,
        }))
    }

    async fn make(&self, effect: &Effect) -> Ready<Delivery> {
        let read = self.outbound.node().store().journal(effect.seq.saturating_sub(1), 1).await;
        let Ok(entries) = read else {
            return Ready::Later(self.outbound.node().now().plus_millis(LATER_MS));
        };
        let entry = entries.into_iter().find(|entry| entry.seq == effect.seq);
        let made = entry.and_then(|entry| Some((self.id(&entry, effect.n), Self::body(&entry, effect.n)?)));
        let edited = effect.edited.as_ref().and_then(|edited| edited.get(DATA)).cloned();
        match made {
            Some((id, mut body)) => {
                if let Some(data) = edited {
                    body[DATA] = data;
                }
                Ready::Request(Box::new(Delivery { id, body: body.to_string().into_bytes() }))
            }
            None => Ready::Broken {
                code: "entry_missing".into(),
                text: "the journal has no such event".into(),
                hint: Hint::ReportToUs,
            },
        }
    }
}

impl Connector for Webhooks {
    type Request = Delivery;

    fn plan(&self, entry: &JournalEntry) -> Vec<Effect> {
        if !self.kinds.contains(&entry.entity.kind) {
            return Vec::new();
        }
        let effect = |(n, _): (u32, &Value)| {
            let id = Uuid::new_v5(&EFFECTS, self.id(entry, n).as_bytes()).to_string();
            let expires_at = Some(self.outbound.node().now().max(entry.at).plus_millis(EXPIRES_MS));
            Effect { expires_at, ..Effect::planned(id, self.connection.clone(), "webhook", entry, n) }
        };
        entry.events.changes().map(effect).collect()
    }

    fn ready<'a>(&'a self, effect: &'a Effect) -> Doing<'a, Ready<Delivery>> {
        Box::pin(self.make(effect))
    }

    fn call<'a>(&'a self, request: &'a Delivery, now: Timestamp) -> Doing<'a, Outcome<Accepted>> {
        Box::pin(async move {
            let told = deliver(self.outbound.http(), &self.endpoint, request, now).await;
            told.map(|()| Accepted { vendor_ref: request.id.clone(), state: DeliveryState::Delivered })
        })
    }

    fn lookup<'a>(&'a self, _: &'a Delivery, _: Timestamp) -> Doing<'a, Lookup> {
        Box::pin(async { Lookup::NotPossible })
    }

    fn repeats_are_safe(&self) -> bool {
        true
    }

    fn tell<'a>(&'a self, _: &'a Effect, news: &'a News) -> Doing<'a, Result<Care, Gone>> {
        let care = if matches!(news, News::Failed { .. } | News::Expired) { Care::Person } else { Care::None };
        Box::pin(async move { Ok(care) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_03_the_schedule_of_retries_is_as_documented() {
        for random in [0.0, 0.3, 0.999] {
            let (mut waited, mut total, mut attempts) = (Duration::ZERO, Duration::ZERO, 1);
            while total.as_millis() < u128::from(EXPIRES_MS.unsigned_abs()) {
                let next = RETRIES.next(waited, random, Duration::ZERO);
                assert!(next >= Duration::from_secs(5) && next <= Duration::from_secs(8 * 3_600), "{next:?}");
                assert!(next <= (waited * 3).max(Duration::from_secs(5)), "at most three times the last wait");
                (waited, total, attempts) = (next, total + next, attempts + 1);
            }
            assert!(attempts >= 10, "{attempts} attempts in three days");
        }
        assert_eq!(RETRIES.next(Duration::from_secs(8 * 3_600), 0.999, Duration::ZERO), Duration::from_secs(8 * 3_600));
    }
}
