//! Rows of cells out of CSV and XLSX files, whatever program wrote them.
//!
//! CSV is streamed record by record; bytes that are not UTF-8 are read as Windows-1252, with a note. It does not
//! know what a column means.

use std::{
    fs::File,
    io::{BufRead, BufReader, Cursor, Read},
    path::Path,
};

use calamine::{Data, Reader as _, Xlsx};

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Not there, or not readable.
    #[error("cannot read {path}: {message}")]
    Unreadable {
        /// The path as given.
        path: String,
        /// What the system says.
        message: String,
    },
    /// Neither CSV nor XLSX.
    #[error("{path} is not a CSV or XLSX file: {message}")]
    Format {
        /// The path as given.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// A column the layout cannot do without.
    #[error("column {column:?} is missing; the file has: {found}")]
    MissingColumn {
        /// The column.
        column: String,
        /// The headers of the file.
        found: String,
    },
}

/// One data row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// As a spreadsheet counts it: the header is row 1.
    pub row: u64,
    /// The cells, blanks at their ends removed.
    pub cells: Vec<String>,
}

enum Source {
    Csv(csv::Reader<Box<dyn BufRead>>),
    Sheet(std::vec::IntoIter<Record>),
}

/// An open file: its headers, then its rows.
pub struct Table {
    path: String,
    headers: Vec<String>,
    source: Source,
    row: u64,
    legacy: u64,
    long: u64,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("path", &self.path).field("row", &self.row).finish_non_exhaustive()
    }
}

impl Table {
    /// Opens a file; the format is told by its first bytes, not by its name.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let shown = path.display().to_string();
        let unreadable =
            |error: std::io::Error| FileError::Unreadable { path: shown.clone(), message: error.to_string() };
        let file = File::open(path).map_err(unreadable)?;
        Self::read(&shown, Box::new(BufReader::with_capacity(1 << 16, file)))
    }

    /// Reads a table from memory; `name` is used in messages.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, FileError> {
        Self::read(name, Box::new(Cursor::new(bytes)))
    }

    fn read(path: &str, mut input: Box<dyn BufRead>) -> Result<Self, FileError> {
        let unreadable =
            |error: std::io::Error| FileError::Unreadable { path: path.to_owned(), message: error.to_string() };
        let format = |message: &str| FileError::Format { path: path.to_owned(), message: message.to_owned() };
        let start = input.fill_buf().map_err(unreadable)?.to_vec();
        if start.starts_with(b"PK\x03\x04") {
            let mut bytes = Vec::new();
            input.read_to_end(&mut bytes).map_err(unreadable)?;
            return Self::sheet(path, bytes);
        }
        if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
            return Err(format("it is UTF-16; save it as CSV UTF-8"));
        }
        if start.starts_with(b"\xEF\xBB\xBF") {
            input.consume(3);
        }
        if start.is_empty() {
            return Err(format("it is empty"));
        }
        if start.contains(&0) {
            return Err(format("it holds binary data"));
        }
        let reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(&start)).from_reader(input);
        let mut table =
            Self { path: path.to_owned(), headers: vec![], source: Source::Csv(reader), row: 0, legacy: 0, long: 0 };
        match table.next_record()? {
            Some(record) => table.headers = record.cells,
            None => return Err(format("it has no header row")),
        }
        Ok(table)
    }

    fn sheet(path: &str, bytes: Vec<u8>) -> Result<Self, FileError> {
        let format = |message: String| FileError::Format { path: path.to_owned(), message };
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| format(error.to_string()))?;
        let range = book
            .worksheet_range_at(0)
            .ok_or_else(|| format("the workbook has no sheet".into()))?
            .map_err(|error| format(error.to_string()))?;
        let first = range.start().map_or(0, |(row, _)| u64::from(row));
        let mut records = range
            .rows()
            .enumerate()
            .map(|(n, cells)| Record { row: first + n as u64 + 1, cells: cells.iter().map(text).collect() })
            .filter(|record: &Record| record.cells.iter().any(|cell| !cell.is_empty()))
            .collect::<Vec<_>>()
            .into_iter();
        let headers = records.next().ok_or_else(|| format("the first sheet is empty".into()))?.cells;
        Ok(Self { path: path.to_owned(), headers, source: Source::Sheet(records), row: 0, legacy: 0, long: 0 })
    }

    /// The headers as they stand in the file.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The next row that is not blank.
    ///
    /// # Errors
    /// [`FileError`] when the file cannot be read on.
    pub fn next_record(&mut self) -> Result<Option<Record>, FileError> {
        let reader = match &mut self.source {
            Source::Sheet(rows) => return Ok(rows.next()),
            Source::Csv(reader) => reader,
        };
        let mut record = csv::ByteRecord::new();
        loop {
            let before = reader.position().line();
            let more = reader
                .read_byte_record(&mut record)
                .map_err(|error| FileError::Format { path: self.path.clone(), message: error.to_string() })?;
            if !more {
                return Ok(None);
            }
            self.row += 1 + blank_lines(reader.position().line() - before, &record);
            if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            let legacy = record.iter().any(|cell| std::str::from_utf8(cell).is_err());
            self.legacy += u64::from(legacy);
            self.long += u64::from(!self.headers.is_empty() && record.len() > self.headers.len());
            let cells = record.iter().map(|cell| decode(cell, legacy)).collect();
            return Ok(Some(Record { row: self.row, cells }));
        }
    }

    /// Remarks on what has been read so far.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.legacy > 0 {
            notes.push(format!("{} rows are not UTF-8 and were read as Windows-1252", self.legacy));
        }
        if self.long > 0 {
            notes.push(format!("{} rows have more cells than there are headers", self.long));
        }
        notes
    }
}

