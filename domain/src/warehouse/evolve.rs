//! Folding events and keeping the indexes. No rules.
//!
//! Total: an event that takes more units than there are, which only a wrong rule or a damaged journal can bring
//! about, leaves the counter at zero and is remembered as damage that doctor reports.

use crate::{
    OrderId, ParcelId, Sku,
    warehouse::{
        Condition, Hold, Method, Parcel, ParcelLine, ParcelState, Row, Warehouse, WarehouseEvent,
        event::movements,
        state::{Due, MAX_RECENT},
    },
};

/// Takes units off counters that may have fewer, and knows afterwards whether one had.
#[derive(Default)]
struct Debit {
    short: bool,
}

impl Debit {
    fn take(&mut self, counter: &mut u32, units: u32) {
        self.short |= *counter < units;
        *counter = counter.saturating_sub(units);
    }

    /// Moves units from one counter to another.
    fn shift(&mut self, from: &mut u32, to: &mut u32, units: u32) {
        self.take(from, units);
        *to = to.saturating_add(units);
    }
}

/// A sum of which one summand changed.
const fn with(sum: u32, before: u32, after: u32) -> u32 {
    sum.saturating_sub(before).saturating_add(after)
}

impl Warehouse {
    /// Changes a row and what depends on it.
    fn edit_row(&mut self, sku: &Sku, change: impl FnOnce(&mut Row)) {
        let row = self.rows.entry(sku.clone()).or_insert_with(|| Row::new(sku.clone()));
        row.version += 1;
        change(row);
        self.settle_row(sku);
    }

    pub(super) fn settle_row(&mut self, sku: &Sku) {
        let Some(row) = self.rows.get_mut(sku) else { return };
        if row.low && row.available() > row.low_stock {
            row.low = false;
        }
        if row.shortage() > 0 || row.fillable() || row.turns_low() {
            self.restless.insert(sku.clone());
        } else {
            self.restless.remove(sku);
        }
    }

    /// Changes the hold of one line, which is made if there is none and dropped when it is empty, and with it
    /// the row's counters and the indexes.
    fn edit_hold(&mut self, order: OrderId, line: u16, sku: &Sku, change: impl FnOnce(&mut Hold)) {
        let holds = self.holds.entry(order).or_default();
        let at = holds.iter().position(|hold| hold.line == line).unwrap_or_else(|| {
            self.main.arrivals += 1;
            holds.push(Hold {
                line,
                sku: sku.clone(),
                reserved: 0,
                waiting: 0,
                allocated: 0,
                confirmed: false,
                expires: None,
                priority: 0,
                seq: self.main.arrivals,
            });
            holds.len() - 1
        });
        let before = holds[at].clone();
        let hold = &mut holds[at];
        change(hold);
        if hold.reserved == 0 && hold.waiting == 0 {
            hold.expires = None;
        }
        let after = hold.clone();
        if after.units() == 0 {
            holds.remove(at);
            if holds.is_empty() {
                self.holds.remove(&order);
            }
        }
        let key = Due::Hold(order, line);
        if let Some(at) = before.expires {
            self.due.remove(&(at, key));
        }
        if let Some(at) = after.expires.filter(|_| after.reserved > 0) {
            self.due.insert((at, key));
        }
        self.edit_row(sku, |row| {
            row.reserved = with(row.reserved, before.reserved, after.reserved);
            row.allocated = with(row.allocated, before.allocated, after.allocated);
            row.waiting = with(row.waiting, before.waiting, after.waiting);
            row.holders.remove(&before.rank());
            row.queue.remove(&before.rank());
            if after.units() > 0 {
                row.holders.insert(after.rank(), (order, line));
            }
            if after.waiting > 0 {
                row.queue.insert(after.rank(), (order, line));
            }
        });
    }

    /// Changes a parcel, which is made by `change` if there is none and dropped when it answers `None`.
    pub(super) fn edit_parcel(&mut self, id: ParcelId, change: impl FnOnce(Option<Parcel>) -> Option<Parcel>) {
        let before = self.parcels.remove(&id);
        if let Some(parcel) = &before {
            self.index_parcel(id, parcel, false);
        }
        self.settled.remove(&id);
        if let Some(parcel) = change(before) {
            self.index_parcel(id, &parcel, true);
            let picked = parcel.state == ParcelState::Picking && parcel.complete();
            let gone = parcel.state == ParcelState::HandedOver && parcel.method != Method::Courier;
            if picked || gone {
                self.settled.insert(id);
            }
            self.parcels.insert(id, parcel);
        }
    }

    fn index_parcel(&mut self, id: ParcelId, parcel: &Parcel, add: bool) {
        if let Some(lease) = parcel.lease {
            let entry = (lease, Due::Lease(id));
            let _ = if add { self.due.insert(entry) } else { self.due.remove(&entry) };
        }
        for line in parcel.lines.iter().filter(|_| parcel.on_floor()) {
            if let Some(row) = self.rows.get_mut(&line.sku) {
                let (before, after) = if add { (0, line.quantity) } else { (line.quantity, 0) };
                row.floor = with(row.floor, before, after);
            }
            self.settle_row(&line.sku);
        }
    }

