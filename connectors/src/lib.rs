//! The outside world: what other systems say, read into values that Munshi can act on, and what it says to them.
//!
//! [`files`] reads product, customer, stock and order files; [`mod@print`] writes pick lists, packing slips and labels;
//! [`transport`] is what every messaging vendor looks like, with the [`outcome`] of a call and [`secret`]s at rest.
//! Invariant: nothing here touches an aggregate or the store, and no vendor's module uses another's.

pub mod files;
pub mod http;
pub mod outcome;
pub mod pace;
pub mod print;
pub mod secret;
pub mod transport;
