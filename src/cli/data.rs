//! Verbs on the data directory: doctor and rebuild.

use std::time::Duration;

use super::Stop;
use crate::{boot, config::Config};

/// How long processes may take to finish what a killed server left.
const REST: Duration = Duration::from_secs(120);

/// Proves that the journal is whole and that what is stored follows from it.
pub async fn doctor(config: Config) -> Result<(), Stop> {
    let store = super::store(&config).await?;
    // What a killed server left half way is finished first, as its next start would.
    let node = boot::node(&config, store.clone()).await.map_err(Stop::Failed)?;
    let resting = node.at_rest(REST).await;
    node.shutdown().await;
    if !resting {
        return Err(Stop::Failed("processes do not come to rest; see the log for what they wait for".into()));
    }
    let report = munshi_actors::doctor::run(&store).await?;
    store.close().await?;
    println!(
        "{} journal entries, {} events, {} entities: {} faults",
        report.entries, report.events, report.entities, report.fault_count
    );
    if report.is_clean() {
        return Ok(());
    }
    for fault in &report.faults {
        println!("- {fault}");
    }
    Err(Stop::Failed(format!("{} faults", report.fault_count)))
}

/// Writes every document anew from the journal.
pub async fn rebuild(config: Config) -> Result<(), Stop> {
    let store = super::store(&config).await?;
    let entries = munshi_actors::rebuild(&store).await?;
    store.close().await?;
    println!("rebuilt from {entries} journal entries");
    Ok(())
}
