//! What can be asked of a conversation.

use serde::{Deserialize, Serialize};

use super::{Choice, MessageStatus};
use crate::{
    MessageId, OrderId, QuestionId, Timestamp, UserId,
    approval::StepId,
    notify::{Category, Language, MessageChannel, MessageKind, OrderRef, Planned, Recipient},
    order::content::words,
    phone::Contact,
};

/// Requests to a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum ConversationCommand {
    /// Know with whom it is, before anything is sent.
    OpenConversation {
        /// With whom.
        with: Box<Recipient>,
    },
    /// Send a planned message, and ask what it asks. A repeat changes nothing, whatever became of the first.
    QueueMessage {
        /// For whom.
        to: Box<Recipient>,
        /// What.
        planned: Box<Planned>,
    },
    /// What became of an attempt, as the connection says. Older news than what is known changes nothing.
    RecordStatus(StatusReport),
    /// Something came in by a channel.
    RecordInbound(Box<Inbound>),
    /// An approver decided by a signed button or a link; refused unless it is theirs to decide, here and now.
    Decide(Box<Decision>),
    /// What a question was about moved on: it is not asked any more.
    CloseQuestion {
        /// Which ones.
        about: ClosedSubject,
        /// Why, in a word for the thread.
        reason: String,
    },
    /// An agent called, and perhaps got an answer.
    RecordCall {
        /// What was said.
        note: String,
        /// What came of it.
        outcome: CallOutcome,
        /// The question that was called about.
        question: Option<QuestionId>,
    },
    /// What became of an action that a reply asked for.
    SettleAction {
        /// Number of the action.
        action: u64,
        /// What came of it.
        outcome: Outcome,
    },
    /// An agent writes; on WhatsApp only while the window is open.
    SendText {
        /// Made by the client, so that a repeat sends nothing twice.
        id: MessageId,
        /// What.
        text: String,
        /// By which channel.
        channel: MessageChannel,
    },
    /// Consent is given or taken back.
    SetConsent {
        /// For which channel.
        channel: MessageChannel,
        /// For what sort.
        category: Category,
        /// Whether it may be sent.
        allowed: bool,
        /// How we know: a word such as `console`, `list_unsubscribe`, `vendor`.
        source: String,
    },
    /// What the person wants to hear by which channel; an empty list for none of that kind.
    SetPreference {
        /// Which kind.
        kind: MessageKind,
        /// Channels in the order of preference; `None` for the shop's own choice.
        channels: Option<Vec<MessageChannel>>,
    },
    /// The language to write in.
    SetLanguage {
        /// Which.
        language: Language,
    },
    /// A channel does not reach this contact, or does again.
    MarkContact {
        /// Which channel.
        channel: MessageChannel,
        /// The vendor's code, or `None` when it is good again.
        invalid: Option<String>,
    },
    /// An agent takes the thread, or gives it to another.
    AssignConversation {
        /// To whom; `None` for whoever is free.
        to: Option<UserId>,
    },
    /// The agent is done with it.
    ResolveConversation,
    /// Whatever is due fires: quiet hours that end, rungs, expiries.
    Tick,
}

/// News about an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusReport {
    /// The message.
    pub message: MessageId,
    /// Number of the attempt.
    pub attempt: u16,
    /// How far it came: any but `queued` and `suppressed`.
    pub status: MessageStatus,
    /// The vendor's code, for failures.
    pub code: Option<String>,
    /// What a failure says about the contact.
    pub cause: Option<FailureCause>,
    /// The vendor's id.
    pub vendor_ref: Option<String>,
    /// When, by the vendor's clock.
    pub at: Timestamp,
}

words!(
    /// What a vendor's failure code means to us; the connection maps its own codes (messaging.md §3.2).
    FailureCause {
        /// The 24-hour window was closed: 63016, 131047. The template is sent, once.
        WindowClosed = "window_closed",
        /// The contact does not take this channel: 63024, 21211, hard bounce.
        InvalidContact = "invalid_contact",
        /// The person opted out at the vendor: 21610.
        OptedOut = "opted_out",
        /// Anything else that is final.
        Other = "other",
    }
);

/// Something that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    /// The vendor's id of it: what makes a repeat harmless.
    pub id: String,
    /// By which channel.
    pub channel: MessageChannel,
    /// From whom.
    pub from: Contact,
    /// When, by the vendor's clock.
    pub at: Timestamp,
    /// What it says.
    pub body: InboundBody,
    /// The message of ours it answers, if the vendor says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<MessageId>,
    /// Roles of the user with that contact, looked up by the edge now; empty for a customer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

/// What came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InboundBody {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A button of ours, its signature verified by the edge.
    Button {
        /// The question.
        question: QuestionId,
        /// What was chosen.
        choice: Choice,
        /// The text on it.
        text: String,
    },
    /// A picture, voice note or the like, which nobody reads by rule.
    Media {
        /// Its type, such as `audio/ogg`.
        media: String,
        /// Words that came with it.
        text: String,
    },
}

impl InboundBody {
    /// The words in it.
    pub fn text(&self) -> &str {
        match self {
            Self::Text { text } | Self::Button { text, .. } | Self::Media { text, .. } => text,
        }
    }
}

/// A decision by button or link (N06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The question.
    pub question: QuestionId,
    /// Yes or no.
    pub choice: Choice,
    /// Who decides: the sender of the reply, who is signed in where the link leads, or whoever has the link that was
    /// sent to the approver's own address.
    pub by: Sender,
    /// Roles of that user, now.
    pub roles: Vec<String>,
    /// Why; needed for a no by link.
    pub rationale: String,
}

/// Who an answer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The number or mail address a reply came from.
    Contact(Contact, MessageChannel),
    /// A signed-in user.
    User(UserId),
    /// Whoever has the one-time link that was mailed to the person of this conversation.
    Link,
}

/// Questions that are closed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosedSubject {
    /// Everything asked of the customer about an order.
    Order(OrderRef),
    /// The confirmation of an order only.
    Confirmation(OrderId),
    /// An approval step.
    Step(StepId),
}

words!(
    /// What came of a call.
    CallOutcome {
        /// Nobody picked up; the task stays.
        NoAnswer = "no_answer",
        /// The customer said yes.
        Confirmed = "confirmed",
        /// The customer said no.
        Declined = "declined",
        /// Something else was said; the note has it.
        Other = "other",
    }
);

/// What came of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Done,
    /// Refused with this code.
    Refused {
        /// The code.
        code: String,
    },
}

impl ConversationCommand {
    /// Name for the journal and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OpenConversation { .. } => "OpenConversation",
            Self::QueueMessage { .. } => "QueueMessage",
            Self::RecordStatus(_) => "RecordStatus",
            Self::RecordInbound(_) => "RecordInbound",
            Self::Decide(_) => "Decide",
            Self::CloseQuestion { .. } => "CloseQuestion",
            Self::RecordCall { .. } => "RecordCall",
            Self::SettleAction { .. } => "SettleAction",
            Self::SendText { .. } => "SendText",
            Self::SetConsent { .. } => "SetConsent",
            Self::SetPreference { .. } => "SetPreference",
            Self::SetLanguage { .. } => "SetLanguage",
            Self::MarkContact { .. } => "MarkContact",
            Self::AssignConversation { .. } => "AssignConversation",
            Self::ResolveConversation => "ResolveConversation",
            Self::Tick => "Tick",
        }
    }
}

impl ClosedSubject {
    /// The order it is about.
    pub const fn order(&self) -> OrderId {
        match self {
            Self::Order(order) => order.id,
            Self::Confirmation(order) => *order,
            Self::Step(step) => step.order,
        }
    }
}
