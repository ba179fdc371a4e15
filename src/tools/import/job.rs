//! The commands of one import: many under way at a time, each noted by what became of it.

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use munshi_actors::{
    Class, Hosted,
    node::{Applied, Failure, Meta, Node},
};
use munshi_connectors::files::{Layout, Parsed};
use munshi_domain::{CustomerId, OrderId, Refused, UserId};

use super::{meter::Meter, report::Summary};
use crate::{api::call::id_from, cli::Stop, problem::Problem, tools::progress::Progress};

/// Commands under way at a time; each waits for its own durability, so this is what fills a batch.
pub(super) const IN_FLIGHT: usize = 256;

/// Times a command is sent again because the store does not keep up.
const ATTEMPTS: usize = 1_000;

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Taken now.
    In,
    /// Was there already.
    Already,
    /// Not taken.
    Refused { code: &'static str, message: String },
}

impl Outcome {
    pub(super) fn refused(code: &'static str, message: impl ToString) -> Self {
        Self::Refused { code, message: message.to_string() }
    }
}

impl<R> From<Applied<R>> for Outcome {
    fn from(applied: Applied<R>) -> Self {
        if applied.replayed { Self::Already } else { Self::In }
    }
}

/// One import.
pub(super) struct Job<'a> {
    pub(super) node: &'a Node,
    pub(super) layout: Layout,
    pub(super) dry_run: bool,
    /// Of the file.
    pub(super) digest: &'a str,
    pub(super) by: By,
    pub(super) meter: &'a Meter,
}

/// On whose behalf an import runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The command line: no server runs beside it whose callers it could crowd out.
    CommandLine,
    /// Somebody who sent the file to a server, whose other callers go first.
    User(UserId),
}

impl By {
    /// Commands under way at a time.
    const fn in_flight(self) -> usize {
        match self {
            Self::CommandLine => IN_FLIGHT,
            Self::User(_) => IN_FLIGHT / 4,
        }
    }

    /// Metadata of a command.
    fn meta(self, key: impl Into<Arc<str>>) -> Meta {
        match self {
            Self::CommandLine => Meta::system("import", key),
            Self::User(user) => Meta::user(user, key, None).class(Class::List),
        }
    }
}

impl Job<'_> {
    /// The summary so far, and the rows still to take.
    pub(super) fn begin<T>(&self, parsed: Parsed<T>) -> (Summary, Vec<T>) {
        parsed.notes.iter().for_each(|note| self.note(note));
        let Parsed { read, rows, errors, skipped, .. } = parsed;
        self.meter.read(read, skipped.values().sum(), errors.len() as u64);
        let summary = Summary { read, errors, skipped, ..Summary::default() };
        (summary, if self.dry_run { vec![] } else { rows })
    }

    /// Tells a person at a terminal something about the file as a whole.
    pub(super) fn note(&self, note: impl std::fmt::Display) {
        if self.by == By::CommandLine {
            eprintln!("note: {note}");
        }
    }

    /// Metadata of a command of this import.
    pub(super) fn meta(&self, key: impl Into<Arc<str>>) -> Meta {
        self.by.meta(key)
    }

    /// Id of a command of this import: the same for the same content.
    pub(super) fn key(&self, kind: &str, natural: &str, content: &str) -> String {
        format!("import:{:032x}", id_from(&format!("{}/{kind}/{natural}/{content}", self.layout.name())))
    }

    /// Id of a customer known elsewhere by `reference`.
    pub(super) fn customer_id(&self, reference: &str) -> CustomerId {
        CustomerId::from_u128(id_from(&format!("import/customer/{}/{reference}", self.layout.name())))
    }

    /// Id of a part of an order known elsewhere by `number`.
    pub(super) fn order_id(&self, number: &str, part: usize) -> OrderId {
        OrderId::from_u128(id_from(&format!("import/order/{}/{number}/{part}", self.layout.name())))
    }

    /// Sends the commands of many records at a time, and notes what became of them.
    pub(super) async fn all<T, F>(
        &self,
        what: &'static str,
        records: Vec<T>,
        summary: &mut Summary,
        rows_of: impl Fn(&T) -> Vec<u64>,
        take: impl Fn(T) -> F,
    ) -> Result<(), Stop>
    where
        F: Future<Output = Result<Outcome, Stop>>,
    {
        let progress = (self.by == By::CommandLine).then(|| Progress::new(what, records.len()));
        self.meter.stage(what, records.len());
        if self.meter.is_stopped() {
            return Ok(());
        }
        let jobs = records.into_iter().map(|record| {
            let (rows, work) = (rows_of(&record), take(record));
            async move { (rows, work.await) }
        });
        let mut results = stream::iter(jobs).buffer_unordered(self.by.in_flight());
        while let Some((rows, outcome)) = results.next().await {
            if let Some(progress) = &progress {
                progress.step();
            }
            let outcome = outcome?;
            self.meter.step(&outcome, rows.len());
            summary.note(&rows, outcome);
            // What is not taken now is taken when the file is brought in again.
            if self.meter.is_stopped() {
                break;
            }
        }
        Ok(())
    }

    /// The records whose keys no earlier record of the file has: of two that want one key, the first gets it, however
    /// their commands overtake each other. Keys come with the code of a clash.
    pub(super) fn distinct<T>(
        records: Vec<T>,
        summary: &mut Summary,
        row_of: impl Fn(&T) -> u64,
        keys: impl Fn(&T) -> Vec<(&'static str, String)>,
    ) -> Vec<T> {
        let mut seen: HashMap<(&'static str, String), u64> = HashMap::new();
        let mut free = |record: &T| {
            let (row, keys) = (row_of(record), keys(record));
            if let Some((key, first)) = keys.iter().find_map(|key| Some((key, seen.get(key)?))) {
                let message = format!("{} is already used by row {first}", key.1);
                summary.note(&[row], Outcome::refused(key.0, message));
                return false;
            }
            seen.extend(keys.into_iter().map(|key| (key, row)));
            true
        };
        records.into_iter().filter(|record| free(record)).collect()
    }

    /// Sends one command of this import.
    pub(super) async fn send<A: Hosted>(&self, id: &str, command: A::Command, key: &str) -> Result<Outcome, Stop> {
        for _ in 0..ATTEMPTS {
            match self.node.execute::<A, _>(id, command.clone(), self.meta(key), |_, _| ()).await {
                Ok(applied) => return Ok(applied.into()),
                Err(Failure::Busy { retry_after_ms }) => pause(retry_after_ms).await,
                Err(Failure::Refused(refusal)) => return Ok(Outcome::refused(refusal.code(), &refusal)),
                Err(failure) => return Err(Stop::Failed(failure.to_string())),
            }
        }
        Err(too_slow())
    }
}

async fn pause(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis.clamp(1, 1_000))).await;
}

fn too_slow() -> Stop {
    Stop::Failed("the store does not keep up".into())
}

/// Runs a service, again as long as it is too busy; a problem of the row is an outcome, one of ours ends the import.
pub(super) async fn patiently<R, F>(mut service: impl FnMut() -> F) -> Result<Outcome, Stop>
where
    F: Future<Output = Result<Applied<R>, Problem>>,
{
    for _ in 0..ATTEMPTS {
        match service().await {
            Ok(applied) => return Ok(applied.into()),
            Err(problem) if problem.status.as_u16() == 429 => pause(50).await,
            Err(problem) if problem.status.is_server_error() => return Err(Stop::Failed(problem.detail)),
            Err(problem) => return Ok(Outcome::refused(problem.code, problem.detail)),
        }
    }
    Err(too_slow())
}
