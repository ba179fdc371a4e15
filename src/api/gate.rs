//! The one way in. Every API request passes here in this order: token, permission, key, body, handler.
//!
//! Invariant: a handler runs only for a route of the table, with a caller who has the route's permission and, if it
//! changes something, an idempotency key. A handler that changes something runs to its end even if the client hangs
//! up. Logs carry the route's pattern, never its values, the query or the body.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Instant,
};

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
    extract::{ConnectInfo, RawPathParams, Request},
    http::{HeaderMap, Method, Response, StatusCode, header, request::Parts},
};
use bytes::BytesMut;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use munshi_domain::user::User;
use sha2::{Digest, Sha256};
use tracing::Instrument;

use super::{Call, Route, call::Answer};
use crate::{
    app::App,
    auth::{self, Caller, Permission, token},
    imports::Received,
    problem::Problem,
};

/// Runs one request from table row to answer.
pub async fn pass(app: App, route: &'static Route, params: RawPathParams, request: Request) -> Response<Body> {
    let started = Instant::now();
    let request_id = request.extensions().get::<RequestId>().map_or_else(|| Arc::from(""), |id| id.0.clone());
    let span = tracing::debug_span!("request", request.id = %request_id, http.method = route.method.as_str(), http.route = route.path);
    let response = match admitted(app, route, params, request).instrument(span.clone()).await {
        Ok(response) => response,
        Err(problem) => {
            let level_error = problem.status.is_server_error();
            span.in_scope(|| {
                if level_error {
                    tracing::warn!(code = problem.code, "request failed");
                } else {
                    tracing::debug!(code = problem.code, "request refused");
                }
            });
            problem.response(Some(&request_id))
        }
    };
    let elapsed = started.elapsed();
    let status = response.status();
    metrics::counter!("munshi_http_requests_total", "method" => route.method.as_str(), "route" => route.path, "status" => class(status))
        .increment(1);
    metrics::histogram!("munshi_http_request_seconds", "method" => route.method.as_str(), "route" => route.path)
        .record(elapsed);
    span.in_scope(|| {
        tracing::debug!(http.status = status.as_u16(), duration_ms = elapsed.as_secs_f64() * 1e3, "request")
    });
    response
}

/// Media types of files: CSV (RFC 7111), XLSX, and what browsers make of either where they do not know better.
pub const FILE_TYPES: [&str; 5] = [
    "text/csv",
    "application/csv",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

/// How many times the limit of a body is read on before the connection is given up.
const READ_ON: usize = 16;

const fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// Number of a request, put into its extensions by the outermost layer.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

async fn admitted(app: App, route: &'static Route, params: RawPathParams, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let caller = caller(&app, route, &parts.headers).await?;
    let key = if route.keyed() { Some(idempotency_key(&parts.headers)?) } else { None };
    let expected = if_match(&parts.headers)?;
    let ip = client_ip(&app, &parts);
    let query = query(parts.uri.query().unwrap_or_default())?;
    if let Some(unknown) = query.keys().find(|name| !route.takes_query(name)) {
        return Err(Problem::new("bad_query", format!("this list takes no parameter {unknown:?}")).at(unknown.clone()));
    }
    let (body, upload) = if route.takes_file() {
        (Bytes::new(), Some(receive(&app, &parts.headers, body).await?))
    } else {
        (read(&app, route, &parts.headers, body).await?, None)
    };
    let request = key.is_some().then(|| match &upload {
        // What the file is taken for stands in the query.
        Some(file) => {
            let whole = parts.uri.path_and_query().map_or_else(|| parts.uri.path(), |whole| whole.as_str());
            request_hash(&parts.method, whole, file.digest.as_bytes())
        }
        None => {
            let hashed = if route.carries_secret() { without_password(&body) } else { body.clone() };
            request_hash(&parts.method, parts.uri.path(), &hashed)
        }
    });
    let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut headers = parts.headers;
    if let Some(credentials) = headers.get_mut(header::AUTHORIZATION) {
        credentials.set_sensitive(true);
    }
    let call =
        Call { app: app.clone(), route, caller, key, request, expected, headers, body, upload, params, query, ip };
    run(&app, route, call).await
}

/// The handler, in its own task: a hang-up does not cut it short, a panic does not take the connection along.
async fn run(app: &App, route: &'static Route, call: Call) -> Answer {
    let handler = (route.handler)(call);
    let guard = app.in_flight();
    let task = tokio::spawn(
        async move {
            let _guard = guard;
            handler.await
        }
        .in_current_span(),
    );
    match tokio::time::timeout(app.config().server.request_timeout.duration(), task).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(stopped)) => Err(Problem::internal(format_args!("handler of {} ended: {stopped}", route.path))),
        Err(_) => Err(Problem::new("timeout", "no answer in time; retry with the same Idempotency-Key")),
    }
}

