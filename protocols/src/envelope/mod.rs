//! Frames and the messages they travel in.
//!
//! One text message holds one or more frames, one a line; a frame is `{"t":type,"id"?:n,"d":{…}}`. Decoding has two
//! steps: the envelope with its payload left raw, then the payload by type. Invariant: nothing is allocated before the
//! message has passed the bounds of [`Bounds`], and no input makes decoding panic or recurse deeper than they say.
//!
//! What a frame means is not known here.

mod scan;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use scan::Bounds;

use crate::{code::Code, ids::FrameId};

/// Why a message or frame was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The frame's own id, if so much could be read.
    pub id: Option<FrameId>,
    /// What is wrong.
    pub code: Code,
    /// The field it is about, where known: a hint for whoever writes the client, nothing to act on.
    pub field: Option<String>,
}

impl Refused {
    /// Without id and field.
    pub const fn new(code: Code) -> Self {
        Self { id: None, code, field: None }
    }

    /// About a field.
    pub fn field(code: Code, field: &str) -> Self {
        Self { id: None, code, field: Some(field.to_owned()) }
    }

    /// As the refusal of frame `id`.
    #[must_use]
    pub fn of(self, id: Option<FrameId>) -> Self {
        Self { id, ..self }
    }

    pub(crate) fn from_json(error: &serde_json::Error) -> Self {
        match error.classify() {
            serde_json::error::Category::Data => {
                // serde names the field of "unknown field", "missing field" and "duplicate field" in backticks.
                let text = error.to_string();
                let name = text.contains("field `").then(|| text.split('`').nth(1).unwrap_or_default().to_owned());
                Self { id: None, code: Code::BadField, field: name }
            }
            _ => Self::new(Code::BadJson),
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.row().text)
    }
}

impl std::error::Error for Refused {}

/// A frame with its payload left raw.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// Type.
    pub t: Cow<'a, str>,
    /// Number of the client's frame.
    pub id: Option<FrameId>,
    /// Payload.
    pub d: &'a RawValue,
}

/// Envelope of a client, which the server reads: unknown fields are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
    #[serde(default)]
    id: Option<FrameId>,
    #[serde(borrow)]
    d: &'a RawValue,
}

/// Envelope of a server, which the client reads: unknown fields come from a newer server and are passed over.
#[derive(Deserialize)]
struct Lenient<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
    #[serde(default)]
    id: Option<FrameId>,
    #[serde(borrow)]
    d: &'a RawValue,
}

/// The frames of a message, as text.
#[derive(Clone, Debug)]
pub struct Frames<'a>(std::str::SplitTerminator<'a, char>);

impl<'a> Iterator for Frames<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.0.next()
    }
}

/// Splits a message into its frames after checking it against the bounds. A line break after the last frame is allowed.
///
/// # Errors
/// [`Code::TooLarge`], [`Code::TooDeep`], or [`Code::BadJson`] for what is empty or not UTF-8. The whole message is
/// refused: what broke a bound makes no sense in part.
pub fn split<'a>(message: &'a [u8], bounds: &Bounds) -> Result<Frames<'a>, Refused> {
    if message.len() > bounds.message_bytes {
        return Err(Refused::new(Code::TooLarge));
    }
    let text = std::str::from_utf8(message).map_err(|_| Refused::new(Code::BadJson))?;
    if text.is_empty() {
        return Err(Refused::new(Code::BadJson));
    }
    scan::check(text.as_bytes(), bounds).map_err(Refused::new)?;
    Ok(Frames(text.split_terminator('\n')))
}

/// Reads the envelope of a client's frame.
///
/// # Errors
/// [`Code::BadJson`] or [`Code::BadField`].
pub fn open_strict(frame: &str) -> Result<Envelope<'_>, Refused> {
    let Strict { t, id, d } = serde_json::from_str(frame).map_err(|error| Refused::from_json(&error))?;
    Ok(Envelope { t, id, d })
}

/// Reads the envelope of a server's frame.
///
/// # Errors
/// [`Code::BadJson`] or [`Code::BadField`].
pub fn open_lenient(frame: &str) -> Result<Envelope<'_>, Refused> {
    let Lenient { t, id, d } = serde_json::from_str(frame).map_err(|error| Refused::from_json(&error))?;
    Ok(Envelope { t, id, d })
}

