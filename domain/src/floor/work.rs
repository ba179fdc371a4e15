//! What the office and the processes do about tasks, parcels and loads; what is due; and how their facts fold.

use crate::{
    Ctx, ParcelId, Sku, Timestamp, UserId,
    floor::{
        DeviceId, Floor, FloorEvent, FloorRefusal, Load, LoadId, LocationCode, LocationKind, Outbound, Place,
        PlateState, Proposal, Release, TaskState, Work, WorkEvent,
        outbound::{Held, LoadState, REMEMBER_LOAD_MILLIS, REMEMBER_MILLIS},
        site::invalid,
        task::{MAX_TASKS, PickLine, PickWork, PutBackWork, TaskId},
    },
};

/// Most lines of one parcel.
const MAX_LINES: usize = 1_000;
/// Most parcels of one load.
const MAX_PARCELS: usize = 5_000;
/// Most tasks whose leases end or that are forgotten in one commit.
const MAX_DUE: usize = 1_000;

/// Requests about tasks, parcels and loads. Those processes send are idempotent by nature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkOffice {
    /// A parcel is to be picked. Process.
    AddPickTask {
        /// Which.
        parcel: ParcelId,
        /// Line, item and units.
        lines: Vec<(u16, Sku, u32)>,
        /// Higher goes first.
        priority: u8,
    },
    /// Nobody needs a parcel any more; what was picked goes back. Process.
    CancelParcel {
        /// Which.
        parcel: ParcelId,
        /// Whether its units stay with the order; otherwise the ledger has what was picked as to be put back.
        kept: bool,
    },
    /// A parcel may not go on, or, with `None`, may again. Process.
    HoldParcel {
        /// Which.
        parcel: ParcelId,
        /// Why.
        reason: Option<String>,
    },
    /// The carrier took the booking, or, with `None`, it was canceled. Process.
    BookParcel {
        /// Which.
        parcel: ParcelId,
        /// Carrier and tracking number.
        consignment: Option<(String, String)>,
    },
    /// A pick face wants units.
    AddReplenishment {
        /// The pick face.
        to: LocationCode,
        /// What.
        sku: Sku,
        /// How many.
        units: u32,
        /// Higher goes first.
        priority: u8,
    },
    /// Nobody needs a replenishment any more. Work for a parcel ends with the parcel.
    CancelTask {
        /// Which.
        task: TaskId,
    },
    /// Hand a task out earlier or later.
    SetPriority {
        /// Which.
        task: TaskId,
        /// Higher goes first.
        priority: u8,
    },
    /// Take a task from whoever has it, and give it to one operator or, with `None`, to anybody.
    Reassign {
        /// Which.
        task: TaskId,
        /// To whom.
        to: Option<UserId>,
    },
    /// Let nobody begin a task, or, with `None`, anybody again.
    HoldTask {
        /// Which.
        task: TaskId,
        /// Why.
        reason: Option<String>,
    },
    /// Plan what leaves together, or change the plan while nobody loads it.
    PlanLoad {
        /// Which.
        load: LoadId,
        /// The door it leaves from.
        door: LocationCode,
        /// Parcels by stop, in the order in which they are unloaded.
        stops: Vec<Vec<ParcelId>>,
        /// After this it leaves no more.
        cutoff: Option<Timestamp>,
        /// Whether it needs a seal.
        seal_required: bool,
    },
}

impl WorkOffice {
    /// Its name, for journal and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AddPickTask { .. } => "AddPickTask",
            Self::CancelParcel { .. } => "CancelParcel",
            Self::HoldParcel { .. } => "HoldParcel",
            Self::BookParcel { .. } => "BookParcel",
            Self::AddReplenishment { .. } => "AddReplenishment",
            Self::CancelTask { .. } => "CancelTask",
            Self::SetPriority { .. } => "SetPriority",
            Self::Reassign { .. } => "Reassign",
            Self::HoldTask { .. } => "HoldTask",
            Self::PlanLoad { .. } => "PlanLoad",
        }
    }
}

pub(super) type Decision = Result<Vec<FloorEvent>, FloorRefusal>;

