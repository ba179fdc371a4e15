//! Which aggregates this node hosts, and what the runtime needs to know about each beyond [`Aggregate`].

use munshi_domain::{
    Aggregate, ConversationId, Timestamp, WarehouseId,
    approval::ApprovalQueue,
    claim::Claim,
    connection::Connection,
    conversation::{self, Conversation},
    customer::Customer,
    floor::{Floor, FloorCommand},
    order::Order,
    process::{self, Task},
    product::Product,
    sequence::Sequence,
    settings::Settings,
    user::User,
    warehouse::{Movement, Warehouse, movements},
};
use munshi_store::{RowWrite, Who};
use serde_json::json;

use crate::registry::{Hosts, Map};

/// Name of the system behind commands of devices ([`crate::Meta::system`]); the floor keeps their answers itself.
pub const DEVICE: &str = "device";

/// What processes need to know of a record beside its events.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The entity.
    pub id: &'a str,
    /// Name of the command.
    pub command: &'a str,
    /// Version after the first event.
    pub first: u64,
    /// Whether it is handled again after a crash or a lost batch.
    pub resumed: bool,
}

/// How a record came about, for rows.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    /// Version after the first event.
    pub first: u64,
    /// When it was decided.
    pub at: Timestamp,
    /// Who did it.
    pub by: &'a Who,
}

/// An aggregate with a place in the registry.
pub trait Hosted: Aggregate {
    /// Whether its state is too large to be cloned or folded for one command; its document is then written by
    /// the parts an event touches, and answers are kept as they were given.
    const LARGE: bool = false;
    /// Whether immutable snapshots are kept for readers.
    const SNAPSHOT: bool = false;

    /// Its map in the registry.
    #[doc(hidden)]
    fn map(hosts: &Hosts) -> &Map<Self>;

    /// Whether its own state tells a repeat of this command and how it was answered, for as long as one may come: then a
    /// command id that is not among the latest is not looked up in the store.
    fn knows_repeats(command: &Self::Command) -> bool {
        let _ = command;
        false
    }

    /// Read-model rows of one record, beside the document.
    fn rows(&self, id: &str, made: Made<'_>, events: &[Self::Event]) -> Vec<RowWrite> {
        let _ = (id, made, events);
        Vec::new()
    }

    /// What processes do after a record: the state after it, its command and its events.
    fn reactions(state: &Self, record: Record<'_>, events: &[Self::Event]) -> Vec<Task> {
        let _ = (state, record, events);
        Vec::new()
    }

    /// Names of invariants that do not hold, for doctor.
    fn faults(&self) -> Vec<String> {
        Vec::new()
    }
}

macro_rules! hosted {
    ($($aggregate:ty, $field:ident { $($more:tt)* })*) => {
        $(impl Hosted for $aggregate {
            fn map(hosts: &Hosts) -> &Map<Self> {
                &hosts.$field
            }
            $($more)*
        })*
    };
}

hosted! {
    Claim, claim {}
    Sequence, sequence {}
    Connection, connection {}
    Customer, customer {
        const LARGE: bool = true;
        fn faults(&self) -> Vec<String> {
            self.check()
        }
    }
    Conversation, conversation {
        const LARGE: bool = true;
        fn reactions(_state: &Self, record: Record<'_>, events: &[Self::Event]) -> Vec<Task> {
            ConversationId::parse(record.id).map_or_else(|_| Vec::new(), |id| process::from_conversation(id, events))
        }
        fn rows(&self, id: &str, made: Made<'_>, events: &[Self::Event]) -> Vec<RowWrite> {
            let Made { first, at, .. } = made;
            let numbered = (first..).zip(events);
            let shown = numbered.filter_map(|(version, event)| Some((version, conversation::history::entry(event)?)));
            shown
                .map(|(version, event)| RowWrite {
                    table: "thread",
                    key: vec![json!(id), json!(version)],
                    body: Some(json!({ "at": at, "version": version, "event": event })),
                })
                .collect()
        }
        fn faults(&self) -> Vec<String> {
            self.check()
        }
    }
    Product, product {
        const SNAPSHOT: bool = true;
    }
    User, user {
        const SNAPSHOT: bool = true;
    }
    Settings, settings {
        const SNAPSHOT: bool = true;
    }
    ApprovalQueue, approval_queue {
        const LARGE: bool = true;
        fn reactions(_state: &Self, _record: Record<'_>, events: &[Self::Event]) -> Vec<Task> {
            process::from_queue(events)
        }
    }
    Order, order {
        fn reactions(state: &Self, record: Record<'_>, events: &[Self::Event]) -> Vec<Task> {
            process::from_order(state, events, record.resumed)
        }
        fn faults(&self) -> Vec<String> {
            let broken = self.lines.iter().filter(|line| line.sum() != line.ordered);
            broken.map(|line| format!("line {} has {} units of {}", line.line, line.sum(), line.ordered)).collect()
        }
    }
    Floor, floor {
        const LARGE: bool = true;
        /// A device numbers its commands, and the floor keeps number, key and answer of each.
        fn knows_repeats(command: &FloorCommand) -> bool {
            matches!(command, FloorCommand::Device(_))
        }
        fn reactions(_state: &Self, record: Record<'_>, events: &[Self::Event]) -> Vec<Task> {
            WarehouseId::parse(record.id)
                .map_or_else(|_| Vec::new(), |code| process::from_floor(&code, record.first, events))
        }
        fn faults(&self) -> Vec<String> {
            self.check()
        }
    }
    Warehouse, warehouse {
        const LARGE: bool = true;
        fn reactions(_state: &Self, record: Record<'_>, events: &[Self::Event]) -> Vec<Task> {
            WarehouseId::parse(record.id).map_or_else(
                |_| Vec::new(),
                |code| process::from_warehouse(&code, record.command, record.first, events),
            )
        }
        fn rows(&self, id: &str, made: Made<'_>, events: &[Self::Event]) -> Vec<RowWrite> {
            let Made { first, at, by } = made;
            let person = match by {
                Who::User(user) => Some(*user),
                Who::Process(_) | Who::Timer | Who::System(_) => None,
            };
            let numbered = (first..).zip(events);
            let moved = numbered.flat_map(|(version, event)| {
                let known = movements(event).into_iter();
                let movements = known.map(|it| Movement { by: it.by.or(person), ..it }).zip(0u64..);
                movements.map(move |(movement, n)| (version, n, movement))
            });
            moved
                .map(|(version, n, movement)| RowWrite {
                    table: "movement",
                    key: vec![json!(id), json!(movement.sku), json!(version), json!(n)],
                    body: Some(json!({ "at": at, "version": version, "movement": movement })),
                })
                .collect()
        }
        fn faults(&self) -> Vec<String> {
            self.check()
        }
    }
}
