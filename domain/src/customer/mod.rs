//! A customer: account, credit and store credit (SM-14).
//!
//! Invariant: `exposure = held + consumed not settled` never passes the limit by a decision made here, so two
//! concurrent orders cannot pass it together (VAL-02, N19); store credit is never negative; a blocked account
//! takes no new credit (VAL-06). That phone and e-mail are unique is for the claims to say, not for this actor.

mod address;
mod credit;
mod decide;
mod details;
mod parts;

pub use address::{Address, AddressKind};
pub use credit::{Closed, CreditHold, Ledger, SM_14_ACCOUNT, SM_14_CREDIT};
pub use decide::{CustomerCommand, CustomerEvent, CustomerRefusal};
pub use details::{AccountState, CreditTerms, Customer, CustomerDetails, CustomerType};
