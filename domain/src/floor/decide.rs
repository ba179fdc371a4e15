//! Decisions of the office, and the aggregate itself.

use crate::{
    Aggregate, Ctx, Kind, Part, PartJson, Timestamp,
    floor::{
        CountState, CountTask, Doc, DocBody, DocLine, Floor, FloorCommand, FloorEvent, FloorRefusal, LocationCode,
        Proposal, Rma, comparing, receive, site::invalid,
    },
};

pub(super) type Decision = Result<Vec<FloorEvent>, FloorRefusal>;

/// Most lines of a document.
const MAX_LINES: usize = 5_000;

impl Aggregate for Floor {
    const KIND: Kind = Kind::Floor;
    type Command = FloorCommand;
    type Event = FloorEvent;
    type Refusal = FloorRefusal;

    fn decide(&self, command: &FloorCommand, ctx: &Ctx) -> Decision {
        if let FloorCommand::SetSite(site) = command {
            site.check()?;
            let same = self.site() == Some(&**site);
            return Ok(if same { vec![] } else { vec![FloorEvent::SiteSet { site: (**site).clone() }] });
        }
        if self.site().is_none() {
            return Err(FloorRefusal::SiteUnknown);
        }
        let events = match command {
            FloorCommand::Device(command) => self.decide_device(command, ctx),
            FloorCommand::Devices(command) => self.decide_devices(command, ctx),
            FloorCommand::Work(command) => self.decide_work(command, ctx),
            FloorCommand::Tick => {
                let mut events = self.forget_plates(ctx.now);
                events.extend(self.work_due(ctx.now));
                events.extend(self.notices_due(ctx.now));
                Ok(events)
            }
            _ => self.decide_office(command, ctx),
        };
        events.map(|events| self.telling(events, ctx.now))
    }

    fn command_name(command: &FloorCommand) -> &'static str {
        command.name()
    }

    fn evolve(&mut self, event: &FloorEvent) {
        self.fold(event);
    }

    fn due(&self) -> Option<Timestamp> {
        let days = i64::from(self.site()?.sscc_reuse_days);
        let plates = self.ended.first().map(|(at, _)| at.plus_seconds(days * 86_400));
        [plates, self.work_due_at(), self.notices_due_at()].into_iter().flatten().min()
    }

    fn tick(&self, now: Timestamp) -> Option<FloorCommand> {
        self.due().filter(|at| *at <= now).map(|_| FloorCommand::Tick)
    }

    fn touches(event: &FloorEvent) -> Vec<Part> {
        Self::touched(event)
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        self.to_part(part)
    }

    fn parts(&self) -> Vec<Part> {
        self.all_parts()
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        Self::build(parts)
    }
}

fn unknown(what: &'static str, id: impl ToString) -> FloorRefusal {
    FloorRefusal::Unknown { what, id: id.to_string() }
}

