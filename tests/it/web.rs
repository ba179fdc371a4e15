//! The consoles as files: which page an address gets, how it is cached, what a browser may do with it.

use std::path::Path;

use crate::harness::{Reply, TestServer, run, run_with};

const SCRIPT: &str = "assets/index-4f3a9c.js";

/// A web build.
fn built(root: &Path) {
    let put = |name: &str, text: &str| {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (name, text) in [
        ("index.html", "<title>console</title>"),
        ("scan.html", "<title>scanner</title>"),
        ("track.html", "<title>tracking</title>"),
        ("decide.html", "<title>decision</title>"),
        ("sw.js", "self"),
        ("scan.webmanifest", "{}"),
        (SCRIPT, "plain script"),
        ("assets/index-4f3a9c.js.br", "brotli script"),
        ("assets/index-4f3a9c.js.gz", "gzip script"),
        ("index.html.gz", "gzip page"),
        (".env", "SECRET=1"),
    ] {
        put(name, text);
    }
}

fn with_build(test: impl AsyncFnOnce(&TestServer)) {
    let outside = tempfile::tempdir().unwrap();
    let root = outside.path().join("dist");
    built(&root);
    std::fs::write(outside.path().join("secret.txt"), "SECRET=2").unwrap();
    let dir = root.display().to_string();
    run_with(|config| config.server.web_dir = dir, test);
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.bytes).into_owned()
}

fn header(reply: &Reply, name: &str) -> String {
    reply.headers.get(name).cloned().unwrap_or_default()
}

#[test]
fn web_01_every_address_of_a_console_gets_its_page() {
    with_build(async |server| {
        for (path, page) in [
            ("//", "console"),
            ("//index.html", "console"),
            ("//orders/0198c0de", "console"),
            ("//products/KURTA%20M", "console"),
            ("//orders?status=pending", "console"),
            ("//scan", "scanner"),
            ("//scan/tasks/7", "scanner"),
            ("//scanner", "console"),
            ("//track", "tracking"),
            ("//decide", "decision"),
            ("//track/", "tracking"),
        ] {
            let reply = server.open("GET", path).send().await;
            assert_eq!((reply.status.as_u16(), text(&reply)), (200, format!("<title>{page}</title>")), "{path}");
            assert_eq!(header(&reply, "content-type"), "text/html; charset=utf-8");
            assert_eq!(header(&reply, "cache-control"), "no-cache", "{path}");
        }
        let dotted = server.open("GET", "//products/A.1").header("accept", "text/html,*/*;q=0.8").send().await;
        assert_eq!(text(&dotted), "<title>console</title>", "a browser that navigates gets the page");
        for (path, kind) in
            [("//sw.js", "text/javascript; charset=utf-8"), ("//scan.webmanifest", "application/manifest+json")]
        {
            let reply = server.open("GET", path).send().await;
            assert_eq!((header(&reply, "content-type").as_str(), reply.status.as_u16()), (kind, 200), "{path}");
            assert_eq!(header(&reply, "cache-control"), "no-cache", "{path}: its name does not change with it");
        }
    });
}

#[test]
fn web_02_what_is_no_page_is_a_problem_and_no_page() {
    with_build(async |server| {
        for path in [
            "/nowhere",
            "//api",
            "//api/v2/orders",
            "//ws/nowhere",
            "//ws",
            "//assets/gone-123.js",
            "//assets/",
            "//favicon.ico",
        ] {
            let reply = server.open("GET", path).header("accept", "*/*").send().await;
            reply.problem(404, "not_found");
        }
        let navigated = server.open("GET", "//api/v1/nowhere").header("accept", "text/html").send().await;
        navigated.problem(404, "not_found");
        let asset = server.open("GET", "//assets/gone-123.js").header("accept", "text/html").send().await;
        asset.problem(404, "not_found");
        server.open("POST", "//orders").send().await.problem(405, "method_not_allowed");
        server.open("GET", "//api/v1/openapi.json").send().await.ok();
        assert_eq!(server.open("GET", "//docs/").send().await.status, 200);
    });
}

#[test]
fn web_03_no_address_leads_out_of_the_build() {
    with_build(async |server| {
        for path in [
            "//../secret.txt",
            "//assets/../../secret.txt",
            "//..%2fsecret.txt",
            "//%2e%2e/secret.txt",
            "//%2e%2e%2fsecret.txt",
            "//..\\secret.txt",
            "//./index.html/../../secret.txt",
            "//.env",
            "//assets/..%00/secret.txt",
            "//etc/passwd",
            "///etc/passwd",
        ] {
            for accept in ["*/*", "text/html"] {
                let reply = server.open("GET", path).header("accept", accept).send().await;
                let text = text(&reply);
                assert!(!text.contains("SECRET") && !text.contains("root:"), "{path}: {text}");
            }
        }
        let twin = server.open("GET", "//assets/index-4f3a9c.js.br").send().await;
        twin.problem(404, "not_found");
    });
}

