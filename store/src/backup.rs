//! The journal as files, and back.
//!
//! A backup is a directory with `manifest.json` and segments `journal-<first>-<last>.jsonl`, one entry a line,
//! each segment with the chain hash before and after it. Segments are written beside, fsynced and renamed, the
//! manifest last, so that a backup that was cut short is the backup before it. A second call writes only what is
//! new. Restoring verifies the whole chain before and while it writes; documents are not part of a backup, they
//! are folded again from the journal. It does not encrypt and does not copy anywhere.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    Batch, JournalEntry, Store, StoreError,
    chain::{self, Broken},
};

/// Layout version of a backup this build writes and reads.
pub const FORMAT: u32 = 1;

/// Entries in one segment file.
pub const SEGMENT: usize = 10_000;

/// Entries in one restored batch.
const BATCH: usize = 500;

const MANIFEST: &str = "manifest.json";

/// Why a backup or a restore did not happen.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A batch of the restore was not accepted.
    #[error("restored entries from {first} were not accepted: {reason}")]
    Refused {
        /// First sequence number of the batch.
        first: u64,
        /// What the store said.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The backup is not what was written, or not of this journal.
    #[error("backup is damaged: {0}")]
    Damaged(String),
    /// The chain does not hold at an entry.
    #[error(transparent)]
    Chain(#[from] Broken),
    /// The store to restore into has a journal already, and not the beginning of this one.
    #[error("the store to restore into is not empty, its journal ends at {head}")]
    NotEmpty {
        /// Last sequence number there.
        head: u64,
    },
}

/// One segment file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// File name within the backup.
    pub file: String,
    /// Sequence number of its first entry.
    pub first: u64,
    /// Sequence number of its last entry.
    pub last: u64,
    /// Chain hash before its first entry.
    pub before: String,
    /// Chain hash of its last entry.
    pub after: String,
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Layout version.
    pub format: u32,
    /// Segments in order, without gaps, from the first entry of the journal.
    pub segments: Vec<Segment>,
}

impl Manifest {
    /// Sequence number of the last entry in the backup; 0 when it is empty.
    pub fn head(&self) -> u64 {
        self.segments.last().map_or(0, |segment| segment.last)
    }

    /// Chain hash of the last entry.
    pub fn hash(&self) -> &str {
        self.segments.last().map_or(chain::GENESIS, |segment| &segment.after)
    }

    /// Reads the manifest of a backup; an empty one when there is none yet.
    ///
    /// # Errors
    /// [`BackupError::File`], [`BackupError::Damaged`].
    pub fn read(directory: &Path) -> Result<Self, BackupError> {
        let path = directory.join(MANIFEST);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self { format: FORMAT, segments: Vec::new() });
            }
            Err(error) => return Err(BackupError::File { path, error }),
        };
        let manifest: Self =
            serde_json::from_str(&text).map_err(|error| BackupError::Damaged(format!("{MANIFEST}: {error}")))?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), BackupError> {
        if self.format != FORMAT {
            return Err(BackupError::Damaged(format!("format {} is not {FORMAT}", self.format)));
        }
        let (mut next, mut hash) = (1, chain::GENESIS);
        for segment in &self.segments {
            let named = segment.file == file_name(segment.first, segment.last);
            if !named || segment.first != next || segment.last < segment.first || segment.before != hash {
                return Err(BackupError::Damaged(format!(
                    "segment {} does not follow the one before it",
                    segment.file
                )));
            }
            (next, hash) = (segment.last + 1, &segment.after);
        }
        Ok(())
    }
}

/// Brings the backup in `directory` up to the end of the store's journal; returns what it now holds. The store
/// may go on working meanwhile.
///
/// # Errors
/// [`BackupError`]; the backup is then at most missing the newest segments. A journal that does not continue the
/// backup is refused, so that one backup never mixes two journals.
pub async fn backup(store: &dyn Store, directory: &Path) -> Result<Manifest, BackupError> {
    on_disk(directory, fs::create_dir_all(directory))?;
    let mut manifest = Manifest::read(directory)?;
    same_journal(store, &manifest).await?;
    loop {
        let before = manifest.hash().to_owned();
        let entries = store.journal(manifest.head(), SEGMENT).await?;
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(manifest) };
        if first.seq != manifest.head() + 1 {
            return Err(Broken::Order { expected: manifest.head() + 1, found: first.seq }.into());
        }
        let after = chain::verify(&before, &entries)?;
        let file = file_name(first.seq, last.seq);
        write_whole(directory, &file, |out| {
            entries.iter().try_for_each(|entry| {
                serde_json::to_writer(&mut *out, entry)?;
                out.write_all(b"\n")
            })
        })?;
        manifest.segments.push(Segment { file, first: first.seq, last: last.seq, before, after });
        write_whole(directory, MANIFEST, |out| Ok(serde_json::to_writer_pretty(out, &manifest)?))?;
    }
}

