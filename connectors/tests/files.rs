//! Files as shops have them: small ones written here, and real ones when they lie beside the repository
//! (`MUNSHI_SHARED_DATA`, or `../shared/data`).

use std::path::PathBuf;

use munshi_connectors::files::{
    Chunks, HistoricOrder, Layout, OrderRecord, Parsed, Table,
    credit::{Earlier, KnownReturn},
    native, online_retail, shopify,
};
use munshi_domain::Currency;
use rust_decimal::Decimal;

fn table(text: &str) -> Table {
    Table::from_bytes("test", text.as_bytes().to_vec()).unwrap()
}

fn shared(name: &str) -> Option<Table> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = std::env::var_os("MUNSHI_SHARED_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        Some(Table::open(&path).unwrap())
    } else {
        eprintln!("{} is not there; the part of the test that needs it is left out", path.display());
        None
    }
}

/// A file read as one piece.
fn all<T>(mut chunks: Chunks<T>) -> Parsed<T> {
    let whole = chunks.next(usize::MAX).unwrap().unwrap();
    assert!(chunks.next(usize::MAX).unwrap().is_none());
    whole
}

/// An order file, read so many rows at a time.
fn orders(text: &str, rows: usize) -> Parsed<HistoricOrder> {
    let ends = native::order_ends(table(text)).unwrap();
    let mut file = native::orders(table(text), Currency::PKR, ends).unwrap();
    let mut whole = file.next(rows).unwrap().unwrap();
    while let Some(piece) = file.next(rows).unwrap() {
        whole.read += piece.read;
        whole.rows.extend(piece.rows);
        whole.errors.extend(piece.errors);
    }
    whole.errors.sort_by_key(|error| error.row);
    whole
}

#[test]
fn ord_14_a_file_says_the_same_however_it_is_cut() {
    let mut text = String::from("number,placed_at,sku,quantity,unit_price,title\n");
    // Rows of three orders at a time lie between each other; one of them has a wrong row.
    for round in 0..40 {
        for line in 0..3 {
            for order in 0..3 {
                let quantity = if round % 7 == 3 && order == 1 && line == 2 { "none" } else { "2" };
                let number = round * 3 + order;
                text.push_str(&format!("N-{number},2026-01-01T00:00:00Z,SKU-{line},{quantity},10,Item {line}\n"));
            }
        }
    }
    text.push_str(",2026-01-01T00:00:00Z,SKU-1,1,10,no number\n");
    let whole = orders(&text, usize::MAX);
    assert_eq!((whole.read, whole.rows.len(), whole.errors.len()), (361, 114, 6 * 3 + 1));
    for rows in [1, 2, 7, 100, 361] {
        let cut = orders(&text, rows);
        assert_eq!((cut.read, &cut.rows, &cut.errors), (whole.read, &whole.rows, &whole.errors), "{rows} at a time");
    }
    let stock = "sku,on_hand\nA,5\nB,x\nA,7\nC,1\n";
    let whole = all(native::stock(table(stock)).unwrap());
    let mut file = native::stock(table(stock)).unwrap();
    let (mut rows, mut errors) = (vec![], vec![]);
    while let Some(piece) = file.next(1).unwrap() {
        rows.extend(piece.rows);
        errors.extend(piece.errors);
    }
    assert_eq!((rows, errors), (whole.rows, whole.errors), "a SKU of an earlier piece is known");
    // What is to be said of the file as a whole is said once, at its end.
    let legacy = || Table::from_bytes("test", b"sku,on_hand\nA,1\nCaf\xE9,2\n".to_vec()).unwrap();
    for (rows, notes) in [(1, [0, 0, 1]), (2, [0, 1, 0]), (3, [1, 0, 0])] {
        let mut file = native::stock(legacy()).unwrap();
        let said = [(); 3].map(|()| file.next(rows).unwrap().map_or(0, |piece| piece.notes.len()));
        assert_eq!(said, notes, "{rows} at a time");
    }
}

fn codes(errors: &[munshi_connectors::files::RowError]) -> Vec<(u64, &str, &str)> {
    errors.iter().map(|error| (error.row, error.column.as_str(), error.code)).collect()
}

