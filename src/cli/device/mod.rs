//! `munshi device`: a scanner in a terminal. What it sends and how it waits is the protocol's own client state machine;
//! what it shows is what the server says.
//!
//! Invariant: a command is stored before anything beeps; a device that is switched off goes on where it was. The code is
//! read from standard input and the key kept in a file of one's own, so neither stands in a list of processes.
//!
//! Not here: TLS. It speaks to a server on this machine or through a tunnel.

mod http;
mod input;
mod run;
mod show;
mod state;

use std::path::PathBuf;

use clap::Subcommand;
use munshi_protocols::devices::{DeviceEnrolled, EnrolDevice};

use super::Stop;
use state::{Device, FileStore};

/// What to do with the scanner.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Enrol with the one-time code of an invitation, which is read from standard input.
    Enrol {
        /// The server.
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
        server: String,
        /// File that keeps the device's key and what it has not sent; must not be there yet.
        #[arg(long, value_name = "FILE", default_value = "device.json")]
        state: PathBuf,
    },
    /// Scan: type or paste codes, one a line. `help` lists what else can be typed.
    Scan {
        /// File that enrolling wrote.
        #[arg(long, value_name = "FILE", default_value = "device.json")]
        state: PathBuf,
    },
}

/// Runs it.
pub async fn main(verb: Verb) -> Result<(), Stop> {
    match verb {
        Verb::Enrol { server, state } => enrol(&server, state).await,
        Verb::Scan { state } => run::scan(FileStore::open(state)?).await,
    }
}

async fn enrol(server: &str, state: PathBuf) -> Result<(), Stop> {
    if state.exists() {
        let text = format!("{} is there already; a device is enrolled into a file of its own", state.display());
        return Err(Stop::refused("bad_argument", text));
    }
    let address = http::address(server)?;
    let mut code = String::new();
    std::io::stdin().read_line(&mut code)?;
    let body = EnrolDevice { code: code.trim().to_owned() };
    let enrolled: DeviceEnrolled = http::post(&address, "/api/v1/devices/enrol", &body).await?;
    let (warehouse, device) = (enrolled.warehouse.clone(), enrolled.device.clone());
    FileStore::create(state.clone(), Device::new(address, enrolled)?)?;
    println!("enrolled {device} of {warehouse}; now: munshi device scan --state {}", state.display());
    Ok(())
}
