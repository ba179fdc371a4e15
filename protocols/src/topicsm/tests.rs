use proptest::prelude::*;

use super::*;
use crate::{
    client::Since,
    code::Close,
    ids::RowKey,
    limits::ClientKind,
    mirror::{Mirror, Taken},
    payload::Payload,
    server::{ServerBody, ServerFrame},
    topic::Topic,
};

fn seq(n: u64) -> JournalSeq {
    JournalSeq::new(n).unwrap()
}

fn epoch() -> Epoch {
    Epoch::parse("j").unwrap()
}

fn since(off: u64) -> Since {
    Since { epoch: epoch(), off: seq(off) }
}

fn orders() -> Topic {
    Topic::parse("wh.w1.orders").unwrap()
}

fn inbox() -> Topic {
    Topic::parse("device.d.inbox").unwrap()
}

fn kpi() -> Topic {
    Topic::parse("dash.w1.kpi").unwrap()
}

fn body(n: u64) -> Payload {
    Payload::of(&serde_json::json!({ "n": n, "pad": "x".repeat(40) })).unwrap()
}

fn key(n: u64) -> RowKey {
    RowKey::parse(&format!("o_{n}")).unwrap()
}

fn map(bounds: RingBounds) -> MapTopic {
    MapTopic::new(orders(), epoch(), seq(10), [], bounds)
}

fn bounds() -> Bounds {
    Bounds { soft: 1_000, hard: 3_000, feed_bytes: 500, feed_frames: 8, paging_ms: 5_000 }
}

/// Sends everything, catching up as a server would, and gives it to mirrors.
fn deliver(outbox: &mut Outbox, now: u64, sources: &mut [(Topic, &mut dyn Source)], mirrors: &mut [(Topic, Mirror)]) {
    for _ in 0..10_000 {
        let fed = outbox.feed(now);
        assert_eq!(fed.close, None);
        for frame in &fed.frames {
            let mut text = String::new();
            frame.append_to(&mut text);
            let (topic, taken) = match ServerFrame::decode(&text).unwrap().body {
                ServerBody::Snap(snap) => (snap.topic.clone(), mirror(mirrors, &snap.topic).snap(snap)),
                ServerBody::Delta(delta) => (delta.topic.clone(), mirror(mirrors, &delta.topic).delta(delta)),
                ServerBody::Chk(chk) => (chk.topic.clone(), mirror(mirrors, &chk.topic).chk(&chk)),
                _ => continue,
            };
            assert!(!matches!(taken, Taken::Resubscribe(_)), "{topic} {text}");
        }
        match outbox.want() {
            Some(Want::Merged { topic, base }) => {
                let merged = source(sources, &topic).merged(base);
                outbox.caught_up(&topic, merged.as_ref());
            }
            Some(Want::Snapshot { topic }) => {
                let start = source(sources, &topic).start(None, 400);
                outbox.restart(now, &topic, &start);
            }
            None if !outbox.ready() => return,
            None => {}
        }
    }
    panic!("it never comes to rest");
}

fn mirror<'a>(mirrors: &'a mut [(Topic, Mirror)], topic: &Topic) -> &'a mut Mirror {
    &mut mirrors.iter_mut().find(|(of, _)| of == topic).unwrap().1
}

fn source<'a>(sources: &'a mut [(Topic, &mut dyn Source)], topic: &Topic) -> &'a mut dyn Source {
    *sources.iter_mut().find(|(of, _)| of == topic).map(|(_, source)| source).unwrap()
}

fn agrees(topic: &MapTopic, mirror: &Mirror) {
    let Mirror::Map(map) = mirror else { panic!() };
    let (have, want): (Vec<_>, Vec<_>) =
        (map.rows().values().collect(), topic.rows().values().map(AsRef::as_ref).collect());
    assert_eq!(have, want);
    assert_eq!(mirror.chk(&topic.chk()), Taken::Quiet);
}

