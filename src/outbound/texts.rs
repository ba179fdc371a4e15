//! What messages say, in English and Urdu: one row a kind (NOT-05, N25).
//!
//! Invariant: every kind has a text in every language, a text uses only the variables of its kind, and no text begins or
//! ends with a variable, because vendors approve none that does (messaging.md §3.5). It fills places in; who is written
//! to, when and by which channel is not known here.

use std::collections::BTreeMap;

use munshi_domain::{
    conversation::Choice,
    notify::{Language, MessageKind},
};

/// Values by name.
pub type Values = BTreeMap<String, String>;

/// What stands for a value that is empty.
const NOTHING: &str = "-";

/// A row: the kind, its subject in mails, its text in English and in Urdu.
type Row = (MessageKind, &'static str, &'static str, &'static str);

use MessageKind as K;

/// Every text. Places are `{name}`.
const TEXTS: &[Row] = &[
    (
        K::OrderPlaced,
        "Your order {number}",
        "Hello {name}, thank you for your order {number} at {shop}: {items}. Total {total}, payment: {payment}. It goes to: {address}. We tell you when it is on its way.",
        "السلام علیکم {name}، {shop} پر آپ کا آرڈر {number} موصول ہو گیا: {items}۔ کل رقم {total}، ادائیگی: {payment}۔ پتہ: {address}۔ روانہ ہونے پر ہم آپ کو بتائیں گے۔",
    ),
    (
        K::CodConfirmation,
        "Please confirm your order {number}",
        "Hello {name}, please confirm your order {number} at {shop}: {items}. You pay {total} on delivery. It goes to: {address}. Shall we send it? Answer yes or no.",
        "السلام علیکم {name}، براہِ کرم {shop} پر اپنے آرڈر {number} کی تصدیق کریں: {items}۔ ڈیلیوری پر {total} ادا کرنے ہوں گے۔ پتہ: {address}۔ کیا ہم بھیج دیں؟ جی یا نہیں میں جواب دیں۔",
    ),
    (
        K::OrderConfirmed,
        "Your order {number} is confirmed",
        "Thank you {name}, your order {number} at {shop} over {total} is confirmed. We tell you when it is on its way.",
        "شکریہ {name}، {shop} پر آپ کا آرڈر {number} ({total}) کنفرم ہو گیا ہے۔ روانہ ہونے پر ہم آپ کو بتائیں گے۔",
    ),
    (
        K::OrderApproved,
        "Your order {number} is approved",
        "Hello {name}, your order {number} at {shop} over {total} is approved and goes on.",
        "السلام علیکم {name}، {shop} پر آپ کا آرڈر {number} ({total}) منظور ہو گیا ہے۔",
    ),
    (
        K::OrderRejected,
        "Your order {number}",
        "Hello {name}, we are sorry: {shop} cannot accept your order {number}. Nothing is owed.",
        "السلام علیکم {name}، معذرت، {shop} آپ کا آرڈر {number} قبول نہیں کر سکتا۔ آپ پر کوئی رقم واجب نہیں۔",
    ),
    (
        K::OrderChanged,
        "Your order {number} was changed",
        "Hello {name}, your order {number} at {shop} is now: {items}. Total {total}. It goes to: {address}. Tell us if that is wrong.",
        "السلام علیکم {name}، {shop} پر آپ کا آرڈر {number} اب یہ ہے: {items}۔ کل رقم {total}۔ پتہ: {address}۔ غلطی ہو تو ہمیں بتائیں۔",
    ),
    (
        K::ChangeDeclined,
        "Your order {number} stays as it was",
        "Hello {name}, your order {number} at {shop} could not be changed: {reason}. It stays as it was.",
        "السلام علیکم {name}، {shop} پر آپ کا آرڈر {number} تبدیل نہیں ہو سکا: {reason}۔ وہ پہلے جیسا ہی ہے۔",
    ),
    (
        K::Backordered,
        "Part of your order {number} waits for stock",
        "Hello {name}, part of your order {number} at {shop} waits for stock: {backordered}. Do you want to wait, or shall we cancel it?",
        "السلام علیکم {name}، {shop} پر آپ کے آرڈر {number} کا کچھ مال ابھی دستیاب نہیں: {backordered}۔ کیا آپ انتظار کریں گے یا ہم منسوخ کر دیں؟",
    ),
    (
        K::ParcelShipped,
        "Your order {number} is on its way",
        "Hello {name}, parcel {parcel} of your order {number} at {shop} has left with {carrier}, tracking {tracking}. In it: {items}. Payment: {payment}, total {total} for the order.",
        "السلام علیکم {name}، {shop} پر آپ کے آرڈر {number} کا پارسل {parcel} {carrier} کے ذریعے روانہ ہو گیا ہے، ٹریکنگ {tracking}۔ اس میں: {items}۔ ادائیگی: {payment}، آرڈر کی کل رقم {total} ہے۔",
    ),
    (
        K::OutForDelivery,
        "Your order {number} arrives today",
        "Hello {name}, the rider of {carrier} has parcel {parcel} of your order {number} at {shop}, tracking {tracking}. Payment: {payment}, total {total} for the order.",
        "السلام علیکم {name}، {carrier} کا رائیڈر {shop} سے آپ کے آرڈر {number} کا پارسل {parcel} لے کر نکل چکا ہے، ٹریکنگ {tracking}۔ ادائیگی: {payment}، آرڈر کی کل رقم {total} ہے۔",
    ),
    (
        K::DeliveryFailed,
        "We could not deliver your order {number}",
        "Hello {name}, {carrier} could not hand over parcel {parcel} of your order {number} at {shop}, tracking {tracking}. It is tried again. Tell us if you want it elsewhere.",
        "السلام علیکم {name}، {carrier} {shop} سے آپ کے آرڈر {number} کا پارسل {parcel} پہنچا نہ سکا، ٹریکنگ {tracking}۔ دوبارہ کوشش ہو گی۔ کہیں اور چاہیے تو بتائیں۔",
    ),
    (
        K::ParcelDelivered,
        "Your order {number} has arrived",
        "Hello {name}, parcel {parcel} of your order {number} at {shop} has arrived. Thank you for shopping with us.",
        "السلام علیکم {name}، {shop} سے آپ کے آرڈر {number} کا پارسل {parcel} پہنچ گیا۔ خریداری کا شکریہ۔",
    ),
    (
        K::OrderCanceled,
        "Your order {number} is canceled",
        "Hello {name}, your order {number} at {shop} is canceled. Nothing more is sent.",
        "السلام علیکم {name}، {shop} پر آپ کا آرڈر {number} منسوخ کر دیا گیا ہے۔",
    ),
    (
        K::UnitsCanceled,
        "Part of your order {number} is canceled",
        "Hello {name}, of your order {number} at {shop} this is canceled: {items}. The rest goes on.",
        "السلام علیکم {name}، {shop} پر آپ کے آرڈر {number} میں سے یہ منسوخ ہوا: {items}۔ باقی جاری ہے۔",
    ),
    (
        K::CancellationRequested,
        "Your wish to cancel {number}",
        "Hello {name}, we try to stop your order {number} at {shop}: it is being packed. We tell you what came of it.",
        "السلام علیکم {name}، {shop} پر آپ کا آرڈر {number} پیک ہو رہا ہے، ہم اسے روکنے کی کوشش کر رہے ہیں۔ نتیجہ آپ کو بتائیں گے۔",
    ),
    (
        K::CancellationRefused,
        "Your order {number} goes on",
        "Hello {name}, your order {number} at {shop} could not be stopped any more and goes on. You can refuse it at the door.",
        "السلام علیکم {name}، {shop} پر آپ کا آرڈر {number} اب روکا نہیں جا سکا۔ آپ اسے دروازے پر واپس کر سکتے ہیں۔",
    ),
    (
        K::OrderExpired,
        "Your order {number} has expired",
        "Hello {name}, nobody confirmed your order {number} at {shop} in time, so it has expired. Order again whenever you like.",
        "السلام علیکم {name}، {shop} پر آپ کے آرڈر {number} کی بروقت تصدیق نہیں ہوئی، اس لیے وہ ختم ہو گیا۔ آپ دوبارہ آرڈر کر سکتے ہیں۔",
    ),
    (
        K::OrderStatus,
        "Your order {number}",
        "Hello {name}, your order {number} at {shop}: {status}. Parcels: {parcels}. Ask us if anything is unclear.",
        "السلام علیکم {name}، {shop} پر آپ کا آرڈر {number}: {status}۔ پارسل: {parcels}۔ کچھ پوچھنا ہو تو بتائیں۔",
    ),
    (K::AgentReply, "A message for you", "{text}", "{text}"),
    (
        K::ReplyCancelCheck,
        "Cancel {number}?",
        "Do you really want to cancel your order {number}, {name}? Answer yes or no.",
        "کیا آپ واقعی آرڈر {number} منسوخ کرنا چاہتے ہیں، {name}؟ جی یا نہیں میں جواب دیں۔",
    ),
    (
        K::ReplyKept,
        "Your order {number}",
        "All right {name}, your order {number} stays as it is.",
        "ٹھیک ہے {name}، آپ کا آرڈر {number} ویسا ہی رہے گا۔",
    ),
    (
        K::ReplyAddressWanted,
        "A new address for {number}",
        "Please send us the new address for your order {number}, {name}: house, street, area and city.",
        "براہِ کرم آرڈر {number} کے لیے نیا پتہ بھیجیں، {name}: گھر، گلی، علاقہ اور شہر۔",
    ),
    (
        K::ReplyAddressCheck,
        "Is this the address?",
        "Shall we send your order {number} to this address, {name}: {address}? Answer yes or no.",
        "کیا ہم آرڈر {number} اس پتے پر بھیجیں، {name}: {address}؟ جی یا نہیں میں جواب دیں۔",
    ),
    (
        K::ReplyRefused,
        "Your order {number}",
        "Sorry {name}, for your order {number} we could not do that ({request}): {reason}. A colleague helps you on if you write.",
        "معذرت {name}، آرڈر {number} کے لیے یہ ({request}) نہیں ہو سکا: {reason}۔ لکھیں تو ہمارا ساتھی مدد کرے گا۔",
    ),
    (
        K::ReplyAlreadyAnswered,
        "Your order {number}",
        "Thank you {name}, we have your answer about order {number} already.",
        "شکریہ {name}، آرڈر {number} کے بارے میں آپ کا جواب ہمیں مل چکا ہے۔",
    ),
    (
        K::ReplyTooLate,
        "Your order {number}",
        "Sorry {name}, that came too late for order {number}; nothing was changed.",
        "معذرت {name}، آرڈر {number} کے لیے دیر ہو چکی ہے، کچھ تبدیل نہیں ہوا۔",
    ),
    (
        K::ReplyAgentWillAnswer,
        "We have your message",
        "Thank you {name}, a colleague reads your message and answers soon.",
        "شکریہ {name}، ہمارا ساتھی آپ کا پیغام پڑھ کر جلد جواب دے گا۔",
    ),
    (
        K::ReplyOptedOut,
        "No more messages",
        "As you wish, {name}: we write to you here no more. Send START to hear from us again.",
        "جیسے آپ چاہیں، {name}: ہم یہاں مزید پیغام نہیں بھیجیں گے۔ دوبارہ شروع کرنے کے لیے START لکھیں۔",
    ),
    (
        K::ReplyOptedIn,
        "Messages again",
        "Welcome back, {name}: we write to you here again.",
        "خوش آمدید، {name}: اب آپ کو یہاں پیغامات ملیں گے۔",
    ),
    (
        K::ApprovalRequest,
        "Approval needed: {number}",
        "Hello {name}, order {number} at {shop} over {total} waits for a decision in {queue}. Approve or reject it.",
        "السلام علیکم {name}، {shop} کا آرڈر {number} ({total}) {queue} میں فیصلے کا منتظر ہے۔ منظور یا مسترد کریں۔",
    ),
    (
        K::ApprovalReminder,
        "Still waiting: {number}",
        "Hello {name}, order {number} at {shop} over {total} still waits for a decision in {queue}. Approve or reject it.",
        "السلام علیکم {name}، {shop} کا آرڈر {number} ({total}) اب بھی {queue} میں فیصلے کا منتظر ہے۔ منظور یا مسترد کریں۔",
    ),
    (
        K::ApprovalEscalated,
        "Waited too long: {number}",
        "Hello {name}, order {number} at {shop} over {total} has waited too long for a decision in {queue}. Approve or reject it.",
        "السلام علیکم {name}، {shop} کا آرڈر {number} ({total}) {queue} میں بہت دیر سے فیصلے کا منتظر ہے۔ منظور یا مسترد کریں۔",
    ),
    (
        K::ReplyDecided,
        "Order {number} is decided",
        "Thank you {name}, your decision about order {number} is recorded: {decision}.",
        "شکریہ {name}، آرڈر {number} کے بارے میں آپ کا فیصلہ درج ہو گیا: {decision}۔",
    ),
    (
        K::ReplyDecisionRefused,
        "Order {number} is not decided",
        "Sorry {name}, your decision about order {number} was not taken: {reason}. Look at it in the console.",
        "معذرت {name}، آرڈر {number} کے بارے میں آپ کا فیصلہ نہیں لیا گیا: {reason}۔ کنسول میں دیکھیں۔",
    ),
    (
        K::LowStock,
        "Little stock: {sku}",
        "Hello {name}, of {sku} in {warehouse} only {available} can still be promised at {shop}. Order more in time.",
        "السلام علیکم {name}، {warehouse} میں {sku} کے صرف {available} باقی ہیں ({shop})۔ بروقت منگوا لیں۔",
    ),
    (
        K::SyncFailed,
        "A connection does not get through: {connection}",
        "Hello {name}, the connection {connection} of {shop} does not get through: {problem}. Look at the connections page.",
        "السلام علیکم {name}، {shop} کا کنکشن {connection} کام نہیں کر رہا: {problem}۔ کنکشن کا صفحہ دیکھیں۔",
    ),
    (
        K::ErrorAlert,
        "Something is wrong with the server",
        "Hello {name}, something is wrong with the server of {shop}: {problem}. Look at the system page.",
        "السلام علیکم {name}، {shop} کے سرور میں مسئلہ ہے: {problem}۔ سسٹم کا صفحہ دیکھیں۔",
    ),
];

/// Words that stand for something, in both languages; a word that is not here is said as it is.
const WORDS: &[(&str, &str, &str)] = &[
    ("cod", "cash on delivery", "ڈیلیوری پر نقد"),
    ("prepaid", "paid", "ادا شدہ"),
    ("changed", "the order has changed since", "آرڈر اس دوران بدل چکا ہے"),
    ("too_late", "the order has moved on", "آرڈر آگے بڑھ چکا ہے"),
    ("shipped", "the parcel is with the carrier", "پارسل کوریئر کے پاس ہے"),
    ("delivered", "it has arrived", "پہنچ چکا ہے"),
    ("packing", "it is being packed", "پیک ہو رہا ہے"),
    ("already", "that was asked for before", "یہ پہلے ہی کہا جا چکا ہے"),
    ("address", "the address is not complete", "پتہ مکمل نہیں"),
    ("other", "that is not possible now", "ابھی ممکن نہیں"),
    ("confirm", "confirm", "تصدیق"),
    ("cancel", "cancel", "منسوخی"),
    ("change_address", "another address", "پتے کی تبدیلی"),
    ("approved", "approved", "منظور"),
    ("rejected", "rejected", "مسترد"),
];

/// Names of variables whose values are words of [`WORDS`].
const WORDED: [&str; 5] = ["payment", "reason", "request", "decision", "status"];

/// A text as it reads, with the values of its places in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// As it reads.
    pub text: String,
    /// With numbered places, as vendors approve it.
    pub places: String,
    /// What fills the places, in order.
    pub values: Vec<String>,
    /// The subject of a mail.
    pub subject: String,
}

