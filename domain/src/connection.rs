//! What happened to one connection to the outside: troubles, each told once (NOT-08), and what operators did, with who
//! and why (AUD-01). The connection itself, its credentials and its open work are rows of the edge, not events.
//!
//! Invariant: a trouble begins once and ends once; one that is back soon after its end is the same episode, so that a
//! connection that comes and goes is not told again and again. It holds no secret, no address and no text of a message.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Aggregate, Ctx, Kind, Part, PartJson, RefusalClass, Refused, Timestamp, UserId,
    aggregate::{from_main, main_part},
    order::content::words,
};

/// The id of what belongs to the server as a whole; no connection can have it.
pub const SERVER: &str = "_server";
/// A trouble that is back within this many seconds of its end goes on: nobody is told anew.
pub const SAME_EPISODE_SECONDS: i64 = 1_800;
/// Longest reason or subject, in characters.
const MAX_TEXT: usize = 2_000;

words!(
    /// What is wrong.
    Trouble {
        /// Calls do not get through: the breaker opened.
        Unreachable = "unreachable",
        /// The credentials are refused.
        Unauthorized = "unauthorized",
        /// A subscriber has not taken anything for a while.
        Failing = "failing",
        /// It was paused, because it failed for too long.
        AutoPaused = "auto_paused",
        /// Something was given up and waits for a person.
        DeadLetters = "dead_letters",
        /// It does not read on although there is something to read.
        Stalled = "stalled",
        /// Documents do not follow the journal.
        ProjectorStalled = "projector_stalled",
        /// Messages are not planned although something happened.
        NotifierStalled = "notifier_stalled",
    }
);

impl Trouble {
    /// Whether it is about messages that do not get through, and not about the server.
    pub const fn is_sync(self) -> bool {
        matches!(self, Self::Unreachable | Self::Unauthorized | Self::Failing | Self::AutoPaused)
    }
}

words!(
    /// What an operator did, or Munshi in an operator's place.
    Operation {
        /// Made the connection.
        Created = "created",
        /// Changed settings or credentials.
        Changed = "changed",
        /// Stopped it from sending.
        Paused = "paused",
        /// Let it go on.
        Resumed = "resumed",
        /// Told a subscriber again.
        ToldAgain = "told_again",
        /// Replayed a dead letter.
        Replayed = "replayed",
        /// Changed a dead letter and replayed it.
        Edited = "edited",
        /// Ended a dead letter for good.
        Discarded = "discarded",
        /// Closed a dead letter, because later news say what became of its message.
        Settled = "settled",
    }
);

/// One time a trouble lasted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Episode {
    /// Since when without a break.
    pub since: Timestamp,
    /// Until when; `None` while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What is known of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The latest episode of each trouble.
    #[serde(default)]
    pub troubles: BTreeMap<Trouble, Episode>,
    /// What was done to it so far.
    #[serde(default)]
    pub operations: u64,
}

impl Connection {
    /// Since when a trouble lasts; nothing if it does not.
    pub fn lasts(&self, trouble: Trouble) -> Option<Timestamp> {
        self.troubles.get(&trouble).filter(|episode| episode.until.is_none()).map(|episode| episode.since)
    }
}

/// Requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionCommand {
    /// Something is wrong.
    ReportTrouble {
        /// What.
        trouble: Trouble,
    },
    /// It is right again.
    ReportRecovery {
        /// What.
        trouble: Trouble,
    },
    /// A person did something, or Munshi in a person's place.
    RecordOperation {
        /// What.
        operation: Operation,
        /// To what of the connection: a dead letter's id, names of settings.
        subject: Option<String>,
        /// How many, where several.
        count: Option<u64>,
        /// Why, where it was said.
        reason: Option<String>,
    },
}

/// Facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum ConnectionEvent {
    /// A trouble begins: somebody is told.
    TroubleBegan {
        /// What.
        trouble: Trouble,
        /// When.
        at: Timestamp,
    },
    /// It is back soon after its end.
    TroubleRecurred {
        /// What.
        trouble: Trouble,
        /// When.
        at: Timestamp,
    },
    /// It is over.
    TroubleEnded {
        /// What.
        trouble: Trouble,
        /// When.
        at: Timestamp,
    },
    /// A person did something, or Munshi in a person's place.
    OperatorActed {
        /// What.
        operation: Operation,
        /// Who; nobody where Munshi did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
        /// To what of the connection.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// How many, where several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<u64>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// When.
        at: Timestamp,
    },
}

/// Why it says no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionRefusal {
    /// A text is longer than is kept.
    #[error("a reason or subject has at most {MAX_TEXT} characters")]
    TextTooLong,
}

impl Refused for ConnectionRefusal {
    fn code(&self) -> &'static str {
        "reason_too_long"
    }
    fn class(&self) -> RefusalClass {
        RefusalClass::Invalid
    }
}

impl Aggregate for Connection {
    const KIND: Kind = Kind::Connection;
    type Command = ConnectionCommand;
    type Event = ConnectionEvent;
    type Refusal = ConnectionRefusal;

