//! Files of products, customers, stock and orders, as shops have them.
//!
//! Each layout turns rows of a [`table::Table`] into typed rows and [`RowError`]s. Invariant: every data row of
//! a file ends in exactly one of the three: a typed row (or a line of one), an error with its row number and
//! original cells, or a counted skip. What it does not do: look anything up, or guess what a cell may mean.

mod chunks;
mod columns;
pub mod credit;
pub mod london;
pub mod native;
pub mod online_retail;
pub mod shopify;
pub mod table;

use std::collections::BTreeMap;

use munshi_domain::{
    Currency, Money, Sku, Timestamp, WarehouseId,
    customer::Address,
    phone::{Email, Phone},
};
use rust_decimal::Decimal;

pub use chunks::Chunks;
pub use columns::Columns;
pub use table::{FileError, Table};

/// Columns a layout cannot do without, each a list of accepted names.
pub type Needed = &'static [&'static [&'static str]];

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Munshi's own columns, see [`native`].
    Native,
    /// Shopify's product export.
    Shopify,
    /// The UCI "Online Retail" invoice list.
    OnlineRetail,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 3] = [Self::Native, Self::Shopify, Self::OnlineRetail];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Shopify => "shopify",
            Self::OnlineRetail => "online-retail",
        }
    }

    /// The layout with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.name() == name)
    }

    /// The layout whose tell-tale columns these headers have.
    pub fn detect(headers: &[String]) -> Self {
        let has = |name: &str| headers.iter().any(|header| columns::plain(header) == name);
        if has("invoiceno") && has("stockcode") {
            Self::OnlineRetail
        } else if has("handle") && has("variantprice") {
            Self::Shopify
        } else {
            Self::Native
        }
    }
}

/// A row that was not taken, with everything needed to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// Row as a spreadsheet counts it: the header is row 1.
    pub row: u64,
    /// Header of the column it is about; empty if it is about the whole row.
    pub column: String,
    /// Stable snake_case code.
    pub code: &'static str,
    /// In words.
    pub message: String,
    /// The cells as they stand in the file; empty when they are to be read again for the error file.
    pub cells: Vec<String>,
}

impl RowError {
    /// About a whole row whose cells are no longer at hand.
    pub fn of_row(row: u64, code: &'static str, message: impl Into<String>) -> Self {
        Self { row, column: String::new(), code, message: message.into(), cells: vec![] }
    }
}

/// What a file says.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    /// Headers as they stand in the file.
    pub headers: Vec<String>,
    /// Data rows read, without the header and blank rows.
    pub read: u64,
    /// What was understood.
    pub rows: Vec<T>,
    /// What was not.
    pub errors: Vec<RowError>,
    /// Rows that hold nothing to take over, by reason (for example `image_only`).
    pub skipped: BTreeMap<&'static str, u64>,
    /// Remarks on the file as a whole, for example its encoding.
    pub notes: Vec<String>,
}

impl<T> Parsed<T> {
    fn new(headers: Vec<String>) -> Self {
        Self { headers, read: 0, rows: vec![], errors: vec![], skipped: BTreeMap::new(), notes: vec![] }
    }

    fn skip(&mut self, reason: &'static str) {
        *self.skipped.entry(reason).or_default() += 1;
    }
}

/// A sellable variant.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductRow {
    /// Row in the file.
    pub row: u64,
    /// Stock-keeping unit.
    pub sku: Sku,
    /// Groups the variants of one product.
    pub handle: String,
    /// Title.
    pub title: String,
    /// Brand or vendor.
    pub brand: String,
    /// Category or type.
    pub category: String,
    /// Keywords.
    pub tags: Vec<String>,
    /// Option names and values, for example size and color.
    pub options: Vec<(String, String)>,
    /// Barcode.
    pub barcode: Option<String>,
    /// Price of a unit.
    pub price: Money,
    /// Price before a reduction.
    pub compare_at: Option<Money>,
    /// Tax code of the shop's settings.
    pub tax_code: Option<String>,
    /// Weight of a unit in grams.
    pub weight_grams: u32,
    /// `false` for services and digital goods.
    pub stocked: bool,
    /// Whether it may be sold without stock.
    pub backorder: bool,
    /// Whether it is on sale.
    pub active: bool,
    /// Address of a picture.
    pub image: Option<String>,
    /// Description.
    pub description: String,
    /// Units on hand according to the file.
    pub quantity: Option<u32>,
}

