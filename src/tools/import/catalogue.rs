//! Products, customers and stock.
//!
//! Invariant: a record that says what is there already changes nothing; a product is compared with what is there,
//! so that a file may also bring an older price back.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use munshi_connectors::files::{CustomerRow, Parsed, ProductRow, StockRow};
use munshi_domain::{
    CustomerId, WarehouseId,
    customer::{CreditTerms, Customer, CustomerDetails, CustomerType},
    product::{Product, ProductCommand, ProductDetails},
    warehouse::{Condition, Warehouse, WarehouseCommand},
};

use super::{
    job::{IN_FLIGHT, Job, Outcome, patiently},
    report::Summary,
};
use crate::{
    cli::Stop,
    services::{customer, product},
};

impl Job<'_> {
    /// Products, and their quantities if a warehouse is named for them.
    pub(super) async fn products(
        &self,
        parsed: Parsed<ProductRow>,
        warehouse: Option<WarehouseId>,
    ) -> Result<Summary, Stop> {
        let (mut summary, rows) = self.begin(parsed);
        let barcode = |row: &ProductRow| row.barcode.iter().map(|code| ("barcode_taken", code.clone())).collect();
        let rows = Self::distinct(rows, &mut summary, |row| row.row, barcode);
        let counts: Vec<StockRow> = rows
            .iter()
            .filter(|row| row.stocked && warehouse.is_some())
            .filter_map(|row| {
                let on_hand = row.quantity?;
                let (safety, low_stock) = (None, None);
                Some(StockRow { row: row.row, warehouse: None, sku: row.sku.clone(), on_hand, safety, low_stock })
            })
            .collect();
        self.all("products", rows, &mut summary, |row| vec![row.row], |row| self.product(row)).await?;
        let refused: HashSet<u64> = summary.errors.iter().map(|error| error.row).collect();
        let counts = counts.into_iter().filter(|count| !refused.contains(&count.row)).collect();
        // Their stock is part of the same rows: counted once, as products.
        let mut stock = Summary::default();
        self.all("stock", counts, &mut stock, |row| vec![row.row], |row| self.count(row, warehouse.clone())).await?;
        summary.errors.extend(stock.errors);
        Ok(summary)
    }

    async fn product(&self, row: ProductRow) -> Result<Outcome, Stop> {
        let (sku, active) = (row.sku.to_string(), row.active);
        let details = details(row);
        let wanted = details.clone();
        let seen = self.node.read::<Product, _>(&sku, move |product, version| {
            (product.details.as_deref() == Some(&wanted), product.active, version)
        });
        let (same, on_sale, version) = seen.await?.unwrap_or((false, true, 0));
        let mut outcome = Outcome::Already;
        if !same {
            let key = self.key("product", &sku, &format!("{details:?}/{version}"));
            let define = || product::define(self.node, details.clone(), self.meta(key.as_str()), |_, _| ());
            outcome = patiently(define).await?;
        }
        if active || !on_sale || matches!(outcome, Outcome::Refused { .. }) {
            return Ok(outcome);
        }
        let key = self.key("inactive", &sku, &version.to_string());
        self.send::<Product>(&sku, ProductCommand::DeactivateProduct, &key).await
    }

    /// Customers; one that is there already stays as it is.
    pub(super) async fn customers(&self, parsed: Parsed<CustomerRow>) -> Result<Summary, Stop> {
        let (mut summary, rows) = self.begin(parsed);
        let there = self.customers_there(rows.iter().map(|row| self.customer_id(&row.reference))).await?;
        let contacts = |row: &CustomerRow| {
            if there.contains(&self.customer_id(&row.reference)) {
                return vec![];
            }
            let phones = row.phones.iter().map(|phone| ("phone_taken", phone.to_string()));
            phones.chain(row.emails.iter().map(|email| ("email_taken", email.to_string()))).collect()
        };
        let rows = Self::distinct(rows, &mut summary, |row| row.row, contacts);
        self.all("customers", rows, &mut summary, |row| vec![row.row], |row| self.customer(row)).await?;
        Ok(summary)
    }

    /// Which of these are there already; they want no phone or address of a row any more.
    pub(super) async fn customers_there(
        &self,
        ids: impl Iterator<Item = CustomerId>,
    ) -> Result<HashSet<CustomerId>, Stop> {
        let reads = ids.map(async |id| {
            let there = self.node.read::<Customer, _>(&id.to_string(), |_, _| ()).await?;
            Ok::<_, Stop>(there.map(|()| id))
        });
        let found: Vec<_> = stream::iter(reads).buffer_unordered(IN_FLIGHT).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn customer(&self, row: CustomerRow) -> Result<Outcome, Stop> {
        let Some(kind) = CustomerType::parse(&row.kind) else {
            return Ok(Outcome::refused("unknown_type", row.kind));
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
        let there = self.node.read::<Customer, _>(&id.to_string(), |_, _| ()).await?;
        if there.is_some() {
            return Ok(Outcome::Already);
        }
        let key = format!("import:customer:{id}");
        patiently(|| customer::create(self.node, id, details.clone(), self.meta(key.as_str()), |_, _| ())).await
    }

    /// Counts of stock.
    pub(super) async fn stock(
        &self,
        parsed: Parsed<StockRow>,
        warehouse: Option<WarehouseId>,
    ) -> Result<Summary, Stop> {
        let (mut summary, rows) = self.begin(parsed);
        self.all("stock", rows, &mut summary, |row| vec![row.row], |row| self.count(row, warehouse.clone())).await?;
        Ok(summary)
    }

    /// A count is taken once for each file: what was sold since is not put back by bringing the file in again.
    async fn count(&self, row: StockRow, fallback: Option<WarehouseId>) -> Result<Outcome, Stop> {
        let Some(code) = row.warehouse.clone().or(fallback) else {
            let message = "the row names no warehouse and --warehouse is not given";
            return Ok(Outcome::refused("missing", message));
        };
        let sku = row.sku.clone();
        let view = move |warehouse: &Warehouse, _: u64| {
            warehouse.row(&sku).map(|row| (row.version, row.on_hand.get(Condition::Sellable)))
        };
        let Some(known) = self.node.read::<Warehouse, _>(code.as_str(), view).await? else {
            return Ok(Outcome::refused("warehouse_unknown", "open the warehouse first"));
        };
        if self.node.snapshot::<Product>(row.sku.as_str()).await?.is_none_or(|product| !product.exists()) {
            return Ok(Outcome::refused("product_unknown", "import the product first"));
        }
        let natural = format!("{}/{code}/{}", self.digest, row.sku);
        let policy = self.policy(&row, &code, &natural).await?;
        if matches!(policy, Outcome::Refused { .. }) {
            return Ok(policy);
        }
        let command = match known {
            Some((_, on_hand)) if on_hand == row.on_hand => return Ok(policy),
            // What was never there and is not there needs no count.
            None if row.on_hand == 0 => return Ok(policy),
            Some((at_version, _)) => {
                let reason = "import".into();
                WarehouseCommand::RecordCount { sku: row.sku, counted: row.on_hand, at_version, reason }
            }
            None => WarehouseCommand::ReceiveStock {
                sku: row.sku,
                quantity: row.on_hand,
                condition: Condition::Sellable,
                reference: "import".into(),
                reason: None,
            },
        };
        self.send::<Warehouse>(code.as_str(), command, &self.key("stock", &natural, "")).await
    }

    /// What the row says about stock to keep back, if anything.
    async fn policy(&self, row: &StockRow, code: &WarehouseId, natural: &str) -> Result<Outcome, Stop> {
        if row.safety.is_none() && row.low_stock.is_none() {
            return Ok(Outcome::Already);
        }
        let (safety, low_stock) = (row.safety.unwrap_or_default(), row.low_stock.unwrap_or_default());
        let policy = WarehouseCommand::SetStockPolicy { sku: row.sku.clone(), safety, backorder_cap: None, low_stock };
        self.send::<Warehouse>(code.as_str(), policy, &self.key("policy", natural, "")).await
    }
}

fn details(row: ProductRow) -> ProductDetails {
    ProductDetails {
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
    }
}
