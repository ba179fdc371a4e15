//! What happened on a floor as EPCIS 2.0: the journal's Floor events as facts of `munshi_protocols::epcis`.
//!
//! Invariant: the document follows from the journal's entries up to the end of the time asked for, and from nothing
//! else; the same question gives the same bytes. Master data as it stood at some entries is remembered ([`Marks`]), so
//! that a question about later ones begins there and not at the journal's beginning. Times are those of recording. It tells what goods did, not what the
//! books were told: adjustments after a count, shorts and plans are no events of EPCIS.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

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
    /// Only what came behind this version of the floor.
    pub after: Option<u64>,
    /// Facts after which the document ends; those of one entry stay together.
    pub most: usize,
}

/// A document.
#[derive(Debug)]
pub struct Exported {
    /// The events.
    pub document: Document,
    /// How many there are.
    pub count: usize,
    /// The version of the floor behind which more may be.
    pub next: Option<u64>,
}

/// Entries between two marks.
const BETWEEN: u64 = 5_000;
/// Most marks of a floor; beyond, every second goes.
const MARKS: usize = 16;

/// Marks of one floor: when the entry was recorded, and master data behind it, by version.
type MarksOf = BTreeMap<u64, (Timestamp, Arc<Master>)>;

/// Master data as it stood behind some entries of each floor. It is lost with the process and made anew by reading.
#[derive(Debug, Default)]
pub struct Marks(Mutex<BTreeMap<WarehouseId, MarksOf>>);

impl Marks {
    /// The last mark from which a question can be answered: nothing it asks for is before it.
    fn before(&self, wanted: &Wanted) -> (u64, Arc<Master>) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let usable = |(version, (at, _)): &(&u64, &(Timestamp, Arc<Master>))| {
            wanted.after.is_some_and(|after| **version <= after) || wanted.from.is_some_and(|from| *at < from)
        };
        let mark = all.get(&wanted.warehouse).and_then(|marks| marks.iter().rev().find(usable));
        mark.map_or_else(Default::default, |(version, (_, master))| (*version, Arc::clone(master)))
    }

    fn keep(&self, warehouse: &WarehouseId, version: u64, at: Timestamp, master: &Master) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let marks = all.entry(warehouse.clone()).or_default();
        marks.insert(version, (at, Arc::new(master.clone())));
        if marks.len() > MARKS {
            let mut nth = 0_usize;
            let newest = version;
            marks.retain(|version, _| {
                nth += 1;
                nth.is_multiple_of(2) || *version == newest
            });
        }
    }
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

/// The document of a floor.
///
/// # Errors
/// `not_found` for a floor that has no site, `unavailable`.
pub async fn export(node: &Node, config: &Config, marks: &Marks, wanted: &Wanted) -> Result<Exported, Problem> {
    let store = node.store();
    let first = store.journal(0, 1).await?;
    let epoch = first.first().map(|entry| entry.hash.clone()).unwrap_or_default();
    let entity = EntityId::new(Kind::Floor, wanted.warehouse.as_str());
    let (mut after, master) = marks.before(wanted);
    let mut told = Master::clone(&master);
    let (mut facts, mut next, mut marked) = (Vec::new(), None, after);
    'pages: loop {
        let entries = store.history(&entity, after, PAGE).await?;
        let Some(last) = entries.last() else { break };
        after = last.last;
        for entry in &entries {
            if facts.len() >= wanted.most {
                // Everything up to the entry before was told.
                next = Some(entry.first.saturating_sub(1));
                break 'pages;
            }
            if wanted.to.is_some_and(|to| entry.at >= to) {
                break 'pages;
            }
            let inside = wanted.from.is_none_or(|from| entry.at >= from)
                && wanted.after.is_none_or(|version| entry.first > version);
            let mut part = 0;
            for event in &*entry.events.read::<FloorEvent>().map_err(Problem::internal)? {
                told.learn(event);
                for (by, at, act) in told.acts(event) {
                    if inside {
                        facts.push(fact(FactId { offset: entry.seq, part }, &by, at, act));
                    }
                    part += 1;
                }
            }
            if entry.last >= marked + BETWEEN || (facts.len() >= wanted.most && entry.last > marked) {
                marked = entry.last;
                marks.keep(&wanted.warehouse, marked, entry.at, &told);
            }
        }
    }
    let minutes = told.utc_offset_minutes.ok_or_else(|| Problem::not_found("floor"))?;
    let host = config.server.allowed_hosts.first().map_or("localhost", String::as_str);
    let source = Source {
        base: format!("https://{host}"),
        epoch,
        site: Location { code: wanted.warehouse.to_string(), gln: None, extension: None },
        utc_offset_minutes: minutes,
    };
    Ok(Exported { document: document(&source, &facts), count: facts.len(), next })
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

/// What the events so far told of master data.
#[derive(Clone, Debug, Default, PartialEq)]
struct Master {
    utc_offset_minutes: Option<i32>,
    /// GLN, with extension, by location.
    glns: BTreeMap<LocationCode, String>,
    /// GTIN of one unit by item.
    gtins: BTreeMap<Sku, String>,
    /// Where each count is.
    counts: BTreeMap<u64, LocationCode>,
    /// The door of each load.
    doors: BTreeMap<LoadId, LocationCode>,
}

impl Master {
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
            // Nothing is told of them any more.
            FloorEvent::CountAccepted { task, .. } => drop(self.counts.remove(task)),
            FloorEvent::Work(WorkEvent::WorkForgotten { loads, .. }) => {
                loads.iter().for_each(|load| drop(self.doors.remove(load)));
            }
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
        let mut told = Master::default();
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
        let told = Master::default();
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
    fn a_question_begins_at_the_last_mark_before_it() {
        let (marks, warehouse) = (Marks::default(), WarehouseId::parse("KHI-1").unwrap());
        let at = Timestamp::from_millis;
        let master = |minutes| Master { utc_offset_minutes: Some(minutes), ..Master::default() };
        for version in [10, 20, 30] {
            let minutes = i32::try_from(version).unwrap();
            marks.keep(&warehouse, version, at(i64::from(minutes) * 100), &master(minutes));
        }
        let before = |after: Option<u64>, from: Option<i64>| {
            let wanted = Wanted { warehouse: warehouse.clone(), from: from.map(at), to: None, after, most: 1 };
            let (version, known) = marks.before(&wanted);
            assert_eq!(known.utc_offset_minutes, (version > 0).then(|| i32::try_from(version).unwrap()));
            version
        };
        assert_eq!((before(None, None), before(Some(9), None), before(None, Some(1_000))), (0, 0, 0));
        assert_eq!((before(Some(20), None), before(Some(29), None), before(None, Some(2_001))), (20, 20, 20));
        assert_eq!(before(Some(10), Some(9_999)), 30, "what the time leaves out needs no telling");
        let other =
            Wanted { warehouse: WarehouseId::parse("LHE-1").unwrap(), from: None, to: None, after: Some(99), most: 1 };
        assert_eq!(marks.before(&other).0, 0);
        for version in 31..100 {
            marks.keep(&warehouse, version, at(i64::try_from(version).unwrap() * 100), &master(0));
        }
        let kept = marks.0.lock().unwrap()[&warehouse].keys().copied().collect::<Vec<_>>();
        assert!(kept.len() <= MARKS && kept.last() == Some(&99), "{kept:?}");
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
