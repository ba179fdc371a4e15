//! Names of things on the floor. Past this point a text can only name its own kind of thing.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ids::IdError;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal, $rule:literal, $ok:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Parses the text form.
            ///
            /// # Errors
            /// [`IdError`] naming the rule that is broken.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let ok: fn(char) -> bool = $ok;
                if text.is_empty() || text.len() > $max || !text.chars().all(ok) {
                    return Err(IdError { text: text.chars().take(64).collect(), what: $what, rule: $rule });
                }
                Ok(Self(text.into()))
            }

            /// The text form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    };
}

const fn word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Letters, digits and the punctuation of GS1's character set 82.
const fn cset_82(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '!' | '"' | '%' | '&' | '\'' | '(' | ')' | '*' | '+' | ',' | '-' | '.' | '/' | '_')
        || matches!(c, ':' | ';' | '<' | '=' | '>' | '?')
}

text_id!(
    /// A location: bin, dock, stage, tote; for example `A-01-03`.
    LocationCode, "location code", 32, "1 to 32 letters, digits, '-', '_' or '.'", word
);
text_id!(
    /// A license plate, normally an SSCC of 18 digits.
    PlateId, "plate number", 20, "1 to 20 letters, digits, '-', '_' or '.'", word
);
text_id!(
    /// An enrolled device of the site.
    DeviceId, "device id", 64, "1 to 64 letters, digits, '-', '_' or '.'", word
);
text_id!(
    /// A document to work from: purchase order, announcement, return.
    DocId, "document number", 64, "1 to 64 letters, digits, '-', '_' or '.'", word
);
text_id!(
    /// A load: what leaves from one door together.
    LoadId, "load number", 64, "1 to 64 letters, digits, '-', '_' or '.'", word
);
text_id!(
    /// A batch or lot number (AI 10). It means nothing without its item.
    Lot, "lot", 20, "1 to 20 characters of GS1's character set 82", cset_82
);
text_id!(
    /// A serial number (AI 21). It means nothing without its item.
    SerialNo, "serial number", 20, "1 to 20 characters of GS1's character set 82", cset_82
);
