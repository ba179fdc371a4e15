//! The outside world: what other systems say, read into values that Munshi can act on.
//!
//! [`files`] reads product, customer, stock and order files. Invariant: nothing here touches an aggregate, the
//! store or the network; what is read is handed over as typed rows and typed row errors.

pub mod files;