#[test]
fn a_step_encodes_as_the_delta_it_is() {
    let mut topic = map(RingBounds::STANDARD);
    topic.step(0, seq(11), [(key(1), Some(body(1)))]).unwrap();
    let text = topic.step(0, seq(12), [(key(1), None), (key(2), Some(body(2)))]).unwrap().unwrap();
    let mut frame = String::new();
    text.frame(&orders(), &epoch(), seq(11)).append_to(&mut frame);
    let decoded = ServerFrame::decode(&frame).unwrap();
    assert_eq!(decoded.encode(), frame);
    assert!(matches!(decoded.body, ServerBody::Delta(delta) if delta.del.len() == 1 && delta.put.len() == 1));
}

#[test]
fn a_ring_is_bounded_by_steps_age_and_bytes() {
    let small = RingBounds { steps: 3, age_ms: 100, bytes: 2_000, replay: 10 };
    let mut topic = map(small);
    for off in 11..=15 {
        topic.step(0, seq(off), [(key(off), Some(body(off)))]).unwrap();
    }
    assert_eq!((topic.ring().len(), topic.ring().floor()), (3, seq(12)));
    topic.tick(101);
    assert_eq!((topic.ring().len(), topic.ring().floor(), topic.ring().bytes()), (0, seq(15), 0));
    let huge = Payload::of(&"x".repeat(2_100)).unwrap();
    topic.step(101, seq(16), [(key(1), Some(huge))]).unwrap();
    assert!(topic.ring().is_empty(), "one step larger than the ring leaves it at once");
    assert_eq!(topic.ring().floor(), seq(16));
    assert_eq!(topic.step(101, seq(16), []).err(), Some(OffsetWentBack { head: seq(16) }));
}

#[test]
fn a_subscription_resumes_or_starts_whole() {
    let mut topic = map(RingBounds { steps: 5, age_ms: 1_000, bytes: 100_000, replay: 3 });
    for off in 11..=18 {
        topic.step(0, seq(off), [(key(off), Some(body(off)))]).unwrap();
    }
    let mut outcome = |since: Option<Since>| {
        let start = topic.start(since.as_ref(), 400);
        (matches!(start.from, From::Resume(_)), start.ahead)
    };
    assert_eq!(outcome(Some(since(18))), (true, false));
    assert_eq!(outcome(Some(since(15))), (true, false));
    assert_eq!(outcome(Some(since(14))), (false, false), "more steps than a replay takes");
    assert_eq!(outcome(Some(since(12))), (false, false), "below the floor");
    assert_eq!(outcome(Some(since(19))), (false, true), "ahead of the head");
    assert_eq!(outcome(Some(Since { epoch: Epoch::parse("k").unwrap(), off: seq(18) })), (false, false));
    assert_eq!(outcome(None), (false, false));
}

#[test]
fn a_page_holds_what_fits_and_one_row_at_least() {
    let mut topic = map(RingBounds::STANDARD);
    let rows = (0..50).map(|n| (key(n), Some(if n == 7 { Payload::of(&"y".repeat(900)).unwrap() } else { body(n) })));
    topic.step(0, seq(11), rows).unwrap();
    let From::Snapshot(pages) = topic.start(None, 600).from else { panic!() };
    assert!(pages.count() > 10);
    let texts: Vec<_> = (0..pages.count()).map(|at| pages.page(at).unwrap().len()).collect();
    assert_eq!(texts.iter().filter(|bytes| **bytes > 601).count(), 1, "only the row that fits nowhere: {texts:?}");
    let From::Snapshot(again) = topic.start(None, 600).from else { panic!() };
    assert!(Arc::ptr_eq(&pages, &again), "encoded once");
}

#[test]
fn a_slow_reader_costs_its_topics_and_still_converges() {
    let mut topic = map(RingBounds::STANDARD);
    let mut outbox = Outbox::new(bounds());
    let mut mirrors = [(orders(), Mirror::new(Class::Map))];
    outbox.subscribe(0, &orders(), Class::Map, topic.start(None, 400), None);
    deliver(&mut outbox, 0, &mut [(orders(), &mut topic)], &mut mirrors);
    for off in 11..=2_000 {
        let change = if off % 7 == 0 { None } else { Some(body(off)) };
        if let Some(text) = topic.step(0, seq(off), [(key(off % 20), change)]).unwrap() {
            outbox.step(&orders(), &text);
        }
        assert!(outbox.bytes() <= bounds().soft + 200, "{}", outbox.bytes());
    }
    deliver(&mut outbox, 0, &mut [(orders(), &mut topic)], &mut mirrors);
    agrees(&topic, &mirrors[0].1);
}

