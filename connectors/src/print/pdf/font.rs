//! A font inside a PDF: the glyphs used, their widths, and the characters they stand for.

use std::collections::BTreeMap;

use pdf_writer::{
    Filter, Finish, Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::GlyphRemapper;
use ttf_parser::GlyphId;

use super::compressed;
use crate::print::{
    PrintError,
    text::{
        face::{FaceId, Fonts},
        shape::Glyph,
    },
};

const SYSTEM: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The glyphs of one face that a file uses.
#[derive(Default)]
pub(super) struct Used {
    codes: GlyphRemapper,
    texts: BTreeMap<u16, String>,
}

impl Used {
    /// The code of a glyph in the file: numbered by first use.
    pub(super) fn code(&mut self, glyph: &Glyph) -> u16 {
        let code = self.codes.remap(glyph.id.0);
        self.texts.entry(code).or_insert_with(|| glyph.text.clone());
        code
    }

    /// Writes the font; the reference is that of the composite font.
    ///
    /// # Errors
    /// `font_unreadable`.
    pub(super) fn embed(
        &self,
        pdf: &mut Pdf,
        fonts: &Fonts,
        id: FaceId,
        reference: &mut impl FnMut() -> Ref,
    ) -> Result<Ref, PrintError> {
        let face = &fonts.get(id).face;
        let (font, cid, descriptor, cmap, file) = (reference(), reference(), reference(), reference(), reference());
        // PDF asks for six letters and a plus sign before the name of a font that is not whole.
        let name = format!("MUNSHI+{}", id.name());
        let name = Name(name.as_bytes());

        pdf.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);

        let mut composite = pdf.cid_font(cid);
        composite.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM);
        composite.font_descriptor(descriptor).default_width(0.0);
        composite.cid_to_gid_map_predefined(Name(b"Identity"));
        let widths = self.codes.remapped_gids().map(|glyph| fonts.get(id).advance(GlyphId(glyph)) as f32);
        composite.widths().consecutive(0, widths);
        composite.finish();

        let bounds = face.global_bounding_box();
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                f32::from(bounds.x_min),
                f32::from(bounds.y_min),
                f32::from(bounds.x_max),
                f32::from(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(f32::from(face.ascender()))
            .descent(f32::from(face.descender()))
            .cap_height(f32::from(face.capital_height().unwrap_or(face.ascender())))
            .stem_v(80.0)
            .font_file2(file);

        let mut map = UnicodeCmap::<u16>::new(Name(b"Munshi"), SYSTEM);
        for (&code, text) in &self.texts {
            map.pair_with_multiple(code, text.chars());
        }
        pdf.cmap(cmap, &map.finish());

        let subset = subsetter::subset(id.file(), 0, &self.codes).map_err(|_| PrintError::Font)?;
        let length = i32::try_from(subset.len()).map_err(|_| PrintError::Font)?;
        pdf.stream(file, &compressed(&subset)).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
        Ok(font)
    }
}
