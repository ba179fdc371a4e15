//! Alerts and approvals posted to chat rooms of Slack and Teams (NOT-04): what the holders of a room's roles are told.
//!
//! Invariant: a note follows from one journal entry and is posted by one call; a room has no id of ours and cannot be
//! asked, so a call without an answer is not repeated but shown to a person. Links lead to the console, where whoever
//! follows them signs in: a room is read by many, so it carries no one-time link.

use std::{collections::BTreeMap, sync::Arc};

use munshi_connectors::{
    outcome::{Hint, Outcome},
    transport::{self, Accepted, Body, Button, Channel, Lookup, MessageTransport},
};
use munshi_domain::{
    Kind, QueueId, Timestamp, WarehouseId,
    approval::{ApprovalQueue, OpenStep, QueueEvent},
    connection::ConnectionEvent,
    notify::{ALERT_ROLES, Alert, MessageKind, STOCK_ROLES},
    order::Order,
    warehouse::WarehouseEvent,
};
use munshi_store::JournalEntry;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{
    Outbound, Wired,
    connector::{Care, Connector, Doing, News, Ready},
    records::Effect,
    render,
    writer::Gone,
};

const EFFECTS: Uuid = Uuid::from_u128(0x6d75_6e73_6869_5000_8000_6368_6174_726d);
/// When something cannot be read now.
const LATER_MS: i64 = 1_000;
/// Kinds of messages that a room can hear.
pub const POSTED: [MessageKind; 5] = [
    MessageKind::ApprovalRequest,
    MessageKind::ApprovalEscalated,
    MessageKind::LowStock,
    MessageKind::SyncFailed,
    MessageKind::ErrorAlert,
];

/// The connector of one room.
pub struct Rooms {
    outbound: Outbound,
    wired: Arc<Wired>,
}

/// What a note is about, as far as its entry tells.
enum About {
    Alert(Alert),
    Step(Box<OpenStep>, QueueId),
    /// A step that is not told whole.
    Escalated(munshi_domain::approval::StepId, QueueId),
}

/// What a note says.
struct Note {
    kind: MessageKind,
    values: BTreeMap<String, String>,
    /// Page of the console where somebody acts.
    page: &'static str,
}

impl Rooms {
    /// For a connection that is a room.
    pub fn new(outbound: &Outbound, wired: &Arc<Wired>) -> Option<Self> {
        wired.room().map(|_| Self { outbound: outbound.clone(), wired: wired.clone() })
    }

    fn hears(&self, kind: MessageKind, roles: &[&str]) -> bool {
        let Some(room) = self.wired.room() else { return false };
        // Administrators hold every role.
        room.kinds.contains(&kind) && room.roles.iter().any(|own| own == "admin" || roles.contains(&own.as_str()))
    }

