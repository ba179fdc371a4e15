//! `hello`: who speaks, with what right, and what it wants to see. One frame from upgrade to live.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::value::RawValue;

use super::control::rate;
use crate::{
    code::Code,
    envelope::{self, Refused},
    ids::{AppVersion, BootId, ClientId, CmdSeq, DeviceId, Epoch, Gen, InstallId, JournalSeq, Malformed, Millis},
    limits::{self, ClientKind},
    topic::{Topic, Window},
};

/// A token or ticket: opaque, printable, never logged.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), schemars(inline), ts(type = "string"))]
#[serde(transparent)]
pub struct Token(#[cfg_attr(feature = "schema", schemars(length(min = 1, max = 2048)))] String);

impl Token {
    /// Refuses what is empty, longer than [`limits::TOKEN_BYTES`], or not visible ASCII.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let well_formed =
            (1..=limits::TOKEN_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if well_formed { Ok(Self(text.to_owned())) } else { Err(Malformed { what: "token" }) }
    }

    /// The text, to check its signature.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// Something a client can do beyond the first version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), schemars(inline), ts(type = "string"))]
#[serde(transparent)]
pub struct Cap(#[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z0-9_]{1,32}$")))] String);

impl Cap {
    /// The device sends `batch`.
    pub const BATCH: &'static str = "batch";

    /// Refuses what is not `[a-z0-9_]{1,32}`. An unknown one is no mistake: the client may be newer.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        let well_formed = (1..=32).contains(&text.len()) && text.bytes().all(plain);
        if well_formed { Ok(Self(text.to_owned())) } else { Err(Malformed { what: "capability" }) }
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Cap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// What the clocks of a device show. Ordering never rests on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Wall clock, milliseconds since the Unix epoch.
    pub wall_ms: Millis,
    /// Milliseconds since boot.
    pub mono_ms: Millis,
    /// Which boot.
    pub boot: BootId,
}

/// The clock of a `hello` is a plain reading.
pub type Clock = Reading;

/// Up to where a topic is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// Life of the offsets.
    pub epoch: Epoch,
    /// Offset of the mirror.
    pub off: JournalSeq,
}

/// A topic wanted from the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// Which.
    pub topic: Topic,
    /// What the client has of it, through the same window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// Updates of a gauge a second, 1 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "rate")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub max_hz: Option<u8>,
    /// Which of its rows; all where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident, $variant:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), schemars(inline))]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            /// The only value.
            $variant,
        }
    };
}

kind!(
    /// `device`.
    DeviceTag,
    Device
);
kind!(
    /// `console`.
    ConsoleTag,
    Console
);

/// `hello` of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct HelloDevice {
    /// `device`.
    pub kind: DeviceTag,
    /// Which device.
    pub client: DeviceId,
    /// Which installation.
    pub install: InstallId,
    /// Which enrolment.
    #[serde(rename = "gen")]
    pub generation: Gen,
    /// Program version.
    pub app: AppVersion,
    /// What it can do.
    #[serde(default)]
    pub caps: Vec<Cap>,
    /// Short-lived token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// Ticket of an earlier `welcome`, in place of a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Token>,
    /// Number of the command it will send first: the oldest unanswered one, or the next.
    pub seq_next: CmdSeq,
    /// What its clocks show.
    pub clock: Clock,
    /// Topics wanted.
    #[serde(default)]
    pub subs: Vec<Subscription>,
}

/// `hello` of a console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct HelloConsole {
    /// `console`.
    pub kind: ConsoleTag,
    /// Name the tab gave itself.
    pub client: ClientId,
    /// Program version.
    pub app: AppVersion,
    /// What it can do.
    #[serde(default)]
    pub caps: Vec<Cap>,
    /// Access token of the login API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// Ticket of an earlier `welcome`, in place of a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Token>,
    /// Token of a tracking link, in place of both: of the customer of one order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<Token>,
    /// Topics wanted.
    #[serde(default)]
    pub subs: Vec<Subscription>,
}

/// The first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hello {
    /// Of a device.
    Device(HelloDevice),
    /// Of a console.
    Console(HelloConsole),
}

/// What proves who speaks. At least one of them is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credentials<'a> {
    /// Token.
    pub token: Option<&'a Token>,
    /// Ticket.
    pub ticket: Option<&'a Token>,
    /// Token of a tracking link; of consoles only.
    pub track: Option<&'a Token>,
}

impl Hello {
    /// Reads it: first of which sort it is, then that sort.
    pub(super) fn decode(d: &RawValue) -> Result<Self, Refused> {
        #[derive(Deserialize)]
        struct Peek {
            kind: ClientKind,
        }
        let hello = match envelope::payload::<Peek>(d)?.kind {
            ClientKind::Device => Self::Device(envelope::payload(d)?),
            ClientKind::Console => Self::Console(envelope::payload(d)?),
        };
        hello.check()?;
        Ok(hello)
    }

    fn check(&self) -> Result<(), Refused> {
        let Credentials { token, ticket, track } = self.credentials();
        if token.is_none() && ticket.is_none() && track.is_none() {
            return Err(Refused::field(Code::BadField, "token"));
        }
        // A customer is nobody else at the same time.
        if track.is_some() && (token.is_some() || ticket.is_some()) {
            return Err(Refused::field(Code::BadField, "track"));
        }
        let (caps, subs) = match self {
            Self::Device(hello) => (&hello.caps, &hello.subs),
            Self::Console(hello) => (&hello.caps, &hello.subs),
        };
        if caps.len() > limits::CAPS {
            return Err(Refused::field(Code::TooLarge, "caps"));
        }
        if subs.len() > limits::TOPICS {
            return Err(Refused::field(Code::TopicLimit, "subs"));
        }
        let repeated = subs.iter().enumerate().any(|(at, sub)| subs[..at].iter().any(|other| other.topic == sub.topic));
        if repeated { Err(Refused::field(Code::BadField, "subs")) } else { Ok(()) }
    }

    /// Which sort.
    pub const fn kind(&self) -> ClientKind {
        match self {
            Self::Device(_) => ClientKind::Device,
            Self::Console(_) => ClientKind::Console,
        }
    }

    /// What proves who speaks.
    pub const fn credentials(&self) -> Credentials<'_> {
        let (token, ticket, track) = match self {
            Self::Device(hello) => (&hello.token, &hello.ticket, &None),
            Self::Console(hello) => (&hello.token, &hello.ticket, &hello.track),
        };
        Credentials { token: token.as_ref(), ticket: ticket.as_ref(), track: track.as_ref() }
    }

    /// Topics wanted.
    pub fn subs(&self) -> &[Subscription] {
        match self {
            Self::Device(hello) => &hello.subs,
            Self::Console(hello) => &hello.subs,
        }
    }
}
