//! TypeScript of the socket frames, in one file.

use std::{collections::BTreeMap, fmt::Write as _};

use ts_rs::{Config, TS, TypeVisitor};

use super::{FRAMES, Side};
use crate::{client, code, server, topic::rows};

struct Collect<'a> {
    config: &'a Config,
    types: BTreeMap<String, String>,
}

impl TypeVisitor for Collect<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(self.config);
        if self.types.contains_key(&name) {
            return;
        }
        let text = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(self.config));
        self.types.insert(name, text);
        T::visit_dependencies(self);
    }
}

macro_rules! visit {
    ($collect:ident: $($type:ty),* $(,)?) => { $($collect.visit::<$type>();)* };
}

/// The file `web/src/wire/munshi-v1.ts`.
pub fn typescript() -> String {
    let config = Config::new();
    let mut collect = Collect { config: &config, types: BTreeMap::new() };
    visit!(collect: client::HelloDevice, client::HelloConsole, client::Cmd, client::Batch, client::Sub, client::Unsub,
        client::Seen, client::Auth, client::Ping, client::Pong, client::Bye);
    visit!(collect: server::Welcome, server::SubOk, server::Ack, server::Snap, server::Delta, server::Chk,
        server::Unsubbed, server::Err, server::Throttle, server::Drain, server::Ping, server::Pong);
    visit!(collect: rows::OrderRow, rows::PresenceRow, rows::ThreadRow, rows::TaskRow, rows::ApprovalRow, rows::StockRow, rows::DeviceRow,
        rows::ExceptionItem, rows::DeviceNotice, rows::UserNotice, rows::KpiGauge, rows::ThroughputGauge);
    let mut text = String::from("// Made from the Rust types in protocols/; do not edit. See docs/PROTOCOL.md.\n\n");
    let _ =
        writeln!(text, "/** The WebSocket subprotocol. */\nexport const SUBPROTOCOL = \"{}\";\n", crate::SUBPROTOCOL);
    for declaration in collect.types.values() {
        let _ = writeln!(text, "{declaration}");
    }
    text.push_str(
        "/** Number of a client's frame, by which it knows the answer. */\nexport type FrameId = number;\n\n",
    );
    union(&mut text, "ClientFrame", "What a client says.", Side::Client);
    union(
        &mut text,
        "ServerFrame",
        "What a server says. A type that is not listed comes from a newer server.",
        Side::Server,
    );
    closes(&mut text);
    text
}

fn union(text: &mut String, name: &str, doc: &str, side: Side) {
    let _ = write!(text, "/** {doc} */\nexport type {name} =");
    for frame in FRAMES.iter().filter(|frame| frame.side == side) {
        let _ = write!(text, "\n  | {{ t: \"{}\"; id?: FrameId; d: {} }}", frame.t, frame.name);
    }
    text.push_str(";\n\n");
}

fn closes(text: &mut String) {
    text.push_str("/** Close codes. */\nexport const CLOSE = {\n");
    for close in code::Close::ALL {
        let _ = writeln!(text, "  /** {} */\n  {:?}: {},", close.text(), close, close.num());
    }
    text.push_str("} as const;\n");
}
