//! A window: which rows of a Map topic a client wants, as fixed values of few fields.
//!
//! Invariant: two windows that mean the same are equal and have the same text, so a topic is kept and encoded once for
//! all who look through the same window. There are no free filters: they would cost the server per user.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::TopicKind;
use crate::limits;

/// For each key, the values a row may have. Never empty, and no key without values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS), schemars(inline))]
#[cfg_attr(feature = "schema", ts(type = "{ [key in string]: Array<string> }"))]
#[serde(transparent)]
pub struct Window(BTreeMap<String, BTreeSet<String>>);

/// A window that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadWindow {
    /// No key, or a key without values.
    Empty,
    /// More keys or values than [`limits::WINDOW_KEYS`] and [`limits::WINDOW_VALUES`].
    TooMany,
    /// A key or value that is not `[a-z0-9_-]{1,32}`.
    BadText,
    /// A key that the topic's rows do not have.
    UnknownKey,
}

impl std::fmt::Display for BadWindow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "the window has no key, or a key without values",
            Self::TooMany => "the window has too many keys or values",
            Self::BadText => "a key or value of the window is not well formed",
            Self::UnknownKey => "the topic has no window of this key",
        })
    }
}

impl Window {
    /// Sorts, removes repeats and checks.
    ///
    /// # Errors
    /// See [`BadWindow`]; keys are checked against a topic by [`Window::fits`].
    pub fn new(keys: impl IntoIterator<Item = (String, Vec<String>)>) -> Result<Self, BadWindow> {
        let mut window = BTreeMap::new();
        for (key, values) in keys {
            let set: &mut BTreeSet<String> = window.entry(key).or_default();
            set.extend(values);
        }
        if window.is_empty() || window.values().any(BTreeSet::is_empty) {
            return Err(BadWindow::Empty);
        }
        if window.len() > limits::WINDOW_KEYS || window.values().any(|values| values.len() > limits::WINDOW_VALUES) {
            return Err(BadWindow::TooMany);
        }
        if !window.iter().flat_map(|(key, values)| values.iter().chain([key])).all(|text| plain(text)) {
            return Err(BadWindow::BadText);
        }
        Ok(Self(window))
    }

    /// Whether a topic of this kind can be looked at through it.
    ///
    /// # Errors
    /// [`BadWindow::UnknownKey`].
    pub fn fits(&self, kind: &TopicKind) -> Result<(), BadWindow> {
        let known = self.0.keys().all(|key| kind.window_keys().contains(&key.as_str()));
        if known { Ok(()) } else { Err(BadWindow::UnknownKey) }
    }

    /// Whether a row is inside. `field` gives the row's value for a key; a row without that field is outside.
    pub fn admits<'a>(&self, field: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.0.iter().all(|(key, values)| field(key).is_some_and(|value| values.contains(value)))
    }
}

fn plain(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let keys = BTreeMap::<String, Vec<String>>::deserialize(deserializer)?;
        Self::new(keys).map_err(D::Error::custom)
    }
}

impl std::fmt::Display for Window {
    /// `channel=web;status=packing,picking`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (key, values)) in self.0.iter().enumerate() {
            let values: Vec<_> = values.iter().map(String::as_str).collect();
            write!(f, "{}{key}={}", if at > 0 { ";" } else { "" }, values.join(","))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(json: &str) -> Result<Window, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn windows_that_mean_the_same_are_the_same() {
        let one = window(r#"{"status":["picking","packing","picking"],"channel":["web"]}"#).unwrap();
        let other = window(r#"{"channel":["web"],"status":["packing","picking"]}"#).unwrap();
        assert_eq!(one, other);
        assert_eq!(one.to_string(), "channel=web;status=packing,picking");
        assert_eq!(serde_json::to_string(&one).unwrap(), r#"{"channel":["web"],"status":["packing","picking"]}"#);
    }

    #[test]
    fn windows_are_small_and_plain() {
        for bad in [
            r#"{}"#,
            r#"{"status":[]}"#,
            r#"{"Status":["x"]}"#,
            r#"{"status":["a b"]}"#,
            r#"{"status":["x"],"a":["x"],"b":["x"],"c":["x"],"d":["x"]}"#,
        ] {
            assert!(window(bad).is_err(), "{bad}");
        }
        let orders = TopicKind::Orders("w1".to_owned());
        assert_eq!(window(r#"{"status":["x"]}"#).unwrap().fits(&orders), Ok(()));
        assert_eq!(window(r#"{"zone":["x"]}"#).unwrap().fits(&orders), Err(BadWindow::UnknownKey));
    }

    #[test]
    fn a_row_is_inside_when_all_keys_agree() {
        let window = window(r#"{"status":["picking"],"channel":["web","app"]}"#).unwrap();
        let row = |status: &'static str, channel: Option<&'static str>| {
            window.admits(|key| if key == "status" { Some(status) } else { channel })
        };
        assert!(row("picking", Some("app")));
        assert!(!row("packed", Some("app")));
        assert!(!row("picking", None));
    }
}
