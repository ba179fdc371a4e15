//! What cannot be done is said in one line with a code, and nothing is left half done.

use std::path::Path;

use munshi::cli::stop::CODES;

use crate::{
    program::{ok, run, told},
    shop_files::{Shop, fixture},
};

/// The program says this code in one line, ends with its status, and leaves no data directory.
#[track_caller]
fn refused(shop: &Shop, arguments: &[&str], code: &str) -> String {
    let output = run(shop.path(), arguments, "");
    let said = told(&output);
    let row = CODES.iter().find(|row| row.code == code).unwrap_or_else(|| panic!("{code} is not in the table"));
    assert!(said.starts_with("munshi: ") && said.ends_with(&format!("({code})\n")), "{arguments:?}: {said}");
    assert_eq!((said.lines().count(), output.status.code()), (1, Some(i32::from(row.exit))), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    said
}

#[test]
fn a_file_that_cannot_be_taken_is_refused_before_anything_is_opened() {
    let shop = Shop::new();
    let at = |name: &str, bytes: &[u8]| {
        std::fs::write(shop.path().join(name), bytes).unwrap();
        name.to_owned()
    };
    let directory = shop.path().to_str().unwrap();
    let invoices = fixture("invoices-december.csv");
    let invoices = invoices.to_str().unwrap();
    refused(&shop, &["import", "products", "nowhere.csv"], "file_unreadable");
    refused(&shop, &["import", "products", directory], "file_unreadable");
    refused(&shop, &["import", "products", "/dev/null"], "file_unreadable");
    for (name, bytes) in [
        ("empty.csv", &b""[..]),
        ("mark.csv", b"\xEF\xBB\xBF"),
        ("blank.csv", b"\n\n"),
        ("utf16.csv", b"\xFF\xFEs\0k\0u\0"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0"),
        ("broken.xlsx", b"PK\x03\x04nothing more"),
    ] {
        refused(&shop, &["import", "products", &at(name, bytes)], "file_format");
    }
    let said = refused(&shop, &["import", "stock", &at("s.csv", b"sku,price\nA,1\n")], "column_missing");
    assert!(said.contains("s.csv") && said.contains("\"on_hand\"") && said.contains("sku, price"), "{said}");
    refused(&shop, &["import", "orders", invoices, "--layout", "native"], "column_missing");
    refused(&shop, &["import", "orders", invoices, "--layout", "shop"], "layout_unknown");
    refused(&shop, &["import", "customers", invoices], "layout_mismatch");
    refused(&shop, &["import", "orders", invoices, "--currency", "RUPEES"], "bad_argument");
    refused(&shop, &["import", "stock", invoices, "--warehouse", "no code"], "bad_argument");
    refused(&shop, &["import", "orders", invoices, "--errors", invoices], "bad_argument");
    assert!(!shop.path().join("data").exists(), "a refused verb made a data directory");
}

#[test]
fn a_workbook_whose_first_sheet_is_another_names_the_column_it_lacks() {
    let shop = Shop::new();
    let said = refused(&shop, &["import", "products", fixture("notes.xlsx").to_str().unwrap()], "column_missing");
    assert!(said.contains("\"sku\"") && said.contains("Remark"), "{said}");
}

#[test]
fn bytes_that_are_not_utf_8_are_read_and_remarked_on() {
    let shop = Shop::new();
    std::fs::write(shop.path().join("p.csv"), b"sku;title;price\nC-1;Caf\xE9;1\n").unwrap();
    let output = run(shop.path(), &["import", "products", "p.csv"], "");
    assert!(ok(&output).contains("1 rows: 1 records in"));
    assert_eq!(told(&output), "note: 1 rows are not UTF-8 and were read as Windows-1252\n");
    assert!(shop.export("products").contains("C-1,c-1,Café,"));
}

#[test]
fn an_error_file_goes_when_its_rows_are_in() {
    let shop = Shop::new();
    let (file, errors) = (shop.path().join("p.csv"), shop.path().join("p.csv.errors.csv"));
    std::fs::write(&file, "sku,title,price\nA-1,One,1\nA-2,Two,two\n").unwrap();
    let said = ok(&run(shop.path(), &["import", "products", "p.csv"], ""));
    assert!(said.contains("rows not taken: p.csv.errors.csv"), "{said}");
    let listed = std::fs::read_to_string(&errors).unwrap();
    assert_eq!(
        listed,
        "row,column,code,message,sku,title,price\n3,price,not_a_number,\"\"\"two\"\" is not a number\",A-2,Two,two\n"
    );
    // Mended there and imported from there.
    std::fs::write(&errors, listed.replace(",two\n", ",2\n")).unwrap();
    ok(&run(shop.path(), &["import", "products", "p.csv.errors.csv"], ""));
    std::fs::write(&file, "sku,title,price\nA-1,One,1\nA-2,Two,2\n").unwrap();
    ok(&run(shop.path(), &["import", "products", "p.csv", "--dry-run"], ""));
    assert!(errors.exists(), "reading and checking removed a file");
    let said = ok(&run(shop.path(), &["import", "products", "p.csv"], ""));
    assert!(said.contains("0 records in, 2 already in, 0 rows not taken") && !errors.exists(), "{said}");
}

#[test]
fn verbs_that_read_make_no_data_directory() {
    let shop = Shop::new();
    for verb in [&["doctor"][..], &["rebuild"], &["backup", "to"], &["export", "orders"], &["user", "list"]] {
        refused(&shop, verb, "no_data");
    }
    refused(&shop, &["export", "orders", "--out", "no/such/file.csv"], "file_unwritable");
    assert_eq!(std::fs::read_dir(shop.path()).unwrap().count(), 0, "something was left behind");
}

#[test]
fn an_export_that_fails_leaves_the_file_that_was_there() {
    let shop = Shop::new();
    std::fs::write(shop.path().join("orders.csv"), "old").unwrap();
    refused(&shop, &["export", "orders", "--out", "orders.csv"], "no_data");
    assert_eq!(std::fs::read_to_string(shop.path().join("orders.csv")).unwrap(), "old");
    assert_eq!(std::fs::read_dir(shop.path()).unwrap().count(), 1, "a part of a file was left behind");
    shop.import("orders", &fixture("invoices-december.csv"), &[]);
    ok(&run(shop.path(), &["export", "orders", "--out", "orders.csv"], ""));
    assert!(std::fs::read_to_string(shop.path().join("orders.csv")).unwrap().starts_with("number,placed_at,"));
    ok(&run(shop.path(), &["export", "orders", "--out", "/dev/null"], ""));
    assert!(!Path::new("/dev/null").is_file());
}

#[test]
fn verbs_say_only_what_a_person_needs() {
    let shop = Shop::new();
    let file = fixture("invoices-january.csv");
    let verbs: [(&[&str], &str); 7] = [
        (&["user", "add", "--email", "a@example.pk", "--name", "A", "--role", "admin", "--generate"], ""),
        (&["import", "orders", file.to_str().unwrap(), "--errors", "e.csv"], ""),
        (&["user", "list"], ""),
        (&["export", "orders"], "1 rows\n"),
        (&["backup", "to"], ""),
        (&["rebuild"], ""),
        (&["doctor"], ""),
    ];
    for (verb, said) in verbs {
        let output = run(shop.path(), verb, "");
        ok(&output);
        assert_eq!(told(&output), said, "{verb:?}");
    }
    // Not even to somebody who wants to hear of everything that goes wrong.
    let mut command = crate::program::munshi(shop.path());
    let output = command.args(["user", "list"]).env("MUNSHI_LOG__FILTER", "warn,surrealkv=error").output().unwrap();
    ok(&output);
    assert_eq!(told(&output), "");
}

#[test]
fn every_code_of_the_command_line_is_documented() {
    let page = include_str!("../../docs/OPERATIONS.md");
    for row in CODES {
        let line = format!("| `{}` | {} | {} |", row.code, row.exit, row.meaning);
        assert!(page.contains(&line), "docs/OPERATIONS.md lacks {line}");
    }
}
