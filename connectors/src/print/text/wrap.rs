//! Breaking text into lines and finding the size in which it fits.
//!
//! Invariant: no line is wider than asked, and no character is lost but spaces at breaks, control characters and marks
//! of direction. A word that is wider than the line is broken inside.

use super::{
    face::Fonts,
    shape::{self, Line},
};
use crate::print::PrintError;

/// Longest text of one field, in characters. More fits no label, and on lists belongs elsewhere.
pub(crate) const LONGEST: usize = 2000;

/// Lines of `text`, none wider than `width` (thousandths of the size).
///
/// # Errors
/// `text_too_long` over [`LONGEST`] characters, or where not even one character fits a line.
pub(crate) fn wrap(
    fonts: &Fonts,
    field: &'static str,
    text: &str,
    bold: bool,
    width: i32,
) -> Result<Vec<Line>, PrintError> {
    if text.chars().count() > LONGEST {
        return Err(PrintError::TextTooLong { field });
    }
    let mut lines: Vec<Line> = Vec::new();
    for paragraph in clean(text).split('\n').filter(|paragraph| !paragraph.is_empty()) {
        let rtl = shape::reads_rtl(paragraph);
        // A telephone number under an address stands where the address does.
        let follows = shape::is_neutral(paragraph) && lines.last().is_some_and(|line| line.rtl);
        let advance = |text: &str| shape::advance(fonts, text, bold, rtl);
        let mut rest = paragraph;
        while !rest.is_empty() {
            let end = line_end(rest, width, &advance).ok_or(PrintError::TextTooLong { field })?;
            let line = shape::line(fonts, rest[..end].trim_end(), bold, rtl);
            lines.push(Line { rtl: line.rtl || follows, ..line });
            rest = rest[end..].trim_start();
        }
    }
    Ok(lines)
}

/// Bytes of `text` that go on one line: all of it, or up to the last break that fits, or inside the word.
fn line_end(text: &str, width: i32, advance: &impl Fn(&str) -> i32) -> Option<usize> {
    let fits = |end: usize| advance(text[..end].trim_end()) <= width;
    let breaks: Vec<usize> = text
        .char_indices()
        .filter(|(_, character)| matches!(character, ' ' | '-' | '/'))
        .map(|(at, character)| at + character.len_utf8())
        .chain([text.len()])
        .collect();
    if let Some(end) = last_fitting(&breaks, &fits) {
        return Some(end);
    }
    let inside: Vec<usize> = text.char_indices().map(|(at, character)| at + character.len_utf8()).collect();
    last_fitting(&inside, &fits)
}

/// The last of these ends that fits. Looks at short texts first: setting a long one to find that it is too long for a
/// line costs most.
fn last_fitting(ends: &[usize], fits: &impl Fn(usize) -> bool) -> Option<usize> {
    let mut reach = 1;
    while reach < ends.len() && fits(ends[reach - 1]) {
        reach *= 2;
    }
    let fitting = ends[..reach.min(ends.len())].partition_point(|&end| fits(end));
    fitting.checked_sub(1).map(|last| ends[last])
}

/// Text without control characters and marks of direction (which could show a text in an order that is not its own);
/// line breaks stay, runs of white space become one space.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        let character = match character {
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => continue,
            c if c.is_control() || c.is_whitespace() => ' ',
            c => c,
        };
        let after_space = clean.chars().next_back().is_none_or(|last| last == ' ' || last == '\n');
        match character {
            ' ' if after_space => {}
            '\n' => {
                clean.truncate(clean.trim_end_matches(' ').len());
                clean.push('\n');
            }
            _ => clean.push(character),
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: i32) -> Vec<String> {
        let fonts = Fonts::load().unwrap();
        wrap(&fonts, "t", text, false, width).unwrap().into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn words_break_at_spaces_and_long_words_inside() {
        assert_eq!(lines("House 4, Street 9", 100_000), ["House 4, Street 9"]);
        let narrow = lines("House 4, Street 9", 5_000);
        assert_eq!(narrow, ["House 4,", "Street 9"]);
        let word = "CHD0081234567890ABCDEFGH".repeat(4);
        let broken = lines(&word, 6_000);
        assert!(broken.len() > 4);
        assert_eq!(broken.concat(), word);
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let fonts = Fonts::load().unwrap();
        let text = "دکان نمبر ۴، صدر بازار، کراچی Flat-12/A Gulshan-e-Iqbal WWWWWWWWWWWWWWWWWWWWWWWW".repeat(3);
        for width in (1_500..20_000).step_by(700) {
            for line in wrap(&fonts, "t", &text, true, width).unwrap() {
                assert!(line.advance <= width, "{} > {width}: {}", line.advance, line.text);
            }
        }
    }

    #[test]
    fn marks_of_direction_and_control_characters_are_left_out() {
        assert_eq!(lines("a\u{202e}b\u{7}c\r\n  d\t\te  \n", 100_000), ["ab c", "d e"]);
        assert!(lines(" \n\t ", 1_000).is_empty());
    }

    #[test]
    fn what_cannot_be_broken_smaller_is_refused() {
        let fonts = Fonts::load().unwrap();
        let error = PrintError::TextTooLong { field: "t" };
        assert_eq!(wrap(&fonts, "t", "W", false, 100), Err(error.clone()));
        assert_eq!(wrap(&fonts, "t", &"x".repeat(LONGEST + 1), false, 10_000), Err(error));
    }
}
