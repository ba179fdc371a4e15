//! Bounds of the socket protocol, in one place. Sizes are bytes, spans are milliseconds.
//!
//! Invariant: what a peer may rely on is reported in `welcome.limits`; a client uses the reported figures, never these
//! constants, so that a server may tighten them. Figures that only one side needs are constants alone.

use serde::{Deserialize, Serialize};

/// Which of the two sorts of client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// A warehouse scanner.
    Device,
    /// A browser.
    Console,
}

/// One inbound message, and the largest frame in it.
pub const MESSAGE_BYTES: usize = 64 * 1024;
/// The one message before `welcome`.
pub const PRE_AUTH_BYTES: usize = 4 * 1024;
/// Time for that message.
pub const PRE_AUTH_MS: u64 = 5_000;
/// What a device should keep a batch below: a larger message leaves a larger read buffer for the connection's life.
pub const BATCH_BYTES: usize = 16 * 1024;
/// Commands in a batch.
pub const BATCH_COMMANDS: usize = 100;
/// Frames in one inbound message.
pub const MESSAGE_FRAMES: usize = 128;
/// Arrays and objects inside each other, the frame itself counted.
pub const JSON_DEPTH: usize = 16;
/// Members of one array or object.
pub const JSON_MEMBERS: usize = 1_000;
/// One text, as written between its quotes.
pub const JSON_STRING_BYTES: usize = 4 * 1024;
/// The token and ticket of a `hello` or `auth`: within [`PRE_AUTH_BYTES`].
pub const TOKEN_BYTES: usize = 2 * 1024;
/// A raw barcode.
pub const BARCODE_BYTES: usize = 256;
/// Topics of one connection.
pub const TOPICS: usize = 32;
/// Capabilities a client may name.
pub const CAPS: usize = 16;
/// Keys of a window.
pub const WINDOW_KEYS: usize = 4;
/// Values for one key of a window.
pub const WINDOW_VALUES: usize = 16;
/// Unknown frames or fields within [`ABUSE_WINDOW_MS`] that close a connection with 4501.
pub const ABUSE_STRIKES: usize = 3;
/// See [`ABUSE_STRIKES`].
pub const ABUSE_WINDOW_MS: u64 = 10_000;

/// Commands a second from a console.
pub const CONSOLE_COMMANDS_PER_S: u32 = 10;
/// Frames with commands a second from a device; a batch is one.
pub const DEVICE_FRAMES_PER_S: u32 = 20;
/// Commands a second from a device that flushes its queue.
pub const DEVICE_FLUSH_PER_S: u32 = 500;

/// Connections of one device; the newest wins.
pub const DEVICE_CONNECTIONS: usize = 2;
/// Connections of one user.
pub const USER_CONNECTIONS: usize = 8;
/// Connections of one address that have not said `hello`.
pub const PRE_AUTH_SOCKETS: usize = 64;

/// Commands a device keeps while offline, and answers the server keeps for it.
pub const QUEUE_COMMANDS: usize = 5_000;
/// How long both keep them.
pub const QUEUE_MS: u64 = 72 * 3_600_000;
/// How long outcomes of console commands are kept.
pub const CONSOLE_OUTCOME_MS: u64 = 24 * 3_600_000;

/// Steps in a topic's ring.
pub const RING_STEPS: usize = 4_096;
/// Age of a step in a ring.
pub const RING_MS: u64 = 120_000;
/// Bytes in a ring.
pub const RING_BYTES: usize = 4 * 1024 * 1024;
/// Steps a resume replays; beyond, a snapshot is cheaper.
pub const REPLAY_STEPS: usize = 1_024;
/// How long an inbox item waits for `seen`.
pub const INBOX_MS: u64 = 72 * 3_600_000;
/// A snapshot that takes longer to send closes 4008.
pub const PAGING_MS: u64 = 5_000;
/// Updates of a gauge a second, where the client names no rate.
pub const GAUGE_HZ: u8 = 2;
/// The highest rate a client may name.
pub const GAUGE_HZ_MAX: u8 = 10;
/// Between two `chk` of a Map topic.
pub const CHECK_MS: u64 = 30_000;

/// A write that takes longer closes 4008.
pub const WRITE_MS: u64 = 10_000;
/// Frames the writer feeds before it flushes.
pub const FEED_FRAMES: usize = 64;
/// Bytes the writer feeds before it flushes.
pub const FEED_BYTES: usize = 8 * 1024;
/// What a client adds to `hb_ms` before it takes the connection for dead.
pub const HEARTBEAT_GRACE_MS: u64 = 5_000;

/// First delay of the reconnect backoff.
pub const BACKOFF_MIN_MS: u64 = 250;
/// Longest delay of the reconnect backoff.
pub const BACKOFF_MAX_MS: u64 = 30_000;
/// A connection that lives this long resets the backoff.
pub const BACKOFF_RESET_MS: u64 = 10_000;

/// Figures that differ between devices and consoles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindLimits {
    /// Above it Maps stop queueing and gauges overwrite.
    pub outbox_soft: usize,
    /// Above it the class rules of the topics apply.
    pub outbox_hard: usize,
    /// A page of a snapshot.
    pub page_bytes: usize,
    /// The socket's read buffer.
    pub read_buffer: usize,
    /// Idle time before the server pings.
    pub heartbeat_ms: u64,
    /// Time for the pong.
    pub pong_ms: u64,
}

impl ClientKind {
    /// The figures of this sort of client.
    pub const fn limits(self) -> KindLimits {
        match self {
            Self::Device => KindLimits {
                outbox_soft: 16 * 1024,
                outbox_hard: 64 * 1024,
                page_bytes: 4 * 1024,
                read_buffer: 2 * 1024,
                heartbeat_ms: 10_000,
                pong_ms: 5_000,
            },
            Self::Console => KindLimits {
                outbox_soft: 64 * 1024,
                outbox_hard: 256 * 1024,
                page_bytes: 16 * 1024,
                // What consoles say is small. Half of what the specification allows keeps an idle one below the floor of
                // its goal for memory; a larger message grows the buffer.
                read_buffer: 2 * 1024,
                heartbeat_ms: 25_000,
                pong_ms: 10_000,
            },
        }
    }
}

/// The bounds a client has to keep, as `welcome` reports them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Limits {
    /// Bytes of one message.
    pub message_bytes: u32,
    /// Bytes a batch should stay below.
    pub batch_bytes: u32,
    /// Commands in a batch.
    pub batch_commands: u32,
    /// Topics at once.
    pub topics: u32,
    /// Commands a second; while a device flushes its queue, within batches.
    pub commands_per_s: u32,
    /// Frames with commands a second.
    pub frames_per_s: u32,
}

impl Limits {
    /// What a server with no reason to be tighter reports.
    pub const fn standard(kind: ClientKind) -> Self {
        let (commands_per_s, frames_per_s) = match kind {
            ClientKind::Device => (DEVICE_FLUSH_PER_S, DEVICE_FRAMES_PER_S),
            ClientKind::Console => (CONSOLE_COMMANDS_PER_S, CONSOLE_COMMANDS_PER_S),
        };
        Self {
            message_bytes: MESSAGE_BYTES as u32,
            batch_bytes: BATCH_BYTES as u32,
            batch_commands: BATCH_COMMANDS as u32,
            topics: TOPICS as u32,
            commands_per_s,
            frames_per_s,
        }
    }
}
