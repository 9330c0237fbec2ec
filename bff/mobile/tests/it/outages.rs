//! Whichever service is away, a screen shows what there is.

use serde_json::json;

use crate::fixtures::{MUG, ORDER};
use crate::support::World;

#[tokio::test]
async fn without_the_catalog_carts_and_orders_still_show() {
    let world = World::start().await;
    world.catalog.goes_away();

    let cart = world.get_as(&world.ada, "/cart").await.body;
    let orders = world.get_as(&world.ada, "/orders").await.body;
    let order = world.get_as(&world.ada, &format!("/orders/{ORDER}")).await.body;

    assert_eq!((&cart["lines"][0]["name"], &cart["degraded"]), (&json!("Blue mug"), &json!(true)));
    assert_eq!(orders["items"][0]["items"], json!([{ "name": "Blue mug" }]));
    assert_eq!(orders["degraded"], true);
    assert_eq!((&order["status"], &order["degraded"]), (&json!("confirmed"), &json!(true)));
    assert!(order["lines"][0].get("picture").is_none());
}

#[tokio::test]
async fn without_the_read_model_orders_show_in_outline() {
    let world = World::start().await;
    world.history.goes_away();

    let orders = world.get_as(&world.ada, "/orders?status=placed").await.body;

    assert_eq!(orders["items"][0]["id"], ORDER);
    assert_eq!(orders["items"][0]["status"], "placed");
    assert_eq!(orders["degraded"], true);
    assert_eq!(world.order.asked("GET /orders")[0].line, "GET /orders?status=provisional&limit=20");
}

#[tokio::test]
async fn without_read_model_and_payment_an_order_shows_without_its_money() {
    let world = World::start().await;
    world.history.goes_away();
    world.payment.goes_away();

    let order = world.get_as(&world.ada, &format!("/orders/{ORDER}")).await.body;

    assert_eq!((&order["status"], &order["degraded"]), (&json!("confirmed"), &json!(true)));
    assert!(order.get("money").is_none());
}

#[tokio::test]
async fn without_read_model_and_order_there_is_no_order_to_show() {
    let world = World::start().await;
    world.history.goes_away();
    world.order.goes_away();

    let refused = world.get_as(&world.ada, &format!("/orders/{ORDER}")).await;

    assert_eq!((refused.status, refused.code()), (503, "peer-unavailable"));
    assert_ne!(refused.header("retry-after"), "");
}

#[tokio::test]
async fn without_payment_and_identity_a_checkout_still_begins() {
    let world = World::start().await;
    world.payment.goes_away();
    world.identity.goes_away();

    let checkout = world.get_as(&world.ada, "/checkout").await.body;

    assert_eq!((&checkout["cart"]["count"], &checkout["degraded"]), (&json!(2), &json!(true)));
    for part in ["cards", "store_credit", "contact"] {
        assert!(checkout.get(part).is_none(), "{part}");
    }
}

#[tokio::test]
async fn without_order_products_still_show() {
    let world = World::start().await;
    world.order.goes_away();

    let product = world.get_as(&world.ada, &format!("/products/{MUG}")).await.body;

    assert_eq!((&product["name"], &product["degraded"]), (&json!("Blue mug"), &json!(true)));
    assert!(product.get("in_cart").is_none());
}

#[tokio::test]
async fn home_shows_whatever_is_away() {
    let world = World::start().await;
    for service in world.services() {
        service.goes_away();
    }

    let home = world.get_as(&world.ada, "/home").await;

    assert_eq!((home.status, &home.body), (200, &json!({ "degraded": true })));
}

#[tokio::test]
async fn what_a_service_answers_wrongly_is_missing_and_not_told() {
    let world = World::start().await;
    world.catalog.on("GET /products/batch", json!({ "secret": "hunter2" }));
    world.history.refuse("GET /orders", 500, "internal-error", json!({}));

    let cart = world.get_as(&world.ada, "/cart").await;
    let orders = world.get_as(&world.ada, "/orders").await;

    assert_eq!((cart.status, &cart.body["degraded"]), (200, &json!(true)));
    assert_eq!((orders.status, &orders.body["degraded"]), (200, &json!(true)));
    assert!(!cart.body.to_string().contains("hunter2"));
}
