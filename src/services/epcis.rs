//! What happened on a floor as EPCIS 2.0: the journal's Floor events as facts of `munshi_protocols::epcis`.
//!
//! Invariant: the document follows from the journal's entries up to the end of the time asked for, and from nothing
//! else; the same question gives the same bytes. Times are those of recording. It tells what goods did, not what the
//! books were told: adjustments after a count, shorts and plans are no events of EPCIS.

use std::collections::BTreeMap;

use munshi_actors::node::Node;
use munshi_domain::{
    EntityId, Kind, Sku, Timestamp, WarehouseId,
    floor::{By, CountLine, FloorEvent, LoadId, LocationCode, Move, PlateId, WorkEvent},
};
use munshi_protocols::epcis::{Act, Document, Fact, FactId, Goods, Location, Source, document};

use crate::{config::Config, problem::Problem};

/// Journal entries read at a time.
const PAGE: usize = 500;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The floor.
    pub warehouse: WarehouseId,
    /// Recorded at or after this.
    pub from: Option<Timestamp>,
    /// Recorded before this.
    pub to: Option<Timestamp>,
    /// Most facts; more are refused.
    pub most: usize,
}

/// An instant as RFC 3339, or a day, which is its first instant in UTC.
///
/// # Errors
/// What is wrong with it.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let parsed = chrono::DateTime::parse_from_rfc3339(&whole);
    parsed.map(|at| Timestamp::from_millis(at.timestamp_millis())).map_err(|_| {
        format!("{text:?} is neither a day such as 2026-03-01 nor an instant such as 2026-03-01T09:30:00Z")
    })
}

/// The document of a floor, and how many facts it tells.
///
/// # Errors
/// `not_found` for a floor that has no site, `bad_query` for more facts than asked for at most, `unavailable`.
pub async fn export(node: &Node, config: &Config, wanted: &Wanted) -> Result<(Document, usize), Problem> {
    let store = node.store();
    let first = store.journal(0, 1).await?;
    let epoch = first.first().map(|entry| entry.hash.clone()).unwrap_or_default();
    let entity = EntityId::new(Kind::Floor, wanted.warehouse.as_str());
    let mut told = Told::default();
    let mut after = 0;
    'pages: loop {
        let entries = store.history(&entity, after, PAGE).await?;
        let Some(last) = entries.last() else { break };
        after = last.last;
        for entry in &entries {
            if wanted.to.is_some_and(|to| entry.at >= to) {
                break 'pages;
            }
            let inside = wanted.from.is_none_or(|from| entry.at >= from);
            let mut part = 0;
            for event in &entry.events {
                let event: FloorEvent = serde_json::from_value(event.clone()).map_err(Problem::internal)?;
                told.learn(&event);
                for (by, at, act) in told.acts(&event) {
                    if inside {
                        told.facts.push(fact(FactId { offset: entry.seq, part }, &by, at, act));
                    }
                    part += 1;
                }
            }
        }
        if told.facts.len() > wanted.most {
            break;
        }
    }
    if told.facts.len() > wanted.most {
        let detail = format!("more than {} events; narrow from and to", wanted.most);
        return Err(Problem::new("bad_query", detail).at("from"));
    }
    let minutes = told.utc_offset_minutes.ok_or_else(|| Problem::not_found("floor"))?;
    let host = config.server.allowed_hosts.first().map_or("localhost", String::as_str);
    let source = Source {
        base: format!("https://{host}"),
        epoch,
        site: Location { code: wanted.warehouse.to_string(), gln: None, extension: None },
        utc_offset_minutes: minutes,
    };
    Ok((document(&source, &told.facts), told.facts.len()))
}

fn fact(id: FactId, by: &By, at: Location, act: Act) -> Fact {
    Fact {
        id,
        performed_at_ms: by.performed_at.as_millis(),
        recorded_at_ms: by.recorded_at.as_millis(),
        at,
        act,
        declaration: None,
    }
}

