//! What a warehouse knows. Fields that are marked as index are functions of the others, never stored.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    hash::Hash,
    sync::{Arc, OnceLock},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;

use crate::{OrderId, ParcelId, Sku, Timestamp, UserId, customer::Address, order::content::words};

/// On-hand movements a row remembers, for counts that began in the past (INV-06).
pub const MAX_RECENT: usize = 64;
/// Ended holds and parcels remembered in memory, so that late commands are answered rightly.
pub const MAX_TOMBS: usize = 65_536;
/// Of those, how many are stored; after a restart older ones are forgotten, documents stay small.
pub const STORED_TOMBS: usize = 512;

words!(
    /// What a unit on hand is good for.
    Condition {
        /// Can be sold.
        Sellable = "sellable",
        /// Picked for nothing; on its way back to the shelf.
        PutBack = "put_back",
        /// Set aside.
        Quarantine = "quarantine",
        /// Came back, not inspected.
        Returns = "returns",
        /// Being repaired.
        Refurbish = "refurbish",
        /// Written off.
        Scrap = "scrap",
    }
);
words!(
    /// How a parcel leaves.
    Method {
        /// With a carrier.
        Courier = "courier",
        /// Fetched by the customer.
        Pickup = "pickup",
        /// Over the counter.
        Counter = "counter",
    }
);
words!(
    /// Where a parcel is (SM-07).
    ParcelState {
        /// Units are set aside for it.
        Planned = "planned",
        /// Waits for a picker.
        Queued = "queued",
        /// Being picked.
        Picking = "picking",
        /// Everything is picked.
        Picked = "picked",
        /// Sealed.
        Packed = "packed",
        /// Has a carrier booking.
        Booked = "booked",
        /// Left the building.
        HandedOver = "handed_over",
    }
);

/// What a warehouse is called and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name for people.
    pub name: String,
    /// Where parcels start.
    #[serde(default)]
    pub address: Address,
}

/// Units in the building by condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are the words of Condition")]
pub struct OnHand {
    pub sellable: u32,
    pub put_back: u32,
    pub quarantine: u32,
    pub returns: u32,
    pub refurbish: u32,
    pub scrap: u32,
}

impl OnHand {
    /// Units in one condition.
    pub const fn get(&self, condition: Condition) -> u32 {
        match condition {
            Condition::Sellable => self.sellable,
            Condition::PutBack => self.put_back,
            Condition::Quarantine => self.quarantine,
            Condition::Returns => self.returns,
            Condition::Refurbish => self.refurbish,
            Condition::Scrap => self.scrap,
        }
    }

    /// Answers whether there were as many units as `delta` takes; if not, none are left.
    pub(super) fn shift(&mut self, condition: Condition, delta: i64) -> bool {
        let slot = match condition {
            Condition::Sellable => &mut self.sellable,
            Condition::PutBack => &mut self.put_back,
            Condition::Quarantine => &mut self.quarantine,
            Condition::Returns => &mut self.returns,
            Condition::Refurbish => &mut self.refurbish,
            Condition::Scrap => &mut self.scrap,
        };
        let sum = i64::from(*slot).saturating_add(delta);
        *slot = u32::try_from(sum.max(0)).unwrap_or(u32::MAX);
        sum >= 0
    }
}

/// Rank of a hold in its row: higher priority first, then first come first served (BKO-05).
pub(super) type Rank = (Reverse<u8>, u64);

/// Stock of one SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What.
    pub sku: Sku,
    /// Units in the building.
    pub on_hand: OnHand,
    /// Sum over the holds.
    pub reserved: u32,
    /// Sum over the holds, the floor included.
    pub allocated: u32,
    /// Sum over the holds.
    pub waiting: u32,
    /// Units never promised.
    pub safety: u32,
    /// Most units that may wait; `None` for no limit.
    pub backorder_cap: Option<u32>,
    /// Threshold of the low-stock alert; 0 for none (INV-07).
    pub low_stock: u32,
    /// Whether the alert was raised since stock was last above the threshold.
    pub low: bool,
    /// Events folded into this row; what a count starts at.
    pub version: u64,
    /// The latest changes of sellable stock: version and delta.
    pub recent: VecDeque<(u64, i64)>,
    /// Changes up to this version are no longer in `recent`.
    pub forgotten: u64,
    /// Index: every hold on this row.
    #[serde(skip)]
    pub(super) holders: BTreeMap<Rank, (OrderId, u16)>,
    /// Index: the holds that wait.
    #[serde(skip)]
    pub(super) queue: BTreeMap<Rank, (OrderId, u16)>,
    /// Index: units in parcels that have not left.
    #[serde(skip)]
    pub(super) floor: u32,
}

