//! Orders.

use axum::http::StatusCode;
use munshi_actors::node::{Applied, Meta};
use munshi_domain::{
    Kind, OrderId, Timestamp,
    order::{
        Lifecycle, Order, OrderCommand, OrderContent,
        state::{CarrierStatus, HoldKind, OnExpiry, ParcelState},
    },
};
use munshi_protocols::{
    common::Reason,
    orders::{CancelOrder, CreateOrder, DeliverOrder, HoldOrder, OrderView, PatchOrder, ReleaseHold, ScanOrder},
};
use munshi_store::{Filter, Op, Query, query::Source};
use serde_json::Value;

use super::{Answer, Call, call::json_body, convert, list, order_view, outcome};
use crate::{
    auth::Permission,
    problem::{self, Problem},
    services,
};

/// The order a path names, by id or number.
///
/// # Errors
/// `not_found`.
pub async fn resolve(call: &Call) -> Result<OrderId, Problem> {
    let text = call.param("id");
    if let Ok(id) = OrderId::parse(text) {
        return Ok(id);
    }
    list::own_writes(call).await?;
    let filters = vec![Filter { column: "number", op: Op::Eq, value: Value::from(text) }];
    let source = Source::Documents(Kind::Order);
    let query = Query { source, filters, search: None, sort: None, after: None, limit: 1 };
    let page = call.app.node().store().query(&query).await?;
    page.rows.first().and_then(|row| OrderId::parse(&row.id).ok()).ok_or_else(|| Problem::not_found("order"))
}

fn contacts(call: &Call) -> Result<bool, Problem> {
    Ok(call.caller()?.may(Permission::SeeContacts))
}

/// Lists orders, newest first.
///
/// # Errors
/// `bad_query`.
pub async fn list(call: Call) -> Answer {
    let mut filters = Vec::new();
    for (name, column) in [("status", "status"), ("customer", "customer"), ("channel", "channel")] {
        filters.extend(list::equals(&call, name, column));
    }
    for (name, column) in [("tag", "tags"), ("warehouse", "warehouses")] {
        filters.extend(call.text(name).map(|text| list::filter(column, Op::Contains, text)));
    }
    for (name, op) in [("from", Op::Ge), ("to", Op::Le)] {
        if let Some(text) = call.text(name) {
            let at = Timestamp::parse(text).ok_or_else(|| {
                Problem::new("bad_query", format!("{name} is not an instant such as 2026-01-31T00:00:00Z")).at(name)
            })?;
            filters.push(list::filter("at", op, at.to_string()));
        }
    }
    let page = list::documents(&call, Kind::Order, filters, "at", true).await?;
    outcome::page(page.rows.iter().map(order_view::row).collect(), page.next, page.seq)
}

/// Makes an order, and with `submit` places it. One that cannot be placed leaves nothing behind.
///
/// # Errors
/// Those of its parts, of the placement (`insufficient_stock`, `credit_limit_exceeded`, …) and of the order.
pub async fn create(call: Call) -> Answer {
    let mut given: CreateOrder = call.json()?;
    services::order::check_line_count(given.lines.len())?;
    let node = call.app.node();
    let submit = given.submit;
    let inline = given.customer.take();
    let customer = services::customer::for_order(&call, given.customer_id.as_deref(), inline).await?;
    let settings = node.settings();
    let content = services::order::content(node, given, customer, &settings).await?;
    content.check().map_err(|error| {
        let field = error.field(&content);
        Problem::refused(&munshi_domain::order::OrderRefusal::Content { error, field })
    })?;
    let terms = match submit {
        false => None,
        true => {
            let sources = call.app.sources(&settings.shop).await?;
            Some(Box::new(services::order::terms(node, &content, &settings, sources, None).await?))
        }
    };
    let id = OrderId::from_u128(call.new_id()?);
    let command = OrderCommand::CreateDraft { id, content: Box::new(content), ephemeral: submit, submit: terms };
    let mut meta = call.meta()?;
    meta.expected = None;
    run(&call, id, command, meta, StatusCode::CREATED, submit).await
}

/// Sends a command and answers with the order. `placing`: a refused placement is a problem, not an answer.
async fn run(call: &Call, id: OrderId, command: OrderCommand, meta: Meta, status: StatusCode, placing: bool) -> Answer {
    let applied = execute(call, id, command, meta).await?;
    if placing {
        check_placed(&applied.view)?;
    }
    outcome::done(status, &applied)
}

/// Sends a command to an order; the answer is the order as the caller may see it.
///
/// # Errors
/// The order's refusals, and those of the runtime.
pub(super) async fn execute(
    call: &Call,
    id: OrderId,
    command: OrderCommand,
    meta: Meta,
) -> Result<Applied<OrderView>, Problem> {
    let contacts = contacts(call)?;
    let view = move |order: &Order, version: u64| order_view::order(order, version, contacts);
    let applied = call.app.node().execute::<Order, _>(&id.to_string(), command, meta, view).await;
    applied.map_err(outcome::problem)
}

