//! One file a document.

pub(crate) mod address;
pub(crate) mod enrolment_sheet;
pub(crate) mod label;
pub(crate) mod location_label;
pub(crate) mod packing_slip;
pub(crate) mod pick_list;
pub(crate) mod plate_label;
pub(crate) mod sheet;
pub(crate) mod shipping_label;
pub(crate) mod table;
pub(crate) mod tote_label;

#[cfg(test)]
mod tests;
