//! The practice world: a local server that behaves as the outside vendors do, so that a shop can be run against it.
//!
//! It imitates Twilio and Meta (messages, templates, statuses, signed webhooks, refusals, throttling), takes mail by SMTP,
//! and receives webhooks and chat notes, all shown on one page; faults can be switched on. Invariant: it shares no type,
//! no signing code and no fixture with Munshi, so that two readings of each vendor's documents must agree; it listens on
//! loopback only; with one seed and the same requests it makes the same ids and faults.

mod clock;
mod control;
mod fault;
mod form;
mod net;
mod push;
mod receive;
mod sign;
mod smtp;
mod vendor;
mod view;
mod world;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use clock::ClockMode;
pub use world::Settings;
use world::World;

/// How the practice world is started.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where HTTP listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where SMTP listens.
    pub smtp: SocketAddr,
    /// Where the world survives a restart.
    pub state: Option<PathBuf>,
    /// The seed of ids and faults.
    pub rng_seed: u64,
    /// Whether time passes by itself.
    pub clock: ClockMode,
    /// Accounts, secrets and where webhooks go.
    pub settings: Settings,
}

impl Default for Config {
    fn default() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { listen: any, smtp: any, state: None, rng_seed: 1, clock: ClockMode::Real, settings: Settings::default() }
    }
}

/// What every handler shares.
pub(crate) struct App {
    world: Mutex<World>,
    http: reqwest::Client,
    state: Option<PathBuf>,
    /// Webhooks on their way out; what is due is bounded by what the world keeps.
    pushes: tokio::sync::mpsc::UnboundedSender<push::Push>,
}

impl App {
    /// The world. A handler that panicked left it as consistent as its last statement; practice goes on.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn save(&self) -> io::Result<()> {
        let Some(dir) = &self.state else { return Ok(()) };
        let Some(json) = self.world().unsaved() else { return Ok(()) };
        std::fs::create_dir_all(dir)?;
        let fresh = dir.join("world.json.new");
        std::fs::write(&fresh, json)?;
        std::fs::rename(fresh, dir.join("world.json"))
    }
}

/// A running practice world; dropping it stops it.
pub struct Running {
    /// Where HTTP listens.
    pub http: SocketAddr,
    /// Where SMTP listens.
    pub smtp: SocketAddr,
    app: Arc<App>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// The base of every HTTP address, for example `http://127.0.0.1:7400`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.http)
    }

    /// Waits until the server ends, which it does not by itself.
    pub async fn wait(mut self) {
        if let Some(task) = self.tasks.first_mut() {
            let _ = task.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        if let Err(error) = self.app.save() {
            tracing::error!(%error, "the practice world was not saved");
        }
    }
}

/// How often due work is looked for.
const TICK: Duration = Duration::from_millis(20);

/// Starts the practice world.
///
/// # Errors
/// An address that is not loopback or is taken, or a state that cannot be read.
pub async fn start(config: Config) -> io::Result<Running> {
    if !config.listen.ip().is_loopback() || !config.smtp.ip().is_loopback() {
        return Err(io::Error::other("the practice world listens on loopback addresses only"));
    }
    let saved = match &config.state {
        Some(dir) => match std::fs::read(dir.join("world.json")) {
            Ok(json) => Some(json),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    let world =
        World::open(saved.as_deref(), config.rng_seed, config.clock, config.settings).map_err(io::Error::other)?;
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(io::Error::other)?;
    let (pushes, waiting) = tokio::sync::mpsc::unbounded_channel();
    let app = Arc::new(App { world: Mutex::new(world), http, state: config.state, pushes });
    let listener = TcpListener::bind(config.listen).await?;
    let mail = TcpListener::bind(config.smtp).await?;
    let (http_at, smtp_at) = (listener.local_addr()?, mail.local_addr()?);
    let service = router(app.clone()).into_make_service_with_connect_info::<net::Kill>();
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(net::Breakable(listener), service).await {
            tracing::error!(%error, "the practice server ended");
        }
    });
    let tasks = vec![
        server,
        tokio::spawn(smtp::serve(app.clone(), mail)),
        tokio::spawn(push::serve(app.clone(), waiting)),
        tokio::spawn(tick(app.clone())),
    ];
    Ok(Running { http: http_at, smtp: smtp_at, app, tasks })
}

async fn tick(app: Arc<App>) {
    let mut interval = tokio::time::interval(TICK);
    let mut beats = 0u64;
    loop {
        interval.tick().await;
        push::run_due(&app);
        beats += 1;
        if beats.is_multiple_of(25)
            && let Err(error) = app.save()
        {
            tracing::error!(%error, "the practice world was not saved");
        }
    }
}

fn router(app: Arc<App>) -> Router {
    let vendors = Router::new()
        .route(
            "/twilio/2010-04-01/Accounts/{account}/Messages.json",
            post(vendor::twilio::create).get(vendor::twilio::list),
        )
        .route("/twilio/2010-04-01/Accounts/{account}/Messages/{file}", get(vendor::twilio::fetch))
        .route("/twilio/v1/Content", post(vendor::content::create))
        .route("/twilio/v1/Content/{sid}/ApprovalRequests", get(vendor::content::approval))
        .route("/twilio/v1/Content/{sid}/ApprovalRequests/whatsapp", post(vendor::content::request_approval))
        .route("/meta/{version}/{id}/messages", post(vendor::meta::send))
        .route("/meta/{version}/{id}/message_templates", post(vendor::meta::create_template))
        .route("/meta/{version}/{id}", get(vendor::meta::template))
        .route("/hook/{endpoint}", post(receive::webhook))
        .route("/slack/{token}", post(receive::slack))
        .route("/teams/{token}", post(receive::teams))
        .layer(axum::middleware::from_fn_with_state(app.clone(), fault::around));
    Router::new()
        .merge(vendors)
        .merge(control::routes())
        .route("/", get(view::page))
        .layer(axum::middleware::from_fn(net::only_local_names))
        .with_state(app)
}
