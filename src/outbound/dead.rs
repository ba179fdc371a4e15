//! Dead letters: what was given up, changed, replayed or ended by a person.
//!
//! Invariant: a replay keeps the effect's id, so that a look-up still protects from doubles, and what news have settled
//! since is not replayed: its dead letter is closed. What is changed are values that follow from the journal; the journal
//! stays what it is, and who changed which values, and why, is in it.

use std::collections::BTreeMap;

use munshi_domain::{
    Timestamp,
    connection::Operation,
    conversation::{Conversation, MessageStatus},
};
use munshi_store::{StoreError, WorkKey, WorkTable, WorkWrite};
use serde_json::Value;

use super::{
    Outbound,
    admin::AdminError,
    connector::Doing,
    note::Noted,
    receive::Named,
    records::{Dead, Effect, Record, State},
    webhooks,
    worker::Control,
};

/// Least time a replayed effect gets.
const REPLAY_MS: i64 = 3_600_000;
/// Dead letters replayed at once.
const MAX_REPLAY: usize = 1_000;
/// Dead letters looked at for one page of those of one class.
const MAX_LOOKED_AT: usize = 20_000;
/// Longest text of a changed value, in characters, as of any value of a template.
const MAX_VALUE: usize = 300;
/// Largest changed event, in bytes of JSON.
const MAX_EVENT: usize = 65_536;

/// What a person changes of a dead letter before it is replayed.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Until when it is worth sending.
    pub expires_at: Option<Timestamp>,
    /// Values by name, in place of those that follow from the journal.
    pub values: BTreeMap<String, Value>,
}

