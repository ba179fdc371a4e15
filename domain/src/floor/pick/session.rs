//! Where a picker stands.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    floor::{
        First, Floor, LocationCode, Lot, Place, PlateId, SerialNo, TaskId, Want, Work,
        task::{PickLine, PickStop, PickWork},
    },
    order::content::words,
};

words!(
    /// States of a pick (warehouse-floor.md §7.4).
    PickState {
        /// Nothing to do yet.
        Idle = "Idle",
        /// Go there.
        Loc = "Loc",
        /// Scan it.
        Item = "Item",
        /// Scan its lot or serials.
        LotSerial = "LotSerial",
        /// How many.
        Qty = "Qty",
        /// Into which tote.
        Tote = "Tote",
        /// Is the bin empty.
        ZeroCheck = "ZeroCheck",
        /// The tote is full: where it is put down.
        Unload = "Unload",
        /// Everything is picked: where the totes are put down.
        Drop = "Drop",
    }
);

/// What was scanned for the stop at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Got {
    /// Where, once the location was scanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Whether the item was scanned.
    pub item: bool,
    /// Units in the packaging that was scanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<u32>,
    /// Its lot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// A whole plate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plate: Option<PlateId>,
    /// Its serial numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<SerialNo>,
    /// Units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
}

/// Where a picker stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PickSession {
    /// The state.
    pub state: PickState,
    /// The orders of the walk.
    pub tasks: Vec<TaskId>,
    /// Whether the walk has several orders.
    pub batch: bool,
    /// What is scanned first.
    pub first: First,
    /// What was scanned.
    pub got: Got,
    /// The list and line it was scanned for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<(TaskId, u16)>,
    /// The bin that is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<LocationCode>,
}

/// The stop at hand.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub task: TaskId,
    pub work: &'a PickWork,
    pub line: &'a PickLine,
    pub stop: &'a PickStop,
}

impl PickSession {
    /// A picker without work.
    pub fn new(first: First, batch: bool) -> Self {
        Self { state: PickState::Idle, tasks: Vec::new(), batch, first, got: Got::default(), of: None, asked: None }
    }

    /// The pick lists of the walk.
    pub(super) fn works<'a>(&'a self, floor: &'a Floor) -> impl Iterator<Item = (TaskId, &'a PickWork)> {
        self.tasks.iter().filter_map(|id| match &floor.work.tasks.get(*id)?.work {
            Work::Pick(work) => Some((*id, work)),
            _ => None,
        })
    }

    /// The stop at hand: what was put off comes last, then the walk goes by location.
    pub(super) fn at<'a>(&'a self, floor: &'a Floor) -> Option<At<'a>> {
        let stops = self.works(floor).flat_map(|(task, work)| {
            let stops: Vec<_> = work.stops().map(|(line, stop)| At { task, work, line, stop }).collect();
            stops
        });
        stops.min_by(|a, b| {
            let key = |at: &At<'_>| (at.stop.skipped, at.stop.place.is_none());
            let place = |at: &At<'_>| at.stop.place.clone();
            (key(a), place(a), a.task, a.line.line, &a.stop.goods).cmp(&(
                key(b),
                place(b),
                b.task,
                b.line.line,
                &b.stop.goods,
            ))
        })
    }

    /// The same walk at the beginning of its next stop.
    pub(super) fn onward(&self) -> Self {
        let state = if self.first == First::Item { PickState::Item } else { PickState::Loc };
        Self { state, got: Got::default(), of: None, asked: None, ..self.clone() }
    }

    pub(super) fn to(&self, state: PickState) -> Self {
        Self { state, ..self.clone() }
    }

    pub(in crate::floor) fn view(&self, floor: &Floor) -> Value {
        let lists = self.works(floor).map(|(task, work)| {
            let open: u32 = work.lines.iter().map(PickLine::open).sum();
            json!({ "task": task, "parcel": work.parcel, "open": open, "tote": work.tote })
        });
        let lists: Vec<Value> = lists.collect();
        let stop = self.at(floor).map(|at| {
            json!({
                "task": at.task,
                "line": at.line.line,
                "sku": at.line.sku,
                "units": at.stop.units,
                "location": at.stop.place.as_ref().map(|place| &place.bin),
                "lot": at.stop.goods.lot,
                "expiry": at.stop.goods.expiry,
                "tote": at.work.tote,
            })
        });
        json!({ "lists": lists, "stop": stop, "got": self.got, "asked": self.asked })
    }

    pub(in crate::floor) const fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            PickState::Idle => &["get_work", "suspend"],
            PickState::Loc | PickState::Item => &["skip", "short", "full", "suspend"],
            PickState::LotSerial => &["skip", "short", "full", "change_lot", "next", "suspend"],
            PickState::Qty => &["quantity", "skip", "short", "full", "suspend"],
            PickState::Tote => &["skip", "full", "suspend"],
            PickState::ZeroCheck => &["bin_empty"],
            PickState::Unload | PickState::Drop => &["suspend"],
        }
    }

    pub(in crate::floor) const fn expect(&self) -> &'static [Want] {
        match self.state {
            PickState::Idle | PickState::Qty | PickState::ZeroCheck => &[],
            PickState::Item => &[Want::Item, Want::Plate],
            PickState::LotSerial => &[Want::Lot, Want::Serial],
            PickState::Loc | PickState::Tote | PickState::Unload | PickState::Drop => &[Want::Location],
        }
    }
}
