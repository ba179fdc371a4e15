//! What a notice is about, how much it matters, and its words in the languages of the shop.
//!
//! Invariant: a kind has one text a language; what it names stands in the notice, so a client may say it its own way.

use std::collections::BTreeMap;

use munshi_domain::notify::Language;
use munshi_protocols::topic::rows::NoticeLevel;
use serde::{Deserialize, Serialize};

/// What a user is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewsKind {
    /// An order waits for this person's vote.
    ApprovalWaiting,
    /// What this person asked for was approved.
    ApprovalGranted,
    /// It was rejected.
    ApprovalRejected,
    /// Changes are asked for first.
    ChangesRequested,
    /// Nobody decided in time.
    ApprovalExpired,
    /// Something on a floor is not as the books say.
    FloorException,
    /// A floor asks for a decision.
    FloorDecision,
    /// This person's import went through.
    ImportDone,
    /// It could not be taken.
    ImportFailed,
    /// Somebody stopped it.
    ImportStopped,
    /// A connection to the outside, or the server, has a trouble.
    ConnectionTrouble,
}

impl NewsKind {
    /// Every kind.
    #[cfg(test)]
    pub const ALL: [Self; 11] = [
        Self::ApprovalWaiting,
        Self::ApprovalGranted,
        Self::ApprovalRejected,
        Self::ChangesRequested,
        Self::ApprovalExpired,
        Self::FloorException,
        Self::FloorDecision,
        Self::ImportDone,
        Self::ImportFailed,
        Self::ImportStopped,
        Self::ConnectionTrouble,
    ];

    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ApprovalWaiting => "approval_waiting",
            Self::ApprovalGranted => "approval_granted",
            Self::ApprovalRejected => "approval_rejected",
            Self::ChangesRequested => "changes_requested",
            Self::ApprovalExpired => "approval_expired",
            Self::FloorException => "floor_exception",
            Self::FloorDecision => "floor_decision",
            Self::ImportDone => "import_done",
            Self::ImportFailed => "import_failed",
            Self::ImportStopped => "import_stopped",
            Self::ConnectionTrouble => "connection_trouble",
        }
    }

    /// How much it matters.
    pub const fn level(self) -> NoticeLevel {
        match self {
            Self::ApprovalWaiting | Self::FloorDecision => NoticeLevel::Action,
            Self::ApprovalGranted | Self::ImportDone => NoticeLevel::Info,
            _ => NoticeLevel::Warning,
        }
    }

    const fn template(self, language: Language) -> &'static str {
        let (english, urdu) = match self {
            Self::ApprovalWaiting => (
                "Order {number} ({amount}) waits for your decision",
                "آرڈر {number} ({amount}) آپ کے فیصلے کا منتظر ہے",
            ),
            Self::ApprovalGranted => ("Order {number} was approved", "آرڈر {number} منظور ہو گیا"),
            Self::ApprovalRejected => ("Order {number} was rejected: {reason}", "آرڈر {number} مسترد ہو گیا: {reason}"),
            Self::ChangesRequested => {
                ("Changes to order {number} are asked for: {reason}", "آرڈر {number} میں تبدیلی مانگی گئی ہے: {reason}")
            }
            Self::ApprovalExpired => {
                ("Nobody decided about order {number} in time", "آرڈر {number} پر وقت پر فیصلہ نہیں ہوا")
            }
            Self::FloorException => (
                "Warehouse {warehouse} reports an exception: {code}",
                "گودام {warehouse} میں ایک مسئلہ درج ہوا: {code}",
            ),
            Self::FloorDecision => (
                "Warehouse {warehouse} asks for a decision: {about}",
                "گودام {warehouse} میں ایک فیصلہ درکار ہے: {about}",
            ),
            Self::ImportDone => (
                "The import of {file} is done: {changed} changed, {errors} with errors",
                "فائل {file} کی درآمد مکمل ہوئی: {changed} تبدیل، {errors} میں غلطی",
            ),
            Self::ImportFailed => ("The import of {file} failed: {code}", "فائل {file} کی درآمد ناکام ہوئی: {code}"),
            Self::ImportStopped => ("The import of {file} was stopped", "فائل {file} کی درآمد روک دی گئی"),
            Self::ConnectionTrouble => {
                ("{connection} has a problem: {trouble}", "{connection} میں مسئلہ ہے: {trouble}")
            }
        };
        match language {
            Language::Urdu => urdu,
            Language::English => english,
        }
    }

    /// In words. What the notice does not name stays empty.
    pub fn text(self, language: Language, about: &BTreeMap<String, String>) -> String {
        let mut text = String::new();
        let mut rest = self.template(language);
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            text.push_str(before);
            text.push_str(about.get(name).map_or("", String::as_str));
            rest = after;
        }
        text.push_str(rest);
        text.trim_end_matches([' ', ':']).to_owned()
    }
}

/// The language a user chose in the console; nothing if none was chosen. Preferences are the console's, and mean nothing
/// to the rules.
pub fn chosen(preferences: &str) -> Option<Language> {
    let preferences: serde_json::Value = serde_json::from_str(preferences).ok()?;
    Language::of_tag(preferences.get("look")?.get("language")?.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_word_and_a_text_in_each_language() {
        for kind in NewsKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
            let (english, urdu) = (kind.template(Language::English), kind.template(Language::Urdu));
            let names = |text: &str| {
                let mut names: Vec<_> =
                    text.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned()).collect();
                names.sort();
                names
            };
            assert_eq!(names(english), names(urdu), "{kind:?}");
            assert_ne!(english, urdu);
        }
    }

    #[test]
    fn words_are_made_of_what_the_notice_names() {
        let about =
            [("number", "A-7"), ("reason", "too {dear}")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let text = |kind: NewsKind| kind.text(Language::English, &about.clone().into());
        assert_eq!(text(NewsKind::ApprovalRejected), "Order A-7 was rejected: too {dear}");
        assert_eq!(NewsKind::ApprovalRejected.text(Language::Urdu, &BTreeMap::new()), "آرڈر  مسترد ہو گیا");
        assert_eq!(chosen(r#"{"look":{"language":"ur"}}"#), Some(Language::Urdu));
        assert_eq!((chosen("{}"), chosen("no")), (None, None));
    }
}
