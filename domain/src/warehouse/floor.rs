//! Decisions about parcels (SM-07).

use crate::{
    Ctx, ParcelId, Sku, Timestamp,
    warehouse::{
        CanceledLine, FloorCommand, Method, Parcel, ParcelState, Warehouse, WarehouseEvent as E, WarehouseRefusal,
        decide::{Decision, invalid},
    },
};

use super::Condition;

/// Longest pick lease, in seconds: a day.
const MAX_LEASE: i64 = 86_400;

impl Warehouse {
    pub(super) fn decide_floor(&self, id: ParcelId, command: &FloorCommand, ctx: &Ctx) -> Decision {
        use FloorCommand as C;
        use ParcelState as S;
        match command {
            C::CreateFulfillment { lines, method } => return self.create(id, lines, *method),
            C::CancelFulfillment { keep_units, detach } => return self.cancel(id, *keep_units, *detach),
            C::CloseFulfillment if self.main.shipped.has(&id) => return Ok(vec![]),
            _ => {}
        }
        let parcel = self.open_parcel(id)?;
        let wrong = || Err(WarehouseRefusal::WrongState { state: parcel.state, command: command.name() });
        match (command, parcel.state) {
            (C::HoldParcel { .. } | C::ResumeParcel, S::HandedOver) => wrong(),
            (C::AssignPick, S::Planned) => Ok(vec![self.assigned(id, parcel)]),
            (C::AssignPick, S::HandedOver) => wrong(),
            (C::AssignPick, _) => Ok(vec![]),
            (C::ClaimPick { lease_seconds, .. }, _) if !(1..=MAX_LEASE).contains(lease_seconds) => {
                invalid("lease_seconds", "must be between 1 and 86400")
            }
            (C::ClaimPick { picker, lease_seconds }, S::Queued) => {
                let lease = ctx.now.plus_seconds(*lease_seconds);
                Ok(vec![E::PickClaimed { parcel: id, picker: *picker, lease }])
            }
            (C::ClaimPick { picker, .. }, S::Picking) if parcel.picker == Some(*picker) => Ok(vec![]),
            (C::ClaimPick { .. }, S::Picking) => Err(WarehouseRefusal::ClaimedByOther),
            (C::ReleasePick, S::Picking) => Ok(vec![E::PickReleased { parcel: id, expired: false }]),
            (C::ReleasePick, S::Queued) => Ok(vec![]),
            (C::ConfirmUnit { .. } | C::ReportShort { .. }, S::Picking)
                if ctx.by.is_some() && ctx.by != parcel.picker =>
            {
                Err(WarehouseRefusal::ClaimedByOther)
            }
            (C::ConfirmUnit { sku, quantity }, S::Picking) => {
                let shares = shares(parcel, sku, *quantity)?;
                let picked = |(line, quantity)| E::UnitPicked { parcel: id, line, sku: sku.clone(), quantity };
                Ok(shares.into_iter().map(picked).collect())
            }
            (C::RecordPicked { .. } | C::RecordShort { .. }, S::Planned | S::Queued | S::Picking) => {
                self.record_floor(id, parcel, command, ctx)
            }
            // Everything was picked, or what was not is known to be short.
            (C::RecordPicked { .. } | C::RecordShort { .. }, _) => Ok(vec![]),
            (C::ReportShort { sku, quantity, reason }, S::Picking) => self.short(id, parcel, sku, *quantity, reason),
            (C::PackParcel { weight_grams }, S::Picked) => {
                Ok(vec![E::ParcelPacked { parcel: id, weight_grams: *weight_grams }])
            }
            (C::PackParcel { .. }, S::Packed | S::Booked) => Ok(vec![]),
            (C::SplitFulfillment { into, lines }, S::Packed) => self.split(id, parcel, *into, lines),
            (C::AttachConsignment { carrier, tracking }, S::Packed) if parcel.method == Method::Courier => {
                if carrier.trim().is_empty() || tracking.trim().is_empty() {
                    return invalid("tracking", "and carrier must not be empty");
                }
                let (carrier, tracking) = (carrier.clone(), tracking.clone());
                Ok(vec![E::ConsignmentAttached { parcel: id, carrier, tracking }])
            }
            (C::AttachConsignment { carrier, tracking }, S::Booked | S::HandedOver)
                if parcel.consignment.as_ref().is_some_and(|(c, t)| c == carrier && t == tracking) =>
            {
                Ok(vec![])
            }
            (C::DetachConsignment, S::Booked) => Ok(vec![E::ConsignmentDetached { parcel: id }]),
            (C::DetachConsignment, S::Packed) => Ok(vec![]),
            (C::HoldParcel { reason }, _) if reason.trim().is_empty() => invalid("reason", "must not be empty"),
            (C::HoldParcel { .. }, _) if parcel.held.is_some() => Ok(vec![]),
            (C::HoldParcel { reason }, _) => Ok(vec![E::ParcelHeld { parcel: id, reason: reason.clone() }]),
            (C::ResumeParcel, _) if parcel.held.is_none() => Ok(vec![]),
            (C::ResumeParcel, _) => Ok(vec![E::ParcelResumed { parcel: id }]),
            (C::HandOverParcel { .. }, S::HandedOver) => Ok(vec![]),
            (C::HandOverParcel { by_carrier }, S::Booked) => self.hand_over(id, parcel, *by_carrier),
            (C::HandOverParcel { by_carrier }, S::Packed) if *by_carrier || parcel.method != Method::Courier => {
                self.hand_over(id, parcel, *by_carrier)
            }
            (C::CloseFulfillment, S::HandedOver) => Ok(vec![E::FulfillmentClosed { parcel: id }]),
            _ => wrong(),
        }
    }