impl Row {
    pub(super) fn new(sku: Sku) -> Self {
        Self {
            sku,
            on_hand: OnHand::default(),
            reserved: 0,
            allocated: 0,
            waiting: 0,
            safety: 0,
            backorder_cap: None,
            low_stock: 0,
            low: false,
            version: 0,
            recent: VecDeque::new(),
            forgotten: 0,
            holders: BTreeMap::new(),
            queue: BTreeMap::new(),
            floor: 0,
        }
    }

    /// Units that can be promised (INV-02): sellable less reserved, allocated and safety, never below 0.
    pub fn available(&self) -> u32 {
        self.on_hand.sellable.saturating_sub(self.safety).saturating_sub(self.promised())
    }

    /// Reserved and allocated together.
    pub const fn promised(&self) -> u32 {
        self.reserved.saturating_add(self.allocated)
    }

    /// Units that must be taken from holds because they are not there, as far as they are not on the floor.
    pub(super) fn shortage(&self) -> u32 {
        self.promised().saturating_sub(self.on_hand.sellable).min(self.promised().saturating_sub(self.floor))
    }

    pub(super) fn fillable(&self) -> bool {
        self.available() > 0 && !self.queue.is_empty()
    }

    pub(super) fn turns_low(&self) -> bool {
        !self.low && self.low_stock > 0 && self.available() <= self.low_stock
    }
}

/// What one order line holds here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Line of the order.
    pub line: u16,
    /// What.
    pub sku: Sku,
    /// Units held until the expiry.
    pub reserved: u32,
    /// Units waiting for stock.
    pub waiting: u32,
    /// Units firmly held, on the floor or not.
    pub allocated: u32,
    /// Whether waiting units become allocated when stock arrives.
    pub confirmed: bool,
    /// When reserved units are given up.
    pub expires: Option<Timestamp>,
    /// Higher goes first.
    pub priority: u8,
    /// Position in the building's order of arrival.
    pub seq: u64,
}

impl Hold {
    /// Units of all three kinds.
    pub const fn units(&self) -> u32 {
        self.reserved.saturating_add(self.waiting).saturating_add(self.allocated)
    }

    pub(super) const fn rank(&self) -> Rank {
        (Reverse(self.priority), self.seq)
    }
}

/// Contents of a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParcelLine {
    /// Line of the order.
    pub line: u16,
    /// What.
    pub sku: Sku,
    /// Units that belong in it.
    pub quantity: u32,
    /// Units in it.
    pub picked: u32,
}

/// An open fulfillment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    /// Where it is.
    pub state: ParcelState,
    /// How it leaves.
    pub method: Method,
    /// What belongs in it.
    pub lines: Vec<ParcelLine>,
    /// Who picks it.
    #[serde(default)]
    pub picker: Option<UserId>,
    /// When the picker loses it.
    #[serde(default)]
    pub lease: Option<Timestamp>,
    /// Why it may not leave.
    #[serde(default)]
    pub held: Option<String>,
    /// Weight in grams, once packed.
    #[serde(default)]
    pub weight_grams: Option<u32>,
    /// Carrier and tracking number, once booked.
    #[serde(default)]
    pub consignment: Option<(String, String)>,
}

impl Parcel {
    /// Whether it is still in the building.
    pub fn on_floor(&self) -> bool {
        self.state != ParcelState::HandedOver
    }

    /// Whether every unit is picked.
    pub fn complete(&self) -> bool {
        self.lines.iter().all(|line| line.picked >= line.quantity)
    }
}

/// The latest ended ids, oldest first. Equal when what is stored of them is equal.
#[derive(Clone, Debug)]
pub(super) struct Tombs<T> {
    order: VecDeque<T>,
    set: HashSet<T>,
    /// What is stored of them, once somebody asked and until one is added: shared by all copies for writing.
    stored: OnceLock<Arc<[T]>>,
}

impl<T> Default for Tombs<T> {
    fn default() -> Self {
        Self { order: VecDeque::new(), set: HashSet::new(), stored: OnceLock::new() }
    }
}

impl<T: Copy + Eq + Hash> Tombs<T> {
    pub(super) fn add(&mut self, id: T) {
        if self.set.insert(id) {
            self.stored = OnceLock::new();
            self.order.push_back(id);
            if self.order.len() > MAX_TOMBS
                && let Some(oldest) = self.order.pop_front()
            {
                self.set.remove(&oldest);
            }
        }
    }

    pub(super) fn has(&self, id: &T) -> bool {
        self.set.contains(id)
    }

    fn stored(&self) -> &Arc<[T]> {
        let latest = self.order.len().saturating_sub(STORED_TOMBS);
        self.stored.get_or_init(|| self.order.range(latest..).copied().collect())
    }

