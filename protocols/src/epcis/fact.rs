//! What an export is made from: facts of a floor with their place in the journal.

/// Where the facts come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Beginning of the URIs of what has no GS1 key, such as `https://shop.example.com`; without a slash at the end.
    pub base: String,
    /// The journal's id: two journals never make the same event id.
    pub epoch: String,
    /// The site.
    pub site: Location,
    /// Minutes local time is ahead of UTC, at most 14 hours either way.
    pub utc_offset_minutes: i32,
}

/// A location, by its GLN if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its code.
    pub code: String,
    /// GLN of 13 digits.
    pub gln: Option<String>,
    /// GLN extension (AI 254).
    pub extension: Option<String>,
}

/// Units that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// Stock-keeping unit.
    pub sku: String,
    /// GTIN of 14 digits, of the unit that is counted.
    pub gtin: Option<String>,
    /// Batch or lot (AI 10).
    pub lot: Option<String>,
    /// Units, beside those that have a serial number.
    pub units: u32,
    /// Serial numbers (AI 21).
    pub serials: Vec<String>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Goods arrived, on a plate or loose.
    Received {
        /// The plate's number.
        plate: Option<String>,
        /// What is on it.
        goods: Vec<Goods>,
        /// The purchase order or announcement.
        document: Option<String>,
    },
    /// Goods were put away or moved.
    Stored {
        /// The plate's number.
        plate: Option<String>,
        /// What was moved.
        goods: Vec<Goods>,
    },
    /// Goods were picked for an order.
    Picked {
        /// What.
        goods: Vec<Goods>,
        /// The order.
        order: String,
    },
    /// Goods went onto a plate or into a carton.
    Packed {
        /// The plate's number.
        plate: String,
        /// What is in it.
        goods: Vec<Goods>,
    },
    /// Goods came off a plate or out of a carton.
    Unpacked {
        /// The plate's number.
        plate: String,
        /// What came out.
        goods: Vec<Goods>,
    },
    /// Plates were loaded.
    Loaded {
        /// Their numbers.
        plates: Vec<String>,
        /// The load.
        load: String,
    },
    /// A load left.
    Departed {
        /// Numbers of the plates on it.
        plates: Vec<String>,
        /// The load.
        load: String,
    },
    /// A load that was said to have left did not.
    ShipmentVoided {
        /// Numbers of the plates on it.
        plates: Vec<String>,
        /// The load.
        load: String,
    },
    /// A location was counted.
    Counted {
        /// What was there; nothing for an empty location.
        goods: Vec<Goods>,
    },
}

/// Why a fact was declared wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It never happened.
    DidNotOccur,
    /// It happened otherwise; the corrective facts say how.
    IncorrectData,
}

/// A fact that is declared wrong. The export says the old event again, with the declaration; it edits nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// When it was declared, in milliseconds since the Unix epoch.
    pub declared_at_ms: i64,
    /// Why.
    pub mistake: Mistake,
    /// Facts that say it right.
    pub corrected_by: Vec<FactId>,
}

/// Place of a fact in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactId {
    /// Journal offset.
    pub offset: u64,
    /// Number among the facts of that offset.
    pub part: u16,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Place in the journal.
    pub id: FactId,
    /// When it was performed, in milliseconds since the Unix epoch.
    pub performed_at_ms: i64,
    /// When it was recorded, likewise.
    pub recorded_at_ms: i64,
    /// Where.
    pub at: Location,
    /// What was done.
    pub act: Act,
    /// That it was a mistake.
    pub declaration: Option<Declaration>,
}
