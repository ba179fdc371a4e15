//! Verbs on the data directory: doctor and rebuild.

use std::{path::PathBuf, time::Duration};

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

/// Copies the journal into a directory; what is there already stays and is not copied again.
pub async fn backup(config: Config, directory: PathBuf) -> Result<(), Stop> {
    let store = super::store(&config).await?;
    store.start("backup").await?;
    let copied = munshi_store::backup::backup(&*store, &directory).await;
    store.close().await?;
    let manifest = copied.map_err(|error| Stop::Failed(error.to_string()))?;
    println!("backed up to journal entry {} in {}", manifest.head(), directory.display());
    Ok(())
}

/// Fills an empty data directory from a backup, then writes its documents.
pub async fn restore(config: Config, directory: PathBuf) -> Result<(), Stop> {
    let store = super::store(&config).await?;
    let restored = munshi_store::backup::restore(&directory, &*store, "restore").await;
    if let Err(error) = restored {
        store.close().await?;
        return Err(Stop::Failed(error.to_string()));
    }
    let entries = munshi_actors::rebuild(&store).await?;
    store.close().await?;
    println!("restored {entries} journal entries; run `munshi doctor` to see that nothing is missing");
    Ok(())
}

/// Writes every document anew from the journal.
pub async fn rebuild(config: Config) -> Result<(), Stop> {
    let store = super::store(&config).await?;
    let entries = munshi_actors::rebuild(&store).await?;
    store.close().await?;
    println!("rebuilt from {entries} journal entries");
    Ok(())
}
