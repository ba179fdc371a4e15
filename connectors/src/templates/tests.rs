//! Every built-in text in every language, and every rule a text can break.

use super::*;

const LANGUAGES: [Language; 2] = [Language::En, Language::Ur];

fn every() -> impl Iterator<Item = (Event, Language, Source)> {
    Event::ALL.into_iter().flat_map(|event| {
        LANGUAGES.map(|language| {
            let source =
                builtin(event, language).unwrap_or_else(|e| panic!("{} {}: {e}", language.tag(), event.name()));
            (event, language, source)
        })
    })
}

#[test]
fn not_05_every_event_has_sound_texts_in_english_and_urdu() {
    for (event, language, source) in every() {
        let name = format!("{} {}", language.tag(), event.name());
        let shown = preview(event, language, &source).unwrap_or_else(|e| panic!("{name}: {e}"));
        for text in [&shown.whatsapp, &shown.sms, &shown.subject, &shown.mail, &shown.html] {
            assert!(!text.is_empty() && !text.contains("{{") && !text.contains("{%"), "{name}: {text}");
        }
        assert!(shown.sms_size.segments <= 3, "{name}: {:?}", shown.sms_size);
        let urdu = |text: &str| text.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
        for text in [&shown.whatsapp, &shown.sms, &shown.subject, &shown.mail] {
            assert_eq!(urdu(text), language == Language::Ur, "{name}: {text}");
        }
        assert!(shown.html.contains(&format!("<html lang=\"{}\" dir=\"{}\">", language.tag(), language.direction())));
        for button in &shown.buttons {
            assert_eq!(urdu(button), language == Language::Ur, "{name}");
        }
    }
}

#[test]
fn not_05_both_languages_of_an_event_say_the_same_things() {
    for event in Event::ALL {
        let [en, ur] = LANGUAGES.map(|language| builtin(event, language).unwrap());
        let values =
            |source: &Source| source.places().unwrap().1.into_iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(values(&en), values(&ur), "{}", event.name());
        assert_eq!((en.buttons.len(), en.actions.len()), (ur.buttons.len(), ur.actions.len()), "{}", event.name());
    }
}

#[test]
fn not_05_the_approved_text_with_its_values_is_the_text_that_is_read() {
    for (event, language, source) in every() {
        let shown = preview(event, language, &source).unwrap();
        let asked = for_approval(event, language, &source, 1).unwrap();
        let mut filled = asked.body.clone();
        for (index, value) in shown.variables.iter().enumerate() {
            filled = filled.replace(&format!("{{{{{}}}}}", index + 1), value);
        }
        assert_eq!(filled, shown.whatsapp, "{}", event.name());
        assert_eq!(asked.examples, shown.variables);
        assert!(asked.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
    }
}

#[test]
fn not_05_the_html_twin_says_what_the_text_says_and_escapes() {
    let source = builtin(Event::OrderPlaced, Language::En).unwrap();
    let mut values: Values =
        Event::OrderPlaced.sample(Language::En).into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    values.insert("name".to_owned(), "<script>alert(1)</script> & Sons".to_owned());
    values.insert("link".to_owned(), "https://x.example/?a=1&b=\"2\"".to_owned());
    let shown = render(Event::OrderPlaced, Language::En, &source, &values).unwrap();
    assert!(shown.html.contains("&lt;script&gt;"), "{}", shown.html);
    assert!(!shown.html.contains("<script>") && !shown.html.contains("b=\"2\""), "{}", shown.html);
    assert!(shown.mail.contains("<script>alert(1)</script> & Sons"), "plain text is not escaped");
    assert!(shown.html.contains("Total: Rs 4,500") && shown.mail.contains("Total: Rs 4,500"));
}

const SOUND: &str = "[whatsapp]\nHi {{ name }}!\n[sms]\nx\n[subject]\nx\n[mail]\nx\n";

fn refused(text: &str) -> &'static str {
    Source::parse(Event::AnswerUnclear, text).err().map_or("accepted", |error| error.code())
}

