use super::*;
use crate::client::Hello;
use crate::{
    code::{Close, Code, CodeWord, Reaction, Retry},
    ids::{AppVersion, BootId, ClientId, DeviceId, Epoch, Gen, InstallId, Millis},
    server::{
        Ack, Answer, Chk, Delta, Drain, Err, Pong, Row, ServerBody, ServerFrame, Snap, Status, SubResult, Subscribed,
        Throttle, Welcome,
    },
};

type TestClient = Client<MemoryStore, fn() -> u64>;

fn random() -> u64 {
    u64::MAX / 2
}

fn device() -> Identity {
    Identity::Device {
        device: DeviceId::parse("dev_7").unwrap(),
        install: InstallId::parse("in_1").unwrap(),
        generation: Gen::new(1).unwrap(),
    }
}

fn console() -> Identity {
    Identity::Console { client: ClientId::parse("tab_1").unwrap() }
}

fn reading() -> Reading {
    Reading {
        wall_ms: Millis::new(1_760_000_000_000).unwrap(),
        mono_ms: Millis::new(5).unwrap(),
        boot: BootId::parse("b_1").unwrap(),
    }
}

fn token() -> Token {
    Token::parse("token-1").unwrap()
}

fn seq(n: u64) -> CmdSeq {
    CmdSeq::new(n).unwrap()
}

fn off(n: u64) -> JournalSeq {
    JournalSeq::new(n).unwrap()
}

fn order(n: u64) -> Order {
    let a = Payload::of(&serde_json::json!({ "n": n })).unwrap();
    Order { key: CmdKey::from_parts(n, [n as u8; 10]), op: Op::parse("pick.confirm").unwrap(), rev: None, a }
}

fn orders() -> Topic {
    Topic::parse("wh.w1.orders").unwrap()
}

fn new(identity: Identity) -> TestClient {
    let app = AppVersion::parse("1.0").unwrap();
    Client::new(Config::new(identity, app), MemoryStore::default(), random as fn() -> u64).unwrap()
}

fn greeting(identity: Identity) -> TestClient {
    let mut client = new(identity);
    client.set_token(0, token());
    client.start(0);
    client.opened(0, reading());
    client
}

fn welcome(expect: u64, subs: Vec<Subscribed>) -> Welcome {
    Welcome {
        ticket: Some(Token::parse("ticket-1").unwrap()),
        resumed: false,
        ack: Some(seq(expect - 1)),
        expect: Some(seq(expect)),
        hb_ms: 10_000,
        time_ms: Millis::ZERO,
        schema: "sha256:0".to_owned(),
        limits: Limits::standard(ClientKind::Device),
        subs,
    }
}

fn say(client: &mut TestClient, now: u64, id: Option<FrameId>, body: ServerBody) {
    let text = ServerFrame { id, body }.encode();
    client.received(now, text.as_bytes());
}

fn live(identity: Identity) -> TestClient {
    let mut client = greeting(identity);
    say(&mut client, 0, None, ServerBody::Welcome(Box::new(welcome(1, vec![]))));
    drain(&mut client);
    client
}

/// What came out: frames sent, and everything else.
fn drain(client: &mut TestClient) -> (Vec<ClientFrame>, Vec<Output>) {
    let (mut sent, mut other) = (Vec::new(), Vec::new());
    while let Some(output) = client.poll() {
        match output {
            Output::Send(text) => sent.extend(text.split('\n').map(|frame| ClientFrame::decode(frame).unwrap())),
            output => other.push(output),
        }
    }
    (sent, other)
}

fn seqs(frames: &[ClientFrame]) -> Vec<u64> {
    frames
        .iter()
        .flat_map(|frame| match &frame.body {
            ClientBody::Cmd(cmd) => vec![cmd.seq.unwrap().get()],
            ClientBody::Batch(batch) => batch.cmds.iter().map(|cmd| cmd.seq.unwrap().get()).collect(),
            _ => vec![],
        })
        .collect()
}

