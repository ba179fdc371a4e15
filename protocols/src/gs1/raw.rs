//! From raw bytes to text: trimming, symbology identifier, stand-ins for GS, and what never should have arrived.
//!
//! Each rule answers a failure seen in the field (keyboard wedges above all). Invariant: without stand-ins configured
//! the text is a slice of the bytes; only configured stand-ins are ever replaced, `#` is none unless configured.

use super::check::has_check_digit;
use super::code::{Fault, ScanCode};
use super::element::{GS, MAX_DATA};
use super::symbology::{Content, Symbology};

/// How one model of scanner is set up; the default is raw bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScannerProfile<'p> {
    /// What stands for GS, longest first: [`KNOWN_GS_STAND_INS`] lists what is seen.
    pub gs_stand_ins: &'p [&'p str],
    /// Characters the scanner puts before every scan, removed if there.
    pub prefix: &'p str,
    /// Characters behind every scan, removed if there. Line ends and tabs always are.
    pub suffix: &'p str,
}

/// Stand-ins for GS seen in the field: the control picture, caret notation, a placeholder, and `↔`, which Alt+29
/// types on Windows. For test pages and enrolment; none applies unless a profile names it.
pub const KNOWN_GS_STAND_INS: &[&str] = &["\u{241d}", "^]", "<GS>", "\u{2194}"];

/// A scan as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The identifier, when the scanner sent one that we know.
    pub symbology: Option<Symbology>,
    /// What is left.
    pub text: &'a str,
}

/// Room for a text whose stand-ins are replaced.
pub type TextBuffer = [u8; MAX_DATA];

/// Normalises what a scanner sent. `aim` is the symbology identifier when it came beside the data.
///
/// # Errors
/// Codes 40xx only.
pub fn normalise<'a>(
    raw: &'a [u8],
    aim: Option<&str>,
    profile: &ScannerProfile<'_>,
    buffer: &'a mut TextBuffer,
) -> Result<Text<'a>, Fault> {
    if raw.len() > MAX_DATA {
        return Err(Fault::new(ScanCode::TooLong, MAX_DATA));
    }
    let text = core::str::from_utf8(raw).map_err(|bad| Fault::new(ScanCode::BadUtf8, bad.valid_up_to()))?;
    let text = strip(text, profile);
    let (symbology, text) = take_symbology(text, aim)?;
    let text = text.trim_matches(LINE_ENDS);
    if text.is_empty() {
        return Err(Fault::new(ScanCode::Empty, 0));
    }
    refuse_joined(symbology, text)?;
    refuse_wrong_layout(text)?;
    let text = replace_stand_ins(text, profile.gs_stand_ins, buffer)?;
    match text.char_indices().find(|(_, character)| character.is_control() && *character != GS as char) {
        Some((at, _)) => Err(Fault::new(ScanCode::ControlChar, at)),
        None => Ok(Text { symbology, text }),
    }
}

const LINE_ENDS: [char; 3] = ['\r', '\n', '\t'];

fn strip<'a>(text: &'a str, profile: &ScannerProfile<'_>) -> &'a str {
    let text = text.trim_matches(LINE_ENDS);
    let text = text.strip_prefix(profile.prefix).unwrap_or(text);
    let text = text.strip_suffix(profile.suffix).unwrap_or(text);
    text.trim_matches(LINE_ENDS)
}

/// The identifier beside the data wins; one at the start of the data is taken off in either case.
fn take_symbology<'a>(text: &'a str, aim: Option<&str>) -> Result<(Option<Symbology>, &'a str), Fault> {
    let unknown = Fault::new(ScanCode::UnknownSymbology, 0);
    let beside = match aim.filter(|aim| !aim.is_empty()) {
        Some(aim) => Some(Symbology::parse(aim).ok_or(unknown)?),
        None => None,
    };
    let looks_like_one = matches!(text.as_bytes(), [b']', code, modifier, ..]
        if code.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric());
    if !looks_like_one {
        return Ok((beside, text));
    }
    match text.split_at_checked(3).and_then(|(id, rest)| Symbology::parse(id).map(|known| (known, rest))) {
        Some((inside, rest)) => Ok((beside.or(Some(inside)), rest)),
        None => Err(unknown),
    }
}

/// A line end, or an identifier of a carrier whose data has no `]`, in the middle of a scan; or two EAN numbers.
fn refuse_joined(symbology: Option<Symbology>, text: &str) -> Result<(), Fault> {
    let joined = |at| Err(Fault::new(ScanCode::TwoScansJoined, at));
    if let Some(at) = text.find(['\r', '\n']) {
        return joined(at);
    }
    let gs1 = symbology.is_some_and(|known| known.content != Content::Text);
    for (at, _) in text.match_indices(']').filter(|_| gs1) {
        if text.get(at..at + 3).and_then(Symbology::parse).is_some() {
            return joined(at);
        }
    }
    let half = text.len() / 2;
    let (first, second) = text.as_bytes().split_at(half);
    let numbers = matches!(half, 8 | 13) && first.len() == second.len();
    let plain = symbology.is_none_or(|known| matches!(known.content, Content::Ean13 | Content::Ean8));
    if numbers && plain && has_check_digit(first) && has_check_digit(second) {
        return joined(half);
    }
    Ok(())
}

/// Characters of the digit row of an AZERTY keyboard without shift.
const AZERTY_DIGITS: [char; 10] = ['&', 'é', '"', '\'', '(', '-', 'è', '_', 'ç', 'à'];
/// Fewest characters before a text counts as typed on the wrong layout.
const LAYOUT_EVIDENCE: usize = 6;

