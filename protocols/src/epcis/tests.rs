//! What the JSON schema of EPCIS 2.0 demands, as checks of our own, over documents of random facts.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

/// Steps of the Core Business Vocabulary 2.0 that a floor takes.
const STEPS: &[&str] = &[
    "cycle_counting",
    "loading",
    "packing",
    "picking",
    "receiving",
    "shipping",
    "storing",
    "unpacking",
    "void_shipping",
];
const TRANSACTIONS: &[&str] =
    &["bol", "cert", "desadv", "inv", "pedigree", "po", "poc", "prodorder", "recadv", "rma", "testprd", "testres"];
const COMMON: &[&str] = &[
    "type",
    "eventID",
    "eventTime",
    "recordTime",
    "eventTimeZoneOffset",
    "errorDeclaration",
    "action",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
];

fn uri(value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric())
            && !rest.is_empty()
    });
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let escapes =
        text.split('%').skip(1).all(|rest| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit));
    scheme && escapes && text.bytes().all(legal)
}

fn time(value: &Value) -> bool {
    value.as_str().is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok())
}

/// `([+]|[-])((0[0-9]|1[0-3]):([0-5][0-9])|14:00)`
fn offset(value: &Value) -> bool {
    let Some(text) = value.as_str().filter(|text| text.len() == 6) else { return false };
    let (hours, minutes) = (text[1..3].parse::<u8>(), text[4..].parse::<u8>());
    let within = matches!((&hours, &minutes), (Ok(0..=13), Ok(0..=59)) | (Ok(14), Ok(0)));
    text.starts_with(['+', '-']) && &text[3..4] == ":" && within
}

fn uris(value: Option<&Value>, least: usize) -> bool {
    value.and_then(Value::as_array).is_some_and(|list| list.len() >= least && list.iter().all(uri))
}

fn quantities(value: Option<&Value>) -> bool {
    value.and_then(Value::as_array).is_some_and(|list| {
        !list.is_empty()
            && list.iter().all(|of| uri(&of["epcClass"]) && of["quantity"].as_f64().is_some_and(|n| n > 0.0))
    })
}

fn event_faults(event: &Map<String, Value>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    let at = |name: &str| event.get(name).unwrap_or(&Value::Null);
    check(time(at("eventTime")) && time(at("recordTime")), "times");
    check(offset(at("eventTimeZoneOffset")), "offset");
    check(uri(at("eventID")), "eventID");
    check(uri(&at("readPoint")["id"]), "readPoint");
    check(event.get("bizLocation").is_none_or(|place| uri(&place["id"])), "bizLocation");
    check(at("bizStep").as_str().is_some_and(|step| STEPS.contains(&step)), "bizStep");
    let transactions = event.get("bizTransactionList").map_or(&[][..], |list| list.as_array().unwrap());
    let known = |of: &Value| of.get("type").is_none_or(|kind| TRANSACTIONS.contains(&kind.as_str().unwrap()));
    check(transactions.iter().all(|of| uri(&of["bizTransaction"]) && known(of)), "bizTransaction");
    if let Some(said) = event.get("errorDeclaration") {
        let reason = said["reason"].as_str().unwrap_or_default();
        check(time(&said["declarationTime"]), "declarationTime");
        check(["did_not_occur", "incorrect_data"].contains(&reason), "reason");
        check(uris(said.get("correctiveEventIDs"), 0), "correctiveEventIDs");
    }
    let action = at("action").as_str().unwrap_or_default();
    let own: &[&str] = match at("type").as_str().unwrap_or_default() {
        "ObjectEvent" => {
            check(["OBSERVE", "ADD", "DELETE"].contains(&action), "action");
            check(uris(event.get("epcList"), 0) || quantities(event.get("quantityList")), "what was observed");
            check(event.get("epcList").is_none_or(|list| uris(Some(list), 0)), "epcList");
            check(event.get("quantityList").is_none_or(|list| quantities(Some(list))), "quantityList");
            &["epcList", "quantityList"]
        }
        "AggregationEvent" => {
            check(["ADD", "DELETE"].contains(&action), "action");
            check(uri(at("parentID")), "parentID");
            check(uris(event.get("childEPCs"), 1) || quantities(event.get("childQuantityList")), "children");
            &["parentID", "childEPCs", "childQuantityList"]
        }
        other => {
            check(false, other);
            &[]
        }
    };
    let unknown = event.keys().find(|key| !COMMON.contains(&key.as_str()) && !own.contains(&key.as_str()));
    check(unknown.is_none(), "no other members");
    faults
}

