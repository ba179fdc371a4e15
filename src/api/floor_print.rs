//! The papers of a parcel, over HTTP: pick list, packing slip and label.
//!
//! Invariant: what is printed is what the books say now; what does not fit is refused with the field, never cut off.
//! A label shows the receiver's phone to whoever may work the floor: the courier needs it.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use munshi_connectors::print::{
    Address, Label, PackingSlip, PickLine, PickList, PrintError, Resolution, ShippingLabel, SlipLine, Sscc, labels_pdf,
    labels_zpl,
};
use munshi_domain::{
    ParcelId, Timestamp, WarehouseId, customer,
    floor::{Floor, Work},
    order::{
        Order,
        content::{ContentLine, OrderContent, PaymentMethod},
        state::Stage,
    },
    user::User,
    warehouse::{Parcel, Profile, Warehouse},
    zone::Zone,
};

use super::{Answer, Call, floor::bad, parcels::parcel_id, warehouses::code};
use crate::problem::Problem;

/// Why something is not printed.
pub(super) fn refused(error: PrintError) -> Problem {
    let problem = Problem::new(error.code(), error.to_string());
    match error.field() {
        Some(field) => problem.at(format!("/{field}")),
        None => problem,
    }
}

/// Day and minute on the shop's clocks; on those of UTC, and so named, where its zone is not known.
pub(super) fn clock(call: &Call, at: Timestamp) -> String {
    match Zone::parse(&call.app.node().settings().shop.time_zone) {
        Some(zone) => zone.clock(at),
        None => format!("{} UTC", Zone::UTC.clock(at)),
    }
}

/// Today, by the shop's clocks.
fn today(call: &Call) -> String {
    clock(call, call.now()).chars().take(10).collect()
}

