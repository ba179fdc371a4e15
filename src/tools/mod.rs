//! Verbs that move data: `import`, `export` and `seed`. They work on the data directory while the server is down.
//!
//! Invariant: everything goes through the aggregates like any other command, under ids that follow from the data;
//! doing it again, or going on after a kill, changes nothing that is already there.

pub mod export;
pub mod import;
mod progress;
pub mod seed;

/// The word on the command line for one of its choices.
fn word(choice: impl clap::ValueEnum) -> String {
    choice.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
