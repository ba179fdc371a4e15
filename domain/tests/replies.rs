//! The labelled replies of `tests/data/replies.tsv`: how many are read right, and that none is wrongly a sure yes (N25).
//!
//! A third of the lines (`held`) was set aside, chosen by a hash of the text, before the rules were written.

use munshi_domain::reply::{Intent, Reading, classify};
use proptest::prelude::*;

struct Line {
    held: bool,
    intent: Intent,
    text: &'static str,
}

fn corpus() -> Vec<Line> {
    let line = |line: &'static str| {
        let mut cells = line.splitn(3, '\t');
        let held = match cells.next().unwrap() {
            "held" => true,
            "tune" => false,
            other => panic!("{other:?} is no split"),
        };
        Line { held, intent: Intent::parse(cells.next().unwrap()).expect(line), text: cells.next().expect(line) }
    };
    include_str!("data/replies.tsv").lines().skip(1).map(line).collect()
}

/// Right is: read as labelled and sure, or left to a person where the label says so.
fn right(line: &Line, reading: Reading) -> bool {
    if line.intent == Intent::Other { !reading.sure } else { reading.sure && reading.intent == line.intent }
}

fn score(lines: &[&Line]) -> (usize, Vec<String>) {
    let wrong = lines.iter().filter(|line| !right(line, classify(line.text)));
    let wrong: Vec<String> =
        wrong.map(|line| format!("{} {:?}: {:?}", line.intent, line.text, classify(line.text))).collect();
    (lines.len() - wrong.len(), wrong)
}

#[test]
fn n25_replies_are_read_right_or_left_to_a_person() {
    let corpus = corpus();
    assert!(corpus.len() >= 400, "{}", corpus.len());
    let (held, tune): (Vec<&Line>, Vec<&Line>) = corpus.iter().partition(|line| line.held);
    assert!(held.len() * 10 >= corpus.len() * 3, "a third is held out: {} of {}", held.len(), corpus.len());
    for (name, lines) in [("tune", tune), ("held", held), ("all", corpus.iter().collect())] {
        let (count, wrong) = score(&lines);
        println!("{name}: {count} of {} right", lines.len());
        assert!(count * 100 >= lines.len() * 95, "{name}: {count} of {}\n{}", lines.len(), wrong.join("\n"));
    }
}

#[test]
fn n25_no_reply_is_wrongly_a_sure_yes() {
    for line in corpus() {
        let reading = classify(line.text);
        let wrong = reading.sure && reading.intent == Intent::Confirm && line.intent != Intent::Confirm;
        assert!(!wrong, "{:?} is {} and read as {reading:?}", line.text, line.intent);
    }
}

/// What surrounds a reply in real chats changes nothing about it.
#[test]
fn n25_case_and_marks_change_nothing() {
    for line in corpus() {
        let plain = classify(line.text);
        for text in [
            format!("  {}  ", line.text),
            line.text.to_uppercase(),
            format!("{}!!", line.text),
            format!("{}\u{200F}", line.text),
        ] {
            assert_eq!(classify(&text), plain, "{text:?}");
        }
    }
}

#[test]
fn n25_negation_turns_the_verb_beside_it() {
    for (text, intent, sure) in [
        ("nahi chahiye", Intent::Cancel, true),
        ("cancel mat karna, bhej do", Intent::Confirm, true),
        ("haan lekin address badal do", Intent::ChangeAddress, true),
        ("nahi bhej do", Intent::Other, false),
        ("haan nahi", Intent::Other, false),
        ("confirm mat karo", Intent::Cancel, true),
        ("cancel", Intent::Cancel, true),
        ("agar original hai to bhej do", Intent::Other, false),
    ] {
        let reading = classify(text);
        assert_eq!((reading.intent, reading.sure), (intent, sure), "{text}: {reading:?}");
    }
}

fn reply() -> impl Strategy<Value = String> {
    let lines: Vec<&'static str> = corpus().iter().map(|line| line.text).collect();
    let word: Vec<&'static str> = lines.iter().flat_map(|line| line.split(' ')).collect();
    prop_oneof![
        any::<String>(),
        "\\PC{0,200}",
        prop::collection::vec(prop::sample::select(word), 0..20).prop_map(|words| words.join(" ")),
        (prop::sample::select(lines.clone()), prop::sample::select(lines)).prop_map(|(a, b)| format!("{a} {b}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn n25_any_text_is_read_and_always_the_same(text in reply()) {
        let reading = classify(&text);
        prop_assert_eq!(classify(&text), reading);
        prop_assert!(!reading.bare || reading.sure, "a bare yes or no is sure");
        prop_assert!(!(reading.sure && reading.intent == Intent::Other));
    }

    /// A question, a condition or a "but" never leaves a sure yes.
    #[test]
    fn n25_doubt_takes_a_sure_yes_away(line in prop::sample::select(corpus().iter().filter(|l| l.intent == Intent::Confirm).map(|l| l.text).collect::<Vec<_>>())) {
        for text in [format!("{line}?"), format!("agar sasta hai to {line}"), format!("{line} lekin size bara"), format!("{line} ya cancel"), format!("{line} flurbish")] {
            let reading = classify(&text);
            prop_assert!(!(reading.sure && reading.intent == Intent::Confirm), "{}: {:?}", text, reading);
        }
    }
}
