//! The write-ahead log of the SurrealKV engine, made whole before the engine opens it.
//!
//! A process that dies while it writes leaves a torn record at the end of the newest segment. SurrealKV (0.21.4)
//! stops reading there and then *appends behind it*. At the next start the torn record counts as corruption in
//! the middle, and its repair cuts off everything that follows: commits it had acknowledged. So the torn record,
//! which nobody was told about, is cut off here first; and a log with whole records behind a damaged place is
//! refused instead of being "repaired" (docs/adr/0007).
//!
//! The format (`surrealkv::wal`): blocks of 32 KiB, each with records of checksum (CRC-32 of type and payload,
//! big-endian), length (2 bytes, big-endian), type and payload; a longer record is split into First, Middle … and
//! Last; fewer than 7 bytes at the end of a block are padding.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use crate::StoreError;

const BLOCK: usize = 32 * 1024;
const HEADER: usize = 7;
const FULL: u8 = 1;
const FIRST: u8 = 2;
const MIDDLE: u8 = 3;
const LAST: u8 = 4;
const COMPRESSION: u8 = 9;

/// Cuts torn records off the ends of the segments in `directory`; answers how many bytes that were.
///
/// # Errors
/// [`StoreError::Damaged`] when whole records stand behind a damaged place, which no crash of the process can
/// cause; nothing is changed then. [`StoreError::Unavailable`] when a file cannot be read or shortened.
pub(super) fn trim(directory: &Path) -> Result<u64, StoreError> {
    let mut cut = 0;
    for path in segments(directory)? {
        cut += trim_segment(&path).map_err(|failure| match failure {
            Failure::Io(error) => StoreError::Unavailable(format!("{}: {error}", path.display())),
            Failure::Damaged { at } => StoreError::Damaged(format!(
                "{} is damaged at byte {at} and whole records follow; opening it would lose them. Restore the last \
                 backup into a new directory and keep this one for inspection",
                path.display()
            )),
        })?;
    }
    Ok(cut)
}

enum Failure {
    Io(std::io::Error),
    Damaged { at: u64 },
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

fn segments(directory: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let failed = |error: std::io::Error| StoreError::Unavailable(format!("{}: {error}", directory.display()));
    let entries = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "wal") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn trim_segment(path: &Path) -> Result<u64, Failure> {
    let mut file = File::options().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let Some(whole) = torn_after(&mut file, length)? else { return Ok(0) };
    if let Some(at) = record_behind(&mut file, whole)? {
        tracing::error!(segment = %path.display(), damaged_at = whole, record_at = at, "write-ahead log is damaged");
        return Err(Failure::Damaged { at: whole });
    }
    file.set_len(whole)?;
    file.sync_all()?;
    let cut = length - whole;
    tracing::info!(segment = %path.display(), bytes = cut, "cut an unfinished write off the write-ahead log");
    Ok(cut)
}

/// Where the last whole record ends, if anything but padding follows it.
fn torn_after(file: &mut File, length: u64) -> Result<Option<u64>, std::io::Error> {
    let mut whole = 0;
    let mut start = 0;
    let mut inside = false;
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        block.clear();
        file.by_ref().take(BLOCK as u64).read_to_end(&mut block)?;
        let mut at = 0;
        while block.len() - at >= HEADER {
            match record(&block[at..]) {
                Some((COMPRESSION, size)) if !inside => at += size,
                Some((FULL, size)) if !inside => at += size,
                Some((LAST, size)) if inside => {
                    at += size;
                    inside = false;
                }
                Some((FIRST, size)) if !inside => {
                    at += size;
                    inside = true;
                }
                Some((MIDDLE, size)) if inside => at += size,
                _ => return Ok(Some(whole)),
            }
            if !inside {
                whole = start + at as u64;
            }
        }
        let padded = block.len() == BLOCK && block[at..].iter().all(|byte| *byte == 0);
        if !padded && at < block.len() {
            return Ok(Some(whole));
        }
        start += block.len() as u64;
        if start >= length || block.is_empty() {
            return Ok(inside.then_some(whole));
        }
    }
}

/// Type and whole size of the record at the beginning of `bytes`, if its checksum is right.
fn record(bytes: &[u8]) -> Option<(u8, usize)> {
    let header = bytes.first_chunk::<HEADER>()?;
    let [a, b, c, d, high, low, kind] = *header;
    let size = HEADER + usize::from(u16::from_be_bytes([high, low]));
    let payload = bytes.get(HEADER..size)?;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&[kind]);
    hasher.update(payload);
    (hasher.finalize() == u32::from_be_bytes([a, b, c, d])).then_some((kind, size))
}

