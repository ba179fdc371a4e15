//! A page as placed things, before it becomes PDF or ZPL: both show the same layout.
//!
//! Invariant: lengths are millimetres from the upper left corner; nothing placed by a [`Canvas`] is wider than its
//! area. What does not fit is an error, never cut off.

use super::{
    PrintError,
    code128::Symbol,
    qr::{self, Matrix},
    text::{
        face::Fonts,
        shape::Line,
        wrap::{self, wrap},
    },
};

/// Millimetres in a point.
pub(crate) const POINT: f32 = 25.4 / 72.0;
/// Light modules on each side of a Code 128 symbol (ISO/IEC 15417; GS1 General Specifications, section 5.4).
pub(crate) const QUIET: usize = 10;

/// One thing on a page.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// A line of text; `size` in millimetres.
    Text { area: Area, baseline: f32, size: f32, align: Align, line: Line },
    /// A filled rectangle.
    Fill(Area),
    /// The bars of a Code 128 symbol, without its quiet zones.
    Code128 { x: f32, y: f32, height: f32, module: f32, symbol: Symbol },
    /// The modules of a QR code, without its quiet zone.
    Qr { x: f32, y: f32, module: f32, matrix: Matrix },
}

/// A page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) items: Vec<Item>,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl Area {
    pub(crate) const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }
}

/// Where a line stands in its area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// At the side where reading begins: left, or right for text that reads from right to left.
    Start,
    Left,
    Center,
    Right,
}

/// How text is set: the largest size that fits, from `most` down to `least` points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) most: f32,
    pub(crate) least: f32,
    pub(crate) bold: bool,
    pub(crate) align: Align,
}

impl Style {
    /// Of one size.
    pub(crate) const fn of(points: f32) -> Self {
        Self { most: points, least: points, bold: false, align: Align::Start }
    }

    /// Down to `points` where it does not fit otherwise.
    pub(crate) const fn down_to(self, points: f32) -> Self {
        Self { least: points, ..self }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }
}

/// What a barcode's module may measure, in millimetres.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module {
    pub(crate) least: f32,
    pub(crate) most: f32,
}

impl Module {
    /// SSCC on a logistic unit: 0.495 to 0.940 mm (GS1 General Specifications, symbol specification table 5). The
    /// smallest is aimed at, since the label is 100 mm wide.
    pub(crate) const LOGISTIC: Self = Self { least: 0.495, most: 0.52 };
    /// Codes of our own: what a hand scanner reads from close by (0.25 mm), larger where there is room.
    pub(crate) const OWN: Self = Self { least: 0.25, most: 0.52 };
    /// QR codes: what a phone reads from close by, larger where there is room.
    pub(crate) const QR: Self = Self { least: 0.33, most: 1.75 };
}

/// Text set in lines.
pub(crate) struct Block {
    pub(crate) lines: Vec<Line>,
    /// In millimetres.
    pub(crate) size: f32,
}

impl Block {
    /// In millimetres.
    pub(crate) fn height(&self) -> f32 {
        self.lines.iter().map(|line| line.height() * self.size).sum()
    }
}

/// Places things on one page.
pub(crate) struct Canvas<'f> {
    fonts: &'f Fonts,
    /// What the printer can place: barcode modules are whole multiples of it.
    dot: f32,
    page: Page,
}

impl<'f> Canvas<'f> {
    /// An empty page; `dot` is the grid of the printer in millimetres.
    pub(crate) fn new(fonts: &'f Fonts, width: f32, height: f32, dot: f32) -> Self {
        Self { fonts, dot, page: Page { width, height, items: Vec::new() } }
    }

    pub(crate) fn finish(self) -> Page {
        self.page
    }

    /// Text set to the width of `area` in the largest size of `style` at which its height suffices.
    pub(crate) fn set(
        &self,
        field: &'static str,
        text: &str,
        style: Style,
        width: f32,
        height: f32,
    ) -> Result<Block, PrintError> {
        let mut points = style.most;
        loop {
            let size = points * POINT;
            let block = wrap(self.fonts, field, text, style.bold, thousandths(width / size))
                .map(|lines| Block { lines, size })?;
            if block.height() <= height {
                return Ok(block);
            }
            if points <= style.least {
                return Err(PrintError::TextTooLong { field });
            }
            points = (points - 0.5).max(style.least);
        }
    }