    fn assigned(&self, id: ParcelId, parcel: &Parcel) -> E {
        let lines = parcel.lines.iter().map(|line| (line.line, line.sku.clone(), line.quantity)).collect();
        let holds = parcel.lines.iter().filter_map(|line| self.hold(id.order, line.line));
        E::PickAssigned { parcel: id, lines, priority: holds.map(|hold| hold.priority).max().unwrap_or(0) }
    }

    /// What the floor did is so: a parcel that waits is claimed for whoever did it.
    fn record_floor(&self, id: ParcelId, parcel: &Parcel, command: &FloorCommand, ctx: &Ctx) -> Decision {
        let (sku, picker) = match command {
            FloorCommand::RecordPicked { sku, picker, .. } | FloorCommand::RecordShort { sku, picker, .. } => {
                (sku, picker)
            }
            _ => return Ok(vec![]),
        };
        let of_sku = || parcel.lines.iter().filter(|line| line.sku == *sku);
        let (wanted, picked) =
            (of_sku().map(|line| line.quantity).sum::<u32>(), of_sku().map(|line| line.picked).sum::<u32>());
        let mut done = match command {
            FloorCommand::RecordPicked { total, .. } => {
                let units = (*total).min(wanted).saturating_sub(picked);
                let shares = if units > 0 { shares(parcel, sku, units)? } else { vec![] };
                let picked = |(line, quantity)| E::UnitPicked { parcel: id, line, sku: sku.clone(), quantity };
                shares.into_iter().map(picked).collect()
            }
            FloorCommand::RecordShort { keep, reason, .. } => {
                let units = wanted.saturating_sub((*keep).max(picked));
                if units > 0 { self.short(id, parcel, sku, units, reason)? } else { vec![] }
            }
            _ => vec![],
        };
        if done.is_empty() || parcel.state == ParcelState::Picking {
            return Ok(done);
        }
        let lease = ctx.now.plus_seconds(MAX_LEASE);
        let mut events = Vec::new();
        events.extend((parcel.state == ParcelState::Planned).then(|| self.assigned(id, parcel)));
        events.push(E::PickClaimed { parcel: id, picker: *picker, lease });
        events.append(&mut done);
        Ok(events)
    }

    fn open_parcel(&self, id: ParcelId) -> Result<&Parcel, WarehouseRefusal> {
        let ended = self.main.canceled.has(&id) || self.main.shipped.has(&id);
        self.parcels.get(&id).ok_or(if ended {
            WarehouseRefusal::ParcelClosed { parcel: id }
        } else {
            WarehouseRefusal::ParcelUnknown { parcel: id }
        })
    }