fn row(kind: MessageKind) -> &'static Row {
    TEXTS.iter().find(|row| row.0 == kind).unwrap_or(&TEXTS[0])
}

/// The text of a kind, filled in.
pub fn fill(kind: MessageKind, language: Language, values: &Values) -> Text {
    let (_, subject, english, urdu) = row(kind);
    let source = if language == Language::Urdu { urdu } else { english };
    let (mut text, mut places, mut used) = (String::new(), String::new(), Vec::<(&str, String)>::new());
    for (before, name) in parts(source) {
        text.push_str(before);
        places.push_str(before);
        let Some(name) = name else { continue };
        let value = value(name, language, values);
        text.push_str(&value);
        let at = used.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            used.push((name, value));
            used.len() - 1
        });
        places.push_str(&format!("{{{{{}}}}}", at + 1));
    }
    let subject = parts(subject).fold(String::new(), |mut line, (before, name)| {
        line.push_str(before);
        line.extend(name.map(|name| value(name, language, values)));
        line
    });
    Text { text, places, values: used.into_iter().map(|(_, value)| value).collect(), subject }
}

fn value(name: &str, language: Language, values: &Values) -> String {
    let given = values.get(name).map(String::as_str).unwrap_or_default();
    if given.is_empty() {
        return NOTHING.to_owned();
    }
    match WORDS.iter().find(|(word, ..)| WORDED.contains(&name) && *word == given) {
        Some((_, english, urdu)) => (if language == Language::Urdu { *urdu } else { *english }).to_owned(),
        None => given.to_owned(),
    }
}

