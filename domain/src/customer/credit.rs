//! Credit holds, receivables and store credit as ledgers; and the tables of SM-14.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{
    Currency, Money, OrderId,
    table::{Edge, Machine},
};

/// Ended credit holds remembered, so that late commands are answered `HoldClosed`.
pub const MAX_CLOSED: usize = 4_096;
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
}

/// What a customer owes, may owe, and is owed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Open holds and receivables.
    pub holds: BTreeMap<OrderId, CreditHold>,
    /// The latest ended ones, oldest first.
    pub closed: VecDeque<OrderId>,
    /// Store credit.
    pub store_credit: Option<Money>,
    /// References of the latest store-credit entries with their amounts, oldest first.
    pub references: VecDeque<(String, Money)>,
}

impl Ledger {
    /// Sum of holds and receivables in one currency.
    pub fn exposure(&self, currency: Currency) -> Money {
        let amounts = self.holds.values().map(|hold| hold.amount).filter(|amount| amount.currency() == currency);
        amounts.fold(Money::zero(currency), |sum, amount| sum.plus(amount).unwrap_or(sum))
    }

    pub(super) fn currency(&self) -> Option<Currency> {
        self.holds.values().next().map(|hold| hold.amount.currency())
    }

    pub(super) fn close(&mut self, order: OrderId) {
        self.holds.remove(&order);
        if !self.closed.contains(&order) {
            self.closed.push_back(order);
        }
        if self.closed.len() > MAX_CLOSED {
            self.closed.pop_front();
        }
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
        edge("held", "ConsumeCredit", "CreditConsumed", "consumed"),
        edge("held", "ReleaseCredit", "CreditReleased", "released"),
        edge("held", "CancelCredit", "CreditCanceled", "released"),
        edge("consumed", "RecordSettlement", "CreditSettled", "consumed"),
        edge("consumed", "RecordSettlement", "CreditSettled", "settled"),
    ],
};
