//! Profile `messages`: the server against the practice world. Customers order, vendors fail, the server is killed, and an
//! auditor holds what customers saw against what happened to their orders; or, with `--down`, what orders feel of a vendor
//! that is down, and how fast webhooks are acknowledged meanwhile.

mod audit;
mod down;
mod drain;
mod front;
mod kills;
mod practice;
mod world;

use std::path::PathBuf;

use clap::Args;

use crate::server::{Fault, Site};
use world::Carrier;

/// How many and how bad.
#[derive(Clone, Debug, Args)]
pub struct Messages {
    /// Orders placed while the server is killed.
    #[arg(long, default_value_t = 200)]
    orders: usize,
    /// Kills.
    #[arg(long, default_value_t = 20)]
    kills: usize,
    /// Who carries WhatsApp.
    #[arg(long, value_enum, default_value_t = Carrier::Twilio)]
    carrier: Carrier,
    /// Let mail servers, too, keep their answers back; what they keep back twice waits ten minutes and then for a person.
    #[arg(long)]
    mail_faults: bool,
    /// Instead: a vendor that is down, and what orders feel of it.
    #[arg(long)]
    down: bool,
    /// With --down: orders of each stretch.
    #[arg(long, default_value_t = 3_600)]
    volume: u64,
    /// With --down: orders a second.
    #[arg(long, default_value_t = 60.0)]
    rate: f64,
    /// The practice world's program; beside the server's if not given.
    #[arg(long)]
    opsim_bin: Option<PathBuf>,
}

/// Runs the profile.
///
/// # Errors
/// What went wrong, or what the audit found.
pub async fn run(site: &Site, messages: Messages, seed: u64) -> Result<(), Fault> {
    if messages.down { down::run(site, &messages, seed).await } else { kills::run(site, &messages, seed).await }
}
