//! What is a device's own on a socket: who it is, how its clocks stand, and how its commands are taken.
//!
//! ```text
//! reader ─▶ intake (bounded) ─▶ worker: judge ─▶ Floor (durable) ─▶ answers ─▶ outbox
//! ```
//!
//! Invariants: commands of a device are decided in the order of its numbers, each once, by the floor; an `ack` follows the
//! durable commit; of a device one connection counts, the newest. Nothing here remembers a command: what was decided is
//! asked of the floor, so a restart forgets nothing.

mod answer;
mod clock;
mod frame;
mod greet;
mod ops;
mod scan;
mod turns;
mod work;

pub use clock::Clocks;
pub(super) use greet::{Greeted, admit, enter, look_again, renew};
pub use turns::Turns;
pub(super) use work::{Frame, Intake, start};
