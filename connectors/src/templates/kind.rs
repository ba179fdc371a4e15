//! What is fixed about the texts of a kind of message: what its buttons choose, samples of its values, and words that
//! values stand for. The kinds and their variables are the domain's ([`munshi_domain::notify::KINDS`]).
//!
//! Invariant: every kind with a question lists its choices in the order of its file's buttons. It holds no texts.

use munshi_domain::{Currency, Money, conversation::Choice, notify::MessageKind};

use super::{Values, measure::amount};
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

/// The reason where there are no words for the one that is given.
const OTHER: &str = "other";

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
    ("question_answered", "it was decided already", "اس کا فیصلہ پہلے ہو چکا ہے"),
    ("step_closed", "it was decided already", "اس کا فیصلہ پہلے ہو چکا ہے"),
    ("already_voted", "you have decided it already", "آپ پہلے ہی فیصلہ کر چکے ہیں"),
    ("question_closed", "it does not wait for a decision any more", "اب اس پر فیصلہ درکار نہیں"),
    ("step_unknown", "it does not wait for a decision any more", "اب اس پر فیصلہ درکار نہیں"),
    ("stale_hash", "the order has changed since", "آرڈر اس دوران بدل چکا ہے"),
    ("other_sender", "somebody else was asked", "یہ کسی اور سے پوچھا گیا تھا"),
    ("not_entitled", "you do not have the role for it any more", "اب یہ آپ کے اختیار میں نہیں"),
    ("not_eligible", "it is not yours to decide", "یہ فیصلہ آپ کے اختیار میں نہیں"),
    ("self_approval", "nobody decides about their own order", "اپنے آرڈر کا فیصلہ خود نہیں کیا جا سکتا"),
    ("rationale_required", "a no needs a reason", "انکار کی وجہ بتانا ضروری ہے"),
    ("confirm", "confirm", "تصدیق"),
    ("cancel", "cancel", "منسوخی"),
    ("change_address", "another address", "پتے کی تبدیلی"),
    ("approved", "approved", "منظور"),
    ("rejected", "rejected", "نامنظور"),
    ("unreachable", "it does not answer", "جواب نہیں آ رہا"),
    ("unauthorized", "its credentials are refused", "اس کی شناخت قبول نہیں ہو رہی"),
    ("failing", "it has taken nothing for a while", "کافی دیر سے کچھ قبول نہیں کر رہا"),
    ("auto_paused", "it failed for too long and was paused", "زیادہ دیر ناکام رہنے پر روک دیا گیا"),
    (
        "dead_letters",
        "something could not be sent and waits for a decision",
        "کچھ بھیجا نہیں جا سکا اور فیصلے کا منتظر ہے",
    ),
    ("stalled", "it does not go on reading", "آگے نہیں پڑھ رہا"),
    ("projector_stalled", "lists do not follow what happens", "فہرستیں تازہ نہیں ہو رہیں"),
    ("notifier_stalled", "messages are not prepared", "پیغامات تیار نہیں ہو رہے"),
];

