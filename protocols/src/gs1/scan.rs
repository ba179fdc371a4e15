//! A raw scan becomes candidates: what it could mean, before anything is looked up.
//!
//! Invariant: needs no database and decides nothing that one would have to; several candidates are normal and are
//! resolved by the state that asked (42xx). Lots and serials come only together with their item.

use super::ai::Ai;
use super::code::{Beep, Fault, ScanCode};
use super::date::{GsDate, resolve_yymmdd};
use super::digital_link::{LinkBuffer, LinkRules, is_web_address, parse_digital_link};
use super::element::{Elements, GS, MAX_DATA, parse_elements};
use super::item::{Pairing, check_item};
use super::key::{Gln, Gtin, Sscc};
use super::measured::{MeasuredItem, VariableMeasureRule, is_restricted, read_measured};
use super::raw::{ScannerProfile, TextBuffer, normalise};
use super::symbology::{Content, Symbology};

/// What a site has decided about codes; the default is GS1 alone.
#[derive(Clone, Copy, Debug)]
pub struct SiteRules<'r> {
    /// The year that decides centuries, from the server's clock.
    pub current_year: u16,
    /// Accept short GTINs in Digital Links.
    pub zero_suppressed_gtin: bool,
    /// Meaning of numbers for restricted circulation.
    pub variable_measure: &'r [VariableMeasureRule<'r>],
    /// How the site's own codes begin.
    pub own: OwnPrefixes<'r>,
}

/// First characters of the site's own codes; an empty prefix is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnPrefixes<'r> {
    /// Locations.
    pub location: &'r str,
    /// Documents.
    pub document: &'r str,
    /// Badges.
    pub badge: &'r str,
    /// Control codes: next, skip, finish.
    pub control: &'r str,
}

impl SiteRules<'_> {
    /// GS1 alone, in a given year.
    pub const fn gs1_only(current_year: u16) -> SiteRules<'static> {
        SiteRules {
            current_year,
            zero_suppressed_gtin: false,
            variable_measure: &[],
            own: OwnPrefixes { location: "", document: "", badge: "", control: "" },
        }
    }
}

