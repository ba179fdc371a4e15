//! Tracking links: made for customers by whoever may change orders, and what customers do with them.
//!
//! Invariant: the routes of customers need no account and answer nothing but the customer's view; how often they are asked
//! is bounded by address and by order.

use std::time::Instant;

use axum::http::StatusCode;
use munshi_actors::node::Meta;
use munshi_domain::order::{Order, OrderCommand, tracking::MAX_REASON};
use munshi_protocols::tracking::TrackCancel;

use super::{
    Answer, Call,
    call::{changed, json_body},
    orders, outcome,
};
use crate::{
    auth::rate::subscriber,
    problem::Problem,
    services::tracking::{self, Tracked},
    web,
};

/// What the journal says where a customer gives no reason.
const NO_REASON: &str = "canceled by the customer";

/// Makes a link. The same day the same one: a link is no secret that is shown once.
///
/// # Errors
/// `not_found`, `wrong_order_state` for an order that was never placed, `bad_header` without a host to link to.
pub async fn link(call: Call) -> Answer {
    let id = orders::resolve(&call).await?;
    let look = |order: &Order, _: u64| (order.tracking_revoked, order.placed_at.is_some());
    let seen = call.app.node().read::<Order, _>(&id.to_string(), look).await.map_err(Problem::unavailable)?;
    let (revoked, placed) = seen.ok_or_else(|| Problem::not_found("order"))?;
    if !placed {
        return Err(Problem::new("not_placed", "an order that was never placed has nothing to follow"));
    }
    let base = base(&call)?;
    let tickets = call.app.live().tickets();
    json_body(
        StatusCode::OK,
        &Tracked::link(id, revoked, call.now(), call.app.config().auth.tracking_days, tickets, &base),
    )
}

/// Where links lead.
fn base(call: &Call) -> Result<String, Problem> {
    let server = &call.app.config().server;
    if !server.public_url.is_empty() {
        return Ok(server.public_url.clone());
    }
    let scheme = if server.behind_tls { "https" } else { "http" };
    let host = web::host(&call.headers).ok_or_else(|| Problem::new("bad_header", "there is no host to link to"))?;
    Ok(format!("{scheme}://{host}"))
}

/// Who asks, if not too often.
async fn admit(call: &Call) -> Result<Tracked, Problem> {
    let rates = call.app.tracking();
    let wait = |wait: std::time::Duration| {
        Problem::new("rate_limited", "too many requests; wait before trying again").retry_after(wait.as_secs() + 1)
    };
    rates.address.take(subscriber(call.ip), Instant::now()).map_err(wait)?;
    let text = tracking::token(&call.headers)?;
    let tracked = tracking::check(call.app.node(), call.app.live().tickets(), text).await?;
    rates.order.take(tracked.order, Instant::now()).map_err(wait)?;
    Ok(tracked)
}

/// The order as its customer sees it.
///
/// # Errors
/// `tracking_link_invalid`, `rate_limited`.
pub async fn read(call: Call) -> Answer {
    let tracked = admit(&call).await?;
    let view = tracking::see(call.app.node(), tracked.order).await?;
    json_body(StatusCode::OK, &view.ok_or_else(|| Problem::not_found("order"))?)
}

/// The customer cancels.
///
/// # Errors
/// `tracking_link_invalid`, `rate_limited`, `under_way` for what has left, `cancellation_open` while a part of it is decided about.
pub async fn cancel(call: Call) -> Answer {
    let given: TrackCancel = call.json()?;
    let tracked = admit(&call).await?;
    let reason = given.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).unwrap_or(NO_REASON);
    if reason.chars().count() > MAX_REASON || reason.chars().any(char::is_control) {
        return Err(Problem::bad_value("/reason", format_args!("a reason has at most {MAX_REASON} characters")));
    }
    let key = call.key.as_deref().unwrap_or_default();
    let mut meta = Meta::system("customer", format!("track:{}:{key}", tracked.order)).because(Some(reason));
    meta.request.clone_from(&call.request);
    let command = OrderCommand::CancelByLink { reason: reason.to_owned() };
    let id = tracked.order.to_string();
    let applied = call.app.node().execute::<Order, _>(&id, command, meta, |_, _| ()).await;
    let applied = applied.map_err(outcome::problem)?;
    let view = tracking::see(call.app.node(), tracked.order).await?.ok_or_else(|| Problem::not_found("order"))?;
    changed(StatusCode::OK, applied.version, applied.seq, applied.replayed, &view)
}
