//! Frames of a client.
//!
//! Invariant: what decodes is well formed in every field; an unknown type or field is refused, so that a mistake in a
//! client shows at once. What a frame may do is decided elsewhere.

mod cmd;
mod control;
mod hello;

pub use cmd::{Batch, Cmd};
pub use control::{Auth, Bye, Ping, Pong, Seen, Sub, SubReason, Unsub};
pub use hello::{
    Cap, Clock, ConsoleTag, Credentials, DeviceTag, Hello, HelloConsole, HelloDevice, Reading, Since, Subscription,
    Token,
};

use crate::{
    code::Code,
    envelope::{self, Bounds, Refused},
    ids::FrameId,
};

/// A frame of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientFrame {
    /// Number to answer by.
    pub id: Option<FrameId>,
    /// What it says.
    pub body: ClientBody,
}

/// What a client can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientBody {
    /// Who it is, and what it wants to see. The first frame.
    Hello(Box<Hello>),
    /// A command.
    Cmd(Cmd),
    /// Commands of a device, in order.
    Batch(Batch),
    /// Wants a topic.
    Sub(Sub),
    /// Wants a topic no longer.
    Unsub(Unsub),
    /// Has seen the items of a stream up to here.
    Seen(Seen),
    /// Brings a fresh token.
    Auth(Auth),
    /// Asks whether the server is there.
    Ping(Ping),
    /// Answers a `ping`.
    Pong(Pong),
    /// Goes away in order.
    Bye(Bye),
}

