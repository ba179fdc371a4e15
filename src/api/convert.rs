//! Between wire types and domain types. Plain functions; every failure names its field.

use munshi_domain::{
    Currency, Money, Quantity, WarehouseId,
    customer::{Address, AddressKind},
    phone::{Email, Phone},
};
use munshi_protocols::common as wire;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::problem::Problem;

/// Money for the wire.
pub fn money(money: &Money) -> wire::Money {
    wire::Money { amount: money.amount().to_string(), currency: money.currency().code().to_owned() }
}

/// Money from the wire.
///
/// # Errors
/// `bad_value`.
pub fn parse_money(field: &str, money: &wire::Money) -> Result<Money, Problem> {
    let currency = parse_currency(&format!("{field}/currency"), &money.currency)?;
    let at = format!("{field}/amount");
    Money::new(parse_amount(&at, &money.amount)?, currency).map_err(|error| Problem::bad_value(at, error))
}

/// A currency from the wire.
///
/// # Errors
/// `bad_value`.
pub fn parse_currency(field: &str, code: &str) -> Result<Currency, Problem> {
    Currency::parse(code).map_err(|error| Problem::bad_value(field, error).fix("give an ISO 4217 code such as PKR"))
}

/// A decimal from the wire: digits, at most one point, perhaps a minus sign; nothing else.
///
/// # Errors
/// `bad_value`.
pub fn parse_amount(field: &str, text: &str) -> Result<Decimal, Problem> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.len() <= 24
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let amount = plain.then(|| Decimal::from_str_exact(text).ok()).flatten();
    amount.ok_or_else(|| {
        Problem::bad_value(field, format_args!("{text:?} is not an amount")).fix("give digits such as 1500.00")
    })
}

/// A number of units from the wire, at least 1.
///
/// # Errors
/// `quantity_out_of_range`.
pub fn parse_quantity(field: &str, units: i64) -> Result<u32, Problem> {
    let out = |error| {
        let class = munshi_domain::RefusalClass::Invalid;
        let fix = Some("give a whole number from 1 to 1000000".to_owned());
        Problem::refusal_parts("quantity_out_of_range", class, format!("{error}"), Some(field.to_owned()), fix)
    };
    Quantity::new(units).map(Quantity::get).map_err(out)
}

/// A whole number in a range from the wire.
///
/// # Errors
/// `bad_value`.
pub fn parse_whole<T: TryFrom<i64>>(field: &str, number: i64) -> Result<T, Problem> {
    T::try_from(number).map_err(|_| Problem::bad_value(field, format_args!("{number} is out of range")))
}

/// A warehouse code from the wire.
///
/// # Errors
/// `bad_value`.
pub fn parse_warehouse(field: &str, code: &str) -> Result<WarehouseId, Problem> {
    WarehouseId::parse(code).map_err(|error| Problem::bad_value(field, error))
}

/// One of a set of words from the wire.
///
/// # Errors
/// `bad_value`, naming the words there are.
pub fn parse_word<T: Copy>(
    field: &str,
    word: &str,
    parse: fn(&str) -> Option<T>,
    known: &[&str],
) -> Result<T, Problem> {
    let unknown = || {
        Problem::bad_value(field, format_args!("there is no {word:?} here"))
            .fix(format!("give one of {}", known.join(", ")))
    };
    parse(word).ok_or_else(unknown)
}

/// A phone from the wire.
///
/// # Errors
/// `bad_value`.
pub fn parse_phone(field: &str, text: &str) -> Result<Phone, Problem> {
    Phone::parse(text)
        .map_err(|error| Problem::bad_value(field, error).fix("give a number such as 0300 1234567 or +92 300 1234567"))
}

/// An e-mail address from the wire.
///
/// # Errors
/// `bad_value`.
pub fn parse_email(field: &str, text: &str) -> Result<Email, Problem> {
    Email::parse(text).map_err(|error| Problem::bad_value(field, error).fix("give an address such as name@example.com"))
}