impl Floor {
    fn decide_office(&self, command: &FloorCommand, ctx: &Ctx) -> Decision {
        use FloorCommand as C;
        use FloorEvent as E;
        match command {
            C::PutLocation(location) => self.put_locations(std::slice::from_ref(location)),
            C::PutLocations(locations) => self.put_locations(locations),
            C::PutItemRule(rule) => self.put_item_rules(std::slice::from_ref(rule)),
            C::PutItemRules(rules) => self.put_item_rules(rules),
            C::SetLotStatus { sku, lot, status, reason } => {
                reasoned(reason)?;
                let same = self.lot(sku, lot).map(|record| record.status) == Some(*status);
                let (sku, lot, reason) = (sku.clone(), lot.clone(), reason.clone());
                Ok(if same { vec![] } else { vec![E::LotStatusSet { sku, lot, status: *status, reason }] })
            }
            C::HoldPlate { plate, reason } => {
                let known = self.plate(plate).ok_or_else(|| unknown("plate", plate))?;
                reason.as_deref().map_or(Ok(()), reasoned)?;
                let same = known.held == *reason;
                Ok(if same { vec![] } else { vec![E::PlateHeld { plate: plate.clone(), reason: reason.clone() }] })
            }
            C::EnrolDevice { device, generation } => match self.device(device).map(|known| known.record.generation) {
                Some(current) if *generation < current => Err(FloorRefusal::GenerationFenced { current }),
                Some(current) if *generation == current => Ok(vec![]),
                _ if *generation == 0 => invalid("generation", "must be at least 1"),
                _ => Ok(vec![E::DeviceEnrolled { device: device.clone(), generation: *generation }]),
            },
            C::SetOperator { device, operator } => {
                let unknown = || FloorRefusal::DeviceUnknown { device: device.clone() };
                let known = self.device(device).ok_or_else(unknown)?;
                let same = known.record.operator == *operator;
                let event = || E::OperatorSet { device: device.clone(), operator: operator.clone() };
                Ok(if same { vec![] } else { vec![event()] })
            }
            C::ExpectReceipt(doc) => self.expect_receipt(doc),
            C::ExpectReturn(rma) => self.expect_return(rma),
            C::OpenCount { location, sku } => self.open_count(location.as_ref(), sku.as_ref()),
            C::ResolveException { id, note } => {
                reasoned(note)?;
                if !self.exceptions.contains_key(id) {
                    // Numbers are given in order, so one that was given and is gone was resolved before.
                    return if *id <= self.main.last_id { Ok(vec![]) } else { Err(unknown("exception", id)) };
                }
                Ok(vec![E::ExceptionResolved { id: *id, by: ctx.by, note: note.clone() }])
            }
            C::CloseReturn { rma } => match self.rma(rma) {
                None => Err(unknown("return", rma)),
                Some(known) if known.closed => Ok(vec![]),
                Some(_) => Ok(vec![E::ReturnClosed { rma: rma.clone() }]),
            },
            C::DecideApproval { id, approve, reason } => self.decide_approval(*id, *approve, reason, ctx),
            C::SetSite(_) | C::Devices(_) | C::Work(_) | C::Device(_) | C::Tick => Ok(vec![]),
        }
    }

    /// Of two people who decide at the same moment the second is told so, and changes nothing.
    fn decide_approval(&self, id: u64, approved: bool, reason: &str, ctx: &Ctx) -> Decision {
        reasoned(reason)?;
        let Some(approval) = self.approvals.get(&id) else {
            let decided = id > 0 && id <= self.main.last_id;
            return Err(if decided { FloorRefusal::Decided { id } } else { unknown("approval", id) });
        };
        let (by, reason) = (ctx.by, reason.to_owned());
        let mut events = vec![FloorEvent::ApprovalDecided { id, approved, by, reason }];
        match (&approval.proposal, approved) {
            (Proposal::OverReceipt(received), true) => events.extend(receive::over_receipt_approved(self, received)),
            (Proposal::OverReceipt(_), false) => {}
            (Proposal::Variance { task, deltas, lines }, true) => {
                if let Some(task) = self.count(*task) {
                    let moves = comparing::adjustments(self, task, deltas, lines);
                    let (bin, approval) = (task.location.clone(), Some(id));
                    events.push(FloorEvent::CountAccepted { task: task.id, bin, moves, approval });
                }
            }
            (Proposal::Variance { task, .. }, false) => events.push(FloorEvent::CountReopened { task: *task }),
            (Proposal::Late(_) | Proposal::MissingPieces { .. }, _) => {
                events.extend(self.decide_work_approval(&approval.proposal, approved, ctx));
            }
        }
        Ok(events)
    }

