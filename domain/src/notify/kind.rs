//! The kinds of message there are, one row each.
//!
//! Invariant: every kind has exactly one row. A template has the name of its kind; whoever renders it finds the
//! variables it may use in the row.

use serde::{Deserialize, Serialize};

use crate::order::content::words;

words!(
    /// How a message travels.
    MessageChannel {
        /// WhatsApp, both ways.
        Whatsapp = "whatsapp",
        /// SMS; replies do not reach us (messaging.md §1).
        Sms = "sms",
        /// E-mail.
        Email = "email",
    }
);

words!(
    /// What sort of message it is: consent is given and taken back by channel and category.
    Category {
        /// About something the person bought or works on.
        Utility = "utility",
        /// Advertising; only with recorded consent.
        Marketing = "marketing",
        /// An answer to what the person just wrote; never suppressed by an opt-out.
        Service = "service",
    }
);

/// For whom a kind is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The customer.
    Customer,
    /// Users of the console.
    Staff,
}

/// Whether a kind waits for the end of quiet hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Goes at any hour.
    Urgent,
    /// Waits.
    Normal,
}

/// A kind with all that is fixed about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindRow {
    /// Which.
    pub kind: MessageKind,
    /// For whom.
    pub audience: Audience,
    /// What sort.
    pub category: Category,
    /// Whether it waits for the morning.
    pub urgency: Urgency,
    /// Seconds after which it is no longer worth sending (README.md §7: 4 h for order updates).
    pub expires_seconds: i64,
    /// Channels: one message for each list, by the first of the list that works.
    pub routes: &'static [&'static [MessageChannel]],
    /// Names of the variables its template may use.
    pub variables: &'static [&'static str],
}

use Audience::{Customer, Staff};
use Category::{Service, Utility};
use MessageChannel::{Email, Sms, Whatsapp};
use Urgency::{Normal, Urgent};

