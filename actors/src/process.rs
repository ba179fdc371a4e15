//! Running processes: events become commands for other aggregates of this node, at once (runtime.md rule 3).
//!
//! Invariant: an entry counts as processed only when every command it led to was accepted or refused, so that a
//! restart resumes with the first entry that was not.

use std::{
    collections::{BTreeSet, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use dashmap::{DashMap, Entry};
use munshi_domain::{
    EntityId, Kind, OrderId, Refused,
    approval::ApprovalQueue,
    conversation::Conversation,
    customer::Customer,
    floor::Floor,
    order::{Order, state::PlacementRefusal},
    process::{self, Answer, Outgoing, Task},
    warehouse::Warehouse,
};
use munshi_store::JournalEntry;
use tokio::sync::{Notify, oneshot};

use crate::{
    host::{Hosted, Record},
    load,
    node::Core,
};

/// Entries whose process steps are outstanding.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    open: Mutex<BTreeSet<u64>>,
    fewer: Notify,
}

impl Tracker {
    fn entries(&self) -> MutexGuard<'_, BTreeSet<u64>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, seq: u64) {
        self.entries().insert(seq);
    }

    fn close(&self, seq: u64) {
        self.entries().remove(&seq);
        self.fewer.notify_waiters();
    }

    /// Resolves when everything that followed from `seq` is durable, or never will be because it was lost.
    pub(crate) async fn closed(&self, seq: u64) {
        loop {
            let fewer = self.fewer.notified();
            if !self.entries().contains(&seq) {
                return;
            }
            fewer.await;
        }
    }

    /// Everything up to here has no step outstanding; `durable` is the head of the journal.
    pub(crate) fn watermark(&self, durable: u64) -> u64 {
        self.entries().first().map_or(durable, |first| durable.min(first - 1))
    }

    /// Staged work above `durable` is lost, and with it what followed from it.
    pub(crate) fn forget_after(&self, durable: u64) {
        self.entries().split_off(&(durable + 1));
        self.fewer.notify_waiters();
    }

    pub(crate) fn outstanding(&self) -> usize {
        self.entries().len()
    }
}

/// Starts what follows from a record that was just staged.
pub(crate) fn react<A: Hosted>(core: &Arc<Core>, state: &A, record: Record<'_>, events: &[A::Event], seq: u64) {
    let tasks = A::reactions(state, record, events);
    if tasks.is_empty() {
        return;
    }
    core.tracker.open(seq);
    let generation = core.lane.generation();
    let entity = EntityId::new(A::KIND, record.id);
    let work = Work { tasks, generation, seq, entity };
    let core = core.clone();
    actix::spawn(async move { carry_out(&core, work).await });
}

/// The tasks of one record.
struct Work {
    tasks: Vec<Task>,
    generation: u64,
    seq: u64,
    entity: EntityId,
}

