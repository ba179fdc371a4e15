//! Black-box tests over the real server: real sockets, real routes, real aggregates, a store in memory.

mod access;
mod architecture;
mod backups;
mod bad_input;
mod device_tool;
mod documents;
mod faults;
mod floor;
mod harness;
mod idempotency;
mod import_errors;
mod import_orders;
mod import_products;
mod lists;
mod live;
mod messaging;
mod orders;
mod process;
mod program;
mod proofs;
mod returns;
mod sessions;
mod shop_files;
mod surface;
