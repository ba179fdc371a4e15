//! Every application identifier of the dictionary: lengths, character sets, separators, pairing rules.

#[allow(dead_code)] // each test file uses a part
mod gs1_values;

use gs1_values::{all_ais, extremes};
use munshi_protocols::gs1::{
    Ai, AiEntry, Charset, Element, Elements, Fault, Pairing, Pattern, ScanCode, check_item, parse_elements,
    write_element_string,
};

const YEAR: u16 = 2026;

fn parse(data: &str) -> Result<Elements<'_>, Fault> {
    parse_elements(data, YEAR)
}

fn code(data: &str) -> Option<ScanCode> {
    parse(data).err().map(|fault| fault.code)
}

#[test]
fn shortest_and_longest_values_are_accepted_and_one_more_or_less_is_not() {
    for (ai, entry) in all_ais() {
        let (shortest, longest) = extremes(entry);
        for value in [&shortest, &longest] {
            let data = format!("{ai}{value}");
            let read = parse(&data).unwrap_or_else(|fault| panic!("{data}: {fault}"));
            assert_eq!(read.iter().collect::<Vec<_>>(), [Element { ai, value }]);
        }
        let too_long = format!("{ai}{longest}{}\u{1d}", "1".repeat(entry.max_len as usize + 1 - longest.len()));
        let expected: &[ScanCode] = match (entry.predefined_length, entry.min_len == entry.max_len) {
            (true, _) => &[ScanCode::UnknownAi, ScanCode::Truncated],
            (false, true) => &[ScanCode::TrailingData],
            (false, false) => &[ScanCode::AiLength],
        };
        assert!(expected.contains(&code(&too_long).expect("refused")), "{too_long:?}: {:?}", code(&too_long));
        let cut = &shortest[..entry.min_len as usize - 1];
        let expected = if cut.is_empty() { ScanCode::EmptyValue } else { ScanCode::AiLength };
        assert_eq!(code(&format!("{ai}{cut}\u{1d}")), Some(expected), "({ai}){cut}");
    }
}

#[test]
fn a_character_outside_the_set_of_its_component_is_refused_wherever_it_is() {
    for (ai, entry) in all_ais() {
        let (_, longest) = extremes(entry);
        let mut at = 0;
        for component in entry.components {
            let wrong = match component.charset {
                Charset::Digits => "A",
                Charset::Cset82 => "#",
                Charset::Cset39 => "a",
                Charset::Base64Url => "+",
            };
            for place in at..longest.len().min(at + component.max as usize) {
                let mut value = longest.clone();
                value.replace_range(place..=place, wrong);
                let fault = parse(&format!("{ai}{value}")).map(|_| ()).expect_err(&value);
                assert_eq!((fault.code, fault.ai), (ScanCode::AiCharset, Some(ai)), "({ai}){value}");
            }
            at += component.max as usize;
        }
    }
}

#[test]
fn a_separator_is_needed_exactly_after_values_without_a_predefined_length() {
    for (ai, entry) in all_ais().into_iter().filter(|(ai, _)| ai.number() != 99) {
        for value in [extremes(entry).0, extremes(entry).1] {
            let two = [Element { ai, value: &value }, Element { ai: Ai::parse("99").unwrap(), value: "X" }];
            let separated = format!("{ai}{value}\u{1d}99X");
            assert_eq!(parse(&separated).unwrap().iter().collect::<Vec<_>>(), two, "{separated:?}");
            let joined = format!("{ai}{value}99X");
            let read = parse(&joined).map(|elements| elements.iter().map(|e| e.ai).collect::<Vec<_>>());
            if entry.predefined_length {
                assert_eq!(read.as_deref(), Ok(&[ai, two[1].ai][..]), "{joined}");
            } else {
                assert_ne!(read.as_deref(), Ok(&[ai, two[1].ai][..]), "{joined} is not split by guess");
            }
            let mut written = String::new();
            write_element_string(&mut written, &two, YEAR).unwrap();
            assert_eq!(&written, if entry.predefined_length { &joined } else { &separated });
        }
    }
}

fn matching(pattern: Pattern, not: Ai) -> Vec<(Ai, &'static AiEntry)> {
    all_ais().into_iter().filter(|(ai, _)| *ai != not && pattern.matches(*ai)).collect()
}

fn label(ai: Ai, entry: &AiEntry) -> String {
    format!("{ai}{}", extremes(entry).0)
}

fn judge(labels: &[String]) -> Result<Pairing, ScanCode> {
    let carriers: Vec<Elements<'_>> = labels.iter().map(|data| parse(data).unwrap()).collect();
    check_item(&carriers).map_err(|fault| fault.code)
}

fn lacks(judged: Result<Pairing, ScanCode>, asking: Ai) -> bool {
    matches!(judged, Ok(Pairing::Incomplete { ai, .. }) if ai == asking)
}

#[test]
fn every_excluded_pair_is_refused_in_either_order() {
    let mut pairs = 0;
    for (ai, entry) in all_ais() {
        for (other, other_entry) in entry.excludes.iter().flat_map(|pattern| matching(*pattern, ai)) {
            let labels = [label(ai, entry), label(other, other_entry)];
            assert_eq!(judge(&labels), Err(ScanCode::AiMutex), "{ai} with {other}");
            assert_eq!(judge(&[labels[1].clone(), labels[0].clone()]), Err(ScanCode::AiMutex), "{other} with {ai}");
            pairs += 1;
        }
    }
    assert!(pairs > 500, "{pairs} pairs");
}

#[test]
fn every_required_group_satisfies_and_nothing_less_does() {
    let mut groups = 0;
    for (ai, entry) in all_ais() {
        let alone = judge(&[label(ai, entry)]);
        assert_eq!(lacks(alone, ai), !entry.requires.is_empty(), "{ai} alone");
        for group in entry.requires.iter().flat_map(|requirement| requirement.iter()) {
            let partners: Vec<_> = group.iter().map(|pattern| matching(*pattern, ai)).collect();
            for choice in 0..partners.iter().map(Vec::len).max().unwrap_or(0) {
                let chosen: Vec<_> = partners.iter().map(|of_one| of_one[choice.min(of_one.len() - 1)]).collect();
                let mut labels = vec![label(ai, entry)];
                labels.extend(chosen.iter().map(|(ai, entry)| label(*ai, entry)));
                assert!(!lacks(judge(&labels), ai), "{ai} with {chosen:?}");
                if labels.len() > 2 {
                    labels.pop();
                    assert!(lacks(judge(&labels), ai), "{ai} with all but one of {group:?}");
                }
                groups += 1;
            }
        }
    }
    assert!(groups > 500, "{groups} groups");
}
