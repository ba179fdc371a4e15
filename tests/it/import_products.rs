//! `munshi import products|customers|stock`, `munshi seed`, and exports that can be brought in elsewhere.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
};

use crate::{
    program::{munshi, ok, run},
    shop_files::{Shop, fixture, rows, same},
};

fn write(shop: &Shop, name: &str, text: &str) -> std::path::PathBuf {
    let path = shop.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_shopify_export_is_taken_with_its_variants_and_the_rest_is_listed() {
    let (shop, file) = (Shop::new(), fixture("products-shopify.csv"));
    let said = shop.import("products", &file, &[]);
    assert!(said.contains("12 rows: 5 records in, 0 already in, 6 rows not taken, 1 image_only"), "{said}");
    let refused = shop.errors();
    let codes: Vec<_> = refused.iter().map(|(row, code)| (*row, code.as_str())).collect();
    assert_eq!(
        codes,
        [
            (6, "duplicate_sku"),
            (9, "missing"),
            (10, "barcode_taken"),
            (11, "missing"),
            (12, "negative_price"),
            (13, "not_whole"),
        ]
    );
    let products = rows(shop.export("products").as_bytes());
    let of = |sku: &str| products.iter().find(|row| row["sku"] == sku).unwrap_or_else(|| panic!("{sku} is missing"));
    let small = of("lawn-kurta-small-off-white");
    assert!(small["description"].contains("<li>\"Off white\" only</li>\n\n</ul>"), "{}", small["description"]);
    assert_eq!((small["price"].as_str(), small["compare_at"].as_str()), ("2500.00", "3000.00"));
    assert_eq!((small["weight_grams"].as_str(), small["currency"].as_str()), ("250", "PKR"));
    assert_eq!((of("LK-M")["title"].as_str(), of("LK-M")["price"].as_str()), ("Lawn Kurta", "2600.50"));
    assert_eq!((of("LK-M")["backorder"].as_str(), of("LK-M")["option2_value"].as_str()), ("true", "Off White"));
    assert_eq!((of("shawl")["active"].as_str(), of("shawl")["title"].as_str()), ("false", "شال Shawl"));
    assert_eq!((of("card")["stocked"].as_str(), of("FREE-1")["price"].as_str()), ("false", "0.00"));
    let (before, entries) = (shop.everything(), shop.entries());
    assert!(shop.import("products", &file, &[]).contains("0 records in, 5 already in, 6 rows not taken"));
    assert_eq!((shop.everything(), shop.entries()), (before, entries), "a second import changed something");
    shop.sound();
}

#[test]
fn a_price_can_be_brought_back_by_an_older_file() {
    let shop = Shop::new();
    let price = |price: &str| write(&shop, "p.csv", &format!("sku,title,price\nK-1,Kurta,{price}\n"));
    for (amount, said) in
        [("10", "1 records in"), ("12", "1 records in"), ("10", "1 records in"), ("10", "1 already in")]
    {
        assert!(shop.import("products", &price(amount), &[]).contains(said), "{amount}: {said}");
        assert_eq!(rows(shop.export("products").as_bytes())[0]["price"], format!("{amount}.00"));
    }
}

#[test]
fn of_two_rows_that_want_one_key_the_first_gets_it() {
    let shop = Shop::new();
    let products: String = (1..40).map(|n| format!("P-{n},Thing,1,8901{}\n", n / 2)).collect();
    shop.import("products", &write(&shop, "p.csv", &format!("sku,title,price,barcode\n{products}")), &[]);
    let rows: Vec<_> = shop.errors().into_iter().map(|(row, code)| (row, code == "barcode_taken")).collect();
    assert_eq!(rows, (1..20).map(|n| (2 * n + 2, true)).collect::<Vec<_>>());
    let customers = "name,phone,email\nA,03001234567,a@x.pk\nB,0321 1234567,A@x.pk\nC,+92 300 1234567,\nD,,d@x.pk\n";
    shop.import("customers", &write(&shop, "c.csv", customers), &[]);
    let codes: Vec<_> = shop.errors().into_iter().map(|(row, code)| format!("{row} {code}")).collect();
    assert_eq!(codes, ["3 email_taken", "4 duplicate_customer"], "without a reference a customer is known by phone");
}

#[test]
fn an_export_of_one_shop_is_an_import_of_another() {
    let (from, to) = (Shop::new(), Shop::new());
    from.import("products", &fixture("products-shopify.csv"), &[]);
    let customers = "reference,name,phone,email,type,tier,address_line1,city,country,landmark,tags,credit_limit,\
                     credit_days,currency\n\
                     c1,\"Khan, Ayesha\",0300-1234567; 03217654321,ayesha@example.pk,vip,gold,12-C,Karachi,PK,near \
                     the mosque,a;b,50000,15,PKR\nc2,عائشہ,,x@example.pk,,,,,,,,,,\n";
    from.import("customers", &write(&from, "customers.csv", customers), &[]);
    for what in ["products", "customers"] {
        let file = to.path().join(what);
        ok(&run(from.path(), &["export", what, "--out", file.to_str().unwrap()], ""));
        assert!(!to.path().join(format!("{what}.partial")).exists());
        let said = to.import(what, &file, &[]);
        assert!(said.contains(" 0 rows not taken"), "{said}");
    }
    assert_eq!(to.export("products"), from.export("products"));
    // Each shop has ids of its own for customers.
    let of = |shop: &Shop| {
        let mut known = rows(shop.export("customers").as_bytes());
        known.iter_mut().for_each(|row| drop(row.remove("reference")));
        known.sort();
        known
    };
    assert_eq!(of(&to), of(&from));
    assert_eq!(of(&to).len(), 2);
}

/// The demo shop, of a seed that was killed twice and started again.
fn seeded_after_kills() -> Shop {
    let shop = Shop::new();
    for line in ["products: 500 of", "customers: 250 of"] {
        let mut child = munshi(shop.path()).arg("seed").stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|said| said.starts_with(line)), "it ended before it was killed");
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success());
    }
    assert!(ok(&run(shop.path(), &["seed"], "")).contains("sign in as admin"));
    shop
}

