//! A small printer: draws the bars, pictures and boxes of ZPL II dot by dot and notes the texts.
//!
//! It knows only the commands that the labels use and stops at any other.

use std::{collections::BTreeMap, path::Path};

use munshi_connectors::print::code128::Symbol;

/// A text as the printer was told to set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub x: usize,
    pub y: usize,
    pub height: usize,
    pub data: String,
}

/// One printed label.
pub struct Printed {
    pub width: usize,
    pub height: usize,
    dots: Vec<bool>,
    pub texts: Vec<Text>,
    /// Module width in dots, bar height in dots, and data of each Code 128 symbol as it was sent.
    pub barcodes: Vec<(usize, usize, String)>,
    pub utf8: bool,
}

#[derive(Clone, Debug)]
enum Field {
    Nothing,
    Text { height: usize },
    Code128 { height: usize },
}

/// Prints every format of the data.
pub fn print(zpl: &[u8]) -> Vec<Printed> {
    let zpl = std::str::from_utf8(zpl).expect("UTF-8");
    assert!(!zpl.contains('~'), "no control command");
    let mut labels = Vec::new();
    for format in zpl.split("^XA").skip(1) {
        let (format, rest) = format.split_once("^XZ").expect("an end");
        assert!(rest.trim().is_empty(), "nothing between labels: {rest}");
        labels.push(label(format));
    }
    labels
}

fn label(format: &str) -> Printed {
    let mut printed =
        Printed { width: 0, height: 0, dots: Vec::new(), texts: Vec::new(), barcodes: Vec::new(), utf8: false };
    let (mut at, mut field, mut module, mut hex, mut data) = ((0, 0), Field::Nothing, 2, None, String::new());
    for command in format.split('^').skip(1) {
        let (name, rest) = command.split_at(2);
        let parts: Vec<&str> = rest.trim_end_matches('\n').split(',').collect();
        let number = |index: usize| parts[index].parse::<usize>().unwrap_or_else(|_| panic!("{command}"));
        match name {
            "CI" => printed.utf8 = number(0) == 28,
            "PW" => printed.width = number(0),
            "LL" => printed.height = number(0),
            "LH" | "PO" | "PQ" | "FB" => {}
            "FO" | "FT" => {
                printed.dots.resize(printed.width * printed.height, false);
                at = (number(0), number(1));
            }
            "A0" => field = Field::Text { height: number(1) },
            "BY" => module = number(0),
            "BC" => {
                assert_eq!(parts[2..], ["N", "N", "N", "N"], "no line of text and no mode of the printer's own");
                field = Field::Code128 { height: number(1) };
            }
            "GB" => printed.fill(at, number(0), number(1)),
            "GF" => printed.picture(at, number(1), number(3), parts[4..].join(",").as_str()),
            "FH" => hex = rest.chars().next(),
            "FD" => data = unescaped(rest, hex),
            "FS" => {
                match std::mem::replace(&mut field, Field::Nothing) {
                    Field::Nothing => assert_eq!(data, "", "data without a field"),
                    Field::Text { height } => {
                        printed.texts.push(Text { x: at.0, y: at.1, height, data: data.clone() });
                    }
                    Field::Code128 { height } => printed.code128(at, module, height, &data),
                }
                (hex, data) = (None, String::new());
            }
            other => panic!("a command that the labels do not need: {other}"),
        }
    }
    printed
}

/// `^FH`: the indicator and two hexadecimal digits are a byte.
fn unescaped(data: &str, indicator: Option<char>) -> String {
    let Some(indicator) = indicator else { return data.to_owned() };
    let mut parts = data.split(indicator);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let byte = u8::from_str_radix(&part[..2], 16).expect("two hexadecimal digits");
        text.push(char::from(byte));
        text.push_str(&part[2..]);
    }
    text
}

impl Printed {
    fn black(&mut self, x: usize, y: usize) {
        assert!(x < self.width && y < self.height, "dot {x},{y} is beyond {} × {}", self.width, self.height);
        self.dots[y * self.width + x] = true;
    }

    fn fill(&mut self, (x, y): (usize, usize), width: usize, height: usize) {
        for row in y..y + height {
            for column in x..x + width {
                self.black(column, row);
            }
        }
    }

