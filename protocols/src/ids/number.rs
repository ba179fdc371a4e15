//! Numbers that every client can hold: at most 2^53 − 1, the largest integer a JavaScript `number` counts exactly.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::Malformed;

/// The largest number on the wire, 2^53 − 1.
pub const SAFE_MAX: u64 = (1 << 53) - 1;

macro_rules! safe53 {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), schemars(inline), ts(type = "number"))]
        #[serde(transparent)]
        pub struct $name(#[cfg_attr(feature = "schema", schemars(range(max = 9_007_199_254_740_991u64)))] u64);

        impl $name {
            /// Nought: before the first.
            pub const ZERO: Self = Self(0);

            /// Refuses anything above [`SAFE_MAX`].
            pub const fn new(value: u64) -> Result<Self, Malformed> {
                if value > SAFE_MAX { Err(Malformed { what: $what }) } else { Ok(Self(value)) }
            }

            /// The plain number.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// The one after this. The last one is followed by itself: 2^53 of anything here takes longer than any
            /// machine lives, and a counter that stands still is refused as a repeat rather than taken as new.
            #[must_use]
            pub const fn next(self) -> Self {
                if self.0 == SAFE_MAX { self } else { Self(self.0 + 1) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(u64::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

safe53!(
    /// Position in the journal of a node; on the wire `off`, `base` and `ver`. In a gauge, its local counter.
    JournalSeq,
    "journal offset"
);
safe53!(
    /// A device's own count of its commands, from 1; on the wire `seq`.
    CmdSeq,
    "command number"
);
safe53!(
    /// Revision of an aggregate, quoted by a command and checked by the actor; on the wire `rev`.
    Rev,
    "revision"
);
safe53!(
    /// Number a client gives a frame to know its answer by; on the wire `id`.
    FrameId,
    "frame id"
);
safe53!(
    /// Enrolment generation of a device: each enrolment fences the ones before it.
    Gen,
    "generation"
);
safe53!(
    /// Milliseconds: since the Unix epoch in UTC for an instant, or a span, as the field says.
    Millis,
    "time in milliseconds"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stop_at_what_a_browser_counts() {
        assert_eq!(JournalSeq::new(SAFE_MAX).map(JournalSeq::get), Ok(SAFE_MAX));
        assert!(JournalSeq::new(SAFE_MAX + 1).is_err());
        assert!(serde_json::from_str::<CmdSeq>("9007199254740992").is_err());
        assert!(serde_json::from_str::<CmdSeq>("-1").is_err());
        assert!(serde_json::from_str::<CmdSeq>("1.0").is_err());
        assert!(serde_json::from_str::<CmdSeq>("\"1\"").is_err());
        assert_eq!(serde_json::to_string(&Rev::new(7).unwrap()).unwrap(), "7");
        assert_eq!(CmdSeq::new(SAFE_MAX).unwrap().next().get(), SAFE_MAX);
    }
}
