//! Commands, events and refusals of a customer, and the decisions between them.

use serde::{Deserialize, Serialize};

use super::{AccountState, CreditHold, CreditTerms, Customer, CustomerDetails, credit::is_zero};
use crate::{Aggregate, Ctx, CustomerId, Kind, Money, OrderId, Part, PartJson, RefusalClass, Refused};

/// Requests to a customer.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant and field is the row of the same name in state-machines.md §6.4")]
pub enum CustomerCommand {
    CreateCustomer(Box<CustomerDetails>),
    /// Everything but the credit terms, which stay.
    UpdateCustomer(Box<CustomerDetails>),
    SetCreditTerms {
        terms: Option<CreditTerms>,
    },
    BlockCustomer {
        reason: String,
    },
    UnblockCustomer,
    MergeCustomer {
        into: CustomerId,
    },
    UnmergeCustomer,
    EraseCustomer,
    HoldCredit {
        order: OrderId,
        amount: Money,
    },
    /// The order's new total, and what of it is canceled, in which edition of the order; 0 while a change is proposed.
    AdjustCredit {
        order: OrderId,
        amount: Money,
        canceled: Money,
        edition: u32,
    },
    /// Units of the order were canceled; `canceled` is the value of all canceled so far in this edition, so that a repeat
    /// takes nothing off twice.
    ReduceCredit {
        order: OrderId,
        canceled: Money,
        edition: u32,
    },
    ConsumeCredit {
        order: OrderId,
    },
    ReleaseCredit {
        order: OrderId,
    },
    /// As ReleaseCredit, but the order may hold credit again: it is a draft and can be submitted again.
    CancelCredit {
        order: OrderId,
    },
    /// `None`: all of it.
    RecordSettlement {
        order: OrderId,
        amount: Option<Money>,
    },
    /// Units of the order came back; `returned` is the value of all that came back so far, so that a repeat takes
    /// nothing off twice.
    CreditReturn {
        order: OrderId,
        returned: Money,
    },
    GrantStoreCredit {
        reference: String,
        amount: Money,
    },
    SpendStoreCredit {
        reference: String,
        amount: Money,
    },
    /// Undo the entry with this reference.
    ReverseStoreCredit {
        reference: String,
    },
}

/// Facts about a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[allow(missing_docs, reason = "each variant and field is the row of the same name in state-machines.md §6.4")]
pub enum CustomerEvent {
    CustomerCreated {
        details: Box<CustomerDetails>,
    },
    CustomerUpdated {
        details: Box<CustomerDetails>,
    },
    CreditTermsSet {
        terms: Option<CreditTerms>,
    },
    CustomerBlocked {
        reason: String,
    },
    CustomerUnblocked,
    CustomerMerged {
        into: CustomerId,
    },
    CustomerUnmerged,
    CustomerErased,
    CreditHeld {
        order: OrderId,
        amount: Money,
    },
    /// `amount` is held, without what is canceled.
    CreditAdjusted {
        order: OrderId,
        amount: Money,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        canceled: Option<Money>,
        #[serde(default, skip_serializing_if = "is_zero")]
        edition: u32,
    },
    /// `canceled` in all was taken off; of a receivable nothing left ends it.
    CreditReduced {
        order: OrderId,
        canceled: Money,
        left: Money,
        #[serde(default, skip_serializing_if = "is_zero")]
        edition: u32,
    },
    CreditConsumed {
        order: OrderId,
    },
    CreditReleased {
        order: OrderId,
    },
    /// As released, but the order may hold again.
    CreditCanceled {
        order: OrderId,
    },
    /// `left` is still owed; nothing left ends the hold.
    CreditSettled {
        order: OrderId,
        amount: Money,
        left: Money,
    },
    /// `returned` in all is no longer owed; nothing left ends the hold.
    CreditReturned {
        order: OrderId,
        returned: Money,
        left: Money,
    },
    StoreCreditGranted {
        reference: String,
        amount: Money,
    },
    StoreCreditSpent {
        reference: String,
        amount: Money,
    },
    /// `amount` is what the balance changes by.
    StoreCreditReversed {
        reference: String,
        amount: Money,
    },
}

