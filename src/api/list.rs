//! Lists: page size, cursor, own writes, filters, full text.

use munshi_domain::Kind;
use munshi_store::{Filter, Op, Page, Query, Sort, query::Source};
use serde_json::Value;

use super::Call;
use crate::problem::Problem;

/// Largest page.
pub const MAX_LIMIT: usize = 200;
const DEFAULT_LIMIT: usize = 50;

/// The page size asked for.
///
/// # Errors
/// `bad_query` outside 1 to [`MAX_LIMIT`].
pub fn limit(call: &Call) -> Result<usize, Problem> {
    let limit = call.query::<usize>("limit")?.unwrap_or(DEFAULT_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::new("bad_query", format!("limit is 1 to {MAX_LIMIT}")).at("limit"))
}

/// Waits for the caller's own write, if asked to.
///
/// # Errors
/// `bad_query`; `unavailable` when lists trail by more than the wait.
pub async fn own_writes(call: &Call) -> Result<(), Problem> {
    match call.query::<u64>("min_seq")? {
        Some(seq) if !call.app.node().wait_for(seq).await => {
            Err(Problem::new("unavailable", format!("lists do not reflect {seq} yet")).retry_after(1))
        }
        _ => Ok(()),
    }
}

/// An equality filter for a parameter of the query, if it is given.
pub fn equals(call: &Call, name: &str, column: &'static str) -> Option<Filter> {
    call.text(name).map(|text| Filter { column, op: Op::Eq, value: Value::from(text) })
}

/// A filter.
pub fn filter(column: &'static str, op: Op, value: impl Into<Value>) -> Filter {
    Filter { column, op, value: value.into() }
}

/// Runs a list of documents.
///
/// # Errors
/// `bad_query`, `unavailable`.
pub async fn documents(
    call: &Call,
    kind: Kind,
    filters: Vec<Filter>,
    column: &'static str,
    descending: bool,
) -> Result<Page, Problem> {
    run(call, Source::Documents(kind), filters, Some(Sort { column, descending })).await
}

/// Runs a list.
///
/// # Errors
/// `bad_query`, `unavailable`.
pub async fn run(call: &Call, source: Source, filters: Vec<Filter>, sort: Option<Sort>) -> Result<Page, Problem> {
    let limit = limit(call)?;
    own_writes(call).await?;
    let search = call.text("q").map(str::to_owned);
    if search.as_ref().is_some_and(|text| text.chars().count() > 200) {
        return Err(Problem::new("bad_query", "q has at most 200 characters").at("q"));
    }
    let after = call.text("after").map(str::to_owned);
    let query = Query { source, filters, search, sort, after, limit };
    Ok(call.app.node().store().query(&query).await?)
}

/// Text of a view column.
pub fn text(row: &Value, column: &str) -> String {
    optional(row, column).unwrap_or_default()
}

/// Text of a view column that may be absent.
pub fn optional(row: &Value, column: &str) -> Option<String> {
    row.get(column).and_then(Value::as_str).map(str::to_owned)
}

/// Texts of a view column.
pub fn texts(row: &Value, column: &str) -> Vec<String> {
    let items = row.get(column).and_then(Value::as_array);
    items.map(|items| items.iter().filter_map(Value::as_str).map(str::to_owned).collect()).unwrap_or_default()
}
