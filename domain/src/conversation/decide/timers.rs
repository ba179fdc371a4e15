//! What is due: quiet hours that end, rungs of questions, questions whose time is over.

use super::Turn;
use crate::{
    MessageId, QuestionId, Timestamp,
    conversation::{Asked, Conversation, ConversationEvent as E, Message, MessagePlan, QuestionState, RungStep},
};

impl Conversation {
    /// When the conversation next wants to be woken.
    pub(in crate::conversation) fn next_due(&self) -> Option<Timestamp> {
        let waiting = self.messages.values().filter(|message| Self::waits(message));
        let waiting = waiting.filter_map(|message| message.not_before);
        let asked = self.questions.values().filter(|asked| asked.state == QuestionState::Open);
        waiting.chain(asked.map(next_of)).min()
    }
}

fn next_of(asked: &Asked) -> Timestamp {
    asked.next_at.map_or(asked.question.expires_at, |next| next.min(asked.question.expires_at))
}

impl Turn<'_> {
    pub(super) fn tick(&mut self) {
        let now = self.now();
        let due = |asked: &&Asked| asked.state == QuestionState::Open && asked.question.expires_at <= now;
        let expired: Vec<QuestionId> =
            self.state.questions.values().filter(due).map(|asked| asked.question.id).collect();
        for question in expired {
            self.push(E::QuestionExpired { question });
        }
        // Each rung is taken once, and a question has few: the loop ends.
        while let Some(question) = self.due_rung() {
            self.take_rung(question);
        }
        let due = |message: &&Message| Conversation::waits(message) && message.not_before.is_some_and(|at| at <= now);
        let waiting: Vec<MessageId> = self.state.messages.values().filter(due).map(|message| message.plan.id).collect();
        for message in waiting {
            self.release(message);
        }
    }

    fn due_rung(&self) -> Option<QuestionId> {
        let now = self.now();
        let due = |asked: &&Asked| asked.next_at.is_some_and(|at| at <= now);
        self.state.open_questions().find(due).map(|asked| asked.question.id)
    }

    /// The message that asked did not arrive by any channel: there is no use in waiting for an answer.
    pub(super) fn next_rung_of(&mut self, message: MessageId) {
        let Some(question) = self.state.messages.get(&message).and_then(|message| message.plan.question) else {
            return;
        };
        let waits = |asked: &Asked| asked.state == QuestionState::Open && asked.next_at.is_some();
        if self.state.questions.get(&question).is_some_and(waits) {
            self.take_rung(question);
        }
    }

    /// Asks by the next channel of the ladder, or hands over to a person.
    fn take_rung(&mut self, id: QuestionId) {
        let Some(asked) = self.state.questions.get(&id) else { return };
        let Some(rung) = asked.question.ladder.get(usize::from(asked.rungs)).copied() else { return };
        let (number, message) = (asked.rungs + 1, asked.message);
        let call = rung.step == RungStep::Call;
        self.push(E::RungTaken { question: id, rung: number, call, at: self.now() });
        let RungStep::Ask(channel) = rung.step else { return };
        let Some(first) = message.and_then(|message| self.state.messages.get(&message)) else { return };
        if first.attempts.iter().any(|attempt| attempt.channel == channel) {
            return; // it fell back to this channel by itself
        }
        let plan = MessagePlan {
            id: MessageId::of(&["rung", &id.to_string(), &number.to_string()]),
            route: vec![channel],
            ..first.plan.clone()
        };
        let language = first.language;
        self.add(plan, language, None);
    }
}
