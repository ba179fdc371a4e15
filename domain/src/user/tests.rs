//! Proof of the user's rules (SEC-01 to SEC-03, SEC-06).

use super::*;
use crate::aggregate::apply;
use proptest::prelude::*;

fn id(n: u128) -> UserId {
    UserId::from_u128(n)
}

fn pair(n: u64, now: Timestamp) -> TokenPair {
    TokenPair {
        access_hash: SecretHash::new(format!("a{n}")),
        refresh_hash: SecretHash::new(format!("r{n}")),
        access_expires: now.plus_seconds(900),
        refresh_expires: now.plus_seconds(86_400),
    }
}

fn create() -> UserCommand {
    UserCommand::CreateUser {
        id: id(1),
        email: "ayesha@example.pk".into(),
        name: "Ayesha".into(),
        roles: vec![Role::Viewer, Role::Admin, Role::Viewer],
        password_hash: SecretHash::new("phc"),
    }
}

fn user() -> User {
    let mut user = User::default();
    apply(&mut user, &create(), &Ctx::system(Timestamp::default())).unwrap();
    user
}

fn open(user: &mut User, n: u64, now: Timestamp) -> SessionId {
    let session = SessionId::from_u128(u128::from(n));
    let command = UserCommand::OpenSession { session, tokens: pair(n, now) };
    apply(user, &command, &Ctx::system(now)).unwrap();
    session
}

#[test]
fn sec_02_every_refusal_is_reached_and_changes_nothing() {
    let with = |change: fn(&mut String, &mut String, &mut Vec<Role>, &mut UserId)| {
        let UserCommand::CreateUser { mut id, mut email, mut name, mut roles, password_hash } = create() else {
            unreachable!()
        };
        change(&mut email, &mut name, &mut roles, &mut id);
        UserCommand::CreateUser { id, email, name, roles, password_hash }
    };
    let mut disabled = user();
    apply(&mut disabled, &UserCommand::DisableUser, &Ctx::system(Timestamp::default())).unwrap();
    let open = UserCommand::OpenSession { session: SessionId::from_u128(9), tokens: pair(9, Timestamp::default()) };
    let refresh = UserCommand::RefreshSession {
        session: SessionId::from_u128(9),
        presented: SecretHash::new("x"),
        tokens: pair(1, Timestamp::default()),
    };
    let cases = [
        (User::default(), UserCommand::EnableUser, "no_such_user"),
        (user(), with(|_, _, _, id| *id = UserId::from_u128(2)), "user_exists"),
        (User::default(), with(|email, _, _, _| *email = "a@b@c.d".into()), "bad_email"),
        (User::default(), with(|email, _, _, _| *email = "Upper@case.pk".into()), "bad_email"),
        (User::default(), with(|_, name, _, _| *name = " ".into()), "bad_name"),
        (User::default(), with(|_, _, roles, _| roles.clear()), "no_role"),
        (user(), UserCommand::SetRoles { roles: vec![] }, "no_role"),
        (user(), UserCommand::SetRoles { roles: vec![Role::Viewer] }, "own_access"),
        (user(), UserCommand::DisableUser, "own_access"),
        (disabled, open, "user_disabled"),
        (user(), refresh, "session_invalid"),
    ];
    for (mut given, when, expect) in cases {
        let before = given.clone();
        let refusal = apply(&mut given, &when, &Ctx::user(Timestamp::default(), id(1))).unwrap_err();
        assert_eq!(refusal.code(), expect, "{when:?}");
        assert_eq!(given, before);
    }
}

#[test]
fn sec_03_a_refresh_token_works_once_and_its_reuse_ends_the_session() {
    let now = Timestamp::from_millis(1_000);
    let mut user = user();
    let session = open(&mut user, 1, now);
    let refresh = |n, presented: &str| UserCommand::RefreshSession {
        session,
        presented: SecretHash::new(presented),
        tokens: pair(n, now),
    };
    apply(&mut user, &refresh(2, "r1"), &Ctx::system(now)).unwrap();
    assert_eq!(user.session(session).unwrap().access_hash, SecretHash::new("a2"));
    assert_eq!(apply(&mut user, &refresh(3, "guess"), &Ctx::system(now)), Err(UserRefusal::SessionInvalid));
    assert!(user.session(session).is_some(), "a guess ends nothing");
    let events = apply(&mut user, &refresh(3, "r1"), &Ctx::system(now)).unwrap();
    assert_eq!(events, [UserEvent::SessionEnded { session, why: SessionEnd::RefreshReused }]);
    assert!(user.sessions.is_empty());
}

#[test]
fn sec_03_an_expired_session_is_not_refreshed() {
    let now = Timestamp::from_millis(1_000);
    let mut user = user();
    let session = open(&mut user, 1, now);
    let command = UserCommand::RefreshSession { session, presented: SecretHash::new("r1"), tokens: pair(2, now) };
    let late = Ctx::system(now.plus_seconds(86_400));
    assert_eq!(apply(&mut user, &command, &late), Err(UserRefusal::SessionInvalid));
}

