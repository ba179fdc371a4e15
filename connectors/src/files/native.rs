//! Munshi's own columns. Headers are matched whatever their case, blanks and underscores.
//!
//! | file | columns (required ones first) |
//! |---|---|
//! | products | `sku`, `title`, `price`, `currency`, `handle`, `brand`, `category`, `tags`, `option1_name`, `option1_value` … `option3_value`, `barcode`, `compare_at`, `tax_code`, `weight_grams`, `stocked`, `backorder`, `active`, `image`, `description`, `quantity` |
//! | customers | `reference`, `name`, `phone` (several with `;`), `email` (several with `;`), `type`, `tier`, `address_line1`, `address_line2`, `city`, `province`, `postcode`, `country`, `landmark`, `tags`, `credit_limit`, `credit_days`, `currency` |
//! | stock | `sku`, `on_hand`, `warehouse`, `safety`, `low_stock` |
//! | orders | `number`, `placed_at` (RFC 3339), `sku`, `quantity`, `unit_price`, `currency`, `title`, `customer` (reference), `customer_name`, `phone`, `address_line1`, `city`, `country`; one row a line, grouped by `number` |

use std::collections::{HashMap, HashSet};

use munshi_domain::{
    Currency, Quantity, Sku, Timestamp, WarehouseId,
    customer::Address,
    phone::{Email, Phone},
};

use super::{
    CUSTOMER_TYPES, Chunks, Columns, CustomerRow, FileError, HistoricLine, HistoricOrder, Needed, Parsed, ProductRow,
    RowError, StockRow, Table, columns::Row,
};

const SKU: &[&str] = &["sku", "variant sku", "item", "stock code"];
const TITLE: &[&str] = &["title", "name", "description"];
const PRICE: &[&str] = &["price", "unit_price"];
const CURRENCY: &[&str] = &["currency"];
const BARCODE: &[&str] = &["barcode", "ean", "gtin"];

pub(super) fn sku(row: Row<'_>, names: &[&str]) -> Result<Sku, RowError> {
    Sku::parse(row.required(names)?).map_err(|error| row.error(names, "bad_sku", error.to_string()))
}

/// What a product file needs.
pub const PRODUCTS: Needed = &[SKU, TITLE, PRICE];

/// Reads a product file; `currency` is assumed where a row names none.
///
/// # Errors
/// [`FileError`] when the file as a whole cannot be read.
pub fn products(table: Table, currency: Currency) -> Result<Chunks<ProductRow>, FileError> {
    let mut seen = HashSet::new();
    Chunks::new(table, PRODUCTS, move |row| {
        let product = product(row, currency)?;
        if seen.insert(product.sku.clone()) {
            Ok(product)
        } else {
            Err(row.error(SKU, "duplicate_sku", format!("SKU {} stands in an earlier row", product.sku)))
        }
    })
}

fn product(row: Row<'_>, currency: Currency) -> Result<ProductRow, RowError> {
    let sku = sku(row, SKU)?;
    let currency = row.currency(CURRENCY, currency)?;
    let price = row.money(PRICE, currency)?.ok_or_else(|| row.error(PRICE, "missing", "a price is needed"))?;
    let option = |n: usize| {
        let (name, value) = (format!("option{n}_name"), format!("option{n}_value"));
        Some((row.some(&[name.as_str()])?.to_owned(), row.some(&[value.as_str()])?.to_owned()))
    };
    Ok(ProductRow {
        row: row.number(),
        handle: row.some(&["handle"]).map_or_else(|| slug(sku.as_str()), str::to_owned),
        title: row.required(TITLE)?.to_owned(),
        brand: row.get(&["brand", "vendor"]).to_owned(),
        category: row.get(&["category", "type"]).to_owned(),
        tags: row.list(&["tags"]),
        options: (1..=3).filter_map(option).collect(),
        barcode: row.some(BARCODE).map(str::to_owned),
        price,
        compare_at: row.money(&["compare_at", "compare_at_price"], currency)?,
        tax_code: row.some(&["tax_code"]).map(str::to_owned),
        weight_grams: row.count(&["weight_grams", "grams"])?.unwrap_or_default(),
        stocked: row.truth(&["stocked"], true)?,
        backorder: row.truth(&["backorder"], false)?,
        active: row.truth(&["active", "published", "status"], true)?,
        image: row.some(&["image", "image_src"]).map(str::to_owned),
        description: row.get(&["description", "body"]).to_owned(),
        quantity: row.count(&["quantity", "on_hand", "stock"])?,
        sku,
    })
}

