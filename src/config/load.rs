//! Reading the tree from its sources. Every fault of every source is reported together.

use std::{collections::BTreeMap, path::PathBuf};

use toml::Value;

use super::{Config, Key};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// The named file.
    File(PathBuf),
    /// The named variable.
    Variable(String),
    /// The named command line option.
    Option(&'static str),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => path.display().fmt(f),
            Self::Variable(name) => f.write_str(name),
            Self::Option(name) => f.write_str(name),
        }
    }
}

/// Where to read from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// TOML file named by the operator; it must exist.
    pub file: Option<PathBuf>,
    /// TOML file read if it exists and no other is named.
    pub fallback: Option<PathBuf>,
    /// Variables of the process, all of them.
    pub variables: Vec<(String, String)>,
    /// Command line options: key path, option name, text.
    pub options: Vec<(&'static str, &'static str, String)>,
}

/// The tree in effect and where each value comes from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The tree.
    pub config: Config,
    /// Origin by key; a missing one is [`Origin::Default`].
    pub origins: BTreeMap<&'static str, Origin>,
}

/// Variables that begin like ours but belong to tests and tools.
const FOREIGN: [&str; 2] = ["MUNSHI_SHARED_DATA", "MUNSHI_CONFIG"];

impl Loaded {
    /// Reads every source.
    ///
    /// # Errors
    /// Every fault found, one line each.
    pub fn read(sources: &Sources) -> Result<Self, Vec<String>> {
        let mut loaded = Self { config: Config::default(), origins: BTreeMap::new() };
        let mut faults = Vec::new();
        loaded.file(sources, &mut faults);
        for (name, text) in &sources.variables {
            loaded.variable(name, text, &mut faults);
        }
        for (path, option, text) in &sources.options {
            match find(path) {
                Some(key) => loaded.put(key, &typed(key, text), Origin::Option(option), &mut faults),
                None => faults.push(format!("{option}: unknown key {path}")),
            }
        }
        if faults.is_empty() {
            faults = loaded.config.faults();
        }
        if faults.is_empty() { Ok(loaded) } else { Err(faults) }
    }

    /// The effective tree as TOML with origins as comments.
    pub fn print(&self) -> String {
        let mut page = String::new();
        for (section, _) in Config::SECTIONS {
            page.push_str(&format!("[{section}]\n"));
            for key in Config::KEYS.iter().filter(|key| key.path.split('.').next() == Some(section)) {
                let name = key.path.split('.').nth(1).unwrap_or_default();
                let value = self.config.show(key.path).unwrap_or_default();
                let origin = self.origins.get(key.path).unwrap_or(&Origin::Default);
                page.push_str(&format!("{name} = {value}  # {origin}\n"));
            }
            page.push('\n');
        }
        page
    }

    fn put(&mut self, key: &Key, value: &Value, origin: Origin, faults: &mut Vec<String>) {
        match self.config.set(key.path, value) {
            Ok(()) => drop(self.origins.insert(key.path, origin)),
            Err(fault) => faults.push(format!("{} (from {origin}): {fault}", key.path)),
        }
    }

    fn file(&mut self, sources: &Sources, faults: &mut Vec<String>) {
        let Some(path) = sources.file.as_ref().or(sources.fallback.as_ref()) else { return };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && sources.file.is_none() => return,
            Err(error) => return faults.push(format!("{}: {error}", path.display())),
        };
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => return faults.push(format!("{}: {}", path.display(), error.to_string().trim())),
        };
        for (section, value) in &table {
            let Some(section_table) =
                value.as_table().filter(|_| Config::SECTIONS.iter().any(|(name, _)| name == section))
            else {
                faults.push(unknown(
                    &format!("{}: section", path.display()),
                    section,
                    Config::SECTIONS.iter().map(|s| s.0),
                ));
                continue;
            };
            for (name, value) in section_table {
                let full = format!("{section}.{name}");
                match find(&full) {
                    Some(key) => self.put(key, value, Origin::File(path.clone()), faults),
                    None => {
                        faults.push(unknown(&path.display().to_string(), &full, Config::KEYS.iter().map(|k| k.path)))
                    }
                }
            }
        }
    }

    fn variable(&mut self, name: &str, text: &str, faults: &mut Vec<String>) {
        let Some(rest) = name.strip_prefix("MUNSHI_") else { return };
        if FOREIGN.contains(&name) || rest.starts_with("TEST_") {
            return;
        }
        let path = rest.to_ascii_lowercase().replacen("__", ".", 1);
        match find(&path) {
            Some(key) => self.put(key, &typed(key, text), Origin::Variable(name.to_owned()), faults),
            None => {
                let names: Vec<_> = Config::KEYS.iter().map(|key| variable_name(key.path)).collect();
                faults.push(unknown("variable", name, names.iter().map(String::as_str)));
            }
        }
    }
}

