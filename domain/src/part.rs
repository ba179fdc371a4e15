//! Parts of documents, and the text they are stored as.

use serde::{Serialize, de::DeserializeOwned};

/// One row of an aggregate's document. Small aggregates are one part; a warehouse is one part per SKU,
/// order and parcel, so that a scan does not rewrite the building.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part(pub std::sync::Arc<str>);

impl Part {
    /// The part every aggregate has.
    pub fn main() -> Self {
        Self("".into())
    }

    /// A named part, for example `stock/ABC-1`.
    pub fn named(name: impl Into<std::sync::Arc<str>>) -> Self {
        Self(name.into())
    }
}

/// What a part says, as JSON text. Nobody looks into it between the aggregate that writes it and the one that reads
/// it, so that no tree of values is built: that cost several times as much as the text.
#[derive(Clone, Debug)]
pub struct PartJson(String);

impl PartJson {
    /// The text of a value. What JSON has no form for, which no state contains, is `null`.
    pub fn of(value: &(impl Serialize + ?Sized)) -> Self {
        Self(serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()))
    }

    /// Text as it was stored. Whether it is JSON shows when it is read.
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// The value again.
    ///
    /// # Errors
    /// A message when it is no JSON, or has not the shape this version writes.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_str(&self.0).map_err(|error| error.to_string())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, given away.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Equal when the JSON is: in what order an object has its fields does not matter.
impl PartialEq for PartJson {
    fn eq(&self, other: &Self) -> bool {
        let value = |json: &Self| json.read::<serde_json::Value>().ok();
        self.0 == other.0 || (value(self).is_some() && value(self) == value(other))
    }
}

/// A part as it was at one moment, made into text when it is written.
pub enum PartLater {
    /// It is text already.
    Made(PartJson),
    /// A copy of what it says.
    Copied(Box<dyn FnOnce() -> PartJson + Send>),
}

impl PartLater {
    /// Keeps a copy.
    pub fn of(value: impl Serialize + Send + 'static) -> Self {
        Self::Copied(Box::new(move || PartJson::of(&value)))
    }

    /// The text.
    pub fn make(self) -> PartJson {
        match self {
            Self::Made(json) => json,
            Self::Copied(make) => make(),
        }
    }
}

impl std::fmt::Debug for PartLater {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Made(json) => json.fmt(f),
            Self::Copied(_) => f.write_str("Copied"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_part_is_equal_by_what_it_says() {
        let text = |text: &str| PartJson::stored(text.to_owned());
        assert_eq!(text(r#"{"a":1,"b":[2]}"#), text(r#"{ "b": [2], "a": 1 }"#));
        assert_ne!(text(r#"{"a":1}"#), text(r#"{"a":2}"#));
        assert_ne!(text("{"), text("["), "what is no JSON is equal to nothing but itself");
        assert_eq!(text("{"), text("{"));
    }

    #[test]
    fn a_part_reads_what_was_written_and_says_what_is_wrong() {
        let value = BTreeMap::from([("k".to_owned(), 7_u64)]);
        assert_eq!(PartJson::of(&value).read(), Ok(value.clone()));
        assert_eq!(PartLater::of(value.clone()).make(), PartJson::of(&value));
        let wrong = PartJson::stored("[1]".into()).read::<BTreeMap<String, u64>>().unwrap_err();
        assert!(wrong.contains("invalid type"), "{wrong}");
        assert!(PartJson::stored("{".into()).read::<u64>().is_err());
        // A map JSON has no keys for.
        assert_eq!(PartJson::of(&BTreeMap::from([((1, 2), 3)])).as_str(), "null");
    }
}
