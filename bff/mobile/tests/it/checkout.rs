//! The checkout: what it needs in one answer, and one order per key.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fixtures::{CART, MUG, ORDER, usd};
use crate::support::World;

fn checkout() -> Value {
    json!({
        "cart": CART, "cart_version": 4, "currency": "USD",
        "prices": [{ "product": MUG, "unit_price": usd(1450) }],
        "contact": {
            "name": "Ada", "email": "ada@example.org",
            "address": { "street": "12 St James's Square", "city": "London", "postal_code": "SW1Y 4JH", "country": "GB" },
        },
        "locale": "en", "payment_method": { "card": "pm_0193456789ab70008000000000000242" },
    })
}

const KEY: [(&str, &str); 1] = [("idempotency-key", "key-1")];

#[tokio::test]
async fn a_checkout_gets_all_it_needs_at_once() {
    let world = World::start().await;

    let seen = world.get_as(&world.ada, "/checkout").await.body;

    assert_eq!(seen["cart"]["total"], usd(2900));
    assert_eq!(
        seen["cards"],
        json!([{ "id": "pm_0193456789ab70008000000000000242", "brand": "visa", "last4": "4242" }])
    );
    assert_eq!(seen["store_credit"], usd(19500));
    assert_eq!(seen["contact"], json!({ "name": "Ada", "email": "ada@example.org" }));
    assert_eq!(seen["degraded"], false);
}

#[tokio::test]
async fn placing_passes_the_key_on_and_says_where_the_order_is() {
    let world = World::start().await;
    world.order.on(
        "POST /orders",
        json!({
            "id": ORDER, "status": "provisional", "total": usd(2900),
            "placed_at": "2026-11-20T10:00:00Z", "expires_at": "2026-11-20T10:15:00Z",
        }),
    );

    let body = checkout();
    let placed = world.send(Method::POST, "/checkout", Some(&world.ada), &KEY, Some(&body)).await;

    assert_eq!((placed.status, &placed.body["status"]), (202, &json!("placed")));
    assert_eq!(placed.header("location"), format!("/api/v1/orders/{ORDER}"));
    let asked = &world.order.asked("POST /orders")[0];
    assert_eq!((asked.header("idempotency-key"), &asked.body), ("key-1", &body));
}

#[tokio::test]
async fn the_same_request_reaches_order_as_the_same_bytes() {
    let world = World::start().await;
    world.order.refuse("POST /orders", 409, "price-changed", json!({ "changes": [MUG] }));

    for _ in 0..2 {
        let body = checkout();
        let refused =
            world.send(Method::POST, "/checkout", Some(&world.ada), &KEY, Some(&body)).await;

        assert_eq!((refused.status, refused.code()), (409, "price-changed"));
        assert_eq!(refused.body["changes"], json!([MUG]));
    }
    let asked = world.order.asked("POST /orders");
    assert_eq!(asked[0].header("content-length"), asked[1].header("content-length"));
}

#[tokio::test]
async fn placing_is_made_again_under_its_key_when_order_is_away() {
    let world = World::start().await;
    world.order.goes_away();

    let body = checkout();
    let refused = world.send(Method::POST, "/checkout", Some(&world.ada), &KEY, Some(&body)).await;

    assert_eq!((refused.status, refused.code()), (503, "peer-unavailable"));
    let asked = world.order.asked("POST /orders");
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|asked| asked.header("idempotency-key") == "key-1"));
}

#[tokio::test]
async fn adding_to_a_cart_is_not_made_again() {
    let world = World::start().await;
    world.order.goes_away();

    let (path, body) = (format!("/cart/lines/{MUG}"), json!({ "quantity": 1 }));
    let refused = world.send(Method::POST, &path, Some(&world.ada), &[], Some(&body)).await;

    assert_eq!(refused.status, 503);
    assert_eq!(world.order.asked("POST").len(), 1);
}

#[tokio::test]
async fn what_creates_needs_a_key_and_what_is_not_in_the_form_is_refused() {
    let world = World::start().await;
    let mut with_total = checkout();
    with_total["total"] = usd(1);

    let keyless =
        world.send(Method::POST, "/checkout", Some(&world.ada), &[], Some(&checkout())).await;
    let more =
        world.send(Method::POST, "/checkout", Some(&world.ada), &KEY, Some(&with_total)).await;
    let card = world.send(Method::POST, "/cards", Some(&world.ada), &[], Some(&json!({}))).await;

    assert_eq!((keyless.status, keyless.code()), (400, "idempotency-key-missing"));
    assert_eq!((more.status, more.code()), (422, "not-valid"));
    assert_eq!((card.status, card.code()), (400, "idempotency-key-missing"));
    assert!(world.order.asked("POST").is_empty() && world.payment.asked("POST").is_empty());
}

#[tokio::test]
async fn a_card_passes_through_and_can_be_removed() {
    let world = World::start().await;
    let id = "pm_0193456789ab70008000000000000242";
    let stored = json!({ "id": id, "kind": "card", "brand": "visa", "last4": "4242" });
    world.payment.on("POST /payment-methods", stored);
    world.payment.on(&format!("DELETE /payment-methods/{id}"), Value::Null);
    let card = json!({
        "number": "4242 4242 4242 4242", "expiry_month": 12, "expiry_year": 2030, "cvc": "123",
        "holder": "Ada",
    });

    let added = world.send(Method::POST, "/cards", Some(&world.ada), &KEY, Some(&card)).await;
    let path = format!("/cards/{id}");
    let removed = world.send(Method::DELETE, &path, Some(&world.ada), &[], None).await;

    assert_eq!(added.status, 201);
    assert_eq!(added.body, json!({ "id": id, "brand": "visa", "last4": "4242" }));
    assert_eq!(world.payment.asked("POST /payment-methods")[0].body, card);
    assert_eq!(removed.status, 204);
}

#[tokio::test]
async fn storing_a_card_is_tried_once_because_it_may_take_long() {
    let world = World::start().await;
    world.payment.goes_away();

    let card = json!({ "number": "4242 4242 4242 4242" });
    let refused = world.send(Method::POST, "/cards", Some(&world.ada), &KEY, Some(&card)).await;

    assert_eq!((refused.status, refused.code()), (503, "peer-unavailable"));
    assert_eq!(world.payment.asked("POST /payment-methods").len(), 1);
}