impl Outbound {
    /// Dead letters in order of connection and id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn dead(
        &self,
        connection: Option<&str>,
        after: Option<&WorkKey>,
        limit: usize,
    ) -> Result<Vec<Dead>, StoreError> {
        let rows = self.node().store().work_rows(WorkTable::Dead, connection, after, limit).await?;
        rows.into_iter().map(Dead::from_row).collect()
    }

    /// A page of those of one class, and where the next one begins if there is more to look at.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn dead_of_class(
        &self,
        connection: Option<&str>,
        class: &str,
        mut after: Option<WorkKey>,
        limit: usize,
    ) -> Result<(Vec<Dead>, Option<WorkKey>), StoreError> {
        let (mut found, mut looked_at) = (Vec::new(), 0);
        loop {
            let page = self.dead(connection, after.as_ref(), MAX_REPLAY).await?;
            let last = page.len() < MAX_REPLAY;
            looked_at += page.len();
            for dead in page {
                after = Some(dead.key());
                if dead.class == class {
                    found.push(dead);
                    if found.len() == limit {
                        return Ok((found, after));
                    }
                }
            }
            if last {
                return Ok((found, None));
            }
            if looked_at >= MAX_LOOKED_AT {
                return Ok((found, after));
            }
        }
    }

    /// One dead letter.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn dead_one(&self, connection: &str, id: &str) -> Result<Dead, AdminError> {
        let row = self.node().store().work_row(&WorkKey::new(WorkTable::Dead, connection, id)).await?;
        Ok(Dead::from_row(row.ok_or(AdminError::NotFound("dead letter"))?)?)
    }

    /// Closes a dead letter if news have settled its message since: a vendor that was silent reports after all, or the
    /// message goes on by another channel. Answers what became of it; nothing while it still waits for a person.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn close_settled(&self, connection: &str, id: &str) -> Result<Option<MessageStatus>, AdminError> {
        let key = WorkKey::new(WorkTable::Dead, connection, id);
        let Some(row) = self.node().store().work_row(&key).await? else { return Ok(None) };
        self.close_if_settled(&Dead::from_row(row)?).await
    }

    fn close_if_settled<'a>(&'a self, dead: &'a Dead) -> Doing<'a, Result<Option<MessageStatus>, AdminError>> {
        Box::pin(self.settled_dead(dead))
    }

    async fn settled_dead(&self, dead: &Dead) -> Result<Option<MessageStatus>, AdminError> {
        let Some(named) = named(dead) else { return Ok(None) };
        let look = move |conversation: &Conversation, _: u64| conversation.settled(named.message, named.attempt);
        let read = self.node().read::<Conversation, _>(&named.conversation.to_string(), look).await;
        let status = read.map_err(|broken| AdminError::Unread(broken.to_string()))?.flatten();
        let Some(status) = status else { return Ok(None) };
        // A replay may have taken it away and given it up again: each time is noted.
        let noted = Noted::system(format!("settled/{}/{}", dead.id, dead.at.as_millis()));
        self.note(&dead.connection, noted, Operation::Settled, Some(format!("{}: {status}", dead.id)), None).await?;
        self.commit(WorkWrite { delete: vec![dead.key()], awaited: true, ..self.writer().begin() }).await?;
        tracing::info!(connection = %dead.connection, dead = %dead.id, %status, "a dead letter was settled by news and is closed");
        Ok(Some(status))
    }

    /// Plans a dead letter's effect again, with other values where some are given.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn replay(&self, connection: &str, id: &str, edit: Edit, noted: Noted) -> Result<Effect, AdminError> {
        let dead = self.dead_one(connection, id).await?;
        let mut effect = dead.effect.clone().ok_or(AdminError::NotReplayable)?;
        if let Some(status) = self.close_if_settled(&dead).await? {
            return Err(AdminError::Settled(status));
        }
        let operation = if edit.values.is_empty() { Operation::Replayed } else { Operation::Edited };
        let names = edit.values.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        if !edit.values.is_empty() {
            self.check_edit(&effect, &edit.values).await?;
            effect.edited.get_or_insert_default().extend(edit.values);
        }
        let subject = if names.is_empty() { id.to_owned() } else { format!("{id}: {names}") };
        self.note(connection, noted, operation, Some(subject), None).await?;
        let now = self.node().now();
        let late = effect.expires_at.is_none_or(|until| until.as_millis() < now.as_millis() + 60_000);
        let until = edit.expires_at.or(if late { Some(now.plus_millis(REPLAY_MS)) } else { effect.expires_at });
        let effect = Effect {
            state: State::Planned,
            lookups: 0,
            next_at: now,
            waited_ms: 0,
            expires_at: until,
            last: None,
            replayed: true,
            ..effect
        };
        let mut write = self.writer().begin();
        write.awaited = true;
        write.delete = vec![dead.key()];
        write.put = vec![effect.row()];
        self.commit(write).await?;
        tracing::info!(connection, effect = %effect.id, "a dead letter is replayed");
        self.control(connection, Control::Added(Box::new(effect.clone()))).await;
        Ok(effect)
    }

    /// Replays dead letters of a connection, of one class if given.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn replay_all(&self, connection: &str, class: Option<&str>, noted: &Noted) -> Result<u64, AdminError> {
        let dead = self.dead(Some(connection), None, MAX_REPLAY).await?;
        let chosen =
            dead.into_iter().filter(|dead| dead.effect.is_some() && class.is_none_or(|class| class == dead.class));
        let mut count = 0;
        for dead in chosen {
            match self.replay(connection, &dead.id, Edit::default(), noted.step(&dead.id)).await {
                Ok(_) => count += 1,
                // Somebody was faster, or there is nothing to send any more.
                Err(AdminError::Settled(_) | AdminError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }

    /// Ends a dead letter for good.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn discard(&self, connection: &str, id: &str, noted: Noted) -> Result<(), AdminError> {
        let dead = self.dead_one(connection, id).await?;
        self.note(connection, noted, Operation::Discarded, Some(id.to_owned()), None).await?;
        let delete = vec![dead.key()];
        self.commit(WorkWrite { delete, awaited: true, ..self.writer().begin() }).await?;
        tracing::info!(connection, dead = id, class = dead.class, "a dead letter was discarded");
        Ok(())
    }

    /// The values of what was given up that can be changed, as they would be sent; none where nothing can be.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn values_of(&self, effect: &Effect) -> Result<BTreeMap<String, Value>, StoreError> {
        let Some(wired) = self.wired(&effect.connection) else { return Ok(BTreeMap::new()) };
        let mut values: BTreeMap<String, Value> = match effect.kind.as_str() {
            "message" => {
                let envelope = wired.messages(self).envelope(effect).await?;
                let values = envelope.map(|envelope| envelope.variables).unwrap_or_default();
                values.into_iter().map(|(name, value)| (name, Value::from(value))).collect()
            }
            "webhook" => {
                let entries = self.node().store().journal(effect.seq.saturating_sub(1), 1).await?;
                let entry = entries.into_iter().find(|entry| entry.seq == effect.seq);
                let event = entry.and_then(|entry| entry.events.get(effect.n as usize).cloned());
                event.map(|event| (webhooks::DATA.to_owned(), event)).into_iter().collect()
            }
            _ => BTreeMap::new(),
        };
        values.extend(effect.edited.clone().unwrap_or_default());
        Ok(values)
    }

    async fn check_edit(&self, effect: &Effect, values: &BTreeMap<String, Value>) -> Result<(), AdminError> {
        let known = self.values_of(effect).await?;
        for (name, value) in values {
            if !known.contains_key(name) {
                return Err(AdminError::BadEdit(format!("there is no value {name:?} that can be changed")));
            }
            let fits = match value {
                Value::String(text) if effect.kind == "message" => text.chars().count() <= MAX_VALUE,
                Value::Object(_) if effect.kind == "webhook" => value.to_string().len() <= MAX_EVENT,
                _ => false,
            };
            if !fits {
                let rule = if effect.kind == "webhook" {
                    "is an object of at most 64 KiB"
                } else {
                    "is a text of at most 300 characters"
                };
                return Err(AdminError::BadEdit(format!("{name} {rule}")));
            }
        }
        Ok(())
    }
}

/// The attempt a dead letter is about, if it is about a message.
fn named(dead: &Dead) -> Option<Named> {
    let effect = dead.effect.as_ref()?;
    serde_json::from_value(effect.payload.clone()).ok()
}

/// The conversation a dead letter belongs to.
pub fn conversation(dead: &Dead) -> Option<String> {
    named(dead).map(|named| named.conversation.to_string())
}
