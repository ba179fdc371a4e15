//! What an import did: its summary, and the file of rows that were not taken.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ffi::OsString,
    fmt,
    fs::File,
    path::{Path, PathBuf},
};

use munshi_connectors::files::{FileError, RowError, Table};
use munshi_domain::Currency;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::job::Outcome;
use crate::{
    auth::token,
    cli::{Stop, stop},
};

/// Columns of the error file before those of the file itself.
const COLUMNS: [&str; 4] = ["row", "column", "code", "message"];

/// Cells by row.
type Cells = HashMap<u64, Vec<String>>;

/// What an import did.
#[derive(Debug, Default)]
pub struct Summary {
    /// Data rows of the file.
    pub read: u64,
    /// Records taken.
    pub taken: u64,
    /// Records that were there already.
    pub already: u64,
    /// Rows without anything to take, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Rows not taken.
    pub errors: Vec<RowError>,
    /// What was sold, by currency, of records taken or there already.
    pub sold: BTreeMap<Currency, Decimal>,
    /// What came back, by currency.
    pub returned: BTreeMap<Currency, Decimal>,
}

impl Summary {
    /// What a further piece of the file did.
    pub(super) fn add(&mut self, piece: Self) {
        let Self { read, taken, already, skipped, errors, sold, returned } = piece;
        self.read += read;
        self.taken += taken;
        self.already += already;
        skipped.into_iter().for_each(|(reason, count)| *self.skipped.entry(reason).or_default() += count);
        self.errors.extend(errors);
        sold.into_iter().for_each(|(currency, sum)| *self.sold.entry(currency).or_default() += sum);
        returned.into_iter().for_each(|(currency, sum)| *self.returned.entry(currency).or_default() += sum);
    }

    /// Notes what became of a record, which stands in these rows; tells whether it is in.
    pub(super) fn note(&mut self, rows: &[u64], outcome: Outcome) -> bool {
        match outcome {
            Outcome::In => self.taken += 1,
            Outcome::Already => self.already += 1,
            Outcome::Refused { code, message } => {
                self.errors.extend(rows.iter().map(|row| RowError::of_row(*row, code, message.clone())));
                return false;
            }
        }
        true
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors: HashSet<u64> = self.errors.iter().map(|error| error.row).collect();
        write!(
            f,
            "{} rows: {} records in, {} already in, {} rows not taken",
            self.read,
            self.taken,
            self.already,
            errors.len()
        )?;
        for (reason, count) in &self.skipped {
            write!(f, ", {count} {reason}")?;
        }
        for (title, sums) in [("sold", &self.sold), ("returned", &self.returned)] {
            for (currency, sum) in sums {
                write!(f, "; {title} {currency} {sum:.2}")?;
            }
        }
        Ok(())
    }
}

/// The error file of a file, unless another is named.
pub(super) fn beside(file: &Path) -> PathBuf {
    let mut path: OsString = file.as_os_str().to_owned();
    path.push(".errors.csv");
    path.into()
}

/// SHA-256 over the file, lower-case hex.
pub(super) fn digest(path: &Path) -> Result<String, Stop> {
    let unreadable = |error: std::io::Error| {
        stop::file(path, &FileError::Unreadable { path: path.display().to_string(), message: error.to_string() })
    };
    let mut hash = Sha256::new();
    std::io::copy(&mut File::open(path).map_err(unreadable)?, &mut hash).map_err(unreadable)?;
    Ok(token::hex_of(&hash.finalize()))
}

/// Removes the error file of an earlier import, which would tell of rows that are in by now.
pub(super) fn remove_stale(file: &Path, errors: &Path) {
    let ours = || {
        let table = Table::open(errors).ok()?;
        (errors == beside(file) && table.headers().iter().take(4).eq(COLUMNS.iter())).then_some(())
    };
    if ours().is_some()
        && let Err(error) = std::fs::remove_file(errors)
    {
        eprintln!("note: {} is of an earlier import and could not be removed: {error}", errors.display());
    }
}

/// Writes the error file: row, column, code, message, then the cells as they stand in the file.
pub(super) fn write_errors(file: &Path, to: &Path, errors: &mut [RowError]) -> Result<(), Stop> {
    let unwritable = |error: csv::Error| Stop::refused("file_unwritable", format!("{}: {error}", to.display()));
    let wanted: HashSet<u64> = errors.iter().filter(|error| error.cells.is_empty()).map(|error| error.row).collect();
    let (headers, cells) = cells_of(file, &wanted).map_err(|error| stop::file(file, &error))?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(to).map_err(unwritable)?;
    writer.write_record(COLUMNS.into_iter().chain(headers.iter().map(String::as_str))).map_err(unwritable)?;
    for error in errors {
        if error.cells.is_empty() {
            error.cells = cells.get(&error.row).cloned().unwrap_or_default();
        }
        let row = error.row.to_string();
        let own = [row.as_str(), &error.column, error.code, &error.message];
        writer.write_record(own.into_iter().chain(error.cells.iter().map(String::as_str))).map_err(unwritable)?;
    }
    writer.flush().map_err(|error| unwritable(error.into()))
}

/// Headers, and the cells of some rows.
fn cells_of(file: &Path, wanted: &HashSet<u64>) -> Result<(Vec<String>, Cells), FileError> {
    let mut table = Table::open(file)?;
    let headers = table.headers().to_vec();
    let mut cells = HashMap::new();
    while let Some(record) = if cells.len() < wanted.len() { table.next_record()? } else { None } {
        if wanted.contains(&record.row) {
            cells.insert(record.row, record.cells);
        }
    }
    Ok((headers, cells))
}
