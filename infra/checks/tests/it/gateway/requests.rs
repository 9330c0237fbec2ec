//! What a request takes along, and what an answer does.

use super::shop::{Setup, Shop};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[test]
fn every_request_has_an_id_and_a_trace() {
    let shop = Shop::start();

    let answer = shop.get("/");

    let id = answer.arrived("x-request-id").unwrap();
    assert_eq!(answer.header("x-request-id"), Some(id.as_str()));
    assert_eq!(id.len(), 32);
    let parent = answer.arrived("traceparent").unwrap();
    let parts: Vec<_> = parent.split('-').collect();
    let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
    assert_eq!(lengths, [2, 32, 16, 2], "{parent}");
    assert!(parent.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()), "{parent}");
    let other = shop.get("/");
    assert_ne!(other.arrived("traceparent"), Some(parent));
    assert_ne!(other.arrived("x-request-id"), Some(id));
}

#[test]
fn a_well_formed_id_and_trace_are_kept() {
    let shop = Shop::start();

    let given =
        [("x-request-id", "from-the-app.1_2"), ("traceparent", PARENT), ("tracestate", "a=b")];
    let answer = shop.ask("GET", "/", &given, "");

    for (name, value) in given {
        assert_eq!(answer.arrived(name).as_deref(), Some(value));
    }
    assert_eq!(answer.header("x-request-id"), Some("from-the-app.1_2"));
}

#[test]
fn what_is_not_well_formed_is_replaced() {
    let shop = Shop::start();

    for id in ["short", "with space in it", "quote\"quote\"", "a,b,c,d,e,f", &"x".repeat(65)] {
        let answer = shop.ask("GET", "/", &[("x-request-id", id)], "");
        assert_eq!(answer.arrived("x-request-id").unwrap().len(), 32, "{id}");
    }
    for parent in [
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "nonsense",
    ] {
        let answer = shop.ask("GET", "/", &[("traceparent", parent), ("tracestate", "a=b")], "");
        assert_ne!(answer.arrived("traceparent").as_deref(), Some(parent));
        assert_eq!(answer.arrived("tracestate"), None, "{parent}");
    }
    let twice = [("traceparent", PARENT), ("traceparent", PARENT)];
    let answer = shop.ask("GET", "/", &twice, "");
    assert_ne!(answer.arrived("traceparent").as_deref(), Some(PARENT));
}

#[test]
fn nobody_says_for_themselves_where_they_come_from() {
    let shop = Shop::start();

    let said = [
        ("x-forwarded-for", "6.6.6.6"),
        ("x-forwarded-for", "7.7.7.7, 127.0.0.1"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
        ("x-real-ip", "6.6.6.6"),
        ("forwarded", "for=6.6.6.6"),
    ];
    let answer = shop.ask("GET", "/", &said, "");

    let seen = shop.replica("storefront", 1).seen();
    let headers = &seen.last().unwrap().headers;
    let forwarded: Vec<_> = headers.iter().filter(|(name, _)| name == "x-forwarded-for").collect();
    assert_eq!(forwarded.len(), 1, "{forwarded:?}");
    assert!(forwarded[0].1.starts_with("127."), "{forwarded:?}");
    assert_eq!(answer.arrived("x-forwarded-proto").as_deref(), Some("http"));
    for name in ["x-forwarded-host", "x-real-ip", "forwarded"] {
        assert_eq!(answer.arrived(name), None, "{name}");
    }
}

#[test]
fn a_proxy_of_ours_is_believed_about_the_client_it_saw() {
    let shop = Setup::default().env("GATEWAY_TRUSTED_PROXIES", "10.0.0.0/8 127.0.0.0/8").start();

    let answer = shop.ask("GET", "/", &[("x-forwarded-for", "6.6.6.6, 203.0.113.7")], "");

    assert_eq!(answer.arrived("x-forwarded-for").as_deref(), Some("203.0.113.7"));
    assert_eq!(shop.logged(&answer)["client"], "203.0.113.7");
}

#[test]
fn answers_are_dressed_and_give_nothing_away() {
    let shop = Shop::start();

    for path in ["/", "/graphql", "/metrics"] {
        let answer = shop.get(path);
        for (name, value) in [
            ("x-content-type-options", Some("nosniff")),
            ("referrer-policy", Some("same-origin")),
            ("x-frame-options", Some("SAMEORIGIN")),
            ("server", None),
            ("strict-transport-security", None),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
    }
}

#[test]
fn a_token_goes_only_where_tokens_are_used() {
    let shop = Shop::start();
    let token = [("authorization", "Bearer of.somebody.else")];

    assert_eq!(shop.ask("GET", "/", &token, "").arrived("authorization"), None);
    assert_eq!(shop.ask("POST", "/graphql", &token, "{}").arrived("authorization"), None);
    // A stale one must not keep anybody from signing in.
    let signed_in = shop.ask("POST", "/api/v1/sessions", &token, "{}");
    assert_eq!((signed_in.status, signed_in.arrived("authorization")), (200, None));
}