fn answer(n: u64) -> Answer {
    Answer {
        seq: Some(seq(n)),
        key: None,
        st: Status::Applied,
        code: None,
        exception_id: None,
        approval_id: None,
        out: None,
    }
}

fn ack(through: u64, answers: &[u64]) -> ServerBody {
    ServerBody::Ack(Ack { through: Some(seq(through)), r: answers.iter().map(|n| answer(*n)).collect() })
}

fn waits(client: &TestClient) -> bool {
    matches!(client.phase, Phase::Waiting { .. })
}

#[test]
fn every_close_code_has_its_reaction() {
    let numbers =
        Close::ALL.iter().map(|close| close.num()).chain([1000, 1001, 1002, 1003, 1006, 1007, 1009, 1011, 4499, 4777]);
    for num in numbers {
        let mut client = live(device());
        client.closed(1, num);
        let (_, other) = drain(&mut client);
        match Reaction::to(num) {
            Reaction::Reconnect => assert!(waits(&client), "{num}"),
            Reaction::Reauth => {
                assert!(other.contains(&Output::Event(Event::TokenNeeded)), "{num}");
                client.set_token(2, token());
                assert_eq!(client.poll(), Some(Output::Connect), "{num}");
            }
            Reaction::Stop => {
                assert!(other.contains(&Output::Event(Event::Stopped(StopReason::Closed(num)))), "{num}");
                assert_eq!(client.deadline(1), None, "{num}: it stays stopped");
            }
        }
    }
}

#[test]
fn every_error_to_a_hello_has_its_reaction() {
    for code in Code::ALL {
        let mut client = greeting(device());
        drain(&mut client);
        let err = Err { expect: Some(seq(5)), ..Err::of(*code) };
        say(&mut client, 1, None, ServerBody::Err(err));
        let (_, other) = drain(&mut client);
        match (code, code.row().retry) {
            (Code::Rebase, _) => {
                assert_eq!(other, [Output::Event(Event::Rebased(seq(5)))]);
                assert!(matches!(client.phase, Phase::Greeting { .. }));
            }
            (_, Retry::No | Retry::UpdateApp) => {
                let stopped = Event::Stopped(StopReason::Refused(CodeWord::from(*code)));
                assert!(other.contains(&Output::Event(stopped)), "{code:?} {other:?}");
            }
            (_, Retry::Later | Retry::Resync) => assert!(waits(&client), "{code:?}"),
            (_, Retry::Reauth) => assert!(other.contains(&Output::Event(Event::TokenNeeded)), "{code:?}"),
        }
    }
}

#[test]
fn every_error_to_a_device_command_has_its_reaction() {
    for code in Code::ALL {
        let mut client = live(device());
        client.record(0, order(1), reading()).unwrap();
        let (sent, _) = drain(&mut client);
        let err = Err { expect: Some(seq(1)), ..Err::of(*code) };
        say(&mut client, 1, sent[0].id, ServerBody::Err(err));
        let (again, other) = drain(&mut client);
        assert_eq!(again, [], "{code:?}: nothing goes at once");
        if *code == Code::KeyReuse {
            assert_eq!(other, [Output::Event(Event::IdentityAlarm)]);
            client.tick(60_000);
            assert_eq!(seqs(&drain(&mut client).0), Vec::<u64>::new(), "nothing more is sent");
            assert_eq!(client.store().len(), 1, "and nothing is lost");
            continue;
        }
        match code.row().retry {
            Retry::No | Retry::UpdateApp => {
                assert!(matches!(other[..], [Output::Event(Event::NotTaken { .. })]), "{code:?} {other:?}");
                assert_eq!((client.store().parked().len(), client.unanswered()), (1, 0));
                client.record(2_000, order(2), reading()).unwrap();
                client.tick(2_000);
                assert_eq!(seqs(&drain(&mut client).0), [1], "{code:?}: the number was not used");
            }
            Retry::Later | Retry::Resync | Retry::Reauth => {
                assert_eq!(client.unanswered(), 1, "{code:?}");
                assert_eq!(other.contains(&Output::Event(Event::TokenNeeded)), code.row().retry == Retry::Reauth);
                client.tick(client.deadline(1).unwrap().max(1_001));
                assert_eq!(seqs(&drain(&mut client).0), [1], "{code:?}");
            }
        }
    }
}

