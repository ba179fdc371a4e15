//! A server, a shop, and connections to it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::{sync::watch, task::JoinHandle};

use super::socket::{self, BUCKETS, Manner, Shared, bucket_ms};
use crate::{
    client::{Call, Client},
    server::{Fault, Server, Site, cpu_seconds, resident_mib},
    shop::{self, Plan, Shop},
};

/// Changes that one run can tell apart.
const CHANGES: usize = 200_000;
/// Units of the changing SKU at the start.
const UNITS: u32 = 1_000;
/// Longest wait for connections.
const PATIENCE: Duration = Duration::from_secs(120);
/// How fast connections are opened, a second; below what the server lets in.
const OPEN_RATE: f64 = 1_500.0;

/// A measurement in progress.
pub struct Run {
    server: Server,
    shop: Shop,
    shared: Arc<Shared>,
    address: watch::Sender<SocketAddr>,
    stop: watch::Sender<bool>,
    stalled: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
    published: usize,
}

impl Run {
    /// Starts the server with a small shop of so many SKUs, each a row of the stock topic.
    pub async fn open(site: &Site, skus: usize, topics: &[&str], reconnect: bool) -> Result<Self, Fault> {
        Self::open_with(site, skus, 1, topics, reconnect).await
    }

    /// The same with several warehouses.
    pub async fn open_with(
        site: &Site,
        skus: usize,
        warehouses: usize,
        topics: &[&str],
        reconnect: bool,
    ) -> Result<Self, Fault> {
        let plan = Plan { skus, units: UNITS, warehouses, customers: 1, credit: 1_000, to_floor: true };
        let (server, shop) = shop::open(site, plan).await?;
        let (address, places) = watch::channel(server.address);
        let (stop, stopped) = watch::channel(false);
        let noughts = |count: usize| (0..count).map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
        let shared = Arc::new(Shared {
            address: places,
            topics: topics.iter().map(|&name| name.to_owned()).collect(),
            token: shop.token.clone(),
            reconnect,
            live: AtomicU64::new(0),
            resumed: AtomicU64::new(0),
            snapshots: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            gaps: AtomicU64::new(0),
            opened: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            deltas: AtomicU64::new(0),
            messages: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            stop: stopped,
            sent: noughts(CHANGES),
            last: noughts(CHANGES),
            latency: noughts(BUCKETS),
            began: Instant::now(),
            from: u64::from(UNITS),
        });
        let stalled = Arc::new(AtomicBool::new(false));
        Ok(Self { server, shop, shared, address, stop, stalled, tasks: vec![], published: 0 })
    }

    /// Resident memory of the server in MiB.
    pub fn memory(&self) -> f64 {
        resident_mib(self.server.pid()).unwrap_or_default()
    }

    /// Processor seconds of the server so far.
    pub fn cpu(&self) -> f64 {
        cpu_seconds(&self.server.pid().to_string()).unwrap_or_default()
    }

    /// Opens connections and waits until all are live. The last `sick` ones stop reading when told to.
    pub async fn connect(&mut self, healthy: usize, sick: usize) -> Result<(), Fault> {
        let began = Instant::now();
        for number in 0..healthy + sick {
            let counted = number < healthy;
            let stalled = if counted { Arc::new(AtomicBool::new(false)) } else { self.stalled.clone() };
            let manner = Manner { number, stalled, counted };
            self.tasks.push(tokio::spawn(socket::run(self.shared.clone(), manner)));
            let due = Duration::from_secs_f64(number as f64 / OPEN_RATE);
            if let Some(early) = due.checked_sub(began.elapsed())
                && early > Duration::from_millis(5)
            {
                tokio::time::sleep(early).await;
            }
        }
        self.all_live((healthy + sick) as u64).await?;
        let failed = self.shared.failed.swap(0, Ordering::AcqRel);
        let again = if failed > 0 { format!(", {failed} attempts failed or were sent away") } else { String::new() };
        println!("{} connections live after {:.1} s{again}", healthy + sick, began.elapsed().as_secs_f64());
        Ok(())
    }

