//! The actor around one aggregate: dedupe, decide, evolve, stage, hand on.
//!
//! Invariant: decisions are synchronous and speculative; every output is parked on the record it rests on. The
//! shell never waits for the disk and never calls another aggregate.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering},
};

use actix::{Actor, Context, Handler};
use munshi_domain::{Ctx, Part, Timestamp, aggregate::apply};
use munshi_store::{Events, JournalEntry, Who};

use crate::{
    answers::{Answers, Entry},
    host::{Hosted, Made, Record},
    load,
    message::{Answered, Body, Envelope, Header, Known, Look, Output, Placeholder, Respond, Staged, StagedFailure},
    node::{Core, Failure},
    process,
    projector::{Changed, Delta, DocData},
    registry::Meter,
};

/// One aggregate in memory.
pub(crate) struct Shell<A: Hosted> {
    core: Arc<Core>,
    id: Arc<str>,
    state: A,
    version: u64,
    generation: u64,
    due: Option<Timestamp>,
    answers: Answers,
    waiting: Vec<(Arc<str>, Box<dyn Respond<A>>)>,
    meter: Arc<Meter>,
    dead: bool,
}

/// What an activation found.
pub(crate) struct Loaded<A> {
    pub(crate) state: A,
    pub(crate) version: u64,
    pub(crate) seq: u64,
    pub(crate) generation: u64,
}

/// A record just staged.
struct Stage<E> {
    events: Arc<Vec<E>>,
    seq: u64,
}

impl<A: Hosted> Actor for Shell<A> {
    type Context = Context<Self>;
}

impl<A: Hosted> Handler<Envelope<A>> for Shell<A> {
    type Result = ();

    fn handle(&mut self, envelope: Envelope<A>, _ctx: &mut Context<Self>) {
        self.meter.used_ms.store(self.core.uptime_ms(), Ordering::Relaxed);
        if self.stale() {
            self.core.resend(&self.id, envelope);
        } else {
            match envelope.0 {
                Body::Command { command, header, respond, looked_up } => {
                    self.command(command, header, respond, looked_up);
                }
                Body::Internal { command, header, staged } => self.internal(&command, header, staged),
                Body::Read(view) => self.read(view),
                Body::Tick(now) => self.tick(now),
            }
        }
        self.meter.waiting.store(self.waiting.len(), Ordering::Release);
        self.meter.queued.fetch_sub(1, Ordering::AcqRel);
    }
}

impl<A: Hosted> Shell<A> {
    pub(crate) fn new(core: Arc<Core>, id: Arc<str>, loaded: Loaded<A>, meter: Arc<Meter>) -> Self {
        meter.seq.store(loaded.seq, Ordering::Release);
        let due = loaded.state.due();
        Self {
            core,
            id,
            due,
            answers: Answers::new(loaded.version == 0),
            state: loaded.state,
            version: loaded.version,
            generation: loaded.generation,
            waiting: Vec::new(),
            meter,
            dead: false,
        }
    }

    /// Whether this state rests on something that is lost; it then leaves the registry, once.
    fn stale(&mut self) -> bool {
        if !self.dead && self.generation != self.core.lane.generation() {
            self.die("staged work was lost");
        }
        self.dead
    }

    fn die(&mut self, why: &'static str) {
        tracing::warn!(kind = A::KIND.name(), id = %self.id, why, "reloading an aggregate");
        self.dead = true;
        self.core.evict::<A>(&self.id, self.generation);
        for (_, respond) in self.waiting.drain(..) {
            respond.finish(Err(Failure::Broken("the aggregate was reloaded; send the same request again".into())))(Ok(
                (),
            ));
        }
    }

    fn ctx(&self, header: &Header) -> Ctx {
        Ctx { now: self.core.clock.now(), by: header.by }
    }

    fn command(
        &mut self,
        command: A::Command,
        header: Header,
        mut respond: Box<dyn Respond<A>>,
        looked_up: Option<Box<Known>>,
    ) {
        let known = match self.answers.get(&header.cmd) {
            Some(entry) => Some(entry.clone()),
            None if self.answers.complete() || A::knows_repeats(&command) => None,
            None => match looked_up {
                Some(found) => found.map(Entry::Done),
                None => return load::look_up(&self.core, self.id.clone(), command, header, respond),
            },
        };
        if let Some(known) = known {
            return self.repeat(known, command, header, respond);
        }
        if let Some(expected) = header.expected.filter(|expected| *expected != self.version) {
            let actual = self.version;
            return self.park(respond.finish(Err(Failure::VersionConflict { expected, actual })));
        }
        match self.execute(&command, &header, Some(&mut respond)) {
            Err(StagedFailure::Refused(refusal)) => self.park(respond.finish(Err(Failure::Refused(refusal)))),
            Err(StagedFailure::Again) => {
                let failure = Failure::Broken("the aggregate was reloaded; send the same request again".into());
                respond.finish(Err(failure))(Ok(()));
            }
            Ok(staged) => self.answer(header.cmd, header.request, respond, staged.seq),
        }
    }

