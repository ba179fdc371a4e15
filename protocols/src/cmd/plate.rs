//! License plates.

args! {
    /// Plate numbers to use without a connection.
    TakePlates {}
    /// Begins a plate.
    CreatePlate {
        /// Its number; left out, the server gives one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<String>,
        /// Where it stands.
        bin: String,
    }
    /// Gives a plate's number up.
    VoidPlate {
        /// Which.
        plate: String,
    }
    /// Gives a plate another number.
    RelabelPlate {
        /// Which.
        plate: String,
        /// The new number; left out, the server gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        into: Option<String>,
    }
    /// Part of the plate goes on.
    Split {
        /// What.
        sku: String,
        /// Of which lot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
        /// Units.
        units: u32,
        /// The new plate.
        into: String,
    }
}
