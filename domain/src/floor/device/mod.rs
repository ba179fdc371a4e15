//! Devices of a site: enrolment, generations, numbers, and who works on them.
//!
//! Invariant: of one device only the newest enrolment is heard (`generation_fenced` for older ones, `device_revoked`
//! for all after a revocation), its commands are decided once and in the order of its own numbers, and one operator
//! works on it at a time. The secrets are hashes; the edge draws and compares them. Throttling and the connection are
//! the edge's too.

mod badge;
mod clock;
mod enrol;
mod event;
mod log;
mod office;
mod sign_on;

pub use badge::{Badge, MAX_PIN_FAILURES};
pub use clock::{Clock, FUTURE_MILLIS, TOO_OLD_MILLIS};
pub use enrol::{Device, DeviceFault, DeviceRecord, Greeting, Hello, Invitation, MAX_DEVICES};
pub use event::DeviceEvent;
pub use log::{ANSWER_MILLIS, CommandLog, Kept, MAX_ANSWERS, SCREENS, Stamp, Verdict};
pub use office::DeviceOffice;
pub(super) use sign_on::{sign_off, sign_on};

use std::collections::BTreeMap;

use crate::{
    Timestamp, UserId,
    floor::{DeviceCommand, DeviceId, FloorRefusal, Recorded, sscc::Block},
};

/// What is to be done with a command that passed the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// Decide it.
    Decide,
    /// It was decided: nothing follows.
    Known,
    /// It was decided under another number, before a rebase: this number is used up with the same answer.
    Again {
        /// The number of then.
        of: u64,
    },
}

/// Every device of the site, and who may work on them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Devices {
    /// The devices.
    pub devices: BTreeMap<DeviceId, Device>,
    /// Badges by their text.
    pub badges: BTreeMap<String, Badge>,
}

impl Devices {
    /// Judges a command by enrolment, number and key.
    ///
    /// # Errors
    /// `device_unknown`, `device_revoked`, `generation_fenced`, `seq_gap` or `key_reuse`; nothing is recorded then.
    pub(super) fn admit(&self, command: &DeviceCommand) -> Result<Gate, FloorRefusal> {
        let id = &command.device;
        let device = self.devices.get(id).ok_or_else(|| FloorRefusal::DeviceUnknown { device: id.clone() })?;
        device.admit(command.generation).map_err(|fault| fault.refusal(id, device))?;
        let stamp = Stamp { seq: command.seq, key: &command.key, fingerprint: &command.fingerprint };
        match device.log.judge(&stamp) {
            Verdict::Decide => Ok(Gate::Decide),
            Verdict::Duplicate { record: false, .. } => Ok(Gate::Known),
            Verdict::Duplicate { of, record: true } => Ok(Gate::Again { of }),
            Verdict::Gap { expect } => Err(FloorRefusal::SeqGap { expect }),
            Verdict::Reuse => Err(FloorRefusal::KeyReuse),
        }
    }

    /// Changes a device that exists.
    pub(super) fn with(&mut self, id: &DeviceId, change: impl FnOnce(&mut Device)) {
        if let Some(device) = self.devices.get_mut(id) {
            change(device);
        }
    }

    /// Folds that a command was decided.
    pub(super) fn record(&mut self, recorded: &Recorded) {
        self.with(&recorded.device, |device| {
            device.log.record(recorded);
            device.record.high = recorded.seq.max(device.record.high);
            device.record.install = Some(recorded.install.clone());
            device.record.seen = recorded.at;
        });
    }

    /// The device somebody is signed on at.
    pub fn of_user(&self, user: UserId) -> Option<&DeviceId> {
        let here = |device: &Device| device.record.operator.as_ref().is_some_and(|operator| operator.user == user);
        self.devices.iter().find(|(_, device)| here(device)).map(|(id, _)| id)
    }

    /// When a device was last heard.
    pub fn heard(&self, id: &DeviceId) -> Timestamp {
        self.devices.get(id).map(|device| device.record.seen).unwrap_or_default()
    }

    /// Whether a number of ours is in a block of another device.
    pub fn has_block(&self, except: &DeviceId, serial: u64) -> bool {
        let has = |device: &Device| device.record.blocks.iter().any(|block: &Block| block.has(serial));
        self.devices.iter().any(|(id, device)| id != except && has(device))
    }
}
