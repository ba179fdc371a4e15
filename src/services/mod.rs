//! Work that takes several commands: unique keys before what they belong to, a customer before an order.
//!
//! Invariant: each is safe to retry with the same idempotency key, and what was taken for something that was then
//! refused is given back. Nothing here decides a rule; each step is an aggregate's own decision.

pub mod checkup;
pub mod claims;
pub mod contacts;
pub mod customer;
pub mod device;
pub mod epcis;
pub mod messages;
pub mod order;
pub mod product;
pub mod staff;
pub mod tracking;
pub mod user;
