//! Folding events into the state. Total: no rules, no refusals.

use super::{
    Asked, Attempt, Conversation, ConversationEvent, MessageStatus, QuestionState,
    state::{Assignment, Consent, MAX_ORDERS, MAX_QUESTIONS, inbound_id},
};
use crate::{MessageId, QuestionId, Timestamp, notify::OrderRef};

impl Conversation {
    pub(super) fn fold(&mut self, event: &ConversationEvent) {
        use ConversationEvent as E;
        match event {
            E::ConversationOpened { id, with } => (self.id, self.with) = (Some(*id), (**with).clone()),
            E::RecipientUpdated { with } => self.with = (**with).clone(),
            E::OrderLinked { order } => self.link(order),
            E::MessageQueued { message } => {
                self.remember(message.plan.id);
                self.messages.insert(message.plan.id, (**message).clone());
            }
            E::MessageSuppressed { message, code } => self.end(*message, MessageStatus::Suppressed, Some(code)),
            E::MessageExpired { message } => self.end(*message, MessageStatus::Expired, None),
            E::SendRequested { envelope, at } => self.requested(envelope, *at),
            E::StatusRecorded { message, attempt, status, code, vendor_ref, .. } => {
                self.status(*message, *attempt, *status, code.as_ref(), vendor_ref.as_ref());
            }
            E::MessagesArchived { messages } => messages.iter().for_each(|id| drop(self.messages.remove(id))),
            E::WindowCorrected { channel } => drop(self.last_inbound_at.remove(channel)),
            E::ContactMarked { channel, invalid } => match invalid {
                Some(code) => drop(self.invalid.insert(*channel, code.clone())),
                None => drop(self.invalid.remove(channel)),
            },
            E::InboundReceived { inbound, .. } => {
                self.remember(inbound_id(&inbound.id));
                let last = self.last_inbound_at.entry(inbound.channel).or_insert(inbound.at);
                *last = inbound.at.max(*last);
            }
            E::QuestionAsked { question, message, at } => {
                let asked = Asked {
                    question: (**question).clone(),
                    state: QuestionState::Open,
                    asked_at: *at,
                    message: *message,
                    rungs: 0,
                    next_at: question.rung_due(0, *at),
                    call: false,
                    answer: None,
                    excused: false,
                };
                self.questions.insert(question.id, asked);
                self.forget_questions();
            }
            E::RungTaken { question, rung, call, at } => self.question(*question, |asked| {
                asked.rungs = *rung;
                asked.call |= *call;
                asked.next_at = asked.question.rung_due(usize::from(*rung), *at);
            }),
            E::QuestionAnswered { question, choice, .. } => {
                self.close(*question, QuestionState::Answered);
                self.question(*question, |asked| asked.answer = Some(*choice));
            }
            E::QuestionExpired { question } => self.close(*question, QuestionState::Expired),
            E::QuestionClosed { question, .. } => self.close(*question, QuestionState::Closed),
            E::AnswerIgnored { question, .. } => {
                self.question(*question, |asked| asked.excused |= asked.state != QuestionState::Open);
            }
            E::ActionRequested { action } => {
                self.actions_started = action.number;
                self.actions.push((**action).clone());
            }
            E::ActionSettled { action, .. } => self.actions.retain(|open| open.number != *action),
            E::CallNoted { .. } => {}
            E::ConsentSet { channel, category, allowed, source, at } => {
                self.consent.retain(|known| known.channel != *channel || known.category != *category);
                let (channel, category, allowed) = (*channel, *category, *allowed);
                self.consent.push(Consent { channel, category, allowed, source: source.clone(), at: *at });
            }
            E::PreferenceSet { kind, channels } => match channels {
                Some(channels) => drop(self.preferences.insert(*kind, channels.clone())),
                None => drop(self.preferences.remove(kind)),
            },
            E::LanguageSet { language } => self.language = Some(*language),
            E::ConversationAssigned { to, why, at } => {
                self.assigned = Some(Assignment { to: *to, why: why.clone(), since: *at });
            }
            E::ConversationResolved { .. } => self.assigned = None,
        }
    }

    fn link(&mut self, order: &OrderRef) {
        self.orders.retain(|known| known.id != order.id);
        self.orders.push(order.clone());
        if self.orders.len() > MAX_ORDERS {
            let at = self.orders.iter().position(|known| known.ended).unwrap_or_default();
            self.orders.remove(at);
        }
    }

    fn end(&mut self, id: MessageId, status: MessageStatus, code: Option<&String>) {
        if let Some(message) = self.messages.get_mut(&id) {
            (message.status, message.code, message.not_before) = (status, code.cloned(), None);
            // The connection never handed it over: nothing more can become of the attempt.
            if let Some(last) = message.attempts.last_mut().filter(|last| last.status == MessageStatus::Queued) {
                last.status = status;
            }
        }
    }

    fn requested(&mut self, envelope: &super::Envelope, at: Timestamp) {
        if let Some(message) = self.messages.get_mut(&envelope.message) {
            (message.status, message.not_before) = (MessageStatus::Queued, None);
            let (channel, form, status) = (envelope.channel, envelope.form, MessageStatus::Queued);
            message.attempts.push(Attempt { channel, form, status, code: None, vendor_ref: None, at });
        }
    }

    fn status(
        &mut self,
        id: MessageId,
        number: u16,
        status: MessageStatus,
        code: Option<&String>,
        vendor_ref: Option<&String>,
    ) {
        let Some(message) = self.messages.get_mut(&id) else { return };
        let last = message.attempts.len() == usize::from(number);
        let Some(attempt) = usize::from(number).checked_sub(1).and_then(|at| message.attempts.get_mut(at)) else {
            return;
        };
        attempt.status = status;
        if let Some(code) = code {
            attempt.code = Some(code.clone());
        }
        if let Some(vendor_ref) = vendor_ref {
            attempt.vendor_ref = Some(vendor_ref.clone());
        }
        if last {
            message.status = status;
        }
    }

    fn question(&mut self, id: QuestionId, change: impl FnOnce(&mut Asked)) {
        if let Some(asked) = self.questions.get_mut(&id) {
            change(asked);
        }
    }

    fn close(&mut self, id: QuestionId, state: QuestionState) {
        self.question(id, |asked| {
            (asked.state, asked.next_at, asked.call) = (state, None, false);
        });
    }

    /// The oldest ended questions leave; open ones never do.
    fn forget_questions(&mut self) {
        let mut ended: Vec<_> = self.questions.values().filter(|asked| asked.state != QuestionState::Open).collect();
        ended.sort_by_key(|asked| (asked.asked_at, asked.question.id));
        let surplus = ended.len().saturating_sub(MAX_QUESTIONS);
        let oldest: Vec<QuestionId> = ended.into_iter().take(surplus).map(|asked| asked.question.id).collect();
        for id in oldest {
            self.questions.remove(&id);
        }
    }
}