#[test]
fn every_error_to_a_console_command_has_its_reaction() {
    for code in Code::ALL {
        let mut client = live(console());
        client.command(0, order(1)).unwrap();
        let (sent, _) = drain(&mut client);
        say(&mut client, 1, sent[0].id, ServerBody::Err(Err::of(*code)));
        let (again, other) = drain(&mut client);
        assert_eq!(again, [], "{code:?}");
        if matches!(code.row().retry, Retry::No | Retry::UpdateApp) {
            assert!(
                matches!(&other[..], [Output::Event(Event::NotTaken { code: word, .. })] if word == code),
                "{code:?}"
            );
            assert_eq!(client.unanswered(), 0);
        } else {
            client.tick(1_001);
            let (again, _) = drain(&mut client);
            let (ClientBody::Cmd(first), ClientBody::Cmd(second)) = (&sent[0].body, &again[0].body) else { panic!() };
            assert_eq!(first, second, "{code:?}: the same key");
        }
    }
}

#[test]
fn every_error_to_a_subscription_has_its_reaction() {
    for code in Code::ALL {
        let mut client = live(console());
        client.subscribe(0, orders(), None, None).unwrap();
        let (sent, _) = drain(&mut client);
        say(&mut client, 1, sent[0].id, ServerBody::Err(Err::of(*code)));
        let (again, other) = drain(&mut client);
        assert_eq!(again, [], "{code:?}");
        client.tick(1_001);
        let asked = !drain(&mut client).0.is_empty();
        let refused = other.contains(&Output::Event(Event::Refused(orders(), CodeWord::from(*code))));
        let no = matches!(code.row().retry, Retry::No | Retry::UpdateApp);
        assert_eq!((asked, refused), (!no, no), "{code:?}");
    }
}

#[test]
fn every_error_about_nothing_is_told_and_closes_nothing() {
    for code in Code::ALL {
        let mut client = live(device());
        say(&mut client, 1, None, ServerBody::Err(Err::of(*code)));
        let (_, other) = drain(&mut client);
        assert!(other.contains(&Output::Event(Event::Error(CodeWord::from(*code)))), "{code:?}");
        assert!(client.is_live());
    }
}

#[test]
fn a_hello_carries_what_fits_and_the_rest_follows() {
    let mut client = new(console());
    client.set_token(0, Token::parse(&"t".repeat(2_000)).unwrap());
    let window = Window::new([("status".to_owned(), vec!["picking".repeat(4), "packing".repeat(4)])]).unwrap();
    for n in 0..32 {
        let topic = Topic::parse(&format!("wh.{n:032}.orders")).unwrap();
        client.subscribe(0, topic, None, Some(window.clone())).unwrap();
    }
    assert_eq!(client.subscribe(0, orders(), None, None), Err(Unable::TooManyTopics));
    client.start(0);
    client.opened(0, reading());
    let mut named = 0;
    while let Some(output) = client.poll() {
        if let Output::Send(text) = output {
            assert!(text.len() <= limits::PRE_AUTH_BYTES, "{}", text.len());
            let ClientBody::Hello(hello) = ClientFrame::decode(&text).unwrap().body else { panic!() };
            named = hello.subs().len();
        }
    }
    assert!((10..32).contains(&named), "{named}");
    say(&mut client, 0, None, ServerBody::Welcome(Box::new(welcome(1, vec![]))));
    assert_eq!(drain(&mut client).0.len(), 32, "the rest, and what the server did not mention");
}

