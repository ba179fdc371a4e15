//! Black and white pictures for `^GF`.
//!
//! A dot is black where its middle lies inside an outline (non-zero winding), so that the same glyphs give the same dots
//! on every machine.

use ttf_parser::OutlineBuilder;

use crate::print::{
    qr::Matrix,
    text::{face::Fonts, shape::Line},
};

/// Straight pieces that a curve is drawn with: finer than a dot at any size that fits a label.
const PIECES: u8 = 12;

/// Rows of dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    width: usize,
    rows: Vec<Vec<bool>>,
}

impl Picture {
    /// A QR code with `dots` dots to a module.
    pub(super) fn of_matrix(matrix: &Matrix, dots: u32) -> Self {
        let dots = dots as usize;
        let side = matrix.side() * dots;
        let mut rows = vec![vec![false; side]; side];
        for (row, first, modules) in matrix.runs() {
            for line in &mut rows[row * dots..(row + 1) * dots] {
                line[first * dots..(first + modules) * dots].fill(true);
            }
        }
        Self { width: side, rows }
    }

    /// A line of text at `em` dots to the size, and where its upper left corner is from the left end of the baseline.
    /// `None` where nothing is black.
    pub(super) fn of_line(fonts: &Fonts, line: &Line, em: f32) -> Option<(Self, i32, i32)> {
        let mut outline = Outline::default();
        for glyph in &line.glyphs {
            outline.scale = em / 1000.0;
            outline.origin = (glyph.x as f32 * outline.scale, -(glyph.y as f32) * outline.scale);
            fonts.get(glyph.face).face.outline_glyph(glyph.id, &mut outline);
        }
        let points = || outline.edges.iter().flat_map(|&(from, to)| [from, to]);
        let least = |values: &mut dyn Iterator<Item = f32>| values.fold(f32::INFINITY, f32::min);
        let most = |values: &mut dyn Iterator<Item = f32>| values.fold(f32::NEG_INFINITY, f32::max);
        let (left, right) = (least(&mut points().map(|p| p.0)).floor(), most(&mut points().map(|p| p.0)).ceil());
        let (top, bottom) = (least(&mut points().map(|p| p.1)).floor(), most(&mut points().map(|p| p.1)).ceil());
        if !(left < right && top < bottom) {
            return None;
        }
        let (width, height) = ((right - left) as usize, (bottom - top) as usize);
        let rows = (0..height).map(|row| outline.row(left, top + row as f32 + 0.5, width)).collect();
        Some((Self { width, rows }, left as i32, top as i32))
    }

    /// Bytes in a row: eight dots each, the last filled up with white.
    pub(super) fn bytes_per_row(&self) -> usize {
        self.width.div_ceil(8)
    }

    /// Bytes in all.
    pub(super) fn bytes(&self) -> usize {
        self.bytes_per_row() * self.rows.len()
    }

    /// Hexadecimal digits with Zebra's shortening: a letter repeats the digit behind it, `,` fills the row with white,
    /// `:` repeats the row above (ZPL II Programming Guide, "Alternative Data Compression Scheme").
    pub(super) fn encoded(&self) -> String {
        let mut encoded = String::new();
        let mut above: Option<&Vec<bool>> = None;
        for row in &self.rows {
            if above == Some(row) {
                encoded.push(':');
            } else {
                encode_row(&digits(row, 2 * self.bytes_per_row()), &mut encoded);
            }
            above = Some(row);
        }
        encoded
    }
}

fn digits(row: &[bool], count: usize) -> Vec<u32> {
    let digit = |at: usize| (0..4).fold(0, |digit, bit| 2 * digit + u32::from(row.get(4 * at + bit) == Some(&true)));
    (0..count).map(digit).collect()
}

fn encode_row(digits: &[u32], encoded: &mut String) {
    let black = digits.iter().rposition(|&digit| digit != 0).map_or(0, |last| last + 1);
    let mut rest = &digits[..black];
    while let Some(&digit) = rest.first() {
        let run = rest.iter().take_while(|&&other| other == digit).count();
        repeat(run, encoded);
        encoded.extend(char::from_digit(digit, 16).map(|digit| digit.to_ascii_uppercase()));
        rest = &rest[run..];
    }
    if black < digits.len() {
        encoded.push(',');
    }
}