pub(super) fn unknown(what: &'static str, id: impl ToString) -> FloorRefusal {
    FloorRefusal::Unknown { what, id: id.to_string() }
}

pub(super) const fn fact(event: WorkEvent) -> FloorEvent {
    FloorEvent::Work(event)
}

impl Floor {
    pub(super) fn decide_work(&self, command: &WorkOffice, ctx: &Ctx) -> Decision {
        use WorkOffice as C;
        match command {
            C::AddPickTask { parcel, lines, priority } => self.add_pick(*parcel, lines, *priority, ctx.now),
            C::CancelParcel { parcel, kept } => Ok(self.cancel_parcel(*parcel, *kept, ctx.now)),
            C::HoldParcel { parcel, reason } => {
                let Some(known) = self.work.parcel(*parcel) else { return Ok(vec![]) };
                let same = known.held.is_some() == reason.is_some() || known.ended.is_some();
                let event = || fact(WorkEvent::ParcelHeld { parcel: *parcel, reason: reason.clone() });
                Ok(if same { vec![] } else { vec![event()] })
            }
            C::BookParcel { parcel, consignment } => {
                let Some(known) = self.work.parcel(*parcel) else { return Ok(vec![]) };
                let same = known.consignment == *consignment || known.ended.is_some();
                let event = || fact(WorkEvent::ParcelBooked { parcel: *parcel, consignment: consignment.clone() });
                Ok(if same { vec![] } else { vec![event()] })
            }
            C::AddReplenishment { to, sku, units, priority } => {
                self.add_replenishment(to, sku, *units, *priority, ctx.now)
            }
            C::CancelTask { task } => self.cancel_task(*task, ctx.now),
            C::SetPriority { task, priority } => {
                let same = self.live_task(*task)?.priority == *priority;
                let event = || fact(WorkEvent::TaskPrioritySet { task: *task, priority: *priority });
                Ok(if same { vec![] } else { vec![event()] })
            }
            C::Reassign { task, to } => self.reassign(*task, *to),
            C::HoldTask { task, reason } => {
                let same = self.live_task(*task)?.held == *reason;
                let event = || fact(WorkEvent::TaskHeld { task: *task, reason: reason.clone() });
                Ok(if same { vec![] } else { vec![event()] })
            }
            C::PlanLoad { load, door, stops, cutoff, seal_required } => {
                let plan = Load::planned(door.clone(), stops.clone(), *cutoff, *seal_required);
                self.plan_load(load, plan)
            }
        }
    }

    pub(super) fn live_task(&self, id: TaskId) -> Result<&super::Task, FloorRefusal> {
        let known = self.work.tasks.get(id).ok_or_else(|| unknown("task", id))?;
        if known.is_live() {
            return Ok(known);
        }
        Err(FloorRefusal::State { what: "task", id: id.to_string(), problem: "has ended" })
    }

    fn add_pick(&self, parcel: ParcelId, lines: &[(u16, Sku, u32)], priority: u8, now: Timestamp) -> Decision {
        if self.work.parcel(parcel).is_some() {
            return Ok(vec![]);
        }
        let twice = |at: usize| lines[..at].iter().any(|(line, ..)| *line == lines[at].0);
        if lines.is_empty() || lines.len() > MAX_LINES || (0..lines.len()).any(twice) {
            return invalid("lines", "must be 1 to 1000, each of a line of its own");
        }
        if lines.iter().any(|(_, _, units)| *units == 0 || *units > crate::quantity::MAX_QUANTITY) {
            return invalid("lines", "must have between 1 and 1000000 units each");
        }
        if self.work.tasks.len() >= MAX_TASKS {
            return invalid("parcel", "is one too many: there are 100000 tasks");
        }
        let line = |(line, sku, need): &(u16, Sku, u32)| PickLine {
            line: *line,
            sku: sku.clone(),
            need: *need,
            picked: 0,
            short: 0,
            stops: Vec::new(),
            shorted: Vec::new(),
        };
        let work = Work::Pick(PickWork { parcel, lines: lines.iter().map(line).collect(), tote: None });
        let task = TaskId(self.main.last_id + 1);
        Ok(vec![
            fact(WorkEvent::ParcelAdded { parcel, lines: lines.to_vec() }),
            fact(WorkEvent::TaskAdded { task, priority, work, at: now }),
        ])
    }

