//! How a verb ends badly: one line with a stable code, and an exit status.
//!
//! Invariant: exit 2 means that the call was wrong and nothing was opened, exit 1 that it could not be done. The table
//! stands in `docs/OPERATIONS.md` too; a test compares them.

use munshi_connectors::files::FileError;
use munshi_store::{StoreError, backup::BackupError};

/// Why a verb ended badly.
#[derive(Debug)]
pub enum Stop {
    /// Wrong usage or settings.
    Usage(String),
    /// A reason with a code of [`CODES`].
    Refused {
        /// The code.
        code: &'static str,
        /// In words, without a full stop.
        text: String,
    },
    /// It could not be done.
    Failed(String),
}

/// A code of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable snake_case word.
    pub code: &'static str,
    /// Exit status: 1 for what could not be done, 2 for a wrong call.
    pub exit: u8,
    /// In words.
    pub meaning: &'static str,
}

const fn code(code: &'static str, exit: u8, meaning: &'static str) -> Code {
    Code { code, exit, meaning }
}

/// Every code of the command line.
pub const CODES: [Code; 14] = [
    code("file_unreadable", 1, "the file is not there or cannot be read"),
    code("file_format", 1, "the file is neither CSV nor XLSX, or is empty"),
    code("column_missing", 1, "the layout needs a column that the file does not have"),
    code("file_unwritable", 1, "the file to write cannot be written"),
    code("layout_unknown", 2, "there is no layout with that name"),
    code("layout_mismatch", 2, "the layout does not hold records of that kind"),
    code("bad_argument", 2, "an argument has a value that cannot be"),
    code("no_data", 1, "nothing is stored in the data directory"),
    code("floor_unknown", 1, "the warehouse has no floor that was set up"),
    code("data_in_use", 1, "another process has the data directory"),
    code("store_failed", 1, "the database does not open or does not answer"),
    code("not_a_backup", 1, "the directory holds no backup"),
    code("backup_damaged", 1, "the backup is not what was written, or is of another journal"),
    code("not_empty", 1, "a backup is restored into an empty data directory only"),
];

impl Stop {
    /// A reason with a code of [`CODES`].
    pub fn refused(code: &'static str, text: impl ToString) -> Self {
        debug_assert!(CODES.iter().any(|row| row.code == code), "{code} is not in the table");
        Self::Refused { code, text: text.to_string() }
    }

    /// What is printed, and the exit status.
    pub fn report(&self) -> (String, u8) {
        match self {
            Self::Usage(text) => (text.clone(), 2),
            Self::Refused { code, text } => {
                let exit = CODES.iter().find(|row| row.code == *code).map_or(1, |row| row.exit);
                (format!("munshi: {text} ({code})"), exit)
            }
            Self::Failed(text) => (format!("munshi: {text}"), 1),
        }
    }
}

impl<E: std::error::Error> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// A file to import that cannot be taken as a whole.
pub fn file(path: &std::path::Path, error: &FileError) -> Stop {
    let (code, text) = match error {
        FileError::Unreadable { .. } => ("file_unreadable", error.to_string()),
        FileError::Format { .. } => ("file_format", error.to_string()),
        FileError::MissingColumn { .. } => ("column_missing", format!("{}: {error}", path.display())),
    };
    Stop::refused(code, text)
}

/// A database that does not open or does not answer.
pub fn store(error: &StoreError) -> Stop {
    let code = if matches!(error, StoreError::Held { .. }) { "data_in_use" } else { "store_failed" };
    Stop::refused(code, error)
}

/// A backup that was not written or not read; `file` is the code of a file that failed.
pub fn backup(error: BackupError, file: &'static str) -> Stop {
    let code = match &error {
        BackupError::Store(error) => return store(error),
        BackupError::Refused { .. } => "store_failed",
        BackupError::File { .. } => file,
        BackupError::Damaged(_) | BackupError::Chain(_) => "backup_damaged",
        BackupError::NotEmpty { .. } => "not_empty",
    };
    Stop::refused(code, error)
}