/// A trade item with what is said of it in the same carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemScan<'a> {
    /// The item.
    pub gtin: Gtin,
    /// The GTIN is that of what a logistic unit contains (AI 02).
    pub is_content: bool,
    /// Batch or lot.
    pub lot: Option<&'a str>,
    /// Serial number.
    pub serial: Option<&'a str>,
    /// Use-by date, else best before; its printed form is in [`Scan::elements`].
    pub expiry: Option<GsDate>,
    /// Count of contained items (AI 37) or of pieces (AI 30).
    pub count: Option<u32>,
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// By GLN, with its extension.
    Gln(Gln, Option<&'a str>),
    /// By the site's own code, without its prefix.
    Own(&'a str),
}

/// What a scan could mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate<'a> {
    /// A trade item.
    Item(ItemScan<'a>),
    /// A trade item with an amount from a site rule.
    Measured(MeasuredItem),
    /// A logistic unit.
    Plate(Sscc),
    /// A location.
    Location(Place<'a>),
    /// An order, consignment, shipment or document number; the AI, when it came with one.
    Document(Option<Ai>, &'a str),
    /// A returnable or individual asset: tote, cage, truck.
    Asset(Ai, &'a str),
    /// A person.
    Badge(&'a str),
    /// A command printed as a barcode.
    Control(&'a str),
    /// Anything else.
    Text(&'a str),
}

/// Most candidates of one scan.
pub const MAX_CANDIDATES: usize = 6;

/// A scan, read.
#[derive(Clone, Debug)]
pub struct Scan<'a> {
    /// Identifier of the carrier, when the scanner sends it.
    pub symbology: Option<Symbology>,
    /// All elements, when the data were an element string or a Digital Link.
    pub elements: Option<Elements<'a>>,
    /// A lot or serial that seems to have swallowed its neighbour: `fnc1_suspect`.
    pub suspect: Option<Ai>,
    /// Whether this carrier alone is complete: `incomplete_pair` otherwise.
    pub pairing: Pairing,
    candidates: [Option<Candidate<'a>>; MAX_CANDIDATES],
}

impl<'a> Scan<'a> {
    fn new(symbology: Option<Symbology>) -> Self {
        let candidates = [None; MAX_CANDIDATES];
        Scan { symbology, elements: None, suspect: None, pairing: Pairing::Complete, candidates }
    }

    fn add(&mut self, candidate: Candidate<'a>) {
        if let Some(free) = self.candidates.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(candidate);
        }
    }

    /// What it could mean, the likeliest first; never empty.
    pub fn candidates(&self) -> impl Iterator<Item = &Candidate<'a>> {
        self.candidates.iter().flatten()
    }

    /// Soft codes.
    pub fn warnings(&self) -> impl Iterator<Item = ScanCode> {
        let suspect = self.suspect.map(|_| ScanCode::Fnc1Suspect);
        let incomplete = matches!(self.pairing, Pairing::Incomplete { .. }).then_some(ScanCode::IncompletePair);
        suspect.into_iter().chain(incomplete)
    }

    /// What the operator hears before anything is looked up.
    pub fn beep(&self) -> Beep {
        if self.warnings().next().is_some() { Beep::Confirm } else { Beep::Ok }
    }
}

/// Room for one scan; one per device or thread, reused.
#[derive(Debug)]
pub struct Scratch {
    text: TextBuffer,
    link: LinkBuffer,
}

impl Default for Scratch {
    fn default() -> Self {
        Scratch { text: [0; MAX_DATA], link: [0; MAX_DATA] }
    }
}

/// Reads a raw scan: normalises, parses, checks, and says what it could mean.
///
/// # Errors
/// Any code 40xx or 41xx but the soft ones.
pub fn read_scan<'a>(
    raw: &'a [u8],
    aim: Option<&str>,
    profile: &ScannerProfile<'_>,
    rules: &SiteRules<'_>,
    scratch: &'a mut Scratch,
) -> Result<Scan<'a>, Fault> {
    let Scratch { text: buffer, link } = scratch;
    let read = normalise(raw, aim, profile, buffer)?;
    let mut scan = Scan::new(read.symbology);
    let content = read.symbology.map(|known| known.content);
    match content {
        Some(Content::ElementString) => add_elements(&mut scan, parse_elements(read.text, rules.current_year)?, rules)?,
        Some(Content::Ean13 | Content::Ean8) => add_number(&mut scan, read.text, rules)?,
        Some(Content::Ean13WithAddOn) => add_number(&mut scan, read.text.get(..13).unwrap_or(read.text), rules)?,
        Some(Content::Text) | Some(Content::Itf) | None => add_unknown(&mut scan, content, read.text, rules, link)?,
    }
    Ok(scan)
}

/// Text of unknown kind: the site's own codes first, then addresses, GS1 data by its shape, and bare numbers.
fn add_unknown<'a>(
    scan: &mut Scan<'a>,
    content: Option<Content>,
    text: &'a str,
    rules: &SiteRules<'_>,
    link: &'a mut LinkBuffer,
) -> Result<(), Fault> {
    if let Some(own) = own_code(text, &rules.own) {
        scan.add(own);
        return Ok(());
    }
    if is_web_address(text) {
        let link_rules =
            LinkRules { current_year: rules.current_year, zero_suppressed_gtin: rules.zero_suppressed_gtin };
        match parse_digital_link(text, link_rules, link)? {
            Some(elements) => return add_elements(scan, elements, rules),
            None => scan.add(Candidate::Text(text)),
        }
        return Ok(());
    }
    let separated = text.as_bytes().contains(&GS);
    if content.is_none() && (separated || looks_like_elements(text)) {
        match parse_elements(text, rules.current_year) {
            Ok(elements) => return add_elements(scan, elements, rules),
            // GS occurs in GS1 data alone, so the fault is worth telling; without it this is just text.
            Err(fault) if separated => return Err(fault),
            Err(_) => {}
        }
    }
    add_bare_number(scan, text, rules);
    scan.add(Candidate::Text(text));
    Ok(())
}

/// A key and its value in front: `00`, `01` or `02` with enough digits behind it.
fn looks_like_elements(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes() {
        [b'0', b'0', ..] => digits >= 20,
        [b'0', b'1' | b'2', ..] => digits >= 16,
        _ => false,
    }
}

fn own_code<'a>(text: &'a str, own: &OwnPrefixes<'_>) -> Option<Candidate<'a>> {
    let after = |prefix: &str| if prefix.is_empty() { None } else { text.strip_prefix(prefix) };
    after(own.location)
        .map(|code| Candidate::Location(Place::Own(code)))
        .or_else(|| after(own.document).map(|code| Candidate::Document(None, code)))
        .or_else(|| after(own.badge).map(Candidate::Badge))
        .or_else(|| after(own.control).map(Candidate::Control))
}

fn plain_item(gtin: Gtin) -> Candidate<'static> {
    Candidate::Item(ItemScan { gtin, is_content: false, lot: None, serial: None, expiry: None, count: None })
}

/// The number of an EAN or UPC symbol.
fn add_number<'a>(scan: &mut Scan<'a>, digits: &'a str, rules: &SiteRules<'_>) -> Result<(), Fault> {
    let fault = |code| Fault::new(code, 0);
    let gtin = Gtin::from_any_length(digits).map_err(fault)?;
    if is_restricted(digits) {
        scan.add(Candidate::Measured(read_measured(digits, rules.variable_measure).map_err(fault)?));
    } else {
        scan.add(plain_item(gtin));
    }
    Ok(())
}

