//! Credit holds, receivables and store credit as ledgers; and the tables of SM-14.

use std::collections::{BTreeMap, HashSet, VecDeque};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    Currency, Money, OrderId,
    table::{Edge, Machine},
};

/// Ended credit holds remembered, so that late commands are answered `HoldClosed`.
pub const MAX_CLOSED: usize = 1_024;
/// Entries of store credit remembered for repeats.
pub const MAX_REFERENCES: usize = 1_024;

/// Credit of one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditHold {
    /// What is still promised or owed.
    pub amount: Money,
    /// Whether it is a receivable already.
    pub consumed: bool,
    /// Value of the units that came back so far; it is no longer owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Money>,
    /// Value of the units that were canceled so far, of the order as it stands; they were never owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canceled: Option<Money>,
    /// The latest edition of the order whose total or cancellations were told.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub edition: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
pub(super) const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl CreditHold {
    /// A hold of this amount for an order of which nothing is canceled.
    pub fn new(amount: Money) -> Self {
        Self { amount, consumed: false, returned: None, canceled: None, edition: 0 }
    }

    pub(super) fn canceled(&self) -> Money {
        self.canceled.unwrap_or_else(|| Money::zero(self.amount.currency()))
    }

    /// The amount with the units that were canceled: of a hold, the total of the order.
    pub(super) fn gross(&self) -> Money {
        self.amount.plus(self.canceled()).unwrap_or(self.amount)
    }
}

/// What a customer owes, may owe, and is owed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Open holds and receivables; each a part of the document of its own.
    #[serde(skip)]
    pub holds: BTreeMap<OrderId, CreditHold>,
    /// Sum of their amounts by currency: what is in use.
    pub in_use: Vec<Money>,
    /// Whether the limit was set below what was in use at that time.
    pub lowered: bool,
    /// The latest ended ones.
    pub closed: Closed,
    /// Store credit.
    pub store_credit: Option<Money>,
    /// References of the latest store-credit entries with their amounts, oldest first.
    pub references: VecDeque<(String, Money)>,
}

impl Ledger {
    /// Sum of holds and receivables in one currency, kept rather than counted.
    pub fn exposure(&self, currency: Currency) -> Money {
        let kept = self.in_use.iter().find(|sum| sum.currency() == currency);
        kept.copied().unwrap_or_else(|| Money::zero(currency))
    }

    /// The same sum, counted.
    pub(super) fn counted(&self, currency: Currency) -> Money {
        let amounts = self.holds.values().map(|hold| hold.amount).filter(|amount| amount.currency() == currency);
        amounts.fold(Money::zero(currency), |sum, amount| sum.plus(amount).unwrap_or(sum))
    }

    pub(super) fn hold(&mut self, order: OrderId, hold: CreditHold) {
        self.drop_hold(order);
        self.holds.insert(order, hold);
        let sum = self.exposure(hold.amount.currency());
        self.keep(sum.plus(hold.amount).unwrap_or(sum));
    }

    /// Changes a hold that is there, and the sum with it.
    pub(super) fn change(&mut self, order: OrderId, change: impl FnOnce(&mut CreditHold)) {
        if let Some(mut hold) = self.holds.get(&order).copied() {
            change(&mut hold);
            self.hold(order, hold);
        }
    }

    pub(super) fn drop_hold(&mut self, order: OrderId) {
        if let Some(hold) = self.holds.remove(&order) {
            let sum = self.exposure(hold.amount.currency());
            self.keep(sum.minus(hold.amount).unwrap_or(sum));
        }
    }

    fn keep(&mut self, sum: Money) {
        self.in_use.retain(|known| known.currency() != sum.currency());
        if sum != Money::zero(sum.currency()) {
            self.in_use.push(sum);
        }
    }

    pub(super) fn currency(&self) -> Option<Currency> {
        self.holds.values().next().map(|hold| hold.amount.currency())
    }

    pub(super) fn close(&mut self, order: OrderId) {
        self.drop_hold(order);
        self.closed.add(order);
    }