#[test]
fn native_products_are_read_whatever_the_headers_are_called() {
    let text = "SKU;Title;Price;Currency;Option1 Name;Option1 Value;Tags;Weight Grams;Active\n\
                K-1;Kurta;2,500.00;pkr;Size;M;summer|lawn;350.0;yes\n\
                K-1;Kurta;2500;;;;;;\n\
                K-2;;2500;;;;;;\n\
                K-3;Shawl;free;;;;;;\n\
                K-4;Shawl;-1;;;;;;\n\
                K-5;Shawl;1.005;;;;;;\n\
                K-6;Shawl;10;;;;;-5;\n\
                K-7;Shawl;10;;;;;1;perhaps\n\
                K-8;Shawl;10;XXX;;;;1;\n";
    let parsed = all(native::products(table(text), Currency::PKR).unwrap());
    assert_eq!(parsed.read, 9);
    assert_eq!(
        codes(&parsed.errors),
        [
            (3, "SKU", "duplicate_sku"),
            (4, "Title", "missing"),
            (5, "Price", "not_a_number"),
            (6, "Price", "negative_price"),
            (7, "Price", "bad_money"),
            (8, "Weight Grams", "out_of_range"),
            (9, "Active", "not_yes_or_no"),
            (10, "Currency", "unknown_currency"),
        ]
    );
    let [kurta] = &parsed.rows[..] else { panic!("{:?}", parsed.rows) };
    assert_eq!(kurta.price.to_string(), "PKR 2500.00");
    assert_eq!((kurta.weight_grams, kurta.tags.len(), kurta.handle.as_str()), (350, 2, "k-1"));
    assert_eq!(kurta.options, [("Size".to_owned(), "M".to_owned())]);
    assert_eq!(parsed.errors[0].cells[1], "Kurta");
}

#[test]
fn a_file_without_a_needed_column_is_refused_as_a_whole() {
    let error = native::products(table("sku,title\nA,B\n"), Currency::PKR).unwrap_err().to_string();
    assert!(error.contains("\"price\"") && error.contains("sku, title"), "{error}");
    assert!(native::stock(table("sku\nA\n")).is_err());
    assert!(shopify::products(table("Handle\nx\n"), Currency::PKR).is_err());
    assert!(online_retail::orders(table("InvoiceNo\n1\n")).is_err());
}

#[test]
fn native_customers_are_known_by_reference_phone_or_mail() {
    let text = "name,phone,email,type,city,address,credit_limit\n\
                Ayesha Khan,0300-1234567; 0321 7654321,Ayesha@Example.PK,VIP,Karachi,12-C Block 2,50000\n\
                Bilal,,bilal@example.pk,,,,\n\
                Chand,,,,,,\n\
                Dania,123,,,,,\n\
                Ehsan,,x@y,,,,\n\
                Ayesha again,03001234567,,,,,\n\
                Faraz,03331112223,,reseller,,,\n";
    let parsed = all(native::customers(table(text), Currency::PKR).unwrap());
    assert_eq!(
        parsed.rows.iter().map(|c| c.reference.as_str()).collect::<Vec<_>>(),
        ["+923001234567", "bilal@example.pk"]
    );
    assert_eq!((parsed.rows[0].phones.len(), parsed.rows[0].addresses.len()), (2, 1));
    assert_eq!(parsed.rows[0].credit.unwrap().1, 30);
    let found: Vec<_> = parsed.errors.iter().map(|error| (error.row, error.code)).collect();
    assert_eq!(
        found,
        [(4, "missing"), (5, "bad_phone"), (6, "bad_email"), (7, "duplicate_customer"), (8, "unknown_type")]
    );
}

