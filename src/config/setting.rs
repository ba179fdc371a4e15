//! Kinds of configuration values: how each reads from TOML and prints back. Nothing here knows a key.

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use toml::Value;

/// A kind of value.
pub trait Setting: Sized {
    /// Its name on the reference page.
    const KIND: &'static str;
    /// Reads it.
    ///
    /// # Errors
    /// What was expected.
    fn read(value: &Value) -> Result<Self, String>;
    /// Prints it as TOML, redacted if secret.
    fn show(&self) -> String;
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("expected text, got {}", value.type_str()))
}

impl Setting for String {
    const KIND: &'static str = "text";
    fn read(value: &Value) -> Result<Self, String> {
        text(value).map(Self::from)
    }
    fn show(&self) -> String {
        Value::from(self.as_str()).to_string()
    }
}

impl Setting for PathBuf {
    const KIND: &'static str = "path";
    fn read(value: &Value) -> Result<Self, String> {
        let path = text(value)?;
        if path.is_empty() { Err("must not be empty".into()) } else { Ok(path.into()) }
    }
    fn show(&self) -> String {
        self.display().to_string().show()
    }
}

impl Setting for bool {
    const KIND: &'static str = "boolean";
    fn read(value: &Value) -> Result<Self, String> {
        value.as_bool().ok_or_else(|| format!("expected true or false, got {}", value.type_str()))
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for u64 {
    const KIND: &'static str = "integer";
    fn read(value: &Value) -> Result<Self, String> {
        let number = value.as_integer().ok_or_else(|| format!("expected a whole number, got {}", value.type_str()))?;
        Self::try_from(number).map_err(|_| format!("{number} is negative"))
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for SocketAddr {
    const KIND: &'static str = "address";
    fn read(value: &Value) -> Result<Self, String> {
        let text = text(value)?;
        text.parse().map_err(|_| format!("{text:?} is not an address and port such as 127.0.0.1:8080"))
    }
    fn show(&self) -> String {
        self.to_string().show()
    }
}

impl Setting for Vec<String> {
    const KIND: &'static str = "list";
    fn read(value: &Value) -> Result<Self, String> {
        let items = value.as_array().ok_or_else(|| format!("expected a list of texts, got {}", value.type_str()))?;
        items.iter().map(|item| text(item).map(str::to_owned)).collect()
    }
    fn show(&self) -> String {
        Value::from(self.clone()).to_string()
    }
}

/// A text that must not be seen: prints as dots.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for handing on to whoever needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(none)" } else { "•••" })
    }
}

impl Setting for Secret {
    const KIND: &'static str = "secret";
    fn read(value: &Value) -> Result<Self, String> {
        text(value).map(Self::new)
    }
    fn show(&self) -> String {
        if self.0.is_empty() { "\"\"".into() } else { "\"•••\"".into() }
    }
}

/// A span of time, written `500ms`, `30s`, `15m`, `12h` or `14d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(u64);

impl Span {
    const UNITS: [(&'static str, u64); 5] =
        [("ms", 1), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];

    /// So many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds * 1_000)
    }

    /// So many milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// In milliseconds.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// As the standard library has it.
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }

    fn parse(text: &str) -> Option<Self> {
        let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
        let (_, millis) = Self::UNITS.into_iter().find(|(name, _)| *name == unit)?;
        digits.parse::<u64>().ok()?.checked_mul(millis).map(Self)
    }
}

impl Setting for Span {
    const KIND: &'static str = "span";
    fn read(value: &Value) -> Result<Self, String> {
        let text = text(value)?;
        Self::parse(text).ok_or_else(|| format!("{text:?} is not a span such as 500ms, 30s, 15m, 12h or 14d"))
    }
    fn show(&self) -> String {
        let (unit, millis) = ["d", "h", "m", "s", "ms"]
            .into_iter()
            .filter_map(|unit| Self::UNITS.into_iter().find(|(name, _)| *name == unit))
            .find(|(_, millis)| self.0.is_multiple_of(*millis))
            .unwrap_or(("ms", 1));
        format!("{}{unit}", self.0 / millis).show()
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

impl Setting for LogFormat {
    const KIND: &'static str = "pretty|json";
    fn read(value: &Value) -> Result<Self, String> {
        match text(value)? {
            "pretty" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            other => Err(format!("{other:?} is neither pretty nor json")),
        }
    }
    fn show(&self) -> String {
        if *self == Self::Pretty { "\"pretty\"".into() } else { "\"json\"".into() }
    }
}
