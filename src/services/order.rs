//! What an order says, put together from a request, the catalogue and the customer; and what it pins of the settings.
//!
//! Prices, titles, tax rates and the customer are looked up here once and become part of the content (ORD-02,
//! LIN-02). Whether the content is right is decided by the order.

use std::collections::HashMap;
use std::sync::Arc;

use munshi_actors::node::Node;
use munshi_domain::{
    Currency, Money, Sku, WarehouseId,
    order::{
        OrderContent,
        content::{Channel, ContentLine, MAX_LINES, OrderType, PaymentMethod, Priority},
        state::Terms,
    },
    product::{Product, ProductDetails},
    settings::{Settings, ShopSettings},
};
use munshi_protocols::orders::{CreateOrder, OrderLineInput, PatchOrder};
use rust_decimal::Decimal;

use crate::{
    api::convert::{parse_address, parse_amount, parse_currency, parse_quantity, parse_warehouse, parse_word},
    problem::Problem,
};

/// Words of a set of values.
macro_rules! words {
    ($type:ty) => {
        &<$type>::ALL.iter().map(|value| value.word()).collect::<Vec<_>>()
    };
}

/// Refuses orders with too many lines before anything is looked up for them.
///
/// # Errors
/// `too_many_lines`.
pub fn check_line_count(lines: usize) -> Result<(), Problem> {
    if lines <= MAX_LINES {
        return Ok(());
    }
    let detail = format!("an order has at most {MAX_LINES} lines, got {lines}");
    Err(Problem::new("too_many_lines", detail).at("/lines").fix("split it into several orders"))
}

/// Products by SKU, from the snapshots.
struct Catalogue(HashMap<Sku, Arc<Product>>);

impl Catalogue {
    async fn load(node: &Node, lines: &[OrderLineInput]) -> Result<Self, Problem> {
        let mut products = HashMap::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let field = || format!("/lines/{at}/sku");
            let sku = Sku::parse(&line.sku).map_err(|error| Problem::bad_value(field(), error))?;
            if products.contains_key(&sku) {
                continue;
            }
            let product = node.snapshot::<Product>(sku.as_str()).await.map_err(Problem::unavailable)?;
            let unknown = || Problem::new("unknown_sku", format!("there is no product {sku}")).at(field());
            let product = product.filter(|product| product.exists()).ok_or_else(unknown)?;
            products.insert(sku, product);
        }
        Ok(Self(products))
    }
}

/// A line as asked for, with what it was before an edit.
fn content_line(
    at: usize,
    number: u16,
    given: &OrderLineInput,
    before: Option<&ContentLine>,
    catalogue: &Catalogue,
    shop: &ShopSettings,
    currency: Currency,
) -> Result<ContentLine, Problem> {
    let field = |name: &str| format!("/lines/{at}/{name}");
    let sku = Sku::parse(&given.sku).map_err(|error| Problem::bad_value(field("sku"), error))?;
    let unknown = || Problem::new("unknown_sku", format!("there is no product {sku}")).at(field("sku"));
    let known = catalogue.0.get(&sku).ok_or_else(unknown)?;
    let product = known.details.as_deref().ok_or_else(unknown)?;
    let before = before.filter(|before| before.sku == sku);
    if !known.active && before.is_none() {
        return Err(Problem::new("product_inactive", format!("{sku} cannot be ordered")).at(field("sku")));
    }
    let quantity = parse_quantity(&field("quantity"), given.quantity)?;
    if quantity < product.min_quantity {
        let detail = format!("{sku} is sold from {} units", product.min_quantity);
        return Err(Problem::new("below_minimum_quantity", detail).at(field("quantity")));
    }
    let unit_price = match (&given.unit_price, before) {
        (Some(text), _) => parse_amount(&field("unit_price"), text)?,
        (None, Some(before)) => before.unit_price,
        (None, None) if product.price.currency() == currency => product.price.amount(),
        (None, None) => {
            let detail = format!("{sku} is priced in {}, the order is in {currency}", product.price.currency());
            return Err(Problem::new("currency_mismatch", detail).at(field("unit_price")).fix("give unit_price"));
        }
    };
    let discount = match (&given.discount, before) {
        (Some(text), _) => parse_amount(&field("discount"), text)?,
        (None, before) => before.map_or(Decimal::ZERO, |before| before.discount),
    };
    let (tax_code, tax_rate) = match before {
        Some(before) => (before.tax_code.clone(), before.tax_rate),
        None => tax(product, shop).ok_or_else(|| {
            Problem::new("unknown_tax_code", format!("{sku} has a tax code without a rate"))
                .at(field("sku"))
                .fix("add the rate to the settings or change the product")
        })?,
    };
    let warehouse = given.warehouse.as_deref().map(|code| parse_warehouse(&field("warehouse"), code)).transpose()?;
    Ok(ContentLine {
        line: number,
        title: before.map_or_else(|| product.title.clone(), |before| before.title.clone()),
        quantity,
        unit_price,
        discount,
        tax_code,
        tax_rate,
        stocked: before.map_or(product.stocked, |before| before.stocked),
        backorder: product.backorder,
        warehouse: warehouse.or_else(|| before.and_then(|before| before.warehouse.clone())),
        note: given.note.clone().or_else(|| before.and_then(|before| before.note.clone())),
        sku,
    })
}

