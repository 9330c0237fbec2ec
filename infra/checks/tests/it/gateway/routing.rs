//! Which part of the shop gets what.

use std::collections::BTreeSet;

use super::shop::{Setup, Shop};

#[test]
fn each_class_of_paths_goes_to_its_part() {
    let shop = Shop::start();

    for (method, path, part) in [
        ("GET", "/", "storefront-1"),
        ("HEAD", "/", "storefront-1"),
        ("GET", "/products/blue-mug?from=home", "storefront-1"),
        ("GET", "/manifest.json", "storefront-1"),
        ("GET", "/pictures/products/blue-mug.svg", "storefront-1"),
        ("GET", "/source/crates/chassis/src/ops.rs", "storefront-1"),
        ("GET", "/assets/shell-ui-0123456789ab.js", "storefront-1"),
        ("GET", "/assets/shop-0123456789ab.css", "storefront-1"),
        ("GET", "/graphql-is-no-page", "storefront-1"),
        ("GET", "/assets/catalog-ui-0123456789ab.wasm", "catalog-ui-1"),
        ("GET", "/assets/checkout-ui-0123456789ab.js", "checkout-ui-1"),
        ("GET", "/assets/orders-ui-0123456789ab.js", "orders-ui-1"),
        ("GET", "/assets/account-ui-0123456789ab.js", "account-ui-1"),
        ("POST", "/graphql", "web-bff-1"),
        ("GET", "/graphql?query=x", "web-bff-1"),
        ("GET", "/mails/mail_01.html", "web-bff-1"),
        ("GET", "/api/v1/home?locale=ko", "mobile-bff-1"),
        ("GET", "/%EB%A8%B8%EA%B7%B8", "storefront-1"),
    ] {
        let answer = shop.ask(method, path, &[], "");

        assert_eq!(answer.status, 200, "{method} {path}: {answer:?}");
        if method == "HEAD" {
            continue;
        }
        assert_eq!(answer.by(), part, "{method} {path}");
        assert_eq!(answer.json()["path"], path);
        assert_eq!(answer.arrived("host").as_deref(), Some("shop.example"), "{path}");
    }
}

#[test]
fn what_is_for_operators_and_services_is_not_here() {
    let shop = Shop::start();

    for (path, status) in [
        ("/metrics", 404),
        ("/Metrics", 404),
        ("/metrics/", 404),
        ("/metrics?x", 404),
        ("/ops/backlog", 404),
        ("/feed?after=0", 404),
        ("/inbox", 404),
        ("/internal/anything", 404),
        ("/health/ready", 404),
        ("/info", 404),
        ("/openapi.json", 404),
        ("/api", 404),
        ("/api/v2/home", 404),
        ("//metrics", 400),
        ("/./metrics", 400),
        ("/assets/../metrics", 400),
        ("/assets/..", 400),
        ("/%6detrics", 400),
        ("/%4Detrics", 400),
        ("/assets%2f..%2fmetrics", 400),
        ("/assets/%2e%2e/metrics", 400),
        ("/%256detrics", 400),
        ("/metrics;x=1", 400),
        ("/metrics%00", 400),
        ("/assets\\..\\metrics", 400),
        ("/api/v1/../../metrics", 400),
    ] {
        let answer = shop.get(path);

        assert_eq!(answer.status, status, "{path}: {answer:?}");
        let code = if status == 404 { "not-found" } else { "bad-request" };
        assert_eq!(answer.problem(), code, "{path}");
    }
    // An absolute address is a path, too.
    assert_eq!(shop.get("http://shop.example/metrics").status, 404);
    for part in ["storefront", "web-bff", "mobile-bff"] {
        assert!(shop.replica(part, 1).seen().is_empty(), "{part} was asked");
    }
}

#[test]
fn other_methods_than_a_part_takes_are_refused() {
    let shop = Shop::start();

    for (method, path, allowed) in [
        ("POST", "/", "GET, HEAD"),
        ("DELETE", "/assets/catalog-ui-0123456789ab.js", "GET, HEAD"),
        ("PUT", "/graphql", "GET, POST"),
        ("TRACE", "/api/v1/home", "GET, HEAD, POST, PUT, DELETE"),
        ("INVENTED", "/api/v1/home", "GET, HEAD, POST, PUT, DELETE"),
    ] {
        let answer = shop.ask(method, path, &[], "");

        assert_eq!(answer.status, 405, "{method} {path}: {answer:?}");
        assert_eq!(answer.problem(), "method-not-allowed");
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
    }
}

#[test]
fn replicas_share_the_work() {
    let shop = Setup::default().replicas("storefront", 3).replicas("web-bff", 2).start();

    let pages: BTreeSet<_> = (0..9).map(|_| shop.get("/").by()).collect();
    let answers: BTreeSet<_> =
        (0..8).map(|_| shop.ask("POST", "/graphql", &[], "{}").by()).collect();

    assert_eq!(pages.len(), 3, "{pages:?}");
    assert_eq!(answers.len(), 2, "{answers:?}");
}

#[test]
fn replicas_come_and_go_with_the_name_server() {
    let shop = Setup::default().replicas("web-bff", 2).start();
    let (first, second) = (shop.address("web-bff", 1), shop.address("web-bff", 2));

    shop.names.set("web-bff", vec![second]);
    shop.until_serving("web-bff", 1);
    for _ in 0..4 {
        assert_eq!(shop.get("/graphql").by(), "web-bff-2");
    }

    shop.names.set("web-bff", vec![second, first]);
    shop.until_serving("web-bff", 2);
    shop.until("the first to be asked again", || {
        (shop.get("/graphql").by() == "web-bff-1").then_some(())
    });
}
