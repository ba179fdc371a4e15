//! Operators of a site: badge, PIN and rights.
//!
//! Invariant: after [`MAX_PIN_FAILURES`] wrong PINs in a row nobody signs on with that badge until somebody of the
//! office lifts the lock. Whether a PIN is right is the edge's to say, as with passwords; only its hash is here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{UserId, order::content::words, user::SecretHash};

/// Wrong PINs in a row that lock a badge.
pub const MAX_PIN_FAILURES: u8 = 5;

words!(
    /// What an operator may do at this site.
    OperatorRight {
        /// Take goods in.
        Receive = "receive",
        /// Store and move goods.
        PutAway = "put_away",
        /// Pick.
        Pick = "pick",
        /// Pack.
        Pack = "pack",
        /// Load and send off.
        Ship = "ship",
        /// Count.
        Count = "count",
        /// Take returns in.
        Returns = "returns",
        /// Look things up.
        Inquiry = "inquiry",
        /// Go against a suggestion or a rule that may be broken with a reason.
        Override = "override",
        /// Decide what waits for a supervisor.
        Supervise = "supervise",
    }
);

/// One operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The user of the shop behind the badge.
    pub user: UserId,
    /// Name on screens.
    pub name: String,
    /// Hash of the PIN, as the edge makes it.
    pub pin: SecretHash,
    /// What they may do here; none for somebody who left the site.
    #[serde(default)]
    pub rights: BTreeSet<OperatorRight>,
    /// Wrong PINs since the last right one.
    #[serde(default)]
    pub failures: u8,
}

impl Operator {
    /// Whether too many wrong PINs locked the badge.
    pub const fn is_locked(&self) -> bool {
        self.failures >= MAX_PIN_FAILURES
    }

    /// Whether they may do something.
    pub fn may(&self, right: OperatorRight) -> bool {
        self.rights.contains(&right)
    }

    /// Whether they may sign on, given that their PIN is right.
    ///
    /// # Errors
    /// `pin_wrong` or `no_role_at_site`.
    pub fn sign_on(&self, pin_right: bool) -> Result<(), &'static str> {
        match () {
            () if !pin_right || self.is_locked() => Err("pin_wrong"),
            () if self.rights.is_empty() => Err("no_role_at_site"),
            () => Ok(()),
        }
    }
}
