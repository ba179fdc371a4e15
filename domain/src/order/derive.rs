//! Edges the order takes by itself, and the instants at which it wants to be woken.

use crate::{
    Ctx, Timestamp,
    approval::request::{ApprovalRequest, RequestState},
    order::{
        event::{OrderEvent, Units},
        floor, hold,
        state::{CancellationState, HoldKind, Lifecycle, LineState, Order, Stage},
    },
};

const DAY_SECONDS: i64 = 86_400;

impl Order {
    /// The next derived edges of state-machines.md §4, one group at a time.
    pub(super) fn next_edges(&self, ctx: &Ctx) -> Vec<OrderEvent> {
        let lifecycle = match self.lifecycle {
            Lifecycle::Pending => self.edges_of_pending(ctx),
            Lifecycle::PendingApproval => self.edges_of_pending_approval(ctx),
            Lifecycle::Approved | Lifecycle::Processing => self.edges_of_floor(),
            Lifecycle::Shipped | Lifecycle::Delivered => self.edges_of_shipped(ctx),
            _ => vec![],
        };
        if !lifecycle.is_empty() {
            return lifecycle;
        }
        if let Some(closed) = self.cancellation_closed() {
            return closed;
        }
        if self.lifecycle.terminal() && !self.holds.is_empty() {
            return hold::release_holds(self, None, "order ended");
        }
        self.next_process()
    }

    fn edges_of_pending(&self, ctx: &Ctx) -> Vec<OrderEvent> {
        let Some(terms) = self.terms.as_deref() else { return vec![] };
        if self.units(Stage::Canceled) == self.ordered() {
            return vec![OrderEvent::OrderCanceled { reason: "all units canceled".into() }];
        }
        if self.confirmed.is_none() && terms.confirm_by_rule {
            return vec![OrderEvent::OrderConfirmed { source: "rule".into() }];
        }
        if !self.approval_granted() {
            let number = self.approval.as_ref().map_or(1, |request| request.number + 1);
            let request = ApprovalRequest::open(number, self.hash.clone(), terms.plan.clone(), self.writers(), ctx.now);
            return vec![OrderEvent::ApprovalRequested { request: Box::new(request) }];
        }
        if self.confirmed.is_none() {
            return vec![];
        }
        vec![OrderEvent::OrderApproved]
    }

    /// Units without stock are ready as soon as the order is approved.
    fn ready(&self) -> Vec<OrderEvent> {
        let open = self.lines.iter().filter(|line| line.open > 0 && !self.stocked(line.line));
        let ready = |line: &LineState| Units {
            line: line.line,
            quantity: line.open,
            from: Stage::Open,
            warehouse: None,
            parcel: None,
        };
        open.map(ready).map(OrderEvent::LineAllocated).collect()
    }

    /// Everybody who had a hand in the content or its submission; none of them may approve it (APR-21).
    fn writers(&self) -> Vec<crate::UserId> {
        let mut writers = self.authors.clone();
        writers.extend(self.submitted_by.filter(|by| !self.authors.contains(by)));
        writers
    }

    fn edges_of_pending_approval(&self, ctx: &Ctx) -> Vec<OrderEvent> {
        if self.units(Stage::Canceled) == self.ordered() {
            return vec![
                OrderEvent::ApprovalWithdrawn,
                OrderEvent::OrderCanceled { reason: "all units canceled".into() },
            ];
        }
        match self.approval.as_ref().and_then(|request| request.outcome()) {
            Some(RequestState::Approved) => vec![OrderEvent::ApprovalGranted { at: ctx.now }],
            Some(RequestState::Rejected) => vec![OrderEvent::ApprovalRejected, OrderEvent::OrderRejected],
            Some(RequestState::ChangesRequested) => vec![
                OrderEvent::ApprovalChangesRequested,
                OrderEvent::OrderReturnedToDraft { reason: "approvers asked for changes".into() },
            ],
            _ => vec![],
        }
    }

    fn edges_of_floor(&self) -> Vec<OrderEvent> {
        if self.units(Stage::Canceled) == self.ordered() {
            return vec![OrderEvent::OrderCanceled { reason: "all units canceled".into() }];
        }
        if self.to_ship() == 0 && self.shipped() > 0 {
            return vec![OrderEvent::OrderShipped];
        }
        let ready = self.ready();
        if !ready.is_empty() {
            return ready;
        }
        if self.terms.as_ref().is_some_and(|terms| terms.release_automatically) {
            let released = floor::releasable(self);
            if !released.is_empty() {
                return released;
            }
        }
        vec![]
    }

    /// What takes stock for the order runs one at a time: a proposed change first, then the Allocation process,
    /// for as long as a warehouse is owed a look or units that should be firm are held nowhere.
    fn next_process(&self) -> Vec<OrderEvent> {
        if self.sourcing.is_some() || self.relocation.is_some() {
            return vec![];
        }
        if let Some(change) = self.change.as_deref() {
            let wait = OrderEvent::ChangeStarted { number: change.number };
            return if change.started { vec![] } else { vec![wait] };
        }
        let told = self.holds.iter().any(|hold| hold.kind == HoldKind::Stock);
        if self.lifecycle.placed() && (!self.owed.is_empty() || (self.unsourced() && !told)) {
            return vec![OrderEvent::SourcingStarted { number: self.sourcings + 1 }];
        }
        vec![]
    }

