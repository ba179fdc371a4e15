//! A product: one sellable variant, one aggregate per SKU (LIN-01). Sizes and colors of one article share a handle.
//!
//! Invariant: what is stored was checked. It knows no stock (the warehouses do) and no price lists.

use serde::{Deserialize, Serialize};

use crate::{
    Aggregate, Ctx, Kind, Money, Part, PartJson, RefusalClass, Refused, Sku,
    aggregate::{from_main, main_part},
};

/// What a product is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductDetails {
    /// What it is known by.
    pub sku: Sku,
    /// What its variants share, for example `lawn-suit`.
    pub handle: String,
    /// Name for people.
    pub title: String,
    /// Who makes it.
    #[serde(default)]
    pub brand: String,
    /// What sort of thing it is.
    #[serde(default)]
    pub category: String,
    /// Name and value of each option, such as size and L.
    #[serde(default)]
    pub options: Vec<(String, String)>,
    /// Code on the label.
    #[serde(default)]
    pub barcode: Option<String>,
    /// Price of a unit.
    pub price: Money,
    /// Price before a reduction.
    #[serde(default)]
    pub compare_at: Option<Money>,
    /// Tax code; the shop's default if none.
    #[serde(default)]
    pub tax_code: Option<String>,
    /// Weight of a unit in grams.
    #[serde(default)]
    pub weight_grams: u32,
    /// False for services and digital goods, which no warehouse holds.
    #[serde(default = "yes")]
    pub stocked: bool,
    /// Whether it may be sold before it is there (BKO-02).
    #[serde(default)]
    pub backorder: bool,
    /// Smallest number of units on a line.
    #[serde(default = "one")]
    pub min_quantity: u32,
    /// Address of a picture.
    #[serde(default)]
    pub image: Option<String>,
    /// Text for people.
    #[serde(default)]
    pub description: String,
}

const fn yes() -> bool {
    true
}

const fn one() -> u32 {
    1
}

/// The state of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// What it is; `None` before it is defined.
    pub details: Option<Box<ProductDetails>>,
    /// Whether it can be sold.
    pub active: bool,
}

impl Product {
    /// Whether it exists.
    pub const fn exists(&self) -> bool {
        self.details.is_some()
    }

    /// Its details if it exists and can be sold.
    pub fn sellable(&self) -> Option<&ProductDetails> {
        self.details.as_deref().filter(|_| self.active)
    }
}

/// Requests to a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductCommand {
    /// Create or replace; a new product is active.
    DefineProduct(Box<ProductDetails>),
    /// Let it be sold.
    ActivateProduct,
    /// Sell it no more.
    DeactivateProduct,
}

/// Facts about a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum ProductEvent {
    /// It is this now.
    ProductDefined {
        /// All of it.
        details: Box<ProductDetails>,
    },
    /// It can be sold.
    ProductActivated,
    /// It cannot be sold.
    ProductDeactivated,
}

/// Why a product says no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProductRefusal {
    /// A field is wrong.
    #[error("{field} {problem}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Nobody defined it.
    #[error("there is no such product")]
    Unknown,
}

impl Refused for ProductRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid_product",
            Self::Unknown => "product_unknown",
        }
    }
    fn class(&self) -> RefusalClass {
        match self {
            Self::Invalid { .. } => RefusalClass::Invalid,
            Self::Unknown => RefusalClass::NotFound,
        }
    }
    fn field(&self) -> Option<String> {
        match self {
            Self::Invalid { field, .. } => Some(format!("/{field}")),
            Self::Unknown => None,
        }
    }
    fn fix(&self) -> Option<String> {
        match self {
            Self::Invalid { field, problem } => Some(format!("give a value: {field} {problem}")),
            Self::Unknown => Some("define the product first".into()),
        }
    }
}