/// What the events so far told.
#[derive(Default)]
struct Told {
    utc_offset_minutes: Option<i32>,
    /// GLN, with extension, by location.
    glns: BTreeMap<LocationCode, String>,
    /// GTIN of one unit by item.
    gtins: BTreeMap<Sku, String>,
    /// Where each count is.
    counts: BTreeMap<u64, LocationCode>,
    /// The door of each load.
    doors: BTreeMap<LoadId, LocationCode>,
    facts: Vec<Fact>,
}

impl Told {
    /// Master data the facts are told with, as they were then.
    fn learn(&mut self, event: &FloorEvent) {
        match event {
            FloorEvent::SiteSet { site } => self.utc_offset_minutes = Some(site.utc_offset_minutes),
            FloorEvent::LocationPut { location } => match &location.gln {
                Some(gln) => drop(self.glns.insert(location.code.clone(), gln.clone())),
                None => drop(self.glns.remove(&location.code)),
            },
            FloorEvent::ItemRulePut { rule } => {
                let unit = rule.packs.iter().find(|pack| pack.units == Some(1));
                match unit {
                    Some(pack) => drop(self.gtins.insert(rule.sku.clone(), pack.gtin.clone())),
                    None => drop(self.gtins.remove(&rule.sku)),
                }
            }
            FloorEvent::Work(WorkEvent::LoadPlanned { load, plan, .. }) => {
                self.doors.insert(load.clone(), plan.door.clone());
            }
            FloorEvent::CountOpened { task } => drop(self.counts.insert(task.id, task.location.clone())),
            _ => {}
        }
    }

    fn location(&self, code: &LocationCode) -> Location {
        let known = self.glns.get(code).and_then(|text| text.split_at_checked(13));
        let extension = known.map(|(_, rest)| rest.to_owned()).filter(|rest| !rest.is_empty());
        Location { code: code.to_string(), gln: known.map(|(gln, _)| gln.to_owned()), extension }
    }

    fn goods(&self, moves: &[Move]) -> Vec<Goods> {
        let of = |one: &Move| {
            self.units(&one.goods.sku, one.goods.lot.as_ref().map(ToString::to_string), one.units, {
                one.serials.iter().map(ToString::to_string).collect()
            })
        };
        moves.iter().map(of).collect()
    }

    fn units(&self, sku: &Sku, lot: Option<String>, units: u32, serials: Vec<String>) -> Goods {
        let rest = units.saturating_sub(u32::try_from(serials.len()).unwrap_or(u32::MAX));
        Goods { sku: sku.to_string(), gtin: self.gtins.get(sku).cloned(), lot, units: rest, serials }
    }

    /// Moves to the same location as one fact, in order of location.
    fn stored(&self, moves: &[Move], by: &By) -> Vec<(By, Location, Act)> {
        let mut by_place: BTreeMap<LocationCode, Vec<Move>> = BTreeMap::new();
        for one in moves {
            if let Some(to) = &one.to {
                by_place.entry(to.bin.clone()).or_default().push(one.clone());
            }
        }
        let act = |moves: &[Move]| Act::Stored { plate: None, goods: self.goods(moves) };
        by_place.iter().map(|(bin, moves)| (by.clone(), self.location(bin), act(moves))).collect()
    }

