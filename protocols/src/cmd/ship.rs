//! Loading and leaving.

args! {
    /// Everything is on the load.
    Verify {}
    /// Seals the load.
    Seal {
        /// Number of the seal.
        number: String,
    }
    /// The load leaves.
    Depart {}
}
