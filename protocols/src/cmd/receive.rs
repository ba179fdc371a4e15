//! Receiving.

args! {
    /// An expiry date, as keyed in.
    Expiry {
        /// `2027-03-01`.
        date: String,
    }
    /// In which condition goods are.
    SetCondition {
        /// Which.
        condition: Condition,
    }
}

words! {
    /// What may be done with goods.
    #[derive(Default)]
    Condition {
        /// They may be sold.
        #[default]
        Good,
        /// They are damaged.
        Damaged,
        /// Somebody has to look at them.
        Quarantine,
        /// They are made good again.
        Refurbish,
        /// They are thrown away.
        Scrap,
    }
}
