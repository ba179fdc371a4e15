//! Signing in, and users.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// E-mail and password. `Debug` hides the password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Sign-in address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// A refresh token. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The token; it works once.
    pub refresh_token: String,
}

/// Tokens of a session. `Debug` hides them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Exchange it at `/auth/refresh` before the session ends; it works once.
    pub refresh_token: String,
    /// Seconds that the access token lives.
    pub expires_in: u64,
    /// Who signed in.
    pub user: Me,
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
hidden!(SignIn, Refresh, SignedIn, CreateUser, SetPassword);

/// The signed-in user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// User id.
    pub id: String,
    /// Name as shown.
    pub name: String,
    /// Sign-in address.
    pub email: String,
    /// Roles.
    pub roles: Vec<String>,
    /// What the roles permit.
    pub permissions: Vec<String>,
}

/// A user to make. `Debug` hides the password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// Sign-in address, unique.
    pub email: String,
    /// Name as shown.
    pub name: String,
    /// At least one of admin, sales_manager, finance, customer_service, warehouse, viewer.
    pub roles: Vec<String>,
    /// 10 to 200 characters.
    pub password: String,
}

/// What to change about a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchUser {
    /// Name as shown.
    #[serde(default)]
    pub name: Option<String>,
    /// All roles from here on.
    #[serde(default)]
    pub roles: Option<Vec<String>>,
    /// Mobile number the user is written to and answers from; empty for none.
    #[serde(default)]
    pub phone: Option<String>,
}

/// Another password. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// 10 to 200 characters.
    pub password: String,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserView {
    /// User id.
    pub id: String,
    /// Version, also the ETag.
    pub version: u64,
    /// Sign-in address.
    pub email: String,
    /// Name as shown.
    pub name: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Mobile number the user is written to and answers from.
    pub phone: Option<String>,
    /// Whether signing in is barred.
    pub disabled: bool,
    /// Number of live sessions.
    pub sessions: usize,
}

/// A user in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserRow {
    /// User id.
    pub id: String,
    /// Sign-in address.
    pub email: String,
    /// Name as shown.
    pub name: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Whether signing in is barred.
    pub disabled: bool,
}

/// What the user's clients keep for the user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PreferencesView {
    /// Number, also the ETag; 0 before they were first set.
    pub version: u32,
    /// Any object: saved views, language, theme.
    #[schema(value_type = Object)]
    pub preferences: serde_json::Map<String, serde_json::Value>,
}

/// Preferences to keep in place of those there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutPreferences {
    /// Any object, at most 16 KiB as compact JSON.
    #[schema(value_type = Object)]
    pub preferences: serde_json::Map<String, serde_json::Value>,
}
