//! What is checked before a request becomes a socket.
//!
//! Invariant: who is refused gets an HTTP answer and costs nothing more; no cookie and no parameter of the query is read,
//! so a page of another site has nothing to steal with.

use std::net::{IpAddr, SocketAddr};

use axum::{
    body::Body,
    extract::{ConnectInfo, FromRequestParts, Request, State, WebSocketUpgrade},
    http::{HeaderMap, Response, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use munshi_protocols::{
    SUBPROTOCOL,
    limits::{self, ClientKind},
};

use super::{greet, of, presence::Full};
use crate::{api::gate::RequestId, app::App, problem::Problem};

/// Where consoles connect.
pub const PATH: &str = "/ws/console";
/// Where devices connect.
pub const DEVICE_PATH: &str = "/ws/device";

/// Bytes the socket's write buffer is filled to before it is written out.
const WRITE_BUFFER: usize = 16 * 1024;

/// Answers a console's request for a socket.
pub async fn console(State(app): State<App>, request: Request) -> Response<Body> {
    answer(app, request, ClientKind::Console).await
}

/// Answers a device's request for a socket.
pub async fn device_socket(State(app): State<App>, request: Request) -> Response<Body> {
    answer(app, request, ClientKind::Device).await
}

async fn answer(app: App, request: Request, kind: ClientKind) -> Response<Body> {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    match upgrade(app, request, kind).await {
        Ok(response) => response,
        Err(problem) => {
            metrics::counter!("munshi_live_refused_total", "code" => problem.code).increment(1);
            tracing::debug!(code = problem.code, "a socket was refused");
            problem.response(id.as_deref())
        }
    }
}

async fn upgrade(app: App, request: Request, kind: ClientKind) -> Result<Response<Body>, Problem> {
    let live = of(&app);
    let (mut parts, _body) = request.into_parts();
    if app.stopping() || live.is_draining() {
        return Err(Problem::new("shutting_down", "the server is stopping").retry_after(2));
    }
    if !live.is_ready() {
        return Err(Problem::new("not_ready", "the live topics are being filled").retry_after(1));
    }
    let address = peer(&app, &parts.extensions, &parts.headers);
    let full = |full| match full {
        Full::Connections => Problem::new("connection_limit", "too many connections").retry_after(10),
        Full::Address => {
            Problem::new("connection_limit", "too many unfinished connections of this address").retry_after(5)
        }
        Full::Rate => Problem::new("connection_limit", "too many new connections at once").retry_after(1),
    };
    let admission = live.presence().admit(address).map_err(full)?;
    let own = own_origin(&parts.headers, app.config().server.behind_tls);
    check_headers(&parts.headers, live.origins(), own.as_deref(), kind)?;
    let socket = WebSocketUpgrade::from_request_parts(&mut parts, &app).await;
    let socket = socket.map_err(|rejection| Problem::new("bad_websocket_key", rejection.to_string()))?;
    let bounds = kind.limits();
    let ready = app.clone();
    let response = socket
        .protocols([SUBPROTOCOL])
        .read_buffer_size(bounds.read_buffer)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(2 * bounds.outbox_hard)
        .max_message_size(limits::MESSAGE_BYTES)
        .max_frame_size(limits::MESSAGE_BYTES)
        .accept_unmasked_frames(false)
        .on_failed_upgrade(|error| {
            metrics::counter!("munshi_live_failed_upgrades_total").increment(1);
            tracing::debug!(%error, "a socket did not come about");
        })
        .on_upgrade(move |socket| greet::serve(ready, socket, admission, kind));
    Ok(response)
}

/// The origin of pages that this server serves itself: of the host that the request names.
fn own_origin(headers: &HeaderMap, tls: bool) -> Option<String> {
    let scheme = if tls { "https" } else { "http" };
    crate::web::host(headers).map(|host| format!("{scheme}://{host}"))
}

/// Subprotocol, key, origin, in this order. A device is no page and need not have an origin; one that has must be known,
/// or be the server's `own`.
fn check_headers(headers: &HeaderMap, origins: &[String], own: Option<&str>, kind: ClientKind) -> Result<(), Problem> {
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let offered = offered.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    if !offered.map(str::trim).any(|name| name == SUBPROTOCOL) {
        return Err(Problem::new("bad_subprotocol", format!("offer the subprotocol {SUBPROTOCOL}")));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).map(|value| value.as_bytes()).unwrap_or_default();
    if key.len() != 24 || STANDARD.decode(key).map_or(0, |bytes| bytes.len()) != 16 {
        return Err(Problem::new("bad_websocket_key", "Sec-WebSocket-Key is 16 bytes in base64"));
    }
    let origin = headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or_default());
    if kind == ClientKind::Device && origin.is_none() {
        return Ok(());
    }
    if !origin.is_some_and(|origin| own == Some(origin) || origins.iter().any(|known| known == origin)) {
        let fix = "name the page's origin in live.origins";
        return Err(Problem::new("origin_not_allowed", "this origin may not open a socket").fix(fix));
    }
    Ok(())
}

fn peer(app: &App, extensions: &axum::http::Extensions, headers: &HeaderMap) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
    crate::api::gate::forwarded(app, headers).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_checks_come_in_order() {
        let origins = ["https://shop.example.pk".to_owned()];
        let code = |headers: &HeaderMap| {
            check_headers(headers, &origins, None, ClientKind::Console).map_err(|problem| problem.code)
        };
        let of_device = |headers: &HeaderMap| check_headers(headers, &origins, None, ClientKind::Device).is_ok();
        let mut headers = HeaderMap::new();
        assert_eq!(code(&headers), Err("bad_subprotocol"));
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("chat, munshi.v1.json"));
        assert_eq!(code(&headers), Err("bad_websocket_key"));
        for bad in ["AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAA===", "!AAAAAAAAAAAAAAAAAAAAA=="] {
            headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_static(bad));
            assert_eq!(code(&headers), Err("bad_websocket_key"), "{bad}");
        }
        headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_static("AAAAAAAAAAAAAAAAAAAAAA=="));
        assert_eq!(code(&headers), Err("origin_not_allowed"), "a console has an origin");
        assert!(of_device(&headers), "a device need not");
        headers.insert(header::ORIGIN, HeaderValue::from_static("https://shop.example.pk.evil.example"));
        assert_eq!(code(&headers), Err("origin_not_allowed"));
        assert!(!of_device(&headers), "a page is no device");
        headers.insert(header::ORIGIN, HeaderValue::from_static("https://shop.example.pk"));
        assert_eq!(code(&headers), Ok(()));
    }

    #[test]
    fn the_server_s_own_pages_may_open_sockets() {
        let host = |host: &'static str| HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
        assert_eq!(own_origin(&host("127.0.0.1:8080"), false).as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(own_origin(&host("shop.pk"), true).as_deref(), Some("https://shop.pk"));
        assert_eq!(own_origin(&host("a b"), true), None);
        let mut headers = host("shop.pk");
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_static("AAAAAAAAAAAAAAAAAAAAAA=="));
        headers.insert(header::ORIGIN, HeaderValue::from_static("http://shop.pk"));
        let own = own_origin(&headers, false);
        assert!(check_headers(&headers, &[], own.as_deref(), ClientKind::Console).is_ok());
        let own = own_origin(&headers, true);
        assert!(check_headers(&headers, &[], own.as_deref(), ClientKind::Console).is_err(), "another scheme");
    }
}