/// `z` is 400, `g` 20, `G` 1; they add up. A single digit needs none.
fn repeat(run: usize, encoded: &mut String) {
    let mut left = run;
    while left > 1 {
        let (base, step) = if left >= 20 { (b'g', 20) } else { (b'G', 1) };
        let steps = (left / step).min(20);
        encoded.push(char::from(base + (steps - 1) as u8));
        left -= steps * step;
        if left == 1 {
            encoded.push('G');
            left = 0;
        }
    }
}

/// Straight edges of outlines, in dots, y downwards.
#[derive(Default)]
struct Outline {
    edges: Vec<((f32, f32), (f32, f32))>,
    scale: f32,
    origin: (f32, f32),
    start: (f32, f32),
    pen: (f32, f32),
}

impl Outline {
    fn point(&self, x: f32, y: f32) -> (f32, f32) {
        (self.origin.0 + x * self.scale, self.origin.1 - y * self.scale)
    }

    fn edge(&mut self, to: (f32, f32)) {
        self.edges.push((self.pen, to));
        self.pen = to;
    }

    /// The dots of the row whose middles lie at `y`.
    fn row(&self, left: f32, y: f32, width: usize) -> Vec<bool> {
        let mut crossings: Vec<(f32, i32)> = Vec::new();
        for &((x0, y0), (x1, y1)) in &self.edges {
            if (y0 <= y) != (y1 <= y) {
                let x = x0 + (y - y0) / (y1 - y0) * (x1 - x0);
                crossings.push((x, if y0 <= y { 1 } else { -1 }));
            }
        }
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut row = vec![false; width];
        let (mut winding, mut next) = (0, 0);
        for (column, dot) in row.iter_mut().enumerate() {
            let middle = left + column as f32 + 0.5;
            while next < crossings.len() && crossings[next].0 <= middle {
                winding += crossings[next].1;
                next += 1;
            }
            *dot = winding != 0;
        }
        row
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.pen = self.point(x, y);
        self.start = self.pen;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.edge(self.point(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (a, b, c) = (self.pen, self.point(x1, y1), self.point(x, y));
        for piece in 1..=PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let mix = |a: f32, b: f32, c: f32| (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * b + t * t * c;
            self.edge((mix(a.0, b.0, c.0), mix(a.1, b.1, c.1)));
        }
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (a, b, c, d) = (self.pen, self.point(x1, y1), self.point(x2, y2), self.point(x, y));
        for piece in 1..=PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let s = 1.0 - t;
            let mix = |a: f32, b: f32, c: f32, d: f32| {
                s * s * s * a + 3.0 * t * s * s * b + 3.0 * t * t * s * c + t * t * t * d
            };
            self.edge((mix(a.0, b.0, c.0, d.0), mix(a.1, b.1, c.1, d.1)));
        }
    }

    fn close(&mut self) {
        self.edge(self.start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shortened_as_the_printer_expects() {
        let mut rows = vec![vec![true; 16], vec![true; 16], vec![false; 16]];
        rows[2][4] = true;
        // Four F; the row above; one 0, an 8, white to the end.
        assert_eq!(Picture { width: 16, rows }.encoded(), "JF:08,");
        let wide = Picture { width: 4 * 421, rows: vec![vec![true; 4 * 421]] };
        // 400 + 20 + 1 of F, one digit more to fill the byte.
        assert_eq!(wide.encoded(), "zgGF,");
    }

    #[test]
    fn a_full_stop_is_black_inside_and_white_outside() {
        let fonts = Fonts::load().unwrap();
        let line = crate::print::text::shape::line(&fonts, "۔.", true, false);
        let (picture, _, top) = Picture::of_line(&fonts, &line, 100.0).unwrap();
        let black = picture.rows.iter().flatten().filter(|dot| **dot).count();
        assert!(black > 100 && black < picture.width * picture.rows.len());
        assert!(top < 0);
        assert_eq!(Picture::of_line(&fonts, &crate::print::text::shape::line(&fonts, " ", false, false), 40.0), None);
    }
}
