//! Valid values for every application identifier, of any length one can have.

use munshi_protocols::gs1::{Ai, AiEntry, Charset, Component, Linter, check_digit, check_pair};

/// A value of exactly `len` characters that every check accepts; `None` when there is none.
pub fn value_of(entry: &AiEntry, len: usize) -> Option<String> {
    let mut value = String::new();
    for component in entry.components {
        let left = len - value.len();
        if left == 0 && component.optional {
            break;
        }
        let part = left.min(component.max as usize);
        if part < component.min as usize {
            return None;
        }
        value += &part_of(component, part)?;
    }
    (value.len() == len).then_some(value)
}

/// The shortest and the longest valid value.
pub fn extremes(entry: &AiEntry) -> (String, String) {
    let lengths = entry.min_len as usize..=entry.max_len as usize;
    let shortest = lengths.clone().find_map(|len| value_of(entry, len));
    let longest = lengths.rev().find_map(|len| value_of(entry, len));
    match (shortest, longest) {
        (Some(shortest), Some(longest)) => (shortest, longest),
        _ => panic!("{:04} has no valid value", entry.first),
    }
}

/// All AIs of all entries.
pub fn all_ais() -> Vec<(Ai, &'static AiEntry)> {
    let numbers = munshi_protocols::gs1::table::ENTRIES.iter().flat_map(|entry| {
        (entry.first..=entry.last)
            .map(move |number| (format!("{number:0width$}", width = entry.digits as usize), entry))
    });
    numbers.map(|(text, entry)| (Ai::parse(&text).unwrap_or_else(|| panic!("{text}")), entry)).collect()
}

fn part_of(component: &Component, len: usize) -> Option<String> {
    let has = |linter| component.linters.contains(&linter);
    if let Some(fixed) = component.linters.iter().find_map(fixed) {
        return (fixed.len() == len).then(|| fixed.to_owned());
    }
    let filler = match component.charset {
        Charset::Digits => "9",
        Charset::Cset82 => "z",
        Charset::Cset39 => "#",
        Charset::Base64Url => "_",
    };
    let prefix = if has(Linter::CompanyPrefix) || has(Linter::CompanyPrefixAt2) { "9506000" } else { "" };
    let fill = |len: usize| format!("{prefix}{}", filler.repeat(len))[..len].to_owned();
    if has(Linter::CheckPair) {
        let body = fill(len.checked_sub(2)?);
        let pair = check_pair(body.as_bytes())?;
        return (body.len() >= 4).then(|| format!("{body}{}{}", pair[0] as char, pair[1] as char));
    }
    if has(Linter::CompanyPrefix) && len < 4 {
        return None;
    }
    if has(Linter::CheckDigit) {
        let body = fill(len - 1);
        return Some(format!("{body}{}", check_digit(body.as_bytes())? as char));
    }
    if has(Linter::Iban) {
        return iban(len);
    }
    if has(Linter::PackageType) {
        return ["8", "BX", "WRP"].iter().find(|code| code.len() == len).map(|code| (*code).to_owned());
    }
    if has(Linter::CouponCode) {
        return coupon(len);
    }
    if has(Linter::CouponPositiveOffer) {
        let serial = len.checked_sub(2 + 6 + 6 + 1).filter(|serial| (6..=15).contains(serial))?;
        return Some(format!("00123456123456{}{}", serial - 6, "7".repeat(serial)));
    }
    Some(fill(len))
}

fn fixed(linter: &Linter) -> Option<&'static str> {
    Some(match linter {
        Linter::Country | Linter::CountryOr999 => "276",
        Linter::CountryAlpha2 => "DE",
        Linter::Currency => "978",
        Linter::Date | Linter::DateDay00 => "260228",
        Linter::FullDate => "20260228",
        Linter::Hour => "23",
        Linter::HourMinute => "2359",
        Linter::Minute | Linter::Second => "59",
        Linter::Hyphen => "-",
        Linter::ImporterIndex => "_",
        Linter::Latitude => "1800000000",
        Linter::Longitude => "3600000000",
        Linter::MediaType => "99",
        Linter::PieceOfTotal => "0102",
        Linter::PositionInSequence => "1/2",
        Linter::Sex | Linter::Winding => "9",
        Linter::YesNo => "1",
        Linter::Zero => "0",
        _ => return None,
    })
}

fn iban(len: usize) -> Option<String> {
    let body = "1".repeat(len.checked_sub(4).filter(|body| *body >= 7)?);
    let number = format!("{body}131400"); // DE00 moved to the end
    let remainder = number.bytes().fold(0, |rest, digit| (rest * 10 + (digit - b'0') as u32) % 97);
    Some(format!("DE{:02}{body}", 98 - remainder))
}

fn coupon(len: usize) -> Option<String> {
    let base = "012345612345611110123";
    let more = ["", "50123456", "90001", "5012345690001", "101101239", "21110120123456", "32612314260101"];
    let all = "1011012392111012012345632612314260101";
    let tails = more.iter().map(|tail| (*tail).to_owned()).chain([all.to_owned(), format!("{all}50123456")]);
    tails.map(|tail| format!("{base}{tail}")).find(|value| value.len() == len)
}
