//! Amounts in element strings: decimals by the last digit of the AI, units, currencies.
//!
//! Invariant: an amount is an integer and a number of decimals, never a float; its text keeps the decimals that were
//! printed. Units are UN/ECE Recommendation 20 codes. Converts nothing.

use core::fmt;

use super::ai::Ai;
use super::element::Element;

/// `unscaled` divided by ten to the power of `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    /// All digits as an integer.
    pub unscaled: u64,
    /// How many of them are decimals, 0 to 9.
    pub scale: u8,
}

impl fmt::Display for Amount {
    /// A decimal text: `12.340`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(f, "{}", self.unscaled);
        }
        match 10u64.checked_pow(scale as u32) {
            Some(one) => write!(f, "{}.{:0scale$}", self.unscaled / one, self.unscaled % one),
            None => write!(f, "{}e-{scale}", self.unscaled),
        }
    }
}

/// An amount with what it is an amount of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure<'a> {
    /// The number.
    pub amount: Amount,
    /// Unit code; `None` for a price in the site's currency.
    pub unit: Option<&'static str>,
    /// ISO 4217 numeric currency, when the label has one.
    pub currency: Option<&'a str>,
}

/// The amount an element carries; `None` when its AI carries none.
pub fn measure<'a>(element: Element<'a>) -> Option<Measure<'a>> {
    let number = element.ai.number();
    let scale = (number % 10) as u8;
    let (digits, scale, unit, currency) = match number {
        30 | 37 => (element.value, 0, Some("C62"), None),
        3100..=3699 => (element.value, scale, Some(unit_of(element.ai)?), None),
        3900..=3909 | 3920..=3929 | 3950..=3959 => (element.value, scale, None, None),
        3910..=3919 | 3930..=3939 => {
            let (currency, digits) = element.value.split_at_checked(3)?;
            (digits, scale, None, Some(currency))
        }
        3940..=3949 => (element.value, scale, Some("P1"), None),
        _ => return None,
    };
    Some(Measure { amount: Amount { unscaled: digits.parse().ok()?, scale }, unit, currency })
}

/// Unit codes by the first three digits of the AI: kg, m, m², l, m³, lb, in, ft, yd, kg/m², in², ft², yd², troy ounce,
/// fluid ounce, quart, gallon (US), in³, ft³, yd³; piece is `C62`, percent `P1`.
fn unit_of(ai: Ai) -> Option<&'static str> {
    Some(match ai.number() / 10 {
        310 | 330 => "KGM",
        311..=313 | 331..=333 => "MTR",
        314 | 334 => "MTK",
        315 | 335 => "LTR",
        316 | 336 => "MTQ",
        320 | 340 => "LBR",
        321 | 324 | 327 | 341 | 344 | 347 => "INH",
        322 | 325 | 328 | 342 | 345 | 348 => "FOT",
        323 | 326 | 329 | 343 | 346 | 349 => "YRD",
        337 => "28",
        350 | 353 => "INK",
        351 | 354 => "FTK",
        352 | 355 => "YDK",
        356 => "APZ",
        357 => "OZA",
        360 | 362 => "QT",
        361 | 363 => "GLL",
        364 | 367 => "INQ",
        365 | 368 => "FTQ",
        366 | 369 => "YDQ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::table::ENTRIES;
    use super::*;

    fn shown(ai: &str, value: &str) -> Option<(String, Option<&'static str>, Option<String>)> {
        let element = Element { ai: Ai::parse(ai)?, value };
        measure(element).map(|m| (m.amount.to_string(), m.unit, m.currency.map(str::to_owned)))
    }

    #[test]
    fn the_last_digit_of_the_ai_is_the_number_of_decimals() {
        assert_eq!(shown("3100", "001234"), Some(("1234".into(), Some("KGM"), None)));
        assert_eq!(shown("3103", "001234"), Some(("1.234".into(), Some("KGM"), None)));
        assert_eq!(shown("3105", "000001"), Some(("0.00001".into(), Some("KGM"), None)));
        assert_eq!(shown("3922", "1999"), Some(("19.99".into(), None, None)));
        assert_eq!(shown("3932", "9781999"), Some(("19.99".into(), None, Some("978".into()))));
        assert_eq!(shown("3919", "978999999999999999"), Some(("999999.999999999".into(), None, Some("978".into()))));
        assert_eq!(shown("3942", "0125"), Some(("1.25".into(), Some("P1"), None)));
        assert_eq!(shown("37", "12"), Some(("12".into(), Some("C62"), None)));
        assert_eq!(shown("10", "12"), None);
        assert_eq!(shown("3932", "97"), None, "a currency without a price");
    }

    #[test]
    fn every_measuring_ai_has_the_unit_of_its_title() {
        for entry in ENTRIES.iter().filter(|entry| (3100..3700).contains(&entry.first)) {
            let unit = unit_of(Ai(entry.first)).unwrap_or_else(|| panic!("{} has no unit", entry.first));
            let named = entry.title.split(['(', ')']).nth(1).unwrap_or(entry.title);
            let expected = match named {
                "kg" => "KGM",
                "m" => "MTR",
                "m²" => "MTK",
                "l" => "LTR",
                "m³" => "MTQ",
                "lb" => "LBR",
                "in" => "INH",
                "ft" => "FOT",
                "yd" => "YRD",
                "in²" => "INK",
                "ft²" => "FTK",
                "yd²" => "YDK",
                "tr oz" => "APZ",
                "oz" => "OZA",
                "qt " | "qt" => "QT",
                "gal." | "gal " | "gal" => "GLL",
                "in³" => "INQ",
                "ft³" => "FTQ",
                "yd³" => "YDQ",
                "KG PER m²" => "28",
                other => panic!("unit {other}"),
            };
            assert_eq!(unit, expected, "{}", entry.title);
        }
    }
}
