//! The queue of tasks with its indexes.
//!
//! Invariant: the indexes are functions of the tasks; every change goes through [`Tasks::edit`]. What a line has
//! planned in a bin is reserved there, so two pick lists are never sent for the same unit, nobody moves it away, and giving
//! up one list's plan never touches another's.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::Hash,
};

use crate::{
    ParcelId, Sku, Timestamp, UserId,
    floor::{
        DeviceId, Goods, LocationCode, Lot, Place,
        task::{Task, TaskId, TaskState, Work, WorkKind, lease_ends},
    },
};

/// Units planned out of a bin: item and lot there.
type Planned = HashMap<(LocationCode, Sku, Option<Lot>), u32>;
/// The same by exact place: on which plate, and which goods.
type Reserved = HashMap<(Place, Goods), u32>;

/// All tasks of a site that are not forgotten.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tasks {
    all: BTreeMap<TaskId, Task>,
    /// Index: open and workable, in the order in which they are handed out.
    open: BTreeSet<(WorkKind, Reverse<u8>, u64, TaskId)>,
    /// Index: who has what.
    leased: BTreeMap<DeviceId, BTreeSet<TaskId>>,
    /// Index: when those who have something were last heard, as the devices' records say.
    heard: BTreeMap<DeviceId, Timestamp>,
    /// Index: the same, the longest silence first.
    silence: BTreeSet<(Timestamp, DeviceId)>,
    /// Index: tasks of a parcel.
    of_parcel: BTreeMap<ParcelId, BTreeSet<TaskId>>,
    /// Index: what live pick lists will take.
    planned: Planned,
    /// Index: the same, exactly.
    reserved: Reserved,
    /// Index: when ended tasks may be forgotten.
    ended: BTreeSet<(Timestamp, TaskId)>,
}

impl Tasks {
    /// One task.
    pub fn get(&self, id: TaskId) -> Option<&Task> {
        self.all.get(&id)
    }

    /// Every task, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = (TaskId, &Task)> {
        self.all.iter().map(|(id, task)| (*id, task))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The next tasks of a kind for an operator: higher priority first, then first come first served.
    pub fn next(&self, kind: WorkKind, user: UserId) -> impl Iterator<Item = (TaskId, &Task)> {
        let range = (kind, Reverse(u8::MAX), 0, TaskId(0))..=(kind, Reverse(0), u64::MAX, TaskId(u64::MAX));
        let tasks = self.open.range(range).filter_map(|(.., id)| Some((*id, self.all.get(id)?)));
        tasks.filter(move |(_, task)| task.only.is_none_or(|only| only == user))
    }

    /// What a device has, in order of id.
    pub fn leased_to(&self, device: &DeviceId) -> impl Iterator<Item = (TaskId, &Task)> {
        let ids = self.leased.get(device).into_iter().flatten();
        ids.filter_map(|id| Some((*id, self.all.get(id)?)))
    }

    /// Notes that a device was heard, which renews its leases.
    pub fn hear(&mut self, device: &DeviceId, at: Timestamp) {
        if !self.leased.contains_key(device) {
            return;
        }
        if let Some(before) = self.heard.insert(device.clone(), at) {
            self.silence.remove(&(before, device.clone()));
        }
        self.silence.insert((at, device.clone()));
    }

    /// When the first lease ends if its device stays silent.
    pub fn first_lease_end(&self) -> Option<Timestamp> {
        self.silence.first().map(|(heard, _)| lease_ends(*heard))
    }

    /// Devices whose leases have ended by an instant.
    pub fn silent_by(&self, now: Timestamp) -> impl Iterator<Item = &DeviceId> {
        self.silence.iter().take_while(move |(heard, _)| lease_ends(*heard) <= now).map(|(_, device)| device)
    }

    /// Tasks of a parcel.
    pub fn of_parcel(&self, parcel: ParcelId) -> impl Iterator<Item = (TaskId, &Task)> {
        let ids = self.of_parcel.get(&parcel).into_iter().flatten();
        ids.filter_map(|id| Some((*id, self.all.get(id)?)))
    }