    fn with_parcel(&mut self, id: ParcelId, change: impl FnOnce(&mut Parcel)) {
        self.edit_parcel(id, |parcel| {
            parcel.map(|mut parcel| {
                change(&mut parcel);
                parcel
            })
        });
    }

    /// Folds the event's ledger entries into on-hand.
    fn move_stock(&mut self, event: &WarehouseEvent, debit: &mut Debit) {
        for movement in movements(event) {
            self.edit_row(&movement.sku, |row| {
                debit.short |= !row.on_hand.shift(movement.condition, movement.delta);
                if movement.condition == Condition::Sellable {
                    row.recent.push_back((row.version, movement.delta));
                    if row.recent.len() > MAX_RECENT
                        && let Some((version, _)) = row.recent.pop_front()
                    {
                        row.forgotten = version;
                    }
                }
            });
        }
    }

    pub(super) fn fold(&mut self, event: &WarehouseEvent) {
        use WarehouseEvent as E;
        self.main.version += 1;
        let mut debit = Debit::default();
        self.move_stock(event, &mut debit);
        match event {
            E::WarehouseOpened { profile } => {
                self.main.opened = true;
                self.main.profile = profile.clone();
            }
            E::StockPolicySet { sku, safety, backorder_cap, low_stock } => self.edit_row(sku, |row| {
                (row.safety, row.backorder_cap, row.low_stock) = (*safety, *backorder_cap, *low_stock);
            }),
            E::StockLow { sku, .. } => self.edit_row(sku, |row| row.low = true),
            E::StockReceived { .. } | E::StockAdjusted { .. } | E::StockCounted { .. } | E::ConditionMoved { .. } => {}
            E::FloorBooked { number, .. } => self.main.bookings.add(*number),
            E::UnitReceived { order, receipt, .. } => self.main.receipts.add((*order, *receipt)),
            E::UnitRestocked { .. } | E::UnitScrapped { .. } => {}
            _ if event.parcel().is_some() => self.fold_parcel(event, &mut debit),
            _ => self.fold_hold(event, &mut debit),
        }
        if debit.short {
            self.main.damaged.get_or_insert(self.main.version);
        }
    }

    fn fold_hold(&mut self, event: &WarehouseEvent, debit: &mut Debit) {
        use WarehouseEvent as E;
        match event {
            E::StockReserved { order, line, sku, quantity, expires, priority, waited } => {
                self.edit_hold(*order, *line, sku, |hold| {
                    if *waited {
                        debit.take(&mut hold.waiting, *quantity);
                    }
                    hold.reserved = hold.reserved.saturating_add(*quantity);
                    (hold.expires, hold.priority) = (*expires, *priority);
                });
            }
            E::StockBackordered { order, line, sku, quantity, expires, priority } => {
                self.edit_hold(*order, *line, sku, |hold| {
                    hold.waiting = hold.waiting.saturating_add(*quantity);
                    (hold.expires, hold.priority) = (*expires, *priority);
                });
            }
            E::HoldTransferred { from, to, line, sku, quantity, expires, priority } => {
                self.edit_hold(*from, *line, sku, |hold| debit.take(&mut hold.reserved, *quantity));
                self.edit_hold(*to, *line, sku, |hold| {
                    hold.reserved = hold.reserved.saturating_add(*quantity);
                    (hold.expires, hold.priority) = (*expires, *priority);
                });
            }
            E::HoldExtended { order, line, sku, expires } => {
                self.edit_hold(*order, *line, sku, |hold| hold.expires = *expires);
            }
            E::StockAllocated { order, line, sku, quantity, waited } => self.edit_hold(*order, *line, sku, |hold| {
                let from = if *waited { &mut hold.waiting } else { &mut hold.reserved };
                debit.shift(from, &mut hold.allocated, *quantity);
            }),
            E::BackorderConfirmed { order, line, sku } => {
                self.edit_hold(*order, *line, sku, |hold| hold.confirmed = true);
            }
            E::ReservationExpired { order, line, sku, quantity } => {
                self.edit_hold(*order, *line, sku, |hold| debit.take(&mut hold.reserved, *quantity));
            }
            E::StockReleased { order, line, sku, reserved, waiting, allocated } => {
                self.edit_hold(*order, *line, sku, |hold| {
                    debit.take(&mut hold.reserved, *reserved);
                    debit.take(&mut hold.waiting, *waiting);
                    debit.take(&mut hold.allocated, *allocated);
                });
            }
            E::StockShorted { order, line, sku, reserved, allocated, .. } => {
                self.edit_hold(*order, *line, sku, |hold| {
                    debit.take(&mut hold.reserved, *reserved);
                    debit.take(&mut hold.allocated, *allocated);
                });
            }
            E::HoldsClosed { order } => self.main.closed.add(*order),
            _ => {}
        }
    }

