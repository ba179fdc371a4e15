//! Folding events, keeping the indexes, and the document's parts. No rules.

use smallvec::SmallVec;

use crate::{
    OrderId, ParcelId, Part, Sku,
    warehouse::{
        Condition, Hold, Method, Parcel, ParcelLine, ParcelState, Row, Warehouse, WarehouseEvent,
        event::movements,
        state::{Due, MAX_RECENT, Main},
    },
};

impl Warehouse {
    /// Changes a row and what depends on it.
    fn edit_row(&mut self, sku: &Sku, change: impl FnOnce(&mut Row)) {
        let row = self.rows.entry(sku.clone()).or_insert_with(|| Row::new(sku.clone()));
        row.version += 1;
        change(row);
        self.settle_row(sku);
    }

    fn settle_row(&mut self, sku: &Sku) {
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
                reopened: false,
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
            row.reserved = row.reserved + after.reserved - before.reserved;
            row.allocated = row.allocated + after.allocated - before.allocated;
            row.waiting = row.waiting + after.waiting - before.waiting;
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
    fn edit_parcel(&mut self, id: ParcelId, change: impl FnOnce(Option<Parcel>) -> Option<Parcel>) {
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
                row.floor = if add { row.floor + line.quantity } else { row.floor - line.quantity };
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
    fn move_stock(&mut self, event: &WarehouseEvent) {
        for movement in movements(event) {
            self.edit_row(&movement.sku, |row| {
                row.on_hand.shift(movement.condition, movement.delta);
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
        self.move_stock(event);
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
            _ if event.parcel().is_some() => self.fold_parcel(event),
            _ => self.fold_hold(event),
        }
    }

    fn fold_hold(&mut self, event: &WarehouseEvent) {
        use WarehouseEvent as E;
        match event {
            E::StockReserved { order, line, sku, quantity, expires, priority, waited } => {
                self.edit_hold(*order, *line, sku, |hold| {
                    hold.reserved += quantity;
                    hold.waiting -= if *waited { *quantity } else { 0 };
                    (hold.expires, hold.priority) = (*expires, *priority);
                });
            }
            E::StockBackordered { order, line, sku, quantity, expires, priority } => {
                self.edit_hold(*order, *line, sku, |hold| {
                    hold.waiting += quantity;
                    (hold.expires, hold.priority) = (*expires, *priority);
                });
            }
            E::HoldTransferred { from, to, line, sku, quantity, expires, priority } => {
                self.edit_hold(*from, *line, sku, |hold| hold.reserved -= quantity);
                self.edit_hold(*to, *line, sku, |hold| {
                    hold.reserved += quantity;
                    (hold.expires, hold.priority) = (*expires, *priority);
                });
            }
            E::HoldExtended { order, line, sku, expires } => {
                self.edit_hold(*order, *line, sku, |hold| hold.expires = *expires);
            }
            E::StockAllocated { order, line, sku, quantity, waited } => self.edit_hold(*order, *line, sku, |hold| {
                let from = if *waited { &mut hold.waiting } else { &mut hold.reserved };
                *from -= quantity;
                hold.allocated += quantity;
            }),
            E::BackorderConfirmed { order, line, sku } => {
                self.edit_hold(*order, *line, sku, |hold| hold.confirmed = true);
            }
            E::ReservationExpired { order, line, sku, quantity } => self.edit_hold(*order, *line, sku, |hold| {
                hold.reserved -= quantity;
                hold.reopened = true;
            }),
            E::StockReleased { order, line, sku, reserved, waiting, allocated } => {
                self.edit_hold(*order, *line, sku, |hold| {
                    hold.reserved -= reserved;
                    hold.waiting -= waiting;
                    hold.allocated -= allocated;
                    hold.reopened = true;
                });
            }
            E::StockShorted { order, line, sku, reserved, allocated, .. } => {
                self.edit_hold(*order, *line, sku, |hold| {
                    hold.reserved -= reserved;
                    hold.allocated -= allocated;
                    hold.reopened = true;
                });
            }
            E::HoldsClosed { order } => self.main.closed.add((*order, 0)),
            _ => {}
        }
    }

    fn fold_parcel(&mut self, event: &WarehouseEvent) {
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
            E::PickAssigned { parcel } => self.with_parcel(*parcel, |p| p.state = ParcelState::Queued),
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
                    .for_each(|content| content.picked += quantity);
            }),
            E::PickCompleted { parcel } => self.with_parcel(*parcel, |p| {
                (p.state, p.lease) = (ParcelState::Picked, None);
            }),
            E::PickShorted { parcel, line, sku, quantity, .. } => {
                self.with_parcel(*parcel, |p| {
                    p.lines.iter_mut().filter(|content| content.line == *line).for_each(|c| c.quantity -= quantity);
                    p.lines.retain(|content| content.quantity > 0);
                });
                self.edit_hold(parcel.order, *line, sku, |hold| {
                    hold.allocated -= quantity;
                    hold.reopened = true;
                });
            }
            E::ParcelPacked { parcel, weight_grams } => self.with_parcel(*parcel, |p| {
                (p.state, p.weight_grams) = (ParcelState::Packed, Some(*weight_grams));
            }),
            E::FulfillmentSplit { parcel, into, lines } => self.fold_split(*parcel, *into, lines),
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
                let mut consumed = false;
                self.edit_hold(parcel.order, *line, sku, |hold| {
                    hold.allocated -= quantity;
                    consumed = hold.units() == 0 && !hold.reopened;
                });
                if consumed {
                    self.main.closed.add((parcel.order, *line));
                }
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
                        hold.allocated -= line.quantity;
                        hold.reopened = true;
                    });
                }
            }
            _ => {}
        }
    }

    fn fold_split(&mut self, parcel: ParcelId, into: ParcelId, lines: &[(u16, u32)]) {
        let mut moved = Vec::new();
        let mut method = Method::Courier;
        let mut held = None;
        self.with_parcel(parcel, |p| {
            (method, held) = (p.method, p.held.clone());
            for (line, quantity) in lines {
                for content in p.lines.iter_mut().filter(|content| content.line == *line) {
                    content.quantity -= quantity;
                    content.picked -= quantity;
                    moved.push(ParcelLine { quantity: *quantity, picked: *quantity, ..content.clone() });
                }
            }
            p.lines.retain(|content| content.quantity > 0);
        });
        self.edit_parcel(into, |_| Some(Parcel { held, ..Parcel::new(ParcelState::Picked, method, moved) }));
    }

    pub(super) fn touched(event: &WarehouseEvent) -> Vec<Part> {
        use WarehouseEvent as E;
        let mut parts = Vec::with_capacity(3);
        let stock = |sku: &Sku| Part::named(format!("stock/{sku}"));
        let hold = |order: &OrderId| Part::named(format!("hold/{order}"));
        let moves_holds = match event {
            E::StockShipped { .. } | E::PickShorted { .. } | E::FulfillmentCanceled { kept: false, .. } => true,
            _ => event.parcel().is_none(),
        };
        parts.extend(event.sku().filter(|_| moves_holds).map(stock));
        parts.extend(event.order().filter(|_| moves_holds).map(|order| hold(&order)));
        parts.extend(event.parcel().map(|parcel| Part::named(format!("parcel/{parcel}"))));
        match event {
            E::HoldTransferred { from, .. } => parts.push(hold(from)),
            E::FulfillmentSplit { into, .. } => parts.push(Part::named(format!("parcel/{into}"))),
            E::FulfillmentCanceled { lines, kept: false, .. } => {
                for line in lines {
                    let part = stock(&line.sku);
                    if !parts.contains(&part) {
                        parts.push(part);
                    }
                }
            }
            _ => {}
        }
        parts
    }

    pub(super) fn to_part(&self, part: &Part) -> Option<serde_json::Value> {
        let json = match part.0.split_once('/') {
            None => return (*part == Part::main()).then(|| serde_json::to_value(&self.main).unwrap_or_default()),
            Some(("stock", sku)) => serde_json::to_value(self.rows.get(&Sku::parse(sku).ok()?)?),
            Some(("hold", order)) => serde_json::to_value(self.holds.get(&OrderId::parse(order).ok()?)?)
                .map(|lines| serde_json::json!({ "lines": lines })),
            Some(("parcel", id)) => serde_json::to_value(self.parcels.get(&ParcelId::parse(id).ok()?)?),
            Some(_) => return None,
        };
        json.ok()
    }

    pub(super) fn all_parts(&self) -> Vec<Part> {
        let stock = self.rows.keys().map(|sku| Part::named(format!("stock/{sku}")));
        let holds = self.holds.keys().map(|order| Part::named(format!("hold/{order}")));
        let parcels = self.parcels.keys().map(|id| Part::named(format!("parcel/{id}")));
        std::iter::once(Part::main()).chain(stock).chain(holds).chain(parcels).collect()
    }

    pub(super) fn build(parts: Vec<(Part, serde_json::Value)>) -> Result<Self, String> {
        fn read<T: serde::de::DeserializeOwned>(json: serde_json::Value) -> Result<T, String> {
            serde_json::from_value(json).map_err(|error| error.to_string())
        }
        let mut warehouse = Self::default();
        let mut main = None;
        let mut parcels = Vec::new();
        for (part, mut json) in parts {
            match part.0.split_once('/') {
                None if part == Part::main() => main = Some(read::<Main>(json)?),
                Some(("stock", _)) => {
                    let row: Row = read(json)?;
                    warehouse.rows.insert(row.sku.clone(), row);
                }
                Some(("hold", order)) => {
                    let order = OrderId::parse(order).map_err(|error| error.to_string())?;
                    let lines: SmallVec<[Hold; 2]> = read(json["lines"].take())?;
                    warehouse.holds.insert(order, lines);
                }
                Some(("parcel", id)) => {
                    let id = ParcelId::parse(id).map_err(|error| error.to_string())?;
                    parcels.push((id, read::<Parcel>(json)?));
                }
                _ => return Err(format!("unknown part {:?}", part.0)),
            }
        }
        warehouse.main = main.ok_or("main part missing")?;
        for (order, hold) in
            warehouse.holds.iter().flat_map(|(order, lines)| lines.iter().map(move |hold| (order, hold)))
        {
            let key = (*order, hold.line);
            let row =
                warehouse.rows.get_mut(&hold.sku).ok_or_else(|| format!("{} is held but has no row", hold.sku))?;
            row.holders.insert(hold.rank(), key);
            if hold.waiting > 0 {
                row.queue.insert(hold.rank(), key);
            }
            if let Some(at) = hold.expires.filter(|_| hold.reserved > 0) {
                warehouse.due.insert((at, Due::Hold(key.0, key.1)));
            }
        }
        for (id, parcel) in parcels {
            warehouse.edit_parcel(id, |_| Some(parcel));
        }
        for sku in warehouse.rows.keys().cloned().collect::<Vec<_>>() {
            warehouse.settle_row(&sku);
        }
        Ok(warehouse)
    }
}

impl Parcel {
    fn new(state: ParcelState, method: Method, lines: Vec<ParcelLine>) -> Self {
        Self { state, method, lines, picker: None, lease: None, held: None, weight_grams: None, consignment: None }
    }
}
