//! The UCI "Online Retail" invoice list: one row a line, invoices by number, credit notes with a leading `C`.
//!
//! How its oddities are read:
//! - rows are grouped by `InvoiceNo`; the first row gives customer, country and time (London wall clock → UTC);
//! - a row without `CustomerID` belongs to a guest;
//! - `StockCode` in upper case is the SKU; several rows of one code in one invoice stay several lines;
//! - postage, carriage, manual entries, bank charges and the like ([`is_service`]) are lines without stock;
//! - a row of an invoice whose quantity is not positive is a stock write-off, not a sale: `stock_adjustment`;
//!   one whose price is not positive carries no sale either: `no_price`. Both are rejected with that code;
//! - a `C` row returns units of the latest earlier invoices of the same customer with the same code and price
//!   that still have units left, as many as it takes, see [`super::credit`].

use std::collections::{HashMap, HashSet};

use munshi_domain::{Currency, Quantity, Sku, Timestamp, customer::Address};
use rust_decimal::Decimal;

use super::{
    Columns, FileError, HistoricLine, HistoricOrder, Needed, OrderRecord, Parsed, RowError, Table,
    columns::Row,
    credit::{Credits, Earlier, Item, Note},
    london,
};

const INVOICE: &[&str] = &["InvoiceNo", "Invoice"];
const CODE: &[&str] = &["StockCode"];
const TITLE: &[&str] = &["Description"];
const QUANTITY: &[&str] = &["Quantity"];
const DATE: &[&str] = &["InvoiceDate"];
const PRICE: &[&str] = &["UnitPrice", "Price"];
const CUSTOMER: &[&str] = &["CustomerID", "Customer ID"];
const COUNTRY: &[&str] = &["Country"];

/// What an invoice list needs.
pub const ORDERS: Needed = &[INVOICE, CODE, QUANTITY, DATE, PRICE];

/// Codes that stand for money, not for goods.
const SERVICES: [&str; 11] = ["POST", "DOT", "C2", "C3", "M", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK"];

/// Whether a stock code is postage, a fee or a manual entry: nothing that stands on a shelf.
pub fn is_service(code: &str) -> bool {
    SERVICES.contains(&code) || code.starts_with("GIFT_")
}

/// One line of the file.
struct Line {
    invoice: String,
    at: Timestamp,
    customer: Option<String>,
    country: String,
    sku: Sku,
    title: String,
    quantity: i64,
    price: Decimal,
}

/// Whose earlier invoices a file refers to, and which it holds itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Numbers of its invoices.
    pub invoices: HashSet<String>,
    /// Customers with credit notes.
    pub credited: HashSet<String>,
}

/// Reads only what [`orders_after`] has to be told about.
///
/// # Errors
/// [`FileError`] when the file as a whole cannot be read.
pub fn outline(mut table: Table) -> Result<Outline, FileError> {
    let columns = Columns::new(table.headers());
    columns.require(ORDERS)?;
    let mut outline = Outline::default();
    while let Some(record) = table.next_record()? {
        let row = columns.row(&record);
        let invoice = row.get(INVOICE);
        if !is_credit(invoice) {
            outline.invoices.insert(invoice.to_owned());
        } else if let Some(customer) = customer(row) {
            outline.credited.insert(customer);
        }
    }
    Ok(outline)
}

/// Reads an invoice list.
///
/// # Errors
/// [`FileError`] when the file as a whole cannot be read.
pub fn orders(table: Table) -> Result<Parsed<OrderRecord>, FileError> {
    orders_after(table, &Outline::default(), &Earlier::default())
}

/// Reads an invoice list whose credit notes may belong to invoices of files read before.
///
/// # Errors
/// [`FileError`] when the file as a whole cannot be read.
pub fn orders_after(mut table: Table, outline: &Outline, earlier: &Earlier) -> Result<Parsed<OrderRecord>, FileError> {
    let columns = Columns::new(table.headers());
    columns.require(ORDERS)?;
    let mut parsed = Parsed::new(table.headers().to_vec());
    let mut book = Book { credits: Credits::new(earlier, &outline.invoices), ..Book::default() };
    while let Some(record) = table.next_record()? {
        parsed.read += 1;
        let row = columns.row(&record);
        let taken = line(row)
            .and_then(|line| if is_credit(&line.invoice) { book.credit(row, line) } else { book.sale(row, line) });
        if let Err(error) = taken {
            parsed.errors.push(error);
        }
    }
    parsed.notes = table.notes();
    parsed.rows = book.records();
    Ok(parsed)
}

fn is_credit(invoice: &str) -> bool {
    invoice.starts_with(['C', 'c'])
}

/// The customer's number; spreadsheets write it with a decimal point.
fn customer(row: Row<'_>) -> Option<String> {
    row.some(CUSTOMER).map(|id| id.strip_suffix(".0").unwrap_or(id).to_owned())
}

