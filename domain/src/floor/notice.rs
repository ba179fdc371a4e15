//! What devices are told beside their answers: work that was taken away, a takeover, words of the office.
//!
//! Invariant: a notice follows from the change it tells of, in the same commit; its number grows over the site, so that
//! it can be a stream's offset. It is kept until the device says it was seen, for three days at most (realtime.md §5),
//! and of one device no more than [`MAX_NOTICES`]. What a device did itself it is not told.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    floor::{
        DeviceEvent, DeviceId, Floor, FloorEvent, FloorRefusal, Release, TaskId, TaskState, WorkEvent, site::invalid,
    },
    order::content::words,
};

/// How long a notice is kept, in milliseconds: 72 h.
pub const NOTICE_MILLIS: i64 = 72 * 3_600 * 1_000;
/// Most notices of one device; beyond, the oldest go.
pub const MAX_NOTICES: usize = 100;
/// Most that are forgotten in one commit.
const MAX_DUE: usize = 1_000;
/// Most characters of a message.
const MAX_TEXT: usize = 500;

words!(
    /// What a notice is about.
    NoticeKind {
        /// The office gave its task to somebody else, or back into the queue.
        TaskReassigned = "task_reassigned",
        /// It was silent for so long that its task went back.
        TaskExpired = "task_expired",
        /// Nobody needs its task any more.
        TaskCancelled = "task_cancelled",
        /// Its operator signed on at another device.
        SignedOnElsewhere = "signed_on_elsewhere",
        /// Somebody of the office says something.
        Message = "message",
    }
);

/// What a device is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Its number; a site gives them in order.
    pub id: u64,
    /// Who is told.
    pub device: DeviceId,
    /// What it is about.
    pub kind: NoticeKind,
    /// The task it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// The words of a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The device that was signed on at instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<DeviceId>,
    /// When it happened.
    pub at: Timestamp,
}

impl Floor {
    /// Notices that a device has not seen, oldest first.
    pub fn notices_of(&self, device: &DeviceId) -> impl Iterator<Item = &Notice> {
        let ids = self.noticed.get(device).into_iter().flatten();
        ids.filter_map(|id| self.notices.get(id))
    }

