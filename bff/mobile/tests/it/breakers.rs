//! Circuit breakers, seen from outside: in answers, metrics and the health report.

use reqwest::Method;
use serde_json::json;

use crate::support::{BOUND, World};

const QUICK: [(&str, &str); 3] = [
    ("calls.breaker_minimum_calls", "6"),
    ("calls.breaker_open_ms", "200"),
    ("calls.breaker_probes", "1"),
];

async fn breaker_of_catalog(world: &World) -> String {
    let report = world.bare("/health/ready").await;
    assert_eq!(report.status, 200);
    report.body["breakers"]["catalog"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_breaker_opens_spares_the_service_and_closes_when_it_is_back() {
    let world = World::with(&QUICK).await;
    assert_eq!(breaker_of_catalog(&world).await, "closed");
    world.catalog.goes_away();

    // Two requests, each tried three times.
    for _ in 0..2 {
        assert_eq!(world.get("/products").await.status, 503);
    }
    let opened = breaker_of_catalog(&world).await;
    let asked = world.catalog.asked("GET").len();
    let refused = world.get("/products").await;

    assert_eq!(opened, "open");
    assert_eq!((refused.status, refused.code()), (503, "peer-unavailable"));
    assert!(world.catalog.asked("GET").len() <= asked + 3, "an open breaker lets nothing through");

    world.catalog.comes_back();
    testkit::eventually(BOUND, || async { world.get("/products").await.status == 200 }).await;
    assert_eq!(breaker_of_catalog(&world).await, "closed");
}

#[tokio::test]
async fn an_open_breaker_leaves_the_other_services_alone() {
    let slow_to_close = [("calls.breaker_minimum_calls", "6"), ("calls.breaker_open_ms", "600000")];
    let world = World::with(&slow_to_close).await;
    world.catalog.goes_away();
    for _ in 0..2 {
        assert_eq!(world.get("/products").await.status, 503);
    }
    world.catalog.comes_back();

    let orders = world.get_as(&world.ada, "/orders").await;
    let refused = world.get("/products").await;
    let metrics = world.bare("/metrics").await;

    assert_eq!((orders.status, &orders.body["degraded"]), (200, &json!(true)));
    assert_eq!(refused.status, 503);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 100);
    assert_eq!(world.catalog.asked("GET").len(), 6);
    let page = metrics.body.as_str().unwrap();
    for line in [
        "circuit_breaker_state{service=\"mobile-bff\",peer=\"catalog\"}",
        "circuit_breaker_transitions_total{service=\"mobile-bff\",peer=\"catalog\",to=\"open\"}",
        "downstream_refused_total{service=\"mobile-bff\",peer=\"catalog\",reason=\"open\"}",
    ] {
        assert!(page.contains(line), "{line} is missing in {page}");
    }
}

#[tokio::test]
async fn refusals_open_no_breaker() {
    let world = World::with(&QUICK).await;

    for _ in 0..20 {
        assert_eq!(world.get("/products/no-such-thing").await.status, 404);
    }

    assert_eq!(breaker_of_catalog(&world).await, "closed");
}

#[tokio::test]
async fn a_full_bulkhead_refuses_at_once() {
    let world = World::with(&[("calls.concurrency", "0")]).await;

    let refused = world.get("/products").await;

    assert_eq!((refused.status, refused.code()), (503, "peer-unavailable"));
    assert!(world.catalog.asked("GET").is_empty());
}

#[tokio::test]
async fn a_stuck_service_takes_no_more_than_its_places() {
    let world = World::with(&[("calls.concurrency", "2"), ("calls.timeout_ms", "20000")]).await;
    world.catalog.gets_stuck();
    let waiting = async { tokio::join!(world.get("/products"), world.get("/products")) };

    let meanwhile = async {
        let both_wait = || async { world.catalog.asked("GET /products").len() == 2 };
        testkit::eventually(BOUND, both_wait).await;
        let third = world.get("/products").await;
        let cart = world.get_as(&world.ada, "/cart").await;
        (third, cart)
    };
    let (third, cart) = tokio::select! {
        seen = meanwhile => seen,
        (first, second) = waiting => panic!("{first:?} {second:?}"),
    };

    assert_eq!((third.status, third.code()), (503, "peer-unavailable"));
    assert_eq!((cart.status, &cart.body["degraded"]), (200, &json!(true)));
}

#[tokio::test]
async fn a_stuck_service_is_given_up_in_time() {
    let world = World::with(&[("calls.timeout_ms", "50")]).await;
    world.history.gets_stuck();

    let orders = world.get_as(&world.ada, "/orders").await;

    assert_eq!((orders.status, &orders.body["degraded"]), (200, &json!(true)));
    assert_eq!(world.history.asked("GET /orders").len(), 3);
}

#[tokio::test]
async fn what_a_service_cannot_do_just_now_is_passed_on_and_opens_no_breaker() {
    let world = World::start().await;
    world.identity.refuse("POST /sessions", 503, "passwords-busy", json!({}));
    let ada = json!({ "email": "ada@example.org", "password": "demo-ada-2026" });

    for _ in 0..30 {
        let refused = world.send(Method::POST, "/sessions", None, &[], Some(&ada)).await;

        assert_eq!((refused.status, refused.code()), (503, "passwords-busy"));
        assert_eq!(refused.header("retry-after"), "1");
    }
}