async fn caller(app: &App, route: &Route, headers: &HeaderMap) -> Result<Option<Caller>, Problem> {
    if route.permission == Permission::Open {
        return Ok(None);
    }
    let text = bearer(headers)?;
    let invalid = || Problem::new("token_invalid", "the access token is not valid").fix("sign in again");
    let token = token::parse(token::ACCESS, text).ok_or_else(invalid)?;
    let user = app.node().snapshot::<User>(&token.user.to_string()).await.map_err(Problem::unavailable)?;
    let caller = auth::check(&token, text, user, app.node().now())?;
    if !caller.may(route.permission) {
        let detail = format!("this takes the permission {}", route.permission.name());
        return Err(Problem::new("forbidden", detail).fix("ask an administrator for a role that has it"));
    }
    Ok(Some(caller))
}

/// The token of `Authorization: Bearer …`.
///
/// # Errors
/// `unauthenticated`.
pub fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| Problem::new("unauthenticated", "send the header Authorization: Bearer …"))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Arc<str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        let fix = "send a fresh random key, and the same one when retrying";
        return Err(Problem::new("idempotency_key_missing", "this request changes something").fix(fix));
    };
    let bytes = value.as_bytes();
    if bytes.is_empty() || bytes.len() > 255 || !bytes.iter().all(u8::is_ascii_graphic) {
        return Err(Problem::new("idempotency_key_invalid", "a key is 1 to 255 visible ASCII characters"));
    }
    value.to_str().map(Arc::from).map_err(Problem::internal)
}

fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let bad = || Problem::new("bad_header", "If-Match takes one ETag of this resource, such as \"7\"");
    if version == "*" { Ok(None) } else { version.parse().map(Some).map_err(|_| bad()) }
}

fn client_ip(app: &App, parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
    forwarded(app, &parts.headers).unwrap_or(peer)
}

/// The client's address as the proxy in front tells it; nothing without such a proxy.
pub fn forwarded(app: &App, headers: &HeaderMap) -> Option<IpAddr> {
    if !app.config().server.behind_tls {
        return None;
    }
    let list = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok())?;
    list.rsplit(',').next().and_then(|last| last.trim().parse().ok())
}

fn query(text: &str) -> Result<BTreeMap<String, String>, Problem> {
    let mut query = BTreeMap::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let bad = || Problem::new("bad_query", "the query is not percent-encoded UTF-8");
        let (name, value) = (decode(name).ok_or_else(bad)?, decode(value).ok_or_else(bad)?);
        if query.insert(name.clone(), value).is_some() {
            return Err(Problem::new("bad_query", format!("{name} is given twice")).at(name));
        }
    }
    Ok(query)
}

/// Undoes percent and plus encoding; `None` for a broken one.
pub(super) fn decode(text: &str) -> Option<String> {
    if !text.contains(['%', '+']) {
        return Some(text.to_owned());
    }
    let (bytes, mut plain, mut at) = (text.as_bytes(), Vec::with_capacity(text.len()), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'%' => {
                let digits = text.get(at + 1..at + 3).filter(|digits| digits.bytes().all(|d| d.is_ascii_hexdigit()))?;
                plain.push(u8::from_str_radix(digits, 16).ok()?);
                at += 2;
            }
            b'+' => plain.push(b' '),
            byte => plain.push(byte),
        }
        at += 1;
    }
    String::from_utf8(plain).ok()
}

async fn read(app: &App, route: &Route, headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let limit = usize::try_from(app.config().server.max_body_bytes).unwrap_or(usize::MAX);
    let too_large = || Problem::new("body_too_large", format!("a body has at most {limit} bytes"));
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let announced_too_large = announced.is_some_and(|length| length > app.config().server.max_body_bytes);
    let left_out = route.body == Some(super::openapi::OPTIONAL) && body.is_end_stream();
    if route.body.is_some() && !left_out && !announced_too_large && !is_json(headers) {
        return Err(Problem::new("unsupported_media_type", "send the header Content-Type: application/json"));
    }
    let collected = collect(body, limit, announced_too_large);
    match tokio::time::timeout(app.config().server.read_timeout.duration(), collected).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Problem::new("bad_json", "the body broke off")),
        Err(_) if announced_too_large => Err(too_large()),
        Err(_) => Err(Problem::new("read_timeout", "the body did not arrive in time")),
    }
}

