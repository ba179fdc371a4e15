//! Frames about the connection itself.

use serde::{Deserialize, Serialize};

use super::Subscribed;
use crate::{
    client::Token,
    ids::{CmdSeq, Millis},
    limits::Limits,
};

/// Answers `hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct Welcome {
    /// Signed, with roles and expiry: lets a reconnect be admitted without looking anything up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Token>,
    /// Whether every topic that had a `since` resumed.
    pub resumed: bool,
    /// The last command decided (device). It tells how far the server is; entries leave a device's queue by the answers
    /// of this connection only, so that none loses its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ack: Option<CmdSeq>,
    /// The command number the server takes next (device).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<CmdSeq>,
    /// Idle time after which the server pings.
    pub hb_ms: u32,
    /// The server's clock.
    pub time_ms: Millis,
    /// Hash of the schema this server was built from: `sha256:` and 64 hex digits.
    pub schema: String,
    /// Bounds the client has to keep.
    pub limits: Limits,
    /// How each topic of the `hello` ended, in its order.
    #[serde(default)]
    pub subs: Vec<Subscribed>,
}

/// Asks to send no commands for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Throttle {
    /// How long.
    pub retry_ms: u32,
}

/// The server will close; the client connects anew after `after_ms`, which differs from client to client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Drain {
    /// When to connect anew, counted from now.
    pub after_ms: u32,
    /// Why, such as `deploy`; for the log.
    #[serde(default)]
    pub why: String,
}

/// Asks whether the client is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", schemars(rename = "ServerPing"), ts(rename = "ServerPing"))]
pub struct Ping {
    /// Comes back in the answer.
    pub n: u32,
    /// The server's clock.
    pub time_ms: Millis,
}

/// Answers a `ping`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", schemars(rename = "ServerPong"), ts(rename = "ServerPong"))]
pub struct Pong {
    /// Of the ping.
    pub n: u32,
}
