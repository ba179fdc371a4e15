//! SM-17: an approval request as a value the subject's owner embeds (the order does).
//!
//! Invariant: a decision counts only for the hash the request is about; a stale one is kept and has no effect;
//! steps of one stage are active together, stages follow each other; a closed request never changes. It does
//! not resolve approvers, count votes or run timers: the queue does.

use serde::{Deserialize, Serialize};

use crate::{
    QueueId, RefusalClass, Refused, Timestamp, UserId,
    table::{Edge, Machine},
};

/// Stale decisions kept with a request; the oldest go first.
pub const MAX_STALE: usize = 32;

/// How many of the approvers of a step must agree (APR-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The first vote decides.
    Any,
    /// So many approvers, every one of them.
    All(u8),
    /// `need` of `of` approvers.
    Quorum {
        /// Approvals needed.
        need: u8,
        /// Approvers asked.
        of: u8,
    },
}

impl Mode {
    /// Whether the numbers make sense.
    pub const fn is_valid(self) -> bool {
        match self {
            Self::Any => true,
            Self::All(count) => count > 0,
            Self::Quorum { need, of } => need > 0 && need <= of,
        }
    }

    /// The verdict of so many approvals and rejections; `None` while more votes are needed.
    pub const fn verdict(self, approvals: usize, rejections: usize) -> Option<bool> {
        let (need, of) = match self {
            Self::Any => {
                return if rejections > 0 {
                    Some(false)
                } else if approvals > 0 {
                    Some(true)
                } else {
                    None
                };
            }
            Self::All(count) => (count as usize, count as usize),
            Self::Quorum { need, of } => (need as usize, of as usize),
        };
        if rejections > of.saturating_sub(need) {
            Some(false)
        } else if approvals >= need {
            Some(true)
        } else {
            None
        }
    }
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanStep {
    /// Steps of one stage run side by side, stages one after the other in order of this number.
    pub stage: u16,
    /// Queue that decides.
    pub queue: QueueId,
    /// Role that may vote there.
    pub role: String,
    /// How many must agree.
    pub mode: Mode,
    /// Seconds between reminders; 0 for none (APR-19).
    pub remind_after: i64,
    /// Seconds until it escalates; 0 for never (APR-18).
    pub escalate_after: i64,
}

/// What has to be approved by whom, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalPlan {
    /// Version of the rules that made it; later edits do not touch open requests (APR-08).
    pub version: u64,
    /// The steps; none means no approval is needed.
    pub steps: Vec<PlanStep>,
    /// Which rules matched, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<String>,
}

/// What became of one step, as its queue or a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// Enough approvers agreed.
    Approved,
    /// Too many did not.
    Rejected,
    /// An approver asks for changes.
    ChangesRequested,
    /// A rule agreed (APR-12).
    AutoApproved,
    /// A rule refused (APR-12).
    AutoRejected,
    /// Its condition did not hold when the stage was reached.
    Skipped,
}

/// A decision about one step of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepDecision {
    /// Number of the request within its subject, from 1.
    pub request: u16,
    /// Number of the step within the plan, from 1.
    pub step: u16,
    /// What was decided.
    pub result: StepResult,
    /// Hash of the content that was seen.
    pub hash: String,
    /// Who decided last; `None` for a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rationale: String,
    /// When.
    pub at: Timestamp,
}

/// Where a step of a request is, as far as the request knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Its stage is not reached.
    Waiting,
    /// Its queue has it.
    Active,
    /// It has its decision.
    Decided(Box<StepDecision>),
}

/// Where a request is (SM-17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Waits for decisions.
    Open,
    /// Every stage agreed.
    Approved,
    /// A step was rejected.
    Rejected,
    /// A step asked for changes.
    ChangesRequested,
    /// Taken back.
    Withdrawn,
    /// The subject changed.
    Superseded,
    /// Nobody decided in time.
    Expired,
    /// An emergency right was used (APR-09); counts as granted.
    Overridden,
}

impl RequestState {
    /// The stable name, as in [`SM_17`].
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::ChangesRequested => "changes_requested",
            Self::Withdrawn => "withdrawn",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::Overridden => "overridden",
        }
    }
}

