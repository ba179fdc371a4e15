//! Typed identifiers. A raw string or uuid stops at the edge: past it, an id can only name its own kind of entity.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What sort of aggregate an entity is. The name is part of the journal's keys and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A sales order.
    Order,
    /// A warehouse with all its stock.
    Warehouse,
    /// A customer account.
    Customer,
    /// A queue of open approval steps.
    ApprovalQueue,
    /// A sellable item, one per SKU.
    Product,
    /// The one owner of a unique key (phone, e-mail, barcode).
    Claim,
    /// A durable number sequence.
    Sequence,
    /// A person or service that signs in.
    User,
    /// The shop's settings.
    Settings,
    /// The floor of a warehouse: locations, stock by bin, devices and work.
    Floor,
    /// The thread with one number or mail address.
    Conversation,
    /// What happened to one connection to the outside, and what operators did about it.
    Connection,
}

impl Kind {
    /// Every kind, in a fixed order.
    pub const ALL: [Self; 12] = [
        Self::Order,
        Self::Warehouse,
        Self::Customer,
        Self::ApprovalQueue,
        Self::Product,
        Self::Claim,
        Self::Sequence,
        Self::User,
        Self::Settings,
        Self::Floor,
        Self::Conversation,
        Self::Connection,
    ];

    /// The stable name used in keys, tables and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Warehouse => "warehouse",
            Self::Customer => "customer",
            Self::ApprovalQueue => "approval_queue",
            Self::Product => "product",
            Self::Claim => "claim",
            Self::Sequence => "sequence",
            Self::User => "user",
            Self::Settings => "settings",
            Self::Floor => "floor",
            Self::Conversation => "conversation",
            Self::Connection => "connection",
        }
    }

    /// The kind with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Kind and id together: the address of one aggregate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityId {
    /// The sort of aggregate.
    pub kind: Kind,
    /// The id within its kind, in text form.
    pub id: Arc<str>,
}

impl EntityId {
    /// Address of `id` of `kind`.
    pub fn new(kind: Kind, id: impl Into<Arc<str>>) -> Self {
        Self { kind, id: id.into() }
    }
}

impl std::fmt::Display for EntityId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.id)
    }
}

/// Why a text is not an id of the wanted sort.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a valid {what}: {rule}")]
pub struct IdError {
    /// The text, cut to 64 characters.
    pub text: String,
    /// What it was meant to be.
    pub what: &'static str,
    /// The rule it breaks.
    pub rule: &'static str,
}

macro_rules! code_id {
    ($(#[$doc:meta])* $name:ident, $kind:expr, $what:literal, $max:literal, $rule:literal, $ok:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Parses the text form.
            ///
            /// # Errors
            /// [`IdError`] naming the rule that is broken.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let ok: fn(char) -> bool = $ok;
                if text.is_empty() || text.len() > $max || text != text.trim() || !text.chars().all(ok) {
                    return Err(IdError { text: text.chars().take(64).collect(), what: $what, rule: $rule });
                }
                Ok(Self(text.into()))
            }

            /// The text form.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The address of the aggregate with this id.
            pub fn entity(&self) -> EntityId {
                EntityId { kind: $kind, id: self.0.clone() }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    };
}

code_id!(
    /// Stock-keeping unit: what is counted, priced and sold (LIN-01).
    Sku, Kind::Product, "SKU", 64, "1 to 64 printable characters without leading or trailing blanks",
    |c| !c.is_control()
);
code_id!(
    /// Short code of a warehouse, for example `KHI-1`.
    WarehouseId, Kind::Warehouse, "warehouse code", 24, "1 to 24 letters, digits, '-' or '_'",
    |c| c.is_ascii_alphanumeric() || c == '-' || c == '_'
);
code_id!(
    /// Name of an approval queue, for example `sales`.
    QueueId, Kind::ApprovalQueue, "queue name", 32, "1 to 32 letters, digits, '-' or '_'",
    |c| c.is_ascii_alphanumeric() || c == '-' || c == '_'
);

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $kind:expr, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// From the 128 bits of a uuid.
            pub const fn from_u128(bits: u128) -> Self {
                Self(bits)
            }

            /// The 128 bits.
            pub const fn as_u128(self) -> u128 {
                self.0
            }

            /// Parses the hyphenated lower-case form of RFC 9562.
            ///
            /// # Errors
            /// [`IdError`] for anything else.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                parse_uuid(text).map(Self).ok_or_else(|| IdError {
                    text: text.chars().take(64).collect(),
                    what: $what,
                    rule: "a uuid such as 0198c0de-0000-7000-8000-000000000000",
                })
            }

            /// The address of the aggregate with this id.
            pub fn entity(self) -> EntityId {
                EntityId { kind: $kind, id: self.to_string().into() }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(std::str::from_utf8(&format_uuid(self.0)).unwrap_or_default())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    };
}

