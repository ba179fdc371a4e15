//! Rows of threads with customers and staff.

use serde::{Deserialize, Serialize};

use crate::ids::{Millis, Rev};

/// Row of `shop.threads` and `thread.{id}`; its key is the conversation's id. It says that something was written, not
/// what: that is read with the routes of conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct ThreadRow {
    /// Revision: it grows with every entry of the thread.
    pub rev: Rev,
    /// `agent` while a person has to look, `call` while one has to call, `waiting` while something is asked, else `quiet`.
    pub state: String,
    /// Name of the person.
    pub name: String,
    /// The customer, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The user, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Why a person has to look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<String>,
    /// Until when the call counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_until: Option<Millis>,
    /// Questions without an answer.
    pub open_questions: u32,
    /// When the person last wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_inbound_at: Option<Millis>,
    /// Numbers of the orders talked about last.
    pub orders: Vec<String>,
}