const REFERENCE: &[&str] = &["reference", "customer_id", "id"];
const NAME: &[&str] = &["name", "customer_name"];
const PHONE: &[&str] = &["phone", "phones", "mobile"];
const EMAIL: &[&str] = &["email", "emails", "e-mail"];
const TYPE: &[&str] = &["type", "customer_type"];
const LIMIT: &[&str] = &["credit_limit"];

/// What a customer file needs.
pub const CUSTOMERS: Needed = &[NAME];

/// Reads a customer file. A row without `reference` is known by its first phone, else its first e-mail.
///
/// # Errors
/// [`FileError`] when the file as a whole cannot be read.
pub fn customers(table: Table, currency: Currency) -> Result<Chunks<CustomerRow>, FileError> {
    let mut seen = HashSet::new();
    Chunks::new(table, CUSTOMERS, move |row| {
        let customer = customer(row, currency)?;
        if seen.insert(customer.reference.clone()) {
            Ok(customer)
        } else {
            let message = format!("{} stands in an earlier row", customer.reference);
            Err(row.error(REFERENCE, "duplicate_customer", message))
        }
    })
}

fn customer(row: Row<'_>, currency: Currency) -> Result<CustomerRow, RowError> {
    let phones: Vec<Phone> = row
        .list(PHONE)
        .iter()
        .map(|text| Phone::parse(text).map_err(|error| row.error(PHONE, "bad_phone", error.to_string())))
        .collect::<Result<_, _>>()?;
    let emails: Vec<Email> = row
        .list(EMAIL)
        .iter()
        .map(|text| Email::parse(text).map_err(|error| row.error(EMAIL, "bad_email", error.to_string())))
        .collect::<Result<_, _>>()?;
    let kind = row.some(TYPE).map_or_else(|| "retail".to_owned(), str::to_lowercase);
    if !CUSTOMER_TYPES.contains(&kind.as_str()) {
        return Err(row.error(TYPE, "unknown_type", format!("type is one of {}", CUSTOMER_TYPES.join(", "))));
    }
    let known = phones.first().map(|phone| phone.as_str().to_owned());
    let reference = row
        .some(REFERENCE)
        .map(str::to_owned)
        .or(known)
        .or_else(|| emails.first().map(|email| email.as_str().to_owned()))
        .ok_or_else(|| row.error(REFERENCE, "missing", "a reference, a phone or an e-mail is needed"))?;
    let currency = row.currency(CURRENCY, currency)?;
    let days = row.count(&["credit_days"])?.unwrap_or(30);
    let days = u16::try_from(days).map_err(|_| row.error(&["credit_days"], "out_of_range", "at most 65535 days"))?;
    let address = address(row, phones.first().cloned());
    Ok(CustomerRow {
        row: row.number(),
        reference,
        name: row.required(NAME)?.to_owned(),
        kind,
        tier: row.get(&["tier"]).to_owned(),
        addresses: if address.line1.is_empty() && address.city.is_empty() { vec![] } else { vec![address] },
        tags: row.list(&["tags"]),
        credit: row.money(LIMIT, currency)?.map(|limit| (limit, days)),
        phones,
        emails,
    })
}

fn address(row: Row<'_>, phone: Option<Phone>) -> Address {
    Address {
        name: row.get(NAME).to_owned(),
        phone,
        line1: row.get(&["address_line1", "address", "address1", "line1"]).to_owned(),
        line2: row.get(&["address_line2", "address2", "line2"]).to_owned(),
        city: row.get(&["city"]).to_owned(),
        province: row.get(&["province", "state"]).to_owned(),
        postcode: row.get(&["postcode", "zip", "postal_code"]).to_owned(),
        country: row.some(&["country", "country_code"]).map_or_else(|| "PK".to_owned(), str::to_uppercase),
        landmark: row.get(&["landmark"]).to_owned(),
        ..Address::default()
    }
}

