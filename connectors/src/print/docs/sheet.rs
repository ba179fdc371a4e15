//! A document on A4 that flows over as many pages as it needs, each with a head and "page x of y".

use crate::print::{
    PrintError, pdf,
    scene::{Align, Area, Block, Canvas, Page, Style},
    text::face::Fonts,
};

use super::label::PDF_DOT;

/// A4, in millimetres.
const SIZE: (f32, f32) = (210.0, 297.0);
/// Margin on each side.
pub(crate) const MARGIN: f32 = 15.0;
/// Width between the margins.
pub(crate) const WIDTH: f32 = SIZE.0 - 2.0 * MARGIN;
/// Where the first line of text may begin under the running head.
const TOP: f32 = 24.0;
/// Where the last must end.
const BOTTOM: f32 = SIZE.1 - 18.0;

/// A document being written, page by page.
pub(crate) struct Sheet<'f> {
    fonts: &'f Fonts,
    done: Vec<Canvas<'f>>,
    canvas: Canvas<'f>,
    title: &'static str,
    number: String,
    /// Millimetres from the top of the page to what comes next.
    pub(crate) y: f32,
}

impl<'f> Sheet<'f> {
    pub(crate) fn new(fonts: &'f Fonts, title: &'static str, number: &str) -> Self {
        let canvas = Canvas::new(fonts, SIZE.0, SIZE.1, PDF_DOT);
        Self { fonts, done: Vec::new(), canvas, title, number: number.to_owned(), y: TOP }
    }

    /// The page being written.
    pub(crate) fn canvas(&mut self) -> &mut Canvas<'f> {
        &mut self.canvas
    }

    /// Millimetres left on this page.
    pub(crate) fn left(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Height of an empty page.
    pub(crate) const fn page_height() -> f32 {
        BOTTOM - TOP
    }

    /// Goes on at the top of a new page.
    pub(crate) fn turn(&mut self) {
        let next = Canvas::new(self.fonts, SIZE.0, SIZE.1, PDF_DOT);
        self.done.push(std::mem::replace(&mut self.canvas, next));
        self.y = TOP;
    }

    /// A paragraph over the whole width, on the next page if it does not fit on this one.
    pub(crate) fn paragraph(&mut self, field: &'static str, text: &str, style: Style) -> Result<(), PrintError> {
        let block = self.canvas.set(field, text, style, WIDTH, Self::page_height())?;
        if block.height() > self.left() {
            self.turn();
        }
        self.y += self.canvas.place(block, style.align, Area::new(MARGIN, self.y, WIDTH, 0.0));
        Ok(())
    }

    /// Fields with title and text side by side, in columns of equal width. Those without text take no place.
    pub(crate) fn facts(&mut self, facts: &[(&'static str, &'static str, &str)]) -> Result<(), PrintError> {
        const COLUMNS: usize = 3;
        const GAP: f32 = 4.0;
        const TITLE: f32 = 3.6;
        let width = (WIDTH - GAP * (COLUMNS - 1) as f32) / COLUMNS as f32;
        let facts: Vec<_> = facts.iter().filter(|fact| !fact.2.trim().is_empty()).collect();
        for row in facts.chunks(COLUMNS) {
            let mut height: f32 = 0.0;
            let mut blocks: Vec<(&'static str, Block)> = Vec::new();
            for (field, title, text) in row {
                let block = self.canvas.set(field, text, Style::of(10.0), width, Self::page_height() - TITLE)?;
                height = height.max(TITLE + block.height());
                blocks.push((title, block));
            }
            if height > self.left() {
                self.turn();
            }
            for (column, (title, block)) in blocks.into_iter().enumerate() {
                let x = MARGIN + column as f32 * (width + GAP);
                self.canvas.text(title, title, Style::of(7.0), Area::new(x, self.y, width, TITLE))?;
                self.canvas.place(block, Align::Start, Area::new(x, self.y + TITLE, width, 0.0));
            }
            self.y += height + 2.0;
        }
        Ok(())
    }

    /// Heads and feet on every page, and the file.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, PrintError> {
        self.done.push(self.canvas);
        let total = self.done.len();
        let mut pages: Vec<Page> = Vec::with_capacity(total);
        for (index, mut canvas) in self.done.into_iter().enumerate() {
            let title = Style::of(16.0).bold();
            canvas.text("title", self.title, title, Area::new(MARGIN, 12.0, 90.0, 8.0))?;
            let number = Style::of(13.0).down_to(6.0).bold().align(Align::Right);
            canvas.unbroken("number", &self.number, number, Area::new(105.0, 12.8, 90.0, 7.5))?;
            canvas.rule(MARGIN, 20.5, WIDTH);
            canvas.rule(MARGIN, SIZE.1 - 15.5, WIDTH);
            let foot = Area::new(MARGIN, SIZE.1 - 14.5, WIDTH, 5.0);
            let page = format!("Page {} of {total}", index + 1);
            canvas.text("page", &page, Style::of(8.0).align(Align::Right), foot)?;
            let name = format!("{} {}", self.title, self.number);
            let left = Area::new(MARGIN, foot.y, WIDTH - 30.0, 5.0);
            canvas.unbroken("number", &name, Style::of(8.0).down_to(5.0), left)?;
            pages.push(canvas.finish());
        }
        pdf::write(self.fonts, &format!("{} {}", self.title, self.number), &pages)
    }
}