    /// As [`Self::set`] on a single line, for what should not be broken as long as a smaller size helps.
    fn set_unbroken(&self, text: &str, style: Style, width: f32, height: f32) -> Option<Block> {
        let mut points = style.most;
        while points >= style.least {
            let size = points * POINT;
            if let Ok(lines) = wrap(self.fonts, "", text, style.bold, thousandths(width / size))
                && lines.len() <= 1
                && lines.iter().all(|line| line.height() * size <= height)
            {
                return Some(Block { lines, size });
            }
            points -= 0.5;
        }
        None
    }

    /// Sets and places text; returns the height it took.
    ///
    /// # Errors
    /// `text_too_long` with this field.
    pub(crate) fn text(
        &mut self,
        field: &'static str,
        text: &str,
        style: Style,
        area: Area,
    ) -> Result<f32, PrintError> {
        let block = self.set(field, text, style, area.width, area.height)?;
        Ok(self.place(block, style.align, area))
    }

    /// As [`Self::text`], but smaller rather than on two lines.
    ///
    /// # Errors
    /// `text_too_long` with this field.
    pub(crate) fn unbroken(
        &mut self,
        field: &'static str,
        text: &str,
        style: Style,
        area: Area,
    ) -> Result<f32, PrintError> {
        match self.set_unbroken(text, style, area.width, area.height) {
            Some(block) => Ok(self.place(block, style.align, area)),
            None => self.text(field, text, style, area),
        }
    }

    /// As [`Self::unbroken`], in the middle of the height of the area.
    ///
    /// # Errors
    /// `text_too_long` with this field.
    pub(crate) fn middle(
        &mut self,
        field: &'static str,
        text: &str,
        style: Style,
        area: Area,
    ) -> Result<(), PrintError> {
        let block = match self.set_unbroken(text, style, area.width, area.height) {
            Some(block) => block,
            None => self.set(field, text, style, area.width, area.height)?,
        };
        let y = area.y + (area.height - block.height()) / 2.0;
        self.place(block, style.align, Area { y, ..area });
        Ok(())
    }

    /// Places a block at the top of the area; returns its height.
    pub(crate) fn place(&mut self, block: Block, align: Align, area: Area) -> f32 {
        let (height, size) = (block.height(), block.size);
        let mut y = area.y;
        for line in block.lines {
            let (baseline, next) = (y + line.ascent() * size, y + line.height() * size);
            self.page.items.push(Item::Text { area, baseline, size, align, line });
            y = next;
        }
        height
    }

    /// A filled rectangle.
    pub(crate) fn fill(&mut self, area: Area) {
        self.page.items.push(Item::Fill(area));
    }

    /// A horizontal line.
    pub(crate) fn rule(&mut self, x: f32, y: f32, width: f32) {
        self.fill(Area::new(x, y, width, 0.25));
    }

    /// The outline of a rectangle, drawn inside it.
    pub(crate) fn frame(&mut self, area: Area, thickness: f32) {
        let Area { x, y, width, height } = area;
        self.fill(Area::new(x, y, width, thickness));
        self.fill(Area::new(x, y + height - thickness, width, thickness));
        self.fill(Area::new(x, y, thickness, height));
        self.fill(Area::new(x + width - thickness, y, thickness, height));
    }

    /// A Code 128 symbol with its quiet zones, centred, as high as the area but for the interpretation under it.
    ///
    /// # Errors
    /// `barcode_too_long` where it does not fit at the smallest module, `text_too_long` for the interpretation.
    pub(crate) fn code128(
        &mut self,
        field: &'static str,
        symbol: Symbol,
        module: Module,
        interpretation: &str,
        area: Area,
    ) -> Result<(), PrintError> {
        const TEXT: f32 = 5.0;
        let modules = symbol.width() + 2 * QUIET;
        let module = self.module(modules, module, area.width).ok_or(PrintError::BarcodeTooLong { field })?;
        let x = self.on_grid(area.x + (area.width - module * symbol.width() as f32) / 2.0);
        let (y, height) = (self.on_grid(area.y), area.height - TEXT);
        self.page.items.push(Item::Code128 { x, y, height, module, symbol });
        let under = Area::new(area.x, area.y + height + 0.4, area.width, TEXT - 0.4);
        let style = Style::of(10.0).down_to(6.0).align(Align::Center);
        self.unbroken(field, interpretation, style, under)?;
        Ok(())
    }

