//! Replenishments: pick faces that want units, handed out as tasks and done by the move flow (warehouse-floor.md §8).
//!
//! Invariant: a task asks for an item, units and a pick face; where the units come from is the operator's choice, with a
//! suggestion. It ends when its units were brought or the office cancels it; what was begun for a canceled one is
//! refused before anything moves. A replenishment without a task stays possible: then nothing here has a say.

use crate::{
    Sku, Timestamp,
    floor::{
        Floor, FloorCode, FloorEvent, FloorRefusal, LocationCode, LocationKind, Move, MoveSession, TaskId, TaskState,
        Work, WorkEvent, pick,
        site::invalid,
        task::{Lease, MAX_TASKS, ReplenishWork, WorkKind},
        turn::{Call, No, Step, Turn},
        work::{Decision, fact, unknown},
    },
};

impl Floor {
    pub(super) fn add_replenishment(
        &self,
        to: &LocationCode,
        sku: &Sku,
        units: u32,
        priority: u8,
        now: Timestamp,
    ) -> Decision {
        let face = self.location(to).ok_or_else(|| unknown("location", to))?;
        if face.kind != LocationKind::PickFace || face.blocked.is_some() {
            return invalid("to", "must be a pick face that is not blocked");
        }
        if self.item(sku).is_none() {
            return Err(unknown("item", sku));
        }
        if units == 0 || units > crate::quantity::MAX_QUANTITY {
            return invalid("units", "must be between 1 and 1000000");
        }
        if self.work.tasks.len() >= MAX_TASKS {
            return invalid("to", "is one task too many: there are 100000");
        }
        let work = Work::Replenish(ReplenishWork { sku: sku.clone(), to: to.clone(), units, brought: 0 });
        let task = TaskId(self.main.last_id + 1);
        Ok(vec![fact(WorkEvent::TaskAdded { task, priority, work, at: now })])
    }

    /// Whoever works on it learns it at the next scan; units that left their place in the meantime go back there.
    pub(super) fn cancel_task(&self, task: TaskId, now: Timestamp) -> Decision {
        let known = self.work.tasks.get(task).ok_or_else(|| unknown("task", task))?;
        if known.state == TaskState::Canceled {
            return Ok(vec![]);
        }
        if !matches!(self.live_task(task)?.work, Work::Replenish(_)) {
            let problem = "is for a parcel and ends with it";
            return Err(FloorRefusal::State { what: "task", id: task.to_string(), problem });
        }
        Ok(vec![fact(WorkEvent::TaskEnded { task, state: TaskState::Canceled, at: now, device: None })])
    }
}

fn of(floor: &Floor, task: TaskId) -> Option<&ReplenishWork> {
    match &floor.work.tasks.get(task)?.work {
        Work::Replenish(work) => Some(work),
        _ => None,
    }
}

/// What is asked for, if a task is at hand.
pub(super) fn work<'a>(floor: &'a Floor, session: &MoveSession) -> Option<&'a ReplenishWork> {
    of(floor, session.task?)
}

/// The task at hand is no longer this device's: it was canceled, or somebody else has it. A finished one is no matter.
pub(super) fn lost(call: &Call<'_>, session: &MoveSession) -> Result<(), No> {
    let Some(id) = session.task else { return Ok(()) };
    let code = match call.floor.work.tasks.get(id) {
        Some(task) if task.is_leased_to(&call.command.device) || task.state == TaskState::Done => return Ok(()),
        Some(task) if task.state == TaskState::Canceled => FloorCode::ReplenCancelled,
        _ => FloorCode::LeaseLost,
    };
    let mut no = No::new(code).arg("task", id);
    no.flow = Some(Box::new(MoveSession::start(session.first, true).into()));
    Err(no)
}

/// What the device already has, or the next pick face that wants something.
pub(super) fn get_work(call: &Call<'_>, session: &MoveSession) -> Turn {
    let (tasks, device) = (&call.floor.work.tasks, &call.command.device);
    let held = tasks.leased_to(device).find(|(_, task)| matches!(task.work, Work::Replenish(_)));
    if let Some((task, _)) = held {
        return Ok(Step::to(at(call, session, task).into()));
    }
    let user = call.operator.user;
    let (task, _) = tasks.next(WorkKind::Replenish, user).next().ok_or(FloorCode::NoWork)?;
    let lease = Lease { device: device.clone(), user, since: call.command.recorded_at };
    let leased = fact(WorkEvent::TaskLeased { task, pick: None, lease });
    Ok(Step::to(at(call, session, task).into()).with([leased]))
}

/// The beginning of a walk for a task.
fn at(call: &Call<'_>, session: &MoveSession, task: TaskId) -> MoveSession {
    let fetch_from = of(call.floor, task).and_then(|work| pick::reserve_of(call.floor, &work.sku, call.day()));
    MoveSession { task: Some(task), fetch_from, ..MoveSession::start(session.first, true) }
}

/// After a move: the same task again while it wants more, else nothing.
pub(super) fn onward(call: &Call<'_>, session: &MoveSession) -> MoveSession {
    let live = |task: &TaskId| call.floor.work.tasks.get(*task).is_some_and(super::Task::is_live);
    match session.task.filter(live) {
        Some(task) => at(call, session, task),
        None => MoveSession::start(session.first, session.replenish),
    }
}

/// Whether goods are what the task asks for, and nothing else.
pub(super) fn fits<'a>(
    call: &Call<'_>,
    session: &MoveSession,
    skus: impl IntoIterator<Item = &'a Sku>,
) -> Result<(), No> {
    let Some(work) = work(call.floor, session) else { return Ok(()) };
    if skus.into_iter().all(|sku| *sku == work.sku) {
        return Ok(());
    }
    Err(No::new(FloorCode::UnexpectedScan).at("/raw").arg("expected", format_args!("item {}", work.sku)))
}

/// Another pick face than the one that asked is a deviation: scanned again, it is meant.
pub(super) fn aims(call: &Call<'_>, session: &MoveSession, to: &LocationCode) -> Result<(), No> {
    match work(call.floor, session) {
        Some(work) if work.to != *to => call
            .confirmed(FloorCode::ConfirmByRescan, to.as_str())
            .map_err(|no| no.at("/raw").arg("location", to).arg("expected", &work.to)),
        _ => Ok(()),
    }
}

/// What a move brings to the task at hand, which ends when it has all it asked for.
pub(super) fn brought(call: &Call<'_>, session: &MoveSession, moves: &[Move]) -> Vec<FloorEvent> {
    let (Some(task), Some(work)) = (session.task, work(call.floor, session)) else { return Vec::new() };
    let units = moves.iter().map(|step| step.units).fold(0, u32::saturating_add);
    let mut events = vec![fact(WorkEvent::Replenished { task, units })];
    if units >= work.open() {
        let at = call.command.recorded_at;
        events.push(fact(WorkEvent::TaskEnded { task, state: TaskState::Done, at, device: None }));
    }
    events
}
