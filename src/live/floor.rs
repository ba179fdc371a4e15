//! Topics of the warehouse floor: its open exceptions, and what it got done. Those about devices are [`super::devices`]'s.
//!
//! Invariants: the offset of an exception is its number, which the floor gives in order, so offsets outlive restarts; an
//! exception is retained until it is resolved. A figure of an hour is told only when a whole hour was counted.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use munshi_domain::{
    Timestamp, WarehouseId,
    floor::{Exception, Floor, FloorEvent, WorkEvent},
};
use munshi_protocols::{
    code::CodeWord,
    ids::{DeviceId, Rev},
    payload::Payload,
    server::Item,
    topic::rows::{ExceptionItem, ThroughputGauge},
};

use super::{
    board::Board,
    boards::Boards,
    devices::{DeviceBoards, OfNotices, Told},
    rows,
};

const MINUTE_MS: i64 = 60_000;
const HOUR: i64 = 60;

/// What was done within a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    picks: u32,
    packs: u32,
    ships: u32,
    scans: u32,
}

impl Done {
    fn add(&mut self, other: Self) {
        self.picks = self.picks.saturating_add(other.picks);
        self.packs = self.packs.saturating_add(other.packs);
        self.ships = self.ships.saturating_add(other.ships);
        self.scans = self.scans.saturating_add(other.scans);
    }
}

/// What entries of a floor's journal bring to its topics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfFloor {
    opened: BTreeMap<u64, Exception>,
    resolved: BTreeSet<u64>,
    notices: OfNotices,
    /// By minute since 1970.
    done: BTreeMap<i64, Done>,
}

impl OfFloor {
    /// Takes an event of an entry of this time.
    pub fn add(&mut self, at: Timestamp, event: &FloorEvent) {
        let minute = at.as_millis().div_euclid(MINUTE_MS);
        let mut did = |done| self.done.entry(minute).or_default().add(done);
        match event {
            FloorEvent::DeviceAnswered(_) | FloorEvent::DeviceCommandRejected(_) => {
                did(Done { scans: 1, ..Done::default() });
            }
            FloorEvent::Work(WorkEvent::Picked(_)) => did(Done { picks: 1, ..Done::default() }),
            FloorEvent::Work(WorkEvent::CartonClosed { .. }) => did(Done { packs: 1, ..Done::default() }),
            FloorEvent::Work(WorkEvent::Departed { parcels, .. }) => {
                did(Done { ships: u32::try_from(parcels.len()).unwrap_or(u32::MAX), ..Done::default() });
            }
            FloorEvent::ExceptionOpened { exception } => drop(self.opened.insert(exception.id, exception.clone())),
            FloorEvent::ExceptionResolved { id, .. } => drop(self.resolved.insert(*id)),
            FloorEvent::Noticed { notice } => drop(self.notices.told.insert(notice.id, notice.clone())),
            FloorEvent::NoticesForgotten { notices } => self.notices.forgotten.extend(notices),
            _ => {}
        }
    }

    /// Adds what came later.
    pub fn merge(&mut self, later: Self) {
        self.opened.extend(later.opened);
        self.resolved.extend(later.resolved);
        self.notices.told.extend(later.notices.told);
        self.notices.forgotten.extend(later.notices.forgotten);
        for (minute, done) in later.done {
            self.done.entry(minute).or_default().add(done);
        }
    }
}

/// The item of an exception; nothing if it has a name that cannot stand in a frame.
fn item(exception: &Exception) -> Option<Item> {
    let body = ExceptionItem {
        id: exception.id.to_string(),
        // It is resolved whole or not at all: there is no other revision.
        rev: Rev::new(1).ok()?,
        code: CodeWord::parse(exception.code.word())?,
        task: exception.about.get("task").cloned(),
        device: DeviceId::parse(exception.by.device.as_str()).ok(),
        performed_at: rows::millis(exception.by.performed_at),
        recorded_at: rows::millis(exception.by.recorded_at),
    };
    Some(Item { off: rows::seq(exception.id), v: Payload::of(&body).ok()? })
}

/// What a floor has open when the server starts.
#[derive(Clone, Debug, Default)]
pub struct Open {
    items: Vec<Item>,
    /// The highest number the floor has given to anything.
    last: u64,
    told: Told,
}

impl Open {
    /// What there is now.
    pub fn of(floor: &Floor) -> Self {
        Self { items: floor.exceptions().filter_map(item).collect(), last: floor.last_number(), told: Told::of(floor) }
    }
}

