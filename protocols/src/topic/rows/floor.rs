//! Rows and items of the warehouse floor.

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeWord,
    ids::{AppVersion, DeviceId, Millis, Rev},
};

/// Row of `wh.{w}.tasks`; its key is the task id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct TaskRow {
    /// Flow, such as `pick`.
    pub kind: String,
    /// State word of the flow.
    pub state: String,
    /// Revision to quote in commands about the task.
    pub rev: Rev,
    /// Zone it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Order it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Device that holds its lease.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// Operator who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Lines done.
    pub done: u32,
    /// Lines in all.
    pub lines: u32,
    /// When it should be finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Millis>,
}

/// Whether a device is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Connected.
    Online,
    /// Not connected, within the resume grace.
    Away,
    /// Not connected.
    Offline,
    /// Revoked.
    Revoked,
}

/// Row of `wh.{w}.devices`; its key is the device id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct DeviceRow {
    /// What people call it.
    pub label: String,
    /// Whether it is there.
    pub state: DeviceState,
    /// Number of its enrolment.
    pub rev: Rev,
    /// User signed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Task in hand; of several the oldest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Program version, while it is connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<AppVersion>,
    /// Since when it is connected or gone, or when it last did something, whichever is later; 0 for never.
    pub seen_at: Millis,
    /// Its clock minus ours when it connected, while it is connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<i32>,
}

/// Item of `wh.{w}.exceptions`: a disagreement that somebody has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct ExceptionItem {
    /// Exception id.
    pub id: String,
    /// Revision to quote when it is resolved.
    pub rev: Rev,
    /// Why, as a code.
    pub code: CodeWord,
    /// Task it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Device that reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// When it was done on the floor.
    pub performed_at: Millis,
    /// When the server recorded it.
    pub recorded_at: Millis,
}