#[test]
fn native_stock_and_orders_name_the_cell_that_is_wrong() {
    let stock =
        native::stock(table("sku,on_hand,warehouse\nA,5,KHI-1\nA,7,LHE-1\nA,1,KHI-1\nB,-1,\nC,1.5,\nD,1,no code\n"));
    let stock = all(stock.unwrap());
    assert_eq!(stock.rows.len(), 2);
    assert_eq!(
        codes(&stock.errors),
        [
            (4, "sku", "duplicate_sku"),
            (5, "on_hand", "out_of_range"),
            (6, "on_hand", "not_whole"),
            (7, "warehouse", "bad_warehouse")
        ]
    );
    let text = "number,placed_at,sku,quantity,unit_price,currency,customer\n\
                1,2026-01-01T00:00:00Z,A,2,10.50,PKR,c1\n\
                2,yesterday,A,2,10.50,PKR,c1\n\
                1,2026-01-01T00:00:00Z,B,0,1,PKR,c1\n\
                1,2026-01-01T00:00:00Z,B,1,1,USD,c1\n\
                1,2026-01-01T00:00:00Z,A,1,10.50,PKR,c1\n\
                3,2026-01-01T00:00:00Z,A,4,10.50,PKR,c1\n";
    let orders = orders(text, 1_000);
    let [order] = &orders.rows[..] else { panic!("{:?}", orders.rows) };
    assert_eq!((order.number.as_str(), order.lines.len(), order.units()), ("3", 1, 4), "orders are taken whole");
    assert_eq!(
        orders.errors.iter().map(|e| (e.row, e.code)).collect::<Vec<_>>(),
        [
            (2, "order_incomplete"),
            (3, "bad_instant"),
            (4, "bad_quantity"),
            (5, "mixed_currencies"),
            (6, "order_incomplete")
        ]
    );
}

const SHOPIFY: &str = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,\
    Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Inventory Policy,Variant Price,\
    Variant Compare At Price,Variant Requires Shipping,Variant Barcode,Image Src,Gift Card\n\
    lawn-kurta,Lawn Kurta,Soft.,Gulmohar,Kurta,\"summer, lawn\",true,Size,Small,Color,Off White,,250.4,3,deny,2500,\
    3000,true,'0123456789012,https://img.example/1.jpg,false\n\
    lawn-kurta,,,,,,,,Medium,,Off White,LK-M,250,-2,continue,2600,,true,,,\n\
    lawn-kurta,,,,,,,,,,,,,,,,,,,https://img.example/2.jpg,\n\
    shawl,Shawl,,Gulmohar,,,false,Title,Default Title,,,,100,1,deny,900,,true,,,false\n\
    shawl,,,,,,,,Default Title,,,,100,1,deny,900,,true,,,\n\
    card,Gift card,,,,,true,Title,Default Title,,,,0,1,deny,1000,,false,,,true\n\
    broken,Broken,,,,,true,Title,Default Title,,,,0,1,deny,,,true,,,false\n";

#[test]
fn shopify_rows_of_a_handle_share_what_the_first_one_says() {
    let parsed = shopify::products(table(SHOPIFY), Currency::PKR).unwrap();
    let skus: Vec<_> = parsed.rows.iter().map(|row| row.sku.as_str()).collect();
    assert_eq!(skus, ["lawn-kurta-small-off-white", "LK-M", "shawl", "card"]);
    let (small, medium) = (&parsed.rows[0], &parsed.rows[1]);
    assert_eq!(
        (medium.title.as_str(), medium.brand.as_str(), medium.category.as_str()),
        ("Lawn Kurta", "Gulmohar", "Kurta")
    );
    assert_eq!(medium.tags, ["summer", "lawn"]);
    assert_eq!(medium.options[1], ("Color".to_owned(), "Off White".to_owned()));
    assert_eq!((small.weight_grams, small.quantity, medium.quantity), (250, Some(3), Some(0)));
    assert_eq!(small.barcode.as_deref(), Some("0123456789012"));
    assert_eq!(small.compare_at.unwrap().to_string(), "PKR 3000.00");
    assert_eq!((small.backorder, medium.backorder), (false, true));
    assert_eq!((parsed.rows[2].active, parsed.rows[2].options.len()), (false, 0));
    assert!(!parsed.rows[3].stocked);
    assert_eq!(parsed.skipped["image_only"], 1);
    assert_eq!(codes(&parsed.errors), [(6, "Variant SKU", "duplicate_sku"), (8, "Variant Price", "missing")]);
    assert_eq!(parsed.read, parsed.rows.len() as u64 + parsed.errors.len() as u64 + 1);
}

#[test]
fn shopify_sample_exports_are_read_without_a_row_lost() {
    for (name, variants, pictures) in [("shopify-apparel.csv", 22, 0), ("shopify-jewelery.csv", 0, 0)] {
        let Some(table) = shared(name) else { continue };
        assert_eq!(Layout::detect(table.headers()), Layout::Shopify);
        let parsed = shopify::products(table, Currency::PKR).unwrap();
        assert_eq!(parsed.errors, [], "{name}");
        let skipped: u64 = parsed.skipped.values().sum();
        assert_eq!(parsed.read, parsed.rows.len() as u64 + skipped, "{name}");
        if variants > 0 {
            assert_eq!((parsed.rows.len(), skipped), (variants, pictures), "{name}");
        }
    }
}