fn tax(product: &ProductDetails, shop: &ShopSettings) -> Option<(String, Decimal)> {
    let code = product.tax_code.as_deref().filter(|code| !code.is_empty()).unwrap_or(&shop.default_tax_code);
    shop.tax_rates.get(code).map(|rate| (code.to_owned(), *rate))
}

/// Numbers lines: kept where given, the rest above every number ever used.
fn numbers(given: &[OrderLineInput], highest: u16) -> Result<Vec<u16>, Problem> {
    let asked = given.iter().filter_map(|line| line.line).max().unwrap_or_default();
    let mut next = highest.max(asked);
    let mut number = |(at, line): (usize, &OrderLineInput)| match line.line {
        Some(number) => Ok(number),
        None => {
            next = next
                .checked_add(1)
                .ok_or_else(|| Problem::bad_value(format!("/lines/{at}/line"), "no number is left"))?;
            Ok(next)
        }
    };
    given.iter().enumerate().map(&mut number).collect()
}

/// The content of a new order.
///
/// # Errors
/// `unknown_sku`, `product_inactive`, `currency_mismatch`, `bad_value` and their like, each with its field.
pub async fn content(
    node: &Node,
    given: CreateOrder,
    customer: munshi_domain::order::content::CustomerSnapshot,
    settings: &Settings,
) -> Result<OrderContent, Problem> {
    check_line_count(given.lines.len())?;
    let shop = &settings.shop;
    let currency = given.currency.as_deref().map_or(Ok(shop.currency), |code| parse_currency("/currency", code))?;
    let catalogue = Catalogue::load(node, &given.lines).await?;
    let numbers = numbers(&given.lines, 0)?;
    let lines = given.lines.iter().zip(numbers).enumerate();
    let lines: Result<Vec<_>, _> =
        lines.map(|(at, (line, number))| content_line(at, number, line, None, &catalogue, shop, currency)).collect();
    let word = given.payment_method.as_str();
    let content = OrderContent {
        customer,
        channel: given
            .channel
            .as_deref()
            .map_or(Ok(Channel::Online), |word| parse_word("/channel", word, Channel::parse, words!(Channel)))?,
        order_type: given
            .order_type
            .as_deref()
            .map_or(Ok(OrderType::Regular), |word| parse_word("/type", word, OrderType::parse, words!(OrderType)))?,
        priority: given
            .priority
            .as_deref()
            .map_or(Ok(Priority::Normal), |word| parse_word("/priority", word, Priority::parse, words!(Priority)))?,
        currency,
        payment_method: parse_word("/payment_method", word, PaymentMethod::parse, words!(PaymentMethod))?,
        shipping_address: parse_address("/shipping_address", given.shipping_address)?,
        billing_address: given.billing_address.map(|address| parse_address("/billing_address", address)).transpose()?,
        lines: lines?,
        shipping_fee: given
            .shipping_fee
            .as_deref()
            .map_or(Ok(Decimal::ZERO), |text| parse_amount("/shipping_fee", text))?,
        tax_included: shop.prices_include_tax,
        ship_complete: given.ship_complete,
        po_number: given.po_number.map(|text| short("/po_number", text)).transpose()?,
        reference: given.reference.map(|text| short("/reference", text)).transpose()?,
        tags: tags(given.tags)?,
        instructions: given.note.map(|text| long("/note", text)).transpose()?,
    };
    Ok(content)
}