    /// What was picked for it goes back, one task per tote and sort of goods. A parcel nobody told of yet is remembered
    /// as canceled, so that the word of it may come late.
    fn cancel_parcel(&self, parcel: ParcelId, kept: bool, now: Timestamp) -> Vec<FloorEvent> {
        let Some(known) = self.work.parcel(parcel) else {
            let added = fact(WorkEvent::ParcelAdded { parcel, lines: Vec::new() });
            return vec![added, fact(WorkEvent::ParcelCanceled { parcel, at: now })];
        };
        if known.ended.is_some() {
            return vec![];
        }
        let live = self.work.tasks.of_parcel(parcel).filter(|(_, task)| task.is_live());
        let live = live.filter(|(_, task)| !matches!(task.work, Work::PutBack(_)));
        let mut events: Vec<_> = live
            .map(|(task, _)| fact(WorkEvent::TaskEnded { task, state: TaskState::Canceled, at: now, device: None }))
            .collect();
        let mut next = self.main.last_id;
        for work in self.put_backs(parcel, known, !kept) {
            next += 1;
            let work = Work::PutBack(work);
            events.push(fact(WorkEvent::TaskAdded { task: TaskId(next), priority: 0, work, at: now }));
        }
        events.push(fact(WorkEvent::ParcelCanceled { parcel, at: now }));
        events
    }

    fn reassign(&self, task: TaskId, to: Option<UserId>) -> Decision {
        let known = self.live_task(task)?;
        let mut events = Vec::new();
        if known.lease.as_ref().is_some_and(|lease| Some(lease.user) != to) {
            events.push(fact(WorkEvent::TaskReleased {
                task,
                pick: known.work.picks(),
                why: Release::Reassigned,
                device: None,
            }));
        }
        if known.only != to {
            events.push(fact(WorkEvent::TaskReserved { task, only: to }));
        }
        Ok(events)
    }

    fn plan_load(&self, id: &LoadId, plan: Load) -> Decision {
        if self.location(&plan.door).is_none_or(|door| door.kind != LocationKind::Door) {
            return invalid("door", "must be a door of the site");
        }
        let parcels: Vec<ParcelId> = plan.parcels().collect();
        let distinct: std::collections::BTreeSet<_> = parcels.iter().collect();
        if parcels.is_empty() || parcels.len() > MAX_PARCELS || distinct.len() != parcels.len() {
            return invalid("stops", "must name 1 to 5000 parcels, each once");
        }
        let free = |parcel: &Outbound| parcel.ended.is_none() && parcel.load.as_ref().is_none_or(|load| load == id);
        if let Some(taken) = parcels.iter().find(|parcel| !self.work.parcel(**parcel).is_some_and(free)) {
            return match self.work.parcel(*taken) {
                None => Err(unknown("parcel", taken)),
                Some(_) => {
                    let problem = "has ended or is on another load";
                    Err(FloorRefusal::State { what: "parcel", id: taken.to_string(), problem })
                }
            };
        }
        let mut before = Vec::new();
        if let Some(known) = self.work.load(id) {
            if *known == plan {
                return Ok(vec![]);
            }
            if known.state != LoadState::Planned {
                return Err(FloorRefusal::State { what: "load", id: id.to_string(), problem: "is being loaded" });
            }
            before = known.parcels().collect();
        }
        Ok(vec![fact(WorkEvent::LoadPlanned { load: id.clone(), plan, before })])
    }

    /// Everything a device has goes back into the queue.
    pub(super) fn release_all(&self, device: &DeviceId, why: Release) -> Vec<FloorEvent> {
        let leased = self.work.tasks.leased_to(device);
        leased
            .map(|(task, known)| fact(WorkEvent::TaskReleased { task, pick: known.work.picks(), why, device: None }))
            .collect()
    }

