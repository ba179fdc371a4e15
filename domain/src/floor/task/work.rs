//! What a task asks for.

use serde::{Deserialize, Serialize};

use crate::{
    ParcelId, Sku,
    floor::{Goods, LocationCode, Place, SerialNo},
    order::content::words,
};

words!(
    /// A sort of work.
    WorkKind {
        /// Pick one parcel.
        Pick = "pick",
        /// Pack one parcel.
        Pack = "pack",
        /// Put units back that nobody needs any more.
        PutBack = "put_back",
        /// Fill a pick face.
        Replenish = "replenish",
    }
);

/// Where units of a line lie, as planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PickStop {
    /// Where; `None` when the books know of no place, and the operator finds one or reports a short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What exactly.
    pub goods: Goods,
    /// Units still to be taken there.
    pub units: u32,
    /// How often the operator put it off; it comes after those put off less often.
    #[serde(default)]
    pub skipped: u32,
}

/// One line of a pick list. Its units never grow and it never gains a sibling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PickLine {
    /// Line of the order.
    pub line: u16,
    /// What.
    pub sku: Sku,
    /// Units the order wants.
    pub need: u32,
    /// Units picked.
    #[serde(default)]
    pub picked: u32,
    /// Units given up as short.
    #[serde(default)]
    pub short: u32,
    /// Where the rest lies.
    #[serde(default)]
    pub stops: Vec<PickStop>,
    /// Places that were reported short, so that one is not reported twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shorted: Vec<LocationCode>,
}

impl PickLine {
    /// Units still to be picked.
    pub const fn open(&self) -> u32 {
        self.need.saturating_sub(self.picked).saturating_sub(self.short)
    }
}

/// The picking of one parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PickWork {
    /// The parcel.
    pub parcel: ParcelId,
    /// What belongs in it.
    pub lines: Vec<PickLine>,
    /// The tote it is picked into now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tote: Option<LocationCode>,
}

impl PickWork {
    /// Whether nothing is left to pick.
    pub fn complete(&self) -> bool {
        self.lines.iter().all(|line| line.open() == 0)
    }

    /// One line.
    pub fn line(&self, number: u16) -> Option<&PickLine> {
        self.lines.iter().find(|line| line.line == number)
    }

    /// Every stop with units, with the line it serves.
    pub fn stops(&self) -> impl Iterator<Item = (&PickLine, &PickStop)> {
        let stops = |line| -> Vec<(&PickLine, &PickStop)> { stops_of(line) };
        self.lines.iter().flat_map(stops)
    }
}

fn stops_of(line: &PickLine) -> Vec<(&PickLine, &PickStop)> {
    line.stops.iter().filter(|stop| stop.units > 0).map(|stop| (line, stop)).collect()
}

/// Units that lie where they should not, to be put back by scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutBackWork {
    /// What.
    pub goods: Goods,
    /// Units.
    pub units: u32,
    /// Where they are.
    pub from: Place,
    /// Serial numbers among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<SerialNo>,
    /// Whose they were.
    pub parcel: ParcelId,
    /// Whether the warehouse's ledger has them as to be put back; otherwise it never knew they were taken.
    #[serde(default)]
    pub ledger: bool,
}

/// Units that a pick face wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplenishWork {
    /// What.
    pub sku: Sku,
    /// The pick face.
    pub to: LocationCode,
    /// Units asked for.
    pub units: u32,
    /// Units brought.
    #[serde(default)]
    pub brought: u32,
}

impl ReplenishWork {
    /// Units still to be brought.
    pub const fn open(&self) -> u32 {
        self.units.saturating_sub(self.brought)
    }
}

/// What a task asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Pick a parcel.
    Pick(PickWork),
    /// Pack a parcel.
    Pack {
        /// Which.
        parcel: ParcelId,
    },
    /// Put units back on their shelf.
    PutBack(PutBackWork),
    /// Fill a pick face.
    Replenish(ReplenishWork),
}

impl Work {
    /// Its sort.
    pub const fn kind(&self) -> WorkKind {
        match self {
            Self::Pick(_) => WorkKind::Pick,
            Self::Pack { .. } => WorkKind::Pack,
            Self::PutBack(_) => WorkKind::PutBack,
            Self::Replenish(_) => WorkKind::Replenish,
        }
    }

    /// The parcel that is picked by it.
    pub const fn picks(&self) -> Option<ParcelId> {
        match self {
            Self::Pick(work) => Some(work.parcel),
            _ => None,
        }
    }

    /// The parcel it is for, if it is for one.
    pub const fn parcel(&self) -> Option<ParcelId> {
        match self {
            Self::Pick(work) => Some(work.parcel),
            Self::Pack { parcel } => Some(*parcel),
            Self::PutBack(work) => Some(work.parcel),
            Self::Replenish(_) => None,
        }
    }
}
