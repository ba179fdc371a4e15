//! What journal entries touch: which rows of which boards have to be made anew.
//!
//! Invariant: what is touched follows from the entry alone, so it is the same when the journal's tail is read again after
//! a start. Every row remembers the last entry that touched it.

use std::collections::{BTreeMap, BTreeSet};

use munshi_domain::{
    Aggregate, ConversationId, Kind, OrderId, ParcelId, Part, QueueId, Sku, UserId, WarehouseId,
    approval::{ApprovalQueue, StepId},
    floor::{DeviceEvent, DeviceId, FloorEvent, WorkEvent},
    warehouse::Warehouse,
};
use munshi_store::JournalEntry;

use super::floor::OfFloor;
use crate::services::device::Named;

/// Rows of a warehouse, each with the last entry that touched it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfWarehouse {
    /// Rows of stock.
    pub skus: BTreeMap<Sku, u64>,
    /// Parcels.
    pub parcels: BTreeMap<ParcelId, u64>,
}

/// What some entries touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Orders.
    pub orders: BTreeMap<OrderId, u64>,
    /// Warehouses; one that only was opened has no rows here.
    pub warehouses: BTreeMap<WarehouseId, OfWarehouse>,
    /// Approval steps by queue.
    pub steps: BTreeMap<QueueId, BTreeMap<StepId, u64>>,
    /// Threads.
    pub threads: BTreeMap<ConversationId, u64>,
    /// Users.
    pub users: BTreeMap<UserId, u64>,
    /// What happened on floors.
    pub floors: BTreeMap<WarehouseId, OfFloor>,
    /// Devices whose enrolment changed.
    pub devices: BTreeSet<Named>,
    /// Devices whose rows have to be made anew.
    pub rows: BTreeSet<Named>,
}

