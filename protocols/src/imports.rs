//! Imports of files over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An import: what it is of and how far it is. Also the row of the topic `imports`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportView {
    /// Import id.
    pub id: String,
    /// `products`, `customers`, `stock` or `orders`.
    pub kind: String,
    /// `native`, `shopify` or `online-retail`.
    pub layout: String,
    /// Name of the file as it was sent.
    pub file: String,
    /// Warehouse of rows that name none.
    pub warehouse: Option<String>,
    /// `queued`, `running`, `done`, `failed` or `stopped`.
    pub state: String,
    /// Data rows of the file; 0 until it was read.
    pub rows: u64,
    /// What is being taken now, such as `products` or `orders`.
    pub stage: Option<String>,
    /// Records of the stage.
    pub of: u64,
    /// Records of the stage that were handled.
    pub done: u64,
    /// Records taken.
    pub changed: u64,
    /// Records that were there already.
    pub unchanged: u64,
    /// Rows without anything to take.
    pub skipped: u64,
    /// Rows not taken; they stand in the error file.
    pub errors: u64,
    /// Whether there is an error file to fetch.
    pub error_file: bool,
    /// When the file was received, RFC 3339.
    pub queued_at: String,
    /// When it began to be taken.
    pub started_at: Option<String>,
    /// When it ended.
    pub finished_at: Option<String>,
    /// User who sent it.
    pub by: String,
    /// Why it failed.
    pub failure: Option<ImportFailure>,
}

/// Why an import failed as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportFailure {
    /// Stable code.
    pub code: String,
    /// In words.
    pub detail: String,
}
