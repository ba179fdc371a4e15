//! Subscriptions, token refresh, heartbeat and farewell.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{Since, Token};
use crate::{
    ids::{JournalSeq, Millis},
    limits,
    topic::{Topic, Window},
};

/// Reads a rate of 1 to [`limits::GAUGE_HZ_MAX`].
pub(super) fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let rate = Option::<u8>::deserialize(deserializer)?;
    match rate {
        Some(hz) if !(1..=limits::GAUGE_HZ_MAX).contains(&hz) => Err(D::Error::custom("max_hz is 1 to 10")),
        rate => Ok(rate),
    }
}

/// Why a client subscribes again to what it had: for the server's counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SubReason {
    /// The checksum did not agree: a defect.
    MirrorMismatch,
    /// A delta did not start where the mirror stood.
    BaseGap,
    /// A snapshot's pages did not follow each other.
    BadSnapshot,
}

/// Wants a topic; again for one that it has, it replaces rate and window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Sub {
    /// Which.
    pub topic: Topic,
    /// What the client has of it, through the same window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// Updates of a gauge a second, 1 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "rate")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub max_hz: Option<u8>,
    /// Which of its rows; all where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Why again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<SubReason>,
}

/// Wants a topic no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Unsub {
    /// Which.
    pub topic: Topic,
}

/// Has dealt with every item of a stream up to `off`; the server may forget them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Which.
    pub topic: Topic,
    /// Up to here.
    pub off: JournalSeq,
}

/// Brings a fresh token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The token.
    pub token: Token,
}

/// Asks whether the server is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", schemars(rename = "ClientPing"), ts(rename = "ClientPing"))]
#[serde(deny_unknown_fields)]
pub struct Ping {
    /// Comes back in the answer.
    pub n: u32,
}

/// Answers a `ping`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[cfg_attr(feature = "schema", schemars(rename = "ClientPong"), ts(rename = "ClientPong"))]
#[serde(deny_unknown_fields)]
pub struct Pong {
    /// Of the ping.
    pub n: u32,
    /// The client's wall clock, from which the server estimates its skew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t0: Option<Millis>,
}

/// Goes away in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Bye {}