#[test]
fn a_queue_flushes_in_batches_at_the_rate_and_keeps_two_in_flight() {
    let mut client = new(device());
    for n in 1..=450 {
        client.record(0, order(n), reading()).unwrap();
    }
    client.set_token(0, token());
    client.start(0);
    client.opened(0, reading());
    say(&mut client, 0, None, ServerBody::Welcome(Box::new(welcome(1, vec![]))));
    let (sent, _) = drain(&mut client);
    assert_eq!(seqs(&sent[1..]), (1..=200).collect::<Vec<_>>());
    say(&mut client, 1_000, None, ack(100, &(1..=100).collect::<Vec<_>>()));
    assert_eq!(seqs(&drain(&mut client).0), (201..=300).collect::<Vec<_>>());
    assert_eq!(client.store().len(), 350);
    say(&mut client, 1_001, None, ServerBody::Throttle(Throttle { retry_ms: 5_000 }));
    say(&mut client, 1_002, None, ack(300, &(101..=300).collect::<Vec<_>>()));
    assert_eq!(seqs(&drain(&mut client).0), Vec::<u64>::new(), "throttled");
    client.tick(6_001);
    assert_eq!(seqs(&drain(&mut client).0), (301..=450).collect::<Vec<_>>());
}

#[test]
fn a_poison_command_is_found_parked_and_does_not_jam_the_queue() {
    let mut client = new(device());
    for n in 1..=5 {
        client.record(0, order(n), reading()).unwrap();
    }
    client.set_token(0, token());
    client.start(0);
    client.opened(0, reading());
    say(&mut client, 0, None, ServerBody::Welcome(Box::new(welcome(1, vec![]))));
    let mut expect = 1;
    let (mut now, mut settled) = (0, 0);
    while client.unanswered() > 0 && now < 60_000 {
        let (sent, other) = drain(&mut client);
        settled += other.iter().filter(|output| matches!(output, Output::Event(Event::Settled { .. }))).count();
        for frame in sent {
            let cmds = match frame.body {
                ClientBody::Cmd(cmd) => vec![cmd],
                ClientBody::Batch(batch) => batch.cmds,
                _ => continue,
            };
            if cmds.iter().any(|cmd| cmd.key == order(3).key) {
                say(&mut client, now, frame.id, ServerBody::Err(Err::of(Code::BadField)));
                continue;
            }
            for cmd in cmds {
                assert_eq!(cmd.seq, Some(seq(expect)));
                say(&mut client, now, frame.id, ack(expect, &[expect]));
                expect += 1;
            }
        }
        now = client.deadline(now).unwrap().max(now + 1);
        client.tick(now);
    }
    settled +=
        drain(&mut client).1.iter().filter(|output| matches!(output, Output::Event(Event::Settled { .. }))).count();
    assert_eq!((settled, client.unanswered()), (4, 0));
    assert_eq!(client.store().parked().iter().map(|(cmd, _)| &cmd.key).collect::<Vec<_>>(), [&order(3).key]);
}

#[test]
fn lost_answers_are_asked_for_again_and_a_set_back_store_loses_nothing() {
    let mut client = live(device());
    for n in 1..=3 {
        client.record(0, order(n), reading()).unwrap();
    }
    assert_eq!(seqs(&drain(&mut client).0), [1, 2, 3]);
    client.closed(1, 1006);
    client.tick(client.deadline(1).unwrap());
    client.opened(500, reading());
    let (sent, _) = drain(&mut client);
    let ClientBody::Hello(hello) = &sent[0].body else { panic!() };
    assert!(matches!(hello.as_ref(), Hello::Device(hello) if hello.seq_next == seq(1) && hello.ticket.is_some()));
    // The server has decided them all, and more under numbers this store has not given yet.
    say(&mut client, 500, None, ServerBody::Welcome(Box::new(welcome(9, vec![]))));
    let (sent, other) = drain(&mut client);
    assert_eq!(seqs(&sent), [1, 2, 3], "their answers are wanted");
    assert!(!other.iter().any(|output| matches!(output, Output::Event(Event::Rebased(_)))));
    say(&mut client, 501, None, ack(8, &[1, 2]));
    assert_eq!(client.unanswered(), 1, "3 was decided too, but has no answer here yet");
}

