//! Open-loop load: requests have scheduled instants, and a late start counts as latency.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    client::{Answer, Call, Client},
    server::{Fault, Server, cpu_seconds},
    stats::Tally,
};

/// Longest a shed request is sent again; the bound of a run that makes no progress.
const PATIENCE: Duration = Duration::from_secs(600);

/// What a stretch of load showed.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Latencies and outcomes.
    pub tally: Tally,
    /// Seconds from the first scheduled instant to the last answer.
    pub seconds: f64,
    /// Processor seconds of the server.
    pub server_cpu: f64,
    /// Processor seconds of the driver.
    pub driver_cpu: f64,
}

impl Measured {
    /// Microseconds of processor time per accepted request: server, driver.
    pub fn cpu_micros(&self) -> (f64, f64) {
        #[allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^53")]
        let each = 1e6 / self.tally.ok.max(1) as f64;
        (self.server_cpu * each, self.driver_cpu * each)
    }

    /// Accepted requests per second.
    pub fn rate(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^53")]
        let ok = self.tally.ok as f64;
        ok / self.seconds
    }

    /// For people.
    pub fn print(&self, title: &str) {
        let (server, driver) = self.cpu_micros();
        println!("{title}: {}", self.tally.line(self.seconds));
        println!("  CPU per accepted request: server {server:.0} µs, driver {driver:.0} µs");
    }
}

/// What to do with an answer that says "try again".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shed {
    /// Count it as what it is.
    Count,
    /// Send the same request again, under the same key, until it is taken.
    Retry,
}

/// Sends `rate` requests a second for `length` over `connections`; request n is `make(n)`.
///
/// # Errors
/// When the server's processor time cannot be read because it died.
pub async fn drive(
    server: &Server,
    token: &str,
    rate: f64,
    length: Duration,
    connections: usize,
    shed: Shed,
    make: impl Fn(u64) -> Call + Send + Sync + 'static,
) -> Result<Measured, Fault> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive count far below 2^53")]
    let total = (rate * length.as_secs_f64()) as u64;
    let (next, make) = (Arc::new(AtomicU64::new(0)), Arc::new(make));
    let pid = server.pid().to_string();
    let gone = || "the server is gone".to_owned();
    let (server_before, driver_before) = (cpu_seconds(&pid).ok_or_else(gone)?, cpu_seconds("self").unwrap_or_default());
    let start = Instant::now() + Duration::from_millis(50);
    let workers: Vec<_> = (0..connections.max(1))
        .map(|_| {
            let (next, make) = (next.clone(), make.clone());
            let mut client = Client::new(server.address, token);
            tokio::spawn(async move {
                let mut tally = Tally::default();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= total {
                        return tally;
                    }
                    #[allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^53")]
                    let due = start + Duration::from_secs_f64(n as f64 / rate);
                    tokio::time::sleep_until(due.into()).await;
                    let call = make(n);
                    let mut answer = client.send(&call).await;
                    while shed == Shed::Retry && answer.as_ref().is_ok_and(Answer::again) && due.elapsed() < PATIENCE {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                        answer = client.send(&call).await;
                    }
                    match answer {
                        Ok(answer) if answer.ok() => tally.accept(due.elapsed()),
                        Ok(answer) => tally.error(answer.code()),
                        Err(_) => tally.error("no answer".into()),
                    }
                }
            })
        })
        .collect();
    let mut tally = Tally::default();
    for worker in workers {
        tally.add(&worker.await.map_err(|error| error.to_string())?);
    }
    let seconds = start.elapsed().as_secs_f64();
    let server_cpu = cpu_seconds(&pid).ok_or_else(gone)? - server_before;
    let driver_cpu = cpu_seconds("self").unwrap_or_default() - driver_before;
    Ok(Measured { tally, seconds, server_cpu, driver_cpu })
}
