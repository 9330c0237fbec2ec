//! How often services are asked: once, however many lines a page has.

use std::time::Duration;

use serde_json::json;

use crate::support::{Shop, said};

#[tokio::test]
async fn pictures_of_a_page_of_orders_are_asked_for_once() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let orders: Vec<_> = (0..20).map(|n| said::order_in_list(n, &[n, n + 1, n + 2])).collect();
    shop.history.says("GET", "/orders", 200, json!({ "items": orders }));
    shop.catalog.says("GET", "/products/batch", 200, said::products(0..22));

    let answer = ada
        .ask(
            "{ orders { items { id total { minor } lines { name { en } product { picture } } } } }",
        )
        .await;

    assert_eq!(answer["errors"], json!(null));
    assert_eq!(answer["data"]["orders"]["items"][19]["lines"][2]["product"]["picture"], "mug");
    // One for the orders, one for all 22 products of their 60 lines.
    assert_eq!((shop.history.calls().len(), shop.catalog.calls().len()), (1, 1));
    assert_eq!(shop.calls(), 2);
    let asked = &shop.catalog.calls()[0].path;
    assert_eq!(asked.matches("prd_").count(), 22, "{asked}");
}

#[tokio::test]
async fn the_whole_home_page_costs_one_call_per_service_and_list() {
    // What was viewed is asked for at once. The cart's pictures come later, with the cart: where
    // they are known by then nobody is asked again.
    for (seen, batches) in [(4..9, 2), (1..6, 1)] {
        let shop = Shop::open().await;
        let ada = shop.ada().await;
        shop.identity.says("GET", "/customers/me", 200, said::customer());
        let cart = said::cart(&[1, 2, 3]);
        shop.order.says_slowly("GET", "/carts/current", 200, cart, Duration::from_millis(100));
        shop.catalog.says("GET", "/categories", 200, json!({ "items": [] }));
        shop.catalog.says("GET", "/products", 200, said::products(0..12));
        shop.catalog.says("GET", "/products/batch", 200, said::products(0..9));

        let ids: Vec<_> = seen.map(said::product_id).collect();
        let answer = ada.ask_with(HOME, json!({ "seen": ids })).await;

        assert_eq!(answer["errors"], json!(null), "{answer}");
        assert_eq!((shop.identity.calls().len(), shop.order.calls().len()), (1, 1));
        let asked = shop.catalog.calls();
        let of_kind = |kind: &str| asked.iter().filter(|call| call.path.starts_with(kind)).count();
        let counts = ["/categories", "/products?", "/products/batch?"].map(of_kind);
        assert_eq!(counts, [1, 2, batches], "{asked:?}");
        assert_eq!(shop.calls(), 5 + batches);
    }
}

const HOME: &str = r"query ($seen: [ID!]!) {
    me { name }
    cart { count lines { product { picture } } }
    categories { slug name { en ko } products }
    popular: products(limit: 12) { items { ...Card } }
    newest: products(sort: NEWEST, limit: 12) { items { ...Card } }
    productsById(ids: $seen) { ...Card }
}
fragment Card on Product {
    id slug name { en ko } prices { minor currency } picture onSale stock { level left }
}";

#[tokio::test]
async fn inboxes_are_asked_once_for_all_events_of_an_order() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.says("GET", "/orders/*", 200, said::order_view());
    for stub in [&shop.order, &shop.catalog, &shop.email, &shop.payment] {
        stub.says("GET", "/inbox", 200, said::inbox("some.queue", 1));
    }
    shop.order.says("GET", "/inbox", 200, said::inbox("order.replies", 2));
    shop.history.says("GET", "/inbox", 200, json!({ "items": [] }));

    let answer = ada
        .ask(&format!(
            r#"{{ order(id: "{}") {{ silentServices events {{
                kind producer traceId takenIn {{ service consumer attempt }} }} }} }}"#,
            said::ORDER
        ))
        .await;

    let order = &answer["data"]["order"];
    assert_eq!(order["silentServices"], json!([]), "{answer}");
    assert_eq!(order["events"][0]["takenIn"], json!([]));
    let taken = order["events"][1]["takenIn"].as_array().unwrap();
    assert_eq!(taken.len(), 4);
    assert!(
        taken.contains(&json!({ "service": "order", "consumer": "order.replies", "attempt": 2 }))
    );
    // The order, and five inboxes once.
    assert_eq!(shop.calls(), 6);
}

#[tokio::test]
async fn related_products_are_asked_for_once_per_category() {
    let shop = Shop::open().await;
    shop.catalog.says("GET", "/products", 200, said::products(0..12));

    let answer = shop.browser().ask("{ products(limit: 12) { items { related { id } } } }").await;

    let related = &answer["data"]["products"]["items"][0]["related"];
    assert_eq!(related.as_array().unwrap().len(), 4, "{answer}");
    assert_ne!(related[0]["id"], said::product_id(0), "a product is not related to itself");
    assert_eq!(shop.calls(), 2);
}
