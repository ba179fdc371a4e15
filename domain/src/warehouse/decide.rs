//! Decisions about stock and holds (SM-06).

use std::collections::HashMap;

use crate::{
    Aggregate, Ctx, Kind, OrderId, Part, PartJson, PartLater, Sku, Timestamp, UserId,
    quantity::MAX_QUANTITY,
    warehouse::{
        Condition, Hold, ReserveLine, ReserveMode, Row, Shortfall, Warehouse, WarehouseCommand, WarehouseEvent,
        WarehouseRefusal, floor, state::Due,
    },
};

pub(super) type Decision = Result<Vec<WarehouseEvent>, WarehouseRefusal>;

use WarehouseEvent as E;

/// Most units of a SKU in one condition; keeps every sum inside 32 bits.
const MAX_ON_HAND: u32 = 1_000_000_000;

pub(super) fn invalid(field: &'static str, problem: &'static str) -> Decision {
    Err(WarehouseRefusal::Invalid { field, problem })
}

/// Allocates reserved units, and lets waiting ones be allocated as they come.
fn make_firm(order: OrderId, line: u16, sku: &Sku, reserved: u32, waiting: u32, confirmed: bool) -> Vec<E> {
    let mut events = Vec::with_capacity(2);
    if waiting > 0 && !confirmed {
        events.push(E::BackorderConfirmed { order, line, sku: sku.clone() });
    }
    if reserved > 0 {
        events.push(E::StockAllocated { order, line, sku: sku.clone(), quantity: reserved, waited: false });
    }
    events
}

fn checked(quantity: u32, reason: Option<&str>) -> Result<(), WarehouseRefusal> {
    if quantity == 0 || quantity > MAX_QUANTITY {
        return Err(WarehouseRefusal::Invalid { field: "quantity", problem: "must be between 1 and 1000000" });
    }
    match reason {
        Some(reason) if reason.trim().is_empty() || reason.len() > 500 => {
            Err(WarehouseRefusal::Invalid { field: "reason", problem: "must have 1 to 500 characters" })
        }
        _ => Ok(()),
    }
}

impl Aggregate for Warehouse {
    const KIND: Kind = Kind::Warehouse;
    type Command = WarehouseCommand;
    type Event = WarehouseEvent;
    type Refusal = WarehouseRefusal;

    fn decide(&self, command: &WarehouseCommand, ctx: &Ctx) -> Decision {
        use WarehouseCommand as C;
        if let C::OpenWarehouse(profile) = command {
            if profile.name.trim().is_empty() || profile.name.chars().count() > 120 {
                return invalid("name", "must have 1 to 120 characters");
            }
            let same = self.main.opened && self.main.profile == *profile;
            return Ok(if same { vec![] } else { vec![E::WarehouseOpened { profile: profile.clone() }] });
        }
        if !self.main.opened {
            return Err(WarehouseRefusal::NotOpened);
        }
        match command {
            C::OpenWarehouse(_) => Ok(vec![]),
            C::Floor { parcel, command } => self.decide_floor(*parcel, command, ctx),
            C::ReserveStock { order, lines, mode, expires, priority, firm } => {
                self.reserve(*order, lines, *mode, *expires, *priority, *firm)
            }
            C::TransferHold { from, to, expires } => self.transfer(*from, *to, *expires),
            C::ExtendHold { order, expires } => {
                let holds = self.live_holds(*order)?;
                let changes = holds.iter().filter(|hold| hold.reserved + hold.waiting > 0 && hold.expires != *expires);
                let extended = |hold: &Hold| E::HoldExtended {
                    order: *order,
                    line: hold.line,
                    sku: hold.sku.clone(),
                    expires: *expires,
                };
                Ok(changes.map(extended).collect())
            }
            C::AllocateStock { order, lines } => self.allocate(*order, lines.as_deref()),
            C::ReleaseStock { order, lines: Some(lines) } => Ok(self.release_some(*order, lines)),
            C::ReleaseStock { order, lines: None } => self.release_all(*order),
            C::ReduceHold { order, lines } => Ok(self.reduce(*order, lines.as_deref())),
            C::ReceiveReturn { order, receipt, lines } => Ok(self.receive_return(*order, *receipt, lines)),
            C::BookFloor { number, entries, reason, by } => Ok(self.book_floor(*number, entries, reason, *by)),
            C::Tick => Ok(self.expired(ctx.now)),
            _ => self.decide_row(command),
        }
    }

