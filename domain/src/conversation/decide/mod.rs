//! What follows from a command. Guards in the order shape, existence, state; then events.

mod address;
mod answer;
mod inbound;
mod office;
mod outbound;
mod timers;

pub use answer::Reason;

use super::{Conversation, ConversationCommand, ConversationEvent, ConversationRefusal, MAX_MESSAGES, MessageStatus};
use crate::{
    Ctx, MessageId, Timestamp,
    notify::{MessageChannel, Recipient},
};

/// The events of a command, or why there are none.
pub(super) type Decided = Result<Vec<ConversationEvent>, ConversationRefusal>;

/// Hours in which free text may be sent after the customer wrote, less the margin for clocks that differ
/// (messaging.md §1: 24 h with 5 min).
const WINDOW_SECONDS: i64 = 24 * 3_600 - 5 * 60;

/// A decision in the making: what is decided is seen by what is decided next.
pub(super) struct Turn<'a> {
    state: Conversation,
    events: Vec<ConversationEvent>,
    ctx: &'a Ctx,
}

impl Turn<'_> {
    fn push(&mut self, event: ConversationEvent) {
        self.state.fold(&event);
        self.events.push(event);
    }

    const fn now(&self) -> Timestamp {
        self.ctx.now
    }

    /// Knows whom the conversation is with: opens it, or takes note of what is new about the person.
    fn meet(&mut self, with: &Recipient) -> Result<(), ConversationRefusal> {
        let Some(id) = with.conversation() else {
            return Err(ConversationRefusal::Invalid { field: "to", rule: "must have a number or a mail address" });
        };
        match self.state.id {
            None => self.push(ConversationEvent::ConversationOpened { id, with: Box::new(with.clone()) }),
            Some(known) if known != id => return Err(ConversationRefusal::OtherContact),
            Some(_) => {
                let merged = merged(&self.state.with, with);
                if merged != self.state.with {
                    self.push(ConversationEvent::RecipientUpdated { with: Box::new(merged) });
                }
            }
        }
        Ok(())
    }
}

/// What is known of a person, with what is said now before what was said then.
fn merged(known: &Recipient, said: &Recipient) -> Recipient {
    Recipient {
        name: if said.name.is_empty() { known.name.clone() } else { said.name.clone() },
        phone: said.phone.clone().or_else(|| known.phone.clone()),
        email: said.email.clone().or_else(|| known.email.clone()),
        customer: said.customer.or(known.customer),
        user: said.user.or(known.user),
        language: said.language.or(known.language),
    }
}

impl Conversation {
    pub(super) fn decide_command(&self, command: &ConversationCommand, ctx: &Ctx) -> Decided {
        use ConversationCommand as C;
        let opens = matches!(command, C::OpenConversation { .. } | C::QueueMessage { .. } | C::RecordInbound(_));
        if !opens && !self.exists() {
            return Err(ConversationRefusal::NotFound);
        }
        let mut turn = Turn { state: self.clone(), events: Vec::new(), ctx };
        match command {
            C::OpenConversation { with } => turn.meet(with)?,
            C::QueueMessage { to, planned } => turn.queue(to, planned)?,
            C::RecordStatus(report) => turn.status(report)?,
            C::RecordInbound(inbound) => turn.inbound(inbound)?,
            C::Decide(decision) => turn.decide(decision)?,
            C::CloseQuestion { about, reason } => turn.close_questions(about, reason),
            C::RecordCall { note, outcome, question } => turn.call(note, *outcome, *question)?,
            C::SettleAction { action, outcome } => turn.settle(*action, outcome)?,
            C::SendText { id, text, channel } => turn.send_text(*id, text, *channel)?,
            C::SetConsent { channel, category, allowed, source } => {
                turn.set_consent(*channel, *category, *allowed, source)?;
            }
            C::SetPreference { kind, channels } => turn.set_preference(*kind, channels.as_deref())?,
            C::SetLanguage { language } => turn.set_language(*language),
            C::MarkContact { channel, invalid } => turn.mark(*channel, invalid.as_deref()),
            C::AssignConversation { to } => turn.assign_to(*to),
            C::ResolveConversation => turn.resolve(),
            C::Tick => turn.tick(),
        }
        Ok(turn.events)
    }

    /// Whether free text may be sent: the person wrote by this channel within 24 hours, with a margin.
    pub fn window_open(&self, channel: MessageChannel, now: Timestamp) -> bool {
        let last = self.last_inbound_at.get(&channel);
        last.is_some_and(|last| now < last.plus_seconds(WINDOW_SECONDS))
    }

    /// The messages that leave the memory: the oldest ended ones above the limit, then the oldest that the vendor has.
    pub(super) fn archive(&self) -> Vec<ConversationEvent> {
        let surplus = self.messages.len().saturating_sub(MAX_MESSAGES);
        if surplus == 0 {
            return Vec::new();
        }
        let asks = |id: MessageId| self.open_questions().any(|asked| asked.message == Some(id));
        let leaves =
            |status: MessageStatus| status.ended() || matches!(status, MessageStatus::Accepted | MessageStatus::Sent);
        let messages = self.messages.values().filter(|message| leaves(message.status) && !asks(message.plan.id));
        let mut oldest: Vec<_> = messages.map(|one| (!one.status.ended(), one.queued_at, one.plan.id)).collect();
        oldest.sort_unstable();
        let messages: Vec<MessageId> = oldest.into_iter().take(surplus).map(|(.., id)| id).collect();
        if messages.is_empty() { Vec::new() } else { vec![ConversationEvent::MessagesArchived { messages }] }
    }
}