    /// A copy for writing, which finds nothing: it only has what is stored.
    fn to_store(&self) -> Self {
        Self { order: VecDeque::new(), set: HashSet::new(), stored: OnceLock::from(self.stored().clone()) }
    }
}

impl<T: Copy + Eq + Hash> PartialEq for Tombs<T> {
    fn eq(&self, other: &Self) -> bool {
        self.stored() == other.stored()
    }
}

impl<T: Copy + Eq + Hash + Serialize> Serialize for Tombs<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.stored().iter())
    }
}

impl<'de, T: Copy + Eq + Hash + Deserialize<'de>> Deserialize<'de> for Tombs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut tombs = Self::default();
        Vec::<T>::deserialize(deserializer)?.into_iter().for_each(|id| tombs.add(id));
        Ok(tombs)
    }
}

/// What is stored in the main part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Main {
    pub(super) opened: bool,
    pub(super) profile: Profile,
    pub(super) arrivals: u64,
    /// Events folded so far: tells which of two looks at the warehouse is the later one.
    pub(super) version: u64,
    /// Version at which an event first took more units than there were; `None` in a sound warehouse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) damaged: Option<u64>,
    /// Orders whose holds have ended for good.
    pub(super) closed: Tombs<OrderId>,
    /// Receipts of returned units that are booked in, by order and number.
    pub(super) receipts: Tombs<(OrderId, u16)>,
    /// Bookings of the floor, by its number of them.
    pub(super) bookings: Tombs<u64>,
    /// Parcels that were canceled.
    pub(super) canceled: Tombs<ParcelId>,
    /// Parcels that left and are closed.
    pub(super) shipped: Tombs<ParcelId>,
}

impl Main {
    /// A copy that is written the same. Its tombs find nothing.
    pub(super) fn to_store(&self) -> Self {
        Self {
            opened: self.opened,
            profile: self.profile.clone(),
            arrivals: self.arrivals,
            version: self.version,
            damaged: self.damaged,
            closed: self.closed.to_store(),
            receipts: self.receipts.to_store(),
            bookings: self.bookings.to_store(),
            canceled: self.canceled.to_store(),
            shipped: self.shipped.to_store(),
        }
    }
}

/// Something with a due time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    Hold(OrderId, u16),
    Lease(ParcelId),
}

/// One warehouse with all its stock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Warehouse {
    pub(super) main: Main,
    pub(super) rows: HashMap<Sku, Row>,
    pub(super) holds: HashMap<OrderId, SmallVec<[Hold; 2]>>,
    pub(super) parcels: BTreeMap<ParcelId, Parcel>,
    /// Index: due times of reservations and leases.
    pub(super) due: BTreeSet<(Timestamp, Due)>,
    /// Index: rows with a derived edge to take.
    pub(super) restless: BTreeSet<Sku>,
    /// Index: parcels with a derived edge to take.
    pub(super) settled: BTreeSet<ParcelId>,
}

impl Warehouse {
    /// Whether it exists.
    pub const fn is_open(&self) -> bool {
        self.main.opened
    }

    /// Events folded so far. The journal's version of the warehouse is at least that: an accepted command that
    /// changed nothing uses a version of its own, so that a retry finds its answer.
    pub const fn version(&self) -> u64 {
        self.main.version
    }

    /// Orders with a hold here.
    pub fn held_orders(&self) -> impl Iterator<Item = OrderId> {
        self.holds.keys().copied()
    }

    /// Name and address.
    pub const fn profile(&self) -> &Profile {
        &self.main.profile
    }

    /// The row of a SKU; `None` if the warehouse never had it.
    pub fn row(&self, sku: &Sku) -> Option<&Row> {
        self.rows.get(sku)
    }

    /// Every row, in no order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    /// Units of a SKU that can be promised now (INV-02).
    pub fn available(&self, sku: &Sku) -> u32 {
        self.rows.get(sku).map_or(0, Row::available)
    }

    /// What one line of an order holds here.
    pub fn hold(&self, order: OrderId, line: u16) -> Option<&Hold> {
        self.holds.get(&order)?.iter().find(|hold| hold.line == line)
    }

    /// What every line of an order holds here: line, reserved, waiting, allocated.
    pub fn reserved_for(&self, order: OrderId) -> Vec<(u16, u32, u32, u32)> {
        let holds = self.holds.get(&order).map(SmallVec::as_slice).unwrap_or_default();
        holds.iter().map(|hold| (hold.line, hold.reserved, hold.waiting, hold.allocated)).collect()
    }

    /// As [`Warehouse::reserved_for`], with the units of each line that are on the floor, which count as allocated.
    pub fn holdings(&self, order: OrderId) -> Vec<(u16, u32, u32, u32, u32)> {
        let lines = self.reserved_for(order).into_iter();
        lines
            .map(|(line, reserved, waiting, firm)| (line, reserved, waiting, firm, self.on_floor(order, line)))
            .collect()
    }

