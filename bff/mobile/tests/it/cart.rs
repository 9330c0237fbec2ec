//! The cart: of customers and guests, whole in every answer.

use reqwest::Method;
use serde_json::json;

use crate::fixtures::{CART, MUG, cart, usd};
use crate::support::World;

#[tokio::test]
async fn a_cart_has_all_that_its_screen_shows() {
    let world = World::start().await;

    let seen = world.get_as(&world.ada, "/cart").await;

    assert_eq!(
        seen.body,
        json!({
            "id": CART, "version": 4, "count": 2, "total": usd(2900), "degraded": false,
            "lines": [{
                "product": MUG, "quantity": 2, "on_sale": true, "name": "Blue mug",
                "price": usd(1450), "total": usd(2900), "slug": "blue-mug", "picture": "blue-mug",
                "stock": { "state": "few_left", "left": 3 },
            }],
        })
    );
}

#[tokio::test]
async fn every_change_answers_with_the_whole_cart() {
    let world = World::start().await;
    let (line, two) = (format!("/carts/current/lines/{MUG}"), json!({ "quantity": 2 }));
    let guest = world.guest();

    for (method, body) in
        [(Method::PUT, Some(&two)), (Method::POST, Some(&two)), (Method::DELETE, None)]
    {
        world.order.on(&format!("{method} {line}"), cart());
        let path = format!("/cart/lines/{MUG}");
        let changed = world.send(method.clone(), &path, Some(&guest), &[], body).await;

        assert_eq!((changed.status, &changed.body["count"]), (200, &json!(2)), "{method}");
        let asked = world.order.asked(&format!("{method} {line}"));
        assert_eq!(asked[0].header("authorization"), format!("Bearer {guest}"));
        assert_eq!(asked[0].body, body.cloned().unwrap_or_default());
    }
}

#[tokio::test]
async fn a_quantity_out_of_bounds_asks_nobody() {
    let world = World::start().await;

    for body in
        [json!({ "quantity": 0 }), json!({ "quantity": 100 }), json!({ "quantity": 1, "price": 1 })]
    {
        let path = format!("/cart/lines/{MUG}");
        let refused = world.send(Method::PUT, &path, Some(&world.ada), &[], Some(&body)).await;

        assert_eq!((refused.status, refused.code()), (422, "not-valid"), "{body}");
    }
    assert!(world.order.asked("PUT").is_empty());
}

#[tokio::test]
async fn a_cart_needs_someone_it_belongs_to() {
    let world = World::start().await;

    let nobody = world.get("/cart").await;
    let merged = json!({ "guest_token": "x" });
    let guest = world.guest();
    let by_guest = world.send(Method::POST, "/cart/merge", Some(&guest), &[], Some(&merged)).await;

    assert_eq!((nobody.status, nobody.code()), (401, "token-missing"));
    assert_eq!((by_guest.status, by_guest.code()), (403, "not-allowed"));
}

#[tokio::test]
async fn a_guests_cart_is_merged_by_the_guests_own_token() {
    let world = World::start().await;
    world.order.on("POST /carts/merge", cart());
    let body = json!({ "guest_token": world.guest() });

    let merged = world.send(Method::POST, "/cart/merge", Some(&world.ada), &[], Some(&body)).await;

    assert_eq!((merged.status, &merged.body["count"]), (200, &json!(2)));
    assert_eq!(world.order.asked("POST /carts/merge")[0].body, body);
}
