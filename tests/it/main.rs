//! Black-box tests over the real server: real sockets, real routes, real aggregates, a store in memory.

mod access;
mod architecture;
mod bad_input;
mod documents;
mod faults;
mod harness;
mod idempotency;
mod lists;
mod orders;
mod process;
mod proofs;
mod returns;
mod sessions;
mod surface;
