//! Random commands in random states: every one ends in a legal state or a listed code, by the rows of the tables.

use std::{collections::BTreeSet, sync::LazyLock};

use munshi_domain::{
    floor::{
        Condition, Content, CountedFact, DeviceOp as D, Disposition, FLOW_COUNT, FLOW_MOVE, FLOW_PUT_AWAY,
        FLOW_RECEIVE, FLOW_RETURN, First, Floor, FloorCode as F, FloorCommand as C, FloorEvent as E, Flow, FlowName,
        Grade, Group, LotStatus, Outcome, ReceivedFact, Scan, Site, StoredFact, WorkOffice,
    },
    table::Machine,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::{
    bench::*,
    put_away::loose,
    replenish::{listed, replenish},
};

/// One step: who, what sort, two choices, and the milliseconds before it.
type Step = (u8, u8, u16, u16, u16);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Device 3 has no rights, device 4 may not override.
    let who = prop_oneof![4 => Just(1u8), 3 => Just(2), 1 => Just(3), 2 => Just(4)];
    prop::collection::vec((who, 0..100u8, any::<u16>(), any::<u16>(), 0..4_000u16), 1..140)
}

fn of<T: Clone>(choices: &[T], at: u16) -> T {
    choices[usize::from(at) % choices.len()].clone()
}

const PLACES: [&str; 10] = ["R-1", "R-2", "R-3", "R-4", "R-5", "PF-1", "PF-2", "Q-1", "STAGE", "DOCK-1"];
const ITEMS: [&str; 8] = ["A", "B", "C", "D", "H", "T", "Z", "L"];
const DAYS: [&str; 4] = ["2027-06-01", "2026-06-05", "2025-01-01", "2028-01-01"];

fn number(x: u16) -> String {
    if x.is_multiple_of(4) { foreign(1 + u64::from(x / 4 % 5)) } else { own(u64::from(x % 9)) }
}

fn item(x: u16, y: u16) -> D {
    match x % 6 {
        0 => D::Scan(Scan { count: Some(u32::from(y % 3)).filter(|_| y % 5 > 1), ..gtin(GTIN_A_CASE) }),
        1 => {
            let scan = Scan { lot: Some(lot(of(&["L1", "L2"], y))), ..gtin(GTIN_B) };
            D::Scan(Scan { expiry: Some(day(of(&DAYS, y / 2))).filter(|_| !y.is_multiple_of(3)), ..scan })
        }
        2 => D::Scan(Scan { serial: Some(serial(&format!("S{}", y % 12))), ..gtin(GTIN_C) }),
        3 => D::Scan(Scan {
            weight: Some("1.0".into()).filter(|_| y.is_multiple_of(4)),
            warnings: if y.is_multiple_of(3) { vec![F::IncompletePair] } else { vec![] },
            ..gtin(of(&[GTIN_A, GTIN_A_PALLET, GTIN_SHARED, GTIN_B], y))
        }),
        _ => text(of(&ITEMS, y)),
    }
}

fn quantity(x: u16) -> D {
    D::Quantity(of(&["1", "2", "3", "6", "12", "61", "0", "1.5", "12345678", "42"], x).into())
}

fn tracking(x: u16, y: u16) -> D {
    match x % 4 {
        0 => D::Next,
        1 => D::Expiry(day(of(&DAYS, y))),
        2 => text(of(&["L1", "L2", "L3"], y)),
        _ => text(&format!("S{}", y % 12)),
    }
}