    /// Every notice that was not seen, in order of number.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.values()
    }

    /// The number given to a notice last.
    pub const fn last_notice(&self) -> u64 {
        self.main.last_notice
    }

    /// The same events, with who had the tasks they take away, and what devices have to be told of them.
    pub(super) fn telling(&self, mut events: Vec<FloorEvent>, now: Timestamp) -> Vec<FloorEvent> {
        for event in &mut events {
            if let FloorEvent::Work(
                WorkEvent::TaskReleased { task, device, .. } | WorkEvent::TaskEnded { task, device, .. },
            ) = event
            {
                let lease = self.work.tasks.get(*task).and_then(|task| task.lease.as_ref());
                *device = lease.map(|lease| lease.device.clone());
            }
        }
        let told: Vec<(DeviceId, NoticeKind, Option<TaskId>, Option<DeviceId>)> = events
            .iter()
            .filter_map(|event| match event {
                FloorEvent::Work(WorkEvent::TaskReleased { task, why, device, .. }) => {
                    let kind = match why {
                        Release::Reassigned => NoticeKind::TaskReassigned,
                        Release::Expired => NoticeKind::TaskExpired,
                        Release::HandedBack | Release::Revoked => return None,
                    };
                    Some((device.clone()?, kind, Some(*task), None))
                }
                FloorEvent::Work(WorkEvent::TaskEnded { task, state: TaskState::Canceled, device, .. }) => {
                    Some((device.clone()?, NoticeKind::TaskCancelled, Some(*task), None))
                }
                FloorEvent::Device(DeviceEvent::SignedOff { device, taken_over: Some(by) }) => {
                    Some((device.clone(), NoticeKind::SignedOnElsewhere, None, Some(by.clone())))
                }
                _ => None,
            })
            .collect();
        // Work that moves along with its operator needs no words of its own.
        let moved = |device: &DeviceId| {
            told.iter().any(|(other, kind, ..)| other == device && *kind == NoticeKind::SignedOnElsewhere)
        };
        let mut notices: Vec<Notice> = Vec::new();
        for (device, kind, task, elsewhere) in &told {
            if task.is_some() && moved(device) {
                continue;
            }
            let id = self.main.last_notice + 1 + notices.len() as u64;
            let (device, elsewhere) = (device.clone(), elsewhere.clone());
            notices.push(Notice { id, device, kind: *kind, task: *task, text: None, elsewhere, at: now });
        }
        events.extend(self.noticing(notices));
        events
    }

    /// The events of these notices, and of those they push out.
    fn noticing(&self, notices: Vec<Notice>) -> Vec<FloorEvent> {
        let mut pushed: Vec<u64> = Vec::new();
        let mut devices: Vec<&DeviceId> = notices.iter().map(|notice| &notice.device).collect();
        devices.sort_unstable();
        devices.dedup();
        for device in devices {
            let new = notices.iter().filter(|notice| notice.device == *device).count();
            let known = self.noticed.get(device).map_or(0, std::collections::BTreeSet::len);
            let over = (known + new).saturating_sub(MAX_NOTICES);
            pushed.extend(self.notices_of(device).take(over).map(|notice| notice.id));
        }
        let forgotten = (!pushed.is_empty()).then_some(FloorEvent::NoticesForgotten { notices: pushed });
        notices.into_iter().map(|notice| FloorEvent::Noticed { notice }).chain(forgotten).collect()
    }

    /// Somebody of the office says something to a device.
    pub(super) fn say(&self, device: &DeviceId, text: &str, now: Timestamp) -> Result<Vec<FloorEvent>, FloorRefusal> {
        let known = self.device(device).ok_or_else(|| FloorRefusal::DeviceUnknown { device: device.clone() })?;
        if known.record.revoked {
            return Err(FloorRefusal::DeviceRevoked { device: device.clone() });
        }
        let text = text.trim();
        let written = |c: char| !c.is_control() || c == '\n';
        if text.is_empty() || text.chars().count() > MAX_TEXT || !text.chars().all(written) {
            return invalid("text", "must have 1 to 500 characters");
        }
        let (id, text) = (self.main.last_notice + 1, Some(text.to_owned()));
        let device = device.clone();
        let notice = Notice { id, device, kind: NoticeKind::Message, task: None, text, elsewhere: None, at: now };
        Ok(self.noticing(vec![notice]))
    }

    /// A device has dealt with its notices up to a number. One that was not given yet is as good as the last.
    pub(super) fn seen_notices(&self, device: &DeviceId, through: u64) -> Vec<FloorEvent> {
        let seen = self.notices_of(device).take_while(|notice| notice.id <= through);
        forget(seen.map(|notice| notice.id).collect())
    }

    /// When the oldest notice is too old.
    pub(super) fn notices_due_at(&self) -> Option<Timestamp> {
        self.notices.values().next().map(|notice| notice.at.plus_millis(NOTICE_MILLIS))
    }

    /// Notices that are too old, in a bounded number at a time.
    pub(super) fn notices_due(&self, now: Timestamp) -> Vec<FloorEvent> {
        let old = self.notices.values().take_while(|notice| notice.at.plus_millis(NOTICE_MILLIS) <= now);
        forget(old.take(MAX_DUE).map(|notice| notice.id).collect())
    }

    pub(super) fn put_notice(&mut self, notice: Notice) {
        self.noticed.entry(notice.device.clone()).or_default().insert(notice.id);
        self.notices.insert(notice.id, notice);
    }

    pub(super) fn drop_notice(&mut self, id: u64) {
        let Some(gone) = self.notices.remove(&id) else { return };
        if let Some(ids) = self.noticed.get_mut(&gone.device) {
            ids.remove(&id);
            if ids.is_empty() {
                self.noticed.remove(&gone.device);
            }
        }
    }
}

fn forget(notices: Vec<u64>) -> Vec<FloorEvent> {
    if notices.is_empty() { vec![] } else { vec![FloorEvent::NoticesForgotten { notices }] }
}
