//! What the customer is told about an order.
//!
//! Invariant: the messages follow from the events and the order alone, and their ids from what happened to it, so that
//! planning a record again adds nothing. Facts that mean the same to a customer are one message: a confirmation that
//! opens the gate, a parcel of several lines, a change of several fields (MOD-10).

use std::collections::{BTreeMap, BTreeSet};

use super::{KindRow, Language, MessageChannel, MessageKind, OrderRef, Planned, Recipient, Urgency, clean};
use crate::{
    MessageId, OrderId, QuestionId, Timestamp,
    conversation::{ClosedSubject, Question, Rung, RungStep, Subject},
    order::{
        Lifecycle, Order, OrderContent, OrderEvent,
        content::PaymentMethod,
        derive::display_status,
        state::{CarrierStatus, Parcel, ParcelState, Stage},
    },
    phone::{Email, Phone},
    settings::ShopSettings,
};

/// Lines named in a message; the others are counted.
const MAX_ITEMS: usize = 5;

/// What follows for the customer from a record of an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomerPlan {
    /// Whom it is for; `None` when nobody can be reached.
    pub to: Option<Recipient>,
    /// Questions that are no longer to be answered; before the messages.
    pub close: Vec<(ClosedSubject, &'static str)>,
    /// Messages, in the order of their facts.
    pub messages: Vec<Planned>,
}

/// Who is written to about an order: the first number and mail address of its snapshot (ORD-02).
pub fn recipient(content: &OrderContent, language: Option<Language>) -> Recipient {
    let customer = &content.customer;
    Recipient {
        name: customer.name.clone(),
        phone: customer.phone.as_deref().and_then(|text| Phone::parse(text).ok()),
        email: customer.email.as_deref().and_then(|text| Email::parse(text).ok()),
        customer: Some(customer.id),
        user: None,
        language,
    }
}

/// The plan for a record: the order after it (or as it is now, when it is planned again), its events, and when it was
/// made. `language` is the customer's on record.
pub fn plan(
    order: &Order,
    events: &[OrderEvent],
    shop: &ShopSettings,
    language: Option<Language>,
    at: Timestamp,
) -> CustomerPlan {
    let (Some(id), Some(content)) = (order.id, order.content.as_deref()) else { return CustomerPlan::default() };
    let to = recipient(content, language);
    if to.contact().is_none() || order.imported.is_some() {
        return CustomerPlan::default();
    }
    let mut telling = Telling { id, order, content, shop, to: &to, at, seen: BTreeSet::new(), messages: Vec::new() };
    for event in events {
        telling.about(event, events);
    }
    let messages = telling.messages;
    CustomerPlan { close: closed(order, id, events), messages, to: Some(to) }
}

/// Questions that end with what happened, as far as it still holds: a record that is planned again after the order went
/// on must not close what was asked since.
fn closed(order: &Order, id: OrderId, events: &[OrderEvent]) -> Vec<(ClosedSubject, &'static str)> {
    let mut close: Vec<(ClosedSubject, &'static str)> = Vec::new();
    for event in events {
        let (reason, holds) = match event {
            OrderEvent::OrderConfirmed { .. } => ("confirmed", !awaits_customer(order)),
            OrderEvent::ChangeApplied { .. } => ("changed", !awaits_customer(order)),
            OrderEvent::OrderReturnedToDraft { .. } => ("returned_to_draft", order.lifecycle == Lifecycle::Draft),
            OrderEvent::OrderRejected => ("rejected", order.lifecycle.terminal()),
            OrderEvent::OrderExpired => ("expired", order.lifecycle.terminal()),
            OrderEvent::OrderCanceled { .. } => ("canceled", order.lifecycle.terminal()),
            OrderEvent::OrderShipped => ("shipped", true),
            OrderEvent::OrderReturned => ("returned", order.lifecycle.terminal()),
            OrderEvent::OrderClosed => ("closed", order.lifecycle.terminal()),
            _ => continue,
        };
        let about = match event {
            OrderEvent::OrderConfirmed { .. } | OrderEvent::ChangeApplied { .. } => ClosedSubject::Confirmation(id),
            _ => ClosedSubject::Order(reference(order, id)),
        };
        if holds && !close.iter().any(|(known, _)| *known == about) {
            close.push((about, reason));
        }
    }
    close
}

fn reference(order: &Order, id: OrderId) -> OrderRef {
    let number = order.number().unwrap_or_default().to_owned();
    OrderRef { id, number, hash: order.hash.clone(), ended: order.lifecycle.terminal() }
}

/// Whether the gate waits for the customer's word (SM-02): cash on delivery that no rule confirms.
fn awaits_customer(order: &Order) -> bool {
    let asks = order.terms.as_deref().is_some_and(|terms| !terms.confirm_by_rule);
    let cod = order.content.as_deref().is_some_and(|content| content.payment_method == PaymentMethod::Cod);
    order.lifecycle == Lifecycle::Pending && order.confirmed.is_none() && asks && cod
}

struct Telling<'a> {
    id: OrderId,
    order: &'a Order,
    content: &'a OrderContent,
    shop: &'a ShopSettings,
    to: &'a Recipient,
    at: Timestamp,
    /// Keys told in this record already.
    seen: BTreeSet<String>,
    messages: Vec<Planned>,
}

