//! Text on paper: fonts, direction and joining, lines.

pub(crate) mod face;
pub(crate) mod shape;
pub(crate) mod wrap;

#[cfg(test)]
mod tests {
    use super::{
        face::Fonts,
        shape::{self, Line},
    };

    fn set(text: &str) -> Line {
        shape::line(&Fonts::load().unwrap(), text, false, shape::reads_rtl(text))
    }

    fn seen(line: &Line) -> Vec<&str> {
        line.glyphs.iter().map(|glyph| glyph.text.as_str()).collect()
    }

    /// Glyph name of each glyph that a form of the Unicode compatibility block would have, by looking that form up.
    fn same_glyphs(line: &Line, forms: &str) {
        let fonts = Fonts::load().unwrap();
        let wanted: Vec<_> = forms.chars().rev().map(|form| fonts.glyph(form, false).1).collect();
        let found: Vec<_> = line.glyphs.iter().map(|glyph| glyph.id).collect();
        assert_eq!(found, wanted, "{}", line.text);
    }

    #[test]
    fn urdu_letters_have_the_forms_of_their_neighbours_and_run_from_right_to_left() {
        // Lahore: lam-alef ligature, he goal initial, waw final, reh alone.
        let line = set("لاہور");
        assert!(line.rtl);
        assert_eq!(seen(&line), ["ر", "و", "ہ", "لا"]);
        same_glyphs(&line, "\u{fefb}\u{fba8}\u{feee}\u{631}");
    }

    #[test]
    fn letters_without_a_compatibility_form_are_joined_too() {
        // Sindhi "swash kaf" has no presentation form in Unicode; the font's tables join it.
        let fonts = Fonts::load().unwrap();
        let alone = fonts.glyph('\u{6aa}', false).1;
        let line = set("\u{6aa}\u{6aa}");
        assert!(line.glyphs.iter().all(|glyph| glyph.id != alone));
    }

    #[test]
    fn numbers_and_latin_words_keep_their_order_inside_urdu() {
        let line = set("گلی 12 ABC");
        assert_eq!(seen(&line).concat(), "ABC 12 یلگ");
        let line = set("Flat (5) بلاک");
        assert_eq!(seen(&line).concat(), "Flat (5) کلاب");
    }

    #[test]
    fn brackets_turn_round_in_text_from_right_to_left() {
        let fonts = Fonts::load().unwrap();
        let line = set("(ب)");
        assert_eq!(line.glyphs[0].id, fonts.glyph('(', false).1);
        assert_eq!(line.glyphs[2].id, fonts.glyph(')', false).1);
    }

    #[test]
    fn marks_sit_on_their_letter_and_take_no_room() {
        let plain = set("بب");
        let marked = set("بَب");
        assert_eq!(plain.advance, marked.advance);
        let mark = marked.glyphs.iter().find(|glyph| glyph.text == "\u{64e}").unwrap();
        assert!(mark.advance == 0 && (mark.x, mark.y) != (0, 0), "{mark:?}");
    }

    #[test]
    fn an_unknown_character_is_a_box_and_not_a_gap() {
        let line = set("箱");
        assert_eq!((line.glyphs.len(), line.glyphs[0].id.0), (1, 0));
        assert!(line.advance > 0);
    }
}
