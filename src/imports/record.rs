//! What an import is, as it stands beside its file: `import.json`.

use std::{io::Write, path::Path};

use munshi_domain::Timestamp;
use munshi_protocols::imports::{ImportFailure, ImportView};
use serde::{Deserialize, Serialize};

use crate::{problem::Problem, tools::import::meter::Reading};

const NAME: &str = "import.json";

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits.
    Queued,
    /// Is being taken.
    Running,
    /// Every row was looked at.
    Done,
    /// Could not be taken as a whole.
    Failed,
    /// Somebody stopped it.
    Stopped,
}

impl State {
    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }
}

/// An import.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Its id: 32 hex digits.
    pub id: String,
    /// What the file holds.
    pub kind: String,
    /// How it is laid out.
    pub layout: String,
    /// Name as it was sent.
    pub file: String,
    /// Warehouse of rows that name none.
    pub warehouse: Option<String>,
    /// Hash of the request that brought it, to tell a retry from a reuse of its key.
    pub request: String,
    /// Id of the user who sent it.
    pub by: String,
    /// Where it stands.
    pub state: State,
    /// How often it was begun.
    pub attempts: u32,
    /// When it was received, milliseconds since 1970.
    pub queued_at: i64,
    /// When it was first begun.
    pub started_at: Option<i64>,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// Figures of its last run.
    #[serde(default)]
    pub seen: Figures,
    /// Whether there is an error file.
    pub error_file: bool,
    /// Why it failed.
    pub failure: Option<ImportFailure>,
    /// Whether who sent it was told how it ended.
    #[serde(default)]
    pub told: bool,
}

/// Figures that outlive the run.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    rows: u64,
    skipped: u64,
    changed: u64,
    unchanged: u64,
    errors: u64,
}

impl From<Reading> for Figures {
    fn from(seen: Reading) -> Self {
        let Reading { rows, skipped, changed, unchanged, errors, .. } = seen;
        Self { rows, skipped, changed, unchanged, errors }
    }
}

impl Record {
    /// From the directory of an import; nothing if it is none.
    pub fn read(home: &Path) -> Option<Self> {
        let record: Self = serde_json::from_slice(&std::fs::read(home.join(NAME)).ok()?).ok()?;
        (home.file_name()?.to_str()? == record.id && is_id(&record.id)).then_some(record)
    }

    /// Into its directory, whole or not at all.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, home: &Path) -> std::io::Result<()> {
        let draft = home.join("import.json.new");
        let mut file = std::fs::File::create(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        std::fs::rename(draft, home.join(NAME))
    }

    /// Whether `other` is a retry of the request that brought this.
    ///
    /// # Errors
    /// `idempotency_key_reused`.
    pub fn same_request(&self, other: &Self) -> Result<(), Problem> {
        if self.request == other.request {
            return Ok(());
        }
        Err(Problem::new("idempotency_key_reused", "this key was used for another file or other arguments")
            .fix("use a fresh key for a new request"))
    }

    /// It is over.
    pub fn end(&mut self, state: State, failure: Option<(&'static str, String)>, now: Timestamp) {
        self.state = state;
        self.finished_at = Some(now.as_millis());
        self.failure = failure.map(|(code, detail)| ImportFailure { code: code.to_owned(), detail });
    }

    /// As clients see it; `running` while it runs.
    pub fn view(&self, running: Option<Reading>) -> ImportView {
        let seen = running.map_or(self.seen, Figures::from);
        let at = |ms: i64| Timestamp::from_millis(ms).to_string();
        ImportView {
            id: self.id.clone(),
            kind: self.kind.clone(),
            layout: self.layout.clone(),
            file: self.file.clone(),
            warehouse: self.warehouse.clone(),
            state: self.state.word().to_owned(),
            rows: seen.rows,
            stage: running.and_then(|seen| seen.stage).map(str::to_owned),
            of: running.map_or(0, |seen| seen.of),
            done: running.map_or(0, |seen| seen.done),
            changed: seen.changed,
            unchanged: seen.unchanged,
            skipped: seen.skipped,
            errors: seen.errors,
            error_file: self.error_file,
            queued_at: at(self.queued_at),
            started_at: self.started_at.map(at),
            finished_at: self.finished_at.map(at),
            by: self.by.clone(),
            failure: self.failure.clone(),
        }
    }
}

/// Whether a text can be the id of an import.
pub fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
