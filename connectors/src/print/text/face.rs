//! The built-in fonts: Noto Sans for Latin, Greek and Cyrillic, Noto Naskh Arabic for the Arabic script.
//!
//! Invariant: every face has 1000 units to the em, so that an advance is thousandths of the size.

use ttf_parser::{
    Face, GlyphId, Tag,
    gpos::{MarkToBaseAdjustment, PositioningSubtable},
    gsub::{LigatureSubstitution, SingleSubstitution, SubstitutionSubtable},
    opentype_layout::LayoutTable,
};

use crate::print::PrintError;

/// The font files, in the order of [`FaceId`]; licence and making in `connectors/fonts`.
const FILES: [&[u8]; 4] = [
    include_bytes!("../../../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../../fonts/NotoSans-Bold.ttf"),
    include_bytes!("../../../fonts/NotoNaskhArabic-Regular.ttf"),
    include_bytes!("../../../fonts/NotoNaskhArabic-Bold.ttf"),
];

/// One of the built-in faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FaceId {
    Sans,
    SansBold,
    Naskh,
    NaskhBold,
}

impl FaceId {
    /// Every face.
    pub(crate) const ALL: [Self; 4] = [Self::Sans, Self::SansBold, Self::Naskh, Self::NaskhBold];

    /// Whether it is a face of the Arabic script.
    pub(crate) const fn is_arabic(self) -> bool {
        matches!(self, Self::Naskh | Self::NaskhBold)
    }

    /// Name in a PDF.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sans => "NotoSans",
            Self::SansBold => "NotoSans-Bold",
            Self::Naskh => "NotoNaskhArabic",
            Self::NaskhBold => "NotoNaskhArabic-Bold",
        }
    }

    /// The font file.
    pub(crate) const fn file(self) -> &'static [u8] {
        FILES[self as usize]
    }
}

/// The faces, read.
pub(crate) struct Fonts {
    faces: [Loaded; 4],
    /// Advances of the ASCII characters, plain and bold.
    ascii: [[i32; 128]; 2],
}

/// One face with the tables that join Arabic letters and place their marks.
pub(crate) struct Loaded {
    /// The face.
    pub(crate) face: Face<'static>,
    forms: [Vec<SingleSubstitution<'static>>; 3],
    ligatures: Vec<LigatureSubstitution<'static>>,
    marks: Vec<MarkToBaseAdjustment<'static>>,
}

/// The shape of a letter that joins a neighbour; a letter alone has its plain glyph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Initial,
    Medial,
    Final,
}

impl Fonts {
    /// Reads the built-in fonts.
    ///
    /// # Errors
    /// `font_unreadable` if the program was built with broken ones.
    pub(crate) fn load() -> Result<Self, PrintError> {
        let [sans, sans_bold, naskh, naskh_bold] = FaceId::ALL.map(Loaded::read);
        let mut fonts = Self { faces: [sans?, sans_bold?, naskh?, naskh_bold?], ascii: [[0; 128]; 2] };
        fonts.ascii = [false, true].map(|bold| {
            std::array::from_fn(|code| {
                let (face, glyph) = fonts.glyph(char::from(u8::try_from(code).unwrap_or(b'?')), bold);
                fonts.get(face).advance(glyph)
            })
        });
        Ok(fonts)
    }

    /// The face.
    pub(crate) fn get(&self, id: FaceId) -> &Loaded {
        &self.faces[id as usize]
    }

    /// Advance of an ASCII character in thousandths of the size.
    pub(crate) fn ascii_advance(&self, byte: u8, bold: bool) -> i32 {
        self.ascii[usize::from(bold)][usize::from(byte & 0x7f)]
    }

    /// The face and glyph for a character: of the Arabic face for Arabic script, else of the Latin one; where that has
    /// none, of the other; where neither has one, the box of an unknown character.
    pub(crate) fn glyph(&self, character: char, bold: bool) -> (FaceId, GlyphId) {
        let [sans, naskh] = if bold { [FaceId::SansBold, FaceId::NaskhBold] } else { [FaceId::Sans, FaceId::Naskh] };
        let order = if is_arabic(character) { [naskh, sans] } else { [sans, naskh] };
        order
            .into_iter()
            .find_map(|id| self.get(id).face.glyph_index(character).map(|glyph| (id, glyph)))
            .unwrap_or((sans, GlyphId(0)))
    }
}

