//! Messages that leave: when, by which channel, in which form, and what follows when one does not arrive.

use super::Turn;
use crate::{
    MessageId,
    conversation::{
        Attempt, Buttons, Conversation, ConversationEvent as E, ConversationRefusal, Envelope, FailureCause, Form,
        MAX_OPEN, Message, MessagePlan, MessageStatus, Question, QuestionState, StatusReport,
    },
    notify::{Audience, Category, MessageChannel, MessageKind, OrderRef, Planned, Recipient},
};

/// Seconds after a person wrote in which quiet hours do not hold an answer back: they are awake.
const AWAKE_SECONDS: i64 = 15 * 60;

/// Why a channel is not used.
type Barred = &'static str;
/// Free text is not allowed any more, and there is no template for it.
const WINDOW_CLOSED: Barred = "window_closed";

impl Conversation {
    /// Whether a channel may carry this sort of message to this person, whatever the hour. A connection asks again right
    /// before it sends (messaging.md §1).
    ///
    /// # Errors
    /// Why not: `no_contact`, `invalid_contact`, `opted_out` or `no_consent`.
    pub fn may_send(&self, channel: MessageChannel, category: Category) -> Result<(), Barred> {
        if self.address(channel).is_none() {
            return Err("no_contact");
        }
        if self.invalid.contains_key(&channel) {
            return Err("invalid_contact");
        }
        match (category, self.consent_for(channel, category)) {
            (Category::Service, _) | (Category::Utility, None) | (_, Some(true)) => Ok(()),
            (_, Some(false)) => Err("opted_out"),
            (Category::Marketing, None) => Err("no_consent"),
        }
    }

    /// The channels of a message as the person wants them: the shop's route, narrowed and ordered by the preference.
    fn wanted(&self, plan: &MessagePlan) -> Vec<MessageChannel> {
        match self.preferences.get(&plan.kind) {
            Some(wanted) => wanted.iter().copied().filter(|channel| plan.route.contains(channel)).collect(),
            None => plan.route.clone(),
        }
    }
}

