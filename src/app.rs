//! The composition root: what handlers share. Cheap to clone.

use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::body::Bytes;
use metrics_exporter_prometheus::PrometheusHandle;
use munshi_actors::node::Node;
use munshi_domain::{OrderId, WarehouseId, settings::ShopSettings};

use crate::{
    auth::{password::Passwords, rate::Rate, throttle::Throttle},
    config::Config,
    imports::{self, Imports},
    live::Live,
    outbound::Outbound,
    problem::Problem,
    services::{self, checkup::Checkup, epcis::Marks},
    web::Files,
};

struct Inner {
    node: Node,
    config: Config,
    passwords: Passwords,
    throttle: Throttle,
    tracking: TrackingRates,
    live: Live,
    imports: Arc<Imports>,
    checkup: Checkup,
    web: Files,
    outbound: Outbound,
    epcis_marks: Marks,
    openapi: Bytes,
    metrics: PrometheusHandle,
    started: Instant,
    in_flight: AtomicUsize,
    stopping: AtomicBool,
    warehouses: Mutex<Option<(Instant, Vec<WarehouseId>)>>,
}

/// How often a customer may look: by address, which many share behind one mobile carrier, and by order.
#[derive(Debug)]
pub struct TrackingRates {
    /// By address.
    pub address: Rate<IpAddr>,
    /// By order.
    pub order: Rate<OrderId>,
}

impl Default for TrackingRates {
    fn default() -> Self {
        Self { address: Rate::new(10.0, 300.0), order: Rate::new(1.0, 30.0) }
    }
}

/// How long the list of all warehouses is trusted.
const WAREHOUSES_FOR: Duration = Duration::from_secs(2);

/// The running server, as handlers see it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

/// Counts a handler as in flight until dropped.
#[derive(Debug)]
pub struct InFlight(App);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.0.in_flight.fetch_sub(1, Ordering::AcqRel);
    }
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When passwords cannot be hashed or the interface cannot be described.
    pub fn new(node: Node, config: Config, metrics: PrometheusHandle) -> Result<Self, String> {
        let passwords = Passwords::new(usize::try_from(config.auth.hash_concurrency).unwrap_or(1))?;
        let allowed = u32::try_from(config.auth.max_failures).unwrap_or(u32::MAX);
        let throttle = Throttle::new(allowed, config.auth.failure_wait.duration());
        let live = Live::new(node.clone(), &config)?;
        let imports = Arc::new(Imports::new(
            imports::directory(&config.data.dir),
            config.server.max_import_bytes,
            config.server.keep_imports.duration(),
        ));
        let web = Files::new(&config.server.web_dir);
        let outbound = Outbound::new(node.clone(), &config)?;
        let openapi = crate::api::openapi::document().to_json().map_err(|error| error.to_string())?.into();
        Ok(Self(Arc::new(Inner {
            node,
            config,
            passwords,
            throttle,
            tracking: TrackingRates::default(),
            live,
            imports,
            checkup: Checkup::default(),
            web,
            outbound,
            epcis_marks: Marks::default(),
            openapi,
            metrics,
            started: Instant::now(),
            in_flight: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            warehouses: Mutex::new(None),
        })))
    }

    /// The aggregates.
    pub fn node(&self) -> &Node {
        &self.0.node
    }

    /// The configuration in effect.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Where exports of floors can begin.
    pub fn epcis_marks(&self) -> &Marks {
        &self.0.epcis_marks
    }

    /// Hashes and verifies passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Slows down guessing.
    pub fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    /// How often customers may look at their orders.
    pub fn tracking(&self) -> &TrackingRates {
        &self.0.tracking
    }

    /// The sockets.
    pub fn live(&self) -> &Live {
        &self.0.live
    }

    /// The check of journal and documents.
    pub fn checkup(&self) -> &Checkup {
        &self.0.checkup
    }

    /// Imports of files.
    pub fn imports(&self) -> &Arc<Imports> {
        &self.0.imports
    }

    /// The files of the consoles.
    pub fn web(&self) -> &Files {
        &self.0.web
    }

    /// Connections to the outside.
    pub fn outbound(&self) -> &Outbound {
        &self.0.outbound
    }

    /// The OpenAPI document as JSON.
    pub fn openapi(&self) -> Bytes {
        self.0.openapi.clone()
    }

    /// Every metric in Prometheus' text form.
    pub fn metrics(&self) -> String {
        self.0.metrics.render()
    }

    /// Keeps histograms of metrics from growing; to be called every few seconds.
    pub fn upkeep(&self) {
        self.0.metrics.run_upkeep();
    }

    /// Seconds since start.
    pub fn uptime_seconds(&self) -> u64 {
        self.0.started.elapsed().as_secs()
    }

    /// Warehouses to ask for stock, in order. Without an order in the settings it is every warehouse, a list that
    /// may be two seconds old unless [`App::warehouses_changed`] was told.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn sources(&self, shop: &ShopSettings) -> Result<Vec<WarehouseId>, Problem> {
        if !shop.sourcing.is_empty() {
            return Ok(shop.sourcing.clone());
        }
        let known = self.0.warehouses.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, codes)) = known
            && at.elapsed() < WAREHOUSES_FOR
            && !codes.is_empty()
        {
            return Ok(codes);
        }
        let codes = services::order::sources(self.node(), shop).await?;
        *self.0.warehouses.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), codes.clone()));
        Ok(codes)
    }

    /// A warehouse was opened here.
    pub fn warehouses_changed(&self) {
        *self.0.warehouses.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Counts a handler as in flight.
    pub fn in_flight(&self) -> InFlight {
        self.0.in_flight.fetch_add(1, Ordering::AcqRel);
        InFlight(self.clone())
    }

    /// Handlers that have not ended.
    pub fn busy(&self) -> usize {
        self.0.in_flight.load(Ordering::Acquire)
    }

    /// From here on the server is not ready.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Release);
    }

    /// Whether the server is stopping.
    pub fn stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Acquire)
    }
}
