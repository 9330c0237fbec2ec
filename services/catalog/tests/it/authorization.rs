//! Who may do what.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{AdasOrder, BOUND, Shop, answer, product};

#[tokio::test(flavor = "multi_thread")]
async fn only_operators_change_products_stock_and_see_the_audit() {
    let shop = Shop::embedded().await;
    let id = product("blue-mug");
    let routes = [
        (Method::POST, "/products".to_owned()),
        (Method::PUT, format!("/products/{id}")),
        (Method::POST, format!("/products/{id}/adjustments")),
        (Method::GET, format!("/products/{id}/adjustments")),
        (Method::GET, "/ops/audit".to_owned()),
    ];

    for (method, path) in routes {
        let request = || shop.request(method.clone(), &path).json(&json!({}));
        let forged = shop.customer_token() + "x";
        for (token, status) in [
            (None, StatusCode::UNAUTHORIZED),
            (Some(forged), StatusCode::UNAUTHORIZED),
            (Some(shop.customer_token()), StatusCode::FORBIDDEN),
            (Some(shop.service_token()), StatusCode::FORBIDDEN),
        ] {
            let request = match &token {
                Some(token) => request().bearer_auth(token),
                None => request(),
            };
            let (got, problem) = answer(request).await;
            assert_eq!(got, status, "{method} {path} with {token:?}: {problem}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_is_for_services_and_the_inbox_for_those_it_names() {
    let shop = Shop::embedded().await;
    let order = AdasOrder::of(&[(product("blue-mug"), 1)]);
    shop.publish(&[order.placed()]).await;
    let path = format!("/inbox?order={}", order.id);
    let ask = |path: &str, token: String| shop.request(Method::GET, path).bearer_auth(token);

    let items = testkit::eventually(BOUND, || async {
        let (_, inbox) = answer(ask(&path, shop.customer_token())).await;
        inbox["items"].as_array().cloned().filter(|items| !items.is_empty())
    })
    .await;

    assert_eq!(items[0]["kind"], "order.placed.v1");
    assert_eq!(answer(ask("/feed", shop.service_token())).await.0, StatusCode::OK);
    assert_eq!(answer(ask("/feed", shop.customer_token())).await.0, StatusCode::FORBIDDEN);
    assert_eq!(shop.get("/feed").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(shop.get("/health/ready").await.0, StatusCode::OK);
}
