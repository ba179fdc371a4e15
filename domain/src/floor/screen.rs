//! What a device shows: the server decides, the device renders (warehouse-floor.md §5).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::floor::{Beep, FloorCode};

/// What became of a device's command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Applied,
    /// Done on the floor and in disagreement with the books: [`Answer::exception`].
    AppliedWithVariance,
    /// Decided against; its number is used up all the same.
    Rejected,
    /// Waits for a decision: [`Answer::approval`].
    Pending,
}

/// A message on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Msg {
    /// What it says.
    pub code: FloorCode,
    /// The input it is about, as a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What fills the sentence in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

/// What a device shows next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// State of the flow, such as `Item`.
    pub state: String,
    /// Revision of the session; the next command may name it.
    pub rev: u64,
    /// What to render; the shape depends on the flow.
    pub view: serde_json::Value,
    /// Inputs that are taken now, beside a scan.
    pub allowed: Vec<String>,
    /// What a scan may be now.
    pub expect: Vec<String>,
    /// What to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg: Option<Msg>,
    /// How to sound.
    pub beep: Beep,
}

/// The answer to a device's command, kept for repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What became of it.
    pub outcome: Outcome,
    /// Why rejected, what the variance is about, or what the approval is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FloorCode>,
    /// Exception opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<u64>,
    /// Approval waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<u64>,
    /// What the device shows.
    pub screen: Screen,
}
