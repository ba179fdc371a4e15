//! What every flow takes: scans, quantities, yes, on, and against the rule.

args! {
    /// A scan as the scanner sent it; the server reads it. Scans are never told apart by value or time.
    ScanCode {
        /// The bytes, as text, at most [`crate::limits::BARCODE_BYTES`].
        raw: String,
        /// The symbology identifier, where it came beside the data.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        aim: Option<String>,
    }
    /// A quantity, as keyed in.
    Qty {
        /// Decimal text: packages of the scanned size, or units.
        qty: String,
    }
    /// Yes.
    Confirm {}
    /// On to the next step.
    Next {}
    /// Does it against the rule that was named last.
    Override {
        /// Why.
        reason: String,
    }
}
