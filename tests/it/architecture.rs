//! The invariants of docs/ARCHITECTURE.md that are about who may use what.

use std::{fs, path::Path};

fn manifest(krate: &str) -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(krate).join("Cargo.toml");
    fs::read_to_string(&path).unwrap().parse().unwrap()
}

fn dependencies(krate: &str) -> Vec<String> {
    manifest(krate)["dependencies"].as_table().unwrap().keys().cloned().collect()
}

fn crates() -> Vec<String> {
    let members = manifest(".")["workspace"]["members"].as_array().unwrap().clone();
    members.iter().map(|member| member.as_str().unwrap().to_owned()).collect()
}

#[test]
fn only_the_store_knows_surrealdb_and_only_the_actors_know_actix() {
    for (library, owner) in [("surrealdb", "store"), ("actix", "actors")] {
        for krate in crates() {
            let uses = dependencies(&krate).iter().any(|name| name == library);
            let test_server = krate.starts_with("store/");
            assert!(test_server || uses == (krate == owner), "{krate} and {library}");
        }
    }
}

#[test]
fn the_domain_depends_on_nothing_that_waits_or_draws() {
    let allowed = ["chrono", "rust_decimal", "serde", "serde_json", "sha2", "smallvec", "thiserror"];
    let foreign: Vec<_> = dependencies("domain").into_iter().filter(|name| !allowed.contains(&name.as_str())).collect();
    assert!(foreign.is_empty(), "the domain must not use {foreign:?}");
}

#[test]
fn arrows_between_crates_point_inwards() {
    let own = |krate: &str| -> Vec<String> {
        dependencies(krate).into_iter().filter(|name| name.starts_with("munshi-")).collect()
    };
    assert_eq!(own("domain"), Vec::<String>::new());
    assert_eq!(own("protocols"), Vec::<String>::new());
    assert_eq!(own("store"), ["munshi-domain"]);
    assert_eq!(own("actors"), ["munshi-domain", "munshi-store"]);
    assert_eq!(own("loadtest"), ["munshi-protocols"], "the harness talks to the server as any client does");
}

/// What stands between backticks in a cell.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn features_name_files_and_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("docs/FEATURES.md")).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 20, "the table was not found");
    let ids: Vec<&str> = rows.iter().map(|row| row[1]).collect();
    for (at, row) in rows.iter().enumerate().skip(1).filter(|(_, row)| !row[1].starts_with('-')) {
        let id = row[1];
        assert_eq!(row.len(), 7, "{id} has another number of cells");
        assert!(!ids[..at].contains(&id), "{id} has two rows");
        let sources: Vec<String> = quoted(row[4])
            .iter()
            .map(|path| fs::read_to_string(root.join(path)).unwrap_or_else(|_| panic!("{id}: no file {path}")))
            .collect();
        for test in quoted(row[5]) {
            assert!(sources.iter().any(|source| source.contains(test)), "{id}: {test} is in none of its files");
        }
    }
}

#[test]
fn no_text_has_the_marks_of_a_merge_that_was_not_finished() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    for page in pages.chain([root.join("README.md"), root.join("CHANGELOG.md")]).filter(|path| path.is_file()) {
        let text = fs::read_to_string(&page).unwrap();
        let marked = text.lines().any(|line| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> "));
        assert!(!marked, "{}", page.display());
    }
}