/// When an answer to what was sent in the first seconds is overdue.
const LATER: u64 = 20_000;

/// Time passes with a server that lives and answers nothing.
fn later(client: &mut TestClient) {
    for now in [10_000, LATER - 1] {
        say(client, now, None, ServerBody::Pong(Pong { n: 0 }));
    }
    drain(client);
    client.tick(LATER);
}

#[test]
fn answers_lost_below_a_gap_are_asked_for_again() {
    let mut client = live(device());
    for n in 1..=4 {
        client.record(n, order(n), reading()).unwrap();
    }
    let (sent, _) = drain(&mut client);
    assert_eq!(seqs(&sent), [1, 2, 3, 4], "a frame each");
    // 1 and 2 were decided, and their answers lost; 3 never came.
    let err = Err { expect: Some(seq(3)), ..Err::of(Code::SeqGap) };
    say(&mut client, 5, sent[3].id, ServerBody::Err(err));
    client.tick(1_005);
    assert_eq!(seqs(&drain(&mut client).0), [3, 4]);
    say(&mut client, 1_006, None, ack(4, &[3, 4]));
    assert_eq!(client.unanswered(), 4, "they wait for those before them");
    later(&mut client);
    assert_eq!(seqs(&drain(&mut client).0)[..2], [1, 2]);
    say(&mut client, LATER + 1, None, ack(4, &[1, 2]));
    assert_eq!(client.unanswered(), 0);
}

#[test]
fn a_gap_in_the_middle_of_a_frame_forgets_nothing_before_it() {
    let mut client = live(device());
    client.queue.pause_until = 10;
    for n in 1..=6 {
        client.record(0, order(n), reading()).unwrap();
    }
    client.tick(10);
    let (sent, _) = drain(&mut client);
    assert_eq!((sent.len(), seqs(&sent)), (1, (1..=6).collect()), "one frame");
    // The first three were decided before a floor was too busy; their answers were lost.
    let err = || Err { expect: Some(seq(4)), ..Err::of(Code::SeqGap) };
    say(&mut client, 11, sent[0].id, ServerBody::Err(err()));
    client.tick(1_011);
    assert_eq!(seqs(&drain(&mut client).0), [4, 5, 6]);
    say(&mut client, 1_012, sent[0].id, ServerBody::Err(Err::of(Code::BadField)));
    assert!(client.store().parked().is_empty(), "what was sent again is not judged by what became of it before");
    say(&mut client, 1_013, None, ack(6, &[4, 5, 6]));
    later(&mut client);
    assert_eq!(seqs(&drain(&mut client).0)[..3], [1, 2, 3]);
}

#[test]
fn a_gap_beyond_what_was_sent_passes_over_nothing() {
    let mut client = live(device());
    client.record(0, order(1), reading()).unwrap();
    let (sent, _) = drain(&mut client);
    client.queue.pause_until = 3_000;
    for n in 2..=4 {
        client.record(1, order(n), reading()).unwrap();
    }
    let err = Err { expect: Some(seq(4)), ..Err::of(Code::SeqGap) };
    say(&mut client, 2, sent[0].id, ServerBody::Err(err));
    client.tick(3_000);
    assert_eq!(seqs(&drain(&mut client).0), [2, 3, 4]);
}

#[test]
fn a_server_that_was_set_back_gets_the_queue_under_the_numbers_it_expects() {
    let mut client = live(device());
    client.record(0, order(1), reading()).unwrap();
    say(&mut client, 1, None, ack(1, &[1]));
    client.record(1, order(2), reading()).unwrap();
    client.closed(2, 1006);
    client.tick(client.deadline(2).unwrap());
    client.opened(500, reading());
    drain(&mut client);
    say(&mut client, 500, None, ServerBody::Welcome(Box::new(welcome(1, vec![]))));
    let (sent, other) = drain(&mut client);
    assert_eq!(seqs(&sent), [1]);
    assert!(other.contains(&Output::Event(Event::Rebased(seq(1)))));
}

