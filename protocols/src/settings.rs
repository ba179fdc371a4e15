//! Settings of the shop.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The shop's settings: an object whose keys `PATCH /settings` merges into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SettingsView {
    /// Version, also the ETag.
    pub version: u64,
    /// Every setting in effect.
    #[schema(value_type = Object)]
    pub settings: serde_json::Value,
}

/// Settings to change: any part of [`SettingsView::settings`]; `null` resets a key to its default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = Object)]
pub struct SettingsPatch(pub serde_json::Map<String, serde_json::Value>);