/// A file as an answer.
pub(super) fn file(kind: &'static str, bytes: Vec<u8>) -> Result<Response<Body>, Problem> {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

pub(super) async fn pdf(make: impl FnOnce() -> Result<Vec<u8>, PrintError> + Send + 'static) -> Answer {
    file("application/pdf", off_thread(make).await?)
}

/// Setting type is work for a processor, not for the threads that answer requests.
async fn off_thread(make: impl FnOnce() -> Result<Vec<u8>, PrintError> + Send + 'static) -> Result<Vec<u8>, Problem> {
    tokio::task::spawn_blocking(make).await.map_err(Problem::internal)?.map_err(refused)
}

fn resolution(call: &Call) -> Result<Resolution, Problem> {
    match call.query::<u16>("dpi")? {
        None => Ok(Resolution::default()),
        Some(dpi) => Resolution::from_dpi(dpi).ok_or_else(|| bad("dpi").fix("give 203, 300 or 600")),
    }
}

pub(super) async fn zpl(call: &Call, labels: Vec<Label>) -> Answer {
    let resolution = resolution(call)?;
    file("application/zpl", off_thread(move || labels_zpl(&labels, resolution)).await?)
}

/// What is known of a parcel.
struct Papers {
    id: ParcelId,
    site: WarehouseId,
    profile: Profile,
    parcel: Parcel,
    order: Arc<Order>,
}

impl Papers {
    async fn of(call: &Call) -> Result<Self, Problem> {
        let (site, id) = (code(call)?, parcel_id(call)?);
        let look = move |warehouse: &Warehouse, _: u64| {
            warehouse.parcel(id).map(|parcel| (warehouse.profile().clone(), parcel.clone()))
        };
        let node = call.app.node();
        let read = node.read::<Warehouse, _>(site.as_str(), look).await.map_err(Problem::unavailable)?;
        let (profile, parcel) = read.flatten().ok_or_else(|| Problem::not_found("parcel"))?;
        let order = node.snapshot::<Order>(&id.order.to_string()).await.map_err(Problem::unavailable)?;
        let order = order.ok_or_else(|| Problem::not_found("order"))?;
        Ok(Self { id, site, profile, parcel, order })
    }

    fn content(&self) -> Result<&OrderContent, Problem> {
        self.order.content.as_deref().ok_or_else(|| Problem::not_found("order"))
    }

    /// Number of the order for people.
    fn order_number(&self) -> String {
        self.order.number().map_or_else(|| self.id.order.to_string(), str::to_owned)
    }

    /// Number of the parcel: that of the order and its own.
    fn number(&self) -> String {
        format!("{}-{}", self.order_number(), self.id.number)
    }

    fn piece(&self) -> String {
        format!("{} / {}", self.id.number, self.order.parcels.len().max(usize::from(self.id.number)))
    }

    fn title(&self, sku: &munshi_domain::Sku, line: u16) -> Result<String, Problem> {
        let known = self.content()?.lines.iter().find(|one| one.line == line && one.sku == *sku);
        Ok(known.map(|line| line.title.clone()).unwrap_or_default())
    }

    fn from(&self) -> Address {
        address(&self.profile.address, &self.profile.name)
    }

    fn to(&self) -> Result<Address, Problem> {
        let content = self.content()?;
        let mut to = address(&content.shipping_address, &content.customer.name);
        if to.phone.is_empty() {
            to.phone = content.customer.phone.clone().unwrap_or_default();
        }
        Ok(to)
    }

    /// What the courier collects: the order's total, if all of it is in this parcel. How the total of a divided order
    /// is divided, no rule says yet.
    fn collect(&self) -> Result<Collect, Problem> {
        let content = self.content()?;
        if content.payment_method != PaymentMethod::Cod {
            return Ok(Collect::Nothing);
        }
        let here = |line: &ContentLine| {
            let of = self.parcel.lines.iter().filter(|one| one.line == line.line);
            of.map(|one| one.quantity).sum::<u32>()
        };
        if content.lines.iter().any(|line| line.stocked && here(line) != line.quantity) {
            return Ok(Collect::Unknown);
        }
        Ok(Collect::Amount(format!("{} {}", content.currency.code(), content.totals().total)))
    }
}

/// What a courier collects.
enum Collect {
    /// Nothing: it is paid, or will be by invoice.
    Nothing,
    /// This much, with its currency.
    Amount(String),
    /// Part of an amount that nobody divided.
    Unknown,
}

fn address(given: &customer::Address, name: &str) -> Address {
    let name = if given.name.is_empty() { name } else { &given.name };
    let landmark = (!given.landmark.is_empty()).then(|| format!("Near: {}", given.landmark));
    let lines = [given.line1.clone(), given.line2.clone(), landmark.unwrap_or_default()];
    let city = [&given.city, &given.postcode, &given.province].map(|part| part.trim());
    Address {
        name: name.to_owned(),
        lines: lines.into_iter().filter(|line| !line.trim().is_empty()).collect(),
        city: city.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        country: given.country.clone(),
        phone: given.phone.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

/// Where units of a parcel's lines lie, as the floor planned it; nothing if the floor has no such task.
async fn stops(call: &Call, papers: &Papers) -> Result<Vec<PickLine>, Problem> {
    let id = papers.id;
    let look = move |floor: &Floor, _: u64| {
        let task = floor.work().tasks.iter().find(|(_, task)| task.is_live() && task.work.picks() == Some(id));
        match task.map(|(_, task)| &task.work) {
            Some(Work::Pick(work)) => work.lines.clone(),
            _ => vec![],
        }
    };
    let node = call.app.node();
    let planned = node.read::<Floor, _>(papers.site.as_str(), look).await.map_err(Problem::unavailable)?;
    let mut lines = Vec::new();
    for line in planned.unwrap_or_default() {
        let description = papers.title(&line.sku, line.line)?;
        for stop in line.stops.iter().filter(|stop| stop.units > 0) {
            lines.push(PickLine {
                location: stop.place.as_ref().map(|place| place.bin.to_string()).unwrap_or_default(),
                sku: line.sku.to_string(),
                description: description.clone(),
                quantity: stop.units.to_string(),
                lot: stop.goods.lot.as_ref().map(ToString::to_string).unwrap_or_default(),
                expiry: stop.goods.expiry.map(|day| day.to_string()).unwrap_or_default(),
                ..PickLine::default()
            });
        }
    }
    Ok(lines)
}

/// The list a picker walks by: with locations where the floor has planned them, without them otherwise.
///
/// # Errors
/// `not_found`; what cannot be printed.
pub async fn pick_list(call: Call) -> Answer {
    let papers = Papers::of(&call).await?;
    let mut lines = stops(&call, &papers).await?;
    if lines.is_empty() {
        for line in papers.parcel.lines.iter().filter(|line| line.picked < line.quantity) {
            lines.push(PickLine {
                sku: line.sku.to_string(),
                description: papers.title(&line.sku, line.line)?,
                quantity: (line.quantity - line.picked).to_string(),
                ..PickLine::default()
            });
        }
    }
    let content = papers.content()?;
    let picker = match papers.parcel.picker {
        Some(picker) => call.app.node().read::<User, _>(&picker.to_string(), |user, _| user.name.clone()).await,
        None => Ok(None),
    };
    let list = PickList {
        number: papers.number(),
        warehouse: papers.site.to_string(),
        orders: papers.order_number(),
        picker: picker.map_err(Problem::unavailable)?.unwrap_or_default(),
        priority: content.priority.word().to_owned(),
        created: clock(&call, call.now()),
        note: papers.parcel.held.clone().unwrap_or_default(),
        lines,
    };
    pdf(move || list.pdf()).await
}

/// The slip that lies in a parcel.
///
/// # Errors
/// As [`pick_list`].
pub async fn packing_slip(call: Call) -> Answer {
    let papers = Papers::of(&call).await?;
    let content = papers.content()?;
    let mut lines = Vec::new();
    for line in &papers.parcel.lines {
        let ordered = content.lines.iter().find(|one| one.line == line.line).map_or(line.quantity, |one| one.quantity);
        let stages = [Stage::Open, Stage::Reserved, Stage::Backordered, Stage::Allocated];
        let state = papers.order.line(line.line);
        let follow: u32 = state.map_or(0, |state| stages.iter().map(|stage| state.units(*stage)).sum());
        lines.push(SlipLine {
            sku: line.sku.to_string(),
            description: papers.title(&line.sku, line.line)?,
            note: String::new(),
            ordered: ordered.to_string(),
            packed: line.quantity.to_string(),
            to_follow: follow.to_string(),
        });
    }
    let (service, tracking) = papers.parcel.consignment.clone().unwrap_or_default();
    let totals = match papers.collect()? {
        Collect::Amount(amount) => vec![("Cash on delivery".to_owned(), amount)],
        Collect::Nothing | Collect::Unknown => vec![],
    };
    let slip = PackingSlip {
        parcel_number: papers.number(),
        order_number: papers.order_number(),
        customer_reference: content.po_number.clone().unwrap_or_default(),
        date: today(&call),
        piece: papers.piece(),
        service,
        tracking,
        from: papers.from(),
        to: papers.to()?,
        lines,
        totals,
        note: String::new(),
    };
    pdf(move || slip.pdf()).await
}

async fn shipping_label(call: &Call) -> Result<Label, Problem> {
    let papers = Papers::of(call).await?;
    let id = papers.id;
    let look = move |floor: &Floor, _: u64| floor.work().parcel(id).and_then(|one| one.plates().next().cloned());
    let node = call.app.node();
    let plate = node.read::<Floor, _>(papers.site.as_str(), look).await.map_err(Problem::unavailable)?.flatten();
    let (service, tracking) = papers.parcel.consignment.clone().unwrap_or_default();
    let collect = match papers.collect()? {
        Collect::Nothing => String::new(),
        Collect::Amount(amount) => amount,
        Collect::Unknown => {
            let detail = "cash on delivery of an order that leaves in several parcels is not divided between them";
            return Err(Problem::new("collect_unknown", detail).fix("print the label at the courier with the amount"));
        }
    };
    let label = ShippingLabel {
        service,
        piece: papers.piece(),
        from: papers.from(),
        to: papers.to()?,
        order_number: papers.order_number(),
        date: today(call),
        weight: papers.parcel.weight_grams.map(kilograms).unwrap_or_default(),
        collect,
        instructions: papers.content()?.instructions.clone().unwrap_or_default(),
        tracking: if tracking.is_empty() { papers.number() } else { tracking },
        qr: String::new(),
        // A plate with a number of the site's own has no SSCC to show.
        sscc: plate.and_then(|plate| Sscc::parse(plate.as_str()).ok()),
    };
    Ok(label.into())
}

fn kilograms(grams: u32) -> String {
    format!("{}.{:03} kg", grams / 1_000, grams % 1_000)
}

/// A parcel's label as PDF.
///
/// # Errors
/// As [`pick_list`].
pub async fn label_pdf(call: Call) -> Answer {
    let labels = [shipping_label(&call).await?];
    pdf(move || labels_pdf(&labels)).await
}

/// A parcel's label for a label printer.
///
/// # Errors
/// As [`pick_list`]; `bad_query` for a resolution there is no printer for.
pub async fn label_zpl(call: Call) -> Answer {
    let labels = vec![shipping_label(&call).await?];
    zpl(&call, labels).await
}
