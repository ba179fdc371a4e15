//! Random commands against a customer and a product: the limit, repeats, replay and documents.

use std::collections::BTreeMap;

use munshi_domain::{
    Aggregate, Ctx, Currency, CustomerId, Money, OrderId, Part, PartJson, Refused, Sku, Timestamp,
    aggregate::apply,
    customer::{
        AccountState, CreditTerms, Customer, CustomerCommand as C, CustomerDetails, CustomerEvent as E, CustomerType,
        SM_14_ACCOUNT, SM_14_CREDIT,
    },
    phone::Phone,
    product::{Product, ProductCommand as P, ProductDetails},
};
use proptest::prelude::*;

fn ctx() -> Ctx {
    Ctx::system(Timestamp::default())
}

fn pkr(amount: i64) -> Money {
    Money::new(amount.into(), Currency::PKR).unwrap()
}

fn usd(amount: i64) -> Money {
    Money::new(amount.into(), Currency::USD).unwrap()
}

fn order(n: u8) -> OrderId {
    OrderId::from_u128(u128::from(n) + 1)
}

fn details(limit: Option<i64>) -> Box<CustomerDetails> {
    Box::new(CustomerDetails {
        name: "Ali".into(),
        phones: vec![Phone::parse("03001234567").unwrap()],
        emails: vec![],
        kind: CustomerType::Wholesale,
        tier: String::new(),
        addresses: vec![],
        tags: vec![],
        language: "ur".into(),
        credit: limit.map(|limit| CreditTerms { limit: pkr(limit), days: 30 }),
    })
}

fn given(commands: &[C]) -> Customer {
    let mut customer = Customer::default();
    apply(&mut customer, &C::CreateCustomer(details(Some(100))), &ctx()).unwrap();
    for command in commands {
        apply(&mut customer, command, &ctx()).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
    }
    customer
}

fn hold(n: u8, amount: i64) -> C {
    C::HoldCredit { order: order(n), amount: pkr(amount) }
}

fn command() -> impl Strategy<Value = C> {
    let some_order = || (0..4u8).prop_map(order);
    let amount = || (1..70i64).prop_map(pkr);
    let reference = || (0..4u8).prop_map(|n| format!("ref-{n}"));
    prop_oneof![
        1 => prop::option::of(0..150i64).prop_map(|limit| C::SetCreditTerms {
            terms: limit.map(|limit| CreditTerms { limit: pkr(limit), days: 30 }),
        }),
        1 => Just(C::UpdateCustomer(details(None))),
        1 => Just(C::BlockCustomer { reason: "fraud".into() }),
        2 => Just(C::UnblockCustomer),
        1 => Just(C::MergeCustomer { into: CustomerId::from_u128(9) }),
        2 => Just(C::UnmergeCustomer),
        8 => (some_order(), amount()).prop_map(|(order, amount)| C::HoldCredit { order, amount }),
        3 => (some_order(), amount(), 0..20i64, 0..3u32)
            .prop_map(|(order, amount, canceled, edition)| C::AdjustCredit { order, amount, canceled: pkr(canceled), edition }),
        3 => (some_order(), 0..70i64, 0..3u32).prop_map(|(order, canceled, edition)| C::ReduceCredit { order, canceled: pkr(canceled), edition }),
        3 => some_order().prop_map(|order| C::ConsumeCredit { order }),
        1 => some_order().prop_map(|order| C::ReleaseCredit { order }),
        2 => some_order().prop_map(|order| C::CancelCredit { order }),
        2 => (some_order(), prop::option::of(amount())).prop_map(|(order, amount)| C::RecordSettlement { order, amount }),
        2 => (some_order(), amount()).prop_map(|(order, returned)| C::CreditReturn { order, returned }),
        3 => (reference(), amount()).prop_map(|(reference, amount)| C::GrantStoreCredit { reference, amount }),
        3 => (reference(), amount()).prop_map(|(reference, amount)| C::SpendStoreCredit { reference, amount }),
        2 => reference().prop_map(|reference| C::ReverseStoreCredit { reference }),
    ]
}