    /// Answers now or, while a process still collects what the command needs, later.
    fn answer(&mut self, cmd: Arc<str>, request: Option<Arc<str>>, mut respond: Box<dyn Respond<A>>, seq: u64) {
        if !self.state.settled() {
            self.answers.put(cmd.clone(), Entry::Waiting(request));
            self.waiting.push((cmd, respond));
            return;
        }
        respond.prepare(&self.state, self.version);
        let body = if A::LARGE { respond.json() } else { None };
        let answered = Answered { version: self.version, seq, request, body };
        self.answers.put(cmd, Entry::Done(answered));
        self.park(respond.finish(Ok(Placeholder { version: self.version, seq, replayed: false })));
    }

    /// The same command id again: the first answer, or 422 for another body.
    fn repeat(&mut self, known: Entry, command: A::Command, header: Header, mut respond: Box<dyn Respond<A>>) {
        if known.request() != header.request.as_ref() {
            return self.park(respond.finish(Err(Failure::KeyReused)));
        }
        match known {
            Entry::Waiting(_) => self.waiting.push((header.cmd, respond)),
            Entry::Done(answered) => {
                let at = Placeholder { version: answered.version, seq: answered.seq, replayed: true };
                if answered.body.as_ref().is_some_and(|body| respond.restore(body)) {
                    return self.park(respond.finish(Ok(at)));
                }
                if A::LARGE || (answered.version == self.version && self.state.settled()) {
                    respond.prepare(&self.state, self.version);
                    return self.park(respond.finish(Ok(at)));
                }
                let unsaved = (self.generation, self.meter.seq.load(Ordering::Acquire));
                let looked_up = Some(Box::new(Some(answered)));
                let again = Body::Command { command, header, respond, looked_up };
                load::replay(&self.core, self.id.clone(), at.version, unsaved, again);
            }
        }
    }

    fn internal(&mut self, command: &A::Command, header: Header, staged: Staged<A>) {
        match self.execute(command, &header, None) {
            Ok(_) => staged(Ok(&self.state)),
            Err(failure) => staged(Err(failure)),
        }
    }

    fn read(&self, view: Look<A>) {
        let seen = (self.version > 0).then_some((&self.state, self.version));
        self.park(view(seen));
    }

    fn tick(&mut self, now: Timestamp) {
        let Some(command) = self.state.tick(now) else { return };
        let header = Header {
            cmd: format!("tick/{}/{}", self.version, now.as_millis()).into(),
            who: Who::Timer,
            by: None,
            request: None,
            reason: None,
            expected: None,
        };
        if let Err(StagedFailure::Refused(refusal)) = self.execute(&command, &header, None) {
            tracing::warn!(kind = A::KIND.name(), id = %self.id, %refusal, "a due timer was refused");
        }
        // Something else may be in the way just now, such as a change that is being applied.
        if let Some(due) = self.state.due().filter(|due| *due <= now) {
            self.core.ticker.schedule(due.plus_millis((now.as_millis() - due.as_millis()) + 1_000), A::KIND, &self.id);
        }
    }

    /// Parks an output on everything of this actor that is not durable yet.
    fn park(&self, output: Output) {
        self.core.lane.after(self.generation, self.meter.seq.load(Ordering::Acquire), self.shown(output));
    }

    /// An output before which readers see this state. Of two outputs the later can run first, when its record becomes
    /// durable in between; who has an answer must find what it says.
    fn shown(&self, output: Output) -> Output {
        if !A::SNAPSHOT || self.version == 0 {
            return output;
        }
        let (core, id, version, state) =
            (self.core.clone(), self.id.clone(), self.version, Arc::new(self.state.clone()));
        Box::new(move |durable| {
            if durable.is_ok() {
                core.snapshots.put::<A>(&id, version, state);
            }
            output(durable);
        })
    }

