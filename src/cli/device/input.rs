//! What is typed at the simulated scanner: a word of the list below, or else a scan.
//!
//! Invariant: a line that is no word is a scan, and `= TEXT` is one whatever it looks like, so every code can be scanned.

use munshi_protocols::{cmd::DeviceCmd, payload::Payload};
use serde_json::{Value, json};

/// A typed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Something for the server.
    Do(Box<DeviceCmd>),
    /// Show the list of words.
    Help,
    /// Send what is left and end.
    Quit,
    /// Nothing.
    Empty,
}

/// The list of words.
pub const HELP: &str = "\
  CODE or = CODE      scan; <GS> stands for the separator
  on BADGE PIN        sign on             off               sign off
  go FLOW [FIRST]     start a flow        back              leave it
     FLOW: receive put_away move replenish count return inquiry pick pick_batch pack ship put_back
  work                get work            next, close, ok   as the screen says
  qty N               quantity            short N REASON    only N are there
  skip                put the line off    full              the tote is full
  lot LOT REASON      another lot         empty yes|no      is the bin empty
  why REASON          override            expiry YYYY-MM-DD
  condition WORD      grade WORD          disposition WORD
  carton KIND         weigh GRAMS         label             label printed
  verify, depart      load                seal NUMBER
  submit, nothing     count               plates            take plate numbers
  do OP {JSON}        any operation       help, quit";

/// Reads a line.
///
/// # Errors
/// In words, for a word with arguments it does not have.
pub fn read(line: &str) -> Result<Typed, String> {
    let line = line.trim_matches(['\r', '\n', ' ', '\t']);
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let (first, second) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let number = |text: &str| text.parse::<u32>().map_err(|_| format!("{text:?} is no whole number"));
    let (op, a): (&str, Value) = match (word, rest.is_empty()) {
        ("", _) => return Ok(Typed::Empty),
        ("help", true) => return Ok(Typed::Help),
        ("quit", true) => return Ok(Typed::Quit),
        ("=", false) => ("scan", scan(rest)),
        ("on", false) => ("sign_on", json!({ "badge": first, "pin": second.trim() })),
        ("off", true) => ("sign_off", json!({})),
        ("go", false) if second.is_empty() => ("choose", json!({ "flow": first })),
        ("go", false) => ("choose", json!({ "flow": first, "first": second.trim() })),
        ("back", true) => ("suspend", json!({})),
        ("work", true) => ("get_work", json!({})),
        ("ok", true) => ("confirm", json!({})),
        ("next" | "close" | "skip" | "full" | "verify" | "depart" | "submit" | "nothing", true) => (word, json!({})),
        ("plates", true) => ("plate.take", json!({})),
        ("qty", false) => ("qty", json!({ "qty": rest })),
        ("short", false) => ("short", json!({ "found": number(first)?, "reason": second.trim() })),
        ("lot", false) => ("change_lot", json!({ "lot": first, "reason": second.trim() })),
        ("empty", false) => ("bin_empty", json!({ "empty": yes(rest)? })),
        ("why", false) => ("override", json!({ "reason": rest })),
        ("expiry", false) => ("expiry", json!({ "date": rest })),
        ("condition" | "grade" | "disposition", false) => (word, json!({ word: rest })),
        ("carton", false) => ("carton", json!({ "kind": rest })),
        ("weigh", false) => ("weigh", json!({ "grams": number(rest)? })),
        ("label", true) => ("label", json!({ "printed": true })),
        ("seal", false) => ("seal", json!({ "number": rest })),
        ("do", false) => (first, serde_json::from_str(second).map_err(|error| error.to_string())?),
        _ => ("scan", scan(line)),
    };
    let a = Payload::of(&a).map_err(|error| error.to_string())?;
    let cmd = DeviceCmd::read(op, &a).map_err(|_| format!("{op:?} does not take that; try help"))?;
    Ok(Typed::Do(Box::new(cmd)))
}

fn scan(text: &str) -> Value {
    json!({ "raw": text.replace("<GS>", "\u{1d}") })
}

fn yes(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(format!("{other:?} is neither yes nor no")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(line: &str) -> (String, Value) {
        match read(line).unwrap() {
            Typed::Do(cmd) => {
                let (op, a) = cmd.write().unwrap();
                (op.to_string(), a.parse().unwrap())
            }
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn words_are_operations_and_all_else_is_a_scan() {
        let scan = |raw: &str| ("scan".to_owned(), json!({ "raw": raw }));
        assert_eq!(done("A-01\r\n"), scan("A-01"));
        assert_eq!(done("]C10109506000134352<GS>21S1"), scan("]C10109506000134352\u{1d}21S1"));
        assert_eq!(done("= next"), scan("next"));
        assert_eq!(done("next door"), scan("next door"), "the word takes nothing");
        assert_eq!(done("short 1 two are broken"), ("short".into(), json!({"found": 1, "reason": "two are broken"})));
        assert_eq!(done("go pick location"), ("choose".into(), json!({"flow": "pick", "first": "location"})));
        assert_eq!(done("on B1 4711").0, "sign_on");
        assert_eq!(done("empty no"), ("bin_empty".into(), json!({"empty": false})));
        assert_eq!(done(r#"do plate.void {"plate":"P1"}"#).0, "plate.void");
        assert_eq!(
            (read("").unwrap(), read(" quit ").unwrap(), read("help").unwrap()),
            (Typed::Empty, Typed::Quit, Typed::Help)
        );
        for bad in ["go dance", "short many", "empty maybe", "do dance {}", "do qty x"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_word_of_the_help_is_one() {
        for line in [
            "off",
            "back",
            "work",
            "next",
            "close",
            "ok",
            "skip",
            "full",
            "label",
            "verify",
            "depart",
            "submit",
            "nothing",
            "plates",
            "qty 3",
            "lot L why",
            "why not",
            "expiry 2027-03-01",
            "condition damaged",
            "grade new",
            "disposition scrap",
            "carton BOX",
            "weigh 12",
            "seal S1",
        ] {
            assert_ne!(done(line).0, "scan", "{line}");
            assert!(HELP.contains(line.split(' ').next().unwrap()), "{line}");
        }
    }
}
