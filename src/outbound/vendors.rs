//! x
use super::wire::{Built, Settings};
pub(super) fn build(settings: &Settings<'_>) -> Result<Built, String> {
        Err(format!("connections to {} cannot be made yet", settings.record.vendor.word()))
}
