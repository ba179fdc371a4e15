//! Folding facts of tasks, parcels and loads. No rules, and total: what an event names and is not there is left out.

use crate::floor::{
    DeviceId, LocationCode,
    outbound::{Carton, Held, InTote, LoadState, Outbound, Outbounds, ParcelStage, Picked, Shorted, WorkEvent as E},
    task::{PickWork, Task, TaskId, TaskState, Work},
};

impl Outbounds {
    /// Folds one fact.
    pub fn fold(&mut self, event: &E) {
        match event {
            E::WorkForgotten { tasks, parcels, loads } => {
                tasks.iter().for_each(|id| self.tasks.edit(*id, |_| None));
                parcels.iter().for_each(|id| self.edit_parcel(*id, |_| None));
                loads.iter().for_each(|id| self.edit_load(id, |_| None));
            }
            E::Picked(picked) => self.fold_picked(picked),
            E::Shorted(shorted) => self.fold_shorted(shorted),
            _ if event.load().is_some() => self.fold_load(event),
            _ => {
                self.fold_task(event);
                self.fold_parcel(event);
            }
        }
    }

    fn fold_task(&mut self, event: &E) {
        match event {
            E::TaskAdded { task, priority, work, at } => {
                self.tasks.edit(*task, |_| Some(Task::new(work.clone(), *priority, task.0, *at)));
            }
            E::TaskLeased { task, lease, .. } => self.change(*task, |task| {
                task.former.retain(|device| *device != lease.device);
                (task.state, task.lease) = (TaskState::Leased, Some(lease.clone()));
            }),
            E::TaskReleased { task, .. } => self.change(*task, |task| {
                let was = task.lease.take().map(|lease| lease.device);
                task.state = TaskState::Open;
                remember(&mut task.former, was);
            }),
            E::TaskPrioritySet { task, priority } => self.change(*task, |task| task.priority = *priority),
            E::TaskReserved { task, only } => self.change(*task, |task| task.only = *only),
            E::TaskHeld { task, reason } => self.change(*task, |task| task.held.clone_from(reason)),
            E::TaskEnded { task, state, at, .. } => self.change(*task, |task| {
                let was = task.lease.take().map(|lease| lease.device);
                (task.state, task.ended) = (*state, Some(*at));
                remember(&mut task.former, was);
            }),
            E::Replenished { task, units } => self.change(*task, |task| {
                if let Work::Replenish(work) = &mut task.work {
                    work.brought = work.brought.saturating_add(*units);
                }
            }),
            E::PickPlanned { task, line, stops } => self.change_pick(*task, |work| {
                let lines = work.lines.iter_mut().filter(|known| known.line == *line);
                lines.for_each(|line| line.stops.clone_from(stops));
            }),
            E::PickSkipped { task, line, bin } => self.change_pick(*task, |work| {
                let lines = work.lines.iter_mut().filter(|known| known.line == *line);
                let at = |place: &Option<crate::floor::Place>| place.as_ref().map(|place| &place.bin) == bin.as_ref();
                lines.flat_map(|line| &mut line.stops).filter(|stop| at(&stop.place)).for_each(|stop| {
                    stop.skipped = stop.skipped.saturating_add(1);
                });
            }),
            E::ToteDropped { task, tote, .. } => self.change_pick(*task, |work| {
                if work.tote.as_ref() == Some(tote) {
                    work.tote = None;
                }
            }),
            _ => {}
        }
    }

    fn change(&mut self, id: TaskId, change: impl FnOnce(&mut Task)) {
        self.tasks.with(id, |task| {
            task.rev = task.rev.saturating_add(1);
            change(task);
        });
    }

    fn change_pick(&mut self, id: TaskId, change: impl FnOnce(&mut PickWork)) {
        self.change(id, |task| {
            if let Work::Pick(work) = &mut task.work {
                change(work);
            }
        });
    }

