//! Contents that a frame carries without understanding them: arguments of a command, bodies of rows, answers.
//!
//! Invariant: the text is one JSON value without line breaks, so that a frame holding it stays one line. It is parsed
//! by whoever knows its type, once.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

/// One JSON value as text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(type = "unknown"))]
#[serde(transparent)]
pub struct Payload(Box<RawValue>);

impl Payload {
    /// Of something that serialises.
    ///
    /// # Errors
    /// What the serialisation of the value answers, such as a map whose keys are not texts.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Self> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    /// Of JSON text, which is made compact if it holds line breaks.
    ///
    /// # Errors
    /// If the text is not one JSON value.
    pub fn from_json(text: &str) -> serde_json::Result<Self> {
        Self::one_line(serde_json::from_str(text)?)
    }

    /// The empty object.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The JSON text.
    pub fn json(&self) -> &str {
        self.0.get()
    }

    /// Understands it as `T`.
    ///
    /// # Errors
    /// If the text is not a `T`.
    pub fn parse<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.json())
    }

    fn one_line(raw: Box<RawValue>) -> serde_json::Result<Self> {
        // JSON allows line breaks between tokens only, so they all vanish when written compactly.
        if raw.get().contains(['\n', '\r']) {
            return Self::of(&serde_json::from_str::<serde_json::Value>(raw.get())?);
        }
        Ok(Self(raw))
    }
}

impl Default for Payload {
    fn default() -> Self {
        Self(RawValue::from_string("{}".to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl Eq for Payload {}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::one_line(Box::<RawValue>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Payload {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Payload".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        true.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_one_line() {
        let payload = Payload::from_json("{\n \"a\": \"x\\ny\",\r\n\"b\": [1,\n2]}").unwrap();
        assert_eq!(payload.json(), r#"{"a":"x\ny","b":[1,2]}"#);
        assert_eq!(Payload::empty().json(), "{}");
        assert!(Payload::from_json("{} {}").is_err());
    }
}
