//! Orders, approvals and conversations together, as stories: what is sent, what a reply does, and what it does not.

#[allow(dead_code, reason = "the world is shared; each test binary uses a part of it")]
mod world;

use munshi_domain::{
    ConversationId, MessageId, OrderId, QuestionId, UserId,
    conversation::{
        CallOutcome, Choice, ConversationCommand as C, Decision, FailureCause, Form, Inbound, InboundBody,
        MessageStatus, QuestionState, Sender, StatusReport,
    },
    notify::{Category, MessageChannel, MessageKind, Recipient, StaffMember},
    order::{
        Lifecycle, OrderCommand, OrderContent,
        content::PaymentMethod,
        state::{CarrierStatus, ParcelState, Stage},
    },
    phone::{Contact, Phone},
};
use world::{MANAGER, SALES, World};

const ID: OrderId = OrderId::from_u128(1);

fn customer() -> Contact {
    Contact::Phone(Phone::parse("03001234567").unwrap())
}

fn thread() -> ConversationId {
    ConversationId::of(&customer())
}

/// A shop that asks before it sends cash on delivery; noon in Karachi.
fn shop(approve_over: i64) -> World {
    let mut world = World::new([[5, 5, 5], [5, 5, 5]], 5_000, approve_over, true);
    world.now = munshi_domain::Timestamp::parse("2026-11-21T07:00:00Z").unwrap();
    world.chat = true;
    world
}

fn with_phone(world: &World, backorder: bool, units: u32) -> OrderContent {
    let mut content = world.content(&[(0, units)], PaymentMethod::Cod, backorder, false);
    content.customer.phone = Some("+923001234567".into());
    content.customer.email = Some("ayesha@example.com".into());
    content
}

fn placed(world: &mut World) {
    let content = with_phone(world, false, 2);
    assert!(world.place(ID, content, false));
    world.drain();
}

fn kinds(world: &World) -> Vec<(MessageKind, MessageChannel)> {
    world.sent.iter().map(|envelope| (envelope.kind, envelope.channel)).collect()
}

fn question(world: &World) -> QuestionId {
    world.sent.iter().rev().find_map(|envelope| envelope.buttons.as_ref()).expect("a question").question
}

fn inbound(world: &World, id: &str, body: InboundBody) -> C {
    let (channel, at) = (MessageChannel::Whatsapp, world.now);
    C::RecordInbound(Box::new(Inbound {
        id: id.into(),
        channel,
        from: customer(),
        at,
        body,
        in_reply_to: None,
        roles: vec![],
    }))
}

fn says(world: &mut World, id: &str, text: &str) {
    let command = inbound(world, id, InboundBody::Text { text: text.into() });
    world.conversation_do(thread(), &command).unwrap();
    world.drain();
}

fn taps(world: &mut World, id: &str, question: QuestionId, choice: Choice) {
    let command = inbound(world, id, InboundBody::Button { question, choice, text: "x".into() });
    world.conversation_do(thread(), &command).unwrap();
    world.drain();
}

fn last(world: &World) -> MessageKind {
    world.sent.last().unwrap().kind
}

fn report(world: &mut World, message: MessageId, attempt: u16, status: MessageStatus, cause: Option<FailureCause>) {
    let (code, vendor_ref, at) = (Some("63016".into()), None, world.now);
    let report = StatusReport { message, attempt, status, code, cause, vendor_ref, at };
    world.conversation_do(thread(), &C::RecordStatus(report)).unwrap();
    world.drain();
}

#[test]
fn n08_a_yes_opens_the_gate_and_nothing_else_does() {
    let mut world = shop(100_000);
    placed(&mut world);
    assert_eq!(
        kinds(&world),
        [(MessageKind::OrderPlaced, MessageChannel::Email), (MessageKind::CodConfirmation, MessageChannel::Whatsapp)],
        "one message on the phone: the question"
    );
    let order = &world.orders[&ID];
    assert_eq!((order.lifecycle, order.units(Stage::Picking)), (Lifecycle::Pending, 0), "not in the pick queue");
    for (at, text) in ["ye kya hai", "kab milega", "shayad", "haan lekin size bara chahiye"].iter().enumerate() {
        says(&mut world, &format!("q{at}"), text);
        assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Pending, "{text}");
    }
    says(&mut world, "yes", "haan ji");
    let order = &world.orders[&ID];
    assert_eq!((order.lifecycle, order.confirmed.as_deref()), (Lifecycle::Processing, Some("customer by WhatsApp")));
    assert!(order.units(Stage::Picking) > 0);
    assert!(kinds(&world).contains(&(MessageKind::OrderConfirmed, MessageChannel::Whatsapp)));
    let sent = world.sent.len();
    says(&mut world, "yes", "haan ji");
    assert_eq!(world.sent.len(), sent, "a webhook that comes twice");
    says(&mut world, "again", "nahi");
    assert_eq!(last(&world), MessageKind::ReplyAlreadyAnswered);
    says(&mut world, "once more", "haan");
    assert_eq!(world.sent.len(), sent + 1, "politely, once");
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Processing, "a second answer changes nothing");
    world.check_at_rest();
}