    fn fold_picked(&mut self, picked: &Picked) {
        let Picked { held, tote, .. } = picked;
        let bin = picked.moves.first().and_then(|step| step.from.as_ref()).map(|place| place.bin.clone());
        self.change_pick(picked.task, |work| {
            work.tote = Some(tote.clone());
            for line in work.lines.iter_mut().filter(|line| line.line == picked.line) {
                line.picked = line.picked.saturating_add(held.units);
                take(line, bin.as_ref(), held);
            }
        });
        self.with_parcel(picked.parcel, |parcel| {
            if let Some(line) = parcel.line_mut(picked.line) {
                line.picked = line.picked.saturating_add(held.units);
            }
            if held.units > 0 {
                add_to_tote(parcel, tote, held);
            }
        });
    }

    fn fold_shorted(&mut self, shorted: &Shorted) {
        let lost = shorted.given_up;
        self.change_pick(shorted.task, |work| {
            for line in work.lines.iter_mut().filter(|line| line.line == shorted.line) {
                line.short = line.short.saturating_add(lost);
                line.shorted.extend(shorted.bin.clone());
            }
        });
        self.with_parcel(shorted.parcel, |parcel| {
            if let Some(line) = parcel.line_mut(shorted.line) {
                line.short = line.short.saturating_add(lost);
            }
        });
    }

    fn fold_parcel(&mut self, event: &E) {
        match event {
            E::ParcelAdded { parcel, lines } => {
                self.edit_parcel(*parcel, |known| known.or_else(|| Some(Outbound::new(lines.iter().cloned()))));
            }
            E::ParcelStaged { parcel, station } => self.with_parcel(*parcel, |parcel| {
                (parcel.stage, parcel.station) = (ParcelStage::Picked, Some(station.clone()));
            }),
            E::ParcelHeld { parcel, reason } => self.with_parcel(*parcel, |parcel| parcel.held.clone_from(reason)),
            E::ParcelBooked { parcel, consignment } => {
                self.with_parcel(*parcel, |parcel| parcel.consignment.clone_from(consignment));
            }
            E::ParcelCanceled { parcel, at } => self.with_parcel(*parcel, |parcel| {
                (parcel.stage, parcel.ended) = (ParcelStage::Canceled, Some(*at));
            }),
            E::Packed { parcel, held, tote, .. } => self.with_parcel(*parcel, |parcel| {
                if let Some(tote) = tote {
                    take_from_tote(parcel, tote, held);
                }
                if let Some(line) = parcel.line_mut(held.line) {
                    line.packed = line.packed.saturating_add(held.units);
                }
                merge(&mut open_carton(parcel).contents, held);
            }),
            E::CartonChosen { parcel, kind } => {
                self.with_parcel(*parcel, |parcel| open_carton(parcel).kind.clone_from(kind));
            }
            E::CartonWeighed { parcel, grams } => {
                self.with_parcel(*parcel, |parcel| open_carton(parcel).grams = Some(*grams));
            }
            E::CartonLabelled { parcel, plate, .. } => {
                self.with_parcel(*parcel, |parcel| open_carton(parcel).plate = Some(plate.clone()));
            }
            E::CartonClosed { parcel, .. } => {
                self.with_parcel(*parcel, |parcel| open_carton(parcel).closed = true);
            }
            E::ParcelPacked { parcel, .. } => self.with_parcel(*parcel, |parcel| parcel.stage = ParcelStage::Packed),
            // Of a parcel that goes on, only what it does not count is put back.
            E::PutBack { parcel, moves, .. } => self.with_parcel(*parcel, |parcel| {
                if parcel.ended.is_none() {
                    return;
                }
                for step in moves {
                    let Some(from) = &step.from else { continue };
                    let (goods, units, serials) = (step.goods.clone(), step.units, step.serials.clone());
                    let lines: Vec<u16> =
                        parcel.totes.iter().filter(|tote| tote.tote == from.bin).map(|t| t.held.line).collect();
                    if let Some(line) = lines.first() {
                        take_from_tote(parcel, &from.bin, &Held { line: *line, goods, units, serials });
                    }
                }
            }),
            _ => {}
        }
    }

