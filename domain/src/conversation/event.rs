//! What happened in a conversation.

use serde::{Deserialize, Serialize};

use super::{CallOutcome, Choice, Envelope, Inbound, Message, MessageStatus, Outcome, Question, action::Action};
use crate::{
    ConversationId, MessageId, QuestionId, Timestamp, UserId,
    notify::{Category, Language, MessageChannel, MessageKind, OrderRef, Recipient},
    reply::Reading,
};

/// Facts about a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum ConversationEvent {
    /// The conversation exists from here on.
    ConversationOpened {
        /// Its id.
        id: ConversationId,
        /// With whom.
        with: Box<Recipient>,
    },
    /// More or other is known of the person.
    RecipientUpdated {
        /// All that is known now.
        with: Box<Recipient>,
    },
    /// An order is talked about, or stands otherwise than before.
    OrderLinked {
        /// How it stands.
        order: OrderRef,
    },
    /// A message is to be sent.
    MessageQueued {
        /// The message.
        message: Box<Message>,
    },
    /// It is not to be sent.
    MessageSuppressed {
        /// Which.
        message: MessageId,
        /// Why: `opted_out`, `no_consent`, `unwanted`, `no_channel`, `window_closed`, `answered`.
        code: String,
    },
    /// Nobody could send it in time.
    MessageExpired {
        /// Which.
        message: MessageId,
    },
    /// A connection sends it now: all it needs is in the envelope.
    SendRequested {
        /// What to send.
        envelope: Box<Envelope>,
        /// When.
        at: Timestamp,
    },
    /// News about an attempt.
    StatusRecorded {
        /// The message.
        message: MessageId,
        /// The attempt.
        attempt: u16,
        /// How far it came.
        status: MessageStatus,
        /// The vendor's code, for failures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The vendor's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vendor_ref: Option<String>,
        /// When, by the vendor's clock.
        at: Timestamp,
    },
    /// Ended messages leave the memory; the thread keeps them.
    MessagesArchived {
        /// Which.
        messages: Vec<MessageId>,
    },
    /// The vendor says that its 24-hour window is closed, whatever our clock says.
    WindowCorrected {
        /// Of which channel.
        channel: MessageChannel,
    },
    /// A channel does not reach the contact, or does again.
    ContactMarked {
        /// Which channel.
        channel: MessageChannel,
        /// The vendor's code; `None` when it is good.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invalid: Option<String>,
    },
    /// Something came in.
    InboundReceived {
        /// What.
        inbound: Box<Inbound>,
        /// How the words are read; `None` for buttons and media without words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reading: Option<Reading>,
    },
    /// Something is asked.
    QuestionAsked {
        /// What.
        question: Box<Question>,
        /// By which message.
        message: Option<MessageId>,
        /// When.
        at: Timestamp,
    },
    /// It is asked once more, or a person is to call.
    RungTaken {
        /// Which question.
        question: QuestionId,
        /// Number of the rung, from 1.
        rung: u16,
        /// Whether a person is to call from here on.
        call: bool,
        /// When.
        at: Timestamp,
    },
    /// It has its answer.
    QuestionAnswered {
        /// Which.
        question: QuestionId,
        /// The answer.
        choice: Choice,
        /// How it came: `whatsapp`, `sms`, `email`, `call`, `link`.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Nobody answered in time.
    QuestionExpired {
        /// Which.
        question: QuestionId,
    },
    /// What it was about moved on.
    QuestionClosed {
        /// Which.
        question: QuestionId,
        /// Why.
        reason: String,
    },
    /// Too late, or once more: nothing changed.
    AnswerIgnored {
        /// Which question.
        question: QuestionId,
        /// Why: a refusal's code.
        code: String,
    },
    /// A reply asks for something to be done.
    ActionRequested {
        /// What.
        action: Box<Action>,
    },
    /// What came of it.
    ActionSettled {
        /// Number of the action.
        action: u64,
        /// What came of it.
        outcome: Outcome,
    },
    /// An agent called.
    CallNoted {
        /// What was said.
        note: String,
        /// What came of it.
        outcome: CallOutcome,
        /// The question called about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<QuestionId>,
        /// Who called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
        /// When.
        at: Timestamp,
    },
    /// Consent is given or taken back.
    ConsentSet {
        /// For which channel.
        channel: MessageChannel,
        /// For what sort.
        category: Category,
        /// Whether it may be sent.
        allowed: bool,
        /// How we know.
        source: String,
        /// When.
        at: Timestamp,
    },
    /// What the person wants to hear.
    PreferenceSet {
        /// Which kind.
        kind: MessageKind,
        /// By which channels; `None` for the shop's choice.
        channels: Option<Vec<MessageChannel>>,
    },
    /// The language to write in.
    LanguageSet {
        /// Which.
        language: Language,
    },
    /// A person looks after it.
    ConversationAssigned {
        /// Who; `None` for whoever is free.
        to: Option<UserId>,
        /// Why, in a word: `unsure`, `media`, `several_questions`, `agent`, …
        why: String,
        /// When.
        at: Timestamp,
    },
    /// The person is done with it.
    ConversationResolved {
        /// Who says so.
        by: Option<UserId>,
    },
}
