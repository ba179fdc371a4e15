//! The table of application identifiers is the dictionary, entry for entry.

use munshi_protocols::gs1::table::{DICTIONARY_SHA256, ENTRIES, TABLE_DIGEST};
use munshi_protocols::gs1::{AiEntry, Charset, Component, Pattern, Requirement};

/// An entry in the dictionary's syntax, single spaces, `-` for no flags.
fn line(entry: &AiEntry) -> String {
    let width = entry.digits as usize;
    let mut words = vec![format!("{:0width$}", entry.first)];
    if entry.last != entry.first {
        words[0] += &format!("-{:0width$}", entry.last);
    }
    let flags = [(entry.predefined_length, '*'), (entry.link_attribute, '?')];
    let flags: String = flags.iter().filter(|(set, _)| *set).map(|(_, flag)| *flag).collect();
    words.push(if flags.is_empty() { "-".to_owned() } else { flags });
    words.extend(entry.components.iter().map(component));
    if !entry.excludes.is_empty() {
        words.push(format!("ex={}", patterns(entry.excludes, ",")));
    }
    words.extend(entry.requires.iter().map(requirement));
    if let Some(sequences) = entry.link_key {
        let sequences: Vec<String> = sequences.iter().map(|sequence| numbers(sequence)).collect();
        words.push(if sequences.is_empty() { "dlpkey".to_owned() } else { format!("dlpkey={}", sequences.join("|")) });
    }
    words.push(format!("# {}", entry.title));
    words.join(" ").trim_end().to_owned()
}

fn component(component: &Component) -> String {
    let letter = match component.charset {
        Charset::Digits => 'N',
        Charset::Cset82 => 'X',
        Charset::Cset39 => 'Y',
        Charset::Base64Url => 'Z',
    };
    let dots = if component.min == component.max { "" } else { ".." };
    let linters: String = component.linters.iter().map(|linter| format!(",{}", linter.name())).collect();
    let (open, close) = if component.optional { ("[", "]") } else { ("", "") };
    format!("{open}{letter}{dots}{}{close}{linters}", component.max)
}

fn patterns(patterns: &[Pattern], between: &str) -> String {
    patterns.iter().map(Pattern::to_string).collect::<Vec<_>>().join(between)
}

fn requirement(requirement: &Requirement) -> String {
    format!("req={}", requirement.iter().map(|group| patterns(group, "+")).collect::<Vec<_>>().join(","))
}

fn numbers(sequence: &[u16]) -> String {
    sequence.iter().map(u16::to_string).collect::<Vec<_>>().join(",")
}

/// A line of the dictionary, spaces and flags as [`line`] writes them, attributes in its order.
fn normalised(text: &str) -> String {
    let (body, title) = text.split_once('#').unwrap_or((text, ""));
    let mut words: Vec<&str> = body.split_whitespace().collect();
    if !words[1].starts_with(['*', '?']) {
        words.insert(1, "-");
    }
    let rank =
        |word: &&str| ["ex=", "req=", "dlpkey"].iter().position(|start| word.starts_with(start)).map_or(0, |at| at + 1);
    words.sort_by_key(rank);
    format!("{} # {}", words.join(" "), title.trim()).trim_end().to_owned()
}

fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |digest, byte| (digest ^ byte as u64).wrapping_mul(0x100_0000_01b3))
}

#[test]
fn the_table_has_the_digest_of_the_dictionary_it_was_made_from() {
    // Spaces at the ends of lines count in neither rendering but for an entry without a title.
    let text: String = ENTRIES.iter().map(|entry| format!("{}\n", line(entry))).collect();
    let with_marks: String =
        text.lines().map(|line| if line.ends_with('#') { format!("{line} \n") } else { format!("{line}\n") }).collect();
    assert_eq!(fnv1a(with_marks.bytes()), TABLE_DIGEST, "regenerate the table with protocols/gs1/generate.py");
    assert_eq!(DICTIONARY_SHA256.len(), 64);
    assert_eq!(ENTRIES.len(), 224);
}

/// With MUNSHI_GS1_DICTIONARY: the file itself, entry for entry.
#[test]
fn the_table_is_the_dictionary_when_it_is_at_hand() {
    let Ok(path) = std::env::var("MUNSHI_GS1_DICTIONARY") else { return };
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines: Vec<String> =
        text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).map(normalised).collect();
    let table: Vec<String> = ENTRIES.iter().map(line).collect();
    for (ours, theirs) in table.iter().zip(&lines) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(table.len(), lines.len());
}