    fn create(&self, id: ParcelId, lines: &[(u16, Sku, u32)], method: Method) -> Decision {
        if lines.is_empty() || lines.iter().any(|(_, _, quantity)| *quantity == 0) {
            return invalid("lines", "must not be empty, nor have an empty line");
        }
        let twice = |at: usize| lines[..at].iter().any(|(line, ..)| *line == lines[at].0);
        if (0..lines.len()).any(twice) {
            return invalid("lines", "must name each line once");
        }
        if self.parcels.contains_key(&id) {
            return Ok(vec![]);
        }
        if self.main.canceled.has(&id) || self.main.shipped.has(&id) {
            return Err(WarehouseRefusal::ParcelClosed { parcel: id });
        }
        for (line, sku, requested) in lines {
            let allocated = self.hold(id.order, *line).filter(|hold| hold.sku == *sku).map_or(0, |hold| hold.allocated);
            let available = allocated.saturating_sub(self.on_floor(id.order, *line));
            if *requested > available {
                return Err(WarehouseRefusal::NotAllocated { line: *line, requested: *requested, available });
            }
        }
        Ok(vec![E::FulfillmentPlanned { parcel: id, lines: lines.to_vec(), method }])
    }

    fn cancel(&self, id: ParcelId, kept: bool, detach: bool) -> Decision {
        match self.parcels.get(&id) {
            None if self.main.shipped.has(&id) => Err(WarehouseRefusal::HandedOver { parcel: id }),
            None if self.main.canceled.has(&id) => Ok(vec![]),
            None => Ok(vec![E::FulfillmentCanceled { parcel: id, lines: vec![], kept }]),
            Some(parcel) => {
                let detached = detach && parcel.state == ParcelState::Booked;
                let free = Parcel { state: ParcelState::Packed, ..parcel.clone() };
                let canceled = canceled(id, if detached { &free } else { parcel }, kept)?;
                let picked = parcel.lines.iter().filter(|_| !kept).map(|line| (&line.sku, line.picked));
                let mut events = self.variance(picked);
                events.extend(detached.then_some(E::ConsignmentDetached { parcel: id }));
                events.push(canceled);
                Ok(events)
            }
        }
    }

    fn short(&self, id: ParcelId, parcel: &Parcel, sku: &Sku, quantity: u32, reason: &str) -> Decision {
        if reason.trim().is_empty() {
            return invalid("reason", "must not be empty");
        }
        let mut events = Vec::new();
        for (line, quantity) in shares(parcel, sku, quantity)? {
            events.push(E::PickShorted { parcel: id, line, sku: sku.clone(), quantity, reason: reason.to_owned() });
        }
        let there = self.rows.get(sku).map_or(0, |row| row.on_hand.sellable).min(quantity);
        if there > 0 {
            events.push(E::StockAdjusted { sku: sku.clone(), delta: -i64::from(there), reason: reason.to_owned() });
        }
        Ok(events)
    }

    fn split(&self, id: ParcelId, parcel: &Parcel, into: ParcelId, lines: &[(u16, u32)]) -> Decision {
        if into.order != id.order || into == id {
            return invalid("into", "must be another parcel of the same order");
        }
        if self.parcels.contains_key(&into) {
            return Ok(vec![]);
        }
        if self.main.canceled.has(&into) || self.main.shipped.has(&into) {
            return Err(WarehouseRefusal::ParcelClosed { parcel: into });
        }
        let twice = |at: usize| lines[..at].iter().any(|(line, _)| *line == lines[at].0);
        let total: u32 = parcel.lines.iter().map(|line| line.quantity).sum();
        let moved: u64 = lines.iter().map(|(_, quantity)| u64::from(*quantity)).sum();
        if lines.iter().any(|(_, quantity)| *quantity == 0) || moved == 0 || (0..lines.len()).any(twice) {
            return invalid("lines", "must name each line once, with at least one unit");
        }
        for (line, given) in lines {
            let Some(content) = parcel.lines.iter().find(|content| content.line == *line) else {
                return invalid("lines", "must be lines of the parcel");
            };
            if *given > content.quantity {
                return Err(WarehouseRefusal::TooMany {
                    sku: content.sku.clone(),
                    needed: content.quantity,
                    given: *given,
                });
            }
        }
        if moved >= u64::from(total) {
            return invalid("lines", "must leave at least one unit");
        }
        Ok(vec![E::FulfillmentSplit { parcel: id, into, lines: lines.to_vec() }])
    }

