//! Products: one per SKU.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::common::Money;

/// One option of a variant, such as size M.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductOption {
    /// Name, such as `Size`.
    pub name: String,
    /// Value, such as `M`.
    pub value: String,
}

/// Everything about a product but its SKU (PUT replaces all of it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductDetails {
    /// Name of the family of variants; the SKU in lower case if left out.
    #[serde(default)]
    pub handle: Option<String>,
    /// Title.
    pub title: String,
    /// Brand.
    #[serde(default)]
    pub brand: Option<String>,
    /// Category.
    #[serde(default)]
    pub category: Option<String>,
    /// What tells this variant from its siblings.
    #[serde(default)]
    pub options: Vec<ProductOption>,
    /// Barcode, unique in the shop.
    #[serde(default)]
    pub barcode: Option<String>,
    /// Price of a unit.
    pub price: Money,
    /// Price it is compared with, for a sale.
    #[serde(default)]
    pub compare_at: Option<Money>,
    /// Tax code.
    #[serde(default)]
    pub tax_code: Option<String>,
    /// Weight of a unit in grams.
    #[serde(default)]
    pub weight_grams: i64,
    /// Whether units come from a shelf; false for services and digital goods.
    #[serde(default = "yes")]
    pub stocked: bool,
    /// Whether orders may wait for stock.
    #[serde(default)]
    pub backorder: bool,
    /// Fewest units of an order line.
    #[serde(default = "one")]
    pub min_quantity: i64,
    /// Address of a picture.
    #[serde(default)]
    pub image: Option<String>,
    /// Description.
    #[serde(default)]
    pub description: Option<String>,
}

const fn yes() -> bool {
    true
}

const fn one() -> i64 {
    1
}

/// A product to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateProduct {
    /// Stock-keeping unit, 1 to 64 characters.
    pub sku: String,
    /// Everything else.
    pub details: ProductDetails,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductView {
    /// Stock-keeping unit.
    pub sku: String,
    /// Version, also the ETag.
    pub version: u64,
    /// Name of the family of variants.
    pub handle: String,
    /// Title.
    pub title: String,
    /// Brand.
    pub brand: String,
    /// Category.
    pub category: String,
    /// What tells this variant from its siblings.
    pub options: Vec<ProductOption>,
    /// Barcode.
    pub barcode: Option<String>,
    /// Price of a unit.
    pub price: Money,
    /// Price it is compared with.
    pub compare_at: Option<Money>,
    /// Tax code.
    pub tax_code: Option<String>,
    /// Weight of a unit in grams.
    pub weight_grams: u32,
    /// Whether units come from a shelf.
    pub stocked: bool,
    /// Whether orders may wait for stock.
    pub backorder: bool,
    /// Fewest units of an order line.
    pub min_quantity: u32,
    /// Whether it can be ordered.
    pub active: bool,
    /// Address of a picture.
    pub image: Option<String>,
    /// Description.
    pub description: String,
}