const WAREHOUSE: &[&str] = &["warehouse", "location", "warehouse_code"];
const ON_HAND: &[&str] = &["on_hand", "quantity", "available", "stock"];

/// What a stock file needs.
pub const STOCK: Needed = &[SKU, ON_HAND];

/// Reads a stock file.
///
/// # Errors
/// [`FileError`] when the file as a whole cannot be read.
pub fn stock(table: Table) -> Result<Chunks<StockRow>, FileError> {
    let mut seen = HashSet::new();
    Chunks::new(table, STOCK, move |row| {
        let sku = sku(row, SKU)?;
        let warehouse = row
            .some(WAREHOUSE)
            .map(|code| {
                WarehouseId::parse(code).map_err(|error| row.error(WAREHOUSE, "bad_warehouse", error.to_string()))
            })
            .transpose()?;
        if !seen.insert((warehouse.clone(), sku.clone())) {
            return Err(row.error(SKU, "duplicate_sku", format!("SKU {sku} stands in an earlier row")));
        }
        let on_hand = row.count(ON_HAND)?.ok_or_else(|| row.error(ON_HAND, "missing", "a count is needed"))?;
        let (safety, low_stock) =
            (row.count(&["safety", "safety_stock"])?, row.count(&["low_stock", "reorder_point"])?);
        Ok(StockRow { row: row.number(), warehouse, sku, on_hand, safety, low_stock })
    })
}

const NUMBER: &[&str] = &["number", "order_number", "order"];
const PLACED: &[&str] = &["placed_at", "date", "created_at"];
const QUANTITY: &[&str] = &["quantity", "qty"];
const UNIT_PRICE: &[&str] = &["unit_price", "price"];

/// What an order file needs.
pub const ORDERS: Needed = &[NUMBER, PLACED, SKU, QUANTITY, UNIT_PRICE];

/// Where the rows of each order end, by its number: what tells a reader that an order is complete.
#[derive(Clone, Debug, Default)]
pub struct Ends(HashMap<String, u64>);

/// Reads only where orders end.
///
/// # Errors
/// [`FileError`] when the file as a whole cannot be read.
pub fn order_ends(mut table: Table) -> Result<Ends, FileError> {
    let columns = Columns::new(table.headers());
    columns.require(ORDERS)?;
    let mut ends = HashMap::new();
    while let Some(record) = table.next_record()? {
        let row = columns.row(&record);
        if let Some(number) = row.some(NUMBER) {
            match ends.get_mut(number) {
                Some(end) => *end = row.number(),
                None => drop(ends.insert(number.to_owned(), row.number())),
            }
        }
    }
    Ok(Ends(ends))
}

/// An order that still has rows to come.
#[derive(Debug, Default)]
struct Open {
    order: Option<HistoricOrder>,
    /// The first of its rows that is wrong.
    wrong: Option<u64>,
}

/// The orders of a file, one row a line. An order is taken whole or not at all: when one of its rows is wrong, the others
/// are listed with it (`order_incomplete`), so that the mended rows can be brought in together.
pub struct Orders {
    table: Table,
    columns: Columns,
    currency: Currency,
    ends: Ends,
    open: HashMap<String, Open>,
    ended: bool,
}

impl std::fmt::Debug for Orders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Orders").field("open", &self.open.len()).finish_non_exhaustive()
    }
}

/// Opens an order file; `ends` are those of the same file.
///
/// # Errors
/// [`FileError`] when the file as a whole cannot be read.
pub fn orders(table: Table, currency: Currency, ends: Ends) -> Result<Orders, FileError> {
    let columns = Columns::new(table.headers());
    columns.require(ORDERS)?;
    Ok(Orders { table, columns, currency, ends, open: HashMap::new(), ended: false })
}

