//! Export of a floor's facts as EPCIS 2.0, the GS1 standard for what happened to goods, in JSON-LD
//! (warehouse-floor.md §10).
//!
//! Invariant: the document is a function of its facts, so a second export is identical byte for byte; an event's id
//! follows from the journal's id and the fact's place in it. A mistake is declared, never edited. It reads no journal
//! and sends nothing; kits, repacking by weight and returnable assets are no facts of a floor yet, and so no events.

mod event;
mod fact;
mod uri;

#[cfg(test)]
mod tests;

pub use event::Document;
pub use fact::{Act, Declaration, Fact, FactId, Goods, Location, Mistake, Source};

use event::{BizTransaction, Body, CONTEXT, ErrorDeclaration, Event, Id, Quantity};

/// Furthest an offset from UTC may be, in minutes (EPCIS 2.0: 14 hours).
const MAX_OFFSET: i32 = 14 * 60;

/// The document of facts, in the order of the journal.
pub fn document(source: &Source, facts: &[Fact]) -> Document {
    let mut facts: Vec<&Fact> = facts.iter().collect();
    facts.sort_by_key(|fact| fact.id);
    // The newest thing it tells; the moment of the export would make each one another document.
    let told = |fact: &&Fact| fact.declaration.as_ref().map_or(0, |said| said.declared_at_ms).max(fact.recorded_at_ms);
    let newest = facts.iter().map(told).max().unwrap_or(0);
    Document {
        context: [CONTEXT],
        kind: "EPCISDocument",
        schema_version: "2.0",
        creation_date: instant(newest),
        epcis_body: Body { event_list: facts.into_iter().filter_map(|fact| event(source, fact)).collect() },
    }
}

impl Document {
    /// Its text.
    pub fn to_json(&self) -> String {
        // Texts and numbers only: nothing in it can fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn instant(millis: i64) -> String {
    let at = chrono::DateTime::from_timestamp_millis(millis).unwrap_or_default();
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn zone(minutes: i32) -> String {
    let minutes = minutes.clamp(-MAX_OFFSET, MAX_OFFSET);
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// The event of a fact; `None` for a carton into or out of which nothing went, of which EPCIS has no event.
fn event(source: &Source, fact: &Fact) -> Option<Event> {
    let declaration = fact.declaration.as_ref().map(|said| ErrorDeclaration {
        declaration_time: instant(said.declared_at_ms),
        reason: match said.mistake {
            Mistake::DidNotOccur => "did_not_occur",
            Mistake::IncorrectData => "incorrect_data",
        },
        corrective_event_ids: said.corrected_by.iter().map(|id| source.event(*id)).collect(),
    });
    let base = Event {
        kind: "ObjectEvent",
        event_id: source.event(fact.id),
        event_time: instant(fact.performed_at_ms),
        event_time_zone_offset: zone(source.utc_offset_minutes),
        record_time: instant(fact.recorded_at_ms),
        error_declaration: declaration,
        action: "OBSERVE",
        read_point: Id { id: source.location(&fact.at) },
        biz_location: Some(Id { id: source.location(&source.site) }),
        ..Event::default()
    };
    Some(match &fact.act {
        Act::Received { plate, goods, document } => {
            let document = document.as_ref().map(|id| transaction(source, Some("po"), "document", id));
            let seen = observed(source, base, plate.as_deref(), goods);
            Event { biz_step: "receiving", biz_transaction_list: document.into_iter().collect(), ..seen }
        }
        Act::Stored { plate, goods } => {
            Event { biz_step: "storing", ..observed(source, base, plate.as_deref(), goods) }
        }
        Act::Picked { goods, order } => {
            let order = transaction(source, None, "order", order);
            let seen = observed(source, base, None, goods);
            Event { biz_step: "picking", biz_transaction_list: vec![order], ..seen }
        }
        Act::Packed { plate, goods } => {
            Event { action: "ADD", biz_step: "packing", ..aggregated(source, base, plate, goods)? }
        }
        Act::Unpacked { plate, goods } => {
            Event { action: "DELETE", biz_step: "unpacking", ..aggregated(source, base, plate, goods)? }
        }
        Act::Loaded { plates, load } => Event { biz_step: "loading", ..shipment(source, base, plates, load) },
        Act::Departed { plates, load } => Event {
            biz_step: "shipping",
            disposition: Some("in_transit"),
            // It is at no location of ours any more.
            biz_location: None,
            ..shipment(source, base, plates, load)
        },
        Act::ShipmentVoided { plates, load } => {
            Event { biz_step: "void_shipping", ..shipment(source, base, plates, load) }
        }
        Act::Counted { goods } => Event { biz_step: "cycle_counting", ..observed(source, base, None, goods) },
    })
}

fn transaction(source: &Source, kind: Option<&'static str>, path: &str, id: &str) -> BizTransaction {
    BizTransaction { kind, biz_transaction: source.transaction(path, id) }
}

/// Units that have a serial number, and how many there are of the rest.
fn contents(source: &Source, goods: &[Goods]) -> (Vec<String>, Vec<Quantity>) {
    let units = goods.iter().flat_map(|of| of.serials.iter().map(move |serial| source.unit(of, serial)));
    let counted = goods.iter().filter(|of| of.units > 0);
    let quantity = |of: &Goods| Quantity { epc_class: source.class(of), quantity: of.units };
    (units.collect(), counted.map(quantity).collect())
}

fn observed(source: &Source, base: Event, plate: Option<&str>, goods: &[Goods]) -> Event {
    let (units, quantity_list) = contents(source, goods);
    let plate = plate.map(|number| source.plate(number));
    let epcs: Vec<String> = plate.into_iter().chain(units).collect();
    // An empty list is how an observation of nothing is told.
    let epc_list = (!epcs.is_empty() || quantity_list.is_empty()).then_some(epcs);
    Event { epc_list, quantity_list, ..base }
}

fn aggregated(source: &Source, base: Event, plate: &str, goods: &[Goods]) -> Option<Event> {
    let (units, child_quantity_list) = contents(source, goods);
    if units.is_empty() && child_quantity_list.is_empty() {
        return None;
    }
    let child_epcs = (!units.is_empty()).then_some(units);
    let parent_id = Some(source.plate(plate));
    Some(Event { kind: "AggregationEvent", parent_id, child_epcs, child_quantity_list, ..base })
}

fn shipment(source: &Source, base: Event, plates: &[String], load: &str) -> Event {
    let epc_list = Some(plates.iter().map(|plate| source.plate(plate)).collect());
    let load = transaction(source, Some("desadv"), "load", load);
    Event { epc_list, biz_transaction_list: vec![load], ..base }
}