/// The boards of a floor.
#[derive(Debug)]
pub struct FloorBoards {
    /// `wh.{w}.exceptions`.
    pub exceptions: Arc<Board>,
    /// `dash.{w}.throughput`.
    pub throughput: Arc<Board>,
    /// `wh.{w}.devices`, and what devices are told.
    pub devices: DeviceBoards,
    pace: Mutex<Pace>,
}

/// What was done lately, by minute, and since when that is complete.
#[derive(Debug)]
struct Pace {
    since: Timestamp,
    done: BTreeMap<i64, Done>,
    told: Option<ThroughputGauge>,
}

impl FloorBoards {
    /// As they begin: what is open, and what the journal's tail says was done `since`.
    pub fn begin(
        boards: &Boards,
        code: &WarehouseId,
        now_ms: u64,
        open: Open,
        tail: OfFloor,
        since: Timestamp,
    ) -> Option<Self> {
        let name = rows::segment(code);
        let exceptions = boards.stream(&format!("wh.{name}.exceptions"), now_ms, open.items, rows::seq(open.last))?;
        let throughput = boards.gauge(&format!("dash.{name}.throughput"))?;
        let pace = Mutex::new(Pace { since, done: tail.done, told: None });
        let devices = DeviceBoards::begin(boards, code, now_ms, open.told)?;
        Some(Self { exceptions, throughput, devices, pace })
    }

    /// Takes what the journal brought.
    pub fn take(&self, boards: &Boards, now_ms: u64, of: OfFloor) {
        let head = self.exceptions.off();
        for item in of.opened.values().filter_map(item).filter(|item| item.off > head) {
            boards.add(&self.exceptions, now_ms, item);
        }
        for id in of.resolved {
            self.exceptions.resolve(rows::seq(id));
        }
        self.devices.take(boards, now_ms, of.notices);
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        for (minute, done) in of.done {
            pace.done.entry(minute).or_default().add(done);
        }
    }

    /// Tells the figures of the last full minute and hour, if they are others than before and a whole hour was counted.
    pub fn tell(&self, boards: &Boards, now: Timestamp) {
        let value = self.pace.lock().unwrap_or_else(PoisonError::into_inner).figures(now);
        if let Some(value) = value.and_then(|figures| Payload::of(&figures).ok()) {
            boards.set(&self.throughput, value);
        }
    }
}

impl Pace {
    fn figures(&mut self, now: Timestamp) -> Option<ThroughputGauge> {
        let minute = now.as_millis().div_euclid(MINUTE_MS);
        self.done = self.done.split_off(&(minute - HOUR));
        if now.as_millis().saturating_sub(self.since.as_millis()) < (HOUR + 1) * MINUTE_MS {
            return None;
        }
        let mut hour = Done::default();
        self.done.range(..minute).for_each(|(_, done)| hour.add(*done));
        let last = self.done.get(&(minute - 1)).copied().unwrap_or_default();
        let figures = ThroughputGauge {
            at: self.told.as_ref().map_or(rows::millis(now), |told| told.at),
            picks_1m: last.picks,
            picks_1h: hour.picks,
            packs_1h: hour.packs,
            ships_1h: hour.ships,
            scans_1m: last.scans,
        };
        if self.told.as_ref() == Some(&figures) {
            return None;
        }
        let figures = ThroughputGauge { at: rows::millis(now), ..figures };
        self.told = Some(figures.clone());
        Some(figures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(since: i64) -> Pace {
        Pace { since: Timestamp::from_millis(since), done: BTreeMap::new(), told: None }
    }

    #[test]
    fn a_figure_of_an_hour_waits_until_an_hour_was_counted() {
        let at = |minute: i64| Timestamp::from_millis(minute * MINUTE_MS);
        let mut young = pace(1_000 * MINUTE_MS);
        assert_eq!(young.figures(at(1_060)), None, "a minute is missing");
        assert!(young.figures(at(1_061)).is_some());
        let mut old = pace(0);
        old.done.insert(1_000, Done { picks: 5, scans: 9, ..Done::default() });
        old.done.insert(1_059, Done { picks: 2, packs: 1, scans: 3, ..Done::default() });
        old.done.insert(1_060, Done { picks: 100, ..Done::default() });
        let told = old.figures(at(1_060)).unwrap();
        assert_eq!(
            (told.picks_1m, told.picks_1h, told.packs_1h, told.scans_1m),
            (2, 7, 1, 3),
            "not what still goes on"
        );
        assert_eq!(old.figures(at(1_060)), None, "nothing new");
        let later = old.figures(at(1_061)).unwrap();
        assert_eq!((later.picks_1m, later.picks_1h), (100, 102), "what is older than an hour is gone");
    }
}
