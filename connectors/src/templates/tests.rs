//! Every built-in text in every language, and every rule a text can break.

use super::*;

const LANGUAGES: [Language; 2] = [Language::En, Language::Ur];

fn every() -> impl Iterator<Item = (MessageKind, Language, &'static Source, Rendered)> {
    MessageKind::ALL.iter().copied().flat_map(|kind| {
        LANGUAGES.map(|language| {
            let name = format!("{} {kind}", language.tag());
            let source = builtin(kind, language).unwrap_or_else(|e| panic!("{name}: {e}"));
            let shown = preview(kind, language).unwrap_or_else(|e| panic!("{name}: {e}"));
            (kind, language, source, shown)
        })
    })
}

#[test]
fn not_05_every_kind_has_sound_texts_in_english_and_urdu() {
    for (kind, language, source, shown) in every() {
        let name = format!("{} {kind}", language.tag());
        let html = shown.letter(&[]).unwrap().html;
        for text in [&shown.whatsapp, &shown.sms, &shown.subject, &shown.mail, &html] {
            assert!(!text.is_empty() && !text.contains(['{', '}']), "{name}: {text}");
        }
        for channel in MessageChannel::ALL {
            assert_eq!(shown.fits(*channel, true), Ok(()), "{name}: {channel}");
        }
        assert!(shown.sms_size.segments <= 3, "{name}: {:?}", shown.sms_size);
        assert!(
            ![&shown.sms, &shown.mail].iter().any(|text| text.contains('*')),
            "{name}: only WhatsApp reads * as bold"
        );
        let urdu = |text: &str| text.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
        for text in [&source.whatsapp, &source.sms, &source.subject, &source.mail] {
            assert!(
                kind::is_free(kind) && text.contains("{{ text }}") || urdu(text) == (language == Language::Ur),
                "{name}: {text}"
            );
        }
        assert!(html.contains(&format!("<html lang=\"{}\" dir=\"{}\">", language.tag(), language.direction())));
        assert_eq!(shown.buttons.len(), choices(kind).len(), "{name}");
        for button in &shown.buttons {
            assert_eq!(urdu(button), language == Language::Ur, "{name}");
        }
    }
}

#[test]
fn not_05_every_kind_has_a_text_that_vendors_can_approve() {
    for (kind, language, _, shown) in every() {
        let asked = for_approval(kind, language, 2);
        if kind::is_free(kind) {
            assert_eq!(asked.map_err(|error| error.code()), Err("template_not_approvable"), "{kind}");
            continue;
        }
        let asked = asked.unwrap();
        assert!(!asked.body.starts_with("{{") && !asked.body.ends_with("}}"), "{kind}: {}", asked.body);
        assert_eq!(asked.name, format!("munshi_{}_v2", kind.word()));
        assert!(asked.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
        let mut filled = asked.body.clone();
        for (index, value) in asked.examples.iter().enumerate() {
            assert!(!value.is_empty(), "{kind}");
            filled = filled.replace(&format!("{{{{{}}}}}", index + 1), value);
        }
        assert_eq!(filled, shown.whatsapp, "what is approved with its values is what is read");
        assert_eq!(asked.buttons, shown.buttons);
    }
}

#[test]
fn not_05_both_languages_of_a_kind_say_the_same_things() {
    for kind in MessageKind::ALL.iter().filter(|kind| !kind::is_free(**kind)) {
        let [en, ur] = LANGUAGES.map(|language| builtin(*kind, language).unwrap());
        let values =
            |source: &Source| source.places().unwrap().1.into_iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(values(en), values(ur), "{kind}");
    }
}

#[test]
fn not_05_no_file_is_left_that_no_kind_reads() {
    for language in LANGUAGES {
        let files = std::fs::read_dir(format!("{}/templates/{}", env!("CARGO_MANIFEST_DIR"), language.tag())).unwrap();
        for file in files {
            let name = file.unwrap().file_name().into_string().unwrap();
            let kind = name.strip_suffix(".txt").and_then(MessageKind::parse);
            assert!(kind.is_some(), "{name}");
        }
    }
}

fn given(values: &[(&str, &str)]) -> Values {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn not_05_places_are_numbered_by_first_use_and_empty_values_show() {
    let text = fill(MessageKind::ReplyKept, Language::En, &given(&[("number", "WEB-1"), ("name", "")])).unwrap();
    assert_eq!(text.whatsapp, "All right -, your order WEB-1 stays as it is.");
    assert_eq!(text.variables, ["-", "WEB-1"]);
    let (places, names) = builtin(MessageKind::ReplyKept, Language::En).unwrap().places().unwrap();
    assert_eq!(places, "All right {{1}}, your order {{2}} stays as it is.");
    assert_eq!(names, ["name", "number"]);
}

#[test]
fn not_05_what_an_agent_wrote_is_sent_as_it_is() {
    let text = fill(MessageKind::AgentReply, Language::Ur, &given(&[("text", "One\ntwo  {{ name }}")])).unwrap();
    assert_eq!((text.whatsapp.as_str(), text.variables.len()), ("One\ntwo  {{ name }}", 0));
}

#[test]
fn not_05_buttons_say_what_their_choice_does() {
    use munshi_domain::conversation::Choice;
    let said = |kind, choice| title(kind, choice, Language::En).unwrap();
    assert_eq!(said(MessageKind::CodConfirmation, Choice::ChangeAddress), "Change address");
    assert_eq!(said(MessageKind::ReplyCancelCheck, Choice::Yes), "Yes, cancel");
    assert_eq!(said(MessageKind::ApprovalEscalated, Choice::No), "Reject");
    assert_eq!(said(MessageKind::OrderPlaced, Choice::Yes), "Yes, send it", "as the confirmation says it");
}

#[test]
fn not_05_the_html_twin_says_what_the_text_says_and_escapes() {
    let mut values = samples(MessageKind::OrderPlaced, Language::En);
    values.insert("name".to_owned(), "<script>alert(1)</script> & Sons".to_owned());
    let shown = fill(MessageKind::OrderPlaced, Language::En, &values).unwrap();
    let letter = shown.letter(&[("Open".to_owned(), "https://x.example/?a=1&b=\"2\"".to_owned())]).unwrap();
    assert!(letter.html.contains("&lt;script&gt;"), "{}", letter.html);
    assert!(!letter.html.contains("<script>") && !letter.html.contains("b=\"2\""), "{}", letter.html);
    assert!(letter.text.contains("<script>alert(1)</script> & Sons"), "plain text is not escaped");
    assert!(letter.text.ends_with("\n\nOpen:\nhttps://x.example/?a=1&b=\"2\""), "{}", letter.text);
    assert!(letter.html.contains("Total: Rs 4,500") && letter.text.contains("Total: Rs 4,500"));
}

const SOUND: &str = "[whatsapp]\nHi {{ name }}!\n[sms]\nx\n[subject]\nx\n[mail]\nx\n";

fn refused_of(kind: MessageKind, text: &str) -> &'static str {
    Source::parse(kind, text).err().map_or("accepted", |error| error.code())
}

fn refused(text: &str) -> &'static str {
    refused_of(MessageKind::ReplyKept, text)
}

