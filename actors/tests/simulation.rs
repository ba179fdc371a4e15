//! The runtime over the fault-injecting store, with thousands of seeds: orders are placed, confirmed, edited,
//! approved and canceled while commits conflict, get lost or stay unanswered and the node crashes at random
//! points; afterwards every acknowledged answer is still true, a retry gets the same one, and doctor finds
//! nothing (runtime.md §2, properties 3, 7, 8 and 9).

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use munshi_actors::{Clock, Failure, Meta, Node, NodeConfig, doctor};
use munshi_domain::{
    Currency, CustomerId, Money, OrderId, QueueId, Sku, UserId, WarehouseId,
    approval::{ApprovalQueue, QueueCommand},
    customer::{Address, CreditTerms, Customer, CustomerCommand, CustomerDetails, CustomerType},
    order::{
        Order, OrderCommand, OrderContent,
        content::{Channel, ContentLine, CustomerSnapshot, OrderType, PaymentMethod, Priority},
        state::Terms,
    },
    phone::Phone,
    settings::{ApprovalRule, ShopSettings},
    warehouse::{Condition, Profile, Warehouse, WarehouseCommand},
};
use munshi_store::{
    Store,
    memory::{Faults, MemoryStore, Rates},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use rust_decimal::Decimal;

const SALES: UserId = UserId::from_u128(1);
const MANAGER: UserId = UserId::from_u128(2);

fn pkr(amount: i64) -> Money {
    Money::new(Decimal::from(amount), Currency::PKR).unwrap()
}

fn codes() -> [WarehouseId; 2] {
    ["KHI", "LHE"].map(|code| WarehouseId::parse(code).unwrap())
}

fn customer() -> CustomerId {
    CustomerId::from_u128(5)
}

fn content(units: u32, terms: bool) -> OrderContent {
    let line = |(number, sku): (u16, &str)| ContentLine {
        line: number,
        sku: Sku::parse(sku).unwrap(),
        title: "Kurta".into(),
        quantity: units,
        unit_price: Decimal::from(100),
        discount: Decimal::ZERO,
        tax_code: "standard".into(),
        tax_rate: Decimal::from(18),
        stocked: true,
        backorder: false,
        warehouse: None,
        note: None,
    };
    OrderContent {
        customer: CustomerSnapshot {
            id: customer(),
            name: "Bilal".into(),
            phone: None,
            email: None,
            kind: CustomerType::Retail,
            tier: String::new(),
        },
        channel: Channel::Online,
        order_type: OrderType::Regular,
        priority: Priority::Normal,
        currency: Currency::PKR,
        payment_method: if terms { PaymentMethod::Terms } else { PaymentMethod::Cod },
        shipping_address: Address {
            line1: "House 1".into(),
            city: "Lahore".into(),
            country: "PK".into(),
            ..Address::default()
        },
        billing_address: None,
        lines: [(1, "A"), (2, "B")].into_iter().map(line).collect(),
        shipping_fee: Decimal::ZERO,
        tax_included: true,
        ship_complete: false,
        po_number: None,
        reference: None,
        tags: vec![],
        instructions: None,
    }
}

fn shop() -> ShopSettings {
    ShopSettings {
        approval_rules: vec![ApprovalRule {
            over: pkr(500),
            queue: QueueId::parse("sales").unwrap(),
            role: "sales_manager".into(),
        }],
        sourcing: codes().to_vec(),
        ..ShopSettings::default()
    }
}

fn terms(node: &Node, content: &OrderContent, number: u64) -> Box<Terms> {
    let shop = shop();
    Box::new(Terms {
        number: format!("SO-{number}"),
        settings_version: 1,
        plan: shop.approval_plan(content.total(), 1),
        confirm_by_rule: shop.confirms_by_rule(content),
        sources: codes().to_vec(),
        split: true,
        deadline: node.now().plus_seconds(600),
        confirmation_seconds: 86_400,
        approval_seconds: 86_400,
        release_automatically: true,
        return_window_days: 14,
    })
}

async fn start(store: &Arc<MemoryStore>) -> Node {
    let store: Arc<dyn Store> = store.clone();
    for _ in 0..200 {
        match Node::start(store.clone(), NodeConfig::default(), Clock::system()).await {
            Ok(node) => return node,
            Err(_) => tokio::task::yield_now().await,
        }
    }
    panic!("the node does not start");
}

/// Sends until the answer is final, as a client does.
async fn insist<A, R>(
    node: &Node,
    id: &str,
    command: &A::Command,
    cmd: &str,
    view: impl Fn(&A, u64) -> R + Clone + Send + 'static,
) -> Option<Result<R, String>>
where
    A: munshi_actors::Hosted,
    R: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
{
    for _ in 0..50 {
        let meta = Meta::user(SALES, cmd, Some("hash".into()));
        match node.execute::<A, R>(id, command.clone(), meta, view.clone()).await {
            Ok(applied) => return Some(Ok(applied.view)),
            Err(Failure::Refused(refusal)) => {
                use munshi_domain::Refused;
                if matches!(refusal.code(), "placement_in_progress" | "change_in_progress") {
                    tokio::task::yield_now().await;
                    continue;
                }
                return Some(Err(refusal.code().to_owned()));
            }
            Err(Failure::Busy { .. } | Failure::Broken(_)) => tokio::task::yield_now().await,
            Err(other) => panic!("unexpected answer {other}"),
        }
        if node.status().stopped.is_some() {
            return None;
        }
    }
    None
}

async fn prepare(node: &Node) {
    let details = CustomerDetails {
        name: "Bilal".into(),
        phones: vec![Phone::parse("03331234567").unwrap()],
        emails: vec![],
        kind: CustomerType::Retail,
        tier: String::new(),
        addresses: vec![],
        tags: vec![],
        language: String::new(),
        credit: Some(CreditTerms { limit: pkr(2_000), days: 30 }),
    };
    let create = CustomerCommand::CreateCustomer(Box::new(details));
    insist::<Customer, u64>(node, &customer().to_string(), &create, "customer", |_, v| v).await.unwrap().unwrap();
    for code in codes() {
        let open = WarehouseCommand::OpenWarehouse(Profile { name: code.to_string(), address: Address::default() });
        insist::<Warehouse, u64>(node, code.as_str(), &open, "open", |_, v| v).await.unwrap().unwrap();
        for sku in ["A", "B"] {
            let receive = WarehouseCommand::ReceiveStock {
                sku: Sku::parse(sku).unwrap(),
                quantity: 7,
                condition: Condition::Sellable,
                reference: "po".into(),
                reason: None,
            };
            let cmd = format!("receive-{sku}");
            insist::<Warehouse, u64>(node, code.as_str(), &receive, &cmd, |_, v| v).await.unwrap().unwrap();
        }
    }
}

/// What an order's answer says; compared byte for byte between the first answer and a retry.
fn seen(order: &Order, version: u64) -> String {
    format!("{version} {} {:?} {:?}", order.lifecycle, order.lines, order.refusal)
}

struct Asked {
    order: OrderId,
    cmd: String,
    command: OrderCommand,
    answer: Result<String, String>,
}

async fn one_seed(seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let store = Arc::new(MemoryStore::new(Faults::default()));
    let mut node = start(&store).await;
    prepare(&node).await;
    let rates = Rates {
        not_applied: 5,
        unknown_applied: 4,
        unknown_not_applied: 4,
        slow: 20,
        fatal: u8::from(seed.is_multiple_of(3)),
        read: 2,
        project: 5,
        torn: 5,
    };
    node.shutdown().await;
    let mut store = Arc::new(store.with_faults(Faults::seeded(seed, rates)));
    node = start(&store).await;
    let mut asked: Vec<Asked> = Vec::new();
    let rounds = random.random_range(8..24);
    for round in 0..rounds {
        let id = OrderId::from_u128(u128::from(random.random_range(0..6_u32)) + 10);
        let (cmd, command) = command(&mut random, &node, id, round);
        trace(seed, || format!("{round}: {cmd} {:?}", node.status()));
        let answer = insist::<Order, String>(&node, &id.to_string(), &command, &cmd, seen).await;
        if let Some(answer) = answer {
            asked.push(Asked { order: id, cmd, command, answer });
        }
        if random.random_bool(0.3) {
            vote(&node, random.random_bool(0.7), round).await;
        }
        if random.random_bool(0.12) || node.status().stopped.is_some() {
            trace(seed, || format!("{round}: crash"));
            node.crash().await;
            trace(seed, || "crashed".into());
            store = Arc::new(store.crash());
            node = start(&store).await;
        }
    }
    store.faults().heal();
    if node.status().stopped.is_some() {
        node.crash().await;
        node = start(&store).await;
    }
    assert!(
        node.at_rest(Duration::from_secs(20)).await,
        "seed {seed}: processes do not come to rest: {:?}",
        node.status()
    );
    for Asked { order, cmd, command, answer } in &asked {
        if answer.is_err() {
            continue; // a refusal leaves nothing behind and may be decided anew
        }
        let again = insist::<Order, String>(&node, &order.to_string(), command, cmd, seen).await.unwrap();
        assert_eq!(again, *answer, "seed {seed}: the retry of {cmd} is answered differently");
    }
    node.shutdown().await;
    let durable: Arc<dyn Store> = Arc::new(store.crash());
    let report = doctor::run(&durable).await.unwrap();
    assert!(report.is_clean(), "seed {seed}: {:#?}", report.faults);
    stock_is_kept(&durable, seed).await;
}

fn command(random: &mut StdRng, node: &Node, id: OrderId, round: u64) -> (String, OrderCommand) {
    let content = content(random.random_range(1..4), random.random_bool(0.5));
    match random.random_range(0..12) {
        0..=5 => {
            let submit = Some(terms(node, &content, round));
            let ephemeral = random.random_bool(0.5);
            (format!("place-{id}"), OrderCommand::CreateDraft { id, content: Box::new(content), ephemeral, submit })
        }
        6 => (format!("cancel-{id}-{round}"), OrderCommand::CancelOrder { reason: "changed mind".into() }),
        7 => {
            let plan = shop().approval_plan(content.total(), 1);
            (format!("edit-{id}-{round}"), OrderCommand::ProposeChange { content: Box::new(content), plan })
        }
        8 => {
            let lines = vec![(1, 1)];
            let command = OrderCommand::RequestCancellation { lines, reason: "one less".into(), approve: true };
            (format!("less-{id}-{round}"), command)
        }
        9 | 10 => {
            let warehouse = codes()[random.random_range(0..2)].clone();
            let command = OrderCommand::RequestLineWarehouse { line: 1, warehouse, reason: "closer".into() };
            (format!("move-{id}-{round}"), command)
        }
        _ => (format!("withdraw-{id}-{round}"), OrderCommand::WithdrawSubmission { reason: "not yet".into() }),
    }
}

async fn vote(node: &Node, approve: bool, round: u64) {
    let open = node
        .read::<ApprovalQueue, _>("sales", |queue, _| {
            queue.steps().next().map(|view| (view.about.step, view.about.hash.clone()))
        })
        .await;
    let Ok(Some(Some((step, hash)))) = open else { return };
    let command =
        QueueCommand::VoteOnStep { step, approver: MANAGER, on_behalf: None, approve, hash, rationale: "seen".into() };
    let _ = insist::<ApprovalQueue, u64>(node, "sales", &command, &format!("vote-{round}"), |_, v| v).await;
}

/// Nothing was sold twice: what is promised never exceeds what was received.
async fn stock_is_kept(store: &Arc<dyn Store>, seed: u64) {
    let node = Node::start(store.clone(), NodeConfig::default(), Clock::system()).await.unwrap();
    let mut total: BTreeMap<String, u32> = BTreeMap::new();
    for code in codes() {
        let faults = node
            .read::<Warehouse, _>(code.as_str(), |state, _| {
                (
                    state.check(),
                    state.rows().map(|row| (row.sku.to_string(), row.reserved + row.allocated)).collect::<Vec<_>>(),
                )
            })
            .await
            .unwrap()
            .unwrap();
        assert!(faults.0.is_empty(), "seed {seed}: {:?}", faults.0);
        for (sku, promised) in faults.1 {
            *total.entry(sku).or_default() += promised;
        }
    }
    assert!(total.values().all(|promised| *promised <= 14), "seed {seed}: oversold {total:?}");
    node.shutdown().await;
}

/// Tells the story of a single replayed seed.
fn trace(seed: u64, what: impl FnOnce() -> String) {
    if std::env::var("MUNSHI_SIM_SEED").is_ok() {
        eprintln!("seed {seed}: {}", what());
    }
}

fn seeds() -> std::ops::Range<u64> {
    let first = std::env::var("MUNSHI_SIM_SEED").ok().and_then(|seed| seed.parse().ok());
    let count = std::env::var("MUNSHI_SIM_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    first.map_or(1..count + 1, |seed| seed..seed + 1)
}

#[test]
fn prop_03_07_08_09_nothing_acknowledged_is_lost_or_doubled_under_faults_and_crashes() {
    if std::env::var("MUNSHI_SIM_SEED").is_ok() {
        tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(std::io::stderr).init();
    }
    for seed in seeds() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let done = runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(60), tokio::spawn(one_seed(seed))).await });
        match done {
            Ok(Ok(())) => {}
            other => panic!("seed {seed} (replay with MUNSHI_SIM_SEED={seed}): {other:?}"),
        }
        runtime.shutdown_timeout(Duration::from_secs(5));
    }
}
