//! State of the server: for administrators, for load balancers, for monitoring.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, Response, StatusCode, header},
};
use munshi_actors::LaneFigures;
use munshi_protocols::system::{LaneStatus, Readiness, SocketStatus, SystemStatus};

use super::{Answer, Call, call::json_body};
use crate::{app::App, services::checkup::Checkup};

/// How many journal positions lists may trail before the server is not ready.
const MAX_LAG: u64 = 100_000;

/// State of the server.
///
/// # Errors
/// None beyond the gate's.
pub async fn status(call: Call) -> Answer {
    let status = call.app.node().status();
    json_body(
        StatusCode::OK,
        &SystemStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            uptime_seconds: call.app.uptime_seconds(),
            head: status.head,
            projected: status.projected,
            lag: status.head.saturating_sub(status.projected),
            live: status.live.iter().map(|(kind, count)| ((*kind).to_owned(), *count as u64)).collect(),
            outstanding: status.outstanding as u64,
            stopped: status.stopped.clone(),
            sockets: sockets(&call.app),
            lane: lane(&call.app),
            doctor: call.app.checkup().status(),
        },
    )
}

fn sockets(app: &App) -> SocketStatus {
    let ([consoles, devices, tracking], subscriptions) = app.live().sockets();
    let many = |count: usize| count as u64;
    SocketStatus {
        consoles: many(consoles),
        devices: many(devices),
        tracking: many(tracking),
        subscriptions: many(subscriptions),
    }
}

fn lane(app: &App) -> LaneStatus {
    let LaneFigures { delay_ms, batches, entries, last_commit_us } = app.node().lane();
    LaneStatus { delay_ms, batches, entries, last_commit_ms: last_commit_us as f64 / 1e3 }
}

/// Begins a check of journal and documents in the background, unless one runs.
///
/// # Errors
/// None beyond the gate's.
pub async fn doctor(call: Call) -> Answer {
    json_body(StatusCode::ACCEPTED, &Checkup::begin(&call.app))
}

/// `/healthz`: the process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `/readyz`: the server takes requests. The database is probed with a write and a read.
pub async fn readyz(State(app): State<App>) -> Response<Body> {
    let status = app.node().status();
    let lag = status.head.saturating_sub(status.projected);
    let mut checks = BTreeMap::new();
    let mut ready = true;
    let mut check = |name: &str, fault: Option<String>| {
        ready &= fault.is_none();
        checks.insert(name.to_owned(), fault.unwrap_or_else(|| "ok".to_owned()));
    };
    check("stopping", app.stopping().then(|| "the server is stopping".to_owned()));
    check("journal", status.stopped.clone());
    check("lists", (lag > MAX_LAG).then(|| format!("lists trail by {lag}")));
    let probe = tokio::time::timeout(std::time::Duration::from_secs(2), app.node().store().probe()).await;
    check(
        "database",
        match probe {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("no answer within 2 s".to_owned()),
        },
    );
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    json_body(code, &Readiness { ready, checks }).unwrap_or_else(|problem| problem.response(None))
}

/// `/metrics`, in Prometheus' text form; no personal data.
pub async fn metrics(State(app): State<App>) -> Response<Body> {
    let mut response = Response::new(Body::from(app.metrics()));
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// `/api/v1/openapi.json`.
pub async fn openapi(State(app): State<App>) -> Response<Body> {
    let mut response = Response::new(Body::from(app.openapi()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
