//! Labels in ZPL II, the language of Zebra's and compatible label printers.
//!
//! Text in Latin-1 is set in the printer's own font 0, which is narrower than the font it was measured with, so it does
//! not overflow. Everything else (Urdu, Greek, Cyrillic …) is sent as a picture, because printers differ in the fonts
//! they have and in whether they join letters. Code 128 is drawn by the printer (`^BC`) from code set changes that are
//! spelled out, so that every printer draws the same symbol as the PDF has; QR codes are pictures, because the position
//! and the mask of `^BQ` differ between firmware versions.
//!
//! Invariant: a caret, tilde, backslash or underscore of the data never reaches the printer as itself.

mod picture;

use std::fmt::Write;

use self::picture::Picture;
use super::{
    code128::Symbol,
    scene::{self, Align, Area, Item, Page},
    text::{face::Fonts, shape::Line},
};

/// Dots per inch of the print head. A label made for one is of the wrong size on another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution {
    /// 8 dots in a millimetre, the usual desktop and industrial head.
    #[default]
    Dpi203,
    /// 11.8 dots in a millimetre.
    Dpi300,
    /// 23.6 dots in a millimetre.
    Dpi600,
}

impl Resolution {
    /// Every resolution.
    pub const ALL: [Self; 3] = [Self::Dpi203, Self::Dpi300, Self::Dpi600];

    /// The resolution that is sold under this number of dots per inch.
    pub const fn from_dpi(dpi: u16) -> Option<Self> {
        match dpi {
            203 => Some(Self::Dpi203),
            300 => Some(Self::Dpi300),
            600 => Some(Self::Dpi600),
            _ => None,
        }
    }

    /// Size of a dot in millimetres. A "203 dpi" head has 8 dots in a millimetre.
    pub const fn dot_mm(self) -> f32 {
        match self {
            Self::Dpi203 => 0.125,
            Self::Dpi300 => 25.4 / 300.0,
            Self::Dpi600 => 25.4 / 600.0,
        }
    }
}

/// One format (`^XA` … `^XZ`) for each page.
pub(crate) fn write(fonts: &Fonts, pages: &[Page], resolution: Resolution) -> Vec<u8> {
    let mut zpl = String::new();
    for page in pages {
        Format { fonts, dot: resolution.dot_mm(), zpl: &mut zpl }.page(page);
    }
    zpl.into_bytes()
}

struct Format<'a> {
    fonts: &'a Fonts,
    dot: f32,
    zpl: &'a mut String,
}