/// Digits of which nobody said what they are: every reading with a right check digit is a candidate.
fn add_bare_number<'a>(scan: &mut Scan<'a>, digits: &'a str, rules: &SiteRules<'_>) {
    if let Ok(sscc) = Sscc::parse(digits) {
        scan.add(Candidate::Plate(sscc));
    }
    // What is no number, or is restricted without a rule, stays plain text.
    let _ = add_number(scan, digits, rules);
    if let (8, Ok(gtin)) = (digits.len(), Gtin::from_upc_e(digits)) {
        scan.add(plain_item(gtin));
    }
}

/// Everything an element string identifies.
fn add_elements<'a>(scan: &mut Scan<'a>, elements: Elements<'a>, rules: &SiteRules<'_>) -> Result<(), Fault> {
    scan.pairing = check_item(core::slice::from_ref(&elements))?;
    scan.suspect = elements.fnc1_suspect(rules.current_year);
    if let Some(Ok(sscc)) = elements.get(Ai::SSCC).map(Sscc::parse) {
        scan.add(Candidate::Plate(sscc));
    }
    if let Some(item) = item_of(&elements, rules.current_year) {
        scan.add(Candidate::Item(item));
    }
    if let Some(Ok(gln)) = elements.get(Ai::LOCATION).map(Gln::parse) {
        scan.add(Candidate::Location(Place::Gln(gln, elements.get(Ai::GLN_EXTENSION))));
    }
    for ai in [Ai::ORDER_NUMBER, Ai::GINC, Ai::GSIN, Ai::GDTI] {
        if let Some(number) = elements.get(ai) {
            scan.add(Candidate::Document(Some(ai), number));
        }
    }
    for ai in [Ai::GRAI, Ai::GIAI] {
        if let Some(number) = elements.get(ai) {
            scan.add(Candidate::Asset(ai, number));
        }
    }
    for ai in [Ai::GSRN_PROVIDER, Ai::GSRN_RECIPIENT] {
        if let Some(number) = elements.get(ai) {
            scan.add(Candidate::Badge(number));
        }
    }
    if scan.candidates().next().is_none() {
        let first = elements.iter().next();
        scan.add(Candidate::Text(first.map_or("", |element| element.value)));
    }
    scan.elements = Some(elements);
    Ok(())
}

fn item_of<'a>(elements: &Elements<'a>, current_year: u16) -> Option<ItemScan<'a>> {
    let own = elements.get(Ai::GTIN).or(elements.get(Ai::MTO_GTIN));
    let piece = elements.get(Ai::ITIP).and_then(|itip| itip.get(..14));
    let text = own.or(piece).or(elements.get(Ai::CONTENT))?;
    let date = elements.get(Ai::EXPIRY).or(elements.get(Ai::BEST_BEFORE));
    let count = elements.get(Ai::COUNT).or(elements.get(Ai::VARIABLE_COUNT));
    Some(ItemScan {
        gtin: Gtin::parse(text).ok()?,
        is_content: own.is_none() && piece.is_none(),
        lot: elements.get(Ai::LOT),
        serial: elements.get(Ai::SERIAL),
        expiry: date.and_then(|text| resolve_yymmdd(text, current_year)),
        count: count.and_then(|digits| digits.parse().ok()),
    })
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
