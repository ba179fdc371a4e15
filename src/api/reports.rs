//! Reports. Figures over orders and scans are kept by [`crate::live`]; the rest is asked of the aggregates.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use munshi_domain::{Kind, WarehouseId, floor::Floor, warehouse::Warehouse, zone::Zone};
use munshi_protocols::reports::{Dashboard, DashboardDay, DashboardFloor, LowStock, ScanMinute};

use super::{Answer, Call, call::json_body, list};
use crate::problem::Problem;

/// SKUs listed of those that run low.
const LOW_LISTED: usize = 50;
/// Days shown unless asked otherwise.
const USUAL_DAYS: i64 = 14;
/// Warehouses looked at at a time.
const PAGE: usize = 200;

/// The home page's figures.
///
/// # Errors
/// `bad_query`, `not_found` for a warehouse there is not, `not_ready` while the figures are gathered after a start.
pub async fn dashboard(call: Call) -> Answer {
    let days = call.query::<i64>("days")?.unwrap_or(USUAL_DAYS);
    if !(1..=crate::live::FIGURE_DAYS).contains(&days) {
        return Err(Problem::new("bad_query", format!("days is 1 to {}", crate::live::FIGURE_DAYS)).at("days"));
    }
    let wanted = call.text("warehouse").map(WarehouseId::parse).transpose();
    let wanted = wanted.map_err(|error| Problem::new("bad_query", error.to_string()).at("warehouse"))?;
    list::own_writes(&call).await?;
    let (live, now) = (call.app.live(), call.now());
    let settings = call.app.node().settings();
    let zone = Zone::parse(&settings.shop.time_zone);
    let gathering = || Problem::new("not_ready", "the figures are being gathered").retry_after(1);
    let sums = live.figures().days(days, zone.unwrap_or(Zone::UTC), now).ok_or_else(gathering)?;
    let mut floors = Floors::default();
    match &wanted {
        Some(code) => {
            floors.look(&call, code).await?.ok_or_else(|| Problem::not_found("warehouse"))?;
        }
        None => floors.look_everywhere(&call).await?,
    }
    let Floors { mut low, open_tasks, open_exceptions } = floors;
    low.sort_unstable_by(|left, right| (left.available, &left.sku).cmp(&(right.available, &right.sku)));
    let low_stock_count = low.len() as u64;
    low.truncate(LOW_LISTED);
    let day = |(day, sums): (i64, crate::live::figures::Day)| DashboardDay {
        date: Zone::date(day),
        orders: sums.orders,
        value: sums.value.into_iter().map(|(code, sum)| (code.code().to_owned(), sum.to_string())).collect(),
    };
    let scans = live.figures().scans(wanted.as_ref(), now);
    let scans = scans.into_iter().map(|(at, count)| ScanMinute { at: at.to_string(), count });
    json_body(
        StatusCode::OK,
        &Dashboard {
            time_zone: if zone.is_some() { settings.shop.time_zone.clone() } else { "UTC".to_owned() },
            seq: live.position(),
            days: sums.days.into_iter().map(day).collect(),
            by_status: sums.by_status.into_iter().map(|(status, n)| (status.into(), n)).collect::<BTreeMap<_, _>>(),
            open_approvals: live.open_approvals(),
            low_stock: low,
            low_stock_count,
            floor: DashboardFloor { scans_per_minute: scans.collect(), open_tasks, open_exceptions },
        },
    )
}

/// What warehouses and their floors say.
#[derive(Default)]
struct Floors {
    low: Vec<LowStock>,
    open_tasks: u64,
    open_exceptions: u64,
}

impl Floors {
    async fn look_everywhere(&mut self, call: &Call) -> Result<(), Problem> {
        let mut after: Option<String> = None;
        loop {
            let page = call.app.node().store().entities(Kind::Warehouse, after.as_deref(), PAGE).await?;
            for code in page.iter().filter_map(|entity| WarehouseId::parse(&entity.id).ok()) {
                self.look(call, &code).await?;
            }
            match page.last() {
                Some(last) if page.len() >= PAGE => after = Some(last.id.to_string()),
                _ => return Ok(()),
            }
        }
    }

    /// Nothing if there is no such warehouse.
    async fn look(&mut self, call: &Call, code: &WarehouseId) -> Result<Option<()>, Problem> {
        let node = call.app.node();
        let shown = code.to_string();
        let low = move |warehouse: &Warehouse, _: u64| {
            let low = warehouse.rows().filter(|row| row.low_stock > 0 && row.available() <= row.low_stock);
            let view = |row: &munshi_domain::warehouse::Row| LowStock {
                warehouse: shown.clone(),
                sku: row.sku.to_string(),
                available: row.available(),
                low: row.low_stock,
            };
            low.map(view).collect::<Vec<_>>()
        };
        let Some(low) = node.read::<Warehouse, _>(code.as_str(), low).await.map_err(Problem::unavailable)? else {
            return Ok(None);
        };
        self.low.extend(low);
        let floor = |floor: &Floor, _: u64| {
            let open = floor.work().tasks.iter().filter(|(_, task)| task.is_live()).count();
            (open as u64, floor.exceptions().count() as u64)
        };
        let seen = node.read::<Floor, _>(code.as_str(), floor).await.map_err(Problem::unavailable)?;
        let (tasks, exceptions) = seen.unwrap_or_default();
        self.open_tasks += tasks;
        self.open_exceptions += exceptions;
        Ok(Some(()))
    }
}