#[test]
fn beyond_the_hard_bound_maps_start_again_and_streams_close() {
    let mut topic = map(RingBounds::STANDARD);
    let mut stream = StreamTopic::new(inbox(), epoch(), seq(10), Retention::Seen, seq(0), [], RingBounds::STANDARD);
    let mut outbox = Outbox::new(bounds());
    let mut mirrors = [(orders(), Mirror::new(Class::Map)), (inbox(), Mirror::new(Class::Stream))];
    outbox.subscribe(0, &orders(), Class::Map, topic.start(None, 400), None);
    outbox.subscribe(0, &inbox(), Class::Stream, stream.start(None, 400), None);
    deliver(&mut outbox, 0, &mut [(orders(), &mut topic), (inbox(), &mut stream)], &mut mirrors);
    for off in 11..=16 {
        let text = topic.step(0, seq(off), [(key(off), Some(body(off)))]).unwrap().unwrap();
        outbox.step(&orders(), &text);
    }
    outbox.reply(FrameText::whole("x".repeat(2_500)));
    assert_eq!(outbox.want(), None, "no room yet");
    assert!(outbox.bytes() < 2_600, "queued Map frames are dropped");
    while outbox.ready() {
        outbox.feed(0);
    }
    assert_eq!(outbox.want(), Some(Want::Snapshot { topic: orders() }));
    deliver(&mut outbox, 0, &mut [(orders(), &mut topic), (inbox(), &mut stream)], &mut mirrors);
    agrees(&topic, &mirrors[0].1);

    for off in 17..=60 {
        outbox.step(&inbox(), &stream.add(0, seq(off), body(off)).unwrap());
        assert!(outbox.bytes() <= bounds().hard);
    }
    assert_eq!(outbox.feed(0).close, Some(Close::Slow), "items are not dropped: the connection is");
}

#[test]
fn a_snapshot_that_takes_too_long_closes() {
    let mut topic = map(RingBounds::STANDARD);
    topic.step(0, seq(11), (0..100).map(|n| (key(n), Some(body(n))))).unwrap();
    let mut outbox = Outbox::new(bounds());
    outbox.subscribe(0, &orders(), Class::Map, topic.start(None, 400), None);
    assert_eq!(outbox.feed(0).frames.len(), 1, "one page, then a flush");
    assert_eq!(outbox.due_ms(), Some(5_001));
    assert_eq!(outbox.feed(5_001).close, Some(Close::Slow));
}

#[test]
fn answers_go_first_and_a_gauge_keeps_its_pace() {
    let mut gauge = GaugeTopic::new(kpi(), Epoch::parse("g_1").unwrap());
    let mut outbox = Outbox::new(bounds());
    let mut mirrors = [(kpi(), Mirror::new(Class::Gauge))];
    outbox.subscribe(0, &kpi(), Class::Gauge, gauge.start(None, 400), Some(4));
    deliver(&mut outbox, 0, &mut [(kpi(), &mut gauge)], &mut mirrors);
    let mut sent = Vec::new();
    for now in 0..1_000 {
        outbox.step(&kpi(), &gauge.set(body(now)).unwrap());
        assert!(outbox.bytes() < 200, "it overwrites");
        sent.extend(outbox.feed(now).frames.into_iter().map(|_| now));
    }
    assert_eq!(sent, [0, 250, 500, 750]);
    outbox.reply(FrameText::whole("first"));
    let frames = outbox.feed(1_000).frames;
    assert_eq!((frames.len(), &frames[0]), (2, &FrameText::whole("first")));
}

#[test]
fn a_stream_retains_until_seen_resolved_or_old() {
    let mut topic = StreamTopic::new(inbox(), epoch(), seq(10), Retention::Seen, seq(0), [], RingBounds::STANDARD);
    for off in 11..=15 {
        topic.add(0, seq(off), body(off)).unwrap();
    }
    assert_eq!(topic.seen(seq(16)), Err(SeenAhead));
    assert_eq!(topic.seen(seq(12)), Ok(Some(seq(12))));
    assert_eq!(topic.seen(seq(11)), Ok(None));
    assert!(topic.resolve(seq(14)) && !topic.resolve(seq(14)));
    assert_eq!(topic.items().map(|item| item.off.get()).collect::<Vec<_>>(), [13, 15]);
    topic.tick(crate::limits::INBOX_MS + 1);
    assert!(topic.is_empty());

    let mut board = StreamTopic::new(inbox(), epoch(), seq(10), Retention::Resolved, seq(0), [], RingBounds::STANDARD);
    board.add(0, seq(11), body(1)).unwrap();
    assert_eq!(board.seen(seq(11)), Ok(None));
    board.tick(crate::limits::INBOX_MS + 1);
    assert_eq!(board.len(), 1, "only resolving ends it");
}

