//! The one-time code that enrols a device, and what a PIN may be.
//!
//! Invariant: a code says site and device before its secret, so that nothing else has to be keyed in; only the SHA-256
//! of the whole code is stored, as with tokens. It does not enrol: the device does, with its code.

use munshi_domain::{WarehouseId, floor::DeviceId, user::SecretHash};
use munshi_protocols::ids;

use crate::{auth::token, problem::Problem};

/// Begin of one-time codes.
pub const PREFIX: &str = "mdi_";

/// The name of a device that can be said on a socket, where it stands in topics.
///
/// # Errors
/// `bad_value` at `/device`.
pub fn device(name: &str) -> Result<DeviceId, Problem> {
    let bad = |_| {
        Problem::bad_value("/device", format_args!("{name:?} is no device name"))
            .fix("use 1 to 32 lower-case letters, digits, '-' or '_'")
    };
    let known = ids::DeviceId::parse(name).map_err(bad)?;
    DeviceId::parse(known.as_str()).map_err(|error| Problem::bad_value("/device", error))
}

/// A fresh one-time code; the caller stores its [`hash`] and hands it out once. Between its parts stands what neither a
/// code of a warehouse nor a name of a device has.
pub fn draw(site: &WarehouseId, device: &DeviceId) -> String {
    format!("{PREFIX}{site}~{device}~{}", token::hex_of(&token::random::<20>()))
}

/// What is stored of a code.
pub fn hash(code: &str) -> SecretHash {
    SecretHash::new(token::hash(code))
}

/// Rules for new PINs.
///
/// # Errors
/// `bad_value`.
pub fn check_pin(pin: &str) -> Result<(), Problem> {
    let digits = pin.bytes().all(|byte| byte.is_ascii_digit());
    let same = pin.bytes().all(|byte| Some(byte) == pin.bytes().next());
    if digits && !same && (4..=12).contains(&pin.len()) {
        return Ok(());
    }
    Err(Problem::bad_value("/pin", "a PIN has 4 to 12 digits, which are not all the same"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_03_a_code_names_its_device_and_is_stored_as_a_hash() {
        let (site, device) = (WarehouseId::parse("KHI-1").unwrap(), device("tc-07").unwrap());
        let code = draw(&site, &device);
        assert!(code.starts_with("mdi_KHI-1~tc-07~") && code.len() == 16 + 40, "{code}");
        assert_ne!(code, draw(&site, &device));
        assert!(!hash(&code).expose().contains("tc-07"));
        for bad in ["", "TC-07", "a.b", "a~b", &"a".repeat(33)] {
            assert_eq!(super::device(bad).unwrap_err().code, "bad_value", "{bad}");
        }
    }

    #[test]
    fn a_pin_is_digits_and_not_one_digit_over_and_over() {
        assert!(check_pin("4711").is_ok() && check_pin("123456789012").is_ok());
        for bad in ["", "123", "1234567890123", "12a4", "0000", "٤٧١١"] {
            assert_eq!(check_pin(bad).unwrap_err().code, "bad_value", "{bad}");
        }
    }
}
