//! What goes into the client state machine and what comes out of it.

use crate::{
    client::Cmd,
    code::CodeWord,
    ids::{AppVersion, ClientId, CmdKey, CmdSeq, DeviceId, Gen, InstallId},
    limits::ClientKind,
    server::{Answer, Item},
    topic::Topic,
};

/// Who the client is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// An enrolled scanner.
    Device {
        /// Which.
        device: DeviceId,
        /// Which installation.
        install: InstallId,
        /// Which enrolment.
        generation: Gen,
    },
    /// A tab of a browser.
    Console {
        /// The name it gave itself.
        client: ClientId,
    },
}

impl Identity {
    /// Which sort of client.
    pub const fn kind(&self) -> ClientKind {
        match self {
            Self::Device { .. } => ClientKind::Device,
            Self::Console { .. } => ClientKind::Console,
        }
    }
}

/// What does not change while a client runs. Spans are milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Who it is.
    pub identity: Identity,
    /// Program version.
    pub app: AppVersion,
    /// Time to open a connection.
    pub connect_ms: u64,
    /// Time from `hello` to `welcome`.
    pub hello_ms: u64,
    /// Time for the answer to a command, after which its outcome counts as unknown and it is sent again.
    pub answer_ms: u64,
    /// Wait where a refusal says "later" without saying when.
    pub later_ms: u64,
    /// Commands of a console that may wait for an answer.
    pub pending: usize,
}

impl Config {
    /// With the usual spans.
    pub const fn new(identity: Identity, app: AppVersion) -> Self {
        Self { identity, app, connect_ms: 10_000, hello_ms: 10_000, answer_ms: 15_000, later_ms: 1_000, pending: 64 }
    }
}

/// What the machine asks of whoever runs it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Open a connection; then call `opened` or `closed`.
    Connect,
    /// Send a text message.
    Send(String),
    /// Close the connection, with this code if it is open. No call of `closed` is expected; one is passed over.
    Close(u16),
    /// Tell the program.
    Event(Event),
}

/// What a program hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Live; `resumed` if every mirror goes on where it stood.
    Connected {
        /// See there.
        resumed: bool,
    },
    /// No longer live.
    Disconnected,
    /// A fresh token is needed: call `set_token`.
    TokenNeeded,
    /// It will not connect again by itself: the user has to know.
    Stopped(StopReason),
    /// A mirror changed.
    Changed(Topic),
    /// Items of a stream, each once.
    Items(Topic, Vec<Item>),
    /// A topic is not to be had.
    Refused(Topic, CodeWord),
    /// A mirror disagreed with the server's checksum: a defect, to be counted. It is fetched anew.
    MirrorMismatch(Topic),
    /// A command was decided. Told once while the program runs; a device that is switched off before it forgot the
    /// command asks for the answer again.
    Settled {
        /// Its key.
        key: CmdKey,
        /// What became of it.
        answer: Box<Answer>,
    },
    /// A command was refused before it was decided, and will not be sent again. A device's is parked in its store.
    NotTaken {
        /// The command.
        cmd: Box<Cmd>,
        /// Why.
        code: CodeWord,
    },
    /// A command has no answer yet; whether it took effect is unknown. It is sent again with the same key.
    Unanswered(CmdKey),
    /// The queue was numbered anew from here.
    Rebased(CmdSeq),
    /// Number or key were used for another command: storage or identity is cloned. Nothing is sent until the device is
    /// enrolled again.
    IdentityAlarm,
    /// The device's store failed; what it could not do is tried again.
    StoreFailed,
    /// A frame was refused that nothing above is about.
    Error(CodeWord),
}

/// Why a client stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The program asked for it.
    Asked,
    /// The connection was closed with a code that forbids another.
    Closed(u16),
    /// `hello` was refused for good.
    Refused(CodeWord),
}

/// Why a call was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unable {
    /// The queue is full: the device must connect first.
    QueueFull,
    /// The store could not keep the command; do not beep.
    StoreFailed,
    /// A device's command needs a reading of its clocks, a console's must not have one.
    WrongKind,
    /// This release has no such topic, or no such window of it.
    BadTopic,
    /// So many topics the server does not give.
    TooManyTopics,
    /// A command is larger than any message may be.
    TooLarge,
}

impl std::fmt::Display for Unable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::QueueFull => "the queue is full",
            Self::StoreFailed => "the command could not be stored",
            Self::WrongKind => "the command does not fit this sort of client",
            Self::BadTopic => "there is no such topic or window",
            Self::TooManyTopics => "too many topics",
            Self::TooLarge => "the command is too large",
        })
    }
}

impl std::error::Error for Unable {}
