//! A file read in pieces, so that memory does not grow with it.
//!
//! Invariant: the rows of all pieces together are the rows of the file, each once, in its order.

use super::{Columns, FileError, Needed, Parsed, RowError, Table, columns::Row};

type Take<T> = Box<dyn FnMut(Row<'_>) -> Result<T, RowError> + Send>;

/// A file of which each row is a record of its own.
pub struct Chunks<T> {
    table: Table,
    columns: Columns,
    take: Take<T>,
    ended: bool,
}

impl<T> std::fmt::Debug for Chunks<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chunks").field("table", &self.table).finish_non_exhaustive()
    }
}

impl<T> Chunks<T> {
    /// Runs `take` on the rows of a file that has these columns.
    pub(super) fn new(
        table: Table,
        needed: Needed,
        take: impl FnMut(Row<'_>) -> Result<T, RowError> + Send + 'static,
    ) -> Result<Self, FileError> {
        let columns = Columns::new(table.headers());
        columns.require(needed)?;
        Ok(Self { table, columns, take: Box::new(take), ended: false })
    }

    /// The next rows, at most so many; nothing at the end of the file.
    ///
    /// # Errors
    /// [`FileError`] when the file cannot be read on.
    pub fn next(&mut self, rows: usize) -> Result<Option<Parsed<T>>, FileError> {
        let mut parsed = Parsed::new(self.table.headers().to_vec());
        while !self.ended && parsed.read < rows as u64 {
            let Some(record) = self.table.next_record()? else {
                (self.ended, parsed.notes) = (true, self.table.notes());
                break;
            };
            parsed.read += 1;
            match (self.take)(self.columns.row(&record)) {
                Ok(row) => parsed.rows.push(row),
                Err(error) => parsed.errors.push(error),
            }
        }
        Ok((parsed.read > 0 || !parsed.notes.is_empty()).then_some(parsed))
    }
}
