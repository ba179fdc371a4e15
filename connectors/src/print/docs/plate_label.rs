//! The label of a license plate: a pallet, carton or tote that goes by its SSCC.

use super::{label::MARGIN, shipping_label::sscc_block};
use crate::print::{
    PrintError, Sscc,
    scene::{Area, Canvas, Style},
};

/// A plate's label. Empty texts are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlateLabel {
    /// The plate.
    pub sscc: Sscc,
    /// Warehouse or company.
    pub site: String,
    /// What it holds, where that is known when the label is made.
    pub content: Option<PlateContent>,
    /// Document it came with, such as a purchase order.
    pub document: String,
    /// When it was made, as text.
    pub created: String,
    /// Anything else.
    pub note: String,
}

/// One item on a plate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlateContent {
    /// Stock keeping unit.
    pub sku: String,
    /// Its name.
    pub description: String,
    /// Quantity with its unit, as text.
    pub quantity: String,
    /// Lot, where the item has lots.
    pub lot: String,
    /// Expiry date, as text.
    pub expiry: String,
}

const WIDTH: f32 = 100.0 - 2.0 * MARGIN;

impl PlateLabel {
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>) -> Result<(), PrintError> {
        canvas.unbroken("site", &self.site, Style::of(12.0).down_to(7.0).bold(), Area::new(MARGIN, 3.0, WIDTH, 6.5))?;
        canvas.rule(MARGIN, 10.0, WIDTH);
        // The end of the number is what people call a plate by.
        let short = &self.sscc.digits()[12..];
        let mut y = 11.0;
        canvas.text("sscc", "Plate", Style::of(7.0), Area::new(MARGIN, y, 20.0, 3.2))?;
        y += 2.5 + canvas.text("sscc", short, Style::of(40.0).bold(), Area::new(MARGIN, y + 2.5, WIDTH, 20.0))?;
        if let Some(content) = &self.content {
            y += content.draw(canvas, y)?;
        }
        let rest = [("Document", &self.document), ("Made", &self.created)];
        let mut lines: Vec<String> =
            rest.iter().filter(|part| !part.1.is_empty()).map(|part| format!("{} {}", part.0, part.1)).collect();
        lines.push(self.note.clone());
        let area = Area::new(MARGIN, y + 1.0, WIDTH, 106.0 - y - 1.0);
        canvas.text("note", &lines.join("\n"), Style::of(10.0).down_to(6.0), area)?;
        sscc_block(canvas, &self.sscc, 107.5)
    }
}

impl PlateContent {
    /// Draws it from `y`; returns the height.
    fn draw(&self, canvas: &mut Canvas<'_>, top: f32) -> Result<f32, PrintError> {
        canvas.rule(MARGIN, top + 0.5, WIDTH);
        let mut y = top + 1.5;
        let sku = Style::of(16.0).down_to(8.0).bold();
        y += canvas.unbroken("sku", &self.sku, sku, Area::new(MARGIN, y, WIDTH, 14.0))?;
        let description = Style::of(11.0).down_to(6.0);
        y += canvas.text("description", &self.description, description, Area::new(MARGIN, y, WIDTH, 15.0))?;
        let facts = [("Quantity", &self.quantity), ("Lot", &self.lot), ("Expiry", &self.expiry)];
        for (title, value) in facts.into_iter().filter(|fact| !fact.1.is_empty()) {
            canvas.text("content", title, Style::of(8.0), Area::new(MARGIN, y + 1.2, 18.0, 4.0))?;
            let style = Style::of(14.0).down_to(6.0).bold();
            y += canvas.unbroken("content", value, style, Area::new(22.0, y, 75.0, 8.0))?;
        }
        Ok(y - top)
    }
}
