//! What is fixed about the texts of a kind of message: what its buttons choose, samples of its values, and words that
//! values stand for. The kinds and their variables are the domain's ([`munshi_domain::notify::KINDS`]).
//!
//! Invariant: every kind with a question lists its choices in the order of its file's buttons. It holds no texts.

use munshi_domain::{conversation::Choice, notify::MessageKind};

use super::Values;
use crate::transport::Language;

use MessageKind as K;

/// What a kind can ask, in the order of its buttons; nothing for most.
pub const fn choices(kind: MessageKind) -> &'static [Choice] {
    match kind {
        K::CodConfirmation => &[Choice::Yes, Choice::No, Choice::ChangeAddress],
        K::Backordered
        | K::ReplyCancelCheck
        | K::ReplyAddressCheck
        | K::ApprovalRequest
        | K::ApprovalReminder
        | K::ApprovalEscalated => &[Choice::Yes, Choice::No],
        _ => &[],
    }
}

/// Whether the text is what a person wrote, as it is: it has no wording of ours and is never approved by a vendor.
pub const fn is_free(kind: MessageKind) -> bool {
    matches!(kind, K::AgentReply)
}

/// A name with its English and its Urdu.
type Row = (&'static str, &'static str, &'static str);

const fn said(row: &Row, language: Language) -> &'static str {
    match language {
        Language::En => row.1,
        Language::Ur => row.2,
    }
}

/// What stands for a value that is empty.
const NOTHING: &str = "-";

/// Words that stand for something; a word that is not here is said as it is.
const WORDS: &[Row] = &[
    ("cod", "cash on delivery", "کیش آن ڈیلیوری"),
    ("prepaid", "paid", "ادا شدہ"),
    ("changed", "the order has changed since", "آرڈر اس دوران بدل چکا ہے"),
    ("too_late", "the order has moved on", "آرڈر آگے بڑھ چکا ہے"),
    ("shipped", "the parcel is with the courier", "پارسل کوریئر کے پاس ہے"),
    ("delivered", "it has arrived", "پہنچ چکا ہے"),
    ("packing", "it is being packed", "پیک ہو رہا ہے"),
    ("already", "that was asked for before", "یہ پہلے ہی کہا جا چکا ہے"),
    ("address", "the address is not complete", "پتہ مکمل نہیں"),
    ("other", "that is not possible now", "ابھی ممکن نہیں"),
    ("confirm", "confirm", "تصدیق"),
    ("cancel", "cancel", "منسوخی"),
    ("change_address", "another address", "پتے کی تبدیلی"),
    ("approved", "approved", "منظور"),
    ("rejected", "rejected", "نامنظور"),
];

/// Names of variables whose values are words of [`WORDS`].
const WORDED: [&str; 5] = ["payment", "reason", "request", "decision", "status"];

/// The values of a kind's variables as they are said; what is missing or empty shows as a dash, because a vendor refuses
/// an empty place.
pub fn complete(kind: MessageKind, language: Language, given: &Values) -> Values {
    let value = |name: &str| {
        let text = given.get(name).map(String::as_str).unwrap_or_default();
        if text.trim().is_empty() {
            return NOTHING.to_owned();
        }
        let word = WORDS.iter().find(|(word, ..)| WORDED.contains(&name) && *word == text);
        word.map_or(text, |row| said(row, language)).to_owned()
    };
    kind.row().variables.iter().map(|name| ((*name).to_owned(), value(name))).collect()
}

/// A sample of every variable.
const SAMPLES: &[Row] = &[
    ("name", "Ayesha", "عائشہ"),
    ("shop", "Gulberg Store", "گلبرگ اسٹور"),
    ("number", "SO-2026-000123", "SO-2026-000123"),
    ("total", "PKR 4,500.00", "PKR 4,500.00"),
    ("items", "2 × Lawn suit, 1 × Dupatta", "2 × لان سوٹ, 1 × دوپٹہ"),
    ("payment", "cod", "cod"),
    ("address", "House 12, Street 4, Gulberg III, Lahore", "مکان 12, گلی 4, گلبرگ III, لاہور"),
    ("backordered", "1 × Dupatta", "1 × دوپٹہ"),
    ("parcel", "1", "1"),
    ("carrier", "PostEx", "PostEx"),
    ("tracking", "PX-5501-22", "PX-5501-22"),
    ("reason", "too_late", "too_late"),
    ("request", "cancel", "cancel"),
    ("decision", "approved", "approved"),
    ("status", "packed", "packed"),
    ("parcels", "PostEx PX-5501-22 in_transit", "PostEx PX-5501-22 in_transit"),
    ("text", "How can we help you?", "ہم آپ کی کیا مدد کر سکتے ہیں؟"),
    ("queue", "sales", "sales"),
    ("sku", "LAWN-3PC-M", "LAWN-3PC-M"),
    ("warehouse", "LHR-1", "LHR-1"),
    ("available", "4", "4"),
    ("connection", "Twilio", "Twilio"),
    ("problem", "it does not answer", "جواب نہیں آ رہا"),
];

/// Samples of a kind's variables, for previews and for approval by a vendor.
pub fn samples(kind: MessageKind, language: Language) -> Values {
    let sample = |name: &&str| {
        let row = SAMPLES.iter().find(|(known, ..)| known == name);
        ((*name).to_owned(), row.map_or(NOTHING, |row| said(row, language)).to_owned())
    };
    kind.row().variables.iter().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_05_every_variable_has_a_sample_and_words_are_said_in_the_language() {
        for kind in MessageKind::ALL {
            for name in kind.row().variables {
                assert!(SAMPLES.iter().any(|(known, ..)| known == name), "{kind}: {name}");
            }
        }
        let given: Values = [("number", "cancel"), ("request", "cancel"), ("name", " ")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let values = complete(MessageKind::ReplyRefused, Language::Ur, &given);
        let value = |name: &str| values.get(name).map(String::as_str);
        assert_eq!(value("request"), Some("منسوخی"));
        assert_eq!(value("number"), Some("cancel"), "only words are translated");
        assert_eq!((value("name"), value("reason")), (Some("-"), Some("-")));
    }
}