    /// What an event is about, if this room may hear it.
    fn about(&self, entry: &JournalEntry, event: &Value) -> Option<About> {
        let about = match entry.entity.kind {
            Kind::Warehouse => match WarehouseEvent::deserialize(event).ok()? {
                WarehouseEvent::StockLow { sku, available, .. } => {
                    let warehouse = WarehouseId::parse(&entry.entity.id).ok()?;
                    About::Alert(Alert::LowStock { warehouse, sku, available, version: entry.last })
                }
                _ => return None,
            },
            Kind::Connection => match ConnectionEvent::deserialize(event).ok()? {
                // What is wrong with this room cannot be said in it.
                ConnectionEvent::TroubleBegan { trouble, at } if entry.entity.id != self.wired.record.id => {
                    About::Alert(Alert::of_trouble(&self.outbound.name_of(&entry.entity.id), trouble, at))
                }
                _ => return None,
            },
            Kind::ApprovalQueue => {
                let queue = QueueId::parse(&entry.entity.id).ok()?;
                match QueueEvent::deserialize(event).ok()? {
                    QueueEvent::StepOpened { about, .. } => About::Step(about, queue),
                    QueueEvent::StepEscalated { step, .. } => About::Escalated(step, queue),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let heard = match &about {
            About::Alert(alert @ Alert::LowStock { .. }) => self.hears(alert.told().0, &STOCK_ROLES),
            About::Alert(alert) => self.hears(alert.told().0, &ALERT_ROLES),
            About::Step(step, _) => self.hears(MessageKind::ApprovalRequest, &[step.approver_role.as_str()]),
            // Its role is looked up when it is posted.
            About::Escalated(..) => true,
        };
        heard.then_some(about)
    }

    /// What is posted; nothing when there is nothing to say any more.
    async fn note(&self, about: About) -> Result<Option<Note>, munshi_actors::node::Broken> {
        let node = self.outbound.node();
        let (step, queue, kind) = match about {
            About::Alert(alert) => {
                let (kind, values) = alert.told();
                let page = match kind {
                    MessageKind::LowStock => "/stock",
                    MessageKind::SyncFailed => "/messages/connections",
                    _ => "/system",
                };
                let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                return Ok(Some(Note { kind, values, page }));
            }
            About::Step(step, queue) => (*step, queue, MessageKind::ApprovalRequest),
            About::Escalated(id, queue) => {
                let look = move |queue: &ApprovalQueue, _: u64| queue.step(id).map(|view| view.about.clone());
                let step = node.read::<ApprovalQueue, _>(queue.as_str(), look).await?.flatten();
                let kind = MessageKind::ApprovalEscalated;
                match step.filter(|step| self.hears(kind, &[step.approver_role.as_str()])) {
                    Some(step) => (step, queue, kind),
                    None => return Ok(None),
                }
            }
        };
        let look = |order: &Order, _: u64| order.number().unwrap_or_default().to_owned();
        let number = node.read::<Order, _>(&step.step.order.to_string(), look).await?.unwrap_or_default();
        let values = [("number", number), ("total", step.amount.to_string()), ("queue", queue.to_string())];
        let values = values.map(|(name, value)| (name.to_owned(), value)).into();
        Ok(Some(Note { kind, values, page: "/approvals" }))
    }

    async fn make(&self, effect: &Effect) -> Ready<transport::Envelope> {
        let node = self.outbound.node();
        let later = || Ready::Later(node.now().plus_millis(LATER_MS));
        let Ok(entries) = node.store().journal(effect.seq.saturating_sub(1), 1).await else { return later() };
        let about = entries.iter().find(|entry| entry.seq == effect.seq).and_then(|entry| {
            let event = entry.events.get(usize::try_from(effect.n).ok()?)?;
            self.about(entry, event)
        });
        let Some(about) = about else { return Ready::Settled };
        match self.note(about).await {
            Ok(Some(note)) => self.envelope(effect, note),
            Ok(None) => Ready::Settled,
            Err(_) => later(),
        }
    }

    fn envelope(&self, effect: &Effect, note: Note) -> Ready<transport::Envelope> {
        let Some(room) = self.wired.room() else { return Ready::Settled };
        let mut values = note.values;
        values.insert("name".into(), self.outbound.name_of(&self.wired.record.id));
        values.extend(super::edited_texts(effect));
        let text = match render::text(note.kind, room.language, &values, &self.outbound.node().settings()) {
            Ok(text) => text,
            Err(fault) => {
                let (code, text) = (fault.code().to_owned(), fault.to_string());
                return Ready::Broken { code, text, hint: Hint::FixTemplate };
            }
        };
        let link = format!("{}{}", self.outbound.public_url(), note.page);
        let buttons = vec![Button { title: "Munshi".into(), payload: link }];
        Ready::Request(Box::new(transport::Envelope {
            id: Uuid::parse_str(&effect.id).unwrap_or_default(),
            channel: Channel::Chat,
            to: String::new(),
            body: Body::Interactive { text: text.mail, buttons },
            subject: Some(text.subject),
            html: None,
            attachments: Vec::new(),
            status_callback: None,
            made_at: effect.next_at,
            expires_at: effect.expires_at,
            unsubscribe_url: None,
        }))
    }

    fn transport(&self) -> Option<&dyn MessageTransport> {
        self.wired.transport()
    }
}

impl Connector for Rooms {
    type Request = transport::Envelope;

    fn plan(&self, entry: &JournalEntry) -> Vec<Effect> {
        let told = entry.events.iter().zip(0u32..).filter_map(|(event, n)| Some((self.about(entry, event)?, n)));
        let effect = |(about, n): (About, u32)| {
            let kind = match about {
                About::Alert(alert) => alert.told().0,
                About::Step(..) => MessageKind::ApprovalRequest,
                About::Escalated(..) => MessageKind::ApprovalEscalated,
            };
            let connection = self.wired.record.id.clone();
            let id = Uuid::new_v5(&EFFECTS, format!("{connection}/{}/{n}", entry.seq).as_bytes()).to_string();
            let expires_at = Some(entry.at.plus_seconds(kind.row().expires_seconds));
            Effect { expires_at, ..Effect::planned(id, connection, "note", entry, n) }
        };
        told.map(effect).collect()
    }

    fn ready<'a>(&'a self, effect: &'a Effect) -> Doing<'a, Ready<transport::Envelope>> {
        Box::pin(self.make(effect))
    }

    fn call<'a>(&'a self, request: &'a transport::Envelope, now: Timestamp) -> Doing<'a, Outcome<Accepted>> {
        match self.transport() {
            Some(transport) => transport.send(request, now),
            None => Box::pin(async { Outcome::AuthExpired }),
        }
    }

    fn lookup<'a>(&'a self, _: &'a transport::Envelope, _: Timestamp) -> Doing<'a, Lookup> {
        Box::pin(async { Lookup::NotPossible })
    }

    fn repeats_are_safe(&self) -> bool {
        false
    }

    fn tell<'a>(&'a self, _: &'a Effect, news: &'a News) -> Doing<'a, Result<Care, Gone>> {
        let care = if matches!(news, News::Failed { .. }) { Care::Person } else { Care::None };
        Box::pin(async move { Ok(care) })
    }
}