    /// Decide, evolve, stage; then hand the events to processes, timers and whoever waited.
    fn execute(
        &mut self,
        command: &A::Command,
        header: &Header,
        respond: Option<&mut Box<dyn Respond<A>>>,
    ) -> Result<Stage<A::Event>, StagedFailure<A::Refusal>> {
        let ctx = self.ctx(header);
        // A state that a panic left half changed is thrown away with its actor, never looked at again.
        let decided = catch_unwind(AssertUnwindSafe(|| apply(&mut self.state, command, &ctx)));
        let events = match decided {
            Ok(Ok(events)) => events,
            Ok(Err(refusal)) => return Err(StagedFailure::Refused(refusal)),
            Err(_) => {
                metrics::counter!("munshi_actor_panics_total", "kind" => A::KIND.name()).increment(1);
                self.die("it panicked");
                self.core.panicked::<A>(&self.id);
                return Err(StagedFailure::Again);
            }
        };
        // What a process repeats needs no trace; what a caller sent has used its command id.
        if events.is_empty() && respond.is_none() {
            return Ok(Stage { events: Arc::new(events), seq: self.meter.seq.load(Ordering::Acquire) });
        }
        let staged = self.stage(command, header, events, respond)?;
        self.after_stage(&staged, A::command_name(command));
        Ok(staged)
    }

    fn stage(
        &mut self,
        command: &A::Command,
        header: &Header,
        events: Vec<A::Event>,
        respond: Option<&mut Box<dyn Respond<A>>>,
    ) -> Result<Stage<A::Event>, StagedFailure<A::Refusal>> {
        let first = self.version + 1;
        let events = Arc::new(events);
        let last = self.version + events.len().max(1) as u64;
        let at = self.core.clock.now();
        let answer = match respond {
            Some(respond) if A::LARGE && self.state.settled() => {
                respond.prepare(&self.state, last);
                respond.json()
            }
            _ => None,
        };
        let due = self.state.due();
        let rows = self.state.rows(&self.id, Made { first, at, by: &header.who }, &events);
        let (data, bytes) = self.document(&events);
        let entry = JournalEntry {
            seq: 0,
            entity: munshi_domain::EntityId { kind: A::KIND, id: self.id.clone() },
            first,
            last,
            at,
            by: header.who.clone(),
            cmd: header.cmd.clone(),
            request: header.request.clone(),
            command: A::command_name(command).into(),
            reason: header.reason.clone(),
            answer,
            events: written(&events),
            hash: String::new(),
        };
        let changed = due != self.due;
        let changed_due = if changed { Changed::To(due) } else { Changed::No };
        let staged = self.core.lane.stage(self.generation, move |seq| crate::lane::Record {
            entry: JournalEntry { seq, ..entry },
            outputs: Vec::new(),
            delta: Delta { bytes, new: first == 1, version: last, seq, due: changed_due, data, rows },
        });
        let Ok(seq) = staged else {
            self.die("staged work was lost");
            return Err(StagedFailure::Again);
        };
        self.version = last;
        self.due = due;
        self.meter.seq.store(seq, Ordering::Release);
        if let Some(due) = due.filter(|_| changed) {
            self.core.ticker.schedule(due, A::KIND, &self.id);
        }
        Ok(Stage { events, seq })
    }

    /// The document's change: cheap aggregates are cloned and written as they are when the projector gets to
    /// them; large ones give the parts that the events touch.
    fn document(&self, events: &[A::Event]) -> (DocData, usize) {
        let bytes = changes(events.len());
        if !A::LARGE {
            return (DocData::whole(self.state.clone()), bytes);
        }
        let mut parts: Vec<Part> = events.iter().flat_map(A::touches).collect();
        parts.push(Part::main());
        parts.sort();
        parts.dedup();
        let parts = parts.into_iter().map(|part| (part.clone(), self.state.part_later(&part))).collect();
        (DocData::parts(self.state.view(), parts), bytes)
    }

    fn after_stage(&mut self, staged: &Stage<A::Event>, command: &'static str) {
        if staged.events.is_empty() {
            return;
        }
        let first = self.version + 1 - staged.events.len() as u64;
        let record = Record { id: &self.id, command, first, resumed: false };
        process::react(&self.core, &self.state, record, &staged.events, staged.seq);
        if A::SNAPSHOT {
            self.park(Box::new(|_| {}));
        }
        if self.state.settled() && !self.waiting.is_empty() {
            self.answers.settle(self.version, staged.seq);
            let at = Placeholder { version: self.version, seq: staged.seq, replayed: false };
            for (_, mut respond) in std::mem::take(&mut self.waiting) {
                respond.prepare(&self.state, self.version);
                self.park(respond.finish(Ok(at)));
            }
        }
    }
}

/// What a record with so many events changes, in bytes, roughly.
pub(crate) const fn changes(events: usize) -> usize {
    256 * events + 512
}

/// Events as the journal keeps them.
fn written<E: serde::Serialize + Send + Sync + 'static>(events: &Arc<Vec<E>>) -> Events {
    if events.is_empty() {
        return Events::nothing_changed();
    }
    Events::of(Arc::clone(events))
}
