//! Files for tests of `import` and `export`: where they lie, what they say, what became of them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::program::{ok, run, told};

/// A file of the fixtures.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/files").join(name)
}

/// The rows of a CSV file by their columns.
pub fn rows(text: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Two exports say the same, line by line; tells of the first difference only.
#[track_caller]
pub fn same(one: &str, other: &str) {
    for (n, (one, other)) in (1..).zip(one.lines().zip(other.lines())) {
        assert_eq!(one, other, "line {n}");
    }
    assert_eq!(one.lines().count(), other.lines().count(), "number of lines");
}

/// A data directory of its own.
pub struct Shop {
    directory: tempfile::TempDir,
}

impl Shop {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Imports a file; what the program printed.
    #[track_caller]
    pub fn import(&self, what: &str, file: &Path, more: &[&str]) -> String {
        let errors = self.path().join("errors.csv");
        let mut arguments = vec!["import", what, file.to_str().unwrap(), "--errors", errors.to_str().unwrap()];
        arguments.extend(more);
        // What stands there is of this import, or it does not stand there.
        let _ = std::fs::remove_file(&errors);
        ok(&run(self.path(), &arguments, ""))
    }

    /// Row and code of what the last import did not take.
    pub fn errors(&self) -> Vec<(u64, String)> {
        let Ok(text) = std::fs::read(self.path().join("errors.csv")) else { return vec![] };
        rows(&text).into_iter().map(|row| (row["row"].parse().unwrap(), row["code"].clone())).collect()
    }

    #[track_caller]
    pub fn export(&self, what: &str) -> String {
        ok(&run(self.path(), &["export", what], ""))
    }

    /// Everything that is not a matter of when and in which order it was written.
    #[track_caller]
    pub fn everything(&self) -> BTreeMap<&'static str, String> {
        ["products", "customers", "stock", "orders"].into_iter().map(|what| (what, self.export(what))).collect()
    }

    /// Number of journal entries.
    #[track_caller]
    pub fn entries(&self) -> usize {
        rows(self.export("journal").as_bytes()).len()
    }

    #[track_caller]
    pub fn sound(&self) {
        let output = run(self.path(), &["doctor"], "");
        assert!(ok(&output).contains(" 0 faults"), "{}", told(&output));
    }
}