    fn hand_over(&self, id: ParcelId, parcel: &Parcel, by_carrier: bool) -> Decision {
        if let Some(reason) = parcel.held.as_ref().filter(|_| !by_carrier) {
            return Err(WarehouseRefusal::ParcelHeld { reason: reason.clone() });
        }
        let mut events = self.variance(parcel.lines.iter().map(|line| (&line.sku, line.quantity)));
        events.push(E::ParcelHandedOver { parcel: id, by_carrier });
        events.extend(parcel.lines.iter().map(|line| E::StockShipped {
            parcel: id,
            line: line.line,
            sku: line.sku.clone(),
            quantity: line.quantity,
        }));
        Ok(events)
    }

    /// Corrections by which sellable stock covers units that are in somebody's hands: where a count said there
    /// are fewer, the count gives way.
    pub(super) fn variance<'a>(&self, units: impl Iterator<Item = (&'a Sku, u32)>) -> Vec<E> {
        let mut sums = std::collections::BTreeMap::new();
        for (sku, units) in units {
            *sums.entry(sku).or_insert(0u32) += units;
        }
        let missing = |(sku, units): (&Sku, u32)| {
            let there = self.rows.get(sku).map_or(0, |row| row.on_hand.get(Condition::Sellable));
            let delta = i64::from(units.checked_sub(there).filter(|missing| *missing > 0)?);
            Some(E::StockAdjusted { sku: sku.clone(), delta, reason: "more in hand than was counted".to_owned() })
        };
        sums.into_iter().filter_map(missing).collect()
    }

    /// Derived edges of parcels: a complete pick, a pick with nothing left, a counter sale that left.
    pub(super) fn settle_parcels(&self) -> Vec<E> {
        let parcels = self.settled.iter().filter_map(|id| Some((*id, self.parcels.get(id)?)));
        let edge = |(id, parcel): (ParcelId, &Parcel)| match parcel.state {
            ParcelState::HandedOver => E::FulfillmentClosed { parcel: id },
            _ if parcel.lines.is_empty() => E::FulfillmentCanceled { parcel: id, lines: vec![], kept: false },
            _ => E::PickCompleted { parcel: id },
        };
        parcels.map(edge).collect()
    }

    pub(super) fn expired_lease(&self, id: ParcelId, at: Timestamp) -> Option<E> {
        let parcel = self.parcels.get(&id)?;
        (parcel.lease == Some(at)).then_some(E::PickReleased { parcel: id, expired: true })
    }
}

/// The event that cancels an open parcel.
///
/// # Errors
/// It has left, or has a live booking.
pub(super) fn canceled(id: ParcelId, parcel: &Parcel, kept: bool) -> Result<E, WarehouseRefusal> {
    match parcel.state {
        ParcelState::HandedOver => Err(WarehouseRefusal::HandedOver { parcel: id }),
        ParcelState::Booked => Err(WarehouseRefusal::Booked { parcel: id }),
        _ => {
            let line = |line: &super::ParcelLine| CanceledLine {
                line: line.line,
                sku: line.sku.clone(),
                quantity: line.quantity,
                picked: line.picked,
            };
            Ok(E::FulfillmentCanceled { parcel: id, lines: parcel.lines.iter().map(line).collect(), kept })
        }
    }
}

/// Spreads scanned or missing units over the lines of a parcel that still need that SKU.
fn shares(parcel: &Parcel, sku: &Sku, given: u32) -> Result<Vec<(u16, u32)>, WarehouseRefusal> {
    if given == 0 {
        return Err(WarehouseRefusal::Invalid { field: "quantity", problem: "must be at least 1" });
    }
    if !parcel.lines.iter().any(|line| line.sku == *sku) {
        return Err(WarehouseRefusal::WrongItem { sku: sku.clone() });
    }
    let mut left = given;
    let mut shares = Vec::new();
    for line in parcel.lines.iter().filter(|line| line.sku == *sku) {
        let share = left.min(line.quantity.saturating_sub(line.picked));
        if share > 0 {
            left -= share;
            shares.push((line.line, share));
        }
    }
    if left > 0 {
        return Err(WarehouseRefusal::TooMany { sku: sku.clone(), needed: given - left, given });
    }
    Ok(shares)
}
