//! The label of a tote.

use super::label::MARGIN;
use crate::print::{
    PrintError,
    code128::Symbol,
    scene::{Area, Canvas, Module, Style},
};

/// A tote's label: Code 128 for hand scanners, QR for phones, both with the code alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToteLabel {
    /// The tote's code. Printable ASCII.
    pub code: String,
    /// Warehouse, kind of tote, or whom to return it to.
    pub note: String,
}

impl ToteLabel {
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>) -> Result<(), PrintError> {
        let code = Style::of(36.0).down_to(9.0).bold();
        canvas.middle("code", &self.code, code, Area::new(MARGIN, 2.0, 66.0, 16.0))?;
        let note = Style::of(9.0).down_to(5.0);
        canvas.text("note", &self.note, note, Area::new(MARGIN, 18.0, 66.0, 8.0))?;
        canvas.qr("code", &self.code, Area::new(71.0, 1.0, 26.0, 26.0))?;
        let symbol = Symbol::text("code", &self.code)?;
        canvas.code128("code", symbol, Module::OWN, &self.code, Area::new(0.0, 27.5, 100.0, 21.0))
    }
}