#[test]
fn the_standard_bounds_are_those_of_the_specification() {
    let device = Bounds::standard(ClientKind::Device);
    assert_eq!((device.soft, device.hard), (16 * 1024, 64 * 1024));
    let console = Bounds::standard(ClientKind::Console);
    assert_eq!((console.soft, console.hard, console.feed_bytes), (64 * 1024, 256 * 1024, 8 * 1024));
}

proptest! {
    /// Whatever happens in a topic and however slowly it is read, a reader that comes to rest has what the topic has.
    #[test]
    fn a_mirror_converges(
        script in proptest::collection::vec((0u8..10, 0u64..12, 0u64..400), 1..200),
        steps in 1usize..20,
    ) {
        let mut topic = map(RingBounds { steps, age_ms: 1_000, bytes: 4_000, replay: 1 + steps / 2 });
        let mut outbox = Outbox::new(bounds());
        let mut mirrors = [(orders(), Mirror::new(Class::Map))];
        let (mut off, mut now) = (10, 0);
        outbox.subscribe(now, &orders(), Class::Map, topic.start(None, 400), None);
        for (what, row, jump) in script {
            off += 1 + jump % 3;
            match what {
                0..=5 => {
                    if let Some(text) = topic.step(now, seq(off), [(key(row), Some(body(off)))]).unwrap() {
                        outbox.step(&orders(), &text);
                    }
                }
                6 => {
                    if let Some(text) = topic.step(now, seq(off), [(key(row), None)]).unwrap() {
                        outbox.step(&orders(), &text);
                    }
                }
                7 => {
                    now += jump;
                    topic.tick(now);
                    deliver(&mut outbox, now, &mut [(orders(), &mut topic)], &mut mirrors);
                    agrees(&topic, &mirrors[0].1);
                }
                8 => {
                    // Reconnects: queues are gone, the mirror is not.
                    outbox = Outbox::new(bounds());
                    mirrors[0].1.drop_pages();
                    let start = topic.start(mirrors[0].1.since().as_ref(), 400);
                    outbox.subscribe(now, &orders(), Class::Map, start, None);
                }
                _ => {
                    let chk = topic.chk();
                    let off = chk.off;
                    let frame = FrameText::whole(ServerFrame::push(ServerBody::Chk(chk)).encode());
                    outbox.checksum(&orders(), off, frame);
                }
            }
            prop_assert!(outbox.bytes() <= bounds().hard);
        }
        deliver(&mut outbox, now, &mut [(orders(), &mut topic)], &mut mirrors);
        agrees(&topic, &mirrors[0].1);
    }
}

fn held(mirror: &Mirror) -> Vec<(String, u64)> {
    let Mirror::Map(map) = mirror else { panic!("a map") };
    map.rows().iter().map(|(k, row)| (k.as_str().to_owned(), row.ver.get())).collect()
}