/// Carries tasks out and closes their entry once everything they led to is durable. Where a lost batch took part
/// of it away and the trigger itself survived, it starts over: every command is harmless to repeat.
async fn carry_out(core: &Arc<Core>, mut work: Work) {
    loop {
        for task in std::mem::take(&mut work.tasks) {
            match task.lane() {
                Some(order) if work.entity.kind != Kind::Order => {
                    core.reports.send(core, order, task).await;
                }
                _ => drive(core, task).await,
            }
            if core.stopped() || !core.lane.survived(work.generation, work.seq) {
                return;
            }
        }
        let kept = core.barrier().await;
        if core.stopped() || !core.lane.survived(work.generation, work.seq) {
            return;
        }
        if kept {
            core.tracker.close(work.seq);
            return;
        }
        // A lost batch took part of it: start over from the record, as after a crash.
        match again(core, &work.entity, work.seq).await {
            Ok(tasks) => work.tasks = tasks,
            // A node that stops lets go of it, and its store may be closed by then; the next start finds it.
            Err(_) if core.stopped() => return,
            Err(error) => {
                tracing::warn!(%error, "a record cannot be read to carry its process on");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn again(core: &Arc<Core>, entity: &EntityId, seq: u64) -> Result<Vec<Task>, munshi_store::StoreError> {
    let entries = core.store.journal(seq - 1, 1).await?;
    match entries.iter().find(|entry| entry.seq == seq && entry.entity == *entity) {
        Some(entry) => reactions_of(core, entry).await,
        None => Ok(Vec::new()),
    }
}

async fn drive(core: &Arc<Core>, mut task: Task) {
    let name = task.process();
    let mut answer = None;
    let mut pause = Duration::from_millis(1);
    while let Some(outgoing) = task.next(answer.take()) {
        let given = deliver(core, name, outgoing).await;
        if core.stopped() {
            return;
        }
        if matches!(&given, Answer::Refused(refusal) if refusal.in_progress()) {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(100));
        }
        answer = Some(given);
    }
}

/// Reports of actors to one order, in the order in which they were made.
#[derive(Default)]
pub(crate) struct Reports(DashMap<OrderId, VecDeque<(Task, oneshot::Sender<()>)>>);

impl Reports {
    /// Resolves when the report is delivered; reports to other orders do not wait for each other.
    async fn send(&self, core: &Arc<Core>, order: OrderId, task: Task) {
        let (done, wait) = oneshot::channel();
        let first = match self.0.entry(order) {
            Entry::Occupied(mut queue) => {
                queue.get_mut().push_back((task, done));
                false
            }
            Entry::Vacant(slot) => {
                slot.insert(VecDeque::from([(task, done)]));
                true
            }
        };
        if first {
            let core = core.clone();
            core.clone().spawn(async move { core.reports.drain(&core, order).await });
        }
        let _ = wait.await;
    }

    async fn drain(&self, core: &Arc<Core>, order: OrderId) {
        loop {
            // The front stays in the queue while it is delivered, so that later reports line up behind it.
            let Some(task) = self.0.get(&order).and_then(|queue| queue.front().map(|(task, _)| task.clone())) else {
                return;
            };
            drive(core, task).await;
            if let Entry::Occupied(mut queue) = self.0.entry(order) {
                if let Some((_, done)) = queue.get_mut().pop_front() {
                    let _ = done.send(());
                }
                if queue.get().is_empty() {
                    queue.remove();
                    return;
                }
            }
        }
    }
}

/// Runs the processes of entries that were durable and not processed when the last server ended.
pub(crate) async fn resume(core: &Arc<Core>, processed: u64, head: u64) -> Result<u64, munshi_store::StoreError> {
    let (mut after, mut resumed) = (processed, 0);
    let mut running = HashSet::new();
    while after < head {
        let entries = core.store.journal(after, 512).await?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        for entry in entries.iter().filter(|entry| entry.seq <= head) {
            let tasks = reactions_of(core, entry).await?;
            if tasks.is_empty() {
                continue;
            }
            // One placement, change or sourcing of an order at a time: later records lead to the same one.
            let process = |task: &Task| (entry.entity.clone(), task.process());
            let fresh = |task: &Task| matches!(task, Task::Send(_)) || running.insert(process(task));
            let tasks: Vec<Task> = tasks.into_iter().filter(fresh).collect();
            resumed += 1;
            core.tracker.open(entry.seq);
            let generation = core.lane.generation();
            let work = Work { tasks, generation, seq: entry.seq, entity: entry.entity.clone() };
            let core = core.clone();
            core.clone().spawn(async move { carry_out(&core, work).await });
        }
    }
    Ok(resumed)
}

/// What follows from an old entry, given what its aggregate is now.
async fn reactions_of(core: &Arc<Core>, entry: &JournalEntry) -> Result<Vec<Task>, munshi_store::StoreError> {
    async fn of<A: Hosted>(core: &Core, entry: &JournalEntry) -> Result<Vec<Task>, munshi_store::StoreError> {
        let events = load::events::<A>(entry)?;
        // Warehouses and queues react by their events alone; only orders look at their state.
        let state = if A::LARGE { A::default() } else { load::load::<A>(&*core.store, &entry.entity.id).await?.0 };
        let record = Record { id: &entry.entity.id, command: &entry.command, first: entry.first, resumed: true };
        Ok(A::reactions(&state, record, &events))
    }
    match entry.entity.kind {
        Kind::Order => of::<Order>(core, entry).await,
        Kind::Warehouse => of::<Warehouse>(core, entry).await,
        Kind::ApprovalQueue => of::<ApprovalQueue>(core, entry).await,
        Kind::Floor => of::<Floor>(core, entry).await,
        Kind::Conversation => of::<Conversation>(core, entry).await,
        _ => Ok(Vec::new()),
    }
}

/// Sends one command of a process until it is accepted or refused; internal work is never shed.
async fn deliver(core: &Arc<Core>, process: &'static str, outgoing: Outgoing) -> Answer {
    let mut pause = Duration::from_millis(5);
    loop {
        let sent = match outgoing.clone() {
            Outgoing::Order(id, command) => {
                answer(core.internal::<Order, _>(&id.to_string(), command, process, |_| (Vec::new(), 0)).await)
            }
            Outgoing::Customer(id, command) => {
                answer(core.internal::<Customer, _>(&id.to_string(), command, process, |_| (Vec::new(), 0)).await)
            }
            Outgoing::Queue(id, command) => {
                answer(core.internal::<ApprovalQueue, _>(id.as_str(), command, process, |_| (Vec::new(), 0)).await)
            }
            Outgoing::Floor(code, _, command) => {
                answer(core.internal::<Floor, _>(code.as_str(), *command, process, |_| (Vec::new(), 0)).await)
            }
            Outgoing::Conversation(id, command) => {
                answer(core.internal::<Conversation, _>(&id.to_string(), *command, process, |_| (Vec::new(), 0)).await)
            }
            Outgoing::Warehouse(code, order, command) => {
                let held = move |state: &Warehouse| {
                    (order.map_or_else(Vec::new, |order: OrderId| state.holdings(order)), state.version())
                };
                answer(core.internal::<Warehouse, _>(code.as_str(), command, process, held).await)
            }
        };
        match sent {
            Some(answer) => {
                if let Answer::Refused(refusal) = &answer {
                    tracing::debug!(process, code = %refusal.code, "a process's command was refused");
                }
                return answer;
            }
            None if core.stopped() => {
                return Answer::Refused(PlacementRefusal {
                    code: "stopping".into(),
                    message: "the server is stopping".into(),
                    field: None,
                    fix: None,
                });
            }
            None => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

fn answer<E: Refused>(result: Result<(Vec<process::HeldLine>, u64), Undelivered<E>>) -> Option<Answer> {
    match result {
        Ok((held, version)) => Some(Answer::Done { held, version }),
        Err(Undelivered::Again) => None,
        Err(Undelivered::Refused(refusal)) => Some(Answer::Refused(PlacementRefusal {
            code: refusal.code().to_owned(),
            message: refusal.to_string(),
            field: refusal.field(),
            fix: refusal.fix(),
        })),
    }
}

/// Why a process's command was not accepted.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Undelivered<E: Refused> {
    /// A typed no.
    #[error("{0}")]
    Refused(E),
    /// The actor died, its state was lost, or it is quarantined.
    #[error("not delivered")]
    Again,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_follows_from_an_entry_is_waited_for_until_it_ends_or_is_lost() {
        let tracker = Arc::new(Tracker::default());
        tracker.closed(7).await;
        for end in [|tracker: &Tracker| tracker.close(7), |tracker: &Tracker| tracker.forget_after(6)] {
            tracker.open(6);
            tracker.open(7);
            let mut waiting = wait_for(&tracker, 7);
            tracker.close(6);
            assert!(futures_util::poll!(&mut waiting).is_pending(), "another one ended");
            end(&tracker);
            waiting.await;
        }
    }

    fn wait_for(tracker: &Arc<Tracker>, seq: u64) -> std::pin::Pin<Box<dyn Future<Output = ()>>> {
        let tracker = tracker.clone();
        Box::pin(async move { tracker.closed(seq).await })
    }
}
