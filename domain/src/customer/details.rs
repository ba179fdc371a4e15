//! Who a customer is, and the state of the account.

use serde::{Deserialize, Serialize};

use super::{Address, credit::Ledger};
use crate::{
    Currency, CustomerId, Money,
    order::content::words,
    phone::{Email, Phone},
};

words!(
    /// What sort of customer (ORD-03).
    CustomerType {
        /// A person.
        Retail = "retail",
        /// A reseller.
        Wholesale = "wholesale",
        /// A person to be treated with care.
        Vip = "vip",
        /// A company.
        Corporate = "corporate",
        /// A public body.
        Government = "government",
    }
);
words!(
    /// Where an account is (SM-14).
    AccountState {
        /// Not created yet.
        Absent = "absent",
        /// As usual.
        Active = "active",
        /// Refused on every channel (VAL-06).
        Blocked = "blocked",
        /// Part of another account.
        Merged = "merged",
        /// Personal data is gone.
        Erased = "erased",
    }
);

/// Terms on which a customer pays later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditTerms {
    /// Most that may be owed.
    pub limit: Money,
    /// Days until an invoice is due.
    pub days: u16,
}

/// What is known about a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerDetails {
    /// Name.
    pub name: String,
    /// Numbers, the first one for messages.
    #[serde(default)]
    pub phones: Vec<Phone>,
    /// Addresses, the first one for messages.
    #[serde(default)]
    pub emails: Vec<Email>,
    /// What sort.
    pub kind: CustomerType,
    /// Loyalty tier, a word of the shop's own.
    #[serde(default)]
    pub tier: String,
    /// Where parcels go.
    #[serde(default)]
    pub addresses: Vec<Address>,
    /// Keywords.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Language tag such as `ur`.
    #[serde(default)]
    pub language: String,
    /// Terms, if any.
    #[serde(default)]
    pub credit: Option<CreditTerms>,
}

impl CustomerDetails {
    /// The first field that is wrong, and what is wrong with it.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        let long = |text: &String, most: usize| text.chars().count() > most;
        if self.name.trim().is_empty() || long(&self.name, 200) {
            Some(("name", "must have 1 to 200 characters"))
        } else if self.phones.is_empty() && self.emails.is_empty() {
            Some(("phones", "or emails must have one entry"))
        } else if self.phones.len() > 10 || self.emails.len() > 10 {
            Some(("phones", "and emails must have at most 10 entries each"))
        } else if self.addresses.len() > 50 {
            Some(("addresses", "must have at most 50 entries"))
        } else if self.tags.len() > 50 || self.tags.iter().any(|tag| long(tag, 60)) {
            Some(("tags", "must be at most 50, of at most 60 characters"))
        } else if long(&self.tier, 60) || long(&self.language, 35) {
            Some(("tier", "and language must be short words"))
        } else if self.credit.is_some_and(|terms| terms.limit.is_negative()) {
            Some(("credit", "must have a limit that is not negative"))
        } else {
            None
        }
    }
}

/// The state of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// Where the account is.
    pub state: AccountState,
    /// Who; `None` before creation and after erasure.
    pub details: Option<Box<CustomerDetails>>,
    /// Why it is blocked.
    pub blocked: Option<String>,
    /// The account it is part of.
    pub merged_into: Option<CustomerId>,
    /// Holds, receivables and store credit.
    pub ledger: Ledger,
}

impl Default for Customer {
    fn default() -> Self {
        let state = AccountState::Absent;
        Self { state, details: None, blocked: None, merged_into: None, ledger: Ledger::default() }
    }
}

impl Customer {
    /// Credit terms, if any.
    pub fn terms(&self) -> Option<CreditTerms> {
        self.details.as_ref().and_then(|details| details.credit)
    }

    /// What is owed or promised on credit; `None` without terms and without any hold.
    pub fn exposure(&self) -> Option<Money> {
        let currency = self.terms().map(|terms| terms.limit.currency()).or_else(|| self.ledger.currency())?;
        Some(self.ledger.exposure(currency))
    }

    /// What is wrong with this state; empty when every invariant holds. For doctor and tests. A limit that was
    /// lowered below what is in use is no fault: it only keeps anything from being added.
    pub fn check(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let ledger = &self.ledger;
        let amounts = ledger.holds.values().map(|hold| hold.amount).chain(ledger.in_use.iter().copied());
        let mut currencies: Vec<Currency> = amounts.map(|amount| amount.currency()).collect();
        currencies.sort_unstable();
        currencies.dedup();
        for currency in currencies {
            let (kept, counted) = (ledger.exposure(currency), ledger.counted(currency));
            if kept != counted {
                faults.push(format!("exposure is kept as {kept} and the holds sum to {counted}"));
            }
        }
        if let Some(terms) = self.terms().filter(|_| !ledger.lowered) {
            let exposure = ledger.exposure(terms.limit.currency());
            if exposure.amount() > terms.limit.amount() {
                faults.push(format!("exposure {exposure} is over the limit {}", terms.limit));
            }
        }
        let negative = ledger.holds.iter().filter(|(_, hold)| hold.amount.is_negative());
        faults.extend(negative.map(|(order, _)| format!("the credit hold of order {order} is negative")));
        if ledger.store_credit.is_some_and(|balance| balance.is_negative()) {
            faults.push("store credit is negative".to_owned());
        }
        let ended = ledger.holds.keys().filter(|order| ledger.closed.contains(order));
        faults.extend(ended.map(|order| format!("the credit hold of order {order} is open and closed")));
        faults
    }

    /// What may still be promised on credit, never below zero; `None` without terms.
    pub fn available(&self) -> Option<Money> {
        let limit = self.terms()?.limit;
        let left = limit.minus(self.ledger.exposure(limit.currency())).ok()?;
        Some(if left.is_negative() { Money::zero(limit.currency()) } else { left })
    }
}
