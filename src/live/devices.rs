//! Devices of a floor as consoles see them (`wh.{w}.devices`), and what devices are told (`device.{id}.inbox`).
//!
//! Invariants: who is connected is of this life of the server, so the rows' epoch is too, and their offsets are counted
//! here; a row is made from the floor and the connections as they are, at most [`PAUSE`] after either changed, and is
//! tried again until the floor can be read. A notice's offset is the number the floor gave it, so it outlives restarts;
//! a notice is retained until the floor forgets it. A device's inbox is its own and nobody else's.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use dashmap::DashMap;
use munshi_actors::node::Meta;
use munshi_domain::{
    Timestamp, WarehouseId,
    floor::{DeviceId, DeviceOffice, Floor, FloorCommand, Notice, NoticeKind, task::GRACE_SECONDS},
};
use munshi_protocols::{
    code::{Beep, Code},
    ids::{self, JournalSeq, RowKey},
    payload::Payload,
    server::Item,
    topic::rows::{DeviceNotice, DeviceRow, DeviceState},
};
use tokio::sync::Notify;

use super::{
    Live,
    board::Board,
    boards::{Boards, Family},
    rows,
};
use crate::{auth::token, services::device::Named};

/// How long changes are gathered before rows are made anew.
const PAUSE: Duration = Duration::from_millis(200);
/// How often it is looked whether somebody has been away for too long.
const LOOK: Duration = Duration::from_secs(1);

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which rows have to be made anew.
#[derive(Debug, Default)]
pub struct Watch {
    dirty: Mutex<BTreeSet<Named>>,
    /// Whole floors.
    floors: Mutex<BTreeSet<WarehouseId>>,
    /// Devices that hung up, and when.
    left: DashMap<Named, Timestamp>,
    /// When it has to be looked again whether somebody is still expected back.
    later: Mutex<BTreeSet<(Timestamp, Named)>>,
    wake: Notify,
}

impl Watch {
    /// Something changed about a device.
    pub fn touch(&self, devices: impl IntoIterator<Item = Named>) {
        let mut dirty = held(&self.dirty);
        let before = dirty.len();
        dirty.extend(devices);
        if dirty.len() > before {
            self.wake.notify_one();
        }
    }

    /// A floor's rows are not made yet.
    pub fn touch_floor(&self, code: WarehouseId) {
        held(&self.floors).insert(code);
        self.wake.notify_one();
    }

    /// A device hung up.
    pub fn left(&self, named: &Named, now: Timestamp) {
        self.left.insert(named.clone(), now);
        self.touch([named.clone()]);
    }

    /// What has to be looked at now, by floor.
    fn take(&self, now: Timestamp) -> BTreeMap<WarehouseId, Wanted> {
        let mut all: BTreeMap<WarehouseId, Wanted> = BTreeMap::new();
        for code in std::mem::take(&mut *held(&self.floors)) {
            all.insert(code, Wanted::All);
        }
        let mut later = held(&self.later);
        let mut due: Vec<Named> = Vec::new();
        while later.first().is_some_and(|(at, _)| *at <= now)
            && let Some((_, named)) = later.pop_first()
        {
            due.push(named);
        }
        drop(later);
        for named in std::mem::take(&mut *held(&self.dirty)).into_iter().chain(due) {
            if let Wanted::Some(devices) = all.entry(named.warehouse).or_insert_with(|| Wanted::Some(BTreeSet::new())) {
                devices.insert(named.device);
            }
        }
        all
    }
}

/// Rows of a floor.
enum Wanted {
    All,
    Some(BTreeSet<DeviceId>),
}

/// What the floor knows of a device.
struct Known {
    device: DeviceId,
    row: Option<DeviceRow>,
}

fn known(floor: &Floor, device: &DeviceId) -> Known {
    let row = floor.device(device).map(|known| DeviceRow {
        label: known.record.label.clone(),
        state: if known.record.revoked { DeviceState::Revoked } else { DeviceState::Offline },
        rev: ids::Rev::new(u64::from(known.record.generation)).unwrap_or(ids::Rev::ZERO),
        operator: known.record.operator.as_ref().map(|operator| operator.user.to_string()),
        task: floor.work().tasks.leased_to(device).next().map(|(task, _)| task.to_string()),
        app: None,
        seen_at: rows::millis(known.record.seen),
        skew_ms: None,
    });
    Known { device: device.clone(), row }
}

/// The boards about devices of one floor.
#[derive(Debug)]
pub struct DeviceBoards {
    /// `wh.{w}.devices`.
    pub rows: Family,
    /// Offset of the last step of the rows; held while a step is applied.
    off: Mutex<u64>,
    inboxes: DashMap<DeviceId, Arc<Board>>,
    /// Whose the notices are that are not forgotten.
    owners: DashMap<u64, DeviceId>,
    /// The number the floor gave to a notice last.
    last: AtomicU64,
}

