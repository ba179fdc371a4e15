//! JSON to SurrealDB values and back, exactly: what goes in comes out.
//!
//! Strings stay strings whatever they look like, `null` and a missing field stay apart, and integers above
//! `i64::MAX` travel as decimals. Anything this module never writes is refused as damaged, not guessed at.

use std::ops::Bound;

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::{Map, Value as Json};
use surrealdb::types::{Array, Number, Object, RecordId, RecordIdKey, RecordIdKeyRange, Value};

use crate::StoreError;

/// A JSON value as a database value.
pub(crate) fn to_db(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => number_to_db(number),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Array(items.iter().map(to_db).collect::<Vec<_>>().into()),
        Json::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), to_db(value))).collect::<Object>())
        }
    }
}

/// JSON as text: what only Munshi reads. An object in the database costs several times as much to write and to
/// read, because each of its fields is converted, cloned and encoded on its own (docs/adr/0008).
pub(crate) fn to_text(value: &impl serde::Serialize) -> Value {
    Value::String(serde_json::to_string(value).unwrap_or_default())
}

/// JSON from the field that [`to_text`] filled.
pub(crate) fn take_json(row: &mut Object, field: &str) -> Result<Json, StoreError> {
    let text = take_text(row, field)?;
    serde_json::from_str(&text).map_err(|error| damaged(&format!("field {field}: {error}")))
}

fn number_to_db(number: &serde_json::Number) -> Value {
    Value::Number(if let Some(whole) = number.as_i64() {
        Number::Int(whole)
    } else if let Some(whole) = number.as_u64() {
        Number::Decimal(Decimal::from(whole))
    } else {
        Number::Float(number.as_f64().unwrap_or_default())
    })
}

/// A database value as JSON.
pub(crate) fn from_db(value: Value) -> Result<Json, StoreError> {
    Ok(match value {
        Value::None | Value::Null => Json::Null,
        Value::Bool(flag) => Json::Bool(flag),
        Value::Number(Number::Int(whole)) => Json::from(whole),
        Value::Number(Number::Float(float)) => {
            Json::Number(serde_json::Number::from_f64(float).ok_or_else(|| damaged("a number is not finite"))?)
        }
        Value::Number(Number::Decimal(decimal)) if decimal.is_integer() => {
            Json::from(decimal.to_u64().ok_or_else(|| damaged("an integer is out of range"))?)
        }
        Value::String(text) => Json::String(text),
        Value::Array(items) => Json::Array(items.into_inner().into_iter().map(from_db).collect::<Result<_, _>>()?),
        Value::Object(fields) => Json::Object(
            fields
                .into_iter()
                .map(|(key, value)| Ok((key, from_db(value)?)))
                .collect::<Result<Map<_, _>, StoreError>>()?,
        ),
        other => return Err(damaged(&format!("a stored value is {}", other.kind_name()))),
    })
}

trait KindName {
    fn kind_name(&self) -> &'static str;
}

impl KindName for Value {
    fn kind_name(&self) -> &'static str {
        match self {
            Value::Number(_) => "a decimal fraction",
            Value::Datetime(_) => "a datetime",
            Value::RecordId(_) => "a record id",
            Value::Uuid(_) => "a uuid",
            _ => "of a type this version does not write",
        }
    }
}

/// Shorthand for [`StoreError::Damaged`].
pub(crate) fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(what.to_owned())
}

