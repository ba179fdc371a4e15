//! Enrolment of one device: a one-time code, generations, revocation, and what its `hello` means.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    floor::{DeviceId, FloorRefusal, Operator, device::CommandLog, sscc::Block},
    user::SecretHash,
};

/// Most devices of a site.
pub const MAX_DEVICES: usize = 2_000;

/// Why a device is not heard; realtime.md §9. Nothing is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceFault {
    /// Nobody enrolled it, the code is wrong, used or expired, or its enrolment is not in the books.
    #[error("the device is not enrolled")]
    Unknown,
    /// It may no longer work here.
    #[error("the device is revoked")]
    Revoked,
    /// It was enrolled anew since.
    #[error("the device was enrolled anew")]
    Fenced,
    /// Its program is older than the site allows.
    #[error("the program of the device is too old")]
    AppTooOld,
}

impl DeviceFault {
    /// The code of realtime.md §9.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "device_unknown",
            Self::Revoked => "device_revoked",
            Self::Fenced => "generation_fenced",
            Self::AppTooOld => "app_too_old",
        }
    }

    /// As a refusal of a command.
    pub(super) fn refusal(self, id: &DeviceId, device: &Device) -> FloorRefusal {
        match self {
            Self::Unknown | Self::AppTooOld => FloorRefusal::DeviceUnknown { device: id.clone() },
            Self::Revoked => FloorRefusal::DeviceRevoked { device: id.clone() },
            Self::Fenced => FloorRefusal::GenerationFenced { current: device.record.generation },
        }
    }
}

/// What a device's `hello` is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Greeting {
    /// It is welcome.
    Welcome {
        /// Number taken next.
        expect: u64,
    },
    /// It must number its queue from here, keys kept, before anything else.
    Rebase {
        /// Number taken next.
        expect: u64,
    },
}

/// A code that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Hash of the one-time secret in the QR code.
    pub code: SecretHash,
    /// When it can no longer be used.
    pub expires: Timestamp,
}

/// One device of the site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Device {
    /// What is stored in its own part.
    pub record: DeviceRecord,
    /// Its commands and their answers; stored one by one.
    pub log: CommandLog,
}

/// A device without its answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeviceRecord {
    /// What people call it.
    pub label: String,
    /// Number of its enrolment; 0 before the first.
    pub generation: u32,
    /// The one-time code handed out, if it was not used yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
    /// What the device proves itself with, as the edge stores it.
    pub key: SecretHash,
    /// Whether it may no longer work here.
    pub revoked: bool,
    /// The installation of the last command decided. That of a `hello` counts only with its first command: a
    /// `rebase` that never arrived has to be said again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install: Option<String>,
    /// The last number decided.
    pub high: u64,
    /// When it was last heard.
    pub seen: Timestamp,
    /// Who works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// Who worked on it last: what was done before they left may arrive after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Operator>,
    /// Truck, trolley or ring scanner, as the operator said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equipment: Option<String>,
    /// Plate numbers it may use without a connection.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
}

impl Device {
    /// Puts the record back that was stored; the answers come one by one.
    pub(in crate::floor) fn put(&mut self, record: DeviceRecord) {
        self.log.resume(record.high);
        self.record = record;
    }

    /// Whether a command or `hello` of this enrolment is heard.
    ///
    /// # Errors
    /// [`DeviceFault`]; an enrolment newer than the books, as after a restore, has to be repeated.
    pub fn admit(&self, generation: u32) -> Result<(), DeviceFault> {
        let known = self.record.generation;
        match () {
            () if known == 0 => Err(DeviceFault::Unknown),
            () if self.record.revoked => Err(DeviceFault::Revoked),
            () if generation < known => Err(DeviceFault::Fenced),
            () if generation > known => Err(DeviceFault::Unknown),
            () => Ok(()),
        }
    }

