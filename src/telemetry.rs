//! Logs and metrics. Log lines carry no bodies, tokens or names; metric labels carry no personal data.

use std::{io::IsTerminal, sync::OnceLock};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Log, LogFormat};

/// Bounds of latency histograms, in seconds.
const SECONDS: [f64; 13] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// What commands other than `serve` log unless a filter is set: what they print is for a person, and enough.
pub const VERB_FILTER: &str = "warn,surrealkv=error";

/// Sends log lines to standard error, in color if that is a terminal. Does nothing if a subscriber is set already.
///
/// # Errors
/// A filter that does not parse.
pub fn start_logging(log: &Log) -> Result<(), String> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| format!("log.filter: {error}"))?;
    let lines = tracing_subscriber::registry().with(filter);
    let set = match log.format {
        LogFormat::Json => lines.with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr)).try_init(),
        LogFormat::Pretty => {
            let color = std::io::stderr().is_terminal();
            lines.with(fmt::layer().compact().with_ansi(color).with_writer(std::io::stderr)).try_init()
        }
    };
    drop(set);
    Ok(())
}

/// The process's metrics; the first call installs them.
///
/// # Errors
/// When another recorder is installed.
pub fn metrics() -> Result<PrometheusHandle, String> {
    static HANDLE: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    let install = || {
        PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
            .and_then(|builder| builder.install_recorder())
            .map_err(|error| error.to_string())
    };
    HANDLE.get_or_init(install).clone()
}