/// An unsigned number as the database's integer; sequence numbers never come near `i64::MAX`.
pub(crate) fn int(number: u64) -> Value {
    Value::Number(Number::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// A text value.
pub(crate) fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// An array record id, for example `event:[kind, id, first]`.
pub(crate) fn key(table: &str, parts: Vec<Value>) -> RecordId {
    RecordId::new(table, RecordIdKey::Array(Array::from(parts)))
}

/// A primary-key range over array ids, both ends given as key prefixes.
pub(crate) fn range(table: &str, start: Bound<Vec<Value>>, end: Bound<Vec<Value>>) -> Value {
    let bound = |bound: Bound<Vec<Value>>| bound.map(|parts| RecordIdKey::Array(Array::from(parts)));
    let range = RecordIdKeyRange { start: bound(start), end: bound(end) };
    Value::RecordId(RecordId::new(table, RecordIdKey::Range(Box::new(range))))
}

/// Above every text or number that can follow `prefix` in an array key: arrays sort after both.
pub(crate) fn after_prefix(mut prefix: Vec<Value>) -> Vec<Value> {
    prefix.push(Value::Array(Array::from(Vec::<Value>::new())));
    prefix
}

/// An object field taken out by name.
pub(crate) fn take(fields: &mut Object, name: &str) -> Result<Value, StoreError> {
    fields.remove(name).ok_or_else(|| damaged(&format!("field {name} is missing")))
}

/// A non-negative integer field.
pub(crate) fn take_u64(fields: &mut Object, name: &str) -> Result<u64, StoreError> {
    as_u64(&take(fields, name)?).ok_or_else(|| damaged(&format!("field {name} is not a number")))
}

/// A text field.
pub(crate) fn take_text(fields: &mut Object, name: &str) -> Result<String, StoreError> {
    match take(fields, name)? {
        Value::String(text) => Ok(text),
        _ => Err(damaged(&format!("field {name} is not a text"))),
    }
}

/// The value as a non-negative integer.
pub(crate) fn as_u64(value: &Value) -> Option<u64> {
    match value {
        Value::Number(Number::Int(number)) => u64::try_from(*number).ok(),
        _ => None,
    }
}

/// The rows of a `SELECT`.
pub(crate) fn rows(value: Value) -> Result<Vec<Object>, StoreError> {
    items(value)?.into_iter().map(object).collect()
}

/// The items of an array answer.
pub(crate) fn items(value: Value) -> Result<Vec<Value>, StoreError> {
    match value {
        Value::Array(items) => Ok(items.into_inner()),
        Value::None | Value::Null => Ok(Vec::new()),
        _ => Err(damaged("an answer is not a list")),
    }
}

/// The value as an object.
pub(crate) fn object(value: Value) -> Result<Object, StoreError> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(damaged("a row is not an object")),
    }
}

/// The array key of a row's record id.
pub(crate) fn array_key(value: Value) -> Result<Vec<Value>, StoreError> {
    match value {
        Value::RecordId(RecordId { key: RecordIdKey::Array(parts), .. }) => Ok(parts.into_inner()),
        _ => Err(damaged("a record id is not an array")),
    }
}

/// The text key of a row's record id.
pub(crate) fn text_key(value: Value) -> Result<String, StoreError> {
    match value {
        Value::RecordId(RecordId { key: RecordIdKey::String(text), .. }) => Ok(text),
        _ => Err(damaged("a record id is not a text")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_survives_the_round_trip_exactly() {
        for given in [
            json!(null),
            json!([null, true, false, [], {}]),
            json!([0, -1, i64::MIN, i64::MAX, u64::MAX, 1.5, -0.25, 1e300, 1.0]),
            json!(["person:1", "1.5", "2020-01-01T00:00:00Z", "$x", "'\"`\\", "", "سلام 🧾", "u'a'"]),
            json!({"": 1, "a b": {"id": "x:y"}, "none": null}),
        ] {
            assert_eq!(from_db(to_db(&given)).unwrap(), given);
        }
    }

    #[test]
    fn foreign_values_are_damage() {
        for value in [
            Value::Number(Number::Float(f64::NAN)),
            Value::Number(Number::Decimal(Decimal::new(15, 1))),
            Value::RecordId(RecordId::new("a", "b")),
        ] {
            assert!(matches!(from_db(value), Err(StoreError::Damaged(_))));
        }
    }
}