/// The last entry of the backup must be in the store's journal with the same hash.
async fn same_journal(store: &dyn Store, manifest: &Manifest) -> Result<(), BackupError> {
    let head = manifest.head();
    if head == 0 {
        return Ok(());
    }
    let known = store.journal(head - 1, 1).await?;
    if known.first().is_some_and(|entry| entry.seq == head && entry.hash == manifest.hash()) {
        return Ok(());
    }
    Err(BackupError::Damaged(format!("the backup ends at entry {head}, which this journal does not have")))
}

/// Writes the journal of a backup into an empty store and returns what was restored. Documents are to be rebuilt
/// by the caller. A store that holds the beginning of the backup, because a restore was cut short, is gone on with.
///
/// # Errors
/// [`BackupError`]: nothing is written unless the whole chain holds.
pub async fn restore(directory: &Path, store: &dyn Store, holder: &str) -> Result<Manifest, BackupError> {
    let manifest = verify(directory)?;
    let start = store.start(holder).await?;
    let not_empty = BackupError::NotEmpty { head: start.head };
    if start.head != 0 && start.head >= manifest.head() {
        return Err(not_empty);
    }
    for segment in manifest.segments.iter().filter(|segment| segment.last >= start.head) {
        let mut entries = read_segment(directory, segment)?;
        if entries.iter().any(|entry| entry.seq == start.head && entry.hash != start.hash) {
            return Err(not_empty);
        }
        entries.retain(|entry| entry.seq > start.head);
        for entries in entries.chunks(BATCH) {
            let Some(first) = entries.first().map(|entry| entry.seq) else { continue };
            // Processes run again over what their batches had not reached: before this batch, everything.
            let batch = Batch::new(start.epoch, entries.to_vec(), first - 1);
            let refused = |error: crate::CommitError| BackupError::Refused { first, reason: error.to_string() };
            store.commit(&batch).await.map_err(refused)?;
        }
    }
    Ok(manifest)
}

/// Reads a whole backup and checks every hash, without a store.
///
/// # Errors
/// [`BackupError`] names the first entry that is not what was written.
pub fn verify(directory: &Path) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(directory)?;
    for segment in &manifest.segments {
        read_segment(directory, segment)?;
    }
    Ok(manifest)
}

fn read_segment(directory: &Path, segment: &Segment) -> Result<Vec<JournalEntry>, BackupError> {
    let path = directory.join(&segment.file);
    let mut entries: Vec<JournalEntry> = Vec::new();
    for (at, line) in BufReader::new(on_disk(&path, File::open(&path))?).lines().enumerate() {
        let entry = serde_json::from_str(&on_disk(&path, line)?);
        let number = at + 1;
        entries.push(entry.map_err(|error| BackupError::Damaged(format!("{} line {number}: {error}", segment.file)))?);
    }
    let ends = (entries.first().map(|entry| entry.seq), entries.last().map(|entry| entry.seq));
    let after = chain::verify(&segment.before, &entries)?;
    if ends != (Some(segment.first), Some(segment.last)) || after != segment.after {
        return Err(BackupError::Damaged(format!("{} does not hold what the manifest says", segment.file)));
    }
    Ok(entries)
}

fn file_name(first: u64, last: u64) -> String {
    format!("journal-{first:012}-{last:012}.jsonl")
}

