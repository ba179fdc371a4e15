//! The edge for vendors: `POST /hooks/{vendor}/{connection}/{token}`, and the `GET` that proves who owns an address.
//!
//! Order of steps, each one early return (integrations/README.md §10): connection and path token, rate of the
//! connection, size, signature over the raw bytes, delivery key, one durable row, 2xx. Invariant: nothing that is not
//! signed leaves a trace but a count, and a delivery is acknowledged only when its row is durable. It reads nothing of
//! what was delivered: that is the inbox's work.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    routing::get,
};
use http_body_util::{BodyExt, Limited};
use munshi_connectors::transport::{WebhookRefusal, WebhookRequest};

use crate::{app::App, outbound::inbox::Arrived};

/// Largest delivery (integrations/README.md §10).
const MAX_BYTES: usize = 1 << 20;

/// The routes, outside of the table of the API: their callers are vendors, not users.
pub fn router() -> Router<App> {
    Router::new().route("/hooks/{vendor}/{connection}/{token}", get(challenge).post(deliver))
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

fn refused(vendor: &str, refusal: WebhookRefusal) -> Response<Body> {
    metrics::counter!("munshi_connector_webhook_refused_total", "vendor" => vendor.to_owned(), "code" => refusal.code())
        .increment(1);
    let status = match refusal {
        WebhookRefusal::Unsigned => StatusCode::UNAUTHORIZED,
        _ => StatusCode::FORBIDDEN,
    };
    plain(status, "not accepted\n")
}

/// More at once than a connection may deliver; the vendor comes again.
fn throttled(vendor: &str, wait: std::time::Duration) -> Response<Body> {
    metrics::counter!("munshi_connector_webhook_refused_total", "vendor" => vendor.to_owned(), "code" => "throttled")
        .increment(1);
    let mut response = plain(StatusCode::TOO_MANY_REQUESTS, "too many at once\n");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
    response
}

fn headers(of: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    of.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

/// The whole address as the vendor was given it: of the configured public base, never of `Host`.
fn address(app: &App, request: &Request) -> String {
    let path = request.uri().path_and_query().map_or_else(|| request.uri().path(), |all| all.as_str());
    format!("{}{path}", app.outbound().public_url())
}

async fn challenge(
    State(app): State<App>,
    Path((vendor, connection, token)): Path<(String, String, String)>,
    request: Request,
) -> Response<Body> {
    let Some(wired) = app.outbound().hook(&vendor, &connection, &token) else {
        return plain(StatusCode::NOT_FOUND, "there is nothing here\n");
    };
    let (url, headers) = (address(&app, &request), headers(request.headers()));
    let asked = WebhookRequest { method: "GET", url: &url, headers: &headers, body: &[] };
    match wired.transport().and_then(|transport| transport.challenge(&asked)) {
        Some(Ok(text)) => {
            let mut response = plain(StatusCode::OK, "");
            *response.body_mut() = Body::from(text);
            response
        }
        Some(Err(refusal)) => refused(&vendor, refusal),
        None => plain(StatusCode::METHOD_NOT_ALLOWED, "this address takes POST\n"),
    }
}

async fn body(request: Request) -> Option<Bytes> {
    Limited::new(request.into_body(), MAX_BYTES).collect().await.ok().map(http_body_util::Collected::to_bytes)
}

async fn deliver(
    State(app): State<App>,
    Path((vendor, connection, token)): Path<(String, String, String)>,
    request: Request,
) -> Response<Body> {
    let began = std::time::Instant::now();
    let Some(wired) = app.outbound().hook(&vendor, &connection, &token) else {
        return plain(StatusCode::NOT_FOUND, "there is nothing here\n");
    };
    let Some(transport) = wired.transport() else {
        return refused(&vendor, WebhookRefusal::NotReceiving);
    };
    if let Err(wait) = app.outbound().admit_delivery(&wired) {
        return throttled(&vendor, wait);
    }
    let (url, headers) = (address(&app, &request), headers(request.headers()));
    let query = request.uri().query().unwrap_or_default().to_owned();
    let limit = app.config().server.read_timeout.duration();
    let bytes = match tokio::time::timeout(limit, body(request)).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return plain(StatusCode::PAYLOAD_TOO_LARGE, "too large\n"),
        Err(_) => return plain(StatusCode::REQUEST_TIMEOUT, "too slow\n"),
    };
    let seen = WebhookRequest { method: "POST", url: &url, headers: &headers, body: &bytes };
    if let Err(refusal) = transport.verify_webhook(&seen) {
        tracing::warn!(connection = %connection, code = refusal.code(), "a delivery was refused");
        return refused(&vendor, refusal);
    }
    let arrived = Arrived {
        connection: Arc::from(connection),
        key: transport.delivery_key(&seen),
        query,
        headers: &headers,
        body: &bytes,
    };
    if let Err(error) = app.outbound().take_in(arrived).await {
        tracing::warn!(%error, "a delivery could not be stored; the vendor sends it again");
        let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, "try again\n");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        return response;
    }
    metrics::histogram!("munshi_connector_webhook_ack_seconds", "vendor" => vendor).record(began.elapsed());
    let (text, kind) = transport.acknowledgement();
    let mut response = plain(StatusCode::OK, text);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
