//! `munshi export`: products, customers, stock, orders and the journal as CSV or JSON lines.
//!
//! The columns of the first four are those `munshi import` reads, so that an export can be brought in elsewhere.

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use munshi_actors::{Hosted, node::Node};
use munshi_domain::{
    Kind, Timestamp, WarehouseId,
    customer::Customer,
    order::{Order, display_status, state::Stage},
    product::Product,
    warehouse::{Condition, Warehouse},
};
use serde_json::{Value, json};

use crate::{
    cli::Stop,
    config::Config,
    services::epcis::{self, Exported, Marks, Wanted},
};

/// Entities read at a time.
const PAGE: usize = 5_000;

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Products.
    Products,
    /// Customers.
    Customers,
    /// Stock, one row a SKU and warehouse.
    Stock,
    /// Orders, one row a line.
    Orders,
    /// The journal, one row an entry.
    Journal,
    /// What happened on the floor of a warehouse, as an EPCIS 2.0 document in JSON-LD.
    Epcis,
}

/// How to write it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values with a header.
    #[default]
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Arguments of `munshi export`.
#[derive(Clone, Debug, Args)]
pub struct ExportArgs {
    /// What to write.
    what: What,
    /// How to write it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Where to; standard output if not given.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// For `epcis`: code of the warehouse.
    #[arg(long, value_name = "CODE", value_parser = warehouse, required_if_eq("what", "epcis"))]
    warehouse: Option<WarehouseId>,
    /// For `epcis`: only what was recorded at or after this day (UTC) or instant.
    #[arg(long, value_name = "TIME", value_parser = epcis::instant)]
    from: Option<Timestamp>,
    /// For `epcis`: only what was recorded before this day (UTC) or instant.
    #[arg(long, value_name = "TIME", value_parser = epcis::instant)]
    to: Option<Timestamp>,
}

fn warehouse(code: &str) -> Result<WarehouseId, String> {
    WarehouseId::parse(code).map_err(|error| error.to_string())
}

const PRODUCTS: &[&str] = &[
    "sku",
    "handle",
    "title",
    "brand",
    "category",
    "option1_name",
    "option1_value",
    "option2_name",
    "option2_value",
    "option3_name",
    "option3_value",
    "barcode",
    "price",
    "compare_at",
    "currency",
    "tax_code",
    "weight_grams",
    "stocked",
    "backorder",
    "active",
    "image",
    "description",
];
const CUSTOMERS: &[&str] = &[
    "reference",
    "name",
    "phone",
    "email",
    "type",
    "tier",
    "address_line1",
    "address_line2",
    "city",
    "province",
    "postcode",
    "country",
    "landmark",
    "tags",
    "credit_limit",
    "credit_days",
    "currency",
];
const STOCK: &[&str] = &["warehouse", "sku", "on_hand", "reserved", "allocated", "available", "safety", "low_stock"];
const ORDERS: &[&str] = &[
    "number",
    "placed_at",
    "status",
    "customer",
    "customer_name",
    "phone",
    "address_line1",
    "city",
    "country",
    "sku",
    "title",
    "quantity",
    "returned",
    "unit_price",
    "discount",
    "currency",
];
const JOURNAL: &[&str] = &["seq", "entity", "version", "at", "by", "cmd", "command", "reason", "events", "hash"];

/// An export whose file can be written.
pub struct Export {
    what: What,
    sheet: Sheet,
    /// The floor whose events are written, for `epcis`.
    wanted: Option<Wanted>,
    /// Where the file is written before it takes its name; `None` for standard output and what is no regular file.
    partial: Option<Partial>,
}