impl Telling<'_> {
    fn about(&mut self, event: &OrderEvent, events: &[OrderEvent]) {
        use MessageKind as K;
        let edition = self.order.edition;
        match event {
            OrderEvent::OrderPlaced { .. } => {
                // The question names the order; a second message beside it would only repeat it.
                let asked = awaits_customer(self.order) && self.reaches(K::CodConfirmation);
                self.tell(K::OrderPlaced, &format!("placed/{edition}"), &[], None, |route| !asked || is_mail(route));
                self.ask_confirmation(None);
                self.backordered();
            }
            OrderEvent::ApprovalGranted { .. } | OrderEvent::ApprovalOverridden { .. } => {
                self.ask_confirmation(Some(self.shop.messaging.quiet()));
            }
            OrderEvent::OrderConfirmed { source } if source != "rule" => {
                self.tell(K::OrderConfirmed, &format!("confirmed/{edition}"), &[], None, |_| true);
            }
            OrderEvent::OrderApproved if self.order.approval.is_some() => {
                let confirmed = events
                    .iter()
                    .any(|event| matches!(event, OrderEvent::OrderConfirmed { source } if source != "rule"));
                if !confirmed {
                    self.tell(K::OrderApproved, &format!("approved/{edition}"), &[], None, |_| true);
                }
            }
            OrderEvent::OrderRejected => {
                self.tell(K::OrderRejected, &format!("rejected/{edition}"), &[], None, |_| true)
            }
            OrderEvent::OrderExpired => self.tell(K::OrderExpired, &format!("expired/{edition}"), &[], None, |_| true),
            OrderEvent::OrderCanceled { .. } => self.tell(K::OrderCanceled, "canceled", &[], None, |_| true),
            OrderEvent::ChangeApplied { number, .. } => {
                let asked = awaits_customer(self.order) && self.reaches(K::CodConfirmation);
                self.tell(K::OrderChanged, &format!("changed/{number}"), &[], None, |route| !asked || is_mail(route));
                self.ask_confirmation(Some(self.shop.messaging.quiet()));
            }
            OrderEvent::ChangeDeclined { number, refusal } => {
                let reason = crate::conversation::Reason::of(&refusal.code).word().to_owned();
                self.tell(K::ChangeDeclined, &format!("declined/{number}"), &[("reason", reason)], None, |_| true);
            }
            OrderEvent::LineBackordered(_) => self.backordered(),
            OrderEvent::StatusAsked { reference, .. } => {
                let more = [("status", display_status(self.order).to_owned()), ("parcels", self.parcels())];
                self.tell(K::OrderStatus, &format!("status/{reference}"), &more, None, |_| true);
            }
            _ => self.about_cancellation_or_parcel(event),
        }
    }

    fn about_cancellation_or_parcel(&mut self, event: &OrderEvent) {
        use MessageKind as K;
        match event {
            OrderEvent::CancellationRequested { number, .. } => {
                // Decided in the same commit, the result is the message.
                let waits = self.order.cancellation.as_deref().is_some_and(|request| {
                    request.number == *number && request.state == crate::order::state::CancellationState::Requested
                });
                if waits {
                    self.tell(K::CancellationRequested, &format!("cancel/{number}"), &[], None, |_| true);
                }
            }
            OrderEvent::CancellationRefused { number, .. } => {
                self.tell(K::CancellationRefused, &format!("kept/{number}"), &[], None, |_| true);
            }
            OrderEvent::CancellationClosed { number } if self.order.lifecycle != Lifecycle::Canceled => {
                let canceled = self.order.lines.iter().filter(|line| line.canceled > 0);
                let items = self.items(canceled.map(|line| (line.line, line.canceled)));
                if !items.is_empty() {
                    self.tell(K::UnitsCanceled, &format!("units/{number}"), &[("items", items)], None, |_| true);
                }
            }
            OrderEvent::LineShipped(units) => self.parcel(K::ParcelShipped, units.parcel, "shipped"),
            OrderEvent::CarrierScanRecorded { parcel, status, at } => match status {
                CarrierStatus::OutForDelivery => self.parcel(K::OutForDelivery, Some(*parcel), &format!("out/{at}")),
                CarrierStatus::AttemptFailed => self.parcel(K::DeliveryFailed, Some(*parcel), &format!("failed/{at}")),
                CarrierStatus::Delivered => self.parcel(K::ParcelDelivered, Some(*parcel), "delivered"),
                _ => {}
            },
            _ => {}
        }
    }

    /// One message for each parcel, however many lines are in it (BKO-10).
    fn parcel(&mut self, kind: MessageKind, number: Option<u16>, fact: &str) {
        let Some(parcel) = number.and_then(|number| self.order.parcel(number)) else { return };
        let more = [
            ("parcel", parcel.number.to_string()),
            ("carrier", parcel.carrier.clone().unwrap_or_default()),
            ("tracking", parcel.tracking.clone().unwrap_or_default()),
            ("items", self.items(parcel.lines.iter().copied())),
        ];
        let key = format!("parcel/{}/{fact}", parcel.number);
        self.tell(kind, &key, &more, None, |_| true);
    }

    /// Items wait for stock: once for an edition. Not beside the confirmation, which says it too.
    fn backordered(&mut self) {
        if !self.order.lifecycle.placed() || awaits_customer(self.order) {
            return;
        }
        let waiting = self.waiting();
        if waiting.is_empty() {
            return;
        }
        let (hash, edition) = (self.order.hash.clone(), self.order.edition);
        let key = format!("backorder/{edition}");
        let question = Question {
            id: QuestionId::of(&["backorder", &self.id.to_string(), &edition.to_string()]),
            subject: Subject::Backorder { order: self.id, hash },
            number: self.order.number().unwrap_or_default().to_owned(),
            expires_at: self.at.plus_seconds(3 * 86_400),
            quiet: Some(self.shop.messaging.quiet()),
            ladder: Vec::new(),
        };
        // By mail it is only told: a mail has no buttons that know who presses them.
        self.tell(MessageKind::Backordered, &key, &[], Some((question, None)), |_| true);
    }

    /// Asks the customer to confirm, up the ladder, until the order's own deadline (N08).
    fn ask_confirmation(&mut self, quiet: Option<super::QuietHours>) {
        if !awaits_customer(self.order) {
            return;
        }
        let Some(expires_at) = self.order.confirmation_deadline() else { return };
        let since = self.order.pending_since.unwrap_or_default().to_string();
        let settings = &self.shop.messaging;
        let rungs = [
            (settings.confirm_sms_after_seconds, RungStep::Ask(MessageChannel::Sms)),
            (settings.confirm_call_after_seconds, RungStep::Call),
        ];
        let mut ladder: Vec<Rung> = rungs
            .into_iter()
            .filter(|(after, _)| *after > 0)
            .map(|(after_seconds, step)| Rung { after_seconds, step })
            .collect();
        ladder.sort_by_key(|rung| rung.after_seconds);
        let hash = self.order.hash.clone();
        let question = Question {
            id: QuestionId::of(&["cod_confirmation", &self.id.to_string(), &hash, &since]),
            subject: Subject::CodConfirmation { order: self.id, hash },
            number: self.order.number().unwrap_or_default().to_owned(),
            expires_at,
            quiet: Some(settings.quiet()),
            ladder,
        };
        // Each content is asked about once, and again when it waits anew.
        let key = format!("confirm/{since}/{}", self.order.hash);
        self.tell(MessageKind::CodConfirmation, &key, &[], Some((question, quiet)), |_| true);
    }

    /// Whether a kind would reach the customer by any route.
    fn reaches(&self, kind: MessageKind) -> bool {
        let routes = self.shop.messaging.routes(kind.row());
        routes.iter().flatten().any(|channel| self.to.reached_by(*channel))
    }

    /// Plans a message for each route that reaches the customer.
    fn tell(
        &mut self,
        kind: MessageKind,
        fact: &str,
        more: &[(&str, String)],
        question: Option<(Question, Option<super::QuietHours>)>,
        wanted: impl Fn(&[MessageChannel]) -> bool,
    ) {
        let key = format!("order/{}/{fact}", self.id);
        if !self.seen.insert(key.clone()) {
            return;
        }
        let row = kind.row();
        let variables = self.variables(row, more);
        let quiet = match &question {
            Some((question, quiet)) if question.subject.word() == "cod_confirmation" => *quiet,
            _ => (row.urgency == Urgency::Normal).then(|| self.shop.messaging.quiet()),
        };
        for route in self.shop.messaging.routes(row).into_iter().filter(|route| wanted(route)) {
            let route: Vec<MessageChannel> = route.into_iter().filter(|one| self.to.reached_by(*one)).collect();
            if route.is_empty() {
                continue;
            }
            let asks = question.as_ref().filter(|_| !is_mail(&route));
            self.messages.push(Planned {
                id: message_id(&key, &route),
                key: key.clone(),
                kind,
                variables: variables.clone(),
                quiet,
                expires_at: self.at.plus_seconds(row.expires_seconds),
                language: self.shop.messaging.default_language,
                order: Some(reference(self.order, self.id)),
                question: asks.map(|(question, _)| Box::new(question.clone())),
                route,
            });
        }
    }

    fn variables(&self, row: &KindRow, more: &[(&str, String)]) -> BTreeMap<String, String> {
        let value = |name: &str| match name {
            "name" => self.content.customer.name.clone(),
            "shop" => self.shop.name.clone(),
            "number" => self.order.number().unwrap_or_default().to_owned(),
            "total" => self.order.total().to_string(),
            "payment" => self.content.payment_method.word().to_owned(),
            "items" => self.items(self.content.lines.iter().map(|line| (line.line, line.quantity))),
            "address" => {
                let address = &self.content.shipping_address;
                let parts = [&address.line1, &address.line2, &address.city];
                parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
            }
            "backordered" => self.waiting(),
            _ => String::new(),
        };
        let given = |name: &str| more.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let entry = |name: &&str| ((*name).to_owned(), clean(&given(name).unwrap_or_else(|| value(name))));
        row.variables.iter().map(entry).collect()
    }

    fn waiting(&self) -> String {
        let waiting = self.order.lines.iter().map(|line| (line.line, line.units(Stage::Backordered)));
        self.items(waiting.filter(|(_, units)| *units > 0))
    }

    /// Units by title, for example `2 × Kurta M, 1 × Dupatta`.
    fn items(&self, lines: impl Iterator<Item = (u16, u32)>) -> String {
        let named: Vec<String> =
            lines.filter_map(|(line, units)| Some(format!("{units} × {}", self.content.line(line)?.title))).collect();
        let mut text = named[..named.len().min(MAX_ITEMS)].join(", ");
        if named.len() > MAX_ITEMS {
            text.push_str(&format!(" +{}", named.len() - MAX_ITEMS));
        }
        text
    }

    fn parcels(&self) -> String {
        let shown = |parcel: &&Parcel| parcel.state != ParcelState::Canceled;
        let one = |parcel: &Parcel| {
            let status = parcel.carrier_status.map_or(parcel.state.word(), CarrierStatus::word);
            let words = [parcel.carrier.as_deref(), parcel.tracking.as_deref(), Some(status)];
            words.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        self.order.parcels.iter().filter(shown).map(one).collect::<Vec<_>>().join("; ")
    }
}

fn is_mail(route: &[MessageChannel]) -> bool {
    route == [MessageChannel::Email]
}

/// The id of a message: what happened, and the route it takes.
pub(super) fn message_id(key: &str, route: &[MessageChannel]) -> MessageId {
    let channels: Vec<&str> = route.iter().map(|channel| channel.word()).collect();
    MessageId::of(&[key, &channels.join("+")])
}
