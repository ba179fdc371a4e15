//! What operators do to connections and dead letters, told to the journal: who, when, what and why (AUD-01).

use std::sync::Arc;

use munshi_actors::node::{Failure, Meta};
use munshi_domain::connection::{Connection, ConnectionCommand, Operation};

use super::{Outbound, admin::AdminError};

/// Who does something, by which request, and why.
#[derive(Clone, Debug)]
pub struct Noted {
    meta: Meta,
    reason: Option<String>,
}

impl Noted {
    /// By the request of this metadata.
    pub const fn new(meta: Meta, reason: Option<String>) -> Self {
        Self { meta, reason }
    }

    /// By Munshi itself.
    pub fn system(cmd: String) -> Self {
        Self::new(Meta::system("connections", cmd), None)
    }

    /// The command's id.
    pub fn cmd(&self) -> Arc<str> {
        self.meta.cmd.clone()
    }

    /// One of several things done by one request.
    #[must_use]
    pub fn step(&self, name: &str) -> Self {
        let meta = Meta { cmd: format!("{}/{name}", self.meta.cmd).into(), ..self.meta.clone() };
        Self { meta, reason: self.reason.clone() }
    }
}

impl Outbound {
    /// Notes what is about to be done. A repeated request is noted once.
    ///
    /// # Errors
    /// [`AdminError::BadEdit`] for a reason that is too long, [`AdminError::Unnoted`] when it is not durable.
    pub(super) async fn note(
        &self,
        connection: &str,
        noted: Noted,
        operation: Operation,
        subject: Option<String>,
        count: Option<u64>,
    ) -> Result<(), AdminError> {
        let Noted { meta, reason } = noted;
        let meta = Meta { expected: None, ..meta }.because(reason.as_deref());
        let command = ConnectionCommand::RecordOperation { operation, subject, count, reason };
        match self.node().execute::<Connection, _>(connection, command, meta, |_, _| ()).await {
            Ok(_) => Ok(()),
            Err(Failure::Refused(refusal)) => Err(AdminError::BadEdit(refusal.to_string())),
            Err(failure) => Err(AdminError::Unnoted(failure.to_string())),
        }
    }
}
