//! Warehouses and their stock.

use axum::http::StatusCode;
use munshi_actors::node::{Failure, Meta};
use munshi_domain::{
    Kind, RefusalClass, Sku, WarehouseId,
    product::Product,
    warehouse::{Condition, Profile, Row, Warehouse, WarehouseCommand},
};
use munshi_protocols::warehouses::{
    AdjustStock, CountStock, MovementView, OpenWarehouse, ReceiveStock, StockPolicy, StockView, WarehouseView,
};
use munshi_store::query::Source;
use serde_json::json;

use super::{
    Answer, Call, convert, list, outcome,
    outcome::{found, page},
};
use crate::problem::Problem;

/// The warehouse a path names.
///
/// # Errors
/// `not_found`.
pub fn code(call: &Call) -> Result<WarehouseId, Problem> {
    call.id("code", "warehouse", WarehouseId::parse)
}

fn sku(call: &Call) -> Result<Sku, Problem> {
    call.id("sku", "product", Sku::parse)
}

fn view(code: &WarehouseId, warehouse: &Warehouse, version: u64) -> WarehouseView {
    let profile = warehouse.profile();
    let known = !profile.address.line1.is_empty() || !profile.address.city.is_empty();
    WarehouseView {
        code: code.to_string(),
        version,
        name: profile.name.clone(),
        address: known.then(|| convert::address(&profile.address, true)),
        skus: warehouse.rows().count(),
        open_parcels: warehouse.parcels().count(),
    }
}

fn stock_view(code: &WarehouseId, row: &Row) -> StockView {
    let others = Condition::ALL.iter().filter(|condition| **condition != Condition::Sellable);
    let conditions = others.map(|condition| (condition.word().to_owned(), row.on_hand.get(*condition)));
    StockView {
        warehouse: code.to_string(),
        sku: row.sku.to_string(),
        version: row.version,
        on_hand: row.on_hand.sellable,
        reserved: row.reserved,
        allocated: row.allocated,
        waiting: row.waiting,
        available: row.available(),
        safety: row.safety,
        backorder_cap: row.backorder_cap,
        low_stock: row.low_stock,
        conditions: conditions.filter(|(_, units)| *units > 0).collect(),
    }
}

/// Lists warehouses by code.
///
/// # Errors
/// `bad_query`.
pub async fn list(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    list::own_writes(&call).await?;
    let node = call.app.node();
    let entities = node.store().entities(Kind::Warehouse, call.text("after"), limit + 1).await?;
    let mut items = Vec::with_capacity(entities.len());
    for entity in entities.iter().take(limit) {
        let Ok(code) = WarehouseId::parse(&entity.id) else { continue };
        let read =
            node.read::<Warehouse, _>(&entity.id, move |warehouse, version| view(&code, warehouse, version)).await;
        items.extend(read.map_err(Problem::unavailable)?);
    }
    let next = (entities.len() > limit).then(|| items.last().map(|last| last.code.clone())).flatten();
    page(items, next, node.status().projected)
}

/// Opens a warehouse.
///
/// # Errors
/// `warehouse_exists`, and the warehouse's refusals.
pub async fn open(call: Call) -> Answer {
    let given: OpenWarehouse = call.json()?;
    let code = convert::parse_warehouse("/code", &given.code)?;
    let address = given.address.map(|address| convert::parse_address("/address", address)).transpose()?;
    let profile = Profile { name: given.name.trim().to_owned(), address: address.unwrap_or_default() };
    let mut meta = call.meta()?;
    meta.expected = Some(0);
    let shown = code.clone();
    let command = WarehouseCommand::OpenWarehouse(profile);
    let opened = call.app.node().execute::<Warehouse, _>(code.as_str(), command, meta, move |warehouse, version| {
        view(&shown, warehouse, version)
    });
    let opened = opened.await.map_err(|failure| match failure {
        Failure::VersionConflict { .. } => {
            Problem::new("warehouse_exists", format!("{code} is open already")).at("/code")
        }
        other => outcome::problem(other),
    })?;
    call.app.warehouses_changed();
    outcome::done(StatusCode::CREATED, &opened)
}

