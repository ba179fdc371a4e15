//! Texts as they are handed in at a vendor for approval, and what became of that.

use serde::{Deserialize, Serialize};

use super::Language;

/// A template's text as it is handed in for approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateText {
    /// Lower-case letters, digits and underscores.
    pub name: String,
    /// The language of the text.
    pub language: Language,
    /// What it is for.
    pub category: Category,
    /// The text with `{{1}}`, `{{2}}`, … for its variables.
    pub body: String,
    /// An example of each variable, in order.
    pub examples: Vec<String>,
    /// The titles of its buttons, at most three.
    pub buttons: Vec<String>,
}

/// What a template is for; prices and rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Follows from something the recipient did.
    Utility,
    /// Advertises; needs recorded consent.
    Marketing,
    /// Carries a one-time code.
    Authentication,
}

impl Category {
    /// The stable name; vendors use it in upper case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utility => "utility",
            Self::Marketing => "marketing",
            Self::Authentication => "authentication",
        }
    }
}

/// A template the vendor knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredTemplate {
    /// Its name.
    pub name: String,
    /// The language of the text.
    pub language: Language,
    /// The vendor's id: at Twilio the content id that calls it.
    pub vendor_ref: String,
}

/// How far an approval is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// May be used.
    Approved,
    /// Not yet decided.
    Pending,
    /// Refused; the vendor's reason.
    Rejected(String),
    /// Taken out of use for now.
    Paused,
}
