//! Each limit, at its edge: what is just allowed is served, and a step further is not.

use serde_json::{Value, json};

use crate::support::{Shop, said};

/// A shop in which everything public is there.
async fn shop(settings: &[(&str, &str)]) -> Shop {
    let shop = Shop::open_with(settings).await;
    shop.catalog.says("GET", "/categories", 200, json!({ "items": [] }));
    shop.catalog.says("GET", "/products", 200, said::products(0..3));
    shop
}

fn message(answer: &Value) -> &str {
    answer["errors"][0]["message"].as_str().unwrap_or_default()
}

async fn served(shop: &Shop, query: &str) {
    let answer = shop.browser().ask(query).await;
    assert_eq!(answer["errors"], Value::Null, "{query}: {answer}");
    shop.forget_calls();
}

/// Refused for this reason, before any service was asked.
async fn refused(shop: &Shop, query: &str, because: &str) {
    let answer = shop.browser().ask(query).await;
    assert!(message(&answer).contains(because), "{query}: {answer}");
    assert_eq!((&answer["data"], shop.calls()), (&Value::Null, 0));
}

#[tokio::test]
async fn depth_is_bounded() {
    let shop = shop(&[("graphql.max_complexity", "1000000")]).await;
    let nested = |related: usize| {
        let (open, close) = ("related(limit: 1) { ".repeat(related), "} ".repeat(related));
        format!("{{ products {{ items {{ {open} stock {{ left }} {close} }} }} }}")
    };

    served(&shop, &nested(4)).await;
    refused(&shop, &nested(5), "nested too deep").await;
}

#[tokio::test]
async fn complexity_is_bounded_and_counts_the_length_of_lists() {
    let shop = shop(&[("graphql.max_complexity", "100")]).await;

    served(&shop, "{ products(limit: 33) { items { id slug } } }").await;
    refused(&shop, "{ products(limit: 34) { items { id slug } } }", "too complex").await;
    let by_variable = json!({
        "query": "query ($n: Int!) { products(limit: $n) { items { id slug } } }",
        "variables": { "n": 48 },
    });
    let answer: Value = shop.browser().send(&by_variable).await.json().await.unwrap();
    assert!(message(&answer).contains("too complex"), "{answer}");
}

#[tokio::test]
async fn aliases_are_bounded() {
    let shop = shop(&[]).await;
    let aliases = |count: usize| {
        let all: Vec<_> = (0..count).map(|n| format!("a{n}: slug")).collect();
        format!("{{ categories {{ {} }} }}", all.join(" "))
    };

    served(&shop, &aliases(30)).await;
    refused(&shop, &aliases(31), "alias").await;
}

#[tokio::test]
async fn sign_ins_are_bounded_within_an_operation() {
    let shop = shop(&[]).await;
    shop.identity.refuses("POST", "/sessions", 401, "wrong-credentials");
    let guesses = |count: usize| {
        let guess = r#"signIn(email: "a@example.org", password: "x") { customer { id } }"#;
        let all: Vec<_> = (0..count).map(|n| format!("a{n}: {guess}")).collect();
        format!("mutation {{ {} }}", all.join(" "))
    };

    let few = shop.browser().ask(&guesses(5)).await;
    assert!(few["errors"][0]["extensions"]["code"] == "wrong-credentials", "{few}");
    shop.forget_calls();
    refused(&shop, &guesses(6), "too complex").await;
}

#[tokio::test]
async fn documents_and_batches_are_bounded() {
    let shop = shop(&[]).await;
    let browser = shop.browser();
    let padded = |bytes: usize| {
        let query = "{ categories { slug } }";
        json!({ "query": format!("{query}{}", " ".repeat(bytes - query.len())) })
    };
    let batch = |count: usize| json!(vec![padded(100); count]);

    for (body, status) in
        [(padded(8000), 200), (padded(8001), 400), (batch(5), 200), (batch(6), 400)]
    {
        assert_eq!(browser.send(&body).await.status(), status);
    }
}

#[tokio::test]
async fn a_batch_shares_one_session_and_keeps_its_order() {
    let shop = shop(&[]).await;
    shop.identity.says("POST", "/sessions", 201, said::session("access-1", "refresh-1"));
    shop.identity.says("GET", "/customers/me", 200, said::customer());
    shop.order.says("GET", "/carts/current", 200, said::cart(&[]));
    let me = json!({ "query": "{ me { name } }" });
    let batch = json!([me, { "query": crate::support::SIGN_IN }, me]);

    let answers: Value = shop.browser().send(&batch).await.json().await.unwrap();

    assert_eq!(answers[0]["data"]["me"], Value::Null);
    assert_eq!(answers[2]["data"]["me"]["name"], "Ada");
}
