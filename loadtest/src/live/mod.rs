//! Profiles of the socket, by the numbers of the goals: idle connections (G1, G3, G16), held at once (G2), fan-out (G4,
//! G6), many frames a write (G5), scan to answer (G7), a reconnect storm (G8), a flush after an outage (G9), exactly once
//! (G10), stalled readers (G11), a large snapshot (G12).
//!
//! Every figure is of the server's process, over loopback, which charges the kernel's receive work to the sender and is
//! no network. The goals are those of the specification's §17.

mod boards;
pub mod floor;
pub mod peer;
mod run;
mod scans;
mod socket;
pub mod watch;

use std::time::Duration;

use clap::Args;

use crate::server::{Fault, Site};
use run::Run;

/// What to measure.
#[derive(Clone, Debug, Args)]
pub struct Live {
    /// Only these goals, such as `G7,G9`; all of them if left out.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Only the idle connections.
    #[arg(long)]
    idle_only: bool,
    /// Idle connections.
    #[arg(long, default_value_t = 5_000)]
    idle: usize,
    /// Rounds of connecting and closing them, for what stays.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Connections held at once.
    #[arg(long, default_value_t = 10_000)]
    held: usize,
    /// Subscribers of one topic.
    #[arg(long, default_value_t = 1_000)]
    subscribers: usize,
    /// Changes a second.
    #[arg(long, default_value_t = 100.0)]
    rate: f64,
    /// Connections of the storm, three topics each.
    #[arg(long, default_value_t = 2_000)]
    storm: usize,
    /// Devices that scan.
    #[arg(long, default_value_t = 200)]
    devices: usize,
    /// Scans a second, of all devices.
    #[arg(long, default_value_t = 500.0)]
    scans: f64,
    /// Devices that come back with 200 scans each.
    #[arg(long, default_value_t = 100)]
    flush: usize,
    /// Commands that have to take effect once.
    #[arg(long, default_value_t = 20_000)]
    once: u64,
    /// Seconds between two kills meanwhile.
    #[arg(long, default_value_t = 5.0)]
    kill_every: f64,
    /// Rows of the large board.
    #[arg(long, default_value_t = 10_000)]
    rows: usize,
    /// Consoles that subscribe to it at once.
    #[arg(long, default_value_t = 100)]
    consoles: usize,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

impl Live {
    /// Whether one of these goals is wanted.
    fn wants(&self, goals: &[&str]) -> bool {
        if self.idle_only {
            return goals.contains(&"G1");
        }
        self.only.is_empty() || self.only.iter().any(|one| goals.iter().any(|goal| goal.eq_ignore_ascii_case(one)))
    }
}

/// One line of the table.
pub struct Figure {
    goal: &'static str,
    what: String,
    wanted: &'static str,
    floor: &'static str,
    measured: String,
}

/// Measures everything, prints the table.
///
/// # Errors
/// What went wrong, and every change that a client lost.
pub async fn run(site: &Site, live: Live, seed: u64) -> Result<(), Fault> {
    let mut figures = Vec::new();
    let done = measure(site, &live, seed, &mut figures).await;
    println!("\n| # | measure | goal | floor | measured |\n|---|---|---|---|---|");
    figures.sort_by_key(|figure: &Figure| figure.goal[1..].parse::<u32>().unwrap_or_default());
    for Figure { goal, what, wanted, floor, measured } in figures {
        println!("| {goal} | {what} | {wanted} | {floor} | {measured} |");
    }
    done
}

async fn measure(site: &Site, live: &Live, seed: u64, figures: &mut Vec<Figure>) -> Result<(), Fault> {
    let length = Duration::from_secs(live.seconds.max(1));
    let at = |name: &str| Site { data: site.data.with_file_name(name), ..site.clone() }.with(&settings());
    if live.wants(&["G1", "G3", "G16"]) {
        println!("== {} idle connections", live.idle);
        figures.extend(idle(&at("live-idle"), live.idle, live.rounds.max(3), length).await?);
    }
    if live.wants(&["G2"]) {
        println!("== {} connections at once", live.held);
        figures.extend(boards::held(&at("live-held"), live.held).await?);
    }
    if live.wants(&["G4", "G6"]) {
        println!("== fan-out to {} subscribers", live.subscribers);
        figures.extend(fan_out(&at("live-fanout"), live.subscribers, live.rate, length).await?);
    }
    if live.wants(&["G5"]) {
        println!("== fan-out of several boards to {} subscribers", live.subscribers);
        figures.extend(boards::many_frames(&at("live-frames"), live.subscribers, live.rate, length).await?);
    }
    if live.wants(&["G7"]) {
        println!("== {} devices scan", live.devices);
        figures.extend(scans::scan_to_ack(&at("live-scan"), live.devices, live.scans.max(1.0), length, seed).await?);
    }
    if live.wants(&["G8"]) {
        println!("== {} connections come back after a restart", live.storm);
        figures.extend(storm(&at("live-storm"), live.storm).await?);
    }
    if live.wants(&["G9"]) {
        println!("== {} devices flush their queues", live.flush);
        figures.extend(scans::flush(&at("live-flush"), live.flush.max(1), seed).await?);
    }
    if live.wants(&["G10"]) {
        println!("== {} commands over a bad network and kills", live.once);
        let every = Duration::from_secs_f64(live.kill_every.max(0.5));
        figures.extend(scans::exactly_once(&at("live-once"), live.devices, live.once, every, seed).await?);
    }
    if live.wants(&["G11"]) {
        println!("== a tenth of {} readers stalls", live.subscribers);
        figures.extend(stalled(&at("live-stalled"), live.subscribers, live.rate, length).await?);
    }
    if live.wants(&["G12"]) {
        println!("== {} consoles subscribe to {} rows", live.consoles, live.rows);
        figures.extend(boards::snapshot(&at("live-snapshot"), live.rows, live.consoles.max(1)).await?);
    }
    Ok(())
}

/// Settings under which a harness may have thousands of sockets of one user from one address.
fn settings() -> Vec<(String, String)> {
    let origin = socket::ORIGIN;
    [
        ("MUNSHI_LIVE__ORIGINS", origin),
        ("MUNSHI_LIVE__USER_CONNECTIONS", "1000000"),
        ("MUNSHI_LIVE__PRE_AUTH_PER_ADDRESS", "1000000"),
        ("MUNSHI_LIVE__MAX_CONNECTIONS", "1000000"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

async fn idle(site: &Site, connections: usize, times: usize, length: Duration) -> Result<Vec<Figure>, Fault> {
    let mut run = Run::open(site, 10, &["wh.w-1.stock"], false).await?;
    let before = run.memory();
    run.connect(connections, 0).await?;
    run.settle().await;
    let after = run.memory();
    let cpu = run.cpu();
    tokio::time::sleep(length).await;
    let cpu = run.cpu() - cpu;
    // Again: what is not given back the first time is used again, unless it leaks.
    let mut rounds = vec![after];
    let mut empty: Vec<f64> = Vec::new();
    for _ in 1..times {
        run.close().await;
        run.gone().await?;
        empty.push(run.memory());
        run.connect(connections, 0).await?;
        run.settle().await;
        rounds.push(run.memory());
    }
    run.close().await;
    run.gone().await?;
    let left = run.memory();
    run.end().await?;
    let listed = |all: &[f64]| all.iter().map(|mib| format!("{mib:.1}")).collect::<Vec<_>>().join(", ");
    // The allocator gives back when it likes: the last third of many rounds is held against the one before it.
    let third = times / 3;
    let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len() as f64;
    let grown = (mean(&rounds[times - third..]) / mean(&rounds[third..2 * third]) - 1.0) * 100.0;
    let count = connections as f64;
    let each = (after - before) * 1_024.0 / count;
    let per_gib = 1_048_576.0 / each;
    let idle_us = cpu * 1e6 / count / length.as_secs_f64();
    Ok(vec![
        Figure {
            goal: "G1",
            what: format!("idle connections with one Map topic of 10 rows each, per GiB RSS ({connections} held)"),
            wanted: "≥150,000 (≤7 KB)",
            floor: "≥70,000 (≤15 KB)",
            measured: format!("{per_gib:.0} ({each:.1} KiB each)"),
        },
        Figure {
            goal: "G3",
            what: "idle CPU per connection".into(),
            wanted: "≤1.0 µs/s",
            floor: "≤2.2 µs/s",
            measured: format!("{idle_us:.2} µs/s"),
        },
        Figure {
            goal: "G16",
            what: format!("RSS with {connections} connections, the last third of {times} times over the one before"),
            wanted: "±0.5 % (1M)",
            floor: "±2 % (1M)",
            measured: format!(
                "{grown:+.1} % ({} MiB; before {before:.1}, between {}, left {left:.1})",
                listed(&rounds),
                listed(&empty)
            ),
        },
    ])
}

async fn fan_out(site: &Site, subscribers: usize, rate: f64, length: Duration) -> Result<Vec<Figure>, Fault> {
    let mut run = Run::open(site, 50, &["wh.w-1.stock"], false).await?;
    // What the changes themselves cost, without anybody to tell.
    let alone = run.publish(rate, length).await?;
    run.connect(subscribers, 0).await?;
    run.settle().await;
    run.forget();
    let told = run.publish(rate, length).await?;
    let deliveries = run.deltas();
    let (p50, p99, last) = (run.latency_ms(0.5), run.latency_ms(0.99), run.last_ms(0.99));
    run.sound()?;
    run.close().await;
    run.end().await?;
    let million = 1e6 / deliveries.max(1) as f64;
    Ok(vec![
        Figure {
            goal: "G4",
            what: format!(
                "fan-out, CPU-s per 1M deliveries ({subscribers} subscribers, {rate:.0} changes/s, {deliveries} deliveries)"
            ),
            wanted: "≤2",
            floor: "≤5",
            measured: format!("{:.2} (with the commits {:.2})", (told - alone).max(0.0) * million, told * million),
        },
        Figure {
            goal: "G6",
            what: format!("request sent → last of {subscribers} subscribers, p99, commit included"),
            wanted: "60 ms (10,000)",
            floor: "150 ms (10,000)",
            measured: format!("{last:.1} ms (any subscriber: p50 {p50:.1}, p99 {p99:.1} ms)"),
        },
    ])
}

async fn storm(site: &Site, connections: usize) -> Result<Vec<Figure>, Fault> {
    let mut run = Run::open(site, 50, &["wh.w-1.stock", "wh.w-1.orders", "wh.w-1.tasks"], true).await?;
    run.publish(50.0, Duration::from_secs(1)).await?;
    run.connect(connections, 0).await?;
    run.settle().await;
    run.forget();
    let took = run.restart(site, connections).await?;
    let (resumed, snapshots) = run.outcomes();
    run.publish(20.0, Duration::from_secs(1)).await?;
    run.settle().await;
    run.sound()?;
    run.close().await;
    run.end().await?;
    Ok(vec![Figure {
        goal: "G8",
        what: format!("{connections} connections, 3 topics each, server restarted: all live again"),
        wanted: "50,000 in ≤15 s",
        floor: "10,000 in ≤10 s",
        measured: format!(
            "{:.2} s after it listens; {resumed} resumed, {snapshots} snapshots, no gap",
            took.as_secs_f64()
        ),
    }])
}

async fn stalled(site: &Site, subscribers: usize, rate: f64, length: Duration) -> Result<Vec<Figure>, Fault> {
    let mut run = Run::open(site, 50, &["wh.w-1.stock"], false).await?;
    let (healthy, sick) = (subscribers * 9 / 10, subscribers / 10);
    run.connect(healthy, sick).await?;
    run.settle().await;
    run.publish(rate, length).await?;
    let (before, memory) = (run.latency_ms(0.99), run.memory());
    run.forget();
    run.stall(true);
    run.publish(rate, length).await?;
    let (after, grown) = (run.latency_ms(0.99), run.memory() - memory);
    run.sound()?;
    run.close().await;
    run.end().await?;
    Ok(vec![Figure {
        goal: "G11",
        what: format!("{sick} of {subscribers} stop reading: healthy p99 rises by"),
        wanted: "≤2 %",
        floor: "≤10 %, RSS ≤ limit × stalled",
        measured: format!(
            "{:+.1} % ({before:.1} → {after:.1} ms); RSS {grown:+.1} MiB, limit × stalled {:.1} MiB",
            (after / before - 1.0) * 100.0,
            sick as f64 * 0.25
        ),
    }])
}
