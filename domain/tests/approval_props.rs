//! Random commands against an approval queue: votes, timers, repeats, replay and documents.

use std::collections::{HashMap, HashSet};

use munshi_domain::{
    Aggregate, Ctx, Currency, Money, OrderId, Part, PartJson, PartLater, Refused, Timestamp, UserId,
    aggregate::apply,
    approval::{
        ApprovalQueue, Mode, OpenStep, QueueCommand as C, QueueEvent as E, StepId,
        step::{MAX_LEVELS, Proxy, SM_18},
    },
};
use proptest::prelude::*;

fn user(n: u8) -> UserId {
    UserId::from_u128(u128::from(n))
}

fn step(n: u8) -> StepId {
    StepId { order: OrderId::from_u128(u128::from(n)), request: 1, step: 1 }
}

fn seconds(n: i64) -> Timestamp {
    Timestamp::from_millis(n * 1_000)
}

fn at(n: i64) -> Ctx {
    Ctx::system(seconds(n))
}

fn open(n: u8, mode: Mode) -> C {
    C::OpenStep(Box::new(OpenStep {
        step: step(n),
        hash: "h".into(),
        edition: 1,
        amount: Money::zero(Currency::PKR),
        requester: Some(user(1)),
        authors: vec![user(2)],
        approver_role: "finance".into(),
        mode,
        remind_after: 10,
        escalate_after: 25,
    }))
}

fn vote(n: u8, approver: u8, approve: bool) -> C {
    let (hash, rationale) = ("h".into(), "seen".into());
    C::VoteOnStep { step: step(n), approver: user(approver), on_behalf: None, approve, hash, rationale }
}

fn given(commands: &[C]) -> ApprovalQueue {
    let mut queue = ApprovalQueue::default();
    for command in commands {
        apply(&mut queue, command, &at(0)).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
    }
    queue
}

fn proxy(from: u8, to: u8) -> Proxy {
    Proxy { from: user(from), to: user(to), starts: seconds(5), ends: seconds(20) }
}

