//! Snapshots and deltas.
//!
//! One shape serves the three classes, each with fields of its own: `rows`, `put` and `del` of Maps, `add` of Streams,
//! `v` of Gauges.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{
    ids::{Epoch, JournalSeq, RowKey},
    payload::Payload,
    topic::Topic,
};

/// Row of a Map topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Row {
    /// Key.
    pub k: RowKey,
    /// Body; see `topic::rows`.
    pub v: Payload,
    /// Offset of the event that last changed it.
    pub ver: JournalSeq,
}

/// Item of a Stream topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Item {
    /// Offset of its event; at most one item per topic and event, so it is the item's identity.
    pub off: JournalSeq,
    /// Body; see `topic::rows`.
    pub v: Payload,
}

/// A page of a topic's present state. The mirror is replaced when the last page is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct Snap {
    /// Which.
    pub topic: Topic,
    /// Life of the offsets.
    pub epoch: Epoch,
    /// Offset of the state; the same on every page.
    pub off: JournalSeq,
    /// Counts from 0.
    pub page: u32,
    /// Whether it is the last.
    pub last: bool,
    /// Rows of a Map.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Row>>"))]
    pub rows: Vec<Row>,
    /// Items of a Stream: all that are retained and not seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Item>>"))]
    pub add: Vec<Item>,
    /// Value of a Gauge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v: Option<Payload>,
}

/// What has changed since `base`, the last offset sent to this connection for the topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct Delta {
    /// Which.
    pub topic: Topic,
    /// Life of the offsets.
    pub epoch: Epoch,
    /// Where the mirror must stand for the delta to be applied.
    pub base: JournalSeq,
    /// Where it stands then. Offsets grow but are not contiguous: the journal is shared by all topics.
    pub off: JournalSeq,
    /// Rows of a Map that are new or changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Row>>"))]
    pub put: Vec<Row>,
    /// Keys of a Map that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<RowKey>>"))]
    pub del: Vec<RowKey>,
    /// Items of a Stream that are new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Item>>"))]
    pub add: Vec<Item>,
    /// Value of a Gauge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v: Option<Payload>,
}

/// Checksum of a Map topic, in order with its deltas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Chk {
    /// Which.
    pub topic: Topic,
    /// Offset it was taken at.
    pub off: JournalSeq,
    /// Number of rows.
    pub n: u32,
    /// [`MirrorHash::hex`](crate::hash::MirrorHash::hex).
    #[serde(deserialize_with = "hex16")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9a-f]{16}$")))]
    pub h: String,
}

fn hex16<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let well_formed = text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if well_formed { Ok(text) } else { Err(D::Error::custom("not 16 hex digits")) }
}