fn check_placed(order: &OrderView) -> Result<(), Problem> {
    if order.lifecycle == Lifecycle::Placing.word() {
        let detail = "the order is still being placed; ask again with the same Idempotency-Key";
        return Err(Problem::new("still_placing", detail).retry_after(1));
    }
    let unplaced = order.lifecycle == Lifecycle::Draft.word() || order.lifecycle == Lifecycle::Discarded.word();
    match &order.placement_refused {
        Some(refused) if unplaced => {
            Err(refusal(&refused.code, refused.detail.clone(), refused.field.clone(), refused.fix.clone()))
        }
        _ => Ok(()),
    }
}

/// A refusal recorded in an order, as another actor said it.
fn refusal(code: &str, detail: String, field: Option<String>, fix: Option<String>) -> Problem {
    let code = problem::CODES.iter().find(|row| row.code == code).map_or("placement_refused", |row| row.code);
    Problem::refusal_parts(code, munshi_domain::RefusalClass::Conflict, detail, field, fix)
}

/// Reads an order by id or number, as it is or as it was at a journal position.
///
/// # Errors
/// `not_found`, also for an order that began later; `bad_query` for a position the journal has not reached.
pub async fn read(call: Call) -> Answer {
    let id = resolve(&call).await?;
    let contacts = contacts(&call)?;
    if let Some(seq) = call.query::<u64>("as_of")? {
        return read_as_of(&call, id, seq, contacts).await;
    }
    let view = move |order: &Order, version: u64| (version, order_view::order(order, version, contacts));
    let read = call.app.node().read::<Order, _>(&id.to_string(), view).await.map_err(Problem::unavailable)?;
    outcome::found("order", read.filter(|(_, order)| order.lifecycle != Lifecycle::Discarded.word()))
}

/// The order folded from its events up to a journal position (N03).
async fn read_as_of(call: &Call, id: OrderId, seq: u64, contacts: bool) -> Answer {
    const PAGE: usize = 500;
    let node = call.app.node();
    if seq > node.status().head {
        return Err(Problem::new("bad_query", format!("the journal has not reached {seq}")).at("as_of"));
    }
    let mut version = 0;
    loop {
        let entries = node.store().history(&id.entity(), version, PAGE).await?;
        let reached = entries.iter().take_while(|entry| entry.seq <= seq).last().map(|entry| entry.last);
        version = reached.unwrap_or(version);
        if entries.len() < PAGE || entries.last().is_none_or(|last| last.last > version) {
            break;
        }
    }
    let gone = || Problem::not_found("order at that position");
    if version == 0 {
        return Err(gone());
    }
    let order = node.state_at::<Order>(&id.to_string(), version).await.map_err(Problem::unavailable)?;
    if !order.exists() || order.lifecycle == Lifecycle::Discarded {
        return Err(gone());
    }
    let view = OrderView { as_of: Some(seq), ..order_view::order(&order, version, contacts) };
    json_body(StatusCode::OK, &view)
}

/// What an edit starts from.
struct Before {
    version: u64,
    lifecycle: Lifecycle,
    content: OrderContent,
    number: Option<String>,
    highest_line: u16,
}

async fn before(call: &Call, id: OrderId) -> Result<Before, Problem> {
    let view = |order: &Order, version: u64| {
        order.content.as_deref().map(|content| {
            let lines = content.lines.iter().map(|line| line.line).chain(order.lines.iter().map(|line| line.line));
            let highest = lines.max().unwrap_or_default();
            (version, order.lifecycle, content.clone(), order.number().map(str::to_owned), highest)
        })
    };
    let read = call.app.node().read::<Order, _>(&id.to_string(), view).await.map_err(Problem::unavailable)?.flatten();
    let (version, lifecycle, content, number, highest_line) = read.ok_or_else(|| Problem::not_found("order"))?;
    Ok(Before { version, lifecycle, content, number, highest_line })
}

/// Edits a draft, or changes a placed order as far as its stage permits (SM-05).
///
/// # Errors
/// `version_conflict` when somebody else changed it meanwhile; why a change was declined.
pub async fn change(call: Call) -> Answer {
    let patch: PatchOrder = call.json()?;
    let reason = patch.reason.as_deref().map(convert::parse_reason).transpose()?;
    let id = resolve(&call).await?;
    let before = before(&call, id).await?;
    let settings = call.app.node().settings();
    let content =
        services::order::edited(call.app.node(), &before.content, patch, before.highest_line, &settings).await?;
    let mut meta = call.meta()?;
    meta.reason = reason.map(Into::into);
    meta.expected = Some(meta.expected.unwrap_or(before.version));
    if before.lifecycle == Lifecycle::Draft {
        let command = OrderCommand::EditDraft { content: Box::new(content) };
        return run(&call, id, command, meta, StatusCode::OK, false).await;
    }
    let plan = settings.shop.approval_plan(content.total(), settings.version);
    let cmd = meta.cmd.clone();
    let command = OrderCommand::ProposeChange { content: Box::new(content), plan };
    let applied = execute(&call, id, command, meta).await?;
    declined(&call, id, applied.version, &cmd, ("ChangeProposed", "ChangeDeclined")).await?;
    outcome::done(StatusCode::OK, &applied)
}

