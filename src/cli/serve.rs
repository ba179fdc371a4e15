//! `munshi serve`: runs until told to stop, or until the journal can no longer be written.

use std::io::Write;

use tokio::signal::unix::{SignalKind, signal};

use super::Stop;
use crate::{boot, config::Config, server, telemetry};

/// Runs the server.
pub async fn run(mut config: Config) -> Result<(), Stop> {
    telemetry::start_logging(&config.log).map_err(Stop::Usage)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let store = super::store(&config).await?;
    // After the store: it makes the directory, and holds it.
    boot::keep_ticket_key(&mut config).map_err(Stop::Failed)?;
    boot::keep_connection_keys(&mut config).map_err(Stop::Failed)?;
    let running = server::start(config, store).await?;
    {
        let mut out = std::io::stdout().lock();
        writeln!(out, "listening on http://{}", running.address)?;
        out.flush()?;
    }
    tracing::info!(address = %running.address, "listening");
    let failure = tokio::select! {
        _ = terminate.recv() => None,
        _ = interrupt.recv() => None,
        reason = running.failed() => Some(reason),
    };
    match failure {
        None => {
            tracing::info!("stopping");
            running.stop().await?;
            tracing::info!("stopped");
            Ok(())
        }
        // The journal is no longer ours or no longer writable: no orderly end, a restart recovers from disk.
        Some(reason) => Err(Stop::Failed(format!("stopped because the journal cannot be written: {reason}"))),
    }
}
