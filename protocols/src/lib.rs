//! Every byte that crosses a wire: request bodies, answers and problems of the REST API; barcodes ([`gs1`]).
//!
//! Invariant: requests refuse unknown fields, amounts are decimal texts, instants are RFC 3339 in UTC. Types here
//! carry no rule and know no domain type; the server converts at its edge. `openapi.json` in this crate is the golden
//! file of the whole interface.

pub mod approvals;
pub mod auth;
pub mod common;
pub mod customers;
pub mod gs1;
pub mod orders;
pub mod problem;
pub mod products;
pub mod settings;
pub mod system;
pub mod warehouses;

pub use problem::Problem;

/// The golden OpenAPI document, as served and as tested for drift.
pub const OPENAPI: &str = include_str!("../openapi.json");
