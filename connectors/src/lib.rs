//! The outside world: what other systems say, read into values that Munshi can act on, and the papers and labels that
//! leave it.
//!
//! [`files`] reads product, customer, stock and order files; [`mod@print`] writes pick lists, packing slips and labels.
//! Invariant: nothing here touches an aggregate, the store or the network; what is read is handed over as typed rows
//! and typed row errors, what is written as bytes.

pub mod files;
pub mod print;
