//! Reading aggregates back: activation, look-up of old command ids, and states of earlier versions.

use std::{borrow::Cow, sync::Arc, time::Duration};

use actix::Actor;
use munshi_domain::{Aggregate, EntityId, Kind};
use munshi_store::{JournalEntry, Query, Store, StoreError, Stored, Who, query::Source};
use serde_json::{Value, json};

use crate::{
    host::Hosted,
    message::{Answered, Body, Envelope, Header, Placeholder, Respond},
    node::{Core, Failure},
    registry::{Live, Meter},
    shell::{Loaded, Shell},
};

/// Entries read at a time.
const PAGE: usize = 1_000;

/// Whether a kind's state is written and answered by parts ([`Hosted::LARGE`]).
pub(crate) const fn large(kind: Kind) -> bool {
    matches!(kind, Kind::Warehouse | Kind::ApprovalQueue | Kind::Customer | Kind::Floor | Kind::Conversation)
}

/// Whether all work goes through few of a kind: loading one again would make everybody wait.
pub(crate) const fn shared(kind: Kind) -> bool {
    matches!(kind, Kind::Warehouse | Kind::ApprovalQueue | Kind::Floor)
}

/// Whether the answer to an old command id is looked for in the entity's own history instead of in rows: there is
/// one order per placement and few commands to each, so a row for every command would cost more than it saves.
pub(crate) const fn answers_in_history(kind: Kind) -> bool {
    matches!(kind, Kind::Order)
}

/// The typed events of one journal entry.
pub(crate) fn events<A: Aggregate>(entry: &JournalEntry) -> Result<Vec<A::Event>, StoreError> {
    let events = entry.events.read::<A::Event>().map(Cow::into_owned);
    events.map_err(|error| StoreError::Damaged(format!("{} version {}: {error}", entry.entity, entry.first)))
}

/// Folds one journal entry.
pub(crate) fn fold<A: Aggregate>(state: &mut A, entry: &JournalEntry) -> Result<Vec<A::Event>, StoreError> {
    let events = events::<A>(entry)?;
    for event in &events {
        state.evolve(event);
    }
    Ok(events)
}

/// The durable state of an entity: its document, then the journal after it.
pub(crate) async fn load<A: Aggregate>(store: &dyn Store, id: &Arc<str>) -> Result<(A, u64, u64), StoreError> {
    let entity = EntityId { kind: A::KIND, id: id.clone() };
    let Stored { document, mut tail } = store.stored(&entity, PAGE).await?;
    let (mut state, mut version, mut seq) = match document {
        Some(document) => {
            let state = A::from_parts(document.parts)
                .map_err(|error| StoreError::Damaged(format!("document of {entity}: {error}")))?;
            (state, document.version, document.seq)
        }
        None => (A::default(), 0, 0),
    };
    loop {
        for entry in &tail {
            if entry.first <= version {
                continue;
            }
            fold(&mut state, entry)?;
            (version, seq) = (entry.last, entry.seq);
        }
        if tail.len() < PAGE {
            return Ok((state, version, seq));
        }
        tail = store.history(&entity, version, PAGE).await?;
    }
}

/// The state of an entity as it was at `version` (property 9), from its events alone.
pub(crate) async fn state_at<A: Aggregate>(store: &dyn Store, id: &Arc<str>, version: u64) -> Result<A, StoreError> {
    let entity = EntityId { kind: A::KIND, id: id.clone() };
    let mut state = A::default();
    let mut at = 0;
    loop {
        let page = store.history(&entity, at, PAGE).await?;
        for entry in &page {
            if entry.last > version {
                return Ok(state);
            }
            fold(&mut state, entry)?;
            at = entry.last;
        }
        if page.len() < PAGE || at >= version {
            return Ok(state);
        }
    }
}

/// Activates an aggregate: everything that waits for it is handed over when it is loaded. `after` is generation
/// and sequence number of the last record of a former incarnation, which must be durable before the state is read.
pub(crate) fn activate<A: Hosted>(core: &Arc<Core>, id: Arc<str>, after: (u64, u64)) {
    let core = core.clone();
    core.clone().spawn(async move {
        core.wait_durable(after.0, after.1).await;
        let generation = core.lane.generation();
        let _permit = core.loads.acquire().await;
        // `after` is set for what was live before, which is never new.
        let new = A::KIND == Kind::Order && core.known.is_new(&id) && after == (0, 0);
        let loaded = if new { Ok((A::default(), 0, 0)) } else { load::<A>(&*core.store, &id).await };
        match loaded {
            Ok((state, version, seq)) => {
                let meter = Arc::new(Meter::new(core.uptime_ms()));
                let loaded = Loaded { state, version, seq, generation };
                let shell = Shell::new(core.clone(), id.clone(), loaded, meter.clone());
                let addr = Shell::start_in_arbiter(&core.arbiter(&id), move |_| shell);
                A::map(&core.hosts).go_live(&id, Live { addr, meter });
            }
            Err(error) => {
                // A node that stops lets go of what it was about to load; its store may be closed by then.
                if !core.stopped() {
                    tracing::error!(kind = A::KIND.name(), id = %id, %error, "an aggregate cannot be loaded");
                }
                for envelope in A::map(&core.hosts).give_up(&id) {
                    refuse(envelope, &format!("{} cannot be loaded", A::KIND.name()));
                }
            }
        }
    });
}

