//! The ApprovalQueue: active steps, their votes and their timers (SM-18).
//!
//! Invariant: one vote per approver, none by the requester or an author, each bound to the hash shown; a step
//! leaves with its verdict and never comes back. It does not know roles: the edge lets only the right ones in.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::step::{MAX_LEVELS, OpenStep, Proxy, StepId, StepView, Vote};
use crate::{Aggregate, Ctx, Kind, Part, PartJson, PartLater, RefusalClass, Refused, Timestamp, UserId};

/// Ended steps remembered, so that late votes are answered `StepClosed`.
pub const MAX_ENDED: usize = 4_096;

/// Requests to a queue.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant and field is the row of the same name in state-machines.md §8.2")]
pub enum QueueCommand {
    OpenStep(Box<OpenStep>),
    /// `approver` casts the vote, for `on_behalf` as a proxy or else for themselves.
    VoteOnStep {
        step: StepId,
        approver: UserId,
        on_behalf: Option<UserId>,
        approve: bool,
        hash: String,
        rationale: String,
    },
    RequestChanges {
        step: StepId,
        approver: UserId,
        hash: String,
        rationale: String,
    },
    DelegateStep {
        step: StepId,
        proxy: Proxy,
    },
    CloseStep {
        step: StepId,
    },
    /// Reminders and escalations that are due.
    Tick,
}

/// Facts about a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[allow(missing_docs, reason = "each variant and field is the row of the same name in state-machines.md §8.2")]
pub enum QueueEvent {
    StepOpened { about: Box<OpenStep>, at: Timestamp },
    StepVoted { step: StepId, vote: Vote, hash: String },
    StepApproved { step: StepId, hash: String, by: Option<UserId>, rationale: String, at: Timestamp },
    StepRejected { step: StepId, hash: String, by: Option<UserId>, rationale: String, at: Timestamp },
    StepChangesRequested { step: StepId, hash: String, by: UserId, rationale: String, at: Timestamp },
    StepDelegated { step: StepId, proxy: Proxy },
    StepReminded { step: StepId, count: u16, at: Timestamp },
    StepEscalated { step: StepId, level: u16, at: Timestamp },
    StepClosed { step: StepId },
}

impl QueueEvent {
    /// The step it is about.
    pub fn step(&self) -> StepId {
        match self {
            Self::StepOpened { about, .. } => about.step,
            Self::StepVoted { step, .. }
            | Self::StepApproved { step, .. }
            | Self::StepRejected { step, .. }
            | Self::StepChangesRequested { step, .. }
            | Self::StepDelegated { step, .. }
            | Self::StepReminded { step, .. }
            | Self::StepEscalated { step, .. }
            | Self::StepClosed { step } => *step,
        }
    }
}

/// A refusal of a queue; nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueRefusal {
    /// The command itself is wrong.
    #[error("{field} {problem}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// No step with that id.
    #[error("there is no such step in this queue")]
    StepUnknown,
    /// The step has ended.
    #[error("the step is closed")]
    StepClosed,
    /// Nobody approves their own work.
    #[error("requester and authors may not decide")]
    SelfApproval,
    /// One vote each.
    #[error("this approver has voted already")]
    AlreadyVoted,
    /// The content has changed since it was shown.
    #[error("the content has changed since it was shown")]
    StaleHash,
    /// No, and asking for changes, need a reason.
    #[error("a rationale is required")]
    RationaleRequired,
    /// Not a valid proxy at this time.
    #[error("not entitled to vote for this approver now")]
    NotEligible,
}