impl Format<'_> {
    fn page(&mut self, page: &Page) {
        let (width, height) = (self.dots(page.width), self.dots(page.height));
        // UTF-8, size, origin; portrait; one label.
        self.command(&format!("^XA\n^CI28\n^PW{width}\n^LL{height}\n^LH0,0\n^PON\n"));
        for item in &page.items {
            match item {
                Item::Text { area, baseline, size, align, line } => self.text(*area, *baseline, *size, *align, line),
                Item::Fill(area) => self.fill(*area),
                Item::Code128 { x, y, height, module, symbol } => self.code128((*x, *y), *height, *module, symbol),
                Item::Qr { x, y, module, matrix } => {
                    let dots = self.dots(*module).max(1);
                    let picture = Picture::of_matrix(matrix, dots);
                    self.picture(self.dots(*x), self.dots(*y), &picture);
                }
            }
        }
        self.command("^PQ1\n^XZ\n");
    }

    fn command(&mut self, text: &str) {
        self.zpl.push_str(text);
    }

    fn dots(&self, length: f32) -> u32 {
        (length / self.dot).round().max(0.0) as u32
    }

    fn fill(&mut self, area: Area) {
        let (x, y) = (self.dots(area.x), self.dots(area.y));
        let (width, height) = (self.dots(area.width).max(1), self.dots(area.height).max(1));
        // A box as thick as its smaller side is filled.
        let thick = width.min(height);
        self.command(&format!("^FO{x},{y}^GB{width},{height},{thick}^FS\n"));
    }

    fn text(&mut self, area: Area, baseline: f32, size: f32, align: Align, line: &Line) {
        if line.rtl || !line.text.chars().all(is_latin1) {
            return self.text_as_picture(area, baseline, size, align, line);
        }
        let height = self.dots(size).max(1);
        let (x, width) = (self.dots(area.x), self.dots(area.width).max(1));
        let data = escaped(&line.text);
        if matches!(align, Align::Start | Align::Left) {
            // ^FT places the baseline.
            let y = self.dots(baseline);
            self.command(&format!("^FT{x},{y}^A0N,{height},{height}^FH_^FD{data}^FS\n"));
        } else {
            // Only ^FB justifies, and only with ^FO, whose y is the top of the letters: three quarters of the height.
            let y = self.dots(baseline - 0.75 * size);
            let side = if align == Align::Center { 'C' } else { 'R' };
            self.command(&format!("^FO{x},{y}^A0N,{height},{height}^FB{width},1,0,{side},0^FH_^FD{data}^FS\n"));
        }
    }

    fn text_as_picture(&mut self, area: Area, baseline: f32, size: f32, align: Align, line: &Line) {
        let left = scene::left(area, align, line.rtl, line.advance as f32 * size / 1000.0);
        if let Some((picture, dx, dy)) = Picture::of_line(self.fonts, line, size / self.dot) {
            let x = (left / self.dot).round() as i32 + dx;
            let y = (baseline / self.dot).round() as i32 + dy;
            self.picture(u32::try_from(x).unwrap_or(0), u32::try_from(y).unwrap_or(0), &picture);
        }
    }

    fn picture(&mut self, x: u32, y: u32, picture: &Picture) {
        let (bytes, row) = (picture.bytes(), picture.bytes_per_row());
        let data = picture.encoded();
        self.command(&format!("^FO{x},{y}^GFA,{bytes},{bytes},{row},{data}^FS\n"));
    }

    fn code128(&mut self, (x, y): (f32, f32), height: f32, module: f32, symbol: &Symbol) {
        let (x, y, height) = (self.dots(x), self.dots(y), self.dots(height).max(1));
        let module = self.dots(module).max(1);
        let data = code128_data(symbol);
        // Normal orientation, no interpretation line (the layout has its own), no UCC check digit, no mode.
        self.command(&format!("^FO{x},{y}^BY{module}^BCN,{height},N,N,N,N^FH_^FD{data}^FS\n"));
    }
}

/// The data of `^BC`: `>` and a sign for each start, change of code set and function (ZPL II Programming Guide, ^BC).
/// The printer adds check and stop characters.
fn code128_data(symbol: &Symbol) -> String {
    let values = symbol.values();
    let mut data = String::new();
    let mut pairs = false;
    for &value in &values[..values.len().saturating_sub(2)] {
        match value {
            104 => data.push_str(">:"),
            105 => {
                pairs = true;
                data.push_str(">;");
            }
            102 => data.push_str(">8"),
            100 if pairs => {
                pairs = false;
                data.push_str(">6");
            }
            99 if !pairs => {
                pairs = true;
                data.push_str(">5");
            }
            _ if pairs => {
                // Infallible: a String takes all that is written.
                let _ = write!(data, "{value:02}");
            }
            _ => match char::from(value + 32) {
                '^' => data.push_str("><"),
                '>' => data.push_str(">0"),
                '~' => data.push_str(">="),
                character => data.push_str(&escaped(character.encode_utf8(&mut [0; 4]))),
            },
        }
    }
    data
}

/// Signs that mean something to the printer as `_` and two hexadecimal digits (`^FH_`).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '^' | '~' | '\\' | '_') {
            let _ = write!(escaped, "_{:02X}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Characters that font 0 of every printer has under `^CI28`.
fn is_latin1(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a1}'..='\u{ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_the_language_are_escaped() {
        assert_eq!(escaped(r"^XZ~JA\&_5E"), "_5EXZ_7EJA_5C&_5F5E");
    }

    #[test]
    fn barcode_data_spells_out_code_sets_and_fnc1() {
        let sscc = Symbol::gs1("t", "00006141411234567890").unwrap();
        assert_eq!(code128_data(&sscc), ">;>800006141411234567890");
        assert_eq!(code128_data(&Symbol::text("t", "AB123456C").unwrap()), ">:AB>5123456>6C");
        assert_eq!(code128_data(&Symbol::text("t", r"A^~>_\1").unwrap()), r">:A><>=>0_5F_5C1");
    }

    #[test]
    fn resolutions_are_known_by_their_number() {
        assert_eq!(Resolution::from_dpi(203), Some(Resolution::Dpi203));
        assert_eq!(Resolution::from_dpi(204), None);
    }
}
