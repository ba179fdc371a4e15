//! Devices and sign-on: the rules of realtime.md §8.1 and the offline conflicts of warehouse-floor.md §9 about them.

mod shop_floor;

use munshi_domain::{
    Aggregate, Ctx, Refused,
    floor::{
        DeviceOffice, DeviceOp, FloorCode, FloorCommand, FlowName, Greeting, Group, Hello, Outcome, PickedFact, Place,
        WorkOffice,
        device::{ANSWER_MILLIS, DeviceFault, MAX_ANSWERS, TOO_OLD_MILLIS},
    },
    user::SecretHash,
};
use shop_floor::*;

fn ask() -> DeviceOp {
    DeviceOp::Choose { flow: FlowName::Inquiry, first: Default::default() }
}

fn hello(generation: u32, install: &str, seq_next: u64) -> Hello<'_> {
    Hello { generation, install, seq_next, app: "1.8.2" }
}

#[test]
fn a_command_has_one_effect_and_one_answer() {
    let mut shop = Shop::new();
    shop.sign_on("d1", "B1");
    let command = shop.command("d1", ask());
    let first = shop.send(command.clone()).unwrap();
    let (version, after) = (shop.floor.version(), shop.floor.clone());
    assert_eq!(shop.send(command.clone()).unwrap(), first, "the stored answer");
    assert_eq!((shop.floor.version(), &shop.floor), (version, &after), "and nothing else");
    let other = |change: &dyn Fn(&mut munshi_domain::floor::DeviceCommand)| {
        let mut other = command.clone();
        change(&mut other);
        other
    };
    let refused = |shop: &mut Shop, command| shop.send(command).unwrap_err().code().to_owned();
    assert_eq!(refused(&mut shop, other(&|c| c.fingerprint = "else".into())), "key_reuse");
    assert_eq!(refused(&mut shop, other(&|c| c.key = "else".into())), "key_reuse");
    assert_eq!(refused(&mut shop, other(&|c| c.seq = 99)), "seq_gap");
    assert_eq!(refused(&mut shop, other(&|c| c.seq = 0)), "seq_gap");
    assert_eq!(refused(&mut shop, other(&|c| (c.seq, c.fingerprint) = (c.seq + 1, "else".into()))), "key_reuse");
    assert_eq!(refused(&mut shop, other(&|c| c.device = dev("nobody"))), "device_unknown");
    assert_eq!(refused(&mut shop, other(&|c| c.generation = 0)), "generation_fenced");
    assert_eq!(refused(&mut shop, other(&|c| c.generation = 9)), "device_unknown");
    shop.office(FloorCommand::Devices(DeviceOffice::RevokeDevice { device: dev("d1") }));
    assert_eq!(refused(&mut shop, command), "device_revoked");
    shop.check();
}

#[test]
fn enrolment_by_a_code_that_is_good_once() {
    let mut shop = Shop::new();
    let now = shop.now;
    let office = |shop: &mut Shop, command| shop.try_office(FloorCommand::Devices(command)).map_err(|r| r.code());
    let (code, key) = (SecretHash::new("c"), SecretHash::new("k"));
    let invite = |seconds| DeviceOffice::InviteDevice {
        device: dev("d9"),
        label: "Gate".into(),
        code: code.clone(),
        expires: now.plus_seconds(seconds),
    };
    let pair = |key: &SecretHash| DeviceOffice::PairDevice { device: dev("d9"), code: code.clone(), key: key.clone() };
    assert_eq!(office(&mut shop, pair(&key)), Err("device_unknown"));
    assert_eq!(office(&mut shop, invite(0)), Err("invalid_floor_command"));
    assert_eq!(office(&mut shop, invite(100_000)), Err("invalid_floor_command"));
    assert_eq!(office(&mut shop, invite(60)).unwrap().len(), 1);
    assert_eq!(office(&mut shop, invite(60)).unwrap().len(), 0, "a repeat");
    assert_eq!(office(&mut shop, pair(&key)).unwrap().len(), 1);
    assert_eq!(office(&mut shop, pair(&key)).unwrap().len(), 0, "its answer was lost");
    assert_eq!(office(&mut shop, pair(&SecretHash::new("thief"))), Err("device_unknown"), "the code is used");
    assert_eq!(shop.floor.device(&dev("d9")).unwrap().record.generation, 1);
    assert_eq!(office(&mut shop, invite(90)).unwrap().len(), 1);
    shop.now = now.plus_seconds(91);
    assert_eq!(office(&mut shop, pair(&SecretHash::new("late"))), Err("device_unknown"), "the code is too old");
    shop.check();
}