impl Refused for QueueRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid_step",
            Self::StepUnknown => "step_unknown",
            Self::StepClosed => "step_closed",
            Self::SelfApproval => "self_approval",
            Self::AlreadyVoted => "already_voted",
            Self::StaleHash => "stale_hash",
            Self::RationaleRequired => "rationale_required",
            Self::NotEligible => "not_eligible",
        }
    }
    fn class(&self) -> RefusalClass {
        match self {
            Self::Invalid { .. } | Self::RationaleRequired => RefusalClass::Invalid,
            Self::StepUnknown => RefusalClass::NotFound,
            Self::SelfApproval | Self::NotEligible => RefusalClass::Forbidden,
            Self::StepClosed | Self::AlreadyVoted | Self::StaleHash => RefusalClass::Conflict,
        }
    }
    fn field(&self) -> Option<String> {
        match self {
            Self::Invalid { field, .. } => Some(format!("/{field}")),
            Self::RationaleRequired => Some("/rationale".into()),
            Self::StaleHash => Some("/hash".into()),
            _ => None,
        }
    }
    fn fix(&self) -> Option<String> {
        match self {
            Self::StaleHash => Some("look at the current content and decide again".into()),
            Self::SelfApproval => Some("ask another approver".into()),
            Self::RationaleRequired => Some("say why".into()),
            _ => None,
        }
    }
}

/// One queue with its open steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ApprovalQueue {
    steps: BTreeMap<StepId, StepView>,
    ended: Arc<VecDeque<StepId>>,
    /// Index of `ended`.
    known: HashSet<StepId>,
    /// Index: due times.
    due: BTreeSet<(Timestamp, StepId)>,
    /// Index: steps whose votes amount to a verdict.
    ready: BTreeSet<StepId>,
}

type Decision = Result<Vec<QueueEvent>, QueueRefusal>;

impl ApprovalQueue {
    /// The open steps, in order of id.
    pub fn steps(&self) -> impl Iterator<Item = &StepView> {
        self.steps.values()
    }

    /// An open step.
    pub fn step(&self, id: StepId) -> Option<&StepView> {
        self.steps.get(&id)
    }

    fn live(&self, id: StepId) -> Result<&StepView, QueueRefusal> {
        let why = if self.known.contains(&id) { QueueRefusal::StepClosed } else { QueueRefusal::StepUnknown };
        self.steps.get(&id).ok_or(why)
    }

    fn vote(&self, id: StepId, vote: Vote, hash: &str, now: Timestamp) -> Decision {
        if !vote.approve && vote.rationale.trim().is_empty() {
            return Err(QueueRefusal::RationaleRequired);
        }
        let step = self.live(id)?;
        if step.votes.contains(&vote) {
            return Ok(vec![]);
        }
        if step.is_own(vote.approver) || vote.proxy.is_some_and(|proxy| step.is_own(proxy)) {
            return Err(QueueRefusal::SelfApproval);
        }
        let entitled = |to: UserId| {
            let fits = |proxy: &Proxy| proxy.from == vote.approver && proxy.to == to;
            step.proxies.iter().any(|proxy| fits(proxy) && proxy.starts <= now && now < proxy.ends)
        };
        if vote.proxy.is_some_and(|to| !entitled(to)) {
            return Err(QueueRefusal::NotEligible);
        }
        let person = vote.proxy.unwrap_or(vote.approver);
        if step.votes.iter().any(|v| v.approver == vote.approver || v.proxy.unwrap_or(v.approver) == person) {
            return Err(QueueRefusal::AlreadyVoted);
        }
        if step.about.hash != hash {
            return Err(QueueRefusal::StaleHash);
        }
        Ok(vec![QueueEvent::StepVoted { step: id, vote, hash: hash.to_owned() }])
    }

    fn open(&self, about: &OpenStep, now: Timestamp) -> Decision {
        if !about.mode.is_valid() {
            return Err(QueueRefusal::Invalid {
                field: "mode",
                problem: "needs at least one and at most all approvers",
            });
        }
        if about.remind_after < 0 || about.escalate_after < 0 {
            return Err(QueueRefusal::Invalid {
                field: "remind_after",
                problem: "and escalate_after must not be negative",
            });
        }
        if self.known.contains(&about.step) {
            return Err(QueueRefusal::StepClosed);
        }
        if self.steps.contains_key(&about.step) {
            return Ok(vec![]);
        }
        Ok(vec![QueueEvent::StepOpened { about: Box::new(about.clone()), at: now }])
    }

