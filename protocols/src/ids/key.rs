//! The id of a command, made by the client.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::Malformed;

/// A UUID of version 7 (RFC 9562) in lower-case text: the command id of the journal, and what makes a repeat harmless.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), schemars(inline), ts(type = "string"))]
#[serde(transparent)]
pub struct CmdKey(
    #[cfg_attr(
        feature = "schema",
        schemars(regex(pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"))
    )]
    Box<str>,
);

impl CmdKey {
    /// Refuses anything but the lower-case text of a version 7 UUID.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let well_formed = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                14 => byte == b'7',
                19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
                _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            });
        if well_formed { Ok(Self(text.into())) } else { Err(Malformed { what: "command key" }) }
    }

    /// Makes a key from the time in milliseconds since the Unix epoch and 80 random bits, as RFC 9562 §5.7 lays them
    /// out. Pure: the caller brings clock and randomness. Bits of `unix_ms` above 48 are cut off (year 10889).
    pub fn from_parts(unix_ms: u64, random: [u8; 10]) -> Self {
        let mut bytes = [0u8; 16];
        bytes[..6].copy_from_slice(&unix_ms.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        let mut text = String::with_capacity(36);
        for (at, byte) in bytes.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            for nibble in [byte >> 4, byte & 0x0f] {
                text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
            }
        }
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for CmdKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

impl std::fmt::Display for CmdKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_version_7_in_lower_case() {
        // The example of RFC 9562, appendix A.6.
        let good = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
        assert_eq!(CmdKey::parse(good).unwrap().as_str(), good);
        let random = [0x7c, 0xc3, 0x98, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
        assert_eq!(CmdKey::from_parts(0x017F_22E2_79B0, random).as_str(), good);
        for bad in [
            "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
            "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",
            "017f22e279b07cc398c4dc0c0c07398f",
            "",
        ] {
            assert!(CmdKey::parse(bad).is_err(), "{bad}");
        }
    }
}
