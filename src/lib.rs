//! The Munshi server: composition of the crates below it, HTTP, and the command line.
//!
//! Invariant: nothing here decides a rule of commerce; requests become commands of `munshi-domain`, answers are views
//! of its aggregates. A route that is not in [`api::ROUTES`] does not exist.

pub mod api;
pub mod app;
pub mod auth;
pub mod boot;
pub mod cli;
pub mod config;
pub mod hooks;
pub mod imports;
pub mod listen;
pub mod live;
pub mod outbound;
pub mod problem;
pub mod server;
pub mod services;
pub mod telemetry;
pub mod tools;
pub mod web;