/// Reads a warehouse.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let code = code(&call)?;
    let shown = code.clone();
    let view = move |warehouse: &Warehouse, version| (version, view(&shown, warehouse, version));
    found("warehouse", call.app.node().read::<Warehouse, _>(code.as_str(), view).await.map_err(Problem::unavailable)?)
}

/// Lists stock by SKU; `sku` narrows to SKUs that begin with it.
///
/// # Errors
/// `not_found`, `bad_query`.
pub async fn stock(call: Call) -> Answer {
    let code = code(&call)?;
    let limit = list::limit(&call)?;
    let (after, prefix) = (call.text("after").map(str::to_owned), call.text("sku").map(str::to_owned));
    let shown = code.clone();
    let view = move |warehouse: &Warehouse, _| {
        let after = |row: &&Row| after.as_deref().is_none_or(|after| row.sku.as_str() > after);
        let fits = |row: &&Row| prefix.as_deref().is_none_or(|prefix| row.sku.as_str().starts_with(prefix));
        let mut rows: Vec<_> = warehouse.rows().filter(after).filter(fits).collect();
        rows.sort_unstable_by(|left, right| left.sku.cmp(&right.sku));
        let more = rows.len() > limit;
        rows.truncate(limit);
        (rows.into_iter().map(|row| stock_view(&shown, row)).collect::<Vec<_>>(), more)
    };
    let read = call.app.node().read::<Warehouse, _>(code.as_str(), view).await.map_err(Problem::unavailable)?;
    let (items, more) = read.ok_or_else(|| Problem::not_found("warehouse"))?;
    let next = more.then(|| items.last().map(|last| last.sku.clone())).flatten();
    page(items, next, call.app.node().status().head)
}

/// Lists stock of a product by warehouse.
///
/// # Errors
/// `not_found` for a product that does not exist, `bad_query`.
pub async fn of_product(call: Call) -> Answer {
    let sku = sku(&call)?;
    let limit = list::limit(&call)?;
    list::own_writes(&call).await?;
    let node = call.app.node();
    let product = node.snapshot::<Product>(sku.as_str()).await.map_err(Problem::unavailable)?;
    product.filter(|product| product.exists()).ok_or_else(|| Problem::not_found("product"))?;
    let (mut items, mut after) = (Vec::new(), call.text("after").map(str::to_owned));
    loop {
        let entities = node.store().entities(Kind::Warehouse, after.as_deref(), list::MAX_LIMIT).await?;
        for entity in &entities {
            let Ok(code) = WarehouseId::parse(&entity.id) else { continue };
            let sku = sku.clone();
            let look = move |warehouse: &Warehouse, _| warehouse.row(&sku).map(|row| stock_view(&code, row));
            let read = node.read::<Warehouse, _>(&entity.id, look).await.map_err(Problem::unavailable)?;
            items.extend(read.flatten());
            if items.len() > limit {
                items.truncate(limit);
                let next = items.last().map(|last| last.warehouse.clone());
                return page(items, next, node.status().head);
            }
        }
        after = entities.last().map(|last| last.id.to_string());
        if entities.len() < list::MAX_LIMIT {
            return page(items, None, node.status().head);
        }
    }
}

/// Reads stock of a SKU.
///
/// # Errors
/// `not_found`.
pub async fn row(call: Call) -> Answer {
    let (code, sku) = (code(&call)?, sku(&call)?);
    let shown = code.clone();
    let view =
        move |warehouse: &Warehouse, version: u64| warehouse.row(&sku).map(|row| (version, stock_view(&shown, row)));
    let read = call.app.node().read::<Warehouse, _>(code.as_str(), view).await.map_err(Problem::unavailable)?;
    found("stock", read.flatten())
}

