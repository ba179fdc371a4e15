//! Sizes and spellings: how many SMS a text takes, how an amount and a value are written. Pure.

use munshi_domain::Money;
use serde::Serialize;

use crate::transport::Language;

/// How much of the operators' limits a text takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SmsSize {
    /// Whether every character is of the GSM alphabet; otherwise each counts sixteen bits.
    pub gsm: bool,
    /// Units: septets, or sixteen-bit units.
    pub units: usize,
    /// Messages the operator sends and charges.
    pub segments: usize,
}

/// The GSM 7-bit default alphabet (3GPP TS 23.038 §6.2.1) without the Latin letters and digits.
const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
/// Characters of its extension: two septets each.
const GSM_EXTENSION: &str = "^{}\\[~]|€\u{c}";

/// The size of an SMS (3GPP TS 23.038, 23.040): 160 or 70 units alone, 153 or 67 in each of several.
pub fn sms_size(text: &str) -> SmsSize {
    let septets = |c: char| {
        if c.is_ascii_alphanumeric() || GSM.contains(c) { Some(1) } else { GSM_EXTENSION.contains(c).then_some(2) }
    };
    let (gsm, units, alone, each) = match text.chars().map(septets).sum::<Option<usize>>() {
        Some(units) => (true, units, 160, 153),
        None => (false, text.encode_utf16().count(), 70, 67),
    };
    let segments = if units <= alone { 1 } else { units.div_ceil(each) };
    SmsSize { gsm, units, segments }
}

/// A value as vendors take it in templates: one line, no tabs, no runs of blanks (messaging.md §3.5).
pub fn variable(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// An amount as people of the language write it: `Rs 4,500`, `4,500 روپے`; other currencies by their code. Paisa are
/// shown only where there are some.
pub fn amount(money: Money, language: Language) -> String {
    let amount = money.amount().normalize();
    let text = amount.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped.push_str(&format!(".{fraction:0<2}"));
    }
    if amount.is_sign_negative() && !amount.is_zero() {
        grouped.insert(0, '-');
    }
    let currency = money.currency();
    match (language, currency.code()) {
        (Language::En, "PKR") => format!("Rs {grouped}"),
        (Language::Ur, "PKR") => format!("{grouped} روپے"),
        (_, code) => format!("{code} {grouped}"),
    }
}
