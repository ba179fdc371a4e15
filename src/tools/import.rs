//! `munshi import`: products, customers, stock and past orders out of files.
//!
//! Ids and command ids follow from layout, natural key and content, so a second import of a file is a replay. A row
//! that cannot be taken goes to the error file with its cells and the reason; the others are taken all the same.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    future::Future,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum};
use futures_util::{StreamExt, stream};
use munshi_actors::{
    Class, Hosted,
    node::{Failure, Meta, Node},
};
use munshi_connectors::files::{
    CustomerRow, FileError, Layout, OrderRecord, Parsed, ProductRow, RowError, StockRow, Table, native, online_retail,
    shopify,
};
use munshi_domain::{
    Aggregate, Currency, CustomerId, Refused, WarehouseId,
    customer::{CreditTerms, CustomerDetails, CustomerType},
    product::{Product, ProductCommand, ProductDetails},
    warehouse::{Condition, Warehouse, WarehouseCommand},
};
use rust_decimal::Decimal;

use super::progress::Progress;
use crate::{
    api::call::id_from,
    cli::Stop,
    problem::Problem,
    services::{customer, product},
};

/// Commands under way at a time; each waits for its own durability, so this is what fills a batch.
const IN_FLIGHT: usize = 256;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Products, one row a variant.
    Products,
    /// Customers.
    Customers,
    /// Counts of stock.
    Stock,
    /// Past orders, one row a line.
    Orders,
}

/// Arguments of `munshi import`.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// What the file holds.
    what: What,
    /// CSV or XLSX file.
    file: PathBuf,
    /// `native`, `shopify` or `online-retail`; told from the headers if not given.
    #[arg(long)]
    layout: Option<String>,
    /// Where rows that were not taken go; `<FILE>.errors.csv` if not given.
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Warehouse of stock rows that name none; with products, where their quantities go.
    #[arg(long, value_name = "CODE")]
    warehouse: Option<String>,
    /// Currency where the file names none; the shop's if not given.
    #[arg(long)]
    currency: Option<String>,
    /// Read and check the file only.
    #[arg(long)]
    dry_run: bool,
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Taken now.
    In,
    /// Was there already.
    Already,
    /// Not taken.
    Refused { code: &'static str, message: String },
}

/// What an import did.
#[derive(Debug, Default)]
pub struct Summary {
    /// Data rows of the file.
    pub read: u64,
    /// Records taken.
    pub taken: u64,
    /// Records that were there already.
    pub already: u64,
    /// Rows without anything to take, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Rows not taken.
    pub errors: Vec<RowError>,
    /// What was sold, by currency, of records taken or there already.
    pub sold: BTreeMap<Currency, Decimal>,
    /// What came back, by currency.
    pub returned: BTreeMap<Currency, Decimal>,
}

impl Summary {
    pub(super) fn note(&mut self, row: u64, outcome: Outcome) -> bool {
        match outcome {
            Outcome::In => self.taken += 1,
            Outcome::Already => self.already += 1,
            Outcome::Refused { code, message } => {
                self.errors.push(RowError { row, column: String::new(), code, message, cells: vec![] });
                return false;
            }
        }
        true
    }

    fn line(&self) -> String {
        let money = |title: &str, sums: &BTreeMap<Currency, Decimal>| {
            sums.iter().map(|(currency, sum)| format!("; {title} {currency} {sum:.2}")).collect::<String>()
        };
        let skipped: String = self.skipped.iter().map(|(reason, count)| format!(", {count} {reason}")).collect();
        format!(
            "{} rows: {} records in, {} already in, {} rows not taken{skipped}{}{}",
            self.read,
            self.taken,
            self.already,
            self.errors.len(),
            money("sold", &self.sold),
            money("returned", &self.returned)
        )
    }
}