impl Turn<'_> {
    /// Takes a planned message; the same id again changes nothing.
    pub(super) fn queue(&mut self, to: &Recipient, planned: &Planned) -> Result<(), ConversationRefusal> {
        if planned.route.is_empty() {
            return Err(ConversationRefusal::Invalid { field: "route", rule: "must name a channel" });
        }
        if self.state.exists() && to.conversation() != self.state.id {
            return Err(ConversationRefusal::OtherContact);
        }
        if self.state.knows(planned.id) {
            return Ok(());
        }
        self.meet(to)?;
        if let Some(order) = &planned.order {
            self.link(order);
        }
        if let Some(question) = &planned.question {
            self.ask(question, Some(planned.id));
        }
        let language = self.state.language.or(self.state.with.language).unwrap_or(planned.language);
        let now = self.now();
        let awake = planned.route.iter().any(|channel| {
            self.state.last_inbound_at.get(channel).is_some_and(|last| now < last.plus_seconds(AWAKE_SECONDS))
        });
        let open = planned.quiet.filter(|_| !awake).map(|quiet| quiet.next_open(now));
        self.add(MessagePlan::of(planned), language, open.filter(|open| *open > now));
        Ok(())
    }

    fn link(&mut self, order: &OrderRef) {
        let known = self.state.order(order.id);
        let back = known.is_some_and(|known| known.ended && !order.ended && known.hash == order.hash);
        if known != Some(order) && !back {
            self.push(E::OrderLinked { order: order.clone() });
        }
    }

    /// Asks, unless this very question was asked before or cannot be answered any more.
    pub(super) fn ask(&mut self, question: &Question, message: Option<MessageId>) {
        if self.state.questions.contains_key(&question.id) || question.expires_at <= self.now() {
            return;
        }
        if let Some(older) = self.state.open_about(&question.subject).map(|asked| asked.question.id) {
            self.push(E::QuestionClosed { question: older, reason: "superseded".into() });
        }
        self.push(E::QuestionAsked { question: Box::new(question.clone()), message, at: self.now() });
    }

    pub(super) fn add(
        &mut self,
        plan: MessagePlan,
        language: crate::notify::Language,
        not_before: Option<crate::Timestamp>,
    ) {
        let id = plan.id;
        let under_way = |message: &&Message| matches!(message.status, MessageStatus::Queued | MessageStatus::Unknown);
        let full = self.state.messages.values().filter(under_way).count() >= MAX_OPEN;
        let message = Message {
            plan,
            language,
            status: MessageStatus::Queued,
            code: None,
            attempts: Vec::new(),
            queued_at: self.now(),
            not_before,
        };
        self.push(E::MessageQueued { message: Box::new(message) });
        if full {
            self.push(E::MessageSuppressed { message: id, code: "too_many".into() });
        } else if not_before.is_none() {
            self.release(id);
        }
    }

    /// Sends a message that waits, by the first channel that may carry it; or ends it with the reason.
    pub(super) fn release(&mut self, id: MessageId) {
        let Some(message) = self.state.messages.get(&id) else { return };
        let asked = message.plan.question.and_then(|question| self.state.questions.get(&question));
        if message.plan.expires_at <= self.now() {
            self.push(E::MessageExpired { message: id });
        } else if message.plan.question.is_some() && asked.is_none_or(|asked| asked.state != QuestionState::Open) {
            self.push(E::MessageSuppressed { message: id, code: "answered".into() });
        } else {
            match self.channel(message) {
                Ok((channel, form)) => self.request(id, channel, form),
                Err(code) => {
                    let kind = message.plan.kind;
                    self.push(E::MessageSuppressed { message: id, code: code.into() });
                    if code == WINDOW_CLOSED {
                        self.unanswered(kind);
                    }
                }
            }
        }
    }

    /// The next channel for a message that has none under way, and the form it may have there.
    fn channel(&self, message: &Message) -> Result<(MessageChannel, Form), Barred> {
        let wanted = self.state.wanted(&message.plan);
        let mut why = if wanted.is_empty() { "unwanted" } else { "no_channel" };
        let tried = |channel: MessageChannel| message.attempts.iter().any(|attempt| attempt.channel == channel);
        for channel in wanted.into_iter().filter(|channel| !tried(*channel)) {
            match self.state.may_send(channel, message.plan.kind.row().category) {
                Ok(()) => match self.form(message, channel) {
                    Some(form) => return Ok((channel, form)),
                    None => why = WINDOW_CLOSED,
                },
                Err(barred) => why = barred,
            }
        }
        Err(why)
    }

    /// Free text where it is allowed, the template where it is not; `None` where neither can be.
    fn form(&self, message: &Message, channel: MessageChannel) -> Option<Form> {
        if channel != MessageChannel::Whatsapp || self.state.window_open(channel, self.now()) {
            return Some(Form::Free);
        }
        message.plan.kind.has_template().then_some(Form::Template)
    }

    fn request(&mut self, id: MessageId, channel: MessageChannel, form: Form) {
        let Some(message) = self.state.messages.get(&id) else { return };
        let (Some(to), Some(conversation)) = (self.state.address(channel), self.state.id) else { return };
        let buttons =
            message.plan.question.and_then(|question| self.state.questions.get(&question)).map(|asked| Buttons {
                conversation,
                question: asked.question.id,
                choices: asked.question.subject.choices().to_vec(),
                expires_at: asked.question.expires_at,
            });
        let envelope = Envelope {
            message: id,
            attempt: u16::try_from(message.attempts.len() + 1).unwrap_or(u16::MAX),
            channel,
            to,
            kind: message.plan.kind,
            form,
            language: message.language,
            variables: message.plan.variables.clone(),
            buttons: buttons.filter(|buttons| !buttons.choices.is_empty()),
            order: message.plan.order,
            expires_at: message.plan.expires_at,
        };
        self.push(E::SendRequested { envelope: Box::new(envelope), at: self.now() });
    }

    /// Takes news about an attempt. A failure tries what is left: the template after a closed window, the next channel,
    /// the next rung of the question.
    pub(super) fn status(&mut self, report: &StatusReport) -> Result<(), ConversationRefusal> {
        if matches!(report.status, MessageStatus::Queued | MessageStatus::Suppressed) {
            return Err(ConversationRefusal::InvalidStatus { status: report.status });
        }
        let Some(message) = self.state.messages.get(&report.message) else {
            // News of a message that left the memory is old.
            return if self.state.knows(report.message) { Ok(()) } else { Err(ConversationRefusal::MessageUnknown) };
        };
        let attempt = usize::from(report.attempt).checked_sub(1).and_then(|at| message.attempts.get(at));
        let Some(attempt) = attempt.cloned() else { return Err(ConversationRefusal::MessageUnknown) };
        let last = usize::from(report.attempt) == message.attempts.len();
        if report.status == MessageStatus::Expired {
            if last && attempt.status == MessageStatus::Queued && message.status == MessageStatus::Queued {
                self.push(E::MessageExpired { message: report.message });
                self.next_rung_of(report.message);
            }
            return Ok(());
        }
        if !attempt.status.rises_to(report.status) {
            return Ok(());
        }
        self.push(E::StatusRecorded {
            message: report.message,
            attempt: report.attempt,
            status: report.status,
            code: report.code.clone().filter(|_| report.status == MessageStatus::Failed),
            vendor_ref: report.vendor_ref.clone(),
            at: report.at,
        });
        if report.status == MessageStatus::Failed {
            self.learn(report, attempt.channel);
            if last {
                self.recover(report, &attempt);
            }
        }
        Ok(())
    }

    /// What a failure says about the contact.
    fn learn(&mut self, report: &StatusReport, channel: MessageChannel) {
        match report.cause {
            Some(FailureCause::WindowClosed) => {
                if self.state.last_inbound_at.contains_key(&channel) {
                    self.push(E::WindowCorrected { channel });
                }
            }
            Some(FailureCause::InvalidContact) => {
                let code = report.code.clone().unwrap_or_else(|| "invalid".into());
                self.mark(channel, Some(&code));
            }
            Some(FailureCause::OptedOut) => self.opt_out(channel, "vendor"),
            Some(FailureCause::Other) | None => {}
        }
    }

    fn recover(&mut self, report: &StatusReport, failed: &Attempt) {
        let Some(message) = self.state.messages.get(&report.message) else { return };
        if message.plan.expires_at <= self.now() {
            return;
        }
        let closed = report.cause == Some(FailureCause::WindowClosed) && failed.form == Form::Free;
        let asked = message.plan.question.and_then(|question| self.state.questions.get(&question));
        if message.plan.question.is_some() && asked.is_none_or(|asked| asked.state != QuestionState::Open) {
            return;
        }
        // The template once, never in a loop: a template that meets a closed window is another error.
        let takes = self.state.may_send(failed.channel, message.plan.kind.row().category).is_ok();
        let kind = message.plan.kind;
        if closed && takes && kind.has_template() {
            return self.request(report.message, failed.channel, Form::Template);
        }
        match self.channel(message) {
            Ok((channel, form)) => self.request(report.message, channel, form),
            Err(_) if closed && !kind.has_template() => self.unanswered(kind),
            Err(_) => self.next_rung_of(report.message),
        }
    }

    /// What somebody is to be answered cannot be written to them any more: a person looks after it, by telephone or by
    /// another channel. Users see at the console what became of their decision.
    fn unanswered(&mut self, kind: MessageKind) {
        let waited_for = !matches!(kind, MessageKind::ReplyOptedOut | MessageKind::ReplyOptedIn);
        if waited_for && kind.row().audience == Audience::Customer && self.state.assigned.is_none() {
            self.push(E::ConversationAssigned { to: None, why: WINDOW_CLOSED.into(), at: self.now() });
        }
    }
}
