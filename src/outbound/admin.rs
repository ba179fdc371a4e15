//! What operators do to connections: make, change and pause them, and tell a subscriber again.
//!
//! Invariant: one change of a connection at a time, and a repeated request changes nothing twice: a connection remembers
//! the command of its last revision. What is done is in the journal, with who and why, before it is done.

use std::{collections::BTreeMap, sync::Arc};

use munshi_connectors::secret::Secret;
use munshi_domain::{connection::Operation, conversation::MessageStatus};
use munshi_store::{StoreError, WorkWrite};
use serde_json::Value;

use super::{
    Outbound, Wired,
    connector::Connector,
    note::Noted,
    records::{Connection, Mode, Record, SHOP, Vendor},
    webhooks::Webhooks,
    worker::{Control, consumer},
};
use crate::auth::token;

/// Events told again at once.
const MAX_AGAIN: usize = 10_000;
/// Name of the credential that is the secret part of a webhook's address.
pub const HOOK_TOKEN: &str = "hook_token";

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// There is no such connection or dead letter.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The id is taken.
    #[error("a connection with this id exists already")]
    Exists,
    /// Another connection sends by a channel.
    #[error("the connection {by} sends by {channel} already")]
    ChannelTaken {
        /// The channel.
        channel: &'static str,
        /// The other connection.
        by: String,
    },
    /// Somebody changed it in between.
    #[error("the connection has version {actual}, not {expected}")]
    Version {
        /// What the caller expected.
        expected: u64,
        /// What it is.
        actual: u64,
    },
    /// There are no keys to seal credentials with.
    #[error("credentials cannot be sealed: there are no keys")]
    NoKeys,
    /// It would not work as it is.
    #[error("{0}")]
    Bad(String),
    /// What was given up cannot be replayed.
    #[error("a delivery that cannot be read is not replayed")]
    NotReplayable,
    /// News have settled what was given up.
    #[error("it was settled meanwhile: the message is {0}; nothing is sent again")]
    Settled(MessageStatus),
    /// The conversation cannot be looked at now.
    #[error("what became of it cannot be looked at now: {0}")]
    Unread(String),
    /// What was put in place of a value is not one that can be changed.
    #[error("{0}")]
    BadEdit(String),
    /// Only a subscriber is told again.
    #[error("this connection tells no events")]
    NotSubscriber,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be noted in the journal, so it was not done.
    #[error("it could not be noted, so it was not done: {0}")]
    Unnoted(String),
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

/// A change of a connection; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Name for people.
    pub name: Option<String>,
    /// Mode.
    pub mode: Option<Mode>,
    /// Address.
    pub base_url: Option<String>,
    /// Settings; `null` takes one away.
    pub settings: BTreeMap<String, Value>,
    /// Credentials; an empty text takes one away.
    pub credentials: BTreeMap<String, Secret<String>>,
    /// Whether the webhook's address becomes another one.
    pub rotate_hook: bool,
    /// Why it is paused, if no person did it.
    pub paused_because: Option<String>,
}

impl Change {
    /// What is done by it to a connection as it was, and to what of it; secrets by name only.
    fn operation(&self, before: Mode) -> (Operation, Option<String>) {
        let mut names: Vec<String> = self.settings.keys().map(|name| format!("settings.{name}")).collect();
        names.extend(self.credentials.keys().map(|name| format!("credentials.{name}")));
        let plain = [
            ("name", self.name.is_some()),
            ("base_url", self.base_url.is_some()),
            ("mode", self.mode.is_some_and(|mode| mode != Mode::Paused && before != Mode::Paused)),
            ("hook_url", self.rotate_hook),
        ];
        names.extend(plain.into_iter().filter(|(_, set)| *set).map(|(name, _)| name.to_owned()));
        let operation = match self.mode {
            Some(Mode::Paused) if before != Mode::Paused => Operation::Paused,
            Some(mode) if mode != Mode::Paused && before == Mode::Paused => Operation::Resumed,
            _ => Operation::Changed,
        };
        (operation, (!names.is_empty()).then(|| names.join(", ")))
    }
}

