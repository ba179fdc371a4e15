//! How long a parse takes. Run with `cargo run --release -p munshi-protocols --example gs1_bench`.
//!
//! Prints nanoseconds per parse, best and median of 30 rounds of 200,000; asserts nothing, because a figure is one of
//! its machine. The heap is counted in `tests/gs1_allocation.rs`.

use std::hint::black_box;
use std::time::Instant;

use munshi_protocols::gs1::{
    LinkRules, MAX_DATA, ScannerProfile, Scratch, SiteRules, parse_digital_link, parse_elements, read_scan,
};

const ROUNDS: usize = 30;
const PARSES: u32 = 200_000;

fn measure(name: &str, mut parse: impl FnMut()) {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..PARSES).for_each(|_| parse());
            start.elapsed().as_nanos() as f64 / PARSES as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!("{name:<44} best {:>6.1} ns   median {:>6.1} ns", rounds[0], rounds[ROUNDS / 2]);
}

fn main() {
    let three = "01095060001343521726123110ABC123";
    measure("element string, 3 AIs (G13)", || {
        black_box(parse_elements(black_box(three), 2026).is_ok());
    });
    let six = "0209506000134352\u{33}7120\u{1d}00106141412345678908152612313103001250\u{31}0ABC123";
    measure("element string, 6 AIs", || {
        black_box(parse_elements(black_box(six), 2026).is_ok());
    });
    let mut scratch = Scratch::default();
    let (profile, rules) = (ScannerProfile::default(), SiteRules::gs1_only(2026));
    let raw = format!("]C1{three}\r\n");
    measure("raw scan to candidates, 3 AIs", || {
        black_box(read_scan(black_box(raw.as_bytes()), None, &profile, &rules, &mut scratch).is_ok());
    });
    let mut buffer = [0; MAX_DATA];
    let link_rules = LinkRules { current_year: 2026, zero_suppressed_gtin: false };
    measure("Digital Link, 3 AIs", || {
        let address = black_box("https://example.com/01/09506000134352/10/ABC123?17=261231");
        black_box(parse_digital_link(address, link_rules, &mut buffer).is_ok());
    });
}