/// What stands before each place, and the place's name; the last has none.
fn parts(source: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(source);
    std::iter::from_fn(move || {
        let text = rest?;
        match text.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?))) {
            Some((before, (name, after))) => {
                rest = Some(after);
                Some((before, Some(name)))
            }
            None => {
                rest = None;
                Some((text, None))
            }
        }
    })
}

/// What a button says, at most 20 characters.
pub fn title(kind: MessageKind, choice: Choice, language: Language) -> &'static str {
    let urdu = language == Language::Urdu;
    let pick = |english: &'static str, in_urdu: &'static str| if urdu { in_urdu } else { english };
    match (kind, choice) {
        (K::Backordered, Choice::Yes) => pick("Wait", "انتظار کریں"),
        (K::ReplyCancelCheck, Choice::Yes) => pick("Yes, cancel", "جی، منسوخ کریں"),
        (K::ReplyCancelCheck, Choice::No) => pick("No, keep it", "نہیں، رہنے دیں"),
        (K::ReplyAddressCheck, Choice::Yes) => pick("Yes, correct", "جی، درست ہے"),
        (K::ReplyAddressCheck, Choice::No) => pick("No", "نہیں"),
        (K::ApprovalRequest | K::ApprovalReminder | K::ApprovalEscalated, Choice::Yes) => pick("Approve", "منظور"),
        (K::ApprovalRequest | K::ApprovalReminder | K::ApprovalEscalated, Choice::No) => pick("Reject", "مسترد"),
        (_, Choice::Yes) => pick("Confirm", "تصدیق"),
        (_, Choice::No) => pick("Cancel", "منسوخ"),
        (_, Choice::ChangeAddress) => pick("Change address", "پتہ بدلیں"),
    }
}

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

