//! `munshi backup` and `munshi restore` with the real program and a real data directory.

use std::{collections::BTreeMap, path::Path};

use crate::{
    program::{ok, run, told},
    shop_files::{Shop, fixture},
};

fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
}

#[track_caller]
fn refused(shop: &Shop, arguments: &[&str], code: &str) {
    let output = run(shop.path(), arguments, "");
    let said = told(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.lines().count() == 1 && said.ends_with(&format!("({code})\n")), "{said}");
}

#[test]
fn ops_07_a_backup_restores_the_same_shop() {
    let (shop, copy, empty) = (Shop::new(), Shop::new(), Shop::new());
    let (january, december) = (fixture("invoices-january.csv"), fixture("invoices-december.csv"));
    let backup = shop.path().join("backup");
    let to = backup.to_str().unwrap();
    shop.import("orders", &december, &[]);
    let said = ok(&run(shop.path(), &["backup", to], ""));
    assert!(said.starts_with(&format!("backed up to journal entry {} in ", shop.entries())), "{said}");
    let first = files(&backup);
    ok(&run(shop.path(), &["backup", to], ""));
    assert_eq!(files(&backup), first, "nothing is new");
    shop.import("orders", &january, &[]);
    ok(&run(shop.path(), &["backup", to], ""));
    let second = files(&backup);
    let segments = |files: &BTreeMap<String, Vec<u8>>| files.keys().filter(|name| name.ends_with(".jsonl")).count();
    assert_eq!((segments(&first), segments(&second)), (1, 2), "only what is new is written");

    refused(&empty, &["restore", "nowhere"], "not_a_backup");
    refused(&empty, &["restore", empty.path().to_str().unwrap()], "not_a_backup");
    let said = ok(&run(copy.path(), &["restore", to], ""));
    assert!(said.starts_with(&format!("restored {} journal entries", shop.entries())), "{said}");
    assert_eq!(copy.everything(), shop.everything());
    assert_eq!(copy.export("journal"), shop.export("journal"));
    copy.sound();
    refused(&copy, &["restore", to], "not_empty");
    assert!(copy.import("orders", &december, &[]).contains(" 0 records in"), "a restored shop knows what is in");

    let other = Shop::new();
    other.import("orders", &january, &[]);
    refused(&other, &["restore", to], "not_empty");
    refused(&other, &["backup", to], "backup_damaged");
    let segment = backup.join(first.keys().find(|name| name.ends_with(".jsonl")).unwrap());
    let whole = std::fs::read_to_string(&segment).unwrap();
    std::fs::write(&segment, whole.replacen("17850", "17851", 1)).unwrap();
    refused(&empty, &["restore", to], "backup_damaged");
    assert!(!empty.path().join("data").exists(), "a refused restore made a data directory");
    std::fs::write(other.path().join("file"), "").unwrap();
    refused(&other, &["backup", "file"], "file_unwritable");
}
