//! Why a floor says no to what must not even be recorded.
//!
//! A device's command that is merely wrong is *rejected*: that is an answer, it is recorded and uses up its number
//! ([`crate::floor::FloorEvent::DeviceCommandRejected`]). A refusal records nothing.

use crate::{
    RefusalClass, Refused,
    floor::{Beep, DeviceId},
};

/// A refusal of a floor; nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the fields are the numbers in the message")]
pub enum FloorRefusal {
    /// The command itself is wrong.
    #[error("{field} {problem}")]
    Invalid { field: &'static str, problem: String },
    /// Nobody set the site up.
    #[error("there is no such floor")]
    SiteUnknown,
    /// There is nothing with that name.
    #[error("there is no {what} {id}")]
    Unknown { what: &'static str, id: String },
    /// Something with that name is there and does not allow it.
    #[error("{what} {id} {problem}")]
    State { what: &'static str, id: String, problem: &'static str },
    /// Somebody decided it before.
    #[error("decision {id} was taken before")]
    Decided { id: u64 },
    /// A number was left out (realtime.md §8.1).
    #[error("command {expect} is expected")]
    SeqGap { expect: u64 },
    /// A number or key was used for another command: cloned identity or storage.
    #[error("the number or key was used for another command")]
    KeyReuse,
    /// The device is not enrolled here.
    #[error("device {device} is not enrolled")]
    DeviceUnknown { device: DeviceId },
    /// The device was revoked.
    #[error("device {device} was revoked")]
    DeviceRevoked { device: DeviceId },
    /// The device was enrolled again since.
    #[error("the device was enrolled again, generation {current} is valid")]
    GenerationFenced { current: u32 },
}

impl FloorRefusal {
    /// How a device sounds.
    pub const fn beep(&self) -> Beep {
        Beep::Stop
    }
}

impl Refused for FloorRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid_floor_command",
            Self::SiteUnknown => "site_unknown",
            Self::Unknown { .. } => "floor_record_unknown",
            Self::State { .. } => "floor_record_state",
            Self::Decided { .. } => "decision_closed",
            Self::SeqGap { .. } => "seq_gap",
            Self::KeyReuse => "key_reuse",
            Self::DeviceUnknown { .. } => "device_unknown",
            Self::DeviceRevoked { .. } => "device_revoked",
            Self::GenerationFenced { .. } => "generation_fenced",
        }
    }

    fn class(&self) -> RefusalClass {
        match self {
            Self::Invalid { .. } => RefusalClass::Invalid,
            Self::SiteUnknown | Self::Unknown { .. } => RefusalClass::NotFound,
            Self::DeviceUnknown { .. } | Self::DeviceRevoked { .. } | Self::GenerationFenced { .. } => {
                RefusalClass::Forbidden
            }
            Self::State { .. } | Self::Decided { .. } | Self::SeqGap { .. } | Self::KeyReuse => RefusalClass::Conflict,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Invalid { field, .. } => Some(format!("/{field}")),
            Self::SeqGap { .. } => Some("/seq".into()),
            Self::KeyReuse => Some("/key".into()),
            _ => None,
        }
    }

    fn fix(&self) -> Option<String> {
        let fix = match self {
            Self::SiteUnknown => "set the site up first",
            Self::SeqGap { expect } => return Some(format!("send from number {expect}")),
            Self::KeyReuse | Self::DeviceUnknown { .. } | Self::GenerationFenced { .. } => "enrol the device again",
            _ => return None,
        };
        Some(fix.into())
    }
}