#[test]
fn n08_the_ladder_asks_by_sms_then_calls_and_stops_at_the_answer() {
    let mut world = shop(100_000);
    placed(&mut world);
    world.sent.clear();
    world.pass(2 * 3_600 - 1);
    assert_eq!(world.sent.len(), 0, "never early");
    world.pass(1);
    assert_eq!(kinds(&world), [(MessageKind::CodConfirmation, MessageChannel::Sms)]);
    assert_eq!(world.conversations[&thread()].call_tasks().count(), 0);
    world.pass(2 * 3_600);
    assert_eq!(world.conversations[&thread()].call_tasks().count(), 1);
    let asked = world.conversations[&thread()].call_tasks().next().unwrap().question.id;
    let call = |outcome| C::RecordCall { note: "spoke to her".into(), outcome, question: Some(asked) };
    world.conversation_do(thread(), &call(CallOutcome::NoAnswer)).unwrap();
    assert_eq!(world.conversations[&thread()].call_tasks().count(), 1, "the task stays");
    world.conversation_do(thread(), &call(CallOutcome::Confirmed)).unwrap();
    world.drain();
    assert_eq!(world.orders[&ID].confirmed.as_deref(), Some("customer by phone"));
    assert_eq!(world.conversations[&thread()].call_tasks().count(), 0);
    assert_eq!(world.conversation_do(thread(), &call(CallOutcome::Declined)), Err("question_answered".into()));

    let mut world = shop(100_000);
    placed(&mut world);
    says(&mut world, "1", "confirm kar dein");
    world.sent.clear();
    world.pass(6 * 3_600);
    assert_eq!(world.sent, [], "the ladder stops at the first answer");
}

#[test]
fn n08_nobody_is_asked_at_night_and_the_order_expires_at_its_own_time() {
    let mut world = shop(100_000);
    world.now = munshi_domain::Timestamp::parse("2026-11-21T15:00:00Z").unwrap(); // 20:00 in Karachi
    placed(&mut world);
    assert_eq!(kinds(&world).last(), Some(&(MessageKind::CodConfirmation, MessageChannel::Whatsapp)));
    world.sent.clear();
    world.pass(12 * 3_600); // 08:00
    assert_eq!(world.sent, []);
    world.pass(3_600);
    assert_eq!(kinds(&world), [(MessageKind::CodConfirmation, MessageChannel::Sms)]);
    world.pass(11 * 3_600 + 1);
    world.drain();
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Expired, "24 h after it was placed");
    says(&mut world, "late", "haan");
    assert_eq!(last(&world), MessageKind::ReplyTooLate);
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Expired);
    world.check_at_rest();
}

#[test]
fn n08_what_cannot_be_delivered_is_asked_otherwise_at_once() {
    let mut world = shop(100_000);
    placed(&mut world);
    let asked = world.sent.iter().find(|one| one.kind == MessageKind::CodConfirmation).unwrap().message;
    report(&mut world, asked, 1, MessageStatus::Failed, Some(FailureCause::InvalidContact));
    assert_eq!(kinds(&world).last(), Some(&(MessageKind::CodConfirmation, MessageChannel::Sms)));
    report(&mut world, asked, 1, MessageStatus::Failed, Some(FailureCause::InvalidContact));
    report(&mut world, asked, 2, MessageStatus::Failed, None);
    world.pass(0);
    world.pass(7_200);
    assert_eq!(world.conversations[&thread()].call_tasks().count(), 1);
    let sms = kinds(&world).iter().filter(|one| **one == (MessageKind::CodConfirmation, MessageChannel::Sms)).count();
    assert_eq!(sms, 1, "the rung does not repeat what fell back to SMS");
    report(&mut world, asked, 1, MessageStatus::Delivered, None);
    let attempts = &world.conversations[&thread()].messages[&asked].attempts;
    assert_eq!(attempts[0].status, MessageStatus::Delivered, "delivered after all");
    assert!(attempts[0].code.is_some(), "and the failure is kept");
}

