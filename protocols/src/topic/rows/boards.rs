//! Rows of the boards in a console.

use serde::{Deserialize, Serialize};

use crate::ids::{Millis, Rev};

/// Row of `wh.{w}.orders`; its key is the order id. The row of `order.{id}` is the order as `GET /orders/{id}` shows it,
/// phones and e-mail addresses masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct OrderRow {
    /// Number as people say it.
    pub number: String,
    /// Status word (SM-01).
    pub status: String,
    /// Revision to quote in commands about the order.
    pub rev: Rev,
    /// Where it came from, such as `web`.
    pub channel: String,
    /// Customer's name.
    pub customer: String,
    /// Total as decimal text, in `currency`.
    pub total: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Lines.
    pub lines: u32,
    /// When it was placed.
    pub placed_at: Millis,
    /// When it was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_at: Option<Millis>,
    /// Holds that stop it, as words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<String>>"))]
    pub holds: Vec<String>,
}

/// Row of `presence.{order}`; its key is the user's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct PresenceRow {
    /// The user's name.
    pub name: String,
    /// Since when the user looks.
    pub at: Millis,
}

/// Row of `approvals.{role}`; its key is the id of the request's step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct ApprovalRow {
    /// `active`, or how it ended.
    pub state: String,
    /// Revision to quote in `approval.decide`.
    pub rev: Rev,
    /// Order it is about.
    pub order: String,
    /// Number of that order.
    pub number: String,
    /// Hash of what is decided on; a decision quotes it.
    pub hash: String,
    /// Amount at stake as decimal text, in `currency`.
    pub amount: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Why an approval is needed, as words of rules.
    pub reasons: Vec<String>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<String>,
    /// When it was opened.
    pub opened_at: Millis,
    /// When it goes to the next role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalates_at: Option<Millis>,
}

/// Row of `wh.{w}.stock`; its key is the SKU. All quantities are decimal text in the SKU's unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
pub struct StockRow {
    /// The SKU, where it cannot be a key as it stands; the key is then `sha:` and 32 hex digits of its SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Revision to quote in commands about it.
    pub rev: Rev,
    /// What is there.
    pub on_hand: String,
    /// What orders hold.
    pub reserved: String,
    /// What may still be promised.
    pub available: String,
    /// Zone of its main place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Whether it is below its reorder point.
    pub low: bool,
}
