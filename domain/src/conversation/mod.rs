//! The conversation with one number or mail address: what was sent and what became of it, what came in, what is
//! asked, and what may be sent at all (CUS-08, N06 to N08).
//!
//! Invariant: a planned message is sent at most once by one channel at a time; a question is answered at most once,
//! by the one who was asked, in time, about the version that was shown; nobody gets what they opted out of. It writes
//! no text (templates do) and talks to no vendor (connections do, from [`ConversationEvent::SendRequested`]).

mod action;
mod command;
mod decide;
mod event;
mod evolve;
pub mod history;
mod message;
mod parts;
mod question;
mod refusal;
mod state;

pub use action::{Action, Request, Via};
pub use command::{
    CallOutcome, ClosedSubject, ConversationCommand, Decision, FailureCause, Inbound, InboundBody, Outcome, Sender,
    StatusReport,
};
pub use decide::Reason;
pub use event::ConversationEvent;
pub use message::{Attempt, Buttons, Envelope, Form, MESSAGE, Message, MessagePlan, MessageStatus};
pub use question::{Asked, Choice, QUESTION, Question, QuestionState, Rung, RungStep, Subject};
pub use refusal::ConversationRefusal;
pub use state::{Assignment, Consent, Conversation, MAX_MESSAGES, MAX_OPEN, MAX_ORDERS, MAX_QUESTIONS};

use crate::{Aggregate, Ctx, Kind, Part, PartJson, Timestamp};

impl Aggregate for Conversation {
    const KIND: Kind = Kind::Conversation;
    type Command = ConversationCommand;
    type Event = ConversationEvent;
    type Refusal = ConversationRefusal;

    fn decide(&self, command: &ConversationCommand, ctx: &Ctx) -> Result<Vec<ConversationEvent>, ConversationRefusal> {
        self.decide_command(command, ctx)
    }

    fn evolve(&mut self, event: &ConversationEvent) {
        self.fold(event);
    }

    fn derived(&self, _ctx: &Ctx) -> Vec<ConversationEvent> {
        self.archive()
    }

    fn due(&self) -> Option<Timestamp> {
        self.next_due()
    }

    fn tick(&self, now: Timestamp) -> Option<ConversationCommand> {
        self.next_due().is_some_and(|due| due <= now).then_some(ConversationCommand::Tick)
    }

    fn command_name(command: &ConversationCommand) -> &'static str {
        command.name()
    }

    fn view(&self) -> Option<serde_json::Value> {
        history::columns(self)
    }

    fn touches(event: &ConversationEvent) -> Vec<Part> {
        Self::touched(event)
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        self.to_part(part)
    }

    fn parts(&self) -> Vec<Part> {
        self.all_parts()
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        Self::build(parts)
    }
}