uuid_id!(
    /// Identity of an order.
    OrderId, Kind::Order, "order id"
);
uuid_id!(
    /// Identity of a customer.
    CustomerId, Kind::Customer, "customer id"
);
uuid_id!(
    /// Identity of a user.
    UserId, Kind::User, "user id"
);

uuid_id!(
    /// Identity of a conversation, derived from the number or mail address it is with.
    ConversationId, Kind::Conversation, "conversation id"
);

impl ConversationId {
    /// The conversation with a contact; `contact` is in its one spelling ([`crate::phone`]).
    pub fn of(contact: &crate::phone::Contact) -> Self {
        Self(named("conversation", &[contact.uri().as_str()]))
    }
}

/// An id that follows from names, so that whoever derives it again gets the same one: the first 128 bits of a
/// SHA-256 as a UUID of version 8 (RFC 9562 §5.8). `space` keeps ids of different sorts apart.
pub fn named(space: &str, names: &[&str]) -> u128 {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for name in std::iter::once(&space).chain(names) {
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name.as_bytes());
    }
    let bits = hash.finalize().iter().take(16).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    bits & !(0xf << 76) & !(0b11 << 62) | 8 << 76 | 0b10 << 62
}

macro_rules! named_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// From the 128 bits of a uuid.
            pub const fn from_u128(bits: u128) -> Self {
                Self(bits)
            }

            /// The 128 bits.
            pub const fn as_u128(self) -> u128 {
                self.0
            }

            /// The id that follows from these names ([`named`]).
            pub fn of(names: &[&str]) -> Self {
                Self(named($what, names))
            }

            /// Parses the hyphenated lower-case form of RFC 9562.
            ///
            /// # Errors
            /// [`IdError`] for anything else.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                parse_uuid(text).map(Self).ok_or_else(|| IdError {
                    text: text.chars().take(64).collect(),
                    what: $what,
                    rule: "a uuid such as 0198c0de-0000-8000-8000-000000000000",
                })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(std::str::from_utf8(&format_uuid(self.0)).unwrap_or_default())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    };
}

named_id!(
    /// Identity of an outbound message: business key, revision and route, so that the same fact is told once.
    MessageId, "message id"
);
named_id!(
    /// Identity of a question: what it is about and the hash it is bound to; the nonce in its buttons.
    QuestionId, "question id"
);

/// Identity of a parcel (a fulfillment): the order it belongs to and its running number within that order,
/// written `<order id>/<n>`. The order counts, the warehouse works on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParcelId {
    /// The order.
    pub order: OrderId,
    /// Number within the order, from 1.
    pub number: u16,
}

impl ParcelId {
    /// Parses `<order id>/<n>`.
    ///
    /// # Errors
    /// [`IdError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let parsed = text.split_once('/').and_then(|(order, number)| {
            Some(Self { order: OrderId::parse(order).ok()?, number: number.parse().ok().filter(|n| *n > 0)? })
        });
        parsed.ok_or_else(|| IdError {
            text: text.chars().take(64).collect(),
            what: "parcel id",
            rule: "an order id, a slash and a number from 1",
        })
    }
}

impl std::fmt::Display for ParcelId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.order, self.number)
    }
}

impl Serialize for ParcelId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ParcelId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

fn parse_uuid(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    if bytes.len() != 36 {
        return None;
    }
    bytes.iter().enumerate().try_fold(0u128, |bits, (at, byte)| {
        if matches!(at, 8 | 13 | 18 | 23) {
            return (*byte == b'-').then_some(bits);
        }
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        Some(bits << 4 | u128::from(digit))
    })
}

fn format_uuid(bits: u128) -> [u8; 36] {
    let mut text = [b'-'; 36];
    let mut shift = 128;
    for (at, slot) in text.iter_mut().enumerate() {
        if !matches!(at, 8 | 13 | 18 | 23) {
            shift -= 4;
            *slot = b"0123456789abcdef"[(bits >> shift & 0xf) as usize];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ids_survive_a_round_trip(bits: u128, number in 1u16..) {
            let id = OrderId::from_u128(bits);
            prop_assert_eq!(OrderId::parse(&id.to_string()).unwrap(), id);
            let parcel = ParcelId { order: id, number };
            prop_assert_eq!(ParcelId::parse(&parcel.to_string()).unwrap(), parcel);
        }
    }

    #[test]
    fn bad_ids_are_named() {
        assert!(OrderId::parse("0198C0DE-0000-7000-8000-000000000000").is_err());
        assert!(Sku::parse(" A").is_err() && Sku::parse("").is_err() && Sku::parse(&"x".repeat(65)).is_err());
        assert_eq!(WarehouseId::parse("KHI 1").unwrap_err().what, "warehouse code");
        assert!(ParcelId::parse("x/1").is_err());
    }
}
