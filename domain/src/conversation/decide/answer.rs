//! Answers: whose they are, whether they still count, and what follows.

use serde::{Deserialize, Serialize};

use super::{Turn, inbound::Source};
use crate::{
    MessageId, OrderId, QuestionId, Timestamp,
    conversation::{
        Action, Asked, CallOutcome, Choice, ClosedSubject, ConversationEvent as E, ConversationRefusal, Decision,
        MessagePlan, Outcome, QuestionState, Request, Sender, Subject, Via,
    },
    notify::MessageKind,
    order::content::words,
    phone::Contact,
};

words!(
    /// Why what a customer asked for was not done, for the template that says so.
    Reason {
        /// The order was changed since it was shown; the new version is asked about.
        Changed = "changed",
        /// The order has moved on: it is canceled, expired or done.
        TooLate = "too_late",
        /// The parcel is with the carrier.
        Shipped = "shipped",
        /// The goods arrived: they are returned, not canceled.
        Delivered = "delivered",
        /// Units are on the floor.
        Packing = "packing",
        /// It was asked for before.
        Already = "already",
        /// The address is not complete.
        Address = "address",
        /// Anything else; a person looks.
        Other = "other",
    }
);

impl Reason {
    /// Of a refusal's code.
    pub fn of(code: &str) -> Self {
        match code {
            "edition_changed" => Self::Changed,
            "wrong_order_state" => Self::TooLate,
            "under_way" => Self::Shipped,
            "use_return" => Self::Delivered,
            "picking_started" => Self::Packing,
            "cancellation_open" | "change_open" => Self::Already,
            "address_incomplete" => Self::Address,
            _ => Self::Other,
        }
    }
}

/// What an answer is worth.
enum Verdict {
    /// It counts.
    Counts,
    /// The same answer again.
    Repeat,
}

/// Whether an answer to a question counts now; the state of the question only, not who gives it.
fn judge(asked: &Asked, choice: Choice, now: Timestamp) -> Result<Verdict, ConversationRefusal> {
    if !asked.question.subject.choices().contains(&choice) {
        return Err(ConversationRefusal::InvalidChoice { choice });
    }
    match (asked.state, asked.answer) {
        (QuestionState::Answered, Some(answer)) if answer == choice => Ok(Verdict::Repeat),
        (QuestionState::Answered, Some(answer)) => Err(ConversationRefusal::QuestionAnswered { answer }),
        (QuestionState::Open, _) if now < asked.question.expires_at => Ok(Verdict::Counts),
        _ => Err(ConversationRefusal::QuestionClosed),
    }
}

