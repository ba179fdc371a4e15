//! The document of a floor: one part for the site, one per record.
//!
//! Invariant: [`Floor::build`] undoes [`Floor::to_part`] over every part, and an event changes no part that
//! [`Floor::touched`] does not name. It has no rules; indexes are made anew.

use serde::Serialize;

use crate::{
    ParcelId, Part, PartJson, Sku,
    floor::{
        Bin, DeviceEvent, Floor, FloorEvent, ItemRule, Location, LocationCode, Lot, LotRecord, Move, Plate, PlateId,
        Recorded, TaskId, WorkEvent, device::CommandLog, state::Main,
    },
};

fn part(kind: &str, id: impl std::fmt::Display) -> Part {
    Part::named(format!("{kind}/{id}"))
}

/// The lot comes first: it has no `|`, an item's code may have one.
fn lot_part(sku: &Sku, lot: &Lot) -> Part {
    part("lot", format_args!("{lot}|{sku}"))
}

fn answer_parts(recorded: &Recorded) -> Vec<Part> {
    let device = &recorded.device;
    let mut parts = vec![part("device", device), part("answer", format_args!("{device}/{}", recorded.seq))];
    let changed = CommandLog::touched(recorded.seq).chain(recorded.forgotten.iter().copied());
    parts.extend(changed.map(|seq| part("answer", format_args!("{device}/{seq}"))));
    parts
}

fn device_parts(event: &DeviceEvent) -> Vec<Part> {
    let device = event.device().map(|device| part("device", device));
    let badge = event.badge().map(|badge| part("badge", badge));
    device.into_iter().chain(badge).collect()
}

fn work_parts(event: &WorkEvent) -> Vec<Part> {
    let mut parts = Vec::new();
    parts.extend(event.task().map(|task| part("task", task)));
    parts.extend(event.parcel().map(|parcel| part("parcel", parcel)));
    parts.extend(event.load().map(|load| part("load", load)));
    match event {
        WorkEvent::WorkForgotten { tasks, parcels, loads } => {
            parts.extend(tasks.iter().map(|id| part("task", id)));
            parts.extend(parcels.iter().map(|id| part("parcel", id)));
            parts.extend(loads.iter().map(|id| part("load", id)));
        }
        WorkEvent::LoadPlanned { plan, before, .. } => {
            parts.extend(plan.parcels().chain(before.iter().copied()).map(|id| part("parcel", id)));
        }
        WorkEvent::CartonLabelled { plate, .. }
        | WorkEvent::CartonClosed { plate, .. }
        | WorkEvent::Loaded { plate, .. } => {
            parts.push(part("plate", plate));
        }
        WorkEvent::Departed { parcels, left, plates, .. } => {
            parts.extend(parcels.iter().chain(left).map(|id| part("parcel", id)));
            parts.extend(plates.iter().map(|id| part("plate", id)));
        }
        _ => {}
    }
    parts
}

fn moved(moves: &[Move]) -> Vec<Part> {
    let mut parts = Vec::new();
    for Move { goods, from, to, .. } in moves {
        parts.extend(from.iter().chain(to).map(|place| part("bin", &place.bin)));
        parts.extend(goods.lot.as_ref().map(|lot| lot_part(&goods.sku, lot)));
    }
    parts
}