    /// An open parcel.
    pub fn parcel(&self, parcel: ParcelId) -> Option<&Parcel> {
        self.parcels.get(&parcel)
    }

    /// Every open parcel, in order of id.
    pub fn parcels(&self) -> impl Iterator<Item = (&ParcelId, &Parcel)> {
        self.parcels.iter()
    }

    /// Open parcels of one order.
    pub fn parcels_of(&self, order: OrderId) -> impl Iterator<Item = (&ParcelId, &Parcel)> {
        self.parcels.range(ParcelId { order, number: 0 }..=ParcelId { order, number: u16::MAX })
    }

    /// Whether the order's holds here have ended for good.
    pub fn is_closed(&self, order: OrderId) -> bool {
        self.main.closed.has(&order)
    }

    /// Units of a line in parcels that have not left.
    pub(super) fn on_floor(&self, order: OrderId, line: u16) -> u32 {
        let lines =
            self.parcels_of(order).filter(|(_, parcel)| parcel.on_floor()).flat_map(|(_, parcel)| &parcel.lines);
        lines.filter(|content| content.line == line).map(|content| content.quantity).sum()
    }

    /// What is wrong with this state; empty when every invariant holds. For doctor and tests.
    pub fn check(&self) -> Vec<String> {
        let mut faults = Vec::new();
        faults.extend(self.main.damaged.map(|at| format!("event {at} takes more units than there were")));
        let mut sums: HashMap<&Sku, (u32, u32, u32, u32)> = HashMap::new();
        for (order, holds) in &self.holds {
            if holds.is_empty() || self.is_closed(*order) {
                faults.push(format!("order {order} is closed or empty and still listed"));
            }
            for hold in holds {
                let sum = sums.entry(&hold.sku).or_default();
                *sum = (
                    sum.0.saturating_add(hold.reserved),
                    sum.1.saturating_add(hold.allocated),
                    sum.2.saturating_add(hold.waiting),
                    sum.3,
                );
                if hold.units() == 0 {
                    faults.push(format!("hold {order}/{} is empty", hold.line));
                }
                if self.on_floor(*order, hold.line) > hold.allocated {
                    faults.push(format!("hold {order}/{} has more on the floor than allocated", hold.line));
                }
            }
        }
        for (id, parcel) in self.parcels.iter().filter(|(_, parcel)| parcel.on_floor()) {
            for line in &parcel.lines {
                let floor = &mut sums.entry(&line.sku).or_default().3;
                *floor = floor.saturating_add(line.quantity);
                if line.picked > line.quantity || self.hold(id.order, line.line).is_none_or(|hold| hold.sku != line.sku)
                {
                    faults.push(format!("parcel {id} line {} does not fit its hold", line.line));
                }
            }
        }
        for row in self.rows.values() {
            let sum = sums.remove(&row.sku).unwrap_or_default();
            if sum != (row.reserved, row.allocated, row.waiting, row.floor) {
                faults.push(format!("row {}: counters are not the sums of its holds and parcels", row.sku));
            }
        }
        faults.extend(sums.keys().map(|sku| format!("{sku} is held but has no row")));
        faults.extend(self.restless.iter().map(|sku| format!("row {sku} has a derived edge not taken")));
        faults.extend(self.settled.iter().map(|id| format!("parcel {id} has a derived edge not taken")));
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PartJson;

    #[test]
    fn a_copy_for_writing_says_the_same_and_only_what_is_stored() {
        let mut main = Main { opened: true, arrivals: 7, version: 9, damaged: Some(3), ..Main::default() };
        for n in 0..(STORED_TOMBS as u64 + 100) {
            main.closed.add(OrderId::from_u128(n.into()));
            main.receipts.add((OrderId::from_u128(n.into()), 1));
            main.bookings.add(n);
        }
        let copy = main.to_store();
        assert_eq!(PartJson::of(&copy).as_str(), PartJson::of(&main).as_str());
        assert_eq!((copy.bookings.stored().len(), copy.closed.stored().len()), (STORED_TOMBS, STORED_TOMBS));
        assert!(
            Arc::ptr_eq(main.to_store().closed.stored(), copy.closed.stored()),
            "copied once until another one ends"
        );
        let read: Main = PartJson::of(&copy).read().unwrap();
        assert!(!read.bookings.has(&99) && read.bookings.has(&100) && read.bookings.has(&611), "the latest are kept");
        assert_eq!(read, main);
        main.bookings.add(1_000);
        assert_ne!(read, main);
        assert_ne!(PartJson::of(&main.to_store()), PartJson::of(&copy), "what is kept for writing is of now");
        assert!(main.bookings.has(&1_000) && !copy.bookings.stored().contains(&1_000));
    }
}