    fn picture(&mut self, (x, y): (usize, usize), bytes: usize, row_bytes: usize, data: &str) {
        let mut rows: Vec<Vec<u32>> = Vec::new();
        let (mut row, mut count) = (Vec::new(), 0);
        for character in data.chars() {
            match character {
                ':' => rows.push(rows.last().expect("a row above").clone()),
                ',' => row.resize(2 * row_bytes, 0),
                'G'..='Y' => count += character as usize - 'G' as usize + 1,
                'g'..='z' => count += 20 * (character as usize - 'g' as usize + 1),
                _ => {
                    let digit = character.to_digit(16).expect("a hexadecimal digit");
                    row.extend(std::iter::repeat_n(digit, count.max(1)));
                    count = 0;
                }
            }
            assert!(row.len() <= 2 * row_bytes, "a row that is too long");
            if row.len() == 2 * row_bytes {
                rows.push(std::mem::take(&mut row));
            }
        }
        assert_eq!((rows.len() * row_bytes, row.len(), count), (bytes, 0, 0), "the size that was announced");
        for (down, row) in rows.iter().enumerate() {
            for (right, digit) in row.iter().enumerate() {
                for bit in 0..4 {
                    if digit & (8 >> bit) != 0 {
                        self.black(x + 4 * right + bit, y + down);
                    }
                }
            }
        }
    }

    fn code128(&mut self, (x, y): (usize, usize), module: usize, height: usize, data: &str) {
        self.barcodes.push((module, height, data.to_owned()));
        let patterns = patterns();
        let mut at = x;
        for (index, width) in symbol_values(data).iter().flat_map(|value| &patterns[value]).enumerate() {
            let dots = usize::from(*width) * module;
            if index % 2 == 0 {
                self.fill((at, y), dots, height);
            }
            at += dots;
        }
        for row in [y, y + height / 2, y + height - 1] {
            let light = |from: usize, to: usize| (from..to).all(|column| !self.dots[row * self.width + column]);
            assert!(x >= 10 * module && light(x - 10 * module, x), "the quiet zone before {data}");
            assert!(at + 10 * module <= self.width && light(at, at + 10 * module), "the quiet zone behind {data}");
        }
    }

    /// Writes it as a picture.
    pub fn save(&self, path: &Path) {
        let mut picture = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        picture.extend(self.dots.iter().map(|dot| if *dot { 0 } else { 255 }));
        std::fs::write(path, picture).unwrap();
    }
}

/// The symbol characters that `^BC` draws for its data, with check and stop characters.
fn symbol_values(data: &str) -> Vec<u8> {
    let mut values: Vec<u8> = Vec::new();
    let mut pairs = false;
    let mut characters = data.chars();
    while let Some(character) = characters.next() {
        if character == '>' {
            let value = match characters.next().expect("a sign after >") {
                ':' => 104,
                ';' => 105,
                '8' => 102,
                '6' if pairs => 100,
                '5' if !pairs => 99,
                '<' => u8::try_from('^').unwrap() - 32,
                '0' => u8::try_from('>').unwrap() - 32,
                '=' => u8::try_from('~').unwrap() - 32,
                other => panic!(">{other} in {data}"),
            };
            pairs = matches!(value, 105 | 99) || (pairs && value == 102);
            values.push(value);
        } else if pairs {
            let tens = character.to_digit(10).expect("a digit");
            let ones = characters.next().and_then(|next| next.to_digit(10)).expect("a pair of digits");
            values.push(u8::try_from(10 * tens + ones).unwrap());
        } else {
            values.push(u8::try_from(character).unwrap() - 32);
        }
    }
    let sum: usize = values.iter().enumerate().map(|(place, value)| place.max(1) * usize::from(*value)).sum();
    values.push(u8::try_from(sum % 103).unwrap());
    values.push(106);
    values
}

/// Widths of every symbol character, learnt from symbols that a barcode reader has read (`every_symbol_character…`).
fn patterns() -> BTreeMap<u8, Vec<u8>> {
    let mut patterns = BTreeMap::new();
    let pairs = (0..100).map(|pair| Symbol::text("t", &format!("{pair:02}")).unwrap());
    let more = [Symbol::gs1("t", "00").unwrap(), Symbol::text("t", "AB123456C").unwrap()];
    for symbol in pairs.chain(more) {
        let widths: Vec<u8> = symbol.widths().collect();
        for (index, value) in symbol.values().iter().enumerate() {
            let end = if *value == 106 { widths.len() } else { 6 * index + 6 };
            patterns.insert(*value, widths[6 * index..end].to_vec());
        }
    }
    patterns
}