/// Lists movements of a SKU, newest first (INV-11).
///
/// # Errors
/// `bad_query`.
pub async fn ledger(call: Call) -> Answer {
    let (code, sku) = (code(&call)?, sku(&call)?);
    let prefix = vec![json!(code.as_str()), json!(sku.as_str())];
    let source = Source::Rows { table: "movement", prefix, descending: true };
    let rows = list::run(&call, source, vec![], None).await?;
    let items = rows.rows.iter().map(|row| {
        let movement = &row.body["movement"];
        MovementView {
            version: row.body["version"].as_u64().unwrap_or_default(),
            at: list::optional(&row.body, "at"),
            condition: list::text(movement, "condition"),
            delta: movement["delta"].as_i64().unwrap_or_default(),
            cause: list::text(movement, "cause"),
            order: list::optional(movement, "order"),
            reason: list::optional(movement, "reason"),
            by: list::optional(movement, "by"),
        }
    });
    page(items.collect::<Vec<_>>(), rows.next, rows.seq)
}

async fn run(call: &Call, sku: Sku, command: WarehouseCommand, meta: Meta) -> Answer {
    let code = code(call)?;
    let product = call.app.node().snapshot::<munshi_domain::product::Product>(sku.as_str()).await;
    if product.map_err(Problem::unavailable)?.is_none_or(|product| !product.exists()) {
        let class = RefusalClass::NotFound;
        return Err(Problem::refusal_parts("unknown_sku", class, format!("there is no product {sku}"), None, None));
    }
    let shown = code.clone();
    let view = move |warehouse: &Warehouse, _: u64| warehouse.row(&sku).map(|row| stock_view(&shown, row));
    let applied = call.app.node().execute::<Warehouse, _>(code.as_str(), command, meta, view).await;
    outcome::done(StatusCode::OK, &applied.map_err(outcome::problem)?)
}

/// Receives units.
///
/// # Errors
/// The warehouse's refusals.
pub async fn receive(call: Call) -> Answer {
    let given: ReceiveStock = call.json()?;
    let sku = sku(&call)?;
    let quantity = convert::parse_quantity("/quantity", given.quantity)?;
    let reference = given.reference.unwrap_or_default();
    let command = WarehouseCommand::ReceiveStock {
        sku: sku.clone(),
        quantity,
        condition: Condition::Sellable,
        reference,
        reason: None,
    };
    run(&call, sku, command, call.meta()?).await
}

/// A reason, and metadata that carries it.
fn with_reason(call: &Call, text: &str) -> Result<(String, Meta), Problem> {
    let reason = convert::parse_reason(text)?;
    let mut meta = call.meta()?;
    meta.reason = Some(reason.as_str().into());
    Ok((reason, meta))
}

/// Corrects on-hand units.
///
/// # Errors
/// The warehouse's refusals.
pub async fn adjust(call: Call) -> Answer {
    let given: AdjustStock = call.json()?;
    let sku = sku(&call)?;
    let (reason, meta) = with_reason(&call, &given.reason)?;
    if given.delta == 0 || given.delta.unsigned_abs() > u64::from(munshi_domain::quantity::MAX_QUANTITY) {
        return Err(Problem::bad_value("/delta", "a correction is not 0 and at most 1000000 units"));
    }
    run(&call, sku.clone(), WarehouseCommand::AdjustStock { sku, delta: given.delta, reason }, meta).await
}

/// Records a count; what moved since it began is applied on top (INV-06).
///
/// # Errors
/// The warehouse's refusals.
pub async fn count(call: Call) -> Answer {
    let given: CountStock = call.json()?;
    let sku = sku(&call)?;
    let (reason, meta) = with_reason(&call, &given.reason)?;
    let counted = convert::parse_whole("/counted", given.counted)?;
    let command = WarehouseCommand::RecordCount { sku: sku.clone(), counted, at_version: given.at_version, reason };
    run(&call, sku, command, meta).await
}

/// Sets safety stock, backorder cap and low level.
///
/// # Errors
/// The warehouse's refusals.
pub async fn policy(call: Call) -> Answer {
    let given: StockPolicy = call.json()?;
    let sku = sku(&call)?;
    let cap = given.backorder_cap.map(|cap| convert::parse_whole("/backorder_cap", cap)).transpose()?;
    let command = WarehouseCommand::SetStockPolicy {
        sku: sku.clone(),
        safety: convert::parse_whole("/safety", given.safety)?,
        backorder_cap: cap,
        low_stock: convert::parse_whole("/low_stock", given.low_stock)?,
    };
    run(&call, sku, command, call.meta()?).await
}
