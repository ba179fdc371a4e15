//! Enrolling devices.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The one-time code of an invitation. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolDevice {
    /// As the invitation shows it; it works once.
    pub code: String,
}

/// A device's key. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceKey {
    /// As enrolling answered it.
    pub key: String,
}

/// What a device is after enrolling. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceEnrolled {
    /// Code of the warehouse.
    pub warehouse: String,
    /// Name of the device; `client` of its `hello`.
    pub device: String,
    /// Number of the enrolment; `gen` of its `hello`. Older ones are no longer heard.
    pub generation: u32,
    /// What the device gets tokens with; shown now and never again.
    pub key: String,
    /// A first token.
    pub token: String,
    /// Seconds that the token lives.
    pub expires_in: u64,
}

/// A token for `hello`. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceToken {
    /// The token.
    pub token: String,
    /// Seconds that it lives.
    pub expires_in: u64,
}

macro_rules! hidden {
    ($($name:ident),+) => { $(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(•••)"))
            }
        }
    )+ };
}
hidden!(EnrolDevice, DeviceKey, DeviceEnrolled, DeviceToken);