fn refuse_wrong_layout(text: &str) -> Result<(), Fault> {
    let all = text.chars().all(|character| AZERTY_DIGITS.contains(&character));
    let accents = !text.is_ascii();
    if all && accents && text.chars().count() >= LAYOUT_EVIDENCE {
        return Err(Fault::new(ScanCode::WrongLayout, 0));
    }
    Ok(())
}

fn replace_stand_ins<'a>(text: &'a str, stand_ins: &[&str], buffer: &'a mut TextBuffer) -> Result<&'a str, Fault> {
    let next = |rest: &str| {
        let found = stand_ins.iter().filter(|stand_in| !stand_in.is_empty());
        found.filter_map(|stand_in| rest.find(stand_in).map(|at| (at, stand_in.len()))).min_by_key(|(at, _)| *at)
    };
    if next(text).is_none() {
        return Ok(text);
    }
    let (mut rest, mut used) = (text, 0);
    let too_long = Fault::new(ScanCode::TooLong, MAX_DATA);
    let mut put = |bytes: &[u8]| {
        buffer.get_mut(used..used + bytes.len()).ok_or(too_long)?.copy_from_slice(bytes);
        used += bytes.len();
        Ok(())
    };
    while let Some((at, len)) = next(rest) {
        put(&rest.as_bytes()[..at])?;
        put(&[GS])?;
        rest = &rest[at + len..];
    }
    put(rest.as_bytes())?;
    let buffer: &'a TextBuffer = buffer;
    core::str::from_utf8(&buffer[..used]).map_err(|bad| Fault::new(ScanCode::BadUtf8, bad.valid_up_to()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &[u8], aim: Option<&str>, profile: &ScannerProfile<'_>) -> Result<(String, String), ScanCode> {
        let mut buffer = [0; MAX_DATA];
        normalise(raw, aim, profile, &mut buffer)
            .map(|read| (read.symbology.map_or(String::new(), |known| known.id().to_owned()), read.text.to_owned()))
            .map_err(|fault| fault.code)
    }

    fn plain(raw: &str) -> Result<(String, String), ScanCode> {
        text(raw.as_bytes(), None, &ScannerProfile::default())
    }

    fn ok(id: &str, text: &str) -> Result<(String, String), ScanCode> {
        Ok((id.to_owned(), text.to_owned()))
    }

    #[test]
    fn ends_identifier_prefix_and_suffix_are_taken_off() {
        assert_eq!(plain("]C110A\r\n"), ok("]C1", "10A"));
        assert_eq!(plain("\t10A\t"), ok("", "10A"));
        assert_eq!(text(b"10A", Some("]d2"), &ScannerProfile::default()), ok("]d2", "10A"));
        assert_eq!(text(b"]d210A", Some("]d2"), &ScannerProfile::default()), ok("]d2", "10A"));
        let profile = ScannerProfile { prefix: "~", suffix: "$", ..ScannerProfile::default() };
        assert_eq!(text(b"~10A$\n", None, &profile), ok("", "10A"));
        assert_eq!(plain("]"), ok("", "]"), "too short to be an identifier");
    }

    #[test]
    fn only_configured_stand_ins_become_gs() {
        let raw = "10A\u{241d}21B^]30<GS>1#2";
        assert_eq!(plain(raw), ok("", raw));
        let profile = ScannerProfile { gs_stand_ins: KNOWN_GS_STAND_INS, ..ScannerProfile::default() };
        assert_eq!(text(raw.as_bytes(), None, &profile), ok("", "10A\u{1d}21B\u{1d}30\u{1d}1#2"));
        let hash = ScannerProfile { gs_stand_ins: &["#", ""], ..ScannerProfile::default() };
        assert_eq!(text(b"10A#21B", None, &hash), ok("", "10A\u{1d}21B"));
    }

    #[test]
    fn each_code_40xx_has_its_input() {
        assert_eq!(plain(""), Err(ScanCode::Empty));
        assert_eq!(plain("]C1\r\n"), Err(ScanCode::Empty));
        assert_eq!(plain(&"1".repeat(MAX_DATA + 1)), Err(ScanCode::TooLong));
        assert_eq!(text(b"10\xff", None, &ScannerProfile::default()), Err(ScanCode::BadUtf8));
        assert_eq!(plain("10A\u{1e}B"), Err(ScanCode::ControlChar));
        assert_eq!(plain("10A\0"), Err(ScanCode::ControlChar));
        assert_eq!(plain("]w0ABC"), Err(ScanCode::UnknownSymbology));
        assert_eq!(text(b"ABC", Some("]w0"), &ScannerProfile::default()), Err(ScanCode::UnknownSymbology));
        assert_eq!(plain("4006381333931\r\n4006381333931"), Err(ScanCode::TwoScansJoined));
        assert_eq!(plain("40063813339314006381333931"), Err(ScanCode::TwoScansJoined));
        assert_eq!(plain("]C110A]C110B"), Err(ScanCode::TwoScansJoined));
        assert_eq!(plain("à&à(à-\"'(èà"), Err(ScanCode::WrongLayout));
        assert_eq!(plain("(((((((("), ok("", "(((((((("));
        assert_eq!(plain("]Q1a]C1b"), ok("]Q1", "a]C1b"), "free text may hold brackets");
    }
}