    fn command_name(command: &WarehouseCommand) -> &'static str {
        command.name()
    }

    fn evolve(&mut self, event: &WarehouseEvent) {
        self.fold(event);
    }

    fn derived(&self, ctx: &Ctx) -> Vec<WarehouseEvent> {
        let rows = self.restless.iter().filter_map(|sku| self.rows.get(sku));
        rows.flat_map(|row| self.settle(row, ctx.now)).chain(self.settle_parcels()).collect()
    }

    fn due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    fn tick(&self, now: Timestamp) -> Option<WarehouseCommand> {
        self.due().filter(|at| *at <= now).map(|_| WarehouseCommand::Tick)
    }

    fn touches(event: &WarehouseEvent) -> Vec<Part> {
        Self::touched(event)
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        self.to_part(part)
    }

    fn part_later(&self, part: &Part) -> Option<PartLater> {
        self.to_part_later(part)
    }

    fn parts(&self) -> Vec<Part> {
        self.all_parts()
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        Self::build(parts)
    }
}

impl Warehouse {
    fn decide_row(&self, command: &WarehouseCommand) -> Decision {
        use WarehouseCommand as C;
        match command {
            C::ReceiveStock { sku, quantity, condition, reference, reason } => {
                checked(*quantity, reason.as_deref())?;
                let there = self.rows.get(sku).map_or(0, |row| row.on_hand.get(*condition));
                if there.saturating_add(*quantity) > MAX_ON_HAND {
                    return invalid("quantity", "would take the stock above 1000000000");
                }
                let (sku, reference, reason) = (sku.clone(), reference.clone(), reason.clone());
                Ok(vec![E::StockReceived { sku, quantity: *quantity, condition: *condition, reference, reason }])
            }
            C::AdjustStock { sku, delta, reason } => {
                let size = u32::try_from(delta.unsigned_abs()).unwrap_or(u32::MAX);
                checked(size, Some(reason))?;
                let there = self.rows.get(sku).map_or(0, |row| row.on_hand.sellable);
                if *delta < 0 && size > there {
                    let condition = Condition::Sellable;
                    return Err(WarehouseRefusal::NotOnHand {
                        sku: sku.clone(),
                        condition,
                        requested: size,
                        available: there,
                    });
                }
                if *delta > 0 && there.saturating_add(size) > MAX_ON_HAND {
                    return invalid("delta", "would take the stock above 1000000000");
                }
                Ok(vec![E::StockAdjusted { sku: sku.clone(), delta: *delta, reason: reason.clone() }])
            }
            C::SetStockPolicy { sku, safety, backorder_cap, low_stock } => {
                if *safety > MAX_ON_HAND || *low_stock > MAX_ON_HAND {
                    return invalid("safety", "and low_stock must be at most 1000000000");
                }
                let wanted = (*safety, *backorder_cap, *low_stock);
                let known = self.rows.get(sku).map(|row| (row.safety, row.backorder_cap, row.low_stock));
                if known == Some(wanted) {
                    return Ok(vec![]);
                }
                let (safety, backorder_cap, low_stock) = wanted;
                Ok(vec![E::StockPolicySet { sku: sku.clone(), safety, backorder_cap, low_stock }])
            }
            C::RecordCount { sku, counted, at_version, reason } => self.count(sku, *counted, *at_version, reason),
            C::MoveCondition { sku, from, to, quantity, reason } => {
                checked(*quantity, Some(reason))?;
                if from == to {
                    return invalid("to", "must differ from where it is");
                }
                self.move_condition(sku, *from, *to, *quantity, reason)
            }
            C::ReturnToStock { sku, quantity } => {
                checked(*quantity, None)?;
                self.move_condition(sku, Condition::PutBack, Condition::Sellable, *quantity, "returned to stock")
            }
            _ => Ok(vec![]),
        }
    }