impl Outbound {
    /// Makes a connection. It plans from the head of the journal on.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn create(
        &self,
        id: &str,
        vendor: Vendor,
        change: Change,
        noted: Noted,
    ) -> Result<(Arc<Wired>, bool), AdminError> {
        let cmd = &*noted.cmd();
        let _one_at_a_time = self.editing().await;
        if let Some(known) = self.wired(id) {
            return if *known.record.cmd == *cmd { Ok((known, true)) } else { Err(AdminError::Exists) };
        }
        let blank = Connection {
            id: id.into(),
            vendor,
            name: String::new(),
            mode: Mode::Paused,
            resume_to: Mode::Practice,
            paused_because: None,
            base_url: String::new(),
            settings: BTreeMap::new(),
            sealed: BTreeMap::new(),
            generation: 0,
            revision: 0,
            cmd: cmd.into(),
            created_at: self.node().now(),
        };
        let change = Change { rotate_hook: true, ..change };
        let made = self.changed(blank, change, cmd)?;
        self.note(id, noted, Operation::Created, None, None).await?;
        let head = self.node().status().head;
        let mut write = WorkWrite { insert: vec![made.row()], awaited: true, ..self.writer().begin() };
        write.positions = vec![(consumer(id), head)];
        self.commit(write).await?;
        self.restart(made).await;
        tracing::info!(connection = id, vendor = vendor.word(), "a connection was made");
        self.wired(id).map(|wired| (wired, false)).ok_or(AdminError::Stopping)
    }

    /// Changes a connection; its worker starts anew.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn change(
        &self,
        id: &str,
        change: Change,
        expected: Option<u64>,
        noted: Noted,
    ) -> Result<(Arc<Wired>, bool), AdminError> {
        let cmd = &*noted.cmd();
        let _one_at_a_time = self.editing().await;
        let known = self.wired(id).ok_or(AdminError::NotFound("connection"))?;
        if *known.record.cmd == *cmd {
            return Ok((known, true));
        }
        let actual = known.record.revision;
        if let Some(expected) = expected.filter(|expected| *expected != actual) {
            return Err(AdminError::Version { expected, actual });
        }
        let (operation, subject) = change.operation(known.record.mode);
        let next = self.changed(known.record.clone(), change, cmd)?;
        self.note(id, noted, operation, subject, None).await?;
        self.commit(WorkWrite { put: vec![next.row()], awaited: true, ..self.writer().begin() }).await?;
        tracing::info!(connection = id, mode = next.mode.word(), revision = next.revision, "a connection was changed");
        self.restart(next).await;
        self.wired(id).map(|wired| (wired, false)).ok_or(AdminError::Stopping)
    }

    fn changed(&self, mut of: Connection, change: Change, cmd: &str) -> Result<Connection, AdminError> {
        let keys = self.keys().ok_or(AdminError::NoKeys)?;
        of.name = change.name.unwrap_or(of.name);
        of.base_url = change.base_url.unwrap_or(of.base_url);
        if let Some(mode) = change.mode {
            if mode == Mode::Paused && of.mode != Mode::Paused {
                of.resume_to = of.mode;
            }
            of.mode = mode;
            of.paused_because = change.paused_because;
        }
        for (name, value) in change.settings {
            if value.is_null() {
                of.settings.remove(&name)
            } else {
                of.settings.insert(name, value)
            };
        }
        let mut credentials = change.credentials;
        if change.rotate_hook {
            of.generation += 1;
            credentials.insert(HOOK_TOKEN.into(), Secret::new(token::hex_of(&token::random::<20>())));
        }
        for (name, secret) in credentials {
            if secret.expose().is_empty() {
                of.sealed.remove(&name);
                continue;
            }
            let sealed = keys.seal(&Connection::place(&of.id, &name), &secret);
            of.sealed.insert(name, sealed.map_err(|error| AdminError::Bad(error.to_string()))?);
        }
        (of.revision, of.cmd) = (of.revision + 1, cmd.into());
        let wired = self.wire(of.clone());
        if let Some(problem) = wired.problem() {
            return Err(AdminError::Bad(problem.to_owned()));
        }
        for other in self.connections().iter().filter(|other| other.record.id != of.id) {
            if let Some(channel) = wired.channels().iter().find(|channel| other.channels().contains(channel)) {
                return Err(AdminError::ChannelTaken { channel: channel.word(), by: other.record.id.to_string() });
            }
        }
        Ok(of)
    }

    /// A person lets a connection that waits after failures try again now.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn resumed(&self, id: &str, noted: Noted) -> Result<(), AdminError> {
        self.note(id, noted, Operation::Resumed, None, None).await?;
        self.retry_now(id).await;
        Ok(())
    }

    /// Lets a connection try again now, whatever its breaker says.
    pub async fn retry_now(&self, id: &str) {
        self.control(id, Control::Retry).await;
    }

    /// Tells a subscriber again what happened after `after`, at most [`MAX_AGAIN`] events; the ids are those of the first
    /// time. Answers how many, and the last position looked at.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn tell_again(&self, id: &str, after: u64, noted: Noted) -> Result<(u64, u64), AdminError> {
        let _one_at_a_time = self.editing().await;
        let wired = self.wired(id).ok_or(AdminError::NotFound("connection"))?;
        let connector = Webhooks::new(self, &wired).ok_or(AdminError::NotSubscriber)?;
        let planned = self.health(id).position;
        let (mut seq, mut effects) = (after, Vec::new());
        while seq < planned && effects.len() < MAX_AGAIN {
            let entries = self.node().store().journal(seq, 256).await?;
            let Some(last) = entries.last().map(|entry| entry.seq) else { break };
            for entry in entries.iter().filter(|entry| entry.seq <= planned) {
                effects.extend(connector.plan(entry));
            }
            seq = last.min(planned);
        }
        let now = self.node().now();
        effects.iter_mut().for_each(|effect| effect.next_at = now);
        let (from, count) = (format!("after {after}"), effects.len() as u64);
        self.note(id, noted, Operation::ToldAgain, Some(from), Some(count)).await?;
        let insert = effects.iter().map(Record::row).collect();
        self.commit(WorkWrite { insert, awaited: true, ..self.writer().begin() }).await?;
        tracing::info!(connection = id, after, events = effects.len(), "a subscriber is told again");
        // The worker reads them from the store.
        self.restart(wired.record.clone()).await;
        Ok((effects.len() as u64, seq))
    }

    pub(super) async fn commit(&self, write: WorkWrite) -> Result<(), AdminError> {
        self.writer().write(write).await.map_err(|_| AdminError::Stopping)
    }

    /// The owner of connection rows.
    pub fn owner() -> &'static str {
        SHOP
    }
}
