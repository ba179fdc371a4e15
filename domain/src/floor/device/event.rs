//! Facts of devices and badges.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    floor::{
        Badge, DeviceId, Operator,
        device::{Devices, Invitation},
        sscc::Block,
    },
    user::SecretHash,
};

/// Facts of devices and badges. Each folds alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "device_event")]
#[allow(missing_docs, reason = "each variant says what happened; fields are those of the records they make")]
pub enum DeviceEvent {
    DeviceInvited {
        device: DeviceId,
        label: String,
        invitation: Invitation,
    },
    /// The one-time code was used; older enrolments are fenced.
    DevicePaired {
        device: DeviceId,
        generation: u32,
        key: SecretHash,
    },
    DeviceRevoked {
        device: DeviceId,
    },
    BadgePut {
        badge: String,
        holder: Badge,
    },
    PinFailed {
        badge: String,
    },
    /// The failures are forgotten: the PIN was right, or the office lifted the lock.
    PinCleared {
        badge: String,
    },
    SignedOn {
        device: DeviceId,
        operator: Operator,
        equipment: Option<String>,
    },
    /// `taken_over`: the operator signed on at that device instead; this one is told.
    SignedOff {
        device: DeviceId,
        taken_over: Option<DeviceId>,
    },
    /// `device` may use these plate numbers without a connection; `None`: the server took them itself.
    PlatesGiven {
        device: Option<DeviceId>,
        block: Block,
        at: Timestamp,
    },
}

impl DeviceEvent {
    /// The device it changes, if it changes one.
    pub const fn device(&self) -> Option<&DeviceId> {
        match self {
            Self::DeviceInvited { device, .. }
            | Self::DevicePaired { device, .. }
            | Self::DeviceRevoked { device }
            | Self::SignedOn { device, .. }
            | Self::SignedOff { device, .. } => Some(device),
            Self::PlatesGiven { device, .. } => device.as_ref(),
            Self::BadgePut { .. } | Self::PinFailed { .. } | Self::PinCleared { .. } => None,
        }
    }

    /// The badge it changes, if it changes one.
    pub fn badge(&self) -> Option<&str> {
        match self {
            Self::BadgePut { badge, .. } | Self::PinFailed { badge } | Self::PinCleared { badge } => Some(badge),
            _ => None,
        }
    }
}

impl Devices {
    pub(in crate::floor) fn fold(&mut self, event: &DeviceEvent) {
        use DeviceEvent as E;
        match event {
            E::DeviceInvited { device, label, invitation } => {
                let known = self.devices.entry(device.clone()).or_default();
                known.record.label.clone_from(label);
                known.record.invitation = Some(invitation.clone());
            }
            E::DevicePaired { device, generation, key } => self.with(device, |device| {
                let record = &mut device.record;
                (record.generation, record.key, record.invitation) = (*generation, key.clone(), None);
                (record.revoked, record.operator) = (false, None);
            }),
            E::DeviceRevoked { device } => self.with(device, |device| {
                let record = &mut device.record;
                (record.revoked, record.invitation, record.operator) = (true, None, None);
                record.blocks.clear();
            }),
            E::BadgePut { badge, holder } => drop(self.badges.insert(badge.clone(), holder.clone())),
            E::PinFailed { badge } => {
                if let Some(badge) = self.badges.get_mut(badge) {
                    badge.failures = badge.failures.saturating_add(1);
                }
            }
            E::PinCleared { badge } => {
                if let Some(badge) = self.badges.get_mut(badge) {
                    badge.failures = 0;
                }
            }
            E::SignedOn { device, operator, equipment } => self.with(device, |device| {
                let record = &mut device.record;
                (record.operator, record.last) = (Some(operator.clone()), Some(operator.clone()));
                record.equipment.clone_from(equipment);
            }),
            E::SignedOff { device, .. } => self.with(device, |device| {
                (device.record.operator, device.record.equipment) = (None, None);
            }),
            E::PlatesGiven { device: Some(device), block, .. } => {
                self.with(device, |device| {
                    // A device that asks for more has used its oldest block.
                    if device.record.blocks.len() >= super::office::MAX_BLOCKS {
                        device.record.blocks.remove(0);
                    }
                    device.record.blocks.push(*block);
                });
            }
            E::PlatesGiven { device: None, .. } => {}
        }
    }
}
