//! Random commands against a conversation: legal states, listed refusals, replay, documents, one send at a time.

use std::collections::{BTreeMap, BTreeSet};

use munshi_domain::{
    Aggregate, ConversationId, Ctx, CustomerId, MessageId, OrderId, Part, PartJson, QuestionId, QueueId, Refused,
    Timestamp, UserId,
    aggregate::apply,
    approval::StepId,
    conversation::{
        CallOutcome, Choice, ClosedSubject, Conversation, ConversationCommand as C, ConversationEvent as E, Decision,
        FailureCause, Form, Inbound, InboundBody, MAX_MESSAGES, MAX_OPEN, MESSAGE, MessageStatus, Outcome, QUESTION,
        Question, QuestionState, Rung, RungStep, Sender, StatusReport, Subject,
    },
    customer::Address,
    notify::{Category, Language, MessageChannel, MessageKind, OrderRef, Planned, QuietHours, Recipient},
    phone::{Contact, Email, Phone},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

const START: i64 = 1_800_000_000_000;
const CODES: [&str; 15] = [
    "conversation_not_found",
    "other_contact",
    "message_unknown",
    "invalid_message_status",
    "other_sender",
    "question_unknown",
    "question_closed",
    "question_answered",
    "invalid_choice",
    "not_entitled",
    "rationale_required",
    "window_closed",
    "channel_unavailable",
    "invalid_message",
    "action_unknown",
];

fn phone(n: u8) -> Phone {
    Phone::parse(&format!("0300123456{n}")).unwrap()
}

fn person(n: u8) -> Recipient {
    Recipient {
        name: "Ayesha".into(),
        phone: Some(phone(n)),
        email: Some(Email::parse("ayesha@example.com").unwrap()),
        customer: Some(CustomerId::from_u128(1)),
        user: Some(UserId::from_u128(7)),
        language: Some(Language::Urdu),
    }
}

fn order(n: u8) -> OrderId {
    OrderId::from_u128(u128::from(n) + 1)
}

fn subject(kind: u8, n: u8) -> Subject {
    let (order, hash) = (order(n), "h".to_owned());
    match kind {
        0 => Subject::CodConfirmation { order, hash },
        1 => Subject::Backorder { order, hash },
        2 => Subject::CancelCheck { order },
        3 => Subject::AddressWanted { order },
        4 => {
            let address =
                Address { line1: "1".into(), city: "Lahore".into(), country: "PK".into(), ..Address::default() };
            Subject::AddressCheck { order, address: Box::new(address) }
        }
        _ => Subject::Approval {
            queue: QueueId::parse("sales").unwrap(),
            step: StepId { order, request: 1, step: 1 },
            hash,
            approver: UserId::from_u128(7),
            role: "sales_manager".into(),
        },
    }
}

fn question(kind: u8, n: u8, revision: u8) -> QuestionId {
    QuestionId::of(&["test", &kind.to_string(), &n.to_string(), &revision.to_string()])
}

fn quiet() -> QuietHours {
    QuietHours { from_minute: 1_260, until_minute: 540, utc_offset_minutes: 300 }
}

/// A message about an order, which may ask something.
fn planned(now: Timestamp, n: u8, kind: MessageKind, route: &[MessageChannel], asks: Option<(u8, u8, u8)>) -> Planned {
    let about = asks.map_or(n % 4, |(_, order, _)| order);
    let ladder = vec![
        Rung { after_seconds: 3_600, step: RungStep::Ask(MessageChannel::Sms) },
        Rung { after_seconds: 7_200, step: RungStep::Call },
    ];
    Planned {
        id: MessageId::of(&["test", &n.to_string()]),
        key: format!("test/{n}"),
        kind,
        route: route.to_vec(),
        variables: BTreeMap::new(),
        quiet: n.is_multiple_of(2).then(quiet),
        expires_at: now.plus_seconds(40_000),
        language: Language::English,
        order: Some(OrderRef {
            id: order(about),
            number: format!("SO-{about}"),
            hash: "h".into(),
            ended: n % 16 == 15,
        }),
        question: asks.map(|(kind, n, revision)| {
            Box::new(Question {
                id: question(kind, n, revision),
                subject: subject(kind, n),
                number: format!("SO-{n}"),
                expires_at: now.plus_seconds(20_000),
                quiet: n.is_multiple_of(2).then(quiet),
                ladder: if kind == 0 { ladder } else { vec![] },
            })
        }),
    }
}

#[derive(Clone, Debug)]
enum Op {
    Queue { n: u8, kind: MessageKind, route: Vec<MessageChannel>, asks: Option<(u8, u8, u8)>, to: u8 },
    Status { at: usize, attempt: u16, status: MessageStatus, cause: Option<FailureCause> },
    Inbound { n: u16, channel: MessageChannel, from: u8, text: &'static str },
    Button { n: u16, question: (u8, u8, u8), choice: Choice, roles: bool },
    Decide { question: (u8, u8, u8), choice: Choice, by: u8, role: &'static str, rationale: bool },
    Close(u8, u8),
    Call { question: Option<(u8, u8, u8)>, outcome: CallOutcome },
    Settle { action: u64, code: Option<&'static str> },
    Text { n: u8, channel: MessageChannel, empty: bool },
    Consent { channel: MessageChannel, category: Category, allowed: bool },
    Prefer { kind: MessageKind, channels: Option<Vec<MessageChannel>> },
    Mark { channel: MessageChannel, bad: bool },
    Speak(Language),
    Assign(Option<u8>),
    Resolve,
    Pass(i64),
}

fn op() -> impl Strategy<Value = Op> {
    use MessageKind as K;
    let channel = || prop::sample::select(MessageChannel::ALL.to_vec());
    let choice = || prop::sample::select(Choice::ALL.to_vec());
    let about = || (0u8..6, 0u8..3, 0u8..2);
    let kind = || {
        prop::sample::select(vec![
            K::OrderPlaced,
            K::CodConfirmation,
            K::AgentReply,
            K::ParcelShipped,
            K::ApprovalRequest,
        ])
    };
    let route = || prop::sample::subsequence(MessageChannel::ALL.to_vec(), 0..4).prop_shuffle();
    let texts = vec![
        "haan",
        "nahi",
        "cancel kar do",
        "address change karna hai",
        "order kahan hai",
        "stop",
        "start",
        "ye kya hai",
        "House 5, Street 3, Model Town, Lahore",
        "haan cancel kar do",
        "order bhej do",
        "confirm",
        "",
    ];
    prop_oneof![
        10 => (0u8..120, kind(), route(), prop::option::weighted(0.6, about()), prop::sample::select(vec![1u8, 1, 1, 1, 1, 1, 1, 2]))
            .prop_map(|(n, kind, route, asks, to)| Op::Queue { n, kind, route, asks, to }),
        12 => (0usize..8, prop::sample::select(vec![1u16, 1, 1, 2, 3, 9]), prop::sample::select(MessageStatus::ALL.to_vec()), prop::option::of(prop::sample::select(FailureCause::ALL.to_vec())))
            .prop_map(|(at, attempt, status, cause)| Op::Status { at, attempt, status, cause }),
        10 => (0u16..300, channel(), prop::sample::select(vec![1u8, 1, 1, 1, 1, 2]), prop::sample::select(texts))
            .prop_map(|(n, channel, from, text)| Op::Inbound { n, channel, from, text }),
        6 => (300u16..600, about(), choice(), any::<bool>())
            .prop_map(|(n, question, choice, roles)| Op::Button { n, question, choice, roles }),
        6 => (prop::sample::select(vec![5u8, 5, 5, 0]), 0u8..3, 0u8..2, choice(), prop::sample::select(vec![7u8, 7, 7, 8, 1, 2]), prop::sample::select(vec!["sales_manager", "admin", "viewer"]), any::<bool>())
            .prop_map(|(kind, n, revision, choice, by, role, rationale)| Op::Decide { question: (kind, n, revision), choice, by, role, rationale }),
        2 => (0u8..3, 0u8..3).prop_map(|(how, n)| Op::Close(how, n)),
        2 => (prop::option::of(about()), prop::sample::select(CallOutcome::ALL.to_vec())).prop_map(|(question, outcome)| Op::Call { question, outcome }),
        4 => (0u64..8, prop::option::of(prop::sample::select(vec!["edition_changed", "odd"]))).prop_map(|(action, code)| Op::Settle { action, code }),
        3 => (0u8..40, channel(), prop::bool::weighted(0.1)).prop_map(|(n, channel, empty)| Op::Text { n, channel, empty }),
        2 => (channel(), prop::sample::select(Category::ALL.to_vec()), any::<bool>()).prop_map(|(channel, category, allowed)| Op::Consent { channel, category, allowed }),
        1 => (kind(), prop::option::of(route())).prop_map(|(kind, channels)| Op::Prefer { kind, channels }),
        2 => (channel(), prop::bool::weighted(0.4)).prop_map(|(channel, bad)| Op::Mark { channel, bad }),
        1 => prop::sample::select(Language::ALL.to_vec()).prop_map(Op::Speak),
        1 => prop::option::of(1u8..3).prop_map(Op::Assign),
        2 => Just(Op::Resolve),
        8 => prop::sample::select(vec![60i64, 1_000, 4_000, 9_000, 30_000, 90_000]).prop_map(Op::Pass),
    ]
}

/// The command an operation means now.
fn command(op: &Op, state: &Conversation, now: Timestamp) -> C {
    let ask = |(kind, n, revision): (u8, u8, u8)| question(kind, n, revision);
    let inbound = |n: u16, channel, from: u8, body, roles: bool| {
        let from = if channel == MessageChannel::Email && from == 1 {
            Contact::Email(Email::parse("ayesha@example.com").unwrap())
        } else {
            Contact::Phone(phone(from))
        };
        let roles = if roles { vec!["sales_manager".to_owned()] } else { vec![] };
        C::RecordInbound(Box::new(Inbound {
            id: format!("SM{n}"),
            channel,
            from,
            at: now,
            body,
            in_reply_to: None,
            roles,
        }))
    };
    match op {
        Op::Queue { n, kind, route, asks, to } => {
            C::QueueMessage { to: Box::new(person(*to)), planned: Box::new(planned(now, *n, *kind, route, *asks)) }
        }
        Op::Status { at, attempt, status, cause } => {
            let known = state.messages.keys().rev().nth(*at).copied();
            C::RecordStatus(StatusReport {
                message: known.unwrap_or_else(|| MessageId::of(&["nowhere"])),
                attempt: *attempt,
                status: *status,
                code: Some("30003".into()),
                cause: *cause,
                vendor_ref: Some("SM1".into()),
                at: now,
            })
        }
        Op::Inbound { n, channel, from, text } => {
            let body = if text.is_empty() {
                InboundBody::Media { media: "audio/ogg".into(), text: String::new() }
            } else {
                InboundBody::Text { text: (*text).to_owned() }
            };
            inbound(*n, *channel, *from, body, true)
        }
        Op::Button { n, question, choice, roles } => {
            let body = InboundBody::Button { question: ask(*question), choice: *choice, text: "Tap".into() };
            inbound(*n, MessageChannel::Whatsapp, 1, body, *roles)
        }
        Op::Decide { question, choice, by, role, rationale } => C::Decide(Box::new(Decision {
            question: ask(*question),
            choice: *choice,
            by: match by {
                7 | 8 => Sender::User(UserId::from_u128(u128::from(*by))),
                _ => Sender::Contact(Contact::Phone(phone(*by)), MessageChannel::Whatsapp),
            },
            roles: vec![(*role).to_owned()],
            rationale: if *rationale { "seen".into() } else { String::new() },
        })),
        Op::Close(how, n) => {
            let about = match how {
                0 => ClosedSubject::Confirmation(order(*n)),
                1 => ClosedSubject::Step(StepId { order: order(*n), request: 1, step: 1 }),
                _ => ClosedSubject::Order(OrderRef {
                    id: order(*n),
                    number: format!("SO-{n}"),
                    hash: "h".into(),
                    ended: true,
                }),
            };
            C::CloseQuestion { about, reason: "moved on".into() }
        }
        Op::Call { question, outcome } => {
            C::RecordCall { note: "spoke".into(), outcome: *outcome, question: question.map(ask) }
        }
        Op::Settle { action, code } => {
            let outcome = code.map_or(Outcome::Done, |code| Outcome::Refused { code: code.into() });
            C::SettleAction { action: *action, outcome }
        }
        Op::Text { n, channel, empty } => C::SendText {
            id: MessageId::of(&["agent", &n.to_string()]),
            text: if *empty { String::new() } else { "we look into it".into() },
            channel: *channel,
        },
        Op::Consent { channel, category, allowed } => {
            C::SetConsent { channel: *channel, category: *category, allowed: *allowed, source: "console".into() }
        }
        Op::Prefer { kind, channels } => C::SetPreference { kind: *kind, channels: channels.clone() },
        Op::Mark { channel, bad } => C::MarkContact { channel: *channel, invalid: bad.then(|| "63024".to_owned()) },
        Op::Speak(language) => C::SetLanguage { language: *language },
        Op::Assign(to) => C::AssignConversation { to: to.map(|n| UserId::from_u128(u128::from(n))) },
        Op::Resolve => C::ResolveConversation,
        Op::Pass(_) => C::Tick,
    }
}

fn parts(state: &Conversation) -> BTreeMap<Part, PartJson> {
    state.parts().into_iter().map(|part| (part.clone(), state.part(&part).unwrap())).collect()
}

/// Where messages and questions are, by id.
fn places(state: &Conversation) -> (BTreeMap<MessageId, &'static str>, BTreeMap<QuestionId, &'static str>) {
    let messages = state.messages.iter().map(|(id, message)| (*id, message.status.word()));
    let questions = state.questions.iter().map(|(id, asked)| (*id, asked.state.word()));
    (messages.collect(), questions.collect())
}

fn event_name(event: &E) -> String {
    serde_json::to_value(event).unwrap()["type"].as_str().unwrap().to_owned()
}

/// What was seen over many runs.
#[derive(Default)]
struct Seen {
    codes: BTreeSet<&'static str>,
    edges: BTreeSet<(&'static str, String, String, String)>,
}

/// One run of operations with everything that must hold after each.
fn run(ops: &[Op], seen: &mut Seen) -> Result<(), TestCaseError> {
    let mut now = Timestamp::from_millis(START);
    let (mut state, mut replayed) = (Conversation::default(), Conversation::default());
    let mut document = BTreeMap::new();
    let mut sent: BTreeSet<(MessageId, u16)> = BTreeSet::new();
    let mut answers: BTreeMap<QuestionId, Choice> = BTreeMap::new();
    for op in ops {
        if let Op::Pass(seconds) = op {
            now = now.plus_seconds(*seconds);
        }
        let (ctx, before) = (Ctx::user(now, UserId::from_u128(3)), state.clone());
        let command = command(op, &state, now);
        let events = match apply(&mut state, &command, &ctx) {
            Ok(events) => events,
            Err(refusal) => {
                prop_assert!(CODES.contains(&refusal.code()), "unlisted: {}", refusal.code());
                prop_assert_eq!(&state, &before, "prop_01");
                seen.codes.insert(refusal.code());
                continue;
            }
        };
        for event in &events {
            edges(&replayed, event, seen)?;
            send_is_allowed(&replayed, event, now, &mut sent)?;
            if let E::QuestionAnswered { question, choice, .. } = event {
                prop_assert!(answers.insert(*question, *choice).is_none(), "answered twice");
                let asked = &replayed.questions[question];
                prop_assert!(asked.state == QuestionState::Open && now < asked.question.expires_at, "answered late");
            }
            replayed.evolve(event);
            let back: E = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
            prop_assert_eq!(&back, event);
            for part in Conversation::touches(event).into_iter().chain([Part::main()]) {
                match replayed.part(&part) {
                    Some(json) => document.insert(part, json),
                    None => document.remove(&part),
                };
            }
        }
        prop_assert_eq!(&replayed, &state, "prop_09");
        prop_assert_eq!(state.check(), Vec::<String>::new());
        prop_assert!(state.messages.len() <= MAX_OPEN + MAX_MESSAGES);
        if state.exists() {
            prop_assert_eq!(&document, &parts(&state), "prop_09: only the touched parts changed");
            let read = Conversation::from_parts(document.clone().into_iter().collect()).unwrap();
            prop_assert_eq!(&read, &state, "prop_09: document");
        }
        if !matches!(command, C::RecordCall { .. })
            && let Ok(again) = state.decide(&command, &ctx)
        {
            prop_assert_eq!(again, vec![], "prop_07: {:?}", command);
        }
        if matches!(command, C::Tick) && state.exists() {
            prop_assert!(state.tick(now).is_none(), "prop_06: once");
        }
    }
    Ok(())
}

/// Every change of a message or a question is a row of its table.
fn edges(before: &Conversation, event: &E, seen: &mut Seen) -> Result<(), TestCaseError> {
    let mut after = before.clone();
    after.evolve(event);
    let name = event_name(event);
    let ((was_m, was_q), (is_m, is_q)) = (places(before), places(&after));
    for (id, to) in &is_m {
        let from = was_m.get(id).copied().unwrap_or("-");
        if from != *to || matches!(event, E::SendRequested { envelope, .. } if envelope.message == *id) {
            prop_assert!(MESSAGE.allows(from, &name, to), "message {} -> {} by {}", from, to, name);
            seen.edges.insert(("MSG", from.into(), name.clone(), (*to).into()));
        }
    }
    for (id, to) in &is_q {
        let from = was_q.get(id).copied().unwrap_or("-");
        if from != *to || matches!(event, E::RungTaken { question, .. } if question == id) {
            prop_assert!(QUESTION.allows(from, &name, to), "question {} -> {} by {}", from, to, name);
            seen.edges.insert(("ASK", from.into(), name.clone(), (*to).into()));
        }
    }
    Ok(())
}

/// A send is asked for once, by a channel the person takes, in a form the window allows, about an open question.
fn send_is_allowed(
    state: &Conversation,
    event: &E,
    now: Timestamp,
    sent: &mut BTreeSet<(MessageId, u16)>,
) -> Result<(), TestCaseError> {
    let E::SendRequested { envelope, .. } = event else { return Ok(()) };
    prop_assert!(sent.insert((envelope.message, envelope.attempt)), "sent twice");
    let message = &state.messages[&envelope.message];
    prop_assert!(message.attempts.last().is_none_or(|last| last.status == MessageStatus::Failed), "two at a time");
    let same = message.attempts.iter().filter(|attempt| attempt.channel == envelope.channel).count();
    prop_assert!(same == 0 || (same == 1 && envelope.form == Form::Template), "the same channel again");
    prop_assert!(envelope.expires_at > now && message.not_before.is_none_or(|at| at <= now));
    prop_assert_eq!(state.may_send(envelope.channel, envelope.kind.row().category), Ok(()));
    if envelope.channel == MessageChannel::Whatsapp && envelope.form == Form::Free {
        prop_assert!(state.window_open(envelope.channel, now));
    }
    if let Some(question) = message.plan.question {
        prop_assert_eq!(state.questions[&question].state, QuestionState::Open);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_01_06_07_09_a_conversation_stays_legal(ops in prop::collection::vec(op(), 1..80)) {
        run(&ops, &mut Seen::default())?;
    }
}

/// Random conversations meet every refusal and take every row of both tables.
#[test]
fn not_01_every_code_and_every_row_is_met() {
    let mut runner = TestRunner::deterministic();
    let strategy = prop::collection::vec(op(), 120);
    let mut seen = Seen::default();
    let rows = MESSAGE.edges.iter().map(|edge| ("MSG", edge)).chain(QUESTION.edges.iter().map(|edge| ("ASK", edge)));
    let wanted: BTreeSet<_> = rows
        .map(|(machine, edge)| (machine, edge.from.to_owned(), edge.event.to_owned(), edge.to.to_owned()))
        .collect();
    for _ in 0..2_000 {
        let ops = strategy.new_tree(&mut runner).unwrap().current();
        run(&ops, &mut seen).unwrap();
        if seen.codes.len() == CODES.len() && seen.edges.len() == wanted.len() {
            return;
        }
    }
    let missing: Vec<_> = wanted.difference(&seen.edges).collect();
    let codes: Vec<_> = CODES.iter().filter(|code| !seen.codes.contains(*code)).collect();
    panic!("never seen: {codes:?} {missing:?}");
}

#[test]
fn not_01_tables_are_sound() {
    for machine in [MESSAGE, QUESTION] {
        assert_eq!(machine.faults(), Vec::<String>::new());
    }
}

#[test]
fn cus_08_a_conversation_is_found_by_its_number() {
    let id = |text: &str| ConversationId::of(&Contact::Phone(Phone::parse(text).unwrap()));
    assert_eq!(id("0300-1234567"), id("+92 300 1234567"));
    assert_ne!(id("03001234567"), id("03001234568"));
    assert_eq!(id("03001234567").to_string().as_bytes()[14], b'8', "a UUID of version 8");
}
