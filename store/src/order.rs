//! The order of JSON values that every store sorts by, which is SurrealDB's.

use std::cmp::Ordering;

use serde_json::Value;

/// Lists element by element, a prefix first.
pub(crate) fn compare_lists(a: &[Value], b: &[Value]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// A missing value sorts before null.
pub(crate) fn compare_optional(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// Position of a value's type in the order.
pub(crate) const fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

/// The database's order of values: null, booleans, numbers, texts, arrays, objects.
pub(crate) fn compare(a: &Value, b: &Value) -> Ordering {
    let whole = |number: &serde_json::Number| number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => match (whole(a), whole(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default()),
        },
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => compare_lists(a, b),
        (Value::Object(a), Value::Object(b)) => {
            a.iter().map(|(k, v)| (k, v.to_string())).cmp(b.iter().map(|(k, v)| (k, v.to_string())))
        }
        (a, b) => rank(a).cmp(&rank(b)),
    }
}
