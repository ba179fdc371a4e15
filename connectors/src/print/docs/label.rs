//! Labels of every kind, alone or many in one file.

use crate::print::{
    PrintError, Resolution,
    docs::{
        location_label::LocationLabel, plate_label::PlateLabel, shipping_label::ShippingLabel, tote_label::ToteLabel,
    },
    pdf as pdf_file,
    scene::{Canvas, Page},
    text::face::Fonts,
    zpl as zpl_file,
};

/// Grid of barcode modules in PDF: an eighth of a millimetre, so that modules are whole dots on a 203 dpi printer too.
pub(crate) const PDF_DOT: f32 = 0.125;

/// Margin of every label, in millimetres: label stock shifts by a millimetre or two.
pub(crate) const MARGIN: f32 = 3.0;

/// A label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// A parcel's, 100 × 150 mm.
    Shipping(Box<ShippingLabel>),
    /// A license plate's, 100 × 150 mm.
    Plate(Box<PlateLabel>),
    /// A storage location's, 100 × 50 mm.
    Location(LocationLabel),
    /// A tote's, 100 × 50 mm.
    Tote(ToteLabel),
}

impl From<ShippingLabel> for Label {
    fn from(label: ShippingLabel) -> Self {
        Self::Shipping(Box::new(label))
    }
}

impl From<PlateLabel> for Label {
    fn from(label: PlateLabel) -> Self {
        Self::Plate(Box::new(label))
    }
}

impl From<LocationLabel> for Label {
    fn from(label: LocationLabel) -> Self {
        Self::Location(label)
    }
}

impl From<ToteLabel> for Label {
    fn from(label: ToteLabel) -> Self {
        Self::Tote(label)
    }
}

impl Label {
    /// Width and height in millimetres.
    pub const fn size_mm(&self) -> (u16, u16) {
        match self {
            Self::Shipping(_) | Self::Plate(_) => (100, 150),
            Self::Location(_) | Self::Tote(_) => (100, 50),
        }
    }

    pub(crate) fn page(&self, fonts: &Fonts, dot: f32) -> Result<Page, PrintError> {
        let (width, height) = self.size_mm();
        let mut canvas = Canvas::new(fonts, f32::from(width), f32::from(height), dot);
        match self {
            Self::Shipping(label) => label.draw(&mut canvas)?,
            Self::Plate(label) => label.draw(&mut canvas)?,
            Self::Location(label) => label.draw(&mut canvas)?,
            Self::Tote(label) => label.draw(&mut canvas)?,
        }
        Ok(canvas.finish())
    }
}

fn pages(labels: &[Label], fonts: &Fonts, dot: f32) -> Result<Vec<Page>, PrintError> {
    if labels.is_empty() {
        return Err(PrintError::NothingToPrint);
    }
    labels.iter().map(|label| label.page(fonts, dot)).collect()
}

/// Labels as a PDF, a page each, in this order.
///
/// # Errors
/// `nothing_to_print` without labels; else that of the first label that cannot be printed.
pub fn pdf(labels: &[Label]) -> Result<Vec<u8>, PrintError> {
    let fonts = Fonts::load()?;
    pdf_file::write(&fonts, "Labels", &pages(labels, &fonts, PDF_DOT)?)
}

/// Labels as ZPL II for a printer of this resolution, a format each, in this order.
///
/// # Errors
/// As [`pdf`].
pub fn zpl(labels: &[Label], resolution: Resolution) -> Result<Vec<u8>, PrintError> {
    let fonts = Fonts::load()?;
    Ok(zpl_file::write(&fonts, &pages(labels, &fonts, resolution.dot_mm())?, resolution))
}
