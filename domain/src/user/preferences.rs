//! What a user's clients keep for the user: saved views, language, theme.
//!
//! Invariant: a bounded text that means nothing here. It is kept as text, not as a value: numbers of any form come back as
//! they were written, and the journal's hash does not depend on how a database writes them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{UserEvent, UserRefusal};

/// Largest preferences of a user, in bytes.
pub const MAX_PREFERENCES: usize = 16 << 10;

/// Preferences of a user with their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Raised by one whenever they change; 0 before.
    pub number: u32,
    /// A JSON object, as text.
    pub text: Arc<str>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { number: 0, text: "{}".into() }
    }
}

impl Preferences {
    /// Whether they were never set.
    pub const fn is_unset(&self) -> bool {
        self.number == 0
    }

    /// Replaces them; the same again is accepted without an event. `from` is the number they were made from.
    pub(super) fn set(&self, text: &Arc<str>, from: Option<u32>) -> Result<Vec<UserEvent>, UserRefusal> {
        if text.len() > MAX_PREFERENCES {
            return Err(UserRefusal::PreferencesTooLarge { bytes: text.len() });
        }
        if let Some(expected) = from.filter(|from| *from != self.number) {
            return Err(UserRefusal::PreferencesChanged { expected, actual: self.number });
        }
        if self.text == *text {
            return Ok(vec![]);
        }
        Ok(vec![UserEvent::PreferencesSet { number: self.number.saturating_add(1), preferences: text.clone() }])
    }
}
