//! What a connection keeps in the store: itself, its open effects, what came in, what needs a person.
//!
//! Invariant: a record names messages and customers, it never repeats what they say; credentials in it are sealed.
//! It deliberately has no behaviour: the worker moves effects from state to state.

use std::{collections::BTreeMap, sync::Arc};

use munshi_domain::Timestamp;
use munshi_store::{JournalEntry, StoreError, WorkKey, WorkRow, WorkTable};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Owner of connection rows: the one shop of this database (the seam for tenants).
pub const SHOP: &str = "shop";

/// A record with a place in the store.
pub trait Record: Serialize + DeserializeOwned {
    /// Its table.
    const TABLE: WorkTable;

    /// Its key.
    fn key(&self) -> WorkKey;

    /// Its row.
    fn row(&self) -> WorkRow {
        WorkRow { key: self.key(), body: serde_json::to_value(self).unwrap_or_default() }
    }

    /// The record of a row.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the row has another shape.
    fn from_row(row: WorkRow) -> Result<Self, StoreError> {
        serde_json::from_value(row.body)
            .map_err(|error| StoreError::Damaged(format!("{} {}: {error}", Self::TABLE.name(), row.key.id)))
    }
}

/// Which outside system a connection speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vendor {
    /// Twilio: WhatsApp and SMS.
    Twilio,
    /// Meta's WhatsApp Cloud API.
    Meta,
    /// A mail server.
    Smtp,
    /// A subscriber of signed webhooks.
    Webhook,
    /// A room of Slack, by its incoming webhook.
    Slack,
    /// A room of Microsoft Teams, by its incoming webhook.
    Teams,
}

impl Vendor {
    /// Every vendor.
    pub const ALL: [Self; 6] = [Self::Twilio, Self::Meta, Self::Smtp, Self::Webhook, Self::Slack, Self::Teams];

    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Meta => "meta",
            Self::Smtp => "smtp",
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Teams => "teams",
        }
    }

    /// Whether it calls an address of ours: with statuses, or with what somebody wrote.
    pub const fn calls_us(self) -> bool {
        matches!(self, Self::Twilio | Self::Meta)
    }

    /// The vendor with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vendor| vendor.word() == word)
    }
}

/// Whether and where a connection sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// To the vendor.
    Live,
    /// To the practice world; addresses of the own network are allowed.
    Practice,
    /// Nowhere: work waits.
    Paused,
}

impl Mode {
    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Practice => "practice",
            Self::Paused => "paused",
        }
    }

    /// The mode with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Live, Self::Practice, Self::Paused].into_iter().find(|mode| mode.word() == word)
    }
}

/// One account at one vendor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id, part of addresses: letters, digits, `-`, `_`.
    pub id: Arc<str>,
    /// Whom it speaks to.
    pub vendor: Vendor,
    /// Name for people.
    pub name: String,
    /// Whether it sends.
    pub mode: Mode,
    /// What `mode` was before it was paused.
    pub resume_to: Mode,
    /// Why it was paused, if the worker did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_because: Option<String>,
    /// Where it sends to; empty for the vendor's own address.
    pub base_url: String,
    /// Settings of the vendor that are no secret: account, senders, templates.
    pub settings: BTreeMap<String, Value>,
    /// Credentials, sealed, by name.
    pub sealed: BTreeMap<String, String>,
    /// Raised to make the address of its webhooks another one.
    #[serde(default)]
    pub generation: u32,
    /// Version, for `If-Match`.
    pub revision: u64,
    /// Command that made this revision, to answer a retry.
    pub cmd: Arc<str>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Record for Connection {
    const TABLE: WorkTable = WorkTable::Connection;
    fn key(&self) -> WorkKey {
        WorkKey::new(Self::TABLE, SHOP, self.id.clone())
    }
}

impl Connection {
    /// A text setting.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.settings.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// The place a credential is sealed for.
    pub fn place(id: &str, name: &str) -> String {
        format!("connection/{id}/{name}")
    }
}

/// How far an effect is (integrations/README.md §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// To be sent, not before `next_at`.
    Planned,
    /// The request may have left.
    InFlight,
    /// The request may have been carried out: look before anything else.
    Unknown,
    /// Nobody can find out but a person.
    NeedsAttention,
}

impl State {
    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::InFlight => "in_flight",
            Self::Unknown => "unknown",
            Self::NeedsAttention => "needs_attention",
        }
    }
}

/// One thing a connection still has to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Uuid v5 of connection, kind, business key and revision: the same event plans the same effect.
    pub id: Arc<str>,
    /// The connection.
    pub connection: Arc<str>,
    /// What kind of thing.
    pub kind: String,
    /// Effects of one key go out one after the other.
    pub key: Arc<str>,
    /// What is to be sent, by reference.
    pub payload: Value,
    /// Journal position it follows from.
    pub seq: u64,
    /// Place among the effects of that position.
    pub n: u32,
    /// How far it is.
    pub state: State,
    /// Calls made.
    pub attempts: u32,
    /// Look-ups made since the last call.
    #[serde(default)]
    pub lookups: u32,
    /// When the last call began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_at: Option<Timestamp>,
    /// Not before.
    pub next_at: Timestamp,
    /// The last wait in milliseconds, for the next one.
    #[serde(default)]
    pub waited_ms: u64,
    /// Not after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Class of the last outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Whether a person wants it sent, whatever became of it before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
    /// What a person put in place of what follows from the entry, by name; kept until it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<BTreeMap<String, Value>>,
}

impl Effect {
    /// An effect that follows from an entry and is due at once. `n` is its place among the effects of the entry.
    pub fn planned(id: impl Into<Arc<str>>, connection: Arc<str>, kind: &str, entry: &JournalEntry, n: u32) -> Self {
        Self {
            id: id.into(),
            connection,
            kind: kind.to_owned(),
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
            expires_at: None,
            last: None,
            replayed: false,
            edited: None,
        }
    }
}

impl Record for Effect {
    const TABLE: WorkTable = WorkTable::Effect;
    fn key(&self) -> WorkKey {
        WorkKey::new(Self::TABLE, self.connection.clone(), self.id.clone())
    }
}

/// One delivery of a vendor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The connection.
    pub connection: Arc<str>,
    /// What tells a repeated delivery: the vendor's key, or a hash.
    pub id: Arc<str>,
    /// Journal-wide order of arrival is the order of this instant, then of the id.
    pub received_at: Timestamp,
    /// Headers that are needed to read it.
    pub headers: BTreeMap<String, String>,
    /// Parameters of the query.
    pub query: String,
    /// The body as it came, in base64.
    pub raw: String,
    /// How far it is: `new`, `applied`, `dead`.
    pub state: String,
}

impl Record for Delivery {
    const TABLE: WorkTable = WorkTable::Inbox;
    fn key(&self) -> WorkKey {
        WorkKey::new(Self::TABLE, self.connection.clone(), self.id.clone())
    }
}

/// Something that was given up and waits for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dead {
    /// The connection.
    pub connection: Arc<str>,
    /// Id of the effect or the delivery.
    pub id: Arc<str>,
    /// When it was given up.
    pub at: Timestamp,
    /// Class: a stable code, the vendor's where it has one.
    pub class: String,
    /// What was answered, without secrets and personal data, at most 4 KiB.
    pub answer: String,
    /// What an operator can do, in words.
    pub hint: String,
    /// The effect as it was, or nothing for a delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
}

impl Record for Dead {
    const TABLE: WorkTable = WorkTable::Dead;
    fn key(&self) -> WorkKey {
        WorkKey::new(Self::TABLE, self.connection.clone(), self.id.clone())
    }
}