impl Touched {
    /// Of entries in the journal's order.
    pub fn by<'a>(entries: impl IntoIterator<Item = &'a JournalEntry>) -> Self {
        let mut touched = Self::default();
        entries.into_iter().for_each(|entry| touched.add(entry));
        touched
    }

    fn add(&mut self, entry: &JournalEntry) {
        let (id, seq) = (&*entry.entity.id, entry.seq);
        match entry.entity.kind {
            Kind::Order => self.orders.extend(OrderId::parse(id).map(|id| (id, seq)).ok()),
            Kind::Conversation => self.threads.extend(ConversationId::parse(id).map(|id| (id, seq)).ok()),
            Kind::User => self.users.extend(UserId::parse(id).map(|id| (id, seq)).ok()),
            Kind::Floor => {
                let Ok(warehouse) = WarehouseId::parse(id) else { return };
                let of = self.floors.entry(warehouse.clone()).or_default();
                for event in &*entry.events.typed::<FloorEvent>() {
                    of.add(entry.at, event);
                    let row = |device: &DeviceId| Named { warehouse: warehouse.clone(), device: device.clone() };
                    self.rows.extend(shown(event).map(row));
                    if let FloorEvent::Device(
                        DeviceEvent::DevicePaired { device, .. } | DeviceEvent::DeviceRevoked { device },
                    ) = event
                    {
                        self.devices.insert(Named { warehouse: warehouse.clone(), device: device.clone() });
                    }
                }
            }
            Kind::Warehouse => {
                let Ok(code) = WarehouseId::parse(id) else { return };
                let of = self.warehouses.entry(code).or_default();
                for part in parts::<Warehouse>(entry) {
                    match part.0.split_once('/') {
                        Some(("stock", sku)) => of.skus.extend(Sku::parse(sku).map(|sku| (sku, seq)).ok()),
                        Some(("parcel", id)) => of.parcels.extend(ParcelId::parse(id).map(|id| (id, seq)).ok()),
                        _ => {}
                    }
                }
            }
            Kind::ApprovalQueue => {
                let Ok(queue) = QueueId::parse(id) else { return };
                let of = self.steps.entry(queue).or_default();
                for part in parts::<ApprovalQueue>(entry) {
                    of.extend(part.0.strip_prefix("step/").and_then(StepId::parse).map(|step| (step, seq)));
                }
            }
            _ => {}
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what was touched later.
    pub fn merge(&mut self, later: Self) {
        self.orders.extend(later.orders);
        self.threads.extend(later.threads);
        self.users.extend(later.users);
        self.devices.extend(later.devices);
        self.rows.extend(later.rows);
        for (code, of) in later.warehouses {
            let mine = self.warehouses.entry(code).or_default();
            mine.skus.extend(of.skus);
            mine.parcels.extend(of.parcels);
        }
        for (code, of) in later.floors {
            self.floors.entry(code).or_default().merge(of);
        }
        for (queue, steps) in later.steps {
            self.steps.entry(queue).or_default().extend(steps);
        }
    }
}

/// The device whose row an event changes.
const fn shown(event: &FloorEvent) -> Option<&DeviceId> {
    match event {
        FloorEvent::Device(event) => event.device(),
        FloorEvent::DeviceEnrolled { device, .. } | FloorEvent::OperatorSet { device, .. } => Some(device),
        FloorEvent::Work(WorkEvent::TaskLeased { lease, .. }) => Some(&lease.device),
        FloorEvent::Work(WorkEvent::TaskReleased { device, .. } | WorkEvent::TaskEnded { device, .. }) => {
            device.as_ref()
        }
        _ => None,
    }
}

fn parts<A: Aggregate>(entry: &JournalEntry) -> BTreeSet<Part> {
    // An event that marks an accepted command without effect is none of the aggregate's, and touches nothing.
    entry.events.typed::<A::Event>().iter().flat_map(A::touches).collect()
}

#[cfg(test)]
mod tests {
    use munshi_domain::{EntityId, Timestamp};
    use munshi_store::Who;
    use serde_json::{Value, json};

    use super::*;

    fn entry(seq: u64, kind: Kind, id: &str, events: Vec<Value>) -> JournalEntry {
        JournalEntry {
            seq,
            entity: EntityId::new(kind, id),
            first: seq,
            last: seq,
            at: Timestamp::from_millis(0),
            by: Who::Timer,
            cmd: "c".into(),
            request: None,
            command: "C".into(),
            reason: None,
            answer: None,
            events: events.into(),
            hash: String::new(),
        }
    }

    #[test]
    fn the_last_entry_of_each_row_counts() {
        let order = "0198c0de-0000-7000-8000-000000000001";
        let adjusted = |sku: &str| json!({"type": "StockAdjusted", "sku": sku, "delta": 1, "reason": "x"});
        let picked = json!({"type": "PickAssigned", "parcel": format!("{order}/1")});
        let entries = [
            entry(1, Kind::Order, order, vec![json!({"type": "whatever"})]),
            entry(2, Kind::Warehouse, "KHI-1", vec![adjusted("A"), adjusted("B")]),
            entry(3, Kind::Warehouse, "KHI-1", vec![adjusted("A"), picked]),
            entry(4, Kind::Warehouse, "KHI-1", vec![json!({"type": "NothingChanged"})]),
            entry(5, Kind::Product, "A", vec![]),
            entry(
                6,
                Kind::Floor,
                "KHI-1",
                vec![json!({"type": "Device", "device_event": "DeviceRevoked", "device": "d1"})],
            ),
        ];
        let touched = Touched::by(&entries);
        assert_eq!(touched.orders.values().copied().collect::<Vec<_>>(), [1]);
        let of = &touched.warehouses[&WarehouseId::parse("KHI-1").unwrap()];
        let skus: Vec<_> = of.skus.iter().map(|(sku, seq)| (sku.as_str(), *seq)).collect();
        assert_eq!(skus, [("A", 3), ("B", 2)]);
        assert_eq!(of.parcels.values().copied().collect::<Vec<_>>(), [3]);
        let devices: Vec<_> = touched.devices.iter().map(|named| named.device.as_str()).collect();
        assert_eq!(devices, ["d1"]);
        assert_eq!(touched.rows, touched.devices);
        let mut merged = Touched::by(&entries[..2]);
        merged.merge(Touched::by(&entries[2..]));
        assert_eq!(merged, touched);
    }
}
