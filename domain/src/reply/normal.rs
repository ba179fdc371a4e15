//! From a message to plain words.
//!
//! Invariant: spellings that people mix freely come out equal: case, marks, look-alike letters of Arabic and Urdu
//! keyboards, digits of three scripts, repeated letters ("haannn"), apostrophes, skin tones. Nothing is translated here.

/// Most words that are looked at; a longer text is for a person anyway.
pub(super) const MAX_WORDS: usize = 60;

/// A text in plain words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// The words, lower case. An emoji that says yes or no is the word `+` or `-`, any other is `*`.
    pub list: Vec<String>,
    /// Whether it has a question mark.
    pub asks: bool,
}

/// The words of a text.
pub(super) fn words(text: &str) -> Words {
    let mut found = Words::default();
    let mut word = String::new();
    for c in text.chars() {
        match kind(c) {
            Kind::Letter(c) => push(&mut word, c),
            Kind::Nothing => {}
            Kind::Emoji(sign) => {
                finish(&mut found.list, &mut word);
                // Many thumbs say what one says.
                if found.list.last().map(String::as_str) != Some(sign) {
                    found.list.push(sign.to_owned());
                }
            }
            Kind::Gap => finish(&mut found.list, &mut word),
            Kind::Question => {
                finish(&mut found.list, &mut word);
                found.asks = true;
            }
        }
        if found.list.len() > MAX_WORDS {
            break;
        }
    }
    finish(&mut found.list, &mut word);
    found
}

enum Kind {
    Letter(char),
    Nothing,
    Emoji(&'static str),
    Gap,
    Question,
}

fn kind(c: char) -> Kind {
    match c {
        '?' | '؟' => Kind::Question,
        // Apostrophes join ("don't"), marks and joiners vanish.
        '\'' | '’' | '‘' | '`' | '´' => Kind::Nothing,
        '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{0640}' | '\u{200B}' | '\u{200D}'..='\u{200F}' => Kind::Nothing,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FE0E}' | '\u{FE0F}' | '\u{FEFF}' => Kind::Nothing,
        '\u{1F3FB}'..='\u{1F3FF}' | '🙏' | '🙂' | '😊' => Kind::Nothing,
        '👍' | '👌' | '✅' | '✔' | '☑' | '🆗' | '💯' => Kind::Emoji("+"),
        '👎' | '❌' | '🚫' | '❎' | '✖' => Kind::Emoji("-"),
        // The same letter as two keyboards write it.
        'ي' | 'ى' => Kind::Letter('ی'),
        'ك' => Kind::Letter('ک'),
        'ه' | 'ة' | 'ۂ' | 'ۃ' => Kind::Letter('ہ'),
        'أ' | 'إ' | 'ٱ' => Kind::Letter('ا'),
        '\u{0660}'..='\u{0669}' => digit(u32::from(c) - 0x0660),
        '\u{06F0}'..='\u{06F9}' => digit(u32::from(c) - 0x06F0),
        c if c.is_alphanumeric() => Kind::Letter(c),
        '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}' => Kind::Emoji("*"),
        _ => Kind::Gap,
    }
}

fn digit(value: u32) -> Kind {
    char::from_digit(value, 10).map_or(Kind::Gap, Kind::Letter)
}

/// Adds a letter in lower case; a third one in a row adds nothing.
fn push(word: &mut String, c: char) {
    for c in c.to_lowercase() {
        let mut last = word.chars().rev();
        if c.is_alphabetic() && last.next() == Some(c) && last.next() == Some(c) {
            continue;
        }
        word.push(c);
    }
}

fn finish(list: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        list.push(std::mem::take(word));
    }
}

/// The word with each run of a letter as one: "haan" and "han", "jee" and "je" are then the same.
pub(super) fn squeezed(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    for c in word.chars() {
        if !text.ends_with(c) || c.is_ascii_digit() {
            text.push(c);
        }
    }
    text
}

/// The consonants of a Latin word, for long words that are spelled in many ways ("cancle", "cencel", "cncl").
pub(super) fn consonants(word: &str) -> String {
    let kept: String = word.chars().filter(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')).collect();
    squeezed(&kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n25_spellings_come_out_equal() {
        for (text, want) in [
            ("Haannn Jee!!", "haann jee"),
            ("DON’T  send", "dont send"),
            ("۱۔", "1"),
            ("كنفرم", "کنفرم"),
            ("هاں", "ہاں"),
            ("👍🏽👍", "+"),
            ("ok 🎉", "ok *"),
        ] {
            assert_eq!(words(text).list.join(" "), want, "{text}");
        }
        assert!(words("kab؟").asks && !words("kab").asks);
        assert_eq!((squeezed("haan"), consonants("cancell")), ("han".into(), "cncl".into()));
    }
}
