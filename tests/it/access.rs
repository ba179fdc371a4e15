//! Role × route: every row of the route table, every role, and nobody.

use munshi::{api::ROUTES, auth::Permission};
use munshi_domain::user::Role;

use crate::harness::run;

/// A path with something harmless for every parameter: ids that name nothing.
fn example(path: &str) -> String {
    let unknown = "0198c0de-0000-7000-8000-000000000000";
    path.replace("{id}", unknown)
        .replace("{order}", unknown)
        .replace("{code}", "NOWHERE")
        .replace("{sku}", "NOTHING")
        .replace("{queue}", "none")
        .replace("{step}", &format!("{unknown}.1.1"))
        .replace("{n}", "1")
        .replace("{device}", "nothing")
        .replace("{badge}", "nobody")
        .replace("{plate}", "006141411234567890")
        .replace("{receipt}", "PO-0")
        .replace("{task}", "999")
        .replace("{exception}", "999")
        .replace("{decision}", "999")
}

fn method(route: &munshi::api::Route) -> &'static str {
    ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|name| *name == route.method.as_str()).unwrap_or("TRACE")
}

#[test]
fn sec_02_every_route_admits_exactly_the_roles_of_its_permission() {
    run(async |server| {
        for route in ROUTES {
            let path = example(route.path);
            let nobody = server.open(method(route), &path).raw("{}").send().await;
            assert_eq!(
                nobody.code() == "unauthenticated",
                route.permission != Permission::Open,
                "{route:?} {nobody:?}"
            );
            for role in Role::ALL {
                // Sessions and passwords of the users under test must survive their own requests.
                let token = server.session(server.id(role)).await;
                let reply = server.open(method(route), &path).token(&token).raw("{}").send().await;
                let admitted =
                    reply.code() != "forbidden" && reply.status != 401 || route.permission == Permission::Open;
                let granted = route.permission.granted(&[role]);
                assert_eq!(admitted, granted, "{route:?} as {role:?}: {} {}", reply.status, reply.code());
                assert!(reply.status.as_u16() < 500, "{route:?} as {role:?}: {reply:?}");
            }
        }
    });
}

#[test]
fn sec_06_contacts_are_masked_for_roles_that_do_not_need_them() {
    run(async |server| {
        let customer = server.shop().await;
        let order = crate::harness::order(&customer, "KURTA-M", 1);
        let made = server.post("/orders", &crate::harness::with(order, "submit", true.into())).await;
        server.rest().await;
        let id = made["id"].as_str().unwrap();
        for path in [
            format!("/customers/{customer}"),
            "/customers".to_owned(),
            format!("/orders/{id}"),
            format!("/orders/{id}/events"),
        ] {
            let text =
                async |role| String::from_utf8_lossy(&server.by(role, "GET", &path).send().await.bytes).into_owned();
            let seen = text(Role::CustomerService).await;
            assert!(seen.contains("+923001234567") && seen.contains("ayesha@example.pk"), "{path}: {seen}");
            let masked = text(Role::Viewer).await;
            assert!(masked.contains("+92300•••4567"), "{path}: {masked}");
            assert!(!masked.contains("+923001234567") && !masked.contains("ayesha@example.pk"), "{path}: {masked}");
        }
    });
}
