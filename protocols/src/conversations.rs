//! Threads with customers and staff.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A thread in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationRow {
    /// Its id.
    pub id: String,
    /// Name of the person.
    pub name: String,
    /// The customer, if it is one.
    pub customer_id: Option<String>,
    /// The user, if it is one.
    pub user_id: Option<String>,
    /// `en` or `ur`.
    pub language: Option<String>,
    /// Whether a person has to look at it.
    pub needs_agent: bool,
    /// Why.
    pub why: Option<String>,
    /// Who looks after it.
    pub assigned_to: Option<String>,
    /// Whether somebody has to call.
    pub call_due: bool,
    /// Until when.
    pub call_until: Option<String>,
    /// Questions that wait for an answer.
    pub open_questions: u64,
    /// When the person last wrote.
    pub last_inbound_at: Option<String>,
    /// Numbers of the orders talked about last.
    pub orders: Vec<String>,
}

/// A question that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuestionView {
    /// Its id.
    pub id: String,
    /// `cod_confirmation`, `backorder`, `cancel_check`, `address_wanted`, `address_check` or `approval`.
    pub about: String,
    /// Order it is about.
    pub order_id: String,
    /// Number of that order.
    pub number: String,
    /// `open`, `answered`, `expired` or `closed`.
    pub state: String,
    /// The answer.
    pub answer: Option<String>,
    /// When it was asked.
    pub asked_at: String,
    /// Until when it can be answered.
    pub expires_at: String,
    /// Whether somebody has to call.
    pub call: bool,
}

/// A recorded consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentView {
    /// Channel.
    pub channel: String,
    /// `utility` or `marketing`.
    pub category: String,
    /// Whether it may be sent.
    pub allowed: bool,
    /// How we know.
    pub source: String,
    /// Since when.
    pub at: String,
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationView {
    /// Its id.
    pub id: String,
    /// Version, also the ETag.
    pub version: u64,
    /// Name of the person.
    pub name: String,
    /// Number, masked for those who may not see it.
    pub phone: Option<String>,
    /// Mail address, masked for those who may not see it.
    pub email: Option<String>,
    /// The customer, if it is one.
    pub customer_id: Option<String>,
    /// The user, if it is one.
    pub user_id: Option<String>,
    /// `en` or `ur`.
    pub language: Option<String>,
    /// Whether free text may be sent by WhatsApp now.
    pub window_open: bool,
    /// Until when.
    pub window_until: Option<String>,
    /// Orders talked about: id and number, the latest first.
    pub orders: Vec<ConversationOrder>,
    /// Questions, open ones and the latest ended ones.
    pub questions: Vec<QuestionView>,
    /// Who looks after it, if somebody has to.
    pub assigned_to: Option<String>,
    /// Why a person has to look at it.
    pub why: Option<String>,
    /// Whether a person has to look at it.
    pub needs_agent: bool,
    /// Channels that do not reach the person, with the vendor's code.
    pub unreachable: BTreeMap<String, String>,
    /// Consent as recorded last.
    pub consent: Vec<ConsentView>,
    /// Channels wanted, by kind of message.
    pub preferences: BTreeMap<String, Vec<String>>,
}

/// An order in a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationOrder {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
}

/// An entry of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ThreadEntry {
    /// Version of the thread after it.
    pub version: u64,
    /// When.
    pub at: String,
    /// What happened: the event of the thread, by its `type`.
    #[schema(value_type = Object)]
    pub event: Value,
    /// The text of a message, as it reads.
    pub text: Option<String>,
}

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendReply {
    /// What to say.
    pub text: String,
    /// `whatsapp`, `sms` or `email`; WhatsApp if left out.
    #[serde(default)]
    pub channel: Option<String>,
}

/// Who is to look after a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignConversation {
    /// A user; `null` for whoever is free.
    pub user_id: Option<String>,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordCall {
    /// `no_answer`, `confirmed`, `declined` or `other`.
    pub outcome: String,
    /// What was said.
    #[serde(default)]
    pub note: String,
    /// The question that was called about.
    #[serde(default)]
    pub question_id: Option<String>,
}

/// What to change of what a person wants to hear; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchPreferences {
    /// `en` or `ur`.
    #[serde(default)]
    pub language: Option<String>,
    /// Consent to set.
    #[serde(default)]
    pub consent: Vec<SetConsent>,
    /// Channels wanted by kind of message, in order; an empty list for none, `null` for the shop's choice.
    #[serde(default)]
    pub preferences: BTreeMap<String, Option<Vec<String>>>,
}

/// A consent, given or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetConsent {
    /// `whatsapp`, `sms` or `email`.
    pub channel: String,
    /// `utility` or `marketing`.
    pub category: String,
    /// Whether it may be sent.
    pub allowed: bool,
}

/// An answer by a signed link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerLink {
    /// The token of the link.
    pub token: String,
    /// Why; needed for a no.
    #[serde(default)]
    pub rationale: String,
}

/// A line of an order that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecideLine {
    /// Title.
    pub title: String,
    /// Units.
    pub quantity: u32,
}

/// What a one-time link asks an approver to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecideView {
    /// The shop.
    pub shop: String,
    /// Who is asked.
    pub approver: String,
    /// Number of the order.
    pub number: String,
    /// What it is worth: the currency's code and the amount.
    pub total: String,
    /// Whose order it is.
    pub customer: String,
    /// How it is paid.
    pub payment_method: Option<String>,
    /// The queue it waits in.
    pub queue: String,
    /// What is in it, as it is decided about; nothing once it is another version.
    pub lines: Vec<DecideLine>,
    /// `open`, `answered`, `expired`, or `closed`: the order changed, or somebody else decided.
    pub state: String,
    /// `yes` or `no`, once it is answered.
    pub answer: Option<String>,
    /// What became of the answer: `done`, or why it was not taken; nothing while that is not known.
    pub outcome: Option<String>,
    /// What the link says: `yes` or `no`.
    pub choice: String,
    /// When it was asked.
    pub asked_at: String,
    /// Until when it can be answered.
    pub expires_at: String,
    /// `en` or `ur`.
    pub language: String,
}

/// A decision by a one-time link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideAnswer {
    /// `yes` or `no`.
    pub choice: String,
    /// Why; needed for a no.
    #[serde(default)]
    pub reason: String,
}

/// What was decided by a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkAnswered {
    /// What was asked: `approval`.
    pub about: String,
    /// Order it is about.
    pub order_id: String,
    /// Number of that order.
    pub number: String,
    /// `yes` or `no`.
    pub choice: String,
}