impl Floor {
    pub(super) fn touched(event: &FloorEvent) -> Vec<Part> {
        use FloorEvent as E;
        let mut parts = match event {
            E::SiteSet { .. } => vec![],
            E::LocationPut { location } => vec![part("loc", &location.code)],
            E::ItemRulePut { rule } => vec![part("item", &rule.sku)],
            E::LotStatusSet { sku, lot, .. } => vec![lot_part(sku, lot)],
            E::Device(event) => device_parts(event),
            E::Work(event) => work_parts(event),
            E::DeviceEnrolled { device, .. } | E::OperatorSet { device, .. } => vec![part("device", device)],
            E::SessionMoved { device, .. } => vec![part("session", device)],
            E::DeviceAnswered(recorded) | E::DeviceCommandRejected(recorded) => answer_parts(recorded),
            E::ReceiptExpected { doc } => vec![part("doc", &doc.id)],
            E::DocJoined { doc, .. } | E::DocLeft { doc, .. } | E::DocClosed { doc, .. } => vec![part("doc", doc)],
            E::PlateCreated { plate, .. }
            | E::PlateTaken { plate, .. }
            | E::PlateLet { plate }
            | E::PlateStateSet { plate, .. }
            | E::PlateHeld { plate, .. }
            | E::Stored { plate, .. } => vec![part("plate", plate)],
            E::PlateRelabelled { plate, into, .. } => vec![part("plate", plate), part("plate", into)],
            E::Received(received) => vec![part("doc", &received.doc), part("plate", &received.plate)],
            E::GoodsMoved { .. } => vec![],
            E::CountOpened { task } => vec![part("count", task.id)],
            E::CountStarted { task, .. }
            | E::CountLeft { task }
            | E::Counted { task, .. }
            | E::CountAccepted { task, .. }
            | E::CountDisputed { task, .. }
            | E::CountReopened { task } => vec![part("count", task)],
            E::ReturnExpected { rma } => vec![part("rma", &rma.id)],
            E::Returned { rma, .. } | E::ReturnClosed { rma, .. } => vec![part("rma", rma)],
            E::ExceptionOpened { exception } => vec![part("exception", exception.id)],
            E::ExceptionResolved { id, .. } => vec![part("exception", id)],
            E::ApprovalRaised { approval } => vec![part("approval", approval.id)],
            E::ApprovalDecided { id, .. } => vec![part("approval", id)],
            E::Noticed { notice } => vec![part("notice", notice.id)],
            E::NoticesForgotten { notices } => notices.iter().map(|id| part("notice", id)).collect(),
            E::PlatesForgotten { plates } => plates.iter().map(|plate| part("plate", plate)).collect(),
        };
        parts.extend(moved(event.moves()));
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    pub(super) fn to_part(&self, part: &Part) -> Option<PartJson> {
        fn json<T: Serialize>(value: Option<&T>) -> Option<PartJson> {
            value.map(PartJson::of)
        }
        if *part == Part::main() {
            return json(Some(&self.main));
        }
        let (kind, id) = part.0.split_once('/')?;
        match kind {
            "loc" => json(self.locations.get(&LocationCode::parse(id).ok()?)),
            "item" => json(self.items.get(&Sku::parse(id).ok()?)),
            "lot" => {
                let (lot, sku) = id.split_once('|')?;
                json(self.lots.get(&(Sku::parse(sku).ok()?, Lot::parse(lot).ok()?)))
            }
            "bin" => json(self.bins.get(&LocationCode::parse(id).ok()?)),
            "plate" => json(self.plates.get(&PlateId::parse(id).ok()?)),
            "doc" => json(self.docs.get(&crate::floor::DocId::parse(id).ok()?)),
            "rma" => json(self.rmas.get(&crate::floor::DocId::parse(id).ok()?)),
            "count" => json(self.counts.get(&id.parse().ok()?)),
            "exception" => json(self.exceptions.get(&id.parse().ok()?)),
            "approval" => json(self.approvals.get(&id.parse().ok()?)),
            "notice" => json(self.notices.get(&id.parse().ok()?)),
            "session" => json(self.sessions.get(&crate::floor::DeviceId::parse(id).ok()?)),
            "device" => json(Some(&self.device(&crate::floor::DeviceId::parse(id).ok()?)?.record)),
            "badge" => json(self.badge(id)),
            "task" => json(self.work.tasks.get(TaskId(id.parse().ok()?))),
            "parcel" => json(self.work.parcel(ParcelId::parse(id).ok()?)),
            "load" => json(self.work.load(&crate::floor::LoadId::parse(id).ok()?)),
            "answer" => {
                let (device, seq) = id.rsplit_once('/')?;
                json(self.device(&crate::floor::DeviceId::parse(device).ok()?)?.log.get(seq.parse().ok()?))
            }
            _ => None,
        }
    }

    pub(super) fn all_parts(&self) -> Vec<Part> {
        let mut parts = vec![Part::main()];
        parts.extend(self.locations.keys().map(|id| part("loc", id)));
        parts.extend(self.items.keys().map(|id| part("item", id)));
        parts.extend(self.lots.keys().map(|(sku, lot)| lot_part(sku, lot)));
        parts.extend(self.bins.keys().map(|id| part("bin", id)));
        parts.extend(self.plates.keys().map(|id| part("plate", id)));
        parts.extend(self.docs.keys().map(|id| part("doc", id)));
        parts.extend(self.rmas.keys().map(|id| part("rma", id)));
        parts.extend(self.counts.keys().map(|id| part("count", id)));
        parts.extend(self.exceptions.keys().map(|id| part("exception", id)));
        parts.extend(self.approvals.keys().map(|id| part("approval", id)));
        parts.extend(self.notices.keys().map(|id| part("notice", id)));
        parts.extend(self.sessions.keys().map(|id| part("session", id)));
        parts.extend(self.devices.devices.keys().map(|id| part("device", id)));
        for (id, device) in &self.devices.devices {
            parts.extend(device.log.kept().map(|(seq, _)| part("answer", format_args!("{id}/{seq}"))));
        }
        parts.extend(self.devices.badges.keys().map(|id| part("badge", id)));
        parts.extend(self.work.tasks.iter().map(|(id, _)| part("task", id)));
        parts.extend(self.work.parcels().map(|(id, _)| part("parcel", id)));
        parts.extend(self.work.loads().map(|(id, _)| part("load", id)));
        parts
    }

    pub(super) fn build(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        let mut floor = Self::default();
        let mut main = None;
        for (part, json) in parts {
            if part == Part::main() {
                main = Some(json.read::<Main>()?);
                continue;
            }
            let (kind, id) = part.0.split_once('/').ok_or_else(|| format!("unknown part {:?}", part.0))?;
            floor.put_part(kind, id, &json)?;
        }
        floor.main = main.ok_or("main part missing")?;
        for (id, device) in &floor.devices.devices {
            floor.work.tasks.hear(id, device.record.seen);
        }
        Ok(floor)
    }

    fn put_part(&mut self, kind: &str, id: &str, json: &PartJson) -> Result<(), String> {
        let number = || id.parse::<u64>().map_err(|error| error.to_string());
        match kind {
            "loc" => {
                let location: Location = json.read()?;
                self.locations.insert(location.code.clone(), location);
            }
            "item" => {
                let rule: ItemRule = json.read()?;
                self.put_item(rule);
            }
            "lot" => {
                let (lot, sku) = id.split_once('|').ok_or("part of a lot without an item")?;
                let record: LotRecord = json.read()?;
                self.put_lot(name(sku, Sku::parse)?, name(lot, Lot::parse)?, record);
            }
            "bin" => {
                let bin: Bin = json.read()?;
                self.put_bin(name(id, LocationCode::parse)?, bin);
            }
            "plate" => {
                let plate: Plate = json.read()?;
                self.put_plate(plate);
            }
            "doc" => drop(self.docs.insert(name(id, crate::floor::DocId::parse)?, json.read()?)),
            "rma" => drop(self.rmas.insert(name(id, crate::floor::DocId::parse)?, json.read()?)),
            "count" => drop(self.counts.insert(number()?, json.read()?)),
            "exception" => drop(self.exceptions.insert(number()?, json.read()?)),
            "approval" => drop(self.approvals.insert(number()?, json.read()?)),
            "notice" => self.put_notice(json.read()?),
            "session" => drop(self.sessions.insert(name(id, crate::floor::DeviceId::parse)?, json.read()?)),
            "device" => {
                let device = self.devices.devices.entry(name(id, crate::floor::DeviceId::parse)?).or_default();
                device.put(json.read()?);
            }
            "answer" => {
                let (device, seq) = id.rsplit_once('/').ok_or("part of an answer without a device")?;
                let device = self.devices.devices.entry(name(device, crate::floor::DeviceId::parse)?).or_default();
                device.log.restore(name(seq, str::parse::<u64>)?, json.read()?);
            }
            "badge" => drop(self.devices.badges.insert(id.to_owned(), json.read()?)),
            "task" => {
                let task: crate::floor::Task = json.read()?;
                self.work.tasks.edit(TaskId(number()?), |_| Some(task));
            }
            "parcel" => {
                let parcel: crate::floor::Outbound = json.read()?;
                self.work.edit_parcel(name(id, ParcelId::parse)?, |_| Some(parcel));
            }
            "load" => {
                let load: crate::floor::Load = json.read()?;
                self.work.edit_load(&name(id, crate::floor::LoadId::parse)?, |_| Some(load));
            }
            _ => return Err(format!("unknown part {kind}/{id}")),
        }
        Ok(())
    }
}

fn name<T, E: std::fmt::Display>(text: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, String> {
    parse(text).map_err(|error| error.to_string())
}