fn command() -> impl Strategy<Value = C> {
    let mode = prop_oneof![
        Just(Mode::Any),
        (1..4u8).prop_map(Mode::All),
        (0..4u8, 1..4u8).prop_map(|(need, of)| Mode::Quorum { need, of })
    ];
    prop_oneof![
        3 => (0..4u8, mode).prop_map(|(n, mode)| open(n, mode)),
        6 => (0..4u8, 1..7u8, any::<bool>()).prop_map(|(n, u, yes)| vote(n, u, yes)),
        1 => (0..4u8, 1..7u8).prop_map(|(n, u)| C::RequestChanges {
            step: step(n), approver: user(u), hash: "h".into(), rationale: "fix".into(),
        }),
        1 => (0..4u8, 1..7u8, 1..7u8).prop_map(|(n, a, b)| C::DelegateStep { step: step(n), proxy: proxy(a, b) }),
        2 => (0..4u8, 1..7u8, 1..7u8).prop_map(|(n, a, b)| C::VoteOnStep {
            step: step(n), approver: user(b), on_behalf: Some(user(a)), approve: true, hash: "h".into(), rationale: String::new(),
        }),
        1 => (0..4u8).prop_map(|n| C::CloseStep { step: step(n) }),
        2 => Just(C::Tick),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn prop_05_06_07_09_queue(steps in prop::collection::vec((command(), 0..8i64), 1..80)) {
        let mut state = ApprovalQueue::default();
        let mut replayed = state.clone();
        let mut document: HashMap<Part, PartJson> = HashMap::new();
        let mut ended = HashSet::new();
        let mut levels = HashSet::new();
        let mut now = 0;
        for (command, passed) in steps {
            now += passed;
            let before = state.clone();
            let Ok(events) = apply(&mut state, &command, &at(now)) else {
                prop_assert_eq!(&state, &before);
                continue;
            };
            for event in &events {
                prop_assert!(!ended.contains(&event.step()), "prop_05: an ended step moved: {:?}", event);
                match event {
                    E::StepVoted { vote, .. } => {
                        let voter = vote.proxy.unwrap_or(vote.approver);
                        prop_assert!(![user(1), user(2)].contains(&voter) && ![user(1), user(2)].contains(&vote.approver));
                    }
                    E::StepEscalated { level, .. } => {
                        prop_assert!(*level <= MAX_LEVELS && levels.insert((event.step(), *level)), "prop_06: once per level");
                    }
                    E::StepApproved { .. } | E::StepRejected { .. } | E::StepChangesRequested { .. } | E::StepClosed { .. } => {
                        ended.insert(event.step());
                    }
                    _ => {}
                }
                let (later, now) = (replayed.part_later(&Part::main()), replayed.part(&Part::main()));
                replayed.evolve(event);
                prop_assert_eq!(later.map(PartLater::make), now, "prop_09: what is taken for later is of its moment");
                let back: E = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
                prop_assert_eq!(&back, event);
                for part in ApprovalQueue::touches(event).into_iter().chain([Part::main()]) {
                    match replayed.part(&part) {
                        Some(json) => document.insert(part, json),
                        None => document.remove(&part),
                    };
                }
            }
            prop_assert_eq!(&replayed, &state, "prop_09");
            if let Ok(again) = state.decide(&command, &at(now)) {
                prop_assert_eq!(again, vec![], "prop_07: {:?}", command);
            }
            if let Some(tick) = state.tick(seconds(now)) {
                let mut fired = state.clone();
                prop_assert!(!apply(&mut fired, &tick, &at(now)).unwrap().is_empty());
                prop_assert!(fired.tick(seconds(now)).is_none(), "prop_06: once");
            }
        }
        if !document.is_empty() {
            prop_assert_eq!(ApprovalQueue::from_parts(document.into_iter().collect()).unwrap(), state, "prop_09: document");
        }
    }
}

#[test]
fn sm_18_table_is_sound() {
    assert_eq!(SM_18.faults(), Vec::<String>::new());
}

#[test]
fn apr_05_any_all_and_quorum_decide_as_soon_as_they_can() {
    let two_of_three = Mode::Quorum { need: 2, of: 3 };
    for (mode, votes, want) in [
        (Mode::Any, vec![true], Some(true)),
        (Mode::Any, vec![false], Some(false)),
        (Mode::All(2), vec![true], None),
        (Mode::All(2), vec![true, true], Some(true)),
        (Mode::All(2), vec![true, false], Some(false)),
        (two_of_three, vec![true, false], None),
        (two_of_three, vec![true, false, true], Some(true)),
        (two_of_three, vec![false, false], Some(false)),
    ] {
        let mut queue = given(&[open(1, mode)]);
        let mut last = vec![];
        for (approve, approver) in votes.iter().zip(3u8..) {
            last = apply(&mut queue, &vote(1, approver, *approve), &at(1)).unwrap();
        }
        let verdict = match last.last().unwrap() {
            E::StepApproved { .. } => Some(true),
            E::StepRejected { .. } => Some(false),
            _ => None,
        };
        assert_eq!(verdict, want, "{mode:?} {votes:?}");
        assert_eq!(queue.step(step(1)).is_none(), want.is_some());
    }
}

#[test]
fn apr_18_apr_19_timers_fire_once_and_stop_at_the_decision() {
    let mut queue = given(&[open(1, Mode::Any)]);
    assert_eq!(queue.due(), Some(seconds(10)));
    assert!(queue.tick(seconds(9)).is_none());
    let events = apply(&mut queue, &C::Tick, &at(1_000)).unwrap();
    assert_eq!(
        events,
        [
            E::StepReminded { step: step(1), count: 1, at: seconds(1_000) },
            E::StepEscalated { step: step(1), level: 1, at: seconds(1_000) },
        ],
        "however late, once"
    );
    assert_eq!(queue.due(), Some(seconds(1_010)));
    apply(&mut queue, &vote(1, 3, true), &at(1_001)).unwrap();
    assert_eq!(queue.due(), None);
}

#[test]
fn apr_21_a_proxy_votes_within_its_dates() {
    let queue = given(&[open(1, Mode::Any), C::DelegateStep { step: step(1), proxy: proxy(3, 4) }]);
    let by_proxy = C::VoteOnStep {
        step: step(1),
        approver: user(4),
        on_behalf: Some(user(3)),
        approve: true,
        hash: "h".into(),
        rationale: String::new(),
    };
    for (now, allowed) in [(4, false), (5, true), (19, true), (20, false)] {
        assert_eq!(queue.decide(&by_proxy, &at(now)).is_ok(), allowed, "{now}");
    }
    let events = queue.decide(&by_proxy, &at(5)).unwrap();
    let [E::StepVoted { vote, .. }] = events.as_slice() else { panic!("no vote: {events:?}") };
    assert_eq!((vote.approver, vote.proxy), (user(3), Some(user(4))), "both names in the audit");
}

#[test]
fn apr_10_every_refusal_can_be_met() {
    let queue = given(&[open(1, Mode::All(3)), vote(1, 3, true), open(2, Mode::Any), vote(2, 3, true)]);
    let with = |approver: u8, on_behalf: Option<u8>, approve, hash: &str, rationale: &str| C::VoteOnStep {
        step: step(1),
        approver: user(approver),
        on_behalf: on_behalf.map(user),
        approve,
        hash: hash.into(),
        rationale: rationale.into(),
    };
    for (command, code) in [
        (open(3, Mode::Quorum { need: 3, of: 2 }), "invalid_step"),
        (vote(9, 3, true), "step_unknown"),
        (vote(2, 4, true), "step_closed"),
        (open(2, Mode::Any), "step_closed"),
        (vote(1, 1, true), "self_approval"),
        (vote(1, 2, true), "self_approval"),
        (C::DelegateStep { step: step(1), proxy: proxy(3, 1) }, "self_approval"),
        (with(3, None, false, "h", "changed my mind"), "already_voted"),
        (with(4, None, true, "old", ""), "stale_hash"),
        (with(4, None, false, "h", " "), "rationale_required"),
        (with(4, Some(5), true, "h", ""), "not_eligible"),
    ] {
        assert_eq!(queue.decide(&command, &at(6)).expect_err(code).code(), code);
    }
}
