//! Verbs on the data directory: doctor and rebuild.

use super::Stop;
use crate::config::Config;

/// Proves that the journal is whole and that what is stored follows from it.
pub async fn doctor(config: Config) -> Result<(), Stop> {
    let store = super::store(&config).await?;
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
