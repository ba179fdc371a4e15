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
