//! Faults on purpose (README §14): what a route does instead of, or after, its work.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::App;
use crate::net::Kill;
use crate::world::World;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The work is done after `ms`.
    Latency,
    /// 429 with `Retry-After: ms / 1000`, nothing done.
    #[serde(rename = "429")]
    Throttle,
    /// Refused for good as the vendor says it (a sender that is not ours), nothing done.
    #[serde(rename = "400")]
    Refused,
    /// 500, nothing done.
    #[serde(rename = "500")]
    Error500,
    /// 502, nothing done.
    #[serde(rename = "502")]
    Error502,
    /// 503, nothing done.
    #[serde(rename = "503")]
    Error503,
    /// The connection is reset, nothing done.
    ResetBefore,
    /// The work is done, then the connection is reset: the other side cannot know.
    ResetAfter,
    /// The work is done; half of the answer arrives.
    Truncate,
    /// The work is done; a web page answers.
    HtmlPage,
    /// The work is done; the answer says it is plain text.
    WrongContentType,
    /// 401 as the vendor says it, nothing done.
    TokenExpired,
    /// The work is done; the answer comes after `ms`.
    SlowBody,
    /// A webhook arrives twice.
    DuplicateWebhook,
    /// A webhook arrives `ms` late, so that later ones overtake it.
    ReorderWebhook,
    /// A webhook is lost.
    DropWebhook,
    /// Lists do not show what is younger than `ms`.
    StaleRead,
}

/// One switch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// The start of the path, without the slash: `twilio`, `meta`, `hook`, `slack`, `teams`, `smtp`; empty for all.
    #[serde(default)]
    pub route: String,
    /// What goes wrong.
    pub kind: Kind,
    /// How often, from 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// How many times; without it, until it is switched off.
    #[serde(default)]
    pub count: Option<u32>,
    /// Milliseconds, where the kind takes some.
    #[serde(default = "second")]
    pub ms: u64,
}

const fn always() -> f64 {
    1.0
}

const fn second() -> u64 {
    1_000
}

/// Takes the first switched-on fault that fits, and counts it.
pub fn take(world: &mut World, path: &str, fits: impl Fn(Kind) -> bool) -> Option<Fault> {
    let path = path.trim_start_matches('/');
    for index in 0..world.faults.len() {
        let fault = world.faults[index].clone();
        if !fits(fault.kind) || !path.starts_with(&fault.route) {
            continue;
        }
        if fault.probability < 1.0 && world.rng.random::<f64>() >= fault.probability {
            continue;
        }
        if let Some(count) = &mut world.faults[index].count {
            *count = count.saturating_sub(1);
            if *count == 0 {
                world.faults.remove(index);
            }
        }
        world.touch();
        return Some(fault);
    }
    None
}

const fn is_of_answers(kind: Kind) -> bool {
    !matches!(kind, Kind::DuplicateWebhook | Kind::ReorderWebhook | Kind::DropWebhook | Kind::StaleRead)
}

/// Around every vendor's route: the journal and the faults.
pub async fn around(
    State(app): State<Arc<App>>,
    ConnectInfo(kill): ConnectInfo<Kill>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let line = format!("{} {}", request.method(), request.uri());
    let (parts, body) = request.into_parts();
    let Ok(sent) = to_bytes(body, 25 << 20).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let fault = take(&mut app.world(), &path, is_of_answers);
    let request = Request::from_parts(parts, Body::from(sent.clone()));
    let (status, answer) = match &fault {
        Some(fault) => faulty(fault, &path, &kill, request, next).await,
        None => {
            let answer = next.run(request).await;
            (answer.status().as_u16().to_string(), answer)
        }
    };
    app.world().note(line, &sent, status, fault.map(|fault| fault.kind));
    answer
}

/// Runs the route with its fault; the text tells the journal what the other side saw.
async fn faulty(fault: &Fault, path: &str, kill: &Kill, request: Request, next: Next) -> (String, Response) {
    let wait = Duration::from_millis(fault.ms);
    let refused = match fault.kind {
        Kind::Throttle => Some(throttled(path, fault.ms)),
        Kind::Refused => Some(refused(path)),
        Kind::Error500 => Some(failing(500)),
        Kind::Error502 => Some(failing(502)),
        Kind::Error503 => Some(failing(503)),
        Kind::TokenExpired => Some(unauthorized(path)),
        _ => None,
    };
    if let Some(answer) = refused {
        return (answer.status().as_u16().to_string(), answer);
    }
    if fault.kind == Kind::ResetBefore {
        kill.reset();
        return ("reset".to_owned(), StatusCode::OK.into_response());
    }
    if fault.kind == Kind::Latency {
        tokio::time::sleep(wait).await;
    }
    let answer = next.run(request).await;
    let status = answer.status().as_u16();
    let answer = match fault.kind {
        Kind::ResetAfter => {
            kill.reset();
            return (format!("{status}, then reset"), answer);
        }
        Kind::SlowBody => {
            tokio::time::sleep(wait).await;
            answer
        }
        Kind::Truncate => halved(answer).await,
        Kind::HtmlPage => html(),
        Kind::WrongContentType => {
            let mut answer = answer;
            answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
            answer
        }
        _ => answer,
    };
    (status.to_string(), answer)
}

fn failing(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(json!({ "status": status.as_u16(), "message": "Service is unavailable" }))).into_response()
}

fn throttled(path: &str, ms: u64) -> Response {
    let seconds = ms.div_ceil(1_000).to_string();
    let body = if path.starts_with("/meta") {
        json!({ "error": { "message": "(#130429) Rate limit hit", "type": "OAuthException", "code": 130_429 } })
    } else {
        json!({ "code": 20429, "message": "Too Many Requests", "more_info": "https://www.twilio.com/docs/errors/20429", "status": 429 })
    };
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds)], axum::Json(body)).into_response()
}

fn refused(path: &str) -> Response {
    let body = if path.starts_with("/meta") {
        json!({ "error": { "message": "(#100) Invalid parameter", "type": "OAuthException", "code": 100 } })
    } else {
        json!({ "code": 21606, "message": "The 'From' phone number provided is not valid for this account", "more_info": "https://www.twilio.com/docs/errors/21606", "status": 400 })
    };
    (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
}

fn unauthorized(path: &str) -> Response {
    let body = if path.starts_with("/meta") {
        json!({ "error": { "message": "Error validating access token: Session has expired", "type": "OAuthException", "code": 190 } })
    } else {
        json!({ "code": 20003, "message": "Authenticate", "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401 })
    };
    (StatusCode::UNAUTHORIZED, axum::Json(body)).into_response()
}

async fn halved(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap_or_else(|_| Bytes::new());
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)))
}

fn html() -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, "text/html")], "<html><body><h1>We will be right back</h1></body></html>")
        .into_response()
}