    pub(super) fn entry(&self, reference: &str) -> Option<Money> {
        self.references.iter().find(|(known, _)| known == reference).map(|(_, amount)| *amount)
    }

    pub(super) fn post(&mut self, reference: &str, amount: Money) {
        let balance = self.store_credit.unwrap_or_else(|| Money::zero(amount.currency()));
        self.store_credit = Some(balance.plus(amount).unwrap_or(balance));
        self.references.push_back((reference.to_owned(), amount));
        if self.references.len() > MAX_REFERENCES {
            self.references.pop_front();
        }
    }
}

/// The latest [`MAX_CLOSED`] ended credit holds, oldest first; stored as a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closed {
    order: VecDeque<OrderId>,
    set: HashSet<OrderId>,
}

impl Closed {
    fn add(&mut self, id: OrderId) {
        if self.set.insert(id) {
            self.order.push_back(id);
            if self.order.len() > MAX_CLOSED
                && let Some(oldest) = self.order.pop_front()
            {
                self.set.remove(&oldest);
            }
        }
    }

    /// Whether the hold of that order has ended.
    pub fn contains(&self, id: &OrderId) -> bool {
        self.set.contains(id)
    }
}

impl Serialize for Closed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.order)
    }
}

impl<'de> Deserialize<'de> for Closed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut closed = Self::default();
        Vec::<OrderId>::deserialize(deserializer)?.into_iter().for_each(|id| closed.add(id));
        Ok(closed)
    }
}

const fn edge(from: &'static str, command: &'static str, event: &'static str, to: &'static str) -> Edge {
    Edge { from, command, event, to }
}

/// Customer account.
pub const SM_14_ACCOUNT: Machine = Machine {
    id: "SM-14",
    name: "customer account",
    states: &["active", "blocked", "merged", "erased"],
    terminal: &["erased"],
    edges: &[
        edge("-", "CreateCustomer", "CustomerCreated", "active"),
        edge("active", "BlockCustomer", "CustomerBlocked", "blocked"),
        edge("blocked", "UnblockCustomer", "CustomerUnblocked", "active"),
        edge("active", "MergeCustomer", "CustomerMerged", "merged"),
        edge("blocked", "MergeCustomer", "CustomerMerged", "merged"),
        edge("merged", "UnmergeCustomer", "CustomerUnmerged", "active"),
        edge("merged", "UnmergeCustomer", "CustomerUnmerged", "blocked"),
        edge("active", "EraseCustomer", "CustomerErased", "erased"),
        edge("blocked", "EraseCustomer", "CustomerErased", "erased"),
        edge("merged", "EraseCustomer", "CustomerErased", "erased"),
    ],
};

/// Credit hold, one per order on terms.
pub const SM_14_CREDIT: Machine = Machine {
    id: "SM-14",
    name: "credit hold",
    states: &["held", "consumed", "released", "settled"],
    terminal: &["released", "settled"],
    edges: &[
        edge("-", "HoldCredit", "CreditHeld", "held"),
        edge("-", "ReleaseCredit", "CreditReleased", "released"),
        edge("held", "AdjustCredit", "CreditAdjusted", "held"),
        edge("held", "ReduceCredit", "CreditReduced", "held"),
        edge("held", "ConsumeCredit", "CreditConsumed", "consumed"),
        edge("held", "ReleaseCredit", "CreditReleased", "released"),
        edge("held", "CancelCredit", "CreditCanceled", "released"),
        edge("consumed", "ReduceCredit", "CreditReduced", "consumed"),
        edge("consumed", "ReduceCredit", "CreditReduced", "settled"),
        edge("consumed", "RecordSettlement", "CreditSettled", "consumed"),
        edge("consumed", "RecordSettlement", "CreditSettled", "settled"),
        edge("consumed", "CreditReturn", "CreditReturned", "consumed"),
        edge("consumed", "CreditReturn", "CreditReturned", "settled"),
    ],
};
