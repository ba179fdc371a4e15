//! A question put to somebody, bound to what it is about, with one answer; and the ladder by which it is asked again.
//!
//! Invariant: a question is answered at most once and never after its end; the id is derived from the subject and its
//! hash, so that the same subject is not asked about twice and a changed one is asked about anew.

use serde::{Deserialize, Serialize};

use crate::{
    OrderId, QuestionId, QueueId, Timestamp, UserId,
    approval::StepId,
    customer::Address,
    notify::{MessageChannel, QuietHours},
    order::content::words,
    table::{Edge, Machine},
};

words!(
    /// An answer that can be given.
    Choice {
        /// Yes: confirm, approve, wait, that is the address.
        Yes = "yes",
        /// No: cancel, reject, that is not the address.
        No = "no",
        /// Something about the address is to be changed first.
        ChangeAddress = "change_address",
    }
);

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Subject {
    /// Whether a cash-on-delivery order is wanted as this edition says (N08).
    CodConfirmation {
        /// The order.
        order: OrderId,
        /// Hash of the edition shown.
        hash: String,
    },
    /// Whether to wait for what is short, or cancel (BKO-03).
    Backorder {
        /// The order.
        order: OrderId,
        /// Hash of the edition shown.
        hash: String,
    },
    /// Whether really to cancel.
    CancelCheck {
        /// The order.
        order: OrderId,
    },
    /// Where the order should go instead; the answer is text.
    AddressWanted {
        /// The order.
        order: OrderId,
    },
    /// Whether this is the new address, as read from the text.
    AddressCheck {
        /// The order.
        order: OrderId,
        /// The address.
        address: Box<Address>,
    },
    /// Whether an approval step is decided yes or no (N06).
    Approval {
        /// The queue that holds the step.
        queue: QueueId,
        /// The step.
        step: StepId,
        /// Hash of the content shown.
        hash: String,
        /// Who is asked; nobody else may answer.
        approver: UserId,
        /// Role without which they may not decide.
        role: String,
    },
}

impl Subject {
    /// The order it is about.
    pub const fn order(&self) -> OrderId {
        match self {
            Self::CodConfirmation { order, .. }
            | Self::Backorder { order, .. }
            | Self::CancelCheck { order }
            | Self::AddressWanted { order }
            | Self::AddressCheck { order, .. } => *order,
            Self::Approval { step, .. } => step.order,
        }
    }

    /// The word for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::CodConfirmation { .. } => "cod_confirmation",
            Self::Backorder { .. } => "backorder",
            Self::CancelCheck { .. } => "cancel_check",
            Self::AddressWanted { .. } => "address_wanted",
            Self::AddressCheck { .. } => "address_check",
            Self::Approval { .. } => "approval",
        }
    }

    /// What can be chosen, in the order of the buttons. None for a question whose answer is text.
    pub const fn choices(&self) -> &'static [Choice] {
        match self {
            Self::CodConfirmation { .. } => &[Choice::Yes, Choice::No, Choice::ChangeAddress],
            Self::AddressWanted { .. } => &[],
            _ => &[Choice::Yes, Choice::No],
        }
    }

    /// Whether another question about the same thing, in another version, takes its place.
    pub fn same_thing(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Approval { step, approver, .. }, Self::Approval { step: of, approver: by, .. }) => {
                step == of && approver == by
            }
            _ => self.word() == other.word() && self.order() == other.order(),
        }
    }
}

/// What happens when a question stays without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Seconds after the question was asked.
    pub after_seconds: i64,
    /// What is tried then.
    pub step: RungStep,
}

/// What a rung tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RungStep {
    /// Ask by this channel.
    Ask(MessageChannel),
    /// A person calls.
    Call,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id: the nonce of its buttons.
    pub id: QuestionId,
    /// What it is about.
    pub subject: Subject,
    /// Number of the order, for what is said about it.
    pub number: String,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
    /// Hours in which it is not asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
    /// How it is asked again, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ladder: Vec<Rung>,
}

impl Question {
    /// When a rung is due, given when the one before it (or the question itself) was taken.
    pub fn rung_due(&self, rung: usize, before: Timestamp) -> Option<Timestamp> {
        let next = self.ladder.get(rung)?.after_seconds;
        let last = rung.checked_sub(1).and_then(|rung| self.ladder.get(rung)).map_or(0, |rung| rung.after_seconds);
        let due = before.plus_seconds((next - last).max(0));
        Some(self.quiet.map_or(due, |quiet| quiet.next_open(due)))
    }
}

/// How a question stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// Where it stands.
    pub state: QuestionState,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The message that asks it, to ask again by another channel.
    pub message: Option<crate::MessageId>,
    /// Rungs taken.
    #[serde(default)]
    pub rungs: u16,
    /// When the next rung is due; `None` when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// Whether a person is to call.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub call: bool,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Choice>,
    /// Whether a late or second answer was replied to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub excused: bool,
}

words!(
    /// Where a question stands.
    QuestionState {
        /// Waits for its answer.
        Open = "open",
        /// Has it.
        Answered = "answered",
        /// Nobody answered in time.
        Expired = "expired",
        /// What it is about moved on.
        Closed = "closed",
    }
);

const fn edge(from: &'static str, command: &'static str, event: &'static str, to: &'static str) -> Edge {
    Edge { from, command, event, to }
}

/// The table of a question.
pub const QUESTION: Machine = Machine {
    id: "ASK",
    name: "question",
    states: &["open", "answered", "expired", "closed"],
    terminal: &["answered", "expired", "closed"],
    edges: &[
        edge("-", "QueueMessage", "QuestionAsked", "open"),
        edge("open", "(timer) Ladder", "RungTaken", "open"),
        edge("open", "RecordStatus", "RungTaken", "open"),
        edge("open", "RecordInbound", "QuestionAnswered", "answered"),
        edge("open", "Decide", "QuestionAnswered", "answered"),
        edge("open", "RecordCall", "QuestionAnswered", "answered"),
        edge("open", "(timer) Expire", "QuestionExpired", "expired"),
        edge("open", "CloseQuestion", "QuestionClosed", "closed"),
        edge("open", "QueueMessage", "QuestionClosed", "closed"),
    ],
};
