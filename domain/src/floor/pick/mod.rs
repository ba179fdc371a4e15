//! Picking (warehouse-floor.md §7.4), one order or several in one walk, each into totes of its own.
//!
//! Invariant: a list never gains lines and never exceeds the order; a stop is reserved for its list; what is picked is a
//! fact at the moment the tote is scanned, and not before.

mod fact;
mod input;
mod plan;
mod session;
mod short;

pub(super) use fact::{lot_code, picked};
pub(super) use plan::reserve_of;
pub use session::{Got, PickSession, PickState};

use crate::floor::{
    DeviceOp, FloorCode, FloorEvent, Flow, LocationKind, Scan, TaskId, TaskState, Want, Work, WorkEvent,
    resolve::Candidate,
    task::{Lease, PickWork, WorkKind},
    turn::{Call, No, Step, Turn},
    work::fact as work_fact,
};
use plan::Taken;

/// Most orders of one walk.
pub const BATCH: usize = 12;

fn to(session: PickSession) -> Step {
    Step::to(Flow::Pick(session))
}

/// What is not taken in this state.
fn unexpected(session: &PickSession) -> No {
    No::unexpected(session.expect(), session.allowed()).at("/op")
}

pub(super) fn turn(call: &Call<'_>, session: &PickSession) -> Turn {
    if matches!(call.command.op, DeviceOp::GetWork) {
        return get_work(call, session);
    }
    if session.tasks.is_empty() {
        return Err(No::new(FloorCode::NoWork));
    }
    lost(call, session)?;
    overtaken(call, session)?;
    use PickState as S;
    match (&call.command.op, session.state) {
        (DeviceOp::Skip, S::Loc | S::Item | S::LotSerial | S::Qty | S::Tote) => skip(call, session),
        (DeviceOp::Short { found, reason }, S::Loc | S::Item | S::LotSerial | S::Qty) => {
            short::short(call, session, *found, reason)
        }
        (DeviceOp::Full, S::Loc | S::Item | S::LotSerial | S::Qty | S::Tote) => full(call, session),
        (DeviceOp::Scan(scan), S::Loc) => input::location(call, session, scan),
        (DeviceOp::Scan(scan), S::Item) => input::item(call, session, scan),
        (DeviceOp::Scan(scan), S::LotSerial) => input::lot_or_serial(call, session, scan),
        (DeviceOp::ChangeLot { lot, reason }, S::LotSerial) => input::change_lot(call, session, lot, reason),
        (DeviceOp::Next, S::LotSerial) => input::enough_serials(call, session),
        (DeviceOp::Quantity(text), S::Qty) => input::quantity(call, session, text),
        (DeviceOp::Scan(scan), S::Tote) => input::tote(call, session, scan),
        (DeviceOp::BinEmpty(empty), S::ZeroCheck) => Ok(zero_check(call, session, *empty)),
        (DeviceOp::Scan(scan), S::Unload) => unload(call, session, scan),
        (DeviceOp::Scan(scan), S::Drop) => drop_totes(call, session, scan),
        _ => Err(unexpected(session)),
    }
}

/// Lists that are no longer this device's: canceled ones, and those that went to somebody else.
fn lost(call: &Call<'_>, session: &PickSession) -> Result<(), No> {
    let state = |id: &TaskId| call.floor.work.tasks.get(*id);
    let gone = |id: &&TaskId| !state(id).is_some_and(|task| task.is_leased_to(&call.command.device));
    let Some(first) = session.tasks.iter().find(gone) else { return Ok(()) };
    let canceled = state(first).is_some_and(|task| task.state == TaskState::Canceled);
    let code = if canceled { FloorCode::LineCancelled } else { FloorCode::LeaseLost };
    let tasks: Vec<_> = session.tasks.iter().filter(|id| !gone(id)).copied().collect();
    let rest = PickSession { tasks, ..session.clone() };
    let mut no = No::new(code).arg("task", first);
    no.flow = Some(Box::new(Flow::Pick(after(call, &rest, |_| true))));
    Err(no)
}

/// What was scanned is for a stop that is no longer the next one: its units arrived from elsewhere meanwhile, or it was
/// planned anew. The walk goes on with what is next.
fn overtaken(call: &Call<'_>, session: &PickSession) -> Result<(), No> {
    if !matches!(
        session.state,
        PickState::Loc | PickState::Item | PickState::LotSerial | PickState::Qty | PickState::Tote
    ) {
        return Ok(());
    }
    let same = session.at(call.floor).is_some_and(|at| {
        session.of.is_none_or(|of| of == (at.task, at.line.line))
            && session.got.units.is_none_or(|got| got <= at.stop.units)
    });
    if same {
        return Ok(());
    }
    let mut no = No::new(FloorCode::StaleTask);
    no.flow = Some(Box::new(Flow::Pick(after(call, session, |work| work.lines.iter().any(|line| line.picked > 0)))));
    Err(no)
}

/// Where a walk goes on: at its next stop, at the drop, or nowhere. `has_units` says whether a list has anything in
/// totes.
fn after(call: &Call<'_>, session: &PickSession, has_units: impl Fn(&PickWork) -> bool) -> PickSession {
    if session.tasks.is_empty() {
        return PickSession::new(session.first, session.batch);
    }
    if session.at(call.floor).is_some() {
        return session.onward();
    }
    let any = session.works(call.floor).any(|(_, work)| has_units(work));
    if any { session.onward().to(PickState::Drop) } else { PickSession::new(session.first, session.batch) }
}