    fn edges_of_shipped(&self, ctx: &Ctx) -> Vec<OrderEvent> {
        let moving = self.units(Stage::InTransit) + self.units(Stage::RtoPending);
        if moving > 0 {
            return vec![];
        }
        let delivered = self.units(Stage::Delivered);
        match self.lifecycle {
            Lifecycle::Shipped if delivered > 0 => vec![OrderEvent::OrderDelivered { at: ctx.now }],
            _ if delivered > 0 => vec![],
            _ if self.units(Stage::Returned) > 0 => vec![OrderEvent::OrderReturned],
            _ => vec![OrderEvent::OrderCanceled { reason: "lost_in_transit".into() }],
        }
    }

    /// Every unit in scope is canceled, or can no longer be: the request is over and its hold with it.
    fn cancellation_closed(&self) -> Option<Vec<OrderEvent>> {
        let request = self.cancellation.as_deref().filter(|r| r.state == CancellationState::Executing)?;
        let left = request.scope.iter().any(|(line, units)| {
            let floor = self.line(*line).map_or(0, |l| l.units(Stage::Picking) + l.units(Stage::Packed));
            *units > 0 && floor > 0
        });
        if left && !self.lifecycle.terminal() {
            return None;
        }
        let mut events = vec![OrderEvent::CancellationClosed { number: request.number }];
        events.extend(hold::release_holds(self, Some(HoldKind::Cancellation), "cancellation closed"));
        Some(events)
    }

    /// When the order next wants to be woken (state-machines.md §11).
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let own = match self.lifecycle {
            Lifecycle::Placing => self.placement_deadline(),
            Lifecycle::Pending => self.confirmation_deadline(),
            Lifecycle::PendingApproval => self.request_deadline(),
            Lifecycle::Delivered => self.return_deadline(),
            _ => None,
        };
        let holds = self.holds.iter().filter_map(|hold| hold.expires).min();
        own.into_iter().chain(holds).min()
    }

    pub(super) fn placement_deadline(&self) -> Option<Timestamp> {
        self.terms.as_ref().map(|terms| terms.deadline)
    }

    /// When an order that nobody confirmed expires.
    pub fn confirmation_deadline(&self) -> Option<Timestamp> {
        let terms = self.terms.as_ref()?;
        self.pending_since.map(|since| since.plus_seconds(terms.confirmation_seconds))
    }

    pub(super) fn request_deadline(&self) -> Option<Timestamp> {
        let seconds = self.terms.as_ref()?.approval_seconds;
        (seconds > 0).then(|| self.open_request().map(|request| request.opened_at.plus_seconds(seconds))).flatten()
    }

    /// End of the return window; imported history is closed by whoever imported it.
    pub(super) fn return_deadline(&self) -> Option<Timestamp> {
        let days = i64::from(self.terms.as_ref()?.return_window_days);
        self.delivered_at.map(|at| at.plus_seconds(days * DAY_SECONDS))
    }
}

/// Names of the badges beside the display status (state-machines.md §9).
pub fn badges(order: &Order) -> Vec<&'static str> {
    let canceled = order.units(Stage::Canceled);
    let (shipped, to_ship) = (order.shipped(), order.to_ship());
    let moving = order.units(Stage::InTransit) + order.units(Stage::RtoPending);
    let arrived = order.units(Stage::Delivered);
    [
        ("on_hold", order.holds.iter().any(|hold| hold.kind != HoldKind::Cancellation)),
        ("backorder", order.units(Stage::Backordered) > 0),
        ("change_pending", order.change.is_some()),
        ("partially_canceled", canceled > 0 && order.lifecycle != Lifecycle::Canceled),
        ("partially_shipped", shipped > 0 && to_ship > 0 && arrived == 0),
        ("partially_delivered", arrived > 0 && to_ship + moving > 0),
        ("returning", order.units(Stage::RtoPending) > 0),
        ("partially_returned", order.units(Stage::Returned) > 0 && order.lifecycle != Lifecycle::Returned),
        ("imported", order.imported.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, shown)| shown.then_some(name))
    .collect()
}

/// The one word users read (state-machines.md §9).
pub fn display_status(order: &Order) -> &'static str {
    let cancelling = order
        .cancellation
        .as_ref()
        .is_some_and(|r| matches!(r.state, CancellationState::Requested | CancellationState::Executing));
    match order.lifecycle {
        Lifecycle::Canceled => "canceled",
        Lifecycle::Rejected => "rejected",
        Lifecycle::Expired => "expired",
        Lifecycle::Returned => "returned",
        Lifecycle::Discarded => "discarded",
        _ if cancelling => "pending_cancellation",
        Lifecycle::Draft => "draft",
        Lifecycle::Placing if order.placed_at.is_some() => "draft",
        Lifecycle::Placing => "placing",
        Lifecycle::PendingApproval => "pending_approval",
        Lifecycle::Pending => "pending",
        Lifecycle::Approved => "approved",
        Lifecycle::Processing => "processing",
        Lifecycle::Shipped => "shipped",
        Lifecycle::Delivered | Lifecycle::Closed => "delivered",
    }
}