    fn acts(&self, event: &FloorEvent) -> Vec<(By, Location, Act)> {
        let plate = |plate: &PlateId| Some(plate.to_string());
        match event {
            FloorEvent::Received(received) => {
                let act = Act::Received {
                    plate: plate(&received.plate),
                    goods: self.goods(&received.moves),
                    document: Some(received.doc.to_string()),
                };
                vec![(received.by.clone(), self.location(&received.bin), act)]
            }
            FloorEvent::Returned { plate: on, bin, moves, by, .. } => {
                let plate = on.as_ref().map(ToString::to_string);
                let act = Act::Received { plate, goods: self.goods(moves), document: None };
                vec![(by.clone(), self.location(bin), act)]
            }
            FloorEvent::Stored { plate: stored, bin, by, .. } => {
                vec![(by.clone(), self.location(bin), Act::Stored { plate: plate(stored), goods: vec![] })]
            }
            FloorEvent::GoodsMoved { moves, by, .. } => self.stored(moves, by),
            FloorEvent::PlateRelabelled { plate, into, moves, by } => {
                let Some(bin) = moves.iter().find_map(|one| one.to.as_ref()).map(|to| &to.bin) else { return vec![] };
                let goods = self.goods(moves);
                let off = Act::Unpacked { plate: plate.to_string(), goods: goods.clone() };
                let on = Act::Packed { plate: into.to_string(), goods };
                vec![(by.clone(), self.location(bin), off), (by.clone(), self.location(bin), on)]
            }
            FloorEvent::Counted { task, lines, by, .. } => {
                let Some(bin) = self.counts.get(task) else { return vec![] };
                let of = |line: &CountLine| {
                    let serials = line.serials.iter().map(ToString::to_string).collect();
                    self.units(&line.sku, line.lot.as_ref().map(ToString::to_string), line.units, serials)
                };
                vec![(by.clone(), self.location(bin), Act::Counted { goods: lines.iter().map(of).collect() })]
            }
            FloorEvent::Work(event) => self.work(event),
            _ => vec![],
        }
    }