/// The content of an edit. `highest` is the highest line number ever used on the order.
///
/// # Errors
/// As [`content`].
pub async fn edited(
    node: &Node,
    before: &OrderContent,
    patch: PatchOrder,
    highest: u16,
    settings: &Settings,
) -> Result<OrderContent, Problem> {
    let mut content = before.clone();
    if let Some(id) = patch.customer_id.as_deref() {
        content.customer = super::customer::existing(node, id).await?;
    }
    if let Some(lines) = &patch.lines {
        check_line_count(lines.len())?;
        let catalogue = Catalogue::load(node, lines).await?;
        let numbers = numbers(lines, highest)?;
        let lines = lines.iter().zip(numbers).enumerate().map(|(at, (line, number))| {
            content_line(at, number, line, before.line(number), &catalogue, &settings.shop, before.currency)
        });
        content.lines = lines.collect::<Result<_, _>>()?;
    }
    if let Some(word) = patch.channel.as_deref() {
        content.channel = parse_word("/channel", word, Channel::parse, words!(Channel))?;
    }
    if let Some(word) = patch.order_type.as_deref() {
        content.order_type = parse_word("/type", word, OrderType::parse, words!(OrderType))?;
    }
    if let Some(word) = patch.priority.as_deref() {
        content.priority = parse_word("/priority", word, Priority::parse, words!(Priority))?;
    }
    if let Some(word) = patch.payment_method.as_deref() {
        content.payment_method = parse_word("/payment_method", word, PaymentMethod::parse, words!(PaymentMethod))?;
    }
    if let Some(address) = patch.shipping_address {
        content.shipping_address = parse_address("/shipping_address", address)?;
    }
    if let Some(address) = patch.billing_address {
        content.billing_address = Some(parse_address("/billing_address", address)?);
    }
    if let Some(text) = patch.shipping_fee.as_deref() {
        content.shipping_fee = parse_amount("/shipping_fee", text)?;
    }
    if let Some(complete) = patch.ship_complete {
        content.ship_complete = complete;
    }
    if let Some(text) = patch.po_number {
        content.po_number = Some(short("/po_number", text)?).filter(|text| !text.is_empty());
    }
    if let Some(text) = patch.reference {
        content.reference = Some(short("/reference", text)?).filter(|text| !text.is_empty());
    }
    if let Some(given) = patch.tags {
        content.tags = tags(given)?;
    }
    if let Some(text) = patch.note {
        content.instructions = Some(long("/note", text)?).filter(|text| !text.is_empty());
    }
    Ok(content)
}

fn short(field: &str, text: String) -> Result<String, Problem> {
    bounded(field, text, 100)
}

fn long(field: &str, text: String) -> Result<String, Problem> {
    bounded(field, text, 2_000)
}

fn bounded(field: &str, text: String, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().count() <= most {
        Ok(text.to_owned())
    } else {
        Err(Problem::bad_value(field, format_args!("at most {most} characters")))
    }
}

fn tags(given: Vec<String>) -> Result<Vec<String>, Problem> {
    if given.len() > 50 {
        return Err(Problem::bad_value("/tags", "at most 50 keywords"));
    }
    let mut tags = Vec::with_capacity(given.len());
    for (at, tag) in given.into_iter().enumerate() {
        let tag = bounded(&format!("/tags/{at}"), tag, 50)?;
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Ok(tags)
}

/// Smallest order of the shop (VAL-10).
///
/// # Errors
/// `below_minimum_order`.
pub fn check_minimum(content: &OrderContent, shop: &ShopSettings) -> Result<(), Problem> {
    let total = content.total();
    let least = shop.minimum_order.iter().find(|least| least.currency() == total.currency());
    match least {
        Some(least) if total.amount() < least.amount() => {
            Err(Problem::new("below_minimum_order", format!("orders begin at {least}")).at("/lines").fix("order more"))
        }
        _ => Ok(()),
    }
}

/// What an order pins of the settings when it is submitted (APR-08).
///
/// # Errors
/// `no_warehouse` without a warehouse to ask; `unavailable`.
pub async fn terms(
    node: &Node,
    content: &OrderContent,
    settings: &Settings,
    sources: Vec<WarehouseId>,
    number: Option<String>,
) -> Result<Terms, Problem> {
    let shop = &settings.shop;
    check_minimum(content, shop)?;
    if sources.is_empty() && content.lines.iter().any(|line| line.stocked) {
        return Err(Problem::new("no_warehouse", "no warehouse is open").fix("open a warehouse first"));
    }
    let number = match number {
        Some(number) => number,
        None => node.next_number("order").await.map_err(Problem::unavailable)?,
    };
    let total: Money = content.total();
    Ok(Terms {
        number,
        settings_version: settings.version,
        plan: shop.approval_plan(total, settings.version),
        confirm_by_rule: shop.confirms_by_rule(content),
        sources,
        split: shop.split_orders,
        deadline: node.now().plus_seconds(shop.placement_seconds),
        confirmation_seconds: shop.confirmation_seconds,
        approval_seconds: shop.approval_expires_seconds,
        release_automatically: shop.release_automatically,
        return_window_days: shop.return_window_days,
    })
}

/// Warehouses to ask, in order: those the settings name, else every one there is.
///
/// # Errors
/// `unavailable`.
pub async fn sources(node: &Node, shop: &ShopSettings) -> Result<Vec<WarehouseId>, Problem> {
    if !shop.sourcing.is_empty() {
        return Ok(shop.sourcing.clone());
    }
    let all = node.store().entities(munshi_domain::Kind::Warehouse, None, 100).await?;
    Ok(all.iter().filter_map(|entity| WarehouseId::parse(&entity.id).ok()).collect())
}