/// Writes a file that is either whole and on disk under its name, or not there.
fn write_whole(
    directory: &Path,
    name: &str,
    fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<(), BackupError> {
    let (path, partial) = (directory.join(name), directory.join(format!("{name}.partial")));
    let write = || {
        let mut out = BufWriter::new(File::create(&partial)?);
        fill(&mut out)?;
        out.into_inner().map_err(|error| error.into_error())?.sync_all()?;
        fs::rename(&partial, &path)?;
        // The name is durable only with the directory.
        if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
    };
    on_disk(&path, write())
}

fn on_disk<T>(path: &Path, result: std::io::Result<T>) -> Result<T, BackupError> {
    result.map_err(|error| BackupError::File { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contract, memory::MemoryStore};

    /// A store with a journal of this length, in batches of three.
    async fn filled(length: u64) -> MemoryStore {
        let store = MemoryStore::default();
        grow(&store, length).await;
        store
    }

    async fn grow(store: &MemoryStore, by: u64) {
        let mut start = store.start("test").await.unwrap();
        let end = start.head + by;
        while start.head < end {
            let batch = contract::batch(&start, start.head + 1, 3.min(end - start.head));
            store.commit(&batch).await.unwrap();
            start.head = batch.last_seq();
            start.hash.clone_from(&batch.entries.last().unwrap().hash);
        }
    }

    #[tokio::test]
    async fn a_backup_restores_the_same_journal() {
        let directory = tempfile::tempdir().unwrap();
        let store = filled(1_100).await;
        let manifest = backup(&store, directory.path()).await.unwrap();
        let journal = store.journal(0, 5_000).await.unwrap();
        assert_eq!((manifest.head(), manifest.hash()), (1_100, journal[1_099].hash.as_str()));
        let target = MemoryStore::default();
        assert_eq!(restore(directory.path(), &target, "test").await.unwrap(), manifest);
        assert_eq!(target.journal(0, 5_000).await.unwrap(), journal);
        let again = restore(directory.path(), &target, "test").await;
        assert!(matches!(again, Err(BackupError::NotEmpty { head: 1_100 })), "{again:?}");
    }

    #[tokio::test]
    async fn a_second_backup_writes_only_what_is_new() {
        let directory = tempfile::tempdir().unwrap();
        let store = filled(5).await;
        let first = backup(&store, directory.path()).await.unwrap();
        assert_eq!(backup(&store, directory.path()).await.unwrap(), first, "nothing new, nothing written");
        let oldest = directory.path().join(&first.segments[0].file);
        let written = fs::metadata(&oldest).unwrap().modified().unwrap();
        grow(&store, 4).await;
        // What a backup that was cut short leaves behind.
        fs::write(directory.path().join("journal-000000000006-000000000009.jsonl.partial"), "{").unwrap();
        let second = backup(&store, directory.path()).await.unwrap();
        assert_eq!((second.segments.len(), &second.segments[0], second.head()), (2, &first.segments[0], 9));
        assert_eq!(fs::metadata(&oldest).unwrap().modified().unwrap(), written);
        let target = MemoryStore::default();
        restore(directory.path(), &target, "test").await.unwrap();
        assert_eq!(target.journal(0, 50).await.unwrap(), store.journal(0, 50).await.unwrap());
    }

    #[tokio::test]
    async fn a_restore_that_was_cut_short_is_gone_on_with() {
        let directory = tempfile::tempdir().unwrap();
        let store = filled(1_100).await;
        backup(&store, directory.path()).await.unwrap();
        let target = MemoryStore::default();
        restore(directory.path(), &target, "test").await.unwrap();
        grow(&store, 700).await;
        let manifest = backup(&store, directory.path()).await.unwrap();
        assert_eq!(restore(directory.path(), &target, "test").await.unwrap(), manifest);
        assert_eq!(target.journal(0, 5_000).await.unwrap(), store.journal(0, 5_000).await.unwrap());
        let longer = restore(directory.path(), &filled(1_900).await, "test").await;
        assert!(matches!(longer, Err(BackupError::NotEmpty { head: 1_900 })), "{longer:?}");
    }

    #[tokio::test]
    async fn n03_a_changed_backup_is_refused_and_named() {
        let directory = tempfile::tempdir().unwrap();
        let store = filled(9).await;
        let manifest = backup(&store, directory.path()).await.unwrap();
        let path = directory.path().join(&manifest.segments[0].file);
        let whole = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = whole.lines().collect();
        let cases = [
            (whole.replacen("cmd-5", "cmd-6", 1), "entry 5"),
            (whole.replacen(&format!("{}\n", lines[3]), "", 1), "entry 5"),
            (whole.replacen(&format!("{}\n", lines[8]), "", 1), "manifest"),
            (whole.replacen('{', "", 1), "line 1"),
            (format!("{whole}{}\n", lines[8]), "entry 9"),
        ];
        for (changed, named) in cases {
            fs::write(&path, changed).unwrap();
            let target = MemoryStore::default();
            let refused = restore(directory.path(), &target, "test").await.unwrap_err();
            assert!(refused.to_string().contains(named), "{refused} does not name {named}");
            assert_eq!(target.journal(0, 50).await.unwrap(), [], "nothing is written from a broken backup");
        }
        fs::write(&path, whole).unwrap();
        verify(directory.path()).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(matches!(verify(directory.path()), Err(BackupError::File { .. })));
    }

    #[tokio::test]
    async fn a_backup_never_mixes_two_journals() {
        let directory = tempfile::tempdir().unwrap();
        backup(&filled(6).await, directory.path()).await.unwrap();
        let shorter = backup(&filled(3).await, directory.path()).await;
        assert!(matches!(shorter, Err(BackupError::Damaged(_))), "{shorter:?}");
        fs::write(directory.path().join(MANIFEST), r#"{"format":9,"segments":[]}"#).unwrap();
        assert!(matches!(verify(directory.path()), Err(BackupError::Damaged(_))));
    }
}