    fn changes(&self, id: StepId, by: UserId, hash: &str, rationale: &str, at: Timestamp) -> Decision {
        if rationale.trim().is_empty() {
            return Err(QueueRefusal::RationaleRequired);
        }
        let step = self.live(id)?;
        if step.is_own(by) {
            return Err(QueueRefusal::SelfApproval);
        }
        if step.about.hash != hash {
            return Err(QueueRefusal::StaleHash);
        }
        let (hash, rationale) = (hash.to_owned(), rationale.to_owned());
        Ok(vec![QueueEvent::StepChangesRequested { step: id, hash, by, rationale, at }])
    }

    fn delegate(&self, id: StepId, proxy: &Proxy) -> Decision {
        if proxy.from == proxy.to || proxy.starts >= proxy.ends {
            return Err(QueueRefusal::Invalid {
                field: "proxy",
                problem: "needs another person and a start before its end",
            });
        }
        let step = self.live(id)?;
        if step.is_own(proxy.to) || step.is_own(proxy.from) {
            return Err(QueueRefusal::SelfApproval);
        }
        let known = step.proxies.contains(proxy);
        Ok(if known { vec![] } else { vec![QueueEvent::StepDelegated { step: id, proxy: proxy.clone() }] })
    }

    /// What is due: an overdue reminder fires once however long it waited.
    fn timers(&self, now: Timestamp) -> Vec<QueueEvent> {
        let mut events = Vec::new();
        for (_, id) in self.due.iter().take_while(|(at, _)| *at <= now) {
            let Some(step) = self.steps.get(id) else { continue };
            if step.remind_at.is_some_and(|at| at <= now) {
                events.push(QueueEvent::StepReminded { step: *id, count: step.reminded.saturating_add(1), at: now });
            }
            if step.escalate_at.is_some_and(|at| at <= now) {
                events.push(QueueEvent::StepEscalated { step: *id, level: step.level + 1, at: now });
            }
        }
        events
    }

    fn edit(&mut self, id: StepId, change: impl FnOnce(&mut StepView)) {
        let Some(step) = self.steps.get_mut(&id) else { return };
        if let Some(at) = step.due() {
            self.due.remove(&(at, id));
        }
        change(step);
        if let Some(at) = step.due() {
            self.due.insert((at, id));
        }
        if step.verdict().is_some() {
            self.ready.insert(id);
        }
    }

    fn end(&mut self, id: StepId) {
        self.ready.remove(&id);
        if let Some(at) = self.steps.remove(&id).and_then(|step| step.due()) {
            self.due.remove(&(at, id));
        }
        if self.known.insert(id) {
            let ended = Arc::make_mut(&mut self.ended);
            ended.push_back(id);
            if ended.len() > MAX_ENDED
                && let Some(oldest) = ended.pop_front()
            {
                self.known.remove(&oldest);
            }
        }
    }
}

/// What is stored in the main part: thousands of ids.
#[derive(Serialize, Deserialize)]
struct Main {
    ended: Arc<VecDeque<StepId>>,
}

impl Aggregate for ApprovalQueue {
    const KIND: Kind = Kind::ApprovalQueue;
    type Command = QueueCommand;
    type Event = QueueEvent;
    type Refusal = QueueRefusal;

    fn decide(&self, command: &QueueCommand, ctx: &Ctx) -> Decision {
        match command {
            QueueCommand::OpenStep(about) => self.open(about, ctx.now),
            QueueCommand::VoteOnStep { step, approver, on_behalf, approve, hash, rationale } => {
                let vote = Vote {
                    approver: on_behalf.unwrap_or(*approver),
                    proxy: on_behalf.map(|_| *approver),
                    approve: *approve,
                    rationale: rationale.clone(),
                };
                self.vote(*step, vote, hash, ctx.now)
            }
            QueueCommand::RequestChanges { step, approver, hash, rationale } => {
                self.changes(*step, *approver, hash, rationale, ctx.now)
            }
            QueueCommand::DelegateStep { step, proxy } => self.delegate(*step, proxy),
            QueueCommand::CloseStep { step } if self.known.contains(step) => Ok(vec![]),
            QueueCommand::CloseStep { step } => Ok(vec![QueueEvent::StepClosed { step: *step }]),
            QueueCommand::Tick => Ok(self.timers(ctx.now)),
        }
    }

