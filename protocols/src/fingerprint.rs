//! The fingerprint of a command: what tells a repeat from another command under the same number or key.
//!
//! Invariant: it does not depend on white space, on the order of an object's members, or on how a character is escaped;
//! it depends on everything else in `op`, `rev` and `a`. `at` is left out: a repeat is the same command at any time.

use sha2::{Digest as _, Sha256};

use crate::{
    ids::{Op, Rev},
    payload::Payload,
};

/// SHA-256 over the canonical form of a command.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a command's parts.
    pub fn of(op: &Op, rev: Option<Rev>, a: &Payload) -> Self {
        let mut text = String::from("{\"a\":");
        // A payload holds one JSON value (see Payload), so it parses; were it ever not to, its text stands for itself.
        match a.parse::<serde_json::Value>() {
            Ok(value) => canonical(&value, &mut text),
            Err(_) => text.push_str(a.json()),
        }
        text.push_str(",\"op\":\"");
        text.push_str(op.as_str());
        text.push('"');
        if let Some(rev) = rev {
            text.push_str(",\"rev\":");
            text.push_str(&rev.to_string());
        }
        text.push('}');
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// The bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Writes a value compactly with the members of objects sorted by their bytes. Sorted here rather than trusted to the
/// map of `serde_json`, whose order is a cargo feature away from changing. Recursion is bounded by the parser (128).
fn canonical(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                canonical(item, out);
            }
            out.push(']');
        }
        serde_json::Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|one, other| one.0.as_bytes().cmp(other.0.as_bytes()));
            out.push('{');
            for (at, (key, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                out.push(':');
                canonical(member, out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(op: &str, rev: Option<u64>, a: &str) -> Fingerprint {
        Fingerprint::of(&Op::parse(op).unwrap(), rev.map(|rev| Rev::new(rev).unwrap()), &Payload::from_json(a).unwrap())
    }

    #[test]
    fn writing_does_not_matter_and_content_does() {
        let one = of("pick.confirm", Some(7), r#"{"b":[1,{"y":"A","x":null}],"a":"1.50"}"#);
        assert_eq!(
            one,
            of("pick.confirm", Some(7), "{ \"a\" : \"1.50\", \"b\":[ 1, {\"x\":null,\"y\":\"\\u0041\"} ] }")
        );
        for other in [
            of("pick.confirm", Some(8), r#"{"b":[1,{"y":"A","x":null}],"a":"1.50"}"#),
            of("pick.confirm", None, r#"{"b":[1,{"y":"A","x":null}],"a":"1.50"}"#),
            of("pick.short", Some(7), r#"{"b":[1,{"y":"A","x":null}],"a":"1.50"}"#),
            of("pick.confirm", Some(7), r#"{"b":[1,{"y":"A","x":null}],"a":"1.5"}"#),
            of("pick.confirm", Some(7), r#"{"b":[{"y":"A","x":null},1],"a":"1.50"}"#),
        ] {
            assert_ne!(one, other);
        }
    }

    /// Stored answers are found by it: it must never change.
    #[test]
    fn the_fingerprint_is_the_same_for_ever() {
        let canonical = r#"{"a":{"qty":"2","scan":"]C1x"},"op":"pick.confirm","rev":7}"#;
        let expected: [u8; 32] = Sha256::digest(canonical.as_bytes()).into();
        assert_eq!(of("pick.confirm", Some(7), r#"{"scan":"]C1x","qty":"2"}"#).bytes(), &expected);
    }
}
