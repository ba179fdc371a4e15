//! Approval: requests about a subject (SM-17) and the queues that hold their open steps (SM-18).
//!
//! The request lives in the actor that owns the subject and is a value type here ([`request`]); a step that is
//! active lives in its [`queue::ApprovalQueue`]. Neither sends anything: a process carries steps one way and
//! decisions the other.

pub mod queue;
pub mod request;
pub mod step;

pub use queue::{ApprovalQueue, QueueCommand, QueueEvent, QueueRefusal};
pub use request::{
    ApprovalPlan, ApprovalRequest, Mode, PlanStep, RequestRefusal, RequestState, StepDecision, StepResult,
};
pub use step::{OpenStep, StepId, StepView};