#[test]
fn not_05_texts_that_cannot_be_sent_are_refused_when_they_are_written() {
    assert_eq!(refused(SOUND), "accepted");
    assert_eq!(refused("[whatsapp]\nHi {{ name }}!\n[subject]\nx\n"), "accepted");
    for (what, text, want) in [
        ("unknown section", SOUND.replace("[sms]", "[fax]"), "template_unknown_section"),
        ("text before", format!("x\n{SOUND}"), "template_unknown_section"),
        ("twice", format!("{SOUND}[sms]\ny\n"), "template_repeated_section"),
        ("missing", SOUND.replace("[subject]\nx\n", ""), "template_missing_section"),
        ("syntax", SOUND.replace("[mail]\nx", "[mail]\n{{ name"), "template_syntax"),
        ("value of another kind", SOUND.replace("[mail]\nx", "[mail]\n{{ tracking }}"), "template_unknown_variable"),
        ("unknown filter", SOUND.replace("[mail]\nx", "[mail]\n{{ name|tojson }}"), "template_syntax"),
        ("no value", SOUND.replace("[mail]\nx", "[mail]\n{{ name.first }}"), "template_missing_value"),
        ("value at the start", SOUND.replace("Hi {{ name }}!", "{{ name }}!"), "template_not_approvable"),
        ("value at the end", SOUND.replace("Hi {{ name }}!", "Hi {{ name }}"), "template_not_approvable"),
        ("values in a row", SOUND.replace("Hi {{ name }}!", "Hi {{ name }} {{ number }}!"), "template_not_approvable"),
        ("statement", SOUND.replace("Hi {{ name }}!", "Hi {% if name %}x{% endif %}!"), "template_not_approvable"),
        ("filter", SOUND.replace("Hi {{ name }}!", "Hi {{ name|upper }}!"), "template_not_approvable"),
        ("buttons without choices", format!("{SOUND}[buttons]\na\n"), "template_bad_buttons"),
    ] {
        assert_eq!(refused(&text), want, "{what}");
    }
    let asking = |buttons: &str| refused_of(MessageKind::ReplyCancelCheck, &format!("{SOUND}[buttons]\n{buttons}\n"));
    assert_eq!(asking("a\nb"), "accepted");
    for buttons in ["a", "a\nb\nc", "a\n{{ name }}", &format!("a\n{}", "b".repeat(21))] {
        assert_eq!(asking(buttons), "template_bad_buttons", "{buttons}");
    }
}

#[test]
fn not_05_texts_that_run_long_or_away_are_refused_before_sending() {
    let kind = MessageKind::ReplyKept;
    let tens = "[1,2,3,4,5,6,7,8,9,10]";
    let mut busy = "x".to_owned();
    for n in 0..6 {
        busy = format!("{{% for a{n} in {tens} %}}{busy}{{% endfor %}}");
    }
    assert_eq!(refused(&SOUND.replace("[mail]\nx", &format!("[mail]\n{busy}"))), "template_too_much_work");
    let fits = |text: String, name: &str, channel| {
        let source = Source::parse(kind, &text).unwrap();
        let shown = render(kind, Language::En, &source, &given(&[("name", name)])).unwrap();
        shown.fits(channel, true).map_err(|error| error.code())
    };
    let too_long = Err("template_too_long");
    let long = SOUND.replace("[sms]\nx", &format!("[sms]\n{}", "x".repeat(153 * 10 + 1)));
    assert_eq!(fits(long.clone(), "y", MessageChannel::Sms), too_long);
    assert_eq!(fits(long, "y", MessageChannel::Whatsapp), Ok(()));
    let name = "y".repeat(1_024);
    assert_eq!(fits(SOUND.to_owned(), &name, MessageChannel::Whatsapp), too_long, "text and values together");
    let subject = SOUND.replace("[subject]\nx", "[subject]\n{{ name }}");
    assert_eq!(fits(subject, &name, MessageChannel::Email), too_long);
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