impl ClientFrame {
    /// Type names, in the order of [`ClientBody`].
    pub const TYPES: &'static [&'static str] =
        &["hello", "cmd", "batch", "sub", "unsub", "seen", "auth", "ping", "pong", "bye"];

    /// Without an id.
    pub const fn push(body: ClientBody) -> Self {
        Self { id: None, body }
    }

    /// With an id.
    pub const fn ask(id: FrameId, body: ClientBody) -> Self {
        Self { id: Some(id), body }
    }

    /// Reads one frame.
    ///
    /// # Errors
    /// [`Code::BadJson`], [`Code::UnknownType`], [`Code::BadField`] or [`Code::BadBatch`], with the frame's id where
    /// it could be read.
    pub fn decode(frame: &str) -> Result<Self, Refused> {
        let envelope = envelope::open_strict(frame)?;
        let id = envelope.id;
        let body = Self::body(&envelope).map_err(|refused| refused.of(id))?;
        Ok(Self { id, body })
    }

    fn body(envelope: &envelope::Envelope<'_>) -> Result<ClientBody, Refused> {
        let d = envelope.d;
        Ok(match envelope.t.as_ref() {
            "hello" => ClientBody::Hello(Box::new(Hello::decode(d)?)),
            "cmd" => ClientBody::Cmd(envelope::payload(d)?),
            "batch" => ClientBody::Batch(Batch::decode(d)?),
            "sub" => ClientBody::Sub(envelope::payload(d)?),
            "unsub" => ClientBody::Unsub(envelope::payload(d)?),
            "seen" => ClientBody::Seen(envelope::payload(d)?),
            "auth" => ClientBody::Auth(envelope::payload(d)?),
            "ping" => ClientBody::Ping(envelope::payload(d)?),
            "pong" => ClientBody::Pong(envelope::payload(d)?),
            "bye" => ClientBody::Bye(envelope::payload(d)?),
            _ => return Err(Refused::field(Code::UnknownType, "t")),
        })
    }

    /// Reads a message of a client: frame by frame, each taken or refused on its own.
    ///
    /// # Errors
    /// If the message as a whole breaks a bound.
    pub fn decode_message<'a>(
        message: &'a [u8],
        bounds: &Bounds,
    ) -> Result<impl Iterator<Item = Result<Self, Refused>> + 'a, Refused> {
        Ok(envelope::split(message, bounds)?.map(Self::decode))
    }

    /// Writes it: one line, without the line break.
    pub fn encode(&self) -> String {
        let id = self.id;
        match &self.body {
            ClientBody::Hello(hello) => match hello.as_ref() {
                Hello::Device(hello) => envelope::write("hello", id, hello),
                Hello::Console(hello) => envelope::write("hello", id, hello),
            },
            ClientBody::Cmd(d) => envelope::write("cmd", id, d),
            ClientBody::Batch(d) => envelope::write("batch", id, d),
            ClientBody::Sub(d) => envelope::write("sub", id, d),
            ClientBody::Unsub(d) => envelope::write("unsub", id, d),
            ClientBody::Seen(d) => envelope::write("seen", id, d),
            ClientBody::Auth(d) => envelope::write("auth", id, d),
            ClientBody::Ping(d) => envelope::write("ping", id, d),
            ClientBody::Pong(d) => envelope::write("pong", id, d),
            ClientBody::Bye(d) => envelope::write("bye", id, d),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refuse(frame: &str) -> Refused {
        ClientFrame::decode(frame).expect_err(frame)
    }

    #[test]
    fn unknown_types_and_fields_are_refused_by_name() {
        let refused = refuse(r#"{"t":"dance","id":9,"d":{}}"#);
        assert_eq!((refused.code, refused.id.map(FrameId::get)), (Code::UnknownType, Some(9)));
        let refused = refuse(r#"{"t":"seen","id":9,"d":{"topic":"a.b","off":1,"more":2}}"#);
        assert_eq!((refused.code, refused.field.as_deref()), (Code::BadField, Some("more")));
        assert_eq!(refuse(r#"{"t":"seen","d":{"topic":"a.b","off":9007199254740992}}"#).code, Code::BadField);
        assert_eq!(refuse(r#"{"t":"seen","d":{"topic":"A.b","off":1}}"#).code, Code::BadField);
        assert_eq!(refuse(r#"{"t":"sub","d":{"topic":"a.b","max_hz":0}}"#).code, Code::BadField);
        assert_eq!(refuse(r#"{"t":"bye","d":{"x":1}}"#).code, Code::BadField);
    }

    #[test]
    fn a_hello_is_of_a_device_or_of_a_console() {
        let device = r#"{"t":"hello","d":{"kind":"device","client":"d","app":"1","token":"t"}}"#;
        assert_eq!(refuse(device).code, Code::BadField, "install, gen, seq_next and clock are missing");
        let console = r#"{"t":"hello","d":{"kind":"console","client":"c","app":"1","token":"t"}}"#;
        assert!(ClientFrame::decode(console).is_ok());
        let mixed = r#"{"t":"hello","d":{"kind":"console","client":"c","app":"1","token":"t","gen":4}}"#;
        assert_eq!(refuse(mixed).field.as_deref(), Some("gen"));
        assert_eq!(refuse(r#"{"t":"hello","d":{"kind":"robot"}}"#).code, Code::BadField);
        let neither = r#"{"t":"hello","d":{"kind":"console","client":"c","app":"1"}}"#;
        assert_eq!(refuse(neither).code, Code::BadField, "neither token nor ticket");
    }

    #[test]
    fn batches_are_consecutive() {
        let batch = |seqs: &[u64]| {
            let cmds: Vec<_> = seqs
                .iter()
                .map(|seq| {
                    format!(
                        r#"{{"seq":{seq},"key":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","at":{{"wall_ms":1,"mono_ms":1,"boot":"b"}},"op":"x","a":{{}}}}"#
                    )
                })
                .collect();
            ClientFrame::decode(&format!(r#"{{"t":"batch","id":1,"d":{{"cmds":[{}]}}}}"#, cmds.join(",")))
        };
        assert!(batch(&[4, 5, 6]).is_ok());
        assert!(batch(&(1..=100).collect::<Vec<_>>()).is_ok());
        for bad in [vec![], vec![4, 6], vec![5, 4], vec![4, 4], (1..=101).collect()] {
            assert_eq!(batch(&bad).expect_err("refused").code, Code::BadBatch, "{bad:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(frames) = ClientFrame::decode_message(&bytes, &Bounds::INBOUND) {
                frames.for_each(drop);
            }
        }

        /// Bytes that look like JSON get further into the decoder.
        #[test]
        fn anything_like_a_frame_is_decoded_or_refused(
            text in "(\\{\"t\":\"(cmd|sub|hello|batch|x)\"(,\"id\":[0-9]{1,20})?,\"d\":)?[\\[\\]{}\",:a-z0-9\\\\\n.-]{0,120}\\}?"
        ) {
            if let Ok(frames) = ClientFrame::decode_message(text.as_bytes(), &Bounds::INBOUND) {
                for frame in frames.flatten() {
                    prop_assert_eq!(ClientFrame::decode(&frame.encode()), Ok(frame));
                }
            }
        }
    }
}
