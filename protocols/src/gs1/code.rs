//! What can be wrong with a scan: stable numbers, stable names, and the beep an operator hears.
//!
//! Invariant: names and numbers are wire contract; a code is never renumbered, and nothing in this module fails with
//! anything else. Resolution against a database has codes of its own (42xx) and is not here.

use core::fmt;

use super::ai::{Ai, Linter};

/// How a device sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Beep {
    /// Accepted.
    Ok,
    /// Accepted, but look or scan again.
    Confirm,
    /// Refused.
    Stop,
}

impl Beep {
    /// Name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Beep::Ok => "ok",
            Beep::Confirm => "confirm",
            Beep::Stop => "stop",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// Codes 40xx (what arrived) and 41xx (GS1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum ScanCode {
            $($(#[$doc])* $variant = $number,)*
        }

        impl ScanCode {
            /// Every code, in the order of numbers.
            pub const ALL: &'static [ScanCode] = &[$(ScanCode::$variant,)*];

            /// Stable name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(ScanCode::$variant => $name,)*
                }
            }
        }
    };
}

codes! {
    /// Nothing but white space.
    Empty = 4001, "empty";
    /// More bytes or more elements than any GS1 carrier holds.
    TooLong = 4002, "too_long";
    /// Not UTF-8.
    BadUtf8 = 4003, "bad_utf8";
    /// A control character other than GS.
    ControlChar = 4004, "control_char";
    /// The data ends inside an AI or inside a value of fixed length.
    Truncated = 4005, "truncated";
    /// Two scans arrived as one: the scanner sends no suffix.
    TwoScansJoined = 4006, "two_scans_joined";
    /// Digits arrived as the characters of another keyboard layout.
    WrongLayout = 4007, "wrong_layout";
    /// The symbology identifier is not one we know.
    UnknownSymbology = 4008, "unknown_symbology";
    /// A check digit, check pair or IBAN checksum is wrong.
    BadCheckDigit = 4101, "bad_check_digit";
    /// No AI of the dictionary begins here.
    UnknownAi = 4102, "unknown_ai";
    /// A value is shorter or longer than its AI allows.
    AiLength = 4103, "ai_length";
    /// A value holds what its AI does not allow.
    AiCharset = 4104, "ai_charset";
    /// An AI without a value.
    EmptyValue = 4105, "empty_value";
    /// Not a date or time.
    BadDate = 4106, "bad_date";
    /// Data follows a value of fixed length without a separator.
    TrailingData = 4107, "trailing_data";
    /// The same AI with another value.
    RepeatConflict = 4108, "repeat_conflict";
    /// Two AIs that may not be on one item.
    AiMutex = 4109, "ai_mutex";
    /// A partner AI is missing: scan the other label.
    IncompletePair = 4110, "incomplete_pair";
    /// A lot or serial seems to have swallowed the next AI.
    Fnc1Suspect = 4111, "fnc1_suspect";
    /// A number for restricted circulation without a site rule.
    RestrictedGtin = 4112, "restricted_gtin";
    /// A Digital Link with an AI where it may not be.
    DlBadOrder = 4113, "dl_bad_order";
    /// A Digital Link whose scheme, host or characters are not those of a web address.
    DlBadHostScheme = 4114, "dl_bad_host_scheme";
}

impl ScanCode {
    /// Stable number, 4001 to 4199.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// What the operator hears: soft codes ask, all others stop.
    pub const fn beep(self) -> Beep {
        match self {
            ScanCode::IncompletePair | ScanCode::Fnc1Suspect => Beep::Confirm,
            _ => Beep::Stop,
        }
    }
}

/// A code with the place it points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub code: ScanCode,
    /// The AI concerned, if one was read.
    pub ai: Option<Ai>,
    /// The dictionary's check that failed, if it was one.
    pub linter: Option<Linter>,
    /// Offset in bytes into the data that was parsed (for a Digital Link: into the address).
    pub at: u16,
}

impl Fault {
    pub(super) const fn new(code: ScanCode, at: usize) -> Fault {
        Fault { code, ai: None, linter: None, at: if at > u16::MAX as usize { u16::MAX } else { at as u16 } }
    }

    pub(super) const fn of(code: ScanCode, ai: Ai, at: usize) -> Fault {
        Fault { ai: Some(ai), ..Fault::new(code, at) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.code.name(), self.at)?;
        if let Some(ai) = self.ai {
            write!(f, " in ({ai})")?;
        }
        match self.linter {
            Some(linter) => write!(f, ": {}", linter.name()),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_in_order() {
        for pair in ScanCode::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number(), "{pair:?}");
            assert_ne!(pair[0].name(), pair[1].name());
        }
        assert_eq!(ScanCode::ALL.len(), 22);
        assert_eq!((ScanCode::Fnc1Suspect.number(), ScanCode::Fnc1Suspect.beep()), (4111, Beep::Confirm));
        assert_eq!(
            (ScanCode::BadCheckDigit.name(), ScanCode::BadCheckDigit.beep().name()),
            ("bad_check_digit", "stop")
        );
    }

    #[test]
    fn a_fault_reads_alone() {
        let fault = Fault { linter: Some(Linter::CheckDigit), ..Fault::of(ScanCode::BadCheckDigit, Ai::GTIN, 2) };
        assert_eq!(fault.to_string(), "bad_check_digit at 2 in (01): csum");
    }
}
