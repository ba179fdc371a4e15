//! Items of inboxes.

use serde::{Deserialize, Serialize};

use crate::{code::Beep, ids::Millis, payload::Payload};

/// Item of `device.{id}.inbox`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct DeviceNotice {
    /// What it is about: `task_reassigned`, `task_expired`, `task_cancelled`, `signed_on_elsewhere` or `message`.
    pub kind: String,
    /// Task it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// When it happened.
    pub at: Millis,
    /// How the scanner sounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beep: Option<Beep>,
    /// What `kind` brings with it: `text` of a message, `device` that was signed on at instead.
    #[serde(default)]
    pub a: Payload,
}

/// How much a notification matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NoticeLevel {
    /// Good to know.
    Info,
    /// Should be looked at.
    Warning,
    /// Somebody has to act.
    Action,
}

/// Item of `user.{id}.inbox`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct UserNotice {
    /// What it is about: `approval_waiting`, `approval_granted`, `approval_rejected`, `changes_requested`,
    /// `approval_expired`, `floor_exception`, `floor_decision`, `import_done`, `import_failed`, `import_stopped` or
    /// `connection_trouble`.
    pub kind: String,
    /// How much it matters.
    pub level: NoticeLevel,
    /// In words, in the language the user chose, else English.
    pub text: String,
    /// Path in the console that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// When it happened.
    pub at: Millis,
    /// What the words are made of, as texts by name: `number` and `amount` of an order, `warehouse`, `code`, `file` …
    #[serde(default)]
    pub a: Payload,
}
