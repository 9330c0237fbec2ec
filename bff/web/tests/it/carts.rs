//! Carts of guests, and what becomes of them at the sign-in.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Browser, SIGN_IN, Shop, code, said};

fn add() -> String {
    format!(r#"mutation {{ addToCart(product: "{}") {{ count }} }}"#, said::product_id(1))
}

/// A shop in which a guest may gather things.
async fn shop() -> Shop {
    let shop = Shop::open().await;
    shop.identity.says("POST", "/guests", 201, said::guest("guest-1"));
    shop.order.says("POST", "/carts/current/lines/*", 200, said::cart(&[1]));
    shop.order.says("GET", "/carts/current", 200, said::cart(&[1]));
    shop.order.says("POST", "/carts/merge", 200, said::cart(&[1, 2]));
    shop.identity.says("POST", "/sessions", 201, said::session("access-1", "refresh-1"));
    shop
}

#[tokio::test]
async fn looking_around_makes_nobody_a_guest() {
    let shop = shop().await;
    let browser = shop.browser();

    let answer = browser.ask("{ cart { id count lines { quantity } } me { name } }").await;

    assert_eq!(
        answer["data"],
        json!({ "cart": { "id": null, "count": 0, "lines": [] }, "me": null })
    );
    assert_eq!((shop.calls(), browser.cookie()), (0, None));
}

#[tokio::test]
async fn the_first_change_makes_a_guest_and_the_second_does_not() {
    let shop = shop().await;
    let browser = shop.browser();

    browser.ask(&add()).await;
    browser.ask(&add()).await;

    let tokens: Vec<_> = shop.order.calls().into_iter().map(|call| call.bearer).collect();
    assert_eq!(tokens, [Some("guest-1".to_owned()), Some("guest-1".to_owned())]);
    assert_eq!(shop.identity.calls().len(), 1);
    let from = shop.identity.calls()[0].forwarded_for.clone();
    assert_eq!(from.as_deref(), Some("127.0.0.1"), "identity counts by the client's address");
}

#[tokio::test]
async fn a_guests_cart_comes_along_at_the_sign_in_once() {
    let shop = shop().await;
    let browser = shop.browser();
    browser.ask(&add()).await;
    shop.forget_calls();

    browser.ask(SIGN_IN).await;
    browser.ask("{ cart { count } }").await;

    let calls = shop.order.calls();
    let merges: Vec<_> = calls.iter().filter(|call| call.path == "/carts/merge").collect();
    assert_eq!(merges.len(), 1);
    assert_eq!(merges[0].body, json!({ "guest_token": "guest-1" }));
    assert_eq!(merges[0].bearer.as_deref(), Some("access-1"));
}

#[tokio::test]
async fn a_cart_that_could_not_be_merged_is_merged_later() {
    let shop = shop().await;
    let browser = shop.browser();
    browser.ask(&add()).await;
    shop.order.is_away(true);
    let signed_in = browser.ask(SIGN_IN).await;
    assert_eq!(signed_in["data"]["signIn"]["customer"]["name"], "Ada");
    shop.order.is_away(false);
    shop.forget_calls();

    let answer = browser.ask("{ cart { count } }").await;

    assert_eq!(answer["data"]["cart"]["count"], 2);
    assert_eq!(shop.order.calls()[0].path, "/carts/merge");
}

#[tokio::test]
async fn a_cart_that_cannot_be_merged_does_not_hide_the_customers_own() {
    let shop = shop().await;
    let browser = shop.browser();
    browser.ask(&add()).await;
    shop.order.refuses("POST", "/carts/merge", 422, "guest-token-not-valid");

    browser.ask(SIGN_IN).await;
    let answer = browser.ask("{ cart { count } }").await;

    assert_eq!(answer["data"]["cart"]["count"], 1, "{answer}");
}

#[tokio::test]
async fn what_order_refuses_arrives_with_its_code_and_facts() {
    let shop = shop().await;
    let problem = json!({
        "status": 422, "code": "not-on-sale", "detail": "not on sale",
        "products": [said::product_id(1)],
    });
    shop.order.says("POST", "/carts/current/lines/*", 422, problem);

    let answer = shop.browser().ask(&add()).await;

    assert_eq!(code(&answer), "not-on-sale");
    let facts = &answer["errors"][0]["extensions"]["products"];
    assert_eq!(facts, &json!([said::product_id(1)]));
}

#[tokio::test]
async fn what_names_no_product_reaches_no_service() {
    let shop = shop().await;

    for id in ["", "mug", "../../ops/audit", "prd_1", "prd_0193456789ab7000800000000000b10e/x"] {
        let query = r"mutation ($id: ID!) { addToCart(product: $id) { count } }";
        let answer = shop.browser().ask_with(query, json!({ "id": id })).await;

        assert_eq!(code(&answer), "not-valid", "{id}");
    }
    assert_eq!(shop.calls(), 0);
}

#[tokio::test]
async fn a_guest_whose_token_opens_nothing_any_more_begins_anew() {
    let shop = shop().await;
    let browser = shop.browser();
    browser.ask(&add()).await;
    // Identity has replaced its keys meanwhile.
    shop.order.refuses("GET", "/carts/current", 401, "token-invalid");

    let empty = browser.ask("{ cart { count } }").await;
    assert_eq!(empty, json!({ "data": { "cart": { "count": 0 } } }));

    shop.identity.says("POST", "/guests", 201, said::guest("guest-2"));
    browser.ask(&add()).await;
    assert_eq!(shop.order.calls().last().unwrap().bearer.as_deref(), Some("guest-2"));
}

#[tokio::test]
async fn a_guests_cart_waits_for_a_price_list_that_is_loading() {
    let shop = shop().await;
    let browser = shop.browser();
    browser.ask(&add()).await;
    shop.order.refuses("POST", "/carts/merge", 503, "price-list-loading");

    browser.ask(SIGN_IN).await;
    let while_it_loads = browser.ask("{ cart { count } }").await;
    shop.order.says("POST", "/carts/merge", 200, said::cart(&[1, 2]));
    let then = browser.ask("{ cart { count } }").await;

    assert_eq!(code(&while_it_loads), "price-list-loading");
    assert_eq!(then["data"]["cart"]["count"], 2, "{then}");
}

#[tokio::test]
async fn a_late_answer_to_a_stranger_does_not_sign_out_who_signed_in_meanwhile() {
    let shop = shop().await;
    let browser = shop.browser();
    let first_change = browser.post().json(&json!({ "query": add() }));
    let late = browser.sent_elsewhere(first_change).await;
    browser.ask(SIGN_IN).await;

    browser.keep(&late);

    shop.identity.says("GET", "/customers/me", 200, said::customer());
    let answer = browser.ask("{ me { name } cart { count } }").await;
    // And what they gathered as a guest has come along.
    assert_eq!(answer["data"], json!({ "me": { "name": "Ada" }, "cart": { "count": 2 } }));
}

/// Ada's browser, after her session has ended.
async fn expired(shop: &Shop) -> Browser {
    let ada = shop.ada().await;
    shop.identity.refuses("POST", "/sessions/refresh", 401, "refresh-token-invalid");
    shop.clock.advance(TimeDelta::seconds(700));
    ada
}

#[tokio::test]
async fn a_cart_whose_customer_has_to_sign_in_again_is_not_called_empty() {
    let shop = shop().await;
    let ada = expired(&shop).await;

    let first = ada.ask("{ cart { count } }").await;
    let second = ada.ask("{ cart { count } }").await;

    assert_eq!((&first["data"]["cart"], code(&first)), (&json!(null), "session-expired"));
    // Told once: whoever goes on without signing in is a stranger.
    assert_eq!(second, json!({ "data": { "cart": { "count": 0 } } }));
}

#[tokio::test]
async fn a_cart_out_of_reach_is_not_changed() {
    let product = said::product_id(1);
    for change in [
        format!(r#"setCartLine(product: "{product}", quantity: 2)"#),
        format!(r#"removeFromCart(product: "{product}")"#),
    ] {
        let shop = shop().await;
        let ada = expired(&shop).await;

        let answer = ada.ask(&format!("mutation {{ {change} {{ count }} }}")).await;

        assert_eq!(code(&answer), "session-expired", "{answer}");
        assert_eq!(shop.order.calls().len(), 0);
    }
}

#[tokio::test]
async fn what_is_added_after_the_session_has_ended_waits_for_the_next_sign_in() {
    let shop = shop().await;
    let ada = expired(&shop).await;

    let added = ada.ask(&add()).await;
    ada.ask(SIGN_IN).await;

    assert_eq!(added["data"]["addToCart"]["count"], 1, "{added}");
    let merged = shop.order.calls().last().unwrap().clone();
    let brought = json!({ "guest_token": "guest-1" });
    assert_eq!((merged.path.as_str(), merged.body), ("/carts/merge", brought));
}
