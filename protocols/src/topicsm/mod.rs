//! The parts of a topic and of a connection's outgoing queue that need no thread and no clock.
//!
//! A topic ([`MapTopic`], [`StreamTopic`], [`GaugeTopic`]) holds the present state and a ring of steps; an [`Outbox`]
//! holds what one connection still has to be sent. The server puts tasks and channels around them; time comes in as
//! milliseconds of any clock that does not go back.
//!
//! Invariants: a subscriber gets either every step since its offset or a whole snapshot, never a part; resuming reads
//! memory only; everything here has a bound, and reaching it has one of the outcomes of the topic's class.

mod encode;
mod gauge;
mod map;
mod outbox;
mod pages;
mod ring;
mod stream;

#[cfg(test)]
mod tests;

pub use encode::{FrameText, StepText};
pub use gauge::{GaugeTopic, Pacer};
pub use map::MapTopic;
pub use outbox::{Bounds, Fed, Outbox, Want};
pub use pages::Pages;
pub use ring::{Change, OffsetWentBack, Resume, Ring, RingBounds};
pub use stream::{Retention, SeenAhead, StreamTopic};

use std::sync::Arc;

use crate::{
    client::Since,
    ids::{Epoch, JournalSeq},
    server::SubResult,
    topic::Class,
};

/// How a subscription starts.
#[derive(Clone, Debug)]
pub struct Start {
    /// Life of the topic's offsets.
    pub epoch: Epoch,
    /// Where the topic stands.
    pub off: JournalSeq,
    /// What follows.
    pub from: From,
    /// The client claims an offset the topic has not reached: a journal was lost or mixed up. Raise an alarm.
    pub ahead: bool,
}

/// What a subscription starts from.
#[derive(Clone, Debug)]
pub enum From {
    /// The client's own offset: steps after it follow, merged.
    Resume(JournalSeq),
    /// The whole state.
    Snapshot(Arc<Pages>),
}

impl Start {
    /// As `ok` and `welcome` say it.
    pub const fn outcome(&self) -> SubResult {
        match self.from {
            From::Resume(_) => SubResult::Resumed,
            From::Snapshot(_) => SubResult::Snapshot,
        }
    }
}

/// What an outbox is filled from.
pub trait Source {
    /// What it guarantees.
    fn class(&self) -> Class;

    /// Where it stands.
    fn off(&self) -> JournalSeq;

    /// Takes a subscriber on, in one turn with the state it starts from.
    fn start(&mut self, since: Option<&Since>, page_bytes: usize) -> Start;

    /// Everything after `base` as one step; nothing if the ring does not reach back so far, and a snapshot is due.
    fn merged(&mut self, base: JournalSeq) -> Option<StepText>;
}
