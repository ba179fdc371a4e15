//! Topics: their names, their classes, their windows and their rows.
//!
//! Grammar: two to six segments of `[a-z0-9_-]{1,32}` joined by dots, 128 bytes at most, no wildcards. Invariant: a
//! [`Topic`] matches the grammar; whether it exists in this release is asked of [`Topic::kind`], and whether somebody
//! may have it is not known here.

mod kind;
pub mod rows;
mod window;

use serde::{Deserialize, Deserializer, Serialize, de::Error};

pub use kind::{Class, TopicKind};
pub use window::{BadWindow, Window};

use crate::ids::Malformed;

/// Name of a topic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), schemars(inline), ts(type = "string"))]
#[serde(transparent)]
pub struct Topic(
    #[cfg_attr(
        feature = "schema",
        schemars(regex(pattern = r"^[a-z0-9_-]{1,32}(\.[a-z0-9_-]{1,32}){1,5}$"), length(max = 128))
    )]
    Box<str>,
);

impl Topic {
    /// Bytes of the longest name.
    pub const MAX_BYTES: usize = 128;

    /// Refuses what does not match the grammar.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let segments = text.split('.').count();
        let well_formed = text.len() <= Self::MAX_BYTES
            && (2..=6).contains(&segments)
            && text.split('.').all(|segment| {
                (1..=32).contains(&segment.len())
                    && segment.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
            });
        if well_formed { Ok(Self(text.into())) } else { Err(Malformed { what: "topic" }) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What sort of topic it is; nothing if this release has none of that name.
    pub fn kind(&self) -> Option<TopicKind> {
        TopicKind::of(&self.0)
    }
}

impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

impl std::fmt::Display for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a server keeps a topic by: name and window. A delta is encoded once per such key, however many read it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicKey {
    /// Name.
    pub topic: Topic,
    /// Window, normalised; nothing for all rows.
    pub window: Option<Window>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_keep_the_grammar() {
        let long = format!("{0}.{0}.{0}.{1}", "x".repeat(32), "x".repeat(29));
        assert_eq!(long.len(), 128);
        for good in ["wh.w1.orders", "a.b", "a.b.c.d.e.f", "device.dev_7.inbox", &long] {
            assert!(Topic::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "a.b.c.d.e.f.g", ".a", "a.", "a..b", "A.b", "a.*", "a.b ", &format!("{long}x")] {
            assert!(Topic::parse(bad).is_err(), "{bad}");
        }
        assert!(Topic::parse(&format!("a.{}", "x".repeat(33))).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused_without_panic(text in "\\PC{0,200}") {
            if let Ok(topic) = Topic::parse(&text) {
                prop_assert_eq!(topic.as_str(), &text);
                let _ = topic.kind();
            }
        }
    }
}
