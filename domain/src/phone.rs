//! Phone numbers in E.164 and e-mail addresses in one spelling: the keys customers are known by (CUS-01).
//!
//! Invariant: two spellings of one number parse to equal values, and what is stored parses to itself. It does
//! not know whether a number is in use.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is not a phone number or an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// Not a phone number.
    #[error("{text:?} is not a phone number")]
    Phone {
        /// The text, cut to 64 characters.
        text: String,
    },
    /// Not an e-mail address.
    #[error("{text:?} is not an e-mail address")]
    Email {
        /// The text, cut to 64 characters.
        text: String,
    },
}

/// A phone number in E.164, for example `+923001234567`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(Arc<str>);

/// The value of a decimal digit in the Latin, Arabic-Indic or Urdu (extended Arabic-Indic) script.
fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{0660}'..='\u{0669}' => u32::from(c) - 0x0660,
        '\u{06F0}'..='\u{06F9}' => u32::from(c) - 0x06F0,
        _ => return None,
    };
    char::from_digit(value, 10)
}

impl Phone {
    /// Parses a number as people write it; without a country code it is read as Pakistani.
    ///
    /// # Errors
    /// [`ContactError::Phone`] for anything that is not 8 to 15 digits after the plus sign, and for Pakistani
    /// numbers of a wrong length.
    pub fn parse(text: &str) -> Result<Self, ContactError> {
        let error = || ContactError::Phone { text: text.chars().take(64).collect() };
        let mut digits = String::with_capacity(16);
        let mut plus = false;
        for c in text.trim().chars() {
            match digit(c) {
                Some(d) => digits.push(d),
                None if (c == '+' || c == '\u{FF0B}') && digits.is_empty() && !plus => plus = true,
                None if c.is_whitespace()
                    || matches!(c, '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}') =>
                    {}
                None => return Err(error()),
            }
        }
        if !plus && let Some(rest) = digits.strip_prefix("00") {
            digits = rest.to_owned();
            plus = true;
        }
        if plus || (digits.starts_with("92") && digits.len() == 12) {
            Self::international(&digits).ok_or_else(error)
        } else if let Some(national) = digits.strip_prefix('0') {
            Self::pakistani(national).ok_or_else(error)
        } else if digits.len() == 10 && digits.starts_with('3') {
            Self::pakistani(&digits).ok_or_else(error)
        } else {
            Err(error())
        }
    }

    fn international(digits: &str) -> Option<Self> {
        match digits.strip_prefix("92") {
            Some(national) => Self::pakistani(national.strip_prefix('0').unwrap_or(national)),
            None if !digits.starts_with('0') && (8..=15).contains(&digits.len()) => {
                Some(Self(format!("+{digits}").into()))
            }
            None => None,
        }
    }

