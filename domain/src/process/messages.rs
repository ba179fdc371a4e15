//! From facts to conversations, and from replies to orders and queues.
//!
//! Every command is harmless to repeat: messages and questions have ids that follow from the fact, and what a reply
//! asks for names the version it is about. Planning needs settings and who is who, which the caller gives as they are
//! now; it can run behind the journal, so that an order never waits for it.

use crate::{
    ConversationId, QueueId, Timestamp,
    approval::{OpenStep, QueueCommand, QueueEvent, StepId},
    conversation::{Action, ClosedSubject, ConversationCommand, ConversationEvent, Outcome, Request, Via},
    notify::{Alert, Language, Planned, Recipient, StaffMember, StepNews, order, staff},
    order::{Order, OrderCommand, OrderEvent},
    process::{Answer, Outgoing, Task},
    settings::ShopSettings,
};

fn to(id: ConversationId, command: ConversationCommand) -> Task {
    Task::Send(Outgoing::Conversation(id, Box::new(command)))
}

fn queue(to_whom: &Recipient, planned: Planned) -> Option<Task> {
    let id = to_whom.conversation()?;
    let command = ConversationCommand::QueueMessage { to: Box::new(to_whom.clone()), planned: Box::new(planned) };
    Some(to(id, command))
}

/// What the customer hears of a record of an order, and which questions end with it. `at` is when the record was made,
/// `language` the customer's on record.
pub fn from_order_to_customer(
    order: &Order,
    events: &[OrderEvent],
    shop: &ShopSettings,
    language: Option<Language>,
    at: Timestamp,
) -> Vec<Task> {
    let plan = order::plan(order, events, shop, language, at);
    let Some(recipient) = plan.to else { return vec![] };
    let Some(id) = recipient.conversation() else { return vec![] };
    let close = |(about, reason): (ClosedSubject, &str)| {
        to(id, ConversationCommand::CloseQuestion { about, reason: reason.to_owned() })
    };
    let messages: Vec<Task> = plan.messages.into_iter().filter_map(|planned| queue(&recipient, planned)).collect();
    plan.close.into_iter().map(close).chain(messages).collect()
}

/// What approvers hear of a queue. `about` gives an open step with the number of its order; `staff` are the users who
/// may sign in.
pub fn from_queue_to_staff(
    code: &QueueId,
    events: &[QueueEvent],
    about: impl Fn(StepId) -> Option<(OpenStep, String)>,
    people: &[StaffMember],
    shop: &ShopSettings,
    at: Timestamp,
) -> Vec<Task> {
    let mut tasks = Vec::new();
    for event in events {
        let news = match event {
            QueueEvent::StepOpened { .. } => StepNews::Opened,
            QueueEvent::StepReminded { count, .. } => StepNews::Reminded { count: *count },
            QueueEvent::StepEscalated { level, .. } => StepNews::Escalated { level: *level },
            _ => continue,
        };
        let known = match event {
            QueueEvent::StepOpened { about: opened, .. } => {
                let number = about(opened.step).map(|(_, number)| number).unwrap_or_default();
                Some(((**opened).clone(), number))
            }
            _ => about(event.step()),
        };
        let Some((step, number)) = known else { continue };
        let planned = staff::approval(code, &step, &number, news, people, shop, at);
        tasks.extend(planned.into_iter().filter_map(|(recipient, planned)| queue(&recipient, planned)));
    }
    tasks
}

/// Buttons of steps that ended: nobody who was asked need answer any more.
pub fn steps_ended(events: &[QueueEvent], people: &[StaffMember]) -> Vec<Task> {
    let ended = events.iter().filter(|event| {
        matches!(
            event,
            QueueEvent::StepApproved { .. }
                | QueueEvent::StepRejected { .. }
                | QueueEvent::StepChangesRequested { .. }
                | QueueEvent::StepClosed { .. }
        )
    });
    let close = |event: &QueueEvent| {
        let command =
            ConversationCommand::CloseQuestion { about: ClosedSubject::Step(event.step()), reason: "decided".into() };
        let asked = people.iter().filter_map(|member| member.recipient.conversation());
        asked.map(|id| to(id, command.clone())).collect::<Vec<_>>()
    };
    ended.flat_map(close).collect()
}

/// An alert to the holders of roles.
pub fn alerts(alert: &Alert, roles: &[&str], people: &[StaffMember], shop: &ShopSettings, at: Timestamp) -> Vec<Task> {
    let planned = staff::alert(alert, roles, people, shop, at);
    planned.into_iter().filter_map(|(recipient, planned)| queue(&recipient, planned)).collect()
}

/// What replies ask for. Of a repeated record only what is still under way matters, and that is harmless to repeat.
pub fn from_conversation(id: ConversationId, events: &[ConversationEvent]) -> Vec<Task> {
    let act = |event: &ConversationEvent| match event {
        ConversationEvent::ActionRequested { action } => Some(Task::Act(Box::new(Act::of(id, action)))),
        _ => None,
    };
    events.iter().filter_map(act).collect()
}

/// One thing a reply asked for: the command it means, then what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    conversation: ConversationId,
    number: u64,
    via: Via,
    asks: Outgoing,
    told: bool,
}

impl Act {
    /// The command an action means.
    fn of(conversation: ConversationId, action: &Action) -> Self {
        let order = |command| Outgoing::Order(action.order, command);
        let source = || action.via.customer().to_owned();
        let asks = match &action.request {
            Request::Confirm { hash } => order(OrderCommand::ConfirmEdition { source: source(), hash: hash.clone() }),
            Request::Cancel => order(OrderCommand::CancelForCustomer { source: source() }),
            Request::ChangeAddress { address } => order(OrderCommand::ChangeAddress { address: address.clone() }),
            Request::Track { reference } => order(OrderCommand::AskStatus { reference: reference.clone() }),
            Request::Vote { queue, step, hash, approver, approve, rationale } => {
                let vote = QueueCommand::VoteOnStep {
                    step: *step,
                    approver: *approver,
                    on_behalf: None,
                    approve: *approve,
                    hash: hash.clone(),
                    rationale: rationale.clone(),
                };
                Outgoing::Queue(queue.clone(), vote)
            }
        };
        Self { conversation, number: action.number, via: action.via, asks, told: false }
    }

    /// The order or queue it goes to, for tests and traces.
    pub const fn asks(&self) -> &Outgoing {
        &self.asks
    }

    pub(super) const fn process(&self) -> &'static str {
        self.via.process()
    }

    pub(super) fn next(&mut self, answer: Option<Answer>) -> Option<Outgoing> {
        if self.told {
            return None;
        }
        let outcome = match answer {
            None => return Some(self.asks.clone()),
            Some(Answer::Refused(refusal)) if refusal.in_progress() => return Some(self.asks.clone()),
            Some(Answer::Refused(refusal)) => Outcome::Refused { code: refusal.code },
            Some(Answer::Done { .. }) => Outcome::Done,
        };
        self.told = true;
        let command = ConversationCommand::SettleAction { action: self.number, outcome };
        Some(Outgoing::Conversation(self.conversation, Box::new(command)))
    }
}
