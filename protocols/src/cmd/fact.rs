//! What was done without a connection. A fact is never refused for disagreeing with the books.

use super::Condition;

args! {
    /// Units that are alike.
    Goods {
        /// What.
        sku: String,
        /// Of which lot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
        /// Until when, `2027-03-01`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry: Option<String>,
        /// In which condition.
        #[serde(default)]
        condition: Condition,
    }
    /// Where units are.
    Place {
        /// The location.
        bin: String,
        /// The plate they are on there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<String>,
    }
    /// Units of one kind on a plate.
    Content {
        /// What.
        goods: Goods,
        /// Units.
        units: u32,
        /// Serial numbers among them.
        #[serde(default)]
        serials: Vec<String>,
    }
    /// What was counted of an item and lot.
    CountLine {
        /// What.
        sku: String,
        /// Of which lot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<String>,
        /// Its expiry date, if it was read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry: Option<String>,
        /// Units.
        units: u32,
        /// Serial numbers, if units have them.
        #[serde(default)]
        serials: Vec<String>,
    }
    /// Goods were received.
    Received {
        /// Against which document.
        doc: String,
        /// Where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bin: Option<String>,
        /// On which plate.
        plate: String,
        /// What; left out for a whole announced plate.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<Content>,
        /// The scans behind it, raw.
        #[serde(default)]
        raw: Vec<String>,
    }
    /// A plate was put away.
    Stored {
        /// Which.
        plate: String,
        /// Where.
        bin: String,
        /// The scans behind it, raw.
        #[serde(default)]
        raw: Vec<String>,
    }
    /// A location was counted.
    Counted {
        /// The count.
        task: u64,
        /// Version of the floor the device had when it began.
        from: u64,
        /// What was there.
        lines: Vec<CountLine>,
        /// The scans behind it, raw.
        #[serde(default)]
        raw: Vec<String>,
    }
    /// Units were picked.
    Picked {
        /// The task.
        task: u64,
        /// Line of the order.
        line: u16,
        /// Where they were taken.
        place: Place,
        /// What exactly.
        goods: Goods,
        /// Units.
        units: u32,
        /// Serial numbers among them.
        #[serde(default)]
        serials: Vec<String>,
        /// The tote they are in.
        tote: String,
        /// The scans behind it, raw.
        #[serde(default)]
        raw: Vec<String>,
    }
    /// Units were packed.
    Packed {
        /// The parcel.
        parcel: String,
        /// The tote they came from.
        tote: String,
        /// What exactly.
        goods: Goods,
        /// Units.
        units: u32,
        /// Serial numbers among them.
        #[serde(default)]
        serials: Vec<String>,
        /// The scans behind it, raw.
        #[serde(default)]
        raw: Vec<String>,
    }
    /// A plate was loaded.
    Loaded {
        /// The load.
        load: String,
        /// The plate.
        plate: String,
        /// The scans behind it, raw.
        #[serde(default)]
        raw: Vec<String>,
    }
}
