//! GS1 Digital Link addresses, uncompressed: read into elements and written from them.
//!
//! Source: GS1 Digital Link Standard, URI Syntax. Invariant: an address is text and is never fetched; any host is
//! accepted; values are decoded into a buffer of the caller, so nothing is allocated. The deprecated words for AIs
//! (`/gtin/`) and compressed links are not read.

use core::fmt::{self, Write};

use super::ai::{Ai, AiEntry};
use super::code::{Fault, ScanCode};
use super::element::{Element, Elements, MAX_DATA, MAX_ELEMENTS, Slot};
use super::lint::check_value;
use super::table::ENTRIES;
use super::write::{WriteFault, checked_entry};

/// Room for the decoded values of one address.
pub type LinkBuffer = [u8; MAX_DATA];

/// How addresses are read.
#[derive(Clone, Copy, Debug)]
pub struct LinkRules {
    /// The year that decides centuries.
    pub current_year: u16,
    /// Accept a GTIN of 8, 12 or 13 digits, as old labels have it.
    pub zero_suppressed_gtin: bool,
}

/// True for a text that is meant as a web address.
pub fn is_web_address(text: &str) -> bool {
    scheme_len(text).is_some()
}

fn scheme_len(text: &str) -> Option<usize> {
    ["https://", "http://"]
        .iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
        .map(|scheme| scheme.len())
}

/// Reads an address. `None` is a web address without a GS1 key in its path: plain text to us.
///
/// # Errors
/// `dl_bad_host_scheme`, `dl_bad_order` (an AI where it may not be, or unknown), and whatever a value of an element
/// string can be refused for; places are offsets into the address.
pub fn parse_digital_link<'b>(
    address: &str,
    rules: LinkRules,
    buffer: &'b mut LinkBuffer,
) -> Result<Option<Elements<'b>>, Fault> {
    if address.len() > MAX_DATA {
        return Err(Fault::new(ScanCode::TooLong, MAX_DATA));
    }
    let path_at = path_start(address)?;
    let visible = &address[..address.find('#').unwrap_or(address.len())];
    let query_at = visible.find('?').unwrap_or(visible.len());
    let Some(path) = visible.get(path_at..query_at) else { return Ok(None) };
    let Some(key_at) = key_position(path) else { return Ok(None) };
    let mut reader =
        Reader { rules, buffer, used: 0, elements: Elements::new(""), path: [Ai(0); MAX_ELEMENTS], depth: 0 };
    reader.read_path(&path[key_at..], path_at + key_at)?;
    reader.read_query(visible, query_at)?;
    reader.finish().map(Some)
}

/// Where the path starts, after checks of characters, scheme and host.
fn path_start(address: &str) -> Result<usize, Fault> {
    let bad = |at| Fault::new(ScanCode::DlBadHostScheme, at);
    let legal = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(byte);
    if let Some(at) = address.bytes().position(|byte| !legal(&byte)) {
        return Err(bad(at));
    }
    let host_at = scheme_len(address).ok_or(bad(0))?;
    // `Https://` is no scheme to the reference engine either.
    if address[..4].bytes().any(|byte| byte.is_ascii_lowercase())
        && address[..host_at].bytes().any(|byte| byte.is_ascii_uppercase())
    {
        return Err(bad(0));
    }
    let host = &address[host_at..];
    let host_len = host.find(['/', '?', '#']).unwrap_or(host.len());
    let in_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    if host_len == 0 {
        return Err(bad(host_at));
    }
    match host[..host_len].bytes().position(|byte| !in_host(byte)) {
        Some(at) => Err(bad(host_at + at)),
        None => Ok(host_at + host_len),
    }
}

/// Walks `/ai/value` pairs from the end of the path to the nearest primary key.
fn key_position(path: &str) -> Option<usize> {
    let mut end = path.len();
    for _ in 0..MAX_ELEMENTS {
        let value_at = path[..end].rfind('/')?;
        let ai_at = path[..value_at].rfind('/')?;
        let entry = Ai::parse(&path[ai_at + 1..value_at])?.entry()?;
        if entry.link_key.is_some() {
            return Some(ai_at);
        }
        end = ai_at;
    }
    None
}

/// True when `path`, a key and its qualifiers, follows one of the sequences of the key: each qualifier at most once
/// and in order.
fn is_key_sequence(path: &[Ai]) -> bool {
    let Some((key, qualifiers)) = path.split_first() else { return false };
    let Some(sequences) = key.entry().and_then(|entry| entry.link_key) else { return false };
    if qualifiers.is_empty() {
        return true;
    }
    sequences.iter().any(|sequence| {
        let mut rest = sequence.iter();
        qualifiers.iter().all(|qualifier| rest.any(|next| *next == qualifier.0))
    })
}

