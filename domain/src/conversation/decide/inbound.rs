//! What comes in: buttons are answers, words are read, and what is not plain goes to a person.

use super::{Turn, address};
use crate::{
    OrderId, QuestionId, Timestamp,
    conversation::{
        Asked, Choice, ConversationEvent as E, ConversationRefusal, Inbound, InboundBody, Question, QuestionState,
        Request, Subject, Via, state::inbound_id,
    },
    notify::{Category, Language, MessageChannel, MessageKind, OrderRef, Recipient},
    phone::Contact,
    reply::{self, Intent, Reading},
};

/// Longest text that is taken in, in characters; the edge cuts what is longer.
const MAX_TEXT: usize = 20_000;
/// Seconds a question of the dialogue itself waits, such as the one for a new address.
const DIALOGUE_SECONDS: i64 = 2 * 3_600;

/// Where a piece of dialogue came from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub via: Via,
    /// The vendor's id of what came in, or another text that is new each time.
    pub reference: &'a str,
    pub text: &'a str,
    pub roles: &'a [String],
}

impl Turn<'_> {
    pub(super) fn inbound(&mut self, inbound: &Inbound) -> Result<(), ConversationRefusal> {
        let text = inbound.body.text();
        if inbound.id.is_empty() || inbound.id.len() > 200 || text.chars().count() > MAX_TEXT {
            let rule = "must have an id of 1 to 200 bytes and at most 20000 characters";
            return Err(ConversationRefusal::Invalid { field: "inbound", rule });
        }
        let own = match &inbound.from {
            Contact::Phone(phone) => self.state.with.phone.as_ref() == Some(phone),
            Contact::Email(email) => self.state.with.email.as_ref() == Some(email),
        };
        if self.state.exists() && !own {
            return Err(ConversationRefusal::OtherSender);
        }
        if self.state.knows(inbound_id(&inbound.id)) {
            return Ok(());
        }
        if !self.state.exists() {
            let (phone, email) = match inbound.from.clone() {
                Contact::Phone(phone) => (Some(phone), None),
                Contact::Email(email) => (None, Some(email)),
            };
            self.meet(&Recipient { phone, email, ..Recipient::default() })?;
        }
        let reading = matches!(&inbound.body, InboundBody::Text { .. }).then(|| reply::classify(text));
        self.push(E::InboundReceived { inbound: Box::new(inbound.clone()), reading });
        self.mark(inbound.channel, None);
        let via = Via::of(inbound.channel);
        let source = Source { via, reference: &inbound.id, text, roles: &inbound.roles };
        match &inbound.body {
            InboundBody::Button { question, choice, .. } => self.answer(*question, *choice, source),
            InboundBody::Media { .. } => self.hand_to_agent("media", via),
            InboundBody::Text { .. } => {
                let replied = inbound.in_reply_to.and_then(|id| self.state.messages.get(&id)?.plan.question);
                self.read(reading.unwrap_or(reply::UNREAD), replied, inbound.channel, source);
            }
        }
        Ok(())
    }

    /// Does what words say. A question they answer is the one replied to, the one of the running dialogue, or the only
    /// open one (messaging.md §3.3); never one of several.
    fn read(&mut self, reading: Reading, replied: Option<QuestionId>, channel: MessageChannel, source: Source<'_>) {
        let target = replied.or_else(|| self.spoken_of());
        let asked = target.and_then(|id| self.state.questions.get(&id)).cloned();
        let open = asked.as_ref().filter(|asked| asked.state == QuestionState::Open);
        if reading.sure && matches!(reading.intent, Intent::OptOut | Intent::OptIn) {
            return self.opt(reading.intent == Intent::OptIn, channel, source.via);
        }
        if let Some(asked) = open.filter(|asked| matches!(asked.question.subject, Subject::AddressWanted { .. })) {
            return self.take_address(asked, reading, source);
        }
        match (reading.intent, reading.sure) {
            (Intent::Track, true) => self.track(asked.as_ref(), source),
            (Intent::ChangeAddress, true) => match self.meant(asked.as_ref()) {
                Some(order) => self.want_address(&order, source),
                None => self.hand_to_agent("which_order", source.via),
            },
            (Intent::Confirm | Intent::Cancel, true) => self.yes_or_no(reading, asked.as_ref(), source),
            _ => self.hand_to_agent("unsure", source.via),
        }
    }

    /// The question words are about when nothing says which: that of the running dialogue, else the only open one.
    fn spoken_of(&self) -> Option<QuestionId> {
        let now = self.now();
        let open: Vec<&Asked> = self.state.open_questions().filter(|asked| asked.question.expires_at > now).collect();
        let dialogue = open.iter().rev().find(|asked| asked.question.subject.is_dialogue());
        match (dialogue, open.as_slice()) {
            (Some(asked), _) => Some(asked.question.id),
            (None, [only]) => Some(only.question.id),
            _ => None,
        }
    }

    fn yes_or_no(&mut self, reading: Reading, asked: Option<&Asked>, source: Source<'_>) {
        if let Some(asked) = asked {
            return match choice(&asked.question.subject, reading) {
                Some(choice) => self.answer(asked.question.id, choice, source),
                None => self.hand_to_agent("unsure", source.via),
            };
        }
        if self.state.open_questions().next().is_some() {
            return self.hand_to_agent("several_questions", source.via);
        }
        if reading.intent == Intent::Cancel && !reading.bare {
            return match self.meant(None) {
                Some(order) => self.check_cancel(&order, source),
                None => self.hand_to_agent("which_order", source.via),
            };
        }
        // A late or second answer to the latest question; a thank-you where nothing was asked needs no reply.
        let ended = self.state.questions.values().filter(|asked| asked.state != QuestionState::Open);
        let latest = ended.max_by_key(|asked| (asked.asked_at, asked.question.id)).cloned();
        match latest.and_then(|asked| Some((choice(&asked.question.subject, reading)?, asked))) {
            Some((choice, asked)) => self.answer(asked.question.id, choice, source),
            None if reading.bare => {}
            None => self.hand_to_agent("unsure", source.via),
        }
    }

    /// The order words are about: the question's, or the only one that has not ended.
    fn meant(&self, asked: Option<&Asked>) -> Option<OrderRef> {
        if let Some(asked) = asked {
            return self.state.order(asked.question.subject.order()).cloned();
        }
        let mut live = self.state.live_orders();
        let first = live.next()?;
        live.next().is_none().then(|| first.clone())
    }

    fn track(&mut self, asked: Option<&Asked>, source: Source<'_>) {
        let latest = || self.state.live_orders().next_back().or(self.state.orders.last()).cloned();
        match self.meant(asked).or_else(latest) {
            Some(order) => {
                let request = Request::Track { reference: source.reference.to_owned() };
                self.act(order.id, &order.number, request, source.via);
            }
            None => self.hand_to_agent("which_order", source.via),
        }
    }

    fn check_cancel(&mut self, order: &OrderRef, source: Source<'_>) {
        let subject = Subject::CancelCheck { order: order.id };
        self.put(subject, order.id, &order.number, MessageKind::ReplyCancelCheck, &[], source);
    }

    /// Asks for a new address.
    pub(super) fn want_address(&mut self, order: &OrderRef, source: Source<'_>) {
        let subject = Subject::AddressWanted { order: order.id };
        self.put(subject, order.id, &order.number, MessageKind::ReplyAddressWanted, &[], source);
    }

    /// Reads an address and asks whether it is read right; what cannot be read goes to a person.
    fn take_address(&mut self, asked: &Asked, reading: Reading, source: Source<'_>) {
        let (id, order) = (asked.question.id, asked.question.subject.order());
        if let Some(address) = address::read(source.text) {
            self.push(E::QuestionClosed { question: id, reason: "address_given".into() });
            let shown = address::written(&address);
            let subject = Subject::AddressCheck { order, address: Box::new(address) };
            let number = asked.question.number.clone();
            return self.put(subject, order, &number, MessageKind::ReplyAddressCheck, &[("address", shown)], source);
        }
        match (reading.intent, reading.sure) {
            (Intent::Track, true) => self.track(Some(asked), source),
            (Intent::Cancel, true) if reading.bare => {
                self.push(E::QuestionClosed { question: id, reason: "not_wanted".into() });
                self.say(MessageKind::ReplyKept, Some((order, &asked.question.number)), &[], source.via);
            }
            _ => self.hand_to_agent("address_unread", source.via),
        }
    }

    /// Puts a question of the dialogue, in the place of the one before.
    fn put(
        &mut self,
        subject: Subject,
        order: OrderId,
        number: &str,
        kind: MessageKind,
        more: &[(&str, String)],
        source: Source<'_>,
    ) {
        let id = QuestionId::of(&[subject.word(), &order.to_string(), source.reference]);
        let dialogue = self.state.open_questions().filter(|asked| asked.question.subject.is_dialogue());
        for open in dialogue.map(|asked| asked.question.id).collect::<Vec<_>>() {
            self.push(E::QuestionClosed { question: open, reason: "superseded".into() });
        }
        let expires_at = self.now().plus_seconds(DIALOGUE_SECONDS);
        let question = Question { id, subject, number: number.to_owned(), expires_at, quiet: None, ladder: vec![] };
        self.ask(&question, None);
        self.say_asking(kind, Some((order, number)), more, Some(id), source.via);
    }

    fn opt(&mut self, back: bool, channel: MessageChannel, via: Via) {
        if back {
            if self.state.consent_for(channel, Category::Utility) == Some(false) {
                self.consent(channel, Category::Utility, true, "reply");
            }
            self.say(MessageKind::ReplyOptedIn, None, &[], via);
        } else {
            self.opt_out(channel, "reply");
            self.say(MessageKind::ReplyOptedOut, None, &[], via);
        }
    }

    /// A person has to look; the customer is told once, until that person is done.
    pub(super) fn hand_to_agent(&mut self, why: &str, via: Via) {
        if self.state.assigned.is_some() {
            return;
        }
        self.push(E::ConversationAssigned { to: None, why: why.to_owned(), at: self.now() });
        self.say(MessageKind::ReplyAgentWillAnswer, None, &[], via);
    }

    pub(super) fn language(&self) -> Language {
        self.state.language.or(self.state.with.language).unwrap_or_default()
    }

    pub(super) const fn in_an_hour(&self) -> Timestamp {
        self.now().plus_seconds(3_600)
    }
}

impl Subject {
    /// Whether it is a step of a dialogue that the person began: there is one at a time, and words are about it first.
    pub(super) const fn is_dialogue(&self) -> bool {
        matches!(self, Self::CancelCheck { .. } | Self::AddressWanted { .. } | Self::AddressCheck { .. })
    }
}

/// What words answer to a question; `None` where yes and no could be taken either way.
fn choice(subject: &Subject, reading: Reading) -> Option<Choice> {
    let yes = reading.intent == Intent::Confirm;
    match subject {
        Subject::CodConfirmation { .. } | Subject::Backorder { .. } | Subject::Approval { .. } => {
            Some(if yes { Choice::Yes } else { Choice::No })
        }
        // "yes" and "cancel it" both mean to cancel; "no" and "send it" both mean not to.
        Subject::CancelCheck { .. } => Some(if yes == reading.bare { Choice::Yes } else { Choice::No }),
        Subject::AddressCheck { .. } if yes => Some(Choice::Yes),
        Subject::AddressCheck { .. } if reading.bare => Some(Choice::No),
        Subject::AddressCheck { .. } | Subject::AddressWanted { .. } => None,
    }
}
