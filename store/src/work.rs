//! Open work at the edge: connections, effects that still have to go out, deliveries that came in, dead letters.
//!
//! Invariant: a [`WorkWrite`] is one durable transaction that checks the writer's epoch, and writing it twice is the same
//! as writing it once, so that a write whose answer was lost is simply repeated. What it deliberately does not do: know
//! what a row means (bodies are JSON, credentials in them are sealed before they come here), or take part in a batch of
//! the journal. `rebuild` leaves these tables alone: what was sent cannot be sent again by folding the journal.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The tables of open work (integrations/README.md §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkTable {
    /// One account at one vendor, credentials sealed.
    Connection,
    /// What a connection still has to do; a settled effect has no row.
    Effect,
    /// Deliveries of a vendor, each once; kept for a while after they were applied, to know a repeated one.
    Inbox,
    /// Deliveries that are not applied yet, by the key of their row in the inbox.
    InboxOpen,
    /// What needs a person.
    Dead,
    /// A vendor's ids of what was sent, for news and answers that name nothing else; kept for a while.
    Reference,
    /// What users are told and have not seen yet; kept for a while.
    Notice,
}

impl WorkTable {
    /// Every table.
    pub const ALL: [Self; 7] =
        [Self::Connection, Self::Effect, Self::Inbox, Self::InboxOpen, Self::Dead, Self::Reference, Self::Notice];

    /// Name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Effect => "effect",
            Self::Inbox => "inbox",
            Self::InboxOpen => "inbox_open",
            Self::Dead => "dead",
            Self::Reference => "reference",
            Self::Notice => "notice",
        }
    }
}

/// Address of a row: table, owner (a connection; for connections the shop), id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkKey {
    /// Table.
    pub table: WorkTable,
    /// Whose row it is; rows are listed by owner.
    pub owner: Arc<str>,
    /// Id within the owner.
    pub id: Arc<str>,
}

impl WorkKey {
    /// The key of `id` of `owner`.
    pub fn new(table: WorkTable, owner: impl Into<Arc<str>>, id: impl Into<Arc<str>>) -> Self {
        Self { table, owner: owner.into(), id: id.into() }
    }
}

/// A row of open work.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkRow {
    /// Its address.
    pub key: WorkKey,
    /// What it says.
    pub body: Value,
}

/// One transaction over open work. Each key occurs at most once.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WorkWrite {
    /// Epoch of the writer; an older one than the database's is fenced.
    pub epoch: u64,
    /// Rows written unless their key exists.
    pub insert: Vec<WorkRow>,
    /// Rows written whatever is there.
    pub put: Vec<WorkRow>,
    /// Keys deleted, if they exist.
    pub delete: Vec<WorkKey>,
    /// Positions of consumers in the journal; they never move back.
    pub positions: Vec<(Arc<str>, u64)>,
    /// Whether somebody waits for it: a vendor that wants its 2xx, an operator.
    pub awaited: bool,
}

impl WorkWrite {
    /// An empty write of this epoch.
    pub fn of(epoch: u64) -> Self {
        Self { epoch, ..Self::default() }
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.insert.is_empty() && self.put.is_empty() && self.delete.is_empty() && self.positions.is_empty()
    }

    /// Adds what another write says; the two must not name the same key.
    pub fn append(&mut self, other: Self) {
        self.insert.extend(other.insert);
        self.put.extend(other.put);
        self.delete.extend(other.delete);
        self.positions.extend(other.positions);
        self.awaited |= other.awaited;
    }
}