struct Reader<'b> {
    rules: LinkRules,
    buffer: &'b mut LinkBuffer,
    used: usize,
    elements: Elements<'b>,
    path: [Ai; MAX_ELEMENTS],
    depth: usize,
}

impl<'b> Reader<'b> {
    fn read_path(&mut self, pairs: &str, at: usize) -> Result<(), Fault> {
        let mut at = at + 1;
        let mut segments = pairs[1..].split('/');
        while let (Some(ai_text), Some(value)) = (segments.next(), segments.next()) {
            let ai = Ai::parse(ai_text).ok_or(Fault::new(ScanCode::UnknownAi, at))?;
            let slot = self.path.get_mut(self.depth).ok_or(Fault::new(ScanCode::TooLong, at))?;
            (*slot, self.depth) = (ai, self.depth + 1);
            if !is_key_sequence(&self.path[..self.depth]) {
                return Err(Fault::of(ScanCode::DlBadOrder, ai, at));
            }
            self.read_value(ai, value, at + ai_text.len() + 1, false)?;
            at += ai_text.len() + value.len() + 2;
        }
        Ok(())
    }

    /// Parameters without a value, and keys that are not made of digits only, belong to others and are passed over.
    fn read_query(&mut self, visible: &str, query_at: usize) -> Result<(), Fault> {
        let mut at = query_at + 1;
        let Some(query) = visible.get(at..) else { return Ok(()) };
        for parameter in query.split('&') {
            let (key, value) = parameter.split_once('=').unwrap_or_default();
            if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) {
                let ai = Ai::parse(key).ok_or(Fault::new(ScanCode::UnknownAi, at))?;
                let attribute = ai.entry().is_some_and(|entry| entry.link_attribute);
                if !attribute || self.belongs_in_path(ai) {
                    return Err(Fault::of(ScanCode::DlBadOrder, ai, at));
                }
                self.read_value(ai, value, at + key.len() + 1, true)?;
            }
            at += parameter.len() + 1;
        }
        Ok(())
    }

    /// True when the path would still be one with `ai` put in behind the key.
    fn belongs_in_path(&self, ai: Ai) -> bool {
        (1..=self.depth).any(|position| {
            let mut longer = [Ai(0); MAX_ELEMENTS + 1];
            longer[..position].copy_from_slice(&self.path[..position]);
            longer[position] = ai;
            longer[position + 1..=self.depth].copy_from_slice(&self.path[position..self.depth]);
            is_key_sequence(&longer[..=self.depth])
        })
    }

    fn read_value(&mut self, ai: Ai, text: &str, at: usize, in_query: bool) -> Result<(), Fault> {
        let start = self.used;
        let full = Fault::of(ScanCode::TooLong, ai, at);
        let mut rest = text.as_bytes();
        while let [byte, tail @ ..] = rest {
            // A percent sign that escapes nothing stays what it is: it is in CSET 82, and old labels forget to escape it.
            let (decoded, tail) = match (byte, tail) {
                (b'%', [high, low, behind @ ..]) => match (hex(*high), hex(*low)) {
                    (Some(high), Some(low)) => (high * 16 + low, behind),
                    _ => (b'%', tail),
                },
                (b'+', tail) if in_query => (b' ', tail),
                (other, tail) => (*other, tail),
            };
            *self.buffer.get_mut(self.used).ok_or(full)? = decoded;
            self.used += 1;
            rest = tail;
        }
        let missing_zeros = match self.used - start {
            len @ (8 | 12 | 13) if ai == Ai::GTIN && self.rules.zero_suppressed_gtin => 14 - len,
            _ => 0,
        };
        let padded = self.buffer.get_mut(start..self.used + missing_zeros).ok_or(full)?;
        padded.rotate_right(missing_zeros);
        padded[..missing_zeros].fill(b'0');
        self.used += missing_zeros;
        let index = entry_index(ai).ok_or(Fault::of(ScanCode::UnknownAi, ai, at))?;
        let value = &self.buffer[start..self.used];
        check_value(&ENTRIES[index], value, self.rules.current_year)
            .map_err(|wrong| Fault { linter: wrong.linter, ..Fault::of(wrong.code, ai, at) })?;
        self.elements.push(Slot { ai: ai.0, start: start as u16, len: value.len() as u8, entry: index as u8 })
    }

    fn finish(self) -> Result<Elements<'b>, Fault> {
        let Reader { buffer, used, mut elements, .. } = self;
        let buffer: &'b LinkBuffer = buffer;
        let text = core::str::from_utf8(&buffer[..used]).map_err(|_| Fault::new(ScanCode::BadUtf8, 0))?;
        elements.set_data(text);
        elements.check_repeats()?;
        Ok(elements)
    }
}

