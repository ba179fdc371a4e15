//! `munshi import`, and imports of a running server ([`crate::imports`]): products, customers, stock and past orders out of files.
//!
//! Ids and command ids follow from layout, natural key and content, so a second import of a file is a replay. A row
//! that cannot be taken goes to the error file with its cells and the reason; the others are taken all the same.
//! Invariant: the file and the arguments are checked before anything is opened to be written.

mod catalogue;
mod earlier;
mod job;
pub mod meter;
mod report;
mod sales;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use munshi_actors::node::Node;
use munshi_connectors::files::{Columns, Layout, Needed, OrderRecord, Parsed, Table, native, online_retail, shopify};
use munshi_domain::{Currency, UserId, WarehouseId};

pub use self::{job::By, meter::Meter, report::Summary};
use self::{job::Job, sales::Sales};
use super::word;
use crate::cli::{Stop, stop};

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
    /// CSV or XLSX file (of a workbook, the first sheet).
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

/// An import whose file and arguments are sound as a whole.
#[derive(Debug)]
pub struct Import {
    args: ImportArgs,
    layout: Layout,
    currency: Option<Currency>,
    warehouse: Option<WarehouseId>,
    errors: PathBuf,
    digest: String,
}

impl Import {
    /// Checks arguments, file and headers; opens nothing but the file.
    ///
    /// # Errors
    /// `file_unreadable`, `file_format`, `column_missing`, `layout_unknown`, `layout_mismatch`, `bad_argument`.
    pub fn prepare(args: ImportArgs) -> Result<Self, Stop> {
        let bad = |error: &dyn std::fmt::Display| Stop::refused("bad_argument", error);
        let currency = args.currency.as_deref().map(Currency::parse).transpose().map_err(|error| bad(&error))?;
        let warehouse = args.warehouse.as_deref().map(WarehouseId::parse).transpose().map_err(|error| bad(&error))?;
        let errors = args.errors.clone().unwrap_or_else(|| report::beside(&args.file));
        if errors == args.file {
            return Err(bad(&"--errors names the file to import"));
        }
        if std::fs::metadata(&args.file).is_ok_and(|file| !file.is_file()) {
            let text = format!("{} is no regular file; it is read more than once", args.file.display());
            return Err(Stop::refused("file_unreadable", text));
        }
        let named = args.layout.as_deref().map(layout).transpose()?;
        let table = Table::open(&args.file).map_err(|error| stop::file(&args.file, &error))?;
        let layout = named.unwrap_or_else(|| Layout::detect(table.headers()));
        let Some(needed) = needed(args.what, layout) else {
            let text = format!("the layout {} has no {}", layout.name(), word(args.what));
            return Err(Stop::refused("layout_mismatch", text));
        };
        let complete = Columns::new(table.headers()).require(needed);
        complete.map_err(|error| stop::file(&args.file, &error))?;
        let digest = report::digest(&args.file)?;
        Ok(Self { args, layout, currency, warehouse, errors, digest })
    }

    /// Runs the import and prints its summary.
    ///
    /// # Errors
    /// When the file can no longer be read, or the store fails. Rows not taken are no error.
    pub async fn run(self, node: &Node) -> Result<Summary, Stop> {
        let mut summary = self.take(node, By::CommandLine, &Meter::default()).await?;
        summary.errors.sort_by_key(|error| error.row);
        if !summary.errors.is_empty() {
            report::write_errors(&self.args.file, &self.errors, &mut summary.errors)?;
            println!("rows not taken: {}", self.errors.display());
        } else if !self.args.dry_run {
            report::remove_stale(&self.args.file, &self.errors);
        }
        println!("{}{summary}", if self.args.dry_run { "nothing was changed; " } else { "" });
        Ok(summary)
    }

    /// Checks a file that was sent to a server; its error file is `errors`.
    ///
    /// # Errors
    /// As [`Import::prepare`].
    pub fn of_upload(
        what: What,
        file: PathBuf,
        errors: PathBuf,
        layout: Option<String>,
        warehouse: Option<String>,
    ) -> Result<Self, Stop> {
        let errors = Some(errors);
        Self::prepare(ImportArgs { what, file, layout, errors, warehouse, currency: None, dry_run: false })
    }

