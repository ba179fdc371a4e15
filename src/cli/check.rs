//! `munshi check-config` and `munshi openapi`: what is in effect, what is served.

use super::Stop;
use crate::{api::openapi, config::Loaded, problem};

/// Prints the settings in effect.
pub fn config(loaded: &Loaded) -> Result<(), Stop> {
    print!("{}", loaded.print());
    Ok(())
}

/// Prints the OpenAPI document, or the page of error codes.
pub fn openapi(errors: bool) -> Result<(), Stop> {
    let text = if errors { problem::reference() } else { openapi::document().to_json()? };
    print!("{text}");
    Ok(())
}