    /// Books once what the floor did. What the ledger does not have cannot be taken from it: the floor keeps the
    /// difference as an open variance of the bin.
    fn book_floor(
        &self,
        number: u64,
        entries: &[(Sku, Condition, i64)],
        reason: &str,
        by: Option<UserId>,
    ) -> Vec<WarehouseEvent> {
        if self.main.bookings.has(&number) {
            return vec![];
        }
        let mut there: HashMap<(Sku, Condition), i64> = HashMap::new();
        let mut booked = Vec::new();
        for (sku, condition, delta) in entries {
            let on_hand = || i64::from(self.rows.get(sku).map_or(0, |row| row.on_hand.get(*condition)));
            let level = there.entry((sku.clone(), *condition)).or_insert_with(on_hand);
            let after = level.saturating_add(*delta).clamp(0, i64::from(MAX_ON_HAND));
            if after != *level {
                booked.push((sku.clone(), *condition, after - *level));
            }
            *level = after;
        }
        vec![E::FloorBooked { number, entries: booked, reason: reason.chars().take(500).collect(), by }]
    }

    fn move_condition(&self, sku: &Sku, from: Condition, to: Condition, quantity: u32, reason: &str) -> Decision {
        let available = self.rows.get(sku).map_or(0, |row| row.on_hand.get(from));
        if quantity > available {
            let sku = sku.clone();
            return Err(WarehouseRefusal::NotOnHand { sku, condition: from, requested: quantity, available });
        }
        Ok(vec![E::ConditionMoved { sku: sku.clone(), from, to, quantity, reason: reason.to_owned() }])
    }

    /// What was counted, plus what moved since, is what is there (INV-06, P13).
    fn count(&self, sku: &Sku, counted: u32, at_version: u64, reason: &str) -> Decision {
        checked(1, Some(reason))?;
        if counted > MAX_ON_HAND {
            return invalid("counted", "must be at most 1000000000");
        }
        let row = self.rows.get(sku).ok_or_else(|| WarehouseRefusal::SkuUnknown { sku: sku.clone() })?;
        if !(row.forgotten..=row.version).contains(&at_version) {
            let (oldest, current) = (row.forgotten, row.version);
            return Err(WarehouseRefusal::CountOutdated { given: at_version, oldest, current });
        }
        let since: i64 = row.recent.iter().filter(|(version, _)| *version > at_version).map(|(_, delta)| delta).sum();
        let now = i64::from(counted) + since;
        if now < 0 {
            return Err(WarehouseRefusal::CountContradicted { counted, left: since.unsigned_abs() });
        }
        let delta = now - i64::from(row.on_hand.sellable);
        Ok(vec![E::StockCounted { sku: sku.clone(), counted, at_version, delta, reason: reason.to_owned() }])
    }

    fn reserve(
        &self,
        order: OrderId,
        lines: &[ReserveLine],
        mode: ReserveMode,
        expires: Option<Timestamp>,
        priority: u8,
        firm: bool,
    ) -> Decision {
        let mut seen = std::collections::HashSet::with_capacity(lines.len());
        if lines.is_empty() || lines.iter().any(|line| line.line == 0 || !seen.insert(line.line)) {
            return invalid("lines", "must name each line once, from 1");
        }
        for line in lines {
            checked(line.quantity, None)?;
            if self.is_closed(order) {
                return Err(WarehouseRefusal::HoldClosed { order });
            }
            if self.hold(order, line.line).is_some_and(|hold| hold.sku != line.sku) {
                return invalid("lines", "must keep the SKU of a line that is held");
            }
        }
        // What is left of each row for this command: available units and room in the backorder queue.
        let mut left: HashMap<&Sku, (u32, u32)> = HashMap::with_capacity(lines.len());
        let mut events = Vec::with_capacity(lines.len());
        let mut shortfalls = Vec::new();
        for ReserveLine { line, sku, quantity, backorder } in lines {
            let held = self.hold(order, *line);
            let requested = quantity.saturating_sub(held.map_or(0, Hold::units));
            let (stock, room) = left.entry(sku).or_insert_with(|| self.room(sku));
            let taken = requested.min(*stock);
            let waits = if *backorder { (requested - taken).min(*room) } else { 0 };
            if taken + waits < requested {
                shortfalls.push(Shortfall { line: *line, sku: sku.clone(), requested, available: taken });
            }
            (*stock, *room) = (*stock - taken, *room - waits);
            let (line, sku) = (*line, sku.clone());
            if waits > 0 {
                events.push(E::StockBackordered { order, line, sku: sku.clone(), quantity: waits, expires, priority });
            }
            if taken > 0 {
                let sku = sku.clone();
                events.push(E::StockReserved { order, line, sku, quantity: taken, expires, priority, waited: false });
            }
            if firm {
                let (reserved, waiting) = held.map_or((0, 0), |hold| (hold.reserved, hold.waiting));
                let told = held.is_some_and(|hold| hold.confirmed);
                events.extend(make_firm(order, line, &sku, reserved + taken, waiting + waits, told));
            }
        }
        if mode == ReserveMode::AllOrNothing && !shortfalls.is_empty() {
            return Err(WarehouseRefusal::InsufficientStock { shortfalls });
        }
        Ok(events)
    }