    /// Name of the layout.
    pub const fn layout(&self) -> &'static str {
        self.layout.name()
    }

    /// Runs the import beside a server's other work, and writes the error file if there are errors.
    ///
    /// # Errors
    /// As [`Import::run`].
    pub async fn run_for(self, node: &Node, user: UserId, meter: &Meter) -> Result<Summary, Stop> {
        let mut summary = self.take(node, By::User(user), meter).await?;
        summary.errors.sort_by_key(|error| error.row);
        if !summary.errors.is_empty() {
            report::write_errors(&self.args.file, &self.errors, &mut summary.errors)?;
        }
        Ok(summary)
    }

    async fn take(&self, node: &Node, by: By, meter: &Meter) -> Result<Summary, Stop> {
        let currency = self.currency.unwrap_or_else(|| node.settings().shop.currency);
        let job = Job { node, layout: self.layout, dry_run: self.args.dry_run, digest: &self.digest, by, meter };
        let warehouse = self.warehouse.clone();
        let failed = |error| stop::file(&self.args.file, &error);
        let table = || Table::open(&self.args.file).map_err(failed);
        match (self.args.what, self.layout) {
            (What::Products, Layout::Native) => {
                let mut rows = native::products(table()?, currency).map_err(failed)?;
                let next = || rows.next(PIECE).map_err(failed);
                pieces(meter, next, async |piece| job.products(piece, warehouse.clone()).await).await
            }
            (What::Products, _) => {
                job.products(shopify::products(table()?, currency).map_err(failed)?, warehouse).await
            }
            (What::Customers, _) => {
                let mut rows = native::customers(table()?, currency).map_err(failed)?;
                let next = || rows.next(PIECE).map_err(failed);
                pieces(meter, next, async |piece| job.customers(piece).await).await
            }
            (What::Stock, _) => {
                let mut rows = native::stock(table()?).map_err(failed)?;
                let next = || rows.next(PIECE).map_err(failed);
                pieces(meter, next, async |piece| job.stock(piece, warehouse.clone()).await).await
            }
            (What::Orders, Layout::OnlineRetail) => {
                let outline = online_retail::outline(table()?).map_err(failed)?;
                let earlier = earlier::known(&job, &outline.credited).await?;
                let parsed = online_retail::orders_after(table()?, &outline, &earlier).map_err(failed)?;
                Sales::new(&job).take(parsed).await
            }
            (What::Orders, _) => {
                let ends = native::order_ends(table()?).map_err(failed)?;
                let mut rows = native::orders(table()?, currency, ends).map_err(failed)?;
                let mut sales = Sales::new(&job);
                let mut summary = Summary::default();
                while !meter.is_stopped()
                    && let Some(piece) = rows.next(PIECE).map_err(failed)?
                {
                    summary.add(sales.take(map(piece, OrderRecord::Order)).await?);
                }
                Ok(summary)
            }
        }
    }
}

/// Rows taken before the next are read: what an import has in memory of a file in one of Munshi's own layouts.
const PIECE: usize = 10_000;

/// Takes a file piece by piece.
async fn pieces<T>(
    meter: &Meter,
    mut next: impl FnMut() -> Result<Option<Parsed<T>>, Stop>,
    mut take: impl AsyncFnMut(Parsed<T>) -> Result<Summary, Stop>,
) -> Result<Summary, Stop> {
    let mut summary = Summary::default();
    while !meter.is_stopped()
        && let Some(piece) = next()?
    {
        summary.add(take(piece).await?);
    }
    Ok(summary)
}

fn layout(name: &str) -> Result<Layout, Stop> {
    Layout::parse(name).ok_or_else(|| {
        let known: Vec<_> = Layout::ALL.iter().map(|layout| layout.name()).collect();
        Stop::refused("layout_unknown", format!("there is no layout {name:?}; give one of {}", known.join(", ")))
    })
}

/// Columns needed for records of this kind in this layout; `None` if the layout has none of them.
fn needed(what: What, layout: Layout) -> Option<Needed> {
    match (what, layout) {
        (What::Products, Layout::Native) => Some(native::PRODUCTS),
        (What::Products, Layout::Shopify) => Some(shopify::PRODUCTS),
        (What::Customers, Layout::Native) => Some(native::CUSTOMERS),
        (What::Stock, Layout::Native) => Some(native::STOCK),
        (What::Orders, Layout::Native) => Some(native::ORDERS),
        (What::Orders, Layout::OnlineRetail) => Some(online_retail::ORDERS),
        _ => None,
    }
}

fn map<T, U>(parsed: Parsed<T>, change: impl Fn(T) -> U) -> Parsed<U> {
    let Parsed { headers, read, rows, errors, skipped, notes } = parsed;
    Parsed { headers, read, rows: rows.into_iter().map(change).collect(), errors, skipped, notes }
}