#[test]
fn n07_no_cancels_and_so_does_cancel_without_a_question_after_a_check() {
    let mut world = shop(100_000);
    placed(&mut world);
    says(&mut world, "1", "nahi chahiye");
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Canceled);
    assert_eq!(last(&world), MessageKind::OrderCanceled);

    let mut world = shop(100_000);
    world.shop.release_automatically = false;
    placed(&mut world);
    says(&mut world, "1", "haan");
    says(&mut world, "2", "order cancel kar do");
    assert_eq!((last(&world), world.orders[&ID].lifecycle), (MessageKind::ReplyCancelCheck, Lifecycle::Approved));
    says(&mut world, "3", "nahi");
    assert_eq!((last(&world), world.orders[&ID].lifecycle), (MessageKind::ReplyKept, Lifecycle::Approved));
    says(&mut world, "4", "cancel my order");
    says(&mut world, "5", "haan cancel kar do");
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Canceled);
    world.check_at_rest();

    let mut world = shop(100_000);
    placed(&mut world);
    says(&mut world, "1", "haan");
    says(&mut world, "2", "cancel kar do");
    let check = question(&world);
    taps(&mut world, "3", check, Choice::Yes);
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Canceled, "nothing is packed: the floor gives it back");
    assert_eq!(last(&world), MessageKind::OrderCanceled);
}

#[test]
fn n07_an_address_is_read_back_before_it_is_changed_and_the_new_edition_is_asked_about() {
    let mut world = shop(100_000);
    placed(&mut world);
    let first = question(&world);
    says(&mut world, "1", "haan lekin address badal do");
    assert_eq!((last(&world), world.orders[&ID].lifecycle), (MessageKind::ReplyAddressWanted, Lifecycle::Pending));
    says(&mut world, "2", "House 5, Street 3, Model Town, Lahore");
    assert_eq!(last(&world), MessageKind::ReplyAddressCheck);
    assert_eq!(world.sent.last().unwrap().variables["address"], "House 5, Street 3, Model Town, Lahore");
    assert_ne!(world.orders[&ID].content.as_ref().unwrap().shipping_address.city, "Lahore");
    says(&mut world, "3", "ji haan");
    let order = &world.orders[&ID];
    assert_eq!(order.content.as_ref().unwrap().shipping_address.city, "Lahore");
    assert_eq!((order.lifecycle, last(&world)), (Lifecycle::Pending, MessageKind::CodConfirmation));
    taps(&mut world, "4", first, Choice::Yes);
    assert_eq!(
        (last(&world), world.orders[&ID].lifecycle),
        (MessageKind::ReplyTooLate, Lifecycle::Pending),
        "the old edition"
    );
    says(&mut world, "5", "confirm");
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Processing);
    let changed = kinds(&world).iter().filter(|(kind, _)| *kind == MessageKind::OrderChanged).count();
    assert!(changed <= 1, "mod_10: one message for the change");
    says(&mut world, "6", "address change karna hai");
    says(&mut world, "7", "Flat 1, Clifton Block 5, Karachi");
    let check = question(&world);
    taps(&mut world, "8", check, Choice::Yes);
    let reply = world.sent.last().unwrap();
    assert_eq!((reply.kind, reply.variables["reason"].as_str()), (MessageKind::ReplyRefused, "packing"));
    assert_eq!(world.orders[&ID].content.as_ref().unwrap().shipping_address.city, "Lahore");
}

#[test]
fn n07_a_question_about_the_parcel_is_answered_from_the_order() {
    let mut world = shop(100_000);
    placed(&mut world);
    says(&mut world, "1", "order kahan hai");
    let reply = world.sent.last().unwrap();
    assert_eq!((reply.kind, reply.variables["status"].as_str()), (MessageKind::OrderStatus, "pending"));
    assert_eq!(reply.form, Form::Free, "she wrote just now");
}

