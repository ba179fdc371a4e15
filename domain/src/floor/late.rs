//! Facts that are too old to be believed without a look: a supervisor decides whether they count.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    floor::{
        DeviceCommand, DeviceId, DeviceOp, Floor, FloorCode, FloorEvent, Operator, Proposal, Session,
        record::Approval,
        turn::{Call, Step, Turn},
    },
};

/// A fact that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateFact {
    /// The device that reported it.
    pub device: DeviceId,
    /// Its number there.
    pub seq: u64,
    /// Its key.
    pub key: String,
    /// When it was performed.
    pub performed_at: Timestamp,
    /// When it arrived.
    pub recorded_at: Timestamp,
    /// Who performed it.
    pub operator: Operator,
    /// What was done.
    pub op: DeviceOp,
}

/// Puts a fact before a supervisor (`too_old`).
pub(super) fn too_old(call: &Call<'_>) -> Turn {
    let DeviceCommand { device, seq, key, performed_at, recorded_at, op, .. } = call.command;
    let late = LateFact {
        device: device.clone(),
        seq: *seq,
        key: key.clone(),
        performed_at: *performed_at,
        recorded_at: *recorded_at,
        operator: call.operator.clone(),
        op: op.clone(),
    };
    let id = call.id();
    let approval = Approval { id, by: call.by(), proposal: Proposal::Late(Box::new(late)) };
    let mut step = Step::done(vec![FloorEvent::ApprovalRaised { approval }]);
    step.pending = Some((FloorCode::TooOld, id));
    Ok(step)
}

impl Floor {
    /// What follows from a fact that a supervisor accepts: the same as if it had come in time.
    pub(super) fn accept_late(&self, late: &LateFact, now: Timestamp) -> Vec<FloorEvent> {
        let command = DeviceCommand {
            device: late.device.clone(),
            generation: 0,
            install: String::new(),
            seq: late.seq,
            key: late.key.clone(),
            fingerprint: String::new(),
            rev: None,
            performed_at: late.performed_at,
            recorded_at: late.recorded_at,
            offline: true,
            op: late.op.clone(),
        };
        let session = Session::default();
        let call = Call::new(self, &command, &late.operator, &session, now);
        match super::dispatch::fact(&call) {
            Ok(step) => step.events,
            Err(no) => no.events,
        }
    }
}