    /// A QR code with its quiet zone, centred in the area.
    ///
    /// # Errors
    /// `barcode_empty`, `barcode_too_long`.
    pub(crate) fn qr(&mut self, field: &'static str, text: &str, area: Area) -> Result<(), PrintError> {
        let matrix = Matrix::new(field, text)?;
        let side = area.width.min(area.height);
        let module =
            self.module(matrix.side() + 2 * qr::QUIET, Module::QR, side).ok_or(PrintError::BarcodeTooLong { field })?;
        let across = module * matrix.side() as f32;
        let x = self.on_grid(area.x + (area.width - across) / 2.0);
        let y = self.on_grid(area.y + (area.height - across) / 2.0);
        self.page.items.push(Item::Qr { x, y, module, matrix });
        Ok(())
    }

    /// The largest allowed module, in whole dots, of which `modules` fit `width`.
    fn module(&self, modules: usize, range: Module, width: f32) -> Option<f32> {
        // A thousandth more, so that an exact fit is not lost to rounding.
        let largest = (range.most.min(width / modules as f32) / self.dot + 0.001).floor() * self.dot;
        (largest + 0.0001 >= range.least).then_some(largest)
    }

    fn on_grid(&self, length: f32) -> f32 {
        (length / self.dot).round() * self.dot
    }
}

fn thousandths(ems: f32) -> i32 {
    (ems * 1000.0).floor() as i32
}

/// Left end of a line of `advance` millimetres.
pub(crate) fn left(area: Area, align: Align, rtl: bool, advance: f32) -> f32 {
    let free = area.width - advance;
    match align {
        Align::Start if rtl => area.x + free,
        Align::Start | Align::Left => area.x,
        Align::Center => area.x + free / 2.0,
        Align::Right => area.x + free,
    }
}

/// Longest text of a field in characters, for those who want to check before printing.
pub const LONGEST_TEXT: usize = wrap::LONGEST;

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas(fonts: &Fonts, dot: f32) -> Canvas<'_> {
        Canvas::new(fonts, 100.0, 150.0, dot)
    }

    #[test]
    fn modules_are_whole_dots_within_their_range() {
        let fonts = Fonts::load().unwrap();
        for (dot, expected) in [(25.4 / 203.2, 0.5), (25.4 / 300.0, 0.508), (25.4 / 600.0, 0.508)] {
            let module = canvas(&fonts, dot).module(176, Module::LOGISTIC, 100.0).unwrap();
            assert!((module - expected).abs() < 0.001, "{module}");
        }
        // 200 modules do not fit 94 mm at 0.495 mm.
        assert_eq!(canvas(&fonts, 0.125).module(200, Module::LOGISTIC, 94.0), None);
        // An exact fit is taken.
        assert_eq!(canvas(&fonts, 0.125).module(200, Module::OWN, 50.0), Some(0.25));
    }

    #[test]
    fn text_becomes_smaller_before_it_is_refused() {
        let fonts = Fonts::load().unwrap();
        let canvas = canvas(&fonts, 0.125);
        let style = Style::of(14.0).down_to(6.0);
        let text = "House 4, Street 9, Block B, Gulshan-e-Iqbal";
        let roomy = canvas.set("to", text, style, 90.0, 20.0).unwrap();
        let tight = canvas.set("to", text, style, 40.0, 8.0).unwrap();
        assert!(tight.size < roomy.size && tight.height() <= 8.0);
        let error = canvas.set("to", &text.repeat(20), style, 40.0, 8.0).map(|block| block.height());
        assert_eq!(error, Err(PrintError::TextTooLong { field: "to" }));
    }
}