/// A refusal of a customer; nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the fields are the numbers in the message")]
pub enum CustomerRefusal {
    /// A field is wrong.
    #[error("{field} {problem}")]
    Invalid { field: &'static str, problem: &'static str },
    /// Nobody created it.
    #[error("there is no such customer")]
    Unknown,
    /// It exists with other details.
    #[error("the customer exists already")]
    Exists,
    /// The account's state does not allow it.
    #[error("the customer is {state}")]
    WrongState { state: AccountState },
    /// A blocked account takes no orders (VAL-06).
    #[error("the customer is blocked")]
    Blocked,
    /// There are no credit terms.
    #[error("the customer has no credit terms")]
    NoCreditTerms,
    /// Another currency than the limit, the hold or the balance.
    #[error("the amount has another currency than the account")]
    CurrencyMismatch,
    /// The limit would be passed (VAL-02).
    #[error("credit limit {limit} would be exceeded: {exposure} in use, {requested} asked for")]
    CreditLimitExceeded { limit: Money, exposure: Money, requested: Money },
    /// The hold of that order has ended.
    #[error("the credit hold of order {order} is closed")]
    HoldClosed { order: OrderId },
    /// No hold for that order.
    #[error("there is no credit hold for order {order}")]
    HoldUnknown { order: OrderId },
    /// The hold is held, or consumed, and should be the other.
    #[error("the credit hold of order {order} is {state}")]
    HoldState { order: OrderId, state: &'static str },
    /// More than is owed or in the balance.
    #[error("{requested} is more than {available}")]
    TooMuch { requested: Money, available: Money },
    /// The reference was used with another amount, or is not known.
    #[error("reference {reference:?} is used otherwise or not known")]
    Reference { reference: String },
}

impl Refused for CustomerRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid_customer",
            Self::Unknown => "customer_unknown",
            Self::Exists => "customer_exists",
            Self::WrongState { .. } => "customer_state",
            Self::Blocked => "customer_blocked",
            Self::NoCreditTerms => "no_credit_terms",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::CreditLimitExceeded { .. } => "credit_limit_exceeded",
            Self::HoldClosed { .. } => "credit_hold_closed",
            Self::HoldUnknown { .. } => "credit_hold_unknown",
            Self::HoldState { .. } => "credit_hold_state",
            Self::TooMuch { .. } => "amount_too_large",
            Self::Reference { .. } => "store_credit_reference",
        }
    }
    fn class(&self) -> RefusalClass {
        match self {
            Self::Invalid { .. } | Self::CurrencyMismatch => RefusalClass::Invalid,
            Self::Unknown | Self::HoldUnknown { .. } => RefusalClass::NotFound,
            _ => RefusalClass::Conflict,
        }
    }
    fn field(&self) -> Option<String> {
        match self {
            Self::Invalid { field, .. } => Some(format!("/{field}")),
            Self::CurrencyMismatch | Self::CreditLimitExceeded { .. } | Self::TooMuch { .. } => Some("/amount".into()),
            Self::Reference { .. } => Some("/reference".into()),
            _ => None,
        }
    }
    fn fix(&self) -> Option<String> {
        match self {
            Self::CreditLimitExceeded { limit, exposure, .. } => {
                let left = limit.minus(*exposure).ok().filter(|left| !left.is_negative());
                let left = left.unwrap_or_else(|| Money::zero(limit.currency()));
                Some(format!("reduce the order to {left}, collect a payment, or raise the limit"))
            }
            Self::Blocked => Some("unblock the customer first".into()),
            Self::NoCreditTerms => Some("choose another payment method or set credit terms".into()),
            _ => None,
        }
    }
}

type Decision = Result<Vec<CustomerEvent>, CustomerRefusal>;
use CustomerEvent as E;

fn some_if(event: E, changes: bool) -> Decision {
    Ok(if changes { vec![event] } else { vec![] })
}

fn checked_amount(amount: Money) -> Result<(), CustomerRefusal> {
    if amount.is_negative() || amount == Money::zero(amount.currency()) {
        return Err(CustomerRefusal::Invalid { field: "amount", problem: "must be greater than zero" });
    }
    Ok(())
}

/// What was taken off may be worth more than what is left after settlements.
fn not_below_zero(amount: Money) -> Money {
    if amount.is_negative() { Money::zero(amount.currency()) } else { amount }
}

impl Customer {
    fn live(&self) -> Result<&CustomerDetails, CustomerRefusal> {
        match (self.state, self.details.as_deref()) {
            (AccountState::Active | AccountState::Blocked, Some(details)) => Ok(details),
            (state, _) => Err(CustomerRefusal::WrongState { state }),
        }
    }

