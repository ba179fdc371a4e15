//! What a shop sets about messages: quiet hours, the confirmation ladder, which kinds are sent and how.
//!
//! Invariant: a value that the check lets through makes every plan sound. Times of day are of the shop's offset from
//! UTC, which is set beside the zone's name: the rules carry no table of zones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{KindRow, Language, MessageChannel, MessageKind};
use crate::Timestamp;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// Hours in which nothing leaves that is not urgent (messaging.md §1: 21:00 to 09:00).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// First minute of the day that is quiet, 0 to 1439.
    pub from_minute: u16,
    /// First minute of the day that is not, 0 to 1439; equal to `from_minute` for no quiet hours.
    pub until_minute: u16,
    /// Minutes the shop's clocks are ahead of UTC.
    pub utc_offset_minutes: i16,
}

impl QuietHours {
    /// The first instant, `now` or later, that is not quiet.
    pub fn next_open(&self, now: Timestamp) -> Timestamp {
        let (from, until) = (i64::from(self.from_minute) * MINUTE_MS, i64::from(self.until_minute) * MINUTE_MS);
        let of_day = (now.as_millis() + i64::from(self.utc_offset_minutes) * MINUTE_MS).rem_euclid(DAY_MS);
        let quiet = if from <= until { (from..until).contains(&of_day) } else { of_day >= from || of_day < until };
        if quiet { now.plus_millis((until - of_day).rem_euclid(DAY_MS)) } else { now }
    }
}

/// What is set about one kind of message; what is absent stays as the kind's row says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KindSetting {
    /// `false` sends none of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Channels to use instead of the row's, each list tried in its order, one message for each list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routes: Option<Vec<Vec<MessageChannel>>>,
}

/// What is set about messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MessagingSettings {
    /// Whether anything is sent at all.
    pub enabled: bool,
    /// Language for whom none is known.
    pub default_language: Language,
    /// First minute of the day, in the shop's time, at which what is not urgent waits; 1260 is 21:00.
    pub quiet_from_minute: u16,
    /// Minute of the day at which it goes on; 540 is 09:00. Equal to the first for no quiet hours.
    pub quiet_until_minute: u16,
    /// Minutes the shop's clocks are ahead of UTC (Asia/Karachi 300).
    pub utc_offset_minutes: i16,
    /// Seconds after the WhatsApp question at which an unanswered one is asked by SMS; 0 never (N08).
    pub confirm_sms_after_seconds: i64,
    /// Seconds after the WhatsApp question at which an unanswered one becomes a call task; 0 never (N08).
    pub confirm_call_after_seconds: i64,
    /// Seconds an approver's buttons stay good.
    pub decision_seconds: i64,
    /// Kinds that differ from their rows.
    pub kinds: BTreeMap<MessageKind, KindSetting>,
}

impl Default for MessagingSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            default_language: Language::English,
            quiet_from_minute: 21 * 60,
            quiet_until_minute: 9 * 60,
            utc_offset_minutes: 300,
            confirm_sms_after_seconds: 2 * 3_600,
            confirm_call_after_seconds: 4 * 3_600,
            decision_seconds: 7 * 86_400,
            kinds: BTreeMap::new(),
        }
    }
}

impl MessagingSettings {
    /// The quiet hours.
    pub const fn quiet(&self) -> QuietHours {
        QuietHours {
            from_minute: self.quiet_from_minute,
            until_minute: self.quiet_until_minute,
            utc_offset_minutes: self.utc_offset_minutes,
        }
    }

    /// Lists of channels for a kind: one message for each list. Empty when the kind is switched off.
    pub fn routes(&self, row: &KindRow) -> Vec<Vec<MessageChannel>> {
        let set = self.kinds.get(&row.kind);
        if !self.enabled || set.and_then(|set| set.enabled) == Some(false) {
            return Vec::new();
        }
        let own = || row.routes.iter().map(|route| route.to_vec()).collect();
        set.and_then(|set| set.routes.clone()).unwrap_or_else(own)
    }

    /// The first field that is out of range, as a JSON pointer, and what it must be.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        let span = |seconds: i64, least: i64| (least..=90 * 86_400).contains(&seconds);
        let doubled = |route: &Vec<MessageChannel>| {
            route.is_empty() || route.iter().enumerate().any(|(at, channel)| route[..at].contains(channel))
        };
        let routes = |set: &KindSetting| {
            set.routes.as_ref().is_some_and(|routes| routes.len() > 3 || routes.iter().any(doubled))
        };
        if self.quiet_from_minute > 1_439 || self.quiet_until_minute > 1_439 {
            Some(("/messaging/quiet_from_minute", "and quiet_until_minute must be minutes of a day, 0 to 1439"))
        } else if !(-720..=840).contains(&self.utc_offset_minutes) {
            Some(("/messaging/utc_offset_minutes", "must be between -720 and 840"))
        } else if !span(self.confirm_sms_after_seconds, 0) || !span(self.confirm_call_after_seconds, 0) {
            Some(("/messaging/confirm_sms_after_seconds", "and confirm_call_after_seconds must be 0 to 90 days"))
        } else if !span(self.decision_seconds, 60) {
            Some(("/messaging/decision_seconds", "must be one minute to 90 days"))
        } else if self.kinds.values().any(routes) {
            Some(("/messaging/kinds", "must have at most 3 routes, none empty and none naming a channel twice"))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn not_05_quiet_hours_are_of_the_shops_clock() {
        let quiet = MessagingSettings::default().quiet();
        for (now, open) in [
            ("2026-11-21T15:59:59.999Z", "2026-11-21T15:59:59.999Z"), // 20:59:59 in Karachi
            ("2026-11-21T16:00:00Z", "2026-11-22T04:00:00Z"),
            ("2026-11-21T22:30:00Z", "2026-11-22T04:00:00Z"),
            ("2026-11-22T03:59:59Z", "2026-11-22T04:00:00Z"),
            ("2026-11-22T04:00:00Z", "2026-11-22T04:00:00Z"),
        ] {
            assert_eq!(quiet.next_open(at(now)), at(open), "{now}");
        }
        let noon = QuietHours { from_minute: 720, until_minute: 780, utc_offset_minutes: 0 };
        assert_eq!(noon.next_open(at("2026-11-21T12:15:00Z")), at("2026-11-21T13:00:00Z"));
        let none = QuietHours { from_minute: 540, until_minute: 540, utc_offset_minutes: 0 };
        assert_eq!(none.next_open(at("2026-11-21T09:00:00Z")), at("2026-11-21T09:00:00Z"));
    }

    #[test]
    fn not_05_settings_are_checked() {
        let sound = MessagingSettings::default();
        assert_eq!(sound.fault(), None);
        let twice = KindSetting { routes: Some(vec![vec![MessageChannel::Sms; 2]]), ..KindSetting::default() };
        for (settings, field) in [
            (MessagingSettings { quiet_from_minute: 1_440, ..sound.clone() }, "/messaging/quiet_from_minute"),
            (MessagingSettings { utc_offset_minutes: 841, ..sound.clone() }, "/messaging/utc_offset_minutes"),
            (
                MessagingSettings { confirm_call_after_seconds: -1, ..sound.clone() },
                "/messaging/confirm_sms_after_seconds",
            ),
            (MessagingSettings { decision_seconds: 59, ..sound.clone() }, "/messaging/decision_seconds"),
            (
                MessagingSettings { kinds: [(MessageKind::OrderPlaced, twice)].into(), ..sound.clone() },
                "/messaging/kinds",
            ),
        ] {
            assert_eq!(settings.fault().unwrap().0, field);
        }
    }
}