/// Where behind `whole` another record begins. The torn record itself begins at `whole`, or at the block after it.
fn record_behind(file: &mut File, whole: u64) -> Result<Option<u64>, std::io::Error> {
    let first = whole - whole % BLOCK as u64;
    file.seek(SeekFrom::Start(first))?;
    let mut rest = Vec::new();
    file.read_to_end(&mut rest)?;
    let mut torn = (whole - first) as usize;
    if BLOCK - torn < HEADER {
        torn = BLOCK;
    }
    for at in torn + 1..rest.len() {
        let end = rest.len().min(at - at % BLOCK + BLOCK);
        if matches!(rest.get(at + HEADER - 1), Some(&(FULL | FIRST))) && record(&rest[at..end]).is_some() {
            return Ok(Some(first + at as u64));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The segment a writer of records of these sizes leaves, and where each ends.
    fn written(sizes: &[usize]) -> (Vec<u8>, Vec<usize>) {
        let (mut out, mut ends) = (Vec::new(), vec![0]);
        for (number, size) in sizes.iter().enumerate() {
            append(&mut out, &vec![number as u8 + 1; *size]);
            ends.push(out.len());
        }
        (out, ends)
    }

    fn append(out: &mut Vec<u8>, mut payload: &[u8]) {
        let mut begin = true;
        while begin || !payload.is_empty() {
            let left = BLOCK - out.len() % BLOCK;
            if left < HEADER {
                out.resize(out.len() + left, 0);
                continue;
            }
            let (now, rest) = payload.split_at(payload.len().min(left - HEADER));
            let kind = match (begin, rest.is_empty()) {
                (true, true) => FULL,
                (true, false) => FIRST,
                (false, true) => LAST,
                (false, false) => MIDDLE,
            };
            let mut hasher = crc32fast::Hasher::new();
            hasher.update(&[kind]);
            hasher.update(now);
            out.extend(hasher.finalize().to_be_bytes());
            out.extend((now.len() as u16).to_be_bytes());
            out.push(kind);
            out.extend(now);
            (payload, begin) = (rest, false);
        }
    }

    fn trimmed(bytes: &[u8]) -> (Result<u64, StoreError>, usize) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("00000000000000000000.wal");
        std::fs::write(&path, bytes).unwrap();
        let cut = trim(directory.path());
        (cut, std::fs::read(path).unwrap().len())
    }

    #[test]
    fn a_write_cut_anywhere_leaves_the_records_before_it() {
        let (bytes, ends) = written(&[10, 70_000, 5, 32_700, 4, 40_000, 90]);
        for length in (0..bytes.len()).step_by(97).chain(ends.iter().copied()).chain(ends.iter().map(|end| end + 1)) {
            let length = length.min(bytes.len());
            let whole = *ends.iter().rev().find(|end| **end <= length).unwrap();
            let (cut, left) = trimmed(&bytes[..length]);
            // A cut right behind a block's padding leaves the padding, which is no record.
            let padding = length - whole;
            if bytes[whole..length].iter().all(|byte| *byte == 0) && length % BLOCK == 0 && padding < HEADER {
                assert_eq!((cut.unwrap(), left), (0, length));
            } else {
                assert_eq!((cut.unwrap(), left), (padding as u64, whole), "cut at {length}");
            }
        }
    }

    #[test]
    fn records_behind_a_torn_one_are_not_thrown_away() {
        let (whole, _) = written(&[10, 70_000]);
        for torn in [20, 33_000, 69_000] {
            let mut bytes = whole[..torn].to_vec();
            append(&mut bytes, b"acknowledged");
            let (refused, left) = trimmed(&bytes);
            assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
            assert_eq!(left, bytes.len());
        }
    }

    #[test]
    fn a_flipped_bit_in_the_middle_is_damage_and_at_the_end_a_torn_write() {
        let (bytes, ends) = written(&[100, 200, 300]);
        let mut middle = bytes.clone();
        middle[ends[1] + 50] ^= 1;
        assert!(matches!(trimmed(&middle).0, Err(StoreError::Damaged(_))));
        let mut last = bytes.clone();
        last[ends[2] + 50] ^= 1;
        assert_eq!(trimmed(&last), (Ok(307), ends[2]));
        // Power loss can leave a file longer than what was written to it.
        let mut zeros = bytes.clone();
        zeros.resize(bytes.len() + 5_000, 0);
        assert_eq!(trimmed(&zeros), (Ok(5_000), bytes.len()));
        assert_eq!(trimmed(&bytes), (Ok(0), bytes.len()));
    }
}
