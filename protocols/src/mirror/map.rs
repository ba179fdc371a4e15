//! Mirror of a Map topic: the rows, and the checksum over them.

use std::collections::BTreeMap;

use super::{Pages, Stand, Taken, fits};
use crate::{
    client::SubReason,
    hash::MirrorHash,
    ids::RowKey,
    server::{Chk, Delta, Row, Snap},
};

/// Rows by key, as they stood at one offset.
#[derive(Clone, Debug, Default)]
pub struct MapMirror {
    stand: Option<Stand>,
    rows: BTreeMap<RowKey, Row>,
    hash: MirrorHash,
    pages: Option<Pages<Row>>,
}

impl MapMirror {
    /// Where it stands.
    pub const fn stand(&self) -> Option<&Stand> {
        self.stand.as_ref()
    }

    /// The rows, by key.
    pub const fn rows(&self) -> &BTreeMap<RowKey, Row> {
        &self.rows
    }

    pub(super) fn snap(&mut self, mut snap: Snap) -> Taken {
        let part = std::mem::take(&mut snap.rows);
        match Pages::take(&mut self.pages, &snap, part) {
            Err(why) => Taken::Resubscribe(why),
            Ok(None) => Taken::Quiet,
            Ok(Some((stand, rows))) => {
                self.rows.clear();
                self.hash = MirrorHash::default();
                rows.into_iter().for_each(|row| self.put(row));
                self.stand = Some(stand);
                Taken::Changed
            }
        }
    }

    pub(super) fn delta(&mut self, delta: Delta) -> Taken {
        if self.pages.is_some() || !fits(self.stand(), &delta) {
            return Taken::Resubscribe(SubReason::BaseGap);
        }
        delta.put.into_iter().for_each(|row| self.put(row));
        for key in &delta.del {
            if let Some(row) = self.rows.remove(key) {
                self.hash.remove(&row.k, row.ver);
            }
        }
        self.stand = Some(Stand { epoch: delta.epoch, off: delta.off });
        Taken::Changed
    }

    pub(super) fn chk(&self, chk: &Chk) -> Taken {
        // A checksum comes in order with deltas: while pages are under way there is nothing to compare with.
        if self.pages.is_some() {
            return Taken::Quiet;
        }
        let agrees = self.stand().is_some_and(|stand| stand.off == chk.off)
            && self.rows.len() == chk.n as usize
            && self.hash.hex() == chk.h;
        if agrees { Taken::Quiet } else { Taken::Resubscribe(SubReason::MirrorMismatch) }
    }

    pub(super) const fn is_paging(&self) -> bool {
        self.pages.is_some()
    }

    pub(super) fn drop_pages(&mut self) {
        self.pages = None;
    }

    fn put(&mut self, row: Row) {
        self.hash.add(&row.k, row.ver);
        if let Some(old) = self.rows.insert(row.k.clone(), row) {
            self.hash.remove(&old.k, old.ver);
        }
    }
}
