//! What devices are told: work that was taken away, a takeover, words of the office; until seen, or for three days.

mod shop_floor;

use munshi_domain::{
    Aggregate, Refused, UserId,
    floor::{
        DeviceOffice, DeviceOp, FloorCode, FloorCommand, FlowName, MAX_NOTICES, NOTICE_MILLIS, NoticeKind, WorkOffice,
        task::{GRACE_SECONDS, LEASE_SECONDS},
    },
};
use shop_floor::*;

fn told(shop: &Shop, device: &str) -> Vec<(u64, NoticeKind)> {
    shop.floor.notices_of(&dev(device)).map(|notice| (notice.id, notice.kind)).collect()
}

fn say(shop: &mut Shop, device: &str, text: &str) -> Result<usize, &'static str> {
    let command = DeviceOffice::TellDevice { device: dev(device), text: text.into() };
    shop.try_office(FloorCommand::Devices(command)).map(|events| events.len()).map_err(|refused| refused.code())
}

fn see(shop: &mut Shop, device: &str, through: u64) -> usize {
    shop.office(FloorCommand::Devices(DeviceOffice::SeeNotices { device: dev(device), through })).len()
}

/// `d1` has a list.
fn picking() -> (Shop, munshi_domain::floor::TaskId) {
    let mut shop = Shop::new();
    shop.stock("A-01", goods("PLAIN", None), 9, &[]);
    shop.sign_on("d1", "B1");
    shop.add(parcel(1, 1), &[(1, "PLAIN", 2)]);
    shop.choose("d1", FlowName::Pick);
    shop.ok("d1", DeviceOp::GetWork);
    let task = shop.pick_task(parcel(1, 1));
    (shop, task)
}

#[test]
fn wms_03_a_device_is_told_of_work_that_goes_to_somebody_else() {
    let (mut shop, task) = picking();
    shop.work(WorkOffice::Reassign { task, to: Some(UserId::from_u128(2)) });
    let notice = shop.floor.notices_of(&dev("d1")).next().unwrap().clone();
    assert_eq!((notice.id, notice.kind, notice.task), (1, NoticeKind::TaskReassigned, Some(task)));
    shop.no("d1", scan("A-01"), FloorCode::LeaseLost);
    shop.check();
}

#[test]
fn a_device_is_told_of_work_that_nobody_needs() {
    let (mut shop, task) = picking();
    shop.work(WorkOffice::CancelParcel { parcel: parcel(1, 1), kept: false });
    let notice = shop.floor.notices_of(&dev("d1")).next().unwrap().clone();
    assert_eq!((notice.kind, notice.task), (NoticeKind::TaskCancelled, Some(task)));
    shop.no("d1", scan("A-01"), FloorCode::LineCancelled);
    shop.check();
}

#[test]
fn a_device_that_was_silent_is_told_what_it_lost() {
    let (mut shop, _) = picking();
    shop.now = shop.now.plus_seconds(GRACE_SECONDS + LEASE_SECONDS + 1);
    shop.office(FloorCommand::Tick);
    assert_eq!(told(&shop, "d1"), [(1, NoticeKind::TaskExpired)]);
    shop.check();
}

#[test]
fn a_takeover_is_one_notice_and_what_a_device_does_itself_none() {
    let (mut shop, _) = picking();
    shop.no(
        "d2",
        DeviceOp::SignOn { badge: "B1".into(), pin_right: true, equipment: None },
        FloorCode::SignedOnElsewhere,
    );
    shop.sign_on("d2", "B1");
    let notice = shop.floor.notices_of(&dev("d1")).next().unwrap().clone();
    assert_eq!((notice.kind, notice.elsewhere, notice.task), (NoticeKind::SignedOnElsewhere, Some(dev("d2")), None));
    assert_eq!(told(&shop, "d1").len(), 1, "the work moved along");
    shop.ok("d2", DeviceOp::SignOff { keep: Some(false) });
    assert_eq!(told(&shop, "d2"), []);
    shop.check();
}

#[test]
fn a_task_nobody_has_is_nobody_s_news() {
    let mut shop = Shop::new();
    shop.stock("A-01", goods("PLAIN", None), 9, &[]);
    shop.add(parcel(1, 1), &[(1, "PLAIN", 2)]);
    shop.work(WorkOffice::CancelParcel { parcel: parcel(1, 1), kept: false });
    assert_eq!(shop.floor.notices().count(), 0);
}

#[test]
fn the_office_says_something_to_a_device_that_is_there() {
    let mut shop = Shop::new();
    assert_eq!(say(&mut shop, "d1", " come to dock 2 "), Ok(1));
    assert_eq!(shop.floor.notices_of(&dev("d1")).next().unwrap().text.as_deref(), Some("come to dock 2"));
    for text in ["", "  ", "a\u{7}b", &"x".repeat(501)] {
        assert_eq!(say(&mut shop, "d1", text), Err("invalid_floor_command"), "{text:?}");
    }
    assert_eq!(say(&mut shop, "nobody", "x"), Err("device_unknown"));
    shop.office(FloorCommand::Devices(DeviceOffice::RevokeDevice { device: dev("d2") }));
    assert_eq!(say(&mut shop, "d2", "x"), Err("device_revoked"));
    shop.check();
}

#[test]
fn a_notice_stays_until_it_is_seen_or_three_days_old() {
    let mut shop = Shop::new();
    for device in ["d1", "d2", "d1"] {
        say(&mut shop, device, "x").unwrap();
    }
    assert_eq!(see(&mut shop, "d1", 2), 1, "its own up to there");
    assert_eq!((told(&shop, "d1"), told(&shop, "d2").len()), (vec![(3, NoticeKind::Message)], 1));
    assert_eq!(see(&mut shop, "d1", 2), 0, "once is enough");
    let first = shop.now;
    shop.now = shop.now.plus_seconds(60);
    say(&mut shop, "d3", "later").unwrap();
    assert_eq!(shop.floor.due(), Some(first.plus_millis(NOTICE_MILLIS)));
    shop.now = first.plus_millis(NOTICE_MILLIS);
    shop.office(FloorCommand::Tick);
    assert_eq!(shop.floor.notices().map(|notice| notice.id).collect::<Vec<_>>(), [4]);
    assert_eq!(shop.floor.last_notice(), 4, "numbers are never given twice");
    shop.check();
}

#[test]
fn of_too_many_the_oldest_go() {
    let mut shop = Shop::new();
    for _ in 0..MAX_NOTICES {
        assert_eq!(say(&mut shop, "d1", "x"), Ok(1));
    }
    assert_eq!(say(&mut shop, "d1", "x"), Ok(2));
    let kept = told(&shop, "d1");
    assert_eq!((kept.len(), kept[0].0), (MAX_NOTICES, 2));
    shop.check();
}
