//! Request bodies: JSON text to wire types, with errors that name the field.
//!
//! serde says where in the text it stopped; a second look at the text up to there tells which field that is. The
//! second look happens only for bodies that are wrong.

use axum::body::Bytes;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Parses a body.
///
/// # Errors
/// `invalid_utf8`, `bad_json`, `unknown_field`, `missing_field`, `wrong_type`, `bad_value`.
pub fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| {
        Problem::new("invalid_utf8", format!("the body stops being UTF-8 at byte {}", error.valid_up_to()))
    })?;
    serde_json::from_str(text).map_err(|error| explain(text, &error))
}

fn explain(text: &str, error: &serde_json::Error) -> Problem {
    let detail = error.to_string();
    if !error.is_data() {
        return Problem::new("bad_json", detail).fix("send one JSON value");
    }
    let message = detail.rsplit_once(" at line ").map_or(detail.as_str(), |(message, _)| message).to_owned();
    let pointer = pointer(text, offset(text, error.line(), error.column()));
    let code = if message.starts_with("unknown field") {
        "unknown_field"
    } else if message.starts_with("missing field") {
        "missing_field"
    } else if message.starts_with("invalid type") {
        "wrong_type"
    } else {
        "bad_value"
    };
    let field = match (code, message.split('`').nth(1)) {
        ("missing_field", Some(name)) => format!("{pointer}/{}", escape(name)),
        _ => pointer,
    };
    Problem::new(code, message).at(field)
}

/// Byte offset of a line and column, both from 1, column in bytes as serde_json counts them.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(nth) => text.match_indices('\n').nth(nth).map_or(0, |(at, _)| at + 1),
    };
    (start + column).min(text.len())
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

enum Level {
    Object { key: Option<String>, value: bool },
    Array(usize),
}

/// JSON pointer of the value, or key, that ends at `end`. The text up to `end` is well formed.
fn pointer(text: &str, end: usize) -> String {
    let bytes = text.as_bytes();
    let (mut levels, mut at, mut popped) = (Vec::<Level>::new(), 0, None);
    while at < end {
        popped = None;
        match bytes[at] {
            b'{' => levels.push(Level::Object { key: None, value: false }),
            b'[' => levels.push(Level::Array(0)),
            b'}' | b']' => popped = levels.pop(),
            b':' => {
                if let Some(Level::Object { value, .. }) = levels.last_mut() {
                    *value = true;
                }
            }
            b',' => match levels.last_mut() {
                Some(Level::Object { value, key }) => (*value, *key) = (false, None),
                Some(Level::Array(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let close = string_end(bytes, at).min(text.len());
                if let Some(Level::Object { key, value: false }) = levels.last_mut() {
                    let raw = text.get(at..close).unwrap_or_default();
                    *key = Some(serde_json::from_str(raw).unwrap_or_else(|_| raw.trim_matches('"').to_owned()));
                }
                at = close - 1;
            }
            _ => {}
        }
        at += 1;
    }
    // A missing field is noticed at the closing brace: the pointer is then of the object that closed, which is where
    // its parent stands. An unknown or mistyped one leaves its key on top.
    let _ = popped;
    let mut path = String::new();
    for level in &levels {
        match level {
            Level::Object { key: Some(key), .. } => path = format!("{path}/{}", escape(key)),
            Level::Object { key: None, .. } => {}
            Level::Array(index) => path = format!("{path}/{index}"),
        }
    }
    path
}

/// Index after the closing quote of the string that opens at `open`.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use munshi_protocols::{common::Reason, orders::CreateOrder, products::CreateProduct};

    fn order(lines: &str, rest: &str) -> String {
        format!(
            "{{\n \"payment_method\": \"cod\",\n \"shipping_address\": {{\"line1\": \"1, \\\"B\\\" [x]\", \"city\": \"Karachi\"}},\n \"lines\": [{lines}]{rest}\n}}"
        )
    }

    #[test]
    fn api_07_wrong_bodies_name_code_and_field() {
        let cases = [
            ("{".to_owned(), "bad_json", None),
            (String::new(), "bad_json", None),
            ("[]".to_owned(), "bad_value", Some("")),
            (order("", ", \"colour\": 1"), "unknown_field", Some("/colour")),
            (order("{\"sku\":\"A\",\"quantity\":1,\"x/y\":2}", ""), "unknown_field", Some("/lines/0/x~1y")),
            (
                order("{\"sku\":\"A\",\"quantity\":1},{\"sku\":\"A\",\"quantity\":1.5}", ""),
                "wrong_type",
                Some("/lines/1/quantity"),
            ),
            (order("{\"sku\":\"A\",\"quantity\":\"2\"}", ""), "wrong_type", Some("/lines/0/quantity")),
            (order("{\"sku\":7,\"quantity\":2}", ""), "wrong_type", Some("/lines/0/sku")),
            (order("{\"quantity\":2}", ""), "missing_field", Some("/lines/0/sku")),
            (order("{\"sku\":\"A\",\"quantity\":99999999999999999999}", ""), "wrong_type", Some("/lines/0/quantity")),
            ("{\"lines\":[],\"payment_method\":\"cod\"}".to_owned(), "missing_field", Some("/shipping_address")),
            (order("", ", \"submit\": null"), "wrong_type", Some("/submit")),
            (order("", ", \"lines\": []"), "bad_value", Some("/lines")),
        ];
        for (text, code, field) in cases {
            let problem = parse::<CreateOrder>(&Bytes::from(text.clone())).unwrap_err();
            assert_eq!((problem.code, problem.field.as_deref()), (code, field), "{text}: {}", problem.detail);
        }
        let bad = parse::<CreateProduct>(&Bytes::from(
            r#"{"sku":"A","details":{"title":"T","price":{"amount":5,"currency":"PKR"}}}"#,
        ));
        assert_eq!(bad.unwrap_err().field.as_deref(), Some("/details/price/amount"));
        let utf8 = parse::<Reason>(&Bytes::from_static(b"{\"reason\":\"\xff\"}")).unwrap_err();
        assert_eq!(utf8.code, "invalid_utf8");
    }
}
