//! Signing in, tokens, and what ends them.

use munshi::{auth::token, services};
use munshi_actors::node::Meta;
use munshi_domain::{UserId, user::Role};
use serde_json::{Value, json};

use crate::harness::{TestServer, run, run_with};

const PASSWORD: &str = "a long password";

/// A user with a password; answers the id.
async fn person(server: &TestServer, email: &str) -> String {
    let body = json!({"email": email, "name": "Person", "roles": ["viewer"], "password": PASSWORD});
    server.post("/users", &body).await["id"].as_str().unwrap().to_owned()
}

async fn sign_in(server: &TestServer, email: &str) -> Value {
    server.open("POST", "/auth/sign-in").json(&json!({"email": email, "password": PASSWORD})).send().await.ok()
}

async fn me(server: &TestServer, access: &Value) -> crate::harness::Reply {
    server.open("GET", "/auth/me").token(access.as_str().unwrap()).send().await
}

#[test]
fn sec_03_signing_in_works_with_the_right_password_only() {
    run(async |server| {
        person(server, "person@demo.munshi.pk").await;
        let signed_in = sign_in(server, " Person@Demo.munshi.pk").await;
        assert_eq!(signed_in["user"]["roles"], json!(["viewer"]));
        assert_eq!(signed_in["expires_in"], 900);
        let who = me(server, &signed_in["access_token"]).await.ok();
        assert_eq!(who["email"], "person@demo.munshi.pk");
        for (email, password) in
            [("person@demo.munshi.pk", "another password"), ("nobody@demo.munshi.pk", PASSWORD), ("", "")]
        {
            let body = json!({"email": email, "password": password});
            let reply = server.open("POST", "/auth/sign-in").json(&body).send().await;
            let problem = reply.problem(401, "bad_credentials");
            assert_eq!(problem["detail"], "wrong e-mail or password", "the answer tells nothing about the account");
        }
    });
}

#[test]
fn sec_03_expired_foreign_and_forged_tokens_are_refused() {
    run(async |server| {
        person(server, "person@demo.munshi.pk").await;
        let access = sign_in(server, "person@demo.munshi.pk").await["access_token"].clone();
        let refused = async |text: &str| server.open("GET", "/auth/me").token(text).send().await.code();
        let good = access.as_str().unwrap();
        assert_eq!(refused("x").await, "token_invalid");
        assert_eq!(refused(&good.replace("mat_", "mrt_")).await, "token_invalid");
        let parsed = token::parse(token::ACCESS, good).unwrap();
        assert_eq!(refused(&token::issue(token::ACCESS, parsed.user, parsed.session)).await, "token_invalid");
        let stranger = token::issue(token::ACCESS, UserId::from_u128(9), parsed.session);
        assert_eq!(refused(&stranger).await, "token_invalid");
        server.advance(899);
        assert!(me(server, &access).await.status.is_success());
        server.advance(1);
        me(server, &access).await.problem(401, "token_expired");
    });
}

#[test]
fn sec_03_a_token_of_another_shop_is_refused() {
    let mut foreign = String::new();
    run(async |server| {
        foreign = server.token(Role::Admin).to_owned();
    });
    run(async |server| {
        server.open("GET", "/orders").token(&foreign).send().await.problem(401, "token_invalid");
    });
}

#[test]
fn sec_03_refresh_tokens_rotate_and_reuse_ends_the_session() {
    run(async |server| {
        person(server, "person@demo.munshi.pk").await;
        let first = sign_in(server, "person@demo.munshi.pk").await;
        let refresh = async |given: &Value| {
            server.open("POST", "/auth/refresh").json(&json!({"refresh_token": given})).send().await
        };
        let second = refresh(&first["refresh_token"]).await.ok();
        me(server, &first["access_token"]).await.problem(401, "token_invalid");
        assert!(me(server, &second["access_token"]).await.status.is_success());
        refresh(&json!("mrt_x")).await.problem(401, "refresh_token_invalid");
        assert!(me(server, &second["access_token"]).await.status.is_success(), "a guess ends nothing");
        refresh(&first["refresh_token"]).await.problem(401, "refresh_token_reused");
        me(server, &second["access_token"]).await.problem(401, "token_invalid");
        refresh(&second["refresh_token"]).await.problem(401, "refresh_token_invalid");
    });
}