    fn hold_of(&self, order: OrderId) -> Result<CreditHold, CustomerRefusal> {
        let ended = self.ledger.closed.contains(&order);
        let why = if ended { CustomerRefusal::HoldClosed { order } } else { CustomerRefusal::HoldUnknown { order } };
        self.ledger.holds.get(&order).copied().ok_or(why)
    }

    /// The one guard of the limit: `grows` comes on top of what is in use.
    fn room_for(&self, grows: Money, requested: Money) -> Result<(), CustomerRefusal> {
        if self.state == AccountState::Blocked {
            return Err(CustomerRefusal::Blocked);
        }
        self.live()?;
        let limit = self.terms().ok_or(CustomerRefusal::NoCreditTerms)?.limit;
        if limit.currency() != requested.currency() {
            return Err(CustomerRefusal::CurrencyMismatch);
        }
        let exposure = self.ledger.exposure(limit.currency());
        match exposure.plus(grows) {
            Ok(sum) if sum.amount() <= limit.amount() => Ok(()),
            _ => Err(CustomerRefusal::CreditLimitExceeded { limit, exposure, requested }),
        }
    }

    fn decide_credit(&self, command: &CustomerCommand) -> Decision {
        use CustomerCommand as C;
        match command {
            C::HoldCredit { order, amount } => {
                checked_amount(*amount)?;
                match self.hold_of(*order) {
                    Ok(hold) if hold.gross() == *amount && !hold.consumed => return Ok(vec![]),
                    Ok(hold) => {
                        let state = if hold.consumed { "consumed" } else { "held with another amount" };
                        return Err(CustomerRefusal::HoldState { order: *order, state });
                    }
                    Err(closed @ CustomerRefusal::HoldClosed { .. }) => return Err(closed),
                    Err(_) => {}
                }
                self.room_for(*amount, *amount)?;
                Ok(vec![E::CreditHeld { order: *order, amount: *amount }])
            }
            C::AdjustCredit { order, amount, canceled, edition } => {
                self.adjust_credit(*order, *amount, *canceled, *edition)
            }
            C::ReduceCredit { order, canceled, edition } => self.reduce_credit(*order, *canceled, *edition),
            C::ConsumeCredit { order } => some_if(E::CreditConsumed { order: *order }, !self.hold_of(*order)?.consumed),
            C::ReleaseCredit { order } => match self.hold_of(*order) {
                Err(CustomerRefusal::HoldClosed { .. }) => Ok(vec![]),
                Ok(hold) if hold.consumed => Err(CustomerRefusal::HoldState { order: *order, state: "consumed" }),
                _ => Ok(vec![E::CreditReleased { order: *order }]),
            },
            C::CancelCredit { order } => match self.hold_of(*order) {
                Ok(hold) if hold.consumed => Err(CustomerRefusal::HoldState { order: *order, state: "consumed" }),
                Ok(_) => Ok(vec![E::CreditCanceled { order: *order }]),
                Err(_) => Ok(vec![]),
            },
            C::RecordSettlement { order, amount } => {
                let hold = match self.hold_of(*order) {
                    Err(CustomerRefusal::HoldClosed { .. }) => return Ok(vec![]),
                    other => other?,
                };
                if !hold.consumed {
                    return Err(CustomerRefusal::HoldState { order: *order, state: "held" });
                }
                let amount = amount.unwrap_or(hold.amount);
                checked_amount(amount)?;
                let left = hold.amount.minus(amount).map_err(|_| CustomerRefusal::CurrencyMismatch)?;
                if left.is_negative() {
                    return Err(CustomerRefusal::TooMuch { requested: amount, available: hold.amount });
                }
                Ok(vec![E::CreditSettled { order: *order, amount, left }])
            }
            C::CreditReturn { order, returned } => self.credit_return(*order, *returned),
            _ => self.decide_store_credit(command),
        }
    }

    /// What follows from two events of an order may come in the other order: an edition that is known already, and all
    /// before it, say nothing new about the total.
    fn adjust_credit(&self, order: OrderId, amount: Money, canceled: Money, edition: u32) -> Decision {
        let mismatch = |_| CustomerRefusal::CurrencyMismatch;
        checked_amount(amount)?;
        let hold = self.hold_of(order)?;
        let left = not_below_zero(amount.minus(canceled).map_err(mismatch)?);
        let unchanged = hold.amount == left && hold.canceled() == canceled;
        if (edition > 0 && edition <= hold.edition) || (unchanged && (edition == 0 || hold.consumed)) {
            return Ok(vec![]);
        }
        if hold.consumed {
            return Err(CustomerRefusal::HoldState { order, state: "consumed" });
        }
        let grows = left.minus(hold.amount).map_err(mismatch)?;
        if !grows.is_negative() {
            self.room_for(grows, left)?;
        }
        let canceled = Some(canceled).filter(|canceled| *canceled != Money::zero(canceled.currency()));
        Ok(vec![E::CreditAdjusted { order, amount: left, canceled, edition }])
    }