fn faults(json: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(json).unwrap();
    let mut faults = Vec::new();
    let members: BTreeSet<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    let wanted = BTreeSet::from(["@context", "type", "schemaVersion", "creationDate", "epcisBody"]);
    if members != wanted || document["type"] != "EPCISDocument" || document["schemaVersion"] != "2.0" {
        faults.push(format!("document {members:?}"));
    }
    if !uris(document.get("@context"), 1) || !time(&document["creationDate"]) {
        faults.push("context or date".into());
    }
    let mut ids = BTreeSet::new();
    for event in document["epcisBody"]["eventList"].as_array().unwrap() {
        faults.extend(event_faults(event.as_object().unwrap()).into_iter().map(|fault| format!("{fault}: {event}")));
        if !ids.insert(event["eventID"].to_string()) {
            faults.push(format!("twice {event}"));
        }
    }
    faults
}

fn location() -> impl Strategy<Value = Location> {
    let gln = prop::option::of("[0-9]{13}");
    ("[A-Z]-[0-9]{2}", gln, prop::option::of("[A-Z0-9/%]{1,6}")).prop_map(|(code, gln, extension)| Location {
        code,
        gln,
        extension,
    })
}

fn goods() -> impl Strategy<Value = Vec<Goods>> {
    // Every character of a lot's set of 82, and items with any text.
    let lot = prop::option::of("[!\"%-?A-Z_a-z]{1,20}");
    let one =
        ("\\PC{1,12}", prop::option::of("[0-9]{14}"), lot, 0..100u32, prop::collection::vec("[!-?A-Z]{1,8}", 0..3));
    let one = one.prop_map(|(sku, gtin, lot, units, serials)| Goods { sku, gtin, lot, units, serials });
    prop::collection::vec(one, 0..4)
}

fn act() -> impl Strategy<Value = Act> {
    let plate = || "[0-9]{18}|P-[0-9]{3}";
    let plates = || prop::collection::vec("[0-9]{18}", 0..4);
    prop_oneof![
        (prop::option::of(plate()), goods(), prop::option::of("PO [0-9]{3}"))
            .prop_map(|(plate, goods, document)| Act::Received { plate, goods, document }),
        (prop::option::of(plate()), goods()).prop_map(|(plate, goods)| Act::Stored { plate, goods }),
        (goods(), "SO-[0-9]{3}").prop_map(|(goods, order)| Act::Picked { goods, order }),
        (plate(), goods()).prop_map(|(plate, goods)| Act::Packed { plate, goods }),
        (plate(), goods()).prop_map(|(plate, goods)| Act::Unpacked { plate, goods }),
        (plates(), "L [0-9]").prop_map(|(plates, load)| Act::Loaded { plates, load }),
        (plates(), "L [0-9]").prop_map(|(plates, load)| Act::Departed { plates, load }),
        (plates(), "L [0-9]").prop_map(|(plates, load)| Act::ShipmentVoided { plates, load }),
        goods().prop_map(|goods| Act::Counted { goods }),
    ]
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let mistake = prop::option::of((any::<bool>(), prop::collection::vec(any::<u64>(), 0..2)));
    let one = (act(), location(), 0..2_000_000_000_000i64, 0..100_000i64, mistake);
    prop::collection::vec(one, 0..12).prop_map(|facts| {
        let numbered = (0u64..).zip(facts);
        let fact = |(n, (act, at, performed_at_ms, later, mistake))| Fact {
            id: FactId { offset: n / 2, part: (n % 2) as u16 },
            performed_at_ms,
            recorded_at_ms: performed_at_ms + later,
            at,
            act,
            declaration: Option::map(mistake, |(happened, corrected): (bool, Vec<u64>)| Declaration {
                declared_at_ms: performed_at_ms + later + 1,
                mistake: if happened { Mistake::IncorrectData } else { Mistake::DidNotOccur },
                corrected_by: corrected.into_iter().map(|offset| FactId { offset, part: 0 }).collect(),
            }),
        };
        numbered.map(fact).collect()
    })
}

