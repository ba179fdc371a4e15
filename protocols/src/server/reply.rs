//! Answers: to subscriptions, commands, and to what could not be taken.

use serde::{Deserialize, Serialize};

use crate::{
    code::{Code, CodeWord, Retry},
    ids::{CmdKey, CmdSeq, Epoch, JournalSeq},
    payload::Payload,
    topic::Topic,
};

/// How a subscription ended. Every one ends in one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SubResult {
    /// Deltas follow from the client's `since`.
    Resumed,
    /// The whole state follows.
    Snapshot,
    /// Nothing follows; `code` says why.
    Refused,
}

/// How one topic of a `hello` ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct Subscribed {
    /// Which.
    pub topic: Topic,
    /// How.
    pub outcome: SubResult,
    /// Life of the offsets, unless refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// Where the topic stood when it was asked, unless refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<JournalSeq>,
    /// Why refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeWord>,
}

/// Answers `sub`; with nothing in it, `unsub`, `auth` and a `hello` said with an id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct SubOk {
    /// Which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// `resumed` or `snapshot`; a refusal is an `err`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<SubResult>,
    /// Life of the offsets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// Where the topic stood when it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<JournalSeq>,
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Done, and durable.
    Applied,
    /// It was decided before; `out` and `code` are the first answer's.
    Duplicate,
    /// Done on the floor, recorded, and in disagreement with the books: `exception_id`.
    AppliedWithVariance,
    /// Decided against: `code`.
    Rejected,
    /// Waits for somebody: `approval_id`.
    Pending,
}

/// Answer to one command. A device finds it by `seq`, a console by `key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct Answer {
    /// Number of the device's command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<CmdSeq>,
    /// Key of the console's command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<CmdKey>,
    /// What became of it.
    pub st: Status,
    /// Why rejected, or what the variance is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeWord>,
    /// Exception opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception_id: Option<String>,
    /// Approval waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_id: Option<String>,
    /// What the operation answers, such as the next view of a flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<Payload>,
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            seq: Option<CmdSeq>,
            key: Option<CmdKey>,
            st: Status,
            code: Option<CodeWord>,
            exception_id: Option<String>,
            approval_id: Option<String>,
            #[serde(default)]
            out: Option<Payload>,
        }
        let Wire { seq, key, st, code, exception_id, approval_id, out } = Wire::deserialize(deserializer)?;
        if seq.is_none() && key.is_none() {
            return Err(serde::de::Error::custom("an answer without seq and key"));
        }
        Ok(Self { seq, key, st, code, exception_id, approval_id, out })
    }
}

/// Answers commands, after they are durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct Ack {
    /// Every command up to here is decided (device). Cumulative. It tells how far the server is; a command leaves a
    /// device's queue by its own answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<CmdSeq>,
    /// Answers.
    pub r: Vec<Answer>,
}

/// Takes a topic away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct Unsubbed {
    /// Which.
    pub topic: Topic,
    /// Why.
    pub code: CodeWord,
    /// What the client does.
    pub retry: Retry,
    /// When, if later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_ms: Option<u32>,
}

/// Refuses a frame; without `id`, says what is wrong with the connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct Err {
    /// What is wrong.
    pub code: CodeWord,
    /// Its number.
    pub num: u16,
    /// What the client does.
    pub retry: Retry,
    /// When, if later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_ms: Option<u32>,
    /// In words, for a log.
    #[serde(default)]
    pub msg: String,
    /// Field it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The command number the server takes next: with `seq_gap` and `rebase`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<CmdSeq>,
}

impl Err {
    /// As the table has it.
    pub fn of(code: Code) -> Self {
        let row = code.row();
        Self {
            code: code.into(),
            num: row.num,
            retry: row.retry,
            retry_ms: None,
            msg: row.text.to_owned(),
            field: None,
            expect: None,
        }
    }

    /// To be tried again after so many milliseconds.
    #[must_use]
    pub fn later(self, retry_ms: u32) -> Self {
        Self { retry_ms: Some(retry_ms), ..self }
    }

    /// With the command number the server takes next.
    #[must_use]
    pub fn expecting(self, expect: CmdSeq) -> Self {
        Self { expect: Some(expect), ..self }
    }
}

impl From<&crate::envelope::Refused> for Err {
    fn from(refused: &crate::envelope::Refused) -> Self {
        Self { field: refused.field.clone(), ..Self::of(refused.code) }
    }
}
