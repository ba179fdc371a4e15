//! Imports of files. What an import does is [`crate::imports`]' and [`crate::tools::import`]'s business.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use clap::ValueEnum;
use futures_util::stream;
use munshi_domain::WarehouseId;
use munshi_protocols::{common::Page, imports::ImportView};
use tokio::{fs::File, io::AsyncReadExt};

use super::{
    Answer, Call,
    call::{REPLAYED, json_body},
    list,
};
use crate::{
    imports::{Record, State},
    problem::Problem,
    tools::import::What,
};

/// Longest name of a file that is kept, in characters.
const MAX_NAME: usize = 200;
/// Bytes of a file sent at a time.
const CHUNK: usize = 64 << 10;

/// Takes a file as an import and queues it. The same key and file again answers the import there is.
///
/// # Errors
/// `bad_query`, `busy`, `idempotency_key_reused`, and why the file cannot be taken: `file_format`, `column_missing`,
/// `layout_unknown`, `layout_mismatch`.
pub async fn create(mut call: Call) -> Answer {
    let received = call.upload.take().ok_or_else(|| Problem::internal("a route without its file"))?;
    let record = record(&call)?;
    let imports = call.app.imports().clone();
    if let Some(known) = imports.record(&record.id) {
        known.same_request(&record)?;
    }
    let file = received.path().to_owned();
    let checked = tokio::task::spawn_blocking(move || {
        let layout = crate::imports::check(&record, &file);
        (record, layout)
    });
    let (mut record, layout) = checked.await.map_err(Problem::internal)?;
    let layout = layout.map_err(|(code, detail)| match code {
        "file_format" | "column_missing" | "layout_unknown" | "layout_mismatch" => Problem::new(code, detail),
        _ => Problem::new("file_format", detail),
    })?;
    layout.clone_into(&mut record.layout);
    let added = tokio::task::spawn_blocking(move || imports.add(record, received));
    let (view, replayed) = added.await.map_err(Problem::internal)??;
    if !replayed {
        call.app.live().tell_import(&view);
    }
    accepted(&view, replayed)
}

fn accepted(view: &ImportView, replayed: bool) -> Answer {
    let mut response = json_body(StatusCode::ACCEPTED, view)?;
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// The import that a request asks for.
fn record(call: &Call) -> Result<Record, Problem> {
    let bad = |name: &'static str, detail: String| Problem::new("bad_query", detail).at(name);
    let kind = call.text("kind").unwrap_or_default();
    What::from_str(kind, false)
        .map_err(|_| bad("kind", format!("{kind:?} is none of products, customers, stock, orders")))?;
    let warehouse = call.text("warehouse").map(WarehouseId::parse).transpose();
    let warehouse = warehouse.map_err(|error| bad("warehouse", error.to_string()))?;
    Ok(Record {
        id: format!("{:032x}", call.new_id()?),
        kind: kind.to_owned(),
        layout: call.text("layout").unwrap_or_default().to_owned(),
        file: name(call),
        warehouse: warehouse.map(|code| code.to_string()),
        request: call.request.as_deref().unwrap_or_default().to_owned(),
        by: call.by()?.to_string(),
        state: State::Queued,
        attempts: 0,
        queued_at: call.now().as_millis(),
        started_at: None,
        finished_at: None,
        seen: Default::default(),
        error_file: false,
        failure: None,
        told: false,
    })
}

/// The name the sender knows the file by; for eyes only, no path is made of it.
fn name(call: &Call) -> String {
    let given = call.headers.get("x-filename").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = super::gate::decode(given).unwrap_or_default();
    let last = plain.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    if shown.trim().is_empty() { "file".to_owned() } else { shown }
}

/// Lists imports, newest first.
///
/// # Errors
/// `bad_query`.
pub async fn list(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let mut items = call.app.imports().list();
    if let Some(after) = call.text("after") {
        let at = items.iter().position(|view| view.id == after);
        items.drain(..at.map_or(items.len(), |at| at + 1));
    }
    let more = items.len() > limit;
    items.truncate(limit);
    let next = more.then(|| items.last().map(|last| last.id.clone())).flatten();
    json_body(StatusCode::OK, &Page { items, next, seq: call.app.node().status().projected })
}

/// Reads an import.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let view = call.app.imports().get(call.param("id")).ok_or_else(|| Problem::not_found("import"))?;
    json_body(StatusCode::OK, &view)
}

/// Stops an import; what it has taken stays.
///
/// # Errors
/// `not_found`, `import_ended`.
pub async fn stop(call: Call) -> Answer {
    let view = call.app.imports().stop(call.param("id"), call.now())?;
    call.app.live().tell_import(&view);
    json_body(StatusCode::OK, &view)
}

/// The rows that were not taken, each with its reason and its cells: mended, it can be imported itself.
///
/// # Errors
/// `not_found`.
pub async fn errors(call: Call) -> Answer {
    let none = || Problem::not_found("error file");
    let path = call.app.imports().errors(call.param("id")).ok_or_else(none)?;
    let file = File::open(&path).await.map_err(|_| none())?;
    let chunks = stream::try_unfold(file, async |mut file: File| {
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk).await?;
        chunk.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((chunk, file)))
    });
    let mut response = Response::new(Body::from_stream(chunks));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"errors.csv\""));
    Ok(response)
}