/// A customer.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerRow {
    /// Row in the file.
    pub row: u64,
    /// What the customer is called in the other system; the natural key.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Phones.
    pub phones: Vec<Phone>,
    /// E-mail addresses.
    pub emails: Vec<Email>,
    /// One of [`CUSTOMER_TYPES`].
    pub kind: String,
    /// Tier.
    pub tier: String,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Keywords.
    pub tags: Vec<String>,
    /// Credit limit and days to pay.
    pub credit: Option<(Money, u16)>,
}

/// Customer types the native layout accepts (ORD-03).
pub const CUSTOMER_TYPES: [&str; 5] = ["retail", "wholesale", "vip", "corporate", "government"];

/// Units of one SKU in one warehouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// Row in the file.
    pub row: u64,
    /// Warehouse, or the one given on the command line.
    pub warehouse: Option<WarehouseId>,
    /// What is counted.
    pub sku: Sku,
    /// Units on hand.
    pub on_hand: u32,
    /// Units kept back.
    pub safety: Option<u32>,
    /// Threshold of the low-stock alert.
    pub low_stock: Option<u32>,
}

/// One line of an order that happened elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoricLine {
    /// Row in the file.
    pub row: u64,
    /// What was sold.
    pub sku: Sku,
    /// Its name then.
    pub title: String,
    /// Units.
    pub quantity: u32,
    /// Price of a unit.
    pub unit_price: Decimal,
    /// Postage, fees and the like: nothing that stands on a shelf.
    pub service: bool,
}

/// An order that happened elsewhere (ORD-14).
#[derive(Clone, Debug, PartialEq)]
pub struct HistoricOrder {
    /// First row in the file.
    pub row: u64,
    /// Its number there; the natural key.
    pub number: String,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// The customer's reference there; `None` for a guest.
    pub customer: Option<String>,
    /// Name of the customer, where the file has one.
    pub customer_name: Option<String>,
    /// Phone of the customer, where the file has one.
    pub phone: Option<Phone>,
    /// Where it went, as far as the file says.
    pub address: Address,
    /// Currency of the prices.
    pub currency: Currency,
    /// Lines, in the order of the file; duplicates of a SKU stay apart.
    pub lines: Vec<HistoricLine>,
}

impl HistoricOrder {
    /// Sum of unit prices times quantities.
    pub fn total(&self) -> Decimal {
        self.lines.iter().map(|line| line.unit_price * Decimal::from(line.quantity)).sum()
    }

    /// Sum of the units.
    pub fn units(&self) -> u64 {
        self.lines.iter().map(|line| u64::from(line.quantity)).sum()
    }
}

/// Units of an earlier order that came back.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoricReturn {
    /// Rows in the file, in order.
    pub rows: Vec<u64>,
    /// Number of the credit note, with `#2` and so on where units of one order are added to it later; the natural
    /// key together with `order`.
    pub number: String,
    /// When.
    pub at: Timestamp,
    /// Number of the order the units belong to.
    pub order: String,
    /// Line of that order (from 1, in the order of the file) and units.
    pub lines: Vec<(usize, u32)>,
    /// Currency of the order.
    pub currency: Currency,
    /// What was credited.
    pub money: Decimal,
}

/// An order file: what was sold, and what came back.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "most records are sales; a box for each would cost more")]
pub enum OrderRecord {
    /// A sale.
    Order(HistoricOrder),
    /// A return; always after its sale.
    Return(HistoricReturn),
}