    /// When a lease ends or something may be forgotten.
    pub(super) fn work_due_at(&self) -> Option<Timestamp> {
        [self.work.tasks.first_lease_end(), self.work.forget_at()].into_iter().flatten().min()
    }

    /// Leases that ended, and what may be forgotten, in a bounded number at a time.
    pub(super) fn work_due(&self, now: Timestamp) -> Vec<FloorEvent> {
        let silent = self.work.tasks.silent_by(now).flat_map(|device| self.work.tasks.leased_to(device));
        let expired = |(task, known): (TaskId, &super::Task)| {
            fact(WorkEvent::TaskReleased { task, pick: known.work.picks(), why: Release::Expired, device: None })
        };
        let mut events: Vec<_> = silent.take(MAX_DUE).map(expired).collect();
        let old = now.plus_millis(-REMEMBER_MILLIS);
        let tasks: Vec<_> = self.work.tasks.ended_by(old).take(MAX_DUE).collect();
        let mut parcels = self.work.ended_by(old);
        let mut loads = self.work.departed_by(now.plus_millis(-REMEMBER_LOAD_MILLIS));
        parcels.truncate(MAX_DUE);
        loads.truncate(MAX_DUE);
        if !(tasks.is_empty() && parcels.is_empty() && loads.is_empty()) {
            events.push(fact(WorkEvent::WorkForgotten { tasks, parcels, loads }));
        }
        events
    }

    /// What follows from a decision about a load or a late fact.
    pub(super) fn decide_work_approval(&self, proposal: &Proposal, approved: bool, ctx: &Ctx) -> Vec<FloorEvent> {
        match proposal {
            Proposal::Late(late) if approved => self.accept_late(late, ctx.now),
            Proposal::MissingPieces { load, parcels } => {
                let left_behind = if approved { parcels.clone() } else { Vec::new() };
                vec![fact(WorkEvent::LoadDecided { load: load.clone(), left_behind })]
            }
            _ => vec![],
        }
    }

    /// Folds a fact of tasks, parcels or loads, and what it does to plates.
    pub(super) fn fold_work(&mut self, event: &WorkEvent) {
        match event {
            WorkEvent::TaskAdded { task, .. } => self.main.last_id = self.main.last_id.max(task.0),
            WorkEvent::CartonClosed { plate, by, .. } => self.edit_plate(plate, |plate| {
                (plate.state, plate.since) = (PlateState::Packed, by.recorded_at);
            }),
            WorkEvent::Loaded { load, plate, by, .. } => {
                let door = self.work.load(load).map(|load| load.door.clone());
                self.edit_plate(plate, |plate| {
                    (plate.state, plate.since) = (PlateState::Loaded, by.recorded_at);
                    plate.bin = door.unwrap_or_else(|| plate.bin.clone());
                });
            }
            WorkEvent::Departed { plates, by, .. } => {
                for plate in plates {
                    self.edit_plate(plate, |plate| {
                        (plate.state, plate.since) = (PlateState::Departed, by.recorded_at);
                    });
                }
            }
            _ => {}
        }
        self.work.fold(event);
    }

    /// What is to be put back when a parcel is no longer needed: what is in totes and cartons.
    fn put_backs(&self, id: ParcelId, parcel: &Outbound, ledger: bool) -> Vec<PutBackWork> {
        let work = |held: &Held, from: Place| PutBackWork {
            goods: held.goods.clone(),
            units: held.units,
            from,
            serials: held.serials.clone(),
            parcel: id,
            ledger,
        };
        let totes = parcel.totes.iter().map(|tote| work(&tote.held, Place::loose(tote.tote.clone())));
        let mut works: Vec<PutBackWork> = totes.collect();
        for carton in &parcel.cartons {
            let plate = carton.plate.as_ref().and_then(|plate| self.plate(plate));
            let Some(bin) = plate.map(|plate| &plate.bin).or(parcel.station.as_ref()) else { continue };
            let from = Place { bin: bin.clone(), plate: carton.plate.clone() };
            works.extend(carton.contents.iter().map(|held| work(held, from.clone())));
        }
        works
    }
}
