//! Close codes and what a client does about each.
//!
//! Invariant: an unknown code of a known range is treated as the range says, so a new code needs no new client.

/// What a client does after a connection closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reaction {
    /// Connects again with backoff and jitter, and resumes.
    Reconnect,
    /// Gets a fresh token first.
    Reauth,
    /// Stops and tells the user.
    Stop,
}

/// A close code of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Close {
    /// The server goes away in order.
    Drain = 4000,
    /// A fault of the server.
    ServerError = 4004,
    /// The client reads too slowly.
    Slow = 4008,
    /// Client and server disagree about what was sent.
    Resync = 4010,
    /// No pong in time.
    NoPong = 4012,
    /// Too many frames.
    Flood = 4013,
    /// The token has expired.
    TokenExpired = 4401,
    /// The token is not valid.
    BadToken = 4500,
    /// The client does not keep the protocol.
    Abuse = 4501,
    /// No valid `hello` in time.
    NeverAuthenticated = 4502,
    /// The same client connected again.
    Replaced = 4503,
    /// Too many connections.
    Limit = 4504,
    /// The program is too old.
    AppTooOld = 4505,
    /// Device or user was revoked.
    Revoked = 4506,
}

impl Close {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Drain,
        Self::ServerError,
        Self::Slow,
        Self::Resync,
        Self::NoPong,
        Self::Flood,
        Self::TokenExpired,
        Self::BadToken,
        Self::Abuse,
        Self::NeverAuthenticated,
        Self::Replaced,
        Self::Limit,
        Self::AppTooOld,
        Self::Revoked,
    ];

    /// Its number.
    pub const fn num(self) -> u16 {
        self as u16
    }

    /// In words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Drain => "the server goes away in order",
            Self::ServerError => "a fault of the server",
            Self::Slow => "the client reads too slowly",
            Self::Resync => "client and server disagree about what was sent",
            Self::NoPong => "no pong in time",
            Self::Flood => "too many frames",
            Self::TokenExpired => "the token has expired",
            Self::BadToken => "the token is not valid",
            Self::Abuse => "the client does not keep the protocol",
            Self::NeverAuthenticated => "no valid hello in time",
            Self::Replaced => "the same client connected again",
            Self::Limit => "too many connections",
            Self::AppTooOld => "the program is too old",
            Self::Revoked => "the device or user was revoked",
        }
    }
}

impl Reaction {
    /// What to do after a close with this number; 1006 stands for a connection that ended without one.
    ///
    /// 1002, 1003, 1007 and 1009 are raised by the WebSocket layer against a client that breaks its rules: the same
    /// again breaks them again, so they stop like 4501.
    pub const fn to(num: u16) -> Self {
        match num {
            4401 => Self::Reauth,
            1002 | 1003 | 1007 | 1009 | 4500..=4999 => Self::Stop,
            _ => Self::Reconnect,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_close_has_the_reaction_of_the_table() {
        use Reaction::{Reauth, Reconnect, Stop};
        let table = [
            (4000, Reconnect),
            (4004, Reconnect),
            (4008, Reconnect),
            (4010, Reconnect),
            (4012, Reconnect),
            (4013, Reconnect),
            (4401, Reauth),
            (4500, Stop),
            (4501, Stop),
            (4502, Stop),
            (4503, Stop),
            (4504, Stop),
            (4505, Stop),
            (4506, Stop),
            (1002, Stop),
            (1003, Stop),
            (1007, Stop),
            (1009, Stop),
            (1001, Reconnect),
            (1006, Reconnect),
            (4499, Reconnect),
            (4999, Stop),
        ];
        for (num, reaction) in table {
            assert_eq!(Reaction::to(num), reaction, "{num}");
        }
        for close in Close::ALL {
            assert!(table.iter().any(|(num, _)| *num == close.num()), "{close:?} is missing above");
        }
    }
}
