//! The vendors, one module each.

pub mod content;
pub mod meta;
pub mod twilio;

/// `{{1}}` and so on filled from `values`; `None` where one is missing.
pub fn fill(body: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, tail) = after.split_once("}}")?;
        out.push_str(before);
        out.push_str(&value(name.trim())?);
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}

/// Numbers that the practice world cannot reach, by their last digits, so that failures can be tried.
pub fn unreachable(phone: &str) -> bool {
    phone.ends_with("0000000")
}

/// Whether a text is an E.164 number.
pub fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
    })
}
