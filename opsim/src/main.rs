//! The practice world: a local server that behaves as the outside vendors do.

fn main() {}
