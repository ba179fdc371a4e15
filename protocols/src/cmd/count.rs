//! Counting.

args! {
    /// Hands the count in.
    Submit {}
    /// There is nothing there.
    Nothing {}
}