const RETAIL: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
    1,85123a,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n\
    1,85123A,HEART,2,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n\
    1,POST,POSTAGE,1,2010-12-01 08:26:00,18.0,17850.0,United Kingdom\n\
    2,71053,LANTERN,1,2010-12-01 09:00:00,3.39,,EIRE\n\
    3,71053,,-5,2010-12-01 09:00:00,0.0,,United Kingdom\n\
    4,71053,,5,2010-12-01 09:00:00,0.0,,United Kingdom\n\
    5,85123A,HEART,1,2010-12-02 09:00:00,2.55,17850.0,United Kingdom\n\
    C6,85123A,HEART,-4,2010-12-03 09:00:00,2.55,17850.0,United Kingdom\n\
    C6,D,Discount,-1,2010-12-03 09:00:00,27.5,17850.0,United Kingdom\n\
    C7,71053,LANTERN,-1,2010-12-03 09:00:00,3.39,,EIRE\n\
    C8,85123A,HEART,-6,2010-12-03 09:00:00,2.55,17850.0,United Kingdom\n\
    8,85123A,HEART,two,2010-12-03 09:00:00,2.55,17850.0,United Kingdom\n";

#[test]
fn ord_14_credit_notes_return_the_latest_units_first() {
    let parsed = online_retail::orders(table(RETAIL)).unwrap();
    let orders: Vec<_> =
        parsed.rows.iter().filter_map(|r| if let OrderRecord::Order(o) = r { Some(o) } else { None }).collect();
    assert_eq!(
        orders.iter().map(|o| (o.number.as_str(), o.lines.len())).collect::<Vec<_>>(),
        [("1", 3), ("2", 1), ("5", 1)]
    );
    assert_eq!(orders[0].total(), "38.40".parse::<Decimal>().unwrap());
    assert!(orders[0].lines[2].service && !orders[0].lines[0].service);
    assert_eq!(orders[0].placed_at.to_string(), "2010-12-01T08:26:00.000Z");
    assert_eq!((orders[1].customer.as_deref(), orders[1].address.country.as_str()), (None, "IE"));
    let returns: Vec<_> =
        parsed.rows.iter().filter_map(|r| if let OrderRecord::Return(o) = r { Some(o) } else { None }).collect();
    let shown: Vec<_> = returns.iter().map(|r| (r.number.as_str(), r.order.as_str(), r.lines.clone())).collect();
    assert_eq!(shown, [("C6", "1", vec![(2, 2), (1, 1)]), ("C6", "5", vec![(1, 1)])]);
    assert_eq!(returns.iter().map(|r| r.money).sum::<Decimal>(), "10.20".parse().unwrap());
    let found: Vec<_> = parsed.errors.iter().map(|error| (error.row, error.code)).collect();
    assert_eq!(
        found,
        [
            (6, "stock_adjustment"),
            (7, "no_price"),
            (10, "no_matching_invoice"),
            (11, "no_matching_invoice"),
            (12, "no_matching_invoice"),
            (13, "not_a_number"),
        ]
    );
    assert_eq!(parsed.read, 12);
}

