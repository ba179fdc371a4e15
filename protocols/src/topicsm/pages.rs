//! A snapshot in pages, encoded once for all who read it at the same offset with the same page size.

use std::sync::Arc;

use super::FrameText;
use crate::{
    ids::{Epoch, JournalSeq},
    payload::Payload,
    server::{Item, Row, ServerBody, ServerFrame, Snap},
    topic::Topic,
};

/// The pages of a snapshot: at least one.
#[derive(Clone, Debug)]
pub struct Pages {
    /// Offset of the state.
    pub off: JournalSeq,
    frames: Vec<FrameText>,
}

/// What a page is made of.
pub(super) enum Part {
    Row(Arc<Row>),
    Item(Arc<Item>),
}

impl Part {
    fn bytes(&self) -> usize {
        match self {
            Self::Row(row) => row.k.as_str().len() + row.v.json().len() + 48,
            Self::Item(item) => item.v.json().len() + 40,
        }
    }
}

impl Pages {
    /// Cuts parts into pages of at most `page_bytes`, one part at least on each.
    pub(super) fn cut(
        topic: &Topic,
        epoch: &Epoch,
        off: JournalSeq,
        parts: impl IntoIterator<Item = Part>,
        page_bytes: usize,
    ) -> Self {
        let empty = |page| Snap {
            topic: topic.clone(),
            epoch: epoch.clone(),
            off,
            page,
            last: false,
            rows: Vec::new(),
            add: Vec::new(),
            v: None,
        };
        let envelope = 96 + topic.as_str().len() + epoch.as_str().len();
        let (mut snaps, mut open, mut bytes) = (Vec::new(), empty(0), envelope);
        for part in parts {
            let some = !open.rows.is_empty() || !open.add.is_empty();
            if some && bytes + part.bytes() > page_bytes {
                let next = empty(open.page + 1);
                snaps.push(std::mem::replace(&mut open, next));
                bytes = envelope;
            }
            bytes += part.bytes();
            match part {
                Part::Row(row) => open.rows.push(Row::clone(&row)),
                Part::Item(item) => open.add.push(Item::clone(&item)),
            }
        }
        open.last = true;
        snaps.push(open);
        Self { off, frames: snaps.into_iter().map(text).collect() }
    }

    /// The one page of a gauge.
    pub(super) fn gauge(topic: &Topic, epoch: &Epoch, off: JournalSeq, v: Option<Payload>) -> Self {
        let (topic, epoch) = (topic.clone(), epoch.clone());
        let snap = Snap { topic, epoch, off, page: 0, last: true, rows: Vec::new(), add: Vec::new(), v };
        Self { off, frames: vec![text(snap)] }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.frames.len()
    }

    /// One of them, from 0.
    pub fn page(&self, number: usize) -> Option<&FrameText> {
        self.frames.get(number)
    }
}

fn text(snap: Snap) -> FrameText {
    FrameText::whole(ServerFrame::push(ServerBody::Snap(snap)).encode())
}
