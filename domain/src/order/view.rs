//! Columns by which orders are listed, filtered and found.

use serde_json::{Value, json};

use crate::order::{
    derive::{badges, display_status},
    state::{Lifecycle, Order},
};

/// The list row of an order; `None` while it is shown nowhere (a first placing, a discarded draft; P02).
pub(super) fn columns(order: &Order) -> Option<Value> {
    let content = order.content.as_deref()?;
    let hidden = match order.lifecycle {
        Lifecycle::Placing => order.placed_at.is_none(),
        Lifecycle::Discarded => true,
        _ => false,
    };
    if hidden {
        return None;
    }
    Some(json!({
        "number": order.number(),
        "status": display_status(order),
        "badges": badges(order),
        "at": order.placed_at.unwrap_or(order.created_at).to_string(),
        "customer": content.customer.id.to_string(),
        "name": content.customer.name,
        "phone": content.customer.phone,
        "city": content.shipping_address.city,
        "channel": content.channel.word(),
        "order_type": content.order_type.word(),
        "priority": content.priority.word(),
        "payment_method": content.payment_method.word(),
        "total": content.total().amount().to_string(),
        "currency": content.currency.code(),
        "units": order.ordered(),
        "lines": content.lines.len(),
        "holds": order.holds.iter().map(|hold| hold.kind.word()).collect::<Vec<_>>(),
        "tags": content.tags,
        "po_number": content.po_number,
        "warehouses": order.warehouses().iter().map(|code| code.as_str()).collect::<Vec<_>>(),
    }))
}

/// Words by which an order is found.
pub(super) fn search_text(order: &Order) -> Option<String> {
    columns(order)?;
    let content = order.content.as_deref()?;
    let mut words = vec![
        order.number().unwrap_or_default(),
        &content.customer.name,
        content.customer.phone.as_deref().unwrap_or_default(),
        content.customer.email.as_deref().unwrap_or_default(),
        &content.shipping_address.city,
        content.po_number.as_deref().unwrap_or_default(),
        content.reference.as_deref().unwrap_or_default(),
    ];
    words.extend(content.tags.iter().map(String::as_str));
    words.extend(order.parcels.iter().filter_map(|parcel| parcel.tracking.as_deref()));
    for line in content.lines.iter().take(20) {
        words.extend([line.sku.as_str(), line.title.as_str()]);
    }
    words.retain(|word| !word.is_empty());
    Some(words.join(" "))
}