#[test]
fn bko_10_one_message_for_each_parcel_and_none_twice_after_a_crash() {
    let mut world = shop(100_000);
    placed(&mut world);
    says(&mut world, "1", "haan");
    for _ in 0..64 {
        let parcel = world.orders[&ID].parcels[0].clone();
        match parcel.state {
            ParcelState::HandedOver => break,
            ParcelState::Packed => {
                let (carrier, tracking) = ("PostEx".into(), "PX1".into());
                let booking = OrderCommand::BookConsignment { parcel: 1, carrier, tracking };
                world.order_do(ID, booking, Some(SALES)).unwrap();
            }
            _ => drop(world.floor(&parcel.warehouse, 0, false)),
        }
        world.crash();
        world.drain();
    }
    let scan = |status| OrderCommand::RecordCarrierScan { parcel: 1, status };
    world.order_do(ID, scan(CarrierStatus::OutForDelivery), None).unwrap();
    world.order_do(ID, scan(CarrierStatus::Delivered), None).unwrap();
    world.crash();
    world.drain();
    for kind in [MessageKind::ParcelShipped, MessageKind::OutForDelivery, MessageKind::ParcelDelivered] {
        let by_phone = |one: &&(MessageKind, MessageChannel)| one.0 == kind && one.1 == MessageChannel::Whatsapp;
        assert_eq!(kinds(&world).iter().filter(by_phone).count(), 1, "{kind}");
    }
    let shipped = world.sent.iter().find(|one| one.kind == MessageKind::ParcelShipped).unwrap();
    assert_eq!((shipped.variables["tracking"].as_str(), shipped.variables["carrier"].as_str()), ("PX1", "PostEx"));
    assert!(shipped.variables["items"].starts_with("2 × "), "{:?}", shipped.variables);
}

#[test]
fn not_05_who_opts_out_gets_answers_only() {
    let mut world = shop(100_000);
    placed(&mut world);
    says(&mut world, "1", "message mat karo");
    assert_eq!(last(&world), MessageKind::ReplyOptedOut);
    let state = &world.conversations[&thread()];
    assert_eq!(state.may_send(MessageChannel::Whatsapp, Category::Utility), Err("opted_out"));
    world.order_do(ID, OrderCommand::ConfirmOrder { source: "agent".into() }, Some(SALES)).unwrap();
    world.drain();
    let phone = |one: &&(MessageKind, MessageChannel)| one.0 == MessageKind::OrderConfirmed;
    let by: Vec<_> = kinds(&world).iter().filter(phone).map(|one| one.1).collect();
    assert_eq!(by, [MessageChannel::Sms, MessageChannel::Email], "not by WhatsApp");
    says(&mut world, "2", "start");
    assert_eq!(world.conversations[&thread()].may_send(MessageChannel::Whatsapp, Category::Utility), Ok(()));
}

#[test]
fn not_01_a_closed_window_is_learnt_and_the_template_sent_once() {
    let mut world = shop(100_000);
    placed(&mut world);
    says(&mut world, "1", "haan");
    let free = world.sent.iter().rev().find(|one| one.channel == MessageChannel::Whatsapp).unwrap().clone();
    assert_eq!((free.form, free.kind), (Form::Free, MessageKind::OrderConfirmed));
    report(&mut world, free.message, 1, MessageStatus::Failed, Some(FailureCause::WindowClosed));
    let again = world.sent.last().unwrap().clone();
    assert_eq!((again.message, again.attempt, again.form), (free.message, 2, Form::Template));
    let sent = world.sent.len();
    report(&mut world, free.message, 2, MessageStatus::Failed, Some(FailureCause::WindowClosed));
    let whatsapp = world.sent[sent..].iter().filter(|one| one.channel == MessageChannel::Whatsapp).count();
    assert_eq!(whatsapp, 0, "never in a loop");
    let text = |world: &World| {
        let (id, text) = (MessageId::of(&["x", &world.now.to_string()]), "hello".to_owned());
        C::SendText { id, text, channel: MessageChannel::Whatsapp }
    };
    let command = text(&world);
    assert_eq!(world.conversation_do(thread(), &command), Err("window_closed".into()));
    says(&mut world, "2", "shukriya");
    for (seconds, open) in [(24 * 3_600 - 5 * 60 - 1, true), (1, false)] {
        world.pass(seconds);
        let command = text(&world);
        assert_eq!(world.conversation_do(thread(), &command).is_ok(), open, "24 h less 5 min");
    }
}