/// Runs the import and prints its summary.
///
/// # Errors
/// When the file as a whole cannot be read, or the store fails. Rows not taken are no error.
pub async fn run(args: ImportArgs, node: &Node) -> Result<Summary, Stop> {
    let currency = match &args.currency {
        Some(code) => Currency::parse(code).map_err(|error| Stop::Usage(error.to_string()))?,
        None => node.settings().shop.currency,
    };
    let warehouse = args.warehouse.as_deref().map(WarehouseId::parse).transpose();
    let warehouse = warehouse.map_err(|error| Stop::Usage(error.to_string()))?;
    let table = Table::open(&args.file)?;
    let headers = table.headers().to_vec();
    let layout = match &args.layout {
        Some(name) => Layout::parse(name).ok_or_else(|| {
            let known: Vec<_> = Layout::ALL.iter().map(|layout| layout.name()).collect();
            Stop::Usage(format!("there is no layout {name:?}; give one of {}", known.join(", ")))
        })?,
        None => Layout::detect(&headers),
    };
    let job = Job { node, layout, dry_run: args.dry_run };
    let mut summary = match (args.what, layout) {
        (What::Products, Layout::Native) => job.products(native::products(table, currency)?, warehouse).await?,
        (What::Products, Layout::Shopify) => job.products(shopify::products(table, currency)?, warehouse).await?,
        (What::Customers, Layout::Native) => job.customers(native::customers(table, currency)?).await?,
        (What::Stock, Layout::Native) => job.stock(native::stock(table)?, warehouse).await?,
        (What::Orders, Layout::Native) => {
            let parsed = native::orders(table, currency)?;
            job.sales(map(parsed, OrderRecord::Order)).await?
        }
        (What::Orders, Layout::OnlineRetail) => job.sales(online_retail::orders(table)?).await?,
        (what, layout) => {
            return Err(Stop::Usage(format!(
                "the layout {} has no {}",
                layout.name(),
                format!("{what:?}").to_lowercase()
            )));
        }
    };
    summary.errors.sort_by_key(|error| error.row);
    let errors = args.errors.clone().unwrap_or_else(|| {
        let mut path = args.file.clone().into_os_string();
        path.push(".errors.csv");
        path.into()
    });
    if !summary.errors.is_empty() {
        write_errors(&args.file, &errors, &headers, &mut summary.errors)?;
        println!("rows not taken: {}", errors.display());
    }
    println!("{}{}", if args.dry_run { "nothing was changed; " } else { "" }, summary.line());
    Ok(summary)
}

fn map<T, U>(parsed: Parsed<T>, change: impl Fn(T) -> U) -> Parsed<U> {
    let Parsed { headers, read, rows, errors, skipped, notes } = parsed;
    Parsed { headers, read, rows: rows.into_iter().map(change).collect(), errors, skipped, notes }
}

/// One import.
pub(super) struct Job<'a> {
    pub(super) node: &'a Node,
    pub(super) layout: Layout,
    pub(super) dry_run: bool,
}