    /// Units of an item and lot in a bin that live pick lists will take.
    pub fn planned(&self, bin: &LocationCode, sku: &Sku, lot: Option<&Lot>) -> u32 {
        self.planned.get(&(bin.clone(), sku.clone(), lot.cloned())).copied().unwrap_or(0)
    }

    /// Units of exactly these goods in exactly this place that live pick lists will take.
    pub fn reserved(&self, place: &Place, goods: &Goods) -> u32 {
        self.reserved.get(&(place.clone(), goods.clone())).copied().unwrap_or(0)
    }

    /// When the task that ended first did.
    pub fn first_ended(&self) -> Option<Timestamp> {
        self.ended.first().map(|(at, _)| *at)
    }

    /// Tasks that ended at or before an instant.
    pub fn ended_by(&self, at: Timestamp) -> impl Iterator<Item = TaskId> {
        self.ended.range(..=(at, TaskId(u64::MAX))).map(|(_, id)| *id)
    }

    /// Changes a task, which is made by `change` if there is none and dropped when it answers `None`, and with it the
    /// indexes.
    pub fn edit(&mut self, id: TaskId, change: impl FnOnce(Option<Task>) -> Option<Task>) {
        let before = self.all.remove(&id);
        if let Some(task) = &before {
            self.index(id, task, false);
        }
        let had = before.as_ref().and_then(|task| task.lease.clone());
        let after = change(before);
        let has = after.as_ref().and_then(|task| task.lease.clone());
        if let Some(task) = after {
            self.index(id, &task, true);
            self.all.insert(id, task);
        }
        for lease in had.into_iter().chain(has) {
            self.index_silence(&lease.device, lease.since);
        }
    }

    /// Changes a task that exists.
    pub fn with(&mut self, id: TaskId, change: impl FnOnce(&mut Task)) {
        self.edit(id, |task| {
            task.map(|mut task| {
                change(&mut task);
                task
            })
        });
    }

    /// Only a device that has something is waited for.
    fn index_silence(&mut self, device: &DeviceId, since: Timestamp) {
        if self.leased.contains_key(device) {
            if !self.heard.contains_key(device) {
                self.hear(device, since);
            }
        } else if let Some(before) = self.heard.remove(device) {
            self.silence.remove(&(before, device.clone()));
        }
    }

    fn index(&mut self, id: TaskId, task: &Task, add: bool) {
        fn put<K: Ord, V: Ord>(map: &mut BTreeMap<K, BTreeSet<V>>, key: K, value: V, add: bool) {
            if add {
                map.entry(key).or_default().insert(value);
            } else if let Some(set) = map.get_mut(&key) {
                set.remove(&value);
                if set.is_empty() {
                    map.remove(&key);
                }
            }
        }
        if let Some(parcel) = task.work.parcel() {
            put(&mut self.of_parcel, parcel, id, add);
        }
        if task.state == TaskState::Open && task.held.is_none() {
            let entry = (task.work.kind(), Reverse(task.priority), task.arrival, id);
            let _ = if add { self.open.insert(entry) } else { self.open.remove(&entry) };
        }
        if let Some(lease) = &task.lease {
            put(&mut self.leased, lease.device.clone(), id, add);
        }
        if let Some(at) = task.ended {
            let _ = if add { self.ended.insert((at, id)) } else { self.ended.remove(&(at, id)) };
        }
        if let Work::Pick(work) = &task.work
            && task.is_live()
        {
            for (_, stop) in work.stops() {
                let Some(place) = &stop.place else { continue };
                let key = (place.bin.clone(), stop.goods.sku.clone(), stop.goods.lot.clone());
                tally(&mut self.planned, key, stop.units, add);
                tally(&mut self.reserved, (place.clone(), stop.goods.clone()), stop.units, add);
            }
        }
    }
}

/// Adds units to what stands under a key or takes them off; nothing stands for none.
fn tally<K: Eq + Hash>(sums: &mut HashMap<K, u32>, key: K, units: u32, add: bool) {
    let before = sums.get(&key).copied().unwrap_or(0);
    let now = if add { before.saturating_add(units) } else { before.saturating_sub(units) };
    if now == 0 {
        sums.remove(&key);
    } else {
        sums.insert(key, now);
    }
}
