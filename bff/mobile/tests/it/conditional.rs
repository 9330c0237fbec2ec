//! Conditional requests: what a phone has already is not sent again.

use reqwest::Method;
use serde_json::json;

use crate::fixtures::ORDER;
use crate::support::World;

#[tokio::test]
async fn every_screen_has_a_tag_and_is_not_sent_twice() {
    let world = World::start().await;
    let order = format!("/orders/{ORDER}");

    for path in
        ["/home", "/products", "/products/blue-mug", "/cart", "/checkout", "/orders", &order]
    {
        let first = world.get_as(&world.ada, path).await;
        let tag = first.header("etag").to_owned();
        let headers = [("if-none-match", tag.as_str())];
        let second = world.send(Method::GET, path, Some(&world.ada), &headers, None).await;

        assert_eq!(first.status, 200, "{path}");
        assert!(tag.starts_with('"') && tag.len() == 34, "{path}: {tag}");
        assert_eq!((second.status, second.header("etag")), (304, tag.as_str()), "{path}");
        assert_eq!(second.body, json!(""), "{path}");
    }
}

#[tokio::test]
async fn a_tag_changes_with_what_is_shown() {
    let world = World::start().await;
    let first = world.get("/products").await;
    world.catalog.on("GET /products", json!({ "items": [] }));

    let tags = format!("\"other\", {}", first.header("etag"));
    let headers = [("if-none-match", tags.as_str())];
    let second = world.send(Method::GET, "/products", None, &headers, None).await;

    assert_eq!((second.status, &second.body), (200, &json!({ "items": [] })));
    assert_ne!(first.header("etag"), second.header("etag"));
}

#[tokio::test]
async fn languages_and_currencies_have_tags_of_their_own() {
    let world = World::start().await;

    let mut tags = Vec::new();
    for query in ["", "?locale=ko", "?currency=KRW", "?locale=ko&currency=USD"] {
        tags.push(world.get(&format!("/products{query}")).await.header("etag").to_owned());
    }

    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4);
}

#[tokio::test]
async fn what_is_about_the_caller_is_kept_by_no_proxy() {
    let world = World::start().await;

    let list = world.get("/products").await;
    let home = world.get("/home").await;
    let own_home = world.get_as(&world.ada, "/home").await;
    let orders = world.get_as(&world.ada, "/orders").await;

    assert_eq!(list.header("cache-control"), "public, no-cache");
    assert_eq!(home.header("cache-control"), "public, no-cache");
    assert_eq!(own_home.header("cache-control"), "private, no-cache");
    assert_eq!(orders.header("cache-control"), "private, no-cache");
    assert!(orders.header("vary").contains("Authorization"));
}
