//! A claim: the one owner of a unique key such as a phone number, an e-mail address or a barcode.
//!
//! Invariant: a key has at most one owner at any time. Uniqueness across entities is thereby decided by one
//! actor, like everything else, and never by a check followed by a write.

use serde::{Deserialize, Serialize};

use crate::{
    Aggregate, Ctx, Kind, Part, PartJson, RefusalClass, Refused,
    aggregate::{from_main, main_part},
};

/// The state of one key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Id of the entity that owns the key, if any.
    pub owner: Option<String>,
}

/// Requests to a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimCommand {
    /// Become the owner; accepted without effect if already so.
    TakeClaim {
        /// Id of the entity that wants the key.
        owner: String,
    },
    /// Give the key up; accepted without effect by anybody who does not own it.
    DropClaim {
        /// Id of the entity that no longer wants it.
        owner: String,
    },
}

/// Facts about a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum ClaimEvent {
    /// The key has an owner.
    ClaimTaken {
        /// Id of the owner.
        owner: String,
    },
    /// The key is free.
    ClaimDropped {
        /// Id of the former owner.
        owner: String,
    },
}

/// Why a claim is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRefusal {
    /// Another entity owns the key.
    #[error("already used by {owner}")]
    Taken {
        /// Id of the owner.
        owner: String,
    },
}

impl Refused for ClaimRefusal {
    fn code(&self) -> &'static str {
        "key_taken"
    }
    fn class(&self) -> RefusalClass {
        RefusalClass::Conflict
    }
}

impl Aggregate for Claim {
    const KIND: Kind = Kind::Claim;
    type Command = ClaimCommand;
    type Event = ClaimEvent;
    type Refusal = ClaimRefusal;

    fn decide(&self, command: &ClaimCommand, _ctx: &Ctx) -> Result<Vec<ClaimEvent>, ClaimRefusal> {
        match (command, &self.owner) {
            (ClaimCommand::TakeClaim { owner }, None) => Ok(vec![ClaimEvent::ClaimTaken { owner: owner.clone() }]),
            (ClaimCommand::TakeClaim { owner }, Some(current)) if owner == current => Ok(vec![]),
            (ClaimCommand::TakeClaim { .. }, Some(current)) => Err(ClaimRefusal::Taken { owner: current.clone() }),
            (ClaimCommand::DropClaim { owner }, Some(current)) if owner == current => {
                Ok(vec![ClaimEvent::ClaimDropped { owner: owner.clone() }])
            }
            (ClaimCommand::DropClaim { .. }, _) => Ok(vec![]),
        }
    }

    fn evolve(&mut self, event: &ClaimEvent) {
        self.owner = match event {
            ClaimEvent::ClaimTaken { owner } => Some(owner.clone()),
            ClaimEvent::ClaimDropped { .. } => None,
        };
    }

    fn command_name(command: &ClaimCommand) -> &'static str {
        match command {
            ClaimCommand::TakeClaim { .. } => "TakeClaim",
            ClaimCommand::DropClaim { .. } => "DropClaim",
        }
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        main_part(self, part)
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        from_main(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timestamp, aggregate::apply};

    #[test]
    fn cus_01_a_key_has_one_owner() {
        let ctx = Ctx::system(Timestamp::from_millis(0));
        let take = |owner: &str| ClaimCommand::TakeClaim { owner: owner.into() };
        let mut claim = Claim::default();
        assert_eq!(apply(&mut claim, &take("a"), &ctx).unwrap().len(), 1);
        assert_eq!(apply(&mut claim, &take("a"), &ctx).unwrap(), vec![]);
        assert_eq!(apply(&mut claim, &take("b"), &ctx).unwrap_err(), ClaimRefusal::Taken { owner: "a".into() });
        assert_eq!(apply(&mut claim, &ClaimCommand::DropClaim { owner: "b".into() }, &ctx).unwrap(), vec![]);
        assert_eq!(apply(&mut claim, &ClaimCommand::DropClaim { owner: "a".into() }, &ctx).unwrap().len(), 1);
        assert_eq!(apply(&mut claim, &take("b"), &ctx).unwrap().len(), 1);
    }
}
