//! The twelve quantities of an order line (SM-01).
//!
//! Invariant: they sum to what is ordered, after every event. It does not know why units move.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{
    WarehouseId,
    order::{content::words, state::Placed},
};

words!(
    /// One of the twelve places a unit of a line can be (SM-01).
    Stage {
        /// Ordered, nothing held.
        Open = "open",
        /// Held in a named warehouse, may expire.
        Reserved = "reserved",
        /// Waiting in a warehouse's queue.
        Backordered = "backordered",
        /// Firm in a named warehouse.
        Allocated = "allocated",
        /// In a fulfillment on the floor.
        Picking = "picking",
        /// In a packed parcel.
        Packed = "packed",
        /// Handed over, not delivered.
        InTransit = "in_transit",
        /// Delivered and not returned.
        Delivered = "delivered",
        /// On the way back undelivered.
        RtoPending = "rto_pending",
        /// Scanned in at a warehouse.
        Returned = "returned",
        /// Declared lost.
        Lost = "lost",
        /// Canceled before it left.
        Canceled = "canceled",
    }
);

/// Units of a line held in one warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The warehouse.
    pub warehouse: WarehouseId,
    /// Held, may expire.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reserved: u32,
    /// Waiting.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub backordered: u32,
    /// Firm.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub allocated: u32,
    /// On the floor.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub picking: u32,
    /// Packed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub packed: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
pub(super) fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Held {
    fn empty(warehouse: WarehouseId) -> Self {
        Self { warehouse, reserved: 0, backordered: 0, allocated: 0, picking: 0, packed: 0 }
    }

    fn at(&mut self, stage: Stage) -> Option<&mut u32> {
        match stage {
            Stage::Reserved => Some(&mut self.reserved),
            Stage::Backordered => Some(&mut self.backordered),
            Stage::Allocated => Some(&mut self.allocated),
            Stage::Picking => Some(&mut self.picking),
            Stage::Packed => Some(&mut self.packed),
            _ => None,
        }
    }

    /// Units of all five stages.
    pub const fn units(&self) -> u32 {
        self.shelf() + self.picking + self.packed
    }

    /// Units beside the floor.
    pub const fn shelf(&self) -> u32 {
        self.reserved + self.backordered + self.allocated
    }
}

/// The quantities of one line (SM-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineState {
    /// Number of the line.
    pub line: u16,
    /// Units ordered.
    pub ordered: u32,
    /// Ordered, nothing held.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub open: u32,
    /// Held, by warehouse; entries with units only.
    #[serde(default, skip_serializing_if = "SmallVec::is_empty")]
    pub held: SmallVec<[Held; 1]>,
    /// Warehouse the line was moved to and insists on (LIN-08), whatever its content says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<WarehouseId>,
    /// Allocated units of a line without stock.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ready: u32,
    /// Handed over, not delivered.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub in_transit: u32,
    /// Delivered and not returned.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delivered: u32,
    /// On the way back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rto_pending: u32,
    /// Scanned in.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returned: u32,
    /// Declared lost.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost: u32,
    /// Canceled.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub canceled: u32,
}

impl LineState {
    /// A line of which nothing is held yet.
    pub fn new(line: u16, ordered: u32) -> Self {
        Self { line, ordered, open: ordered, ..Self::default() }
    }

    /// Units in one stage, over all warehouses.
    pub fn units(&self, stage: Stage) -> u32 {
        let held = |pick: fn(&Held) -> u32| self.held.iter().map(pick).sum();
        match stage {
            Stage::Open => self.open,
            Stage::Reserved => held(|h| h.reserved),
            Stage::Backordered => held(|h| h.backordered),
            Stage::Allocated => held(|h| h.allocated) + self.ready,
            Stage::Picking => held(|h| h.picking),
            Stage::Packed => held(|h| h.packed),
            Stage::InTransit => self.in_transit,
            Stage::Delivered => self.delivered,
            Stage::RtoPending => self.rto_pending,
            Stage::Returned => self.returned,
            Stage::Lost => self.lost,
            Stage::Canceled => self.canceled,
        }
    }

