//! Deltas as text, encoded once for all who read them.
//!
//! The body of a step is shared by every connection; only the head in front of it, which names the connection's `base`,
//! differs. Invariant: head and body together are exactly what [`Delta`](crate::server::Delta) encodes to.

use std::{
    fmt::Write as _,
    sync::{Arc, OnceLock},
};

use serde::Serialize;

use super::Change;
use crate::{
    ids::{Epoch, JournalSeq, RowKey},
    payload::Payload,
    server::{Item, Row},
    topic::Topic,
};

/// A delta from `off` on: all but its head.
#[derive(Clone, Debug)]
pub struct StepText {
    /// Where the mirror stands after it.
    pub off: JournalSeq,
    body: Arc<str>,
    /// The head for the first base asked for, which nearly every connection shares.
    head: Arc<OnceLock<(JournalSeq, Arc<str>)>>,
}

/// A frame in one or two shared pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameText {
    head: Arc<str>,
    body: Arc<str>,
}

#[derive(Serialize)]
struct Body<'a> {
    off: JournalSeq,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    put: Vec<&'a Row>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    del: Vec<&'a RowKey>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    add: Vec<&'a Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    v: Option<&'a Payload>,
}

impl StepText {
    /// Of changes to a Map or Stream.
    pub fn of(off: JournalSeq, changes: &[Change]) -> Self {
        let mut body = Body { off, put: Vec::new(), del: Vec::new(), add: Vec::new(), v: None };
        for change in changes {
            match change {
                Change::Put(row) => body.put.push(row),
                Change::Del(key) => body.del.push(key),
                Change::Add(item) => body.add.push(item),
            }
        }
        Self::write(&body)
    }

    /// Of a gauge's value.
    pub fn gauge(off: JournalSeq, v: &Payload) -> Self {
        Self::write(&Body { off, put: Vec::new(), del: Vec::new(), add: Vec::new(), v: Some(v) })
    }

    fn write(body: &Body<'_>) -> Self {
        let mut text = serde_json::to_string(body).unwrap_or_default();
        text.push('}');
        // The brace in front belongs to the head.
        Self { off: body.off, body: text.get(1..).unwrap_or_default().into(), head: Arc::default() }
    }

    /// Bytes of its frame, but for the head.
    pub fn len(&self) -> usize {
        self.body.len()
    }

    /// A step is never empty: it has an offset at least.
    pub fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// The frame for a connection that stands at `base`. A step belongs to one topic of one epoch.
    pub fn frame(&self, topic: &Topic, epoch: &Epoch, base: JournalSeq) -> FrameText {
        let (of, shared) = self.head.get_or_init(|| (base, Self::head(topic, epoch, base)));
        let head = if *of == base { Arc::clone(shared) } else { Self::head(topic, epoch, base) };
        FrameText { head, body: Arc::clone(&self.body) }
    }

    fn head(topic: &Topic, epoch: &Epoch, base: JournalSeq) -> Arc<str> {
        let mut head = String::with_capacity(64 + topic.as_str().len());
        let _ = write!(head, r#"{{"t":"delta","d":{{"topic":"{topic}","epoch":"{epoch}","base":{base},"#);
        head.into()
    }
}

impl FrameText {
    /// Of text in one piece.
    pub fn whole(text: impl Into<Arc<str>>) -> Self {
        Self { head: text.into(), body: "".into() }
    }

    /// Bytes, with the line break that separates it from the next.
    pub fn len(&self) -> usize {
        self.head.len() + self.body.len() + 1
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.body.is_empty()
    }

    /// Appends it to a message.
    pub fn append_to(&self, message: &mut String) {
        if !message.is_empty() {
            message.push('\n');
        }
        message.push_str(&self.head);
        message.push_str(&self.body);
    }
}
