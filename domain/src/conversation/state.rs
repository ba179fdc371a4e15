//! The state of a conversation.
//!
//! Invariant: bounded, however long the thread. Ended messages and questions leave it; what was queued or came in is
//! remembered by id long enough that a repeat is known. The thread itself is a read model of the events
//! ([`super::history`]).

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::{Action, Asked, Message, MessageStatus, QuestionState, Subject};
use crate::{
    ConversationId, MessageId, OrderId, QuestionId, Timestamp, UserId,
    ids::named,
    notify::{Category, Language, MessageChannel, MessageKind, OrderRef, Recipient},
};

/// Messages in memory; above it the oldest ended ones are archived.
pub const MAX_MESSAGES: usize = 64;
/// Messages that may wait or be under way; above it new ones are suppressed.
pub const MAX_OPEN: usize = 200;
/// Ended questions kept in memory, so that late answers are known.
pub const MAX_QUESTIONS: usize = 24;
/// Orders remembered.
pub const MAX_ORDERS: usize = 20;
/// Ids remembered in each of [`BUCKETS`] parts.
const MAX_KNOWN: usize = 64;
/// Parts over which remembered ids are spread, so that one more id rewrites few.
pub const BUCKETS: u8 = 16;

/// A recorded consent, or its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// For which channel.
    pub channel: MessageChannel,
    /// For what sort.
    pub category: Category,
    /// Whether it may be sent.
    pub allowed: bool,
    /// How we know.
    pub source: String,
    /// Since when.
    pub at: Timestamp,
}

/// Who looks after the conversation, and why a person has to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// Who; `None` for whoever is free.
    pub to: Option<UserId>,
    /// Why, in a word.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
}

/// The conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    /// Its id; `None` before it exists.
    pub id: Option<ConversationId>,
    /// With whom.
    pub with: Recipient,
    /// The language the person chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// When the person last wrote, by channel, for the 24-hour window.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub last_inbound_at: BTreeMap<MessageChannel, Timestamp>,
    /// Consent as recorded last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consent: Vec<Consent>,
    /// Channels that do not reach the contact, with the vendor's code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub invalid: BTreeMap<MessageChannel, String>,
    /// Channels wanted, by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub preferences: BTreeMap<MessageKind, Vec<MessageChannel>>,
    /// Orders talked about, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderRef>,
    /// Questions, open ones and the latest ended ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub questions: BTreeMap<QuestionId, Asked>,
    /// Actions under way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// Actions asked for so far.
    #[serde(default)]
    pub actions_started: u64,
    /// The person who looks after it, if one has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<Assignment>,
    /// Messages in memory; each a part of the document of its own.
    #[serde(skip)]
    pub messages: BTreeMap<MessageId, Message>,
    /// Ids of messages and inbound of late, by bucket; each bucket a part of its own.
    #[serde(skip)]
    pub known: BTreeMap<u8, VecDeque<MessageId>>,
}

/// The id by which a thing that came in is remembered.
pub(super) fn inbound_id(vendor_id: &str) -> MessageId {
    MessageId::from_u128(named("inbound", &[vendor_id]))
}

/// The bucket an id is remembered in.
pub(super) const fn bucket(id: MessageId) -> u8 {
    (id.as_u128() as u8) % BUCKETS
}

impl Conversation {
    /// Whether it has any event.
    pub const fn exists(&self) -> bool {
        self.id.is_some()
    }

    /// Whether a message or an inbound with this id was seen.
    pub fn knows(&self, id: MessageId) -> bool {
        self.known.get(&bucket(id)).is_some_and(|ids| ids.contains(&id))
    }

    pub(super) fn remember(&mut self, id: MessageId) {
        let ids = self.known.entry(bucket(id)).or_default();
        ids.push_back(id);
        if ids.len() > MAX_KNOWN {
            ids.pop_front();
        }
    }

    /// Questions that wait for an answer, oldest first.
    pub fn open_questions(&self) -> impl Iterator<Item = &Asked> {
        let mut open: Vec<&Asked> =
            self.questions.values().filter(|asked| asked.state == QuestionState::Open).collect();
        open.sort_by_key(|asked| (asked.asked_at, asked.question.id));
        open.into_iter()
    }