#[test]
fn sec_01_revocation_has_effect_with_the_next_request() {
    run(async |server| {
        let id = person(server, "person@demo.munshi.pk").await;
        for (act, body) in [
            ("revoke-sessions", json!({})),
            ("password", json!({"password": "yet another one"})),
            ("disable", json!({})),
        ] {
            let made = server.session(UserId::parse(&id).unwrap()).await;
            assert!(server.open("GET", "/auth/me").token(&made).send().await.status.is_success());
            server.post(&format!("/users/{id}/{act}"), &body).await;
            server.open("GET", "/auth/me").token(&made).send().await.problem(401, "token_invalid");
        }
        server.post(&format!("/users/{id}/enable"), &json!({})).await;
        let made = server.session(UserId::parse(&id).unwrap()).await;
        let read = async || server.open("GET", "/products").token(&made).send().await.status;
        assert!(read().await.is_success());
        let write =
            async || server.open("POST", "/products/X/activate").token(&made).json(&json!({})).send().await.code();
        assert_eq!(write().await, "forbidden");
        let change =
            server.by(Role::Admin, "PATCH", &format!("/users/{id}")).json(&json!({"roles": ["sales_manager"]}));
        change.send().await.ok();
        assert_eq!(write().await, "product_unknown", "the new role has effect at once");
        let out = server.open("POST", "/auth/sign-out").token(&made).send().await;
        assert_eq!(out.status, 204);
        server.open("GET", "/auth/me").token(&made).send().await.problem(401, "token_invalid");
    });
}

#[test]
fn sec_01_nobody_takes_away_the_own_access() {
    run(async |server| {
        let own = format!("/users/{}", server.id(Role::Admin));
        let disable = server.by(Role::Admin, "POST", &format!("{own}/disable")).json(&json!({})).send().await;
        disable.problem(409, "own_access");
        let demote = server.by(Role::Admin, "PATCH", &own).json(&json!({"roles": ["viewer"]})).send().await;
        demote.problem(409, "own_access");
    });
}

#[test]
fn api_04_guessing_passwords_is_slowed_down() {
    run_with(
        |config| config.auth.max_failures = 3,
        async |server| {
            person(server, "person@demo.munshi.pk").await;
            let attempt = async |password: &str| {
                let body = json!({"email": "person@demo.munshi.pk", "password": password});
                server.open("POST", "/auth/sign-in").json(&body).send().await
            };
            for _ in 0..3 {
                attempt("a wrong password").await.problem(401, "bad_credentials");
            }
            let waiting = attempt(PASSWORD).await;
            waiting.problem(429, "sign_in_throttled");
            let wait: u64 = waiting.headers["retry-after"].parse().unwrap();
            assert!((1..=31).contains(&wait), "{wait}");
            let other = json!({"email": "other@demo.munshi.pk", "password": PASSWORD});
            server.open("POST", "/auth/sign-in").json(&other).send().await.problem(401, "bad_credentials");
        },
    );
}

#[test]
fn cus_01_an_address_is_given_back_when_the_user_is_refused() {
    run(async |server| {
        let node = server.app().node();
        let new = |name: &str, id: u128| services::user::NewUser {
            id: UserId::from_u128(id),
            email: "twice@demo.munshi.pk".into(),
            name: name.into(),
            roles: vec![Role::Viewer],
            password_hash: munshi_domain::user::SecretHash::new("none"),
        };
        let create = async |name: &str, id: u128| {
            let meta = Meta::system("test", format!("u{id}"));
            services::user::create(node, new(name, id), meta, |_, _| ()).await.map_err(|problem| problem.code).err()
        };
        assert_eq!(create("", 1).await, Some("bad_name"));
        assert_eq!(create("Good", 2).await, None);
        assert_eq!(create("Late", 3).await, Some("email_taken"));
        assert_eq!(create("Good", 2).await, None, "a retry answers the same");
    });
}