#[test]
fn a_silent_server_is_asked_and_then_left() {
    let mut client = live(device());
    assert_eq!(client.deadline(0), Some(10_000));
    client.tick(10_000);
    assert!(matches!(drain(&mut client).0[..], [ClientFrame { body: ClientBody::Ping(_), .. }]));
    assert_eq!(client.deadline(10_000), Some(15_000));
    client.tick(15_000);
    assert!(drain(&mut client).1.contains(&Output::Close(1000)));
    assert!(waits(&client));
    client.wake(15_001);
    assert_eq!(client.poll(), Some(Output::Connect), "the page is visible again");
}

#[test]
fn a_draining_server_is_left_at_the_given_time() {
    let mut client = live(device());
    say(&mut client, 10, None, ServerBody::Drain(Drain { after_ms: 3_170, why: "deploy".to_owned() }));
    client.record(11, order(1), reading()).unwrap();
    assert_eq!(seqs(&drain(&mut client).0), Vec::<u64>::new(), "kept for the next connection");
    assert_eq!(client.deadline(11), Some(3_180));
    client.closed(100, 4000);
    assert_eq!(client.deadline(100), Some(3_180), "without backoff or jitter of its own");
    client.tick(3_180);
    assert!(drain(&mut client).1.contains(&Output::Connect));
}

fn granted(outcome: SubResult, at: u64) -> Subscribed {
    let epoch = Some(Epoch::parse("j").unwrap());
    Subscribed { topic: orders(), outcome, epoch, off: Some(off(at)), code: None }
}

fn snap(at: u64) -> ServerBody {
    let row = Row { k: crate::ids::RowKey::parse("o_1").unwrap(), v: Payload::empty(), ver: off(at) };
    let epoch = Epoch::parse("j").unwrap();
    ServerBody::Snap(Snap {
        topic: orders(),
        epoch,
        off: off(at),
        page: 0,
        last: true,
        rows: vec![row],
        add: vec![],
        v: None,
    })
}

fn delta(base: u64, to: u64) -> ServerBody {
    let epoch = Epoch::parse("j").unwrap();
    ServerBody::Delta(Delta {
        topic: orders(),
        epoch,
        base: off(base),
        off: off(to),
        put: vec![],
        del: vec![],
        add: vec![],
        v: None,
    })
}

#[test]
fn a_mirror_that_does_not_fit_is_subscribed_again() {
    let mut client = new(console());
    client.subscribe(0, orders(), None, None).unwrap();
    client.set_token(0, token());
    client.start(0);
    client.opened(0, reading());
    say(&mut client, 0, None, ServerBody::Welcome(Box::new(welcome(1, vec![granted(SubResult::Snapshot, 5)]))));
    say(&mut client, 0, None, snap(5));
    say(&mut client, 0, None, delta(5, 9));
    drain(&mut client);
    say(&mut client, 1, None, delta(10, 12));
    let (sent, _) = drain(&mut client);
    let ClientBody::Sub(sub) = &sent[0].body else { panic!() };
    assert_eq!(
        (sub.since.as_ref().map(|since| since.off.get()), sub.why),
        (Some(9), Some(crate::client::SubReason::BaseGap))
    );
    say(&mut client, 1, None, delta(9, 12));
    let off_of = |client: &TestClient| client.mirror(&orders()).unwrap().stand().unwrap().off.get();
    assert_eq!(off_of(&client), 9, "frames of the older subscription do not count");
    let ok = crate::server::SubOk { topic: Some(orders()), outcome: Some(SubResult::Resumed), epoch: None, off: None };
    say(&mut client, 2, sent[0].id, ServerBody::Ok(ok));
    say(&mut client, 2, None, delta(9, 12));
    assert_eq!(off_of(&client), 12);

    drain(&mut client);
    let chk = Chk { topic: orders(), off: off(12), n: 7, h: "0000000000000000".to_owned() };
    say(&mut client, 3, None, ServerBody::Chk(chk));
    let (sent, other) = drain(&mut client);
    assert!(other.contains(&Output::Event(Event::MirrorMismatch(orders()))));
    assert_eq!(sent, [], "not at once: a defect must not become a storm");
    client.tick(1_001);
    let (sent, _) = drain(&mut client);
    assert!(matches!(&sent[0].body, ClientBody::Sub(sub) if sub.since.is_none()), "the mirror is worth nothing");
}

