//! Units that come back, as the order records them (RET-05).
//!
//! Invariant: no more units of a parcel are received than left in it, whichever warehouses they come back to, and a
//! receipt counts once. Stock does not move here: the process takes the receipt to the warehouse. It knows nothing of
//! customers who send back what they got: that takes a return case (SM-09), which this version does not have.

use rust_decimal::Decimal;

use crate::{
    Ctx, Money, WarehouseId,
    order::{
        content::{ContentLine, OrderContent},
        decide::{Decision, checked_reason, units_from},
        event::{OrderEvent, Units},
        floor::{parcel_of, parcel_state},
        line::LineState,
        refusal::OrderRefusal,
        state::{Lifecycle, Order, ParcelState, ReturnedUnits, Stage},
    },
};

/// A warehouse scanned units of an undelivered parcel in. Units may come back in parts; those of a parcel that was
/// given up as lost are found again.
pub(super) fn receive(
    order: &Order,
    warehouse: &WarehouseId,
    number: u16,
    lines: &[ReturnedUnits],
    reason: Option<&str>,
    ctx: &Ctx,
) -> Decision {
    check_shape(lines, reason)?;
    let parcel = parcel_of(order, number)?;
    let from = match parcel.state {
        ParcelState::HandedOver => Stage::InTransit,
        ParcelState::Returning => Stage::RtoPending,
        ParcelState::Lost => Stage::Lost,
        _ => return Err(parcel_state(parcel)),
    };
    let mut events = Vec::with_capacity(lines.len() + 1);
    for units in lines {
        let known = parcel.lines.iter().any(|(line, _)| *line == units.line);
        let available =
            if known { parcel.out(units.line) } else { return Err(OrderRefusal::UnknownLine { line: units.line }) };
        let quantity = units.quantity();
        if quantity > available {
            return Err(OrderRefusal::Quantity { line: units.line, requested: quantity, available });
        }
        let line = units.line;
        events.push(OrderEvent::LineReturned(Units { line, quantity, from, warehouse: None, parcel: Some(number) }));
    }
    events.push(OrderEvent::ReturnUnitsReceived {
        receipt: order.receipts + 1,
        warehouse: warehouse.clone(),
        parcel: number,
        lines: lines.to_vec(),
        reason: reason.map(str::to_owned),
        at: ctx.now,
    });
    Ok(events)
}

fn check_shape(lines: &[ReturnedUnits], reason: Option<&str>) -> Result<(), OrderRefusal> {
    let twice = |at: usize| lines[..at].iter().any(|units| units.line == lines[at].line);
    if lines.is_empty() || (0..lines.len()).any(twice) || lines.iter().any(|units| units.quantity() == 0) {
        return Err(OrderRefusal::Invalid { field: "lines", rule: "must name each line once, with units" });
    }
    if lines.iter().any(|units| units.damaged > 0) || reason.is_some() {
        checked_reason(reason.unwrap_or_default())?;
    }
    Ok(())
}

/// Units of imported history came back: wherever they are, the least settled stage first.
pub(super) fn imported(order: &Order, lines: &[(u16, u32)]) -> Decision {
    if lines.is_empty() {
        return Err(OrderRefusal::Invalid { field: "lines", rule: "must not be empty" });
    }
    let mut events = Vec::new();
    for (line, quantity) in lines {
        let state = order.line(*line).ok_or(OrderRefusal::UnknownLine { line: *line })?;
        let stages = [Stage::RtoPending, Stage::Delivered, Stage::InTransit, Stage::Lost];
        let available = stages.iter().map(|stage| state.units(*stage)).sum();
        if lines.iter().filter(|(other, _)| other == line).count() > 1 {
            return Err(OrderRefusal::Invalid { field: "lines", rule: "must name each line once" });
        }
        if *quantity == 0 || *quantity > available {
            return Err(OrderRefusal::Quantity { line: *line, requested: *quantity, available });
        }
        events.extend(units_from(order, *line, &stages, *quantity).into_iter().map(OrderEvent::LineReturned));
    }
    Ok(events)
}

impl Order {
    /// What the customer no longer owes because units came back: their part of each line, rounded half-even on the
    /// sum that came back so far, and everything once the order ended with nothing kept.
    pub fn not_owed(&self) -> Money {
        let Some(content) = self.content.as_deref() else { return Money::zero(crate::Currency::PKR) };
        if matches!(self.lifecycle, Lifecycle::Returned | Lifecycle::Canceled) {
            return content.total();
        }
        self.value_of(content, |line| line.returned)
    }

    /// What the customer does not owe because units were canceled while the order goes on, rounded like
    /// [`Self::not_owed`].
    pub fn canceled_value(&self) -> Money {
        let content = self.content.as_deref();
        content.map_or_else(|| Money::zero(crate::Currency::PKR), |content| self.canceled_of(content))
    }

    /// The same at the prices of another edition.
    pub fn canceled_of(&self, content: &OrderContent) -> Money {
        self.value_of(content, |line| line.canceled)
    }

    /// The part of each line's total that these of its units make.
    fn value_of(&self, content: &OrderContent, units: impl Fn(&LineState) -> u32) -> Money {
        let value = |line: &ContentLine| {
            let part = self.line(line.line).map_or(0, &units);
            let total = line.totals(content.currency, content.tax_included).total;
            content.currency.round(total * Decimal::from(part) / Decimal::from(line.quantity.max(1)))
        };
        let sum = content.lines.iter().map(value).sum();
        Money::rounded(sum, content.currency).unwrap_or_else(|_| Money::zero(content.currency))
    }
}