/// Lines without anything before a record: the reader passes over them, a spreadsheet shows them as rows.
fn blank_lines(lines: u64, record: &csv::ByteRecord) -> u64 {
    let within = record.iter().flatten().filter(|byte| **byte == b'\n').count() as u64;
    lines.saturating_sub(within + 1)
}

/// Comma, semicolon or tab: whichever the header line has most of outside quotes.
fn delimiter(start: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in start.iter().take_while(|byte| **byte != b'\n') {
        quoted ^= *byte == b'"';
        for (candidate, count) in &mut counts {
            *count += u32::from(!quoted && byte == candidate);
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| byte)
}

fn decode(cell: &[u8], legacy: bool) -> String {
    if legacy {
        cell.iter().map(|byte| windows_1252(*byte)).collect::<String>().trim().to_owned()
    } else {
        String::from_utf8_lossy(cell).trim().to_owned()
    }
}

/// The WHATWG table of windows-1252 for the bytes that differ from Latin-1.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(at) => instant(at.as_f64()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
    }
}

/// A spreadsheet's day number since 1899-12-30 as local date and time, to the second.
fn instant(days: f64) -> String {
    let Some(origin) = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|day| day.and_hms_opt(0, 0, 0)) else {
        return String::new();
    };
    // A day number has at most seven digits before the point; the product fits easily.
    #[allow(clippy::cast_possible_truncation, reason = "rounded seconds of a spreadsheet date are far below 2^53")]
    let seconds = chrono::Duration::seconds((days * 86_400.0).round() as i64);
    origin.checked_add_signed(seconds).map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> (Vec<String>, Vec<Record>, Vec<String>) {
        let mut table = Table::from_bytes("test", bytes.to_vec()).unwrap();
        let mut rows = Vec::new();
        while let Some(record) = table.next_record().unwrap() {
            rows.push(record);
        }
        (table.headers().to_vec(), rows, table.notes())
    }

    #[test]
    fn csv_of_every_program_reads_alike() {
        let want = (vec!["sku".to_owned(), "title".to_owned()], vec![(2, "Café, blue")]);
        for bytes in [
            &b"sku,title\nA-1,\"Caf\xC3\xA9, blue\"\n"[..],
            b"\xEF\xBB\xBFsku,title\r\nA-1,\"Caf\xC3\xA9, blue\"\r\n",
            b"sku;title\nA-1;\"Caf\xC3\xA9, blue\"\n",
            b"sku\ttitle\nA-1\tCaf\xC3\xA9, blue",
            b"sku,title\nA-1,\"Caf\xE9, blue\"\n",
        ] {
            let (headers, rows, notes) = all(bytes);
            assert_eq!(headers, want.0);
            assert_eq!(rows.iter().map(|r| (r.row, r.cells[1].as_str())).collect::<Vec<_>>(), want.1);
            assert_eq!(notes.len(), usize::from(bytes.contains(&0xE9)));
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        for end in ["\n", "\r\n"] {
            let file = ["a,b", "1,\"two", "lines\"", ",", "", "", "3,x", "", "4,\"and", "", "more\"", "5,y"].join(end);
            let (_, rows, _) = all(file.as_bytes());
            assert_eq!(rows.iter().map(|record| record.row).collect::<Vec<_>>(), [2, 6, 8, 9], "{file:?}");
            assert_eq!(rows[2].cells[1].lines().count(), 3);
        }
        assert_eq!(windows_1252(0x80), '€');
        assert_eq!(instant(40_513.351_388_888_89), "2010-12-01 08:26:00");
    }

    #[test]
    fn what_is_no_table_is_said_to_be_none() {
        for bytes in [&b""[..], b"\xFF\xFEa\0", b"\x7FELF\0\0", b"PK\x03\x04garbage"] {
            assert!(matches!(Table::from_bytes("x", bytes.to_vec()), Err(FileError::Format { .. })), "{bytes:?}");
        }
        assert!(matches!(Table::open(Path::new("/nowhere/x.csv")), Err(FileError::Unreadable { .. })));
    }
}
