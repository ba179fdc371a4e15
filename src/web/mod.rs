//! The consoles as files: which file a path names, how it is cached, what a browser may do with it.
//!
//! Invariants: what is served is a file of the web build and nothing else on the disk; a page may load and call its own
//! host only (CSP); an address under `/api` or `/ws` never answers a page. It renders nothing and knows no page of the
//! console: every address that names no file gets the page that routes it in the browser.

mod files;
mod negotiate;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header},
};

use files::File;
pub use files::Files;
use negotiate::{Coding, codings, matches};

use crate::{api::gate::RequestId, app::App, problem::Problem};

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// First segments of addresses that never answer a page.
const RESERVED: [&str; 4] = ["api", "ws", "assets", "docs"];

/// What is said where there is no build. Without style: the policy of pages permits none that stands inline.
const NOT_BUILT: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Munshi</title></head><body>\n\
<h1>Munshi is running, but its console was not built</h1>\n\
<p>Install Node.js 20.19 or newer, run <code>make web</code>, then start the server again.</p>\n\
<p>The API works without it: <a href=\"/docs/\">reference</a>.</p>\n</body></html>\n";

/// Everything that no route answers: a file of the web build, a page of the console, or nothing.
pub async fn serve(State(app): State<App>, request: Request) -> Response<Body> {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let refused = |problem: Problem| problem.response(id.as_deref());
    let path = request.uri().path();
    let first = path.split('/').nth(1).unwrap_or_default();
    let headers = request.headers();
    if RESERVED.contains(&first) && first != "assets" {
        return refused(Problem::not_found("page"));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refused(Problem::new("method_not_allowed", "pages are read only"));
    }
    let tls = app.config().server.behind_tls;
    let name = path.trim_start_matches('/');
    if let Some(file) = app.web().get(name).await {
        return answer(&app, name, file, headers, tls).await;
    }
    if first == "assets" || !wants_page(name, headers) {
        return refused(Problem::not_found("page"));
    }
    let page = entry(first);
    match app.web().get(page).await {
        Some(file) => answer(&app, page, file, headers, tls).await,
        None => not_built(headers),
    }
}

/// The page that routes an address in the browser.
fn entry(first: &str) -> &'static str {
    match first {
        "scan" => "scan.html",
        "track" => "track.html",
        "decide" => "decide.html",
        _ => "index.html",
    }
}

/// A name without a file ending is a page; one with an ending may be one if a browser navigates there (`/products/A.1`).
fn wants_page(name: &str, headers: &HeaderMap) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !last.contains('.') || accept.contains("text/html")
}

async fn answer(app: &App, name: &str, file: File, headers: &HeaderMap, tls: bool) -> Response<Body> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (coding, file) = packed(app, name, accepted).await.unwrap_or((Coding::Plain, file));
    let tag = format!("\"{}{}\"", file.tag, coding.suffix().replace('.', "-"));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh = known.is_some_and(|known| matches(known, &tag));
    let mut response = Response::new(if fresh { Body::empty() } else { Body::from(file.bytes) });
    if fresh {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let out = response.headers_mut();
    if !fresh {
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
        if let Some(name) = coding.name() {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
    }
    if let Ok(tag) = HeaderValue::try_from(tag) {
        out.insert(header::ETAG, tag);
    }
    // Names of assets carry a hash of what they hold; everything else is asked for again.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    protect(out, headers, tls);
    response
}

/// The compressed twin of a file in the best coding that the client takes and the build has.
async fn packed(app: &App, name: &str, accepted: &str) -> Option<(Coding, File)> {
    for coding in codings(accepted) {
        if let Some(file) = app.web().twin(name, coding.suffix()).await {
            return Some((coding, file));
        }
    }
    None
}

fn not_built(headers: &HeaderMap) -> Response<Body> {
    let mut response = Response::new(Body::from(Bytes::from_static(NOT_BUILT.as_bytes())));
    *response.status_mut() = StatusCode::NOT_FOUND;
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type("index.html")));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    protect(out, headers, false);
    response
}

/// What a browser may do with a page: nothing comes from another host, nothing goes to one, nobody frames it. Sockets
/// are named by host because not every browser takes `'self'` for them.
fn protect(out: &mut HeaderMap, request: &HeaderMap, tls: bool) {
    let sockets = match (host(request), tls) {
        (Some(host), true) => format!(" wss://{host}"),
        (Some(host), false) => format!(" ws://{host} wss://{host}"),
        (None, _) => String::new(),
    };
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'{sockets}; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'self'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        out.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    // The scanner page reads codes with the camera.
    let uses = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()";
    out.insert(PERMISSIONS_POLICY, HeaderValue::from_static(uses));
    out.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    out.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
}

/// The host a request names, if it may stand in a header as it is.
pub fn host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']' | b'_');
    (!host.is_empty() && host.len() <= 255 && host.bytes().all(plain)).then_some(host)
}

/// The media type of a file by the ending of its name (IANA; RFC 9239 for scripts).
fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_page() {
        assert_eq!(
            [entry(""), entry("orders"), entry("scan"), entry("track"), entry("decide"), entry("scanner")],
            ["index.html", "index.html", "scan.html", "track.html", "decide.html", "index.html"]
        );
        let html = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("text/html,*/*"))]);
        assert!(wants_page("", &HeaderMap::new()) && wants_page("orders/1", &HeaderMap::new()));
        assert!(!wants_page("products/A.1", &HeaderMap::new()) && wants_page("products/A.1", &html));
    }

    #[test]
    fn sec_04_a_host_cannot_write_into_the_policy() {
        let with = |host: &'static str| {
            let mut out = HeaderMap::new();
            let request = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            protect(&mut out, &request, false);
            out[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
        };
        assert!(with("shop.pk:8080").contains("connect-src 'self' ws://shop.pk:8080 wss://shop.pk:8080;"));
        for evil in ["a; script-src *", "a b", "a,b", "'unsafe-inline'", ""] {
            assert!(with(evil).contains("connect-src 'self';"), "{evil}");
        }
    }
}
