//! The service between its queue and its outbox, over both brokers.

use reqwest::StatusCode;
use shop_contracts::RawEnvelope;
use shop_contracts::catalog::StockReserved;
use shop_contracts::routing;
use shop_kernel::OrderId;

use crate::support::{AdasOrder, BOUND, Shop, product};

async fn until_published(shop: &Shop, order: OrderId, expected: &[&str]) {
    testkit::eventually(BOUND, || async { shop.published(order).await == expected }).await;
}

/// Waits until so many messages of an order were taken in, whatever came of them.
async fn until_taken_in(shop: &Shop, order: OrderId, count: usize) {
    let path = format!("/inbox?order={order}");
    testkit::eventually(BOUND, || async {
        let (_, inbox) = shop.inspect(&path).await;
        inbox["items"].as_array().is_some_and(|items| items.len() == count)
    })
    .await;
}

async fn count(shop: &Shop, slug: &str) -> (i64, i64) {
    let path = format!("/products/{}/adjustments", product(slug));
    let (status, body) = shop.inspect(&path).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    (body["available"].as_i64().unwrap(), body["held"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_answered_and_its_cancellation_undone() {
    for shop in Shop::all().await {
        let order = AdasOrder::of(&[(product("blue-mug"), 2)]);

        shop.publish(&[order.placed()]).await;
        until_published(&shop, order.id, &["stock.reserved.v1"]).await;
        assert_eq!(count(&shop, "blue-mug").await, (238, 2));
        shop.publish(&[order.cancelled()]).await;

        until_published(&shop, order.id, &["stock.reserved.v1", "stock.released.v1"]).await;
        assert_eq!(count(&shop, "blue-mug").await, (240, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_reaches_the_queue_of_the_order_service() {
    for shop in Shop::all().await {
        let order = AdasOrder::of(&[(product("blue-mug"), 2)]);
        let mut replies = shop.broker.subscribe(routing::ORDER_REPLIES, 1).await;

        shop.publish(&[order.placed()]).await;

        let delivery = tokio::time::timeout(BOUND, replies.next()).await.unwrap();
        let reply: RawEnvelope = serde_json::from_slice(&delivery.body).unwrap();
        let reserved = reply.decode::<StockReserved>().unwrap();
        assert_eq!(reserved.data.order, order.id);
        delivery.settle.done().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_come_twice_or_in_the_wrong_order_have_their_effect_once() {
    for shop in Shop::all().await {
        let (twice, reordered) = ([(product("blue-mug"), 2)], [(product("dotted-notebook"), 3)]);
        let (twice, reordered) = (AdasOrder::of(&twice), AdasOrder::of(&reordered));
        let placed = twice.placed();

        shop.publish(&[placed.clone(), placed.clone()]).await;
        shop.publish(&[reordered.cancelled()]).await;
        until_taken_in(&shop, reordered.id, 1).await;
        shop.publish(&[reordered.placed(), placed]).await;

        until_taken_in(&shop, reordered.id, 2).await;
        until_published(&shop, twice.id, &["stock.reserved.v1"]).await;
        assert_eq!(count(&shop, "blue-mug").await, (238, 2));
        assert_eq!(count(&shop, "dotted-notebook").await, (400, 0));
        assert_eq!(shop.published(reordered.id).await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_killed_in_the_middle_goes_on_where_it_stood() {
    for mut shop in Shop::all().await {
        let mug = product("blue-mug");
        let orders: Vec<_> = (0..60).map(|_| AdasOrder::of(&[(mug, 1)])).collect();
        let placed: Vec<_> = orders.iter().map(AdasOrder::placed).collect();

        shop.publish(&placed).await;
        testkit::eventually(BOUND, || async { count(&shop, "blue-mug").await.1 >= 3 }).await;
        shop.kill();
        shop.start().await;

        for order in &orders {
            until_published(&shop, order.id, &["stock.reserved.v1"]).await;
        }
        assert_eq!(count(&shop, "blue-mug").await, (180, 60));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_stopped_finishes_what_it_has() {
    for mut shop in Shop::all().await {
        let order = AdasOrder::of(&[(product("blue-mug"), 1)]);
        shop.publish(&[order.placed()]).await;
        testkit::eventually(BOUND, || async { count(&shop, "blue-mug").await.1 == 1 }).await;

        shop.stop().await;

        assert_eq!(shop.published(order.id).await, ["stock.reserved.v1"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_a_dead_letter_with_its_reason() {
    for shop in Shop::all().await {
        let mut broken = AdasOrder::of(&[(product("blue-mug"), 1)]).placed();
        broken.data["lines"] = "two mugs, please".into();

        shop.publish(&[broken.clone()]).await;

        let queue = routing::CATALOG_ORDERS;
        let dead = testkit::eventually(BOUND, || async {
            let dead = shop.broker.dead_letters(queue, 10).await.ok()?;
            dead.into_iter().next()
        })
        .await;
        assert_eq!(dead.message_id, broken.id);
        assert!(dead.reason.contains("order.placed.v1"), "{}", dead.reason);
        assert_eq!(count(&shop, "blue-mug").await, (240, 0));
    }
}
