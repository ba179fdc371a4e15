//! The HTTP server: outermost layer, start, graceful stop.
//!
//! Invariant: every answer carries a request id and the security headers; stopping ends in the order listener,
//! requests in flight, aggregates, database. What no route answers is the web build's ([`crate::web`]).

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header},
    middleware::{self, Next},
    routing::{any, get},
};
use munshi_actors::{Clock, node::Node};
use munshi_store::Store;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    api::{self, gate::RequestId, system},
    app::App,
    auth::token,
    boot,
    config::Config,
    hooks, listen, live,
    problem::Problem,
    telemetry, web,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Why the server did not start or ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The aggregates did not start.
    #[error("cannot start: {0}")]
    Start(String),
    /// The journal cannot be written any more; nothing was acknowledged that is not durable.
    #[error("stopped: {0}")]
    Failed(String),
}

/// A running server.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    app: App,
    stop: watch::Sender<bool>,
    http: JoinHandle<()>,
    upkeep: JoinHandle<()>,
}

/// Starts the aggregates on `store` and the HTTP server in front of them.
///
/// # Errors
/// [`ServeError`].
pub async fn start(config: Config, store: Arc<dyn Store>) -> Result<Running, ServeError> {
    start_at(config, store, Clock::system()).await
}

/// The same by another clock, for tests.
///
/// # Errors
/// [`ServeError`].
pub async fn start_at(mut config: Config, store: Arc<dyn Store>, clock: Clock) -> Result<Running, ServeError> {
    let address = config.server.listen;
    let listener = TcpListener::bind(address).await.map_err(|cause| ServeError::Listen { address, cause })?;
    let address = listener.local_addr().map_err(|cause| ServeError::Listen { address, cause })?;
    let metrics = telemetry::metrics().map_err(ServeError::Start)?;
    let node: Node = boot::node_at(&config, store, clock).await.map_err(ServeError::Start)?;
    if config.connections.public_url.is_empty() {
        // Vendors reach the address that customers open links under, unless they have one of their own.
        let public = config.server.public_url.trim_end_matches('/');
        config.connections.public_url = if public.is_empty() { format!("http://{address}") } else { public.to_owned() };
    }
    let app = App::new(node, config, metrics).map_err(ServeError::Start)?;
    app.live().start();
    app.imports().start(&app);
    app.outbound().start().await.map_err(|error| ServeError::Start(error.to_string()))?;
    let (stop, stopped) = watch::channel(false);
    let bounds = listen::Bounds {
        header: app.config().server.header_timeout.duration(),
        connections: u32::try_from(app.config().server.max_connections).unwrap_or(u32::MAX),
    };
    let http = tokio::spawn(listen::serve(listener, router(app.clone()), bounds, stopped));
    let upkeep = tokio::spawn(keep_up(app.clone()));
    Ok(Running { address, app, stop, http, upkeep })
}

async fn keep_up(app: App) {
    let mut tick = tokio::time::interval(Duration::from_secs(5));
    loop {
        tick.tick().await;
        app.upkeep();
    }
}

impl Running {
    /// What handlers share; for tests and tools in the same process.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Resolves when the node can no longer write, with the reason.
    pub async fn failed(&self) -> String {
        self.app.node().failed().await
    }

    /// Stops accepting, waits for requests in flight, then for everything staged to be durable, then closes.
    ///
    /// # Errors
    /// [`ServeError::Failed`] if the database did not close.
    pub async fn stop(self) -> Result<(), ServeError> {
        let Self { app, stop, mut http, upkeep, .. } = self;
        app.stop();
        let _ = stop.send(true);
        upkeep.abort();
        let limit = app.config().server.shutdown_timeout.duration();
        app.live().drain(limit).await;
        app.imports().close(limit).await;
        app.checkup().close().await;
        if tokio::time::timeout(limit, &mut http).await.is_err() {
            tracing::warn!(in_flight = app.busy(), "requests in flight are cut off");
            http.abort();
        }
        let deadline = tokio::time::Instant::now() + limit;
        while app.busy() > 0 && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // After the requests: they may still replay and change. Before the aggregates: what is under way is told to them.
        app.outbound().stop().await;
        let node = app.node().clone();
        let store = node.store().clone();
        drop(app);
        node.shutdown().await;
        store.close().await.map_err(|error| ServeError::Failed(error.to_string()))
    }
}

/// Everything the server answers.
pub fn router(app: App) -> Router {
    let docs = SwaggerUi::new("/docs").config(
        utoipa_swagger_ui::Config::from("/api/v1/openapi.json").try_it_out_enabled(true).persist_authorization(false),
    );
    api::router()
        .merge(hooks::router())
        .route(live::PATH, any(live::console))
        .route(live::DEVICE_PATH, any(live::device_socket))
        .route("/healthz", get(system::healthz))
        .route("/readyz", get(system::readyz))
        .route("/metrics", get(system::metrics))
        .route("/api/v1/openapi.json", get(system::openapi))
        .merge(docs)
        .fallback(web::serve)
        .layer(middleware::from_fn_with_state(app.clone(), edge))
        .with_state(app)
}

/// The outermost layer: host, origin, request id, headers.
async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response<Body> {
    let id = request_id(request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let origin = allowed_origin(&app, request.headers());
    let docs = request.uri().path().starts_with("/docs");
    let mut response = if !host_allowed(&app, request.headers()) {
        Problem::new("host_not_allowed", "this server does not answer for that host").response(Some(&id))
    } else if request.method() == Method::OPTIONS && origin.is_some() {
        preflight()
    } else if app.stopping() && request.uri().path().starts_with(api::BASE) {
        Problem::new("shutting_down", "the server is stopping; nothing was done").retry_after(2).response(Some(&id))
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        let exposed = "ETag, Munshi-Seq, Idempotent-Replayed, X-Request-Id, Retry-After";
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
    }
    secure(headers, docs, app.config().server.behind_tls);
    response
}

/// The client's own id if it is harmless in a log, else a fresh one.
fn request_id(headers: &HeaderMap) -> Arc<str> {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |id: &&str| {
        (1..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    given.filter(plain).map_or_else(|| token::hex_of(&rand::random::<[u8; 8]>()).into(), Arc::from)
}

fn host_allowed(app: &App, headers: &HeaderMap) -> bool {
    let allowed = &app.config().server.allowed_hosts;
    if allowed.is_empty() {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    allowed.iter().any(|one| one.eq_ignore_ascii_case(name))
}

fn allowed_origin(app: &App, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let text = origin.to_str().ok()?;
    app.config().server.allowed_origins.iter().any(|one| one == text).then(|| origin.clone())
}

fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"));
    let allowed = "Authorization, Content-Type, Idempotency-Key, If-Match, X-Filename, X-Request-Id";
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

fn secure(headers: &mut HeaderMap, docs: bool, tls: bool) {
    // The reference page styles itself inline and shows pictures it carries inline; nothing comes from another host.
    let policy = if docs {
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    } else {
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    };
    // The pages of the consoles bring their own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if tls {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
}