/// The same sums as `tests/scripts/online_retail_sums.py`, taken from what was parsed.
#[test]
fn online_retail_sample_reconciles_with_an_independent_reading() {
    let Some(first) = shared("online-retail-sample.csv") else { return };
    assert_eq!(Layout::detect(first.headers()), Layout::OnlineRetail);
    let parsed = online_retail::orders(first).unwrap();
    let (mut invoices, mut lines, mut units, mut money) = (0, 0, 0, Decimal::ZERO);
    let (mut returned, mut credited) = (0, Decimal::ZERO);
    for record in &parsed.rows {
        match record {
            OrderRecord::Order(order) => {
                invoices += 1;
                lines += order.lines.len();
                units += order.units();
                money += order.total();
            }
            OrderRecord::Return(note) => {
                returned += note.lines.iter().map(|(_, units)| u64::from(*units)).sum::<u64>();
                credited += note.money;
            }
        }
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/scripts/online_retail_sums.py");
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = std::env::var_os("MUNSHI_SHARED_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let output = match std::process::Command::new("python3")
        .args([script.as_ref(), folder.join("online-retail-sample.csv").as_os_str()])
        .output()
    {
        Ok(output) => output,
        Err(error) => return eprintln!("python3 is not there ({error}); the comparison is left out"),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let sums: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(sums["rows"], parsed.read);
    assert_eq!(sums["invoices"], invoices);
    assert_eq!(sums["lines"], lines);
    assert_eq!(sums["units"], units);
    assert_eq!(sums["money"], format!("{money:.2}"));
    assert_eq!(sums["cancellations"]["units"], returned);
    assert_eq!(sums["cancellations"]["money"], format!("{credited:.2}"));
    for (code, count) in sums["rejected"].as_object().unwrap() {
        assert_eq!(*count, parsed.errors.iter().filter(|error| error.code == code).count(), "{code}");
    }
    assert_eq!(
        sums["rejected"].as_object().unwrap().values().filter_map(|n| n.as_u64()).sum::<u64>(),
        parsed.errors.len() as u64
    );
}

/// Credit notes against invoices of files read before: what was recorded stays, the rest is added to it.
#[test]
fn ord_14_a_note_keeps_what_it_was_given_and_takes_more_under_another_number() {
    const HEAD: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    let read = |text: &str, earlier: &Earlier| {
        let text = format!("{HEAD}{text}");
        let outline = online_retail::outline(table(&text)).unwrap();
        online_retail::orders_after(table(&text), &outline, earlier).unwrap()
    };
    let sales = "1,A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,Spain\n1,B,LAMP,2,2010-12-01 08:26:00,1,17850.0,Spain\n\
                 2,A,HEART,1,2010-12-02 08:26:00,2.55,17850.0,Spain\n9,A,HEART,9,2011-02-01 08:26:00,2.55,17850.0,Spain\n";
    let orders = |parsed: munshi_connectors::files::Parsed<OrderRecord>| -> Vec<_> {
        let rows = parsed.rows.into_iter();
        rows.filter_map(|row| if let OrderRecord::Order(order) = row { Some(order) } else { None }).collect()
    };
    let returns = |parsed: &munshi_connectors::files::Parsed<OrderRecord>| -> Vec<_> {
        let rows = parsed.rows.iter();
        let found = rows.filter_map(|row| if let OrderRecord::Return(note) = row { Some(note) } else { None });
        found.map(|note| (note.number.clone(), note.order.clone(), note.lines.clone(), note.rows.clone())).collect()
    };
    let mut earlier = Earlier { orders: orders(read(sales, &Earlier::default())), returns: vec![] };
    let note =
        "C5,A,HEART,-3,2011-01-05 10:00:00,2.55,17850.0,Spain\nC5,B,LAMP,-1,2011-01-05 10:00:00,1,17850.0,Spain\n";
    let first = returns(&read(note, &earlier));
    let one = ("C5".to_owned(), "1".to_owned(), vec![(1, 2), (2, 1)], vec![2, 3]);
    let two = ("C5".to_owned(), "2".to_owned(), vec![(1, 1)], vec![2]);
    assert_eq!(first, [one.clone(), two.clone()], "the latest before the note first, and none after it");
    // Only the part of order 1 was recorded, and of it only the first row, when the import ended.
    let known = |number: &str, order: &str, lines: &[(usize, u32)]| KnownReturn {
        number: number.into(),
        order: order.into(),
        lines: lines.to_vec(),
    };
    earlier.returns = vec![known("C5", "1", &[(1, 2)])];
    let added = ("C5#2".to_owned(), "1".to_owned(), vec![(2, 1)], vec![3]);
    let again = returns(&read(note, &earlier));
    assert_eq!(again, [("C5".to_owned(), "1".to_owned(), vec![(1, 2)], vec![2]), added.clone(), two.clone()]);
    // Everything is recorded, and another note has taken the rest: reading the file again says the same.
    earlier.returns.extend([known("C5#2", "1", &[(2, 1)]), known("C5", "2", &[(1, 1)]), known("C6", "1", &[(1, 4)])]);
    assert_eq!(returns(&read(note, &earlier)), again);
    let more = read(&note.replace("C5", "C7"), &earlier);
    assert_eq!(codes(&more.errors), [(2, "InvoiceNo", "no_matching_invoice")], "only the lamp is left");
}
