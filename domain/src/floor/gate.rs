//! Which commands of a device are decided: enrolment, number and key (realtime.md §8.1).
//!
//! Invariant: numbers advance by one, whether a command was applied or rejected; a repeat finds the first answer. Answers
//! are stored one by one, so that a scan writes one of them and not all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::floor::{Answer, DeviceCommand, DeviceId, FloorRefusal, Operator, Recorded};

/// Answers kept of a device (realtime.md §8.1).
pub const KEPT_ANSWERS: u64 = 5_000;

/// A device of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Number of its enrolment.
    pub generation: u32,
    /// The last number decided.
    pub high: u64,
    /// Who is signed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
}

/// Every device with its answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Devices {
    pub devices: BTreeMap<DeviceId, Device>,
    pub answers: BTreeMap<(DeviceId, u64), Recorded>,
    /// Index: numbers by key.
    pub keys: BTreeMap<(DeviceId, String), u64>,
}

impl Devices {
    /// Whether the command is to be decided; `false` for a repeat, whose answer is kept.
    pub fn admit(&self, command: &DeviceCommand) -> Result<bool, FloorRefusal> {
        let unknown = || FloorRefusal::DeviceUnknown { device: command.device.clone() };
        let device = self.devices.get(&command.device).ok_or_else(unknown)?;
        if command.generation != device.generation {
            return Err(FloorRefusal::GenerationFenced { current: device.generation });
        }
        let expect = device.high + 1;
        let kept = self.keys.get(&(command.device.clone(), command.key.clone())).or(Some(&command.seq));
        let kept = kept.and_then(|seq| self.answers.get(&(command.device.clone(), *seq)));
        match kept {
            Some(kept) if kept.key == command.key && kept.fingerprint == command.fingerprint => Ok(false),
            Some(_) => Err(FloorRefusal::KeyReuse),
            None if command.seq < expect => Err(FloorRefusal::KeyReuse),
            None if command.seq > expect => Err(FloorRefusal::SeqGap { expect }),
            None => Ok(true),
        }
    }

    pub fn record(&mut self, recorded: &Recorded) {
        if let Some(device) = self.devices.get_mut(&recorded.device) {
            device.high = recorded.seq;
        }
        self.remember(recorded.clone());
        if let Some(oldest) = recorded.seq.checked_sub(KEPT_ANSWERS)
            && let Some(gone) = self.answers.remove(&(recorded.device.clone(), oldest))
        {
            self.keys.remove(&(gone.device, gone.key));
        }
    }

    pub fn remember(&mut self, recorded: Recorded) {
        self.keys.insert((recorded.device.clone(), recorded.key.clone()), recorded.seq);
        self.answers.insert((recorded.device.clone(), recorded.seq), recorded);
    }

    /// The kept answer to a command.
    pub fn answer(&self, device: &DeviceId, key: &str) -> Option<&Answer> {
        let seq = self.keys.get(&(device.clone(), key.to_owned()))?;
        self.answers.get(&(device.clone(), *seq)).map(|recorded| &recorded.answer)
    }
}