const PHONE: &[&[MessageChannel]] = &[&[Whatsapp, Sms]];
const BOTH: &[&[MessageChannel]] = &[&[Whatsapp, Sms], &[Email]];
const CHAT: &[&[MessageChannel]] = &[&[Whatsapp]];
const STAFF: &[&[MessageChannel]] = &[&[Email], &[Whatsapp]];
const MAIL: &[&[MessageChannel]] = &[&[Email]];

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $audience:ident, $category:ident, $urgency:ident, $expires:expr, $routes:ident, [$($variable:literal),*];)*) => {
        words!(
            /// What a message says.
            MessageKind { $($(#[$doc])* $name = $word),* }
        );

        /// Every kind with its row.
        pub const KINDS: &[KindRow] = &[$(KindRow {
            kind: MessageKind::$name,
            audience: $audience,
            category: $category,
            urgency: $urgency,
            expires_seconds: $expires,
            routes: $routes,
            variables: &[$($variable),*],
        }),*];
    };
}

kinds! {
    /// The order is placed.
    OrderPlaced = "order_placed", Customer, Utility, Urgent, DAY, BOTH, ["name", "shop", "number", "total", "items", "payment", "address", "backordered"];
    /// Cash on delivery: do you want it (N08)? Asks.
    CodConfirmation = "cod_confirmation", Customer, Utility, Urgent, DAY, PHONE, ["name", "shop", "number", "total", "items", "address", "backordered"];
    /// The order is confirmed.
    OrderConfirmed = "order_confirmed", Customer, Utility, Normal, 4 * HOUR, BOTH, ["name", "shop", "number", "total"];
    /// The order passed its approval.
    OrderApproved = "order_approved", Customer, Utility, Normal, DAY, BOTH, ["name", "shop", "number", "total"];
    /// The order did not pass its approval.
    OrderRejected = "order_rejected", Customer, Utility, Normal, DAY, BOTH, ["name", "shop", "number"];
    /// The order was changed; what it is now (MOD-10).
    OrderChanged = "order_changed", Customer, Utility, Normal, DAY, BOTH, ["name", "shop", "number", "total", "items", "address"];
    /// A change could not be made.
    ChangeDeclined = "change_declined", Customer, Utility, Normal, DAY, PHONE, ["name", "shop", "number", "reason"];
    /// Items wait for stock: wait or cancel (BKO-03)? Asks.
    Backordered = "backordered", Customer, Utility, Normal, DAY, BOTH, ["name", "shop", "number", "backordered"];
    /// A parcel left (BKO-10).
    ParcelShipped = "parcel_shipped", Customer, Utility, Normal, DAY, BOTH, ["name", "shop", "number", "parcel", "carrier", "tracking", "items", "payment", "total"];
    /// A rider has the parcel.
    OutForDelivery = "out_for_delivery", Customer, Utility, Urgent, 4 * HOUR, PHONE, ["name", "shop", "number", "parcel", "carrier", "tracking", "payment", "total"];
    /// Nobody took the parcel.
    DeliveryFailed = "delivery_failed", Customer, Utility, Normal, DAY, PHONE, ["name", "shop", "number", "parcel", "carrier", "tracking"];
    /// A parcel arrived.
    ParcelDelivered = "parcel_delivered", Customer, Utility, Normal, DAY, BOTH, ["name", "shop", "number", "parcel"];
    /// The order is canceled (CAN-04).
    OrderCanceled = "order_canceled", Customer, Utility, Normal, DAY, BOTH, ["name", "shop", "number"];
    /// Units of the order are canceled, the rest goes on (CAN-04).
    UnitsCanceled = "units_canceled", Customer, Utility, Normal, DAY, BOTH, ["name", "shop", "number", "items"];
    /// The wish to cancel is with our people: units are on the floor already (SM-04).
    CancellationRequested = "cancellation_requested", Customer, Utility, Urgent, 4 * HOUR, PHONE, ["name", "shop", "number"];
    /// A cancellation was refused (CAN-04).
    CancellationRefused = "cancellation_refused", Customer, Utility, Normal, DAY, PHONE, ["name", "shop", "number"];
    /// Nobody confirmed in time.
    OrderExpired = "order_expired", Customer, Utility, Normal, DAY, PHONE, ["name", "shop", "number"];
    /// Where the order is, because it was asked.
    OrderStatus = "order_status", Customer, Service, Urgent, HOUR, CHAT, ["name", "shop", "number", "status", "parcels"];
    /// What an agent wrote.
    AgentReply = "agent_reply", Customer, Service, Urgent, HOUR, CHAT, ["text"];

    /// Do you really want to cancel? Asks.
    ReplyCancelCheck = "reply_cancel_check", Customer, Service, Urgent, HOUR, CHAT, ["name", "number"];
    /// Nothing was canceled, as asked.
    ReplyKept = "reply_kept", Customer, Service, Urgent, HOUR, CHAT, ["name", "number"];
    /// Send us the new address. Asks.
    ReplyAddressWanted = "reply_address_wanted", Customer, Service, Urgent, HOUR, CHAT, ["name", "number"];
    /// Is this the address? Asks.
    ReplyAddressCheck = "reply_address_check", Customer, Service, Urgent, HOUR, CHAT, ["name", "number", "address"];
    /// It could not be done; `reason` is a word of [`crate::conversation::Reason`].
    ReplyRefused = "reply_refused", Customer, Service, Urgent, HOUR, CHAT, ["name", "number", "request", "reason"];
    /// It was answered before; nothing changed.
    ReplyAlreadyAnswered = "reply_already_answered", Customer, Service, Urgent, HOUR, CHAT, ["name", "number"];
    /// Too late to answer; nothing changed.
    ReplyTooLate = "reply_too_late", Customer, Service, Urgent, HOUR, CHAT, ["name", "number"];
    /// A colleague will answer.
    ReplyAgentWillAnswer = "reply_agent_will_answer", Customer, Service, Urgent, HOUR, CHAT, ["name"];
    /// No more messages, as asked.
    ReplyOptedOut = "reply_opted_out", Customer, Service, Urgent, HOUR, CHAT, ["name"];
    /// Messages again, as asked.
    ReplyOptedIn = "reply_opted_in", Customer, Service, Urgent, HOUR, CHAT, ["name"];

    /// An approval step waits (APR-03). Asks.
    ApprovalRequest = "approval_request", Staff, Utility, Urgent, DAY, STAFF, ["name", "shop", "number", "total", "queue"];
    /// It still waits (APR-18). Asks.
    ApprovalReminder = "approval_reminder", Staff, Utility, Normal, DAY, STAFF, ["name", "shop", "number", "total", "queue"];
    /// It waited too long (APR-19). Asks.
    ApprovalEscalated = "approval_escalated", Staff, Utility, Normal, DAY, STAFF, ["name", "shop", "number", "total", "queue"];
    /// The decision is recorded.
    ReplyDecided = "reply_decided", Staff, Service, Urgent, HOUR, CHAT, ["name", "number", "decision"];
    /// The decision is not taken; `reason` is a refusal's code.
    ReplyDecisionRefused = "reply_decision_refused", Staff, Service, Urgent, HOUR, CHAT, ["name", "number", "reason"];
    /// Little is left of an item (INV-07).
    LowStock = "low_stock", Staff, Utility, Normal, DAY, MAIL, ["name", "shop", "sku", "warehouse", "available"];
    /// A connection does not get through (NOT-08).
    SyncFailed = "sync_failed", Staff, Utility, Urgent, DAY, STAFF, ["name", "shop", "connection", "problem"];
    /// Something is wrong with the server (NOT-08).
    ErrorAlert = "error_alert", Staff, Utility, Urgent, DAY, STAFF, ["name", "shop", "connection", "problem"];
}

impl MessageKind {
    /// Its row.
    pub const fn row(self) -> &'static KindRow {
        &KINDS[self as usize]
    }

    /// Whether vendors may have a template of it. Answers to what somebody wrote have none: they are free text, within 24
    /// hours (messaging.md §1).
    pub const fn has_template(self) -> bool {
        !matches!(self.row().category, Category::Service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_05_every_kind_has_its_row() {
        assert_eq!(KINDS.len(), MessageKind::ALL.len());
        for kind in MessageKind::ALL {
            let row = kind.row();
            assert_eq!(row.kind, *kind);
            assert!(!row.routes.is_empty() && !row.variables.is_empty() && row.expires_seconds > 0, "{kind}");
        }
    }
}