/// Hands out what the device already has, or the next lists of the queue, planned against what lies where now.
fn get_work(call: &Call<'_>, session: &PickSession) -> Turn {
    let (floor, device) = (call.floor, &call.command.device);
    let is_pick = |(_, task): &(TaskId, &crate::floor::Task)| matches!(task.work, Work::Pick(_));
    let mut tasks: Vec<_> = floor.work.tasks.leased_to(device).filter(is_pick).map(|(id, _)| id).collect();
    let mut events = Vec::new();
    if tasks.is_empty() {
        let user = call.operator.user;
        let most = if session.batch { BATCH } else { 1 };
        tasks = floor.work.tasks.next(WorkKind::Pick, user).take(most).map(|(id, _)| id).collect();
        let lease = Lease { device: device.clone(), user, since: call.command.recorded_at };
        let leased = |task: &TaskId| {
            let pick = floor.work.tasks.get(*task).and_then(|task| task.work.picks());
            work_fact(WorkEvent::TaskLeased { task: *task, pick, lease: lease.clone() })
        };
        events.extend(tasks.iter().map(leased));
    }
    if tasks.is_empty() {
        return Err(No::new(FloorCode::NoWork));
    }
    let mut taken = Taken::default();
    let next = PickSession { tasks, got: Got::default(), of: None, asked: None, ..session.clone() };
    let mut left = 0;
    for (task, work) in next.works(floor) {
        for line in &work.lines {
            let placed = line.stops.iter().filter(|stop| stop.place.is_some());
            let mut stops: Vec<_> = placed.cloned().collect();
            let known: u32 = stops.iter().map(|stop| stop.units).sum();
            let open = line.open();
            left += open;
            let missing = open.saturating_sub(known);
            if missing > 0 {
                // What lies nowhere is looked for anew whenever the list is handed out.
                stops.extend(plan::plan(floor, line, missing, &line.shorted, call.day(), &mut taken));
                if stops != line.stops {
                    events.push(work_fact(WorkEvent::PickPlanned { task, line: line.line, stops }));
                }
            }
        }
    }
    let state = if left == 0 { PickState::Drop } else { next.onward().state };
    Ok(to(PickSession { state, ..next }).with(events))
}

/// The line comes back at the end of the list.
fn skip(call: &Call<'_>, session: &PickSession) -> Turn {
    let at = session.at(call.floor).ok_or(FloorCode::AlreadyDone)?;
    let bin = at.stop.place.as_ref().map(|place| place.bin.clone());
    let skipped = WorkEvent::PickSkipped { task: at.task, line: at.line.line, bin };
    Ok(to(session.onward()).with([work_fact(skipped)]))
}

fn full(call: &Call<'_>, session: &PickSession) -> Turn {
    let at = session.at(call.floor).ok_or(FloorCode::AlreadyDone)?;
    if at.work.tote.is_none() {
        return Err(No::new(FloorCode::ToteUnknown).at("/tote"));
    }
    Ok(to(session.onward().to(PickState::Unload)))
}

/// A place where totes are put down.
fn drop_place(call: &Call<'_>, scan: &Scan) -> Result<crate::floor::LocationCode, No> {
    let found = call.floor.resolve(scan, &[Want::Location])?;
    let kind = |code| call.floor.location(code).map(|location| location.kind);
    match found {
        Candidate::Location(code) if matches!(kind(&code), Some(LocationKind::Stage | LocationKind::Pack)) => Ok(code),
        _ => Err(No::new(FloorCode::WrongLocation).at("/raw")),
    }
}

fn unload(call: &Call<'_>, session: &PickSession, scan: &Scan) -> Turn {
    let at = session.at(call.floor).ok_or(FloorCode::AlreadyDone)?;
    let place = drop_place(call, scan)?;
    let tote = at.work.tote.clone().ok_or(FloorCode::ToteUnknown)?;
    let dropped = WorkEvent::ToteDropped { task: at.task, parcel: at.work.parcel, tote, at: place, by: call.by() };
    Ok(to(session.onward()).with([work_fact(dropped)]))
}

/// Everything is picked: the totes are put down, and the parcels can be packed there.
fn drop_totes(call: &Call<'_>, session: &PickSession, scan: &Scan) -> Turn {
    let place = drop_place(call, scan)?;
    let at = call.command.recorded_at;
    let mut events = Vec::new();
    for (task, work) in session.works(call.floor) {
        let parcel = work.parcel;
        if let Some(tote) = work.tote.clone() {
            let dropped = WorkEvent::ToteDropped { task, parcel, tote, at: place.clone(), by: call.by() };
            events.push(work_fact(dropped));
        }
        events.push(work_fact(WorkEvent::TaskEnded { task, state: TaskState::Done, at, device: None }));
        let picked = work.lines.iter().any(|line| line.picked > 0);
        if picked {
            events.push(work_fact(WorkEvent::ParcelStaged { parcel, station: place.clone() }));
            let priority = call.floor.work.tasks.get(task).map_or(0, |task| task.priority);
            let pack = Work::Pack { parcel };
            events.push(work_fact(WorkEvent::TaskAdded { task: TaskId(call.id()), priority, work: pack, at }));
        }
    }
    Ok(to(PickSession::new(session.first, session.batch)).with(events))
}

/// What the operator sees against what the books say; where they differ, somebody counts.
fn zero_check(call: &Call<'_>, session: &PickSession, empty: bool) -> Step {
    let books = session.asked.as_ref().and_then(|bin| call.floor.bin(bin)).map_or(0, crate::floor::Bin::units);
    let differs = empty == (books > 0);
    let count =
        session.asked.as_ref().filter(|_| differs).and_then(|bin| fact::count_of(call, bin, FloorCode::Conflict));
    let events: Vec<FloorEvent> = count.into_iter().collect();
    to(after(call, session, |work| work.lines.iter().any(|line| line.picked > 0))).with(events)
}
