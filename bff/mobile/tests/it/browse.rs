//! Home, lists and products: in one language, one currency, one answer.

use serde_json::json;

use crate::fixtures::{MUG, POT, usd};
use crate::support::World;

#[tokio::test]
async fn home_is_one_answer_in_the_language_and_currency_asked_for() {
    let world = World::start().await;

    let home = world.get("/home?locale=ko&currency=USD").await;

    assert_eq!(home.status, 200);
    assert_eq!(
        home.body["categories"],
        json!([{ "slug": "kitchen", "name": "주방", "products": 6 }])
    );
    assert_eq!(
        home.body["popular"][0],
        json!({
            "id": MUG, "slug": "blue-mug", "name": "파란 머그", "price": usd(1450),
            "picture": "blue-mug", "stock": { "state": "few_left", "left": 3 },
        })
    );
    assert_eq!(home.body["degraded"], false);
    assert!(home.body.get("in_cart").is_none() && home.body.get("latest_order").is_none());
}

#[tokio::test]
async fn home_has_what_is_the_callers() {
    let world = World::start().await;

    let of_customer = world.get_as(&world.ada, "/home").await.body;
    let of_guest = world.get_as(&world.guest(), "/home").await.body;

    assert_eq!(of_customer["in_cart"], 2);
    assert_eq!(
        of_customer["latest_order"]["items"],
        json!([{ "name": "Blue mug", "picture": "blue-mug" }])
    );
    assert_eq!(of_guest["in_cart"], 2);
    assert!(of_guest.get("latest_order").is_none());
    // A guest has no orders to ask for.
    assert_eq!(world.history.asked("GET /orders").len(), 1);
}

#[tokio::test]
async fn the_language_of_the_phone_decides_where_nothing_is_said() {
    let world = World::start().await;

    let headers = [("accept-language", "ko-KR,ko;q=0.9")];
    let list = world.send(reqwest::Method::GET, "/products", None, &headers, None).await;

    assert_eq!(list.body["items"][0]["name"], "파란 머그");
    assert_eq!(list.body["items"][0]["price"], json!({ "minor": 19000, "currency": "KRW" }));
    assert!(list.header("vary").contains("Accept-Language"));
}

#[tokio::test]
async fn a_list_is_asked_for_as_the_client_asked_and_goes_on() {
    let world = World::start().await;

    let path = "/products?q=tea%20%26%20cake&category=kitchen&max_price=2000&sort=price_asc&limit=2&after=abc";
    let list = world.get(path).await;

    assert_eq!(list.body["next"], "more");
    assert_eq!(
        world.catalog.asked("GET /products")[0].line,
        "GET /products?q=tea+%26+cake&category=kitchen&max_price=2000&currency=USD&sort=price_asc&after=abc&limit=2"
    );
}

#[tokio::test]
async fn what_the_catalog_refuses_is_passed_on() {
    let world = World::start().await;
    world.catalog.refuse("GET /products", 400, "cursor-not-valid", json!({}));

    let list = world.get("/products?after=nonsense").await;

    assert_eq!((list.status, list.code()), (400, "cursor-not-valid"));
    assert_eq!(list.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn parameters_out_of_bounds_ask_nobody() {
    let world = World::start().await;

    for path in ["/products?limit=51", "/products?limit=0", "/products?min_price=-1"] {
        let refused = world.get(path).await;

        assert_eq!((refused.status, refused.code()), (422, "not-valid"), "{path}");
    }
    for path in ["/products?currency=EUR", "/products?locale=de", "/products?sort=random"] {
        let refused = world.get(path).await;

        assert_eq!((refused.status, refused.code()), (400, "query-not-valid"), "{path}");
    }
    assert!(world.catalog.asked("GET /products").is_empty());
}

#[tokio::test]
async fn a_product_comes_with_its_neighbours_and_what_is_in_the_cart() {
    let world = World::start().await;

    for name in ["blue-mug", MUG] {
        let product = world.get_as(&world.ada, &format!("/products/{name}")).await.body;

        assert_eq!(product["name"], "Blue mug");
        assert_eq!(product["description"], "Good to hold.");
        assert_eq!(product["in_cart"], 2);
        assert_eq!(product["related"].as_array().unwrap().len(), 1);
        assert_eq!(product["related"][0]["id"], POT);
        assert_eq!(product["degraded"], false);
    }
}

#[tokio::test]
async fn what_cannot_name_a_product_is_not_asked_for() {
    let world = World::start().await;

    for name in ["batch", "..%2Fops%2Fbacklog", "blue-mug%3Fx=1", "%EB%A8%B8%EA%B7%B8"] {
        let refused = world.get(&format!("/products/{name}")).await;

        assert_eq!((refused.status, refused.code()), (404, "product-not-found"), "{name}");
    }
    assert!(world.catalog.asked("GET /").is_empty());
}

#[tokio::test]
async fn a_bad_token_is_refused_even_where_none_is_needed() {
    let world = World::start().await;

    let refused = world.get_as("nonsense", "/home").await;

    assert_eq!((refused.status, refused.code()), (401, "token-invalid"));
}