fn variable_name(path: &str) -> String {
    format!("MUNSHI_{}", path.replacen('.', "__", 1).to_ascii_uppercase())
}

fn find(path: &str) -> Option<&'static Key> {
    Config::KEYS.iter().find(|key| key.path == path)
}

/// Text of a variable or an option as the kind of value its key wants; text that does not fit stays text, so that
/// the key's own reader names the fault.
fn typed(key: &Key, text: &str) -> Value {
    let plain = || Value::from(text);
    match key.kind {
        "integer" => text.trim().parse::<i64>().map_or_else(|_| plain(), Value::from),
        "boolean" => text.trim().parse::<bool>().map_or_else(|_| plain(), Value::from),
        "list" => Value::from(
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect::<Vec<_>>(),
        ),
        _ => plain(),
    }
}

fn unknown<'a>(source: &str, given: &str, known: impl Iterator<Item = &'a str>) -> String {
    let nearest = known.map(|name| (distance(given, name), name)).min();
    match nearest.filter(|(edits, name)| *edits <= name.len() / 3 + 1) {
        Some((_, name)) => format!("{source}: unknown {given:?}, did you mean {name:?}?"),
        None => format!("{source}: unknown {given:?}"),
    }
}

/// Edit distance between two names.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, left) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, right) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(file: &str, variables: &[(&str, &str)]) -> (tempfile::TempDir, Sources) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("munshi.toml");
        std::fs::write(&path, file).unwrap();
        let variables = variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        (dir, Sources { file: Some(path), variables, ..Sources::default() })
    }

    #[test]
    fn later_sources_win_and_origins_are_kept() {
        let (_dir, mut sources) = sources(
            "[server]\nlisten = \"0.0.0.0:1\"\nmax_body_bytes = 2048\n[auth]\naccess_ttl = \"5m\"\n",
            &[("MUNSHI_SERVER__LISTEN", "0.0.0.0:2"), ("MUNSHI_SERVER__ALLOWED_HOSTS", "a.pk, b.pk"), ("HOME", "/")],
        );
        sources.options.push(("server.listen", "--listen", "0.0.0.0:3".into()));
        let loaded = Loaded::read(&sources).unwrap();
        assert_eq!(loaded.config.server.listen.port(), 3);
        assert_eq!(loaded.config.server.max_body_bytes, 2048);
        assert_eq!(loaded.config.server.allowed_hosts, ["a.pk", "b.pk"]);
        assert_eq!(loaded.config.auth.access_ttl, super::super::Span::seconds(300));
        assert_eq!(loaded.origins["server.listen"], Origin::Option("--listen"));
        assert!(loaded.print().contains("access_ttl = \"5m\"  # /"), "{}", loaded.print());
    }

    #[test]
    fn every_fault_is_reported_at_once_with_the_nearest_key() {
        let (_dir, sources) = sources(
            "[server]\nlisten = 5\nmax_bodi_bytes = 1\n[sever]\nx = 1\n",
            &[("MUNSHI_AUTH__ACCES_TTL", "5m"), ("MUNSHI_AUTH__REFRESH_TTL", "soon"), ("MUNSHI_TEST_X", "1")],
        );
        let faults = Loaded::read(&sources).unwrap_err();
        let page = faults.join("\n");
        for part in [
            "server.listen (from",
            "did you mean \"server.max_body_bytes\"?",
            "did you mean \"server\"?",
            "did you mean \"MUNSHI_AUTH__ACCESS_TTL\"?",
            "\"soon\" is not a span",
        ] {
            assert!(page.contains(part), "{part} not in {page}");
        }
        assert_eq!(faults.len(), 5, "{page}");
    }

    #[test]
    fn ranges_and_relations_are_checked() {
        let (_dir, sources) =
            sources("[auth]\nrefresh_ttl = \"1m\"\n[server]\nmax_body_bytes = 1\n[data]\nurl = \"x\"\n", &[]);
        assert_eq!(Loaded::read(&sources).unwrap_err().len(), 3);
    }

    #[test]
    fn a_secret_never_prints() {
        let (_dir, sources) = sources("[data]\npassword = \"hunter2\"\n", &[]);
        let loaded = Loaded::read(&sources).unwrap();
        assert_eq!(loaded.config.data.password.expose(), "hunter2");
        assert!(!format!("{:?}{}", loaded.config, loaded.print()).contains("hunter2"));
    }

    #[test]
    fn every_default_reads_back_as_itself() {
        let defaults = Config::default();
        let mut copy = Config::default();
        for key in Config::KEYS.iter().filter(|key| key.kind != "secret") {
            let text = format!("value = {}", defaults.show(key.path).unwrap());
            copy.set(key.path, &text.parse::<toml::Table>().unwrap()["value"]).unwrap();
        }
        assert_eq!(copy, defaults);
        assert!(defaults.faults().is_empty());
    }
}
