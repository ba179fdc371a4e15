//! What is generated from the types is up to date. `MUNSHI_TEST_UPDATE=1` writes it anew.
//!
//! Run with `cargo test -p munshi-protocols --features schema`; `make test` does.

use std::path::Path;

use munshi_protocols::schema;

fn check(file: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("MUNSHI_TEST_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, generated).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == generated,
        "{file} is stale: run the tests once with MUNSHI_TEST_UPDATE=1 and look at the difference"
    );
}

#[test]
fn the_json_schema_is_up_to_date() {
    check("socket.schema.json", &schema::json_schema());
}

#[test]
fn the_asyncapi_document_is_up_to_date() {
    check("asyncapi.json", &schema::asyncapi());
}

#[test]
fn the_typescript_is_up_to_date() {
    let text = schema::typescript();
    assert!(!text.contains("bigint"), "every number fits a JavaScript number");
    check("../web/src/wire/munshi-v1.ts", &text);
}

/// Every reference of the document leads somewhere, and nothing depends on the order of a hash map.
#[test]
fn the_asyncapi_document_holds_together() {
    let text = schema::asyncapi();
    assert_eq!(text, schema::asyncapi());
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut open, mut references) = (vec![&document], 0);
    while let Some(value) = open.pop() {
        if let Some(reference) = value.get("$ref").and_then(serde_json::Value::as_str) {
            references += 1;
            assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
        }
        match value {
            serde_json::Value::Object(members) => open.extend(members.values()),
            serde_json::Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(references > 100, "{references}");
}
