//! What is told to whom: from facts about orders, approvals and warehouses to planned messages (NOT-01, NOT-05).
//!
//! Invariant: the same fact gives the same messages with the same ids, however often it is planned; one message per
//! confirmed change (MOD-10) and per parcel (BKO-10). Which messages exist, by which channels, how urgent they are
//! and what they say is data ([`kind::KINDS`]), so that a later kind is a row. It renders no text: a template of the
//! name given here does, with the variables given here. It sends nothing.

pub mod kind;
pub mod order;
pub mod policy;
pub mod staff;

pub use kind::{Audience, Category, KINDS, KindRow, MessageChannel, MessageKind, Urgency};
pub use order::CustomerPlan;
pub use policy::{KindSetting, MessagingSettings, QuietHours};
pub use staff::{ALERT_ROLES, Alert, STOCK_ROLES, StaffMember, StepNews};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ConversationId, CustomerId, MessageId, OrderId, Timestamp, UserId,
    conversation::Question,
    order::content::words,
    phone::{Contact, Email, Phone},
};

words!(
    /// Language of a message (N25).
    #[derive(Default)]
    Language {
        /// English.
        #[default]
        English = "en",
        /// Urdu, right to left.
        Urdu = "ur",
    }
);

/// Who a message is for, and how they are reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Name as messages call them.
    pub name: String,
    /// Number for WhatsApp, SMS and calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The customer, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The user, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Language on record; the conversation's own choice goes before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

impl Recipient {
    /// The contact the conversation is known by: the number, else the mail address.
    pub fn contact(&self) -> Option<Contact> {
        let phone = self.phone.clone().map(Contact::Phone);
        phone.or_else(|| self.email.clone().map(Contact::Email))
    }

    /// The conversation with them; `None` for somebody who cannot be reached.
    pub fn conversation(&self) -> Option<ConversationId> {
        self.contact().map(|contact| ConversationId::of(&contact))
    }

    /// Whether a channel reaches them.
    pub const fn reached_by(&self, channel: MessageChannel) -> bool {
        match channel {
            MessageChannel::Whatsapp | MessageChannel::Sms => self.phone.is_some(),
            MessageChannel::Email => self.email.is_some(),
        }
    }
}

/// The order a message is about, as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRef {
    /// Which.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// Hash of the edition it was about.
    pub hash: String,
    /// Whether it has ended, so that a reply is not about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ended: bool,
}

/// A message that should be sent, as planned from a fact. The conversation decides when, in which language and by
/// which of the channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Its id, derived from `key`: what makes a repeat harmless.
    pub id: MessageId,
    /// Business key and revision in words, for example `order/<id>/parcel/1/shipped`.
    pub key: String,
    /// What it says.
    pub kind: MessageKind,
    /// Channels in the order in which they are tried; the next one only when the one before surely failed.
    pub route: Vec<MessageChannel>,
    /// Values for the template, by name; the row of the kind lists the names.
    pub variables: BTreeMap<String, String>,
    /// Hours in which it waits; `None` for what is urgent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
    /// After this instant it is no longer worth sending.
    pub expires_at: Timestamp,
    /// Language where neither the conversation nor the recipient names one.
    pub language: Language,
    /// The order it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderRef>,
    /// What it asks, if it asks something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Box<Question>>,
}

/// Longest value of a variable, in characters.
const MAX_VALUE: usize = 300;

/// A value as templates of WhatsApp take it: no line breaks, tabs or runs of blanks (messaging.md §3.5), not too long.
fn clean(value: &str) -> String {
    let words: Vec<&str> =
        value.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MAX_VALUE).collect()
}

impl Language {
    /// Of a language tag such as `ur-PK` (RFC 5646); `None` for a language there are no templates in.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::parse(tag.split(['-', '_']).next()?.to_lowercase().as_str())
    }
}
