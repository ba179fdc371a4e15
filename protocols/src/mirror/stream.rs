//! Mirror of a Stream topic: what was delivered, and what is not seen yet.
//!
//! Invariant: each item is delivered once per life of its offsets, in the order of the journal. The items kept are
//! those the user has not seen; the server retains no more than that either, which bounds them.

use std::collections::BTreeMap;

use super::{Pages, Stand, Taken, fits};
use crate::{
    client::SubReason,
    ids::JournalSeq,
    server::{Delta, Item, Snap},
};

/// Items not yet seen, by offset.
#[derive(Clone, Debug, Default)]
pub struct StreamMirror {
    stand: Option<Stand>,
    delivered: JournalSeq,
    seen: JournalSeq,
    unseen: BTreeMap<JournalSeq, Item>,
    pages: Option<Pages<Item>>,
}

impl StreamMirror {
    /// Where it stands.
    pub const fn stand(&self) -> Option<&Stand> {
        self.stand.as_ref()
    }

    /// Items not yet seen, oldest first.
    pub const fn unseen(&self) -> &BTreeMap<JournalSeq, Item> {
        &self.unseen
    }

    /// The user has dealt with everything up to `off`, or up to the last item delivered if that is earlier. Answers
    /// whether that is news.
    pub fn seen(&mut self, off: JournalSeq) -> bool {
        let off = off.min(self.delivered);
        let news = off > self.seen;
        if news {
            self.seen = off;
            self.unseen = self.unseen.split_off(&off.next());
        }
        news
    }

    /// Up to where the user has dealt with the items, if anywhere.
    pub fn seen_through(&self) -> Option<JournalSeq> {
        Some(self.seen).filter(|seen| *seen > JournalSeq::ZERO)
    }

    pub(super) fn snap(&mut self, mut snap: Snap) -> Taken {
        let part = std::mem::take(&mut snap.add);
        match Pages::take(&mut self.pages, &snap, part) {
            Err(why) => Taken::Resubscribe(why),
            Ok(None) => Taken::Quiet,
            Ok(Some((stand, items))) => {
                if self.stand.as_ref().is_none_or(|old| old.epoch != stand.epoch) {
                    // Offsets of another life say nothing about what was delivered: at least once.
                    (self.delivered, self.seen) = (JournalSeq::ZERO, JournalSeq::ZERO);
                    self.unseen.clear();
                }
                // What the server no longer retains was seen, resolved or has expired.
                let first = items.first().map_or(stand.off.next(), |item| item.off);
                self.unseen.retain(|off, _| *off >= first);
                self.stand = Some(stand);
                self.deliver(items)
            }
        }
    }

    pub(super) fn delta(&mut self, delta: Delta) -> Taken {
        if self.pages.is_some() || !fits(self.stand(), &delta) {
            return Taken::Resubscribe(SubReason::BaseGap);
        }
        self.stand = Some(Stand { epoch: delta.epoch, off: delta.off });
        self.deliver(delta.add)
    }

    pub(super) const fn is_paging(&self) -> bool {
        self.pages.is_some()
    }

    pub(super) fn drop_pages(&mut self) {
        self.pages = None;
    }

    fn deliver(&mut self, items: Vec<Item>) -> Taken {
        let mut new = Vec::new();
        for item in items {
            if item.off > self.delivered {
                self.delivered = item.off;
                self.unseen.insert(item.off, item.clone());
                new.push(item);
            }
        }
        if new.is_empty() { Taken::Quiet } else { Taken::Items(new) }
    }
}
