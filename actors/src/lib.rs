//! The shells around the pure domain: aggregate actors, registry, commit lane, processes, timers, projector.
//!
//! The only crate that imports `actix`. Invariant: nobody outside hears of an event before it is durable
//! (runtime.md rule 2). What it deliberately does not do: decide anything about commerce, or know SurrealDB.

mod admission;
mod answers;
pub mod clock;
pub mod doctor;
mod fold;
mod host;
mod known;
mod lane;
mod load;
mod message;
pub mod node;
mod numbers;
mod process;
mod projector;
mod registry;
mod search;
mod shell;
mod ticker;

pub use admission::Class;
pub use clock::Clock;
pub use doctor::{Report, rebuild};
pub use host::{DEVICE, Hosted};
pub use lane::LaneFigures;
pub use node::{Applied, Broken, Failure, Meta, Node, NodeConfig, NodeStatus, StartError};