    fn fold_load(&mut self, event: &E) {
        let Some(id) = event.load() else { return };
        match event {
            E::LoadPlanned { plan, before, .. } => {
                before.iter().for_each(|parcel| self.with_parcel(*parcel, |parcel| parcel.load = None));
                self.edit_load(id, |_| Some(plan.clone()));
                for parcel in plan.parcels() {
                    self.with_parcel(parcel, |parcel| parcel.load = Some(id.clone()));
                }
            }
            E::LoadOpened { device, .. } => self.with_load(id, |load| {
                (load.state, load.device) = (LoadState::Loading, Some(device.clone()));
            }),
            E::Loaded { plate, parcel, .. } => self.with_load(id, |load| {
                load.loaded.insert(plate.clone());
                // What turns up after all goes along.
                load.left_behind.remove(parcel);
            }),
            E::LoadVerified { .. } => self.with_load(id, |load| load.state = LoadState::Verified),
            E::LoadDisputed { approval, .. } => self.with_load(id, |load| load.approval = Some(*approval)),
            E::LoadDecided { left_behind, .. } => self.with_load(id, |load| {
                load.approval = None;
                load.left_behind.extend(left_behind.iter().copied());
            }),
            E::Sealed { seal, .. } => self.with_load(id, |load| load.seal = Some(seal.clone())),
            E::Departed { parcels, left, by, .. } => {
                left.iter().for_each(|parcel| self.with_parcel(*parcel, |parcel| parcel.load = None));
                let at = by.recorded_at;
                self.with_load(id, |load| (load.state, load.departed) = (LoadState::Departed, Some(at)));
                for parcel in parcels {
                    self.with_parcel(*parcel, |parcel| {
                        (parcel.stage, parcel.ended) = (ParcelStage::Departed, Some(at));
                    });
                }
            }
            _ => {}
        }
    }
}

fn remember(former: &mut Vec<DeviceId>, device: Option<DeviceId>) {
    if let Some(device) = device
        && !former.contains(&device)
    {
        former.push(device);
    }
}

/// Takes picked units off the plan of a line: first where they were taken, then wherever the rest was planned, so that
/// the plan is never more than what is open.
fn take(line: &mut crate::floor::task::PickLine, bin: Option<&LocationCode>, held: &Held) {
    let mut left = held.units;
    let here = |place: &Option<crate::floor::Place>| place.as_ref().map(|place| &place.bin) == bin;
    line.stops.sort_by_key(|stop| !here(&stop.place));
    for stop in &mut line.stops {
        let share = left.min(stop.units);
        stop.units -= share;
        left -= share;
    }
    line.stops.retain(|stop| stop.units > 0);
}

fn merge(contents: &mut Vec<Held>, held: &Held) {
    match contents.iter_mut().find(|known| known.line == held.line && known.goods == held.goods) {
        Some(known) => {
            known.units = known.units.saturating_add(held.units);
            known.serials.extend(held.serials.iter().cloned());
        }
        None => contents.push(held.clone()),
    }
}

fn add_to_tote(parcel: &mut Outbound, tote: &LocationCode, held: &Held) {
    let same =
        |known: &&mut InTote| known.tote == *tote && known.held.line == held.line && known.held.goods == held.goods;
    match parcel.totes.iter_mut().find(same) {
        Some(known) => {
            known.held.units = known.held.units.saturating_add(held.units);
            known.held.serials.extend(held.serials.iter().cloned());
        }
        None => parcel.totes.push(InTote { tote: tote.clone(), held: held.clone() }),
    }
}

fn take_from_tote(parcel: &mut Outbound, tote: &LocationCode, held: &Held) {
    let mut left = held.units;
    let here = parcel.totes.iter_mut().filter(|known| known.tote == *tote && known.held.goods == held.goods);
    for known in here {
        let share = left.min(known.held.units);
        known.held.units -= share;
        left -= share;
        known.held.serials.retain(|serial| !held.serials.contains(serial));
    }
    parcel.totes.retain(|known| known.held.units > 0);
}

fn open_carton(parcel: &mut Outbound) -> &mut Carton {
    if parcel.cartons.last().is_none_or(|carton| carton.closed) {
        parcel.cartons.push(Carton::default());
    }
    let last = parcel.cartons.len() - 1;
    &mut parcel.cartons[last]
}