/// How an order or a parcel stands, as customers are told ([`munshi_domain::order::derive::display_status`] and the
/// states of parcels).
const STATES: &[Row] = &[
    ("draft", "being put together", "تیاری میں"),
    ("placing", "being taken", "لیا جا رہا ہے"),
    ("pending", "waiting for confirmation", "تصدیق کا منتظر"),
    ("pending_approval", "being checked by the shop", "دکان کی منظوری کا منتظر"),
    ("approved", "accepted", "قبول ہو گیا"),
    ("processing", "being packed", "پیک ہو رہا ہے"),
    ("shipped", "on its way", "راستے میں ہے"),
    ("pending_cancellation", "being canceled", "منسوخ ہو رہا ہے"),
    ("rejected", "not accepted", "قبول نہیں ہوا"),
    ("expired", "expired", "مدت ختم ہو گئی"),
    ("discarded", "discarded", "ختم کر دیا گیا"),
    ("released", "being packed", "پیک ہو رہا ہے"),
    ("packed", "packed", "پیک ہو گیا"),
    ("booked", "waiting for the courier", "کوریئر کا منتظر"),
    ("handed_over", "with the courier", "کوریئر کے پاس ہے"),
    ("picked_up", "with the courier", "کوریئر کے پاس ہے"),
    ("in_transit", "on the way", "راستے میں ہے"),
    ("at_destination", "in your city", "آپ کے شہر میں ہے"),
    ("out_for_delivery", "out for delivery", "پہنچانے کے لیے نکل چکا ہے"),
    ("attempt_failed", "delivery was tried", "پہنچانے کی کوشش ہوئی"),
    ("returning", "going back to the shop", "دکان کو واپس جا رہا ہے"),
    ("damaged", "damaged on the way", "راستے میں خراب ہو گیا"),
    ("returned_to_sender", "back at the shop", "دکان پر واپس آ گیا"),
    ("returned", "returned", "واپس ہو گیا"),
    ("lost", "lost", "گم ہو گیا"),
    ("delivered", "delivered", "پہنچا دیا گیا"),
    ("canceled", "canceled", "منسوخ ہو گیا"),
];

/// Names of variables that are amounts of money.
const AMOUNTS: [&str; 1] = ["total"];

/// Names of variables whose values are words of [`WORDS`].
const WORDED: [&str; 5] = ["payment", "reason", "request", "decision", "problem"];

fn in_words<'a>(rows: &[Row], text: &'a str, language: Language) -> &'a str {
    rows.iter().find(|(word, ..)| *word == text).map_or(text, |row| said(row, language))
}

/// An amount as the domain writes it: the currency's code, a blank, the decimal amount.
fn money(text: &str) -> Option<Money> {
    let (currency, amount) = text.split_once(' ')?;
    Money::new(amount.parse().ok()?, Currency::parse(currency).ok()?).ok()
}

/// A parcel as the domain writes it, carrier and number and how it stands, with its last word said.
fn parcel_said(parcel: &str, language: Language) -> String {
    match parcel.rsplit_once(' ') {
        Some((which, state)) => format!("{which} {}", in_words(STATES, state, language)),
        None => in_words(STATES, parcel, language).to_owned(),
    }
}

/// The values of a kind's variables as they are said; what is missing or empty shows as a dash, because a vendor refuses
/// an empty place.
pub fn complete(kind: MessageKind, language: Language, given: &Values) -> Values {
    let value = |name: &str| {
        let text = given.get(name).map(String::as_str).unwrap_or_default();
        if text.trim().is_empty() {
            return NOTHING.to_owned();
        }
        match name {
            _ if AMOUNTS.contains(&name) => {
                money(text).map_or_else(|| text.to_owned(), |money| amount(money, language))
            }
            // A code that nobody has words for says nothing to people.
            "reason" if kind == K::ReplyDecisionRefused && !WORDS.iter().any(|(word, ..)| *word == text) => {
                in_words(WORDS, OTHER, language).to_owned()
            }
            _ if WORDED.contains(&name) => in_words(WORDS, text, language).to_owned(),
            "status" => in_words(STATES, text, language).to_owned(),
            "parcels" => text.split("; ").map(|parcel| parcel_said(parcel, language)).collect::<Vec<_>>().join("; "),
            _ => text.to_owned(),
        }
    };
    kind.row().variables.iter().map(|name| ((*name).to_owned(), value(name))).collect()
}

