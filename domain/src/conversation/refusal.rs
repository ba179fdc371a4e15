//! Why a conversation says no.

use super::{Choice, MessageStatus};
use crate::{RefusalClass, Refused, notify::MessageChannel};

/// A refusal of a conversation; nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConversationRefusal {
    /// Nobody ever wrote here.
    #[error("there is no such conversation")]
    NotFound,
    /// The recipient is another contact than the conversation's.
    #[error("the recipient belongs to another conversation")]
    OtherContact,
    /// No message with that id, or no attempt with that number.
    #[error("the conversation has no such message or attempt")]
    MessageUnknown,
    /// Not something a connection can report.
    #[error("{status} is not reported by a connection")]
    InvalidStatus {
        /// The status.
        status: MessageStatus,
    },
    /// Somebody else answers than was asked (N06: forwarded).
    #[error("this question was put to somebody else")]
    OtherSender,
    /// No question with that id was asked here.
    #[error("there is no such question")]
    QuestionUnknown,
    /// The question is expired, or what it was about moved on (N06: late).
    #[error("the question is no longer open")]
    QuestionClosed,
    /// It has another answer already (N06: double).
    #[error("the question was answered with {answer}")]
    QuestionAnswered {
        /// The first answer.
        answer: Choice,
    },
    /// The answer is not one of those that were offered.
    #[error("{choice} is not an answer to this question")]
    InvalidChoice {
        /// The answer.
        choice: Choice,
    },
    /// The role that decides is gone since the question was asked.
    #[error("this is decided by the role {role}")]
    NotEntitled {
        /// The role.
        role: String,
    },
    /// A no needs a reason.
    #[error("a rationale is required")]
    RationaleRequired,
    /// More than 24 hours since the customer wrote: only a template may be sent.
    #[error("the 24-hour window for free text is closed")]
    WindowClosed,
    /// There is no contact for it, it does not work, or the person does not want it.
    #[error("{channel} does not reach this contact: {reason}")]
    ChannelUnavailable {
        /// The channel.
        channel: MessageChannel,
        /// Why.
        reason: &'static str,
    },
    /// Empty, or too long.
    #[error("{field} {rule}")]
    Invalid {
        /// Field of the command.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// No action with that number.
    #[error("there is no such action")]
    ActionUnknown,
}

impl Refused for ConversationRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "conversation_not_found",
            Self::OtherContact => "other_contact",
            Self::MessageUnknown => "message_unknown",
            Self::InvalidStatus { .. } => "invalid_message_status",
            Self::OtherSender => "other_sender",
            Self::QuestionUnknown => "question_unknown",
            Self::QuestionClosed => "question_closed",
            Self::QuestionAnswered { .. } => "question_answered",
            Self::InvalidChoice { .. } => "invalid_choice",
            Self::NotEntitled { .. } => "not_entitled",
            Self::RationaleRequired => "rationale_required",
            Self::WindowClosed => "window_closed",
            Self::ChannelUnavailable { .. } => "channel_unavailable",
            Self::Invalid { .. } => "invalid_message",
            Self::ActionUnknown => "action_unknown",
        }
    }

    fn class(&self) -> RefusalClass {
        match self {
            Self::NotFound | Self::MessageUnknown | Self::QuestionUnknown | Self::ActionUnknown => {
                RefusalClass::NotFound
            }
            Self::InvalidStatus { .. }
            | Self::InvalidChoice { .. }
            | Self::Invalid { .. }
            | Self::RationaleRequired => RefusalClass::Invalid,
            Self::OtherContact
            | Self::QuestionClosed
            | Self::QuestionAnswered { .. }
            | Self::WindowClosed
            | Self::ChannelUnavailable { .. } => RefusalClass::Conflict,
            Self::OtherSender | Self::NotEntitled { .. } => RefusalClass::Forbidden,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Invalid { field, .. } => Some(format!("/{field}")),
            Self::InvalidStatus { .. } => Some("/status".into()),
            Self::InvalidChoice { .. } => Some("/choice".into()),
            Self::ChannelUnavailable { .. } => Some("/channel".into()),
            Self::RationaleRequired => Some("/rationale".into()),
            _ => None,
        }
    }

    fn fix(&self) -> Option<String> {
        match self {
            Self::WindowClosed => Some("send a template, or wait until the customer writes".into()),
            Self::QuestionClosed => Some("look at how it stands now".into()),
            Self::OtherSender => Some("the person who was asked has to answer".into()),
            Self::RationaleRequired => Some("say why".into()),
            Self::ChannelUnavailable { .. } => Some("choose another channel".into()),
            _ => None,
        }
    }
}
