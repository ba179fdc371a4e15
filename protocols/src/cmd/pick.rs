//! Picking.

args! {
    /// Puts the line off to the end of the list.
    Skip {}
    /// Not all units are where they should be.
    Short {
        /// Units that are.
        found: u32,
        /// Why.
        reason: String,
    }
    /// The tote is full.
    Full {}
    /// Takes another lot than the list names.
    ChangeLot {
        /// Which.
        lot: String,
        /// Why.
        reason: String,
    }
    /// Whether the bin is empty, as the operator sees it.
    BinEmpty {
        /// Yes or no.
        empty: bool,
    }
}