fn source(utc_offset_minutes: i32) -> Source {
    let site = Location { code: "KHI".into(), gln: Some("0614141000012".into()), extension: None };
    Source { base: "https://shop.example.com".into(), epoch: "j_5kq".into(), site, utc_offset_minutes }
}

proptest! {
    #[test]
    fn any_facts_make_a_document_of_the_standard(facts in facts(), minutes in -2_000..2_000i32) {
        let json = document(&source(minutes), &facts).to_json();
        prop_assert_eq!(faults(&json), Vec::<String>::new());
    }

    #[test]
    fn a_second_export_is_identical_and_order_does_not_matter(facts in facts()) {
        let first = document(&source(300), &facts).to_json();
        prop_assert_eq!(&document(&source(300), &facts).to_json(), &first);
        let turned: Vec<Fact> = facts.iter().rev().cloned().collect();
        prop_assert_eq!(&document(&source(300), &turned).to_json(), &first);
    }
}

#[test]
fn the_checks_would_find_faults() {
    let fact = Fact {
        id: FactId { offset: 7, part: 0 },
        performed_at_ms: 1_800_000_000_000,
        recorded_at_ms: 1_800_000_060_000,
        at: Location { code: "A-01".into(), gln: None, extension: None },
        act: Act::Counted { goods: vec![] },
        declaration: None,
    };
    let json = document(&source(300), &[fact]).to_json();
    assert_eq!(faults(&json), Vec::<String>::new());
    for (good, bad) in [
        ("\"+05:00\"", "\"+5\""),
        ("cycle_counting", "counting"),
        ("\"epcList\":[],", ""),
        ("urn:uuid:", "not an id "),
        ("\"2.0\"", "2.0"),
        ("OBSERVE", "SEE"),
        ("\"eventTime\"", "\"at\""),
    ] {
        assert!(json.contains(good), "{good} in {json}");
        assert_ne!(faults(&json.replace(good, bad)), Vec::<String>::new(), "{bad} goes unnoticed");
    }
}

#[test]
fn a_packed_carton_reads_as_expected() {
    let goods = Goods {
        sku: "KURTA/M".into(),
        gtin: Some("09506000134352".into()),
        lot: Some("A/1%".into()),
        units: 2,
        serials: vec!["S 1".into()],
    };
    let bare = Goods { gtin: None, lot: None, serials: vec![], ..goods.clone() };
    let fact = Fact {
        id: FactId { offset: 42, part: 1 },
        performed_at_ms: 1_800_000_000_000,
        recorded_at_ms: 1_800_000_000_500,
        at: Location { code: "PACK-1".into(), gln: Some("0614141000029".into()), extension: Some("P1".into()) },
        act: Act::Packed { plate: "106141412345678908".into(), goods: vec![goods, bare] },
        declaration: None,
    };
    let mut event = serde_json::to_value(document(&source(300), &[fact])).unwrap()["epcisBody"]["eventList"][0].take();
    assert!(event["eventID"].take().as_str().unwrap().starts_with("urn:uuid:"));
    let expected = serde_json::json!({
        "type": "AggregationEvent",
        "eventID": null,
        "eventTime": "2027-01-15T08:00:00.000Z",
        "eventTimeZoneOffset": "+05:00",
        "recordTime": "2027-01-15T08:00:00.500Z",
        "parentID": "https://id.gs1.org/00/106141412345678908",
        "childEPCs": ["https://id.gs1.org/01/09506000134352/21/S%201"],
        "action": "ADD",
        "bizStep": "packing",
        "readPoint": { "id": "https://id.gs1.org/414/0614141000029/254/P1" },
        "bizLocation": { "id": "https://id.gs1.org/414/0614141000012" },
        "childQuantityList": [
            { "epcClass": "https://id.gs1.org/01/09506000134352/10/A%2F1%25", "quantity": 2 },
            { "epcClass": "https://shop.example.com/item/KURTA%2FM", "quantity": 2 },
        ],
    });
    assert_eq!(event, expected);
}
