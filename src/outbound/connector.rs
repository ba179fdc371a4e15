//! What the worker asks of the code for one kind of connection.
//!
//! A connector plans from journal entries, makes calls, looks up what became of them, and tells the aggregates. It holds
//! no queue and keeps no state between calls; when to call, again or at all, is the worker's.

use std::{future::Future, pin::Pin};

use munshi_connectors::{
    outcome::{Hint, Outcome},
    transport::{Accepted, Lookup},
};
use munshi_domain::Timestamp;
use munshi_store::{JournalEntry, WorkRow};

use super::{records::Effect, writer::Gone};

/// A future of a connector.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What became of an effect, for the aggregate that caused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The vendor has it.
    Accepted(Accepted),
    /// It may have been carried out; it is being looked up.
    Unknown,
    /// Refused for good.
    Failed {
        /// The vendor's code.
        code: String,
        /// Its class.
        hint: Hint,
    },
    /// Not carried out in time.
    Expired,
}

impl News {
    /// The stable word, part of the id of the command that tells it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Unknown => "unknown",
            Self::Failed { .. } => "failed",
            Self::Expired => "expired",
        }
    }
}

/// A request that can be made, or why not.
pub enum Ready<R> {
    /// It can be made.
    Request(Box<R>),
    /// What it is about has been settled otherwise: a status came in, or it is not wanted any more.
    Settled,
    /// Nothing can be said about it now; not before this instant.
    Later(Timestamp),
    /// It cannot be made as things are; a person must see to it.
    Broken {
        /// A stable code.
        code: String,
        /// Why, without personal data.
        text: String,
        /// What to do.
        hint: Hint,
    },
}

/// Whether a refused effect needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// The aggregate goes on by itself, on another channel for example.
    None,
    /// It becomes a dead letter.
    Person,
}

/// Code for one kind of connection.
pub trait Connector: Send + Sync + 'static {
    /// What a call takes.
    type Request: Send + Sync + 'static;

    /// Effects that follow from an entry: the same for the same entry.
    fn plan(&self, entry: &JournalEntry) -> Vec<Effect>;

    /// Makes the request of an effect.
    fn ready<'a>(&'a self, effect: &'a Effect) -> Doing<'a, Ready<Self::Request>>;

    /// Makes the call, once.
    fn call<'a>(&'a self, request: &'a Self::Request, now: Timestamp) -> Doing<'a, Outcome<Accepted>>;

    /// Looks whether a call that began at `since` was carried out.
    fn lookup<'a>(&'a self, request: &'a Self::Request, since: Timestamp) -> Doing<'a, Lookup>;

    /// Whether the receiver recognises a repeated request, so that one may simply be made again.
    fn repeats_are_safe(&self) -> bool;

    /// Tells the aggregate. Returns when that is durable; telling twice has one effect.
    ///
    /// # Errors
    /// [`Gone`] when this server is stopping.
    fn tell<'a>(&'a self, effect: &'a Effect, news: &'a News) -> Doing<'a, Result<Care, Gone>>;

    /// The effect is a dead letter now. News that came in while it was written may have settled what it is about; then the
    /// dead letter goes again.
    ///
    /// # Errors
    /// [`Gone`] when this server is stopping.
    fn given_up<'a>(&'a self, effect: &'a Effect) -> Doing<'a, Result<(), Gone>> {
        let _ = effect;
        Box::pin(async { Ok(()) })
    }

    /// Rows to keep beside an effect that turns out to be settled: what [`Connector::kept`] would have kept, had this server
    /// not died between the telling and the keeping.
    fn settled<'a>(&'a self, effect: &'a Effect) -> Doing<'a, Vec<WorkRow>> {
        let _ = effect;
        Box::pin(async { Vec::new() })
    }

    /// Rows to keep beside an effect that was carried out.
    fn kept(&self, effect: &Effect, accepted: &Accepted) -> Vec<WorkRow> {
        let _ = (effect, accepted);
        Vec::new()
    }
}
