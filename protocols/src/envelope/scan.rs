//! One pass over a message before anything is parsed: how deep, how many, how long.
//!
//! It is not a JSON parser: it only knows where texts begin and end, which is enough to count brackets and commas.
//! Whatever it lets through that is not JSON, the parser refuses.

use crate::{code::Code, limits};

/// Bounds of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of the message.
    pub message_bytes: usize,
    /// Frames in it.
    pub frames: usize,
    /// Arrays and objects inside each other. At most 64.
    pub depth: usize,
    /// Members of one array or object.
    pub members: usize,
    /// Bytes of one text as written.
    pub string_bytes: usize,
}

impl Bounds {
    /// What a server takes from a client.
    pub const INBOUND: Self = Self {
        message_bytes: limits::MESSAGE_BYTES,
        frames: limits::MESSAGE_FRAMES,
        depth: limits::JSON_DEPTH,
        members: limits::JSON_MEMBERS,
        string_bytes: limits::JSON_STRING_BYTES,
    };

    /// What a server takes before `hello` was accepted.
    pub const PRE_AUTH: Self = Self { message_bytes: limits::PRE_AUTH_BYTES, ..Self::INBOUND };

    /// What a client takes from a server: pages and merged deltas are larger, but a client is bounded too.
    pub const OUTBOUND: Self =
        Self { message_bytes: 8 * 1024 * 1024, frames: 65_536, depth: 32, members: 65_536, string_bytes: 1024 * 1024 };
}

const DEEPEST: usize = 64;

/// Checks a message.
pub(super) fn check(text: &[u8], bounds: &Bounds) -> Result<(), Code> {
    let mut members = [0usize; DEEPEST];
    let (mut depth, mut frames, mut at) = (0usize, 1usize, 0usize);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                let end = end_of_text(text, at + 1);
                if end.saturating_sub(at + 1) > bounds.string_bytes {
                    return Err(Code::TooLarge);
                }
                at = end;
            }
            b'[' | b'{' => {
                if depth >= bounds.depth.min(DEEPEST) {
                    return Err(Code::TooDeep);
                }
                members[depth] = 1;
                depth += 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth > 0 => {
                members[depth - 1] += 1;
                if members[depth - 1] > bounds.members {
                    return Err(Code::TooLarge);
                }
            }
            b'\n' => {
                // A frame ends with its line, whatever was left open in it.
                depth = 0;
                frames += usize::from(at + 1 < text.len());
                if frames > bounds.frames {
                    return Err(Code::TooLarge);
                }
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// Where the closing quote stands, or the end of the line or message if there is none: a text of JSON holds no line
/// break, so what follows it is another frame.
fn end_of_text(text: &[u8], mut at: usize) -> usize {
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' if text.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
            b'"' => return at,
            b'\n' => return at.saturating_sub(1),
            _ => at += 1,
        }
    }
    at.min(text.len())
}
