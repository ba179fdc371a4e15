//! Profiles of boards: connections held at once (G2), many frames a write (G5), a large snapshot to many (G12).

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::sync::Barrier;

use super::{Figure, run::Run, socket};
use crate::server::{Fault, Site};

/// Boards of which one change each comes together.
const TOPICS: usize = 10;

/// G2: so many at once, and a change reaches every one of them.
pub async fn held(site: &Site, connections: usize) -> Result<Vec<Figure>, Fault> {
    let mut run = Run::open(site, 10, &["wh.w-1.stock"], false).await?;
    let before = run.memory();
    run.connect(connections, 0).await?;
    run.settle().await;
    let each = (run.memory() - before) * 1_024.0 / connections.max(1) as f64;
    run.forget();
    run.publish(1.0, Duration::from_millis(900)).await?;
    let reached = run.reached(connections as u64).await;
    run.sound()?;
    run.close().await;
    run.end().await?;
    if reached < connections as u64 {
        return Err(format!("a change reached {reached} of {connections} connections"));
    }
    Ok(vec![Figure {
        goal: "G2",
        what: "held at once, one Map topic each, a change reaches all".into(),
        wanted: "200,000",
        floor: "50,000",
        measured: format!("{connections} asked for and held ({each:.1} KiB each)"),
    }])
}

/// G5: changes of several boards come together.
pub async fn many_frames(site: &Site, subscribers: usize, rate: f64, length: Duration) -> Result<Vec<Figure>, Fault> {
    let topics: Vec<String> = (1..=TOPICS).map(|n| format!("wh.w-{n}.stock")).collect();
    let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
    let mut run = Run::open_with(site, 1, TOPICS, &topics, false).await?;
    let (alone, before) = run.publish_all(rate, length).await?;
    run.connect(subscribers, 0).await?;
    run.settle().await;
    run.forget();
    let (told, rounds) = run.publish_all(rate, length).await?;
    let (deliveries, writes) = (run.deltas(), run.messages());
    run.sound()?;
    run.close().await;
    run.end().await?;
    let million = 1e6 / deliveries.max(1) as f64;
    // A machine that is slower with subscribers does fewer rounds: what the changes cost by themselves is by the round.
    let alone = alone / before.max(1) as f64 * rounds as f64;
    Ok(vec![Figure {
        goal: "G5",
        what: format!(
            "fan-out of {TOPICS} boards that change together, CPU-s per 1M deliveries ({subscribers} subscribers)"
        ),
        wanted: "≤1 at ≥8 frames a write",
        floor: "≤3",
        measured: format!(
            "{:.2} at {:.1} frames a write (with the commits {:.2})",
            (told - alone).max(0.0) * million,
            deliveries as f64 / writes.max(1) as f64,
            told * million
        ),
    }])
}

/// G12: consoles that are connected subscribe to a large board at the same moment.
pub async fn snapshot(site: &Site, rows: usize, consoles: usize) -> Result<Vec<Figure>, Fault> {
    let run = Run::open(site, rows, &[], false).await?;
    let before = run.metric("munshi_live_snapshots_encoded_total").await.unwrap_or_default();
    let gate = Arc::new(Barrier::new(consoles));
    let waiting: Vec<_> = (0..consoles)
        .map(|number| tokio::spawn(socket::whole(run.shared(), number, "wh.w-1.stock", gate.clone())))
        .collect();
    let (mut took, mut bytes) = (Vec::with_capacity(consoles), 0);
    for one in waiting {
        let (span, size) = one.await.map_err(|error| error.to_string())??;
        took.push(span);
        bytes = size;
    }
    let encoded = run.metric("munshi_live_snapshots_encoded_total").await? - before;
    run.shared().live.store(0, Ordering::Release);
    run.end().await?;
    took.sort_unstable();
    let at = |quantile: f64| took[((took.len() as f64 * quantile) as usize).min(took.len() - 1)].as_secs_f64() * 1e3;
    Ok(vec![Figure {
        goal: "G12",
        what: format!("{rows}-row board, {consoles} consoles subscribe at once: last row"),
        wanted: "p99 ≤300 ms, encoded once",
        floor: "≤1 s",
        measured: format!(
            "p50 {:.0}, p99 {:.0} ms, {:.1} MiB each, encoded {encoded:.0} ×",
            at(0.5),
            at(0.99),
            bytes as f64 / 1_048_576.0
        ),
    }])
}
