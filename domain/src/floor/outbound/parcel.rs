//! A parcel on the floor: what was picked for it, what is in which carton, and whether it may go on.
//!
//! Invariant: per line `packed ≤ picked ≤ need`; what is picked and not packed is in a tote or, once scanned at the
//! table, in the open carton. It does not know the order: the warehouse does, and processes keep both told.

use serde::{Deserialize, Serialize};

use crate::{
    Sku, Timestamp,
    floor::{Goods, LoadId, LocationCode, PlateId, SerialNo},
    order::content::words,
};

words!(
    /// How far a parcel is.
    ParcelStage {
        /// Its units are being picked.
        Picking = "picking",
        /// Its totes stand where it is packed.
        Picked = "picked",
        /// All of it is in closed cartons.
        Packed = "packed",
        /// It has left.
        Departed = "departed",
        /// Nobody needs it any more.
        Canceled = "canceled",
    }
);

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboundLine {
    /// Line of the order.
    pub line: u16,
    /// What.
    pub sku: Sku,
    /// Units the order wants.
    pub need: u32,
    /// Units picked.
    #[serde(default)]
    pub picked: u32,
    /// Units that were not there.
    #[serde(default)]
    pub short: u32,
    /// Units in cartons.
    #[serde(default)]
    pub packed: u32,
}

/// Units that are alike, somewhere between shelf and carton.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Line of the order.
    pub line: u16,
    /// What exactly.
    pub goods: Goods,
    /// Units.
    pub units: u32,
    /// Serial numbers among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<SerialNo>,
}

/// Units in a tote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InTote {
    /// The tote.
    pub tote: LocationCode,
    /// What is in it for this parcel.
    pub held: Held,
}

/// One carton.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Carton {
    /// Sort of carton, as the site names them.
    pub kind: String,
    /// What is in it.
    pub contents: Vec<Held>,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plate: Option<PlateId>,
    /// Its weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grams: Option<u32>,
    /// Whether it is closed.
    pub closed: bool,
}

/// A parcel on the floor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    /// How far it is.
    pub stage: ParcelStage,
    /// What belongs in it.
    pub lines: Vec<OutboundLine>,
    /// What is in totes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totes: Vec<InTote>,
    /// Where its totes stand, once they are dropped; it is packed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<LocationCode>,
    /// Its cartons; the last one may be open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cartons: Vec<Carton>,
    /// Why it may not go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// Carrier and tracking number, once booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consignment: Option<(String, String)>,
    /// The load it leaves with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<LoadId>,
    /// When it left or was canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
}

impl Outbound {
    /// A parcel nobody has touched.
    pub fn new(lines: impl IntoIterator<Item = (u16, Sku, u32)>) -> Self {
        let line = |(line, sku, need)| OutboundLine { line, sku, need, picked: 0, short: 0, packed: 0 };
        Self {
            stage: ParcelStage::Picking,
            lines: lines.into_iter().map(line).collect(),
            totes: Vec::new(),
            station: None,
            cartons: Vec::new(),
            held: None,
            consignment: None,
            load: None,
            ended: None,
        }
    }

    /// One line.
    pub fn line(&self, number: u16) -> Option<&OutboundLine> {
        self.lines.iter().find(|line| line.line == number)
    }

    pub(crate) fn line_mut(&mut self, number: u16) -> Option<&mut OutboundLine> {
        self.lines.iter_mut().find(|line| line.line == number)
    }

    /// The carton that is being filled.
    pub fn open_carton(&self) -> Option<&Carton> {
        self.cartons.last().filter(|carton| !carton.closed)
    }

    /// Whether everything that was picked is in cartons.
    pub fn all_packed(&self) -> bool {
        self.lines.iter().all(|line| line.packed >= line.picked)
    }

    /// Units picked and not packed.
    pub fn unpacked(&self) -> u32 {
        self.totes.iter().map(|tote| tote.held.units).fold(0, u32::saturating_add)
    }

    /// Weight of its closed cartons in grams.
    pub fn grams(&self) -> u32 {
        self.cartons.iter().filter_map(|carton| carton.grams).fold(0, u32::saturating_add)
    }

    /// Numbers of its closed cartons.
    pub fn plates(&self) -> impl Iterator<Item = &PlateId> {
        self.cartons.iter().filter(|carton| carton.closed).filter_map(|carton| carton.plate.as_ref())
    }
}
