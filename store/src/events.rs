//! The events of a journal entry.
//!
//! Whoever decides them has them typed, the journal keeps them as text, and few look at them as JSON values. Each form is
//! made when somebody asks for it: to build a tree for every event of every order, and to tear it down again, took more
//! than to write them.

use std::{
    any::Any,
    borrow::Cow,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::Value;

use crate::canonical::Text;

/// The events of one entry, each an object with a `type`. Read as a slice they are JSON values.
#[derive(Clone)]
pub struct Events {
    /// Canonical JSON, an array.
    text: OnceLock<Arc<str>>,
    values: OnceLock<Vec<Value>>,
    /// A `Vec` of the events themselves.
    typed: Option<Arc<dyn Any + Send + Sync>>,
}

impl Events {
    /// Events as they were decided. They are written at once, by whoever decided them.
    pub fn of<E: Serialize + Send + Sync + 'static>(events: Arc<Vec<E>>) -> Self {
        let mut text = Text::with_capacity(512);
        text.serialized(&*events);
        Self { text: OnceLock::from(Arc::from(text.into_text())), values: OnceLock::new(), typed: Some(events) }
    }

    /// Their canonical JSON (see [`crate::chain`]): an array.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| {
            let mut text = Text::with_capacity(512);
            text.values(self.values.get().map_or(&[][..], Vec::as_slice));
            Arc::from(text.into_text())
        })
    }

    /// Them as JSON values.
    pub fn values(&self) -> &[Value] {
        // Only one who has no values has text that this wrote, which is JSON.
        self.values.get_or_init(|| serde_json::from_str(self.text()).unwrap_or_default())
    }

    /// Those that are of the type `E`, which others, such as the mark of a command that changed nothing, are not. Nothing is
    /// read when they were decided in this process as that type.
    pub fn typed<E: DeserializeOwned + Clone + 'static>(&self) -> Cow<'_, [E]> {
        let typed = self.typed.as_ref().and_then(|typed| typed.downcast_ref::<Vec<E>>());
        typed.map_or_else(
            || Cow::Owned(self.values().iter().filter_map(|event| E::deserialize(event).ok()).collect()),
            |typed| Cow::Borrowed(typed.as_slice()),
        )
    }

    /// Whether one of them has one of these types.
    pub fn has_type(&self, types: &[&str]) -> bool {
        // Most have none of those that are asked for, and are not read to find that out.
        let named = |name: &&str| self.text().contains(&format!("\"type\":\"{name}\""));
        if self.values.get().is_none() && !types.iter().any(named) {
            return false;
        }
        self.values().iter().any(|event| event["type"].as_str().is_some_and(|name| types.contains(&name)))
    }
}

impl Deref for Events {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        self.values()
    }
}

impl From<Vec<Value>> for Events {
    fn from(values: Vec<Value>) -> Self {
        Self { text: OnceLock::new(), values: OnceLock::from(values), typed: None }
    }
}

impl From<Events> for Vec<Value> {
    fn from(events: Events) -> Self {
        events.values();
        events.values.into_inner().unwrap_or_default()
    }
}

impl<'a> IntoIterator for &'a Events {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.values().iter()
    }
}

impl PartialEq for Events {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl Serialize for Events {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.values().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Events {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
    #[serde(tag = "type", deny_unknown_fields)]
    enum Event {
        Second { z: u64, a: Option<String> },
        First {},
    }

    fn decided() -> Events {
        Events::of(Arc::new(vec![Event::Second { z: 2, a: Some("\"type\":\"First\"".into()) }, Event::First {}]))
    }

    fn stored() -> Events {
        let (second, first) = (json!({"type": "Second", "z": 2, "a": "\"type\":\"First\""}), json!({"type": "First"}));
        vec![second, first].into()
    }

    #[test]
    fn events_are_the_same_in_every_form() {
        let (decided, stored) = (decided(), stored());
        let text = r#"[{"a":"\"type\":\"First\"","type":"Second","z":2},{"type":"First"}]"#;
        assert_eq!((decided.text(), stored.text()), (text, text));
        assert_eq!(decided, stored);
        assert_eq!(decided[..], stored[..]);
        assert_eq!(decided.typed::<Event>(), stored.typed::<Event>());
        assert!(matches!(decided.typed::<Event>(), Cow::Borrowed(_)));
        assert_eq!(serde_json::to_value(&decided).unwrap(), json!(stored.values()));
        assert_eq!(serde_json::from_str::<Events>(text).unwrap(), decided);
        assert_eq!(Vec::from(decided), stored.values());
        assert_ne!(stored, Events::from(vec![json!({"type": "First"})]));
    }

    #[test]
    fn what_is_of_no_type_is_left_out() {
        let mixed = Events::from(vec![json!({"type": "NothingChanged"}), json!({"type": "First"}), json!(7)]);
        assert_eq!(*mixed.typed::<Event>(), [Event::First {}]);
        assert!(decided().typed::<u64>().is_empty(), "typed as something else");
        assert_eq!(Events::of(Arc::new(Vec::<Event>::new())).text(), "[]");
    }

    #[test]
    fn a_type_is_found_where_it_is_a_type() {
        for events in [decided(), stored()] {
            assert!(events.has_type(&["Third", "First"]) && events.has_type(&["Second"]));
            assert!(!events.has_type(&["Third"]) && !events.has_type(&[]));
        }
        // A text, or a part, that says so is none.
        for value in [json!("\"type\":\"First\""), json!({"type": "First"})] {
            let events = Events::of(Arc::new(vec![json!({"type": "Second", "a": value})]));
            assert!(!events.has_type(&["First"]) && events.has_type(&["Second"]));
        }
    }
}