#[test]
fn not_05_texts_that_cannot_be_sent_are_refused_when_they_are_written() {
    assert_eq!(refused(SOUND), "accepted");
    for (what, text, want) in [
        ("unknown section", SOUND.replace("[sms]", "[fax]"), "template_unknown_section"),
        ("text before", format!("x\n{SOUND}"), "template_unknown_section"),
        ("twice", format!("{SOUND}[sms]\ny\n"), "template_repeated_section"),
        ("missing", SOUND.replace("[sms]\nx\n", ""), "template_missing_section"),
        ("syntax", SOUND.replace("[mail]\nx", "[mail]\n{{ name"), "template_syntax"),
        ("value of another event", SOUND.replace("[mail]\nx", "[mail]\n{{ tracking }}"), "template_unknown_variable"),
        ("unknown filter", SOUND.replace("[mail]\nx", "[mail]\n{{ name|tojson }}"), "template_syntax"),
        ("value at the start", SOUND.replace("Hi {{ name }}!", "{{ name }}!"), "template_not_approvable"),
        ("value at the end", SOUND.replace("Hi {{ name }}!", "Hi {{ name }}"), "template_not_approvable"),
        ("values in a row", SOUND.replace("Hi {{ name }}!", "Hi {{ name }} {{ shop }}!"), "template_not_approvable"),
        ("statement", SOUND.replace("Hi {{ name }}!", "Hi {% if name %}x{% endif %}!"), "template_not_approvable"),
        ("filter", SOUND.replace("Hi {{ name }}!", "Hi {{ name|upper }}!"), "template_not_approvable"),
        ("buttons", format!("{SOUND}[buttons]\na\nb\nc\nd\n"), "template_bad_buttons"),
        ("long button", format!("{SOUND}[buttons]\n{}\n", "a".repeat(21)), "template_bad_buttons"),
        ("action", format!("{SOUND}[action]\nOpen\n"), "template_bad_action"),
    ] {
        assert_eq!(refused(&text), want, "{what}");
    }
}

#[test]
fn not_05_texts_that_run_long_or_away_are_refused_before_sending() {
    let event = Event::AnswerUnclear;
    let make = |text: String| Source::parse(event, &text).unwrap();
    let code = |source: &Source, values: &Values| render(event, Language::En, source, values).err().map(|e| e.code());
    let mut values: Values =
        event.sample(Language::En).into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let tens = "[1,2,3,4,5,6,7,8,9,10]";
    let mut busy = "x".to_owned();
    for n in 0..6 {
        busy = format!("{{% for a{n} in {tens} %}}{busy}{{% endfor %}}");
    }
    assert_eq!(refused(&SOUND.replace("[mail]\nx", &format!("[mail]\n{busy}"))), "template_too_much_work");
    let long = make(SOUND.replace("[sms]\nx", &format!("[sms]\n{}", "x".repeat(700))));
    assert_eq!(code(&long, &values), Some("template_too_long"));
    let sound = make(SOUND.to_owned());
    values.insert("name".to_owned(), "y".repeat(1_024));
    assert_eq!(code(&sound, &values), Some("template_too_long"), "text and values together");
    values.remove("name");
    assert_eq!(code(&sound, &values), Some("template_missing_value"));
}

#[test]
fn not_05_values_lose_line_ends_tabs_and_runs_of_blanks() {
    assert_eq!(variable(" a\n\tb     c\u{a0}d\r\n"), "a b c d");
}

#[test]
fn not_05_sms_sizes_follow_the_alphabet() {
    let size = |text: &str| {
        let size = sms_size(text);
        (size.gsm, size.units, size.segments)
    };
    assert_eq!(size(&"a".repeat(160)), (true, 160, 1));
    assert_eq!(size(&"a".repeat(161)), (true, 161, 2));
    assert_eq!(size(&"a".repeat(307)), (true, 307, 3));
    assert_eq!(size("10 € [x]"), (true, 11, 1));
    assert_eq!(size(&"ج".repeat(70)), (false, 70, 1));
    assert_eq!(size(&"ج".repeat(71)), (false, 71, 2));
    assert_eq!(size("🙂"), (false, 2, 1));
}

#[test]
fn not_05_amounts_are_written_as_people_do() {
    use munshi_domain::{Currency, Money};
    let money = |text: &str, currency| Money::new(text.parse().unwrap(), currency).unwrap();
    for (text, currency, en, ur) in [
        ("4500", Currency::PKR, "Rs 4,500", "4,500 روپے"),
        ("1234567.50", Currency::PKR, "Rs 1,234,567.50", "1,234,567.50 روپے"),
        ("0", Currency::PKR, "Rs 0", "0 روپے"),
        ("999.99", Currency::USD, "USD 999.99", "USD 999.99"),
        ("-100", Currency::PKR, "Rs -100", "-100 روپے"),
    ] {
        assert_eq!(amount(money(text, currency), Language::En), en);
        assert_eq!(amount(money(text, currency), Language::Ur), ur);
    }
}