    /// Units of a stage in one warehouse (`None`: of a line without stock).
    pub fn units_at(&self, stage: Stage, warehouse: Option<&WarehouseId>) -> u32 {
        match warehouse {
            Some(code) => self.held.iter().find(|h| h.warehouse == *code).map_or(0, |h| {
                let mut held = h.clone();
                held.at(stage).map_or(0, |n| *n)
            }),
            None if stage == Stage::Allocated => self.ready,
            None => self.units(stage),
        }
    }

    /// Sum of the twelve quantities; equals [`LineState::ordered`] always.
    pub fn sum(&self) -> u32 {
        Stage::ALL.iter().map(|stage| self.units(*stage)).sum()
    }

    /// Units that have not left yet and are not canceled.
    pub fn to_ship(&self) -> u32 {
        self.open + self.ready + self.held.iter().map(Held::units).sum::<u32>()
    }

    /// Units that left, whatever became of them.
    pub const fn shipped(&self) -> u32 {
        self.in_transit + self.delivered + self.rto_pending + self.returned + self.lost
    }

    /// Takes over what a warehouse says it holds of this line, none of which is on the floor; the difference
    /// comes from or goes to `open`.
    pub(super) fn set_held(&mut self, placed: &Placed) {
        let at = self.held.iter().position(|held| held.warehouse == placed.warehouse).unwrap_or_else(|| {
            self.held.push(Held::empty(placed.warehouse.clone()));
            self.held.len() - 1
        });
        let held = &mut self.held[at];
        let all = self.open + held.reserved + held.backordered + held.allocated;
        held.allocated = placed.allocated.min(all);
        held.reserved = placed.reserved.min(all - held.allocated);
        held.backordered = placed.backordered.min(all - held.allocated - held.reserved);
        self.open = all - held.allocated - held.reserved - held.backordered;
        self.held.retain(|held| held.units() > 0);
    }

    /// Takes over that one warehouse holds all of the line beside the floor.
    pub(super) fn move_held(&mut self, placed: &Placed) {
        self.clear_shelf(Stage::Open);
        self.set_held(placed);
        self.source = Some(placed.warehouse.clone());
    }

    /// Moves every unit that warehouses hold beside the floor.
    pub(super) fn clear_shelf(&mut self, to: Stage) {
        for held in self.held.clone() {
            for stage in [Stage::Reserved, Stage::Backordered, Stage::Allocated] {
                self.shift(u32::MAX, stage, to, Some(&held.warehouse));
            }
        }
    }

    /// Moves units between stages; never more than are there, so the sum is kept whatever the event says.
    /// Answers how many moved.
    pub fn shift(&mut self, units: u32, from: Stage, to: Stage, warehouse: Option<&WarehouseId>) -> u32 {
        let moved = {
            let slot = self.slot(from, warehouse);
            let moved = units.min(*slot);
            *slot -= moved;
            moved
        };
        *self.slot(to, warehouse) += moved;
        self.held.retain(|held| held.units() > 0);
        moved
    }

    fn slot(&mut self, stage: Stage, warehouse: Option<&WarehouseId>) -> &mut u32 {
        match stage {
            Stage::Open => &mut self.open,
            Stage::InTransit => &mut self.in_transit,
            Stage::Delivered => &mut self.delivered,
            Stage::RtoPending => &mut self.rto_pending,
            Stage::Returned => &mut self.returned,
            Stage::Lost => &mut self.lost,
            Stage::Canceled => &mut self.canceled,
            Stage::Reserved | Stage::Backordered | Stage::Allocated | Stage::Picking | Stage::Packed => {
                let Some(code) = warehouse else { return &mut self.ready };
                let at = self.held.iter().position(|held| held.warehouse == *code).unwrap_or_else(|| {
                    self.held.push(Held::empty(code.clone()));
                    self.held.len() - 1
                });
                let held = &mut self.held[at];
                match stage {
                    Stage::Reserved => &mut held.reserved,
                    Stage::Backordered => &mut held.backordered,
                    Stage::Allocated => &mut held.allocated,
                    Stage::Picking => &mut held.picking,
                    _ => &mut held.packed,
                }
            }
        }
    }
}