/// Reads a payload.
///
/// # Errors
/// [`Code::BadField`] with the field where it is known.
pub fn payload<'a, T: Deserialize<'a>>(d: &'a RawValue) -> Result<T, Refused> {
    serde_json::from_str(d.get()).map_err(|error| Refused::from_json(&error))
}

#[derive(Serialize)]
struct Written<'a, T: ?Sized> {
    t: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<FrameId>,
    d: &'a T,
}

/// Writes a frame: one line, without the line break.
pub fn write<T: Serialize + ?Sized>(t: &str, id: Option<FrameId>, d: &T) -> String {
    // Wire types hold texts, numbers and raw JSON; none of them can fail to serialise into memory. An empty frame
    // would be refused by the peer as bad_json, loudly.
    serde_json::to_string(&Written { t, id, d }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(message: &[u8]) -> Code {
        match split(message, &Bounds::INBOUND) {
            Err(refused) => refused.code,
            Ok(frames) => frames.map(open_strict).find_map(Result::err).expect("a refusal").code,
        }
    }

    #[test]
    fn a_message_is_split_at_line_breaks() {
        let message = b"{\"t\":\"ping\",\"d\":{\"n\":1}}\n{\"t\":\"ping\",\"id\":7,\"d\":{\"n\":2}}\n";
        let frames: Vec<_> = split(message, &Bounds::INBOUND).unwrap().map(|text| open_strict(text).unwrap()).collect();
        assert_eq!(frames.len(), 2);
        assert_eq!(frames[1].id.map(FrameId::get), Some(7));
        assert_eq!(frames[1].d.get(), "{\"n\":2}");
    }

    #[test]
    fn what_breaks_a_bound_is_refused_whole() {
        assert_eq!(refuse(&vec![b' '; 64 * 1024 + 1]), Code::TooLarge);
        assert_eq!(refuse(format!("{{\"t\":\"{}\",\"d\":1}}", "x".repeat(4097)).as_bytes()), Code::TooLarge);
        assert_eq!(refuse(format!("{{\"d\":[{}0]}}", "0,".repeat(1000)).as_bytes()), Code::TooLarge);
        assert_eq!(refuse("\n".repeat(129).as_bytes()), Code::TooLarge);
        assert_eq!(refuse(format!("{}1{}", "[".repeat(17), "]".repeat(17)).as_bytes()), Code::TooDeep);
        assert_eq!(refuse(&"[".repeat(60_000).into_bytes()), Code::TooDeep);
        assert_eq!(refuse(b"\xff\xfe"), Code::BadJson);
        assert_eq!(refuse(b""), Code::BadJson);
        assert_eq!(refuse(b"\n"), Code::BadJson);
        assert_eq!(refuse(b"{\"t\":\"ping\",\"d\":{}"), Code::BadJson);
        assert_eq!(refuse(b"[]"), Code::BadField);
        assert_eq!(refuse(b"{\"t\":\"ping\",\"d\":{},\"x\":1}"), Code::BadField);
        assert_eq!(refuse(b"{\"t\":\"ping\"}"), Code::BadField);
        assert_eq!(refuse(b"{\"t\":\"ping\",\"t\":\"ping\",\"d\":1}"), Code::BadField);
    }

    #[test]
    fn the_largest_that_is_allowed_passes() {
        let text = format!("{{\"t\":\"{}\",\"d\":1}}", "x".repeat(4096));
        assert!(split(text.as_bytes(), &Bounds::INBOUND).is_ok());
        let array = format!("{{\"d\":[{}0]}}", "0,".repeat(999));
        assert!(split(array.as_bytes(), &Bounds::INBOUND).is_ok());
        let deep = format!("{}1{}", "[".repeat(16), "]".repeat(16));
        assert!(split(deep.as_bytes(), &Bounds::INBOUND).is_ok());
    }

    #[test]
    fn brackets_and_quotes_inside_texts_do_not_count() {
        let text = format!(r#"{{"t":"x","d":"{}\"[[\\"}}"#, "[{,".repeat(1000));
        assert!(split(text.as_bytes(), &Bounds::INBOUND).is_ok());
    }

    #[test]
    fn a_refusal_names_the_field() {
        let error = open_strict(r#"{"t":"ping","d":{},"extra":1}"#).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("extra"));
        let error = open_strict(r#"{"d":{}}"#).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("t"));
    }

    #[test]
    fn a_client_passes_over_what_a_newer_server_adds() {
        assert_eq!(open_lenient(r#"{"t":"pong","new":[1],"d":{}}"#).unwrap().t, "pong");
    }
}
