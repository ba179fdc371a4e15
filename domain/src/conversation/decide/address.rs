//! A postal address out of one chat message.
//!
//! Invariant: nothing is guessed. A text is an address only if it names a city that is known and something before it to
//! find the door by; and the customer is asked whether it was read right before anything changes.

use crate::customer::Address;

/// Cities as people write them, with the one spelling used on parcels.
const CITIES: &[(&str, &str)] = &[
    ("karachi", "Karachi"),
    ("khi", "Karachi"),
    ("کراچی", "Karachi"),
    ("lahore", "Lahore"),
    ("lhr", "Lahore"),
    ("لاہور", "Lahore"),
    ("islamabad", "Islamabad"),
    ("isb", "Islamabad"),
    ("اسلام آباد", "Islamabad"),
    ("rawalpindi", "Rawalpindi"),
    ("pindi", "Rawalpindi"),
    ("راولپنڈی", "Rawalpindi"),
    ("faisalabad", "Faisalabad"),
    ("fsd", "Faisalabad"),
    ("فیصل آباد", "Faisalabad"),
    ("multan", "Multan"),
    ("ملتان", "Multan"),
    ("peshawar", "Peshawar"),
    ("پشاور", "Peshawar"),
    ("quetta", "Quetta"),
    ("کوئٹہ", "Quetta"),
    ("hyderabad", "Hyderabad"),
    ("حیدرآباد", "Hyderabad"),
    ("sialkot", "Sialkot"),
    ("سیالکوٹ", "Sialkot"),
    ("gujranwala", "Gujranwala"),
    ("گوجرانوالہ", "Gujranwala"),
    ("gujrat", "Gujrat"),
    ("گجرات", "Gujrat"),
    ("bahawalpur", "Bahawalpur"),
    ("بہاولپور", "Bahawalpur"),
    ("sargodha", "Sargodha"),
    ("سرگودھا", "Sargodha"),
    ("sukkur", "Sukkur"),
    ("سکھر", "Sukkur"),
    ("larkana", "Larkana"),
    ("sahiwal", "Sahiwal"),
    ("okara", "Okara"),
    ("kasur", "Kasur"),
    ("jhang", "Jhang"),
    ("sheikhupura", "Sheikhupura"),
    ("jhelum", "Jhelum"),
    ("mardan", "Mardan"),
    ("abbottabad", "Abbottabad"),
    ("mingora", "Mingora"),
    ("swat", "Swat"),
    ("rahim yar khan", "Rahim Yar Khan"),
    ("mirpur", "Mirpur"),
    ("muzaffarabad", "Muzaffarabad"),
    ("gilgit", "Gilgit"),
    ("skardu", "Skardu"),
    ("wah", "Wah Cantt"),
    ("wah cantt", "Wah Cantt"),
    ("chiniot", "Chiniot"),
    ("vehari", "Vehari"),
    ("khanewal", "Khanewal"),
    ("nawabshah", "Nawabshah"),
    ("mirpurkhas", "Mirpur Khas"),
    ("mirpur khas", "Mirpur Khas"),
    ("attock", "Attock"),
    ("dera ghazi khan", "Dera Ghazi Khan"),
    ("dg khan", "Dera Ghazi Khan"),
    ("dera ismail khan", "Dera Ismail Khan"),
    ("di khan", "Dera Ismail Khan"),
    ("kohat", "Kohat"),
    ("bannu", "Bannu"),
    ("swabi", "Swabi"),
    ("mansehra", "Mansehra"),
    ("haripur", "Haripur"),
    ("chakwal", "Chakwal"),
    ("mianwali", "Mianwali"),
    ("hafizabad", "Hafizabad"),
    ("muridke", "Muridke"),
    ("gwadar", "Gwadar"),
    ("turbat", "Turbat"),
];

/// Words before the address itself.
const LEADS: &[&str] = &[
    "new address",
    "my address",
    "address",
    "naya address",
    "mera address",
    "naya pata",
    "mera pata",
    "pata",
    "نیا پتہ",
    "میرا پتہ",
    "پتہ",
];

/// Longest text that is read as an address, in characters.
const MAX_TEXT: usize = 400;

