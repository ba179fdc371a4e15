//! Products.

use axum::http::StatusCode;
use munshi_domain::{
    Kind, Sku,
    product::{Product, ProductCommand, ProductDetails},
};
use munshi_protocols::products::{self as wire, CreateProduct, ProductOption, ProductView};

use super::{
    Answer, Call, convert, list,
    outcome::{self, found, page},
};
use crate::{
    problem::Problem,
    services::{claims, product},
};

fn view(product: &Product, version: u64) -> Option<ProductView> {
    let details = product.details.as_deref()?;
    let option = |(name, value): &(String, String)| ProductOption { name: name.clone(), value: value.clone() };
    Some(ProductView {
        sku: details.sku.to_string(),
        version,
        handle: details.handle.clone(),
        title: details.title.clone(),
        brand: details.brand.clone(),
        category: details.category.clone(),
        options: details.options.iter().map(option).collect(),
        barcode: details.barcode.clone(),
        price: convert::money(&details.price),
        compare_at: details.compare_at.as_ref().map(convert::money),
        tax_code: details.tax_code.clone(),
        weight_grams: details.weight_grams,
        stocked: details.stocked,
        backorder: details.backorder,
        min_quantity: details.min_quantity,
        active: product.active,
        image: details.image.clone(),
        description: details.description.clone(),
    })
}

/// Details from the wire; `base` is where they stand in the body.
fn parse(sku: Sku, given: wire::ProductDetails, base: &str) -> Result<ProductDetails, Problem> {
    let at = |field: &str| format!("{base}/{field}");
    let text = |text: Option<String>| text.unwrap_or_default().trim().to_owned();
    let given_handle = text(given.handle);
    let handle = if given_handle.is_empty() { sku.as_str().to_lowercase() } else { given_handle };
    let some = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(ProductDetails {
        handle,
        title: given.title.trim().to_owned(),
        brand: text(given.brand),
        category: text(given.category),
        options: given.options.into_iter().map(|option| (option.name, option.value)).collect(),
        barcode: some(given.barcode),
        price: convert::parse_money(&at("price"), &given.price)?,
        compare_at: given.compare_at.map(|money| convert::parse_money(&at("compare_at"), &money)).transpose()?,
        tax_code: some(given.tax_code),
        weight_grams: convert::parse_whole(&at("weight_grams"), given.weight_grams)?,
        stocked: given.stocked,
        backorder: given.backorder,
        min_quantity: convert::parse_quantity(&at("min_quantity"), given.min_quantity)?,
        image: some(given.image),
        description: text(given.description),
        sku,
    })
}

/// Lists products by SKU.
///
/// # Errors
/// `bad_query`.
pub async fn list(call: Call) -> Answer {
    let mut filters = Vec::new();
    for name in ["handle", "brand", "category"] {
        filters.extend(list::equals(&call, name, name));
    }
    if let Some(active) = call.query::<bool>("active")? {
        filters.push(list::filter("active", munshi_store::Op::Eq, active));
    }
    let found = list::documents(&call, Kind::Product, filters, "sku", false).await?;
    let mut items = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        let product = call.app.node().snapshot::<Product>(&row.id).await.map_err(Problem::unavailable)?;
        items.extend(product.and_then(|product| view(&product, row.version)));
    }
    page(items, found.next, found.seq)
}

/// Makes a product.
///
/// # Errors
/// `sku_exists`, `barcode_taken`, and the product's refusals.
pub async fn create(call: Call) -> Answer {
    let given: CreateProduct = call.json()?;
    let sku = Sku::parse(&given.sku).map_err(|error| Problem::bad_value("/sku", error))?;
    let details = parse(sku, given.details, "/details")?;
    let meta = call.meta()?.expecting(Some(0));
    let made = product::define(call.app.node(), details, meta, view).await.map_err(|problem| match &problem.field {
        Some(field) if field != "/sku" => {
            let field = format!("/details{field}");
            problem.at(field)
        }
        _ => problem,
    });
    outcome::done(StatusCode::CREATED, &made?)
}

fn sku(call: &Call) -> Result<Sku, Problem> {
    call.id("sku", "product", Sku::parse)
}

/// Makes or replaces a product.
///
/// # Errors
/// `barcode_taken`, and the product's refusals.
pub async fn replace(call: Call) -> Answer {
    let sku = sku(&call)?;
    let details = parse(sku, call.json()?, "")?;
    outcome::done(StatusCode::OK, &product::define(call.app.node(), details, call.meta()?, view).await?)
}

async fn show(call: &Call, sku: &str) -> Answer {
    let view = |product: &Product, version: u64| view(product, version).map(|product| (version, product));
    found("product", call.app.node().read::<Product, _>(sku, view).await.map_err(Problem::unavailable)?.flatten())
}

/// Reads a product.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let sku = sku(&call)?;
    show(&call, sku.as_str()).await
}

/// Finds a product by SKU or barcode.
///
/// # Errors
/// `bad_query`, `not_found`.
pub async fn lookup(call: Call) -> Answer {
    let code = call.text("code").ok_or_else(|| Problem::new("bad_query", "give code").at("code"))?;
    let owner = claims::owner(call.app.node(), &claims::barcode(code)).await?;
    show(&call, owner.as_deref().unwrap_or(code)).await
}

async fn run(call: &Call, command: ProductCommand) -> Answer {
    let sku = sku(call)?;
    let applied = call.app.node().execute::<Product, _>(sku.as_str(), command, call.meta()?, view).await;
    outcome::done(StatusCode::OK, &applied.map_err(outcome::problem)?)
}

/// Lets it be ordered.
///
/// # Errors
/// The product's refusals.
pub async fn activate(call: Call) -> Answer {
    run(&call, ProductCommand::ActivateProduct).await
}

/// Stops it from being ordered.
///
/// # Errors
/// The product's refusals.
pub async fn deactivate(call: Call) -> Answer {
    run(&call, ProductCommand::DeactivateProduct).await
}