    fn room(&self, sku: &Sku) -> (u32, u32) {
        self.rows.get(sku).map_or((0, MAX_ON_HAND), |row| {
            (row.available(), row.backorder_cap.unwrap_or(MAX_ON_HAND).saturating_sub(row.waiting))
        })
    }

    fn live_holds(&self, order: OrderId) -> Result<&[Hold], WarehouseRefusal> {
        match self.holds.get(&order) {
            Some(holds) => Ok(holds),
            None if self.is_closed(order) => Err(WarehouseRefusal::HoldClosed { order }),
            None => Err(WarehouseRefusal::HoldUnknown { order }),
        }
    }

    fn transfer(&self, from: OrderId, to: OrderId, expires: Option<Timestamp>) -> Decision {
        if from == to {
            return invalid("to", "must be another order");
        }
        if self.is_closed(to) {
            return Err(WarehouseRefusal::HoldClosed { order: to });
        }
        let holds = match self.live_holds(from) {
            Err(_) if self.holds.contains_key(&to) => return Ok(vec![]),
            other => other?,
        };
        let clash = |hold: &&Hold| self.hold(to, hold.line).is_some_and(|other| other.sku != hold.sku);
        if holds.iter().any(|hold| clash(&hold)) {
            return invalid("to", "holds another SKU under the same line");
        }
        let moved = |hold: &Hold| E::HoldTransferred {
            from,
            to,
            line: hold.line,
            sku: hold.sku.clone(),
            quantity: hold.reserved,
            expires,
            priority: hold.priority,
        };
        let mut events: Vec<_> = holds.iter().filter(|hold| hold.reserved > 0).map(moved).collect();
        if !events.is_empty() && holds.iter().all(|hold| hold.units() == hold.reserved) {
            events.push(E::HoldsClosed { order: from });
        }
        Ok(events)
    }

    fn allocate(&self, order: OrderId, lines: Option<&[u16]>) -> Decision {
        let wanted = |hold: &&Hold| lines.is_none_or(|lines| lines.contains(&hold.line));
        let mut events = Vec::new();
        for hold in self.live_holds(order)?.iter().filter(wanted) {
            events.extend(make_firm(order, hold.line, &hold.sku, hold.reserved, hold.waiting, hold.confirmed));
        }
        Ok(events)
    }

    fn release_some(&self, order: OrderId, lines: &[(u16, u32)]) -> Vec<E> {
        let mut events: Vec<E> = Vec::new();
        for (at, (line, quantity)) in lines.iter().enumerate() {
            let repeated = lines[..at].iter().any(|(other, _)| other == line);
            let Some(hold) = self.hold(order, *line).filter(|_| !repeated) else { continue };
            let mut left = *quantity;
            let mut take = |units: u32| {
                let taken = units.min(left);
                left -= taken;
                taken
            };
            let (waiting, reserved) = (take(hold.waiting), take(hold.reserved));
            let allocated = take(hold.allocated.saturating_sub(self.on_floor(order, *line)));
            if waiting + reserved + allocated > 0 {
                let sku = hold.sku.clone();
                events.push(E::StockReleased { order, line: *line, sku, reserved, waiting, allocated });
            }
        }
        events
    }

