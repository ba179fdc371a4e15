//! Every code a socket frame or a close can carry: one table with number, retry class, text and beep.
//!
//! Invariant: words and numbers are stable and never used again for something else. Clients act on `retry` and on the
//! word, never on the text, so an unknown code is no mishap: its retry class says what to do. Modules with codes of
//! their own (barcodes 4xxx, work flows 5xxx) bring [`Row`]s and join [`tables`]; the tests hold all of them to the
//! same rules.

mod close;
mod floor;
mod reference;
mod rows;

use serde::{Deserialize, Deserializer, Serialize, de::Error};

pub use close::{Close, Reaction};
pub use floor::FLOOR;
pub use reference::reference;
pub use rows::{Code, SOCKET};

/// What a client does about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Nothing: the same again is refused again.
    No,
    /// The same again after `retry_ms`.
    Later,
    /// Get a fresh token, send it in `auth` or a new `hello`, then the same again.
    Reauth,
    /// Bring the own state in line with what the frame says, then go on.
    Resync,
    /// Stop; the program must be updated.
    UpdateApp,
}

/// How a scanner sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Beep {
    /// Go on.
    Ok,
    /// A question is on the screen.
    Confirm,
    /// Look at the screen; what was scanned does not count.
    Stop,
}

/// One code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Stable snake_case word.
    pub code: &'static str,
    /// Stable number; its thousands tell the range.
    pub num: u16,
    /// What the client does.
    pub retry: Retry,
    /// How a scanner sounds; nothing where no scan is answered by it.
    pub beep: Option<Beep>,
    /// In words: lower case, no full stop.
    pub text: &'static str,
}

/// All tables. A module with codes of its own adds its table here.
pub const fn tables() -> &'static [&'static [Row]] {
    &[SOCKET, FLOOR]
}

/// Looks a word up in all tables.
pub fn by_word(code: &str) -> Option<&'static Row> {
    tables().iter().flat_map(|table| table.iter()).find(|row| row.code == code)
}

/// A code as it stands in a frame. It may be unknown here: the peer may be newer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), schemars(inline), ts(type = "string"))]
#[serde(transparent)]
pub struct CodeWord(
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z][a-z0-9_]{0,47}$")))] std::borrow::Cow<'static, str>,
);

impl CodeWord {
    /// A word of another table, such as the REST interface's; nothing for what is not a word.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = matches!(text.len(), 1..=48)
            && text.as_bytes()[0].is_ascii_lowercase()
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        well_formed.then(|| Self(text.to_owned().into()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a code of the socket layer, if it is one.
    pub fn known(&self) -> Option<Code> {
        Code::parse(&self.0)
    }
}

impl From<Code> for CodeWord {
    fn from(code: Code) -> Self {
        Self(code.row().code.into())
    }
}

impl From<&'static Row> for CodeWord {
    fn from(row: &'static Row) -> Self {
        Self(row.code.into())
    }
}

impl PartialEq<Code> for CodeWord {
    fn eq(&self, other: &Code) -> bool {
        self.0 == other.row().code
    }
}

impl<'de> Deserialize<'de> for CodeWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("not a code"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_and_numbers_are_unique_and_in_their_range() {
        let mut words = BTreeSet::new();
        let mut numbers = BTreeSet::new();
        for row in tables().iter().flat_map(|table| table.iter()) {
            assert!(words.insert(row.code), "{} twice", row.code);
            assert!(numbers.insert(row.num), "{} twice", row.num);
            assert!((1000..7000).contains(&row.num), "{}", row.code);
            assert!(serde_json::from_value::<CodeWord>(row.code.into()).is_ok(), "{}", row.code);
            assert!(!row.text.ends_with('.') && row.text.starts_with(|c: char| c.is_lowercase()), "{}", row.text);
        }
    }

    #[test]
    fn every_code_is_its_row() {
        for row in SOCKET {
            let code = Code::parse(row.code).unwrap();
            assert_eq!(code.row(), row);
            assert_eq!(CodeWord::from(code).known(), Some(code));
            assert_eq!(by_word(row.code), Some(row));
        }
        assert_eq!(Code::parse("no_such_code"), None);
    }

    #[test]
    fn the_page_of_codes_is_up_to_date() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/SOCKET-CODES.md");
        let page = reference();
        if std::env::var_os("MUNSHI_TEST_UPDATE").is_some() {
            std::fs::write(&path, &page).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(stored == page, "docs/SOCKET-CODES.md is stale: run the tests once with MUNSHI_TEST_UPDATE=1");
    }
}
