//! Putting back what was picked and is no longer wanted: one scan of a shelf per task.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::floor::{
    Candidate, DeviceOp, Floor, FloorCode, Flow, Move, Place, TaskId, TaskState, Want, Work, WorkEvent,
    task::{Lease, PutBackWork, WorkKind},
    turn::{Call, No, Step, Turn},
    work::fact,
};

/// Where somebody who puts back stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutBackSession {
    /// The task at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
}

impl PutBackSession {
    fn work<'a>(&self, floor: &'a Floor) -> Option<&'a PutBackWork> {
        match &floor.work.tasks.get(self.task?)?.work {
            Work::PutBack(work) => Some(work),
            _ => None,
        }
    }

    pub(super) fn view(&self, floor: &Floor) -> Value {
        json!({ "task": self.task, "work": self.work(floor) })
    }

    pub(super) const fn allowed(&self) -> &'static [&'static str] {
        if self.task.is_some() { &["suspend"] } else { &["get_work", "suspend"] }
    }

    pub(super) const fn expect(&self) -> &'static [Want] {
        if self.task.is_some() { &[Want::Location] } else { &[] }
    }

    pub(super) const fn state(&self) -> &'static str {
        if self.task.is_some() { "Loc" } else { "Idle" }
    }
}

pub(super) fn turn(call: &Call<'_>, session: &PutBackSession) -> Turn {
    match &call.command.op {
        DeviceOp::GetWork => get_work(call),
        DeviceOp::Scan(scan) => {
            let (id, work) = session.task.zip(session.work(call.floor)).ok_or(FloorCode::NoWork)?;
            let task = call.floor.work.tasks.get(id).ok_or(FloorCode::NoWork)?;
            if !task.is_leased_to(&call.command.device) {
                let mut no = No::new(FloorCode::LeaseLost).arg("task", id);
                no.flow = Some(Box::new(Flow::PutBack(PutBackSession::default())));
                return Err(no);
            }
            let Candidate::Location(code) = call.floor.resolve(scan, &[Want::Location])? else {
                return Err(No::new(FloorCode::UnexpectedScan).at("/raw"));
            };
            let location = call.floor.location(&code).ok_or(FloorCode::LocUnknown)?;
            if !location.kind.is_storage() {
                return Err(No::new(FloorCode::WrongLocation).at("/raw"));
            }
            if location.blocked.is_some() {
                return Err(No::new(FloorCode::LocBlocked).at("/raw"));
            }
            let moves = vec![Move {
                goods: work.goods.clone(),
                units: work.units,
                from: Some(work.from.clone()),
                to: Some(Place::loose(code)),
                serials: work.serials.clone(),
            }];
            let (parcel, ledger, by) = (work.parcel, work.ledger, call.by());
            let at = call.command.recorded_at;
            Ok(Step::to(Flow::PutBack(PutBackSession::default())).with([
                fact(WorkEvent::PutBack { task: id, parcel, moves, ledger, by }),
                fact(WorkEvent::TaskEnded { task: id, state: TaskState::Done, at, device: None }),
            ]))
        }
        _ => Err(No::new(FloorCode::UnexpectedScan).at("/op").arg("expected", session.allowed().join(", "))),
    }
}

fn get_work(call: &Call<'_>) -> Turn {
    let (tasks, device) = (&call.floor.work.tasks, &call.command.device);
    let held = tasks.leased_to(device).find(|(_, task)| matches!(task.work, Work::PutBack(_)));
    if let Some((task, _)) = held {
        return Ok(Step::to(Flow::PutBack(PutBackSession { task: Some(task) })));
    }
    let user = call.operator.user;
    let (task, _) = tasks.next(WorkKind::PutBack, user).next().ok_or(FloorCode::NoWork)?;
    let lease = Lease { device: device.clone(), user, since: call.command.recorded_at };
    Ok(Step::to(Flow::PutBack(PutBackSession { task: Some(task) })).with([fact(WorkEvent::TaskLeased {
        task,
        pick: None,
        lease,
    })]))
}
