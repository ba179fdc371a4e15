//! The document of a customer: one part for the account, one per open credit hold.
//!
//! Invariant: [`Customer::build`] undoes [`Customer::to_part`] over every part, and an event changes no part that
//! [`Customer::touched`] does not name. A wholesaler with thousands of open orders is so not rewritten at each.

use super::{CreditHold, Customer, CustomerEvent};
use crate::{OrderId, Part, PartJson, aggregate::main_part};

fn hold(order: OrderId) -> Part {
    Part::named(format!("hold/{order}"))
}

impl Customer {
    pub(super) fn touched(event: &CustomerEvent) -> Vec<Part> {
        use CustomerEvent as E;
        match event {
            E::CreditHeld { order, .. }
            | E::CreditAdjusted { order, .. }
            | E::CreditReduced { order, .. }
            | E::CreditConsumed { order }
            | E::CreditReleased { order }
            | E::CreditCanceled { order }
            | E::CreditSettled { order, .. }
            | E::CreditReturned { order, .. } => vec![hold(*order)],
            E::CustomerCreated { .. }
            | E::CustomerUpdated { .. }
            | E::CreditTermsSet { .. }
            | E::CustomerBlocked { .. }
            | E::CustomerUnblocked
            | E::CustomerMerged { .. }
            | E::CustomerUnmerged
            | E::CustomerErased
            | E::StoreCreditGranted { .. }
            | E::StoreCreditSpent { .. }
            | E::StoreCreditReversed { .. } => Vec::new(),
        }
    }

    pub(super) fn to_part(&self, part: &Part) -> Option<PartJson> {
        match part.0.strip_prefix("hold/") {
            None => main_part(self, part),
            Some(order) => Some(PartJson::of(self.ledger.holds.get(&OrderId::parse(order).ok()?)?)),
        }
    }

    pub(super) fn all_parts(&self) -> Vec<Part> {
        std::iter::once(Part::main()).chain(self.ledger.holds.keys().map(|order| hold(*order))).collect()
    }

    pub(super) fn build(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        let (mut main, mut holds) = (None, std::collections::BTreeMap::new());
        for (part, json) in parts {
            if part == Part::main() {
                main = Some(json.read::<Self>()?);
            } else if let Some(order) = part.0.strip_prefix("hold/") {
                let order = OrderId::parse(order).map_err(|error| error.to_string())?;
                holds.insert(order, json.read::<CreditHold>()?);
            } else {
                return Err(format!("unknown part {:?}", part.0));
            }
        }
        let mut customer = main.ok_or("main part missing")?;
        customer.ledger.holds = holds;
        Ok(customer)
    }
}
