//! URIs of things: GS1 Digital Link where there is a GS1 key, the shop's own otherwise.

use std::fmt::Write as _;

use super::fact::{FactId, Goods, Location, Source};

/// Where Digital Link URIs of GS1 keys stand in their canonical form.
const GS1: &str = "https://id.gs1.org";

/// Percent-encodes what may not stand in a segment of a path (RFC 3986 §3.3: all but the unreserved).
pub(super) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(byte as char);
        } else {
            // Writing to a text cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Source {
    fn own(&self, kind: &str, id: &str) -> String {
        format!("{}/{kind}/{}", self.base, segment(id))
    }

    /// A plate: an SSCC, or a number of the site's own.
    pub(super) fn plate(&self, number: &str) -> String {
        if digits(number, 18) { format!("{GS1}/00/{number}") } else { self.own("plate", number) }
    }

    /// A location, or the site.
    pub(super) fn location(&self, location: &Location) -> String {
        match (&location.gln, &location.extension) {
            (Some(gln), Some(extension)) if digits(gln, 13) => format!("{GS1}/414/{gln}/254/{}", segment(extension)),
            (Some(gln), None) if digits(gln, 13) => format!("{GS1}/414/{gln}"),
            _ => self.own("location", &location.code),
        }
    }

    /// A sort of goods.
    pub(super) fn class(&self, goods: &Goods) -> String {
        let item = match &goods.gtin {
            Some(gtin) if digits(gtin, 14) => format!("{GS1}/01/{gtin}"),
            _ => self.own("item", &goods.sku),
        };
        match &goods.lot {
            Some(lot) => format!("{item}/10/{}", segment(lot)),
            None => item,
        }
    }

    /// One unit with a serial number. The lot is no part of it: the serial alone tells it apart.
    pub(super) fn unit(&self, goods: &Goods, serial: &str) -> String {
        let bare = Goods { lot: None, ..goods.clone() };
        format!("{}/21/{}", self.class(&bare), segment(serial))
    }

    /// A document, order or load.
    pub(super) fn transaction(&self, kind: &str, id: &str) -> String {
        self.own(kind, id)
    }

    /// The id of an event: a UUID of version 8 (RFC 9562 §5.8) over the journal's id and the fact's place in it.
    pub(super) fn event(&self, id: FactId) -> String {
        use sha2::{Digest as _, Sha256};
        let name = format!("{}\u{0}{}\u{0}{}\u{0}{}", self.epoch, self.site.code, id.offset, id.part);
        let hash = Sha256::digest(name.as_bytes());
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&hash[..16]);
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let mut text = String::from("urn:uuid:");
        for (at, byte) in bytes.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}