#[test]
fn a_device_restored_from_a_backup_is_told_to_renumber_and_keeps_its_keys() {
    let mut shop = Shop::new();
    shop.sign_on("d1", "B1");
    let old: Vec<_> = (0..3)
        .map(|_| {
            let command = shop.command("d1", ask());
            shop.send(command.clone()).unwrap();
            command
        })
        .collect();
    for command in &old {
        assert_eq!(shop.send(command.clone()).unwrap().outcome, Outcome::Applied, "old commands are duplicates");
    }
    // A new command under a number that was used: an alarm that a manager sees, once.
    let mut clone = shop.command("d1", DeviceOp::GetWork);
    (clone.seq, clone.key) = (2, "new".into());
    assert_eq!(shop.send(clone).unwrap_err().code(), "key_reuse");
    let report = FloorCommand::Devices(DeviceOffice::ReportCollision { device: dev("d1"), seq: 2 });
    assert_eq!(shop.office(report.clone()).len(), 1);
    assert_eq!(shop.office(report).len(), 0, "one open alarm says enough");
    assert_eq!(shop.floor.exceptions().count(), 1);
    // Re-enrolled, the queue is numbered anew; what was decided is known by its key.
    shop.enrol("d1");
    let generation = shop.floor.device(&dev("d1")).unwrap().record.generation;
    assert_eq!(generation, 2);
    let rebase = Ok(Greeting::Rebase { expect: 5 });
    assert_eq!(shop.floor.greet(&dev("d1"), &hello(2, "in_2", 1)), rebase);
    assert_eq!(shop.floor.greet(&dev("d1"), &hello(2, "in_2", 1)), rebase, "the first may have been lost");
    assert_eq!(shop.floor.greet(&dev("d1"), &hello(1, "in_1", 5)), Err(DeviceFault::Fenced));
    let mut again = old[2].clone();
    (again.seq, again.generation, again.install) = (5, 2, "in_2".into());
    let version = shop.floor.session(&dev("d1")).cloned();
    assert_eq!(shop.send(again).unwrap().outcome, Outcome::Applied);
    assert_eq!(shop.floor.session(&dev("d1")).cloned(), version, "decided once");
    assert_eq!(shop.floor.device(&dev("d1")).unwrap().log.through(), 5, "its new number is used up");
    assert_eq!(shop.floor.greet(&dev("d1"), &hello(2, "in_2", 6)), Ok(Greeting::Welcome { expect: 6 }));
    shop.check();
}

#[test]
fn two_devices_with_one_identity_collide_and_alarm() {
    let mut shop = Shop::new();
    shop.sign_on("d1", "B1");
    let mut twin = shop.command("d1", DeviceOp::GetWork);
    twin.key = "twin".into();
    shop.op("d1", ask());
    assert_eq!(shop.send(twin.clone()).unwrap_err().code(), "key_reuse");
    shop.office(FloorCommand::Devices(DeviceOffice::ReportCollision { device: dev("d1"), seq: twin.seq }));
    assert_eq!(shop.floor.exceptions().next().unwrap().about["alarm"], "key_reuse");
    shop.check();
}

