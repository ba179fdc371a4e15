//! Whether Twilio has a message of unknown outcome (messaging.md §3.1, README §6). Pure.
//!
//! Twilio carries no id of ours, so a message is recognised by recipient, text and time of creation. Invariant: when
//! two messages fit, nobody is guessed.

use munshi_domain::Timestamp;
use serde_json::Value;

use super::send;
use crate::form;
use crate::transport::{Channel, Envelope, Lookup};

/// A message made within this of our attempt can be the one.
const TOLERANCE_MS: i64 = 120_000;
/// At most this many pages of fifty are read.
pub const MAX_PAGES: usize = 4;

/// The path and query of the first page.
pub fn first_page(account_sid: &str, envelope: &Envelope, since: Timestamp) -> String {
    let prefix = if envelope.channel == Channel::Whatsapp { "whatsapp:" } else { "" };
    let to = form::escape(&format!("{prefix}{}", envelope.to));
    let since = since.plus_millis(-TOLERANCE_MS).to_string();
    let day = &since[..10];
    format!("/2010-04-01/Accounts/{account_sid}/Messages.json?To={to}&DateSent%3E={day}&PageSize=50")
}

/// Collects what fits from page after page.
#[derive(Default)]
pub struct Search {
    found: Vec<crate::transport::Accepted>,
}

impl Search {
    /// Takes what fits from a page. Returns the path of the next one; `Err` if this is no page.
    pub fn take(
        &mut self,
        page: &Value,
        envelope: &Envelope,
        since: Timestamp,
        known: &[String],
    ) -> Result<Option<String>, ()> {
        let text = send::shown_text(envelope);
        for message in page["messages"].as_array().ok_or(())? {
            let at = message["date_created"].as_str().and_then(rfc_2822);
            let near = at.is_some_and(|at| (at - since.as_millis()).abs() <= TOLERANCE_MS);
            let same = message["body"].as_str().is_some_and(|body| body.trim() == text.trim());
            let outbound = message["direction"].as_str().is_some_and(|way| way.starts_with("outbound"));
            if let Some(accepted) = send::accepted(message)
                && near
                && same
                && outbound
                && !known.contains(&accepted.vendor_ref)
            {
                self.found.push(accepted);
            }
        }
        // Only a path on the same host is followed.
        Ok(page["next_page_uri"].as_str().filter(|uri| uri.starts_with('/')).map(str::to_owned))
    }

    /// The verdict; `complete` if every page was read.
    pub fn verdict(mut self, complete: bool) -> Lookup {
        match (self.found.pop(), self.found.is_empty(), complete) {
            (Some(accepted), true, _) => Lookup::Found(accepted),
            (None, _, true) => Lookup::Absent,
            _ => Lookup::Undecidable,
        }
    }
}

fn rfc_2822(text: &str) -> Option<i64> {
    chrono::DateTime::parse_from_rfc2822(text).ok().map(|at| at.timestamp_millis())
}