fn hex(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

fn entry_index(ai: Ai) -> Option<usize> {
    match super::ai::find(Digits::of(ai).as_bytes()) {
        super::ai::Found::Entry(_, index) => Some(index),
        _ => None,
    }
}

/// The digits of an AI without allocation.
struct Digits([u8; 4], usize);

impl Digits {
    fn of(ai: Ai) -> Digits {
        let (mut digits, mut rest) = ([b'0'; 4], ai.number());
        for digit in digits[..ai.digits()].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Digits(digits, ai.digits())
    }

    fn as_bytes(&self) -> &[u8] {
        &self.0[..self.1]
    }
}

/// Writes an address: `stem` (scheme, host, any path), the primary key, its qualifiers in the order of the standard,
/// everything else as query parameters in the order given.
///
/// # Errors
/// A fault of a value; `dl_bad_order` without a primary key or for an AI that no link may carry.
pub fn write_digital_link(
    out: &mut impl Write,
    stem: &str,
    elements: &[Element<'_>],
    current_year: u16,
) -> Result<(), WriteFault> {
    path_start(stem)?;
    let key = elements
        .iter()
        .find(|element| element.ai.entry().is_some_and(|entry| entry.link_key.is_some()))
        .ok_or(Fault::new(ScanCode::DlBadOrder, 0))?;
    let key_entry = checked_entry(*key, current_year)?;
    let sequence = qualifiers(key_entry, elements);
    out.write_str(stem.strip_suffix('/').unwrap_or(stem))?;
    write_pair(out, '/', *key, '/')?;
    for number in sequence {
        for qualifier in elements.iter().filter(|element| element.ai.0 == *number) {
            checked_entry(*qualifier, current_year)?;
            write_pair(out, '/', *qualifier, '/')?;
        }
    }
    let mut separator = '?';
    for element in elements {
        if element.ai == key.ai || sequence.contains(&element.ai.0) {
            continue;
        }
        if !checked_entry(*element, current_year)?.link_attribute {
            return Err(Fault::of(ScanCode::DlBadOrder, element.ai, 0).into());
        }
        write_pair(out, separator, *element, '=')?;
        separator = '&';
    }
    Ok(())
}

/// The sequence of qualifiers of which most are present.
fn qualifiers(key: &'static AiEntry, elements: &[Element<'_>]) -> &'static [u16] {
    let present = |sequence: &&&[u16]| elements.iter().filter(|element| sequence.contains(&element.ai.0)).count();
    key.link_key.and_then(|sequences| sequences.iter().max_by_key(present)).copied().unwrap_or_default()
}

