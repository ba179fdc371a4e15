//! Generated files are up to date. `MUNSHI_TEST_UPDATE=1` writes them anew.

use std::path::Path;

fn check(file: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("MUNSHI_TEST_UPDATE").is_some() {
        std::fs::write(&path, generated).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == generated,
        "{file} is stale: run the tests once with MUNSHI_TEST_UPDATE=1 and look at the difference"
    );
}

#[test]
fn api_01_the_openapi_document_is_up_to_date() {
    check("protocols/openapi.json", &munshi::api::openapi::document().to_json().unwrap());
}

#[test]
fn val_20_the_page_of_error_codes_is_up_to_date() {
    check("docs/ERRORS.md", &munshi::problem::reference());
}

#[test]
fn the_page_of_settings_is_up_to_date() {
    check("docs/CONFIG.md", &munshi::config::Config::reference());
}

/// Every code a refusal of the domain can have stands in the table: the arms of each `fn code` are read from source.
#[test]
fn val_20_every_refusal_of_the_domain_is_documented() {
    let mut missing = Vec::new();
    let mut found = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("domain/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let source = std::fs::read_to_string(entry.path()).unwrap();
            for body in source.split("fn code(&self) -> &'static str {").skip(1) {
                let body = body.split("\n    }\n").next().unwrap();
                for code in body.split('"').skip(1).step_by(2) {
                    found += 1;
                    if !munshi::problem::CODES.iter().any(|row| row.code == code) {
                        missing.push(code.to_owned());
                    }
                }
            }
        }
    }
    assert!(found > 50, "only {found} codes found in the domain");
    assert!(missing.is_empty(), "not in the table of codes: {missing:?}");
}

#[test]
fn val_20_codes_are_unique_and_well_formed() {
    let mut codes: Vec<_> = munshi::problem::CODES.iter().map(|row| row.code).collect();
    assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')));
    codes.sort_unstable();
    assert!(codes.windows(2).all(|pair| pair[0] != pair[1]), "{codes:?}");
}
