//! `munshi-loadtest`: load, rushes and crashes against a real server, each with its own auditor.
//!
//! Invariant: every run prints its seed and its settings, ends by itself, and stops only the server it started.

mod client;
mod crash;
mod fill;
mod live;
mod messages;
mod open_loop;
mod orders;
mod rush;
mod server;
mod shop;
mod stats;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, Parser, Subcommand};

use server::{Fault, Site};

/// Load and fault harness of Munshi.
#[derive(Debug, Parser)]
#[command(name = "munshi-loadtest", version)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    profile: Profile,
}

#[derive(Debug, Args)]
struct Common {
    /// The server program.
    #[arg(long, global = true, default_value = "target/release/munshi", env = "MUNSHI_BIN")]
    munshi_bin: PathBuf,
    /// Directory for the data of the run; the system's temporary directory if not given.
    #[arg(long, global = true)]
    scratch: Option<PathBuf>,
    /// Keep the data of the run.
    #[arg(long, global = true)]
    keep: bool,
    /// Seed of every random choice.
    #[arg(long, global = true)]
    seed: Option<u64>,
    /// Further setting of the server, as NAME=VALUE; may be given several times.
    #[arg(long = "set", global = true, value_name = "NAME=VALUE")]
    settings: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Profile {
    /// Orders of two lines, on credit terms, under an approval rule.
    Orders(Rate),
    /// Orders of one line of one SKU.
    HotSku(Rate),
    /// Many buyers, few units, one kill.
    Rush {
        /// Buyers.
        #[arg(long, default_value_t = 1_000)]
        buyers: usize,
        /// Units.
        #[arg(long, default_value_t = 100)]
        units: u32,
        /// The units lie in two warehouses.
        #[arg(long)]
        two_warehouses: bool,
        /// One customer whose credit covers a part of the units.
        #[arg(long)]
        credit: bool,
        /// Rushes.
        #[arg(long, default_value_t = 1)]
        times: u64,
    },
    /// Kills under mixed load.
    Crash {
        /// Kills.
        #[arg(long, default_value_t = 200)]
        kills: usize,
        /// Concurrent workers.
        #[arg(long, default_value_t = 16)]
        workers: usize,
    },
    /// Many imported orders, then kills under load and restarts.
    Stored {
        /// Orders.
        #[arg(long, default_value_t = 1_000_000)]
        orders: u64,
        /// Restarts.
        #[arg(long, default_value_t = 5)]
        restarts: usize,
    },
    /// Everything docs/BENCHMARKS.md shows, one after the other.
    Bench {
        /// Live orders for the memory they take.
        #[arg(long, default_value_t = 100_000)]
        live: u64,
        /// Stored orders for the restart.
        #[arg(long, default_value_t = 1_000_000)]
        stored: u64,
        /// Seconds of each step of a search.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// The goals of the sockets: idle ones, fan-out, scans, storms, stalled readers, snapshots.
    Sockets(live::Live),
    /// Devices that scan and consoles that watch while the server is killed, with an auditor of every effect.
    Floor(live::floor::Floor),
    /// Vendors of messages that fail while the server is killed, with an auditor of what customers saw; or, with --down,
    /// what orders feel of a vendor that is down.
    Messages(messages::Messages),
    /// Many live orders, and the memory they take.
    Live {
        /// Orders.
        #[arg(long, default_value_t = 100_000)]
        orders: u64,
        /// Connections.
        #[arg(long, default_value_t = 256)]
        connections: usize,
    },
}

#[derive(Debug, Args)]
struct Rate {
    /// Orders a second; with --max the first step.
    #[arg(long, default_value_t = 500.0)]
    rate: f64,
    /// Seconds, or seconds of each step.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Connections.
    #[arg(long, default_value_t = 128)]
    connections: usize,
    /// Search the highest rate that is kept up.
    #[arg(long)]
    max: bool,
    /// On to the floor: allocation is followed by release, fulfilment and pick assignment.
    #[arg(long)]
    to_floor: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("munshi-loadtest: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("munshi-loadtest: {fault}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), Fault> {
    let Cli { common, profile } = cli;
    let seed = common.seed.unwrap_or_else(rand::random);
    println!("seed {seed} (replay with --seed {seed})");
    let folder = server::scratch(common.scratch.as_deref(), seed)?;
    // Long runs outlive the usual access token.
    let defaults = [("MUNSHI_LOG__FILTER", "warn"), ("MUNSHI_AUTH__ACCESS_TTL", "24h")];
    let mut settings: Vec<_> = defaults.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    for setting in &common.settings {
        let (name, value) = setting.split_once('=').ok_or_else(|| format!("--set {setting}: NAME=VALUE is needed"))?;
        settings.push((name.to_owned(), value.to_owned()));
    }
    let site = Site { program: common.munshi_bin, data: folder.join("data"), settings };
    let done = perform(&site, profile, seed).await;
    if common.keep || done.is_err() {
        println!("data and log of the run: {}", folder.display());
    } else if let Err(error) = std::fs::remove_dir_all(&folder) {
        println!("{} could not be removed: {error}", folder.display());
    }
    done
}

async fn perform(site: &Site, profile: Profile, seed: u64) -> Result<(), Fault> {
    let load = |rate: Rate, hot| orders::Load {
        rate: rate.rate.max(1.0),
        length: Duration::from_secs(rate.seconds),
        connections: rate.connections,
        max: rate.max,
        seed,
        hot,
        to_floor: rate.to_floor,
    };
    match profile {
        Profile::Orders(rate) => orders::run(site, load(rate, false)).await.map(|_| ()),
        Profile::HotSku(rate) => orders::run(site, load(rate, true)).await.map(|_| ()),
        Profile::Bench { live, stored, seconds } => bench(site, &load, live, stored, seconds).await,
        Profile::Crash { kills, workers } => crash::run(site, crash::Crash { kills, workers, seed }).await,
        Profile::Stored { orders, restarts } => fill::stored(site, orders, restarts).await,
        Profile::Floor(floor) => live::floor::run(site, floor, seed).await,
        Profile::Messages(messages) => messages::run(site, messages, seed).await,
        Profile::Sockets(live) => live::run(site, live, seed).await,
        Profile::Live { orders, connections } => fill::live(site, orders, connections).await,
        Profile::Rush { buyers, units, two_warehouses, credit, times } => {
            for n in 0..times.max(1) {
                let site = Site { data: site.data.with_file_name(format!("rush-{n}")), ..site.clone() };
                let rush = rush::Rush { buyers, units, two_warehouses, credit, seed: seed.wrapping_add(n) };
                println!("rush {}: {}", n + 1, rush::run(&site, rush).await?);
                std::fs::remove_dir_all(&site.data).map_err(|error| error.to_string())?;
            }
            Ok(())
        }
    }
}

async fn bench(
    site: &Site,
    load: &impl Fn(Rate, bool) -> orders::Load,
    live: u64,
    stored: u64,
    seconds: u64,
) -> Result<(), Fault> {
    let at = |name: &str| Site { data: site.data.with_file_name(name), ..site.clone() };
    let search = |max, rate| Rate { rate, seconds, connections: 256, max, to_floor: false };
    println!("== orders, highest rate");
    let best = orders::run(&at("orders-max"), load(search(true, 1_000.0), false)).await?;
    if let Some(best) = best {
        println!("== orders, half of it");
        orders::run(&at("orders-half"), load(search(false, best / 2.0), false)).await?;
    }
    println!("== orders on to the floor, highest rate");
    let floor = Rate { to_floor: true, ..search(true, 1_000.0) };
    orders::run(&at("orders-floor"), load(floor, false)).await?;
    println!("== one hot SKU, highest rate");
    orders::run(&at("hot"), load(search(true, 1_000.0), true)).await?;
    println!("== {live} live orders");
    fill::live(&at("live"), live, 256).await?;
    println!("== {stored} stored orders");
    fill::stored(&at("stored"), stored, 5).await
}
