//! Symbology identifiers (ISO/IEC 15424): the three characters a scanner may send before the data.
//!
//! Invariant: an identifier says which carrier was read, and so what kind of data to expect; it is never guessed.

/// What the data behind an identifier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// A GS1 element string.
    ElementString,
    /// 13 digits: EAN-13, or UPC-A or UPC-E made 13 digits long.
    Ean13,
    /// 13 digits and an add-on of two or five.
    Ean13WithAddOn,
    /// 8 digits.
    Ean8,
    /// 14 digits of ITF-14, or any digits.
    Itf,
    /// Anything.
    Text,
}

/// A known identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Symbology {
    id: [u8; 3],
    /// What it says about the data.
    pub content: Content,
}

impl Symbology {
    /// Reads an identifier, `]` and two characters.
    pub fn parse(id: &str) -> Option<Symbology> {
        let id = <[u8; 3]>::try_from(id.as_bytes()).ok()?;
        let [b']', code, modifier] = id else { return None };
        Some(Symbology { id, content: content(code, modifier)? })
    }

    /// The identifier as sent.
    pub fn id(&self) -> &str {
        core::str::from_utf8(&self.id).unwrap_or_default()
    }
}

fn content(code: u8, modifier: u8) -> Option<Content> {
    Some(match (code, modifier) {
        (b'C', b'1') | (b'e', b'0') | (b'd', b'2') | (b'Q', b'3') | (b'J', b'1') => Content::ElementString,
        (b'E', b'0') => Content::Ean13,
        (b'E', b'3') => Content::Ean13WithAddOn,
        (b'E', b'4') => Content::Ean8,
        (b'I', b'0'..=b'3') => Content::Itf,
        // Add-ons alone, Code 39, Code 128, Code 93, Codabar, composites without FNC1, PDF417, DataMatrix, QR,
        // DotCode, Aztec, MaxiCode, Code 11, MSI, Plessey, other.
        (b'E', b'1' | b'2')
        | (b'A', b'0'..=b'7')
        | (b'C', b'0' | b'2' | b'4')
        | (b'G', b'0'..=b'9')
        | (b'F', b'0'..=b'4')
        | (b'e', b'1'..=b'3')
        | (b'L', b'0'..=b'5')
        | (b'd', b'0' | b'1' | b'3'..=b'6')
        | (b'Q', b'0'..=b'2' | b'4'..=b'6')
        | (b'J', b'0' | b'2'..=b'5')
        | (b'z', b'0'..=b'9' | b'A'..=b'C')
        | (b'U', b'0'..=b'3')
        | (b'H', b'0' | b'1' | b'3')
        | (b'M', b'0' | b'1')
        | (b'P', b'0')
        | (b'R', b'0')
        | (b'S', b'0')
        | (b'X', _) => Content::Text,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_say_what_to_expect() {
        for (id, content) in [
            ("]C1", Content::ElementString),
            ("]e0", Content::ElementString),
            ("]d2", Content::ElementString),
            ("]Q3", Content::ElementString),
            ("]J1", Content::ElementString),
            ("]E0", Content::Ean13),
            ("]E4", Content::Ean8),
            ("]d1", Content::Text),
            ("]Q1", Content::Text),
            ("]J0", Content::Text),
        ] {
            let known = Symbology::parse(id).unwrap();
            assert_eq!((known.id(), known.content), (id, content));
        }
        for id in ["", "]", "]C", "C1", "]C9", "]w0", "]c1", "]E9", "]C11", "[C1", "]é"] {
            assert_eq!(Symbology::parse(id), None, "{id}");
        }
    }
}