/// Whether the character is of the Arabic blocks of Unicode.
pub(crate) fn is_arabic(character: char) -> bool {
    matches!(character,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{870}'..='\u{8ff}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

impl Loaded {
    fn read(id: FaceId) -> Result<Self, PrintError> {
        let face = Face::parse(id.file(), 0).map_err(|_| PrintError::Font)?;
        if face.units_per_em() != 1000 {
            return Err(PrintError::Font);
        }
        let tables = face.tables();
        let substitutions = |tag| tables.gsub.map(|table| subtables(&table, tag)).unwrap_or_default();
        let single = |tag| {
            let single = |subtable| match subtable {
                SubstitutionSubtable::Single(single) => Some(single),
                _ => None,
            };
            substitutions(tag).into_iter().filter_map(single).collect::<Vec<_>>()
        };
        let ligature = |subtable| match subtable {
            SubstitutionSubtable::Ligature(ligature) => Some(ligature),
            _ => None,
        };
        let base = |subtable| match subtable {
            PositioningSubtable::MarkToBase(marks) => Some(marks),
            _ => None,
        };
        let marks = tables.gpos.map(|table| subtables(&table, b"mark")).unwrap_or_default();
        Ok(Self {
            forms: [single(b"init"), single(b"medi"), single(b"fina")],
            ligatures: substitutions(b"rlig").into_iter().filter_map(ligature).collect(),
            marks: marks.into_iter().filter_map(base).collect(),
            face,
        })
    }

    /// Advance in thousandths of the size.
    pub(crate) fn advance(&self, glyph: GlyphId) -> i32 {
        i32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0))
    }

    /// The glyph in a joined form, or itself where the font has no such form.
    pub(crate) fn form(&self, glyph: GlyphId, form: Form) -> GlyphId {
        let substituted = self.forms[form as usize].iter().find_map(|table| match table {
            SingleSubstitution::Format1 { coverage, delta } => {
                coverage.get(glyph).map(|_| GlyphId(glyph.0.wrapping_add_signed(*delta)))
            }
            SingleSubstitution::Format2 { coverage, substitutes } => {
                coverage.get(glyph).and_then(|index| substitutes.get(index))
            }
        });
        substituted.unwrap_or(glyph)
    }

    /// The required ligature of two joined letters, such as lam and alef.
    pub(crate) fn ligature(&self, first: GlyphId, second: GlyphId) -> Option<GlyphId> {
        self.ligatures.iter().find_map(|table| {
            let set = table.ligature_sets.get(table.coverage.get(first)?)?;
            let pair = |ligature: &ttf_parser::gsub::Ligature<'_>| {
                ligature.components.len() == 1 && ligature.components.get(0) == Some(second)
            };
            set.into_iter().find(pair).map(|ligature| ligature.glyph)
        })
    }

    /// Where a mark sits relative to the origin of its letter, in thousandths of the size.
    pub(crate) fn mark_offset(&self, base: GlyphId, mark: GlyphId) -> (i32, i32) {
        let offset = self.marks.iter().find_map(|table| {
            let (class, on_mark) = table.marks.get(table.mark_coverage.get(mark)?)?;
            let on_base = table.anchors.get(table.base_coverage.get(base)?, class)?;
            Some((i32::from(on_base.x) - i32::from(on_mark.x), i32::from(on_base.y) - i32::from(on_mark.y)))
        });
        offset.unwrap_or((0, 0))
    }
}

/// The subtables of every lookup of a feature.
fn subtables<T>(table: &LayoutTable<'static>, feature: &[u8; 4]) -> Vec<T>
where
    T: ttf_parser::opentype_layout::LookupSubtable<'static>,
{
    let tag = Tag::from_bytes(feature);
    let Some(feature) = table.features.find(tag) else { return Vec::new() };
    let lookups = feature.lookup_indices.into_iter().filter_map(|index| table.lookups.get(index));
    lookups.flat_map(|lookup| lookup.subtables.into_iter::<T>()).collect()
}
