//! What every aggregate is: a state that decides commands and folds events.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};

use crate::{Kind, Part, PartJson, PartLater, Timestamp, UserId};

/// What a decision may know besides state and command: when, and for whom.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The instant of the decision; time is data (runtime.md rule 1).
    pub now: Timestamp,
    /// The person behind the command; `None` for processes, timers and imports.
    pub by: Option<UserId>,
}

impl Ctx {
    /// A decision by Munshi itself.
    pub const fn system(now: Timestamp) -> Self {
        Self { now, by: None }
    }

    /// A decision for a person.
    pub const fn user(now: Timestamp, by: UserId) -> Self {
        Self { now, by: Some(by) }
    }
}

/// How a refusal reads at the edge; the edge alone knows status codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalClass {
    /// The command itself is wrong whatever the state (422).
    Invalid,
    /// There is nothing with that id (404).
    NotFound,
    /// The state does not allow it now (409).
    Conflict,
    /// This person may not do it (403).
    Forbidden,
}

/// A typed no. Normal life, not a fault.
pub trait Refused: std::error::Error + Clone + Send + Sync + 'static {
    /// Stable snake_case code, documented, never reused.
    fn code(&self) -> &'static str;
    /// How it reads at the edge.
    fn class(&self) -> RefusalClass;
    /// The field of the request it is about, as a JSON pointer such as `/lines/0/quantity`.
    fn field(&self) -> Option<String> {
        None
    }
    /// What the caller could do about it (VAL-20).
    fn fix(&self) -> Option<String> {
        None
    }
}

/// A state machine with an identity. Default is the state before its first event.
pub trait Aggregate: Clone + Debug + Default + PartialEq + Send + Sync + Unpin + 'static {
    /// Its kind.
    const KIND: Kind;
    /// Requests to change.
    type Command: Clone + Debug + Send + 'static;
    /// Facts. Serialised with a `type` tag.
    type Event: Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// Typed noes.
    type Refusal: Refused;

    /// The events that follow from a command, or why there are none. An empty list is an accepted command
    /// that changes nothing (a repeated one). Guards run in the order shape, existence, state, quantity, money.
    ///
    /// # Errors
    /// The aggregate's refusal; the state is then untouched.
    fn decide(&self, command: &Self::Command, ctx: &Ctx) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Folds one event. Total: no rules, no refusals.
    fn evolve(&mut self, event: &Self::Event);

    /// The next derived edges (state-machines.md §2): events the owner takes by itself in the same commit.
    /// Called after every accepted command until it returns nothing. Must terminate.
    fn derived(&self, ctx: &Ctx) -> Vec<Self::Event> {
        let _ = ctx;
        Vec::new()
    }

    /// When this aggregate next wants to be woken, if ever; the ticker then sends [`Aggregate::tick`].
    fn due(&self) -> Option<Timestamp> {
        None
    }

    /// The command that fires whatever is due at `now`. Firing twice has one effect.
    fn tick(&self, now: Timestamp) -> Option<Self::Command> {
        let _ = now;
        None
    }

    /// Whether callers may be answered: false while a process is still collecting what the command needs
    /// (an order that is `placing`). The answer then waits for the record that settles it.
    fn settled(&self) -> bool {
        true
    }

    /// Name of a command, for the journal and metrics.
    fn command_name(command: &Self::Command) -> &'static str;

    /// Flat columns for lists and filters; `None` for aggregates that are never listed or hidden now.
    fn view(&self) -> Option<serde_json::Value> {
        None
    }

    /// Words by which the aggregate is found; `None` if it is not searchable.
    fn search_text(&self) -> Option<String> {
        None
    }

    /// Which parts of the document `event` touches. The main part is always written.
    fn touches(event: &Self::Event) -> Vec<Part> {
        let _ = event;
        Vec::new()
    }

    /// A part; `None` if it no longer exists and its row is to be deleted.
    fn part(&self, part: &Part) -> Option<PartJson>;

    /// The same, of this moment and for later: where many changes come before a part is written, only the last is made
    /// into text. Worth it for parts that are long and whose content is quick to copy.
    fn part_later(&self, part: &Part) -> Option<PartLater> {
        self.part(part).map(PartLater::Made)
    }

    /// Every part that exists, for doctor and rebuild.
    fn parts(&self) -> Vec<Part> {
        vec![Part::main()]
    }

    /// The state from its parts, the inverse of [`Aggregate::part`].
    ///
    /// # Errors
    /// A message when the document does not have the shape this version writes.
    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String>;
}

/// Applies a command as the runtime does: decide, evolve, then derived edges until none is left.
/// Shared by the runtime, the simulation and every property test so that they cannot differ.
///
/// # Errors
/// The aggregate's refusal; `state` is then unchanged.
pub fn apply<A: Aggregate>(state: &mut A, command: &A::Command, ctx: &Ctx) -> Result<Vec<A::Event>, A::Refusal> {
    let mut events = state.decide(command, ctx)?;
    for event in &events {
        state.evolve(event);
    }
    if events.is_empty() {
        return Ok(events);
    }
    // A derived edge follows from a finite state machine whose edges only go forward; the bound catches a bug.
    for _ in 0..64 {
        let next = state.derived(ctx);
        if next.is_empty() {
            return Ok(events);
        }
        for event in &next {
            state.evolve(event);
        }
        events.extend(next);
    }
    panic!("derived edges of {} do not end: {:?}", A::KIND.name(), events.last());
}

/// Helper for aggregates that are one part: the whole state.
pub fn main_part<T: Serialize>(state: &T, part: &Part) -> Option<PartJson> {
    (*part == Part::main()).then(|| PartJson::of(state))
}

/// Helper for aggregates that are one part: the inverse of [`main_part`].
///
/// # Errors
/// A message when the main part is missing or has another shape.
pub fn from_main<T: DeserializeOwned>(parts: Vec<(Part, PartJson)>) -> Result<T, String> {
    let main = parts.into_iter().find(|(part, _)| *part == Part::main()).ok_or("main part missing")?;
    main.1.read()
}
