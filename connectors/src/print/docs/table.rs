//! A table on a [`Sheet`]: its head is repeated on every page, a row is never torn apart.

use super::sheet::{MARGIN, Sheet, WIDTH};
use crate::print::{
    PrintError,
    scene::{Area, Block, Style},
};

/// A column; widths are parts of the whole.
pub(crate) struct Column {
    pub(crate) field: &'static str,
    pub(crate) title: &'static str,
    pub(crate) width: f32,
    pub(crate) style: Style,
}

/// What stands in a cell: a text, smaller text under it, or an empty box to tick.
#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) small: String,
    pub(crate) tick: bool,
}

impl Cell {
    pub(crate) fn text(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    pub(crate) fn with_small(text: &str, small: String) -> Self {
        Self { text: text.to_owned(), small, tick: false }
    }

    pub(crate) fn tick() -> Self {
        Self { tick: true, ..Self::default() }
    }
}

const HEAD: f32 = 6.0;
const PADDING: f32 = 1.2;
/// Between a column and the next.
const GAP: f32 = 2.5;
const TICK: f32 = 4.0;

/// Writes the rows, turning pages as needed.
///
/// # Errors
/// `text_too_long` with the column's field, where one row would fill more than a page.
pub(crate) fn write(sheet: &mut Sheet<'_>, columns: &[Column], rows: &[Vec<Cell>]) -> Result<(), PrintError> {
    let parts: f32 = columns.iter().map(|column| column.width).sum();
    let widths: Vec<f32> = columns.iter().map(|column| WIDTH * column.width / parts).collect();
    if sheet.left() < HEAD + 20.0 {
        sheet.turn();
    }
    head(sheet, columns, &widths)?;
    for row in rows {
        let blocks = blocks(sheet, columns, &widths, row)?;
        let tallest = blocks.iter().map(|cell| cell.iter().map(Block::height).sum()).fold(TICK, f32::max);
        if tallest + 2.0 * PADDING > sheet.left() {
            sheet.turn();
            head(sheet, columns, &widths)?;
        }
        let mut x = MARGIN;
        for (((column, width), cell), blocks) in columns.iter().zip(&widths).zip(row).zip(blocks) {
            let mut y = sheet.y + PADDING;
            if cell.tick {
                sheet.canvas().frame(Area::new(x + (width - TICK) / 2.0, y, TICK, TICK), 0.3);
            }
            for block in blocks {
                y += sheet.canvas().place(block, column.style.align, Area::new(x, y, width - GAP, 0.0));
            }
            x += width;
        }
        sheet.y += tallest + 2.0 * PADDING;
        let y = sheet.y;
        sheet.canvas().fill(Area::new(MARGIN, y, WIDTH, 0.1));
    }
    sheet.y += 4.0;
    Ok(())
}

fn head(sheet: &mut Sheet<'_>, columns: &[Column], widths: &[f32]) -> Result<(), PrintError> {
    let (mut x, y) = (MARGIN, sheet.y);
    for (column, width) in columns.iter().zip(widths) {
        let style = Style::of(8.0).bold().align(column.style.align);
        sheet.canvas().unbroken(column.field, column.title, style, Area::new(x, y + 1.0, width - GAP, HEAD))?;
        x += width;
    }
    sheet.y += HEAD;
    let y = sheet.y;
    sheet.canvas().rule(MARGIN, y - 0.25, WIDTH);
    Ok(())
}

/// Each cell's text set to its column's width.
fn blocks(
    sheet: &mut Sheet<'_>,
    columns: &[Column],
    widths: &[f32],
    row: &[Cell],
) -> Result<Vec<Vec<Block>>, PrintError> {
    let room = Sheet::page_height() - HEAD - 2.0 * PADDING;
    let mut set = Vec::with_capacity(row.len());
    for ((column, width), cell) in columns.iter().zip(widths).zip(row) {
        let small = Style { bold: false, ..Style::of(column.style.most - 2.0) };
        let block = sheet.canvas().set(column.field, &cell.text, column.style, width - GAP, room)?;
        let left = room - block.height();
        let small = sheet.canvas().set(column.field, &cell.small, small, width - GAP, left)?;
        set.push(vec![block, small]);
    }
    Ok(set)
}
