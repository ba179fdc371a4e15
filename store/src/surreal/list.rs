//! List queries in SurrealQL: columns are checked names, everything else is bound.

use std::{cmp::Ordering, ops::Bound};

use munshi_domain::Kind;
use serde_json::Value as Json;
use surrealdb::types::{Object, RecordId, RecordIdKey, Value};

use super::{
    Inner,
    schema::{self, doc_table},
    value::{
        after_prefix, array_key, damaged, from_db, int, items, range, rows, take, take_u64, text, text_key, to_db,
    },
};
use crate::{
    Filter, Op, Page, Query, Row, Sort, StoreError,
    cursor::{Position, check},
    order::compare_lists,
    query::Source,
    words::words,
};

/// Entities a search may find before filters apply; more than anybody pages through.
const HITS: usize = 5_000;

/// Collects conditions and their bound values.
#[derive(Default)]
struct Where {
    conditions: Vec<String>,
    variables: Object,
}

impl Where {
    fn bind(&mut self, value: Value) -> String {
        let name = format!("p{}", self.variables.len());
        self.variables.insert(name.clone(), value);
        format!("${name}")
    }

    fn filter(&mut self, prefix: &str, filter: &Filter) -> Result<(), StoreError> {
        let column = format!("{prefix}.{}", filter.column);
        let value = self.bind(to_db(&filter.value));
        let condition = match filter.op {
            Op::Eq => format!("{column} = {value}"),
            Op::Ge => format!("{column} >= {value}"),
            Op::Le => {
                // Missing and null sort below everything but are not at most something.
                let floor = self.bind(match &filter.value {
                    Json::String(_) => text(""),
                    Json::Number(_) => Value::Number(surrealdb::types::Number::Float(f64::NEG_INFINITY)),
                    _ => Value::Bool(false),
                });
                format!("{column} >= {floor} AND {column} <= {value}")
            }
            Op::Contains => format!("{column} CONTAINS {value}"),
            Op::Prefix => {
                let Json::String(prefix) = &filter.value else {
                    return Err(StoreError::Query("a prefix is a text".into()));
                };
                let end = self.bind(Value::String(format!("{prefix}{}", char::MAX)));
                format!("{column} >= {value} AND {column} < {end}")
            }
        };
        self.conditions.push(condition);
        Ok(())
    }

    fn text(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!(" WHERE {}", self.conditions.join(" AND ")) }
    }
}

impl Inner {
    pub(super) async fn query(&self, query: Query) -> Result<Page, StoreError> {
        let after = check(&query)?;
        // Read first: the rows reflect at least this.
        let seq = self.projected().await?;
        let page = match &query.source {
            Source::Documents(kind) => self.list_documents(*kind, &query, after).await?,
            Source::Rows { table, prefix, descending } => {
                self.list_rows(table, prefix, *descending, &query, after).await?
            }
        };
        Ok(Page { seq, ..page })
    }

    async fn list_documents(&self, kind: Kind, query: &Query, after: Option<Position>) -> Result<Page, StoreError> {
        let hits = match &query.search {
            None => None,
            Some(search) => Some(self.search(kind, search).await?),
        };
        if hits.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Page::default());
        }
        let (statement, variables) = documents_statement(kind, query, after, hits)?;
        let sorted = query.sort.as_ref().map(|sort| sort.column);
        let mut found = rows(self.read(statement, variables).await?)?;
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let mut page = Page::default();
        for mut row in found {
            let body = row.remove("view").map_or(Ok(Json::Null), from_db)?;
            let id = text_key(take(&mut row, "id")?)?;
            page.rows.push(Row { id, version: take_u64(&mut row, "v")?, seq: take_u64(&mut row, "seq")?, body });
        }
        page.next = page.rows.last().filter(|_| more).map(|last| {
            let sort = sorted.map(|column| last.body.get(column).cloned());
            Position { sort, id: last.id.clone() }.encode()
        });
        Ok(page)
    }

    /// Main-part ids of the entities of a kind whose search text has all the words.
    async fn search(&self, kind: Kind, search: &str) -> Result<Vec<Value>, StoreError> {
        let wanted = words(search);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut variables = Object::new();
        variables.insert("words", Value::String(wanted.join(" ")));
        variables.insert("kind", text(kind.name()));
        let statement = format!("SELECT VALUE id FROM search WHERE words @@ $words AND id[0] = $kind LIMIT {HITS};");
        let table = doc_table(kind);
        items(self.read(statement, variables).await?)?
            .into_iter()
            .map(|id| match &array_key(id)?[..] {
                [_, Value::String(id)] => {
                    Ok(Value::RecordId(RecordId::new(table.as_str(), RecordIdKey::String(id.clone()))))
                }
                _ => Err(damaged("a search row has an odd key")),
            })
            .collect()
    }

    async fn list_rows(
        &self,
        table: &str,
        prefix: &[Json],
        descending: bool,
        query: &Query,
        after: Option<Position>,
    ) -> Result<Page, StoreError> {
        let after: Option<Vec<Json>> = after.and_then(|position| serde_json::from_str(&position.id).ok());
        let stored = |key: &[Json]| row_key(table, key);
        // A range is read from its beginning, so only one direction can stop after a page.
        let forward = if newest_first(table) { descending && prefix.len() >= 2 } else { !descending };
        let prefix = stored(prefix);
        let mut start = Bound::Included(prefix.clone());
        if let Some(key) = after.as_ref().filter(|_| forward) {
            start = Bound::Excluded(stored(key));
        }
        let mut parts = Where::default();
        let source = parts.bind(range(table, start, Bound::Excluded(after_prefix(prefix))));
        for filter in &query.filters {
            parts.filter("body", filter)?;
        }
        let mut statement = format!("SELECT id, body FROM {source}{}", parts.text());
        if forward {
            let limit = parts.bind(int(query.limit as u64 + 1));
            statement.push_str(&format!(" LIMIT {limit}"));
        }
        let mut found = Vec::new();
        for mut row in rows(self.read(statement, parts.variables).await?)? {
            let key = array_key(take(&mut row, "id")?)?.into_iter().map(from_db).collect::<Result<Vec<_>, _>>()?;
            found.push((json_key(table, key), from_db(take(&mut row, "body")?)?));
        }
        if !forward {
            found.sort_by(|(a, _), (b, _)| if descending { compare_lists(b, a) } else { compare_lists(a, b) });
            if let Some(last) = after {
                let beyond = if descending { Ordering::Less } else { Ordering::Greater };
                found.retain(|(key, _)| compare_lists(key, &last) == beyond);
            }
        }
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let rows: Vec<_> = found
            .into_iter()
            .map(|(key, body)| Row { id: Json::Array(key).to_string(), version: 0, seq: 0, body })
            .collect();
        let next = rows.last().filter(|_| more).map(|last| Position { sort: None, id: last.id.clone() }.encode());
        Ok(Page { rows, next, seq: 0 })
    }
}