impl Job<'_> {
    /// The summary so far, and the rows still to take.
    pub(super) fn begin<T>(&self, parsed: Parsed<T>) -> (Summary, Vec<T>) {
        for note in &parsed.notes {
            eprintln!("note: {note}");
        }
        let Parsed { read, rows, errors, skipped, .. } = parsed;
        let summary = Summary { read, errors, skipped, ..Summary::default() };
        (summary, if self.dry_run { vec![] } else { rows })
    }

    /// Id of a record of this import, and of its command: the same for the same content.
    pub(super) fn key(&self, kind: &str, natural: &str, content: &str) -> String {
        format!("import:{:032x}", id_from(&format!("{}/{kind}/{natural}/{content}", self.layout.name())))
    }

    /// Sends commands, many at a time, and notes what became of them.
    pub(super) async fn all<T, F>(
        &self,
        what: &'static str,
        rows: Vec<T>,
        summary: &mut Summary,
        row_of: impl Fn(&T) -> u64,
        take: impl Fn(T) -> F,
    ) -> Result<(), Stop>
    where
        F: Future<Output = Result<Outcome, Stop>>,
    {
        let progress = Progress::new(what, rows.len());
        let jobs = rows.into_iter().map(|row| {
            let (number, work) = (row_of(&row), take(row));
            async move { (number, work.await) }
        });
        let mut results = stream::iter(jobs).buffer_unordered(IN_FLIGHT);
        while let Some((row, outcome)) = results.next().await {
            progress.step();
            summary.note(row, outcome?);
        }
        Ok(())
    }

    async fn products(&self, parsed: Parsed<ProductRow>, warehouse: Option<WarehouseId>) -> Result<Summary, Stop> {
        let (mut summary, rows) = self.begin(parsed);
        let counts: Vec<StockRow> = rows
            .iter()
            .filter(|row| row.stocked && warehouse.is_some())
            .filter_map(|row| {
                let on_hand = row.quantity?;
                let (safety, low_stock) = (None, None);
                Some(StockRow { row: row.row, warehouse: None, sku: row.sku.clone(), on_hand, safety, low_stock })
            })
            .collect();
        self.all("products", rows, &mut summary, |row| row.row, |row| self.product(row)).await?;
        let refused: HashSet<u64> = summary.errors.iter().map(|error| error.row).collect();
        let counts = counts.into_iter().filter(|count| !refused.contains(&count.row)).collect();
        // Their stock is part of the same rows: counted once, as products.
        let mut stock = Summary::default();
        self.all("stock", counts, &mut stock, |row| row.row, |row| self.count(row, warehouse.clone())).await?;
        summary.errors.extend(stock.errors);
        Ok(summary)
    }

    async fn product(&self, row: ProductRow) -> Result<Outcome, Stop> {
        let key = self.key(
            "product",
            row.sku.as_str(),
            &format!("{:?}", ProductRow { row: 0, quantity: None, ..row.clone() }),
        );
        let (sku, active) = (row.sku.to_string(), row.active);
        let details = ProductDetails {
            sku: row.sku,
            handle: row.handle,
            title: row.title,
            brand: row.brand,
            category: row.category,
            options: row.options,
            barcode: row.barcode,
            price: row.price,
            compare_at: row.compare_at,
            tax_code: row.tax_code,
            weight_grams: row.weight_grams,
            stocked: row.stocked,
            backorder: row.backorder,
            min_quantity: 1,
            image: row.image,
            description: row.description,
        };
        let defined = patiently(|| product::define(self.node, details.clone(), meta(key.clone()), |_, _| ()));
        let outcome = defined.await?;
        if !active && outcome == Outcome::In {
            let command = ProductCommand::DeactivateProduct;
            return self.send::<Product>(&sku, command, &format!("{key}/inactive")).await;
        }
        Ok(outcome)
    }

    async fn customers(&self, parsed: Parsed<CustomerRow>) -> Result<Summary, Stop> {
        let (mut summary, rows) = self.begin(parsed);
        self.all("customers", rows, &mut summary, |row| row.row, |row| self.customer(row)).await?;
        Ok(summary)
    }

    /// Id of a customer known elsewhere by `reference`.
    pub(super) fn customer_id(&self, reference: &str) -> CustomerId {
        CustomerId::from_u128(id_from(&format!("import/customer/{}/{reference}", self.layout.name())))
    }

    async fn customer(&self, row: CustomerRow) -> Result<Outcome, Stop> {
        let Some(kind) = CustomerType::parse(&row.kind) else {
            return Ok(Outcome::Refused { code: "unknown_type", message: row.kind });
        };
        let id = self.customer_id(&row.reference);
        let details = CustomerDetails {
            name: row.name,
            phones: row.phones,
            emails: row.emails,
            kind,
            tier: row.tier,
            addresses: row.addresses,
            tags: row.tags,
            language: String::new(),
            credit: row.credit.map(|(limit, days)| CreditTerms { limit, days }),
        };
        self.make_customer(id, details).await
    }

    /// Makes a customer unless it is there; later changes to it in Munshi are not overwritten.
    pub(super) async fn make_customer(&self, id: CustomerId, details: CustomerDetails) -> Result<Outcome, Stop> {
        let there = self.node.read::<munshi_domain::customer::Customer, _>(&id.to_string(), |_, _| ()).await?;
        if there.is_some() {
            return Ok(Outcome::Already);
        }
        let key = format!("import:customer:{id}");
        patiently(|| customer::create(self.node, id, details.clone(), meta(key.as_str()), |_, _| ())).await
    }

    async fn stock(&self, parsed: Parsed<StockRow>, warehouse: Option<WarehouseId>) -> Result<Summary, Stop> {
        let (mut summary, rows) = self.begin(parsed);
        self.all("stock", rows, &mut summary, |row| row.row, |row| self.count(row, warehouse.clone())).await?;
        Ok(summary)
    }

    async fn count(&self, row: StockRow, fallback: Option<WarehouseId>) -> Result<Outcome, Stop> {
        let refused = |code, message: &str| Ok(Outcome::Refused { code, message: message.to_owned() });
        let Some(code) = row.warehouse.or(fallback) else {
            return refused("missing", "the row names no warehouse and --warehouse is not given");
        };
        let sku = row.sku.clone();
        let view = move |warehouse: &Warehouse, _: u64| warehouse.row(&sku).map(|row| row.version);
        let Some(known) = self.node.read::<Warehouse, _>(code.as_str(), view).await? else {
            return refused("warehouse_unknown", "open the warehouse first");
        };
        if self.node.snapshot::<Product>(row.sku.as_str()).await?.is_none_or(|product| !product.exists()) {
            return refused("product_unknown", "import the product first");
        }
        let natural = format!("{code}/{}", row.sku);
        if row.safety.is_some() || row.low_stock.is_some() {
            let (safety, low_stock) = (row.safety.unwrap_or_default(), row.low_stock.unwrap_or_default());
            let policy =
                WarehouseCommand::SetStockPolicy { sku: row.sku.clone(), safety, backorder_cap: None, low_stock };
            let key = self.key("policy", &natural, &format!("{safety}/{low_stock}"));
            let set = self.send::<Warehouse>(code.as_str(), policy, &key).await?;
            if matches!(set, Outcome::Refused { .. }) {
                return Ok(set);
            }
        }
        let command = match known {
            Some(at_version) => {
                let reason = "import".into();
                WarehouseCommand::RecordCount { sku: row.sku, counted: row.on_hand, at_version, reason }
            }
            // What was never there and is not there needs no count.
            None if row.on_hand == 0 => return Ok(Outcome::Already),
            None => WarehouseCommand::ReceiveStock {
                sku: row.sku,
                quantity: row.on_hand,
                condition: Condition::Sellable,
                reference: "import".into(),
                reason: None,
            },
        };
        let key = self.key("stock", &natural, &row.on_hand.to_string());
        self.send::<Warehouse>(code.as_str(), command, &key).await
    }

    /// Sends one command of this import.
    pub(super) async fn send<A: Hosted>(&self, id: &str, command: A::Command, key: &str) -> Result<Outcome, Stop> {
        for _ in 0..ATTEMPTS {
            match self.node.execute::<A, _>(id, command.clone(), meta(key), |_, _| ()).await {
                Ok(applied) => return Ok(if applied.replayed { Outcome::Already } else { Outcome::In }),
                Err(Failure::Busy { retry_after_ms }) => pause(retry_after_ms).await,
                Err(Failure::Refused(refusal)) => return Ok(refused::<A>(&refusal)),
                Err(failure) => return Err(Stop::Failed(failure.to_string())),
            }
        }
        Err(Stop::Failed("the store does not keep up".into()))
    }
}