/// Versions before the answer in which the request that it answers began.
const ASKED_WITHIN: u64 = 256;

/// Whether what the command `cmd` asked for was declined before it was answered at `version`; the order's journal
/// tells, also for a retry. `asked` and `no` name the events.
///
/// # Errors
/// Why it was declined; `unavailable`.
pub(super) async fn declined(
    call: &Call,
    id: OrderId,
    version: u64,
    cmd: &str,
    (asked, no): (&str, &str),
) -> Result<(), Problem> {
    let after = version.saturating_sub(ASKED_WITHIN);
    let entries = call.app.node().store().history(&id.entity(), after, 256).await?;
    let number = |event: &Value, kind: &str| (event["type"] == kind).then(|| event["number"].as_u64()).flatten();
    let own = entries.iter().filter(|entry| *entry.cmd == *cmd).flat_map(|entry| &entry.events);
    let Some(own) = own.filter_map(|event| number(event, asked)).next() else { return Ok(()) };
    let mut events = entries.iter().flat_map(|entry| &entry.events);
    match events.find(|event| number(event, no) == Some(own)) {
        None => Ok(()),
        Some(event) => {
            let text = |name: &str| event["refusal"][name].as_str().map(str::to_owned);
            let code = text("code").unwrap_or_default();
            Err(refusal(&code, text("message").unwrap_or_default(), text("field"), text("fix")))
        }
    }
}

/// Places a draft.
///
/// # Errors
/// Those of the placement; the order is then a draft again.
pub async fn submit(call: Call) -> Answer {
    let id = resolve(&call).await?;
    let before = before(&call, id).await?;
    services::customer::may_order(call.app.node(), before.content.customer.id).await?;
    let settings = call.app.node().settings();
    let sources = call.app.sources(&settings.shop).await?;
    let terms = services::order::terms(call.app.node(), &before.content, &settings, sources, before.number).await?;
    let command = OrderCommand::SubmitOrder { terms: Box::new(terms) };
    run(&call, id, command, call.meta()?, StatusCode::OK, true).await
}

async fn simple(call: &Call, command: OrderCommand, reason: Option<String>) -> Answer {
    let id = resolve(call).await?;
    let mut meta = call.meta()?;
    meta.reason = reason.map(Into::into);
    run(call, id, command, meta, StatusCode::OK, false).await
}

/// Confirms on behalf of the customer.
///
/// # Errors
/// The order's refusals.
pub async fn confirm(call: Call) -> Answer {
    let source = format!("user:{}", call.by()?);
    simple(&call, OrderCommand::ConfirmOrder { source }, None).await
}

/// Takes a submitted order back to draft.
///
/// # Errors
/// The order's refusals.
pub async fn withdraw(call: Call) -> Answer {
    let reason = convert::parse_reason(&call.json::<Reason>()?.reason)?;
    simple(&call, OrderCommand::WithdrawSubmission { reason: reason.clone() }, Some(reason)).await
}

/// Cancels the order or units of it. A draft that was never placed is thrown away.
///
/// # Errors
/// The order's refusals, such as `use_return`.
pub async fn cancel(call: Call) -> Answer {
    let given: CancelOrder = call.json()?;
    let reason = convert::parse_reason(&given.reason)?;
    let scope = given.lines.unwrap_or_default();
    let lines = scope.iter().enumerate().map(|(at, units)| {
        convert::parse_quantity(&format!("/lines/{at}/quantity"), units.quantity).map(|quantity| (units.line, quantity))
    });
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let id = resolve(&call).await?;
    let (lifecycle, placed) = {
        let view = |order: &Order, _| (order.lifecycle, order.placed_at.is_some());
        let read = call.app.node().read::<Order, _>(&id.to_string(), view).await.map_err(Problem::unavailable)?;
        read.ok_or_else(|| Problem::not_found("order"))?
    };
    let command = match lifecycle {
        _ if !lines.is_empty() => OrderCommand::RequestCancellation { lines, reason: reason.clone(), approve: true },
        Lifecycle::Draft | Lifecycle::Discarded if !placed => OrderCommand::DiscardDraft,
        Lifecycle::Draft | Lifecycle::Pending | Lifecycle::PendingApproval | Lifecycle::Approved => {
            OrderCommand::CancelOrder { reason: reason.clone() }
        }
        _ => OrderCommand::RequestCancellation { lines, reason: reason.clone(), approve: true },
    };
    let mut meta = call.meta()?;
    meta.reason = Some(reason.into());
    run(&call, id, command, meta, StatusCode::OK, false).await
}

