//! What goes into the store and comes out of it.

use std::sync::Arc;

use munshi_domain::{EntityId, Part, PartJson, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Events;

/// Who is behind a journal entry (AUD-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Who {
    /// A signed-in person.
    User(UserId),
    /// A process of Munshi, by name, for example `placement`.
    Process(Arc<str>),
    /// A timer.
    Timer,
    /// The command line, an import or the seed, by name.
    System(Arc<str>),
}

/// One accepted command as it stands in the journal: all its events, atomically. `event:[kind, id, first]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Position in the journal: dense, from 1, in order of staging.
    pub seq: u64,
    /// Whose events these are.
    pub entity: EntityId,
    /// Version of the entity after the first event of this entry; the entry's key.
    pub first: u64,
    /// Version after the last event: `first + events.len() - 1`.
    pub last: u64,
    /// When it was decided.
    pub at: Timestamp,
    /// Who did it.
    pub by: Who,
    /// The command's id, as the caller or the process made it.
    pub cmd: Arc<str>,
    /// Hash of the request body for commands from outside; tells a retry from a reuse of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Arc<str>>,
    /// Name of the command, for example `SubmitOrder`.
    pub command: Arc<str>,
    /// Reason given by the person, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Arc<str>>,
    /// The answer as it was given, for entities whose state is too large to be folded again for one answer.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub answer: Option<Value>,
    /// The events, each an object with a `type`.
    pub events: Events,
    /// SHA-256 over the entry before it in the journal and this one (see [`crate::chain`]), lower-case hex.
    pub hash: String,
}

/// A value that is there, `null` included: an empty answer is an answer.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// What one commit writes (runtime.md §5).
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Epoch of the writer; the fence compares it with the database's.
    pub epoch: u64,
    /// Entries with dense sequence numbers; never empty.
    pub entries: Vec<JournalEntry>,
    /// Everything up to this sequence number has no process step outstanding; kept in the batch row.
    pub processed: u64,
    /// The entries as the journal keeps them ([`crate::chain::line`]), from who has them anyway; otherwise none, and they
    /// are made from the entries.
    pub lines: Vec<String>,
}

impl Batch {
    /// A batch whose lines are made from its entries.
    pub const fn new(epoch: u64, entries: Vec<JournalEntry>, processed: u64) -> Self {
        Self { epoch, entries, processed, lines: Vec::new() }
    }

    /// Sequence number of the first entry.
    pub fn first_seq(&self) -> u64 {
        self.entries.first().map_or(0, |entry| entry.seq)
    }

    /// Sequence number of the last entry.
    pub fn last_seq(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }
}

/// Where things stand when a node starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// This node's epoch.
    pub epoch: u64,
    /// Id of the journal, `j_` and 16 hex digits: minted by the first start of a database and the same for its life. A
    /// journal that was restored from a backup has another one, because it may go on differently.
    pub journal: String,
    /// Sequence number of the last durable entry; 0 for an empty journal.
    pub head: u64,
    /// Hash of that entry; [`crate::chain::GENESIS`] for an empty journal.
    pub hash: String,
    /// The last batch's `processed`: processes resume after it.
    pub processed: u64,
    /// Cursor of the `documents` consumer: documents reflect at least this position.
    pub projected: u64,
}

/// The stored state of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Version the document reflects.
    pub version: u64,
    /// Journal position the document reflects.
    pub seq: u64,
    /// All parts.
    pub parts: Vec<(Part, PartJson)>,
}

/// A document and what happened after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The document, if one was projected yet.
    pub document: Option<Document>,
    /// Entries after it, the oldest ones if there are more than were asked for.
    pub tail: Vec<JournalEntry>,
}

/// A change to a document. Parts not named stay as they are; `None` deletes a part's row.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentWrite {
    /// The entity.
    pub entity: EntityId,
    /// Version after this write.
    pub version: u64,
    /// Journal position of that version.
    pub seq: u64,
    /// Whether the entity has no document yet: its main part is then inserted, not updated.
    pub new: bool,
    /// Flat columns for lists and filters, or `Null` for kinds that are never listed.
    pub view: Value,
    /// The changed parts; the main part is always among them.
    pub parts: Vec<(Part, Option<PartJson>)>,
    /// Journal positions that last changed parts of this write, where that is not `seq`: several entries may be written
    /// together.
    pub changed: Vec<(Part, u64)>,
    /// When the entity next wants to be woken, if that changed to a new instant.
    pub due: Option<Timestamp>,
}

/// A change to a row of a read-model table (ledger movements, search text).
#[derive(Clone, Debug, PartialEq)]
pub struct RowWrite {
    /// Table, one of [`crate::query::ROW_TABLES`].
    pub table: &'static str,
    /// Key parts, in order; keys sort by them.
    pub key: Vec<Value>,
    /// The row, or `None` to delete it.
    pub body: Option<Value>,
}

/// What one consumer writes in one go.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Projection {
    /// The consumer's name, for its cursor.
    pub consumer: Arc<str>,
    /// Its cursor after this write; never moves back.
    pub seq: u64,
    /// Documents, each entity at most once.
    pub documents: Vec<DocumentWrite>,
    /// Rows, each key at most once.
    pub rows: Vec<RowWrite>,
}

/// A failed read or projection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process has the data directory open.
    #[error("data directory is in use by {holder}")]
    Held {
        /// Process id and host as the holder wrote them.
        holder: String,
    },
    /// A newer epoch took over.
    #[error("another server has taken over this database")]
    Fenced,
    /// The database did not answer in time or the connection broke; asking again is safe.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// The stored data does not have the shape this version writes.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// The query names a column or cursor that does not exist.
    #[error("bad query: {0}")]
    Query(String),
    /// Written by a newer version of Munshi, or cannot be migrated.
    #[error("schema version {found} is not supported, this build reads up to {supported}")]
    Schema {
        /// Version in the database.
        found: u64,
        /// Newest version this build knows.
        supported: u64,
    },
}

/// A failed commit, by what it means for the batch (runtime.md rule 4).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// Certainly not applied; the same batch may be sent again.
    #[error("not applied: {0}")]
    NotApplied(String),
    /// Certainly not applied and never will be: an entity version or sequence number exists already.
    #[error("duplicate: {0}")]
    Duplicate(String),
    /// May or may not have been applied: look for the marker before anything else.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// A newer epoch owns the database: stop.
    #[error("another server has taken over this database")]
    Fenced,
    /// The engine reported an I/O or fsync error: stop, do not acknowledge anything more.
    #[error("storage failed: {0}")]
    Fatal(String),
}