/// An address from the wire; the country is Pakistan if none is given.
///
/// # Errors
/// `bad_value` for its phone or kind. Whether it is complete is the domain's business.
pub fn parse_address(field: &str, given: wire::Address) -> Result<Address, Problem> {
    let kind = match given.kind.as_deref() {
        None => AddressKind::default(),
        Some(word) => parse_word(&format!("{field}/kind"), word, AddressKind::parse, &["residential", "commercial"])?,
    };
    let phone = given.phone.as_deref().filter(|text| !text.trim().is_empty());
    let phone = phone.map(|text| parse_phone(&format!("{field}/phone"), text)).transpose()?;
    let text = |text: Option<String>| text.unwrap_or_default().trim().to_owned();
    Ok(Address {
        label: text(given.label),
        name: text(given.name),
        phone,
        line1: given.line1.trim().to_owned(),
        line2: text(given.line2),
        city: given.city.trim().to_owned(),
        province: text(given.province),
        postcode: text(given.postcode),
        country: given.country.map_or_else(|| "PK".to_owned(), |country| country.trim().to_ascii_uppercase()),
        landmark: text(given.landmark),
        kind,
    })
}

/// An address for the wire.
pub fn address(address: &Address, contacts: bool) -> wire::Address {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    wire::Address {
        label: text(&address.label),
        name: text(&address.name),
        phone: address.phone.as_ref().map(|phone| shown_phone(phone, contacts)),
        line1: address.line1.clone(),
        line2: text(&address.line2),
        city: address.city.clone(),
        province: text(&address.province),
        postcode: text(&address.postcode),
        country: text(&address.country),
        landmark: text(&address.landmark),
        kind: Some(address.kind.word().to_owned()),
    }
}

/// A phone for eyes that may or may not see contacts (SEC-06).
pub fn shown_phone(phone: &Phone, contacts: bool) -> String {
    if contacts { phone.as_str().to_owned() } else { phone.masked() }
}

/// An e-mail address for eyes that may or may not see contacts (SEC-06).
pub fn shown_email(email: &Email, contacts: bool) -> String {
    if contacts { email.as_str().to_owned() } else { email.masked() }
}

/// A stored phone or e-mail text, masked unless contacts may be seen.
pub fn shown_text(text: &str, contacts: bool) -> String {
    if contacts {
        return text.to_owned();
    }
    let phone = Phone::parse(text).map(|phone| phone.masked());
    phone.or_else(|_| Email::parse(text).map(|email| email.masked())).unwrap_or_else(|_| "•••".to_owned())
}

/// Masks phones and e-mail addresses anywhere in a value (SEC-06).
pub fn mask_contacts(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if matches!(name.as_str(), "phone" | "phones" | "email" | "emails") {
                    mask_texts(value);
                } else {
                    mask_contacts(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_contacts),
        _ => {}
    }
}

fn mask_texts(value: &mut Value) {
    match value {
        Value::String(text) => *text = shown_text(text, false),
        Value::Array(items) => items.iter_mut().for_each(mask_texts),
        Value::Object(fields) => fields.values_mut().for_each(mask_texts),
        _ => {}
    }
}

/// A reason from the wire.
///
/// # Errors
/// `bad_value` for one that is empty or too long.
pub fn parse_reason(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if (1..=500).contains(&text.chars().count()) && !text.chars().any(|c| c.is_control() && c != '\n') {
        return Ok(text.to_owned());
    }
    Err(Problem::bad_value("/reason", "a reason has 1 to 500 characters"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_are_plain_decimals() {
        for good in ["0", "1500.00", "-0.5", "999999999999.99"] {
            assert!(parse_amount("/a", good).is_ok(), "{good}");
        }
        for bad in ["", "-", "1e3", "1,5", ".5", "5.", "+1", " 1", "1.2.3", "NaN", "٣", "1234567890123456789012345"] {
            assert_eq!(parse_amount("/a", bad).unwrap_err().field.as_deref(), Some("/a"), "{bad}");
        }
    }

    #[test]
    fn sec_06_contacts_are_masked_wherever_they_stand() {
        let mut value =
            json!({"customer": {"phone": "+923001234567", "emails": ["ali@example.com"]}, "lines": [{"phone": null}]});
        mask_contacts(&mut value);
        assert_eq!(value["customer"]["phone"], "+92300•••4567");
        assert_eq!(value["customer"]["emails"][0], "a•••@example.com");
    }

    #[test]
    fn an_address_defaults_to_pakistan() {
        let given = wire::Address { line1: " 12-C ".into(), city: "Karachi".into(), ..wire::Address::default() };
        let parsed = parse_address("/shipping_address", given).unwrap();
        assert_eq!((parsed.country.as_str(), parsed.line1.as_str(), parsed.missing()), ("PK", "12-C", None));
        let bad = wire::Address { phone: Some("12".into()), ..wire::Address::default() };
        assert_eq!(parse_address("/a", bad).unwrap_err().field.as_deref(), Some("/a/phone"));
    }
}
