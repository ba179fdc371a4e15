//! An outbound message, from the plan to the reader's eyes (messaging.md §1).
//!
//! Invariant: the status of an attempt only rises; what failed and was delivered after all is recorded as delivered,
//! with the failure kept. One attempt at a time: the next channel is tried only when the one before surely failed.

use serde::{Deserialize, Serialize};

use crate::{
    ConversationId, MessageId, OrderId, Timestamp, UserId,
    notify::{Language, MessageChannel, MessageKind, Planned},
    order::content::words,
    table::{Edge, Machine},
};

words!(
    /// Where a message is.
    MessageStatus {
        /// Waits for its hour or for a connection.
        Queued = "queued",
        /// It may have been handed over; it is being looked up.
        Unknown = "unknown",
        /// The vendor has it.
        Accepted = "accepted",
        /// The vendor passed it on.
        Sent = "sent",
        /// It never arrived, for the reason in `code`.
        Failed = "failed",
        /// It was not sent in time.
        Expired = "expired",
        /// It was not to be sent: opted out, no channel left.
        Suppressed = "suppressed",
        /// On the recipient's device.
        Delivered = "delivered",
        /// Seen.
        Read = "read",
    }
);

impl MessageStatus {
    /// Whether a status may follow this one: only a higher one. `failed` can still turn into `delivered` or `read`,
    /// because callbacks come in any order (messaging.md §3.3).
    pub const fn rises_to(self, next: Self) -> bool {
        match (self, next) {
            (Self::Expired | Self::Suppressed, _) | (_, Self::Queued | Self::Expired | Self::Suppressed) => false,
            (Self::Delivered, Self::Failed) | (Self::Read, _) => false,
            _ => (next as u8) > (self as u8),
        }
    }

    /// Whether nothing more is expected of a message with this status.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Failed | Self::Expired | Self::Suppressed | Self::Delivered | Self::Read)
    }
}

/// One way a message was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// By which channel.
    pub channel: MessageChannel,
    /// In which form.
    pub form: Form,
    /// How far it came.
    pub status: MessageStatus,
    /// The vendor's code of the failure, kept also when it was delivered after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The vendor's id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor_ref: Option<String>,
    /// When it was asked for.
    pub at: Timestamp,
}

words!(
    /// How the text is made.
    Form {
        /// A template the vendor approved: allowed at any time.
        Template = "template",
        /// Free text: on WhatsApp only within the 24-hour window.
        Free = "free",
    }
);

/// An outbound message of the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What was planned.
    #[serde(flatten)]
    pub plan: MessagePlan,
    /// Language it is written in.
    pub language: Language,
    /// Where it is: the status of the last attempt, or why there is none.
    pub status: MessageStatus,
    /// Code of what ended it without an attempt, such as `opted_out`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Attempts, in order; they are numbered from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// Until when it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
}

/// What stays of a plan in the thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePlan {
    /// Its id.
    pub id: MessageId,
    /// What it says.
    pub kind: MessageKind,
    /// Channels in the order in which they are tried.
    pub route: Vec<MessageChannel>,
    /// Values for the template.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub variables: std::collections::BTreeMap<String, String>,
    /// After this instant it is not sent any more.
    pub expires_at: Timestamp,
    /// The order it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The question it asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<crate::QuestionId>,
    /// Who wrote it, if an agent did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
}

impl MessagePlan {
    /// Of a planned message.
    pub fn of(planned: &Planned) -> Self {
        Self {
            id: planned.id,
            kind: planned.kind,
            route: planned.route.clone(),
            variables: planned.variables.clone(),
            expires_at: planned.expires_at,
            order: planned.order.as_ref().map(|order| order.id),
            question: planned.question.as_ref().map(|question| question.id),
            author: None,
        }
    }
}

/// All a connection needs to send a message: one attempt by one channel. Nothing else of the conversation is asked
/// for, so that it can be sent from the journal alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The message.
    pub message: MessageId,
    /// Number of the attempt, from 1; message and number together are the dedupe key of the effect.
    pub attempt: u16,
    /// By which channel.
    pub channel: MessageChannel,
    /// Number in E.164, or mail address.
    pub to: String,
    /// What it says; the template has this name.
    pub kind: MessageKind,
    /// In which form.
    pub form: Form,
    /// In which language.
    pub language: Language,
    /// Values for the template.
    pub variables: std::collections::BTreeMap<String, String>,
    /// Buttons, if it asks something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buttons: Option<Buttons>,
    /// The order it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// After this instant it is not sent any more.
    pub expires_at: Timestamp,
}

/// The buttons of a question. The edge signs each as one token over all of this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buttons {
    /// The conversation that waits for the answer.
    pub conversation: ConversationId,
    /// The question.
    pub question: crate::QuestionId,
    /// What can be chosen, in order; at most three.
    pub choices: Vec<super::Choice>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// The table of a message.
pub const MESSAGE: Machine = Machine {
    id: "MSG",
    name: "outbound message",
    states: &["queued", "unknown", "accepted", "sent", "failed", "expired", "suppressed", "delivered", "read"],
    terminal: &["expired", "suppressed", "read"],
    edges: &[
        edge("-", "QueueMessage", "MessageQueued", "queued"),
        edge("queued", "QueueMessage", "MessageSuppressed", "suppressed"),
        edge("queued", "(timer) Release", "SendRequested", "queued"),
        edge("queued", "(timer) Release", "MessageSuppressed", "suppressed"),
        edge("queued", "(timer) Expire", "MessageExpired", "expired"),
        edge("queued", "RecordStatus", "MessageExpired", "expired"),
        edge("queued", "RecordStatus", "StatusRecorded", "unknown"),
        edge("queued", "RecordStatus", "StatusRecorded", "accepted"),
        edge("queued", "RecordStatus", "StatusRecorded", "sent"),
        edge("queued", "RecordStatus", "StatusRecorded", "failed"),
        edge("queued", "RecordStatus", "StatusRecorded", "delivered"),
        edge("queued", "RecordStatus", "StatusRecorded", "read"),
        edge("unknown", "RecordStatus", "StatusRecorded", "accepted"),
        edge("unknown", "RecordStatus", "StatusRecorded", "sent"),
        edge("unknown", "RecordStatus", "StatusRecorded", "failed"),
        edge("unknown", "RecordStatus", "StatusRecorded", "delivered"),
        edge("unknown", "RecordStatus", "StatusRecorded", "read"),
        edge("accepted", "RecordStatus", "StatusRecorded", "sent"),
        edge("accepted", "RecordStatus", "StatusRecorded", "failed"),
        edge("accepted", "RecordStatus", "StatusRecorded", "delivered"),
        edge("accepted", "RecordStatus", "StatusRecorded", "read"),
        edge("sent", "RecordStatus", "StatusRecorded", "failed"),
        edge("sent", "RecordStatus", "StatusRecorded", "delivered"),
        edge("sent", "RecordStatus", "StatusRecorded", "read"),
        edge("failed", "RecordStatus", "SendRequested", "queued"),
        edge("failed", "RecordStatus", "StatusRecorded", "delivered"),
        edge("failed", "RecordStatus", "StatusRecorded", "read"),
        edge("delivered", "RecordStatus", "StatusRecorded", "read"),
    ],
};

const fn edge(from: &'static str, command: &'static str, event: &'static str, to: &'static str) -> Edge {
    Edge { from, command, event, to }
}
