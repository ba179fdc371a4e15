//! What became of a message: taken, found, and how far it has come.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::outcome::{Outcome, Why};

/// The vendor has taken the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The vendor's id of the message.
    pub vendor_ref: String,
    /// How far it was at that moment.
    pub state: DeliveryState,
}

/// What a look-up found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The vendor has it.
    Found(Accepted),
    /// The vendor does not have it, as far as its list shows by now. Two of these, spaced, make sending again safe.
    Absent,
    /// More than one message could be it: a person decides.
    Undecidable,
    /// The vendor has no way to look. Wait for a status, then a person decides.
    NotPossible,
    /// The look-up itself failed; try again later.
    Failed(Why),
    /// The look-up may be repeated no sooner than this.
    RateLimited(Duration),
    /// The look-up was refused; the connection needs a person.
    Refused {
        /// The vendor's code.
        code: String,
    },
}

impl Lookup {
    /// What a refused look-up means.
    pub fn from_refusal(refusal: Outcome<()>) -> Self {
        match refusal {
            Outcome::Ok(()) => Self::Failed(Why::Unreadable),
            Outcome::RetryAfter { why, .. } | Outcome::Unknown { why } => Self::Failed(why),
            Outcome::RateLimited { wait } => Self::RateLimited(wait),
            Outcome::AuthExpired => Self::Refused { code: "auth_expired".to_owned() },
            Outcome::Permanent { code, .. } => Self::Refused { code },
        }
    }
}

/// How far a message has come. A message's state only rises by [`DeliveryState::rank`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Taken by the vendor's messaging service.
    Accepted,
    /// Waiting for its time at the vendor.
    Scheduled,
    /// In the vendor's queue.
    Queued,
    /// Being handed on.
    Sending,
    /// Handed on.
    Sent,
    /// On the recipient's device.
    Delivered,
    /// Seen by the recipient.
    Read,
    /// Not delivered, and will not be.
    Undelivered,
    /// Refused or given up.
    Failed,
    /// Withdrawn before it was sent.
    Canceled,
    /// A word we do not know: stored and shown, changes nothing.
    Other(String),
}

impl DeliveryState {
    /// The order of states: a report with a lower or equal rank than what is known is late and changes nothing. Failures
    /// rank between sent and delivered, because a later `delivered` or `read` is recorded beside them. `None` for
    /// unknown words.
    pub const fn rank(&self) -> Option<u8> {
        Some(match self {
            Self::Scheduled => 0,
            Self::Accepted => 1,
            Self::Queued => 2,
            Self::Sending => 3,
            Self::Sent => 4,
            Self::Canceled | Self::Undelivered | Self::Failed => 5,
            Self::Delivered => 6,
            Self::Read => 7,
            Self::Other(_) => return None,
        })
    }

    /// Whether the vendor has given up.
    pub const fn is_failure(&self) -> bool {
        matches!(self, Self::Undelivered | Self::Failed | Self::Canceled)
    }

    /// The stable name.
    pub fn name(&self) -> &str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Other(word) => word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_05_states_rise_and_failures_yield_to_delivery() {
        use DeliveryState::*;
        let order = [Scheduled, Accepted, Queued, Sending, Sent, Failed, Delivered, Read];
        assert!(order.windows(2).all(|pair| pair[0].rank() < pair[1].rank()));
        assert_eq!(Other("new".to_owned()).rank(), None);
    }
}