/// Puts on hold.
///
/// # Errors
/// `bad_value` for kinds that only processes place; the order's refusals.
pub async fn hold(call: Call) -> Answer {
    let given: HoldOrder = call.json()?;
    let reason = convert::parse_reason(&given.reason)?;
    let parse =
        |word: &str| HoldKind::parse(word).filter(|kind| !matches!(kind, HoldKind::Cancellation | HoldKind::Change));
    let known: Vec<_> = HoldKind::ALL.iter().map(|kind| kind.word()).filter(|word| parse(word).is_some()).collect();
    let kind = convert::parse_word("/kind", &given.kind, HoldKind::parse, &known)?;
    if parse(&given.kind).is_none() {
        return Err(Problem::bad_value("/kind", "this kind is placed by Munshi itself")
            .fix(format!("give one of {}", known.join(", "))));
    }
    let expires = given.expires_at.as_deref().map(|text| {
        let bad = || Problem::bad_value("/expires_at", "not an instant such as 2026-01-31T00:00:00Z");
        Timestamp::parse(text).ok_or_else(bad)
    });
    let expires = expires.transpose()?;
    if expires.is_some_and(|at| at <= call.now()) {
        return Err(Problem::bad_value("/expires_at", "this instant is over"));
    }
    let owner = call.caller()?.user.roles.first().map_or("customer_service", |role| role.name()).to_owned();
    let command = OrderCommand::PlaceHold {
        kind,
        reference: None,
        reason: reason.clone(),
        owner,
        expires,
        on_expiry: OnExpiry::Release,
    };
    simple(&call, command, Some(reason)).await
}

/// Ends a hold.
///
/// # Errors
/// The order's refusals.
pub async fn release_hold(call: Call) -> Answer {
    let given: ReleaseHold = call.json()?;
    let reason = convert::parse_reason(&given.reason)?;
    simple(&call, OrderCommand::ReleaseHold { hold: given.hold, reason: reason.clone() }, Some(reason)).await
}

/// Ends every tracking link given out so far.
///
/// # Errors
/// The order's refusals.
pub async fn revoke_tracking(call: Call) -> Answer {
    simple(&call, OrderCommand::RevokeTracking, None).await
}

/// Sends allocated units to the floor.
///
/// # Errors
/// The order's refusals.
pub async fn release(call: Call) -> Answer {
    simple(&call, OrderCommand::ReleaseUnits, None).await
}

/// Records a delivery by hand: of one parcel, or of every parcel under way.
///
/// # Errors
/// The order's refusals.
pub async fn deliver(call: Call) -> Answer {
    let given: DeliverOrder = if call.body.is_empty() { DeliverOrder::default() } else { call.json()? };
    let id = resolve(&call).await?;
    let view = |order: &Order, _| {
        let moving = order.parcels.iter().filter(|parcel| parcel.state == ParcelState::HandedOver);
        moving.map(|parcel| parcel.number).collect::<Vec<_>>()
    };
    let read = call.app.node().read::<Order, _>(&id.to_string(), view).await.map_err(Problem::unavailable)?;
    let moving = read.ok_or_else(|| Problem::not_found("order"))?;
    let mut parcels = match given.parcel {
        Some(parcel) => vec![parcel],
        // A retry finds nothing under way; the command of the first parcel then answers what it did.
        None if moving.is_empty() => vec![1],
        None => moving,
    };
    let status = CarrierStatus::Delivered;
    let last = parcels.pop().unwrap_or(1);
    for parcel in parcels {
        let command = OrderCommand::RecordCarrierScan { parcel, status };
        let step = call.step(&format!("parcel-{parcel}"))?;
        let scanned = call.app.node().execute::<Order, _>(&id.to_string(), command, step, |_, _| ()).await;
        scanned.map_err(outcome::problem)?;
    }
    let mut meta = call.meta()?;
    meta.expected = None;
    let command = OrderCommand::RecordCarrierScan { parcel: last, status };
    run(&call, id, command, meta, StatusCode::OK, false).await
}

/// Records a carrier scan by hand.
///
/// # Errors
/// The order's refusals.
pub async fn scan(call: Call) -> Answer {
    let given: ScanOrder = call.json()?;
    let known: Vec<_> = CarrierStatus::ALL.iter().map(|status| status.word()).collect();
    let status = convert::parse_word("/status", &given.status, CarrierStatus::parse, &known)?;
    simple(&call, OrderCommand::RecordCarrierScan { parcel: given.parcel, status }, None).await
}
