//! What a reply asks for, on its way to the order or the queue that decides it.
//!
//! Invariant: an action names the version it was asked for, so that it does nothing to another; it is carried out by a
//! process ([`crate::process::from_conversation`]), whose answer settles it.

use serde::{Deserialize, Serialize};

use crate::{
    OrderId, QueueId, UserId, approval::StepId, customer::Address, notify::MessageChannel, order::content::words,
};

words!(
    /// How somebody answered.
    Via {
        /// By WhatsApp.
        Whatsapp = "whatsapp",
        /// By SMS.
        Sms = "sms",
        /// By mail.
        Email = "email",
        /// On the telephone, written down by an agent.
        Call = "call",
        /// By a signed link, signed in.
        Link = "link",
    }
);

impl Via {
    /// Of a channel.
    pub const fn of(channel: MessageChannel) -> Self {
        match channel {
            MessageChannel::Whatsapp => Self::Whatsapp,
            MessageChannel::Sms => Self::Sms,
            MessageChannel::Email => Self::Email,
        }
    }

    /// The channel a reply goes back by; none where the answer is on a screen.
    pub const fn channel(self) -> Option<MessageChannel> {
        match self {
            Self::Whatsapp => Some(MessageChannel::Whatsapp),
            Self::Sms => Some(MessageChannel::Sms),
            Self::Email => Some(MessageChannel::Email),
            Self::Call | Self::Link => None,
        }
    }

    /// The actor as orders record it, for example `customer by WhatsApp`.
    pub const fn customer(self) -> &'static str {
        match self {
            Self::Whatsapp => "customer by WhatsApp",
            Self::Sms => "customer by SMS",
            Self::Email => "customer by e-mail",
            Self::Call => "customer by phone",
            Self::Link => "customer by link",
        }
    }

    /// Name of the process that acts, for the journal.
    pub const fn process(self) -> &'static str {
        match self {
            Self::Whatsapp => "reply_by_whatsapp",
            Self::Sms => "reply_by_sms",
            Self::Email => "reply_by_email",
            Self::Call => "reply_by_call",
            Self::Link => "reply_by_link",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// Confirm this edition of the order.
    Confirm {
        /// Hash of the edition.
        hash: String,
    },
    /// Cancel the order, or ask for it where units are on the floor.
    Cancel,
    /// Send it elsewhere.
    ChangeAddress {
        /// Where to.
        address: Box<Address>,
    },
    /// Say where it is.
    Track {
        /// What the customer wrote, by the vendor's id: asked once, answered once.
        reference: String,
    },
    /// Decide an approval step.
    Vote {
        /// The queue.
        queue: QueueId,
        /// The step.
        step: StepId,
        /// Hash of the content shown.
        hash: String,
        /// Who decides.
        approver: UserId,
        /// Yes or no.
        approve: bool,
        /// Why.
        rationale: String,
    },
}

impl Request {
    /// The word for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Confirm { .. } => "confirm",
            Self::Cancel => "cancel",
            Self::ChangeAddress { .. } => "change_address",
            Self::Track { .. } => "track",
            Self::Vote { .. } => "vote",
        }
    }
}

/// An action under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Number within the conversation, from 1.
    pub number: u64,
    /// The order it is about.
    pub order: OrderId,
    /// Its number.
    pub order_number: String,
    /// What is asked for.
    pub request: Request,
    /// How it was asked for.
    pub via: Via,
}
