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

/// Pages read at most to fill one that begins with documents which are shown nowhere.
const FILL: usize = 8;

/// Runs a list of documents. Those that are shown nowhere now, such as an order that is just being placed (P02), have
/// no columns and are left out; they do not shorten the page.
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
    own_writes(call).await?;
    let mut query = query(call, Source::Documents(kind), filters, Some(Sort { column, descending }))?;
    let wanted = query.limit;
    let mut shown = Page::default();
    for _ in 0..FILL {
        query.limit = wanted - shown.rows.len();
        let page = call.app.node().store().query(&query).await?;
        let before = page.rows.len();
        shown.rows.extend(page.rows.into_iter().filter(|row| !row.body.is_null()));
        let hidden = before - (shown.rows.len() - (wanted - query.limit));
        // What has no columns sorts below everything, so downwards nothing but hidden ones follows a hidden one.
        shown.next = page.next.filter(|_| hidden == 0 || !descending);
        shown.seq = if shown.seq == 0 { page.seq } else { shown.seq.min(page.seq) };
        if shown.next.is_none() || shown.rows.len() == wanted {
            break;
        }
        query.after.clone_from(&shown.next);
    }
    Ok(shown)
}

/// Runs a list.
///
/// # Errors
/// `bad_query`, `unavailable`.
pub async fn run(call: &Call, source: Source, filters: Vec<Filter>, sort: Option<Sort>) -> Result<Page, Problem> {
    own_writes(call).await?;
    Ok(call.app.node().store().query(&query(call, source, filters, sort)?).await?)
}

fn query(call: &Call, source: Source, filters: Vec<Filter>, sort: Option<Sort>) -> Result<Query, Problem> {
    let limit = limit(call)?;
    let search = call.text("q").map(str::to_owned);
    if search.as_ref().is_some_and(|text| text.chars().count() > 200) {
        return Err(Problem::new("bad_query", "q has at most 200 characters").at("q"));
    }
    let after = call.text("after").map(str::to_owned);
    Ok(Query { source, filters, search, sort, after, limit })
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