    /// What is canceled was never owed.
    fn reduce_credit(&self, order: OrderId, canceled: Money, edition: u32) -> Decision {
        let hold = match self.hold_of(order) {
            Err(CustomerRefusal::HoldClosed { .. }) => return Ok(vec![]),
            other => other?,
        };
        let fresh = canceled.minus(hold.canceled()).map_err(|_| CustomerRefusal::CurrencyMismatch)?;
        if edition < hold.edition || fresh.is_negative() || fresh == Money::zero(fresh.currency()) {
            return Ok(vec![]);
        }
        let left = hold.amount.minus(fresh).map_err(|_| CustomerRefusal::CurrencyMismatch)?;
        Ok(vec![E::CreditReduced { order, canceled, left: not_below_zero(left), edition }])
    }

    /// What came back is no longer owed. What was paid for it already is not paid back here (SM-13 does that).
    fn credit_return(&self, order: OrderId, returned: Money) -> Decision {
        checked_amount(returned)?;
        let hold = match self.hold_of(order) {
            Err(CustomerRefusal::HoldClosed { .. }) => return Ok(vec![]),
            other => other?,
        };
        let zero = Money::zero(returned.currency());
        let fresh = returned.minus(hold.returned.unwrap_or(zero)).map_err(|_| CustomerRefusal::CurrencyMismatch)?;
        if fresh.is_negative() || fresh == zero {
            return Ok(vec![]);
        }
        let left = hold.amount.minus(fresh).map_err(|_| CustomerRefusal::CurrencyMismatch)?;
        // Units that came back have left before, so the credit is a receivable even if that is told later.
        let mut events: Vec<E> = (!hold.consumed).then_some(E::CreditConsumed { order }).into_iter().collect();
        events.push(E::CreditReturned { order, returned, left: not_below_zero(left) });
        Ok(events)
    }

    fn decide_store_credit(&self, command: &CustomerCommand) -> Decision {
        use CustomerCommand as C;
        let (reference, amount, spends) = match command {
            C::GrantStoreCredit { reference, amount } => (reference, *amount, false),
            C::SpendStoreCredit { reference, amount } => (reference, *amount, true),
            C::ReverseStoreCredit { reference } => {
                let undo = format!("reverse:{reference}");
                if self.ledger.entry(&undo).is_some() {
                    return Ok(vec![]);
                }
                let unknown = || CustomerRefusal::Reference { reference: reference.clone() };
                let entry = self.ledger.entry(reference).ok_or_else(unknown)?;
                let amount = Money::zero(entry.currency()).minus(entry).map_err(|_| unknown())?;
                self.covered(amount, entry)?;
                return Ok(vec![E::StoreCreditReversed { reference: reference.clone(), amount }]);
            }
            _ => return Ok(vec![]),
        };
        checked_amount(amount)?;
        if reference.trim().is_empty() || reference.len() > 120 || reference.starts_with("reverse:") {
            return Err(CustomerRefusal::Invalid { field: "reference", problem: "must have 1 to 120 characters" });
        }
        let change = if spends { Money::zero(amount.currency()).minus(amount) } else { Ok(amount) };
        let change = change.map_err(|_| CustomerRefusal::CurrencyMismatch)?;
        match self.ledger.entry(reference) {
            Some(known) if known == change => return Ok(vec![]),
            Some(_) => return Err(CustomerRefusal::Reference { reference: reference.clone() }),
            None => {}
        }
        self.live()?;
        self.covered(change, amount)?;
        let reference = reference.clone();
        Ok(vec![if spends {
            E::StoreCreditSpent { reference, amount }
        } else {
            E::StoreCreditGranted { reference, amount }
        }])
    }

    fn covered(&self, change: Money, requested: Money) -> Result<(), CustomerRefusal> {
        let available = self.ledger.store_credit.unwrap_or_else(|| Money::zero(change.currency()));
        match available.plus(change) {
            Err(crate::MoneyError::CurrencyMismatch { .. }) => Err(CustomerRefusal::CurrencyMismatch),
            Ok(balance) if !balance.is_negative() => Ok(()),
            _ => Err(CustomerRefusal::TooMuch { requested, available }),
        }
    }
}

