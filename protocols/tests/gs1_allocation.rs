//! Reading a scan touches no heap.

use munshi_protocols::gs1::{
    LinkRules, MAX_DATA, ScannerProfile, Scratch, SiteRules, check_item, parse_digital_link, parse_elements, read_scan,
};

fn allocations(work: impl FnOnce()) -> u64 {
    allocation_counter::measure(work).count_total
}

#[test]
fn parsing_allocates_nothing_whether_it_succeeds_or_fails() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1, "the counter counts");
    let strings = [
        "01095060001343521726123110ABC123",
        "0209506000134352\u{33}7120\u{1d}00106141412345678908152612313103001250\u{31}0ABC123",
        "0109506000134353",
        "8007FR7630006000011234567890189",
        "8110012345612345611110123",
    ];
    for data in strings {
        let read = || {
            let _ = parse_elements(data, 2026).map(|elements| check_item(&[elements]));
        };
        assert_eq!(allocations(read), 0, "{data}");
    }
    let rules = LinkRules { current_year: 2026, zero_suppressed_gtin: true };
    let mut buffer = [0; MAX_DATA];
    let link = || drop(parse_digital_link("https://a.b/c/01/9506000134352/10/A%2FB?17=261231", rules, &mut buffer));
    assert_eq!(allocations(link), 0);
    let (profile, site) =
        (ScannerProfile { gs_stand_ins: &["^]"], prefix: "~", suffix: "$" }, SiteRules::gs1_only(2026));
    let mut scratch = Scratch::default();
    for raw in ["]C1010950600013435210A^]17261231", "4006381333931", "https://a.b/01/09506000134352", "hello\r\n"] {
        let read = || drop(read_scan(raw.as_bytes(), None, &profile, &site, &mut scratch));
        assert_eq!(allocations(read), 0, "{raw}");
    }
}
