//! What surrounds the API: health, metrics, headers, reference page, limits.

use munshi_domain::user::Role;
use serde_json::json;

use crate::harness::{run, run_with};

#[test]
fn ops_04_health_readiness_and_metrics_answer_without_a_token() {
    run(async |server| {
        server.shop().await;
        assert_eq!(server.open("GET", "//healthz").send().await.status, 200);
        let ready = server.open("GET", "//readyz").send().await.ok();
        assert_eq!((&ready["ready"], &ready["checks"]["database"]), (&json!(true), &json!("ok")));
        let metrics = server.open("GET", "//metrics").send().await;
        let text = String::from_utf8_lossy(&metrics.bytes);
        assert!(text.contains("munshi_http_requests_total"), "{text}");
        for personal in ["Ayesha", "923001234567", "example.pk", "Bearer", "mat_"] {
            assert!(!text.contains(personal), "{personal} in metrics");
        }
        let status = server.get("/system/status").await;
        assert!(status["head"].as_u64().unwrap() > 0, "{status}");
    });
}

#[test]
fn sec_04_every_answer_carries_the_security_headers_and_a_request_id() {
    run_with(
        |config| {
            config.server.behind_tls = true;
            config.server.allowed_origins = vec!["https://shop.example.pk".into()];
        },
        async |server| {
            for path in ["//healthz", "/orders", "/nowhere", "//api/v1/openapi.json", "//docs/"] {
                let reply = server.open("GET", path).send().await;
                let header = |name: &str| reply.headers.get(name).cloned().unwrap_or_default();
                assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
                assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
                assert_eq!(header("x-frame-options"), "DENY", "{path}");
                assert!(header("strict-transport-security").starts_with("max-age="), "{path}");
                assert_eq!(header("x-request-id").len(), 16, "{path}");
                assert!(!reply.headers.contains_key("access-control-allow-origin"), "{path}");
            }
            let own = server.open("GET", "/orders").header("x-request-id", "abc-1").send().await;
            assert_eq!(own.headers["x-request-id"], "abc-1");
            assert_eq!(own.json()["request_id"], "abc-1");
            let evil = server.open("GET", "/orders").header("x-request-id", "a b\tc").send().await;
            assert_ne!(evil.headers["x-request-id"], "a b\tc");
            let origin = |name: &str| server.open("OPTIONS", "/orders").header("origin", name).send();
            assert_eq!(
                origin("https://shop.example.pk").await.headers["access-control-allow-origin"],
                "https://shop.example.pk"
            );
            assert!(!origin("https://evil.example").await.headers.contains_key("access-control-allow-origin"));
        },
    );
}

#[test]
fn sec_04_other_hosts_are_not_answered_when_hosts_are_named() {
    run_with(
        |config| config.server.allowed_hosts = vec!["munshi.example.pk".into()],
        async |server| {
            server.open("GET", "//healthz").send().await.problem(421, "host_not_allowed");
            let named = server.open("GET", "//healthz").header("host", "munshi.example.pk:8080").send().await;
            assert_eq!(named.status, 200);
        },
    );
}

#[test]
fn api_01_the_reference_page_needs_no_other_host() {
    run(async |server| {
        let page = server.open("GET", "//docs/").send().await;
        let text = String::from_utf8_lossy(&page.bytes);
        assert!(page.status == 200 && text.contains("swagger"), "{text}");
        assert!(!text.contains("//unpkg") && !text.contains("//cdn"), "{text}");
        let document = server.open("GET", "//api/v1/openapi.json").send().await;
        assert_eq!(document.bytes, munshi::api::openapi::document().to_json().unwrap());
    });
}

#[test]
fn ops_20_a_stopping_server_says_so() {
    run(async |server| {
        server.app().stop();
        let reply = server.by(Role::Admin, "GET", "/orders").send().await;
        reply.problem(503, "shutting_down");
        assert_eq!(reply.headers["retry-after"], "2");
        assert_eq!(server.open("GET", "//readyz").send().await.status, 503);
        assert_eq!(server.open("GET", "//healthz").send().await.status, 200);
    });
}
