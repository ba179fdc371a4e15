//! Money: an exact decimal amount in one ISO 4217 currency. Currencies never mix silently, and every
//! rounding is half-even ("banker's") to the currency's minor unit.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An ISO 4217 alphabetic currency code that Munshi knows the minor unit of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Minor-unit exponents of ISO 4217 that differ from 2.
const EXPONENT_0: [&str; 9] = ["BIF", "CLP", "DJF", "ISK", "JPY", "KRW", "RWF", "UGX", "VND"];
const EXPONENT_3: [&str; 6] = ["BHD", "IQD", "JOD", "KWD", "OMR", "TND"];
const EXPONENT_2: [&str; 42] = [
    "AED", "AFN", "ARS", "AUD", "BDT", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD", "HUF",
    "IDR", "ILS", "INR", "IRR", "KES", "LKR", "MAD", "MXN", "MYR", "NGN", "NOK", "NPR", "NZD", "PHP", "PKR", "PLN",
    "QAR", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
];

/// Largest absolute amount accepted, in major units; keeps every product of amount and quantity inside 96 bits.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

impl Currency {
    /// Pakistani rupee, the first market's currency.
    pub const PKR: Self = Self(*b"PKR");
    /// US dollar.
    pub const USD: Self = Self(*b"USD");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");

    /// Parses an upper-case ISO 4217 code.
    ///
    /// # Errors
    /// [`MoneyError::UnknownCurrency`] for anything else.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        let known = EXPONENT_2.contains(&code) || EXPONENT_0.contains(&code) || EXPONENT_3.contains(&code);
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(bytes) if known => Ok(Self(bytes)),
            _ => Err(MoneyError::UnknownCurrency(code.chars().take(16).collect())),
        }
    }

    /// The code, for example `PKR`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimal places of the minor unit (ISO 4217): 2 for PKR, 0 for JPY, 3 for KWD.
    pub fn exponent(&self) -> u32 {
        if EXPONENT_0.contains(&self.code()) {
            0
        } else if EXPONENT_3.contains(&self.code()) {
            3
        } else {
            2
        }
    }

    /// `amount` rounded half-even to the minor unit.
    pub fn round(&self, amount: Decimal) -> Decimal {
        amount.round_dp_with_strategy(self.exponent(), RoundingStrategy::MidpointNearestEven)
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self::PKR
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&code).map_err(de::Error::custom)
    }
}

/// Why an amount or an operation on amounts is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not an ISO 4217 code known here.
    #[error("unknown currency {0:?}")]
    UnknownCurrency(String),
    /// Two currencies met in one sum.
    #[error("currencies do not mix: {left} and {right}")]
    CurrencyMismatch {
        /// Currency of the left operand.
        left: Currency,
        /// Currency of the right operand.
        right: Currency,
    },
    /// More decimal places than the currency has.
    #[error("{currency} has {exponent} decimal places, got {amount}")]
    TooPrecise {
        /// The amount as given.
        amount: Decimal,
        /// Its currency.
        currency: Currency,
        /// Decimal places allowed.
        exponent: u32,
    },
    /// Beyond [`MAX_AMOUNT`] either way.
    #[error("amount is out of range")]
    OutOfRange,
}

/// An amount in a currency, never finer than the currency's minor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawMoney")]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMoney {
    amount: Decimal,
    currency: Currency,
}

impl TryFrom<RawMoney> for Money {
    type Error = MoneyError;
    fn try_from(raw: RawMoney) -> Result<Self, MoneyError> {
        Self::new(raw.amount, raw.currency)
    }
}

impl Money {
    /// An exact amount.
    ///
    /// # Errors
    /// [`MoneyError::TooPrecise`] if it is finer than the minor unit, [`MoneyError::OutOfRange`] if it is too large.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        if amount.abs() > Decimal::from(MAX_AMOUNT) {
            return Err(MoneyError::OutOfRange);
        }
        let rounded = currency.round(amount);
        if rounded != amount {
            return Err(MoneyError::TooPrecise { amount, currency, exponent: currency.exponent() });
        }
        Ok(Self { amount: Self::scaled(rounded, currency), currency })
    }

    /// `amount` rounded half-even to the minor unit.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] if it is too large.
    pub fn rounded(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        Self::new(currency.round(amount), currency)
    }

    /// Nothing, in `currency`.
    pub fn zero(currency: Currency) -> Self {
        Self { amount: Self::scaled(Decimal::ZERO, currency), currency }
    }

    /// The amount in major units.
    pub const fn amount(&self) -> Decimal {
        self.amount
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Sum of two amounts of one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::OutOfRange`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Self::new(self.amount + other.amount, self.currency)
    }

    /// Difference of two amounts of one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::OutOfRange`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Self::new(self.amount - other.amount, self.currency)
    }

    /// `units` times this amount.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn times(self, units: u32) -> Result<Self, MoneyError> {
        let product = self.amount.checked_mul(Decimal::from(units)).ok_or(MoneyError::OutOfRange)?;
        Self::new(product, self.currency)
    }

    /// Whether the amount is below zero.
    pub fn is_negative(&self) -> bool {
        self.amount < Decimal::ZERO
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }

    /// The same value written with exactly the currency's decimal places, so that text forms compare equal.
    fn scaled(mut amount: Decimal, currency: Currency) -> Decimal {
        amount.rescale(currency.exponent());
        amount
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.currency, self.amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pkr(text: &str) -> Money {
        Money::new(text.parse().unwrap(), Currency::PKR).unwrap()
    }

    #[test]
    fn lin_05_rounding_is_half_even_at_the_minor_unit() {
        for (given, want) in [("0.125", "0.12"), ("0.135", "0.14"), ("-0.125", "-0.12"), ("2.675", "2.68")] {
            let money = Money::rounded(given.parse().unwrap(), Currency::PKR).unwrap();
            assert_eq!(money.amount(), want.parse::<Decimal>().unwrap(), "{given}");
        }
    }

    #[test]
    fn currencies_do_not_mix_and_minor_units_are_enforced() {
        let usd = Money::new(Decimal::ONE, Currency::USD).unwrap();
        assert!(matches!(pkr("1").plus(usd), Err(MoneyError::CurrencyMismatch { .. })));
        assert!(matches!(Money::new("1.005".parse().unwrap(), Currency::PKR), Err(MoneyError::TooPrecise { .. })));
        let yen = Currency::parse("JPY").unwrap();
        assert!(Money::new("1.5".parse().unwrap(), yen).is_err());
        assert!(Currency::parse("pkr").is_err() && Currency::parse("XXX").is_err());
        assert!(Money::new(Decimal::from(MAX_AMOUNT + 1), Currency::PKR).is_err());
    }

    proptest! {
        #[test]
        fn sum_and_difference_are_inverse(a in -100_000_000i64..100_000_000, b in -100_000_000i64..100_000_000) {
            let (a, b) = (Money::new(Decimal::new(a, 2), Currency::PKR).unwrap(), Money::new(Decimal::new(b, 2), Currency::PKR).unwrap());
            prop_assert_eq!(a.plus(b).unwrap().minus(b).unwrap(), a);
            let text = serde_json::to_string(&a).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), a);
        }
    }
}
