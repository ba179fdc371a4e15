//! The built-in texts: the files under `connectors/templates`, one an event and language.

use super::{Event, Source, TemplateError};
use crate::transport::Language;

/// The built-in text of an event.
///
/// # Errors
/// The file is wrong; a test reads every one.
pub fn builtin(event: Event, language: Language) -> Result<Source, TemplateError> {
    Source::parse(event, text(event, language))
}

macro_rules! texts {
    ($event:expr, $language:expr, $($name:ident => $file:literal),+ $(,)?) => {
        match ($event, $language) {
            $(
                (Event::$name, Language::En) => include_str!(concat!("../../templates/en/", $file, ".txt")),
                (Event::$name, Language::Ur) => include_str!(concat!("../../templates/ur/", $file, ".txt")),
            )+
        }
    };
}

const fn text(event: Event, language: Language) -> &'static str {
    texts!(event, language,
        OrderPlaced => "order_placed",
        CodConfirmation => "cod_confirmation",
        OrderConfirmed => "order_confirmed",
        OrderApproved => "order_approved",
        OrderRejected => "order_rejected",
        OrderChanged => "order_changed",
        ParcelShipped => "parcel_shipped",
        OrderDelivered => "order_delivered",
        OrderCanceled => "order_canceled",
        ApprovalRequest => "approval_request",
        LowStock => "low_stock",
        SyncFailure => "sync_failure",
        ErrorAlert => "error_alert",
        OneTimeLink => "one_time_link",
        AnswerTooLate => "answer_too_late",
        AnswerUnclear => "answer_unclear",
        OptedOut => "opted_out",
    )
}
