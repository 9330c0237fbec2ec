//! Orders: shown whole, placed, cancelled, bought again; always as their customer.

use serde_json::json;

use crate::support::{Shop, code, said};

fn order(fields: &str) -> String {
    format!(r#"{{ order(id: "{}") {{ {fields} }} }}"#, said::ORDER)
}

#[tokio::test]
async fn an_order_is_shown_with_money_events_and_mails() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.says("GET", "/orders/*", 200, said::order_view());
    shop.email.says("GET", "/mails", 200, json!({ "items": [said::mail()] }));

    let answer = ada
        .ask(&order(
            "id status degraded moneyState stockState shipTo { name address { city } }
             movements { kind amount { minor currency } method { last4 } }
             events { kind producer messageId } mails { kind state }",
        ))
        .await;

    let shown = &answer["data"]["order"];
    assert_eq!((&shown["status"], &shown["degraded"]), (&json!("CONFIRMED"), &json!(false)));
    assert_eq!(shown["movements"][0]["kind"], "CHARGE");
    assert_eq!(shown["movements"][0]["amount"], said::usd(2500));
    assert_eq!(shown["events"][1]["messageId"], said::CHARGED);
    assert_eq!(shown["mails"], json!([{ "kind": "receipt", "state": "sent" }]));
    let asked = shop.email.calls()[0].path.clone();
    assert_eq!(asked, format!("/mails?order={}&limit=20", said::ORDER));
}

#[tokio::test]
async fn every_service_is_asked_with_the_customers_own_token() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.says("GET", "/orders/*", 200, said::order_view());

    ada.ask(&order("id mails { id } silentServices")).await;
    ada.ask("{ orders { next } mails { next } cart { id } me { cards { id } storeCredit { used { minor } } } }").await;

    for stub in [&shop.identity, &shop.order, &shop.payment, &shop.email, &shop.history] {
        for call in stub.calls() {
            assert_eq!(call.bearer.as_deref(), Some("access-1"), "{call:?}");
        }
    }
    assert!(shop.calls() >= 10);
}

#[tokio::test]
async fn anothers_order_is_as_none() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.refuses("GET", "/orders/*", 404, "order-unknown");
    shop.order.refuses("GET", "/orders/*", 404, "order-unknown");

    let answer = ada.ask(&order("id total { minor }")).await;

    assert_eq!(answer, json!({ "data": { "order": null } }));
}

#[tokio::test]
async fn who_is_not_signed_in_sees_and_changes_no_order() {
    let shop = Shop::open().await;
    let browser = shop.browser();
    let id = said::ORDER;

    for query in [
        order("id"),
        "{ orders { next } }".to_owned(),
        "{ mails { next } }".to_owned(),
        format!(r#"mutation {{ cancel(order: "{id}") {{ id }} }}"#),
        format!(r#"mutation {{ buyAgain(order: "{id}") {{ leftOut }} }}"#),
        format!(r#"mutation {{ removeCard(id: "{}") }}"#, said::CARD),
        format!(
            r#"mutation {{ payAgain(idempotencyKey: "k",
                input: {{ order: "{id}", paymentMethod: {{ storeCredit: true }} }}) {{ id }} }}"#
        ),
        r#"mutation { updateMe(name: "Eve") { name } }"#.to_owned(),
    ] {
        assert_eq!(code(&browser.ask(&query).await), "not-signed-in", "{query}");
    }
    assert_eq!(shop.calls(), 0);
}