/// Something that fits where the device stands.
fn fitting(floor: &Floor, flow: &Flow, x: u16, y: u16, focus: u16) -> D {
    let place = || text(of(&PLACES, y));
    let condition = || D::Condition(of(&Condition::ALL, y));
    match (flow, state(flow)) {
        (Flow::Idle, _) => chosen(if x.is_multiple_of(4) { x / 4 } else { focus }, y),
        (Flow::Receive(_), "PickDoc") if x.is_multiple_of(4) => sscc(&number(y)),
        (Flow::Receive(_), "PickDoc") => text(of(&["PO-1", "PO-2", "PO-3", "ASN-1", "BLIND", "PO-X"], y)),
        (Flow::Receive(_), "Dock") => text(of(&["DOCK-1", "DOCK-2"], y)),
        (Flow::Receive(_), "Lpn") if x.is_multiple_of(5) => create(y),
        (Flow::Receive(_), "Lpn" | "Item") if x % 16 == 1 => D::Close,
        (Flow::Receive(_), "Lpn") => sscc(&number(y)),
        (Flow::Receive(_), "Tracking") => tracking(x, y),
        (Flow::Receive(_), "Qty") if x.is_multiple_of(3) => D::Next,
        (Flow::Receive(_), "Condition") => condition(),
        (Flow::Receive(_), "LineDone") => of(&[D::Next, D::Next, D::Close, sscc(&number(y))], x),
        (Flow::Receive(_), "Close") => of(&[D::Confirm, D::Confirm, D::Next], x),
        (Flow::PutAway(_), "Lpn") => sscc(&number(y)),
        (Flow::PutAway(_), "Suggested" | "LocationScan") => match x % 8 {
            0 => D::Next,
            1 => D::Override { reason: of(&["full", " "], y).into() },
            2 => split(y),
            _ => place(),
        },
        (Flow::PutAway(_) | Flow::Move(_), "CheckDigits") => of(&[text("42"), D::Quantity("42".into()), text("7")], x),
        (Flow::Move(session), "Source" | "Item") if session.replenish && x % 7 == 5 => D::GetWork,
        (Flow::Move(_), "Source") if x.is_multiple_of(3) => sscc(&number(y)),
        (Flow::Move(_), "Source") if x % 3 == 1 => text(of(&["R-1", "R-5"], y)),
        (Flow::Move(_), "Item") if !x.is_multiple_of(4) => text(of(&["A", "A", "C"], y)),
        (Flow::Move(_), "Source") => place(),
        (Flow::Move(_), "Qty") if x.is_multiple_of(4) => tracking(2 + x / 4 % 2, y),
        (Flow::Move(_), "LocationScan") if x.is_multiple_of(6) => D::Override { reason: "full".into() },
        (Flow::Move(_), "LocationScan") => place(),
        (Flow::Count(_), "Task") => of(&[D::GetWork, place(), item(x, y)], x),
        (Flow::Count(session), "Loc") if !x.is_multiple_of(4) => {
            let task = session.task.and_then(|id| floor.count(id));
            text(task.map_or("R-1", |task| task.location.as_str()))
        }
        (Flow::Count(_), "Loc") => place(),
        (Flow::Count(_), "Lines") => match x % 8 {
            0 | 1 => D::Submit,
            2 => D::Nothing,
            3 | 4 => quantity(y % 5),
            _ if y.is_multiple_of(2) => text("A"),
            _ => item(x / 8, y),
        },
        (Flow::Return(_), "Rma") => text(of(&["1001", "RMA-1", "1002", "T-RMA-3"], y)),
        (Flow::Return(_), "Tracking") => tracking(1 + x % 3, y),
        (Flow::Return(_), "Grade") if x.is_multiple_of(4) => quantity(y % 5),
        (Flow::Return(_), "Grade") => D::Grade(of(&[Grade::New, Grade::Opened, Grade::Damaged, Grade::Unusable], y)),
        (Flow::Return(_), "Disposition") => D::Disposition(of(
            &[Disposition::Restock, Disposition::Refurbish, Disposition::Quarantine, Disposition::Scrap],
            y,
        )),
        (Flow::Return(_), "Lpn") if x.is_multiple_of(5) => create(y),
        (Flow::Return(_), "Lpn") => sscc(&number(y)),
        (Flow::Inquiry, _) => text(of(&["STAGE", "A", "PO-1", "1001", "L1", "NOPE"], y)),
        (_, "Item") => item(x, y),
        (_, "Qty") => quantity(y),
        _ => D::Next,
    }
}

fn create(y: u16) -> D {
    let number = (!y.is_multiple_of(4)).then(|| plate(&number(y)));
    D::CreatePlate { plate: number, bin: loc(of(&["STAGE", "RET", "NOPE"], y / 4)) }
}

