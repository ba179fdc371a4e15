//! An active approval step as its queue holds it (SM-18).

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    Money, OrderId, Timestamp, UserId,
    approval::request::Mode,
    table::{Edge, Machine},
};

/// Identity of a step: order, number of the request in it, number of the step in the plan; written
/// `<order id>/<request>/<step>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId {
    /// The order.
    pub order: OrderId,
    /// Number of the request, from 1.
    pub request: u16,
    /// Number of the step, from 1.
    pub step: u16,
}

impl StepId {
    /// Parses the text form; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split('/');
        let id = Self {
            order: OrderId::parse(words.next()?).ok()?,
            request: words.next()?.parse().ok()?,
            step: words.next()?.parse().ok()?,
        };
        words.next().is_none().then_some(id)
    }
}

impl std::fmt::Display for StepId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.order, self.request, self.step)
    }
}

impl Serialize for StepId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StepId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not a step id"))
    }
}

/// What a queue is told about a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenStep {
    /// Which step.
    pub step: StepId,
    /// Hash of the content it is about.
    pub hash: String,
    /// Edition of the order.
    pub edition: u32,
    /// What it is worth.
    pub amount: Money,
    /// Who asks; may not vote.
    #[serde(default)]
    pub requester: Option<UserId>,
    /// Who wrote the content; may not vote.
    #[serde(default)]
    pub authors: Vec<UserId>,
    /// Role that may vote; the edge checks the role, the queue the rest.
    pub approver_role: String,
    /// How many must agree.
    pub mode: Mode,
    /// Seconds between reminders; 0 for none.
    pub remind_after: i64,
    /// Seconds to each level of escalation; 0 for never.
    pub escalate_after: i64,
}

/// Who votes for whom, and when (APR-21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// Whose vote.
    pub from: UserId,
    /// Who casts it.
    pub to: UserId,
    /// First instant.
    pub starts: Timestamp,
    /// First instant after it.
    pub ends: Timestamp,
}

/// One vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// Whose vote it is.
    pub approver: UserId,
    /// Who cast it, if a proxy did.
    #[serde(default)]
    pub proxy: Option<UserId>,
    /// Yes or no.
    pub approve: bool,
    /// Why.
    pub rationale: String,
}

/// An active step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepView {
    /// What it is about.
    pub about: OpenStep,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Votes so far.
    pub votes: Vec<Vote>,
    /// Delegations.
    pub proxies: Vec<Proxy>,
    /// Reminders sent.
    pub reminded: u16,
    /// Levels escalated.
    pub level: u16,
    /// When it next reminds.
    pub remind_at: Option<Timestamp>,
    /// When it next escalates.
    pub escalate_at: Option<Timestamp>,
}

/// Levels a step escalates at most.
pub const MAX_LEVELS: u16 = 3;

impl StepView {
    pub(super) fn new(about: OpenStep, at: Timestamp) -> Self {
        let after = |seconds: i64| (seconds > 0).then(|| at.plus_seconds(seconds));
        let (remind_at, escalate_at) = (after(about.remind_after), after(about.escalate_after));
        Self { about, opened_at: at, votes: vec![], proxies: vec![], reminded: 0, level: 0, remind_at, escalate_at }
    }

    pub(super) fn due(&self) -> Option<Timestamp> {
        self.remind_at.into_iter().chain(self.escalate_at).min()
    }

    /// Whether the person asked for it or wrote it.
    pub fn is_own(&self, person: UserId) -> bool {
        self.about.requester == Some(person) || self.about.authors.contains(&person)
    }

    /// What the votes amount to.
    pub fn verdict(&self) -> Option<bool> {
        let approvals = self.votes.iter().filter(|vote| vote.approve).count();
        self.about.mode.verdict(approvals, self.votes.len() - approvals)
    }
}

/// The table of SM-18. The states before `active` live in the request.
pub const SM_18: Machine = Machine {
    id: "SM-18",
    name: "approval step",
    states: &[
        "waiting",
        "skipped",
        "auto_approved",
        "auto_rejected",
        "active",
        "approved",
        "rejected",
        "changes_requested",
        "closed",
    ],
    terminal: &["skipped", "auto_approved", "auto_rejected", "approved", "rejected", "changes_requested", "closed"],
    edges: &[
        Edge { from: "-", command: "(derived)", event: "ApprovalRequested", to: "waiting" },
        Edge { from: "waiting", command: "(derived)", event: "StepSkipped", to: "skipped" },
        Edge { from: "waiting", command: "(derived)", event: "StepAutoApproved", to: "auto_approved" },
        Edge { from: "waiting", command: "(derived)", event: "StepAutoRejected", to: "auto_rejected" },
        Edge { from: "waiting", command: "OpenStep", event: "StepOpened", to: "active" },
        Edge { from: "active", command: "VoteOnStep", event: "StepVoted", to: "active" },
        Edge { from: "active", command: "(derived)", event: "StepApproved", to: "approved" },
        Edge { from: "active", command: "(derived)", event: "StepRejected", to: "rejected" },
        Edge { from: "active", command: "RequestChanges", event: "StepChangesRequested", to: "changes_requested" },
        Edge { from: "active", command: "DelegateStep", event: "StepDelegated", to: "active" },
        Edge { from: "active", command: "(timer) RemindStep", event: "StepReminded", to: "active" },
        Edge { from: "active", command: "(timer) EscalateStep", event: "StepEscalated", to: "active" },
        Edge { from: "active", command: "CloseStep", event: "StepClosed", to: "closed" },
    ],
};
