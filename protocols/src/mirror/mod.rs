//! A client's mirrors of topics.
//!
//! Invariant: a mirror is changed only by a snapshot that arrived whole, or by a delta that starts exactly where the
//! mirror stands. Anything else asks for a new subscription and leaves the mirror as it is, so what a user sees was true
//! at one offset. Offsets are never tested for `last + 1`: the journal is shared by all topics.
//!
//! Mirrors hold state; when to subscribe again and what of it is in flight is the client state machine's affair.

mod gauge;
mod map;
mod stream;

#[cfg(test)]
mod tests;

pub use gauge::GaugeMirror;
pub use map::MapMirror;
pub use stream::StreamMirror;

use crate::{
    client::{Since, SubReason},
    ids::{Epoch, JournalSeq},
    server::{Chk, Delta, Item, Snap},
    topic::Class,
};

/// What a frame did to a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It changed.
    Changed,
    /// Items that were not delivered before, in order.
    Items(Vec<Item>),
    /// Nothing to see: an inner page, or a checksum that agrees.
    Quiet,
    /// It does not fit: subscribe again. With [`SubReason::MirrorMismatch`] without `since`.
    Resubscribe(SubReason),
}

/// Where a mirror stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Life of the offset.
    pub epoch: Epoch,
    /// Offset.
    pub off: JournalSeq,
}

/// A mirror of any class.
#[derive(Clone, Debug)]
pub enum Mirror {
    /// Rows.
    Map(MapMirror),
    /// Items.
    Stream(StreamMirror),
    /// One value.
    Gauge(GaugeMirror),
}

impl Mirror {
    /// Empty.
    pub fn new(class: Class) -> Self {
        match class {
            Class::Map => Self::Map(MapMirror::default()),
            Class::Stream => Self::Stream(StreamMirror::default()),
            Class::Gauge => Self::Gauge(GaugeMirror::default()),
        }
    }

    /// Where it stands, once it has a whole state.
    pub fn stand(&self) -> Option<&Stand> {
        match self {
            Self::Map(mirror) => mirror.stand(),
            Self::Stream(mirror) => mirror.stand(),
            Self::Gauge(mirror) => mirror.stand(),
        }
    }

    /// What to ask the server to resume from.
    pub fn since(&self) -> Option<Since> {
        self.stand().map(|stand| Since { epoch: stand.epoch.clone(), off: stand.off })
    }

    /// Takes a page of a snapshot.
    pub fn snap(&mut self, snap: Snap) -> Taken {
        match self {
            Self::Map(mirror) => mirror.snap(snap),
            Self::Stream(mirror) => mirror.snap(snap),
            Self::Gauge(mirror) => mirror.snap(snap),
        }
    }

    /// Takes a delta.
    pub fn delta(&mut self, delta: Delta) -> Taken {
        match self {
            Self::Map(mirror) => mirror.delta(delta),
            Self::Stream(mirror) => mirror.delta(delta),
            Self::Gauge(mirror) => mirror.delta(delta),
        }
    }

    /// Compares with the server's checksum. Only Maps have one.
    pub fn chk(&self, chk: &Chk) -> Taken {
        match self {
            Self::Map(mirror) => mirror.chk(chk),
            Self::Stream(_) | Self::Gauge(_) => Taken::Quiet,
        }
    }

    /// Whether pages of a snapshot are under way.
    pub const fn is_paging(&self) -> bool {
        match self {
            Self::Map(mirror) => mirror.is_paging(),
            Self::Stream(mirror) => mirror.is_paging(),
            Self::Gauge(_) => false,
        }
    }

    /// Throws half-received pages away: their connection is gone, or another subscription was made.
    pub fn drop_pages(&mut self) {
        match self {
            Self::Map(mirror) => mirror.drop_pages(),
            Self::Stream(mirror) => mirror.drop_pages(),
            Self::Gauge(_) => {}
        }
    }
}

/// Whether a delta starts where a mirror stands.
fn fits(stand: Option<&Stand>, delta: &Delta) -> bool {
    stand.is_some_and(|stand| stand.epoch == delta.epoch && stand.off == delta.base) && delta.off >= delta.base
}

/// Pages of a snapshot that is not whole yet.
#[derive(Clone, Debug)]
struct Pages<T> {
    stand: Stand,
    next: u32,
    parts: Vec<T>,
}

impl<T> Pages<T> {
    /// Adds a page. Answers what is done: nothing yet, the whole, or that the page does not follow.
    fn take(pages: &mut Option<Self>, snap: &Snap, part: Vec<T>) -> Result<Option<(Stand, Vec<T>)>, SubReason> {
        let stand = Stand { epoch: snap.epoch.clone(), off: snap.off };
        if snap.page == 0 {
            *pages = Some(Self { stand, next: 0, parts: Vec::new() });
        }
        let Some(open) = pages
            .as_mut()
            .filter(|open| open.next == snap.page && open.stand.epoch == snap.epoch && open.stand.off == snap.off)
        else {
            *pages = None;
            return Err(SubReason::BadSnapshot);
        };
        open.next += 1;
        open.parts.extend(part);
        Ok(if snap.last { pages.take().map(|done| (done.stand, done.parts)) } else { None })
    }
}