    /// A repeated announcement changes what is expected, never what was received.
    fn expect_receipt(&self, doc: &Doc) -> Decision {
        let lines = doc.body.lines();
        check_numbers(lines.iter().map(|line| line.line))?;
        let mut doc = doc.clone();
        (doc.closed, doc.dock) = (false, None);
        doc.devices.clear();
        if let Some(known) = self.doc(&doc.id) {
            if known.closed {
                return Err(FloorRefusal::State { what: "document", id: doc.id.to_string(), problem: "is closed" });
            }
            (doc.dock, doc.devices) = (known.dock.clone(), known.devices.clone());
            let keep = |lines: &mut Vec<DocLine>| {
                for line in lines {
                    let before = known.body.lines().iter().find(|old| old.line == line.line && old.sku == line.sku);
                    line.received = before.map_or(0, |old| old.received);
                }
            };
            match (&mut doc.body, &known.body) {
                (DocBody::Order { lines } | DocBody::Announced { lines, .. }, _) => keep(lines),
                (DocBody::Blind(blind), DocBody::Blind(old)) => blind.clone_from(old),
                (DocBody::Blind(_), _) => {
                    return invalid("body", "of a document with lines cannot become blind");
                }
            }
            if *known == doc {
                return Ok(vec![]);
            }
        } else {
            match &mut doc.body {
                DocBody::Order { lines } | DocBody::Announced { lines, .. } => {
                    lines.iter_mut().for_each(|line| line.received = 0);
                }
                DocBody::Blind(blind) => blind.received.clear(),
            }
        }
        Ok(vec![FloorEvent::ReceiptExpected { doc }])
    }

    fn expect_return(&self, rma: &Rma) -> Decision {
        check_numbers(rma.lines.iter().map(|line| line.line))?;
        let mut rma = rma.clone();
        rma.closed = false;
        for line in &mut rma.lines {
            let before = self.rma(&rma.id).and_then(|known| known.lines.iter().find(|old| old.line == line.line));
            (line.returned, line.back) = before.map_or_else(Default::default, |old| (old.returned, old.back.clone()));
        }
        match self.rma(&rma.id) {
            Some(known) if known.closed => {
                Err(FloorRefusal::State { what: "return", id: rma.id.to_string(), problem: "is closed" })
            }
            Some(known) if *known == rma => Ok(vec![]),
            _ => Ok(vec![FloorEvent::ReturnExpected { rma }]),
        }
    }

    /// One task per location; none where one is open already.
    fn open_count(&self, location: Option<&LocationCode>, sku: Option<&crate::Sku>) -> Decision {
        let blind = self.site().is_none_or(|site| site.count.blind);
        let places: Vec<LocationCode> = match (location, sku) {
            (Some(code), _) if self.location(code).is_none() => return Err(unknown("location", code)),
            (Some(code), _) => vec![code.clone()],
            (None, Some(sku)) => self.homes(sku).cloned().collect(),
            (None, None) => return invalid("location", "or sku must be given"),
        };
        let open = |code: &LocationCode| {
            self.counts.values().any(|task| task.location == *code && (task.sku.is_none() || task.sku.as_ref() == sku))
        };
        let free = places.into_iter().filter(|code| !open(code));
        Ok(free
            .zip(self.main.last_id + 1..)
            .map(|(location, id)| FloorEvent::CountOpened {
                task: CountTask {
                    id,
                    location,
                    sku: sku.cloned(),
                    blind,
                    state: CountState::Open,
                    cause: None,
                    attempts: Vec::new(),
                    refused: 0,
                    counting: None,
                },
            })
            .collect())
    }

    /// Plates whose number is free again, in a bounded number at a time.
    fn forget_plates(&self, now: Timestamp) -> Vec<FloorEvent> {
        let days = i64::from(self.site().map_or(0, |site| site.sscc_reuse_days));
        let over = self.ended.iter().take_while(|(at, _)| at.plus_seconds(days * 86_400) <= now);
        let plates: Vec<_> = over.take(1_000).map(|(_, plate)| plate.clone()).collect();
        if plates.is_empty() { vec![] } else { vec![FloorEvent::PlatesForgotten { plates }] }
    }
}

fn reasoned(reason: &str) -> Result<(), FloorRefusal> {
    if reason.trim().is_empty() || reason.len() > 500 {
        return invalid("reason", "must have 1 to 500 characters");
    }
    Ok(())
}

fn check_numbers(lines: impl ExactSizeIterator<Item = u16>) -> Result<(), FloorRefusal> {
    let count = lines.len();
    let distinct: std::collections::BTreeSet<u16> = lines.filter(|line| *line > 0).collect();
    if count > MAX_LINES || distinct.len() != count {
        return invalid("lines", "must be at most 5000, each with a number of its own from 1");
    }
    Ok(())
}
