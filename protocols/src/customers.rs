//! Customers and their credit.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::common::{Address, Money};

/// A customer to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCustomer {
    /// Name.
    pub name: String,
    /// Phones, each unique in the shop; local forms such as `0300 1234567` are understood.
    #[serde(default)]
    pub phones: Vec<String>,
    /// E-mail addresses, each unique in the shop.
    #[serde(default)]
    pub emails: Vec<String>,
    /// `retail` (the default), `wholesale`, `vip`, `corporate` or `government`.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// Tier.
    #[serde(default)]
    pub tier: Option<String>,
    /// Addresses.
    #[serde(default)]
    pub addresses: Vec<Address>,
    /// Keywords.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Language of messages, such as `en` or `ur`.
    #[serde(default)]
    pub language: Option<String>,
}

/// What to change about a customer; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchCustomer {
    /// Name.
    #[serde(default)]
    pub name: Option<String>,
    /// All phones from here on.
    #[serde(default)]
    pub phones: Option<Vec<String>>,
    /// All e-mail addresses from here on.
    #[serde(default)]
    pub emails: Option<Vec<String>>,
    /// Type.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// Tier.
    #[serde(default)]
    pub tier: Option<String>,
    /// All addresses from here on.
    #[serde(default)]
    pub addresses: Option<Vec<Address>>,
    /// All keywords from here on.
    #[serde(default)]
    pub tags: Option<Vec<String>>,
    /// Language of messages.
    #[serde(default)]
    pub language: Option<String>,
}

/// Credit terms (VAL-02). `null` instead of this takes credit away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditTerms {
    /// Most that may be owed.
    pub limit: Money,
    /// Days until an order is due.
    pub days: i64,
}

/// Money received for an order on credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// The order paid for.
    pub order_id: String,
    /// How much; everything owed for it if left out.
    #[serde(default)]
    pub amount: Option<Money>,
}

/// What a customer owes and may still owe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreditView {
    /// Terms; `null` without credit.
    pub terms: Option<CreditTerms>,
    /// Owed and held for orders.
    pub exposure: Option<Money>,
    /// What is left of the limit.
    pub available: Option<Money>,
}

/// A customer. Phones and addresses of e-mail are masked for roles that do not need them (SEC-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerView {
    /// Customer id.
    pub id: String,
    /// Version, also the ETag.
    pub version: u64,
    /// Name.
    pub name: String,
    /// Phones in E.164.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Tier.
    pub tier: String,
    /// State of the account: `active`, `blocked`, `merged` or `erased`.
    pub state: String,
    /// Why it is blocked, if it is.
    pub blocked: Option<String>,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Keywords.
    pub tags: Vec<String>,
    /// Language of messages.
    pub language: String,
    /// Credit.
    pub credit: CreditView,
}

/// A customer in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerRow {
    /// Customer id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Phones in E.164.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Tier.
    pub tier: String,
    /// State of the account.
    pub state: String,
}
