//! What nobody's page sends: refused before any service hears of it, and cheaply.

mod payloads;

use std::time::{Duration, Instant};

use payloads::{Payload, all};
use serde_json::Value;

use crate::support::{Shop, said};

/// The dearest takes 13 ms in an unoptimised build on a machine with nothing else to do; this
/// leaves room for a busy one, and none for anything that grows with what is sent.
const CHEAP: Duration = Duration::from_secs(1);

#[tokio::test]
async fn no_abuse_reaches_a_service_or_costs_anything() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let payloads = all();
    assert!(payloads.len() >= 60, "{} payloads", payloads.len());

    for Payload { name, content_type, body } in payloads {
        let began = Instant::now();
        let request = ada.post().header("content-type", content_type).body(body);
        let response = ada.sent(request).await;
        let (status, took) = (response.status().as_u16(), began.elapsed());
        let text = response.text().await.unwrap();

        let refused =
            (400..500).contains(&status) || (status == 200 && text.contains("\"errors\":[{"));
        assert!(refused, "{name}: {status} {text}");
        assert_eq!(shop.calls(), 0, "{name} reached a service");
        assert!(took < CHEAP, "{name} took {took:?}");
        assert!(text.len() < 20_000, "{name} is answered with {} bytes", text.len());
    }
}

#[tokio::test]
async fn after_all_abuse_an_honest_page_is_served() {
    let shop = Shop::open().await;
    let browser = shop.browser();
    shop.catalog.says("GET", "/products/*", 200, said::product(1));
    for Payload { content_type, body, .. } in all() {
        browser.sent(browser.post().header("content-type", content_type).body(body)).await;
    }

    let answer = browser.ask(r#"{ product(id: "mug-1") { name { ko } } }"#).await;

    assert_eq!(answer["data"]["product"]["name"]["ko"], "머그");
}

#[tokio::test]
async fn only_subscriptions_come_in_by_get() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;

    for query in [
        "{ me { name } }",
        "mutation { signOut }",
        "subscription S { orderUpdated(id: \"x\") { id } } mutation M { signOut }",
        "subscription {",
        "",
        &format!("subscription {{ orderUpdated(id: \"{}\") {{ id }} }}", "x".repeat(9000)),
    ] {
        let response = ada.listen(query).await;
        assert_eq!(response.status(), 400, "{query}");
    }
    assert_eq!(shop.calls(), 0);
    assert!(ada.cookie().is_some(), "nobody was signed out");
}

#[tokio::test]
async fn the_schema_is_not_told_to_those_who_ask() {
    let shop = Shop::open().await;
    let browser = shop.browser();

    let all = browser.ask("{ __schema { types { name } } }").await;
    let one = browser.ask(r#"{ __type(name: "Customer") { fields { name } } }"#).await;
    let guess = browser.ask("{ categorie { slug } }").await;

    assert_eq!((&all["data"]["__schema"], &one["data"]["__type"]), (&Value::Null, &Value::Null));
    assert!(!guess.to_string().contains("categories"), "{guess}");
}

#[tokio::test]
async fn the_schema_is_told_where_that_is_wanted() {
    let shop = Shop::open_with(&[("graphql.introspection", "true")]).await;

    let answer = shop.browser().ask("{ __schema { queryType { name } } }").await;

    assert_eq!(answer["data"]["__schema"]["queryType"]["name"], "Query");
}
