//! Validated newtypes for everything a socket frame names or numbers.
//!
//! Invariant: a value of one of these types is well formed, wherever it came from; decoding refuses anything else. The
//! three numbers that must never be confused, [`JournalSeq`], [`CmdSeq`] and [`Rev`], share no conversion but through
//! their plain `u64`. Nothing here knows whether the thing named exists.

mod key;
mod number;
mod text;

pub use key::CmdKey;
pub use number::{CmdSeq, FrameId, Gen, JournalSeq, Millis, Rev, SAFE_MAX};
pub use text::{AppVersion, BootId, ClientId, DeviceId, Epoch, InstallId, Op, RowKey};

/// Why a text or a number is not a value of the type asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The type asked for, such as `device id`.
    pub what: &'static str,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a well formed {}", self.what)
    }
}

impl std::error::Error for Malformed {}
