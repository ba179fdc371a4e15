//! The AsyncAPI 3 document of the socket protocol.

use serde_json::{Map, Value, json};

use super::{FRAMES, Frame, Side, definitions, envelope, pretty, sorted};

const SCHEMAS: &str = "/components/schemas";

/// The document, as pretty text with a line break at the end.
pub fn asyncapi() -> String {
    let mut schemas = definitions(SCHEMAS);
    let mut messages = Map::new();
    for frame in FRAMES {
        let name = message_name(frame);
        schemas.insert(format!("{name}_frame"), envelope(frame, SCHEMAS));
        let payload = json!({ "$ref": format!("#{SCHEMAS}/{name}_frame") });
        messages.insert(name, json!({ "name": frame.t, "contentType": "application/json", "payload": payload }));
    }
    pretty(&json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Munshi socket protocol",
            "version": "1.0.0",
            "description": format!(
                "Subprotocol {}. One text message holds one or more frames, one a line. See docs/PROTOCOL.md.",
                crate::SUBPROTOCOL
            ),
        },
        "defaultContentType": "application/json",
        "channels": { "console": channel("console", "device"), "device": channel("device", "console") },
        "operations": {
            "consoleReceives": operation("console", "receive", Side::Client, "device"),
            "consoleSends": operation("console", "send", Side::Server, "device"),
            "deviceReceives": operation("device", "receive", Side::Client, "console"),
            "deviceSends": operation("device", "send", Side::Server, "console"),
        },
        "components": { "messages": sorted(messages), "schemas": sorted(schemas) },
    }))
}

fn message_name(frame: &Frame) -> String {
    let side = if frame.side == Side::Client { "client" } else { "server" };
    match frame.name {
        "HelloDevice" => "client_hello_device".to_owned(),
        "HelloConsole" => "client_hello_console".to_owned(),
        _ => format!("{side}_{}", frame.t),
    }
}

/// Frames of a channel: all but the `hello` of the other sort of client, and batches, which only devices send.
fn frames_of(other: &'static str) -> impl Iterator<Item = &'static Frame> {
    FRAMES.iter().filter(move |frame| {
        let name = message_name(frame);
        name != format!("client_hello_{other}") && !(other == "device" && frame.t == "batch")
    })
}

fn channel(kind: &str, other: &'static str) -> Value {
    let messages: Map<String, Value> = frames_of(other)
        .map(|frame| {
            let name = message_name(frame);
            let reference = json!({ "$ref": format!("#/components/messages/{name}") });
            (name, reference)
        })
        .collect();
    json!({ "address": format!("/ws/{kind}"), "messages": sorted(messages) })
}

/// As the server sees it: it receives what clients say.
fn operation(kind: &str, action: &str, side: Side, other: &'static str) -> Value {
    let messages: Vec<Value> = frames_of(other)
        .filter(|frame| frame.side == side)
        .map(|frame| json!({ "$ref": format!("#/channels/{kind}/messages/{}", message_name(frame)) }))
        .collect();
    json!({ "action": action, "channel": { "$ref": format!("#/channels/{kind}") }, "messages": messages })
}
