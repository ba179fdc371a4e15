//! What others build from: JSON Schema, TypeScript and AsyncAPI of the socket frames, made from the Rust types.
//!
//! Invariant: the same types give the same bytes, so the checked-in files can be compared. Only with feature `schema`;
//! the server never needs it.

mod asyncapi;
mod typescript;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

pub use asyncapi::asyncapi;
pub use typescript::typescript;

use crate::{client, server, topic::rows};

/// Who says a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

/// One payload type of a frame.
pub(crate) struct Frame {
    pub side: Side,
    /// Type on the wire.
    pub t: &'static str,
    /// Name of the payload's type.
    pub name: &'static str,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

macro_rules! frames {
    ($($side:ident $t:literal $name:literal $type:ty;)*) => {
        /// Every frame. `hello` has two payloads.
        pub(crate) const FRAMES: &[Frame] = &[$(
            Frame { side: Side::$side, t: $t, name: $name, schema: SchemaGenerator::subschema_for::<$type> },
        )*];
    };
}

frames! {
    Client "hello" "HelloDevice" client::HelloDevice;
    Client "hello" "HelloConsole" client::HelloConsole;
    Client "cmd" "Cmd" client::Cmd;
    Client "batch" "Batch" client::Batch;
    Client "sub" "Sub" client::Sub;
    Client "unsub" "Unsub" client::Unsub;
    Client "seen" "Seen" client::Seen;
    Client "auth" "Auth" client::Auth;
    Client "ping" "ClientPing" client::Ping;
    Client "pong" "ClientPong" client::Pong;
    Client "bye" "Bye" client::Bye;
    Server "welcome" "Welcome" server::Welcome;
    Server "ok" "SubOk" server::SubOk;
    Server "ack" "Ack" server::Ack;
    Server "snap" "Snap" server::Snap;
    Server "delta" "Delta" server::Delta;
    Server "chk" "Chk" server::Chk;
    Server "unsub" "Unsubbed" server::Unsubbed;
    Server "err" "Err" server::Err;
    Server "throttle" "Throttle" server::Throttle;
    Server "drain" "Drain" server::Drain;
    Server "ping" "ServerPing" server::Ping;
    Server "pong" "ServerPong" server::Pong;
}

/// Schemas of all payloads and of the rows that travel in `v`, with references under `path`.
pub(crate) fn definitions(path: &'static str) -> Map<String, Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = path.into();
    let mut generator = settings.into_generator();
    for frame in FRAMES {
        (frame.schema)(&mut generator);
    }
    row::<rows::OrderRow>(&mut generator);
    row::<rows::PresenceRow>(&mut generator);
    row::<rows::ThreadRow>(&mut generator);
    row::<rows::TaskRow>(&mut generator);
    row::<rows::ApprovalRow>(&mut generator);
    row::<rows::StockRow>(&mut generator);
    row::<rows::DeviceRow>(&mut generator);
    row::<rows::ExceptionItem>(&mut generator);
    row::<rows::DeviceNotice>(&mut generator);
    row::<rows::UserNotice>(&mut generator);
    row::<rows::KpiGauge>(&mut generator);
    row::<rows::ThroughputGauge>(&mut generator);
    generator.take_definitions(true)
}

fn row<T: JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}

/// The schema of one frame: envelope and payload.
pub(crate) fn envelope(frame: &Frame, path: &str) -> Value {
    json!({
        "type": "object",
        "properties": {
            "t": { "const": frame.t },
            "id": { "type": "integer", "minimum": 0, "maximum": crate::ids::SAFE_MAX },
            "d": { "$ref": format!("#{path}/{}", frame.name) },
        },
        "required": ["t", "d"],
        "additionalProperties": frame.side == Side::Server,
    })
}

/// The JSON Schema of all frames, as pretty text with a line break at the end.
pub fn json_schema() -> String {
    let path = "/$defs";
    let side = |side| FRAMES.iter().filter(|frame| frame.side == side).map(|frame| envelope(frame, path)).collect();
    let (clients, servers): (Vec<Value>, Vec<Value>) = (side(Side::Client), side(Side::Server));
    let mut defs = definitions(path);
    defs.insert("ClientFrame".to_owned(), json!({ "oneOf": clients }));
    defs.insert("ServerFrame".to_owned(), json!({ "anyOf": servers }));
    pretty(&json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": crate::SUBPROTOCOL,
        "anyOf": [{ "$ref": "#/$defs/ClientFrame" }, { "$ref": "#/$defs/ServerFrame" }],
        "$defs": sorted(defs),
    }))
}

/// Sorted by name, whatever order the map of `serde_json` keeps.
pub(crate) fn sorted(map: Map<String, Value>) -> Value {
    let sorted: std::collections::BTreeMap<_, _> = map.into_iter().collect();
    Value::Object(sorted.into_iter().collect())
}

pub(crate) fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
