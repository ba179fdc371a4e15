//! The list a picker walks by.

use std::cmp::Ordering;

use super::{
    sheet::{MARGIN, Sheet, WIDTH},
    table::{self, Cell, Column},
};
use crate::print::{
    PrintError,
    code128::Symbol,
    scene::{Align, Area, Module, Style},
    text::face::Fonts,
};

/// A pick list. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PickList {
    /// Its number, also printed as Code 128. Printable ASCII.
    pub number: String,
    /// Warehouse.
    pub warehouse: String,
    /// Orders, batch or wave it is for.
    pub orders: String,
    /// Who picks.
    pub picker: String,
    /// How urgent it is.
    pub priority: String,
    /// When it was made, as text.
    pub created: String,
    /// What the picker must know about all of it.
    pub note: String,
    /// What to pick, in any order: the list is printed in the order of locations.
    pub lines: Vec<PickLine>,
}

/// One thing to pick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PickLine {
    /// Where it lies.
    pub location: String,
    /// Stock keeping unit.
    pub sku: String,
    /// Its name.
    pub description: String,
    /// How many, as text.
    pub quantity: String,
    /// Unit of the quantity.
    pub unit: String,
    /// Lot to take, where the item has lots.
    pub lot: String,
    /// Expiry date of the lot, as text.
    pub expiry: String,
    /// Tote, slot or order that it goes to.
    pub destination: String,
    /// Special instruction for this item.
    pub note: String,
}

impl PickList {
    /// The list as a PDF on A4.
    ///
    /// # Errors
    /// `nothing_to_print` without lines; else what the number's barcode or a text cannot be printed for.
    pub fn pdf(&self) -> Result<Vec<u8>, PrintError> {
        if self.lines.is_empty() {
            return Err(PrintError::NothingToPrint);
        }
        let fonts = Fonts::load()?;
        let mut sheet = Sheet::new(&fonts, "Pick list", &self.number);
        number_barcode(&mut sheet, &self.number)?;
        sheet.facts(&[
            ("warehouse", "Warehouse", &self.warehouse),
            ("orders", "Orders", &self.orders),
            ("picker", "Picker", &self.picker),
            ("priority", "Priority", &self.priority),
            ("created", "Made", &self.created),
            ("lines", "Lines", &self.lines.len().to_string()),
        ])?;
        sheet.paragraph("note", &self.note, Style::of(10.0).bold())?;
        sheet.y += 2.0;
        let rows: Vec<Vec<Cell>> = self.in_order().into_iter().map(PickLine::cells).collect();
        table::write(&mut sheet, &columns(), &rows)?;
        sheet.finish()
    }

    /// The lines in the order of locations, then SKUs, then lots.
    fn in_order(&self) -> Vec<&PickLine> {
        let mut lines: Vec<&PickLine> = self.lines.iter().collect();
        lines.sort_by(|a, b| {
            natural(&a.location, &b.location)
                .then_with(|| natural(&a.sku, &b.sku))
                .then_with(|| natural(&a.lot, &b.lot))
        });
        lines
    }
}

/// A document's number as Code 128, on the left of its first page.
pub(super) fn number_barcode(sheet: &mut Sheet<'_>, number: &str) -> Result<(), PrintError> {
    let symbol = Symbol::text("number", number)?;
    let area = Area::new(MARGIN, sheet.y, WIDTH, 17.0);
    sheet.canvas().code128("number", symbol, Module { least: 0.25, most: 0.375 }, number, area)?;
    sheet.y += 19.0;
    Ok(())
}

impl PickLine {
    fn cells(&self) -> Vec<Cell> {
        let lot = [("Lot ", &self.lot), ("Exp ", &self.expiry)];
        let lot = lot.iter().filter(|part| !part.1.is_empty()).map(|part| format!("{}{}", part.0, part.1));
        vec![
            Cell::text(&self.location),
            Cell::with_small(&self.sku, self.description.clone()),
            Cell::with_small(&lot.collect::<Vec<_>>().join("\n"), self.note.clone()),
            Cell::text(format!("{} {}", self.quantity, self.unit).trim()),
            Cell::text(&self.destination),
            Cell::tick(),
        ]
    }
}

fn columns() -> [Column; 6] {
    // Texts of both directions begin on one side, so that the eye runs down a column.
    let plain = Style::of(9.0).align(Align::Left);
    let bold = Style::of(10.0).bold().align(Align::Left);
    [
        Column { field: "location", title: "Location", width: 32.0, style: bold },
        Column { field: "sku", title: "Item", width: 58.0, style: plain.bold() },
        Column { field: "lot", title: "Lot, note", width: 38.0, style: plain },
        Column { field: "quantity", title: "Quantity", width: 20.0, style: bold.align(Align::Right) },
        Column { field: "destination", title: "To", width: 22.0, style: plain },
        Column { field: "done", title: "Done", width: 10.0, style: plain.align(Align::Center) },
    ]
}

/// Orders codes as people read them: digits by their number, so that A-2 comes before A-10; letters by their code.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut rest_a, mut rest_b) = (a, b);
    while !rest_a.is_empty() && !rest_b.is_empty() {
        let ((part_a, next_a), (part_b, next_b)) = (part(rest_a), part(rest_b));
        let digits = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
        let order = if digits(part_a) && digits(part_b) {
            let (a, b) = (part_a.trim_start_matches('0'), part_b.trim_start_matches('0'));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        } else {
            part_a.cmp(part_b)
        };
        if order != Ordering::Equal {
            return order;
        }
        (rest_a, rest_b) = (next_a, next_b);
    }
    // The rest of one is longer, or the codes differ in leading zeros only.
    rest_a.len().cmp(&rest_b.len()).then_with(|| a.cmp(b))
}

/// The digits, or the other characters, that a code begins with, and what follows.
fn part(code: &str) -> (&str, &str) {
    let digits = code.starts_with(|c: char| c.is_ascii_digit());
    let end = code.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(code.len());
    code.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_in_the_order_in_which_locations_are_walked() {
        let line = |location: &str, sku: &str| PickLine {
            location: location.to_owned(),
            sku: sku.to_owned(),
            ..PickLine::default()
        };
        let list = PickList {
            lines: vec![
                line("B-1-1", "S"),
                line("A-10-1", "S"),
                line("A-2-10", "S"),
                line("A-2-9", "T10"),
                line("A-2-9", "T9"),
                line("A-02-9", "S"),
                line("A", "S"),
            ],
            ..PickList::default()
        };
        let order: Vec<_> = list.in_order().iter().map(|line| format!("{} {}", line.location, line.sku)).collect();
        assert_eq!(order, ["A S", "A-02-9 S", "A-2-9 T9", "A-2-9 T10", "A-2-10 S", "A-10-1 S", "B-1-1 S"]);
    }

    #[test]
    fn the_order_is_total() {
        let codes = ["", "A", "A-1", "A-01", "A-1-", "10", "9", "09", "A10B2", "A10B02", "ا-1", "ا-10", "ا-9"];
        for a in codes {
            for b in codes {
                assert_eq!(natural(a, b), natural(b, a).reverse(), "{a:?} {b:?}");
                assert_eq!(natural(a, b) == Ordering::Equal, a == b);
                for c in codes {
                    if natural(a, b) == Ordering::Less && natural(b, c) == Ordering::Less {
                        assert_eq!(natural(a, c), Ordering::Less, "{a:?} {b:?} {c:?}");
                    }
                }
            }
        }
    }
}