/// The address a text gives; `None` where it is not plain.
pub(super) fn read(text: &str) -> Option<Address> {
    if text.chars().count() > MAX_TEXT {
        return None;
    }
    let mut pieces: Vec<String> = text
        .split(['\n', ',', '،', ';'])
        .map(|piece| piece.trim().trim_matches(['.', ':', '-', ' ', '۔']).to_owned())
        .filter(|piece| !piece.is_empty())
        .collect();
    if let Some(first) = pieces.first_mut() {
        *first = without_lead(first);
    }
    pieces.retain(|piece| !piece.is_empty() && !is_country(piece));
    let city = take_city(&mut pieces)?;
    let line1 = pieces.first()?.clone();
    let line2 = pieces[1..].join(", ");
    let findable = pieces.iter().flat_map(|piece| piece.split_whitespace()).count() >= 2;
    let fits = [&line1, &line2].into_iter().all(|line| line.chars().count() <= 200);
    (findable && fits).then(|| Address { line1, line2, city, country: "PK".into(), ..Address::default() })
}

/// The address in one line, for the question whether it is right.
pub(super) fn written(address: &Address) -> String {
    let parts = [&address.line1, &address.line2, &address.city];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

fn is_country(piece: &str) -> bool {
    matches!(piece.to_lowercase().as_str(), "pakistan" | "pk" | "پاکستان")
}

fn without_lead(piece: &str) -> String {
    let lower = piece.to_lowercase();
    let lead = |lead: &&&str| {
        lower.strip_prefix(**lead).is_some_and(|rest| {
            let mut rest = rest.chars();
            rest.next().is_none_or(|c| c == ':' || c == '-' || c.is_whitespace())
        })
    };
    // Lower case of these scripts has the same length, or the lead is not found at a boundary and stays.
    let longest = LEADS.iter().filter(lead).max_by_key(|lead| lead.len());
    let rest = longest.and_then(|lead| piece.get(lead.len()..)).unwrap_or(piece);
    let rest = rest.trim_start_matches([':', '-', ' ', '\t']);
    let words = ["hai ", "yeh hai ", "ye hai ", "is ", "ہے "];
    let rest = words.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    rest.trim_start_matches([':', '-', ' ']).to_owned()
}

/// Takes the city out of the pieces: a piece that is one, or the end of the last piece.
fn take_city(pieces: &mut Vec<String>) -> Option<String> {
    let plain = |piece: &str| {
        let text = piece.to_lowercase();
        text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == ' ').to_owned()
    };
    let named = |piece: &str| CITIES.iter().find(|(name, _)| plain(piece) == *name).map(|(_, city)| (*city).to_owned());
    if let Some(at) = pieces.iter().rposition(|piece| named(piece).is_some()) {
        let city = named(&pieces[at]);
        pieces.remove(at);
        return city;
    }
    let last = pieces.last_mut()?;
    let lower = plain(last);
    let ends = |name: &str| lower.strip_suffix(name).is_some_and(|rest| rest.ends_with(' '));
    let (name, city) = CITIES.iter().filter(|(name, _)| ends(name)).max_by_key(|(name, _)| name.len())?;
    let kept = lower.strip_suffix(name)?.trim_end().chars().count();
    *last = last.chars().take(kept).collect::<String>().trim().to_owned();
    Some((*city).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n07_an_address_is_read_or_left_to_a_person() {
        for (text, want) in [
            ("House 12-C, Street 4, Gulberg III, Lahore", Some("House 12-C, Street 4, Gulberg III, Lahore")),
            (
                "new address: Flat 5, Block 7\nGulshan-e-Iqbal\nKarachi 75300",
                Some("Flat 5, Block 7, Gulshan-e-Iqbal, Karachi"),
            ),
            ("H# 22 st 9 F-8/1 islamabad", Some("H# 22 st 9 F-8/1, Islamabad")),
            ("mera pata hai makan 3, mohalla Eidgah, Pindi, Pakistan", Some("makan 3, mohalla Eidgah, Rawalpindi")),
            ("مکان نمبر 5، گلی 3، ماڈل ٹاؤن، لاہور", Some("مکان نمبر 5, گلی 3, ماڈل ٹاؤن, Lahore")),
            ("Lahore", None),
            ("Rahim Yar Khan", None),
            ("wahan nahi, doosri jagah", None),
            ("kal bhej dena", None),
            ("", None),
            ("House 1, Street 2, Atlantis", None),
        ] {
            assert_eq!(read(text).map(|address| written(&address)).as_deref(), want, "{text}");
        }
        assert_eq!(read(&"x, Lahore ".repeat(60)), None);
        assert_eq!(read("Flat 1, Clifton, KHI").unwrap().missing(), None);
    }

    proptest::proptest! {
        #[test]
        fn n07_whatever_is_read_is_a_complete_address(text in "\\PC{0,60}", city in 0usize..70) {
            let city = CITIES[city % CITIES.len()].0;
            for text in [text.clone(), format!("{text}, {city}"), format!("{text} {city}")] {
                if let Some(address) = read(&text) {
                    proptest::prop_assert_eq!(address.missing(), None);
                }
            }
        }
    }
}
