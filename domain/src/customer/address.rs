//! A postal address as Pakistan writes it, with landmark (VAL-04).

use serde::{Deserialize, Serialize};

use crate::{order::content::words, phone::Phone};

words!(
    /// What stands at an address.
    #[derive(Default)]
    AddressKind {
        /// A home.
        #[default]
        Residential = "residential",
        /// A business.
        Commercial = "commercial",
    }
);

/// Where something goes. Empty text means unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    /// The customer's name for it, such as `home`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Who receives it there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Phone to call at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// House, street.
    pub line1: String,
    /// Area, block, floor.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub line2: String,
    /// City.
    pub city: String,
    /// Province or state.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub province: String,
    /// Postal code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postcode: String,
    /// ISO 3166-1 alpha-2 code in upper case, for example `PK`.
    pub country: String,
    /// What it is near to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub landmark: String,
    /// Home or business.
    pub kind: AddressKind,
}

/// Longest text of one field, in characters.
const MAX_FIELD: usize = 200;

impl Address {
    /// The first part without which a parcel cannot go there, in words; `None` when complete (VAL-04).
    pub fn missing(&self) -> Option<&'static str> {
        let texts = [
            &self.label,
            &self.name,
            &self.line1,
            &self.line2,
            &self.city,
            &self.province,
            &self.postcode,
            &self.landmark,
        ];
        if self.line1.trim().is_empty() {
            Some("a street line")
        } else if self.city.trim().is_empty() {
            Some("a city")
        } else if self.country.len() != 2 || !self.country.bytes().all(|b| b.is_ascii_uppercase()) {
            Some("a two-letter country code")
        } else if texts.iter().any(|text| text.chars().count() > MAX_FIELD) {
            Some("fields of at most 200 characters")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn val_04_an_address_names_what_it_lacks() {
        let full = Address { line1: "12-C".into(), city: "Karachi".into(), country: "PK".into(), ..Address::default() };
        assert_eq!(full.missing(), None);
        for (address, want) in [
            (Address { line1: " ".into(), ..full.clone() }, "a street line"),
            (Address { city: String::new(), ..full.clone() }, "a city"),
            (Address { country: "pk".into(), ..full.clone() }, "a two-letter country code"),
            (Address { landmark: "x".repeat(201), ..full.clone() }, "fields of at most 200 characters"),
        ] {
            assert_eq!(address.missing(), Some(want));
        }
    }
}