#[tokio::test]
async fn a_checkout_arrives_at_order_as_it_was_seen() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let placed = json!({
        "id": said::ORDER, "status": "provisional", "total": said::usd(1250),
        "placed_at": "2026-11-20T12:00:00Z", "expires_at": "2026-11-20T12:15:00Z",
    });
    shop.order.says("POST", "/orders", 202, placed);

    let answer = ada.ask_with(CHECKOUT, checkout(json!({ "card": said::CARD }))).await;

    assert_eq!(answer["data"]["checkout"]["id"], said::ORDER, "{answer}");
    let call = &shop.order.calls()[0];
    assert_eq!(call.key.as_deref(), Some("key-1"));
    assert_eq!(
        call.body,
        json!({
            "cart": said::CART, "cart_version": 7, "currency": "USD", "locale": "ko",
            "prices": [{ "product": said::product_id(1), "unit_price": said::usd(1250) }],
            "contact": { "name": "Ada", "email": "ada@example.org", "address": {
                "street": "12 St James's Square", "city": "London",
                "postal_code": "SW1Y 4JH", "country": "GB" } },
            "payment_method": { "card": said::CARD },
        })
    );
}

#[tokio::test]
async fn store_credit_pays_when_it_is_named() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.order.refuses("POST", "/orders", 409, "cart-changed");

    let answer = ada.ask_with(CHECKOUT, checkout(json!({ "storeCredit": true }))).await;

    assert_eq!(code(&answer), "cart-changed");
    assert_eq!(shop.order.calls()[0].body["payment_method"], "store-credit");
    shop.forget_calls();

    for method in [json!({ "storeCredit": false }), json!({ "card": "4242" }), json!({})] {
        ada.ask_with(CHECKOUT, checkout(method)).await;
    }
    assert_eq!(shop.calls(), 0, "nothing half-said reaches a service");
}

#[tokio::test]
async fn a_price_that_changed_is_told_with_both_prices() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let change = json!({
        "product": said::product_id(1), "seen": said::usd(1250), "now": said::usd(1300),
        "price_version": 2,
    });
    let problem = json!({ "status": 409, "code": "price-changed", "changes": [change] });
    shop.order.says("POST", "/orders", 409, problem);

    let answer = ada.ask_with(CHECKOUT, checkout(json!({ "card": said::CARD }))).await;

    assert_eq!(code(&answer), "price-changed");
    assert_eq!(answer["errors"][0]["extensions"]["changes"], json!([change]));
}

#[tokio::test]
async fn a_card_goes_to_payment_and_comes_back_without_its_number() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let stored = json!({ "id": said::CARD, "kind": "card", "brand": "visa", "last4": "4242" });
    shop.payment.says("POST", "/payment-methods", 201, stored);

    let answer = ada
        .ask(
            r#"mutation { addCard(idempotencyKey: "card-1", input: { number: "4242 4242 4242 4242",
            expiryMonth: 12, expiryYear: 2030, cvc: "123", holder: "Ada" }) { id brand last4 } }"#,
        )
        .await;

    assert_eq!(answer["data"]["addCard"]["last4"], "4242", "{answer}");
    assert!(!answer.to_string().contains("4242 4242"));
    let call = &shop.payment.calls()[0];
    assert_eq!(call.key.as_deref(), Some("card-1"));
    assert_eq!(call.body["expiry_month"], 12);
}

#[tokio::test]
async fn a_key_that_is_no_header_is_refused() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let mut variables = checkout(json!({ "card": said::CARD }));
    for key in ["", "a b", "k\r\nx-evil: 1", "열쇠"] {
        variables["key"] = json!(key);
        let answer = ada.ask_with(CHECKOUT, variables.clone()).await;
        assert!(answer["errors"][0].is_object(), "{key:?}");
    }
    assert_eq!(shop.calls(), 0);
}

const CHECKOUT: &str = r"mutation ($input: CheckoutInput!, $key: String!) {
    checkout(input: $input, idempotencyKey: $key) { id total { minor currency } expiresAt }
}";

fn checkout(method: serde_json::Value) -> serde_json::Value {
    json!({ "key": "key-1", "input": {
        "cart": said::CART, "cartVersion": 7, "currency": "USD", "locale": "KO",
        "prices": [{ "product": said::product_id(1), "unitPrice": said::usd(1250) }],
        "contact": { "name": "Ada", "email": "ada@example.org", "address": {
            "street": "12 St James's Square", "city": "London",
            "postalCode": "SW1Y 4JH", "country": "GB" } },
        "paymentMethod": method,
    } })
}
