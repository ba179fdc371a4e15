//! From characters to placed glyphs: direction, joining, ligatures, marks.
//!
//! Invariant: a line comes out in the order in which it is seen, left to right (Unicode Bidirectional Algorithm,
//! UAX #9); letters of the Arabic script have the form that their neighbours ask for. What it does not do: kerning,
//! optional ligatures, and the tables of Indic and South-East Asian scripts.

use ttf_parser::GlyphId;
use unicode_bidi::{BidiInfo, Level};
use unicode_joining_type::{JoiningType, get_joining_type};

use super::face::{FaceId, Fonts, Form};

/// A glyph at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(crate) face: FaceId,
    pub(crate) id: GlyphId,
    /// Place on the line, from its left end; thousandths of the size.
    pub(crate) x: i32,
    /// Height above the baseline; thousandths of the size.
    pub(crate) y: i32,
    /// Advance of the glyph; thousandths of the size, 0 for a mark.
    pub(crate) advance: i32,
    /// The characters it shows.
    pub(crate) text: String,
}

/// A line of glyphs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// The characters in the order of reading.
    pub(crate) text: String,
    /// The glyphs from left to right.
    pub(crate) glyphs: Vec<Glyph>,
    /// Width in thousandths of the size.
    pub(crate) advance: i32,
    /// The paragraph reads from right to left, or follows one that does.
    pub(crate) rtl: bool,
    /// Set in the bold faces.
    pub(crate) bold: bool,
}

impl Line {
    /// Whether any of it is set in an Arabic face, whose lines need more height.
    pub(crate) fn is_arabic(&self) -> bool {
        self.glyphs.iter().any(|glyph| glyph.face.is_arabic())
    }

    /// From the top of the line to its baseline, in parts of the size.
    pub(crate) fn ascent(&self) -> f32 {
        if self.is_arabic() { 1.05 } else { 0.95 }
    }

    /// From line to line, in parts of the size.
    pub(crate) fn height(&self) -> f32 {
        if self.is_arabic() { 1.6 } else { 1.22 }
    }
}

/// Whether a paragraph reads from right to left: its first strong character does.
pub(crate) fn reads_rtl(text: &str) -> bool {
    BidiInfo::new(text, None).paragraphs.first().is_some_and(|paragraph| paragraph.level.is_rtl())
}

/// Whether a text has no direction of its own, such as a number.
pub(crate) fn is_neutral(text: &str) -> bool {
    use unicode_bidi::BidiClass::{AL, L, R};
    !text.chars().any(|character| matches!(unicode_bidi::bidi_class(character), AL | L | R))
}

/// A letter with its marks.
struct Cluster {
    face: FaceId,
    glyph: GlyphId,
    text: String,
    marks: Vec<(char, GlyphId)>,
}

/// Sets one line of text without line breaks.
pub(crate) fn line(fonts: &Fonts, text: &str, bold: bool, rtl: bool) -> Line {
    let mut line = Line { text: text.to_owned(), rtl, bold, ..Line::default() };
    let level = if rtl { Level::rtl() } else { Level::ltr() };
    let bidi = BidiInfo::new(text, Some(level));
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let reversed = levels[run.start].is_rtl();
            let mut clusters = clusters(fonts, text, run, bold, reversed);
            if reversed {
                clusters.reverse();
            }
            for cluster in clusters {
                place(fonts, &mut line, cluster);
            }
        }
    }
    line
}

/// Width of a line in thousandths of the size, without setting it where that is not needed.
pub(crate) fn advance(fonts: &Fonts, text: &str, bold: bool, rtl: bool) -> i32 {
    if text.is_ascii() {
        // Every ASCII character has a glyph of its own, in whatever order they come out.
        text.bytes().map(|byte| fonts.ascii_advance(byte, bold)).sum()
    } else {
        line(fonts, text, bold, rtl).advance
    }
}

/// The clusters of a run in the order of reading.
fn clusters(fonts: &Fonts, text: &str, run: std::ops::Range<usize>, bold: bool, rtl: bool) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for (at, character) in text[run.clone()].char_indices() {
        let at = run.start + at;
        let joining = get_joining_type(character);
        let shown = if rtl { mirrored(character) } else { character };
        let (face, glyph) = fonts.glyph(shown, bold);
        match clusters.last_mut() {
            Some(cluster) if joining == JoiningType::Transparent && cluster.face == face => {
                cluster.marks.push((character, glyph));
                continue;
            }
            _ if is_invisible(character) => continue,
            _ => {}
        }
        let glyph = form(text, at, character).map_or(glyph, |form| fonts.get(face).form(glyph, form));
        if let Some(last) = clusters.last_mut()
            && last.face == face
            && let Some(ligature) = fonts.get(face).ligature(last.glyph, glyph)
        {
            last.glyph = ligature;
            last.text.push(character);
            continue;
        }
        clusters.push(Cluster { face, glyph, text: character.to_string(), marks: Vec::new() });
    }
    clusters
}

fn place(fonts: &Fonts, line: &mut Line, cluster: Cluster) {
    let Cluster { face, glyph, text, marks } = cluster;
    let (loaded, x) = (fonts.get(face), line.advance);
    let advance = loaded.advance(glyph);
    line.glyphs.push(Glyph { face, id: glyph, x, y: 0, advance, text });
    for (character, id) in marks {
        let (dx, dy) = loaded.mark_offset(glyph, id);
        line.glyphs.push(Glyph { face, id, x: x + dx, y: dy, advance: 0, text: character.to_string() });
    }
    line.advance += advance;
}

/// The joined form of the character at `at`, or `None` where it stands alone (Unicode, section 9.2).
fn form(text: &str, at: usize, character: char) -> Option<Form> {
    use JoiningType::{DualJoining, JoinCausing, LeftJoining, RightJoining};
    let kind = get_joining_type(character);
    let solid = |kind: &JoiningType| *kind != JoiningType::Transparent;
    let before = text[..at].chars().rev().map(get_joining_type).find(solid);
    let after = text[at + character.len_utf8()..].chars().map(get_joining_type).find(solid);
    let joins_before =
        matches!(kind, DualJoining | RightJoining) && matches!(before, Some(DualJoining | LeftJoining | JoinCausing));
    let joins_after =
        matches!(kind, DualJoining | LeftJoining) && matches!(after, Some(DualJoining | RightJoining | JoinCausing));
    match (joins_before, joins_after) {
        (true, true) => Some(Form::Medial),
        (true, false) => Some(Form::Final),
        (false, true) => Some(Form::Initial),
        (false, false) => None,
    }
}

/// Joiners and marks of direction act on their neighbours and have no glyph.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}')
}

/// Brackets turn round in text from right to left (UAX #9, rule L4).
fn mirrored(character: char) -> char {
    const PAIRS: [(char, char); 6] = [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>'), ('«', '»'), ('‹', '›')];
    PAIRS
        .iter()
        .find_map(|&(open, close)| match character {
            c if c == open => Some(close),
            c if c == close => Some(open),
            _ => None,
        })
        .unwrap_or(character)
}