fn parts(state: &Customer) -> BTreeMap<Part, PartJson> {
    state.parts().into_iter().map(|part| (part.clone(), state.part(&part).unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn prop_01_07_09_customer_never_passes_the_limit(commands in prop::collection::vec(command(), 1..60)) {
        let mut state = given(&[]);
        let mut replayed = state.clone();
        let mut document = parts(&state);
        for command in commands {
            let before = state.clone();
            let Ok(events) = apply(&mut state, &command, &ctx()) else {
                prop_assert_eq!(&state, &before);
                continue;
            };
            for event in &events {
                let was = replayed.ledger.exposure(Currency::PKR).amount();
                replayed.evolve(event);
                let exposure = replayed.ledger.exposure(Currency::PKR).amount();
                if exposure > was {
                    prop_assert!(exposure <= replayed.terms().unwrap().limit.amount(), "val_02 after {:?}", event);
                }
                let back: E = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
                prop_assert_eq!(&back, event);
            }
            prop_assert_eq!(&replayed, &state, "prop_09");
            prop_assert_eq!(state.check(), Vec::<String>::new(), "val_02");
            prop_assert!(state.ledger.store_credit.is_none_or(|balance| !balance.is_negative()));
            for part in events.iter().flat_map(Customer::touches).chain([Part::main()]) {
                match state.part(&part) {
                    Some(json) => document.insert(part, json),
                    None => document.remove(&part),
                };
            }
            prop_assert_eq!(&document, &parts(&state), "prop_09: only the touched parts changed");
            let read = Customer::from_parts(document.clone().into_iter().collect()).unwrap();
            prop_assert_eq!(&read, &state, "prop_09: document");
            let partial = matches!(command, C::RecordSettlement { amount: Some(_), .. });
            if !partial && let Ok(again) = state.decide(&command, &ctx()) {
                prop_assert_eq!(again, vec![], "prop_07: {:?}", command);
            }
        }
    }
}

#[test]
fn sm_14_tables_are_sound() {
    for machine in [SM_14_ACCOUNT, SM_14_CREDIT] {
        assert_eq!(machine.faults(), Vec::<String>::new());
    }
}

#[test]
fn val_02_two_orders_cannot_pass_the_limit_together() {
    let customer = given(&[hold(1, 60)]);
    let refusal = customer.decide(&hold(2, 60), &ctx()).unwrap_err();
    assert_eq!(refusal.code(), "credit_limit_exceeded");
    assert!(refusal.fix().unwrap().contains("40"), "the fix names what is left");
    assert_eq!((customer.exposure(), customer.available()), (Some(pkr(60)), Some(pkr(40))));
    let owed = given(&[hold(1, 60), C::ConsumeCredit { order: order(1) }]);
    assert!(owed.decide(&hold(2, 60), &ctx()).is_err(), "a receivable counts");
    let paid = C::RecordSettlement { order: order(1), amount: None };
    let customer = given(&[hold(1, 60), C::ConsumeCredit { order: order(1) }, paid]);
    assert!(customer.decide(&hold(2, 60), &ctx()).is_ok());
}

#[test]
fn val_06_every_refusal_can_be_met() {
    let fresh = given(&[]);
    let blocked = given(&[C::BlockCustomer { reason: "x".into() }]);
    let no_terms = given(&[C::SetCreditTerms { terms: None }]);
    let held = given(&[hold(1, 60)]);
    let closed = given(&[C::ReleaseCredit { order: order(1) }]);
    let granted = given(&[C::GrantStoreCredit { reference: "r".into(), amount: pkr(5) }]);
    let spend = |reference: &str, amount| C::SpendStoreCredit { reference: reference.into(), amount };
    let nameless = Box::new(CustomerDetails { name: " ".into(), ..*details(None) });
    let merged = given(&[C::MergeCustomer { into: CustomerId::from_u128(9) }]);
    let cases = [
        (&fresh, C::UpdateCustomer(nameless), "invalid_customer"),
        (&Customer::default(), hold(1, 1), "customer_unknown"),
        (&fresh, C::CreateCustomer(details(None)), "customer_exists"),
        (&merged, C::UnblockCustomer, "customer_state"),
        (&blocked, hold(1, 1), "customer_blocked"),
        (&no_terms, hold(1, 1), "no_credit_terms"),
        (&fresh, C::HoldCredit { order: order(1), amount: usd(1) }, "currency_mismatch"),
        (&held, hold(2, 41), "credit_limit_exceeded"),
        (&closed, hold(1, 1), "credit_hold_closed"),
        (&fresh, C::ConsumeCredit { order: order(1) }, "credit_hold_unknown"),
        (&held, C::RecordSettlement { order: order(1), amount: None }, "credit_hold_state"),
        (&granted, spend("s", pkr(6)), "amount_too_large"),
        (&granted, spend("r", pkr(1)), "store_credit_reference"),
    ];
    for (state, command, code) in cases {
        assert_eq!(state.decide(&command, &ctx()).expect_err(code).code(), code);
    }
}

#[test]
fn ret_05_val_02_what_came_back_is_no_longer_owed() {
    let back = |amount| C::CreditReturn { order: order(1), returned: pkr(amount) };
    let shipped = [hold(1, 60), C::ConsumeCredit { order: order(1) }];
    let part = given(&[&shipped[..], &[back(20), back(20)]].concat());
    assert_eq!(part.exposure(), Some(pkr(40)), "a repeat takes nothing off twice");
    let paid = C::RecordSettlement { order: order(1), amount: Some(pkr(30)) };
    let more = given(&[&shipped[..], &[back(20), paid.clone(), back(25)]].concat());
    assert_eq!(more.exposure(), Some(pkr(5)));
    for all in [vec![back(60)], vec![paid, back(60)], vec![back(20), back(60)]] {
        let whole = given(&[&shipped[..], &all[..]].concat());
        assert_eq!((whole.exposure(), whole.ledger.closed.contains(&order(1))), (Some(pkr(0)), true));
        assert_eq!(whole.decide(&back(60), &ctx()), Ok(vec![]));
    }
    let early = given(&[hold(1, 60), back(20), C::ConsumeCredit { order: order(1) }]);
    assert_eq!(early.exposure(), Some(pkr(40)), "told before the hand-over");
}

#[test]
fn can_01_val_02_what_is_canceled_is_not_held_and_not_owed() {
    let off = |amount| C::ReduceCredit { order: order(1), canceled: pkr(amount), edition: 1 };
    let held = given(&[hold(1, 60), off(20), off(20)]);
    assert_eq!(held.exposure(), Some(pkr(40)), "a repeat takes nothing off twice");
    assert_eq!(held.decide(&hold(1, 60), &ctx()), Ok(vec![]), "the same hold is not asked for again");
    let changed = given(&[
        hold(1, 60),
        off(20),
        off(20),
        C::AdjustCredit { order: order(1), amount: pkr(90), canceled: pkr(30), edition: 0 },
    ]);
    assert_eq!(changed.exposure(), Some(pkr(60)), "a new total counts without what is canceled");
    let consume = C::ConsumeCredit { order: order(1) };
    let paid = C::RecordSettlement { order: order(1), amount: Some(pkr(15)) };
    let back = C::CreditReturn { order: order(1), returned: pkr(5) };
    let owed = given(&[hold(1, 60), off(10), consume.clone(), off(30), paid.clone(), back]);
    assert_eq!(owed.exposure(), Some(pkr(10)));
    let nothing = given(&[hold(1, 60), consume, paid, off(45)]);
    assert_eq!((nothing.exposure(), nothing.ledger.closed.contains(&order(1))), (Some(pkr(0)), true));
}

/// What follows from an order's change and from a cancellation after it may arrive the other way round.
#[test]
fn can_01_val_02_what_is_told_late_of_an_older_edition_changes_nothing() {
    let off = |amount, edition| C::ReduceCredit { order: order(1), canceled: pkr(amount), edition };
    let total = |amount, canceled, edition| C::AdjustCredit {
        order: order(1),
        amount: pkr(amount),
        canceled: pkr(canceled),
        edition,
    };
    let proposed = [hold(1, 100), total(70, 0, 0)];
    let told = |late: &[C]| given(&[&proposed[..], late].concat()).exposure();
    for order in [[off(20, 2), total(70, 0, 2)], [total(70, 0, 2), off(20, 2)]] {
        assert_eq!(told(&order), Some(pkr(50)));
    }
    assert_eq!(told(&[total(70, 10, 2), off(40, 1)]), Some(pkr(60)), "canceled of the edition before");
    assert_eq!(told(&[total(70, 10, 2), total(70, 10, 2)]), Some(pkr(60)), "a repeat");
}

/// Where an account and a credit hold stand, as SM-14 calls it.
fn places(customer: &Customer, hold: OrderId, settled: bool) -> (String, String) {
    let account = if customer.state == AccountState::Absent { "-" } else { customer.state.word() };
    let credit = match customer.ledger.holds.get(&hold) {
        Some(hold) if hold.consumed => "consumed",
        Some(_) => "held",
        None if customer.ledger.closed.contains(&hold) && settled => "settled",
        None if customer.ledger.closed.contains(&hold) => "released",
        None => "-",
    };
    (account.to_owned(), credit.to_owned())
}

/// Random accounts take every row of the two tables, and no other.
#[test]
fn sm_14_prop_01_every_row_is_taken_and_no_other() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
        let mut commands = prop::collection::vec(command(), 1..40).new_tree(&mut runner).unwrap().current();
        commands.insert(0, C::CreateCustomer(details(Some(100))));
        commands.push(C::EraseCustomer);
        let mut state = Customer::default();
        for command in commands {
            let mut folded = state.clone();
            for event in apply(&mut state, &command, &ctx()).unwrap_or_default() {
                let json = serde_json::to_value(&event).unwrap();
                let name = json["type"].as_str().unwrap().to_owned();
                let hold = (0..4u8).map(order).find(|id| json["order"] == id.to_string()).unwrap_or_else(|| order(0));
                let settles =
                    matches!(event, E::CreditSettled { .. } | E::CreditReturned { .. } | E::CreditReduced { .. });
                let before = places(&folded, hold, settles);
                folded.evolve(&event);
                let mut after = places(&folded, hold, settles);
                if matches!(event, E::CreditCanceled { .. }) {
                    after.1 = "released".to_owned(); // and free to be held again
                }
                let credit = json.get("order").is_some();
                let machine = if credit { &SM_14_CREDIT } else { &SM_14_ACCOUNT };
                let (from, to) = if credit { (before.1, after.1) } else { (before.0, after.0) };
                if machine.edges.iter().any(|edge| edge.event == name) {
                    assert!(machine.allows(&from, &name, &to), "{from} -{name}-> {to} is no row");
                    seen.insert((machine.name, from, name, to));
                }
            }
        }
    }
    for machine in [SM_14_ACCOUNT, SM_14_CREDIT] {
        for edge in machine.edges {
            let row = (machine.name, edge.from.to_owned(), edge.event.to_owned(), edge.to.to_owned());
            assert!(seen.contains(&row), "nothing took {row:?}");
        }
    }
}

