//! What travels to an aggregate actor, and what it leaves on a record until that record is durable.

use std::{marker::PhantomData, sync::Arc};

use actix::Message;
use munshi_domain::{Aggregate, Timestamp, UserId};
use munshi_store::Who;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::{
    admission::Permit,
    node::{Applied, Failure},
};

/// The batch that a parked output rested on is lost; nothing of it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lost;

/// Something the outside hears, parked until what it rests on is durable.
pub(crate) type Output = Box<dyn FnOnce(Result<(), Lost>) + Send>;

/// Who asks, with what id.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) cmd: Arc<str>,
    pub(crate) who: Who,
    pub(crate) by: Option<UserId>,
    pub(crate) request: Option<Arc<str>>,
    pub(crate) reason: Option<Arc<str>>,
    pub(crate) expected: Option<u64>,
}

/// Where a stored answer lies: the version the command left, and the answer itself where the state of that
/// version is too large to be folded again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answered {
    pub(crate) version: u64,
    pub(crate) seq: u64,
    pub(crate) request: Option<Arc<str>>,
    pub(crate) body: Option<Value>,
}

/// The caller's side of a command, with its answer type erased.
pub(crate) trait Respond<A: Aggregate>: Send {
    /// Builds the answer from the state as the command left it.
    fn prepare(&mut self, state: &A, version: u64);
    /// The answer as JSON, to be kept with the record.
    fn json(&self) -> Option<Value>;
    /// Takes a kept answer; `false` if it no longer fits.
    fn restore(&mut self, body: &Value) -> bool;
    /// The output that delivers what was prepared, or a failure.
    fn finish(self: Box<Self>, result: Result<Placeholder, Failure<A::Refusal>>) -> Output;
}

/// Where the prepared answer stands in the journal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placeholder {
    pub(crate) version: u64,
    pub(crate) seq: u64,
    pub(crate) replayed: bool,
}

/// [`Respond`] for one answer type.
pub(crate) struct Responder<A: Aggregate, R, F> {
    view: Option<F>,
    value: Option<R>,
    reply: oneshot::Sender<Result<Applied<R>, Failure<A::Refusal>>>,
    permit: Permit,
    aggregate: PhantomData<fn() -> A>,
}

impl<A: Aggregate, R, F> Responder<A, R, F> {
    pub(crate) fn new(
        view: F,
        reply: oneshot::Sender<Result<Applied<R>, Failure<A::Refusal>>>,
        permit: Permit,
    ) -> Self {
        Self { view: Some(view), value: None, reply, permit, aggregate: PhantomData }
    }
}

impl<A, R, F> Respond<A> for Responder<A, R, F>
where
    A: Aggregate,
    R: Serialize + DeserializeOwned + Send + 'static,
    F: FnOnce(&A, u64) -> R + Send,
{
    fn prepare(&mut self, state: &A, version: u64) {
        if let Some(view) = self.view.take() {
            self.value = Some(view(state, version));
        }
    }

    fn json(&self) -> Option<Value> {
        self.value.as_ref().and_then(|value| serde_json::to_value(value).ok())
    }

    fn restore(&mut self, body: &Value) -> bool {
        self.value = serde_json::from_value(body.clone()).ok();
        self.value.is_some()
    }

    fn finish(self: Box<Self>, result: Result<Placeholder, Failure<A::Refusal>>) -> Output {
        let Self { value, reply, permit, .. } = *self;
        Box::new(move |durable| {
            let answer = match (durable, result, value) {
                (Err(Lost), ..) => Err(Failure::Broken("the change could not be stored".into())),
                (Ok(()), Err(failure), _) => Err(failure),
                (Ok(()), Ok(at), Some(view)) => {
                    Ok(Applied { version: at.version, seq: at.seq, replayed: at.replayed, view })
                }
                (Ok(()), Ok(_), None) => Err(Failure::Broken("the answer was not prepared".into())),
            };
            drop(permit);
            // A caller that went away does not care; the command took effect all the same.
            let _ = reply.send(answer);
        })
    }
}

/// A command of a process: its answer is staged, not durable, because the process only sends more commands of
/// this node, and the order of staging is the order of the journal (runtime.md rule 3).
pub(crate) type Staged<A> = Box<dyn FnOnce(Result<&A, StagedFailure<<A as Aggregate>::Refusal>>) + Send>;

/// Why a process's command has no answer.
#[derive(Clone, Debug)]
pub(crate) enum StagedFailure<E> {
    /// A typed no.
    Refused(E),
    /// The actor died or its state was lost; send again.
    Again,
}

/// A look at a state and its version, `None` before the first event.
pub(crate) type Look<A> = Box<dyn FnOnce(Option<(&A, u64)>) -> Output + Send>;

/// What an actor can be told.
pub(crate) enum Body<A: Aggregate> {
    /// From outside.
    Command { command: A::Command, header: Header, respond: Box<dyn Respond<A>>, looked_up: Option<Box<Known>> },
    /// From a process.
    Internal { command: A::Command, header: Header, staged: Staged<A> },
    /// Look at durable state; an actor without events answers `None`.
    Read(Look<A>),
    /// Fire what is due.
    Tick(Timestamp),
}

/// What the store knows of a command id: nothing, or where its answer lies.
pub(crate) type Known = Option<Answered>;

/// One message.
pub(crate) struct Envelope<A: Aggregate>(pub(crate) Body<A>);

impl<A: Aggregate> Message for Envelope<A> {
    type Result = ();
}