    /// What its `hello` means. Changes nothing: the installation counts from its first command.
    ///
    /// # Errors
    /// As [`Device::admit`], and [`DeviceFault::AppTooOld`].
    pub fn greet(&self, hello: &Hello<'_>, oldest_app: &str) -> Result<Greeting, DeviceFault> {
        self.admit(hello.generation)?;
        if version(hello.app) < version(oldest_app) {
            return Err(DeviceFault::AppTooOld);
        }
        let new = self.record.install.as_deref() != Some(hello.install);
        let expect = self.log.expect();
        let behind = hello.seq_next <= self.log.through();
        Ok(if new && behind { Greeting::Rebase { expect } } else { Greeting::Welcome { expect } })
    }

    /// Whether a one-time code enrols it now.
    ///
    /// # Errors
    /// [`DeviceFault::Unknown`] for a wrong, used or expired code: which of them is nobody's business.
    pub fn invited(&self, code: &SecretHash, now: Timestamp) -> Result<(), DeviceFault> {
        let fits = |invitation: &&Invitation| invitation.code == *code && now < invitation.expires;
        self.record.invitation.as_ref().filter(fits).map(|_| ()).ok_or(DeviceFault::Unknown)
    }
}

/// What a device says first.
#[derive(Clone, Copy, Debug)]
pub struct Hello<'a> {
    /// Its enrolment.
    pub generation: u32,
    /// Its installation.
    pub install: &'a str,
    /// The number it gives next.
    pub seq_next: u64,
    /// Version of its program, as `1.8.2`.
    pub app: &'a str,
}

/// A version as numbers; what is no number counts as 0.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device() -> Device {
        let record = DeviceRecord { generation: 2, install: Some("in_1".into()), high: 3, ..DeviceRecord::default() };
        Device { record, log: CommandLog::after(3) }
    }

    fn hello(generation: u32, install: &str, seq_next: u64) -> Hello<'_> {
        Hello { generation, install, seq_next, app: "1.8.2" }
    }

    #[test]
    fn only_the_newest_enrolment_is_heard() {
        let mut device = device();
        assert_eq!((device.admit(2), device.admit(1)), (Ok(()), Err(DeviceFault::Fenced)));
        assert_eq!(device.admit(3), Err(DeviceFault::Unknown), "newer than the books, as after a restore");
        device.record.revoked = true;
        assert_eq!(device.admit(2), Err(DeviceFault::Revoked));
        assert_eq!(Device::default().admit(0), Err(DeviceFault::Unknown));
    }

    #[test]
    fn a_new_installation_behind_the_books_is_told_to_renumber() {
        let device = device();
        assert_eq!(device.greet(&hello(2, "in_1", 2), ""), Ok(Greeting::Welcome { expect: 4 }), "answers were lost");
        assert_eq!(device.greet(&hello(2, "in_2", 1), ""), Ok(Greeting::Rebase { expect: 4 }));
        assert_eq!(device.greet(&hello(2, "in_2", 4), ""), Ok(Greeting::Welcome { expect: 4 }));
        assert_eq!(device.greet(&hello(1, "in_1", 4), ""), Err(DeviceFault::Fenced));
    }

    #[test]
    fn an_old_program_is_sent_to_be_updated() {
        let device = device();
        let greet = |oldest| device.greet(&hello(2, "in_1", 4), oldest).is_ok();
        assert!(greet("1.8.2") && greet("1.8") && greet("0.9.11"));
        assert!(!greet("1.8.10") && !greet("1.9") && !greet("2"));
    }

    #[test]
    fn a_code_is_good_once_and_for_a_while() {
        let now = Timestamp::from_millis(1);
        let mut device = device();
        let code = SecretHash::new("ab");
        assert_eq!(device.invited(&code, now), Err(DeviceFault::Unknown));
        device.record.invitation = Some(Invitation { code: code.clone(), expires: now.plus_seconds(600) });
        assert_eq!(device.invited(&code, now), Ok(()));
        assert_eq!(device.invited(&code, now.plus_seconds(600)), Err(DeviceFault::Unknown));
        assert_eq!(device.invited(&SecretHash::new("cd"), now), Err(DeviceFault::Unknown));
    }
}
