//! The built-in texts: the files under `connectors/templates`, one a kind and language.
//!
//! Invariant: a kind without its files does not compile. They are read once; what a shop may change is not here.

use std::sync::LazyLock;

use munshi_domain::notify::MessageKind;

use super::{Source, TemplateError};
use crate::transport::Language;

type Read = Result<Source, TemplateError>;

static TEXTS: LazyLock<Vec<[Read; 2]>> = LazyLock::new(|| {
    let read = |kind, language| Source::parse(kind, text(kind, language));
    MessageKind::ALL.iter().map(|kind| [read(*kind, Language::En), read(*kind, Language::Ur)]).collect()
});

/// The built-in text of a kind.
///
/// # Errors
/// The file is wrong; a test reads every one.
pub fn builtin(kind: MessageKind, language: Language) -> Result<&'static Source, TemplateError> {
    let [english, urdu] = TEXTS.get(kind as usize).ok_or(TemplateError::UnknownSection)?;
    let read = match language {
        Language::En => english,
        Language::Ur => urdu,
    };
    read.as_ref().map_err(Clone::clone)
}

macro_rules! texts {
    ($kind:expr, $language:expr, $($name:ident => $file:literal),+ $(,)?) => {
        match ($kind, $language) {
            $(
                (MessageKind::$name, Language::En) => include_str!(concat!("../../templates/en/", $file, ".txt")),
                (MessageKind::$name, Language::Ur) => include_str!(concat!("../../templates/ur/", $file, ".txt")),
            )+
        }
    };
}

const fn text(kind: MessageKind, language: Language) -> &'static str {
    texts!(kind, language,
        OrderPlaced => "order_placed",
        CodConfirmation => "cod_confirmation",
        OrderConfirmed => "order_confirmed",
        OrderApproved => "order_approved",
        OrderRejected => "order_rejected",
        OrderChanged => "order_changed",
        ChangeDeclined => "change_declined",
        Backordered => "backordered",
        ParcelShipped => "parcel_shipped",
        OutForDelivery => "out_for_delivery",
        DeliveryFailed => "delivery_failed",
        ParcelDelivered => "parcel_delivered",
        OrderCanceled => "order_canceled",
        UnitsCanceled => "units_canceled",
        CancellationRequested => "cancellation_requested",
        CancellationRefused => "cancellation_refused",
        OrderExpired => "order_expired",
        OrderStatus => "order_status",
        AgentReply => "agent_reply",
        ReplyCancelCheck => "reply_cancel_check",
        ReplyKept => "reply_kept",
        ReplyAddressWanted => "reply_address_wanted",
        ReplyAddressCheck => "reply_address_check",
        ReplyRefused => "reply_refused",
        ReplyAlreadyAnswered => "reply_already_answered",
        ReplyTooLate => "reply_too_late",
        ReplyAgentWillAnswer => "reply_agent_will_answer",
        ReplyOptedOut => "reply_opted_out",
        ReplyOptedIn => "reply_opted_in",
        ApprovalRequest => "approval_request",
        ApprovalReminder => "approval_reminder",
        ApprovalEscalated => "approval_escalated",
        ReplyDecided => "reply_decided",
        ReplyDecisionRefused => "reply_decision_refused",
        LowStock => "low_stock",
        SyncFailed => "sync_failed",
        ErrorAlert => "error_alert",
    )
}