/// A sample of every variable.
const SAMPLES: &[Row] = &[
    ("name", "Ayesha", "عائشہ"),
    ("shop", "Gulberg Store", "گلبرگ اسٹور"),
    ("number", "SO-2026-000123", "SO-2026-000123"),
    ("total", "PKR 4500.00", "PKR 4500.00"),
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
    ("status", "processing", "processing"),
    ("parcels", "PostEx PX-5501-22 in_transit", "PostEx PX-5501-22 in_transit"),
    ("text", "How can we help you?", "ہم آپ کی کیا مدد کر سکتے ہیں؟"),
    ("queue", "sales", "sales"),
    ("sku", "LAWN-3PC-M", "LAWN-3PC-M"),
    ("warehouse", "LHR-1", "LHR-1"),
    ("available", "4", "4"),
    ("connection", "Twilio", "Twilio"),
    ("problem", "unreachable", "unreachable"),
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
    #[test]
    fn not_05_amounts_and_how_things_stand_are_said_in_the_language() {
        let given: Values = [
            ("total", "PKR 7390.00"),
            ("status", "processing"),
            ("parcels", "PostEx PX-1 in_transit; TCS 77 delivered; packed"),
            ("number", "delivered"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let said = |kind, language, name: &str| complete(kind, language, &given)[name].clone();
        for (language, total, status, parcels) in [
            (Language::En, "Rs 7,390", "being packed", "PostEx PX-1 on the way; TCS 77 delivered; packed"),
            (Language::Ur, "7,390 روپے", "پیک ہو رہا ہے", "PostEx PX-1 راستے میں ہے; TCS 77 پہنچا دیا گیا; پیک ہو گیا"),
        ] {
            assert_eq!(said(MessageKind::OrderPlaced, language, "total"), total);
            assert_eq!(said(MessageKind::OrderStatus, language, "status"), status);
            assert_eq!(said(MessageKind::OrderStatus, language, "parcels"), parcels);
            assert_eq!(said(MessageKind::OrderStatus, language, "number"), "delivered", "only states are translated");
        }
        let strange: Values = [("total".to_owned(), "much".to_owned())].into();
        assert_eq!(complete(MessageKind::OrderPlaced, Language::En, &strange)["total"], "much");
    }

    #[test]
    fn n06_why_a_decision_is_not_taken_is_said_in_words() {
        use munshi_domain::{
            Refused,
            approval::QueueRefusal as Queue,
            conversation::{Choice, ConversationRefusal as Chat},
        };
        let chat = [
            Chat::QuestionAnswered { answer: Choice::Yes },
            Chat::QuestionClosed,
            Chat::OtherSender,
            Chat::NotEntitled { role: "sales_manager".into() },
            Chat::RationaleRequired,
        ];
        let queue = [
            Queue::StepUnknown,
            Queue::StepClosed,
            Queue::SelfApproval,
            Queue::AlreadyVoted,
            Queue::StaleHash,
            Queue::RationaleRequired,
            Queue::NotEligible,
        ];
        let codes = chat.iter().map(Refused::code).chain(queue.iter().map(Refused::code)).chain(["something_new"]);
        for code in codes {
            let given: Values = [("reason".to_owned(), code.to_owned())].into();
            let said = |language| complete(MessageKind::ReplyDecisionRefused, language, &given)["reason"].clone();
            let (en, ur) = (said(Language::En), said(Language::Ur));
            assert!(en.contains(' ') && !en.contains('_') && ur.contains(' ') && !ur.is_ascii(), "{code}: {en} {ur}");
        }
    }

    #[test]
    fn not_05_every_state_of_a_parcel_or_order_has_its_words() {
        use munshi_domain::order::state::{CarrierStatus, Lifecycle, ParcelState};
        let parcels = ParcelState::ALL.iter().map(|state| state.word());
        let carriers = CarrierStatus::ALL.iter().map(|state| state.word());
        // A closed order is shown as delivered.
        let orders = Lifecycle::ALL.iter().filter(|state| **state != Lifecycle::Closed).map(|state| state.word());
        for word in parcels.chain(carriers).chain(orders).chain(["pending_cancellation"]) {
            assert!(STATES.iter().any(|(known, ..)| *known == word), "{word}");
        }
    }
}
