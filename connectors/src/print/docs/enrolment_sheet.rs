//! The sheet by which a scanner is enrolled: its QR code carries a secret that works once.

use super::sheet::{MARGIN, Sheet, WIDTH};
use crate::print::{
    PrintError,
    scene::{Align, Area, Style},
    text::face::Fonts,
};

/// A device enrolment sheet. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnrolmentSheet {
    /// Number or name of the device.
    pub device: String,
    /// Warehouse that it belongs to.
    pub site: String,
    /// Address of the server, for people to compare.
    pub server: String,
    /// Text of the QR code, with the one-time secret. It stands on the paper nowhere else.
    pub qr: String,
    /// Until when the secret works, as text.
    pub expires: String,
    /// What to do, step by step, in the language of the floor.
    pub steps: Vec<String>,
}

impl EnrolmentSheet {
    /// The sheet as a PDF on A4.
    ///
    /// # Errors
    /// `barcode_empty` or `barcode_too_long` for the QR code; `text_too_long`.
    pub fn pdf(&self) -> Result<Vec<u8>, PrintError> {
        const SIDE: f32 = 80.0;
        let fonts = Fonts::load()?;
        let mut sheet = Sheet::new(&fonts, "Device enrolment", &self.device);
        sheet.facts(&[
            ("site", "Warehouse", &self.site),
            ("server", "Server", &self.server),
            ("expires", "Works until", &self.expires),
        ])?;
        let warning = "This code works once. Whoever scans it first is this device: keep it out of sight, and destroy \
                       the sheet afterwards.";
        sheet.paragraph("warning", warning, Style::of(11.0).bold())?;
        if sheet.left() < SIDE + 4.0 {
            sheet.turn();
        }
        let area = Area::new(MARGIN + (WIDTH - SIDE) / 2.0, sheet.y + 2.0, SIDE, SIDE);
        sheet.canvas().qr("qr", &self.qr, area)?;
        sheet.y += SIDE + 4.0;
        for (index, step) in self.steps.iter().enumerate() {
            let style = Style::of(12.0).align(Align::Start);
            sheet.paragraph("steps", &format!("{}. {step}", index + 1), style)?;
            sheet.y += 1.0;
        }
        sheet.finish()
    }
}
