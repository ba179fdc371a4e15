//! The order: machines SM-01 to SM-05 of state-machines.md, and the approval requests about it (SM-17).
//!
//! Invariant: the only way into `approved` is the gate (confirmed, and approved where a plan asks for it, both
//! for the current edition), and the twelve quantities of a line always sum to what is ordered. It does not
//! know stock, credit or votes: other actors decide those and processes record their answers here.

mod allocation;
mod asked;
pub mod change;
pub mod command;
pub mod content;
mod decide;
pub mod derive;
pub mod event;
mod evolve;
mod floor;
mod hold;
mod line;
mod parcel;
pub mod refusal;
mod relocation;
mod returns;
pub mod state;
pub mod table;
pub mod tracking;
pub mod view;

pub use asked::CustomerCancel;
pub use command::OrderCommand;
pub use content::OrderContent;
pub use derive::{badges, display_status};
pub use event::OrderEvent;
pub use refusal::OrderRefusal;
pub use state::{Lifecycle, Order};

use crate::{
    Aggregate, Ctx, Kind, Part, PartJson, Timestamp,
    aggregate::{from_main, main_part},
};

impl Aggregate for Order {
    const KIND: Kind = Kind::Order;
    type Command = OrderCommand;
    type Event = OrderEvent;
    type Refusal = OrderRefusal;

    fn decide(&self, command: &OrderCommand, ctx: &Ctx) -> Result<Vec<OrderEvent>, OrderRefusal> {
        self.decide_command(command, ctx)
    }

    fn evolve(&mut self, event: &OrderEvent) {
        self.fold(event);
    }

    fn derived(&self, ctx: &Ctx) -> Vec<OrderEvent> {
        self.next_edges(ctx)
    }

    fn due(&self) -> Option<Timestamp> {
        self.next_due()
    }

    fn tick(&self, now: Timestamp) -> Option<OrderCommand> {
        self.next_due().is_some_and(|due| due <= now).then_some(OrderCommand::Tick)
    }

    fn settled(&self) -> bool {
        self.lifecycle != Lifecycle::Placing && self.change.is_none() && self.relocation.is_none() && !self.unsettled
    }

    fn command_name(command: &OrderCommand) -> &'static str {
        command.name()
    }

    fn view(&self) -> Option<serde_json::Value> {
        view::columns(self)
    }

    fn search_text(&self) -> Option<String> {
        view::search_text(self)
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        main_part(self, part)
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        from_main(parts)
    }
}
