//! Folding events and keeping the indexes. No rules, and total: what an event names and is not there is left out.

use crate::{
    Sku, Timestamp,
    floor::{
        Attempt, Bin, CountState, Counting, DocBody, Floor, FloorEvent, ItemRule, LocationCode, Lot, LotRecord, Move,
        Place, Plate, PlateId, PlateState, Received,
    },
};

impl Floor {
    pub(super) fn put_item(&mut self, rule: ItemRule) {
        if let Some(old) = self.items.remove(&rule.sku) {
            for pack in old.packs {
                if let Some(skus) = self.gtins.get_mut(&pack.gtin) {
                    skus.remove(&rule.sku);
                    if skus.is_empty() {
                        self.gtins.remove(&pack.gtin);
                    }
                }
            }
        }
        for pack in &rule.packs {
            self.gtins.entry(pack.gtin.clone()).or_default().insert(rule.sku.clone());
        }
        self.items.insert(rule.sku.clone(), rule);
    }

    pub(super) fn put_lot(&mut self, sku: Sku, lot: Lot, record: LotRecord) {
        self.lot_items.entry(lot.clone()).or_default().insert(sku.clone());
        self.lots.insert((sku, lot), record);
    }

    pub(super) fn put_bin(&mut self, code: LocationCode, bin: Bin) {
        for line in &bin.lines {
            self.homes.entry(line.goods.sku.clone()).or_default().insert(code.clone());
            for serial in &line.serials {
                self.serials.insert((line.goods.sku.clone(), serial.clone()), code.clone());
            }
        }
        self.bins.insert(code, bin);
    }

    pub(super) fn put_plate(&mut self, plate: Plate) {
        if let Some(old) = self.plates.get(&plate.id) {
            self.ended.remove(&(old.since, plate.id.clone()));
        }
        if plate.state.ended() {
            self.ended.insert((plate.since, plate.id.clone()));
        }
        self.plates.insert(plate.id.clone(), plate);
    }

    pub(super) fn edit_plate(&mut self, id: &PlateId, change: impl FnOnce(&mut Plate)) {
        if let Some(mut plate) = self.plates.get(id).cloned() {
            change(&mut plate);
            self.put_plate(plate);
        }
    }

    fn shift(&mut self, step: &Move, place: &Place, incoming: bool) {
        let (version, sku) = (self.main.version, &step.goods.sku);
        let bin = self.bins.entry(place.bin.clone()).or_default();
        let delta = i64::from(step.units) * if incoming { 1 } else { -1 };
        bin.shift(version, &step.goods, place.plate.as_ref(), delta, &step.serials);
        let there = bin.lines.iter().any(|line| line.goods.sku == *sku);
        let homes = self.homes.entry(sku.clone()).or_default();
        let _ = if there { homes.insert(place.bin.clone()) } else { homes.remove(&place.bin) };
        if homes.is_empty() {
            self.homes.remove(sku);
        }
        for serial in &step.serials {
            let key = (sku.clone(), serial.clone());
            if incoming {
                self.serials.insert(key, place.bin.clone());
            } else if self.serials.get(&key) == Some(&place.bin) {
                self.serials.remove(&key);
            }
        }
    }

    /// Folds the event's ledger entries into the bins, and what they tell of lots.
    fn move_goods(&mut self, moves: &[Move]) {
        for step in moves {
            if let Some(from) = &step.from {
                self.shift(step, from, false);
            }
            if let Some(to) = &step.to {
                self.shift(step, to, true);
            }
            if let Some(lot) = &step.goods.lot
                && !self.lots.contains_key(&(step.goods.sku.clone(), lot.clone()))
            {
                let record = LotRecord { expiry: step.goods.expiry, ..LotRecord::default() };
                self.put_lot(step.goods.sku.clone(), lot.clone(), record);
            }
        }
    }