#[test]
fn sm_14_erasure_keeps_the_sums() {
    let customer = given(&[hold(1, 60), C::ConsumeCredit { order: order(1) }, C::EraseCustomer]);
    assert!(customer.details.is_none());
    assert_eq!(customer.exposure(), Some(pkr(60)));
    let json = customer.part(&Part::main()).unwrap().into_text();
    assert!(!json.contains("Ali") && !json.contains("+92300"));
}

fn product() -> ProductDetails {
    let json = r#"{"sku":"LWN-1-L","handle":"lawn","title":"Lawn suit","price":{"amount":"2500.00","currency":"PKR"}}"#;
    serde_json::from_str(json).unwrap()
}

#[test]
fn lin_01_a_product_is_defined_once_and_switched_off() {
    let mut state = Product::default();
    assert_eq!(state.decide(&P::ActivateProduct, &ctx()).unwrap_err().code(), "product_unknown");
    let define = P::DefineProduct(Box::new(product()));
    assert_eq!(apply(&mut state, &define, &ctx()).unwrap().len(), 1);
    assert!(state.sellable().is_some_and(|details| details.stocked && details.min_quantity == 1));
    assert_eq!(apply(&mut state, &define, &ctx()).unwrap(), []);
    apply(&mut state, &P::DeactivateProduct, &ctx()).unwrap();
    assert!(state.exists() && state.sellable().is_none());
    let part = state.part(&Part::main()).unwrap();
    assert_eq!(Product::from_parts(vec![(Part::main(), part)]).unwrap(), state);
}

