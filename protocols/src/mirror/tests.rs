use super::*;
use crate::server::{ServerBody, ServerFrame};

fn frame(json: &str) -> ServerBody {
    ServerFrame::decode(json).unwrap().body
}

fn take(mirror: &mut Mirror, json: &str) -> Taken {
    match frame(json) {
        ServerBody::Snap(snap) => mirror.snap(snap),
        ServerBody::Delta(delta) => mirror.delta(delta),
        ServerBody::Chk(chk) => mirror.chk(&chk),
        other => panic!("{other:?}"),
    }
}

fn off(mirror: &Mirror) -> Option<u64> {
    mirror.stand().map(|stand| stand.off.get())
}

const PAGE0: &str = r#"{"t":"snap","d":{"topic":"wh.w1.orders","epoch":"j","off":88,"page":0,"last":false,"rows":[{"k":"o_1","v":1,"ver":71}]}}"#;
const PAGE1: &str = r#"{"t":"snap","d":{"topic":"wh.w1.orders","epoch":"j","off":88,"page":1,"last":true,"rows":[{"k":"o_2","v":2,"ver":88}]}}"#;

fn map() -> Mirror {
    let mut mirror = Mirror::new(Class::Map);
    assert_eq!(take(&mut mirror, PAGE0), Taken::Quiet);
    assert_eq!(off(&mirror), None, "half a snapshot is nothing");
    assert_eq!(take(&mut mirror, PAGE1), Taken::Changed);
    mirror
}

#[test]
fn a_delta_applies_only_where_the_mirror_stands() {
    let mut mirror = map();
    let delta = |epoch, base| {
        format!(
            r#"{{"t":"delta","d":{{"topic":"wh.w1.orders","epoch":"{epoch}","base":{base},"off":95,"put":[{{"k":"o_3","v":3,"ver":95}}],"del":["o_1","o_9"]}}}}"#
        )
    };
    let gap = Taken::Resubscribe(SubReason::BaseGap);
    for wrong in [delta("j", 87), delta("j", 89), delta("k", 88)] {
        assert_eq!(take(&mut mirror, &wrong), gap);
        assert_eq!(off(&mirror), Some(88), "and is left alone");
    }
    assert_eq!(take(&mut mirror, &delta("j", 88)), Taken::Changed, "offsets need not be contiguous");
    assert_eq!(off(&mirror), Some(95));
    assert_eq!(take(&mut mirror, &delta("j", 88)), gap, "a delta applies once");
    let Mirror::Map(map) = &mirror else { panic!() };
    assert_eq!(map.rows().keys().map(|key| key.as_str()).collect::<Vec<_>>(), ["o_2", "o_3"]);
}

#[test]
fn pages_follow_each_other_or_the_snapshot_is_asked_for_again() {
    let bad = Taken::Resubscribe(SubReason::BadSnapshot);
    let mut mirror = Mirror::new(Class::Map);
    assert_eq!(take(&mut mirror, PAGE1), bad, "the first page is missing");
    assert_eq!(take(&mut mirror, PAGE0), Taken::Quiet);
    assert_eq!(take(&mut mirror, &PAGE1.replace("\"off\":88", "\"off\":89")), bad, "pages of two snapshots");
    assert_eq!(take(&mut mirror, PAGE0), Taken::Quiet);
    assert_eq!(take(&mut mirror, PAGE0), Taken::Quiet, "a new start replaces the old one");
    mirror.drop_pages();
    assert_eq!(take(&mut mirror, PAGE1), bad);
    assert_eq!(off(&mirror), None);
}

#[test]
fn a_checksum_finds_what_differs() {
    let mut hash = crate::hash::MirrorHash::default();
    let Mirror::Map(inner) = map() else { panic!() };
    inner.rows().values().for_each(|row| hash.add(&row.k, row.ver));
    let mut mirror = map();
    let chk = |off: u64, n: u32, h: &str| {
        format!(r#"{{"t":"chk","d":{{"topic":"wh.w1.orders","off":{off},"n":{n},"h":"{h}"}}}}"#)
    };
    assert_eq!(take(&mut mirror, &chk(88, 2, &hash.hex())), Taken::Quiet);
    let mismatch = Taken::Resubscribe(SubReason::MirrorMismatch);
    assert_eq!(take(&mut mirror, &chk(89, 2, &hash.hex())), mismatch);
    assert_eq!(take(&mut mirror, &chk(88, 3, &hash.hex())), mismatch);
    assert_eq!(take(&mut mirror, &chk(88, 2, "0000000000000000")), mismatch);
}

#[test]
fn a_stream_delivers_each_item_once() {
    let mut mirror = Mirror::new(Class::Stream);
    let snap = |epoch: &str, off: u64, items: &str| {
        format!(
            r#"{{"t":"snap","d":{{"topic":"device.d.inbox","epoch":"{epoch}","off":{off},"page":0,"last":true,"add":[{items}]}}}}"#
        )
    };
    let offs = |taken: Taken| match taken {
        Taken::Items(items) => items.iter().map(|item| item.off.get()).collect(),
        _ => Vec::new(),
    };
    assert_eq!(offs(take(&mut mirror, &snap("j", 9, r#"{"off":3,"v":1},{"off":9,"v":2}"#))), [3, 9]);
    let delta = r#"{"t":"delta","d":{"topic":"device.d.inbox","epoch":"j","base":9,"off":12,"add":[{"off":9,"v":2},{"off":12,"v":3}]}}"#;
    assert_eq!(offs(take(&mut mirror, delta)), [12], "9 was delivered");
    assert_eq!(offs(take(&mut mirror, &snap("j", 15, r#"{"off":12,"v":3},{"off":15,"v":4}"#))), [15]);
    let Mirror::Stream(stream) = &mut mirror else { panic!() };
    assert_eq!(stream.unseen().len(), 2, "3 and 9 are no longer retained");
    assert!(stream.seen(JournalSeq::new(12).unwrap()));
    assert!(!stream.seen(JournalSeq::new(12).unwrap()));
    assert_eq!(stream.unseen().len(), 1);
    assert_eq!(offs(take(&mut mirror, &snap("k", 2, r#"{"off":2,"v":1}"#))), [2], "another journal");
}

#[test]
fn a_gauge_keeps_the_newest_value() {
    let mut mirror = Mirror::new(Class::Gauge);
    let delta = |epoch: &str, off: u64| {
        format!(r#"{{"t":"delta","d":{{"topic":"dash.w1.kpi","epoch":"{epoch}","base":0,"off":{off},"v":{off}}}}}"#)
    };
    let gap = Taken::Resubscribe(SubReason::BaseGap);
    assert_eq!(take(&mut mirror, &delta("g", 4)), gap);
    let snap = r#"{"t":"snap","d":{"topic":"dash.w1.kpi","epoch":"g","off":4,"page":0,"last":true,"v":4}}"#;
    assert_eq!(take(&mut mirror, snap), Taken::Changed);
    assert_eq!(take(&mut mirror, &delta("g", 9)), Taken::Changed);
    assert_eq!(take(&mut mirror, &delta("h", 10)), gap);
    let Mirror::Gauge(gauge) = &mirror else { panic!() };
    assert_eq!(gauge.value().map(|value| value.json()), Some("9"));
}
