//! Says what the gs1 module makes of each line of standard input; the counterpart of `tests/gs1/differential.mjs`.
//!
//! A line is `E` (element string) or `L` (Digital Link), a space, and the data in hexadecimal. The answer is one line:
//! `ok` or `incomplete AI` with the elements as `ai=value` in hexadecimal, `none` for an address without a key, or
//! `err CODE CHECK AI`. The current year is 2021, which the other side has built in.

use std::io::{self, BufRead, Write};

use munshi_protocols::gs1::{
    Elements, Fault, LinkRules, MAX_DATA, Pairing, check_item, parse_digital_link, parse_elements,
};

const YEAR: u16 = 2021;

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", verdict(&line?))?;
        // The other side waits for its batch.
        out.flush()?;
    }
    Ok(())
}

fn verdict(line: &str) -> String {
    let Some((kind, hex)) = line.split_once(' ') else { return "bad line".to_owned() };
    let bytes: Option<Vec<u8>> =
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()).collect();
    let Some(data) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) else { return "bad line".to_owned() };
    let mut buffer = [0; MAX_DATA];
    let rules = LinkRules { current_year: YEAR, zero_suppressed_gtin: true };
    let read = match kind {
        "L" => parse_digital_link(&data, rules, &mut buffer),
        _ => parse_elements(&data, YEAR).map(Some),
    };
    match read.and_then(|elements| elements.map(judged).transpose()) {
        Ok(Some(text)) => text,
        Ok(None) => "none".to_owned(),
        Err(fault) => {
            let ai = fault.ai.map_or("-".to_owned(), |ai| ai.to_string());
            format!("err {} {} {ai}", fault.code.name(), fault.linter.map_or("-", |linter| linter.name()))
        }
    }
}

fn judged(elements: Elements<'_>) -> Result<String, Fault> {
    let text: Vec<String> = elements.iter().map(|element| format!("{}={}", element.ai, element.value)).collect();
    let hex: String = text.join("\u{1d}").bytes().map(|byte| format!("{byte:02x}")).collect();
    Ok(match check_item(&[elements])? {
        Pairing::Complete => format!("ok {hex}"),
        Pairing::Incomplete { ai, .. } => format!("incomplete {ai} {hex}"),
    })
}