    async fn all_live(&self, count: u64) -> Result<(), Fault> {
        let until = Instant::now() + PATIENCE;
        while self.shared.live.load(Ordering::Acquire) < count {
            if Instant::now() > until {
                let (live, failed) = (&self.shared.live, &self.shared.failed);
                return Err(format!(
                    "{} of {count} live, {} attempts failed",
                    live.load(Ordering::Acquire),
                    failed.load(Ordering::Relaxed)
                ));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Waits until memory stands still.
    pub async fn settle(&self) {
        let (mut last, mut still) = (self.memory(), 0);
        for _ in 0..40 {
            tokio::time::sleep(Duration::from_millis(250)).await;
            let now = self.memory();
            still = if (now - last).abs() < 0.1 { still + 1 } else { 0 };
            last = now;
            if still >= 4 {
                return;
            }
        }
    }

    /// Changes one row at a rate; answers the processor seconds the server took meanwhile.
    pub async fn publish(&mut self, rate: f64, length: Duration) -> Result<f64, Fault> {
        let mut client = Client::new(self.server.address, self.shop.token.clone());
        let (began, cpu) = (Instant::now(), self.cpu());
        let path = format!("/warehouses/{}/stock/{}/adjust", self.shop.warehouses[0], self.shop.skus[0]);
        let mut n = 0_u64;
        while began.elapsed() < length {
            let due = Duration::from_secs_f64(n as f64 / rate);
            if let Some(early) = due.checked_sub(began.elapsed()) {
                tokio::time::sleep(early).await;
            }
            n += 1;
            self.published += 1;
            let at = self.published.min(CHANGES - 1);
            let now = u64::try_from(self.shared.began.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.shared.sent[at].store(now, Ordering::Release);
            let key = format!("publish-{}", self.published);
            let body = json!({ "delta": 1, "reason": "load test" });
            shop::must(&mut client, &Call::post(path.clone(), key, &body)).await?;
        }
        let cpu = self.cpu() - cpu;
        // What is on its way arrives.
        tokio::time::sleep(Duration::from_millis(500)).await;
        println!("{n} changes in {:.1} s, {cpu:.2} CPU-s", began.elapsed().as_secs_f64());
        Ok(cpu)
    }

    /// Changes one row of every warehouse at once, again and again; answers the processor seconds the server took
    /// meanwhile, and how often.
    pub async fn publish_all(&mut self, rate: f64, length: Duration) -> Result<(f64, u64), Fault> {
        let (began, cpu) = (Instant::now(), self.cpu());
        let mut clients: Vec<Client> =
            self.shop.warehouses.iter().map(|_| Client::new(self.server.address, self.shop.token.clone())).collect();
        let (mut n, body) = (0_u64, json!({ "delta": 1, "reason": "load test" }));
        while began.elapsed() < length {
            let due = Duration::from_secs_f64(n as f64 / rate);
            if let Some(early) = due.checked_sub(began.elapsed()) {
                tokio::time::sleep(early).await;
            }
            n += 1;
            self.published += 1;
            let calls = clients.iter_mut().zip(&self.shop.warehouses).map(|(client, code)| {
                let path = format!("/warehouses/{code}/stock/{}/adjust", self.shop.skus[0]);
                let call = Call::post(path, format!("all-{}-{code}", self.published), &body);
                async move { shop::must(client, &call).await }
            });
            futures_util::future::try_join_all(calls).await?;
        }
        let cpu = self.cpu() - cpu;
        // What is on its way arrives.
        tokio::time::sleep(Duration::from_millis(500)).await;
        println!("{n} rounds in {:.1} s, {cpu:.2} CPU-s", began.elapsed().as_secs_f64());
        Ok((cpu, n))
    }

    /// Waits until so many deltas came, not for ever; answers how many did.
    pub async fn reached(&self, count: u64) -> u64 {
        let until = Instant::now() + PATIENCE;
        while self.deltas() < count && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.deltas()
    }

    /// What all connections share.
    pub fn shared(&self) -> Arc<Shared> {
        self.shared.clone()
    }

    /// A figure of the server's metrics page.
    pub async fn metric(&self, name: &str) -> Result<f64, Fault> {
        self.server.metric(name).await
    }

    /// Messages with deltas received.
    pub fn messages(&self) -> u64 {
        self.shared.messages.load(Ordering::Acquire)
    }

    /// Forgets what was counted so far.
    pub fn forget(&self) {
        let Shared { deltas, messages, resumed, snapshots, latency, last, .. } = &*self.shared;
        [deltas, messages, resumed, snapshots]
            .into_iter()
            .chain(latency)
            .chain(last)
            .for_each(|one| one.store(0, Ordering::Release));
    }

    /// Deltas received.
    pub fn deltas(&self) -> u64 {
        self.shared.deltas.load(Ordering::Acquire)
    }

    /// Subscriptions that resumed, and that began anew.
    pub fn outcomes(&self) -> (u64, u64) {
        (self.shared.resumed.load(Ordering::Acquire), self.shared.snapshots.load(Ordering::Acquire))
    }

    /// A quantile of all latencies.
    pub fn latency_ms(&self, quantile: f64) -> f64 {
        let counts: Vec<u64> = self.shared.latency.iter().map(|count| count.load(Ordering::Acquire)).collect();
        let wanted = (counts.iter().sum::<u64>() as f64 * quantile) as u64;
        let mut seen = 0;
        let at = counts.iter().position(|count| {
            seen += count;
            seen > wanted
        });
        bucket_ms(at.unwrap_or_default())
    }

    /// A quantile over changes of when the last reader had each.
    pub fn last_ms(&self, quantile: f64) -> f64 {
        let mut last: Vec<u64> = self.shared.last.iter().map(|last| last.load(Ordering::Acquire)).collect();
        last.retain(|last| *last > 0);
        last.sort_unstable();
        let at = ((last.len() as f64 * quantile) as usize).min(last.len().saturating_sub(1));
        last.get(at).map_or(0.0, |micros| *micros as f64 / 1_000.0)
    }

    /// The sick ones stop reading, or read on.
    pub fn stall(&self, stalled: bool) {
        self.stalled.store(stalled, Ordering::Release);
    }

    /// Stops the server in order and starts it again; answers how long after it listens everybody is live.
    pub async fn restart(&mut self, site: &Site, connections: usize) -> Result<Duration, Fault> {
        self.server.stop().await;
        self.server = site.start().await?;
        let began = Instant::now();
        self.address.send_replace(self.server.address);
        self.all_live(connections as u64).await?;
        Ok(began.elapsed())
    }

    /// Whether no connection lost a change.
    pub fn sound(&self) -> Result<(), Fault> {
        match self.shared.gaps.load(Ordering::Acquire) {
            0 => Ok(()),
            gaps => Err(format!("{gaps} deltas did not begin where their topic stood")),
        }
    }

    /// Closes every connection; others may be opened after it.
    pub async fn close(&mut self) {
        self.stall(false);
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            // Each ends by itself within a moment; one that does not is cut off with the harness.
            let _ = tokio::time::timeout(Duration::from_secs(5), task).await;
        }
        self.stop.send_replace(false);
        self.shared.live.store(0, Ordering::Release);
    }

    /// Waits until the server has none left.
    pub async fn gone(&self) -> Result<(), Fault> {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = self.server.metric("munshi_live_connections").await?;
            if left < 1.0 {
                tokio::time::sleep(Duration::from_secs(2)).await;
                return Ok(());
            }
            if Instant::now() > until {
                return Err(format!("{left} connections are left over"));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Stops the server.
    pub async fn end(mut self) -> Result<(), Fault> {
        self.server.stop().await;
        Ok(())
    }
}
