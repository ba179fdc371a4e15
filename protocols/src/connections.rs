//! Connections to the outside, what they gave up, and what they send as templates.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A connection to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateConnection {
    /// Its id: 1 to 32 small letters, digits and `-`; part of the addresses vendors call.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// `twilio`, `meta`, `smtp`, `webhook`, `slack` or `teams`.
    pub vendor: String,
    /// `live`, `practice` or `paused`.
    pub mode: String,
    /// Where to send to; left out for the vendor's own address.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Settings of the vendor that are no secret.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub settings: BTreeMap<String, Value>,
    /// Credentials by name. They are sealed, and never answered.
    #[serde(default)]
    pub credentials: BTreeMap<String, String>,
}

/// What to change of a connection; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchConnection {
    /// Name for people.
    #[serde(default)]
    pub name: Option<String>,
    /// `live`, `practice` or `paused`.
    #[serde(default)]
    pub mode: Option<String>,
    /// Where to send to; empty for the vendor's own address.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Settings to set; `null` takes one away.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub settings: BTreeMap<String, Value>,
    /// Credentials to set; an empty text takes one away.
    #[serde(default)]
    pub credentials: BTreeMap<String, String>,
    /// Whether the secret part of the address that the vendor calls becomes another one.
    #[serde(default)]
    pub rotate_hook: bool,
    /// Why, for the journal.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Why something is done, if that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// 1 to 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// How a connection is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConnectionHealth {
    /// `closed` (well), `open` (waits), `half_open` (tries) or `unauthorized`.
    pub breaker: String,
    /// Effects that wait to be sent.
    pub planned: u64,
    /// Effects under way.
    pub in_flight: u64,
    /// Effects of which nobody knows yet whether they were carried out.
    pub unknown: u64,
    /// When the oldest of them was due.
    pub oldest: Option<String>,
    /// Journal position up to which everything is planned.
    pub position: u64,
    /// Journal entries after that.
    pub lag: u64,
    /// When a call last went through.
    pub last_ok: Option<String>,
    /// When a call last did not.
    pub last_failure: Option<String>,
    /// How that one ended.
    pub last_outcome: Option<String>,
}

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConnectionView {
    /// Its id.
    pub id: String,
    /// Version, also the ETag.
    pub version: u64,
    /// Name for people.
    pub name: String,
    /// Vendor.
    pub vendor: String,
    /// `live`, `practice` or `paused`.
    pub mode: String,
    /// Why it is paused, if it was not a person.
    pub paused_because: Option<String>,
    /// What is wrong with its settings or credentials: it does not send until that is put right.
    pub problem: Option<String>,
    /// Where it sends to; empty for the vendor's own address.
    pub base_url: String,
    /// Channels it sends by.
    pub channels: Vec<String>,
    /// Settings that are no secret.
    #[schema(value_type = Object)]
    pub settings: BTreeMap<String, Value>,
    /// Names of the credentials it has.
    pub credentials: Vec<String>,
    /// The address to give to the vendor; for those who may change connections only.
    pub hook_url: Option<String>,
    /// How it is doing.
    pub health: ConnectionHealth,
    /// Dead letters that wait for a person.
    pub dead: u64,
    /// When it was made.
    pub created_at: String,
}

/// A message to try a connection or a template with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestSend {
    /// Number or address to send to; nothing for a chat room.
    #[serde(default)]
    pub to: String,
    /// `whatsapp`, `sms` or `email`; the connection's first one if left out.
    #[serde(default)]
    pub channel: Option<String>,
    /// Kind of message, such as `order_placed`.
    #[serde(default)]
    pub kind: Option<String>,
    /// `en` or `ur`.
    #[serde(default)]
    pub language: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TestResult {
    /// Whether the vendor took it.
    pub ok: bool,
    /// `ok`, `retry`, `rate_limited`, `auth_expired`, `unknown` or `permanent`.
    pub outcome: String,
    /// The vendor's id of it.
    pub vendor_ref: Option<String>,
    /// The vendor's code of a refusal.
    pub code: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// What a person did about a dead letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeadAction {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What: `edited`, `replayed` or `discarded`.
    pub what: String,
    /// Why.
    pub reason: Option<String>,
}

/// Something that was given up and waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeadView {
    /// The connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// `message`, `webhook`, `note` or `delivery`.
    pub kind: String,
    /// When it was given up.
    pub at: String,
    /// A stable code, the vendor's where it has one.
    pub class: String,
    /// What the vendor answered, without secrets and personal data.
    pub answer: String,
    /// What to do about it.
    pub hint: String,
    /// Calls made.
    pub attempts: u32,
    /// Journal position it follows from.
    pub caused_by: Option<u64>,
    /// The conversation it belongs to.
    pub conversation: Option<String>,
    /// Until when it is worth sending.
    pub expires_at: Option<String>,
    /// Whether it can be replayed.
    pub replayable: bool,
    /// Values that can be changed before it is replayed, as they would be sent; for one dead letter only.
    #[schema(value_type = Object)]
    pub values: BTreeMap<String, Value>,
    /// What was done about it before; for one dead letter only.
    pub history: Vec<DeadAction>,
}

/// What to change of a dead letter before it is replayed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditDead {
    /// Until when it is worth sending, as RFC 3339; one hour from now if it is past and this is left out.
    #[serde(default)]
    pub expires_at: Option<String>,
    /// Other values by name, in place of those in `values` of the dead letter.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: BTreeMap<String, Value>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Which dead letters to replay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayDead {
    /// Of this connection.
    pub connection: String,
    /// Of this class only.
    #[serde(default)]
    pub class: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// How many were replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Replayed {
    /// How many.
    pub replayed: u64,
}

/// A template and where it may be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateView {
    /// Kind of message it is for.
    pub kind: String,
    /// `customer` or `staff`.
    pub audience: String,
    /// `utility`, `marketing` or `service`.
    pub category: String,
    /// Channels in the order in which they are tried: one message for each list.
    pub routes: Vec<Vec<String>>,
    /// Whether it waits for the end of quiet hours.
    pub waits: bool,
    /// Seconds after which it is no longer worth sending.
    pub expires_seconds: i64,
    /// Names of the variables it may use.
    pub variables: Vec<String>,
    /// Languages it is written in.
    pub languages: Vec<String>,
}

/// What to preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewTemplate {
    /// `whatsapp`, `sms` or `email`.
    pub channel: String,
    /// `en` or `ur`.
    pub language: String,
    /// Values of variables; samples for those left out.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
}

/// A template with its variables filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplatePreview {
    /// Subject, for e-mail.
    pub subject: Option<String>,
    /// Text.
    pub text: String,
    /// HTML, for e-mail.
    pub html: Option<String>,
    /// Titles of buttons.
    pub buttons: Vec<String>,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// Characters, which is what vendors count.
    pub characters: u64,
}

/// From where on a subscriber is told again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayFrom {
    /// Journal position after which to begin.
    pub after: u64,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What is told again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReplayedFrom {
    /// Events.
    pub replayed: u64,
    /// Journal position reached; go on from there if it is not the end.
    pub reached: u64,
}