/// One request for a decision about one subject as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRequest {
    /// Number within the subject, from 1.
    pub number: u16,
    /// Where it is.
    pub state: RequestState,
    /// Hash of the content it is about.
    pub hash: String,
    /// The plan, pinned.
    pub plan: ApprovalPlan,
    /// One state per step of the plan, in its order.
    pub steps: Vec<StepState>,
    /// Who wrote the content; they may not vote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<UserId>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The latest decisions about other content, kept without effect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<StepDecision>,
}

/// Why a request does not take a decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    /// The decision is about an earlier or later request of the subject.
    #[error("the decision is about request {given}, the subject has request {current}")]
    OtherRequest {
        /// Request of the decision.
        given: u16,
        /// Request of the subject.
        current: u16,
    },
    /// The plan has no such step.
    #[error("the plan has no step {step}")]
    StepUnknown {
        /// The number.
        step: u16,
    },
    /// An earlier stage is not done yet.
    #[error("step {step} is not open yet")]
    StepWaiting {
        /// The number.
        step: u16,
    },
    /// The step has another decision already.
    #[error("step {step} is decided already")]
    StepDecided {
        /// The number.
        step: u16,
    },
    /// The request is no longer open.
    #[error("the request is {}", state.name())]
    Closed {
        /// Where it is.
        state: RequestState,
    },
}

impl Refused for RequestRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::OtherRequest { .. } => "other_request",
            Self::StepUnknown { .. } => "step_unknown",
            Self::StepWaiting { .. } => "step_waiting",
            Self::StepDecided { .. } => "step_decided",
            Self::Closed { .. } => "request_closed",
        }
    }
    fn class(&self) -> RefusalClass {
        match self {
            Self::StepUnknown { .. } => RefusalClass::NotFound,
            _ => RefusalClass::Conflict,
        }
    }
}

impl ApprovalRequest {
    /// A new request; the steps of the first stage are active.
    pub fn open(number: u16, hash: String, plan: ApprovalPlan, authors: Vec<UserId>, at: Timestamp) -> Self {
        let steps = vec![StepState::Waiting; plan.steps.len()];
        let mut request =
            Self { number, state: RequestState::Open, hash, plan, steps, authors, opened_at: at, stale: Vec::new() };
        request.advance();
        request
    }

    /// Whether it still waits for decisions.
    pub fn is_open(&self) -> bool {
        self.state == RequestState::Open
    }

    /// Whether it allows exactly the content with this hash.
    pub fn grants(&self, hash: &str) -> bool {
        matches!(self.state, RequestState::Approved | RequestState::Overridden) && self.hash == hash
    }

    /// Steps a queue has to hold now: number from 1 and the plan's step.
    pub fn active(&self) -> impl Iterator<Item = (u16, &PlanStep)> {
        let open = self.is_open();
        let steps = self.plan.steps.iter().zip(&self.steps).zip(1u16..);
        steps
            .filter(move |((_, state), _)| open && **state == StepState::Active)
            .map(|((step, _), number)| (number, step))
    }

    /// What the decisions so far amount to; `None` while some are missing or the request is closed (derived
    /// edges of SM-17). Never anything but approved, rejected or changes requested.
    pub fn outcome(&self) -> Option<RequestState> {
        if !self.is_open() {
            return None;
        }
        let results = || {
            self.steps.iter().filter_map(|step| match step {
                StepState::Decided(decision) => Some(decision.result),
                _ => None,
            })
        };
        if results().any(|result| matches!(result, StepResult::Rejected | StepResult::AutoRejected)) {
            Some(RequestState::Rejected)
        } else if results().any(|result| result == StepResult::ChangesRequested) {
            Some(RequestState::ChangesRequested)
        } else {
            (results().count() == self.steps.len()).then_some(RequestState::Approved)
        }
    }