const ATTEMPTS: usize = 1_000;

/// An import limits itself by [`IN_FLIGHT`]; no server runs beside it whose callers it could crowd out.
fn meta(key: impl Into<std::sync::Arc<str>>) -> Meta {
    Meta::system("import", key).class(Class::Internal)
}

async fn pause(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis.clamp(1, 1_000))).await;
}

fn refused<A: Aggregate>(refusal: &A::Refusal) -> Outcome {
    Outcome::Refused { code: refusal.code(), message: refusal.to_string() }
}

/// Runs a service, again as long as it is too busy; a problem of the row is an outcome, one of ours ends the import.
async fn patiently<R, F>(mut service: impl FnMut() -> F) -> Result<Outcome, Stop>
where
    F: Future<Output = Result<munshi_actors::node::Applied<R>, Problem>>,
{
    for _ in 0..ATTEMPTS {
        match service().await {
            Ok(applied) => return Ok(if applied.replayed { Outcome::Already } else { Outcome::In }),
            Err(problem) if problem.status.as_u16() == 429 => pause(50).await,
            Err(problem) if problem.status.is_server_error() => return Err(Stop::Failed(problem.detail)),
            Err(problem) => return Ok(Outcome::Refused { code: problem.code, message: problem.detail }),
        }
    }
    Err(Stop::Failed("the store does not keep up".into()))
}

/// Writes the error file: row, column, code, message, then the cells as they stand in the file.
fn write_errors(file: &Path, to: &Path, headers: &[String], errors: &mut [RowError]) -> Result<(), Stop> {
    let wanted: HashSet<u64> = errors.iter().filter(|error| error.cells.is_empty()).map(|error| error.row).collect();
    let mut cells = cells_of(file, &wanted)?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(to)?;
    writer.write_record(["row", "column", "code", "message"].into_iter().chain(headers.iter().map(String::as_str)))?;
    for error in errors {
        if error.cells.is_empty() {
            error.cells = cells.remove(&error.row).unwrap_or_default();
        }
        let row = error.row.to_string();
        let own = [row.as_str(), &error.column, error.code, &error.message];
        writer.write_record(own.into_iter().chain(error.cells.iter().map(String::as_str)))?;
    }
    writer.flush()?;
    Ok(())
}

fn cells_of(file: &Path, wanted: &HashSet<u64>) -> Result<HashMap<u64, Vec<String>>, FileError> {
    let mut cells = HashMap::new();
    if wanted.is_empty() {
        return Ok(cells);
    }
    let mut table = Table::open(file)?;
    while let Some(record) = table.next_record()? {
        if wanted.contains(&record.row) {
            cells.insert(record.row, record.cells);
        }
    }
    Ok(cells)
}
