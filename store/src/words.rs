//! Search words: how text is cut and folded, the same for every store.
//!
//! Words are runs of letters and digits, lower-cased, Latin letters without their accents, so that typing
//! `ahm` finds `Áhmed`. A word is found by any prefix up to [`LONGEST`] characters. It does not stem, rank or
//! know languages.

/// Characters of a word that count; longer words match by their beginning.
pub const LONGEST: usize = 16;

/// The distinct words of a text, in order of appearance.
pub fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut length = 0;
    let mut end = |word: &mut String, length: &mut usize| {
        if !word.is_empty() && !found.contains(word) {
            found.push(std::mem::take(word));
        }
        word.clear();
        *length = 0;
    };
    for letter in text.chars() {
        if !letter.is_alphanumeric() {
            end(&mut word, &mut length);
            continue;
        }
        for lower in letter.to_lowercase() {
            if length < LONGEST && lower.is_alphanumeric() {
                word.push(fold(lower));
                length += 1;
            }
        }
    }
    end(&mut word, &mut length);
    found
}

/// Whether every word of `query` begins some word of `text`; an empty query matches nothing.
pub fn matches(text: &[String], query: &[String]) -> bool {
    !query.is_empty() && query.iter().all(|wanted| text.iter().any(|word| word.starts_with(wanted.as_str())))
}

/// A lower-case Latin letter without its accent.
fn fold(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ĵ' => 'j',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' => 's',
        'ţ' | 'ť' | 'ŧ' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_folded_and_found_by_prefix() {
        let text = words("Áhmed  KHAN, +92 300-1234567; عائشہ SO-2026-000017 ahmed");
        assert_eq!(text, ["ahmed", "khan", "92", "300", "1234567", "عائشہ", "so", "2026", "000017"]);
        for (query, found) in [
            ("ahm", true),
            ("AHM kh", true),
            ("khan ahmedx", false),
            ("عائ", true),
            ("", false),
            (" - ", false),
            ("med", false),
        ] {
            assert_eq!(matches(&text, &words(query)), found, "{query}");
        }
        assert_eq!(words(&"x".repeat(40))[0].len(), LONGEST);
    }
}