impl ProductDetails {
    /// Checks every field.
    ///
    /// # Errors
    /// The first [`ProductRefusal::Invalid`].
    pub fn check(&self) -> Result<(), ProductRefusal> {
        let bad = |field, problem| Err(ProductRefusal::Invalid { field, problem });
        let long = |text: &str, most: usize| text.chars().count() > most;
        if self.handle.trim().is_empty() || long(&self.handle, 120) {
            return bad("handle", "must have 1 to 120 characters");
        }
        if self.title.trim().is_empty() || long(&self.title, 300) {
            return bad("title", "must have 1 to 300 characters");
        }
        if long(&self.brand, 120) {
            return bad("brand", "must have at most 120 characters");
        }
        if long(&self.category, 120) {
            return bad("category", "must have at most 120 characters");
        }
        if long(&self.description, 20_000) {
            return bad("description", "must have at most 20000 characters");
        }
        let unnamed = |(name, value): &(String, String)| name.trim().is_empty() || long(name, 60) || long(value, 120);
        if self.options.len() > 10 || self.options.iter().any(unnamed) {
            return bad("options", "must be at most 10, each with a name");
        }
        let code = |code: &String| code.is_empty() || code.len() > 64 || code.chars().any(|c| c.is_whitespace());
        if self.barcode.as_ref().is_some_and(code) {
            return bad("barcode", "must have 1 to 64 characters without blanks");
        }
        if self.price.is_negative() {
            return bad("price", "must not be negative");
        }
        if self.compare_at.is_some_and(|was| was.is_negative() || was.currency() != self.price.currency()) {
            return bad("compare_at", "must not be negative and must have the currency of the price");
        }
        if self.min_quantity == 0 || self.min_quantity > crate::quantity::MAX_QUANTITY {
            return bad("min_quantity", "must be between 1 and 1000000");
        }
        Ok(())
    }
}

impl Aggregate for Product {
    const KIND: Kind = Kind::Product;
    type Command = ProductCommand;
    type Event = ProductEvent;
    type Refusal = ProductRefusal;

    fn decide(&self, command: &ProductCommand, _ctx: &Ctx) -> Result<Vec<ProductEvent>, ProductRefusal> {
        match command {
            ProductCommand::DefineProduct(details) => {
                details.check()?;
                if self.details.as_ref().is_some_and(|known| known.sku != details.sku) {
                    return Err(ProductRefusal::Invalid { field: "sku", problem: "must stay as it is" });
                }
                let same = self.details.as_ref() == Some(details);
                Ok(if same { vec![] } else { vec![ProductEvent::ProductDefined { details: details.clone() }] })
            }
            _ if self.details.is_none() => Err(ProductRefusal::Unknown),
            ProductCommand::ActivateProduct if !self.active => Ok(vec![ProductEvent::ProductActivated]),
            ProductCommand::DeactivateProduct if self.active => Ok(vec![ProductEvent::ProductDeactivated]),
            ProductCommand::ActivateProduct | ProductCommand::DeactivateProduct => Ok(vec![]),
        }
    }

    fn command_name(command: &ProductCommand) -> &'static str {
        match command {
            ProductCommand::DefineProduct(_) => "DefineProduct",
            ProductCommand::ActivateProduct => "ActivateProduct",
            ProductCommand::DeactivateProduct => "DeactivateProduct",
        }
    }

    fn evolve(&mut self, event: &ProductEvent) {
        match event {
            ProductEvent::ProductDefined { details } => {
                self.active |= self.details.is_none();
                self.details = Some(details.clone());
            }
            ProductEvent::ProductActivated => self.active = true,
            ProductEvent::ProductDeactivated => self.active = false,
        }
    }

    fn view(&self) -> Option<serde_json::Value> {
        let details = self.details.as_deref()?;
        Some(serde_json::json!({
            "sku": details.sku.as_str(),
            "handle": details.handle,
            "title": details.title,
            "brand": details.brand,
            "category": details.category,
            "barcode": details.barcode,
            "active": self.active,
        }))
    }

    fn search_text(&self) -> Option<String> {
        let details = self.details.as_deref()?;
        let mut words = vec![details.sku.as_str(), &details.title, &details.handle, &details.brand, &details.category];
        words.extend(details.barcode.as_deref());
        words.extend(details.options.iter().map(|(_, value)| value.as_str()));
        words.retain(|word| !word.is_empty());
        Some(words.join(" "))
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        main_part(self, part)
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        from_main(parts)
    }
}
