//! What happened, told to subscribers as signed webhooks (API-03, messaging.md §6).
//!
//! Invariant: the events of one entity reach a subscriber in order, each until it is taken or given up; id and body of an
//! event are the same on every attempt, so a receiver can tell a repetition. What is nobody's business outside (users,
//! conversations, keys) is never told.

use munshi_connectors::{
    outcome::{Hint, Outcome},
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
    records::{Effect, State},
    writer::Gone,
};

const EFFECTS: Uuid = Uuid::from_u128(0x6d75_6e73_6869_5000_8000_7765_6268_6f6b);
/// How long an event is worth telling: three days.
const EXPIRES_MS: i64 = 3 * 86_400_000;
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
        match made {
            Some((id, body)) => Ready::Request(Box::new(Delivery { id, body: body.to_string().into_bytes() })),
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
        let told = entry.events.iter().zip(0u32..).filter(|(event, _)| event["type"] != "NothingChanged");
        let effect = |(_, n): (&Value, u32)| Effect {
            id: Uuid::new_v5(&EFFECTS, self.id(entry, n).as_bytes()).to_string().into(),
            connection: self.connection.clone(),
            kind: "webhook".into(),
            key: entry.entity.to_string().into(),
            payload: Value::Null,
            seq: entry.seq,
            n,
            state: State::Planned,
            attempts: 0,
            lookups: 0,
            called_at: None,
            next_at: entry.at,
            waited_ms: 0,
            expires_at: Some(self.outbound.node().now().max(entry.at).plus_millis(EXPIRES_MS)),
            last: None,
            replayed: false,
        };
        told.map(effect).collect()
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