#[test]
fn not_01_an_answer_that_comes_too_late_for_free_text_goes_to_a_person_once() {
    let mut world = shop(100_000);
    placed(&mut world);
    // The vendor says that the window is closed: there is no template of an answer.
    says(&mut world, "1", "order kahan hai");
    let reply = world.sent.last().unwrap().clone();
    assert_eq!((reply.kind, reply.form), (MessageKind::OrderStatus, Form::Free));
    let sent = world.sent.len();
    report(&mut world, reply.message, 1, MessageStatus::Failed, Some(FailureCause::WindowClosed));
    assert_eq!(world.sent.len(), sent, "nothing is sent that the vendor would refuse again");
    let why = |world: &World| world.conversations[&thread()].assigned.clone().map(|assigned| assigned.why);
    assert_eq!(why(&world).as_deref(), Some("window_closed"));
    world.conversation_do(thread(), &C::ResolveConversation).unwrap();
    // What was written a day ago and is heard only now, because nothing ran in between.
    let (id, body) = ("2".to_owned(), InboundBody::Text { text: "order kahan hai".into() });
    let (channel, at) = (MessageChannel::Whatsapp, world.now.plus_seconds(-25 * 3_600));
    let late = Inbound { id, channel, from: customer(), at, body, in_reply_to: None, roles: vec![] };
    world.conversation_do(thread(), &C::RecordInbound(Box::new(late))).unwrap();
    world.drain();
    assert_eq!((world.sent.len(), why(&world).as_deref()), (sent, Some("window_closed")));
    let suppressed = |message: &&munshi_domain::conversation::Message| message.code.as_deref() == Some("window_closed");
    assert_eq!(world.conversations[&thread()].messages.values().filter(suppressed).count(), 1);
    world.check_at_rest();
}

#[test]
fn not_03_a_message_is_settled_when_nobody_has_to_see_to_it() {
    let mut world = shop(100_000);
    placed(&mut world);
    let asked = world.sent.iter().find(|one| one.kind == MessageKind::CodConfirmation).unwrap().message;
    let settled = |world: &World, attempt| world.conversations[&thread()].settled(asked, attempt);
    assert_eq!(settled(&world, 1), None, "nothing is known yet");
    report(&mut world, asked, 1, MessageStatus::Unknown, None);
    assert_eq!(settled(&world, 1), None, "it may have arrived or not");
    report(&mut world, asked, 1, MessageStatus::Delivered, None);
    assert_eq!(settled(&world, 1), Some(MessageStatus::Delivered));
    assert_eq!((settled(&world, 0), settled(&world, 2)), (Some(MessageStatus::Delivered), None), "no such attempts");

    let mut world = shop(100_000);
    placed(&mut world);
    report(&mut world, asked, 1, MessageStatus::Failed, Some(FailureCause::InvalidContact));
    assert_eq!(settled(&world, 1), Some(MessageStatus::Queued), "it goes on by SMS");
    report(&mut world, asked, 2, MessageStatus::Failed, None);
    assert_eq!(settled(&world, 2), None, "nothing goes on by itself");
}

fn manager() -> Recipient {
    Recipient {
        name: "Sana".into(),
        phone: Some(Phone::parse("03111111111").unwrap()),
        user: Some(MANAGER),
        ..Recipient::default()
    }
}

/// What the manager sends by WhatsApp, as the edge hands it on.
fn by_manager(world: &World, id: &str, body: InboundBody) -> C {
    let (from, at) = (manager().contact().unwrap(), world.now);
    let (channel, roles) = (MessageChannel::Whatsapp, vec!["sales_manager".to_owned()]);
    C::RecordInbound(Box::new(Inbound { id: id.into(), channel, from, at, body, in_reply_to: None, roles }))
}

fn decision(question: QuestionId, choice: Choice, by: Sender) -> C {
    let roles = vec!["sales_manager".to_owned()];
    C::Decide(Box::new(Decision { question, choice, by, roles, rationale: "too dear".into() }))
}