fn split(y: u16) -> D {
    let units = 1 + u32::from(y % 3);
    D::Split { sku: sku(of(&["A", "X"], y)), lot: None, units, into: plate(&own(u64::from(10 + y % 30))) }
}

fn chosen(x: u16, y: u16) -> D {
    let flows = [
        FlowName::Receive,
        FlowName::Receive,
        FlowName::PutAway,
        FlowName::PutAway,
        FlowName::Move,
        FlowName::Replenish,
        FlowName::Count,
        FlowName::Count,
        FlowName::Return,
        FlowName::Inquiry,
    ];
    D::Choose { flow: of(&flows, x), first: of(&[First::Usual, First::Location, First::Item], y) }
}

fn fact(b: &Bench, x: u16, y: u16) -> D {
    let raw = vec!["raw".to_owned()];
    match x % 3 {
        0 => {
            let units = u32::from(y % 7);
            let content = (!y.is_multiple_of(3)).then(|| {
                let serials = if y.is_multiple_of(2) { vec![] } else { vec![serial(&format!("S{}", y % 12))] };
                Content { goods: goods(of(&ITEMS, y / 3), None), units, serials }
            });
            let (doc, plate) = (doc(of(&["PO-1", "ASN-1", "BLIND", "NOPE"], y / 2)), plate(&number(x / 3)));
            D::Received(ReceivedFact { doc, bin: None, plate, content, raw })
        }
        1 => D::Stored(StoredFact { plate: plate(&number(y)), bin: loc(of(&PLACES, x / 3)), raw }),
        _ => {
            let task = b.floor.counts().nth(usize::from(y) % 3).map_or(u64::from(y), |task| task.id);
            let line = |item: &str, units| munshi_domain::floor::CountLine {
                sku: sku(item),
                lot: None,
                expiry: None,
                units,
                serials: BTreeSet::new(),
            };
            let lines = vec![line(of(&ITEMS, x / 3), u32::from(y % 9))];
            D::Counted(CountedFact { task, from: b.floor.version().saturating_sub(u64::from(y % 40)), lines, raw })
        }
    }
}

fn office(b: &Bench, x: u16, y: u16) -> C {
    let reason = || "because".to_owned();
    match x % 7 {
        0 | 1 => C::OpenCount {
            location: Some(loc(of(&PLACES, y))),
            sku: y.is_multiple_of(2).then(|| sku(of(&ITEMS, y / 2))),
        },
        2 if y % 4 == 1 => replenish("A", ["PF-1", "PF-2"][usize::from(y / 4) % 2], 1 + u32::from(y % 5)),
        2 if y % 4 == 3 => {
            let tasks = b.floor.work().tasks.iter().filter(|(_, task)| task.is_live() && task.work.parcel().is_none());
            let all: Vec<_> = tasks.map(|(id, _)| id).collect();
            let one = all.get(usize::from(y / 4) % all.len().max(1));
            one.map_or(C::Tick, |task| C::Work(WorkOffice::CancelTask { task: *task }))
        }
        2 => C::OpenCount { location: None, sku: Some(sku(of(&ITEMS, y))) },
        3 => {
            let mut plates = (0..9).map(own).filter(|number| b.floor.plate(&plate(number)).is_some());
            match plates.next_back() {
                Some(number) => C::HoldPlate { plate: plate(&number), reason: y.is_multiple_of(3).then(reason) },
                None => C::Tick,
            }
        }
        4 => C::SetLotStatus {
            sku: sku("B"),
            lot: lot("L1"),
            status: of(&[LotStatus::Released, LotStatus::OnHold, LotStatus::Recalled], y),
            reason: reason(),
        },
        5 => C::SetSite(Box::new(Site { dock_required: y.is_multiple_of(2), ..site() })),
        _ => match b.floor.approvals().next() {
            Some(approval) => C::DecideApproval { id: approval.id, approve: !y.is_multiple_of(3), reason: reason() },
            None => C::Tick,
        },
    }
}

