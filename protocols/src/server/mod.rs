//! Frames of the server.
//!
//! Invariant: a client passes over what it does not know, types and fields alike, so a newer server may say more. The
//! fields it does know are checked as strictly as those of a client.

mod control;
mod data;
mod reply;

pub use control::{Drain, Ping, Pong, Throttle, Welcome};
pub use data::{Chk, Delta, Item, Row, Snap};
pub use reply::{Ack, Answer, Err, Status, SubOk, SubResult, Subscribed, Unsubbed};

use crate::{
    envelope::{self, Bounds, Refused},
    ids::FrameId,
};

/// A frame of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFrame {
    /// Number of the client's frame that it answers.
    pub id: Option<FrameId>,
    /// What it says.
    pub body: ServerBody,
}

/// What a server can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerBody {
    /// Answers `hello`.
    Welcome(Box<Welcome>),
    /// Answers `sub`, `unsub` and `auth`.
    Ok(SubOk),
    /// Answers commands.
    Ack(Ack),
    /// A page of a topic's present state.
    Snap(Snap),
    /// What has changed in a topic.
    Delta(Delta),
    /// Checksum of a Map topic.
    Chk(Chk),
    /// Takes a topic away.
    Unsub(Unsubbed),
    /// Refuses a frame, or says what is wrong with the connection.
    Err(Err),
    /// Asks to send slower.
    Throttle(Throttle),
    /// Asks to connect anew.
    Drain(Drain),
    /// Asks whether the client is there.
    Ping(Ping),
    /// Answers a `ping`.
    Pong(Pong),
    /// Of a newer server.
    Unknown,
}

impl ServerFrame {
    /// Type names, in the order of [`ServerBody`].
    pub const TYPES: &'static [&'static str] =
        &["welcome", "ok", "ack", "snap", "delta", "chk", "unsub", "err", "throttle", "drain", "ping", "pong"];

    /// Without an id.
    pub const fn push(body: ServerBody) -> Self {
        Self { id: None, body }
    }

    /// As the answer to a frame.
    pub const fn answer(id: Option<FrameId>, body: ServerBody) -> Self {
        Self { id, body }
    }

    /// Reads one frame.
    ///
    /// # Errors
    /// [`Code::BadJson`](crate::code::Code::BadJson) or [`Code::BadField`](crate::code::Code::BadField).
    pub fn decode(frame: &str) -> Result<Self, Refused> {
        let envelope = envelope::open_lenient(frame)?;
        let d = envelope.d;
        let body = match envelope.t.as_ref() {
            "welcome" => ServerBody::Welcome(envelope::payload(d)?),
            "ok" => ServerBody::Ok(envelope::payload(d)?),
            "ack" => ServerBody::Ack(envelope::payload(d)?),
            "snap" => ServerBody::Snap(envelope::payload(d)?),
            "delta" => ServerBody::Delta(envelope::payload(d)?),
            "chk" => ServerBody::Chk(envelope::payload(d)?),
            "unsub" => ServerBody::Unsub(envelope::payload(d)?),
            "err" => ServerBody::Err(envelope::payload(d)?),
            "throttle" => ServerBody::Throttle(envelope::payload(d)?),
            "drain" => ServerBody::Drain(envelope::payload(d)?),
            "ping" => ServerBody::Ping(envelope::payload(d)?),
            "pong" => ServerBody::Pong(envelope::payload(d)?),
            _ => ServerBody::Unknown,
        };
        Ok(Self { id: envelope.id, body })
    }

    /// Reads a message of a server.
    ///
    /// # Errors
    /// If the message as a whole breaks a bound.
    pub fn decode_message<'a>(
        message: &'a [u8],
        bounds: &Bounds,
    ) -> Result<impl Iterator<Item = Result<Self, Refused>> + 'a, Refused> {
        Ok(envelope::split(message, bounds)?.map(Self::decode))
    }

    /// Writes it: one line, without the line break. [`ServerBody::Unknown`] is only read, and writes nothing.
    pub fn encode(&self) -> String {
        let id = self.id;
        match &self.body {
            ServerBody::Welcome(d) => envelope::write("welcome", id, d),
            ServerBody::Ok(d) => envelope::write("ok", id, d),
            ServerBody::Ack(d) => envelope::write("ack", id, d),
            ServerBody::Snap(d) => envelope::write("snap", id, d),
            ServerBody::Delta(d) => envelope::write("delta", id, d),
            ServerBody::Chk(d) => envelope::write("chk", id, d),
            ServerBody::Unsub(d) => envelope::write("unsub", id, d),
            ServerBody::Err(d) => envelope::write("err", id, d),
            ServerBody::Throttle(d) => envelope::write("throttle", id, d),
            ServerBody::Drain(d) => envelope::write("drain", id, d),
            ServerBody::Ping(d) => envelope::write("ping", id, d),
            ServerBody::Pong(d) => envelope::write("pong", id, d),
            ServerBody::Unknown => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_newer_server_adds_is_passed_over() {
        let frame = ServerFrame::decode(r#"{"t":"fireworks","d":{"n":1}}"#).unwrap();
        assert_eq!(frame.body, ServerBody::Unknown);
        let frame = ServerFrame::decode(r#"{"t":"pong","x":1,"d":{"n":2,"y":[{}]}}"#).unwrap();
        assert_eq!(frame.body, ServerBody::Pong(Pong { n: 2 }));
        let err = r#"{"t":"err","d":{"code":"from_the_future","num":3999,"retry":"later","retry_ms":5,"msg":""}}"#;
        match ServerFrame::decode(err).unwrap().body {
            ServerBody::Err(err) => assert_eq!((err.code.known(), err.retry_ms), (None, Some(5))),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_it_knows_is_checked() {
        for bad in [
            r#"{"t":"chk","d":{"topic":"a.b","off":1,"n":1,"h":"9F3C0A51D2E47B18"}}"#,
            r#"{"t":"chk","d":{"topic":"a.b","off":1,"n":1,"h":"9f3c"}}"#,
            r#"{"t":"pong","d":{"n":-1}}"#,
            r#"{"t":"ack","d":{"r":[{"st":"applied"}]}}"#,
            r#"{"t":"throttle","d":{}}"#,
        ] {
            assert!(ServerFrame::decode(bad).is_err(), "{bad}");
        }
    }
}
