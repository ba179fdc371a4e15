//! Taking returns in.

args! {
    /// How good returned goods are.
    SetGrade {
        /// Which.
        grade: Grade,
    }
    /// What becomes of returned goods.
    SetDisposition {
        /// Which.
        disposition: Disposition,
    }
}

words! {
    /// How good returned goods are.
    Grade {
        /// As new.
        New,
        /// Opened and complete.
        Opened,
        /// Damaged.
        Damaged,
        /// Worthless.
        Unusable,
    }
    /// What becomes of returned goods.
    Disposition {
        /// They are sold again.
        Restock,
        /// They are made good.
        Refurbish,
        /// Somebody looks at them.
        Quarantine,
        /// They are thrown away.
        Scrap,
    }
}
