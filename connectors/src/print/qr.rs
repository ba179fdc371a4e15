//! QR codes (ISO/IEC 18004), error correction level M.
//!
//! What it does not do: say what the text means; the caller gives an address, a secret or a number as text.

use qrcode::{Color, EcLevel, QrCode};

use super::PrintError;

/// Modules of light border that a reader needs on every side.
pub(crate) const QUIET: usize = 4;

/// A square of modules, `true` dark, without its quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Matrix {
    side: usize,
    dark: Vec<bool>,
}

impl Matrix {
    /// The smallest symbol that holds `text`.
    pub(crate) fn new(field: &'static str, text: &str) -> Result<Self, PrintError> {
        if text.is_empty() {
            return Err(PrintError::BarcodeEmpty { field });
        }
        let code =
            QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| PrintError::BarcodeTooLong { field })?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { side: code.width(), dark })
    }

    /// Modules on a side.
    pub(crate) fn side(&self) -> usize {
        self.side
    }

    /// Dark runs as `(row, first module, modules)`.
    pub(crate) fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (at, _) in self.dark.iter().enumerate().filter(|(_, dark)| **dark) {
            let (row, column) = (at / self.side, at % self.side);
            match runs.last_mut() {
                Some((last_row, first, length)) if *last_row == row && *first + *length == column => *length += 1,
                _ => runs.push((row, column, 1)),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_exactly_the_dark_modules() {
        let matrix = Matrix::new("t", "https://example.org/t/1").unwrap();
        let covered: usize = matrix.runs().iter().map(|run| run.2).sum();
        assert_eq!(covered, matrix.dark.iter().filter(|dark| **dark).count());
        assert!(matrix.runs().iter().all(|&(_, first, length)| first + length <= matrix.side()));
    }

    #[test]
    fn too_much_text_is_refused() {
        assert_eq!(Matrix::new("t", &"x".repeat(4000)).unwrap_err().code(), "barcode_too_long");
        assert_eq!(Matrix::new("t", "").unwrap_err().code(), "barcode_empty");
    }
}