    /// Whether to record a decision: `true` to record it, `false` for a repeated one.
    ///
    /// # Errors
    /// [`RequestRefusal`] when it does not fit. A stale hash is no error: it is recorded without effect.
    pub fn accept(&self, decision: &StepDecision) -> Result<bool, RequestRefusal> {
        let step = decision.step;
        if decision.request != self.number {
            return Err(RequestRefusal::OtherRequest { given: decision.request, current: self.number });
        }
        let state = step.checked_sub(1).and_then(|at| self.steps.get(usize::from(at)));
        match state.ok_or(RequestRefusal::StepUnknown { step })? {
            StepState::Decided(known) if known.result == decision.result && known.hash == decision.hash => Ok(false),
            _ if self.stale.contains(decision) => Ok(false),
            _ if !self.is_open() => Err(RequestRefusal::Closed { state: self.state }),
            _ if decision.hash != self.hash => Ok(true),
            StepState::Decided(_) => Err(RequestRefusal::StepDecided { step }),
            StepState::Waiting => Err(RequestRefusal::StepWaiting { step }),
            StepState::Active => Ok(true),
        }
    }

    /// Folds a recorded decision and opens the next stage when this one is done.
    pub fn record(&mut self, decision: &StepDecision) {
        if decision.hash != self.hash {
            if self.stale.len() >= MAX_STALE {
                self.stale.remove(0);
            }
            self.stale.push(decision.clone());
            return;
        }
        if let Some(state) = decision.step.checked_sub(1).and_then(|at| self.steps.get_mut(usize::from(at))) {
            *state = StepState::Decided(Box::new(decision.clone()));
        }
        self.advance();
    }

    /// Activates the earliest stage with undecided steps.
    fn advance(&mut self) {
        let undecided = |(_, state): &(&PlanStep, &StepState)| !matches!(state, StepState::Decided(_));
        let stage = self.plan.steps.iter().zip(&self.steps).filter(undecided).map(|(step, _)| step.stage).min();
        for (step, state) in self.plan.steps.iter().zip(&mut self.steps) {
            if Some(step.stage) == stage && *state == StepState::Waiting {
                *state = StepState::Active;
            }
        }
    }

    /// Folds ApprovalGranted.
    pub fn approve(&mut self) {
        self.close(RequestState::Approved);
    }

    /// Folds ApprovalRejected.
    pub fn reject(&mut self) {
        self.close(RequestState::Rejected);
    }

    /// Folds ApprovalChangesRequested.
    pub fn ask_changes(&mut self) {
        self.close(RequestState::ChangesRequested);
    }

    /// Folds ApprovalWithdrawn.
    pub fn withdraw(&mut self) {
        self.close(RequestState::Withdrawn);
    }

    /// Folds ApprovalSuperseded.
    pub fn supersede(&mut self) {
        self.close(RequestState::Superseded);
    }

    /// Folds ApprovalExpired.
    pub fn expire(&mut self) {
        self.close(RequestState::Expired);
    }

    /// Folds ApprovalOverridden.
    pub fn override_by(&mut self) {
        self.close(RequestState::Overridden);
    }

    fn close(&mut self, state: RequestState) {
        if self.is_open() {
            self.state = state;
        }
    }
}

