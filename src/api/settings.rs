//! The shop's settings.

use axum::{body::Bytes, http::StatusCode};
use munshi_domain::settings::{SHOP, Settings, SettingsCommand, ShopSettings};
use munshi_protocols::settings::SettingsView;
use serde_json::{Map, Value};

use super::{Answer, Call, call::resource, json, outcome};
use crate::problem::Problem;

fn view(settings: &Settings, version: u64) -> SettingsView {
    SettingsView { version, settings: serde_json::to_value(&settings.shop).unwrap_or_default() }
}

/// Reads the settings; before anybody changed one they are the built-in defaults at version 0.
///
/// # Errors
/// `unavailable`.
pub async fn read(call: Call) -> Answer {
    let read = call.app.node().read::<Settings, _>(SHOP, view).await.map_err(Problem::unavailable)?;
    let body = read.unwrap_or_else(|| view(&Settings::default(), 0));
    resource(StatusCode::OK, body.version, &body)
}

/// Merges an object into the settings (RFC 7396). Two who change at the same time: one is asked to repeat.
///
/// # Errors
/// `unknown_field`, `wrong_type`, `version_conflict`, and the settings' refusals.
pub async fn change(call: Call) -> Answer {
    let patch: Map<String, Value> = call.json()?;
    let current = call.app.node().read::<Settings, _>(SHOP, |settings, version| (settings.shop.clone(), version)).await;
    let (shop, version) = current.map_err(Problem::unavailable)?.unwrap_or_default();
    let mut merged = serde_json::to_value(&shop).map_err(Problem::internal)?;
    merge(&mut merged, Value::Object(patch));
    let merged: ShopSettings = json::parse(&Bytes::from(merged.to_string()))?;
    let mut meta = call.meta()?;
    // Without If-Match the version read above stands in, so that no concurrent change is overwritten; a retry is
    // recognised by its key before versions are compared.
    meta.expected = Some(meta.expected.unwrap_or(version));
    let command = SettingsCommand::ChangeSettings(Box::new(merged));
    let applied = call.app.node().execute::<Settings, _>(SHOP, command, meta, view).await;
    outcome::done(StatusCode::OK, &applied.map_err(outcome::problem)?)
}

fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (key, value) in patch {
                if value.is_null() {
                    target.remove(&key);
                } else {
                    merge(target.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        (target, patch) => *target = patch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patches_merge_as_rfc_7396_says() {
        let mut target = json!({"a": {"b": 1, "c": 2}, "d": [1]});
        merge(&mut target, json!({"a": {"b": null, "e": {"f": 3}}, "d": [2]}));
        assert_eq!(target, json!({"a": {"c": 2, "e": {"f": 3}}, "d": [2]}));
    }
}
