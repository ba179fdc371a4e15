//! The slip that lies in a parcel: what is in it, and what is still to come.

use super::{
    address::Address,
    pick_list::number_barcode,
    sheet::Sheet,
    table::{self, Cell, Column},
};
use crate::print::{
    PrintError,
    scene::{Align, Style},
    text::face::Fonts,
};

/// A packing slip. Empty texts are left out. It has no field for internal notes: the customer reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackingSlip {
    /// Number of the parcel, also printed as Code 128. Printable ASCII.
    pub parcel_number: String,
    /// Number of the order.
    pub order_number: String,
    /// The customer's own reference, such as their purchase order.
    pub customer_reference: String,
    /// Day of packing, as text.
    pub date: String,
    /// Place of this parcel among those of the order, such as "1 / 2".
    pub piece: String,
    /// Courier and service.
    pub service: String,
    /// Number to follow the parcel by.
    pub tracking: String,
    /// Who sends it.
    pub from: Address,
    /// Who receives it.
    pub to: Address,
    /// What is in it.
    pub lines: Vec<SlipLine>,
    /// Sums such as value or cash to collect: what it is, and the amount with its currency, as text.
    pub totals: Vec<(String, String)>,
    /// A word to the customer: returns, warranty, thanks.
    pub note: String,
}

/// One item of a slip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlipLine {
    /// Stock keeping unit.
    pub sku: String,
    /// Its name.
    pub description: String,
    /// Lots, serial numbers, or an instruction.
    pub note: String,
    /// How many were ordered, as text.
    pub ordered: String,
    /// How many are in this parcel, as text.
    pub packed: String,
    /// How many are still to come, as text.
    pub to_follow: String,
}

impl PackingSlip {
    /// The slip as a PDF on A4.
    ///
    /// # Errors
    /// `nothing_to_print` without lines; else what the number's barcode or a text cannot be printed for.
    pub fn pdf(&self) -> Result<Vec<u8>, PrintError> {
        if self.lines.is_empty() {
            return Err(PrintError::NothingToPrint);
        }
        let fonts = Fonts::load()?;
        let mut sheet = Sheet::new(&fonts, "Packing slip", &self.parcel_number);
        number_barcode(&mut sheet, &self.parcel_number)?;
        let whole = |address: &Address| [address.name.clone(), address.below_name(), address.phone.clone()].join("\n");
        sheet.facts(&[
            ("to", "To", &whole(&self.to)),
            ("from", "From", &whole(&self.from)),
            ("order_number", "Order", &self.order_number),
            ("customer_reference", "Your reference", &self.customer_reference),
            ("date", "Date", &self.date),
            ("piece", "Parcel", &self.piece),
            ("service", "Shipped with", &self.service),
            ("tracking", "Tracking number", &self.tracking),
        ])?;
        let rows: Vec<Vec<Cell>> = self.lines.iter().map(SlipLine::cells).collect();
        table::write(&mut sheet, &columns(), &rows)?;
        for (what, amount) in &self.totals {
            sheet.paragraph("totals", &format!("{what}: {amount}"), Style::of(11.0).bold().align(Align::Right))?;
        }
        sheet.y += 2.0;
        sheet.paragraph("note", &self.note, Style::of(10.0))?;
        sheet.finish()
    }
}

impl SlipLine {
    fn cells(&self) -> Vec<Cell> {
        let below = [self.description.as_str(), &self.note].join("\n");
        vec![
            Cell::with_small(&self.sku, below),
            Cell::text(&self.ordered),
            Cell::text(&self.packed),
            Cell::text(&self.to_follow),
        ]
    }
}

fn columns() -> [Column; 4] {
    let number = Style::of(10.0).align(Align::Right);
    [
        Column { field: "sku", title: "Item", width: 117.0, style: Style::of(10.0).bold().align(Align::Left) },
        Column { field: "ordered", title: "Ordered", width: 21.0, style: number },
        Column { field: "packed", title: "In this parcel", width: 24.0, style: number.bold() },
        Column { field: "to_follow", title: "To follow", width: 21.0, style: number },
    ]
}
