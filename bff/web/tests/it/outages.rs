//! A service that is away for longer: it is left alone, and found again.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::eventually;

use crate::support::{BOUND, SIGN_IN, Shop, code, said};

const CATEGORIES: &str = "{ categories { slug } }";

async fn breaker(shop: &Shop, peer: &str) -> String {
    let health = reqwest::get(format!("{}/health/ready", shop.url())).await.unwrap();
    assert_eq!(health.status(), 200, "a page with a hole is better than none");
    let health: Value = health.json().await.unwrap();
    health["breakers"][peer].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_service_that_keeps_failing_is_left_alone_and_found_again() {
    let shop = Shop::open_with(&[("calls.breaker_open_ms", "3000")]).await;
    let browser = shop.browser();
    shop.catalog.says("GET", "/categories", 200, json!({ "items": [] }));
    shop.catalog.is_away(true);
    assert_eq!(breaker(&shop, "catalog").await, "closed");

    for _ in 0..12 {
        assert_eq!(code(&browser.ask(CATEGORIES).await), "unavailable");
    }
    assert_eq!(breaker(&shop, "catalog").await, "open");
    assert_eq!(breaker(&shop, "order").await, "closed");
    let metrics = reqwest::get(format!("{}/metrics", shop.url())).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(metrics.contains("circuit_breaker_state{"), "{metrics}");
    shop.forget_calls();
    assert_eq!(code(&browser.ask(CATEGORIES).await), "unavailable");
    assert_eq!(shop.calls(), 0, "it is not asked while the breaker is open");

    shop.catalog.is_away(false);
    eventually(BOUND, || async {
        browser.ask(CATEGORIES).await["data"]["categories"] == json!([])
    })
    .await;
    eventually(BOUND, || async {
        browser.ask(CATEGORIES).await;
        breaker(&shop, "catalog").await == "closed"
    })
    .await;
}

#[tokio::test]
async fn a_slow_part_holds_the_page_up_no_longer_than_it_may() {
    let shop = Shop::open_with(&[("calls.timeout_ms", "200"), ("calls.retries", "0")]).await;
    let slowly = Duration::from_secs(20);
    shop.catalog.says_slowly("GET", "/categories", 200, json!({ "items": [] }), slowly);
    shop.catalog.says("GET", "/products", 200, said::products([1]));
    let began = Instant::now();

    let answer = shop.browser().ask("{ categories { slug } products { items { id } } }").await;

    assert_eq!(answer["data"]["categories"], Value::Null);
    assert_eq!(answer["data"]["products"]["items"][0]["id"], said::product_id(1));
    assert!(began.elapsed() < Duration::from_secs(5), "took {:?}", began.elapsed());
}

#[tokio::test]
async fn a_hiccup_is_not_seen_and_nothing_is_done_twice() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let add =
        format!(r#"mutation {{ addToCart(product: "{}") {{ count }} }}"#, said::product_id(1));
    shop.order.is_away(true);

    ada.ask(&add).await;

    let posts = shop.order.calls().len();
    assert_eq!(posts, 1, "adding to a cart is not repeated: nobody knows whether it was done");
    shop.forget_calls();
    ada.ask("{ cart { count } }").await;
    assert_eq!(shop.order.calls().len(), 2, "a look is");
}

#[tokio::test]
async fn a_service_that_is_busy_says_so_and_is_asked_again() {
    let shop = Shop::open().await;
    let browser = shop.browser();
    shop.identity.refuses("POST", "/sessions", 503, "passwords-busy");

    for _ in 0..12 {
        let answer = browser.ask(SIGN_IN).await;
        assert_eq!(code(&answer), "passwords-busy");
        assert_eq!(answer["errors"][0]["extensions"]["retryAfter"], 1);
    }

    assert_eq!(breaker(&shop, "identity").await, "closed");
}

#[tokio::test]
async fn storing_a_card_takes_as_long_as_its_provider_and_is_done_once() {
    let shop = Shop::open_with(&[("calls.timeout_ms", "200")]).await;
    let ada = shop.ada().await;
    let add = r#"mutation { addCard(idempotencyKey: "card-1", input: { number: "4242 4242 4242 4242",
        expiryMonth: 12, expiryYear: 2030, cvc: "123", holder: "Ada" }) { last4 } }"#;
    let card = json!({ "id": said::CARD, "brand": "visa", "last4": "4242" });
    let slowly = Duration::from_secs(1);
    shop.payment.says_slowly("POST", "/payment-methods", 201, card, slowly);

    let stored = ada.ask(add).await;
    shop.payment.is_away(true);
    let refused = ada.ask(add).await;

    assert_eq!(stored["data"]["addCard"]["last4"], "4242", "{stored}");
    assert_eq!(code(&refused), "unavailable");
    assert_eq!(shop.payment.calls().len(), 2);
}
