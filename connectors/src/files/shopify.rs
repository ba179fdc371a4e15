//! Shopify's product export: several rows a product, of which the first carries what all have in common.
//!
//! Title, vendor, type, tags, description, option names and the picture of a handle come from its first row. A
//! row without price and option values only adds a picture: it is no variant and is counted as `image_only`.
//! A variant without SKU gets `<handle>-<option values>`, which is stable from export to export.

use std::collections::{HashMap, HashSet};

use munshi_domain::{Currency, Sku};

use super::{
    Columns, FileError, Needed, Parsed, ProductRow, RowError, Table,
    columns::Row,
    native::{sku, slug},
};

const HANDLE: &[&str] = &["Handle"];
const SKU: &[&str] = &["Variant SKU"];
const PRICE: &[&str] = &["Variant Price"];
const TITLE: &[&str] = &["Title"];
const QUANTITY: &[&str] = &["Variant Inventory Qty"];

/// What a product file needs.
pub const PRODUCTS: Needed = &[HANDLE, TITLE, PRICE];

/// What the first row of a handle says for all its variants.
#[derive(Clone, Debug)]
struct Common {
    title: String,
    brand: String,
    category: String,
    tags: Vec<String>,
    options: Vec<String>,
    image: Option<String>,
    description: String,
    active: bool,
}

/// Reads a product export; prices are in the shop's `currency`, which the file does not name.
///
/// # Errors
/// [`FileError`] when the file as a whole cannot be read.
pub fn products(mut table: Table, currency: Currency) -> Result<Parsed<ProductRow>, FileError> {
    let columns = Columns::new(table.headers());
    columns.require(PRODUCTS)?;
    let mut parsed = Parsed::new(table.headers().to_vec());
    let mut common: HashMap<String, Common> = HashMap::new();
    let mut seen: HashSet<Sku> = HashSet::new();
    let mut derived = 0;
    while let Some(record) = table.next_record()? {
        parsed.read += 1;
        let row = columns.row(&record);
        let values: Vec<&str> = (1..=3).map(|n| option(row, n, "Value")).collect();
        let variant = row.some(PRICE).is_some() || row.some(SKU).is_some() || values.iter().any(|v| !v.is_empty());
        if !variant && row.some(TITLE).is_none() {
            parsed.skip("image_only");
            continue;
        }
        match product(row, &values, &mut common, currency) {
            Ok(product) if !seen.insert(product.sku.clone()) => {
                let message = format!("SKU {} stands in an earlier row", product.sku);
                parsed.errors.push(row.error(SKU, "duplicate_sku", message));
            }
            Ok(product) => {
                derived += u64::from(row.some(SKU).is_none());
                parsed.rows.push(product);
            }
            Err(error) => parsed.errors.push(error),
        }
    }
    parsed.notes = table.notes();
    if derived > 0 {
        parsed.notes.push(format!("{derived} variants without SKU got one from handle and options"));
    }
    Ok(parsed)
}

fn option<'a>(row: Row<'a>, n: usize, what: &str) -> &'a str {
    row.get(&[format!("Option{n} {what}").as_str()])
}

fn product(
    row: Row<'_>,
    values: &[&str],
    common: &mut HashMap<String, Common>,
    currency: Currency,
) -> Result<ProductRow, RowError> {
    let handle = row.required(HANDLE)?.to_owned();
    if row.some(TITLE).is_some() || !common.contains_key(&handle) {
        common.insert(handle.clone(), shared(row)?);
    }
    let shared = &common[&handle];
    // "Default Title" is how the export says that a product has no options.
    let options: Vec<(String, String)> = shared
        .options
        .iter()
        .zip(values)
        .filter(|(name, value)| !name.is_empty() && !value.is_empty() && **value != "Default Title")
        .map(|(name, value)| (name.clone(), (*value).to_owned()))
        .collect();
    let sku = match row.some(SKU) {
        // A leading apostrophe keeps spreadsheets from eating zeros; it is no part of the SKU.
        Some(text) => {
            Sku::parse(text.trim_start_matches('\'')).map_err(|e| row.error(SKU, "bad_sku", e.to_string()))?
        }
        None => derived_sku(row, &handle, &options)?,
    };
    let price = row.money(PRICE, currency)?.ok_or_else(|| row.error(PRICE, "missing", "a price is needed"))?;
    let stocked = row.truth(&["Variant Requires Shipping"], true)? && !row.truth(&["Gift Card"], false)?;
    let on_hand = row.whole(QUANTITY)?;
    Ok(ProductRow {
        row: row.number(),
        sku,
        title: shared.title.clone(),
        brand: shared.brand.clone(),
        category: shared.category.clone(),
        tags: shared.tags.clone(),
        options,
        barcode: row.some(&["Variant Barcode"]).map(|text| text.trim_start_matches('\'').to_owned()),
        price,
        compare_at: row.money(&["Variant Compare At Price"], currency)?,
        tax_code: None,
        weight_grams: grams(row)?,
        stocked,
        backorder: row.get(&["Variant Inventory Policy"]).eq_ignore_ascii_case("continue"),
        active: shared.active,
        image: row.some(&["Variant Image"]).map(str::to_owned).or_else(|| shared.image.clone()),
        description: shared.description.clone(),
        // Oversold variants are exported below zero: nothing is on hand.
        quantity: on_hand.map(|units| u32::try_from(units.max(0)).unwrap_or(u32::MAX)),
        handle,
    })
}

/// Weights are exported in grams, in some exports with decimals.
fn grams(row: Row<'_>) -> Result<u32, RowError> {
    const GRAMS: &[&str] = &["Variant Grams"];
    let Some(weight) = row.decimal(GRAMS)? else { return Ok(0) };
    u32::try_from(weight.round()).map_err(|_| row.error(GRAMS, "out_of_range", format!("{weight} g is out of range")))
}

fn derived_sku(row: Row<'_>, handle: &str, options: &[(String, String)]) -> Result<Sku, RowError> {
    let values: Vec<String> = options.iter().map(|(_, value)| slug(value)).filter(|value| !value.is_empty()).collect();
    let text = std::iter::once(handle.to_owned()).chain(values).collect::<Vec<_>>().join("-");
    match Sku::parse(&text) {
        Ok(sku) => Ok(sku),
        Err(error) => Err(row.error(SKU, "bad_sku", format!("no SKU, and the derived one does not fit: {error}"))),
    }
}

fn shared(row: Row<'_>) -> Result<Common, RowError> {
    sku(row, HANDLE)?; // a handle must be printable text of a sane length, like a SKU
    Ok(Common {
        title: row.required(TITLE)?.to_owned(),
        brand: row.get(&["Vendor"]).to_owned(),
        category: row.get(&["Type"]).to_owned(),
        tags: row.list(&["Tags"]),
        options: (1..=3).map(|n| option(row, n, "Name").to_owned()).collect(),
        image: row.some(&["Image Src"]).map(str::to_owned),
        description: row.get(&["Body (HTML)"]).to_owned(),
        active: row.truth(&["Published"], true)? && row.truth(&["Status"], true)?,
    })
}