fn line(row: Row<'_>) -> Result<Line, RowError> {
    let code = row.required(CODE)?.to_uppercase();
    let at = row.required(DATE)?;
    let title = row.some(TITLE).unwrap_or(&code).to_owned();
    Ok(Line {
        invoice: row.required(INVOICE)?.to_owned(),
        at: london::parse(at).ok_or_else(|| row.error(DATE, "bad_instant", format!("{at:?} is no date and time")))?,
        customer: customer(row),
        country: row.get(COUNTRY).to_owned(),
        sku: Sku::parse(&code).map_err(|error| row.error(CODE, "bad_sku", error.to_string()))?,
        title,
        quantity: row.whole(QUANTITY)?.ok_or_else(|| row.error(QUANTITY, "missing", "a quantity is needed"))?,
        price: row.decimal(PRICE)?.ok_or_else(|| row.error(PRICE, "missing", "a price is needed"))?,
    })
}

/// Everything read so far.
#[derive(Default)]
struct Book {
    orders: Vec<HistoricOrder>,
    by_number: HashMap<String, usize>,
    credits: Credits,
}

impl Book {
    fn sale(&mut self, row: Row<'_>, line: Line) -> Result<(), RowError> {
        if line.quantity <= 0 {
            let message = "a quantity below 1 outside a credit note is a stock write-off, not a sale";
            return Err(row.error(QUANTITY, "stock_adjustment", message));
        }
        let quantity = Quantity::new(line.quantity).map_err(|e| row.error(QUANTITY, "bad_quantity", e.to_string()))?;
        if line.price <= Decimal::ZERO {
            return Err(row.error(PRICE, "no_price", "a row without a price above zero is no sale"));
        }
        if Currency::GBP.round(line.price) != line.price {
            return Err(row.error(PRICE, "bad_money", "GBP has two decimal places"));
        }
        let index = match self.by_number.get(&line.invoice) {
            Some(index) => *index,
            None => self.open(row, &line),
        };
        let order = &mut self.orders[index];
        order.lines.push(HistoricLine {
            row: row.number(),
            service: is_service(line.sku.as_str()),
            sku: line.sku.clone(),
            title: line.title,
            quantity: quantity.get(),
            unit_price: line.price,
        });
        if let Some(customer) = line.customer {
            let item = Item::new(&customer, &line.sku, line.price);
            self.credits.sold(item, &order.number, order.lines.len(), quantity.get(), order.placed_at);
        }
        Ok(())
    }

    fn open(&mut self, row: Row<'_>, line: &Line) -> usize {
        self.orders.push(HistoricOrder {
            row: row.number(),
            number: line.invoice.clone(),
            placed_at: line.at,
            customer: line.customer.clone(),
            customer_name: None,
            phone: None,
            address: Address { country: country_code(&line.country).to_owned(), ..Address::default() },
            currency: Currency::GBP,
            lines: vec![],
        });
        self.by_number.insert(line.invoice.clone(), self.orders.len() - 1);
        self.orders.len() - 1
    }

    fn credit(&mut self, row: Row<'_>, line: Line) -> Result<(), RowError> {
        let wanted = match Quantity::new(line.quantity.saturating_neg()) {
            Ok(wanted) => wanted.get(),
            Err(_) => return Err(row.error(QUANTITY, "bad_quantity", "a credit note has a quantity below zero")),
        };
        let none = |why: String| row.error(INVOICE, "no_matching_invoice", why);
        let Some(customer) = line.customer else {
            return Err(none("a guest's credit note names no earlier invoice".into()));
        };
        let item = Item::new(&customer, &line.sku, line.price);
        let note = Note { number: &line.invoice, row: row.number(), at: line.at };
        self.credits.returned(&note, &item, wanted).map_err(|shortage| none(shortage.to_string()))
    }

    fn records(self) -> Vec<OrderRecord> {
        let orders = self.orders.into_iter().map(OrderRecord::Order);
        orders.chain(self.credits.into_returns().map(OrderRecord::Return)).collect()
    }
}

/// ISO 3166-1 code of a country as the file writes it; `ZZ` (unknown) for anything else.
pub fn country_code(name: &str) -> &'static str {
    const CODES: [(&str, &str); 37] = [
        ("Australia", "AU"),
        ("Austria", "AT"),
        ("Bahrain", "BH"),
        ("Belgium", "BE"),
        ("Brazil", "BR"),
        ("Canada", "CA"),
        ("Channel Islands", "JE"),
        ("Cyprus", "CY"),
        ("Czech Republic", "CZ"),
        ("Denmark", "DK"),
        ("EIRE", "IE"),
        ("Finland", "FI"),
        ("France", "FR"),
        ("Germany", "DE"),
        ("Greece", "GR"),
        ("Hong Kong", "HK"),
        ("Iceland", "IS"),
        ("Israel", "IL"),
        ("Italy", "IT"),
        ("Japan", "JP"),
        ("Lebanon", "LB"),
        ("Lithuania", "LT"),
        ("Malta", "MT"),
        ("Netherlands", "NL"),
        ("Norway", "NO"),
        ("Poland", "PL"),
        ("Portugal", "PT"),
        ("RSA", "ZA"),
        ("Saudi Arabia", "SA"),
        ("Singapore", "SG"),
        ("Spain", "ES"),
        ("Sweden", "SE"),
        ("Switzerland", "CH"),
        ("USA", "US"),
        ("United Arab Emirates", "AE"),
        ("United Kingdom", "GB"),
        ("European Community", "EU"),
    ];
    CODES.iter().find(|(known, _)| *known == name).map_or("ZZ", |(_, code)| code)
}
