//! The document of a warehouse: one part for the building, one per row, order and parcel.
//!
//! Invariant: [`Warehouse::build`] undoes [`Warehouse::to_part`] over every part, and an event changes no part that
//! [`Warehouse::touched`] does not name. It has no rules; indexes are made anew.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{
    OrderId, ParcelId, Part, PartJson, PartLater, Sku,
    warehouse::{
        Hold, Parcel, Row, Warehouse, WarehouseEvent,
        state::{Due, Main},
    },
};

/// What an order holds, as it is stored.
#[derive(Serialize, Deserialize)]
struct Lines<T> {
    lines: T,
}

impl Warehouse {
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
            E::FloorBooked { entries, .. } => {
                parts.extend(entries.iter().map(|(sku, ..)| stock(sku)));
                parts.sort_unstable();
                parts.dedup();
            }
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

    pub(super) fn to_part(&self, part: &Part) -> Option<PartJson> {
        match part.0.split_once('/') {
            None => (*part == Part::main()).then(|| PartJson::of(&self.main)),
            Some(("stock", sku)) => self.rows.get(&Sku::parse(sku).ok()?).map(PartJson::of),
            Some(("hold", order)) => self
                .holds
                .get(&OrderId::parse(order).ok()?)
                .map(|lines| PartJson::of(&Lines { lines: lines.as_slice() })),
            Some(("parcel", id)) => self.parcels.get(&ParcelId::parse(id).ok()?).map(PartJson::of),
            Some(_) => None,
        }
    }

    /// The main part has thousands of ended ids, and every command writes it.
    pub(super) fn to_part_later(&self, part: &Part) -> Option<PartLater> {
        if *part == Part::main() {
            return Some(PartLater::of(self.main.to_store()));
        }
        self.to_part(part).map(PartLater::Made)
    }

    pub(super) fn all_parts(&self) -> Vec<Part> {
        let stock = self.rows.keys().map(|sku| Part::named(format!("stock/{sku}")));
        let holds = self.holds.keys().map(|order| Part::named(format!("hold/{order}")));
        let parcels = self.parcels.keys().map(|id| Part::named(format!("parcel/{id}")));
        std::iter::once(Part::main()).chain(stock).chain(holds).chain(parcels).collect()
    }

    pub(super) fn build(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        let mut warehouse = Self::default();
        let mut main = None;
        let mut parcels = Vec::new();
        for (part, json) in parts {
            match part.0.split_once('/') {
                None if part == Part::main() => main = Some(json.read::<Main>()?),
                Some(("stock", _)) => {
                    let row: Row = json.read()?;
                    warehouse.rows.insert(row.sku.clone(), row);
                }
                Some(("hold", order)) => {
                    let order = OrderId::parse(order).map_err(|error| error.to_string())?;
                    let Lines::<SmallVec<[Hold; 2]>> { lines } = json.read()?;
                    warehouse.holds.insert(order, lines);
                }
                Some(("parcel", id)) => {
                    let id = ParcelId::parse(id).map_err(|error| error.to_string())?;
                    parcels.push((id, json.read::<Parcel>()?));
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