/// What of notices there is when the server starts.
#[derive(Clone, Debug, Default)]
pub struct Told {
    notices: Vec<Notice>,
    last: u64,
}

impl Told {
    /// What there is now.
    pub fn of(floor: &Floor) -> Self {
        Self { notices: floor.notices().cloned().collect(), last: floor.last_notice() }
    }
}

/// What entries of a floor's journal say of notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfNotices {
    /// New ones, by number.
    pub told: BTreeMap<u64, Notice>,
    /// Those that are forgotten.
    pub forgotten: BTreeSet<u64>,
}

fn item(notice: &Notice) -> Option<Item> {
    let beep = match notice.kind {
        NoticeKind::Message => Beep::Confirm,
        _ => Beep::Stop,
    };
    let mut about = serde_json::Map::new();
    if let Some(text) = &notice.text {
        about.insert("text".to_owned(), text.clone().into());
    }
    if let Some(device) = &notice.elsewhere {
        about.insert("device".to_owned(), device.as_str().into());
    }
    let body = DeviceNotice {
        kind: notice.kind.word().to_owned(),
        task: notice.task.map(|task| task.to_string()),
        at: rows::millis(notice.at),
        beep: Some(beep),
        a: Payload::of(&about).ok()?,
    };
    Some(Item { off: rows::seq(notice.id), v: Payload::of(&body).ok()? })
}

impl DeviceBoards {
    /// As they begin: no rows yet, and what devices have not seen.
    pub fn begin(boards: &Boards, code: &WarehouseId, now_ms: u64, told: Told) -> Option<Self> {
        let this = Self {
            rows: boards.local_family(&format!("wh.{}.devices", rows::segment(code)))?,
            off: Mutex::new(0),
            inboxes: DashMap::new(),
            owners: DashMap::new(),
            last: AtomicU64::new(told.last),
        };
        let mut of_device: BTreeMap<DeviceId, Vec<Item>> = BTreeMap::new();
        for notice in &told.notices {
            this.owners.insert(notice.id, notice.device.clone());
            of_device.entry(notice.device.clone()).or_default().extend(item(notice));
        }
        for (device, items) in of_device {
            if let Some(board) = boards.stream(&inbox_topic(&device), now_ms, items, rows::seq(told.last)) {
                this.inboxes.insert(device, board);
            }
        }
        Some(this)
    }

    /// Takes what the journal brought.
    pub fn take(&self, boards: &Boards, now_ms: u64, of: OfNotices) {
        for notice in of.told.values() {
            // Whoever asks for an inbox that is not there gets an empty one that stands here, so nothing is left out.
            let Some(board) = self.inbox(boards, &notice.device, now_ms) else { continue };
            if let Some(item) = item(notice).filter(|item| item.off > board.off()) {
                self.owners.insert(notice.id, notice.device.clone());
                boards.add(&board, now_ms, item);
            }
            self.last.fetch_max(notice.id, Ordering::AcqRel);
        }
        for id in of.forgotten {
            let owner = self.owners.remove(&id).map(|(_, device)| device);
            if let Some(board) = owner.and_then(|device| self.inboxes.get(&device).map(|board| Arc::clone(&board))) {
                board.resolve(rows::seq(id));
            }
        }
    }

    /// What a device is told; nothing if it has a name that no topic can have.
    pub fn inbox(&self, boards: &Boards, device: &DeviceId, now_ms: u64) -> Option<Arc<Board>> {
        if let Some(board) = self.inboxes.get(device) {
            return Some(Arc::clone(&board));
        }
        let entry = self.inboxes.entry(device.clone());
        let last = rows::seq(self.last.load(Ordering::Acquire));
        let board =
            entry.or_try_insert_with(|| boards.stream(&inbox_topic(device), now_ms, Vec::new(), last).ok_or(()));
        board.ok().map(|board| Arc::clone(&board))
    }

    /// Every board of a single device.
    pub fn inboxes(&self) -> Vec<Arc<Board>> {
        self.inboxes.iter().map(|board| Arc::clone(&board)).collect()
    }

    fn step(&self, boards: &Boards, now_ms: u64, edits: Vec<(RowKey, Option<Payload>)>) {
        let same = |(key, body): &(RowKey, Option<Payload>)| {
            let has = self.rows.whole().look(|topic| topic.rows().get(key).map(|row| row.v.clone())).flatten();
            has == *body
        };
        let mut off = held(&self.off);
        let edits: Vec<_> = edits.into_iter().filter(|edit| !same(edit)).collect();
        if edits.is_empty() {
            return;
        }
        *off += 1;
        let at = rows::seq(*off);
        let edits = edits.into_iter().map(|(key, body)| (key, body.map(|body| (body, at)))).collect();
        boards.apply(&self.rows, now_ms, at, edits);
    }
}

