//! List queries: filters on view columns, full text, cursor pagination.

use munshi_domain::Kind;
use serde_json::Value;

/// Read-model tables beside the documents. `movement`: on-hand ledger, key `[warehouse, sku, version, n]`.
/// `search`: one row per searchable entity, key `[kind, id]`, body `{text}`, full-text indexed.
/// `answer`: external command id to where its answer lies, key `[cmd]`, body `{kind, id, version, request}`.
/// `thread`: what a thread shows, key `[conversation, version]`, body `{at, version, event}`.
pub const ROW_TABLES: [&str; 4] = ["movement", "search", "answer", "thread"];

/// Comparison of a column with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Eq,
    /// At least.
    Ge,
    /// At most.
    Le,
    /// The column is an array that contains the value.
    Contains,
    /// The text column begins with the value.
    Prefix,
}

/// One condition; all conditions of a query must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// View column (`[a-z_]+`).
    pub column: &'static str,
    /// Comparison.
    pub op: Op,
    /// Value compared with.
    pub value: Value,
}

/// Order of the answer; ties are broken by id in the same direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// View column.
    pub column: &'static str,
    /// Newest, largest, last first.
    pub descending: bool,
}

/// What to list.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Documents of a kind, by their view columns.
    Documents(Kind),
    /// Rows of one of [`ROW_TABLES`] whose key begins with these values, in key order.
    Rows {
        /// The table.
        table: &'static str,
        /// Leading key values.
        prefix: Vec<Value>,
        /// Last key first.
        descending: bool,
    },
}

/// A list query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What to list.
    pub source: Source,
    /// Conditions, all of which hold.
    pub filters: Vec<Filter>,
    /// Words that must all occur in the entity's search text (by prefix), for documents only.
    pub search: Option<String>,
    /// Order, for documents; rows come in key order.
    pub sort: Option<Sort>,
    /// Opaque cursor of the page before.
    pub after: Option<String>,
    /// Page size, 1 to 500.
    pub limit: usize,
}

/// One hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Entity id for documents, JSON of the key for rows.
    pub id: String,
    /// Version of the document; 0 for rows.
    pub version: u64,
    /// Journal position of that version; 0 for rows.
    pub seq: u64,
    /// View columns of the document, or the row's body.
    pub body: Value,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Page {
    /// The hits.
    pub rows: Vec<Row>,
    /// Cursor of the next page, if there is more.
    pub next: Option<String>,
    /// Journal position that the documents reflect at least.
    pub seq: u64,
}