/// A body that is a file, on disk.
async fn receive(app: &App, headers: &HeaderMap, body: Body) -> Result<Received, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !FILE_TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind)) {
        let detail = format!("send the file with one of the types {}", FILE_TYPES.join(", "));
        return Err(Problem::new("unsupported_media_type", detail));
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    app.imports().receive(body, announced, app.config().server.read_timeout.duration()).await
}

/// The body; `None` if it is larger than `limit`. What is too much is read on for a while and thrown away: a caller
/// who writes before reading would otherwise find a broken connection instead of the answer.
async fn collect(body: Body, limit: usize, mut over: bool) -> Result<Option<Bytes>, BoxError> {
    let mut body = Limited::new(body, limit.saturating_mul(READ_ON));
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        over |= bytes.len() + data.len() > limit;
        if over {
            bytes.clear();
        } else {
            bytes.extend_from_slice(&data);
        }
    }
    Ok((!over).then(|| bytes.freeze()))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
        || (kind.len() > 5
            && kind.is_char_boundary(kind.len() - 5)
            && kind[kind.len() - 5..].eq_ignore_ascii_case("+json"))
}

/// The body without its password, PIN or credentials: the request hash is stored, and a fast hash of them would give
/// them away.
fn without_password(body: &Bytes) -> Bytes {
    match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(serde_json::Value::Object(mut fields)) => {
            fields.remove("password");
            fields.remove("pin");
            fields.remove("credentials");
            Bytes::from(serde_json::Value::Object(fields).to_string())
        }
        // Not an object: the handler refuses it.
        _ => Bytes::new(),
    }
}

/// What tells a retry from a reuse of its key.
fn request_hash(method: &Method, path: &str, body: &[u8]) -> Arc<str> {
    let mut hasher = Sha256::new();
    hasher.update(method.as_str());
    hasher.update([0]);
    hasher.update(path);
    hasher.update([0]);
    hasher.update(body);
    token::hex_of(&hasher.finalize()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(name: &'static str, value: &'static [u8]) -> HeaderMap {
        HeaderMap::from_iter([(header::HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap())])
    }

    #[test]
    fn keys_versions_and_queries_are_checked() {
        let key = |value| idempotency_key(&headers("idempotency-key", value)).map_err(|p| p.code);
        assert_eq!(key(b"a-1").as_deref(), Ok("a-1"));
        assert_eq!(key(b"a b"), Err("idempotency_key_invalid"));
        assert_eq!(key(b"\xff"), Err("idempotency_key_invalid"));
        assert_eq!(key(&[b'x'; 256]), Err("idempotency_key_invalid"));
        assert_eq!(idempotency_key(&HeaderMap::new()).unwrap_err().code, "idempotency_key_missing");
        assert_eq!(if_match(&headers("if-match", b"\"7\"")), Ok(Some(7)));
        assert_eq!(if_match(&headers("if-match", b"*")), Ok(None));
        assert_eq!(if_match(&headers("if-match", b"W/\"7\"")).unwrap_err().code, "bad_header");
        assert_eq!(query("q=%D8%A7+b&limit=5").unwrap()["q"], "ا b");
        for bad in ["q=%zz", "q=%ff", "a=1&a=2", "q=%+1"] {
            assert_eq!(query(bad).unwrap_err().code, "bad_query", "{bad}");
        }
        assert!(is_json(&headers("content-type", b"Application/JSON; charset=utf-8")));
        assert!(!is_json(&headers("content-type", b"text/plain")) && !is_json(&HeaderMap::new()));
    }

    #[test]
    fn sec_03_a_password_is_not_part_of_the_stored_hash() {
        let body = |password: &str| Bytes::from(format!("{{\"email\":\"a@b.pk\",\"password\":\"{password}\"}}"));
        assert_eq!(without_password(&body("one")), without_password(&body("two")));
        assert!(!without_password(&body("one")).is_empty());
        assert!(without_password(&Bytes::from_static(b"[\"one\"]")).is_empty());
    }

    #[test]
    fn the_request_hash_separates_its_parts() {
        let hash = |path, body: &str| request_hash(&Method::POST, path, body.as_bytes());
        assert_ne!(hash("/a", "b"), hash("/ab", ""));
        assert_eq!(hash("/a", "b"), hash("/a", "b"));
    }
}
