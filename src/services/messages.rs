//! Messages outside of conversations: what a thread's entries read like, and a message to try a connection.

use munshi_connectors::{outcome::Outcome, transport::Accepted};
use munshi_domain::settings::Settings;
use munshi_protocols::connections::TestSend;
use serde_json::Value;

use crate::{app::App, outbound::Wired, problem::Problem};

/// The text of a thread's entry, if it has one.
pub fn text(event: &Value, settings: &Settings) -> Option<String> {
    let _ = (event, settings);
    None
}
/// Sends.
pub async fn test(app: &App, wired: &Wired, given: &TestSend, id: u128) -> Result<Outcome<Accepted>, Problem> {
    let _ = (app, wired, given, id);
    Err(Problem::new("not_found", ""))
}