/// Tables whose numbers stand negated in the key, so that the newest row comes first: a ledger is read from its end.
fn newest_first(table: &str) -> bool {
    table == "movement"
}

/// The stored form of a row's key, or of its beginning.
pub(super) fn row_key(table: &str, key: &[Json]) -> Vec<Value> {
    let negated = |part: &Json| part.as_i64().filter(|_| newest_first(table)).and_then(i64::checked_neg);
    key.iter()
        .map(|part| match negated(part) {
            Some(number) => Value::Number(surrealdb::types::Number::Int(number)),
            None => to_db(part),
        })
        .collect()
}

/// The inverse of [`row_key`].
fn json_key(table: &str, key: Vec<Json>) -> Vec<Json> {
    let negated = |part: &Json| part.as_i64().filter(|_| newest_first(table)).and_then(i64::checked_neg);
    key.into_iter().map(|part| negated(&part).map_or(part, Json::from)).collect()
}

/// The `SELECT` of one page of documents, over the whole table or over the hits of a search.
pub(super) fn documents_statement(
    kind: Kind,
    query: &Query,
    after: Option<Position>,
    hits: Option<Vec<Value>>,
) -> Result<(String, Object), StoreError> {
    let table = doc_table(kind);
    let mut parts = Where::default();
    let plan = Plan::of(kind, query);
    if plan == Plan::Whole {
        parts.conditions.push(schema::PINNED.to_owned());
    }
    for filter in &query.filters {
        parts.filter("view", filter)?;
    }
    let order = order(query.sort.as_ref());
    let source = match hits {
        None => table.clone(),
        // Bound records are read one by one, then filtered and sorted.
        Some(hits) => parts.bind(Value::Array(hits.into())),
    };
    if let Some(position) = after {
        seek(&mut parts, &table, query.sort.as_ref(), position);
    }
    let limit = parts.bind(int(query.limit as u64 + 1));
    Ok((format!("SELECT id, v, seq, view FROM {source}{}{order} LIMIT {limit};", parts.text()), parts.variables))
}

/// What narrows a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// The hits of a search.
    Hits,
    /// An index that begins with a filter of the query.
    Narrow,
    /// An index over the whole table by the sort column.
    Whole,
    /// Nothing: the table is read.
    Scan,
}

impl Plan {
    fn of(kind: Kind, query: &Query) -> Self {
        let sorted = query.sort.as_ref().is_some_and(|sort| schema::is_listed(kind, sort.column));
        if query.search.is_some() {
            Self::Hits
        } else if query.filters.iter().any(|filter| schema::is_indexed(kind, filter.column)) {
            Self::Narrow
        } else if sorted {
            Self::Whole
        } else {
            Self::Scan
        }
    }
}

/// The `ORDER BY` clause.
fn order(sort: Option<&Sort>) -> String {
    match sort {
        None => " ORDER BY id".into(),
        Some(Sort { column, descending }) => {
            let direction = if *descending { "DESC" } else { "ASC" };
            format!(" ORDER BY view.{column} {direction}, id {direction}")
        }
    }
}

/// Adds the condition that a row comes after `position`.
fn seek(parts: &mut Where, table: &str, sort: Option<&Sort>, position: Position) {
    let id = parts.bind(Value::RecordId(RecordId::new(table, RecordIdKey::String(position.id))));
    let condition = match sort {
        None => format!("id > {id}"),
        Some(Sort { column, descending }) => {
            let than = if *descending { "<" } else { ">" };
            let value = position.sort.flatten().map_or(Value::None, |value| to_db(&value));
            let value = parts.bind(value);
            // The first half, implied by the second, is what an index can use.
            format!("view.{column} {than}= {value} AND (view.{column} {than} {value} OR id {than} {id})")
        }
    };
    parts.conditions.push(condition);
}