    pub(super) fn fold(&mut self, event: &FloorEvent) {
        use FloorEvent as E;
        self.main.version += 1;
        self.move_goods(event.moves());
        match event {
            E::SiteSet { site } => self.main.site = Some(site.clone()),
            E::LocationPut { location } => drop(self.locations.insert(location.code.clone(), location.clone())),
            E::ItemRulePut { rule } => self.put_item(rule.clone()),
            E::LotStatusSet { sku, lot, status, .. } => {
                let mut record = self.lot(sku, lot).cloned().unwrap_or_default();
                record.status = *status;
                self.put_lot(sku.clone(), lot.clone(), record);
            }
            E::DeviceEnrolled { device, generation } => {
                self.devices.devices.entry(device.clone()).or_default().record.generation = *generation;
            }
            E::OperatorSet { device, operator } => self.devices.with(device, |device| {
                device.record.operator.clone_from(operator);
                if operator.is_some() {
                    device.record.last.clone_from(operator);
                }
            }),
            E::Device(event) => {
                self.devices.fold(event);
                if let crate::floor::DeviceEvent::PlatesGiven { block, at, .. } = event {
                    self.main.numbers.given(*block, *at);
                }
            }
            E::Work(event) => self.fold_work(event),
            E::SessionMoved { device, session } => drop(self.sessions.insert(device.clone(), (**session).clone())),
            E::DeviceAnswered(recorded) | E::DeviceCommandRejected(recorded) => {
                self.devices.record(recorded);
                self.work.tasks.hear(&recorded.device, recorded.at);
            }
            E::ExceptionOpened { exception } => {
                self.main.last_id = self.main.last_id.max(exception.id);
                self.exceptions.insert(exception.id, exception.clone());
            }
            E::ExceptionResolved { id, .. } => drop(self.exceptions.remove(id)),
            E::ApprovalRaised { approval } => {
                self.main.last_id = self.main.last_id.max(approval.id);
                self.approvals.insert(approval.id, approval.clone());
            }
            E::ApprovalDecided { id, .. } => drop(self.approvals.remove(id)),
            E::Noticed { notice } => {
                self.main.last_notice = self.main.last_notice.max(notice.id);
                self.put_notice(notice.clone());
            }
            E::NoticesForgotten { notices } => notices.iter().for_each(|id| self.drop_notice(*id)),
            _ => {
                self.fold_receipt(event);
                self.fold_plate(event);
                self.fold_count(event);
                self.fold_return(event);
            }
        }
    }

    fn fold_receipt(&mut self, event: &FloorEvent) {
        use FloorEvent as E;
        match event {
            E::ReceiptExpected { doc } => drop(self.docs.insert(doc.id.clone(), doc.clone())),
            E::DocJoined { doc, device, dock } => {
                if let Some(doc) = self.docs.get_mut(doc) {
                    doc.devices.insert(device.clone());
                    if dock.is_some() {
                        doc.dock.clone_from(dock);
                    }
                }
            }
            E::DocLeft { doc, device } => {
                if let Some(doc) = self.docs.get_mut(doc) {
                    doc.devices.remove(device);
                }
            }
            E::DocClosed { doc, .. } => {
                if let Some(doc) = self.docs.get_mut(doc) {
                    doc.closed = true;
                    doc.devices.clear();
                }
            }
            E::Received(received) => self.fold_received(received),
            _ => {}
        }
    }

    fn fold_received(&mut self, received: &Received) {
        if let Some(doc) = self.docs.get_mut(&received.doc) {
            match &mut doc.body {
                DocBody::Order { lines } | DocBody::Announced { lines, .. } => {
                    for (number, units) in &received.lines {
                        for line in lines.iter_mut().filter(|line| line.line == *number) {
                            line.received = line.received.saturating_add(*units);
                        }
                    }
                }
                DocBody::Blind(blind) => {
                    for step in &received.moves {
                        let units = blind.received.entry(step.goods.sku.clone()).or_default();
                        *units = units.saturating_add(step.units);
                    }
                }
            }
        }
        let doc = received.doc.clone();
        self.edit_plate(&received.plate, |plate| plate.doc = Some(doc));
    }

