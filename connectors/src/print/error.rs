//! Why something is not printed.

/// A refusal to print. Nothing is cut off silently: what does not fit is named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// There is nothing to print.
    #[error("there is nothing to print")]
    NothingToPrint,
    /// Not 18 digits with a right check digit.
    #[error("the SSCC needs 18 digits with a right check digit")]
    SsccInvalid,
    /// A barcode without data.
    #[error("{field} is empty and cannot be a barcode")]
    BarcodeEmpty {
        /// The field of the document.
        field: &'static str,
    },
    /// A character that Code 128 is not used with here.
    #[error("{field} has characters that the barcode cannot carry; use letters, digits and signs of ASCII")]
    BarcodeCharacter {
        /// The field of the document.
        field: &'static str,
    },
    /// More data than the barcode can have, or than its place on the paper holds at the smallest module.
    #[error("{field} is too long for its barcode")]
    BarcodeTooLong {
        /// The field of the document.
        field: &'static str,
    },
    /// Text that does not fit its place in the smallest size.
    #[error("{field} is too long for its place on the paper")]
    TextTooLong {
        /// The field of the document.
        field: &'static str,
    },
    /// A font in the program itself is unreadable.
    #[error("a built-in font cannot be read")]
    Font,
}

impl PrintError {
    /// Stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NothingToPrint => "nothing_to_print",
            Self::SsccInvalid => "sscc_invalid",
            Self::BarcodeEmpty { .. } => "barcode_empty",
            Self::BarcodeCharacter { .. } => "barcode_character",
            Self::BarcodeTooLong { .. } => "barcode_too_long",
            Self::TextTooLong { .. } => "text_too_long",
            Self::Font => "font_unreadable",
        }
    }

    /// The field it is about, where there is one.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::BarcodeEmpty { field }
            | Self::BarcodeCharacter { field }
            | Self::BarcodeTooLong { field }
            | Self::TextTooLong { field } => Some(field),
            Self::NothingToPrint | Self::SsccInvalid | Self::Font => None,
        }
    }
}