    /// Orders that have not ended, the latest last.
    pub fn live_orders(&self) -> impl DoubleEndedIterator<Item = &OrderRef> {
        self.orders.iter().filter(|order| !order.ended)
    }

    /// An order talked about.
    pub fn order(&self, id: OrderId) -> Option<&OrderRef> {
        self.orders.iter().find(|order| order.id == id)
    }

    /// Whether a person has to call somebody.
    pub fn call_tasks(&self) -> impl Iterator<Item = &Asked> {
        self.open_questions().filter(|asked| asked.call)
    }

    /// What was said last about consent.
    pub fn consent_for(&self, channel: MessageChannel, category: Category) -> Option<bool> {
        let of = |consent: &&Consent| consent.channel == channel && consent.category == category;
        self.consent.iter().find(of).map(|consent| consent.allowed)
    }

    /// The address on a channel.
    pub fn address(&self, channel: MessageChannel) -> Option<String> {
        match channel {
            MessageChannel::Whatsapp | MessageChannel::Sms => self.with.phone.as_ref().map(ToString::to_string),
            MessageChannel::Email => self.with.email.as_ref().map(ToString::to_string),
        }
    }

    /// Messages that wait or are under way.
    pub fn open_messages(&self) -> usize {
        self.messages.values().filter(|message| !message.status.ended()).count()
    }

    /// What has become of a message, if nobody has to see to this attempt of it any more: the vendor has it, it goes on
    /// by a later attempt, or it ended otherwise. Nothing while the attempt waits, is unknown, or failed as the last one.
    pub fn settled(&self, message: MessageId, attempt: u16) -> Option<MessageStatus> {
        let message = self.messages.get(&message)?;
        if matches!(message.status, MessageStatus::Expired | MessageStatus::Suppressed)
            || usize::from(attempt) < message.attempts.len()
        {
            return Some(message.status);
        }
        let last = message.attempts.get(usize::from(attempt).checked_sub(1)?)?.status;
        (!matches!(last, MessageStatus::Queued | MessageStatus::Unknown | MessageStatus::Failed)).then_some(last)
    }

    /// Whether the message waits for its hour: nothing has been asked of a connection.
    pub(super) fn waits(message: &Message) -> bool {
        message.status == MessageStatus::Queued && message.not_before.is_some()
    }

    pub(super) fn open_about(&self, subject: &Subject) -> Option<&Asked> {
        self.open_questions().find(|asked| asked.question.subject.same_thing(subject))
    }

    /// What is wrong with this state; empty when every invariant holds. For doctor and tests.
    pub fn check(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.exists() && self.with.conversation() != self.id {
            faults.push("the contact is another conversation's".to_owned());
        }
        if self.orders.len() > MAX_ORDERS {
            faults.push("more orders than are remembered".to_owned());
        }
        if self.messages.len() > MAX_OPEN + MAX_MESSAGES {
            faults.push("more messages than are kept".to_owned());
        }
        for message in self.messages.values() {
            if message.attempts.last().is_some_and(|last| last.status != message.status)
                && !matches!(message.status, MessageStatus::Expired | MessageStatus::Suppressed)
            {
                faults.push(format!("message {} is {} and its last attempt is not", message.plan.id, message.status));
            }
            let under_way = message.attempts.iter().rev().skip(1).filter(|one| !one.status.ended()).count();
            if under_way > 0 {
                faults.push(format!("message {} is tried twice at a time", message.plan.id));
            }
        }
        for asked in self.questions.values() {
            if asked.answer.is_some() != (asked.state == QuestionState::Answered) {
                faults
                    .push(format!("question {} has an answer and is not answered, or the reverse", asked.question.id));
            }
            if asked.state != QuestionState::Open && (asked.next_at.is_some() || asked.call) {
                faults.push(format!("question {} has ended and is still asked", asked.question.id));
            }
        }
        faults
    }
}
