//! Commands.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Reading;
use crate::{
    code::Code,
    envelope::{self, Refused},
    fingerprint::Fingerprint,
    ids::{CmdKey, CmdSeq, Op, Rev},
    limits::{self, ClientKind},
    payload::Payload,
};

/// A command. A device counts its commands (`seq`) and says when it was given (`at`); a console brings the key alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Cmd {
    /// Number within the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<CmdSeq>,
    /// Id of the command, made by the client: a repeat with the same one has one effect.
    pub key: CmdKey,
    /// When the operator did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Reading>,
    /// What to do.
    pub op: Op,
    /// Revision of the aggregate that was on the screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<Rev>,
    /// Arguments.
    pub a: Payload,
}

impl Cmd {
    /// What tells a repeat from another command.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.op, self.rev, &self.a)
    }

    /// Whether this sort of client may send it so.
    ///
    /// # Errors
    /// [`Code::BadField`]: a device must bring `seq` (from 1) and `at`, a console must not.
    pub fn check(&self, kind: ClientKind) -> Result<(), Refused> {
        let device = kind == ClientKind::Device;
        if self.seq.is_some() != device || self.seq == Some(CmdSeq::ZERO) {
            return Err(Refused::field(Code::BadField, "seq"));
        }
        if self.at.is_some() != device {
            return Err(Refused::field(Code::BadField, "at"));
        }
        Ok(())
    }
}

/// Commands of a device with consecutive numbers. Each is decided on its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// One to [`limits::BATCH_COMMANDS`].
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub cmds: Vec<Cmd>,
}

impl Batch {
    pub(super) fn decode(d: &RawValue) -> Result<Self, Refused> {
        let batch: Self = envelope::payload(d)?;
        let mut expected = None;
        for cmd in &batch.cmds {
            let seq = cmd.seq.ok_or_else(|| Refused::field(Code::BadBatch, "seq"))?;
            if expected.is_some_and(|expected| expected != seq) {
                return Err(Refused::field(Code::BadBatch, "seq"));
            }
            expected = Some(seq.next());
        }
        let fits = (1..=limits::BATCH_COMMANDS).contains(&batch.cmds.len());
        if fits { Ok(batch) } else { Err(Refused::field(Code::BadBatch, "cmds")) }
    }
}