/// A client that was there, a server that was started anew, and rows that went meanwhile.
#[test]
fn after_a_start_a_client_hears_of_what_was_deleted() {
    let mut before = map(RingBounds::STANDARD);
    before.apply(0, seq(12), [(key(1), Some((body(1), seq(11)))), (key(2), Some((body(2), seq(12))))]).unwrap();
    let mut outbox = Outbox::new(bounds());
    let mut mirrors = [(orders(), Mirror::new(Class::Map))];
    let start = before.start(None, 1_000);
    outbox.subscribe(0, &orders(), Class::Map, start, None);
    deliver(&mut outbox, 0, &mut [(orders(), &mut before)], &mut mirrors);
    assert_eq!(held(&mirrors[0].1), [("o_1".into(), 11), ("o_2".into(), 12)]);
    // The next life knows the tail from 10 on and the rows as they are now.
    let mut after = map(RingBounds::STANDARD);
    after.refill(0, seq(11), [(key(1), None)]).unwrap();
    after.refill(0, seq(12), [(key(2), Some((body(2), seq(12))))]).unwrap();
    after.refill(0, seq(13), [(key(1), None)]).unwrap();
    let start = after.start(Some(&since(12)), 1_000);
    assert_eq!(start.outcome(), SubResult::Resumed);
    let mut outbox = Outbox::new(bounds());
    outbox.subscribe(0, &orders(), Class::Map, start, None);
    deliver(&mut outbox, 0, &mut [(orders(), &mut after)], &mut mirrors);
    assert_eq!(held(&mirrors[0].1), [("o_2".into(), 12)]);
    let chk = after.chk();
    assert_eq!(mirrors[0].1.chk(&chk), Taken::Quiet, "the checksums of both lives agree");
}

/// A topic that began in the middle of the former life, and which nothing touched.
#[test]
fn offsets_of_a_quiet_topic_do_not_lie_in_the_future_after_a_start() {
    let mut after = map(RingBounds::STANDARD);
    assert!(after.start(Some(&since(15)), 1_000).ahead);
    after.advance(seq(20));
    after.advance(seq(12));
    let start = after.start(Some(&since(15)), 1_000);
    assert_eq!((start.outcome(), start.ahead, start.off), (SubResult::Resumed, false, seq(20)));
    let mut outbox = Outbox::new(bounds());
    let mut mirrors = [(orders(), Mirror::new(Class::Map))];
    outbox.subscribe(0, &orders(), Class::Map, map(RingBounds::STANDARD).start(None, 1_000), None);
    deliver(&mut outbox, 0, &mut [(orders(), &mut after)], &mut mirrors);
    assert_eq!(mirrors[0].1.stand().map(|stand| stand.off), Some(seq(20)));
    assert_eq!(mirrors[0].1.chk(&after.chk()), Taken::Quiet);
    assert!(after.step(0, seq(20), [(key(1), Some(body(1)))]).is_err());
    assert!(after.step(0, seq(21), [(key(1), Some(body(1)))]).unwrap().is_some());
}

#[test]
fn a_row_that_leaves_a_window_is_deleted_there() {
    let mut whole = map(RingBounds::STANDARD);
    whole.step(0, seq(11), [(key(1), Some(body(1))), (key(2), Some(body(2)))]).unwrap();
    let even = |row: &crate::server::Row| row.v.json().contains("\"n\":2") || row.v.json().contains("\"n\":4");
    whole.step(0, seq(12), [(key(2), Some(body(3)))]).unwrap();
    whole.step(0, seq(13), [(key(1), Some(body(4)))]).unwrap();
    let mut window = whole.through(even);
    assert_eq!(window.rows().keys().cloned().collect::<Vec<_>>(), [key(1)]);
    assert_eq!(window.start(Some(&since(11)), 1_000).outcome(), SubResult::Resumed);
    let merged = window.merged(seq(11)).unwrap().frame(&orders(), &epoch(), seq(11));
    let mut text = String::new();
    merged.append_to(&mut text);
    let Ok(ServerFrame { body: ServerBody::Delta(delta), .. }) = ServerFrame::decode(&text) else { panic!("{text}") };
    assert_eq!((delta.del, delta.put.len()), (vec![key(2)], 1));
}

#[test]
fn a_topic_whose_steps_were_left_out_is_caught_up() {
    let mut topic = map(RingBounds::STANDARD);
    let mut outbox = Outbox::new(bounds());
    let mut mirrors = [(orders(), Mirror::new(Class::Map))];
    let start = topic.start(None, 1_000);
    outbox.subscribe(0, &orders(), Class::Map, start, None);
    deliver(&mut outbox, 0, &mut [(orders(), &mut topic)], &mut mirrors);
    topic.step(0, seq(11), [(key(1), Some(body(1)))]).unwrap();
    outbox.lag(&orders());
    deliver(&mut outbox, 0, &mut [(orders(), &mut topic)], &mut mirrors);
    assert_eq!(held(&mirrors[0].1), [("o_1".into(), 11)]);
}