#[test]
fn web_04_assets_are_cached_for_ever_and_come_in_the_best_coding() {
    with_build(async |server| {
        let get = async |accept: &str| {
            server.open("GET", &format!("//{SCRIPT}")).header("accept-encoding", accept).send().await
        };
        let mut tags = Vec::new();
        for (accept, coding, body) in [
            ("", "", "plain script"),
            ("identity", "", "plain script"),
            ("gzip, deflate", "gzip", "gzip script"),
            ("gzip, deflate, br, zstd", "br", "brotli script"),
            ("br;q=0, gzip;q=0.2", "gzip", "gzip script"),
        ] {
            let reply = get(accept).await;
            assert_eq!(
                (header(&reply, "content-encoding").as_str(), text(&reply).as_str()),
                (coding, body),
                "{accept}"
            );
            assert_eq!(header(&reply, "cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(header(&reply, "content-type"), "text/javascript; charset=utf-8");
            assert!(header(&reply, "vary").contains("accept-encoding"));
            tags.push(header(&reply, "etag"));
        }
        assert_eq!(tags[0], tags[1]);
        assert!(tags[0] != tags[2] && tags[2] != tags[3], "what differs in bytes differs in its tag: {tags:?}");
        // Of the page there is no Brotli twin.
        let page = server.open("GET", "//orders").header("accept-encoding", "br, gzip").send().await;
        assert_eq!((header(&page, "content-encoding").as_str(), text(&page).as_str()), ("gzip", "gzip page"));
    });
}

#[test]
fn web_05_what_a_browser_has_is_not_sent_again() {
    with_build(async |server| {
        let first = server.open("GET", "//").send().await;
        let tag = header(&first, "etag");
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 10, "{tag}");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let again = server.open("GET", "//").header("if-none-match", known.as_str()).send().await;
            assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0), "{known}");
            assert_eq!(header(&again, "etag"), tag);
            assert!(header(&again, "content-security-policy").contains("script-src 'self'"));
        }
        let other = server.open("GET", "//").header("if-none-match", "\"other\"").send().await;
        assert_eq!(other.status, 200);
        let head = server.open("HEAD", "//").without("idempotency-key").send().await;
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
        assert_eq!(header(&head, "content-length"), first.bytes.len().to_string());
        assert_eq!((header(&head, "etag"), header(&head, "content-type")), (tag, header(&first, "content-type")));
    });
}

#[test]
fn sec_04_a_page_may_load_and_call_its_own_host_only() {
    with_build(async |server| {
        let page = server.open("GET", "//orders").header("host", "shop.example.pk:8080").send().await;
        assert_eq!(
            header(&page, "content-security-policy"),
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' \
             ws://shop.example.pk:8080 wss://shop.example.pk:8080; worker-src 'self'; manifest-src 'self'; \
             frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
        );
        assert_eq!(header(&page, "x-content-type-options"), "nosniff");
        assert_eq!(header(&page, "referrer-policy"), "no-referrer");
        assert_eq!(header(&page, "cross-origin-opener-policy"), "same-origin");
        assert!(header(&page, "permissions-policy").contains("camera=(self)"));
        let api = server.open("GET", "/orders").send().await;
        assert!(header(&api, "content-security-policy").starts_with("default-src 'none'"), "an answer is no page");
    });
}

#[test]
fn ops_10_without_a_build_the_page_says_how_and_the_api_works() {
    let empty = tempfile::tempdir().unwrap();
    let dir = empty.path().display().to_string();
    run_with(
        |config| config.server.web_dir = dir,
        async |server| {
            for path in ["//", "//scan", "//track", "//decide", "//orders/1"] {
                let page = server.open("GET", path).send().await;
                assert_eq!(
                    (page.status.as_u16(), header(&page, "cache-control").as_str()),
                    (404, "no-store"),
                    "{path}"
                );
                assert!(text(&page).contains("make web") && text(&page).contains("not built"), "{}", text(&page));
            }
            server.open("GET", "/nowhere").send().await.problem(404, "not_found");
            assert!(server.get("/system/status").await["head"].is_u64());
        },
    );
}

#[test]
fn ops_10_the_files_in_the_program_are_served_the_same_way() {
    // Whether the consoles are built where the tests run is not known; either answer is a page.
    run(async |server| {
        let page = server.open("GET", "//").send().await;
        assert!(matches!(page.status.as_u16(), 200 | 404), "{page:?}");
        assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
        server.open("GET", "//../Cargo.toml").send().await.problem(404, "not_found");
    });
}