    fn decide(&self, command: &ConnectionCommand, ctx: &Ctx) -> Result<Vec<ConnectionEvent>, ConnectionRefusal> {
        let at = ctx.now;
        Ok(match command {
            ConnectionCommand::ReportTrouble { trouble } => match self.troubles.get(trouble) {
                Some(Episode { until: None, .. }) => vec![],
                Some(Episode { until: Some(until), .. }) if at < until.plus_seconds(SAME_EPISODE_SECONDS) => {
                    vec![ConnectionEvent::TroubleRecurred { trouble: *trouble, at }]
                }
                _ => vec![ConnectionEvent::TroubleBegan { trouble: *trouble, at }],
            },
            ConnectionCommand::ReportRecovery { trouble } if self.lasts(*trouble).is_some() => {
                vec![ConnectionEvent::TroubleEnded { trouble: *trouble, at }]
            }
            ConnectionCommand::ReportRecovery { .. } => vec![],
            ConnectionCommand::RecordOperation { operation, subject, count, reason } => {
                let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT);
                if long(subject) || long(reason) {
                    return Err(ConnectionRefusal::TextTooLong);
                }
                vec![ConnectionEvent::OperatorActed {
                    operation: *operation,
                    by: ctx.by,
                    subject: subject.clone(),
                    count: *count,
                    reason: reason.clone(),
                    at,
                }]
            }
        })
    }

    fn evolve(&mut self, event: &ConnectionEvent) {
        match event {
            ConnectionEvent::TroubleBegan { trouble, at } | ConnectionEvent::TroubleRecurred { trouble, at } => {
                self.troubles.insert(*trouble, Episode { since: *at, until: None });
            }
            ConnectionEvent::TroubleEnded { trouble, at } => {
                if let Some(episode) = self.troubles.get_mut(trouble) {
                    episode.until = Some(*at);
                }
            }
            ConnectionEvent::OperatorActed { .. } => self.operations += 1,
        }
    }

    fn command_name(command: &ConnectionCommand) -> &'static str {
        match command {
            ConnectionCommand::ReportTrouble { .. } => "ReportTrouble",
            ConnectionCommand::ReportRecovery { .. } => "ReportRecovery",
            ConnectionCommand::RecordOperation { .. } => "RecordOperation",
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
    use crate::aggregate::apply;

    #[test]
    fn not_08_one_trouble_is_told_once_however_often_it_is_reported_or_comes_back_soon() {
        let mut connection = Connection::default();
        let mut act = |command: ConnectionCommand, second: i64| {
            let at = Timestamp::from_millis(0).plus_seconds(second);
            let events = apply(&mut connection, &command, &Ctx::system(at)).unwrap();
            events.iter().map(|event| serde_json::to_value(event).unwrap()["type"].clone()).collect::<Vec<_>>()
        };
        let begin = || ConnectionCommand::ReportTrouble { trouble: Trouble::Unreachable };
        let end = || ConnectionCommand::ReportRecovery { trouble: Trouble::Unreachable };
        assert!(act(end(), 0).is_empty(), "nothing was wrong");
        assert_eq!(act(begin(), 1), ["TroubleBegan"]);
        assert!(act(begin(), 2).is_empty());
        let other = ConnectionCommand::ReportTrouble { trouble: Trouble::DeadLetters };
        assert_eq!(act(other, 3), ["TroubleBegan"], "another trouble is another episode");
        assert_eq!(act(end(), 10), ["TroubleEnded"]);
        assert_eq!(act(begin(), 10 + SAME_EPISODE_SECONDS - 1), ["TroubleRecurred"]);
        assert_eq!(act(end(), 5_000), ["TroubleEnded"]);
        assert_eq!(act(begin(), 5_000 + SAME_EPISODE_SECONDS), ["TroubleBegan"]);
        assert_eq!(connection.lasts(Trouble::Unreachable), Some(Timestamp::from_millis(6_800_000)));
    }

    #[test]
    fn aud_01_what_a_person_did_is_kept_with_who_and_why() {
        let mut connection = Connection::default();
        let by = UserId::from_u128(7);
        let command = ConnectionCommand::RecordOperation {
            operation: Operation::Discarded,
            subject: Some("effect-1".into()),
            count: None,
            reason: Some("asked by phone".into()),
        };
        let events = apply(&mut connection, &command, &Ctx::user(Timestamp::from_millis(5), by)).unwrap();
        let ConnectionEvent::OperatorActed { by: who, reason, .. } = &events[0] else { panic!("{events:?}") };
        assert_eq!((*who, reason.as_deref(), connection.operations), (Some(by), Some("asked by phone"), 1));
        let long = ConnectionCommand::RecordOperation {
            operation: Operation::Paused,
            subject: None,
            count: None,
            reason: Some("x".repeat(MAX_TEXT + 1)),
        };
        assert!(apply(&mut connection, &long, &Ctx::system(Timestamp::from_millis(6))).is_err());
    }
}
