//! The rules of commerce, as pure functions.
//!
//! Every aggregate decides with [`Aggregate::decide`] and changes with [`Aggregate::evolve`]; processes
//! ([`process`]) turn events into commands for other aggregates. Invariant: nothing here awaits, reads a
//! clock, draws a random number, does IO or logs; time and identity arrive as data in [`Ctx`].

pub mod aggregate;
pub mod approval;
pub mod claim;
pub mod connection;
pub mod conversation;
pub mod customer;
pub mod floor;
pub mod ids;
pub mod money;
pub mod notify;
pub mod order;
pub mod part;
pub mod phone;
pub mod process;
pub mod product;
pub mod quantity;
pub mod reply;
pub mod sequence;
pub mod settings;
pub mod table;
pub mod time;
pub mod user;
pub mod warehouse;
pub mod zone;

pub use aggregate::{Aggregate, Ctx, RefusalClass, Refused};
pub use ids::{
    ConversationId, CustomerId, EntityId, Kind, MessageId, OrderId, ParcelId, QuestionId, QueueId, Sku, UserId,
    WarehouseId,
};
pub use money::{Currency, Money, MoneyError};
pub use part::{Part, PartJson, PartLater};
pub use quantity::{Quantity, QuantityError};
pub use time::Timestamp;