#[test]
fn lin_01_a_product_names_the_field_that_is_wrong() {
    let good = product();
    for (details, field) in [
        (ProductDetails { handle: " ".into(), ..good.clone() }, "/handle"),
        (ProductDetails { title: String::new(), ..good.clone() }, "/title"),
        (ProductDetails { barcode: Some("a b".into()), ..good.clone() }, "/barcode"),
        (ProductDetails { price: pkr(-1), ..good.clone() }, "/price"),
        (ProductDetails { compare_at: Some(usd(9)), ..good.clone() }, "/compare_at"),
        (ProductDetails { min_quantity: 0, ..good.clone() }, "/min_quantity"),
        (ProductDetails { options: vec![(String::new(), "L".into())], ..good.clone() }, "/options"),
    ] {
        assert_eq!(details.check().unwrap_err().field().as_deref(), Some(field));
    }
    let mut state = Product::default();
    apply(&mut state, &P::DefineProduct(Box::new(good.clone())), &ctx()).unwrap();
    let other = ProductDetails { sku: Sku::parse("X").unwrap(), ..good };
    let refusal = state.decide(&P::DefineProduct(Box::new(other)), &ctx()).unwrap_err();
    assert_eq!((refusal.code(), refusal.field()), ("invalid_product", Some("/sku".into())));
    assert!(serde_json::from_str::<ProductDetails>(r#"{"sku":"A","colour":"red"}"#).is_err());
}