fn machine(flow: &Flow) -> Option<(&'static Machine, Group)> {
    Some(match flow {
        Flow::Receive(_) => (&FLOW_RECEIVE, Group::Receive),
        Flow::PutAway(_) => (&FLOW_PUT_AWAY, Group::PutAway),
        Flow::Move(_) => (&FLOW_MOVE, Group::Move),
        Flow::Count(_) => (&FLOW_COUNT, Group::Count),
        Flow::Return(_) => (&FLOW_RETURN, Group::Return),
        _ => return None,
    })
}

fn state(flow: &Flow) -> &'static str {
    flow.state()
}

/// What a command may answer with where the device stands.
fn may(flow: &Flow, op: &D) -> BTreeSet<F> {
    let mut groups = vec![Group::Input, Group::Resolution, Group::Common];
    match op {
        D::Received(_) => groups.push(Group::Receive),
        D::Stored(_) => groups.push(Group::PutAway),
        D::Counted(_) => groups.push(Group::Count),
        D::CreatePlate { .. } | D::VoidPlate { .. } | D::RelabelPlate { .. } | D::Split { .. } => {
            groups.extend([Group::Plate, Group::Move]);
        }
        D::Scan(_) => groups.push(Group::Plate),
        _ => {}
    }
    groups.extend(machine(flow).map(|(_, group)| group));
    let quantities = matches!(op, D::Quantity(_)).then_some(F::QtyFractionNotAllowed);
    groups.into_iter().flat_map(Group::codes).chain(quantities).collect()
}

/// The event a row is known by.
fn landmark(events: &[E]) -> &'static str {
    let known = |test: fn(&E) -> bool| events.iter().any(test);
    match () {
        () if known(|event| matches!(event, E::Received(_))) => "Received",
        () if known(|event| matches!(event, E::Returned { .. })) => "Returned",
        () if known(|event| matches!(event, E::Stored { .. })) => "Stored",
        () if known(|event| matches!(event, E::GoodsMoved { .. })) => "GoodsMoved",
        () if known(|event| matches!(event, E::CountAccepted { .. })) => "CountAccepted",
        () if known(|event| matches!(event, E::ApprovalRaised { .. })) => "ApprovalRaised",
        () if known(|event| matches!(event, E::Counted { .. })) => "Counted",
        () if known(|event| matches!(event, E::CountStarted { .. })) => "CountStarted",
        () if known(|event| matches!(event, E::DocClosed { .. })) => "DocClosed",
        () if known(|event| matches!(event, E::DocJoined { .. })) => "DocJoined",
        () => "SessionMoved",
    }
}

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Walks, and checks every answer against the tables and the lists of codes.
fn walk(start: &Bench, steps: &[Step], rows: &mut BTreeSet<Row>) {
    let mut b = start.clone();
    let mut last: Option<(u8, D)> = None;
    let mut overridable = false;
    // A walk is mostly about one flow, so that it gets far in it.
    let focus = steps.first().map_or(0, |step| step.2);
    for &(n, kind, x, y, pause) in steps {
        b.now += i64::from(pause);
        if kind < 6 {
            let command = office(&b, x, y);
            let _ = b.apply(&command);
            continue;
        }
        let flow = b.floor.session(&device(n)).map(|session| session.flow.clone()).unwrap_or_default();
        let (n, op) = match (kind, &last) {
            (6..12, Some(last)) => last.clone(),
            (12..15, _) => (n, fact(&b, x, y)),
            (15..19, _) => (n, chosen(x, y)),
            (19..22, _) => (n, of(&[D::Suspend, D::Submit, D::Close, split(y), create(y), quantity(y)], x)),
            (22..25, _) => (n, item(x, y)),
            (25..45, Some((who, _))) if overridable => (*who, D::Override { reason: "full".into() }),
            _ => (n, fitting(&b.floor, &flow, x, y, focus)),
        };
        let flow = b.floor.session(&device(n)).map(|session| session.flow.clone()).unwrap_or(flow);
        last = Some((n, op.clone()));
        let command = b.command(n, op.clone());
        let (answer, events) = b.send(command);
        overridable =
            [F::LocFull, F::MixLot, F::MixItem, F::WrongZone].into_iter().any(|code| answer.code == Some(code));
        let allowed = may(&flow, &op);
        for code in answer.code.iter().chain(answer.screen.msg.as_ref().map(|msg| &msg.code)) {
            assert!(allowed.contains(code), "{code} is not listed for {op:?} in {flow:?}");
        }
        check_row(&b, n, &flow, &op, &answer, &events, rows);
    }
    b.check();
}

