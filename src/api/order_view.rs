//! An order as its readers see it.

use munshi_domain::{
    approval::request::StepState,
    order::{
        Order, badges,
        content::{ContentLine, OrderContent},
        display_status,
        state::{LineState, Parcel, Stage},
        table,
    },
};
use munshi_protocols::orders as wire;
use serde_json::Value;

use super::{convert, list};

/// The whole order. `contacts`: whether the reader may see phones and e-mail addresses.
pub fn order(order: &Order, version: u64, contacts: bool) -> wire::OrderView {
    let empty = || None::<&OrderContent>;
    let content = order.content.as_deref().or_else(empty);
    let text = |pick: fn(&OrderContent) -> &'static str| content.map_or("", pick).to_owned();
    wire::OrderView {
        id: order.id.map(|id| id.to_string()).unwrap_or_default(),
        number: order.number().map(str::to_owned),
        version,
        as_of: None,
        edition: order.edition,
        status: display_status(order).to_owned(),
        lifecycle: order.lifecycle.word().to_owned(),
        badges: badges(order).into_iter().map(str::to_owned).collect(),
        channel: text(|content| content.channel.word()),
        order_type: text(|content| content.order_type.word()),
        priority: text(|content| content.priority.word()),
        payment_method: text(|content| content.payment_method.word()),
        customer: content.map(|content| customer(content, contacts)).unwrap_or_else(nobody),
        shipping_address: content
            .map(|content| convert::address(&content.shipping_address, contacts))
            .unwrap_or_default(),
        billing_address: content
            .and_then(|content| content.billing_address.as_ref())
            .map(|address| convert::address(address, contacts)),
        lines: content.map(|content| lines(order, content)).unwrap_or_default(),
        totals: totals(content),
        holds: holds(order),
        approval: approval(order),
        parcels: order.parcels.iter().map(parcel).collect(),
        ship_complete: content.is_some_and(|content| content.ship_complete),
        po_number: content.and_then(|content| content.po_number.clone()),
        reference: content.and_then(|content| content.reference.clone()),
        tags: content.map(|content| content.tags.clone()).unwrap_or_default(),
        note: content.and_then(|content| content.instructions.clone()),
        created_at: order.exists().then(|| order.created_at.to_string()),
        placed_at: order.placed_at.map(|at| at.to_string()),
        next_actions: next_actions(order),
        placement_refused: order.refusal.as_deref().map(|refusal| wire::PlacementRefused {
            code: refusal.code.clone(),
            detail: refusal.message.clone(),
            field: refusal.field.clone(),
            fix: refusal.fix.clone(),
        }),
    }
}

fn nobody() -> wire::OrderCustomer {
    wire::OrderCustomer {
        id: String::new(),
        name: String::new(),
        phone: None,
        email: None,
        kind: String::new(),
        tier: String::new(),
    }
}

fn customer(content: &OrderContent, contacts: bool) -> wire::OrderCustomer {
    let known = &content.customer;
    let shown = |text: &Option<String>| text.as_deref().map(|text| convert::shown_text(text, contacts));
    wire::OrderCustomer {
        id: known.id.to_string(),
        name: known.name.clone(),
        phone: shown(&known.phone),
        email: shown(&known.email),
        kind: known.kind.word().to_owned(),
        tier: known.tier.clone(),
    }
}

fn lines(order: &Order, content: &OrderContent) -> Vec<wire::OrderLine> {
    let unplaced = |line: &ContentLine| LineState::new(line.line, line.quantity);
    let view = |line: &ContentLine| {
        let known = order.line(line.line);
        let money = line.totals(content.currency, content.tax_included);
        let amount = |amount: rust_decimal::Decimal| scaled(amount, content);
        let holder = known.and_then(|known| known.held.first()).map(|held| held.warehouse.to_string());
        wire::OrderLine {
            line: line.line,
            sku: line.sku.to_string(),
            title: line.title.clone(),
            quantity: line.quantity,
            unit_price: amount(line.unit_price),
            discount: amount(line.discount),
            tax: amount(money.tax),
            total: amount(money.total),
            quantities: quantities(known.unwrap_or(&unplaced(line))),
            warehouse: holder.or_else(|| line.warehouse.as_ref().map(ToString::to_string)),
            note: line.note.clone(),
        }
    };
    content.lines.iter().map(view).collect()
}

fn scaled(mut amount: rust_decimal::Decimal, content: &OrderContent) -> String {
    amount.rescale(content.currency.exponent());
    amount.to_string()
}

