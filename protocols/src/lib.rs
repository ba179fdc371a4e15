//! Every byte that crosses a wire: the REST API, the socket protocol `munshi.v1`, and barcodes ([`gs1`]).
//!
//! REST: request bodies, answers, problems. Invariant: requests refuse unknown fields, amounts are decimal texts,
//! instants are RFC 3339 in UTC. Types here carry no rule and know no domain type; the server converts at its edge.
//! `openapi.json` in this crate is the golden file of the whole interface.
//!
//! Socket: [`envelope`], [`client`] and [`server`] are the frames, [`topic`], [`code`], [`ids`] and [`limits`] what
//! they are made of. [`mirror`] and [`clientsm`] are the client's side, [`topicsm`] and [`cmdlog`] the parts of the
//! server's that need no clock and no thread. Invariant: nothing here waits, reads a clock or draws a number, so server,
//! browser, scanner, harness and simulation run the same code. Frames have a golden file each in `golden/`.

// What leaves as documents.
pub mod epcis;

// REST.
pub mod approvals;
pub mod auth;
pub mod common;
pub mod connections;
pub mod conversations;
pub mod customers;
pub mod devices;
pub mod floor;
pub mod floor_office;
pub mod gs1;
pub mod imports;
pub mod orders;
pub mod problem;
pub mod products;
pub mod reports;
pub mod settings;
pub mod system;
pub mod tracking;
pub mod warehouses;

// Socket.
pub mod client;
pub mod clientsm;
pub mod cmd;
pub mod cmdlog;
pub mod code;
pub mod envelope;
pub mod fingerprint;
pub mod hash;
pub mod ids;
pub mod limits;
pub mod mirror;
pub mod payload;
#[cfg(feature = "schema")]
pub mod schema;
pub mod server;
pub mod topic;
pub mod topicsm;

pub use problem::Problem;

/// The JSON Schema of all socket frames, as generated and as tested for drift.
pub const SOCKET_SCHEMA: &str = include_str!("../socket.schema.json");

/// What `welcome.schema` says: `sha256:` and the hash of [`SOCKET_SCHEMA`] in 64 hex digits.
pub fn schema_hash() -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(SOCKET_SCHEMA).iter().fold(String::from("sha256:"), |text, byte| text + &format!("{byte:02x}"))
}

/// The WebSocket subprotocol a client must offer.
pub const SUBPROTOCOL: &str = "munshi.v1.json";

/// The golden OpenAPI document, as served and as tested for drift.
pub const OPENAPI: &str = include_str!("../openapi.json");