    fn work(&self, event: &WorkEvent) -> Vec<(By, Location, Act)> {
        let at = |moves: &[Move]| {
            moves.iter().find_map(|one| one.from.as_ref().or(one.to.as_ref())).map(|place| self.location(&place.bin))
        };
        let door = |load: &LoadId| self.doors.get(load).map(|door| self.location(door));
        let one = |by: &By, at: Option<Location>, act: Act| at.map(|at| (by.clone(), at, act)).into_iter().collect();
        match event {
            WorkEvent::Picked(picked) => {
                let order = picked.parcel.order.to_string();
                let act = Act::Picked { goods: self.goods(&picked.moves), order };
                one(&picked.by, at(&picked.moves), act)
            }
            WorkEvent::CartonLabelled { plate, moves, by, .. } => {
                let act = Act::Packed { plate: plate.to_string(), goods: self.goods(moves) };
                one(by, at(moves), act)
            }
            WorkEvent::PutBack { moves, by, .. } => self.stored(moves, by),
            WorkEvent::Loaded { load, plate, by, .. } => {
                let act = Act::Loaded { plates: vec![plate.to_string()], load: load.to_string() };
                one(by, door(load), act)
            }
            WorkEvent::Departed { load, plates, by, .. } => {
                let plates = plates.iter().map(ToString::to_string).collect();
                one(by, door(load), Act::Departed { plates, load: load.to_string() })
            }
            _ => vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use munshi_domain::{
        OrderId, ParcelId, UserId,
        floor::{
            DeviceId, Goods as Units, Load, Location as Bin, LocationKind, Place, SerialNo, TaskId,
            outbound::{Held, Picked},
        },
    };

    use super::*;

    fn by() -> By {
        let at = Timestamp::from_millis(1);
        let (device, operator) = (DeviceId::parse("gun-1").unwrap(), UserId::from_u128(1));
        By { device, operator, performed_at: at, recorded_at: at, offline: false, clamped: false }
    }

    fn bin(code: &str) -> LocationCode {
        LocationCode::parse(code).unwrap()
    }

    fn moved(from: Option<&str>, to: Option<&str>, units: u32, serials: &[&str]) -> Move {
        let place = |code: &str| Place::loose(bin(code));
        let serials = serials.iter().map(|serial| SerialNo::parse(serial).unwrap()).collect();
        let goods = Units::plain(Sku::parse("KURTA-M").unwrap());
        Move { goods, units, from: from.map(place), to: to.map(place), serials }
    }

    fn parcel() -> ParcelId {
        ParcelId { order: OrderId::from_u128(7), number: 1 }
    }

    #[test]
    fn inv_13_a_pick_a_carton_and_a_departure_are_told_where_they_happened() {
        let mut told = Told::default();
        let mut shelf = Bin::open(bin("A-01"), LocationKind::PickFace);
        shelf.gln = Some("0614141000029P1".into());
        told.learn(&FloorEvent::LocationPut { location: shelf });
        let goods = Units::plain(Sku::parse("KURTA-M").unwrap());
        let picked = Picked {
            task: TaskId(1),
            parcel: parcel(),
            line: 1,
            held: Held { line: 1, goods, units: 3, serials: vec![] },
            over: 0,
            tote: bin("TOTE-1"),
            moves: vec![moved(Some("A-01"), Some("TOTE-1"), 3, &["S1"])],
            total: 3,
            by: by(),
        };
        let acts = told.acts(&FloorEvent::Work(WorkEvent::Picked(Box::new(picked))));
        let [(_, at, Act::Picked { goods, order })] = acts.as_slice() else { panic!("{acts:?}") };
        assert_eq!((at.gln.as_deref(), at.extension.as_deref()), (Some("0614141000029"), Some("P1")));
        assert_eq!((goods[0].units, goods[0].serials.as_slice()), (2, &["S1".to_owned()][..]), "each unit once");
        assert_eq!(*order, parcel().order.to_string());

        let plate = PlateId::parse("006141411234567890").unwrap();
        let (moves, at) = (vec![moved(Some("PACK-1"), Some("PACK-1"), 3, &[])], bin("PACK-1").to_string());
        let labelled = WorkEvent::CartonLabelled { parcel: parcel(), plate: plate.clone(), moves, by: by() };
        let acts = told.acts(&FloorEvent::Work(labelled));
        assert!(matches!(acts.as_slice(), [(_, place, Act::Packed { .. })] if place.code == at), "{acts:?}");

        let load = LoadId::parse("L-1").unwrap();
        let plan = Load::planned(bin("DOOR-1"), vec![vec![parcel()]], None, false);
        told.learn(&FloorEvent::Work(WorkEvent::LoadPlanned { load: load.clone(), plan, before: vec![] }));
        let departed = WorkEvent::Departed {
            load,
            parcels: vec![parcel()],
            left: vec![],
            plates: vec![plate],
            moves: vec![],
            by: by(),
        };
        let acts = told.acts(&FloorEvent::Work(departed));
        let [(_, at, Act::Departed { plates, load })] = acts.as_slice() else { panic!("{acts:?}") };
        assert_eq!((at.code.as_str(), plates.len(), load.as_str()), ("DOOR-1", 1, "L-1"));
    }

    #[test]
    fn moves_to_several_locations_are_told_one_by_one() {
        let told = Told::default();
        let moves = vec![
            moved(Some("A-01"), Some("B-01"), 1, &[]),
            moved(Some("A-01"), Some("B-02"), 2, &[]),
            moved(Some("A-02"), Some("B-01"), 3, &[]),
        ];
        let acts = told.acts(&FloorEvent::GoodsMoved { moves, reason: None, by: by() });
        let places: Vec<_> = acts.iter().map(|(_, at, _)| at.code.as_str()).collect();
        assert_eq!(places, ["B-01", "B-02"]);
    }

    #[test]
    fn an_instant_is_a_day_or_a_moment() {
        assert_eq!(instant("1970-01-02"), Ok(Timestamp::from_millis(86_400_000)));
        assert_eq!(instant("1970-01-01T05:00:01+05:00"), Ok(Timestamp::from_millis(1_000)));
        for bad in ["", "yesterday", "1970-13-01", "1970-01-01T00:00:00"] {
            assert!(instant(bad).is_err(), "{bad}");
        }
    }
}
