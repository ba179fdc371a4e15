//! Text of messages.
use std::sync::Arc;
use munshi_connectors::transport;
use munshi_domain::{Timestamp, conversation::Envelope, settings::Settings};
use uuid::Uuid;
use super::{Wired, buttons::Signer};
pub(super) struct Rendering<'a> {
    pub id: Uuid,
    pub made_at: Timestamp,
    pub callback: Option<String>,
    pub shop: Arc<Settings>,
    pub signer: &'a Signer,
    pub public_url: &'a str,
    pub wired: &'a Wired,
    pub name: &'a str,
}
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub(super) struct Fault;
impl Fault { pub fn code(&self) -> &'static str { "template_invalid" } }
pub(super) fn envelope(_of: &Envelope, _with: &Rendering<'_>) -> Result<transport::Envelope, Fault> { Err(Fault) }
