//! Tables and indexes, as forward-only migrations.
//!
//! The journal's tables are schemaless and bare: indexes and full text stand on projection tables only. A
//! migration, once released, is never edited; a new one is appended. All statements are `IF NOT EXISTS`, so a
//! migration that was cut short is simply run again.

use munshi_domain::Kind;

use super::work::POSITION;
use crate::WorkTable;

/// Newest schema version this build knows.
pub(super) const SUPPORTED: u64 = 8;

/// View columns that whole tables are sorted by. The engine stops an index scan after a page only when the index
/// begins with a column that is pinned, so these also stand behind one that no row has. For a range the plain
/// index is the better one: it knows both ends.
const LISTED: [(Kind, &str); 4] = [
    (Kind::Order, "at"),
    (Kind::Customer, "name"),
    (Kind::Conversation, "last_inbound_at"),
    (Kind::Conversation, "rank"),
];

/// The condition that pins the column no row has.
pub(super) const PINNED: &str = "whole = NONE";

/// View columns with an index, per kind; an index serves filters on its leading columns and the order of the next.
pub(super) const INDEXES: [(Kind, &str, &[&str]); 14] = [
    (Kind::Order, "status_at", &["status", "at"]),
    (Kind::Order, "at", &["at"]),
    (Kind::Order, "customer_at", &["customer", "at"]),
    (Kind::Order, "number", &["number"]),
    (Kind::Customer, "phone", &["phone.*"]),
    (Kind::Customer, "name", &["name"]),
    (Kind::Product, "handle", &["handle"]),
    (Kind::Product, "barcode", &["barcode"]),
    (Kind::Product, "brand", &["brand"]),
    (Kind::User, "email", &["email"]),
    (Kind::Claim, "owner", &["owner"]),
    (Kind::Conversation, "needs_agent", &["needs_agent"]),
    (Kind::Conversation, "call_due", &["call_due"]),
    (Kind::Conversation, "customer", &["customer"]),
];

/// Whether a filter on this view column begins an index.
pub(super) fn is_indexed(kind: Kind, column: &str) -> bool {
    INDEXES.iter().any(|(of, _, columns)| *of == kind && columns[0].trim_end_matches(".*") == column)
}

/// Whether a whole table can be listed in the order of this view column.
pub(super) fn is_listed(kind: Kind, column: &str) -> bool {
    LISTED.contains(&(kind, column))
}

/// Name of the table with the main parts of a kind's documents.
pub(super) fn doc_table(kind: Kind) -> String {
    format!("{}_doc", kind.name())
}

/// Name of the table with all other parts.
pub(super) fn part_table(kind: Kind) -> String {
    format!("{}_part", kind.name())
}

/// The statements that bring a database from version `from` to [`SUPPORTED`].
pub(super) fn migrations(from: u64) -> Vec<(u64, String)> {
    (from + 1..=SUPPORTED).map(|version| (version, statements(version))).collect()
}

fn statements(version: u64) -> String {
    match version {
        1 => first(),
        2 => second(),
        3 => third(),
        4 => fourth(),
        5 => fifth(),
        6 => sixth(),
        7 => seventh(),
        8 => eighth(),
        _ => String::new(),
    }
}

fn first() -> String {
    let mut text = String::new();
    for table in ["meta", "event", "batch", "cursor", "timer", "probe", "movement", "search", "answer"] {
        text.push_str(&format!("DEFINE TABLE IF NOT EXISTS {table} SCHEMALESS;\n"));
    }
    for kind in Kind::ALL {
        text.push_str(&format!("DEFINE TABLE IF NOT EXISTS {} SCHEMALESS;\n", doc_table(kind)));
        text.push_str(&format!("DEFINE TABLE IF NOT EXISTS {} SCHEMALESS;\n", part_table(kind)));
    }
    text.push_str(&INDEXES.map(index).concat());
    // The words are folded and split before they get here (`crate::words`), so that every store finds the same.
    text.push_str("DEFINE ANALYZER IF NOT EXISTS words TOKENIZERS blank FILTERS edgengram(1, 16);\n");
    text.push_str("DEFINE INDEX IF NOT EXISTS words ON search FIELDS words FULLTEXT ANALYZER words;\n");
    text
}

fn index((kind, name, columns): (Kind, &str, &[&str])) -> String {
    let fields: Vec<_> = columns.iter().map(|column| format!("view.{column}")).collect();
    format!("DEFINE INDEX IF NOT EXISTS {name} ON {} FIELDS {};\n", doc_table(kind), fields.join(", "))
}

fn listed((kind, column): (Kind, &str)) -> String {
    format!("DEFINE INDEX IF NOT EXISTS by_{column} ON {} FIELDS whole, view.{column};\n", doc_table(kind))
}

fn second() -> String {
    LISTED.map(listed).concat()
}

/// Tables of kinds that came after the first migration, which knew only the kinds of its day.
fn third() -> String {
    documents_of(Kind::Floor)
}

fn documents_of(kind: Kind) -> String {
    let table = |name: String| format!("DEFINE TABLE IF NOT EXISTS {name} SCHEMALESS;\n");
    [doc_table(kind), part_table(kind)].map(table).concat()
}

/// Open work at the edge, how far its readers are, and conversations with their threads.
fn fourth() -> String {
    let tables = WorkTable::ALL.into_iter().filter(|table| *table != WorkTable::Notice);
    let tables = tables.map(WorkTable::name).chain([POSITION]);
    let documents = [doc_table(Kind::Conversation), part_table(Kind::Conversation), "thread".to_owned()];
    let tables = tables.map(str::to_owned).chain(documents);
    let mut text: String = tables.map(|name| format!("DEFINE TABLE IF NOT EXISTS {name} SCHEMALESS;\n")).collect();
    let kind = Kind::Conversation;
    text.extend(INDEXES.into_iter().filter(|(of, ..)| *of == kind).map(index));
    text.extend(LISTED.into_iter().filter(|(of, _)| *of == kind).map(listed));
    text
}

/// What happened to connections, and the order of threads.
fn fifth() -> String {
    documents_of(Kind::Connection) + &listed((Kind::Conversation, "rank"))
}

/// The journal in rows of many entries, and whose they are.
fn sixth() -> String {
    ["journal", "history"].map(|name| format!("DEFINE TABLE IF NOT EXISTS {name} SCHEMALESS;\n")).concat()
}

/// What users are told.
fn seventh() -> String {
    format!("DEFINE TABLE IF NOT EXISTS {} SCHEMALESS;\n", WorkTable::Notice.name())
}

/// Orders are found by phone through their search text; nothing asked this index.
fn eighth() -> String {
    format!("REMOVE INDEX IF EXISTS phone ON {};\n", doc_table(Kind::Order))
}

/// Empties everything the projector wrote.
pub(super) fn wipe() -> Vec<String> {
    let mut tables: Vec<String> =
        ["cursor", "timer", "movement", "search", "answer", "thread", "history"].map(str::to_owned).into();
    for kind in Kind::ALL {
        tables.push(doc_table(kind));
        tables.push(part_table(kind));
    }
    tables
}
