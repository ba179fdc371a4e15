//! The papers of a warehouse floor: lists and slips on A4, labels for parcels, plates, locations and totes.
//!
//! Structs of texts in, bytes out: PDF for every document, ZPL II for the labels too. Both formats are written from
//! one layout. Invariant: the same input gives the same bytes, so that a reprint is identical; nothing is cut off:
//! what does not fit its place is a [`PrintError`] that names the field. What it does not do: look anything up, format
//! money or dates (they come as text), mask what a role may not see, or talk to a printer.
//!
//! Barcodes follow the GS1 General Specifications for the SSCC (module from 0.495 mm, bars of 32 mm, ten modules of
//! quiet zone, interpretation with the application identifier in parentheses) and ISO/IEC 15417 and 18004 for the
//! others. Text in the Arabic script is joined and runs from right to left (docs/adr/0012).

pub mod code128;
mod docs;
mod error;
mod pdf;
mod qr;
mod scene;
mod sscc;
mod text;
mod zpl;

pub use docs::{
    address::Address,
    enrolment_sheet::EnrolmentSheet,
    label::{Label, pdf as labels_pdf, zpl as labels_zpl},
    location_label::{LocationLabel, Pointer},
    packing_slip::{PackingSlip, SlipLine},
    pick_list::{PickLine, PickList},
    plate_label::{PlateContent, PlateLabel},
    shipping_label::ShippingLabel,
    tote_label::ToteLabel,
};
pub use error::PrintError;
pub use scene::LONGEST_TEXT;
pub use sscc::Sscc;
pub use zpl::Resolution;
