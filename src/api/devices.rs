//! Enrolling devices, and their tokens. Open routes: a device has no user.
//!
//! Invariant: attempts are counted per address and per device that is named, before anything is compared; a right code or
//! key gives its attempt back.

use std::time::Instant;

use axum::http::StatusCode;
use munshi_protocols::devices::{DeviceEnrolled, DeviceKey, DeviceToken, EnrolDevice};

use super::{Answer, Call, call::json_body};
use crate::{
    problem::Problem,
    services::device::{self, Bearer, Named},
};

/// What attempts are counted under: the device that is named, or nothing in particular.
fn account(named: Option<Named>) -> String {
    named.map_or_else(|| "device:".to_owned(), |named| format!("device:{}~{}", named.warehouse, named.device))
}

fn attempt(call: &Call, account: &str) -> Result<(), Problem> {
    call.app.throttle().attempt(account, call.ip, Instant::now()).map_err(|wait| {
        Problem::new("sign_in_throttled", "too many wrong codes or keys; wait before trying again")
            .retry_after(wait.as_secs() + 1)
    })
}

fn issue(call: &Call, named: Named, generation: u32) -> (String, u64) {
    let life = call.app.config().auth.access_ttl.millis();
    let expires = call.now().plus_millis(i64::try_from(life).unwrap_or(i64::MAX));
    (Bearer { named, generation, expires }.token(call.app.live().tickets()), life / 1_000)
}

/// Enrols a device by its one-time code.
///
/// # Errors
/// `bad_device_credential`, `sign_in_throttled`.
pub async fn enrol(call: Call) -> Answer {
    let EnrolDevice { code } = call.json()?;
    let account = account(Named::of_code(&code));
    attempt(&call, &account)?;
    let enrolled = device::enrol(call.app.node(), &code).await?;
    call.app.throttle().succeeded(&account, call.ip);
    let (token, expires_in) = issue(&call, enrolled.named.clone(), enrolled.generation);
    let body = DeviceEnrolled {
        warehouse: enrolled.named.warehouse.to_string(),
        device: enrolled.named.device.to_string(),
        generation: enrolled.generation,
        key: enrolled.key.text,
        token,
        expires_in,
    };
    json_body(StatusCode::OK, &body)
}

/// A fresh token for a device's key.
///
/// # Errors
/// `bad_device_credential`, `sign_in_throttled`.
pub async fn token(call: Call) -> Answer {
    let DeviceKey { key } = call.json()?;
    let account = account(Named::of_key(&key));
    attempt(&call, &account)?;
    let (named, generation) = device::by_key(call.app.node(), &key).await?;
    call.app.throttle().succeeded(&account, call.ip);
    let (token, expires_in) = issue(&call, named, generation);
    json_body(StatusCode::OK, &DeviceToken { token, expires_in })
}