impl Turn<'_> {
    /// Takes an answer that came in by a channel. What does not count is answered politely, once, and changes nothing.
    pub(super) fn answer(&mut self, id: QuestionId, choice: Choice, source: Source<'_>) {
        let Some(asked) = self.state.questions.get(&id).cloned() else {
            // Forwarded from another person's thread, or older than what is remembered.
            return self.hand_to_agent("question_unknown", source.via);
        };
        if let Subject::Approval { .. } = asked.question.subject {
            return self.answer_approval(&asked, choice, source);
        }
        match judge(&asked, choice, self.now()) {
            Ok(Verdict::Counts) => self.accept(&asked, choice, source),
            Ok(Verdict::Repeat) | Err(ConversationRefusal::QuestionAnswered { .. }) => {
                self.excuse(&asked, "question_answered", MessageKind::ReplyAlreadyAnswered, source.via);
            }
            Err(ConversationRefusal::QuestionClosed) => {
                if asked.state == QuestionState::Open {
                    self.push(E::QuestionExpired { question: id });
                }
                self.excuse(&asked, "question_closed", MessageKind::ReplyTooLate, source.via);
            }
            Err(_) => self.hand_to_agent("invalid_choice", source.via),
        }
    }

    fn excuse(&mut self, asked: &Asked, code: &str, kind: MessageKind, via: Via) {
        if asked.excused {
            return;
        }
        self.push(E::AnswerIgnored { question: asked.question.id, code: code.to_owned() });
        self.say(kind, Some((asked.question.subject.order(), &asked.question.number)), &[], via);
    }

    /// The answer counts: the question has it, and what it asks for is under way.
    fn accept(&mut self, asked: &Asked, choice: Choice, source: Source<'_>) {
        let question = &asked.question;
        let (order, number) = (question.subject.order(), question.number.as_str());
        if choice == Choice::ChangeAddress {
            // The question stays open: a changed order is asked about anew.
            return match self.state.order(order).cloned() {
                Some(order) => self.want_address(&order, source),
                None => self.hand_to_agent("which_order", source.via),
            };
        }
        let (by, at) = (source.via.word().to_owned(), self.now());
        self.push(E::QuestionAnswered { question: question.id, choice, by, at });
        let yes = choice == Choice::Yes;
        match &question.subject {
            Subject::CodConfirmation { hash, .. } if yes => {
                self.act(order, number, Request::Confirm { hash: hash.clone() }, source.via);
            }
            Subject::CodConfirmation { .. } => self.act(order, number, Request::Cancel, source.via),
            Subject::Backorder { .. } | Subject::CancelCheck { .. }
                if yes == matches!(question.subject, Subject::CancelCheck { .. }) =>
            {
                self.act(order, number, Request::Cancel, source.via);
            }
            Subject::Backorder { .. } | Subject::CancelCheck { .. } => {
                self.say(MessageKind::ReplyKept, Some((order, number)), &[], source.via);
            }
            Subject::AddressCheck { address, .. } if yes => {
                self.act(order, number, Request::ChangeAddress { address: address.clone() }, source.via);
            }
            Subject::AddressCheck { .. } => match self.state.order(order).cloned() {
                Some(order) => self.want_address(&order, source),
                None => self.hand_to_agent("which_order", source.via),
            },
            Subject::AddressWanted { .. } | Subject::Approval { .. } => {}
        }
    }

    /// An approver answers in the chat: refused politely where [`Turn::decide`] refuses.
    fn answer_approval(&mut self, asked: &Asked, choice: Choice, source: Source<'_>) {
        let contact = self.state.with.contact();
        let (Some(contact), Some(channel)) = (contact, source.via.channel()) else { return };
        let decision = Decision {
            question: asked.question.id,
            choice,
            by: Sender::Contact(contact, channel),
            roles: source.roles.to_vec(),
            rationale: source.text.to_owned(),
        };
        if let Err(refusal) = self.decide(&decision)
            && !asked.excused
        {
            let code = crate::Refused::code(&refusal);
            self.push(E::AnswerIgnored { question: asked.question.id, code: code.to_owned() });
            let about = (asked.question.subject.order(), asked.question.number.as_str());
            let why = [("reason", code.to_owned())];
            self.say(MessageKind::ReplyDecisionRefused, Some(about), &why, source.via);
        }
    }

    /// Takes an approver's decision: theirs alone, here and now, once, about the content that was shown (N06).
    pub(super) fn decide(&mut self, decision: &Decision) -> Result<(), ConversationRefusal> {
        let asked = self.state.questions.get(&decision.question).cloned();
        let asked = asked.ok_or(ConversationRefusal::QuestionUnknown)?;
        let Subject::Approval { queue, step, hash, approver, role } = &asked.question.subject else {
            return Err(ConversationRefusal::QuestionUnknown);
        };
        let (own, via) = match &decision.by {
            Sender::Contact(contact, channel) => {
                let ours = match contact {
                    Contact::Phone(phone) => self.state.with.phone.as_ref() == Some(phone),
                    Contact::Email(email) => self.state.with.email.as_ref() == Some(email),
                };
                (ours && self.state.with.user == Some(*approver), Via::of(*channel))
            }
            Sender::User(user) => (user == approver, Via::Link),
            Sender::Link => (self.state.with.user == Some(*approver), Via::Link),
        };
        if !own {
            return Err(ConversationRefusal::OtherSender);
        }
        if let Verdict::Repeat = judge(&asked, decision.choice, self.now())? {
            return Ok(());
        }
        if !decision.roles.iter().any(|own| own == role || own == "admin") {
            return Err(ConversationRefusal::NotEntitled { role: role.clone() });
        }
        let approve = decision.choice == Choice::Yes;
        let said = decision.rationale.trim();
        if said.is_empty() && !approve {
            return Err(ConversationRefusal::RationaleRequired);
        }
        let rationale: String = said.chars().take(2_000).collect();
        let (by, at) = (via.word().to_owned(), self.now());
        self.push(E::QuestionAnswered { question: asked.question.id, choice: decision.choice, by, at });
        let (queue, step, hash) = (queue.clone(), *step, hash.clone());
        let vote = Request::Vote { queue, step, hash, approver: *approver, approve, rationale };
        self.act(step.order, &asked.question.number, vote, via);
        Ok(())
    }

    /// An agent called; what the customer said counts like a reply.
    pub(super) fn call(
        &mut self,
        note: &str,
        outcome: CallOutcome,
        question: Option<QuestionId>,
    ) -> Result<(), ConversationRefusal> {
        if note.chars().count() > 2_000 || (note.trim().is_empty() && outcome == CallOutcome::Other) {
            let rule = "must be at most 2000 characters, and say what was agreed";
            return Err(ConversationRefusal::Invalid { field: "note", rule });
        }
        let choice = match outcome {
            CallOutcome::Confirmed => Some(Choice::Yes),
            CallOutcome::Declined => Some(Choice::No),
            CallOutcome::NoAnswer | CallOutcome::Other => None,
        };
        let asked = match question {
            Some(id) => Some(self.state.questions.get(&id).cloned().ok_or(ConversationRefusal::QuestionUnknown)?),
            None if choice.is_some() => return Err(ConversationRefusal::QuestionUnknown),
            None => None,
        };
        let counts = match (&asked, choice) {
            (Some(asked), Some(_)) if matches!(asked.question.subject, Subject::Approval { .. }) => {
                return Err(ConversationRefusal::QuestionUnknown);
            }
            (Some(asked), Some(choice)) => matches!(judge(asked, choice, self.now())?, Verdict::Counts),
            _ => false,
        };
        self.push(E::CallNoted { note: note.to_owned(), outcome, question, by: self.ctx.by, at: self.now() });
        if let (true, Some(asked), Some(choice)) = (counts, asked, choice) {
            let source = Source { via: Via::Call, reference: "call", text: note, roles: &[] };
            self.accept(&asked, choice, source);
        }
        Ok(())
    }

    /// What questions were about moved on.
    pub(super) fn close_questions(&mut self, about: &ClosedSubject, reason: &str) {
        let meant = |asked: &&Asked| match (about, &asked.question.subject) {
            (ClosedSubject::Step(step), Subject::Approval { step: of, .. }) => step == of,
            (ClosedSubject::Step(_), _) | (_, Subject::Approval { .. }) => false,
            (ClosedSubject::Confirmation(order), Subject::CodConfirmation { order: of, .. }) => order == of,
            (ClosedSubject::Confirmation(_), _) => false,
            (ClosedSubject::Order(order), subject) => subject.order() == order.id,
        };
        let closed: Vec<QuestionId> =
            self.state.open_questions().filter(meant).map(|asked| asked.question.id).collect();
        for question in closed {
            self.push(E::QuestionClosed { question, reason: reason.to_owned() });
        }
        if let ClosedSubject::Order(order) = about
            && self.state.order(order.id).is_some_and(|known| known != order)
        {
            self.push(E::OrderLinked { order: order.clone() });
        }
    }

    /// Asks for something to be done.
    pub(super) fn act(&mut self, order: OrderId, number: &str, request: Request, via: Via) {
        let action =
            Action { number: self.state.actions_started + 1, order, order_number: number.to_owned(), request, via };
        self.push(E::ActionRequested { action: Box::new(action) });
    }

    /// What came of an action: done speaks for itself by what follows from it, a refusal is explained.
    pub(super) fn settle(&mut self, number: u64, outcome: &Outcome) -> Result<(), ConversationRefusal> {
        let Some(action) = self.state.actions.iter().find(|open| open.number == number).cloned() else {
            let settled = (1..=self.state.actions_started).contains(&number);
            return if settled { Ok(()) } else { Err(ConversationRefusal::ActionUnknown) };
        };
        self.push(E::ActionSettled { action: number, outcome: outcome.clone() });
        let about = Some((action.order, action.order_number.as_str()));
        match (&action.request, outcome) {
            (Request::Vote { approve, .. }, Outcome::Done) => {
                let decision = if *approve { "approved" } else { "rejected" };
                self.say(MessageKind::ReplyDecided, about, &[("decision", decision.into())], action.via);
            }
            (_, Outcome::Done) => {}
            (Request::Vote { .. }, Outcome::Refused { code }) => {
                self.say(MessageKind::ReplyDecisionRefused, about, &[("reason", code.clone())], action.via);
            }
            (request, Outcome::Refused { code }) => {
                let reason = Reason::of(code);
                let why = [("request", request.word().to_owned()), ("reason", reason.word().to_owned())];
                self.say(MessageKind::ReplyRefused, about, &why, action.via);
                if reason == Reason::Other {
                    self.push(E::ConversationAssigned { to: None, why: "refused".into(), at: self.now() });
                }
            }
        }
        Ok(())
    }

    /// Answers in the chat, by the channel that was written on; nothing where there is none.
    pub(super) fn say(&mut self, kind: MessageKind, about: Option<(OrderId, &str)>, more: &[(&str, String)], via: Via) {
        self.say_asking(kind, about, more, None, via);
    }

    pub(super) fn say_asking(
        &mut self,
        kind: MessageKind,
        about: Option<(OrderId, &str)>,
        more: &[(&str, String)],
        question: Option<QuestionId>,
        via: Via,
    ) {
        let (Some(channel), Some(id)) = (via.channel(), self.state.id) else { return };
        let mut variables: std::collections::BTreeMap<String, String> =
            more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        variables.insert("name".into(), self.state.with.name.clone());
        variables.insert("number".into(), about.map_or_else(String::new, |(_, number)| number.to_owned()));
        variables.retain(|name, _| kind.row().variables.contains(&name.as_str()));
        // The event before makes it unlike any other answer, and the same again when it is decided again.
        let turn = serde_json::to_string(&self.events).unwrap_or_default();
        let id = MessageId::of(&["reply", &id.to_string(), kind.word(), &self.now().to_string(), &turn]);
        let plan = MessagePlan {
            id,
            kind,
            route: vec![channel],
            variables,
            expires_at: self.in_an_hour(),
            order: about.map(|(order, _)| order),
            question,
            author: None,
        };
        let language = self.language();
        self.add(plan, language, None);
    }
}
