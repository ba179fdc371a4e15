//! Verbs on the data directory: doctor, rebuild, backup and restore.

use std::{path::PathBuf, time::Duration};

use munshi_store::backup;

use super::{
    Stop,
    open::{Data, on_store},
    stop,
};
use crate::{boot, config::Config};

/// How long processes may take to finish what a killed server left.
const REST: Duration = Duration::from_secs(120);

/// Proves that the journal is whole and that what is stored follows from it.
pub async fn doctor(config: Config) -> Result<(), Stop> {
    on_store(&config, Data::Existing, async |store| {
        // What a killed server left half way is finished first, as its next start would.
        let node = boot::node(&config, store.clone()).await.map_err(Stop::Failed)?;
        let resting = node.at_rest(REST).await;
        node.shutdown().await;
        if !resting {
            return Err(Stop::Failed("processes do not come to rest; see the log for what they wait for".into()));
        }
        let report = munshi_actors::doctor::run(&store).await?;
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
    })
    .await
}

/// Copies the journal into a directory; what is there already stays and is not copied again.
pub async fn backup(config: Config, directory: PathBuf) -> Result<(), Stop> {
    on_store(&config, Data::Existing, async |store| {
        store.start("backup").await?;
        let copied = backup::backup(&*store, &directory).await;
        let manifest = copied.map_err(|error| stop::backup(error, "file_unwritable"))?;
        println!("backed up to journal entry {} in {}", manifest.head(), directory.display());
        Ok(())
    })
    .await
}

/// Fills an empty data directory from a backup, then writes its documents.
pub async fn restore(config: Config, directory: PathBuf) -> Result<(), Stop> {
    // Before anything is opened: a wrong path or a damaged backup makes no data directory.
    let unreadable = |error| stop::backup(error, "file_unreadable");
    if backup::verify(&directory).map_err(unreadable)?.segments.is_empty() {
        return Err(Stop::refused("not_a_backup", format!("there is no backup in {}", directory.display())));
    }
    on_store(&config, Data::New, async |store| {
        backup::restore(&directory, &*store, "restore").await.map_err(unreadable)?;
        let entries = munshi_actors::rebuild(&store).await?;
        println!("restored {entries} journal entries; run `munshi doctor` to see that nothing is missing");
        Ok(())
    })
    .await
}

/// Writes every document anew from the journal.
pub async fn rebuild(config: Config) -> Result<(), Stop> {
    on_store(&config, Data::Existing, async |store| {
        let entries = munshi_actors::rebuild(&store).await?;
        println!("rebuilt from {entries} journal entries");
        Ok(())
    })
    .await
}
