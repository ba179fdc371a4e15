//! `opsim`: the practice world as a program.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use opsim::{ClockMode, Config, Settings, start};

/// A local server that behaves as the messaging vendors do.
#[derive(Parser)]
struct Arguments {
    /// Where HTTP and the page listen; loopback only.
    #[arg(long, default_value = "127.0.0.1:7400")]
    listen: SocketAddr,
    /// Where SMTP listens; loopback only.
    #[arg(long, default_value = "127.0.0.1:7425")]
    smtp: SocketAddr,
    /// Where the world survives a restart.
    #[arg(long)]
    state: Option<PathBuf>,
    /// The seed of ids and faults.
    #[arg(long, default_value_t = 1)]
    rng_seed: u64,
    /// Whether time passes by itself, or only when told.
    #[arg(long, value_enum, default_value_t = ClockMode::Real)]
    clock: ClockMode,
    /// What is kept of each list; the oldest go first.
    #[arg(long, default_value_t = 2_000)]
    kept: usize,
    /// Where messages from phones go, as Twilio would call it.
    #[arg(long)]
    twilio_webhook: Option<String>,
    /// Where messages and statuses go, as Meta would call it.
    #[arg(long)]
    meta_webhook: Option<String>,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).init();
    let given = Arguments::parse();
    let settings = Settings {
        twilio_webhook: given.twilio_webhook,
        meta_webhook: given.meta_webhook,
        kept: given.kept,
        ..Settings::default()
    };
    let config = Config {
        listen: given.listen,
        smtp: given.smtp,
        state: given.state,
        rng_seed: given.rng_seed,
        clock: given.clock,
        settings,
    };
    let running = start(config).await?;
    println!("practice world: http://{}   mail: smtp://{}", running.http, running.smtp);
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
    }
    drop(running);
    Ok(())
}

async fn terminated() {
    let signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}
