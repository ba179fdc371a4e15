//! The customer's view of an order, from the order and its history.

use munshi_actors::node::Node;
use munshi_domain::{
    CustomerId,
    customer::Customer,
    order::{
        Lifecycle, Order, OrderEvent,
        state::{CancellationState, Parcel, ParcelState, Stage},
    },
};
use munshi_protocols::tracking::{TrackLine, TrackParcel, TrackStep, TrackUnits, TrackView};
use munshi_store::JournalEntry;

use crate::{api::convert, live::order_topic, problem::Problem};

/// The view without language and steps, and whose order it is; nothing if it was never placed.
pub fn of(order: &Order, shop: String) -> Option<(TrackView, CustomerId)> {
    let content = order.content.as_deref()?;
    let (id, placed_at) = (order.id?, order.placed_at?);
    let sums = content.totals();
    let canceling = order
        .cancellation
        .as_deref()
        .is_some_and(|one| matches!(one.state, CancellationState::Requested | CancellationState::Executing));
    let lines = content.lines.iter().map(|line| {
        let units = |stage| order.line(line.line).map_or(0, |state| state.units(stage));
        let mut total = line.totals(content.currency, content.tax_included).total;
        total.rescale(content.currency.exponent());
        TrackLine {
            title: line.title.clone(),
            quantity: line.quantity,
            shipped: units(Stage::InTransit),
            delivered: units(Stage::Delivered),
            canceled: units(Stage::Canceled),
            returned: units(Stage::Returned) + units(Stage::RtoPending),
            total: total.to_string(),
        }
    });
    let place = |line: u16| content.lines.iter().position(|known| known.line == line);
    let view = TrackView {
        topic: order_topic(id),
        shop,
        number: order.number().unwrap_or_default().to_owned(),
        status: status(order).to_owned(),
        canceling,
        placed_at: Some(placed_at.to_string()),
        language: None,
        city: content.shipping_address.city.clone(),
        phone: content.customer.phone.as_deref().map(|phone| convert::shown_text(phone, false)),
        payment_method: content.payment_method.word().to_owned(),
        lines: lines.collect(),
        total: sums.total.to_string(),
        shipping: sums.shipping.to_string(),
        currency: content.currency.code().to_owned(),
        parcels: order.parcels.iter().map(|one| parcel(one, place)).collect(),
        can_cancel: order.customer_may_cancel(),
        steps: Vec::new(),
    };
    Some((view, content.customer.id))
}

const fn status(order: &Order) -> &'static str {
    match order.lifecycle {
        Lifecycle::Processing => "preparing",
        Lifecycle::Shipped => "on_the_way",
        Lifecycle::Delivered | Lifecycle::Closed => "delivered",
        Lifecycle::Returned => "returned",
        Lifecycle::Canceled | Lifecycle::Discarded => "canceled",
        Lifecycle::Expired => "expired",
        Lifecycle::Rejected => "rejected",
        Lifecycle::Draft
        | Lifecycle::Placing
        | Lifecycle::Pending
        | Lifecycle::PendingApproval
        | Lifecycle::Approved => "received",
    }
}

fn parcel(parcel: &Parcel, place: impl Fn(u16) -> Option<usize>) -> TrackParcel {
    let state = match parcel.state {
        ParcelState::Released => "preparing",
        ParcelState::Packed | ParcelState::Booked => "packed",
        ParcelState::HandedOver => "with_carrier",
        ParcelState::Delivered => "delivered",
        ParcelState::Returning => "returning",
        ParcelState::Returned => "returned",
        ParcelState::Lost => "lost",
        ParcelState::Canceled => "canceled",
    };
    let units = parcel.lines.iter().filter_map(|(line, quantity)| {
        Some(TrackUnits { line: u16::try_from(place(*line)?).ok()?, quantity: *quantity })
    });
    TrackParcel {
        n: parcel.number,
        state: state.to_owned(),
        carrier_state: parcel.carrier_status.map(|status| status.word().to_owned()),
        carrier: parcel.carrier.clone(),
        tracking_number: parcel.tracking.clone(),
        units: units.collect(),
    }
}

/// The language the customer reads, if the shop knows it.
///
/// # Errors
/// `unavailable`.
pub async fn language(node: &Node, customer: CustomerId) -> Result<Option<String>, Problem> {
    let look = |customer: &Customer, _: u64| customer.details.as_deref().map(|details| details.language.clone());
    let seen = node.read::<Customer, _>(&customer.to_string(), look).await.map_err(Problem::unavailable)?;
    Ok(seen.flatten().filter(|language| !language.is_empty()))
}

/// What of an entry of the order's history a customer is told.
pub fn steps(entry: &JournalEntry) -> Vec<TrackStep> {
    let mut steps: Vec<TrackStep> = Vec::new();
    for (what, parcel) in entry.events.typed::<OrderEvent>().iter().filter_map(step) {
        let told = TrackStep { what: what.to_owned(), at: entry.at.to_string(), parcel };
        // Several lines of one parcel move in one entry.
        if steps.last() != Some(&told) {
            steps.push(told);
        }
    }
    steps
}

fn step(event: &OrderEvent) -> Option<(&'static str, Option<u16>)> {
    Some(match event {
        OrderEvent::OrderPlaced { .. } | OrderEvent::OrderImported { .. } => ("placed", None),
        OrderEvent::OrderApproved => ("confirmed", None),
        OrderEvent::LinePacked(units) => ("packed", units.parcel),
        OrderEvent::LineShipped(units) => ("handed_over", units.parcel),
        OrderEvent::CarrierScanRecorded { parcel, status, .. } => (status.word(), Some(*parcel)),
        OrderEvent::OrderDelivered { .. } => ("complete", None),
        OrderEvent::OrderCanceled { .. } => ("canceled", None),
        OrderEvent::OrderReturned => ("returned", None),
        OrderEvent::OrderExpired => ("expired", None),
        OrderEvent::OrderRejected => ("rejected", None),
        _ => return None,
    })
}