#[test]
fn five_thousand_queued_scans_with_one_poison_in_the_middle() {
    let mut shop = Shop::new();
    shop.sign_on("d1", "B1");
    shop.op("d1", ask());
    let bad = munshi_domain::floor::Scan { fault: Some(FloorCode::BadCheckDigit), ..Default::default() };
    let (mut applied, mut rejected) = (0, 0);
    for n in 0..5_000 {
        let op = if n == 2_500 { DeviceOp::Scan(bad.clone()) } else { scan("A-01") };
        let command = shop.command("d1", op);
        match shop.send(command).unwrap().outcome {
            Outcome::Applied => applied += 1,
            Outcome::Rejected => rejected += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((applied, rejected), (4_999, 1));
    let log = &shop.floor.device(&dev("d1")).unwrap().log;
    assert_eq!((log.through(), log.kept().count() as u64), (5_002, MAX_ANSWERS), "what is kept is bounded");
    let screens = log.kept().filter(|(_, kept)| kept.screen.is_some()).count();
    assert_eq!(screens as u64, munshi_domain::floor::device::SCREENS);
    shop.now = shop.now.plus_millis(ANSWER_MILLIS + 1_000);
    shop.op("d1", scan("A-01"));
    assert_eq!(shop.floor.device(&dev("d1")).unwrap().log.kept().count(), 1, "the rest is too old");
    shop.check();
}

#[test]
fn a_battery_that_dies_after_the_beep_sends_once_after_the_boot() {
    let mut shop = picking();
    let fact = fact(&shop, 2);
    let command = munshi_domain::floor::DeviceCommand { offline: true, ..shop.command("d1", fact) };
    shop.send(command.clone()).unwrap();
    shop.send(command).unwrap();
    assert_eq!(shop.floor.bin(&loc("T-1")).unwrap().units(), 2, "applied once");
    shop.check();
}

/// Device `d1` is at a pick of two units.
fn picking() -> Shop {
    let mut shop = Shop::new();
    shop.stock("A-01", goods("PLAIN", None), 5, &[]);
    shop.sign_on("d1", "B1");
    shop.add(parcel(1, 1), &[(1, "PLAIN", 2)]);
    shop.choose("d1", FlowName::Pick);
    shop.ok("d1", DeviceOp::GetWork);
    shop
}

fn fact(shop: &Shop, units: u32) -> DeviceOp {
    DeviceOp::Picked(PickedFact {
        task: shop.pick_task(parcel(1, 1)),
        line: 1,
        place: Place::loose(loc("A-01")),
        goods: goods("PLAIN", None),
        units,
        serials: vec![],
        tote: loc("T-1"),
        raw: vec!["(01)09506000134352".into()],
    })
}

#[test]
fn a_clock_that_jumps_a_day_orders_nothing_and_is_put_right() {
    let mut shop = picking();
    let mut command = shop.command("d1", fact(&shop, 1));
    (command.offline, command.performed_at) = (true, shop.now.plus_seconds(86_400));
    assert_eq!(shop.send(command).unwrap().outcome, Outcome::Applied);
    let picked = shop.log.iter().rev().find_map(|event| match event {
        munshi_domain::floor::FloorEvent::Work(munshi_domain::floor::WorkEvent::Picked(picked)) => {
            Some(picked.by.clone())
        }
        _ => None,
    });
    let by = picked.unwrap();
    assert!(by.clamped && by.performed_at == by.recorded_at, "{by:?}");
    let mut command = shop.command("d1", fact(&shop, 1));
    (command.offline, command.performed_at) = (true, shop.now.plus_seconds(-3_600));
    assert_eq!(shop.send(command).unwrap().outcome, Outcome::Applied, "order is by number");
    // Whoever signs on is told.
    let mut command = shop.command("d2", DeviceOp::SignOn { badge: "B2".into(), pin_right: true, equipment: None });
    command.performed_at = shop.now.plus_seconds(7_200);
    let answer = shop.send(command).unwrap();
    assert_eq!(answer.screen.msg.map(|msg| msg.code), Some(FloorCode::ClockSkew));
    shop.check();
}

#[test]
fn a_fact_older_than_72_h_waits_for_a_supervisor() {
    for approve in [true, false] {
        let mut shop = picking();
        let mut command = shop.command("d1", fact(&shop, 2));
        (command.offline, command.performed_at) = (true, shop.now.plus_millis(-TOO_OLD_MILLIS - 1));
        let answer = shop.send(command).unwrap();
        assert_eq!((answer.outcome, answer.code), (Outcome::Pending, Some(FloorCode::TooOld)));
        assert_eq!(shop.floor.bin(&loc("T-1")), None, "nothing has moved yet");
        let id = answer.approval.unwrap();
        shop.office(FloorCommand::DecideApproval { id, approve, reason: "asked the picker".into() });
        let there = shop.floor.bin(&loc("T-1")).map_or(0, munshi_domain::floor::Bin::units);
        assert_eq!(there, if approve { 2 } else { 0 });
        assert_eq!(shop.floor.approvals().count(), 0);
        shop.check();
    }
}

#[test]
fn sign_on_reaches_each_of_its_codes_and_no_other() {
    let mut shop = Shop::new();
    let on =
        |badge: &str, right| DeviceOp::SignOn { badge: badge.into(), pin_right: right, equipment: Some("cart".into()) };
    shop.no("d1", scan("A-01"), FloorCode::NoPermission);
    shop.no("d1", on("B9", true), FloorCode::UserUnknown);
    for _ in 0..4 {
        shop.no("d1", on("B1", false), FloorCode::PinWrong);
    }
    shop.ok("d1", on("B1", true));
    assert_eq!(shop.floor.badge("B1").unwrap().failures, 0, "the right one forgets the wrong ones");
    shop.ok("d1", DeviceOp::SignOff { keep: None });
    for _ in 0..5 {
        shop.no("d1", on("B1", false), FloorCode::PinWrong);
    }
    shop.no("d1", on("B1", true), FloorCode::PinWrong);
    assert!(shop.floor.badge("B1").unwrap().is_locked());
    shop.office(FloorCommand::Devices(DeviceOffice::UnlockBadge { badge: "B1".into() }));
    shop.ok("d1", on("B1", true));
    shop.badge("B8", 8, &[]);
    shop.no("d2", on("B8", true), FloorCode::NoRoleAtSite);
    // The second device takes over after the same input again, and the first one is signed off.
    shop.no("d2", on("B1", true), FloorCode::SignedOnElsewhere);
    shop.now = shop.now.plus_seconds(11);
    shop.no("d2", on("B1", true), FloorCode::SignedOnElsewhere);
    shop.ok("d2", on("B1", true));
    assert!(shop.floor.operator(&dev("d1")).is_none() && shop.floor.operator(&dev("d2")).is_some());
    shop.no("d1", DeviceOp::SignOff { keep: None }, FloorCode::AlreadyDone);
    let mut skewed = shop.command("d3", on("B3", true));
    skewed.performed_at = shop.now.plus_seconds(600);
    shop.send(skewed).unwrap();
    let missing: Vec<_> = Group::SignOn.codes().into_iter().filter(|code| !shop.codes.contains(code)).collect();
    assert_eq!(missing, vec![], "every code of the flow is met");
    let own: Vec<_> = shop.codes.iter().filter(|code| code.number() >= 5100).collect();
    assert!(own.iter().all(|code| Group::SignOn.codes().contains(code)), "{own:?}");
    shop.check();
}

#[test]
fn signing_off_with_work_asks_whether_it_is_kept() {
    for keep in [None, Some(true), Some(false)] {
        let mut shop = picking();
        if keep.is_none() {
            shop.no("d1", DeviceOp::SignOff { keep }, FloorCode::ConfirmByRescan);
        }
        shop.ok("d1", DeviceOp::SignOff { keep });
        let held = shop.floor.work().tasks.leased_to(&dev("d1")).count();
        assert_eq!(held, usize::from(keep == Some(true)), "{keep:?}");
        shop.check();
    }
}

#[test]
fn a_takeover_brings_the_work_along() {
    let mut shop = picking();
    let on = DeviceOp::SignOn { badge: "B1".into(), pin_right: true, equipment: None };
    shop.no("d2", on.clone(), FloorCode::SignedOnElsewhere);
    shop.ok("d2", on);
    assert_eq!(shop.floor.work().tasks.leased_to(&dev("d2")).count(), 1);
    shop.choose("d2", FlowName::Pick);
    assert_eq!(shop.ok("d2", DeviceOp::GetWork), "Loc");
    // What the first device did before, and could not send, still counts and is looked at.
    let late = shop.offline("d1", fact(&shop, 1));
    assert_eq!((late.outcome, late.code), (Outcome::AppliedWithVariance, Some(FloorCode::LeaseLost)));
    shop.check();
}

#[test]
fn plate_numbers_come_in_blocks_of_fifty_that_never_overlap() {
    let mut shop = Shop::new();
    shop.sign_on("d1", "B1");
    shop.sign_on("d2", "B2");
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..12 {
        let device = if n % 2 == 0 { "d1" } else { "d2" };
        shop.ok(device, DeviceOp::TakePlates);
        let block = *shop.floor.device(&dev(device)).unwrap().record.blocks.last().unwrap();
        assert_eq!(block.count, 50);
        assert!((block.from..block.from + block.count).all(|serial| seen.insert(serial)));
    }
    let mut bare = Shop::with(|site| site.company_prefix = String::new());
    bare.sign_on("d1", "B1");
    bare.no("d1", DeviceOp::TakePlates, FloorCode::BlockExhausted);
    shop.check();
}

/// Silence ends a lease after the grace and the lease itself, and not before; any scan renews it.
#[test]
fn a_lease_ends_after_grace_and_lease_of_silence() {
    let mut shop = picking();
    let heard = shop.floor.device(&dev("d1")).unwrap().record.seen;
    let ends = heard.plus_seconds(1_800);
    assert_eq!(shop.floor.due(), Some(ends));
    assert_eq!(shop.floor.tick(ends.plus_millis(-1)), None);
    shop.now = heard.plus_seconds(1_000);
    shop.op("d1", scan("A-01"));
    assert_eq!(shop.floor.due(), Some(shop.floor.device(&dev("d1")).unwrap().record.seen.plus_seconds(1_800)));
    shop.now = shop.floor.due().unwrap();
    assert_eq!(shop.office(FloorCommand::Tick).len(), 2, "the task goes back, and the device is told");
    assert_eq!(shop.floor.work().tasks.leased_to(&dev("d1")).count(), 0);
    shop.no("d1", scan("PLAIN"), FloorCode::LeaseLost);
    shop.check();
}

#[test]
fn a_repeat_of_what_processes_send_changes_nothing() {
    let mut shop = Shop::new();
    let id = parcel(1, 1);
    let add = WorkOffice::AddPickTask { parcel: id, lines: vec![(1, sku("PLAIN"), 2)], priority: 3 };
    let hold = WorkOffice::HoldParcel { parcel: id, reason: Some("fraud".into()) };
    let free = WorkOffice::HoldParcel { parcel: id, reason: None };
    let book = WorkOffice::BookParcel { parcel: id, consignment: Some(("tcs".into(), "T1".into())) };
    let cancel = WorkOffice::CancelParcel { parcel: id, kept: false };
    for command in [add.clone(), hold, free, book.clone(), cancel, add, book] {
        let first = shop.work(command.clone());
        let second = shop.floor.decide(&FloorCommand::Work(command.clone()), &Ctx::system(shop.now)).unwrap();
        assert_eq!(second, vec![], "{command:?} after {first:?}");
    }
    let early = WorkOffice::CancelParcel { parcel: parcel(2, 1), kept: true };
    shop.work(early);
    shop.add(parcel(2, 1), &[(1, "PLAIN", 1)]);
    assert_eq!(shop.floor.work().tasks.of_parcel(parcel(2, 1)).count(), 0, "the cancellation came first");
    shop.check();
}
