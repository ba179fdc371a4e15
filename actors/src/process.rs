//! Running processes: events become commands for other aggregates of this node, at once (runtime.md rule 3).
//!
//! Invariant: an entry counts as processed only when every command it led to was accepted or refused, so that a
//! restart resumes with the first entry that was not.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use munshi_domain::{
    Kind, OrderId, Refused,
    approval::ApprovalQueue,
    customer::Customer,
    order::{Order, state::PlacementRefusal},
    process::{self, Answer, Outgoing, Task},
    warehouse::Warehouse,
};
use munshi_store::JournalEntry;

use crate::{host::Hosted, load, node::Core};

/// Entries whose process steps are outstanding.
#[derive(Debug, Default)]
pub(crate) struct Tracker(Mutex<BTreeSet<u64>>);

impl Tracker {
    fn open(&self, seq: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(seq);
    }

    fn close(&self, seq: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&seq);
    }

    /// Everything up to here has no step outstanding; `durable` is the head of the journal.
    pub(crate) fn watermark(&self, durable: u64) -> u64 {
        let outstanding = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        outstanding.first().map_or(durable, |first| durable.min(first - 1))
    }

    /// Staged work above `durable` is lost, and with it what followed from it.
    pub(crate) fn forget_after(&self, durable: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).split_off(&(durable + 1));
    }

    pub(crate) fn outstanding(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// Starts what follows from a record that was just staged.
pub(crate) fn react<A: Hosted>(core: &Arc<Core>, id: &Arc<str>, state: &A, command: &str, events: &[A::Event], seq: u64) {
    let tasks = A::reactions(state, id, command, events);
    if tasks.is_empty() {
        return;
    }
    core.tracker.open(seq);
    let core = core.clone();
    let generation = core.lane.generation();
    actix::spawn(async move { carry_out(&core, &tasks, generation, seq).await });
}

/// Carries tasks out and closes their entry once everything they led to is durable. Where a lost batch took part
/// of it away and the trigger itself survived, it starts over: every command is harmless to repeat.
async fn carry_out(core: &Arc<Core>, tasks: &[Task], generation: u64, seq: u64) {
    loop {
        drive_all(core, tasks.to_vec(), generation, seq).await;
        let kept = core.barrier().await;
        if core.stopped() || !core.lane.survived(generation, seq) {
            return;
        }
        if kept {
            core.tracker.close(seq);
            return;
        }
    }
}

async fn drive_all(core: &Arc<Core>, tasks: Vec<Task>, generation: u64, seq: u64) {
    for mut task in tasks {
        let name = task.process();
        let mut answer = None;
        while let Some(outgoing) = task.next(answer.take()) {
            answer = Some(deliver(core, name, outgoing).await);
            if core.stopped() || !core.lane.survived(generation, seq) {
                return;
            }
        }
    }
}

/// Runs the processes of entries that were durable and not processed when the last server ended.
pub(crate) async fn resume(core: &Arc<Core>, processed: u64, head: u64) -> Result<u64, munshi_store::StoreError> {
    let (mut after, mut resumed) = (processed, 0);
    while after < head {
        let entries = core.store.journal(after, 512).await?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        for entry in entries.iter().filter(|entry| entry.seq <= head) {
            let tasks = reactions_of(core, entry).await?;
            if tasks.is_empty() {
                continue;
            }
            resumed += 1;
            core.tracker.open(entry.seq);
            let (core, seq) = (core.clone(), entry.seq);
            let generation = core.lane.generation();
            core.clone().spawn(async move { carry_out(&core, &tasks, generation, seq).await });
        }
    }
    Ok(resumed)
}

/// What follows from an old entry, given what its aggregate is now.
async fn reactions_of(core: &Arc<Core>, entry: &JournalEntry) -> Result<Vec<Task>, munshi_store::StoreError> {
    async fn of<A: Hosted>(core: &Core, entry: &JournalEntry) -> Result<Vec<Task>, munshi_store::StoreError> {
        let mut scratch = A::default();
        let events = load::fold(&mut scratch, entry)?;
        // Warehouses and queues react by their events alone; only orders look at their state.
        let state = if A::LARGE { scratch } else { load::load::<A>(&*core.store, &entry.entity.id).await?.0 };
        Ok(A::reactions(&state, &entry.entity.id, &entry.command, &events))
    }
    match entry.entity.kind {
        Kind::Order => of::<Order>(core, entry).await,
        Kind::Warehouse => of::<Warehouse>(core, entry).await,
        Kind::ApprovalQueue => of::<ApprovalQueue>(core, entry).await,
        _ => Ok(Vec::new()),
    }
}

/// Sends one command of a process until it is accepted or refused; internal work is never shed.
async fn deliver(core: &Arc<Core>, process: &'static str, outgoing: Outgoing) -> Answer {
    let mut pause = Duration::from_millis(5);
    loop {
        let sent = match outgoing.clone() {
            Outgoing::Order(id, command) => {
                answer(core.internal::<Order, _>(&id.to_string(), command, process, |_| Vec::new()).await)
            }
            Outgoing::Customer(id, command) => {
                answer(core.internal::<Customer, _>(&id.to_string(), command, process, |_| Vec::new()).await)
            }
            Outgoing::Queue(id, command) => {
                answer(core.internal::<ApprovalQueue, _>(id.as_str(), command, process, |_| Vec::new()).await)
            }
            Outgoing::Warehouse(code, order, command) => {
                let held = move |state: &Warehouse| order.map_or_else(Vec::new, |order: OrderId| state.reserved_for(order));
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

fn answer<E: Refused>(result: Result<Vec<process::HeldLine>, Undelivered<E>>) -> Option<Answer> {
    match result {
        Ok(held) => Some(Answer::Done { held }),
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