fn inbox_topic(device: &DeviceId) -> String {
    format!("device.{device}.inbox")
}

impl Live {
    /// Makes rows of devices anew, for ever.
    pub(super) async fn keep_devices(&self) {
        loop {
            tokio::select! {
                () = self.watch().wake.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
            for (code, wanted) in self.watch().take(self.node().now()) {
                self.look_at_devices(code, wanted).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn look_at_devices(&self, code: WarehouseId, wanted: Wanted) {
        // One that is opened later has its rows made then.
        let Some(site) = self.boards().site(&code) else { return };
        let asked = match &wanted {
            Wanted::All => None,
            Wanted::Some(devices) => Some(devices.clone()),
        };
        let look = move |floor: &Floor, _: u64| match asked {
            None => floor.device_list().map(|(device, _)| known(floor, device)).collect::<Vec<_>>(),
            Some(devices) => devices.iter().map(|device| known(floor, device)).collect(),
        };
        let Ok(read) = self.node().read::<Floor, _>(code.as_str(), look).await else {
            match wanted {
                Wanted::All => self.watch().touch_floor(code),
                Wanted::Some(devices) => {
                    let named = |device| Named { warehouse: code.clone(), device };
                    self.watch().touch(devices.into_iter().map(named));
                }
            }
            return;
        };
        let edits = read.unwrap_or_default().into_iter().filter_map(|known| {
            let key = RowKey::parse(known.device.as_str()).ok()?;
            let named = Named { warehouse: code.clone(), device: known.device };
            Some((key, known.row.and_then(|row| Payload::of(&self.present_device(&named, row)).ok())))
        });
        site.floor.devices.step(self.boards(), self.now_ms(), edits.collect());
    }

    /// The row with what the connections say.
    fn present_device(&self, named: &Named, mut row: DeviceRow) -> DeviceRow {
        let now = self.node().now();
        if row.state == DeviceState::Revoked {
            return row;
        }
        if let Some(link) = self.presence().of_device(named) {
            let enrolment = link.device();
            row.state = DeviceState::Online;
            row.app = enrolment.and_then(|device| ids::AppVersion::parse(&device.app).ok());
            row.skew_ms = enrolment.map(|device| device.skew_ms);
            row.seen_at = row.seen_at.max(enrolment.map_or(row.seen_at, |device| rows::millis(device.since)));
            return row;
        }
        let left = self.watch().left.get(named).map(|at| rows::millis(*at));
        row.seen_at = row.seen_at.max(left.unwrap_or(row.seen_at));
        let seen = Timestamp::from_millis(i64::try_from(row.seen_at.get()).unwrap_or(i64::MAX));
        let until = seen.plus_seconds(GRACE_SECONDS);
        if row.seen_at.get() > 0 && now < until {
            row.state = DeviceState::Away;
            held(&self.watch().later).insert((until, named.clone()));
        }
        row
    }

    /// Takes down that a device has dealt with its notices up to an offset.
    ///
    /// # Errors
    /// [`Code::Busy`]: it is not taken down.
    pub(super) async fn device_has_seen(&self, named: &Named, off: JournalSeq) -> Result<(), Code> {
        let command = DeviceOffice::SeeNotices { device: named.device.clone(), through: off.get() };
        let meta = Meta::system(munshi_actors::DEVICE, format!("seen:{}", token::hex_of(&token::random::<16>())));
        let sent =
            self.node().execute::<Floor, _>(named.warehouse.as_str(), FloorCommand::Devices(command), meta, |_, _| ());
        sent.await.map(drop).map_err(|error| {
            tracing::warn!(%error, warehouse = %named.warehouse, device = %named.device, "what a device has seen was not kept");
            Code::Busy
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(device: &str) -> Named {
        Named { warehouse: WarehouseId::parse("KHI-1").unwrap(), device: DeviceId::parse(device).unwrap() }
    }

    #[test]
    fn what_was_touched_is_looked_at_once_and_who_is_away_again_later() {
        let watch = Watch::default();
        let at = Timestamp::from_millis;
        watch.touch([named("d1"), named("d2")]);
        watch.touch([named("d1")]);
        held(&watch.later).insert((at(50), named("d3")));
        let taken = |now| match watch.take(at(now)).into_values().next() {
            Some(Wanted::Some(devices)) => devices.iter().map(ToString::to_string).collect::<Vec<_>>(),
            Some(Wanted::All) => vec!["all".to_owned()],
            None => vec![],
        };
        assert_eq!(taken(10), ["d1", "d2"]);
        assert_eq!(taken(49), Vec::<String>::new());
        assert_eq!(taken(50), ["d3"]);
        watch.touch([named("d1")]);
        watch.touch_floor(named("d1").warehouse);
        assert_eq!(taken(60), ["all"]);
    }
}