impl Aggregate for Customer {
    const KIND: Kind = Kind::Customer;
    type Command = CustomerCommand;
    type Event = CustomerEvent;
    type Refusal = CustomerRefusal;

    fn decide(&self, command: &CustomerCommand, _ctx: &Ctx) -> Decision {
        use AccountState as S;
        use CustomerCommand as C;
        if let C::CreateCustomer(details) | C::UpdateCustomer(details) = command
            && let Some((field, problem)) = details.fault()
        {
            return Err(CustomerRefusal::Invalid { field, problem });
        }
        let wrong = || Err(CustomerRefusal::WrongState { state: self.state });
        match (command, self.state) {
            (C::CreateCustomer(details), S::Absent) => Ok(vec![E::CustomerCreated { details: details.clone() }]),
            (C::CreateCustomer(details), _) if self.details.as_ref() == Some(details) => Ok(vec![]),
            (C::CreateCustomer(_), _) => Err(CustomerRefusal::Exists),
            (_, S::Absent) => Err(CustomerRefusal::Unknown),
            (C::UpdateCustomer(details), _) => {
                let current = self.live()?;
                let details = Box::new(CustomerDetails { credit: current.credit, ..(**details).clone() });
                let changes = *details != *current;
                some_if(E::CustomerUpdated { details }, changes)
            }
            (C::SetCreditTerms { terms }, _) => {
                let current = self.live()?.credit;
                if terms.is_some_and(|terms| terms.limit.is_negative()) {
                    return Err(CustomerRefusal::Invalid { field: "limit", problem: "must not be negative" });
                }
                let currency = self.ledger.currency();
                if terms.is_some_and(|terms| currency.is_some_and(|used| used != terms.limit.currency())) {
                    return Err(CustomerRefusal::CurrencyMismatch);
                }
                some_if(E::CreditTermsSet { terms: *terms }, *terms != current)
            }
            (C::BlockCustomer { reason }, _) if reason.trim().is_empty() => {
                Err(CustomerRefusal::Invalid { field: "reason", problem: "must not be empty" })
            }
            (C::BlockCustomer { reason }, S::Active) => Ok(vec![E::CustomerBlocked { reason: reason.clone() }]),
            (C::BlockCustomer { .. }, S::Blocked) | (C::UnblockCustomer, S::Active) => Ok(vec![]),
            (C::UnblockCustomer, S::Blocked) => Ok(vec![E::CustomerUnblocked]),
            (C::MergeCustomer { into }, S::Active | S::Blocked) => Ok(vec![E::CustomerMerged { into: *into }]),
            (C::MergeCustomer { into }, S::Merged) if self.merged_into == Some(*into) => Ok(vec![]),
            (C::UnmergeCustomer, S::Merged) => Ok(vec![E::CustomerUnmerged]),
            (C::UnmergeCustomer, S::Active | S::Blocked) | (C::EraseCustomer, S::Erased) => Ok(vec![]),
            (C::EraseCustomer, _) => Ok(vec![E::CustomerErased]),
            (C::BlockCustomer { .. } | C::UnblockCustomer | C::MergeCustomer { .. } | C::UnmergeCustomer, _) => wrong(),
            _ => self.decide_credit(command),
        }
    }