/// Samples for previews and for the approval of templates.
pub fn samples(kind: MessageKind) -> Values {
    let sample = |name: &str| match name {
        "name" => "Ayesha Khan",
        "shop" => "Gulberg Store",
        "number" => "SO-2026-000123",
        "total" => "PKR 4,500.00",
        "items" => "2 x KURTA-M, 1 x DUPATTA",
        "payment" => "cod",
        "address" => "House 12, Street 4, Lahore",
        "backordered" => "1 x KURTA-M",
        "parcel" => "1",
        "carrier" => "PostEx",
        "tracking" => "PX-5501-22",
        "reason" => "too_late",
        "request" => "cancel",
        "decision" => "approved",
        "status" => "packed",
        "parcels" => "1",
        "queue" => "sales",
        "sku" => "KURTA-M",
        "warehouse" => "KHI-1",
        "available" => "4",
        "connection" => "Twilio",
        "problem" => "it does not answer",
        _ => "How can we help you?",
    };
    kind.row().variables.iter().map(|name| ((*name).to_owned(), sample(name).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_05_every_kind_has_a_text_that_vendors_can_approve() {
        for kind in MessageKind::ALL {
            assert_eq!(TEXTS.iter().filter(|row| row.0 == *kind).count(), 1, "{kind}");
            for language in Language::ALL {
                let (_, _, english, urdu) = row(*kind);
                let source = if *language == Language::Urdu { urdu } else { english };
                for (_, name) in parts(source) {
                    assert!(name.is_none_or(|name| kind.row().variables.contains(&name)), "{kind}: {name:?}");
                }
                let text = fill(*kind, *language, &samples(*kind));
                assert!(text.text.chars().count() <= 1_024 && !text.text.contains('{'), "{kind}: {}", text.text);
                let free = *kind == MessageKind::AgentReply;
                assert!(free || !(text.places.starts_with("{{") || text.places.ends_with("}}")), "{}", text.places);
                for choice in choices(*kind) {
                    let title = title(*kind, *choice, *language);
                    assert!((1..=20).contains(&title.chars().count()), "{title}");
                }
            }
        }
    }

    #[test]
    fn not_05_places_are_numbered_by_first_use_and_empty_values_show() {
        let values = [("number", "WEB-1"), ("name", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let text = fill(MessageKind::ReplyKept, Language::English, &values.into());
        assert_eq!(text.text, "All right -, your order WEB-1 stays as it is.");
        assert_eq!(text.places, "All right {{1}}, your order {{2}} stays as it is.");
        assert_eq!(text.values, ["-", "WEB-1"]);
    }
}