#[test]
fn a_revoked_topic_is_forgotten() {
    let mut client = live(console());
    client.subscribe(0, orders(), None, None).unwrap();
    let (sent, _) = drain(&mut client);
    let ok = crate::server::SubOk { topic: Some(orders()), outcome: Some(SubResult::Snapshot), epoch: None, off: None };
    say(&mut client, 0, sent[0].id, ServerBody::Ok(ok));
    say(&mut client, 0, None, snap(5));
    assert!(client.mirror(&orders()).unwrap().stand().is_some());
    let revoked =
        crate::server::Unsubbed { topic: orders(), code: Code::SubRevoked.into(), retry: Retry::No, retry_ms: None };
    say(&mut client, 1, None, ServerBody::Unsub(revoked));
    assert!(client.mirror(&orders()).unwrap().stand().is_none());
}

#[test]
fn what_cannot_be_read_closes_and_what_is_new_does_not() {
    let mut client = live(device());
    client.received(1, br#"{"t":"fireworks","d":{}}"#);
    assert!(client.is_live());
    client.received(1, b"{\"t\":\"pong\",\"d\":{\"n\":");
    assert!(waits(&client), "cut off in the middle");
}

#[test]
fn a_token_is_asked_for_and_a_dead_ticket_falls_back_to_it() {
    let mut client = new(console());
    client.start(0);
    assert_eq!(client.poll(), Some(Output::Event(Event::TokenNeeded)));
    client.set_token(0, token());
    client.opened(0, reading());
    say(&mut client, 0, None, ServerBody::Welcome(Box::new(welcome(1, vec![]))));
    client.closed(1, 1006);
    client.tick(1_000);
    client.opened(1_000, reading());
    drain(&mut client);
    say(&mut client, 1_000, None, ServerBody::Err(Err::of(Code::TokenExpired)));
    assert!(waits(&client), "the ticket was refused; the token may live");
    client.tick(40_000);
    client.opened(40_000, reading());
    drain(&mut client);
    say(&mut client, 40_000, None, ServerBody::Err(Err::of(Code::TokenExpired)));
    assert!(drain(&mut client).1.contains(&Output::Event(Event::TokenNeeded)));
    client.set_token(40_001, token());
    client.opened(40_001, reading());
    say(&mut client, 40_001, None, ServerBody::Welcome(Box::new(welcome(1, vec![]))));
    drain(&mut client);
    client.set_token(40_002, token());
    assert!(matches!(drain(&mut client).0[..], [ClientFrame { body: ClientBody::Auth(_), .. }]), "refreshed in place");
}

#[test]
fn a_full_queue_and_a_wrong_kind_are_refused() {
    let mut client = new(device());
    for n in 0..limits::QUEUE_COMMANDS as u64 {
        client.record(0, order(n), reading()).unwrap();
    }
    assert_eq!(client.record(0, order(9_999), reading()), Err(Unable::QueueFull));
    assert_eq!(client.command(0, order(1)), Err(Unable::WrongKind));
    let mut client = new(console());
    assert_eq!(client.record(0, order(1), reading()), Err(Unable::WrongKind));
    for n in 0..64 {
        client.command(0, order(n)).unwrap();
    }
    assert_eq!(client.command(0, order(64)), Err(Unable::QueueFull));
    assert_eq!(client.subscribe(0, Topic::parse("no.such").unwrap(), None, None), Err(Unable::BadTopic));
}