impl Export {
    /// Begins the file; opens nothing else.
    ///
    /// # Errors
    /// `file_unwritable`.
    pub fn prepare(args: ExportArgs) -> Result<Self, Stop> {
        let ExportArgs { what, format, out, warehouse, from, to: until } = args;
        // What a document has of rows are its events; memory is the limit.
        let wanted = warehouse.map(|warehouse| Wanted { warehouse, from, to: until, after: None, most: usize::MAX });
        let format = if what == What::Epcis { Format::Jsonl } else { format };
        let (to, partial): (Box<dyn Write + Send>, _) = match out {
            None => (Box::new(std::io::stdout()), None),
            Some(path) => {
                let (file, partial) = Partial::create(&path).map_err(|error| unwritable(&path, &error))?;
                (Box::new(file), partial)
            }
        };
        let columns = match what {
            What::Products => PRODUCTS,
            What::Customers => CUSTOMERS,
            What::Stock => STOCK,
            What::Orders => ORDERS,
            What::Journal => JOURNAL,
            What::Epcis => &[],
        };
        let sheet = Sheet::new(Box::new(std::io::BufWriter::new(to)), format, columns);
        Ok(Self { what, sheet, wanted, partial })
    }

    /// Writes it; prints how many rows to standard error.
    ///
    /// # Errors
    /// When the file cannot be written or the store fails; the file that was there stays then.
    pub async fn run(mut self, node: &Node, config: &Config) -> Result<(), Stop> {
        let sheet = &mut self.sheet;
        sheet.headers()?;
        match self.what {
            What::Products => each::<Product>(node, sheet, |_, product| products(product)).await?,
            What::Customers => each::<Customer>(node, sheet, customers).await?,
            What::Stock => each::<Warehouse>(node, sheet, stock).await?,
            What::Orders => each::<Order>(node, sheet, orders).await?,
            What::Journal => journal(node, sheet).await?,
            What::Epcis => events(node, config, self.wanted.as_ref(), sheet).await?,
        }
        let rows = self.sheet.finish()?;
        if let Some(partial) = self.partial {
            partial.keep()?;
        }
        eprintln!("{rows} rows");
        Ok(())
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Stop {
    Stop::refused("file_unwritable", format!("{}: {error}", path.display()))
}

/// A file beside the one to write, which it replaces when it is whole; removed if it never is.
struct Partial {
    written: PathBuf,
    wanted: PathBuf,
}

impl Partial {
    /// The file to write into. What is no regular file, such as a pipe or a device, is written to directly.
    fn create(path: &Path) -> std::io::Result<(File, Option<Self>)> {
        match std::fs::metadata(path) {
            Ok(there) if !there.is_file() => return Ok((File::options().write(true).open(path)?, None)),
            _ => {}
        }
        let mut written = path.as_os_str().to_owned();
        written.push(".partial");
        let partial = Self { written: written.into(), wanted: path.to_owned() };
        Ok((File::create(&partial.written)?, Some(partial)))
    }

    fn keep(self) -> Result<(), Stop> {
        std::fs::rename(&self.written, &self.wanted).map_err(|error| unwritable(&self.wanted, &error))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Gone already when it was kept.
        let _ = std::fs::remove_file(&self.written);
    }
}

enum Output {
    Csv(Box<csv::Writer<Box<dyn Write + Send>>>),
    Jsonl(Box<dyn Write + Send>),
}

struct Sheet {
    output: Output,
    columns: &'static [&'static str],
    rows: u64,
}

impl Sheet {
    fn new(to: Box<dyn Write + Send>, format: Format, columns: &'static [&'static str]) -> Self {
        let output = match format {
            Format::Jsonl => Output::Jsonl(to),
            Format::Csv => Output::Csv(Box::new(csv::Writer::from_writer(to))),
        };
        Self { output, columns, rows: 0 }
    }

    fn headers(&mut self) -> Result<(), Stop> {
        if let Output::Csv(writer) = &mut self.output {
            writer.write_record(self.columns)?;
        }
        Ok(())
    }

    fn write(&mut self, row: &Value) -> Result<(), Stop> {
        self.rows += 1;
        match &mut self.output {
            Output::Jsonl(to) => writeln!(to, "{row}")?,
            Output::Csv(writer) => {
                writer.write_record(self.columns.iter().map(|column| cell(&row[*column])))?;
            }
        }
        Ok(())
    }