    fn command_name(command: &QueueCommand) -> &'static str {
        match command {
            QueueCommand::OpenStep(_) => "OpenStep",
            QueueCommand::VoteOnStep { .. } => "VoteOnStep",
            QueueCommand::RequestChanges { .. } => "RequestChanges",
            QueueCommand::DelegateStep { .. } => "DelegateStep",
            QueueCommand::CloseStep { .. } => "CloseStep",
            QueueCommand::Tick => "Tick",
        }
    }

    fn evolve(&mut self, event: &QueueEvent) {
        match event {
            QueueEvent::StepOpened { about, at } => {
                let step = StepView::new((**about).clone(), *at);
                self.due.extend(step.due().map(|at| (at, about.step)));
                self.steps.insert(about.step, step);
            }
            QueueEvent::StepVoted { step, vote, .. } => self.edit(*step, |view| view.votes.push(vote.clone())),
            QueueEvent::StepDelegated { step, proxy } => self.edit(*step, |view| view.proxies.push(proxy.clone())),
            QueueEvent::StepReminded { step, count, at } => self.edit(*step, |view| {
                (view.reminded, view.remind_at) = (*count, Some(at.plus_seconds(view.about.remind_after)));
            }),
            QueueEvent::StepEscalated { step, level, at } => self.edit(*step, |view| {
                view.level = *level;
                view.escalate_at = (*level < MAX_LEVELS).then(|| at.plus_seconds(view.about.escalate_after));
            }),
            QueueEvent::StepApproved { step, .. }
            | QueueEvent::StepRejected { step, .. }
            | QueueEvent::StepChangesRequested { step, .. }
            | QueueEvent::StepClosed { step } => self.end(*step),
        }
    }

    fn derived(&self, ctx: &Ctx) -> Vec<QueueEvent> {
        let now = ctx.now;
        let verdict = |id: &StepId| {
            let view = self.steps.get(id)?;
            let approved = view.verdict()?;
            let last = view.votes.last();
            let (step, hash, by) = (*id, view.about.hash.clone(), last.map(|vote| vote.approver));
            let rationale = last.map(|vote| vote.rationale.clone()).unwrap_or_default();
            Some(if approved {
                QueueEvent::StepApproved { step, hash, by, rationale, at: now }
            } else {
                QueueEvent::StepRejected { step, hash, by, rationale, at: now }
            })
        };
        self.ready.iter().filter_map(verdict).collect()
    }

    fn due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    fn tick(&self, now: Timestamp) -> Option<QueueCommand> {
        self.due().filter(|at| *at <= now).map(|_| QueueCommand::Tick)
    }

    fn touches(event: &QueueEvent) -> Vec<Part> {
        vec![Part::named(format!("step/{}", event.step()))]
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        if *part == Part::main() {
            return self.part_later(part).map(PartLater::make);
        }
        let id = part.0.strip_prefix("step/").and_then(StepId::parse)?;
        self.steps.get(&id).map(PartJson::of)
    }

    fn part_later(&self, part: &Part) -> Option<PartLater> {
        if *part == Part::main() {
            return Some(PartLater::of(Main { ended: self.ended.clone() }));
        }
        self.part(part).map(PartLater::Made)
    }

    fn parts(&self) -> Vec<Part> {
        let steps = self.steps.keys().map(|id| Part::named(format!("step/{id}")));
        std::iter::once(Part::main()).chain(steps).collect()
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        let mut queue = Self::default();
        for (part, json) in parts {
            if part == Part::main() {
                queue.ended = json.read::<Main>()?.ended;
                queue.known = queue.ended.iter().copied().collect();
            } else {
                let view: StepView = json.read()?;
                queue.due.extend(view.due().map(|at| (at, view.about.step)));
                queue.steps.insert(view.about.step, view);
            }
        }
        Ok(queue)
    }
}