/// A floor with something to put away, to move and to count.
static START: LazyLock<Bench> = LazyLock::new(|| {
    let mut b = Bench::new();
    for (number, at) in [(5, "R-1"), (6, "R-5")] {
        b.stocked("A", 12, number, at);
    }
    loose(&mut b, "R-5", "A", 20);
    loose(&mut b, "R-1", "A", 9);
    for number in 0..4 {
        b.staged(1, "A", 6, number);
    }
    b.staged(1, "X", 6, 4);
    // Something that A may not be mixed with, and a unit with a serial number.
    loose(&mut b, "R-2", "Z", 2);
    loose(&mut b, "PF-1", "Z", 2);
    b.office(C::OpenCount { location: Some(loc("R-5")), sku: Some(sku("C")) });
    let unit = Scan { serial: Some(serial("S11")), ..gtin(GTIN_C) };
    b.all(1, [chosen(6, 0), text("R-5"), D::Scan(unit), D::Submit, D::Suspend]);
    b.ok(2, D::Suspend);
    // A list that takes some of what is on R-1, and a pick face that wants some.
    listed(&mut b, 4, 5);
    b.office(replenish("A", "PF-2", 6));
    b.thorough = false;
    b
});

fn check_row(
    b: &Bench,
    n: u8,
    before: &Flow,
    op: &D,
    answer: &munshi_domain::floor::Answer,
    events: &[E],
    rows: &mut BTreeSet<Row>,
) {
    let after = b.floor.session(&device(n)).map(|session| session.flow.clone()).unwrap_or_default();
    assert_eq!(answer.screen.state, after.state());
    let Some((machine, _)) = machine(&after) else { return };
    assert!(machine.states.contains(&after.state()), "{} is no state of {}", after.state(), machine.name);
    let name = op.name();
    if op.is_fact() || answer.outcome == Outcome::Rejected {
        // A rejection goes nowhere, but for a stale count, which begins anew.
        let stale = answer.code == Some(F::StaleCount);
        let kept = matches!(answer.code, Some(F::IncompletePair));
        // Nor does one about a replenishment that is gone: there is nothing to go on with.
        let kept = kept || matches!(answer.code, Some(F::ReplenCancelled | F::LeaseLost));
        assert!(
            stale || kept || before.state() == after.state(),
            "{name} was rejected and moved {before:?} to {after:?}"
        );
        return;
    }
    let moved = events.iter().any(|event| !matches!(event, E::DeviceAnswered(_)));
    if name == "Suspend" || !moved {
        return;
    }
    let from = if name == "Choose" { "-" } else { before.state() };
    let row = (machine.name, from, name, landmark(events), after.state());
    let plate_only = matches!(op, D::CreatePlate { .. }) && before == &after;
    if !plate_only && (name != "Choose" || row.3 == "SessionMoved") {
        let known = machine
            .edges
            .iter()
            .any(|edge| (edge.from, edge.command, edge.event, edge.to) == (row.1, row.2, row.3, row.4));
        assert!(known, "{row:?} is no row");
        rows.insert(row);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_command_in_any_state_ends_in_a_legal_state_or_a_listed_code(steps in steps()) {
        walk(&START, &steps, &mut BTreeSet::new());
    }
}

/// Random walks take every row of the tables, and no other.
#[test]
fn every_row_of_the_flows_is_taken_and_no_other() {
    let machines = [FLOW_RECEIVE, FLOW_PUT_AWAY, FLOW_MOVE, FLOW_COUNT, FLOW_RETURN];
    let all: BTreeSet<Row> = machines
        .iter()
        .flat_map(|machine| {
            machine.edges.iter().map(|edge| (machine.name, edge.from, edge.command, edge.event, edge.to))
        })
        .collect();
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..1_500 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        walk(&START, &steps, &mut seen);
        if all.is_subset(&seen) {
            return;
        }
    }
    panic!("nothing took {:?}", all.difference(&seen).collect::<Vec<_>>());
}