    fn reduce(&self, order: OrderId, keep: Option<&[(u16, u32)]>) -> Vec<E> {
        let holds = self.holds.get(&order).into_iter().flatten();
        let surplus = |hold: &Hold| match keep {
            None => Some((hold.line, hold.units())),
            Some(lines) => {
                let (line, kept) = lines.iter().find(|(line, _)| *line == hold.line)?;
                Some((*line, hold.units().saturating_sub(kept.saturating_add(self.on_floor(order, *line)))))
            }
        };
        self.release_some(order, &holds.filter_map(surplus).collect::<Vec<_>>())
    }

    fn release_all(&self, order: OrderId) -> Decision {
        if self.is_closed(order) {
            return Ok(vec![]);
        }
        let on_floor = || self.parcels_of(order).filter(|(_, parcel)| parcel.on_floor());
        let contents = on_floor().flat_map(|(_, parcel)| &parcel.lines);
        let mut events = self.variance(contents.map(|line| (&line.sku, line.picked)));
        for (id, parcel) in on_floor() {
            events.push(floor::canceled(*id, parcel, false)?);
        }
        for hold in self.holds.get(&order).into_iter().flatten() {
            let allocated = hold.allocated.saturating_sub(self.on_floor(order, hold.line));
            let (line, sku, reserved, waiting) = (hold.line, hold.sku.clone(), hold.reserved, hold.waiting);
            if reserved + waiting + allocated > 0 {
                events.push(E::StockReleased { order, line, sku, reserved, waiting, allocated });
            }
        }
        events.push(E::HoldsClosed { order });
        Ok(events)
    }

    fn expired(&self, now: Timestamp) -> Vec<E> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now);
        due.filter_map(|(at, what)| match what {
            Due::Lease(id) => self.expired_lease(*id, *at),
            Due::Hold(order, line) => self.hold(*order, *line).filter(|hold| hold.reserved > 0).map(|hold| {
                let (sku, quantity) = (hold.sku.clone(), hold.reserved);
                E::ReservationExpired { order: *order, line: *line, sku, quantity }
            }),
        })
        .collect()
    }

    /// The next derived edges of a row: what is not there is taken from the last in rank, what is free goes to
    /// the first in the queue, and a low row is told once.
    fn settle(&self, row: &Row, now: Timestamp) -> Vec<E> {
        if row.shortage() > 0 {
            self.take_back(row)
        } else if row.fillable() {
            self.fill(row, now)
        } else if row.turns_low() {
            vec![E::StockLow { sku: row.sku.clone(), available: row.available(), threshold: row.low_stock }]
        } else {
            vec![]
        }
    }

    fn take_back(&self, row: &Row) -> Vec<E> {
        let mut missing = row.shortage();
        let mut events = Vec::new();
        for (order, line) in row.holders.values().rev() {
            let Some(hold) = self.hold(*order, *line).filter(|_| missing > 0) else { break };
            let reserved = hold.reserved.min(missing);
            missing -= reserved;
            let allocated = hold.allocated.saturating_sub(self.on_floor(*order, *line)).min(missing);
            missing -= allocated;
            if reserved + allocated > 0 {
                let (order, line, sku) = (*order, *line, row.sku.clone());
                let reason = "less on hand than promised".to_owned();
                events.push(E::StockShorted { order, line, sku, reserved, allocated, reason });
            }
        }
        events
    }

    fn fill(&self, row: &Row, now: Timestamp) -> Vec<E> {
        let mut free = row.available();
        let mut events = Vec::new();
        for (order, line) in row.queue.values() {
            let Some(hold) = self.hold(*order, *line).filter(|_| free > 0) else { break };
            let quantity = hold.waiting.min(free);
            free -= quantity;
            let (order, line, sku) = (*order, *line, row.sku.clone());
            events.push(if hold.confirmed {
                E::StockAllocated { order, line, sku, quantity, waited: true }
            } else {
                let expires = hold.expires.filter(|at| *at > now);
                E::StockReserved { order, line, sku, quantity, expires, priority: hold.priority, waited: true }
            });
        }
        events
    }
}