/// Tells whoever waits that the aggregate is not available.
pub(crate) fn refuse<A: Hosted>(envelope: Envelope<A>, why: &str) {
    match envelope.0 {
        Body::Command { respond, .. } => respond.finish(Err(Failure::Broken(why.to_owned())))(Ok(())),
        Body::Internal { staged, .. } => staged(Err(crate::message::StagedFailure::Again)),
        // Dropping the view closes the reader's channel, which reads as broken.
        Body::Read(_) | Body::Tick(_) => {}
    }
}

/// Asks the store for an old command id, then sends the command again with what was found.
pub(crate) fn look_up<A: Hosted>(
    core: &Arc<Core>,
    id: Arc<str>,
    command: A::Command,
    header: Header,
    respond: Box<dyn Respond<A>>,
) {
    let core = core.clone();
    core.clone().spawn(async move {
        match answered(&*core.store, A::KIND, &id, &header.cmd).await {
            Ok(found) => {
                let looked_up = Some(Box::new(found));
                core.resend(&id, Envelope(Body::Command { command, header, respond, looked_up }));
            }
            Err(error) => respond.finish(Err(Failure::Broken(error.to_string())))(Ok(())),
        }
    });
}

async fn answered(store: &dyn Store, kind: Kind, id: &str, cmd: &str) -> Result<Option<Answered>, StoreError> {
    if answers_in_history(kind) {
        return answered_in_history(store, &EntityId::new(kind, id), cmd).await;
    }
    let query = Query {
        source: Source::Rows {
            table: "answer",
            prefix: vec![json!(kind.name()), json!(id), json!(cmd)],
            descending: false,
        },
        filters: Vec::new(),
        search: None,
        sort: None,
        after: None,
        limit: 1,
    };
    let page = store.query(&query).await?;
    Ok(page.rows.into_iter().next().map(|row| {
        let number = |field: &str| row.body.get(field).and_then(Value::as_u64).unwrap_or_default();
        Answered {
            version: number("version"),
            seq: number("seq"),
            request: row.body.get("request").and_then(Value::as_str).map(Into::into),
            body: row.body.get("body").filter(|body| !body.is_null()).cloned(),
        }
    }))
}

async fn answered_in_history(store: &dyn Store, entity: &EntityId, cmd: &str) -> Result<Option<Answered>, StoreError> {
    let mut at = 0;
    loop {
        let page = store.history(entity, at, PAGE).await?;
        let outside = |entry: &&JournalEntry| matches!(entry.by, Who::User(_) | Who::System(_));
        if let Some(entry) = page.iter().filter(outside).find(|entry| &*entry.cmd == cmd) {
            return Ok(Some(Answered {
                version: entry.last,
                seq: entry.seq,
                request: entry.request.clone(),
                body: entry.answer.clone(),
            }));
        }
        match page.last() {
            Some(last) if page.len() == PAGE => at = last.last,
            _ => return Ok(None),
        }
    }
}

/// Answers a repeated command from the state as its first execution left it: the first state at or after that
/// version in which the aggregate was settled. Where that is still to come, the command goes back to its actor.
pub(crate) fn replay<A: Hosted>(core: &Arc<Core>, id: Arc<str>, version: u64, unsaved: (u64, u64), again: Body<A>) {
    let core = core.clone();
    core.clone().spawn(async move {
        core.wait_durable(unsaved.0, unsaved.1).await;
        let found = settled_at::<A>(&*core.store, &id, version).await;
        let Body::Command { command, header, mut respond, looked_up } = again else { return };
        match found {
            Ok(Some((state, version, seq))) => {
                respond.prepare(&state, version);
                respond.finish(Ok(Placeholder { version, seq, replayed: true }))(Ok(()));
            }
            Ok(None) if !core.stopped() => {
                tokio::time::sleep(Duration::from_millis(2)).await;
                core.resend(&id, Envelope(Body::Command { command, header, respond, looked_up }));
            }
            Ok(None) => respond.finish(Err(Failure::Broken("the server is stopping".into())))(Ok(())),
            Err(error) => respond.finish(Err(Failure::Broken(error.to_string())))(Ok(())),
        }
    });
}

async fn settled_at<A: Aggregate>(
    store: &dyn Store,
    id: &Arc<str>,
    version: u64,
) -> Result<Option<(A, u64, u64)>, StoreError> {
    let entity = EntityId { kind: A::KIND, id: id.clone() };
    let (mut state, mut at) = (A::default(), 0);
    loop {
        let page = store.history(&entity, at, PAGE).await?;
        for entry in &page {
            fold(&mut state, entry)?;
            at = entry.last;
            if at >= version && state.settled() {
                return Ok(Some((state, at, entry.seq)));
            }
        }
        if page.len() < PAGE {
            return Ok(None);
        }
    }
}
