//! List queries, the part every store shares: what is allowed, and the opaque cursor between pages.

use serde_json::{Value, json};

use crate::{
    Query, StoreError,
    chain::{hex, unhex},
    query::{ROW_TABLES, Source},
};

/// Where a page ended: the sort column's value (outer `None`: no sort; inner `None`: column missing) and the id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Position {
    /// Value of the sort column in the last row.
    pub(crate) sort: Option<Option<Value>>,
    /// Id of the last row.
    pub(crate) id: String,
}

impl Position {
    /// The opaque form.
    pub(crate) fn encode(&self) -> String {
        let value = match &self.sort {
            None => json!([self.id]),
            Some(None) => json!([self.id, []]),
            Some(Some(value)) => json!([self.id, [value]]),
        };
        hex(value.to_string().as_bytes())
    }

    fn decode(text: &str) -> Option<Self> {
        let parsed: Value = serde_json::from_slice(&unhex(text)?).ok()?;
        let parts = parsed.as_array()?;
        let id = parts.first()?.as_str()?.to_owned();
        let sort = match (parts.len(), parts.get(1).and_then(Value::as_array)) {
            (1, _) => None,
            (2, Some(value)) if value.len() <= 1 => Some(value.first().cloned()),
            _ => return None,
        };
        Some(Self { sort, id })
    }
}

/// Checks a query and decodes its cursor.
///
/// # Errors
/// [`StoreError::Query`] says what is wrong.
pub(crate) fn check(query: &Query) -> Result<Option<Position>, StoreError> {
    let bad = |what: String| Err(StoreError::Query(what));
    if query.limit == 0 || query.limit > 500 {
        return bad(format!("page size {} is not between 1 and 500", query.limit));
    }
    let columns = query.filters.iter().map(|filter| filter.column).chain(query.sort.as_ref().map(|sort| sort.column));
    for column in columns {
        if column.is_empty() || !column.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            return bad(format!("{column:?} is not a column name"));
        }
    }
    if let Source::Rows { table, .. } = &query.source {
        if !ROW_TABLES.contains(table) {
            return bad(format!("there is no table {table}"));
        }
        if query.search.is_some() || query.sort.is_some() {
            return bad("rows come in key order and cannot be searched".into());
        }
    }
    let Some(after) = &query.after else { return Ok(None) };
    let fits = |position: &Position| {
        let key =
            matches!(query.source, Source::Documents(_)) || serde_json::from_str::<Vec<Value>>(&position.id).is_ok();
        key && position.sort.is_some() == query.sort.is_some()
    };
    match Position::decode(after).filter(fits) {
        Some(position) => Ok(Some(position)),
        None => bad("the cursor is not one of this list".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_round_trip_and_garbage_is_refused() {
        for sort in [None, Some(None), Some(Some(json!(null))), Some(Some(json!("x"))), Some(Some(json!(1.5)))] {
            let position = Position { sort, id: "a:'b".into() };
            assert_eq!(Position::decode(&position.encode()), Some(position));
        }
        for bad in ["", "zz", "00", &hex(b"[]"), &hex(b"[1]"), &hex(b"[\"a\",[1,2]]"), &hex(b"[\"a\",1]")] {
            assert_eq!(Position::decode(bad), None, "{bad}");
        }
    }
}