#[test]
fn sec_03_sessions_are_bounded_and_end_with_password_or_account() {
    let mut user = user();
    for n in 0..40 {
        open(&mut user, n, Timestamp::from_millis(i64::try_from(n).unwrap()));
    }
    assert_eq!(user.sessions.len(), MAX_SESSIONS);
    assert_eq!(user.sessions[0].id, SessionId::from_u128(8));
    let keep = Some(SessionId::from_u128(39));
    let change = UserCommand::ChangePassword { password_hash: SecretHash::new("new"), keep };
    apply(&mut user, &change, &Ctx::system(Timestamp::default())).unwrap();
    assert_eq!(user.sessions.len(), 1);
    apply(&mut user, &UserCommand::DisableUser, &Ctx::user(Timestamp::default(), id(2))).unwrap();
    assert!(user.sessions.is_empty() && user.disabled);
}

#[test]
fn sec_06_debug_prints_no_hash() {
    let mut user = user();
    open(&mut user, 77, Timestamp::default());
    let text = format!("{user:?}");
    assert!(!text.contains("phc") && !text.contains("a77") && !text.contains("r77"), "{text}");
}

fn preferences(text: &str, from: Option<u32>) -> UserCommand {
    UserCommand::SetPreferences { preferences: text.into(), from }
}

#[test]
fn preferences_have_a_number_and_a_size() {
    let (mut user, ctx) = (user(), Ctx::system(Timestamp::default()));
    let mut set = |text: &str, from| apply(&mut user, &preferences(text, from), &ctx).map(|events| events.len());
    assert_eq!(set("{\"a\":1}", None), Ok(1));
    assert_eq!(set("{\"a\":1}", Some(1)), Ok(0), "the same again is nothing new");
    assert_eq!(set("{}", Some(0)), Err(UserRefusal::PreferencesChanged { expected: 0, actual: 1 }));
    assert_eq!(set("{}", Some(1)), Ok(1));
    let bytes = MAX_PREFERENCES + 1;
    assert_eq!(set(&"x".repeat(bytes), None), Err(UserRefusal::PreferencesTooLarge { bytes }));
    assert_eq!((user.preferences.number, &*user.preferences.text), (2, "{}"));
}

fn commands() -> impl Strategy<Value = UserCommand> {
    let session = (0u64..6).prop_map(|n| SessionId::from_u128(u128::from(n)));
    let at = Timestamp::from_millis(0);
    prop_oneof![
        Just(create()),
        (0u64..6).prop_map(move |n| UserCommand::OpenSession {
            session: SessionId::from_u128(u128::from(n)),
            tokens: pair(n, at)
        }),
        (0u64..6, 0u64..6, 0u64..50).prop_map(move |(session, presented, next)| UserCommand::RefreshSession {
            session: SessionId::from_u128(u128::from(session)),
            presented: SecretHash::new(format!("r{presented}")),
            tokens: pair(next, at),
        }),
        session.clone().prop_map(|session| UserCommand::RevokeSession { session }),
        Just(UserCommand::RevokeAllSessions),
        Just(UserCommand::DisableUser),
        (0u32..3, proptest::option::of(0u32..4)).prop_map(|(n, from)| preferences(&format!("{{\"n\":{n}}}"), from)),
        Just(UserCommand::EnableUser),
        Just(UserCommand::SetRoles { roles: vec![Role::Finance] }),
        Just(UserCommand::RenameUser { name: "Bilal".into() }),
        session.prop_map(|keep| UserCommand::ChangePassword { password_hash: SecretHash::new("p"), keep: Some(keep) }),
    ]
}

proptest! {
    #[test]
    fn prop_09_replay_and_document_give_the_same_user(steps in proptest::collection::vec(commands(), 1..60)) {
        let (mut live, mut events) = (User::default(), Vec::new());
        for (at, step) in steps.iter().enumerate() {
            let ctx = Ctx::system(Timestamp::from_millis(i64::try_from(at).unwrap()));
            events.extend(apply(&mut live, step, &ctx).unwrap_or_default());
            prop_assert!(live.sessions.len() <= MAX_SESSIONS);
            prop_assert!(!live.disabled || live.sessions.is_empty());
            prop_assert!(live.sessions.iter().all(|session| session.spent.len() <= MAX_SPENT));
        }
        let text = serde_json::to_string(&events).unwrap();
        let mut replayed = User::default();
        for event in serde_json::from_str::<Vec<UserEvent>>(&text).unwrap() {
            replayed.evolve(&event);
        }
        prop_assert_eq!(&replayed, &live);
        let parts = live.parts().into_iter().map(|part| { let body = live.part(&part).unwrap(); (part, body) });
        prop_assert_eq!(User::from_parts(parts.collect()).unwrap(), live);
    }
}
