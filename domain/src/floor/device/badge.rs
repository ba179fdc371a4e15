//! Operators of a site: badge, PIN and rights.
//!
//! Invariant: after [`MAX_PIN_FAILURES`] wrong PINs in a row nobody signs on with that badge until somebody of the
//! office lifts the lock. Whether a PIN is right is the edge's to say, as with passwords; only its hash is here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    UserId,
    floor::{FloorCode, Operator, Right},
    user::SecretHash,
};

/// Wrong PINs in a row that lock a badge.
pub const MAX_PIN_FAILURES: u8 = 5;

/// A badge and who carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Badge {
    /// The user of the shop behind the badge.
    pub user: UserId,
    /// Name on screens.
    pub name: String,
    /// Hash of the PIN, as the edge makes it.
    pub pin: SecretHash,
    /// What they may do here; none for somebody who left the site.
    #[serde(default)]
    pub rights: BTreeSet<Right>,
    /// Wrong PINs since the last right one.
    #[serde(default)]
    pub failures: u8,
}

impl Badge {
    /// Whether too many wrong PINs locked the badge.
    pub const fn is_locked(&self) -> bool {
        self.failures >= MAX_PIN_FAILURES
    }

    /// Who signs on with it, given whether their PIN was right.
    ///
    /// # Errors
    /// `pin_wrong`, also for a locked badge, or `no_role_at_site`.
    pub fn sign_on(&self, pin_right: bool) -> Result<Operator, FloorCode> {
        match () {
            () if !pin_right || self.is_locked() => Err(FloorCode::PinWrong),
            () if self.rights.is_empty() => Err(FloorCode::NoRoleAtSite),
            () => Ok(Operator { user: self.user, rights: self.rights.clone() }),
        }
    }
}