#[test]
fn n06_an_approver_decides_once_in_person_and_about_what_was_shown() {
    let mut world = shop(10);
    world.staff = vec![StaffMember { recipient: manager(), roles: vec!["sales_manager".into()] }];
    placed(&mut world);
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::PendingApproval);
    assert!(!kinds(&world).iter().any(|one| one.0 == MessageKind::CodConfirmation), "the customer is asked after it");
    let asked = question(&world);
    let own = manager().conversation().unwrap();
    let me = || Sender::Contact(manager().contact().unwrap(), MessageChannel::Whatsapp);
    let other = Sender::Contact(customer(), MessageChannel::Whatsapp);
    assert_eq!(
        world.conversation_do(own, &decision(asked, Choice::Yes, other)),
        Err("other_sender".into()),
        "forwarded"
    );
    let stranger = Sender::User(UserId::from_u128(99));
    assert_eq!(world.conversation_do(own, &decision(asked, Choice::Yes, stranger)), Err("other_sender".into()));
    let tap = InboundBody::Button { question: asked, choice: Choice::Yes, text: "Approve".into() };
    let command = by_manager(&world, "m1", tap);
    world.conversation_do(own, &command).unwrap();
    world.drain();
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Pending, "approved; now the customer is asked");
    assert!(kinds(&world).contains(&(MessageKind::CodConfirmation, MessageChannel::Whatsapp)));
    assert!(kinds(&world).iter().any(|one| one.0 == MessageKind::ReplyDecided));
    assert_eq!(world.conversation_do(own, &decision(asked, Choice::Yes, me())), Ok(vec![]), "replayed");
    assert_eq!(
        world.conversation_do(own, &decision(asked, Choice::No, me())),
        Err("question_answered".into()),
        "double"
    );

    let mut world = shop(10);
    world.staff = vec![StaffMember { recipient: manager(), roles: vec!["sales_manager".into()] }];
    placed(&mut world);
    let asked = question(&world);
    assert!(world.vote(true), "decided at the console");
    world.drain();
    assert_eq!(world.conversations[&own].questions[&asked].state, QuestionState::Closed);
    assert_eq!(world.conversation_do(own, &decision(asked, Choice::No, me())), Err("question_closed".into()), "late");
}

#[test]
fn n06_a_manager_may_reject_in_words_and_a_changed_order_is_not_decided() {
    let mut world = shop(10);
    world.staff = vec![StaffMember { recipient: manager(), roles: vec!["sales_manager".into()] }];
    placed(&mut world);
    let own = manager().conversation().unwrap();
    let reject = || InboundBody::Text { text: "reject".into() };
    let C::RecordInbound(mut gone) = by_manager(&world, "m1", reject()) else { unreachable!() };
    gone.roles.clear();
    world.conversation_do(own, &C::RecordInbound(gone)).unwrap();
    world.drain();
    assert_eq!(last(&world), MessageKind::ReplyDecisionRefused, "the role is gone");
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::PendingApproval);
    let command = by_manager(&world, "m2", reject());
    world.conversation_do(own, &command).unwrap();
    world.drain();
    assert_eq!(world.orders[&ID].lifecycle, Lifecycle::Rejected);
    world.check_at_rest();
}

#[test]
fn n08_an_answer_to_an_older_edition_confirms_nothing() {
    let mut world = shop(100_000);
    placed(&mut world);
    let hash = world.orders[&ID].hash.clone();
    let mut content = (*world.orders[&ID].content.clone().unwrap()).clone();
    content.instructions = Some("leave it at the gate".into());
    let plan = world.shop.approval_plan(content.total(), 1);
    world.order_do(ID, OrderCommand::ProposeChange { content: Box::new(content), plan }, Some(SALES)).unwrap();
    world.drain();
    let old = OrderCommand::ConfirmEdition { source: "customer by WhatsApp".into(), hash };
    assert_eq!(world.order_do(ID, old, None), Err("edition_changed".into()));
    let hash = world.orders[&ID].hash.clone();
    let new = OrderCommand::ConfirmEdition { source: "customer by WhatsApp".into(), hash };
    assert!(world.order_do(ID, new.clone(), None).unwrap() > 0);
    assert_eq!(world.order_do(ID, new, None), Ok(0), "harmless to repeat when it has moved on");
    let ask = || OrderCommand::AskStatus { reference: "SM1".into() };
    assert_eq!((world.order_do(ID, ask(), None), world.order_do(ID, ask(), None)), (Ok(1), Ok(0)));
}