/// The table of SM-17.
pub const SM_17: Machine = Machine {
    id: "SM-17",
    name: "approval request",
    states: &["open", "approved", "rejected", "changes_requested", "withdrawn", "superseded", "expired", "overridden"],
    terminal: &["approved", "rejected", "changes_requested", "withdrawn", "superseded", "expired", "overridden"],
    edges: &[
        Edge { from: "-", command: "(derived)", event: "ApprovalRequested", to: "open" },
        Edge { from: "open", command: "RecordStepDecision", event: "StepDecisionRecorded", to: "open" },
        Edge { from: "open", command: "(derived)", event: "ApprovalGranted", to: "approved" },
        Edge { from: "open", command: "(derived)", event: "ApprovalRejected", to: "rejected" },
        Edge { from: "open", command: "(derived)", event: "ApprovalChangesRequested", to: "changes_requested" },
        Edge { from: "open", command: "WithdrawRequest", event: "ApprovalWithdrawn", to: "withdrawn" },
        Edge { from: "open", command: "(derived)", event: "ApprovalSuperseded", to: "superseded" },
        Edge { from: "open", command: "(timer) ExpireRequest", event: "ApprovalExpired", to: "expired" },
        Edge { from: "open", command: "OverrideRequest", event: "ApprovalOverridden", to: "overridden" },
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(stages: &[u16]) -> ApprovalPlan {
        let step = |stage: &u16| PlanStep {
            stage: *stage,
            queue: QueueId::parse("sales").unwrap(),
            role: "sales_manager".into(),
            mode: Mode::Any,
            remind_after: 60,
            escalate_after: 600,
        };
        ApprovalPlan { version: 1, steps: stages.iter().map(step).collect(), trace: vec![] }
    }

    fn request(stages: &[u16]) -> ApprovalRequest {
        ApprovalRequest::open(1, "h".into(), plan(stages), vec![], Timestamp::default())
    }

    fn decision(step: u16, result: StepResult, hash: &str) -> StepDecision {
        StepDecision {
            request: 1,
            step,
            result,
            hash: hash.into(),
            by: None,
            rationale: String::new(),
            at: Timestamp::default(),
        }
    }

    #[test]
    fn sm_17_table_is_sound() {
        assert_eq!(SM_17.faults(), Vec::<String>::new());
    }

    #[test]
    fn apr_05_stages_follow_each_other() {
        let mut request = request(&[1, 1, 2]);
        let active = |request: &ApprovalRequest| request.active().map(|(n, _)| n).collect::<Vec<_>>();
        assert_eq!(active(&request), [1, 2]);
        let early = decision(3, StepResult::Approved, "h");
        assert_eq!(request.accept(&early), Err(RequestRefusal::StepWaiting { step: 3 }));
        for (step, next) in [(1, vec![2]), (2, vec![3])] {
            let yes = decision(step, StepResult::Approved, "h");
            assert_eq!(request.accept(&yes), Ok(true));
            request.record(&yes);
            assert_eq!(request.accept(&yes), Ok(false), "repeat");
            assert_eq!((active(&request), request.outcome()), (next, None));
        }
        request.record(&decision(3, StepResult::AutoApproved, "h"));
        assert_eq!(request.outcome(), Some(RequestState::Approved));
        request.approve();
        assert!(request.grants("h") && !request.grants("other") && request.outcome().is_none());
    }

    #[test]
    fn sm_17_outcomes_and_refusals() {
        for (result, want) in [
            (StepResult::Approved, RequestState::Approved),
            (StepResult::Skipped, RequestState::Approved),
            (StepResult::Rejected, RequestState::Rejected),
            (StepResult::AutoRejected, RequestState::Rejected),
            (StepResult::ChangesRequested, RequestState::ChangesRequested),
        ] {
            let mut request = request(&[1]);
            request.record(&decision(1, result, "h"));
            assert_eq!(request.outcome(), Some(want));
        }
        let mut request = request(&[1]);
        let other = StepDecision { request: 2, ..decision(1, StepResult::Approved, "h") };
        assert_eq!(request.accept(&other), Err(RequestRefusal::OtherRequest { given: 2, current: 1 }));
        for step in [0, 2] {
            let unknown = decision(step, StepResult::Approved, "h");
            assert_eq!(request.accept(&unknown), Err(RequestRefusal::StepUnknown { step }));
        }
        request.record(&decision(1, StepResult::Approved, "h"));
        let changed = decision(1, StepResult::Rejected, "h");
        assert_eq!(request.accept(&changed), Err(RequestRefusal::StepDecided { step: 1 }));
        request.override_by();
        request.expire();
        assert_eq!(request.state, RequestState::Overridden, "a closed request never changes");
        assert_eq!(request.accept(&changed), Err(RequestRefusal::Closed { state: RequestState::Overridden }));
    }

    #[test]
    fn prop_05_a_stale_decision_has_no_effect() {
        let mut request = request(&[1]);
        let stale = decision(1, StepResult::Approved, "old");
        assert_eq!(request.accept(&stale), Ok(true));
        request.record(&stale);
        assert_eq!((request.outcome(), request.stale.len()), (None, 1));
        assert_eq!(request.accept(&stale), Ok(false));
    }
}
