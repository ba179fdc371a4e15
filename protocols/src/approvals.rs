//! Approvals (SM-18).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::common::Money;

/// A vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// Hash of the subject as it was shown; a vote on something else has no effect.
    pub hash: String,
    /// Why; required to reject and to request changes.
    #[serde(default)]
    pub rationale: Option<String>,
}

/// One vote cast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VoteView {
    /// Who.
    pub approver: String,
    /// `approve`, `reject` or `request_changes`.
    pub decision: String,
    /// Why.
    pub rationale: Option<String>,
}

/// A step that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepView {
    /// Queue it stands in.
    pub queue: String,
    /// Step id.
    pub step: String,
    /// Version of the queue.
    pub version: u64,
    /// State: `active`, or how it ended.
    pub state: String,
    /// Order it is about.
    pub order: String,
    /// Number of the order's content.
    pub edition: u32,
    /// Hash to send with a vote.
    pub hash: String,
    /// What is at stake.
    pub amount: Money,
    /// Role that decides.
    pub role: String,
    /// Who asked.
    pub requester: Option<String>,
    /// When it was opened.
    pub opened_at: String,
    /// Votes so far.
    pub votes: Vec<VoteView>,
}
