//! The command line: one verb per file.
//!
//! Invariant: what a person has to act on goes to standard error with exit code 1 (2 for wrong usage or settings);
//! results go to standard output.

mod check;
mod data;
mod device;
mod open;
mod practice;
mod serve;
pub mod stop;
mod tools;
mod user;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use self::open::{on_node, store};
pub use self::stop::Stop;
use crate::{
    config::{Config, Loaded, Origin, Sources},
    tools::{export, import},
};

/// A real-time commerce operations server.
#[derive(Debug, Parser)]
#[command(name = "munshi", version)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Verb,
}

/// Options of every verb.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// Settings file; without it ./config/local.toml is read if it exists.
    #[arg(long, global = true, env = "MUNSHI_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Directory of everything that is stored; ./data if nothing else is set.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the server.
    Serve {
        /// Address and port; port 0 takes a free one and prints it.
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
    /// Manage users while the server is down.
    #[command(subcommand)]
    User(user::Verb),
    /// Be a scanner: enrol, then type or paste codes and see what a device would show.
    #[command(subcommand)]
    Device(device::Verb),
    /// Check the settings and print what is in effect and where it comes from.
    CheckConfig {
        /// Print the reference page of every key instead.
        #[arg(long)]
        reference: bool,
    },
    /// Print the OpenAPI document.
    Openapi {
        /// Print the page of error codes instead.
        #[arg(long)]
        errors: bool,
    },
    /// Prove that the journal is whole and that everything stored follows from it.
    ///
    /// The server must be down. Exits 0 when there is no fault, 1 otherwise, and lists every fault.
    Doctor,
    /// Write every document anew from the journal. The server must be down.
    Rebuild,
    /// Copy the journal into a directory.
    ///
    /// The server must be down. A second time only what is new is copied; two journals are never mixed.
    Backup {
        /// Directory of the backup; made if it is not there.
        directory: PathBuf,
    },
    /// Fill an empty data directory from a backup.
    ///
    /// Every hash of the backup is checked before anything is written; a restore that was cut short is gone on with.
    Restore {
        /// Directory of the backup.
        directory: PathBuf,
    },
    /// Fill the shop with demo data.
    ///
    /// The server must be down. Doing it again, or going on after it was cut short, changes nothing that is there.
    Seed,
    /// Connect the demo shop to the practice world (`opsim`), and print the address it has to call.
    ///
    /// The server must be down. Doing it again changes nothing that is there.
    Practice(practice::PracticeArgs),
    /// Take products, customers, stock or past orders out of a file.
    ///
    /// The server must be down. A second import of a file changes nothing. Rows that cannot be taken are written to
    /// an error file with the reason; mend them there and import that file. They are no failure: the exit status is 0.
    Import(import::ImportArgs),
    /// Write products, customers, stock, orders or the journal to a file.
    ///
    /// The server must be down. The file is replaced only when all of it is written.
    Export(export::ExportArgs),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // Each socket and each table of the engine is a file, and many systems give a program 1,024 unless it asks for more.
    // Where it may not have more, it works with what there is.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            let (text, exit) = stop.report();
            eprintln!("{text}");
            ExitCode::from(exit)
        }
    }
}

fn run(cli: Cli) -> Result<(), Stop> {
    let Cli { common, verb } = cli;
    match verb {
        Verb::CheckConfig { reference: true } => {
            print!("{}", Config::reference());
            Ok(())
        }
        Verb::CheckConfig { reference: false } => check::config(&load(&common, None)?),
        Verb::Openapi { errors } => check::openapi(errors),
        Verb::Serve { listen } => {
            let config = load(&common, listen)?.config;
            block_on(&config.clone(), serve::run(config))
        }
        Verb::User(verb) => with_config(&common, |config| user::run(config, verb)),
        Verb::Device(verb) => {
            let config = load(&common, None)?.config;
            block_on(&config, device::main(verb))
        }
        Verb::Doctor => with_config(&common, data::doctor),
        Verb::Rebuild => with_config(&common, data::rebuild),
        Verb::Backup { directory } => with_config(&common, |config| data::backup(config, directory)),
        Verb::Restore { directory } => with_config(&common, |config| data::restore(config, directory)),
        Verb::Seed => with_config(&common, tools::seed),
        Verb::Practice(args) => with_config(&common, |config| practice::run(config, args)),
        Verb::Import(args) => with_config(&common, |config| tools::import(config, args)),
        Verb::Export(args) => with_config(&common, |config| tools::export(config, args)),
    }
}

/// Runs a verb that works on the data directory.
fn with_config<F: Future<Output = Result<(), Stop>>>(
    common: &Common,
    verb: impl FnOnce(Config) -> F,
) -> Result<(), Stop> {
    let Loaded { mut config, origins } = load(common, None)?;
    if matches!(origins.get("log.filter"), None | Some(Origin::Default)) {
        config.log.filter = crate::telemetry::VERB_FILTER.into();
    }
    crate::telemetry::start_logging(&config.log).map_err(Stop::Usage)?;
    block_on(&config.clone(), verb(config))
}

/// Reads the settings from every source.
///
/// # Errors
/// [`Stop::Usage`] with every fault.
fn load(common: &Common, listen: Option<SocketAddr>) -> Result<Loaded, Stop> {
    let mut options = Vec::new();
    if let Some(data) = &common.data {
        options.push(("data.dir", "--data", data.clone()));
    }
    if let Some(listen) = listen {
        options.push(("server.listen", "--listen", listen.to_string()));
    }
    let sources = Sources {
        file: common.config.clone(),
        fallback: Some(PathBuf::from("config/local.toml")),
        variables: std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        options,
    };
    Loaded::read(&sources).map_err(|faults| Stop::Usage(format!("the settings are wrong:\n  {}", faults.join("\n  "))))
}

fn block_on(config: &Config, work: impl Future<Output = Result<(), Stop>>) -> Result<(), Stop> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().thread_name("munshi-http");
    if let Ok(workers) = usize::try_from(config.server.workers)
        && workers > 0
    {
        builder.worker_threads(workers);
    }
    let runtime = builder.build()?;
    let done = runtime.block_on(work);
    // Nothing that still runs may keep a server from ending that can no longer write.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    done
}