    fn fold_plate(&mut self, event: &FloorEvent) {
        use FloorEvent as E;
        match event {
            E::PlateCreated { plate, bin, doc, by } => {
                self.put_plate(new_plate(plate, bin, PlateState::Open, by.recorded_at));
                self.edit_plate(plate, |plate| plate.doc.clone_from(doc));
            }
            E::PlateTaken { plate, device, until } => {
                self.edit_plate(plate, |plate| plate.lease = Some((device.clone(), *until)));
            }
            E::PlateLet { plate } => self.edit_plate(plate, |plate| plate.lease = None),
            E::PlateStateSet { plate, state, at } => self.edit_plate(plate, |plate| {
                (plate.state, plate.since) = (*state, *at);
            }),
            E::PlateHeld { plate, reason } => self.edit_plate(plate, |plate| plate.held.clone_from(reason)),
            E::PlateRelabelled { plate, into, by, .. } => {
                let Some(mut copy) = self.plates.get(plate).cloned() else { return };
                copy.id = into.clone();
                self.put_plate(copy);
                self.edit_plate(plate, |plate| {
                    (plate.state, plate.since, plate.lease) = (PlateState::Void, by.recorded_at, None);
                });
            }
            E::Stored { plate, bin, by, .. } => self.edit_plate(plate, |plate| {
                (plate.state, plate.since, plate.lease) = (PlateState::Stored, by.recorded_at, None);
                plate.bin = bin.clone();
            }),
            E::PlatesForgotten { plates } => {
                for plate in plates {
                    if let Some(gone) = self.plates.remove(plate) {
                        self.ended.remove(&(gone.since, gone.id));
                    }
                }
            }
            _ => {}
        }
    }

    fn fold_count(&mut self, event: &FloorEvent) {
        use FloorEvent as E;
        match event {
            E::CountOpened { task } => {
                self.main.last_id = self.main.last_id.max(task.id);
                self.counts.insert(task.id, task.clone());
            }
            E::CountStarted { task, device, operator, until, from } => {
                if let Some(task) = self.counts.get_mut(task) {
                    let (device, operator) = (device.clone(), *operator);
                    task.counting = Some(Counting { device, operator, until: *until, from: *from });
                }
            }
            E::CountLeft { task } => {
                if let Some(task) = self.counts.get_mut(task) {
                    task.counting = None;
                }
            }
            E::Counted { task, deltas, by, .. } => {
                if let Some(task) = self.counts.get_mut(task) {
                    task.counting = None;
                    if let Some(deltas) = deltas {
                        task.attempts.push(Attempt { operator: by.operator, deltas: deltas.clone() });
                        task.state = CountState::Recount;
                    }
                }
            }
            E::CountAccepted { task, .. } => drop(self.counts.remove(task)),
            E::CountDisputed { task, .. } => {
                if let Some(task) = self.counts.get_mut(task) {
                    task.state = CountState::Approval;
                }
            }
            E::CountReopened { task } => {
                if let Some(task) = self.counts.get_mut(task) {
                    task.refused = u32::try_from(task.attempts.len()).unwrap_or(u32::MAX);
                    task.state = CountState::Recount;
                }
            }
            _ => {}
        }
    }

    fn fold_return(&mut self, event: &FloorEvent) {
        use FloorEvent as E;
        match event {
            E::ReturnExpected { rma } => drop(self.rmas.insert(rma.id.clone(), rma.clone())),
            E::Returned { rma, line, units, moves, .. } => {
                let lines = self.rmas.get_mut(rma).map(|rma| rma.lines.iter_mut()).into_iter().flatten();
                for known in lines.filter(|known| known.line == *line) {
                    known.returned = known.returned.saturating_add(*units);
                    known.back.extend(moves.iter().flat_map(|step| step.serials.iter().cloned()));
                }
            }
            E::ReturnClosed { rma, .. } => {
                if let Some(rma) = self.rmas.get_mut(rma) {
                    rma.closed = true;
                }
            }
            _ => {}
        }
    }
}

pub(super) fn new_plate(id: &PlateId, bin: &LocationCode, state: PlateState, since: Timestamp) -> Plate {
    let (id, bin) = (id.clone(), bin.clone());
    Plate { id, state, bin, parent: None, held: None, lease: None, doc: None, since }
}