    /// A Pakistani number without its trunk zero: mobiles `3xxxxxxxxx`, landlines with 8 to 10 digits.
    fn pakistani(national: &str) -> Option<Self> {
        let fits = match national.as_bytes() {
            [b'3', rest @ ..] => rest.len() == 9,
            [b'1'..=b'9', rest @ ..] => (7..=9).contains(&rest.len()),
            _ => false,
        };
        fits.then(|| Self(format!("+92{national}").into()))
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For eyes that may not see it: country code, three digits and the last four (SEC-06).
    pub fn masked(&self) -> String {
        let length = self.0.len();
        let shown = if length >= 12 { 6 } else { 3 };
        format!("{}\u{2022}\u{2022}\u{2022}{}", &self.0[..shown], &self.0[length - 4..])
    }
}

/// An e-mail address, trimmed and in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(Arc<str>);

impl Email {
    /// Parses an address; upper and lower case do not differ.
    ///
    /// # Errors
    /// [`ContactError::Email`] without exactly one `@`, with blanks, an empty or over-long side (64 and 253
    /// bytes), or a domain without a dot.
    pub fn parse(text: &str) -> Result<Self, ContactError> {
        let lower = text.trim().to_lowercase();
        let sound = |(local, domain): (&str, &str)| {
            let labels = |label: &str| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            };
            (1..=64).contains(&local.len())
                && !local.starts_with('.')
                && !local.ends_with('.')
                && !local.contains("..")
                && !local
                    .chars()
                    .any(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>' | '"'))
                && domain.len() <= 253
                && domain.contains('.')
                && domain.split('.').all(labels)
        };
        match lower.split_once('@') {
            Some(sides) if sound(sides) => Ok(Self(lower.into())),
            _ => Err(ContactError::Email { text: text.chars().take(64).collect() }),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For eyes that may not see it: the first character and the domain (SEC-06).
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or(("", ""));
        format!("{}\u{2022}\u{2022}\u{2022}@{domain}", local.chars().next().unwrap_or('\u{2022}'))
    }
}

/// A number or a mail address: whom a conversation is with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// By WhatsApp, SMS or a call.
    Phone(Phone),
    /// By mail.
    Email(Email),
}

impl Contact {
    /// One text for each contact, as a URI (RFC 3966, RFC 6068).
    pub fn uri(&self) -> String {
        match self {
            Self::Phone(phone) => format!("tel:{phone}"),
            Self::Email(email) => format!("mailto:{email}"),
        }
    }

    /// For eyes that may not see it (SEC-06).
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(phone) => phone.masked(),
            Self::Email(email) => email.masked(),
        }
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    };
}
as_text!(Phone);
as_text!(Email);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cus_01_spellings_of_one_number_are_one_key() {
        for text in [
            "03001234567",
            "0300-1234567",
            "0300 123 4567",
            "3001234567",
            "+92 300 1234567",
            "+92 (0) 300.1234567",
            "00923001234567",
            "0092 0300 1234567",
            "923001234567",
            "\u{06F0}\u{06F3}\u{06F0}\u{06F0}\u{06F1}\u{06F2}\u{06F3}\u{06F4}\u{06F5}\u{06F6}\u{06F7}",
            "\u{0660}\u{0663}\u{0660}\u{0660}-\u{0661}\u{0662}\u{0663}\u{0664}\u{0665}\u{0666}\u{0667}",
        ] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), "+923001234567", "{text}");
        }
        for (text, want) in [
            ("021 35678901", "+922135678901"),
            ("+44 20 7946 0958", "+442079460958"),
            ("+1 (212) 555-0123", "+12125550123"),
        ] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), want);
        }
        for bad in
            ["", "abc", "0300123456", "030012345678", "+92300", "12345", "+1234567890123456", "0300+1234567", "++92300"]
        {
            assert!(Phone::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn cus_01_mail_addresses_are_one_key_whatever_the_case() {
        assert_eq!(Email::parse(" Ali.Khan@Example.COM ").unwrap().as_str(), "ali.khan@example.com");
        for bad in
            ["", "a", "a@b", "a@@b.pk", "a b@c.pk", "@b.pk", "a@.pk", "a@-b.pk", ".a@b.pk", "a..b@c.pk", "a@b.pk@c"]
        {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sec_06_masks_hide_the_middle() {
        assert_eq!(Phone::parse("03001234567").unwrap().masked(), "+92300\u{2022}\u{2022}\u{2022}4567");
        assert_eq!(Email::parse("ali@example.com").unwrap().masked(), "a\u{2022}\u{2022}\u{2022}@example.com");
    }

    proptest! {
        #[test]
        fn cus_01_what_parses_parses_to_itself(text in "[+0-9 ()-]{0,20}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone.clone());
                prop_assert!(!phone.masked().contains(phone.as_str()));
                let json = serde_json::to_string(&phone).unwrap();
                prop_assert_eq!(serde_json::from_str::<Phone>(&json).unwrap(), phone);
            }
        }
    }
}