    /// Writes a document of so many rows as it is.
    fn document(&mut self, text: &str, rows: usize) -> Result<(), Stop> {
        self.rows += u64::try_from(rows).unwrap_or(u64::MAX);
        if let Output::Jsonl(to) = &mut self.output {
            writeln!(to, "{text}")?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<u64, Stop> {
        match &mut self.output {
            Output::Jsonl(to) => to.flush()?,
            Output::Csv(writer) => writer.flush()?,
        }
        Ok(self.rows)
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Every entity of a kind, in id order, page by page.
async fn each<A: Hosted>(
    node: &Node,
    sheet: &mut Sheet,
    rows: impl Fn(&str, &A) -> Vec<Value> + Copy + Send + 'static,
) -> Result<(), Stop> {
    let mut after: Option<String> = None;
    loop {
        let page = node.store().entities(A::KIND, after.as_deref(), PAGE).await?;
        for entity in &page {
            let id = entity.id.clone();
            let read = node.read::<A, _>(&entity.id, move |state, _| rows(&id, state)).await?;
            for row in read.unwrap_or_default() {
                sheet.write(&row)?;
            }
        }
        match page.last() {
            Some(last) if page.len() == PAGE => after = Some(last.id.to_string()),
            _ => return Ok(()),
        }
    }
}

fn products(product: &Product) -> Vec<Value> {
    let Some(details) = product.details.as_deref() else { return vec![] };
    let mut row = json!({
        "sku": details.sku, "handle": details.handle, "title": details.title, "brand": details.brand,
        "category": details.category, "barcode": details.barcode, "price": details.price.amount(),
        "compare_at": details.compare_at.map(|money| money.amount()), "currency": details.price.currency(),
        "tax_code": details.tax_code, "weight_grams": details.weight_grams, "stocked": details.stocked,
        "backorder": details.backorder, "active": product.active, "image": details.image,
        "description": details.description,
    });
    for (n, (name, value)) in details.options.iter().take(3).enumerate() {
        row[format!("option{}_name", n + 1)] = json!(name);
        row[format!("option{}_value", n + 1)] = json!(value);
    }
    vec![row]
}

fn customers(id: &str, customer: &Customer) -> Vec<Value> {
    let Some(details) = customer.details.as_deref() else { return vec![] };
    let joined = |texts: Vec<String>| texts.join("; ");
    let address = details.addresses.first().cloned().unwrap_or_default();
    vec![json!({
        "reference": id, "name": details.name,
        "phone": joined(details.phones.iter().map(ToString::to_string).collect()),
        "email": joined(details.emails.iter().map(ToString::to_string).collect()),
        "type": details.kind.word(), "tier": details.tier, "address_line1": address.line1,
        "address_line2": address.line2, "city": address.city, "province": address.province,
        "postcode": address.postcode, "country": address.country, "landmark": address.landmark,
        "tags": joined(details.tags.clone()),
        "credit_limit": details.credit.map(|terms| terms.limit.amount()),
        "credit_days": details.credit.map(|terms| terms.days),
        "currency": details.credit.map(|terms| terms.limit.currency()),
    })]
}

fn stock(id: &str, warehouse: &Warehouse) -> Vec<Value> {
    let row = |row: &munshi_domain::warehouse::Row| {
        json!({
            "warehouse": id, "sku": row.sku, "on_hand": row.on_hand.get(Condition::Sellable),
            "reserved": row.reserved, "allocated": row.allocated, "available": row.available(),
            "safety": row.safety, "low_stock": row.low_stock,
        })
    };
    let mut known: Vec<_> = warehouse.rows().collect();
    known.sort_by(|a, b| a.sku.cmp(&b.sku));
    known.into_iter().map(row).collect()
}

fn orders(id: &str, order: &Order) -> Vec<Value> {
    let Some(content) = order.content.as_deref() else { return vec![] };
    let imported = order.imported_number.clone();
    let number = order.terms.as_ref().map(|terms| terms.number.clone()).or(imported).unwrap_or_else(|| id.to_owned());
    let address = &content.shipping_address;
    let row = |line: &munshi_domain::order::content::ContentLine| {
        let returned = order.line(line.line).map_or(0, |state| state.units(Stage::Returned));
        json!({
            "number": number, "placed_at": order.placed_at.unwrap_or(order.created_at),
            "status": display_status(order), "customer": content.customer.id,
            "customer_name": content.customer.name, "phone": content.customer.phone, "address_line1": address.line1,
            "city": address.city, "country": address.country, "sku": line.sku, "title": line.title,
            "quantity": line.quantity, "returned": returned, "unit_price": line.unit_price, "discount": line.discount,
            "currency": content.currency,
        })
    };
    content.lines.iter().map(row).collect()
}

/// The events of a floor.
async fn events(node: &Node, config: &Config, wanted: Option<&Wanted>, sheet: &mut Sheet) -> Result<(), Stop> {
    let wanted = wanted.ok_or_else(|| Stop::Usage("epcis takes --warehouse".into()))?;
    let told = epcis::export(node, config, &Marks::default(), wanted).await;
    let Exported { document, count, .. } = told.map_err(|problem| match problem.code {
        "not_found" => Stop::refused("floor_unknown", format!("{} has no floor", wanted.warehouse)),
        _ => Stop::Failed(problem.detail),
    })?;
    sheet.document(&document.to_json(), count)
}

/// An event without hashes of secrets: few tries find the PIN behind its hash.
fn bare(kind: Kind, event: &Value) -> Value {
    let mut event = event.clone();
    if kind == Kind::Floor && event["type"] == "Device" {
        for secret in ["/holder/pin", "/key", "/invitation/code"] {
            if let Some(hash) = event.pointer_mut(secret) {
                *hash = Value::Null;
            }
        }
    }
    event
}

async fn journal(node: &Node, sheet: &mut Sheet) -> Result<(), Stop> {
    let mut after = 0;
    loop {
        let entries = node.store().journal(after, 1_000).await?;
        let Some(last) = entries.last() else { return Ok(()) };
        after = last.seq;
        for entry in &entries {
            let hidden = entry.entity.kind == Kind::User;
            let shown = || entry.events.iter().map(|event| bare(entry.entity.kind, event)).collect();
            sheet.write(&json!({
                "seq": entry.seq, "entity": entry.entity.to_string(), "version": entry.last, "at": entry.at,
                "by": serde_json::to_string(&entry.by)?, "cmd": entry.cmd, "command": entry.command,
                "reason": entry.reason, "hash": entry.hash,
                // Users' events hold hashes of secrets; they stay in the database.
                "events": if hidden { Value::Null } else { Value::Array(shown()) },
            }))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_03_hashes_of_codes_keys_and_pins_are_not_exported() {
        let badge = json!({"type": "Device", "device_event": "BadgePut", "holder": {"pin": "$argon2id$", "name": "B"}});
        let shown = bare(Kind::Floor, &badge);
        assert_eq!((&shown["holder"]["pin"], &shown["holder"]["name"]), (&Value::Null, &json!("B")));
        let paired = json!({"type": "Device", "device_event": "DevicePaired", "key": "ab", "device": "d"});
        assert_eq!(bare(Kind::Floor, &paired)["key"], Value::Null);
        let invited = json!({"type": "Device", "invitation": {"code": "ab", "expires": "x"}});
        assert_eq!(bare(Kind::Floor, &invited)["invitation"], json!({"code": null, "expires": "x"}));
        let answered = json!({"type": "DeviceAnswered", "key": "k-1"});
        assert_eq!(bare(Kind::Floor, &answered), answered, "a command's key is no secret");
    }
}