    fn command_name(command: &CustomerCommand) -> &'static str {
        use CustomerCommand as C;
        match command {
            C::CreateCustomer(_) => "CreateCustomer",
            C::UpdateCustomer(_) => "UpdateCustomer",
            C::SetCreditTerms { .. } => "SetCreditTerms",
            C::BlockCustomer { .. } => "BlockCustomer",
            C::UnblockCustomer => "UnblockCustomer",
            C::MergeCustomer { .. } => "MergeCustomer",
            C::UnmergeCustomer => "UnmergeCustomer",
            C::EraseCustomer => "EraseCustomer",
            C::HoldCredit { .. } => "HoldCredit",
            C::AdjustCredit { .. } => "AdjustCredit",
            C::ReduceCredit { .. } => "ReduceCredit",
            C::ConsumeCredit { .. } => "ConsumeCredit",
            C::ReleaseCredit { .. } => "ReleaseCredit",
            C::CancelCredit { .. } => "CancelCredit",
            C::RecordSettlement { .. } => "RecordSettlement",
            C::CreditReturn { .. } => "CreditReturn",
            C::GrantStoreCredit { .. } => "GrantStoreCredit",
            C::SpendStoreCredit { .. } => "SpendStoreCredit",
            C::ReverseStoreCredit { .. } => "ReverseStoreCredit",
        }
    }

    fn evolve(&mut self, event: &CustomerEvent) {
        match event {
            E::CustomerCreated { details } => {
                (self.state, self.details) = (AccountState::Active, Some(details.clone()));
            }
            E::CustomerUpdated { details } => self.details = Some(details.clone()),
            E::CreditTermsSet { terms } => {
                if let Some(details) = &mut self.details {
                    details.credit = *terms;
                }
                let over =
                    |terms: &CreditTerms| self.ledger.exposure(terms.limit.currency()).amount() > terms.limit.amount();
                self.ledger.lowered = terms.as_ref().is_some_and(over);
            }
            E::CustomerBlocked { reason } => (self.state, self.blocked) = (AccountState::Blocked, Some(reason.clone())),
            E::CustomerUnblocked => (self.state, self.blocked) = (AccountState::Active, None),
            E::CustomerMerged { into } => (self.state, self.merged_into) = (AccountState::Merged, Some(*into)),
            E::CustomerUnmerged => {
                let before = if self.blocked.is_some() { AccountState::Blocked } else { AccountState::Active };
                (self.state, self.merged_into) = (before, None);
            }
            E::CustomerErased => {
                (self.state, self.details, self.blocked) = (AccountState::Erased, None, None);
            }
            E::CreditHeld { order, amount } => self.ledger.hold(*order, CreditHold::new(*amount)),
            E::CreditAdjusted { order, amount, canceled, edition } => self.ledger.change(*order, |hold| {
                (hold.amount, hold.canceled) = (*amount, *canceled);
                hold.edition = hold.edition.max(*edition);
            }),
            E::CreditReduced { order, left, .. }
                if *left == Money::zero(left.currency())
                    && self.ledger.holds.get(order).is_some_and(|hold| hold.consumed) =>
            {
                self.ledger.close(*order);
            }
            E::CreditReduced { order, canceled, left, edition } => self.ledger.change(*order, |hold| {
                (hold.amount, hold.canceled) = (*left, Some(*canceled));
                hold.edition = hold.edition.max(*edition);
            }),
            E::CreditConsumed { order } => {
                if let Some(hold) = self.ledger.holds.get_mut(order) {
                    hold.consumed = true;
                }
            }
            E::CreditCanceled { order } => self.ledger.drop_hold(*order),
            E::CreditReleased { order } => self.ledger.close(*order),
            E::CreditSettled { order, left, .. } | E::CreditReturned { order, left, .. }
                if *left == Money::zero(left.currency()) =>
            {
                self.ledger.close(*order);
            }
            E::CreditSettled { order, left, .. } => self.ledger.change(*order, |hold| hold.amount = *left),
            E::CreditReturned { order, returned, left } => self.ledger.change(*order, |hold| {
                (hold.amount, hold.returned) = (*left, Some(*returned));
            }),
            E::StoreCreditGranted { reference, amount } => self.ledger.post(reference, *amount),
            E::StoreCreditSpent { reference, amount } => {
                let zero = Money::zero(amount.currency());
                self.ledger.post(reference, zero.minus(*amount).unwrap_or(zero));
            }
            E::StoreCreditReversed { reference, amount } => self.ledger.post(&format!("reverse:{reference}"), *amount),
        }
    }

    fn view(&self) -> Option<serde_json::Value> {
        let details = self.details.as_deref()?;
        let phones: Vec<_> = details.phones.iter().map(ToString::to_string).collect();
        let emails: Vec<_> = details.emails.iter().map(ToString::to_string).collect();
        Some(serde_json::json!({
            "name": details.name,
            "phones": phones,
            "emails": emails,
            "kind": details.kind.word(),
            "tier": details.tier,
            "state": self.state.word(),
            "tags": details.tags,
        }))
    }

    fn search_text(&self) -> Option<String> {
        let details = self.details.as_deref()?;
        let mut words = vec![details.name.clone()];
        words.extend(details.phones.iter().map(ToString::to_string));
        words.extend(details.emails.iter().map(ToString::to_string));
        words.extend(details.addresses.iter().map(|address| address.city.clone()));
        words.extend(details.tags.iter().cloned());
        words.retain(|word| !word.is_empty());
        Some(words.join(" "))
    }

    fn touches(event: &CustomerEvent) -> Vec<Part> {
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