impl Orders {
    /// The orders that end in about the next so many rows, in the order in which they end; nothing at the end of the file.
    ///
    /// # Errors
    /// [`FileError`] when the file cannot be read on.
    pub fn next(&mut self, rows: usize) -> Result<Option<Parsed<HistoricOrder>>, FileError> {
        let mut parsed = Parsed::new(self.table.headers().to_vec());
        while !self.ended && parsed.read < rows as u64 {
            let Some(record) = self.table.next_record()? else {
                (self.ended, parsed.notes) = (true, self.table.notes());
                break;
            };
            parsed.read += 1;
            let row = self.columns.row(&record);
            let number = match row.required(NUMBER) {
                Ok(number) => number,
                Err(error) => {
                    parsed.errors.push(error);
                    continue;
                }
            };
            let open = self.open.entry(number.to_owned()).or_default();
            if let Err(error) = add_line(row, number, self.currency, &mut open.order) {
                open.wrong.get_or_insert(row.number());
                parsed.errors.push(error);
            }
            if self.ends.0.get(number) == Some(&row.number())
                && let Some(ended) = self.open.remove(number)
            {
                ended.close(&mut parsed);
            }
        }
        parsed.errors.sort_by_key(|error| error.row);
        Ok((parsed.read > 0 || !parsed.notes.is_empty()).then_some(parsed))
    }
}

impl Open {
    fn close(self, parsed: &mut Parsed<HistoricOrder>) {
        match (self.order, self.wrong) {
            (Some(order), None) => parsed.rows.push(order),
            (Some(order), Some(wrong)) => {
                let message = format!("row {wrong} of the same order is wrong");
                let incomplete = |line: &HistoricLine| RowError::of_row(line.row, "order_incomplete", message.clone());
                parsed.errors.extend(order.lines.iter().map(incomplete));
            }
            (None, _) => {}
        }
    }
}

fn add_line(row: Row<'_>, number: &str, currency: Currency, open: &mut Option<HistoricOrder>) -> Result<(), RowError> {
    let line = line(row)?;
    let currency = row.currency(CURRENCY, currency)?;
    if currency.round(line.unit_price) != line.unit_price {
        return Err(row.error(UNIT_PRICE, "bad_money", format!("{currency} has fewer decimal places")));
    }
    let order = match open {
        Some(order) => order,
        None => open.insert(order(row, number, currency)?),
    };
    if order.currency != currency {
        return Err(row.error(CURRENCY, "mixed_currencies", "an order has one currency"));
    }
    order.lines.push(line);
    Ok(())
}

fn order(row: Row<'_>, number: &str, currency: Currency) -> Result<HistoricOrder, RowError> {
    let placed = row.required(PLACED)?;
    let placed_at = Timestamp::parse(placed)
        .ok_or_else(|| row.error(PLACED, "bad_instant", "an instant such as 2026-01-31T12:00:00+05:00 is needed"))?;
    let phone = row
        .some(PHONE)
        .map(|text| Phone::parse(text).map_err(|error| row.error(PHONE, "bad_phone", error.to_string())))
        .transpose()?;
    Ok(HistoricOrder {
        row: row.number(),
        number: number.to_owned(),
        placed_at,
        customer: row.some(&["customer", "customer_id", "customer_reference"]).map(str::to_owned),
        customer_name: row.some(&["customer_name", "name"]).map(str::to_owned),
        address: address(row, phone.clone()),
        phone,
        currency,
        lines: vec![],
    })
}

fn line(row: Row<'_>) -> Result<HistoricLine, RowError> {
    let sku = sku(row, SKU)?;
    let units = row.whole(QUANTITY)?.ok_or_else(|| row.error(QUANTITY, "missing", "a quantity is needed"))?;
    let quantity = Quantity::new(units).map_err(|error| row.error(QUANTITY, "bad_quantity", error.to_string()))?;
    let unit_price = row.decimal(UNIT_PRICE)?.ok_or_else(|| row.error(UNIT_PRICE, "missing", "a price is needed"))?;
    if unit_price.is_sign_negative() && !unit_price.is_zero() {
        return Err(row.error(UNIT_PRICE, "negative_price", "a price is never negative"));
    }
    let title = row.some(&["title", "description"]).unwrap_or(sku.as_str()).to_owned();
    let service = !row.truth(&["stocked"], true)?;
    Ok(HistoricLine { row: row.number(), sku, title, quantity: quantity.get(), unit_price, service })
}

/// Lower-case letters and digits with single hyphens between.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