fn write_pair(out: &mut impl Write, before: char, element: Element<'_>, between: char) -> fmt::Result {
    write!(out, "{before}{}{between}", element.ai)?;
    for byte in element.value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.write_char(byte as char)?;
        } else {
            write!(out, "%{byte:02X}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: LinkRules = LinkRules { current_year: 2026, zero_suppressed_gtin: false };

    fn read(address: &str, rules: LinkRules) -> Result<Option<String>, ScanCode> {
        let mut buffer = [0; MAX_DATA];
        let read = parse_digital_link(address, rules, &mut buffer).map_err(|fault| fault.code)?;
        Ok(read.map(|elements| elements.iter().map(|e| format!("({}){}", e.ai, e.value)).collect()))
    }

    #[test]
    fn key_qualifiers_and_attributes_are_read() {
        let full =
            "https://example.com/some/path/01/09506000134352/22/2A/10/A%2FB/21/S%25?17=261231&utm=x&3103=000195#f";
        let expected = "(01)09506000134352(22)2A(10)A/B(21)S%(17)261231(3103)000195";
        assert_eq!(read(full, RULES), Ok(Some(expected.to_owned())));
        assert_eq!(read("HTTP://x/00/106141412345678908", RULES), Ok(Some("(00)106141412345678908".to_owned())));
        assert_eq!(
            read("https://x:8080/414/9506000134352/254/A", RULES),
            Ok(Some("(414)9506000134352(254)A".to_owned()))
        );
    }

    #[test]
    fn an_address_without_a_key_is_plain_text() {
        for address in
            ["https://example.com", "https://example.com/", "http://a/b?01=x", "https://a/10/ABC", "http://a/01"]
        {
            assert_eq!(read(address, RULES), Ok(None), "{address}");
        }
    }

    #[test]
    fn scheme_host_and_characters_are_checked() {
        for address in [
            "ftp://a/01/09506000134352",
            "Http://a/01/09506000134352",
            "HTtps://a/01/09506000134352",
            "https:///01/09506000134352",
            "https://a_b/01/09506000134352",
            "https://u@h/01/1",
            "https://a/01/0950 6000",
            "https://ä/01/1",
            "",
        ] {
            assert_eq!(read(address, RULES), Err(ScanCode::DlBadHostScheme), "{address}");
        }
    }

    #[test]
    fn order_is_fixed_and_alternatives_do_not_mix() {
        let base = "https://a/01/09506000134352";
        for tail in ["/10/A/22/B", "/10/A/10/A", "/235/X/10/A", "?10=A", "?21=A", "?235=A", "/21/S?10=A", "/10/A?21=S"]
        {
            assert_eq!(read(&format!("{base}{tail}"), RULES), Err(ScanCode::DlBadOrder), "{tail}");
        }
        assert_eq!(read("https://a/414/9506000134352/254/A/7040/1ABC", RULES), Err(ScanCode::DlBadOrder));
        assert_eq!(read(&format!("{base}/235/X"), RULES), Ok(Some("(01)09506000134352(235)X".to_owned())));
        assert_eq!(read(&format!("{base}/10/"), RULES), Err(ScanCode::EmptyValue));
        assert_eq!(read(&format!("{base}?17="), RULES), Err(ScanCode::EmptyValue));
        assert_eq!(read(&format!("{base}?17=261331"), RULES), Err(ScanCode::BadDate));
        assert_eq!(read(&format!("{base}?9999=1"), RULES), Err(ScanCode::UnknownAi));
        assert_eq!(read(&format!("{base}?240=A+B"), RULES), Err(ScanCode::AiCharset), "+ is a space");
        assert_eq!(read(&format!("{base}/10/A%00"), RULES), Err(ScanCode::AiCharset));
        assert_eq!(read(&format!("{base}/10/A%4"), RULES), Ok(Some("(01)09506000134352(10)A%4".to_owned())));
        assert_eq!(read(&format!("{base}?a&17&b=2&99=C;D"), RULES), Ok(Some("(01)09506000134352(99)C;D".to_owned())));
        assert_eq!(read(&format!("{base}?99=A&99=B"), RULES), Err(ScanCode::RepeatConflict));
    }

    #[test]
    fn a_zero_suppressed_gtin_needs_the_sites_consent() {
        let address = "https://a/01/9506000134352";
        assert_eq!(read(address, RULES), Err(ScanCode::AiLength));
        let lenient = LinkRules { zero_suppressed_gtin: true, ..RULES };
        assert_eq!(read(address, lenient), Ok(Some("(01)09506000134352".to_owned())));
        assert_eq!(read("https://a/01/%3950600013435%32", lenient), Ok(Some("(01)09506000134352".to_owned())));
        assert_eq!(read("https://a/01/950600013435", lenient), Err(ScanCode::BadCheckDigit));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let element = |ai: &str, value| Element { ai: Ai::parse(ai).unwrap(), value };
        let elements =
            [element("17", "261231"), element("21", "S/1"), element("01", "09506000134352"), element("10", "A%B")];
        let mut address = String::new();
        write_digital_link(&mut address, "https://id.example/x/", &elements, 2026).unwrap();
        assert_eq!(address, "https://id.example/x/01/09506000134352/10/A%25B/21/S%2F1?17=261231");
        assert_eq!(read(&address, RULES), Ok(Some("(01)09506000134352(10)A%B(21)S/1(17)261231".to_owned())));
        for (stem, wrong) in
            [("ftp://x", &elements[..]), ("https://x", &elements[..2]), ("https://x", &[element("01", "1")])]
        {
            assert!(write_digital_link(&mut address, stem, wrong, 2026).is_err(), "{stem}");
        }
        let unlinked = [elements[2], element("03", "09506000134352")];
        assert!(matches!(
            write_digital_link(&mut address, "https://x", &unlinked, 2026),
            Err(WriteFault::Fault(Fault { code: ScanCode::DlBadOrder, .. }))
        ));
    }
}
