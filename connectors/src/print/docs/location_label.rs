//! The label of a storage location (bin, shelf, door).

use super::label::MARGIN;
use crate::print::{
    PrintError,
    code128::Symbol,
    scene::{Align, Area, Canvas, Module, Style},
};

/// Which shelf a label means that sits on the beam between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// The one above.
    Up,
    /// The one below.
    Down,
}

/// A location's label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocationLabel {
    /// The location's code, printed large and as Code 128 exactly as it is. Printable ASCII.
    pub code: String,
    /// Digits that a person reads out or keys to show that they stand there. They are not in the barcode: whoever
    /// could scan them would not need to be looking.
    pub check_digits: String,
    /// Zone, or what the location is for.
    pub zone: String,
    /// Shelf that is meant.
    pub pointer: Option<Pointer>,
}

impl LocationLabel {
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>) -> Result<(), PrintError> {
        let zone = Style::of(9.0).down_to(5.0);
        canvas.unbroken("zone", &self.zone, zone, Area::new(MARGIN, 2.0, 94.0, 4.5))?;
        let mut right = 97.0;
        if let Some(pointer) = self.pointer {
            arrow(canvas, pointer, right - 10.0, 7.0);
            right -= 13.0;
        }
        if !self.check_digits.is_empty() {
            let area = Area::new(right - 16.0, 8.0, 16.0, 11.0);
            canvas.frame(area, 0.4);
            let inside = Area::new(area.x + 1.0, area.y + 0.8, area.width - 2.0, area.height - 1.0);
            let style = Style::of(22.0).down_to(8.0).bold().align(Align::Center);
            canvas.middle("check_digits", &self.check_digits, style, inside)?;
            right -= 18.0;
        }
        let code = Style::of(44.0).down_to(10.0).bold();
        canvas.middle("code", &self.code, code, Area::new(MARGIN, 5.0, right - MARGIN, 18.5))?;
        let symbol = Symbol::text("code", &self.code)?;
        canvas.code128("code", symbol, Module::OWN, &self.code, Area::new(0.0, 24.0, 100.0, 24.0))
    }
}

/// An arrow of 10 × 13 mm, in steps of half a millimetre.
fn arrow(canvas: &mut Canvas<'_>, pointer: Pointer, x: f32, y: f32) {
    const HEAD: u8 = 14;
    for step in 0..HEAD {
        let half = 5.0 * f32::from(step + 1) / f32::from(HEAD);
        let down = 0.5 * f32::from(step);
        let top = if pointer == Pointer::Up { y + down } else { y + 13.0 - down - 0.5 };
        canvas.fill(Area::new(x + 5.0 - half, top, 2.0 * half, 0.5));
    }
    let top = if pointer == Pointer::Up { y + 7.0 } else { y };
    canvas.fill(Area::new(x + 3.5, top, 3.0, 6.0));
}
