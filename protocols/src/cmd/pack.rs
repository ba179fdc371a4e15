//! Packing.

args! {
    /// The sort of carton.
    Carton {
        /// As the site names it.
        kind: String,
    }
    /// The weight of the carton.
    Weigh {
        /// Grams.
        grams: u32,
    }
    /// Prints the label.
    Label {
        /// Its number, where the device took it out of its block; else the server numbers it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<String>,
        /// Whether the printer answered.
        printed: bool,
    }
}