fn counted(shop: &Path, warehouse: &str) -> Vec<(String, String)> {
    let rows = rows(ok(&run(shop, &["export", "stock"], "")).as_bytes());
    rows.into_iter()
        .filter(|row| row["warehouse"] == warehouse)
        .map(|row| (row["sku"].clone(), row["on_hand"].clone()))
        .collect()
}

#[test]
fn the_demo_shop_is_the_same_after_kills_and_stock_is_counted_once_a_file() {
    let (shop, other) = (seeded_after_kills(), Shop::new());
    ok(&run(other.path(), &["seed"], ""));
    for what in ["products", "customers", "stock"] {
        same(&shop.export(what), &other.export(what));
    }
    // The numbers of orders are given as they come; how many are how far is the same.
    let fates = |shop: &Shop| {
        let mut fates: Vec<_> = rows(shop.export("orders").as_bytes())
            .into_iter()
            .map(|row| (row["customer"].clone(), row["sku"].clone(), row["quantity"].clone(), row["status"].clone()))
            .collect();
        fates.sort();
        fates
    };
    assert_eq!(fates(&shop), fates(&other));
    let before = shop.entries();
    let again = run(shop.path(), &["seed"], "");
    assert!(ok(&again).contains("nothing was changed"));
    assert_eq!(shop.entries(), before);

    let products = fixture("products-shopify.csv");
    let said = shop.import("products", &products, &["--warehouse", "KHI-SITE"]);
    assert!(said.contains("5 records in"), "{said}");
    let on_hand =
        |sku: &str| counted(shop.path(), "KHI-SITE").into_iter().find(|(known, _)| known == sku).map(|(_, n)| n);
    assert_eq!(on_hand("lawn-kurta-small-off-white").as_deref(), Some("3"));
    assert_eq!((on_hand("LK-M"), on_hand("card")), (None, None), "nothing is there, and a gift card lies on no shelf");
    let count = |units: u32, date: &str| {
        write(&shop, "count.csv", &format!("sku,on_hand,warehouse,low_stock,date\nLK-M,{units},KHI-SITE,2,{date}\n"))
    };
    for (units, date, said) in
        [(5, "1 May", "1 records in"), (3, "1 June", "1 records in"), (5, "1 May", "1 already in")]
    {
        let answer = shop.import("stock", &count(units, date), &[]);
        assert!(answer.contains(said), "{units} on {date}: {answer}");
    }
    assert_eq!(on_hand("LK-M").as_deref(), Some("3"), "a file is counted once");
    assert!(shop.import("stock", &count(5, "1 July"), &[]).contains("1 records in"));
    assert_eq!(on_hand("LK-M").as_deref(), Some("5"), "the same number in another file is a new count");
    let wrong = write(&shop, "wrong.csv", "sku,on_hand,warehouse\nLK-M,1,NOWHERE\nNONE,1,KHI-SITE\nLK-M,1,\n");
    shop.import("stock", &wrong, &[]);
    let codes: Vec<_> = shop.errors().into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["warehouse_unknown", "product_unknown", "missing"]);
    shop.sound();
}
