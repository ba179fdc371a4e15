//! The codes of the socket layer (1xxx, 2xxx, 3xxx, 6xxx) and those common to all work flows (50xx).
//!
//! 4xxx (scans and GS1) and 51xx to 59xx (one hundred per flow) stand with the modules that raise them.

use super::{Beep, Retry, Row};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $num:literal $word:literal, $retry:ident, $beep:expr, $text:literal;)*) => {
        /// A code of the socket layer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $text] $variant,)*
        }

        /// Their table.
        pub const SOCKET: &[Row] = &[
            $(Row { code: $word, num: $num, retry: Retry::$retry, beep: $beep, text: $text },)*
        ];

        impl Code {
            /// The code of a word.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its row.
            pub const fn row(self) -> &'static Row {
                &SOCKET[self as usize]
            }
        }
    };
}

const STOP: Option<Beep> = Some(Beep::Stop);
const CONFIRM: Option<Beep> = Some(Beep::Confirm);

codes! {
    BadJson = 1001 "bad_json", No, None, "the frame is not JSON, or not an object with a type";
    UnknownType = 1002 "unknown_type", No, None, "there is no such frame";
    BadField = 1003 "bad_field", No, STOP, "a field is unknown, missing or cannot have this value";
    TooLarge = 1004 "too_large", No, STOP, "a message, array or text is too large";
    TooDeep = 1005 "too_deep", No, STOP, "arrays and objects are nested too deeply";
    BadBatch = 1006 "bad_batch", No, None, "a batch is empty, too long, or its numbers are not consecutive";
    HelloExpected = 1007 "hello_expected", No, None, "the first frame must be hello";
    HelloRepeated = 1008 "hello_repeated", No, None, "hello was said already";
    BadTopic = 1009 "bad_topic", No, None, "there is no such topic or window";
    SeenAhead = 1010 "seen_ahead", No, None, "seen names an offset that was never sent";
    SeqGap = 1011 "seq_gap", Resync, None, "a command number was left out; send from expect";
    KeyReuse = 1012 "key_reuse", No, STOP, "the number or key was used for another command; the device must be enrolled again";
    Rebase = 1013 "rebase", Resync, None, "the installation is new; number the queue from expect, keep the keys";
    TooOld = 1014 "too_old", No, CONFIRM, "the fact is older than 72 hours and waits for a supervisor";
    TokenBad = 2001 "token_bad", Reauth, None, "the token is not valid";
    TokenExpired = 2002 "token_expired", Reauth, None, "the token has expired";
    DeviceUnknown = 2003 "device_unknown", No, STOP, "the device is not enrolled";
    DeviceRevoked = 2004 "device_revoked", No, STOP, "the device was revoked";
    GenerationFenced = 2005 "generation_fenced", No, STOP, "the device was enrolled again elsewhere";
    AppTooOld = 2006 "app_too_old", UpdateApp, STOP, "the program is too old for this server";
    CmdDenied = 2101 "cmd_denied", No, STOP, "your roles do not permit this command";
    SubDenied = 2103 "sub_denied", No, None, "your roles do not permit this topic";
    SubRevoked = 2104 "sub_revoked", No, None, "your roles no longer permit this topic";
    RateLimited = 3001 "rate_limited", Later, None, "too many frames; certainly not executed";
    Busy = 3002 "busy", Later, None, "the server is busy; certainly not executed";
    TopicLimit = 3003 "topic_limit", No, None, "too many topics on this connection";
    ConnectionLimit = 3004 "connection_limit", No, None, "too many connections";
    Conflict = 5001 "conflict", No, STOP, "somebody else was first; the answer has the current row";
    StaleTask = 5002 "stale_task", No, STOP, "the task has changed; the answer has the current view";
    AlreadyDone = 5003 "already_done", No, STOP, "this was done already";
    ConfirmByRescan = 5004 "confirm_by_rescan", No, CONFIRM, "scan it again to confirm";
    NoPermission = 5005 "no_permission", No, STOP, "the operator has no right to this at this site";
    ReasonRequired = 5006 "reason_required", No, CONFIRM, "a reason is required";
    OfflineNotAllowed = 5007 "offline_not_allowed", No, STOP, "this needs a connection";
    NoWork = 5008 "no_work", No, CONFIRM, "there is no work for this operator";
    LeaseLost = 5009 "lease_lost", No, STOP, "the work was given to another operator";
    Internal = 6001 "internal", Later, None, "a fault of the server; certainly not executed";
    OutcomeUnknown = 6002 "outcome_unknown", Later, None, "it is not known whether it was executed; send it again with the same key";
    Draining = 6003 "draining", Later, None, "the server is stopping; certainly not executed";
    NotReady = 6004 "not_ready", Later, None, "the server is starting; certainly not executed";
}
