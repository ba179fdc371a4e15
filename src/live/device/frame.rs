//! A frame of a device as it was read, and what the floor knows of its commands before and after they are decided.

use std::collections::BTreeMap;

use munshi_domain::{
    floor::{
        Answer as Kept,
        device::{DeviceFault, Verdict},
    },
    user::SecretHash,
};
use munshi_protocols::{
    client::Cmd, cmd::DeviceCmd, code::Code, envelope::Refused, fingerprint::Fingerprint, ids::CmdSeq, server::Answer,
};

use super::answer;

/// Answers of commands that were decided just now, by number.
pub type Fresh = BTreeMap<u64, Kept>;

/// A command that was read.
pub struct Read {
    pub seq: u64,
    pub key: String,
    pub fingerprint: String,
    pub cmd: Cmd,
    pub args: DeviceCmd,
}

/// What the floor knows before a frame is decided.
pub struct Seen {
    pub fault: Option<DeviceFault>,
    pub expect: u64,
    /// Of each command.
    pub verdicts: Vec<Verdict>,
    /// Hash of the PIN of each badge that signs on.
    pub pins: Vec<Option<SecretHash>>,
}

impl Seen {
    /// Whether the frame is refused for it.
    pub fn refuses(&self, reads: &[Read]) -> bool {
        self.fault.is_some()
            || self.verdicts.contains(&Verdict::Reuse)
            || reads.first().is_some_and(|first| first.seq > self.expect)
    }
}

/// Reads a command.
///
/// # Errors
/// `unknown_type`, `bad_field`.
pub fn read(cmd: Cmd) -> Result<Read, Refused> {
    let args = DeviceCmd::read(cmd.op.as_str(), &cmd.a)?;
    let (op, a) = args.without_secret().map_err(|_| Refused::field(Code::BadField, "a"))?;
    Ok(Read {
        seq: cmd.seq.map_or(0, CmdSeq::get),
        key: cmd.key.to_string(),
        fingerprint: Fingerprint::of(&op, cmd.rev, &a).to_string(),
        cmd,
        args,
    })
}

/// The answers to a frame of which everything was decided just now.
pub fn told(reads: &[Read], decided: &Fresh) -> Option<(Vec<Answer>, Option<CmdSeq>)> {
    let answer = |read: &Read| Some(answer::of(read.cmd.seq?, decided.get(&read.seq)?, false));
    let answers = reads.iter().map(answer).collect::<Option<Vec<_>>>()?;
    let through = reads.last().and_then(|last| last.cmd.seq);
    Some((answers, through))
}
