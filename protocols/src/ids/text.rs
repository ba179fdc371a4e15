//! Names on the wire: short ASCII, so that they can be logged, compared and put into a topic without thought.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::Malformed;

const fn lower(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')
}

const fn mixed(byte: u8) -> bool {
    lower(byte) || byte.is_ascii_uppercase()
}

const fn dotted(byte: u8) -> bool {
    lower(byte) || byte == b'.'
}

const fn version(byte: u8) -> bool {
    mixed(byte) || matches!(byte, b'.' | b'+')
}

const fn row(byte: u8) -> bool {
    mixed(byte) || matches!(byte, b'.' | b':' | b'/')
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal, $allowed:ident, $pattern:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), schemars(inline), ts(type = "string"))]
        #[serde(transparent)]
        pub struct $name(#[cfg_attr(feature = "schema", schemars(regex(pattern = $pattern)))] Box<str>);

        impl $name {
            /// Refuses what does not match the pattern of the type.
            pub fn parse(text: &str) -> Result<Self, Malformed> {
                if text.is_empty() || text.len() > $max || !text.bytes().all($allowed) {
                    return Err(Malformed { what: $what });
                }
                Ok(Self(text.into()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Self::parse(&text).map_err(D::Error::custom)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name!(
    /// An enrolled device. It can stand as a segment of a topic.
    DeviceId,
    "device id",
    32,
    lower,
    "^[a-z0-9_-]{1,32}$"
);
name!(
    /// What speaks: the device id of a device, or a name a browser tab gives itself.
    ClientId,
    "client id",
    32,
    lower,
    "^[a-z0-9_-]{1,32}$"
);
name!(
    /// An installation on a device: a new one after each wipe, so that a counter that starts again is told from a clone.
    InstallId,
    "install id",
    32,
    lower,
    "^[a-z0-9_-]{1,32}$"
);
name!(
    /// A boot of a device: monotonic clocks of two boots do not compare.
    BootId,
    "boot id",
    32,
    lower,
    "^[a-z0-9_-]{1,32}$"
);
name!(
    /// The life of a topic's offsets: the journal's id, or a random text per start for a gauge.
    Epoch,
    "epoch",
    32,
    lower,
    "^[a-z0-9_-]{1,32}$"
);
name!(
    /// The operation of a command, such as `pick.confirm`.
    Op,
    "operation",
    64,
    dotted,
    "^[a-z0-9_.-]{1,64}$"
);
name!(
    /// The key of a row within its topic. Short, so that hashing it needs no heap.
    RowKey,
    "row key",
    64,
    row,
    "^[A-Za-z0-9_.:/-]{1,64}$"
);
name!(
    /// Version of the client's program.
    AppVersion,
    "app version",
    32,
    version,
    "^[A-Za-z0-9_.+-]{1,32}$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_plain_ascii() {
        for good in ["dev_7", "a", "0-_z", &"x".repeat(32)] {
            assert_eq!(DeviceId::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "Dev", "a.b", "a b", "é", "a\n", &"x".repeat(33)] {
            assert!(DeviceId::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Op::parse("pick.confirm").is_ok());
        assert!(Op::parse("pick confirm").is_err());
        assert!(RowKey::parse("SKU-1/b:2").is_ok());
        assert!(AppVersion::parse("1.8.2+b7").is_ok());
        assert!(serde_json::from_str::<DeviceId>("\"\\u0064ev\"").is_ok(), "an escaped letter is that letter");
        assert!(serde_json::from_str::<DeviceId>("7").is_err());
    }
}