fn quantities(line: &LineState) -> wire::LineQuantities {
    wire::LineQuantities {
        open: line.units(Stage::Open),
        reserved: line.units(Stage::Reserved),
        backordered: line.units(Stage::Backordered),
        allocated: line.units(Stage::Allocated),
        picking: line.units(Stage::Picking),
        packed: line.units(Stage::Packed),
        in_transit: line.units(Stage::InTransit),
        delivered: line.units(Stage::Delivered),
        rto_pending: line.units(Stage::RtoPending),
        returned: line.units(Stage::Returned),
        lost: line.units(Stage::Lost),
        canceled: line.units(Stage::Canceled),
    }
}

fn totals(content: Option<&OrderContent>) -> wire::OrderTotals {
    let sums = content.map(OrderContent::totals).unwrap_or_default();
    wire::OrderTotals {
        subtotal: sums.subtotal.to_string(),
        discount: sums.discount.to_string(),
        tax: sums.tax.to_string(),
        shipping: sums.shipping.to_string(),
        total: sums.total.to_string(),
        currency: content.map(|content| content.currency.code().to_owned()).unwrap_or_default(),
    }
}

fn holds(order: &Order) -> Vec<wire::HoldView> {
    let view = |hold: &munshi_domain::order::state::Hold| wire::HoldView {
        hold: hold.number,
        kind: hold.kind.word().to_owned(),
        reason: hold.reason.clone(),
        since: hold.since.to_string(),
        expires_at: hold.expires.map(|at| at.to_string()),
    };
    order.holds.iter().map(view).collect()
}

fn approval(order: &Order) -> Option<wire::OrderApproval> {
    let request = order.approval.as_deref()?;
    let id = order.id?;
    let steps = request.plan.steps.iter().zip(&request.steps).zip(1u16..).map(|((step, state), number)| {
        let state = match state {
            StepState::Waiting => "waiting".to_owned(),
            StepState::Active => "active".to_owned(),
            StepState::Decided(decision) => serde_json::to_value(decision.result)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default(),
        };
        wire::OrderApprovalStep {
            step: super::approvals::step_id(id, request.number, number),
            queue: step.queue.to_string(),
            role: step.role.clone(),
            state,
        }
    });
    Some(wire::OrderApproval {
        state: request.state.name().to_owned(),
        hash: request.hash.clone(),
        steps: steps.collect(),
        trace: request.plan.trace.clone(),
    })
}

fn parcel(parcel: &Parcel) -> wire::OrderParcel {
    wire::OrderParcel {
        number: parcel.number,
        warehouse: parcel.warehouse.to_string(),
        state: parcel.state.word().to_owned(),
        carrier_state: parcel.carrier_status.map(|status| status.word().to_owned()),
        carrier: parcel.carrier.clone(),
        tracking: parcel.tracking.clone(),
    }
}

/// Commands of SM-02 that have a row from here and that a person sends, and holds where there is one to release.
fn next_actions(order: &Order) -> Vec<String> {
    let state = order.lifecycle;
    let mut actions: Vec<_> = table::LIFECYCLE
        .commands(state.word())
        .into_iter()
        .filter(|command| !command.starts_with("Record") && *command != "RefusePlacement")
        .filter(|command| *command != "ConfirmOrder" || order.confirmed.is_none())
        .map(|command| if command == "ApplyChange" { "ProposeChange" } else { command }.to_owned())
        .collect();
    if !state.terminal() && order.exists() {
        actions.push("PlaceHold".to_owned());
        if !order.holds.is_empty() {
            actions.push("ReleaseHold".to_owned());
        }
    }
    actions.sort_unstable();
    actions.dedup();
    actions
}

/// An order in a list.
pub fn row(row: &munshi_store::Row) -> wire::OrderRow {
    let body: &Value = &row.body;
    wire::OrderRow {
        id: row.id.clone(),
        version: row.version,
        number: list::optional(body, "number"),
        status: list::text(body, "status"),
        badges: list::texts(body, "badges"),
        customer_name: list::optional(body, "name"),
        customer: list::optional(body, "customer"),
        channel: list::optional(body, "channel"),
        priority: list::optional(body, "priority"),
        total: list::optional(body, "total"),
        currency: list::optional(body, "currency"),
        at: list::optional(body, "at"),
        tags: list::texts(body, "tags"),
    }
}