    fn fold_parcel(&mut self, event: &WarehouseEvent, debit: &mut Debit) {
        use WarehouseEvent as E;
        match event {
            E::FulfillmentPlanned { parcel, lines, method } => {
                let content = |(line, sku, quantity): &(u16, Sku, u32)| ParcelLine {
                    line: *line,
                    sku: sku.clone(),
                    quantity: *quantity,
                    picked: 0,
                };
                let lines = lines.iter().map(content).collect();
                self.edit_parcel(*parcel, |_| Some(Parcel::new(ParcelState::Planned, *method, lines)));
            }
            E::PickAssigned { parcel, .. } => self.with_parcel(*parcel, |p| p.state = ParcelState::Queued),
            E::PickClaimed { parcel, picker, lease } => self.with_parcel(*parcel, |p| {
                (p.state, p.picker, p.lease) = (ParcelState::Picking, Some(*picker), Some(*lease));
            }),
            E::PickReleased { parcel, .. } => self.with_parcel(*parcel, |p| {
                (p.state, p.picker, p.lease) = (ParcelState::Queued, None, None);
            }),
            E::UnitPicked { parcel, line, quantity, .. } => self.with_parcel(*parcel, |p| {
                p.lines
                    .iter_mut()
                    .filter(|content| content.line == *line)
                    .for_each(|content| content.picked = content.picked.saturating_add(*quantity));
            }),
            E::PickCompleted { parcel } => self.with_parcel(*parcel, |p| {
                (p.state, p.lease) = (ParcelState::Picked, None);
            }),
            E::PickShorted { parcel, line, sku, quantity, .. } => {
                self.with_parcel(*parcel, |p| {
                    let content = p.lines.iter_mut().filter(|content| content.line == *line);
                    content.for_each(|content| debit.take(&mut content.quantity, *quantity));
                    p.lines.retain(|content| content.quantity > 0);
                });
                self.edit_hold(parcel.order, *line, sku, |hold| debit.take(&mut hold.allocated, *quantity));
            }
            E::ParcelPacked { parcel, weight_grams } => self.with_parcel(*parcel, |p| {
                (p.state, p.weight_grams) = (ParcelState::Packed, Some(*weight_grams));
            }),
            E::FulfillmentSplit { parcel, into, lines } => self.fold_split(*parcel, *into, lines, debit),
            E::ConsignmentAttached { parcel, carrier, tracking } => self.with_parcel(*parcel, |p| {
                (p.state, p.consignment) = (ParcelState::Booked, Some((carrier.clone(), tracking.clone())));
            }),
            E::ConsignmentDetached { parcel } => self.with_parcel(*parcel, |p| {
                (p.state, p.consignment) = (ParcelState::Packed, None);
            }),
            E::ParcelHeld { parcel, reason } => self.with_parcel(*parcel, |p| p.held = Some(reason.clone())),
            E::ParcelResumed { parcel } => self.with_parcel(*parcel, |p| p.held = None),
            E::ParcelHandedOver { parcel, .. } => self.with_parcel(*parcel, |p| p.state = ParcelState::HandedOver),
            E::StockShipped { parcel, line, sku, quantity } => {
                self.edit_hold(parcel.order, *line, sku, |hold| debit.take(&mut hold.allocated, *quantity));
            }
            E::FulfillmentClosed { parcel } => {
                self.edit_parcel(*parcel, |_| None);
                self.main.shipped.add(*parcel);
            }
            E::FulfillmentCanceled { parcel, lines, kept } => {
                self.edit_parcel(*parcel, |_| None);
                self.main.canceled.add(*parcel);
                for line in lines.iter().filter(|_| !kept) {
                    self.edit_hold(parcel.order, line.line, &line.sku, |hold| {
                        debit.take(&mut hold.allocated, line.quantity);
                    });
                }
            }
            _ => {}
        }
    }

    fn fold_split(&mut self, parcel: ParcelId, into: ParcelId, lines: &[(u16, u32)], debit: &mut Debit) {
        let mut moved = Vec::new();
        let mut method = Method::Courier;
        let mut held = None;
        self.with_parcel(parcel, |p| {
            (method, held) = (p.method, p.held.clone());
            for (line, quantity) in lines {
                for content in p.lines.iter_mut().filter(|content| content.line == *line) {
                    debit.take(&mut content.quantity, *quantity);
                    debit.take(&mut content.picked, *quantity);
                    moved.push(ParcelLine { quantity: *quantity, picked: *quantity, ..content.clone() });
                }
            }
            p.lines.retain(|content| content.quantity > 0);
        });
        self.edit_parcel(into, |_| Some(Parcel { held, ..Parcel::new(ParcelState::Picked, method, moved) }));
    }
}

impl Parcel {
    fn new(state: ParcelState, method: Method, lines: Vec<ParcelLine>) -> Self {
        Self { state, method, lines, picker: None, lease: None, held: None, weight_grams: None, consignment: None }
    }
}
