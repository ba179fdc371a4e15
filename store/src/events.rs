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
use serde_json::{Value, json};

use crate::canonical::Text;

/// Type of the event that stands for an accepted command that changed nothing: its id is used, and a retry must be answered
/// from here and not be decided anew on a later state. No aggregate has it among its events.
const NOTHING_CHANGED: &str = "NothingChanged";

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
        text.all(&events);
        Self { text: OnceLock::from(Arc::from(text.into_text())), values: OnceLock::new(), typed: Some(events) }
    }

    /// The mark of a command that was accepted and changed nothing.
    pub fn nothing_changed() -> Self {
        vec![json!({ "type": NOTHING_CHANGED })].into()
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

    /// All of them as the type `E`, but the mark of a command that changed nothing: for whoever folds them, who must miss none.
    ///
    /// # Errors
    /// One is of another type.
    pub fn read<E: DeserializeOwned + Clone + 'static>(&self) -> Result<Cow<'_, [E]>, serde_json::Error> {
        if let Some(typed) = self.typed.as_ref().and_then(|typed| typed.downcast_ref::<Vec<E>>()) {
            return Ok(Cow::Borrowed(typed.as_slice()));
        }
        self.changes().map(|(_, event)| E::deserialize(event)).collect::<Result<_, _>>().map(Cow::Owned)
    }

    /// Them as JSON values, numbered from 0, but the mark of a command that changed nothing.
    pub fn changes(&self) -> impl Iterator<Item = (u32, &Value)> {
        (0..).zip(self.values()).filter(|(_, event)| event["type"] != NOTHING_CHANGED)
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
        assert!(mixed.read::<Event>().is_err(), "who must miss none is told of one that is unknown");
        assert!(decided().typed::<u64>().is_empty(), "typed as something else");
        assert_eq!(Events::of(Arc::new(Vec::<Event>::new())).text(), "[]");
    }

    #[test]
    fn the_mark_of_nothing_is_no_event() {
        let nothing = Events::nothing_changed();
        assert_eq!(nothing.text(), r#"[{"type":"NothingChanged"}]"#);
        assert!(nothing.read::<Event>().unwrap().is_empty() && nothing.changes().next().is_none());
        for events in [decided(), stored()] {
            assert_eq!(events.read::<Event>().unwrap(), events.typed::<Event>());
            assert_eq!(
                events.changes().map(|(n, event)| (n, event["type"].as_str().unwrap())).collect::<Vec<_>>(),
                [(0, "Second"), (1, "First")]
            );
        }
    }

    #[test]
    fn an_event_without_a_form_in_json_harms_no_other() {
        #[derive(Clone, Serialize)]
        struct Odd(#[serde(serialize_with = "fails")] bool);
        fn fails<S: Serializer>(fails: &bool, serializer: S) -> Result<S::Ok, S::Error> {
            if *fails { Err(serde::ser::Error::custom("no form")) } else { serializer.serialize_u8(1) }
        }
        assert_eq!(Events::of(Arc::new(vec![Odd(false), Odd(true), Odd(false)])).text(), "[1,null,1]");
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
